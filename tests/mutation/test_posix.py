"""
The runner of the mutants: it forks, which Windows cannot.
"""

import subprocess
import sys
import textwrap
from pathlib import Path

from mutation.run import HERE


def test_a_mutant_is_killed_and_another_lives(tmp_path: Path) -> None:
    """
    The runner, on a room of one function whose test does not look at its edge.
    """
    (tmp_path / "eckid").mkdir()
    (tmp_path / "eckid" / "__init__.py").touch()
    (tmp_path / "eckid" / "small.py").write_text("def f(a):\n    return a < 3\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_small.py").write_text(
        "from eckid.small import f\n\n\ndef test_f():\n    assert f(1) and not f(9)\n"
    )
    program = f"""
        import sys
        sys.dont_write_bytecode = True
        sys.path.insert(0, {str(HERE.parent)!r})
        from pathlib import Path
        import pytest
        from mutation import run
        from mutation.rooms import Room
        run.ROOMS = {{"small": Room(("small.py",), ("test_small.py",))}}
        found = run.run("small", Path({str(tmp_path)!r}), 1)
        print(found.killed, *found.alive, sep="|")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=True,
    )
    lives = "eckid/small.py:2: a comparison: < → <="
    alive = "eckid/small.py:2: a number: 3 → 4"
    assert done.stdout.splitlines() == [
        f"  alive: {lives}",
        f"  alive: {alive}",
        f"0|{lives}|{alive}",
    ]
