"""
The decision on each attribute: the five rules that hold in every policy.

What decided and why it is withheld are one here: the rule of what goes, the
reason of what does not.
"""

import dataclasses
import pickle
from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid import Doel, Ontvanger, Oordeel, PolicyError, Reden, Wie
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.policy import Eis, Regel, Vorm
from eckid.policy.decision import Plan, Vraag, decide, plan

Outcome: TypeAlias = Regel | Reden
_ON = date(2026, 11, 24)
# What says why another identifier goes, and until when.
_WHY = frozenset({"ander_id_reden", "ander_id_tot"})
# Made of the group: absent in a row, it is asked for.
_MADE = frozenset({"weergavenaam"})

_RIGHT: dict[str, Any] = {
    "attribuut": "roepnaam",
    "doelen": frozenset(Doel),
    "ontvangers": frozenset(Ontvanger),
    "bron": "een bron",
    "zekerheid": "C",
    "motivering": "Omdat het moet.",
    "motivation": "Because it must.",
}
_PGN = {n for n, a in CATALOGUE.items() if a.kenmerk is Kenmerk.PGN}
_OTHER = {n for n, a in CATALOGUE.items() if a.kenmerk is Kenmerk.ANDER_ID}
_RULED = sorted(set(CATALOGUE) - _PGN - _MADE)

names = st.one_of(st.sampled_from(sorted(CATALOGUE)), st.text(max_size=12))
rows = st.lists(names, unique=True)
doelen = st.frozensets(st.sampled_from(Doel), min_size=1)
ontvangers = st.frozensets(st.sampled_from(Ontvanger), min_size=1)


@st.composite
def regels(draw: st.DrawFn) -> list[Regel]:
    """
    Draw the rules of a policy, in any order, for any doel and recipient.
    """
    ruled = draw(st.lists(st.sampled_from(_RULED), unique=True))
    return [_regel(n, draw(doelen), draw(ontvangers)) for n in ruled]


def _regel(
    naam: str,
    doelen: Iterable[Doel] = Doel,
    ontvangers: Iterable[Ontvanger] = Ontvanger,
) -> Regel:
    changed = {
        "attribuut": naam,
        "doelen": frozenset(doelen),
        "ontvangers": frozenset(ontvangers),
    }
    return Regel(**(_RIGHT | changed))


def _decided(
    ruled: Iterable[Regel],
    names: Iterable[str],
    doel: Doel = Doel.GEBRUIK,
    ontvanger: Ontvanger = Ontvanger.UITGEVER,
    rol: str | None = None,
) -> dict[str, Outcome]:
    vraag = Vraag(doel=doel, ontvanger=ontvanger, rol=rol, on=_ON)
    return {n: _one(o) for n, o in decide(plan(ruled, vraag), names).items()}


def _one(oordeel: Oordeel) -> Outcome:
    one = oordeel.reden or oordeel.regel
    assert one is not None
    return one


def _released(decided: dict[str, Outcome]) -> set[str]:
    return {name for name, oordeel in decided.items() if isinstance(oordeel, Regel)}


@given(
    ruled=regels(), row=rows, doel=st.sampled_from(Doel), to=st.sampled_from(Ontvanger)
)
def test_nothing_is_released_without_a_rule_that_fits(
    ruled: list[Regel], row: list[str], doel: Doel, to: Ontvanger
) -> None:
    """
    Each attribute gets an outcome in its order; released only by its own rule.
    """
    decided = _decided(ruled, row, doel, to)
    assert list(decided) == row
    for name, oordeel in decided.items():
        if isinstance(oordeel, Regel):
            assert oordeel in ruled
            assert oordeel.attribuut == name
            assert doel in oordeel.doelen
            assert to in oordeel.ontvangers


@given(
    ruled=regels(), row=rows, doel=st.sampled_from(Doel), to=st.sampled_from(Ontvanger)
)
def test_the_identifiers_are_at_most_one(
    ruled: list[Regel], row: list[str], doel: Doel, to: Ontvanger
) -> None:
    """
    A ketenID alone, or one other with its reason, or none; and never a PGN.
    """
    released = _released(_decided(ruled, row, doel, to))
    assert not released & _PGN
    assert len(released & (_OTHER | {"eckid"})) <= 1
    assert released & _WHY in (_WHY if released & _OTHER else frozenset(), frozenset())
    assert bool(released & _WHY) is bool(released & _OTHER)
    if "eckid" in row:
        assert not released & (_OTHER | _WHY)


