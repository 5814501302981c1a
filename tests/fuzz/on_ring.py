"""
The file of a ring: raw, with a checksum that is right, and its content alone.
"""

import hashlib
import struct
from unittest import mock

from fuzz.known import parted
from fuzz.oracle import FoundError, asked

from eckid import Sleutelbos
from eckid.keys import file as keyfile
from eckid.keys.ring import read_ring

_PASSPHRASE = "a fixture protects nobody"
# Memory, passes and lanes stand behind magic and version: argon2id's least.
_COST = struct.pack(">IBB", 8, 1, 1)


def once(data: bytes) -> None:
    """
    Open *data* as a ring's file, or read it as the content of one.
    """
    way, octets = parted(data, 3)
    with asked(octets, _PASSPHRASE):
        if way == 0:
            _cheaply(octets)
        elif way == 1:
            body = octets[:10] + _COST + octets[16:]
            _cheaply(body + hashlib.sha256(body).digest())
        else:
            ring = Sleutelbos(read_ring(octets))
            # JSON has several spellings of one ring; they stand behind the seal.
            if Sleutelbos(read_ring(ring._ring.dump())) != ring:
                raise FoundError("a ring was changed by writing it")


def _cheaply(octets: bytes) -> None:
    # What a file asks is what opening takes; here the stretching is not asked after.
    with mock.patch.object(keyfile, "hash_secret_raw", return_value=bytes(64)):
        keyfile.open_(octets, _PASSPHRASE)
