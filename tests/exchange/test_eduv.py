"""
Edu-V students: what the API calls it, one identifier, and nothing else.
"""

import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from damage import told

from eckid import Attribuutbeleid, Doel, ExchangeError, KetenID, Ontvanger, Wie
from eckid.exchange import (
    Ontvangen,
    Received,
    RijReden,
    Students,
    Weigering,
    look,
    misfit_of,
    write,
)
from eckid.exchange.formats.eduv import misfit, write_students
from eckid.exchange.formats.kinds import Format

_URI = f"https://eckid.invalid/2026/{'0123456789abcdef' * 8}"
_ROW = {"eckid": _URI, "roepnaam": "Zoë", "achternaam": "Boer", "voorvoegsel": "de"}


def _students(raw: object) -> Students:
    text = raw if isinstance(raw, str) else json.dumps(raw)
    return Students(partial(io.BytesIO, text.encode("utf-8")))


def _written(row: dict[str, str]) -> Any:  # noqa: ANN401  # what JSON has
    file = io.BytesIO()
    write_students(file, [(Wie.LEERLING, row)])
    return json.loads(file.getvalue())[0]


def test_each_attribute_has_the_name_of_the_api() -> None:
    """
    The ECK iD first; a name, a day, a gender and an address under theirs.
    """
    more = {"geboortedatum": "2015-12-24", "geslacht": "2", "emailadres": "a@b.example"}
    assert _written(_ROW | more) == {
        "userMasterIdentifier": _URI,
        "givenName": "Zoë",
        "familyName": "Boer",
        "familyNamePrefix": "de",
        "dateOfBirth": "2015-12-24",
        "gender": "female",
        "email": "a@b.example",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("neppi", "NEPPI"),
        ("basispoort_id", "BPI"),
        ("eduid", "eduID"),
        ("nepri", "NEPRI"),
    ],
)
def test_another_identifier_goes_with_its_type(name: str, kind: str) -> None:
    """
    As one of userIds, and comes back as what it was.
    """
    row = {name: "17", "roepnaam": "Sem", "achternaam": "Bos"}
    student = _written(row)
    assert student["userIds"] == [{"userId": "17", "userIdType": kind}]
    assert "userMasterIdentifier" not in student
    students = _students([student])
    (record,) = students
    assert not isinstance(record, Weigering)
    cells = zip(students.columns, record.cells, strict=True)
    assert {column: cell for column, cell in cells if cell} == row


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"geslacht": "9"}, "geslacht"),
        ({"geboortedatum": "24-12-2015"}, "geboortedatum"),
        ({"groep": "6a"}, "groep"),
        ({"roepnaam": None}, "roepnaam"),
        ({"achternaam": None}, "achternaam"),
        ({"eckid": None}, "eckid"),
        ({"geslacht": "other"}, None),
        ({}, None),
    ],
)
def test_what_does_not_fit_is_named(
    changed: dict[str, str | None], wrong: str | None
) -> None:
    """
    By its attribute; the value is not repeated, and nothing is written.
    """
    row = {k: v for k, v in (_ROW | changed).items() if v is not None}
    assert misfit(Wie.LEERLING, row) == wrong
    assert misfit(Wie.LEERKRACHT, _ROW) == "eckid"
    if wrong is not None:
        with pytest.raises(ExchangeError, match=f"^{wrong}: "):
            _written(row)


def test_a_release_by_scope_comes_back(tmp_path: Path) -> None:
    """
    What the scopes give is written, and read back equal.
    """
    beleid = Attribuutbeleid.load("edu-v-students-1.1").scoped(
        "eduv.student.basic", "eduv.student.demographics"
    )
    row: dict[str, str | KetenID] = {
        **_ROW,
        "eckid": KetenID.parse(_URI),
        "geboortedatum": "2015-12-24",
        "geslacht": "1",
        "emailadres": "a@b.example",
    }
    to = beleid.voor(doel=Doel.GEBRUIK, ontvanger=Ontvanger.SOFTWARELEVERANCIER)
    vrijgave = to.release(row)
    assert misfit_of(Format.EDUV)(vrijgave) is None
    path = tmp_path / "uit.json"
    write([vrijgave], path)
    assert b"a@b.example" not in path.read_bytes()
    (back,) = Received(look(path))
    assert isinstance(back, Ontvangen)
    assert {"eckid": back.ketenid, **back.attributen} == vrijgave.released


