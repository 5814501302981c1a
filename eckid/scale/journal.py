"""
The journal: sealed HPgns that a long run keeps beside its output, to resume.

Only hashing is slow, so only HPgns are kept; a resumed run makes the rest again. Each
HPgn is sealed for its list, its row and its number. The file is SQLite, which stays
whole when the power or the process fails.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from eckid._core.values import expect, frame
from eckid.errors import ExchangeError, SecretError
from eckid.exchange.lists.bewaard import Bewaard
from eckid.exchange.rows import Rij
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn
from eckid.scale.beside import rows_at
from eckid.scheme import Scheme

if TYPE_CHECKING:
    import sqlite3

# Seconds between commits: a killed run loses this much work.
_EVERY: Final = 1.0
# The form of the file; one of a later form is refused.
_FORM: Final = 1
_SCHEMA: Final = """
CREATE TABLE list (mark BLOB NOT NULL);
CREATE TABLE hpgn (record INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
"""


def journal_of(out: Path) -> Path:
    """
    Return the path of the journal of the run that writes *out*.
    """
    return out.with_name(f"{out.name}.journal")


class Journal(Bewaard):
    """
    A keeper in a file: the HPgns of one list, as far as it was hashed.

    Attributes:
        path: The file.
        begun_with: How many HPgns it had when it was opened.
        stood: Whether the file existed before; then an earlier run was stopped.
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
        empty = not rows.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if empty and not rows.execute("PRAGMA user_version").fetchone()[0]:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                rows.execute(statement)
            rows.execute("INSERT INTO list VALUES (?)", [mark])
            rows.execute(f"PRAGMA user_version = {_FORM}")
        form = int(rows.execute("PRAGMA user_version").fetchone()[0])
        if form > _FORM:
            raise ExchangeError(
                f"{path.name}: expected a journal of form {_FORM}, got {form}: made by "
                "a newer eckid; end the run with that one, or remove it to begin anew"
            )
        if rows.execute("SELECT mark FROM list").fetchall() != [(mark,)]:
            raise ExchangeError(
                f"{path.name}: expected the journal of this list, ring and scheme, got "
                "another's: remove it to begin anew"
            )
        self.begun_with: int = rows.execute("SELECT count(*) FROM hpgn").fetchone()[0]
        self._committed = time.monotonic()

    def known(self, rij: Rij) -> HPgn | None:
        """
        Return the HPgn of a row that was hashed before, else None.
        """
        if not self.begun_with:
            return None
        sql = "SELECT sealed FROM hpgn WHERE record = ?"
        found = self._rows.execute(sql, [rij.record]).fetchone()
        # An HPgn that does not open is hashed again.
        with suppress(SecretError, TypeError):
            if found is not None:
                about = self._about_row(rij)
                return self._sleutelbos.unseal(found[0], about=about, kind=HPgn)
        return None

    def _about_row(self, rij: Rij) -> str:
        # The number is part of the context, which is never written. So if the list
        # changes while it is read, no row can get the HPgn of another number.
        number = "" if rij.pgn is None else rij.pgn.expose()
        return f"{self._about} {rij.record} {number}"

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of a row, sealed.
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
        Write all HPgns to the disk; undo everything if there are none. Return how many.
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
    Return a mark that differs for each list, ring and scheme, and reveals nothing.

    Args:
        source: The list.

        sleutelbos: The ring; its key makes the mark, so that a short list cannot be
            guessed from it.

        scheme: How the numbers are hashed.

        headings: Your own headings, each with the name of its attribute.

        format: The format that the list is read as; None by its extension.

    Returns:
        The bytes of the mark.
    """
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    given = {} if headings is None else expect("headings", headings, Mapping)  # type: ignore[type-abstract]  # only asks
    for heading, naam in given.items():
        expect("heading", heading, str)
        expect("heading", naam, str)
    expect("format", format, str, type(None))
    how = json.dumps([dict(given), format], sort_keys=True).encode("utf-8")
    mac = expect("sleutelbos", sleutelbos, Sleutelbos).mac_index()
    name = expect("scheme", scheme, Scheme).value.encode("ascii")
    mac.update(frame(b"eckid/1/journal", name, digest, hashlib.sha256(how).digest()))
    return mac.finalize()


@contextmanager
def journal_at(path: Path, *, mark: bytes, sleutelbos: Sleutelbos) -> Iterator[Journal]:
    """
    Open a journal for the block: it is deleted if the block ends well, else kept.

    Args:
        path: The file; it is made if it does not exist.

        mark: The mark of the list, by `mark_of`.

        sleutelbos: The ring that seals the HPgns.

    Raises:
        eckid.errors.ExchangeError: If the file is the journal of another list, another
            run is using it, or the disk refuses.
    """
    stood = path.exists()
    with rows_at(path, "journal") as rows:
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
