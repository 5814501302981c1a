"""
Signed statements and key files: raw, and with a signature that is right.
"""

from compat import known
from fuzz.known import LISTED, READS, RING, parted, text_of
from fuzz.oracle import asked
from joserfc import jws
from joserfc.jwk import OKPKey

from eckid import Doel, RevocationList, SectorLink, Succession, Withdrawal
from eckid.succession import read_jwks

_KEY = OKPKey.import_key(RING.signing_key())
_KINDS = ("link", "revocations", "succession", "withdrawal")


def once(data: bytes) -> None:
    """
    Verify *data* as a token, or as what the board signed.
    """
    way, octets = parted(data, 2 + len(_KINDS))
    if way == 0:
        with asked(octets):
            read_jwks(octets, houder=known.BOARD)
        return
    token = text_of(octets)
    if way > 1:
        header = {"alg": "Ed25519", "kid": _KEY.thumbprint()}
        header["typ"] = f"eckid-{_KINDS[way - 2]}+jws"
        token = jws.serialize_compact(header, octets, _KEY, algorithms=["Ed25519"])
    given = token, octets
    with asked(*given):
        SectorLink.verify(token, **READS, doel=Doel.GEBRUIK, revocations=LISTED)
    with asked(*given):
        RevocationList.verify(token, **READS, last_seen=None)
    for kind in (Succession, Withdrawal):
        with asked(*given):
            kind.verify(token, **READS)
