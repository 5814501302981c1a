"""
The service on the command line: a release, a register, a substitution, a checklist.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click
import parties as our
import pytest
from certificates import Authority
from commands import below
from schools import numbers

from eckid import Register, Sector, Sleutelbos
from eckid.cli.app import app, run
from eckid.exchange import SubstitutionFile
from eckid.service import aanvragen_of
from eckid.service.standin import Gedrag, Standin

PASSPHRASE: Final = "correct horse battery staple"
OIN: Final = "0000000700012TB34567"
PUPILS: Final = 300
_RELEASE: Final = (
    "release list.csv {ring} {service} --sector po --beleid leermiddelenketen "
    "--doel gebruik --ontvanger uitgever --organisatie {a} --on 2026-11-24"
)
_SUBMITS: Final = ("submitStampseudonymBatch", "submitEckIdBatch")

pytestmark = pytest.mark.usefixtures("cheap")

Command = Callable[..., tuple[int, str, str]]


class Service:
    """
    Stand-ins on one port after another, and what they were asked.
    """

    def __init__(self) -> None:
        self.standin: Standin | None = None
        self.lines: list[str] = []

    def begin(self, **gedrag: Any) -> None:  # noqa: ANN401  # as it takes it
        """
        Stand in, with a behaviour.
        """
        port = 0 if self.standin is None else int(self.url.split(":")[2].split("/")[0])
        self.close()
        how: dict[str | None, Gedrag] = {None: Gedrag(**gedrag)}
        self.standin = Standin(port=port, gedrag=how, log=self.lines.append)

    @property
    def url(self) -> str:
        """
        Where the calls go.
        """
        assert self.standin is not None
        return self.standin.url

    def close(self) -> None:
        """
        Stop.
        """
        if self.standin is not None:
            self.standin.close()

    def asked(self, *names: str) -> int:
        """
        Return how many calls there were; of some operations, where they are named.
        """
        return sum(any(n in line for n in names or ("",)) for line in self.lines)


@pytest.fixture
def service() -> Iterator[Service]:
    """
    Return a service that answers well.
    """
    found = Service()
    found.begin()
    yield found
    found.close()


@pytest.fixture
def eckid(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    service: Service,
) -> Command:
    """
    Run a command in a folder with a ring, a register and a list.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    our.RING.save(tmp_path / "ring", passphrase=PASSPHRASE)
    (tmp_path / "secret").write_text(PASSPHRASE)
    (tmp_path / "service.toml").write_text(
        f'service = "{service.url}"\noin = "{OIN}"\nservice-release = "pilot"\n'
        "batch = 1000\nper-day = 10\npoll = 0.01\npause = 0\n"
    )
    _list(tmp_path, numbers(PUPILS))

    def command(line: str) -> tuple[int, str, str]:
        names = {
            "ring": "--ring ring --passphrase-file secret",
            "service": "--service-config service.toml",
            "a": our.A.oin,
            "url": service.url,
        }
        code = run(line.format(**names).split())
        return code, *capfd.readouterr()

    assert command("register init --register board.reg {ring}")[0] == 0
    return command


def _list(folder: Path, pgns: Iterator[str]) -> None:
    rows = [f"{pgn};k{n};Sem;2015-12-24" for n, pgn in enumerate(pgns)]
    text = "\n".join(["BSN;LAS-key;Roepnaam;Geboortedatum", *rows])
    (folder / "list.csv").write_text(f"{text}\n")


