"""
Reading tables other than class lists: named columns, each cell as a value.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from eckid._core.values import expect
from eckid.attributes import kopje
from eckid.errors import (
    BoundaryError,
    EckidError,
    ExchangeError,
    NumberError,
    PseudonymError,
)
from eckid.exchange.formats.cells import mend
from eckid.exchange.formats.source import SOURCES, Source, reading_of
from eckid.exchange.rows import RijReden, Weigering, Weigerreden
from eckid.pgn import PGN, parse_pgn
from eckid.policy.vorm import day

T = TypeVar("T")

_YES: Final = frozenset({"ja", "j", "yes", "y", "waar", "true", "1"})
_UNKNOWN: Final = frozenset({"onbekend", "unknown", "?"})
_NO: Final = frozenset({"nee", "n", "no", "onwaar", "false", "0"})


class Column(NamedTuple):
    """
    A column that a table must have or may have.

    Attributes:
        naam: The name of the column.
        read: Turns the text of a cell into a value; a ValueError or EckidError
            refuses the row.
        kopjes: Other headings of the column, in the form of `kopje`, with spaces
            between.
        missing: The value if the table lacks the column; Ellipsis if it must not.
    """

    naam: str
    read: Callable[[str], Any]
    kopjes: str = ""
    missing: Any = ...


class Cells(NamedTuple):
    """
    One row, with its cells as values.

    Attributes:
        record: The number of the row, from 1; the headings do not count.
        line: The line of the file where the row begins, from 1.
        values: The value of each column, by name; None if the cell could not be read.
        wrong: The refusal of the first cell that could not be read; else None.
    """

    record: int
    line: int
    values: dict[str, Any]
    wrong: Weigering | None = None

    def __repr__(self) -> str:
        return f"<Cells {self.record}, {len(self.values)} values>"

    def refused(self, reden: Weigerreden) -> Weigering:
        """
        Return the refusal of this row.
        """
        return Weigering(self.record, self.line, None, reden)


def read_sheet(table: Source, columns: Sequence[Column]) -> Iterator[Cells | Weigering]:
    """
    Return the rows of *table*, each cell as the value of its column.

    Args:
        table: The opened table.

        columns: The columns to read; other columns are skipped.

    Returns:
        For each row, in order, its `Cells`; a `Weigering` if the row as a whole could
        not be read.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    heads = [kopje(name) for name in table.columns]
    places: list[tuple[Column, int | None]] = []
    for column in columns:
        known = {kopje(column.naam), *column.kopjes.split()}
        place = next((n for n, head in enumerate(heads) if head in known), None)
        if place is None and column.missing is ...:
            raise ExchangeError(
                f"expected a column {column.naam}, got none", line=table.line
            )
        places.append((column, place))
    return _rows(table, places)


def each_row(
    table: Source,
    columns: Sequence[Column],
    make: Callable[[Cells], T | Weigering],
) -> Iterator[T | Weigering]:
    """
    Return the result of *make* for each row of *table*, or the refusal of the row.

    Args:
        table: The opened table.

        columns: The columns to read; other columns are skipped.

        make: Makes a result, or a `Weigering`, from a row with only readable cells.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    expect("source", table, *SOURCES)
    rows = read_sheet(table, columns)
    return (
        row if isinstance(row, Weigering) else row.wrong or make(row) for row in rows
    )


def _rows(
    table: Source, places: Sequence[tuple[Column, int | None]]
) -> Iterator[Cells | Weigering]:
    days = {
        column.naam: place
        for column, place in places
        if place is not None and column.read in {a_day, no_or_a_day}
    }
    reading = reading_of(table, days)
    for found in table:
        if isinstance(found, Weigering):
            yield found
            continue
        values: dict[str, Any] = {}
        wrong: Weigering | None = None
        for column, place in places:
            if place is None:
                values[column.naam] = column.missing
                continue
            cell = found.cells[place]
            if cell and column.naam in days:
                cell = reading.read(column.naam, cell)
            reden, value = _read(column, cell)
            values[column.naam] = value
            if reden is not None and wrong is None:
                wrong = Weigering(
                    found.record, found.line, place + 1, reden, column.naam
                )
        yield Cells(found.record, found.line, values, wrong)


def _read(column: Column, cell: str) -> tuple[Weigerreden | None, Any]:
    try:
        return None, column.read(cell)
    except (NumberError, PseudonymError) as error:
        return error.reason, None
    except BoundaryError:
        return RijReden.BES, None
    except (EckidError, ValueError):
        return RijReden.VALUE, None


def a_text(cell: str) -> str:
    """
    Return the text of a cell; an empty cell is a ValueError.
    """
    if not cell:
        raise ValueError
    return cell


def a_day(cell: str) -> date:
    """
    Return the day in a cell that `read_sheet` has made an ISO day; else a ValueError.
    """
    found = day(cell)
    if found is None:
        raise ValueError
    return found


def no_or_a_day(cell: str) -> date | None:
    """
    Return the day in a cell, or None if the cell is empty.
    """
    return a_day(cell) if cell else None


def a_bool(cell: str) -> bool:
    """
    Return whether a cell says yes (ja, j, 1, waar) or no; else a ValueError.

    >>> a_bool("Ja"), a_bool("0")
    (True, False)
    """
    text = cell.casefold()
    if text not in _YES | _NO:
        raise ValueError
    return text in _YES


def no_or_a_bool(cell: str) -> bool | None:
    """
    Return whether a cell says yes or no, or None if it is empty or says unknown.
    """
    return a_bool(cell) if cell and cell.casefold() not in _UNKNOWN else None


def a_number(cell: str) -> PGN:
    """
    Return the number in a cell, repaired if a spreadsheet damaged it.
    """
    return parse_pgn(mend(cell)[0])
