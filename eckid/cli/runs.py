"""
The runs that write files: what commands and the demo share.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from eckid import (
    Keten,
    Scheme,
    Sector,
    Sleutelbos,
    Substitutions,
    __version__,
)
from eckid.cli import show
from eckid.exchange import (
    Files,
    Report,
    Roster,
    Source,
    Weigering,
    as_csv,
    derive_list,
    files_of,
    hash_list,
    write_results,
)
from eckid.exchange.parquet import SEALED

T = TypeVar("T")


class Run(NamedTuple):
    """
    What a run wrote, and its count.
    """

    files: Files
    report: Report
    receipt: bool


def run_to(
    results: Iterable[T | Weigering],
    out: Path,
    report: Report,
    *,
    draw: Callable[[BinaryIO, Iterable[T]], None],
    receipt: Callable[[int], bytes] | None = None,
    replace: bool,
) -> Run:
    """
    Write what a run gives, and say what to do where a file is in the way.
    """
    files = files_of(out, rehearsal=report.about["rehearsal"] == "REHEARSAL")
    try:
        write_results(
            results,
            files,
            draw=draw,
            report=report,
            receipt=receipt,
            replace=replace,
        )
    except FileExistsError as error:
        raise FileExistsError(f"{error}; --force replaces it") from None
    return Run(files, report, receipt is not None)


def new_report(ring: Sleutelbos | None, **about: object) -> Report:
    """
    Return the report of a run under *ring*, or of one that needs none.
    """
    under = {
        "rehearsal": "REHEARSAL" if ring is not None and ring.rehearsal else "no",
        "namespace": None if ring is None else ring.namespace,
    }
    return Report(
        {
            "eckid": __version__,
            "date": date.today().isoformat(),  # noqa: DTZ011  # the user's own day
            **under,
            **about,
        }
    )


def hash_to(
    out: Path,
    roster: Roster,
    *,
    ring: Sleutelbos,
    scheme: Scheme,
    workers: int | None,
    replace: bool,
) -> Run:
    """
    Write person key and sealed HPgn for each of a list.
    """
    report = new_report(ring, scheme=scheme.value)
    with show.progress("hashing", len(roster)) as progress:
        results = hash_list(
            report.reading(roster),
            sleutelbos=ring,
            scheme=scheme,
            workers=workers,
            progress=progress,
        )
        return run_to(
            results,
            out,
            report,
            draw=as_csv(("key", SEALED), lambda made: (made.key, made.sealed.hex())),
            replace=replace,
        )


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
    replace: bool,
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
    return run_to(
        results,
        out,
        report,
        draw=as_csv(("key", "eckid"), lambda made: (made.key, made.ketenid.uri)),
        replace=replace,
    )


def finish(run: Run, ring: Sleutelbos | None) -> int:
    """
    Say what a run wrote, and return its exit code.
    """
    show.counts(run.report)
    show.say(f"written: {run.files.main}")
    show.say(f"  refused rows  {run.files.refused}")
    show.say(f"  report        {run.files.report}")
    if run.receipt:
        show.say(f"  receipt       {run.files.receipt}")
    if run.report.about.get("order") == "list":
        show.say("The rows stand as in the list: their order tells the list's own.")
    if ring is not None:
        say_rehearsal(ring)
    return 1 if run.report.refused else 0


def say_rehearsal(ring: Sleutelbos) -> None:
    """
    Say of a rehearsal ring that it is one.
    """
    if ring.rehearsal:
        show.say(
            "REHEARSAL: once written, these ketenIDs cannot be told from the pilot's"
        )
