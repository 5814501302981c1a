"""
How much memory is free: of the machine, or of the container if that has less.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import psutil


class _Files(NamedTuple):
    """
    Where a version of Linux's control groups tells of memory.

    Attributes:
        folder: The folder of its groups.
        kind: How it is named among the groups of a process.
        limit: The file of what a group may have.
        used: The file of what it has.
        cache: The line of its statistics that tells the pages it can give back.
    """

    folder: str
    kind: str
    limit: str
    used: str
    cache: str


_GROUP: Final = Path("/sys/fs/cgroup")
_MINE: Final = Path("/proc/self/cgroup")
_VERSIONS: Final = (
    _Files("", "", "memory.max", "memory.current", "inactive_file"),
    _Files(
        "memory",
        "memory",
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_inactive_file",
    ),
)


def free_memory() -> int:
    """
    Return how many bytes the machine or the container can still give.
    """
    free = [int(psutil.virtual_memory().available)]
    for files in _VERSIONS:
        free += (_left(group, files) for group in _groups(files))
    return max(min(free), 0)


def _groups(files: _Files) -> Iterator[Path]:
    """
    Yield the groups that this process is in: the outermost, and down to its own.
    """
    lines: list[str] = []
    with suppress(OSError):  # another system than Linux
        lines = _MINE.read_text("utf-8", "replace").splitlines()
    group = _GROUP / files.folder
    yield group
    for _, kinds, path in (line.split(":", 2) for line in lines if line.count(":") > 1):
        # A group outside what a container sees is told as /.., and is not looked for.
        if files.kind in kinds.split(",") and ".." not in path.split("/"):
            for part in filter(None, path.split("/")):
                group /= part
                yield group


def _left(group: Path, files: _Files) -> int:
    """
    Return how many bytes more a group may have.
    """
    with suppress(OSError, ValueError):  # no such file, or it says "max"
        most, used = (int((group / n).read_text()) for n in (files.limit, files.used))
        # Pages of files that were read count as used, and are given back when asked.
        return most - max(0, used - _cache(group, files.cache))
    return 2**63


def _cache(group: Path, name: str) -> int:
    with suppress(OSError, ValueError):
        lines = (group / "memory.stat").read_text().splitlines()
        return int(dict(line.split() for line in lines).get(name, "0"))
    return 0