@given(
    ruled=regels(), row=rows, doel=st.sampled_from(Doel), to=st.sampled_from(Ontvanger)
)
def test_a_withheld_attribute_has_the_reason_that_is_true(
    ruled: list[Regel], row: list[str], doel: Doel, to: Ontvanger
) -> None:
    """
    The reason is what a jurist would find by reading the rules.
    """
    by_name = {regel.attribuut: regel for regel in ruled}
    decided = _decided(ruled, row, doel, to)
    for name, oordeel in decided.items():
        regel = by_name.get(name)
        if name in _PGN:
            expected = {Reden.PGN}
        elif regel is None:
            expected = {Reden.NOT_IN_POLICY}
        elif doel not in regel.doelen:
            expected = {Reden.OTHER_DOEL}
        elif to not in regel.ontvangers:
            expected = {Reden.OTHER_ONTVANGER}
        elif name not in _OTHER | _WHY:
            expected = set()
        elif "eckid" in row:
            expected = {Reden.KETENID_EXISTS}
        else:
            expected = {Reden.ANDER_ID_INCOMPLETE, Reden.IDENTIFIER_EXISTS}
        if isinstance(oordeel, Reden):
            assert oordeel in expected
        else:
            # What an identifier waits for was there; the rest had no reason.
            assert not expected or (name in _OTHER | _WHY and "eckid" not in row)


@given(row=rows)
def test_no_rule_releases_nothing(row: list[str]) -> None:
    """
    Absence denies, for every name of the catalogue and for every other.
    """
    decided = _decided([], row)
    assert decided == {
        name: Reden.PGN if name in _PGN else Reden.NOT_IN_POLICY for name in row
    }


@given(ruled=regels(), row=rows, rol=st.text())
def test_a_rol_gets_nothing_until_a_rule_knows_it(
    ruled: list[Regel], row: list[str], rol: str
) -> None:
    """
    Whatever the rules say and whatever the rol, an empty one too.
    """
    decided = _decided(ruled, row, rol=rol)
    assert decided == {
        name: Reden.PGN if name in _PGN else Reden.ROL_UNDECIDED for name in row
    }


_IDS = [
    _regel(n)
    for n in ("eckid", "ander_id_reden", "ander_id_tot", "nepri", "key", "eduid")
]


@pytest.mark.parametrize(
    ("row", "released", "reasons"),
    [
        pytest.param("eckid", "eckid", {}, id="a ketenID alone"),
        pytest.param(
            "key eckid ander_id_reden ander_id_tot",
            "eckid",
            dict.fromkeys(["key", *_WHY], Reden.KETENID_EXISTS),
            id="a ketenID and another",
        ),
        pytest.param(
            "key ander_id_reden ander_id_tot",
            "key ander_id_reden ander_id_tot",
            {},
            id="another with its reason",
        ),
        pytest.param(
            "key ander_id_reden",
            "",
            {
                "key": Reden.ANDER_ID_INCOMPLETE,
                "ander_id_reden": Reden.ANDER_ID_INCOMPLETE,
            },
            id="another without its last day",
        ),
        pytest.param(
            "eduid key nepri ander_id_reden ander_id_tot",
            "nepri ander_id_reden ander_id_tot",
            {"key": Reden.IDENTIFIER_EXISTS, "eduid": Reden.IDENTIFIER_EXISTS},
            id="the first of the policy, not of the row",
        ),
        pytest.param(
            "key nepri",
            "",
            {"key": Reden.ANDER_ID_INCOMPLETE, "nepri": Reden.ANDER_ID_INCOMPLETE},
            id="others without a reason",
        ),
        pytest.param(
            "ander_id_reden",
            "",
            {"ander_id_reden": Reden.ANDER_ID_INCOMPLETE},
            id="a reason without another",
        ),
        pytest.param(
            "leerlingnummer ander_id_reden",
            "",
            {
                "leerlingnummer": Reden.NOT_IN_POLICY,
                "ander_id_reden": Reden.ANDER_ID_INCOMPLETE,
            },
            id="another that no rule names, with its reason",
        ),
        pytest.param("", "", {}, id="nothing at all"),
    ],
)
def test_one_identifier_goes_and_another_only_with_its_reason(
    row: str, released: str, reasons: dict[str, Reden]
) -> None:
    """
    L11: another identifier goes only if the person has no ketenID.
    """
    decided = _decided(_IDS, row.split())
    assert _released(decided) == set(released.split())
    assert {n: o for n, o in decided.items() if isinstance(o, Reden)} == reasons


