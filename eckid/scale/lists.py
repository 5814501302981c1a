"""
The runs over lists: hash one, derive one.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.formats.source import Source
from eckid.exchange.lists.deriving import Afgeleid, derive_list
from eckid.exchange.lists.hashing import Keeps, Verzegeld, hash_list
from eckid.exchange.lists.roster import Roster
from eckid.exchange.results.runs import Run, as_rows, new_report, run_to
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.scheme import Scheme
from eckid.succession import Substitutions


def hash_to(
    out: Path,
    roster: Roster,
    *,
    ring: Sleutelbos,
    scheme: Scheme,
    keeps: Keeps | None = None,
    workers: int | None = None,
    memory: int | None = None,
    progress: Callable[[int], object] | None = None,
    replace: bool = False,
) -> Run:
    """
    Write person key and sealed HPgn for each of a list.
    """
    report = new_report(ring, scheme=scheme.value)
    results = hash_list(
        report.reading(roster),
        sleutelbos=ring,
        scheme=scheme,
        keeps=keeps,
        workers=workers,
        memory=memory,
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
    ring: Sleutelbos,
    keten: Keten,
    sector: Sector,
    release: str | None,
    substitutions: Substitutions | None = None,
    on: date | None = None,
    replace: bool = False,
) -> Run:
    """
    Write person key and ketenID for each of a list of sealed HPgns.
    """
    report = new_report(
        ring,
        release=release or ring.releases[-1],
        keten=keten.id,
        sector=sector.value,
    )
    results = derive_list(
        report.reading(table),
        columns=table.columns,
        sleutelbos=ring,
        keten=keten,
        sector=sector,
        release=release,
        substitutions=substitutions,
        on=on,
    )

    def cells(made: Afgeleid) -> tuple[str, str]:
        return made.key, made.ketenid.uri

    draw = as_rows(out, ("key", "eckid"), cells)
    return run_to(results, out, report, draw=draw, replace=replace)
