"""
The two files of a register, as one connection of SQLite: one commit writes both.

The register is the schema ``main``, the key file the schema ``keys``. In the mode of a
rollback journal SQLite commits them together; in WAL mode it would not. New files are
made in memory and appear whole. Every error of SQLite becomes a `RegisterError` that
says what to do and repeats no value.
"""

import os
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid._core.whole import is_half, whole
from eckid.errors import RegisterError

if TYPE_CHECKING:
    import sqlite3

_BUSY_SECONDS: Final = 30.0
# The version of the schema; it is the same in both files.
VERSION: Final = 2

_REGISTER: Final = """
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
"""
_KEYS: Final = """
CREATE TABLE keys.key (
    handle INTEGER PRIMARY KEY,
    format INTEGER NOT NULL,
    wrapped BLOB NOT NULL
);
CREATE TABLE keys.tag (
    tag BLOB PRIMARY KEY,
    handle INTEGER NOT NULL REFERENCES key ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX keys.tag_handle ON tag (handle);
"""
# What version 2 has and version 1 lacks: where the ledger ends; the links that went
# out, and the number of the last revocation list of each recipient.
_SINCE_1: Final = """
CREATE TABLE keys.head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    length INTEGER NOT NULL,
    mac BLOB NOT NULL
);
CREATE TABLE keys.link (
    jti TEXT PRIMARY KEY,
    organisatie TEXT NOT NULL,
    tot TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE keys.list (
    organisatie TEXT PRIMARY KEY,
    number INTEGER NOT NULL
) WITHOUT ROWID;
"""

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
    name = expect("path", path, Path).name
    return path.with_name(f"{name}.keys")


def said() -> AbstractContextManager[None]:
    """
    Raise each error of SQLite in this block as a `RegisterError`.
    """
    import sqlite3  # noqa: PLC0415  # only a register needs it

    # Python's sqlite3 raises the last two for a value that SQLite cannot hold.
    return foreign(_ours, sqlite3.Error, OverflowError, UnicodeError)


def _ours(error: BaseException) -> RegisterError:
    code = getattr(error, "sqlite_errorname", "")
    # An extended code begins with its primary one.
    why = next((said for name, said in _SAID.items() if code.startswith(name)), "")
    return RegisterError(
        f"register: {why or 'expected a sound register, got one that is not'}"
    )


