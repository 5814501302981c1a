"""
Joining: the whole matrix of which ketenIDs may be taken for one person's.
"""

import ast
import copy
import inspect
import pickle
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

import parties as our
import pytest

import eckid
from eckid import (
    LEERMIDDELENKETEN,
    BoundaryError,
    Doel,
    IdentifierError,
    Keten,
    KetenID,
    Notices,
    RevocationList,
    Sector,
    SectorLink,
    Succession,
    Withdrawal,
    check_join,
)
from eckid.boundary import LINK_HOLDS, MAY_JOIN, Samen, Verhouding, VerifiedLink

_KETENS: dict[str, Keten | None] = {
    "k": LEERMIDDELENKETEN,
    "o": Keten("00000000-0000-4000-8000-000000000001"),
    "-": None,
}
_PLACES = list(product("ko-", (*Sector, None)))
_URI = "https://eckid.invalid/2026/"
_PO = our.ketenid(our.bsn(0), Sector.PO)
_VO = our.ketenid(our.bsn(0), Sector.VO)
_MBO = our.ketenid(our.bsn(0), Sector.MBO)
_OTHER = our.ketenid(our.bsn(1), Sector.VO)


def _rule(a: KetenID, b: KetenID, **how: Any) -> str:  # noqa: ANN401  # as check_join
    """
    Return the rule that refuses to join, or nothing.
    """
    try:
        check_join(a, b, **how)
    except BoundaryError as error:
        return error.rule.value
    return ""


def _expected(
    first: tuple[str, Sector | None], second: tuple[str, Sector | None]
) -> str:
    """
    Return what the house says of two other URIs without a link.
    """
    if "-" in {first[0], second[0]} or None in {first[1], second[1]}:
        return "unknown"
    if first[0] != second[0]:
        return "other-keten"
    return "other-person" if first[1] is second[1] else "no-link"


def _id(digit: str, place: tuple[str, Sector | None]) -> KetenID:
    return KetenID.parse(_URI + digit * 128, keten=_KETENS[place[0]], sector=place[1])


@pytest.mark.parametrize("first", _PLACES, ids=str)
def test_the_whole_matrix_without_a_link(first: tuple[str, Sector | None]) -> None:
    """
    Each pair of keten and sector, with the same URI and with another: 450 cases.
    """
    for second in _PLACES:
        assert _rule(_id("a", first), _id("a", second)) == ""
        expected = _expected(first, second)
        assert _rule(_id("a", first), _id("b", second)) == expected
        assert _rule(_id("b", second), _id("a", first)) == expected


@pytest.mark.parametrize("first", _PLACES, ids=str)
def test_the_whole_matrix_with_a_link(first: tuple[str, Sector | None]) -> None:
    """
    A link of two others changes nothing but the reason, and only across sectors.
    """
    how: dict[str, Any] = {
        "link": our.verify(our.link(_PO, _VO).token),
        "van": {},
        "organisatie": our.A,
        "doel": Doel.GEBRUIK,
        "on": our.TODAY,
    }
    for second in _PLACES:
        assert _rule(_id("a", first), _id("a", second), **how) == ""
        expected = _expected(first, second).replace("no-link", "other-link")
        assert _rule(_id("a", first), _id("b", second), **how) == expected


def test_each_row_says_why_and_where_that_is_written() -> None:
    """
    Every relation has a row; only the same passes by itself, only sectors by link.
    """
    assert MAY_JOIN.keys() == set(Verhouding)
    assert all(row.why for row in MAY_JOIN.values())
    for row in MAY_JOIN.values():
        assert (row.rule is None) is (row.samen is Samen.JA)
    assert [v for v, row in MAY_JOIN.items() if row.samen is Samen.JA] == [
        Verhouding.ZELFDE
    ]
    assert [v for v, row in MAY_JOIN.items() if row.samen is Samen.MET_LINK] == [
        Verhouding.ANDERE_SECTOR
    ]
    rules = [row.rule for row in MAY_JOIN.values() if row.rule is not None]
    rules += [row.rule for row in LINK_HOLDS]
    assert len(rules) == len(set(rules))


