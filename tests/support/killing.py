"""
Kill what writes before its nth writing system call, and look at what is left.

    LD_PRELOAD=counter.so python tests/support/killing.py FOLDER POINTS [SCENARIO ...]

POINTS is ``all``, or how many places are drawn for each scenario, with a fixed seed.
One process imports everything, and forks a child for each place: the child works in a
copy of the folder that was prepared and is killed there; another child looks at what is
left, and does the same again. A line of JSON is printed for each scenario.
"""

# ruff: noqa: D102  # `Scenario` says what each method does

import csv
import ctypes
import json
import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Final

import parties as our
from compat import make as then

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Doel,
    Hasher,
    HPgn,
    Ontvanger,
    Register,
    RegisterError,
    Sector,
    Sleutelbos,
)
from eckid.exchange import (
    Administratie,
    Bewaard,
    Herkenning,
    Rij,
    Ringbron,
    Roster,
    Shape,
    files_of,
    look,
    release_to,
)
from eckid.keys import file as keyfile
from eckid.scale import journal, run
from eckid.scheme import CHEAPEST
from eckid.service import (
    Dienstbron,
    Grenzen,
    LocalNummervoorziening,
    SoapNummervoorziening,
    aanvragen_at,
    aanvragen_of,
)
from eckid.service.standin import rehearsal_ring

OIN: Final = "0000000700012TB34567"
THEN: Final = Path(then.__file__).parent / "e15a5ee"
WORDS: Final = "of a test"
OTHER: Final = Sleutelbos.generate(release="2026")
KETENID: Final = our.ketenid(our.bsn(0), Sector.PO)
CONSENT: Final = our.consent()
LINK: Final = our.link(KETENID, our.ketenid(our.bsn(0), Sector.VO), toestemming=CONSENT)
WHO: Final = Herkenning(
    bron=Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO),
    hasher=Hasher(salt=our.RING.salt, scheme=CHEAPEST, workers=1),
)
_BELEID: Final = Attribuutbeleid.load("leermiddelenketen")
TO: Final = _BELEID.voor(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER, on=our.TODAY)
TO_A: Final = _BELEID.voor(doel=Doel.GEBRUIK, organisatie=our.A, on=our.TODAY)


class Scenario(ABC):
    """
    What is killed, and what must hold then; each in the folder it stands in.
    """

    # How often `act` says that something is done.
    acks: ClassVar = 1

    def prepare(self) -> None:  # noqa: B027  # some need nothing
        """
        Make what stands there before.
        """

    @abstractmethod
    def act(self, ack: Callable[[], object]) -> None:
        """
        Write; it is killed somewhere in here.
        """

    @abstractmethod
    def left(self, acked: int) -> None:
        """
        Raise unless what was acknowledged is there, and nothing is half.
        """

    def again(self) -> None:
        """
        Do it again after a kill: it must end well, or say that all is done.
        """
        with suppress(FileExistsError):
            self.act(lambda: None)


class Save(Scenario):
    """
    A ring is saved.
    """

    def act(self, ack: Callable[[], object]) -> None:
        our.RING.save("ring", passphrase=WORDS)
        ack()

    def left(self, acked: int) -> None:
        if acked or Path("ring").exists():
            assert Sleutelbos.load("ring", passphrase=WORDS) == our.RING


class Rotate(Scenario):
    """
    A ring that is reached through a link is rotated: it stays one ring.
    """

    def prepare(self) -> None:
        Path("safe").mkdir()
        our.RING.save("safe/school.ring", passphrase=WORDS)
        Path("ring").symlink_to("safe/school.ring")

    def act(self, ack: Callable[[], object]) -> None:
        ring = Sleutelbos.load("ring", passphrase=WORDS)
        ring.rotate("2027").save("ring", passphrase=WORDS, replace=True)
        ack()

    def left(self, acked: int) -> None:
        assert Path("ring").is_symlink()
        ring = Sleutelbos.load("ring", passphrase=WORDS)
        assert ring.mark == our.RING.mark
        assert ring.releases[: len(our.RING.releases)] == our.RING.releases
        assert not acked or ring.releases == ("2026", "2027")
        assert [path.name for path in Path("safe").glob("*.ring")] == ["school.ring"]

    def again(self) -> None:
        if "2027" not in Sleutelbos.load("ring", passphrase=WORDS).releases:
            self.act(lambda: None)


