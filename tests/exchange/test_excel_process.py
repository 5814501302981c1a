"""
The process that reads a workbook, as it is on Linux: limits, no secrets, no orphan.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from children import unmeasured

from eckid.exchange.formats import excel

SECRET = "Geheimzinnig"


def _probe(monkeypatch: pytest.MonkeyPatch, folder: Path, main: str) -> None:
    """
    Let the process run *main* in the place of the reader.
    """
    path = folder / "probe.py"
    path.write_text(main)
    monkeypatch.setattr(excel, "_ROOMS", excel._ROOMS | {"probe": path})


_LIMITS = """
import ctypes, json, os, resource, sys
def main(stdin, stdout):
    sys.modules["eckid.exchange.formats.excel_child"].limit(2**30, 60)
    got = ctypes.c_int()
    ctypes.CDLL(None).prctl(2, ctypes.byref(got), 0, 0, 0)
    names = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_FSIZE")
    said = {name: resource.getrlimit(getattr(resource, name))[1] for name in names}
    said["dumpable"] = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
    said["signal"] = got.value
    said["names"] = sorted(os.environ)
    said["open"] = sorted(os.listdir("/proc/self/fd"))
    said["arguments"] = sys.argv[1:]
    stdout.write(json.dumps(said).encode())
"""


def test_the_process_has_limits_and_no_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    A gigabyte, a minute, no core, no file; no variable, file or argument of ours.
    """
    monkeypatch.setenv("SCHOOL_PASSPHRASE", SECRET)
    _probe(monkeypatch, tmp_path, _LIMITS)
    with (tmp_path / "secret").open("w") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003  # os takes no name
        said = json.loads(excel._run(b"", 2**20))
    assert said["RLIMIT_AS"] == 2**30
    assert said["RLIMIT_CPU"] == 60
    assert said["RLIMIT_CORE"] == said["RLIMIT_FSIZE"] == said["dumpable"] == 0
    assert said["signal"] == signal.SIGKILL
    # Python itself sets the variable of its encoding.
    assert set(said["names"]) <= {"LC_CTYPE", *excel._ENVIRONMENT}
    assert len(said["open"]) == 4  # one is the listing itself
    assert said["arguments"] == [
        str(part) for room in excel._ROOMS.items() for part in room
    ]


_WAITS = """
import signal, sys
def main(stdin, stdout):
    def late(*_):
        told.write(b"still here")
        told.flush()
    room = sys.modules["eckid.exchange.formats.excel_child"]
    {ends}
    signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    told = open({pipe!r}, "wb")
    signal.pause()
"""


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param("room.limit(2**30, 60)", id="by-the-system"),
        # As on macOS and Windows, which have no signal for it.
        pytest.param("room.end_with(stdin)", id="by-its-pipe"),
    ],
)
def test_the_process_ends_with_its_parent(tmp_path: Path, ends: str) -> None:
    """
    A run that is killed leaves nobody behind who holds the numbers of a school.
    """
    pipe, probe = tmp_path / "pipe", tmp_path / "probe.py"
    os.mkfifo(pipe)
    probe.write_text(_WAITS.format(pipe=str(pipe), ends=ends))
    code = (
        "from eckid.exchange.formats import excel\n"
        f"excel._ROOMS['probe'] = {str(probe)!r}\n"
        "excel._run(b'', 10)\n"
        f"open({str(pipe)!r}, 'wb').write(b'it did not wait')\n"
    )
    path = {"PYTHONPATH": str(Path(excel.__file__).parents[3])}
    with (
        subprocess.Popen(
            [sys.executable, "-c", code], env=unmeasured() | path
        ) as parent,
        pipe.open("rb") as told_,
    ):
        parent.kill()
        assert told_.read() == b""


def test_a_process_that_says_too_much_or_fails_has_said_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    What it says is bounded on this side too.
    """
    _probe(monkeypatch, tmp_path, "def main(i, o):\n o.write(b'x' * 2**20)\n")
    assert excel._run(b"", 2**20) == b"x" * 2**20
    assert excel._run(b"", 2**20 - 1) == b""
    _probe(monkeypatch, tmp_path, "def main(i, o):\n raise SystemExit(3)\n")
    assert excel._run(b"x" * 2**20, 10) == b""
