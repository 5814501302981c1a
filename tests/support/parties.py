"""
A board, two recipients and a pupil, for tests of what passes between them.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from eckid import (
    BSN,
    LEERMIDDELENKETEN,
    Doel,
    HPgn,
    KetenID,
    Notices,
    Onderwijsnummer,
    Ontvanger,
    Organisatie,
    PublicKey,
    Register,
    RevocationList,
    Sector,
    SectorLink,
    Sleutelbos,
    Stampseudoniem,
    Succession,
    Toestemmer,
    Toestemming,
    Withdrawal,
    derive_ketenid,
    derive_stampseudoniem,
    elfproef,
    hash_pgn,
)
from eckid.linked import VerifiedLink
from eckid.register import Opname
from eckid.scheme import CHEAPEST
from eckid.succession import Reikwijdte

BOARD: Final = "0000000700099ZZ00009"
TODAY: Final = date(2026, 11, 24)
SPRING: Final = date(2027, 5, 1)
SUMMER: Final = date(2027, 8, 1)
A: Final = Organisatie("0000000700099ZZ00001", Ontvanger.UITGEVER)
B: Final = Organisatie("0000000700099ZZ00002", Ontvanger.SOFTWARELEVERANCIER)

RING: Final = Sleutelbos.generate(release="2026")
NEXT: Final = RING.rotate("2027")
KEY: Final = PublicKey(RING.public_key, BOARD, date(2026, 1, 1), date(2040, 12, 31))
KEYS: Final = {KEY.kid: KEY}
# Another board, whose keys A trusts too: for what that board sent.
NEIGHBOUR: Final = "0000000700099ZZ00010"
NEIGHBOURS: Final = Sleutelbos.generate(release="2026")
THEIRS: Final = PublicKey(
    NEIGHBOURS.public_key, NEIGHBOUR, date(2026, 1, 1), date(2040, 12, 31)
)
TRUSTED: Final = {**KEYS, THEIRS.kid: THEIRS}
_REACH: Final[dict[str, Any]] = {
    "organisatie": A,
    "doel": Doel.GEBRUIK,
    "vanaf": TODAY,
    "tot": date(2027, 7, 31),
}


def number(n: int, start: str = "9999") -> str:
    """
    Return the nth number that passes the elfproef, of a range not issued.
    """
    found, more = _NUMBERS.setdefault(start, ([], _numbers(start)))
    found.extend(islice(more, max(0, n + 1 - len(found))))
    return found[n]


_NUMBERS: Final[dict[str, tuple[list[str], Iterator[str]]]] = {}


def _numbers(start: str) -> Iterator[str]:
    wanted = 5 if start == "10" else 0
    digits = 9 - len(start)
    every = (f"{start}{i:0{digits}}" for i in range(10**digits))
    return (text for text in every if elfproef(text) == wanted)


def bsn(n: int) -> HPgn:
    """
    Return the HPgn of the nth BSN.
    """
    return hash_pgn(BSN.parse(number(n)), salt=RING.salt, scheme=CHEAPEST)


def onderwijsnummer(n: int) -> HPgn:
    """
    Return the HPgn of the nth onderwijsnummer.
    """
    pgn = Onderwijsnummer.parse(number(n, "10"))
    return hash_pgn(pgn, salt=RING.salt, scheme=CHEAPEST)


def stam(hpgn: HPgn) -> Stampseudoniem:
    """
    Return the stampseudoniem that a number has by itself.
    """
    return derive_stampseudoniem(hpgn, sleutelbos=RING)


def ketenid(hpgn: HPgn, sector: Sector, release: str = "2026") -> KetenID:
    """
    Return the ketenID that a number has by itself in a sector.
    """
    return derive_ketenid(
        stam(hpgn),
        keten=LEERMIDDELENKETEN,
        sector=sector,
        sleutelbos=NEXT,
        release=release,
    )


def add(
    register: Register,
    administratie: str,
    key: str,
    hpgn: HPgn,
    *,
    gegevens: Mapping[str, str],
    on: date = TODAY,
    sleutelbos: Sleutelbos = RING,
) -> Opname:
    """
    Add who was hashed to a register: the origin and the person, as one.
    """
    with register.together():
        origin = register.origin(hpgn, on=on)
        made = derive_stampseudoniem(origin, sleutelbos=sleutelbos)
        return register.add(administratie, key, made, gegevens=gegevens, on=on)


def consent(**other: Any) -> Toestemming:  # noqa: ANN401  # any field
    """
    Return a parent's consent.
    """
    fields: dict[str, Any] = {
        "door": Toestemmer.OUDER,
        "op": TODAY,
        "woorden": "2026-1",
        "bestuur": BOARD,
    }
    return Toestemming(**{**fields, **other})


def link(a: KetenID, b: KetenID, **other: Any) -> SectorLink:  # noqa: ANN401  # as above
    """
    Return a link for A, of GEBRUIK, for the school year.
    """
    reach = {name: other.pop(name) for name in _REACH if name in other}
    fields: dict[str, Any] = {"issued": TODAY, "sleutelbos": RING, **other}
    fields.setdefault("toestemming", consent())
    return SectorLink.issue(a, b, voor=Reikwijdte(**_REACH | reach), **fields)


def revocations(*jtis: str, number: int = 1, **other: Any) -> str:  # noqa: ANN401  # as above
    """
    Return the revocation list for A, of a fortnight.
    """
    fields: dict[str, Any] = {
        "organisatie": A,
        "issued": TODAY,
        "sleutelbos": RING,
        "next_update": TODAY + timedelta(days=14),
    }
    return RevocationList.issue(jtis, number=number, **{**fields, **other})


def listed(*jtis: str, **other: Any) -> RevocationList:  # noqa: ANN401  # as above
    """
    Return what A verified of its revocation list.
    """
    return RevocationList.verify(
        revocations(*jtis, **other),
        organisatie=other.get("organisatie", A),
        on=other.get("issued", TODAY),
        keys=TRUSTED,
        last_seen=None,
    )


def verify(token: str, **other: Any) -> VerifiedLink:  # noqa: ANN401  # as above
    """
    Return what A verified of a link.
    """
    fields: dict[str, Any] = {
        "organisatie": A,
        "doel": Doel.GEBRUIK,
        "on": TODAY,
        "keys": KEYS,
    }
    fields.update(other)
    if "revocations" not in fields:
        fields["revocations"] = listed()
    return SectorLink.verify(token, **fields)


def succession(
    oud: Any,  # noqa: ANN401  # either identifier
    nieuw: KetenID,
    *,
    organisatie: Organisatie = A,
    issued: date = TODAY,
    sleutelbos: Sleutelbos = RING,
) -> Succession:
    """
    Return a succession notice that was sent and verified.
    """
    token = Succession.issue(
        oud, nieuw, organisatie=organisatie, issued=issued, sleutelbos=sleutelbos
    )
    return Succession.verify(token, organisatie=organisatie, on=issued, keys=TRUSTED)


def withdrawal(
    ketenid: KetenID,
    *,
    organisatie: Organisatie = A,
    issued: date = TODAY,
    sleutelbos: Sleutelbos = RING,
) -> Withdrawal:
    """
    Return a withdrawal that was sent and verified.
    """
    token = Withdrawal.issue(
        ketenid, organisatie=organisatie, issued=issued, sleutelbos=sleutelbos
    )
    return Withdrawal.verify(token, organisatie=organisatie, on=issued, keys=TRUSTED)


def signed(kind: str, claims: object, sleutelbos: Sleutelbos = RING) -> str:
    """
    Return a statement of whatever claims, as a thief of the key could sign it.
    """
    key = PublicKey(sleutelbos.public_key, BOARD, TODAY)
    header = {"alg": "Ed25519", "kid": key.kid, "typ": f"eckid-{kind}+jws"}
    octets = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    first = ".".join(map(_b64, (json.dumps(header).encode(), octets)))
    return f"{first}.{_b64(sleutelbos.signing_key().sign(first.encode()))}"


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def van(*ketenids: KetenID, houder: str = BOARD) -> dict[KetenID, set[str]]:
    """
    Return that A received each of these ketenIDs from one board.
    """
    return {ketenid: {houder} for ketenid in ketenids}


NOTHING: Final = Notices()
