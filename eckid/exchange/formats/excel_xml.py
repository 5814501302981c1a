"""
What the XML of a workbook says, and its reader does not: what is hidden, what lacks.

`excel_child` runs this beside it in a process of its own, so it imports no room.
"""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import Any, Final, TypeAlias
from xml.parsers import expat

# A sheet has so many rows and columns (Excel specifications and limits, Microsoft).
_LONGEST: Final = 2**20
_WIDEST: Final = 2**14
_TRUE: Final = frozenset({"1", "true"})
_PIECE: Final = 2**16

# The attributes of an element.
_Attributes: TypeAlias = Mapping[str, str]


class Fault(Exception):  # noqa: N818  # it is a word, and no error that is shown
    """
    Why a workbook is refused: one word, which the other side has a sentence for.
    """


def looks_of(octets: bytes, asked: Mapping[str, Any]) -> "Mapping[str, Looked]":
    """
    Return what the XML says of each sheet that will be read; nothing of an .xls.
    """
    if not octets.startswith(b"PK"):
        return {}
    with _zip(octets, asked["unpacked"]) as archive:
        if "content.xml" in archive.namelist():
            looks: Mapping[str, Looked] = _Ods(archive).looks
        else:
            members = _members(archive)
            name, _ = chosen([found[:2] for found in members], asked["sheet"])
            member = next(found[2] for found in members if found[0] == name)
            looks = {name: _Xlsx(archive, member)}
    # Of an .ods the reader makes a grid of every sheet.
    if sum(looked.rows * looked.columns for looked in looks.values()) > asked["cells"]:
        raise Fault("cells")
    return looks


def chosen(sheets: Sequence[tuple[str, bool]], asked: str | None) -> tuple[str, bool]:
    """
    Return the sheet that is asked for; without a name the first one that shows.
    """
    for name, shown in sheets:
        # In a workbook no two names differ by their case alone.
        if shown if asked is None else name.casefold() == asked.casefold():
            return name, shown
    if asked is None and sheets:
        return sheets[0]
    raise Fault("no-sheet" if sheets else "damaged")


def _zip(octets: bytes, most: int) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(BytesIO(octets))
    members = archive.infolist()
    if sum(member.file_size for member in members) > most:
        raise Fault("unpacked")
    # Of two members with one name, one reader takes the first and another the last.
    names = {member.filename.replace("\\", "/").casefold() for member in members}
    if len(names) < len(members):
        raise Fault("damaged")
    if any(member.flag_bits & 1 for member in members) or (
        "META-INF/manifest.xml" in archive.namelist()
        and b"encryption-data" in archive.read("META-INF/manifest.xml")
    ):
        raise Fault("password")
    if "xl/workbook.bin" in names:
        raise Fault("binary")
    return archive


def _members(archive: zipfile.ZipFile) -> list[tuple[str, bool, str]]:
    """
    Return for each worksheet of an .xlsx its name, whether it shows, and its member.
    """
    targets: dict[str, str] = {}
    sheets: list[tuple[str, bool, str]] = []

    def relation(name: str, has: _Attributes) -> None:
        if name == "Relationship" and has.get("Type", "").endswith("/worksheet"):
            target = has.get("Target", "")
            inside = target.removeprefix("/") if target[:1] == "/" else f"xl/{target}"
            targets[has.get("Id", "")] = inside

    def sheet(name: str, has: _Attributes) -> None:
        if name == "sheet" and has.get("id", "") in targets:
            shown = has.get("state", "visible") == "visible"
            sheets.append((has.get("name", ""), shown, targets[has["id"]]))

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return sheets


def _parse(
    archive: zipfile.ZipFile,
    member: str,
    start: Callable[[str, _Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] = lambda _: None,
) -> None:
    """
    Stream one member of XML; names come without their namespaces.
    """
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise Fault("damaged")  # a document type could bring entities

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, has: start(
        _local(name), {_attribute(key): value for key, value in has.items()}
    )
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    known = {name.casefold(): name for name in archive.namelist()}
    with archive.open(known[member.casefold()]) as file:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)  # noqa: FBT003  # expat takes it by place only
        parser.Parse(b"", True)  # noqa: FBT003  # as above


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _attribute(name: str) -> str:
    # LibreOffice says the type of a cell twice, and of an error only in its own words.
    own = ":calcext:" in name
    return f"calcext {_local(name)}" if own else _local(name)


