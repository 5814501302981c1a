"""
PGN to HPgn: the published vectors, and many at once without losing one.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import strategies as our
from argon2.exceptions import HashingError
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given, settings
from hypothesis import strategies as st

from eckid import (
    BSN,
    NUMMERVOORZIENING,
    PGN,
    Hasher,
    HPgn,
    Medewerker,
    Salt,
    hash_pgn,
    parse_pgn,
)
from eckid.hashing import hash_pgns, hasher
from eckid.hashing.one import hashed_octets
from eckid.scheme import ARGON2ID, CHEAPEST

# The reference clients of Kennisnet: the PGN, its HPgn, and what it was until
# 26-05-2016, with N=16384 and p=1.
_PUBLISHED = {
    "pupil": (
        "063138219",
        "9735dfd2235eaeb5f0300886bcc99c82ffc1d6420c4e0bde8de7218def2135fa",
        "95237cd20963e630034620324550809a3df98bbe0774a36c356bf5dbc8a65e7b",
    ),
    "employee": (
        "20DP teacher@school.com",
        "0b870ff044775ef0360655c40d5b284b7e3ae2b72207a6894794d787eb019e60",
        "4cadf651ec0197909e6432cb8347369adba39f44276a5b3cd59d17066f10ab3e",
    ),
}
# A deadlock must fail, and not hang: nothing here is judged on time.
_PATIENCE = 60


@pytest.mark.parametrize("who", _PUBLISHED)
def test_the_published_vectors_are_met_to_the_byte(who: str) -> None:
    """
    The national scheme is what the reference clients compute, and the default.
    """
    text, published, _ = _PUBLISHED[who]
    hpgn = hash_pgn(parse_pgn(text), salt=our.PUBLISHED_SALT)
    assert hpgn == HPgn.parse(published)
    assert hpgn.expose() == published
    assert hpgn.scheme is NUMMERVOORZIENING


@pytest.mark.parametrize("who", _PUBLISHED)
def test_the_vectors_of_2016_are_met_on_the_same_octets(who: str) -> None:
    """
    What is hashed is the lower case of the canonical form, then as now.
    """
    text, _, former = _PUBLISHED[who]
    octets = parse_pgn(text).expose().lower().encode("ascii")
    scrypt = Scrypt(our.PUBLISHED_SALT.expose(), length=32, n=16384, r=8, p=1)
    assert scrypt.derive(octets).hex() == former


def test_argon2id_agrees_with_another_implementation() -> None:
    """
    Our own scheme is argon2id of 256 MiB, three passes and four lanes.
    """
    other = Argon2id(
        salt=our.PUBLISHED_SALT.expose(),
        length=32,
        iterations=3,
        lanes=4,
        memory_cost=256 * 1024,
    )
    expected = other.derive(b"20dp teacher@school.com")
    medewerker = Medewerker("20DP", "Teacher@School.com")
    hpgn = hash_pgn(medewerker, salt=our.PUBLISHED_SALT, scheme=ARGON2ID)
    assert hpgn == HPgn(expected, ARGON2ID)


@given(pgn=our.pgns, salt=st.binary(min_size=16, max_size=40))
def test_a_cheap_hash_is_scrypt_with_the_work_taken_out(pgn: PGN, salt: bytes) -> None:
    """
    The tests' scheme differs from the national one in its cost alone.
    """
    octets = pgn.expose().lower().encode("ascii")
    expected = Scrypt(salt, length=32, n=2, r=1, p=1).derive(octets)
    hpgn = hash_pgn(pgn, salt=Salt(salt), scheme=CHEAPEST)
    assert hpgn == HPgn(expected, CHEAPEST)
    assert hpgn == hash_pgn(pgn, salt=Salt(salt), scheme=CHEAPEST)


def test_the_spellings_of_one_number_have_one_hpgn() -> None:
    """
    The canonical form is hashed, not what was typed.
    """
    spellings = ("063138219", "63138219", "0631.38.219", " 063 138 219 ")
    hashed = hash_pgns(
        map(parse_pgn, spellings), salt=our.PUBLISHED_SALT, scheme=CHEAPEST
    )
    assert len(set(hashed)) == 1


@given(one=our.pgns, other=our.pgns, salt=st.binary(min_size=16, max_size=16))
def test_another_number_or_salt_has_another_hpgn(
    one: PGN, other: PGN, salt: bytes
) -> None:
    """
    Two HPgns are equal only where number, salt and scheme are.
    """
    first = hash_pgn(one, salt=Salt(salt), scheme=CHEAPEST)
    second = hash_pgn(other, salt=Salt(salt), scheme=CHEAPEST)
    assert (first == second) is (one == other)
    salted = hash_pgn(one, salt=our.PUBLISHED_SALT, scheme=CHEAPEST)
    assert (first == salted) is (Salt(salt) == our.PUBLISHED_SALT)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(
            lambda: hash_pgn("063138219", salt=our.PUBLISHED_SALT, scheme=CHEAPEST),  # type: ignore[arg-type]  # the point
            id="a text",
        ),
        pytest.param(
            lambda: hash_pgn(BSN("063138219"), salt=bytes(16), scheme=CHEAPEST),  # type: ignore[arg-type]  # the point
            id="octets as salt",
        ),
        pytest.param(
            lambda: hash_pgn(
                BSN("063138219"),
                salt=our.PUBLISHED_SALT,
                scheme="cheapest-tests-only",  # type: ignore[arg-type]  # the point
            ),
            id="the name of a scheme",
        ),
        pytest.param(
            lambda: hash_pgns([], salt=bytes(16)),  # type: ignore[arg-type]  # the point
            id="octets as salt for many",
        ),
        pytest.param(
            lambda: hash_pgns([], salt=our.PUBLISHED_SALT, scheme=None),  # type: ignore[arg-type]  # the point
            id="no scheme for many",
        ),
    ],
)
def test_only_values_are_hashed(call: Callable[[], object]) -> None:
    """
    A text becomes a PGN at the door or not at all; no scheme goes by its name.
    """
    with pytest.raises(TypeError, match=r"^\w+: expected [\w ]+, got \w+$"):
        call()


def _many(count: int) -> list[PGN]:
    """
    Return so many different numbers, made from their rule.
    """
    made = (our.with_check_digit(f"{n:08d}", 0) for n in range(1, 3 * count + 20))
    numbers: list[PGN] = [BSN(digits) for digits in made if digits]
    return numbers[:count]


@settings(max_examples=25)
@given(count=st.integers(0, 12), workers=st.integers(1, 5))
def test_many_are_hashed_in_order(count: int, workers: int) -> None:
    """
    One HPgn for each number, at its place, whatever the number of workers.
    """
    numbers = _many(count)
    hashed = hash_pgns(
        iter(numbers), salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=workers
    )
    assert list(hashed) == [
        hash_pgn(number, salt=our.PUBLISHED_SALT, scheme=CHEAPEST) for number in numbers
    ]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """
    After each test of this file, no thread runs that did not before.
    """
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def _fake(monkeypatch: pytest.MonkeyPatch, work: Callable[[PGN], object]) -> None:
    """
    Let each hash do *work* first, in its thread; the result is the true one.
    """
    true = hashed_octets

    def octets(pgn: PGN) -> bytes:
        work(pgn)
        return true(pgn)

    monkeypatch.setattr(hasher, "hashed_octets", octets)


def test_the_order_is_kept_where_the_last_is_ready_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A slow hash holds its place in the order.
    """
    numbers = _many(8)
    done = {number: threading.Event() for number in numbers}

    def work(pgn: PGN) -> None:
        place = numbers.index(pgn)
        # Of each four, the later is ready before the earlier.
        if place % 4 != 3:
            assert done[numbers[place + 1]].wait(_PATIENCE)
        done[pgn].set()

    _fake(monkeypatch, work)
    hashed = list(
        hash_pgns(numbers, salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=8)
    )
    monkeypatch.undo()
    assert hashed == [
        hash_pgn(number, salt=our.PUBLISHED_SALT, scheme=CHEAPEST) for number in numbers
    ]


