"""
A table by column: to the letter what the list gives row by row.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pytest
import roads
import strategies as our
from damage import listed, told
from hypothesis import given, settings
from hypothesis import strategies as st

from eckid import (
    NUMMERVOORZIENING,
    Attribuutbeleid,
    Bestemming,
    Doel,
    ExchangeError,
    Ontvanger,
    Reden,
    Sector,
    Sleutelbos,
    Wie,
)
from eckid.attributes import CATALOGUE, AnderIdReden, Kenmerk
from eckid.exchange import Report, RijReden, Weigering, release_list
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.results.told import Melding
from eckid.policy import Regel
from eckid.scale import Vrijgegeven, hash_column, release_table
from eckid.scale import tables as tables_of

ON: Final = date(2026, 11, 24)
# The same value knows the persons of a list and of a table.
WHO: Final = roads.who()
POLICIES: Final = (
    "leermiddelenketen",
    "leermiddelenketen-kort",
    "edu-v-students-1.1",
    "entree-federatie",
    "lvs-set-2.3",
    "smalle-set-2.3",
)
NUMBERS: Final = (*our.SAFE_BSNS, our.SAFE_ONDERWIJSNUMMER)


# Who may go without any identifier: no shipped policy has it.
_ANYONE: Final = Attribuutbeleid(
    "anyone",
    "1",
    "of these tests",
    tuple(
        Regel(
            attribuut=name,
            doelen=frozenset(Doel),
            ontvangers=frozenset(Ontvanger),
            bron="these tests",
            zekerheid="C",
            motivering="Voor deze toetsen.",
            motivation="For these tests.",
        )
        for name in ("eckid", "key", "ander_id_reden", "ander_id_tot", "roepnaam")
    ),
)


def _to(naam: str, doel: Doel, ontvanger: Ontvanger, on: date | None) -> Bestemming:
    beleid = Attribuutbeleid.load(naam)
    return beleid.voor(
        doel=doel, ontvanger=ontvanger, on=on, toetsdag=on, scopes=beleid.scopes
    )


EVERY: Final = [
    to
    for naam, doel, ontvanger, on in product(POLICIES, Doel, Ontvanger, (None, ON))
    if (to := _to(naam, doel, ontvanger, on)).columns(("ander_id_reden",))
    # A name that is made over a group is the list's alone.
    and "weergavenaam" not in to.columns(())
]
EVERY.append(replace(EVERY[0], beleid=_ANYONE, on=ON))
# Where less goes, and what no shipped policy has: few among all.
RARE: Final = [
    n
    for n, to in enumerate(EVERY)
    if to.beleid is _ANYONE or any(regel.less for regel in to.going)
]
PUBLISHER: Final = _to("leermiddelenketen", Doel.GEBRUIK, Ontvanger.UITGEVER, ON)

# Of each kind some, of which the plans of all these policies are made.
COLUMNS: Final = (
    *(a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.NAAM),
    *(a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.ANDER_ID),
    "geboortedatum",
    "geslacht",
    "jaargroep",
    "groep",
    "emailadres",
    "bsn_ondwnr-4",
    "ander_id_reden",
    "ander_id_tot",
    "schoenmaat",
)
_CELLS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "geboortedatum": st.sampled_from(
        ["", "2015-12-24", "24-12-2015", "1 sep 2015", "2026-12-01", "nooit"]
    ),
    "geslacht": st.sampled_from(["", "1", "V", "man", "9", "?"]),
    "jaargroep": st.sampled_from(["", "6", "6a", "h3b", "?"]),
    "ander_id_reden": st.sampled_from(
        ["", "", "", *(a.value for a in AnderIdReden), "zomaar"]
    ),
    "ander_id_tot": st.sampled_from(["", "2026-12-31", "1-1-2020", "ooit"]),
}
_TEXT: Final = st.sampled_from(
    [
        "",
        "",
        "a",
        "Zoë",
        " Łucja ",
        "\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467",
        "1-2-3-4 5678",
        "90909090",
        "O'Neill",
        # An HPgn, and a stampseudoniem: of nobody in the list.
        "0123456789abcdef" * 4,
        f"https://eckid.invalid/sp2026/{'0123456789abcdef' * 8}",
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[str]]:
    """
    A list of a few persons, some of them twice, each with some attributes.
    """
    rows = draw(st.integers(1, 6))
    table = {
        name: [draw(_CELLS.get(name, _TEXT)) for _ in range(rows)]
        for name in draw(st.lists(st.sampled_from(COLUMNS), unique=True, min_size=6))
    }
    table["key"] = [f"k{n}" for n in range(rows)]
    table["bsn"] = [draw(st.sampled_from(NUMBERS)) for _ in range(rows)]
    for row, why in enumerate(table.get("ander_id_reden", [])):
        if why and draw(st.booleans()):
            table["bsn"][row] = ""
    return table


def _by_row(
    table: Mapping[str, Sequence[str]], to: Bestemming
) -> tuple[list[dict[str, str]], list[tuple[int, str, str | None]], Report]:
    lines = [
        ";".join(table),
        *(";".join(row) for row in zip(*table.values(), strict=True)),
    ]
    report = Report({"sector": Sector.PO.value})
    going, refused = [], []
    results = release_list(
        report.reading(listed("\n".join(lines) + "\n")),
        who=WHO,
        to=to,
    )
    for result in report.writing(results):
        if isinstance(result, Weigering):
            refused.append((result.record - 1, result.reden.value, result.attribuut))
        else:
            going.append(result.texts)
    return going, refused, report


def _sealed(table: Mapping[str, Sequence[str]]) -> pa.Table:
    numbers = pa.array([n or None for n in table["bsn"]])
    made = hash_column(numbers, hasher=WHO.hasher)
    assert not len(made.refused)
    sealed = made.column.seal(pa.array(table["key"]), sleutelbos=our.RING)
    columns = {n: pa.array(cells) for n, cells in table.items() if n != "bsn"}
    return pa.table(columns | {SEALED: sealed.column})


def _by_column(table: pa.Table, to: Bestemming, **how: Any) -> Vrijgegeven:  # noqa: ANN401
    return release_table(table, to=to, **{"who": WHO, **how})


def _rows(table: pa.Table) -> list[dict[str, str]]:
    return [
        {n: c for n, c in row.items() if c is not None} for row in table.to_pylist()
    ]


_WHICH: Final = st.sampled_from(RARE) | st.integers(0, len(EVERY) - 1)
_ANY: Final = given(table=tables(), which=_WHICH)


@_ANY
@settings(max_examples=200)
def test_a_table_gives_what_the_list_gives(
    table: dict[str, list[str]], which: int
) -> None:
    """
    The same rows, refusals with the same reasons, and the same counts.
    """
    _same_by_row_and_by_column(table, which)


@given(
    table=tables(),
    which=_WHICH,
    few=st.integers(1, 5),
    part=st.sampled_from([1, 4, 8, 65_536]),
)
@settings(max_examples=100)
def test_it_gives_so_however_many_rows_are_read_or_opened_at_once(
    table: dict[str, list[str]], which: int, few: int, part: int
) -> None:
    """
    Who is there twice, or is refused, may stand in another part than what says so.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eckid.scale.persons._FEW", few)
        patch.setattr(tables_of, "PART", part)
        _same_by_row_and_by_column(table, which)