def test_a_ketenid_that_is_withheld_lets_no_other_take_its_place() -> None:
    """
    Who has a ketenID goes by no other, where the recipient may not see it too.
    """
    without = [regel for regel in _IDS if regel.attribuut != "eckid"]
    decided = _decided(without, ["eckid", "key", *_WHY])
    withheld = dict.fromkeys(["key", *_WHY], Reden.KETENID_EXISTS)
    assert decided == {"eckid": Reden.NOT_IN_POLICY, **withheld}


@pytest.mark.parametrize("blocked", ["key", "ander_id_reden", "ander_id_tot"])
def test_an_identifier_and_its_reason_go_only_together(blocked: str) -> None:
    """
    Where one of the two may not go for this doel, the other does not either.
    """
    ruled = [
        _regel(n, {Doel.TOETSEN} if n == blocked else Doel) for n in ("key", *_WHY)
    ]
    others = {"key", *_WHY} - {blocked}
    assert _decided(ruled, ["key", *_WHY]) == {
        blocked: Reden.OTHER_DOEL,
        **dict.fromkeys(others, Reden.ANDER_ID_INCOMPLETE),
    }


def test_an_identifier_for_another_recipient_yields_to_the_next() -> None:
    """
    The first in the policy that this recipient may have is the one that goes.
    """
    ruled = [
        _regel("key", ontvangers={Ontvanger.SCHOOL}),
        _regel("nepri"),
        *(_regel(name) for name in _WHY),
    ]
    decided = _decided(ruled, ["key", "nepri", *_WHY])
    assert decided["key"] is Reden.OTHER_ONTVANGER
    assert _released(decided) == {"nepri", *_WHY}


@given(
    ruled=regels(), row=rows, doel=st.sampled_from(Doel), to=st.sampled_from(Ontvanger)
)
def test_the_columns_are_what_may_be_released_at_all(
    ruled: list[Regel], row: list[str], doel: Doel, to: Ontvanger
) -> None:
    """
    In the order of the policy, whoever the person; nobody gets another one.
    """
    planned = plan(ruled, Vraag(doel=doel, ontvanger=to, on=_ON))
    assert planned.going == tuple(
        regel for regel in ruled if doel in regel.doelen and to in regel.ontvangers
    )
    released = _released(_decided(ruled, row, doel, to))
    assert released <= {regel.attribuut for regel in planned.going}
    assert plan(ruled, Vraag(doel=doel, ontvanger=to, rol="LRK")).going == ()


def test_where_no_rule_fits_the_first_says_why() -> None:
    """
    Of the rules for one attribute the first in the policy is shown, whatever follows.
    """
    first = _regel("roepnaam", [Doel.BESTELLEN])
    then = _regel("roepnaam", [Doel.GEBRUIK], [Ontvanger.DISTRIBUTEUR])
    vraag = Vraag(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER)
    for ruled, reden in (
        ([first, then], Reden.OTHER_DOEL),
        ([then, first], Reden.OTHER_ONTVANGER),
    ):
        assert plan(ruled, vraag).oordelen["roepnaam"] == Oordeel(ruled[0], reden)


@pytest.mark.parametrize(
    ("other", "this", "asked"),
    [
        ({"wie": frozenset({Wie.LEERKRACHT})}, {"wie": frozenset({Wie.LEERLING})}, {}),
        ({"scope": "a"}, {"scope": "b"}, {}),
        ({"doelen": frozenset({Doel.BESTELLEN})}, {}, {}),
        ({"ontvangers": frozenset({Ontvanger.SCHOOL})}, {}, {}),
        (
            {"rollen": frozenset({"KLA"})},
            {"rollen": frozenset({"LRK"})},
            {"rol": "LRK"},
        ),
        ({"rollen": frozenset({"KLA"})}, {}, {}),
    ],
    ids=["wie", "scope", "doel", "ontvanger", "another rol", "a rol"],
)
def test_a_rule_that_does_not_fit_leaves_it_to_the_next(
    other: dict[str, Any], this: dict[str, Any], asked: dict[str, Any]
) -> None:
    """
    And demands nothing, whatever it would demand of those whom it fits.
    """
    first = dataclasses.replace(_regel("roepnaam"), eis=Eis.MANDATORY, **other)
    second = dataclasses.replace(_regel("roepnaam"), **this)
    vraag = Vraag(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER, **asked)
    for ruled in ([first, second], [second, first]):
        planned = plan(ruled, vraag, scopes=frozenset({"b"}))
        assert planned.oordelen["roepnaam"] == Oordeel(second, None)
        assert planned.required == ()
    alone = plan([first], vraag, een_van=[("roepnaam",)], scopes=frozenset({"b"}))
    assert alone.required == ()


