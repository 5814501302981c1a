"""
A policy that extends another gives less, or says on what ground it gives more.
"""

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    Attribuutbeleid,
    Doel,
    KetenID,
    Ontvanger,
    PolicyError,
    Reden,
    Vrijgave,
    Wie,
)
from eckid.attributes import CATALOGUE, AnderIdReden
from eckid.policy import Afwijking, Eis, Regel, Vorm, Waarde

_KETENID = KetenID.parse(f"https://eckid.invalid/2026/{'0123456789abcdef' * 8}")
_ON = date(2026, 11, 24)
_WHY: dict[str, Any] = {
    "doelen": frozenset(Doel),
    "ontvangers": frozenset(Ontvanger),
    "bron": "een bron",
    "zekerheid": "C",
    "motivering": "Omdat het moet.",
    "motivation": "Because it must.",
}
_TO: dict[str, Any] = {"doel": Doel.GEBRUIK, "ontvanger": Ontvanger.UITGEVER}


def _regel(name: str, **more: object) -> Regel:
    return Regel(**(_WHY | {"attribuut": name} | more))


# What a policy may do with what it is given.

_PERSON: dict[str, Waarde] = {
    "eckid": _KETENID,
    "roepnaam": "Sanne",
    "achternaam": "Bakker",
    "geboortedatum": "2015-12-24",
    "groep": "6a",
}


def _release(*regels: Regel, row: dict[str, Waarde] = _PERSON, **how: Any) -> Vrijgave:  # noqa: ANN401  # handed on
    return Attribuutbeleid("p", "1", "x", regels).voor(**_TO | how).release(row)


def test_a_rule_releases_under_another_name() -> None:
    """
    The value as it is; the rule stands under that name, and so does the column.
    """
    vrijgave = _release(_regel("roepnaam", als="givenName"))
    assert vrijgave.released == {"givenName": "Sanne"}
    assert vrijgave.columns == ("givenName",)
    assert vrijgave.regels["givenName"].attribuut == "roepnaam"
    assert "roepnaam" not in vrijgave.withheld


def test_a_rule_uses_and_never_releases() -> None:
    """
    With its own reason.
    """
    vrijgave = _release(_regel("achternaam", vorm=Vorm.GEBRUIK))
    assert vrijgave.released == {}
    assert vrijgave.withheld["achternaam"] is Reden.USE_ONLY


@pytest.mark.parametrize(
    ("name", "vorm", "goes_as", "value"),
    [
        ("geboortedatum", Vorm.MAANDEN, "leeftijd_in_maanden", "131"),
        ("geboortedatum", Vorm.JAAR, "geboortejaar", "2015"),
        ("achternaam", Vorm.VOORLETTER, "achternaam_voorletter", "B"),
        ("groep", Vorm.JAARGROEP_PO, "groep_jaargroep", "6"),
    ],
)
def test_less_goes_in_the_place_of_a_value(
    name: str, vorm: Vorm, goes_as: str, value: str
) -> None:
    """
    Under a name of its own; the value itself is withheld, and that is counted.

    An age has its day beside it, and where there is no age, there is no day.
    """
    day = ["2026-11-24"] if vorm is Vorm.MAANDEN else []
    vrijgave = _release(_regel(name, vorm=vorm), toetsdag=_ON)
    names = (goes_as, f"{goes_as}_op")
    assert vrijgave.released == dict(zip(names, [value, *day], strict=False))
    assert vrijgave.columns == tuple(vrijgave.released)
    assert vrijgave.withheld[name] is Reden.REPLACED
    unread = _release(_regel(name, vorm=vorm), row={name: "??"}, toetsdag=_ON)
    assert unread.released == {}
    assert unread.withheld[name] is Reden.UNREADABLE
    other = _release(_regel(name, vorm=vorm, als="minder"), toetsdag=_ON)
    assert other.released == dict(
        zip(("minder", "minder_op"), [value, *day], strict=False)
    )


def test_the_name_of_the_day_of_an_age_is_its_own() -> None:
    """
    No other attribute goes under it, and it is not read as another's heading.
    """
    age = _regel("geboortedatum", vorm=Vorm.MAANDEN, als="leeftijd")
    for als in ("leeftijd_op", "Leeftijd-Op"):
        with pytest.raises(PolicyError, match="another attribuut goes as"):
            Attribuutbeleid("p", "1", "x", (age, _regel("groep", als=als)))
    with pytest.raises(PolicyError, match="als: expected a word of ASCII"):
        _regel("geboortedatum", vorm=Vorm.MAANDEN, als="x" * 62)
    assert len(_regel("geboortedatum", vorm=Vorm.MAANDEN, als="x" * 61).namen[1]) == 64


def test_less_goes_beside_values_that_go_as_they_are() -> None:
    """
    One rule that gives less is enough: no other value's way is its own.
    """
    regels = (
        _regel("eckid"),
        _regel("roepnaam"),
        _regel("geboortedatum", vorm=Vorm.MAANDEN),
        _regel("achternaam", vorm=Vorm.VOORLETTER),
    )
    vrijgave = _release(*regels, toetsdag=_ON)
    assert vrijgave.released == {
        "eckid": _KETENID,
        "roepnaam": "Sanne",
        "leeftijd_in_maanden": "131",
        "leeftijd_in_maanden_op": "2026-11-24",
        "achternaam_voorletter": "B",
    }
    assert vrijgave.withheld == {
        "geboortedatum": Reden.REPLACED,
        "achternaam": Reden.REPLACED,
        "groep": Reden.NOT_IN_POLICY,
    }


