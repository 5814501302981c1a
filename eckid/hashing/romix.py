"""
scrypt of many passwords at once (RFC 7914): bytes in, bytes out.

The ROMix in `salsa` runs many lanes at once; PBKDF2 before and after it is the standard
library's. Each shape proves itself against a published vector before use.
"""

import hashlib
import mmap
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from threading import RLock
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from eckid.hashing.salsa import ORDER, compiled

Words: TypeAlias = "np.ndarray[Any, np.dtype[np.uint32]]"

_ORDER: Final = list(ORDER)
# Tables at the same offset in a page would compete for the same cache lines.
_PAD: Final = 64


class Shape(NamedTuple):
    """
    How many lanes run at once: lanes in a vector, vectors in a set, and sets.
    """

    width: int
    groups: int
    sets: int

    @property
    def lanes(self) -> int:
        """
        How many runs of ROMix go at once.
        """
        return self.width * self.groups * self.sets

    def memory(self, *, n: int, r: int) -> int:
        """
        Return how many bytes its tables hold.

        The states beside the tables take 2 / N of that.
        """
        return self.lanes * 128 * r * n


# The widest first. With two sets, one fetches while the other computes.
SHAPES: Final = (
    Shape(4, 2, 2),
    Shape(4, 2, 1),
    Shape(4, 1, 1),
    Shape(2, 1, 1),
    Shape(1, 1, 1),
)
# Processors differ: one vector in each set is the fastest where there are sixteen
# registers, four in one set where there are 32 and memory is fast.
RIVALS: Final = (Shape(4, 1, 2), Shape(4, 4, 1))
# So many full batches come before the rivals are tried: compiling one takes as long.
_BEFORE: Final = 8
# Of so many tries the fastest counts.
_TRIES: Final = 2


def shape_within(memory: int, *, n: int, r: int) -> Shape | None:
    """
    Return the widest shape whose tables hold at most *memory* bytes, or None.
    """
    fit = (shape for shape in SHAPES if shape.memory(n=n, r=r) <= memory)
    return next(fit, None)


class _Kernel:
    """
    The compiled loops: from a cache on the disk, for as long as that works.
    """

    def __init__(self) -> None:
        self._loops: Any = None
        self._cached = True

    def __call__(self, *given: object) -> None:
        if self._cached and self._ran(given):
            return
        if not self._cached:
            self._loops(*given)
            return
        loops = compiled(cache=False)
        loops(*given)
        self._loops, self._cached = loops, False
        # What was proved is not what runs from now on.
        _proven.clear()
        warnings.warn(
            "scrypt: no cache of the kernel can be read or written, so it is compiled "
            "again in each process; NUMBA_CACHE_DIR names a place",
            RuntimeWarning,
            stacklevel=2,
        )

    def _ran(self, given: Sequence[object]) -> bool:
        """
        Return whether the loops ran; if not, nothing was computed.

        At the first call for a shape they are compiled, or taken from the cache. In a
        damaged one pickle may find anything, and raise anything.
        """
        with suppress(Exception):
            if self._loops is None:
                self._loops = compiled(cache=True)
            self._loops(*given)
            return True
        return False


@cache
def _kernel() -> _Kernel:
    return _Kernel()


