"""
The two files of a register: SQLite in WAL mode, written together, key file first.

Every error of SQLite becomes a `RegisterError` that says what to do and repeats no
value.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eckid.errors import RegisterError

if TYPE_CHECKING:
    import sqlite3

_BUSY_SECONDS: Final = 30.0

# The steps that bring a file from one version to the next. A released step never
# changes.
_REGISTER: tuple[str, ...] = (
    """
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    handle INTEGER NOT NULL,
    kind TEXT NOT NULL,
    format INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    mac BLOB NOT NULL
);
CREATE INDEX ledger_handle ON ledger (handle, kind);
CREATE INDEX ledger_kind ON ledger (kind);
""",
)
_KEYS: tuple[str, ...] = (
    """
CREATE TABLE key (
    handle INTEGER PRIMARY KEY,
    format INTEGER NOT NULL,
    wrapped BLOB NOT NULL
);
CREATE TABLE tag (
    tag BLOB PRIMARY KEY,
    handle INTEGER NOT NULL REFERENCES key ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX tag_handle ON tag (handle);
""",
)

# For the code of an SQLite error, by its name, what our error says.
_SAID: Final = {
    "SQLITE_BUSY": "another process has it; try again",
    "SQLITE_LOCKED": "another process has it; try again",
    "SQLITE_FULL": "the disk is full; nothing was written",
    "SQLITE_READONLY": "expected a file that may be written, got a read-only one",
    "SQLITE_CANTOPEN": "expected a file that can be opened, got none",
    "SQLITE_NOTADB": "expected a register, got another kind of file",
    "SQLITE_CORRUPT": "expected a whole file, got a damaged one",
    "SQLITE_IOERR": "the disk failed; nothing was written",
    "SQLITE_PERM": "expected a file that may be opened, got one that may not",
}


def keys_of(path: Path) -> Path:
    """
    Return the path of the key file of the register at *path*.
    """
    return path.with_name(f"{path.name}.keys")


@contextmanager
def said() -> Iterator[None]:
    """
    Raise each error of SQLite in this block as a `RegisterError`.
    """
    import sqlite3  # noqa: PLC0415  # only a register needs it

    code: str | None = None
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "")
    if code is not None:
        # An extended code begins with its primary one.
        why = next((said for name, said in _SAID.items() if code.startswith(name)), "")
        raise RegisterError(
            f"register: {why or 'expected a sound register, got one that is not'}"
        )


class Store:
    """
    Both files of a register, open; for one thread.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        mode = "rwc" if create else "rw"
        # If one file does not open, the other is closed again.
        with ExitStack() as opened, said():
            self.register = opened.enter_context(_open(path, mode))
            self.keys = opened.enter_context(_open(keys_of(path), mode))
            self.keys.execute("PRAGMA secure_delete = ON").fetchone()
            _migrate(self.register, _REGISTER)
            _migrate(self.keys, _KEYS)
            opened.pop_all()

    def close(self) -> None:
        """
        Close both files.
        """
        with said():
            self.keys.close()
            self.register.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """
        Lock both files; at the end of the block commit both, or neither.

        The key file is committed first. If the process dies between the two, a key is
        left that opens nothing; `sweep` removes it.
        """
        with said():
            self.register.execute("BEGIN IMMEDIATE")
        try:
            with said():
                self.keys.execute("BEGIN IMMEDIATE")
            yield
            with said():
                self.keys.execute("COMMIT")
                self.register.execute("COMMIT")
        finally:
            for connection in (self.keys, self.register):
                if connection.in_transaction:
                    connection.rollback()

    def scrub(self) -> None:
        """
        Remove deleted rows from the write-ahead log of the key file.

        Raises:
            eckid.errors.RegisterError: BUSY, if a reader holds them there.
        """
        with said():
            busy = self.keys.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise RegisterError(
                "register: BUSY: what was deleted still stands in the write-ahead log, "
                "because a reader holds it; scrub again when it has ended"
            )

    def copy_to(self, path: Path) -> None:
        """
        Copy both files to *path* while they are in use.

        The register is copied first. A key added in between opens nothing; a row
        without its key could not be read.
        """
        for source, target in ((self.register, path), (self.keys, keys_of(path))):
            with said(), _open(target, "rwc") as copy:
                source.backup(copy)

    def sweep(self) -> int:
        """
        Delete keys that open nothing, and return how many there were.
        """
        with self.writing(), said():
            held = {row[0] for row in self.keys.execute("SELECT handle FROM key")}
            used = {
                row[0]
                for row in self.register.execute("SELECT DISTINCT handle FROM ledger")
            }
            orphans = [(handle,) for handle in held - used]
            self.keys.executemany("DELETE FROM key WHERE handle = ?", orphans)
        return len(orphans)

    def one(self, sql: str, *values: object) -> Any:  # noqa: ANN401  # a row of SQLite's
        """
        Return the first row that the register gives for a query; None without rows.
        """
        with said():
            return self.register.execute(sql, values).fetchone()

    def many(self, sql: str, *values: object) -> Sequence[Any]:
        """
        Return all rows that the register gives for a query.
        """
        with said():
            return self.register.execute(sql, values).fetchall()


def _open(path: Path, mode: str) -> "closing[sqlite3.Connection]":
    """
    Return a connection that is closed at the end of a ``with``.
    """
    import sqlite3  # noqa: PLC0415  # as above

    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
    )
    try:
        _prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return closing(connection)


def _prepare(connection: "sqlite3.Connection") -> None:
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    # A row that was acknowledged is on the disk, even if the power fails.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")


def _migrate(connection: "sqlite3.Connection", steps: Sequence[str]) -> None:
    """
    Bring a file to the newest schema, in one transaction and only forward.
    """
    with said():
        found = _version(connection)
        if found < len(steps):
            connection.execute("BEGIN IMMEDIATE")
            # Another process may have done it first.
            found = _version(connection)
            for step in steps[found:]:
                for statement in filter(str.strip, step.split(";")):
                    connection.execute(statement)
                found += 1
                connection.execute(f"PRAGMA user_version = {found}")
            connection.execute("COMMIT")
    if found > len(steps):
        raise RegisterError(
            f"register: expected a schema up to {len(steps)}, got {found}: made by a "
            "newer eckid"
        )


def _version(connection: "sqlite3.Connection") -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
