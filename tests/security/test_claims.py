"""
The page of claims and the tests of this folder name each other.
"""

from collections.abc import Mapping

import pytest
from security.claims import PAGE, Claim, differences, of_page, of_tests, shows, sources

CLAIM = Claim("C1", "what is claimed", frozenset({"test_a"}), "")
TESTS: Mapping[str, frozenset[str]] = {"test_a": frozenset({"C1"})}


@shows("C25")
def test_claims_and_tests_name_each_other() -> None:
    """
    A claim names its tests or says why there are none; a test names its claims.
    """
    claims = of_page(PAGE.read_text("utf-8"))
    assert len(claims) > 20
    assert differences(claims, of_tests(sources())) == []


@shows("C25")
@pytest.mark.parametrize(
    ("claims", "tests"),
    [
        ([], TESTS),
        ([CLAIM], {}),
        ([CLAIM], {"test_a": frozenset()}),
        ([CLAIM], {**TESTS, "test_b": frozenset({"C1"})}),
        ([CLAIM], {**TESTS, "test_b": frozenset({"C2"})}),
        ([CLAIM._replace(number="C2")], {"test_a": frozenset({"C2"})}),
        ([CLAIM._replace(why="no test: it is proved")], TESTS),
        ([CLAIM._replace(tests=frozenset())], {}),
    ],
    ids=map(str, range(8)),
)
def test_each_difference_is_found(
    claims: list[Claim], tests: Mapping[str, frozenset[str]]
) -> None:
    """
    A name that lacks on either side, a claim without test or reason, a lost number.
    """
    assert differences([CLAIM], TESTS) == []
    assert differences(claims, tests) != []


@shows("C25")
def test_a_page_and_a_test_are_read() -> None:
    """
    A row of the table is a claim, and a decorator names it; other rows are none.
    """
    page = "| # | a | b |\n| C1 | what | `test_a`, `test_b` |\n"
    page += "| C2 | more | no test: a definition and no claim |\n"
    one, two = of_page(page)
    assert (one.tests, one.why) == (frozenset({"test_a", "test_b"}), "")
    assert (two.tests, bool(two.why)) == (frozenset(), True)
    source = (
        '@shows("C1", "C2")\ndef test_a(): ...\ndef test_b(): ...\ndef other(): ...\n'
    )
    assert of_tests({"x": source}) == {"test_a": {"C1", "C2"}, "test_b": frozenset()}
