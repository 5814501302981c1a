"""
The schemes by which a PGN is hashed: names and cost, no computing.
"""

from dataclasses import dataclass
from typing import Final

from eckid._core.values import Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class ScryptCost:
    """
    Cost of scrypt, under the names of RFC 7914.

    Attributes:
        n: CPU and memory cost N.
        r: Block size.
        p: Parallelization.
    """

    n: int
    r: int
    p: int

    @property
    def memory(self) -> int:
        """
        Bytes of memory that one hash takes.
        """
        return 128 * self.r * (self.n + self.p + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argon2idCost:
    """
    Cost of argon2id, under the names of RFC 9106.

    Attributes:
        m: Memory in KiB.
        t: Passes over the memory.
        p: Lanes.
    """

    m: int
    t: int
    p: int

    @property
    def memory(self) -> int:
        """
        Bytes of memory that one hash takes.
        """
        return 1024 * self.m


class Scheme(Closed):
    """
    How a PGN becomes an HPgn.

    NUMMERVOORZIENING is the scheme of the national service; ARGON2ID is ours, for
    ketens outside it; CHEAPEST is for tests only. The value is the name that goes into
    a derivation.
    """

    NUMMERVOORZIENING = "nummervoorziening-2016"
    ARGON2ID = "eckid-argon2id-1"
    CHEAPEST = "cheapest-tests-only"

    @property
    def cost(self) -> ScryptCost | Argon2idCost:
        """
        What one hash costs: the parameters of scrypt or of argon2id.
        """
        return _COST[self]


_COST: Final[dict[Scheme, ScryptCost | Argon2idCost]] = {
    # As in the reference clients of Kennisnet, since 26-05-2016.
    Scheme.NUMMERVOORZIENING: ScryptCost(n=131072, r=8, p=4),
    # Ours, for ketens outside the national service. Guessing a number costs no less
    # than under the national scheme (benchmarks/guessing.py measures it).
    Scheme.ARGON2ID: Argon2idCost(m=256 * 1024, t=3, p=4),
    # Tests only: the national scheme with the work taken out.
    Scheme.CHEAPEST: ScryptCost(n=2, r=1, p=1),
}

NUMMERVOORZIENING: Final = Scheme.NUMMERVOORZIENING
ARGON2ID: Final = Scheme.ARGON2ID
CHEAPEST: Final = Scheme.CHEAPEST
