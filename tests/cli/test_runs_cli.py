"""
The command line over lists of any size: on where it was, and Parquet all the way.
"""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import strategies as our
from children import unmeasured
from commands import RING, Done
from journals import kept
from schools import numbers

from eckid import Hasher, Salt, hash_pgn, parse_pgn
from eckid.exchange.formats.parquet import SEALED
from eckid.scale import unseal_column

POLICY: Final = (
    *("--sector", "po", "--beleid", "leermiddelenketen", "--doel", "gebruik"),
    *("--ontvanger", "uitgever", "--on", "2026-11-24"),
)


def _parquet(path: Path, many: int) -> None:
    rows = range(many)
    columns = {
        "LAS-key": [f"k{n}" for n in rows],
        "BSN": [int(number) for number in numbers(many)],
        "Voornaam": ["Sem"] * many,
    }
    pq.write_table(pa.table(columns), path)


def test_a_killed_hash_goes_on(eckid: Callable[..., Done], tmp_path: Path) -> None:
    """
    It says how many it has, hashes the rest, and takes its journal away.
    """
    many = 16
    _parquet(tmp_path / "lijst.parquet", many)
    command = ("hash", "lijst.parquet", *RING, "--out", "h.parquet", "--memory", "1GiB")
    journal = tmp_path / "h.parquet.journal"
    until = time.monotonic() + 120
    while not kept(journal):  # or it was killed while it wrote the first of them
        with subprocess.Popen(
            [sys.executable, "-m", "eckid", *command], env=unmeasured()
        ) as running:
            # Its first rows are on the disk after a second.
            while not (journal.exists() and journal.stat().st_size):
                assert running.poll() is None, "it was to be killed before it ended"
                assert time.monotonic() < until
                time.sleep(0.02)
            running.kill()
    assert not (tmp_path / "h.parquet").exists()
    many_kept = kept(journal)
    done = eckid(*command)
    assert done.code == 0
    assert f"going on: {many_kept} numbers were hashed before" in done.err
    assert f"rows in {many} = out {many}" in done.out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "h.parquet",
        "h.parquet.refused.csv",
        "h.parquet.report.json",
        "lijst.parquet",
        "ring",
        "secret",
    ]
    table = pq.read_table(tmp_path / "h.parquet")
    opened = unseal_column(table[SEALED], table["key"], sleutelbos=our.RING)
    assert len(opened.refused) == 0
    salt: Salt = our.RING.salt
    every = [parse_pgn(number) for number in numbers(many)]
    found = list(opened.column)
    for n in (0, many - 1):
        assert found[n] == hash_pgn(every[n], salt=salt)
    assert len(set(found)) == many


