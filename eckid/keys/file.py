"""
The sealed file of a ring: bytes in, bytes out.

The file is a header, the sealed ring, and a plain SHA-256 of both. The header has magic
and version; argon2id's memory in KiB, passes, lanes and salt; the nonce; a check value;
the length of what is sealed. docs/reference/construction.md has every byte.
"""

import hashlib
import secrets
import struct
import unicodedata
from contextlib import suppress
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from eckid._core.bounds import LANES, MEMORY, MOST_MEMORY, PASSES
from eckid._core.values import expect, frame
from eckid.errors import SecretError

_HEADER: Final = struct.Struct(">8sH IBB16s 12s 32s I")
_MAGIC: Final = b"eckidbos"
_VERSION: Final = 1
# 256 MiB, three passes, four lanes: as long as one HPgn takes (RFC 9106, section 4,
# lets memory give way to passes).
_COST: Final = (256 * 1024, 3, 4)
_KIB: Final = 1024
_MOST: Final = (MOST_MEMORY.most // _KIB, PASSES.most, LANES.most)
# Up to so many passes an allowance of memory is one of time too.
_FREE_PASSES: Final = 4


def hkdf(root: bytes, length: int, *info: bytes) -> bytes:
    """
    Return *length* bytes of HKDF-SHA-512 from *root*, without salt.

    The parts of *info* name the use of the bytes; they are framed.
    """
    return HKDF(SHA512(), length, salt=None, info=frame(*info)).derive(root)


def utf8(name: str, text: str) -> bytes:
    """
    Return *text* in UTF-8.

    Raises:
        eckid.errors.SecretError: If it has a lone surrogate, which UTF-8 cannot hold.
            The error does not repeat the text.
    """
    octets = None
    with suppress(UnicodeEncodeError):
        octets = text.encode("utf-8")
    if octets is None:
        raise SecretError(f"{name}: expected text, got a lone surrogate")
    return octets


def _stretch(
    passphrase: str, salt: bytes, cost: tuple[int, int, int], *, most_memory: int
) -> bytes:
    text = unicodedata.normalize("NFC", expect("passphrase", passphrase, str))
    if not text:
        raise SecretError("passphrase: expected one, got nothing")
    memory, passes, lanes = cost
    needed = _needed(memory, passes)
    if needed * 2**20 > most_memory:
        raise SecretError(
            f"sleutelbos file: expected to open with {most_memory // 2**20} MiB of "
            f"memory, got one that asks {memory // _KIB} MiB and {passes} passes; if "
            f"you trust who made it, allow {needed} MiB (most_memory, --allow-memory)"
        )
    words, stretched = utf8("passphrase", text), None
    with suppress(HashingError):
        stretched = hash_secret_raw(words, salt, passes, memory, lanes, 64, Type.ID)
    if stretched is None:
        raise SecretError(
            f"sleutelbos file: expected {memory // 1024} MiB of memory, got less"
        )
    return stretched


def _needed(memory: int, passes: int) -> int:
    """
    Return how many MiB must be allowed for so many KiB, and so many passes over them.

    Passes cost time: twice as many count as twice the memory.
    """
    return -(-memory * max(passes, _FREE_PASSES) // (_FREE_PASSES * _KIB))


def _check_value(stretched: bytes) -> bytes:
    return hkdf(stretched[32:], 32, b"eckid/1/check")


def close(body: bytes, passphrase: str) -> bytes:
    """
    Return the sealed file of *body*; its salt and nonce are drawn anew.
    """
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    stretched = _stretch(passphrase, salt, _COST, most_memory=MEMORY.most)
    check = _check_value(stretched)
    header = _HEADER.pack(_MAGIC, _VERSION, *_COST, salt, nonce, check, len(body) + 16)
    file = header + AESGCM(stretched[:32]).encrypt(nonce, body, header)
    return file + hashlib.sha256(file).digest()


def open_(file: bytes, passphrase: str, *, most_memory: int = MEMORY.most) -> bytes:
    """
    Return the ring in a sealed *file*, as bytes.

    The order of the checks tells the user what is at fault: the kind of file, the disk,
    the passphrase, or somebody who changed the file.

    Args:
        file: The content of the file.

        passphrase: The text that it was sealed with.

        most_memory: How many bytes argon2id may take. The file says what it asks, and
            until the passphrase is tried nobody knows who wrote it.

    Raises:
        eckid.errors.SecretError: If one of the checks fails.
    """
    expect("most_memory", most_memory, int)
    if file[:10] != _MAGIC + _VERSION.to_bytes(2, "big"):
        raise SecretError("sleutelbos file: expected version 1 of one, got another")
    if len(file) < _HEADER.size + 32:
        raise SecretError("sleutelbos file: damaged, it is too short")
    header, sealed = file[: _HEADER.size], file[_HEADER.size : -32]
    _, _, memory, passes, lanes, salt, nonce, check, length = _HEADER.unpack(header)
    digest = hashlib.sha256(file[:-32]).digest()
    if len(sealed) != length or not bytes_eq(digest, file[-32:]):
        raise SecretError("sleutelbos file: damaged, length or checksum differs")
    cost = (memory, passes, lanes)
    # argon2id itself needs 8 KiB a lane, and one pass, at least.
    if not (
        all(got <= most for got, most in zip(cost, _MOST, strict=True))
        and lanes >= 1
        and passes >= 1
        and memory >= 8 * lanes
    ):
        raise SecretError("sleutelbos file: its argon2id parameters are out of bounds")
    stretched = _stretch(passphrase, salt, cost, most_memory=most_memory)
    if not bytes_eq(_check_value(stretched), check):
        raise SecretError("passphrase: not the one this file was sealed with")
    body = None
    with suppress(InvalidTag):
        body = AESGCM(stretched[:32]).decrypt(nonce, sealed, header)
    if body is None:
        raise SecretError("sleutelbos file: changed since it was sealed")
    return body
