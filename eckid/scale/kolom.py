"""
A column of HPgns or stampseudoniemen, kept hidden: they are as secret as a number.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Self, TypeAlias, final

from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.rows import RijReden, Weigering, about
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.scale.arrow import refusal, refused_table, to_cells
from eckid.scheme import NUMMERVOORZIENING

# An array or table of pyarrow, which has no types of its own.
Arrow: TypeAlias = Any
Value: TypeAlias = HPgn | Stampseudoniem


class Gemaakt(NamedTuple):
    """
    A column that was made, and the rows that were refused.

    Attributes:
        column: A `Kolom` or an array with a row for each row that was given; null if
            that row was null or refused.
        refused: A pyarrow Table of the refused rows: row (from 0), attribuut, reason
            and meaning.
    """

    column: Any
    refused: Arrow

    def __repr__(self) -> str:
        return f"<Gemaakt {len(self.column)} rows, {len(self.refused)} refused>"


@final
class Kolom(Unpickled):
    """
    A column of HPgns of one scheme, or of stampseudoniemen of one ring.

    It has no Arrow interface and cannot be pickled, so that no library can write it to
    a file. Use `seal` to store it. Iterating gives the values, and None for a null.

    Args:
        values: HPgns of one scheme, or stampseudoniemen of one ring; None is a null.

    Attributes:
        like: One of the values, which shows how all were made; None if the column has
            no value.

    Raises:
        ValueError: If the values were not all made alike.
    """

    __slots__ = ("_octets", "like")

    like: Value | None

    def __init__(self, values: Iterable[Value | None]) -> None:
        found = list(expect("values", values, Iterable))  # type: ignore[type-abstract]  # only asks
        like = next((v for v in found if v is not None), None)
        for value in found:
            if value is None:
                continue
            expect("value", value, HPgn, Stampseudoniem)
            if _made(value) != _made(like):
                raise ValueError("values: expected values made alike, got others")
        octets = [None if v is None else _octets(v) for v in found]
        self._set(load_pyarrow().array(octets, _type(like)), like)

    @classmethod
    def of(cls, octets: Arrow, like: Value | None) -> Self:
        """
        Return the column of values with these bytes, all made as *like* was.
        """
        made = object.__new__(cls)
        made._set(octets, like)
        return made

    def _set(self, octets: Arrow, like: Value | None) -> None:
        self._octets, self.like = octets, like

    def __len__(self) -> int:
        return len(self._octets)

    def __repr__(self) -> str:
        name = "empty" if self.like is None else self.like.name
        return f"<Kolom {name}, {len(self)} rows, {self._octets.null_count} null>"

    def __iter__(self) -> Iterator[Value | None]:
        return (None if o is None else self._value(o) for o in self._octets.to_pylist())

    def _value(self, octets: bytes) -> Value:
        like = self.like
        if isinstance(like, Stampseudoniem):
            return Stampseudoniem(
                octets,
                namespace=like.namespace,
                release=like.release,
                rehearsal=like.rehearsal,
            )
        return HPgn(octets, NUMMERVOORZIENING if like is None else like.scheme)

    def take(self, places: Arrow) -> Self:
        """
        Return a column of the values at *places*, row numbers from 0; null for a null.

        Raises:
            ValueError: If *places* is not an array of its row numbers.
        """
        pa = load_pyarrow()
        wrong = ValueError("places: expected an array of row numbers, got another")
        with foreign(wrong, pa.ArrowException, LookupError):
            return type(self).of(self._octets.take(places), self.like)

    def parts(self, rows: int) -> Iterator[Self]:
        """
        Yield the column in parts of *rows* at most; an empty column is one part.
        """
        for at in range(0, max(1, len(self)), rows):
            yield type(self).of(self._octets.slice(at, rows), self.like)

    def there(self) -> Arrow:
        """
        Return an array that is true for each row that has a value.
        """
        return load_pyarrow().compute.is_valid(self._octets)

    def expose(self) -> list[bytes]:
        """
        Return the bytes of each value that is not null; search for this in review.
        """
        dense = self._octets.drop_null()
        width = dense.type.byte_width
        # Slicing one buffer takes a third of the time of to_pylist.
        held = memoryview(dense.buffers()[1] or b"")[dense.offset * width :]
        octets = held[: len(dense) * width].tobytes()
        return [octets[at : at + width] for at in range(0, len(octets), width)]

    def seal(self, keys: Arrow, *, sleutelbos: Sleutelbos) -> Gemaakt:
        """
        Seal each value for the person key of its row, as ``eckid hash`` does.

        Args:
            keys: The administration's key of each row. Spaces around it do not count.

            sleutelbos: The ring that seals; `unseal_column` opens with the same ring.

        Returns:
            A pyarrow array of bytes with as many rows, and a table of the refused
            rows. A value without a key is refused; a null stays a null.

        Raises:
            eckid.errors.ExchangeError: If *keys* has another type.
            ValueError: If *keys* has another number of rows.
        """
        expect("sleutelbos", sleutelbos, Sleutelbos)
        cells = to_cells(keys, "keys")
        as_long("keys", cells, self)
        sealed: list[bytes | None] = [None] * len(self)
        refusals: list[Weigering] = []
        for row, (value, cell) in enumerate(zip(self, cells, strict=True)):
            if value is None:
                continue
            key = key_in(cell)
            if isinstance(key, RijReden):
                refusals.append(refusal(row, key))
            else:
                sealed[row] = sleutelbos.seal(value, about=about(key))
        pa = load_pyarrow()
        return Gemaakt(pa.array(sealed, pa.binary()), refused_table(refusals))


def key_in(cell: str | bytes | None) -> str | RijReden:
    """
    Return the person key in a cell of a column, or why it is refused.
    """
    if isinstance(cell, bytes):
        return RijReden.TEXT
    # As in a list: spaces around a key do not count, so that it opens on each road.
    return (cell or "").strip() or RijReden.KEY


def as_long(name: str, column: object, other: object) -> None:
    """
    Raise ValueError unless *column* and *other* have the same number of rows.
    """
    here, there = len(column), len(other)  # type: ignore[arg-type]  # columns have one
    if here != there:
        raise ValueError(f"{name}: expected {there} rows, got {here}")


def _type(like: Value | None) -> Any:  # noqa: ANN401  # a type of pyarrow
    width = 64 if isinstance(like, Stampseudoniem) else 32
    return load_pyarrow().binary(width)


def _octets(value: Value) -> bytes:
    return value.expose_octets()


def _made(value: Value | None) -> tuple[object, ...]:
    if isinstance(value, Stampseudoniem):
        return Stampseudoniem, value.namespace, value.release, value.rehearsal
    return HPgn, None if value is None else value.scheme
