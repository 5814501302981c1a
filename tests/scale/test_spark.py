"""
Spark over a cluster gives what a table gives on one machine, and tells nothing.
"""

import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import frames
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
import sparks
from strategies import RING

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Bestemming,
    ExchangeError,
    Sector,
)
from eckid.exchange import RijReden, Ringbron
from eckid.exchange.formats.parquet import SEALED
from eckid.scale import (
    Ringbestand,
    derive_column,
    hash_column,
    release_table,
    unseal_column,
)
from eckid.scale.spark import derive_frame, hash_frame, release_frame
from eckid.scheme import CHEAPEST

pytestmark = [
    # One cluster for all: it takes as long to start as they take together.
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully:FutureWarning"),
]

ON: Final = date(2026, 11, 24)
PASSPHRASE: Final = "een zin die nergens staat"
PUBLISHER: Final = roads.to(on=ON)
_LVS: Final = Attribuutbeleid.load("lvs-set-2.3")
# Here a year group goes, and a person without a ketenID too.
LVS: Final = roads.to(_LVS, on=ON, toetsdag=ON, scopes=_LVS.scopes)


class Spark(NamedTuple):
    """
    A cluster: its session, its folder, and how its workers find the ring.
    """

    session: Any
    folder: Path
    ring: Ringbestand

    def frame(self, table: pa.Table, parts: int) -> Any:  # noqa: ANN401  # of Spark
        """
        Return a table as a frame of so many files, each read by a task.
        """
        folder = self.folder / f"table-{len(list(self.folder.iterdir()))}"
        folder.mkdir()
        each = -(-len(table) // parts)
        for n in range(parts):
            pq.write_table(table.slice(n * each, each), folder / f"{n}.parquet")
        return self.session.read.parquet(folder.as_uri())


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """
    A cluster of two workers on loopback; each opens the ring by itself.
    """
    folder = tmp_path_factory.mktemp("spark")
    RING.save(folder / "school.ring", passphrase=PASSPHRASE)
    ring = Ringbestand(
        path=folder / "school.ring",
        passphrase_env="ECKID_PASSPHRASE",
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        scheme=CHEAPEST,
    )
    # A task for each file.
    settings = {"spark.sql.files.openCostInBytes": "134217728"}
    workers = {"ECKID_PASSPHRASE": PASSPHRASE}
    with sparks.cluster(folder, of_workers=workers, settings=settings) as session:
        yield Spark(session, folder, ring)


SPOILT: Final = frames.spoilt(2_000)


def _same(frame: Any, spoilt: pa.Table, to: Bestemming, ring: Ringbestand) -> None:  # noqa: ANN401  # of Spark
    made = release_frame(frame, ring=ring, to=to, row="nr", days="dmy").toArrow()
    table = spoilt.drop_columns(["nr"])
    wanted = release_table(table, who=roads.who(), to=to, days="dmy")
    names, told = wanted.table.column_names, ("attribuut", "reason", "meaning")
    assert made.column_names == ["nr", *names, *told]
    released: Counter[tuple[object, ...]] = Counter()
    refused: list[tuple[object, ...]] = []
    for row in made.to_pylist():
        goes = tuple(row[name] for name in names)
        # A refused row has no value, and a released one no number.
        if row["reason"] is None:
            released[goes] += 1
            assert row["nr"] is row["attribuut"] is row["meaning"] is None
        else:
            refused.append((row["nr"], *(row[name] for name in told)))
            assert not any(goes)
    cells = (wanted.table[name].to_pylist() for name in names)
    assert released == Counter(zip(*cells, strict=True))
    assert sorted(refused) == [tuple(r.values()) for r in wanted.refused.to_pylist()]


def _killing_once(mark: Path) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """
    Return a step that gives on what it gets, and kills its executor the first time.
    """

    # Sent by value: no worker has this module.
    def step(batches: Iterable[Any]) -> Iterator[Any]:
        import os  # noqa: PLC0415  # in the worker

        import psutil  # noqa: PLC0415  # as above
        from pyspark import TaskContext  # noqa: PLC0415  # as above

        for batch in batches:
            yield batch
            if TaskContext.get().partitionId() != 3:
                continue
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            # A worker, the daemon that it was forked from, and the executor.
            *_, executor = psutil.Process().parents()[:2]
            assert executor.name() == "java"
            executor.kill()

    return step


def test_a_frame_is_released_as_a_table_is(spark: Spark, tmp_path: Path) -> None:
    """
    The same rows go, the same are refused for the same reasons; an executor is killed.
    """
    frame = spark.frame(SPOILT.table, 4)
    assert frame.rdd.getNumPartitions() == 4
    killed = frame.mapInArrow(_killing_once(tmp_path / "killed"), frame.schema)
    _same(killed, SPOILT.table, PUBLISHER, spark.ring)
    assert (tmp_path / "killed").exists()


def test_every_reason_of_a_table_is_one_of_a_frame(spark: Spark) -> None:
    """
    Under a policy that releases more, the list has each that a table can have.

    In how many batches a worker gets its rows is nothing to the result.
    """
    spark.session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "37")
    _same(spark.frame(SPOILT.table, 2), SPOILT.table, LVS, spark.ring)
    table = SPOILT.table.drop_columns(["nr"])
    made = release_table(table, who=roads.who(), to=LVS, days="dmy")
    assert set(made.report.refused) == {
        *(RijReden.ANDER_ID, RijReden.CONFLICT, RijReden.DUPLICATE, RijReden.KEY),
        *(RijReden.KETENID_WENT, RijReden.LEAK, RijReden.MANDATORY, RijReden.MISSING),
        *(RijReden.PGN_IN_ATTRIBUUT, RijReden.SEAL, RijReden.TEXT, RijReden.TOO_LONG),
        RijReden.VALUE,
    }


