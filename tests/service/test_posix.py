"""
What the stand-in costs, and the zone of the machine, on systems that have these.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from children import unmeasured
from hostile_requests import LARGE, ROWS, shout, still_answers

from eckid.service.standin import calls

_CHILD: Final = """\
import resource, sys
from eckid.service.standin import Standin
with Standin() as at:
    print(at.url, flush=True)
    for _ in sys.stdin:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
"""


def test_memory_is_flat() -> None:
    """
    The large ones cost as much as one of them, however often they come.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Each thread would else keep a part of what it once had.
        env={**unmeasured(), "MALLOC_ARENA_MAX": "1"},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        url = child.stdout.readline().strip()

        def peak() -> int:
            child.stdin.write("\n")  # type: ignore[union-attr]  # asked above
            child.stdin.flush()  # type: ignore[union-attr]  # as above
            return int(child.stdout.readline())  # type: ignore[union-attr]  # as above

        assert still_answers(url)
        before, peaks = peak(), []
        for _ in range(4):
            for name in LARGE:
                assert shout(url, ROWS[name].octets()).status == ROWS[name].status
            peaks.append(peak())
        # Kibibytes: five times the largest request at first, and then no more.
        assert peaks[0] - before < 80 * 1024
        assert peaks[3] - peaks[1] < 32 * 1024
        child.stdin.close()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    A machine whose zone is nine hours from UTC.
    """
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_a_moment_is_not_in_the_zone_of_the_machine() -> None:
    """
    Without a zone it is in UTC, so that every stand-in answers the same.
    """
    assert calls._moment("2026-01-01T00:00:00") == datetime(2026, 1, 1, tzinfo=UTC)
