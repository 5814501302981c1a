"""
What the command line writes, so that two commits can be compared to the octet.

    python tests/house/snapshot.py OUT.json

It runs the command line of the interpreter that runs it over the fixed lists,
rings and register of the folder ``before``, and writes what came of it: the output of
each command, and each file. All is reached by files and commands alone, for what lies
behind them moves. The golden of the folder was made so; where an output changes by
intention, it is made anew, the difference is read line by line, and the changelog says
what changed. The register of the folder was written by version 1 of its form, and is
brought over at its first use.

Told otherwise than written is only what differs from run to run: the day of the run in
a report and a receipt (TODAY), what is sealed (SEALED and its length), the numbers of
links and consents that are drawn (DRAWN and which), the MAC of a register's head, and
the signature of what holds something drawn. A statement is told as what it says, a
Parquet table as its rows, a register as its tables without what is in them, a drawn
table as its cells. The rings, the register of the folder and what they hold are fixed,
and told as they are.

`masked` takes away what may change without a word: in reports, receipts and refusals
the name, version, standing and digest of a policy and the sentences of rules and
reasons; the same in what is printed.
"""

import base64
import io
import json
import os
import re
import runpy
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent / "before"
GOLDEN: Final = HERE / "golden.json"
RING: Final = "--ring school.ring --passphrase-file passphrase"
REGISTER: Final = "--register old.register"
# The head of the register in the folder, and what it has drawn.
HEAD: Final = "28:f591b78444bf249497c43941f06885dcc659d302439c021e1496606d267848ea"
_HELD: Final = frozenset(
    {
        HEAD.partition(":")[2],
        "a75d43070c21d72c93ba0b4a333693f0",
        "829f5a138d1be017883ea67e8e89482b",
        "b30d170e556b17d376586685cf98abd4",
        "817d03eea1c2e5bdbb94a2f32df20ebc",
    }
)
DAY: Final = "2026-12-01"
A: Final = "0000000700099ZZ00001"
B: Final = "0000000700099ZZ00002"
BOARD: Final = "0000000700099ZZ00009"
POLICIES: Final = (
    "edu-k",
    "smalle-set-2.2",
    "smalle-set-2.3",
    "lvs-set-2.2",
    "lvs-set-2.3",
    "entree-federatie",
    "edu-v-students-1.1",
)
SHORT: Final = "edu-k-kort"
SCOPES: Final = "--scope eduv.student.basic --scope eduv.student.demographics"
DOELEN: Final = (
    "bestellen",
    "leveren",
    "toegang",
    "gebruik",
    "toetsen",
    "genormeerde-toets",
    "terugkoppelen",
)
ONTVANGERS: Final = ("softwareleverancier", "uitgever", "distributeur", "school")
# What for and to whom: what each recipient is usually for.
ASKED: Final = (
    ("gebruik", "uitgever"),
    ("genormeerde-toets", "softwareleverancier"),
    ("bestellen", "distributeur"),
    ("toegang", "school"),
)
# Stages that run at a time; what they hash may hold this much.
_AT_ONCE: Final = 2
MEMORY: Final = "--memory 1GiB"
SCHOOL: Final = "--schooljaar 2026-2027 --brin 99XX"

Told = dict[str, list[str]]


# What is written, told.

_SIGNED: Final = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
_DRAWN: Final = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])")
_HEAD: Final = re.compile(r"([0-9]+):([0-9a-f]{64})")
# What a link calls its ketenIDs, which a nonce that is drawn goes into.
_NAMES: Final = re.compile(r'"[0-9a-f]{64}"')
_REVOKED: Final = re.compile(r'("revoked":\[)([^\]]*)\]')


class Drawn:
    """
    Names for what was drawn, in the order in which it is met.

    Args:
        heads: Whether it is told how long a ledger is.
    """

    def __init__(self, *, heads: bool) -> None:
        self._heads = heads
        self._names: dict[str, str] = {}

    def told(self, text: str) -> str:
        """
        Return *text* without what was drawn.
        """
        text = _SIGNED.sub(self._statement, text)
        return _DRAWN.sub(self._name, _HEAD.sub(self._head, text))

    def _name(self, found: re.Match[str]) -> str:
        if found[0] in _HELD:
            return found[0]
        return self._names.setdefault(found[0], f"DRAWN-{len(self._names) + 1}")

    def _head(self, found: re.Match[str]) -> str:
        if found[2] in _HELD:
            return found[0]
        return f"{found[1]}:MAC" if self._heads else "HEAD"

    def _statement(self, found: re.Match[str]) -> str:
        header, claims, signature = found[0].split(".")
        said = f"{_unpacked(header)}.{_unpacked(claims)}"
        told = _DRAWN.sub(self._name, _NAMES.sub('"NAME"', said))
        told = _REVOKED.sub(_in_order, told)
        return f"{told}.{signature if told == said else f'SIGNATURE {len(signature)}'}"


def _in_order(found: re.Match[str]) -> str:
    # They stand in the order of what was drawn.
    return f"{found[1]}{','.join(sorted(found[2].split(',')))}]"


def _unpacked(part: str) -> str:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("ascii")


def told_file(path: Path, drawn: Drawn) -> list[str]:
    """
    Return what a file holds, as lines.
    """
    octets = path.read_bytes()
    if octets.startswith(b"PAR1"):
        return [drawn.told(line) for line in _parquet(path)]
    if octets.startswith(b"SQLite format 3\0"):
        return list(_register(path))
    if octets.startswith(b"eckidbos"):
        return ["a ring"]
    text = drawn.told(octets.decode("utf-8"))
    today = date.today().isoformat()  # noqa: DTZ011  # as the files
    for ending, member in ((".report.json", "date"), (".receipt.json", "made")):
        if path.name.endswith(ending):
            text = text.replace(f'"{member}": "{today}"', f'"{member}": "TODAY"', 1)
    lines = text.split("\n")
    sealed = [n for n, head in enumerate(_cells(lines[0])) if "verzegeld" in head]
    return [lines[0], *(_unsealed(line, sealed) for line in lines[1:])]


