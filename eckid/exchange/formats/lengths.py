"""
What a cell may hold: its length, a value, a name; one rule for every format.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from eckid._core.bounds import CELL, IDENTIFIER, NAME, ROWS, piles_marks
from eckid.attributes import CATALOGUE, NAMES_OF, Kenmerk
from eckid.errors import ExchangeError
from eckid.exchange.formats.alphabet import check_names
from eckid.exchange.formats.cells import is_error
from eckid.exchange.rows import RijReden, Weigering

if TYPE_CHECKING:
    from eckid.exchange.formats.csv import Record

# The attributes whose length a format bounds, each with the most characters.
LENGTHS: Final = {
    **dict.fromkeys(NAMES_OF[Kenmerk.NAAM], NAME.most),
    **dict.fromkeys(NAMES_OF[Kenmerk.ANDER_ID], IDENTIFIER.most),
    "emailadres": IDENTIFIER.most,
}
# One of these is in each error that a spreadsheet shows.
_ERRORS: Final = ("#", "Err:", "Fout:")
_NAMES: Final = frozenset(NAMES_OF[Kenmerk.NAAM])
# So many names that were looked at are remembered.
_SEEN: Final = 10_000
# A shorter cell is within every bound.
_SHORT: Final = min(LENGTHS.values())


def fits(naam: str, cell: str) -> bool:
    """
    Return whether a cell of the attribute *naam* is within the bounds of its format.

    >>> fits("roepnaam", "Sem"), fits("roepnaam", 201 * "S"), fits("groep", 201 * "S")
    (True, False, True)
    """
    return len(cell) <= LENGTHS.get(naam, CELL.most) and not piles_marks(cell)


def within(
    rows: "Iterable[Record | Weigering]",
    columns: Sequence[str],
    encoding: str | None = None,
) -> "Iterator[Record | Weigering]":
    """
    Refuse each row with a cell that is too long, piles marks, or shows an error.

    An error in a column that is no attribute refuses no row, because it never goes.

    Args:
        rows: The rows of a file; refusals pass through.

        columns: The attribute of each column.

        encoding: The encoding that text was read in; None if the format has its own.

    Returns:
        For each row, in order, the row or a `Weigering`.

    Raises:
        eckid.errors.ExchangeError: While iterating, if there are too many rows, or a
            name has a sign that no name has.
    """
    names = [n for n, naam in enumerate(columns) if naam in _NAMES]
    seen: set[str] = set()
    for row in rows:
        if row.record > ROWS.most:
            raise ExchangeError(ROWS.beyond(), line=row.line)
        # Asked for all cells at once: most rows are short, and have no marks.
        joined = "" if isinstance(row, Weigering) else "".join(row.cells)
        plain = joined.isascii()
        if not (plain or isinstance(row, Weigering)):
            # The same few names come again and again.
            others = {row.cells[n] for n in names} - seen
            check_names(others, encoding=encoding, line=row.line)
            if len(seen) > _SEEN:
                seen.clear()
            seen |= others
        if isinstance(row, Weigering) or (
            (len(joined) <= _SHORT or max(map(len, row.cells)) <= _SHORT)
            and (plain or not piles_marks(joined))
            and not any(map(joined.__contains__, _ERRORS))
        ):
            yield row
            continue
        yield _checked(row, columns)


def _checked(row: "Record", columns: Sequence[str]) -> "Record | Weigering":
    for n, (naam, cell) in enumerate(zip(columns, row.cells, strict=True), 1):
        wrong = None if fits(naam, cell) else RijReden.TOO_LONG
        if naam in CATALOGUE and is_error(cell):
            wrong = RijReden.NO_VALUE
        if wrong is not None:
            return Weigering(row.record, row.line, n, wrong)
    return row
