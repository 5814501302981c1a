"""
HPgn, stampseudoniem and ketenID: their form, and reading them. No derivation.

Each is read exactly. A text that is nearly right is refused with its own reason and
never repaired: in practice a near miss is another identifier.
"""

from eckid.pseudonyms.hpgn import HPgn
from eckid.pseudonyms.ketenid import KetenID
from eckid.pseudonyms.stampseudoniem import Stampseudoniem

__all__ = ["HPgn", "KetenID", "Stampseudoniem"]
