"""
Lists to files that the school keeps: sealed HPgns, and ketenIDs.

Both functions write the main file, the refused rows and a report; neither makes a
receipt.
"""

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

from eckid._core.values import expect
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.formats.source import SOURCES, Source
from eckid.exchange.lists.bewaard import NIETS, Bewaard
from eckid.exchange.lists.deriving import derive_list
from eckid.exchange.lists.hashing import hash_list
from eckid.exchange.lists.roster import Roster
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.results.files import Draw, as_rows
from eckid.exchange.results.runs import Run, new_report, run_to
from eckid.hashing import Hasher
from eckid.keys import Sleutelbos


def hash_to(
    out: Path,
    roster: Roster,
    *,
    sleutelbos: Sleutelbos,
    hasher: Hasher,
    bewaard: Bewaard = NIETS,
    progress: Callable[[int], object] | None = None,
    replace: bool = False,
) -> Run:
    """
    Hash a class list, and write each person key with its sealed HPgn.

    Args:
        out: The file to write: Parquet if it ends so, else CSV.

        roster: The class list.

        sleutelbos: The ring that seals.

        hasher: Hashes the numbers; it has the salt. You close it.

        bewaard: Keeps each HPgn between runs, such as a journal; `NIETS` keeps none.

        progress: Called with the number of rows done.

        replace: Whether existing files may be replaced.

    Returns:
        The paths of the files, and the report.

    Raises:
        FileExistsError: If a file exists and may not be replaced.
        OSError: If the disk refuses.
    """
    scheme = expect("hasher", hasher, Hasher).scheme
    report = new_report(sleutelbos, {"scheme": scheme.value})
    results = hash_list(
        report.reading(roster),
        sleutelbos=sleutelbos,
        hasher=hasher,
        bewaard=bewaard,
        progress=progress,
    )

    draw: Draw[Any] = as_rows(out, ("key", SEALED), attrgetter("key", "sealed"))
    return run_to(results, out, report, draw=draw, replace=replace)


def derive_to(
    out: Path,
    table: Source,
    *,
    who: Herkenning,
    sleutelbos: Sleutelbos,
    on: date | None = None,
    replace: bool = False,
) -> Run:
    """
    Derive ketenIDs from a list of sealed HPgns, and write them by person key.

    Args:
        out: The file to write: Parquet if it ends so, else CSV.

        table: The list that `hash_to` wrote, with the columns key and
            hpgn-verzegeld.

        who: Makes the ketenIDs, and may have substitutions. Nothing is hashed.

        sleutelbos: The ring that sealed the HPgns.

        on: The day of the substitutions; needed only if there are any.

        replace: Whether existing files may be replaced.

    Returns:
        The paths of the files, and the report.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
        FileExistsError: If a file exists and may not be replaced.
        OSError: If the disk refuses.
    """
    expect("table", table, *SOURCES)
    about = expect("who", who, Herkenning).about()
    named = ("release", "keten", "sector")
    report = new_report(who.bron, {name: about[name] for name in named})
    results = derive_list(
        report.reading(table),
        columns=table.columns,
        who=who,
        sleutelbos=sleutelbos,
        on=on,
    )

    draw: Draw[Any] = as_rows(out, ("key", "eckid"), attrgetter("key", "ketenid.uri"))
    return run_to(results, out, report, draw=draw, replace=replace)
