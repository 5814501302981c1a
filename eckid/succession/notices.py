"""
Signed notices to one recipient: a ketenID has a successor, or was withdrawn.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final, Self, TypeAlias, final

from eckid._core.hidden import Verified, verified
from eckid._core.values import a_day, expect
from eckid.boundary import (
    MAY_PASS,
    Passages,
    Verhouding,
    check_to_recipient,
    verhouding,
)
from eckid.doel import Organisatie
from eckid.errors import LinkError, LinkReden, PseudonymError
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import KetenID
from eckid.succession.jws import Claims, PublicKey, Typ, a_text, held, opened, sign
from eckid.succession.voorlopig import Voorlopig

# A recipient knows a person by one of these.
Identifier: TypeAlias = KetenID | Voorlopig


@final
class Succession(Verified):
    """
    A verified notice: a ketenID comes in the place of an earlier identifier.

    `Succession.issue` signs one, `Succession.verify` reads one.

    Attributes:
        oud: The earlier identifier.
        nieuw: The ketenID that comes in its place.
        issued: The day of the notice.
    """

    __slots__ = ("issued", "nieuw", "oud")

    oud: Identifier
    nieuw: KetenID
    issued: date

    def __repr__(self) -> str:
        return f"<Succession {self.issued}>"

    @staticmethod
    def issue(
        oud: Identifier,
        nieuw: KetenID,
        *,
        organisatie: Organisatie,
        issued: date,
        sleutelbos: Sleutelbos,
        may_pass: Passages = MAY_PASS,
    ) -> str:
        """
        Sign that *nieuw* comes in the place of *oud*, for the same person.

        Args:
            oud: A ketenID of the same keten and sector, or a provisional identifier.
                Across sectors a notice would be a link without consent.

            nieuw: The ketenID, with its keten and sector.

            organisatie: The recipient, which has *oud*.

            issued: Today.

            sleutelbos: The ring whose key signs.

            may_pass: `MAY_PASS`, or a table from which the board removed rows.

        Returns:
            A compact JWS. It holds both identifiers in clear: it is personal data, for
            this recipient alone.

        Raises:
            eckid.errors.BoundaryError: If *may_pass* lets no ketenID pass to a
                recipient.
            eckid.errors.LinkError: If both identifiers are the same, they are not of
                one keten and sector, or *nieuw* lacks its keten or sector.
        """
        check_to_recipient(table=may_pass)
        expect("oud", oud, KetenID, Voorlopig)
        keten, sector = _place(nieuw)
        held(
            oud.uri != nieuw.uri,
            "succession: expected two identifiers, got one",
            LinkReden.ITSELF,
        )
        held(
            isinstance(oud, Voorlopig)
            or verhouding(oud, nieuw) is Verhouding.ZELFDE_SECTOR,
            "succession: expected two ketenIDs of one keten and sector, got others",
            LinkReden.KETENIDS,
        )
        claims = {
            "org": expect("organisatie", organisatie, Organisatie).oin,
            "issued": a_day("issued", issued).isoformat(),
            "old": oud.uri,
            "new": nieuw.uri,
            "chain": keten.id,
            "sector": sector.value,
        }
        return sign(Typ.SUCCESSION, claims, sleutelbos=sleutelbos)

    @classmethod
    def verify(
        cls,
        token: str,
        *,
        organisatie: Organisatie,
        on: date,
        keys: Mapping[str, PublicKey],
        namespace: str | None = None,
    ) -> Self:
        """
        Read a succession notice, for `Notices`.

        Args:
            token: The compact JWS that the board sent.

            organisatie: You, the recipient.

            on: Today.

            keys: The public keys that you trust, each by its `PublicKey.kid`.

            namespace: The namespace that the identifiers must have. None allows that of
                the national service and that of a ring without one of its own.

        Returns:
            The notice.

        Raises:
            eckid.errors.LinkError: If it is not valid; its `reason` says why.
        """
        found, _ = opened(
            token,
            Typ.SUCCESSION,
            organisatie=organisatie,
            on=on,
            keys=keys,
            claims={"old": a_text, "new": a_text, **_PLACE},
        )
        notes = {"keten": found["chain"], "sector": found["sector"]}
        oud = _identifier(found["old"], namespace, notes)
        nieuw = _identifier(found["new"], namespace, notes)
        if not isinstance(nieuw, KetenID) or oud is None or oud == nieuw:
            raise _no_identifiers()
        return verified(cls, {"oud": oud, "nieuw": nieuw, "issued": found["issued"]})


@final
class Withdrawal(Verified):
    """
    A verified notice: a ketenID no longer stands for the person it was given for.

    It has no successor, because data received under it may be two persons'.
    `Withdrawal.issue` signs one, `Withdrawal.verify` reads one.

    Attributes:
        ketenid: The ketenID.
        issued: The day of the notice. Do not use for anyone what was received under the
            ketenID on that day or before.
    """

    __slots__ = ("issued", "ketenid")

    ketenid: KetenID
    issued: date

    def __repr__(self) -> str:
        return f"<Withdrawal {self.issued}>"

    @staticmethod
    def issue(
        ketenid: KetenID,
        *,
        organisatie: Organisatie,
        issued: date,
        sleutelbos: Sleutelbos,
        may_pass: Passages = MAY_PASS,
    ) -> str:
        """
        Sign that *ketenid* does not stand for the person it was given for.

        Use it when a number turned out to be another person's (fraud, mix-up). The
        person gets a stampseudoniem of their own; nothing tells the recipient which
        ketenID they get.

        Args:
            ketenid: The ketenID, with its keten and sector.

            organisatie: The recipient, which has it.

            issued: Today.

            sleutelbos: The ring whose key signs.

            may_pass: `MAY_PASS`, or a table from which the board removed rows.

        Returns:
            A compact JWS, which holds the ketenID in clear.

        Raises:
            eckid.errors.BoundaryError: If *may_pass* lets no ketenID pass to a
                recipient.
            eckid.errors.LinkError: If *ketenid* lacks its keten or sector.
        """
        check_to_recipient(table=may_pass)
        keten, sector = _place(ketenid)
        claims = {
            "org": expect("organisatie", organisatie, Organisatie).oin,
            "issued": a_day("issued", issued).isoformat(),
            "ketenid": ketenid.uri,
            "chain": keten.id,
            "sector": sector.value,
        }
        return sign(Typ.WITHDRAWAL, claims, sleutelbos=sleutelbos)

    @classmethod
    def verify(
        cls,
        token: str,
        *,
        organisatie: Organisatie,
        on: date,
        keys: Mapping[str, PublicKey],
        namespace: str | None = None,
    ) -> Self:
        """
        Read a withdrawal, for `Notices`.

        Args:
            token: The compact JWS that the board sent.

            organisatie: You, the recipient.

            on: Today.

            keys: The public keys that you trust, each by its `PublicKey.kid`.

            namespace: The namespace that the ketenID must have. None allows that of the
                national service and that of a ring without one of its own.

        Returns:
            The withdrawal.

        Raises:
            eckid.errors.LinkError: If it is not valid; its `reason` says why.
        """
        found, _ = opened(
            token,
            Typ.WITHDRAWAL,
            organisatie=organisatie,
            on=on,
            keys=keys,
            claims={"ketenid": a_text, **_PLACE},
        )
        notes = {"keten": found["chain"], "sector": found["sector"]}
        ketenid = _identifier(found["ketenid"], namespace, notes)
        if not isinstance(ketenid, KetenID):
            raise _no_identifiers()
        return verified(cls, {"ketenid": ketenid, "issued": found["issued"]})


def _sector(value: object) -> Sector:
    sector = Sector(value)
    if sector is Sector.HO:
        raise ValueError
    return sector


_PLACE: Final[Claims] = {"chain": Keten, "sector": _sector}


def _place(ketenid: KetenID) -> tuple[Keten, Sector]:
    """
    Return keten and sector of a ketenID, which a notice states.
    """
    keten, sector = expect("ketenID", ketenid, KetenID).keten, ketenid.sector
    if keten is None or sector in {None, Sector.HO}:
        raise LinkError(
            "ketenID: expected one with its keten and its sector, not ho, got another",
            LinkReden.KETENIDS,
        )
    return keten, expect("sector", sector, Sector)


def _identifier(
    text: str, namespace: str | None, notes: dict[str, Any]
) -> Identifier | None:
    with suppress(PseudonymError):
        return KetenID.parse(text, namespace=namespace, **notes)
    with suppress(PseudonymError):
        return Voorlopig.parse(text, namespace=namespace)
    return None


def _no_identifiers() -> LinkError:
    return LinkError(
        "claims: expected identifiers of this namespace, got others", LinkReden.CLAIMS
    )
