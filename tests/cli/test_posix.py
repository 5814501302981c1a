"""
Signals, limits and modes, on systems that have them.
"""

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from certificates import OIN, SCHOOL, Authority
from children import unmeasured
from schools import school

from eckid import HPgn, Register, Salt, Sleutelbos, elfproef
from eckid._core.whole import check_places
from eckid.hashing import romix
from eckid.service import LocalNummervoorziening, SoapNummervoorziening, Toegang
from eckid.service.standin import rehearsal_ring

PASSPHRASE = "correct horse battery staple"
# As many generated numbers as keep two cores busy until the signal comes.
NUMBERS = [n for n in map(str, range(999_900_000, 999_901_000)) if elfproef(n) == 0]


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """
    A release that takes a while, in a folder with its list and ring.
    """
    rows = "".join(f"{number};Sem\n" for number in NUMBERS[:60])
    (tmp_path / "groep.csv").write_text(f"BSN;Roepnaam\n{rows}")
    (tmp_path / "secret").write_text(PASSPHRASE)
    Sleutelbos.generate(release="2026").save(tmp_path / "r", passphrase=PASSPHRASE)
    told = "--ring r --passphrase-file secret --sector po --doel gebruik"
    told += " --beleid leermiddelenketen"
    rest = "--ontvanger uitgever --out u.csv"
    return [
        sys.executable,
        "-m",
        "eckid",
        "release",
        "groep.csv",
        *told.split(),
        *rest.split(),
    ]


# A shell calls both 130. Where the interrupt came through an import or another
# program text, Python itself ends as one that SIGINT killed.
_INTERRUPTED: Final = {130, -signal.SIGINT}


def wait_for(condition: Callable[[], bool]) -> None:
    """
    Wait until *condition* holds, for a minute at most.
    """
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("nothing came within a minute")


def test_an_interrupted_release_leaves_what_it_hashed(
    command: list[str], tmp_path: Path
) -> None:
    """
    SIGINT in the middle of hashing ends with 130 and no file, whole or half.

    The journal stays, and it is said what it is for.
    """
    before = {path.name for path in tmp_path.iterdir()}
    running = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, encoding="utf-8"
    )
    # The drafts stand there as soon as the run has begun.
    wait_for(lambda: any(path.name.startswith(".u") for path in tmp_path.iterdir()))
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode in _INTERRUPTED
    assert "interrupted; no half file is left" in said
    left = {path.name for path in tmp_path.iterdir()} - before
    assert left == ({"u.csv.journal"} if "goes on from there" in said else set())