@pytest.mark.usefixtures("cheap")
def test_parquet_is_hashed_joined_and_released(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    What was hashed once is released again and again, without a number.
    """
    _parquet(tmp_path / "lijst.parquet", 3)
    assert eckid("hash", "lijst.parquet", *RING, "--out", "h.parquet").code == 0
    sealed = pq.read_table(tmp_path / "h.parquet")
    names = pa.table({"key": ["k0", "k1", "k2"], "roepnaam": ["Sem", "Noor", "Zoë"]})
    pq.write_table(names.join(sealed, "key"), tmp_path / "met.parquet")
    release = ("release", "met.parquet", *RING, *POLICY)
    done = eckid(*release, "--out", "u.parquet", "--order", "list")
    assert done.code == 0, done.err
    assert "rows in 3 = out 3" in done.out
    assert "their order tells the list's own" in done.out
    table = pq.read_table(tmp_path / "u.parquet")
    assert sorted(table["roepnaam"].to_pylist()) == ["Noor", "Sem", "Zoë"]
    # The same as of the list itself, by way of its numbers.
    assert eckid("derive", "h.parquet", *RING, *POLICY[:2], "--out", "d.csv").code == 0
    derived = (tmp_path / "d.csv").read_text("utf-8")
    assert all(uri in derived for uri in table["eckid"].to_pylist())
    done = eckid("release", "lijst.parquet", *RING, *POLICY, "--out", "v.parquet")
    assert done.code == 0, done.err
    assert set(pq.read_table(tmp_path / "v.parquet")["eckid"].to_pylist()) == set(
        table["eckid"].to_pylist()
    )
    assert (tmp_path / "u.parquet.receipt.json").exists()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--out", "u.csv", "--order", "list"), "is released as parquet"),
        (("--out", "u.parquet"), "in the order of its rows"),
        (("--out", "u.parquet", "--register", "r"), "only a list of numbers"),
        (("--out", "u.parquet", "--memory", "much"), "such as 1GiB"),
        (("--out", "u.parquet", "--memory", "1TB"), "such as 1GiB"),
    ],
)
def test_what_a_sealed_table_has_not_is_said(
    eckid: Callable[..., Done], tmp_path: Path, more: tuple[str, ...], why: str
) -> None:
    """
    What to do instead, and nothing is written.
    """
    table = pa.table({"key": ["a"], SEALED: [b"x"], "roepnaam": ["Sem"]})
    pq.write_table(table, tmp_path / "met.parquet")
    before = set(tmp_path.iterdir())
    done = eckid("release", "met.parquet", *RING, *POLICY, *more)
    assert done.code in {2, 3}
    assert why in " ".join(done.err.split())
    assert set(tmp_path.iterdir()) == before


def test_check_and_explain_read_parquet(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    As they read any list.
    """
    _parquet(tmp_path / "lijst.parquet", 3)
    assert eckid("check", "lijst.parquet").code == 0
    done = eckid("explain", "lijst.parquet", "--row", "1", *POLICY[2:8])
    assert done.code == 0, done.err
    assert "roepnaam" in done.out


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_an_interrupt_that_a_library_lost_ends_the_run_all_the_same(
    eckid: Callable[..., Done],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """
    At the next row; and no interrupt is left for the next command.
    """

    def loses(*_: object, **how: Any) -> None:  # noqa: ANN401  # as hash_to takes it
        with suppress(KeyboardInterrupt):
            signal.raise_signal(getattr(signal, name))
        how["progress"](1)

    _parquet(tmp_path / "lijst.parquet", 3)
    command = ("hash", "lijst.parquet", *RING, "--out", "h.csv")
    with monkeypatch.context() as patched:
        patched.setattr("eckid.cli.hash.hash_to", loses)
        done = eckid(*command)
    assert done.code == 130
    assert "interrupted; no half file is left" in done.err
    assert eckid(*command).code == 0


@pytest.mark.parametrize("size", ["536870912", "512MiB", "512 mib", "524288K"])
def test_memory_is_said_as_people_write_it(
    eckid: Callable[..., Done],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: str,
) -> None:
    """
    In bytes, or in the units that one knows.
    """
    seen: list[object] = []

    def noted(*_: object, **how: object) -> None:
        assert isinstance(how["hasher"], Hasher)
        seen.append(how["hasher"]._memory)
        raise KeyboardInterrupt

    monkeypatch.setattr("eckid.cli.hash.hash_to", noted)
    _parquet(tmp_path / "lijst.parquet", 3)
    done = eckid("hash", "lijst.parquet", *RING, "--out", "h.csv", "--memory", size)
    assert done.code == 130
    assert seen == [2**29]


@pytest.mark.usefixtures("cheap")
def test_a_table_of_sealed_hpgns_tells_what_a_list_tells(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    The command prints the same of the same pupils, by row and by column.
    """
    _parquet(tmp_path / "lijst.parquet", 3)
    cells = pa.table(
        {
            "key": ["k0", "k1", "k2"],
            "roepnaam": ["Sem", "Noor", "Zoë"],
            "geboortedatum": ["31-02-2015", "1950-01-01", "2016-02-03"],
            "geslacht": ["?", "V", "M"],
            "Achtername": ["Bos", "Smit", "Vos"],
        }
    )
    assert eckid("hash", "lijst.parquet", *RING, "--out", "h.parquet").code == 0
    sealed = pq.read_table(tmp_path / "h.parquet")
    pq.write_table(cells.join(sealed, "key"), tmp_path / "kolom.parquet")
    numbered = cells.append_column("bsn", pa.array([*numbers(3)]))
    pq.write_table(numbered, tmp_path / "rij.parquet")
    told = []
    for kind in ("rij", "kolom"):
        out = ("--out", f"{kind}.uit.parquet", "--order", "list")
        done = eckid("release", f"{kind}.parquet", *RING, *POLICY, *out)
        assert done.code == 0, done.err
        report = json.loads((tmp_path / f"{kind}.uit.parquet.report.json").read_bytes())
        lines = [line for line in done.err.splitlines() if line.startswith("told")]
        told.append((report["told"], sorted(lines)))
    assert told[0] == told[1]
    assert told[0][0]["unread"] == {"geboortedatum": 1, "geslacht": 1}
    assert told[0][0]["age"] == {"geboortedatum": 1}
