"""
The cells of a register: any cell of either file changed, then all of it read.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from compat import known, make
from fuzz.known import RING, A
from fuzz.oracle import asked

from eckid import LEERMIDDELENKETEN, Register, Sector
from eckid.register import keys_of

_HERE = Path(known.__file__).parent
_FOLDER = tempfile.TemporaryDirectory(prefix="eckid-fuzz-")
_OLD, _NEW, _TO = (
    Path(_FOLDER.name, name, "bestuur.reg") for name in ("old", "new", "to")
)


def _both(path: Path) -> tuple[Path, Path]:
    return path, keys_of(path)


def _copied(path: Path, to: Path) -> None:
    to.parent.mkdir(exist_ok=True)
    for source, copy in zip(_both(path), _both(to), strict=True):
        shutil.copy(source, copy)


# One register as an earlier eckid wrote it, and the same in the form of today.
_copied(next(_HERE.glob("*/bestuur.reg")), _OLD)
_copied(_OLD, _NEW)
Register.open(_NEW, sleutelbos=RING).close()


def once(data: bytes) -> None:
    """
    Change one cell, row or stretch of a register, and ask it everything.
    """
    if len(data) < 4:
        return
    shutil.rmtree(_TO.parent, ignore_errors=True)
    _copied(_OLD if data[0] & 2 else _NEW, _TO)
    changed, way, octets = _both(_TO)[data[0] & 1], data[1], data[2:]
    if way % 4 == 3:
        _scratched(changed, octets)
    else:
        _changed(changed, way, octets)
    with asked(octets), Register.open(_TO, sleutelbos=RING) as register:
        for ask in _ASKED:
            with asked(octets):
                ask(register)


def _scratched(path: Path, octets: bytes) -> None:
    raw = bytearray(path.read_bytes())
    at = int.from_bytes(octets[:2], "big") % len(raw)
    raw[at : at + len(octets) - 2] = octets[2:]
    path.write_bytes(raw)


def _changed(path: Path, way: int, octets: bytes) -> None:
    with closing(sqlite3.connect(path)) as rows, rows, suppress(sqlite3.Error):
        tables = rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = sorted(name for (name,) in tables)
        table = names[way // 4 % len(names)]
        columns = [row[1] for row in rows.execute(f"PRAGMA table_info({table})")]
        column = columns[octets[0] % len(columns)]
        value: Any = octets[2:]
        with suppress(UnicodeDecodeError, ValueError):
            value = (octets[2:], octets[2:].decode(), int(octets[2:] or b"0"))[way % 4]
        many = rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        at = octets[1] % max(many, 1) if len(octets) > 1 else 0
        keys = ", ".join(columns)
        wanted = f"SELECT {columns[0]} FROM {table} ORDER BY {keys} LIMIT 1 OFFSET {at}"  # noqa: S608
        rows.execute(
            f"UPDATE {table} SET {column} = ? WHERE {columns[0]} = ({wanted})",  # noqa: S608
            [value],
        )


def _add(register: Register) -> object:
    stam = make.stam(known.NUMBERS["yara"])
    gegevens = known.GEGEVENS["yara"]
    return register.add("las-1", "yara", stam, gegevens=gegevens, on=known.DAY)


_ASKED = (
    Register.verify,
    Register.counts,
    Register.substitutions,
    lambda register: register.inzage("las-1", "noor"),
    lambda register: register.inzage("las-1", "sem"),
    lambda register: register.known("las-1", "noor", gegevens=known.GEGEVENS["noor"]),
    lambda register: register.keys_of(make.ketenid(known.NUMBERS["noor"])),
    lambda register: register.revoked(A, issued=known.DAY),
    lambda register: register.next_list(A),
    lambda register: register.has_sent(
        "las-1", "sem", keten=LEERMIDDELENKETEN, sector=Sector.PO
    ),
    _add,
    lambda register: register.forget("las-1", "sem"),
)
