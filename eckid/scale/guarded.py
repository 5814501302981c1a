"""
The rows of a table that no recipient may get, whatever the policy says.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from eckid._core.bounds import CELL, MARKS
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.lengths import LENGTHS, fits
from eckid.exchange.lists.guard import NAMES as OF_NAME
from eckid.exchange.lists.guard import without_shown_numbers
from eckid.exchange.rows import Rij, RijReden, Weigering, Weigerreden
from eckid.policy.guard import has_eight_digits
from eckid.scale.filter import BY_ROW, filled

Arrow: TypeAlias = Any

# Signs that are or may become a digit. Only a cell that has one is looked at closely.
_PERHAPS: Final = r"[0-9\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE}]|[^\x{0}-\x{24F}]"


def guarded(columns: Mapping[str, Arrow]) -> Iterator[tuple[int, Weigerreden]]:
    """
    Yield each row that no recipient may get, with the reason.

    Such a row has a cell that is too long, a number in a name, or a number as its other
    identifier.
    """
    pa = load_pyarrow()
    pc = pa.compute
    for name, column in columns.items():
        signs = pc.utf8_length(column)
        # Marks are no ASCII, so a cell that piles them has more bytes than signs.
        perhaps = pc.or_(
            pc.greater(signs, LENGTHS.get(name, CELL.most)),
            pc.and_(
                pc.greater(signs, MARKS.most),
                pc.not_equal(signs, pc.binary_length(column)),
            ),
        )
        for row in pc.indices_nonzero(pc.fill_null(perhaps, fill_value=False)):
            if not fits(name, column[row.as_py()].as_py()):
                yield row.as_py(), RijReden.TOO_LONG
    if BY_ROW in columns:
        yield from _guarded_others(columns)
    for name in OF_NAME & columns.keys():
        # Names repeat, and each is looked at once.
        names = columns[name].unique()
        perhaps = names.filter(pc.match_substring_regex(names, _PERHAPS))
        wrong = [one for one in perhaps.to_pylist() if has_eight_digits(one)]
        if wrong:
            among = pc.is_in(columns[name], value_set=pa.array(wrong, pa.string()))
            for row in pc.indices_nonzero(among).to_pylist():
                yield row, RijReden.PGN_IN_ATTRIBUUT


def _guarded_others(
    columns: Mapping[str, Arrow],
) -> Iterator[tuple[int, Weigerreden]]:
    pc = load_pyarrow().compute
    places = pc.indices_nonzero(filled(columns[BY_ROW]))
    taken = [column.take(places).to_pylist() for column in columns.values()]
    for row, *cells in zip(places.to_pylist(), *taken, strict=True):
        named = zip(columns, cells, strict=True)
        has = {name: cell for name, cell in named if cell}
        rij = Rij(row, row, None, "", has)
        if any(isinstance(r, Weigering) for r in without_shown_numbers([rij])):
            yield row, RijReden.PGN_IN_ATTRIBUUT
