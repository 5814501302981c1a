"""
The attribute policy: what the working rule releases, and how a file is read.
"""

import copy
import dataclasses
import pickle
import pprint
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import pytest
import strategies as our
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
)
from eckid.attributes import CATALOGUE, AnderIdReden
from eckid.grondslag import Grondslag
from eckid.policy import Regel, Waarde

_BELEID = Attribuutbeleid.load("leermiddelenketen")
_KETENID = KetenID.parse(f"{our.NAMESPACE}/2026/{'0123456789abcdef' * 8}")

# The rows of the working rule, written from their source and apart from the file: the
# same for every doel and every ontvanger, but for one.
_IDENTIFIER = "eckid"
_OTHERS = "voorlopig key basispoort_id nepri neppi eduid leerlingnummer".split()  # noqa: SIM905  # reads as the row that it is
_NAMES = ["roepnaam", "voorvoegsel", "achternaam"]
_PGN = {"bsn", "onderwijsnummer", "sofinummer", "rijksregisternummer", "bsn_ondwnr-4"}

# No shipped policy serves the last.
_SERVED = [doel for doel in Doel if doel is not Doel.SERVICEPROCESSEN]
each_doel = pytest.mark.parametrize("doel", _SERVED)
each_ontvanger = pytest.mark.parametrize("ontvanger", Ontvanger)
_ON = date(2026, 11, 24)
_GEBRUIK: dict[str, Any] = {
    "doel": Doel.GEBRUIK,
    "ontvanger": Ontvanger.UITGEVER,
    "on": _ON,
}
_TO = _BELEID.voor(**_GEBRUIK)
_WHY = {"ander_id_reden": AnderIdReden.SYMBIOSE.value, "ander_id_tot": "2027-07-31"}


def _row(*without: str) -> dict[str, Waarde]:
    """
    Return a person with every attribute of the catalogue but those named.
    """
    row: dict[str, Waarde] = {name: f"waarde van {name}" for name in CATALOGUE}
    row |= {"eckid": _KETENID, "geboortedatum": "2015-12-24", **_WHY}
    return {name: value for name, value in row.items() if name not in without}


def _expected(doel: Doel) -> set[str]:
    return {*_NAMES, *(_AGE if doel is _NORMED else [])}


_NORMED = Doel.GENORMEERDE_TOETS
_TEST = date(2027, 1, 12)
_AGE = {"leeftijd_in_maanden": "133", "leeftijd_in_maanden_op": "2027-01-12"}


@each_doel
@each_ontvanger
def test_the_working_rule_gives_who_has_a_ketenid_that_and_the_name(
    doel: Doel, ontvanger: Ontvanger
) -> None:
    """
    For every doel and recipient alike; the age in months for normed tests alone.
    """
    row = _row()
    to = _BELEID.voor(doel=doel, ontvanger=ontvanger, on=_ON, toetsdag=_TEST)
    vrijgave = to.release(row)
    released = {_IDENTIFIER, *_expected(doel)}
    assert vrijgave.released == {n: (row | _AGE)[n] for n in released}
    withheld: dict[str, Reden] = dict.fromkeys(row, Reden.NOT_IN_POLICY)
    withheld |= dict.fromkeys(_PGN, Reden.PGN)
    withheld |= dict.fromkeys([*_OTHERS, *_WHY], Reden.KETENID_EXISTS)
    withheld["geboortedatum"] = Reden.REPLACED if doel is _NORMED else Reden.OTHER_DOEL
    assert vrijgave.withheld == {n: r for n, r in withheld.items() if n not in released}


@each_doel
@each_ontvanger
@pytest.mark.parametrize("other", _OTHERS)
def test_the_working_rule_gives_who_has_no_ketenid_one_other_with_its_reason(
    doel: Doel, ontvanger: Ontvanger, other: str
) -> None:
    """
    Whichever it is, it stands in with its last day; the reason is used, and stays.
    """
    row = _row("eckid", *(name for name in _OTHERS if name != other))
    to = _BELEID.voor(doel=doel, ontvanger=ontvanger, on=_ON, toetsdag=_TEST)
    vrijgave = to.release(row)
    released = {other, "ander_id_tot", *_expected(doel)}
    assert vrijgave.withheld["ander_id_reden"] is Reden.USE_ONLY
    assert vrijgave.released == {n: (row | _AGE)[n] for n in released}
    assert vrijgave.ander_id_reden is AnderIdReden.SYMBIOSE


@each_ontvanger
def test_the_working_rule_gives_nothing_for_serviceprocessen(
    ontvanger: Ontvanger,
) -> None:
    """
    A purpose of its own, which is inferred: a board that wants it writes a rule.
    """
    to = _BELEID.voor(doel=Doel.SERVICEPROCESSEN, ontvanger=ontvanger, on=_ON)
    assert to.columns() == ()
    assert to.release(_row()).released == {}


def test_the_working_rule_takes_the_first_of_several_others() -> None:
    """
    In the order of the policy; the rest are withheld for that reason.
    """
    left = list(_OTHERS)
    while left:
        row = _row("eckid", *(set(_OTHERS) - set(left)))
        vrijgave = _TO.release(row)
        first, *left = left
        assert first in vrijgave.released
        for name in left:
            assert vrijgave.withheld[name] is Reden.IDENTIFIER_EXISTS


