"""
The links that a recipient may no longer use, as a signed list.
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self, final

from eckid._core.foreign import foreign
from eckid._core.hidden import Verified, verified
from eckid._core.values import a_day, expect
from eckid.doel import Organisatie, oins
from eckid.errors import LinkError, LinkReden
from eckid.keys import Sleutelbos
from eckid.succession.jws import (
    JTI,
    Kind,
    PublicKey,
    a_date,
    a_hex,
    held,
    opened,
    sign,
)

# The highest number of a list: the highest that every reader of JSON reads as it is
# (RFC 7493, 2.2).
_LAST: Final = 2**53 - 1
# The form of a `PublicKey.kid`: 32 bytes in base64url, without padding.
_KID: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def a_number(value: object) -> int:
    """
    Return the number of a list.

    Raises:
        TypeError: If it is no int, or a bool.
        ValueError: If it is not from 1 to 2**53 - 1.
    """
    number = expect("number", value, int)
    if not 1 <= number <= _LAST:
        raise ValueError
    return number


def _jtis(value: object) -> frozenset[str]:
    return frozenset(map(a_hex(16), expect("revoked", value, list)))


# A list names a link for as long as the link would hold. 2 MB is some 42,000 links.
_REVOCATIONS: Final = Kind(
    "eckid-revocations+jws",
    {"next_update": a_date, "number": a_number, "revoked": _jtis},
    most=2_000_000,
)


@dataclass(frozen=True, slots=True)
class Gezien:
    """
    What a recipient keeps of the last revocation list that it saw of one board.

    `RevocationList.gezien` gives it. Keep one for each board: a list is compared with
    the last one of its own signer, and with the last under each other key of it.

    A list counts for as long as you trust its key. Whoever has a stolen key can sign a
    list of the highest number; once the board took that key out, the number no longer
    keeps the board's own lists out.

    Attributes:
        houder: OIN of the board.
        number: The number of the list.
        digest: The SHA-256 of the list, as `list_digest` gives it: another list of the
            same number is refused.
        kid: The `PublicKey.kid` of the key that signed it. None where it was kept
            without: then it counts whatever keys you trust.
        eerder: What was kept of the last list under each other key that you trust.

    Raises:
        eckid.errors.IdentifierError: If *houder* is no OIN.
        eckid.errors.LinkError: If *number*, *digest* or *kid* has another form, or
            *eerder* is not of this board, or has more of its own.
    """

    houder: str
    number: int
    digest: str
    kid: str | None = None
    eerder: tuple["Gezien", ...] = ()

    def __post_init__(self) -> None:
        oins("houder", [self.houder])
        read = None
        with suppress(ValueError):
            read = a_number(self.number), a_hex(32)(self.digest)
        held(
            read is not None
            and (
                expect("kid", self.kid, str, type(None)) is None
                or _KID.fullmatch(str(self.kid)) is not None
            ),
            "last seen: expected the number of a list, from 1, a SHA-256 in hex and a "
            "kid, got others",
            LinkReden.FORM,
        )
        held(
            all(
                expect("eerder", one, Gezien).houder == self.houder and not one.eerder
                for one in expect("eerder", self.eerder, tuple)
            ),
            "eerder: expected what was kept of this board alone, got others",
            LinkReden.OTHER_LIST,
        )


def _each(last_seen: Gezien | None) -> tuple[Gezien, ...]:
    return () if last_seen is None else (last_seen, *last_seen.eerder)


def list_digest(token: str) -> str:
    """
    Return the digest of a revocation list: the SHA-256 of its text, in hex.

    Args:
        token: The list, a compact JWS without space around it.

    Raises:
        eckid.errors.LinkError: If it is other text.
    """
    other = LinkError("token: expected a compact JWS, got other text", LinkReden.FORM)
    with foreign(other, UnicodeError):
        octets = expect("token", token, str).encode("ascii")
    return hashlib.sha256(octets).hexdigest()


@final
class RevocationList(Verified):
    """
    A verified list of the links of one signer that one recipient may no longer use.

    `RevocationList.issue` signs one, `RevocationList.verify` reads one.

    Attributes:
        oin: OIN of the recipient that it is for.
        houder: OIN of the party that signed it.
        number: Its number; each next list has a higher one.
        digest: Its digest, which tells it from another list of that number.
        issued: The day on which it was made.
        next_update: The last day on which it may be used.
        revoked: The `jti` of each link that is revoked.
        gezien: What to keep of it, for *last_seen* of the next list of the same board.
    """

    __slots__ = (
        "digest",
        "gezien",
        "houder",
        "issued",
        "next_update",
        "number",
        "oin",
        "revoked",
    )

    oin: str
    houder: str
    number: int
    digest: str
    issued: date
    next_update: date
    revoked: frozenset[str]
    gezien: Gezien

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
                consents. A link whose last day lies before *issued* may be left off:
                it does not verify on any later day.

            organisatie: The recipient. Each gets a list of its own, so that it learns
                nothing of another's links.

            number: The number of the list: 1 or more, higher than that of the list
                before.

            issued: Today.

            next_update: The last day on which this list may be used.

            sleutelbos: The ring that signed the links.

        Returns:
            A compact JWS of at most 2,000,000 characters, some 42,000 links.

        Raises:
            eckid.errors.LinkError: If a number or `jti` has another form,
                *next_update* is before *issued*, or the list is too long.
        """
        expect("revoked", revoked, Collection)  # type: ignore[type-abstract]
        held(
            1 <= expect("number", number, int) <= _LAST,
            "number: expected one from 1 to 2**53 - 1, got another",
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
        return sign(
            _REVOCATIONS,
            {
                "next_update": next_update.isoformat(),
                "number": number,
                "revoked": sorted(set(revoked)),
            },
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
        last_seen: Gezien | None,
    ) -> Self:
        """
        Read a revocation list, for `SectorLink.verify`.

        Args:
            token: The compact JWS that the board sent.

            organisatie: You, the recipient.

            on: Today.

            keys: The public keys that you trust, each by its `PublicKey.kid`.

            last_seen: The `gezien` of the last list of this signer that you saw; None
                before the first. What it has of a key that is not in *keys* does not
                count.

        Returns:
            The list. Keep its `gezien`.

        Raises:
            eckid.errors.LinkError: If it is not valid, is older than the last one, or
                is another list of the same number; its `reason` says why.
        """
        expect("last_seen", last_seen, Gezien, type(None))
        found, key = opened(
            token, _REVOCATIONS, organisatie=organisatie, on=on, keys=keys
        )
        seen = Gezien(key.houder, found["number"], list_digest(token), key.kid)
        kept = [last for last in _each(last_seen) if last.kid in {None, *keys}]
        held(
            last_seen is None or last_seen.houder == seen.houder,
            "revocation list: expected one of the board that the last was of, got "
            "another's",
            LinkReden.OTHER_LIST,
        )
        held(
            all(last.number <= seen.number for last in kept),
            "revocation list: expected one not older than the last, got an older one",
            LinkReden.OLD_LIST,
        )
        held(
            all(
                last.number < seen.number or last.digest == seen.digest for last in kept
            ),
            "revocation list: expected the last one or one of a higher number, got "
            "another of the same number",
            LinkReden.CHANGED_LIST,
        )
        others = tuple(
            replace(last, eerder=())
            for last in kept
            if last.kid not in {None, seen.kid}
        )
        return verified(
            cls,
            {
                "houder": seen.houder,
                "oin": found.pop("org"),
                "digest": seen.digest,
                "gezien": replace(seen, eerder=others),
                **found,
            },
        )
