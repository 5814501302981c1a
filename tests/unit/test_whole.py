"""
Law 10: files appear whole or not at all.
"""

import os
import secrets
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from eckid import Register, Sleutelbos
from eckid._core.whole import (
    A_RING,
    SUBSTITUTIONS,
    check_places,
    same_file,
    sweep,
    whole,
    with_beside,
)


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
    link = Path.hardlink_to

    def watched(self: Path, target: Path) -> None:
        appeared.append(self.name)
        link(self, target)

    monkeypatch.setattr(Path, "hardlink_to", watched)
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
    fsync, link = os.fsync, Path.hardlink_to

    def watched_fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync")
        fsync(descriptor)

    def watched_link(self: Path, target: Path) -> None:
        done.append("name")
        link(self, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "hardlink_to", watched_link)
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


def _refusing(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """
    Let no draft come to a place, by a second name or by a rename.
    """
    replace, link = Path.replace, Path.hardlink_to

    def renamed(self: Path, target: Path) -> Path:
        if target == place and not self.name.endswith(".old"):
            raise _DiskFullError
        return replace(self, target)

    def linked(self: Path, target: Path) -> None:
        if self == place:
            raise _DiskFullError
        link(self, target)

    monkeypatch.setattr(Path, "replace", renamed)
    monkeypatch.setattr(Path, "hardlink_to", linked)


@pytest.mark.parametrize("failing", range(3))
def test_a_fault_of_a_rename_leaves_none_of_those_that_belong_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """
    Where one name cannot be had none appears, and no draft is left.
    """
    paths = [tmp_path / name for name in ("a", "b", "c")]
    _refusing(monkeypatch, paths[failing])
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
    _refusing(monkeypatch, paths[failing])
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


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
@pytest.mark.parametrize("many", [1, 2])
def test_a_file_may_be_left_out_and_then_no_old_one_stays(
    tmp_path: Path, many: int, *, old: bool
) -> None:
    """
    It is known at the end which: beside the others stands no file of another run.
    """
    paths = [tmp_path / name for name in ("a", "b")][:many]
    for path in paths if old else ():
        path.write_bytes(b"old")
    gone: list[Path] = []
    with whole(*paths, without=lambda: gone) as files:
        for file in files:
            file.write(b"new")
        gone.append(paths[-1])
    assert _names(tmp_path) == ["a"][: many - 1]
    assert all(path.read_bytes() == b"new" for path in paths[:-1])


def test_a_fault_gives_back_the_old_one_of_a_file_that_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    All are as they stood, as where each file appears.
    """
    paths = [tmp_path / name for name in ("a", "b")]
    for path in paths:
        path.write_bytes(b"old")
    _refusing(monkeypatch, paths[0])
    with (
        pytest.raises(_DiskFullError),
        whole(*paths, without=lambda: paths[1:]) as files,
    ):
        files[0].write(b"new")
    assert _names(tmp_path) == ["a", "b"]
    assert {path.read_bytes() for path in paths} == {b"old"}


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


def _link(path: Path, to: Path) -> None:
    """
    Plant a link at *path*.
    """
    path.symlink_to(to)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("leads", ["a file", "nowhere", "a folder", "itself"])
def test_nothing_is_written_through_a_link(
    tmp_path: Path, leads: str, *, replace: bool
) -> None:
    """
    A link at the place is refused, wherever it leads; it and its end stay.
    """
    out, end = tmp_path / "out", tmp_path / "end"
    if leads == "a file":
        end.write_bytes(b"kept")
    if leads == "a folder":
        end.mkdir()
    out.symlink_to(out if leads == "itself" else end)
    before = _names(tmp_path)
    with pytest.raises(OSError, match="got a link") as caught:
        check_places([tmp_path / "free", out], replace=replace)
    assert not isinstance(caught.value, FileExistsError)
    with pytest.raises(OSError, match="got a link"), whole(out, replace=replace):
        pytest.fail("the block was entered")
    assert _names(tmp_path) == before
    assert out.is_symlink()
    assert leads != "a file" or end.read_bytes() == b"kept"


@pytest.mark.parametrize("many", [1, 2])
@pytest.mark.parametrize("planted", ["a link", "a folder", "a file"])
def test_what_is_planted_during_the_run_is_not_written_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str, many: int
) -> None:
    """
    Also between the last check and the rename: refused, or replaced as a name.
    """
    paths = [tmp_path / "side", tmp_path / "main"][-many:]
    end = tmp_path / "end"
    end.write_bytes(b"another's")

    def plant(*_: object, **__: object) -> None:
        if planted == "a link":
            paths[0].symlink_to(end)
        elif planted == "a folder":
            paths[0].mkdir()
            (paths[0] / "in it").touch()
        else:
            paths[0].write_bytes(b"another's")

    with (  # noqa: PT012  # the block is what is tested
        pytest.raises(OSError, match=r"expected|directory"),
        whole(*paths, replace=planted == "a folder") as files,
    ):
        files[0].write(b"ours")
        monkeypatch.setattr("eckid._core.whole.check_places", plant)
    assert end.read_bytes() == b"another's"
    assert _names(tmp_path) == sorted(["end", paths[0].name])
    assert planted != "a folder" or (paths[0] / "in it").exists()


def test_a_link_that_came_where_files_are_replaced_together_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It is no file that the run knew of: nothing appears, and the link stays.
    """
    paths = [tmp_path / "side", tmp_path / "main"]

    def plant(*_: object, **__: object) -> None:
        if not paths[0].is_symlink():
            paths[0].symlink_to("none")

    monkeypatch.setattr("eckid._core.whole.check_places", plant)
    with pytest.raises(OSError, match="got another thing"), whole(*paths):
        pass
    assert _names(tmp_path) == ["side"]
    assert paths[0].is_symlink()


def test_a_file_that_is_written_anew_stays_one_file(tmp_path: Path) -> None:
    """
    Reached through a link, what the link leads to is replaced; the link stays.
    """
    (tmp_path / "safe").mkdir()
    ring, link = tmp_path / "safe" / "ring", tmp_path / "link"
    ring.write_bytes(A_RING[0] + b"old")
    link.symlink_to(Path("safe", "ring"))
    with whole(link, over=A_RING) as (file,):
        file.write(A_RING[0] + b"new")
    assert link.is_symlink()
    assert ring.read_bytes() == A_RING[0] + b"new"
    assert _names(tmp_path / "safe") == ["ring"]
    for nowhere in ("none", "link"):
        link.unlink()
        link.symlink_to(nowhere)
        with pytest.raises(OSError, match=r"No such file|Too many"):  # noqa: SIM117  # the block is entered last
            with whole(link, over=A_RING):
                pytest.fail("the block was entered")


def _lasting(folder: Path) -> dict[str, bytes]:
    """
    Return what files hold that cannot be made again, each as its maker made it.
    """
    ring = Sleutelbos.generate(release="2026")
    ring.save(folder / "made.ring", passphrase="of a test")
    Register.create(folder / "made.reg", sleutelbos=ring).close()
    made = {path.name: path.read_bytes() for path in folder.glob("made.*")}
    for path in folder.glob("made.*"):
        path.unlink()
    for mode in ("wal", "delete"):
        with closing(sqlite3.connect(folder / mode, isolation_level=None)) as rows:
            rows.execute(f"PRAGMA journal_mode = {mode}")
            rows.execute("CREATE TABLE one (a)")
            rows.execute("INSERT INTO one VALUES (randomblob(100000))")
            # Too little room to hold the changes: they go to the disk at once.
            rows.execute("PRAGMA cache_size = 1")
            rows.execute("BEGIN")
            rows.execute("UPDATE one SET a = randomblob(100000)")
            for path in folder.glob(f"{mode}-*"):
                made[path.name] = path.read_bytes()
            rows.execute("ROLLBACK")
    for path in folder.iterdir():
        path.unlink()
    return {
        **{name: octets for name, octets in made.items() if octets.strip(b"\0")},
        **{f"substitutions {n}": octets for n, octets in enumerate(SUBSTITUTIONS)},
    }


def test_what_cannot_be_made_again_is_never_replaced_by_another_kind(
    tmp_path: Path,
) -> None:
    """
    Ring, register, key file, journals, substitutions: not with leave to replace either.
    """
    lasting = _lasting(tmp_path)
    assert {"made.ring", "made.reg", "made.reg.keys"} < set(lasting)
    assert {"wal-wal", "wal-shm", "delete-journal"} < set(lasting)
    out = tmp_path / "out"
    for name, octets in lasting.items():
        out.write_bytes(octets)
        with (
            pytest.raises(OSError, match="is never replaced") as caught,
            whole(tmp_path / "free", out),
        ):
            pytest.fail(f"the block was entered over {name}")
        assert not isinstance(caught.value, FileExistsError)
        assert out.read_bytes() == octets
        assert _names(tmp_path) == ["out"]


def test_a_file_is_written_anew_over_its_own_kind_alone(tmp_path: Path) -> None:
    """
    A ring takes the place of a ring, and not of a list or a register.
    """
    out = tmp_path / "out"
    for octets in (b"BSN;Roepnaam", b"SQLite format 3\0", SUBSTITUTIONS[0], b""):
        out.write_bytes(octets)
        with (
            pytest.raises(OSError, match="is never replaced"),
            whole(out, over=A_RING),
        ):
            pytest.fail("the block was entered")
        assert out.read_bytes() == octets


@pytest.mark.parametrize(
    "end",
    ["-wal", "-shm", "-journal", ".keys", ".journal", ".refused.csv", ".board.csv"],
)
def test_a_name_that_belongs_to_another_file_is_refused(
    tmp_path: Path, end: str
) -> None:
    """
    What SQLite or another run keeps beside a file, stands or not, is that file's.
    """
    owner, out = tmp_path / "b.reg", tmp_path / f"b.reg{end}"
    check_places([out], replace=True)
    owner.touch()
    with pytest.raises(OSError, match=r"belongs to b\.reg"):
        check_places([out], replace=False)
    out.touch()
    with pytest.raises(OSError, match=r"belongs to b\.reg"):
        check_places([out], replace=True)
    # Written together they may, for then it is this run's own.
    check_places([out, owner], replace=True)
    check_places([tmp_path / end], replace=True)


def test_a_file_is_one_under_every_name(tmp_path: Path) -> None:
    """
    By a link, a second name, or a way round; and where it does not stand yet.
    """
    one, other = tmp_path / "one", tmp_path / "other"
    one.touch()
    other.touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("one")
    (tmp_path / "second").hardlink_to(one)
    for name in ("link", "second", "folder/../one"):
        assert same_file(one, tmp_path / name)
    assert not same_file(one, other)
    assert same_file(tmp_path / "none", tmp_path / "folder" / ".." / "none")
    assert not same_file(tmp_path / "none", one)
    assert tmp_path / "one.keys-wal" in with_beside(tmp_path / "link")


def _half(folder: Path, *, before: bool, new: bytes = b"new") -> list[Path]:
    """
    Leave what a process leaves that is killed while its files appear.

    Args:
        folder: Where the files stand.

        before: Whether it was replacing older ones.

        new: What it wrote.
    """
    paths = [folder / name for name in ("side", "other", "main")]
    for path in paths:
        draft = folder / f".{path.name}.0123456789ab"
        draft.write_bytes(new)
        if before:
            (folder / f"{draft.name}.old").write_bytes(b"old")
    paths[0].hardlink_to(folder / ".side.0123456789ab")
    return paths


@pytest.mark.parametrize("new", [b"new", b"SQLite format 3\0"], ids=["text", "keys"])
@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("replace", [False, True])
def test_what_was_killed_while_its_files_appeared_is_written_again(
    tmp_path: Path, new: bytes, *, before: bool, replace: bool
) -> None:
    """
    What is half stands in nobody's way, also of a kind that is never replaced whole.
    """
    paths = _half(tmp_path, before=before, new=new)
    check_places(paths, replace=replace)
    with whole(*paths, replace=replace) as files:
        for file in files:
            file.write(b"newer")
    assert {path.read_bytes() for path in paths} == {b"newer"}
    # Of the killed one only drafts may be left, which `sweep` knows.
    sweep(*paths)
    assert _names(tmp_path) == ["main", "other", "side"]
    assert {path.read_bytes() for path in paths} == {b"newer"}


@pytest.mark.parametrize("before", [False, True])
def test_a_killed_process_leaves_all_of_its_files_or_none(
    tmp_path: Path, *, before: bool
) -> None:
    """
    Swept, the old files stand again, or nothing does.
    """
    paths = _half(tmp_path, before=before)
    sweep(*paths)
    assert _names(tmp_path) == (["main", "other", "side"] if before else [])
    assert not before or {path.read_bytes() for path in paths} == {b"old"}


def test_what_was_set_aside_goes_when_the_new_files_stand(tmp_path: Path) -> None:
    """
    A process that was killed at its very end left the old ones too.
    """
    paths = _half(tmp_path, before=True)
    for path in paths[1:]:
        path.write_bytes(b"new")
    sweep(*paths)
    assert _names(tmp_path) == ["main", "other", "side"]
    assert {path.read_bytes() for path in paths} == {b"new"}


def test_a_side_file_of_a_whole_run_is_in_the_way(tmp_path: Path) -> None:
    """
    Only beside a missing main file is it half; a stranger's file always counts.
    """
    paths = _half(tmp_path, before=False)
    paths[2].write_bytes(b"another run's")
    with pytest.raises(FileExistsError, match="side: expected no such file"):
        check_places(paths[:1], replace=False)
    with pytest.raises(FileExistsError, match="side: expected no such file"):
        check_places(paths, replace=False)


@pytest.mark.parametrize("many", [1, 2])
def test_a_file_system_without_second_names_has_its_files_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """
    Then they are renamed, and what stands there is still not replaced.
    """

    def none(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", none)
    paths = [tmp_path / name for name in ("side", "main")][-many:]
    with whole(*paths, replace=False) as files:
        files[0].write(b"all")
    assert paths[0].read_bytes() == b"all"
    assert _names(tmp_path) == sorted(path.name for path in paths)
    with pytest.raises(FileExistsError), whole(*paths, replace=False):
        pytest.fail("the block was entered")
