"""
The process that reads a workbook: it runs this file, and imports no room but one.

A workbook may make its reader take all memory, or abort. So it is read here, under
limits, and `eckid.exchange.formats.excel` starts it. The workbook comes in on standard
input and the rows go out on standard output. Nothing is written to a file, and no word
of the reader's errors goes anywhere, because it may quote a cell.

What goes out are lines of JSON. The first says what the workbook is, or why it is
refused. Each other line is a row: its number, whether it is hidden, and its cells. A
cell is text, None where it is empty, a list of one text where it is a day, or one of
the marks `NO_VALUE` and `ROUNDED`.
"""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from threading import Thread
from typing import Any, BinaryIO, Final, TypeAlias

from eckid.exchange.formats.excel_xml import Fault, Looked, chosen, looks_of

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

# A cell that shows an error, a formula whose result was not saved, or a part of
# merged cells that is not the first.
NO_VALUE: Final = 0
# A number of more digits than a spreadsheet keeps.
ROUNDED: Final = 1
# A spreadsheet keeps 15 digits of a number.
_KEPT: Final = 10**15
_WORKSHEET: Final = "WorkSheet"
_VISIBLE: Final = "Visible"
# Options of prctl(2), from linux/prctl.h.
_PDEATHSIG: Final = 1
_DUMPABLE: Final = 4

Cell: TypeAlias = str | int | list[str] | None


def limit(memory: int, seconds: int) -> None:
    """
    Limit what this process may take; on Linux, let it end with its parent at once.

    Args:
        memory: The most bytes of address space, on Linux: macOS keeps no such limit.

        seconds: The most seconds of processor time.
    """
    if resource is not None:
        limits = {
            resource.RLIMIT_CPU: seconds,
            resource.RLIMIT_CORE: 0,
            resource.RLIMIT_FSIZE: 0,
        }
        if sys.platform == "linux":
            limits[resource.RLIMIT_AS] = memory
        for what, most in limits.items():
            hard = resource.getrlimit(what)[1]
            less = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (less, less))
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None).prctl
        # Where a core goes to a program, its limit is not asked; this is.
        prctl(_DUMPABLE, 0, 0, 0, 0)
        prctl(_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def end_with(stdin: BinaryIO) -> None:
    """
    End this process when its parent does: then the system closes the other side.
    """
    descriptor = stdin.fileno()

    def wait() -> None:
        os.read(descriptor, 1)
        os._exit(1)

    Thread(target=wait, daemon=True).start()


def read(octets: bytes, asked: Mapping[str, Any]) -> Iterator[list[object]]:
    """
    Yield what the workbook is, and then its rows that are not blank.

    Args:
        octets: The workbook.

        asked: The bounds ``unpacked`` and ``cells``, and the name of the ``sheet``;
            None is the first one that shows.

    Raises:
        Fault: If the workbook is refused.
    """
    looks = looks_of(octets, asked)
    import python_calamine  # noqa: PLC0415  # only after the limits, and the look

    with python_calamine.CalamineWorkbook.from_filelike(BytesIO(octets)) as book:
        there = [
            (m.name, str(m.visible).endswith(_VISIBLE))
            for m in book.sheets_metadata
            if str(m.typ).endswith(_WORKSHEET)
        ]
        name, shown = chosen(there, asked["sheet"])
        if looks and name not in looks:
            raise Fault("damaged")  # the two readers do not see the same sheets
        looked = looks.get(name) or Looked()
        sheet = book.get_sheet_by_name(name)
        # Of an .xls nothing is known before; it has 65,536 rows of 256 cells at most.
        last_row, last_column = sheet.end or (0, 0)
        if (last_row + 1) * (last_column + 1) > asked["cells"]:
            raise Fault("cells")
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            looked.lack(range(top, top + 1), range(left + 1, right + 1))
            looked.lack(range(top + 1, bottom + 1), range(left, right + 1))
        yield [
            {
                "sheets": len(there),
                "hidden": sum(not shown for _, shown in there),
                "shown": shown,
                "columns": sorted(looked.hidden_columns),
                "looked": bool(looks),
            }
        ]
        # Before 0.9 asking an empty sheet for its rows is an error.
        for row, cells in enumerate(sheet.iter_rows() if sheet.end else ()):
            texts = [_text(cell) for cell in cells]
            for column in looked.without.get(row, ()):
                texts += [None] * (column + 1 - len(texts))
                texts[column] = NO_VALUE
            if any(text is not None for text in texts):
                yield [row + 1, row in looked.hidden_rows, texts]


def _text(cell: object) -> Cell:
    """
    Return a cell as text, by its type: a number as its digits, a day as an ISO day.
    """
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, datetime):
        return [cell.isoformat(" ", "seconds")]
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return str(cell).lower()
    if not abs(cell) < _KEPT:  # so what is no number is refused too
        return ROUNDED
    return str(int(cell)) if cell == int(cell) else repr(cell)


def answer(octets: bytes, asked: Mapping[str, Any]) -> bytes:
    """
    Return the lines to write for a workbook: all of them, or one with its fault.

    Args:
        octets: The workbook.

        asked: As for `read`.
    """
    lines: list[bytes] = []
    left = asked["unpacked"]
    fault = ""
    try:
        for row in read(octets, asked):
            # Half of a surrogate pair cannot be written as UTF-8; an escape can.
            lines.append(json.dumps(row).encode("ascii"))
            left -= len(lines[-1]) + 1
            if left < 0:
                raise Fault("unpacked")  # noqa: TRY301  # so that it is caught below
    except Fault as found:
        fault = str(found)
    except MemoryError:
        fault = "beyond"
    except BaseException as found:  # noqa: BLE001  # its words may quote a cell
        fault = "password" if type(found).__name__ == "PasswordError" else "damaged"
    if fault:
        lines = [json.dumps([{"fault": fault}]).encode("ascii")]
    return b"\n".join(lines)


def main(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """
    Read what is asked, in one line, and the workbook; write the lines.
    """
    asked = json.loads(stdin.readline())
    limit(asked["memory"], asked["seconds"])
    # The reader stands where the other side found it.
    sys.path.append(asked["path"])
    octets = stdin.read(asked["size"])
    end_with(stdin)
    stdout.write(answer(octets, asked))
