"""
Days and codes in cells: a column decides the order of its days, or the user does.
"""

import io
from datetime import date, datetime
from pathlib import Path

import parties as our
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
import strategies

from eckid import LEERMIDDELENKETEN, Doel, Ontvanger, Sector, Substitution
from eckid.cli.app import run
from eckid.errors import ExchangeError
from eckid.exchange import (
    Doorgifte,
    Ontvangen,
    Received,
    Rij,
    Roster,
    hold,
    look,
    release_list,
    substitute_list,
)
from eckid.exchange.formats.days import DayOrder, Reading, from_serial
from eckid.exchange.formats.days import readings as readings_of
from eckid.policy import Reden, Vrijgave
from eckid.policy.vorm import readable
from eckid.scale import hash_column, release_table
from eckid.scheme import CHEAPEST

_TODAY = date(2026, 11, 24)
_OPEN = "geboortedatum: expected days in one order of day, month and year, got "


def _list(*days: str, heading: str = "Geboortedatum") -> io.BytesIO:
    rows = [f'{our.number(n)};"{day}";Sem' for n, day in enumerate(days)]
    return io.BytesIO("\n".join((f"BSN;{heading};Roepnaam", *rows)).encode())


def _read(*days: str, order: str | None = None, **how: str) -> list[str]:
    """
    Return the days of a class list as its rows have them.
    """
    roster = Roster(hold(_list(*days, **how), days=order))
    naam = roster.table.columns[1]
    return [row.attributen[naam] for row in roster if isinstance(row, Rij)]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("9/25/2015", "9/1/2015"), ["2015-09-25", "2015-09-01"]),
        (("25/9/2015", "9/1/2015"), ["2015-09-25", "2015-01-09"]),
        (("25-09-15", "01-09-15"), ["2015-09-25", "2015-09-01"]),
        (("2015-09-25", "25.9.2015", "1.9.2015"), 2 * ["2015-09-25"] + ["2015-09-01"]),
        (("99-09-25", "01-09-15"), ["1999-09-25", "2001-09-15"]),
        (("3-3-2016", "12-12-2015"), ["2016-03-03", "2015-12-12"]),
        (("25-9-1968", "24-9-60"), ["1968-09-25", "1960-09-24"]),
    ],
    ids=("american", "dutch", "two digits", "iso too", "year first", "alike", "1900s"),
)
def test_a_column_decides_the_order_of_its_days(
    cells: tuple[str, ...], days: list[str]
) -> None:
    """
    One cell that only one order reads decides for all cells of its column.
    """
    assert _read(*cells) == days
    assert _read(*reversed(cells)) == days[::-1]


@pytest.mark.parametrize(
    "cells",
    [("9/1/2015",), ("01-09-2015", "2015-12-24"), ("25-09-2015", "09/25/2015")],
    ids=("one", "twelve at most", "two orders"),
)
def test_a_column_that_leaves_its_order_open_is_asked_about(
    cells: tuple[str, ...],
) -> None:
    """
    No order is guessed: the error says what to say, and no day.
    """
    with pytest.raises(ExchangeError, match=_OPEN) as caught:
        _read(*cells)
    assert "--days dmy, mdy or ymd" in str(caught.value)
    assert "2015" not in str(caught.value)


def test_who_is_asked_says_the_order() -> None:
    """
    A day in another order than the one that was said is not read.
    """
    cells = "01-02-15", "25-02-2015", "02/25/2015"
    assert _read(*cells, order="dmy") == ["2015-02-01", "2015-02-25", "02/25/2015"]
    assert _read(*cells, order="mdy") == ["2015-01-02", "25-02-2015", "2015-02-25"]
    assert _read(*cells, order="ymd") == ["2001-02-15", *cells[1:]]
    with pytest.raises(ExchangeError, match=r"^days: expected dmy or mdy or ymd"):
        _read(*cells, order="ydm")


@pytest.mark.parametrize(
    "cell",
    [
        *("2015-09-01", "20150901", "2015/9/1", "42248", "42248,0"),
        *("2015-09-01 00:00:00", "2015-09-01T00:00:00.000Z", "2015-09-01+02:00"),
        *("2015-09-01Z", "1 september 2015", "1-sep-15", "1 sept. 2015", "1 SEP 2015"),
        "2015-09-01T00:00:00+02:00",
    ],
)
def test_a_day_is_read_in_every_form_that_leaves_no_doubt(cell: str) -> None:
    """
    The number of a spreadsheet, a moment at midnight, a zone, a month in words.
    """
    assert _read(cell) == ["2015-09-01"]


