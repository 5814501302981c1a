"""
The command line: its files, its exit codes, and what it never prints.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from commands import below
from schools import school
from written import plain

from eckid import NUMMERVOORZIENING, Attribuutbeleid, Sleutelbos, scheme
from eckid._core.bounds import RECEIPT, WORDS, Bound
from eckid.cli import show
from eckid.cli.app import app, run
from eckid.cli.release import release
from eckid.exchange import Received, Rij, Roster, look
from eckid.hashing import engines
from eckid.scheme import ScryptCost

# What a hash is worth is shown where one is made; the demo makes national ones.
pytestmark = pytest.mark.usefixtures("cheap")

PASSPHRASE = "correct horse battery staple"
LIST = (
    "BSN;Roepnaam;Achternaam;Geboortedatum;LAS-key\n"
    "63138219,0;Sem;Bakker;2016-02-03;k1\n"
    "063138218;Finn;Smit;2015-10-10;k2\n"
)
NUMBERS = ("063138219", "63138219", "063138218")
POLICY = (
    "--beleid",
    "leermiddelenketen",
    "--doel",
    "gebruik",
    "--ontvanger",
    "uitgever",
)


class Done(NamedTuple):
    """
    How a command ended.
    """

    code: int
    out: str
    err: str


Eckid = Callable[..., Done]


@pytest.fixture
def eckid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Eckid:
    """
    Run a command in an empty folder, with room to print.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str) -> Done:
        code = run(arguments)
        return Done(code, *capfd.readouterr())

    return command


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """
    The options that name a ring with the public test salt.
    """
    folder = tmp_path_factory.mktemp("ring")
    Sleutelbos.generate(release="2026").save(folder / "ring", passphrase=PASSPHRASE)
    (folder / "secret").write_text(f"{PASSPHRASE}\n")
    return (
        "--ring",
        str(folder / "ring"),
        "--passphrase-file",
        str(folder / "secret"),
    )


@pytest.fixture
def groep(tmp_path: Path) -> str:
    """
    A list of one good row, mended, and one bad one.
    """
    (tmp_path / "groep.csv").write_text(LIST)
    return "groep.csv"


def files(folder: Path) -> set[str]:
    """
    Return the names of what stands in *folder*.
    """
    return {path.name for path in folder.iterdir()}


