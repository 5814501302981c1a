"""
What the stand-in costs, on systems that say so.
"""

import subprocess
import sys
from typing import Final

from children import unmeasured
from hostile_requests import LARGE, ROWS, shout, still_answers

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
        env=unmeasured(),
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
        for _ in range(3):
            for name in LARGE:
                assert shout(url, ROWS[name].octets()).status == ROWS[name].status
            peaks.append(peak())
        # Kibibytes: five times the largest request at first, and then no more.
        assert peaks[0] - before < 80 * 1024
        assert peaks[2] - peaks[0] < 16 * 1024
        child.stdin.close()
