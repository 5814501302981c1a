"""
The attribute policy: what edu-k releases, how a file is read, what comes out.
"""

import copy
import dataclasses
import pickle
import pprint
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import strategies as our
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    CATALOGUE,
    AnderId,
    Attribuutbeleid,
    Doel,
    KetenID,
    Ontvanger,
    PolicyError,
    Reden,
    Regel,
    Vrijgave,
    Waarde,
    policy,
)

_EDU_K = Attribuutbeleid.load("edu-k")
_KETENID = KetenID.parse(f"{our.NAMESPACE}/2026/{'0123456789abcdef' * 8}")

# The rows of edu-k, written from their source and apart from the file: the same
# for every doel and every ontvanger, but for one.
_IDENTIFIER = "eckid"
_OTHERS = "key basispoort_id nepri neppi eduid leerlingnummer".split()  # noqa: SIM905  # reads as the row that it is
_NAMES = ["roepnaam", "voorvoegsel", "achternaam"]
_PGN = {"bsn", "onderwijsnummer", "sofinummer", "rijksregisternummer", "bsn_ondwnr-4"}

each_doel = pytest.mark.parametrize("doel", Doel)
each_ontvanger = pytest.mark.parametrize("ontvanger", Ontvanger)
_GEBRUIK: dict[str, Any] = {"doel": Doel.GEBRUIK, "ontvanger": Ontvanger.UITGEVER}


def _row(*without: str) -> dict[str, Waarde]:
    """
    Return a person with every attribute of the catalogue but those named.
    """
    row: dict[str, Waarde] = {name: f"waarde van {name}" for name in CATALOGUE}
    row |= {"eckid": _KETENID, "ander_id": AnderId.SYMBIOSE.value}
    return {name: value for name, value in row.items() if name not in without}


def _expected(doel: Doel) -> set[str]:
    return {*_NAMES, *(["geboortedatum"] if doel is Doel.GENORMEERDE_TOETS else [])}


@each_doel
@each_ontvanger
def test_edu_k_gives_who_has_a_ketenid_that_and_the_name(
    doel: Doel, ontvanger: Ontvanger
) -> None:
    """
    For every doel and recipient alike; the birth date for normed tests alone.
    """
    row = _row()
    vrijgave = _EDU_K.release(row, doel=doel, ontvanger=ontvanger)
    released = {_IDENTIFIER, *_expected(doel)}
    assert vrijgave.released == {name: row[name] for name in released}
    withheld: dict[str, Reden] = dict.fromkeys(row, Reden.NOT_IN_POLICY)
    withheld |= dict.fromkeys(_PGN, Reden.PGN)
    withheld |= dict.fromkeys([*_OTHERS, "ander_id"], Reden.KETENID_EXISTS)
    withheld["geboortedatum"] = Reden.OTHER_DOEL
    assert vrijgave.withheld == {n: r for n, r in withheld.items() if n not in released}


@each_doel
@each_ontvanger
@pytest.mark.parametrize("other", _OTHERS)
def test_edu_k_gives_who_has_no_ketenid_one_other_with_its_reason(
    doel: Doel, ontvanger: Ontvanger, other: str
) -> None:
    """
    Whichever it is, it stands in, for every doel and recipient alike.
    """
    row = _row("eckid", *(name for name in _OTHERS if name != other))
    vrijgave = _EDU_K.release(row, doel=doel, ontvanger=ontvanger)
    released = {other, "ander_id", *_expected(doel)}
    assert vrijgave.released == {name: row[name] for name in released}


def test_edu_k_takes_the_first_of_several_others() -> None:
    """
    In the order of the policy; the rest are withheld for that reason.
    """
    left = list(_OTHERS)
    while left:
        row = _row("eckid", *(set(_OTHERS) - set(left)))
        vrijgave = _EDU_K.release(row, **_GEBRUIK)
        first, *left = left
        assert first in vrijgave.released
        for name in left:
            assert vrijgave.withheld[name] is Reden.IDENTIFIER_EXISTS


@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - {"eckid", *_NAMES}))
def test_edu_k_withholds_each_other_attribute_by_itself(name: str) -> None:
    """
    Groep and geslacht too: default deny for every name of the catalogue.
    """
    row = {name: _row()[name]}
    vrijgave = _EDU_K.release(row, **_GEBRUIK)
    assert vrijgave.released == {}
    assert set(vrijgave.withheld) == {name}


