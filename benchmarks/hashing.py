"""
How fast is one HPgn beside hashlib.scrypt, and is it the same?
"""

import hashlib

from measure import gate, ratio

from eckid import BSN, Salt, hash_pgn

# Published test values of the reference clients.
SALT = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
PGN = BSN.parse("063138219")


def ours() -> str:
    """
    Hash with eckid.
    """
    return hash_pgn(PGN, salt=SALT).expose()


def reference() -> str:
    """
    Hash with the standard library.
    """
    return hashlib.scrypt(
        PGN.expose().encode(),
        salt=SALT.expose(),
        n=131072,
        r=8,
        p=4,
        maxmem=2**28,
        dklen=32,
    ).hex()


if ours() != reference():
    raise SystemExit("the two differ")
# Both run OpenSSL; below 0.8 something of ours would stand in its way.
gate(
    "one HPgn, times as fast as hashlib.scrypt",
    ratio(reference, ours, rounds=5),
    least=0.8,
)