def test_a_release_goes_by_one_batch_of_each_kind_and_a_second_asks_nobody(
    eckid: Command, service: Service, tmp_path: Path
) -> None:
    """
    Cut off in the middle, the same command goes on; the register has what was made.
    """
    line = f"{_RELEASE} --register board.reg"
    # The first answer to the second batch never comes.
    service.begin(cut=10, only="submitEckIdBatch")
    code, _, err = eckid(f"{line} --out a.csv")
    assert code == 3, err
    assert "the same run again goes on from there" in err
    assert aanvragen_of(tmp_path / "a.csv").exists()
    assert not list(tmp_path.glob("a.REHEARSAL*"))
    service.begin()
    code, out, err = eckid(f"{line} --out a.csv")
    # What the first batch gave is in the register.
    assert (code, f"register: 0 hashed, {PUPILS} known" in out) == (0, True)
    assert "REHEARSAL" in out
    assert f"asking the service: a batch of {PUPILS}" in err
    assert not aanvragen_of(tmp_path / "a.csv").exists()
    # One of the stampseudoniemen, and one of the ketenIDs more than without the cut.
    assert [service.asked(name) for name in _SUBMITS] == [1, 2]
    service.lines.clear()
    code, out, err = eckid(f"{line} --out b.csv")
    assert (code, f"register: 0 hashed, {PUPILS} known" in out) == (0, True)
    assert (service.lines, "asking" in err) == ([], False)
    a, b = ((tmp_path / f"{n}.REHEARSAL.csv").read_text() for n in "ab")
    assert a == b
    assert a.count("https://ketenid.nl/pilot/") == PUPILS
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        counts = register.counts()
    assert (counts["persoon"], counts["ketenid"]) == (PUPILS, PUPILS)
    assert counts["vrijgave"] == 2 * PUPILS


def test_without_a_register_both_journals_make_a_run_go_on(
    eckid: Command, service: Service, tmp_path: Path
) -> None:
    """
    What was hashed and what was answered stand beside the release until it is written.
    """
    service.begin(blocked=99, only="retrieveBatch")
    config = tmp_path / "service.toml"
    config.write_text(f"{config.read_text()}polls = 2\n")
    code, _, err = eckid(f"{_RELEASE} --out a.csv")
    assert (code, "waiting 0.01 seconds" in err) == (3, True)
    journals = [tmp_path / "a.csv.journal", tmp_path / "a.csv.batches"]
    assert all(path.exists() for path in journals)
    service.begin()
    code, _, err = eckid(f"{_RELEASE} --out a.csv")
    assert (code, f"going on: {PUPILS} numbers were hashed before" in err) == (0, True)
    assert not any(path.exists() for path in journals)
    assert service.asked("submitStampseudonymBatch") == 2


def test_a_journal_is_never_another_file(eckid: Command, tmp_path: Path) -> None:
    """
    A list under the name of the journal is refused, and nothing is written over one.
    """
    (tmp_path / "list.csv").rename(tmp_path / "u.csv.batches")
    line = _RELEASE.replace("list.csv", "u.csv.batches")
    code, _, err = eckid(f"{line} --from csv --out u.csv")
    assert (code, "u.csv.batches: expected another file" in err) == (3, True)
    (tmp_path / "list.csv").write_bytes((tmp_path / "u.csv.batches").read_bytes())
    line = _RELEASE.replace("{service}", "")
    code, _, err = eckid(f"{line} --to csv --out list.csv.batches")
    assert (code, "expected another file than what is read" in err) == (3, True)


def test_a_file_that_stands_is_told_before_anything_is_asked(
    eckid: Command, service: Service, tmp_path: Path
) -> None:
    """
    Under the name that a release of the pilot will have.
    """
    (tmp_path / "a.REHEARSAL.csv").write_text("x")
    code, _, err = eckid(f"{_RELEASE} --out a.csv")
    assert (code, "--force replaces it" in err, service.lines) == (3, True, [])


def test_a_service_that_has_not_finished_is_waited_for(
    eckid: Command, service: Service
) -> None:
    """
    It is said, so that a person sees why nothing happens.
    """
    service.begin(blocked=1, only="retrieveBatch")
    code, _, err = eckid(f"{_RELEASE} --out a.csv")
    assert code == 0
    assert "the service has not finished: waiting 0.01 seconds" in err


def test_a_register_is_filled_and_a_derivation_is_asked(
    eckid: Command, service: Service, tmp_path: Path
) -> None:
    """
    The other roads on which a ring answers "who".
    """
    line = "register add list.csv --register board.reg {ring} {service}"
    code, out, _ = eckid(line)
    assert (code, f"register: {PUPILS} hashed, 0 known" in out) == (0, True)
    assert not (tmp_path / "board.reg.batches").exists()
    assert eckid("hash list.csv {ring} --out sealed.csv")[0] == 0
    line = "derive sealed.csv {ring} {service} --sector po --out d.csv"
    assert eckid(line)[0] == 0
    text = (tmp_path / "d.REHEARSAL.csv").read_text()
    assert text.count("https://ketenid.nl/pilot/") == PUPILS
    assert [service.asked(name) for name in _SUBMITS] == [2, 1]
    assert "ketenid" not in eckid("register show --register board.reg {ring}")[1]
    line = f"{_RELEASE} --register board.reg --out u.csv"
    assert eckid(line)[0] == 0
    assert "ketenid" in eckid("register show --register board.reg {ring}")[1]
    line = "derive sealed.csv {ring} {service} --sector po --out e.csv"
    code, _, err = eckid(f"{line} --release 2026")
    assert (code, "--service-release" in err) == (2, True)


