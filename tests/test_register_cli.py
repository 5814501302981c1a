"""
The register on the command line: nobody is hashed twice.
"""

import json
from collections.abc import Callable
from pathlib import Path

import parties as our
import pytest

from eckid import Register, Sleutelbos
from eckid.cli.app import run

PASSPHRASE = "correct horse battery staple"
_SCHEME = "--scheme eckid-argon2id-1"
_RELEASE = (
    "release {list} {ring} --register board.reg --organisatie {a} --sector po "
    f"--beleid edu-k --doel gebruik --ontvanger uitgever --on 2026-11-24 {_SCHEME}"
)

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def eckid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """
    Run a command in a folder with a ring and a register.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    our.RING.save(tmp_path / "ring", passphrase=PASSPHRASE)
    (tmp_path / "secret").write_text(PASSPHRASE)

    def command(line: str, **names: str) -> tuple[int, str, str]:
        ring = "--ring ring --passphrase-file secret"
        code = run(line.format(ring=ring, a=our.A.oin, **names).split())
        return code, *capfd.readouterr()

    assert command("register init --register board.reg {ring}")[0] == 0
    return command


def _list(path: Path, *rows: tuple[str, int, str]) -> str:
    text = "BSN;LAS-key;Roepnaam;Geboortedatum\n"
    for key, n, naam in rows:
        text += f"{our.number(n)};{key};{naam};2015-12-24\n"
    path.write_text(text)
    return path.name


def test_a_second_release_hashes_nobody(eckid: Command, tmp_path: Path) -> None:
    """
    Only who is new; the files are the same as without a register.
    """
    rows = [("k1", 1, "Sem"), ("k2", 2, "Noor"), ("k3", 3, "Zoë")]
    name = _list(tmp_path / "list.csv", *rows)
    code, out, _ = eckid(f"{_RELEASE} --out a.csv", list=name)
    assert (code, "register: 3 hashed, 0 known" in out) == (0, True)
    code, out, _ = eckid(f"{_RELEASE} --out b.csv", list=name)
    assert (code, "register: 0 hashed, 3 known" in out) == (0, True)
    bare = _RELEASE.replace("--register board.reg --organisatie {a}", "")
    assert eckid(f"{bare} --out c.csv", list=name)[0] == 0
    written = [(tmp_path / f"{n}.csv").read_text() for n in "abc"]
    assert len(set(written)) == 1
    # A list with one more hashes one.
    name = _list(tmp_path / "more.csv", *rows, ("k4", 4, "Finn"))
    code, out, _ = eckid(f"{_RELEASE} --out d.csv", list=name)
    assert (code, "register: 1 hashed, 3 known" in out) == (0, True)
    code, out, _ = eckid(f"{_RELEASE} --recheck --out e.csv", list=name)
    assert (code, "register: 4 hashed, 0 known" in out) == (0, True)


def test_a_reused_key_is_hashed_and_refused(eckid: Command, tmp_path: Path) -> None:
    """
    Nor does one number stand under two keys, or one key under two numbers.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"), ("k2", 2, "Noor"))
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 0
    name = _list(
        tmp_path / "wrong.csv",
        ("k1", 5, "Yara"),
        ("k2", 6, "Noor"),
        ("k9", 1, "Sem"),
    )
    # With a name that is held k2 is known, and not hashed: unless that is asked.
    code, out, _ = eckid(f"{_RELEASE} --recheck --out b.csv", list=name)
    assert code == 1
    assert "register: 3 hashed" in out
    refused = (tmp_path / "b.refused.csv").read_text()
    for reden in ("other-person", "other-number", "two-persons"):
        assert f";{reden};" in refused
    assert len((tmp_path / "b.csv").read_text().splitlines()) == 1


