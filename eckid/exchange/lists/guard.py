"""
The guard at the door: no number leaves under another heading.
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

# What a release can hold beside a ketenID.
_RELEASABLE: Final = frozenset(
    a.naam for a in CATALOGUE.values() if a.kenmerk in {Kenmerk.NAAM, Kenmerk.GEGEVEN}
)
NAMES: Final = frozenset(
    a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.NAAM
)
_OTHER: Final = frozenset(
    a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.ANDER_ID
)
# As many as a number has without its leading zero.
_EIGHT: Final = re.compile(r"[0-9]{8}")


def without_shown_numbers(
    rows: Iterable[T | Weigering],
) -> Iterator[T | Weigering]:
    """
    Refuse each row in which a number stands where it may be released.

    The person's own number may stand in no attribute that a policy can release,
    and eight digits or more, which may be anyone's, in no name. Columns are
    filled by mistake, and rows are pasted into cells.
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
        # A school may number its pupils by their PGN.
        if name in _OTHER and not rij.has_ketenid and _is_number(own, cell):
            return True
    return False


def shows_a_number(name: str) -> bool:
    """
    Return whether eight digits, which may be anyone's number, stand in a name.
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
    Return whether the person's own number stands in *text*.
    """
    own = _own(rij)
    return own != "" and own in _bare(text)


def _own(rij: Rij) -> str:
    # As a spreadsheet may have left it: without its leading zero.
    return "" if rij.pgn is None else _bare(rij.pgn.expose()).removeprefix("0")


def _bare(text: str) -> str:
    # Letters and digits alone, the digits of every script as ASCII's.
    if text.isascii():
        return text.translate(_ASCII)
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        str(unicodedata.digit(sign, sign)) for sign in plain if sign.isalnum()
    )


# What that makes of each sign of ASCII; most texts have no other.
_ASCII: Final = {n: chr(n).lower() if chr(n).isalnum() else None for n in range(128)}
