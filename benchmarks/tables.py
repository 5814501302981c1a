"""
What does a release of a table cost, and how much memory does it take?

Sealed HPgns and 12 attributes, from Parquet to Parquet, in a process of its own,
beside pandas, which selects columns of the same file in a process of its own and
decides nothing. Beside it pandas, polars and duckdb also compute two HMACs for each
row, as ours does, of the sealed octets as they are: they open no seal. Reading the
file of the ring, slow by intention, is not counted. ``PERSONS=2900000`` is a nation.
"""

import hmac
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from measure import gate

from eckid import (
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    Attribuutbeleid,
    Doel,
    Hasher,
    HPgn,
    Ontvanger,
    Sector,
    Sleutelbos,
)
from eckid.exchange import Herkenning, Ringbron
from eckid.scale import Kolom, run

PERSONS = int(os.environ.get("PERSONS", "200000"))
PART = 50_000
PASSPHRASE = "of a benchmark"  # noqa: S105  # it is drawn here and gone after
FIRST = ("Sem", "Noor", "Zoë", "Youssef", "IJsbrand", "Emma", "Łucja")
LAST = ("Bakker", "Ümit", "IJzerman", "Smit", "O'Neill", "Çelik", "Jansen")
LIKE = HPgn(bytes(32), NUMMERVOORZIENING)


def parts(ring: Sleutelbos) -> Iterator[pa.Table]:
    """
    Yield a table of sealed HPgns and 12 attributes, in parts.
    """
    draw = random.Random(1)  # noqa: S311  # a made-up nation
    for at in range(0, PERSONS, PART):
        rows = range(at, min(PERSONS, at + PART))
        octets = pa.py_buffer(token_bytes(32 * len(rows)))
        hpgns = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(32), len(rows), [None, octets]
        )
        keys = pa.array([f"{row:08}" for row in rows])
        yield pa.table(
            {
                "key": keys,
                "hpgn-verzegeld": Kolom.of(hpgns, LIKE)
                .seal(keys, sleutelbos=ring)
                .column,
                "roepnaam": [draw.choice(FIRST) for _ in rows],
                "voorvoegsel": [draw.choice((None, "", "van")) for _ in rows],
                "achternaam": [draw.choice(LAST) for _ in rows],
                "voorletters-1": [draw.choice("ABC") for _ in rows],
                "geboortedatum": [
                    f"{draw.randrange(2008, 2020)}-0{draw.randrange(1, 10)}-11"
                    for _ in rows
                ],
                "geslacht": [draw.choice("0129") for _ in rows],
                "jaargroep": [draw.choice("12345678") for _ in rows],
                "groep": [f"groep {draw.randrange(1, 9)}a" for _ in rows],
                "emailadres": [f"leerling{row}@school.example" for row in rows],
                "postcode": ["9999 XX" for _ in rows],
                "vestiging": ["00" for _ in rows],
                "leerlingnummer": keys,
            }
        )


