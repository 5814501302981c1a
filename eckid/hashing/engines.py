"""
Which of the installed libraries computes scrypt for many, and how many at once.

All give the same results. The kernel of the extra ``fast`` is several times as fast as
the others; if it or its memory is lacking, a warning says so once. Nothing that is
wrong with the kernel stops hashing: another library takes its place.
"""

import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from eckid.scheme import ScryptCost

# A function of one thread: takes passwords and one salt, gives their hashes.
Many: TypeAlias = Callable[[Sequence[bytes], bytes], list[bytes]]

LENGTH: Final = 32
# Below this many bytes of work, choosing a fast engine costs more than it saves.
_LITTLE: Final = 2**20


class Engine(NamedTuple):
    """
    A way to compute scrypt.

    Attributes:
        name: What it is called.
        workers: How many threads of it there may be.
        batch: How many passwords it takes at a time.
        make: Returns the function that hashes, one for each thread.
    """

    name: str
    workers: int
    batch: int
    make: Callable[[], Many]


def engine(cost: ScryptCost, *, workers: int, memory: int | None) -> Engine:
    """
    Return the fastest engine that is installed and fits the memory.

    Args:
        cost: What one hash costs.
        workers: How many threads there are to be, at most.
        memory: Bytes that the tables of all threads together may take; None is half of
            what is free.
    """
    table = 128 * cost.n * cost.r
    if table * cost.p < _LITTLE:
        return Engine("cryptography", workers, 1, lambda: _openssl(cost))
    found = _wide(cost, workers=workers, memory=memory)
    if isinstance(found, Engine):
        return found
    name = "cryptography"
    many: Callable[[ScryptCost], Many] = _openssl
    with suppress(ImportError):
        name, many = "PyNaCl", _sodium()
    _say(f"scrypt: hashing with {name}, several times as slow; {found}")
    if memory is not None:
        workers = max(1, min(workers, memory // table))
    return Engine(name, workers, 1, lambda: many(cost))


# What a process has hashed by one, as its cost.
_one_by_one: Final[set[ScryptCost]] = set()


def for_one(cost: ScryptCost) -> Many:
    """
    Return what hashes one password: the kernel, if it is installed and its memory free.

    The first of a process is OpenSSL's: loading the kernel takes as long. Its memory is
    given back after each.
    """
    if 128 * cost.n * cost.r * cost.p >= _LITTLE:
        if cost in _one_by_one:
            found = _wide(cost, workers=1, memory=None, most=1)
            if isinstance(found, Engine):
                return found.make()
        _one_by_one.add(cost)
    return _openssl(cost)


def _wide(
    cost: ScryptCost, *, workers: int, memory: int | None, most: int | None = None
) -> Engine | str:
    """
    Return the engine of the kernel, for *most* at a time; or, as text, what it lacks.
    """
    try:
        # They stand on the extra, and are slow to import.
        from eckid.hashing.memory import free_memory  # noqa: PLC0415
        from eckid.hashing.romix import SHAPES, Romix, prove, shape_within  # noqa: PLC0415
    except ImportError:
        return "pip install 'eckid[fast]'"
    except Exception as error:  # noqa: BLE001  # a library that is there and broken
        return f"the extra fast cannot be loaded, {type(error).__name__}"
    if memory is None:
        memory = free_memory() // 2
    one = SHAPES[-1].memory(n=cost.n, r=cost.r)
    if most is not None:
        memory = min(memory, most * cost.p * one)
    workers = min(workers, memory // one)
    shape = shape_within(memory // max(1, workers), n=cost.n, r=cost.r)
    if shape is None:
        return f"expected {one >> 20} MiB for the kernel, got {memory >> 20}"
    # The lanes of a last, smaller batch are a multiple of the power of two in p, so no
    # shape of fewer lanes is needed.
    least = min(shape.lanes, cost.p & -cost.p)
    usable = [s for s in SHAPES if least <= s.lanes <= shape.lanes]
    try:
        # Proven here: in a thread it would be too late to take another engine.
        for each in usable:
            prove(each)
    except (ArithmeticError, MemoryError) as error:
        return str(error) or "too little memory for its proof"

    def make() -> Many:
        # Memory that was free a while ago may be in use now.
        for fits in usable:
            with suppress(MemoryError):
                romix = Romix(fits, n=cost.n, r=cost.r)
                return lambda passwords, salt: romix.scrypt(
                    passwords, salt=salt, p=cost.p, length=LENGTH
                )
        return _openssl(cost)

    return Engine("the kernel", workers, max(1, shape.lanes // cost.p), make)


def _openssl(cost: ScryptCost) -> Many:
    def many(passwords: Sequence[bytes], salt: bytes) -> list[bytes]:
        return [
            Scrypt(salt=salt, length=LENGTH, n=cost.n, r=cost.r, p=cost.p).derive(word)
            for word in passwords
        ]

    return many


def _sodium() -> Callable[[ScryptCost], Many]:
    """
    Return what makes an engine of libsodium.

    Raises:
        ImportError: If PyNaCl is not installed.
    """
    from nacl.bindings import (  # noqa: PLC0415  # only where it is installed
        crypto_pwhash_scryptsalsa208sha256_ll as hash_one,
    )

    def make(cost: ScryptCost) -> Many:
        how = (cost.n, cost.r, cost.p, LENGTH, 2 * cost.memory)
        return lambda passwords, salt: [hash_one(w, salt, *how) for w in passwords]

    return make


@cache
def _say(line: str) -> None:
    warnings.warn(line, RuntimeWarning, stacklevel=5)
