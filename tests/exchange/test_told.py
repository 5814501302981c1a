"""
What a run tells beside its counts: headings nobody knows, and cells nobody can read.
"""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import parties as our
import pyarrow as pa
import pytest
import roads
import strategies

from eckid import Doel, Ontvanger, Sector
from eckid.cli.app import run
from eckid.exchange import Received, Report, Roster, hold, release_to
from eckid.exchange.formats.headings import nearest
from eckid.exchange.results.told import Melding, Told
from eckid.scale import hash_column, release_table

_TEXT = f"""\
BSN;LAS-key;Roepnaam;Achtername;Geboortedatum;M/V;111222333
{our.number(0)};k0;Sem;Boer;2016-02-03;M;
{our.number(1)};k1;Noor;Smit;31-02-2016;?;
{our.number(2)};k2;Yara;Vos;1986-02-03;V;
"""


def _told(text: str) -> Told:
    report = Report({"sector": Sector.PO.value})
    for _ in report.reading(Roster(hold(io.BytesIO(text.encode())))):
        pass
    return report.told


@pytest.mark.parametrize(
    ("heading", "naam"),
    [
        *(("Achtername", "achternaam"), ("Naam", "roepnaam"), ("Roepnm", "roepnaam")),
        *(("Geboorte datum lln", "geboortedatum"), ("Xyz", None)),
    ],
)
def test_an_unknown_heading_comes_with_the_nearest_known_one(
    heading: str, naam: str | None
) -> None:
    """
    Who wrote it sees what was meant, and how to say so.
    """
    assert nearest(heading) == naam
    (line,) = _told(f"BSN;{heading}\n").lines()
    assert line.startswith(f"told: {heading}: no attribuut has this heading")
    assert (f"--heading '{heading}={naam}'" in line) is (naam is not None)


@pytest.mark.parametrize(
    ("heading", "naam"),
    [
        *(("Persoonsgebonden nummer", "bsn"), ("Burgerservicenummer (BSN)", "bsn")),
        *(("BSN of onderwijsnummer", "bsn"), ("stamnr_str", "leerlingnummer")),
        *(("Tussenv", "voorvoegsel"), ("familyName", "achternaam")),
        ("familyNamePrefix", "voorvoegsel"),
    ],
)
def test_the_headings_of_known_systems_are_known(heading: str, naam: str) -> None:
    """
    What an administration writes by itself needs no option.
    """
    assert hold(io.BytesIO(f"{heading};x\n".encode())).columns[0] == naam


def test_what_cannot_be_read_is_told_with_its_place_and_no_value() -> None:
    """
    An unknown heading, a day that is none, a code that is none, a pupil of forty.
    """
    told = _told(_TEXT)
    assert told.counts == {
        (Melding.HEADING, "Achtername"): 1,
        (Melding.HEADING, "kolom 7"): 1,
        (Melding.UNREAD, "geboortedatum"): 1,
        (Melding.UNREAD, "geslacht"): 1,
        (Melding.AGE, "geboortedatum"): 1,
    }
    places = {(place.record, place.line, place.naam) for place in told.places}
    assert places == {
        (2, 3, "geboortedatum"),
        (2, 3, "geslacht"),
        (3, 4, "geboortedatum"),
    }
    said = json.dumps(told.as_json()) + "".join(told.lines()) + str(told.places)
    assert not any(value in said for value in ("111222333", "1986", "31-02", "Boer"))


def test_the_age_that_is_told_is_of_the_sector() -> None:
    """
    Three years is too young for all; forty is an age in mbo, and not in po.
    """
    today = date.today()  # noqa: DTZ011  # as the run has it
    born = [(today - timedelta(days=366 * n)).isoformat() for n in (3, 8, 40)]
    rows = [f"{our.number(n)};{day}" for n, day in enumerate(born)]
    text = "\n".join(("BSN;Geboortedatum", *rows)).encode()
    for sector, many in (("po", 2), ("mbo", 2), (None, 2), ("vo", 3)):
        report = Report({"sector": sector})
        assert len([*report.reading(Roster(hold(io.BytesIO(text))))]) == 3
        assert report.told.counts[Melding.AGE, "geboortedatum"] == many


def test_only_so_many_places_are_kept() -> None:
    """
    The count has all; a list of thousands is not printed.
    """
    rows = [f"{our.number(n)};nooit" for n in range(60)]
    told = _told("\n".join(("BSN;Geboortedatum", *rows)))
    assert told.counts[Melding.UNREAD, "geboortedatum"] == 60
    assert len(told.places) == 50


def test_every_run_tells_and_its_report_too(tmp_path: Path) -> None:
    """
    Also what the policy releases of pupils and no column has.
    """
    to = roads.to(
        "lvs-set-2.3", doel=Doel.TOETSEN, ontvanger=Ontvanger.SOFTWARELEVERANCIER
    )
    roster = Roster(hold(io.BytesIO(_TEXT.encode())))
    done = release_to(tmp_path / "uit.csv", roster, who=roads.who(), to=to)
    told = json.loads(done.files.report.read_bytes())["told"]
    assert told["heading"]["Achtername"] == {"nearest": "achternaam"}
    assert {"achternaam", "groep"} <= set(told["absent"])
    assert not {"roepnaam", "geboortedatum", "key", "weergavenaam"} & set(
        told["absent"]
    )
    assert told["unread"] == {"geboortedatum": 1, "geslacht": 1}
    ketenid = our.ketenid(our.bsn(0), Sector.PO).uri
    report = Report({})
    # What stands for less than an attribute is eckid's own, and known.
    text = f"eckid;Naam;leeftijd_in_maanden;leeftijd_in_maanden_op\n{ketenid};Sem;;\n"
    received = Received(hold(io.BytesIO(text.encode())))
    assert len([*report.reading(received)]) == 1
    assert report.told.counts == {(Melding.HEADING, "Naam"): 1}


def test_a_table_tells_its_headings_too() -> None:
    """
    By column as by row.
    """
    who = roads.who()
    keys = pa.array(["k"])
    made = hash_column(pa.array([our.number(0)]), hasher=who.hasher).column
    sealed = made.seal(keys, sleutelbos=strategies.RING).column
    table = pa.table({"key": keys, "Achtername": keys, "hpgn-verzegeld": sealed})
    found = release_table(table, who=who, to=roads.to()).report.told.counts
    assert found[Melding.HEADING, "Achtername"] == 1
    assert found[Melding.ABSENT, "roepnaam"] == 1


def test_check_names_headings_and_places(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It prints them with the rest, where a run warns.
    """
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "klas.csv").write_text(_TEXT)
    assert run(["check", str(tmp_path / "klas.csv")]) == 0
    out = capfd.readouterr().out
    assert "told: Achtername: no attribuut has this heading" in out
    assert "told 1: geslacht: the cell cannot be read" in out
    assert "│ 2      │ 3    │ geboortedatum │" in out
