"""
Files appear whole or not at all.

A file is written beside its place under a drawn name, readable by its owner
only from before the first byte, brought to the disk, and renamed. Where several
belong together the last one named is the main one, and appears last.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_DRAWN = re.compile(r"[0-9a-f]{12}")

# Only Windows has it, and there every file needs it; 0 elsewhere.
_BINARY = getattr(os, "O_BINARY", 0)


@contextmanager
def whole(*paths: Path, replace: bool = True) -> Iterator[tuple[BinaryIO, ...]]:
    """
    Open a file for each of *paths*; they appear when the block ends well.

    Args:
        paths: Where the files shall stand; the main one last.
        replace: Whether files of these names may be replaced.

    Raises:
        FileExistsError: If one stands there and may not be replaced.
        OSError: If the disk refuses. Nothing half stands anywhere then.
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
        # Looked at again: a long run gives others time to write here.
        check_places(paths, replace=replace)
        _place(drafts, paths)
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    for folder in {path.parent for path in paths}:
        _settle(folder)


def sweep(*paths: Path) -> None:
    """
    Take away drafts that a killed process left; for who knows that it is gone.
    """
    for path in paths:
        for draft in path.parent.iterdir():
            name = draft.name.removeprefix(f".{path.name}.")
            if name != draft.name and _DRAWN.fullmatch(name):
                draft.unlink(missing_ok=True)


def _place(drafts: list[Path], paths: tuple[Path, ...]) -> None:
    if len(paths) == 1:
        # Alone it takes the other's place at once.
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
        # Where one cannot appear none does, and what stood there stands again.
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
    Raise where a file cannot stand, or may not: before what takes long.

    Args:
        paths: Where files are to stand.
        replace: Whether files of these names may be replaced.

    Raises:
        FileExistsError: If one stands there and may not be replaced.
        OSError: If there is a folder of that name, or none to hold it.
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
    # The rename itself should reach the disk too. Windows opens no folders, and
    # some network mounts do not settle them; the files stand there all the same.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
