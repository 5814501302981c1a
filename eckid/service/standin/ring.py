"""
The rings that a stand-in may answer under: rehearsal rings with the public test salt.
"""

import hashlib
from base64 import b64decode
from typing import Final

from eckid._core.values import expect
from eckid.errors import SecretError
from eckid.keys import Sleutelbos
from eckid.keys.ring import Ring
from eckid.keys.salt import Salt

# The old public test salt of the service: it stands in the reference clients.
TEST_SALT: Final = b64decode("rktYml0MIp9TC9u6Ny6uqw==")


def rehearsal_ring() -> Sleutelbos:
    """
    Return the public rehearsal ring, under which every stand-in gives the same answers.

    Its keys are made from published labels, so they keep nothing secret. A ring for
    rehearsals of your own is made with `Sleutelbos.generate`.

    >>> rehearsal_ring()
    <Sleutelbos REHEARSAL pilot, keys hidden>
    """
    return Sleutelbos(
        Ring(
            namespace="https://ketenid.nl",
            salt=TEST_SALT,
            roots={name: _root(name) for name in ("stam", "home", "seed")},
            releases={"pilot": _root("pilot")},
        )
    )


def _root(name: str) -> bytes:
    return hashlib.sha256(f"eckid stand-in, a public key: {name}".encode()).digest()


def a_rehearsal_ring(ring: Sleutelbos) -> Sleutelbos:
    """
    Return *ring* if a stand-in may answer under it.

    Raises:
        eckid.errors.SecretError: If it is not a rehearsal ring, or has another salt
            than the public test salt.
    """
    if not expect("sleutelbos", ring, Sleutelbos).rehearsal or ring.salt != Salt(
        TEST_SALT
    ):
        raise SecretError(
            "sleutelbos: expected a rehearsal ring (https://ketenid.nl, release pilot) "
            "with the public test salt, got another; a stand-in takes no ring that may "
            "hold what is a pupil's"
        )
    return ring
