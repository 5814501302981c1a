"""
How long does `import eckid` take beside what it cannot do without?

The reference is argon2 and the submodules of cryptography that eckid uses, each
in a fresh interpreter; the time of an empty one is taken off. All are compiled
beforehand, as an installer does it.
"""

import os
import subprocess
import sys
import tempfile
import time
from statistics import median

from measure import gate

ROUNDS = 15

CACHE = tempfile.TemporaryDirectory()
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name != "PYTHONDONTWRITEBYTECODE"
} | {"PYTHONPYCACHEPREFIX": CACHE.name}

REFERENCE = """
import argon2.low_level
import cryptography.exceptions
import cryptography.hazmat.primitives.asymmetric.ed25519
import cryptography.hazmat.primitives.ciphers.aead
import cryptography.hazmat.primitives.constant_time
import cryptography.hazmat.primitives.hashes
import cryptography.hazmat.primitives.hmac
import cryptography.hazmat.primitives.kdf.hkdf
import cryptography.hazmat.primitives.kdf.scrypt
"""


def seconds(code: str) -> float:
    """
    Return the seconds that a fresh interpreter takes for *code*.
    """
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True)  # noqa: S603  # our own
    return time.perf_counter() - begin


def round_() -> float:
    """
    Return the ratio of one round.
    """
    empty = seconds("")
    return (seconds("import eckid") - empty) / (seconds(REFERENCE) - empty)


round_()  # compiles
gate(
    "the door, times its two dependencies",
    median(round_() for _ in range(ROUNDS)),
    # 2.5 before the guard, the bounds and the two files of a register as one; to be
    # won back by what is imported on demand.
    most=3.0,
)
