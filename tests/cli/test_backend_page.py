"""
A release with a register: what the page for backends does is what the command does.
"""

import ast
import doctest
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import parties as our
import pytest

import eckid
from eckid import LEERMIDDELENKETEN, Attribuutbeleid, Doel, Register, Sector
from eckid.cli.app import run
from eckid.register import Feit, keys_of

PAGE: Final = Path(__file__).parents[2] / "docs" / "how-to" / "in-a-backend.md"
PASSPHRASE: Final = "correct horse battery staple"
_SECTION: Final = re.compile(
    r"^## A list, with the register\n(.*?)^## ", re.DOTALL | re.MULTILINE
)
_BLOCK: Final = re.compile(r"^```pycon\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks() -> list[str]:
    """
    Return the blocks of the page that release a list, as one types them.
    """
    section = _SECTION.search(PAGE.read_text("utf-8"))
    assert section is not None
    parse = doctest.DocTestParser().get_examples
    return [
        "".join(example.source for example in parse(block))
        for block in _BLOCK.findall(section[1])
    ]


def test_a_release_with_a_register_takes_few_statements() -> None:
    """
    Eight statements at most, those in a with among them; imports stand before.
    """
    _, release, _ = blocks()
    statements = [n for n in ast.walk(ast.parse(release)) if isinstance(n, ast.stmt)]
    assert len(statements) <= 8


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """
    A folder with the page's list and register, and the ring's file beside them.
    """
    folder = tmp_path / "page"
    folder.mkdir()
    known: dict[str, Any] = {"folder": SimpleNamespace(name=folder), "ring": our.RING}
    exec(blocks()[0], known | {"Path": Path})  # noqa: S102  # the page's own
    our.RING.save(folder / "school.ring", passphrase=PASSPHRASE)
    (folder / "secret").write_text(PASSPHRASE)
    return folder


def by_page(folder: Path) -> None:
    """
    Run what the page shows.
    """
    known: dict[str, Any] = {
        "beleid": Attribuutbeleid.load("leermiddelenketen"),
        "publisher": our.A,
        "ring": our.RING,
        "date": date,
        "lijst": folder / "groep.csv",
        "book": folder / "board.reg",
        "out": folder / "uitgever.csv",
        "Doel": Doel,
        "LEERMIDDELENKETEN": LEERMIDDELENKETEN,
        "Sector": Sector,
        **{name: getattr(eckid, name) for name in ("Hasher", "Register")},
        **{name: getattr(eckid.exchange, name) for name in eckid.exchange.__all__},
    }
    exec(blocks()[1], known)  # noqa: S102  # as above


def by_command(folder: Path) -> None:
    """
    Run the command of the same release.
    """
    files = {name: str(folder / file) for name, file in _FILES.items()}
    command = (
        "release {lijst} --ring {ring} --passphrase-file {secret} --sector po "
        "--beleid leermiddelenketen --doel gebruik --ontvanger uitgever "
        "--organisatie {a} --register {book} --on 2026-11-24 --out {out}"
    )
    assert run(command.format(a=our.A.oin, **files).split()) == 0


_FILES: Final = {
    "lijst": "groep.csv",
    "ring": "school.ring",
    "secret": "secret",
    "book": "board.reg",
    "out": "uitgever.csv",
}


def told(folder: Path) -> dict[str, object]:
    """
    Return all that a release left: its files, and what the register noted.

    A head is another in each register, for what it stands over was drawn.
    """
    files: dict[str, object] = {
        path.name: path.read_bytes()
        for path in folder.glob("uitgever.*")
        if path.name != "uitgever.csv.receipt.json"
    }
    receipt = json.loads((folder / "uitgever.csv.receipt.json").read_bytes())
    book = folder / "board.reg"
    with Register.open(book, sleutelbos=our.RING) as register:
        assert receipt.pop("register") == str(register.verify())
        notes = {feit: register._facts.all(feit) for feit in Feit}
    return {**files, "receipt": receipt, "notes": notes}


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("times", [1, 2])
def test_the_page_does_what_the_command_does(
    board: Path, tmp_path: Path, times: int
) -> None:
    """
    Every file and every note is the same, of pupils who are new or known.
    """
    found = []
    for way in (by_page, by_command):
        folder = tmp_path / way.__name__
        shutil.copytree(board, folder)
        _again(way, folder, times)
        found.append(told(folder))
    page, command = found
    assert page.keys() == command.keys() >= {"uitgever.csv", "receipt", "notes"}
    assert page == command
    assert len(_notes(page)[Feit.PERSOON]) == 2
    assert len(_notes(page)[Feit.VRIJGAVE]) == 2 * times


def _notes(left: dict[str, object]) -> dict[Feit, list[object]]:
    notes = left["notes"]
    assert isinstance(notes, dict)
    return notes


def _again(way: Callable[[Path], None], folder: Path, times: int) -> None:
    for n in range(times):
        for path in folder.glob("uitgever.*" if n else "none"):
            path.unlink()
        way(folder)
    assert keys_of(folder / "board.reg").exists()
