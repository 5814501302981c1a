"""
From a class list to releases: one row in, one out.

A row that cannot go on comes out as a `Weigering`, in its place; nothing stops
the list, and nothing is lost.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TypeAlias, TypedDict

from eckid._core.values import expect
from eckid.derivation import (
    derive_ketenids,
    derive_stampseudoniem,
)
from eckid.doel import Doel, Ontvanger, Wie
from eckid.errors import LinkReason
from eckid.exchange.lists.deriving import origins
from eckid.exchange.lists.guard import without_shown_numbers
from eckid.exchange.lists.hashing import Keeps, Known, Taken, each, hashed
from eckid.exchange.lists.names import NAMES, WEERGAVENAAM, usable, with_names
from eckid.exchange.rows import Rij, RijReden, Weigergrond, Weigering
from eckid.hashing import Hasher
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.policy import Attribuutbeleid
from eckid.policy.vrijgave import Vrijgave, Waarde
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.scheme import NUMMERVOORZIENING, Scheme
from eckid.succession import Substitutions

_Person: TypeAlias = tuple[Rij, dict[str, Waarde]]


class _Asked(TypedDict):
    doel: Doel
    ontvanger: Ontvanger
    rol: str | None
    on: date | None


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
    known: Known | None = None,
    taken: Taken | None = None,
    went: Callable[[Rij, Vrijgave], object] | None = None,
    substitutions: Substitutions | None = None,
    misfit: Callable[[Vrijgave], str | None] | None = None,
    keeps: Keeps | None = None,
    workers: int | None = None,
    memory: int | None = None,
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

        known: Asked for each row: gives the stampseudoniem of who is known
            already, None for who is to be hashed, or why the row is refused.

        taken: Gives the stampseudoniem of who was hashed, such as a register
            does, or the reason why not; None derives it.

        went: Called with each release and the row it is of.

        substitutions: What came in the place of what; asks for *on*. A number
            that was substituted by then is refused.

        misfit: Names the attribute of a release that does not fit the file it
            is meant for, such as `misfit_of` gives; that row is refused.

        keeps: As for `hash_list`; who is known is not asked of it.

        workers: As for `hash_pgns`.

        memory: As for `hash_pgns`.

        progress: Called with the number of rows done.

    Returns:
        For each row, in order, a `Vrijgave` or a `Weigering`. Where the policy
        wants the shortest name, all rows are held until the last is known.
    """
    expect("scheme", scheme, Scheme)
    expect("beleid", beleid, Attribuutbeleid)
    expect("sleutelbos", sleutelbos, Sleutelbos)
    hasher = Hasher(salt=sleutelbos.salt, scheme=scheme, workers=workers, memory=memory)
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
    found = hashed(safe, hasher, known=known, keeps=keeps)
    persons = each(found, identify, progress)
    if any(regel.attribuut == WEERGAVENAAM for regel in beleid.going(**asked)):
        used = {wie: usable(beleid.explain(NAMES, wie=wie, **asked)) for wie in Wie}
        persons = with_names(persons, release, used)
    return (p if isinstance(p, Weigering) else release(*p) for p in persons)


def _derives(sleutelbos: Sleutelbos, origin: Callable[[HPgn], HPgn | None]) -> Taken:
    """
    Return what derives the stampseudoniem of who was hashed.
    """

    def derive(_: Rij, hpgn: HPgn) -> Stampseudoniem | Weigergrond:
        first = origin(hpgn)
        if first is None:
            return LinkReason.SUBSTITUTED
        return derive_stampseudoniem(first, sleutelbos=sleutelbos)

    return derive
