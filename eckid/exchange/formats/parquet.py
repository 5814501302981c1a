"""
Parquet, out and in: a table with types, read and written in parts.

Cells become text as CSV has it: a number its digits, a day as 2016-02-03, a null
no text. What a type has lost it does not get back here: a whole number lacks its
leading zero as a spreadsheet's cell does, and is mended as that is.
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

# Rows held at a time, out and in; a row group of a file has this many at most.
PART: Final = 65_536
# Records are made of few at a time, for each cell of them is an object.
_FEW: Final = 4096
# What a list of sealed HPgns calls its column: octets here, hex where all is text.
SEALED: Final = "hpgn-verzegeld"


def as_text(column: Any, name: str) -> Any:  # noqa: ANN401  # an array of pyarrow
    """
    Return an array of text of an array of text, whole numbers or days.

    Args:
        column: An Array or ChunkedArray.

        name: What it is called in an error.

    Raises:
        eckid.errors.ExchangeError: If it is of another type, or of one that
            rounds.
    """
    pa = load_pyarrow()
    kind = column.type
    is_ = pa.types
    if is_.is_dictionary(kind):
        # A cast of the whole knows fewer types than that.
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
        # A day, as the frames of some libraries keep it.
        return pa.compute.replace_substring_regex(
            column.cast(pa.string()), r"^([0-9-]{10}) 00:00:00(\.0+)?$", r"\1"
        )
    # The message of pyarrow could repeat a value, and a number of 32 bits that
    # floats is another number by now.
    raise ExchangeError(f"{name}: expected text, whole numbers or days, got {kind}")


class Parquet(Unpickled):
    """
    A Parquet file that was looked at: its columns.

    Iterating gives a `Record` for each row.

    Attributes:
        encoding: What text is in; always utf-8.
        columns: The attribute of each column; where the heading is not known,
            the heading.
        line: 1, for there are no lines.

    Raises:
        eckid.errors.ExchangeError: If the file is no such table, or the extra
            ``arrow`` is not installed.
        OSError: If it cannot be read.
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
        Yield the table in parts, its columns named as `columns` has them.

        Args:
            rows: How many at most.

            columns: Which of them; None is all.
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
                # Else what was read ahead is held until the file is closed.
                yield pa.parquet.ParquetFile(raw, pre_buffer=False)
            except pa.ArrowException:
                broken = True
            except OSError as error:
                # Of the system it has a number; without one it is pyarrow's.
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
        file: Where to.

        columns: Their names; of text, or of octets where a name is `SEALED`.

        rows: The cells of each; None or no text is a null.
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
