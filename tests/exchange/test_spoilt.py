"""
Spoilt lists: `eckid check` names what is wrong and what to do, as its page shows.
"""

import re
from datetime import date
from pathlib import Path
from typing import Final

import parties as our
import pytest
from spoilt import SPOILT, spoil

from eckid.cli import options
from eckid.cli.app import run
from eckid.exchange import look

_PAGE: Final = Path(__file__).parents[2] / "docs/reference/class-lists.md"
_ROW: Final = re.compile(
    r"^\| `([a-z0-9-]+\.[a-z]+)` \| [^|]+ \| `([^`|]+)` \|$", re.MULTILINE
)
_SAID: Final = dict(_ROW.findall(_PAGE.read_text("utf-8")))


def test_the_page_has_a_row_for_each_spoilt_list() -> None:
    """
    No message is shown that no list gives, and none is kept back.
    """
    assert list(_SAID) == list(SPOILT)
    assert len(SPOILT) >= 40


@pytest.mark.parametrize("name", SPOILT)
def test_check_says_what_is_wrong_and_what_to_do(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    A list that is refused, or of which a row is, is never said to be fine.
    """
    spoil(tmp_path)
    code = run(["check", str(tmp_path / name)])
    out, err = capfd.readouterr()
    assert _SAID[name] in out + err
    assert (code == 3) is bool(err)
    assert ("to do: correct the refused rows" in out) is (code == 1)
    assert code or "told" in out
    # The page and the message are read by others than the school.
    assert not any(number in out + err for number in ("111222333", "123456782"))


def test_check_takes_a_folder_and_loses_no_list(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Each list under its own name, as if it were alone; the worst decides the code.
    """
    spoil(tmp_path)
    (tmp_path / "lees mij.pdf").write_bytes(b"%PDF")
    (tmp_path / "map").mkdir()
    alone = {}
    for name in SPOILT:
        code = run(["check", str(tmp_path / name)])
        alone[name] = (code, *capfd.readouterr())
    assert run(["check", str(tmp_path)]) == 3
    out, err = capfd.readouterr()
    assert out.startswith(
        f"{tmp_path}: folders and files of another name, which are not looked at: 2\n"
    )
    for name, (_, said, refused) in alone.items():
        path = tmp_path / name
        assert f"\n{path}\n{said}" in out
        assert refused.replace("eckid: ", f"eckid: {path}: ") in err
    counts = [sum(code == n for code, *_ in alone.values()) for n in (0, 1, 3)]
    assert out.endswith(
        f"\nlists {len(SPOILT)} = fine {counts[0]} + with refused rows {counts[1]} + "
        f"refused as a whole {counts[2]}\n"
    )
    assert err.count("\n") == counts[2]


def test_several_lists_are_checked_and_one_that_is_gone_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    A name without an extension of a list is checked where it is given.
    """
    (tmp_path / "a.csv").write_text("BSN\n111222333\n")
    (tmp_path / "lijst").write_text("BSN\n1112223\n")
    paths = [str(tmp_path / name) for name in ("a.csv", "lijst")]
    assert run(["check", *paths]) == 1
    assert "lists 2 = fine 1 + with refused rows 1" in capfd.readouterr().out
    assert run(["check", *paths, str(tmp_path / "weg.csv"), paths[0]]) == 3
    out, err = capfd.readouterr()
    assert "lists 4 = fine 2" in out
    assert err.startswith(f"eckid: {tmp_path / 'weg.csv'}: ")
    assert run(["check", str(tmp_path), "--from", "csv"]) == 1
    assert "lists 2" in capfd.readouterr().out
    (tmp_path / "leeg").mkdir()
    assert run(["check", str(tmp_path / "leeg")]) == 3
    assert "expected lists named .csv" in capfd.readouterr().err


def test_a_fault_of_ours_in_one_list_hides_no_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It is reported without its text, and the code says that it was a fault.
    """
    for name in ("a.csv", "b\x1b.csv", "c.csv"):
        (tmp_path / name).write_text("BSN\n111222333\n")

    def table_of(source: Path, *_: object) -> object:
        if source.name.startswith("b"):
            raise RuntimeError("111222333")
        return look(source)

    monkeypatch.setattr(options, "table_of", table_of)
    assert run(["check", str(tmp_path)]) == 4
    out, err = capfd.readouterr()
    assert "lists 3 = fine 2" in out
    assert "b?.csv: RuntimeError in table_of" in err
    assert "111222333" not in err
    assert "\x1b" not in out + err


@pytest.mark.parametrize(
    ("sector", "many"), [("po", 1), ("basisschool", 1), ("vo", 2), ("mbo", 4), ("", 0)]
)
def test_check_knows_the_years_of_a_sector(
    sector: str, many: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Of a class list and of a received file; without a sector no year is looked at.
    """
    years = ("3", "groep 8", "brugklas", "6")
    (tmp_path / "l.csv").write_text(
        "\n".join(
            ("BSN;Leerjaar", *(f"{our.number(n)};{y}" for n, y in enumerate(years)))
        )
    )
    asked = ("--sector", sector) if sector else ()
    assert run(["check", str(tmp_path / "l.csv"), *asked]) == 0
    out = capfd.readouterr().out
    said = "jaargroep: the cell cannot be read as a day or a code"
    assert (f"told {many}: {said}" in out) is bool(many)
    assert (said in out) is bool(many)


def test_check_knows_the_ages_of_a_sector(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Forty is an age in mbo, and a slip of the pen in po.
    """
    year = date.today().year - 40  # noqa: DTZ011  # as the run has it
    (tmp_path / "l.csv").write_text(f"BSN;Geboortedatum\n111222333;{year}-01-01\n")
    for sector, told in (("po", True), ("mbo", False)):
        assert run(["check", str(tmp_path / "l.csv"), "--sector", sector]) == 0
        assert ("no pupil is so young or so old" in capfd.readouterr().out) is told
