"""
The runner of the mutants: it forks, which Windows cannot.
"""

import subprocess
import sys
import textwrap
from pathlib import Path

from mutation.run import HERE


def _alive(folder: Path, source: str, test: str) -> list[str]:
    """
    Run the mutants of one file by one test file; return what the runner says.
    """
    (folder / "eckid").mkdir()
    (folder / "eckid" / "__init__.py").touch()
    (folder / "eckid" / "small.py").write_text(source)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_small.py").write_text(test)
    program = f"""
        import sys
        sys.dont_write_bytecode = True
        sys.path.insert(0, {str(HERE.parent)!r})
        from pathlib import Path
        import pytest
        from mutation import run
        from mutation.rooms import Room
        run.ROOMS = {{"small": Room(("small.py",), ("test_small.py",))}}
        found = run.run("small", Path({str(folder)!r}), 1)
        print(found.killed, *found.alive, sep="|")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_mutant_is_killed_and_another_lives(tmp_path: Path) -> None:
    """
    The runner, on a room of one function whose test does not look at its edge.
    """
    lives = "eckid/small.py:2: a comparison: < → <="
    alive = "eckid/small.py:2: a number: 3 → 4"
    assert _alive(
        tmp_path,
        "def f(a):\n    return a < 3\n",
        "from eckid.small import f\n\n\ndef test_f():\n    assert f(1) and not f(9)\n",
    ) == [f"  alive: {lives}", f"  alive: {alive}", f"0|{lives}|{alive}"]


def test_a_test_that_went_with_its_row_has_noticed_nothing(tmp_path: Path) -> None:
    """
    The test of a row noticed an earlier mutant; it is asked first, and is not there.
    """
    source = """
        def f(a):
            return a > 0

        TABLE = {"x": f(1), "y": f(2), "z": f(3)}
    """
    test = """
        import pytest
        from eckid.small import TABLE

        @pytest.mark.parametrize("name", TABLE)
        def test_row(name):
            assert TABLE[name]
    """
    told = _alive(tmp_path, textwrap.dedent(source), textwrap.dedent(test))
    rows = [line for line in told if "a row left out" in line and "|" not in line]
    assert len(rows) == 3
    assert told[-1].startswith("1|")