@given(names=st.sets(st.text()), policy=st.sampled_from([None, _EDU_K]))
def test_a_name_that_nobody_knows_is_withheld(
    names: set[str], policy: Attribuutbeleid | None
) -> None:
    """
    Whatever a file calls its columns, what no rule names stays.
    """
    beleid = policy or Attribuutbeleid("leeg", "1", "geen")
    row: dict[str, Waarde] = dict.fromkeys(names - set(CATALOGUE), "waarde")
    vrijgave = beleid.release(row, **_GEBRUIK)
    assert vrijgave.released == {}
    assert vrijgave.withheld == dict.fromkeys(row, Reden.NOT_IN_POLICY)


@each_doel
@each_ontvanger
def test_an_empty_policy_releases_nothing(doel: Doel, ontvanger: Ontvanger) -> None:
    """
    No rule, nothing: for every attribute of the catalogue.
    """
    empty = Attribuutbeleid("leeg", "1", "geen")
    vrijgave = empty.release(_row(), doel=doel, ontvanger=ontvanger)
    assert vrijgave.released == {}
    assert set(vrijgave.withheld) == set(CATALOGUE)
    assert vrijgave.columns == empty.columns(doel=doel, ontvanger=ontvanger) == ()


@each_doel
@each_ontvanger
@pytest.mark.parametrize("rol", ["LRK", "DIR", "onbekend", ""])
def test_a_rol_gets_nothing_yet(doel: Doel, ontvanger: Ontvanger, rol: str) -> None:
    """
    Until roles have rules, a rol withholds everything, whichever it is.
    """
    vrijgave = _EDU_K.release(_row(), doel=doel, ontvanger=ontvanger, rol=rol)
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
    assert not _PGN & {regel.attribuut for regel in _EDU_K.regels}
    assert not _PGN & set(_EDU_K.columns(doel=doel, ontvanger=ontvanger))
    for without in ((), ("eckid",), ("eckid", "ander_id")):
        vrijgave = _EDU_K.release(_row(*without), doel=doel, ontvanger=ontvanger)
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
        vrijgave = _EDU_K.release(row, doel=doel, ontvanger=ontvanger)
        assert list(vrijgave.regels) == list(vrijgave.released)
        for name, regel in vrijgave.regels.items():
            assert regel in _EDU_K.regels
            assert regel.attribuut == name
        assert set(vrijgave.released).isdisjoint(vrijgave.withheld)
        assert set(vrijgave.released) | set(vrijgave.withheld) == set(row)
        assert set(vrijgave.released) <= set(vrijgave.columns)
        assert vrijgave.columns == _EDU_K.columns(doel=doel, ontvanger=ontvanger)
        explained = _EDU_K.explain(row, doel=doel, ontvanger=ontvanger)
        assert explained == {**vrijgave.regels, **vrijgave.withheld}
        assert list(explained) == list(row)


def test_the_columns_of_edu_k_are_in_the_order_of_a_file() -> None:
    """
    The identifier first, then what stands in for it, then the name.
    """
    columns = _EDU_K.columns(**_GEBRUIK)
    assert columns == (_IDENTIFIER, "ander_id", *_OTHERS, *_NAMES)
    tested = _EDU_K.columns(
        doel=Doel.GENORMEERDE_TOETS, ontvanger=Ontvanger.SOFTWARELEVERANCIER
    )
    assert tested == (*columns, "geboortedatum")
    assert _EDU_K.columns(**_GEBRUIK, rol="LRK") == ()


def test_edu_k_says_what_standing_it_has() -> None:
    """
    It was rejected as a standard, and its file says so.
    """
    assert (_EDU_K.naam, _EDU_K.versie) == ("edu-k", "eckid-1")
    assert "rejected as a standard" in _EDU_K.status
    for regel in _EDU_K.regels:
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

    released = _EDU_K.release_many(each(), **_GEBRUIK)
    assert taken == []
    for number, vrijgave in enumerate(released):
        assert taken == list(range(number + 1))
        assert vrijgave == _EDU_K.release(rows[number], **_GEBRUIK)
    assert len(taken) == len(rows)


