"""
From a class list to releases: one row in, one result out.

A refused row comes out as a `Weigering`, in its place. It does not stop the list, and
no row is lost.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from eckid._core.values import expect
from eckid.doel import Wie
from eckid.exchange.formats.edexml_in import Edexml
from eckid.exchange.lists.guard import OTHER, without_shown_numbers
from eckid.exchange.lists.names import NAMES, WEERGAVENAAM, with_names
from eckid.exchange.lists.who import (
    Doorgifte,
    Herkenner,
    Herkenning,
    Persoon,
    counted,
)
from eckid.exchange.lists.years import with_years
from eckid.exchange.rows import Ontvangen, Rij, RijReden, Weigering
from eckid.policy import Bestemming, Vrijgave, Waarde
from eckid.policy.guard import has_long_hex

# Gives the name of an attribute that does not fit in the file; None if all fit.
Misfit: TypeAlias = Callable[[Vrijgave], str | None]


def fits(_: Vrijgave) -> None:
    """
    Return None: every release fits. For when no file is written.
    """


def release_list(
    rows: Iterable[Rij | Ontvangen | Weigering],
    *,
    who: Herkenner,
    to: Bestemming,
    misfit: Misfit = fits,
    progress: Callable[[int], object] | None = None,
    coded: bool = False,
) -> Iterator[Vrijgave | Weigering]:
    r"""
    Turn the rows of a list into what one recipient may see.

    It writes no file; `release_to` does.

    Args:
        rows: The rows: a `Roster`, or `Received` for a file that a recipient received;
            refusals pass through.

        who: Makes the ketenIDs: a `Herkenning` for a class list, a `Doorgifte` for a
            received file.

        to: The recipient and the doel, under one policy: `Attribuutbeleid.voor`.

        misfit: Gives the name of an attribute that does not fit in the file to write,
            as `misfit_of` does; such a row is refused. By default every row fits.

        progress: Called with the number of rows done.

        coded: Whether the years are codes of EDEXML; where *rows* is a list in EDEXML
            they are in any case.

    Returns:
        For each row, in order, a `Vrijgave` or a `Weigering`. If the policy releases
        the shortest name, all rows are held until the last is read.

    Raises:
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.

    >>> import io
    >>> from eckid import Attribuutbeleid, Doel, Hasher, Ontvanger, Sector, Sleutelbos
    >>> from eckid import LEERMIDDELENKETEN as KETEN
    >>> from eckid.exchange import Herkenning, Ringbron, Roster, hold, release_list
    >>> from eckid.scheme import CHEAPEST
    >>> file = io.BytesIO(b"LAS-key;BSN;Roepnaam\n4001;111222333;Sem\n4002;12;Noor\n")
    >>> ring = Sleutelbos.generate(release="2026")
    >>> beleid = Attribuutbeleid.load("leermiddelenketen")
    >>> to = beleid.voor(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER)
    >>> bron = Ringbron(ring, keten=KETEN, sector=Sector.PO)
    >>> # CHEAPEST is for examples and tests; leave it out.
    >>> with Hasher(salt=ring.salt, scheme=CHEAPEST) as hasher:
    ...     who = Herkenning(bron=bron, hasher=hasher)
    ...     sem, noor = release_list(Roster(hold(file)), who=who, to=to)
    >>> sorted(sem.released), sem.withheld["key"].value, noor.reden.value
    (['eckid', 'roepnaam'], 'ketenid-exists', 'length')
    """
    expect("who", who, Herkenning, Doorgifte)
    expect("to", to, Bestemming).check_passage(van=who.van)
    who.begin(to)
    safe: Iterable[Any] = without_shown_numbers(rows)
    each = who.each(safe, to=to)
    # What a recipient received was released, with codes.
    coded = coded or isinstance(who, Doorgifte) or is_coded(rows)
    found = with_years(each, sector=who.sector, to=to, coded=coded)
    persons = counted(found, progress)

    def tried(
        rij: Rij | Ontvangen, attributen: dict[str, Waarde]
    ) -> Vrijgave | Weigering:
        second = who.bewaard.second(rij) if isinstance(rij, Rij) else None
        if second is not None:
            return rij.refused(second)
        if _shows_own(rij, who, to):
            return rij.refused(RijReden.LEAK)
        vrijgave = to.release(attributen, wie=rij.wie)
        if vrijgave.leak is not None:
            return rij.refused(RijReden.LEAK, vrijgave.leak)
        if vrijgave.missing:
            return rij.refused(RijReden.MANDATORY, vrijgave.missing[0])
        wrong = expect("misfit", misfit(vrijgave), str, type(None))
        return vrijgave if wrong is None else rij.refused(RijReden.FORMAT, wrong)

    def release(person: Persoon | Weigering) -> Vrijgave | Weigering:
        if isinstance(person, Weigering):
            return person
        rij, attributen = person
        vrijgave = tried(rij, attributen)
        if isinstance(vrijgave, Vrijgave) and isinstance(rij, Rij):
            who.bewaard.went(rij, vrijgave)
        return vrijgave

    # A received file may lack persons of the group, so no short name is made for it.
    grouped = who.bron is not None
    if grouped and any(regel.attribuut == WEERGAVENAAM for regel in to.going):
        used = {wie: to.usable(NAMES, wie=wie) for wie in Wie}
        persons = with_names(persons, tried, used)
    # A generator: closing it also closes the generators that it reads from.
    return (release(person) for person in persons)


def is_coded(rows: object) -> bool:
    """
    Return whether the year groups of a list are codes of EDEXML.
    """
    return isinstance(getattr(rows, "table", None), Edexml)


def _shows_own(rij: Rij | Ontvangen, who: Herkenner, to: Bestemming) -> bool:
    """
    Return whether an identifier of a row is the person's own HPgn or stampseudoniem.
    """
    if not isinstance(who, Herkenning) or not isinstance(rij, Rij) or rij.has_ketenid:
        return False
    cells = (rij.attributen.get(name, "") for name in OTHER)
    texts = [text for text in cells if has_long_hex(text)]
    return bool(texts) and who.shows_own(rij, texts, on=to.on)
