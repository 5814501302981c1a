"""
Processes that a test starts.
"""

import os


def unmeasured() -> dict[str, str]:
    """
    Return the environment of a process whose lines nobody counts.

    Counting takes time and memory, and writes a file at the end: it would change
    what is asked of one that may write nothing, is weighed, or is killed.
    """
    return {n: v for n, v in os.environ.items() if not n.startswith("COVERAGE_")}
