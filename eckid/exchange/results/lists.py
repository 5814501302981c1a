"""
Lists to files that the school keeps: sealed HPgns, and ketenIDs.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.formats.source import Source
from eckid.exchange.lists.bewaard import NIETS, Bewaard
from eckid.exchange.lists.deriving import Afgeleid, derive_list
from eckid.exchange.lists.hashing import Verzegeld, hash_list
from eckid.exchange.lists.roster import Roster
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.results.files import as_rows
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
    Write person key and sealed HPgn for each of a list.
    """
    report = new_report(sleutelbos, {"scheme": hasher.scheme.value})
    results = hash_list(
        report.reading(roster),
        sleutelbos=sleutelbos,
        hasher=hasher,
        bewaard=bewaard,
        progress=progress,
    )

    def cells(made: Verzegeld) -> tuple[str, bytes]:
        return made.key, made.sealed

    draw = as_rows(out, ("key", SEALED), cells)
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
    Write person key and ketenID for each of a list of sealed HPgns.
    """
    about = who.about()
    named = ("release", "keten", "sector")
    report = new_report(who.bron, {name: about[name] for name in named})
    results = derive_list(
        report.reading(table),
        columns=table.columns,
        who=who,
        sleutelbos=sleutelbos,
        on=on,
    )

    def cells(made: Afgeleid) -> tuple[str, str]:
        return made.key, made.ketenid.uri

    draw = as_rows(out, ("key", "eckid"), cells)
    return run_to(results, out, report, draw=draw, replace=replace)
