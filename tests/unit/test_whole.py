"""
Law 10: files appear whole or not at all.
"""

import os
import secrets
import stat
from pathlib import Path

import pytest

from eckid._core.whole import sweep, whole


class _DiskFullError(OSError):
    pass


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_the_block_ends_and_not_before(tmp_path: Path) -> None:
    """
    Until the block ends nothing stands at the path; then all of it does.
    """
    path = tmp_path / "out.csv"
    with whole(path) as (file,):
        file.write(b"all")
        assert not path.exists()
        assert len(_names(tmp_path)) == 1
    assert path.read_bytes() == b"all"
    assert _names(tmp_path) == ["out.csv"]


def test_drafts_of_a_killed_process_are_deleted_and_nothing_else(
    tmp_path: Path,
) -> None:
    """
    A draft is known by its drawn name; a file of another's making is left alone.
    """
    path, other = tmp_path / "out.csv", tmp_path / "other.csv"
    drafts = {f".out.csv.{secrets.token_hex(6)}" for _ in range(2)}
    kept = {"out.csv", ".out.csv.bak", f".other.csv.{'0' * 12}", f"out.csv.{'0' * 12}"}
    for name in drafts | kept:
        (tmp_path / name).write_bytes(b"")
    sweep(path)
    assert set(_names(tmp_path)) == kept
    sweep(path, other)
    assert set(_names(tmp_path)) == {n for n in kept if not n.startswith(".other")}


def test_files_that_belong_together_appear_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Of several files the one named last appears last.
    """
    paths = [tmp_path / name for name in ("b", "c", "a")]
    appeared: list[str] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        appeared.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    with whole(*paths) as files:
        for file, path in zip(files, paths, strict=True):
            file.write(path.name.encode())
    assert appeared == ["b", "c", "a"]
    assert [path.read_bytes() for path in paths] == [b"b", b"c", b"a"]


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Every file is brought to the disk before any is renamed.
    """
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync")
        fsync(descriptor)

    def watched_replace(self: Path, target: Path) -> Path:
        done.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    with whole(tmp_path / "a", tmp_path / "b"):
        pass
    expected = ["sync", "sync", "name", "name"]
    # Windows opens no folders.
    assert done == [*expected, "folder"] if hasattr(os, "O_DIRECTORY") else expected


def test_only_the_owner_may_read_from_before_the_first_byte(tmp_path: Path) -> None:
    """
    The mode is 0600 from the beginning, whatever the umask lets through.
    """
    before = os.umask(0)
    try:
        with whole(tmp_path / "secret") as (file,):
            modes = [os.fstat(file.fileno()).st_mode]
        modes.append((tmp_path / "secret").stat().st_mode)
    finally:
        os.umask(before)
    # Windows knows no such modes: it shows 0666 whatever was asked.
    expected = 0o600 if os.name == "posix" else 0o666
    assert [stat.S_IMODE(mode) for mode in modes] == [expected, expected]


@pytest.mark.parametrize("fault", [_DiskFullError, KeyboardInterrupt, GeneratorExit])
def test_a_fault_in_the_block_leaves_what_stood_there(
    tmp_path: Path, fault: type[BaseException]
) -> None:
    """
    After any fault, an interrupt too, there is no half file, and the old is whole.
    """
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    with pytest.raises(fault), whole(new, old) as (first, second):  # noqa: PT012  # the block is what is tested
        first.write(b"half")
        second.write(b"half")
        raise fault
    assert _names(tmp_path) == ["old"]
    assert old.read_bytes() == b"old"


