"""
What the tests pass through, over the whole house: lines and branches.

    coverage run -m pytest && python tests/house/covered.py
"""

import io
import sys
from collections.abc import Callable
from typing import Final

import coverage
from figures import FLOORS, HOUSE

# Floors 0 to 4 decide who may see what: every branch of them is passed.
LOWER: Final = 5
_GATES: Final = (
    ("floors 0 to 4", FLOORS[:LOWER], 100),
    ("the floors above", FLOORS[LOWER:], 95),
)


def main() -> int:
    """
    Print what is not passed, and return 1 where it is too much.
    """
    measured = coverage.Coverage()
    measured.combine()
    measured.save()
    _say(lambda out: measured.report(file=out, precision=2))
    held = True
    for name, floors, least in _GATES:
        rooms = [room for floor in floors for room in floor]
        parts = [f"{HOUSE}/{room}{end}" for room in rooms for end in (".py", "/*")]
        share = measured.report(include=parts, file=io.StringIO())
        held = held and share >= least
        print(f"{name}: {share:.2f} % (at least {least})")  # noqa: T201  # it prints them
    return 0 if held else 1


def _say(report: Callable[[io.StringIO], float]) -> None:
    out = io.StringIO()
    report(out)
    print(out.getvalue())  # noqa: T201  # as above


if __name__ == "__main__":
    sys.exit(main())
