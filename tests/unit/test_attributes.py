"""
The catalogue of attributes: closed, sourced, and without two names for a thing.
"""

import dataclasses
from collections import Counter
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid.attributes import CATALOGUE, CODES, AnderIdReden, Kenmerk, kopje

# The pupil's fields of EDEXML (UWLR 2.2), in the order of its schema; then those
# that only a teacher has.
_EDEXML = (
    "key",
    "eckid",
    "achternaam",
    "voorvoegsel",
    "voornamen",
    "voorletters-1",
    "roepnaam",
    "geboortedatum",
    "geslacht",
    "start_ondw_jgr3",
    "jaargroep",
    "groep",
    "samengestelde_groepen",
    "vestiging",
    "gebruikersnaam",
    "emailadres",
    "fotourl",
    "etniciteit",
    "land",
    "land_vader",
    "land_moeder",
    "sofinummer",
    "bsn",
    "onderwijsnummer",
    "rijksregisternummer",
    "bsn_ondwnr-4",
    "gewicht_nieuw",
    "gewicht",
    "postcode",
    "instroomdatum",
    "uitstroomdatum",
    "toevoegingen",
    "mutatiedatum",
    "rol",
    "rolomschrijving",
    "groepen",
)


def _of(kenmerk: Kenmerk) -> set[str]:
    return {a.naam for a in CATALOGUE.values() if a.kenmerk is kenmerk}


def test_the_catalogue_has_every_field_of_edexml() -> None:
    """
    What EDEXML has bears its name; the rest says where its name comes from.
    """
    assert set(_EDEXML) == {
        a.naam for a in CATALOGUE.values() if a.bron == "EDEXML (UWLR 2.2)"
    }
    assert set(CATALOGUE) - set(_EDEXML) == {
        "affiliation",
        "ander_id_reden",
        "ander_id_tot",
        "basispoort_id",
        "eduid",
        "leerlingnummer",
        "neppi",
        "nepri",
        "organisatie",
        "organisatienaam",
        "uid",
        "voorlopig",
        "weergavenaam",
    }
    assert all(a.bron for a in CATALOGUE.values())


def test_the_rules_know_each_identifier_for_what_it_is() -> None:
    """
    What is PGN enough, the one ketenID, and what may stand in for it.
    """
    assert _of(Kenmerk.PGN) == {
        "bsn",
        "onderwijsnummer",
        "sofinummer",
        "rijksregisternummer",
        "bsn_ondwnr-4",
    }
    assert _of(Kenmerk.KETENID) == {"eckid"}
    assert _of(Kenmerk.ANDER_ID_REDEN) == {"ander_id_reden", "ander_id_tot"}
    assert _of(Kenmerk.ANDER_ID) == {
        "voorlopig",
        "key",
        "leerlingnummer",
        "basispoort_id",
        "nepri",
        "neppi",
        "eduid",
        "uid",
    }


def test_the_reasons_for_another_identifier_are_a_closed_set() -> None:
    """
    L10 and L11: who has no ECK iD, and why.
    """
    assert {reden.name: reden.value for reden in AnderIdReden} == {
        "SYMBIOSE": "symbiose",
        "NIET_BEKOSTIGD": "niet-bekostigd",
        "NOG_NIET_GEREGISTREERD": "nog-niet-geregistreerd",
        "NIET_BEVESTIGD": "niet-bevestigd",
        "ONTVANGER_ZONDER_ECKID": "ontvanger-zonder-eckid",
    }


def test_no_heading_is_of_two_attributes() -> None:
    """
    A column is one attribute, whatever it is headed.
    """
    headings = Counter(
        heading
        for attribuut in CATALOGUE.values()
        for heading in {kopje(attribuut.naam), *attribuut.kopjes}
    )
    assert [heading for heading, count in headings.items() if count > 1] == []


def test_each_heading_stands_in_the_form_in_which_it_is_looked_up() -> None:
    """
    A heading in another form would never be found.
    """
    for attribuut in CATALOGUE.values():
        assert attribuut.kopjes or attribuut.uit
        assert attribuut.kopjes == tuple(map(kopje, attribuut.kopjes))
        assert len(set(attribuut.kopjes)) == len(attribuut.kopjes)


@given(text=st.text())
def test_a_heading_is_read_without_what_people_vary(text: str) -> None:
    """
    Neither case, spaces nor signs tell two headings apart.
    """
    plain = kopje(text)
    assert all(map(str.isalnum, plain))
    assert kopje(f" {text}_-. \t") == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("BSN", "bsn"),
        ("Burgerservicenummer (BSN)", "burgerservicenummerbsn"),
        ("Geb. datum", "gebdatum"),
        ("LAS-key", "laskey"),
        ("E-mail\nadres", "emailadres"),
        ("", ""),
    ],
)
def test_the_headings_of_schools_are_read(text: str, plain: str) -> None:
    """
    As administration systems write them.
    """
    assert kopje(text) == plain


def test_each_code_of_edexml_is_read_as_itself() -> None:
    """
    Those that UWLR 2.2 has for geslacht and rol, and `other`, which Edu-V has beside.
    """
    codes = {
        "geslacht": ["0", "1", "2", "9", "other"],
        "rol": [
            *("ADJ", "ADM", "CON", "DIR", "ICT", "IB", "KLA", "LRK"),
            *("LOS", "LOC", "OWA", "OUD", "RT", "SMW", "STA", "VAK"),
        ],
    }
    assert CODES.keys() == codes.keys()
    for naam, words in CODES.items():
        assert set(words.values()) == set(codes[naam])
        assert all(words[kopje(code)] == code for code in codes[naam])


@pytest.mark.parametrize(
    ("naam", "cells"),
    [
        ("geslacht", "unspecified:0 male:1 female:2 other:other"),
        ("geslacht", "Onbekend:0 M:1 Jongen:1 V:2 Meisje:2 X:other Anders:other"),
        ("rol", "Adjunct-directeur:ADJ Administratie:ADM Conciërge:CON Directeur:DIR"),
        ("rol", "ICT-coördinator:ICT Intern_begeleider:IB Klassenassistent:KLA"),
        ("rol", "Leerkracht:LRK Docent:LRK Onderwijsassistent:OWA"),
        ("rol", "Remedial_teacher:RT Schoolmaatschappelijk_werker:SMW Stagiair(e):STA"),
        ("rol", "Vakleerkracht:VAK Vakdocent:VAK"),
    ],
)
def test_a_word_of_lists_is_read_as_its_code(naam: str, cells: str) -> None:
    """
    The words of Edu-V, and those that schools write; another code tells an untruth.
    """
    for cell in cells.split():
        word, _, code = cell.partition(":")
        assert CODES[naam][kopje(word)] == code


def test_the_catalogue_cannot_be_changed() -> None:
    """
    No program makes a PGN into something less.
    """
    assert isinstance(CATALOGUE, MappingProxyType)
    with pytest.raises(dataclasses.FrozenInstanceError):
        CATALOGUE["bsn"].kenmerk = Kenmerk.GEGEVEN
    assert {name: a.naam for name, a in CATALOGUE.items()} == {n: n for n in CATALOGUE}
