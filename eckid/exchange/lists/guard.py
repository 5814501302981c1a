"""
The guard of a list: no number stands under another heading, or inside a name.

`eckid.policy.guard` refuses what shows a secret by its form, in all that goes. Here the
row's own number is known.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from eckid._core.values import expect
from eckid.attributes import NAMES_OF, Kenmerk
from eckid.exchange.rows import Ontvangen, Rij, RijReden, Weigering
from eckid.policy.guard import bare, has_eight_digits, holds, is_number

T = TypeVar("T")

# The attributes that a release can hold beside an identifier.
NAMES: Final = frozenset(NAMES_OF[Kenmerk.NAAM])
_RELEASABLE: Final = NAMES | set(NAMES_OF[Kenmerk.GEGEVEN])
OTHER: Final = NAMES_OF[Kenmerk.ANDER_ID]


def without_shown_numbers(
    rows: Iterable[T | Weigering],
) -> Iterator[T | Weigering]:
    """
    Refuse each row that shows a number in a cell that could be released.

    A row is refused if the person's own number is in an attribute that a policy can
    release, or if a name has eight digits or more in a row: that may be the number of
    anyone. Without a ketenID, another identifier may not be a valid number either.
    Such cells come from wrong columns and from pasted rows.

    Args:
        rows: The rows, such as a `Roster` gives; refusals pass through.

    Returns:
        For each row, in order, the row or a `Weigering`.
    """
    for row in rows:
        if isinstance(row, Rij) and _shows_number(row):
            yield row.refused(RijReden.PGN_IN_ATTRIBUUT)
        else:
            expect("row", row, Rij, Ontvangen, Weigering)
            yield row


def _shows_number(rij: Rij) -> bool:
    own = _own(rij)
    for name, cell in rij.attributen.items():
        if name in _RELEASABLE and holds(cell, own):
            return True
        if name in NAMES and has_eight_digits(cell):
            return True
        # A school may use the PGN as its own pupil number.
        other = name in OTHER and not rij.has_ketenid
        if other and (holds(cell, own) or is_number(cell)):
            return True
    return False


def shows_own_number(rij: Rij, text: str) -> bool:
    """
    Return whether *text* has the person's own number in it, however it is written.
    """
    return holds(text, _own(rij))


def _own(rij: Rij) -> str:
    # A spreadsheet may have removed the leading zero, so it is not compared.
    return "" if rij.pgn is None else bare(rij.pgn.expose()).removeprefix("0")
