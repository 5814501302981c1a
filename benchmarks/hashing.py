"""
How fast are many HPgns, and one, beside what else computes scrypt; are they the same?
"""

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from llvmlite.binding import get_host_cpu_features
from measure import gate, ratio
from nacl.bindings import crypto_pwhash_scryptsalsa208sha256_ll

from eckid import BSN, PGN, Hasher, Salt, elfproef, hash_pgn
from eckid.hashing.romix import SHAPES, Romix

# Published test values of the reference clients; the other numbers are of a range
# that is not issued.
SALT = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
GRAIN = SALT.expose()
COST = {"n": 131072, "r": 8, "p": 4}
NUMBERS: list[PGN] = [BSN.parse("063138219")]
NUMBERS += [
    BSN.parse(n) for n in map(str, range(999_900_000, 999_900_300)) if elfproef(n) == 0
]
ROUNDS = int(os.environ.get("ROUNDS", "5"))
NARROWED = "NUMBA_CPU_NAME" in os.environ
WIDEST = SHAPES[0].memory(n=COST["n"], r=COST["r"])


def by_hashlib(octets: bytes) -> bytes:
    """
    Hash with the standard library.
    """
    return hashlib.scrypt(octets, salt=GRAIN, maxmem=2**28, dklen=32, **COST)


def by_cryptography(octets: bytes) -> bytes:
    """
    Hash with cryptography.
    """
    return Scrypt(salt=GRAIN, length=32, **COST).derive(octets)


def by_pynacl(octets: bytes) -> bytes:
    """
    Hash with PyNaCl, which is libsodium's.
    """
    hashed: bytes = crypto_pwhash_scryptsalsa208sha256_ll(
        octets, GRAIN, **COST, dklen=32, maxmem=2**28
    )
    return hashed


OTHERS = (by_hashlib, by_cryptography, by_pynacl)


def of_one(
    hash_one: Callable[[bytes], bytes], numbers: Sequence[PGN]
) -> Callable[[], list[bytes]]:
    """
    Return what hashes *numbers* one after the other.
    """
    return lambda: [hash_one(pgn.expose().encode()) for pgn in numbers]


def seconds(act: Callable[[], object]) -> float:
    """
    Return the seconds of one time.
    """
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def main() -> None:
    """
    Measure, in turns, and print.
    """
    begin = hash_pgn(NUMBERS[0], salt=SALT).expose()
    # A batch of the widest is four numbers; each round has two.
    eight = NUMBERS[:8]
    with (
        Hasher(salt=SALT, workers=1, memory=WIDEST) as one,
        Hasher(salt=SALT, workers=2, memory=2 * WIDEST) as two,
    ):
        # Memory that is new is slow; it is used again from then on. And the shapes have
        # been tried after twelve full batches.
        found = [hpgn.expose() for hpgn in one.each((NUMBERS * 3)[:56])]
        list(two.each((NUMBERS * 5)[:120]))
        rounds = [
            [
                seconds(lambda: list(one.each(eight))) / 8,
                seconds(lambda: list(two.each(NUMBERS[:16]))) / 16,
                *(seconds(of_one(other, NUMBERS[:1])) for other in OTHERS),
            ]
            for _ in range(ROUNDS)
        ]
        single = ratio(
            of_one(by_cryptography, NUMBERS[:1]),
            lambda: list(one.each(NUMBERS[:1])),
            rounds=ROUNDS,
        )
    for other in OTHERS:
        if [h.hex() for h in of_one(other, NUMBERS[:2])()] != found[:2]:
            raise SystemExit(f"the kernel and {other.__name__} differ")
    if found[0] != begin:
        raise SystemExit("many and one differ")
    names = ["the kernel", "two threads", *(o.__name__ for o in OTHERS)]
    for name, figures in zip(names, zip(*rounds, strict=True), strict=True):
        print(f"  seconds an HPgn, {name}: {median(figures):.3f}")
    memory()
    print(
        f"two threads, times one: {median(r[0] / r[1] for r in rounds):.2f} "
        "(reported: neighbours of a shared machine take of it)"
    )
    # The kernel is for vectors of 512 bits; in two halves it is half as fast.
    wide = bool(get_host_cpu_features().get("avx512f")) and not NARROWED
    for place, than, least in (
        (2, "hashlib", 6.0 if wide else 4.5),
        (3, "cryptography", 4.8 if wide else 3.0),
        (4, "PyNaCl", 3.6 if wide else 3.0),
    ):
        times = median(r[place] / r[0] for r in rounds)
        gate(f"many HPgns, times as fast as {than}", times, least=least)
    gate("one HPgn of many, times as fast as cryptography", single, least=1.0)


def memory() -> None:
    """
    Print what a plain copy of one hash's 1 GiB takes, and mixing over small tables.
    """
    source = np.ones(2**30, dtype=np.uint8)
    target = np.ones_like(source)
    copy = min(seconds(lambda: np.copyto(target, source)) for _ in range(3))
    # Tables of 64 records, 1 MiB in all; as many blocks are mixed for a hash.
    n, romix = 64, Romix(SHAPES[0], n=64, r=8)
    romix.scrypt([b""] * 4, salt=GRAIN, p=4, length=32)

    def mix() -> None:
        for _ in range(COST["n"] // n // 8):
            romix._run(SHAPES[0], romix._state[: 16 * 256])  # noqa: SLF001  # without PBKDF2

    mixing = min(seconds(mix) for _ in range(3)) * 8 / 4
    print(f"  seconds of a plain copy of 1 GiB: {copy:.3f}")
    print(f"  seconds an HPgn of mixing over tables of 1 MiB: {mixing:.3f}")


if __name__ == "__main__":
    # The first of a process is OpenSSL's; the others are the kernel's.
    hash_pgn(NUMBERS[0], salt=SALT)
    gate(
        "one HPgn, times as fast as hashlib.scrypt",
        ratio(
            of_one(by_hashlib, NUMBERS[:1]),
            lambda: hash_pgn(NUMBERS[0], salt=SALT),
            rounds=ROUNDS,
        ),
        least=2.0,
    )
    main()