def test_what_needs_the_day_is_withheld_without_it() -> None:
    """
    And it is no column then.
    """
    vrijgave = _release(_regel("geboortedatum", vorm=Vorm.MAANDEN), on=_ON)
    assert vrijgave.released == {}
    assert vrijgave.withheld["geboortedatum"] is Reden.TEST_DAY_NEEDED
    assert vrijgave.columns == ()


def test_the_shortest_name_is_asked_for_where_nobody_made_it() -> None:
    """
    A policy that wants it does not go on in silence without it.
    """
    wanted = _regel("weergavenaam")
    assert _release(wanted).withheld["weergavenaam"] is Reden.GROUP_NEEDED
    made = _release(wanted, row=_PERSON | {"weergavenaam": "Sanne"})
    assert made.released == {"weergavenaam": "Sanne"}


def test_what_goes_is_text_where_nothing_else_depends_on_values() -> None:
    """
    The quick way through a list looks at what it lets go.
    """
    row: Any = {"roepnaam": 5}
    with pytest.raises(PolicyError, match=r"^roepnaam: expected str, got int$"):
        _release(_regel("roepnaam"), row=row)


@pytest.mark.parametrize("less", [(), (_regel("achternaam", vorm=Vorm.VOORLETTER),)])
@pytest.mark.parametrize("unread", ["geboortedatum", "geslacht"])
def test_a_day_or_code_that_nobody_can_read_does_not_go(
    unread: str, less: tuple[Regel, ...]
) -> None:
    """
    What can be read beside it goes, whether or not the policy gives less of another.
    """
    goes = ("roepnaam", "geboortedatum", "geslacht")
    row = {name: _PERSON.get(name, "2") for name in goes}
    vrijgave = _release(*map(_regel, goes), *less, row=row | {unread: "kerst"})
    assert vrijgave.released == {n: row[n] for n in goes if n != unread}
    assert vrijgave.withheld == {unread: Reden.UNREADABLE}
    assert _release(*map(_regel, goes), *less, row=row).released == row


@pytest.mark.parametrize(
    ("vorm", "name", "goes"),
    [
        (Vorm.JAAR, "geboortedatum", {"geboortejaar": "2015"}),
        (Vorm.VOORLETTER, "achternaam", {"achternaam_voorletter": "B"}),
        (Vorm.JAARGROEP_PO, "groep", {"groep_jaargroep": "6"}),
        (Vorm.JAARGROEP_VO, "groep", {"groep_jaargroep": "16"}),
    ],
)
def test_less_goes_under_its_own_name(
    vorm: Vorm, name: str, goes: dict[str, str]
) -> None:
    """
    And never under the name of the value of which it is made.
    """
    vrijgave = _release(_regel(name, vorm=vorm))
    assert vrijgave.released == goes
    assert vrijgave.columns == tuple(goes)
    assert vrijgave.withheld[name] is Reden.REPLACED


@pytest.mark.parametrize("name", CATALOGUE)
def test_nothing_goes_under_the_name_of_another_attribute(name: str) -> None:
    """
    A reader of the file would take it for that attribute.
    """
    if name == "roepnaam":
        assert _regel("roepnaam", als=name).naam == name
        return
    with pytest.raises(PolicyError, match="roepnaam: als: expected a name that no"):
        _regel("roepnaam", als=name)


def test_why_another_identifier_goes_is_told_only_where_it_goes() -> None:
    """
    Not after its last day, nor where something else is lacking.
    """
    row: dict[str, Waarde] = {"key": "17", "ander_id_reden": "symbiose"}
    row["ander_id_tot"] = "2027-07-31"
    regels = [_regel(name) for name in row]
    goes = _release(*regels, row=row, on=date(2027, 7, 31))
    assert goes.ander_id_reden is AnderIdReden.SYMBIOSE
    assert goes.released == row
    ended = _release(*regels, row=row, on=date(2027, 8, 1))
    assert ended.ander_id_reden is None
    assert ended.withheld == dict.fromkeys(row, Reden.ANDER_ID_ENDED)
    lacking = _release(*regels, _regel("groep", eis=Eis.MANDATORY), row=row, on=_ON)
    assert lacking.missing == ("groep",)
    assert lacking.ander_id_reden is None


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_demanded_and_lacking_refuses_the_person(value: str | None) -> None:
    """
    Nothing goes, and what is missing is named; an empty text is no value.
    """
    regels = (_regel("roepnaam"), _regel("groep", eis=Eis.MANDATORY))
    assert _release(*regels).missing == ()
    row = {name: v for name, v in _PERSON.items() if name != "groep"}
    vrijgave = _release(*regels, row=row | ({} if value is None else {"groep": value}))
    assert vrijgave.released == vrijgave.regels == {}
    assert vrijgave.missing == ("groep",)
    assert vrijgave.withheld["roepnaam"] is Reden.MANDATORY_MISSING


