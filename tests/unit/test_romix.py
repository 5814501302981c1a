"""
The vectorised scrypt: the same octets as OpenSSL, within the memory it was given.
"""

import hashlib
import mmap
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import strategies as our
from children import unmeasured
from hypothesis import given, settings
from hypothesis import strategies as st

from eckid import (
    BSN,
    NUMMERVOORZIENING,
    PGN,
    Hasher,
    HPgn,
    hash_pgn,
)
from eckid.hashing import engines, salsa
from eckid.hashing import hash_pgns as hash_pgns_
from eckid.hashing import romix as kernel
from eckid.hashing.romix import RIVALS, SHAPES, Romix, Shape, shape_within
from eckid.pgn import parse_pgn
from eckid.scheme import ScryptCost

# RFC 7914, section 12.
_RFC: Final = (
    (
        b"",
        b"",
        (16, 1, 1),
        (
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
        ),
    ),
    (
        b"password",
        b"NaCl",
        (1024, 8, 16),
        (
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
    ),
    (
        b"pleaseletmein",
        b"SodiumChloride",
        (16384, 8, 1),
        (
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ),
)
_GIBIBYTE: Final = (
    "2101cb9b6a511aaeaddbbe09cf70f881ec568d574a2ffd4dabe5ee9820adaa47"
    "8e56fd8f4ba5d09ffa1c6d927c40f4c337304049e8a952fbcbf45c6fa77a41a4"
)
SHAPE = pytest.mark.parametrize("shape", SHAPES, ids=lambda s: f"{s.lanes} lanes")


def _expected(words: list[bytes], salt: bytes, n: int, r: int, p: int) -> list[bytes]:
    return [
        hashlib.scrypt(word, salt=salt, n=n, r=r, p=p, maxmem=2**30, dklen=32)
        for word in words
    ]


@SHAPE
@pytest.mark.parametrize(("word", "salt", "cost", "expected"), _RFC)
def test_the_published_vectors_are_met(
    shape: Shape, word: bytes, salt: bytes, cost: tuple[int, int, int], expected: str
) -> None:
    """
    By every number of lanes, also where most have nothing to do.
    """
    n, r, p = cost
    romix = Romix(shape, n=n, r=r)
    assert romix.scrypt([word], salt=salt, p=p, length=64)[0].hex() == expected


@pytest.mark.xdist_group("memory")
def test_the_published_vector_of_one_gibibyte_is_met_on_one_lane() -> None:
    """
    N is 2**20: addresses beyond 32 bits.
    """
    romix = Romix(SHAPES[-1], n=2**20, r=8)
    found = romix.scrypt([b"pleaseletmein"], salt=b"SodiumChloride", p=1, length=64)
    assert found[0].hex() == _GIBIBYTE


_words = st.lists(st.binary(max_size=40), min_size=1, max_size=6)


@st.composite
def _costs(draw: st.DrawFn) -> tuple[Shape, int, int, int]:
    """
    Draw a shape and parameters that it needs at most 64 MiB for.
    """
    shapes = st.sampled_from((*SHAPES, *RIVALS))
    shape, r = draw(shapes), draw(st.integers(1, 16))
    most = next(
        e
        for e in range(17, 0, -1)
        if e < 16 * r and shape.memory(n=2**e, r=r) <= 64 << 20
    )
    return shape, 2 ** draw(st.integers(1, most)), r, draw(st.integers(1, 8))


@given(cost=_costs(), words=_words, salt=st.binary(max_size=40))
@settings(max_examples=60)
def test_it_agrees_with_openssl(
    cost: tuple[Shape, int, int, int], words: list[bytes], salt: bytes
) -> None:
    """
    Over N, r and p, words and salts of any length, and lanes that are left over.
    """
    shape, n, r, p = cost
    romix = Romix(shape, n=n, r=r, proven=shape in RIVALS)
    found = romix.scrypt(words, salt=salt, p=p, length=32)
    assert found == _expected(words, salt, n, r, p)


@pytest.mark.parametrize(("n", "r"), [(2**17, 1), (2**15, 1), (2**17, 16), (2, 16)])
def test_it_agrees_with_openssl_at_the_ends(n: int, r: int) -> None:
    """
    The largest N, with the smallest and the largest r that may go with it.
    """
    n = min(n, 2 ** (16 * r - 1))
    words = [b"one", b"two"]
    found = Romix(SHAPES[3], n=n, r=r).scrypt(words, salt=b"salt", p=1, length=32)
    assert found == _expected(words, b"salt", n, r, 1)


@SHAPE
def test_room_is_used_again(shape: Shape) -> None:
    """
    What an earlier batch left in memory is in no later result.
    """
    romix = Romix(shape, n=64, r=2)
    batches: list[list[bytes]] = [[b"a"] * 9, [b"b"], [], [b"c", b"d"], [b"a"] * 17]
    for words in batches:
        found = romix.scrypt(words, salt=b"salt", p=3, length=32)
        assert found == _expected(words, b"salt", 64, 2, 3)


def test_threads_hash_at_the_same_time() -> None:
    """
    Each in a room of its own.
    """
    words = [str(n).encode() for n in range(8)]
    found: dict[int, list[bytes]] = {}

    def work(n: int) -> None:
        romix = Romix(SHAPES[n % 3], n=1024, r=8)
        found[n] = romix.scrypt(words, salt=b"%d" % n, p=4, length=32)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: _expected(words, b"%d" % n, 1024, 8, 4) for n in range(6)}


_CHILD: Final = """
import hashlib
from eckid.hashing.romix import SHAPES, Romix
for shape in SHAPES:
    words = [b"%d" % n for n in range(5)]
    found = Romix(shape, n=256, r=8).scrypt(words, salt=b"salt", p=4, length=32)
    assert found == [
        hashlib.scrypt(w, salt=b"salt", n=256, r=8, p=4, dklen=32) for w in words
    ]
print("same")
"""


@pytest.mark.parametrize("cpu", [pytest.param("", marks=pytest.mark.long), "generic"])
def test_it_needs_no_processor_of_this_kind(tmp_path: Path, cpu: str) -> None:
    """
    Compiled for this machine, and for the plainest of its family: the same octets.
    """
    mine = {"NUMBA_CACHE_DIR": str(tmp_path)}
    if cpu:
        mine |= {"NUMBA_CPU_NAME": cpu, "NUMBA_CPU_FEATURES": ""}
    for _ in range(2):  # compiled, and taken from the cache
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", _CHILD],
            env=unmeasured() | mine,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.stderr) == ("same\n", "")


