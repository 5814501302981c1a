"""
Nothing is lost and nothing is half: what writes is killed at its nth system call.

A C compiler makes the counter that is preloaded; Linux has what it needs.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import killing
import pytest
from children import unmeasured
from killing import SCENARIOS, places

HERE: Final = Path(__file__).parent
# A few places of each scenario, and all of one that has so few: where files appear,
# each step is a state of its own. `.ci/long` takes them all.
SAMPLE: Final = "12"
# What asks others has more states: they go on while this is killed.
SAMPLES: Final = {"asked": "30"}


@pytest.fixture(scope="session")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The counter of system calls, compiled.
    """
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        pytest.fail("tests/kills compiles a counter: install a C compiler, such as gcc")
    library = tmp_path_factory.mktemp("kills") / "counter.so"
    made = ("-shared", "-fPIC", "-O2", "-o", str(library), str(HERE / "counter.c"))
    subprocess.run([compiler, *made, "-ldl"], check=True)
    return library


def _killed(counter: Path, folder: Path, points: str, name: str) -> None:
    environment = {
        **unmeasured(),
        "LD_PRELOAD": str(counter),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, killing.__file__, str(folder), points, name],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        encoding="utf-8",
    )
    told = json.loads(done.stdout)
    print(f"{name}: killed at {told['killed']} of {told['calls']} calls")  # noqa: T201  # the count is asked for
    assert told["faults"] == []
    assert told["killed"] >= min(told["calls"], int(SAMPLE))


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_killed_at_a_place_of_the_sample_loses_nothing(
    counter: Path, tmp_path: Path, name: str
) -> None:
    """
    What was acknowledged is there, nothing is half, and the same again ends well.
    """
    _killed(counter, tmp_path, SAMPLES.get(name, SAMPLE), name)


@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_killed_at_any_place_loses_nothing(
    counter: Path, tmp_path: Path, name: str
) -> None:
    """
    As above, at each writing call until there is none left.
    """
    _killed(counter, tmp_path, "all", name)


def test_the_sample_is_the_same_each_time_and_everything_is_each_call() -> None:
    """
    A fault that was found once is found again.
    """
    assert list(places(100, "8")) == list(places(100, "8"))
    assert len(set(places(100, "8"))) == 8
    assert list(places(3, "8")) == [1, 2, 3]
    every = places(3, "all")
    assert [next(every) for _ in range(5)] == [1, 2, 3, 4, 5]
