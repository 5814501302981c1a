"""
Batches of Arrow in the process of a worker, with the ring that it opens by itself.
"""

import pickle
import sys
import traceback
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pytest
import roads
import strategies as our
from strategies import RING

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    ExchangeError,
    SecretError,
    Sector,
    Sleutelbos,
)
from eckid._core.bounds import WORDS
from eckid.exchange.formats.kinds import load
from eckid.exchange.formats.parquet import SEALED
from eckid.hashing import Hasher
from eckid.scale import (
    Ringbestand,
    batches,
    derive_batches,
    hash_batches,
    opened,
    spark,
)
from eckid.scale.batches import release_batches
from eckid.scheme import CHEAPEST

PASSPHRASE: Final = "een zin die nergens staat"
TO: Final = roads.to()
_LVS: Final = Attribuutbeleid.load("lvs-set-2.3")
LVS: Final = roads.to(_LVS, scopes=_LVS.scopes)
NUMBERS: Final = pa.RecordBatch.from_pydict(
    {
        "nr": [7, 8, 9],
        "bsn": [*our.SAFE_BSNS[:2], None],
        "key": ["a", "b", "c"],
        "roepnaam": ["Sem", f"Noor {our.SAFE_BSNS[1]}", "Tom"],
    }
)


@pytest.fixture
def ring(tmp_path: Path) -> Ringbestand:
    """
    The ring of these tests, in a file, with its passphrase in another.
    """
    RING.save(tmp_path / "school.ring", passphrase=PASSPHRASE)
    (tmp_path / "zin").write_text(f"{PASSPHRASE}\r\n", "utf-8")
    return Ringbestand(
        path=tmp_path / "school.ring",
        passphrase_file=tmp_path / "zin",
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        scheme=CHEAPEST,
    )


def _hashed(ring: Ringbestand, *of: pa.RecordBatch) -> list[pa.RecordBatch]:
    return list(hash_batches(of, ring=ring, row="nr", memory=2**20))


