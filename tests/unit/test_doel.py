"""
What data is released for, and to whom: closed sets, and one checked value.
"""

import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid import Doel, IdentifierError, Ontvanger, Organisatie

# The example of the service's own documentation.
_OIN = "0000000700012TB34567"


def test_the_doelen_are_a_closed_set() -> None:
    """
    Our subdivision of the two purposes of the law, and the words of a policy.
    """
    assert {doel.name: doel.value for doel in Doel} == {
        "BESTELLEN": "bestellen",
        "LEVEREN": "leveren",
        "TOEGANG": "toegang",
        "GEBRUIK": "gebruik",
        "TOETSEN": "toetsen",
        "GENORMEERDE_TOETS": "genormeerde-toets",
        "TERUGKOPPELEN": "terugkoppelen",
        "SERVICEPROCESSEN": "serviceprocessen",
    }


def test_the_recipients_are_those_of_the_law() -> None:
    """
    Software vendors, publishers, distributors and the schools; no other kind.
    """
    assert {ontvanger.name: ontvanger.value for ontvanger in Ontvanger} == {
        "SOFTWARELEVERANCIER": "softwareleverancier",
        "UITGEVER": "uitgever",
        "DISTRIBUTEUR": "distributeur",
        "SCHOOL": "school",
    }


@given(
    oin=st.from_regex(r"[0-9A-Z]{20}", fullmatch=True), soort=st.sampled_from(Ontvanger)
)
def test_an_organisatie_is_its_oin_and_kind(oin: str, soort: Ontvanger) -> None:
    """
    Equal by both, hashable, and a value that may be sent.
    """
    one = Organisatie(oin, soort)
    assert one == Organisatie(oin, soort)
    assert hash(one) == hash(Organisatie(oin, soort))
    assert {one} & {Organisatie(oin, other) for other in Ontvanger} == {one}
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # of this line's own making


def test_an_organisatie_is_frozen_and_slotted() -> None:
    """
    A value does not change after it was checked.
    """
    one = Organisatie(_OIN, Ontvanger.UITGEVER)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.oin = ""  # type: ignore[misc]  # the point
    assert not hasattr(one, "__dict__")


_NO_OINS = {
    "nothing": "",
    "one short": _OIN[1:],
    "one long": f"{_OIN}0",
    "lower case": _OIN.lower(),
    "a space": f" {_OIN[1:]}",
    "a line end": f"{_OIN}\n",
    "another script": f"\u0660{_OIN[1:]}",
}


@pytest.mark.parametrize("case", _NO_OINS)
def test_what_is_no_oin_is_refused_by_its_measure(case: str) -> None:
    """
    Twenty digits or capitals; the refusal tells how many characters came.
    """
    text = _NO_OINS[case]
    with pytest.raises(IdentifierError) as caught:
        Organisatie(text, Ontvanger.UITGEVER)
    assert type(caught.value) is IdentifierError
    assert str(caught.value).endswith(f"got {len(text)} characters")


def test_the_fields_of_an_organisatie_are_of_their_types() -> None:
    """
    A recipient's kind is one of the set, not its text.
    """
    with pytest.raises(TypeError, match=r"^soort: expected Ontvanger, got str$"):
        Organisatie(_OIN, "uitgever")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^OIN: expected str, got int$"):
        Organisatie(20, Ontvanger.UITGEVER)  # type: ignore[arg-type]  # the point
