"""
Results into files: what went on, what was refused, and the report.

They appear together when all is done, the main one last, or not at all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypeAlias, TypeVar

from eckid._core.values import expect
from eckid._core.whole import whole
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import writer
from eckid.exchange.formats.drawing import drawer, each_checked
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import format_of
from eckid.exchange.formats.parquet import draw_parquet
from eckid.exchange.results.report import Report
from eckid.exchange.rows import Weigering
from eckid.policy.vrijgave import Vrijgave

T = TypeVar("T")

Draw: TypeAlias = Callable[[BinaryIO, Iterable[T]], None]

REFUSED: Final = ("record", "line", "column", "attribuut", "reason", "meaning")


class Files(NamedTuple):
    """
    Where the files of one run stand.
    """

    refused: Path
    report: Path
    receipt: Path
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
        out.with_name(f"{stem}.receipt.json"),
        out.with_name(f"{stem}{out.suffix}"),
    )


def write_results(
    results: Iterable[T | Weigering],
    files: Files,
    *,
    draw: Draw[T],
    report: Report,
    receipt: Callable[[int], bytes] | None = None,
    replace: bool = False,
) -> None:
    """
    Write *results* and the report, whole or not at all.

    Args:
        results: What went on, and the refusals between.

        files: Where to.

        draw: Writes what went on to the main file, such as `as_csv` gives.

        report: Counts them, and is written when all is done.

        receipt: Makes the receipt from the number of rows out; None for what
            has none.

        replace: Whether files that stand there may be replaced.

    Raises:
        FileExistsError: If one stands there and may not be replaced.
        OSError: If the disk refuses.
    """
    expect("files", files, Files)
    paths = [path for path in files if path != files.receipt or receipt is not None]
    with whole(*paths, replace=replace) as opened:
        refused, reported, *receipts, main = opened
        refuse = writer(refused, REFUSED)

        def going() -> Iterator[T]:
            for result in report.writing(results):
                if isinstance(result, Weigering):
                    refuse(_refusal(result))
                else:
                    yield result

        gone = going()
        draw(main, gone)
        # A file may be drawn without asking for the last of the refusals.
        if next(gone, None) is not None:
            raise ExchangeError("expected every row to be written, got a row more")
        reported.write(report.as_json())
        for file in receipts:
            file.write(receipt(report.rows_out) if receipt is not None else b"")


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
    Return what draws rows: as Parquet where *out* is named so, else as CSV.

    Args:
        out: The file.

        columns: Its headings. What is sealed is octets in Parquet, and hex in CSV.

        cells: Gives the cells of one that went on.
    """

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
) -> None:
    """
    Write releases to a file, whole or not at all.

    The columns of CSV are those that the policy can release, so that a file's
    form does not depend on who is in it; no releases give an empty file.

    Args:
        vrijgaven: Releases under one policy, for one doel and recipient.

        path: The file; one that stands there is replaced.

        format: ``csv``, ``edexml``, ``eduv`` or ``parquet``; None goes by the name
            of the file.

        school: The school, which EDEXML asks for.

        order: ``identifier`` holds all and orders them, so that the order of
            the list is not told; ``list`` keeps it.

    Raises:
        eckid.errors.ExchangeError: If releases with other columns meet, a value
            has no place in the format or is one that a spreadsheet would run,
            or a rehearsal's releases go to a file whose name does not say
            REHEARSAL.
        OSError: If the disk refuses.
    """
    draw = drawer(format_of(path, format), school=school, order=order)
    with whole(Path(path)) as (file,):
        draw(file, each_checked(vrijgaven, Path(path)))
