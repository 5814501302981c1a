"""
The board's register: what it keeps of each pupil, so that a PGN is used once.

It is two SQLite files, written as one. The register is an encrypted ledger to which
rows are only ever added. The key file beside it has a data key for each person; without
a person's row in it nothing of that person can be read.
"""

from eckid.register.book import Register
from eckid.register.facts import Feit
from eckid.register.ledger import Head
from eckid.register.moves import Hersteld
from eckid.register.persons import Opname, OpnameUitkomst
from eckid.register.store import keys_of

__all__ = [
    "Feit",
    "Head",
    "Hersteld",
    "Opname",
    "OpnameUitkomst",
    "Register",
    "keys_of",
]
