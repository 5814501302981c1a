"""
The house in numbers: what `test_house` holds, and CI prints.

    python tests/house/figures.py
"""

import ast
import importlib
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import eckid

HOUSE: Final = Path(eckid.__file__).parent

# A room imports from lower floors, or from a sibling that does not import it.
FLOORS: Final = (
    ("errors", "_core", "_version"),
    ("grondslag", "pgn", "keten", "keys", "scheme", "attributes", "doel"),
    ("pseudonyms",),
    ("hashing", "derivation", "linked", "boundary", "naming"),
    ("policy", "enrolment", "succession"),
    ("exchange", "register"),
    ("scale", "service"),
    (),  # papers
    ("cli", "__main__"),
)
FLOOR: Final = {room: n for n, rooms in enumerate(FLOORS) for room in rooms}
# At most so many names at the door, parameters of a function, and lines of code.
DOOR: Final = 70
PARAMETERS: Final = 8
# The house was laid out with 5,250. Since then came what guards its edges (text,
# lengths, files), what reads lists as schools send them (Excel, days, headings), and
# the options of a ring whose keys lie in a token, what takes them past one machine, and
# the national service where a ring answers "who"; and what opens, reads and writes many
# rows at once.
LINES: Final = 8_728
ROOM_LINES: Final = (25, 250)
# Every function here is compiled: what it takes stands in registers.
COMPILED: Final = ("hashing/salsa.py",)
# Sentences that must be read twice, in comments, docstrings and pages.
TWICE: Final = re.compile(r"\b(?:for|to|of) who\b|\bis none\b|, for (?:it|who)\b")
READ_TWICE: Final = 10


def modules(*folders: str) -> list[Path]:
    """
    Return the modules of the house, or of some of its folders.
    """
    roots = [HOUSE / folder for folder in folders] or [HOUSE]
    return sorted(path for root in roots for path in root.rglob("*.py"))


def named(path: Path) -> str:
    """
    Return a path as people say it: from the house on.
    """
    return path.relative_to(HOUSE).as_posix()


