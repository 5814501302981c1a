"""
Results into files: together or not at all, for the owner only, nothing run.
"""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import damage
import parties as our
import pytest
import roads
from children import unmeasured
from damage import HEADINGS, damaged, listed, told
from strategies import PUBLISHED_SALT, RING
from written import plain

from eckid import (
    LEERMIDDELENKETEN,
    Doel,
    ExchangeError,
    KetenID,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Vrijgave,
    derive_ketenid,
)
from eckid._core.whole import with_beside
from eckid.exchange import (
    Ontvangen,
    Received,
    Report,
    Rij,
    RijReden,
    Weigering,
    as_rows,
    files_of,
    look,
    release_list,
    write,
    write_results,
)
from eckid.exchange.formats.drawing import misfit_of
from eckid.exchange.formats.kinds import Format
from eckid.exchange.results.files import check_apart

OWNER_ONLY = 0o600 if os.name == "posix" else 0o666
SMALL = (
    "BSN;Voornaam;Achternaam\n"
    '111222333;Jan;"de ""Groot""; Bos\nhuis"\n'
    "063138218;Piet;Bos\n"
    "63138219;Zoë;Bos\n"
)


def _released(
    source: Iterable[Rij | Weigering],
    *,
    sleutelbos: Sleutelbos = RING,
    **asked: Any,  # noqa: ANN401  # handed on
) -> Iterator[Vrijgave | Weigering]:
    return release_list(source, who=roads.who(sleutelbos), to=roads.to(**asked))


def _vrijgaven(text: str, **other: Any) -> list[Vrijgave]:  # noqa: ANN401  # handed on
    found = _released(listed(text), on=date(2026, 11, 24), **other)
    return [row for row in found if isinstance(row, Vrijgave)]


def _one(**attributen: str) -> Vrijgave:
    """
    Return a release of what no list would have let through.
    """
    (sound,) = _vrijgaven("BSN\n111222333\n")
    return roads.to().release({"eckid": sound.released["eckid"], **attributen})


def _cells(vrijgave: Vrijgave) -> tuple[str, str]:
    ketenid = vrijgave.released["eckid"]
    assert isinstance(ketenid, KetenID)
    return ketenid.uri, str(vrijgave.released.get("roepnaam", ""))


def _write_all(
    out: Path,
    between: Callable[[int], object] = int,
    *,
    text: str = SMALL,
    replace: bool = False,
) -> None:
    """
    Write a list's releases, and do something before each of them.
    """
    report = Report({})

    def results() -> Iterator[Vrijgave | Weigering]:
        for n, result in enumerate(_released(report.reading(listed(text)))):
            between(n)
            yield result

    write_results(
        results(),
        files_of(out, rehearsal=False),
        draw=as_rows(Path("uit.csv"), ("eckid", "roepnaam"), _cells),
        report=report,
        replace=replace,
    )


def test_the_files_of_a_run_appear_together(tmp_path: Path) -> None:
    """
    Release, refusals and report stand beside each other, and nothing else does.
    """
    _write_all(tmp_path / "uit.csv")
    names = {"uit.csv", "uit.csv.refused.csv", "uit.csv.report.json"}
    assert {path.name for path in tmp_path.iterdir()} == names
    # The second record begins on line 4, for the first has two lines.
    assert plain(tmp_path / "uit.csv.refused.csv").split("\n") == [
        "record;line;column;attribuut;reason;meaning",
        "2;4;1;;elfproef;the number fails the elfproef",
    ]


def test_the_files_are_for_the_owner_from_before_the_first_byte(
    tmp_path: Path,
) -> None:
    """
    While they are written, and when they stand, nobody else may read them.
    """
    modes: list[int] = []

    def look_on(_: int) -> None:
        modes.extend(path.stat().st_mode & 0o777 for path in tmp_path.iterdir())

    _write_all(tmp_path / "uit.csv", look_on)
    assert modes == [OWNER_ONLY] * 9
    assert {p.stat().st_mode & 0o777 for p in tmp_path.iterdir()} == {OWNER_ONLY}


class _Stop:
    """
    Raises an error at the last row.
    """

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __call__(self, n: int) -> None:
        if n == 2:
            raise self._error