def test_a_plan_in_which_a_pgn_slipped_releases_none() -> None:
    """
    The first rule stands by itself, and leans on no check of a file.
    """
    vraag = Vraag(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER)
    regel = _regel("roepnaam")
    slipped = Plan(vraag, dict.fromkeys(_PGN, Oordeel(regel, None)))
    expected = dict.fromkeys(sorted(_PGN), Oordeel(regel, Reden.PGN))
    assert decide(slipped, sorted(_PGN)) == expected


_EVERY_ATTRIBUTE = "roepnaam: expected a bron, and a sentence of Dutch and of English"
_WRONG: dict[str, tuple[dict[str, object], str]] = {
    "an unknown attribute": (
        {"attribuut": "schoenmaat"},
        "attribuut: expected one of the catalogue, got another",
    ),
    "no doel": ({"doelen": frozenset()}, "roepnaam: expected a doel and an ontvanger"),
    "doelen in a list": (
        {"doelen": [Doel.GEBRUIK]},
        "roepnaam: expected a doel and an ontvanger",
    ),
    "a text among doelen": (
        {"doelen": frozenset({Doel.GEBRUIK, "toetsen"})},
        "roepnaam: expected a doel and an ontvanger",
    ),
    "no ontvanger": (
        {"ontvangers": frozenset()},
        "roepnaam: expected a doel and an ontvanger",
    ),
    "another zekerheid": (
        {"zekerheid": "?"},
        "roepnaam: expected zekerheid C, R or I, got another",
    ),
    "no zekerheid": (
        {"zekerheid": ""},
        "roepnaam: expected zekerheid C, R or I, got another",
    ),
    "no bron": ({"bron": ""}, _EVERY_ATTRIBUTE),
    "no Dutch": ({"motivering": ""}, _EVERY_ATTRIBUTE),
    "no English": ({"motivation": ""}, _EVERY_ATTRIBUTE),
}


@pytest.mark.parametrize("case", _WRONG)
def test_a_rule_that_lacks_something_is_no_rule(case: str) -> None:
    """
    Attribute, doel, ontvanger, source and both sentences, or nothing.
    """
    changed, said = _WRONG[case]
    with pytest.raises(PolicyError) as caught:
        Regel(**(_RIGHT | changed))
    assert caught.value.args == (said,)


@pytest.mark.parametrize("name", sorted(_PGN))
def test_no_rule_releases_a_pgn(name: str) -> None:
    """
    What counts as a PGN can be in no policy.
    """
    with pytest.raises(PolicyError) as caught:
        _regel(name)
    assert caught.value.args == (f"{name}: counts as a PGN, so no rule releases it",)


@pytest.mark.parametrize("name", _RULED)
def test_every_other_attribute_can_have_a_rule(name: str) -> None:
    """
    A board may write a policy about each; a rule releases that one.
    """
    decided = _decided([_regel(name)], [name])
    alone = name in _OTHER | _WHY
    assert _released(decided) == (set() if alone else {name})


def test_a_rule_is_a_frozen_value() -> None:
    """
    Equal by its fields, hashable, and it may be sent.
    """
    regel = Regel(**_RIGHT)
    assert regel == Regel(**_RIGHT) != Regel(**(_RIGHT | {"zekerheid": "I"}))
    assert hash(regel) == hash(Regel(**_RIGHT))
    assert pickle.loads(pickle.dumps(regel)) == regel  # noqa: S301  # of this line's own making
    for field in dataclasses.fields(Regel):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(regel, field.name, "")
    assert not hasattr(regel, "__dict__")


