"""
A file of SQLite that stands beside an output until the output is there.

SQLite stays whole when the power or the process fails. The file is kept when the run
ends badly, so that the same run goes on from there.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eckid._core.foreign import foreign
from eckid.errors import ExchangeError

if TYPE_CHECKING:
    import sqlite3

_OTHER: Final = "expected a {what} of eckid, got another file: remove it"
# Our message for each error of SQLite, by the name of its code.
_SAID: Final = {
    "SQLITE_BUSY": "another run is writing it",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "expected a file that may be written, got a read-only one",
    "SQLITE_NOTADB": _OTHER,
    "SQLITE_ERROR": _OTHER,
    "SQLITE_CORRUPT": "expected a whole file, got a damaged one: remove it",
}


@contextmanager
def rows_at(path: Path, what: str) -> Iterator["sqlite3.Connection"]:
    """
    Open the file for the block: it is deleted if the block ends well, else kept.

    Args:
        path: The file; it is made if it does not exist.

        what: What it is called in an error.

    Raises:
        eckid.errors.ExchangeError: If it is another file, another run is using it, or
            the disk refuses.
    """
    import sqlite3  # noqa: PLC0415  # only a long run pays for it

    def said(error: BaseException) -> ExchangeError:
        code = str(getattr(error, "sqlite_errorname", ""))
        found = (words for name, words in _SAID.items() if code.startswith(name))
        told = next(found, "the disk refused it").format(what=what)
        return ExchangeError(f"{path.name}: {told}")

    if path.is_symlink():
        raise ExchangeError(f"{path.name}: expected a {what}, got a link: remove it")
    try:
        with foreign(said, sqlite3.Error), closing(_open(path)) as rows:
            yield rows
    finally:
        _sweep(path)
    _remove(path)


def _open(path: Path) -> "sqlite3.Connection":
    import sqlite3  # noqa: PLC0415  # as above

    # Readable by its owner only, before the first byte is written.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    uri = f"{path.resolve().as_uri()}?mode=rw"
    # timeout=0: a second run is refused at once, instead of waiting for hours.
    return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)


def _sweep(path: Path) -> None:
    """
    Remove a file that is empty.
    """
    with suppress(OSError):
        if not path.stat().st_size:
            _remove(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    # SQLite leaves its own journal where a run was killed before: it has secrets too.
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
