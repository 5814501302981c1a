"""
Runs that go on where they were: nothing is hashed twice, and nothing differs.
"""

import csv
import io
import os
import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
import strategies as our
from children import unmeasured
from journals import kept
from schools import numbers
from workbooks import xlsx
from written import plain

from eckid import (
    Bestemming,
    ExchangeError,
    HPgn,
    Scheme,
    Sector,
    Sleutelbos,
    hash_pgn,
    parse_pgn,
)
from eckid.exchange import Geheugen, Herkenning, Rij, Ringbron, Shape, hold, look
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.formats.source import Source
from eckid.hashing import Hasher
from eckid.scale import Kolom, Run, hash_column, kept_beside, run
from eckid.scale.journal import journal_at, journal_of, mark_of
from eckid.scheme import ARGON2ID, CHEAPEST

TO: Final = roads.to(on=date(2026, 11, 24))
OWNER_ONLY: Final = 0o600 if os.name == "posix" else 0o666
ROWS: Final = 700


@pytest.fixture
def lijst(tmp_path: Path) -> Path:
    """
    A list of 700, of which two are refused.
    """
    path = tmp_path / "lijst.csv"
    rows = [f"{n};Sem;Bakker;{number}" for n, number in enumerate(numbers(ROWS - 2))]
    rows[5:5] = ["x1;Sem;Bakker;063138218"]
    rows.append("x2;Noor 999900006;Smit;063138219")
    path.write_text("\n".join(["key;roepnaam;achternaam;bsn", *rows]), "utf-8")
    return path


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """
    How many numbers each list of a run hashed.
    """
    many: list[int] = []
    true = Hasher.each

    def counted(hasher: Hasher, pgns: Any, **how: Any) -> Any:  # noqa: ANN401
        every = list(pgns)
        many.append(len(every))
        return true(hasher, every, **how)

    monkeypatch.setattr(Hasher, "each", counted)
    return many


def knows(sleutelbos: Sleutelbos = our.RING, scheme: Scheme = CHEAPEST) -> Herkenning:
    """
    Return who the persons of these lists are.
    """
    return roads.who(sleutelbos, sector=Sector.VO, scheme=scheme)


def _run(
    source: Path | Source,
    out: Path,
    *,
    to: Bestemming | None = None,
    who: Herkenning | None = None,
    **how: Any,  # noqa: ANN401  # as run takes it
) -> Run:
    return run(source, out, who=who or knows(), to=to, **how)


class Stop(Exception):  # noqa: N818  # it is no error
    """
    What ends a run in the middle.
    """


def _ends_at(row: int) -> Callable[[int, int], None]:
    def progress(done: int, _: int) -> None:
        if done == row:
            raise Stop

    return progress


@pytest.mark.parametrize("to", [None, TO])
def test_what_was_hashed_is_not_hashed_again(
    lijst: Path, tmp_path: Path, hashed: list[int], to: Bestemming | None
) -> None:
    """
    A run that ended in the middle goes on, and its journal is gone at the end.
    """
    out = tmp_path / "out.csv"
    with pytest.raises(Stop) as stopped:
        _run(lijst, out, to=to, progress=_ends_at(500))
    assert stopped.value.__notes__ == [
        (
            f"What was hashed is kept, sealed, in {journal_of(out)}: "
            "the same run again goes on from there"
        )
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "lijst.csv",
        "out.csv.journal",
    ]
    assert stat.S_IMODE(journal_of(out).stat().st_mode) == OWNER_ONLY
    hashed.clear()
    done = _run(lijst, out, to=to)
    assert 0 < sum(hashed) <= 200
    assert not journal_of(out).exists()
    assert done.report.rows_in == ROWS
    assert done.report.refused.total() == (2 if to else 1)


def test_a_journal_has_no_hpgn_in_clear(lijst: Path, tmp_path: Path) -> None:
    """
    Neither as octets nor as hex, and no number; only the ring opens it.
    """
    out = tmp_path / "out.csv"
    with pytest.raises(Stop):
        _run(lijst, out, progress=_ends_at(ROWS - 1))
    octets = journal_of(out).read_bytes()
    for number in list(numbers(ROWS - 2)):
        hpgn = hash_pgn(parse_pgn(number), salt=our.PUBLISHED_SALT, scheme=CHEAPEST)
        assert number.encode() not in octets
        assert hpgn.expose().encode() not in octets
        assert bytes.fromhex(hpgn.expose()) not in octets
    assert kept(journal_of(out)) == ROWS - 2


