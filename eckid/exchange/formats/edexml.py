"""
EDEXML (UWLR 2.2): the names of its elements, and the school of a file.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from eckid._core.values import as_days, expect
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.keten import Sector
from eckid.policy.vorm import YEARS

NAMESPACE: Final = "http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"

# In the order of the schema.
NAMES: Final = ("achternaam", "voorvoegsel", "voornamen", "voorletters-1", "roepnaam")
PUPIL: Final = (
    *NAMES,
    "geboortedatum",
    "geslacht",
    "start_ondw_jgr3",
    "jaargroep",
    "groep",
    "samengestelde_groepen",
    "vestiging",
    "gebruikersnaam",
    "emailadres",
    "fotourl",
    "etniciteit",
    "land",
    "land_vader",
    "land_moeder",
    "sofinummer",
    "bsn",
    "onderwijsnummer",
    "rijksregisternummer",
    "bsn_ondwnr-4",
    "gewicht_nieuw",
    "gewicht",
    "postcode",
    "instroomdatum",
    "uitstroomdatum",
    "mutatiedatum",
)
TEACHER: Final = (*NAMES, "gebruikersnaam", "emailadres", "rol", "rolomschrijving")
# What a written file can hold, in the order of the schema.
WRITTEN: Final = {
    Wie.LEERLING: ("key", "eckid", *PUPIL[:11]),
    Wie.LEERKRACHT: ("key", "eckid", *NAMES, "emailadres", "groepen"),
}


# Of several years, outside po and vo, historic.
_ANY_YEAR: Final = "CNH"
# The codes of the year groups in each sector; vso (V) lay in both.
JAARGROEPEN: Final = {
    Sector.PO: frozenset({*"BDSV", *_ANY_YEAR, *"012345678"}),
    Sector.VO: frozenset({"V", *_ANY_YEAR, *map(str, range(11, 17))}),
    Sector.MBO: frozenset(_ANY_YEAR),
    Sector.HO: frozenset(_ANY_YEAR),
}
# The most characters of a key, by the schema.
KEY_LENGTH: Final = 256
# Characters that XML cannot hold, even escaped.
NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_SCHOOLJAAR: Final = re.compile(
    r"([0-9]{2}|[0-9]{4})\s*[-/\u2013]\s*([0-9]{2}|[0-9]{4})"
)
# The years of two digits that are of this century; EDEXML has school years from 1991.
_OF_NOW: Final = range(91)


def schooljaar_of(text: str) -> str | None:
    """
    Return a school year in the one form that EDEXML has; None if it cannot be read.

    A single year cannot, because two school years have it.

    >>> schooljaar_of("2026/27"), schooljaar_of("26 / 27"), schooljaar_of("2026")
    ('2026-2027', '2026-2027', None)
    """
    said = _SCHOOLJAAR.fullmatch(expect("schooljaar", text, str).strip())
    if said is None:
        return None
    first, second = int(said[1]), int(said[2])
    if len(said[1]) == 2:
        first += 2000 if first in _OF_NOW and len(said[2]) == 2 else 0
    follows = first + 1 if len(said[2]) == 4 else (first + 1) % 100
    return f"{first}-{first + 1}" if first in YEARS and second == follows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """
    The school of an EDEXML file. It needs a BRIN or a key.

    Attributes:
        schooljaar: The school year: two years, such as 2026-2027. 2026/2027, 2026-27
            and 26/27 are read too, and become that.
        brincode: The BRIN: two digits and two capitals, such as 99XX.
        dependancecode: The branch: two digits; 00 means no branch.
        schoolkey: The key of the school in the administration.
        peildatum: The day that the data are of. By default `release_to` takes the day
            of the release.
        aanmaakdatum: The day that the file is made. By default `release_to` takes the
            day of the release.

    Raises:
        eckid.errors.ExchangeError: If a value has another form, or there is neither
            a BRIN nor a key.
    """

    schooljaar: str
    brincode: str | None = None
    dependancecode: str | None = None
    schoolkey: str | None = None
    peildatum: date | None = None
    aanmaakdatum: date | None = None

    def __post_init__(self) -> None:
        schooljaar = schooljaar_of(self.schooljaar)
        for name in ("brincode", "dependancecode", "schoolkey"):
            expect(name, getattr(self, name), str, type(None))
        as_days(self, may_lack=("peildatum", "aanmaakdatum"))
        key = self.schoolkey
        if key is not None and (NO_XML.search(key) or not 0 < len(key) <= KEY_LENGTH):
            raise ExchangeError(
                f"schoolkey: expected text that XML can hold, of 1 to {KEY_LENGTH} "
                f"characters, got {len(key)}"
            )
        if schooljaar is None:
            raise ExchangeError(
                "schooljaar: expected two years that follow, such as 2026-2027, "
                "2026/27 or 26/27, got another"
            )
        object.__setattr__(self, "schooljaar", schooljaar)
        if self.brincode is None and self.schoolkey is None:
            raise ExchangeError("school: expected a brincode or a schoolkey, got none")
        for name, form in (
            ("brincode", "[0-9]{2}[A-Z]{2}"),
            ("dependancecode", "[0-9]{2}"),
        ):
            value = getattr(self, name)
            if value is not None and not re.fullmatch(form, value):
                raise ExchangeError(f"{name}: expected the form {form}")