def test_every_reason_is_a_sentence_of_its_own() -> None:
    """
    A reason is shown to people, so no two say the same.
    """
    assert len({reden.value for reden in Reden}) == len(Reden)
    assert len({reden.en for reden in Reden}) == len(Reden)
    for reden in Reden:
        assert reden.value == reden.name.lower().replace("_", "-")


def test_every_reason_is_said_in_dutch_too() -> None:
    """
    A school reads its report in Dutch: no reason lacks it, and no two share it.
    """
    assert all(reden.nl.strip() for reden in Reden)
    assert len({reden.nl for reden in Reden}) == len(Reden)
    assert not {reden.nl for reden in Reden} & {reden.value for reden in Reden}


@given(ruled=regels(), row=rows, data=st.data())
def test_a_rule_decides_on_its_own_attribute_alone(
    ruled: list[Regel], row: list[str], data: st.DataObject
) -> None:
    """
    With a rule less, only its own attribute has another outcome.

    Apart from identifiers, of which one goes, and what says why it does.
    """
    if not ruled:
        return
    gone = data.draw(st.sampled_from(ruled))
    fewer = [regel for regel in ruled if regel is not gone]
    before, after = _decided(ruled, row), _decided(fewer, row)
    one_identifier = _OTHER | _WHY
    for name in row:
        if name == gone.attribuut:
            assert not isinstance(after[name], Regel)
        elif not (name in one_identifier and gone.attribuut in one_identifier):
            assert before[name] == after[name]


_VRAAG = Vraag(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER, on=_ON)


@pytest.mark.parametrize(
    ("changed", "vraag", "reden"),
    [
        ({"wie": frozenset({Wie.LEERKRACHT})}, {}, Reden.OTHER_WIE),
        ({"scope": "basic"}, {}, Reden.SCOPE_NOT_CHOSEN),
        ({"doelen": frozenset({Doel.LEVEREN})}, {}, Reden.OTHER_DOEL),
        ({"ontvangers": frozenset({Ontvanger.SCHOOL})}, {}, Reden.OTHER_ONTVANGER),
        ({"rollen": frozenset({"LRK"})}, {}, Reden.ROL_UNDECIDED),
        ({"rollen": frozenset({"LRK"})}, {"rol": "CON"}, Reden.ROL_UNDECIDED),
        ({"rollen": frozenset({"LRK"})}, {"rol": "LRK"}, None),
        ({}, {"rol": "LRK"}, Reden.ROL_UNDECIDED),
        ({"eis": Eis.FORBIDDEN}, {}, Reden.FORBIDDEN),
        ({}, {}, None),
    ],
)
def test_what_does_not_fit_the_question_says_so(
    changed: dict[str, object], vraag: dict[str, Any], reden: Reden | None
) -> None:
    """
    Whose, scope, doel, recipient, rol and eis: each has its own reason.
    """
    regel = Regel(**(_RIGHT | changed))
    decided = decide(plan([regel], dataclasses.replace(_VRAAG, **vraag)), ["roepnaam"])
    assert decided["roepnaam"].reden is reden


def test_of_the_rollen_that_rules_name_each_sees_its_own() -> None:
    """
    Another rol that the policy knows gets OTHER_ROL, and no rol gets nothing.
    """
    ruled = [
        Regel(**(_RIGHT | {"rollen": frozenset({"LRK", "CON"})})),
        Regel(
            **(_RIGHT | {"attribuut": "jaargroep", "rollen": frozenset({"LRK"})}),
        ),
        _regel("groep"),
    ]
    row = ["roepnaam", "jaargroep", "groep", "land"]
    assert _released(_decided(ruled, row, rol="LRK")) == {"roepnaam", "jaargroep"}
    con = _decided(ruled, row, rol="CON")
    assert _released(con) == {"roepnaam"}
    assert con["jaargroep"] is Reden.OTHER_ROL
    assert con["groep"] is Reden.ROL_UNDECIDED
    assert con["land"] is Reden.NOT_IN_POLICY
    assert _released(_decided(ruled, row)) == {"groep"}


