"""
Where a worker finds its ring: each process opens the file once, by itself.

A ring is never sent. What is sent says where it lies, and where its passphrase lies.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from eckid._core.bounds import WORDS, octets_within
from eckid._core.values import a_path, expect
from eckid.errors import SecretError
from eckid.exchange.lists.bron import Ringbron
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.scheme import NUMMERVOORZIENING, Scheme

# So many rings stay open in one process; each is some kilobytes.
_MOST: Final = 16
_open: dict["Ringbestand", tuple[object, Sleutelbos]] = {}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ringbestand:
    """
    Where a worker finds the ring, and what it makes with it: no secret is in it.

    Attributes:
        path: The file of the ring, on the machine of each worker.
        passphrase_file: The file that holds the passphrase there.
        passphrase_env: The environment variable of the worker that holds it; give one
            of the two.
        keten: The chain of the ketenIDs; hashing needs none.
        sector: The sector in which all persons are enrolled; hashing needs none.
        release: A release of the ring; None is the newest.
        scheme: The scheme of the HPgns.

    Raises:
        ValueError: If there is no source of the passphrase, or more than one.
    """

    path: str | Path
    passphrase_file: str | Path | None = None
    passphrase_env: str | None = None
    keten: Keten | None = None
    sector: Sector | None = None
    release: str | None = None
    scheme: Scheme = NUMMERVOORZIENING

    def __post_init__(self) -> None:
        a_path("path", self.path)
        if self.passphrase_file is not None:
            a_path("passphrase_file", self.passphrase_file)
        expect("passphrase_env", self.passphrase_env, str, type(None))
        expect("keten", self.keten, Keten, type(None))
        expect("sector", self.sector, Sector, type(None))
        expect("release", self.release, str, type(None))
        expect("scheme", self.scheme, Scheme)
        if (self.passphrase_file is None) is (self.passphrase_env is None):
            raise ValueError("passphrase_file, passphrase_env: expected one of the two")

    def sleutelbos(self) -> Sleutelbos:
        """
        Return the ring; a process opens the file once, and again if it was replaced.

        Raises:
            eckid.errors.SecretError: If it does not open, or the variable is not set.
            OSError: If a file cannot be read.
        """
        stat = Path(self.path).stat()
        found = stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns
        # Without a lock, which a fork would copy: two threads may each open it.
        there, ring = _open.get(self, (None, None))
        if ring is None or there != found:
            ring = Sleutelbos.load(self.path, passphrase=self._passphrase())
            if len(_open) >= _MOST:
                _open.clear()
            _open[self] = found, ring
        return ring

    def bron(self) -> Ringbron:
        """
        Return the ring as the source of pseudonyms.

        Raises:
            TypeError: If there is no keten or no sector.
        """
        self.check_whole()
        made = {"keten": self.keten, "sector": self.sector, "release": self.release}
        return Ringbron(self.sleutelbos(), **made)  # type: ignore[arg-type]

    def check_whole(self) -> None:
        """
        Raise TypeError if there is no keten or no sector.
        """
        expect("keten", self.keten, Keten)
        expect("sector", self.sector, Sector)

    def _passphrase(self) -> str:
        if self.passphrase_file is None:
            words = os.environ.get(str(self.passphrase_env))
            if words is None:
                raise SecretError("passphrase: expected the variable to be set")
            return words
        with Path(self.passphrase_file).open("rb") as file:
            octets = octets_within(file, WORDS, SecretError)
        # Editors end a file with a newline that is not part of the passphrase.
        return re.sub(r"\r?\n\Z", "", octets.decode("utf-8", "surrogateescape"))
