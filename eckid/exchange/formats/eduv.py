"""
Students of Edu-V (Students API 1.1.0): reading and writing them as JSON.

A file is a JSON list of students. The policy decides what each scope may release;
this module knows the API's names for it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

from eckid._core.bounds import HELD, VALUES, octets_within
from eckid._core.values import is_text
from eckid.attributes import CATALOGUE, NAMES_OF, Kenmerk, kopje
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record, as_record
from eckid.exchange.formats.days import Dated
from eckid.exchange.formats.lengths import within
from eckid.exchange.rows import RijReden, Weigering
from eckid.policy.vorm import day

Opener = Callable[[], BinaryIO]

# The API's name for each attribute. Where a student has a preferredFirstName, that is
# the roepnaam. It is not written: the API demands givenName, and one first name is
# enough.
_NAMES: Final = {
    "eckid": "userMasterIdentifier",
    "roepnaam": "givenName",
    "voorvoegsel": "familyNamePrefix",
    "achternaam": "familyName",
    "geboortedatum": "dateOfBirth",
    "geslacht": "gender",
    "emailadres": "email",
}
_ID_TYPES: Final = {
    "neppi": "NEPPI",
    "basispoort_id": "BPI",
    "eduid": "eduID",
    "nepri": "NEPRI",
}
# NEN-ISO 5218; its code 9, not applicable, has no known counterpart in the API. It has
# none for other.
_GENDER: Final = {"0": "unspecified", "1": "male", "2": "female", "other": "other"}

# What would be a number in a file that may have none, by its heading.
_PGN: Final = frozenset(
    head
    for naam in NAMES_OF[Kenmerk.PGN]
    for head in (kopje(naam), *CATALOGUE[naam].kopjes)
)
# The fields that are read.
_READ: Final = (*_NAMES.values(), "preferredFirstName")
_ATTRIBUTES: Final = {api: name for name, api in _NAMES.items()}
_OF_TYPE: Final = {api: name for name, api in _ID_TYPES.items()}
_OF_GENDER: Final = {api: code for code, api in _GENDER.items()}


def misfit(wie: Wie, attributen: Mapping[str, str]) -> str | None:
    """
    Return the first attribute that Edu-V has no place for, or that does not fit.

    Args:
        wie: Whether it is a pupil (leerling) or a teacher (leerkracht); the format
            has pupils only.

        attributen: The attributes to write, as text.

    Returns:
        The name of the attribute that does not fit or is lacking; None if all fit.
    """
    if wie is not Wie.LEERLING:
        return "eckid"
    for name, value in attributen.items():
        if (name not in _NAMES and name not in _ID_TYPES) or not is_text(value):
            return name
        if name == "geslacht" and value not in _GENDER:
            return name
        if name == "geboortedatum" and day(value) is None:
            return name
    for name in ("roepnaam", "achternaam"):
        if name not in attributen:
            return name
    return None if {"eckid", *_ID_TYPES} & attributen.keys() else "eckid"


def write_students(
    file: BinaryIO, rows: Iterable[tuple[Wie, Mapping[str, str]]]
) -> None:
    """
    Write *rows* as a JSON list of students.

    Args:
        file: The file, open for writing bytes.

        rows: For each person: pupil or teacher, and the attributes as text.

    Raises:
        eckid.errors.ExchangeError: If a row does not fit; nothing is written then.
    """
    students = []
    for wie, attributen in rows:
        wrong = misfit(wie, attributen)
        if wrong is not None:
            raise ExchangeError(f"{wrong}: expected a value that Edu-V has a place for")
        students.append(_student(attributen))
    text = json.dumps(students, ensure_ascii=False)
    file.write(text.encode("utf-8") + b"\n")


def _student(attributen: Mapping[str, str]) -> dict[str, object]:
    student: dict[str, object] = {
        api: attributen[name] for name, api in _NAMES.items() if name in attributen
    }
    if "geslacht" in attributen:
        student["gender"] = _GENDER[attributen["geslacht"]]
    ids = [
        {"userId": attributen[name], "userIdType": api}
        for name, api in _ID_TYPES.items()
        if name in attributen
    ]
    return student | ({"userIds": ids} if ids else {})


class Students(Dated):
    """
    A JSON file of Edu-V students, held in memory.

    Iterating gives a `Record` or a `Weigering` for each student, in order.

    Args:
        opener: Opens the file for reading bytes.

    Attributes:
        encoding: Always utf-8-sig: UTF-8, with or without BOM.
        columns: The attribute of each cell.
        line: Always 1, since lines mean nothing in JSON.
        days: The order of day, month and year; None decides it for each column.

    Raises:
        eckid.errors.ExchangeError: If the file is not a JSON list, is larger than
            64 MiB, or has too many values.
        OSError: If the file cannot be read.
    """

    __slots__ = ("_students", "columns", "encoding", "line")

    def __init__(self, opener: Opener) -> None:
        if not callable(opener):
            raise TypeError(f"opener: expected a callable, got {type(opener).__name__}")
        self.encoding = "utf-8-sig"
        self.line = 1
        with opener() as file:
            octets = octets_within(
                file,
                HELD,
                lambda _: ExchangeError(f"expected at most {HELD.shown} of JSON"),
            )
        # A value of a few bytes takes many in memory, so they are counted before.
        if sum(map(octets.count, (b",", b"[", b"{"))) > VALUES.most:
            raise ExchangeError(VALUES.beyond(), line=1)
        raw: Any = None
        with suppress(ValueError, RecursionError):  # bad JSON or UTF-8, or a double key
            raw = json.loads(
                octets.decode("utf-8-sig"), object_pairs_hook=_once, parse_int=_no_text
            )
        if not isinstance(raw, list):
            raise ExchangeError(
                "expected a JSON list of Edu-V students; ask for it again", line=1
            )
        self._students = raw
        self.columns = (*_NAMES, *_ID_TYPES)

    def __iter__(self) -> Iterator[Record | Weigering]:
        return within(self._records(), self.columns)

    def _records(self) -> Iterator[Record | Weigering]:
        seen: set[str] = set()
        for record, raw in enumerate(self._students, 1):
            cells = _cells(raw)
            # Lines mean nothing in JSON, so the line of each refusal is 1.
            if cells is None:
                yield Weigering(record, 1, None, RijReden.FORMAT)
                continue
            eckid = cells.get("eckid", "")
            if eckid and eckid in seen:
                yield Weigering(record, 1, None, RijReden.KEY_TWICE)
                continue
            seen.add(eckid)
            yield as_record(record, 1, [cells.get(name) for name in self.columns])


# What stands for a number: neither a text nor nothing.
_NUMBER: Final = object()


def _no_text(_: str) -> object:
    # A number is no text, whatever it is. To read one of many digits takes long.
    return _NUMBER


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a key stands twice")
    return table


def _cells(raw: object) -> dict[str, str] | None:
    """
    Return the cells of one student; None where the form is not the API's.

    What the API has beyond our attributes is passed over, and so is a null; a number is
    not.
    """
    if not isinstance(raw, dict) or any(kopje(str(key)) in _PGN for key in raw):
        return None
    known = {api: raw[api] for api in _READ if raw.get(api) is not None}
    ids = raw.get("userIds") or []
    if not isinstance(ids, list) or not all(isinstance(v, str) for v in known.values()):
        return None
    preferred = str(known.pop("preferredFirstName", "")).strip()
    cells = {_ATTRIBUTES[key]: str(value).strip() for key, value in known.items()}
    if preferred:
        cells["roepnaam"] = preferred
    if "geslacht" in cells:
        if cells["geslacht"] not in _OF_GENDER:
            return None
        cells["geslacht"] = _OF_GENDER[cells["geslacht"]]
    for found in ids:
        if not isinstance(found, dict) or kopje(str(found.get("userIdType"))) in _PGN:
            return None
        kind, value = _OF_TYPE.get(str(found.get("userIdType"))), found.get("userId")
        # A type that we have no attribute for, such as ASI.
        if kind is None or value is None:
            continue
        if kind in cells or not isinstance(value, str):
            return None
        cells[kind] = value
    return cells