@pytest.mark.parametrize(
    "error",
    [
        ExchangeError("expected something"),
        KeyboardInterrupt(),
        MemoryError(),
        SystemExit(),
    ],
)
def test_what_stops_a_run_leaves_nothing_half(
    tmp_path: Path, error: BaseException
) -> None:
    """
    An error or an interrupt in the middle leaves no file, and comes out itself.
    """
    with pytest.raises(type(error)) as caught:
        _write_all(tmp_path / "uit.csv", _Stop(error))
    assert caught.value is error
    assert list(tmp_path.iterdir()) == []


def test_what_stops_a_run_leaves_the_old_files_as_they_were(tmp_path: Path) -> None:
    """
    Files that would have been replaced keep all that was in them.
    """
    _write_all(tmp_path / "uit.csv")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        _write_all(tmp_path / "uit.csv", _Stop(KeyboardInterrupt()), replace=True)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_disk_that_is_full_at_the_end_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What does not reach the disk does not appear: the third file's fsync fails.
    """
    calls: list[int] = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        _write_all(tmp_path / "uit.csv")
    assert list(tmp_path.iterdir()) == []


# In a process of its own, whose files may hold no more than 4 KiB each.
_LIMITED = """
import resource, signal, sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from damage import damaged
from test_files import _write_all
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    _write_all(Path(sys.argv[3]) / "uit.csv", text=damaged(500)[0])
except OSError:
    sys.exit(7)