@pytest.mark.parametrize(
    "cell",
    [
        *("0015-09-01", "01-09-0015", "2105-09-01", "31-02-2015", "25-25-2015"),
        *("2015-09-01 13:30", "2015-08-31T22:00:00Z", "60", "99999", "1 smarch 2015"),
        *("20159901", "nooit", "2015-9", "1-2-3-4", "\u0661-9-2015", "2015-W36-2"),
        *("150-9-1", "29-02-15"),
    ],
)
def test_a_cell_that_is_no_day_stays_at_school(cell: str) -> None:
    """
    In a list and in a table, and where a recipient passes it on: it is withheld.
    """
    assert _read(cell) == [cell]
    assert not readable("geboortedatum", cell)
    who, to = roads.who(), roads.to("smalle-set-2.2")
    ketenid = our.ketenid(our.bsn(0), Sector.PO)
    table = pa.table({"key": ["k"], "Geboortedatum": [cell], "Roepnaam": ["Sem"]})
    made = hash_column(pa.array([our.number(0)]), hasher=who.hasher).column
    sealed = made.seal(table["key"], sleutelbos=strategies.RING).column
    passed = f'eckid;Geboortedatum;Roepnaam\n{ketenid.uri};"{cell}";Sem\n'.encode()
    released = [
        *release_list(Roster(hold(_list(cell))), who=who, to=to),
        *release_list(
            Received(hold(io.BytesIO(passed))),
            who=Doorgifte(LEERMIDDELENKETEN, Sector.PO),
            to=to,
        ),
        to.release({"eckid": ketenid, "roepnaam": "Sem", "geboortedatum": cell}),
    ]
    for each in released:
        assert isinstance(each, Vrijgave)
        assert set(each.released) == {"eckid", "roepnaam"}
        assert each.withheld["geboortedatum"] is Reden.UNREADABLE
    columns = release_table(
        table.append_column("hpgn-verzegeld", sealed), who=who, to=to
    )
    assert columns.table["geboortedatum"].to_pylist() == [None]
    assert columns.table["roepnaam"].to_pylist() == ["Sem"]
    assert columns.report.withheld["geboortedatum"] == {Reden.UNREADABLE: 1}


def test_a_moment_in_a_table_is_the_day_that_it_begins() -> None:
    """
    A day, a moment at midnight and the number of a spreadsheet are one day.
    """
    columns = (
        pa.array([date(2015, 9, 1)]),
        pa.array([datetime(2015, 9, 1)]),  # noqa: DTZ001  # as a frame has it
        pa.array([42248]),
        pa.array([42248.0]),
        pa.array(["1-9-2015"]),
    )
    for column in columns:
        file = io.BytesIO()
        pq.write_table(pa.table({"bsn": [our.number(0)], "geb.datum": column}), file)
        opened = hold(io.BytesIO(file.getvalue()), format="parquet", days="dmy")
        (row,) = Roster(opened)
        assert isinstance(row, Rij)
        assert row.attributen["geboortedatum"] == "2015-09-01"


def test_a_table_and_a_received_file_decide_by_all_their_cells() -> None:
    """
    What is read once, as it comes, is read for its order at the first doubt.
    """
    who, to = roads.who(), roads.to("smalle-set-2.2")
    ketenids = [our.ketenid(our.bsn(n), Sector.PO).uri for n in range(2)]
    received = f"eckid;Geboortedatum\n{ketenids[0]};9/1/2015\n{ketenids[1]};9/25/2015\n"
    rows = [*Received(hold(io.BytesIO(received.encode())))]
    assert all(isinstance(row, Ontvangen) for row in rows)
    assert [row.attributen["geboortedatum"] for row in rows] == [
        "2015-09-01",
        "2015-09-25",
    ]
    keys, days = pa.array(["k1", "k2"]), pa.array(["9/1/2015", "9/25/2015"])
    numbers = pa.array([our.number(n) for n in range(2)])
    made = hash_column(numbers, hasher=who.hasher).column
    sealed = made.seal(keys, sleutelbos=strategies.RING).column
    table = pa.table(
        {"key": keys, "roepnaam": keys, "geb. datum": days, "hpgn-verzegeld": sealed}
    )
    done = release_table(table, who=who, to=to).table
    assert done["geboortedatum"].to_pylist() == ["2015-09-01", "2015-09-25"]
    with pytest.raises(ExchangeError, match=_OPEN):
        release_table(table.slice(0, 1), who=who, to=to)
    done = release_table(table.slice(0, 1), who=who, to=to, days="dmy").table
    assert done["geboortedatum"].to_pylist() == ["2015-01-09"]