# Replaced numbers.


@pytest.mark.parametrize("target", ["--register board.reg", "--into subs"])
def test_a_number_is_replaced_at_the_service_and_noted(
    eckid: Command, tmp_path: Path, target: str
) -> None:
    """
    The pupil keeps the ketenID; the old number is refused from then on.
    """
    old, new, *_ = numbers(3)
    _list(tmp_path, iter([old]))
    line = f"{_RELEASE} --register board.reg"
    assert eckid(f"{line} --out a.csv")[0] == 0
    (tmp_path / "pairs.csv").write_text(f"oud;nieuw;per\n{old};{new};2026-11-01\n")
    command = f"substitute pairs.csv {{ring}} {{service}} {target}"
    code, out, err = eckid(command)
    assert (code, "1 substitutions" in out, "asking the service" in err) == (
        *(0, True, True),
    )
    # The same again does no harm.
    code, out, _ = eckid(command)
    assert (code, "1 substitutions" in out) == (0, True)
    ring = Sleutelbos.load(tmp_path / "ring", passphrase=PASSPHRASE)
    if "subs" in target:
        assert (
            len(SubstitutionFile(tmp_path / "subs", sleutelbos=ring).substitutions())
            == 1
        )
        return
    for pgn, name in ((new, "b"), (old, "c")):
        _list(tmp_path, iter([pgn]))
        eckid(f"{line} --recheck --out {name}.csv")
    a, b, c = ((tmp_path / f"{n}.REHEARSAL.csv").read_text() for n in "abc")
    assert a == b != c
    refused = (tmp_path / "c.REHEARSAL.csv.refused.csv").read_text()
    assert '"substituted"' in refused


def test_a_pair_that_the_service_refuses_is_not_noted(
    eckid: Command, tmp_path: Path
) -> None:
    """
    It is a refused row; the pairs around it are noted.
    """
    a, b, c, d, e, f = numbers(6)
    pairs = f"oud;nieuw\n{a};{b}\n{c};{b[:-1]}x\n{d};{e}\n"
    (tmp_path / "pairs.csv").write_text(pairs)
    command = "substitute pairs.csv {ring} {service} --register board.reg"
    assert eckid(command)[0] == 1
    # At the service b came in the place of a.
    (tmp_path / "other.reg").unlink(missing_ok=True)
    assert eckid("register init --register other.reg {ring}")[0] == 0
    (tmp_path / "pairs.csv").write_text(f"oud;nieuw\n{c};{b}\n{c};{f}\n")
    code, out, _ = eckid(command.replace("board", "other"))
    assert code == 1
    assert out.count("service-refused") >= 1
    with Register.open(tmp_path / "other.reg", sleutelbos=our.RING) as register:
        assert len(register.substitutions()) == 1
    with Register.open(tmp_path / "board.reg", sleutelbos=our.RING) as register:
        assert len(register.substitutions()) == 2


# What the service refuses.

# How each command that takes a service is given a list of which the third row is
# refused; what names no list, and takes a service, is left.
_REFUSING: Final = {
    "derive": "derive sealed.csv {ring} {service} --sector po --out out.csv",
    "register add": "register add list.csv --register board.reg {ring} {service}",
    "register release": f"register {_RELEASE} --register board.reg --out out.csv",
    "release": f"{_RELEASE} --out out.csv",
    "substitute": "substitute pairs.csv {ring} {service} --register board.reg",
}
_LISTLESS: Final = {f"service {n}" for n in ("chains", "ping", "qualify", "sectors")}