_ROLLEN = (
    "groep: rollen: expected some of ADJ ADM CON DIR IB ICT KLA LOC LOS LRK OUD OWA RT "
    "SMW STA VAK, got others"
)
_BAD_RULES: dict[str, tuple[str, dict[str, object], str]] = {
    "a PGN that is optional": (
        "bsn",
        {"eis": Eis.OPTIONAL},
        "bsn: counts as a PGN, so no rule releases it",
    ),
    "a condition that is none": (
        "groep",
        {"eis": Eis.CONDITIONAL},
        "groep: expected met, zonder or voorwaarde if conditional, and only then",
    ),
    "a condition where there is none": (
        "groep",
        {"met": frozenset({"eckid"})},
        "groep: expected met, zonder or voorwaarde if conditional, and only then",
    ),
    "an unknown condition": (
        "groep",
        {"eis": Eis.CONDITIONAL, "met": frozenset({"schoenmaat"})},
        "groep: expected met and zonder to name attributes of the catalogue",
    ),
    "a vorm of another attribute": (
        "groep",
        {"vorm": Vorm.MAANDEN},
        "groep: vorm: leeftijd-in-maanden is made of geboortedatum only",
    ),
    "the name of another": (
        "leerlingnummer",
        {"als": "eckid"},
        "leerlingnummer: als: expected a name that no other attribuut has",
    ),
    "the name of another, for a year of birth": (
        "geboortedatum",
        {"vorm": Vorm.JAAR, "als": "postcode"},
        "geboortedatum: als: expected a name that no other attribuut has",
    ),
    "a rol that is none": ("groep", {"rollen": frozenset({"BAAS"})}, _ROLLEN),
    "roles, and none among them": ("groep", {"rollen": frozenset()}, _ROLLEN),
    "nobody": (
        "groep",
        {"wie": frozenset()},
        "groep: wie: expected leerling or leerkracht, got neither",
    ),
}


@pytest.mark.parametrize("case", _BAD_RULES)
def test_a_rule_that_contradicts_itself_is_none(case: str) -> None:
    """
    Told by attribute and key.
    """
    name, changed, said = _BAD_RULES[case]
    with pytest.raises(PolicyError) as caught:
        _regel(name, **changed)
    assert caught.value.args == (said,)


@pytest.mark.parametrize(
    "als",
    [
        *("BSN", "Bsn-nr", "ketenid", "ECK-ID", "eck_id", "Geboorte.datum", "gebdatum"),
        *("onderwijsnummer", "userMasterIdentifier", "LAS-key", "anderid", "ander_id"),
        *("HPgn", "hpgn-verzegeld", "stampseudoniem"),
    ],
)
def test_a_name_to_go_under_is_not_read_as_another_attribute(als: str) -> None:
    """
    Names are compared as headings are read: without case, spaces and signs.
    """
    with pytest.raises(PolicyError) as caught:
        _regel("groep", als=als)
    said = "groep: als: expected a name that no other attribuut has"
    assert caught.value.args == (said,)


@pytest.mark.parametrize(
    "als",
    [
        *(" bsn", "eckid\u200b", "Geboorte datum", "=HYPERLINK(1)", "+1", "-a", "@a"),
        *(
            "\u0435ckid",
            "e\u0301",
            "a\n",
            "a\tb",
            "a;b",
            'a"',
            "1a",
            "_a",
            "a_",
            "a--b",
        ),
        *("a" * 65, "naam,", "\uff1dA1", 5),
    ],
)
def test_a_name_to_go_under_is_a_plain_word(als: object) -> None:
    """
    Letters and digits of ASCII, with one sign between.

    So it has nothing that a reader takes off, and nothing that a spreadsheet runs.
    """
    with pytest.raises(PolicyError) as caught:
        _regel("groep", als=als)
    (said,) = caught.value.args
    assert said.startswith("groep: als: expected a word of ASCII letters and digits")
    assert str(als) not in said or len(str(als)) < 3


@pytest.mark.parametrize(
    "als", ["groupName", "Groep", "stamgroep", "groep-1", "nl.edu.groep_2", "a" * 64]
)
def test_a_plain_word_is_a_name_to_go_under(als: str) -> None:
    """
    Also one by which the attribute's own heading is read.
    """
    assert _regel("groep", als=als).naam == als


@pytest.mark.parametrize(
    ("one", "other"), [("naam", "Naam"), ("naam", "na-am"), ("naam", "naam")]
)
def test_two_attributes_do_not_go_under_names_that_are_read_alike(
    one: str, other: str
) -> None:
    """
    A reader would take them for one column twice.
    """
    regels = _regel("roepnaam", als=one), _regel("achternaam", als=other)
    with pytest.raises(PolicyError) as caught:
        Attribuutbeleid("p", "1", "x", regels)
    said = f"beleid: achternaam: another attribuut goes as {other} too"
    assert caught.value.args == (said,)


