"""
The pages do what they say.

Python examples are doctests that pytest collects by itself; here are the
commands in ``console`` blocks, and the two commands of the README.
"""

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from children import unmeasured
from commands import below
from figures import HOUSE

from eckid.cli.app import app

ROOT = Path(__file__).parents[2]
ROOTED = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")]
PAGES = [*ROOTED, *sorted(ROOT.glob("docs/**/*.md"))]
# Decisions tell what was, so they may name what is gone.
DRAWN = {
    "law": ("sector-boundary.md", "levels.md", "passage.svg", "joining.svg"),
    "plan": ("architecture.md", "stability.md", "floors.svg", "road.svg"),
}
OF_NOW = [page for page in PAGES if page.parent.name != "decisions"]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://)([^)#]+)")
FILE = re.compile(r"`eckid/(?!\d)([\w./-]+/|[\w./-]+\.\w+)`")
NAME = re.compile(r"`eckid((?:\.\w+)+)(?:\(.*?\))?`")


def examples(page: Path) -> list[tuple[str, list[str], int]]:
    """
    Return command, expected lines and exit code of each example on *page*.
    """
    found: list[tuple[str, list[str], int]] = []
    for block in CONSOLE.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], [], 0))
                continue
            command, expected, code = found.pop()
            if line.startswith("> "):
                found.append((f"{command}\n{line[2:]}", expected, code))
            elif exits := re.fullmatch(r"\[exit (\d+)\]", line):
                found.append((command, expected, int(exits[1])))
            else:
                found.append((command, [*expected, line], code))
    return found


WITH_EXAMPLES = [page for page in PAGES if examples(page)]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
def test_the_commands_of_a_page_give_what_it_shows(page: Path, tmp_path: Path) -> None:
    """
    Each command ends with its code and prints the lines shown, in order.
    """
    environment = {
        **unmeasured(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
        "PYTHONUTF8": "1",
    }
    for command, expected, code in examples(page):
        done = subprocess.run(
            [str(shutil.which("bash")), "-c", command],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, (command, done.stderr)
        printed = iter(done.stdout.splitlines())
        for line in expected:
            begin = line.partition(" …")[0].strip()
            assert any(begin in shown for shown in printed), (command, line)


@pytest.mark.parametrize("of", DRAWN)
def test_what_is_drawn_is_as_the_tables_are(of: str) -> None:
    """
    Tables and diagrams come from the library's own; docs/draw.py writes them.
    """
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs/draw.py"), "--check", *DRAWN[of]], check=False
    )
    assert done.returncode == 0


def test_an_auditor_is_told_each_module_that_touches_a_key() -> None:
    """
    A module that imports a primitive, or opens a hidden value, is on the list.
    """
    text = (ROOT / "docs/explanation/stability.md").read_text("utf-8")
    imports = (
        r"^\s*(?:from|import) (?:argon2|cryptography|hashlib|hmac|joserfc|secrets)"
    )
    touches = re.compile(rf"{imports}\b|\.expose(?:_octets)?\(", re.MULTILINE)
    named = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if touches.search(path.read_text("utf-8"))
    }
    listed = set(re.findall(r"^\| `([\w/]+\.py)` \|", text, re.MULTILINE))
    assert {"keys/sleutelbos.py", "pgn.py"} <= listed
    assert named - listed == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """
    A relative link names a file that is there.
    """
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", OF_NOW, ids=lambda page: page.name)
def test_a_page_names_files_and_modules_that_are_there(page: Path) -> None:
    """
    What stands in backticks as eckid/….py or eckid.x.y leads to a file or a name.
    """
    text = page.read_text("utf-8")
    for file in FILE.findall(text):
        assert (HOUSE / file).exists(), file
    for dotted in NAME.findall(text):
        _resolve(f"eckid{dotted}")


def _resolve(dotted: str) -> object:
    found: object = importlib.import_module("eckid")
    for name in dotted.split(".")[1:]:
        if not hasattr(found, name):
            importlib.import_module(f"{getattr(found, '__name__', '')}.{name}")
        found = getattr(found, name)
    return found


def _options(command: click.Command) -> Iterator[str]:
    for param in command.params:
        yield from param.opts
    for each in below(command).values():
        yield from _options(each)


OPTIONS = {*_options(app), "--help", "--version"}


def test_the_page_of_the_command_line_has_every_command() -> None:
    """
    A command that is not on it would be found by chance.
    """
    text = (ROOT / "docs/reference/command-line.md").read_text("utf-8")
    told: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`.*?) \| ", text, re.MULTILINE):
        name, *words = re.findall(r"[\w-]+", row)
        told.setdefault(name, set()).update(words)
    for name, command in below(app).items():
        assert name in told
        assert set(below(command)) <= told[name], name


@pytest.mark.parametrize("page", OF_NOW, ids=lambda page: page.name)
def test_an_option_that_a_page_names_is_one(page: Path) -> None:
    """
    Also in a sentence, and in an example that does not run.
    """
    for code in re.findall(
        r"`([^`\n]+)`|^(eckid .*)$", page.read_text("utf-8"), re.MULTILINE
    ):
        text = "".join(code)
        if text.startswith(("eckid ", "--")):
            assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) <= OPTIONS, text


def test_the_door_and_the_snelstart_name_what_a_list_asks() -> None:
    """
    Whoever begins reads one page, and finds the options for a list of a school there.
    """
    asked = {"--days", "--sheet", "--for-excel", "--test-day", "--heading"}
    for name in ("README.md", "docs/snelstart.md"):
        text = (ROOT / name).read_text("utf-8")
        assert asked <= set(re.findall(r"--[a-z-]+", text)), name


def test_pages_with_commands_were_found() -> None:
    """
    The tutorial, the pages for an emergency, and the snelstart have commands.
    """
    names = {page.name for page in WITH_EXAMPLES}
    wanted = {"from-list-to-release.md", "publisher.md", "snelstart.md"}
    assert wanted | {"guarding-the-ring.md", "when-something-leaked.md"} <= names