def test_a_second_number_in_a_table_is_emptied_as_in_a_list() -> None:
    """
    It is no secret of the row's own, so a group that looks like a part of it may go.
    """
    table = {name: ["", "", ""] for name in (*COLUMNS, "key", "bsn")}
    told = {"groep": "①②③④⑤⑥⑦⑧", "bsn_ondwnr-4": "①②③④⑤⑥⑦⑧"}
    told |= {"ander_id_reden": "symbiose", "ander_id_tot": "2026-12-31"}
    for name, cell in told.items():
        table[name][1] = cell
    table |= {"bsn": list(NUMBERS[:3]), "key": ["k0", "k1", "k2"]}
    for which in range(len(EVERY)):
        _same_by_row_and_by_column(table, which)


@pytest.mark.long
@_ANY
@settings(max_examples=5_000)
def test_any_table_gives_what_the_list_gives(
    table: dict[str, list[str]], which: int
) -> None:
    """
    The same rows, refusals and counts, for as many tables as there is time for.
    """
    _same_by_row_and_by_column(table, which)


def _same_by_row_and_by_column(table: dict[str, list[str]], which: int) -> None:
    to = EVERY[which]
    going, refused, report = _by_row(table, to)
    made = _by_column(_sealed(table), to)
    assert _rows(made.table) == going
    assert tuple(made.table.column_names) == to.columns(table)
    found = [(r["row"], r["reason"], r["attribuut"]) for r in made.refused.to_pylist()]
    assert found == refused
    assert made.report.rows_in == report.rows_in == len(going) + len(refused)
    assert made.report.rows_out == report.rows_out
    report.withheld.pop("bsn", None)  # which the table has no more
    for name in ("refused", "released", "ander_id_reden", "withheld", "regels"):
        assert getattr(made.report, name) == getattr(report, name), name
    assert _cells_told(made.report) == _cells_told(report)