def test_one_attribute_goes_under_one_spelling_of_a_name() -> None:
    """
    Two cases of one attribute may share a name, and not two spellings of it.
    """
    cases = [
        _regel("roepnaam", doelen=frozenset({doel}), als="naam")
        for doel in (Doel.GEBRUIK, Doel.TOETSEN)
    ]
    assert Attribuutbeleid("p", "1", "x", tuple(cases)).regels
    other = _regel("roepnaam", doelen=frozenset({Doel.LEVEREN}), als="Naam")
    with pytest.raises(PolicyError, match=r"^beleid: roepnaam: another attribuut goes"):
        Attribuutbeleid("p", "1", "x", (*cases, other))


# Extending.

_OWN = """
naam = "eigen"
versie = "1"
status = "Of this board."
breidt_uit = "leermiddelenketen"
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "het bevoegd gezag"
zekerheid = "C"

[[regel]]
attribuut = "ATTRIBUUT"
eis = "EIS"
motivering = "Omdat het moet."
motivation = "Because it must."
"""
_AFWIJKING = """
[afwijking]
doel = "gebruik"
verwerkersovereenkomst = "VO-2026-014"
motivering = "Zonder dit werkt het niet."
besloten_door = "functionaris gegevensbescherming"
tot = 2027-07-31
"""


def _loaded(tmp_path: Path, text: str) -> Attribuutbeleid:
    path = tmp_path / "eigen.toml"
    path.write_text(text, "utf-8")
    return Attribuutbeleid.load_file(path)


def _own(attribuut: str, eis: str = "optional", more: str = "") -> str:
    return _OWN.replace("ATTRIBUUT", attribuut).replace("EIS", eis) + more


def test_own_rules_stand_in_the_place_of_the_bases(tmp_path: Path) -> None:
    """
    The order of a file stays that of the base; what is forbidden goes no more.
    """
    beleid = _loaded(tmp_path, _own("roepnaam", "forbidden"))
    basis = Attribuutbeleid.load("leermiddelenketen")
    assert beleid.basis == basis
    assert beleid.een_van == basis.een_van
    names = [regel.attribuut for regel in basis.regels]
    assert [regel.attribuut for regel in beleid.regels] == names
    row: dict[str, Waarde] = {"eckid": _KETENID, "roepnaam": "Sem"}
    assert beleid.voor(**_TO).release(row).withheld == {"roepnaam": Reden.FORBIDDEN}
    assert basis.voor(**_TO).release(row).released == row


def test_more_than_the_base_is_refused_by_name(tmp_path: Path) -> None:
    """
    Line, attribute, doel and recipient.
    """
    with pytest.raises(PolicyError) as caught:
        _loaded(tmp_path, _own("geslacht"))
    assert caught.value.args == (
        (
            "eigen.toml, line 12: geslacht: expected no more than leermiddelenketen "
            "gives for gebruik to uitgever, or an afwijking"
        ),
    )
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "more",
    ['doelen = ["genormeerde-toets"]\n', 'vorm = "geboortejaar"\n'],
    ids=["the date itself", "the year for another doel"],
)
def test_another_vorm_than_less_is_more(tmp_path: Path, more: str) -> None:
    """
    Of an age in months neither the date nor, elsewhere, the year follows.
    """
    with pytest.raises(
        PolicyError, match="geboortedatum: expected no more than leermiddelenketen"
    ):
        _loaded(tmp_path, _own("geboortedatum", more=more))


def test_what_the_base_demands_stays_demanded(tmp_path: Path) -> None:
    """
    Else rows would go that the base refuses.
    """
    text = _own("jaargroep").replace('"leermiddelenketen"', '"lvs-set-2.3"')
    with pytest.raises(PolicyError, match=r"expected all that lvs-set-2.3 demands"):
        _loaded(tmp_path, text)
    served = {d for r in Attribuutbeleid.load("lvs-set-2.3").regels for d in r.doelen}
    every = ", ".join(sorted(f'"{doel.value}"' for doel in served))
    text = (
        _own("jaargroep", "mandatory", 'wie = ["leerling"]\n')
        .replace('"leermiddelenketen"', '"lvs-set-2.3"')
        .replace('doelen = ["gebruik"]', f"doelen = [{every}]")
        .replace('["uitgever"]', '["softwareleverancier", "uitgever", "school"]')
    )
    assert _loaded(tmp_path, text).basis is not None


def test_the_shortest_name_may_stand_in_for_names(tmp_path: Path) -> None:
    """
    It is made of roepnaam, voorvoegsel and achternaam, and tells no more.
    """
    assert _loaded(tmp_path, _own("weergavenaam")).basis is not None
    text = _own("weergavenaam").replace('"leermiddelenketen"', '"entree-federatie"')
    with pytest.raises(PolicyError, match="weergavenaam: expected no more"):
        _loaded(tmp_path, text)


def test_a_base_that_is_not_shipped_is_refused(tmp_path: Path) -> None:
    """
    A policy extends one that comes with the library.
    """
    with pytest.raises(
        PolicyError, match=r"^eigen.toml, line 5: expected edu-v-students-1.1 or"
    ):
        _loaded(tmp_path, _own("roepnaam").replace('"leermiddelenketen"', '"edu-l"'))


def test_a_policy_may_extend_another_by_its_former_name(tmp_path: Path) -> None:
    """
    Files that were written for it are still read.
    """
    text = _own("roepnaam", "forbidden")
    former = text.replace('"leermiddelenketen"', '"edu-k"')
    assert former != text
    assert _loaded(tmp_path, former) == _loaded(tmp_path, text)


