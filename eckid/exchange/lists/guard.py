"""
The guard: no number is released under another heading, or inside a name.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

from eckid._core.values import expect
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.errors import NumberError
from eckid.exchange.rows import Ontvangen, Rij, RijReden, Weigering
from eckid.pgn import parse_pgn

T = TypeVar("T")

# The attributes that a release can hold beside an identifier.
_RELEASABLE: Final = frozenset(
    a.naam for a in CATALOGUE.values() if a.kenmerk in {Kenmerk.NAAM, Kenmerk.GEGEVEN}
)
NAMES: Final = frozenset(
    a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.NAAM
)
_OTHER: Final = frozenset(
    a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.ANDER_ID
)
# A number without its leading zero has eight digits.
_EIGHT: Final = re.compile(r"[0-9]{8}")


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
        bare = _bare(cell)
        if name in _RELEASABLE and own and own in bare:
            return True
        if name in NAMES and _EIGHT.search(bare):
            return True
        # A school may use the PGN as its own pupil number.
        if name in _OTHER and not rij.has_ketenid and _is_number(own, cell):
            return True
    return False


def shows_a_number(name: str) -> bool:
    """
    Return whether a name has eight digits in a row, which may be someone's number.
    """
    return _EIGHT.search(_bare(name)) is not None


def _is_number(own: str, text: str) -> bool:
    if own and own in _bare(text):
        return True
    with suppress(NumberError):
        parse_pgn(text)
        return True
    return False


def shows_own_number(rij: Rij, text: str) -> bool:
    """
    Return whether *text* has the person's own number in it, however it is written.
    """
    own = _own(rij)
    return own != "" and own in _bare(text)


def _own(rij: Rij) -> str:
    # A spreadsheet may have removed the leading zero, so it is not compared.
    return "" if rij.pgn is None else _bare(rij.pgn.expose()).removeprefix("0")


def _bare(text: str) -> str:
    # Keeps letters and digits only; digits of any script become ASCII digits.
    if text.isascii():
        return text.translate(_ASCII)
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.digit(sign, sign)) for sign in plain if sign.isalnum()
    )


# The same for ASCII as a table, which is faster; most texts are ASCII only.
_ASCII: Final = {n: chr(n).lower() if chr(n).isalnum() else None for n in range(128)}
