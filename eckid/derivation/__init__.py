"""
HPgn to stampseudoniem to ketenID, and the token: eckid's own construction.

What the Nummervoorziening computes here is not public. This is NOT it, and its results
can never be taken for those of the national production service.

The formulas stand in `formulas`, their keys come from a ring (`eckid.keys`), and
docs/reference/construction.md has every byte. It is HMAC-SHA-512 because an HSM or a
key service computes that without giving up the key, and because these identifiers have
512 bits.
"""

from eckid.derivation.derive import (
    derive_ketenid,
    derive_ketenids,
    derive_stampseudoniem,
    ketenid_of,
    stam_of,
)
from eckid.derivation.formulas import ketenid_token

__all__ = [
    "derive_ketenid",
    "derive_ketenids",
    "derive_stampseudoniem",
    "ketenid_of",
    "ketenid_token",
    "stam_of",
]
