"""
The boundary: which identifier may pass from which party to which.

Rule 1: every permission stands in MAY_PASS, with its source; what is not there
is refused.
Rule 2: this room knows no person, only kinds of identifier and of party.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from eckid._secret import Closed, expect
from eckid.errors import BoundaryError


class Partij(Closed):
    """
    A party in the chain.
    """

    BEVOEGD_GEZAG = "bevoegd gezag"
    ADMINISTRATIESYSTEEM = "administratiesysteem"
    NUMMERVOORZIENING = "Nummervoorziening"
    ONTVANGER = "ontvanger"


class Soort(Closed):
    """
    A kind of identifier.
    """

    PGN = "PGN"
    HPGN = "HPgn"
    STAMPSEUDONIEM = "stampseudoniem"
    KETENID = "ketenID"


# Where each row comes from; [I] marks what is inferred.
_BOARD: Final = (
    "the board makes and keeps them: Staatsblad 2017, 508; KBA Nijmegen 2024, 2.4, "
    "3.2; the system is its processor [I]"
)
_ASKED: Final = "operations of the service: Kennisnet, its reference clients"
_GIVEN: Final = (
    "only the ketenID goes to third parties: KBA Nijmegen 2024, 2.2; who they are: 3.4"
)

_OWN: Final = {
    Soort.PGN: _BOARD,
    Soort.HPGN: _BOARD,
    Soort.STAMPSEUDONIEM: _BOARD,
    Soort.KETENID: _BOARD,
}
_TO_SERVICE: Final = {Soort.HPGN: _ASKED, Soort.STAMPSEUDONIEM: _ASKED}
_FROM_SERVICE: Final = {Soort.STAMPSEUDONIEM: _ASKED, Soort.KETENID: _ASKED}
_TO_RECIPIENT: Final = {Soort.KETENID: _GIVEN}
# A board whose agreements do not allow it takes this row out.
_ONWARD: Final = {
    Soort.KETENID: "KBA Nijmegen 2024, 2.2: results go between vendors, "
    "within one keten and sector, where the board's agreements allow [I]"
}

MAY_PASS: Final[Mapping[tuple[Partij, Partij], Mapping[Soort, str]]] = MappingProxyType(
    {
        (van, naar): MappingProxyType(what)
        for van, naar, what in (
            # from, to, what may pass
            (Partij.BEVOEGD_GEZAG, Partij.ADMINISTRATIESYSTEEM, _OWN),
            (Partij.ADMINISTRATIESYSTEEM, Partij.BEVOEGD_GEZAG, _OWN),
            (Partij.BEVOEGD_GEZAG, Partij.NUMMERVOORZIENING, _TO_SERVICE),
            (Partij.ADMINISTRATIESYSTEEM, Partij.NUMMERVOORZIENING, _TO_SERVICE),
            (Partij.NUMMERVOORZIENING, Partij.BEVOEGD_GEZAG, _FROM_SERVICE),
            (Partij.NUMMERVOORZIENING, Partij.ADMINISTRATIESYSTEEM, _FROM_SERVICE),
            (Partij.BEVOEGD_GEZAG, Partij.ONTVANGER, _TO_RECIPIENT),
            (Partij.ONTVANGER, Partij.BEVOEGD_GEZAG, _TO_RECIPIENT),
            (Partij.ADMINISTRATIESYSTEEM, Partij.ONTVANGER, _TO_RECIPIENT),
            (Partij.ONTVANGER, Partij.ADMINISTRATIESYSTEEM, _TO_RECIPIENT),
            (Partij.ONTVANGER, Partij.ONTVANGER, _ONWARD),
        )
    }
)


def check_passage(
    soort: Soort,
    *,
    van: Partij,
    naar: Partij,
    table: Mapping[tuple[Partij, Partij], Mapping[Soort, str]] = MAY_PASS,
) -> None:
    """
    Raise unless *soort* may pass from one party to another.

    Args:
        soort: The kind of identifier.

        van: Who has it.

        naar: Who would get it.

        table: `MAY_PASS`, or what a board leaves of it.

    Raises:
        eckid.errors.BoundaryError: If the passage is not in the table.

    >>> check_passage(
    ...     Soort.KETENID, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
    ... )
    >>> check_passage(
    ...     Soort.STAMPSEUDONIEM, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
    ... )
    Traceback (most recent call last):
    ...
    eckid.errors.BoundaryError: stampseudoniem may not pass from bevoegd gezag to ontvanger
    """  # noqa: E501  # a doctest cannot break a message
    expect("soort", soort, Soort)
    expect("van", van, Partij)
    expect("naar", naar, Partij)
    if soort not in table.get((van, naar), {}):
        raise BoundaryError(
            f"{soort.value} may not pass from {van.value} to {naar.value}", "passage"
        )