_SOUND = {"userMasterIdentifier": _URI, "givenName": "Sem", "familyName": "Bos"}


@pytest.mark.parametrize(
    "student",
    [
        "Sem",
        {**_SOUND, "bsn": "999993653"},
        {**_SOUND, "givenName": 1},
        {**_SOUND, "gender": "x"},
        {**_SOUND, "userIds": "17"},
        {**_SOUND, "userIds": ["17"]},
        {**_SOUND, "Burgerservicenummer": None},
        {**_SOUND, "email": 17},
        {**_SOUND, "preferredFirstName": ["Sem"]},
        {**_SOUND, "userIds": [{"userId": 17, "userIdType": "BPI"}]},
        {**_SOUND, "userIds": [{"userId": "17", "userIdType": "BSN"}]},
        {**_SOUND, "userIds": [{"userId": "1", "userIdType": "BPI"}] * 2},
    ],
    ids=str,
)
def test_a_student_that_is_none_to_the_letter_is_refused(student: object) -> None:
    """
    In its place; the others are read.
    """
    refused, sound = _students([student, {**_SOUND, "preferredFirstName": "S"}])
    assert isinstance(refused, Weigering)
    assert (refused.record, refused.reden) == (1, RijReden.FORMAT)
    assert not isinstance(sound, Weigering)


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        ({"preferredFirstName": "Sam"}, {"roepnaam": "Sam"}),
        ({"preferredFirstName": " "}, {}),
        ({"preferredFirstName": None, "email": None, "userIds": None}, {}),
        ({"gender": "other"}, {"geslacht": "other"}),
        ({"language": "nl", "accessibility": {"x": [1]}, "version": 3}, {}),
        ({"userIds": [{"userId": "17", "userIdType": "ASI", "scope": 1}]}, {}),
        ({"userIds": [{"userId": None, "userIdType": "BPI"}, {"userId": "17"}]}, {}),
        (
            {"userIds": [{"userId": "17", "userIdType": t} for t in ("ASI", "BPI")]},
            {"basispoort_id": "17"},
        ),
    ],
    ids=[
        *("preferred", "blank", "nulls", "other", "more fields", "ASI", "an empty id"),
        "ASI and another",
    ],
)
def test_what_the_api_has_beyond_ours_is_passed_over(
    more: dict[str, object], cells: dict[str, str]
) -> None:
    """
    A client meets fields, types and nulls that it does not know, and reads the rest.
    """
    students = _students([_SOUND | more])
    (record,) = students
    assert not isinstance(record, Weigering)
    found = dict(zip(students.columns, record.cells, strict=True))
    own = {"eckid": _URI, "roepnaam": "Sem", "achternaam": "Bos"}
    assert {name: cell for name, cell in found.items() if cell} == own | cells


def test_a_ketenid_stands_once() -> None:
    """
    The later row is refused.
    """
    _, again = _students([_SOUND, _SOUND])
    assert isinstance(again, Weigering)
    assert again.reden is RijReden.KEY_TWICE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "Sem",
        '[{"givenName": "Sem", "givenName": "Noor"}]',
        "[" * 100_000,
        "\udc80",
    ],
    ids=["nothing", "an object", "text", "a key twice", "deep", "no text"],
)
def test_a_file_that_is_no_list_of_students_is_refused(text: str) -> None:
    """
    With one error, which repeats nothing of it.
    """
    octets = text.encode("utf-8", "surrogateescape")
    with pytest.raises(ExchangeError) as caught:
        Students(partial(io.BytesIO, octets))
    assert "Sem" not in told(caught.value)
    assert caught.value.__context__ is None
