"""
What is far too much: small files that would take long, or unpack to much.

Each is refused, as a row with its reason or as a whole; `test_growth` asks how the work
grows below that.
"""

import io
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
from damage import told
from schools import NAMESPACE, numbers, school

from eckid import (
    BSN,
    Attribuutbeleid,
    ExchangeError,
    PolicyError,
    Vrijgave,
)
from eckid._core import bounds
from eckid._core.bounds import (
    CELL,
    CELLS,
    COLUMNS,
    DEPTH,
    EEN_VAN,
    ELEMENTS,
    LINE,
    OTHERS,
    PART,
    POLICY,
    RECEIPT,
    REGELS,
    SCOPES,
    UNPACKED,
    VALUES,
    Bound,
)
from eckid.exchange import (
    Edexml,
    Parquet,
    Rij,
    RijReden,
    Students,
    Weigering,
    hold,
    release_list,
)
from eckid.exchange.formats import csv, edexml_in, edexml_tree, eduv, unpacked
from eckid.exchange.formats.csv import Record
from eckid.exchange.formats.headings import named_columns
from eckid.exchange.formats.lengths import within
from eckid.exchange.results.receipt import read_receipt
from eckid.scale.guarded import guarded

_HEAD = f'<leerlinggegevens xmlns="{NAMESPACE}">'
_END = "</leerlinggegevens>"


def _less(monkeypatch: pytest.MonkeyPatch, room: Any, name: str, most: int) -> None:  # noqa: ANN401  # a module
    """
    Let a bound be small, so that a test need not make what is large.
    """
    small = getattr(bounds, name)._replace(most=most)
    monkeypatch.setattr(room, name, small)


def _refused(octets: bytes, format: str | None = None) -> str:
    with pytest.raises(ExchangeError) as caught:
        list(hold(io.BytesIO(octets), format=format))
    assert caught.value.__context__ is None
    return str(caught.value)


def test_more_headings_than_a_spreadsheet_has_columns_are_refused() -> None:
    """
    As many as that are read, one more is an error with the number.
    """
    heads = ["BSN", *(f"k{n:x}" for n in range(COLUMNS.most - 1))]
    assert len(hold(io.BytesIO(";".join(heads).encode())).columns) == COLUMNS.most
    said = _refused(";".join([*heads, "x"]).encode())
    assert said == "columns: expected at most 16384 columns, got 16385"


def test_no_two_columns_have_one_name() -> None:
    """
    A heading that is the name which another column gets does not keep it.
    """
    heads = ["kolom 3", "kolom 2", "123456", "x", "x", "kolom 5"]
    assert named_columns(1, heads, {}) == (
        "kolom 1",
        "kolom 2",
        "kolom 3",
        "x",
        "kolom 5",
        "kolom 6",
    )


def test_a_line_has_an_end() -> None:
    """
    A file that is one line is not held to look for its end.
    """
    line = b"x" * (LINE.most - 1)
    assert hold(io.BytesIO(b"BSN\n" + line + b"\n")).columns == ("bsn",)
    assert "line 2: line of CSV: expected at most 1 MiB" in _refused(
        b"BSN\nx" + line + b"\n"
    )


def test_a_cell_that_is_too_long_refuses_its_row_and_no_other() -> None:
    """
    With its own reason and its column, in every format that has rows.
    """
    long = "x" * 201
    bsn, other = numbers(2)
    text = f"BSN;Roepnaam\n{bsn};{long}\n{other};Sem\n"
    persons = "".join(
        f'<leerling key="{n}"><roepnaam>{name}</roepnaam></leerling>'
        for n, name in enumerate((long, "Sem"))
    )
    xml = f"{_HEAD}<leerlingen>{persons}</leerlingen>{_END}"
    students = [
        {"userMasterIdentifier": f"{n}", "givenName": name, "familyName": "B"}
        for n, name in enumerate((long, "Sem"))
    ]
    file = io.BytesIO()
    pq.write_table(pa.table({"BSN": [bsn, other], "roepnaam": [long, "Sem"]}), file)
    made = {
        "csv": text.encode(),
        "edexml": xml.encode(),
        "eduv": json.dumps(students).encode(),
        "parquet": file.getvalue(),
    }
    for name, octets in made.items():
        table = hold(io.BytesIO(octets), format=name)
        first, second = table
        place = table.columns.index("roepnaam") + 1
        assert isinstance(first, Weigering)
        assert (first.reden, first.column) == (RijReden.TOO_LONG, place)
        assert isinstance(second, Record)


