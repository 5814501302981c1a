"""
A table by column: to the letter what the list gives row by row.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, Final

import pyarrow as pa
import strategies as our
from damage import listed
from hypothesis import given, settings
from hypothesis import strategies as st

from eckid import (
    CATALOGUE,
    CHEAPEST,
    LEERMIDDELENKETEN,
    AnderId,
    Attribuutbeleid,
    Doel,
    Kenmerk,
    Ontvanger,
    Sector,
)
from eckid.exchange import Report, Weigering, release_list
from eckid.exchange.formats import texts
from eckid.exchange.parquet import SEALED
from eckid.scale import Bestemming, Vrijgegeven, hash_column, release_table

ON: Final = date(2026, 11, 24)
POLICIES: Final = (
    "edu-k",
    "edu-k-kort",
    "edu-v-students-1.1",
    "entree-federatie",
    "lvs-set-2.3",
    "smalle-set-2.3",
)
NUMBERS: Final = (*our.SAFE_BSNS, our.SAFE_ONDERWIJSNUMMER)


def _to(naam: str, doel: Doel, ontvanger: Ontvanger, on: date | None) -> Bestemming:
    beleid = Attribuutbeleid.load(naam)
    return Bestemming(
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        beleid=beleid.scoped(*beleid.scopes),
        doel=doel,
        ontvanger=ontvanger,
        on=on,
    )


EVERY: Final = [
    to
    for naam, doel, ontvanger, on in product(POLICIES, Doel, Ontvanger, (None, ON))
    if (to := _to(naam, doel, ontvanger, on)).columns(("ander_id",))
    # A name that is made over a group is the list's alone.
    and "weergavenaam" not in to.columns(())
]
PUBLISHER: Final = _to("edu-k", Doel.GEBRUIK, Ontvanger.UITGEVER, ON)

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
    "ander_id",
    "ander_id_tot",
    "schoenmaat",
)
_CELLS: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "geboortedatum": st.sampled_from(
        ["", "2015-12-24", "24-12-2015", "2026-12-01", "nooit"]
    ),
    "geslacht": st.sampled_from(["", "1", "2", "9"]),
    "jaargroep": st.sampled_from(["", "6", "6a", "h3b", "?"]),
    "ander_id": st.sampled_from(["", "", "", *(a.value for a in AnderId), "zomaar"]),
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
        "O'Neill",
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
        for name in draw(st.lists(st.sampled_from(COLUMNS), unique=True))
    }
    table["key"] = [f"k{n}" for n in range(rows)]
    table["bsn"] = [draw(st.sampled_from(NUMBERS)) for _ in range(rows)]
    for row, why in enumerate(table.get("ander_id", [])):
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
    report = Report({})
    going, refused = [], []
    results = release_list(
        report.reading(listed("\n".join(lines) + "\n")),
        sleutelbos=our.RING,
        keten=to.keten,
        sector=to.sector,
        beleid=to.beleid,
        scheme=CHEAPEST,
        **to.asked,
    )
    for result in report.writing(results):
        if isinstance(result, Weigering):
            refused.append((result.record - 1, result.reden.value, result.attribuut))
        else:
            going.append(texts(result))
    return going, refused, report


def _sealed(table: Mapping[str, Sequence[str]]) -> pa.Table:
    made = hash_column(
        pa.array([n or None for n in table["bsn"]]),
        salt=our.PUBLISHED_SALT,
        scheme=CHEAPEST,
    )
    assert not len(made.refused)
    sealed = made.column.seal(pa.array(table["key"]), sleutelbos=our.RING)
    columns = {n: pa.array(cells) for n, cells in table.items() if n != "bsn"}
    return pa.table(columns | {SEALED: sealed.column})


def _by_column(table: pa.Table, to: Bestemming, **how: Any) -> Vrijgegeven:  # noqa: ANN401
    how.setdefault("sleutelbos", our.RING)
    how.setdefault("scheme", CHEAPEST)
    return release_table(table, to=to, **how)


def _rows(table: pa.Table) -> list[dict[str, str]]:
    return [
        {n: c for n, c in row.items() if c is not None} for row in table.to_pylist()
    ]


@given(table=tables(), which=st.integers(0, len(EVERY) - 1))
@settings(max_examples=400, deadline=None)
def test_a_table_gives_what_the_list_gives(
    table: dict[str, list[str]], which: int
) -> None:
    """
    The same rows, refusals with the same reasons, and the same counts.
    """
    to = EVERY[which]
    going, refused, report = _by_row(table, to)
    made = _by_column(_sealed(table), to)
    assert _rows(made.table) == going
    assert made.table.column_names == to.columns(tuple(table))
    found = [(r["row"], r["reason"], r["attribuut"]) for r in made.refused.to_pylist()]
    assert found == refused
    assert made.report.rows_in == report.rows_in == len(going) + len(refused)
    assert made.report.rows_out == report.rows_out
    report.withheld.pop("bsn", None)  # which the table has no more
    for name in ("refused", "released", "ander_id", "withheld", "regels"):
        assert getattr(made.report, name) == getattr(report, name), name
