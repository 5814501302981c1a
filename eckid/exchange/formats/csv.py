"""
CSV as schools export it, and as a release is written.

Reading takes comma, semicolon or tab, UTF-8 with or without BOM, Windows-1252,
quoted line breaks, and the headings that the catalogue of attributes knows.
Writing gives semicolons, UTF-8 without BOM, CRLF.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, Final, NamedTuple, Never, TextIO

from eckid._core.hidden import Unpickled
from eckid.attributes import CATALOGUE, kopje
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.cells import is_formula
from eckid.exchange.rows import RijReden, Weigering

Opener = Callable[[], BinaryIO]

_DELIMITERS: Final = (";", ",", "\t")

_HEADINGS: Final = {
    heading: attribuut.naam
    for attribuut in CATALOGUE.values()
    for heading in (kopje(attribuut.naam), *attribuut.kopjes)
}
# A heading is shown in reports; one with many digits may be data.
_PLAIN_HEADING: Final = re.compile(r"[^\W\d][^\d\n\r]{0,40}[0-9]{0,3}")


class Record(NamedTuple):
    """
    One row of cells, and where it stands.
    """

    record: int
    line: int
    cells: list[str]
    wie: Wie = Wie.LEERLING

    def __repr__(self) -> str:
        return f"<Record {self.record}, {len(self.cells)} cells>"

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("Record may hold a number; it is not pickled")


class Table(Unpickled):
    """
    A CSV file that was looked at: its encoding, delimiter and columns.

    Attributes:
        encoding: utf-8-sig or cp1252.
        delimiter: What stands between cells.
        columns: The attribute of each column; where the heading is not known,
            the heading.
        line: The line on which the headings stand.

    Raises:
        eckid.errors.ExchangeError: If the file is no such table.
        OSError: If it cannot be read.
    """

    __slots__ = ("_opener", "columns", "delimiter", "encoding", "line")

    def __init__(self, opener: Opener, headings: Mapping[str, str]) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self._opener = opener
        self.encoding = _encoding(opener)
        known = _known(headings)
        heads = {d: self._head(d) for d in _DELIMITERS}
        self.delimiter = max(
            _DELIMITERS,
            key=lambda d: (
                sum(kopje(cell) in known for cell in heads[d][1]),
                len(heads[d][1]),
            ),
        )
        self.line, cells = heads[self.delimiter]
        self.columns = named_columns(self.line, cells, headings)

    def __iter__(self) -> Iterator[Record | Weigering]:
        width = len(self.columns)
        rows = self._rows(self.delimiter)
        next(rows, None)
        for record, (line, cells) in enumerate(rows, 1):
            if cells is None:
                yield Weigering(record, line, None, RijReden.QUOTE)
            elif _swallows(cells, width, self.delimiter):
                raise _unclosed(line)
            elif any(cells[width:]) or len(cells) < width:
                yield Weigering(record, line, None, RijReden.WIDTH)
            elif guilty := next(
                (n for n, c in enumerate(cells, 1) if is_formula(c)), 0
            ):
                yield Weigering(record, line, guilty, RijReden.FORMULA)
            else:
                yield Record(record, line, [cell.strip() for cell in cells[:width]])

    def _head(self, delimiter: str) -> tuple[int, list[str]]:
        # With a delimiter that is not the file's, quotes need not fit.
        with suppress(ExchangeError):
            for line, cells in self._rows(delimiter):
                return line, [cell.strip() for cell in cells or ()]
        return 1, []

    def _rows(self, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
        """
        Yield line and cells of each row that is not blank, the heading first.

        The cells are None where quotes do not fit.
        """
        with self._opener() as raw:
            text = io.TextIOWrapper(raw, encoding=self.encoding, newline="")
            for line, cells in _split(text, delimiter):
                if cells is None or not (_is_blank(cells) or _is_note(line, cells)):
                    yield line, cells


def _is_blank(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _is_note(line: int, cells: list[str]) -> bool:
    # Excel's own note of the delimiter, before the heading, is no row.
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
    # Where such a cell ends is a guess, and rows would be lost in it.
    return ExchangeError(
        f"line {line}: expected the quoted cell to be closed", line=line
    )


def _swallows(cells: list[str], width: int, delimiter: str) -> bool:
    """
    Return whether *cells* have another row in them.

    They do where a stray quote was closed by a stray quote further on: a cell
    has a line break, and there are delimiters enough for two rows.
    """
    broken = [cell for cell in cells if "\n" in cell or "\r" in cell]
    inside = sum(cell.count(delimiter) for cell in broken)
    return bool(broken) and (
        len(cells) < width or len(cells) - 1 + inside >= 2 * (width - 1)
    )


def _known(headings: Mapping[str, str]) -> Mapping[str, str]:
    return _HEADINGS | {kopje(k): v for k, v in headings.items()}


def named_columns(
    line: int, head: Sequence[str], headings: Mapping[str, str]
) -> tuple[str, ...]:
    """
    Return the attribute of each heading; where it is not known, the heading.

    Args:
        line: Where they stand.

        head: The headings.

        headings: Headings of one's own, each with the attribute it is.

    Raises:
        eckid.errors.ExchangeError: If two are the same attribute.
    """
    known = _known(headings)
    columns: list[str] = []
    for n, cell in enumerate(head, 1):
        name = known.get(kopje(cell))
        if name is not None and name in columns:
            raise ExchangeError(
                f"column {n}: expected one column for {name}, got a second; "
                "name with --heading what it is",
                line=line,
                column=n,
            )
        if name is None:
            plain = (
                _PLAIN_HEADING.fullmatch(cell)
                and cell.isprintable()
                and cell not in columns
            )
            name = cell if plain else f"kolom {n}"
        columns.append(name)
    return tuple(columns)


def _encoding(opener: Opener) -> str:
    """
    Return the encoding in which the whole file can be read.
    """
    # The first lines that show one encoding or the other.
    utf8 = cp1252 = 0
    with opener() as file:
        for line, octets in enumerate(file, 1):
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
        # Read as one of them, names in the other come out wrong.
        raise _other_encoding(max(utf8, cp1252), "both in one file")
    return "cp1252" if cp1252 else "utf-8-sig"


def _other_encoding(line: int, got: str) -> ExchangeError:
    return ExchangeError(
        f"line {line}: expected text in UTF-8 or Windows-1252, got {got}", line=line
    )


def _decodes(octets: bytes, encoding: str) -> bool:
    try:
        octets.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def writer(file: BinaryIO, columns: Sequence[str]) -> Callable[[Sequence[str]], None]:
    """
    Write the headings to *file*, and return what writes a row.

    What it returns raises an ExchangeError for a cell that a spreadsheet would
    run.
    """
    # A StreamWriter, for it leaves the file to its owner when it goes.
    rows = csv.writer(codecs.getwriter("utf-8")(file), delimiter=";")
    rows.writerow(columns)

    def write_row(cells: Sequence[str]) -> None:
        for n, cell in enumerate(cells, 1):
            if is_formula(cell):
                raise ExchangeError(
                    f"column {n}: expected text, got what a spreadsheet would run",
                    column=n,
                )
        rows.writerow(cells)

    return write_row
