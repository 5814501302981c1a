"""
The report of a run: numbers that add up, rules, and no value of a row.
"""

import json
from collections import Counter
from typing import Any

import pytest
import roads
from damage import HEADINGS, damaged, listed
from strategies import RING

from eckid import Attribuutbeleid, Doel, ExchangeError, Vrijgave
from eckid.attributes import CATALOGUE
from eckid.exchange import (
    Herstel,
    Report,
    Rij,
    RijReden,
    Verzegeld,
    Weigering,
    hash_list,
    release_list,
)

BELEID = Attribuutbeleid.load("leermiddelenketen")


def _run(text: str) -> tuple[Report, list[Vrijgave | Weigering]]:
    report = Report({"doel": Doel.GEBRUIK.value})
    rows = report.reading(listed(text))
    results = release_list(rows, who=roads.who(), to=roads.to(BELEID))
    return report, list(report.writing(results))


def _json(report: Report) -> Any:  # noqa: ANN401  # what JSON is
    return json.loads(report.as_json())


def test_the_numbers_of_a_report_add_up() -> None:
    """
    Rows in are rows out and rows refused, and each refusal has its reason.
    """
    text, expected = damaged(3_000)
    report, results = _run(text)
    written = _json(report)
    refused = Counter(want.reden for want in expected if want.reden)
    rows = written["rows"]
    assert rows["in"] == len(expected) == len(results)
    assert rows["in"] == rows["out"] + rows["refused"]
    assert written["refused"] == {
        reden.value: {"count": n, "meaning": reden.en} for reden, n in refused.items()
    }
    assert rows["refused"] == sum(refused.values())
    assert rows["out"] == sum(isinstance(row, Vrijgave) for row in results)


def test_each_number_that_was_mended_is_counted() -> None:
    """
    What a spreadsheet did is counted for each row that was read, by damage.
    """
    text, expected = damaged(3_000)
    written = _json(_run(text)[0])
    mended = Counter(want.herstel for want in expected if want.herstel)
    assert len(mended) == len(Herstel)
    assert written["mended"] == {
        herstel.name.lower(): {"count": n, "meaning": herstel.value}
        for herstel, n in mended.items()
    }
    assert written["rows"]["mended"] == sum(mended.values())


def test_each_attribute_is_released_or_withheld_for_each_row_that_has_it() -> None:
    """
    Per attribute it is counted how often which of both, with rule or reason.
    """
    text, _ = damaged(1_000)
    report, results = _run(text)
    vrijgaven = [row for row in results if isinstance(row, Vrijgave)]
    attributen = _json(report)["attributen"]
    seen = {n for v in vrijgaven for n in (*v.released, *v.withheld)}
    assert set(attributen) == seen
    for name, counted in attributen.items():
        released = sum(name in v.released for v in vrijgaven)
        reasons = Counter(v.withheld[name] for v in vrijgaven if name in v.withheld)
        assert counted["released"] == released
        assert counted["withheld"] == {
            reden.value: {"count": n, "nl": reden.nl, "en": reden.en}
            for reden, n in reasons.items()
        }
        assert released == 0 or not reasons
    assert attributen["eckid"]["released"] == len(vrijgaven)
    assert attributen["bsn"]["withheld"]["pgn"]["count"] == sum(
        "bsn" in v.withheld for v in vrijgaven
    )


def test_each_released_attribute_has_its_rule() -> None:
    """
    Who reads the report can see why: source, certainty, a sentence in each language.
    """
    regels = {regel.attribuut: regel for regel in BELEID.regels}
    report, _ = _run(damaged(100)[0])
    for name, counted in _json(report)["attributen"].items():
        if counted["released"]:
            regel = regels[name]
            assert counted["regel"] == {
                "bron": regel.bron,
                "zekerheid": regel.zekerheid,
                "motivering": regel.motivering,
                "motivation": regel.motivation,
            }
        else:
            assert counted["regel"] is None


def test_a_report_holds_no_value_of_a_row() -> None:
    """
    It may go to anyone: of a row it has counts, and of a file its headings.
    """
    marks = ("Jannemieke", "Groothuis", "3-oranje", "schaken op zondag", "k-77")
    text = (
        "BSN;Voornaam;Achternaam;Klas;Hobby;LAS-key;111222333;Groep 12345678\n"
        f"498839436;{';'.join(marks)};;\n"
        f"498839437;{';'.join(marks)};;\n"
        f"498839436;{';'.join(marks)};x;y\n"
    )
    report, results = _run(text)
    written = report.as_json().decode("utf-8")
    assert [isinstance(row, Weigering) for row in results] == [False, True, True]
    assert "49883943" not in written
    assert "111222333" not in written
    assert "12345678" not in written
    for mark in marks:
        assert mark not in written
    first = results[0]
    assert isinstance(first, Vrijgave)
    assert str(first.released["eckid"])[-6:] not in written
    assert "Hobby" in written


def test_the_names_in_a_report_are_attributes_or_headings() -> None:
    """
    What the catalogue does not know goes by its heading; nothing else is named.
    """
    report, _ = _run(damaged(500)[0])
    assert set(_json(report)["attributen"]) <= {*CATALOGUE, *HEADINGS}


def test_a_report_says_what_the_run_was() -> None:
    """
    What the caller says about the run comes first, as it was said.
    """
    about = {"beleid": "leermiddelenketen", "doel": "gebruik", "rehearsal": "REHEARSAL"}
    report = Report(about)
    written = _json(report)
    assert {name: written[name] for name in about} == about
    assert list(written)[:3] == list(about)
    assert written["rows"] == {"in": 0, "out": 0, "refused": 0, "mended": 0}


@pytest.mark.parametrize("lost", [0, 1])
def test_a_lost_row_is_an_error(lost: int) -> None:
    """
    If a row comes neither out nor is refused, no report pretends otherwise.
    """
    report = Report({})
    rows: list[Rij | Weigering] = list(
        report.reading(listed("BSN\n111222333\n111222334\n"))
    )
    del rows[lost]
    with pytest.raises(ExchangeError) as caught:
        list(report.writing(rows))
    assert str(caught.value) == "expected 2 rows to come out or be refused, got 1"


def test_a_row_that_came_twice_is_an_error() -> None:
    """
    More rows out than in is as wrong as fewer.
    """
    report = Report({})
    refused = [Weigering(1, 2, None, RijReden.MISSING)]
    with pytest.raises(ExchangeError):
        list(report.writing([*report.reading(refused), *refused]))


def test_a_list_that_is_only_hashed_is_counted_too() -> None:
    """
    Without releases there are rows and refusals, and no attributes.
    """
    report = Report({})
    text = "BSN;LAS-key\n63138219;k1\n111222333;\n"
    rows = report.reading(listed(text))
    hashed = hash_list(rows, sleutelbos=RING, hasher=roads.hasher())
    results = list(report.writing(hashed))
    assert isinstance(results[0], Verzegeld)
    written = _json(report)
    assert written["rows"] == {"in": 2, "out": 1, "refused": 1, "mended": 1}
    assert written["refused"]["key"]["count"] == 1
    assert written["attributen"] == {}
