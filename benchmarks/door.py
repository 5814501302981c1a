"""
How long do `import eckid` and ``eckid --version`` take beside what they stand on?

The references are argon2 and the submodules of cryptography that eckid uses, and
`import click, rich`, each in a fresh interpreter. The time of an empty one is taken
off for the door. All are compiled beforehand, as an installer does it.
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


def seconds(*arguments: str) -> float:
    """
    Return the seconds that a fresh interpreter takes.
    """
    begin = time.perf_counter()
    subprocess.run(  # noqa: S603  # our own
        [sys.executable, *arguments],
        env=ENVIRONMENT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begin


def door() -> float:
    """
    Return the ratio of one round for the door.
    """
    empty = seconds("-c", "")
    return (seconds("-c", "import eckid") - empty) / (seconds("-c", REFERENCE) - empty)


def start() -> float:
    """
    Return the ratio of one round for the start of the command.
    """
    command = seconds("-m", "eckid", "--version")
    return command / seconds("-c", "import click, rich")


for ratio, name, most in (
    # 2.5 before the guard, the bounds and the two files of a register as one.
    (door, "the door, times its two dependencies", 3.0),
    (start, "eckid --version, times `import click, rich`", 4.0),
):
    ratio()  # compiles
    gate(name, median(ratio() for _ in range(ROUNDS)), most=most)
