"""
The Nummervoorziening: its protocol, a client, batches that survive, and a stand-in.
"""

from eckid.service.access import Toegang, school_oin
from eckid.service.bron import Dienstbron, Grenzen
from eckid.service.client import SoapNummervoorziening
from eckid.service.journal import aanvragen_at, aanvragen_of
from eckid.service.local import LocalNummervoorziening
from eckid.service.nummervoorziening import (
    SECTOR_IDS,
    Batch,
    Begrip,
    Nummervoorziening,
    Pong,
    Uitslag,
)
from eckid.service.qualification import Proef, qualify
from eckid.service.replacing import replace_each
from eckid.service.transport import Tijden

__all__ = [
    "SECTOR_IDS",
    "Batch",
    "Begrip",
    "Dienstbron",
    "Grenzen",
    "LocalNummervoorziening",
    "Nummervoorziening",
    "Pong",
    "Proef",
    "SoapNummervoorziening",
    "Tijden",
    "Toegang",
    "Uitslag",
    "aanvragen_at",
    "aanvragen_of",
    "qualify",
    "replace_each",
    "school_oin",
]
