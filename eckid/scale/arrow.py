"""
In from Arrow, and from what gives it; out again, with the refusals beside.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from eckid.errors import ExchangeError
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import as_text
from eckid.exchange.rows import Weigergrond, Weigering

_REFUSED: Final = ("row", "attribuut", "reason", "meaning")


def refusal(row: int, reden: Weigergrond, attribuut: str | None = None) -> Weigering:
    """
    Return the refusal of a row, which a column counts from 0 and a list from 1.
    """
    return Weigering(row + 1, row + 1, None, reden, attribuut)


def refused_table(refusals: Sequence[Weigering]) -> Any:  # noqa: ANN401  # a pyarrow.Table
    """
    Return the refusals as a table: row (from 0), attribuut, reason, meaning.
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
    Return a column as a ChunkedArray.

    Args:
        column: An Array or ChunkedArray, a series of polars or pandas, a
            numpy array, or another that gives Arrow.

        name: What it is called in an error.

    Raises:
        TypeError: If it is something else.
        eckid.errors.ExchangeError: If its cells are of several types.
    """
    pa = load_pyarrow()
    if isinstance(column, pa.ChunkedArray):
        return column
    if hasattr(column, "__arrow_c_stream__"):
        return pa.chunked_array(column)
    if not (isinstance(column, pa.Array) or hasattr(column, "__array__")):
        raise TypeError(f"{name}: expected a column, got {type(column).__name__}")
    found = None
    with suppress(pa.ArrowException, TypeError):  # whose message repeats a cell
        found = pa.array(column, from_pandas=True)
    if found is None:
        raise ExchangeError(f"{name}: expected cells of one type, got several")
    return pa.chunked_array([found])


def to_table(table: object, name: str) -> Any:  # noqa: ANN401  # a pyarrow.Table
    """
    Return a table as a pyarrow.Table.

    Args:
        table: A Table or RecordBatch, a frame of polars or pandas, or another
            that gives Arrow.

        name: What it is called in an error.

    Raises:
        TypeError: If it is something else.
        eckid.errors.ExchangeError: If the cells of a column are of several types.
    """
    pa = load_pyarrow()
    if isinstance(table, pa.Table):
        return table
    streams = ("__arrow_c_stream__", "__arrow_c_array__")
    if not any(hasattr(table, each) for each in streams):
        raise TypeError(f"{name}: expected a table, got {type(table).__name__}")
    found = None
    with suppress(pa.ArrowException, TypeError):  # whose message repeats a cell
        found = pa.table(table)
    if found is None:
        raise ExchangeError(f"{name}: expected columns of one type each, got others")
    return found


def to_texts(column: object, name: str) -> Any:  # noqa: ANN401  # a ChunkedArray
    """
    Return a column of text, whole numbers or days as text.
    """
    return as_text(to_column(column, name), name)


def spread(dense: Any, there: Any) -> Any:  # noqa: ANN401  # arrays of pyarrow
    """
    Return an array that has the next of *dense* where *there*, else a null.
    """
    pa = load_pyarrow()
    if len(dense) == len(there):
        return dense
    empty = pa.nulls(len(there), dense.type)
    return pa.compute.replace_with_mask(empty, there, dense)