def _cells_told(report: Report) -> object:
    cells = {
        key: n
        for key, n in report.told.counts.items()
        if key[0] in {Melding.UNREAD, Melding.AGE}
    }
    # A table has no line of headings.
    places = [(plek.record, plek.naam, plek.melding) for plek in report.told.places]
    # In one order, so that two reports of it are the same text.
    return [*cells.items()], places


def test_a_table_tells_the_cells_of_each_row_that_a_list_tells() -> None:
    """
    A day that is none, a code that is none, an age: also of rows refused for a cell.
    """
    days = ["nooit", "1950-01-01", "2015-12-24", "31-02-2015", "", "nooit"]
    table = {
        "roepnaam": ["Sem 111222333", "Noor", "Zoë", "Tom", "Jet", "Jet"],
        "geboortedatum": days,
        "geslacht": ["?", "x9", "V", "zo", "", "?"],
        "key": [f"k{n}" for n in range(6)],
        "bsn": [*NUMBERS[:4], NUMBERS[3], NUMBERS[3]],
    }
    for which in range(0, len(EVERY), 7):
        _same_by_row_and_by_column(table, which)
    counts = _by_column(_sealed(table), PUBLISHER).report.told.counts
    assert counts[Melding.UNREAD, "geboortedatum"] == 1
    assert counts[Melding.AGE, "geboortedatum"] == 1
    assert counts[Melding.UNREAD, "geslacht"] == 2


