"""
What every run that writes files shares: the paths, the report, and the writing.
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
    What a run wrote.

    Attributes:
        files: The paths of the files.
        report: The counts.
        receipt: Whether a receipt was written.
        main: Whether the main file was written. EDEXML has none where no pupil goes.
    """

    files: Files
    report: Report
    receipt: bool
    main: bool = True


def run_to(
    results: Iterable[T | Weigering],
    out: Path,
    report: Report,
    *,
    draw: Callable[[BinaryIO, Iterable[T]], None],
    receipt: Callable[[int], bytes] | None = None,
    replace: bool,
    last: Callable[[], object] | None = None,
    empty: bool = True,
) -> Run:
    """
    Write the files of a run: all of them, or none.

    Args:
        results: The accepted rows and the refusals, in the order of the list.

        out: The main file; the others stand beside it, as `files_of` names them.

        report: Counts the results; `new_report` makes it.

        draw: Writes the accepted rows to the main file; `as_rows` and `drawer` make
            such a function.

        receipt: Makes the receipt, given the number of rows out; None writes none.

        replace: Whether existing files may be replaced.

        last: Called when all is on the disk, before a file appears.

        empty: Whether the main file may be without rows; if not, it and the receipt do
            not appear where no row is accepted.

    Returns:
        The paths of the files, and the report.

    Raises:
        FileExistsError: If a file exists and may not be replaced.
        OSError: If the disk refuses.
        ValueError: If `new_report` did not make *report*.
    """
    about = expect("report", report, Report).about
    if "rehearsal" not in about:
        raise ValueError("report: expected what new_report makes, got another")
    files = files_of(out, rehearsal=about["rehearsal"] == "REHEARSAL")
    main = write_results(
        results,
        files,
        draw=draw,
        report=report,
        receipt=receipt,
        replace=replace,
        last=last,
        empty=empty,
    )
    return Run(files, report, main and receipt is not None, main)


def check_files(files: Files, *, receipt: bool, replace: bool) -> None:
    """
    Check, before a long run, that its files can be written. Nothing is written.

    Args:
        files: The paths of the run.

        receipt: Whether the run will write a receipt.

        replace: Whether existing files may be replaced.

    Raises:
        FileExistsError: If a file exists and may not be replaced.
        OSError: If a path is a folder, or its folder does not exist.
    """
    expect("files", files, Files)
    paths = [path for path in files if receipt or path != files.receipt]
    check_places(paths, replace=replace)


def new_report(under: Bron | Sleutelbos | None, about: Mapping[str, object]) -> Report:
    """
    Return a new report, with version, day, rehearsal and namespace filled in.

    Args:
        under: The ring or other source of the pseudonyms; None if the run makes none.

        about: What else the report says about the run, by name.
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
