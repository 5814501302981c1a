"""
Salt, key and ring, and the sealed file that holds a ring.

A ring plays the part of the service: all who must agree on ketenIDs derive
under one ring, held by one party. Load it once per process; it is safe over
threads and fork, and is never sent to a worker: a worker loads the file.
"""

from eckid.keys.names import NAMESPACE, RELEASE
from eckid.keys.salt import Salt, Sleutel
from eckid.keys.sleutelbos import Sleutelbos

__all__ = ["NAMESPACE", "RELEASE", "Salt", "Sleutel", "Sleutelbos"]