def test_a_column_has_the_same_bounds_as_a_row() -> None:
    """
    Released by column or by row, the same cells are refused, for the same reason.
    """
    names = ["Sem", None, "x" * 201, "e" + "\u0308" * 31, "\u0436" * 40, "\u00eb" * 201]
    groups = ["x" * 201, "6a", None, "", "x" * CELL.most, "x" * (CELL.most + 1)]
    columns = {"roepnaam": pa.array(names), "groep": pa.array(groups)}
    found = {row for row, reden in guarded(columns) if reden is RijReden.TOO_LONG}
    rows = [
        Record(n, n, [cell or "" for cell in cells])
        for n, cells in enumerate(zip(names, groups, strict=True))
    ]
    refused = [
        row for row in within(rows, tuple(columns)) if isinstance(row, Weigering)
    ]
    assert found == {row.record for row in refused} == {2, 3, 5}


def test_a_caller_may_give_no_longer_name_than_a_file() -> None:
    """
    Rows that a caller makes are refused where a short name is made of them.
    """
    who, to = roads.who(), roads.to("leermiddelenketen-kort")
    names = ("-" * 20_000, "Visser")
    rows = [
        Rij(n, n, BSN(bsn), "bsn", {"roepnaam": "Sanne", "achternaam": name})
        for n, (bsn, name) in enumerate(zip(numbers(2), names, strict=True), 1)
    ]
    refused, released = release_list(rows, who=who, to=to)
    assert isinstance(refused, Weigering)
    assert (refused.reden, refused.attribuut) == (RijReden.TOO_LONG, "achternaam")
    assert isinstance(released, Vrijgave)


def _edexml(inside: str) -> Edexml:
    return Edexml(partial(io.BytesIO, f"{_HEAD}{inside}{_END}".encode()))


def _teachers(*inside: str) -> str:
    each = "".join(
        f'<leerkracht key="{n}"><achternaam>B</achternaam>{one}</leerkracht>'
        for n, one in enumerate(inside)
    )
    return f"<leerkrachten>{each}</leerkrachten>"


