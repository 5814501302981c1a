"""
The persons in a table of sealed HPgns, and the rows that must be refused.
"""

from array import array
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import partial
from sys import byteorder
from typing import Any, Final, Protocol, TypeAlias

from eckid._core.values import expect
from eckid.attributes import DAYS
from eckid.errors import ExchangeError
from eckid.exchange.formats.alphabet import check_names
from eckid.exchange.formats.days import DayOrder, Reading
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART, SEALED
from eckid.exchange.formats.texts import as_text, octets_of, readable
from eckid.exchange.lists.bron import Bron, Ringbron
from eckid.exchange.lists.guard import NAMES as OF_NAME
from eckid.exchange.lists.guard import OTHER as OTHER_IDS
from eckid.exchange.lists.roster import names_of, same_name, stands_in
from eckid.exchange.rows import KEYS, RijReden, Weigerreden
from eckid.keten import Sector
from eckid.keys import Sleutelbos
from eckid.policy.guard import has_long_hex, holds
from eckid.policy.vorm import TYPED
from eckid.scale.asked import served
from eckid.scale.columns import exposed, uris
from eckid.scale.filter import BY_ROW, each_once, filled
from eckid.scheme import Scheme

Arrow: TypeAlias = Any

# How the person of a row goes: not at all, by ketenID, or by another identifier.
_NOBODY, _BY_KETENID, _BY_OTHER = range(3)
# The values of so many rows stay in a processor's cache.
_FEW: Final = 4096

_OTHER: Final = (BY_ROW, "ander_id_tot")
# What a row gives: an HPgn, why it is refused, or nothing, and is not refused.
_Found: TypeAlias = bytes | Weigerreden | None


class Listed(Protocol):
    """
    A table that can be read in parts, more than once.

    Attributes:
        columns: The attribute of each column.
        days: The order of day, month and year; None decides it for each column.
    """

    columns: tuple[str, ...]
    days: DayOrder | None

    def __len__(self) -> int:
        """
        Return the number of rows.
        """

    def parts(
        self, rows: int = PART, columns: Sequence[str] | None = None
    ) -> Generator[Arrow, None, None]:
        """
        Yield the table in parts of *rows* at most, with these columns; None is all.
        """


def reading_of(listed: Listed) -> Reading:
    """
    Return how the days and codes of a table are read.
    """

    def cells(name: str) -> Iterator[str | None]:
        pc = load_pyarrow().compute
        for part in listed.parts(PART, [name]):
            texts, _ = readable(as_text(part[name], name))
            yield from pc.utf8_trim_whitespace(texts).unique().to_pylist()

    return Reading(
        [name for name in listed.columns if name in DAYS],
        order=listed.days,
        cells=cells,
        today=getattr(listed, "today", None),
    )


