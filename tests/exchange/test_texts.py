"""
A cell that is not text is a refused row, in its place, in every format and by column.
"""

import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
import strategies as our
from damage import told
from walking import raw

from eckid import (
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    ExchangeError,
    KetenID,
    Ontvanger,
    Scheme,
    Sector,
    Vrijgave,
    Wie,
)
from eckid.errors import NumberReden
from eckid.exchange import (
    SEALED,
    Doorgifte,
    Ontvangen,
    Received,
    Rij,
    RijReden,
    Roster,
    School,
    Weigering,
    derive_to,
    files_of,
    hash_list,
    hold,
    look,
    misfit_of,
    release_to,
    write,
)
from eckid.exchange.formats.csv import as_record
from eckid.exchange.formats.kinds import WRITTEN, Format
from eckid.exchange.formats.texts import as_text
from eckid.pgn import BSN
from eckid.scale import Kolom, hash_column, release_table, run, unseal_column
from eckid.scheme import CHEAPEST

# A number in bytes that are not UTF-8, and half an emoji behind a name.
BYTES: Final = b"063138219\xff"
HALF: Final = "Jannemieke\ud83d"
URI: Final = f"https://eckid.invalid/2026/{'0123456789abcdef' * 8}"
VALUES: Final = ("063138219", "63138219", "Jannemieke", "111222333")


def _texts(*cells: bytes | None) -> pa.Array:
    return pa.array(cells, pa.binary()).view(pa.string())


def _parquet(columns: Mapping[str, Any], names: list[str] | None = None) -> io.BytesIO:
    table = pa.table(columns)
    file = io.BytesIO()
    pq.write_table(table if names is None else table.rename_columns(names), file)
    return io.BytesIO(file.getvalue())


def _silent(error: BaseException) -> None:
    # Ours alone, and nothing of a value in it or behind it.
    assert raw(error) == []
    assert not any(value in told(error) for value in VALUES)


def _refusals(rows: Any) -> list[tuple[int, int | None, object]]:  # noqa: ANN401  # of any source
    return [(r.record, r.column, r.reden) for r in rows if isinstance(r, Weigering)]


STUDENTS: Final = [
    {"userMasterIdentifier": URI, "givenName": HALF, "familyName": "Boer"},
    {"userMasterIdentifier": URI[:-1] + "0", "givenName": "Sem", "familyName": "Bos"},
]


def test_a_cell_becomes_text_in_one_place() -> None:
    """
    A null is an empty cell; bytes, a number and half an emoji refuse the row there.
    """
    assert as_record(1, 2, [" a ", None]) == (1, 2, ["a", ""], Wie.LEERLING)
    for cell in (BYTES, HALF, 63138219, 1.5, date(2016, 2, 3)):
        assert as_record(3, 4, ["a", cell]) == Weigering(3, 4, 2, RijReden.TEXT)


def test_half_an_emoji_does_not_stop_a_pass_on(tmp_path: Path) -> None:
    """
    Its row is refused, every other row is passed on, and the report counts both.
    """
    source = tmp_path / "in.json"
    source.write_text(json.dumps(STUDENTS))
    found = list(Received(look(source)))
    assert [type(row) for row in found] == [Weigering, Ontvangen]
    assert _refusals(found) == [(1, 2, RijReden.TEXT)]
    who = Doorgifte(LEERMIDDELENKETEN, Sector.PO)
    made = release_to(
        tmp_path / "out.csv",
        Received(look(source)),
        who=who,
        to=roads.to(ontvanger=Ontvanger.SOFTWARELEVERANCIER),
    )
    assert (made.report.rows_in, made.report.rows_out) == (2, 1)
    assert "text" in made.files.refused.read_text("utf-8")


def test_text_of_parquet_that_is_not_utf8_is_a_refused_row() -> None:
    """
    Its row is told with its column; the rows beside it are read.
    """
    for kind in (pa.string(), pa.large_string()):
        numbers = _texts(BYTES, b"111222333", None, b"12").cast(kind)
        rows = list(Roster(hold(_parquet({"BSN": numbers}), format="parquet")))
        assert _refusals(rows) == [
            (1, 1, RijReden.TEXT),
            (3, None, RijReden.MISSING),
            (4, 1, NumberReden.LENGTH),
        ]
        assert isinstance(rows[1], Rij)
    names = _parquet({"BSN": ["111222333"], "groep": _texts(BYTES).dictionary_encode()})
    assert _refusals(Roster(hold(names, format="parquet"))) == [(1, 2, RijReden.TEXT)]