def test_a_fault_of_the_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Where the disk does not take the bytes, nothing appears.
    """

    def full(_: int) -> None:
        raise _DiskFullError

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(_DiskFullError), whole(tmp_path / "out") as (file,):
        file.write(b"all")
    assert _names(tmp_path) == []


def test_a_name_that_is_a_folders_is_refused_before_any_work(tmp_path: Path) -> None:
    """
    A folder is not replaced, and no work is done that could not be kept.
    """
    (tmp_path / "taken").mkdir()
    with (
        pytest.raises(IsADirectoryError) as caught,
        whole(tmp_path / "free", tmp_path / "taken"),
    ):
        pytest.fail("the block was entered")
    assert caught.value.args == ("taken: expected a file, got a folder",)
    assert _names(tmp_path) == ["taken"]


@pytest.mark.parametrize("failing", range(3))
def test_a_fault_of_a_rename_leaves_none_of_those_that_belong_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """
    Where one name cannot be had none appears, and no draft is left.
    """
    paths = [tmp_path / name for name in ("a", "b", "c")]
    replace = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if target == paths[failing]:
            raise _DiskFullError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(_DiskFullError), whole(*paths) as (first, *_):
        first.write(b"all")
    assert _names(tmp_path) == []


@pytest.mark.parametrize("failing", range(3))
def test_a_fault_of_a_rename_gives_back_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """
    Where files are replaced together, all are or none is.
    """
    paths = [tmp_path / name for name in ("a", "b", "c")]
    for path in paths[:2]:
        path.write_bytes(b"old")
    replace = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if target == paths[failing] and not self.name.endswith(".old"):
            raise _DiskFullError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(_DiskFullError), whole(*paths) as (first, *_):
        first.write(b"new")
    assert _names(tmp_path) == ["a", "b"]
    assert {path.read_bytes() for path in paths[:2]} == {b"old"}


def test_files_that_are_replaced_together_leave_no_others(tmp_path: Path) -> None:
    """
    What was replaced is gone when all stand there.
    """
    paths = [tmp_path / name for name in ("a", "b")]
    paths[0].write_bytes(b"old")
    with whole(*paths) as files:
        for file in files:
            file.write(b"new")
    assert _names(tmp_path) == ["a", "b"]
    assert {path.read_bytes() for path in paths} == {b"new"}


def test_a_folder_that_is_not_there_is_the_disks_refusal(tmp_path: Path) -> None:
    """
    No folder is made; what the system says is passed on.
    """
    with pytest.raises(FileNotFoundError), whole(tmp_path / "none" / "out"):
        pass
    assert _names(tmp_path) == []


def test_the_second_of_two_that_cannot_be_opened_takes_the_first_along(
    tmp_path: Path,
) -> None:
    """
    If one of several cannot be begun, none is.
    """
    with (
        pytest.raises(FileNotFoundError),
        whole(tmp_path / "out", tmp_path / "none" / "out"),
    ):
        pass
    assert _names(tmp_path) == []


def test_a_file_is_replaced_unless_that_is_forbidden(tmp_path: Path) -> None:
    """
    By default the new file takes the place of the old.
    """
    path = tmp_path / "out"
    for content in (b"one", b"two"):
        with whole(path) as (file,):
            file.write(content)
    assert path.read_bytes() == b"two"


def test_a_file_that_may_not_be_replaced_is_refused_before_any_work(
    tmp_path: Path,
) -> None:
    """
    Without leave to replace, a name that is taken refuses all of them at once.
    """
    taken, free = tmp_path / "taken", tmp_path / "free"
    taken.write_bytes(b"old")
    with pytest.raises(FileExistsError) as caught, whole(free, taken, replace=False):
        pytest.fail("the block was entered")
    assert caught.value.args == ("taken: expected no such file, got one",)
    assert _names(tmp_path) == ["taken"]
    assert taken.read_bytes() == b"old"


def test_a_name_that_was_taken_meanwhile_is_refused_too(tmp_path: Path) -> None:
    """
    Who else wrote there during the run keeps what he wrote.
    """
    path, free = tmp_path / "out", tmp_path / "free"
    with pytest.raises(FileExistsError), whole(free, path, replace=False) as files:  # noqa: PT012  # the block is what is tested
        files[0].write(b"ours")
        path.write_bytes(b"theirs")
    assert _names(tmp_path) == ["out"]
    assert path.read_bytes() == b"theirs"


def test_a_new_name_may_be_had_without_leave_to_replace(tmp_path: Path) -> None:
    """
    What forbids replacing forbids nothing else.
    """
    with whole(tmp_path / "out", replace=False) as (file,):
        file.write(b"all")
    assert (tmp_path / "out").read_bytes() == b"all"


def test_a_system_that_opens_no_folders_has_its_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Windows opens no folder and some mounts settle none: the file stands there.
    """
    opened = os.open

    def no_folders(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).is_dir():
            raise PermissionError(path.name)
        return opened(path, flags, mode)

    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)
    monkeypatch.setattr(os, "open", no_folders)
    with whole(tmp_path / "out") as (file,):
        file.write(b"all")
    assert (tmp_path / "out").read_bytes() == b"all"
    assert _names(tmp_path) == ["out"]


def test_a_draft_is_never_one_that_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A draft is made anew: a file, or a link, under its name is not written to.
    """
    monkeypatch.setattr(secrets, "token_hex", lambda _: "drawn")
    (tmp_path / ".out.drawn").write_bytes(b"another's")
    with pytest.raises(FileExistsError), whole(tmp_path / "out"):
        pytest.fail("the block was entered")
    assert not (tmp_path / "out").exists()


def test_what_must_be_final_with_the_files_comes_before_the_first_of_them(
    tmp_path: Path,
) -> None:
    """
    It is called when all is on the disk; if it fails, no file appears.
    """
    paths = tmp_path / "side.json", tmp_path / "main.csv"
    seen: list[list[int]] = []

    def commit() -> None:
        assert not any(path.exists() for path in paths)
        seen.append(sorted(path.stat().st_size for path in tmp_path.iterdir()))

    with whole(*paths, last=commit) as (side, main):
        side.write(b"1")
        main.write(b"22")
    assert seen == [[1, 2]]
    assert _names(tmp_path) == ["main.csv", "side.json"]
    for path in paths:
        path.unlink()

    def fail() -> None:
        raise _DiskFullError

    with pytest.raises(_DiskFullError), whole(*paths, last=fail) as (side, main):
        main.write(b"22")
    assert _names(tmp_path) == []
