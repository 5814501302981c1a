"""
Class lists in, releases out.

`read` gives the rows of a class list, `release_list` what one recipient may
see of them, `write` writes that to a file.
"""

from collections.abc import Iterator
from pathlib import Path

from eckid.exchange.csv import Table
from eckid.exchange.files import Files, check_format, files_of, write, write_results
from eckid.exchange.guard import without_shown_numbers
from eckid.exchange.release import (
    Afgeleid,
    Verzegeld,
    derive_list,
    hash_list,
    release_list,
)
from eckid.exchange.report import Report
from eckid.exchange.roster import Received, Roster, hold, look
from eckid.exchange.rows import Herstel, Ontvangen, Rij, RijReden, Weigering

__all__ = [
    "Afgeleid",
    "Files",
    "Herstel",
    "Ontvangen",
    "Received",
    "Report",
    "Rij",
    "RijReden",
    "Roster",
    "Table",
    "Verzegeld",
    "Weigering",
    "derive_list",
    "files_of",
    "hash_list",
    "hold",
    "look",
    "read",
    "release_list",
    "without_shown_numbers",
    "write",
    "write_results",
]


def read(path: str | Path, *, format: str | None = None) -> Iterator[Rij | Weigering]:
    """
    Read the rows of a class list, in order.

    Args:
        path: The file.

        format: ``csv``; None goes by the name of the file.

    Returns:
        For each row that is not blank a `Rij`, or the `Weigering` of it.

    Raises:
        eckid.errors.ExchangeError: If the file is no class list.
        OSError: If it cannot be read.
    """
    check_format(path, format)
    return iter(Roster(look(path)))
