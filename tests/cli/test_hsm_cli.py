"""
The command line with a ring whose keys lie in a token, SoftHSM2's.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
import pytest
import softhsm
from commands import PASSPHRASE, RING, Done
from leaking import leaks

from eckid import Register, Sleutelbos
from eckid.keys.file import open_

pytestmark = pytest.mark.xdist_group("hsm")

Eckid = Callable[..., Done]
LIST: Final = (
    "BSN;LAS-key;Roepnaam;Geboortedatum\n"
    "111222333;k1;Sem;24-12-2015\n"
    "123456782;k2;Noor;01-02-2016\n"
)
POLICY: Final = "--beleid leermiddelenketen --doel gebruik --ontvanger uitgever"
RELEASE: Final = (
    *("release", "groep.csv", "--sector", "po", *POLICY.split()),
    *("--on", "2026-11-24", "--order", "list"),
)
IMPORT: Final = ("ring", "import-to-hsm", *RING)
NEW: Final = ("--ring", "new.ring", "--passphrase-file", "secret")


@pytest.fixture(scope="module")
def label() -> str:
    """
    Return the label of a token.
    """
    return softhsm.new_label()


@pytest.fixture
def token(label: str, tmp_path: Path) -> tuple[str, ...]:
    """
    Return the options of that token, with its PIN in a file.
    """
    softhsm.stop()
    (tmp_path / "pin").write_text(f"{softhsm.PIN}\n")
    (tmp_path / "groep.csv").write_text(LIST)
    return ("--module", softhsm.module(), "--token", label, "--pin-file", "pin")


@pytest.fixture
def imported(eckid: Eckid, token: tuple[str, ...]) -> Done:
    """
    Import the ring of these tests, and return what the command said.
    """
    done = eckid(*IMPORT, *token, "--out", "new.ring")
    assert done.code == 0, done
    return done


@pytest.mark.usefixtures("cheap", "imported")
def test_a_release_is_the_same_after_the_import(
    eckid: Eckid, token: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Every pupil keeps the ketenID, and the register that was kept goes on.
    """
    assert eckid(*RELEASE, *RING, "--out", "before.csv").code == 0
    assert eckid(*RELEASE, *NEW, *token, "--out", "after.csv").code == 0
    before, after = (
        (tmp_path / f"{name}.csv").read_text() for name in ("before", "after")
    )
    assert before == after
    assert before.count("https://eckid.invalid/2026/") == 2
    assert eckid("register", "init", "--register", "b.reg", *RING).code == 0
    add = ("register", "add", "groep.csv", "--register", "b.reg")
    assert eckid(*add, *NEW, *token).code == 0
    verify = ("register", "verify", "--register", "b.reg")
    assert [eckid(*verify, *ring).code for ring in (RING, (*NEW, *token))] == [0, 0]


def test_an_import_says_what_to_do_with_the_old_file(
    imported: Done, tmp_path: Path
) -> None:
    """
    It shows neither PIN nor key, and the new file has none that makes a ketenID.
    """
    assert imported.out.splitlines() == [
        "ring made: new.ring",
        "  namespace   https://eckid.invalid",
        "  releases    2026",
        "  keys        in the token, which computes what ring does",
        (
            "ring still holds the keys. Take it off this machine, to where its copies "
            "are: without them nobody can put the keys in another token."
        ),
    ]
    old = Sleutelbos.load(tmp_path / "ring", passphrase=PASSPHRASE)
    body = open_((tmp_path / "new.ring").read_bytes(), PASSPHRASE)
    roots = [old._ring.roots["stam"], *old._ring.releases.values()]
    roots += list(old._derived.values())
    secret = [form for root in roots for form in (root, root.hex().encode())]
    told = [body, imported.out.encode(), imported.err.encode()]
    assert leaks(told, (*secret, softhsm.PIN.encode())) == []