def test_a_full_disk_leaves_nothing(command: list[str], tmp_path: Path) -> None:
    """
    Where no more can be written, it is said, and no half file stands there.

    Neither of the journal, nor of the release without a journal.
    """
    rows = "".join(f"{number};Sem\n" for number in NUMBERS[:2])
    (tmp_path / "groep.csv").write_text(f"BSN;Roepnaam\n{rows}")
    before = {path.name for path in tmp_path.iterdir()}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))

    for source, what in (
        ("groep.csv", "u.csv.journal: the disk refused it"),
        ("-", "File too large"),
    ):
        done = subprocess.run(
            [source if word == "groep.csv" else word for word in command],
            cwd=tmp_path,
            preexec_fn=limit,  # no thread runs beside it
            capture_output=True,
            encoding="utf-8",
            check=False,
            input=(tmp_path / "groep.csv").read_text() if source == "-" else None,
            env={**unmeasured(), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert done.returncode == 3
        assert what in done.stderr
        assert {path.name for path in tmp_path.iterdir()} == before


def test_what_is_written_is_readable_by_its_owner_only(
    command: list[str], tmp_path: Path
) -> None:
    """
    Ring, release, refusals and report have mode 0600, whatever the umask.
    """
    (tmp_path / "groep.csv").write_text(f"BSN;Roepnaam\n{NUMBERS[0]};Sem\n")
    subprocess.run(
        command,
        cwd=tmp_path,
        preexec_fn=lambda: os.umask(0),  # no thread runs beside it
        capture_output=True,
        check=True,
    )
    for name in ("r", "u.csv", "u.csv.refused.csv", "u.csv.report.json"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name


def test_a_device_or_a_pipe_is_no_place_for_a_file(tmp_path: Path) -> None:
    """
    Replacing /dev/null would take it from all.
    """
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(OSError, match="a device or a pipe"):
            check_places([path], replace=True)
    assert Path(os.devnull).is_char_device()


# In a process of its own: one that has threads should not fork.
_FORKS: Final = """
import os
from eckid import (
    LEERMIDDELENKETEN, Sector, Sleutelbos, Stampseudoniem, derive_ketenid
)
ring = Sleutelbos.generate(release="2026")
stam = Stampseudoniem.parse(f"https://eckid.invalid/sp2026/{'0' * 128}")
def ketenid():
    how = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO, "sleutelbos": ring}
    return derive_ketenid(stam, **how).uri
read, write = os.pipe()
child = os.fork()
if child == 0:
    os.write(write, ketenid().encode())
    os._exit(0)
os.close(write)
with os.fdopen(read, "rb") as pipe:
    assert pipe.read().decode() == ketenid()
assert os.waitpid(child, 0)[1] == 0
"""


def test_a_ring_derives_the_same_after_a_fork() -> None:
    """
    A forked worker that inherits a loaded ring gives the parent's ketenIDs.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FORKS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


_HASHES: Final = """
import multiprocessing
from eckid import BSN, Hasher, Salt, elfproef, hash_pgn
from eckid.scheme import CHEAPEST
salt = Salt(bytes(16))
numbers = [BSN(n) for n in map(str, range(999_900_000, 999_900_400)) if not elfproef(n)]
expected = [hash_pgn(one, salt=salt, scheme=CHEAPEST) for one in numbers]
with Hasher(salt=salt, scheme=CHEAPEST, workers=2) as hasher:
    going = hasher.each(numbers)
    first = next(going)
    def hash_in_the_child():
        assert [*hasher.each(numbers)] == expected
        try:
            next(going)
        except RuntimeError as error:
            assert "before a fork; begin it again" in str(error)
        else:
            raise AssertionError("it went on")
        hasher.close()
    child = multiprocessing.get_context("fork").Process(target=hash_in_the_child)
    child.start()
    child.join()
    assert child.exitcode == 0
    assert [first, *going] == expected
"""


def test_a_hasher_that_was_used_hashes_after_a_fork() -> None:
    """
    The child has none of the parent's threads: it starts its own, and waits for none.

    A list that the parent began does not go on there, and goes on in the parent.
    """
    done = subprocess.run(
        # Python warns that a thread may hold a lock at a fork: that is the point.
        [sys.executable, "-W", "ignore", "-c", _HASHES],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_stopped_release_leaves_no_half_file(
    command: list[str], tmp_path: Path, name: str
) -> None:
    """
    A closed window and a stopped container end as an interrupt does.
    """
    before = {path.name for path in tmp_path.iterdir()}
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    wait_for(lambda: any(path.name.startswith(".u") for path in tmp_path.iterdir()))
    running.send_signal(getattr(signal, name))
    assert running.wait(timeout=60) in _INTERRUPTED
    left = {path.name for path in tmp_path.iterdir()} - before
    assert left <= {"u.csv.journal"}


@pytest.mark.parametrize("reader", ["true", "head -n 1"])
def test_who_stops_reading_changes_no_outcome(tmp_path: Path, reader: str) -> None:
    """
    A pipe that closes, and a full terminal, are no fault of the list.
    """
    (tmp_path / "l.csv").write_text(f"BSN\n{NUMBERS[0]}\n")
    check = f"{sys.executable} -m eckid check l.csv"
    done = subprocess.run(
        ["bash", "-c", f"{check} | {reader}; echo ${{PIPESTATUS[0]}}"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_without_standard_input_it_is_said(tmp_path: Path) -> None:
    """
    A job without standard input gets a clear error, and no fault.
    """
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m eckid check - <&-"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 3
    assert "standard input: expected a list, got none" in done.stderr


def test_an_old_console_shows_what_it_can(tmp_path: Path) -> None:
    """
    A terminal that lacks a letter shows an escape, and the run goes on.
    """
    (tmp_path / "l.csv").write_text(f"BSN;Nâşm\n{NUMBERS[0]};x\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "eckid", "check", "l.csv"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        encoding="ascii",
        check=True,
    )
    assert "\\u015f" in done.stdout


_FLAT: Final = """
import resource, sys
from eckid.exchange import Edexml
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def rows(path):
    return sum(1 for _ in Edexml(lambda: open(path, "rb")))
assert rows(sys.argv[1]) == 1000
before = peak()
print(rows(sys.argv[2]), peak() - before)
"""


# Kilobytes: some 120 bytes of marks a person.
@pytest.mark.parametrize(
    ("octets", "most"),
    [
        (20_000_000, 8_000),
        pytest.param(200_000_000, 80_000, marks=pytest.mark.long),
    ],
)
def test_a_long_file_is_read_in_flat_memory(
    tmp_path: Path, octets: int, most: int
) -> None:
    """
    What grows is a mark or two a person, and not the file.
    """
    small, large = tmp_path / "small.xml", tmp_path / "large.xml"
    small.write_text("".join(school(1000, 0)), "utf-8")
    body = small.read_text("utf-8")
    begin = body.index("<leerling key")
    end = body.index("</leerlingen>")
    with large.open("w", encoding="utf-8") as file:
        file.write(body[:begin])
        many = 0
        while file.tell() < octets:
            file.write(body[begin:end].replace('key="ll', f'key="ll{many}-'))
            many += 1000
        file.write(body[end:])
    done = subprocess.run(
        [sys.executable, "-c", _FLAT, str(small), str(large)],
        env=unmeasured(),
        capture_output=True,
        check=True,
        text=True,
    )
    rows, grown = map(int, done.stdout.split())
    assert rows == many > octets // 700
    assert grown < most


_READS: Final = """
import os, sys
from datetime import date
from pathlib import Path
from eckid import Register, RegisterError, Sleutelbos, Stampseudoniem
folder = Path(sys.argv[1])
ring = Sleutelbos.load(folder / "r", passphrase=sys.argv[2])
how = {"namespace": ring.namespace, "release": "2026", "rehearsal": False}
stam = Stampseudoniem(bytes(64), **how)
Register.open(folder / "board.reg", sleutelbos=ring).close()  # imports what it needs
if os.geteuid() == 0:
    os.setuid(65534)  # who is root may write what nobody may
with Register.open(folder / "board.reg", sleutelbos=ring) as register:
    print(register.verify())
    try:
        register.add("las", "k1", stam, gegevens={}, on=date(2026, 11, 24))
    except RegisterError as error:
        print(error)
"""


@pytest.mark.parametrize("which", ["board.reg", "board.reg.keys"])
def test_a_read_only_register_says_so_and_loses_nothing(
    tmp_path: Path, which: str
) -> None:
    """
    Either file: it can be read, and a write is a clear error.
    """
    ring = Sleutelbos.generate(release="2026")
    with TemporaryDirectory() as name:
        folder = Path(name)
        ring.save(folder / "r", passphrase=PASSPHRASE)
        with Register.create(folder / "board.reg", sleutelbos=ring) as register:
            head = register.head()
        folder.chmod(0o777)
        for file in folder.iterdir():
            file.chmod(0o444 if file.name in {which, "r"} else 0o666)
        before = {file.name: file.read_bytes() for file in folder.iterdir()}
        told = subprocess.run(
            [sys.executable, "-c", _READS, name, PASSPHRASE],
            env=unmeasured(),
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        assert told.stdout == (
            f"{head}\nregister: expected a file that may be written, got a "
            "read-only one\n"
        )
        assert {name: (folder / name).read_bytes() for name in before} == before
        for file in folder.iterdir():
            file.chmod(0o600)
        with Register.open(folder / "board.reg", sleutelbos=ring) as register:
            assert register.verify(expected=head) == head


_ELSEWHERE: Final = """
import hashlib, os, sys, warnings
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from eckid.hashing import romix as _romix
assert _romix.__file__.startswith(sys.argv[1])
_romix.compiled(cache=False)((0,), (0,), (0,), *[_romix.np.uint64(0)] * 6)
if os.geteuid() == 0:
    os.setuid(65534)  # who is root may write what nobody may
with warnings.catch_warnings(record=True) as found:
    warnings.simplefilter("always")
    for n in (16, 32):
        romix = _romix.Romix(_romix.SHAPES[-1], n=n, r=1)
        hashed = romix.scrypt([b"a"], salt=b"b", p=1, length=32)
        assert hashed == [hashlib.scrypt(b"a", salt=b"b", n=n, r=1, p=1, dklen=32)]
for warning in found:
    print(warning.message)
"""


def test_a_read_only_installation_compiles_in_memory_and_says_so_once() -> None:
    """
    No cache can be written beside it or at home; it hashes all the same.
    """
    installed = Path(romix.__file__).parents[1]
    with TemporaryDirectory() as name:
        folder = Path(name)
        here = folder / "eckid"
        shutil.copytree(installed, here, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (*here.rglob("*"), here, folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        nowhere = {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent"}
        done = subprocess.run(
            [sys.executable, "-c", _ELSEWHERE, name],
            env=unmeasured() | nowhere,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        for path in (folder, here, *here.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert line.startswith("scrypt: no cache of the kernel can be read or written")


_BUDGET: Final = """
import psutil, sys
from eckid import BSN, Hasher, Salt
most = int(sys.argv[1])
with Hasher(salt=Salt(bytes(16)), workers=2, memory=most << 20) as hasher:
    import eckid.hashing.romix as kernel
    for shape in kernel.SHAPES:
        kernel.prove(shape)
    before = psutil.Process().memory_info().rss
    numbers = [BSN.parse("111222333")] * int(sys.argv[2])
    assert len(set(hasher.each(numbers))) == 1
    # It is given back at the end of the with, and not before.
    print((psutil.Process().memory_info().rss - before) >> 20)
"""


@pytest.mark.xdist_group("memory")
@pytest.mark.parametrize(("most", "numbers"), [(1024, 4), (300, 3)])
def test_the_budget_of_memory_is_never_passed(most: int, numbers: int) -> None:
    """
    What the process holds grows by the tables it was allowed, and little beside.
    """
    done = subprocess.run(
        [sys.executable, "-c", _BUDGET, str(most), str(numbers)],
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=True,
    )
    grown = int(done.stdout)
    # The kernel was used, and so was most of what it may. A system may give the stack
    # of each thread a large page or two.
    assert most * 0.8 < grown <= most + 8


@pytest.mark.parametrize("way", ["public", "own ring", "tls"])
def test_a_stand_in_serves_until_it_is_interrupted(way: str, tmp_path: Path) -> None:
    """
    It says REHEARSAL and where it is, answers, and ends well; no value is printed.
    """
    words: list[str] = []
    ring = rehearsal_ring()
    root = Authority(tmp_path)
    if way == "own ring":
        ring = Sleutelbos.generate(
            release="pilot",
            namespace="https://ketenid.nl",
            salt=Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw=="),
        )
        ring.save(tmp_path / "r", passphrase=PASSPHRASE)
        (tmp_path / "secret").write_text(PASSPHRASE)
        words = ["--ring", "r", "--passphrase-file", "secret"]
    if way == "tls":
        server = root.server()
        (tmp_path / "boards").write_text(f'[besturen]\n"{OIN}" = ["{SCHOOL}"]\n')
        words = ["--tls-cert", str(server.cert), "--tls-key", str(server.key)]
        words += ["--client-ca", str(root.ca), "--boards", "boards"]
    process = subprocess.Popen(
        [sys.executable, "-m", "eckid", "serve", "--port", "0", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
        assert said[0].startswith("REHEARSAL")
        pair = root.client()
        toegang = Toegang.load(cert=pair.cert, key=pair.key, ca=root.ca)
        with closing(
            SoapNummervoorziening(
                said[1].split()[1],
                oin=SCHOOL,
                toegang=toegang if way == "tls" else None,
                release="pilot",
            )
        ) as client:
            hpgn = HPgn.parse(64 * "a")
            local = LocalNummervoorziening(ring)
            assert client.stampseudoniem(hpgn) == local.stampseudoniem(hpgn)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "REHEARSAL ended\n")
    assert err.endswith(f"REHEARSAL retrieveStampseudonym ok {SCHOOL}\n")
    assert 16 * "a" not in err
