"""
The link across sectors, once it was verified, and what it calls a ketenID.

`eckid.boundary` says when such a link joins two ketenIDs, in `LINK_HOLDS`.
"""

import hashlib
from datetime import date
from typing import final

from eckid._core.hidden import Verified
from eckid._core.values import expect, frame
from eckid.doel import Doel
from eckid.pseudonyms import KetenID


@final
class VerifiedLink(Verified):
    """
    A link across sectors that was verified, for one recipient and one doel.

    Only `SectorLink.verify` makes one; give it to `check_join`. It holds digests of its
    two ketenIDs, so that only a holder of both can tell which two they are.

    Attributes:
        houder: OIN of the board whose key signed it: the link says nothing of it.
        oin: OIN of the recipient that it is for.
        doel: The doel that it is for.
        vanaf: The first day on which it holds.
        tot: The last day on which it holds.
        next_update: The last day of the revocation list that it was verified with;
            after that day it must be verified anew.
        nonce: 16 random bytes of the link.
        names: The digests of the two ketenIDs, as `link_name` makes them.
    """

    __slots__ = (
        "doel",
        "houder",
        "names",
        "next_update",
        "nonce",
        "oin",
        "tot",
        "vanaf",
    )

    houder: str
    oin: str
    doel: Doel
    vanaf: date
    tot: date
    next_update: date
    nonce: bytes
    names: frozenset[bytes]

    def __repr__(self) -> str:
        return f"<VerifiedLink {self.doel.value} {self.vanaf} to {self.tot}>"

    def is_of(self, a: KetenID, b: KetenID) -> bool:
        """
        Return whether *a* and *b* are the two ketenIDs that this links, in any order.
        """
        return self.names == {
            link_name(k, nonce=self.nonce, oin=self.oin) for k in (a, b)
        }


def link_name(ketenid: KetenID, *, nonce: bytes, oin: str) -> bytes:
    """
    Return what a link calls a ketenID: a SHA-256 of 32 bytes.

    A holder of the ketenID can compute it again and compare.

    Args:
        ketenid: The ketenID, with its sector.

        nonce: 16 random bytes of the link.

        oin: OIN of the recipient that the link is for.

    Raises:
        ValueError: If *oin* is not ASCII.
    """
    expect("ketenID", ketenid, KetenID)
    expect("nonce", nonce, bytes)
    if not expect("oin", oin, str).isascii():
        raise ValueError("oin: expected 20 digits or capitals, got other signs")
    sector = "" if ketenid.sector is None else ketenid.sector.value
    parts = oin, sector, ketenid.uri
    framed = frame(b"eckid/1/link", nonce, *(part.encode("ascii") for part in parts))
    return hashlib.sha256(framed).digest()
