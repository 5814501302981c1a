"""
Does the time or the memory of a row grow with the number of rows?

Each job runs on lists of 1,000, 10,000, … persons, in a process of its own: one table
with the microseconds and the bytes of a row. ``MOST=1000000`` goes up to a million. The
gate compares a row of the largest with one of a list a tenth of that size. Numbers are
hashed under the cheapest scheme, for tests only: what a national hash takes is the
same for each, and would hide what grows.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from measure import gate

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Doel,
    Hasher,
    HPgn,
    Ontvanger,
    Register,
    Sector,
    Sleutelbos,
    derive_stampseudoniem,
    display_names,
    elfproef,
)
from eckid.exchange import Herkenning, Ringbron, Roster, look
from eckid.scale import Kolom, derive_column, hash_column, run
from eckid.scheme import CHEAPEST

MOST = int(os.environ.get("MOST", "10000"))
SIZES = [10**n for n in range(3, 8) if 10**n <= MOST]
FIRST = ("Sem", "Noor", "Zoë", "Youssef", "IJsbrand", "Emma", "Łucja")
LAST = ("Bakker", "Ümit", "IJzerman", "Smit", "O'Neill", "Çelik", "Jansen")
TODAY = date(2026, 11, 24)
RING = Sleutelbos.generate(release="2026")
TO = Attribuutbeleid.load("leermiddelenketen").voor(
    doel=Doel.GENORMEERDE_TOETS, ontvanger=Ontvanger.UITGEVER, on=TODAY
)


def numbers() -> Iterator[str]:
    """
    Yield made-up numbers that hold the elfproef, nine digits each.
    """
    for eight in range(10_000_000, 99_999_999):
        found = f"{eight}{sum((9 - n) * int(d) for n, d in enumerate(str(eight))) % 11}"
        if len(found) == 9 and elfproef(found) is not None:
            yield found


def csv(folder: Path, rows: int) -> Path:
    """
    Write a class list.
    """
    file = folder / "list.csv"
    with file.open("w", encoding="utf-8") as lines:
        lines.write("BSN;Roepnaam;Achternaam;Geboortedatum;Groep;LAS-key\n")
        for n, number in zip(range(rows), numbers(), strict=False):
            lines.write(
                f"{number};{FIRST[n % 7]};{LAST[n // 7 % 7]};"
                f"2015-01-{n % 28 + 1:02};{n // 25};k{n}\n"
            )
    return file


def who() -> Herkenning:
    """
    Return what makes the ketenIDs.
    """
    bron = Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    return Herkenning(bron=bron, hasher=Hasher(salt=RING.salt, scheme=CHEAPEST))


def hpgns(rows: int) -> Kolom:
    """
    Return a column of as many HPgns.
    """
    octets = pa.py_buffer(b"".join(n.to_bytes(32, "big") for n in range(rows)))
    held = pa.FixedSizeBinaryArray.from_buffers(pa.binary(32), rows, [None, octets])
    return Kolom.of(held, HPgn(bytes(32), CHEAPEST))


def reading(folder: Path, rows: int) -> Callable[[], object]:
    """
    Read a class list.
    """
    file = csv(folder, rows)
    return lambda: sum(1 for _ in Roster(look(file)))


def releasing(folder: Path, rows: int) -> Callable[[], object]:
    """
    Release a class list of new persons.
    """
    file, made = csv(folder, rows), who()
    return lambda: run(file, folder / "out.csv", who=made, to=TO)


def hashing(_: Path, rows: int) -> Callable[[], object]:
    """
    Hash a column.
    """
    column = pa.array([n for n, _ in zip(numbers(), range(rows), strict=False)])
    hasher = who().hasher
    return lambda: hash_column(column, hasher=hasher)


def deriving(_: Path, rows: int) -> Callable[[], object]:
    """
    Derive a column of ketenIDs.
    """
    column = hpgns(rows)
    bron = Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    return lambda: derive_column(column, bron=bron)


def table(folder: Path, rows: int) -> Callable[[], object]:
    """
    Release a table of sealed HPgns.
    """
    keys = pa.array([f"k{n}" for n in range(rows)])
    columns = {
        "key": keys,
        "hpgn-verzegeld": hpgns(rows).seal(keys, sleutelbos=RING).column,
        "roepnaam": [FIRST[n % 7] for n in range(rows)],
        "achternaam": [LAST[n // 7 % 7] for n in range(rows)],
    }
    file, made = folder / "table.parquet", who()
    pq.write_table(pa.table(columns), file)
    return lambda: run(file, folder / "out.parquet", who=made, to=TO)


def registering(folder: Path, rows: int) -> Callable[[], object]:
    """
    Add persons to a register, a hundred at a time, and verify it.
    """

    def add() -> None:
        path = folder / f"{time.monotonic_ns()}.reg"
        with Register.create(path, sleutelbos=RING) as book:
            for first in range(0, rows, 100):
                with book.together():
                    for n in range(first, first + 100):
                        hpgn = HPgn(n.to_bytes(32, "big"), CHEAPEST)
                        origin = book.origin(hpgn, on=TODAY)
                        stam = derive_stampseudoniem(origin, sleutelbos=RING)
                        told = {"roepnaam": FIRST[n % 7], "achternaam": f"{n}"}
                        book.add("las", f"k{n}", stam, gegevens=told, on=TODAY)
            book.verify()

    return add


def naming(_: Path, rows: int) -> Callable[[], object]:
    """
    Make the shortest names of a group.
    """
    group = {
        f"k{n}": {"roepnaam": FIRST[n % 7], "achternaam": f"{LAST[n // 7 % 7]}{n}"}
        for n in range(rows)
    }
    return lambda: display_names(group)


JOBS = {
    "a list is read": reading,
    "a list is released": releasing,
    "a column is hashed": hashing,
    "a column is derived": deriving,
    "a table is released": table,
    "a person is added to a register": registering,
    "a name is shortened": naming,
}


def memory(what: str) -> int:
    """
    Return a figure of this process's memory in bytes; 0 where the system has none.
    """
    told = Path("/proc/self/status")
    if not told.exists():
        return 0
    lines = told.read_text("ascii", "replace").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if what in line)


def child(job: str, rows: int) -> None:
    """
    Do a job on as many rows, and print the seconds and the bytes that it took.
    """
    with TemporaryDirectory() as few, TemporaryDirectory() as name:
        # It pays for what is imported; a small list would show little else.
        JOBS[job](Path(few), 100)()
        act = JOBS[job](Path(name), rows)
        forget = Path("/proc/self/clear_refs")
        if forget.exists():
            # The peak counts from here on.
            forget.write_text("5", "ascii")
        before, begin = memory("VmRSS"), time.process_time()
        act()
        print(time.process_time() - begin, memory("VmHWM") - before)


def measured(job: str, rows: int) -> tuple[float, float]:
    """
    Return the microseconds and the bytes of a row.
    """
    told = subprocess.run(  # noqa: S603  # our own
        [sys.executable, __file__, job, str(rows)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, octets = map(float, told.stdout.split())
    return 1e6 * seconds / rows, octets / rows


def main() -> None:
    """
    Print the table, and look at what grows.
    """
    print("microseconds (bytes) of a row: " + ", ".join(f"{n:,}" for n in SIZES))
    grows = {}
    for job in JOBS:
        found = [measured(job, rows) for rows in SIZES]
        cells = "  ".join(f"{time:7.1f} ({octets:8,.0f})" for time, octets in found)
        print(f"  {job:32} {cells}", flush=True)
        grows[job] = found[-1][0] / found[-2][0]
    worst = max(grows, key=lambda job: grows[job])
    # What grows with the square of the rows has ten.
    gate(f"{worst}, a row of the largest list to one of the next", grows[worst], most=3)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        child(sys.argv[1], int(sys.argv[2]))