@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - {"eckid", *_NAMES}))
def test_the_working_rule_withholds_each_other_attribute_by_itself(name: str) -> None:
    """
    Groep and geslacht too: default deny for every name of the catalogue.
    """
    row = {"eckid": _KETENID, name: _row()[name]}
    vrijgave = _TO.release(row)
    assert vrijgave.released == {"eckid": _KETENID}
    assert set(vrijgave.withheld) == {name}


@given(names=st.sets(st.text()), policy=st.sampled_from([None, _BELEID]))
def test_a_name_that_nobody_knows_is_withheld(
    names: set[str], policy: Attribuutbeleid | None
) -> None:
    """
    Whatever a file calls its columns, what no rule names stays.
    """
    beleid = policy or Attribuutbeleid("leeg", "1", "geen")
    row: dict[str, Waarde] = dict.fromkeys(names - set(CATALOGUE), "waarde")
    vrijgave = beleid.voor(**_GEBRUIK).release(row)
    assert vrijgave.released == {}
    assert vrijgave.withheld == dict.fromkeys(row, Reden.NOT_IN_POLICY)


@each_doel
@each_ontvanger
def test_an_empty_policy_releases_nothing(doel: Doel, ontvanger: Ontvanger) -> None:
    """
    No rule, nothing: for every attribute of the catalogue.
    """
    empty = Attribuutbeleid("leeg", "1", "geen")
    to = empty.voor(doel=doel, ontvanger=ontvanger)
    vrijgave = to.release(_row())
    assert vrijgave.released == {}
    assert set(vrijgave.withheld) == set(CATALOGUE)
    assert vrijgave.columns == to.columns() == ()


@each_doel
@each_ontvanger
@pytest.mark.parametrize("rol", ["LRK", "DIR", "onbekend", ""])
def test_a_rol_that_no_rule_names_gets_nothing(
    doel: Doel, ontvanger: Ontvanger, rol: str
) -> None:
    """
    No shipped policy guesses who may see what.
    """
    vrijgave = _BELEID.voor(doel=doel, ontvanger=ontvanger, rol=rol).release(_row())
    assert vrijgave.released == {}
    assert vrijgave.regels == {}
    assert vrijgave.columns == ()
    assert vrijgave.withheld == {
        name: Reden.PGN if name in _PGN else Reden.ROL_UNDECIDED for name in CATALOGUE
    }


@each_doel
@each_ontvanger
def test_no_pgn_is_in_a_policy_or_a_release(doel: Doel, ontvanger: Ontvanger) -> None:
    """
    Neither as a rule, nor as a column, nor in what is released.
    """
    assert not _PGN & {regel.attribuut for regel in _BELEID.regels}
    to = _BELEID.voor(doel=doel, ontvanger=ontvanger, on=_ON)
    assert not _PGN & set(to.columns())
    for without in ((), ("eckid",), ("eckid", "ander_id_reden")):
        vrijgave = to.release(_row(*without))
        assert not _PGN & set(vrijgave.released)
        assert {vrijgave.withheld[name] for name in _PGN} == {Reden.PGN}


@each_doel
@each_ontvanger
def test_what_is_released_names_its_rule(doel: Doel, ontvanger: Ontvanger) -> None:
    """
    Each value has the rule that let it through, and each column may have one.
    """
    for without in ((), ("eckid",)):
        row = _row(*without)
        how: dict[str, Any] = {"doel": doel, "ontvanger": ontvanger, "on": _ON}
        vrijgave = _BELEID.voor(**how).release(row)
        assert list(vrijgave.regels) == list(vrijgave.released)
        for name, regel in vrijgave.regels.items():
            assert regel in _BELEID.regels
            assert regel.naam == name
        assert set(vrijgave.released).isdisjoint(vrijgave.withheld)
        sources = {regel.attribuut for regel in vrijgave.regels.values()}
        assert sources | set(vrijgave.withheld) == set(row)
        assert set(vrijgave.released) <= set(vrijgave.columns)
        assert vrijgave.columns == _BELEID.voor(**how).columns()
        explained = _BELEID.voor(**how).explain(row)
        assert list(explained) == list(row)
        for name, (regel_, reden) in explained.items():
            if reden is None:
                assert regel_ in vrijgave.regels.values()
            else:
                assert vrijgave.withheld[name] is reden


def test_the_columns_of_the_working_rule_are_in_the_order_of_a_file() -> None:
    """
    The identifier first, then what stands in for it, then the name.
    """
    columns = _TO.columns()
    assert columns == (_IDENTIFIER, "ander_id_tot", *_OTHERS, *_NAMES)
    tested = _BELEID.voor(
        doel=_NORMED,
        ontvanger=Ontvanger.SOFTWARELEVERANCIER,
        on=_ON,
        toetsdag=_TEST,
    ).columns()
    assert tested == (*columns, *_AGE)
    assert _BELEID.voor(**_GEBRUIK, rol="LRK").columns() == ()


def test_the_working_rule_says_what_standing_it_has() -> None:
    """
    It was rejected as a standard, and its file says so.
    """
    assert (_BELEID.naam, _BELEID.versie) == ("leermiddelenketen", "eckid-5")
    assert "rejected as a standard" in _BELEID.status
    for regel in _BELEID.regels:
        assert regel.zekerheid in {"C", "I"}
        assert all(text.endswith(".") for text in (regel.motivering, regel.motivation))


