"""
From a class list to HPgns: who is known is not hashed, and the order is kept.

A row that cannot go on comes out as a `Weigering`, in its place; nothing stops
the list, and nothing is lost.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

from eckid._core.values import expect
from eckid.exchange.lists.deriving import about, key_of
from eckid.exchange.lists.guard import shows_own_number, without_shown_numbers
from eckid.exchange.rows import Rij, RijReden, Weigergrond, Weigering
from eckid.hashing import Hasher
from eckid.keys import Salt, Sleutelbos
from eckid.pgn import PGN
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.scheme import NUMMERVOORZIENING, Scheme

T = TypeVar("T")

# Who is known already; why a row is refused; or None for who is to be hashed.
Known: TypeAlias = Callable[[Rij], Stampseudoniem | Weigergrond | None]
# The stampseudoniem of who was hashed, or why not.
Taken: TypeAlias = Callable[[Rij, HPgn], Stampseudoniem | Weigergrond]


class Keeps(Protocol):
    """
    What keeps the HPgns of a list while it is hashed, such as a journal.
    """

    def known(self, rij: Rij) -> HPgn | None:
        """
        Return the HPgn of a row that was hashed before.
        """

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of a row.
        """


# Rows held at a time, in all and for each worker. At the end of them the workers wait
# for the last of theirs: sixteen batches of four each, and that is a few in a hundred.
_HELD: Final = 256
_HELD_EACH: Final = 64


@dataclass(frozen=True, slots=True, repr=False)
class Verzegeld:
    """
    One person: the administration's key, and the HPgn sealed about it.
    """

    key: str
    sealed: bytes

    def __repr__(self) -> str:
        return f"<Verzegeld {len(self.sealed)} bytes>"


