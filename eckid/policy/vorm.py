"""
Less in the place of a value: what each `Vorm` makes of it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from types import MappingProxyType
from typing import Final

from eckid.attributes import CODES, DAYS
from eckid.policy.regel import Vorm

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS: Final = re.compile(r"[0-9]+")
# A day in another year is a slip of the pen, such as 0015 or 2105 [I].
YEARS: Final = range(1900, 2101)
# The attributes that hold a day or a code.
TYPED: Final = DAYS | CODES.keys()
_WORDS: Final = {naam: frozenset(words.values()) for naam, words in CODES.items()}
# EDEXML writes the years of vo as 11 to 16.
_VO: Final = 10


def day(text: str) -> date | None:
    """
    Read a day as EDEXML writes it; return None where *text* has another form or year.

    >>> day("2015-12-24"), day("24-12-2015")
    (datetime.date(2015, 12, 24), None)
    """
    if _ISO.fullmatch(text):
        with suppress(ValueError):  # the 30th of February
            found = date.fromisoformat(text)
            return found if found.year in YEARS else None
    return None


def readable(naam: str, value: str) -> bool:
    """
    Return whether *value* is what its attribute holds: a day, a code, or any text.

    A value that is not so is not released, since nobody has read it.

    >>> readable("geboortedatum", "24-12-2015"), readable("roepnaam", "24-12-2015")
    (False, True)
    """
    if naam in DAYS:
        return day(value) is not None
    # Several roles stand in one cell.
    return naam not in _WORDS or all(code in _WORDS[naam] for code in value.split(", "))


def less(vorm: Vorm, value: str, on: date | None) -> str | None:
    """
    Return what *vorm* makes of *value*; None where *value* does not tell it.

    The age in months goes up for everyone on the first of a month, so two releases do
    not give the day of birth away.

    Args:
        vorm: The form, one that is less than the value.

        value: The value, such as a date of birth or the name of a group.

        on: The day of the test, for an age.

    >>> less(Vorm.MAANDEN, "2015-12-24", date(2026, 11, 1))
    '131'
    >>> less(Vorm.JAARGROEP_PO, "6a", None), less(Vorm.JAARGROEP_VO, "h3b", None)
    ('6', '13')
    """
    return _MAKE[vorm](value, on)


def _months(value: str, on: date | None) -> str | None:
    born = day(value)
    if born is None or on is None:
        return None
    months = 12 * (on.year - born.year) + on.month - born.month
    return str(months) if months >= 0 else None


def _year(value: str, _: date | None) -> str | None:
    born = day(value)
    return None if born is None else str(born.year)


def _initial(value: str, _: date | None) -> str | None:
    text = unicodedata.normalize("NFC", value.strip())
    # The IJ is one letter.
    if text[:2].upper() == "IJ":
        return "IJ"
    return text[0].upper() if text[:1].isalpha() else None


def _po(value: str, _: date | None) -> str | None:
    number = _one_number(value)
    return str(number) if number in range(1, 9) else None


def _vo(value: str, _: date | None) -> str | None:
    number = _one_number(value)
    return str(_VO + number) if number in range(1, 7) else None


def _one_number(value: str) -> int:
    # Of two numbers in the name of a group, neither is certain to be the year.
    numbers = _DIGITS.findall(value)
    return int(numbers[0]) if len(numbers) == 1 and len(numbers[0]) == 1 else 0


_MAKE: Final[Mapping[Vorm, Callable[[str, date | None], str | None]]] = (
    MappingProxyType(
        {
            Vorm.MAANDEN: _months,
            Vorm.JAAR: _year,
            Vorm.VOORLETTER: _initial,
            Vorm.JAARGROEP_PO: _po,
            Vorm.JAARGROEP_VO: _vo,
        }
    )
)
