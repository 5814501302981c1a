"""
Typed columns as text: each cell of Arrow becomes the text that CSV would have.

A cell of text may hold bytes that are not UTF-8, since Arrow does not check them. Such
a cell is never decoded with the others: the error for it would keep the bytes.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from eckid._core.foreign import foreign
from eckid.errors import ExchangeError
from eckid.exchange.formats.kinds import load_pyarrow

# pandas and others keep a day as a moment at midnight.
_MIDNIGHT: Final = r"^([0-9-]{10}) 00:00:00(\.0+)?$"


def as_text(column: Any, name: str) -> Any:  # noqa: ANN401  # an array of pyarrow
    """
    Return an array of text, whole numbers, truth values or days as an array of text.

    Args:
        column: A pyarrow Array or ChunkedArray.

        name: The name of the column, for an error.

    Returns:
        An Array or ChunkedArray of text, with as many rows; a null stays a null. A
        cell may hold bytes that are not UTF-8: read it with `cells_of` or `readable`.

    Raises:
        eckid.errors.ExchangeError: If the column has another type, such as a float
            of 32 bits, which rounds; or a time zone that is unknown here.
    """
    other = _other(column.type, name)
    with foreign(other, *_errors()):
        found = _as_text(column)
    if found is None:
        raise other
    return found


def _as_text(column: Any) -> Any:  # noqa: ANN401  # an array of pyarrow, or None
    pa = load_pyarrow()
    kind = column.type
    is_ = pa.types
    if is_.is_dictionary(kind):
        # Casting the dictionary supports more types than casting the whole column.
        chunks = getattr(column, "chunks", [column])
        texts = [_as_text(each.dictionary) for each in chunks]
        if any(text is None for text in texts):
            return None
        pairs = zip(texts, chunks, strict=True)
        taken = [text.take(each.indices) for text, each in pairs]
        return pa.chunked_array(taken, pa.string())
    if is_.is_string(kind):
        return column
    if (
        is_.is_large_string(kind)
        or is_.is_string_view(kind)
        or is_.is_integer(kind)
        or is_.is_float64(kind)
        or is_.is_boolean(kind)
        or is_.is_null(kind)
        or is_.is_date32(kind)
    ):
        return column.cast(pa.string())
    if is_.is_date64(kind):
        # A day that has a time as well is no day; it is kept, to be refused or told.
        column = column.cast(pa.timestamp("ms"))
    elif not is_.is_timestamp(kind):
        # A float of 32 bits is refused because it has already rounded the number.
        return None
    return pa.compute.replace_substring_regex(
        column.cast(pa.string()), _MIDNIGHT, r"\1"
    )


def _errors() -> tuple[type[Exception], ...]:
    # The words of pyarrow may quote a cell.
    return load_pyarrow().ArrowException, UnicodeError


def _other(kind: Any, name: str) -> ExchangeError:  # noqa: ANN401  # a type of pyarrow
    # Of the type only its first word: the names of its fields and its time zone may be
    # any text.
    word = re.split(r"\W", str(kind), maxsplit=1)[0]
    return ExchangeError(
        f"{name}: expected text, whole numbers or days, got {word}; write it as text"
    )


def check_type(kind: Any, name: str, *, sealed: bool = False) -> None:  # noqa: ANN401  # as above
    """
    Raise unless a column of this type can be read.

    Args:
        kind: A type of pyarrow.

        name: The name of the column, for an error.

        sealed: Whether it is the column of sealed HPgns, which may hold bytes.

    Raises:
        eckid.errors.ExchangeError: If the column has another type.
    """
    with foreign(_other(kind, name), *_errors()):
        empty = load_pyarrow().array([], kind)
    if sealed:
        octets_of(empty, name)
    else:
        as_text(empty, name)


def cells_of(texts: Any) -> list[str | bytes | None]:  # noqa: ANN401  # as `as_text` gives
    """
    Return the cells of an array of text; a cell that is not UTF-8 as its bytes.
    """
    with suppress(UnicodeDecodeError):
        found: list[str | bytes | None] = texts.to_pylist()
        return found
    octets = texts.cast(load_pyarrow().binary()).to_pylist()
    return [None if cell is None else _decoded(cell) for cell in octets]


def _decoded(octets: bytes) -> str | bytes:
    with suppress(UnicodeDecodeError):
        return octets.decode("utf-8")
    return octets


def readable(texts: Any) -> tuple[Any, list[int]]:  # noqa: ANN401  # as above
    """
    Return an array of text in which a cell that is not UTF-8 is null, and its rows.

    Args:
        texts: A ChunkedArray of text.

    Returns:
        A ChunkedArray, and the rows that had such a cell, from 0.
    """
    pa = load_pyarrow()
    with suppress(pa.ArrowInvalid):
        texts.validate(full=True)
        return texts, []
    cells = cells_of(texts)
    wrong = [row for row, cell in enumerate(cells) if isinstance(cell, bytes)]
    kept = [None if isinstance(cell, bytes) else cell for cell in cells]
    return pa.chunked_array([pa.array(kept, pa.string())]), wrong


def octets_of(column: Any, name: str) -> list[bytes | None]:  # noqa: ANN401  # as above
    """
    Return the bytes of each cell of a column of bytes, or of their hex digits.

    Args:
        column: A pyarrow Array or ChunkedArray: bytes of any type of Arrow, or text,
            also as a dictionary.

        name: The name of the column, for an error.

    Returns:
        For a null None; for text that is not hex, empty bytes.

    Raises:
        eckid.errors.ExchangeError: If the column has another type.
    """
    pa = load_pyarrow()
    is_ = pa.types
    kind = column.type
    if is_.is_dictionary(kind):
        kind = kind.value_type
        chunks = getattr(column, "chunks", [column])
        column = pa.chunked_array([each.dictionary_decode() for each in chunks], kind)
    if (
        is_.is_binary(kind)
        or is_.is_large_binary(kind)
        or is_.is_binary_view(kind)
        or is_.is_fixed_size_binary(kind)
    ):
        found: list[bytes | None] = column.to_pylist()
        return found
    return [
        None if cell is None else _from_hex(cell)
        for cell in cells_of(as_text(column, name))
    ]


def _from_hex(cell: str | bytes) -> bytes:
    with suppress(ValueError):
        return b"" if isinstance(cell, bytes) else bytes.fromhex(cell)
    return b""


def texts_of(cells: Iterable[object]) -> Any:  # noqa: ANN401  # an array of pyarrow
    """
    Return cells of several types as an array of text, each read as a column of it is.

    A cell that is not read so becomes a byte that UTF-8 never has. So it is refused
    where the array is read, as every cell that is not text.

    Args:
        cells: Python's values: text, whole numbers, days, or anything else.
    """
    pa = load_pyarrow()
    octets = [_octets(cell) for cell in cells]
    return pa.array(octets, pa.binary()).view(pa.string())


def _octets(cell: object) -> bytes | None:
    if isinstance(cell, str):
        # Half of a surrogate pair gives bytes that are not UTF-8.
        return cell.encode("utf-8", "surrogatepass")
    # Whatever another library raises for a value of its own: the cell is not text.
    with suppress(Exception):
        one = load_pyarrow().array([cell], from_pandas=True)
        (text,) = as_text(one, "").to_pylist()
        return None if text is None else str(text).encode("utf-8")
    return b"\xff"
