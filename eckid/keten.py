"""
Keten and sector: with the person, they decide which ketenID it is.

A table says which onderwijssoort lies in which sector from which day. When the law
moves an onderwijssoort again, the table gets one row more.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, Self

from eckid._core.values import Closed, a_day, expect
from eckid.errors import BoundaryError, BoundaryReden, IdentifierError
from eckid.grondslag import REGELING, Document, Grondslag

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# The kinds of school that are spellings of an onderwijssoort (the evaluation, tables 10
# and 14), by the name of that.
_KINDS: Final = {
    "bao": "basisschool basisonderwijs",
    "sbo": "speciaalbasisonderwijs",
    "so": "speciaalonderwijs",
    "vso": "voortgezetspeciaalonderwijs",
    "vo": "pro praktijkonderwijs vmbo mavo havo vwo atheneum gymnasium",
}
_SECTORS: Final = {"primaironderwijs": "po", "voortgezetonderwijs": "vo"}
# Bonaire, Sint Eustatius and Saba have schools of their own, under other law.
_BES: Final = frozenset(
    {"bes", "bonaire", "sinteustatius", "saba", "caribischnederland"}
)


def _word(what: str, text: str) -> str:
    word = "".join(filter(str.isalnum, expect(what, text, str).casefold()))
    if word in _BES:
        raise BoundaryError(
            f"{what}: expected a school in the European part of the Netherlands, got "
            "BES: the law gives no ketenID there; leave these pupils out",
            BoundaryReden.NO_SECTOR,
        )
    return word


class Sector(Closed):
    """
    An onderwijssector.

    The value goes into a derivation. It is our own label: the ids of the service may
    change, and a derivation may not.
    """

    PO = "po"
    VO = "vo"
    MBO = "mbo"
    HO = "ho"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a sector as people write it: its label, or a kind of school in it.

        Raises:
            eckid.errors.BoundaryError: If *text* says vso, which lies in po or in vo by
                the day, or BES, which lies in no sector.
            eckid.errors.IdentifierError: If it is neither.

        >>> Sector.parse("havo"), Sector.parse("Basisschool"), Sector.parse("PO")
        (<Sector.VO: 'vo'>, <Sector.PO: 'po'>, <Sector.PO: 'po'>)
        """
        word = _word("sector", text)
        label = _SECTORS.get(word, word)
        soort = _soort(word)
        found = {
            *(sector for sector in cls if sector.value == label),
            *(row.sector for row in INDELING if row.soort is soort),
        }
        if len(found) > 1:
            raise BoundaryError(
                "sector: expected po or vo, got vso, which lies in one of them by the "
                "day; sector_of tells in which",
                BoundaryReden.NO_SECTOR,
            )
        if found:
            return cls(next(iter(found)))
        raise IdentifierError(
            "sector: expected po, vo, mbo, ho or a kind of school such as havo, "
            "got another"
        )


@dataclass(frozen=True, slots=True)
class Keten:
    """
    A chain of parties that share one ketenID per person and sector.

    Attributes:
        id: Its UUID, 36 characters in lower case; goes into a derivation.
        naam: Its name, for people; does not count in equality.

    Raises:
        eckid.errors.IdentifierError: If *id* is not such a UUID.
    """

    id: str
    naam: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not _UUID.fullmatch(expect("keten", self.id, str)):
            raise IdentifierError(
                "keten: expected a lower-case UUID of 36 characters, "
                f"got {len(self.id)} characters"
            )


# The one chain that the reference clients name (github.com/kennisnet,
# Nummervoorziening-JavaReferenceImplementation). That it is the leermiddelenketen is
# inferred.
LEERMIDDELENKETEN: Final = Keten(
    "e7ec7d3c-c235-4513-bfb6-e54e66854795", "leermiddelenketen"
)


