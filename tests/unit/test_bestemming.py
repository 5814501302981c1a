"""
A Bestemming is a policy and one question: planned once, and a plain value.
"""

import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
import strategies as our

from eckid import (
    Attribuutbeleid,
    Bestemming,
    BoundaryError,
    Doel,
    KetenID,
    Ontvanger,
    Organisatie,
    Partij,
    PolicyError,
    Wie,
)
from eckid.boundary import MAY_PASS
from eckid.policy import Vorm, Waarde, bestemming
from eckid.policy import beleid as room

_BELEID = Attribuutbeleid.load("leermiddelenketen")
_EDU_V = Attribuutbeleid.load("edu-v-students-1.1")
_UITGEVER = Organisatie("0000000700012TB34567", Ontvanger.UITGEVER)
_SCHOOL = Organisatie("0000000700012TB34568", Ontvanger.SCHOOL)
_KETENID = KetenID.parse(f"{our.NAMESPACE}/2026/{'0123456789abcdef' * 8}")
_ROW: dict[str, Waarde] = {"eckid": _KETENID, "roepnaam": "Noor", "groep": "3a"}
_ASKED: dict[str, Any] = {
    "doel": Doel.GEBRUIK,
    "organisatie": _UITGEVER,
    "on": date(2026, 11, 24),
}
# As a board leaves it that lets no ketenID go from one recipient to another.
_NOT_ONWARD = {
    pair: what
    for pair, what in MAY_PASS.items()
    if pair != (Partij.ONTVANGER, Partij.ONTVANGER)
}