class Persons:
    """
    The persons in a table: the ketenID of each row, or the reason to refuse the row.

    Args:
        bron: The ring that sealed the HPgns and makes the ketenIDs; or a service, with
            a journal of batches whose ring sealed them.

        scheme: The scheme of the HPgns.

        reading: How the days and codes of the table are read.

    Attributes:
        refused: The refused rows, by number from 0, each with its reason.
        sector: The sector of the ketenIDs.
    """

    def __init__(self, bron: Bron, *, scheme: Scheme, reading: Reading) -> None:
        self._bron, self._scheme, self._reading = bron, scheme, reading
        self._ring = expect("ring", getattr(bron, "sleutelbos", None), Sleutelbos)
        self.sector = expect("sector", bron.sector, Sector)
        self._octets = bytearray()
        self._there = bytearray()
        self._marks = array("Q")
        self._keys = array("q")
        self._others: list[int] = []
        self.refused: dict[int, Weigerreden] = {}

    def __len__(self) -> int:
        return len(self._marks)

    @staticmethod
    def asked(columns: Sequence[str]) -> list[str]:
        """
        Return those of *columns* that are needed to identify a person.
        """
        others = OTHER_IDS if BY_ROW in columns else ()
        asked = dict.fromkeys((*KEYS, SEALED, *_OTHER, *others))
        return [name for name in asked if name in columns]

    def add(self, part: Arrow) -> None:
        """
        Open the HPgns of the next rows, and derive their ketenIDs.
        """
        # The types of its columns are looked at in a part without rows too.
        rows = max(1, len(part))
        # A service is asked for a part at once, in batches of its own.
        few = _FEW if isinstance(self._bron, Ringbron) else rows
        for at in range(0, rows, few):
            self._add(part.slice(at, few))

    def _add(self, part: Arrow) -> None:
        begin = len(self._marks)
        names = [name for name in part.column_names if name != SEALED]
        columns, unread = listed_as_text(part, names, self._reading)
        sealed = octets_of(part[SEALED], SEALED)
        keys = keys_of(columns)
        self._keys.extend(map(hash, keys))
        found = self._opened(keys, sealed)
        for row in unread:
            found[row] = RijReden.TEXT
        there = [_BY_KETENID if type(one) is bytes else _NOBODY for one in found]
        for row, other in _others_of(columns):
            if row not in unread:
                found[row], there[row] = self._stood_in(found[row], other)
                if keys[row]:
                    self._others.append(begin + row)
        made, marks = self._made(found, there)
        for row, one in enumerate(found) if _NOBODY in there else ():
            if not isinstance(one, bytes) and one is not None:
                self.refused[begin + row] = one
        if len(made) < len(there):
            pairs = iter(zip(made, marks, strict=True))
            none = bytes(64), bytes(8)
            both = [none if how == _NOBODY else next(pairs) for how in there]
            made, marks = [one for one, _ in both], [mark for _, mark in both]
        self._octets += b"".join(made)
        first = array("Q", b"".join([octets[:8] for octets in marks]))
        if byteorder == "little":
            first.byteswap()
        self._marks += first
        self._there += bytes(there)

    def _made(
        self, found: list[_Found], there: list[int]
    ) -> tuple[list[bytes], list[bytes]]:
        """
        Return the octets of each ketenID, and what the mark of each person begins with.
        """
        bron, scheme = self._bron, self._scheme
        if isinstance(bron, Ringbron):
            hpgns = [one for one in found if isinstance(one, bytes)]
            made = bron.keten_octets(bron.stam_octets(hpgns, scheme=scheme))
            return made, made
        going = [n for n, how in enumerate(there) if how == _BY_KETENID]
        asked = served(found, going, bron=bron, scheme=scheme)
        for n in going:
            if not isinstance(found[n], bytes):
                there[n] = _NOBODY
        # Who goes by another identifier was not asked about, and has a mark too.
        hpgns = [one for one in found if isinstance(one, bytes)]
        return [asked.get(hpgn, bytes(64)) for hpgn in hpgns], hpgns

    def _opened(
        self, keys: list[str | None], sealed: list[bytes | None]
    ) -> list[_Found]:
        def found(key: str | None, each: bytes | None, hpgn: bytes | None) -> _Found:
            if each is None:
                return RijReden.MISSING
            return (hpgn or RijReden.SEAL) if key else RijReden.KEY

        how: dict[str, Any] = {"sleutelbos": self._ring, "scheme": self._scheme}
        return list(map(found, keys, sealed, exposed(sealed, keys, **how)))

    def _stood_in(self, found: _Found, other: Mapping[str, str]) -> tuple[_Found, int]:
        """
        Return what becomes of a row with another identifier, and how its person goes.
        """
        if not stands_in(other):
            return RijReden.ANDER_ID, _NOBODY
        if isinstance(found, bytes):
            leaks = self._leaks(found, other)
            return (RijReden.LEAK, _NOBODY) if leaks else (found, _BY_OTHER)
        return None if found is RijReden.MISSING else found, _NOBODY

    def _leaks(self, hpgn: bytes, other: Mapping[str, str]) -> bool:
        """
        Return whether another identifier is the person's own HPgn or stampseudoniem.
        """
        texts = [
            cell for name in OTHER_IDS if has_long_hex(cell := other.get(name, ""))
        ]
        if not texts:
            return False
        own = [hpgn.hex()]
        # As in a list: no service is asked about who has no ketenID.
        if isinstance(self._bron, Ringbron):
            stams = self._bron.stam_octets([hpgn], scheme=self._scheme)
            own += [stam.hex() for stam in stams]
        return any(holds(text, secret) for text in texts for secret in own)

    def check(self, at: int, columns: Mapping[str, Arrow]) -> None:
        """
        Check that the rows from *at* on have the same keys as in the first reading.

        Otherwise a name could be released with the ketenID of another person.

        Raises:
            eckid.errors.ExchangeError: If the file was changed in between.
        """
        found = array("q", map(hash, keys_of(columns)))
        if found != self._keys[at : at + len(found)]:
            raise ExchangeError("the file was changed while it was read")

    def compare(self, listed: Listed) -> None:
        """
        Refuse each second row of a person; all rows of a person if names differ.
        """
        pa = load_pyarrow()
        pc = pa.compute
        self._refuse_second()
        marks = pa.Array.from_buffers(
            pa.uint64(), len(self._marks), [None, pa.py_buffer(self._marks)]
        )
        there = pc.not_equal(self._who(0, len(self._marks)), _NOBODY)
        # Sorting puts doubles side by side; counting them would take more memory.
        ordered = marks.filter(there)
        ordered = ordered.take(pc.sort_indices(ordered))
        twice = ordered[1:].filter(pc.equal(ordered[1:], ordered[:-1]))
        if not len(twice):
            return
        both = pc.and_(there, pc.is_in(marks, value_set=twice))
        persons: dict[int, list[tuple[int, str]]] = {}
        at = 0
        names = names_of([n for n in listed.columns if n != SEALED])
        for part in listed.parts(PART, names):
            texts, unread = listed_as_text(part, names, self._reading)
            places = pc.indices_nonzero(both.slice(at, part.num_rows)).to_pylist()
            for row in places:
                if row in unread:
                    # As in a list: a row that is not read is nobody's second row.
                    self.refused[at + row] = RijReden.TEXT
                    continue
                cells = {n: texts[n][row].as_py() or "" for n in names}
                mark = self._marks[at + row]
                persons.setdefault(mark, []).append((at + row, same_name(cells, names)))
            at += part.num_rows
        for rows in persons.values():
            same = len({name for _, name in rows}) == 1
            for row, _ in rows[1 if same else 0 :]:
                self.refused[row] = RijReden.DUPLICATE if same else RijReden.CONFLICT

    def marks(self) -> Iterator[tuple[int | None, int]]:
        """
        Yield for each row what tells the doubles of a frame of which this is a part.

        That is the mark of the person, the same in each part; None if the row is
        refused or has no HPgn. And how the person goes: 1 by ketenID, 2 by another
        identifier, else 0.
        """
        others = set(self._others)
        for row, (mark, who) in enumerate(zip(self._marks, self._there, strict=True)):
            how = 2 if row in others else int(who == _BY_KETENID)
            yield None if who == _NOBODY else mark, how

    def _refuse_second(self) -> None:
        """
        Refuse another identifier of a person who has a ketenID in the same table.
        """
        others = {self._keys[row] for row in self._others}
        if not others:
            return
        both = {
            key
            for key, who in zip(self._keys, self._there, strict=True)
            if key in others and who == _BY_KETENID
        }
        for row in self._others:
            if self._keys[row] in both:
                self.refused[row] = RijReden.KETENID_WENT

    def _who(self, at: int, rows: int) -> Arrow:
        pa = load_pyarrow()
        held = pa.py_buffer(self._there[at : at + rows])
        return pa.Array.from_buffers(pa.uint8(), rows, [None, held])

    def ketenids(self, at: int, rows: int) -> Arrow:
        """
        Return the ketenIDs of *rows* rows from *at* on, as URIs; null without one.
        """
        held = bytes(self._octets[64 * at : 64 * (at + rows)])
        pc = load_pyarrow().compute
        there = pc.equal(self._who(at, rows), _BY_KETENID)
        return pc.if_else(
            there, uris(f"{self._bron.namespace}/{self._bron.release}/", held), None
        )