def test_n_is_a_power_of_two() -> None:
    """
    Any other is refused, with what it was.
    """
    for n in (0, 1, 3, 96, 2**32):
        with pytest.raises(ValueError, match=f"a power of two, got {n}"):
            Romix(SHAPES[-1], n=n, r=8)


def test_more_memory_than_there_is_is_said() -> None:
    """
    In MiB, as what the machine lacks.
    """
    with pytest.raises(MemoryError, match="expected 549755813888 MiB, got less"):
        Romix(SHAPES[0], n=2**31, r=2**17)


def test_the_widest_that_fits_is_taken() -> None:
    """
    A budget that people name, 2 GiB or 512 MiB, is a whole number of tables.
    """
    lanes = {
        mebibytes: None if shape is None else shape.lanes
        for mebibytes in (4096, 2048, 2047, 1024, 512, 511, 256, 128, 127)
        for shape in [shape_within(mebibytes << 20, n=2**17, r=8)]
    }
    assert lanes == {
        4096: 16,
        2048: 16,
        2047: 8,
        1024: 8,
        512: 4,
        511: 2,
        256: 2,
        128: 1,
        127: None,
    }


@SHAPE
def test_beside_its_tables_it_takes_little(shape: Shape) -> None:
    """
    Two states for each lane, and what keeps the tables apart: beside 2 GiB, 33 KiB.
    """
    room = Romix(shape, n=2**17, r=8)._state.base
    assert room is not None
    beside = room.nbytes - shape.memory(n=2**17, r=8)
    assert beside == shape.lanes * (33 << 10) // 16


