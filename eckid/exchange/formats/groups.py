r"""
Groups in cells: a group is its key, its name is a name, a list of groups is a list.

A cell holds text, so it says a group by its name. Where an earlier group of the file
has that name too, a backslash and a letter follow it: ``4A\b`` is the second 4A. A cell
with several groups is a list, written as a line of CSV: a name with a comma or a quote
stands in quotes.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from eckid._core.foreign import foreign
from eckid.errors import ExchangeError

# A group of an EDEXML file: the name of its element, and its key.
Key = tuple[str, str]

_MARK: Final = re.compile(r"\\[a-z]+\Z")
_IN_QUOTES: Final = re.compile('[,"\r\n]')
# The attributes that hold a list of groups.
LISTS: Final = frozenset({"samengestelde_groepen", "groepen"})


def marked(names: Mapping[Key, str]) -> dict[Key, str]:
    r"""
    Return the text that says each group in a cell; no two groups have the same.

    Ordinary groups come first, then composite ones, each in the order of the keys: so
    the text does not depend on the order of the file.

    Args:
        names: The name of each group.

    >>> marked({("groep", "1"): "4A", ("groep", "2"): "4A"})
    {('groep', '1'): '4A', ('groep', '2'): '4A\\b'}
    """
    seen: Counter[str] = Counter()
    texts = {}
    for key in sorted(names):
        naam = names[key]
        seen[naam] += 1
        # A name that ends as a mark does gets one more, so that reading takes off one.
        plain = seen[naam] == 1 and not _MARK.search(naam)
        texts[key] = naam if plain else f"{naam}\\{_letters(seen[naam])}"
    return texts


def name_of(text: str) -> str:
    r"""
    Return the name of the group that *text* says.

    >>> name_of("4A"), name_of(r"4A\b")
    ('4A', '4A')
    """
    return _MARK.sub("", text)


def joined(groups: Iterable[str]) -> str:
    """
    Return a list of groups as the text of one cell.

    >>> joined(["4A", "plus, extra"])
    '4A, "plus, extra"'
    """
    return ", ".join(map(_quoted, groups))


def split(cell: str) -> list[str]:
    """
    Return the groups in a cell that holds a list.

    Raises:
        eckid.errors.ExchangeError: If the quotes in the cell do not match.

    >>> split('4A, "plus, extra"'), split("4A,4B")
    (['4A', 'plus, extra'], ['4A', '4B'])
    """
    if '"' not in cell:
        parts = cell.split(",")
    else:
        with foreign(_unread, csv.Error):
            (parts,) = csv.reader([cell], strict=True, skipinitialspace=True)
    return [text for part in parts if (text := part.strip())]


def _unread(_: BaseException) -> ExchangeError:
    return ExchangeError(
        "groepen: expected a list with commas, and names with a comma in quotes, got "
        "quotes that do not match"
    )


def _quoted(naam: str) -> str:
    if not _IN_QUOTES.search(naam):
        return naam
    doubled = naam.replace('"', '""')
    return f'"{doubled}"'


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters
