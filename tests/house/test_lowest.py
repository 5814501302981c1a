"""
The lowest versions: one for each package, and all of an extra together.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

import lowest
import pytest

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final[dict[str, Any]] = tomllib.loads(
    (ROOT / "pyproject.toml").read_text("utf-8")
)["project"]


@pytest.mark.parametrize("extra", PROJECT["optional-dependencies"])
def test_a_package_has_one_floor(extra: str) -> None:
    """
    CI installs the lowest versions together; a lower floor beside is never tested.
    """
    found = lowest.floors(PROJECT, extra)
    assert {"cryptography", "argon2-cffi"} <= found.keys()


def test_the_tests_ask_every_extra_of_a_user() -> None:
    """
    What CI tests at its lowest versions is all that anyone may install.
    """
    users = {"cli", "edexml", "link", "arrow", "fast"}
    tested = lowest.floors(PROJECT, "test")
    for extra in users:
        assert lowest.floors(PROJECT, extra).items() <= tested.items()


def test_two_floors_are_a_fault() -> None:
    """
    The error names the package and both floors.
    """
    project = {
        "name": "eckid",
        "dependencies": ["some_thing>=1"],
        "optional-dependencies": {"a": ["eckid[b]"], "b": ["some-thing>=2", "other"]},
    }
    with pytest.raises(ValueError, match="some-thing: expected one floor, got 1 and 2"):
        lowest.floors(project, "a")
