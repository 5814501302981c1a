"""
The link across sectors: a signed statement that two ketenIDs are one person's.

It holds for one recipient, one doel and a period. It does not name the person or the
one who consented, and it names its ketenIDs by digests only.
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
    check_to_recipient,
    verhouding,
)
from eckid.doel import Doel, Organisatie
from eckid.errors import LinkError, LinkReden
from eckid.keten import Sector
from eckid.keys import Sleutelbos
from eckid.linked import VerifiedLink, link_name
from eckid.pseudonyms import KetenID
from eckid.succession.jws import (
    Kind,
    PublicKey,
    a_date,
    a_hex,
    held,
    opened,
    sign,
)
from eckid.succession.revocations import RevocationList
from eckid.succession.toestemming import WORDS, Toestemming, a_jti


@dataclass(frozen=True, slots=True, kw_only=True)
class Reikwijdte:
    """
    How far a link reaches: one recipient, one doel, and a period.

    Attributes:
        organisatie: The recipient.
        doel: What the link may be used for.
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
    A link across two sectors, as kept by the board that issued it.

    `SectorLink.issue` makes one; send its `token` to the recipient, which gives it to
    `SectorLink.verify`.

    Attributes:
        token: A compact JWS, for the recipient.
        jti: The number by which a revocation list names the link, 32 hex digits.
        oin: OIN of the recipient that it is for.
        doel: The doel that it is for.
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
        Sign that two ketenIDs are one person's, for one recipient and one doel.

        Args:
            a: The ketenID in one sector, with its keten and sector.

            b: The ketenID in another sector of the same keten.

            voor: The recipient, the doel, and the period, which does not begin before
                the consent.

            toestemming: The consent. It stays with the board: the link only states the
                version of its words.

            issued: Today.

            sleutelbos: The ring whose key signs.

            may_pass: `MAY_PASS`, or a table from which the board removed rows.

        Returns:
            The link. Keep it, and send its `token`.

        Raises:
            eckid.errors.BoundaryError: If *may_pass* lets no ketenID pass to a
                recipient.
            eckid.errors.LinkError: If the ketenIDs are not of two sectors of one keten
                (ho apart), or the days have another order: the consent, then today and
                the first day, then the last day.

        >>> from datetime import date
        >>> from eckid import LEERMIDDELENKETEN, Doel, KetenID, Ontvanger, Organisatie
        >>> from eckid import SectorLink, Sector, Sleutelbos, Toestemmer, Toestemming
        >>> from eckid.succession import Reikwijdte
        >>> def ketenid(digit, sector):
        ...     uri = "https://eckid.invalid/2026/" + 128 * digit
        ...     return KetenID.parse(uri, keten=LEERMIDDELENKETEN, sector=sector)
        >>> SectorLink.issue(
        ...     ketenid("a", Sector.PO),
        ...     ketenid("b", Sector.VO),
        ...     voor=Reikwijdte(
        ...         organisatie=Organisatie("00000001234567890000", Ontvanger.UITGEVER),
        ...         doel=Doel.GEBRUIK,
        ...         vanaf=date(2026, 8, 1),
        ...         tot=date(2027, 7, 31),
        ...     ),
        ...     toestemming=Toestemming(
        ...         door=Toestemmer.OUDER,
        ...         op=date(2026, 6, 1),
        ...         woorden="2026-1",
        ...         bestuur="00000009876543210000",
        ...     ),
        ...     issued=date(2026, 6, 2),
        ...     sleutelbos=Sleutelbos.generate(release="2026"),
        ... )
        <SectorLink gebruik 2026-08-01 to 2027-07-31>
        """
        check_to_recipient(table=may_pass)
        held(
            verhouding(a, b) is Verhouding.ANDERE_SECTOR
            and Sector.HO not in {a.sector, b.sector},
            "ketenIDs: expected two sectors of one keten, ho apart, got others",
            LinkReden.KETENIDS,
        )
        oin = expect("voor", voor, Reikwijdte).organisatie.oin
        expect("toestemming", toestemming, Toestemming)
        vanaf, tot = voor.vanaf, voor.tot
        issued = a_day("issued", issued)
        held(
            toestemming.op <= min(vanaf, issued) and max(vanaf, issued) <= tot,
            "period: expected the consent, then today and the first day, then the "
            "last day, got another order",
            LinkReden.PERIOD,
        )
        nonce, jti = secrets.token_bytes(16), a_jti()
        sectors = {
            k.sector.value: link_name(k, nonce=nonce, oin=oin).hex()
            for k in (a, b)
            if k.sector is not None
        }
        claims = {
            "doel": voor.doel.value,
            "jti": jti,
            "nonce": nonce.hex(),
            "sectors": sectors,
            "vanaf": vanaf.isoformat(),
            "tot": tot.isoformat(),
            "woorden": toestemming.woorden,
        }
        token = sign(
            _LINK,
            claims,
            organisatie=voor.organisatie,
            issued=issued,
            sleutelbos=sleutelbos,
        )
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
            token: The compact JWS that the board sent.

            organisatie: You, the recipient.

            doel: What you want to join the two ketenIDs for.

            on: Today.

            keys: The public keys that you trust, each by its `PublicKey.kid`.

            revocations: The newest revocation list for you of the party that signed the
                link. None is refused, so that a revoked link never passes.

        Returns:
            The verified link; give it to `check_join`.

        Raises:
            eckid.errors.LinkError: If it is not valid; its `reason` says why.
        """
        expect("doel", doel, Doel)
        expect("revocations", revocations, RevocationList, type(None))
        on = a_day("on", on)
        found, key = opened(token, _LINK, organisatie=organisatie, on=on, keys=keys)
        held(
            found["doel"] is doel,
            "doel: expected this one, got another",
            LinkReden.DOEL,
        )
        held(
            found["vanaf"] <= on <= found["tot"],
            "period: expected a day within it, got another",
            LinkReden.PERIOD,
        )
        if revocations is None:
            raise LinkError(
                "revocation list: expected one, got none", LinkReden.NO_LIST
            )
        held(
            (revocations.houder, revocations.oin) == (key.houder, found["org"])
            # One that was read before its key was taken out says nothing more.
            and revocations.gezien.kid in keys,
            "revocation list: expected that of the link's signer for this "
            "organisatie, under a key that you trust, got another",
            LinkReden.OTHER_LIST,
        )
        held(
            revocations.issued <= on <= revocations.next_update,
            "revocation list: expected a current one, got a stale one",
            LinkReden.STALE_LIST,
        )
        held(
            found["jti"] not in revocations.revoked,
            "link: expected one that holds, got a revoked one",
            LinkReden.REVOKED,
        )
        return verified(
            VerifiedLink,
            {
                "houder": key.houder,
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
    # Objects of a statement are read as pairs; a name twice is one pair too many.
    pairs = expect("sectors", value, tuple)
    named = dict(pairs)
    if len(pairs) != 2 or len(named) != 2 or not named.keys() <= {"po", "vo", "mbo"}:
        raise ValueError
    return frozenset(bytes.fromhex(a_hex(32)(name)) for name in named.values())


def _woorden(value: object) -> str:
    if not WORDS.fullmatch(expect("woorden", value, str)):
        raise ValueError
    return str(value)


_LINK: Final = Kind(
    "eckid-link+jws",
    {
        "doel": Doel,
        "jti": a_hex(16),
        "nonce": a_hex(16),
        "sectors": _sectors,
        "vanaf": a_date,
        "tot": a_date,
        "woorden": _woorden,
    },
)


def resting_on(
    links: Iterable[SectorLink], ingetrokken: Collection[Toestemming]
) -> frozenset[str]:
    """
    Return the `jti` of each link that rests on a withdrawn consent.

    Give the result to `RevocationList.issue`.

    Args:
        links: The links that the board issued.

        ingetrokken: The consents that were withdrawn.

    Returns:
        The `jti` of each such link; empty where there is no such link.
    """
    expect("ingetrokken", ingetrokken, Collection)  # type: ignore[type-abstract]
    gone = {expect("toestemming", t, Toestemming).nummer for t in ingetrokken}
    return frozenset(
        link.jti
        for link in links
        if expect("link", link, SectorLink).toestemming in gone
    )
