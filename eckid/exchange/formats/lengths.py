"""
How long a cell may be: one rule for the rows of every format.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from eckid._core.bounds import CELL, IDENTIFIER, NAME, ROWS, piles_marks
from eckid.attributes import NAMES_OF, Kenmerk
from eckid.errors import ExchangeError
from eckid.exchange.rows import RijReden, Weigering

if TYPE_CHECKING:
    from eckid.exchange.formats.csv import Record

# The attributes whose length a format bounds, each with the most characters.
LENGTHS: Final = {
    **dict.fromkeys(NAMES_OF[Kenmerk.NAAM], NAME.most),
    **dict.fromkeys(NAMES_OF[Kenmerk.ANDER_ID], IDENTIFIER.most),
    "emailadres": IDENTIFIER.most,
}
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
    rows: "Iterable[Record | Weigering]", columns: Sequence[str]
) -> "Iterator[Record | Weigering]":
    """
    Refuse each row that has a cell which is too long, or piles marks on a letter.

    Args:
        rows: The rows of a file; refusals pass through.

        columns: The attribute of each column.

    Returns:
        For each row, in order, the row or a `Weigering`.

    Raises:
        eckid.errors.ExchangeError: While iterating, if there are too many rows.
    """
    for row in rows:
        if row.record > ROWS.most:
            raise ExchangeError(ROWS.beyond(), line=row.line)
        # Asked for all cells at once: most rows are short, and have no marks.
        joined = "" if isinstance(row, Weigering) else "".join(row.cells)
        if isinstance(row, Weigering) or (
            (len(joined) <= _SHORT or max(map(len, row.cells)) <= _SHORT)
            and (joined.isascii() or not piles_marks(joined))
        ):
            yield row
            continue
        cells = enumerate(zip(columns, row.cells, strict=True), 1)
        wrong = next((n for n, cell in cells if not fits(*cell)), None)
        if wrong is None:
            yield row
        else:
            yield Weigering(row.record, row.line, wrong, RijReden.TOO_LONG)
