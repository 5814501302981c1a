"""
Days and codes in cells: a column's order of day, month and year, and ISO days.

The order of a column is decided from all its cells. Where two orders read them all and
give other days, the user is asked: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Final

from eckid._core.hidden import Unpickled
from eckid._core.values import Closed, expect
from eckid.attributes import CODES, kopje
from eckid.errors import ExchangeError
from eckid.policy.vorm import YEARS


class DayOrder(Closed):
    """
    The order of day (d), month (m) and year (y); the value is for the command line.
    """

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Dated(Unpickled):
    """
    A list whose columns may hold days.

    Attributes:
        days: The order of day, month and year; None decides it for each column.
        path: The file that it was opened from by `look`; a stream has none.
    """

    __slots__ = ("_days", "path")

    path: Path

    @property
    def days(self) -> DayOrder | None:
        """
        The order of day, month and year; None decides it for each column.
        """
        return getattr(self, "_days", None)

    @days.setter
    def days(self, order: DayOrder | None) -> None:
        self._days = order


def order_named(days: str | None) -> DayOrder | None:
    """
    Return the order that *days* names; None for None.

    Raises:
        eckid.errors.ExchangeError: If it is another word.
    """
    known = {member.value: member for member in DayOrder}
    if days is not None and expect("days", days, str) not in known:
        raise ExchangeError(f"days: expected {' or '.join(known)}, got another")
    return None if days is None else known[days]


# The form that strptime reads for each order, once the signs between are hyphens.
_FORMS: Final = {
    DayOrder.DMY: "%d-%m-%Y",
    DayOrder.MDY: "%m-%d-%Y",
    DayOrder.YMD: "%Y-%m-%d",
}
# Where the year stands among the three numbers.
_YEAR: Final = {DayOrder.DMY: 2, DayOrder.MDY: 2, DayOrder.YMD: 0}
_THREE: Final = re.compile(r"([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})")
_COMPACT: Final = re.compile(r"[0-9]{8}")
_WORDS: Final = re.compile(
    r"([0-9]{1,2})[ .-]+([a-z]{3,9})\.?[ .-]+([0-9]{2}|[0-9]{4})"
)
# A day as a moment: midnight and its zone say no more than the day. Another time may
# be the day before, in another zone, so it is not read.
_MIDNIGHT: Final = re.compile(
    r"(?<=[0-9])(?:[T ]0?0:00(?::00(?:[.,]0+)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?\Z"
)
# The number of a day in a spreadsheet: 10000 is in 1927.
_SERIAL: Final = re.compile(r"([1-9][0-9]{4})(?:[.,]0+)?")
_MONTHS: Final = {
    month: number
    for number, months in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maart march mrt mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "augustus august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for month in months.split()
}
# How old a person in a list is. Where a year has two digits, a reading of a birthday
# that gives another age does not help to decide the order of its column [I].
_AGES: Final = range(3, 81)
# A list has few different days; after so many the cells are read again.
_MOST: Final = 4096


def from_serial(number: int) -> date | None:
    """
    Return the day that a spreadsheet keeps as *number*; None where it has no such day.

    Spreadsheets count a 29th of February 1900 that never was: it is number 60, and the
    numbers before it are one day off.

    >>> [str(from_serial(number)) for number in (42248, 59, 60, 61)]
    ['2015-09-01', '1900-02-28', 'None', '1900-03-01']
    """
    if expect("number", number, int) == 60 or not 0 < number < 2_958_466:
        return None
    return date(1899, 12, 31 if number < 60 else 30) + timedelta(days=number)


def readings(cell: str, *, today: date, born: bool = False) -> Mapping[DayOrder, date]:
    """
    Return the day that *cell* is in each order in which it is one.

    Args:
        cell: The text of a cell.

        today: The day on which it is read. A birthday with a year of two digits is
            the last one before it.

        born: Whether it is a birthday. Any other year of two digits is of this century.
    """
    text = _MIDNIGHT.sub("", cell)
    found: date | None = None
    if serial := _SERIAL.fullmatch(text):
        found = from_serial(int(serial[1]))
    elif _COMPACT.fullmatch(text):
        found = _read(f"{text[:4]}-{text[4:6]}-{text[6:]}", DayOrder.YMD)
    elif words := _WORDS.fullmatch(text.casefold()):
        month = _MONTHS.get(words[2], 0)
        found = _dated([words[1], str(month), words[3]], DayOrder.DMY, today, born=born)
    elif three := _THREE.fullmatch(text):
        parts = [three[1], three[3], three[4]]
        if len(parts[0]) < 3:
            each = {order: _dated(parts, order, today, born=born) for order in DayOrder}
            return {o: day for o, day in each.items() if day and day.year in YEARS}
        found = _read("-".join(parts), DayOrder.YMD)
    if found is None or found.year not in YEARS:
        return {}
    return dict.fromkeys(DayOrder, found)


def _dated(
    parts: list[str], order: DayOrder, today: date, *, born: bool
) -> date | None:
    place = _YEAR[order]
    year = parts[place]
    if len(year) != 2:
        return _read("-".join(parts), order)
    for century in ("20", "19") if born else ("20",):
        full = [century + year if n == place else part for n, part in enumerate(parts)]
        found = _read("-".join(full), order)
        if found is not None and (not born or found <= today):
            return found
    return None


def _read(text: str, order: DayOrder) -> date | None:
    with suppress(ValueError):
        return datetime.strptime(text, _FORMS[order]).date()  # noqa: DTZ007  # a day
    return None


class _Column:
    """
    The cells of one column: which orders read them, and where orders differ.
    """

    __slots__ = ("apart", "born", "known", "order", "orders")

    def __init__(self, order: DayOrder | None, *, born: bool) -> None:
        self.born, self.order = born, order
        self.orders = set(DayOrder)
        self.apart: set[tuple[DayOrder, DayOrder]] = set()
        self.known: dict[str, Mapping[DayOrder, date]] = {}

    def see(self, cell: str, today: date) -> Mapping[DayOrder, date]:
        found = self.known.get(cell)
        if found is None:
            if len(self.known) >= _MOST:
                self.known.clear()
            found = readings(cell, today=today, born=self.born)
            self.known[cell] = found
            orders = set(found)
            if self.born and DayOrder.YMD in orders:
                # Of a year of two digits it is not certain where it stands.
                ages = {o: (today - day).days // 365 for o, day in found.items()}
                orders = {o for o, age in ages.items() if age in _AGES}
            self.orders &= orders or self.orders
            self.apart.update(
                pair
                for pair in combinations(found, 2)
                if found[pair[0]] != found[pair[1]]
            )
        return found


class Reading(Unpickled):
    """
    How the days and codes of one list are read.

    Args:
        days: The names of the columns that hold a day.

        order: The order of all of them; None decides it for each column.

        cells: Gives the cells of one of these columns, to decide its order where
            `see` did not get them before.

        today: The day on which the list is read; None is today.

        line: The line that holds the headings, for an error.
    """

    __slots__ = ("_cells", "_codes", "_columns", "_line", "_today")

    def __init__(
        self,
        days: Iterable[str],
        *,
        order: DayOrder | None,
        cells: Callable[[str], Iterable[str | None]],
        today: date | None = None,
        line: int = 1,
    ) -> None:
        expect("order", order, DayOrder, type(None))
        self._columns = {
            name: _Column(order, born=name == "geboortedatum") for name in days
        }
        self._cells, self._line = cells, line
        self._today = today or date.today()  # noqa: DTZ011  # the user's own day
        self._codes: dict[tuple[str, str], str] = {}

    def see(self, name: str, cell: str) -> str:
        """
        Look at a cell to decide its column's order; return a day that it may be.
        """
        column = self._columns.get(name)
        if column is None:
            return self._code(name, cell)
        found = column.see(cell, self._today)
        return next(iter(found.values())).isoformat() if found else cell

    def settle(self) -> None:
        """
        Decide the order of each column from the cells that `see` got.

        Raises:
            eckid.errors.ExchangeError: If the cells of a column leave it open.
        """
        for name, column in self._columns.items():
            if column.order is None:
                column.order = self._decided(name, column)

    def read(self, name: str, cell: str) -> str:
        """
        Return the cell as an ISO day or a code; unchanged where it is neither.

        Raises:
            eckid.errors.ExchangeError: If the cells of the column leave its order open.
        """
        column = self._columns.get(name)
        if column is None:
            return self._code(name, cell)
        found = column.known.get(cell)
        if found is None:
            found = column.see(cell, self._today)
        if not found:
            return cell
        if column.order is None:
            if len(set(found.values())) == 1 and len(found) == len(DayOrder):
                return found[DayOrder.DMY].isoformat()
            for each in self._cells(name):
                if each:
                    column.see(each, self._today)
            column.order = self._decided(name, column)
        return found[column.order].isoformat() if column.order in found else cell

    def _code(self, name: str, cell: str) -> str:
        code = self._codes.get((name, cell))
        if code is None:
            code = _code(name, cell)
            if len(self._codes) < _MOST:
                self._codes[name, cell] = code
        return code

    def _decided(self, name: str, column: _Column) -> DayOrder:
        apart = any(set(pair) <= column.orders for pair in column.apart)
        if column.orders and not apart:
            return next(order for order in DayOrder if order in column.orders)
        got = "more than one that fits" if apart else "cells in different orders"
        raise ExchangeError(
            f"{name}: expected days in one order of day, month and year, got {got}; "
            "say which with --days dmy, mdy or ymd",
            line=self._line,
        )


def _code(name: str, cell: str) -> str:
    words = CODES.get(name)
    if words is None:
        return cell
    return ", ".join(words.get(kopje(part), part) for part in cell.split(", "))
