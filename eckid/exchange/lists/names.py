"""
The shortest unambiguous names: made from exactly the persons in a release.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from eckid.attributes import CATALOGUE
from eckid.doel import Wie
from eckid.exchange.formats.lengths import fits
from eckid.exchange.lists.who import Persoon
from eckid.exchange.rows import Ontvangen, Rij, RijReden, Weigering
from eckid.naming import display_names
from eckid.policy.vrijgave import Vrijgave, Waarde

WEERGAVENAAM: Final = "weergavenaam"
NAMES: Final = CATALOGUE[WEERGAVENAAM].uit


def with_names(
    persons: Iterable[Persoon | Weigering],
    release: Callable[[Rij | Ontvangen, dict[str, Waarde]], Vrijgave | Weigering],
    used: Mapping[Wie, frozenset[str]],
) -> Iterator[Persoon | Weigering]:
    """
    Add the shortest unambiguous name to each person to whom the policy gives one.

    Args:
        persons: All persons of the list; they are held until the last is known.

        release: Tries the release of a person. Names are compared only among the
            persons who would be released.

        used: For pupils and for teachers, the attributes that a name may be made of.

    Returns:
        The persons and refusals, in order. A person who gets a name has it as the
        attribute ``weergavenaam``. A person with a name longer than any format takes
        is refused.
    """
    held = [_named(person) for person in persons]
    group: dict[str, dict[str, str]] = {}
    places: dict[int, str] = {}
    for n, person in enumerate(held):
        if isinstance(person, Weigering):
            continue
        rij, attributen = person
        # The "-" only shows whether the person and the name would be released.
        tried = release(rij, {**attributen, WEERGAVENAAM: "-"})
        if isinstance(tried, Weigering):
            continue
        sources = {regel.attribuut for regel in tried.regels.values()}
        if WEERGAVENAAM not in sources or tried.identifier is None:
            continue
        # The record keeps persons with the same other identifier apart.
        places[n] = f"{' '.join(tried.identifier)} {rij.record:09}"
        group[places[n]] = {
            name: cell for name, cell in rij.attributen.items() if name in used[rij.wie]
        }
    shown = display_names(group)
    for n, person in enumerate(held):
        if isinstance(person, Weigering) or n not in places:
            yield person
        else:
            rij, attributen = person
            yield rij, {**attributen, WEERGAVENAAM: shown[places[n]]}


def _named(person: Persoon | Weigering) -> Persoon | Weigering:
    # The rows of a file are checked where it is read, and those of a caller here.
    if isinstance(person, Weigering):
        return person
    rij, _ = person
    long = (n for n in NAMES if not fits(n, rij.attributen.get(n, "")))
    wrong = next(long, None)
    return person if wrong is None else rij.refused(RijReden.TOO_LONG, wrong)
