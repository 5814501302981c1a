"""
What spreadsheets do to cells: run them, and damage the numbers in them.
"""

import re
from contextlib import suppress
from datetime import datetime
from typing import Final

from eckid.exchange.rows import Herstel

# What opens a formula in one spreadsheet or another, full-width forms too. A
# sign before digits alone is a telephone number or an amount, and signs alone
# compute nothing.
_FORMULA: Final = re.compile(
    r"[=@\uff1d\uff20].*"
    r"|[-+\uff0b\uff0d](?!(?:[-/ ]*|[0-9 ()]*| *[0-9]+[.,][0-9]+)\Z).*",
    re.DOTALL,
)

_SPACES: Final = re.compile(r"\A[\s\u200b-\u200d\u2060\ufeff]+")


def is_formula(cell: str) -> bool:
    """
    Return whether a spreadsheet would run *cell*.

    >>> is_formula("=1+1"), is_formula("-2+cmd|' /C calc'!A0"), is_formula("+31 6 12")
    (True, True, False)
    """
    # Spaces before it are no shelter: who reads the cell takes them off.
    return (
        cell[:1] in {"\t", "\r", "\n"}
        or _FORMULA.fullmatch(_SPACES.sub("", cell)) is not None
    )


def mend(text: str) -> tuple[str, Herstel | None]:
    """
    Undo what a spreadsheet does to a number, where every digit is still there.

    Anything else stays as it is, and is then refused: rounding turns most BSNs
    that end in 9 into the next valid one.

    >>> mend("63138219,0")[0], mend("6,3138219E+07")[0], mend("6,313822E+07")[0]
    ('63138219', '63138219', '6,313822E+07')
    """
    if whole := re.fullmatch(r"([0-9]{8,9})[.,]0", text):
        return whole[1], Herstel.DECIMAL
    if parts := re.fullmatch(r"([1-9])[.,]([0-9]{7,8})[eE]\+?0?([78])", text):
        mantissa = parts[1] + parts[2]
        # One digit before the point and as many behind it as the exponent
        # says: nothing was rounded away.
        if len(mantissa) == int(parts[3]) + 1:
            return mantissa, Herstel.SCIENTIFIC
    if re.fullmatch(r"[0-9]{8}", re.sub(r"(?<=[0-9])[ .-](?=[0-9])", "", text)):
        return text, Herstel.ZERO
    return text, None


def mend_day(text: str) -> str:
    """
    Return a day as 2015-12-24, where *text* is one as Dutch lists write it.

    >>> mend_day("24-12-2015"), mend_day("24/12/2015"), mend_day("december")
    ('2015-12-24', '2015-12-24', 'december')
    """
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  # a day
    return text


def is_scientific(text: str) -> bool:
    """
    Return whether *text* is a number in scientific notation.
    """
    return re.fullmatch(r"[0-9]+(?:[.,][0-9]*)?[eE][-+]?[0-9]+", text) is not None
