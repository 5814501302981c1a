"""
Results into files: what went on, what was refused, and the report.

They appear together when all is done, the main one last, or not at all.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from eckid._secret import expect
from eckid._whole import whole
from eckid.errors import ExchangeError
from eckid.exchange.csv import writer
from eckid.exchange.report import Report
from eckid.exchange.rows import MEANING, Weigering
from eckid.policy import Vrijgave
from eckid.pseudonyms import KetenID

T = TypeVar("T")

REFUSED: Final = ("record", "line", "column", "reason", "meaning")


class Files(NamedTuple):
    """
    Where the files of one run stand.
    """

    refused: Path
    report: Path
    main: Path


def files_of(out: Path, *, rehearsal: bool) -> Files:
    """
    Return the files that belong to *out*.

    Under a rehearsal ring every name says so, for the ketenIDs in them do not.
    """
    if not expect("out", out, Path).name:
        raise ExchangeError("out: expected the name of a file, got none")
    mark = ".REHEARSAL" if rehearsal and "REHEARSAL" not in out.name else ""
    stem = f"{out.stem}{mark}"
    return Files(
        out.with_name(f"{stem}.refused.csv"),
        out.with_name(f"{stem}.report.json"),
        out.with_name(f"{stem}{out.suffix}"),
    )


def write_results(
    results: Iterable[T | Weigering],
    files: Files,
    *,
    columns: Sequence[str],
    cells: Callable[[T], Sequence[str]],
    report: Report,
    replace: bool = False,
) -> None:
    """
    Write *results* and the report, whole or not at all.

    Args:
        results: What went on, and the refusals between.

        files: Where to.

        columns: Headings of the main file.

        cells: Gives the cells of one that went on.

        report: Counts them, and is written when all is done.

        replace: Whether files that stand there may be replaced.

    Raises:
        FileExistsError: If one stands there and may not be replaced.
        OSError: If the disk refuses.
    """
    with whole(*files, replace=replace) as (refused, reported, main):
        refuse, write_row = writer(refused, REFUSED), writer(main, columns)
        for result in report.writing(results):
            if isinstance(result, Weigering):
                refuse(_refusal(result))
            else:
                write_row(cells(result))
        reported.write(report.as_json())


def _refusal(weigering: Weigering) -> tuple[str, ...]:
    column = "" if weigering.column is None else str(weigering.column)
    return (
        str(weigering.record),
        str(weigering.line),
        column,
        weigering.reden.value,
        MEANING[weigering.reden],
    )


def release_cells(vrijgave: Vrijgave, columns: Sequence[str]) -> tuple[str, ...]:
    """
    Return the cells of one release, under *columns*.
    """
    return tuple(_text(vrijgave.released.get(name, "")) for name in columns)


def _text(value: str | KetenID) -> str:
    return value.uri if isinstance(value, KetenID) else value


def write(
    vrijgaven: Iterable[Vrijgave], path: str | Path, *, format: str | None = None
) -> None:
    """
    Write releases to a file, whole or not at all.

    The columns are those that the policy can release, so that a file's form
    does not depend on who is in it; no releases give an empty file.

    Args:
        vrijgaven: Releases under one policy, for one doel and recipient.

        path: The file; one that stands there is replaced.

        format: ``csv``; None goes by the name of the file.

    Raises:
        eckid.errors.ExchangeError: If releases with other columns meet, a
            value is one that a spreadsheet would run, or a rehearsal's releases
            go to a file whose name does not say REHEARSAL.
        OSError: If the disk refuses.
    """
    check_format(path, format)
    with whole(Path(path)) as (file,):
        columns: tuple[str, ...] | None = None
        for vrijgave in vrijgaven:
            _check_rehearsal(expect("vrijgave", vrijgave, Vrijgave), Path(path))
            if columns is None:
                columns = vrijgave.columns
                write_row = writer(file, columns)
            if vrijgave.columns != columns:
                raise ExchangeError(
                    "expected releases with the same columns, got others"
                )
            write_row(release_cells(vrijgave, columns))


def _check_rehearsal(vrijgave: Vrijgave, path: Path) -> None:
    # Once written nothing else tells a rehearsal's ketenIDs from the pilot's.
    ketenid = vrijgave.released.get("eckid")
    rehearsal = isinstance(ketenid, KetenID) and ketenid.rehearsal
    if rehearsal and "REHEARSAL" not in path.name:
        raise ExchangeError("path: expected REHEARSAL in the name of the file")


def check_format(path: str | Path, format: str | None) -> None:
    """
    Raise unless the file is, or is said to be, CSV.
    """
    known = format == "csv" or (
        format is None and Path(path).suffix.lower() in _SUFFIXES
    )
    if not known:
        raise ExchangeError("format: expected csv, or a file named .csv, .tsv or .txt")


_SUFFIXES: Final = (".csv", ".tsv", ".txt")
