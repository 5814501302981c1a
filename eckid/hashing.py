"""
PGN to HPgn: the published specification of the national service.

    HPgn = scrypt(lower case of the PGN, salt, N=131072, r=8, p=4, 32 bytes)

Source: the reference clients of Kennisnet, whose vectors this meets to the
byte. One hash takes more than a second and 128 MiB: do it in a job, never in a
request.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from functools import partial
from itertools import islice

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from eckid._secret import expect
from eckid.keys import Salt
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import HPgn
from eckid.scheme import NUMMERVOORZIENING, Scheme, ScryptCost


def hash_pgn(pgn: PGN, *, salt: Salt, scheme: Scheme = NUMMERVOORZIENING) -> HPgn:
    """
    Hash *pgn* to the HPgn that the Nummervoorziening accepts.

    Args:
        pgn: The number to hash. Its canonical form is hashed, so every
            spelling of one number has one HPgn.

        salt: The salt of the environment. Keep it secret: there are about 90
            million valid numbers, few enough to try them all.

        scheme: Leave this alone for the national service; another scheme is
            another HPgn, and the HPgn remembers which.

    Returns:
        The HPgn; it shows itself only through `expose`.
    """
    expect("PGN", pgn, BSN, Onderwijsnummer, Medewerker)
    octets = pgn.expose().lower().encode("ascii")
    grain = expect("salt", salt, Salt).expose()
    cost = expect("scheme", scheme, Scheme).cost
    if isinstance(cost, ScryptCost):
        scrypt = Scrypt(salt=grain, length=32, n=cost.n, r=cost.r, p=cost.p)
        return HPgn(scrypt.derive(octets), scheme)
    digest = None
    with suppress(HashingError):
        digest = hash_secret_raw(octets, grain, cost.t, cost.m, cost.p, 32, Type.ID)
    if digest is None:
        raise MemoryError(f"argon2id: expected {cost.m // 1024} MiB, got less")
    return HPgn(digest, scheme)


def hash_pgns(
    pgns: Iterable[PGN],
    *,
    salt: Salt,
    scheme: Scheme = NUMMERVOORZIENING,
    workers: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Generator[HPgn, None, None]:
    """
    Hash many, over threads; the order is kept and nothing is held back.

    Args:
        pgns: The numbers; taken in as they are needed.

        salt: As for `hash_pgn`.

        scheme: As for `hash_pgn`.

        workers: How many hash at once; None is one for each core. Each holds
            the memory of the scheme, 128 MiB for the national one.

        progress: Called in the caller's thread with the number done so far.

    Returns:
        An HPgn for each number. Closing the iterator, or an interrupt, waits
        for the hashes under way and starts no other.
    """
    expect("salt", salt, Salt)
    expect("scheme", scheme, Scheme)
    expect("workers", workers, int, type(None))
    if workers is None:
        workers = _cores()
    if workers < 1:
        raise ValueError(f"workers: expected 1 or more, got {workers}")
    return _hash_in_order(
        pgns, partial(hash_pgn, salt=salt, scheme=scheme), workers, progress
    )


def _cores() -> int:
    # The cores this process may use, where the system tells.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _hash_in_order(
    pgns: Iterable[PGN],
    hash_one: Callable[[PGN], HPgn],
    workers: int,
    progress: Callable[[int], object] | None,
) -> Generator[HPgn, None, None]:
    # Only who hashes many pays for the import.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    numbers = iter(pgns)
    pool = ThreadPoolExecutor(workers)
    try:
        # One waits for each that runs, so that no thread idles.
        running = deque(pool.submit(hash_one, n) for n in islice(numbers, 2 * workers))
        done = 0
        while running:
            hpgn = running.popleft().result()
            running.extend(pool.submit(hash_one, n) for n in islice(numbers, 1))
            done += 1
            if progress is not None:
                progress(done)
            yield hpgn
    finally:
        pool.shutdown(cancel_futures=True)