def _cells(line: str) -> list[str]:
    return [cell.strip('"') for cell in line.rstrip("\r").split(";")]


def _unsealed(line: str, sealed: Sequence[int]) -> str:
    cells = line.split(";")
    for n in sealed:
        if n < len(cells):
            body = cells[n].rstrip("\r").strip('"')
            cells[n] = cells[n].replace(body, f"SEALED {len(bytes.fromhex(body))}", 1)
    return ";".join(cells)


def _parquet(path: Path) -> Iterator[str]:
    import pyarrow.parquet as pq  # noqa: PLC0415  # who makes no table needs none

    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        groups = file.metadata.num_row_groups
        rows = file.read().to_pylist()
    yield f"row groups {groups}, metadata {schema.metadata}"
    yield json.dumps([[field.name, str(field.type)] for field in schema])
    for row in rows:
        cells = [
            f"SEALED {len(c)}" if isinstance(c, bytes) else c for c in row.values()
        ]
        yield json.dumps(cells, ensure_ascii=False)


_LENGTHS: Final = {
    "ledger": "SELECT seq, kind, format, length(sealed), length(mac) FROM ledger",
    "key": "SELECT format, length(wrapped) FROM key",
    "tag": "SELECT length(tag) FROM tag",
}


def _register(path: Path) -> Iterator[str]:
    """
    Yield the tables of a register, and of each row what it is and how long.
    """
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as opened:
        for name in ("user_version", "application_id", "encoding"):
            yield f"{name} {opened.execute(f'PRAGMA {name}').fetchone()[0]}"
        found = opened.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
        made = dict(found.fetchall())
        for name, sql in made.items():
            yield f"{name}: {' '.join(str(sql).split())}"
        for table, sql in _LENGTHS.items():
            for row in opened.execute(sql).fetchall() if table in made else ():
                yield f"{table} {' '.join(map(str, row))}"


def told_output(text: str, drawn: Drawn) -> list[str]:
    """
    Return what was printed, as lines; of a drawn table its cells.
    """
    lines = []
    for line in drawn.told(text).rstrip("\n").split("\n"):
        if line[:1] in {"┃", "│"}:
            edge = line[0]
            cells = (cell.strip() for cell in line.strip(edge).split(edge))
            lines.append(f"{edge} " + f" {edge} ".join(cells))
        elif line[:1] not in {"┏", "┡", "└", "├"}:
            lines.append(line.rstrip())
    return lines


# What may change without a word.

_POLICY: Final = re.compile(r"\b(?:edu-k|leermiddelenketen)(?:-kort)?\b")
_NAMED: Final = re.compile(
    r'( *"(?:naam|versie|status|digest|bron|zekerheid|motivering|motivation|meaning'
    r'|nl|en)": )".*"(,?)'
)
_PRINTED: Final = (
    (re.compile(r"digest [0-9a-f]{64}"), "digest MASKED"),
    (re.compile(r"(extends|breidt uit) \S+ \S+"), r"\1 MASKED"),
    (re.compile(r"\S+ \S+(: [0-9]+ rules)(, extends )?.*"), r"MASKED\1\2"),
    (re.compile(r"(afwijking: .*, tot [0-9-]{10}): .*"), r"\1: MASKED"),
    (re.compile(r"(  (?:refused|mended) [0-9]+): .*"), r"\1: MASKED"),
    (re.compile(r"(.* the (?:naam|versie|digest) of )[^,]+"), r"\1MASKED"),
    (re.compile(r"(.* under )\S+ \S+( as it stands here)"), r"\1MASKED\2"),
)
_SENTENCES: Final = frozenset(
    {
        *("why", "waarom", "source", "bron", "meaning", "why not"),
        *("policy", "version", "status"),
    }
)


def masked(name: str, lines: Sequence[str]) -> list[str]:
    """
    Return what must be the same under both commits; twice is as once.
    """
    lines = [_RENAMED.sub("ander_id_reden", line) for line in lines]
    if " > " in name:
        told = _masked_output(name, lines)
        return _in_no_order(told) if name.startswith("policies/list") else told
    for ending, mask in _MASKS.items():
        if name.endswith(ending):
            return mask(lines)
    return list(lines)


# The attribute, wherever it is named; the member of a report that counts it stays.
_RENAMED: Final = re.compile(r'\bander_id\b(?<!^  "ander_id)')


def _without_names(lines: Sequence[str]) -> list[str]:
    return [_NAMED.sub(r'\1"MASKED"\2', line) for line in lines]


def _without_meanings(lines: Sequence[str]) -> list[str]:
    return [lines[0], *map(_without_meaning, lines[1:])]


def _without_meaning(line: str) -> str:
    cells = line.split(";", 5)
    return ";".join([*cells[:5], "MASKED"]) if len(cells) == 6 else line


def _in_no_order(lines: Sequence[str]) -> list[str]:
    # That of their names, which differ.
    return [*lines[:2], *sorted(lines[2:])]


def _without_digests(lines: Sequence[str]) -> list[str]:
    """
    Take the digest out of what these commands noted; what was held has its own.
    """
    text = "\n".join(lines)
    told = json.loads(text)
    if json.dumps(told, ensure_ascii=False, indent=2) + "\n" != text:
        return list(lines)
    for fact in told["facts"]:
        for policy in {"policy", "beleid"} & fact.keys():
            if DAY in {fact.get("on"), fact.get("op")}:
                fact[policy] = "MASKED"
    return json.dumps(told, ensure_ascii=False, indent=2).split("\n")


_MASKS: Final[dict[str, Callable[[Sequence[str]], list[str]]]] = {
    ".report.json": _without_names,
    ".receipt.json": _without_names,
    ".refused.csv": _without_meanings,
    ".export.json": _without_digests,
}