def test_the_values_of_one_row_do_not_reach_another() -> None:
    """
    Rows of the same attributes share the decision, and nothing else.
    """
    rows: list[dict[str, Waarde]] = [{"roepnaam": "Noor"}, {"roepnaam": "Sem"}]
    one, other = _EDU_K.release_many(rows, **_GEBRUIK)
    rows[0]["roepnaam"] = "Finn"
    assert one.released == {"roepnaam": "Noor"}
    assert other.released == {"roepnaam": "Sem"}


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
    "a number": ("groep", 5, "groep: expected str, got int"),
    "nothing": ("roepnaam", None, "roepnaam: expected str, got NoneType"),
    "a PGN": ("bsn", our.SAFE_BSNS[0].encode(), "bsn: expected str, got bytes"),
    "a kind of text": ("roepnaam", _Text("Noor"), "roepnaam: expected str, got _Text"),
    "an unknown": ("schoenmaat", 43, "an attribuut: expected str, got int"),
    "the reason itself": (
        "ander_id",
        AnderId.SYMBIOSE,
        "ander_id: expected str, got AnderId",
    ),
}


@pytest.mark.parametrize("case", _NO_VALUES)
@pytest.mark.parametrize("rol", [None, "LRK"], ids=["no rol", "a rol"])
def test_a_value_that_is_not_of_its_kind_is_an_error(
    case: str, rol: str | None
) -> None:
    """
    A mistake of the caller, told where the attribute is withheld too.
    """
    name, value, said = _NO_VALUES[case]
    row: Any = {name: value}
    with pytest.raises(PolicyError) as caught:
        _EDU_K.release(row, **_GEBRUIK, rol=rol)
    assert caught.value.args == (said,)


@pytest.mark.parametrize("reden", ["zomaar", "", "SYMBIOSE", "symbiose "])
def test_another_identifier_goes_with_one_of_the_reasons_or_not_at_all(
    reden: str,
) -> None:
    """
    A reason that would go along is one of `AnderId`; one that is withheld may vary.
    """
    row: dict[str, Waarde] = {"key": "17", "ander_id": reden}
    with pytest.raises(PolicyError) as caught:
        _EDU_K.release(row, **_GEBRUIK)
    assert caught.value.args == (
        f"ander_id: expected {' or '.join(_REASONS)}, got another",
    )
    held = _EDU_K.release(row | {"eckid": _KETENID}, **_GEBRUIK)
    assert held.released == {"eckid": _KETENID}
    assert held.withheld["ander_id"] is Reden.KETENID_EXISTS


@pytest.mark.parametrize("reden", AnderId)
def test_each_reason_for_another_identifier_is_one(reden: AnderId) -> None:
    """
    Its value goes along with the identifier that stands in.
    """
    row: dict[str, Waarde] = {"key": "17", "ander_id": reden.value}
    assert _EDU_K.release(row, **_GEBRUIK).released == row


_WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "doel": ({"doel": "gebruik"}, "doel: expected Doel, got str"),
    "ontvanger": ({"ontvanger": "school"}, "ontvanger: expected Ontvanger, got str"),
    "rol": ({"rol": 5}, "rol: expected str or NoneType, got int"),
    "on": ({"on": "2026-08-01"}, "on: expected date or NoneType, got str"),
}


@pytest.mark.parametrize("case", _WRONG)
def test_the_circumstances_of_a_release_are_values(case: str) -> None:
    """
    No text stands in for a doel, and it is told before any row is taken.
    """
    wrong, said = _WRONG[case]
    circumstances = _GEBRUIK | wrong
    for call in (
        lambda: _EDU_K.release({}, **circumstances),
        lambda: _EDU_K.release_many([], **circumstances),
        lambda: _EDU_K.explain([], **circumstances),
    ):
        with pytest.raises(TypeError) as caught:
            call()
        assert caught.value.args == (said,)


def test_a_row_is_a_mapping() -> None:
    """
    What is none is a TypeError that shows none of it.
    """
    row: Any = ["roepnaam", "Noor"]
    with pytest.raises(TypeError) as caught:
        _EDU_K.release(row, **_GEBRUIK)
    assert caught.value.args == ("attributen: expected Mapping, got list",)


@pytest.mark.parametrize(
    "on",
    [None, date(2026, 8, 1), datetime(2026, 8, 1, tzinfo=UTC)],
    ids=["none", "date", "datetime"],
)
def test_the_day_changes_nothing_while_no_rule_depends_on_one(on: date | None) -> None:
    """
    It may be given, for the rules that will.
    """
    assert _EDU_K.release(_row(), **_GEBRUIK, on=on) == _EDU_K.release(
        _row(), **_GEBRUIK
    )


# What comes out.


