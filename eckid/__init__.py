"""
Pseudonyms in Dutch education: from PGN to ketenID, and what each recipient may see.

For one person, call `hash_pgn`, `derive_stampseudoniem` and `derive_ketenid`. For what
may be released, load an `Attribuutbeleid`. For class lists, use `eckid.exchange`.
"""

from eckid._version import __version__
from eckid.boundary import Partij, Soort, check_join, check_passage
from eckid.derivation import derive_ketenid, derive_stampseudoniem, ketenid_token
from eckid.doel import Doel, Ontvanger, Organisatie, Wie
from eckid.enrolment import Grond, Inschrijving, Uitkomst, ketenids_on
from eckid.errors import (
    BoundaryError,
    EckidError,
    ExchangeError,
    IdentifierError,
    LinkError,
    NumberError,
    PolicyError,
    PseudonymError,
    RegisterError,
    SecretError,
)
from eckid.hashing import Hasher, hash_pgn
from eckid.keten import LEERMIDDELENKETEN, Keten, Onderwijssoort, Sector, sector_of
from eckid.keys import Salt, Sleutel, Sleutelbos
from eckid.naming import display_names
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer, elfproef, parse_pgn
from eckid.policy import Attribuutbeleid, Bestemming, Oordeel, Reden, Vrijgave
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.register import Register
from eckid.scheme import NUMMERVOORZIENING, Scheme
from eckid.succession import (
    Notices,
    PublicKey,
    RevocationList,
    SectorLink,
    Substitution,
    Succession,
    Toestemmer,
    Toestemming,
    Voorlopig,
    Withdrawal,
    substitute,
)

__all__ = [
    "BSN",
    "LEERMIDDELENKETEN",
    "NUMMERVOORZIENING",
    "PGN",
    "Attribuutbeleid",
    "Bestemming",
    "BoundaryError",
    "Doel",
    "EckidError",
    "ExchangeError",
    "Grond",
    "HPgn",
    "Hasher",
    "IdentifierError",
    "Inschrijving",
    "Keten",
    "KetenID",
    "LinkError",
    "Medewerker",
    "Notices",
    "NumberError",
    "Onderwijsnummer",
    "Onderwijssoort",
    "Ontvanger",
    "Oordeel",
    "Organisatie",
    "Partij",
    "PolicyError",
    "PseudonymError",
    "PublicKey",
    "Reden",
    "Register",
    "RegisterError",
    "RevocationList",
    "Salt",
    "Scheme",
    "SecretError",
    "Sector",
    "SectorLink",
    "Sleutel",
    "Sleutelbos",
    "Soort",
    "Stampseudoniem",
    "Substitution",
    "Succession",
    "Toestemmer",
    "Toestemming",
    "Uitkomst",
    "Voorlopig",
    "Vrijgave",
    "Wie",
    "Withdrawal",
    "__version__",
    "check_join",
    "check_passage",
    "derive_ketenid",
    "derive_stampseudoniem",
    "display_names",
    "elfproef",
    "hash_pgn",
    "ketenid_token",
    "ketenids_on",
    "parse_pgn",
    "sector_of",
    "substitute",
]
