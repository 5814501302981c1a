"""
From the rows of a list to their HPgns, or to what a keeper knows of the persons.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

from eckid._core.values import expect
from eckid.exchange.lists.bewaard import Bewaard
from eckid.exchange.rows import REDENEN, Rij, Weigering
from eckid.hashing import Hasher
from eckid.pgn import PGN
from eckid.pseudonyms import HPgn, Stampseudoniem

# A row with its HPgn or stampseudoniem; None for a person who has no ketenID.
Gehasht: TypeAlias = tuple[Rij, HPgn | Stampseudoniem | None]

# Rows held while they are hashed: at least so many, and so many for each worker. At
# the end of a block the workers wait for the slowest; with sixteen batches of four
# for each, that wastes a few percent.
_HELD: Final = 256
_HELD_EACH: Final = 64


def hashed(
    rows: Iterable[Rij | Weigering], hasher: Hasher, bewaard: Bewaard
) -> Iterator[Gehasht | Weigering]:
    """
    Yield each row with its HPgn, or with what the keeper knows of it, in order.

    A person who goes by another identifier comes with None. A known row is yielded at
    once; rows are held only while numbers before them are hashed.

    Args:
        rows: The rows of the list; refusals pass through.

        hasher: Hashes the numbers of rows that the keeper does not know.

        bewaard: The keeper; each new HPgn is given to it.
    """
    found = (_looked_up(row, bewaard) for row in rows)
    many = max(_HELD, _HELD_EACH * hasher.workers)
    for first in found:
        if first.pgn is None:
            yield _known(first)
            continue
        held = [first, *islice(found, many - 1)]
        numbers = [one.pgn for one in held if one.pgn is not None]
        with closing(hasher.each(numbers)) as hpgns:
            for one in held:
                if one.pgn is None or isinstance(one.row, Weigering):
                    yield _known(one)
                    continue
                hpgn = next(hpgns)
                bewaard.keep(one.row, hpgn)
                yield one.row, hpgn


class _Found(NamedTuple):
    """
    A row with what is known of it, or with the number that must be hashed.
    """

    row: Rij | Weigering
    made: HPgn | Stampseudoniem | None = None
    pgn: PGN | None = None


def _looked_up(row: Rij | Weigering, bewaard: Bewaard) -> _Found:
    if isinstance(row, Weigering):
        return _Found(row)
    if not expect("row", row, Rij).has_ketenid:
        return _Found(row)
    found = bewaard.known(row)
    if found is None:
        return _Found(row, pgn=row.pgn)
    expect("known", found, HPgn, Stampseudoniem, *REDENEN)
    if isinstance(found, REDENEN):
        return _Found(row.refused(found))
    return _Found(row, found)


def _known(found: _Found) -> Gehasht | Weigering:
    row = found.row
    return row if isinstance(row, Weigering) else (row, found.made)