@pytest.mark.parametrize(
    ("changed", "row", "goes"),
    [
        ({"met": frozenset({"groep"})}, ["roepnaam", "groep"], True),
        ({"met": frozenset({"groep"})}, ["roepnaam"], False),
        ({"zonder": frozenset({"groep"})}, ["roepnaam", "groep"], False),
        ({"zonder": frozenset({"groep"})}, ["roepnaam"], True),
        ({"voorwaarde": "Alleen na tekenen."}, ["roepnaam"], True),
    ],
)
def test_a_conditional_rule_looks_at_what_the_person_has(
    changed: dict[str, object], row: list[str], goes: object
) -> None:
    """
    All of met and none of zonder; a condition outside the library is told only.
    """
    regel = Regel(**(_RIGHT | {"eis": Eis.CONDITIONAL} | changed))
    decided = _decided([regel], row)
    assert decided["roepnaam"] is (regel if goes else Reden.CONDITION)


def test_a_condition_that_fails_says_so_only_where_the_rule_fits() -> None:
    """
    A rule for another doel or recipient keeps that reason, condition or no condition.
    """
    conditional = {"eis": Eis.CONDITIONAL, "met": frozenset({"groep"})}
    for changed, reden in (
        ({"doelen": frozenset({Doel.LEVEREN})}, Reden.OTHER_DOEL),
        ({"ontvangers": frozenset({Ontvanger.SCHOOL})}, Reden.OTHER_ONTVANGER),
        ({"vorm": Vorm.GEBRUIK}, Reden.CONDITION),
        ({}, Reden.CONDITION),
    ):
        regel = Regel(**(_RIGHT | conditional | changed))
        assert _decided([regel], ["roepnaam"])["roepnaam"] is reden


@pytest.mark.parametrize("first", [True, False], ids=["the first", "the last"])
def test_an_identifier_whose_condition_fails_sends_no_reason_alone(
    first: object,
) -> None:
    """
    The first that a person has decides; a reason never goes without an identifier.
    """
    fails = {"eis": Eis.CONDITIONAL, "met": frozenset({"groep"})}
    one, other = "nepri", "key"
    ruled = [
        Regel(**(_RIGHT | {"attribuut": one} | (fails if first else {}))),
        Regel(**(_RIGHT | {"attribuut": other} | ({} if first else fails))),
        *(_regel(name) for name in _WHY),
    ]
    decided = _decided(ruled, [one, other, *_WHY])
    if first:
        assert _released(decided) == set()
        assert set(decided.values()) <= {Reden.ANDER_ID_INCOMPLETE, Reden.CONDITION}
    else:
        assert _released(decided) == {one, *_WHY}
        assert isinstance(decided[other], Reden)


@pytest.mark.parametrize("there", [True, False], ids=["there", "lacking"])
def test_one_of_several_is_demanded_where_a_rule_that_fits_names_one(
    there: object,
) -> None:
    """
    For another doel, where no rule speaks of them, none is demanded.
    """
    names = ("roepnaam", "achternaam")
    doel = Doel.GEBRUIK if there else Doel.LEVEREN
    ruled = [_regel("roepnaam", {doel}), _regel("achternaam", {Doel.TOETSEN})]
    planned = plan(ruled, _VRAAG, een_van=(names,))
    assert planned.required == ((names,) if there else ())
    assert plan([_regel("groep")], _VRAAG, een_van=(names,)).required == ()


def test_a_rule_that_fits_and_is_mandatory_demands() -> None:
    """
    A ketenID serves where another identifier is demanded.
    """
    must = {"eis": Eis.MANDATORY}
    ruled = [
        Regel(**(_RIGHT | must)),
        Regel(**(_RIGHT | must | {"attribuut": "key"})),
        _regel("groep"),
        Regel(
            **(
                _RIGHT
                | must
                | {"attribuut": "land", "doelen": frozenset({Doel.LEVEREN})}
            )
        ),
    ]
    assert plan(ruled, _VRAAG).required == (("roepnaam",), ("key", "eckid"))


def test_of_two_rules_for_two_cases_the_one_that_fits_decides() -> None:
    """
    Whichever stands first.
    """
    ruled = [_regel("roepnaam", {Doel.LEVEREN}), _regel("roepnaam", {Doel.GEBRUIK})]
    for order in (ruled, ruled[::-1]):
        assert _decided(order, ["roepnaam"])["roepnaam"] is ruled[1]


def test_another_identifier_needs_the_day() -> None:
    """
    Without one nobody can say whether its last day is past.
    """
    vraag = dataclasses.replace(_VRAAG, on=None)
    decided = decide(plan(_IDS, vraag), ["key", *_WHY])
    assert {o.reden for o in decided.values()} == {Reden.DATE_NEEDED}
