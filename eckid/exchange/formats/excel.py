"""
Excel: one sheet of an .xlsx, .xls or .ods, read by a process of its own.

Cells become the text that CSV would have, but as they are stored and not as they are
shown: a number with all its digits, a day as 2016-02-03. A BSN that is stored as a
number has lost its leading zero; reading a class list gives it back, as for CSV.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO, Final, cast

from eckid._core.bounds import (
    BOOK,
    HELD,
    MEMORY_OF_BOOK,
    SECONDS_OF_BOOK,
    SHEET,
    UNLIMITED_BOOK,
    octets_within,
)
from eckid._core.values import expect
from eckid.attributes import CATALOGUE, DAYS
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, as_record
from eckid.exchange.formats.days import Dated
from eckid.exchange.formats.excel_child import ROUNDED, Cell
from eckid.exchange.formats.headings import (
    TOP,
    heading_row,
    named_columns,
    without_totals,
)
from eckid.exchange.formats.kinds import load
from eckid.exchange.formats.lengths import within
from eckid.exchange.rows import RijReden, Weigering

Opener = Callable[[], BinaryIO]

# Loads the two rooms by their files, under their own names: importing the whole library
# would take longer than reading.
_START: Final = """
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
for name, file in zip(sys.argv[1::2], sys.argv[2::2]):
    spec = spec_from_file_location(name, file)
    sys.modules[name] = room = module_from_spec(spec)
    spec.loader.exec_module(room)
