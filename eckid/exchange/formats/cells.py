"""
Cells and spreadsheets: finding formulas, and repairing damaged numbers.
"""

import re
from contextlib import suppress
from typing import Final

from eckid.errors import NumberError
from eckid.exchange.rows import Herstel
from eckid.pgn import parse_pgn

# The signs that start a formula in some spreadsheet, full-width forms included. A
# plus or minus before digits only is a telephone number or an amount, and a cell of
# signs only computes nothing: both are allowed.
_FORMULA: Final = re.compile(
    r"[=@\uff1d\uff20].*"
    r"|[-+\uff0b\uff0d](?!(?:[-/ ]*|[0-9 ()]*| *[0-9]+[.,][0-9]+)\Z).*",
    re.DOTALL,
)

# The signs that end a cell in some country, or when it was pasted; the first quotes of
# what follows go.
_ENDS: Final = re.compile(r"[;,\t\r\n]")
_QUOTES: Final = '" '

# A number that a spreadsheet keeps as text.
_TEXT: Final = re.compile(r"=\"([0-9][0-9 ./-]*)\"|'([0-9][0-9 ./-]*)")
# What a spreadsheet shows for an error, in English and in Dutch, and for a number that
# its column is too narrow for.
_ERROR: Final = re.compile(
    r"#(?:N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!|SPILL!|CALC!"
    r"|N/B|WAARDE!|VERW!|DEEL/0!|GETAL!|NAAM\?|LEEG!|OVERLOOP!|BEREKENING!)"
    r"|#{3,}|(?:Err|Fout):[0-9]{3}"
)

_SPACES: Final = re.compile(r"\A[\s\u200b-\u200d\u2060\ufeff]+")


def is_formula(cell: str) -> bool:
    """
    Return whether a spreadsheet would run the text of *cell* as a formula.

    >>> is_formula("=1+1"), is_formula("-2+cmd|' /C calc'!A0"), is_formula("+31 6 12")
    (True, True, False)
    """
    # A reader may strip leading spaces, so a formula behind spaces counts too.
    return (
        cell[:1] in {"\t", "\r", "\n"}
        or _FORMULA.fullmatch(_SPACES.sub("", cell)) is not None
    )


def holds_formula(cell: str) -> bool:
    """
    Return whether some spreadsheet would run *cell*, or a part of it, as a formula.

    Which sign ends a cell differs by country; in a file with other signs a quote in the
    middle of a line protects nothing.

    >>> holds_formula("Jan,=1+1"), holds_formula("Jan, Piet; 5-6")
    (True, False)
    """
    parts = _ENDS.split(cell)
    return is_formula(cell) or any(is_formula(part.lstrip(_QUOTES)) for part in parts)


def as_shown(cell: str) -> str:
    """
    Return what a spreadsheet shows of a number that it keeps as text.

    >>> as_shown('="0012"'), as_shown("'0012"), as_shown("'t Hooft")
    ('0012', '0012', "'t Hooft")
    """
    found = _TEXT.fullmatch(cell)
    return cell if found is None else found[1] or found[2]


def is_error(cell: str) -> bool:
    """
    Return whether a spreadsheet shows *cell* in the place of a value.

    >>> is_error("#N/B"), is_error("########"), is_error("#1 van de klas")
    (True, True, False)
    """
    return _ERROR.fullmatch(cell) is not None


def mend(text: str) -> tuple[str, Herstel | None]:
    """
    Repair a number that a spreadsheet damaged, if every digit is still there.

    Any other text is returned unchanged. A rounded number is not repaired: rounding
    turns most BSNs that end in 9 into the next valid one.

    Args:
        text: The text of a cell.

    Returns:
        The repaired text, and what was repaired; None if nothing was.

    >>> mend("63138219,0")[0], mend("6,3138219E+07")[0], mend("6,313822E+07")[0]
    ('63138219', '63138219', '6,313822E+07')
    """
    shown = as_shown(text)
    if shown != text:
        return mend(shown)[0], Herstel.TEXT
    if whole := re.fullmatch(r"([0-9]{8,9})[.,]0+", text):
        return whole[1], Herstel.DECIMAL
    if parts := re.fullmatch(r"([0-9]{2,3})([.,])([0-9]{3})\2([0-9]{3})[.,]0+", text):
        return parts[1] + parts[3] + parts[4], Herstel.DECIMAL
    if parts := re.fullmatch(r"([1-9])[.,]([0-9]{7,8})[eE]\+?0?([78])", text):
        mantissa = parts[1] + parts[2]
        # There is one digit before the point, and the exponent equals the number
        # of digits after it: no digit was rounded away.
        if len(mantissa) == int(parts[3]) + 1:
            return mantissa, Herstel.SCIENTIFIC
    if re.fullmatch(r"[0-9]{8}", re.sub(r"(?<=[0-9])[ .-](?=[0-9])", "", text)):
        return text, Herstel.ZERO
    return text, None


def is_scientific(text: str) -> bool:
    """
    Return whether *text* is a number in scientific notation, such as 6,3E+07.
    """
    return re.fullmatch(r"[0-9]+(?:[.,][0-9]*)?[eE][-+]?[0-9]+", text) is not None


def is_person(text: str) -> bool:
    """
    Return whether a cell says whose row it is: by a number, or by a ketenID.

    >>> is_person("111222333"), is_person("25")
    (True, False)
    """
    if text.startswith("https://"):
        return True
    with suppress(NumberError):
        parse_pgn(mend(text)[0])
        return True
    return False