def test_a_damaged_parquet_file_never_tells_what_is_in_it() -> None:
    """
    With any byte changed it is read, or refused in our words.
    """
    whole = _parquet({"BSN": ["063138219", "111222333"], "key": ["Jannemieke", "b"]})
    octets = whole.getvalue()
    for place in range(0, len(octets), 3):
        damaged = octets[:place] + bytes([octets[place] ^ 0xFF]) + octets[place + 1 :]
        try:
            list(hold(io.BytesIO(damaged), format="parquet"))
        except ExchangeError as error:
            _silent(error)


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"BSN": ["063138219"], "a": ["1"], "b": ["2"]}, ["BSN", "x", "x"]),
        ({"BSN": ["063138219"], "a": ["1"], "b": ["2"]}, ["BSN", "x.y", "x"]),
        (
            {
                "BSN": ["063138219"],
                "Geboortedatum": pa.array([datetime(2016, 2, 3, 4)], pa.date64()),  # noqa: DTZ001  # as frames have it
            },
            None,
        ),
    ],
    ids=["two columns of one name", "a dot in a name", "a day with a time"],
)
def test_odd_parquet_is_read(columns: dict[str, Any], names: list[str] | None) -> None:
    """
    Each column is known by its place; a day of 64 bits is a day.
    """
    (row,) = Roster(hold(_parquet(columns, names), format="parquet"))
    assert isinstance(row, Rij)
    cells = {name: cell for name, cell in row.attributen.items() if name != "bsn"}
    if names is None:
        assert cells["geboortedatum"].startswith("2016-02-03")
    else:
        assert sorted(cells.values()) == ["1", "2"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([0], pa.timestamp("s", tz="Jannemieke/063138219")),
        pa.array([{"n063138219": 1}]),
        pa.array([Decimal(63138219)]),
        pa.array([[63138219]]),
        pa.array([63138219], pa.duration("s")),
    ],
    ids=["an unknown time zone", "a struct", "a decimal", "a list", "a duration"],
)
def test_of_a_type_only_its_first_word_is_told(column: pa.Array) -> None:
    """
    The names of fields and of a time zone may be anything, and stay out of the error.
    """
    with pytest.raises(ExchangeError, match="bsn: expected text, whole") as caught:
        list(Roster(hold(_parquet({"BSN": column}), format="parquet")))
    _silent(caught.value)


def test_a_day_with_a_time_is_kept_to_be_seen() -> None:
    """
    Of 64 bits as of a moment: the time is not cut off in silence.
    """
    late = pa.array([86_400_000 * 3 + 3_600_000], pa.int64()).view(pa.date64())
    assert as_text(late, "x").to_pylist() == ["1970-01-04 01:00:00.000"]


def _released(name: str, value: object) -> Vrijgave:
    ketenid = KetenID.parse(URI)
    to = roads.to(ontvanger=Ontvanger.SOFTWARELEVERANCIER)
    made = to.release({"eckid": ketenid, "roepnaam": "Sem", "achternaam": "Bos"})
    given: dict[str, Any] = {"achternaam": "Bos", **made.released, name: value}
    return Vrijgave(MappingProxyType(given), {}, made.regels, tuple(given))


