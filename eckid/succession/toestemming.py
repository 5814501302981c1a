"""
The consent that a link across sectors rests on; it stays with the board.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from eckid._core.values import Closed, a_day, as_days, expect
from eckid.doel import OIN
from eckid.errors import LinkReden
from eckid.succession.jws import JTI, held

# The age, in years, from which the pupil consents: UAVG, article 5
# (https://wetten.overheid.nl/BWBR0040940). That it applies here is inferred, so it is a
# default, which a user may change.
AGE_OF_CONSENT: Final = 16

# The form of the version of the words; a link states it too.
WORDS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")


class Toestemmer(Closed):
    """
    The one who consented: a parent, or the pupil.
    """

    OUDER = "ouder"
    LEERLING = "leerling"


def a_jti() -> str:
    """
    Draw the number by which a consent or a link is found: 32 hex digits.
    """
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True, repr=False)
class Toestemming:
    """
    A consent, as the board records and keeps it.

    Attributes:
        door: The one who consented.
        op: The day of the consent.
        woorden: The version of the words in which consent was asked, such as
            ``2026-1``.
        bestuur: OIN of the board that asked.
        geboortedatum: The pupil's date of birth; needed if the pupil consented.
        vanaf_leeftijd: The age, in years, from which the pupil consents.
        nummer: The number by which the record is found, 32 hex digits; drawn at random.

    Raises:
        eckid.errors.LinkError: If the pupil consented and was too young, or a field has
            another form.
    """

    door: Toestemmer
    op: date
    woorden: str
    bestuur: str
    geboortedatum: date | None = None
    vanaf_leeftijd: int = AGE_OF_CONSENT
    nummer: str = field(default_factory=a_jti)

    def __post_init__(self) -> None:
        expect("door", self.door, Toestemmer)
        as_days(self, "op", may_lack=("geboortedatum",))
        expect("vanaf_leeftijd", self.vanaf_leeftijd, int)
        for name, form, what in (
            ("nummer", JTI, "32 hex digits"),
            (
                "woorden",
                WORDS,
                "the version of the words, 1 to 40 of a-z A-Z 0-9 . -",
            ),
            ("bestuur", OIN, "an OIN of 20 digits or capitals"),
        ):
            text = expect(name, getattr(self, name), str)
            held(
                form.fullmatch(text) is not None,
                f"{name}: expected {what}, got {len(text)} characters of another form",
                LinkReden.CONSENT,
            )
        if self.door is Toestemmer.LEERLING:
            born = a_day("geboortedatum", self.geboortedatum)
            held(
                _years(born, self.op) >= self.vanaf_leeftijd,
                f"toestemming: expected a parent's below {self.vanaf_leeftijd} years, "
                "got the pupil's",
                LinkReden.CONSENT,
            )

    def __repr__(self) -> str:
        return f"<Toestemming {self.woorden}, of {self.door.value}>"


def _years(born: date, on: date) -> int:
    """
    Return the age in years; a birthday on 29 February counts on 1 March.
    """
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
