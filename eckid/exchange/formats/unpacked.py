"""
What a Parquet file unpacks to: known before it is unpacked, and counted meanwhile.

A few bytes of Parquet may stand for any number of rows, and for a long text in each of
them. The file itself says how much it has; a file may lie, so what is read is counted.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple, TypeAlias

from eckid._core.bounds import CELLS, PART, UNPACKED
from eckid.errors import ExchangeError
from eckid.exchange.formats.kinds import load_pyarrow

# What one cell takes beside its text.
_CELL: Final = 32
_DICTIONARY: Final = frozenset({"PLAIN_DICTIONARY", "RLE_DICTIONARY"})
# In this encoding a text may begin with the whole of the text before it.
_SHARING: Final = "DELTA_BYTE_ARRAY"

# Opens the file; of the columns that it is given each text is read once.
Opened: TypeAlias = Callable[[Sequence[str]], AbstractContextManager[Any]]


class Budget(NamedTuple):
    """
    How much of one Parquet file may be unpacked.

    Attributes:
        rows: How many rows at a time.
        octets: How many bytes in all.
    """

    rows: int
    octets: int

    def spend(self, spent: int, part: Any) -> int:  # noqa: ANN401  # a RecordBatch
        """
        Return how many bytes were unpacked: *spent* before, and those of *part*.

        Raises:
            eckid.errors.ExchangeError: If there are more than may be.
        """
        spent += sum(map(_written_out, part.columns))
        if spent > self.octets:
            raise ExchangeError(UNPACKED.beyond())
        return spent


def budget_of(opened: Opened, size: int) -> Budget:
    """
    Return how much of a file may be unpacked.

    Args:
        opened: Opens the file.

        size: The bytes of the file.

    Raises:
        eckid.errors.ExchangeError: If the file says that it has more cells or bytes
            than a file of its size may have.
    """
    with opened(()) as file:
        metadata = file.metadata
        groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
        columns = max(1, metadata.num_columns)
        rows = max(metadata.num_rows, sum(group.num_rows for group in groups))
        if rows * columns > CELLS.of(size):
            raise ExchangeError(CELLS.beyond(rows * columns))
        if sum(group.total_byte_size for group in groups) > UNPACKED.of(size):
            raise ExchangeError(UNPACKED.beyond())
        # What a file says of its columns ends the whole process where it is damaged
        # (seen with pyarrow 26.0). Reading a row of them first raises an error instead.
        for n in range(len(groups)):
            next(file.iter_batches(1, row_groups=[n]), None)
        chunks = [g.column(n) for g in groups for n in range(g.num_columns)]
        if sum(chunk.total_uncompressed_size for chunk in chunks) > UNPACKED.of(size):
            raise ExchangeError(UNPACKED.beyond())
        texts = [chunk for chunk in chunks if chunk.physical_type == "BYTE_ARRAY"]
        longest = {c.path_in_schema: 0 for c in texts}
        once = set()
        for chunk in texts:
            name, most = chunk.path_in_schema, int(chunk.total_uncompressed_size)
            if _SHARING in chunk.encodings:
                longest[name] = max(longest[name], most)
            elif not _DICTIONARY.isdisjoint(chunk.encodings):
                once.add((name, most))
    for name, most in _longest(opened, len(groups), dict(sorted(once))).items():
        longest[name] = max(longest[name], most)
    width = sum(longest.values()) + _CELL * columns
    return Budget(max(1, PART.most // width), UNPACKED.of(size))


def _longest(opened: Opened, groups: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """
    Return how long the longest text is in the dictionaries of each column.

    Of a column that pyarrow gives without its dictionary it is the size that the file
    says.
    """
    longest = dict.fromkeys(sizes, 0)
    if not longest:
        return longest
    with opened(list(sizes)) as file:
        dictionary = load_pyarrow().types.is_dictionary
        for group in range(groups):
            # With its first row the whole dictionary of a group is read, and no more.
            parts = file.iter_batches(1, row_groups=[group], columns=list(sizes))
            for part in parts:
                for name, column in zip(part.schema.names, part.columns, strict=True):
                    most = sizes.get(name, 0)
                    if dictionary(column.type):
                        most = _most(_lengths(column.dictionary))
                    longest[name] = max(longest.get(name, 0), most)
                break
    return longest


def _written_out(column: Any) -> int:  # noqa: ANN401  # an Array
    """
    Return how many bytes a column takes, with each text of a dictionary written out.
    """
    if not load_pyarrow().types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = _lengths(column.dictionary).take(column.indices)
    return int(load_pyarrow().compute.sum(lengths).as_py() or 0)


def _most(lengths: Any) -> int:  # noqa: ANN401  # an Array
    return int(load_pyarrow().compute.max(lengths).as_py() or 0)


def _lengths(values: Any) -> Any:  # noqa: ANN401  # arrays
    """
    Return the bytes of each of *values*.
    """
    pa = load_pyarrow()
    try:
        return pa.compute.binary_length(values)
    except pa.ArrowException:  # not text
        return pa.nulls(len(values), pa.int32())