def hash_list(
    source: Iterable[Rij | Weigering],
    *,
    sleutelbos: Sleutelbos,
    scheme: Scheme = NUMMERVOORZIENING,
    keeps: Keeps | None = None,
    workers: int | None = None,
    memory: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Verzegeld | Weigering]:
    """
    Hash the rows of a class list, and seal each HPgn about its person key.

    The key is the administration's (`key`, or else `leerlingnummer`); a row
    without one, with the key of an earlier row, or with the number itself as its
    key, is refused.

    Args:
        source: The rows, such as `read` gives; refusals pass through.

        sleutelbos: The ring: its salt hashes, and it seals.

        scheme: As for `hash_pgn`.

        keeps: Keeps each HPgn, and knows those that it kept.

        workers: As for `hash_pgns`.

        memory: As for `hash_pgns`.

        progress: Called with the number of rows done.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    expect("scheme", scheme, Scheme)

    def seal(rij: Rij, made: HPgn | Stampseudoniem | None) -> Verzegeld | Weigering:
        if made is None:
            return Weigering(rij.record, rij.line, None, RijReden.ANDER_ID)
        key = key_of(rij.attributen)
        return Verzegeld(key, sleutelbos.seal(made, about=about(key)))

    keyed = _with_own_key(source)
    hasher = Hasher(salt=sleutelbos.salt, scheme=scheme, workers=workers, memory=memory)
    return each(hashed(keyed, hasher, keeps=keeps), seal, progress)


def add_list(
    source: Iterable[Rij | Weigering],
    *,
    salt: Salt,
    known: Known,
    taken: Taken,
    scheme: Scheme = NUMMERVOORZIENING,
    workers: int | None = None,
    memory: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Rij | Weigering]:
    """
    Add who is in a class list to what keeps them, such as a register.

    Args:
        source: The rows, such as `read` gives; refusals pass through. Who goes
            by another identifier is not hashed.

        salt: The salt of the environment.

        known: As for `release_list`.

        taken: As for `release_list`.

        scheme: As for `hash_pgn`.

        workers: As for `hash_pgns`.

        memory: As for `hash_pgns`.

        progress: Called with the number of rows done.

    Returns:
        For each row, in order, the row or a `Weigering`.
    """
    expect("salt", salt, Salt)
    expect("scheme", scheme, Scheme)

    def add(rij: Rij, made: HPgn | Stampseudoniem | None) -> Rij | Weigering:
        found = taken(rij, made) if isinstance(made, HPgn) else made
        if found is None or isinstance(found, Stampseudoniem):
            return rij
        return Weigering(rij.record, rij.line, None, found)

    hasher = Hasher(salt=salt, scheme=scheme, workers=workers, memory=memory)
    safe = without_shown_numbers(source)
    return each(hashed(safe, hasher, known=known), add, progress)


def _with_own_key(source: Iterable[Rij | Weigering]) -> Iterator[Rij | Weigering]:
    seen = _Seen()
    for found in source:
        expect("row", found, Rij, Weigering)
        if isinstance(found, Weigering):
            yield found
            continue
        key = key_of(found.attributen)
        reden = None
        if not found.has_ketenid:
            reden = RijReden.ANDER_ID
        elif not key:
            reden = RijReden.KEY
        elif shows_own_number(found, key):
            reden = RijReden.PGN_IN_ATTRIBUUT
        elif not seen.add(key):
            reden = RijReden.KEY_TWICE
        if reden is None:
            yield found
        else:
            yield Weigering(found.record, found.line, None, reden)


class _Seen:
    """
    The keys of a list, as eight bytes each: a set would take ten times as much.
    """

    def __init__(self) -> None:
        # Sorted, and many of them: into one long one each key would be inserted
        # at the cost of moving all behind it.
        self._marks = [array("Q") for _ in range(4096)]

    def add(self, key: str) -> bool:
        """
        Add *key*, and return whether it is new.
        """
        mark = hash(key) & (2**64 - 1)
        among = self._marks[mark >> 52]
        place = bisect_left(among, mark)
        if place < len(among) and among[place] == mark:
            return False
        among.insert(place, mark)
        return True


def hashed(
    source: Iterable[Rij | Weigering],
    hasher: Hasher,
    *,
    known: Known | None = None,
    keeps: Keeps | None = None,
) -> Iterator[tuple[Rij, HPgn | Stampseudoniem | None] | Weigering]:
    """
    Yield each row with its HPgn, or with the stampseudoniem that is known.

    Who goes by another identifier has neither. The hasher is closed at the end.
    """
    rows = iter(source)
    many = max(_HELD, _HELD_EACH * hasher.workers)
    with hasher:
        while held := [_looked_up(row, known, keeps) for row in islice(rows, many)]:
            numbers = [found.pgn for found in held if found.pgn is not None]
            with closing(hasher.each(numbers)) as hpgns:
                for row, made, pgn in held:
                    if isinstance(row, Weigering):
                        yield row
                        continue
                    if pgn is None:
                        yield row, made
                        continue
                    hpgn = next(hpgns)
                    if keeps is not None:
                        keeps.keep(row, hpgn)
                    yield row, hpgn


class _Found(NamedTuple):
    """
    A row, and what is known of it or else is to be hashed.
    """

    row: Rij | Weigering
    made: HPgn | Stampseudoniem | None = None
    pgn: PGN | None = None


def _looked_up(
    row: Rij | Weigering, known: Known | None, keeps: Keeps | None
) -> _Found:
    if isinstance(row, Weigering):
        return _Found(row)
    found = None if known is None else known(row)
    if isinstance(found, Stampseudoniem):
        return _Found(row, found)
    if found is not None:
        return _Found(Weigering(row.record, row.line, None, found))
    if not row.has_ketenid:
        return _Found(row)
    kept = None if keeps is None else keeps.known(row)
    return _Found(row, pgn=row.pgn) if kept is None else _Found(row, kept)


def each(
    found: Iterable[tuple[Rij, HPgn | Stampseudoniem | None] | Weigering],
    make: Callable[[Rij, HPgn | Stampseudoniem | None], T | Weigering],
    progress: Callable[[int], object] | None,
) -> Iterator[T | Weigering]:
    """
    Yield what *make* gives of each row; refusals pass.
    """
    for done, row in enumerate(found, 1):
        made = row if isinstance(row, Weigering) else make(*row)
        if progress is not None:
            progress(done)
        yield made
