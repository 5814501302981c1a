"""
The hash schemes are named values, and their cost is part of the specification.
"""

import copy
import dataclasses
import pickle

import pytest

from eckid import NUMMERVOORZIENING, Scheme
from eckid.scheme import ARGON2ID, CHEAPEST, Argon2idCost, ScryptCost

_MIB = 1024 * 1024


def test_the_schemes_are_a_closed_set_and_their_names_are_fixed() -> None:
    """
    Three schemes; their names go into a derivation, so they never change.
    """
    assert {scheme.name: scheme.value for scheme in Scheme} == {
        "NUMMERVOORZIENING": "nummervoorziening-2016",
        "ARGON2ID": "eckid-argon2id-1",
        "CHEAPEST": "cheapest-tests-only",
    }
    assert NUMMERVOORZIENING is Scheme.NUMMERVOORZIENING
    assert ARGON2ID is Scheme.ARGON2ID
    assert CHEAPEST is Scheme.CHEAPEST


def test_each_scheme_has_its_cost() -> None:
    """
    The national parameters are the published ones; ours are those of eckid/1.
    """
    assert NUMMERVOORZIENING.cost == ScryptCost(n=131072, r=8, p=4)
    assert ARGON2ID.cost == Argon2idCost(m=256 * 1024, t=3, p=4)
    assert CHEAPEST.cost == ScryptCost(n=2, r=1, p=1)


def test_the_memory_of_a_guess_follows_from_the_cost() -> None:
    """
    A guess at scrypt holds 128 r (N + p + 2) bytes, at argon2id its m KiB.
    """
    assert 128 * _MIB < NUMMERVOORZIENING.cost.memory < 128 * _MIB + 8192
    assert ScryptCost(n=2, r=1, p=1).memory == 640
    assert ARGON2ID.cost.memory == 256 * _MIB


@pytest.mark.parametrize("scheme", Scheme)
def test_a_cost_is_a_frozen_value(scheme: Scheme) -> None:
    """
    Nobody makes a scheme cheaper by assignment; it may be copied and sent.
    """
    cost = scheme.cost
    for field in dataclasses.fields(cost):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(cost, field.name, 1)
    assert not hasattr(cost, "__dict__")
    assert pickle.loads(pickle.dumps(cost)) == copy.deepcopy(cost) == cost  # noqa: S301  # of this line's own making
    assert pickle.loads(pickle.dumps(scheme)) is scheme  # noqa: S301  # as above
