"""
What a register keeps beside the persons: releases, substitutions, links, notices.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from eckid._core.values import a_day, expect
from eckid.derivation import derive_stampseudoniem
from eckid.doel import Doel, Organisatie
from eckid.errors import RegisterError
from eckid.keten import Keten, Sector
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.register.facts import BOARD, Feit
from eckid.register.ketenids import Ketenids
from eckid.succession import (
    Identifier,
    SectorLink,
    Substitution,
    Toestemming,
    Voorlopig,
    list_digest,
)


class _Gone(NamedTuple):
    """
    A link that no fact of a person has any more.
    """

    organisatie: str
    jti: str
    # Rows of format 1 did not keep it.
    tot: str | None = None


class Kept(Ketenids):
    """
    Releases, substitutions, consents, links and notices of an open register.
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
        Note that an identifier of a person went to a recipient.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            organisatie: The recipient.

            identifier: The ketenID or provisional identifier that went.

            beleid: The digest of the policy under which it went.

            doel: What it went for.

            on: The day.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
        """
        expect("identifier", identifier, KetenID, Voorlopig)
        of = {}
        if isinstance(identifier, KetenID) and identifier.keten and identifier.sector:
            # The URI does not tell keten and sector, and each pair has its own ketenID.
            of = {"keten": identifier.keten.id, "sector": identifier.sector.value}
        with self.together():
            self._facts.add(
                self._handle(administratie, key),
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

        If so, no other identifier may go in its place.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            keten: The keten of the ketenID.

            sector: The sector of the ketenID.

            organisatie: The recipient that it went to; None is any recipient.

        Returns:
            True if it did; False if it did not, or the key is not known.
        """
        wanted = {
            "keten": expect("keten", keten, Keten).id,
            "sector": expect("sector", sector, Sector).value,
        }
        if organisatie is not None:
            wanted["organisatie"] = expect("organisatie", organisatie, Organisatie).oin
        with self._facts.store.reading():
            return self.has(administratie, key) and any(
                wanted.items() <= fact.items()
                for fact in self._facts.of(
                    self._handle(administratie, key), Feit.VRIJGAVE
                )
            )

    def keys_of(self, identifier: Identifier) -> list[tuple[str, str]]:
        """
        Return the (administratie, key) pairs that an identifier was sent for.

        Use it for results that come back to the school under that identifier.

        Args:
            identifier: A ketenID or a provisional identifier.

        Returns:
            The pairs of the person, one for each administration, sorted. Empty if the
            identifier was never sent, or the person was forgotten.
        """
        expect("identifier", identifier, KetenID, Voorlopig)
        with self._facts.store.reading():
            handle = self._facts.handle(self._facts.tag("ketenid", identifier.uri))
            if handle is None:
                return []
            facts = self._facts.of(handle)
        if not any(fact.get("identifier") == identifier.uri for fact in facts):
            raise RegisterError("register: expected a release under a tag, got none")
        persons = (fact for fact in facts if fact["feit"] == Feit.PERSOON.value)
        return sorted({(p["administratie"], p["key"]) for p in persons})

    def add_substitutions(
        self,
        more: Sequence[Substitution],
        *,
        stams: Mapping[HPgn, Stampseudoniem] = MappingProxyType({}),
    ) -> None:
        """
        Keep *more* too, all of them or none; each with the person of its old number.

        Args:
            more: The substitutions.

            stams: What a service made of old numbers, by their HPgn: a person whom only
                the service made known is found by it.
        """
        facts = self._facts
        expect("stams", stams, Mapping)  # type: ignore[type-abstract]  # only asks
        with self.together():
            for one in more:
                expect("substitution", one, Substitution)
                stam = derive_stampseudoniem(one.oud, sleutelbos=facts.ring)
                handle = facts.handle(facts.tag("stampseudoniem", stam.expose()))
                if handle is None and one.oud in stams:
                    theirs = expect("stams", stams[one.oud], Stampseudoniem).expose()
                    handle = facts.handle(facts.tag("stampseudoniem", theirs))
                facts.add(
                    facts.new_handle()[0] if handle is None else handle,
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
        Keep a link of a person, and the consent that it rests on.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            link: The link; its token is not kept.

            toestemming: The consent.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
        """
        expect("link", link, SectorLink)
        expect("toestemming", toestemming, Toestemming)
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
        Note that the consents on which links rest were withdrawn.

        Args:
            jtis: The `jti` of one link of each consent; `revoked` then gives all links
                that rest on it.

            on: The day.

        Returns:
            How many of these consents were not withdrawn already.

        Raises:
            eckid.errors.RegisterError: If the register does not have one of the links.
        """
        day = a_day("on", on).isoformat()
        with self.together():
            links = {fact["jti"]: fact for fact in self._facts.all(Feit.LINK)}
            # Links of forgotten persons: there is no consent left to withdraw.
            if not links.keys() | {link.jti for link in self._gone()} >= set(jtis):
                raise RegisterError("register: expected links that it has, got another")
            wanted = {links[jti]["toestemming"] for jti in links.keys() & jtis}
            wanted -= self._withdrawn()
            # A consent is kept with each of its links, and is withdrawn once.
            held = self._facts.everyones(Feit.TOESTEMMING)
            persons = {fact["nummer"]: handle for handle, fact in held}
            for nummer in wanted:
                ended = {"nummer": nummer, "on": day}
                self._facts.add(persons[nummer], Feit.INGETROKKEN, ended)
        return len(wanted)

    def _withdrawn(self) -> set[str]:
        return {fact["nummer"] for fact in self._facts.all(Feit.INGETROKKEN)}

    def _gone(self) -> Iterator[_Gone]:
        """
        Yield the links whose person was forgotten, or whose fact was lost.
        """
        for feit in (Feit.VERGETEN, Feit.HERSTELD):
            for fact in self._facts.of(BOARD, feit):
                yield from (_Gone(*link) for link in fact["links"])

    def revoked(self, organisatie: Organisatie, *, issued: date) -> frozenset[str]:
        """
        Return the `jti` of each link that a recipient's next revocation list must name.

        These are the links of withdrawn consents, of forgotten persons, and of before
        a `restore`. A link that has ended is not named: it does not verify on any day
        on which the list may be used.

        Args:
            organisatie: The recipient.

            issued: The day of the list.

        Raises:
            eckid.errors.RegisterError: If the ledger does not verify.
        """
        oin = expect("organisatie", organisatie, Organisatie).oin
        day = a_day("issued", issued).isoformat()
        with self._facts.store.reading():
            # What is signed rests on it: a row that was taken out would be missed.
            self._facts.ledger.verify()
            withdrawn = self._withdrawn()
            # What was withdrawn since the older copy was made may be lost.
            last = self._facts.state(Feit.HERSTELD)[0]
            named = [
                _Gone(fact["organisatie"], fact["jti"], fact["tot"])
                for fact in self._facts.all(Feit.LINK)
                if fact["toestemming"] in withdrawn or fact["seq"] < last
            ]
            named += self._gone()
        return frozenset(
            link.jti
            for link in named
            if link.organisatie == oin and (link.tot is None or link.tot >= day)
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

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            organisatie: The recipient.

            token: The notice, a compact JWS.

            issued: The day of the notice.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
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

        Args:
            organisatie: The recipient.

            number: The number of the list, which `next_list` gives.

            token: The list, a compact JWS. Its digest is kept, since the register can
                make the list again.

        Raises:
            eckid.errors.LinkError: If *token* is other text.
            eckid.errors.RegisterError: If *number* is not the next, or the ledger does
                not verify.
        """
        digest = list_digest(token)
        with self.together():
            wanted = self.next_list(organisatie)
            if expect("number", number, int) != wanted:
                raise RegisterError(
                    f"register: expected revocation list {wanted}, got another"
                )
            fact = {
                "organisatie": organisatie.oin,
                "number": number,
                "digest": digest,
            }
            self._facts.add(BOARD, Feit.INTREKKINGSLIJST, fact)

    def next_list(self, organisatie: Organisatie) -> int:
        """
        Return the number of a recipient's next revocation list, from 1.

        Args:
            organisatie: The recipient.

        Raises:
            eckid.errors.RegisterError: If the ledger does not verify.
        """
        oin = expect("organisatie", organisatie, Organisatie).oin
        with self._facts.store.reading():
            self._facts.ledger.verify()
            lists = self._facts.of(BOARD, Feit.INTREKKINGSLIJST)
            lost = self._facts.of(BOARD, Feit.HERSTELD)
        numbers = [fact["number"] for fact in lists if fact["organisatie"] == oin]
        numbers += [fact["lists"].get(oin, 0) for fact in lost]
        return 1 + max(numbers, default=0)
