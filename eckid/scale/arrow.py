"""
Between Arrow and eckid: columns and tables in, results and refusals out.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import named_columns
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART, Parquet, as_text
from eckid.exchange.rows import Weigering, Weigerreden

_REFUSED: Final = ("row", "attribuut", "reason", "meaning")


def refusal(row: int, reden: Weigerreden, attribuut: str | None = None) -> Weigering:
    """
    Return the refusal of row *row*, counted from 0; a `Weigering` counts from 1.
    """
    return Weigering(row + 1, row + 1, None, reden, attribuut)


def refused_table(refusals: Sequence[Weigering]) -> Any:  # noqa: ANN401  # a pyarrow.Table
    """
    Return refusals as a pyarrow Table: row (from 0), attribuut, reason, meaning.
    """
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
            or another object with Arrow's interface.

        name: The name of the column, for an error.

    Raises:
        TypeError: If *column* is something else.
        eckid.errors.ExchangeError: If its cells have several types.
    """
    pa = load_pyarrow()
    if isinstance(column, pa.ChunkedArray):
        return column
    if hasattr(column, "__arrow_c_stream__"):
        return pa.chunked_array(column)
    if not (isinstance(column, pa.Array) or hasattr(column, "__array__")):
        raise TypeError(f"{name}: expected a column, got {type(column).__name__}")
    found = None
    with suppress(pa.ArrowException, TypeError):  # their message quotes a cell
        found = pa.array(column, from_pandas=True)
    if found is None:
        raise ExchangeError(f"{name}: expected cells of one type, got several")
    return pa.chunked_array([found])


def to_table(table: object, name: str) -> Any:  # noqa: ANN401  # a pyarrow.Table
    """
    Return a table as a pyarrow Table.

    Args:
        table: A Table or RecordBatch, a frame of polars or pandas, or another object
            with Arrow's interface.

        name: The name of the table, for an error.

    Raises:
        TypeError: If *table* is something else.
        eckid.errors.ExchangeError: If the cells of a column have several types.
    """
    pa = load_pyarrow()
    if isinstance(table, pa.Table):
        return table
    streams = ("__arrow_c_stream__", "__arrow_c_array__")
    if not any(hasattr(table, each) for each in streams):
        raise TypeError(f"{name}: expected a table, got {type(table).__name__}")
    found = None
    with suppress(pa.ArrowException, TypeError):  # their message quotes a cell
        found = pa.table(table)
    if found is None:
        raise ExchangeError(f"{name}: expected columns of one type each, got others")
    return found


def to_texts(column: object, name: str) -> Any:  # noqa: ANN401  # a ChunkedArray
    """
    Return a column of text, whole numbers or days as a ChunkedArray of text.

    Raises:
        TypeError: If *column* is no column.
        eckid.errors.ExchangeError: If it has another type, or cells of several types.
    """
    return as_text(to_column(column, name), name)


def spread(dense: Any, there: Any) -> Any:  # noqa: ANN401  # arrays of pyarrow
    """
    Spread *dense* over the rows where *there* is true; the other rows become null.
    """
    pa = load_pyarrow()
    if len(dense) == len(there):
        return dense
    empty = pa.nulls(len(there), dense.type)
    return pa.compute.replace_with_mask(empty, there, dense)


class Held:
    """
    A table in memory, with its columns named by attribute.

    Args:
        table: A pyarrow Table.
        headings: Your own headings, each with the name of its attribute.

    Attributes:
        columns: The attribute of each column; the heading itself if it is unknown.
    """

    def __init__(
        self,
        table: Any,  # noqa: ANN401  # a pyarrow.Table
        headings: Mapping[str, str],
    ) -> None:
        self.columns = named_columns(1, table.column_names, headings)
        self._table = table.rename_columns(self.columns)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def parts(
        self, rows: int = PART, columns: Sequence[str] | None = None
    ) -> Iterator[Any]:
        """
        Yield the table in parts of *rows* at most, with these columns; None is all.
        """
        wanted = self._table if columns is None else self._table.select(columns)
        for at in range(0, max(1, len(self)), rows):
            yield wanted.slice(at, rows)


# A table that can be read in parts, more than once.
Listed: TypeAlias = Held | Parquet