def test_rows_are_released_one_by_one_and_in_order() -> None:
    """
    Each as by itself, at its place; a list is not held.
    """
    rows: list[dict[str, Waarde]] = [_row(), _row("eckid"), {}, _row("roepnaam"), {}]
    taken: list[int] = []

    def each() -> Iterator[Mapping[str, Waarde]]:
        for number, row in enumerate(rows):
            taken.append(number)
            yield row

    released = _TO.release_many(each())
    assert taken == []
    for number, vrijgave in enumerate(released):
        assert taken == list(range(number + 1))
        assert vrijgave == _TO.release(rows[number])
    assert len(taken) == len(rows)


def test_the_values_of_one_row_do_not_reach_another() -> None:
    """
    Rows of the same attributes share the decision, and nothing else.
    """
    rows: list[dict[str, Waarde]] = [
        {"eckid": _KETENID, "roepnaam": name} for name in ("Noor", "Sem")
    ]
    one, other = _TO.release_many(rows)
    rows[0]["roepnaam"] = "Finn"
    assert one.released["roepnaam"] == "Noor"
    assert other.released["roepnaam"] == "Sem"


def test_a_row_is_a_mapping_of_any_kind_and_nothing_else() -> None:
    """
    A mapping that is no dict is released as a dict is; what is no mapping is refused.
    """
    row = _row("roepnaam")
    assert list(_TO.release_many([MappingProxyType(row)])) == [_TO.release(row)]
    released = _TO.release_many([row, cast("Any", list(row.items()))])
    assert next(released) == _TO.release(row)
    with pytest.raises(TypeError, match="attributen"):
        next(released)


# In the order of the alphabet.
_REASONS = (
    "niet-bekostigd",
    "niet-bevestigd",
    "nog-niet-geregistreerd",
    "ontvanger-zonder-eckid",
    "symbiose",
)


class _Text(str):
    __slots__ = ()


_NO_VALUES: dict[str, tuple[str, object, str]] = {
    "text as eckid": ("eckid", _KETENID.uri, "eckid: expected KetenID, got str"),
    "nothing as eckid": ("eckid", None, "eckid: expected KetenID, got NoneType"),
    "a ketenID as key": ("key", _KETENID, "key: expected str, got KetenID"),
    "nothing": ("roepnaam", None, "roepnaam: expected str, got NoneType"),
    "a kind of text": ("roepnaam", _Text("Noor"), "roepnaam: expected str, got _Text"),
    "the reason itself": (
        "ander_id_reden",
        AnderIdReden.SYMBIOSE,
        "ander_id_reden: expected str, got AnderIdReden",
    ),
    "a day": (
        "ander_id_tot",
        date(2027, 7, 31),
        "ander_id_tot: expected str, got date",
    ),
}


@pytest.mark.parametrize("case", _NO_VALUES)
@pytest.mark.parametrize("normed", [False, True], ids=["gebruik", "a normed test"])
def test_a_value_that_is_not_of_its_kind_is_an_error(case: str, normed: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """
    A mistake of the caller, told of what would go and of every ketenID.

    What is withheld is not looked at: nothing of it leaves.
    """
    name, value, said = _NO_VALUES[case]
    row: Any = {"key": "17", "roepnaam": "Noor", **_WHY, name: value}
    if case == "nothing":
        row["eckid"] = _KETENID
    doel = {"doel": _NORMED} if normed else {}
    with pytest.raises(PolicyError) as caught:
        _BELEID.voor(**_GEBRUIK | doel).release(row)
    assert caught.value.args == (said,)
    withheld: Any = {"eckid": _KETENID, "groep": value, "schoenmaat": 43}
    assert _TO.release(withheld).released == {"eckid": _KETENID}


@pytest.mark.parametrize("reden", ["zomaar", "", "SYMBIOSE", "symbiose "])
def test_another_identifier_goes_with_one_of_the_reasons_or_not_at_all(
    reden: str,
) -> None:
    """
    A reason that is used is one of `AnderIdReden`; another is not looked at.
    """
    row: dict[str, Waarde] = {"key": "17", **_WHY, "ander_id_reden": reden}
    with pytest.raises(PolicyError) as caught:
        _TO.release(row)
    assert caught.value.args == (
        f"ander_id_reden: expected {' or '.join(_REASONS)}, got another",
    )
    held = _TO.release(row | {"eckid": _KETENID})
    assert held.released == {"eckid": _KETENID}
    assert held.withheld["ander_id_reden"] is Reden.KETENID_EXISTS


@pytest.mark.parametrize("reden", AnderIdReden)
def test_each_reason_for_another_identifier_is_one(reden: AnderIdReden) -> None:
    """
    It is counted with the identifier that stands in, and stays itself.
    """
    row: dict[str, Waarde] = {"key": "17", **_WHY, "ander_id_reden": reden.value}
    vrijgave = _TO.release(row)
    assert vrijgave.released == {n: row[n] for n in ("key", "ander_id_tot")}
    assert vrijgave.ander_id_reden is reden


@pytest.mark.parametrize("day", ["", "31-07-2027", "2027-02-30", "2027-7-31", "ooit"])
def test_another_identifier_goes_until_a_day(day: str) -> None:
    """
    Written as 2027-07-31: until when is not guessed.
    """
    row: dict[str, Waarde] = {"key": "17", **_WHY, "ander_id_tot": day}
    with pytest.raises(PolicyError) as caught:
        _TO.release(row)
    assert caught.value.args == (
        "ander_id_tot: expected a day as 2026-11-24, got another",
    )


def test_after_its_last_day_another_identifier_goes_no_more() -> None:
    """
    On the day it goes; the day after, nobody goes without an identifier.
    """
    row: dict[str, Waarde] = {"key": "17", "roepnaam": "Noor", **_WHY}
    last = _BELEID.voor(**_GEBRUIK | {"on": date(2027, 7, 31)}).release(row)
    assert last.released == {n: v for n, v in row.items() if n != "ander_id_reden"}
    after = _BELEID.voor(**_GEBRUIK | {"on": date(2027, 8, 1)}).release(row)
    assert after.released == {}
    assert after.withheld == {
        **dict.fromkeys(["key", "ander_id_tot"], Reden.ANDER_ID_ENDED),
        "ander_id_reden": Reden.USE_ONLY,
        "roepnaam": Reden.MANDATORY_MISSING,
    }
    assert after.missing == (" or ".join(["eckid", *_OTHERS]),)
    assert after.ander_id_reden is None
    undated = _BELEID.voor(**_GEBRUIK | {"on": None}).release(row)
    assert undated.withheld["key"] is Reden.DATE_NEEDED


_WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "doel": ({"doel": "gebruik"}, "doel: expected Doel, got str"),
    "ontvanger": ({"ontvanger": "school"}, "ontvanger: expected Ontvanger, got str"),
    "rol": ({"rol": 5}, "rol: expected str or NoneType, got int"),
    "on": ({"on": "2026-08-01"}, "on: expected date, got str"),
}


