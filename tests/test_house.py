"""
The house stands as it was planned: floors, door, no clock below floor 5.
"""

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import eckid

HOUSE = Path(eckid.__file__).parent

# A room imports only from lower floors. A room whose name begins with an
# underscore belongs to those of its floor and stands half a floor below them.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "_secret", "_whole", "_version", "_salsa"),
    (
        "pgn",
        "keten",
        "keys",
        "_form",
        "_keyfile",
        "_ring",
        "scheme",
        "attributes",
        "doel",
        "_romix",
    ),
    ("pseudonyms", "regel", "_jws", "_scrypt"),
    (
        "hashing",
        "derivation",
        "boundary",
        "naming",
        "decision",
        "_vorm",
        "_substitution",
        "_toestemming",
        "_revocations",
        "_voorlopig",
    ),
    (
        "policy",
        "enrolment",
        "succession",
        "_vrijgave",
        "_beleid",
        "_canon",
        "_link",
        "_notices",
    ),
    ("exchange", "register"),
    ("scale",),
    ("cli",),
)
# __main__ calls the command line, and shares its floor.
FLOOR = {"__main__": 7.5} | {
    room: number - (0.5 if room.startswith("_") else 0)
    for number, rooms in enumerate(FLOORS)
    for room in rooms
}
MODULES = sorted(HOUSE.rglob("*.py"))
PURE = [path for path in MODULES if FLOOR.get(path.stem, 9) < 5]

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
    "_whole": {"os", "pathlib"},  # files appear whole or not at all
    "keys": {"pathlib"},  # the file it is given
    "policy": {"pathlib"},  # the shipped files, and the one it is given
    "hashing": {"os"},  # how many cores there are
    "_romix": {"pathlib"},  # how much memory a container may have
}


def room(path: Path) -> str:
    """
    Return the room that the module at *path* is part of.
    """
    first = path.relative_to(HOUSE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """
    Return the full names of what *path* imports, wherever in the file.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            names.add(node.module or "")
            if node.module in {
                "eckid",
                "eckid.cli",
                "eckid.exchange",
                "eckid.register",
            }:
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_every_room_has_a_floor() -> None:
    """
    A room that is not in the plan is not built, and no plan lacks its room.
    """
    assert {room(path) for path in MODULES} - {"__init__"} == set(FLOOR)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_imports_point_down(path: Path) -> None:
    """
    A room imports only from lower floors; only the top floor uses the door.
    """
    own = room(path)
    if own == "__init__":
        return
    for name in imports(path):
        package, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if package != "eckid" or target == own:
            continue
        if target in FLOOR:
            assert FLOOR[target] < FLOOR[own], f"{own} imports {target}"
        else:
            assert FLOOR[own] >= 7, f"{own} uses the door"


@pytest.mark.parametrize("path", PURE, ids=lambda p: p.stem)
def test_the_lower_floors_touch_no_world(path: Path) -> None:
    """
    Floors 0 to 4 read no clock, environment or locale, log nothing, do no I/O.
    """
    tree = ast.parse(path.read_text("utf-8"))
    touched = {name.partition(".")[0] for name in imports(path)} & WORLD
    assert touched <= ALLOWED.get(path.stem, set())
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


def test_the_door_has_every_public_name_of_the_lower_floors() -> None:
    """
    Every public name of a public room of floors 0 to 4 is importable from eckid.

    Apart from what rooms share among themselves, which the test names.
    """
    shared = {"kopje", "decide", "plan", "Plan", "NAMESPACE", "RELEASE", "unchecked"}
    shared |= {"stam_state", "keten_state"}
    shared |= {"Notes", "T", "E", "S", "Vraag", "OIN", "link_name", "verhouding"}
    shared |= {"Gebruik", "Indeling", "Rechtsgrond", "Samenvoeging", "Voorwaarde"}
    for name, floor in FLOOR.items():
        if name.startswith("_") or floor >= 5:
            continue
        module = importlib.import_module(f"eckid.{name}")
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for node in tree.body:
            defined = "_"
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                defined = node.name
            elif isinstance(node, ast.AnnAssign):
                defined = ast.unparse(node.target)
            if not defined.startswith("_") and defined not in shared:
                assert defined in eckid.__all__, f"{name}.{defined}"


def test_all_is_sorted_and_complete() -> None:
    """
    __all__ names each export once, and nothing that is not there.
    """
    assert len(eckid.__all__) == len(set(eckid.__all__))
    assert all(hasattr(eckid, name) for name in eckid.__all__)


def test_the_wings_open_without_extras() -> None:
    """
    What an extra brings is loaded by who calls for it, not by who imports.
    """
    code = (
        "import sys, eckid, eckid.exchange, eckid.register, eckid.scale;"
        "print(*{n.partition('.')[0] for n in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    extras = {"numba", "numpy", "psutil", "pyarrow", "pandas", "polars", "lxml"}
    extras |= {"joserfc", "nacl", "click", "rich"}
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
    project = Path(__file__).parent.parent / "pyproject.toml"
    wanted = tomllib.loads(project.read_text("utf-8"))["project"]["dependencies"]
    assert [w.partition(">")[0] for w in wanted] == ["cryptography", "argon2-cffi"]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(HOUSE)))
def test_a_room_is_small_enough_to_read(path: Path) -> None:
    """
    No room has more than 250 lines that are not docstring, comment or blank.
    """
    source = path.read_text("utf-8")
    prose: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node) is not None
        ):
            text = node.body[0]
            prose.update(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    code = [
        line
        for number, line in enumerate(source.splitlines(), 1)
        if number not in prose and line.strip() and not line.lstrip().startswith("#")
    ]
    assert len(code) <= 250
