"""
Parquet: typed tables, read and written in parts.

Cells become the text that CSV would have: a number becomes its digits, a day becomes
2016-02-03, a null becomes empty. A whole number has lost its leading zero, as in a
spreadsheet; reading a class list repairs that later, as it does for CSV.
"""

import io
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, BinaryIO, Final

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid.attributes import CATALOGUE
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, as_record
from eckid.exchange.formats.days import Dated
from eckid.exchange.formats.headings import named_columns
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.lengths import within
from eckid.exchange.formats.texts import as_text, cells_of, check_type, octets_of
from eckid.exchange.formats.unpacked import budget_of
from eckid.exchange.rows import Weigering

Opener = Callable[[], BinaryIO]

# Rows held in memory at a time; a written row group has at most this many.
PART: Final = 65_536
# Records are made in small parts, since each cell becomes a Python object.
_FEW: Final = 4096
# The column of sealed HPgns: bytes in Parquet, hex digits in CSV.
SEALED: Final = "hpgn-verzegeld"


class Parquet(Dated):
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
        days: The order of day, month and year; None decides it for each column.

    Raises:
        eckid.errors.ExchangeError: If the file is not Parquet, a column has a type
            that is not read, two columns are the same attribute, the file would
            unpack to more than a file of its size may, or the extra ``arrow`` is not
            installed.
        OSError: If the file cannot be read.
    """

    __slots__ = ("_budget", "_opener", "columns", "encoding", "line", "rows")

    def __init__(self, opener: Opener, headings: Mapping[str, str]) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self._opener = opener
        self.encoding, self.line = "utf-8", 1
        with self._opened() as file:
            self.columns = named_columns(1, file.schema_arrow.names, headings)
            self.rows = int(file.metadata.num_rows)
            for n, kind in enumerate(file.schema_arrow.types):
                name = self.columns[n]
                # A table without headings has a person's cells in their place.
                said = name if name in CATALOGUE else f"column {n + 1}"
                check_type(kind, said, sealed=name == SEALED)
        with opener() as raw:
            size = raw.seek(0, io.SEEK_END)
        self._budget = budget_of(self._opened, size)

    def __len__(self) -> int:
        return self.rows

    def __iter__(self) -> Iterator[Record | Weigering]:
        return within(self._records(), self.columns)

    def _records(self) -> Iterator[Record | Weigering]:
        record = 0
        for part in self.parts(_FEW):
            cells = [
                self._cells(*named)
                for named in zip(self.columns, part.columns, strict=True)
            ]
            for row in zip(*cells, strict=True):
                record += 1
                yield as_record(record, record, row)

    def parts(
        self, rows: int = PART, columns: Sequence[str] | None = None
    ) -> Generator[Any, None, None]:
        """
        Yield the table in parts, with its columns named by attribute.

        Args:
            rows: How many rows a part has at most; where they unpack to much, it has
                fewer.

            columns: The names of the columns to read; None is all.

        Returns:
            A generator of pyarrow Tables.

        Raises:
            eckid.errors.ExchangeError: While iterating, if more is unpacked than may be
                of a file of its size.
        """
        pa = load_pyarrow()
        expect("rows", rows, int)
        expect("columns", columns, Sequence, type(None))
        wanted = self.columns if columns is None else columns
        few, spent = min(rows, self._budget.rows), 0
        places = [self.columns.index(name) for name in wanted]
        with self._opened() as file:
            heads = file.schema_arrow.names
            asked = list(dict.fromkeys(heads[place] for place in places))
            # pyarrow gives the columns in the order of the names; of two columns with
            # one name it gives both. So a column is known by its place only.
            given = [n for name in asked for n, h in enumerate(heads) if h == name]
            for batch in file.iter_batches(batch_size=few, columns=asked):
                spent = self._budget.spend(spent, batch)
                placed = dict(zip(given, batch.columns, strict=True))
                arrays = [placed[place] for place in places]
                yield pa.Table.from_arrays(arrays, names=list(wanted))

    @contextmanager
    def _opened(self, once: Sequence[str] = ()) -> Iterator[Any]:
        # Of the columns in *once* each text is read once, and not for each row.
        pa = load_pyarrow()
        # What pyarrow raises for a damaged file. Its words may quote the file.
        kinds = pa.ArrowException, OSError, ValueError, LookupError, OverflowError
        with self._opener() as raw, foreign(_damaged, *kinds):
            # With pre_buffer, all that was read ahead stays in memory.
            yield pa.parquet.ParquetFile(
                raw, pre_buffer=False, read_dictionary=list(once)
            )

    def _cells(self, name: str, column: Any) -> Sequence[str | bytes | None]:  # noqa: ANN401  # as above
        if name == SEALED:
            octets = octets_of(column, name)
            return [None if each is None else each.hex() for each in octets]
        return cells_of(as_text(column, name))


def _damaged(error: BaseException) -> Exception:
    # An error of the system has an errno; one of pyarrow has none.
    if isinstance(error, OSError) and error.errno is not None:
        return error
    return ExchangeError("expected a whole Parquet file, got another; write it again")


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
        eckid.errors.ExchangeError: If a cell is not text that UTF-8 can hold, or the
            extra ``arrow`` is not installed.
    """
    pa = load_pyarrow()
    # The words of pyarrow may quote a cell.
    kinds = pa.ArrowException, UnicodeError, TypeError

    def other() -> ExchangeError:
        return ExchangeError("expected text that UTF-8 can hold, got another cell")

    with foreign(other(), *kinds):
        schema = pa.schema(
            [(name, pa.binary() if name == SEALED else pa.string()) for name in columns]
        )
    going = iter(rows)
    with pa.parquet.ParquetWriter(file, schema) as writer:
        while part := list(islice(going, PART)):
            with foreign(other(), *kinds):
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
    with (
        pa.parquet.ParquetWriter(file, schema) as writer,
        # One is written while the next is made.
        ThreadPoolExecutor(1) as pool,
    ):
        written = pool.submit(bool)
        for table in tables:
            # In one piece: pages end where pieces do.
            held = pa.concat_tables([held, table]).combine_chunks()
            if len(held) >= PART:
                written.result()
                written = pool.submit(writer.write_table, held.slice(0, PART))
                held = held.slice(PART)
        written.result()
        if len(held):
            writer.write_table(held)
