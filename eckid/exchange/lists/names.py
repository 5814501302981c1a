"""
The shortest unambiguous names of a release: made over exactly who is in it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from eckid.attributes import CATALOGUE
from eckid.doel import Wie
from eckid.exchange.lists.who import Persoon
from eckid.exchange.rows import Ontvangen, Rij, Weigering
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
    Yield *persons* with their shortest name, as far as the policy wants it.

    Args:
        persons: All of the list; they are held until the last is known.

        release: Says who is in the release: only among them are names compared.

        used: The attributes that names may be made of.
    """
    held = list(persons)
    group: dict[str, dict[str, str]] = {}
    places: dict[int, str] = {}
    for n, person in enumerate(held):
        if isinstance(person, Weigering):
            continue
        rij, attributen = person
        # Any text will do to learn whether the person, and the name, would go.
        tried = release(rij, {**attributen, WEERGAVENAAM: "-"})
        if isinstance(tried, Weigering):
            continue
        sources = {regel.attribuut for regel in tried.regels.values()}
        if WEERGAVENAAM not in sources or tried.identifier is None:
            continue
        # The record only tells apart who have the same other identifier.
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
