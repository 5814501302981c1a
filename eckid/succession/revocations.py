"""
The links that a recipient may no longer use, as a signed list.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Self, final

from eckid._core.hidden import Verified, verified
from eckid._core.values import a_day, expect
from eckid.doel import Organisatie
from eckid.errors import LinkReden
from eckid.keys import Sleutelbos
from eckid.succession.jws import JTI, PublicKey, Typ, a_date, a_hex, held, opened, sign


@final
class RevocationList(Verified):
    """
    A verified list of the links of one signer that one recipient may no longer use.

    `RevocationList.issue` signs one, `RevocationList.verify` reads one.

    Attributes:
        oin: OIN of the recipient that it is for.
        houder: OIN of the party that signed it.
        number: Its number; each next list has a higher one.
        issued: The day on which it was made.
        next_update: The last day on which it may be used.
        revoked: The `jti` of each link that is revoked.
    """

    __slots__ = ("houder", "issued", "next_update", "number", "oin", "revoked")

    oin: str
    houder: str
    number: int
    issued: date
    next_update: date
    revoked: frozenset[str]

    def __repr__(self) -> str:
        return f"<RevocationList {self.number}, {len(self.revoked)} revoked>"

    @staticmethod
    def issue(
        revoked: Collection[str],
        *,
        organisatie: Organisatie,
        number: int,
        issued: date,
        next_update: date,
        sleutelbos: Sleutelbos,
    ) -> str:
        """
        Sign the list of the links that one recipient may no longer use.

        Args:
            revoked: The `jti` of each link; `resting_on` gives those of withdrawn
                consents.

            organisatie: The recipient. Each gets a list of its own, so that it learns
                nothing of another's links.

            number: The number of the list: 1 or more, higher than that of the list
                before.

            issued: Today.

            next_update: The last day on which this list may be used.

            sleutelbos: The ring that signed the links.

        Returns:
            A compact JWS.

        Raises:
            eckid.errors.LinkError: If a number or `jti` has another form, or
                *next_update* is before *issued*.
        """
        expect("revoked", revoked, Collection)  # type: ignore[type-abstract]
        held(
            expect("number", number, int) >= 1,
            "number: expected one from 1, got a lower one",
            LinkReden.CLAIMS,
        )
        issued, next_update = a_day("issued", issued), a_day("next_update", next_update)
        held(
            all(JTI.fullmatch(expect("jti", jti, str)) for jti in revoked),
            "jti: expected 32 hex digits, got others",
            LinkReden.CLAIMS,
        )
        held(
            issued <= next_update,
            "next_update: expected a day not before issued, got an earlier one",
            LinkReden.PERIOD,
        )
        claims = {
            "org": expect("organisatie", organisatie, Organisatie).oin,
            "issued": issued.isoformat(),
            "next_update": next_update.isoformat(),
            "number": number,
            "revoked": sorted(set(revoked)),
        }
        return sign(Typ.REVOCATIONS, claims, sleutelbos=sleutelbos)

    @classmethod
    def verify(
        cls,
        token: str,
        *,
        organisatie: Organisatie,
        on: date,
        keys: Mapping[str, PublicKey],
        last_seen: int,
    ) -> Self:
        """
        Read a revocation list, for `SectorLink.verify`.

        Args:
            token: The compact JWS that the board sent.

            organisatie: You, the recipient.

            on: Today.

            keys: The public keys that you trust, each by its `PublicKey.kid`.

            last_seen: The highest number of a list of this signer that you saw; 0
                before the first.

        Returns:
            The list.

        Raises:
            eckid.errors.LinkError: If it is not valid, or its number is below
                *last_seen*; its `reason` says why.
        """
        expect("last_seen", last_seen, int)
        found, key = opened(
            token,
            Typ.REVOCATIONS,
            organisatie=organisatie,
            on=on,
            keys=keys,
            claims={"next_update": a_date, "number": _number, "revoked": _jtis},
        )
        held(
            found["number"] >= last_seen,
            "revocation list: expected one not older than the last, got an older one",
            LinkReden.OLD_LIST,
        )
        return verified(cls, {"houder": key.houder, "oin": found.pop("org"), **found})


def _number(value: object) -> int:
    number = expect("number", value, int)
    # To Python True is an int, equal to 1.
    if isinstance(value, bool) or number < 1:
        raise ValueError
    return number


def _jtis(value: object) -> frozenset[str]:
    return frozenset(a_hex(16)(jti) for jti in expect("revoked", value, list))
