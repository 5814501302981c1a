"""
Hashing a class list once, and keeping the result: sealed HPgns, or a register.

A refused row comes out as a `Weigering`, in its place. It does not stop the list, and
no row is lost.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from eckid._core.values import a_day, expect
from eckid.exchange.lists.bewaard import NIETS, Bewaard
from eckid.exchange.lists.guard import shows_own_number, without_shown_numbers
from eckid.exchange.lists.hashed import Gehasht, hashed
from eckid.exchange.lists.who import Herkenning, counted
from eckid.exchange.rows import Rij, RijReden, Weigering, about, key_of
from eckid.hashing import Hasher
from eckid.keys import Sleutelbos
from eckid.policy.guard import has_secret
from eckid.pseudonyms import HPgn


@dataclass(frozen=True, slots=True, repr=False)
class Verzegeld:
    """
    One person and the sealed HPgn.

    Attributes:
        key: The administration's key of the person.
        sealed: The HPgn, sealed for this key: with another key it does not open.
    """

    key: str
    sealed: bytes

    def __repr__(self) -> str:
        return f"<Verzegeld {len(self.sealed)} bytes>"


def hash_list(
    rows: Iterable[Rij | Weigering],
    *,
    sleutelbos: Sleutelbos,
    hasher: Hasher,
    bewaard: Bewaard = NIETS,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Verzegeld | Weigering]:
    """
    Hash the rows of a class list, and seal each HPgn for its person key.

    The person key is the attribute ``key``, else ``leerlingnummer``. A row is refused
    if it has no key, if an earlier row has the same key, if the key contains the
    number, or if the person goes by another identifier.

    Args:
        rows: The rows, such as `read` gives; refusals pass through.

        sleutelbos: The ring that seals.

        hasher: Hashes the numbers; it has the salt. You close it.

        bewaard: Keeps each HPgn between runs, such as a journal; `NIETS` keeps none.

        progress: Called with the number of rows done.

    Returns:
        For each row, in order, a `Verzegeld` or a `Weigering`.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    expect("bewaard", bewaard, Bewaard)
    expect("hasher", hasher, Hasher)

    def seal(row: Gehasht | Weigering) -> Verzegeld | Weigering:
        if isinstance(row, Weigering):
            return row
        rij, made = row
        if made is None:
            return rij.refused(RijReden.ANDER_ID)
        key = key_of(rij.attributen)
        sealed = sleutelbos.seal(expect("HPgn", made, HPgn), about=about(key))
        return Verzegeld(key, sealed)

    found = counted(hashed(_with_own_key(rows), hasher, bewaard), progress)
    return (seal(row) for row in found)


def add_list(
    rows: Iterable[Rij | Weigering],
    *,
    who: Herkenning,
    on: date,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Rij | Weigering]:
    """
    Add the persons of a class list to a keeper, such as a register.

    Only persons whom the keeper does not know are hashed. A person who goes by another
    identifier is not hashed and not added.

    Args:
        rows: The rows, such as `read` gives; refusals pass through.

        who: Makes the stampseudoniemen; its ``bewaard`` keeps them.

        on: The day on which they are added.

        progress: Called with the number of rows done.

    Returns:
        For each row, in order, the row itself or a `Weigering`.
    """
    day = a_day("on", on)
    expect("who", who, Herkenning).bewaard.uses(who.bron)
    found = hashed(without_shown_numbers(rows), who.hasher, who.bewaard)
    return (
        row if isinstance(row, Weigering) else row[0]
        for row in counted(who.stams(found, on=day), progress)
    )


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
        elif has_secret(key, opaque=True):
            reden = RijReden.LEAK
        elif not seen.add(key):
            reden = RijReden.KEY_TWICE
        if reden is None:
            yield found
        else:
            yield found.refused(reden)


class _Seen:
    """
    The keys seen in a list, eight bytes each: a set would take ten times as much.
    """

    def __init__(self) -> None:
        # Many short sorted arrays: inserting into one long array would move all
        # that comes after the new key.
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
