"""
The claims of docs/explanation/security.md, and the tests that show them.

    python tests/security/claims.py

compares the two both ways: a claim names the tests that show it, or says why there can
be none; a test in this folder names its claims with `shows`. Exit code 1 says that they
differ. Both are read as text, so that nothing is imported that is compared.
"""

import ast
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

T = TypeVar("T", bound=Callable[..., object])

HERE: Final = Path(__file__).resolve().parent
PAGE: Final = HERE.parents[1] / "docs/explanation/security.md"
_ROW: Final = re.compile(r"^\| (C\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_TEST: Final = re.compile(r"`(test_\w+)`")
_NONE: Final = re.compile(r"no test: .{10,}")


def shows(*claims: str) -> Callable[[T], T]:
    """
    Mark a test with the claims that it shows.
    """

    def marked(test: T) -> T:
        test.claims = claims  # type: ignore[attr-defined]  # for a reader
        return test

    return marked


class Claim(NamedTuple):
    """
    A claim of the page.

    Attributes:
        number: Its number.
        words: What is claimed.
        tests: The names of the tests that show it.
        why: Why there can be no test; empty where there is one.
    """

    number: str
    words: str
    tests: frozenset[str]
    why: str


def of_page(page: str) -> list[Claim]:
    """
    Return the claims in the text of the page.
    """
    return [
        Claim(
            number,
            words,
            frozenset(_TEST.findall(shown)),
            shown if _NONE.match(shown) else "",
        )
        for number, words, shown in _ROW.findall(page)
    ]


def of_tests(sources: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """
    Return the claims of each test in some source texts, by the test's name.
    """
    return {
        node.name: frozenset(
            argument.value
            for decorator in node.decorator_list
            if isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Name)
            and decorator.func.id == "shows"
            for argument in decorator.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        )
        for source in sources.values()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def differences(claims: list[Claim], tests: Mapping[str, frozenset[str]]) -> list[str]:
    """
    Return in what claims and tests differ, a sentence for each.
    """
    found = []
    numbers = [claim.number for claim in claims]
    if numbers != [f"C{n}" for n in range(1, len(claims) + 1)]:
        found.append("the claims are not numbered C1, C2, … in their order")
    for claim in claims:
        if bool(claim.tests) == bool(claim.why):
            found.append(f"{claim.number} has neither a test nor a reason, or both")
        shown = {name for name, of in tests.items() if claim.number in of}
        found += [f"{claim.number} names no test {n}" for n in claim.tests - set(tests)]
        found += [
            f"{claim.number} and {name}: one names the other, and not the reverse"
            for name in sorted(claim.tests & set(tests) ^ shown)
        ]
    for name, of in tests.items():
        found += [f"{name} names no claim"] if not of else []
        found += [f"{name} names {n}, which is no claim" for n in of - set(numbers)]
    return found


def sources() -> dict[str, str]:
    """
    Return the text of each file of tests here.
    """
    return {path.name: path.read_text("utf-8") for path in HERE.glob("test_*.py")}


def main() -> int:
    """
    Print in what the page and the tests differ, and how many claims have a test.
    """
    claims, tests = of_page(PAGE.read_text("utf-8")), of_tests(sources())
    found = differences(claims, tests)
    shown = sum(bool(claim.tests) for claim in claims)
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(
        f"{len(claims)} claims, {shown} with a test, {len(claims) - shown} with a "
        f"reason; {len(tests)} tests; {len(found)} differences\n"
    )
    return 1 if found or not claims else 0


if __name__ == "__main__":
    sys.exit(main())