def test_a_ring_is_opened_once_in_a_process(
    ring: Ringbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    And again if another file stands there; equal values share it.
    """
    loads: list[Path] = []
    load = Sleutelbos.load

    def seen(path: Path, **how: Any) -> Sleutelbos:  # noqa: ANN401  # as load takes it
        loads.append(path)
        return load(path, **how)

    monkeypatch.setattr(Sleutelbos, "load", seen)
    first = ring.sleutelbos()
    assert pickle.loads(pickle.dumps(ring)).sleutelbos() is first  # noqa: S301  # ours
    other = Sleutelbos.generate(release="2026")
    other.save(ring.path, passphrase=PASSPHRASE, replace=True)
    assert ring.sleutelbos().mark == other.mark
    assert len(loads) == 2
    monkeypatch.setattr(opened, "_MOST", 1)
    another = replace(ring, sector=Sector.VO)
    assert another.bron().sector is Sector.VO
    assert len(opened._open) == 1


def test_what_is_sent_to_a_worker_holds_no_secret(
    ring: Ringbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It says where the ring and its passphrase lie: in a file, or in a variable there.
    """
    monkeypatch.setenv("ZIN", PASSPHRASE)
    by_name = replace(ring, passphrase_file=None, passphrase_env="ZIN")
    for each in (ring, by_name):
        assert each.sleutelbos().mark == RING.mark
        sent = pickle.dumps(each)
        assert PASSPHRASE.encode() not in sent
        assert RING.salt.expose() not in sent
    monkeypatch.delenv("ZIN")
    opened._open.clear()
    with pytest.raises(SecretError, match="expected the variable to be set"):
        by_name.sleutelbos()
    for wrong in ({"passphrase_file": None}, {"passphrase_env": "ZIN"}):
        with pytest.raises(ValueError, match="expected one of the two"):
            replace(ring, **wrong)


def test_the_file_of_a_passphrase_is_read_to_its_bound(
    ring: Ringbestand, tmp_path: Path
) -> None:
    """
    Also one without an end, as on the command line.
    """
    (tmp_path / "zeros").symlink_to("/dev/zero")
    with pytest.raises(SecretError) as caught:
        replace(ring, passphrase_file=tmp_path / "zeros").sleutelbos()
    assert str(caught.value) == WORDS.beyond()


def test_a_refused_row_keeps_its_number_and_its_reason_alone(ring: Ringbestand) -> None:
    """
    As many rows come out as went in; the ketenIDs are those of a column.
    """
    (made,) = _hashed(ring, NUMBERS)
    assert made.schema.names == [
        *("nr", "key", "roepnaam", SEALED, "attribuut", "reason", "meaning")
    ]
    assert made["reason"].to_pylist() == [None, "pgn-in-attribuut", None]
    assert made["nr"].to_pylist() == [7, 8, 9]
    assert made.drop_columns(["nr", "reason", "meaning"]).slice(1, 1).to_pylist() == [
        {"key": None, "roepnaam": None, SEALED: None, "attribuut": None}
    ]
    again = made.drop_columns(["attribuut", "reason", "meaning"])
    cut = again.set_column(1, "key", pa.array(["a", "b", "c"]))
    (derived,) = derive_batches([cut], ring=ring, row="nr")
    (ketenid, none, nobody) = derived["eckid"].to_pylist()
    assert ketenid.startswith("https://eckid.invalid/2026/")
    assert none is None
    assert nobody is None
    moved = again.set_column(1, "key", pa.array(["x", "b", "c"]))
    (derived,) = derive_batches([moved], ring=ring, row="nr")
    assert derived["reason"].to_pylist() == ["seal", None, None]


def test_a_batch_is_cut_before_it_is_hashed(ring: Ringbestand) -> None:
    """
    What Spark sends at a time would take an hour; a part takes half a minute.
    """
    many = NUMBERS.take(pa.array([0] * 600))
    assert [len(each) for each in _hashed(ring, many)] == [256, 256, 88]


def test_the_threads_of_a_worker_end_with_its_batches(
    ring: Ringbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    One hasher for all batches of a task; at its end it gives its memory back.
    """
    told: list[str] = []
    close = Hasher.close

    def seen(hasher: Hasher) -> None:
        told.append("closed")
        close(hasher)

    monkeypatch.setattr(Hasher, "close", seen)
    made = hash_batches(
        [NUMBERS, NUMBERS, NUMBERS[:0]], ring=ring, row="nr", memory=2**20
    )
    assert len(next(made)) == len(next(made)) == 3
    assert told == []
    assert [len(each) for each in made] == [0]
    assert told == ["closed"]


def test_an_empty_batch_opens_no_ring(ring: Ringbestand) -> None:
    """
    It has the columns that the others have, so that a verb knows them beforehand.
    """
    (made,) = _hashed(ring, NUMBERS)
    sealed = made.drop_columns(["attribuut", "reason", "meaning"])
    gone = replace(ring, path="nowhere.ring")
    works: Any = [
        (hash_batches, NUMBERS, {"memory": 1}),
        (derive_batches, sealed, {}),
        (release_batches, sealed, {"to": TO, "days": "dmy"}),
    ]
    for work, batch, how in works:
        (full,) = work([batch], ring=ring, row="nr", **how)
        (empty,) = work([batch.slice(0, 0)], ring=gone, row="nr", **how)
        assert empty.schema == full.schema
        assert len(empty) == 0


def test_marks_tell_rows_of_one_person_and_nothing_else(ring: Ringbestand) -> None:
    """
    In any batch alike: not of a row that is refused, and not by the key or the name.
    """
    rows = {
        "nr": [0, 1, 2, 3, 4],
        "bsn": [*our.SAFE_BSNS[:1] * 3, our.SAFE_BSNS[1], None],
        "key": ["a", "b", "a", "a", "e"],
        "roepnaam": ["Sem", " SEM ", "Noor", "Sem", "Tom"],
        "ander_id_reden": ["", "symbiose", "", "", "zomaar"],
        "ander_id_tot": ["", "2026-12-31", "", "", ""],
    }
    (made,) = _hashed(ring, pa.RecordBatch.from_pydict(rows))
    batch = made.drop_columns(["attribuut", "reason", "meaning"])
    how: dict[str, Any] = {"ring": ring, "row": "nr", "to": TO, "days": "dmy"}
    together = pa.Table.from_batches(release_batches([batch], **how))
    each = [batch.slice(n, 1) for n in range(5)]
    apart = pa.Table.from_batches(release_batches(each, **how))
    assert apart.combine_chunks() == together
    person, name, key, how_ = (together[n].to_pylist() for n in batches.MARKS)
    assert person[0] == person[1] == person[2] != person[3]
    assert person[4] is None
    assert name[0] == name[1]
    assert len({name[0], name[2], name[3]}) == 3
    assert key[0] == key[2] == key[3] != key[1]
    assert how_ == [1, 2, 1, 1, 2]


@pytest.mark.parametrize(
    ("days", "today", "born"),
    [
        ("dmy", date(2026, 11, 27), "1927-04-03"),
        ("dmy", date(2027, 11, 27), "2027-04-03"),
        ("mdy", date(2026, 11, 27), "1927-03-04"),
    ],
)
def test_a_day_is_read_as_the_whole_frame_reads_it(
    ring: Ringbestand, days: str, today: date, born: str
) -> None:
    """
    In the order and on the day that all batches get: none knows the others.
    """
    rows = {"nr": [1], "bsn": our.SAFE_BSNS[:1], "key": ["a"]}
    rows |= {"geboortedatum": ["3-4-27"], "achternaam": ["Vos"], "jaargroep": ["6"]}
    rows |= {"geslacht": ["1"], "roepnaam": ["Sem"], "groep": ["6a"]}
    (made,) = _hashed(ring, pa.RecordBatch.from_pydict(rows))
    batch = made.drop_columns(["attribuut", "reason", "meaning"])
    how: dict[str, Any] = {"days": days, "today": today}
    (going,) = release_batches([batch], ring=ring, row="nr", to=LVS, **how)
    assert going["attribuut"].to_pylist() == [None]
    assert going["geboortedatum"].to_pylist() == [born]


def test_an_error_of_a_worker_has_no_value(
    ring: Ringbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Whatever another library raises for a batch: Spark carries its text to the driver.
    """

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(our.SAFE_BSNS[0])

    (made,) = _hashed(ring, NUMBERS)
    sealed = made.drop_columns(["attribuut", "reason", "meaning"])
    how: dict[str, Any] = {"ring": ring, "row": "nr"}
    works: Any = [
        ("hash_column", lambda: hash_batches([NUMBERS], memory=2**20, **how)),
        ("unseal_column", lambda: derive_batches([sealed], **how)),
        ("release_parts", lambda: release_batches([sealed], to=TO, days="dmy", **how)),
    ]
    for name, work in works:
        monkeypatch.setattr(batches, name, fails)
        with pytest.raises(ExchangeError, match="got RuntimeError") as refused:
            list(work())
        said = "".join(traceback.format_exception(refused.value))
        assert our.SAFE_BSNS[0] not in said
        assert refused.value.__context__ is None


def test_names_that_were_misread_stop_a_batch(ring: Ringbestand) -> None:
    """
    As they stop a table: the text was misread before, in all rows.
    """
    rows = {"nr": [1], "bsn": our.SAFE_BSNS[:1], "key": ["a"], "roepnaam": ["Zo\ufffd"]}
    (made,) = _hashed(ring, pa.RecordBatch.from_pydict(rows))
    batch = made.drop_columns(["attribuut", "reason", "meaning"])
    with pytest.raises(ExchangeError, match="a sign that no name has"):
        list(release_batches([batch], ring=ring, row="nr", to=TO, days="dmy"))


@pytest.mark.parametrize(
    ("batch", "why"),
    [
        (NUMBERS.drop_columns(["nr"]), "row: expected one column of its name, got 0"),
        (NUMBERS.drop_columns(["bsn"]), "number: expected one column"),
        (NUMBERS.append_column("bsn", NUMBERS["bsn"]), "number: expected one column"),
        (NUMBERS.append_column("key", NUMBERS["key"]), "key: expected one column"),
        (
            NUMBERS.append_column("roepnaam", NUMBERS["key"]),
            "column 4: expected a name",
        ),
        (NUMBERS.append_column("reason", NUMBERS["key"]), "column reason: the result"),
        (NUMBERS.append_column(SEALED, NUMBERS["key"]), f"column {SEALED}: the result"),
        (NUMBERS.append_column("Reason", NUMBERS["key"]), "column reason: the result"),
        (NUMBERS.set_column(0, "nr", NUMBERS["key"]), "row: expected whole"),
        (NUMBERS.append_column("f", pa.array([1.5] * 3, "float32")), "column 5: exp"),
    ],
)
def test_a_batch_of_another_form_is_refused(
    ring: Ringbestand, batch: pa.RecordBatch, why: str
) -> None:
    """
    Before anything of it is read; it is said which column.
    """
    with pytest.raises(ExchangeError, match=why):
        _hashed(ring, batch.slice(0, 0))


def test_without_spark_it_is_said_what_to_install(
    ring: Ringbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A verb imports pyspark where it is called; the room itself needs it not.
    """
    load.cache_clear()
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ExchangeError, match=r"pip install 'eckid\[spark\]'"):
        spark.derive_frame(NUMBERS, ring=ring, row="nr")
    load.cache_clear()


def test_a_number_of_a_person_is_no_number_of_a_row(ring: Ringbestand) -> None:
    """
    It would stand beside the reason of each refused row.
    """
    own = [int(number) for number in our.SAFE_BSNS[:2]]
    bsns = pa.array([*our.SAFE_BSNS[:2], None])
    for nr in ([1, own[1], 3], [*own, 3]):
        batch = NUMBERS.set_column(0, "nr", pa.array(nr)).set_column(1, "bsn", bsns)
        with pytest.raises(ExchangeError, match="row: expected a count") as why:
            _hashed(ring, batch)
        assert our.SAFE_BSNS[1] not in str(vars(why.value))
    batch = NUMBERS.set_column(1, "bsn", pa.array([*own, None]))
    with pytest.raises(ExchangeError, match="row: expected a count"):
        list(hash_batches([batch], ring=ring, row="bsn", memory=1))


def test_what_a_worker_is_asked_is_checked_first(ring: Ringbestand) -> None:
    """
    Memory has no default, because each worker would take half of what is free.
    """
    with pytest.raises(TypeError, match="memory"):
        hash_batches([NUMBERS], ring=ring, row="nr")  # type: ignore[call-arg]  # a mistake
    none: Any = ({"memory": 0}, {"memory": 1, "workers": 0})
    for few in none:
        with pytest.raises(ValueError, match="expected 1 or more, got 0"):
            list(hash_batches([], ring=ring, row="nr", **few))
    with pytest.raises(TypeError, match="keten: expected Keten"):
        list(derive_batches([], ring=replace(ring, keten=None), row="nr"))
    (made,) = _hashed(ring, NUMBERS)
    batch = made.drop_columns(["roepnaam", "attribuut", "reason", "meaning"])
    named = batch.rename_columns(["roepnaam", "key", SEALED])
    with pytest.raises(ExchangeError, match="column roepnaam: the result has one too"):
        list(release_batches([named], ring=ring, row="roepnaam", to=TO, days="dmy"))