@pytest.mark.parametrize("case", _WRONG)
def test_the_circumstances_of_a_release_are_values(case: str) -> None:
    """
    No text stands in for a doel, and it is told before any row is taken.
    """
    wrong, said = _WRONG[case]
    with pytest.raises(TypeError) as caught:
        _BELEID.voor(**_GEBRUIK | wrong)
    assert caught.value.args == (said,)


@pytest.mark.parametrize("wie", ["leerling", None])
def test_whose_data_goes_is_a_value(wie: Any) -> None:  # noqa: ANN401  # a mistake
    """
    Whether pupils or teachers are asked for is told before any row is taken.
    """
    calls: list[Callable[[], object]] = [
        lambda: _TO.plan(wie),
        lambda: _TO.release({"eckid": _KETENID}, wie=wie),
        lambda: _TO.release_many([], wie=wie),
        lambda: _TO.explain([], wie=wie),
    ]
    for call in calls:
        with pytest.raises(TypeError, match=r"^wie: expected Wie, got "):
            call()


def test_a_row_is_a_mapping() -> None:
    """
    A wrong type is a TypeError that does not show the value.
    """
    row: Any = ["roepnaam", "Noor"]
    with pytest.raises(TypeError) as caught:
        _TO.release(row)
    assert caught.value.args == ("attributen: expected Mapping, got list",)


@pytest.mark.parametrize(
    "day",
    [None, date(2026, 8, 1), datetime(2026, 8, 1, tzinfo=UTC)],
    ids=["none", "date", "datetime"],
)
def test_the_day_matters_only_to_what_depends_on_it(day: date | None) -> None:
    """
    A date, or a moment on it; where it is missing, what needs it is withheld.

    An age is that on the day of the test, which no other day stands in for.
    """
    days = {"on": day, "toetsdag": day}
    plain = _BELEID.voor(**_GEBRUIK | days).release(_row())
    assert plain == _TO.release(_row())
    asked = _GEBRUIK | {"doel": _NORMED, "toetsdag": day}
    for on in (None, _ON):
        normed = _BELEID.voor(**asked | {"on": on}).release(_row())
        if day is None:
            assert normed.withheld["geboortedatum"] is Reden.TEST_DAY_NEEDED
            assert not _AGE.keys() & normed.released.keys()
        else:
            assert normed.released["leeftijd_in_maanden"] == "128"
            assert normed.released["leeftijd_in_maanden_op"] == "2026-08-01"
            assert normed.withheld["geboortedatum"] is Reden.REPLACED


# What comes out.


def test_a_vrijgave_shows_names_and_no_value() -> None:
    """
    Values that describe a person are not in its repr, str or format.
    """
    vrijgave = _TO.release(_row())
    shown = "<Vrijgave released eckid roepnaam voorvoegsel achternaam, withheld "
    shown += f"{len(vrijgave.withheld)}>"
    assert set(vrijgave.released) == {"eckid", "roepnaam", "voorvoegsel", "achternaam"}
    assert repr(vrijgave) == str(vrijgave) == f"{vrijgave}" == pprint.pformat(vrijgave)
    assert repr(vrijgave) == shown
    assert not hasattr(vrijgave, "_repr_html_")
    with pytest.raises(TypeError):
        format(vrijgave, "s")
    nothing = Attribuutbeleid("leeg", "1", "geen").voor(**_GEBRUIK).release({})
    assert repr(nothing) == "<Vrijgave released nothing, withheld 0>"