NATIONAL: Final = NUMMERVOORZIENING.cost
# Of 063138219, by the reference clients.
_PUBLISHED: Final = HPgn.parse(
    "9735dfd2235eaeb5f0300886bcc99c82ffc1d6420c4e0bde8de7218def2135fa"
)


@pytest.fixture
def said() -> Iterator[list[warnings.WarningMessage]]:
    """
    What is warned of, from a beginning where nothing was said yet.
    """
    engines._say.cache_clear()
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield found
    engines._say.cache_clear()


def _engine(*, workers: int = 2, memory: int | None = None) -> engines.Engine:
    assert isinstance(NATIONAL, ScryptCost)
    return engines.engine(NATIONAL, workers=workers, memory=memory)


@pytest.mark.parametrize(
    ("memory", "workers", "batch"),
    [
        (4 << 30, 2, 4),
        (3 << 30, 2, 2),
        (1 << 30, 2, 1),
        (256 << 20, 2, 1),
        (200 << 20, 1, 1),
    ],
)
def test_memory_is_shared_among_the_workers(
    memory: int, workers: int, batch: int
) -> None:
    """
    Fewer lanes with less, and at last fewer workers; all together within it.
    """
    engine = _engine(memory=memory)
    assert engine[:3] == ("the kernel", workers, batch)


def test_with_too_little_memory_it_says_what_hashes(
    said: list[warnings.WarningMessage],
) -> None:
    """
    Once, and it hashes all the same.
    """
    for _ in range(2):
        engine = _engine(memory=100 << 20)
        assert engine.name in {"cryptography", "PyNaCl"}
        assert engine[1:3] == (1, 1)
    (warning,) = said
    assert f"hashing with {engine.name}" in str(warning.message)
    assert "expected 128 MiB for the kernel, got 100" in str(warning.message)


@pytest.mark.parametrize("sodium", [False, True])
def test_without_the_extra_it_says_what_hashes(
    monkeypatch: pytest.MonkeyPatch,
    said: list[warnings.WarningMessage],
    *,
    sodium: bool,
) -> None:
    """
    PyNaCl where that is installed, else cryptography; and what to install.
    """
    monkeypatch.setitem(sys.modules, "eckid.hashing.romix", None)
    if not sodium:
        monkeypatch.setitem(sys.modules, "nacl.bindings", None)
    (hpgn,) = hash_pgns_([parse_pgn("063138219")], salt=our.PUBLISHED_SALT)
    assert hpgn == _PUBLISHED
    budgets = {128: 1, 255: 1, 256: 2, 4096: 2}
    assert {m: _engine(memory=m << 20).workers for m in budgets} == budgets
    (warning,) = said
    name = "PyNaCl" if sodium else "cryptography"
    assert str(warning.message).startswith(f"scrypt: hashing with {name}, ")
    assert "pip install 'eckid[fast]'" in str(warning.message)


@pytest.mark.usefixtures("unproven")
def test_a_kernel_that_is_wrong_is_refused(
    monkeypatch: pytest.MonkeyPatch, said: list[warnings.WarningMessage]
) -> None:
    """
    One octet in its proof, and another hashes; the result is the true one.
    """
    monkeypatch.setattr(kernel, "_PROOF", "00" + kernel._PROOF[2:])
    for shape in SHAPES:
        with pytest.raises(ArithmeticError, match=f"another of {shape.lanes} lanes"):
            kernel.prove(shape)
    assert _engine().name != "the kernel"
    assert "expected what RFC 7914 says" in str(said[0].message)


@pytest.fixture
def unproven() -> Iterator[None]:
    """
    A kernel that has proved nothing yet; and none after.
    """
    kernel._proven.clear()
    yield
    kernel._proven.clear()


