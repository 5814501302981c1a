"""
Signed notices to one recipient: a ketenID has a successor, or was withdrawn.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final, Self, TypeAlias, final

from eckid._core.hidden import Verified, verified
from eckid._core.values import expect
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
from eckid.pseudonyms.forms import KNOWN_NAMESPACES
from eckid.succession.jws import Claims, Kind, PublicKey, a_text, held, opened, sign
from eckid.succession.voorlopig import Voorlopig

# A recipient knows a person by one of these.
Identifier: TypeAlias = KetenID | Voorlopig


@final
class Succession(Verified):
    """
    A verified notice: a ketenID comes in the place of an earlier identifier.

    `Succession.issue` signs one, `Succession.verify` reads one.

    Attributes:
        houder: OIN of the board whose key signed it: the notice says nothing of it.
        oud: The earlier identifier.
        nieuw: The ketenID that comes in its place.
        issued: The day of the notice.
    """

    __slots__ = ("houder", "issued", "nieuw", "oud")

    houder: str
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
                one keten, sector and namespace, or *nieuw* lacks its keten or sector.
        """
        check_to_recipient(table=may_pass)
        expect("oud", oud, KetenID, Voorlopig)
        place = _place(nieuw)
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
        # A reader asks for the known namespaces, or for one other.
        spaces = {one.uri.rsplit("/", 2)[0] for one in (oud, nieuw)}
        held(
            len(spaces) == 1 or spaces <= {*KNOWN_NAMESPACES},
            "succession: expected two identifiers of one namespace, got two",
            LinkReden.KETENIDS,
        )
        return sign(
            _SUCCESSION,
            {"old": oud.uri, "new": nieuw.uri, **place},
            organisatie=organisatie,
            issued=issued,
            sleutelbos=sleutelbos,
        )

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
        found, key = opened(
            token, _SUCCESSION, organisatie=organisatie, on=on, keys=keys
        )
        oud, nieuw = (_identifier(found, name, namespace) for name in ("old", "new"))
        if not isinstance(nieuw, KetenID) or oud is None or oud == nieuw:
            raise _no_identifiers()
        return verified(
            cls,
            {
                "houder": key.houder,
                "oud": oud,
                "nieuw": nieuw,
                "issued": found["issued"],
            },
        )


@final
class Withdrawal(Verified):
    """
    A verified notice: a ketenID no longer stands for the person it was given for.

    It has no successor, because data received under it may be two persons'.
    `Withdrawal.issue` signs one, `Withdrawal.verify` reads one.

    Attributes:
        houder: OIN of the board whose key signed it: the notice says nothing of it.
        ketenid: The ketenID.
        issued: The day of the notice. Do not use for anyone what was received under the
            ketenID on that day or before.
    """

    __slots__ = ("houder", "issued", "ketenid")

    houder: str
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
        place = _place(ketenid)
        return sign(
            _WITHDRAWAL,
            {"ketenid": ketenid.uri, **place},
            organisatie=organisatie,
            issued=issued,
            sleutelbos=sleutelbos,
        )

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
        found, key = opened(
            token, _WITHDRAWAL, organisatie=organisatie, on=on, keys=keys
        )
        ketenid = _identifier(found, "ketenid", namespace)
        if not isinstance(ketenid, KetenID):
            raise _no_identifiers()
        return verified(
            cls,
            {"houder": key.houder, "ketenid": ketenid, "issued": found["issued"]},
        )


def _sector(value: object) -> Sector:
    sector = Sector(value)
    if sector is Sector.HO:
        raise ValueError
    return sector


_PLACE: Final[Claims] = {"chain": Keten, "sector": _sector}
_SUCCESSION: Final = Kind(
    "eckid-succession+jws", {"old": a_text, "new": a_text, **_PLACE}
)
_WITHDRAWAL: Final = Kind("eckid-withdrawal+jws", {"ketenid": a_text, **_PLACE})


def _place(ketenid: KetenID) -> dict[str, str]:
    """
    Return keten and sector of a ketenID, as a notice states them.
    """
    keten, sector = expect("ketenID", ketenid, KetenID).keten, ketenid.sector
    if keten is None or sector is None or sector is Sector.HO:
        raise LinkError(
            "ketenID: expected one with its keten and its sector, not ho, got another",
            LinkReden.KETENIDS,
        )
    return {"chain": keten.id, "sector": sector.value}


def _identifier(
    found: Mapping[str, Any], name: str, namespace: str | None
) -> Identifier | None:
    with suppress(PseudonymError):
        return KetenID.parse(
            found[name],
            keten=found["chain"],
            sector=found["sector"],
            namespace=namespace,
        )
    with suppress(PseudonymError):
        return Voorlopig.parse(found[name], namespace=namespace)
    return None


def _no_identifiers() -> LinkError:
    return LinkError(
        "claims: expected identifiers of this namespace, got others", LinkReden.CLAIMS
    )
