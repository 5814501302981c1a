"""
The bounds: one table, which the page shows, and nothing beyond it is read.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from damage import told

from eckid import ExchangeError, IdentifierError, display_names
from eckid._core.bounds import (
    BOUNDS,
    CELL,
    MARKS,
    NAME,
    ROWS,
    Bound,
    octets_within,
    piles_marks,
)
from eckid.exchange.formats.csv import Record
from eckid.exchange.formats.lengths import LENGTHS, fits, within
from eckid.exchange.rows import RijReden, Weigering

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "bounds.md"


def test_the_page_has_the_table_of_the_code() -> None:
    """
    Each bound is a row of the page, in the same order, and the page has no other.
    """
    rows = [f"| {b.name} | {b.shown} | {b.source} |" for b in BOUNDS]
    page = PAGE.read_text("utf-8").splitlines()
    assert [line for line in page if line.startswith("|")][2:] == rows


def test_every_bound_is_in_the_table_once() -> None:
    """
    A bound that is defined is listed, has a source, and a name of its own.
    """
    from eckid._core import bounds  # noqa: PLC0415  # all that it defines

    defined = [b for b in vars(bounds).values() if isinstance(b, Bound)]
    assert tuple(defined) == BOUNDS
    assert len({b.name for b in BOUNDS}) == len(BOUNDS)
    assert all(b.most > 0 and b.source and b.unit for b in BOUNDS)


def test_a_bound_says_what_was_expected_and_the_measure() -> None:
    """
    In the unit of the thing, sizes in the largest whole one; a count where it is known.
    """
    one = Bound("x", 3 * 2**10, "bytes", "a test", each=5)
    assert one.beyond() == (
        "x: expected at most 3 KiB, and 5 for each byte of the file, got more"
    )
    assert one.of(10) == 3 * 2**10 + 50
    assert (
        Bound("x", 7, "rows", "a test").beyond(8) == "x: expected at most 7 rows, got 8"
    )
    assert Bound("x", 7, "bytes", "a test").shown == "7 bytes"


class _Dripping(io.RawIOBase):
    """
    A stream that gives one byte a time, and counts how often it is asked.
    """

    def __init__(self, size: int) -> None:
        self.left, self.asked = size, 0

    def read(self, size: int = -1) -> bytes:
        self.asked += 1
        given = min(1, self.left, size)
        self.left -= given
        return b"x" * given


def test_a_file_is_read_to_its_bound_and_no_further() -> None:
    """
    All of it where it is within, whatever the pieces; else one byte more, and an error.
    """
    bound = Bound("x", 10, "bytes", "a test")
    for size in (0, 9, 10):
        stream: Any = _Dripping(size)
        assert octets_within(stream, bound, ExchangeError) == b"x" * size
    stream = _Dripping(1000)
    with pytest.raises(ExchangeError, match="x: expected at most 10 bytes, got more"):
        octets_within(stream, bound, ExchangeError)
    assert stream.asked == 11


@pytest.mark.parametrize(
    ("text", "piled"),
    [
        ("", False),
        ("Zo\u0308e\u0308", False),
        ("e" + 30 * "\u0308", False),
        ("e" + 31 * "\u0308", True),
        ("e" + 20 * "\u0308" + "e" + 20 * "\u0308", False),
        (40 * "\u0436", False),
        ("e" + 16 * "\u0308\u0316", True),
    ],
)
def test_marks_are_counted_in_a_row(text: str, *, piled: bool) -> None:
    """
    Letters of any script end a row of marks; Unicode bounds the row, not the text.
    """
    assert piles_marks(text) is piled


_LONG = "x" * (NAME.most + 1)
_PILED = "x" + "\u0308" * (MARKS.most + 1)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (["k", "a", "b"], None),
        (["k", "a" * NAME.most, "b" * CELL.most], None),
        (["k", _LONG, "b"], 2),
        (["k", "a", _LONG], None),
        (["k", "a", "b" * (CELL.most + 1)], 3),
        (["k", _PILED, "b"], 2),
        (["k", "a", _PILED], 3),
        (["k" * 257, _LONG, "b"], 1),
        # Marks of one cell do not go on in the next.
        (["k", "a" + "\u0308" * 20, "\u0308" * 20], None),
    ],
)
def test_a_cell_that_is_too_long_refuses_its_row(
    cells: list[str], column: int | None
) -> None:
    """
    By the bound of its attribute, with its own reason and the first such column.
    """
    columns = ("key", "roepnaam", "groep")
    (row,) = within([Record(3, 4, cells)], columns)
    if column is None:
        assert row == Record(3, 4, cells)
    else:
        assert row == Weigering(3, 4, column, RijReden.TOO_LONG)


def test_refusals_pass_and_there_is_a_last_row() -> None:
    """
    A refused row keeps its reason; a list has no more rows than there are numbers.
    """
    refused = Weigering(1, 2, None, RijReden.WIDTH)
    assert list(within([refused], ("key",))) == [refused]
    assert list(within([Record(1, 2, [])], ())) == [Record(1, 2, [])]
    rows = within(
        [Record(ROWS.most, 2, ["a"]), Record(ROWS.most + 1, 3, ["b"])], ("a",)
    )
    next(rows)
    with pytest.raises(ExchangeError, match="rows: expected at most 91818180") as found:
        next(rows)
    assert found.value.line == 3


def test_each_name_and_identifier_has_a_length() -> None:
    """
    Those of the formats; a cell of another attribute has that of a spreadsheet.
    """
    assert {LENGTHS[n] for n in ("roepnaam", "achternaam", "voorletters-1")} == {200}
    assert {LENGTHS[n] for n in ("key", "leerlingnummer", "emailadres")} == {256}
    assert fits("groep", "x" * CELL.most)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-" * (CELL.most + 1), "achternaam: expected at most 32767 characters, got"),
        (_PILED, "achternaam: expected at most 30 marks on a letter, got more"),
    ],
)
def test_a_name_beyond_every_format_makes_no_display_name(text: str, said: str) -> None:
    """
    One error that says the measure and repeats nothing.
    """
    with pytest.raises(IdentifierError, match=said) as found:
        display_names({"a": {"roepnaam": "Sem", "achternaam": text}})
    assert text not in told(found.value)


@pytest.mark.parametrize("make", [lambda: None, lambda: 7, lambda: b"Sem"])
def test_a_name_is_text(make: Callable[[], object]) -> None:
    """
    Anything else is a TypeError that does not show the value.
    """
    group: Any = {"a": {"roepnaam": make()}}
    with pytest.raises(TypeError, match=r"^roepnaam: expected str, got"):
        display_names(group)
