"""
Ask the construction with many seeds, and print them.

    python tests/security/run.py [--seeds 1000] [--first 0]

For each seed it prints `passes`, or the distinguishers that alarmed. At the end it says
how often each would have alarmed at 5 %. Exit code 1 says that one alarmed, or came
more often than 5 % can be.
"""

import argparse
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Final

_TESTS: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS / "support")]

from security.constructions import Real  # noqa: E402  # its folder is found above
from security.distinguishers import (  # noqa: E402  # as above
    DISTINGUISHERS,
    LEVEL,
    RUN,
    Make,
    observe,
    tail,
)

_LOOSE: Final = math.log2(0.05)


def main(*, make: Make = Real) -> int:
    """
    Ask the construction that *make* makes, and return the exit code.
    """
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--seeds", type=int, default=1000)
    asked.add_argument("--first", type=int, default=0)
    given = asked.parse_args()
    loose: Counter[str] = Counter()
    wrong = 0
    for seed in range(given.first, given.first + given.seeds):
        world = observe(make, seed)
        bounds = {name: of(world) for name, of in DISTINGUISHERS.items()}
        loose.update(name for name, bound in bounds.items() if bound <= _LOOSE)
        found = [name for name, bound in bounds.items() if bound <= LEVEL]
        wrong += bool(found)
        said = f"caught by {' '.join(found)}" if found else "passes"
        sys.stdout.write(f"seed {seed}: {said}\n")
        sys.stdout.flush()
    sys.stdout.write(
        f"{given.seeds - wrong} of {given.seeds} pass; a false alarm has at most 2^"
        f"{RUN + math.log2(given.seeds):.1f}\n"
    )
    for name in DISTINGUISHERS:
        often = tail(given.seeds, loose[name], 0.05) <= RUN
        wrong += often
        note = ", more than 5 % can be" if often else ""
        sys.stdout.write(f"at 5 %: {name} {loose[name]}{note}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
