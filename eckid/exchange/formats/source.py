"""
The source: opening a list, from a file or from a stream.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from eckid._core.bounds import HELD, octets_within
from eckid._core.values import a_path, expect
from eckid.attributes import CATALOGUE, FORMER
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, Table
from eckid.exchange.formats.days import Reading, order_named
from eckid.exchange.formats.edexml_in import Edexml
from eckid.exchange.formats.eduv import Students
from eckid.exchange.formats.excel import Workbook
from eckid.exchange.formats.kinds import SUFFIXES, Format, format_of
from eckid.exchange.formats.parquet import Parquet
from eckid.exchange.formats.seen import check_seen

# An opened list: it has columns, and gives a record or a refusal for each row.
Source: TypeAlias = Table | Workbook | Edexml | Students | Parquet
SOURCES: Final = (Table, Workbook, Edexml, Students, Parquet)
# Whose columns have headings that a user may name.
_HEADED: Final = frozenset({Format.CSV, Format.EXCEL, Format.PARQUET})


def look(
    path: str | Path,
    *,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
    days: str | None = None,
    sheet: str | None = None,
) -> Source:
    """
    Open a list in a file, and read its columns. Use `hold` for a stream.

    Args:
        path: The file. A pipe is refused: give it to `hold`.

        headings: Your own headings, each with the name of its attribute in the
            catalogue; for CSV, Excel and Parquet only.

        format: ``csv``, ``excel``, ``edexml``, ``eduv`` or ``parquet``; None chooses by
            the extension, and reads any other extension as CSV.

        sheet: The name of the sheet, for Excel only; None is the first one that is not
            hidden.

        days: The order of day, month and year in the cells: ``dmy``, ``mdy`` or
            ``ymd``; None decides it for each column, from all its cells.

    Returns:
        The list, with its ``columns``. Give it to `Roster` or `Received`, or to a
        run of `eckid.scale`.

    Raises:
        eckid.errors.ExchangeError: If the file is not a list in that format, or
            *headings* names an unknown attribute.
        OSError: If the file cannot be read.
        ValueError: If no file can have that name.
    """
    file = Path(a_path("path", path))
    if file.exists() and not file.is_file():
        # The file is opened more than once; a pipe can be read only once.
        raise ExchangeError("expected a file; give a pipe as standard input")
    plain = format is None and file.suffix.lower() not in SUFFIXES
    found = Format.CSV if plain else format_of(file, format)
    source = _source(lambda: file.open("rb"), found, headings, days, sheet)
    source.path = file
    return source


def hold(
    stream: BinaryIO,
    *,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
    days: str | None = None,
    sheet: str | None = None,
) -> Source:
    r"""
    Open a list from a stream, such as standard input, and hold it in memory.

    Args:
        stream: A file or stream of bytes, of at most 64 MiB.

        headings: Your own headings, each with the name of its attribute in the
            catalogue; for CSV, Excel and Parquet only.

        format: ``csv``, ``excel``, ``edexml``, ``eduv`` or ``parquet``; None is CSV.

        sheet: The name of the sheet, for Excel only; None is the first one that is not
            hidden.

        days: The order of day, month and year in the cells: ``dmy``, ``mdy`` or
            ``ymd``; None decides it for each column, from all its cells.

    Returns:
        The list, with its ``columns``. Give it to `Roster` or `Received`.

    Raises:
        eckid.errors.ExchangeError: If there are more than 64 MiB, it is not a list
            in that format, or *headings* names an unknown attribute.
        TypeError: If *stream* cannot be read.

    >>> import io
    >>> hold(io.BytesIO(b"LAS-key;BSN;Roepnaam\n4001;111222333;Sem\n")).columns
    ('key', 'bsn', 'roepnaam')
    """
    if not hasattr(stream, "read"):
        raise TypeError(f"stream: expected a file, got {type(stream).__name__}")
    # A list is read twice and a stream only once, so a stream is held in memory.
    octets = octets_within(
        stream,
        HELD,
        lambda _: ExchangeError(
            f"expected at most {HELD.shown} here; give a file instead"
        ),
    )
    opener = partial(io.BytesIO, octets)
    found = format_of("", format or Format.CSV.value)
    return _source(opener, found, headings, days, sheet)


def _source(
    opener: Callable[[], BinaryIO],
    format: Format,
    headings: Mapping[str, str] | None,
    days: str | None,
    sheet: str | None,
) -> Source:
    order = order_named(days)
    known = _attributes(headings)
    if known and format not in _HEADED:
        raise ExchangeError("heading: expected none, for this format has its own")
    if sheet is not None and format is not Format.EXCEL:
        raise ExchangeError(
            "sheet: expected none, for only a workbook has sheets: leave it out"
        )
    check_seen(opener, format)
    found: Source
    if format is Format.EXCEL:
        found = Workbook(opener, known, sheet)
    elif format is Format.EDEXML:
        found = Edexml(opener)
    elif format is Format.EDUV:
        found = Students(opener)
    else:
        found = (Parquet if format is Format.PARQUET else Table)(opener, known)
    found.days = order
    return found


def reading_of(table: Source, days: Mapping[str, int]) -> Reading:
    """
    Return how the days and codes of an opened list are read.

    Args:
        table: The list.

        days: The place of each column that holds a day, by its name.
    """

    def cells(name: str) -> Iterator[str]:
        return (row.cells[days[name]] for row in table if isinstance(row, Record))

    return Reading(days, order=table.days, cells=cells, line=table.line)


def _attributes(headings: Mapping[str, str] | None) -> Mapping[str, str]:
    if headings is not None:
        expect("headings", headings, Mapping)  # type: ignore[type-abstract]
    known: dict[str, str] = {}
    for heading, naam in (headings or {}).items():
        known[heading] = FORMER.get(expect("heading", naam, str), naam)
        if known[heading] not in CATALOGUE:
            raise ExchangeError("heading: expected an attribuut of the catalogue")
    return known
