"""
What a register keeps beside the persons: what went to whom, and what was agreed.
"""

from collections.abc import Collection, Sequence
from datetime import date

from eckid._core.values import a_day, expect
from eckid.derivation import derive_stampseudoniem
from eckid.doel import Doel, Organisatie
from eckid.errors import RegisterError
from eckid.keten import Keten, Sector
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
        of = {}
        if isinstance(identifier, KetenID) and identifier.keten and identifier.sector:
            # Its URI does not say so, and one identifier goes in each.
            of = {"keten": identifier.keten.id, "sector": identifier.sector.value}
        with self.together():
            handle = self._handle(administratie, key)
            self._facts.put_tag(self._facts.tag("ketenid", identifier.uri), handle)
            self._facts.add(
                handle,
                Feit.VRIJGAVE,
                {
                    "organisatie": expect("organisatie", organisatie, Organisatie).oin,
                    "identifier": identifier.uri,
                    **of,
                    "beleid": expect("beleid", beleid, str),
                    "doel": expect("doel", doel, Doel).value,
                    "on": a_day("on", on).isoformat(),
                },
            )

    def has(self, administratie: str, key: str) -> bool:
        """
        Return whether a person stands under this key, whoever it is.
        """
        tag = self._facts.tag("person", administratie, key)
        return self._facts.handle(tag) is not None

    def has_sent(
        self,
        administratie: str,
        key: str,
        *,
        keten: Keten,
        sector: Sector,
        organisatie: Organisatie | None = None,
    ) -> bool:
        """
        Return whether a ketenID of this keten and sector went out for a person.

        Then no other identifier goes in its place. *organisatie* asks whether it
        went to that recipient, None whether it went to any.
        """
        wanted = {
            "keten": expect("keten", keten, Keten).id,
            "sector": expect("sector", sector, Sector).value,
        }
        if organisatie is not None:
            wanted["organisatie"] = expect("organisatie", organisatie, Organisatie).oin
        return self.has(administratie, key) and any(
            wanted.items() <= fact.items()
            for fact in self._facts.of(self._handle(administratie, key), Feit.VRIJGAVE)
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

    def withdraw_consents(self, jtis: Collection[str], *, on: date) -> int:
        """
        Note that the consents that links rest on were withdrawn.

        Args:
            jtis: Of each consent one of its links; `revoked` then names them all.

            on: The day.

        Returns:
            How many were not withdrawn already.
        """
        day = a_day("on", on).isoformat()
        with self.together():
            links = {fact["jti"]: fact for fact in self._facts.all(Feit.LINK)}
            # Of who was forgotten nothing is left to withdraw.
            gone = {
                jti
                for fact in self._facts.of(BOARD, Feit.VERGETEN)
                for _, jti in fact["links"]
            }
            if not links.keys() | gone >= set(jtis):
                raise RegisterError("register: expected links it has, got another")
            wanted = {links[jti]["toestemming"] for jti in links.keys() & jtis}
            wanted -= self._withdrawn()
            # A consent stands beside each of its links; it is withdrawn once.
            held = self._facts.everyones(Feit.TOESTEMMING)
            persons = {fact["nummer"]: handle for handle, fact in held}
            for nummer in wanted:
                ended = {"nummer": nummer, "on": day}
                self._facts.add(persons[nummer], Feit.INGETROKKEN, ended)
        return len(wanted)

    def _withdrawn(self) -> set[str]:
        return {fact["nummer"] for fact in self._facts.all(Feit.INGETROKKEN)}

    def revoked(self, organisatie: Organisatie) -> frozenset[str]:
        """
        Return what the next revocation list of a recipient is to name.

        The links of who was forgotten are among them.
        """
        oin = expect("organisatie", organisatie, Organisatie).oin
        gone = self._withdrawn()
        named = [
            (fact["organisatie"], fact["jti"])
            for fact in self._facts.all(Feit.LINK)
            if fact["toestemming"] in gone
        ]
        for fact in self._facts.of(BOARD, Feit.VERGETEN):
            named += map(tuple, fact["links"])
        return frozenset(jti for whose, jti in named if whose == oin)

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