def _counting(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> list[object]:
    """
    Return what grows by one at each call of a function of a module.
    """
    calls: list[object] = []
    real = getattr(module, name)

    def counted(*what: object, **how: object) -> object:
        calls.append(name)
        return real(*what, **how)

    monkeypatch.setattr(module, name, counted)
    return calls


def test_it_is_planned_once_and_compiled_once_for_the_same_attributes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The policy is asked for pupils and for teachers when it is made, and never again.
    """
    planned = _counting(monkeypatch, room, "plan")
    compiled = _counting(monkeypatch, bestemming, "compiled_for")
    to = _BELEID.voor(**_ASKED)
    assert (len(planned), len(compiled)) == (len(Wie), 0)
    for _ in range(3):
        assert [v.released["roepnaam"] for v in to.release_many([_ROW] * 100)] == [
            "Noor"
        ] * 100
        assert to.release(dict(_ROW)) == to.release(MappingProxyType(_ROW))
        assert to.explain(_ROW)
        assert to.columns()
    assert (len(planned), len(compiled)) == (len(Wie), 1)
    to.release(_ROW, wie=Wie.LEERKRACHT)
    to.release({"roepnaam": "Sem"})
    assert (len(planned), len(compiled)) == (len(Wie), 3)


def test_a_list_of_endless_headings_is_compiled_in_bounded_memory() -> None:
    """
    Plans for more sets of attributes than lists have are made again, and not kept.
    """
    to = _BELEID.voor(**_ASKED)
    for n in range(3000):
        to.release({"roepnaam": "Noor", f"kolom {n}": "x"})
        assert 0 < sum(map(len, to._compiled.values())) <= 1024
    assert to.release(_ROW) == _BELEID.voor(**_ASKED).release(_ROW)


_OTHERS: dict[str, dict[str, Any]] = {
    "beleid": {"doel": Doel.GEBRUIK},
    "doel": {"doel": Doel.TOETSEN},
    "ontvanger": {"organisatie": None, "ontvanger": Ontvanger.SCHOOL},
    "organisatie": {"organisatie": None, "ontvanger": Ontvanger.UITGEVER},
    "rol": {"rol": "LRK"},
    "on": {"on": date(2026, 11, 25)},
    "may_pass": {"may_pass": _NOT_ONWARD},
}


@pytest.mark.parametrize("field", _OTHERS)
def test_two_are_equal_where_policy_and_question_are(field: str) -> None:
    """
    Each part of the question counts, and what was released through it does not.
    """
    beleid = Attribuutbeleid("leeg", "1", "x") if field == "beleid" else _BELEID
    one, again = (
        _BELEID.voor(**_ASKED),
        Attribuutbeleid.load("leermiddelenketen").voor(**_ASKED),
    )
    again.release(_ROW)
    other = beleid.voor(**_ASKED | _OTHERS[field])
    assert one == again
    assert hash(one) == hash(again)
    assert one != other
    assert len({one, again, other}) == 2
    assert getattr(one, field) != getattr(other, field)


_ELSEWHERE = """
import pickle, sys
to = pickle.load(sys.stdin.buffer)
there = to.release({"roepnaam": "Noor", "groep": "3a"})
sys.stdout.buffer.write(pickle.dumps((to, there)))
"""


@pytest.mark.parametrize("may_pass", [MAY_PASS, _NOT_ONWARD], ids=["whole", "less"])
def test_it_is_sent_to_another_process_as_it_is(may_pass: Any) -> None:  # noqa: ANN401  # either mapping
    """
    What arrives is equal and releases the same; what went through it stays here.
    """
    to = _EDU_V.voor(
        doel=Doel.GEBRUIK,
        ontvanger=Ontvanger.SOFTWARELEVERANCIER,
        rol="LRK",
        on=date(2026, 11, 24),
        scopes=["eduv.student.basic"],
        may_pass=may_pass,
    )
    to.release({"Noor de Vries": "x"})
    packed = pickle.dumps(to)
    assert b"Noor" not in packed
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        input=packed,
        stdout=subprocess.PIPE,
        check=True,
    )
    again, there = pickle.loads(done.stdout)  # noqa: S301  # of this test's own making
    assert type(again) is Bestemming
    assert again == to
    assert hash(again) == hash(to)
    assert again.beleid.gekozen == {"eduv.student.basic"}
    assert again.columns() == to.columns()
    assert there == to.release({"roepnaam": "Noor", "groep": "3a"})


def test_it_shows_what_it_is_for_and_nothing_of_a_person() -> None:
    """
    Doel and kind of recipient, and no value or heading of what went through it.
    """
    to = _BELEID.voor(**_ASKED)
    to.release({**_ROW, "Noor de Vries": "x"})
    assert repr(to) == str(to) == f"{to}" == "<Bestemming uitgever gebruik>"


def test_an_organisatie_is_a_recipient_of_its_kind() -> None:
    """
    Who names it need not say the kind, and may not name another.
    """
    to = _BELEID.voor(doel=Doel.GEBRUIK, organisatie=_UITGEVER)
    assert (to.ontvanger, to.organisatie) == (Ontvanger.UITGEVER, _UITGEVER)
    both = _BELEID.voor(
        doel=Doel.GEBRUIK, organisatie=_UITGEVER, ontvanger=Ontvanger.UITGEVER
    )
    assert both == to
    with pytest.raises(PolicyError) as caught:
        _BELEID.voor(
            doel=Doel.GEBRUIK, organisatie=_SCHOOL, ontvanger=Ontvanger.UITGEVER
        )
    assert caught.value.args == ("organisatie: expected a uitgever, got a school",)
    with pytest.raises(PolicyError) as caught:
        _BELEID.voor(doel=Doel.GEBRUIK)
    assert caught.value.args == (
        "ontvanger: expected one, or an organisatie, got neither",
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"organisatie": _UITGEVER.oin}, "organisatie: expected Organisatie, got str"),
        (
            {"organisatie": _UITGEVER.oin, "ontvanger": Ontvanger.UITGEVER},
            "organisatie: expected Organisatie or NoneType, got str",
        ),
        ({"may_pass": None}, "may_pass: expected Mapping, got NoneType"),
        ({"scopes": [5]}, "scope: expected str, got int"),
    ],
)
def test_recipient_table_and_scopes_are_values(
    wrong: dict[str, Any], said: str
) -> None:
    """
    What is of another type is told before anything is planned.
    """
    with pytest.raises(TypeError) as caught:
        _BELEID.voor(**_ASKED | wrong)
    assert caught.value.args == (said,)


def test_the_scopes_of_a_question_are_those_it_names() -> None:
    """
    They take the place of those chosen before, which stay where none is named.
    """
    asked: dict[str, Any] = {
        "doel": Doel.GEBRUIK,
        "ontvanger": Ontvanger.SOFTWARELEVERANCIER,
    }
    basic, more = "eduv.student.basic", "eduv.student.demographics"
    named = _EDU_V.voor(**asked, scopes=(one for one in [basic]))
    assert named == _EDU_V.scoped(basic).voor(**asked)
    assert "geboortedatum" not in named.columns()
    replaced = _EDU_V.scoped(basic).voor(**asked, scopes=[more])
    assert replaced.columns() == ("geboortedatum", "geslacht")
    with pytest.raises(PolicyError, match=r"^scope: expected none, got another$"):
        _BELEID.voor(**asked, scopes=[basic])


def test_whether_a_ketenid_may_pass_is_asked_of_the_given_table() -> None:
    """
    A passage whose row a board takes out is refused, and the others stay.
    """
    whole = _BELEID.voor(**_ASKED)
    less = _BELEID.voor(**_ASKED, may_pass=_NOT_ONWARD)
    for to in (whole, less):
        to.check_passage(van=Partij.BEVOEGD_GEZAG)
    whole.check_passage(van=Partij.ONTVANGER)
    with pytest.raises(BoundaryError) as caught:
        less.check_passage(van=Partij.ONTVANGER)
    assert caught.value.rule.value == "passage"
    with pytest.raises(BoundaryError):
        whole.check_passage(van=Partij.NUMMERVOORZIENING)


def test_where_no_ketenid_may_pass_at_all_nothing_is_asked() -> None:
    """
    Of a table without any row to a recipient no Bestemming is made.
    """
    with pytest.raises(BoundaryError) as caught:
        _BELEID.voor(**_ASKED, may_pass={})
    assert caught.value.rule.value == "passage"
    pair = (Partij.ONTVANGER, Partij.ONTVANGER)
    one = {pair: MAY_PASS[pair]}
    _BELEID.voor(**_ASKED, may_pass=one).check_passage(van=Partij.ONTVANGER)


def test_what_is_used_for_a_name_counts_as_usable() -> None:
    """
    An attribute that goes, or that something that goes is made of, and no other.
    """
    regels = {regel.attribuut: regel for regel in _BELEID.regels}
    used = replace(regels["achternaam"], vorm=Vorm.GEBRUIK)
    to = Attribuutbeleid("p", "1", "x", (regels["roepnaam"], used)).voor(**_ASKED)
    names = ("roepnaam", "voorvoegsel", "achternaam")
    assert to.usable(names, wie=Wie.LEERLING) == {"roepnaam", "achternaam"}
    assert to.usable(names[1:2], wie=Wie.LEERLING) == frozenset()
    assert set(to.release(dict.fromkeys(names, "x")).released) == {"roepnaam"}


def test_the_columns_follow_those_of_the_list() -> None:
    """
    Without a column that says why, no other identifier has a column.
    """
    to = _BELEID.voor(**_ASKED)
    assert to.columns() == tuple(regel.naam for regel in to.going)
    names = ("eckid", "roepnaam", "voorvoegsel", "achternaam")
    assert to.columns(["leerlingnummer", "roepnaam"]) == names
    listed = ["leerlingnummer", "ander_id_reden", "ander_id_tot"]
    assert to.columns(listed) == (
        *("eckid", "ander_id_tot", "leerlingnummer"),
        *names[1:],
    )


def test_only_a_policy_makes_a_bestemming() -> None:
    """
    Another thing in its place is told by its type, before anything is asked of it.
    """
    with pytest.raises(TypeError, match="beleid: expected a policy, got str"):
        Bestemming(
            beleid="leermiddelenketen",  # type: ignore[arg-type]  # that is the test
            doel=Doel.GEBRUIK,
            ontvanger=Ontvanger.UITGEVER,
            organisatie=None,
            rol=None,
            on=None,
            toetsdag=None,
            may_pass=MAY_PASS,
        )