def room(path: Path) -> str:
    """
    Return the room that the module at *path* is part of.
    """
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """
    Return the full names of what *path* imports, wherever in the file.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{named(path)}: relative import")
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def defined(path: Path) -> list[str]:
    """
    Return the names without an underscore that the module at *path* defines.
    """
    names: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [t.id for t in targets if isinstance(t, ast.Name)]
    return [name for name in names if not name.startswith("_")]


def uses() -> dict[str, set[str]]:
    """
    Return for each room the rooms that it imports.
    """
    found: dict[str, set[str]] = {}
    for path in modules():
        rooms = {
            name.split(".")[1]
            for name in imports(path)
            if name.startswith("eckid.") and name.split(".")[1] in FLOOR
        }
        found.setdefault(room(path), set()).update(rooms - {room(path)})
    return found


def reached(start: str, graph: Mapping[str, set[str]]) -> set[str]:
    """
    Return all that *start* imports, directly and indirectly.
    """
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        for target in graph.get(ahead.pop(), set()) - seen:
            seen.add(target)
            ahead.append(target)
    return seen


def upward() -> list[str]:
    """
    Return the imports that go up, or round in a circle.
    """
    graph = uses()
    return [
        f"{own} imports {target}"
        for own, targets in graph.items()
        if own in FLOOR
        for target in sorted(targets)
        if FLOOR[target] > FLOOR[own]
        or (FLOOR[target] == FLOOR[own] and own in reached(target, graph))
    ]


def underscored() -> list[str]:
    """
    Return the modules at the root with an underscore that the plan does not name.
    """
    allowed = {"_version.py", "_core", "__init__.py", "__main__.py", "__pycache__"}
    return sorted(p.name for p in HOUSE.glob("_*") if p.name not in allowed)


def long_signatures() -> list[str]:
    """
    Return the functions outside cli that take too many parameters.

    Compiled functions do not count.
    """
    found = []
    for path in modules():
        if room(path) == "cli" or named(path) in COMPILED:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            given = node.args
            names = [
                a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)
            ]
            many = len([name for name in names if name not in {"self", "cls"}])
            if many > PARAMETERS:
                found.append(f"{named(path)}: {node.name} takes {many}")
            if given.kwarg is not None:
                found.append(f"{named(path)}: {node.name} takes **{given.kwarg.arg}")
    return found


def hexed() -> list[str]:
    """
    Return where a secret goes through hex to become the octets it was.
    """
    found = re.compile(r"bytes\.fromhex\([^\n]*expose\(\)")
    return [named(p) for p in modules() if found.search(p.read_text("utf-8"))]


def code_lines(path: Path, *, imports: bool = False) -> int:
    """
    Return how many lines of code *path* has: no docstring, comment or blank.

    Imports and ``__all__`` count where *imports* says so.
    """
    source = path.read_text("utf-8")
    aside: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and body
            and ast.get_docstring(node, clean=False) is not None
        ):
            aside.update(_span(body[0]))
        if not imports and (
            isinstance(node, ast.Import | ast.ImportFrom)
            or (
                isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "__all__"
            )
        ):
            aside.update(_span(node))
    lines = enumerate(source.splitlines(), 1)
    return sum(
        1
        for number, line in lines
        if number not in aside and line.strip() and not line.lstrip().startswith("#")
    )


def _span(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def read_twice() -> list[str]:
    """
    Return the lines of comments, docstrings and pages that must be read twice.
    """
    found = []
    for path in modules():
        for number, text in _prose(path):
            found += [f"{named(path)}:{number}" for _ in TWICE.finditer(text)]
    root = HOUSE.parent
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    for page in sorted(pages):
        text = page.read_text("utf-8")
        found += [f"{page.name}: {hit[0]}" for hit in TWICE.finditer(text)]
    return found


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    source = path.read_text("utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text is not None:
                yield node.body[0].lineno, text


def wings() -> int:
    """
    Return the lines of code of exchange, scale and cli together.
    """
    return sum(map(code_lines, modules("exchange", "scale", "cli")))


def kept_errors() -> list[str]:
    """
    Return where an error may keep another as its context, which `foreign` prevents.

    That is a new error raised inside an ``except``, also with ``from None``; and an
    ``except`` around the ``yield`` of a context manager that does not raise again.
    """
    found: list[str] = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                keeps = any(isinstance(n, ast.Raise) and n.exc for n in _own(node))
            elif isinstance(node, ast.FunctionDef):
                marks = [ast.unparse(mark) for mark in node.decorator_list]
                keeps = "contextmanager" in marks and any(map(_swallows, _own(node)))
            else:
                continue
            if keeps:
                found.append(f"{named(path)}: line {node.lineno} keeps another error")
    return found


def rebound() -> list[str]:
    """
    Return where a loop or a ``with`` gives a parameter of its function another value.

    What comes after reads the last turn of the loop where it means what was given.
    """
    found: list[str] = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            given = node.args
            names = {
                a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)
            }
            for inner in _own(node):
                if isinstance(inner, ast.For):
                    targets = [inner.target]
                elif isinstance(inner, ast.With):
                    targets = [i.optional_vars for i in inner.items if i.optional_vars]
                else:
                    continue
                each = (n for target in targets for n in ast.walk(target))
                bound = {n.id for n in each if isinstance(n, ast.Name)}
                found += [
                    f"{named(path)}: line {inner.lineno} binds {name} again"
                    for name in sorted(bound & names)
                ]
    return found


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """
    Yield what is in *node*, without the functions in it.
    """
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield child
            yield from _own(child)


def _swallows(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Try)
        and any(isinstance(n, ast.Yield) for part in node.body for n in ast.walk(part))
        and not all(isinstance(h.body[-1], ast.Raise) for h in node.handlers)
    )


def main() -> None:
    """
    Print the house in numbers.
    """
    door = importlib.import_module("eckid").__all__
    figures = (
        ("names at the door", len(door), DOOR),
        ("modules at the root with an underscore", len(underscored()), 0),
        ("imports that go up or round", len(upward()), 0),
        ("functions of too many parameters", len(long_signatures()), 0),
        ("secrets through hex", len(hexed()), 0),
        ("errors that keep another", len(kept_errors()), 0),
        ("loops that bind a parameter again", len(rebound()), 0),
        ("lines of code of exchange, scale and cli", wings(), LINES),
        ("sentences read twice", len(read_twice()), READ_TWICE),
    )
    for what, got, most in figures:
        print(f"{what:45} {got:6} (at most {most})")  # noqa: T201  # it prints them
    for line in (
        *(*underscored(), *upward(), *long_signatures()),
        *(*hexed(), *kept_errors(), *rebound()),
    ):
        print(f"  {line}")  # noqa: T201  # as above


if __name__ == "__main__":
    main()
