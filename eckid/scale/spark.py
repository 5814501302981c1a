"""
A frame of Spark: numbers to sealed HPgns, to ketenIDs, and to what one recipient sees.

Nothing runs here yet: each verb gives a frame, and Spark runs it when it is written.
Its workers need eckid, the file of the ring, and its passphrase.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, Final, TypeAlias

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.kinds import load, load_pyarrow
from eckid.exchange.rows import RijReden
from eckid.policy import Bestemming
from eckid.scale.batches import (
    MARKS,
    TOLD,
    Arrow,
    derive_batches,
    hash_batches,
    release_batches,
)
from eckid.scale.opened import Ringbestand

# A DataFrame of Spark; pyspark is an extra.
Frame: TypeAlias = Any
_Work: TypeAlias = Callable[[Iterable[Arrow]], Iterator[Arrow]]

_BY_FRAME: Final = (RijReden.CONFLICT, RijReden.DUPLICATE, RijReden.KETENID_WENT)


def hash_frame(
    frame: Frame,
    *,
    ring: Ringbestand,
    row: str,
    memory: int,
    number: str = "bsn",
    key: str = "key",
    workers: int = 1,
) -> Frame:
    """
    Hash the numbers of a frame, and seal each HPgn for the person key of its row.

    Write the result once, and read it from there: a frame that is used twice is hashed
    twice. A task that Spark runs again seals other bytes, which open to the same HPgn.

    Args:
        frame: A DataFrame of Spark.

        ring: Where each worker finds the ring.

        row: The column of whole numbers that tells rows apart. It is no number of a
            person.

        memory: Bytes that the tables of each Python worker may take; Spark has one for
            each core that runs a task. For the national scheme 2 GiB is fastest, and
            128 MiB the least.

        number: The column of numbers.

        key: The column of person keys.

        workers: How many threads hash in each Python worker.

    Returns:
        A DataFrame with all columns but the numbers, then ``hpgn-verzegeld``,
        ``attribuut``, ``reason`` and ``meaning``. A refused row has a reason, its
        number in the column *row*, and nothing else.

    Raises:
        eckid.errors.ExchangeError: If a column is missing, is there twice, or has
            another type; or the extra ``spark`` is not installed.
        ValueError: If *workers* or *memory* is less than 1.
    """
    how: dict[str, Any] = {"number": number, "key": key, "workers": workers}
    work = partial(hash_batches, ring=ring, row=row, memory=memory, **how)
    return _mapped(frame, work)


def derive_frame(
    frame: Frame, *, ring: Ringbestand, row: str, key: str = "key"
) -> Frame:
    """
    Derive the ketenIDs of a frame of sealed HPgns. Doubles are not looked for.

    Args:
        frame: A DataFrame of Spark, with a column ``hpgn-verzegeld``.

        ring: Where each worker finds the ring; it has keten and sector.

        row: The column of whole numbers that tells rows apart.

        key: The column of person keys.

    Returns:
        A DataFrame with all columns but the sealed HPgns, then ``eckid``,
        ``attribuut``, ``reason`` and ``meaning``. A refused row has a reason, its
        number in the column *row*, and nothing else.

    Raises:
        eckid.errors.ExchangeError: If a column is missing, is there twice, or has
            another type; or the extra ``spark`` is not installed.
        TypeError: If *ring* has no keten or sector.
    """
    return _mapped(frame, partial(derive_batches, ring=ring, row=row, key=key))


def release_frame(
    frame: Frame,
    *,
    ring: Ringbestand,
    to: Bestemming,
    row: str,
    days: str,
    wie: Wie = Wie.LEERLING,
    headings: Mapping[str, str] | None = None,
) -> Frame:
    """
    Turn a frame into what one recipient may see: `release_table`, over many machines.

    Spark finds the doubles of the whole frame: it sends what is released, and marks
    made under the ring, to where the rows of one person come together.

    Args:
        frame: A DataFrame of Spark, with the columns that `release_table` asks.

        ring: Where each worker finds the ring; it has keten and sector.

        to: The recipient and the doel, under one policy: `Attribuutbeleid.voor`.

        row: The column of whole numbers that tells rows apart, each another one. Of a
            person's rows the one with the lowest goes.

        days: The order of day, month and year in text: ``dmy``, ``mdy`` or ``ymd``.

        wie: Whether the rows are pupils or teachers.

        headings: Your own headings, each with the name of its attribute.

    Returns:
        A DataFrame with the column *row*, the columns that go, ``attribuut``,
        ``reason`` and ``meaning``. A released row has only the columns that go; select
        these, of the rows without a reason, for the recipient. A refused row has only
        the others. Its order is not that of *frame*.

    Raises:
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: If a column is missing or has another type, or there
            is a column of numbers or ketenIDs; or the extra ``spark`` is not
            installed.
        TypeError: If *ring* has no keten or sector.
    """
    # A task that runs past midnight, or again, reads a birthday as the others did.
    today = date.today()  # noqa: DTZ011  # the user's own day
    how: dict[str, Any] = {"wie": wie, "headings": headings, "today": today}
    work = partial(release_batches, ring=ring, to=to, row=row, days=days, **how)
    return _without_doubles(_mapped(frame, work), row)


def _mapped(frame: Frame, work: _Work) -> Frame:
    sql = _spark("pyspark.sql")
    expect("frame", frame, sql.DataFrame)
    # Spark finds no column by a name with a dot, or one that is there twice.
    plain = frame.toDF(*(f"c{n}" for n, _ in enumerate(frame.columns)))
    wrong = ExchangeError("frame: expected one that Spark can read, got another")
    with foreign(wrong, _spark("pyspark.errors").PySparkException):
        given = plain.limit(0).toArrow().schema
    pa = load_pyarrow()
    arrays = [pa.array([], kind) for kind in given.types]
    empty = pa.RecordBatch.from_arrays(arrays, names=frame.columns)
    (made,) = work([empty])
    types = sql.types
    kinds = {
        pa.string(): types.StringType(),
        pa.binary(): types.BinaryType(),
        pa.int64(): types.LongType(),
    }
    fields = []
    for field in made.schema:
        kept = frame.columns.count(field.name) == 1
        kept = kept and field.type == empty[field.name].type
        kind = frame.schema[field.name].dataType if kept else kinds[field.type]
        fields.append(types.StructField(field.name, kind))
    named = partial(_named, names=frame.columns, work=work)
    return plain.mapInArrow(named, types.StructType(fields))


def _spark(module: str) -> Any:  # noqa: ANN401  # a module
    return load("frames of Spark need", "spark", module)


def _named(
    batches: Iterable[Arrow], *, names: list[str], work: _Work
) -> Iterator[Arrow]:
    make = load_pyarrow().RecordBatch.from_arrays
    return work(make(batch.columns, names=names) for batch in batches)


def _without_doubles(made: Frame, row: str) -> Frame:
    """
    Refuse each second row of a person, as `Persons.compare` does for a table.
    """
    functions = _spark("pyspark.sql.functions")
    window = _spark("pyspark.sql.window").Window
    when, lit = functions.when, functions.lit
    marks = [name for name in MARKS if name in made.columns]
    names = [n for n in made.columns if n not in {row, *TOLD, *marks}]
    columns = {n: functions.col(f"`{n.replace('`', '``')}`") for n in made.columns}
    place = columns[row]

    def together(mark: str) -> Any:  # noqa: ANN401  # a window of Spark
        # A row without a mark stands by itself: all of them would be one partition.
        return window.partitionBy(mark, when(columns[mark].isNull(), place))

    same = together("_person")
    # The values come after the number of the row, which may be there twice.
    nth = functions.row_number().over(
        same.orderBy(place, *(columns[name] for name in names))
    )
    apart = functions.min("_name").over(same) != functions.max("_name").over(same)
    conflict, duplicate, went = (lit(reden.value) for reden in _BY_FRAME)
    twice = when(apart, conflict).when(nth > 1, duplicate)
    found = when(columns["_person"].isNotNull(), twice)
    if "_key" in marks:
        by_ketenid = functions.max(columns["_how"] == 1).over(together("_key"))
        other = (columns["_how"] == 2) & columns["_key"].isNotNull()
        found = functions.coalesce(found, when(other & by_ketenid, went))
    # As in a list: a row that is not read is refused for that.
    text = columns["reason"].eqNullSafe(RijReden.TEXT.value)
    looked = made.withColumn("_found", when(~text, found))
    found = functions.col("_found")
    meaning = when(found.isNull(), columns["meaning"])
    for reden in _BY_FRAME:
        meaning = meaning.when(found == reden.value, lit(reden.en))
    reason = functions.coalesce(found, columns["reason"])
    return looked.select(
        when(reason.isNotNull(), place).alias(row),
        *(when(found.isNull(), columns[name]).alias(name) for name in names),
        when(found.isNull(), columns["attribuut"]).alias("attribuut"),
        reason.alias("reason"),
        meaning.alias("meaning"),
    )
