"""
What pytest needs to know of the machine, and what no test need pay for.
"""

import os
from collections.abc import Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from eckid import ARGON2ID, CHEAPEST, NUMMERVOORZIENING, Argon2idCost, scheme
from eckid.keys import file as keyfile

# No test is judged on time: a shared core may stand still for a second.
settings.register_profile(
    "eckid", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("eckid")

# Signals and limits that Windows does not have.
collect_ignore = ["cli/test_posix.py"] if os.name == "nt" else []

# The least that argon2id takes with four lanes: KiB, passes, lanes.
_LEAST: Final = (32, 1, 4)
_COST: Final = keyfile._COST


@pytest.fixture(scope="session", autouse=True)
def _rings_open_at_once() -> Iterator[None]:
    """
    A ring's file that a test makes opens at once, and in other processes too.

    What a file says of its cost is what opening it takes; `test_vectors` and
    `test_keys` hold that a file costs as much as the construction says.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keyfile, "_COST", _LEAST)
        yield


@pytest.fixture
def dear_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A ring's file costs what it costs outside these tests.
    """
    monkeypatch.setattr(keyfile, "_COST", _COST)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every scheme keeps its name and costs next to nothing, in this process.

    For tests that ask what becomes of an HPgn, and not which it is.
    """
    monkeypatch.setitem(scheme._COST, NUMMERVOORZIENING, CHEAPEST.cost)
    monkeypatch.setitem(scheme._COST, ARGON2ID, Argon2idCost(m=8, t=1, p=1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Examples on pages say how values show themselves, as each Python does it.
    """
    for item in items:
        if item.path.suffix == ".md":
            item.add_marker(pytest.mark.interpreter)
