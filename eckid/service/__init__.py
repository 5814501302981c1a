"""
The Nummervoorziening: its protocol, a client, batches that survive, and a stand-in.
"""

from eckid.service.access import Toegang, school_oin
from eckid.service.client import SoapNummervoorziening
from eckid.service.local import LocalNummervoorziening
from eckid.service.nummervoorziening import (
    SECTOR_IDS,
    Batch,
    Begrip,
    Nummervoorziening,
    Pong,
    Uitslag,
)
from eckid.service.transport import Tijden

__all__ = [
    "SECTOR_IDS",
    "Batch",
    "Begrip",
    "LocalNummervoorziening",
    "Nummervoorziening",
    "Pong",
    "SoapNummervoorziening",
    "Tijden",
    "Toegang",
    "Uitslag",
    "school_oin",
]