def _others_of(columns: Mapping[str, Arrow]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """
    Yield each row that has another identifier, with what says so.
    """
    if BY_ROW not in columns:
        return
    those = {n: columns[n].to_pylist() for n in (*_OTHER, *OTHER_IDS) if n in columns}
    rows = load_pyarrow().compute.indices_nonzero(filled(columns[BY_ROW]))
    for row in rows.to_pylist():
        yield row, {name: column[row] or "" for name, column in those.items()}


def keys_of(columns: Mapping[str, Arrow]) -> list[str | None]:
    """
    Return the key of each row: of its columns of keys, the first that is filled.
    """
    pc = load_pyarrow().compute
    keys = [columns[n] for n in KEYS if n in columns]
    texts = pc.coalesce(*(pc.if_else(filled(each), each, None) for each in keys))
    return list(texts.to_pylist())


def listed_as_text(
    part: Arrow, names: Sequence[str], reading: Reading
) -> tuple[dict[str, Arrow], dict[int, str]]:
    """
    Return columns as text, as in a list that is read: trimmed, and days in ISO form.

    Args:
        part: A pyarrow Table.

        names: The names of the columns.

        reading: How the days and codes of the table are read.

    Returns:
        The columns; and the rows to refuse, each with the first column of which its
        cell is not text. That cell is null.

    Raises:
        eckid.errors.ExchangeError: If a name has a sign that no name has.
    """
    pc = load_pyarrow().compute
    columns: dict[str, Arrow] = {}
    unread: dict[int, str] = {}
    for name in names:
        texts, rows = readable(as_text(part[name], name))
        for row in rows:
            unread.setdefault(row, name)
        found = pc.utf8_trim_whitespace(texts).combine_chunks()
        if name in OF_NAME:
            others = pc.invert(pc.string_is_ascii(found))
            check_names(found.filter(others).unique().to_pylist())
        columns[name] = (
            each_once(found, partial(reading.read, name)) if name in TYPED else found
        )
    return columns, unread
