"""
Opening AES-SIV (RFC 5297) for many values at once.

Opening one value takes ``cryptography`` longer than its 20 blocks of AES. Here a block
of each value goes through AES in one call, and what lies between the blocks is done for
all by numpy. AES is that of ``cryptography``. The rest is that of section 2 of the
RFC, and opens the vector of its appendix A.2 before it opens anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.constant_time import bytes_eq
from numpy.typing import NDArray

# A row for each value, a column for each of its bytes. What is the same for all may
# have one row: numpy repeats it.
Octets: TypeAlias = NDArray[np.uint8]
# Opens what was sealed about some words; None if it does not open.
One: TypeAlias = Callable[[bytes | None, bytes], bytes | None]
Many: TypeAlias = Callable[
    [Sequence[bytes | None], Sequence[bytes]], list[bytes | None]
]

BLOCK: Final = 16
# The arrays of so many values stay in a processor's cache.
_ROWS: Final = 4096
# Fewer values of one length are opened as soon one by one.
_FEW: Final = 32
# A nonce, a synthetic IV and a block of text at least; with its words no more than a
# ring seals, for the arrays of long values would take much memory.
_LEAST: Final = 3 * BLOCK
_MOST: Final = 2048
# Appendix A.2 of RFC 5297: key, associated data and nonce, text and sealed text.
_KEY: Final = bytes.fromhex(
    "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f"
)
_BOUND: Final = (
    bytes.fromhex(
        "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa998877665544332211"
        "00"
    ),
    bytes.fromhex("102030405060708090a0"),
    bytes.fromhex("09f911029d74e35bd84156c5635688c0"),
)
_TEXT: Final = b"this is some plaintext to encrypt using SIV-AES"
_SEALED: Final = bytes.fromhex(
    "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7"
    "a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d"
)


def opening(key: bytes, kind: bytes, one: One) -> Many:
    """
    Return a function that opens many sealed values, each about its words.

    What does not open, and what is None, gives None.

    Args:
        key: What sealed them, 64 bytes.

        kind: The name of their kind: the first associated part.

        one: Opens one of them. It opens those of a length that few have, and all where
            the vector does not open here.
    """
    if not proved():
        return lambda sealed, about: list(map(one, sealed, about))
    siv, first = Siv(key), _rows([kind])

    def alike(sealed: Sequence[bytes], about: Sequence[bytes]) -> list[bytes | None]:
        if len(sealed) < _FEW or not (
            _LEAST <= len(sealed[0]) <= _MOST - len(about[0])
        ):
            return list(map(one, sealed, about))
        octets = _rows(sealed)
        bound = first, _rows(about), octets[:, :BLOCK]
        return siv.open(bound, octets[:, BLOCK:])

    def opened(
        sealed: Sequence[bytes | None], about: Sequence[bytes]
    ) -> list[bytes | None]:
        values = [each or b"" for each in sealed]
        if len(set(map(len, values))) == len(set(map(len, about))) == 1:
            return alike(values, about)
        found: list[bytes | None] = [None] * len(values)
        for rows in _alike(values, about):
            made = alike([values[n] for n in rows], [about[n] for n in rows])
            for n, text in zip(rows, made, strict=True):
                found[n] = text
        return found

    return opened


def _alike(sealed: Sequence[bytes], about: Sequence[bytes]) -> Iterable[list[int]]:
    """
    Return the rows of each length of the value and of the words.
    """
    lengths = (np.fromiter(map(len, each), np.int64) for each in (sealed, about))
    both = np.stack([*lengths])
    order = np.lexsort(both)
    begins = np.flatnonzero(np.diff(both[:, order]).any(axis=0)) + 1
    return (rows.tolist() for rows in np.split(order, begins))


@cache
def proved() -> bool:
    """
    Return whether the vector of the RFC opens, and does not once a bit is changed.
    """
    wrong = _SEALED[:-1] + bytes([_SEALED[-1] ^ 1])
    bound = [_rows([part]) for part in _BOUND]
    return Siv(_KEY).open(bound, _rows([_SEALED, wrong])) == [_TEXT, None]


class Siv:
    """
    AES-SIV under one key, for values of the same length.

    Args:
        key: 32, 48 or 64 bytes: the first half for S2V, the last for CTR.
    """

    def __init__(self, key: bytes) -> None:
        half = len(key) // 2
        self._mac, self._ctr = _aes(key[:half]), _aes(key[half:])
        zero = np.zeros((1, BLOCK), np.uint8)
        whole = _doubled(self._mac(zero))
        self._whole, self._cut = whole, _doubled(whole)
        self._first = self._cmac(zero)

    def open(self, bound: Sequence[Octets], sealed: Octets) -> list[bytes | None]:
        """
        Return the text of each value; None for one that does not open.

        Args:
            bound: The associated data, part after part.

            sealed: The values: a synthetic IV of 16 bytes, and the text encrypted, of
                16 bytes at least.
        """
        found: list[bytes | None] = []
        for at in range(0, len(sealed), _ROWS):
            those = slice(at, at + _ROWS)
            here = [part if len(part) == 1 else part[those] for part in bound]
            found += self._open(here, sealed[those])
        return found

    def _open(self, bound: Sequence[Octets], sealed: Octets) -> list[bytes | None]:
        iv, text = sealed[:, :BLOCK], self._decrypted(sealed)
        made, given = self._s2v(bound, text).tobytes(), iv.tobytes()
        octets, width = text.tobytes(), text.shape[1]
        found: list[bytes | None] = [
            octets[at : at + width] for at in range(0, len(octets), width)
        ]
        if not bytes_eq(made, given):
            for row, at in enumerate(range(0, len(given), BLOCK)):
                if not bytes_eq(made[at : at + BLOCK], given[at : at + BLOCK]):
                    found[row] = None
        return found

    def _decrypted(self, sealed: Octets) -> Octets:
        """
        Return the texts by CTR (section 2.5); nothing is checked yet.
        """
        length = sealed.shape[1] - BLOCK
        begin = sealed[:, None, :BLOCK].copy()
        begin[:, :, [8, 12]] &= 0x7F
        counters = begin.repeat(-(-length // BLOCK), axis=1)
        # The bit above each of these is 0, so none runs over into the word before it.
        counters.view(">u4")[:, :, 3] += np.arange(counters.shape[1], dtype=np.uint32)
        stream = self._ctr(counters).reshape(len(sealed), -1)
        made: Octets = sealed[:, BLOCK:] ^ stream[:, :length]
        return made

    def _s2v(self, bound: Sequence[Octets], text: Octets) -> Octets:
        """
        Return the synthetic IVs (section 2.4) of texts of at least a block.
        """
        mixed = self._first
        for part in bound:
            mixed = _doubled(mixed) ^ self._cmac(part)
        last = text.copy()
        last[:, -BLOCK:] ^= mixed
        return self._cmac(last)

    def _cmac(self, text: Octets) -> Octets:
        """
        Return AES-CMAC (RFC 4493) of texts of at least a byte.
        """
        rows, length = text.shape
        padded = np.zeros((rows, -(-length // BLOCK) * BLOCK), np.uint8)
        padded[:, :length] = text
        if length % BLOCK:
            padded[:, length] = 0x80
        padded[:, -BLOCK:] ^= self._cut if length % BLOCK else self._whole
        state = np.zeros((rows, BLOCK), np.uint8)
        for at in range(0, padded.shape[1], BLOCK):
            state = self._mac(padded[:, at : at + BLOCK] ^ state)
        return state


def _aes(key: bytes) -> Callable[[Octets], Octets]:
    """
    Return AES of blocks, each by itself: the mode is made of it here.
    """
    # ECB is no mode to encrypt in; it is how a bare block is had.
    update = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update  # noqa: S305

    def blocks(given: Octets) -> Octets:
        return np.frombuffer(update(given.tobytes()), np.uint8).reshape(-1, BLOCK)

    return blocks


def _doubled(blocks: Octets) -> Octets:
    """
    Return each block doubled in the field of 2^128 elements (section 2.3).
    """
    words = blocks.view(">u8")
    high, low = words[:, 0], words[:, 1]
    made = np.empty_like(words)
    made[:, 0] = high << 1 | low >> 63
    made[:, 1] = low << 1 ^ (high >> 63) * np.uint64(0x87)
    return made.view(np.uint8)


def _rows(values: Sequence[bytes]) -> Octets:
    """
    Return values of one length as rows.
    """
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), -1)
