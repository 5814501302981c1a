"""
A ratio of two costs, measured in turns in one run.

Machines are shared and noisy: a second here says nothing elsewhere, and a run
that is disturbed disturbs both sides. Each round measures both, one after the
other; the figure is the median of the rounds' ratios.
"""

import sys
import time
from collections.abc import Callable
from statistics import median


def ratio(
    one: Callable[[], object],
    other: Callable[[], object],
    *,
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """
    Return how many times the cost of *other* the cost of *one* is.

    Args:
        one: What is asked about.

        other: What it is compared with.

        rounds: How often both are measured.

        clock: Gives seconds, of the wall or of the processor.
    """
    one()
    other()
    return median(_cost(one, clock) / _cost(other, clock) for _ in range(rounds))


def _cost(act: Callable[[], object], clock: Callable[[], float]) -> float:
    begin = clock()
    act()
    return clock() - begin


def gate(question: str, figure: float, *, least: float = 0, most: float = 0) -> None:
    """
    Print *figure*, and end the run where it is out of bounds.
    """
    bound = f"at least {least}" if least else f"at most {most}"
    held = figure >= least if least else figure <= most
    print(f"{question}: {figure:.2f} ({bound}){'' if held else '  FAILED'}")
    if not held:
        sys.exit(1)