def test_which_identifier_stands_in_is_the_bases_to_say(tmp_path: Path) -> None:
    """
    With the first forbidden nobody goes by the second: that would be more.
    """
    beleid = _loaded(tmp_path, _own("key", "forbidden"))
    row: dict[str, Waarde] = {
        "key": "17",
        "leerlingnummer": "4017",
        "ander_id_reden": "symbiose",
        "ander_id_tot": "2027-07-31",
    }
    vrijgave = beleid.voor(**_TO, on=_ON).release(row)
    assert vrijgave.released == {}
    assert vrijgave.withheld["key"] is Reden.FORBIDDEN
    basis = Attribuutbeleid.load("leermiddelenketen").voor(**_TO, on=_ON)
    assert basis.release(row).released["key"]


def _extends(
    basis: tuple[Regel, ...],
    own: tuple[Regel, ...],
    *,
    scopes: tuple[str, ...] = (),
    **more: Any,  # noqa: ANN401  # any other field
) -> Attribuutbeleid:
    base = Attribuutbeleid("b", "1", "x", basis, scopes=scopes)
    return Attribuutbeleid("o", "1", "x", own, scopes=scopes, basis=base, **more)


_CONDITION = {"eis": Eis.CONDITIONAL, "voorwaarde": "Alleen na tekenen."}


def test_a_condition_in_words_is_not_dropped() -> None:
    """
    Nobody reads it but people, so it stays as the base has it, or becomes stricter.
    """
    basis = _regel("groep", **_CONDITION)
    for own in (basis, _regel("groep", eis=Eis.FORBIDDEN)):
        assert _extends((basis,), (own,)).basis is not None
    stricter = _regel("groep", **_CONDITION, met=frozenset({"eckid"}))
    assert _extends((basis,), (stricter,)).basis is not None
    gives_more = (
        _regel("groep"),
        _regel("groep", eis=Eis.MANDATORY),
        _regel("groep", eis=Eis.CONDITIONAL, voorwaarde="Alleen na bellen."),
        _regel("groep", eis=Eis.CONDITIONAL, voorwaarde="Niet Alleen na tekenen."),
        _regel("groep", eis=Eis.CONDITIONAL, met=frozenset({"eckid"})),
        _regel("groep", vorm=Vorm.JAARGROEP_PO),
    )
    for own in gives_more:
        with pytest.raises(PolicyError, match="groep: expected no more than b gives"):
            _extends((basis,), (own,))
    free = _regel("groep")
    assert _extends((free,), (basis,)).basis is not None
    for name in ("met", "zonder"):
        conditional = _regel(
            "groep", eis=Eis.CONDITIONAL, **{name: frozenset({"eckid"})}
        )
        with pytest.raises(PolicyError, match="groep: expected no more than b gives"):
            _extends((conditional,), (free,))
        assert _extends((free,), (conditional,)).basis is not None


def test_using_what_the_base_does_not_give_is_more() -> None:
    """
    A name is made of what is used, and another identifier goes by a reason in use.
    """
    names = (_regel("weergavenaam"), _regel("roepnaam"))
    used = _regel("achternaam", vorm=Vorm.GEBRUIK)
    with pytest.raises(PolicyError, match="achternaam: expected no more than b gives"):
        _extends(names, (*names, used))
    hidden = (*names, _regel("achternaam", eis=Eis.FORBIDDEN))
    with pytest.raises(PolicyError, match="achternaam: expected no more than b gives"):
        _extends(hidden, (*names, used))
    for there in (_regel("achternaam"), used):
        assert _extends((*names, there), (*names, used)).basis is not None
    signed = _regel("achternaam", **_CONDITION)
    with pytest.raises(PolicyError, match="achternaam: expected no more than b gives"):
        _extends((*names, signed), (*names, used))
    # What is forbidden here may be unknown there.
    forbids = (*names, _regel("achternaam", eis=Eis.FORBIDDEN))
    assert _extends(names, forbids).basis is not None
    key = _regel("key")
    why = [_regel(n, vorm=Vorm.GEBRUIK) for n in ("ander_id_reden", "ander_id_tot")]
    with pytest.raises(PolicyError, match="ander_id_reden: expected no more than b"):
        _extends((key,), (key, *why))
    assert _extends((key, *why), (key, *why)).basis is not None
    # Of nothing that goes anything is made.
    assert _extends((key,), (key, _regel("groep", vorm=Vorm.GEBRUIK))).basis is not None


def test_any_choice_of_scopes_gives_no_more_than_the_base() -> None:
    """
    Two scopes together too, where a third is not chosen.

    The first rule whose scope is chosen decides, so the order of rules counts.
    """
    one, two, three = (
        _regel("groep", scope="c", eis=Eis.FORBIDDEN),
        _regel("groep", scope="b", eis=Eis.FORBIDDEN),
        _regel("groep", scope="a"),
    )
    scopes = ("a", "b", "c")
    assert _extends((one, two, three), (one, two, three), scopes=scopes).basis
    assert _extends((one, two, three), (two, one, three), scopes=scopes).basis
    with pytest.raises(PolicyError, match="groep: expected no more than b gives"):
        _extends((one, two, three), (one, three, two), scopes=scopes)
    with pytest.raises(PolicyError, match="groep: expected no more than b gives"):
        _extends((three,), (_regel("groep"),), scopes=scopes)
    everywhere = _regel("groep", eis=Eis.FORBIDDEN)
    assert _extends((everywhere,), (everywhere, three), scopes=scopes).basis
    assert _extends((_regel("groep"),), (three,), scopes=scopes).basis
    other = _regel("groep", scope="b")
    with pytest.raises(PolicyError, match="groep: expected no more than b gives"):
        _extends((three,), (other,), scopes=scopes)


