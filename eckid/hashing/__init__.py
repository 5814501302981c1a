"""
PGN to HPgn: the published specification of the national service.

    HPgn = scrypt(lower case of the PGN, salt, N=131072, r=8, p=4, 32 bytes)

Source: the reference clients of Kennisnet; the results equal their vectors to the byte.
One hash takes more than a second and 128 MiB: hash in a job, never in a request.
"""

from eckid.hashing.hasher import Hasher, hash_pgns
from eckid.hashing.one import hash_pgn

__all__ = ["Hasher", "hash_pgn", "hash_pgns"]
