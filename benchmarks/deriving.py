"""
How fast is a list of ketenIDs beside the bare HMAC of the same messages?

The reference gives hex strings; ours are values, with namespace and release.
"""

import hmac
import secrets

from measure import gate, ratio

from eckid import LEERMIDDELENKETEN, Sector, Sleutelbos, Stampseudoniem
from eckid.derivation import derive_ketenids

MANY = 100_000

RING = Sleutelbos.generate(release="2026")
DIGESTS = [secrets.token_bytes(64) for _ in range(MANY)]
STAMS = [
    Stampseudoniem.parse(f"https://eckid.invalid/sp2026/{digest.hex()}")
    for digest in DIGESTS
]
KEY = secrets.token_bytes(64)
# As long as what is hashed for a ketenID: three constants, framed, and 64 bytes.
CONSTANTS = secrets.token_bytes(2 + 15 + 2 + 36 + 2 + 2 + 2)
MESSAGES = [CONSTANTS + digest for digest in DIGESTS]


def ours() -> None:
    """
    Derive them all.
    """
    list(
        derive_ketenids(
            STAMS, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=RING
        )
    )


def reference() -> None:
    """
    Compute an HMAC of each.
    """
    [hmac.digest(KEY, message, "sha512").hex() for message in MESSAGES]


gate(
    "deriving, times as fast as hmac.digest",
    ratio(reference, ours, rounds=9),
    least=0.9,
)