@pytest.mark.parametrize(
    "other", ["list", "ring", "scheme", "heading", "file", "damaged"]
)
def test_a_journal_of_another_run_is_refused(
    lijst: Path, tmp_path: Path, other: str
) -> None:
    """
    It says to remove it, and nothing is written.
    """
    out = tmp_path / "out.csv"
    with pytest.raises(Stop):
        _run(lijst, out, progress=_ends_at(500))
    how: dict[str, Any] = {}
    match other:
        case "list":
            lijst.write_text(lijst.read_text("utf-8") + "\n", "utf-8")
        case "ring":
            how["who"] = knows(Sleutelbos.generate(release="2026"))
        case "scheme":
            how["who"] = knows(scheme=ARGON2ID)
        case "heading":
            how["headings"] = {"nummer": "bsn"}
        case "file":
            journal_of(out).write_text("something of somebody's " * 400)
        case "damaged":
            journal_of(out).write_bytes(journal_of(out).read_bytes()[:5000])
    with pytest.raises(
        ExchangeError, match=r"out\.csv\.journal: expected .* remove it"
    ):
        _run(lijst, out, **how)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "lijst.csv",
        "out.csv.journal",
    ]


def test_a_journal_of_a_later_form_is_refused_and_stays(
    lijst: Path, tmp_path: Path, hashed: list[int]
) -> None:
    """
    What it holds is not guessed at, also where it names this list.
    """
    out = tmp_path / "out.csv"
    with pytest.raises(Stop):
        _run(lijst, out, progress=_ends_at(500))
    with closing(sqlite3.connect(journal_of(out))) as rows:
        rows.execute("PRAGMA user_version = 2")
    octets = journal_of(out).read_bytes()
    hashed.clear()
    with pytest.raises(ExchangeError, match="form 1, got 2: made by a newer eckid"):
        _run(lijst, out)
    assert journal_of(out).read_bytes() == octets
    assert (hashed, out.exists()) == ([], False)


def test_what_a_run_left_that_was_killed_at_once_is_taken_away(
    lijst: Path, tmp_path: Path
) -> None:
    """
    Also where nothing had come into its journal yet; another's drafts stay.
    """
    out = tmp_path / "out.csv"
    journal_of(out).touch()
    names = ("out.csv", "out.csv.refused.csv", "other.csv")
    mine, also, other = (tmp_path / f".{name}.0123456789ab" for name in names)
    for draft in (mine, also, other):
        draft.touch()
    _run(lijst, out)
    assert [path.exists() for path in (mine, also, other)] == [False, False, True]
    assert not journal_of(out).exists()


def test_hashing_alone_asks_for_no_sector(lijst: Path, tmp_path: Path) -> None:
    """
    Which chain a ketenID is of is asked where one is made; two keepers never are.
    """
    who = Herkenning(bron=Ringbron(our.RING), hasher=roads.hasher())
    assert _run(lijst, tmp_path / "out.csv", who=who).report.rows_out == ROWS - 1
    with pytest.raises(TypeError, match="keten: expected Keten"):
        _run(lijst, tmp_path / "other.csv", who=who, to=TO)
    kept_twice = roads.who(bewaard=Geheugen())
    with pytest.raises(ValueError, match="expected no keeper beside the journal"):
        _run(lijst, tmp_path / "other.csv", who=kept_twice)


def test_two_runs_do_not_write_one_journal(lijst: Path, tmp_path: Path) -> None:
    """
    Who comes second is told so at once.
    """
    out = tmp_path / "out.csv"
    mark = mark_of(lijst, sleutelbos=our.RING, scheme=CHEAPEST)
    with (
        journal_at(journal_of(out), mark=mark, sleutelbos=our.RING),
        pytest.raises(ExchangeError, match="another run is writing it"),
    ):
        _run(lijst, out)
    _run(lijst, out)


