"""
Files appear whole or not at all.

A file is written as a draft: beside its place, under a random name, mode 0600 before
the first byte. Then it is flushed to the disk and renamed. Of several files that belong
together the last one named is the main one: it appears last, and an old one goes first.
So beside a main file stand the others that were made with it, also after a kill.

Nothing is written through a link. What cannot be made again is never replaced by a file
of another kind, whatever the caller allows: a ring, a register, a journal, a list of
substitutions.
"""

import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import product
from pathlib import Path
from typing import BinaryIO, Final

_DRAWN = re.compile(r"[0-9a-f]{12}")
_ASIDE = re.compile(r"[0-9a-f]{12}\.old")

# Windows needs this flag for every file; other systems lack it, and take 0.
_BINARY = getattr(os, "O_BINARY", 0)

# How the files begin that cannot be made again.
A_RING: Final = (b"eckidbos",)
SUBSTITUTIONS: Final = (
    b"per;oud-verzegeld;nieuw-verzegeld",
    b'"per";"oud-verzegeld";"nieuw-verzegeld"',
)
_LASTING: Final = (
    *A_RING,
    *SUBSTITUTIONS,
    # A register, its key file, the journal of a run; then what SQLite keeps beside
    # them: rollback journal, write-ahead log, shared memory (sqlite.org/fileformat2
    # and /walformat).
    b"SQLite format 3\0",
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",
    b"\x37\x7f\x06\x82",
    b"\x37\x7f\x06\x83",
    b"\x18\xe2\x2d\x00",
    b"\x00\x2d\xe2\x18",
)
# With these behind its own name a file has others beside it.
_OF_SQLITE: Final = ("-journal", "-wal", "-shm")
_OF_A_RUN: Final = (".refused.csv", ".report.json", ".receipt.json", ".board.csv")
_OTHERS: Final = (".keys", ".journal", ".batches", *_OF_A_RUN)


@contextmanager
def whole(
    *paths: Path,
    replace: bool = True,
    over: tuple[bytes, ...] = (),
    last: Callable[[], object] | None = None,
    without: Callable[[], Collection[Path]] = tuple,
) -> Iterator[tuple[BinaryIO, ...]]:
    """
    Open a file for each of *paths*; they appear when the block ends well.

    If the process is killed while several files appear, the main file is missing. Old
    ones then stand beside it under names that end in ``.old``. The same files can be
    written again; `sweep` puts the old ones back.

    Args:
        paths: Where the files are to stand; the main one last.
        replace: Whether files that stand there may be replaced.
        over: For a file that is written anew as itself: how the old one begins. Only
            such a file is replaced; a link to it stays, and what it leads to is
            replaced.
        last: Called when all files are on the disk as drafts, before one appears. What
            a register notes of the files is committed here: a kill after it leaves a
            note too many, and never a file that nothing knows of.
        without: Called when the block ends: gives those of *paths* at which no file
            appears after all. An old file there goes with those that are replaced.

    Yields:
        The open files, in binary, in the order of *paths*.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        OSError: If a link stands there, or a file that is never replaced; or the disk
            refuses. No part of any file is then left.
    """
    if over and replace:
        paths = tuple(map(led_to, paths))
    check_places(paths, replace=replace, over=over)
    drawn = secrets.token_hex(6)
    drafts = [path.with_name(f".{path.name}.{drawn}") for path in paths]
    try:
        with ExitStack() as stack:
            files = tuple(stack.enter_context(_create(draft)) for draft in drafts)
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        # Checked again: during a long run another process may have written here.
        check_places(paths, replace=replace, over=over)
        if last is not None:
            last()
        _place(dict(zip(drafts, paths, strict=True)), without(), replace=replace)
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def sweep(*paths: Path) -> None:
    """
    Clear away what a killed process left of *paths*, which it wrote together.

    Drafts are deleted. If the main file is missing, so are the files that had appeared
    before it, and what had been set aside for the new files is put back.

    Call it only where that process is known to have ended.

    Args:
        paths: As they were given to `whole`, the main one last.
    """
    _clear_half(paths)
    for path in paths:
        olds = _left(path, _ASIDE)
        if not paths[-1].exists():
            for old in olds:
                old.replace(path)
        for left in (*_left(path, _DRAWN), *olds):
            left.unlink(missing_ok=True)


def is_half(path: Path, main: Path) -> bool:
    """
    Return whether a killed process left *path*, which was to appear before *main*.
    """
    return not main.exists() and bool(_twins(path))


def _clear_half(paths: tuple[Path, ...]) -> None:
    if not paths[-1].exists():
        for path in paths:
            for draft in _twins(path):
                path.unlink(missing_ok=True)
                draft.unlink()


def _left(path: Path, form: re.Pattern[str]) -> list[Path]:
    """
    Return the files beside *path* that a run wrote under a drawn name of some form.
    """
    begin = f".{path.name}."
    return [
        each
        for each in path.parent.iterdir()
        if each.name.startswith(begin) and form.fullmatch(each.name, len(begin))
    ]


def _twins(path: Path) -> list[Path]:
    """
    Return the drafts that are the file at *path* itself.

    One stands there only while files appear together. Beside a missing main file it
    shows that *path* is what a killed process left.
    """
    if not path.is_file():
        return []
    return [draft for draft in _left(path, _DRAWN) if draft.samefile(path)]


