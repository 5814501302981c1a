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
from typing import Any, BinaryIO, Final, NamedTuple, Never, TextIO

from eckid._core.bounds import COLUMNS, LINE
from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import expect, not_text
from eckid.attributes import CATALOGUE, kopje
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.cells import holds_formula, is_formula
from eckid.exchange.formats.lengths import within
from eckid.exchange.rows import RijReden, Weigering

Opener = Callable[[], BinaryIO]

_DELIMITERS: Final = (";", ",", "\t")

_HEADINGS: Final = {
    heading: attribuut.naam
    for attribuut in CATALOGUE.values()
    for heading in (kopje(attribuut.naam), *attribuut.kopjes)
}
# Unknown headings are shown in reports. One with many digits may be data, so it is
# shown as "kolom 3" instead.
_PLAIN_HEADING: Final = re.compile(r"[^\W\d][^\d\n\r]{0,40}[0-9]{0,3}")
# A heading like this may be the name that another column gets.
_PLACE: Final = re.compile(r"kolom [0-9]+")


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


class Table(Unpickled):
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

    Raises:
        eckid.errors.ExchangeError: If the text is not UTF-8 or Windows-1252, a line
            or the row of headings is too long, two columns are the same attribute,
            or, while iterating, a quoted cell is never closed.
        OSError: If the file cannot be read.
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
        return within(self._records(), self.columns)

    def _records(self) -> Iterator[Record | Weigering]:
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
                yield as_record(record, line, cells[:width])

    def _head(self, delimiter: str) -> tuple[int, list[str]]:
        # Under a wrong delimiter the quotes may not match; that is no error yet.
        with suppress(ExchangeError):
            for line, cells in self._rows(delimiter):
                return line, [cell.strip() for cell in cells or ()]
        return 1, []

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
        f"line {line}: expected the quoted cell to be closed", line=line
    )


def _swallows(cells: list[str], width: int, delimiter: str) -> bool:
    """
    Return whether a cell has swallowed another row.

    That happens when one stray quote opens a cell and a later stray quote closes it:
    then a cell has a line break, and there are enough delimiters for two rows.
    """
    broken = [cell for cell in cells if "\n" in cell or "\r" in cell]
    inside = sum(cell.count(delimiter) for cell in broken)
    return bool(broken) and (
        len(cells) < width or len(cells) - 1 + inside >= 2 * (width - 1)
    )


def _known(headings: Mapping[str, str]) -> Mapping[str, str]:
    expect("headings", headings, Mapping)  # type: ignore[type-abstract]  # only asks
    return _HEADINGS | {kopje(k): v for k, v in headings.items()}


def heading_row(rows: Sequence[Sequence[str]], headings: Mapping[str, str]) -> int:
    """
    Return which of the first rows of a list holds the headings, from 0.

    Schools put a title above a list. So it is the row with the most headings that are
    known, the first of those; without any known heading it is the first row.

    Args:
        rows: The first rows that are not blank.

        headings: Your own headings, each with the name of its attribute.
    """
    known = _known(headings)
    counts = [len({kopje(cell) for cell in row} & known.keys()) for row in rows]
    return counts.index(max(counts)) if counts else 0


def named_columns(
    line: int, head: Sequence[str], headings: Mapping[str, str]
) -> tuple[str, ...]:
    """
    Return the attribute of each heading; an unknown heading stays as it is.

    An unknown heading that could be data, or is a double, becomes ``kolom N``.

    Args:
        line: The line that holds the headings, for an error.

        head: The headings.

        headings: Your own headings, each with the name of its attribute.

    Raises:
        eckid.errors.ExchangeError: If two headings are the same attribute, or there
            are too many.
    """
    if len(head) > COLUMNS.most:
        raise ExchangeError(COLUMNS.beyond(len(head)), line=line)
    known = _known(headings)
    columns: list[str] = []
    seen: set[str] = set()
    for n, cell in enumerate(head, 1):
        name = known.get(kopje(cell))
        if name is not None and name in seen:
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
                and cell not in seen
                and not _PLACE.fullmatch(cell)
            )
            name = cell if plain else f"kolom {n}"
        columns.append(name)
        seen.add(name)
    return tuple(columns)


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