def test_the_workers_hash_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As many hashes run at once as there are workers, none in the caller's thread.
    """
    together = threading.Barrier(3)
    threads = set()

    def work(_: PGN) -> None:
        threads.add(threading.current_thread())
        together.wait(_PATIENCE)

    _fake(monkeypatch, work)
    hashed = hash_pgns(_many(9), salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=3)
    assert len(list(hashed)) == 9
    assert len(threads) == 3
    assert threading.current_thread() not in threads


class _Taken:
    """
    An iterable that counts what was taken from it, and may break.
    """

    def __init__(self, numbers: list[PGN], fault: BaseException | None = None) -> None:
        self.numbers, self.fault, self.count = numbers, fault, 0

    def __iter__(self) -> Iterator[PGN]:
        for number in self.numbers:
            self.count += 1
            yield number
        if self.fault is not None:
            raise self.fault


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_numbers_are_taken_in_as_they_are_needed(workers: int) -> None:
    """
    Nothing before the first is asked for; then two a worker, and one for each.
    """
    taken = _Taken(_many(20))
    hashed = hash_pgns(taken, salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=workers)
    assert taken.count == 0
    for given_out, _ in enumerate(hashed, 1):
        assert taken.count == min(20, 2 * workers + given_out)


def test_progress_is_called_in_the_callers_thread() -> None:
    """
    With the number done so far, once for each, before it is given out.
    """
    calls: list[tuple[int, threading.Thread]] = []
    hashed = hash_pgns(
        _many(5),
        salt=our.PUBLISHED_SALT,
        scheme=CHEAPEST,
        workers=2,
        progress=lambda done: calls.append((done, threading.current_thread())),
    )
    for given_out, _ in enumerate(hashed, 1):
        here = threading.current_thread()
        assert calls == [(n, here) for n in range(1, given_out + 1)]
    assert len(calls) == 5


@pytest.mark.parametrize("interrupted", [False, True], ids=["closed", "interrupted"])
def test_stopping_early_waits_for_what_runs_and_starts_no_other(
    monkeypatch: pytest.MonkeyPatch, *, interrupted: bool
) -> None:
    """
    Closed or interrupted, only the hashes under way are ended.
    """
    numbers = _many(20)
    started: list[PGN] = []
    ended: list[PGN] = []
    stopping = threading.Event()
    full = threading.Barrier(3)

    def work(pgn: PGN) -> None:
        started.append(pgn)
        if pgn in numbers[1:3]:
            # The second and third run, and all others wait in the queue.
            full.wait(_PATIENCE)
            assert stopping.wait(_PATIENCE)
        ended.append(pgn)

    shut = ThreadPoolExecutor.shutdown

    def shutdown(
        self: ThreadPoolExecutor,
        wait: bool = True,  # noqa: FBT001, FBT002  # as it is there
        *,
        cancel_futures: bool = False,
    ) -> None:
        shut(self, wait=False, cancel_futures=cancel_futures)
        stopping.set()
        shut(self, wait=wait)

    _fake(monkeypatch, work)
    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", shutdown)
    hashed = hash_pgns(numbers, salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=2)
    next(hashed)
    full.wait(_PATIENCE)
    if interrupted:
        with pytest.raises(KeyboardInterrupt):
            hashed.throw(KeyboardInterrupt)
    else:
        hashed.close()
    assert set(started) == set(numbers[:3])
    assert sorted(map(id, ended)) == sorted(map(id, started))
    assert list(hashed) == []


def test_a_list_that_is_closed_leaves_the_hasher_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    What waited of it is not hashed; what runs ends; another list is hashed.
    """
    numbers = _many(5)
    started: list[PGN] = []
    running, closed = threading.Event(), threading.Event()

    def work(pgn: PGN) -> None:
        started.append(pgn)
        if pgn is numbers[1]:
            running.set()
            assert closed.wait(_PATIENCE)

    _fake(monkeypatch, work)
    with Hasher(salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=1) as hasher:
        one = hasher.each(numbers[:4])
        next(one)
        assert running.wait(_PATIENCE)
        one.close()
        closed.set()
        assert len(list(hasher.each(numbers[4:]))) == 1
    assert started == [*numbers[:2], numbers[4]]


