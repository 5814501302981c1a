"""
Keten and sector: what a ketenID depends on beside the person.
"""

import dataclasses
import pickle

import pytest
import strategies as our
from hypothesis import given

from eckid import LEERMIDDELENKETEN, IdentifierError, Keten, Sector


def test_the_sectors_and_their_labels_are_fixed() -> None:
    """
    The four sectors of the law; the labels go into a derivation.
    """
    assert {sector.name: sector.value for sector in Sector} == {
        "PO": "po",
        "VO": "vo",
        "MBO": "mbo",
        "HO": "ho",
    }


def test_the_one_public_chain_is_the_leermiddelenketen() -> None:
    """
    Its id is the one that the reference clients name.
    """
    assert LEERMIDDELENKETEN.id == "e7ec7d3c-c235-4513-bfb6-e54e66854795"


@given(keten=our.ketens)
def test_a_keten_is_its_id(keten: Keten) -> None:
    """
    Its name is a note, and says nothing about equality.
    """
    named = Keten(keten.id, "een andere naam")
    assert named == keten
    assert hash(named) == hash(keten)
    assert (keten == LEERMIDDELENKETEN) is (keten.id == LEERMIDDELENKETEN.id)
    assert pickle.loads(pickle.dumps(named)) == named  # noqa: S301  # of this line's own making


def test_a_keten_is_frozen_and_slotted() -> None:
    """
    A value does not change after it was checked.
    """
    with pytest.raises(dataclasses.FrozenInstanceError):
        LEERMIDDELENKETEN.id = ""  # type: ignore[misc]  # the point
    assert not hasattr(LEERMIDDELENKETEN, "__dict__")


_UUID = LEERMIDDELENKETEN.id
_NO_KETENS = {
    "nothing": "",
    "upper case": _UUID.upper(),
    "in braces": f"{{{_UUID}}}",
    "with the prefix of the service": (
        f"http://purl.edustandaard.nl/begrippenkader/{_UUID}"
    ),
    "without hyphens": _UUID.replace("-", ""),
    "a hyphen elsewhere": "e7ec7d3cc-235-4513-bfb6-e54e66854795",
    "a line end": f"{_UUID}\n",
    "no hex": f"g{_UUID[1:]}",
    "another script": f"\u0661{_UUID[1:]}",
}


@pytest.mark.parametrize("case", _NO_KETENS)
def test_what_is_no_lower_case_uuid_is_no_keten(case: str) -> None:
    """
    The id goes into a derivation byte for byte, so it has one form.
    """
    text = _NO_KETENS[case]
    with pytest.raises(IdentifierError) as caught:
        Keten(text)
    assert type(caught.value) is IdentifierError
    assert str(caught.value).endswith(f"got {len(text)} characters")


def test_the_id_of_a_keten_is_text() -> None:
    """
    A UUID object is not its text.
    """
    with pytest.raises(TypeError, match=r"^keten: expected str, got int$"):
        Keten(5)  # type: ignore[arg-type]  # the point
