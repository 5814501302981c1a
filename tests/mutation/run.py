"""
Mutate the rooms that decide, and count what their tests notice.

    python tests/mutation/run.py [--aim 95] [--every 1] [room or file…]

A file of a room is named as it stands below ``eckid``: ``policy/guard.py``.

Each mutant is one change in a copy of the tree; the tests of its room run on it, and
stop at the first that fails. A mutant that no test notices is alive, and is printed.
One that changes nothing that can be seen stands in ``equivalent.toml`` with the reason,
and is counted apart. Exit code 1 says that fewer were killed than the aim, in percent.

A process is forked for each mutant, so that what is slow to import is imported once.
The few tests that noticed last and most run first, and by themselves; only if these
pass are all of the room's collected.
"""

import argparse
import compileall
import gc
import os
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
if __name__ == "__main__":
    # Where the tests look for each other, and in the place of this folder.
    sys.path[0] = str(ROOT / "tests")

from mutation.mutants import Mutant, mutants  # noqa: E402  # found by what is above
from mutation.rooms import ROOMS, Room  # noqa: E402  # as above

# What is not copied.
_LEFT: Final = (".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build")
# What the tests import of others, and eckid does not change.
_SLOW: Final = (
    *("pytest", "hypothesis", "cryptography", "argon2", "joserfc.jws", "sqlite3"),
    *("lxml.etree", "pyarrow.parquet", "pandas", "polars", "click", "rich"),
)
# One failure is enough, and nobody reads how the values of an assertion compare.
_PLAIN: Final = (
    *("-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist"),
    "--hypothesis-profile=mutants",
)
# How many of the tests that noticed last, and of those that noticed most, run first.
_LAST, _MOST = 2, 3
# A mutant may make a loop without end: it is given this many times what it takes, and
# this many seconds.
_TIMES, _MORE = 8, 20
# Pytest's codes for a test that fails, for one that cannot be collected, for a fault of
# its own, and for a conftest that cannot be imported. Without the mutant it ended well.
_FAILED: Final = 1
_KILLED: Final = frozenset({_FAILED, 2, 3, 4})


class Outcome(NamedTuple):
    """
    What became of the mutants of a room.

    Attributes:
        killed: How many a test noticed; a loop without end counts.
        equivalent: How many are known to change nothing.
        alive: The others, each in a line.
    """

    killed: int
    equivalent: int
    alive: tuple[str, ...]

    @property
    def percent(self) -> float:
        """
        How many of those that change anything were killed.
        """
        every = self.killed + len(self.alive)
        return 100 * self.killed / every if every else 100.0


def files_of(room: Room, root: Path) -> list[Path]:
    """
    Return the files of a room, below *root*.
    """
    found: list[Path] = []
    for name in room.files:
        path = root / "eckid" / name
        found += sorted(path.glob("*.py")) if path.is_dir() else [path]
    return found


def known() -> set[tuple[str, str, str]]:
    """
    Return the mutants that change nothing: the file, its line, and the change.
    """
    path = HERE / "equivalent.toml"
    rows = tomllib.loads(path.read_text("utf-8")).get("mutant", [])
    return {(row["file"], row["line"], row["change"]) for row in rows}


class Noticed:
    """
    A plugin of pytest: which tests noticed a mutant; those come first.

    The mutant of a line is mostly noticed by what noticed the one before it.
    """

    def __init__(self, told: Path) -> None:
        self._told = told
        self._often: Counter[str] = Counter()
        self._last: list[str] = []

    def read(self) -> None:
        """
        Count the test that failed in the process that ended.
        """
        if self._told.exists():
            test = self._told.read_text("utf-8")
            self._often[test] += 1
            self._last = [test, *(old for old in self._last if old != test)][:_LAST]
            self._told.unlink()

    def first(self) -> list[str]:
        """
        Return the few tests that are likely to notice the next mutant.
        """
        most = (test for test, _ in self._often.most_common(_LAST + _MOST))
        few = dict.fromkeys((*self._last, *most))
        return list(few)[: _LAST + _MOST]

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """
        Put the tests in their order; those of one count stay as they are.
        """
        items.sort(key=lambda item: -self._often[item.nodeid])

    def pytest_runtest_logreport(self, report: Any) -> None:  # noqa: ANN401  # pytest's
        """
        Tell which test failed; it is the last one that ran.
        """
        if report.failed:
            self._told.write_text(report.nodeid, "utf-8")


