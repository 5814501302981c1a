"""
EDEXML (UWLR 2.2): its names, and the school of a file.
"""

import re
from dataclasses import dataclass
from typing import Final

from eckid.doel import Wie
from eckid.errors import ExchangeError

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
# What a release can hold, and how long it may be.
WRITTEN: Final = {
    Wie.LEERLING: ("key", "eckid", *PUPIL[:11]),
    Wie.LEERKRACHT: ("key", "eckid", *NAMES, "emailadres", "groepen"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """
    The school of a file.

    Attributes:
        schooljaar: Two years, as 2026-2027.
        brincode: Its BRIN, four signs.
        dependancecode: Two digits; 00 is none.
        schoolkey: Its key in the administration.

    Raises:
        eckid.errors.ExchangeError: If one has another form, or there is neither
            BRIN nor key.
    """

    schooljaar: str
    brincode: str | None = None
    dependancecode: str | None = None
    schoolkey: str | None = None

    def __post_init__(self) -> None:
        years = re.fullmatch(r"([0-9]{4})-([0-9]{4})", self.schooljaar)
        if years is None or int(years[2]) != int(years[1]) + 1:
            raise ExchangeError("schooljaar: expected two years such as 2026-2027")
        if self.brincode is None and self.schoolkey is None:
            raise ExchangeError("school: expected a brincode or a schoolkey, got none")
        for name, form in (
            ("brincode", "[0-9]{2}[A-Z]{2}"),
            ("dependancecode", "[0-9]{2}"),
        ):
            value = getattr(self, name)
            if value is not None and not re.fullmatch(form, value):
                raise ExchangeError(f"{name}: expected the form {form}")