@pytest.mark.usefixtures("unproven")
def test_each_shape_proves_itself_before_its_first_use() -> None:
    """
    Also the smaller one that a small batch is given.
    """
    romix = Romix(SHAPES[0], n=16, r=1)
    assert not kernel._proven
    romix.scrypt([b"a"], salt=b"", p=1, length=32)
    assert kernel._proven == {SHAPES[-1]}
    romix.scrypt([b"a"] * 2, salt=b"", p=4, length=32)
    assert kernel._proven == {SHAPES[-1], SHAPES[1]}


_FULL: Final = [b"%d" % n for n in range(16)]


def _shapes_of(
    romix: Romix, monkeypatch: pytest.MonkeyPatch, seconds: Mapping[Shape, float]
) -> list[Shape]:
    """
    Return the shape of each of 40 full batches; *seconds* is what a run of each takes.
    """
    clock, ran, true = [0.0], list[Shape](), Romix._run

    def run(self: Romix, shape: Shape, state: kernel.Words) -> None:
        true(self, shape, state)
        clock[0] += seconds[shape]
        ran.append(shape)

    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(Romix, "_run", run)
    shapes = []
    for _ in range(40):
        ran.clear()
        found = romix.scrypt(_FULL, salt=b"", p=1, length=32)
        assert found == _expected(_FULL, b"", 16, 1, 1)
        (shape,) = set(ran)
        shapes.append(shape)
    return shapes


