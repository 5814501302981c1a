"""
Reading EDEXML (UWLR 2.2, and EDEX of EDEXML 1.0.3 to 2.1): its school and persons.

The file of a whole school can be read, as a stream; unknown elements are skipped.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from eckid._core.bounds import CELL, ELEMENTS
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, as_record
from eckid.exchange.formats.days import Dated, DayOrder, readings
from eckid.exchange.formats.edexml import PUPIL, TEACHER, School, schooljaar_of
from eckid.exchange.formats.edexml_tree import (
    Opener,
    elements,
    line_of,
    space_and_name,
)
from eckid.exchange.formats.groups import LISTS, Key, joined, marked
from eckid.exchange.formats.lengths import within
from eckid.exchange.rows import RijReden, Weigering

if TYPE_CHECKING:
    from lxml import etree


_Names: TypeAlias = tuple[str, ...] | frozenset[str]

_FIELDS: Final = {Wie.LEERLING: frozenset(PUPIL), Wie.LEERKRACHT: frozenset(TEACHER)}
_COLUMNS: Final = ("key", "eckid", *PUPIL, "rol", "rolomschrijving", "groepen")
# The attribute of each element that has another name.
_NAMED: Final = dict.fromkeys(
    ("postcodenl", "postnummerbe", "postcodeoverig"), "postcode"
)
# A person may have these more than once; they fill one cell, as a list.
_MANY: Final = frozenset({"rol", "rolomschrijving"})
# The elements that refer to a group, and to a branch.
_GROUPS: Final = ("groep", "samengestelde_groep")
_BRANCH: Final = "vestiging"
# What refers to them in a pupil.
_OF_PUPIL: Final = ("groep", "samengestelde_groepen", _BRANCH)

# An xs:integer of one digit may have a sign, and zeros before it.
_DIGIT: Final = re.compile(r"[-+]?0*([0-9])")

# The versions of EDEX whose persons and groups have the same elements.
_VERSIONS: Final = re.compile(r"1\.0\.?3|2\.[01](?:\.[0-9]+)?")
_PLAIN_VERSION: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}")


class _Group(NamedTuple):
    """
    A group of the file: its name and its year; a composite group has no year.
    """

    naam: str
    jaargroep: str


_NO_YEARS: Final = (
    "schooljaar: expected two years that follow, got another; say with --schooljaar "
    "which, if EDEXML is to be written"
)
_NO_DAY: Final = (
    "peildatum: expected a day such as 2026-11-24, got another; where EDEXML is "
    "written, it has the day of the release"
)


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
        about: What the file says of its school, as `School` takes it.
        school: The school; None if the file does not describe it completely.
        told: Sentences on what the file says of its school and cannot be read.
        days: The order of day, month and year; None decides it for each column.

    Raises:
        eckid.errors.ExchangeError: If the file is not EDEXML or not well-formed, has
            a document type, or the extra ``edexml`` is not installed.
        OSError: If the file cannot be read.
    """

    __slots__ = (
        "_brin",
        "_groups",
        "_opener",
        "_said",
        "about",
        "columns",
        "encoding",
        "line",
        "school",
        "told",
    )

    def __init__(self, opener: Opener) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self._opener = opener
        self.encoding = "XML"
        self.line = 1
        self.school: School | None = None
        self.about: Mapping[str, Any] = {}
        self.told: tuple[str, ...] = ()
        self._brin = ""
        self._groups: dict[Key, _Group] = {}
        # What a cell says of each group; nothing where the file does not say one group.
        self._said: dict[Key, str] = {}
        there: dict[str, set[str]] = {kind.value: set() for kind in Wie}
        for element, size in elements(opener):
            name = space_and_name(element)[1]
            if name == "school":
                self._read_school(element)
            elif name in {*_GROUPS, _BRANCH}:
                self._read_group(name, element)
            else:
                wie = Wie(name)
                cells = self._cells(element, size, wie)
                # Whoever is refused has columns too, or the list would seem another.
                if isinstance(cells, RijReden):
                    there[name].update(_texts(element, _FIELDS[wie]))
                else:
                    there[name].update(column for column, cell in cells.items() if cell)
        self._said = _marked(self._said)
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
        for element, size in elements(self._opener):
            kind = space_and_name(element)[1]
            if kind not in {"leerling", "leerkracht"}:
                continue
            record += 1
            line = line_of(element)
            keys = {
                hash((kind, name, key))
                for name in ("key", "eckid")
                if (key := element.get(name, "").strip())
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
        return tuple(
            group.naam for (kind, _), group in self._groups.items() if kind != _BRANCH
        )

    def _read_school(self, element: "etree._Element") -> None:
        names = ("schooljaar", "brincode", "dependancecode", "schoolkey", "peildatum")
        found = {name: _child(element, name) or None for name in names}
        version = _child(element, "xsdversie")
        older = space_and_name(element)[0] == ""
        if older and version and not _VERSIONS.fullmatch(version):
            line = line_of(element)
            said = version if _PLAIN_VERSION.fullmatch(version) else "another"
            raise ExchangeError(
                f"line {line}: expected EDEX of EDEXML 1.0.3 to 2.1, got version "
                f"{said}; export UWLR 2.2 instead",
                line=line,
            )
        self._brin = found["brincode"] or ""
        said = found["schooljaar"] or ""
        days = readings(found["peildatum"] or "", today=date.min)
        peildatum = days.get(DayOrder.YMD)
        if said and schooljaar_of(said) is None:
            self.told += (_NO_YEARS,)
        if found["peildatum"] and peildatum is None:
            self.told += (_NO_DAY,)
        self.about = {**found, "schooljaar": said, "peildatum": peildatum}
        with suppress(ExchangeError):  # an incomplete school is of no use
            self.school = School(**self.about)

    def _read_group(self, kind: str, element: "etree._Element") -> None:
        key = kind, element.get("key", "")
        naam = _child(element, "naam")
        # With two groups of one key, nobody knows which of them a person is in.
        self._said[key] = "" if key in self._groups else naam
        self._groups[key] = _Group(naam, _child(element, "jaargroep"))

    def _cells(
        self, element: "etree._Element", size: int, wie: Wie
    ) -> dict[str, str] | RijReden:
        """
        Return the cells of one person, or why the person is refused.
        """
        if size > ELEMENTS.most:
            return RijReden.TOO_LONG
        cells: dict[str, str] = {}
        for name, texts in _texts(element, _FIELDS[wie]).items():
            if len(texts) > 1 and name not in _MANY:
                return RijReden.VALUE
            cells[name] = joined(texts) if name in _MANY else _plain(name, texts[0])
        eckid = element.get("eckid", "").strip()
        cells["eckid"] = eckid
        # Beside a ketenID, the key only numbers the persons of this file.
        cells["key"] = "" if eckid else element.get("key", "").strip()
        if (
            wie is Wie.LEERKRACHT
            and self._brin
            and cells.get("emailadres")
            and not eckid
        ):
            # EDEXML has no number for teachers: BRIN and e-mail stand in for it.
            cells["bsn"] = f"{self._brin} {cells['emailadres']}"
        for name, keys in _references(element, wie).items():
            groups = [self._said.get(key, "") for key in keys]
            if not all(groups):
                return RijReden.GROEP
            if len(groups) > 1 and name not in LISTS:
                return RijReden.VALUE
            # One long name stands once in the file, and may be named by everybody.
            if sum(map(len, groups)) > CELL.most:
                return RijReden.TOO_LONG
            cells[name] = joined(groups) if name in LISTS else "".join(groups)
            if name == "groep" and keys:
                cells.setdefault("jaargroep", self._groups[keys[0]].jaargroep)
        return cells


def _marked(said: Mapping[Key, str]) -> dict[Key, str]:
    named = {key: naam for key, naam in said.items() if naam}
    branches = {key: naam for key, naam in named.items() if key[0] == _BRANCH}
    groups = {key: naam for key, naam in named.items() if key[0] != _BRANCH}
    return marked(groups) | marked(branches)


def _plain(name: str, text: str) -> str:
    """
    Return a value as other formats have it: a code as a digit.
    """
    digit = _DIGIT.fullmatch(text) if name == "geslacht" else None
    return text if digit is None else digit[1]


def _references(element: "etree._Element", wie: Wie) -> dict[str, list[Key]]:
    """
    Return the groups, and the branch, that a person refers to, by attribute.
    """
    space, _ = space_and_name(element)
    if wie is Wie.LEERKRACHT:
        own = element.find(f"{space}groepen")
        return {"groepen": [key for kind in _GROUPS for key in _children(own, kind)]}
    found: dict[str, list[Key]] = {name: [] for name in _OF_PUPIL}
    tags, composite = _tags(space, _OF_PUPIL), None
    for child in element:
        name = tags.get(str(child.tag))
        if name == "samengestelde_groepen":
            composite = child if composite is None else composite
        elif name is not None:
            found[name].append((name, child.get("key", "")))
    found["samengestelde_groepen"] += _children(composite, "samengestelde_groep")
    return found


def _children(element: "etree._Element | None", name: str) -> Iterator[Key]:
    if element is not None:
        space, _ = space_and_name(element)
        for found in element.findall(f"{space}{name}"):
            yield name, found.get("key", "")


@cache
def _tags(space: str, names: _Names) -> Mapping[str, str]:
    """
    Return the attribute of each element that has one of *names*, by its full name.
    """
    others = {tag: name for tag, name in _NAMED.items() if name in names}
    return {
        f"{space}{tag}": name
        for tag, name in (*((name, name) for name in names), *others.items())
    }


def _texts(element: "etree._Element", names: _Names) -> dict[str, list[str]]:
    """
    Return the texts of the child elements that have one of *names*.
    """
    texts: dict[str, list[str]] = {}
    tags = _tags(space_and_name(element)[0], names)
    for child in element:
        name = tags.get(str(child.tag))
        if name is not None:
            text = (child.text or "").strip()
            if text:
                texts.setdefault(name, []).append(text)
    return texts


def _child(element: "etree._Element", name: str) -> str:
    return next(iter(_texts(element, (name,)).get(name, ())), "")
