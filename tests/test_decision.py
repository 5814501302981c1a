"""
The decision on each attribute: the five rules that hold in every policy.
"""

import dataclasses
import pickle
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid import CATALOGUE, Doel, Kenmerk, Ontvanger, PolicyError, Reden, Regel
from eckid.decision import Oordeel, Plan, decide, plan

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
_RULED = sorted(set(CATALOGUE) - _PGN)

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
) -> dict[str, Oordeel]:
    return decide(plan(ruled, doel=doel, ontvanger=ontvanger, rol=rol), names)


def _released(decided: dict[str, Oordeel]) -> set[str]:
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
    assert ("ander_id" in released) is bool(released & _OTHER)
    if "eckid" in row:
        assert not released & (_OTHER | {"ander_id"})


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
        elif name not in _OTHER | {"ander_id"}:
            expected = set()
        elif "eckid" in row:
            expected = {Reden.KETENID_EXISTS}
        else:
            expected = {Reden.ANDER_ID_INCOMPLETE, Reden.IDENTIFIER_EXISTS}
        if isinstance(oordeel, Reden):
            assert oordeel in expected
        else:
            # What an identifier waits for was there; the rest had no reason.
            assert not expected or (
                name in _OTHER | {"ander_id"} and "eckid" not in row
            )


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


_IDS = [_regel(n) for n in ("eckid", "ander_id", "nepri", "key", "eduid")]


@pytest.mark.parametrize(
    ("row", "released", "reasons"),
    [
        pytest.param("eckid", "eckid", {}, id="a ketenID alone"),
        pytest.param(
            "key eckid ander_id",
            "eckid",
            {"key": Reden.KETENID_EXISTS, "ander_id": Reden.KETENID_EXISTS},
            id="a ketenID and another",
        ),
        pytest.param("key ander_id", "key ander_id", {}, id="another with its reason"),
        pytest.param(
            "eduid key nepri ander_id",
            "nepri ander_id",
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
            "ander_id",
            "",
            {"ander_id": Reden.ANDER_ID_INCOMPLETE},
            id="a reason without another",
        ),
        pytest.param(
            "leerlingnummer ander_id",
            "",
            {
                "leerlingnummer": Reden.NOT_IN_POLICY,
                "ander_id": Reden.ANDER_ID_INCOMPLETE,
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
    L11: another identifier goes along only for who has no ketenID.
    """
    decided = _decided(_IDS, row.split())
    assert _released(decided) == set(released.split())
    assert {n: o for n, o in decided.items() if isinstance(o, Reden)} == reasons


def test_a_ketenid_that_is_withheld_lets_no_other_take_its_place() -> None:
    """
    Who has a ketenID goes by no other, where the recipient may not see it too.
    """
    without = [regel for regel in _IDS if regel.attribuut != "eckid"]
    decided = _decided(without, ["eckid", "key", "ander_id"])
    assert decided == {
        "eckid": Reden.NOT_IN_POLICY,
        "key": Reden.KETENID_EXISTS,
        "ander_id": Reden.KETENID_EXISTS,
    }


@pytest.mark.parametrize("blocked", ["key", "ander_id"])
def test_an_identifier_and_its_reason_go_only_together(blocked: str) -> None:
    """
    Where one of the two may not go for this doel, the other does not either.
    """
    ruled = [
        _regel(n, {Doel.TOETSEN} if n == blocked else Doel) for n in ("key", "ander_id")
    ]
    (other,) = {"key", "ander_id"} - {blocked}
    assert _decided(ruled, ["key", "ander_id"]) == {
        blocked: Reden.OTHER_DOEL,
        other: Reden.ANDER_ID_INCOMPLETE,
    }


def test_an_identifier_for_another_recipient_yields_to_the_next() -> None:
    """
    The first in the policy that this recipient may have is the one that goes.
    """
    ruled = [
        _regel("key", ontvangers={Ontvanger.SCHOOL}),
        _regel("nepri"),
        _regel("ander_id"),
    ]
    decided = _decided(ruled, ["key", "nepri", "ander_id"])
    assert decided["key"] is Reden.OTHER_ONTVANGER
    assert _released(decided) == {"nepri", "ander_id"}


@given(
    ruled=regels(), row=rows, doel=st.sampled_from(Doel), to=st.sampled_from(Ontvanger)
)
def test_the_columns_are_what_may_be_released_at_all(
    ruled: list[Regel], row: list[str], doel: Doel, to: Ontvanger
) -> None:
    """
    In the order of the policy, whoever the person; nobody gets another one.
    """
    planned = plan(ruled, doel=doel, ontvanger=to, rol=None)
    assert planned.columns == tuple(
        regel.attribuut
        for regel in ruled
        if doel in regel.doelen and to in regel.ontvangers
    )
    assert _released(decide(planned, row)) <= set(planned.columns)
    assert plan(ruled, doel=doel, ontvanger=to, rol="LRK").columns == ()


def test_a_plan_in_which_a_pgn_slipped_releases_none() -> None:
    """
    The first rule stands by itself, and leans on no check of a file.
    """
    slipped = Plan(dict.fromkeys(_PGN, _regel("roepnaam")))
    assert decide(slipped, sorted(_PGN)) == dict.fromkeys(sorted(_PGN), Reden.PGN)


_EVERY_ATTRIBUTE = "roepnaam: expected a bron, and a sentence of Dutch and of English"
_WRONG: dict[str, tuple[dict[str, object], str]] = {
    "an unknown attribute": (
        {"attribuut": "schoenmaat"},
        "attribuut: expected one of the catalogue, got another",
    ),
    "no doel": ({"doelen": frozenset()}, "roepnaam: expected a doel and an ontvanger"),
    "no ontvanger": (
        {"ontvangers": frozenset()},
        "roepnaam: expected a doel and an ontvanger",
    ),
    "another zekerheid": (
        {"zekerheid": "?"},
        "roepnaam: expected zekerheid C or I, got another",
    ),
    "no zekerheid": (
        {"zekerheid": ""},
        "roepnaam: expected zekerheid C or I, got another",
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
    alone = name in _OTHER | {"ander_id"}
    assert _released(decided) == (set() if alone else {name})


def test_a_rule_is_a_frozen_value() -> None:
    """
    Equal by its fields, hashable, and it may be sent.
    """
    regel = Regel(**_RIGHT)
    assert regel == Regel(**_RIGHT) != Regel(**(_RIGHT | {"zekerheid": "I"}))
    assert hash(regel) == hash(Regel(**_RIGHT))
    assert pickle.loads(pickle.dumps(regel)) == regel  # noqa: S301  # of this line's own making
    for field in dataclasses.fields(regel):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(regel, field.name, "")
    assert not hasattr(regel, "__dict__")


def test_every_reason_is_a_sentence_of_its_own() -> None:
    """
    A reason is shown to people, so no two say the same.
    """
    assert {reden.name for reden in Reden} == {
        "PGN",
        "NOT_IN_POLICY",
        "OTHER_DOEL",
        "OTHER_ONTVANGER",
        "KETENID_EXISTS",
        "IDENTIFIER_EXISTS",
        "ANDER_ID_INCOMPLETE",
        "ROL_UNDECIDED",
    }
    assert len({reden.value for reden in Reden}) == len(Reden)


def test_every_reason_is_said_in_dutch_too() -> None:
    """
    A school reads its report in Dutch: no reason lacks it, and no two share it.
    """
    assert all(reden.nl.strip() for reden in Reden)
    assert len({reden.nl for reden in Reden}) == len(Reden)
    assert not {reden.nl for reden in Reden} & {reden.value for reden in Reden}
