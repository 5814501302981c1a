"""
What data is released for, to whom it goes, whose it is, and who gets to see it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from eckid._core.values import Closed, expect
from eckid.errors import IdentifierError

# The persons who see the data inside an application, by EDEXML's codes (UWLR 2.2). We
# do not know what some codes stand for, so they have no other names here.
ROLLEN: Final = frozenset(
    {
        *("ADJ", "ADM", "CON", "DIR", "ICT", "IB", "KLA", "LRK"),
        *("LOS", "LOC", "OWA", "OUD", "RT", "SMW", "STA", "VAK"),
    }
)

OIN: Final = re.compile(r"[0-9A-Z]{20}")


def oins(name: str, value: object) -> frozenset[str]:
    """
    Return OINs, given as a set, tuple or list, as a set.

    Args:
        name: What they are, for an error.

        value: The OINs. A single text is refused: its characters are no OINs.

    Raises:
        TypeError: If *value* is a text, or no collection of texts.
        eckid.errors.IdentifierError: If one has another form.

    >>> oins("van", ["00000001234567890000"])
    frozenset({'00000001234567890000'})
    """
    if isinstance(value, str):
        raise TypeError(f"{name}: expected a set of OINs, got str")
    given = expect(name, value, Collection)  # type: ignore[type-abstract]  # only asks
    found = frozenset(expect(name, one, str) for one in given)
    if not all(map(OIN.fullmatch, found)):
        raise IdentifierError(
            f"{name}: expected OINs of 20 digits or capitals, got another text"
        )
    return found


class Doel(Closed):
    """
    The purpose that data is released for.

    This is our subdivision of the two purposes of the Regeling pseudonimisering
    onderwijsdeelnemers (2018), without a hierarchy. BESTELLEN, LEVEREN and TOEGANG are
    access to learning material; GEBRUIK and TERUGKOPPELEN its use; TOETSEN and
    GENORMEERDE_TOETS tests, the latter with norms by age. SERVICEPROCESSEN, such as the
    help desk of a vendor, is in the words of the attributenbeleid Edu-K alone. That it
    is a purpose of its own is inferred, and no policy of the library has it.
    """

    BESTELLEN = "bestellen"
    LEVEREN = "leveren"
    TOEGANG = "toegang"
    GEBRUIK = "gebruik"
    TOETSEN = "toetsen"
    GENORMEERDE_TOETS = "genormeerde-toets"
    TERUGKOPPELEN = "terugkoppelen"
    SERVICEPROCESSEN = "serviceprocessen"


class Ontvanger(Closed):
    """
    A kind of recipient.

    The evaluation of the law names these: software vendors, educational publishers,
    distributors, and the schools (KBA Nijmegen 2024, 3.4). That a policy rules for a
    school as it does for a vendor is inferred.
    """

    SOFTWARELEVERANCIER = "softwareleverancier"
    UITGEVER = "uitgever"
    DISTRIBUTEUR = "distributeur"
    SCHOOL = "school"


class Wie(Closed):
    """
    Whose data it is: a pupil's or a teacher's, as EDEXML tells them apart.
    """

    LEERLING = "leerling"
    LEERKRACHT = "leerkracht"


@dataclass(frozen=True, slots=True)
class Organisatie:
    """
    One recipient.

    Attributes:
        oin: Its organisatie-identificatienummer: 20 characters, digits or capitals.
        soort: The kind of recipient it is.

    Raises:
        eckid.errors.IdentifierError: If *oin* has another form.

    >>> Organisatie("00000001234567890000", Ontvanger.UITGEVER).soort
    <Ontvanger.UITGEVER: 'uitgever'>
    """

    oin: str
    soort: Ontvanger

    def __post_init__(self) -> None:
        expect("soort", self.soort, Ontvanger)
        if not OIN.fullmatch(expect("OIN", self.oin, str)):
            raise IdentifierError(
                f"OIN: expected 20 digits or capitals, got {len(self.oin)} characters"
            )