@pytest.mark.parametrize("fastest", [SHAPES[0], *RIVALS], ids=str)
def test_the_shape_that_is_fastest_on_this_processor_goes_on(
    fastest: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    After some batches each rival is tried, and the results are the same throughout.
    """
    for shape in (*SHAPES, *RIVALS):
        kernel.prove(shape)  # a clock that stands still would tell a compiler nothing
    # The time of a lane: a batch of a narrower shape takes more runs.
    seconds = {s: s.lanes * (1 if s == fastest else 2) for s in (SHAPES[0], *RIVALS)}
    romix = Romix(SHAPES[0], n=16, r=1)
    shapes = _shapes_of(romix, monkeypatch, seconds)
    assert shapes[: kernel._BEFORE] == [SHAPES[0]] * kernel._BEFORE
    tried = [rival for rival in RIVALS for _ in range(kernel._TRIES)]
    assert shapes[kernel._BEFORE :][: len(tried)] == tried
    assert set(shapes[kernel._BEFORE + len(tried) :]) == {fastest}


def test_a_rival_that_is_wrong_or_needs_more_memory_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Whatever its speed: the others go on, and nothing is said.
    """
    for shape in (*SHAPES, *RIVALS):
        kernel.prove(shape)
    true = kernel.prove

    def prove(shape: Shape) -> None:
        if shape == RIVALS[0]:
            raise ArithmeticError("wrong")
        true(shape)

    monkeypatch.setattr(kernel, "prove", prove)
    wide = SHAPES[1]
    seconds = {s: 1.0 if s in RIVALS else 2.0 for s in (wide, *RIVALS)}
    shapes = _shapes_of(Romix(wide, n=16, r=1), monkeypatch, seconds)
    assert set(shapes) == {wide}


@pytest.mark.usefixtures("unproven")
def test_what_a_thread_will_use_is_proved_before_there_is_one(
    monkeypatch: pytest.MonkeyPatch, said: list[warnings.WarningMessage]
) -> None:
    """
    A narrow shape that is wrong is found while another can still hash.
    """
    assert _engine(memory=5 << 30).name == "the kernel"
    assert kernel._proven == set(SHAPES[:3])
    true = kernel.Romix.scrypt

    def wrong(romix: Romix, *args: Any, **how: Any) -> list[bytes]:  # noqa: ANN401
        found = true(romix, *args, **how)
        return [b"\0" * 64] if romix._widest == SHAPES[2] else found

    monkeypatch.setattr(kernel.Romix, "scrypt", wrong)
    kernel._proven.clear()
    assert _engine(memory=5 << 30).name != "the kernel"
    assert "another of 4 lanes" in str(said[0].message)


def test_memory_that_is_gone_again_makes_it_narrower(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    And with none at all another hashes; the result is the same.
    """
    made: list[int] = []
    left = 512 << 20

    class Little(Romix):
        def __init__(self, shape: Shape, *, n: int, r: int) -> None:
            if shape.memory(n=n, r=r) > left:
                raise MemoryError
            super().__init__(shape, n=n, r=r)
            made.append(shape.lanes)

    _engine(memory=5 << 30)  # what it needs is proved
    monkeypatch.setattr(kernel, "Romix", Little)
    engine = _engine(memory=5 << 30)
    (one,) = engine.make()([b"063138219"], our.PUBLISHED_SALT.expose())
    left = 0
    (other,) = engine.make()([b"063138219"], our.PUBLISHED_SALT.expose())
    assert made == [4]
    assert one == other


@pytest.fixture
def uncompiled() -> Iterator[None]:
    """
    A kernel that is not there yet; and not after.
    """
    kernel._kernel.cache_clear()
    yield
    kernel._kernel.cache_clear()


@pytest.mark.usefixtures("uncompiled")
def test_without_a_place_for_a_cache_it_compiles_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    And says so, once, with what to set.
    """

    def compiled(*, cache: bool) -> object:
        if cache:
            raise RuntimeError
        return salsa.compiled(cache=False)

    monkeypatch.setattr(kernel, "compiled", compiled)
    romix = Romix(SHAPES[0], n=16, r=1)
    with pytest.warns(RuntimeWarning, match="NUMBA_CACHE_DIR names a place"):
        romix.scrypt([b"a"], salt=b"", p=1, length=32)
    # Nothing may be warned of here.
    found = romix.scrypt([b"b"], salt=b"", p=1, length=32)
    assert found == _expected([b"b"], b"", 16, 1, 1)


@pytest.mark.usefixtures("unproven")
def test_a_shape_is_proved_by_one_of_several_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    One that waited for the proof of another does not prove it again.
    """

    class Waited:
        def __enter__(self) -> None:
            kernel._proven.add(SHAPES[0])

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(kernel, "_proving", Waited())
    monkeypatch.setattr(kernel, "Romix", None)
    kernel.prove(SHAPES[0])


@pytest.mark.usefixtures("uncompiled", "unproven")
@pytest.mark.parametrize("damage", ["nbi", "nbc"])
def test_a_damaged_cache_stops_no_hashing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """
    It is compiled without one, in the same process, and says so once.
    """
    monkeypatch.setattr("numba.core.config.CACHE_DIR", str(tmp_path))
    kernel.prove(SHAPES[-1])
    (file,) = tmp_path.rglob(f"*.{damage}")
    file.write_bytes(b"eckid")
    kernel._kernel.cache_clear()
    kernel._proven.clear()
    with pytest.warns(RuntimeWarning, match="NUMBA_CACHE_DIR names a place"):
        kernel.prove(SHAPES[-1])
    # Nothing may be warned of here.
    found = Romix(SHAPES[-1], n=16, r=1).scrypt([b"b"], salt=b"", p=1, length=32)
    assert found == _expected([b"b"], b"", 16, 1, 1)


@pytest.mark.usefixtures("uncompiled", "unproven")
def test_a_cache_that_cannot_be_written_stops_no_hashing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The disk is full at the first call of a shape: it is proved and hashes all the same.
    """
    made: list[bool] = []

    def compiled(*, cache: bool) -> Any:  # noqa: ANN401  # a dispatcher
        made.append(cache)
        if not cache:
            return salsa.compiled(cache=False)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        return full

    monkeypatch.setattr(kernel, "compiled", compiled)
    with pytest.warns(RuntimeWarning, match="no cache of the kernel can be read or"):
        kernel.prove(SHAPES[-1])
    assert kernel._proven == {SHAPES[-1]}
    kernel.prove(SHAPES[-2])
    assert made == [True, False]


_DISABLED: Final = """
import warnings
from eckid import BSN, Hasher, Salt
from eckid.hashing.engines import engine
from eckid.scheme import NUMMERVOORZIENING
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    found = engine(NUMMERVOORZIENING.cost, workers=1, memory=1 << 30)
print(found.name, [str(one.message) for one in said])
"""


def test_without_a_compiler_another_library_hashes() -> None:
    """
    NUMBA_DISABLE_JIT=1 is one way to have none; what hashes is said, with the reason.
    """
    done = subprocess.run(
        [sys.executable, "-c", _DISABLED],
        env=unmeasured() | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] in {"PyNaCl", "cryptography"}
    assert "several times as slow; scrypt: expected a kernel that can be" in done.stdout


@pytest.mark.usefixtures("unproven")
@pytest.mark.parametrize(
    ("fault", "said_of_it"),
    [
        (NotImplementedError("a secret"), "can be compiled, got NotImplementedError"),
        (MemoryError(), "too little memory for its proof"),
    ],
)
def test_a_kernel_that_does_not_run_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    said: list[warnings.WarningMessage],
    fault: Exception,
    said_of_it: str,
) -> None:
    """
    Whatever stops its proof: another hashes, and the words of the fault are not told.
    """

    def stop(*_: object, **__: object) -> None:
        raise fault

    where = "__init__" if isinstance(fault, MemoryError) else "_run"
    monkeypatch.setattr(kernel.Romix, where, stop)
    assert _engine(memory=1 << 30).name != "the kernel"
    (warning,) = said
    assert said_of_it in str(warning.message)
    assert "secret" not in str(warning.message)


def test_an_extra_that_is_broken_stops_no_hashing(
    monkeypatch: pytest.MonkeyPatch, said: list[warnings.WarningMessage]
) -> None:
    """
    A library that is there and cannot be loaded lacks as one that is not there.
    """

    class Broken:
        def __getattr__(self, name: str) -> object:
            raise OSError(name)

    monkeypatch.setitem(sys.modules, "eckid.hashing.romix", Broken())
    assert _engine(memory=1 << 30).name in {"PyNaCl", "cryptography"}
    assert "the extra fast cannot be loaded, OSError" in str(said[0].message)


@pytest.mark.parametrize("name", ["MADV_HUGEPAGE", "MAP_PRIVATE"])
def test_a_system_without_huge_pages_has_small_ones(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """
    They are asked for where they can be.
    """
    monkeypatch.delattr(mmap, name, raising=False)
    found = Romix(SHAPES[1], n=64, r=8).scrypt([b"a"], salt=b"b", p=3, length=32)
    assert found == _expected([b"a"], b"b", 64, 8, 3)


def _large(room: mmap.mmap) -> int:
    """
    Return how many KiB of some memory, once it is written, lie in large pages.
    """
    for at in range(0, len(room), mmap.PAGESIZE):
        room[at] = 1
    place = np.frombuffer(room, dtype=np.uint8).ctypes.data
    found, here = 0, False
    for line in Path("/proc/self/smaps").read_text("utf-8", "replace").splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):
            begin, end = (int(part, 16) for part in name.split("-"))
            here = begin <= place < end
        elif here and name == "AnonHugePages:":
            found += int(rest[0])
    return found


def test_its_memory_lies_in_large_pages_where_the_system_grants_them() -> None:
    """
    It does if memory that asks in the plainest way has them.

    Memory that a child shares, which is what mmap gives without flags, gets none.
    """
    size = 64 << 20
    # One after the other: the system tells of neighbours as of one.
    with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as plain:
        plain.madvise(mmap.MADV_HUGEPAGE)
        granted = _large(plain) >= size >> 11
    room = kernel._room(size)
    assert room is not None
    assert (_large(room) >= size >> 11) is granted


def test_its_memory_is_of_one_process() -> None:
    """
    What a child writes there, its parent does not see.
    """
    room = kernel._room(1 << 20)
    assert room is not None
    child = os.fork()
    if child == 0:
        room[:4] = b"else"
        os._exit(0)
    os.waitpid(child, 0)
    assert room[:4] == bytes(4)


def _by_openssl(pgn: PGN) -> HPgn:
    """
    Hash one number as the national scheme does, by the standard library.
    """
    octets = hashlib.scrypt(
        pgn.expose().encode(),
        salt=our.PUBLISHED_SALT.expose(),
        n=131072,
        r=8,
        p=4,
        dklen=32,
        maxmem=2**28,
    )
    return HPgn(octets, NUMMERVOORZIENING)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """
    A process that has hashed none by one; and how many lanes each kernel had since.
    """
    made: list[int] = []

    class Seen(Romix):
        def __init__(
            self, shape: Shape, *, n: int, r: int, proven: bool = False
        ) -> None:
            super().__init__(shape, n=n, r=r, proven=proven)
            if not proven:
                made.append(shape.lanes)

    monkeypatch.setattr(kernel, "Romix", Seen)
    monkeypatch.setattr(engines, "_one_by_one", set())
    return made


@pytest.mark.xdist_group("memory")
@pytest.mark.parametrize(
    ("free", "lanes"),
    [(2 << 30, [4]), (700 << 20, [2]), (300 << 20, [1]), (200 << 20, [])],
    ids=["2 GiB", "700 MiB", "300 MiB", "200 MiB"],
)
def test_one_number_after_the_first_is_the_kernels(
    monkeypatch: pytest.MonkeyPatch,
    alone: list[int],
    said: list[warnings.WarningMessage],
    free: int,
    lanes: list[int],
) -> None:
    """
    As many lanes as one number has, in half of the free memory; the result is the same.

    The first is OpenSSL's, because loading the kernel takes as long. Nobody asked for a
    kernel, so nothing is said where there is none.
    """
    monkeypatch.setattr("eckid.hashing.memory.free_memory", lambda: free)
    other = BSN("111222333")
    assert hash_pgn(other, salt=our.PUBLISHED_SALT) == _by_openssl(other)
    assert alone == []
    assert hash_pgn(BSN("063138219"), salt=our.PUBLISHED_SALT) == _PUBLISHED
    assert alone == lanes
    assert said == []


@pytest.mark.usefixtures("unproven")
@pytest.mark.parametrize("fault", ["absent", "wrong"])
def test_one_number_without_a_kernel_is_openssls(
    monkeypatch: pytest.MonkeyPatch,
    alone: list[int],
    said: list[warnings.WarningMessage],
    fault: str,
) -> None:
    """
    Without the extra, and where the kernel does not prove itself.
    """
    if fault == "absent":
        monkeypatch.setitem(sys.modules, "eckid.hashing.romix", None)
    else:
        monkeypatch.setattr(kernel, "_PROOF", "00" * 64)
    for _ in range(2):
        assert hash_pgn(BSN("063138219"), salt=our.PUBLISHED_SALT) == _PUBLISHED
    assert alone == []
    assert said == []


@pytest.mark.xdist_group("memory")
def test_the_national_vectors_are_met_by_the_kernel() -> None:
    """
    Through the public door, in batches of 1, 2 and 4, with a rest; the order is kept.
    """
    with Hasher(salt=our.PUBLISHED_SALT, workers=1, memory=3 << 30) as hasher:
        numbers = [parse_pgn("063138219")] * 9
        numbers[4] = other = BSN("111222333")
        found = list(hasher.each(numbers))
        expected = [_PUBLISHED] * 9
        expected[4] = _by_openssl(other)
        assert found == expected
        # The same threads and memory, for another list.
        assert list(hasher.each(numbers[:1])) == [_PUBLISHED]
    assert repr(hasher) == "<Hasher nummervoorziening-2016>"


def test_a_budget_is_a_number_of_bytes() -> None:
    """
    None, or one at least.
    """
    for memory in (0, -1):
        with pytest.raises(ValueError, match="memory: expected 1 byte or more"):
            Hasher(salt=our.PUBLISHED_SALT, memory=memory)
