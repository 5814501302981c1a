"""
A policy applied to columns: the result of `release_many`, for many rows at once.

The policy decides by which attributes a row has, so it decides once for each set of
attributes. Values are only looked at if a rule releases less than the value.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from eckid.attributes import NAMES_OF, Kenmerk
from eckid.doel import Wie
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.lists.years import YEAR, year_code, year_goes
from eckid.exchange.results.report import Report
from eckid.keten import Sector
from eckid.policy import Bestemming
from eckid.policy.decision import Oordeel, Reden
from eckid.policy.guard import HEX, LEAST, shows_secret
from eckid.policy.regel import Regel
from eckid.policy.vorm import TYPED, less, readable

Array: TypeAlias = Any

# A row with this attribute, another identifier, is decided by its values, so by row.
BY_ROW: Final = "ander_id_reden"
_PGN: Final = frozenset(NAMES_OF[Kenmerk.PGN])


class Passed(NamedTuple):
    """
    What is released of some rows.

    Attributes:
        columns: The values to release, by name; null for a row without them.
        missing: For each row that must not be released, the attribute that it lacks.
        leaks: For each row that must not be released, the attribute that shows a
            secret.
    """

    columns: dict[str, Array]
    missing: dict[int, str]
    leaks: dict[int, str]


class _Kinds(NamedTuple):
    """
    Which attributes each row has; rows with the same attributes are one kind.

    Attributes:
        of: The number of the kind of each row.
        names: The attributes of each kind, by its number.
    """

    of: Array
    names: list[tuple[str, ...]]

    def among(self, kinds: list[int]) -> Array:
        """
        Return an array that is true for each row of one of *kinds*.
        """
        pa = load_pyarrow()
        return pa.compute.is_in(self.of, value_set=pa.array(kinds, pa.int64()))


class Filter:
    """
    Applies the policy for one recipient to parts of a table, and counts the results.

    Args:
        to: The recipient, under one policy.

        wie: Whether the rows are pupils or teachers.

        report: Counts what was released and withheld.

    Attributes:
        wie: Whether the rows are pupils or teachers.
    """

    def __init__(self, to: Bestemming, *, wie: Wie, report: Report) -> None:
        self._to, self.wie, self._report = to, wie, report
        self._plan = to.plan(wie)

    def part(self, columns: Mapping[str, Array]) -> Passed:
        """
        Decide what is released of some rows.

        Args:
            columns: For each attribute an array of text, all of the same length; null
                or empty if a row lacks the attribute.
        """
        pc = load_pyarrow().compute
        kinds = _kinds(columns)
        slow = kinds.among(
            [n for n, names in enumerate(kinds.names) if BY_ROW in names]
        )
        going: dict[str, tuple[Regel, list[int]]] = {}
        for kind, names in enumerate(kinds.names):
            for name, (regel, reden) in self._decided(names).items():
                if regel is not None and reden is None and BY_ROW not in names:
                    going.setdefault(name, (regel, []))[1].append(kind)
        passed = Passed({}, {}, {})
        for name, (regel, those) in going.items():
            values = self._goes(regel, columns[name])
            there = kinds.among(those)
            passed.columns[regel.naam] = pc.if_else(there, values, None)
            for naam in regel.namen[1:]:
                aged = pc.is_valid(passed.columns[regel.naam])
                passed.columns[naam] = pc.if_else(aged, str(self._to.toetsdag), None)
        # In the order of the columns, so that the first that leaks is told.
        for name in columns:
            if name in going and name != "eckid" and not going[name][0].less:
                there = kinds.among(going[name][1])
                for row in leaking(name, pc.if_else(there, columns[name], None)):
                    passed.leaks.setdefault(row, name)
        self._find_missing(passed, slow)
        gone = [*passed.missing, *passed.leaks]
        kept = pc.invert(pc.or_(slow, _at(gone, len(slow))))
        self._count(kinds, going, passed, kept)
        self._row_by_row(columns, slow, passed)
        return passed

    def years(
        self, columns: Mapping[str, Array], sector: Sector
    ) -> tuple[dict[str, Array], list[int]]:
        """
        Return the columns with the codes of *sector* for the year groups.

        Args:
            columns: For each attribute an array of text.

            sector: The sector of the ketenIDs.

        Returns:
            The columns, and the rows whose year could go and cannot be read.
        """
        made = dict(columns)
        if YEAR not in made or not year_goes(self._to):
            return made, []
        pc = load_pyarrow().compute
        said = made[YEAR]
        made[YEAR] = each_once(said, lambda text: year_code(text, sector))
        lost = pc.and_(filled(said), pc.is_null(made[YEAR]))
        return made, pc.indices_nonzero(lost).to_pylist()

    def _decided(self, names: tuple[str, ...]) -> Mapping[str, Oordeel]:
        return self._to.compiled(names, wie=self.wie).decided

    def _goes(self, regel: Regel, values: Array) -> Array:
        if regel.less:
            return each_once(values, self._less(regel))
        if regel.attribuut in TYPED:
            return each_once(values, partial(_read, regel.attribuut))
        return values

    def _less(self, regel: Regel) -> Callable[[str], str | None]:
        return lambda value: less(regel.vorm, value, self._to.toetsdag)

    def _find_missing(self, passed: Passed, slow: Array) -> None:
        pc = load_pyarrow().compute
        for names in self._plan.required:
            there = slow
            for name in names:
                oordeel = self._plan.oordelen.get(name)
                regel = None if oordeel is None else oordeel.regel
                if regel is not None and regel.naam in passed.columns:
                    there = pc.or_(there, pc.is_valid(passed.columns[regel.naam]))
            for row in pc.indices_nonzero(pc.invert(there)).to_pylist():
                passed.missing.setdefault(row, " or ".join(names))

    def _count(
        self,
        kinds: _Kinds,
        going: Mapping[str, tuple[Regel, list[int]]],
        passed: Passed,
        kept: Array,
    ) -> None:
        pc = load_pyarrow().compute
        report = self._report
        for each in pc.value_counts(kinds.of.filter(kept)).to_pylist():
            for name, (_, reden) in self._decided(kinds.names[each["values"]]).items():
                if reden is not None:
                    report.withhold(name, reden, each["counts"])
        for name, (regel, those) in going.items():
            there = pc.and_(kinds.among(those), kept)
            asked = pc.sum(there, min_count=0).as_py()
            values = passed.columns[regel.naam].filter(there)
            went = len(values) - values.null_count
            report.release(regel, went)
            if regel.less:
                report.withhold(name, Reden.REPLACED, went)
            report.withhold(name, Reden.UNREADABLE, asked - went)

    def _row_by_row(
        self, columns: Mapping[str, Array], slow: Array, passed: Passed
    ) -> None:
        """
        Decide on the rows with another identifier.
        """
        pa = load_pyarrow()
        places = pa.compute.indices_nonzero(slow)
        if not len(places):
            return
        taken = {
            name: column.take(places).to_pylist() for name, column in columns.items()
        }
        # Of a PGN it is kept that it was there, and not which: as in a list.
        rows = [
            {
                name: "" if name in _PGN else cell
                for name, cell in zip(taken, cells, strict=True)
                if cell
            }
            for cells in zip(*taken.values(), strict=True)
        ]
        vrijgaven = self._to.release_many(rows, wie=self.wie)
        going: list[dict[str, str]] = []
        for row, vrijgave in zip(places.to_pylist(), vrijgaven, strict=True):
            if vrijgave.leak is not None:
                passed.leaks[row] = vrijgave.leak
            elif vrijgave.missing:
                passed.missing[row] = vrijgave.missing[0]
            else:
                self._report.count(vrijgave)
            going.append(vrijgave.texts)
        for name in {name for given in going for name in given}:
            before = passed.columns.get(name, pa.nulls(len(slow), pa.string()))
            cells = pa.array([given.get(name) for given in going], pa.string())
            passed.columns[name] = pa.compute.replace_with_mask(before, slow, cells)


def _read(name: str, value: str) -> str | None:
    return value if readable(name, value) else None


def _kinds(columns: Mapping[str, Array]) -> _Kinds:
    """
    Return the kind of each row: a number for each set of attributes that occurs.
    """
    pa = load_pyarrow()
    pc = pa.compute
    names: list[tuple[str, ...]] = [()]
    rows = len(next(iter(columns.values())))
    of = pa.repeat(0, rows).cast(pa.int64())
    for name, column in columns.items():
        has = filled(column)
        if has.true_count in (0, rows):
            names = [(*each, name) for each in names] if has.true_count else names
            continue
        coded = pc.add(pc.multiply(of, 2), has.cast(pa.int64())).dictionary_encode()
        names = [
            (*names[both // 2], name) if both % 2 else names[both // 2]
            for both in coded.dictionary.to_pylist()
        ]
        of = coded.indices.cast(pa.int64())
    return _Kinds(of, names)


def leaking(name: str, column: Array) -> list[int]:
    """
    Return the rows in which the value of an attribute shows an HPgn or stampseudoniem.

    Args:
        name: The attribute.

        column: Its values as text; null for a row without one.
    """
    pc = load_pyarrow().compute
    # Only a text that may be one is looked at by itself: in ASCII, where each sign is
    # a byte, it is longer.
    signs, octets = pc.utf8_length(column), pc.binary_length(column)
    long = pc.and_(
        pc.greater_equal(signs, LEAST),
        pc.or_(pc.not_equal(signs, octets), pc.greater_equal(octets, HEX)),
    )
    return [
        row
        for row in pc.indices_nonzero(pc.fill_null(long, fill_value=False)).to_pylist()
        if shows_secret(name, column[row].as_py())
    ]


def filled(column: Array) -> Array:
    """
    Return an array that is true for each cell with some text.
    """
    pc = load_pyarrow().compute
    return pc.fill_null(pc.not_equal(column, ""), fill_value=False)


def each_once(column: Array, make: Callable[[str], str | None]) -> Array:
    """
    Return *make* applied to each cell; it is called once for each distinct text.
    """
    pa = load_pyarrow()
    coded = column.dictionary_encode()
    made = [
        None if cell is None else make(cell) for cell in coded.dictionary.to_pylist()
    ]
    return pa.array(made, pa.string()).take(coded.indices)


def _at(rows: list[int], length: int) -> Array:
    """
    Return an array that is true at *rows*.
    """
    marks = [False] * length
    for row in rows:
        marks[row] = True
    return load_pyarrow().array(marks, "bool")
