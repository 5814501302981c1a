"""
Between Arrow and eckid: columns and tables in, results and refusals out.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any, Final, TypeAlias

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid.errors import ExchangeError
from eckid.exchange.formats.days import Dated
from eckid.exchange.formats.headings import named_columns
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART, Parquet
from eckid.exchange.formats.texts import as_text, cells_of, texts_of
from eckid.exchange.rows import Weigering, Weigerreden

_REFUSED: Final = ("row", "attribuut", "reason", "meaning")
# How numpy, pandas and polars name a column of Python's own values.
_PYTHONS: Final = ("object", "str", "string", "Object", "Unknown")


def refusal(row: int, reden: Weigerreden, attribuut: str | None = None) -> Weigering:
    """
    Return the refusal of row *row*, counted from 0; a `Weigering` counts from 1.
    """
    return Weigering(row + 1, row + 1, None, reden, attribuut)


def refused_table(refusals: Sequence[Weigering]) -> Any:  # noqa: ANN401  # a pyarrow.Table
    """
    Return refusals as a pyarrow Table: row (from 0), attribuut, reason, meaning.
    """
    return _table(refusals) if refusals else _none()


@cache
def _none() -> Any:  # noqa: ANN401  # as above
    # A ring refuses nobody, and to make a table takes as long as to derive a few rows.
    return _table(())


def _table(refusals: Sequence[Weigering]) -> Any:  # noqa: ANN401  # as above
    pa = load_pyarrow()
    kinds = pa.int64(), pa.string(), pa.string(), pa.string()
    columns = (
        [r.record - 1 for r in refusals],
        [r.attribuut for r in refusals],
        [r.reden.value for r in refusals],
        [r.reden.en for r in refusals],
    )
    arrays = [pa.array(c, kind) for c, kind in zip(columns, kinds, strict=True)]
    return pa.Table.from_arrays(arrays, names=_REFUSED)


def to_column(column: object, name: str) -> Any:  # noqa: ANN401  # a ChunkedArray
    """
    Return a column as a pyarrow ChunkedArray.

    Args:
        column: An Array or ChunkedArray, a series of polars or pandas, a numpy array,
            or another object with Arrow's interface. Cells of several types become
            text, each as a column of its type would.

        name: The name of the column, for an error.

    Raises:
        TypeError: If *column* is something else.
        eckid.errors.ExchangeError: If it has a type that Arrow does not have, or more
            than one dimension.
    """
    pa = load_pyarrow()
    if isinstance(column, pa.ChunkedArray):
        return column
    streams = hasattr(column, "__arrow_c_stream__")
    is_array = isinstance(column, pa.Array) or hasattr(column, "__array__")
    if isinstance(column, type) or not (streams or is_array):
        raise TypeError(f"{name}: expected a column, got {type(column).__name__}")
    dimensions = getattr(column, "ndim", 1)
    if dimensions != 1:
        raise ExchangeError(f"{name}: expected a column, got {dimensions} dimensions")
    if _has_pointers(column):
        return _by_cell(column, name)
    found = None
    # Each library has errors of its own for this, and they quote a cell.
    with suppress(Exception):
        found = (
            pa.chunked_array(column)
            if streams
            else pa.chunked_array([pa.array(column, from_pandas=True)])
        )
    return _by_cell(column, name) if found is None else found


def _has_pointers(column: object) -> bool:
    # Of Python's own values polars gives the addresses in memory.
    return str(getattr(column, "dtype", None)) == "Object"


def _by_cell(column: Any, name: str) -> Any:  # noqa: ANN401  # as above
    """
    Return a column of Python's own values as a ChunkedArray of text.
    """
    dtype = getattr(column, "dtype", None)
    # numpy has kinds of its own for text.
    if str(dtype) not in _PYTHONS and getattr(dtype, "kind", "") not in {"U", "T"}:
        # Its own words may hold values, such as the names of fields.
        got = type(dtype).__name__
        raise ExchangeError(f"{name}: expected text, whole numbers or days, got {got}")
    return load_pyarrow().chunked_array([texts_of(column)])


def to_table(table: object, name: str) -> Any:  # noqa: ANN401  # a pyarrow.Table
    """
    Return a table as a pyarrow Table.

    Args:
        table: A Table or RecordBatch, a frame of polars or pandas, or another object
            with Arrow's interface.

        name: The name of the table, for an error.

    Raises:
        TypeError: If *table* is something else.
        eckid.errors.ExchangeError: If a column has a type that Arrow does not have, or
            a name that is not text.
    """
    pa = load_pyarrow()
    found = table if isinstance(table, pa.Table) else None
    streams = ("__arrow_c_stream__", "__arrow_c_array__")
    is_table = any(hasattr(table, each) for each in streams)
    if found is None and (isinstance(table, type) or not is_table):
        raise TypeError(f"{name}: expected a table, got {type(table).__name__}")
    series = getattr(table, "iter_columns", list)  # of polars
    if found is None and not any(map(_has_pointers, series())):
        # As for a column.
        with suppress(Exception):
            found = pa.table(table)
    if found is None:
        found = _by_column(table, name)
    wrong = ExchangeError(f"{name}: expected names of columns in UTF-8, got others")
    with foreign(wrong, UnicodeError):
        _ = found.column_names
    return found


def _by_column(table: Any, name: str) -> Any:  # noqa: ANN401  # a frame
    """
    Return a frame of which a column has cells of several types.
    """
    wrong = ExchangeError(f"{name}: expected a table of columns, got another")
    pairs: list[tuple[object, Any]] = []
    with foreign(wrong, AttributeError, TypeError, ValueError):
        if hasattr(table, "iter_columns"):  # polars
            pairs = [(each.name, each) for each in table.iter_columns()]
        else:
            pairs = list(table.items())
    columns = [
        to_column(each, f"{name}, column {n}") for n, (_, each) in enumerate(pairs, 1)
    ]
    pa = load_pyarrow()
    with foreign(wrong, pa.ArrowException, UnicodeError):
        return pa.table(columns, names=[str(label) for label, _ in pairs])


def to_texts(column: object, name: str) -> Any:  # noqa: ANN401  # a ChunkedArray
    """
    Return a column of text, whole numbers or days as a ChunkedArray of text.

    Read it with `cells_of` or `readable`: a cell may not be UTF-8.

    Raises:
        TypeError: If *column* is no column.
        eckid.errors.ExchangeError: If it has another type.
    """
    return as_text(to_column(column, name), name)


def to_cells(column: object, name: str) -> list[str | bytes | None]:
    """
    Return the cells of a column, as `to_texts`; a cell that is not UTF-8 as its bytes.
    """
    return cells_of(to_texts(column, name))


def spread(dense: Any, there: Any) -> Any:  # noqa: ANN401  # arrays of pyarrow
    """
    Spread *dense* over the rows where *there* is true; the other rows become null.
    """
    pa = load_pyarrow()
    if len(dense) == len(there):
        return dense
    empty = pa.nulls(len(there), dense.type)
    return pa.compute.replace_with_mask(empty, there, dense)


class Held(Dated):
    """
    A table in memory, with its columns named by attribute.

    Args:
        table: A pyarrow Table.
        headings: Your own headings, each with the name of its attribute.

    Attributes:
        columns: The attribute of each column; the heading itself if it is unknown.
        days: The order of day, month and year; None decides it for each column.
        today: The day on which it is read; None is today.
    """

    today: date | None = None

    def __init__(
        self,
        table: Any,  # noqa: ANN401  # a pyarrow.Table
        headings: Mapping[str, str],
    ) -> None:
        expect("headings", headings, Mapping)  # type: ignore[type-abstract]  # only asks
        self.columns = named_columns(1, table.column_names, headings)
        self._table = table.rename_columns(self.columns)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def parts(
        self, rows: int = PART, columns: Sequence[str] | None = None
    ) -> Generator[Any, None, None]:
        """
        Yield the table in parts of *rows* at most, with these columns; None is all.
        """
        wanted = self._table if columns is None else self._table.select(columns)
        for at in range(0, max(1, len(self)), rows):
            yield wanted.slice(at, rows)


# A table that can be read in parts, more than once.
Listed: TypeAlias = Held | Parquet
