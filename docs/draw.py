"""
Draw the tables and diagrams of the pages from the tables of the library.

    python docs/draw.py           writes them
    python docs/draw.py --check   ends with 1 where a page is not as the tables are

Names of files behind it leave the others alone.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from eckid.boundary import (
    LINK_HOLDS,
    MAY_JOIN,
    MAY_PASS,
    Partij,
    Soort,
    Verhouding,
)
from eckid.enrolment import GRONDEN
from eckid.grondslag import RECHTSREGELS, ZEKERHEDEN, Grondslag
from eckid.keten import INDELING, Indeling

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/house"))
import figures  # the plan that the tests hold

HERE: Final = Path(__file__).parent / "explanation"
BOUNDARY: Final = HERE / "sector-boundary.md"
LEVELS: Final = HERE / "levels.md"
ARCHITECTURE: Final = HERE / "architecture.md"
STABILITY: Final = HERE / "stability.md"
# What each row rests on stands in its last three columns.
RESTS: Final = ("rule", "source", "certainty")


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """
    Return a table of Markdown.
    """
    head = list(heads)
    lines = [head, ["---"] * len(head), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rests(grondslag: Grondslag) -> tuple[str, str, str]:
    """
    Return the rules of the law, the source and the certainty of a row.
    """
    numbers = ", ".join(grondslag.rechtsregels)
    return numbers, source(grondslag), ZEKERHEDEN[grondslag.zekerheid]


def source(grondslag: Grondslag) -> str:
    """
    Return a source, as a link where its official text has one.
    """
    bron = grondslag.bron
    return f"[{bron}]({grondslag.tekst})" if grondslag.tekst else bron


def passage() -> str:
    """
    Return who may pass what to whom; what rests on the same is one row.
    """
    rows: dict[tuple[Partij, Partij, Grondslag], list[Soort]] = {}
    for (van, naar), row in MAY_PASS.items():
        for soort, grondslag in row.items():
            rows.setdefault((van, naar, grondslag), []).append(soort)
    return table(
        ("from", "to", "may pass", *RESTS),
        (
            (van.value, naar.value, _words(what), *rests(grondslag))
            for (van, naar, grondslag), what in rows.items()
        ),
    )


def joining() -> str:
    """
    Return which ketenIDs may be joined.
    """
    return table(
        ("two ketenIDs", "may be one pupil's", "because", *RESTS),
        (
            (how.value, f"**{row.samen.value}**", row.why, *rests(row.grondslag))
            for how, row in MAY_JOIN.items()
        ),
    )


def link() -> str:
    """
    Return what must hold for a link to join.
    """
    return table(
        ("name", "refused as", "what is asked", *RESTS),
        (
            (
                row.naam,
                f"`{row.rule.value}`",
                row.why.removeprefix("expected "),
                *rests(row.grondslag),
            )
            for row in LINK_HOLDS
        ),
    )


def sectors() -> str:
    """
    Return which onderwijssoort lies in which sector from which day.
    """
    return table(
        ("onderwijssoort", "sector", "from", *RESTS),
        (
            (row.soort.value, row.sector.value, _from(row), *rests(row.grondslag))
            for row in INDELING
        ),
    )


def _from(row: Indeling) -> str:
    if row.vroegst is None:
        return f"{row.vanaf:%d-%m-%Y}"
    return f"{row.vanaf:%d-%m-%Y} at the latest, {row.vroegst:%d-%m-%Y} at the earliest"


def grounds() -> str:
    """
    Return the rules of enrolment, the first that applies deciding.
    """
    return table(
        ("the first that applies", "ketenID", "another identifier", *RESTS),
        (
            (
                rule.grond.value,
                "yes" if rule.grond.name == "KETENID" else "no",
                "none" if rule.ander_id_reden is None else rule.ander_id_reden.value,
                *rests(rule.grondslag),
            )
            for rule in GRONDEN
        ),
    )


def rules() -> str:
    """
    Return the rules of the law, by number.
    """
    return table(
        ("#", "rule", "source"),
        (
            (nummer, rule.zegt, "; ".join(map(source, rule.grondslagen)))
            for nummer, rule in RECHTSREGELS.items()
        ),
    )


# The road of a list: each station, its modules, and what in them gives the result.
STATIONS: Final = (
    ("source", "exchange/formats/source.py", "look"),
    ("survey", "exchange/lists/roster.py", "Roster.__iter__"),
    ("survey", "exchange/lists/guard.py", "without_shown_numbers"),
    ("who", "exchange/lists/who.py", "Herkenning.each"),
    ("what", "exchange/lists/release.py", "release_list"),
    ("sink", "exchange/formats/drawing.py", "drawer"),
    ("report", "exchange/results/runs.py", "run_to"),
    ("report", "exchange/results/receipt.py", "make_receipt"),
)


def tree() -> str:
    """
    Return the rooms, floor by floor, the highest first.
    """
    graph = figures.uses()
    rows: list[tuple[str, ...]] = []
    for floor, rooms in reversed(list(enumerate(figures.FLOORS))):
        for room in sorted(rooms):
            (path,) = _files(f"eckid.{room}")
            uses = _code(graph[room]) or "nothing"
            rows.append((str(floor), f"`{room}`", said(path), uses))
            for inside in sorted(figures.HOUSE.glob(f"{room}/*/__init__.py")):
                folder = figures.named(inside.parent)
                rows.append(("", f"`{folder}`", said(inside), ""))
    return table(("floor", "room", "what it is", "imports"), rows)


def road() -> str:
    """
    Return the stations of a list, in order, and what each gives.
    """
    _check_road()
    rows = []
    for station, file, name in STATIONS:
        given = _called(figures.HOUSE / file, name)
        shown = name.removesuffix(".__iter__")
        what = ast.unparse(given.returns) if given.returns else "None"
        rows.append((station, f"`{file}`", f"`{shown}`", _cell(f"`{what}`")))
    return table(("station", "module", "called", "gives"), rows)


def _check_road() -> None:
    """
    End where a station imports a later one, directly or indirectly.
    """
    graph = {
        figures.named(path): {
            figures.named(found)
            for name in figures.imports(path)
            for found in _files(name)
        }
        for path in figures.modules()
    }
    order = list(dict.fromkeys(station for station, _, _ in STATIONS))
    for station, file, _ in STATIONS:
        seen = figures.reached(file, graph)
        for other, target, _ in STATIONS:
            if target in seen and order.index(other) > order.index(station):
                sys.exit(f"{file}: expected no later station, got {target}")


def _files(name: str) -> Iterator[Path]:
    """
    Yield the file of a module of the house, where *name* is one.
    """
    place = figures.HOUSE.parent.joinpath(*name.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file() and figures.HOUSE in path.parents:
            yield path


# The libraries of which keys, hashes and random bytes come.
PRIMITIVES: Final = frozenset(
    {"argon2", "cryptography", "hashlib", "hmac", "joserfc", "nacl", "numba", "secrets"}
)
# What gives the octets or the text of a hidden value, or takes them.
OPENS: Final = frozenset(
    {
        *("_octets", "_pack", "_unpack", "expose", "expose_octets"),
        *("keten_octets", "stam_octets"),
    }
)


def secrecy() -> str:
    """
    Return the modules on which secrecy rests, why each is among them, and its lines.
    """
    using: dict[Path, str] = {}
    opening: dict[Path, str] = {}
    for path in figures.modules():
        names = {name.partition(".")[0] for name in figures.imports(path)} & PRIMITIVES
        if names:
            using[path] = f"uses {_code(names)}"
        elif _opens(path):
            opening[path] = "opens a hidden value"
    under = {
        path: "stands under these"
        for user in using
        if figures.room(user) != "cli"
        for name in figures.imports(user)
        for path in _files(name)
        if path.name != "__init__.py" and path not in using and path not in opening
    }
    rows: list[tuple[str, str, str, str]] = []
    total = 0
    for part in (using, opening, under):
        for path in sorted(part):
            lines = figures.code_lines(path, imports=True)
            total += lines
            rows.append(
                (f"`{figures.named(path)}`", said(path), part[path], f"{lines:,}")
            )
    every = sum(figures.code_lines(path, imports=True) for path in figures.modules())
    rows.append((f"{len(rows)} modules", "", "", f"{total:,} of {every:,}"))
    return table(("module", "what it is", "why it is here", "lines"), rows)


def _opens(path: Path) -> bool:
    nodes = list(ast.walk(_parsed(path)))
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return not OPENS.isdisjoint(names | defined - {"_octets"})


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def said(path: Path) -> str:
    """
    Return what a module says that it is: the first line of its docstring.
    """
    text = ast.get_docstring(_parsed(path)) or ""
    return _cell(text.partition("\n\n")[0].replace("\n", " ").replace("``", "`"))


def _called(path: Path, name: str) -> ast.FunctionDef:
    """
    Return the function or method *name* of a module.
    """
    body: list[ast.stmt] = _parsed(path).body
    *around, last = name.split(".")
    for one in around:
        (kind,) = [n for n in body if isinstance(n, ast.ClassDef) and n.name == one]
        body = kind.body
    (found,) = [n for n in body if isinstance(n, ast.FunctionDef) and n.name == last]
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in sorted(names))


def floors() -> str:
    """
    Return the rooms as a picture: a floor is a row, the highest at the top.
    """
    rows = [(n, rooms) for n, rooms in enumerate(figures.FLOORS) if rooms]
    lines: list[str] = []
    for row, (floor, rooms) in enumerate(reversed(rows)):
        y = 20 + row * 46
        lines.append(f'<text x="20" y="{y + 21}" fill="#222">{floor}</text>')
        for column, room in enumerate(sorted(rooms)):
            lines += _box(50 + column * 118, y, room)
    wide = 50 + 118 * max(len(rooms) for _, rooms in rows)
    return _svg(wide, 20 + len(rows) * 46, "The rooms, floor by floor", lines)


def stations() -> str:
    """
    Return the road of a list as a picture.
    """
    lines: list[str] = []
    names = list(dict.fromkeys(station for station, _, _ in STATIONS))
    for n, name in enumerate(names):
        x = 20 + n * 142
        lines += _box(x, 20, name)
        if n:
            lines.append(
                f'<line x1="{x - 30}" y1="37" x2="{x - 3}" y2="37" stroke="#444" '
                'marker-end="url(#a)"/>'
            )
    return _svg(20 + len(names) * 142, 74, "The road of a list", lines)


def _box(x: int, y: int, text: str) -> tuple[str, str]:
    place = f'x="{x + 55}" y="{y + 21}" text-anchor="middle"'
    return (
        (
            f'<rect x="{x}" y="{y}" width="110" height="34" rx="6" fill="#eef3f8" '
            'stroke="#345"/>'
        ),
        f"<text {place}>{escape(text)}</text>",
    )


# Where each party stands in the picture: a square of four, and DUO beside it.
_PLACES: Final = {
    Partij.DUO: (0, 0.5),
    Partij.BEVOEGD_GEZAG: (0.65, 0),
    Partij.ADMINISTRATIESYSTEEM: (0.65, 1),
    Partij.NUMMERVOORZIENING: (1.65, 0),
    Partij.ONTVANGER: (1.65, 1),
}
_WIDE, _HIGH, _ACROSS, _DOWN = 190, 44, 470, 190
_SIZE: Final = (round(1.65 * _ACROSS) + _WIDE + 40, _DOWN + _HIGH + 110)


def picture() -> str:
    """
    Return the passages as a picture: an arrow for each pair that has a row.
    """
    return _svg(*_SIZE, "Who may pass what to whom", [*_arrows(), *_boxes()])


def _middle(partij: Partij) -> tuple[float, float]:
    column, row = _PLACES[partij]
    return 20 + _WIDE / 2 + column * _ACROSS, 30 + _HIGH / 2 + row * _DOWN


def _boxes() -> Iterator[str]:
    for partij in Partij:
        x, y = _middle(partij)
        yield (
            f'<rect x="{x - _WIDE / 2:g}" y="{y - _HIGH / 2:g}" width="{_WIDE}" '
            f'height="{_HIGH}" rx="6" fill="#eef3f8" stroke="#345"/>'
        )
        place = f'x="{x:g}" y="{y + 5:g}" text-anchor="middle"'
        yield f"<text {place}>{partij.value}</text>"


def _arrows() -> Iterator[str]:
    for (van, naar), row in MAY_PASS.items():
        what = _words(row)
        if van is naar:
            x, y = _middle(van)
            yield (
                f'<path d="M{x - 40:g} {y + _HIGH / 2:g}v36h80v-36" fill="none" '
                'stroke="#444" marker-end="url(#a)"/>'
            )
            yield _text(x, y + _HIGH / 2 + 52, f"to another: {what}")
            continue
        back = MAY_PASS.get((naar, van))
        both = back is not None and _words(back) == what
        if both and list(Partij).index(van) > list(Partij).index(naar):
            continue
        side = 9 if back is not None and not both else 0
        yield from _arrow(van, naar, what, both=both, side=side)


def _arrow(
    van: Partij, naar: Partij, what: str, *, both: bool, side: int
) -> Iterator[str]:
    (ax, ay), (bx, by) = _middle(van), _middle(naar)
    dx, dy = bx - ax, by - ay
    length = (dx * dx + dy * dy) ** 0.5
    # Two that go there and back stand side by side.
    ox, oy = -dy / length * side, dx / length * side
    start, end = _edge(dx, dy), 1 - _edge(dx, dy)
    x1, y1 = ax + dx * start + ox, ay + dy * start + oy
    x2, y2 = ax + dx * end + ox, ay + dy * end + oy
    head = ' marker-start="url(#a)"' if both else ""
    yield (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="#444"{head} marker-end="url(#a)"/>'
    )
    # Nearer to its tail, so that the two diagonals do not share a label.
    at = 0.5 if not dx or not dy else 0.32
    x, y = x1 + (x2 - x1) * at, y1 + (y2 - y1) * at
    if dx and dy:
        x, y = x + 3 * ox, y + 2.5 * oy
    lines = what.split(", ") if not dx else [what]
    for n, line in enumerate(lines):
        drop = (n - (len(lines) - 1) / 2) * 16
        lift = (18 if side and oy > 0 else -6) if not dy else 4 + drop
        yield _text(x + (0 if dx else 60), y + lift, line)


def _edge(dx: float, dy: float) -> float:
    """
    Return where a line leaves its box, as a part of its length.
    """
    return min(
        (_WIDE / 2 + 4) / abs(dx) if dx else 1,
        (_HIGH / 2 + 4) / abs(dy) if dy else 1,
    )


def _words(row: Iterable[Soort]) -> str:
    return ", ".join(soort.value for soort in row)


def _text(x: float, y: float, text: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle"'
    # On a light ground of its own, so that a line behind it does not strike it.
    return "".join(
        f"<text {place} {how}>{escape(text)}</text>"
        for how in ('fill="#fff" stroke="#fff" stroke-width="5"', 'fill="#222"')
    )


def boundary() -> str:
    """
    Return which ketenIDs may be joined, as a picture of two ketens.
    """
    said = {how: row.samen.value for how, row in MAY_JOIN.items()}
    sectors = ("po", "vo", "mbo")
    lines = []
    for row, keten in enumerate(("one keten", "another keten")):
        y = 60 + row * 150
        lines.append(f'<text x="20" y="{y - 32}" fill="#222">{keten}</text>')
        for column, sector in enumerate(sectors):
            x = 110 + column * 230
            lines += (_ellipse(x, y), _text(x, y - 4, sector))
            lines.append(_text(x, y + 14, f"two: {said[Verhouding.ZELFDE_SECTOR]}"))
            if column:
                lines.append(_double(x - 158, y, x - 72, y))
                lines.append(_text(x - 115, y - 8, said[Verhouding.ANDERE_SECTOR]))
            if not row:
                lines.append(_double(x, y + 34, x, y + 116, dashed=True))
                lines.append(_text(x, y + 80, said[Verhouding.ANDERE_KETEN]))
    return _svg(680, 260, "Which ketenIDs may be joined", lines)


def _ellipse(x: float, y: float) -> str:
    return (
        f'<ellipse cx="{x:g}" cy="{y:g}" rx="68" ry="30" fill="#eef3f8" stroke="#345"/>'
    )


def _double(x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> str:
    how = ' stroke-dasharray="4 4"' if dashed else ' marker-start="url(#a)"'
    head = "" if dashed else ' marker-end="url(#a)"'
    return (
        f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#444"'
        f"{how}{head}/>"
    )


def _svg(wide: int, high: int, title: str, lines: Iterable[str]) -> str:
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
                'font-family="sans-serif" font-size="13" role="img">'
            ),
            f"<title>{title}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            (
                '<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" '
                'markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
                '<path d="M0 0L10 5L0 10z" fill="#444"/></marker></defs>'
            ),
            *lines,
            "</svg>\n",
        ]
    )


TABLES: Final[dict[Path, dict[str, Callable[[], str]]]] = {
    BOUNDARY: {
        "passage": passage,
        "joining": joining,
        "link": link,
        "sectors": sectors,
        "grounds": grounds,
    },
    LEVELS: {"rules": rules},
    ARCHITECTURE: {"tree": tree, "road": road},
    STABILITY: {"secrecy": secrecy},
}


def page(path: Path) -> str:
    """
    Return the text of a page with each drawn table as it is now.
    """
    text = path.read_text("utf-8")
    for name, draw in TABLES[path].items():
        place = re.compile(rf"(<!-- drawn: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not place.search(text):
            sys.exit(f"{path.name}: expected a place for {name}, got none")
        drawn = draw()
        text = place.sub(lambda found: f"{found[1]}{drawn}\n{found[2]}", text)  # noqa: B023  # used at once
    return text


def main() -> int:
    """
    Write the pages, or say whether they are as the tables are.
    """
    wanted = {
        **{path: page(path) for path in TABLES},
        HERE / "passage.svg": picture(),
        HERE / "joining.svg": boundary(),
        HERE / "floors.svg": floors(),
        HERE / "road.svg": stations(),
    }
    only = {word for word in sys.argv[1:] if word != "--check"}
    old = [
        path
        for path, text in wanted.items()
        if not only or path.name in only
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv[1:]:
        return 1 if old else 0
    for path in old:
        path.write_text(wanted[path], "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