def test_what_the_base_demands_is_demanded_under_any_scopes() -> None:
    """
    One attribute, or one of several.
    """
    scopes = ("a", "b")
    eck = _regel("eckid")
    must = _regel("groep", scope="a", eis=Eis.MANDATORY)
    may = _regel("groep", scope="b")
    basis = (eck, must, may)
    assert _extends(basis, basis, scopes=scopes).basis
    with pytest.raises(PolicyError, match="expected all that b demands, got less"):
        _extends(basis, (eck, may, must), scopes=scopes)
    with pytest.raises(PolicyError, match="expected all that b demands, got less"):
        _extends(basis, (eck, may), scopes=scopes)
    # Where nothing goes at all, nothing is demanded.
    none = (_regel("eckid", eis=Eis.FORBIDDEN),)
    assert _extends(basis, none, scopes=scopes).basis
    names = ("roepnaam", "achternaam")
    two = (_regel("roepnaam", scope="a"), _regel("achternaam", scope="a"))
    base = Attribuutbeleid("b", "1", "x", two, een_van=(names,), scopes=scopes)
    nothing: tuple[Regel, ...] = ()
    for own, een_van in ((two, ()), (nothing, (names,))):
        regels = own or (_regel("roepnaam", scope="b"),)
        with pytest.raises(PolicyError, match=r"^beleid: "):
            Attribuutbeleid(
                "o", "1", "x", regels, een_van=een_van, scopes=scopes, basis=base
            )
    apart = (eck, _regel("roepnaam", scope="a"), _regel("achternaam", scope="b"))
    base_apart = Attribuutbeleid("b", "1", "x", apart, een_van=(names,), scopes=scopes)
    with pytest.raises(PolicyError, match="expected all that b demands, got less"):
        Attribuutbeleid(
            "o", "1", "x", apart[:2], een_van=(names,), scopes=scopes, basis=base_apart
        )
    everywhere = (_regel("roepnaam", scope="a"), _regel("achternaam"))
    base_both = Attribuutbeleid(
        "b", "1", "x", everywhere, een_van=(names,), scopes=scopes
    )
    assert Attribuutbeleid(
        "o", "1", "x", everywhere[1:], een_van=(names,), scopes=scopes, basis=base_both
    ).basis
    for some in (two, two[:1], two[1:]):
        made = Attribuutbeleid(
            "o", "1", "x", some, een_van=(names,), scopes=scopes, basis=base
        )
        assert made.basis == base


# With a ground.


def test_an_afwijking_gives_more_for_its_doel_until_its_day(tmp_path: Path) -> None:
    """
    On the last day it does; after it, or without a day, nothing goes at all.
    """
    beleid = _loaded(tmp_path, _own("geslacht", more=_AFWIJKING))
    row: dict[str, Waarde] = {"eckid": _KETENID, "geslacht": "1"}
    assert beleid.voor(**_TO, on=date(2027, 7, 31)).release(row).released == row
    later = beleid.as_dict()["afwijking"]
    assert later["tot"] == "2027-07-31"
    assert beleid.digest != Attribuutbeleid.load("leermiddelenketen").digest
    for on, reden in (
        (date(2027, 8, 1), Reden.AFWIJKING_ENDED),
        (None, Reden.DATE_NEEDED),
    ):
        vrijgave = beleid.voor(**_TO, on=on).release(row)
        assert vrijgave.released == {}
        assert set(vrijgave.withheld.values()) == {reden}
        assert vrijgave.columns == ()


def test_an_afwijking_is_for_one_doel(tmp_path: Path) -> None:
    """
    What is more for another doel has no ground.
    """
    text = _own("geslacht", more=_AFWIJKING.replace('"gebruik"', '"toetsen"'))
    with pytest.raises(
        PolicyError, match="geslacht: expected no more than leermiddelenketen"
    ):
        _loaded(tmp_path, text)


@pytest.mark.parametrize(
    ("doel", "goes"), [("toetsen", False), ("gebruik", True)], ids=["another", "this"]
)
def test_an_afwijking_for_one_doel_widens_no_other(
    tmp_path: Path, doel: str, goes: object
) -> None:
    """
    For each other doel the base still says which identifier stands in.
    """
    ground = _AFWIJKING.replace('"gebruik"', f'"{doel}"')
    beleid = _loaded(tmp_path, _own("key", "forbidden", more=ground))
    row: dict[str, Waarde] = {
        "key": "17",
        "leerlingnummer": "4017",
        "ander_id_reden": "symbiose",
        "ander_id_tot": "2027-07-31",
    }
    for wie in Wie:
        vrijgave = beleid.voor(**_TO, on=_ON).release(row, wie=wie)
        assert ("leerlingnummer" in vrijgave.released) is goes
        assert vrijgave.withheld["key"] is Reden.FORBIDDEN


