"""
How much memory is free: the least that a container or the machine has left.
"""

from pathlib import Path

import pytest

from eckid.hashing import memory
from eckid.hashing.memory import free_memory


def _group(folder: Path, version: int, *, most: str, used: int, cache: int) -> None:
    """
    Make the files of a control group: what it may have, has, and can give back.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = {
        1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        2: ("memory.max", "memory.current", "inactive_file"),
    }[version]
    (folder / names[0]).write_text(f"{most}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 7\n{names[2]} {cache}\nsock 0\n")


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    A system whose control groups are in a folder, and a process in /a/b of them.
    """
    monkeypatch.setattr(memory, "_GROUP", tmp_path / "groups")
    monkeypatch.setattr(memory, "_MINE", tmp_path / "mine")
    (tmp_path / "mine").write_text("5:cpu,memory:/a/b\n1:name=systemd:/c\n0::/a/b\n")
    return tmp_path / "groups"


@pytest.mark.parametrize("version", [1, 2])
def test_a_container_may_have_less(groups: Path, version: int) -> None:
    """
    The smaller of what is free and what is left of its limit, and never below zero.
    """
    folder = groups / "memory" if version == 1 else groups
    assert free_memory() > 2**20
    unlimited = "9223372036854771712" if version == 1 else "max"
    _group(folder, version, most=unlimited, used=5000, cache=0)
    assert free_memory() > 2**20
    _group(folder, version, most="9000", used=5000, cache=0)
    assert free_memory() == 4000
    _group(folder, version, most="4000", used=5000, cache=0)
    assert free_memory() == 0


@pytest.mark.parametrize("version", [1, 2])
def test_pages_of_files_are_not_in_the_way(groups: Path, version: int) -> None:
    """
    The system keeps what was read, and gives it back when somebody asks.
    """
    folder = groups / "memory" if version == 1 else groups
    _group(folder, version, most="9000", used=8000, cache=7000)
    assert free_memory() == 8000
    _group(folder, version, most="9000", used=8000, cache=9000)
    assert free_memory() == 9000
    for text in ("anon 7\n", "inactive_file\n", "inactive_file x y\n", ""):
        (folder / "memory.stat").write_text(text)
        assert free_memory() == 1000
    (folder / "memory.stat").unlink()
    assert free_memory() == 1000


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("least", ["", "a", "a/b"])
def test_of_nested_groups_the_least_free_one_counts(
    groups: Path, version: int, least: str
) -> None:
    """
    A group may have no more than those around it; a group beside it says nothing.
    """
    folder = groups / "memory" if version == 1 else groups
    for name in ("", "a", "a/b"):
        most = "3000" if name == least else "90000"
        _group(folder / name, version, most=most, used=1000, cache=0)
    _group(folder / "a" / "c", version, most="1", used=1, cache=0)
    assert free_memory() == 2000


@pytest.mark.parametrize(
    "mine", [None, "", "0\n", "0::/../x\n", "0::/gone\n", "\udcff"]
)
def test_a_process_of_an_unknown_group_has_the_outermost(
    groups: Path, mine: str | None
) -> None:
    """
    Where a container does not see its own group, it sees the limit at the root.
    """
    file = groups.parent / "mine"
    if mine is None:
        file.unlink()
    else:
        file.write_bytes(mine.encode("utf-8", "surrogateescape"))
    _group(groups, 2, most="3000", used=1000, cache=0)
    _group(groups.parent / "x", 2, most="1", used=1, cache=0)
    assert free_memory() == 2000