def _place(
    drafts: dict[Path, Path], without: Collection[Path], *, replace: bool
) -> None:
    paths = tuple(drafts.values())
    if len(drafts) == 1 and replace and not without:
        # A single file replaces the old one in one step.
        for draft, path in drafts.items():
            draft.replace(path)
            _settle(path.parent)
        return
    aside = {draft: draft.with_name(f"{draft.name}.old") for draft in drafts}
    try:
        _clear_half(paths)
        if replace:
            for draft, path in reversed(drafts.items()):
                _set_aside(path, aside[draft])
        for draft, path in drafts.items():
            if path not in without:
                _appear(draft, path)
    except BaseException:
        _undo(drafts, aside)
        raise
    for folder in {path.parent for path in paths}:
        _settle(folder)
    # Those too that a killed process set aside before.
    for old in [old for path in paths for old in _left(path, _ASIDE)]:
        old.unlink(missing_ok=True)


def _undo(drafts: dict[Path, Path], aside: dict[Path, Path]) -> None:
    """
    Take away what appeared, and put back what was set aside.
    """
    for draft, path in drafts.items():
        if os.path.lexists(path) and (not draft.exists() or same_file(path, draft)):
            path.unlink()
        if os.path.lexists(aside[draft]):
            aside[draft].replace(path)


def _set_aside(path: Path, aside: Path) -> None:
    if os.path.lexists(path):
        path.replace(aside)
        if not _is_plain(aside):
            # It came between the check and the rename.
            raise OSError(f"{path.name}: expected a file, got another thing")


def _appear(draft: Path, path: Path) -> None:
    # Unlike a rename, a second name is never given over what came meanwhile. The first
    # name goes when all stand.
    with suppress(OSError):
        path.hardlink_to(draft)
        return
    if os.path.lexists(path):
        raise FileExistsError(f"{path.name}: expected no such file, got one")
    # Not every file system has second names.
    draft.replace(path)


def check_places(
    paths: Iterable[Path], *, replace: bool, over: tuple[bytes, ...] = ()
) -> None:
    """
    Raise unless files may be written at *paths*; call it before work that is long.

    Args:
        paths: Where files are to stand.
        replace: Whether files that stand there may be replaced.
        over: How a file must begin to be replaced; empty takes any that can be made
            again.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        OSError: If a folder, a link or a device stands there, or a file that is never
            replaced; if the name is one that belongs to another file; or if the folder
            to hold the file is missing.
    """
    paths = tuple(paths)
    for path in paths:
        if not path.parent.is_dir():
            raise FileNotFoundError(f"{path.parent}: expected a folder, got none")
        if path.is_symlink():
            raise OSError(
                f"{path.name}: expected a file, got a link to one: name the file itself"
            )
        if path.is_dir():
            raise IsADirectoryError(f"{path.name}: expected a file, got a folder")
        _check_name(path, paths)
        if not path.exists() or is_half(path, paths[-1]):
            continue
        if not replace:
            raise FileExistsError(f"{path.name}: expected no such file, got one")
        if not _is_plain(path):
            raise OSError(f"{path.name}: expected a file, got a device or a pipe")
        begins = _begins(path)
        if not (begins.startswith(over) if over else not begins.startswith(_LASTING)):
            raise OSError(
                f"{path.name}: expected another name, got that of a file that is never "
                "replaced, such as a ring or a register: move it away first"
            )


def _check_name(path: Path, paths: tuple[Path, ...]) -> None:
    """
    Refuse a name that belongs to a file which is not written with it.
    """
    for end in (*_OF_SQLITE, *_OTHERS):
        owner = path.with_name(path.name.removesuffix(end) or path.name)
        if owner == path or owner in paths or not owner.exists():
            continue
        raise OSError(
            f"{path.name}: expected another name, got that of a file which belongs to "
            f"{owner.name}"
        )


def with_beside(path: Path) -> list[Path]:
    """
    Return *path*, and the paths of all files that may stand beside it and belong to it.

    They belong to the file that a link at *path* leads to as well.

    >>> [str(path) for path in with_beside(Path("b.reg"))][4:7]
    ['b.reg.keys', 'b.reg.keys-journal', 'b.reg.keys-wal']
    """
    every = dict.fromkeys((path, Path(os.path.realpath(path))))
    ends = [*map("".join, product(("", *_OTHERS), ("", *_OF_SQLITE)))]
    return [each.with_name(f"{each.name}{end}") for each in every for end in ends]


def same_file(one: Path, other: Path) -> bool:
    """
    Return whether two paths lead to one file, under whatever names.
    """
    with suppress(OSError):
        return one.samefile(other)
    # One of them does not stand there yet.
    return os.path.realpath(one) == os.path.realpath(other)


def led_to(path: Path) -> Path:
    """
    Return the file that a link leads to; any other path itself.

    Raises:
        OSError: If the link leads nowhere, or in a circle.
    """
    if not path.is_symlink():
        return path
    return Path(os.path.realpath(path, strict=True))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _begins(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


def _create(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _settle(folder: Path) -> None:
    # This brings the rename itself to the disk too. Windows cannot open a folder, and
    # some network mounts cannot flush one; the files are there all the same.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
