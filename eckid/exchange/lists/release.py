"""
From a class list to releases: one row in, one out.

A row that cannot go on comes out as a `Weigering`, in its place; nothing stops
the list, and nothing is lost.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

from eckid._core.values import expect
from eckid.doel import Wie
from eckid.exchange.lists.guard import without_shown_numbers
from eckid.exchange.lists.names import NAMES, WEERGAVENAAM, with_names
from eckid.exchange.lists.who import Herkenner, Persoon, counted
from eckid.exchange.rows import Ontvangen, Rij, RijReden, Weigering
from eckid.policy import Bestemming, Vrijgave, Waarde

# Names the attribute of a release that a file has no place for.
Misfit: TypeAlias = Callable[[Vrijgave], str | None]


def fits(_: Vrijgave) -> None:
    """
    Say that a release fits: a file of text takes all.
    """


def release_list(
    rows: Iterable[Rij | Ontvangen | Weigering],
    *,
    who: Herkenner,
    to: Bestemming,
    misfit: Misfit = fits,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Vrijgave | Weigering]:
    """
    Turn the rows of a list into what one recipient may see.

    Args:
        rows: The rows, such as `Roster` gives, or `Received` for a file that was
            received; refusals pass through.

        who: Who the persons are: a `Herkenning`, or a `Doorgifte`.

        to: Where it goes, and what for: `Attribuutbeleid.voor`.

        misfit: Names the attribute of a release that does not fit the file it is
            meant for, such as `misfit_of` gives; that row is refused.

        progress: Called with the number of rows done.

    Returns:
        For each row, in order, a `Vrijgave` or a `Weigering`. Where the policy
        wants the shortest name, all rows are held until the last is known.

    Raises:
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
    """
    expect("to", to, Bestemming).check_passage(van=who.van)
    who.begin(to)
    safe: Iterable[Any] = without_shown_numbers(rows)
    persons = counted(who.each(safe, to=to), progress)

    def tried(
        rij: Rij | Ontvangen, attributen: dict[str, Waarde]
    ) -> Vrijgave | Weigering:
        second = who.bewaard.second(rij) if isinstance(rij, Rij) else None
        if second is not None:
            return rij.refused(second)
        vrijgave = to.release(attributen, wie=rij.wie)
        if vrijgave.missing:
            return rij.refused(RijReden.MANDATORY, vrijgave.missing[0])
        wrong = misfit(vrijgave)
        return vrijgave if wrong is None else rij.refused(RijReden.FORMAT, wrong)

    def release(person: Persoon | Weigering) -> Vrijgave | Weigering:
        if isinstance(person, Weigering):
            return person
        rij, attributen = person
        vrijgave = tried(rij, attributen)
        if isinstance(vrijgave, Vrijgave) and isinstance(rij, Rij):
            who.bewaard.went(rij, vrijgave)
        return vrijgave

    # Whoever passes a file on does not know all who are in the recipient's group.
    grouped = who.bron is not None
    if grouped and any(regel.attribuut == WEERGAVENAAM for regel in to.going):
        used = {wie: to.usable(NAMES, wie=wie) for wie in Wie}
        persons = with_names(persons, tried, used)
    # Closing what is returned closes all before it.
    return (release(person) for person in persons)
