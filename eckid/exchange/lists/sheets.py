"""
Tables that are no class list: the columns that one needs, each read as a value.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, TypeVar

from eckid._core.values import expect
from eckid.attributes import kopje
from eckid.errors import (
    EckidError,
    ExchangeError,
    NumberError,
    PseudonymError,
)
from eckid.exchange.formats.cells import mend, mend_day
from eckid.exchange.formats.source import SOURCES, Source
from eckid.exchange.rows import RijReden, Weigergrond, Weigering
from eckid.pgn import PGN, parse_pgn
from eckid.policy.vorm import day

T = TypeVar("T")

_YES: Final = frozenset({"ja", "j", "yes", "y", "waar", "true", "1"})
_NO: Final = frozenset({"nee", "n", "no", "onwaar", "false", "0"})


class Column(NamedTuple):
    """
    A column that a table must have, or may have.

    Attributes:
        naam: Its name.
        read: Makes a value of a cell; a ValueError or EckidError refuses the row.
        kopjes: Other headings it goes by, in the form of `kopje`.
        missing: What the column is where the table lacks it; Ellipsis where it
            may not.
    """

    naam: str
    read: Callable[[str], Any]
    kopjes: str = ""
    missing: Any = ...


class Cells(NamedTuple):
    """
    One row, read.

    Attributes:
        record: Which row of data it is, from 1.
        line: The line of the file on which it begins, from 1.
        values: The value of each column; None where the cell has none.
        wrong: The refusal of the first cell that has none.
    """

    record: int
    line: int
    values: dict[str, Any]
    wrong: Weigering | None = None

    def __repr__(self) -> str:
        return f"<Cells {self.record}, {len(self.values)} values>"

    def refused(self, reden: Weigergrond) -> Weigering:
        """
        Return the refusal of this row.
        """
        return Weigering(self.record, self.line, None, reden)


def read_sheet(table: Source, columns: Sequence[Column]) -> Iterator[Cells | Weigering]:
    """
    Return the rows of *table*, each cell as the value of its column.

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
    Return what *make* makes of each row, and the refusals between.

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
            reden, value = _read(column, found.cells[place])
            values[column.naam] = value
            if reden is not None and wrong is None:
                wrong = Weigering(
                    found.record, found.line, place + 1, reden, column.naam
                )
        yield Cells(found.record, found.line, values, wrong)


def _read(column: Column, cell: str) -> tuple[Weigergrond | None, Any]:
    try:
        return None, column.read(cell)
    except (NumberError, PseudonymError) as error:
        return error.reason, None
    except (EckidError, ValueError):
        return RijReden.VALUE, None


def a_text(cell: str) -> str:
    """
    Return a cell that is not empty.
    """
    if not cell:
        raise ValueError
    return cell


def a_day(cell: str) -> date:
    """
    Return the day in a cell, as Dutch lists or EDEXML write it.
    """
    found = day(mend_day(cell))
    if found is None:
        raise ValueError
    return found


def no_or_a_day(cell: str) -> date | None:
    """
    Return the day in a cell, or None where it is empty.
    """
    return a_day(cell) if cell else None


def a_bool(cell: str) -> bool:
    """
    Return whether a cell says yes.

    >>> a_bool("Ja"), a_bool("0")
    (True, False)
    """
    text = cell.casefold()
    if text not in _YES | _NO:
        raise ValueError
    return text in _YES


def a_number(cell: str) -> PGN:
    """
    Return the number in a cell, mended where a spreadsheet damaged it.
    """
    return parse_pgn(mend(cell)[0])