room.main(sys.stdin.buffer, sys.stdout.buffer)
sys.stdout.flush()
# A thread waits on standard input still, so nothing is closed.
os._exit(0)
"""
_ROOMS: Final = {
    f"eckid.exchange.formats.{name}": Path(__file__).with_name(f"{name}.py")
    for name in ("excel_xml", "excel_child")
}
# What a process needs to start at all; nothing else of the environment goes to it.
_ENVIRONMENT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
# It may have to wait for a processor.
_PATIENCE: Final = 5 * SECONDS_OF_BOOK.most
# Why a workbook is refused.
_FAULTS: Final = {
    "binary": "expected .xlsx, .xls or .ods, got a binary workbook: save it as .xlsx",
    "cells": f"{SHEET.beyond()}: delete what stands far from the list, and save it",
    "damaged": "expected a whole workbook (.xlsx, .xls or .ods), got another file: "
    "open it in your spreadsheet and save it again",
    "no-sheet": "sheet: expected the name of a sheet of the workbook, got another",
    "password": "expected a workbook without a password, got one with: take it off, "
    "and save it",
    "unpacked": f"{BOOK.beyond()}: save the list alone in a new workbook",
    "beyond": f"expected a workbook that is read within {MEMORY_OF_BOOK.shown} and "
    f"{SECONDS_OF_BOOK.shown}, got another: save the list alone in a new workbook",
}


class Workbook(Dated):
    """
    One sheet of a workbook: its columns and rows, held in memory.

    Iterating gives a `Record` or a `Weigering` for each row that is not blank. The
    workbook is read once, when it is opened.

    Args:
        opener: Opens the file for reading bytes.

        headings: Your own headings, each with the name of its attribute.

        sheet: The name of the sheet; None is the first one that is not hidden.

    Attributes:
        encoding: Always Excel.
        columns: The attribute of each column; the heading itself if it is unknown.
        line: The row of the sheet that holds the headings, from 1.
        told: Sentences on what a reader of the sheet would not see, or not expect.
        days: The order of day, month and year; None decides it for each column.

    Raises:
        eckid.errors.ExchangeError: If the file is not a workbook, has a password, has
            no such sheet, would take too much to read, two columns are the same
            attribute, or the extra ``excel`` is not installed.
        OSError: If the file cannot be read.
    """

    __slots__ = ("_lines", "columns", "encoding", "line", "told")

    def __init__(
        self,
        opener: Opener,
        headings: Mapping[str, str],
        sheet: str | None = None,
    ) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        expect("sheet", sheet, str, type(None))
        with opener() as file:
            # Elsewhere the reader has no limit on its memory.
            bound = HELD if sys.platform == "linux" else UNLIMITED_BOOK
            octets = octets_within(file, bound, _too_large)
        about, self._lines = _asked(octets, sheet)
        self.encoding = "Excel"
        tops = [[_plain(cell) for cell in r[2]] for r in islice(self._rows(), TOP)]
        above, _ = heading_row(tops, headings)
        # A row that is wider than its headings has cells under headings that are empty.
        width = max((len(cells) for _, _, cells in self._rows()), default=0)
        head = tops[above] if tops else []
        rows = self._rows()
        self.line = next((row for row, _, _ in islice(rows, above, None)), 1)
        self._lines = self._lines[above + 1 :]
        head += [""] * (width - len(head))
        self.columns = named_columns(self.line, head, headings)
        self.told = tuple(self._told(about, above))

    def __iter__(self) -> Iterator[Record | Weigering]:
        return within(self._records(), self.columns)

    def __repr__(self) -> str:
        return f"<Workbook {len(self._lines)} rows>"

    def _rows(self) -> Iterator[tuple[int, bool, list[Cell]]]:
        for line in self._lines:
            yield json.loads(line)

    def _records(self) -> Iterator[Record | Weigering]:
        rows = without_totals(self._rows(), lambda row: [*map(_plain, row[2])])
        for record, (row, _, cells) in enumerate(rows, 1):
            wrong = next(filter(None, map(_refused, self.columns, cells)), None)
            if wrong is None:
                texts = [_plain(cell) for cell in cells]
                texts += [""] * (len(self.columns) - len(texts))
                yield as_record(record, row, texts)
            else:
                column = [*map(_refused, self.columns, cells)].index(wrong) + 1
                yield Weigering(record, row, column, wrong)

    def _told(self, about: Mapping[str, Any], above: int) -> Iterator[str]:
        """
        Yield what a person who looks at the workbook would not see.
        """
        if above:
            yield f"the headings stand in row {self.line}, under filled rows: {above}"
        if about["sheets"] > 1:
            yield (
                f"sheets: {about['sheets']}, of which hidden: {about['hidden']}; "
                "one is read, and --sheet names another"
            )
        if not about["shown"]:
            yield "the sheet that is read is hidden"
        hidden, without = 0, Counter[int]()
        for _, hides, cells in self._rows():
            hidden += hides
            without.update(n for n, cell in enumerate(cells) if isinstance(cell, int))
        if hidden:
            yield f"hidden rows, which are read too: {hidden} (a filter hides rows)"
        columns = [str(n + 1) for n in about["columns"] if n < len(self.columns)]
        if columns:
            yield f"hidden columns, which are read too: {', '.join(columns)}"
        for n, many in sorted(without.items()):
            if self.columns[n] not in CATALOGUE:
                yield f"column {n + 1}: cells without a value of their own: {many}"
        if not about["looked"]:
            yield (
                "in an .xls hidden rows and columns are not seen, nor which empty "
                "cells hold an error or a formula without its result; all of them are "
                "read: save it as .xlsx to be told"
            )


def _too_large(said: str) -> ExchangeError:
    return ExchangeError(f"{said}: save the list alone in a new workbook, or as CSV")


def _plain(cell: Cell) -> str:
    if isinstance(cell, list):
        return cell[0].removesuffix(" 00:00:00")
    return cell if isinstance(cell, str) else ""


def _refused(name: str, cell: Cell) -> RijReden | None:
    """
    Return why a cell under this heading refuses its row; None if it does not.
    """
    if name not in CATALOGUE or cell is None or isinstance(cell, str):
        return None
    if cell == ROUNDED:
        return RijReden.ROUNDED
    # A spreadsheet makes a day of what was typed, such as of the group 4-5.
    made = isinstance(cell, int) or name not in DAYS
    return RijReden.NO_VALUE if made else None


def _asked(octets: bytes, sheet: str | None) -> tuple[Mapping[str, Any], list[bytes]]:
    """
    Return what another process says of a workbook, and a line for each of its rows.
    """
    reader = load("Excel needs", "excel", "python_calamine")
    size = len(octets)
    most = BOOK.of(size)
    asked = {
        "size": size,
        "sheet": sheet,
        "cells": SHEET.most,
        "unpacked": most,
        "memory": MEMORY_OF_BOOK.most,
        "seconds": SECONDS_OF_BOOK.most,
        "path": str(Path(reader.__file__).parents[1]),
    }
    # ASCII: half of a surrogate pair in a name stays an escape.
    given = json.dumps(asked).encode("ascii") + b"\n" + octets
    said = _run(given, most)
    about, *lines = said.split(b"\n")
    found = cast("list[dict[str, Any]]", json.loads(about or b'[{"fault": "beyond"}]'))
    fault = found[0].get("fault")
    if fault is not None:
        raise ExchangeError(_FAULTS[fault])
    return found[0], lines


def _run(given: bytes, most: int) -> bytes:
    """
    Return what the process writes; nothing if it was ended, or writes more than *most*.
    """
    rooms = [str(part) for room in _ROOMS.items() for part in room]
    # Isolated, and without the machine's packages, which may run code of their own.
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, *rooms]
    environment = {n: os.environ[n] for n in _ENVIRONMENT if n in os.environ}
    with subprocess.Popen(  # noqa: S603  # our own rooms, and no word of the caller
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        ending = Timer(_PATIENCE, process.kill)
        ending.daemon = True
        ending.start()
        stdin, stdout = (
            cast("BinaryIO", process.stdin),
            cast("BinaryIO", process.stdout),
        )
        try:
            # It may end before it has read all. It ends too where this side closes the
            # pipe, so the pipe stays open, and the system closes it when we end.
            with suppress(OSError):
                stdin.write(given)
                stdin.flush()
            said = stdout.read(most + 1)
            if len(said) <= most:
                process.wait()
        finally:
            ending.cancel()
            process.kill()
            with suppress(OSError):
                stdin.close()
    return said if len(said) <= most and process.returncode == 0 else b""
