"""
A release to which nobody goes: the same outcome in every format that is written.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest
from commands import RING, Done
from schools import school
from written import plain

SCHOOL: Final = ("--schooljaar", "2026-2027", "--brin", "99XX")
TO: Final = (
    *("--sector", "po", "--doel", "gebruik", "--ontvanger", "uitgever"),
    *("--on", "2026-11-24"),
)
pytestmark = pytest.mark.usefixtures("cheap")

# Each format that is written; where nobody goes, what its file says then.
EMPTY: Final[dict[str, Callable[[Path], object]]] = {
    "csv": lambda path: len(plain(path).splitlines()) - 1,
    "json": lambda path: len(json.loads(path.read_text("utf-8"))),
    "parquet": lambda path: pq.read_table(path).num_rows,
    "xml": lambda path: 0 if not path.exists() else None,
}
URI: Final = "https://eckid.invalid/2026/"


def _left(folder: Path, name: str) -> set[str]:
    return {each.name.removeprefix(name) for each in folder.glob(f"*{name}*")}


def _rows(folder: Path, name: str) -> dict[str, int]:
    report = json.loads((folder / f"{name}.report.json").read_text("utf-8"))
    refused = plain(folder / f"{name}.refused.csv").splitlines()[1:]
    rows: dict[str, int] = report["rows"]
    assert rows["in"] == rows["out"] + rows["refused"]
    assert rows["refused"] == len(refused)
    return rows


@pytest.mark.parametrize("end", EMPTY)
def test_where_all_are_refused_the_refused_rows_are_kept_in_each_format(
    eckid: Callable[..., Done], tmp_path: Path, end: str
) -> None:
    """
    Rows in are rows refused, each with its place; nothing is half, in any format.
    """
    (tmp_path / "a.csv").write_text("LAS-key;BSN;Roepnaam\n1;12;Sem\n2;13;Noor\n")
    name = f"u.{end}"
    beleid = "smalle-set-2.2"
    command = ("release", "a.csv", *RING, *TO, *SCHOOL, "--beleid", beleid)
    done = eckid(*command, "--out", name)
    assert done.code == 1, done.err
    assert "rows in 2 = out 0 + refused 2" in done.out
    assert _rows(tmp_path, name)["refused"] == 2
    assert EMPTY[end](tmp_path / name) == 0
    side = {".refused.csv", ".report.json"}
    full = {"", ".receipt.json", *side}
    assert _left(tmp_path, name) == (side if end == "xml" else full)
    assert ("EDEXML demands a pupil" in done.out) is (end == "xml")
    # Again: the files that stand there are in the way, and --force replaces them.
    assert eckid(*command, "--out", name).code == 3
    assert eckid(*command, "--out", name, "--force").code == 1


def test_a_policy_that_refuses_everybody_keeps_the_refused_rows(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    The LVS set of 2.2 demands what never goes: every row is refused, and told so.
    """
    (tmp_path / "a.xml").write_text("".join(school(3, 0)), "utf-8")
    for end in ("csv", "xml"):
        out = ("--beleid", "lvs-set-2.2", "--out", f"u.{end}")
        done = eckid("release", "a.xml", *RING, *TO, *out)
        assert done.code == 1, done.err
        assert _rows(tmp_path, f"u.{end}") == {
            "in": 3,
            "out": 0,
            "refused": 3,
            "mended": 0,
        }
    refused = [plain(tmp_path / f"u.{end}.refused.csv") for end in ("csv", "xml")]
    assert refused[0] == refused[1]


def test_teachers_without_a_pupil_are_refused_in_edexml_and_go_in_csv(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    Each teacher is refused by name of the reason: none is lost, and none goes alone.
    """
    text = "".join(school(2, 3))
    numbers = text.count("<bsn>")
    assert numbers == 2
    text = text.replace("<bsn>", "<bsn>1")
    (tmp_path / "a.xml").write_text(text, "utf-8")
    command = ("release", "a.xml", *RING, *TO, "--beleid", "smalle-set-2.2")
    done = eckid(*command, "--out", "u.xml")
    assert done.code == 1, done.err
    assert _rows(tmp_path, "u.xml")["refused"] == 5
    assert plain(tmp_path / "u.xml.refused.csv").count(";no-pupil;") == 3
    assert _left(tmp_path, "u.xml") == {".refused.csv", ".report.json"}
    assert eckid(*command, "--out", "u.csv").code == 1
    assert _rows(tmp_path, "u.csv")["out"] == 3


def test_a_file_that_is_passed_on_to_nobody_keeps_the_refused_rows(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    As a class list does; a register or a ring plays no part in it.
    """
    (tmp_path / "got.csv").write_text("eckid;roepnaam\nnonsense;Sem\n", "utf-8")
    for end, empty in EMPTY.items():
        name = f"u.{end}"
        done = eckid(
            *("release", "got.csv", *TO, *SCHOOL, "--beleid", "smalle-set-2.3"),
            *("--out", name),
        )
        assert done.code == 1, done.err
        assert _rows(tmp_path, name)["refused"] == 1
        assert empty(tmp_path / name) == 0


def test_an_earlier_release_does_not_stand_beside_a_report_of_nobody(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    With --force the file and the receipt of before go, as CSV's would be replaced.
    """
    command = ("release", "a.csv", *RING, *TO, *SCHOOL, "--beleid", "smalle-set-2.2")
    for number, left in (
        ("111222333", {"", ".receipt.json", ".refused.csv", ".report.json"}),
        ("12", {".refused.csv", ".report.json"}),
    ):
        text = f"LAS-key;BSN;Roepnaam;Achternaam\n1;{number};Sem;Bos\n"
        (tmp_path / "a.csv").write_text(text, "utf-8")
        done = eckid(*command, "--out", "u.xml", "--force")
        assert done.code == (number == "12"), done.err
        assert _left(tmp_path, "u.xml") == left


def test_a_list_without_rows_is_no_edexml(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    Nothing is refused, but the command does not end as if a release stood there.
    """
    (tmp_path / "a.csv").write_text("LAS-key;BSN;Roepnaam\n", "utf-8")
    command = ("release", "a.csv", *RING, *TO, *SCHOOL, "--beleid", "smalle-set-2.3")
    assert eckid(*command, "--out", "u.csv").code == 0
    assert eckid(*command, "--out", "u.xml").code == 1
    assert _rows(tmp_path, "u.xml")["in"] == 0


def test_one_key_for_two_persons_refuses_the_second_in_edexml(
    eckid: Callable[..., Done], tmp_path: Path
) -> None:
    """
    The schema has each ketenID and key once: that is a row's fault, not the run's.
    """
    uri = URI + 128 * "a"
    (tmp_path / "got.csv").write_text(
        f"eckid;roepnaam\n{uri};Sem\n{uri};Noor\n{URI + 128 * 'b'};Finn\n", "utf-8"
    )
    done = eckid(
        *("release", "got.csv", *TO, *SCHOOL, "--beleid", "smalle-set-2.3"),
        *("--out", "u.xml"),
    )
    assert done.code == 1, done.err
    assert _rows(tmp_path, "u.xml") == {"in": 3, "out": 2, "refused": 1, "mended": 0}
    assert "\n2;3;;;key-twice;" in plain(tmp_path / "u.xml.refused.csv")