@pytest.mark.usefixtures("imported")
def test_an_import_replaces_nothing_and_may_be_given_again(
    eckid: Eckid, token: tuple[str, ...], tmp_path: Path
) -> None:
    """
    A file that stands there is refused before anything is asked; the keys are reused.
    """
    command = (*IMPORT, *token, "--out")
    for out in ("ring", "new.ring"):
        before = (tmp_path / out).read_bytes()
        assert eckid(*command, out).code == 3
        assert (tmp_path / out).read_bytes() == before
    assert eckid(*command, "again.ring").code == 0


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"--pin-file": "wrong"}, 3, "PIN: expected that of the token, got another"),
        ({"--token": "x"}, 3, "token: expected one under this label, got none"),
        ({"--module": "secret"}, 3, "module: expected a PKCS#11 library that loads"),
        ({"--pin-file": None}, 3, "PIN: expected --pin-file, for there is no terminal"),
        ({"--token": None}, 2, "--module, --token: expected both"),
        (dict.fromkeys(("--module", "--token")), 2, "--module, --token: expected both"),
    ],
    ids=["pin", "label", "module", "no pin", "no label", "only a pin"],
)
@pytest.mark.parametrize("command", [IMPORT, (*RELEASE, *NEW)], ids=lambda c: c[0])
@pytest.mark.usefixtures("imported")
def test_what_is_wrong_with_a_token_is_told(  # noqa: PLR0917  # pytest gives them by name
    command: tuple[str, ...],
    change: dict[str, str | None],
    code: int,
    said: str,
    eckid: Eckid,
    token: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    On one line, without the PIN, and nothing is written.
    """
    softhsm.stop()
    monkeypatch.setattr("sys.stdin", None)
    (tmp_path / "wrong").write_text("11223344")
    given = dict(zip(token[::2], token[1::2], strict=True)) | change
    options = [f"{name}={value}" for name, value in given.items() if value is not None]
    done = eckid(*command, *options, "--out", "o")
    assert done.code == code
    assert said in done.err
    assert "11223344" not in done.err + done.out
    assert not list(tmp_path.glob("o*"))


@pytest.mark.usefixtures("imported")
def test_a_ring_in_a_token_wants_its_token(
    eckid: Eckid, token: tuple[str, ...]
) -> None:
    """
    Without the options, and with them for a ring that holds its keys, it says so.
    """
    asked = eckid(*RELEASE, *NEW, "--out", "o.csv")
    assert asked.code == 3
    assert "give it (token, or --module, --token and --pin-file)" in asked.err
    asked = eckid(*RELEASE, *RING, *token, "--out", "o.csv")
    assert asked.code == 3
    assert "leave the token out" in asked.err
    asked = eckid(*IMPORT, "--out", "o.ring")
    assert asked.code == 2
    assert "--module, --token: expected both" in asked.err


def test_the_pin_is_asked_for_like_a_passphrase(
    eckid: Eckid,
    token: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Without a file it is asked for once, and not shown as it is typed.
    """
    asked: list[tuple[str, object]] = []

    def prompt(text: str, **how: object) -> str:
        asked.append((text, how["hide_input"]))
        assert how["confirmation_prompt"] is False
        return softhsm.PIN

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr("sys.stdin", _Terminal())
    done = eckid(*IMPORT, *token[:4], "--out", "new.ring")
    assert done.code == 0
    assert asked == [("PIN", True)]


class _Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("imported")
def test_a_register_that_is_opened_takes_the_token_too(
    eckid: Eckid, token: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Every command that takes a ring takes one whose keys lie in a token.
    """
    ring = Sleutelbos.load(tmp_path / "ring", passphrase=PASSPHRASE)
    with Register.create(tmp_path / "b.reg", sleutelbos=ring):
        pass
    for command in (
        ["register", "verify", "--register", "b.reg"],
        ["link", "key", "--houder", "00000001234567890000", "--vanaf", "2026-08-01"],
    ):
        assert eckid(*command, *NEW, *token).code == 0


def test_the_page_about_an_hsm_does_what_it_says(tmp_path: Path) -> None:
    """
    Its commands, one after the other, with SoftHSM in an empty folder.
    """
    page = Path(__file__).parents[2] / "docs/how-to/hsm.md"
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(blocks) > 3
    softhsm.module()
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", "".join(blocks)],
        cwd=tmp_path,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": "/"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new.csv").read_text().count("https://eckid.invalid/2026/") == 1