@pytest.mark.parametrize(
    "field",
    ["doel", "verwerkersovereenkomst", "motivering", "besloten_door", "tot"],
)
@pytest.mark.parametrize("how", ["lacking", "empty", "a number"])
def test_an_afwijking_without_any_of_its_grounds_does_not_load(
    tmp_path: Path, field: str, how: str
) -> None:
    """
    Doel, agreement, why, office and last day: each of them.
    """
    lines = _AFWIJKING.strip().splitlines()
    put = {"lacking": None, "empty": f'{field} = ""', "a number": f"{field} = 1"}[how]
    changed = [put if line.startswith(f"{field} =") else line for line in lines]
    text = _own("geslacht", more="\n".join(filter(None, changed)) + "\n")
    with pytest.raises(PolicyError, match=r"^eigen.toml, line \d+, afwijking"):
        _loaded(tmp_path, text)


def test_an_afwijking_is_from_something(tmp_path: Path) -> None:
    """
    A policy that extends none has nothing to depart from.
    """
    text = _own("geslacht", more=_AFWIJKING).replace(
        'breidt_uit = "leermiddelenketen"\n', ""
    )
    with pytest.raises(PolicyError, match="afwijking: expected breidt_uit"):
        _loaded(tmp_path, text)


def test_a_scope_that_is_not_there_is_not_chosen() -> None:
    """
    Told with those that are.
    """
    with pytest.raises(PolicyError, match=r"^scope: expected none, got another$"):
        Attribuutbeleid.load("leermiddelenketen").scoped("basic")
    with pytest.raises(PolicyError, match=r"^scope: expected eduv.student.basic or"):
        Attribuutbeleid.load("edu-v-students-1.1").scoped("basic")


def test_a_policy_of_scopes_alone_asks_for_one() -> None:
    """
    Without any nothing could go to anybody; it says up front what to give.
    """
    beleid = Attribuutbeleid.load("edu-v-students-1.1")
    asked: dict[str, Any] = {**_TO, "ontvanger": Ontvanger.SOFTWARELEVERANCIER}
    with pytest.raises(
        PolicyError,
        match=r"^scopes: expected one or more of eduv.student.basic or .*, got none: ",
    ):
        beleid.voor(**asked)
    assert beleid.voor(**asked, scopes=beleid.scopes).columns()
    assert beleid.scoped(*beleid.scopes).voor(**asked).columns()
    regels = (_regel("roepnaam", scope="a"), _regel("groep"))
    mixed = Attribuutbeleid("p", "1", "x", regels, scopes=("a",))
    assert mixed.voor(**_TO).columns() == ("groep",)
    assert Attribuutbeleid("p", "1", "x").voor(**_TO).columns() == ()


# A tightened policy releases a subset.

_NAMES = (
    "eckid",
    "key",
    "nepri",
    "ander_id_reden",
    "ander_id_tot",
    "roepnaam",
    "geboortedatum",
)
_VORMEN = (Vorm.ZELF, Vorm.GEBRUIK, Vorm.MAANDEN, Vorm.JAAR)


@st.composite
def _rules(draw: st.DrawFn) -> tuple[Regel, ...]:
    made = []
    for name in draw(st.lists(st.sampled_from(_NAMES), unique=True)):
        eis = draw(st.sampled_from(Eis))
        less = name == "geboortedatum"
        conditional = eis is Eis.CONDITIONAL
        made.append(
            _regel(
                name,
                eis=eis,
                doelen=draw(
                    st.sampled_from([frozenset(Doel), frozenset({Doel.GEBRUIK})])
                ),
                wie=draw(st.sampled_from([frozenset(Wie), frozenset({Wie.LEERLING})])),
                rollen=draw(st.sampled_from([None, None, frozenset({"LRK"})])),
                scope=draw(st.sampled_from([None, None, "basic"])),
                vorm=draw(st.sampled_from(_VORMEN if less else _VORMEN[:2])),
                zonder=frozenset({"groep"} if conditional else ()),
            )
        )
    return tuple(made)


_ROWS = st.dictionaries(st.sampled_from([*_NAMES, "groep"]), st.just("x")).map(
    lambda row: {name: _VALUE.get(name, value) for name, value in row.items()}
)
_VALUE: dict[str, Waarde] = {
    "eckid": _KETENID,
    "ander_id_reden": "symbiose",
    "ander_id_tot": "2027-07-31",
    "geboortedatum": "2015-12-24",
}


def _of_scopes(beleid: Attribuutbeleid) -> bool:
    return all(regel.scope is not None for regel in beleid.regels)


def _sources(vrijgave: Vrijgave) -> set[str]:
    return {regel.attribuut for regel in vrijgave.regels.values()}


_SEEN = {"tighter": 0, "looser": 0}


