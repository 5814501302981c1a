"""
A stand-in for the Nummervoorziening, to rehearse with: REHEARSAL, no pupils' numbers.
"""

from eckid.service.standin.boards import Besturen, server_context
from eckid.service.standin.core import Oefendienst
from eckid.service.standin.gedrag import Gedrag
from eckid.service.standin.ring import rehearsal_ring
from eckid.service.standin.server import Standin

__all__ = [
    "Besturen",
    "Gedrag",
    "Oefendienst",
    "Standin",
    "rehearsal_ring",
    "server_context",
]
