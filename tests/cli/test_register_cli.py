"""
The register on the command line: nobody is hashed twice.
"""

import json
import re
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import parties as our
import pytest
from schools import school
from written import plain

from eckid import (
    Doel,
    Register,
    RevocationList,
    Sector,
    Sleutelbos,
    Voorlopig,
)
from eckid.cli.app import run
from eckid.exchange import read_receipt
from eckid.succession import Gezien

pytestmark = pytest.mark.usefixtures("cheap")

PASSPHRASE = "correct horse battery staple"
_SCHEME = "--scheme eckid-argon2id-1"
_RELEASE = (
    "release {list} {ring} --register board.reg --organisatie {a} --sector po "
    "--beleid leermiddelenketen --doel gebruik --ontvanger uitgever "
    f"--on 2026-11-24 {_SCHEME}"
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
    refused = plain(tmp_path / "b.csv.refused.csv")
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


def test_an_older_copy_is_refused_until_it_is_accepted(
    eckid: Command, tmp_path: Path
) -> None:
    """
    Showing it deletes nothing; `restore` asks first, and says what is lost.
    """
    book = "--register board.reg {ring}"
    add = f"register add {{list}} {book} {_SCHEME} --on 2026-11-24"
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    assert eckid(add, list=name)[0] == 0
    assert eckid(f"register backup {book} --out copy")[0] == 0
    name = _list(tmp_path / "more.csv", ("k2", 2, "Noor"))
    assert eckid(add, list=name)[0] == 0
    shutil.copy(tmp_path / "copy", tmp_path / "board.reg")
    keys = (tmp_path / "board.reg.keys").read_bytes()
    show = f"register show {book}"
    code, _, said = eckid(show)
    assert (code, "accept this one with restore" in said) == (3, True)
    restore = f"register restore {book}"
    assert eckid(restore)[0] != 0
    assert (tmp_path / "board.reg.keys").read_bytes() == keys
    code, out, _ = eckid(f"{restore} --yes")
    assert code == 0
    for what, count in (("rows of the ledger", 1), ("the register lacks", 1)):
        assert re.search(rf"{what}\W+{count}\b", out)
    assert eckid(show)[0] == 0
    code, out, _ = eckid(add, list=name)
    assert (code, "register: 1 hashed, 0 known" in out) == (0, True)


def test_a_list_of_300_is_hashed_once(eckid: Command, tmp_path: Path) -> None:
    """
    The second release hashes nobody; three new pupils are three hashes.

    What was hashed is put into the register here with the scheme of the tests.
    """
    numbers = range(300)
    rows = [(f"k{n}", n, f"Naam{chr(97 + n % 26)}") for n in numbers]
    with (
        Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register,
        register.together(),
    ):
        for key, n, naam in rows:
            names = {"geboortedatum": "2015-12-24", "roepnaam": naam}
            stam = our.stam(our.bsn(n))
            register.add("las", key, stam, gegevens=names, on=our.TODAY)
    name = _list(tmp_path / "list.csv", *rows)
    code, out, _ = eckid(f"{_RELEASE} --out a.csv", list=name)
    assert (code, "register: 0 hashed, 300 known" in out) == (0, True)
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 301
    new = [(f"k{n}", n, "Noor") for n in range(300, 303)]
    name = _list(tmp_path / "more.csv", *rows, *new)
    code, out, _ = eckid(f"{_RELEASE} --out b.csv", list=name)
    assert (code, "register: 3 hashed, 300 known" in out) == (0, True)
    # A key that another pupil has now.
    name = _list(tmp_path / "reused.csv", *rows[1:], ("k0", 303, "Yara"))
    code, out, _ = eckid(f"{_RELEASE} --out c.csv", list=name)
    assert (code, "register: 1 hashed, 299 known" in out) == (1, True)
    assert ";other-person;" in plain(tmp_path / "c.csv.refused.csv")


def test_a_receipt_has_the_head(eckid: Command, tmp_path: Path) -> None:
    """
    That of the ledger in which the release is noted, so that it is kept elsewhere.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    code, out, _ = eckid(f"{_RELEASE} --out a.csv", list=name)
    head = read_receipt((tmp_path / "a.csv.receipt.json").read_bytes())["register"]
    assert (code, f"head: {head}" in out) == (0, True)
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        assert str(register.verify()) == head
    bare = _RELEASE.replace("--register board.reg --organisatie {a}", "")
    assert eckid(f"{bare} --out b.csv", list=name)[0] == 0
    assert "register" not in read_receipt(
        (tmp_path / "b.csv.receipt.json").read_bytes()
    )


def test_one_identifier_goes_in_a_sector(eckid: Command, tmp_path: Path) -> None:
    """
    Who has a ketenID there gets no other; in another sector the other is noted.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 0
    stands_in = Voorlopig.derive(
        "k1",
        administratie="las",
        bestuur=our.B.oin,
        organisatie=our.A,
        sleutelbos=our.RING,
        tot=our.SUMMER,
    )
    heads = "BSN;LAS-key;voorlopig;ander_id_reden;ander_id_tot;Roepnaam;Geboortedatum"
    rest = f"{stands_in.uri};niet-bekostigd;2027-01-31;Sem;2015-12-24"
    (tmp_path / "guest.csv").write_text(f"{heads}\n;k1;{rest}\n;k8;{rest}\n")
    takes_none = rest.replace("niet-bekostigd", "ontvanger-zonder-eckid")
    (tmp_path / "other.csv").write_text(f"{heads}\n;k1;{takes_none}\n")
    code, out, _ = eckid(f"{_RELEASE} --out b.csv", list="guest.csv")
    assert (code, "register: 0 hashed, 0 known" in out) == (1, True)
    refused = plain(tmp_path / "b.csv.refused.csv")
    assert refused.count(";ketenid-went;") == 1
    # To a recipient that takes no ketenID, and got none.
    assert eckid(f"{_RELEASE} --out d.csv", list="other.csv")[0] == 1
    there = _RELEASE.replace("{a}", our.B.oin)
    assert eckid(f"{there} --out e.csv", list="other.csv")[0] == 0
    elsewhere = _RELEASE.replace("--sector po", "--sector vo")
    assert eckid(f"{elsewhere} --out c.csv", list="guest.csv")[0] == 0
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        last = register.inzage("las", "k1")[-1]
        assert (last["feit"], last["identifier"]) == ("vrijgave", stands_in.uri)


def test_substitutions_go_into_the_register(eckid: Command, tmp_path: Path) -> None:
    """
    The new number has the old one's ketenID, and the old one is refused.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    assert eckid(f"{_RELEASE} --out a.csv", list=name)[0] == 0
    pairs = f"oud;nieuw\n{our.number(1)};{our.number(2)}\n"
    (tmp_path / "pairs.csv").write_text(pairs)
    noted = f"substitute pairs.csv {{ring}} --per 2026-11-24 {_SCHEME}"
    assert eckid(noted)[0] == 2
    assert eckid(f"{noted} --register board.reg --into x")[0] == 2
    assert eckid(f"{noted} --register none.reg")[0] == 3
    code, out, _ = eckid(f"{noted} --register board.reg")
    assert (code, "1 substitutions" in out, "head: " in out) == (0, True, True)
    name = _list(tmp_path / "new.csv", ("k1", 2, "Sem"))
    assert eckid(f"{_RELEASE} --recheck --out b.csv", list=name)[0] == 0
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()
    name = _list(tmp_path / "old.csv", ("k1", 1, "Sem"))
    assert eckid(f"{_RELEASE} --recheck --out c.csv", list=name)[0] == 1
    assert ";substituted;" in plain(tmp_path / "c.csv.refused.csv")


def test_links_go_into_the_register(eckid: Command, tmp_path: Path) -> None:
    """
    With the consent, to the pupil; a withdrawn one is in every list from then on.
    """
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        for n in (1, 2):
            hpgn = our.bsn(n)
            register.add("las", f"k{n}", our.stam(hpgn), gegevens={}, on=our.TODAY)
            for sector in (Sector.PO, Sector.VO):
                register.sent(
                    "las",
                    f"k{n}",
                    organisatie=our.A,
                    identifier=our.ketenid(hpgn, sector),
                    beleid="ab" * 32,
                    doel=Doel.GEBRUIK,
                    on=our.TODAY,
                )
    po, vo = (
        [our.ketenid(our.bsn(n), sector).uri for n in range(4)]
        for sector in (Sector.PO, Sector.VO)
    )
    rows = [(po[1], vo[1]), (po[1], vo[2]), (po[3], vo[3]), (po[2], vo[3])]
    consent = "ouder;2026-11-20;1"
    (tmp_path / "pairs.csv").write_text(
        "po;vo;door;op;woorden\n" + "".join(f"{a};{b};{consent}\n" for a, b in rows)
    )
    issue = (
        "link issue pairs.csv {ring} --organisatie {a} --doel gebruik --bestuur "
        f"{our.B.oin} --on 2026-11-24 --tot 2027-07-31 --register board.reg"
    )
    code, out, _ = eckid(f"{issue} --out l.csv")
    assert (code, "head: " in out) == (1, True)
    refused = plain(tmp_path / "l.csv.refused.csv")
    assert (refused.count(";not-one;"), refused.count(";nobody;")) == (1, 1)
    # Where the files do not come to stand, nothing is kept.
    assert eckid(f"{issue} --out l.csv")[0] == 3
    revoke = "link revoke {ring} --organisatie {a} --on 2026-11-24"
    assert eckid(f"{revoke} --out r0")[0] == 2
    code, out, _ = eckid(f"{revoke} --register board.reg --out r1")
    assert (code, "revocation list 1, 0 revoked" in out) == (0, True)
    first = (tmp_path / "l.csv.board.csv").read_text().splitlines()[:2]
    (tmp_path / "gone.csv").write_text(
        "\n".join([first[0], f'{first[1][:-2]}"2026-11-24"'])
    )
    gone = revoke.replace("revoke", "revoke gone.csv")
    assert eckid(f"{gone} --register board.reg --out r1")[0] == 3
    code, out, _ = eckid(f"{gone} --register board.reg --out r2")
    assert (code, "revocation list 2, 1 revoked" in out) == (0, True)
    code, out, _ = eckid(f"{revoke} --register board.reg --out r3")
    assert (code, "revocation list 3, 1 revoked" in out) == (0, True)
    wrong = f"{revoke} --register board.reg --number 9 --out r9"
    assert eckid(wrong)[0] == 3
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        kinds = [fact["feit"] for fact in register.inzage("las", "k1")]
        assert kinds[-3:] == ["toestemming", "link", "ingetrokken"]
        assert register.counts()["link"] == 2
        (jti,) = register.revoked(our.A, issued=our.TODAY)
    listed = RevocationList.verify(
        (tmp_path / "r3").read_text().strip(),
        organisatie=our.A,
        on=our.TODAY,
        keys=our.KEYS,
        last_seen=Gezien(our.BOARD, 2, "ab" * 32),
    )
    assert listed.revoked == {jti}


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
    code, out, _ = eckid(f"{_RELEASE} --out a.csv", list="list.csv")
    assert (code, "register: 0 hashed, 0 known" in out) == (1, True)
    assert ";key;" in plain(tmp_path / "a.csv.refused.csv")


_OWN = "--beleid own.toml --doel gebruik --ontvanger uitgever"
_ISSUE = (
    "--doel gebruik --bestuur {a} --tot 2027-07-31 --on 2026-11-24 --register board.reg"
)
_FORCED = (
    f"{_RELEASE} --force",
    f"release {{list}} {{ring}} --sector po {_OWN} --force {_SCHEME}",
    f"hash {{list}} {{ring}} --force {_SCHEME}",
    "derive h.csv {ring} --sector po --force",
    f"link issue pairs.csv {{ring}} --organisatie {{a}} {_ISSUE} --force",
    "link revoke {ring} --organisatie {a} --register board.reg --on 2026-11-24 --force",
    "register export --register board.reg {ring} --key-file k.key --force",
    "enrolment check places.csv --on 2026-11-24 --force",
)
_LASTING = (
    *("board.reg", "board.reg.keys", "board.reg-wal", "board.reg.keys-wal"),
    *("board.reg-journal", "ring", "other.ring", "other.list", "old.csv.journal"),
    *("link", "second", "nowhere", "old.csv.receipt.json", "k.key", "secret"),
)


@pytest.fixture
def _furnished(eckid: Command, tmp_path: Path) -> None:
    """
    Beside ring and register: files of every kind, read by a command or by none.
    """
    name = _list(tmp_path / "list.csv", ("k1", 1, "Sem"))
    line = f"{_RELEASE} --out first.csv"
    assert eckid(line, list=name)[0] == 0
    assert eckid(f"hash {{list}} {{ring}} --out h.csv {_SCHEME}", list=name)[0] == 0
    Sleutelbos.generate(release="2026").save(
        tmp_path / "other.ring", passphrase=PASSPHRASE
    )
    (tmp_path / "n.csv").write_text(
        f"oud;nieuw\n{our.number(0, '10')};{our.number(9)}\n"
    )
    substitute = "substitute n.csv {ring} --into other.list --per 2026-11-24"
    assert eckid(f"{substitute} {_SCHEME}")[0] == 0
    (tmp_path / "old.csv.journal").write_bytes(
        (tmp_path / "board.reg").read_bytes()[:512]
    )
    (tmp_path / "old.csv").touch()
    (tmp_path / "link").symlink_to("board.reg.keys")
    (tmp_path / "second").hardlink_to(tmp_path / "ring")
    (tmp_path / "nowhere").symlink_to("none")
    (tmp_path / "k.key").write_text("k1")
    (tmp_path / "pairs.csv").write_text("po;vo;door;op;woorden\n")
    (tmp_path / "places.csv").write_text(
        "key;soort;brin;begin;einde;bekostigd;bevestigd\n"
    )
    (tmp_path / "own.toml").write_text(
        'naam = "own"\nversie = "1"\nstatus = "ours"\n'
        'breidt_uit = "leermiddelenketen"\nregel = []\n'
    )


@pytest.mark.usefixtures("_furnished")
def test_force_replaces_no_file_that_is_read_or_cannot_be_made_again(
    eckid: Command, tmp_path: Path
) -> None:
    """
    Each writing command, on each such file: refused as a whole, and nothing changes.
    """
    read = {"k.key": "--key-file", "secret": "{ring}"}
    before = _standing(tmp_path)
    for command, out in product(_FORCED, _LASTING):
        if read.get(out, "") not in command:
            continue  # this command does not read it
        code, _, err = eckid(f"{command} --out {out}", list="list.csv")
        assert (command, out, code) == (command, out, 3), err
        assert "expected" in err
        assert "--force replaces it" not in err
        assert _standing(tmp_path) == before, (command, out)


def _standing(folder: Path) -> dict[str, tuple[bool, bytes | None]]:
    """
    Return what stands in a folder, but for what SQLite keeps while a file is open.
    """
    return {
        path.name: (path.is_symlink(), path.read_bytes() if path.exists() else None)
        for path in folder.iterdir()
        if not path.name.endswith(("-wal", "-shm"))
    }


@pytest.mark.usefixtures("_furnished")
def test_a_name_that_is_not_replaced_is_said_to_be_so(eckid: Command) -> None:
    """
    --force is named only where it helps.
    """
    for out, helps in (("ring", False), ("other.ring", False), ("first.csv", True)):
        code, _, err = eckid(f"{_RELEASE} --out {out}", list="list.csv")
        assert code == 3
        assert ("--force replaces it" in err) is helps


def test_a_copy_of_a_register_takes_no_name_that_belongs_to_it(
    eckid: Command, tmp_path: Path
) -> None:
    """
    SQLite would take it for its own log, and empty it; nor is it made through a link.
    """
    Sleutelbos.generate(release="2026").save(
        tmp_path / "other.ring", passphrase=PASSPHRASE
    )
    (tmp_path / "nowhere").symlink_to("none")
    new = "--new-ring other.ring --new-passphrase-file secret"
    for command, out in product(
        ("backup", f"rekey {new}"), ("board.reg-wal", "board.reg.keys-wal", "nowhere")
    ):
        line = f"register {command} --register board.reg {{ring}} --out {out}"
        assert eckid(line)[0] == 3
        assert not (tmp_path / "none").exists()
        assert eckid("register verify --register board.reg {ring}")[0] == 0


def test_a_key_file_that_is_no_text_is_refused_without_it(
    eckid: Command, tmp_path: Path
) -> None:
    """
    The error of the decoder would hold the key of the person.
    """
    (tmp_path / "k.key").write_bytes(b"k1 \xff")
    export = "register export --register board.reg {ring} --key-file k.key --out k.json"
    code, _, err = eckid(export)
    assert code == 3
    assert "k.key: expected text in UTF-8" in err


def test_what_does_not_go_as_edexml_is_not_noted(
    eckid: Command, tmp_path: Path
) -> None:
    """
    Teachers who lack a pupil are refused: the register has not sent them.
    """
    text = "".join(school(2, 1)).replace("<bsn>", "<bsn>1")
    (tmp_path / "a.xml").write_text(text, "utf-8")
    release = _RELEASE.replace("leermiddelenketen", "smalle-set-2.2")
    for end, sent in (("xml", 0), ("csv", 1)):
        assert eckid(f"{release} --out u.{end}", list="a.xml")[0] == 1
        with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as opened:
            assert opened.counts()["vrijgave"] == sent
