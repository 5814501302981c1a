"""
HPgn, stampseudoniem and ketenID: their form, and reading it. No derivation.

Each is read exactly. What is nearly right is refused with its own reason and
never repaired, because in the wild the near miss is another identifier.
"""

from eckid.pseudonyms.hpgn import HPgn
from eckid.pseudonyms.ketenid import KetenID
from eckid.pseudonyms.stampseudoniem import Stampseudoniem

__all__ = ["HPgn", "KetenID", "Stampseudoniem"]
