"""
What is mutated, and what is left alone; the rooms, and what is counted.
"""

import ast
import textwrap
from pathlib import Path
from typing import Final

import pytest
from mutation.mutants import mutants
from mutation.rooms import ROOMS
from mutation.run import ROOT, Outcome, files_of, known

FILES: Final = sorted({p for room in ROOMS.values() for p in files_of(room, ROOT)})


def _changed(source: str) -> list[str]:
    text = textwrap.dedent(source).encode()
    return [mutant.shown(text) for mutant in mutants(text)]


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("A = {1: b, 2: c, 3: c}", ["1: b, → (nothing)", ", 3: c → (nothing)"]),
        ("A = {1: X.B, 2: X.C}", ["1: X.B, 2: X.C → 2: X.C", "X.B → X.C"]),
        ("A = {X.B: 'a'}", ["X.B: 'a' → (nothing)"]),
        (
            "A = ((X.B, d), (X.C, e),)",
            ["(X.B, d), (X.C, e), → (X.C, e),", "X.B → X.C", "d → e"],
        ),
        ("A = (Row(X.B, 3),)", ["Row(X.B, 3), → (nothing)", "3 → 4"]),
        ("A: Final = frozenset({X.B, X.C})", ["X.B, X.C → X.C", "X.B, X.C → X.B"]),
        ("A = f(X.B, many=True)", ["True → False"]),
    ],
)
def test_a_table_loses_rows_and_changes_cells(source: str, changes: list[str]) -> None:
    """
    Each row is left out once, and each cell becomes its neighbour's.
    """
    assert set(changes) <= set(_changed(source))


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ("return a < b <= c", ["< → <=", "<= → <"]),
        ("return a and (b or not c)", ["and → or", "or → and", "not c → bool(c)"]),
        ("return any(x is not y for x in z)", ["any → all", "is not → is"]),
        ("return max(a, 3) - 1", ["max → min", "3 → 4", "- → +", "1 → 2"]),
        (
            "if a not in b:\n    raise E(f'{a} 3')",
            ["not in → in", "raise E(f'{a} 3') → pass"],
        ),
    ],
)
def test_a_function_changes_what_it_decides_by(body: str, changes: list[str]) -> None:
    """
    In functions, methods and properties alike.
    """
    inner = textwrap.indent(body, "    ")
    assert _changed(f"def f(a, b):\n{inner}") == changes
    method = textwrap.indent(f"@property\ndef f(self):\n{inner}", "    ")
    assert _changed(f"class A:\n{method}") == changes


def test_what_people_read_is_left_alone() -> None:
    """
    Docstrings, messages, annotations, sentences in a table, and the door's list.
    """
    assert (
        _changed(
            '''
            """A module: 3 < 4."""
            __all__ = ["a", "b"]
            A: dict[3, 4] = f(why="one of 3 words and more")
            B: TypeAlias = dict[int, Callable[[Any], X.Y]]
            def f(a: "b < c" = None) -> "d and e":
                """A function: any of 3."""
                b: "c or d" = f"{a} 3 {a}"
                return b
            '''
        )
        == []
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mutant_is_python_and_differs(path: Path) -> None:
    """
    One that does not compile would be killed by anything.
    """
    source = path.read_bytes()
    for mutant in mutants(source):
        changed = mutant.of(source)
        assert changed != source
        ast.parse(changed)


def test_every_room_and_its_tests_are_there() -> None:
    """
    A test that was renamed would kill nothing.
    """
    assert all(path.is_file() for path in FILES)
    for name in sorted({name for room in ROOMS.values() for name in room.tests}):
        file, _, test = name.partition("[")[0].partition("::")
        assert f"def {test}" in (ROOT / "tests" / file).read_text("utf-8"), name


def test_an_equivalent_mutant_is_one_of_a_room() -> None:
    """
    A row about a line that has changed since would hide nothing, and mean nothing.
    """
    every = set()
    for path in FILES:
        source = path.read_bytes()
        lines = source.splitlines()
        file = path.relative_to(ROOT).as_posix()
        for mutant in mutants(source):
            line = lines[mutant.line - 1].decode().strip()
            every.add((file, line, mutant.shown(source)))
    assert known() <= every


def test_a_room_is_judged_by_what_could_be_noticed() -> None:
    """
    Those that change nothing are counted apart.
    """
    assert Outcome(19, 5, ("one",)).percent == pytest.approx(95)
    assert Outcome(0, 5, ()).percent == pytest.approx(100)