def tested(
    copy: Path, tests: Sequence[str], seconds: float | None, noticed: Noticed
) -> int | None:
    """
    Run tests in a process of their own; None if they did not end in time.
    """
    child = os.fork()
    if child == 0:
        os._exit(_pytest(copy, tests, noticed))
    began = time.monotonic()
    while seconds is None or time.monotonic() - began < seconds:
        ended, status = os.waitpid(child, 0 if seconds is None else os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _pytest(copy: Path, tests: Sequence[str], noticed: Noticed) -> int:
    # Never returns into the loop above: whatever happens here ends the process.
    try:
        os.setpgrp()
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.chdir(copy)
        os.environ["PYTHONPATH"] = str(copy)
        sys.path.insert(0, str(copy))
        import pytest  # noqa: PLC0415  # it was imported before the fork
        from hypothesis import HealthCheck, Phase, settings  # noqa: PLC0415  # as above

        # One example that fails is enough; nobody reads the smallest.
        phases = [Phase.explicit, Phase.reuse, Phase.generate]
        settings.register_profile(
            "mutants",
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        )
        return int(pytest.main([*_PLAIN, *tests], plugins=[noticed]))
    except BaseException:  # noqa: BLE001  # it has nobody to tell
        return 70


def part(name: str) -> Room:
    """
    Return the room of this name, or the room of this file with the file alone.
    """
    if name in ROOMS:
        return ROOMS[name]
    for room in ROOMS.values():
        if ROOT / "eckid" / name in files_of(room, ROOT):
            return room._replace(files=(name,))
    raise SystemExit(f"expected a room or a file of one, got {name}")


def each(copy: Path, room: Room, every: int) -> Iterator[tuple[Path, bytes, Mutant]]:
    """
    Yield the mutants of a room, or one of each *every*.
    """
    found = [
        (path, source, mutant)
        for path in files_of(room, copy)
        for source in (path.read_bytes(),)
        for mutant in mutants(source)
    ]
    yield from found[::every]


@cache
def begun(copy: Path, tests: tuple[str, ...]) -> tuple[Noticed, float]:
    """
    Run the tests of a room without a mutant; return what notices, and how long it took.

    Once for all files of the room.
    """
    noticed = Noticed(copy.with_name("noticed"))
    began = time.monotonic()
    ended = tested(copy, tests, None, noticed)
    if ended != 0:
        raise SystemExit(f"{tests}: they do not pass by themselves: {ended}")
    return noticed, time.monotonic() - began


def run(name: str, copy: Path, every: int) -> Outcome:
    """
    Mutate one room or file, and return what its tests noticed.
    """
    room = part(name)
    tests = tuple(f"tests/{test}" for test in room.tests)
    noticed, took = begun(copy, tests)
    spared, killed, equivalent = known(), 0, 0
    alive: list[str] = []
    for path, source, mutant in each(copy, room, every):
        file = path.relative_to(copy).as_posix()
        line = source.splitlines()[mutant.line - 1].decode().strip()
        if (file, line, mutant.shown(source)) in spared:
            equivalent += 1
            continue
        path.write_bytes(mutant.of(source))
        try:
            few = noticed.first()
            ended = tested(copy, few, took + _MORE, noticed) if few else 0
            # A test that went with its row has noticed nothing.
            if ended not in {_FAILED, None}:
                ended = tested(copy, tests, _TIMES * took + _MORE, noticed)
        finally:
            path.write_bytes(source)
        noticed.read()
        if ended is None or ended in _KILLED:
            killed += 1
        elif ended == 0:
            alive.append(f"{file}:{mutant.line}: {mutant.what}: {mutant.shown(source)}")
            print(f"  alive: {alive[-1]}", flush=True)
        else:
            raise SystemExit(f"{file}:{mutant.line}: pytest ended with {ended}")
    return Outcome(killed, equivalent, tuple(alive))


def main() -> int:
    """
    Mutate what is named, or all rooms; return 1 if too few were killed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="room or file")
    parser.add_argument("--aim", type=float, default=95.0)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    for module in _SLOW:
        __import__(module)
    gc.freeze()  # a child need not walk through what it was given
    results: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_LEFT))
        # By what a file holds, and not by its day: a mutant is never taken for another.
        compileall.compile_dir(
            copy / "eckid", quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH
        )
        for name in given.parts or ROOMS:
            result = run(name, copy, given.every)
            results.append(result)
            print(
                f"{name:24} {result.killed:4} killed, {len(result.alive):3} alive, "
                f"{result.equivalent:3} equivalent, {result.percent:5.1f} %",
                flush=True,
            )
    killed = sum(result.killed for result in results)
    alive = sum(len(result.alive) for result in results)
    percent = 100 * killed / (killed + alive) if killed + alive else 100.0
    print(f"{'all':24} {killed:4} killed, {alive:3} alive, {percent:21.1f} %")
    return int(percent < given.aim)


if __name__ == "__main__":
    sys.exit(main())
