"""
Where a release goes, and what for.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from eckid._core.values import a_day, expect
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.doel import Doel, Ontvanger
from eckid.keten import Keten, Sector
from eckid.policy import Attribuutbeleid

_STANDS_IN = (Kenmerk.ANDER_ID, Kenmerk.ANDER_ID_REDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bestemming:
    """
    One recipient of a list, and what it gets it for.

    Attributes:
        keten: The chain of the recipient.
        sector: The sector in which all of the list are enrolled.
        beleid: The policy.
        doel: What the release is for.
        ontvanger: The kind of recipient.
        rol: EDEXML's code of who is to see it inside an application; None for the
            recipient as a whole.
        on: The day of the release, for what depends on one.
    """

    keten: Keten
    sector: Sector
    beleid: Attribuutbeleid
    doel: Doel
    ontvanger: Ontvanger
    rol: str | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        expect("keten", self.keten, Keten)
        expect("sector", self.sector, Sector)
        expect("beleid", self.beleid, Attribuutbeleid)
        expect("doel", self.doel, Doel)
        expect("ontvanger", self.ontvanger, Ontvanger)
        expect("rol", self.rol, str, type(None))
        if self.on is not None:
            object.__setattr__(self, "on", a_day("on", self.on))

    @property
    def asked(self) -> dict[str, Any]:
        """
        What is asked of the policy, as `Attribuutbeleid.release` takes it.
        """
        return {
            "doel": self.doel,
            "ontvanger": self.ontvanger,
            "rol": self.rol,
            "on": self.on,
        }

    def columns(self, there: tuple[str, ...]) -> list[str]:
        """
        Return the columns of what is released: not who is in it decides on them.

        Where the list has nobody without a ketenID, no other identifier has one.

        Args:
            there: The columns of the list.
        """
        return [
            regel.naam
            for regel in self.beleid.going(**self.asked)
            if CATALOGUE[regel.attribuut].kenmerk not in _STANDS_IN
            or ("ander_id" in there and regel.attribuut in there)
        ]