def test_an_attribute_that_nobody_knows_is_counted_and_not_shown() -> None:
    """
    A heading may be a person's, where a file has none: only known names show.
    """
    vrijgave = _TO.release({"eckid": _KETENID, "Noor de Vries": "x"})
    assert repr(vrijgave) == "<Vrijgave released eckid, withheld 1>"


def test_a_vrijgave_says_its_one_identifier_and_its_texts() -> None:
    """
    By the attribute, whatever it goes as; an empty text is not among them.
    """
    how: dict[str, Any] = {"doel": Doel.TOEGANG, "ontvanger": Ontvanger.UITGEVER}
    entree = Attribuutbeleid.load("entree-federatie").voor(**how, on=_ON)
    as_entree = entree.release({"eckid": _KETENID, "roepnaam": "Noor"})
    assert as_entree.texts["eckId"] == _KETENID.uri
    assert as_entree.ketenid == _KETENID
    assert as_entree.identifier == ("eckid", _KETENID.uri)
    ours = _TO.release({"eckid": _KETENID, "roepnaam": "Noor", "voorvoegsel": ""})
    assert ours.texts == {"eckid": _KETENID.uri, "roepnaam": "Noor"}
    stands_in = _TO.release({"key": "17", "roepnaam": "Noor", **_WHY})
    assert stands_in.ketenid is None
    assert stands_in.identifier == ("key", "17")
    (named,) = (regel for regel in _BELEID.regels if regel.attribuut == "roepnaam")
    bare = Attribuutbeleid("p", "1", "x", (named,)).voor(**_GEBRUIK)
    nobody = bare.release({"eckid": _KETENID, "roepnaam": "Noor"})
    assert (nobody.ketenid, nobody.identifier) == (None, None)
    assert nobody.texts == {"roepnaam": "Noor"}


def test_a_vrijgave_may_be_pickled_and_copied() -> None:
    """
    It goes between processes whole, and what arrives cannot be changed either.
    """
    vrijgave = _TO.release(_row())
    again = [copy.copy(vrijgave), copy.deepcopy(vrijgave)]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again += [pickle.loads(pickle.dumps(vrijgave, protocol))]  # noqa: S301  # of this line's own making
    for other in again:
        assert type(other) is Vrijgave
        assert other == vrijgave
        assert other.columns == vrijgave.columns
        for mapping in (other.released, other.withheld, other.regels):
            assert isinstance(mapping, MappingProxyType)


def test_a_vrijgave_cannot_be_changed() -> None:
    """
    What was decided stays decided.
    """
    vrijgave = _TO.release(_row())
    for name in (*(f.name for f in dataclasses.fields(vrijgave)), "another"):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(vrijgave, name, {})
    for mapping in (vrijgave.released, vrijgave.withheld, vrijgave.regels):
        assert isinstance(mapping, MappingProxyType)


# The file.

_REGEL = """
[[regel]]
attribuut = "roepnaam"
eis = "optional"
doelen = ["gebruik", "toetsen"]
ontvangers = ["uitgever"]
bron = "het bevoegd gezag"
zekerheid = "I"
motivering = "Omdat het moet."
motivation = "Because it must."
"""
_FILE = f"""
naam = "eigen"
versie = "2"
status = "Of this school alone."
{_REGEL}"""


def _loaded(tmp_path: Path, text: str | bytes) -> Attribuutbeleid:
    path = tmp_path / "eigen.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return Attribuutbeleid.load_file(path)


