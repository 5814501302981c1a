"""
The source: a list is looked at, and read from a file or a stream.
"""

import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from eckid._core.values import expect
from eckid.attributes import CATALOGUE
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Table
from eckid.exchange.formats.edexml_in import Edexml
from eckid.exchange.formats.eduv import Students
from eckid.exchange.formats.kinds import SUFFIXES, Format, format_of
from eckid.exchange.formats.parquet import Parquet

# What a list may be read from: columns, and a record or a refusal for each row.
Source: TypeAlias = Table | Edexml | Students | Parquet
SOURCES: Final = (Table, Edexml, Students, Parquet)

# Standard input cannot be read twice, so it is held.
_HELD: Final = 64 * 1024 * 1024


def look(
    path: str | Path,
    *,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Source:
    """
    Look at the file at *path*.

    Args:
        path: The file.

        headings: Headings of one's own, each with the attribute it is; for
            CSV and Parquet.

        format: ``csv``, ``edexml``, ``eduv`` or ``parquet``; None goes by the name
            of the file, and takes any other name for CSV.

    Raises:
        eckid.errors.ExchangeError: If it is no list in that format.
        OSError: If it cannot be read.
    """
    file = Path(path)
    if file.exists() and not file.is_file():
        # It is opened more than once, and a pipe gives itself only once.
        raise ExchangeError("expected a file; give a pipe as standard input")
    plain = format is None and file.suffix.lower() not in SUFFIXES
    found = Format.CSV if plain else format_of(file, format)
    return _source(lambda: file.open("rb"), found, headings)


def hold(
    stream: BinaryIO,
    *,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Source:
    """
    Look at what *stream* gives, such as standard input; at most 64 MiB.

    Args:
        stream: A file of octets.

        headings: As for `look`.

        format: As for `look`; None is CSV.

    Raises:
        eckid.errors.ExchangeError: If there is more, or it is no list.
    """
    if not hasattr(stream, "read"):
        raise TypeError(f"stream: expected a file, got {type(stream).__name__}")
    octets = b""
    # An unbuffered pipe gives what it has, and nothing only at its end.
    while len(octets) <= _HELD and (more := stream.read(_HELD + 1 - len(octets))):
        octets += more
    if len(octets) > _HELD:
        raise ExchangeError("expected at most 64 MiB here; give a file instead")
    opener = partial(io.BytesIO, octets)
    return _source(opener, format_of("", format or Format.CSV.value), headings)


def _source(
    opener: Callable[[], BinaryIO],
    format: Format,
    headings: Mapping[str, str] | None,
) -> Source:
    known = _attributes(headings)
    if known and format not in {Format.CSV, Format.PARQUET}:
        raise ExchangeError("heading: expected none, for this format has its own")
    if format is Format.EDEXML:
        return Edexml(opener)
    if format is Format.EDUV:
        return Students(opener)
    return (Parquet if format is Format.PARQUET else Table)(opener, known)


def _attributes(headings: Mapping[str, str] | None) -> Mapping[str, str]:
    if headings is not None:
        expect("headings", headings, Mapping)  # type: ignore[type-abstract]
    for naam in (headings or {}).values():
        if expect("heading", naam, str) not in CATALOGUE:
            raise ExchangeError("heading: expected an attribuut of the catalogue")
    return headings or {}
