"""
What a long run keeps beside its output, so that it can go on: sealed HPgns.

Hashing is what takes long, so HPgns are all that is kept, each sealed about its list,
its row and its number; the rest is made again from them. It is a file of SQLite, for
it is written while power and processes fail.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eckid._core.values import expect, frame
from eckid.errors import ExchangeError, SecretError
from eckid.exchange.lists.bewaard import Bewaard
from eckid.exchange.rows import Rij
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn
from eckid.scheme import Scheme

if TYPE_CHECKING:
    import sqlite3

# A second's work is what a killed run loses.
_EVERY: Final = 1.0
_SCHEMA: Final = """
CREATE TABLE list (mark BLOB NOT NULL);
CREATE TABLE hpgn (record INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
"""
# What SQLite says, by the name of its code, and what is said of it.
_SAID: Final = {
    "SQLITE_BUSY": "another run is writing it",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "expected a file that may be written, got a read-only one",
    "SQLITE_NOTADB": "expected a journal of eckid, got another file: remove it",
    "SQLITE_ERROR": "expected a journal of eckid, got another file: remove it",
    "SQLITE_CORRUPT": "expected a whole file, got a damaged one: remove it",
}


def journal_of(out: Path) -> Path:
    """
    Return where the journal of the run that writes *out* stands.
    """
    return out.with_name(f"{out.name}.journal")


class Journal(Bewaard):
    """
    The HPgns of one list, as far as it was hashed.

    Attributes:
        path: Its file.
        begun_with: How many HPgns it had when it was opened.
        stood: Whether it stood there: then a run before was killed.
    """

    __slots__ = (
        "_about",
        "_committed",
        "_rows",
        "_sleutelbos",
        "begun_with",
        "path",
        "stood",
    )

    def __init__(
        self,
        path: Path,
        rows: "sqlite3.Connection",
        *,
        mark: bytes,
        sleutelbos: Sleutelbos,
        stood: bool,
    ) -> None:
        self.path, self._rows, self._sleutelbos = path, rows, sleutelbos
        self.stood = stood
        self._about = f"journal {mark.hex()}"
        rows.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        rows.execute("BEGIN EXCLUSIVE")
        if not rows.execute("PRAGMA user_version").fetchone()[0]:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                rows.execute(statement)
            rows.execute("INSERT INTO list VALUES (?)", [mark])
            rows.execute("PRAGMA user_version = 1")
        if rows.execute("SELECT mark FROM list").fetchall() != [(mark,)]:
            raise ExchangeError(
                f"{path.name}: expected the journal of this list, ring and scheme, got "
                "another's: remove it to begin anew"
            )
        self.begun_with: int = rows.execute("SELECT count(*) FROM hpgn").fetchone()[0]
        self._committed = time.monotonic()

    def known(self, rij: Rij) -> HPgn | None:
        """
        Return the HPgn of a row that was hashed before.
        """
        if not self.begun_with:
            return None
        sql = "SELECT sealed FROM hpgn WHERE record = ?"
        found = self._rows.execute(sql, [rij.record]).fetchone()
        # What does not open is hashed again.
        with suppress(SecretError, TypeError):
            if found is not None:
                about = self._about_row(rij)
                return self._sleutelbos.unseal(found[0], about=about, kind=HPgn)
        return None

    def _about_row(self, rij: Rij) -> str:
        # With the number in it, which is written nowhere: should the list change
        # while it is read, no row gets the HPgn of another's number.
        number = "" if rij.pgn is None else rij.pgn.expose()
        return f"{self._about} {rij.record} {number}"

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of a row.
        """
        sealed = self._sleutelbos.seal(hpgn, about=self._about_row(rij))
        sql = "INSERT OR REPLACE INTO hpgn VALUES (?, ?)"
        self._rows.execute(sql, [rij.record, sealed])
        if time.monotonic() - self._committed > _EVERY:
            self._rows.execute("COMMIT")
            self._rows.execute("BEGIN EXCLUSIVE")
            self._committed = time.monotonic()

    def settle(self) -> int:
        """
        Bring all to the disk, or nothing where there is none; return how many.
        """
        many = int(self._rows.execute("SELECT count(*) FROM hpgn").fetchone()[0])
        self._rows.execute("COMMIT" if many else "ROLLBACK")
        return many


def mark_of(
    source: Path,
    *,
    sleutelbos: Sleutelbos,
    scheme: Scheme,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
) -> bytes:
    """
    Return what tells one list, ring and scheme from another, and gives none away.

    Args:
        source: The list.

        sleutelbos: The ring; without it a short list could be guessed.

        scheme: How its numbers are hashed.

        headings: What headings of one's own mean.

        format: What the list is read as.
    """
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    how = json.dumps([dict(headings or {}), format], sort_keys=True).encode("utf-8")
    mac = expect("sleutelbos", sleutelbos, Sleutelbos).mac_index()
    name = expect("scheme", scheme, Scheme).value.encode("ascii")
    mac.update(frame(b"eckid/1/journal", name, digest, hashlib.sha256(how).digest()))
    return mac.finalize()


@contextmanager
def journal_at(path: Path, *, mark: bytes, sleutelbos: Sleutelbos) -> Iterator[Journal]:
    """
    Keep a journal; it is gone when the block ends well, and stays where it does not.

    Raises:
        eckid.errors.ExchangeError: If one stands there that is of another list,
            or that another run is writing, or the disk refuses.
    """
    import sqlite3  # noqa: PLC0415  # only a long run pays for it

    why = ""
    stood = path.exists()
    try:
        with closing(_open(path)) as rows:
            journal = Journal(path, rows, mark=mark, sleutelbos=sleutelbos, stood=stood)
            try:
                yield journal
            except BaseException as error:
                if journal.settle():
                    error.add_note(
                        f"What was hashed is kept, sealed, in {path}: "
                        "the same run again goes on from there"
                    )
                raise
    except sqlite3.Error as error:
        code = str(getattr(error, "sqlite_errorname", ""))
        found = (said for name, said in _SAID.items() if code.startswith(name))
        why = next(found, "the disk refused it")
    finally:
        _sweep(path)
    if why:
        raise ExchangeError(f"{path.name}: {why}")
    path.unlink(missing_ok=True)


def _open(path: Path) -> "sqlite3.Connection":
    import sqlite3  # noqa: PLC0415  # as above

    # Its owner's alone, before the first byte.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    uri = f"{path.resolve().as_uri()}?mode=rw"
    # Who comes second is told so, and does not wait for hours.
    return sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)


def _sweep(path: Path) -> None:
    """
    Take away a journal that nothing came into.
    """
    with suppress(OSError):
        if not path.stat().st_size:
            path.unlink()
