"""
The receipt of a release, and the digest of a policy.
"""

import dataclasses
import hashlib
import json
from datetime import date, datetime
from typing import Any

import pytest

from eckid import Attribuutbeleid, Doel, ExchangeError, Ontvanger
from eckid._core.canon import digest
from eckid.exchange import make_receipt, read_receipt, verify_receipt
from eckid.policy import Afwijking, Eis, Regel

_ABOUT = {
    "doel": "gebruik",
    "ontvanger": "uitgever",
    "keten": "e7ec7d3c-c235-4513-bfb6-e54e66854795",
    "sector": "po",
    "release": "2026",
    "rehearsal": "no",
}
_BELEID = Attribuutbeleid.load("leermiddelenketen")


def _receipt(beleid: Attribuutbeleid = _BELEID) -> bytes:
    return make_receipt(beleid, on=date(2026, 11, 24), rows=17, about=_ABOUT)


def test_a_receipt_says_which_policy_and_how_many_rows() -> None:
    """
    And nothing of what was withheld or refused, and no digest over rows.
    """
    said = json.loads(_receipt())
    assert set(said) == {
        *("eckid", "version", "date", "made", "beleid", "rows"),
        *_ABOUT,
    }
    assert said["version"] == 2
    assert said["made"] == date.today().isoformat()  # noqa: DTZ011  # the user's own day
    assert said["rows"] == 17
    assert said["date"] == "2026-11-24"
    assert set(said["beleid"]) == {"naam", "versie", "digest", "scopes"}
    assert said["beleid"]["digest"] == _BELEID.digest
    assert said.items() >= _ABOUT.items()


def test_a_receipt_holds_against_its_policy_alone() -> None:
    """
    Another version, another name or one changed sentence is another policy.
    """
    said = read_receipt(_receipt())
    verify_receipt(said, _BELEID)
    first, *rest = _BELEID.regels
    changed = dataclasses.replace(first, motivation="Because.")
    for other in (
        dataclasses.replace(_BELEID, versie="x"),
        dataclasses.replace(_BELEID, naam="edu-l"),
        dataclasses.replace(_BELEID, regels=(changed, *rest)),
        Attribuutbeleid.load("leermiddelenketen-kort"),
    ):
        with pytest.raises(ExchangeError, match=r"^receipt: expected the "):
            verify_receipt(said, other)


def test_a_receipt_of_a_former_name_of_an_attribute_holds() -> None:
    """
    The digest of then is of the names of then: in a rule, a condition, a set, a basis.
    """
    first, *_ = _BELEID.regels
    named: dict[str, Any] = {
        "met": frozenset({"ander_id_reden"}),
        "zonder": frozenset({"key"}),
    }
    rules = (
        *_BELEID.regels[1:],
        dataclasses.replace(first, eis=Eis.CONDITIONAL, **named),
    )
    either = (*_BELEID.een_van, ("ander_id_reden", "eckid"))
    own = dataclasses.replace(
        _BELEID, naam="own", regels=rules, een_van=either, basis=_BELEID
    )
    text = json.dumps(own.as_dict())
    assert text.count('"ander_id_reden"') == 4
    then = digest(json.loads(text.replace('"ander_id_reden"', '"ander_id"')))
    said = json.loads(_receipt(own))
    said["beleid"]["digest"] = then
    verify_receipt(said, own)
    said["beleid"]["digest"] = [then]
    with pytest.raises(ExchangeError, match="digest"):
        verify_receipt(said, own)


def test_a_receipt_holds_the_scopes_that_were_chosen() -> None:
    """
    The policy is held with the same scopes; one it does not have fails.
    """
    beleid = Attribuutbeleid.load("edu-v-students-1.1")
    said = read_receipt(_receipt(beleid.scoped("eduv.student.basic")))
    verify_receipt(said, beleid)
    with pytest.raises(ExchangeError):
        verify_receipt(said, _BELEID)


def test_a_receipt_bears_the_day_of_the_run_beside_the_day_asked_about() -> None:
    """
    Whoever asks about a day in the past does not hide when it was asked.
    """
    made = make_receipt(
        _BELEID,
        on=date(2026, 11, 24),
        rows=17,
        about=_ABOUT,
        made=datetime(2027, 9, 1, 12),  # noqa: DTZ001  # a moment becomes its day
    )
    said = read_receipt(made)
    assert (said["date"], said["made"]) == ("2026-11-24", "2027-09-01")
    verify_receipt(said, _BELEID)


@pytest.mark.parametrize("register", [None, "0123456789abcdef"])
def test_a_receipt_of_the_first_form_is_read_and_verified(register: str | None) -> None:
    """
    It had no version and no day of the run.
    """
    former = json.loads(_receipt()) | ({"register": register} if register else {})
    del former["version"], former["made"]
    said = read_receipt(json.dumps(former).encode())
    assert said == former
    verify_receipt(said, _BELEID)


@pytest.mark.parametrize("version", [0, 1, 3, -2, 2.0, "2", True, None])
def test_a_receipt_of_another_version_is_not_read(version: object) -> None:
    """
    What another form says is not known here.
    """
    said = json.loads(_receipt()) | {"version": version}
    with pytest.raises(ExchangeError, match=r"^receipt: expected .* up to version 2, "):
        read_receipt(json.dumps(said).encode())


def _departing(tot: date) -> Attribuutbeleid:
    basis = Attribuutbeleid("b", "1", "x")
    regel = dataclasses.replace(
        _BELEID.regels[0], doelen=frozenset({Doel.GEBRUIK}), attribuut="groep"
    )
    ground = Afwijking(
        doel=Doel.GEBRUIK,
        verwerkersovereenkomst="VO-1",
        motivering="Omdat het moet.",
        besloten_door="functionaris",
        tot=tot,
    )
    return Attribuutbeleid("o", "1", "x", (regel,), basis=basis, afwijking=ground)


