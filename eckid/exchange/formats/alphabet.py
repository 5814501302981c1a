"""
Signs that no name has: they show that a text was read in a wrong alphabet.

A file in cp850 or Mac Roman is valid Windows-1252 too, with other signs. Some of them
stand in no name of a person: then nothing of the file is read. A spreadsheet or a
system may have misread the text before it saved it, so every format is asked.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from eckid.errors import ExchangeError

# Quotes and capitals only count where no name has them: behind a letter, or inside a
# word. Signs that somebody types in a name (an apostrophe, a dash) are not among them.
_NO_NAME: Final = re.compile(
    "[\u201a\u0192\u2026\u2020\u2021\u02c6\u2030\u2039\u203a\u2022\u02dc\u2122"
    "\u00a1-\u00a9\u00ab\u00ac\u00ae\u00af\u00b1\u00b5\u00b6\u00bb-\u00bf\u00d7\u00f7"
    "\u0080-\u009f\ufffd]"
    "|(?<=[^\\W\\d_])\u2018|(?<=[^\\W\\d_])[\u201c\u201d\u201e](?=[^\\W\\d_])"
    "|(?<=[a-z])[\u0160\u017d\u0178]"
)
_AGAIN: Final = "export the list again, in UTF-8"
# The alphabets of DOS and of old Macs.
_OTHERS: Final = {"cp850": "cp850 (DOS)", "mac_roman": "Mac Roman"}


def check_names(
    cells: Iterable[str], *, encoding: str | None = None, line: int | None = None
) -> None:
    """
    Raise if a name has a sign that no name has.

    Args:
        cells: The names of one row.

        encoding: The encoding that the file was read in; None if its format has its
            own, so that the text was misread before.

        line: The line of the row, for the error; None if the cells are of a column.

    Raises:
        eckid.errors.ExchangeError: If there is such a sign; it says which alphabets
            the file may have.
    """
    for cell in cells:
        found = None if cell.isascii() else _NO_NAME.search(cell)
        if found is None:
            continue
        what, may, do = "names", "the text was misread before it was saved", _AGAIN
        if encoding is not None:
            what = "names in UTF-8 or Windows-1252"
            others = " or ".join(_may_be(found[0], encoding)) or "another alphabet"
            may, do = f"the file may be in {others}", "save it as UTF-8"
        place = "" if line is None else f"line {line}: "
        raise ExchangeError(
            f"{place}expected {what}, got a sign that no name has; {may}: {do}",
            line=line,
        )


def _may_be(sign: str, encoding: str) -> list[str]:
    if encoding != "cp1252":
        return ["another alphabet, and was saved as UTF-8 after it was misread"]
    found = []
    for other, name in _OTHERS.items():
        with suppress(UnicodeDecodeError, UnicodeEncodeError):
            if sign.encode("cp1252").decode(other).isalpha():
                found.append(name)
    return found
