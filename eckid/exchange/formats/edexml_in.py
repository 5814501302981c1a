"""
Reading EDEXML (UWLR 2.2), as a stream.

The file of a whole school can be read; unknown elements are skipped. A file with a
document type is refused, and nothing outside the file is ever loaded.
"""

from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from eckid._core.bounds import CELL, DEPTH, ELEMENTS, OTHERS
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, as_record
from eckid.exchange.formats.days import Dated
from eckid.exchange.formats.edexml import NAMESPACE, PUPIL, TEACHER, School
from eckid.exchange.formats.kinds import load_lxml
from eckid.exchange.formats.lengths import within
from eckid.exchange.rows import RijReden, Weigering

if TYPE_CHECKING:
    from lxml import etree


_FIELDS: Final = {Wie.LEERLING: frozenset(PUPIL), Wie.LEERKRACHT: frozenset(TEACHER)}

Opener = Callable[[], BinaryIO]

_COLUMNS: Final = ("key", "eckid", *PUPIL, "rol", "rolomschrijving", "groepen")


class Edexml(Dated):
    """
    An EDEXML file: its school, groups, columns and persons.

    Iterating reads the file again, and gives a `Record` or a `Weigering` for each
    pupil and teacher, in the order of the file.

    Args:
        opener: Opens the file for reading bytes; it is called for each reading.

    Attributes:
        encoding: Always "XML": the file itself states its encoding.
        columns: The attributes that at least one person in the file has.
        line: Always 1, since XML has no line of headings.
        school: The school; None if the file does not describe it completely.
        days: The order of day, month and year; None decides it for each column.

    Raises:
        eckid.errors.ExchangeError: If the file is not EDEXML or not well-formed, has
            a document type, or the extra ``edexml`` is not installed.
        OSError: If the file cannot be read.
    """

    __slots__ = ("_brin", "_groups", "_opener", "columns", "encoding", "line", "school")

    def __init__(self, opener: Opener) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self._opener = opener
        self.encoding = "XML"
        self.line = 1
        self.school: School | None = None
        self._brin = ""
        self._groups: dict[str, str] = {}
        there: dict[str, set[str]] = {kind.value: set() for kind in Wie}
        for element, size in _elements(opener):
            name = _local(element)
            if name == "school":
                self._read_school(element)
            elif name in {"groep", "samengestelde_groep"}:
                naam = _child(element, "naam")
                self._groups[f"{name} {element.get('key', '')}"] = naam
            else:
                cells = self._cells(element, size, Wie(name))
                if not isinstance(cells, RijReden):
                    there[name].update(column for column, cell in cells.items() if cell)
        pupils, teachers = (there[kind.value] for kind in Wie)
        if "eckid" in pupils | teachers:
            # A received file needs no numbers, so teachers get no stand-in number.
            self._brin = ""
            teachers.discard("bsn")
        self.columns = tuple(c for c in _COLUMNS if c in pupils | teachers)

    def __iter__(self) -> Iterator[Record | Weigering]:
        return within(self._records(), self.columns)

    def _records(self) -> Iterator[Record | Weigering]:
        seen: set[int] = set()
        record = 0
        for element, size in _elements(self._opener):
            kind = _local(element)
            if kind not in {"leerling", "leerkracht"}:
                continue
            record += 1
            line = _line(element)
            keys = {
                hash((kind, name, element.get(name)))
                for name in ("key", "eckid")
                if element.get(name)
            }
            cells = self._cells(element, size, Wie(kind))
            if keys & seen:
                yield Weigering(record, line, None, RijReden.KEY_TWICE)
            elif isinstance(cells, RijReden):
                yield Weigering(record, line, None, cells)
            else:
                row = [cells.get(name) for name in self.columns]
                yield as_record(record, line, row, Wie(kind))
            seen |= keys

    @property
    def groepen(self) -> tuple[str, ...]:
        """
        The names of the groups, ordinary and composite, in the order of the file.
        """
        return tuple(self._groups.values())

    def _read_school(self, element: "etree._Element") -> None:
        found = {
            name: _child(element, name) or None
            for name in ("schooljaar", "brincode", "dependancecode", "schoolkey")
        }
        self._brin = found["brincode"] or ""
        with suppress(ExchangeError):  # an incomplete school is of no use
            self.school = School(
                schooljaar=found["schooljaar"] or "",
                brincode=found["brincode"],
                dependancecode=found["dependancecode"],
                schoolkey=found["schoolkey"],
            )

    def _cells(
        self, element: "etree._Element", size: int, wie: Wie
    ) -> dict[str, str] | RijReden:
        """
        Return the cells of one person, or why the person is refused.
        """
        if size > ELEMENTS.most:
            return RijReden.TOO_LONG
        fields = _FIELDS[wie]
        cells = _texts(element, fields)
        eckid = element.get("eckid", "").strip()
        cells["eckid"] = eckid
        # Beside a ketenID, the key only numbers the persons of this file.
        cells["key"] = "" if eckid else element.get("key", "").strip()
        if wie is Wie.LEERLING:
            groups = {
                "groep": _references(element, "groep"),
                "samengestelde_groepen": _references(
                    element.find(f"{{{NAMESPACE}}}samengestelde_groepen"),
                    "samengestelde_groep",
                ),
            }
        else:
            own = element.find(f"{{{NAMESPACE}}}groepen")
            groups = {
                "groepen": [
                    *_references(own, "groep"),
                    *_references(own, "samengestelde_groep"),
                ]
            }
            if self._brin and cells.get("emailadres") and not eckid:
                # EDEXML has no number for teachers: BRIN and e-mail stand in for it.
                cells["bsn"] = f"{self._brin} {cells['emailadres']}"
        for name, references in groups.items():
            if not all(reference in self._groups for reference in references):
                return RijReden.GROEP
            names = [self._groups[reference] for reference in references]
            # One long name stands once in the file, and may be named by everybody.
            if sum(map(len, names)) > CELL.most:
                return RijReden.TOO_LONG
            cells[name] = ", ".join(names)
        return cells


