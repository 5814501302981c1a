"""
Many PGNs to their HPgns: threads that hash, and the memory they need.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, repeat
from threading import local
from typing import TYPE_CHECKING, NamedTuple, Self

from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.hashing.engines import engine as choose
from eckid.hashing.one import KINDS, hash_pgn, hashed_octets
from eckid.keys import Salt
from eckid.pgn import PGN
from eckid.pseudonyms import HPgn
from eckid.scheme import NUMMERVOORZIENING, Argon2idCost, Scheme

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


def hash_pgns(
    pgns: Iterable[PGN],
    *,
    salt: Salt,
    scheme: Scheme = NUMMERVOORZIENING,
    workers: int | None = None,
    memory: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Generator[HPgn, None, None]:
    """
    Hash many, over threads; the order is kept and nothing is held back.

    With the extra ``fast`` each thread hashes several at once, many times as fast
    as one after the other.

    Args:
        pgns: The numbers; taken in as they are needed.

        salt: As for `hash_pgn`.

        scheme: As for `hash_pgn`.

        workers: As for `Hasher`.

        memory: As for `Hasher`.

        progress: As for `Hasher.each`.

    Returns:
        An HPgn for each number. Closing the iterator, or an interrupt, waits
        for the hashes under way and starts no other.
    """
    hasher = Hasher(salt=salt, scheme=scheme, workers=workers, memory=memory)

    def each() -> Generator[HPgn, None, None]:
        with hasher:
            yield from hasher.each(pgns, progress=progress)

    return each()


class Hasher(Unpickled):
    """
    Threads that hash, and the memory they need; for one list after another.

    Closed at the end of a ``with``.

    Args:
        salt: As for `hash_pgn`.

        scheme: As for `hash_pgn`.

        workers: How many threads hash; None is one for each core.

        memory: Bytes that the tables of all may hold; None is half of what is
            free. For the national scheme a thread of the extra ``fast`` uses up
            to 2 GiB, and is slower with less, down to 128 MiB; another holds 128
            MiB. Beside them a thread takes less than 1 MiB.

    Attributes:
        scheme: How numbers are hashed.
        workers: How many threads hash, at most.
    """

    __slots__ = (
        "_memory",
        "_own",
        "_plan",
        "_pool",
        "_salt",
        "_sizes",
        "scheme",
        "workers",
    )

    def __init__(
        self,
        *,
        salt: Salt,
        scheme: Scheme = NUMMERVOORZIENING,
        workers: int | None = None,
        memory: int | None = None,
    ) -> None:
        self._salt = expect("salt", salt, Salt)
        self.scheme = expect("scheme", scheme, Scheme)
        expect("workers", workers, int, type(None))
        self._memory = expect("memory", memory, int, type(None))
        self.workers = _cores() if workers is None else workers
        if self.workers < 1:
            raise ValueError(f"workers: expected 1 or more, got {workers}")
        if memory is not None and memory < 1:
            raise ValueError(f"memory: expected 1 byte or more, got {memory}")
        self._plan: _Plan | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._own = local()
        self._sizes: Iterator[int] = iter(())

    def __repr__(self) -> str:
        return f"<Hasher {self.scheme.value}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """
        Wait for the hashes under way, and give the memory back.
        """
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._pool, self._own = None, local()

    def each(
        self,
        pgns: Iterable[PGN],
        *,
        progress: Callable[[int], object] | None = None,
    ) -> Generator[HPgn, None, None]:
        """
        Hash a list; the order is kept.

        Args:
            pgns: The numbers; taken in as they are needed.

            progress: Called in the caller's thread with the number done so far.

        Returns:
            An HPgn for each number. Closing the iterator starts no other hash;
            `close` waits for those under way.
        """
        numbers = iter(pgns)
        first = list(islice(numbers, 1))
        if not first:  # nothing is started for nobody
            return
        plan, pool = self._begun()
        batches = _in_batches(chain(first, numbers), self._sizes)
        running: deque[Future[list[HPgn]]] = deque()
        try:
            # One waits for each that runs, so that no thread idles.
            for some in islice(batches, 2 * plan.workers):
                running.append(pool.submit(self._hash, some))
            done = 0
            while running:
                hpgns = running.popleft().result()
                more = islice(batches, 1)
                running.extend(pool.submit(self._hash, some) for some in more)
                for hpgn in hpgns:
                    done += 1
                    if progress is not None:
                        progress(done)
                    yield hpgn
        finally:
            for future in running:
                future.cancel()

    def _begun(self) -> "tuple[_Plan, ThreadPoolExecutor]":
        # Only who hashes many pays for the import.
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        if self._pool is None:
            plan = _planned(self._salt, self.scheme, self.workers, self._memory)
            self._plan, self._pool = plan, ThreadPoolExecutor(plan.workers)
            # Small batches first, one for each worker: memory is slow when it is
            # new, and a short list needs little of it.
            ramp = [2**n for n in range(16) for _ in range(plan.workers)]
            self._sizes = (
                min(size, plan.batch) for size in chain(ramp, repeat(plan.batch))
            )
        return expect("plan", self._plan, _Plan), self._pool

    def _hash(self, some: Sequence[PGN]) -> list[HPgn]:
        # What a thread needs much memory for it keeps.
        if not hasattr(self._own, "hash"):
            self._own.hash = expect("plan", self._plan, _Plan).begin()
        hpgns: list[HPgn] = self._own.hash(some)
        return hpgns


class _Plan(NamedTuple):
    """
    How many are hashed: threads, numbers at a time, and what a thread begins with.
    """

    workers: int
    batch: int
    begin: Callable[[], Callable[[Sequence[PGN]], list[HPgn]]]


def _planned(salt: Salt, scheme: Scheme, workers: int, memory: int | None) -> _Plan:
    cost = scheme.cost
    if isinstance(cost, Argon2idCost):
        if memory is not None:
            workers = max(1, min(workers, memory // cost.memory))
        one = partial(hash_pgn, salt=salt, scheme=scheme)
        return _Plan(workers, 1, lambda: lambda pgns: [one(pgn) for pgn in pgns])
    engine = choose(cost, workers=workers, memory=memory)

    def begin() -> Callable[[Sequence[PGN]], list[HPgn]]:
        many, grain = engine.make(), salt.expose()
        return lambda pgns: [
            HPgn(digest, scheme)
            for digest in many([hashed_octets(p) for p in pgns], grain)
        ]

    return _Plan(engine.workers, engine.batch, begin)


def _in_batches(pgns: Iterable[PGN], sizes: Iterator[int]) -> Iterator[list[PGN]]:
    """
    Yield *pgns* in batches of *sizes*.
    """
    some: list[PGN] = []
    size = next(sizes)
    for pgn in pgns:
        whole = isinstance(pgn, KINDS)
        if not whole and some:
            # It fails at its own place, and takes nobody with it.
            yield some
            some = []
        some.append(pgn)
        if not whole or len(some) >= size:
            yield some
            some, size = [], next(sizes)
    if some:
        yield some


def _cores() -> int:
    # The cores this process may use, where the system tells.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