"""


def test_a_disk_that_is_full_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    """
    A write that the system refuses ends the run, and no file stands there.
    """
    here = Path(__file__).parent, Path(damage.__file__).parent
    command = [sys.executable, "-c", _LIMITED, *map(str, here)]
    done = subprocess.run(
        [*command, str(tmp_path)], env=unmeasured(), check=False, capture_output=True
    )
    assert done.returncode == 7, done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_gets_no_files(tmp_path: Path) -> None:
    """
    A folder is not made, and a folder that goes meanwhile takes all along.
    """
    with pytest.raises(FileNotFoundError):
        _write_all(tmp_path / "none" / "uit.csv")
    assert list(tmp_path.iterdir()) == []
    folder = tmp_path / "gone"
    folder.mkdir()

    def remove(n: int) -> None:
        if n == 1:
            shutil.rmtree(folder)

    with pytest.raises(OSError, match="gone"):
        _write_all(folder / "uit.csv", remove)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["uit.csv", "uit.csv.refused.csv", "uit.csv.report.json"]
)
def test_a_file_that_stands_there_is_not_replaced(tmp_path: Path, name: str) -> None:
    """
    Any of the three stops the run before its first row, unless that was asked.
    """
    (tmp_path / name).write_text("mine", "utf-8")
    with pytest.raises(FileExistsError):
        _write_all(tmp_path / "uit.csv", _Stop(AssertionError()))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text("utf-8") == "mine"
    _write_all(tmp_path / "uit.csv", replace=True)
    assert (tmp_path / name).read_text("utf-8") != "mine"
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["uit.csv", "uit.csv.report.json"])
def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path, name: str) -> None:
    """
    A run takes long; what another wrote in that time is kept, and nothing of ours.
    """

    def meanwhile(_: int) -> None:
        (tmp_path / name).write_text("another's", "utf-8")

    with pytest.raises(FileExistsError):
        _write_all(tmp_path / "uit.csv", meanwhile)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text("utf-8") == "another's"


def test_a_row_that_is_lost_writes_nothing(tmp_path: Path) -> None:
    """
    If the count does not close, there is no release that someone might send.
    """
    report = Report({})
    results = list(_released(report.reading(listed(SMALL))))
    with pytest.raises(ExchangeError):
        write_results(
            results[1:],
            files_of(tmp_path / "uit.csv", rehearsal=False),
            draw=as_rows(Path("uit.csv"), ("eckid", "roepnaam"), _cells),
            report=report,
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "main"),
    [
        ("uit.csv", "uit.REHEARSAL.csv"),
        ("a.b.csv", "a.b.REHEARSAL.csv"),
        ("REHEARSAL-uit.csv", "REHEARSAL-uit.csv"),
    ],
)
def test_every_name_says_rehearsal(tmp_path: Path, name: str, main: str) -> None:
    """
    The text of such a ketenID does not show it, so each file's name does, once.
    """
    files = files_of(tmp_path / name, rehearsal=True)
    assert files.main == tmp_path / main
    assert all(path.name.count("REHEARSAL") == 1 for path in files)
    assert len(set(files)) == 4
    assert files_of(tmp_path / name, rehearsal=False).main == tmp_path / name


def _written(path: Path, **other: Any) -> list[str]:  # noqa: ANN401  # handed on
    write(_vrijgaven(SMALL, **other), path)
    return plain(path).split("\n")


def test_a_release_file_has_the_columns_of_the_policy(tmp_path: Path) -> None:
    """
    Its form depends on the policy alone, and not on who is in it.
    """
    path = tmp_path / "uit.csv"
    head = _written(path)[0]
    assert head.split(";")[0] == "eckid"
    assert not head.startswith("\ufeff")
    assert "geboortedatum" not in head
    write([_one()], path)
    assert plain(path).split("\n")[0] == head
    assert path.stat().st_mode & 0o777 == OWNER_ONLY
    tested: dict[str, Any] = {"doel": Doel.GENORMEERDE_TOETS, "toetsdag": our.TODAY}
    normed = _written(tmp_path / "norm.csv", **tested)[0]
    assert normed == f"{head};leeftijd_in_maanden;leeftijd_in_maanden_op"


def test_a_release_file_gives_the_same_back(tmp_path: Path) -> None:
    """
    A recipient reads the ketenIDs and names that were released, line breaks too.
    """
    path = tmp_path / "uit.csv"
    text, _ = damaged(400)
    vrijgaven = [*_vrijgaven(SMALL), *_vrijgaven(text)]
    write(vrijgaven, path, order="list")
    received = list(Received(look(path)))
    assert len(received) == len(vrijgaven) > 100
    for row, vrijgave in zip(received, vrijgaven, strict=True):
        assert isinstance(row, Ontvangen)
        assert {"eckid": row.ketenid, **row.attributen} == vrijgave.released


def test_a_release_file_holds_no_number(tmp_path: Path) -> None:
    """
    No number of the list, in any of its spellings, is in what goes out.
    """
    path = tmp_path / "uit.csv"
    text, expected = damaged(400)
    _write_all(path, text=text)
    write(_vrijgaven(text), tmp_path / "uit2.csv")
    for written in tmp_path.iterdir():
        octets = written.read_text("utf-8")
        for want in expected:
            assert not want.number or want.number not in octets


@pytest.mark.parametrize("value", ["=1+1", " @A1", "+cmd|x", "\t=1", "\uff1d1"])
def test_a_value_that_a_spreadsheet_would_run_is_not_written(
    tmp_path: Path, value: str
) -> None:
    """
    Who opens a release runs nothing: the file is refused, the value not quoted.
    """
    with pytest.raises(ExchangeError) as caught:
        write([_one(roepnaam=value)], tmp_path / "uit.csv")
    assert value.strip() not in told(caught.value)
    assert caught.value.column == _one().columns.index("roepnaam") + 1
    assert list(tmp_path.iterdir()) == []


def test_releases_of_two_policies_do_not_meet_in_a_file(tmp_path: Path) -> None:
    """
    One file is for one recipient and one doel.
    """
    mixed = [
        *_vrijgaven(SMALL),
        *_vrijgaven(SMALL, doel=Doel.GENORMEERDE_TOETS, toetsdag=our.TODAY),
    ]
    with pytest.raises(ExchangeError):
        write(mixed, tmp_path / "uit.csv")
    assert list(tmp_path.iterdir()) == []


def test_only_releases_are_written(tmp_path: Path) -> None:
    """
    A refusal among them is a mistake: `write_results` has a file for those.
    """
    refused: Any = Weigering(1, 2, None, RijReden.MISSING)
    with pytest.raises(TypeError):
        write([refused], tmp_path / "uit.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_format_is_not_written(tmp_path: Path) -> None:
    """
    Only CSV is known, by the file's name or by its own word.
    """
    for name, format in (("uit.xlsx", None), ("uit.csv", "xlsx"), ("uit", None)):  # noqa: A001  # the name of the parameter
        with pytest.raises(ExchangeError):
            write([], tmp_path / name, format=format)
    assert list(tmp_path.iterdir()) == []
    write([], str(tmp_path / "uit"), format="csv")
    assert (tmp_path / "uit").read_bytes() == b""


def test_a_rehearsal_ring_writes_ketenids_of_the_pilot(tmp_path: Path) -> None:
    """
    Read back, they cannot be told from the pilot service's: hence the names.
    """
    ring = Sleutelbos.generate(
        release="pilot", namespace="https://ketenid.nl", salt=PUBLISHED_SALT
    )
    files = files_of(tmp_path / "uit.csv", rehearsal=ring.rehearsal)
    write(_vrijgaven(SMALL, sleutelbos=ring), files.main)
    assert files.main.name == "uit.REHEARSAL.csv"
    for row in Received(look(files.main)):
        assert isinstance(row, Ontvangen)
        assert row.ketenid.uri.startswith("https://ketenid.nl/pilot/")
        assert not row.ketenid.rehearsal


def test_a_refusal_is_written_with_its_place_and_its_sentence(tmp_path: Path) -> None:
    """
    The file of refusals has a line for each, in order, and no value of a row.
    """
    text, expected = damaged(600)
    _write_all(tmp_path / "uit.csv", text=text)
    lines = plain(tmp_path / "uit.csv.refused.csv").split("\n")
    rows = [line.split(";", 5) for line in lines[1:]]
    refused = [want for want in expected if want.reden is not None]
    assert rows == [
        [
            str(want.record),
            str(want.line),
            "" if want.column is None else str(want.column),
            "",
            want.reden.value,
            want.reden.en,
        ]
        for want in refused
        if want.reden is not None
    ]
    assert len(HEADINGS) >= max(want.column or 0 for want in refused)


def test_a_rehearsal_is_written_only_where_the_name_says_so(tmp_path: Path) -> None:
    """
    Once written nothing else tells its ketenIDs from the pilot service's.
    """
    ring = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
    stam = Stampseudoniem(
        bytes(64), namespace="https://ketenid.nl", release="pilot", rehearsal=True
    )
    ketenid = derive_ketenid(
        stam, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=ring
    )
    vrijgave = roads.to().release({"eckid": ketenid})
    with pytest.raises(ExchangeError, match="expected REHEARSAL in the name"):
        write([vrijgave], tmp_path / "uit.csv")
    assert list(tmp_path.iterdir()) == []
    write([vrijgave], tmp_path / "uit.REHEARSAL.csv")
    assert ketenid.uri in (tmp_path / "uit.REHEARSAL.csv").read_text()


def test_two_formats_of_one_release_have_side_files_of_their_own(
    tmp_path: Path,
) -> None:
    """
    Each bears the whole name of the output, and `whole` knows whose it is.
    """
    names = [
        {path.name for path in files_of(tmp_path / f"uit.{end}", rehearsal=False)}
        for end in ("csv", "parquet", "json", "xml")
    ]
    assert len(set().union(*names)) == sum(map(len, names)) == 16
    for end in ("csv", "parquet"):
        files = files_of(tmp_path / f"uit.{end}", rehearsal=False)
        beside = with_beside(files.main)
        assert set(files) <= set(beside)
        assert all(path.name.startswith(files.main.name) for path in files)


@pytest.mark.parametrize("end", ["", ".refused.csv", ".report.json", ".keys", "-wal"])
def test_what_is_read_and_what_stands_beside_it_is_not_written(
    tmp_path: Path, end: str
) -> None:
    """
    Under any of its names: its own, that of a link, a second one.
    """
    read = tmp_path / "b.reg"
    for name in ("b.reg", f"b.reg{end}"):
        (tmp_path / name).touch()
    taken = tmp_path / f"b.reg{end}"
    (tmp_path / "link").symlink_to(taken)
    (tmp_path / "second").hardlink_to(taken)
    (tmp_path / "led").symlink_to(read)
    for name in (taken.name, "link", "second"):
        for source in ("b.reg", "led"):
            with pytest.raises(ExchangeError, match="than what is read"):
                check_apart([tmp_path / name], [tmp_path / source])
    check_apart([tmp_path / "other"], [read, tmp_path / "led"])


@pytest.mark.parametrize("cell", ["Jan,=1+1", "Jan;@A1"])
def test_a_row_that_some_spreadsheet_would_run_does_not_fit_in_csv(cell: str) -> None:
    """
    Then that row alone is refused, and the others go.
    """
    vrijgave = _one()
    object.__setattr__(vrijgave, "released", {**vrijgave.released, "roepnaam": cell})
    assert misfit_of(Format.CSV)(vrijgave) == "roepnaam"
    assert misfit_of(Format.PARQUET)(vrijgave) is None
