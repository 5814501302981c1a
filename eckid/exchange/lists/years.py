"""
The year group of a pupil, as the code that EDEXML has for it in a sector.

A list says 3 for groep 3 of a primary school and for the third year of a secondary
one. EDEXML has 3 for the first and 13 for the second: the code depends on the sector.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from eckid._core.values import expect
from eckid.exchange.formats.edexml import JAARGROEPEN
from eckid.exchange.lists.who import Persoon
from eckid.exchange.rows import RijReden, Weigering
from eckid.keten import Sector
from eckid.policy import Bestemming

YEAR: Final = "jaargroep"

# How a list says a year, and what it is less than the code.
_WORDS: Final = {
    Sector.PO: (re.compile(r"(?:groep|jaargroep|leerjaar)? ?0?([0-8])(?:[.,]0)?"), 0),
    Sector.VO: (re.compile(r"(?:leerjaar|klas|jaar)? ?0?([1-6])(?:[.,]0)?"), 10),
}


def year_code(text: str, sector: Sector, *, coded: bool = False) -> str | None:
    """
    Return the code of a year group in a sector; None where *text* does not say it.

    Args:
        text: What a list says of the year: a code, a number, or a word before it.

        sector: The sector of the school. EDEXML has no codes for the years of mbo.

        coded: Whether a number is a code already, as in EDEXML: a bare 3 is then
            groep 3 of a primary school, and no year of vo.

    >>> year_code("3", Sector.PO), year_code("3", Sector.VO), year_code("3", Sector.MBO)
    ('3', '13', None)
    >>> year_code("13", Sector.VO), year_code("13", Sector.PO)
    ('13', None)
    """
    code = expect("text", text, str).strip().upper()
    if code in JAARGROEPEN[expect("sector", sector, Sector)]:
        return code
    if sector in _WORDS:
        said, less = _WORDS[sector]
        if less and coded and not code[:1].isalpha():
            return None
        found = said.fullmatch(code.casefold())
        return str(int(found[1]) + less) if found else None
    return None


def with_years(
    persons: Iterable[Persoon | Weigering],
    *,
    sector: Sector,
    to: Bestemming,
    coded: bool = False,
) -> Iterator[Persoon | Weigering]:
    """
    Yield each person with the code of the year; refuse a year that could go unread.

    Args:
        persons: The persons with their attributes; refusals pass through.

        sector: The sector of the ketenIDs.

        to: The recipient. If it gets no year groups, they stay as they are.

        coded: Whether numbers are codes already, as in EDEXML.
    """
    goes = year_goes(to)
    for person in persons:
        if isinstance(person, Weigering) or not goes or not person[1].get(YEAR):
            yield person
            continue
        rij, attributen = person
        code = year_code(str(attributen[YEAR]), sector, coded=coded)
        if code is None:
            yield rij.refused(RijReden.VALUE, YEAR)
        else:
            yield rij, {**attributen, YEAR: code}


def year_goes(to: Bestemming) -> bool:
    """
    Return whether a recipient can get the year group of any person.
    """
    return any(regel.attribuut == YEAR for regel in to.going)
