"""
Many PGNs to their HPgns: threads that hash, and the memory they need.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, repeat
from threading import Lock, local
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
    Hash many PGNs over threads; the order is kept.

    With the extra ``fast`` each thread hashes several at once, many times as fast as
    one after the other.

    Args:
        pgns: The PGNs; taken in as they are needed.

        salt: The secret salt of the environment.

        scheme: The scheme; leave it alone for the national service.

        workers: How many threads hash; None is one for each core.

        memory: Bytes that the tables of all threads together may take; None is half of
            what is free. `Hasher` says how many a thread uses.

        progress: Called in the caller's thread with the number done so far.

    Returns:
        A generator of an HPgn for each PGN. Closing it, or an interrupt, waits for the
        hashes under way and starts no other.

    Raises:
        ValueError: If *workers* or *memory* is less than 1.

    >>> from eckid import BSN, Salt
    >>> from eckid.hashing import hash_pgns
    >>> from eckid.scheme import CHEAPEST
    >>> salt = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
    >>> list(hash_pgns([BSN("063138219")], salt=salt, scheme=CHEAPEST))
    [<HPgn hidden>]
    """
    hasher = Hasher(salt=salt, scheme=scheme, workers=workers, memory=memory)

    def each() -> Generator[HPgn, None, None]:
        with hasher:
            yield from hasher.each(pgns, progress=progress)

    return each()


class Hasher(Unpickled):
    """
    Threads that hash PGNs, and the memory they need, for one list after another.

    Use it in a ``with``; at its end the threads stop and the memory is given back. A
    process that was forked from one with a hasher has no threads of it, and starts its
    own.

    Args:
        salt: The secret salt of the environment.

        scheme: The scheme; leave it alone for the national service.

        workers: How many threads hash; None is one for each core.

        memory: Bytes that the tables of all threads together may take; None is half of
            what is free. For the national scheme a thread of the extra ``fast`` uses up
            to 2 GiB, and is slower with less, down to 128 MiB; a thread without it
            holds 128 MiB. Beside its tables a thread takes less than 1 MiB.

    Attributes:
        scheme: The scheme by which PGNs are hashed.
        workers: How many threads hash, at most.

    Raises:
        ValueError: If *workers* or *memory* is less than 1.
    """

    __slots__ = (
        "_lock",
        "_memory",
        "_own",
        "_plan",
        "_pool",
        "_process",
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
        self._process = os.getpid()
        self._lock = Lock()
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
        # The threads of another process cannot be waited for.
        if self._pool is not None and self._process == os.getpid():
            self._pool.shutdown(cancel_futures=True)
        self._pool, self._own = None, local()

    def each(
        self,
        pgns: Iterable[PGN],
        *,
        progress: Callable[[int], object] | None = None,
    ) -> Generator[HPgn, None, None]:
        """
        Hash the PGNs of one list; the order is kept.

        Args:
            pgns: The PGNs; taken in as they are needed.

            progress: Called in the caller's thread with the number done so far.

        Returns:
            A generator of an HPgn for each PGN. Closing it starts no other hash;
            `close` waits for those under way.

        Raises:
            RuntimeError: While iterating, if the generator was begun before a fork and
                goes on in the child. Begin the list again there.
        """
        numbers = iter(pgns)
        first = list(islice(numbers, 1))
        if not first:  # an empty list starts no thread
            return
        plan, pool = self._begun()
        batches = _in_batches(chain(first, numbers), self._sizes)
        running: deque[Future[list[HPgn]]] = deque()
        here = os.getpid()
        try:
            # For each batch that runs another one waits, so that no thread idles.
            for some in islice(batches, 2 * plan.workers):
                running.append(pool.submit(self._hash, some))
            done = 0
            while running:
                if here != os.getpid():
                    raise RuntimeError(
                        "hasher: expected a list that was begun in this process, got "
                        "one from before a fork; begin it again"
                    )
                hpgns = running.popleft().result()
                more = islice(batches, 1)
                running.extend(pool.submit(self._hash, some) for some in more)
                for hpgn in hpgns:
                    done += 1
                    if progress is not None:
                        progress(done)
                    yield hpgn
        finally:
            for future in running if here == os.getpid() else ():
                future.cancel()

    def _begun(self) -> "tuple[_Plan, ThreadPoolExecutor]":
        # Slow to import, and needed only for many.
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        if self._process != os.getpid():
            # A fork copies this object, and none of its threads. The lock may be held
            # by one of them.
            self._process, self._lock = os.getpid(), Lock()
            self._pool, self._own = None, local()
        with self._lock:
            if self._pool is None:
                plan = _planned(self._salt, self.scheme, self.workers, self._memory)
                self._plan, self._pool = plan, ThreadPoolExecutor(plan.workers)
                # Batches grow from small, one of each size for each worker: memory is
                # slow at first use, and a short list needs little of it.
                ramp = [2**n for n in range(16) for _ in range(plan.workers)]
                most = repeat(plan.batch)
                # Lists of several threads take their sizes from it.
                self._sizes = map(min, chain(ramp, most), most)
            return expect("plan", self._plan, _Plan), self._pool

    def _hash(self, some: Sequence[PGN]) -> list[HPgn]:
        # Each thread makes its hash function once: it may hold much memory.
        if not hasattr(self._own, "hash"):
            self._own.hash = expect("plan", self._plan, _Plan).begin()
        hpgns: list[HPgn] = self._own.hash(some)
        return hpgns


class _Plan(NamedTuple):
    """
    How many are hashed: threads, PGNs at a time, and what each thread begins with.
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
            # Not a PGN: batch it alone, so that its TypeError surfaces at its own
            # position.
            yield some
            some = []
        some.append(pgn)
        if not whole or len(some) >= size:
            yield some
            some, size = [], next(sizes)
    if some:
        yield some


def _cores() -> int:
    # Where the system tells it: the cores that this process may use.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