def _references(element: "etree._Element | None", name: str) -> list[str]:
    if element is None:
        return []
    return [
        f"{name} {found.get('key', '')}"
        for found in element.findall(f"{{{NAMESPACE}}}{name}")
    ]


def _line(element: "etree._Element") -> int:
    found: Any = element.sourceline
    return int(found or 1)


def _local(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: "etree._Element", name: str) -> str:
    return _texts(element, frozenset({name})).get(name, "")


def _texts(element: "etree._Element", names: Container[str]) -> dict[str, str]:
    """
    Return the text of each child element that has one of *names*.
    """
    texts: dict[str, list[str]] = {}
    for child in element:
        namespace, _, name = str(child.tag).rpartition("}")
        text = (child.text or "").strip()
        if text and name in names and namespace == _WITHIN:
            texts.setdefault(name, []).append(text)
    # An element that occurs more than once, such as rol, fills one cell.
    return {name: ", ".join(found) for name, found in texts.items()}


_WITHIN: Final = f"{{{NAMESPACE}"
# What may stand in a person, a group or a school; anything else is another element.
_KNOWN: Final = frozenset(
    f"{_WITHIN}}}{name}"
    for name in (
        *_COLUMNS,
        *("samengestelde_groep", "naam", "omschrijving", "schooljaar", "peildatum"),
        *("brincode", "dependancecode", "schoolkey", "aanmaakdatum", "auteur"),
        *("xsdversie", "commentaar", "toevoegingen"),
    )
)

# Each element that is read, with the parent that it must have.
_READ: Final = {
    "school": "leerlinggegevens",
    "groep": "groepen",
    "samengestelde_groep": "groepen",
    "leerling": "leerlingen",
    "leerkracht": "leerkrachten",
}


def _elements(opener: Opener) -> "Iterator[tuple[etree._Element, int]]":
    """
    Yield the school, groups, pupils and teachers, and free each after use.

    With each comes how many elements it has.
    """
    lxml = load_lxml()
    with opener() as file:
        found = _parsed(file, lxml)
        while True:
            line = 0
            try:
                element, size = next(found)
            except StopIteration:
                return
            except lxml.XMLSyntaxError as error:
                # The message of lxml may quote the file, so only the line is kept.
                line = error.lineno or 1
            if line:
                raise ExchangeError(
                    f"line {line}: expected well-formed XML, got a fault or its end",
                    line=line,
                )
            yield element, size
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]  # type: ignore[union-attr]  # it has one


def _parsed(
    file: BinaryIO,
    lxml: Any,  # noqa: ANN401  # a module
) -> "Iterator[tuple[etree._Element, int]]":
    events = lxml.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Any = None
    reading: Any = None
    # How deep it is, and the elements of what is being read, and those of nothing.
    depth = size = others = 0
    for event, element in events:
        if event == "end":
            depth -= 1
            if element is reading:
                reading = None
                yield element, size
            continue
        if root is None:
            root = element
            _check_root(element)
        depth += 1
        if reading is not None:
            size += 1
            others += element.tag not in _KNOWN
        elif _is_read(element, root):
            reading, size = element, 0
        else:
            others += 1
        if depth > DEPTH.most or size + others > OTHERS.most:
            bound = DEPTH if depth > DEPTH.most else OTHERS
            line = _line(element)
            raise ExchangeError(f"line {line}: {bound.beyond()}", line=line)


def _is_read(element: "etree._Element", root: "etree._Element") -> bool:
    parent = element.getparent()
    return (
        parent is not None
        and _READ.get(_local(element)) == _local(parent)
        # Persons and groups are two levels below the root, the school one.
        and (parent is root or parent.getparent() is root)
        and str(element.tag).startswith(f"{{{NAMESPACE}}}")
    )


def _check_root(element: "etree._Element") -> None:
    info: Any = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise ExchangeError(
            "expected XML without a document type, got one: it could bring entities",
            line=1,
        )
    if element.tag != f"{{{NAMESPACE}}}leerlinggegevens":
        raise ExchangeError(
            "expected EDEXML: leerlinggegevens in the namespace of UWLR 2.2", line=1
        )
