"""
Writing results to files: the accepted rows, the refused rows, and the report.

The files appear together when the run is done, the main file last, or not at all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeAlias, TypeVar

from eckid._core.values import a_path, expect
from eckid._core.whole import same_file, whole, with_beside
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import writer
from eckid.exchange.formats.drawing import drawer, each_checked
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import SUFFIXES, Format, format_of, written
from eckid.exchange.formats.parquet import draw_parquet
from eckid.exchange.results.report import Report
from eckid.exchange.rows import Weigering
from eckid.policy.vrijgave import Vrijgave

T = TypeVar("T")

Draw: TypeAlias = Callable[[BinaryIO, Iterable[T]], None]

REFUSED: Final = ("record", "line", "column", "attribuut", "reason", "meaning")


class Files(NamedTuple):
    """
    The paths of the files of one run.

    Attributes:
        refused: The refused rows, each with place and reason, as CSV.
        report: The report, as JSON.
        receipt: The receipt, as JSON; only a release writes it.
        main: The accepted rows.
    """

    refused: Path
    report: Path
    receipt: Path
    main: Path


def files_of(out: Path, *, rehearsal: bool) -> Files:
    """
    Return the paths of the files that a run writes beside *out*.

    Args:
        out: The main file.

        rehearsal: Whether the ring is a rehearsal ring. Then every name has
            REHEARSAL in it, since written ketenIDs do not show it.

    Raises:
        eckid.errors.ExchangeError: If *out* has no file name.
        ValueError: If no file can have that name.

    >>> files_of(Path("uitgever.csv"), rehearsal=False).refused.name
    'uitgever.csv.refused.csv'
    """
    if not a_path("out", expect("out", out, Path)).name:
        raise ExchangeError("out: expected the name of a file, got none")
    mark = ".REHEARSAL" if rehearsal and "REHEARSAL" not in out.name else ""
    # The whole name stands in each, so that two formats of one release share none.
    name = f"{out.stem}{mark}{out.suffix}"
    return Files(
        out.with_name(f"{name}.refused.csv"),
        out.with_name(f"{name}.report.json"),
        out.with_name(f"{name}.receipt.json"),
        out.with_name(name),
    )


def check_apart(files: Iterable[Path], read: Iterable[Path]) -> None:
    """
    Raise if a run would write one of the files that it reads, or one beside them.

    Beside a register stands its key file, beside a list what another run said of it.

    Args:
        files: The files to write.

        read: The files that are read.

    Raises:
        eckid.errors.ExchangeError: If a path of the two is the same file, whatever its
            names.
    """
    taken = [each for path in read for each in with_beside(path)]
    for file in files:
        if any(same_file(file, each) for each in taken):
            raise ExchangeError(
                f"{file.name}: expected another file than what is read, or stands "
                "beside it"
            )


def write_results(
    results: Iterable[T | Weigering],
    files: Files,
    *,
    draw: Draw[T],
    report: Report,
    receipt: Callable[[int], bytes] | None = None,
    replace: bool = False,
    last: Callable[[], object] | None = None,
    empty: bool = True,
) -> bool:
    """
    Write accepted rows, refused rows and the report: all files, or none.

    Args:
        results: The accepted rows and the refusals, in the order of the list.

        files: The paths to write.

        draw: Writes the accepted rows to the main file; `as_rows` and `drawer` make
            such a function. It must use up all rows it is given.

        report: Counts the results; it is written last but for the main file.

        receipt: Makes the receipt, given the number of rows out; None writes none.

        replace: Whether existing files may be replaced.

        last: Called when all is on the disk, before a file appears; it may commit
            what must be final if the files are.

        empty: Whether the main file may be without rows. If it may not, and no row is
            accepted, neither that file nor the receipt appears.

    Returns:
        Whether the main file was written.

    Raises:
        eckid.errors.ExchangeError: If *draw* leaves rows unwritten, or a row is
            neither accepted nor refused.
        FileExistsError: If a file exists and may not be replaced.
        OSError: If the disk refuses.
    """
    expect("files", files, Files)
    expect("report", report, Report)
    paths = [path for path in files if path != files.receipt or receipt is not None]
    lacking: list[Path] = []
    with whole(*paths, replace=replace, last=last, without=lambda: lacking) as opened:
        refused, reported, *receipts, main = opened
        refuse = writer(refused, REFUSED)

        def going() -> Iterator[T]:
            for result in report.writing(results):
                if isinstance(result, Weigering):
                    refuse(_refusal(result))
                else:
                    yield result

        gone = going()
        if not empty:
            first = next(gone, None)
            if first is None:
                lacking += [files.receipt, files.main]
            else:
                gone = chain([first], gone)
        if not lacking:
            draw(main, gone)
        # draw may stop after the last accepted row, with refusals still to come.
        if next(gone, None) is not None:
            raise ExchangeError("expected every row to be written, got a row more")
        reported.write(report.as_json())
        for file in receipts:
            if receipt is not None and not lacking:
                file.write(receipt(report.rows_out))
    return not lacking


def _refusal(weigering: Weigering) -> tuple[str, ...]:
    column = "" if weigering.column is None else str(weigering.column)
    return (
        str(weigering.record),
        str(weigering.line),
        column,
        weigering.attribuut or "",
        weigering.reden.value,
        weigering.reden.en,
    )


def as_rows(
    out: Path, columns: Sequence[str], cells: Callable[[T], Sequence[str | bytes]]
) -> Draw[T]:
    """
    Return a function that writes rows: as Parquet if *out* ends so, else as CSV.

    Args:
        out: The file that will be written; only its extension is used.

        columns: The headings. Sealed values are bytes in Parquet, and hex in CSV.

        cells: Gives the cells of one accepted row.

    Returns:
        A function of a file, open for writing bytes, and the accepted rows.

    Raises:
        eckid.errors.ExchangeError: If the extension is one of Excel, which is only
            read.
    """
    if SUFFIXES.get(expect("out", out, Path).suffix.lower()) is Format.EXCEL:
        written(Format.EXCEL)

    def draw(file: BinaryIO, going: Iterable[T]) -> None:
        rows = map(cells, going)
        if out.suffix.lower() == ".parquet":
            draw_parquet(file, columns, rows)
            return
        write_row = writer(file, columns)
        for row in rows:
            write_row([c.hex() if isinstance(c, bytes) else c for c in row])

    return draw


def write(
    vrijgaven: Iterable[Vrijgave],
    path: str | Path,
    *,
    format: str | None = None,
    school: School | None = None,
    order: str = "identifier",
    for_excel: bool = False,
) -> None:
    """
    Write releases to a file: the whole file, or none. It makes no report or receipt.

    The columns of CSV are those that the policy can release, so that they do not
    depend on who is in the list. Without any release, the CSV file is empty.

    Args:
        vrijgaven: Releases under one policy, for one doel and recipient, without
            refusals.

        path: The file; an existing file is replaced.

        format: ``csv``, ``edexml``, ``eduv`` or ``parquet``; None chooses by the
            extension of *path*.

        school: The school; EDEXML needs it.

        order: ``identifier`` holds all releases and sorts them by identifier, so that
            the order of the list stays hidden; ``list`` keeps that order.

        for_excel: Whether CSV begins with a BOM, so that Excel reads its signs well
            when a person opens it with a double click.

    Raises:
        eckid.errors.ExchangeError: If releases have different columns, a value does
            not fit the format or would be run by a spreadsheet, or the releases are
            of a rehearsal ring and the name of the file lacks REHEARSAL.
        OSError: If the disk refuses.
        ValueError: If no file can have that name.
    """
    draw = drawer(
        format_of(a_path("path", path), format),
        school=school,
        order=order,
        for_excel=for_excel,
    )
    with whole(Path(path)) as (file,):
        draw(file, each_checked(vrijgaven, Path(path)))