def ours(folder: Path, ring: Sleutelbos) -> None:
    """
    Release the table.
    """
    bron = Ringbron(ring, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    who = Herkenning(bron=bron, hasher=Hasher(salt=ring.salt))
    to = Attribuutbeleid.load("leermiddelenketen").voor(
        doel=Doel.GENORMEERDE_TOETS,
        ontvanger=Ontvanger.UITGEVER,
        on=date(2026, 11, 24),
    )
    run(folder / "nation.parquet", folder / "ours.parquet", who=who, to=to)


COLUMNS = ["key", "roepnaam", "voorvoegsel", "achternaam", "geboortedatum"]
SEALED = "hpgn-verzegeld"
KEYS = token_bytes(64), token_bytes(64)
# As much as stands before an HPgn and a stampseudoniem in what is hashed.
BEFORE = bytes(47), bytes(61)


def two_hmacs(octets: bytes) -> str:
    """
    Return as many hex digits, by as many HMACs, as a ketenID takes.
    """
    first = hmac.digest(KEYS[0], BEFORE[0] + octets[:32], "sha512")
    return hmac.digest(KEYS[1], BEFORE[1] + first, "sha512").hex()


def selects(folder: Path, _: Sleutelbos) -> None:
    """
    Select columns of the table.
    """
    import pandas as pd  # noqa: PLC0415  # in its own process alone

    table = pd.read_parquet(folder / "nation.parquet", columns=COLUMNS)
    table.to_parquet(folder / "theirs.parquet")


def pandas(folder: Path, _: Sleutelbos) -> None:
    """
    Select columns, and compute two HMACs for each row.
    """
    import pandas as pd  # noqa: PLC0415  # as above

    table = pd.read_parquet(folder / "nation.parquet", columns=[*COLUMNS, SEALED])
    table["eckid"] = [two_hmacs(octets) for octets in table.pop(SEALED)]
    table.to_parquet(folder / "theirs.parquet")


def polars(folder: Path, _: Sleutelbos) -> None:
    """
    Select columns, and compute two HMACs for each row.
    """
    import polars as pl  # noqa: PLC0415  # as above

    made = pl.col(SEALED).map_elements(two_hmacs, return_dtype=pl.String)
    table = pl.scan_parquet(folder / "nation.parquet")
    table.select(*COLUMNS, made.alias("eckid")).collect().write_parquet(
        folder / "theirs.parquet"
    )


def duckdb(folder: Path, _: Sleutelbos) -> None:
    """
    Select columns, and compute two HMACs for each row.
    """
    import duckdb as db  # noqa: PLC0415  # as above

    with db.connect() as connection:
        connection.create_function("two_hmacs", two_hmacs, ["BLOB"], "VARCHAR")
        table = connection.read_parquet(str(folder / "nation.parquet"))
        table.select(
            f'{", ".join(COLUMNS)}, two_hmacs("{SEALED}") AS eckid'
        ).to_parquet(str(folder / "theirs.parquet"))


WHICH = {each.__name__: each for each in (ours, selects, pandas, polars, duckdb)}


def child(which: str, folder: Path) -> tuple[float, float]:
    """
    Return the seconds and the peak of memory, in bytes, of one of them.
    """
    done = subprocess.run(  # noqa: S603  # our own
        [sys.executable, __file__, which, str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, peak = map(float, done.stdout.split())
    return seconds, peak


def main() -> None:
    """
    Make a table, and measure.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        ring = Sleutelbos.generate(release="2026")
        ring.save(folder / "ring", passphrase=PASSPHRASE)
        writer = None
        for part in parts(ring):
            writer = writer or pq.ParquetWriter(folder / "nation.parquet", part.schema)
            writer.write_table(part)
        if writer is not None:
            writer.close()
        seconds, peak = child("ours", folder)
        selecting, theirs = child("selects", folder)
        others = {
            each: child(each, folder)[0] for each in ("pandas", "polars", "duckdb")
        }
        made = pq.ParquetFile(folder / "ours.parquet").metadata.num_rows
    if made != PERSONS:
        raise SystemExit(f"expected {PERSONS} rows, got {made}")
    print(
        f"{PERSONS} rows: {seconds:.1f} s, {PERSONS / seconds:.0f} a second, "
        f"{peak / 1e6:.0f} MB at most; pandas selects columns in {selecting:.1f} s, "
        f"{theirs / 1e6:.0f} MB"
    )
    for other, taken in others.items():
        print(
            f"  a table, times as fast as {other} with two HMACs: {taken / seconds:.2f}"
        )
    gate("a table, gigabytes at most", peak / 1e9, most=1.0)
    gate(
        "a table, times as long as pandas selects columns",
        seconds / selecting,
        most=60.0,
    )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        where = Path(sys.argv[2])
        held = Sleutelbos.load(where / "ring", passphrase=PASSPHRASE)
        begin = time.perf_counter()
        WHICH[sys.argv[1]](where, held)
        taken = time.perf_counter() - begin
        # In units of 1024 bytes on Linux, of one on macOS.
        unit = 1 if sys.platform == "darwin" else 1024
        print(taken, unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
