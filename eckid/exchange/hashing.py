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
from typing import Final, NamedTuple, TypeAlias, TypeVar

from eckid._secret import expect
from eckid.exchange.deriving import about, key_of
from eckid.exchange.guard import shows_own_number, without_shown_numbers
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

# Rows held at a time: enough to keep every core busy, few enough to forget.
_HELD: Final = 256


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
    workers: int | None = None,
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

        workers: As for `hash_pgns`.

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
    found = hashed(keyed, sleutelbos.salt, scheme, workers, None)
    return each(found, seal, progress)


def add_list(
    source: Iterable[Rij | Weigering],
    *,
    salt: Salt,
    known: Known,
    taken: Taken,
    scheme: Scheme = NUMMERVOORZIENING,
    workers: int | None = None,
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

    safe = without_shown_numbers(source)
    return each(hashed(safe, salt, scheme, workers, known), add, progress)


def _with_own_key(source: Iterable[Rij | Weigering]) -> Iterator[Rij | Weigering]:
    # Eight bytes a row, sorted: a set would take twenty times as much.
    seen = array("Q")
    for found in source:
        expect("row", found, Rij, Weigering)
        if isinstance(found, Weigering):
            yield found
            continue
        key = key_of(found.attributen)
        mark = hash(key) & (2**64 - 1)
        place = bisect_left(seen, mark)
        reden = None
        if not found.has_ketenid:
            reden = RijReden.ANDER_ID
        elif not key:
            reden = RijReden.KEY
        elif shows_own_number(found, key):
            reden = RijReden.PGN_IN_ATTRIBUUT
        elif seen[place : place + 1] == array("Q", [mark]):
            reden = RijReden.KEY_TWICE
        if reden is None:
            seen.insert(place, mark)
            yield found
        else:
            yield Weigering(found.record, found.line, None, reden)


def hashed(
    source: Iterable[Rij | Weigering],
    salt: Salt,
    scheme: Scheme,
    workers: int | None,
    known: Known | None,
) -> Iterator[tuple[Rij, HPgn | Stampseudoniem | None] | Weigering]:
    """
    Yield each row with its HPgn, or with the stampseudoniem that is known.

    Who goes by another identifier has neither.
    """
    rows = iter(source)
    with Hasher(salt=salt, scheme=scheme, workers=workers) as hasher:
        while held := [_looked_up(row, known) for row in islice(rows, _HELD)]:
            numbers = [found.pgn for found in held if found.pgn is not None]
            with closing(hasher.each(numbers)) as hpgns:
                for row, stam, pgn in held:
                    if isinstance(row, Weigering):
                        yield row
                    else:
                        yield row, stam if pgn is None else next(hpgns)


class _Found(NamedTuple):
    """
    A row, and what is known of it or else is to be hashed.
    """

    row: Rij | Weigering
    stam: Stampseudoniem | None = None
    pgn: PGN | None = None


def _looked_up(row: Rij | Weigering, known: Known | None) -> _Found:
    if isinstance(row, Weigering):
        return _Found(row)
    found = None if known is None else known(row)
    if isinstance(found, Stampseudoniem):
        return _Found(row, found)
    if found is not None:
        return _Found(Weigering(row.record, row.line, None, found))
    return _Found(row, pgn=row.pgn if row.has_ketenid else None)


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