def test_an_iterator_that_was_never_asked_starts_nothing() -> None:
    """
    Closing it before the first number takes none.
    """
    taken = _Taken(_many(3))
    hash_pgns(taken, salt=our.PUBLISHED_SALT, scheme=CHEAPEST).close()
    assert taken.count == 0


@pytest.mark.parametrize(
    "fault", [RuntimeError(), KeyboardInterrupt()], ids=["fault", "interrupt"]
)
@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_fault_of_the_input_is_the_callers_and_leaves_no_thread(
    fault: BaseException, length: int
) -> None:
    """
    What the iterable raises is passed on as it is.
    """
    taken = _Taken(_many(length), fault)
    hashed = hash_pgns(taken, salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=2)
    with pytest.raises(type(fault)) as caught:
        list(hashed)
    assert caught.value is fault


@pytest.mark.parametrize(
    "fault", [RuntimeError(), KeyboardInterrupt()], ids=["fault", "interrupt"]
)
def test_a_fault_in_the_progress_is_the_callers_and_leaves_no_thread(
    fault: BaseException,
) -> None:
    """
    What the callback raises, an interrupt too, is passed on as it is.
    """

    def progress(done: int) -> None:
        if done == 2:
            raise fault

    hashed = hash_pgns(
        _many(9),
        salt=our.PUBLISHED_SALT,
        scheme=CHEAPEST,
        workers=2,
        progress=progress,
    )
    next(hashed)
    with pytest.raises(type(fault)) as caught:
        next(hashed)
    assert caught.value is fault


