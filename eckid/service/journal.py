"""
The journal of what the service is asked: batches that survive the end of a process.

    cell = nonce ‖ AES-256-SIV(k_wrap, (frame("eckid/1/service", about), nonce), text)
    mark = HMAC-SHA-256(k_index, frame("eckid/1/service", what is asked, …))

A batch is planned, then sent, then got; each step is on the disk before the next one
begins. Answers and identifiers are sealed under the ring of the board. What was asked
is not kept: a row has a mark of it, which only that ring can make.

So a batch is submitted once more at most: where the process ended between sending it
and noting its identifier, or between fetching its answers and keeping them.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

from cryptography.exceptions import InvalidTag

from eckid._core.hidden import Unpickled
from eckid._core.values import a_day, a_path, expect, frame
from eckid.errors import ExchangeError
from eckid.keys import Sleutelbos
from eckid.scale.beside import rows_at

if TYPE_CHECKING:
    import sqlite3

# The form of the file; one of a later form is refused.
_FORM: Final = 1
_SCHEMA: Final = """
CREATE TABLE ring (mark BLOB NOT NULL);
CREATE TABLE batch (id INTEGER PRIMARY KEY, day TEXT NOT NULL, identifier BLOB);
CREATE TABLE item (
    mark BLOB PRIMARY KEY, batch INTEGER NOT NULL, place INTEGER NOT NULL, answer BLOB
) WITHOUT ROWID;
CREATE INDEX item_of_batch ON item (batch);
"""
_LABEL: Final = b"eckid/1/service"
_NONCE: Final = 16
# As many as SQLite takes in one question.
_ASKED: Final = 500


class Sent(NamedTuple):
    """
    A batch of an earlier run, of which the answers are not kept yet.

    Attributes:
        number: Its number in the journal.
        identifier: The identifier that the service gave it; None if it is not known.
        size: How many it holds.
    """

    number: int
    identifier: str | None
    size: int


@final
class Aanvragen(Unpickled):
    """
    A journal of batches, open.

    Make one with `aanvragen_at`.

    Args:
        rows: The connection to its file.

        sleutelbos: The ring that seals what it keeps.

        name: What the file is called in an error.

    Attributes:
        sleutelbos: That ring.
    """

    __slots__ = ("_name", "_rows", "sleutelbos")

    def __init__(
        self, rows: "sqlite3.Connection", *, sleutelbos: Sleutelbos, name: str
    ) -> None:
        self._rows, self._name = rows, name
        self.sleutelbos = expect("sleutelbos", sleutelbos, Sleutelbos)
        rows.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        # A lost journal of SQLite's own must not undo what was committed.
        rows.execute("PRAGMA synchronous = EXTRA").fetchone()
        rows.execute("BEGIN EXCLUSIVE")
        empty = not rows.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        mark = self.mark(b"ring")
        if empty:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                rows.execute(statement)
            rows.execute("INSERT INTO ring VALUES (?)", [mark])
            rows.execute(f"PRAGMA user_version = {_FORM}")
        form = int(rows.execute("PRAGMA user_version").fetchone()[0])
        if form > _FORM:
            raise ExchangeError(
                f"{name}: expected a journal of form {_FORM}, got {form}: made by a "
                "newer eckid; end the run with that one"
            )
        if rows.execute("SELECT mark FROM ring").fetchall() != [(mark,)]:
            raise ExchangeError(
                f"{name}: expected the journal of this ring, got another's: end the "
                "run with that ring, or remove it to begin anew"
            )
        rows.execute("COMMIT")

    def mark(self, *asked: bytes) -> bytes:
        """
        Return a mark of what is asked, which only this ring can make.
        """
        mac = self.sleutelbos.mac_index()
        mac.update(frame(_LABEL, *asked))
        return mac.finalize()

    def known(self, marks: Collection[bytes]) -> dict[bytes, str]:
        """
        Return what was answered, by its mark; a refusal is an empty text.
        """
        found: dict[bytes, str] = {}
        for row in self._of("SELECT mark, answer FROM item WHERE mark IN", marks):
            # An answer that does not open is asked again.
            if (text := self._opened(row[1], row[0])) is not None:
                found[row[0]] = text
        return found

    def pending(self, marks: Collection[bytes]) -> list[Sent]:
        """
        Return the batches that hold some of *marks* and have no answers yet.
        """
        numbers = {
            row[0]
            for row in self._of(
                "SELECT batch FROM item WHERE answer IS NULL AND mark IN", marks
            )
        }
        found = []
        for number in sorted(numbers):
            sql = "SELECT identifier, (SELECT count(*) FROM item WHERE batch = id) "
            sealed, size = self._rows.execute(
                f"{sql} FROM batch WHERE id = ?",  # our own words
                [number],
            ).fetchone()
            identifier = self._opened(sealed, self._about(number))
            found.append(Sent(number, identifier, size))
        return found

    def plan(self, marks: Sequence[bytes], *, day: date) -> int:
        """
        Keep that a batch is about to be sent, and return its number.

        Args:
            marks: The mark of each item, in the order of their indexes.

            day: The day it is.
        """
        with self._writing():
            sql = "INSERT INTO batch (day) VALUES (?)"
            number = self._rows.execute(sql, [a_day("day", day).isoformat()]).lastrowid
            self._rows.executemany(
                "INSERT OR REPLACE INTO item VALUES (?, ?, ?, NULL)",
                [(mark, number, place) for place, mark in enumerate(marks)],
            )
        return expect("number", number, int)

    def sent(self, number: int, identifier: str) -> None:
        """
        Keep the identifier that the service gave a batch.
        """
        sealed = self._sealed(identifier, self._about(number))
        with self._writing():
            sql = "UPDATE batch SET identifier = ? WHERE id = ?"
            self._rows.execute(sql, [sealed, number])

    def got(self, number: int, answers: Mapping[int, str]) -> None:
        """
        Keep the answers to a batch by their index; a refusal is an empty text.
        """
        with self._writing():
            sql = "SELECT place, mark FROM item WHERE batch = ?"
            places = self._rows.execute(sql, [number]).fetchall()
            self._rows.executemany(
                "UPDATE item SET answer = ? WHERE mark = ?",
                [(self._sealed(answers[n], mark), mark) for n, mark in places],
            )

    def lost(self, number: int) -> None:
        """
        Forget what a batch asked: it has to be asked anew.

        That it was sent stays, for the limit of the day.
        """
        with self._writing():
            self._rows.execute(
                "DELETE FROM item WHERE batch = ? AND answer IS NULL", [number]
            )

    def undo(self, number: int) -> None:
        """
        Forget that a batch was planned: nothing of it was sent.
        """
        self.lost(number)
        with self._writing():
            self._rows.execute("DELETE FROM batch WHERE id = ?", [number])

    def count(self, day: date) -> int:
        """
        Return how many batches were sent on a day, as far as this journal knows.
        """
        sql = "SELECT count(*) FROM batch WHERE day = ?"
        return int(self._rows.execute(sql, [day.isoformat()]).fetchone()[0])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise
        self._rows.execute("COMMIT")

    def _of(self, sql: str, marks: Collection[bytes]) -> Iterator[Any]:
        asked = list(marks)
        for begin in range(0, len(asked), _ASKED):
            some = asked[begin : begin + _ASKED]
            holes = ", ".join("?" * len(some))
            yield from self._rows.execute(f"{sql} ({holes})", some)

    def _sealed(self, text: str, about: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        bound = [frame(_LABEL, about), nonce]
        return nonce + self.sleutelbos.siv_wrap().encrypt(text.encode("ascii"), bound)

    def _opened(self, sealed: bytes | None, about: bytes) -> str | None:
        """
        Return a text that this ring sealed about this; None if there is no such.
        """
        if not isinstance(sealed, bytes):
            return None
        nonce, body = sealed[:_NONCE], sealed[_NONCE:]
        try:
            opened = self.sleutelbos.siv_wrap().decrypt(
                body, [frame(_LABEL, about), nonce]
            )
        except (InvalidTag, ValueError):
            return None
        return opened.decode("ascii")

    def _about(self, number: int) -> bytes:
        return self.mark(b"batch", str(number).encode("ascii"))


@final
class Onthouden(Unpickled):
    """
    The same in memory, for a run that keeps nothing when it ends.
    """

    __slots__ = ("_answers", "_days")

    def __init__(self) -> None:
        self._answers: dict[bytes, str] = {}
        self._days: list[tuple[date, list[bytes]]] = []

    def mark(self, *asked: bytes) -> bytes:
        """
        Return a mark of what is asked; it does not leave the process.
        """
        return frame(*asked)

    def known(self, marks: Collection[bytes]) -> dict[bytes, str]:
        """
        Return what was answered, by its mark.
        """
        return {mark: self._answers[mark] for mark in marks if mark in self._answers}

    def pending(self, marks: Collection[bytes]) -> list[Sent]:
        """
        Return nothing: what was not answered ended with the call.
        """
        _ = marks
        return []

    def plan(self, marks: Sequence[bytes], *, day: date) -> int:
        """
        Count a batch that is about to be sent.
        """
        self._days.append((day, list(marks)))
        return len(self._days) - 1

    def sent(self, number: int, identifier: str) -> None:
        """
        Do nothing: the identifier is needed in this call only.
        """

    def got(self, number: int, answers: Mapping[int, str]) -> None:
        """
        Keep the answers to a batch by their index.
        """
        marks = self._days[number][1]
        self._answers |= {marks[n]: text for n, text in answers.items()}

    def lost(self, number: int) -> None:
        """
        Do nothing: there are no answers to forget.
        """

    def undo(self, number: int) -> None:
        """
        Count a batch no more: nothing of it was sent.
        """
        self._days[number] = date.min, []

    def count(self, day: date) -> int:
        """
        Return how many batches were sent on a day.
        """
        return sum(sent == day for sent, _ in self._days)


def aanvragen_of(out: Path) -> Path:
    """
    Return the path of the journal of the run that writes *out*.
    """
    path = Path(a_path("out", out))
    return path.with_name(f"{path.name}.batches")


@contextmanager
def aanvragen_at(path: Path, *, sleutelbos: Sleutelbos) -> Iterator[Aanvragen]:
    """
    Open a journal for the block: it is deleted if the block ends well, else kept.

    Args:
        path: The file; it is made if it does not exist.

        sleutelbos: The ring that seals what is kept.

    Raises:
        eckid.errors.ExchangeError: If the file is another's, another run is using it,
            or the disk refuses.
    """
    path = Path(a_path("path", path))
    with rows_at(path, "journal of batches") as rows:
        aanvragen = Aanvragen(rows, sleutelbos=sleutelbos, name=path.name)
        try:
            yield aanvragen
        except BaseException as error:
            error.add_note(
                f"What the service was asked is kept, sealed, in {path}: the same run "
                "again goes on from there"
            )
            raise