def test_what_does_not_open_is_hashed_again(
    lijst: Path, tmp_path: Path, hashed: list[int]
) -> None:
    """
    A row of the journal that stands at another row is nobody's.
    """
    out = tmp_path / "out.csv"
    with pytest.raises(Stop):
        _run(lijst, out, to=TO, progress=_ends_at(ROWS))
    with closing(sqlite3.connect(journal_of(out))) as rows, rows:
        rows.execute(
            "UPDATE hpgn SET sealed = (SELECT sealed FROM hpgn WHERE record = 2) "
            "WHERE record = 1"
        )
        rows.execute("UPDATE hpgn SET sealed = 7 WHERE record = 3")
    hashed.clear()
    _run(lijst, out, to=TO)
    assert sum(hashed) == 2
    other = tmp_path / "other.csv"
    _run(lijst, other, to=TO)
    assert out.read_bytes() == other.read_bytes()


def test_a_list_that_changes_meanwhile_gives_nobody_anothers_hpgn(
    lijst: Path, tmp_path: Path
) -> None:
    """
    Not even where it changes after the journal was found to be its own.
    """
    mark = mark_of(lijst, sleutelbos=our.RING, scheme=CHEAPEST)
    one, other = (parse_pgn(number) for number in our.SAFE_BSNS[:2])
    hpgn = HPgn(bytes(32), CHEAPEST)
    path = journal_of(tmp_path / "out.csv")
    with ExitStack() as opened:
        journal = opened.enter_context(journal_at(path, mark=mark, sleutelbos=our.RING))
        journal.keep(Rij(1, 2, one, "bsn", {}), hpgn)
        with suppress(Stop):
            opened.pop_all().__exit__(Stop, Stop(), None)
    with journal_at(path, mark=mark, sleutelbos=our.RING) as journal:
        assert journal.known(Rij(1, 2, one, "bsn", {})) == hpgn
        assert journal.known(Rij(1, 2, other, "bsn", {})) is None
        assert journal.known(Rij(2, 3, one, "bsn", {})) is None


def test_what_another_list_sealed_does_not_open(
    lijst: Path, tmp_path: Path, hashed: list[int]
) -> None:
    """
    Rows of its journal, put into this one's, are nobody's.
    """
    other = tmp_path / "other.csv"
    other.write_text(lijst.read_text("utf-8") + "\n", "utf-8")
    for source in (lijst, other):
        with pytest.raises(Stop):
            _run(source, tmp_path / f"{source.stem}.out", progress=_ends_at(ROWS))
    with closing(sqlite3.connect(journal_of(tmp_path / "lijst.out"))) as rows, rows:
        rows.execute("ATTACH ? AS other", [str(journal_of(tmp_path / "other.out"))])
        rows.execute("DELETE FROM hpgn")
        rows.execute("INSERT INTO hpgn SELECT * FROM other.hpgn")
    hashed.clear()
    done = _run(lijst, tmp_path / "lijst.out")
    assert sum(hashed) == done.report.rows_out


def test_a_file_in_the_way_is_said_before_anything_is_hashed(
    lijst: Path, tmp_path: Path, hashed: list[int]
) -> None:
    """
    And replaced where that was asked for.
    """
    out = tmp_path / "out.csv"
    _run(lijst, out)
    hashed.clear()
    with pytest.raises(FileExistsError, match="expected no such file"):
        _run(lijst, out)
    assert hashed == []
    assert not journal_of(out).exists()
    # Another format of it is another run, with side files of its own.
    _run(lijst, tmp_path / "out.parquet")
    _run(lijst, out, shape=Shape(replace=True))


@pytest.mark.parametrize("name", ["lijst.csv", "link.csv", "second.csv", "{}.journal"])
def test_a_run_never_writes_over_what_it_reads(
    lijst: Path, tmp_path: Path, name: str
) -> None:
    """
    Under whatever name the list stands there, and its journal is written too.
    """
    (tmp_path / "link.csv").symlink_to(lijst)
    (tmp_path / "second.csv").hardlink_to(lijst)
    out, source = tmp_path / name, lijst
    if name.startswith("{}"):
        source = tmp_path / name.format("out.csv")
        source.touch()  # as an empty journal is, which a run takes away
        out = tmp_path / "out.csv"
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ExchangeError, match="another file than what is read"):
        _run(source, out, format="csv", shape=Shape(replace=True))
    if source != lijst:
        how: dict[str, Any] = {"sleutelbos": our.RING, "scheme": CHEAPEST}
        with (
            pytest.raises(ExchangeError, match="another file than what is read"),
            kept_beside(out, source, **how),
        ):
            pytest.fail("the journal was opened")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("planted", ["link", "database"])