class Looked:
    """
    What the reader does not tell of a sheet, from the XML itself.

    Attributes:
        rows: How many rows the grid has that the reader makes of it.
        columns: How many columns the grid has.
        without: For each row the columns whose cells have no value of their own.
        hidden_rows: The rows that are hidden, from 0.
        hidden_columns: The columns that are hidden, from 0.
    """

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self.without: dict[int, set[int]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._left = _LONGEST

    def fill(self, rows: int, columns: int) -> None:
        """
        Note that a cell is filled: the last of so many rows and columns.
        """
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)

    def lack(self, rows: range, columns: range) -> None:
        """
        Note cells that have no value of their own.
        """
        # A few bytes may name the whole of a sheet.
        self._left -= len(rows) * len(columns)
        if self._left < 0:
            raise Fault("cells")
        for row in rows:
            self.without.setdefault(row, set()).update(columns)


class _Xlsx(Looked):
    """
    What the XML of one sheet of an .xlsx says.
    """

    def __init__(self, archive: zipfile.ZipFile, member: str) -> None:
        super().__init__()
        self._row = self._column = -1
        self._kind = self._inside = ""
        self._formula = self._filled = False
        starts = {"row": self._on_row, "c": self._on_cell, "col": self._on_column}

        def start(name: str, has: _Attributes) -> None:
            self._inside = name
            self._formula |= name == "f"
            if name in starts:
                starts[name](has)

        _parse(archive, member, start, self._end, self._text)

    def _on_row(self, has: _Attributes) -> None:
        self._row = int(has["r"]) - 1 if "r" in has else self._row + 1
        self._column = -1
        if has.get("hidden") in _TRUE:
            self.hidden_rows.add(self._row)

    def _on_column(self, has: _Attributes) -> None:
        if has.get("hidden") in _TRUE:
            last = min(int(has["max"]), _WIDEST)
            self.hidden_columns.update(range(int(has["min"]) - 1, last))

    def _on_cell(self, has: _Attributes) -> None:
        self._column = _column(has["r"]) if "r" in has else self._column + 1
        self._kind, self._formula, self._filled = has.get("t", ""), False, False

    def _text(self, _: str) -> None:
        self._filled |= self._inside in {"v", "t"}

    def _end(self, name: str) -> None:
        self._inside = ""
        if name != "c":
            return
        row, column = self._row, self._column
        if self._filled:
            self.fill(row + 1, column + 1)
        # A formula may have an empty text as its result; then its type is str.
        unsaved = self._formula and not self._filled and self._kind != "str"
        if self._kind == "e" or unsaved:
            self.lack(range(row, row + 1), range(column, column + 1))


class _Ods:
    """
    What the XML of an .ods says of each of its sheets.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.looks: dict[str, Looked] = {}
        self._looked = Looked()
        self._column = self._defined = self._depth = 0
        self._rows = range(0)
        starts: dict[str, Callable[[_Attributes], None]] = {
            "table-column": self._on_column,
            "table-row": self._on_row,
            "table-cell": self._on_cell,
            "covered-table-cell": partial(self._on_cell, covered=True),
        }

        def start(name: str, has: _Attributes) -> None:
            if name == "table":
                self._on_table(has)
            elif name in starts and self._depth == 1:  # deeper is a table in a cell
                starts[name](has)

        _parse(archive, "content.xml", start, self._end)

    def _on_table(self, has: _Attributes) -> None:
        self._depth += 1
        if self._depth == 1:
            self._looked = self.looks.setdefault(has.get("name", ""), Looked())
            self._rows, self._defined = range(0), 0

    def _on_column(self, has: _Attributes) -> None:
        first, self._defined = self._defined, self._defined + _many(has, "columns")
        if has.get("visibility", "visible") != "visible":
            self._looked.hidden_columns.update(range(first, self._defined)[:_WIDEST])

    def _on_row(self, has: _Attributes) -> None:
        first, self._column = self._rows.stop, 0
        self._rows = range(first, first + _many(has, "rows"))
        if has.get("visibility", "visible") != "visible":
            self._looked.hidden_rows.update(self._rows[:_LONGEST])

    def _on_cell(self, has: _Attributes, *, covered: bool = False) -> None:
        first, self._column = self._column, self._column + _many(has, "columns")
        kind = has.get("value-type", "")
        if covered or kind:
            self._looked.fill(self._rows.stop, self._column)
        error = has.get("calcext value-type") == "error"
        if covered or error or ("formula" in has and not kind):
            self._looked.lack(self._rows, range(first, self._column))

    def _end(self, name: str) -> None:
        self._depth -= name == "table"


def _many(has: _Attributes, what: str) -> int:
    return int(has.get(f"number-{what}-repeated", "1"))


def _column(reference: str) -> int:
    """
    Return the column of a reference such as AB12, from 0.

    >>> _column("A1"), _column("AB12"), _column("XFD1048576")
    (0, 27, 16383)
    """
    found = 0
    for sign in reference.rstrip("0123456789"):
        found = 26 * found + ord(sign) - 64
    return found - 1