def test_the_demo_asks_nothing_and_shows_the_whole_chain(tmp_path: Path) -> None:
    """
    With standard input closed it writes list, ring and two releases.

    It shows for one pupil what the school has, what each gets, and why.
    """
    done = subprocess.run(
        [sys.executable, "-m", "eckid", "demo"],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert files(tmp_path) == {"eckid-demo"}
    folder = tmp_path / "eckid-demo"
    roster = Roster(look(folder / "groep-6a.csv"))
    people = [row for row in roster if isinstance(row, Rij)]
    assert (len(roster), len(people)) == (27, 26)
    assert sum(row.herstel is not None for row in people) == 2
    births = []
    for name in ("uitgever", "softwareleverancier"):
        made = look(folder / f"{name}.csv")
        assert len(list(Received(made))) == 26
        births.append("leeftijd_in_maanden" in made.columns)
        assert "geboortedatum" not in made.columns
        report = json.loads((folder / f"{name}.csv.report.json").read_text("utf-8"))
        assert report["rows"] == {"in": 27, "out": 26, "refused": 1, "mended": 2}
        assert report["scheme"] == "nummervoorziening-2016"
    assert births == [False, True]
    secret = (folder / "demo-alone.passphrase").read_text().strip()
    Sleutelbos.load(folder / "school.ring", passphrase=secret)
    assert "<BSN hidden>" in done.stdout
    assert "Teacher and pupil" in done.stdout
    written = "".join(
        path.read_text("utf-8")
        for path in folder.iterdir()
        if path.name.startswith(("uitgever", "softwareleverancier"))
    )
    for person in people:
        assert person.pgn is not None
        assert person.pgn.expose() not in done.stdout + done.stderr + written
    assert secret not in done.stdout + done.stderr


def test_the_demo_leaves_an_existing_folder_alone(eckid: Eckid, tmp_path: Path) -> None:
    """
    A folder that stands there is not overwritten; --out names another.
    """
    (tmp_path / "eckid-demo").mkdir()
    done = eckid("demo")
    assert done.code == 3
    assert files(tmp_path / "eckid-demo") == set()


def test_a_demo_that_fails_leaves_no_folder(
    eckid: Eckid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The folder appears whole or not at all.
    """

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("eckid.cli.demo.release_to", full)
    done = eckid("demo")
    assert done.code == 3
    assert files(tmp_path) == set()


def test_init_makes_a_ring_and_never_replaces_one(eckid: Eckid, tmp_path: Path) -> None:
    """
    A ring that stands there is safe from init.
    """
    (tmp_path / "secret").write_text(PASSPHRASE)
    (tmp_path / "salt").write_text("rktYml0MIp9TC9u6Ny6uqw==\n")
    arguments = ("init", "--ring", "r", "--release", "2026", "--salt-file", "salt")
    done = eckid(*arguments, "--passphrase-file", "secret")
    assert done.code == 0
    assert "that of the environment" in done.out
    made = (tmp_path / "r").read_bytes()
    ring = Sleutelbos.load(tmp_path / "r", passphrase=PASSPHRASE)
    assert ring.salt.expose().hex() == "ae4b589a5d0c229f530bdbba372eaeab"
    assert ring.public_key.hex() not in done.out
    assert eckid(*arguments, "--passphrase-file", "secret").code == 3
    assert (tmp_path / "r").read_bytes() == made


def test_init_says_that_a_drawn_salt_is_not_the_services(
    eckid: Eckid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Without --salt-file the salt is drawn, and it is said.
    """
    monkeypatch.setenv("SECRET", PASSPHRASE)
    done = eckid("init", "--ring", "r", "--release", "1", "--passphrase-env", "SECRET")
    assert done.code == 0
    assert "these HPgns are not those of the service" in done.out
    Sleutelbos.load(tmp_path / "r", passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    ("line", "bound"),
    [
        ("init --ring r --release 1 --passphrase-file zeros", WORDS),
        ("init --ring r --release 1 --salt-file zeros --passphrase-file few", WORDS),
        ("policy verify zeros", RECEIPT),
    ],
)
def test_a_file_is_read_to_its_bound_and_no_further(
    eckid: Eckid, tmp_path: Path, line: str, bound: Bound
) -> None:
    """
    Also one without an end.
    """
    (tmp_path / "zeros").symlink_to("/dev/zero")
    (tmp_path / "few").write_bytes(b"words")
    done = eckid(*line.split())
    assert (done.code, done.err) == (3, f"eckid: {bound.beyond()}\n")
    assert files(tmp_path) == {"zeros", "few"}


def test_the_passphrase_is_asked_for_twice_when_a_ring_is_made(
    eckid: Eckid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    At a terminal it is typed, hidden, and typed again.
    """
    asked: list[dict[str, object]] = []

    def prompt(_: str, **how: object) -> str:
        asked.append(how)
        return PASSPHRASE

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    assert eckid("init", "--ring", "r", "--release", "2026").code == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True}]
    Sleutelbos.load(tmp_path / "r", passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 3),
        (("--passphrase-env", "NOT_SET"), 3),
        (("--passphrase-env", "A", "--passphrase-file", "b"), 2),
        (("--passphrase-file", "absent"), 3),
    ],
)
def test_without_a_passphrase_nothing_is_made(
    eckid: Eckid, tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    """
    No terminal, an unset variable, two sources or no file: a clear error.
    """
    assert eckid("init", "--ring", "r", "--release", "2026", *options).code == code
    assert files(tmp_path) == set()


def test_no_option_takes_a_passphrase_or_a_key_itself() -> None:
    """
    What stands on a command line is in every process list.
    """
    for name, command in below(app).items():
        for option in command.params:
            if "passphrase" in str(option.name) or "salt" in str(option.name):
                assert str(option.name).endswith(("_env", "_file")), name


def test_the_cheapest_scheme_cannot_be_selected(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    No command selects the scheme of the tests.
    """
    done = eckid(
        "hash", groep, *ring, "--out", "h.csv", "--scheme", "cheapest-tests-only"
    )
    assert done.code == 2
    assert files(tmp_path) == {"groep.csv"}
    schemes = [
        option.type.choices
        for command in below(app).values()
        for option in command.params
        if option.name == "scheme" and isinstance(option.type, click.Choice)
    ]
    assert [list(choices) for choices in schemes] == [
        ["nummervoorziening-2016", "eckid-argon2id-1"]
    ] * 3


def test_check_says_what_release_would_refuse_and_writes_nothing(
    eckid: Eckid, groep: str, tmp_path: Path
) -> None:
    """
    The refusals of check have place and reason; the exit code tells of them.
    """
    done = eckid("check", groep)
    assert done.code == 1
    assert "elfproef" in done.out
    assert "rows in 2 = out 1 + refused 1; numbers mended 1" in done.out
    assert files(tmp_path) == {"groep.csv"}
    (tmp_path / "good.csv").write_text(LIST.rpartition("063138218")[0])
    assert eckid("check", "good.csv").code == 0


def test_check_reads_what_a_recipient_got(eckid: Eckid, tmp_path: Path) -> None:
    """
    A received file is checked ketenID by ketenID; one with numbers is a leak.
    """
    hexes = "0123456789abcdef" * 8
    (tmp_path / "got.csv").write_text(
        f"eckid;roepnaam\nhttps://ketenid.nl/pilot/{hexes};A\n"
        f"https://ketenid.nl/sppilot/{hexes};B\nhttps://a.example/1/{hexes};C\n"
    )
    done = eckid("check", "got.csv")
    assert done.code == 1
    assert "stampseudoniem" in done.out
    assert "namespace" in done.out
    assert hexes not in done.out + done.err
    (tmp_path / "own.csv").write_text(f"eckid\nhttps://a.example/1/{hexes}\n")
    assert eckid("check", "own.csv", "--namespace", "https://a.example").code == 0
    (tmp_path / "leak.csv").write_text("eckid;bsn\nx;063138219\n")
    assert eckid("check", "leak.csv").code == 3


def test_a_heading_of_ones_own_is_understood(eckid: Eckid, tmp_path: Path) -> None:
    """
    --heading says what a heading means; one for no attribute is refused.
    """
    (tmp_path / "l.csv").write_text("Nummer;Kind\n063138219;Sem\n")
    assert eckid("check", "l.csv").code == 3
    done = eckid("check", "l.csv", "--heading", "Nummer=bsn", "--heading", "Kind=key")
    assert done.code == 0
    assert "columns: bsn, key" in done.out
    assert eckid("check", "l.csv", "--heading", "Nummer").code == 2
    assert eckid("check", "l.csv", "--heading", "Nummer=nothing").code == 3


def test_standard_input_is_a_list_too(
    eckid: Eckid, groep: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A dash reads standard input.
    """
    with Path(groep).open("r") as file:
        monkeypatch.setattr("sys.stdin", file)
        assert "rows in 2 = out 1 + refused 1" in eckid("check", "-").out


def test_explain_gives_the_rule_for_each_attribute_of_a_row(
    eckid: Eckid, groep: str
) -> None:
    """
    One row, names and reasons in either language, and no value.
    """
    done = eckid("explain", groep, *POLICY)
    assert done.code == 0
    assert "KBA Nijmegen 2024, 3.5 [C]" in done.out
    assert "its rule is for other doelen only" in done.out
    dutch = eckid("explain", groep, "--lang", "nl", *POLICY)
    assert "Dit gaat alleen mee voor een ander doel." in dutch.out
    for value in (*NUMBERS, "Sem", "Bakker", "2016-02-03", "k1"):
        assert value not in done.out + dutch.out
    assert eckid("explain", groep, "--row", "2", *POLICY).code == 1
    assert eckid("explain", groep, "--row", "3", *POLICY).code == 2


@pytest.mark.parametrize(
    ("beleid", "doel"),
    [("smalle-set-2.2", "gebruik"), ("leermiddelenketen", "genormeerde-toets")],
    ids=("as it is", "as less"),
)
def test_explain_says_what_release_withholds_as_unread(
    eckid: Eckid, tmp_path: Path, ring: tuple[str, ...], beleid: str, doel: str
) -> None:
    """
    A rule lets a day go, and a cell that is no day does not go: as it is, or as less.
    """
    (tmp_path / "l.csv").write_text(
        "BSN;Roepnaam;Achternaam;Geboortedatum\n"
        "111222333;Sem;Bos;31-02-2016\n123456782;Noor;Vos;28-02-2016\n"
    )
    policy = ("--beleid", beleid, "--doel", doel, "--ontvanger", "softwareleverancier")
    asked = (*policy, "--test-day", "2027-02-01")
    unread = "cannot be read as what the attribuut holds"
    dutch = "De waarde is niet te lezen; daarom gaat er niets mee."
    assert unread in eckid("explain", "l.csv", *asked).out
    assert dutch in eckid("explain", "l.csv", *asked, "--lang", "nl").out
    assert unread not in eckid("explain", "l.csv", "--row", "2", *asked).out
    done = eckid("release", "l.csv", *ring, "--sector", "po", *asked, "--out", "u.csv")
    assert done.code == 0
    report = json.loads((tmp_path / "u.csv.report.json").read_text("utf-8"))
    assert report["attributen"]["geboortedatum"]["withheld"]["unreadable"]["count"] == 1


def test_explain_takes_a_policy_of_ones_own(
    eckid: Eckid, groep: str, tmp_path: Path
) -> None:
    """
    A path that ends in .toml is a policy file; a name is one that is shipped.
    """
    (tmp_path / "leeg.toml").write_text(
        'naam = "leeg"\nversie = "1"\nstatus = "ours"\nregel = []\n'
    )
    own = ("--beleid", "leeg.toml", *POLICY[2:])
    done = eckid("explain", groep, *own)
    assert done.code == 0
    assert "no rule of the policy names it" in done.out
    assert " yes " not in done.out
    assert eckid("explain", groep, "--beleid", "absent", *POLICY[2:]).code == 3


def test_hash_and_derive_need_the_number_once(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    What hash keeps is sealed, and derive makes from it the ketenID of release.
    """
    assert eckid("hash", groep, *ring, "--out", "h.csv").code == 1
    done = eckid("derive", "h.csv", *ring, "--sector", "po", "--out", "d.csv")
    assert done.code == 0
    key, uri = plain(tmp_path / "d.csv").split("\n")[1].split(";")
    assert key == "k1"
    release = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    assert eckid(*release).code == 1
    assert uri in (tmp_path / "u.csv").read_text()
    assert uri not in done.out + done.err
    other = eckid("derive", "h.csv", *ring, "--sector", "ho", "--out", "x.csv")
    assert other.code == 3
    assert "no ketenID was ever issued there" in other.err
    assert not (tmp_path / "x.csv").exists()


def test_a_ring_that_asks_much_opens_where_that_is_allowed(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Else the line says what it asks, and which option to give; nothing is written.
    """
    hashing = ("hash", groep, *ring, "--out", "h.csv")
    refused = eckid(*hashing, "--allow-memory", "0")
    assert refused.code == 3
    assert "asks 0 MiB and 1 passes" in refused.err
    assert "allow 1 MiB (most_memory, --allow-memory)" in refused.err
    assert files(tmp_path) == {groep}
    assert eckid(*hashing, "--allow-memory", "1 MiB").code == 1
    assert "h.csv" in files(tmp_path)


def test_release_writes_four_files_and_replaces_none(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Release, receipt, refusals and report stand together; --force alone replaces them.
    """
    command = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    done = eckid(*command)
    assert done.code == 1
    names = {"u.csv", "u.csv.refused.csv", "u.csv.report.json", "u.csv.receipt.json"}
    assert files(tmp_path) == {"groep.csv", *names}
    assert plain(tmp_path / "u.csv").split("\n")[0] == (
        "eckid;roepnaam;voorvoegsel;achternaam"
    )
    refused = plain(tmp_path / "u.csv.refused.csv").split("\n")
    assert refused[1:] == ["2;3;1;;elfproef;the number fails the elfproef"]
    report = json.loads((tmp_path / "u.csv.report.json").read_text("utf-8"))
    assert report["attributen"]["geboortedatum"]["withheld"]
    assert report["attributen"]["roepnaam"]["regel"]["motivering"]
    seen = done.out + done.err + "".join((tmp_path / n).read_text() for n in names)
    assert not any(number in seen for number in NUMBERS)
    first = (tmp_path / "u.csv").read_bytes()
    again = eckid(*command)
    assert again.code == 3
    assert "expected no such file" in again.err
    assert eckid(*command, "--force").code == 1
    assert (tmp_path / "u.csv").read_bytes() == first


def test_a_rol_gets_nothing_yet(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    No shipped rule knows roles, so with --rol there is nothing to write.
    """
    command = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    done = eckid(*command, "--rol", "LRK")
    assert done.code == 3
    assert "releases nothing" in done.err
    assert files(tmp_path) == {"groep.csv"}
    assert (
        "no rule says what this rol"
        in eckid("explain", groep, *POLICY, "--rol", "LRK").out
    )


def test_a_rehearsal_says_so_wherever_it_can(
    eckid: Eckid, groep: str, tmp_path: Path
) -> None:
    """
    File names, report and terminal say REHEARSAL; the ketenIDs cannot.
    """
    (tmp_path / "s").write_text(PASSPHRASE)
    ring = ("--ring", "r", "--passphrase-file", "s")
    pilot = ("--release", "pilot", "--namespace", "https://ketenid.nl")
    assert "REHEARSAL" in eckid("init", *ring, *pilot).out
    command = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    done = eckid(*command)
    assert "REHEARSAL" in done.out
    names = files(tmp_path) - {"r", "s", "groep.csv"}
    assert len(names) == 4
    assert all("REHEARSAL" in name for name in names)
    assert "REHEARSAL" in (tmp_path / "u.REHEARSAL.csv.report.json").read_text()


@pytest.mark.parametrize("error", [ValueError, KeyError, UnicodeError])
def test_a_fault_of_ours_is_reported_without_its_text(
    eckid: Eckid, groep: str, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """
    An exception that nobody expected may quote what it met; the terminal does not.
    """

    def fail(*_: object) -> None:
        raise error("063138219")

    monkeypatch.setattr("eckid.cli.check.Roster", fail)
    done = eckid("check", groep)
    assert done.code == 4
    assert error.__name__ in done.err
    assert "063138219" not in done.out + done.err


@pytest.mark.filterwarnings("default::RuntimeWarning")
def test_a_warning_is_one_line_without_code(
    eckid: Eckid,
    ring: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    What the library warns of is said on standard error, as everything else is.
    """
    monkeypatch.setitem(sys.modules, "eckid.hashing.romix", None)
    # More than the little of which nothing is said.
    cost = ScryptCost(n=2048, r=8, p=1)
    monkeypatch.setitem(scheme._COST, NUMMERVOORZIENING, cost)
    engines._say.cache_clear()
    (tmp_path / "one.csv").write_text("BSN;LAS-key\n063138219;4001\n")
    done = eckid("hash", "one.csv", *ring, "--out", "one.hpgn.csv")
    engines._say.cache_clear()
    assert done.code == 0
    assert "eckid: scrypt: hashing with " in done.err
    assert "warnings.warn" not in done.err


def test_an_interrupt_is_an_ending_of_its_own(
    eckid: Eckid, groep: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Ctrl-C gives 130 and one line.
    """

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eckid.cli.check.Roster", stop)
    done = eckid("check", groep)
    assert done.code == 130
    assert done.err.strip() == "eckid: interrupted; no half file is left"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "absent.csv"), 3),
        (("check",), 2),
        (("nothing",), 2),
        (("--version",), 0),
        (("--help",), 0),
    ],
)
def test_exit_codes_are_those_of_the_help(
    eckid: Eckid, arguments: tuple[str, ...], code: int
) -> None:
    """
    A missing file is 3, a command that is not understood 2.
    """
    assert eckid(*arguments).code == code


@pytest.mark.parametrize("name", sorted(below(app)))
def test_help_teaches_every_option(eckid: Eckid, name: str) -> None:
    """
    Each command says what it does, and each option has its help.
    """
    done = eckid(name, "--help")
    assert done.code == 0
    assert below(app)[name].help
    for option in below(app)[name].params:
        if isinstance(option, click.Option):
            assert option.help, option.name


@pytest.mark.parametrize("lacking", ["click", "rich"])
def test_without_its_extra_one_line_says_what_to_install(lacking: str) -> None:
    """
    The command is always there; what it lacks is said in one line.
    """
    code = (
        f"import sys; sys.modules[{lacking!r}] = None; import eckid.cli as c; c.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "eckid: the command line needs: pip install 'eckid[cli]'\n"
    assert done.stdout == ""


def test_a_command_is_imported_when_it_is_asked_for() -> None:
    """
    The version is said without the other commands, and without what draws.
    """
    code = (
        "import sys, eckid.cli.app as app;"
        "app.run(['--version']);"
        "print([m for m in sys.modules if m.startswith(('rich', 'eckid.exchange'))])"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert told.splitlines()[-1] == "[]"


def test_a_line_is_printed_as_it_is_and_steers_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    A name of a file may hold any sign.
    """
    show.say("a:key:[b]c\x1b[31m\rd\x9be")
    show.warn("one\ntwo\a")
    assert capsys.readouterr() == ("a:key:[b]c?[31m?d?e\n", "one\ntwo?\n")


def test_a_broken_install_is_not_called_a_missing_extra() -> None:
    """
    Only a missing extra is blamed on the extra.
    """
    code = (
        "import sys; sys.modules['eckid.cli.app'] = None;"
        "import eckid.cli as c; c.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert "ModuleNotFoundError: import of eckid.cli.app" in done.stderr


def test_the_help_of_release_has_an_example() -> None:
    """
    The help of release shows a whole command.
    """
    assert "--beleid leermiddelenketen" in str(release.epilog)


@pytest.mark.parametrize("at", ["groep.csv", "ring", "secret", "own.toml"])
def test_what_is_read_is_never_written_over(
    eckid: Eckid, groep: str, tmp_path: Path, at: str
) -> None:
    """
    Not with --force either: a ring that is lost cannot be made again.
    """
    Sleutelbos.generate(release="2026").save(tmp_path / "ring", passphrase=PASSPHRASE)
    (tmp_path / "secret").write_text(PASSPHRASE)
    (tmp_path / "own.toml").write_text(
        'naam = "own"\nversie = "1"\nstatus = "ours"\n'
        'breidt_uit = "edu-k"\nregel = []\n'
    )
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = eckid(
        *("release", groep, "--ring", "ring", "--passphrase-file", "secret"),
        *("--sector", "po", "--beleid", "own.toml", *POLICY[2:]),
        *("--out", at, "--force"),
    )
    assert done.code == 3
    assert "expected another file than what is read" in done.err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_person_key_that_is_the_number_is_refused(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Some schools use the BSN as leerlingnummer; hash writes no number in clear.
    """
    (tmp_path / "l.csv").write_text("BSN;Leerlingnummer\n063138219;63138219\n")
    assert eckid("hash", "l.csv", *ring, "--out", "h.csv").code == 1
    written = "".join(path.read_text() for path in tmp_path.glob("h.*"))
    assert "63138219" not in written
    assert "pgn-in-attribuut" in written


@pytest.mark.parametrize(
    "name",
    [
        "3 111222333",
        "12345678 111222333",
        "4001/123456782",
        "1,11222333E+08",
        "\u0661\u0661\u0661\u0662\u0662\u0662\u0663\u0663\u0663",
    ],
)
def test_no_number_leaves_in_a_name(eckid: Eckid, tmp_path: Path, name: str) -> None:
    """
    Nobody's number does, however it is written; explain and check say so too.
    """
    (tmp_path / "l.csv").write_text(
        f'BSN;Achternaam\n063138219;"{name}"\n', encoding="utf-8"
    )
    done = eckid("check", "l.csv")
    assert done.code == 1
    assert "pgn-in-attribuut" in done.out
    assert eckid("explain", "l.csv", *POLICY).code == 1


def test_who_goes_by_another_identifier_gets_no_ketenid(
    eckid: Eckid, tmp_path: Path
) -> None:
    """
    A symbiose pupil has none here; the row is refused and not given one.
    """
    (tmp_path / "l.csv").write_text(
        "BSN;ander_id_reden\n063138219;symbiose\n101222331;\n"
    )
    done = eckid("check", "l.csv")
    assert done.code == 1
    assert "rows in 2 = out 1 + refused 1" in done.out
    assert "ander-id" in done.out


def test_a_long_list_of_refusals_is_cut_and_counted(
    eckid: Eckid, tmp_path: Path
) -> None:
    """
    The terminal shows the first fifty; the counts have them all.
    """
    (tmp_path / "l.csv").write_text("BSN\n" + "063138218\n" * 60)
    done = eckid("check", "l.csv")
    assert "and 10 more" in done.out
    assert "refused 60: the number fails the elfproef" in done.out


@pytest.mark.parametrize("out", ["", "none/u.csv"])
def test_a_place_that_cannot_be_is_refused_before_any_hash(
    eckid: Eckid, groep: str, ring: tuple[str, ...], out: str
) -> None:
    """
    No name, or a folder that is not there: a clear error without a draft's name.
    """
    command = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", out)
    done = eckid(*command)
    assert done.code == 3
    assert "expected" in done.err
    assert "refused.csv" not in done.err


def test_a_namespace_that_is_none_is_refused_as_such(
    eckid: Eckid, tmp_path: Path
) -> None:
    """
    The ketenIDs are not blamed for a namespace that was mistyped.
    """
    (tmp_path / "got.csv").write_text(f"eckid\nhttps://a.example/1/{'0' * 128}\n")
    done = eckid("check", "got.csv", "--namespace", "https://a.example/")
    assert done.code == 3
    assert "lower-case host" in done.err


def test_a_column_name_cannot_steer_the_terminal(eckid: Eckid, tmp_path: Path) -> None:
    """
    What cannot be printed of a heading is not.
    """
    (tmp_path / "l.csv").write_text("BSN;A\x1bcx;B[red]\n063138219;x;y\n")
    done = eckid("check", "l.csv")
    assert "\x1b" not in done.out
    assert "kolom 2, B[red]" in done.out


def test_a_folder_or_a_pipe_is_no_list(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    It is opened more than once, so it must be a file; only check takes a folder.
    """
    done = eckid("hash", str(tmp_path), *ring, "--out", "h.csv")
    assert done.code == 3
    assert "standard input" in done.err


def test_the_report_says_when_and_how(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Reasons go by their code, with a sentence in either language; the day is said.
    """
    command = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    assert eckid(*command, "--workers", "1").code == 1
    report = json.loads((tmp_path / "u.csv.report.json").read_text("utf-8"))
    assert len(report["date"]) == 10
    assert report["refused"]["elfproef"]["count"] == 1
    assert report["mended"]["decimal"]["count"] == 1
    withheld = report["attributen"]["geboortedatum"]["withheld"]["other-doel"]
    assert withheld["nl"] == "Dit gaat alleen mee voor een ander doel."


# Policies.


def test_policy_list_names_what_comes_along(eckid: Eckid) -> None:
    """
    Each with its version and what standing it has.
    """
    done = eckid("policy", "list")
    assert done.code == 0
    for name in Attribuutbeleid.names():
        assert f" {name} " in done.out
    assert "no library can hold back" in " ".join(done.out.replace("│", " ").split())


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", Attribuutbeleid.names())
def test_policy_show_has_every_rule(eckid: Eckid, name: str, lang: str) -> None:
    """
    With its sentence in the language that is asked for, and the digest.
    """
    done = eckid("policy", "show", name, "--lang", lang)
    beleid = Attribuutbeleid.load(name)
    assert done.code == 0
    assert f"digest {beleid.digest}" in done.out
    told = "".join(done.out.replace("│", " ").split())
    for regel in beleid.regels:
        sentence = regel.motivering if lang == "nl" else regel.motivation
        assert sentence.split()[0] in told
        assert regel.attribuut in told


def test_policy_diff_says_in_words_what_was_taken_away(eckid: Eckid) -> None:
    """
    2.3 of the Smalle set forbids the birth date, and wants no key beside an ECK iD.
    """
    done = eckid("policy", "diff", "smalle-set-2.2", "smalle-set-2.3")
    lines = [line for line in done.out.splitlines() if line.startswith("│")]
    said = {line.split("│")[1].strip(): line for line in lines}
    assert set(said) - {""} == {"key", "geboortedatum", "key (leerkracht)"}
    assert "is no longer given" in said["geboortedatum"]
    assert "conditional, without eckid" in said["key"]
    dutch = eckid("policy", "diff", "smalle-set-2.2", "smalle-set-2.3", "--lang", "nl")
    assert "gaat niet meer mee" in dutch.out
    same = eckid("policy", "diff", "leermiddelenketen", "leermiddelenketen")
    assert same.out.strip() == "no difference"
    lvs = eckid("policy", "diff", "lvs-set-2.2", "lvs-set-2.3")
    for name in ("bsn_ondwnr-4", "voorletters-1", "key"):
        assert f"│ {name} " in lvs.out
    (digits,) = (line for line in lvs.out.splitlines() if "│ bsn_ondwnr-4  " in line)
    assert "is no longer demanded" in digits


def test_policy_check_says_where_a_file_is_wrong(eckid: Eckid, tmp_path: Path) -> None:
    """
    File, line and key; a policy that is one, in a line.
    """
    text = 'naam = "a"\nversie = "1"\nstatus = "x"\nregel = []\n'
    (tmp_path / "a.toml").write_text(text)
    assert "a 1: 0 rules" in eckid("policy", "check", "a.toml").out
    (tmp_path / "b.toml").write_text(text.replace('"1"', "1"))
    wrong = eckid("policy", "check", "b.toml")
    assert wrong.code == 3
    assert "b.toml, line 2, versie: expected str, got int" in wrong.err


def test_a_receipt_travels_and_is_verified(
    eckid: Eckid, groep: str, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    It names the policy and the rows out, and nothing of what stayed.
    """
    command = ("release", groep, *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    eckid(*command, "--on", "2026-11-24")
    said = json.loads((tmp_path / "u.csv.receipt.json").read_text("utf-8"))
    assert (said["rows"], said["date"]) == (1, "2026-11-24")
    assert not {"refused", "withheld", "attributen"} & set(said)
    done = eckid("policy", "verify", "u.csv.receipt.json")
    assert done.code == 0
    assert "not who sent it" in done.out
    other = eckid(
        "policy", "verify", "u.csv.receipt.json", "--beleid", "leermiddelenketen-kort"
    )
    assert other.code == 3
    said["beleid"]["digest"] = "0" * 64
    (tmp_path / "x.json").write_text(json.dumps(said))
    assert eckid("policy", "verify", "x.json").code == 3
    said["beleid"]["naam"] = "eigen"
    (tmp_path / "y.json").write_text(json.dumps(said))
    assert "--beleid FILE" in eckid("policy", "verify", "y.json").err


# Formats.


def test_release_takes_and_gives_edexml(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    By file name, or by --from and --to; the school goes along from the list.
    """
    (tmp_path / "school.xml").write_text("".join(school(3, 1)), "utf-8")
    (tmp_path / "zonder").write_text("".join(school(3, 1)), "utf-8")
    policy = ("--beleid", "smalle-set-2.3", *POLICY[2:], "--sector", "po")
    done = eckid("release", "school.xml", *ring, *policy, "--out", "u.xml")
    assert done.code == 0, done.err
    assert "received file, XML" in eckid("check", "u.xml").out
    again = eckid(
        *("release", "zonder", "--from", "edexml", *ring, *policy),
        *("--out", "v", "--to", "csv"),
    )
    assert again.code == 0, again.err
    given = plain(tmp_path / "v").split("\n")[1:]
    assert given == sorted(given)
    written = (tmp_path / "u.xml").read_text("utf-8")
    assert all(line.split(";")[0] in written for line in given)
    listed = eckid(
        *("release", "school.xml", *ring, *policy, "--order", "list"),
        *("--out", "w.csv"),
    )
    assert "their order tells" in listed.out
    report = json.loads((tmp_path / "w.csv.report.json").read_text("utf-8"))
    assert report["order"] == "list"
    lines = plain(tmp_path / "w.csv").split("\n")[1:]
    assert sorted(lines) == given


def test_release_gives_edu_v_by_scope(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Without a scope nothing goes; with the basic one, what it names.
    """
    (tmp_path / "school.xml").write_text("".join(school(2, 0)), "utf-8")
    policy = ("--beleid", "edu-v-students-1.1", *POLICY[2:], "--sector", "po")
    command = ("release", "school.xml", *ring, *policy, "--out", "u.json")
    assert eckid(*command).code == 3
    assert eckid(*command, "--scope", "basic").code == 3
    done = eckid(*command, "--scope", "eduv.student.basic")
    assert done.code == 0, done.err
    students = json.loads((tmp_path / "u.json").read_text("utf-8"))
    assert len(students) == 2
    for student in students:
        assert set(student) <= {
            *("userMasterIdentifier", "givenName", "familyName", "familyNamePrefix")
        }
    said = json.loads((tmp_path / "u.json.receipt.json").read_text("utf-8"))
    assert said["beleid"]["scopes"] == ["eduv.student.basic"]


def test_csv_becomes_edexml_of_the_school_that_is_named(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    CSV has no school: without its year and BRIN there is no EDEXML.
    """
    (tmp_path / "l.csv").write_text(
        "BSN;Roepnaam;Achternaam;Jaargroep;Klas\n999993653;Sem;Bos;6;6a\n"
    )
    policy = ("--beleid", "smalle-set-2.3", *POLICY[2:], "--sector", "po")
    command = ("release", "l.csv", *ring, *policy, "--out", "u.xml")
    assert eckid(*command).code == 3
    done = eckid(*command, "--schooljaar", "2026-2027", "--brin", "99XX")
    assert done.code == 0, done.err
    written = (tmp_path / "u.xml").read_text("utf-8")
    assert "<brincode>99XX</brincode>" in written
    assert "<naam>6a</naam><jaargroep>6</jaargroep>" in written


def test_the_shortest_names_are_made_of_who_is_in_the_release(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    Never of a person who is refused: a name would tell of somebody who is not there.
    """
    rows = "999993653;Sanne;Vos\n111222333;Sanne;Bos\n063138219;Sem;Bos\n"
    (tmp_path / "l.csv").write_text(f"BSN;Roepnaam;Achternaam\n{rows}")
    policy = ("--beleid", "leermiddelenketen-kort", *POLICY[2:], "--sector", "po")
    assert eckid("release", "l.csv", *ring, *policy, "--out", "u.csv").code == 0
    lines = plain(tmp_path / "u.csv").split("\n")
    assert lines[0] == "eckid;weergavenaam"
    names = {line.split(";")[1] for line in lines[1:]}
    assert names == {"Sanne V.", "Sanne B.", "Sem"}
    wrong = rows.replace("111222333", "111222334")
    (tmp_path / "m.csv").write_text(f"BSN;Roepnaam;Achternaam\n{wrong}")
    assert eckid("release", "m.csv", *ring, *policy, "--out", "v.csv").code == 1
    lines = plain(tmp_path / "v.csv").split("\n")
    assert {line.split(";")[1] for line in lines[1:]} == {"Sanne", "Sem"}


def test_who_has_no_ketenid_is_counted_by_reason(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    One other identifier and its last day go, the reason stays; a PGN is refused.
    """
    (tmp_path / "l.csv").write_text(
        "BSN;ander_id_reden;ander_id_tot;Leerlingnummer;Roepnaam\n"
        ";symbiose;31-07-2027;4017;Noor\n"
        "111222333;niet-bekostigd;2027-07-31;4018;Sem\n"
        "063138219;;;4019;Finn\n"
        ";symbiose;;4020;Roos\n"
        ";zomaar;2027-07-31;4021;Jet\n"
        ";symbiose;2027-07-31;999993653;Tim\n"
        ";symbiose;2026-07-31;4022;Bo\n"
        ";symbiose;2027-07-31;;Lot\n"
    )
    command = ("release", "l.csv", *ring, "--sector", "po", *POLICY, "--out", "u.csv")
    done = eckid(*command, "--on", "2026-11-24")
    assert done.code == 1
    assert "by another identifier 1: symbiose" in done.out
    refused = plain(tmp_path / "u.csv.refused.csv").split("\n")[1:]
    assert [line.split(";")[4] for line in refused] == [
        *("ander-id", "ander-id", "pgn-in-attribuut", "mandatory", "mandatory")
    ]
    report = json.loads((tmp_path / "u.csv.report.json").read_text("utf-8"))
    assert report["ander_id"] == {
        "count": 2,
        "redenen": {"symbiose": 1, "niet-bekostigd": 1},
    }
    text = plain(tmp_path / "u.csv")
    head, *rows = text.split("\n")
    assert head == "eckid;ander_id_tot;leerlingnummer;roepnaam;voorvoegsel;achternaam"
    assert len(rows) == 3
    for row in rows:
        eckid_, last, number, *_ = row.split(";")
        assert bool(eckid_) is not bool(number)
        assert bool(last) is bool(number)
    assert "111222333" not in text
    assert eckid("hash", "l.csv", *ring, "--out", "h.csv").code == 1
    kept = plain(tmp_path / "h.csv").split("\n")[1:]
    assert [line.split(";")[0] for line in kept] == ["4019"]


def test_an_age_goes_with_the_day_of_the_test(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    The day is asked, and stands beside each age; no other day takes its place.
    """
    (tmp_path / "l.csv").write_text(
        "BSN;Roepnaam;Geboortedatum\n111222333;Noor;31-01-2016\n063138219;Sem;\n"
    )
    tested = (*POLICY[:3], "genormeerde-toets", *POLICY[4:], "--on", "2026-11-24")
    release = ("release", "l.csv", *ring, "--sector", "po", *tested, "--out")
    assert eckid(*release, "u.csv", "--test-day", "2027-02-01").code == 0
    head, *rows = plain(tmp_path / "u.csv").split("\n")
    assert head.split(";")[-2:] == ["leeftijd_in_maanden", "leeftijd_in_maanden_op"]
    assert {tuple(row.split(";")[-2:]) for row in rows} == {
        ("133", "2027-02-01"),
        ("", ""),
    }
    report = json.loads((tmp_path / "u.csv.report.json").read_text("utf-8"))
    assert (report["on"], report["test_day"]) == ("2026-11-24", "2027-02-01")
    assert eckid(*release, "v.csv").code == 0
    assert "leeftijd" not in plain(tmp_path / "v.csv")
    assert "test-day-needed" in (tmp_path / "v.csv.report.json").read_text("utf-8")


def test_edu_v_is_not_for_mbo(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    By its policy, one that extends it, its file to write or to read: told, and done.
    """
    (tmp_path / "l.csv").write_text("BSN;Roepnaam;Achternaam\n111222333;Noor;Bos\n")
    (tmp_path / "own.toml").write_text(
        'naam = "own"\nversie = "1"\nstatus = "ours"\n'
        'breidt_uit = "edu-v-students-1.1"\nregel = []\n'
    )
    edu_v = ("edu-v-students-1.1", "--scope", "eduv.student.basic")
    cases = [
        ("l.csv", edu_v, "a.csv", True),
        ("l.csv", ("own.toml", *edu_v[1:]), "b.csv", True),
        ("l.csv", ("leermiddelenketen",), "c.json", True),
        ("c.json", ("leermiddelenketen",), "d.csv", True),
        ("l.csv", ("leermiddelenketen",), "e.csv", False),
    ]
    for sector in ("mbo", "vo"):
        for source, beleid, out, warned in cases:
            rings = ring if source == "l.csv" else ()
            asked = ("--beleid", *beleid, *POLICY[2:], "--sector", sector, "--force")
            done = eckid("release", source, *rings, *asked, "--out", out)
            assert done.code == 0, done.err
            assert ("not for mbo" in done.err) is (warned and sector == "mbo")


# Each format of a release, with a policy that can fill it.
_TRAVELS = {
    "u.csv": ("leermiddelenketen", ()),
    "u.parquet": ("leermiddelenketen", ()),
    "u.json": ("edu-v-students-1.1", ("--scope", "eduv.student.basic")),
    "u.xml": ("smalle-set-2.3", ("--brin", "99XX", "--schooljaar", "2026-2027")),
}


@pytest.mark.parametrize("out", _TRAVELS)
def test_the_reason_for_another_identifier_travels_in_no_file(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path, out: str
) -> None:
    """
    The report counts it; the release and its receipt have neither value nor column.
    """
    (tmp_path / "l.csv").write_text(
        "BSN;LAS-key;Basispoort-ID;Roepnaam;Achternaam;ander_id_reden;ander_id_tot\n"
        ";ll-1;bp-1;Noor;Bos;symbiose;31-07-2027\n"
        "111222333;ll-2;bp-2;Sem;Vos;;\n"
    )
    beleid, more = _TRAVELS[out]
    asked = ("--beleid", beleid, *more, *POLICY[2:], "--on", "2026-11-24")
    done = eckid("release", "l.csv", *ring, "--sector", "po", *asked, "--out", out)
    assert done.code == 0, done.err
    report = json.loads((tmp_path / f"{out}.report.json").read_text("utf-8"))
    assert report["ander_id"]["redenen"] == {"symbiose": 1}
    for name in (out, f"{out}.receipt.json"):
        octets = (tmp_path / name).read_bytes()
        assert b"symbiose" not in octets
        assert b"reden" not in octets


def test_a_received_file_is_passed_on_without_a_ring(
    eckid: Eckid, ring: tuple[str, ...], tmp_path: Path
) -> None:
    """
    From Edu-V to CSV: the same ketenIDs, and less; a class list needs a ring.
    """
    (tmp_path / "school.xml").write_text("".join(school(3, 0)), "utf-8")
    edu_v = ("--beleid", "edu-v-students-1.1", "--scope", "eduv.student.basic")
    asked = (*POLICY[2:], "--sector", "po")
    made = eckid("release", "school.xml", *ring, *edu_v, *asked, "--out", "u.json")
    assert made.code == 0, made.err
    policy = ("--beleid", "smalle-set-2.3", *asked)
    done = eckid("release", "u.json", *policy, "--out", "v.csv")
    assert done.code == 0, done.err
    students = json.loads((tmp_path / "u.json").read_text("utf-8"))
    rows = plain(tmp_path / "v.csv").split("\n")[1:]
    uris = [student["userMasterIdentifier"] for student in students]
    assert [row.split(";")[0] for row in rows] == sorted(uris)
    strict = ("--beleid", "lvs-set-2.3", *asked, "--out", "w.csv")
    refused = eckid("release", "u.json", *strict)
    assert refused.code == 1
    lines = plain(tmp_path / "w.csv.refused.csv").split("\n")[1:]
    assert {line.split(";")[3] for line in lines} == {"geboortedatum"}
    without = eckid("release", "school.xml", *policy, "--out", "x.csv")
    assert without.code == 2
    assert "a class list needs one" in without.err


@pytest.mark.parametrize(
    "case",
    [
        ("havo", 0, ""),
        ("Basisschool", 0, ""),
        ("BES", 3, "BES"),
        ("vso", 3, "sector_of"),
        ("havoo", 2, "--sector: expected po"),
    ],
)
def test_a_kind_of_school_is_a_sector_on_the_command_line(
    eckid: Eckid, groep: str, ring: tuple[str, ...], case: tuple[str, int, str]
) -> None:
    """
    A spelling is read; what lies in no sector, or in two, is refused by name.
    """
    word, code, says = case
    assert eckid("hash", groep, *ring, "--out", "h.csv").code in {0, 1}
    done = eckid("derive", "h.csv", *ring, "--sector", word, "--out", "d.csv")
    assert done.code == code
    assert says in done.err
