"""
What runs that write files share: the files, the count, and how they are drawn.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from eckid._core.values import expect
from eckid._core.whole import check_places
from eckid._version import __version__
from eckid.exchange.lists.bron import Bron
from eckid.exchange.results.files import (
    Files,
    files_of,
    write_results,
)
from eckid.exchange.results.report import Report
from eckid.exchange.rows import Weigering
from eckid.keys import Sleutelbos

T = TypeVar("T")


class Run(NamedTuple):
    """
    What a run wrote, and its count.

    Attributes:
        files: Where they stand.
        report: The count.
        receipt: Whether there is a receipt among them.
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
    Write what a run gives.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
    """
    files = files_of(out, rehearsal=report.about["rehearsal"] == "REHEARSAL")
    write_results(
        results, files, draw=draw, report=report, receipt=receipt, replace=replace
    )
    return Run(files, report, receipt is not None)


def check_files(files: Files, *, receipt: bool, replace: bool) -> None:
    """
    Raise where a file cannot stand, or may not, before a long run begins.

    Args:
        files: The files.

        receipt: Whether there will be one.

        replace: Whether files that stand there may be replaced.

    Raises:
        FileExistsError: If one stands there and may not be replaced.
        OSError: If there is a folder of that name, or none to hold it.
    """
    paths = [path for path in files if receipt or path != files.receipt]
    check_places(paths, replace=replace)


def new_report(under: Bron | Sleutelbos | None, about: Mapping[str, object]) -> Report:
    """
    Return the report of a run.

    Args:
        under: Where its pseudonyms come from; None where a run needs nothing.

        about: What else the run is.
    """
    expect("under", under, Bron, Sleutelbos, type(None))
    rehearsal = under is not None and under.rehearsal
    return Report(
        {
            "eckid": __version__,
            "date": date.today().isoformat(),  # noqa: DTZ011  # the user's own day
            "rehearsal": "REHEARSAL" if rehearsal else "no",
            "namespace": None if under is None else under.namespace,
            **about,
        }
    )