def test_what_went_is_noted_once_the_file_stands(
    eckid: Command, tmp_path: Path
) -> None:
    """
    A release that does not come to a file notes nothing.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 0
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 3
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        facts = register.inzage("las", "k1")
    assert [fact["feit"] for fact in facts] == ["persoon", "vrijgave"]
    assert facts[1]["organisatie"] == our.A.oin
    lacking = _RELEASE.replace("--organisatie {a}", "")
    assert eckid(f"{lacking} --out z.csv", list=name)[0] == 2


def test_inzage_vergetelheid_and_a_head(eckid: Command, tmp_path: Path) -> None:
    """
    Export in Dutch or English without a secret; forget; verify with a head.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"), ("k2", 2, "Noor"))
    added = f"register add {name} --register board.reg {{ring}} {_SCHEME}"
    code, out, _ = eckid(added)
    assert (code, "register: 2 hashed, 0 known" in out) == (0, True)
    code, out, _ = eckid(added)
    assert (code, "register: 0 hashed, 2 known" in out) == (0, True)
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 0
    (tmp_path / "key").write_text("k1\n")
    who = "--register board.reg {ring} --key-file key"
    assert eckid(f"register export {who} --out e.json")[0] == 0
    assert eckid(f"register export {who} --lang nl --out n.json")[0] == 0
    english, dutch = (
        json.loads((tmp_path / f"{n}.json").read_text())["facts"] for n in "en"
    )
    assert english[0]["stampseudoniem"] == "is held, and is a secret"
    assert dutch[0]["stampseudoniem"] == "wordt bewaard, en is geheim"
    assert english[1]["recipient"] == our.A.oin
    assert dutch[1]["pseudoniem"].startswith("https://eckid.invalid/2026/")
    code, out, _ = eckid("register verify --register board.reg {ring}")
    head = next(line for line in out.splitlines() if line.startswith("head: "))[6:]
    code, out, _ = eckid(f"register forget {who} --yes")
    assert (code, "forgotten" in out) == (0, True)
    assert eckid(f"register forget {who} --yes")[0] == 3
    assert eckid(f"register verify --register board.reg {{ring}} --head {head}")[0] == 0
    wrong = head[:-2] + ("00" if head[-2:] != "00" else "11")
    assert (
        eckid(f"register verify --register board.reg {{ring}} --head {wrong}")[0] == 3
    )
    assert eckid("register verify --register board.reg {ring} --head x")[0] == 2
    code, out, _ = eckid("register show --register board.reg {ring}")
    assert code == 0
    assert "vergeten" in out


def test_backup_and_a_new_ring(eckid: Command, tmp_path: Path) -> None:
    """
    Both files, at another place; a list is released from each as before.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 0
    assert eckid("register backup --register board.reg {ring} --out copy.reg")[0] == 0
    assert eckid("register backup --register board.reg {ring} --out copy.reg")[0] == 3
    copied = _RELEASE.replace("board.reg", "copy.reg")
    code, out, _ = eckid(f"{copied} --out b.csv", list=name)
    assert (code, "register: 0 hashed, 1 known" in out) == (0, True)
    Sleutelbos.generate(release="2026", salt=our.RING.salt).save(
        tmp_path / "new", passphrase=PASSPHRASE
    )
    code, _, _ = eckid(
        "register rekey --register board.reg {ring} --new-ring new "
        "--new-passphrase-file secret --out new.reg"
    )
    assert code == 0
    moved = _RELEASE.replace("board.reg", "new.reg").replace(
        "{ring}", "--ring new --passphrase-file secret"
    )
    code, out, _ = eckid(f"{moved} --out c.csv", list=name)
    assert (code, "register: 0 hashed, 1 known" in out) == (0, True)


def test_a_row_without_a_key_is_not_hashed(eckid: Command, tmp_path: Path) -> None:
    """
    Nothing would be found again; another identifier is left alone.
    """
    (tmp_path / "list.csv").write_text(f"BSN;Roepnaam\n{our.number(1)};Sem\n")
    code, out, _ = eckid(
        f"register add list.csv --register board.reg {{ring}} {_SCHEME}"
    )
    assert code == 1
    assert "register: 0 hashed, 0 known" in out
