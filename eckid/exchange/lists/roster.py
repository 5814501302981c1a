"""
A class list, and a file that a recipient received.

A class list is read twice: first to find numbers that occur more than once, then for
its rows. Memory grows by a dictionary entry of two integers for each row.
"""

import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.attributes import DAYS, NAMES_OF, AnderIdReden, Kenmerk
from eckid.doel import Wie
from eckid.errors import (
    ExchangeError,
    NumberError,
    NumberReden,
    PseudonymError,
    PseudonymReden,
)
from eckid.exchange.formats.cells import is_scientific, mend
from eckid.exchange.formats.csv import Record
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.edexml_in import Edexml
from eckid.exchange.formats.source import SOURCES, Source, reading_of
from eckid.exchange.rows import Herstel, Ontvangen, Rij, RijReden, Weigering, key_of
from eckid.keys import NAMESPACE
from eckid.pgn import PGN, Medewerker, parse_pgn
from eckid.policy.vorm import TYPED, day
from eckid.pseudonyms import KetenID

# The columns that hold a whole number; bsn_ondwnr-4 holds only a part of one.
NUMBERS: Final = ("bsn", "onderwijsnummer", "sofinummer")
_PGN: Final = frozenset(NAMES_OF[Kenmerk.PGN])
_NAMES: Final = NAMES_OF[Kenmerk.NAAM]
_ANDER_ID: Final = frozenset(reden.value for reden in AnderIdReden)
_MASK: Final = (1 << 64) - 1
_CONFLICT: Final = -1
# Reads the cell of a typed attribute.
_Read: TypeAlias = Callable[[str, str], str]


class Roster(Unpickled):
    r"""
    A class list: a table with a column of numbers.

    Iterating gives a `Rij` or a `Weigering` for each row that is not blank, in order;
    ``len`` is how many. A second row of a person is refused; if one number has
    different names, all its rows are.

    Args:
        table: The opened list: `look` gives it for a file, `hold` for a stream.

    Attributes:
        table: The opened list.

    Raises:
        eckid.errors.ExchangeError: If the table has no column of numbers, has a
            column of ketenIDs, or the days of a column can be read in more than one
            order: `look` takes the order.

    >>> import io
    >>> from eckid.exchange import Roster, hold
    >>> file = io.BytesIO(b"LAS-key;BSN;Roepnaam\n4001;111222333;Sem\n4002;12;Noor\n")
    >>> sem, noor = Roster(hold(file))
    >>> sem
    <Rij 1, 3 attributen>
    >>> noor.line, noor.column, noor.reden.en
    (3, 2, 'the number has too many or too few digits')
    """

    __slots__ = ("_count", "_first", "_names", "_reading", "_second", "table")

    def __init__(self, table: Source) -> None:
        expect("table", table, *SOURCES)
        columns = table.columns
        if "eckid" in columns:
            raise ExchangeError(
                "expected a list of numbers without ketenIDs, got a column eckid",
                line=table.line,
                column=columns.index("eckid") + 1,
            )
        if not any(name in columns for name in NUMBERS):
            raise ExchangeError(
                "expected a heading such as BSN or onderwijsnummer, got none; "
                "name with --heading what yours is",
                line=table.line,
            )
        self.table = table
        self._names = names_of(columns)
        self._count = 0
        self._reading = reading_of(table, _days(columns))
        self._first = self._survey()
        self._reading.settle()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rij | Weigering]:
        for found in self._read(self._reading.read):
            if isinstance(found, Weigering):
                yield found
                continue
            if self._second and not found.has_ketenid and _key(found) in self._second:
                yield found.refused(RijReden.KETENID_WENT)
                continue
            if found.pgn is None:
                yield found
                continue
            first = self._first.get(_number(found.pgn), _CONFLICT)
            if first == _CONFLICT:
                yield self._refuse(found, RijReden.CONFLICT)
            elif first >> 64 != found.record:
                yield self._refuse(found, RijReden.DUPLICATE)
            else:
                yield found

    @property
    def school(self) -> School | None:
        """
        The school of an EDEXML list; None for other formats.
        """
        return self.table.school if isinstance(self.table, Edexml) else None

    @property
    def groepen(self) -> tuple[str, ...]:
        """
        The names of the groups of an EDEXML list; empty for other formats.
        """
        return self.table.groepen if isinstance(self.table, Edexml) else ()

    def __repr__(self) -> str:
        return f"<Roster {self._count} rows>"

    def _survey(self) -> dict[int | str, int]:
        """
        Return for each number the record of its first row, and its name.

        Both are in one integer: the record, then 64 bits of a hash of the name. The
        integer is `_CONFLICT` if the number occurs with different names.
        """
        first: dict[int | str, int] = {}
        keyed, others = array("q"), set[int]()
        for found in self._read(self._reading.see):
            self._count += 1
            if isinstance(found, Weigering):
                continue
            if not found.has_ketenid:
                others.add(_key(found))
            elif "ander_id_reden" in self.table.columns:
                keyed.append(_key(found))
            if found.pgn is not None:
                number, name = _number(found.pgn), self._name(found)
                known = first.setdefault(number, found.record << 64 | name)
                if known & _MASK != name:
                    first[number] = _CONFLICT
        # Persons who have one row with a ketenID and one with another identifier.
        self._second = others.intersection(keyed)
        return first

    def _name(self, rij: Rij) -> int:
        return hash(same_name(rij.attributen, self._names)) & _MASK

    def _refuse(self, rij: Rij, reden: RijReden) -> Weigering:
        column = self.table.columns.index(rij.kolom) + 1
        return Weigering(rij.record, rij.line, column, reden)

    def _read(self, read: _Read) -> Iterator[Rij | Weigering]:
        for found in self.table:
            yield found if isinstance(found, Weigering) else self._rij(found, read)

    def _rij(self, record: Record, read: _Read) -> Rij | Weigering:
        cells = _cells(self.table, record, read)
        numbers = [name for name in NUMBERS if name in cells]
        if len(numbers) > 1 or not (numbers or "ander_id_reden" in cells):
            reden = RijReden.TWO_NUMBERS if numbers else RijReden.MISSING
            return Weigering(record.record, record.line, None, reden)
        if "ander_id_reden" in cells and not stands_in(cells):
            column = self.table.columns.index("ander_id_reden") + 1
            return Weigering(record.record, record.line, column, RijReden.ANDER_ID)
        # A cell that counts as a PGN is emptied; that it was filled is kept.
        attributen = {n: "" if n in _PGN else cell for n, cell in cells.items()}
        if not numbers:
            place = record.record, record.line
            return Rij(*place, None, "", attributen, wie=record.wie)
        kolom = numbers[0]
        pgn, herstel = number_of(cells[kolom])
        if isinstance(pgn, RijReden | NumberReden):
            column = self.table.columns.index(kolom) + 1
            return Weigering(record.record, record.line, column, pgn)
        # A teacher's stand-in number shows that the row is a teacher's.
        wie = Wie.LEERKRACHT if isinstance(pgn, Medewerker) else record.wie
        return Rij(record.record, record.line, pgn, kolom, attributen, herstel, wie)


