"""
From a table of sealed HPgns and attributes to what one recipient may see, by column.

The table is read twice, in parts: first to identify the persons, then to release their
attributes. Memory grows by 81 bytes for each row.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from eckid._core.ahead import ahead
from eckid._core.values import expect
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.days import Reading, order_named
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART, SEALED
from eckid.exchange.lists.roster import NUMBERS
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.lists.years import YEAR
from eckid.exchange.results.report import Part, Report
from eckid.exchange.results.told import Melding, Plek, Told
from eckid.exchange.rows import KEYS, RijReden, Weigering, Weigerreden
from eckid.policy import Bestemming
from eckid.policy.vorm import TYPED
from eckid.scale.arrow import Held, Listed, refusal, refused_table, to_table
from eckid.scale.filter import Filter
from eckid.scale.guarded import guarded
from eckid.scale.persons import Persons, listed_as_text, reading_of

Arrow: TypeAlias = Any

# Of a part: its rows, its columns as text, the rows in which a cell is not text, and
# those that no recipient may get.
_Read: TypeAlias = tuple[int, dict[str, Arrow], dict[int, str], dict[int, Weigerreden]]
# The reasons to refuse a row for what was read in it.
_OF_CELLS: Final = frozenset({RijReden.LEAK, RijReden.PGN_IN_ATTRIBUUT})


class Vrijgegeven(NamedTuple):
    """
    What was released of a table, and what was refused.

    Attributes:
        table: The released rows, a pyarrow Table, in the order of the table that was
            given; it reveals that order.
        refused: A pyarrow Table of the refused rows: row (from 0), attribuut, reason
            and meaning.
        report: The counts of rows, and of attributes released and withheld.
    """

    table: Arrow
    refused: Arrow
    report: Report

    def __repr__(self) -> str:
        rows, columns = self.table.shape
        refused = self.refused.num_rows
        return f"<Vrijgegeven {rows} rows of {columns} columns, {refused} refused>"


def release_table(
    table: Arrow,
    *,
    who: Herkenning,
    to: Bestemming,
    wie: Wie = Wie.LEERLING,
    headings: Mapping[str, str] | None = None,
    days: str | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Vrijgegeven:
    """
    Turn a table into what one recipient may see: `release_list`, by column.

    Args:
        table: A pyarrow Table, or a frame of pandas or polars, with the columns
            ``key`` (or ``leerlingnummer``), ``hpgn-verzegeld``, and attributes under
            the headings of class lists. It has no numbers: hash them first with
            `hash_column`, and seal them with `Kolom.seal`.

        who: Makes the ketenIDs; its ring sealed the HPgns, and its hasher says with
            which scheme they were made. Nothing is hashed.

        to: The recipient and the doel, under one policy: `Attribuutbeleid.voor`.

        wie: Whether the rows are pupils or teachers.

        headings: Your own headings, each with the name of its attribute.

        days: The order of day, month and year in text: ``dmy``, ``mdy`` or ``ymd``;
            None decides it for each column, from all its cells.

        progress: Called with how much was done, and how much there is: two for each
            row.

    Returns:
        The released rows, the refused rows, and the report. The shortest name is
        withheld here; only `release_list` makes it.

    Raises:
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: If a column is missing, or there is a column of
            numbers or ketenIDs.
        ValueError: If *who* has substitutions, or a register as keeper: both need
            numbers.
    """
    held = Held(to_table(table, "table"), headings or {})
    held.days = order_named(days)
    report = Report({})
    report.told = Told(expect("who", who, Herkenning).sector.value)
    pa = load_pyarrow()
    parts = release_parts(
        held, who=who, to=to, report=report, wie=wie, progress=progress
    )
    going, refusals = [], []
    for result in report.writing(parts):
        if isinstance(result, Weigering):
            refusals.append(result)
        else:
            going.append(result.what)
    # In one piece, because the pieces would tell how many rows of each were refused.
    table = pa.concat_tables(going).combine_chunks()
    return Vrijgegeven(table, refused_table(refusals), report)


def release_parts(
    listed: Listed,
    *,
    who: Herkenning,
    to: Bestemming,
    report: Report,
    wie: Wie = Wie.LEERLING,
    progress: Callable[[int, int], object] | None = None,
    compare: Callable[[Persons, Listed], object] = Persons.compare,
) -> Iterator[Part | Weigering]:
    """
    Yield, for each part of a table, its refusals and then its released rows.

    Args:
        listed: The table, which is read twice.

        who: Makes the ketenIDs; its ring sealed the HPgns, or that of the journal of a
            service's batches.

        to: The recipient and the doel, under one policy.

        report: Counts the rows that are read, and the attributes.

        wie: Whether the rows are pupils or teachers.

        progress: Called with how much was done, and how much there is: two for each
            row.

        compare: Finds the doubles among the persons of the table.

    Raises:
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: If a column is missing, there is a column of
            numbers or ketenIDs, or the file changes while it is read.
        ValueError: If *who* has substitutions, or a register as keeper.
    """
    expect("who", who, Herkenning)
    expect("to", to, Bestemming).check_passage(van=who.van)
    expect("wie", wie, Wie)
    if who.substitutions is not None or who.bewaard.substitutes:
        raise ValueError("who: expected no substitutions, got some: there is no number")
    check_columns(listed.columns)
    reading = reading_of(listed)
    persons = Persons(who.bron, scheme=who.hasher.scheme, reading=reading)
    filter_ = Filter(to, wie=wie, report=report)
    releasing = _Releasing(listed, persons, filter_, report, reading)
    report.told.columns(listed.columns)
    report.told.absent(to, listed.columns)
    total = 2 * len(listed)

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, total)

    def going() -> Iterator[Part | Weigering]:
        for part in ahead(listed.parts(PART, Persons.asked(listed.columns))):
            persons.add(part)
            tell(len(persons))
        compare(persons, listed)
        for result in releasing.parts(to.columns(listed.columns)):
            yield result
            tell(len(persons) + report.rows_in)

    return going()


def check_columns(columns: Sequence[str]) -> None:
    """
    Raise unless a table of these columns has sealed HPgns and keys, and no numbers.
    """
    for name in (*NUMBERS, "eckid"):
        if name in columns:
            raise ExchangeError(
                f"expected sealed HPgns and attributes, got a column {name}: "
                "leave it out",
                column=columns.index(name) + 1,
            )
    if SEALED not in columns or not any(name in columns for name in KEYS):
        raise ExchangeError(f"expected the columns key and {SEALED}")


class _Releasing:
    """
    The second reading: what is released of each part.
    """

    def __init__(
        self,
        listed: Listed,
        persons: Persons,
        filter_: Filter,
        report: Report,
        reading: Reading,
    ) -> None:
        self._listed, self._persons, self._reading = listed, persons, reading
        self._filter, self._report = filter_, report

    def parts(self, names: Sequence[str]) -> Iterator[Part | Weigering]:
        """
        Yield the refusals of each part, then its released rows in the columns *names*.
        """
        at = 0
        read = [name for name in self._listed.columns if name != SEALED]
        for rows, columns, unread, wrong in ahead(self._read(read)):
            self._persons.check(at, columns)
            columns["eckid"] = self._persons.ketenids(at, rows)
            self._report.rows_in += rows
            # Of the reasons to refuse a row the last stays.
            refused = {at + row: refusal(at + row, why) for row, why in wrong.items()}
            those = self._persons.refused
            refused |= {
                row: refusal(row, those[row])
                for row in range(at, at + rows)
                if row in those
            }
            refused |= {
                at + row: refusal(at + row, RijReden.TEXT, name)
                for row, name in unread.items()
            }
            yield from self._part(columns, refused, at, names)
            at += rows
        if at != len(self._persons):
            raise ExchangeError("the file was changed while it was read")

    def _read(self, names: Sequence[str]) -> Generator[_Read, None, None]:
        # In smaller parts, for two are in memory: this one, and the one before.
        for part in self._listed.parts(-(-PART // 4), names):
            columns, unread = listed_as_text(part, names, self._reading)
            # Of the reasons to refuse a row the first stays.
            wrong = dict(reversed([*guarded(columns)]))
            yield part.num_rows, columns, unread, wrong

    def _part(
        self,
        columns: Mapping[str, Arrow],
        refused: dict[int, Weigering],
        at: int,
        names: Sequence[str],
    ) -> Iterator[Part | Weigering]:
        pa = load_pyarrow()
        rows = len(columns["eckid"])
        self._tell(columns, refused, at)
        columns, unknown = self._filter.years(columns, self._persons.sector)
        for row in unknown:
            refused.setdefault(at + row, refusal(at + row, RijReden.VALUE, YEAR))
        kept = [row for row in range(at, at + rows) if row not in refused]
        if len(kept) < rows:
            places = pa.array([row - at for row in kept], pa.int64())
            columns = {n: column.take(places) for n, column in columns.items()}
        passed = self._filter.part(columns)
        for n, lacks in passed.missing.items():
            refused[kept[n]] = refusal(kept[n], RijReden.MANDATORY, lacks)
        for n, shows in passed.leaks.items():
            refused[kept[n]] = refusal(kept[n], RijReden.LEAK, shows)
        gone = passed.missing.keys() | passed.leaks.keys()
        empty = pa.nulls(len(kept), pa.string())
        made = [passed.columns.get(n, empty) for n in names]
        if gone:
            goes = pa.array([n not in gone for n in range(len(kept))], pa.bool_())
            made = [column.filter(goes) for column in made]
        schema = pa.schema([(name, pa.string()) for name in names])
        table = pa.Table.from_arrays(made, schema=schema)
        yield from (refused[row] for row in sorted(refused))
        # A table without columns does not know its rows.
        yield Part(len(kept) - len(gone), table)

    def _tell(
        self, columns: Mapping[str, Arrow], refused: Mapping[int, Weigering], at: int
    ) -> None:
        """
        Tell what `Told.row` tells of each row of a list that was read.
        """
        pa = load_pyarrow()
        told = self._report.told
        found: list[tuple[int, int, str, Melding | None]] = []
        for n, naam in enumerate(columns):
            if naam not in TYPED:
                continue
            coded = columns[naam].dictionary_encode()
            said = [
                told.of(naam, cell, self._filter.wie) if cell else None
                for cell in coded.dictionary.to_pylist()
            ]
            codes = [code for code, melding in enumerate(said) if melding is not None]
            odd = pa.compute.is_in(coded.indices, pa.array(codes, coded.indices.type))
            found += [
                (row, n, naam, said[coded.indices[row].as_py()])
                for row in pa.compute.indices_nonzero(odd).to_pylist()
            ]
        for row, _, naam, melding in sorted(found, key=lambda each: each[:2]):
            why = refused.get(at + row)
            # A list refuses the others before it has read the row.
            if melding and (why is None or why.reden in _OF_CELLS):
                told.cell(Plek(at + row + 1, at + row + 1, naam, melding))
