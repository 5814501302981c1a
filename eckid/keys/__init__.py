"""
Salt, key and ring (sleutelbos), and the sealed file that holds a ring.

A ring plays the part of the service: all who must agree on ketenIDs derive under one
ring, held by one party. Load it once per process. Threads and forked processes may
share it. Never send it to a worker: the worker loads the file itself.
"""

from eckid.keys.hsm import Token
from eckid.keys.mac import Mac, Macs
from eckid.keys.names import NAMESPACE, RELEASE
from eckid.keys.salt import Salt, Sleutel
from eckid.keys.sleutelbos import Sleutelbos

__all__ = [
    "NAMESPACE",
    "RELEASE",
    "Mac",
    "Macs",
    "Salt",
    "Sleutel",
    "Sleutelbos",
    "Token",
]
