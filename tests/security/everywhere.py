"""
What is the same in every process and locale: a small import, for a child process.
"""

from typing import Final

from parties import number
from security.constructions import At, Real, Roots

from eckid import LEERMIDDELENKETEN, Medewerker, hash_pgn
from eckid.scheme import CHEAPEST

REAL: Final = Real(Roots.of("determinism"))
PO: Final = At(LEERMIDDELENKETEN.id, "po", "2026")
FEW: Final = [number(n) for n in range(40)]
# The i's of Turkish, of which one in capitals is no ASCII.
_TURKISH: Final = "\u0131-\u0130-i"


def shown() -> str:
    """
    Return ketenIDs, and what is made of letters that have another lower case elsewhere.
    """
    ring, hpgns = REAL.ring, [REAL.hpgn(text, REAL.roots.salt) for text in FEW]
    capitals = Medewerker.parse("20DI INIT@SCHOOL.IT")
    address = hash_pgn(capitals, salt=ring.salt, scheme=CHEAPEST).expose()
    made = [ketenid.hex() for ketenid in REAL.ketenids(hpgns, PO)]
    return " ".join([address, *made, REAL.voorlopig("las", _TURKISH).hex(), ring.mark])
