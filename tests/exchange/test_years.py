"""
The year group: its code depends on the sector, in every format alike.
"""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import roads
from lxml import etree
from schools import NAMESPACE
from strategies import RING

from eckid import LEERMIDDELENKETEN, KetenID, Sector
from eckid.cli.app import run
from eckid.exchange import (
    Doorgifte,
    Ontvangen,
    Received,
    RijReden,
    Roster,
    School,
    Shape,
    Weigering,
    hold,
    look,
    release_list,
    release_to,
)
from eckid.exchange.lists.years import year_code

ON: Final = date(2026, 11, 24)
SCHOOL: Final = School(schooljaar="2026-2027", brincode="99XX")


def _list(*years: str) -> Roster:
    numbers = ("111222333", "123456782", "063138219", "498839436")
    lines = [f"{n};S;B;{year}" for n, year in zip(numbers, years, strict=False)]
    text = "\n".join(["BSN;Roepnaam;Achternaam;Leerjaar", *lines])
    return Roster(hold(io.BytesIO(text.encode())))


@pytest.mark.parametrize(
    ("said", "sector", "code"),
    [
        ("3", Sector.PO, "3"),
        ("03", Sector.PO, "3"),
        ("groep 3", Sector.PO, "3"),
        ("Leerjaar 3", Sector.PO, "3"),
        ("0", Sector.PO, "0"),
        ("s", Sector.PO, "S"),
        ("C", Sector.PO, "C"),
        ("13", Sector.PO, None),
        ("klas 3", Sector.PO, None),
        ("3", Sector.VO, "13"),
        ("3,0", Sector.VO, "13"),
        ("Klas 3", Sector.VO, "13"),
        ("13", Sector.VO, "13"),
        ("groep 3", Sector.VO, None),
        ("7", Sector.VO, None),
        ("0", Sector.VO, None),
        ("B", Sector.VO, None),
        ("V", Sector.VO, "V"),
        ("brugklas", Sector.VO, None),
        ("3", Sector.MBO, None),
        ("N", Sector.MBO, "N"),
        ("\u0663", Sector.PO, None),
    ],
)
def test_a_year_is_the_code_of_its_sector(
    said: str, sector: Sector, code: str | None
) -> None:
    """
    3 is groep 3 in po and the third year in vo; mbo has no years in EDEXML.
    """
    assert year_code(said, sector) == code


@pytest.mark.parametrize("format", ["csv", "xml", "parquet"])
def test_a_release_has_the_code_of_its_sector_or_refuses_the_row(
    format: str, tmp_path: Path
) -> None:
    """
    Never the year of another sector; the refusal names the attribute, and no value.
    """
    out = tmp_path / f"uit.{format}"
    done = release_to(
        out,
        _list("3", "Klas 4", "8", "brugklas"),
        who=roads.who(sector=Sector.VO),
        to=roads.to("smalle-set-2.3", on=ON),
        shape=Shape(school=SCHOOL),
    )
    table = look(out)
    place = table.columns.index("jaargroep")
    rows = [row for row in table if not isinstance(row, Weigering)]
    assert sorted(row.cells[place] for row in rows) == ["13", "14"]
    said = done.files.refused.read_text("utf-8")
    refused = list(csv.DictReader(io.StringIO(said), delimiter=";"))
    assert [(r["record"], r["attribuut"], r["reason"]) for r in refused] == [
        ("3", "jaargroep", "value"),
        ("4", "jaargroep", "value"),
    ]
    # The same when the file is passed on; what it says are codes, in any format.
    to = roads.to("smalle-set-2.3", on=ON)
    for sector, refused_ in ((Sector.PO, 2), (Sector.VO, 0)):
        passing = Doorgifte(LEERMIDDELENKETEN, sector)
        passed: list[Any] = [*release_list(Received(look(out)), who=passing, to=to)]
        wrong = [row for row in passed if isinstance(row, Weigering)]
        assert [row.attribuut for row in wrong] == ["jaargroep"] * refused_
    ketenid = KetenID.parse(f"https://eckid.invalid/2026/{128 * 'a'}")
    row = Ontvangen(1, 2, ketenid, {"key": "1", "jaargroep": "3"})
    (found,) = release_list([row], who=passing, to=to)
    assert isinstance(found, Weigering)
    assert found.reden is RijReden.VALUE
    if format == "xml":
        years = etree.parse(str(out)).iter(f"{{{NAMESPACE}}}jaargroep")
        assert sorted(str(year.text) for year in years) == ["13", "14"]