@pytest.mark.parametrize("part", [1, 2, 3])
def test_a_table_tells_its_cells_in_each_part(
    monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """
    The places are those in the whole table, whatever parts it is read in.
    """
    monkeypatch.setattr(tables_of, "PART", part)
    table = {
        "roepnaam": ["Sem", "Noor", "Zoë"],
        "geboortedatum": ["2015-12-24", "nooit", "1950-01-01"],
        "key": ["k0", "k1", "k2"],
        "bsn": list(NUMBERS[:3]),
    }
    places = _by_column(_sealed(table), PUBLISHER).report.told.places
    assert [(plek.record, plek.melding) for plek in places] == [
        (2, Melding.UNREAD),
        (3, Melding.AGE),
    ]


SEALED_TABLE: Final = _sealed(
    {
        "key": ["a", "b", "c", "d"],
        "roepnaam": ["Sem", "Noor", "Zoë", "Tom"],
        "achternaam": ["Bakker"] * 4,
        "bsn": ["111222333", "123456782", "063138219", "498839436"],
    }
)


@pytest.mark.parametrize("name", SEALED_TABLE.column_names)
@pytest.mark.parametrize("rows", [0, 4])
def test_a_column_of_a_type_that_is_not_read_refuses_the_table(
    name: str, rows: int
) -> None:
    """
    With rows or without: an empty table that passes promises that a full one will.
    """
    lists = pa.array([[1]] * rows, pa.list_(pa.int8()))
    place = SEALED_TABLE.column_names.index(name)
    wrong = SEALED_TABLE.slice(0, rows).set_column(place, name, lists)
    with pytest.raises(ExchangeError, match=f"^{name}: expected .* got list"):
        _by_column(wrong, PUBLISHER)
    assert not len(_by_column(SEALED_TABLE.slice(0, 0), PUBLISHER).table)


@pytest.mark.parametrize(
    "frame",
    [
        SEALED_TABLE,
        SEALED_TABLE.to_batches()[0],
        pa.concat_tables([SEALED_TABLE.slice(0, 1), SEALED_TABLE.slice(1)]),
        SEALED_TABLE.to_pandas(),
        pl.from_arrow(SEALED_TABLE),
    ],
    ids=lambda frame: f"{type(frame).__module__}.{type(frame).__name__}",
)
def test_a_table_of_whatever_makes_is_released(frame: object) -> None:
    """
    Arrow, pandas and polars alike.
    """
    made = _by_column(frame, PUBLISHER)
    assert made.table == _by_column(SEALED_TABLE, PUBLISHER).table
    assert made.table.num_rows == 4
    assert made.table.column_names == ["eckid", "roepnaam", "voorvoegsel", "achternaam"]
    assert made.report.withheld["key"].total() == 4


def test_headings_are_those_of_lists() -> None:
    """
    As people write them, or as one says what they are.
    """
    renamed = SEALED_TABLE.rename_columns(["LAS-key", "Voornaam", "Naam", SEALED])
    made = _by_column(renamed, PUBLISHER, headings={"Naam": "achternaam"})
    named = SEALED_TABLE.rename_columns(["key", "roepnaam", "achternaam", SEALED])
    assert made.table == _by_column(named, PUBLISHER).table


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (
            pa.table({"bsn": ["111222333"], "key": ["a"], SEALED: [b"x"]}),
            "a column bsn",
        ),
        (pa.table({"eckid": ["x"], "key": ["a"], SEALED: [b"x"]}), "a column eckid"),
        (pa.table({"key": ["a"]}), f"expected the columns key and {SEALED}"),
        (pa.table({SEALED: [b"x"]}), f"expected the columns key and {SEALED}"),
        (pa.table({"key": ["a"], "Key": ["a"], SEALED: [b"x"]}), "got a second"),
        (pa.table({"key": [b"111222333"], SEALED: [b"x"]}), "key: expected text"),
    ],
)
def test_a_table_of_another_form_is_refused(table: pa.Table, why: str) -> None:
    """
    As a whole, and it is said which column it lacks or has.
    """
    with pytest.raises(ExchangeError, match=why) as refused:
        _by_column(table, PUBLISHER)
    assert "111222333" not in told(refused.value)
    for other in ("x", {"key": ["a"]}, None):
        with pytest.raises(TypeError, match="table: expected a table, got"):
            _by_column(other, PUBLISHER)


def test_what_another_ring_or_scheme_sealed_is_refused() -> None:
    """
    In its place; and who has no seal or no key.
    """
    rows = SEALED_TABLE.to_pylist()
    rows[1][SEALED], rows[2]["key"] = None, " "
    rows[3]["key"] = "x"
    made = _by_column(pa.Table.from_pylist(rows), PUBLISHER)
    assert made.table.num_rows == 1
    reasons = [(r["row"], r["reason"]) for r in made.refused.to_pylist()]
    assert reasons == [(1, "missing"), (2, "key"), (3, "seal")]
    for who in (
        roads.who(Sleutelbos.generate(release="2026")),
        roads.who(scheme=NUMMERVOORZIENING),
    ):
        made = _by_column(SEALED_TABLE, PUBLISHER, who=who)
        assert made.table.num_rows == 0
        assert made.report.refused == Counter({RijReden.SEAL: 4})


