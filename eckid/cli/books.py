"""
A register beside a run: who is known, who is added, what went, what is linked.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from typing import Any, Final, NamedTuple

from eckid import (
    AnderId,
    HPgn,
    KetenID,
    LinkReason,
    Organisatie,
    PseudonymError,
    Register,
    Stampseudoniem,
    Voorlopig,
    Vrijgave,
)
from eckid._core.values import a_day
from eckid.cli import show
from eckid.exchange import Gelegd, Rij, RijReden
from eckid.exchange.lists.deriving import key_of
from eckid.exchange.rows import Weigergrond
from eckid.register import OpnameGrond
from eckid.scale import Bestemming

_WHY: Final[Mapping[OpnameGrond, Weigergrond]] = {
    OpnameGrond.OTHER_PERSON: RijReden.OTHER_PERSON,
    OpnameGrond.OTHER_NUMBER: RijReden.OTHER_NUMBER,
    OpnameGrond.TWO_PERSONS: RijReden.TWO_PERSONS,
    OpnameGrond.SUBSTITUTED: LinkReason.SUBSTITUTED,
}


class _Went(NamedTuple):
    key: str
    identifier: KetenID | Voorlopig


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
        self.counts: Counter[str] = Counter()

    def known(self, rij: Rij) -> Stampseudoniem | Weigergrond | None:
        """
        Return the stampseudoniem of who is known, without a hash; or why not.
        """
        key = key_of(rij.attributen)
        if not rij.has_ketenid:
            return None
        if not key:
            return RijReden.KEY
        if self._recheck:
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
        grond, stam = self._register.add(
            self._administratie, key, hpgn, gegevens=rij.attributen, on=self._on
        )
        return _WHY[grond] if stam is None else stam

    def say(self) -> None:
        """
        Say how many were hashed.
        """
        show.say(
            f"register: {self.counts['hashed']} hashed, {self.counts['known']} known"
        )


class Releasing(Book):
    """
    A register while a list is released: what went is noted with the file, or not.

    Args:
        register: As for `Book`.

        administratie: As for `Book`.

        recheck: As for `Book`.

        organisatie: The recipient.

        to: Where it goes, on a day.
    """

    def __init__(
        self,
        register: Register,
        *,
        administratie: str,
        recheck: bool,
        organisatie: Organisatie,
        to: Bestemming,
    ) -> None:
        on = a_day("on", to.on)
        super().__init__(register, administratie=administratie, on=on, recheck=recheck)
        self._keten, self._sector = to.keten, to.sector
        self._how: dict[str, Any] = {
            "organisatie": organisatie,
            "beleid": to.beleid.digest,
            "doel": to.doel,
            "on": on,
        }
        self._went: list[_Went] = []
        self._noting = ExitStack()

    @contextmanager
    def noting(self) -> Iterator[None]:
        """
        Hold what `note` noted until the file stands; without that, undo it.
        """
        with self._noting:
            yield

    def hooks(self) -> dict[str, Any]:
        """
        Return what `release_to` asks of a register.
        """
        return {
            "known": self.known,
            "taken": self.taken,
            "went": self.went,
            "note": self.note,
        }

    def known(self, rij: Rij) -> Stampseudoniem | Weigergrond | None:
        """
        Return what `Book.known` does, and refuse a second identifier.
        """
        # A recipient that can take no ketenID may still get another identifier of
        # who has one elsewhere; every other reason says that there is none.
        to = self._how["organisatie"]
        takes = rij.attributen.get("ander_id") != AnderId.ONTVANGER_ZONDER_ECKID.value
        went = not rij.has_ketenid and self._register.has_sent(
            self._administratie,
            key_of(rij.attributen),
            keten=self._keten,
            sector=self._sector,
            organisatie=None if takes else to,
        )
        return RijReden.KETENID_WENT if went else super().known(rij)

    def went(self, rij: Rij, vrijgave: Vrijgave) -> None:
        """
        Remember what goes. Who has no number in the register is not noted.
        """
        key = key_of(rij.attributen)
        for name, value in vrijgave.released.items():
            if isinstance(value, KetenID):
                self._went.append(_Went(key, value))
            elif name == Voorlopig.name and self._register.has(
                self._administratie, key
            ):
                with suppress(PseudonymError):  # an identifier of another's making
                    self._went.append(_Went(key, Voorlopig(str(value))))

    def note(self) -> str:
        """
        Note what went, and return the head of the ledger with that.

        For `noting` to keep.
        """
        self._noting.enter_context(self._register.together())
        for key, identifier in self._went:
            self._register.sent(
                self._administratie, key, identifier=identifier, **self._how
            )
        return str(self._register.head())


def keeps(
    register: Register,
) -> Callable[[Gelegd, KetenID, KetenID], RijReden | None]:
    """
    Return what keeps a link with the person whose two ketenIDs it joins.
    """

    def keep(made: Gelegd, one: KetenID, other: KetenID) -> RijReden | None:
        persons = [set(register.keys_of(each)) for each in (one, other)]
        known = [keys for keys in persons if keys]
        if not known:
            return RijReden.NOBODY
        both = set.intersection(*known)
        if not both:
            return RijReden.NOT_ONE
        register.keep_link(*min(both), made.link, made.toestemming)
        return None

    return keep
