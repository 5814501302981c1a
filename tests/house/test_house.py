"""
The house stands as it was planned: floors, door, no clock below floor 5.
"""

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import conftest
import figures
import pytest
from figures import FLOOR, HOUSE

import eckid

MODULES = figures.modules()
PURE = [path for path in MODULES if FLOOR.get(figures.room(path), 9) < 5]

# What floors 0 to 4 may not touch, and who may all the same.
WORLD = frozenset(
    {
        "asyncio",
        "csv",
        "io",
        "locale",
        "logging",
        "os",
        "pathlib",
        "random",
        "shutil",
        "socket",
        "sqlite3",
        "subprocess",
        "sys",
        "tempfile",
        "time",
    }
)
ALLOWED = {
    "_core/whole.py": {"os", "pathlib"},  # files appear whole or not at all
    "keys/sleutelbos.py": {"pathlib"},  # the file it is given
    # The module it is given; and in which process it is, for a fork ends its sessions.
    "keys/hsm.py": {"os", "pathlib"},
    "policy/beleid.py": {"pathlib"},  # the shipped files, and the one it is given
    "hashing/hasher.py": {"os"},  # how many cores there are
    "hashing/memory.py": {"pathlib"},  # how much memory a container may have
    "hashing/romix.py": {"time"},  # which shape is the fastest: no result changes
}


def test_every_room_has_a_floor() -> None:
    """
    A room that is not in the plan is not built, and no plan lacks its room.
    """
    assert {figures.room(path) for path in MODULES} - {"__init__"} == set(FLOOR)


def test_imports_point_down() -> None:
    """
    A room imports from lower floors, or from a sibling that does not import it.
    """
    assert figures.upward() == []


def test_only_the_top_floor_uses_the_door() -> None:
    """
    Every room but the command line imports from rooms, and not from the door.
    """
    for path in MODULES:
        if figures.room(path) not in {"__init__", "__main__", "cli"}:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    assert node.module != "eckid", figures.named(path)


def test_no_module_at_the_root_hides() -> None:
    """
    The root has no module with an underscore but _version and _core.
    """
    assert figures.underscored() == []


def test_a_signature_is_short() -> None:
    """
    Outside the command line no function takes more than eight parameters.
    """
    assert figures.long_signatures() == []


def test_no_secret_goes_through_hex() -> None:
    """
    Octets of a secret are had as octets, under a name of their own.
    """
    assert figures.hexed() == []


def test_no_error_keeps_another() -> None:
    """
    An error of another library, or one that holds a value, is no context of ours.
    """
    assert figures.kept_errors() == []


def test_no_loop_binds_a_parameter_again() -> None:
    """
    What was given keeps its name to the end of the function.
    """
    assert figures.rebound() == []


def test_the_wings_are_small() -> None:
    """
    Exchange, scale and the command line hold no more code than the plan allows.
    """
    assert figures.wings() <= figures.LINES


@pytest.mark.parametrize("path", PURE, ids=figures.named)
def test_the_lower_floors_touch_no_world(path: Path) -> None:
    """
    Floors 0 to 4 read no clock, environment or locale, log nothing, do no I/O.
    """
    tree = ast.parse(path.read_text("utf-8"))
    touched = {name.partition(".")[0] for name in figures.imports(path)} & WORLD
    assert touched <= ALLOWED.get(figures.named(path), set())
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input"}
    attributes = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
    }
    assert not attributes & {"environ", "getenv", "now", "today", "utcnow"}


def test_the_door_is_plain_re_exports() -> None:
    """
    The door is a docstring, imports and __all__, and nothing else.
    """
    tree = ast.parse((HOUSE / "__init__.py").read_text("utf-8"))
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    *imported, named = rest
    assert all(isinstance(node, ast.ImportFrom) for node in imported)
    assert isinstance(named, ast.Assign)
    assert ast.unparse(named.targets[0]) == "__all__"


@pytest.mark.parametrize(
    "package",
    [
        "eckid",
        *(
            f"eckid.{'.'.join(path.parent.relative_to(HOUSE).parts)}"
            for path in MODULES
            if path.name == "__init__.py" and path.parent != HOUSE
        ),
    ],
)
def test_all_is_complete(package: str) -> None:
    """
    __all__ names each export once, and nothing that is not there.
    """
    module = importlib.import_module(package)
    names = getattr(module, "__all__", [])
    assert len(names) == len(set(names))
    assert all(hasattr(module, name) for name in names)


def test_the_door_is_small() -> None:
    """
    The door has what one person needs for one person, and no more.
    """
    assert len(eckid.__all__) <= figures.DOOR


def test_the_wings_open_without_extras() -> None:
    """
    What an extra brings is loaded by who calls for it, not by who imports.
    """
    code = (
        "import sys, eckid, eckid.exchange, eckid.register, eckid.scale, eckid.service;"
        "print(*{n.partition('.')[0] for n in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    extras = {"numba", "numpy", "psutil", "pyarrow", "pandas", "polars", "lxml"}
    extras |= {"joserfc", "nacl", "click", "rich", "h11", "zeep"}
    assert not extras & set(done.stdout.split())


def test_the_door_opens_without_extras() -> None:
    """
    Importing eckid loads its two dependencies, and nothing else that is slow.
    """
    code = (
        "import sys; before = set(sys.modules); import eckid;"
        "print(*sorted({n.partition('.')[0] for n in set(sys.modules) - before}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    loaded = set(done.stdout.split())
    foreign = loaded - set(sys.stdlib_module_names)
    assert foreign <= {
        "eckid",
        "cryptography",
        "argon2",
        "_argon2_cffi_bindings",
        "_cffi_backend",
        "_openssl",
        "typing_extensions",
    }
    assert not loaded & {"sqlite3", "tomllib", "csv", "json", "concurrent"}


def test_runtime_dependencies_are_two() -> None:
    """
    A user must install cryptography and argon2-cffi, and no more.
    """
    project = Path(__file__).parents[2] / "pyproject.toml"
    wanted = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
    assert [w.partition(">")[0] for w in wanted] == ["cryptography", "argon2-cffi"]


@pytest.mark.parametrize("path", MODULES, ids=figures.named)
def test_a_room_is_small_enough_to_read(path: Path) -> None:
    """
    No room has more than 250 lines that are not docstring, comment or blank.
    """
    assert figures.code_lines(path, imports=True) <= figures.ROOM_LINES[1]


def test_what_other_pythons_leave_out_is_there() -> None:
    """
    Each name that is left out on other Pythons is a test's, of a file they run.
    """
    here = Path(__file__).parents[1]
    files = [here / name for name in conftest.OF_THE_INTERPRETER if ".py" in name]
    text = "".join(path.read_text("utf-8") for path in files)
    for name in conftest.OF_THE_MACHINE:
        assert f"def {name}(" in text, name
