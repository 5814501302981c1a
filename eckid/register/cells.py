"""
The encryption of what a register keeps, cell by cell; and the tags to find it by.

    cell    = nonce ‖ AES-256-SIV(data key of the person,
        (frame("eckid/1/register", "ledger", kind, handle, 2, seq), nonce), octets)
    wrapped = nonce ‖ AES-256-SIV(k_wrap,
        (frame("eckid/1/register", "key", "wrapped", handle, 1), nonce), data key)
    tag     = HMAC-SHA-256(k_index, frame(id of the register, kind, value, …))

A nonce is 16 random bytes, so equal contents give different cells. A cell that is moved
to another row, column or table does not open; in a cell of format 1 the frame ends
before seq, so it opens at any row of its person and kind. Two registers under one ring
have other tags for the same person.
"""

import secrets
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from eckid._core.foreign import foreign
from eckid._core.values import frame
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos

# The versions of the form in which keys and rows are written now; a new form gets the
# next number.
WRAPPED: Final = 1
FORMAT: Final = 2
_NONCE: Final = 16
# A frame has two bytes for the length of a part.
_MOST: Final = 65_535


_CHANGED: Final = foreign(
    lambda _: RegisterError(
        "register: expected a cell sealed for its place, got one that was changed"
    ),
    InvalidTag,
    ValueError,
    OverflowError,
)


def new_key() -> bytes:
    """
    Return a new random data key, of 64 bytes.
    """
    return secrets.token_bytes(64)


def new_handle() -> int:
    """
    Return a new random handle of 63 bits, which an integer of SQLite can hold.
    """
    return secrets.randbits(63)


class Place(NamedTuple):
    """
    Where a cell stands; it opens nowhere else.

    Attributes:
        table: The table.
        column: The column; of the ledger the kind of the fact.
        handle: The handle of the person.
        format: The version of the form in which it is written.
        seq: The row of the ledger; None for a key, and for rows of format 1.
    """

    table: str
    column: str
    handle: int
    format: int
    seq: int | None = None

    def framed(self) -> bytes:
        """
        Return the place as bytes, which are authenticated with the cell.
        """
        seq = () if self.seq is None else (self.seq.to_bytes(8, "big"),)
        return frame(
            b"eckid/1/register",
            self.table.encode("ascii"),
            self.column.encode("ascii"),
            self.handle.to_bytes(8, "big"),
            self.format.to_bytes(2, "big"),
            *seq,
        )


def seal(siv: AESSIV, octets: bytes, place: Place) -> bytes:
    """
    Return *octets* encrypted for one place.
    """
    nonce = secrets.token_bytes(_NONCE)
    return nonce + siv.encrypt(octets, [place.framed(), nonce])


def unseal(siv: AESSIV, sealed: bytes, place: Place) -> bytes:
    """
    Return what `seal` encrypted for the same place.

    Raises:
        eckid.errors.RegisterError: If it was sealed for another place or under another
            key, or was changed.
    """
    nonce, body = sealed[:_NONCE], sealed[_NONCE:]
    with _CHANGED:
        return siv.decrypt(body, [place.framed(), nonce])


def tag(sleutelbos: Sleutelbos, register: bytes, kind: str, *values: str) -> bytes:
    """
    Return the tag by which a value is found; never of a PGN, a name or a date.

    Args:
        sleutelbos: The ring.

        register: The id of the register, 16 bytes.

        kind: What the values are.

        values: The values.

    Raises:
        eckid.errors.RegisterError: If a value has a lone surrogate, or is longer than
            65,535 bytes.
    """
    with foreign(
        RegisterError(f"{kind}: expected text of at most {_MOST} bytes, got another"),
        ValueError,
    ):
        framed = frame(register, kind.encode("ascii"), *(v.encode() for v in values))
    mac = sleutelbos.mac_index()
    mac.update(framed)
    return mac.finalize()