@pytest.mark.parametrize("lines", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_policy_of_ones_own_is_read_from_its_file(tmp_path: Path, lines: str) -> None:
    """
    Each field is what the file says, whatever ends its lines.
    """
    expected = Attribuutbeleid(
        naam="eigen",
        versie="2",
        status="Of this school alone.",
        regels=(
            Regel(
                attribuut="roepnaam",
                doelen=frozenset({Doel.GEBRUIK, Doel.TOETSEN}),
                ontvangers=frozenset({Ontvanger.UITGEVER}),
                bron="het bevoegd gezag",
                zekerheid="I",
                motivering="Omdat het moet.",
                motivation="Because it must.",
            ),
        ),
    )
    beleid = _loaded(tmp_path, _FILE.replace("\n", lines))
    assert beleid == expected
    assert Attribuutbeleid.load_file(str(tmp_path / "eigen.toml")) == expected


def test_a_policy_of_ones_own_is_followed(tmp_path: Path) -> None:
    """
    It releases what it names, for its doelen and to its recipients.
    """
    beleid = _loaded(tmp_path, _FILE)
    row: dict[str, Waarde] = {"roepnaam": "Noor", "achternaam": "Jansen"}
    vrijgave = beleid.voor(**_GEBRUIK).release(row)
    assert vrijgave.released == {"roepnaam": "Noor"}
    assert vrijgave.withheld == {"achternaam": Reden.NOT_IN_POLICY}
    for doel, ontvanger, reden in (
        (Doel.LEVEREN, Ontvanger.UITGEVER, Reden.OTHER_DOEL),
        (Doel.LEVEREN, Ontvanger.SCHOOL, Reden.OTHER_DOEL),
        (Doel.TOETSEN, Ontvanger.SCHOOL, Reden.OTHER_ONTVANGER),
    ):
        held = beleid.voor(doel=doel, ontvanger=ontvanger).release(row)
        assert held.released == {}
        assert held.withheld["roepnaam"] is reden


def test_a_policy_without_rules_is_a_policy(tmp_path: Path) -> None:
    """
    Who writes none releases nothing.
    """
    text = 'naam = "leeg"\nversie = "1"\nstatus = "x"\nregel = []\n'
    assert _loaded(tmp_path, text).voor(**_GEBRUIK).release(_row()).released == {}


# What stands in a policy, by its table: the kind of each key, and a value of it. A key
# with a star must be there.
_STANDS: dict[str, dict[str, str]] = {
    "": {
        "*naam": "str 'x'",
        "*versie": "str '1'",
        "*status": "str 'own'",
        "breidt_uit": "str ''",
        "scopes": "list []",
        "een_van": "list []",
        "doelen": "list []",
        "ontvangers": "list []",
        "wie": "list []",
        "bron": "str ''",
        "zekerheid": "str ''",
        "rechtsregels": "list []",
        "tekst": "str ''",
    },
    "regel": {
        "*attribuut": "str 'roepnaam'",
        "*eis": "str 'optional'",
        "*doelen": "list ['gebruik']",
        "*ontvangers": "list ['uitgever']",
        "wie": "list []",
        "rollen": "list []",
        "scope": "str ''",
        "met": "list []",
        "zonder": "list []",
        "voorwaarde": "str ''",
        "vorm": "str 'gebruik'",
        "als": "str ''",
        "rechtsregels": "list []",
        "*bron": "str 'x'",
        "*zekerheid": "str 'I'",
        "tekst": "str ''",
        "*motivering": "str 'x'",
        "*motivation": "str 'x'",
    },
    "afwijking": {
        "*doel": "str 'toetsen'",
        "*verwerkersovereenkomst": "str 'x'",
        "*motivering": "str 'x'",
        "*besloten_door": "str 'x'",
        "*tot": "date 2030-01-01",
    },
}


def _stood(table: str, key: str, value: str | None) -> str:
    """
    Return a policy with all that must be there, and one key as *value* or without.
    """
    parts = []
    for name, keys in _STANDS.items():
        lines = {
            each[1:]: told.split(" ", 1)[1]
            for each, told in keys.items()
            if each[0] == "*"
        }
        if name == table:
            lines.pop(key, None)
            lines |= {} if value is None else {key: value}
        head = {"": "", "regel": "[[regel]]\n"}.get(name, f"[{name}]\n")
        parts.append(head + "".join(f"{k} = {v}\n" for k, v in lines.items()))
    return "".join(parts)


@pytest.mark.parametrize(
    ("table", "key"), [(table, key) for table, keys in _STANDS.items() for key in keys]
)
def test_each_key_of_a_policy_has_its_kind_and_must_be_there_or_need_not(
    tmp_path: Path, table: str, key: str
) -> None:
    """
    One that is demanded and absent is named, and so is one of another kind.
    """
    name, kind = key.removeprefix("*"), _STANDS[table][key].partition(" ")[0]
    said = rf"{name}\b.*expected {kind}, got "
    with pytest.raises(PolicyError, match=f"{said}bool"):
        _loaded(tmp_path, _stood(table, name, "true"))
    if key[0] == "*":
        with pytest.raises(PolicyError, match=f"{said}nothing"):
            _loaded(tmp_path, _stood(table, name, None))


_NO_TOML = "eigen.toml, line {}: expected TOML in UTF-8"
_KNOWN = (
    "naam versie status breidt_uit scopes een_van doelen ontvangers wie bron "
    "zekerheid rechtsregels tekst afwijking regel"
)
_KNOWN_REGEL = (
    "attribuut eis doelen ontvangers wie rollen scope met zonder voorwaarde vorm als "
    "bron zekerheid rechtsregels tekst motivering motivation"
)
_DOELEN = (
    "bestellen leveren toegang gebruik toetsen genormeerde-toets terugkoppelen "
    "serviceprocessen"
)
_ONTVANGERS = "softwareleverancier uitgever distributeur school"
_BAD_FILES: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("naam: eigen", _NO_TOML.format(1)),
    "another encoding": (
        _FILE.replace("moet", "mo\u00ebt").encode("cp1252"),
        _NO_TOML.format(1),
    ),
    "a key twice": (_FILE.replace("versie", "naam"), _NO_TOML.format(3)),
    # The error of TOML repeats the key.
    "a key that says a line": ('["(at line 9"]\n' * 2, _NO_TOML.format(2)),
    "nothing": ("", "eigen.toml, line 1, naam: expected str, got nothing"),
    "no rules": (
        _FILE.replace(_REGEL, ""),
        "eigen.toml, line 1, regel: expected list, got nothing",
    ),
    "a field more": (
        f'extra = "x"\n{_FILE}',
        f"eigen.toml, line 1: expected one of {_KNOWN}, got another key on line 1",
    ),
    "a field less": (
        _FILE.replace('versie = "2"\n', ""),
        "eigen.toml, line 1, versie: expected str, got nothing",
    ),
    "a field under another name": (
        _FILE.replace("versie", "version"),
        f"eigen.toml, line 1: expected one of {_KNOWN}, got another key on line 3",
    ),
    "a number for text": (
        _FILE.replace('"2"', "2"),
        "eigen.toml, line 3, versie: expected str, got int",
    ),
    "a table for a list": (
        _FILE.replace("[[regel]]", "[regel]"),
        "eigen.toml, line 1, regel: expected list, got dict",
    ),
    "a rule that is no table": (
        'naam = "a"\nversie = "1"\nstatus = "x"\nregel = ["roepnaam"]\n',
        "eigen.toml, line 1, regel 1: expected a table, got str",
    ),
    "a rule with a field more": (
        f"{_FILE}rol = []\n",
        (
            f"eigen.toml, line 6, regel 1: expected one of {_KNOWN_REGEL}, "
            "got another key on line 15"
        ),
    ),
    "a rule with a field less": (
        _FILE.replace('zekerheid = "I"\n', ""),
        "eigen.toml, line 6, regel 1, zekerheid: expected str, got nothing",
    ),
    "a text for doelen": (
        _FILE.replace('["gebruik", "toetsen"]', '"gebruik"'),
        "eigen.toml, line 9, regel 1, doelen: expected list, got str",
    ),
    "an unknown doel": (
        _FILE.replace('"toetsen"', '"verkopen"'),
        (
            f"eigen.toml, line 9, regel 1, doelen: expected one of {_DOELEN}, "
            "got another text of 8 characters"
        ),
    ),
    "a doel in upper case": (
        _FILE.replace('"toetsen"', '"TOETSEN"'),
        (
            f"eigen.toml, line 9, regel 1, doelen: expected one of {_DOELEN}, "
            "got another text of 7 characters"
        ),
    ),
    "a doel that is no text": (
        _FILE.replace('"toetsen"', "1"),
        f"eigen.toml, line 9, regel 1, doelen: expected one of {_DOELEN}, got int",
    ),
    "a doel that is a list": (
        _FILE.replace('"toetsen"', "[]"),
        f"eigen.toml, line 9, regel 1, doelen: expected one of {_DOELEN}, got list",
    ),
    "an unknown ontvanger": (
        _FILE.replace('"uitgever"', '"ouders"'),
        (
            f"eigen.toml, line 10, regel 1, ontvangers: expected one of {_ONTVANGERS}, "
            "got another text of 6 characters"
        ),
    ),
    "another eis": (
        _FILE.replace('"optional"', '"soms"'),
        (
            "eigen.toml, line 8, regel 1, eis: expected one of mandatory optional "
            "conditional forbidden, got another text of 4 characters"
        ),
    ),
    "a number among names": (
        f"{_FILE}rollen = [1]\n",
        "eigen.toml, line 15, regel 1, rollen: expected str, got int",
    ),
    "a set of one": (
        f'een_van = [["eckid", "key"], ["eckid"]]\n{_FILE}',
        "eigen.toml, line 1, een_van: expected lists of two names or more",
    ),
    "a set that is a text": (
        f'een_van = ["eckid"]\n{_FILE}',
        "eigen.toml, line 1, een_van: expected lists of two names or more",
    ),
    "a set of unknown names": (
        f'een_van = [["eckid", "schoenmaat"]]\n{_FILE}',
        (
            "eigen.toml, line 1: een_van: expected attributes of the catalogue, "
            "got another"
        ),
    ),
    "another scope in a rule on one line": (
        (
            'naam = "a"\nversie = "1"\nstatus = "x"\nregel = [{'
            'attribuut = "roepnaam", '
            'eis = "optional", doelen = ["gebruik"], ontvangers = ["school"], '
            'bron = "x",'
            ' zekerheid = "C", motivering = "x", motivation = "y", scope = "basic"}]\n'
        ),
        "eigen.toml, line 1: roepnaam: expected a scope in scopes, got another",
    ),
    "another scope": (
        f'{_FILE}scope = "basic"\n',
        "eigen.toml, line 7: roepnaam: expected a scope in scopes, got another",
    ),
    "two attributes under one name": (
        f'{_FILE}als = "naam"\n'
        + _REGEL.replace("roepnaam", "achternaam")
        + 'als = "naam"\n',
        "eigen.toml, line 18: achternaam: another attribuut goes as naam too",
    ),
    "no doel": (
        _FILE.replace('["gebruik", "toetsen"]', "[]"),
        "eigen.toml, line 6, regel 1: roepnaam: expected a doel and an ontvanger",
    ),
    "an unknown attribute": (
        _FILE.replace('"roepnaam"', '"schoenmaat"'),
        (
            "eigen.toml, line 6, regel 1: attribuut: expected one of the catalogue, "
            "got another"
        ),
    ),
    "a PGN": (
        _FILE.replace('"roepnaam"', '"bsn"'),
        "eigen.toml, line 6, regel 1: bsn: counts as a PGN, so no rule releases it",
    ),
    "another zekerheid": (
        _FILE.replace('"I"', '"?"'),
        (
            "eigen.toml, line 6, regel 1: roepnaam: expected zekerheid C, R or I, "
            "got another"
        ),
    ),
    "a number that is no rule of the law": (
        f'{_FILE}rechtsregels = ["L14"]\n',
        (
            "eigen.toml, line 6, regel 1: roepnaam: expected rechtsregels of L1 to "
            "L13, each once, got others"
        ),
    ),
    "a rule of the law that is no text": (
        f"{_FILE}rechtsregels = [5]\n",
        "eigen.toml, line 15, regel 1, rechtsregels: expected str, got int",
    ),
    "a link that is none": (
        f'{_FILE}tekst = "wetten.overheid.nl"\n',
        (
            "eigen.toml, line 6, regel 1: roepnaam: expected tekst to be a link that "
            "begins with https://, got another text"
        ),
    ),
    "no sentence": (
        _FILE.replace("Omdat het moet.", ""),
        (
            "eigen.toml, line 6, regel 1: roepnaam: expected a bron, and a sentence of "
            "Dutch and of English"
        ),
    ),
    "two rules for one case": (
        _FILE + _REGEL,
        "eigen.toml, line 7: roepnaam: two regels for one case",
    ),
    "a fault in the second rule": (
        _FILE + _REGEL.replace("bron", "source"),
        (
            f"eigen.toml, line 16, regel 2: expected one of {_KNOWN_REGEL}, "
            "got another key on line 21"
        ),
    ),
}