def test_a_list_of_another_kind_decides_its_order_too() -> None:
    """
    The first day of a new number is read as every day is.
    """
    text = f"oud;nieuw;per\n{our.number(0, '10')};{our.number(0)};9/1/2026\n"
    ring, per = strategies.RING, date(2026, 1, 1)

    def read(more: str, order: str | None = None) -> list[date]:
        opened = hold(io.BytesIO((text + more).encode()), days=order)
        found = substitute_list(opened, sleutelbos=ring, per=per, scheme=CHEAPEST)
        return [each.per for each in found if isinstance(each, Substitution)]

    second = f"{our.number(1, '10')};{our.number(1)};9/25/2026\n"
    assert read(second) == [date(2026, 9, 1), date(2026, 9, 25)]
    assert read("", "dmy") == [date(2026, 1, 9)]
    with pytest.raises(ExchangeError, match=r"^per: expected days in one order"):
        read("")


def test_the_number_of_a_day_knows_the_fault_of_spreadsheets() -> None:
    """
    Number 60 is the 29th of February 1900, which never was.
    """
    found = [from_serial(number) for number in (0, 1, 59, 60, 61, 42248, 2_958_466)]
    assert found == [
        None,
        date(1900, 1, 1),
        date(1900, 2, 28),
        None,
        date(1900, 3, 1),
        date(2015, 9, 1),
        None,
    ]


def test_a_year_of_two_digits_makes_nobody_a_hundred() -> None:
    """
    A birthday is the last one that it can be; another day is of this century.
    """
    for cell, year in (("24-11-26", 2026), ("25-11-26", 1926), ("13-1-27", 1927)):
        found = readings_of(cell, today=_TODAY, born=True)
        assert found[DayOrder.DMY].year == year
    assert readings_of("31-07-27", today=_TODAY)[DayOrder.DMY] == date(2027, 7, 31)


def test_a_list_of_more_days_than_are_remembered_is_read_as_well() -> None:
    """
    How many different days a column has decides nothing.
    """
    cells = [f"{n % 28 + 1}-{n % 12 + 1}-{1930 + n % 89}" for n in range(9000)]
    reading = Reading(
        ["geboortedatum"], order=None, cells=lambda _: cells, today=_TODAY
    )
    wanted = [
        readings_of(cell, today=_TODAY)[DayOrder.DMY].isoformat() for cell in cells
    ]
    assert [reading.read("geboortedatum", cell) for cell in cells] == wanted


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *(("M", "1"), ("m", "1"), ("man", "1"), ("Jongen", "1"), ("V", "2")),
        *(
            ("vrouw", "2"),
            ("female", "2"),
            ("onbekend", "0"),
            ("1", "1"),
            ("X", "other"),
        ),
    ],
)
def test_a_word_that_is_a_code_becomes_the_code(cell: str, code: str) -> None:
    """
    One value goes in one form, whatever the school's system calls it.
    """
    assert _read(cell, heading="M/V") == [code]
    assert readable("geslacht", code)


@pytest.mark.parametrize("cell", ["?", "n.v.t.", "mv", "3", "12"])
def test_a_word_that_is_no_code_stays_at_school(cell: str) -> None:
    """
    It is withheld, and its reason is told.
    """
    assert _read(cell, heading="M/V") == [cell]
    to = roads.to(
        "lvs-set-2.3", doel=Doel.TOETSEN, ontvanger=Ontvanger.SOFTWARELEVERANCIER
    )
    ketenid = our.ketenid(our.bsn(0), Sector.PO)
    found = to.release({"eckid": ketenid, "geslacht": cell})
    assert found.withheld["geslacht"] is Reden.UNREADABLE


def test_roles_in_one_cell_become_codes_each() -> None:
    """
    A word without a code is left as it is, and does not go.
    """
    assert _read("leerkracht, ib", heading="Functie") == ["LRK, IB"]
    assert readable("rol", "LRK, IB")
    assert not readable("rol", "LRK, kok")


def test_the_command_asks_for_the_order_and_takes_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Every command that reads a list has the option.
    """
    path = tmp_path / "klas.csv"
    path.write_bytes(_list("01-09-2015", "02-09-2015").getvalue())
    assert run(["check", str(path)]) == 3
    assert "say which with --days dmy, mdy or ymd" in capfd.readouterr().err
    assert run(["check", str(path), "--days", "dmy"]) == 0
    assert look(path, days="mdy").columns == ("bsn", "geboortedatum", "roepnaam")