def test_a_vrijgave_shows_names_and_no_value() -> None:
    """
    Values that describe a person are not in its repr, str or format.
    """
    vrijgave = _EDU_K.release(_row(), **_GEBRUIK)
    shown = "<Vrijgave released eckid roepnaam voorvoegsel achternaam, withheld "
    shown += f"{len(vrijgave.withheld)}>"
    assert set(vrijgave.released) == {"eckid", "roepnaam", "voorvoegsel", "achternaam"}
    assert repr(vrijgave) == str(vrijgave) == f"{vrijgave}" == pprint.pformat(vrijgave)
    assert repr(vrijgave) == shown
    assert not hasattr(vrijgave, "_repr_html_")
    with pytest.raises(TypeError):
        format(vrijgave, "s")
    nothing = _EDU_K.release({}, **_GEBRUIK)
    assert repr(nothing) == "<Vrijgave released nothing, withheld 0>"


def test_an_attribute_that_nobody_knows_is_counted_and_not_shown() -> None:
    """
    A heading may be a person's, where a file has none: only known names show.
    """
    vrijgave = _EDU_K.release({"Noor de Vries": "x"}, **_GEBRUIK)
    assert repr(vrijgave) == "<Vrijgave released nothing, withheld 1>"


def test_a_vrijgave_may_be_pickled_and_copied() -> None:
    """
    It goes between processes whole, and what arrives cannot be changed either.
    """
    vrijgave = _EDU_K.release(_row(), **_GEBRUIK)
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
    vrijgave = _EDU_K.release(_row(), **_GEBRUIK)
    for field in dataclasses.fields(vrijgave):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(vrijgave, field.name, {})
    for mapping in (vrijgave.released, vrijgave.withheld, vrijgave.regels):
        assert isinstance(mapping, MappingProxyType)
    assert isinstance(_EDU_K.explain(["bsn"], **_GEBRUIK), MappingProxyType)
    assert not hasattr(vrijgave, "__dict__")


# The file.