class Romix:
    """
    Memory for a shape, used again for each batch; for one thread.

    Args:
        shape: How many lanes run at once; a smaller batch runs fewer.
        n: N of scrypt, a power of two.
        r: r of scrypt.
        proven: Skips the proof; only `prove` itself sets this.

    Raises:
        MemoryError: If so much memory cannot be had.
        ValueError: If *n* is not a power of two below 2**32.
    """

    def __init__(self, shape: Shape, *, n: int, r: int, proven: bool = False) -> None:
        if n < 2 or n & (n - 1) or n >= 2**32:
            raise ValueError(f"scrypt: expected N as a power of two, got {n}")
        self._widest, self._n, self._r = shape, n, r
        self._proven = proven
        self._turns: dict[Shape, list[float]] = {
            each: [] for each in (shape, *RIVALS) if each.lanes <= shape.lanes
        }
        self._stride = 128 * r * n + _PAD
        tables = shape.lanes * self._stride
        room = _room(tables + 2 * shape.lanes * 128 * r)
        if room is None:
            raise MemoryError(f"scrypt: expected {tables >> 20} MiB, got less")
        words = np.frombuffer(room, dtype=np.uint32)
        self._place = words.ctypes.data
        self._state = words[tables // 4 :]

    def scrypt(
        self, passwords: Sequence[bytes], *, salt: bytes, p: int, length: int
    ) -> list[bytes]:
        """
        Return the hash of each of *passwords*.

        Args:
            passwords: The passwords.
            salt: The salt of all.
            p: p of scrypt.
            length: Bytes of each result.

        Raises:
            ArithmeticError: If the kernel does not give what RFC 7914 says.
        """
        size = p * 128 * self._r
        blocks = b"".join(_pbkdf2(word, salt, size) for word in passwords)
        lanes = np.frombuffer(blocks, dtype="<u4").reshape(-1, 2 * self._r, 16)
        mixed = b"".join(some.astype("<u4").tobytes() for some in self._mixed(lanes))
        return [
            _pbkdf2(word, mixed[size * i :][:size], length)
            for i, word in enumerate(passwords)
        ]

    def _mixed(self, lanes: Words) -> Iterator[Words]:
        """
        Yield ROMix of *lanes*, as many at a time as there is room for.
        """
        wide = self._widest.lanes
        while len(lanes) >= wide:
            yield from self._timed(lanes[:wide])
            lanes = lanes[wide:]
        if len(lanes):
            yield from self._shaped(lanes, self._shape_for(len(lanes)))

    def _timed(self, lanes: Words) -> Iterator[Words]:
        """
        Yield ROMix of as many *lanes* as there is room for, by the fastest shape.

        The time that a shape takes decides which that is, and nothing else.
        """
        shape = self._turn()
        begin = time.perf_counter()
        yield from list(self._shaped(lanes, shape))
        if len(self._turns[shape]) < _BEFORE:
            self._turns[shape].append(time.perf_counter() - begin)

    def _turn(self) -> Shape:
        """
        Return the shape for a full batch: one that is tried, or the fastest.
        """
        turns, wide = self._turns, self._widest
        if self._proven or len(turns[wide]) < _BEFORE:
            return self._shape_for(wide.lanes)
        for rival in [shape for shape in turns if len(turns[shape]) < _TRIES]:
            with suppress(ArithmeticError, MemoryError):
                prove(rival)
                return rival
            del turns[rival]
        fastest = min(turns, key=lambda shape: min(turns[shape]))
        prove(fastest)
        return fastest

    def _shaped(self, lanes: Words, shape: Shape) -> Iterator[Words]:
        """
        Yield ROMix of *lanes*, as many at a time as *shape* takes.
        """
        while len(lanes):
            some, lanes = lanes[: shape.lanes], lanes[shape.lanes :]
            batch = np.zeros((shape.lanes, *some.shape[1:]), dtype=np.uint32)
            batch[: len(some)] = some[:, :, _ORDER]
            # Axes: set, group, lane, block, row, word. The lanes go beside each other.
            width, groups, sets = shape
            apart = batch.reshape(sets, groups, width, 2 * self._r, 4, 4)
            state = self._state[: batch.size]
            state[:] = apart.transpose(0, 3, 1, 4, 2, 5).reshape(-1)
            self._run(shape, state)
            found = state.reshape(sets, 2 * self._r, groups, 4, width, 4)
            ordered = np.empty_like(batch)
            ordered[:, :, _ORDER] = found.transpose(0, 2, 4, 1, 3, 5).reshape(
                batch.shape
            )
            yield ordered[: len(some)]

    def _shape_for(self, lanes: int) -> Shape:
        """
        Return the smallest shape that takes all *lanes*; if none does, the widest.
        """
        if self._proven:
            return self._widest
        wide = self._widest.lanes
        fit = [s for s in SHAPES if min(lanes, wide) <= s.lanes <= wide]
        prove(fit[-1])
        return fit[-1]

    def _run(self, shape: Shape, state: Words) -> None:
        address = state.ctypes.data
        numbers = (
            address,
            address + state.nbytes,
            self._place,
            self._stride,
            self._n,
            self._r,
        )
        _kernel()(*((0,) * count for count in shape), *map(np.uint64, numbers))


def _room(size: int) -> mmap.mmap | None:
    """
    Return so many bytes of memory of this process's own; None if they cannot be had.

    The system clears the pages before and after use.
    """
    with suppress(OSError):
        if not hasattr(mmap, "MAP_PRIVATE"):  # Windows: its memory is never a child's
            return mmap.mmap(-1, size)
        # Shared memory, which is the default, gets no large pages.
        room = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            # Reads go all over the tables: with small pages most would miss the TLB.
            room.madvise(mmap.MADV_HUGEPAGE)
        return room
    return None


def _pbkdf2(word: bytes, salt: bytes, length: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", word, salt, 1, length)


# RFC 7914, section 12, the third vector: sixteen lanes, so every shape is filled.
_PROOF: Final = (
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
)
_proven: Final[set[Shape]] = set()
_proving: Final = RLock()


def prove(shape: Shape) -> None:
    """
    Raise unless *shape* gives what RFC 7914 says; each shape is tried once.

    Raises:
        ArithmeticError: If it gives something else, or does not run.
        MemoryError: If there is no room for the proof.
    """
    # Asked for without the lock too: a fork would copy it as it is held.
    if shape in _proven:
        return
    with _proving:
        if shape in _proven:
            return
        romix = Romix(shape, n=1024, r=8, proven=True)
        found, fault = b"", ""
        try:
            (found,) = romix.scrypt([b"password"], salt=b"NaCl", p=16, length=64)
        except Exception as error:  # noqa: BLE001  # whatever stops the compiler
            fault = type(error).__name__
        if fault:
            raise ArithmeticError(
                f"scrypt: expected a kernel that can be compiled, got {fault}"
            )
        if found.hex() != _PROOF:
            raise ArithmeticError(
                f"scrypt: expected what RFC 7914 says, got another of {shape.lanes} "
                "lanes"
            )
        _proven.add(shape)