@pytest.mark.parametrize("element", ["<rol>LRK</rol>", "<x/>", '<groep key="g"/>'])
def test_a_person_of_too_many_elements_is_refused(element: str) -> None:
    """
    Whatever the elements are; the next person goes on.
    """
    first, second = _edexml(_teachers(element * (ELEMENTS.most + 1), ""))
    assert isinstance(first, Weigering)
    assert first.reden is RijReden.TOO_LONG
    assert isinstance(second, Record)
    fits, _ = _edexml(_teachers("<rol>LRK</rol>" * (ELEMENTS.most - 1), ""))
    assert isinstance(fits, Record)


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("<x/>" * 101, id="beside the persons"),
        pytest.param("<rol/>" * 101, id="known elsewhere"),
        pytest.param(_teachers("<x/>" * 101), id="in one person"),
        pytest.param(_teachers("<rol/>" * 101), id="known, in one person"),
        pytest.param(_teachers(*["<x/>" * 10] * 11), id="in many persons"),
        pytest.param("<leerlingen><x><leerling/></x></leerlingen>" * 51, id="deeper"),
    ],
)
def test_elements_that_are_not_read_are_counted(
    inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Whatever the place of them: a file of little else is refused as a whole.
    """
    assert OTHERS.most == 120_000
    _less(monkeypatch, edexml_tree, "OTHERS", 100)
    with pytest.raises(ExchangeError, match="other elements of EDEXML") as caught:
        _edexml(inside)
    assert caught.value.line == 1


def test_a_school_is_far_below_the_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What UWLR has is not counted among other elements, however many persons there are.
    """
    _less(monkeypatch, edexml_tree, "OTHERS", 100)
    text = re.sub("<x:eigen.*?</x:eigen>", "", "".join(school(300, 20)))
    assert len(list(Edexml(partial(io.BytesIO, text.encode())))) == 320


def test_nesting_has_a_bottom() -> None:
    """
    Elements of no schema may stand in each other, to a depth.
    """
    deep = DEPTH.most - 1
    _edexml("<x>" * deep + "</x>" * deep)
    with pytest.raises(ExchangeError, match="nesting of EDEXML: expected at most 64"):
        _edexml("<x>" * (deep + 1) + "</x>" * (deep + 1))


def test_a_long_name_of_a_group_is_not_written_out_for_everybody() -> None:
    """
    It stands once in the file; a person of many such groups would be many times it.
    """
    name = "x" * (CELL.most // 2)
    one = '<samengestelde_groep key="g"/>'
    groups = f"<groepen>{one[:-2]}><naam>{name}</naam></samengestelde_groep></groepen>"
    persons = _teachers(*(f"<groepen>{one * n}</groepen>" for n in (1, 3, 1000)))
    first, *others = _edexml(groups + persons)
    assert isinstance(first, Record)
    for other in others:
        assert isinstance(other, Weigering)
        assert other.reden is RijReden.TOO_LONG


def _students(octets: bytes) -> Students:
    return Students(partial(io.BytesIO, octets))


@pytest.mark.parametrize("value", [b"[],", b"{},", b"0,"])
def test_values_of_json_are_counted_before_they_are_made(
    value: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A list of three bytes takes many times as much in memory.
    """
    assert VALUES.most == 2_000_000
    _less(monkeypatch, eduv, "VALUES", 100)
    with pytest.raises(ExchangeError, match="values of Edu-V: expected at most 100"):
        _students(b"[" + value * 200 + b"0]")
    assert len(list(_students(b"[" + value * 20 + b"0]"))) == 21


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"a":' * 100_000, id="deep objects"),
        pytest.param(b'[{"givenName": ' + b"9" * 1_000_000 + b"}]", id="a number"),
        pytest.param(b'[{"givenName": -' + b"9" * 5000 + b"}]", id="a negative number"),
        pytest.param(b'[{"givenName": 1e' + b"9" * 5000 + b"}]", id="an exponent"),
    ],
)
def test_a_bomb_of_json_is_refused(octets: bytes) -> None:
    """
    As a file, or as a row: a number is no text, of however many digits.
    """
    found: list[Any] | ExchangeError
    try:
        found = list(_students(octets))
    except ExchangeError as error:
        found = error
    if isinstance(found, ExchangeError):
        assert found.__context__ is None
        assert "999" not in told(found)
    else:
        assert [one.reden for one in found] == [RijReden.FORMAT]


def _parquet(columns: dict[str, Any], **how: Any) -> bytes:  # noqa: ANN401
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **how)
    return file.getvalue()


def _opened(octets: bytes) -> Parquet:
    return Parquet(partial(io.BytesIO, octets), {})


def test_rows_that_are_nothing_are_counted_by_what_the_file_says() -> None:
    """
    A few bytes may say any number of rows: more than a list of that size is refused.
    """
    octets = _parquet({"BSN": pa.nulls(3_000_000)}, compression="zstd")
    assert CELLS.of(len(octets)) < 3_000_000
    with pytest.raises(
        ExchangeError, match="cells of Parquet: expected at most 262144"
    ):
        _opened(octets)


def test_pages_that_unpack_to_much_are_refused_before_they_are() -> None:
    """
    The file says how much its pages unpack to.
    """
    octets = _parquet(
        {"BSN": ["1"], "groep": ["x" * (70 << 20)]},
        compression="zstd",
        use_dictionary=False,
        write_statistics=False,
    )
    assert UNPACKED.of(len(octets)) < 70 << 20
    with pytest.raises(ExchangeError, match="Parquet once unpacked: expected at most"):
        _opened(octets)


@pytest.mark.parametrize(
    "encoding", [{}, {"use_dictionary": False, "column_encoding": "DELTA_BYTE_ARRAY"}]
)
def test_a_text_that_stands_once_is_not_written_out_for_each_row(
    encoding: dict[str, Any],
) -> None:
    """
    A part holds as many rows as there is room for, and all of them have an end.
    """
    rows, long = 20_000, "x" * 30_000
    octets = _parquet(
        {"groep": [long] * rows}, compression="zstd", write_statistics=False, **encoding
    )
    assert len(octets) < 2000 * 8
    table = _opened(octets)
    assert table._budget.rows * len(long) <= PART.most
    sizes: list[int] = []
    with pytest.raises(ExchangeError, match="Parquet once unpacked: expected at most"):
        sizes.extend(part.nbytes for part in table.parts())
    assert max(sizes, default=0) <= PART.most + len(long)
    assert sum(sizes) <= UNPACKED.of(len(octets))


def _every_kind() -> Iterator[tuple[str, Any]]:
    many = [f"{n}" for n in range(5000)]
    yield "texts", pa.array(many)
    yield "large", pa.array(many, pa.large_string())
    yield "again", pa.array(["6a", None] * 2500).dictionary_encode()
    yield "dictionary of numbers", pa.array([6, None] * 2500).dictionary_encode()
    yield (
        "dictionary of nothing",
        pa.array([None] * 5000, pa.string()).dictionary_encode(),
    )
    yield "numbers", pa.array(range(5000))
    yield "nulls", pa.nulls(5000)


@pytest.mark.parametrize("how", [{}, {"row_group_size": 700}, {"compression": "none"}])
def test_what_is_within_is_read_whole(how: dict[str, Any]) -> None:
    """
    Of every type and in every part; the budget counts, and takes nothing away.
    """
    columns = dict(_every_kind())
    table = _opened(_parquet(columns, **how))
    parts = list(table.parts(512))
    assert sum(part.num_rows for part in parts) == 5000
    whole = pa.concat_tables([part.combine_chunks() for part in parts])
    for name, column in columns.items():
        assert whole[name].to_pylist() == column.to_pylist()
    assert len(list(table)) == 5000


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"use_dictionary": False},
        {"use_dictionary": False, "column_encoding": "DELTA_BYTE_ARRAY"},
        {"row_group_size": 700},
        {"compression": "zstd"},
    ],
    ids=str,
)
def test_a_large_table_may_unpack_to_as_much_as_its_size_allows(
    how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    To more than a small file may, whatever the length of its texts; all of it is read.
    """
    _less(monkeypatch, unpacked, "UNPACKED", 1000)
    cells = [f"{n:064x}" for n in range(5000)]
    octets = _parquet({"groep": cells, "naam": ["x"] * 5000, "BSN": cells}, **how)
    table = _opened(octets)
    allowed = UNPACKED._replace(most=1000).of(len(octets))
    assert table._budget.octets == allowed > 1000
    parts = list(table.parts(512))
    assert sum(part.num_rows for part in parts) == 5000
    assert sum(part.nbytes for part in parts) > 1000


def test_a_table_without_rows_or_columns_is_within() -> None:
    """
    Nothing unpacks to nothing.
    """
    assert list(_opened(_parquet({"BSN": pa.array([], pa.string())}))) == []
    assert list(_opened(_parquet({}))) == []


def test_a_budget_counts_a_dictionary_as_it_is_written_out() -> None:
    """
    By the text that each row refers to; a row without one takes nothing.
    """
    budget = unpacked.Budget(rows=1, octets=100)
    column = pa.array(["x" * 30, None, "x" * 30, "y"]).dictionary_encode()
    part = pa.record_batch({"groep": column})
    assert budget.spend(39, part) == 100
    with pytest.raises(ExchangeError, match="Parquet once unpacked"):
        budget.spend(40, part)
    # Of numbers each takes as much as it says itself: nothing is repeated.
    numbered = pa.record_batch({"groep": pa.array([6, 6]).dictionary_encode()})
    assert budget.spend(39, numbered) == 39


_POLICY = """
naam = "eigen"
versie = "1"
status = "Van ons."
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "het bestuur"
zekerheid = "I"
scopes = SCOPES
een_van = EEN_VAN
"""
_RULE = """
[[regel]]
attribuut = "roepnaam"
eis = "optional"
scope = "SCOPE"
motivering = "Zonder dit werkt het niet."
motivation = "It does not work without."
"""


@pytest.mark.parametrize(
    ("scopes", "een_van", "said"),
    [
        (300, 1, SCOPES.beyond(300)),
        (SCOPES.most + 1, 1, SCOPES.beyond(SCOPES.most + 1)),
        (SCOPES.most, EEN_VAN.most // 2 + 1, EEN_VAN.beyond(EEN_VAN.most + 2)),
        (SCOPES.most, EEN_VAN.most // 2, None),
    ],
)
def test_a_policy_has_so_many_scopes_and_names(
    scopes: int, een_van: int, said: str | None, tmp_path: Path
) -> None:
    """
    One more is an error with the line and the number.
    """
    names = [f"s{n}" for n in range(scopes)]
    pairs = json.dumps([["roepnaam", "key"]] * een_van)
    text = _POLICY.replace("SCOPES", json.dumps(names)).replace("EEN_VAN", pairs)
    text += "".join(_RULE.replace("SCOPE", name) for name in names[:100])
    path = tmp_path / "eigen.toml"
    path.write_text(text)
    if said is None:
        assert len(Attribuutbeleid.load_file(path).scopes) == scopes
        return
    with pytest.raises(PolicyError) as caught:
        Attribuutbeleid.load_file(path)
    assert said in str(caught.value)
    assert ", line " in str(caught.value)


def test_a_policy_has_so_many_rules_and_bytes(tmp_path: Path) -> None:
    """
    A file is read to its bound, and no further; rules are counted first.
    """
    path = tmp_path / "eigen.toml"
    path.write_bytes(b"#" * (POLICY.most + 1))
    with pytest.raises(PolicyError, match=r"^eigen\.toml: file of a policy: expected"):
        Attribuutbeleid.load_file(path)
    regels: Any = (None,) * (REGELS.most + 1)
    with pytest.raises(PolicyError, match="regels: expected at most 1000 regels, got"):
        Attribuutbeleid("p", "1", "x", regels)


def test_a_receipt_has_so_many_bytes() -> None:
    """
    Bytes beyond the bound are not read as JSON.
    """
    with pytest.raises(ExchangeError) as caught:
        read_receipt(b"[" * (RECEIPT.most + 1))
    assert str(caught.value) == RECEIPT.beyond(RECEIPT.most + 1)


@pytest.mark.parametrize("room", [csv, edexml_in, edexml_tree, eduv, unpacked])
def test_a_room_keeps_no_bound_of_its_own(room: Any) -> None:  # noqa: ANN401  # a module
    """
    Every bound that a reader asks is one of the table.
    """
    asked = [b for b in vars(room).values() if isinstance(b, Bound)]
    assert asked
    assert set(asked) <= set(bounds.BOUNDS)