def test_a_year_that_never_goes_refuses_nobody() -> None:
    """
    Whoever may not have the year is not asked to read it.
    """
    to = roads.to("leermiddelenketen", on=ON)
    results = list(release_list(_list("brugklas"), who=roads.who(), to=to))
    assert not any(isinstance(row, Weigering) for row in results)


@pytest.mark.parametrize(
    ("said", "sector", "code"),
    [
        ("3", Sector.PO, "3"),
        ("03", Sector.PO, "3"),
        ("13", Sector.VO, "13"),
        ("klas 3", Sector.VO, "13"),
        ("V", Sector.VO, "V"),
        ("3", Sector.VO, None),
        ("03", Sector.VO, None),
        ("3,0", Sector.VO, None),
        ("13", Sector.PO, None),
    ],
)
def test_a_number_of_edexml_is_its_code(
    said: str, sector: Sector, code: str | None
) -> None:
    """
    Its code list says of which sector a year is, so no year becomes another's.
    """
    assert year_code(said, sector, coded=True) == code


def _edexml(path: Path, year: str, *, key: str = "", of_group: bool = False) -> Path:
    number = "" if key else "<bsn>111222333</bsn>"
    own = "" if of_group else f"<jaargroep>{year}</jaargroep>"
    path.write_text(
        f'<leerlinggegevens xmlns="{NAMESPACE}"><school><schooljaar>2026-2027'
        "</schooljaar><brincode>99XX</brincode></school><groepen>"
        f'<groep key="g"><naam>a</naam><jaargroep>{year}</jaargroep></groep></groepen>'
        f'<leerlingen><leerling key="k"{key}><achternaam>B</achternaam>'
        f'<roepnaam>S</roepnaam>{own}<groep key="g"/>{number}'
        "</leerling></leerlingen></leerlinggegevens>",
        "utf-8",
    )
    return path


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("end", ["csv", "xml", "parquet"])
@pytest.mark.parametrize("of_group", [False, True], ids=["own", "of-the-group"])
@pytest.mark.parametrize("received", [False, True], ids=["list", "received"])
def test_the_command_never_makes_another_year_of_a_code_of_edexml(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    end: str,
    *,
    of_group: bool,
    received: bool,
) -> None:
    """
    Groep 3 with --sector vo is a contradiction: its row is refused, and 13 goes.

    Check tells it before.
    """
    RING.save(tmp_path / "ring", passphrase="correct horse battery staple")
    (tmp_path / "secret").write_text("correct horse battery staple")
    ring = ["--ring", str(tmp_path / "ring")]
    ring += ["--passphrase-file", str(tmp_path / "secret")]
    key = f' eckid="https://eckid.invalid/2026/{128 * "a"}"' if received else ""
    for year, sector, goes in (
        ("3", "vo", False),
        ("13", "vo", True),
        ("3", "po", True),
    ):
        path = _edexml(tmp_path / "l.xml", year, key=key, of_group=of_group)
        assert run(["check", str(path), "--sector", sector]) == 0
        assert ("told 1: jaargroep" in capfd.readouterr().out) == (not goes)
        out = tmp_path / f"u.{end}"
        to = ["--sector", sector, "--beleid", "smalle-set-2.3", "--doel", "gebruik"]
        to += ["--ontvanger", "uitgever", "--out", str(out), "--force"]
        assert run(["release", str(path), *([] if received else ring), *to]) == (
            not goes
        )
        said = Path(f"{out}.refused.csv").read_text("utf-8")
        assert ('"jaargroep";"value"' in said) == (not goes)
        if goes:
            table = look(out)
            (row,) = table
            assert not isinstance(row, Weigering)
            assert row.cells[table.columns.index("jaargroep")] == year