def test_a_run_after_the_last_day_of_an_afwijking_does_not_verify() -> None:
    """
    Asking about a day in the past revives no afwijking that has ended.
    """
    last = date(2027, 7, 31)
    beleid = _departing(last)
    asked = {"doel": Doel.GEBRUIK, "ontvanger": Ontvanger.UITGEVER, "on": last}
    assert beleid.voor(**asked).columns() == ("groep",)  # type: ignore[arg-type]
    for made, holds in ((last, True), (date(2027, 8, 1), False)):
        octets = make_receipt(beleid, on=last, rows=1, about=_ABOUT, made=made)
        said = read_receipt(octets)
        if holds:
            verify_receipt(said, beleid)
            continue
        with pytest.raises(ExchangeError) as caught:
            verify_receipt(said, beleid)
        assert caught.value.args[0] == (
            "receipt: expected a run up to 2027-07-31, the last day of the afwijking, "
            "got a later one"
        )


def test_a_receipt_of_other_scopes_is_of_another_policy() -> None:
    """
    Scopes that the policy lacks are not passed over, whatever digest stands beside.
    """
    beleid = Attribuutbeleid.load("edu-v-students-1.1")
    unscoped = json.loads(_receipt(beleid))
    assert unscoped["beleid"]["scopes"] == []
    verify_receipt(read_receipt(json.dumps(unscoped).encode()), beleid)
    # What was chosen in the policy that it is held against does not count.
    chosen = beleid.scoped("eduv.student.basic")
    verify_receipt(read_receipt(json.dumps(unscoped).encode()), chosen)
    for scopes in (["basic"], ["eduv.student.basic", "x"], [""]):
        said = json.loads(json.dumps(unscoped))
        said["beleid"]["scopes"] = scopes
        with pytest.raises(ExchangeError) as caught:
            verify_receipt(read_receipt(json.dumps(said).encode()), beleid)
        assert caught.value.args[0] == (
            f"receipt: expected scopes of {beleid.naam} {beleid.versie}, got another"
        )
        assert caught.value.__context__ is None
    said = json.loads(json.dumps(unscoped))
    said["beleid"]["scopes"] = ["eduv.student.basic"]
    with pytest.raises(ExchangeError, match=r"^receipt: expected the digest of "):
        verify_receipt(read_receipt(json.dumps(said).encode()), beleid)


@pytest.mark.parametrize(
    "damage",
    [
        lambda said: said["beleid"].update(scopes=[1]),
        lambda said: said.update(date="24-11-2026"),
        lambda said: said.update(made="2026-02-30"),
        lambda said: said.pop("made"),
        lambda said: said.pop("version"),
        lambda said: said.pop("rows"),
        lambda said: said.update(extra=1),
        lambda said: said.update(rows="17"),
        lambda said: said["beleid"].pop("digest"),
        lambda said: said["beleid"].update(scopes="basic"),
        lambda said: said.update(beleid=[]),
    ],
)
def test_what_is_no_receipt_is_refused(damage: Any) -> None:  # noqa: ANN401  # a change
    """
    To the letter, with one error.
    """
    said = json.loads(_receipt())
    damage(said)
    with pytest.raises(ExchangeError, match=r"^receipt: expected "):
        read_receipt(json.dumps(said).encode())
    for octets in (b"", b"[]", b"\xff"):
        with pytest.raises(ExchangeError):
            read_receipt(octets)


def _frame(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def _independently(beleid: Attribuutbeleid) -> str:
    """
    Return the digest as the page on policies describes it.
    """

    def parts(table: Any) -> list[bytes]:  # noqa: ANN401  # what JSON has
        table = dict(table)
        rules, base = table.pop("regels"), table.pop("basis")
        texts = [
            json.dumps(p, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            for p in (table, *rules)
        ]
        own = [text.encode("utf-8") for text in texts]
        return own + (parts(base) if base else [])

    framed = _frame(b"eckid/1/beleid", *parts(beleid.as_dict()))
    return hashlib.sha256(framed).hexdigest()


def test_the_digest_is_what_the_page_describes() -> None:
    """
    SHA-256 over the frame of label, policy and rules, then of what it extends.
    """
    for name in Attribuutbeleid.names():
        beleid = Attribuutbeleid.load(name)
        assert beleid.digest == _independently(beleid)
    kort = Attribuutbeleid.load("leermiddelenketen-kort")
    assert kort.basis is not None
    other = dataclasses.replace(kort, basis=dataclasses.replace(kort.basis, versie="x"))
    assert other.digest != kort.digest


def test_the_digest_of_a_small_policy_is_this_one() -> None:
    """
    It does not change with Python, the machine or the order of sets.
    """
    regel = Regel(
        attribuut="roepnaam",
        eis=Eis.OPTIONAL,
        doelen=frozenset({Doel.TOETSEN, Doel.GEBRUIK}),
        ontvangers=frozenset({Ontvanger.UITGEVER}),
        bron="een bron",
        zekerheid="C",
        motivering="Omdat het moet.",
        motivation="Because it must.",
    )
    beleid = Attribuutbeleid("klein", "1", "een proef", (regel,))
    assert beleid.digest == _independently(beleid)
    assert (
        beleid.digest
        == "f235bbc159769dd16b302b1b1c0d24274787bb2825c934c70b07193a21e6628f"
    )