def test_a_journal_is_made_in_no_file_of_anothers(
    lijst: Path, tmp_path: Path, planted: str
) -> None:
    """
    Not through a link, and not in a database that has tables of its own.
    """
    out, other = tmp_path / "out.csv", tmp_path / "other"
    with closing(sqlite3.connect(other)) as rows, rows:
        if planted == "database":
            rows.execute("CREATE TABLE theirs (a)")
    if planted == "link":
        journal_of(out).symlink_to(other)
    else:
        other.rename(journal_of(out))
        other = journal_of(out)
    before = other.read_bytes()
    with pytest.raises(ExchangeError, match="expected a journal"):
        _run(lijst, out)
    assert other.read_bytes() == before
    assert not out.exists()


def _layout(path: Path) -> list[list[object]]:
    """
    Return what the metadata of a Parquet file say of its groups and pages.
    """
    meta = pq.read_metadata(path)
    groups = [meta.row_group(n) for n in range(meta.num_row_groups)]
    return [
        [group.num_rows]
        + [
            (column.total_uncompressed_size, column.total_compressed_size)
            for column in map(group.column, range(meta.num_columns))
        ]
        for group in groups
    ]


def test_the_layout_of_a_released_table_does_not_tell_what_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The same rows out give the same file, wherever others stood between them.
    """
    for module in ("eckid.exchange.formats.parquet", "eckid.scale.tables"):
        monkeypatch.setattr(f"{module}.PART", 64)
    made = hash_column(pa.array(list(numbers(300))), hasher=roads.hasher()).column
    keys = [f"k{n}" for n in range(300)]
    table = pa.table(
        {
            "key": keys,
            SEALED: made.seal(pa.array(keys), sleutelbos=our.RING).column,
            "roepnaam": [f"Sem {n}" for n in range(300)],
        }
    )
    spoilt = pa.array([b"x"] * 90)
    wrong = table.slice(0, 90).set_column(1, SEALED, spoilt)
    wrong = wrong.set_column(0, "key", pa.array([f"w{n}" for n in range(90)]))
    told = []
    for name, lists in (
        ("plain", [table]),
        ("first", [wrong, table]),
        ("between", [table.slice(0, 10), wrong, table.slice(10)]),
    ):
        pq.write_table(pa.concat_tables(lists), tmp_path / f"{name}.parquet")
        out = tmp_path / f"{name}.out.parquet"
        run = _run(tmp_path / f"{name}.parquet", out, to=TO)
        assert run.report.rows_out == 300
        told.append((_layout(out), out.read_bytes()))
    assert told[0] == told[1] == told[2]
    assert [group[0] for group in told[0][0]] == [64, 64, 64, 64, 44]


def test_rows_keep_the_order_of_the_list(lijst: Path, tmp_path: Path) -> None:
    """
    Unless another is asked for; the report names it.
    """
    made = _run(lijst, tmp_path / "list.csv", to=TO)
    assert made.report.about["order"] == "list"
    other = Shape(order="identifier")
    sorted_ = _run(lijst, tmp_path / "other.csv", to=TO, shape=other)
    assert sorted_.report.about["order"] == "identifier"
    rows, others = (
        (tmp_path / name).read_text("utf-8").splitlines()
        for name in ("list.csv", "other.csv")
    )
    assert rows != others
    assert rows[0] == others[0]
    assert sorted(rows[1:]) == others[1:]


def test_parquet_and_csv_give_the_same(lijst: Path, tmp_path: Path) -> None:
    """
    A list as either, released as either, by way of sealed HPgns or not.
    """
    with lijst.open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file, delimiter=";"))
    table = pa.table({n: [row[n] for row in cells] for n in cells[0]})
    pq.write_table(table, tmp_path / "lijst.parquet")
    _run(lijst, tmp_path / "a.csv", to=TO)
    _run(lijst, tmp_path / "b.parquet", to=TO)
    _run(tmp_path / "lijst.parquet", tmp_path / "c.csv", to=TO)
    _run(tmp_path / "lijst.parquet", tmp_path / "d.parquet", to=TO)
    _run(tmp_path / "lijst.parquet", tmp_path / "sealed.parquet")
    sealed = pq.read_table(tmp_path / "sealed.parquet")
    assert sealed.column_names == ["key", SEALED]
    assert sealed.num_rows == ROWS - 1
    with_names = table.drop_columns(["bsn"]).join(sealed, "key").sort_by("key")
    pq.write_table(with_names, tmp_path / "joined.parquet")
    made = _run(tmp_path / "joined.parquet", tmp_path / "e.parquet", to=TO)
    assert made.report.rows_out == ROWS - 2
    texts = (tmp_path / "a.csv").read_bytes()
    assert (tmp_path / "c.csv").read_bytes() == texts
    first = pq.read_table(tmp_path / "b.parquet")
    assert pq.read_table(tmp_path / "d.parquet") == first
    assert pq.read_table(tmp_path / "e.parquet").sort_by("eckid") == first.sort_by(
        "eckid"
    )
    rows = [";".join(c or "" for c in row.values()) for row in first.to_pylist()]
    assert plain(tmp_path / "a.csv").split("\n")[1:] == rows


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 1]])
def test_a_table_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, order: list[int]
) -> None:
    """
    Else a name went under another's ketenID, or a row was lost.
    """
    keys = pa.array(["a", "b", "c"])
    hpgns = Kolom([HPgn(bytes([n] * 32), CHEAPEST) for n in range(3)])
    sealed = hpgns.seal(keys, sleutelbos=our.RING).column
    table = pa.table({"key": keys, SEALED: sealed, "roepnaam": ["Sem", "Noor", "Tom"]})
    source, out = tmp_path / "t.parquet", tmp_path / "u.parquet"
    pq.write_table(table, source)

    def progress(done: int, _: int) -> None:
        if done == len(table):  # read once
            pq.write_table(table.take(order), source)

    with pytest.raises(ExchangeError, match="changed while it was read"):
        _run(source, out, to=TO, progress=progress)
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]
    pq.write_table(table, source)
    assert _run(source, out, to=TO).report.rows_out == 3


_KILLED: Final = """
import sys
from pathlib import Path
from test_runs import TO, knows
from eckid import Sleutelbos
from eckid.scale import journal, run