def _class_list(rows: int) -> None:
    lines = (f"k{n};{our.number(n)};Sem\n" for n in range(rows))
    Path("list.csv").write_text("LAS-key;BSN;Roepnaam\n" + "".join(lines), "utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


class Hash(Scenario):
    """
    A list is hashed, with a journal; nothing stood there before.
    """

    def prepare(self) -> None:
        _class_list(4)

    def act(self, ack: Callable[[], object]) -> None:
        run("list.csv", "h.csv", who=WHO)
        ack()

    def left(self, acked: int) -> None:
        files = files_of(Path("h.csv"), rehearsal=False)
        if acked or files.main.exists():
            assert [row["key"] for row in _rows(files.main)] == ["k0", "k1", "k2", "k3"]
            assert json.loads(files.report.read_bytes())["rows"]["out"] == 4
            assert _rows(files.refused) == []
        assert len(_rows(Path("list.csv"))) == 4


_OLD: Final = re.compile(r"\.u\.csv\.[0-9a-f]{12}\.old")


class Release(Scenario):
    """
    A release, with a journal, takes the place of an older one.
    """

    def prepare(self) -> None:
        _class_list(2)
        run("list.csv", "u.csv", who=WHO, to=TO)
        _class_list(4)

    def act(self, ack: Callable[[], object]) -> None:
        shape = Shape(order="list", replace=True)
        run("list.csv", "u.csv", who=WHO, to=TO, shape=shape)
        ack()

    def left(self, acked: int) -> None:
        files = files_of(Path("u.csv"), rehearsal=False)
        if not (acked or files.main.exists()):
            (old,) = (path for path in Path().iterdir() if _OLD.fullmatch(path.name))
            assert len(_rows(old)) == 2
            return
        rows = len(_rows(files.main))
        assert rows in ({4} if acked else {2, 4})
        assert json.loads(files.report.read_bytes())["rows"]["out"] == rows
        assert json.loads(files.receipt.read_bytes())["rows"] == rows
        assert files.refused.exists()

    def again(self) -> None:
        self.act(lambda: None)
        # Nothing that the killed run wrote stays.
        written = [
            "list.csv",
            *(p.name for p in files_of(Path("u.csv"), rehearsal=False)),
        ]
        assert sorted(path.name for path in Path().iterdir()) == sorted(written)


def _opened() -> Register:
    return Register.open("b.reg", sleutelbos=our.RING)


class Noted(Release):
    """
    The same with a register, which adds who is new and notes who went.
    """

    def prepare(self) -> None:
        Register.create("b.reg", sleutelbos=our.RING).close()
        _class_list(2)
        self.act(lambda: None)
        _class_list(4)

    def act(self, ack: Callable[[], object]) -> None:
        shape = Shape(order="list", replace=True)
        with _opened() as register:
            who = replace(WHO, bewaard=Administratie(register))
            release_to("u.csv", Roster(look("list.csv")), who=who, to=TO_A, shape=shape)
        ack()

    def left(self, acked: int) -> None:
        super().left(acked)
        main = files_of(Path("u.csv"), rehearsal=False).main
        went = len(_rows(main)) if main.exists() else 2
        with _opened() as register:
            register.verify()
            for n in range(went):
                assert "vrijgave" in _facts(register, f"k{n}")
            for n in range(went, 4):
                # A kill may leave a note of who did not go, and never half a person.
                told = _facts(register, f"k{n}") if register.has("las", f"k{n}") else []
                assert told in ([], ["persoon"], ["persoon", "vrijgave"])

    def again(self) -> None:
        self.act(lambda: None)
        # Without a journal a draft may stay; what was set aside does not.
        assert not any(_OLD.fullmatch(path.name) for path in Path().iterdir())


def _facts(register: Register, key: str) -> list[str]:
    return [str(fact["feit"]) for fact in register.inzage("las", key)]


def _add(register: Register, n: int) -> None:
    told = {"geboortedatum": "2016-02-03", "roepnaam": "Sem"}
    our.add(register, "las", f"k{n}", our.bsn(n), gegevens=told)


class Create(Scenario):
    """
    A register is made.
    """

    def act(self, ack: Callable[[], object]) -> None:
        Register.create("b.reg", sleutelbos=our.RING).close()
        ack()

    def left(self, acked: int) -> None:
        if acked:
            with _opened() as register:
                register.verify()

    def again(self) -> None:
        try:
            _opened().close()
        except RegisterError:
            self.act(lambda: None)


class Book(Scenario):
    """
    Something is written to a register of two persons.
    """

    def prepare(self) -> None:
        with Register.create("b.reg", sleutelbos=our.RING) as register:
            _add(register, 0)
            _add(register, 1)
            head = register.head()
        Path("head").write_text(f"{head.length} {head.mac}", "ascii")

    def left(self, acked: int) -> None:
        length, mac = Path("head").read_text("ascii").split()
        with _opened() as register:
            head = register.head()
            register.verify(expected=head._replace(length=int(length), mac=mac))
            self.holds(register, acked)

    @abstractmethod
    def holds(self, register: Register, acked: int) -> None:
        """
        Raise unless the register has what was acknowledged, and nothing half.
        """


class Add(Book):
    """
    Two persons are added, one after the other.
    """

    acks = 2

    def act(self, ack: Callable[[], object]) -> None:
        with _opened() as register:
            for n in (2, 3):
                _add(register, n)
                ack()

    def holds(self, register: Register, acked: int) -> None:
        for n in range(4):
            if n < 2 + acked or register.has("las", f"k{n}"):
                assert _facts(register, f"k{n}") == ["persoon"]


class Sent(Book):
    """
    It is noted that an identifier went to a recipient.
    """

    def act(self, ack: Callable[[], object]) -> None:
        with _opened() as register:
            register.sent(
                "las",
                "k0",
                organisatie=our.A,
                identifier=KETENID,
                beleid="leermiddelenketen",
                doel=Doel.GEBRUIK,
                on=our.TODAY,
            )
            ack()

    def holds(self, register: Register, acked: int) -> None:
        facts, found = _facts(register, "k0"), register.keys_of(KETENID)
        assert _facts(register, "k1") == ["persoon"]
        if acked or found:
            assert found == [("las", "k0")]
            assert "vrijgave" in facts
        else:
            assert facts == ["persoon"]


class Linked(Book):
    """
    A link is kept, with the consent that it rests on.
    """

    def act(self, ack: Callable[[], object]) -> None:
        with _opened() as register:
            register.keep_link("las", "k0", LINK, CONSENT)
            ack()

    def holds(self, register: Register, acked: int) -> None:
        facts = _facts(register, "k0")
        assert facts.count("link") == facts.count("toestemming")
        assert facts.count("link") >= bool(acked)
        assert _facts(register, "k1") == ["persoon"]


class Forget(Book):
    """
    A person is forgotten; the link of the person is revoked by that.
    """

    def prepare(self) -> None:
        super().prepare()
        with _opened() as register:
            register.keep_link("las", "k0", LINK, CONSENT)

    def act(self, ack: Callable[[], object]) -> None:
        with _opened() as register:
            register.forget("las", "k0")
            ack()

    def holds(self, register: Register, acked: int) -> None:
        assert _facts(register, "k1") == ["persoon"]
        if register.has("las", "k0"):
            assert not acked
            assert _facts(register, "k0") == ["persoon", "toestemming", "link"]
            assert register.revoked(our.A, issued=our.TODAY) == frozenset()
        else:
            assert register.revoked(our.A, issued=our.TODAY) == {LINK.jti}

    def again(self) -> None:
        with _opened() as register:
            forgotten = not register.has("las", "k0")
        if not forgotten:
            self.act(lambda: None)


class Backup(Book):
    """
    A register is copied while it is open.
    """

    copy: ClassVar = "copy.reg"
    ring: ClassVar = our.RING

    def act(self, ack: Callable[[], object]) -> None:
        with _opened() as register:
            register.backup(self.copy)
        ack()

    def holds(self, register: Register, acked: int) -> None:
        assert _facts(register, "k0") == _facts(register, "k1") == ["persoon"]
        if acked or Path(self.copy).exists():
            with Register.open(self.copy, sleutelbos=self.ring) as copy:
                copy.verify()
                assert _facts(copy, "k0") == _facts(copy, "k1") == ["persoon"]


class Rekey(Backup):
    """
    A register is written anew under another ring.
    """

    ring = OTHER

    def act(self, ack: Callable[[], object]) -> None:
        with _opened() as register:
            register.rekey(self.copy, sleutelbos=OTHER).close()
        ack()


class Restore(Scenario):
    """
    An older copy of a register is accepted.
    """

    def prepare(self) -> None:
        with Register.create("b.reg", sleutelbos=our.RING) as register:
            _add(register, 0)
            register.keep_link("las", "k0", LINK, CONSENT)
            register.backup("old.reg")
            _add(register, 1)
        Path("old.reg").replace("b.reg")

    def act(self, ack: Callable[[], object]) -> None:
        Register.restore("b.reg", sleutelbos=our.RING)
        ack()

    def left(self, acked: int) -> None:
        with suppress(RegisterError), _opened() as register:
            acked = 2
            register.verify()
            assert _facts(register, "k0") == ["persoon", "toestemming", "link"]
            assert not register.has("las", "k1")
            assert register.revoked(our.A, issued=our.TODAY) == {LINK.jti}
        assert acked != 1

    def again(self) -> None:
        try:
            _opened().close()
        except RegisterError:
            self.act(lambda: None)


class Bring(Scenario):
    """
    A register that an earlier eckid wrote is opened, and brought to the form of today.
    """

    def prepare(self) -> None:
        for name in ("bestuur.reg", "bestuur.reg.keys"):
            shutil.copy(THEN / name, name)

    def act(self, ack: Callable[[], object]) -> None:
        with Register.open("bestuur.reg", sleutelbos=then.RING):
            ack()

    def left(self, acked: int) -> None:  # noqa: ARG002  # as every scenario
        length, mac = json.loads((THEN / "told.json").read_text("utf-8"))["head"]
        with Register.open("bestuur.reg", sleutelbos=then.RING) as register:
            head = register.head()
            register.verify(expected=head._replace(length=length, mac=mac))
            assert register.has("las-1", "noor")
            assert not register.has("las-1", "fatima")


_SERVES: Final = """
import sys
from eckid.service.standin import Standin
with Standin(log=lambda line: print(line, file=sys.stderr, flush=True)) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""
_SIX: Final = 6


def _hpgn(number: str) -> HPgn:
    return HPgn.parse(sha256(number.encode()).hexdigest())


class _Known(Bewaard):
    """
    A keeper that knows every HPgn: what is hashed is not looked at here.
    """

    def known(self, rij: Rij) -> HPgn | None:
        return None if rij.pgn is None else _hpgn(rij.pgn.expose())


class Asked(Scenario):
    """
    A list is released by a service, in batches, with a journal of them.

    The stand-in is a process of its own, which no kill here ends, and counts.
    """

    _again = False

    def __init__(self) -> None:
        log = Path("service.log").resolve()
        with log.open("wb") as told:
            self._server = subprocess.Popen(
                [sys.executable, "-c", _SERVES],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
            )
        assert self._server.stdout is not None
        self._url = self._server.stdout.readline().decode().strip()
        self._log = log
        # How much was submitted before: it is written without a system call.
        self._before = memoryview(mmap.mmap(-1, 8)).cast("q")

    def prepare(self) -> None:
        _class_list(_SIX)

    def act(self, ack: Callable[[], object]) -> None:
        if not self._again:
            self._before[0] = self._submitted()
        dienst = SoapNummervoorziening(self._url, oin=OIN, release="pilot")
        with aanvragen_at(aanvragen_of(Path("u.csv")), sleutelbos=our.RING) as kept:
            bron = Dienstbron(
                dienst,
                keten=LEERMIDDELENKETEN,
                sector=Sector.PO,
                grenzen=Grenzen(batch=_SIX // 2, per_day=1000),
                aanvragen=kept,
            )
            who = replace(WHO, bron=bron, bewaard=_Known())
            rows = Roster(look("list.csv"))
            shape = Shape(order="list", replace=True)
            release_to("u.csv", rows, who=who, to=TO, shape=shape)
        dienst.close()
        ack()

    def left(self, acked: int) -> None:
        files = files_of(Path("u.csv"), rehearsal=True)
        if acked or files.main.exists():
            ring = LocalNummervoorziening(rehearsal_ring())
            where: Any = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
            hpgns = (_hpgn(our.number(n)) for n in range(_SIX))
            stams = (ring.stampseudoniem(hpgn) for hpgn in hpgns)
            made = [ring.ketenid(stam, **where).uri for stam in stams]
            assert [row["eckid"] for row in _rows(files.main)] == made
        if acked:
            assert not aanvragen_of(Path("u.csv")).exists()
        # Two batches of HPgns and two of stampseudoniemen, and one more at most.
        assert self._submitted() - self._before[0] <= 5
        for path in Path().glob("u.csv.batches*"):
            octets = path.read_bytes()
            for n in range(_SIX):
                hpgn = _hpgn(our.number(n))
                assert hpgn.expose().encode() not in octets
                assert hpgn.expose_octets() not in octets
            assert b"ketenid.nl" not in octets

    def again(self) -> None:
        main = files_of(Path("u.csv"), rehearsal=True).main
        if aanvragen_of(Path("u.csv")).exists() or not main.exists():
            self._again = True
            self.act(lambda: None)

    def _submitted(self) -> int:
        return len(re.findall(rb" submit\w+ ok ", self._log.read_bytes()))


SCENARIOS: Final[dict[str, type[Scenario]]] = {
    "save": Save,
    "rotate": Rotate,
    "hash": Hash,
    "release": Release,
    "noted": Noted,
    "create": Create,
    "add": Add,
    "sent": Sent,
    "link": Linked,
    "forget": Forget,
    "backup": Backup,
    "rekey": Rekey,
    "restore": Restore,
    "bring": Bring,
    "asked": Asked,
}


class Killing:
    """
    One scenario, killed at one place after another.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self._name, self._scenario = name, SCENARIOS[name]()
        self._base, self._work = folder / f"{name}.base", folder / f"{name}.work"
        self._said = folder / f"{name}.said"
        self._counter = ctypes.CDLL(None)
        # Shared with the children, and no system call to write in: what was
        # acknowledged, and how many writing calls there were.
        self._shared = memoryview(mmap.mmap(-1, 16)).cast("q")
        self.faults: list[str] = []
        self.killed = 0

    def prepare(self) -> int:
        """
        Make the folder as it is before, and return how many writing calls follow.
        """
        self._base.mkdir(parents=True)
        os.chdir(self._base)
        assert self._forked(self._scenario.prepare) == 0, self.faults
        self.at(-1)
        return self._shared[1]

    def at(self, place: int) -> bool:
        """
        Kill before one call and look at what is left; return whether it was killed.
        """
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._base, self._work, symlinks=True)
        os.chdir(self._work)
        self._shared[0] = 0
        status = self._forked(lambda: self._act(place), place)
        if status != 0:
            self.killed += status == -signal.SIGKILL
        self._forked(self._look, place)
        return status == -signal.SIGKILL

    def _act(self, place: int) -> None:
        def ack() -> None:
            self._shared[0] += 1

        self._counter.kills_arm(ctypes.c_long(place))
        try:
            self._scenario.act(ack)
        finally:
            self._shared[1] = self._counter.kills_seen()
            self._counter.kills_arm(ctypes.c_long(0))

    def _look(self) -> None:
        self._scenario.left(self._shared[0])
        self._scenario.again()
        self._scenario.left(self._scenario.acks)

    def _forked(self, work: Callable[[], object], place: int = 0) -> int:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                work()
                code = 0
            except BaseException:  # noqa: BLE001  # the parent reports it
                self._said.write_text(traceback.format_exc(limit=-4), "utf-8")
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code not in {0, -signal.SIGKILL}:
            said = self._said.read_text("utf-8") if code == 1 else f"ended with {code}"
            self.faults.append(f"{self._name}, call {place}: {said}")
        return code


def places(calls: int, points: str, seed: int = 13) -> Iterator[int]:
    """
    Yield where to kill: at each call, then where none is left; or at some of them.

    Of some, one lies in each part of the run, so that no long part goes unseen.
    """
    if points == "all":
        yield from range(1, 100_000)
        return
    many = min(int(points), calls)
    ends = [calls * n // many for n in range(many + 1)]
    draw = Random(seed)  # noqa: S311  # places are no secrets
    for begin, end in pairwise(ends):
        yield draw.randint(begin + 1, end)


def main(folder: str, points: str, *names: str) -> None:
    """
    Kill each scenario, and print a line for it.
    """
    # As tests/conftest.py does; and a journal that has each row at once.
    vars(keyfile)["_COST"] = (32, 1, 4)
    vars(journal)["_EVERY"] = 0.0
    for name in names or SCENARIOS:
        killing = Killing(name, Path(folder).resolve())
        calls = killing.prepare()
        for place in places(calls, points):
            if not killing.at(place):
                break
        told = {"calls": calls, "killed": killing.killed, "faults": killing.faults}
        sys.stdout.write(json.dumps({"scenario": name, **told}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