_REGEL = """
[[regel]]
attribuut = "roepnaam"
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
    vrijgave = beleid.release(row, **_GEBRUIK)
    assert vrijgave.released == {"roepnaam": "Noor"}
    assert vrijgave.withheld == {"achternaam": Reden.NOT_IN_POLICY}
    for doel, ontvanger, reden in (
        (Doel.LEVEREN, Ontvanger.UITGEVER, Reden.OTHER_DOEL),
        (Doel.LEVEREN, Ontvanger.SCHOOL, Reden.OTHER_DOEL),
        (Doel.TOETSEN, Ontvanger.SCHOOL, Reden.OTHER_ONTVANGER),
    ):
        held = beleid.release(row, doel=doel, ontvanger=ontvanger)
        assert held.released == {}
        assert held.withheld["roepnaam"] is reden


def test_a_policy_without_rules_is_a_policy(tmp_path: Path) -> None:
    """
    Who writes none releases nothing.
    """
    text = 'naam = "leeg"\nversie = "1"\nstatus = "x"\nregel = []\n'
    assert _loaded(tmp_path, text).release(_row(), **_GEBRUIK).released == {}


_NO_TOML = "beleid: expected a file of TOML in UTF-8"
_FIELDS = "beleid: expected the fields naam versie status regel, no others"
_REGEL_FIELDS = (
    "regel 1: expected the fields attribuut doelen ontvangers bron zekerheid "
    "motivering motivation, no others"
)
_DOELEN = (
    "regel 1: doelen: expected of bestellen leveren toegang gebruik toetsen "
    "genormeerde-toets terugkoppelen, got another"
)
_ONTVANGERS = (
    "regel 1: ontvangers: expected of softwareleverancier uitgever distributeur "
    "school, got another"
)
_BAD_FILES: dict[str, tuple[str | bytes, str]] = {
    "no TOML": ("naam: eigen", _NO_TOML),
    "another encoding": (_FILE.replace("moet", "mo\u00ebt").encode("cp1252"), _NO_TOML),
    "a key twice": (_FILE.replace("versie", "naam"), _NO_TOML),
    "nothing": ("", _FIELDS),
    "no rules": (_FILE.replace(_REGEL, ""), _FIELDS),
    "a field more": (f'extra = "x"\n{_FILE}', _FIELDS),
    "a field less": (_FILE.replace('versie = "2"\n', ""), _FIELDS),
    "a field under another name": (_FILE.replace("versie", "version"), _FIELDS),
    "a number for text": (
        _FILE.replace('"2"', "2"),
        "beleid: versie: expected str, got int",
    ),
    "a table for a list": (
        _FILE.replace("[[regel]]", "[regel]"),
        "beleid: regel: expected list, got dict",
    ),
    "a rule that is no table": (
        'naam = "a"\nversie = "1"\nstatus = "x"\nregel = ["roepnaam"]\n',
        _REGEL_FIELDS,
    ),
    "a rule with a field more": (f"{_FILE}rol = []\n", _REGEL_FIELDS),
    "a rule with a field less": (
        _FILE.replace('zekerheid = "I"\n', ""),
        _REGEL_FIELDS,
    ),
    "a text for doelen": (
        _FILE.replace('["gebruik", "toetsen"]', '"gebruik"'),
        "regel 1: doelen: expected list, got str",
    ),
    "an unknown doel": (_FILE.replace('"toetsen"', '"verkopen"'), _DOELEN),
    "a doel in upper case": (_FILE.replace('"toetsen"', '"TOETSEN"'), _DOELEN),
    "a doel that is no text": (_FILE.replace('"toetsen"', "1"), _DOELEN),
    "a doel that is a list": (_FILE.replace('"toetsen"', "[]"), _DOELEN),
    "an unknown ontvanger": (_FILE.replace('"uitgever"', '"ouders"'), _ONTVANGERS),
    "no doel": (
        _FILE.replace('["gebruik", "toetsen"]', "[]"),
        "regel 1: roepnaam: expected a doel and an ontvanger",
    ),
    "an unknown attribute": (
        _FILE.replace('"roepnaam"', '"schoenmaat"'),
        "regel 1: attribuut: expected one of the catalogue, got another",
    ),
    "a PGN": (
        _FILE.replace('"roepnaam"', '"bsn"'),
        "regel 1: bsn: counts as a PGN, so no rule releases it",
    ),
    "another zekerheid": (
        _FILE.replace('"I"', '"?"'),
        "regel 1: roepnaam: expected zekerheid C or I, got another",
    ),
    "no sentence": (
        _FILE.replace("Omdat het moet.", ""),
        "regel 1: roepnaam: expected a bron, and a sentence of Dutch and of English",
    ),
    "two rules for one attribute": (
        _FILE + _REGEL,
        "eigen: an attribuut has two regels",
    ),
    "a fault in the second rule": (
        _FILE + _REGEL.replace("bron", "source"),
        _REGEL_FIELDS.replace("regel 1", "regel 2"),
    ),
}


@pytest.mark.parametrize("case", _BAD_FILES)
def test_a_file_that_is_no_policy_is_refused_to_the_letter(
    tmp_path: Path, case: str
) -> None:
    """
    A policy that was misread would release; what is not asked for is refused.
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
    for name in ("edu-l", "edu-k.toml", "../beleid/edu-k", "", "EDU-K"):
        with pytest.raises(PolicyError, match=r"^beleid: expected edu-k, got another"):
            Attribuutbeleid.load(name)
    with pytest.raises(TypeError, match=r"^beleid: expected str, got \w+Path$"):
        Attribuutbeleid.load(tmp_path)  # type: ignore[arg-type]  # the point
    with pytest.raises(FileNotFoundError):
        Attribuutbeleid.load_file(tmp_path / "none.toml")


def test_an_attribute_has_one_rule() -> None:
    """
    Of two that differ, neither could be trusted.
    """
    with pytest.raises(PolicyError) as caught:
        Attribuutbeleid("dubbel", "1", "geen", (*_EDU_K.regels, _EDU_K.regels[0]))
    assert caught.value.args == ("dubbel: an attribuut has two regels",)


def test_a_policy_is_a_frozen_value() -> None:
    """
    Equal by its fields, hashable, and it may be sent.
    """
    again = pickle.loads(pickle.dumps(_EDU_K))  # noqa: S301  # of this line's own making
    assert again == _EDU_K == Attribuutbeleid.load("edu-k")
    assert hash(again) == hash(_EDU_K)
    for field in dataclasses.fields(_EDU_K):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(_EDU_K, field.name, ())


def test_the_reasons_that_a_policy_knows_are_those_of_the_catalogue() -> None:
    """
    The set is made of `AnderId`, so that one row there is enough.
    """
    assert {reden.value for reden in AnderId} == policy._ANDER_ID


def test_an_identifier_is_never_empty() -> None:
    """
    An identifier without text is a mistake, and takes no other's place.
    """
    with pytest.raises(PolicyError, match="key: expected an identifier, got no text"):
        Attribuutbeleid.load("edu-k").release(
            {"key": "", "neppi": "1@a.example", "ander_id": "symbiose"},
            doel=Doel.GEBRUIK,
            ontvanger=Ontvanger.UITGEVER,
        )
