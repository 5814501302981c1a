"""
The formats, how to tell the format of a file, and the libraries that some need.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from eckid._core.values import Closed, expect
from eckid.errors import ExchangeError


class Format(Closed):
    """
    A file format of lists; the value is its name on the command line.
    """

    CSV = "csv"
    EXCEL = "excel"
    EDEXML = "edexml"
    EDUV = "eduv"
    PARQUET = "parquet"


SUFFIXES: Final = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".xlsx": Format.EXCEL,
    ".xls": Format.EXCEL,
    ".ods": Format.EXCEL,
    ".xml": Format.EDEXML,
    ".json": Format.EDUV,
    ".parquet": Format.PARQUET,
}
# No release is written as Excel: a workbook also holds what nobody sees.
WRITTEN: Final = tuple(member for member in Format if member is not Format.EXCEL)


def format_of(path: str | Path, format: str | None) -> Format:
    """
    Return the format of a file.

    Args:
        path: The file; only its extension is looked at, and only without *format*.

        format: ``csv``, ``excel``, ``edexml``, ``eduv`` or ``parquet``; None chooses by
            the extension: .csv, .tsv, .txt, .xlsx, .xls, .ods, .xml, .json or .parquet.

    Raises:
        eckid.errors.ExchangeError: If *format* is another word, or the extension is
            unknown.

    >>> format_of("groep-6a.xml", None).value
    'edexml'
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


def written(format: Format) -> Format:
    """
    Return the format of a file to write, as it is.

    Raises:
        eckid.errors.ExchangeError: If it is Excel, which is only read.
    """
    if expect("format", format, Format) not in WRITTEN:
        words = " or ".join(member.value for member in WRITTEN)
        raise ExchangeError(
            f"format: expected {words}, for no release is written as Excel; Excel "
            "opens CSV that is written --for-excel"
        )
    return format


@cache
def load(what: str, extra: str, *modules: str) -> Any:  # noqa: ANN401  # a module
    """
    Import the *modules* that an extra installs, and return the first.

    Args:
        what: What needs the extra, with a verb, to begin the error with.

        extra: The name of the extra.

        modules: The full names of the modules.

    Raises:
        eckid.errors.ExchangeError: If the extra is not installed; the message says
            how to install it.
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
    Return the module ``lxml.etree``, which reads and writes XML.

    Raises:
        eckid.errors.ExchangeError: If the extra ``edexml`` is not installed.
    """
    return load("EDEXML needs", "edexml", "lxml.etree")


def load_pyarrow() -> Any:  # noqa: ANN401  # a module
    """
    Return the module ``pyarrow``, with its compute and parquet modules loaded.

    Raises:
        eckid.errors.ExchangeError: If the extra ``arrow`` is not installed.
    """
    return load(
        "columns and Parquet need",
        "arrow",
        "pyarrow",
        "pyarrow.compute",
        "pyarrow.parquet",
    )
