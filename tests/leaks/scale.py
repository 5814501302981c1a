"""
Rows of `eckid.scale`.
"""

import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from leaking import (
    HASHER,
    HPGN,
    KEY,
    NUMBER,
    OTHER,
    PGN,
    RING,
    SALT,
    STAM,
    TO,
    WRONG,
    Row,
    untyped,
)

from eckid import LEERMIDDELENKETEN, Sector, exchange, scale
from eckid.scheme import CHEAPEST

NUMBERS: Final = pa.array([NUMBER, WRONG, None, OTHER])
KEYS: Final = pa.array([KEY, "k2", None, "k4"])
KOLOM: Final = scale.hash_column(NUMBERS, hasher=HASHER).column
TABLE: Final = pa.table(
    {"key": KEYS, "hpgn-verzegeld": KOLOM.seal(KEYS, sleutelbos=RING).column}
)
SECRET_WORDS: Final = "een zin"
_COLUMNS: Final = dict(
    zip(TABLE.column_names, (c.combine_chunks() for c in TABLE.columns), strict=True)
)
BRON: Final = exchange.Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
WHO: Final = exchange.Herkenning(bron=BRON, hasher=HASHER)
AS_LISTED: Final = exchange.Shape(order="list", replace=True)


def ran(**how: Any) -> scale.Run:  # noqa: ANN401  # as run takes it
    """
    Run over the list in the folder, and return what it wrote.
    """
    return scale.run("README.md", "u.csv", **{"who": WHO, "shape": AS_LISTED, **how})


def journalled() -> list[object]:
    """
    Return a journal, and what stands in its file while a run goes on.
    """
    with TemporaryDirectory() as folder:
        out, source = Path(folder, "u.csv"), Path("README.md")
        how: dict[str, Any] = {"sleutelbos": RING, "scheme": CHEAPEST}
        rij = next(iter(exchange.read(source, format="csv")))
        assert isinstance(rij, exchange.Rij)
        told: list[object] = []
        with suppress(Stop), scale.kept_beside(out, source, **how) as journal:
            journal.keep(rij, HPGN)
            told.append(journal)
            raise Stop
        told += [file.read_bytes() for file in Path(folder).iterdir()]
        with scale.kept_beside(out, source, **how) as journal:
            told.append(journal.known(rij))
        return told


def sealed_to(**how: Any) -> scale.Run:  # noqa: ANN401  # as release_sealed_to takes it
    """
    Release the table to a file, and return what was written.
    """
    file = io.BytesIO()
    pq.write_table(TABLE.append_column("roepnaam", NUMBERS), file)
    table = exchange.hold(io.BytesIO(file.getvalue()), format="parquet")
    assert isinstance(table, exchange.Parquet)
    given = {"who": WHO, "to": TO, "shape": AS_LISTED, **how}
    return scale.release_sealed_to(Path("u.parquet"), table, **given)


BATCH: Final = pa.RecordBatch.from_pydict(
    {"nr": range(4), "bsn": NUMBERS, "key": KEYS, "roepnaam": [f"a {NUMBER}"] * 4}
)


def ringbestand(**how: Any) -> scale.Ringbestand:  # noqa: ANN401  # as it takes them
    """
    Return where the ring of these rows lies.
    """
    made = {"path": "bos.ring", "passphrase_file": "zin", "scheme": CHEAPEST, **how}
    return scale.Ringbestand(keten=LEERMIDDELENKETEN, sector=Sector.PO, **made)


def batches(work: Any, batch: pa.RecordBatch, **how: Any) -> list[pa.RecordBatch]:  # noqa: ANN401  # of scale
    """
    Return what a worker makes of a batch, with a ring that it opens by itself.
    """
    with TemporaryDirectory() as folder:
        path, words = Path(folder, "bos.ring"), Path(folder, "zin")
        words.write_text(SECRET_WORDS)
        RING.save(path, passphrase=SECRET_WORDS)
        ring = ringbestand(path=path, passphrase_file=words)
        return list(work([batch], **{"ring": ring, "row": "nr", **how}))


class Stop(Exception):  # noqa: N818  # it is no error
    """
    What ends a run in the middle.
    """


def kept_with(**how: Any) -> object:  # noqa: ANN401  # as kept_beside takes it
    """
    Return a journal that is kept for the list.
    """
    with scale.kept_beside(Path("u.csv"), Path("README.md"), **how) as journal:
        return journal


