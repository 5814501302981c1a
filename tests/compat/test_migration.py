"""
A register of version 1 is brought over whole or not at all.
"""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from compat import make as older

from eckid import Register, RegisterError
from eckid.register import Head, keys_of, moves
from eckid.register.store import Store

# Those that wrote a register of version 1.
_FOLDERS = [Path(__file__).parent / name for name in ("f61925c", "e15a5ee")]


@pytest.fixture(params=_FOLDERS, ids=lambda folder: folder.name)
def made(request: pytest.FixtureRequest) -> Path:
    """
    A folder as an earlier eckid wrote it.
    """
    found: Path = request.param
    return found


def _copied(made: Path, folder: Path, name: str) -> Path:
    """
    Copy a register of then, with its logs, and return where it stands.
    """
    for file in made.glob(f"{name}*"):
        shutil.copy(file, folder)
    return folder / name


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _tags(path: Path) -> set[bytes]:
    connection = sqlite3.connect(f"{keys_of(path).as_uri()}?mode=ro", uri=True)
    found = {row[0] for row in connection.execute("SELECT tag FROM tag")}
    connection.close()
    return found


@pytest.mark.parametrize("name", ["bestuur.reg", "open.reg"])
def test_it_is_copied_and_its_tags_are_made_anew(
    made: Path, tmp_path: Path, name: str
) -> None:
    """
    Once: the copy opens too; no tag of then is left; a second time nothing changes.
    """
    path = _copied(made, tmp_path, name)
    tags = _tags(path)
    with Register.open(path, sleutelbos=older.RING) as opened:
        head = opened.verify()
    assert not _tags(path) & tags
    after = _files(tmp_path)
    copy = f"{name}.before-{head.length}"
    assert set(after) == {name, f"{name}.keys", copy, f"{copy}.keys"}
    with Register.open(path, sleutelbos=older.RING) as opened:
        assert opened.verify(expected=head) == head
    assert _files(tmp_path) == after
    assert _tags(tmp_path / copy) == tags
    with Register.open(tmp_path / copy, sleutelbos=older.RING) as opened:
        assert opened.verify() == head


@pytest.mark.parametrize(
    ("room", "name"),
    [(Store, "write_to"), (Store, "grow"), (moves, "index_anew"), (Store, "stamp")],
)
def test_a_failure_on_the_way_leaves_it_as_it_was(
    room: Any,  # noqa: ANN401  # a class or a module
    name: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Version 1 still; the next time it is brought over, also if a half copy was left.
    """
    path = _copied(made, tmp_path, "bestuur.reg")

    def fail(*_: object, **__: object) -> None:
        raise RegisterError("a disk that fails")

    monkeypatch.setattr(room, name, fail)
    with pytest.raises(RegisterError, match="a disk that fails"):
        Register.open(path, sleutelbos=older.RING)
    monkeypatch.undo()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    length = connection.execute("SELECT count(*) FROM ledger").fetchone()[0]
    connection.close()
    copy = path.with_name(f"{path.name}.before-{length}")
    copy.unlink(missing_ok=True)
    keys_of(copy).write_bytes(b"half")
    with Register.open(path, sleutelbos=older.RING) as opened:
        assert opened.verify().length == length
    assert keys_of(copy).read_bytes()[:6] == b"SQLite"


def test_two_processes_may_bring_it_over_at_once(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The one that comes second finds it done, and goes on.
    """
    path = _copied(made, tmp_path, "bestuur.reg")
    leave_wal = Store.leave_wal

    def overtaken(self: Store) -> None:
        leave_wal(self)
        monkeypatch.undo()
        Register.open(path, sleutelbos=older.RING).close()

    monkeypatch.setattr(Store, "leave_wal", overtaken)
    with Register.open(path, sleutelbos=older.RING) as opened:
        assert opened.has("las-1", "noor")
        opened.verify()
    assert len(_files(tmp_path)) == 4


def test_a_register_of_then_that_was_changed_is_not_brought_over(
    made: Path,
    tmp_path: Path,
) -> None:
    """
    It is verified first: a row taken out, the first row taken out, another ring.
    """
    for seq in (1, 5):
        path = _copied(made, tmp_path, "bestuur.reg")
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("DELETE FROM ledger WHERE seq = ?", (seq,))
        connection.close()
        with pytest.raises(RegisterError):
            Register.open(path, sleutelbos=older.RING)
        assert set(_files(tmp_path)) == {"bestuur.reg", "bestuur.reg.keys"}
    path = _copied(made, tmp_path, "bestuur.reg")
    with pytest.raises(RegisterError, match="its own ring"):
        Register.open(path, sleutelbos=older.NEXT)


def test_two_files_of_two_forms_are_refused(made: Path, tmp_path: Path) -> None:
    """
    A key file of then beside a register of today is an older copy.
    """
    path = _copied(made, tmp_path, "bestuur.reg")
    Register.open(path, sleutelbos=older.RING).close()
    shutil.copy(made / "bestuur.reg.keys", keys_of(path))
    with pytest.raises(RegisterError, match="both files in one form"):
        Register.open(path, sleutelbos=older.RING)


def test_a_head_of_then_holds(made: Path, tmp_path: Path) -> None:
    """
    What was kept elsewhere still verifies, and rows of today come after it.
    """
    path = _copied(made, tmp_path, "bestuur.reg")
    head = Head(*json.loads((made / "told.json").read_text("utf-8"))["head"])
    with Register.open(path, sleutelbos=older.RING) as opened:
        opened.forget("las-1", "sem")
        assert opened.verify(expected=head).length == head.length + 1


def test_who_was_forgotten_then_is_taken_off_who_cannot_be_read(
    made: Path, tmp_path: Path
) -> None:
    """
    A row of format 1 does not say whose key was deleted, but counts as one person.
    """
    path = _copied(made, tmp_path, "bestuur.reg")
    with Register.open(path, sleutelbos=older.RING) as opened:
        assert opened.counts()["vergeten"] == 1
    assert Register.restore(path, sleutelbos=older.RING).unreadable == 0
