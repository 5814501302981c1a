"""
Headings: which attribute each column is, and which headings nobody knows.

And what a system writes around a list: a title above, a total below.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from eckid._core.bounds import COLUMNS
from eckid._core.values import expect
from eckid.attributes import CATALOGUE, Kenmerk, kopje
from eckid.errors import ExchangeError
from eckid.exchange.formats.cells import is_person

T = TypeVar("T")

_HEADINGS: Final = {
    heading: attribuut.naam
    for attribuut in CATALOGUE.values()
    for heading in (kopje(attribuut.naam), *attribuut.kopjes)
}
# Unknown headings are shown in reports. One with many digits may be data, so it is
# shown as "kolom 3" instead.
_PLAIN_HEADING: Final = re.compile(r"[^\W\d][^\d\n\r]{0,40}[0-9]{0,3}")
# A heading like this may be the name that another column gets.
_PLACE: Final = re.compile(r"kolom [0-9]+")

# What begins the lines below the last row.
_TOTAL: Final = re.compile(
    r"(?:totaal|subtotaal|aantal|total|afgedrukt|pagina)\b", re.IGNORECASE
)
# How many rows may be a title, or the headings.
TOP: Final = 20
# The kinds of which a list may have a column more; of any other it is not certain whose
# the row is.
_MANY: Final = frozenset({Kenmerk.NAAM, Kenmerk.GEGEVEN})


def known_headings(headings: Mapping[str, str]) -> Mapping[str, str]:
    """
    Return the attribute of each heading, in the form of `kopje`; yours come first.
    """
    expect("headings", headings, Mapping)  # type: ignore[type-abstract]  # only asks
    return _HEADINGS | {kopje(k): v for k, v in headings.items()}


def heading_row(
    rows: Sequence[Sequence[str]], headings: Mapping[str, str]
) -> tuple[int, int]:
    """
    Return which of the first rows holds the headings, from 0, and how many are known.

    Schools put a title above a list. So it is the row with the most headings that are
    known, the first of those; without any known heading it is the first row.

    Args:
        rows: The first rows that are not blank, `TOP` of them at most.

        headings: Your own headings, each with the name of its attribute.
    """
    known = known_headings(headings)
    counts = [sum(kopje(cell) in known for cell in row) for row in rows]
    most = max(counts, default=0)
    return (counts.index(most) if counts else 0), most


def without_totals(
    rows: Iterable[T], cells: Callable[[T], Sequence[str] | None]
) -> Iterator[T]:
    """
    Leave out what a system writes below the last row: a total, a page, a day of print.

    Args:
        rows: The rows below the headings that are not blank.

        cells: Gives the cells of a row; None if they could not be read.
    """
    held: list[T] = []
    for row in rows:
        if _is_total(cells(row) or ()):
            held.append(row)
            continue
        yield from held
        held.clear()
        yield row


def _is_total(cells: Sequence[str]) -> bool:
    filled = [cell for cell in map(str.strip, cells) if cell]
    return (
        0 < len(filled) <= 2
        and _TOTAL.match(filled[0]) is not None
        and not any(is_person(cell) for cell in filled)
    )


def named_columns(
    line: int, head: Sequence[str], headings: Mapping[str, str]
) -> tuple[str, ...]:
    """
    Return the attribute of each heading; an unknown heading stays as it is.

    An unknown heading that could be data, or is a double, becomes ``kolom N``.

    Args:
        line: The line that holds the headings, for an error.

        head: The headings.

        headings: Your own headings, each with the name of its attribute.

    Raises:
        eckid.errors.ExchangeError: If two headings are the same attribute, or there
            are too many.
    """
    if len(head) > COLUMNS.most:
        raise ExchangeError(COLUMNS.beyond(len(head)), line=line)
    known = known_headings(headings)
    names = [known.get(kopje(cell)) for cell in head]
    doubles = _one_each(line, head, names, {kopje(heading) for heading in headings})
    columns: list[str] = []
    seen = set(filter(None, names))
    for n, (cell, naam) in enumerate(zip(head, names, strict=True), 1):
        name = naam
        if name is None:
            plain = (
                _PLAIN_HEADING.fullmatch(cell)
                and cell.isprintable()
                and cell not in seen
                and n not in doubles
                and not _PLACE.fullmatch(cell)
            )
            name = cell if plain else f"kolom {n}"
            seen.add(name)
        columns.append(name)
    return tuple(columns)


def _one_each(
    line: int, head: Sequence[str], names: list[str | None], yours: set[str]
) -> set[int]:
    """
    Leave at most one column for each attribute; the others become unknown ones.

    Of Roepnaam beside Voornaam it is certain which is the roepnaam. Of two columns with
    one heading it is not, so neither is the attribute; where a person is told by it,
    the file is refused. Return the columns, from 1, that have one heading.
    """
    doubles: set[int] = set()
    for name in {name for name in names if name is not None and names.count(name) > 1}:
        places = [n for n, each in enumerate(names) if each == name]
        heads = [kopje(head[n]) for n in places]
        own = [n for n, each in zip(places, heads, strict=True) if each in yours] or [
            n for n, each in zip(places, heads, strict=True) if each == kopje(name)
        ]
        alike = len(set(heads)) == 1
        kind = CATALOGUE[name].kenmerk
        if (len(own) != 1 and not alike) or kind not in _MANY:
            raise ExchangeError(
                f"column {places[1] + 1}: expected one column for {name}, got a "
                "second; name with --heading what it is",
                line=line,
                column=places[1] + 1,
            )
        for n in places:
            if alike or n not in own:
                names[n] = None
        doubles.update(n + 1 for n in places if alike)
    return doubles


def nearest(heading: str) -> str | None:
    """
    Return the attribute whose heading looks most like an unknown one; None without.

    >>> nearest("Achtername"), nearest("xyz")
    ('achternaam', None)
    """
    found = difflib.get_close_matches(kopje(heading), _HEADINGS, n=1, cutoff=0.6)
    return _HEADINGS[found[0]] if found else None
