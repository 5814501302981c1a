"""
The mutants of a source file: one small change each, as the text that takes its place.

Of a table at the top of a module: a row left out, a cell that is its neighbour's, a
number one higher. Of functions and properties: a comparison, ``and`` and ``or``,
``any`` and ``all``, ``min`` and ``max``, ``not``, a number, a truth value, a ``raise``
left out. What people read is left alone: docstrings, messages, types, sources.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

_COMPARED: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_COUNTED: Final[Mapping[type[ast.operator], tuple[str, str]]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
# Names, headings, and the numbers of rules: what a program reads.
_WORDS: Final = re.compile(r"[a-z0-9_-]+( [a-z0-9_-]+)*|L[0-9]+")
_CALLED: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}


class Mutant(NamedTuple):
    """
    One change of a file.

    Attributes:
        start: Where the text that is replaced begins, in bytes.
        end: Where it ends.
        new: What comes in its place.
        line: The line on which it stands, from 1.
        what: What kind of change it is.
    """

    start: int
    end: int
    new: bytes
    line: int
    what: str

    def of(self, source: bytes) -> bytes:
        """
        Return the file with this change.
        """
        return source[: self.start] + self.new + source[self.end :]

    def shown(self, source: bytes) -> str:
        """
        Return the change, on one line.
        """
        old = b" ".join(source[self.start : self.end].split())
        new = b" ".join(self.new.split())
        return f"{old.decode()[:70]} → {new.decode()[:70] or '(nothing)'}"


def mutants(source: bytes) -> list[Mutant]:
    """
    Return every mutant of a file, in the order of its lines.
    """
    text = _Text(source)
    tree = ast.parse(source)
    found = [
        *(m for node in tree.body for m in _of_table(text, node)),
        *(m for node in tree.body for m in _of_code(text, node)),
    ]
    unique = {(m.start, m.end, m.new): m for m in found}
    return sorted(unique.values())


class _Text:
    """
    A file, with the place of each node in it.
    """

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        line, column = node.end_lineno or 1, node.end_col_offset or 0
        return self._starts[line - 1] + column

    def of(self, node: ast.expr) -> bytes:
        return self.source[self.start(node) : self.end(node)]

    def put(self, node: ast.expr | ast.stmt, new: bytes, what: str) -> Mutant:
        return Mutant(self.start(node), self.end(node), new, node.lineno, what)

    def between(
        self, left: ast.expr, right: ast.expr, old: str, new: str, what: str
    ) -> Mutant:
        at = self.source.index(old.encode(), self.end(left), self.start(right))
        return Mutant(at, at + len(old), new.encode(), left.end_lineno or 1, what)

    def without(
        self, items: Sequence[tuple[ast.expr, ast.expr]], n: int, *, single: bytes
    ) -> Mutant:
        """
        Return the mutant that leaves out one item of a container, with its comma.

        The text *single* stands behind an item that is then the only one.
        """
        what, line = "a row left out", items[n][0].lineno
        if len(items) == 2:
            kept = items[1 - n]
            left = self.source[self.start(kept[0]) : self.end(kept[1])] + single
            return Mutant(
                self.start(items[0][0]), self._after(items[1]), left, line, what
            )
        if n + 1 < len(items):
            end = self.start(items[n + 1][0])
            return Mutant(self.start(items[n][0]), end, b"", line, what)
        start = self.end(items[n - 1][1]) if n else self.start(items[0][0])
        end = self._after(items[n]) if not n else self.end(items[n][1])
        return Mutant(start, end, b"", line, what)

    def _after(self, item: tuple[ast.expr, ast.expr]) -> int:
        """
        Return where an item ends, with the comma after it if there is one.
        """
        end = self.end(item[1])
        rest = self.source[end:]
        bare = rest.lstrip()
        return end + len(rest) - len(bare) + 1 if bare[:1] == b"," else end


def _of_table(text: _Text, node: ast.stmt) -> Iterator[Mutant]:
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return
    names = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(name, ast.Name) and name.id == "__all__" for name in names):
        return
    kind = node.annotation if isinstance(node, ast.AnnAssign) else None
    if isinstance(kind, ast.Name) and kind.id == "TypeAlias":
        return
    for each in ast.walk(node.value):
        if isinstance(each, ast.List | ast.Tuple | ast.Set | ast.Dict):
            yield from _of_container(text, each)
        elif isinstance(each, ast.Constant):
            yield from _of_constant(text, each)


def _of_container(
    text: _Text, node: ast.List | ast.Tuple | ast.Set | ast.Dict
) -> Iterator[Mutant]:
    values: list[ast.expr]
    if isinstance(node, ast.Dict):
        if None in node.keys:
            return
        values = node.values
        items = [(k, v) for k, v in zip(node.keys, values, strict=True) if k]
    else:
        values = node.elts
        items = [(value, value) for value in values]
    rows = [_cells(value) for value in values]
    if isinstance(node, ast.Tuple) and not any(rows):
        return  # a row, and no table
    single = b"," if isinstance(node, ast.Tuple) else b""
    for n in range(len(items)):
        yield text.without(items, n, single=single)
    if not any(rows):
        rows = [[value] for value in values] if isinstance(node, ast.Dict) else []
    for row in rows:
        for n, cell in enumerate(row):
            if _is_prose(cell):
                continue
            others = [o[n] for o in rows if len(o) > n and not _is_prose(o[n])]
            own = text.of(cell)
            new = next((text.of(o) for o in others if text.of(o) != own), None)
            if new is not None:
                yield text.put(cell, new, "a neighbour's cell")


def _cells(value: ast.expr) -> list[ast.expr]:
    """
    Return the cells of a row: a tuple, or a call with arguments by place.
    """
    if isinstance(value, ast.Tuple):
        return value.elts
    if isinstance(value, ast.Call):
        return [arg for arg in value.args if not isinstance(arg, ast.Starred)]
    return []


def _is_prose(cell: ast.expr) -> bool:
    """
    Return whether a cell is for people: a sentence, or a place in a source.
    """
    if not (isinstance(cell, ast.Constant) and isinstance(cell.value, str)):
        return False
    return "expected" in cell.value or _WORDS.fullmatch(cell.value) is None


def _of_constant(text: _Text, node: ast.Constant) -> Iterator[Mutant]:
    if isinstance(node.value, bool):
        yield text.put(node, str(not node.value).encode(), "a truth value")
    elif isinstance(node.value, int):
        yield text.put(node, str(node.value + 1).encode(), "a number")


def _of_code(text: _Text, node: ast.AST) -> Iterator[Mutant]:
    """
    Yield the mutants of every function below *node*.
    """
    if isinstance(node, ast.FunctionDef):
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                yield from _of_expression(text, default)
        for statement in node.body:
            yield from _of_statement(text, statement)
    elif isinstance(node, ast.ClassDef):
        for each in node.body:
            yield from _of_code(text, each)


def _of_statement(text: _Text, node: ast.AST) -> Iterator[Mutant]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield from _of_code(text, node)
        return
    if isinstance(node, ast.Raise):
        yield text.put(node, b"pass", "a raise left out")
        return  # its words are for people
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from _of_expression(text, node.value)
        return
    yield from _of_expression(text, node, deep=False)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _of_statement(text, child)
        else:
            yield from _of_expression(text, child)


def _of_expression(
    text: _Text, node: ast.AST, *, deep: bool = True
) -> Iterator[Mutant]:
    if isinstance(node, ast.JoinedStr):
        return  # words for people
    if isinstance(node, ast.Compare):
        yield from _of_comparison(text, node)
    elif isinstance(node, ast.Constant):
        yield from _of_constant(text, node)
    else:
        yield from _of_operation(text, node)
    if deep:
        for child in ast.iter_child_nodes(node):
            yield from _of_expression(text, child)


def _of_operation(text: _Text, node: ast.AST) -> Iterator[Mutant]:
    if isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield text.between(left, right, old, new, f"{old} → {new}")
    elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
        old, new = _COUNTED[type(node.op)]
        yield text.between(node.left, node.right, old, new, "an operator")
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield text.put(node, b"bool(" + text.of(node.operand) + b")", "not left out")
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        other = _CALLED.get(node.func.id)
        if other is not None:
            yield text.put(node.func, other.encode(), "a call")


def _of_comparison(text: _Text, node: ast.Compare) -> Iterator[Mutant]:
    sides = [node.left, *node.comparators]
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        old, new = _COMPARED[type(op)]
        yield text.between(left, right, old, new, "a comparison")
