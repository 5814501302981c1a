"""
From PGN to ketenID, and what each recipient may see.

Start with `hash_pgn`, `derive_stampseudoniem` and `derive_ketenid` for one
person, `Attribuutbeleid` for what may be released, and `eckid.exchange` for
class lists.
"""

from eckid._version import __version__
from eckid._vrijgave import Vrijgave, Waarde
from eckid.attributes import CATALOGUE, AnderId, Attribuut, Kenmerk
from eckid.boundary import MAY_PASS, Partij, Soort, check_passage
from eckid.decision import Oordeel, Reden
from eckid.derivation import (
    derive_ketenid,
    derive_ketenids,
    derive_stampseudoniem,
    ketenid_token,
)
from eckid.doel import ROLLEN, Doel, Ontvanger, Organisatie, Wie
from eckid.errors import (
    BoundaryError,
    EckidError,
    ExchangeError,
    FaultError,
    IdentifierError,
    LinkError,
    NumberError,
    NumberReason,
    PolicyError,
    PseudonymError,
    PseudonymReason,
    RegisterError,
    RequestError,
    SecretError,
    ServiceError,
    TransportError,
)
from eckid.hashing import hash_pgn, hash_pgns
from eckid.keten import LEERMIDDELENKETEN, Keten, Sector
from eckid.keys import Salt, Sleutel, Sleutelbos
from eckid.naming import display_names
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer, elfproef, parse_pgn
from eckid.policy import Attribuutbeleid
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.regel import Afwijking, Eis, Regel, Vorm
from eckid.scheme import (
    ARGON2ID,
    CHEAPEST,
    NUMMERVOORZIENING,
    Argon2idCost,
    Scheme,
    ScryptCost,
)

__all__ = [
    "ARGON2ID",
    "BSN",
    "CATALOGUE",
    "CHEAPEST",
    "LEERMIDDELENKETEN",
    "MAY_PASS",
    "NUMMERVOORZIENING",
    "PGN",
    "ROLLEN",
    "Afwijking",
    "AnderId",
    "Argon2idCost",
    "Attribuut",
    "Attribuutbeleid",
    "BoundaryError",
    "Doel",
    "EckidError",
    "Eis",
    "ExchangeError",
    "FaultError",
    "HPgn",
    "IdentifierError",
    "Kenmerk",
    "Keten",
    "KetenID",
    "LinkError",
    "Medewerker",
    "NumberError",
    "NumberReason",
    "Onderwijsnummer",
    "Ontvanger",
    "Oordeel",
    "Organisatie",
    "Partij",
    "PolicyError",
    "PseudonymError",
    "PseudonymReason",
    "Reden",
    "Regel",
    "RegisterError",
    "RequestError",
    "Salt",
    "Scheme",
    "ScryptCost",
    "SecretError",
    "Sector",
    "ServiceError",
    "Sleutel",
    "Sleutelbos",
    "Soort",
    "Stampseudoniem",
    "TransportError",
    "Vorm",
    "Vrijgave",
    "Waarde",
    "Wie",
    "__version__",
    "check_passage",
    "derive_ketenid",
    "derive_ketenids",
    "derive_stampseudoniem",
    "display_names",
    "elfproef",
    "hash_pgn",
    "hash_pgns",
    "ketenid_token",
    "parse_pgn",
]