def _masked_output(name: str, lines: Sequence[str]) -> list[str]:
    told, gone = [], set[int]()
    for n, line in enumerate(lines):
        edge = line[:1]
        if edge in {"┃", "│"}:
            cells = line[2:].split(f" {edge} ")
            if edge == "┃":
                gone = {n for n, cell in enumerate(cells) if cell in _SENTENCES}
                # Where two are compared, their names.
                if name.startswith("policies/diff"):
                    cells[1:3] = ["A", "B"]
            left = (cell for n, cell in enumerate(cells) if n not in gone)
            told.append(f"{edge} " + f" {edge} ".join(left))
        elif line.startswith("The run was on "):
            continue  # Not on the day that every command names.
        elif n == 1 and name.startswith("policies/show") and lines[0] == "exit 0":
            told.append("MASKED")
        else:
            for form, instead in _PRINTED:
                line = form.sub(instead, line)  # noqa: PLW2901  # one after another
            told.append(_POLICY.sub("POLICY", line))
    return told


# The commands.


class Done(NamedTuple):
    """
    How a command ended.
    """

    code: int
    out: str
    err: str


class Worker:
    """
    A process that runs one command after another, as ``python -m eckid`` does.

    Most of the time of a command is its imports, which it has done.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, folder: Path, arguments: Sequence[str], stdin: str) -> Done:
        """
        Run a command in a folder.
        """
        asked = {"folder": str(folder), "arguments": arguments, "stdin": stdin}
        pipes = self._process.stdin, self._process.stdout
        if pipes[0] is None or pipes[1] is None:
            raise OSError("expected a process with pipes")
        pipes[0].write(f"{json.dumps(asked)}\n")
        pipes[0].flush()
        return Done(**json.loads(pipes[1].readline()))


def _environment() -> dict[str, str]:
    # Nobody counts its lines: that would double the time of what is only compared.
    left = ("COVERAGE_", "FORCE_COLOR", "TERM")
    rest = {k: v for k, v in os.environ.items() if not k.startswith(left)}
    return {**rest, "COLUMNS": "3000", "PYTHONUTF8": "1", "NO_COLOR": "1"}


@contextmanager
def a_worker() -> Iterator[Worker]:
    """
    Hold a worker.
    """
    with subprocess.Popen(
        [sys.executable, __file__, "--worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_environment(),
        encoding="utf-8",
    ) as process:
        yield Worker(process)
        if process.stdin is not None:
            process.stdin.close()


def work() -> None:
    """
    Be a worker: read commands, and write how each ended.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"):
        asked = json.loads(line)
        os.chdir(asked["folder"])
        done = _run_here(asked["arguments"], asked["stdin"])
        answers.write(f"{json.dumps(done._asdict())}\n")
        answers.flush()


