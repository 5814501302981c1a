"""
The formats by name, which of them a file has, and the libraries that some need.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

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


@cache
def load(what: str, extra: str, *modules: str) -> Any:  # noqa: ANN401  # a module
    """
    Return the first of the *modules* of an extra, with the others loaded too.

    Args:
        what: What needs it, and a verb, for the error.

        extra: The extra to install.

        modules: Their full names.

    Raises:
        eckid.errors.ExchangeError: If it is not installed; it says what to install.
    """
    try:
        first, *_ = map(import_module, modules)
    except ImportError:
        pass
    else:
        return first
    raise ExchangeError(f"{what}: pip install 'eckid[{extra}]'")


def load_lxml() -> Any:  # noqa: ANN401  # a module
    """
    Return the library that reads and writes XML.
    """
    return load("EDEXML needs", "edexml", "lxml.etree")


def load_pyarrow() -> Any:  # noqa: ANN401  # a module
    """
    Return the library that reads and writes columns.
    """
    return load(
        "columns and Parquet need",
        "arrow",
        "pyarrow",
        "pyarrow.compute",
        "pyarrow.parquet",
    )
