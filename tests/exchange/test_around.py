"""
EDEXML as services and older systems send it: in an answer, in an envelope, as EDEX.
"""

import io
from collections.abc import Mapping
from functools import partial
from typing import Final

import pytest
from damage import told
from schools import NAMESPACE, school

from eckid import ExchangeError
from eckid.exchange import Edexml, Rij, Roster
from eckid.exchange.formats.csv import Record

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_1_2: Final = "http://www.w3.org/2003/05/soap-envelope"
_DATA: Final = "".join(school(3, 1)).split("\n", 1)[1]
_ANSWER: Final = (
    f'<a:leerlinggegevens_antwoord xmlns:a="{NAMESPACE}">{_DATA}'
    "</a:leerlinggegevens_antwoord>"
)


def _enveloped(inside: str, soap: str = _SOAP, header: str = "") -> str:
    return (
        f'<s:Envelope xmlns:s="{soap}"><s:Header>{header}</s:Header>'
        f"<s:Body>{inside}</s:Body></s:Envelope>"
    )


def _edex(version: str) -> str:
    told = f"<auteur>x</auteur><xsdversie>{version}</xsdversie>" if version else ""
    return (
        _DATA.replace(f' xmlns="{NAMESPACE}"', "")
        .replace("leerlinggegevens", "EDEX")
        .replace("<auteur>x</auteur>", told)
    )


def _read(text: str) -> Edexml:
    return Edexml(partial(io.BytesIO, text.encode()))


def _cells(text: str) -> list[tuple[object, ...]]:
    table = _read(text)
    rows = [row for row in table if isinstance(row, Record)]
    return [(table.columns, table.school, table.groepen), *((*r.cells,) for r in rows)]


def _persons(text: str) -> list[Mapping[str, str]]:
    return [rij.attributen for rij in Roster(_read(text)) if isinstance(rij, Rij)]


@pytest.mark.parametrize(
    "text",
    [
        _ANSWER,
        _enveloped(_ANSWER),
        _enveloped(_ANSWER, _SOAP_1_2),
        _enveloped(_DATA),
        _enveloped(_ANSWER, header=f'<x><leerlinggegevens xmlns="{NAMESPACE}"/></x>'),
        *map(_edex, ("1.0.3", "1.03", "2.0", "2.1", "2.1.1", "")),
    ],
    ids=[
        *("an answer", "an envelope", "SOAP 1.2", "without answer", "a header"),
        *("1.0.3", "1.03", "2.0", "2.1", "2.1.1", "no version"),
    ],
)
def test_what_stands_around_the_data_changes_nothing(text: str) -> None:
    """
    The same school, groups and persons as in a bare file.
    """
    assert _cells(text) == _cells(_DATA)
    assert sum(isinstance(row, Rij) for row in Roster(_read(text))) == 4


_EMPTY: Final = (
    f'<leerlinggegevens_antwoord xmlns="{NAMESPACE}">%s</leerlinggegevens_antwoord>'
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_edex("3.0"), "got version 3.0"),
        (_edex("1.0"), "got version 1.0"),
        (_edex("Sem Bakker"), "got version another"),
        (_EMPTY % "<geengegevens/>", "got one without"),
        (_enveloped(_EMPTY % "<geenwijzigingen/>"), "got one without"),
        (_enveloped("<s:Fault><faultstring>Sem</faultstring></s:Fault>"), "without"),
        (_enveloped(_DATA + _DATA), "got a second"),
        (
            f'<leerlingen_antwoord xmlns="{NAMESPACE}"/>',
            "an answer with a part: ask for all data",
        ),
        (_DATA.replace(NAMESPACE, "urn:x"), "expected EDEXML"),
        (f'<EDEX xmlns="{NAMESPACE}"></EDEX>', "expected EDEXML"),
        (_enveloped(_ANSWER, "urn:soap"), "expected EDEXML"),
        (f"<!DOCTYPE s:Envelope>{_enveloped(_ANSWER)}", "without a document type"),
    ],
    ids=[
        *("EDEX 3.0", "EDEX 1.0", "EDEX with a name", "no data", "no changes"),
        *("a fault", "two of them", "a part", "another namespace", "EDEX in UWLR"),
        *("another envelope", "a document type"),
    ],
)
def test_what_is_no_whole_answer_is_named(text: str, says: str) -> None:
    """
    The message says what it is and what to do, and repeats no value.
    """
    with pytest.raises(ExchangeError, match=says) as caught:
        _read(text)
    assert "Sem" not in told(caught.value)
    assert caught.value.line is not None


def test_data_that_stand_elsewhere_are_not_read() -> None:
    """
    A file inside another element of a file is a text about data, and no data.
    """
    inside = f'<leerlinggegevens_antwoord xmlns="{NAMESPACE}"><x>{_DATA}</x>'
    with pytest.raises(ExchangeError, match="got one without"):
        _read(inside + "</leerlinggegevens_antwoord>")


def test_a_day_has_no_zone_and_a_code_no_sign() -> None:
    """
    An xs:date may bear a zone and an xs:integer a sign: a list has neither.
    """
    text = _DATA.replace("</geboortedatum>", "+01:00</geboortedatum>").replace(
        "<geslacht>", "<geslacht>+0"
    )
    assert "+01:00" in text
    assert _persons(text) == _persons(_DATA)