@pytest.mark.parametrize("case", _BAD_FILES)
def test_a_file_that_is_no_policy_is_refused_to_the_letter(
    tmp_path: Path, case: str
) -> None:
    """
    A policy that was misread would release; file, line and key are told.
    """
    text, said = _BAD_FILES[case]
    with pytest.raises(PolicyError) as caught:
        _loaded(tmp_path, text)
    assert caught.value.args == (said,)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_policy_that_does_not_come_along_is_refused(tmp_path: Path) -> None:
    """
    A name is one of the shipped policies, and no path; a file is named as one.
    """
    for name in (
        "edu-l",
        "leermiddelenketen.toml",
        "../beleid/edu-k",
        "beleid.schema",
        "",
        "EDU-K",
    ):
        with pytest.raises(
            PolicyError,
            match=r"^beleid: expected edu-v-students-1.1 or .*, got another name$",
        ):
            Attribuutbeleid.load(name)
    with pytest.raises(TypeError, match=r"^beleid: expected str, got \w+Path$"):
        Attribuutbeleid.load(tmp_path)  # type: ignore[arg-type]  # the point
    with pytest.raises(FileNotFoundError):
        Attribuutbeleid.load_file(tmp_path / "none.toml")


def test_a_policy_is_loaded_by_its_former_name() -> None:
    """
    The same policy, which goes by its own name; the former one is not listed.
    """
    for former, name in (
        ("edu-k", "leermiddelenketen"),
        ("edu-k-kort", "leermiddelenketen-kort"),
    ):
        beleid = Attribuutbeleid.load(former)
        assert beleid == Attribuutbeleid.load(name)
        assert beleid.naam == name
        assert former not in Attribuutbeleid.names()
        assert name in Attribuutbeleid.names()