# What is used, beside a link of _PO and _VO for A, GEBRUIK, from TODAY to the
# end of July, verified with a list of a fortnight; and which rule refuses it.
_LAST = our.TODAY + timedelta(days=14)
_USES: dict[str, tuple[dict[str, Any], str]] = {
    "as it is": ({}, ""),
    "the other way round": ({"a": _VO, "b": _PO}, ""),
    "the last day of the list": ({"on": _LAST}, ""),
    "another person in vo": ({"b": _OTHER}, "other-link"),
    "another sector of the person": ({"b": _MBO}, "other-link"),
    "received from another board": (
        {"van": our.van(_PO, _VO, houder=our.NEIGHBOUR)},
        "other-houder",
    ),
    "one of them received from another": (
        {"van": our.van(_PO) | our.van(_VO, houder=our.NEIGHBOUR)},
        "other-houder",
    ),
    "one of them received from nobody known": ({"van": our.van(_PO)}, "other-houder"),
    "both received from the other board too": (
        {"van": {one: {our.BOARD, our.NEIGHBOUR} for one in (_PO, _VO)}},
        "",
    ),
    "another organisatie": ({"organisatie": our.B}, "other-organisatie"),
    "another doel": ({"doel": Doel.TOETSEN}, "other-doel"),
    "the day before": ({"on": our.TODAY - timedelta(days=1)}, "period"),
    "a day too late for the list": ({"on": _LAST + timedelta(days=1)}, "stale"),
    "after the period": ({"on": date(2027, 8, 1)}, "period"),
}


@pytest.mark.parametrize(("use", "rule"), _USES.values(), ids=list(_USES))
def test_a_link_joins_its_own_two_for_its_own_use(
    use: dict[str, Any], rule: str
) -> None:
    """
    Exactly these two, from a board of both, this organisatie, this doel, these days.
    """
    how: dict[str, Any] = {
        "a": _PO,
        "b": _VO,
        "link": our.verify(our.link(_PO, _VO).token),
        "van": our.van(_PO, _VO),
        "organisatie": our.A,
        "doel": Doel.GEBRUIK,
        "on": our.TODAY,
        **use,
    }
    assert _rule(how.pop("a"), how.pop("b"), **how) == rule


def test_a_link_joins_on_its_last_day() -> None:
    """
    The period has both its ends, though the list goes on.
    """
    how: dict[str, Any] = {
        "link": our.verify(our.link(_PO, _VO, tot=our.TODAY).token),
        "van": our.van(_PO, _VO),
        "organisatie": our.A,
        "doel": Doel.GEBRUIK,
    }
    assert _rule(_PO, _VO, on=our.TODAY, **how) == ""
    assert _rule(_PO, _VO, on=our.TODAY + timedelta(days=1), **how) == "period"


def test_every_row_of_a_link_can_refuse() -> None:
    """
    The cases above meet each row of the table at least once.
    """
    met = {rule for _, rule in _USES.values()} - {""}
    assert {row.rule.value for row in LINK_HOLDS} == met
    assert all(row.why for row in LINK_HOLDS)


def test_every_row_of_a_link_has_a_name_and_a_named_check() -> None:
    """
    A row is found by its name, rests on L12, and its check is a function one can read.
    """
    assert len({row.naam for row in LINK_HOLDS}) == len(LINK_HOLDS)
    for row in LINK_HOLDS:
        assert row.naam
        assert row.holds.__name__ != "<lambda>"
        assert row.grondslag.rechtsregels == ("L12",)
        # The evaluation names consent and a provision, not what the provision checks.
        assert row.grondslag.zekerheid == "I"