class Store:
    """
    Both files of a register, open; for the thread that opened them.
    """

    def __init__(self, register: str, keys: str) -> None:
        import sqlite3  # noqa: PLC0415  # as above

        self._owner = os.getpid(), threading.get_ident()
        self._said = said()
        with self._said:
            self._db: sqlite3.Connection | None = sqlite3.connect(
                register, uri=True, timeout=_BUSY_SECONDS, isolation_level=None
            )
        with ExitStack() as failing:
            failing.callback(self.close)
            self.run("ATTACH ? AS keys", keys)
            for schema in ("main", "keys"):
                # A row that was acknowledged is on the disk, even if the power fails:
                # EXTRA also brings to the disk that the journal is gone.
                self.run(f"PRAGMA {schema}.synchronous = EXTRA")
                self.run(f"PRAGMA {schema}.secure_delete = ON")
            self.run("PRAGMA foreign_keys = ON")
            self.run("PRAGMA trusted_schema = OFF")
            failing.pop_all()

    @classmethod
    def made(cls) -> "Store":
        """
        Return a store in memory, with the tables of a register; `write_to` writes it.
        """
        store = cls(":memory:", ":memory:")
        store._script(_REGISTER + _KEYS + _SINCE_1)
        store.stamp()
        return store

    @classmethod
    def opened(cls, path: Path) -> "Store":
        """
        Return the files that stand at *path*, open; it changes nothing in them.

        Raises:
            eckid.errors.RegisterError: If they are not the files of a register, or a
                newer eckid made them.
        """
        # Beside the file itself, and not beside a link to it.
        path = path.resolve()
        store = cls(*(f"{p.as_uri()}?mode=rw" for p in (path, keys_of(path))))
        with ExitStack() as failing:
            failing.callback(store.close)
            versions = store.versions()
            if 0 in versions:
                raise RegisterError(
                    "register: expected the two files of a register, got an empty one"
                )
            if max(versions) > VERSION:
                raise RegisterError(
                    f"register: expected a schema up to {VERSION}, got "
                    f"{max(versions)}: made by a newer eckid; open it with that one"
                )
            failing.pop_all()
        return store

    def versions(self) -> tuple[int, int]:
        """
        Return the version of the schema of each file: the register, the key file.
        """
        one, two = (
            int(self.one(f"PRAGMA {schema}.user_version")[0])
            for schema in ("main", "keys")
        )
        return one, two

    def stamp(self) -> None:
        """
        Write the version of the schema in both files.
        """
        for schema in ("main", "keys"):
            self.run(f"PRAGMA {schema}.user_version = {VERSION}")

    def leave_wal(self) -> None:
        """
        Leave WAL mode, which version 1 had; it empties and deletes the logs.

        Raises:
            eckid.errors.RegisterError: If another process has the register open.
        """
        for schema in ("main", "keys"):
            self.run(f"PRAGMA {schema}.journal_mode = DELETE")

    def grow(self) -> None:
        """
        Give files of version 1 the tables of version 2; call this inside `writing`.
        """
        self._script(_SINCE_1)

    def _script(self, statements: str) -> None:
        # Not executescript, which would commit what is being written.
        for statement in filter(str.strip, statements.split(";")):
            self.run(statement)

    def close(self) -> None:
        """
        Close both files. A second time it does nothing.
        """
        if self._db is not None:
            with self._said:
                self._open().close()
            self._db = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """
        Lock both files; at the end of the block commit both, or neither.
        """
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """
        See both files as they are at one moment, and change nothing.
        """
        if self._open().in_transaction:
            yield
            return
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self.run(begin)
        try:
            yield
            self.run("COMMIT")
        finally:
            if self._db is not None and self._open().in_transaction:
                self.run("ROLLBACK")

    def write_to(self, path: Path) -> None:
        """
        Write both files to *path*, as they are at one moment; the key file first.

        Raises:
            FileExistsError: If either file stands there.
            eckid.errors.RegisterError: If they cannot be written; nothing is left.
        """
        refuse_standing(path)
        with (
            foreign(_unwritten, OSError),
            self.reading(),
            whole(keys_of(path), path, replace=False) as files,
            self._said,
        ):
            # This locks both, so that no writer comes between the two.
            self.versions()
            for file, schema in zip(files, ("keys", "main"), strict=True):
                file.write(self._open().serialize(name=schema))

    def run(self, sql: str, *values: object) -> int:
        """
        Run one statement, and return how many rows it changed.
        """
        with self._said:
            return self._open().execute(sql, values).rowcount

    def one(self, sql: str, *values: object) -> Any:  # noqa: ANN401  # a row of SQLite's
        """
        Return the first row that a query gives; None where it gives no rows.
        """
        with self._said:
            return self._open().execute(sql, values).fetchone()

    def many(self, sql: str, *values: object) -> Sequence[Any]:
        """
        Return all rows that a query gives.
        """
        with self._said:
            return self._open().execute(sql, values).fetchall()

    def each(self, sql: str, *values: object) -> Generator[Any, None, None]:
        """
        Yield the rows that a query gives; they are read as they are asked for.
        """
        # An open cursor keeps writers out, so it is closed here and not by chance.
        with self._said, closing(self._open().execute(sql, values)) as cursor:
            yield from cursor

    def _open(self) -> "sqlite3.Connection":
        if self._db is None:
            raise RegisterError("register: expected an open one, got a closed one")
        if self._owner != (os.getpid(), threading.get_ident()):
            raise RegisterError(
                "register: expected use in the thread and process that opened it, got "
                "another; open it there"
            )
        return self._db


def refuse_standing(path: Path) -> None:
    """
    Raise an error if a file, or a link, stands at *path* or where its key file comes.

    A key file that a killed process left, before its register came, is written anew.

    Raises:
        FileExistsError: If so.
    """
    for file in (path, keys_of(path)):
        if os.path.lexists(file) and not is_half(file, path):
            raise FileExistsError(f"{file}: expected no such file, got one")


def _unwritten(error: BaseException) -> RegisterError:
    return RegisterError(
        "register: expected a folder that takes its two files, got "
        f"{type(error).__name__}; nothing was written"
    )