@pytest.mark.parametrize("name", ["u.csv", "u.parquet", "u.json", "u.xml"])
@pytest.mark.parametrize("value", [HALF, BYTES, 63138219])
def test_what_is_not_text_is_written_in_no_format(
    name: str, value: object, tmp_path: Path
) -> None:
    """
    A release made by hand is refused in our words, before a file stands there.
    """
    made = _released("roepnaam", value)
    school = School(schooljaar="2026-2027", brincode="99XX")
    with pytest.raises((ExchangeError, TypeError)) as caught:
        write([made], tmp_path / name, school=school)
    _silent(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", WRITTEN)
def test_what_is_not_text_does_not_fit(format: Format) -> None:
    """
    In a list such a release is a refused row, with its attribute.
    """
    assert misfit_of(format)(_released("roepnaam", HALF)) == "roepnaam"


def test_a_row_made_by_hand_is_of_text() -> None:
    """
    Another type is a TypeError, and half an emoji a ValueError, without the value.
    """
    pgn, ketenid = BSN("063138219"), KetenID.parse(URI)
    wrong: list[Any] = [{"key": HALF}, {HALF: "k"}, {"key": 63138219}, {"key": BYTES}]
    for attributen in wrong:
        for make in (
            lambda a: Rij(1, 1, pgn, "bsn", a),
            lambda a: Ontvangen(1, 1, ketenid, a),
        ):
            with pytest.raises((TypeError, ValueError), match="attributen") as caught:
                make(attributen)
            _silent(caught.value)


def test_a_school_has_no_text_that_xml_cannot_hold() -> None:
    """
    Another type is a TypeError; a sign that XML lacks is refused.
    """
    with pytest.raises(ExchangeError, match="schoolkey: expected text that XML"):
        School(schooljaar="2026-2027", schoolkey="a\x00")
    with pytest.raises(TypeError, match="schooljaar: expected str, got int"):
        School(schooljaar=2026, brincode="99XX")  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize("name", ["a\0b.csv", "a\ud83d.csv"])
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    """
    In our words: Python's own error keeps the name.
    """
    who, to = roads.who(), roads.to()
    acts: list[Callable[[], object]] = [
        lambda: look(name),
        lambda: write([], name),
        lambda: run(name, "u.csv", who=who, to=to),
        lambda: files_of(Path(name), rehearsal=False),
        lambda: release_to(name, [], who=who, to=to),
        lambda: our.RING.save(name, passphrase="x"),
        lambda: our.RING.load(name, passphrase="x"),
    ]
    with pytest.raises(TypeError, match="path: expected a path, got int"):
        look(63138219)  # type: ignore[arg-type]  # the point
    for act in acts:
        with pytest.raises(ValueError, match="expected a name that a file") as caught:
            act()
        assert raw(caught.value) == []


# Cells of several types, as a spreadsheet gives them; then what each is read as.
MIXED: Final = [
    63138219,
    "111222333",
    None,
    63138219.0,
    HALF,
    BYTES,
    Decimal(63138219),
    [63138219],
    date(2016, 2, 3),
    10**30,
]
READ: Final = [
    None,
    None,
    None,
    None,
    RijReden.TEXT,
    RijReden.TEXT,
    RijReden.TEXT,
    RijReden.TEXT,
    NumberReden.SEPARATOR,
    RijReden.TEXT,
]


def _objects() -> Any:  # noqa: ANN401  # an array of numpy
    found = np.empty(len(MIXED), dtype=object)
    found[:] = MIXED
    return found


MIXES: Final[Mapping[str, Callable[[], Any]]] = {
    "numpy": _objects,
    "pandas": lambda: pd.Series(_objects(), dtype=object),
    "polars": lambda: pl.Series(MIXED, dtype=pl.Object),
}


@pytest.mark.parametrize("library", MIXES)
def test_a_column_of_several_types_is_read_cell_by_cell(library: str) -> None:
    """
    Each cell as a column of its type is; one that is not text is a refused row.
    """
    made = hash_column(MIXES[library](), hasher=roads.hasher())
    refused = {row["row"]: row["reason"] for row in made.refused.to_pylist()}
    assert refused == {n: r.value for n, r in enumerate(READ) if r is not None}
    there = [value is not None for value in made.column]
    assert there == [True, True, False, True, *[False] * 6]
    (first, _, _, fourth, *_) = made.column
    assert first == fourth


def test_half_an_emoji_in_a_column_of_text_is_a_refused_row() -> None:
    """
    As numpy and pandas hold text; the rows beside it are hashed.
    """
    for column in (
        np.array(["111222333", HALF]),
        pd.Series(["111222333", HALF], dtype=object),
        pd.Series(["111222333", HALF], dtype=pd.StringDtype("python")),
    ):
        made = hash_column(column, hasher=roads.hasher())
        assert made.refused["row"].to_pylist() == [1]
        assert made.refused["reason"].to_pylist() == [RijReden.TEXT.value]


def test_a_number_beside_a_text_is_a_number() -> None:
    """
    As pandas keeps a column that has both; nothing of either is told.
    """
    column = pd.Series([63138219, "111222333"], dtype=object)
    made = hash_column(column, hasher=roads.hasher())
    assert len(made.refused) == 0
    text = hash_column(pa.array(["063138219", "111222333"]), hasher=roads.hasher())
    assert list(made.column) == list(text.column)


def test_text_of_a_column_that_is_not_utf8_is_a_refused_row() -> None:
    """
    In numbers, keys, attributes and sealed values alike.
    """
    numbers = pa.array(["063138219", "111222333"])
    wrong = _texts(BYTES, b"a")
    hasher, ring = roads.hasher(), our.RING
    text = RijReden.TEXT.value

    def refused(made: Any) -> list[tuple[int, str]]:  # noqa: ANN401  # Gemaakt
        return [(row["row"], row["reason"]) for row in made.refused.to_pylist()]

    made = hash_column(_texts(BYTES, b"111222333"), hasher=hasher)
    assert refused(made) == [(0, text)]
    shown = pa.table({"roepnaam": wrong})
    assert refused(hash_column(numbers, hasher=hasher, attributen=shown)) == [(0, text)]
    column = hash_column(numbers, hasher=hasher).column
    sealed = column.seal(wrong, sleutelbos=ring)
    assert refused(sealed) == [(0, text)]
    how: dict[str, Any] = {"sleutelbos": ring, "scheme": hasher.scheme}
    assert refused(unseal_column(sealed.column, wrong, **how)) == []
    both = column.seal(pa.array(["x", "a"]), sleutelbos=ring).column
    assert refused(unseal_column(both, wrong, **how)) == [(0, text)]
    assert refused(unseal_column(wrong, pa.array(["x", "a"]), **how)) == [
        (0, RijReden.SEAL.value),
        (1, RijReden.SEAL.value),
    ]


@pytest.mark.parametrize(
    "column",
    [
        np.array([complex(63138219)]),
        np.zeros(1, dtype=[("n063138219", "i4")]),
        pd.Series(pd.PeriodIndex(["2016-02-03"], freq="D")),
    ],
    ids=["complex", "fields", "periods"],
)
def test_a_column_of_a_type_that_arrow_lacks_is_refused(column: Any) -> None:  # noqa: ANN401
    """
    Its type is named, and nothing that the type holds.
    """
    with pytest.raises(ExchangeError, match="numbers: expected") as caught:
        hash_column(column, hasher=roads.hasher())
    _silent(caught.value)


def test_a_column_has_one_dimension() -> None:
    """
    A square of cells, and one cell alone, are not columns.
    """
    for column in (np.full((2, 2), "063138219"), np.array("063138219")):
        with pytest.raises(ExchangeError, match="dimensions") as caught:
            hash_column(column, hasher=roads.hasher())
        _silent(caught.value)


def _sealed(keys: list[str], scheme: Scheme = CHEAPEST) -> pa.Array:
    numbers = pa.array(["063138219", "111222333"][: len(keys)])
    column = hash_column(numbers, hasher=roads.hasher(scheme=scheme)).column
    return column.seal(pa.array(keys), sleutelbos=our.RING).column


def test_a_table_refuses_the_row_of_a_cell_that_is_not_text() -> None:
    """
    With its attribute, whichever it is; the other rows go, and every row is counted.
    """
    sealed = _sealed(["a", "b"])
    for name in ("roepnaam", "schoenmaat", "key"):
        columns = {"key": pa.array(["a", "b"]), "roepnaam": pa.array(["Sem", "Noor"])}
        columns[name] = _texts(BYTES, b"b")
        table = pa.table({**columns, SEALED: sealed})
        found = release_table(table, who=roads.who(), to=roads.to())
        assert found.table.num_rows == 1
        (refused,) = found.refused.to_pylist()
        assert (refused["row"], refused["reason"]) == (0, RijReden.TEXT.value)
        assert refused["attribuut"] == name


def test_a_row_that_is_not_text_is_nobodys_second_row() -> None:
    """
    As in a list: the other row of the person goes.
    """
    sealed = pa.array([*_sealed(["a"]).to_pylist() * 2])
    table = pa.table(
        {"key": ["a", "a"], "roepnaam": _texts(BYTES, b"Sem"), SEALED: sealed}
    )
    found = release_table(table, who=roads.who(), to=roads.to())
    assert found.refused["reason"].to_pylist() == [RijReden.TEXT.value]
    assert found.table.num_rows == 1


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_of_several_types_is_read_cell_by_cell(library: str) -> None:
    """
    Each column by itself; a cell that is not text refuses its row.
    """
    sealed = _sealed(["a", "7"]).to_pylist()
    cells = {"key": ["a", 7], "roepnaam": ["Sem", HALF], SEALED: sealed}
    if library == "pandas":
        frame: Any = pd.DataFrame(
            {name: pd.Series(column, dtype=object) for name, column in cells.items()}
        )
    else:
        frame = pl.DataFrame(
            {
                "key": pl.Series(cells["key"], dtype=pl.Object),
                "roepnaam": pl.Series(cells["roepnaam"], dtype=pl.Object),
                SEALED: pl.Series(sealed, dtype=pl.Binary),
            }
        )
    found = release_table(frame, who=roads.who(), to=roads.to())
    assert found.table["roepnaam"].to_pylist() == ["Sem"]
    assert found.refused["reason"].to_pylist() == [RijReden.TEXT.value]


REWRITTEN: Final[Mapping[str, Callable[[pa.Array], pa.Array]]] = {
    "binary": lambda sealed: sealed,
    "large_binary": lambda sealed: sealed.cast(pa.large_binary()),
    "binary_view": lambda sealed: sealed.cast(pa.binary_view()),
    "fixed": lambda sealed: pa.array(
        sealed.to_pylist(), pa.binary(len(sealed[0].as_py()))
    ),
    "dictionary": lambda sealed: sealed.dictionary_encode(),
    "hex": lambda sealed: pa.array([cell.hex() for cell in sealed.to_pylist()]),
    "hex, dictionary": lambda sealed: pa.array(
        [cell.hex() for cell in sealed.to_pylist()]
    ).dictionary_encode(),
}


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("how", REWRITTEN)
def test_a_sealed_column_is_read_on_each_road(how: str, tmp_path: Path) -> None:
    """
    However another library wrote it again: by release, derive, and by column.
    """
    scheme = NUMMERVOORZIENING
    sealed = REWRITTEN[how](_sealed(["a", "b"], scheme))
    columns = {"key": ["a", "b"], SEALED: sealed}
    who, to = roads.who(scheme=scheme), roads.to()
    assert release_table(pa.table(columns), who=who, to=to).table.num_rows == 2
    keys = pa.array(["a", "b"])
    opened = unseal_column(sealed, keys, sleutelbos=our.RING, scheme=scheme)
    assert len(opened.refused) == 0
    source = tmp_path / "sealed.parquet"
    try:
        file = _parquet(columns)
    except pa.ArrowNotImplementedError:  # the lowest pyarrow writes no views
        file = _parquet(columns | {SEALED: sealed.cast(pa.binary())})
    source.write_bytes(file.getvalue())
    out = tmp_path / "u.parquet"
    run(source, out, who=who, to=to)
    assert pq.read_table(out).num_rows == 2
    made = derive_to(tmp_path / "d.csv", look(source), who=who, sleutelbos=our.RING)
    assert (made.report.rows_in, made.report.rows_out) == (2, 2)


def test_a_key_is_the_same_on_each_road() -> None:
    """
    Spaces around it do not count, and a key of spaces is none: list, column and table.
    """
    column = hash_column(pa.array(["063138219"]), hasher=roads.hasher()).column
    how: dict[str, Any] = {"sleutelbos": our.RING, "scheme": roads.hasher().scheme}
    spaced = column.seal(pa.array([" a\t"]), sleutelbos=our.RING).column
    for key in ("a", "a ", " a\t"):
        opened = unseal_column(spaced, pa.array([key]), **how)
        assert list(opened.column) == list(column)
        table = pa.table({"key": [key], "roepnaam": ["Sem"], SEALED: spaced})
        found = release_table(table, who=roads.who(), to=roads.to())
        assert found.table.num_rows == 1
    for blank in ("", "  ", None):
        made = column.seal(pa.array([blank], pa.string()), sleutelbos=our.RING)
        assert made.refused["reason"].to_pylist() == [RijReden.KEY.value]
    rij = Rij(1, 1, BSN("063138219"), "bsn", {"key": " \t", "leerlingnummer": " 7 "})
    (sealed,) = hash_list([rij], sleutelbos=our.RING, hasher=roads.hasher())
    assert sealed.key == "7"  # type: ignore[union-attr]  # no refusal
    blank_ = Rij(1, 1, BSN("063138219"), "bsn", {"key": "  "})
    (refused,) = hash_list([blank_], sleutelbos=our.RING, hasher=roads.hasher())
    assert isinstance(refused, Weigering)
    assert refused.reden is RijReden.KEY


def test_what_was_sealed_for_a_key_with_spaces_still_opens() -> None:
    """
    An earlier version sealed a column for the key as it stood there.
    """
    (hpgn,) = hash_column(pa.array(["063138219"]), hasher=roads.hasher()).column
    assert hpgn is not None
    sealed = pa.array([our.RING.seal(hpgn, about="hpgn a ")])
    how: dict[str, Any] = {"sleutelbos": our.RING, "scheme": roads.hasher().scheme}
    opened = unseal_column(sealed, pa.array(["a "]), **how)
    assert list(opened.column) == [hpgn]


def test_a_column_is_unsealed_as_one_of_two_kinds() -> None:
    """
    Another kind is a TypeError, and so is a column of values that is none.
    """
    with pytest.raises(TypeError, match="kind: expected HPgn or Stampseudoniem"):
        unseal_column(
            pa.array([b"x"]),
            pa.array(["a"]),
            sleutelbos=our.RING,
            kind=KetenID,  # type: ignore[arg-type]  # the point
        )
    with pytest.raises(TypeError, match="values: expected Iterable, got int"):
        Kolom(63138219)  # type: ignore[arg-type]  # the point
