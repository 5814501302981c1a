"""
What a file is by its first bytes, where its name says something else.

People rename files, and systems name a web page .xls. Reading such a file as what it is
not gives an error about signs and lines, which helps nobody.
"""

import re
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

from eckid._core.bounds import HELD
from eckid.errors import ExchangeError
from eckid.exchange.formats.kinds import Format

_HEAD: Final = 2**12
# The list of what is in a zip stands at its end.
_TAIL: Final = 2**16
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = re.compile(rb"PK(?:\x03\x04|\x05\x06)")
# A stream of this name holds what is encrypted.
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_EXPORT: Final = "export the list again, as CSV or as Excel (.xlsx)"
_SAVE: Final = "open it in your spreadsheet, and save it as .xlsx"


class Seen(NamedTuple):
    """
    What a file may turn out to be.

    Attributes:
        sees: Whether the first bytes and the last say so.
        what: What it is, for people.
        do: What to do then.
        formats: The formats that it may be read as.
    """

    sees: Callable[[bytes, bytes], object]
    what: str
    do: str
    formats: frozenset[Format] = frozenset()


def _begins(pattern: bytes) -> Callable[[bytes, bytes], object]:
    found = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:" + pattern + rb")", re.IGNORECASE)
    return lambda head, _: found.match(head)


def _zipped(*parts: bytes) -> Callable[[bytes, bytes], object]:
    return lambda head, tail: (
        _ZIP.match(head) and any(part in head + tail for part in parts)
    )


def _utf16(head: bytes, _: bytes) -> bool:
    # Without a mark at its start: of plain text in it every other byte is zero.
    some = head[:64]
    halves = some[::2], some[1::2]
    return head[:2] in {b"\xff\xfe", b"\xfe\xff"} or (
        len(some) > 2 and any(some) and not all(map(any, halves))
    )


_BOOK: Final = frozenset({Format.EXCEL})
# The first row that fits counts.
_SEEN: Final = (
    Seen(lambda head, _: not head, "an empty file", _EXPORT),
    Seen(
        _zipped(b"xl/workbook.xml"),
        "a workbook of Excel (.xlsx)",
        "name it .xlsx, or give the format excel",
        _BOOK,
    ),
    Seen(
        _zipped(b"application/vnd.oasis.opendocument.spreadsheet"),
        "a workbook of LibreOffice (.ods)",
        "name it .ods, or give the format excel",
        _BOOK,
    ),
    Seen(_zipped(b"xl/workbook.bin"), "a binary workbook of Excel (.xlsb)", _SAVE),
    Seen(
        _zipped(b"[Content_Types].xml", b"docProps/", b"_rels/.rels"),
        "a document of Office that is not a whole workbook",
        _EXPORT,
    ),
    Seen(
        lambda head, _: _ZIP.match(head), "a zip", "unpack it, and give what is in it"
    ),
    Seen(
        lambda head, tail: head.startswith(_OLE) and _ENCRYPTED in head + tail,
        "a workbook with a password",
        "take the password off in your spreadsheet, and save it",
    ),
    Seen(
        lambda head, _: head.startswith(_OLE),
        "a workbook of an old Excel (.xls)",
        "name it .xls, or give the format excel",
        _BOOK,
    ),
    Seen(
        lambda head, _: head.startswith(b"PAR1"),
        "a Parquet table",
        "name it .parquet, or give the format parquet",
        frozenset({Format.PARQUET}),
    ),
    Seen(lambda head, _: head.startswith(b"%PDF"), "a PDF", _EXPORT),
    Seen(
        lambda head, _: head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")),
        "text in UTF-32",
        "save it as CSV in UTF-8",
    ),
    Seen(
        _utf16, "text in UTF-16", "save it as CSV in UTF-8", frozenset({Format.EDEXML})
    ),
    Seen(_begins(rb"<!doctype\s+html|<html|<table"), "a web page (HTML)", _SAVE),
    Seen(
        _begins(rb"<\?xml[^>]*>\s*(?:<\?mso-application[^>]*Excel\.Sheet|<Workbook\b)"),
        "XML of Excel 2003",
        _SAVE,
    ),
    Seen(
        _begins(rb"<\?xml|<(?:\w+:)?leerlinggegevens"),
        "XML",
        "name it .xml, or give the format edexml",
        frozenset({Format.EDEXML}),
    ),
    Seen(
        _begins(rb"\[\s*[{\]]|\{\s*\""),
        "JSON",
        "name it .json, or give the format eduv",
        frozenset({Format.EDUV}),
    ),
)
_TEXT: Final = Seen(
    lambda *_: True, "text", "name it .csv, or give the format csv", frozenset()
)


def check_seen(opener: Callable[[], BinaryIO], format: Format) -> None:
    """
    Raise if a file is plainly something else than a list in *format*.

    Args:
        opener: Opens the file for reading bytes.

        format: The format that it is to be read as.

    Raises:
        eckid.errors.ExchangeError: If it is; the error says what it is, and what to do.
        OSError: If the file cannot be read.
    """
    with opener() as file:
        head = file.read(_HEAD)
        binary = head.startswith((b"PK", _OLE))
        # A workbook is held in memory anyway.
        rest = file.read(HELD.most) if binary else b""
    tail = rest if head.startswith(_OLE) else rest[-_TAIL:]
    seen = next((row for row in _SEEN if row.sees(head, tail)), None)
    if seen is None and format is Format.EXCEL:
        seen = _TEXT
    if seen is not None and format not in seen.formats:
        name = "EDEXML" if format is Format.EDEXML else format.value
        raise ExchangeError(f"expected {name}, got {seen.what}: {seen.do}", line=1)
