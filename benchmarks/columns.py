"""
How fast is a column of ketenIDs beside the bare HMAC of the same messages?

A million stampseudoniemen to URIs, beside a list comprehension over `hmac.digest`
that gives hex, and beside the HMAC PRF of Tink, which gives octets. polars-hash has no
HMAC-SHA-512: its HMAC-SHA-256 of the same octets is a shorter one, without the three
constants, on all cores. That figure is reported, for it compares what is not the same.
"""

import hmac
import secrets

import polars as pl
import polars_hash as plh
import pyarrow as pa
import tink
from measure import gate, ratio
from tink import prf

from eckid import LEERMIDDELENKETEN, Sector, Sleutelbos, Stampseudoniem
from eckid.exchange import Ringbron
from eckid.scale import Kolom, derive_column

MANY = 1_000_000
FEW = 100_000

RING = Sleutelbos.generate(release="2026")
BRON = Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
LIKE = Stampseudoniem.parse(f"https://eckid.invalid/sp2026/{'0' * 128}")
OCTETS = secrets.token_bytes(64 * MANY)
HELD = pa.FixedSizeBinaryArray.from_buffers(
    pa.binary(64), MANY, [None, pa.py_buffer(OCTETS)]
)
KEY = secrets.token_bytes(64)
# As long as what is hashed for a ketenID: three constants, framed, and 64 bytes.
CONSTANTS = secrets.token_bytes(2 + 15 + 2 + 36 + 2 + 2 + 2)
MESSAGES = [CONSTANTS + OCTETS[at : at + 64] for at in range(0, len(OCTETS), 64)]

prf.register()
TINK = tink.new_keyset_handle(prf.prf_key_templates.HMAC_SHA512)
COMPUTE = TINK.primitive(prf.PrfSet).primary().compute


def derive(many: int) -> None:
    """
    Derive the first *many*.
    """
    derive_column(Kolom.of(HELD.slice(0, many), LIKE), bron=BRON)


def reference() -> None:
    """
    Compute an HMAC of each, in hex.
    """
    [hmac.digest(KEY, message, "sha512").hex() for message in MESSAGES]


def other() -> None:
    """
    Compute the PRF of the first few, as octets.
    """
    [COMPUTE(message, 64) for message in MESSAGES[:FEW]]


def shorter() -> None:
    """
    Compute a shorter HMAC of each, in hex.
    """
    FRAME.select(plh.col("octets").chash.hmac_sha256(key=KEY.hex()[:64]))


FRAME = pl.DataFrame({"octets": pl.Series(pl.from_arrow(HELD)).cast(pl.Binary)})

gate(
    "a column, times as fast as hmac.digest",
    ratio(reference, lambda: derive(MANY), rounds=5),
    least=1.5,
)
gate(
    "a column, times as fast as Tink's HMAC PRF",
    ratio(other, lambda: derive(FEW), rounds=5),
    least=1.0,
)
found = ratio(shorter, lambda: derive(MANY), rounds=5)
print(f"  a column, times as fast as polars-hash's HMAC-SHA-256: {found:.2f}")
