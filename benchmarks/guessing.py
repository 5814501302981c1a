"""
Is a guess under ARGON2ID as expensive as one under the national scheme?

The cost of a guess is the processor seconds it takes times the memory it holds:
an attacker with many cores is bound by both.
"""

import time

from measure import gate, ratio

from eckid import BSN, NUMMERVOORZIENING, Salt, Scheme, hash_pgn
from eckid.scheme import ARGON2ID

SALT = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
PGN = BSN.parse("063138219")


def guess(scheme: Scheme) -> None:
    """
    Try one number.
    """
    hash_pgn(PGN, salt=SALT, scheme=scheme)


seconds = ratio(
    lambda: guess(ARGON2ID),
    lambda: guess(NUMMERVOORZIENING),
    rounds=5,
    clock=time.process_time,
)
memory = ARGON2ID.cost.memory / NUMMERVOORZIENING.cost.memory
gate("a guess, ARGON2ID to the national scheme", seconds * memory, least=1.0)
