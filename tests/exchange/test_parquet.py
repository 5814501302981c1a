"""
Parquet as another table: the same list, the same rows, whatever the types.
"""

import io
import os
import stat
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
from damage import told
from schools import numbers

from eckid import ExchangeError
from eckid.exchange import (
    Parquet,
    Rij,
    RijReden,
    Roster,
    Weigering,
    hold,
    look,
    misfit_of,
    read,
    release_list,
    write,
)
from eckid.exchange.formats.kinds import Format

OWNER_ONLY = 0o600 if os.name == "posix" else 0o666


def _file(columns: dict[str, Any]) -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    file.seek(0)
    return file


def _rows(columns: dict[str, Any], **how: Any) -> list[Rij | Weigering]:  # noqa: ANN401
    return list(Roster(hold(_file(columns), format="parquet", **how)))


def test_types_are_read_as_people_write_them() -> None:
    """
    A number without its zero, a day of any type, a null as no cell.
    """
    (first, second) = _rows(
        {
            "BSN": pa.array([63138219, 111222333]),
            "Voornaam": pa.array([" Sem ", None]),
            "Geboortedatum": pa.array([date(2016, 2, 3), None]),
            "groep": pa.array(["6a", "6a"]).dictionary_encode(),
            "jaargroep": pa.array([6, 6], pa.int8()),
            "instroomdatum": pa.array([datetime(2026, 8, 1), None]),  # noqa: DTZ001
        }
    )
    assert isinstance(first, Rij)
    assert isinstance(second, Rij)
    assert first.pgn is not None
    assert first.pgn.expose() == "063138219"
    assert first.herstel is not None
    assert dict(first.attributen) == {
        "roepnaam": "Sem",
        "geboortedatum": "2016-02-03",
        "groep": "6a",
        "jaargroep": "6",
        "bsn": "",
        "instroomdatum": "2026-08-01",
    }
    assert second.attributen.keys() == {"bsn", "groep", "jaargroep"}
    assert (second.record, second.line) == (2, 2)


def test_headings_are_those_of_lists() -> None:
    """
    A heading of one's own may be said; two of one attribute may not be.
    """
    (row,) = _rows({"nummer": ["063138219"]}, headings={"nummer": "bsn"})
    assert isinstance(row, Rij)
    with pytest.raises(ExchangeError, match="expected one column for bsn"):
        _rows({"BSN": ["063138219"], "pgn": ["063138219"]})


@pytest.mark.parametrize(
    "column",
    [
        pa.array([b"063138219"]),
        pa.array([["063138219"]]),
        pa.array([63138219.0], pa.float32()),
    ],
)
def test_a_column_of_another_type_is_refused(column: pa.Array) -> None:
    """
    By its name, before a row is read; a float of 32 bits has lost digits.
    """
    with pytest.raises(ExchangeError, match="bsn: expected text, whole") as refused:
        _rows({"BSN": column})
    assert "0631" not in told(refused.value)


@pytest.mark.parametrize("heading", ["Jannemieke", "Groothuis de", "111222333"])
def test_a_heading_that_is_no_attribute_stands_in_no_error(
    tmp_path: Path, heading: str
) -> None:
    """
    A table without headings has a person's cells in their place: it says which column.
    """
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"bsn": ["111222333"], heading: [[1]]}), path)
    with pytest.raises(ExchangeError, match="column 2: expected text") as refused:
        look(path)
    assert heading not in str(refused.value.args)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"BSN\n063138219\n",
        lambda octets: octets[:-20],
        lambda octets: octets[:10] + bytes(60) + octets[70:],
    ],
)
def test_a_file_that_is_none_is_refused(damage: Callable[[bytes], bytes]) -> None:
    """
    Where the list is looked at, or where it is read.
    """
    whole = _file({"BSN": [f"{n}" for n in numbers(50)]}).getvalue()
    said = "expected a whole Parquet file|got an empty file"
    with pytest.raises(ExchangeError, match=said) as refused:
        list(Roster(hold(io.BytesIO(damage(whole)), format="parquet")))
    assert "0631" not in told(refused.value)


def test_a_release_is_parquet_by_its_name(tmp_path: Path) -> None:
    """
    Columns of text that the policy can release, for its owner only; read again.
    """
    pq.write_table(
        pa.table({"BSN": ["063138219", "111222333"], "roepnaam": ["=Sem", "Noor"]}),
        tmp_path / "lijst.parquet",
    )
    rows = list(read(tmp_path / "lijst.parquet"))
    asked: dict[str, Any] = {"who": roads.who(), "to": roads.to()}
    made = list(release_list(rows, **asked))
    out = tmp_path / "u.parquet"
    write([v for v in made if not isinstance(v, Weigering)], out, order="list")
    table = pq.read_table(out)
    assert table.column_names[:2] == ["eckid", "ander_id_tot"]
    assert table["roepnaam"].to_pylist() == ["=Sem", "Noor"]
    assert table["achternaam"].null_count == 2
    assert set(table.schema.types) == {pa.string()}
    assert stat.S_IMODE(out.stat().st_mode) == OWNER_ONLY
    received = look(out)
    assert isinstance(received, Parquet)
    assert len(received) == 2
    write([], tmp_path / "none.parquet")
    assert pq.read_table(tmp_path / "none.parquet").shape == (0, 0)
    # What a spreadsheet would run goes into no CSV, and stops no list.
    found = list(release_list(rows, **asked, misfit=misfit_of(Format.CSV)))
    assert isinstance(found[0], Weigering)
    assert (found[0].reden, found[0].attribuut) == (RijReden.FORMAT, "roepnaam")
    assert not isinstance(found[1], Weigering)


def test_more_rows_than_a_part_keep_their_order() -> None:
    """
    Records are counted on over parts.
    """
    many = 10_000
    table = hold(_file({"BSN": ["063138219"] * many}), format="parquet")
    places = [found.record for found in table]
    assert places == list(range(1, many + 1))