def test_a_file_names_rules_of_the_law_and_official_texts(tmp_path: Path) -> None:
    """
    Above the rules or in one; the link stays with its source; the digest has both.
    """
    above = (
        'rechtsregels = ["L5", "L6"]\ntekst = "https://wetten.overheid.nl/BWBR0040943"\n'
        'bron = "de Regeling"\nzekerheid = "C"\n'
    )
    rule = _REGEL.replace('bron = "het bevoegd gezag"\nzekerheid = "I"\n', "")
    other = _REGEL.replace("roepnaam", "achternaam")
    third = other.replace("achternaam", "groep") + 'rechtsregels = ["L1"]\n'
    beleid = _loaded(tmp_path, _FILE.replace(_REGEL, above + rule + other + third))
    assert [regel.grondslag for regel in beleid.regels] == [
        Grondslag(
            "de Regeling",
            "C",
            ("L5", "L6"),
            "https://wetten.overheid.nl/BWBR0040943",
        ),
        Grondslag("het bevoegd gezag", "I", ("L5", "L6")),
        Grondslag("het bevoegd gezag", "I", ("L1",)),
    ]
    digests = {
        dataclasses.replace(beleid, regels=(regel,)).digest
        for regel in (
            beleid.regels[1],
            dataclasses.replace(beleid.regels[1], rechtsregels=()),
            dataclasses.replace(beleid.regels[1], tekst="https://eur-lex.europa.eu/"),
        )
    }
    assert len(digests) == 3
    bare = dataclasses.replace(beleid.regels[1], rechtsregels=())
    (said,) = dataclasses.replace(beleid, regels=(bare,)).as_dict()["regels"]
    assert not {"rechtsregels", "tekst"} & said.keys()


def test_a_policy_is_a_frozen_value() -> None:
    """
    Equal by its fields, hashable, and it may be sent.
    """
    again = pickle.loads(pickle.dumps(_BELEID))  # noqa: S301  # of this line's own making
    assert again == _BELEID == Attribuutbeleid.load("leermiddelenketen")
    assert hash(again) == hash(_BELEID)
    for field in dataclasses.fields(_BELEID):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(_BELEID, field.name, ())


def test_an_identifier_is_never_empty() -> None:
    """
    An identifier without text is a mistake, and takes no other's place.
    """
    with pytest.raises(PolicyError, match="key: expected an identifier, got no text"):
        _TO.release({"key": "", "neppi": "1@a.example", **_WHY})