class Received(Unpickled):
    """
    A file that a recipient received: a table with a column of ketenIDs.

    Iterating gives an `Ontvangen` or a `Weigering` for each row, in order. ketenIDs
    are never repaired: one that is not exactly right is refused.

    Args:
        table: The opened file: `look` gives it for a file, `hold` for a stream.

        namespace: The namespace that the ketenIDs must have; None accepts that of the
            national service, and that of a ring without its own namespace.

    Attributes:
        table: The opened file.

    Raises:
        eckid.errors.ExchangeError: If there is no column of ketenIDs, *namespace* is
            not ``https://`` and a lower-case host, or a column counts as a PGN: then
            a number has leaked to the recipient.
    """

    __slots__ = ("_namespace", "table")

    def __init__(self, table: Source, *, namespace: str | None = None) -> None:
        expect("table", table, *SOURCES)
        if namespace is not None and not NAMESPACE.fullmatch(
            expect("namespace", namespace, str)
        ):
            raise ExchangeError("namespace: expected https:// and a lower-case host")
        self._namespace = namespace
        for n, name in enumerate(table.columns, 1):
            if name in _PGN:
                raise ExchangeError(
                    f"expected ketenIDs and no numbers, got a column {name}: a leak; "
                    "report it to who sent the file",
                    line=table.line,
                    column=n,
                )
        if "eckid" not in table.columns:
            raise ExchangeError(
                "expected a heading such as eckid, got none", line=table.line
            )
        self.table = table

    def __iter__(self) -> Iterator[Ontvangen | Weigering]:
        column = self.table.columns.index("eckid") + 1
        read = reading_of(self.table, _days(self.table.columns)).read
        for found in self.table:
            if isinstance(found, Weigering):
                yield found
                continue
            cells = _cells(self.table, found, read)
            ketenid = _ketenid(cells.pop("eckid", ""), self._namespace)
            if isinstance(ketenid, PseudonymReden):
                yield Weigering(found.record, found.line, column, ketenid)
            else:
                yield Ontvangen(found.record, found.line, ketenid, cells, found.wie)

    def __repr__(self) -> str:
        return "<Received>"


def names_of(columns: Sequence[str]) -> list[str]:
    """
    Return the columns to compare when two rows have the same number.

    Those are the columns of names; all columns if there are no such columns.
    """
    # Without a known column of names, two rows are the same person only if every
    # column is the same.
    return [name for name in _NAMES if name in columns] or list(columns)


def same_name(attributen: Mapping[str, str], names: Iterable[str]) -> str:
    """
    Return the names of a person in a form to compare: Unicode, case, spaces evened.
    """
    joined = " ".join(attributen.get(name, "") for name in names)
    return " ".join(unicodedata.normalize("NFKC", joined).casefold().split())


def _days(columns: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(columns) if name in DAYS}


def _cells(table: Source, record: Record, read: _Read) -> dict[str, str]:
    named = zip(table.columns, record.cells, strict=True)
    return {
        name: read(name, cell) if name in TYPED else cell
        for name, cell in named
        if cell
    }


def stands_in(cells: Mapping[str, str]) -> bool:
    """
    Return whether another identifier may stand in for a ketenID.

    It may if ``ander_id_reden`` is a known reason and ``ander_id_tot`` an ISO day.
    """
    last = day(cells.get("ander_id_tot", ""))
    return cells["ander_id_reden"] in _ANDER_ID and last is not None


def number_of(cell: str) -> tuple[PGN | RijReden | NumberReden, Herstel | None]:
    """
    Return the number in a cell and how it was repaired, or why it is refused.

    Only a number can be repaired, so a reason comes with None.
    """
    text, herstel = mend(cell)
    try:
        return parse_pgn(text), herstel
    except NumberError as error:
        reden = error.reason
    return RijReden.ROUNDED if is_scientific(text) else reden, None


def _ketenid(text: str, namespace: str | None) -> KetenID | PseudonymReden:
    try:
        return KetenID.parse(text, namespace=namespace)
    except PseudonymError as error:
        return error.reason


def _key(rij: Rij) -> int:
    # A row without a key matches no other row.
    return hash(key_of(rij.attributen) or ("", rij.record))


def _number(pgn: PGN) -> int | str:
    # An integer takes half the memory of its text.
    text = pgn.expose()
    return text if isinstance(pgn, Medewerker) else int(text)