def _taking(command: click.Command, *above: str) -> Iterator[str]:
    """
    Yield the commands that take a service, as they are typed.
    """
    if any(one.name == "service_config" for one in command.params):
        yield " ".join(above)
    for name, each in below(command).items():
        yield from _taking(each, *above, name)


def test_each_command_that_takes_a_service_is_in_the_table() -> None:
    """
    It is given a list with a row that the service refuses, or names no list.
    """
    assert set(_taking(app)) == _REFUSING.keys() | _LISTLESS


@pytest.mark.parametrize("name", _REFUSING)
def test_a_row_that_the_service_refuses_has_its_reason(
    eckid: Command, tmp_path: Path, name: str
) -> None:
    """
    Its number and its reason are told, no value is, and the other rows come out.
    """
    pgns = list(numbers(12))
    old, new, (before, after) = pgns[:5], pgns[5:10], pgns[10:]
    # The service blocks the third number, for another came in its place.
    (tmp_path / "pairs.csv").write_text(f"oud;nieuw\n{old[2]};{after}\n")
    assert eckid("substitute pairs.csv {ring} {service} --into before")[0] == 0
    pairs = [*zip(old, new, strict=True)]
    # And lets one number come in the place of one other.
    pairs[2] = before, after
    rows = [f"{one};{other}" for one, other in pairs]
    (tmp_path / "pairs.csv").write_text("\n".join(["oud;nieuw", *rows]))
    _list(tmp_path, iter(old))
    assert eckid("hash list.csv {ring} --out sealed.csv")[0] == 0
    code, out, err = eckid(_REFUSING[name])
    assert (code, "rows in 5 = out 4 + refused 1" in out) == (1, True)
    refused = tmp_path / "out.REHEARSAL.csv.refused.csv"
    told = refused.read_text() if "out.csv" in _REFUSING[name] else out
    cells = (re.findall(r"[\w-]+", line) for line in told.splitlines())
    (row,) = (line for line in cells if "service-refused" in line)
    assert row[:2] == ["3", "4"]
    assert not [pgn for pgn in pgns if pgn in f"{told} {out} {err}"]


# What the service says of itself.


def test_the_service_says_what_it_is_and_what_it_knows(eckid: Command) -> None:
    """
    Ping, chains and sectors, each with the ids that other commands take.
    """
    code, _, err = eckid("service ping")
    assert (code, "--service, --service-config: expected one" in err) == (2, True)
    code, out, _ = eckid("service ping {service}")
    assert (code, "available: yes" in out, "version: 2.0" in out) == (0, True, True)
    code, out, _ = eckid("service chains {service}")
    assert (code, "e7ec7d3c-c235-4513-bfb6-e54e66854795" in out) == (0, True)
    code, out, _ = eckid(f"service sectors --service {{url}} --oin {OIN}")
    assert (code, "512e4729-03a4-43a2-95ba-758071d1b725" in out) == (0, True)


def test_the_programme_runs_against_any_service(
    eckid: Command, service: Service, tmp_path: Path
) -> None:
    """
    Each check is shown and written, passed or failed; a lost connection ends them.
    """
    line = "service qualify {service} --sector po --out report.json"
    code, out, _ = eckid(line)
    assert (code, "13 passed, 0 failed" in out) == (0, True)
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["passed"], report["failed"], report["release"]) == (13, 0, "pilot")
    assert {check["outcome"] for check in report["checks"]} == {"as expected"}
    assert eckid(line)[0] == 3
    service.begin(wrong_index=1)
    code, out, _ = eckid(f"{line} --force")
    assert (code, "12 passed, 1 failed" in out) == (1, True)
    service.close()
    code, out, _ = eckid(f"{line} --force")
    assert (code, "0 passed, 13 failed" in out, "not tried" in out) == (1, True, True)