ROWS: Final[Mapping[str, Row]] = {
    "Kolom": Row(
        lambda: [KOLOM, scale.Kolom([STAM, None]), KOLOM.seal(KEYS, sleutelbos=RING)],
        (
            untyped(scale.Kolom, [NUMBER]),
            lambda: scale.Kolom([HPGN, STAM]),
            lambda: KOLOM.seal(pa.array([NUMBER]), sleutelbos=RING),
            untyped(KOLOM.seal, KEYS, sleutelbos=NUMBER),
            lambda: pa.array(KOLOM),
        ),
    ),
    "Gemaakt": Row(lambda: scale.hash_column(NUMBERS, hasher=HASHER)),
    "hash_column": Row(
        lambda: [
            *scale.hash_column(NUMBERS, hasher=HASHER),
            *scale.hash_column(
                np.array([NUMBER, 7, b"x"], dtype=object), hasher=HASHER
            ),
        ],
        (
            untyped(scale.hash_column, NUMBER, hasher=HASHER),
            untyped(scale.hash_column, NUMBERS, hasher=NUMBER),
            lambda: scale.hash_column([NUMBER], hasher=HASHER),
            lambda: scale.hash_column(pa.array([NUMBER.encode()]), hasher=HASHER),
            lambda: scale.hash_column(NUMBERS, hasher=HASHER, attributen=NUMBER),
        ),
    ),
    "unseal_column": Row(
        lambda: list(
            scale.unseal_column(
                KOLOM.seal(KEYS, sleutelbos=RING).column, KEYS, sleutelbos=RING
            )
        ),
        (
            lambda: scale.unseal_column(NUMBERS, pa.array(["k"]), sleutelbos=RING),
            untyped(scale.unseal_column, NUMBER, KEYS, sleutelbos=RING),
        ),
    ),
    "derive_column": Row(
        lambda: scale.derive_column(KOLOM, bron=BRON),
        (
            lambda: scale.derive_column(NUMBERS, bron=BRON),
            untyped(scale.derive_column, KOLOM, bron=NUMBER),
            lambda: scale.derive_column(KOLOM, bron=exchange.Ringbron(RING)),
        ),
    ),
    "Vrijgegeven": Row(
        lambda: list(scale.release_table(TABLE, who=WHO, to=TO)),
    ),
    "release_table": Row(
        lambda: scale.release_table(
            TABLE.append_column("roepnaam", NUMBERS), who=WHO, to=TO
        ),
        (
            lambda: scale.release_table(NUMBER, who=WHO, to=TO),
            lambda: scale.release_table(pa.table({"bsn": NUMBERS}), who=WHO, to=TO),
            untyped(scale.release_table, TABLE, who=NUMBER, to=TO),
            untyped(scale.release_table, TABLE, who=WHO, to=NUMBER),
            untyped(scale.release_table, TABLE, who=WHO, to=TO, wie=NUMBER),
        ),
    ),
    "Ringbestand": Row(
        ringbestand,
        (
            untyped(ringbestand, scheme=NUMBER),
            untyped(ringbestand, passphrase_env=NUMBER),
            untyped(ringbestand, passphrase_file=PGN),
            lambda: ringbestand().sleutelbos(),
        ),
    ),
    "hash_batches": Row(
        lambda: batches(scale.hash_batches, BATCH, memory=2**20)[0].select(
            ["nr", "hpgn-verzegeld", "reason"]
        ),
        (
            untyped(batches, scale.hash_batches, BATCH, memory=NUMBER),
            untyped(batches, scale.hash_batches, BATCH, memory=1, ring=NUMBER),
            untyped(batches, scale.hash_batches, BATCH, memory=1, row="roepnaam"),
            untyped(batches, scale.hash_batches, BATCH, memory=1, workers=NUMBER),
            untyped(batches, scale.hash_batches, [NUMBER], memory=1),
        ),
    ),
    "derive_batches": Row(
        lambda: batches(
            scale.derive_batches,
            pa.RecordBatch.from_pydict({"nr": range(4), **_COLUMNS}),
        ),
        (
            untyped(batches, scale.derive_batches, BATCH),
            untyped(batches, scale.derive_batches, BATCH, ring=NUMBER),
        ),
    ),
    "run": Row(
        lambda: [path.read_bytes() for path in ran().files if path.exists()],
        (
            lambda: ran(format=NUMBER),
            lambda: ran(who=SALT),
            lambda: ran(to=NUMBER),
            lambda: ran(headings={"a": NUMBER}),
        ),
    ),
    "release_sealed_to": Row(
        sealed_to,
        (
            lambda: sealed_to(who=NUMBER),
            lambda: sealed_to(to=NUMBER),
            lambda: sealed_to(shape=exchange.Shape(order="list", format=NUMBER)),
            untyped(scale.release_sealed_to, Path("u.parquet"), PGN, who=WHO, to=TO),
        ),
    ),
    "kept_beside": Row(
        journalled,
        (
            untyped(lambda: kept_with(sleutelbos=NUMBER, scheme=CHEAPEST)),
            untyped(lambda: kept_with(sleutelbos=RING, scheme=NUMBER)),
        ),
    ),
}