@pytest.mark.long
def test_a_long_frame_is_released_as_a_table_is(spark: Spark, tmp_path: Path) -> None:
    """
    200,000 rows, and an executor killed on the way.
    """
    many = frames.spoilt(200_000).table
    frame = spark.frame(many, 12)
    killed = frame.mapInArrow(_killing_once(tmp_path / "killed"), frame.schema)
    _same(killed, many, PUBLISHER, spark.ring)
    assert (tmp_path / "killed").exists()


# Names of columns that Spark itself finds hard: with a dot, with a sign of its own.
NUMBERS: Final = pa.table(
    {
        "nr": pa.array(range(600), pa.int32()),
        "bsn": [
            *(frames.numbers(590, seed=7)),
            *(None, "12", "x", *7 * ["111222333"]),
        ],
        "key": [f"k{n}" if n != 5 else None for n in range(600)],
        "leerling.`naam`": [f"{frames.NAMES}{n}" for n in range(600)],
        "sinds": pa.array([date(2026, 1, 1)] * 600),
    }
)


def test_a_frame_is_hashed_and_derived_as_a_column_is(
    spark: Spark, tmp_path: Path
) -> None:
    """
    What is sealed opens to the same HPgns; the ketenIDs and the refusals are the same.
    """
    ring = spark.ring
    made = hash_frame(spark.frame(NUMBERS, 2), ring=ring, row="nr", memory=2**24)
    assert made.schema["sinds"].dataType.simpleString() == "date"
    # Written once: what is read twice is not hashed twice.
    made.write.parquet(str(tmp_path / "sealed"))
    sealed = spark.session.read.parquet(str(tmp_path / "sealed"))
    table = sealed.toArrow().sort_by("nr")
    assert table.column_names == [
        *("nr", "key", "leerling.`naam`", "sinds", SEALED),
        *("attribuut", "reason", "meaning"),
    ]
    with roads.hasher() as hasher:
        wanted = hash_column(NUMBERS["bsn"], hasher=hasher)
    found = unseal_column(table[SEALED], table["key"], sleutelbos=RING, scheme=CHEAPEST)
    assert not len(found.refused)
    assert list(found.column)[6:] == list(wanted.column)[6:]
    reasons = {n: r for n, r in enumerate(table["reason"].to_pylist()) if r}
    told = {r["row"]: r["reason"] for r in wanted.refused.to_pylist()}
    assert reasons == {5: "key", **told}
    for row in reasons:
        cells = {n: c for n, c in table.slice(row, 1).to_pylist()[0].items() if c}
        assert cells.keys() == {"nr", "reason", "meaning"}
    derived = derive_frame(
        sealed.where("reason is null").drop("attribuut", "reason", "meaning"),
        ring=ring,
        row="nr",
    )
    table = derived.toArrow().sort_by("nr")
    bron = Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    kept = wanted.column.take(table["nr"].combine_chunks().cast("int64"))
    made = derive_column(kept, bron=bron).column
    assert table["eckid"].to_pylist() == made.to_pylist()
    assert not any(table["reason"].to_pylist())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda f: f.withColumnRenamed("nr", "x"), "row: expected one column"),
        (lambda f: f.withColumn("nr", f["key"]), "row: expected whole numbers"),
        (lambda f: f.withColumn("bsn", f["key"]), "got a column bsn: leave it out"),
        (lambda f: f.drop(SEALED), f"expected the columns key and {SEALED}"),
        (lambda f: f.withColumn("schoenmaat", f["nr"].cast("float")), "got float"),
    ],
    ids=["no-row", "row-of-text", "numbers", "no-seals", "rounded"],
)
def test_a_frame_of_another_form_is_refused_before_it_runs(
    spark: Spark, change: Callable[[Any], Any], why: str
) -> None:
    """
    Where the verb is said, as a table is.
    """
    frame = change(spark.frame(SPOILT.table.slice(0, 4), 1))
    with pytest.raises(ExchangeError, match=why):
        release_frame(frame, ring=spark.ring, to=PUBLISHER, row="nr", days="dmy")


