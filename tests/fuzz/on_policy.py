"""
A policy in TOML: loaded and asked, or refused with its line.
"""

import os
import tempfile
from pathlib import Path
from typing import Final

from fuzz.known import DAY, A
from fuzz.oracle import FoundError, asked

from eckid import Attribuutbeleid, Doel, KetenID, Wie
from eckid.policy import Waarde

_FILE = Path(tempfile.gettempdir(), f"eckid-fuzz-{os.getpid()}.toml")
_PUPIL: Final[dict[str, Waarde]] = {
    "eckid": KetenID.parse("https://eckid.invalid/2026/" + 128 * "a"),
    "roepnaam": "Sem",
    "achternaam": "Bakker",
    "geboortedatum": "2015-12-24",
    "leerlingnummer": "4711",
    "emailadres": "sem@school.example",
}


def once(data: bytes) -> None:
    """
    Load *data* as a policy, and put each doel to it.
    """
    _FILE.write_bytes(data)
    try:
        with asked(data):
            beleid = Attribuutbeleid.load_file(_FILE)
            if len(beleid.digest) != 64:
                raise FoundError("a policy without a digest")
            for doel in Doel:
                to = beleid.voor(doel=doel, organisatie=A, on=DAY)
                given = to.release(_PUPIL, wie=Wie.LEERLING)
                if not given.released.keys() <= {*to.columns()}:
                    raise FoundError("more is released than the policy has columns")
    finally:
        _FILE.unlink()