def _run_here(arguments: Sequence[str], stdin: str) -> Done:
    given, out, err = (io.BytesIO(octets) for octets in (stdin.encode(), b"", b""))
    sys.argv = ["eckid", *arguments]
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(each, encoding="utf-8", newline="")
        for each in (given, out, err)
    )
    code: object = 0
    try:
        runpy.run_module("eckid", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    told = Done(int(str(code or 0)), out.getvalue().decode(), err.getvalue().decode())
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__
    return told


class Stage:
    """
    A folder with the fixed inputs, commands that run in it, and what they wrote.

    Args:
        name: What names begin with.

        folder: The folder.

        worker: Who runs the commands.

        heads: As for `Drawn`, and whether registers are told at all.
    """

    def __init__(
        self, name: str, folder: Path, worker: Worker, *, heads: bool = True
    ) -> None:
        self.told: Told = {}
        self.folder = folder / name
        self._name, self._worker, self._heads = name, worker, heads
        self._drawn = Drawn(heads=heads)
        shutil.copytree(HERE / "input", self.folder)
        for path in (*HERE.glob("*.ring"), *HERE.glob("old.register*")):
            shutil.copy(path, self.folder)
        self._seen = self._files()
        self._given = set(self._seen)

    def _files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def put(self, name: str, octets: bytes) -> None:
        """
        Put an input into the folder.
        """
        (self.folder / name).write_bytes(octets)
        self._seen[name] = octets
        self._given.add(name)

    def run(
        self, label: str, line: str, *, stdin: str = "", apart: bool = False
    ) -> Done:
        """
        Run a command, and keep what it printed and wrote.

        Args:
            label: Its name, no other's of this stage.

            line: What stands after ``eckid``.

            stdin: What it reads.

            apart: Whether in a process of its own.
        """
        done = self.only(line, stdin=stdin, apart=apart)
        kept = [f"exit {done.code}", *told_output(done.out, self._drawn)]
        if done.code not in {0, 1}:
            said = told_output(done.err, self._drawn)
            kept += [line for line in said if line.startswith(("eckid:", "Error:"))]
        self._keep(f"{label} > ", [line.replace(str(self.folder), "") for line in kept])
        for name, octets in sorted(self._files().items()):
            if self._seen.get(name) != octets:
                # Registers change with every command, and are told at the end.
                if not octets.startswith(b"SQLite"):
                    self._keep(name, told_file(self.folder / name, self._drawn))
                self._seen[name] = octets
        return done

    def only(self, line: str, *, stdin: str = "", apart: bool = False) -> Done:
        """
        Run a command, and keep nothing.
        """
        arguments = shlex.split(line)
        if not apart:
            return self._worker.run(self.folder, arguments, stdin)
        done = subprocess.run(
            [sys.executable, "-m", "eckid", *arguments],
            cwd=self.folder,
            env=_environment(),
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def note(self, label: str, lines: Sequence[str]) -> None:
        """
        Keep lines that were put together of more than one command.
        """
        self._keep(label, list(lines))

    def end(self) -> Told:
        """
        Tell the registers, and what stands in the folder; return all.
        """
        files = self._files()
        for name, octets in sorted(files.items()):
            if octets.startswith(b"SQLite") and self._heads:
                self._keep(name, told_file(self.folder / name, self._drawn))
        self._keep("the folder", sorted(files.keys() - self._given))
        return self.told

    def _keep(self, label: str, lines: list[str]) -> None:
        name = f"{self._name}/{label}"
        while name in self.told:  # written once more
            name += " again"
        self.told[name] = lines


def _read(path: Path) -> dict[str, str]:
    """
    Return the ketenID of each first name and surname in a released table.
    """
    head, *rows = (_cells(line) for line in path.read_text("utf-8").splitlines())
    people = (dict(zip(head, row, strict=False)) for row in rows)
    return {f"{p['roepnaam']} {p['achternaam']}": p["eckid"] for p in people}


def _asked(policy: str, doel: str, ontvanger: str, more: str = "") -> str:
    scopes = SCOPES if policy.startswith("edu-v") else ""
    tested = f"--test-day {DAY}" if doel == "genormeerde-toets" else ""
    asked = f"--doel {doel} --ontvanger {ontvanger} {tested} {more}"
    return f"--beleid {policy} {scopes} {asked}"


def _to(policy: str, doel: str = "gebruik", ontvanger: str = "uitgever") -> str:
    """
    Return the options of a release in po by the register, but for the file.
    """
    asked = _asked(policy, doel, ontvanger)
    return f"{RING} {REGISTER} --organisatie {A} --sector po {asked} --on {DAY}"


def hashing(stage: Stage) -> None:
    """
    Hash, derive with and without substitutions, release what is sealed.
    """
    _put_parquet(stage)
    stage.run("hash", f"hash hash.csv {RING} {MEMORY} --out h.csv", apart=True)
    stage.run("hash.parquet", f"hash klas.parquet {RING} {MEMORY} --out p.parquet")
    stage.run(
        "hash.argon2id", f"hash klein.csv {RING} --scheme eckid-argon2id-1 --out a.csv"
    )
    for sector in ("po", "vo", "mbo", "ho"):
        derive = f"derive h.csv {RING} --sector {sector}"
        stage.run(f"derive.{sector}", f"{derive} --out {sector}.csv", apart=True)
    derive = f"derive h.csv {RING} --sector po"
    keten = "00000000-0000-4000-8000-000000000000"
    stage.run("derive.2026", f"{derive} --release 2026 --out 2026.csv")
    stage.run("derive.2025", f"{derive} --release 2025 --out 2025.csv")
    stage.run("derive.keten", f"{derive} --keten {keten} --out keten.csv")
    stage.run("derive.other", f"{derive.replace('school.', 'other.')} --out other.csv")
    for name in ("a.csv", "p.parquet"):
        line = f"{derive.replace('h.csv', name)} --out d.{name}"
        stage.run(f"derive.{name}", line)
    stage.run("derive.none", f"derive klas.csv {RING} --sector po --out none.csv")
    noted = f"{RING} --per 2026-10-01 --into subs.csv"
    stage.run("substitute", f"substitute nummers.csv {noted}", apart=True)
    for day in ("2026-09-30", "2026-10-01", "2026-11-01"):
        line = f"{derive} --substitutions subs.csv --on {day} --out subs.{day}.csv"
        stage.run(f"derive.{day}", line)
    to = f"{RING} --sector po {_asked('edu-k', 'gebruik', 'uitgever')} --on {DAY}"
    line = (
        f"release vervangen.csv {to} --substitutions subs.csv --out vervangen.uit.csv"
    )
    stage.run("release.substitutions", line)
    _put_sealed(stage)
    for policy in (*POLICIES, "eigen.toml --scope basis", SHORT):
        for doel, ontvanger in ASKED[:2]:
            name = f"sealed.{policy.split()[0]}.{doel}"
            stage.run(
                name,
                f"release sealed.parquet {RING} --sector po --on {DAY} --order list "
                f"{_asked(policy, doel, ontvanger)} --out {name}.parquet",
            )


def _put_parquet(stage: Stage) -> None:
    """
    Make a class list of the types that a table has.
    """
    import pyarrow as pa  # noqa: PLC0415  # who makes no table needs none
    import pyarrow.parquet as pq  # noqa: PLC0415

    born = [date(2016, 5, 14), date(2016, 2, 3), None, date(2015, 1, 2), None]
    names = pa.array(["Zoë", "Sem", "Sem", "Noor", None])
    table = pa.table(
        {
            "BSN": pa.array([63138219, 111222333, 999900032, 999900032, None]),
            "LAS-key": ["k1", "k2", "k3", "k4", "k5"],
            "Voornaam": names.dictionary_encode(),
            "Achternaam": pa.array(["Jansen", "Bakker", "", "Vos", "X"]).cast(
                pa.large_string()
            ),
            "Geb. datum": pa.array(born, pa.date32()),
            "Leerjaar": pa.array([6, 6, 7, None, 1], pa.int8()),
        }
    )
    made = io.BytesIO()
    pq.write_table(table, made)
    stage.put("klas.parquet", made.getvalue())


def _put_sealed(stage: Stage) -> None:
    """
    Join what was sealed with what a release takes, and who has no ketenID.
    """
    import pyarrow as pa  # noqa: PLC0415  # who makes no table needs none
    import pyarrow.parquet as pq  # noqa: PLC0415

    sealed = pq.read_table(stage.folder / "p.parquet")["hpgn-verzegeld"].to_pylist()
    none = [None, None, None]
    table = pa.table(
        {
            # The third is sealed for another, the last by nobody.
            "key": ["k1", "k2", "else", "k8", "k9"],
            "hpgn-verzegeld": pa.array([*sealed, sealed[0], None, b"x" * 40]),
            "roepnaam": ["Zoë", "Sem", "Sem", "Fenna", "Bo"],
            "achternaam": ["Jansen", "Bakker", "Boer", "Mulder", "Vos"],
            "geboortedatum": ["2016-05-14", "2016-02-03", None, "2016-06-06", None],
            "jaargroep": ["6"] * 5,
            "groep": ["6a"] * 5,
            "ander_id": [*none, "symbiose", None],
            "ander_id_tot": [*none, "2027-07-31", None],
        }
    )
    made = io.BytesIO()
    pq.write_table(table, made)
    stage.put("sealed.parquet", made.getvalue())


def looking(stage: Stage) -> None:
    """
    Check every list, and say what would go of each kind of row.
    """
    _put_parquet(stage)
    for name in (
        *("klas.csv", "klein.csv", "gast.csv", "nieuw.csv", "vier.csv"),
        *("school.xml", "team.xml", "klas.parquet", "ontvangen.csv", "lek.csv"),
        *("eigen-kop.csv", "passphrase", "absent.csv"),
    ):
        stage.run(f"check {name}", f"check {name}")
    own = "--heading Nummer=bsn --heading Kind=key"
    stage.run("check.own", f"check eigen-kop.csv {own}")
    stage.run("check.own.wrong", "check eigen-kop.csv --heading Nummer=nothing")
    space = "--namespace https://eckid.invalid"
    stage.run("check.namespace", f"check ontvangen.csv {space}")
    text = (stage.folder / "klein.csv").read_text("utf-8")
    stage.run("check.stdin", "check - --from csv", stdin=text)
    for policy in (*POLICIES, SHORT, "eigen.toml", "naam.toml", "afwijking.toml"):
        _explained(stage, policy)


def _explained(stage: Stage, policy: str) -> None:
    """
    Note which attributes would go, for every doel to every recipient.
    """
    pupil, other, teacher = "klas.csv --row 1", "klas.csv --row 19", "klas.csv --row 29"
    xml = "team.xml --row 2"
    lines = []
    each = [(doel, ONTVANGERS[0]) for doel in DOELEN]
    each += [("gebruik", ontvanger) for ontvanger in ONTVANGERS[1:]]
    for doel, ontvanger in each:
        asked = _asked(policy, doel, ontvanger, f"--on {DAY}")
        lines.append(_going(stage, f"explain {pupil} {asked}"))
    for row in (other, teacher, xml, "klas.csv --row 8", "school.xml"):
        for doel, ontvanger in ASKED[:2]:
            asked = _asked(policy, doel, ontvanger, f"--on {DAY}")
            lines.append(_going(stage, f"explain {row} {asked}"))
    asked = _asked(policy, *ASKED[0])
    lines += [
        _going(stage, f"explain {pupil} {asked} {more}")
        for more in (
            *(f"--on {DAY} --lang nl", f"--on {DAY} --rol LRK", "--on 2027-08-01"),
            *(f"--on {DAY} --scope basis", f"--on {DAY} --scope meer"),
        )
    ]
    stage.note(f"explain {policy}", lines)


def _going(stage: Stage, line: str) -> str:
    """
    Return each attribute and whether it goes, without why.
    """
    done = stage.only(line)
    rows = [row[2:].split(" │ ") for row in told_output(done.out, _NONE) if "│" in row]
    told = ", ".join(" ".join(row[:2]) for row in rows)
    if done.code == 1:
        told = " ".join(rows[0][:4])
    why = "" if done.code != 2 else f" {done.err.strip().splitlines()[-1]}"
    return f"{line} = {done.code}{why}: {told}"


_NONE: Final = Drawn(heads=True)


def policies(stage: Stage) -> None:
    """
    List, show, compare and check.
    """
    own = ("eigen.toml", "naam.toml", "afwijking.toml", "leeg.toml", "fout.toml")
    stage.run("list", "policy list")
    for policy in (*POLICIES, SHORT, *own):
        for lang in ("nl", "en"):
            line = f"policy show {policy} --lang {lang}"
            stage.run(f"show {policy} {lang}", line, apart=policy == "edu-k")
    for policy in (*own, "absent.toml"):
        stage.run(f"check {policy}", f"policy check {policy}")
    for lang in ("nl", "en"):
        for one, other in (
            ("smalle-set-2.2", "smalle-set-2.3"),
            ("lvs-set-2.2", "lvs-set-2.3"),
            ("edu-k", SHORT),
            ("edu-k", "entree-federatie"),
            ("edu-k", "edu-k"),
            ("edu-k", "eigen.toml"),
            ("afwijking.toml", "edu-v-students-1.1"),
        ):
            line = f"policy diff {one} {other} --lang {lang}"
            stage.run(f"diff {one} {other} {lang}", line)


def releasing(stage: Stage) -> None:
    """
    Release by the register: every policy, recipient and format.
    """
    for policy in POLICIES:
        for doel, ontvanger in ASKED:
            to, name = _to(policy, doel, ontvanger), f"{policy}.{doel}"
            stage.run(name, f"release klas.csv {to} --out {name}.csv")
        for format_, more in (("xml", SCHOOL), ("json", ""), ("parquet", "")):
            to = _to(policy, *ASKED[1])
            line = f"release klas.csv {to} {more} --out {policy}-{format_}.{format_}"
            stage.run(f"{policy}.{format_}", line)
    for policy in ("smalle-set-2.3", "lvs-set-2.3", "edu-v-students-1.1"):
        for format_ in ("csv", "xml", "json", "parquet"):
            out = f"school.{policy}-{format_}.{format_}"
            stage.run(out, f"release school.xml {_to(policy)} --out {out}")
    to = _to("smalle-set-2.3")
    stage.run("team", f"release team.xml {to} --out team.uit.xml")
    stage.run("list", f"release klas.csv {to} --order list --out list.csv")
    stage.run(
        "to", f"release school.xml {to} --to edexml --order list --out zonder-naam"
    )
    stage.run("from", f"release klas.csv {to} --from csv --out zonder-naam --force")
    stage.run("again", f"release klas.csv {to} --out list.csv")
    for scopes in ("", "--scope basis", "--scope basis --scope meer", "--scope nee"):
        for rol in ("", "--rol LRK"):
            name = f"eigen{scopes}{rol}".replace(" --", ".").replace("--", ".")
            name = name.replace(" ", "-").replace("scope-", "").replace("rol-", "")
            line = f"release klas.csv {_to('eigen.toml')} {scopes} {rol}"
            stage.run(name, f"{line} --out {name}.csv")
    stage.run("rol", f"release klas.csv {to} --rol LRK --out rol.csv")
    to = _to("afwijking.toml")
    stage.run("afwijking", f"release klas.csv {to} --out afwijking.csv")
    late = to.replace(DAY, "2027-08-01")
    stage.run("afwijking.late", f"release klas.csv {late} --out late.csv")
    stage.run("fout", f"release klas.csv {_to('fout.toml')} --out fout.csv")
    to = _to("edu-k")
    stage.run("gast.po", f"release gast.csv {to} --out gast.po.csv")
    mbo = to.replace("--sector po", "--sector mbo")
    stage.run("gast.mbo", f"release gast.csv {mbo} --out gast.mbo.csv")
    vier = f"release vier.csv {to}"
    stage.run("vo", f"{vier.replace('--sector po', '--sector vo')} --out vo.csv")
    stage.run("ho", f"{vier.replace('--sector po', '--sector ho')} --out ho.csv")
    keten = "00000000-0000-4000-8000-000000000000"
    stage.run("keten", f"{vier} --keten {keten} --out keten.csv")
    line = f"release mbo.csv {to} --administratie mbo --out mbo.uit.csv"
    stage.run("mbo", line)
    stage.run("verify", "policy verify edu-k.gebruik.csv.receipt.json")
    stage.run("verify.own", "policy verify afwijking.csv.receipt.json")
    own = "--beleid afwijking.toml"
    stage.run("verify.file", f"policy verify afwijking.csv.receipt.json {own}")
    own = "--beleid lvs-set-2.3"
    stage.run("verify.other", f"policy verify edu-k.gebruik.csv.receipt.json {own}")
    for key in ("k1", "k6"):
        who = f"--key-file {key}.key {RING} {REGISTER}"
        stage.run(f"export.{key}", f"register export {who} --out {key}.export.json")
    stage.run("show", f"register show {RING} {REGISTER}")


def shortest(stage: Stage) -> None:
    """
    Release with the shortest names; what the register noted is not told.
    """
    for policy in (SHORT, "naam.toml"):
        for doel, ontvanger in ASKED:
            to, name = _to(policy, doel, ontvanger), f"{policy}.{doel}"
            stage.run(name, f"release klas.csv {to} --out {name}.csv")
        to = _to(policy)
        for format_, more in (("xml", SCHOOL), ("json", ""), ("parquet", "")):
            line = f"release school.xml {to} {more} --out {policy}-{format_}.{format_}"
            stage.run(f"{policy}.{format_}", line)


def alone(stage: Stage) -> None:
    """
    Release without a register, and as a rehearsal.
    """
    asked = f"--sector po {_asked('edu-k', 'gebruik', 'uitgever')} --on {DAY}"
    line = f"release klein.csv {RING} {asked} {MEMORY}"
    stage.run("csv", f"{line} --out uit.csv", apart=True)
    line = line.replace("--beleid edu-k", f"--beleid {SHORT}")
    scheme = "--scheme eckid-argon2id-1"
    stage.run("parquet", f"{line} {scheme} --out kort.parquet")
    text = (stage.folder / "eigen-kop.csv").read_text("utf-8")
    own = "--heading Nummer=bsn --heading Kind=key --from csv"
    stage.run("stdin", f"release - {own} {RING} {asked} --out stdin.csv", stdin=text)
    pilot = f"release eigen-kop.csv {own} {RING.replace('school', 'pilot')} {asked}"
    stage.run("rehearsal", f"{pilot} --out proef.csv", apart=True)
    stage.run("no-ring", f"release klein.csv {asked} --out x.csv")
    stage.run("over", f"release klein.csv {RING} {asked} --out klein.csv --force")


def passing_on(stage: Stage) -> None:
    """
    Release what was received: from every format, to every format.
    """
    stage.run("csv", f"release vier.csv {_to('lvs-set-2.3')} --out got.csv")
    stage.run("klas", f"release klas.csv {_to('edu-k')} --out klas.got.csv")
    stage.run("xml", f"release school.xml {_to('smalle-set-2.3')} --out x.got.xml")
    stage.run(
        "json", f"release school.xml {_to('edu-v-students-1.1')} --out j.got.json"
    )
    stage.run("parquet", f"release school.xml {_to('edu-k')} --out p.got.parquet")
    got = ("got.csv", "klas.got.csv", "x.got.xml", "j.got.json", "p.got.parquet")
    for name in (*got, "ontvangen.csv", "lek.csv"):
        stage.run(f"check {name}", f"check {name}")
        for policy in ("edu-k", "smalle-set-2.3", "edu-v-students-1.1", "lvs-set-2.2"):
            for format_ in ("csv", "xml", "json", "parquet"):
                # Each policy in one format, and one of them in each.
                if policy != "smalle-set-2.3" and format_ != "csv":
                    continue
                asked = _asked(policy, "gebruik", "uitgever", SCHOOL)
                out = f"{name.replace('.', '-')}.{policy}-{format_}.{format_}"
                line = f"release {name} --sector po {asked} --on {DAY} --out {out}"
                stage.run(out, line)
    with_ring = f"--sector po {_asked('edu-k', 'gebruik', 'uitgever')} {RING}"
    stage.run("ring", f"release got.csv {with_ring} --on {DAY} --out ring.csv")


def keeping(stage: Stage) -> None:
    """
    Keep a register: add, show, export, forget, copy and put under another ring.
    """
    at = f"{RING} {REGISTER}"
    who = {key: f"{at} --key-file {key}.key" for key in ("k1", "k6", "k30", "weg")}
    stage.run("show", f"register show {at}", apart=True)
    stage.run("verify", f"register verify {at} --head {HEAD}", apart=True)
    wrong = HEAD.replace(":f", ":0")
    stage.run("verify.wrong", f"register verify {at} --head {wrong}")
    stage.run("verify.none", f"register verify {at} --head 1")
    for key, at_key in who.items():
        for lang in ("nl", "en"):
            out = f"{key}.{lang}.export.json"
            line = f"register export {at_key} --lang {lang} --out {out}"
            stage.run(f"export.{key}.{lang}", line)
    stage.run("add.known", f"register add klas.csv {at} --on {DAY}")
    stage.run(
        "add", f"register add nieuw.csv {at} --on {DAY} --recheck {MEMORY}", apart=True
    )
    to = _to("edu-k").replace(A, B)
    stage.run("release", f"release vier.csv {to} --out vier.uit.csv")
    stage.run("substitute", f"substitute nummers-register.csv {at} --per {DAY}")
    stage.run("new", f"release na-vervanging.csv {to} --recheck --out nieuw.uit.csv")
    stage.run("after", f"register export {who['k1']} --out k1.after.export.json")
    stage.run("backup", f"register backup {at} --out copy.register")
    stage.run("backup.again", f"register backup {at} --out copy.register")
    stage.run("forget", f"register forget {who['k1']} --yes")
    stage.run("forget.again", f"register forget {who['k1']} --yes")
    stage.run("forgotten", f"register export {who['k1']} --out k1.gone.export.json")
    stage.run("forgotten.show", f"register show {at}")
    copy = who["k1"].replace("old.register", "copy.register")
    stage.run("copy", f"register export {copy} --out k1.copy.export.json")
    other = RING.replace("school", "other")
    stage.run("other", f"register show {other} {REGISTER}")
    new = "--new-ring other.ring --new-passphrase-file passphrase"
    stage.run("rekey", f"register rekey {at} {new} --out new.register")
    at = f"{other} --register new.register"
    stage.run("rekeyed", f"register show {at}")
    line = f"register export {at} --key-file k6.key --out k6.new.export.json"
    stage.run("rekeyed.export", line)
    to = to.replace("school.ring", "other.ring").replace("old.register", "new.register")
    stage.run("rekeyed.release", f"release vier.csv {to} --out vier.new.csv")
    stage.run("init", f"register init {RING} --register made.register")
    stage.run("init.again", f"register init {RING} --register made.register")


def linking(stage: Stage) -> None:
    """
    Make, verify and revoke links across sectors.
    """
    to = _to("edu-k")
    stage.run("po", f"release vier.csv {to} --out po.csv")
    vo = to.replace("--sector po", "--sector vo")
    stage.run("vo", f"release vier.csv {vo} --out vo.csv")
    stage.put("pairs.csv", _pairs(stage).encode())
    days = f"--houder {BOARD} --vanaf 2026-01-01 --tot 2040-12-31"
    keys = stage.run("key", f"link key {RING} {days}", apart=True)
    stage.put("keys.json", keys.out.encode())
    of = f"--organisatie {A} --doel gebruik"
    issue = f"link issue pairs.csv {RING} {of} --bestuur {BOARD} --on {DAY}"
    issue += " --tot 2027-07-31"
    stage.run("issue", f"{issue} --out links.csv", apart=True)
    stage.run("issue.kept", f"{issue} {REGISTER} --out kept.csv")
    stage.run("issue.young", f"{issue} --age 18 --out young.csv")
    stage.run("issue.space", f"{issue} --namespace https://a.example --out space.csv")
    revoke = f"link revoke {RING} --organisatie {A} --on {DAY}"
    stage.put("none.csv", b"jti;ingetrokken\n")
    stage.run("revoke.none", f"{revoke} none.csv --number 1 --out list1")
    verify = f"link verify links.csv --van {BOARD} --keys keys.json --on {DAY}"
    stage.run("verify", f"{verify} --revocations list1 {of}", apart=True)
    record = (stage.folder / "links.csv.board.csv").read_text("utf-8").splitlines()
    record[1] = f'{record[1][:-2]}"{DAY}"'
    stage.put("gone.csv", "\n".join(record).encode())
    tokens = (stage.folder / "links.csv").read_text("ascii").replace('"', "").split()
    pairs = (stage.folder / "pairs.csv").read_text("utf-8").splitlines()
    # The first three with their own ketenIDs, the others with those of another.
    beside = zip(tokens, (*pairs[:4], *pairs[1:]), strict=False)
    rows = (f"{link};{';'.join(pair.split(';')[:2])}" for link, pair in beside)
    stage.put("joined.csv", "\n".join(rows).encode())
    joined = verify.replace("links.csv", "joined.csv")
    stage.run("verify.joined", f"{joined} --revocations list1 {of}")
    before = (
        f"--van {BOARD} --keys keys.json --revocations oud.list --on 2026-11-25 {of}"
    )
    stage.run("verify.before", f"link verify oud.links.csv {before}")
    stage.run("revoke", f"{revoke} gone.csv --number 2 --out list2")
    stage.run("revoked", f"{verify} --revocations list2 {of}")
    _sent_by_another(stage, verify, of)
    stage.run(
        "verify.doel",
        f"{verify} --revocations list2 {of.replace('gebruik', 'toetsen')}",
    )
    stage.run(
        "verify.late", f"{verify} --revocations list2 {of}".replace(DAY, "2026-12-24")
    )
    record = (stage.folder / "kept.csv.board.csv").read_text("utf-8").splitlines()
    record[1] = f'{record[1][:-2]}"{DAY}"'
    stage.put("gone-kept.csv", "\n".join(record).encode())
    stage.run("revoke.kept", f"{revoke} gone-kept.csv {REGISTER} --out kept1")
    stage.run("revoke.on", f"{revoke} {REGISTER} --out kept2")
    stage.run("revoke.wrong", f"{revoke} {REGISTER} --number 9 --out kept9")
    who = f"{RING} {REGISTER} --key-file k1.key"
    for lang in ("nl", "en"):
        line = f"register export {who} --lang {lang} --out k1.{lang}.export.json"
        stage.run(f"export.{lang}", line)
    stage.run("show", f"register show {RING} {REGISTER}")


def _sent_by_another(stage: Stage, verify: str, of: str) -> None:
    """
    Verify with an older list, another one, another board, and without a board.
    """
    seen = f"--last-seen 2:{64 * 'a'}"
    stage.run("verify.old", f"{verify} --revocations list1 {seen} {of}")
    stage.run("verify.other", f"{verify} --revocations list2 {seen} {of}")
    for name, van in (("van", f"--van {A}"), ("none", "")):
        line = verify.replace(f"--van {BOARD}", van)
        stage.run(f"verify.{name}", f"{line} --revocations list2 {of}")


def _pairs(stage: Stage) -> str:
    """
    Return a list of pairs: sound ones, and one for each reason to refuse.
    """
    po, vo = (_read(stage.folder / f"{name}.csv") for name in ("po", "vo"))
    one, two, three = "Zoë Jansen", "Sem Bakker", "Sem Boer"
    rows = (
        (po[one], vo[one], "ouder", "2026-11-20", "2026-1", ""),
        (po[two], vo[two], "leerling", "2026-11-20", "2026-1", "2009-02-03"),
        (po[three], vo[three], "Ouder", "20-11-2026", "2026-2", ""),
        (po[two], vo[two], "leerling", "2026-11-20", "2026-1", "2016-02-03"),
        (po[one], vo[two], "ouder", "2026-11-20", "2026-1", ""),
        (po[one], "", "ouder", "2026-11-20", "2026-1", ""),
        (po[one], po[two], "ouder", "2026-11-20", "2026-1", ""),
        (po[one], vo[one], "tante", "2026-11-20", "2026-1", ""),
        (po[one], vo[one], "ouder", "gisteren", "2026-1", ""),
        (po[one], vo[one], "ouder", "2026-11-20", "in woorden", ""),
        (po[one][:-1], vo[one], "ouder", "2026-11-20", "2026-1", ""),
    )
    head = "po;vo;door;op;woorden;geboortedatum"
    return "\n".join([head, *map(";".join, rows)]) + "\n"


def enrolling(stage: Stage) -> None:
    """
    Say what holds on days before, in and after the inschrijvingen.
    """
    for day in ("2024-07-31", "2026-07-31", "2026-12-01", "2027-02-01", "2018-01-01"):
        line = f"enrolment check inschrijvingen.csv --on {day} --out stand.{day}.csv"
        stage.run(f"check.{day}", line, apart=day == "2026-12-01")
    until = f"--on {DAY} --until 2027-01-15"
    line = f"enrolment check inschrijvingen.csv {until} --out until.csv"
    stage.run("until", line)
    stage.run("short", f"enrolment check inschrijvingen-kort.csv --on {DAY}")
    stage.run("none", f"enrolment check klein.csv --on {DAY}")


def refusing(stage: Stage) -> None:
    """
    What is refused as a whole writes nothing.
    """
    stage.put("wrong", b"another\n")
    asked = f"--sector po {_asked('edu-k', 'gebruik', 'uitgever')} --on {DAY}"
    wrong = "--ring school.ring --passphrase-file wrong"
    stage.run("passphrase", f"release klein.csv {wrong} {asked} --out x.csv")
    ring = "--ring klein.csv --passphrase-file passphrase"
    stage.run("ring", f"release klein.csv {ring} {asked} --out x.csv")
    stage.run("list", f"release absent.csv {RING} {asked} --out x.csv")
    scopes = asked.replace("edu-k", "edu-v-students-1.1")
    stage.run("scope", f"release klein.csv {RING} {scopes} --out x.csv")
    stage.run(
        "policy", f"release klein.csv {RING} {asked} --beleid absent.toml --out x.csv"
    )
    stage.run("place", f"release klein.csv {RING} {asked} --out none/x.csv")
    stage.run("school", f"release vier.csv {_to('smalle-set-2.3')} --out x.xml")
    bare = f"release vier.csv {RING} {REGISTER} {asked}"
    stage.run("organisatie", f"{bare} --out x.csv")
    stage.run("option", f"release klein.csv {RING} --out x.csv")
    stage.run("doel", f"release klein.csv {RING} {asked} --doel kijken --out x.csv")
    stage.run("command", "nothing")
    stage.run("version", "--version")
    stage.run("init", f"init {RING} --release 2028")
    national = "--namespace https://ketenid.nl --release 2028"
    made = "--ring made.ring --passphrase-file passphrase"
    stage.run("init.national", f"init {made} {national}")
    stage.run("init.made", f"init {made} --release 2028")
    both = f"{RING} --into x.csv {REGISTER}"
    stage.run("substitute", f"substitute nummers.csv {both}")
    stage.run("substitute.none", f"substitute nummers.csv {RING}")
    revoke = f"link revoke {RING} --organisatie {A} --on {DAY} --out x"
    stage.run("revoke", revoke)


STAGES: Final[dict[str, Callable[[Stage], None]]] = {
    "hash": hashing,
    "look": looking,
    "policies": policies,
    "release": releasing,
    "short": shortest,
    "alone": alone,
    "received": passing_on,
    "register": keeping,
    "links": linking,
    "enrolment": enrolling,
    "refused": refusing,
}


def taken(names: Sequence[str] = tuple(STAGES)) -> Told:
    """
    Return all that the command line of this interpreter prints and writes.
    """
    spare: SimpleQueue[Worker] = SimpleQueue()
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        for _ in range(_AT_ONCE):
            spare.put(held.enter_context(a_worker()))

        def play(name: str) -> Told:
            worker = spare.get()
            try:
                stage = Stage(name, folder, worker, heads=name != "short")
                STAGES[name](stage)
                return stage.end()
            finally:
                spare.put(worker)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            told = list(pool.map(play, names))
    return {name: lines for each in told for name, lines in each.items()}


def compared(told: Told) -> Told:
    """
    Return what is compared of what was told.
    """
    return {name: masked(name, lines) for name, lines in told.items()}


def main(arguments: Sequence[str]) -> int:
    """
    Write what is compared of this interpreter's command line, or be a worker.
    """
    if list(arguments) == ["--worker"]:
        work()
        return 0
    if not arguments:
        sys.stderr.write("expected a file to write, and the names of stages or none\n")
        return 2
    out, *names = arguments
    told = compared(taken(names or tuple(STAGES)))
    text = json.dumps(told, ensure_ascii=False, indent=0) + "\n"
    Path(out).write_text(text, "utf-8")
    return 0


def golden() -> Told:
    """
    Return what was written when the golden was made.
    """
    told: Any = json.loads(GOLDEN.read_text("utf-8"))
    return dict(told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
