"""
Parquet: typed tables, read and written in parts.

Cells become the text that CSV would have: a number becomes its digits, a day becomes
2016-02-03, a null becomes empty. A whole number has lost its leading zero, as in a
spreadsheet; reading a class list repairs that later, as it does for CSV.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO, Final

from eckid._core.hidden import Unpickled
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, named_columns
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.rows import Weigering

Opener = Callable[[], BinaryIO]

# Rows held in memory at a time; a written row group has at most this many.
PART: Final = 65_536
# Records are made in small parts, since each cell becomes a Python object.
_FEW: Final = 4096
# The column of sealed HPgns: bytes in Parquet, hex digits in CSV.
SEALED: Final = "hpgn-verzegeld"


def as_text(column: Any, name: str) -> Any:  # noqa: ANN401  # an array of pyarrow
    """
    Return an array of text, whole numbers, truth values or days as an array of text.

    Args:
        column: A pyarrow Array or ChunkedArray.

        name: The name of the column, for an error.

    Returns:
        An Array or ChunkedArray of text, with as many rows; a null stays a null.

    Raises:
        eckid.errors.ExchangeError: If the column has another type, such as a float
            of 32 bits, which rounds.
    """
    pa = load_pyarrow()
    kind = column.type
    is_ = pa.types
    if is_.is_dictionary(kind):
        # Casting the dictionary supports more types than casting the whole column.
        parts = (
            as_text(each.dictionary, name).take(each.indices)
            for each in getattr(column, "chunks", [column])
        )
        return pa.chunked_array(list(parts), pa.string())
    if is_.is_string(kind):
        return column
    if (
        is_.is_large_string(kind)
        or is_.is_string_view(kind)
        or is_.is_integer(kind)
        or is_.is_float64(kind)
        or is_.is_boolean(kind)
        or is_.is_null(kind)
        or is_.is_date32(kind)
    ):
        return column.cast(pa.string())
    if is_.is_date64(kind):
        return column.cast(pa.date32()).cast(pa.string())
    if is_.is_timestamp(kind):
        # pandas and others keep a day as a timestamp at midnight.
        return pa.compute.replace_substring_regex(
            column.cast(pa.string()), r"^([0-9-]{10}) 00:00:00(\.0+)?$", r"\1"
        )
    # Refused before pyarrow would fail, since its message may quote a value. A float
    # of 32 bits is refused because it has already rounded the number.
    raise ExchangeError(f"{name}: expected text, whole numbers or days, got {kind}")


class Parquet(Unpickled):
    """
    A Parquet file: its columns and rows.

    Iterating reads the file again, and gives a `Record` for each row; ``len`` is the
    number of rows.

    Args:
        opener: Opens the file for reading bytes; it is called for each reading.
        headings: Your own headings, each with the name of its attribute.

    Attributes:
        encoding: Always utf-8, the encoding of text in Parquet.
        columns: The attribute of each column; the heading itself if it is unknown.
        line: Always 1, since a Parquet file has no lines.
        rows: The number of rows.

    Raises:
        eckid.errors.ExchangeError: If the file is not Parquet, a column has a type
            that is not read, two columns are the same attribute, or the extra
            ``arrow`` is not installed.
        OSError: If the file cannot be read.
    """

    __slots__ = ("_opener", "columns", "encoding", "line", "rows")

    def __init__(self, opener: Opener, headings: Mapping[str, str]) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self._opener = opener
        self.encoding, self.line = "utf-8", 1
        with self._opened() as file:
            self.columns = named_columns(1, file.schema_arrow.names, headings)
            self.rows = int(file.metadata.num_rows)
            for name, kind in zip(self.columns, file.schema_arrow.types, strict=True):
                if name != SEALED:
                    as_text(load_pyarrow().array([], kind), name)

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[Record | Weigering]:
        record = 0
        for part in self.parts(_FEW):
            cells = [
                self._cells(*named)
                for named in zip(self.columns, part.columns, strict=True)
            ]
            for row in zip(*cells, strict=True):
                record += 1
                yield Record(record, record, list(row))

    def parts(
        self, rows: int = PART, columns: Sequence[str] | None = None
    ) -> Iterator[Any]:
        """
        Yield the table in parts, with its columns named by attribute.

        Args:
            rows: How many rows a part has at most.

            columns: The names of the columns to read; None is all.

        Returns:
            An iterator of pyarrow Tables.
        """
        pa = load_pyarrow()
        wanted = self.columns if columns is None else columns
        with self._opened() as file:
            heads = dict(zip(self.columns, file.schema_arrow.names, strict=True))
            names = [heads[name] for name in wanted]
            for batch in file.iter_batches(batch_size=rows, columns=names):
                yield (
                    pa.Table.from_batches([batch]).select(names).rename_columns(wanted)
                )

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        pa = load_pyarrow()
        broken = False
        with self._opener() as raw:
            try:
                # With pre_buffer, all that was read ahead stays in memory.
                yield pa.parquet.ParquetFile(raw, pre_buffer=False)
            except pa.ArrowException:
                broken = True
            except OSError as error:
                # An error of the system has an errno; one of pyarrow has none.
                if error.errno is not None:
                    raise
                broken = True
        if broken:
            raise ExchangeError("expected a whole Parquet file, got another")

    def _cells(self, name: str, column: Any) -> list[str]:  # noqa: ANN401  # as above
        if name == SEALED and load_pyarrow().types.is_binary(column.type):
            return ["" if c is None else c.hex() for c in column.to_pylist()]
        texts = as_text(column, name)
        return ["" if c is None else c.strip() for c in texts.to_pylist()]


def draw_parquet(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[str | bytes | None]]
) -> None:
    """
    Write *rows* as a Parquet file, in parts.

    Args:
        file: The file, open for writing bytes.

        columns: The names of the columns. A column named `SEALED` holds bytes, any
            other holds text.

        rows: The cells of each row; None or an empty cell becomes a null.

    Raises:
        eckid.errors.ExchangeError: If the extra ``arrow`` is not installed.
    """
    pa = load_pyarrow()
    schema = pa.schema(
        [(name, pa.binary() if name == SEALED else pa.string()) for name in columns]
    )
    going = iter(rows)
    with pa.parquet.ParquetWriter(file, schema) as writer:
        while part := list(islice(going, PART)):
            named = zip(schema.types, zip(*part, strict=True), strict=True)
            arrays = [
                pa.array([c or None for c in cells], kind) for kind, cells in named
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def draw_tables(
    file: BinaryIO,
    schema: Any,  # noqa: ANN401  # a schema of pyarrow
    tables: Iterable[Any],
) -> None:
    """
    Write *tables* as one Parquet file, in row groups that only its rows decide.

    A row group for each table would tell how many of its rows were refused.

    Args:
        file: The file, open for writing bytes.

        schema: The columns of each table.

        tables: pyarrow Tables of at most `PART` rows.

    Raises:
        eckid.errors.ExchangeError: If the extra ``arrow`` is not installed.
    """
    pa = load_pyarrow()
    held = schema.empty_table()
    with pa.parquet.ParquetWriter(file, schema) as writer:
        for table in tables:
            # In one piece: pages end where pieces do.
            held = pa.concat_tables([held, table]).combine_chunks()
            if len(held) >= PART:
                writer.write_table(held.slice(0, PART))
                held = held.slice(PART)
        if len(held):
            writer.write_table(held)
