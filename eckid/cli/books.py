"""
A register while a list is released: who is known, who is added, what went.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from eckid import (
    Attribuutbeleid,
    Doel,
    HPgn,
    KetenID,
    LinkReason,
    Organisatie,
    Register,
    Stampseudoniem,
    Vrijgave,
)
from eckid.cli import show
from eckid.exchange import Rij, RijReden
from eckid.exchange.deriving import key_of
from eckid.exchange.rows import Weigergrond
from eckid.register import OpnameGrond

_WHY: Final[Mapping[OpnameGrond, Weigergrond]] = {
    OpnameGrond.OTHER_PERSON: RijReden.OTHER_PERSON,
    OpnameGrond.OTHER_NUMBER: RijReden.OTHER_NUMBER,
    OpnameGrond.TWO_PERSONS: RijReden.TWO_PERSONS,
    OpnameGrond.SUBSTITUTED: LinkReason.SUBSTITUTED,
}


class _Went(NamedTuple):
    key: str
    ketenid: KetenID


class Book:
    """
    A register, for one list of one administration.

    Args:
        register: The register.

        administratie: Which administration the list is of.

        on: The day.

        recheck: Whether to hash also who is known.
    """

    def __init__(
        self, register: Register, *, administratie: str, on: date, recheck: bool
    ) -> None:
        self._register = register
        self._administratie = administratie
        self._on = on
        self._recheck = recheck
        self._went: list[_Went] = []
        self.counts: Counter[str] = Counter()

    def known(self, rij: Rij) -> Stampseudoniem | None:
        """
        Return the stampseudoniem of who is known, without a hash.
        """
        key = key_of(rij.attributen)
        if self._recheck or not key:
            return None
        found = self._register.known(self._administratie, key, gegevens=rij.attributen)
        self.counts["known"] += found is not None
        return found

    def taken(self, rij: Rij, hpgn: HPgn) -> Stampseudoniem | Weigergrond:
        """
        Add who was hashed; return the stampseudoniem, or why not.
        """
        self.counts["hashed"] += 1
        key = key_of(rij.attributen)
        if not key:
            return RijReden.KEY
        grond, stam = self._register.add(
            self._administratie, key, hpgn, gegevens=rij.attributen, on=self._on
        )
        return _WHY[grond] if stam is None else stam

    def went(self, rij: Rij, vrijgave: Vrijgave) -> None:
        """
        Remember what goes; it is noted when the file stands.
        """
        for value in vrijgave.released.values():
            if isinstance(value, KetenID):
                self._went.append(_Went(key_of(rij.attributen), value))

    def note(
        self, *, organisatie: Organisatie, beleid: Attribuutbeleid, doel: Doel
    ) -> None:
        """
        Note what went, all of it or nothing, and say how many were hashed.
        """
        how: dict[str, Any] = {"organisatie": organisatie, "doel": doel}
        with self._register.together():
            for key, ketenid in self._went:
                self._register.sent(
                    self._administratie,
                    key,
                    identifier=ketenid,
                    beleid=beleid.digest,
                    on=self._on,
                    **how,
                )
        show.say(
            f"register: {self.counts['hashed']} hashed, {self.counts['known']} known"
        )
