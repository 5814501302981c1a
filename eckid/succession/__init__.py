"""
What to do when one identifier is not enough.

A succession notice says that a ketenID comes in the place of an earlier one, or of a
provisional identifier, of the same person. A withdrawal says that a ketenID no longer
stands for the person it was given for. The board signs both, for one recipient. They
may come in any order and more than once; `Notices` applies them.

Here too are the substitution of a number, the provisional identifier, and the link
across sectors with its consent and its revocation list.
"""

from eckid.succession.applying import Notices, rotate_notices
from eckid.succession.jwk import merge_keys, read_jwks, write_jwks
from eckid.succession.jws import PublicKey
from eckid.succession.link import Reikwijdte, SectorLink, resting_on
from eckid.succession.notices import Identifier, Succession, Withdrawal
from eckid.succession.revocations import Gezien, RevocationList, list_digest
from eckid.succession.substitution import (
    Substitution,
    Substitutions,
    SubstitutionStore,
    substitute,
)
from eckid.succession.toestemming import AGE_OF_CONSENT, Toestemmer, Toestemming
from eckid.succession.voorlopig import Voorlopig

__all__ = [
    "AGE_OF_CONSENT",
    "Gezien",
    "Identifier",
    "Notices",
    "PublicKey",
    "Reikwijdte",
    "RevocationList",
    "SectorLink",
    "Substitution",
    "SubstitutionStore",
    "Substitutions",
    "Succession",
    "Toestemmer",
    "Toestemming",
    "Voorlopig",
    "Withdrawal",
    "list_digest",
    "merge_keys",
    "read_jwks",
    "resting_on",
    "rotate_notices",
    "substitute",
    "write_jwks",
]
