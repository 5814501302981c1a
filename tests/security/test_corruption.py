"""
The table of what each leak gives: every cell tried, with the library itself.
"""

import random
from pathlib import Path

import pytest
from security.claims import PAGE, shows
from security.closure import lattice, reached
from security.corruption import (
    GIVES,
    GOALS,
    THINGS,
    Board,
    Spoils,
    drawn_table,
    shortfalls,
    things,
)

from eckid import Register, RegisterError

EVERY = [(column, goal) for column, goals in GIVES.items() for goal in goals]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    """
    A board, of which anything may leak.
    """
    return Board.of(tmp_path_factory.mktemp("board"))


@shows("C10")
def test_the_table_on_the_page_is_this_one() -> None:
    """
    It is printed by `corruption.py`; each goal in it has an experiment.
    """
    page = PAGE.read_text("utf-8")
    assert "\n".join(drawn_table()) in page
    assert list(GOALS) == EVERY


@shows("C10", "C11")
@pytest.mark.parametrize(("column", "goal"), EVERY)
def test_what_a_cell_names_is_enough(board: Board, column: str, goal: str) -> None:
    """
    With the things that are named, and no others, the thief reaches his goal.
    """
    for least in GIVES[column][goal]:
        assert GOALS[column, goal](Spoils(board, things(least))), least


@shows("C10")
@pytest.mark.parametrize(("column", "goal"), EVERY)
def test_all_else_together_is_not_enough(board: Board, column: str, goal: str) -> None:
    """
    With every other thing the thief falls short, so that no cell is left out.
    """
    for has in shortfalls(GIVES[column][goal]):
        assert not GOALS[column, goal](Spoils(board, has)), sorted(has)


@shows("C10")
def test_every_set_of_things_is_decided() -> None:
    """
    Of all sets of things, each reaches a goal by the formulas where the table says so.

    A set reaches it by the table where it holds a least set.
    """
    bits = {thing: 1 << n for n, thing in enumerate(THINGS)}
    for column, goal in EVERY:
        ways = [sum(map(bits.__getitem__, things(w))) for w in GIVES[column][goal]]
        found = list(lattice(THINGS, f"{column} {goal}"))
        assert len(found) == 2 ** len(THINGS)
        differ = [
            sorted(thing for thing, bit in bits.items() if bit & has)
            for has, reaches in enumerate(found)
            if reaches is not any(has & way == way for way in ways)
        ]
        assert differ == [], (column, goal)


@shows("C10")
@pytest.mark.parametrize("seed", range(24))
def test_the_formulas_say_what_a_ring_does(board: Board, seed: int) -> None:
    """
    Of sets that are drawn, the library reaches what the formulas say, and no more.

    Half of them lack few things: of those with few, most reach nothing.
    """
    draw = random.Random(f"sets of things {seed}")  # noqa: S311  # a test, not a secret
    many = draw.randint(2, len(THINGS) - 1 if seed % 2 else 6)
    has = frozenset(draw.sample(THINGS, many))
    thief, says = Spoils(board, has), reached(has)
    found = {goal for goal, reaches in GOALS.items() if reaches(thief)}
    assert found == {goal for goal in GOALS if " ".join(goal) in says}, sorted(has)


@shows("C10")
def test_what_falls_short_is_found() -> None:
    """
    Of two ways, `a` with `b` and `c`: who lacks `a` and `c`, or `b` and `c`.
    """
    one, two, three, *_ = THINGS
    found = set(shortfalls([f"{one} + {two}", three]))
    every = set(THINGS)
    assert found == {frozenset(every - {one, three}), frozenset(every - {two, three})}


@shows("C10")
def test_a_forged_register_is_not_the_boards(board: Board, tmp_path: Path) -> None:
    """
    A thief of the home root writes another one; the head that was kept shows it.
    """
    with Register.open(board.folder / "board.reg", sleutelbos=board.ring) as register:
        head = register.head()
    with (
        Register.create(tmp_path / "forged.reg", sleutelbos=board.ring) as register,
        pytest.raises(RegisterError),
    ):
        register.verify(expected=head)
