"""
The formats by name, and which of them a file has.
"""

from pathlib import Path
from typing import Final

from eckid._core.values import Closed, expect
from eckid.errors import ExchangeError


class Format(Closed):
    """
    A format, by the name that the command line gives it.
    """

    CSV = "csv"
    EDEXML = "edexml"
    EDUV = "eduv"
    PARQUET = "parquet"


SUFFIXES: Final = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".xml": Format.EDEXML,
    ".json": Format.EDUV,
    ".parquet": Format.PARQUET,
}


def format_of(path: str | Path, format: str | None) -> Format:
    """
    Return the format of a file: what it is said to be, else what its name says.

    Raises:
        eckid.errors.ExchangeError: If neither says.
    """
    known = {member.value: member for member in Format}
    if format is None:
        found = SUFFIXES.get(Path(path).suffix.lower())
    else:
        found = known.get(expect("format", format, str))
    if found is None:
        raise ExchangeError(
            f"format: expected {' or '.join(known)}, or a file named "
            f"{' '.join(SUFFIXES)}"
        )
    return found
