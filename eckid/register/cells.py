"""
The encryption of what a register keeps, cell by cell; and the tags to find it by.

    cell    = nonce ‖ AES-256-SIV(data key of the person,
        (frame("eckid/1/register", table, column, handle, format), nonce), octets)
    wrapped = nonce ‖ AES-256-SIV(k_wrap,
        (frame("eckid/1/register", "key", "wrapped", handle, format), nonce), data key)
    tag     = HMAC-SHA-256(k_index, frame(kind, value, …))

A nonce is 16 random bytes, so equal contents give different cells. A cell that is moved
to another row, column or table does not open.
"""

import secrets
from contextlib import suppress
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from eckid._core.values import frame
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos

# The version of the form in which rows are written now; a new form gets the next
# number.
FORMAT: Final = 1
_NONCE: Final = 16


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


def seal(
    siv: AESSIV, octets: bytes, *, table: str, column: str, handle: int, format: int
) -> bytes:
    """
    Return *octets* encrypted for one place: table, column, handle and format.
    """
    nonce = secrets.token_bytes(_NONCE)
    place = _place(table, column, handle, format)
    return nonce + siv.encrypt(octets, [place, nonce])


def unseal(
    siv: AESSIV, sealed: bytes, *, table: str, column: str, handle: int, format: int
) -> bytes:
    """
    Return what `seal` encrypted for the same place.

    Raises:
        eckid.errors.RegisterError: If it was sealed for another place or under another
            key, or was changed.
    """
    nonce, body = sealed[:_NONCE], sealed[_NONCE:]
    place = _place(table, column, handle, format)
    with suppress(InvalidTag, ValueError):
        return siv.decrypt(body, [place, nonce])
    raise RegisterError(
        "register: expected a cell sealed for its place, got one that was changed"
    )


def _place(table: str, column: str, handle: int, format: int) -> bytes:
    return frame(
        b"eckid/1/register",
        table.encode("ascii"),
        column.encode("ascii"),
        handle.to_bytes(8, "big"),
        format.to_bytes(2, "big"),
    )


def tag(sleutelbos: Sleutelbos, kind: str, *values: str) -> bytes:
    """
    Return the tag by which a value is found; never of a PGN, a name or a date.
    """
    mac = sleutelbos.mac_index()
    mac.update(
        frame(kind.encode("ascii"), *(value.encode("utf-8") for value in values))
    )
    return mac.finalize()