class Onderwijssoort(Closed):
    """
    A kind of education, by the name that registers give it.
    """

    BAO = "bao"
    SBO = "sbo"
    SO = "so"
    VSO = "vso"
    VO = "vo"
    VAVO = "vavo"
    MBO = "mbo"
    HBO = "hbo"
    WO = "wo"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an onderwijssoort as people write it: its name, or a kind of school.

        Raises:
            eckid.errors.BoundaryError: If *text* says BES, which lies in no sector.
            eckid.errors.IdentifierError: If it is another word.

        >>> Onderwijssoort.parse("Havo"), Onderwijssoort.parse("basisschool")
        (<Onderwijssoort.VO: 'vo'>, <Onderwijssoort.BAO: 'bao'>)
        """
        word = _word("onderwijssoort", text)
        soort = _soort(word)
        if soort is not None:
            return cls(soort)
        known = " ".join(soort.value for soort in cls)
        raise IdentifierError(
            f"onderwijssoort: expected one of {known}, or a kind of school such as "
            "havo, got another"
        )


def _soort(word: str) -> Onderwijssoort | None:
    for soort in Onderwijssoort:
        if word in (soort.value, *_KINDS.get(soort.value, "").split()):
            return soort
    return None


class Indeling(NamedTuple):
    """
    From one day on, an onderwijssoort lies in a sector.

    Attributes:
        soort: The onderwijssoort.
        sector: The sector it lies in.
        vanaf: The first day on which it does. If that day is not certain, the last day
            on which it can be.
        grondslag: What the row rests on.
        vroegst: The first day on which it may already have begun; None where *vanaf* is
            certain.
    """

    soort: Onderwijssoort
    sector: Sector
    vanaf: date
    grondslag: Grondslag
    vroegst: date | None = None


_REGELING: Final = date(2018, 5, 29)
_IN_2018: Final = REGELING.at("2(2)", "L3")
# The text of 2018 held to 24-11-2020; avs.nl told of the move on 16-03-2022. Where the
# exact day matters for a pupil, the board needs a table of its own.
_VSO_MOVED: Final = Document("avs.nl, 16-03-2022").at("", "L3", zekerheid="I")

INDELING: Final[Sequence[Indeling]] = (
    Indeling(Onderwijssoort.BAO, Sector.PO, _REGELING, _IN_2018),
    Indeling(Onderwijssoort.SBO, Sector.PO, _REGELING, _IN_2018),
    Indeling(Onderwijssoort.SO, Sector.PO, _REGELING, _IN_2018),
    Indeling(Onderwijssoort.VO, Sector.VO, _REGELING, _IN_2018),
    Indeling(Onderwijssoort.VAVO, Sector.VO, _REGELING, _IN_2018),
    Indeling(Onderwijssoort.VSO, Sector.VO, _REGELING, _IN_2018),
    Indeling(
        Onderwijssoort.VSO,
        Sector.PO,
        date(2022, 3, 16),
        _VSO_MOVED,
        vroegst=date(2020, 11, 25),
    ),
    Indeling(Onderwijssoort.MBO, Sector.MBO, _REGELING, _IN_2018),
    # The law names hbo and wo too; `GRONDEN` of `enrolment` says why they have no
    # ketenID.
    Indeling(Onderwijssoort.HBO, Sector.HO, _REGELING, _IN_2018),
    Indeling(Onderwijssoort.WO, Sector.HO, _REGELING, _IN_2018),
)


def sector_of(
    soort: Onderwijssoort, *, on: date, table: Sequence[Indeling] = INDELING
) -> Sector:
    """
    Return the sector in which *soort* lies on the day *on*.

    Args:
        soort: The onderwijssoort.

        on: The day.

        table: `INDELING`, or a table of your own. The day on which vso moved to po is
            not certain; `INDELING` uses the last that is possible, 16-03-2022.

    Returns:
        The sector.

    Raises:
        eckid.errors.BoundaryError: If *soort* lay in no sector on that day. Before
            29-05-2018 there were no sectors.

    >>> sector_of(Onderwijssoort.VSO, on=date(2022, 3, 15))
    <Sector.VO: 'vo'>
    >>> sector_of(Onderwijssoort.VSO, on=date(2022, 3, 16))
    <Sector.PO: 'po'>
    """
    expect("soort", soort, Onderwijssoort)
    on = a_day("on", on)
    given = (expect("table", row, Indeling) for row in table)
    rows = [row for row in given if row.soort is soort and row.vanaf <= on]
    if not rows:
        raise BoundaryError(
            f"sector: expected a day on which {soort.value} lies in one "
            f"(from {_REGELING:%d-%m-%Y}), got another",
            BoundaryReden.NO_SECTOR,
        )
    return max(rows, key=lambda row: row.vanaf).sector