# The options.


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ("--oin {oin}", 2, "--service: the service needs it"),
        ("--service {url}", 2, "--oin: the service needs it"),
        ("--service {url} --oin x", 3, "oin: expected 00000007000"),
        ("--service ftp://x --oin {oin}", 3, "url: expected https://"),
        ("--service https://x.example --oin {oin}", 3, "toegang: expected a certifi"),
        ("--service {url} --oin {oin} --cert ring", 2, "--cert, --key, --ca: expected"),
        ("--service {url} --oin {oin}", 2, "--batch, --per-day: expected both"),
        ("--service {url} --oin {oin} --batch 9", 2, "--batch, --per-day: expected"),
        ("--service-config none.toml", 3, "none.toml"),
        ("--service-config ring", 3, "ring: expected TOML in UTF-8"),
    ],
    ids=str,
)
def test_what_lacks_is_said_before_anything_is_asked(
    eckid: Command, service: Service, options: str, code: int, said: str
) -> None:
    """
    By the name of the option, and nothing is written.
    """
    options = options.replace("{oin}", OIN)
    got, _, err = eckid(_RELEASE.replace("{service}", options) + " --out u.csv")
    assert (got, said in err) == (code, True), err
    assert service.lines == []


@pytest.mark.parametrize(
    "text",
    [
        "batch = 1.5",
        "tries = true",
        "oin = 1",
        "other = 1",
        "[batch]",
        "x = [",
        "batch=[1]",
    ],
)
def test_a_file_of_a_connection_holds_the_options_alone(
    eckid: Command, tmp_path: Path, text: str
) -> None:
    """
    Another name or value is refused, and is not repeated.
    """
    (tmp_path / "wrong.toml").write_text(f"{text}\n")
    code, _, err = eckid("service ping --service-config wrong.toml")
    assert (code, "wrong.toml: expected" in err) == (3, True)
    assert text not in err


def test_a_file_of_a_connection_is_bounded(eckid: Command, tmp_path: Path) -> None:
    """
    No more of it is read than there is use for.
    """
    (tmp_path / "long.toml").write_text("#" * 2**17)
    code, _, err = eckid("service ping --service-config long.toml")
    assert (code, "expected at most 64 KiB" in err) == (3, True)


def test_a_command_goes_before_the_file(
    eckid: Command, service: Service, tmp_path: Path
) -> None:
    """
    So that one file serves rehearsal and what follows.
    """
    text = (tmp_path / "service.toml").read_text().replace(service.url, "https://x.y")
    (tmp_path / "service.toml").write_text(text)
    assert eckid("service ping {service} --service {url}")[0] == 0


def test_a_certificate_is_read_from_beside_the_file(
    eckid: Command, tmp_path: Path
) -> None:
    """
    Its paths are those of its folder, and none of them is written over.
    """
    folder = tmp_path / "keys"
    folder.mkdir()
    root = Authority(folder)
    pair = root.client()
    text = f'service = "https://localhost:9/x"\noin = "{OIN}"\ntries = 1\n'
    words = folder / "words"
    words.write_text("of a key that has none\n")
    files = {"cert": pair.cert, "key": pair.key, "ca": root.ca}
    files["key-password-file"] = words
    text += "".join(f'{n} = "{path.name}"\n' for n, path in files.items())
    (folder / "service.toml").write_text(text)
    line = "service ping --service-config keys/service.toml"
    code, _, err = eckid(line)
    assert (code, "nothing was sent" in err or "got none" in err) == (3, True), err
    line = (
        f"service qualify --service-config keys/service.toml --sector {Sector.PO.value}"
    )
    code, _, err = eckid(f"{line} --force --out keys/{pair.key.name}")
    assert (code, "expected another file than what is read" in err) == (3, True)


def test_a_table_of_sealed_numbers_goes_by_the_service(eckid: Command) -> None:
    """
    The ring of the command sealed it, and what is asked goes by batches.
    """
    assert eckid("hash list.csv {ring} --out sealed.parquet")[0] == 0
    line = _RELEASE.replace("list.csv", "sealed.parquet")
    code, out, err = eckid(f"{line} --order list --out u.parquet")
    assert code == 0
    assert "asking the service" in err
    assert "u.REHEARSAL.parquet" in out
    code, _, err = eckid(f"{line} --force --order list --out u.parquet --register r")
    assert (code, "of numbers can use them" in err) == (2, True)


def test_a_received_file_has_its_ketenids(eckid: Command) -> None:
    """
    So no service is asked for them.
    """
    assert eckid(f"{_RELEASE} --out u.csv")[0] == 0
    received = _RELEASE.replace("list.csv", "u.REHEARSAL.csv").replace("{ring}", "")
    code, _, err = eckid(f"{received} --out v.csv")
    assert (code, "has its ketenIDs" in err) == (2, True)
