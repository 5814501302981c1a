"""
From a Parquet table of sealed HPgns to a Parquet file for one recipient.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from eckid._core.values import expect
from eckid.errors import ExchangeError
from eckid.exchange.formats.kinds import Format, load_pyarrow
from eckid.exchange.formats.parquet import Parquet, draw_tables
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.results.release import Shape, Writing
from eckid.exchange.results.report import Part
from eckid.exchange.results.runs import Run
from eckid.policy import Bestemming
from eckid.scale.tables import release_parts


def release_sealed_to(
    out: Path,
    table: Parquet,
    *,
    who: Herkenning,
    to: Bestemming,
    shape: Shape,
    progress: Callable[[int, int], object] | None = None,
) -> Run:
    """
    Write what one recipient may see of a table of sealed HPgns, as Parquet.

    The refused rows, a report and a receipt are written beside it. The files appear
    together, or not at all.

    Args:
        out: The file to write.

        table: The table, with the columns key (or leerlingnummer), hpgn-verzegeld,
            and attributes; no numbers and no ketenIDs.

        who: Makes the ketenIDs; its ring sealed the HPgns, and its hasher says with
            which scheme they were made. Nothing is hashed.

        to: The recipient and the doel, under one policy: `Attribuutbeleid.voor`.

        shape: The shape of the file: format parquet, order list.

        progress: Called with how much was done, and how much there is: two for each
            row.

    Returns:
        The paths of the files, and the report.

    Raises:
        FileExistsError: If a file exists; `Shape.replace` allows replacing it.
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: If *shape* asks for another format or order, or the
            table lacks a column or has a forbidden one.
        OSError: If the disk refuses.
        ValueError: If *who* has substitutions, or a register as keeper.
    """
    expect("table", table, Parquet)
    writing = Writing(expect("out", out, Path), who=who, to=to, shape=shape)
    if writing.format is not Format.PARQUET:
        raise ExchangeError("format: a table of sealed HPgns is released as parquet")
    if shape.order != "list":
        raise ExchangeError(
            "order: a table of sealed HPgns is released in the order of its rows, "
            "which tells that order: say list"
        )
    report = writing.report()
    parts = release_parts(table, who=who, to=to, report=report, progress=progress)
    names = to.columns(table.columns)

    def draw(file: BinaryIO, going: Iterable[Part]) -> None:
        pa = load_pyarrow()
        schema = pa.schema([(name, pa.string()) for name in names])
        draw_tables(file, schema, (part.what for part in going))

    return writing.write(parts, report, draw)
