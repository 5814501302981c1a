"""
Rows of `eckid.succession`.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from leaking import (
    BOARD,
    DAY,
    HPGN,
    KETENID,
    KEY,
    NEW_HPGN,
    NEXT,
    NUMBER,
    PGN,
    RING,
    SLEUTEL,
    STAM,
    TO_A,
    VO,
    Row,
    constant,
    members,
    untyped,
)

import eckid
from eckid import LEERMIDDELENKETEN, Doel, Sector, succession
from eckid.succession import (
    AGE_OF_CONSENT,
    Gezien,
    Identifier,
    Substitutions,
    SubstitutionStore,
    list_digest,
    merge_keys,
    read_jwks,
    resting_on,
    rotate_notices,
    write_jwks,
)

PUBLIC: Final = eckid.PublicKey(RING.public_key, BOARD, DAY)
READS: Final[dict[str, Any]] = {
    "organisatie": TO_A,
    "on": DAY,
    "keys": {PUBLIC.kid: PUBLIC},
}
SIGNS: Final[dict[str, Any]] = {
    "organisatie": TO_A,
    "issued": DAY,
    "sleutelbos": RING,
}
REACH: Final = succession.Reikwijdte(
    organisatie=TO_A, doel=Doel.GEBRUIK, vanaf=DAY, tot=DAY
)
CONSENT: Final = eckid.Toestemming(eckid.Toestemmer.OUDER, DAY, "2026-1", BOARD)
LINKED: Final[dict[str, Any]] = {
    "voor": REACH,
    "toestemming": CONSENT,
    "issued": DAY,
    "sleutelbos": RING,
}
LINK: Final = eckid.SectorLink.issue(KETENID, VO, **LINKED)
LIST: Final = eckid.RevocationList.issue([], **SIGNS, number=1, next_update=DAY)
LISTED: Final = eckid.RevocationList.verify(LIST, **READS, last_seen=None)
VERIFIED: Final = eckid.SectorLink.verify(
    LINK.token, **READS, doel=Doel.GEBRUIK, revocations=LISTED
)
NOTICE: Final = eckid.Succession.verify(
    eckid.Succession.issue(KETENID, NEXT, **SIGNS), **READS
)
GONE: Final = eckid.Withdrawal.verify(eckid.Withdrawal.issue(NEXT, **SIGNS), **READS)
SUBSTITUTION: Final = eckid.Substitution(HPGN, NEW_HPGN, DAY)
ORDERS: Final[dict[str, Any]] = {
    "administratie": "las-1",
    "bestuur": BOARD,
    "organisatie": TO_A,
    "tot": DAY,
    "sleutelbos": RING,
}
VOORLOPIG: Final = eckid.Voorlopig.derive(KEY, **ORDERS)


class Store:
    """
    Holds substitutions in a list.
    """

    def __init__(self) -> None:
        self.held: list[eckid.Substitution] = []

    def substitutions(self) -> list[eckid.Substitution]:
        """
        Return all.
        """
        return self.held

    def add_substitutions(self, more: Sequence[eckid.Substitution]) -> None:
        """
        Hold more.
        """
        self.held += more


ROWS: Final[Mapping[str, Row]] = {
    "AGE_OF_CONSENT": constant(AGE_OF_CONSENT),
    "Identifier": constant(str(Identifier)),
    "SubstitutionStore": constant(str(SubstitutionStore)),
    "Toestemmer": members(eckid.Toestemmer),
    "PublicKey": Row(
        lambda: PUBLIC,
        (
            lambda: eckid.PublicKey(PUBLIC.octets, NUMBER, DAY),
            untyped(eckid.PublicKey, SLEUTEL, BOARD, DAY),
        ),
    ),
    "Toestemming": Row(
        lambda: CONSENT,
        (
            untyped(eckid.Toestemming, NUMBER, DAY, "1", BOARD),
            lambda: eckid.Toestemming(
                eckid.Toestemmer.OUDER, DAY, f"{NUMBER} {NUMBER}", BOARD
            ),
            lambda: eckid.Toestemming(eckid.Toestemmer.OUDER, DAY, "1", NUMBER),
        ),
    ),
    "SectorLink": Row(
        lambda: [LINK, LINK.token],
        (
            untyped(
                eckid.SectorLink.verify,
                STAM.expose(),
                **READS,
                doel=Doel.GEBRUIK,
                revocations=LISTED,
            ),
            untyped(eckid.SectorLink.issue, STAM, VO, **LINKED),
            untyped(eckid.SectorLink.issue, KETENID, VO, **LINKED | {"voor": PGN}),
            lambda: eckid.SectorLink.issue(KETENID, NEXT, **LINKED),
        ),
    ),
    "RevocationList": Row(
        lambda: LISTED,
        (
            untyped(
                eckid.RevocationList.issue, [NUMBER], **SIGNS, number=1, next_update=DAY
            ),
            untyped(eckid.RevocationList.verify, NUMBER, **READS, last_seen=None),
            untyped(eckid.RevocationList.verify, LIST, **READS, last_seen=NUMBER),
        ),
    ),
    "Gezien": Row(
        lambda: LISTED.gezien,
        (
            lambda: Gezien(NUMBER, 1, 64 * "a"),
            lambda: Gezien(BOARD, 1, NUMBER),
            untyped(Gezien, BOARD, NUMBER, 64 * "a"),
        ),
    ),
    "list_digest": Row(
        lambda: list_digest(LIST),
        (untyped(list_digest, PGN), lambda: list_digest(f"é{NUMBER}\ud800")),
    ),
    "resting_on": Row(
        lambda: sorted(resting_on([LINK], [CONSENT])),
        (untyped(resting_on, [PGN], []), untyped(resting_on, [], [PGN])),
    ),
    "Succession": Row(
        lambda: [NOTICE, eckid.Succession.issue(KETENID, NEXT, **SIGNS)],
        (
            untyped(eckid.Succession.issue, STAM, NEXT, **SIGNS),
            untyped(eckid.Succession.issue, KETENID, PGN, **SIGNS),
            untyped(eckid.Succession.verify, STAM.expose(), **READS),
        ),
    ),
    "Withdrawal": Row(
        lambda: [GONE, eckid.Withdrawal.issue(NEXT, **SIGNS)],
        (
            untyped(eckid.Withdrawal.issue, STAM, **SIGNS),
            untyped(eckid.Withdrawal.verify, NUMBER, **READS),
        ),
    ),
    "Notices": Row(
        lambda: eckid.Notices([NOTICE, GONE]),
        (
            untyped(eckid.Notices, [PGN]),
            lambda: eckid.Notices([GONE]).current(NEXT, received=DAY, van={BOARD}),
            untyped(eckid.Notices().current, STAM, received=DAY, van={BOARD}),
            untyped(eckid.Notices().current, KETENID, received=DAY, van=NUMBER),
            untyped(eckid.Notices().current, KETENID, received=DAY, van=[NUMBER]),
            untyped(eckid.Notices().current, KETENID, received=DAY, van=[PGN]),
        ),
    ),
    "rotate_notices": Row(
        lambda: list(
            rotate_notices(
                [STAM],
                keten=LEERMIDDELENKETEN,
                sector=Sector.PO,
                van="2026",
                naar="2027",
                **{**SIGNS, "sleutelbos": RING.rotate("2027")},
            )
        ),
        (
            lambda: list(
                rotate_notices(
                    [STAM],
                    keten=LEERMIDDELENKETEN,
                    sector=Sector.PO,
                    van=NUMBER,
                    **SIGNS,
                )
            ),
        ),
    ),
    "Substitution": Row(
        lambda: SUBSTITUTION,
        (
            lambda: eckid.Substitution(HPGN, HPGN, DAY),
            untyped(eckid.Substitution, PGN, NUMBER, DAY),
        ),
    ),
    "Substitutions": Row(
        lambda: Substitutions([SUBSTITUTION]),
        (
            untyped(Substitutions, [PGN]),
            lambda: Substitutions([SUBSTITUTION]).origin(HPGN, on=DAY),
            untyped(Substitutions().origin, PGN, on=DAY),
        ),
    ),
    "substitute": Row(
        lambda: eckid.substitute(Store(), SUBSTITUTION),
        (untyped(eckid.substitute, Store(), PGN),),
    ),
    "Voorlopig": Row(
        lambda: VOORLOPIG,
        (
            lambda: eckid.Voorlopig.derive(NUMBER, **ORDERS),
            lambda: eckid.Voorlopig.derive(" 063.138.219 ", **ORDERS),
            lambda: eckid.Voorlopig.derive("k1", **{**ORDERS, "bestuur": NUMBER}),
            lambda: eckid.Voorlopig.parse(STAM.expose()),
            lambda: eckid.Voorlopig(NUMBER),
            untyped(eckid.Voorlopig.derive, PGN, **ORDERS),
        ),
    ),
    "write_jwks": Row(
        lambda: write_jwks(PUBLIC), (untyped(write_jwks, PGN), untyped(write_jwks, KEY))
    ),
    "read_jwks": Row(
        lambda: list(read_jwks(write_jwks(PUBLIC).encode(), houder=BOARD).values()),
        (
            lambda: read_jwks(NUMBER.encode(), houder=BOARD),
            lambda: read_jwks(
                json.dumps({"keys": [NUMBER, KEY]}).encode(), houder=BOARD
            ),
            lambda: read_jwks(write_jwks(PUBLIC).encode(), houder=NUMBER),
            untyped(read_jwks, PGN, houder=BOARD),
        ),
    ),
    "merge_keys": Row(
        lambda: merge_keys(READS["keys"], READS["keys"]),
        (
            untyped(merge_keys, NUMBER),
            untyped(merge_keys, {"x": PGN}),
            lambda: merge_keys(
                READS["keys"],
                {"x": dataclasses.replace(PUBLIC, houder=TO_A.oin)},
            ),
        ),
    ),
    "Reikwijdte": Row(
        lambda: REACH,
        (
            untyped(dataclasses.replace, REACH, organisatie=NUMBER),
            untyped(dataclasses.replace, REACH, doel=NUMBER),
            untyped(dataclasses.replace, REACH, vanaf=NUMBER),
        ),
    ),
}
