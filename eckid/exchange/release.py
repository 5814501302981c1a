"""
From a class list to releases, sealed HPgns or ketenIDs: one row in, one out.

A row that cannot go on comes out as a `Weigering`, in its place; nothing stops
the list, and nothing is lost.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, TypeAlias, TypedDict, TypeVar

from eckid._secret import expect
from eckid._vrijgave import Vrijgave, Waarde
from eckid.derivation import (
    derive_ketenids,
    derive_stampseudoniem,
)
from eckid.doel import Doel, Ontvanger, Wie
from eckid.errors import LinkReason
from eckid.exchange.deriving import about, key_of, origins
from eckid.exchange.guard import shows_own_number, without_shown_numbers
from eckid.exchange.names import NAMES, WEERGAVENAAM, usable, with_names
from eckid.exchange.rows import Rij, RijReden, Weigergrond, Weigering
from eckid.hashing import hash_pgns
from eckid.keten import Keten, Sector
from eckid.keys import Salt, Sleutelbos
from eckid.pgn import PGN
from eckid.policy import Attribuutbeleid
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.scheme import NUMMERVOORZIENING, Scheme
from eckid.succession import Substitutions

T = TypeVar("T")

_Person: TypeAlias = tuple[Rij, dict[str, Waarde]]


class _Asked(TypedDict):
    doel: Doel
    ontvanger: Ontvanger
    rol: str | None
    on: date | None


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


def release_list(
    source: Iterable[Rij | Weigering],
    *,
    sleutelbos: Sleutelbos,
    keten: Keten,
    sector: Sector,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None = None,
    on: date | None = None,
    scheme: Scheme = NUMMERVOORZIENING,
    known: Callable[[Rij], Stampseudoniem | None] | None = None,
    taken: Callable[[Rij, HPgn], Stampseudoniem | Weigergrond] | None = None,
    went: Callable[[Rij, Vrijgave], object] | None = None,
    substitutions: Substitutions | None = None,
    misfit: Callable[[Vrijgave], str | None] | None = None,
    workers: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Vrijgave | Weigering]:
    """
    Turn the rows of a class list into what one recipient may see.

    Args:
        source: The rows, such as `read` gives; refusals pass through. Who goes
            by another identifier (`Rij.has_ketenid`) is not hashed.

        sleutelbos: The ring.

        keten: The chain of the recipient.

        sector: The sector in which all of the list are enrolled.

        beleid: The policy.

        doel: What the release is for.

        ontvanger: The kind of recipient.

        rol: As for `Attribuutbeleid.release`.

        on: As for `Attribuutbeleid.release`.

        scheme: As for `hash_pgn`.

        known: Gives the stampseudoniem of who is known already, and None for
            who is to be hashed.

        taken: Gives the stampseudoniem of who was hashed, such as a register
            does, or the reason why not; None derives it.

        went: Called with each release and the row it is of.

        substitutions: What came in the place of what; asks for *on*. A number
            that was substituted by then is refused.

        misfit: Names the attribute of a release that does not fit the file it
            is meant for, such as `misfit_of` gives; that row is refused.

        workers: As for `hash_pgns`.

        progress: Called with the number of rows done.

    Returns:
        For each row, in order, a `Vrijgave` or a `Weigering`. Where the policy
        wants the shortest name, all rows are held until the last is known.
    """
    expect("scheme", scheme, Scheme)
    expect("beleid", beleid, Attribuutbeleid)
    # One state and one plan serve the whole list; each takes what is put before
    # it, one at a time. What is wrong with the arguments is said here.
    stams: list[Stampseudoniem] = []
    ketenids = derive_ketenids(
        iter(stams.pop, None), keten=keten, sector=sector, sleutelbos=sleutelbos
    )
    rows: list[dict[str, Waarde]] = []
    asked: _Asked = {"doel": doel, "ontvanger": ontvanger, "rol": rol, "on": on}
    plans = {
        wie: beleid.release_many(iter(rows.pop, None), wie=wie, **asked) for wie in Wie
    }

    stam_of = taken or _derives(sleutelbos, origins(substitutions, on))

    def identify(rij: Rij, made: HPgn | Stampseudoniem | None) -> _Person | Weigering:
        if made is None:
            return rij, dict(rij.attributen)
        found = stam_of(rij, made) if isinstance(made, HPgn) else made
        if not isinstance(found, Stampseudoniem):
            return Weigering(rij.record, rij.line, None, found)
        stams.append(found)
        return rij, {**rij.attributen, "eckid": next(ketenids)}

    def release(rij: Rij, attributen: dict[str, Waarde]) -> Vrijgave | Weigering:
        rows.append(attributen)
        vrijgave = next(plans[rij.wie])
        place = rij.record, rij.line, None
        if vrijgave.missing:
            return Weigering(*place, RijReden.MANDATORY, vrijgave.missing[0])
        wrong = None if misfit is None else misfit(vrijgave)
        if wrong is not None:
            return Weigering(*place, RijReden.FORMAT, wrong)
        if went is not None:
            went(rij, vrijgave)
        return vrijgave

    safe = without_shown_numbers(source)
    hashed = _hashed(safe, sleutelbos.salt, scheme, workers, known)
    persons = _each(hashed, identify, progress)
    if any(regel.attribuut == WEERGAVENAAM for regel in beleid.going(**asked)):
        used = {wie: usable(beleid.explain(NAMES, wie=wie, **asked)) for wie in Wie}
        persons = with_names(persons, release, used)
    return (p if isinstance(p, Weigering) else release(*p) for p in persons)


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
    hashed = _hashed(keyed, sleutelbos.salt, scheme, workers, None)
    return _each(hashed, seal, progress)


def _derives(
    sleutelbos: Sleutelbos, origin: Callable[[HPgn], HPgn | None]
) -> Callable[[Rij, HPgn], Stampseudoniem | Weigergrond]:
    """
    Return what derives the stampseudoniem of who was hashed.
    """

    def derive(_: Rij, hpgn: HPgn) -> Stampseudoniem | Weigergrond:
        first = origin(hpgn)
        if first is None:
            return LinkReason.SUBSTITUTED
        return derive_stampseudoniem(first, sleutelbos=sleutelbos)

    return derive


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


def _hashed(
    source: Iterable[Rij | Weigering],
    salt: Salt,
    scheme: Scheme,
    workers: int | None,
    known: Callable[[Rij], Stampseudoniem | None] | None,
) -> Iterator[tuple[Rij, HPgn | Stampseudoniem | None] | Weigering]:
    """
    Yield each row with its HPgn, or with the stampseudoniem that is known.

    Who goes by another identifier has neither.
    """
    rows = iter(source)
    while held := list(islice(rows, _HELD)):
        stams = [
            known(row)
            if known is not None and isinstance(row, Rij) and row.has_ketenid
            else None
            for row in held
        ]
        fresh = [_fresh(row, stam) for row, stam in zip(held, stams, strict=True)]
        numbers = [pgn for pgn in fresh if pgn is not None]
        hashing = hash_pgns(numbers, salt=salt, scheme=scheme, workers=workers)
        with closing(hashing) as hpgns:
            for row, stam, pgn in zip(held, stams, fresh, strict=True):
                if isinstance(row, Weigering):
                    yield row
                else:
                    yield row, stam if pgn is None else next(hpgns)


def _fresh(row: Rij | Weigering, stam: Stampseudoniem | None) -> PGN | None:
    """
    Return the number that is to be hashed for *row*; None where none is.
    """
    if isinstance(row, Weigering) or stam is not None or not row.has_ketenid:
        return None
    return row.pgn


def _each(
    hashed: Iterable[tuple[Rij, HPgn | Stampseudoniem | None] | Weigering],
    make: Callable[[Rij, HPgn | Stampseudoniem | None], T | Weigering],
    progress: Callable[[int], object] | None,
) -> Iterator[T | Weigering]:
    for done, found in enumerate(hashed, 1):
        made = found if isinstance(found, Weigering) else make(*found)
        if progress is not None:
            progress(done)
        yield made
