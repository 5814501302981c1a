"""
How fast is the register, beside bare inserts of as many rows and transactions?

The reference is sqlite3 in the same mode, with rows of the same size, in clear:
one row in the register's file and three in the key file for a person. What is
left over is deriving, sealing and the chain. `PERSONS=100000` does a large board.
"""

import os
import secrets
import sqlite3
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import gate

from eckid import (
    LEERMIDDELENKETEN,
    HPgn,
    Register,
    Sector,
    Sleutelbos,
    derive_ketenid,
    derive_stampseudoniem,
)
from eckid.scheme import CHEAPEST

PERSONS = int(os.environ.get("PERSONS", "5000"))
TOGETHER = 100
TODAY = date(2026, 11, 24)


def gegevens(n: int) -> dict[str, str]:
    """
    Return what is known of a person.
    """
    return {"geboortedatum": f"2015-01-{n % 28 + 1:02}", "roepnaam": f"R{n}"}


def bare(folder: Path) -> float:
    """
    Return the seconds that bare inserts take.
    """
    both = sqlite3.connect(folder / "register", isolation_level=None)
    both.execute("ATTACH ? AS keys", (str(folder / "keys"),))
    for schema in ("main", "keys"):
        both.execute(f"PRAGMA {schema}.synchronous = EXTRA")
        both.execute(
            f"CREATE TABLE {schema}.row (a INTEGER PRIMARY KEY, b INTEGER, c BLOB, "
            "d BLOB)"
        )
    begin = time.perf_counter()
    for first in range(0, PERSONS, TOGETHER):
        both.execute("BEGIN IMMEDIATE")
        for n in range(first, first + TOGETHER):
            cell, mac = secrets.token_bytes(480), secrets.token_bytes(32)
            both.execute("INSERT INTO main.row VALUES (?, ?, ?, ?)", (n, n, cell, mac))
            for place in range(3):
                row = (3 * n + place, n, mac, None)
                both.execute("INSERT INTO keys.row VALUES (?, ?, ?, ?)", row)
        both.execute("COMMIT")
    taken = time.perf_counter() - begin
    both.close()
    return taken


with TemporaryDirectory() as name:
    folder = Path(name)
    reference = bare(folder)
    ring = Sleutelbos.generate(release="2026")
    path = folder / "bestuur.reg"
    with Register.create(path, sleutelbos=ring) as book:
        begin = time.perf_counter()
        for first in range(0, PERSONS, TOGETHER):
            with book.together():
                for n in range(first, first + TOGETHER):
                    hpgn = HPgn(n.to_bytes(32, "big"), CHEAPEST)
                    origin = book.origin(hpgn, on=TODAY)
                    stam = derive_stampseudoniem(origin, sleutelbos=ring)
                    book.add("las", f"k{n}", stam, gegevens=gegevens(n), on=TODAY)
        adding = time.perf_counter() - begin
        begin = time.perf_counter()
        for n in range(PERSONS):
            known = book.known("las", f"k{n}", gegevens=gegevens(n))
            assert known is not None  # noqa: S101  # a benchmark of nothing is none
            derive_ketenid(
                known, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=ring
            )
        knowing = time.perf_counter() - begin
        begin = time.perf_counter()
        book.verify()
        verifying = time.perf_counter() - begin
    size = sum(file.stat().st_size for file in folder.glob("bestuur.reg*"))
    print(
        f"{PERSONS} persons: {PERSONS / adding:.0f} added a second, "
        f"{PERSONS / knowing:.0f} known and derived, {PERSONS / verifying:.0f} "
        f"verified, {size / PERSONS:.0f} bytes each"
    )
    gate(
        "adding a person, times as fast as bare inserts", reference / adding, least=0.05
    )
