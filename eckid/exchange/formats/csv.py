"""
Reading CSV as schools export it, and writing it.

Reading accepts comma, semicolon or tab; UTF-8 with or without BOM, or Windows-1252;
line breaks inside quotes; and the headings in the catalogue of attributes.
Writing uses semicolons, UTF-8 without BOM, and CRLF; every cell is quoted.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, Final, NamedTuple, Never, TextIO

from eckid._core.bounds import LINE
from eckid._core.foreign import foreign
from eckid._core.values import expect, not_text
from eckid.attributes import CATALOGUE, NAMES_OF, Kenmerk
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.cells import as_shown, holds_formula, is_formula, is_person
from eckid.exchange.formats.days import Dated
from eckid.exchange.formats.headings import (
    TOP,
    heading_row,
    named_columns,
    without_totals,
)
from eckid.exchange.formats.lengths import within
from eckid.exchange.rows import RijReden, Weigering

Opener = Callable[[], BinaryIO]

_DELIMITERS: Final = (";", ",", "\t")
_PGN: Final = frozenset(NAMES_OF[Kenmerk.PGN])


class Record(NamedTuple):
    """
    One row of cells, and its place in the file.

    Attributes:
        record: The number of the row, from 1; the headings do not count.
        line: The line of the file where the row begins, from 1.
        cells: The text of each cell.
        wie: Whether it is a pupil (leerling) or a teacher (leerkracht).
    """

    record: int
    line: int
    cells: list[str]
    wie: Wie = Wie.LEERLING

    def __repr__(self) -> str:
        return f"<Record {self.record}, {len(self.cells)} cells>"

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("Record may hold a number; it is not pickled")


def as_record(
    record: int, line: int, cells: Iterable[object], wie: Wie = Wie.LEERLING
) -> Record | Weigering:
    """
    Return a row of cells, or its refusal: here the cells of every format become text.

    Args:
        record: The number of the row, from 1.

        line: The line of the file where the row begins, from 1.

        cells: The cells; None is an empty one. A cell that is not text, or that UTF-8
            cannot hold, refuses the row.

        wie: Whether it is a pupil (leerling) or a teacher (leerkracht).
    """
    row: list[Any] = ["" if cell is None else cell for cell in cells]
    place = not_text(row)
    if place is not None:
        return Weigering(record, line, place + 1, RijReden.TEXT)
    return Record(record, line, [cell.strip() for cell in row], wie)


class Table(Dated):
    """
    A CSV file: its encoding, delimiter, columns and rows.

    Iterating reads the file again, and gives a `Record` or a `Weigering` for each row
    that is not blank.

    Args:
        opener: Opens the file for reading bytes; it is called for each reading.
        headings: Your own headings, each with the name of its attribute.

    Attributes:
        encoding: utf-8-sig or cp1252.
        delimiter: The sign between cells.
        columns: The attribute of each column; the heading itself if it is unknown.
        line: The line that holds the headings, from 1.
        days: The order of day, month and year; None decides it for each column.

    Raises:
        eckid.errors.ExchangeError: If the text is not UTF-8 or Windows-1252, a line
            or the row of headings is too long, two columns are the same attribute,
            or, while iterating, a quoted cell is never closed.
        OSError: If the file cannot be read.
    """

    __slots__ = (
        "_known",
        "_opener",
        "columns",
        "delimiter",
        "encoding",
        "line",
    )

    def __init__(self, opener: Opener, headings: Mapping[str, str]) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self._opener = opener
        self.encoding = _encoding(opener)
        heads = {d: self._head(d, headings) for d in _DELIMITERS}
        self.delimiter = max(_DELIMITERS, key=lambda d: (heads[d][0], len(heads[d][2])))
        _, self.line, cells = heads[self.delimiter]
        self.columns = named_columns(self.line, cells, headings)
        self._known = [n for n, name in enumerate(self.columns) if name in CATALOGUE]

    def __iter__(self) -> Iterator[Record | Weigering]:
        return within(self._records(), self.columns, self.encoding)

    def _records(self) -> Iterator[Record | Weigering]:
        width = len(self.columns)
        below = (row for row in self._rows(self.delimiter) if row[0] > self.line)
        rows = without_totals(below, lambda row: row[1])
        for record, (line, cells) in enumerate(rows, 1):
            if cells is None:
                yield Weigering(record, line, None, RijReden.QUOTE)
            elif _swallows(cells, width, self.delimiter):
                raise _unclosed(line)
            elif any(cells[width:]):
                yield Weigering(record, line, None, RijReden.WIDTH)
            else:
                # Some systems leave off the empty cells at the end of a row.
                row = cells[:width] + [""] * (width - len(cells))
                guilty = self._guilty(row)
                if guilty is not None:
                    yield Weigering(record, line, guilty + 1, RijReden.FORMULA)
                    continue
                yield as_record(record, line, row)

    def _guilty(self, row: list[str]) -> int | None:
        """
        Return the place of the first cell that a spreadsheet would run; None without.

        A column that is no attribute never goes, whatever it holds. A number that a
        spreadsheet keeps as text becomes that text; a PGN is mended later, and counted.
        """
        for n in self._known:
            if not row[n] or row[n][0].isalnum():
                continue
            text = as_shown(row[n])
            if text == row[n] and is_formula(text):
                return n
            if self.columns[n] not in _PGN:
                row[n] = text
        return None

    def _head(
        self, delimiter: str, headings: Mapping[str, str]
    ) -> tuple[int, int, list[str]]:
        """
        Return the row of headings: how many are known, its line, and its cells.
        """
        top: list[tuple[int, list[str]]] = []
        # Under a wrong delimiter the quotes may not match; that is no error yet.
        with suppress(ExchangeError):
            for line, cells in islice(self._rows(delimiter), TOP):
                top.append((line, [cell.strip() for cell in cells or ()]))
        place, known = heading_row([cells for _, cells in top], headings)
        return known, *(top[place] if top else (1, []))

    def _rows(self, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
        """
        Yield the line and the cells of each row that is not blank, headings first.

        The cells are None if the quotes of the row do not match.
        """
        with self._opener() as raw:
            text = io.TextIOWrapper(raw, encoding=self.encoding, newline="")
            for line, cells in _split(text, delimiter):
                if cells is None or not (_is_blank(cells) or _is_note(line, cells)):
                    yield line, cells


def _is_blank(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _is_note(line: int, cells: list[str]) -> bool:
    # Excel may write "sep=;" on the first line: that is not a row.
    return line == 1 and cells[0].startswith("sep=") and not any(cells[1:])


def _split(text: TextIO, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line, cells, changed = reader.line_num + 1, None, False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            pass
        except UnicodeDecodeError:
            changed = True
        if changed:
            raise ExchangeError("the file was changed while it was read", line=line)
        if cells is None and reader.line_num > line:
            raise _unclosed(line)
        yield line, cells


def _unclosed(line: int) -> ExchangeError:
    # Guessing where the cell ends would lose the rows inside it.
    return ExchangeError(
        f"line {line}: expected the quoted cell to be closed; export the list again",
        line=line,
    )


def _swallows(cells: list[str], width: int, delimiter: str) -> bool:
    """
    Return whether a cell has swallowed another row.

    That happens when one stray quote opens a cell and a later stray quote closes it.
    Then the cell has a line break, and in it stands the number of the row that is
    gone, or exactly the delimiters of the rows that it was made of.
    """
    joined = "".join(cells)
    if "\n" not in joined and "\r" not in joined:
        return False
    for place, cell in enumerate(cells):
        if "\n" not in cell and "\r" not in cell:
            continue
        rows = re.split(r"\r\n?|\n", cell)
        first, *between, last = (row.count(delimiter) for row in rows)
        # How many cells of the last row stand before the closing quote.
        rest = width - len(cells) + place
        if (first, last) == (width - 1 - place, rest) and set(between) <= {width - 1}:
            return True
        parts = (part for row in rows for part in row.split(delimiter))
        if any(is_person(part.strip(' "')) for part in parts):
            return True
    return False


def _encoding(opener: Opener) -> str:
    """
    Return the encoding of the whole file: ``utf-8-sig`` or ``cp1252``.
    """
    # The first line that is UTF-8 only, and the first that is Windows-1252 only.
    utf8 = cp1252 = 0
    with opener() as file:
        lines = iter(lambda: file.readline(LINE.most + 1), b"")
        for line, octets in enumerate(lines, 1):
            if len(octets) > LINE.most:
                raise ExchangeError(f"line {line}: {LINE.beyond()}", line=line)
            if octets.isascii() and b"\0" not in octets:
                continue
            if b"\0" in octets:
                raise _other_encoding(line, "another encoding")
            if _decodes(octets, "utf-8"):
                utf8 = utf8 or line
            elif _decodes(octets, "cp1252"):
                cp1252 = cp1252 or line
            else:
                raise _other_encoding(line, "other bytes")
    if utf8 and cp1252:
        # Whichever encoding were chosen, names in the other would be misread.
        raise _other_encoding(max(utf8, cp1252), "both in one file")
    return "cp1252" if cp1252 else "utf-8-sig"


def _other_encoding(line: int, got: str) -> ExchangeError:
    return ExchangeError(
        f"line {line}: expected text in UTF-8 or Windows-1252, got {got}; "
        "save it as UTF-8",
        line=line,
    )


def _decodes(octets: bytes, encoding: str) -> bool:
    try:
        octets.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def writer(file: BinaryIO, columns: Sequence[str]) -> Callable[[Sequence[str]], None]:
    """
    Write the headings to *file* as CSV, and return a function that writes one row.

    Args:
        file: The file, open for writing bytes. The caller closes it.

        columns: The headings.

    Returns:
        A function of the cells of a row. It raises an ExchangeError for a cell that
        a spreadsheet would run as a formula, or that UTF-8 cannot hold.

    Raises:
        eckid.errors.ExchangeError: If a heading is such a cell.
    """
    if not hasattr(file, "write"):
        raise TypeError(f"file: expected a file, got {type(file).__name__}")
    for heading in expect("columns", columns, Sequence):  # type: ignore[type-abstract]  # only asks
        if not_text([expect("columns", heading, str)]) is not None:
            raise ExchangeError("columns: expected text that UTF-8 can hold")
    # A StreamWriter does not close the file when it is deleted; a TextIOWrapper would.
    # Every cell is quoted: in another country's spreadsheet another sign ends a cell.
    rows = csv.writer(
        codecs.getwriter("utf-8")(file), delimiter=";", quoting=csv.QUOTE_ALL
    )

    def write_row(cells: Sequence[str]) -> None:
        for n, cell in enumerate(cells, 1):
            if holds_formula(cell):
                raise ExchangeError(
                    f"column {n}: expected text, got what a spreadsheet would run",
                    column=n,
                )
        with foreign(_not_utf8, UnicodeEncodeError):
            rows.writerow(cells)

    write_row(columns)
    return write_row


def _not_utf8(_: BaseException) -> ExchangeError:
    return ExchangeError("expected text in each cell, got a lone surrogate")