def test_rows_in_are_rows_out_and_rows_refused() -> None:
    """
    Over parts too: longer than one, persons twice in it, and empty.
    """
    many = 65_536 + 100
    rows = pa.array([n % 4 for n in range(many)])
    table = SEALED_TABLE.take(rows)
    names = pa.array([f"Naam {n}" if n == 7 else "Bakker" for n in range(many)])
    table = table.set_column(
        table.column_names.index("achternaam"), "achternaam", names
    )
    told_: list[tuple[int, int]] = []
    made = _by_column(table, PUBLISHER, progress=lambda *done: told_.append(done))
    # The fourth stands under two names; of the others one row is left each.
    assert made.report.refused == Counter(
        {RijReden.CONFLICT: many // 4, RijReden.DUPLICATE: 3 * (many // 4 - 1)}
    )
    assert made.table.num_rows == 3
    assert made.table.num_rows + made.refused.num_rows == made.report.rows_in == many
    assert told_[-1] == (2 * many, 2 * many)
    assert told_ == sorted(told_)
    empty = _by_column(SEALED_TABLE.slice(0, 0), PUBLISHER)
    assert empty.table.num_rows == empty.refused.num_rows == 0
    assert empty.table.schema == made.table.schema


def test_a_released_table_is_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Pieces for each part that was read would tell how many of its rows were refused.
    """
    monkeypatch.setattr("eckid.scale.tables.PART", 2)
    numbers = our.SAFE_BSNS[:5]
    keys = [f"k{n}" for n in range(5)]
    sealed = _sealed({"key": keys, "bsn": numbers, "roepnaam": keys})
    made = _by_column(sealed, PUBLISHER)
    assert len(made.table) == 5
    assert {len(column.chunks) for column in made.table.columns} == {1}


def test_a_name_of_a_group_is_the_lists_to_make() -> None:
    """
    It is asked for, and nobody made it; that is counted.
    """
    short = _to("leermiddelenketen-kort", Doel.GEBRUIK, Ontvanger.UITGEVER, ON)
    made = _by_column(SEALED_TABLE, short)
    assert "weergavenaam" in made.table.column_names
    assert made.table["weergavenaam"].null_count == 4
    assert made.report.withheld["weergavenaam"] == Counter({Reden.GROUP_NEEDED: 4})


def test_a_teacher_is_released_as_one() -> None:
    """
    A policy tells whose data it is.
    """
    to = _to("smalle-set-2.3", Doel.GEBRUIK, Ontvanger.UITGEVER, ON)
    table = SEALED_TABLE.append_column("jaargroep", pa.array(["6"] * 4))
    pupil, teacher = (_by_column(table, to, wie=wie) for wie in Wie)
    assert "jaargroep" not in pupil.report.withheld
    assert teacher.report.withheld["jaargroep"] == Counter({Reden.OTHER_WIE: 4})


def test_a_year_is_the_code_of_the_sector_in_a_column_too() -> None:
    """
    A year that could go and cannot be read refuses its row, and no other.
    """
    to = _to("smalle-set-2.3", Doel.GEBRUIK, Ontvanger.UITGEVER, ON)
    years = pa.array(["3", None, "Klas 4", "brugklas"])
    table = SEALED_TABLE.append_column("jaargroep", years)
    made = _by_column(table, to, who=roads.who(sector=Sector.VO))
    assert made.table["jaargroep"].to_pylist() == ["13", None, "14"]
    assert made.refused.select(["row", "attribuut", "reason"]).to_pylist() == [
        {"row": 3, "attribuut": "jaargroep", "reason": "value"}
    ]
    less = _to("leermiddelenketen", Doel.GEBRUIK, Ontvanger.UITGEVER, ON)
    assert not _by_column(table, less).refused.num_rows


def test_a_release_shows_no_value_of_itself() -> None:
    """
    It says how many rows and columns it has.
    """
    made = _by_column(SEALED_TABLE, PUBLISHER)
    assert repr(made) == str(made) == "<Vrijgegeven 4 rows of 4 columns, 0 refused>"


def test_an_identifier_whose_day_is_past_does_not_go() -> None:
    """
    Nor where nobody else of the table goes by one; a day is a value, not a column.
    """
    table = {
        "key": ["a", "b"],
        "roepnaam": ["Sem", "Noor"],
        "ander_id_reden": ["", "symbiose"],
        "ander_id_tot": ["", "2020-01-01"],
        "bsn": ["111222333", "063138219"],
    }
    to = replace(PUBLISHER, beleid=_ANYONE)
    going, _, _ = _by_row(table, to)
    assert going[1] == {"roepnaam": "Noor"}
    assert _rows(_by_column(_sealed(table), to).table) == going
