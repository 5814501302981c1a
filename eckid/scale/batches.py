"""
Batches of a frame that is too large for one machine: Arrow in, Arrow out.

Made for workers of Spark, and usable without it. Every argument is a plain value that
can be sent to a worker; each worker opens the ring by itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import count
from typing import Any, Final, TypeAlias

from eckid._core.foreign import foreign
from eckid._core.values import a_day, expect, frame
from eckid.derivation.formulas import digests
from eckid.doel import Wie
from eckid.errors import EckidError, ExchangeError
from eckid.exchange.formats.days import order_named
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART, SEALED
from eckid.exchange.formats.texts import check_type
from eckid.exchange.lists.bron import Ringbron
from eckid.exchange.lists.guard import shows_own_number
from eckid.exchange.lists.roster import names_of, number_of, same_name
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.results.report import Report
from eckid.exchange.rows import KEYS, Rij, RijReden, Weigering
from eckid.hashing import Hasher
from eckid.keys import Sleutelbos
from eckid.policy import Bestemming
from eckid.scale.arrow import Held, Listed, refused_table, to_cells
from eckid.scale.columns import derive_column, hash_column, unseal_column
from eckid.scale.filter import BY_ROW
from eckid.scale.opened import Ringbestand
from eckid.scale.persons import Persons, keys_of, listed_as_text, reading_of
from eckid.scale.tables import check_columns, release_parts
from eckid.scheme import Scheme

# A RecordBatch of pyarrow, which has no types of its own.
Arrow: TypeAlias = Any

# What a refused row has beside its number; null for any other row.
TOLD: Final = ("attribuut", "reason", "meaning")
# What tells the doubles of a whole frame.
MARKS: Final = ("_person", "_name", "_key", "_how")

# Rows that are hashed before something is handed on: half a minute of a core.
_HASHED: Final = 256
_NONE: Final[Mapping[str, str]] = {}


def hash_batches(
    batches: Iterable[Arrow],
    *,
    ring: Ringbestand,
    row: str,
    memory: int,
    number: str = "bsn",
    key: str = "key",
    workers: int = 1,
) -> Iterator[Arrow]:
    """
    Hash the numbers of batches, and seal each HPgn for the person key of its row.

    An empty batch gives an empty one, with the columns that the others will have; no
    ring is opened for it.

    Args:
        batches: RecordBatches of pyarrow.

        ring: Where this process finds the ring.

        row: The column of whole numbers that tells rows apart. It is no number of a
            person.

        memory: Bytes that the tables of this process may take; `Hasher` says more.

        number: The column of numbers.

        key: The column of person keys.

        workers: How many threads hash.

    Returns:
        An iterator of RecordBatches of at most 256 rows, with all columns but the
        numbers, then ``hpgn-verzegeld``, ``attribuut``, ``reason`` and ``meaning``. A
        refused row has a reason, its number in the column *row*, and nothing else. A
        sealed value differs at each call; what it opens to does not.

    Raises:
        eckid.errors.ExchangeError: While iterating, if a column is missing, is there
            twice, or has another type.
        eckid.errors.SecretError: While iterating, if the ring does not open.
        ValueError: While iterating, if *workers* or *memory* is less than 1.
    """
    expect("ring", ring, Ringbestand)
    for name, most in (("memory", memory), ("workers", workers)):
        if expect(name, most, int) < 1:
            raise ValueError(f"{name}: expected 1 or more, got {most}")
    reads = {"number": number, "key": key}
    hasher: Hasher | None = None
    with ExitStack() as stack:
        for batch in batches:
            _check(batch, row=row, adds=(SEALED, *TOLD), reads=reads)
            for part in _parts(batch):
                if hasher is None and len(part):
                    hasher = stack.enter_context(_hasher(ring, workers, memory))
                with foreign(_hidden, Exception):
                    made = _hashed(part, hasher, ring, (row, number, key))
                yield made


def _hasher(ring: Ringbestand, workers: int, memory: int | None) -> Hasher:
    salt = ring.sleutelbos().salt
    return Hasher(salt=salt, scheme=ring.scheme, workers=workers, memory=memory)


def _parts(batch: Arrow) -> Iterator[Arrow]:
    for at in range(0, max(1, len(batch)), _HASHED):
        yield batch.slice(at, _HASHED)


def _hashed(
    part: Arrow, hasher: Hasher | None, ring: Ringbestand, names: Sequence[str]
) -> Arrow:
    row, number, key = names
    rest = part.drop_columns([number])
    if hasher is None:
        return _with(rest, row, SEALED, load_pyarrow().nulls(0, "binary"), ())
    made = hash_column(part[number], hasher=hasher, attributen=rest)
    kept = made.column.seal(part[key], sleutelbos=ring.sleutelbos())
    told = [*made.refused.to_pylist(), *kept.refused.to_pylist()]
    shown = RijReden.PGN_IN_ATTRIBUUT.value
    places = [each["row"] for each in told if each["reason"] == shown]
    taken = part.select([number, row]).take(load_pyarrow().array(places, "int64"))
    for cell, nth in zip(to_cells(taken[number], number), taken[row], strict=True):
        rij = Rij(0, 0, number_of(str(cell))[0], "", {})  # type: ignore[arg-type]  # it was one
        if shows_own_number(rij, str(nth)):
            raise ExchangeError("row: expected a count of rows, got numbers of persons")
    return _with(rest, row, SEALED, kept.column, told)


def derive_batches(
    batches: Iterable[Arrow], *, ring: Ringbestand, row: str, key: str = "key"
) -> Iterator[Arrow]:
    """
    Derive the ketenIDs of batches of sealed HPgns. Doubles are not looked for.

    An empty batch gives an empty one, as with `hash_batches`.

    Args:
        batches: RecordBatches of pyarrow, with a column ``hpgn-verzegeld``.

        ring: Where this process finds the ring; it has keten and sector.

        row: The column of whole numbers that tells rows apart.

        key: The column of person keys.

    Returns:
        An iterator of as many RecordBatches, with all columns but the sealed HPgns,
        then ``eckid``, ``attribuut``, ``reason`` and ``meaning``. A refused row has a
        reason, its number in the column *row*, and nothing else.

    Raises:
        eckid.errors.ExchangeError: While iterating, if a column is missing, is there
            twice, or has another type.
        eckid.errors.SecretError: While iterating, if the ring does not open.
        TypeError: While iterating, if *ring* has no keten or sector.
    """
    expect("ring", ring, Ringbestand).check_whole()
    for batch in batches:
        _check(
            batch, row=row, adds=("eckid", *TOLD), reads={SEALED: SEALED, "key": key}
        )
        bron = ring.bron() if len(batch) else None
        with foreign(_hidden, Exception):
            made = _derived(batch, bron, ring.scheme, row, key)
        yield made


def _derived(
    batch: Arrow, bron: Ringbron | None, scheme: Scheme, row: str, key: str
) -> Arrow:
    rest = batch.drop_columns([SEALED])
    if bron is None:
        return _with(rest, row, "eckid", load_pyarrow().nulls(0, "string"), ())
    ring = bron.sleutelbos
    found = unseal_column(batch[SEALED], batch[key], sleutelbos=ring, scheme=scheme)
    made = derive_column(found.column, bron=bron)
    told = [*found.refused.to_pylist(), *made.refused.to_pylist()]
    return _with(rest, row, "eckid", made.column.combine_chunks(), told)


def release_batches(
    batches: Iterable[Arrow],
    *,
    ring: Ringbestand,
    to: Bestemming,
    row: str,
    days: str,
    wie: Wie = Wie.LEERLING,
    headings: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Iterator[Arrow]:
    """
    Turn batches into what one recipient may see, but for the doubles among all batches.

    `eckid.scale.spark.release_frame` finds these, by the marks that come with each row.
    What comes out here is not yet for the recipient.

    Args:
        batches: RecordBatches of pyarrow, with the columns of `release_table`.

        ring: Where this process finds the ring; it has keten and sector.

        to: The recipient and the doel, under one policy.

        row: The column of whole numbers that tells rows apart.

        days: The order of day, month and year in text: ``dmy``, ``mdy`` or ``ymd``.

        wie: Whether the rows are pupils or teachers.

        headings: Your own headings, each with the name of its attribute.

        today: The day on which all is read; None is today.

    Returns:
        An iterator of as many RecordBatches: the column *row*, the columns that go,
        ``attribuut``, ``reason`` and ``meaning`` of the refused rows, and the marks.

    Raises:
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: While iterating, as `release_table` does.
        eckid.errors.SecretError: While iterating, if the ring does not open.
        TypeError: While iterating, if *ring* has no keten or sector.
    """
    expect("ring", ring, Ringbestand).check_whole()
    expect("to", to, Bestemming).check_passage(van=Herkenning.van)
    expect("wie", wie, Wie)
    order = order_named(expect("days", days, str))
    day = None if today is None else a_day("today", today)
    for batch in batches:
        expect("batch", batch, load_pyarrow().RecordBatch)
        rest = [n for n, name in enumerate(batch.schema.names) if name != row]
        table = load_pyarrow().Table.from_batches([batch.select(rest)])
        held = Held(table, headings or {})
        held.days, held.today = order, day
        check_columns(held.columns)
        names = to.columns(held.columns)
        _check(batch, row=row, adds=(*names, *TOLD, *MARKS))
        bron = ring.bron() if len(batch) else None
        with foreign(_hidden, Exception):
            made = _released(held, bron, ring, (to, wie))
        yield load_pyarrow().RecordBatch.from_pydict({row: batch[row], **made})


def _released(
    held: Held,
    bron: Ringbron | None,
    ring: Ringbestand,
    what: tuple[Bestemming, Wie],
) -> dict[str, Arrow]:
    pa = load_pyarrow()
    to, wie = what
    names = to.columns(held.columns)
    going = [pa.schema([(name, pa.string()) for name in names]).empty_table()]
    told: list[Weigering] = []
    marks = dict.fromkeys(_marks_of(held), pa.nulls(0, pa.int64()))
    if bron is not None:
        who = Herkenning(bron=bron, hasher=_hasher(ring, 1, None))

        def compare(persons: Persons, listed: Listed) -> None:
            marks.update(_marked(persons, listed, bron.sleutelbos))

        how: dict[str, Any] = {"report": Report({}), "wie": wie, "compare": compare}
        for part in release_parts(held, who=who, to=to, **how):
            if isinstance(part, Weigering):
                told.append(part)
            else:
                going.append(part.what)
    reasons = refused_table(told).to_pylist()
    gone, nth = {each["row"] for each in reasons}, count()
    places = [None if n in gone else next(nth) for n in range(len(held))]
    table = pa.concat_tables(going).combine_chunks().take(pa.array(places, pa.int64()))
    made = {name: table[name].combine_chunks() for name in names}
    return {**made, **_told(reasons, len(held)), **marks}


def _marks_of(listed: Listed) -> tuple[str, ...]:
    return MARKS if BY_ROW in listed.columns else MARKS[:2]


def _marked(
    persons: Persons, listed: Listed, sleutelbos: Sleutelbos
) -> dict[str, Arrow]:
    """
    Return what tells the doubles of a whole frame: numbers of 64 bits.

    They are made under the ring, and show neither name nor key. Equal ones tell rows of
    one person, of one person with one name, and of one person key.
    """
    columns = [name for name in listed.columns if name != SEALED]
    names = names_of(columns)
    # The names come first, for of a row the first column that is not read is told.
    wanted = [*names, *(n for n in KEYS if n in columns and n not in names)]
    reading, found = reading_of(listed), persons.marks()
    marks: list[tuple[int | None, bytes | None, bytes | None, int]] = []
    for part in listed.parts(PART, wanted):
        texts, unread = listed_as_text(part, wanted, reading)
        cells = zip(*(texts[name].to_pylist() for name in names), strict=True)
        rows = zip(cells, keys_of(texts), found)  # noqa: B905  # a part of them
        for at, (row, key, (mark, how)) in enumerate(rows):
            person, said = None if unread.get(at) in names else mark, None
            if person is not None:
                named = {n: cell or "" for n, cell in zip(names, row, strict=True)}
                said = person.to_bytes(8, "big") + same_name(named, names).encode()
            marks.append((person, said, None if key is None else key.encode(), how))
    people, said_of, keys, hows = zip(*marks, strict=True)
    numbers = (
        people,
        _digests(sleutelbos, b"name", said_of),
        _digests(sleutelbos, b"key", keys),
        hows,
    )
    pa = load_pyarrow()
    return {
        name: pa.array(column, pa.uint64()).view(pa.int64())
        for name, column in zip(_marks_of(listed), numbers, strict=False)
    }


def _digests(
    sleutelbos: Sleutelbos, use: bytes, octets: Sequence[bytes | None]
) -> list[int | None]:
    mac = sleutelbos.mac_index()
    mac.update(frame(b"eckid/1/frame", use))
    made = iter(digests(mac, [each for each in octets if each is not None]))
    return [
        None if each is None else int.from_bytes(next(made)[:8], "big")
        for each in octets
    ]


def _check(
    batch: Arrow, *, row: str, adds: Sequence[str], reads: Mapping[str, str] = _NONE
) -> None:
    """
    Raise unless a batch has the columns that are needed, and none that would be added.

    Args:
        batch: The batch.

        row: The column that tells rows apart.

        adds: The columns that the result has beside those that go on.

        reads: The columns that are read, by what each is for an error; all but the
            first go on. Without them no column goes on but *row*.
    """
    expect("batch", batch, load_pyarrow().RecordBatch)
    names, kinds = batch.schema.names, batch.schema.types
    for what, name in {"row": row, **reads}.items():
        if (got := names.count(expect(what, name, str))) != 1:
            raise ExchangeError(f"{what}: expected one column of its name, got {got}")
    if not load_pyarrow().types.is_integer(kinds[names.index(row)]):
        raise ExchangeError("row: expected whole numbers, to tell rows apart")
    gone = next(iter(reads.values()), None)
    others = [name for name in names if name != gone] if reads else [row]
    if row == gone:
        raise ExchangeError("row: expected a count of rows, got what is read")
    # To Spark, names that differ in case are one.
    cased = {name.casefold() for name in others}
    if taken := next((name for name in adds if name.casefold() in cased), None):
        raise ExchangeError(f"column {taken}: the result has one too; rename yours")
    for n, (name, kind) in enumerate(zip(names, kinds, strict=True), 1):
        if name in others and others.count(name) > 1:
            raise ExchangeError(
                f"column {n}: expected a name of its own, got another's"
            )
        check_type(kind, f"column {n}", sealed=name == SEALED)


def _with(
    rest: Arrow, row: str, name: str, column: Arrow, told: Sequence[Mapping[str, Any]]
) -> Arrow:
    """
    Return a batch with a column more, in which refused rows have their reason alone.
    """
    pa = load_pyarrow()
    gone = {each["row"] for each in told}
    kept = pa.array([None if n in gone else n for n in range(len(rest))], pa.int64())
    made = {**dict(zip(rest.schema.names, rest.columns, strict=True)), name: column}
    made = {n: c if n == row else c.take(kept) for n, c in made.items()}
    return pa.RecordBatch.from_pydict({**made, **_told(told, len(rest))})


def _told(told: Sequence[Mapping[str, Any]], rows: int) -> dict[str, Arrow]:
    columns: dict[str, list[str | None]] = {name: [None] * rows for name in TOLD}
    for each in told:
        for name, column in columns.items():
            column[each["row"]] = each[name]
    pa = load_pyarrow()
    return {name: pa.array(column, pa.string()) for name, column in columns.items()}


def _hidden(error: BaseException) -> Exception:
    # Spark carries an error to the driver and its log, and it may quote a cell.
    if isinstance(error, EckidError):
        return error
    got = type(error).__name__
    return ExchangeError(f"batch: expected rows that can be read, got {got}")
