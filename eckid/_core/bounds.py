"""
How much of anything is read: every bound on what comes from outside, in one table.

A bound is the format's own where the format has one. Where it is ours, its row says
why. What is beyond a bound is refused: as a row with its own reason, or as a whole with
one error that says what was expected. Nothing is cut off.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

_SIZES: Final = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "bytes"))


class Bound(NamedTuple):
    """
    The most of one thing that is read.

    Attributes:
        name: What is counted.
        most: How many there may be.
        unit: In what it is counted.
        source: The format that has the bound; or, if it is ours, the reason for it.
        each: How many more there may be for each byte of the file.
    """

    name: str
    most: int
    unit: str
    source: str
    each: int = 0

    def of(self, size: int) -> int:
        """
        Return how many there may be in a file of *size* bytes.
        """
        return self.most + self.each * size

    @property
    def shown(self) -> str:
        """
        The bound, as errors and pages say it.

        >>> NAME.shown, HELD.shown
        ('200 characters', '64 MiB')
        """
        more = f", and {self.each} for each byte of the file" if self.each else ""
        if self.unit == "bytes":
            size, unit = next(s for s in _SIZES if not self.most % s[0])
            return f"{self.most // size} {unit}{more}"
        return f"{self.most} {self.unit}{more}"

    def beyond(self, got: int | None = None) -> str:
        """
        Return what an error says where there are more; *got* says how many, if known.

        >>> COLUMNS.beyond(20_000)
        'columns: expected at most 16384 columns, got 20000'
        """
        return (
            f"{self.name}: expected at most {self.shown}, "
            f"got {'more' if got is None else got}"
        )


_EXCEL: Final = "Excel specifications and limits, Microsoft"
_UWLR: Final = "UWLR 2.2, schemas of 2016-12-14"

# Lists, in every format.
NAME: Final = Bound(
    "name", 200, "characters", f"{_UWLR}: the longest of its names, achternaam"
)
IDENTIFIER: Final = Bound("identifier", 256, "characters", f"{_UWLR}: key, emailadres")
CELL: Final = Bound("cell", 32_767, "characters", _EXCEL)
MARKS: Final = Bound(
    "marks on a letter", 30, "in a row", "Unicode UAX #15: Stream-Safe Text Format"
)
COLUMNS: Final = Bound("columns", 16_384, "columns", _EXCEL)
ROWS: Final = Bound(
    "rows", 91_818_180, "rows", "as many as there are valid numbers: a person has a row"
)
HELD: Final = Bound(
    "list held in memory",
    64 * 2**20,
    "bytes",
    "ours: standard input, Excel and Edu-V are held whole; 100,000 students are 40 MB",
)
LINE: Final = Bound(
    "line of CSV", 2**20, "bytes", "ours: as many columns as there may be, of 64 bytes"
)
VALUES: Final = Bound(
    "values of Edu-V",
    2_000_000,
    "values",
    "ours: 12 values for each student that the list held in memory has room for",
)

# EDEXML.
DEPTH: Final = Bound(
    "nesting of EDEXML", 64, "elements", "ours: the schemas of UWLR 2.2 need 5"
)
ELEMENTS: Final = Bound(
    "elements of a person of EDEXML",
    1024,
    "elements",
    "ours: a pupil has 29 fields, and then groups",
)
OTHERS: Final = Bound(
    "other elements of EDEXML",
    120_000,
    "elements",
    "ours: 12 unknown fields for each pupil of a school of 10,000",
)

# Parquet: a few bytes of it may unpack to any number of cells.
CELLS: Final = Bound(
    "cells of Parquet",
    2**18,
    "cells",
    "ours: a person's number and key alone take 4 bytes, however they are packed",
    each=16,
)
UNPACKED: Final = Bound(
    "Parquet once unpacked", 64 * 2**20, "bytes", "ours: 16 bytes a cell", each=256
)
PART: Final = Bound(
    "part of Parquet", 64 * 2**20, "bytes", "ours: what is unpacked at a time"
)

# Excel: it is read by another process, which these bound.
SHEET: Final = Bound(
    "cells of a sheet",
    2**24,
    "cells",
    "ours: all rows that a sheet may have, of 16 columns; the reader holds empty ones",
)
BOOK: Final = Bound(
    "workbook once unpacked",
    64 * 2**20,
    "bytes",
    "ours: four times how well the XML of a sheet packs",
    each=64,
)
MEMORY_OF_BOOK: Final = Bound(
    "memory to read a workbook", 2**30, "bytes", "ours: twice the largest sheet"
)
UNLIMITED_BOOK: Final = Bound(
    "file of a workbook, on other systems than Linux",
    8 * 2**20,
    "bytes",
    "ours: 10,000 rows of 12 cells fit",
)
SECONDS_OF_BOOK: Final = Bound(
    "processor time to read a workbook",
    60,
    "seconds",
    "ours: 10,000 rows of 12 cells take less than one",
)

# Policies.
POLICY: Final = Bound(
    "file of a policy", 64 * 2**10, "bytes", "ours: six times the longest shipped one"
)
SCOPES: Final = Bound("scopes", 100, "scopes", "ours: Edu-V Students 1.1.0 has 5")
REGELS: Final = Bound("regels", 1000, "regels", "ours: UWLR 2.2 has 40 fields")
EEN_VAN: Final = Bound(
    "een_van", 1000, "names", "ours: the catalogue of attributes has 49"
)

# Rings.
RING: Final = Bound(
    "sleutelbos file", 2**20, "bytes", "ours: a ring of ten thousand releases"
)
MEMORY: Final = Bound(
    "memory of a sleutelbos file",
    2**30,
    "bytes",
    "ours, unless the caller allows more: four times what this library asks",
)
MOST_MEMORY: Final = Bound(
    "memory of a sleutelbos file that is allowed more",
    4 * 2**30,
    "bytes",
    "RFC 9106, section 4: twice its first recommended option",
)
PASSES: Final = Bound(
    "passes of a sleutelbos file", 16, "passes", "ours: RFC 9106 recommends 1 and 3"
)
LANES: Final = Bound(
    "lanes of a sleutelbos file", 16, "lanes", "ours: RFC 9106 recommends 4"
)

# Small files that the command line takes, and receipts.
WORDS: Final = Bound(
    "file of a passphrase, a salt or a text",
    64 * 2**10,
    "bytes",
    "ours: a text of four thousand words has 32 KiB",
)
RECEIPT: Final = Bound(
    "receipt", 2**20, "bytes", "ours: one with as many scopes as there may be is 64 KiB"
)

# Answers of the national service.
ANSWER: Final = Bound(
    "answer of the service", 2**16, "bytes", "ours: one pseudonym takes less than 2 KiB"
)
ANSWERS: Final = Bound(
    "answer of the service to a batch",
    64 * 2**20,
    "bytes",
    "ours: 100,000 pseudonyms of 350 bytes, twice",
)
ANSWERED: Final = Bound(
    "elements and attributes of an answer",
    400_000,
    "of them",
    "ours: 100,000 pseudonyms of three elements, and room for the rest",
)
TAG: Final = Bound(
    "tag of an answer", 8 * 2**10, "bytes", "ours: an envelope has less than 2 KiB"
)
NESTED: Final = Bound(
    "nesting of an answer", 16, "elements", "ours: a batch has 5, a fault may add some"
)

# Requests to the stand-in, from anybody.
ASKED: Final = Bound(
    "request to the stand-in",
    16 * 2**20,
    "bytes",
    "ours: four times a batch of 10,000 stampseudoniemen",
)
ITEMS: Final = Bound(
    "items of a batch to the stand-in", 10_000, "items", "ours: a large board's list"
)
ASKED_ELEMENTS: Final = Bound(
    "elements of a request",
    30_100,
    "elements",
    "ours: 10,000 items of three elements, and room for the rest",
)
ASKED_TAG: Final = Bound(
    "piece of XML in a request", 64 * 2**10, "bytes", "ours: a tag has less than 1 KiB"
)
ASKED_NESTED: Final = Bound(
    "nesting of a request", 16, "elements", "ours: a batch has 5, a header may add some"
)
HEAD: Final = Bound(
    "headers of HTTP of a request", 16 * 2**10, "bytes", "h11: the most it reads"
)
CONNECTIONS: Final = Bound(
    "connections to the stand-in",
    32,
    "connections",
    "ours: one thread each; a rehearsal needs a few",
)
SECONDS_OF_REQUEST: Final = Bound(
    "time for a request to the stand-in, and for its answer",
    30,
    "seconds",
    "ours: a batch of 10,000 takes less than two",
)
REQUESTS_HELD: Final = Bound(
    "requests that the stand-in holds at once",
    64 * 2**20,
    "bytes",
    "ours: four of the largest",
)
BATCHES_HELD: Final = Bound(
    "results of batches that the stand-in keeps",
    200_000,
    "items",
    "ours: twenty of the largest batches; the oldest go first",
)
REPLACED: Final = Bound(
    "replacements that the stand-in keeps",
    1_000,
    "replacements",
    "ours: a chain of them is followed at each call",
)
BOARDS: Final = Bound(
    "list of boards", 2**20, "bytes", "ours: all boards and schools of the country"
)

BOUNDS: Final = tuple(one for one in [*globals().values()] if isinstance(one, Bound))

# Every mark stands behind the Latin letters, so most texts need not be looked at.
_PERHAPS: Final = re.compile(rf"[^\x00-\u02ff]{{{MARKS.most + 1}}}")


def octets_within(
    file: BinaryIO, bound: Bound, error: Callable[[str], Exception]
) -> bytes:
    """
    Return all of *file*, if it is within *bound*.

    Args:
        file: The file or stream, open for reading bytes.

        bound: The most bytes that it may have.

        error: Makes the error to raise if there are more, of its text.

    Raises:
        Exception: What *error* makes, if there are more. Only one byte more is read.
    """
    parts: list[bytes] = []
    left = bound.most + 1
    # One read of an unbuffered pipe may give a part; only an empty read is the end.
    while left and (more := file.read(left)):
        parts.append(more)
        left -= len(more)
    if not left:
        raise error(bound.beyond())
    return b"".join(parts)


def piles_marks(text: str) -> bool:
    r"""
    Return whether *text* has more marks in a row than `MARKS` allows.

    Unicode puts marks in order, in a time that grows with the square of their number.

    >>> piles_marks("Zoe\u0308"), piles_marks("Zoe" + 31 * "\u0308")
    (False, True)
    """
    if text.isascii() or not _PERHAPS.search(text):
        return False
    row = 0
    for sign in text:
        row = row + 1 if unicodedata.combining(sign) else 0
        if row > MARKS.most:
            return True
    return False