if __name__ == "__main__":
    source, ring, out = map(Path, sys.argv[1:4])
    journal._EVERY = float(sys.argv[4])
    keys = Sleutelbos.load(ring, passphrase="of a test")

    def progress(done, many):
        if done % 100 == 0:
            print(done, flush=True)
        if done == many:  # who is to be killed does not end before
            sys.stdin.read()

    run(source, out, who=knows(keys), to=TO, progress=progress)
"""


@pytest.mark.parametrize(
    ("many", "kills", "every"),
    [(3_000, 3, 0.01), pytest.param(200_000, 10, 1.0, marks=pytest.mark.long)],
)
def test_killed_again_and_again_it_ends_with_the_same_bytes(
    tmp_path: Path, many: int, kills: int, every: float
) -> None:
    """
    However often and wherever it is killed, every file of the run is the same.
    """
    draw = random.Random(6)  # noqa: S311  # places
    lijst = tmp_path / "lijst.csv"
    with lijst.open("w", encoding="utf-8") as file:
        file.write("key;roepnaam;achternaam;bsn\n")
        for n in range(many):
            body = f"9{draw.randrange(10_000_000):07}"
            number = our.with_check_digit(body, 0) or f"{body}0"
            file.write(f"{n};Sem;Bakker;{number}\n")
    ring = tmp_path / "ring"
    our.RING.save(ring, passphrase="of a test")
    script = tmp_path / "killed.py"
    script.write_text(_KILLED)
    command = [sys.executable, str(script), str(lijst), str(ring)]
    here = unmeasured() | {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])
    }

    folders = [tmp_path / "once", tmp_path / "killed"]
    for folder in folders:
        folder.mkdir()
    once, out = (folder / "out.csv" for folder in folders)
    many_kept = [0]
    # By rows, not by seconds: how fast the machine is just now does not matter.
    # Each writes on while it is killed, and the last is half way or further.
    part = many // 2 // kills
    rows = [part * (n + 1) + draw.randrange(part) for n in range(kills)]
    for row in rows:
        with subprocess.Popen(
            [*command, str(out), str(every)],
            env=here,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as running:
            assert running.stdout is not None
            next(line for line in running.stdout if int(line) >= row)
            running.kill()
        assert not list(out.parent.glob("[!.]*.csv"))
        many_kept.append(kept(journal_of(out)))
    # What is hashed stays hashed, and is more every time that there is time.
    assert many_kept == sorted(many_kept)
    assert many_kept[-1] > many // 4
    for path in (once, out):
        subprocess.run(
            [*command, str(path), str(every)],
            env=here,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    for path in once.parent.iterdir():
        assert (out.parent / path.name).read_bytes() == path.read_bytes(), path.name
    # Nor is anything else left of those that were killed.
    names = [{path.name for path in folder.iterdir()} for folder in folders]
    assert names[0] == names[1]


def _sheets(path: Path) -> Path:
    """
    Write a workbook of two classes, with days that can be read in two orders.
    """

    def change(book: Any, sheet: Any) -> None:  # noqa: ANN401  # of openpyxl
        sheet.title = "6A"
        other = book.create_sheet("6B")
        other.append(["key", "bsn", "roepnaam", "geboortedatum"])
        other.append(["k2", "063138219", "Noor", "03-02-2016"])

    rows = [
        ["key", "bsn", "roepnaam", "geboortedatum"],
        ["k1", "111222333", "Sem", "03-02-2016"],
    ]
    path.write_bytes(xlsx(rows, change))
    return path


DATED: Final = roads.to("smalle-set-2.2", on=date(2026, 11, 24))


def test_a_run_has_the_sheet_and_the_days_that_the_command_has(tmp_path: Path) -> None:
    """
    A list that `look` opened is run as it was opened, for hashing and releasing alike.
    """
    book = _sheets(tmp_path / "klassen.xlsx")
    out = tmp_path / "u.csv"
    for order, born in (("dmy", "2016-02-03"), ("mdy", "2016-03-02")):
        for sheet, naam in (("6A", "Sem"), ("6B", "Noor")):
            made = _run(
                look(book, sheet=sheet, days=order),
                out,
                to=DATED,
                shape=Shape(replace=True),
            )
            assert made.report.rows_out == 1
            assert f";{naam};{born}" in plain(out)
    with pytest.raises(ExchangeError, match="say which with --days"):
        _run(book, out, to=DATED, shape=Shape(replace=True))
    _run(look(book, sheet="6B", days="dmy"), tmp_path / "h.csv")
    assert "k2;" in plain(tmp_path / "h.csv")


def test_a_run_that_was_stopped_goes_on_with_a_list_that_was_opened(
    tmp_path: Path, hashed: list[int]
) -> None:
    """
    Its journal is of the file; of another sheet no row gets the HPgn of this one.
    """
    book = _sheets(tmp_path / "klassen.xlsx")
    for sheet in ("6A", "6B"):
        with pytest.raises(Stop):
            _run(
                look(book, sheet=sheet, days="dmy"),
                tmp_path / "u.csv",
                progress=_ends_at(1),
            )
    done = _run(look(book, sheet="6B", days="dmy"), tmp_path / "u.csv")
    assert (done.report.rows_out, sum(hashed)) == (1, 2)


@pytest.mark.parametrize("how", [{"headings": {}}, {"format": "csv"}, None])
def test_a_list_that_is_opened_is_a_file_and_was_told_how_to_read(
    lijst: Path, tmp_path: Path, how: dict[str, Any] | None
) -> None:
    """
    A stream has no journal, and nothing is told twice.
    """
    source = hold(io.BytesIO(b"key;bsn\n")) if how is None else look(lijst)
    with pytest.raises(ValueError, match="expected"):
        _run(source, tmp_path / "u.csv", **(how or {}))


def test_a_sheet_is_of_a_workbook_alone(lijst: Path, tmp_path: Path) -> None:
    """
    Of any other list it is refused, and the message says what to do.
    """
    with pytest.raises(ExchangeError, match="only a workbook has sheets: leave it out"):
        _run(look(lijst, sheet="6A"), tmp_path / "u.csv")
