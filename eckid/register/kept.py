"""
What a register keeps beside the persons: what went to whom, and what was agreed.
"""

from collections.abc import Sequence
from datetime import date

from eckid._secret import a_day, expect
from eckid.derivation import derive_stampseudoniem
from eckid.doel import Doel, Organisatie
from eckid.errors import RegisterError
from eckid.pseudonyms import KetenID
from eckid.register.facts import BOARD, Feit
from eckid.register.persons import Persons
from eckid.succession import (
    Identifier,
    SectorLink,
    Substitution,
    Toestemming,
    Voorlopig,
)


class Kept(Persons):
    """
    Releases, substitutions, consents and links of an open register.
    """

    __slots__ = ()

    def sent(
        self,
        administratie: str,
        key: str,
        *,
        organisatie: Organisatie,
        identifier: Identifier,
        beleid: str,
        doel: Doel,
        on: date,
    ) -> None:
        """
        Note what went to a recipient.

        Args:
            administratie: Which administration it is.

            key: Its key of the person.

            organisatie: The recipient.

            identifier: The ketenID or provisional identifier that went.

            beleid: The digest of the policy it went under.

            doel: What for.

            on: The day.
        """
        expect("identifier", identifier, KetenID, Voorlopig)
        with self.together():
            handle = self._handle(administratie, key)
            self._facts.put_tag(self._facts.tag("ketenid", identifier.uri), handle)
            self._facts.add(
                handle,
                Feit.VRIJGAVE,
                {
                    "organisatie": expect("organisatie", organisatie, Organisatie).oin,
                    "identifier": identifier.uri,
                    "beleid": expect("beleid", beleid, str),
                    "doel": expect("doel", doel, Doel).value,
                    "on": a_day("on", on).isoformat(),
                },
            )

    def keys_of(self, identifier: Identifier) -> list[tuple[str, str]]:
        """
        Return of whom an identifier is that went out: administration and key.

        For what comes back to the school. Nobody, where it never went or the
        person was forgotten.
        """
        expect("identifier", identifier, KetenID, Voorlopig)
        handle = self._facts.handle(self._facts.tag("ketenid", identifier.uri))
        if handle is None:
            return []
        persons = self._facts.of(handle, Feit.PERSOON)
        return sorted({(p["administratie"], p["key"]) for p in persons})

    def add_substitutions(self, more: Sequence[Substitution]) -> None:
        """
        Hold *more*, all of them or none; each with the person of its old number.
        """
        facts = self._facts
        with self.together():
            for one in more:
                stam = derive_stampseudoniem(one.oud, sleutelbos=facts.ring)
                by_stam = facts.tag("stampseudoniem", stam.expose())
                handle = facts.handle(by_stam)
                if handle is None:
                    handle = facts.new_handle()
                    facts.put_tag(by_stam, handle)
                facts.add(
                    handle,
                    Feit.SUBSTITUTIE,
                    {
                        "oud": one.oud.expose(),
                        "scheme": one.oud.scheme.value,
                        "nieuw": one.nieuw.expose(),
                        "nieuw_scheme": one.nieuw.scheme.value,
                        "per": one.per.isoformat(),
                        "stampseudoniem": stam.expose(),
                    },
                )

    def keep_link(
        self, administratie: str, key: str, link: SectorLink, toestemming: Toestemming
    ) -> None:
        """
        Keep a link, and the consent it rests on.
        """
        with self.together():
            handle = self._handle(administratie, key)
            self._facts.add(
                handle,
                Feit.TOESTEMMING,
                {
                    "nummer": toestemming.nummer,
                    "door": toestemming.door.value,
                    "op": toestemming.op.isoformat(),
                    "woorden": toestemming.woorden,
                    "bestuur": toestemming.bestuur,
                },
            )
            self._facts.add(
                handle,
                Feit.LINK,
                {
                    "jti": link.jti,
                    "organisatie": link.oin,
                    "doel": link.doel.value,
                    "vanaf": link.vanaf.isoformat(),
                    "tot": link.tot.isoformat(),
                    "toestemming": link.toestemming,
                },
            )

    def withdraw_consent(
        self, administratie: str, key: str, nummer: str, *, on: date
    ) -> None:
        """
        Note that a consent was withdrawn; `revoked` then names its links.
        """
        with self.together():
            handle = self._handle(administratie, key)
            if all(
                f["nummer"] != nummer for f in self._facts.of(handle, Feit.TOESTEMMING)
            ):
                raise RegisterError("register: expected a consent it has, got another")
            fact = {"nummer": nummer, "on": a_day("on", on).isoformat()}
            self._facts.add(handle, Feit.INGETROKKEN, fact)

    def revoked(self, organisatie: Organisatie) -> frozenset[str]:
        """
        Return what the next revocation list of a recipient is to name.
        """
        oin = expect("organisatie", organisatie, Organisatie).oin
        gone = {fact["nummer"] for fact in self._facts.all(Feit.INGETROKKEN)}
        return frozenset(
            fact["jti"]
            for fact in self._facts.all(Feit.LINK)
            if fact["organisatie"] == oin and fact["toestemming"] in gone
        )

    def keep_notice(
        self,
        administratie: str,
        key: str,
        *,
        organisatie: Organisatie,
        token: str,
        issued: date,
    ) -> None:
        """
        Keep a succession notice or a withdrawal that went to a recipient.
        """
        with self.together():
            self._facts.add(
                self._handle(administratie, key),
                Feit.BERICHT,
                {
                    "organisatie": expect("organisatie", organisatie, Organisatie).oin,
                    "token": expect("token", token, str),
                    "on": a_day("issued", issued).isoformat(),
                },
            )

    def keep_list(self, organisatie: Organisatie, *, number: int, token: str) -> None:
        """
        Keep a revocation list that went to a recipient.

        Raises:
            eckid.errors.RegisterError: If its number is not the next.
        """
        with self.together():
            wanted = self.next_list(organisatie)
            if expect("number", number, int) != wanted:
                raise RegisterError(
                    f"register: expected revocation list {wanted}, got {number}"
                )
            fact = {
                "organisatie": organisatie.oin,
                "number": number,
                "token": expect("token", token, str),
            }
            self._facts.add(BOARD, Feit.INTREKKINGSLIJST, fact)

    def next_list(self, organisatie: Organisatie) -> int:
        """
        Return the number of a recipient's next revocation list, from 1.
        """
        oin = expect("organisatie", organisatie, Organisatie).oin
        kept = self._facts.of(BOARD, Feit.INTREKKINGSLIJST)
        return 1 + sum(1 for fact in kept if fact["organisatie"] == oin)
