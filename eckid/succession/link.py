"""
The link across sectors: a signed statement that two ketenIDs are one person's.

It holds for one recipient, one doel and a period. It names neither the person
nor who consented, and its ketenIDs by digests only.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from eckid._core.hidden import verified
from eckid._core.values import a_day, as_days, expect
from eckid.boundary import (
    MAY_PASS,
    Passages,
    Verhouding,
    VerifiedLink,
    check_to_recipient,
    link_name,
    verhouding,
)
from eckid.doel import Doel, Organisatie
from eckid.errors import LinkError, LinkReason
from eckid.keten import Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import KetenID
from eckid.succession.jws import (
    Claims,
    PublicKey,
    Typ,
    a_date,
    a_hex,
    a_text,
    held,
    opened,
    sign,
)
from eckid.succession.revocations import RevocationList
from eckid.succession.toestemming import Toestemming, a_jti


@dataclass(frozen=True, slots=True, kw_only=True)
class Reikwijdte:
    """
    How far a link reaches: one recipient, one doel, and a period.

    Attributes:
        organisatie: The recipient.
        doel: What it may be used for.
        vanaf: The first day on which it holds.
        tot: The last day on which it holds.
    """

    organisatie: Organisatie
    doel: Doel
    vanaf: date
    tot: date

    def __post_init__(self) -> None:
        expect("organisatie", self.organisatie, Organisatie)
        expect("doel", self.doel, Doel)
        as_days(self, "vanaf", "tot")


@dataclass(frozen=True, slots=True, repr=False)
class SectorLink:
    """
    A link across two sectors, as the board that issued it keeps it.

    Attributes:
        token: What goes to the recipient: a compact JWS.
        jti: What a revocation list calls it.
        oin: The recipient that it is for.
        doel: What it is for.
        vanaf: The first day on which it holds.
        tot: The last day on which it holds.
        toestemming: The `nummer` of the consent that it rests on.
    """

    token: str
    jti: str
    oin: str
    doel: Doel
    vanaf: date
    tot: date
    toestemming: str

    def __repr__(self) -> str:
        return f"<SectorLink {self.doel.value} {self.vanaf} to {self.tot}>"

    @classmethod
    def issue(
        cls,
        a: KetenID,
        b: KetenID,
        *,
        voor: Reikwijdte,
        toestemming: Toestemming,
        issued: date,
        sleutelbos: Sleutelbos,
        may_pass: Passages = MAY_PASS,
    ) -> Self:
        """
        Sign that two ketenIDs are one person's, for one recipient and doel.

        Args:
            a: The ketenID in one sector.

            b: The ketenID in another sector of the same keten.

            voor: The recipient, the doel, and the period, which does not begin
                before the consent.

            toestemming: The consent. It stays here: the link has the version
                of its words only.

            issued: Today.

            sleutelbos: The ring whose key signs.

            may_pass: `MAY_PASS`, or what a board leaves of it.

        Raises:
            eckid.errors.BoundaryError: If no ketenID may pass to a recipient.
            eckid.errors.LinkError: If the two are not of two sectors of one
                keten, or the days do not follow on each other.
        """
        check_to_recipient(may_pass)
        held(
            verhouding(a, b) is Verhouding.ANDERE_SECTOR
            and Sector.HO not in {a.sector, b.sector},
            "ketenIDs: expected two sectors of one keten, ho apart, got others",
            LinkReason.KETENIDS,
        )
        oin = expect("voor", voor, Reikwijdte).organisatie.oin
        expect("toestemming", toestemming, Toestemming)
        vanaf, tot = voor.vanaf, voor.tot
        issued = a_day("issued", issued)
        held(
            toestemming.op <= min(vanaf, issued) and max(vanaf, issued) <= tot,
            "period: expected the consent, then today and the first day, then the "
            "last day, got another order",
            LinkReason.PERIOD,
        )
        nonce, jti = secrets.token_bytes(16), a_jti()
        sectors = {
            k.sector.value: link_name(k, nonce=nonce, oin=oin).hex()
            for k in (a, b)
            if k.sector is not None
        }
        claims = {
            "org": oin,
            "issued": issued.isoformat(),
            "doel": voor.doel.value,
            "jti": jti,
            "nonce": nonce.hex(),
            "sectors": sectors,
            "vanaf": vanaf.isoformat(),
            "tot": tot.isoformat(),
            "woorden": toestemming.woorden,
        }
        token = sign(Typ.LINK, claims, sleutelbos=sleutelbos)
        return cls(token, jti, oin, voor.doel, vanaf, tot, toestemming.nummer)

    @staticmethod
    def verify(
        token: str,
        *,
        organisatie: Organisatie,
        doel: Doel,
        on: date,
        keys: Mapping[str, PublicKey],
        revocations: RevocationList | None,
    ) -> VerifiedLink:
        """
        Read a link, for `check_join`.

        Args:
            token: What the board sent.

            organisatie: Who you are.

            doel: What you want to join the two for.

            on: Today.

            keys: The public keys that you trust, by `PublicKey.kid`.

            revocations: The last revocation list of the same signer for you;
                without one nothing is verified.

        Raises:
            eckid.errors.LinkError: If it does not hold; its `reason` says why.
        """
        expect("doel", doel, Doel)
        expect("revocations", revocations, RevocationList, type(None))
        on = a_day("on", on)
        found, key = opened(
            token,
            Typ.LINK,
            organisatie=organisatie,
            on=on,
            keys=keys,
            claims=_LINK,
        )
        held(
            found["doel"] is doel,
            "doel: expected this one, got another",
            LinkReason.DOEL,
        )
        held(
            found["vanaf"] <= on <= found["tot"],
            "period: expected a day within it, got another",
            LinkReason.PERIOD,
        )
        if revocations is None:
            raise LinkError(
                "revocation list: expected one, got none", LinkReason.NO_LIST
            )
        held(
            (revocations.houder, revocations.oin) == (key.houder, found["org"]),
            "revocation list: expected that of the link's signer for this "
            "organisatie, got another",
            LinkReason.OTHER_LIST,
        )
        held(
            revocations.issued <= on <= revocations.next_update,
            "revocation list: expected a current one, got a stale one",
            LinkReason.STALE_LIST,
        )
        held(
            found["jti"] not in revocations.revoked,
            "link: expected one that holds, got a revoked one",
            LinkReason.REVOKED,
        )
        return verified(
            VerifiedLink,
            {
                "oin": found["org"],
                "doel": doel,
                "vanaf": found["vanaf"],
                "tot": found["tot"],
                "next_update": revocations.next_update,
                "nonce": bytes.fromhex(found["nonce"]),
                "names": found["sectors"],
            },
        )


def _sectors(value: object) -> frozenset[bytes]:
    # Pairs, as every object of a statement is read.
    pairs = dict(expect("sectors", value, tuple))
    if len(pairs) != 2 or not pairs.keys() <= {"po", "vo", "mbo"}:
        raise ValueError
    return frozenset(bytes.fromhex(a_hex(32)(name)) for name in pairs.values())


_LINK: Final[Claims] = {
    "doel": Doel,
    "jti": a_hex(16),
    "nonce": a_hex(16),
    "sectors": _sectors,
    "vanaf": a_date,
    "tot": a_date,
    "woorden": a_text,
}


def resting_on(
    links: Iterable[SectorLink], ingetrokken: Collection[Toestemming]
) -> frozenset[str]:
    """
    Return the `jti` of each link that rests on a consent that was withdrawn.

    Args:
        links: The links that the board issued.

        ingetrokken: The consents that were withdrawn.
    """
    expect("ingetrokken", ingetrokken, Collection)  # type: ignore[type-abstract]
    gone = {expect("toestemming", t, Toestemming).nummer for t in ingetrokken}
    return frozenset(
        link.jti
        for link in links
        if expect("link", link, SectorLink).toestemming in gone
    )
