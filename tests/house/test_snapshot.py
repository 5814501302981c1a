"""
The command line writes what it wrote when the golden was made.
"""

import shutil
import subprocess
import sys
from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import Final

import pytest
import snapshot

# Its runs are made once, by one worker.
pytestmark = pytest.mark.xdist_group("snapshot")

GOLDEN: Final = snapshot.golden()
# What the keys of the rings are called.
_KEYS: Final = {
    "school": "uLDMuWiAQyTj3JCea4BzVhznaQSTFBx6yNimMhvJdK0",
    "other": "s2PaSaXxrn9hPbmRzoDT5M7M-biQWtjvGtmgNp2aehQ",
    "pilot": "5Qb7vxCKcMxZh8_5_mkLaULMdItg5Ht04a6ilnCPdsg",
}
# As much of a difference as one reads.
_SHOWN: Final = 40


@pytest.fixture(scope="session")
def told() -> snapshot.Told:
    """
    All that the command line prints and writes here, told once.
    """
    return snapshot.compared(snapshot.taken())


@pytest.mark.parametrize("name", GOLDEN)
def test_an_output_is_what_it_was(told: snapshot.Told, name: str) -> None:
    """
    Each output and file is that of the golden, but for what is masked.
    """
    was, here = snapshot.masked(name, GOLDEN[name]), told.get(name)
    if here is None:
        pytest.fail(f"{name}: expected it, got none", pytrace=False)
    lines = unified_diff(was, here, "before", "here", n=1, lineterm="")
    shown = list(islice((line[:400] for line in lines), _SHOWN))
    if shown:
        pytest.fail("\n".join([name, *shown]), pytrace=False)


def test_its_runs_are_made_by_one_worker(request: pytest.FixtureRequest) -> None:
    """
    Where tests run side by side in groups, this file is a group.
    """
    beside = request.config.getoption("loadgroup", default=False)
    assert request.node.nodeid.endswith("@snapshot") is bool(beside)


def test_nothing_is_written_that_was_not(told: snapshot.Told) -> None:
    """
    No command prints or writes an output that the golden has not.
    """
    assert told.keys() - GOLDEN.keys() == set()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """
    Return a folder with copies of the rings and the register of before.
    """
    for path in (*snapshot.HERE.glob("*.ring"), *snapshot.HERE.glob("old.register*")):
        shutil.copy(path, tmp_path)
    shutil.copy(snapshot.HERE / "input" / "passphrase", tmp_path)
    return tmp_path


def _eckid(folder: Path, line: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "eckid", *line.split()],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["school", "other", "pilot"])
def test_a_ring_of_before_opens(kept: Path, name: str) -> None:
    """
    A ring that was sealed long before opens, and signs with the key it had.
    """
    ring = f"--ring {name}.ring --passphrase-file passphrase"
    key = _eckid(kept, f"link key {ring} --houder {snapshot.A} --vanaf 2026-01-01")
    assert _KEYS[name] in key


def test_a_register_of_before_opens(kept: Path) -> None:
    """
    A register that was kept long before opens under its ring, up to its head.
    """
    at = f"{snapshot.RING} {snapshot.REGISTER}"
    assert snapshot.HEAD in _eckid(kept, f"register verify {at} --head {snapshot.HEAD}")
