"""
The board's register: what it keeps of each pupil, so that a PGN is used once.

Two SQLite files: the register, an encrypted ledger in which rows are only ever
added, and the key file beside it, with a data key for each person. Without a
person's row in the key file nothing of that person can be read.
"""

from eckid.register.book import Register
from eckid.register.facts import Feit
from eckid.register.ledger import Head
from eckid.register.persons import Opname, OpnameGrond
from eckid.register.store import keys_of

__all__ = ["Feit", "Head", "Opname", "OpnameGrond", "Register", "keys_of"]