def test_links_are_not_chained() -> None:
    """
    Po with vo and vo with mbo are no po with mbo.
    """
    how: dict[str, Any] = {
        "van": our.van(_PO, _VO, _MBO),
        "organisatie": our.A,
        "doel": Doel.GEBRUIK,
        "on": our.TODAY,
    }
    one = our.verify(our.link(_PO, _VO).token)
    two = our.verify(our.link(_VO, _MBO).token)
    assert _rule(_PO, _VO, link=one, **how) == ""
    assert _rule(_VO, _MBO, link=two, **how) == ""
    assert _rule(_PO, _MBO, link=one, **how) == "other-link"
    assert _rule(_PO, _MBO, link=two, **how) == "other-link"


def test_with_a_link_all_of_its_use_is_asked() -> None:
    """
    Houders, organisatie, doel and day have no default; a text is refused for each.
    """
    link = our.verify(our.link(_PO, _VO).token)
    how: dict[str, Any] = {
        "van": our.van(_PO, _VO),
        "organisatie": our.A,
        "doel": Doel.GEBRUIK,
        "on": our.TODAY,
    }
    for name in how:
        with pytest.raises(TypeError, match=f"^{name}: expected"):
            check_join(_PO, _VO, link=link, **{**how, name: None})
    with pytest.raises(TypeError, match=r"^van: expected a set of OINs, got str$"):
        check_join(_PO, _VO, link=link, **{**how, "van": {_PO: our.BOARD}})
    with pytest.raises(IdentifierError, match=r"^van: expected OINs of 20 digits"):
        check_join(_PO, _VO, link=link, **{**how, "van": {_PO: [our.BOARD[:-1]]}})
    with pytest.raises(TypeError, match=r"^ketenID: expected KetenID, got str"):
        check_join(_PO.uri, _VO)  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^ketenID: expected KetenID, got str"):
        check_join(_PO, _VO.uri)  # type: ignore[arg-type]  # a mistake


@pytest.mark.parametrize("kind", [VerifiedLink, RevocationList, Succession, Withdrawal])
def test_nobody_makes_what_was_not_verified(kind: Callable[[], object]) -> None:
    """
    There is no constructor; and but for its own verify, no code calls the maker.
    """
    with pytest.raises(TypeError, match="expected a verification, got a call"):
        kind()
    # Nor something that passes for it.
    with pytest.raises(TypeError, match="has no kinds of its own"):
        type("Mine", (kind,), {})  # type: ignore[arg-type]  # a mistake
    makers = {
        path.stem
        for path in Path(eckid.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "verified"
    }
    assert makers == {"link", "revocations", "notices"}
    for verifying in (SectorLink, RevocationList, Succession, Withdrawal):
        for name, function in inspect.getmembers(verifying, inspect.isroutine):
            if name.startswith("_"):
                continue
            code = inspect.getsource(function)
            assert ("verified(" in code) is (name == "verify")


def test_what_was_verified_is_not_written_down_or_changed() -> None:
    """
    A pickle would be a link that nobody verified; a field is not set.
    """
    values = (
        our.verify(our.link(_PO, _VO).token),
        our.listed(),
        our.succession(_VO, _OTHER),
        our.withdrawal(_VO),
    )
    for value, other in combinations(values, 2):
        assert value != other
    for value in values:
        for way in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="verify it again"):
                way(value)
        with pytest.raises(AttributeError, match="is frozen"):
            value.issued = our.TODAY
        with pytest.raises(AttributeError, match="is frozen"):
            del value.oin  # type: ignore[union-attr]  # a mistake
        assert our.ketenid(our.bsn(0), Sector.PO).hex not in repr(value)
    token = our.link(_PO, _VO).token
    once, again = our.verify(token), our.verify(token)
    assert once == again
    assert len({once, again}) == 1
    assert once != our.verify(our.link(_PO, _VO).token)
    assert Notices() == our.NOTHING
