"""
Rows of `eckid.hashing` and `eckid.derivation`.
"""

from collections.abc import Mapping
from typing import Final

from leaking import (
    HASHER,
    HOW,
    HPGN,
    KETENID,
    NUMBER,
    PGN,
    RING,
    SALT,
    SLEUTEL,
    STAM,
    Row,
    untyped,
)

import eckid
from eckid import (
    Sector,
    Stampseudoniem,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    ketenid_token,
)
from eckid.derivation import derive_ketenids, ketenid_of, stam_of
from eckid.hashing import hash_pgns
from eckid.scheme import CHEAPEST

ROWS: Final[Mapping[str, Row]] = {
    "hash_pgn": Row(
        lambda: hash_pgn(PGN, salt=SALT, scheme=CHEAPEST),
        (
            untyped(hash_pgn, NUMBER, salt=SALT),
            untyped(hash_pgn, PGN, salt=SALT.expose()),
            untyped(hash_pgn, PGN, salt=SALT, scheme=NUMBER),
        ),
    ),
    "hash_pgns": Row(
        lambda: list(hash_pgns([PGN], salt=SALT, scheme=CHEAPEST)),
        (
            untyped(lambda: list(hash_pgns([NUMBER], salt=SALT, scheme=CHEAPEST))),  # type: ignore[list-item]  # not parsed
            untyped(hash_pgns, [PGN], salt=SALT.expose()),
            untyped(hash_pgns, [PGN], salt=SALT, workers=NUMBER),
        ),
    ),
    "Hasher": Row(
        lambda: (HASHER, list(HASHER.each([PGN]))),
        (
            untyped(lambda: list(HASHER.each([NUMBER]))),  # type: ignore[list-item]  # not parsed
            untyped(eckid.Hasher, salt=SALT.expose()),
            untyped(eckid.Hasher, salt=SALT, scheme=NUMBER),
            untyped(eckid.Hasher, salt=SALT, workers=NUMBER),
            untyped(eckid.Hasher, salt=SALT, memory=NUMBER),
        ),
    ),
    "derive_stampseudoniem": Row(
        lambda: derive_stampseudoniem(HPGN, sleutelbos=RING),
        (
            untyped(derive_stampseudoniem, PGN, sleutelbos=RING),
            untyped(derive_stampseudoniem, HPGN.expose(), sleutelbos=RING),
            untyped(derive_stampseudoniem, HPGN, sleutelbos=SALT),
        ),
    ),
    "derive_ketenid": Row(
        lambda: derive_ketenid(STAM, **HOW),
        (
            untyped(derive_ketenid, HPGN, **HOW),
            untyped(derive_ketenid, STAM.expose(), **HOW),
            lambda: derive_ketenid(STAM, **{**HOW, "sector": Sector.HO}),
            lambda: derive_ketenid(STAM, **{**HOW, "sector": NUMBER}),
            lambda: derive_ketenid(STAM, **HOW, release=NUMBER),
            lambda: derive_ketenid(
                Stampseudoniem.parse(
                    STAM.expose().replace("eckid.invalid", "ketenid.nl")
                ),
                **HOW,
            ),
        ),
    ),
    "derive_ketenids": Row(
        lambda: list(derive_ketenids([STAM], **HOW)),
        (
            untyped(lambda: list(derive_ketenids([NUMBER], **HOW))),  # type: ignore[list-item]  # not parsed
            untyped(derive_ketenids, [STAM], **{**HOW, "sleutelbos": SALT}),
        ),
    ),
    "ketenid_token": Row(
        lambda: ketenid_token(KETENID, sleutel=SLEUTEL),
        (
            untyped(ketenid_token, STAM, sleutel=SLEUTEL),
            untyped(ketenid_token, STAM.expose(), sleutel=SLEUTEL),
            untyped(ketenid_token, KETENID, sleutel=SLEUTEL.expose()),
        ),
    ),
    "stam_of": Row(
        lambda: [stam_of(RING), stam_of(RING)(HPGN)],
        (
            untyped(stam_of, NUMBER),
            untyped(stam_of(RING), PGN),
            untyped(stam_of(RING), HPGN.expose()),
        ),
    ),
    "ketenid_of": Row(
        lambda: [ketenid_of(**HOW), ketenid_of(**HOW)(STAM)],
        (
            lambda: ketenid_of(**HOW | {"sector": Sector.HO}),
            untyped(ketenid_of, **HOW | {"keten": NUMBER}),
            lambda: ketenid_of(**HOW, release=NUMBER),
            untyped(ketenid_of(**HOW), HPGN),
            untyped(ketenid_of(**HOW), STAM.expose()),
        ),
    ),
}