def test_what_no_frame_is_is_refused(spark: Spark) -> None:
    """
    And a frame that Spark cannot read: the error has nothing of what Spark said.
    """
    with pytest.raises(TypeError, match="frame: expected DataFrame"):
        derive_frame(SPOILT.table, ring=spark.ring, row="nr")
    frame = spark.frame(SPOILT.table.slice(0, 4), 1)
    odd = frame.selectExpr("*", "make_interval() as odd")
    with pytest.raises(ExchangeError, match="got another") as refused:
        derive_frame(odd, ring=spark.ring, row="nr")
    assert refused.value.__context__ is None


def test_no_log_tells_a_value(
    spark: Spark, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Of master, workers, driver and executors; nor does the error of a job that fails.

    Among all rows of all tests here, and of a table that cannot be read at all.
    """
    from pyspark.errors import PySparkException  # noqa: PLC0415  # an extra

    caplog.set_level("DEBUG")
    rows = SPOILT.table.slice(0, 40)
    misread = [f"{frames.NAMES}\ufffd"] * 40
    at = rows.column_names.index("roepnaam")
    lost = spark.frame(rows.set_column(at, "roepnaam", pa.array(misread)), 1)
    how: dict[str, Any] = {"to": PUBLISHER, "row": "nr", "days": "dmy"}
    frame = release_frame(lost, ring=spark.ring, **how)
    with pytest.raises(PySparkException, match="a sign that no name has") as stopped:
        frame.collect()
    unset = replace(spark.ring, passphrase_env="NOT_SET")
    frame = release_frame(spark.frame(rows, 1), ring=unset, **how)
    with pytest.raises(PySparkException, match="expected the variable to be set"):
        frame.collect()
    release_frame(spark.frame(rows, 1), ring=spark.ring, **how).explain(extended=True)
    said = {
        **sparks.written(spark.folder),
        "errors": everything(stopped.value).encode(),
        "python": "".join((caplog.text, *capfd.readouterr())).encode(),
    }
    assert any(name.startswith("work/") for name in said)
    assert b"a sign that no name has" in b"".join(said.values())
    secrets = {
        n.encode() for n in SPOILT.numbers | set(NUMBERS["bsn"].to_pylist()[:590])
    }
    secrets |= {each.encode() for each in SPOILT.secrets}
    for name, log in said.items():
        for word in (frames.NAMES, PASSPHRASE, f"{RING.namespace}/2026/"):
            assert word.encode() not in log, (name, word)
        runs = re.findall(rb"(?=([0-9]{9}))|(?=([0-9a-f]{64}))", log)
        assert secrets.isdisjoint(each for run in runs for each in run), name


def everything(error: BaseException) -> str:
    """
    Return all that an error says, with what it carries.
    """
    return "".join(traceback.format_exception(error)) + repr(vars(error))
