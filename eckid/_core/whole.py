"""
Files appear whole or not at all.

A file is written as a draft: beside its place, under a random name, mode 0600 before
the first byte. Then it is flushed to the disk and renamed. Of several files that belong
together the last one named is the main one; it appears last.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DRAWN = re.compile(r"[0-9a-f]{12}")

# Windows needs this flag for every file; other systems lack it, and take 0.
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def whole(
    *paths: Path, replace: bool = True, last: Callable[[], object] | None = None
) -> Iterator[tuple[BinaryIO, ...]]:
    """
    Open a file for each of *paths*; they appear when the block ends well.

    Args:
        paths: Where the files are to stand; the main one last.
        replace: Whether files that stand there may be replaced.
        last: Called when all files are on the disk as drafts, before one appears. What
            a register notes of the files is committed here: a kill after it leaves a
            note too many, and never a file that nothing knows of.

    Yields:
        The open files, in binary, in the order of *paths*.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        OSError: If the disk refuses. No part of any file is then left.
    """
    check_places(paths, replace=replace)
    drafts = [path.with_name(f".{path.name}.{secrets.token_hex(6)}") for path in paths]
    try:
        with ExitStack() as stack:
            files = tuple(stack.enter_context(_create(draft)) for draft in drafts)
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        # Checked again: during a long run another process may have written here.
        check_places(paths, replace=replace)
        if last is not None:
            last()
        _place(drafts, paths)
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    for folder in {path.parent for path in paths}:
        _settle(folder)


def sweep(*paths: Path) -> None:
    """
    Delete the drafts of *paths* that a killed process left.

    Call it only where that process is known to have ended.
    """
    for path in paths:
        for draft in path.parent.iterdir():
            name = draft.name.removeprefix(f".{path.name}.")
            if name != draft.name and _DRAWN.fullmatch(name):
                draft.unlink(missing_ok=True)


def _place(drafts: list[Path], paths: tuple[Path, ...]) -> None:
    if len(paths) == 1:
        # A single file replaces the old one in one step.
        drafts[0].replace(paths[0])
        return
    aside = {
        path: path.with_name(f"{draft.name}.old")
        for draft, path in zip(drafts, paths, strict=True)
        if path.exists()
    }
    try:
        for draft, path in zip(drafts, paths, strict=True):
            if path in aside:
                path.replace(aside[path])
            draft.replace(path)
    except BaseException:
        # If one file cannot appear, none does, and the old files are put back.
        for path in paths:
            if path not in aside:
                path.unlink(missing_ok=True)
            elif aside[path].exists():
                aside[path].replace(path)
        raise
    for old in aside.values():
        old.unlink()


def check_places(paths: Iterable[Path], *, replace: bool) -> None:
    """
    Raise unless files may be written at *paths*; call it before work that is long.

    Args:
        paths: Where files are to stand.
        replace: Whether files that stand there may be replaced.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        OSError: If a folder stands there, or the folder to hold the file is missing.
    """
    for path in paths:
        if path.is_dir():
            raise IsADirectoryError(f"{path.name}: expected a file, got a folder")
        if not path.parent.is_dir():
            raise FileNotFoundError(f"{path.parent}: expected a folder, got none")
        if path.exists() and not replace:
            raise FileExistsError(f"{path.name}: expected no such file, got one")


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