@given(
    base=_rules(),
    own=_rules(),
    rows=st.lists(_ROWS, min_size=1, max_size=4),
    rol=st.sampled_from([None, "LRK"]),
    chosen=st.booleans(),
    wie=st.sampled_from(Wie),
    doel=st.sampled_from([Doel.GEBRUIK, Doel.TOETSEN]),
)
def _check_subset(  # noqa: PLR0917  # hypothesis hands them on
    base: tuple[Regel, ...],
    own: tuple[Regel, ...],
    rows: list[dict[str, Waarde]],
    rol: str | None,
    chosen: bool,  # noqa: FBT001  # drawn
    wie: Wie,
    doel: Doel,
) -> None:
    basis = Attribuutbeleid("b", "1", "x", base, scopes=("basic",))
    said = {regel.attribuut for regel in own}
    merged = (*own, *(regel for regel in base if regel.attribuut not in said))
    try:
        tighter = dataclasses.replace(basis, regels=merged, basis=basis)
    except PolicyError:
        _SEEN["looser"] += 1
        return
    _SEEN["tighter"] += said != set()
    if chosen or all(regel.scope for regel in (*base, *own)):
        basis, tighter = basis.scoped("basic"), tighter.scoped("basic")
    if not basis.gekozen and (_of_scopes(basis) or _of_scopes(tighter)):
        return  # which no question is put to
    how: dict[str, Any] = {**_TO, "rol": rol, "on": _ON, "doel": doel}
    both = [b.voor(**how) for b in (tighter, basis)]
    for row in rows:
        one, other = (to.release(row, wie=wie) for to in both)
        assert _sources(one) <= _sources(other)
        ids = _sources(one) & {"eckid", "key", "nepri"}
        assert len(ids) <= 1


def test_a_tightened_policy_releases_a_subset() -> None:
    """
    Whatever the rules of both; and the check refuses some and takes some.
    """
    _check_subset()
    assert _SEEN["tighter"] > 3
    assert _SEEN["looser"] > 3


@given(rows=st.lists(_ROWS, max_size=5), regels=_rules())
def test_a_release_is_a_function_of_its_inputs_alone(
    rows: list[dict[str, Waarde]], regels: tuple[Regel, ...]
) -> None:
    """
    Neither the rows before it nor the kind of mapping changes it.
    """
    beleid = Attribuutbeleid("p", "1", "x", regels, scopes=("basic",))
    beleid = beleid.scoped("basic") if _of_scopes(beleid) else beleid
    alone = [beleid.voor(**_TO, on=_ON).release(row) for row in rows]
    to = beleid.voor(**_TO, on=_ON)
    assert list(to.release_many(rows)) == alone
    turned = list(to.release_many(rows[::-1]))
    assert turned == alone[::-1]


def test_an_afwijking_is_a_frozen_value() -> None:
    """
    Its fields are of their kinds.
    """
    right: dict[str, Any] = {
        "doel": Doel.GEBRUIK,
        "verwerkersovereenkomst": "VO-1",
        "motivering": "Omdat het moet.",
        "besloten_door": "functionaris",
        "tot": _ON,
    }
    assert Afwijking(**right) == Afwijking(**right)
    for field, value in (("doel", "gebruik"), ("tot", "2026-11-24"), ("motivering", 1)):
        with pytest.raises(TypeError, match=f"^afwijking: {field}: expected "):
            Afwijking(**(right | {field: value}))


@pytest.mark.parametrize(
    ("more", "overlaps"),
    [
        ({}, True),
        ({"doelen": frozenset({Doel.GEBRUIK, Doel.TOETSEN})}, True),
        ({"doelen": frozenset({Doel.TOETSEN})}, False),
        ({"ontvangers": frozenset({Ontvanger.SCHOOL})}, False),
        ({"wie": frozenset({Wie.LEERKRACHT})}, True),
        ({"rollen": frozenset({"KLA"})}, False),
        ({"scope": "basic"}, False),
        ({"attribuut": "achternaam"}, False),
    ],
    # A set has no order that a name could have.
    ids=("alike", "one doel", "doel", "ontvanger", "one wie", "rol", "scope", "other"),
)
def test_two_rules_overlap_where_one_case_is_of_both(
    more: dict[str, Any], *, overlaps: bool
) -> None:
    """
    A case is one attribute, scope, doel, recipient, kind of person and rol.
    """
    fields: dict[str, Any] = {
        "attribuut": "roepnaam",
        "doelen": frozenset({Doel.GEBRUIK}),
        "ontvangers": frozenset({Ontvanger.UITGEVER}),
        "bron": "het bestuur",
        "zekerheid": "I",
        "motivering": "Zonder dit werkt het niet.",
        "motivation": "It does not work without.",
    }
    one, other = Regel(**fields), Regel(**(fields | more))
    assert (not one.cases().isdisjoint(other.cases())) is overlaps


@pytest.mark.parametrize("text", ["half \ud83d", "x" * 70_000], ids=["half", "long"])
def test_a_policy_that_has_no_digest_says_so(text: str) -> None:
    """
    A text that UTF-8 cannot hold, or that no part of a frame holds, is not repeated.
    """
    beleid = Attribuutbeleid("b", "1", "x", (_regel("roepnaam", motivering=text),))
    with pytest.raises(PolicyError, match="65,535 bytes in a regel") as caught:
        _ = beleid.digest
    assert caught.value.__context__ is None