def test_what_is_no_pgn_is_a_type_error_at_its_place() -> None:
    """
    What came before it is given out; its text is nowhere in the complaint.
    """
    numbers: list[Any] = [*_many(3), "063138219", *_many(3)]
    hashed = hash_pgns(numbers, salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=2)
    assert len([next(hashed) for _ in range(3)]) == 3
    with pytest.raises(TypeError) as caught:
        next(hashed)
    assert caught.value.args == (
        "PGN: expected BSN or Onderwijsnummer or Medewerker, got str",
    )
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_there_is_a_worker_for_each_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Who names no number of workers gets one for each core of this process.
    """
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    taken = _Taken(_many(20))
    hashed = hash_pgns(taken, salt=our.PUBLISHED_SALT, scheme=CHEAPEST)
    next(hashed)
    assert taken.count == 2 * 3 + 1
    hashed.close()


@pytest.mark.parametrize(("count", "workers"), [(5, 5), (None, 1)])
def test_a_system_that_tells_no_affinity_is_asked_for_its_cores(
    monkeypatch: pytest.MonkeyPatch, count: int | None, workers: int
) -> None:
    """
    Windows and macOS tell how many cores there are, or nothing: then it is one.
    """
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: count)
    taken = _Taken(_many(20))
    hashed = hash_pgns(taken, salt=our.PUBLISHED_SALT, scheme=CHEAPEST)
    next(hashed)
    assert taken.count == 2 * workers + 1
    hashed.close()


@pytest.mark.parametrize("workers", [0, -1])
def test_there_is_at_least_one_worker(workers: int) -> None:
    """
    A number of workers that cannot work is refused at the call.
    """
    with pytest.raises(ValueError, match="workers: expected 1 or more"):
        hash_pgns([], salt=Salt(bytes(16)), scheme=CHEAPEST, workers=workers)


def test_what_is_no_pgn_takes_nobody_of_its_batch_with_it() -> None:
    """
    It is alone, and what is before and after it is in batches of the sizes asked.
    """
    one, two, three, four = _many(4)
    rows: list[Any] = [one, two, "063138219", three, "063138219", four]
    sizes = iter([1, 4, 4, 2, 2, 2])
    assert list(hasher._in_batches(rows, sizes)) == [
        [one],
        [two],
        ["063138219"],
        [three],
        ["063138219"],
        [four],
    ]
    assert list(hasher._in_batches(_many(7), iter([1, 2, 3, 4]))) == [
        _many(7)[:1],
        _many(7)[1:3],
        _many(7)[3:6],
        _many(7)[6:],
    ]


@pytest.mark.parametrize(
    ("memory", "workers"), [(None, 4), (2**30, 4), (600 << 20, 2), (1, 1)]
)
def test_argon2id_keeps_to_the_budget_too(memory: int | None, workers: int) -> None:
    """
    256 MiB a worker; one hashes in any case.
    """
    plan = hasher._planned(our.PUBLISHED_SALT, ARGON2ID, 4, memory)
    assert (plan.workers, plan.batch) == (workers, 1)


def test_too_little_memory_for_argon2id_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    What the machine lacks is an error of Python's own, with the measure.
    """

    def refuse(*_: object) -> bytes:
        raise HashingError

    monkeypatch.setattr("eckid.hashing.one.hash_secret_raw", refuse)
    with pytest.raises(MemoryError, match="argon2id: expected 256 MiB, got less"):
        hash_pgn(BSN.parse("063138219"), salt=Salt(bytes(16)), scheme=ARGON2ID)


def test_the_threads_of_another_process_are_neither_asked_nor_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Another process is known by its number: lists begin anew, and close at once.
    """
    with Hasher(salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=2) as used:
        going = used.each(_many(20))
        next(going)
        parents = used._pool
        assert parents is not None
        here = os.getpid()
        monkeypatch.setattr(os, "getpid", lambda: here + 1)
        assert len([*used.each(_many(3))]) == 3
        assert used._pool is not parents
        with pytest.raises(RuntimeError, match="begin it again"):
            next(going)
        monkeypatch.undo()
        # Of a third process, so that the second's are closed by nobody but it.
        second = used._pool
        used.close()
        for pool in (parents, second):
            assert pool is not None
            pool.shutdown()


def test_lists_of_several_threads_share_a_hasher() -> None:
    """
    One set of threads, made once; each list keeps its order.
    """
    numbers = _many(200)
    expected = [
        hash_pgn(one, salt=our.PUBLISHED_SALT, scheme=CHEAPEST) for one in numbers
    ]
    together = threading.Barrier(4)
    with Hasher(salt=our.PUBLISHED_SALT, scheme=CHEAPEST, workers=2) as used:

        def work(_: int) -> list[HPgn]:
            together.wait(_PATIENCE)
            return list(used.each(numbers))

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(work, range(4))) == [expected] * 4
