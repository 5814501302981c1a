"""
The journal of a run, as one sees it from outside.
"""

import sqlite3
from contextlib import closing
from pathlib import Path


def kept(journal: Path) -> int:
    """
    Return how many HPgns the journal of a killed run has; it may not stand at all.
    """
    if not journal.exists():  # killed before it had begun
        return 0
    with closing(sqlite3.connect(journal)) as rows:
        tables = rows.execute("SELECT name FROM sqlite_master").fetchall()
        if ("hpgn",) not in tables:
            return 0
        found: int = rows.execute("SELECT count(*) FROM hpgn").fetchone()[0]
    return found
