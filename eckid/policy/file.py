"""
The file of a policy: TOML in, rules out; an unknown key is refused.

An error names file, line and key, what was expected, and the kind and size of what was
found. It does not repeat the text, because the file given may be another file than a
policy.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from enum import Enum
from typing import Any, Final, NamedTuple, TypeVar

from eckid.attributes import FORMER
from eckid.doel import Doel, Ontvanger, Wie
from eckid.errors import PolicyError
from eckid.policy.regel import Afwijking, Eis, Regel, Vorm

E = TypeVar("E", bound=Enum)

# Kind of each key, and whether it may be absent.
_DEFAULTS: Final = {
    "doelen": (list, True),
    "ontvangers": (list, True),
    "wie": (list, True),
    "bron": (str, True),
    "zekerheid": (str, True),
    "rechtsregels": (list, True),
    "tekst": (str, True),
}
_POLICY: Final = {
    "naam": (str, False),
    "versie": (str, False),
    "status": (str, False),
    "breidt_uit": (str, True),
    "scopes": (list, True),
    "een_van": (list, True),
    **_DEFAULTS,
    "afwijking": (dict, True),
    "regel": (list, False),
}
_AFWIJKING: Final = {
    "doel": (str, False),
    "verwerkersovereenkomst": (str, False),
    "motivering": (str, False),
    "besloten_door": (str, False),
    "tot": (date, False),
}
_REGEL: Final = {
    "attribuut": (str, False),
    "eis": (str, False),
    "doelen": (list, False),
    "ontvangers": (list, False),
    "wie": (list, True),
    "rollen": (list, True),
    "scope": (str, True),
    "met": (list, True),
    "zonder": (list, True),
    "voorwaarde": (str, True),
    "vorm": (str, True),
    "als": (str, True),
    "bron": (str, False),
    "zekerheid": (str, False),
    "rechtsregels": (list, True),
    "tekst": (str, True),
    "motivering": (str, False),
    "motivation": (str, False),
}
_MEMBERS: Final[Mapping[str, type[Enum]]] = {
    "doelen": Doel,
    "ontvangers": Ontvanger,
    "wie": Wie,
}


class _Place(NamedTuple):
    """
    A place in the file: a table, and its number among tables of that name.
    """

    file: str
    lines: tuple[str, ...]
    table: str = ""
    number: int = 0

    def fault(self, key: str, said: str) -> PolicyError:
        table = f"{self.table} {self.number}" if self.number else self.table
        parts = (self.file, f"line {self.line(key)}", table, key)
        return PolicyError(f"{', '.join(filter(None, parts))}: {said}")

    def line(self, key: str) -> int:
        """
        Return the line on which *key* stands, or else the line of its table.
        """
        # The reader of TOML gives no line numbers. Text over several lines that looks
        # like a table could make the line wrong, but nothing else.
        table, number, found = "", 0, 0
        for n, line in enumerate(self.lines, 1):
            if head := re.match(r"\s*\[\[?\s*(\w+)\s*\]\]?", line):
                table = head[1]
                number += table == self.table
            if (table, number) != (self.table, self.number or (self.table != "")):
                continue
            found = found or n
            if re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                return n
        return found or 1


def read_beleid(octets: bytes, file: str) -> dict[str, Any]:
    """
    Return the fields of the policy in a file; `breidt_uit` is still a name.

    Args:
        octets: The content of the file.

        file: Its name, for errors.

    Raises:
        eckid.errors.PolicyError: If the content is not exactly the TOML of a policy.
    """
    import tomllib  # noqa: PLC0415  # only loading needs it

    raw: dict[str, Any] | None = None
    line = "1"
    try:
        text = octets.decode("utf-8")
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Only the line number is taken from this error; its words may repeat the file.
        line = "".join(re.findall(r"\(at line ([0-9]+)", str(error))[-1:]) or line
    if raw is None:
        raise PolicyError(f"{file}, line {line}: expected TOML in UTF-8")
    top = _Place(file, tuple(text.splitlines()))
    table = _fields(top, raw, _POLICY)
    defaults = {key: table.pop(key) for key in _DEFAULTS if key in table}
    table["scopes"] = _names(top, "scopes", table.get("scopes", []))
    een_van = table.get("een_van", [])
    if not all(isinstance(names, list) and len(names) > 1 for names in een_van):
        raise top.fault("een_van", "expected lists of two names or more")
    table["een_van"] = tuple(_attributen(top, "een_van", names) for names in een_van)
    if "afwijking" in table:
        table["afwijking"] = _afwijking(
            _Place(file, top.lines, "afwijking"), table["afwijking"]
        )
    table["regels"] = tuple(
        _regel(_Place(file, top.lines, "regel", n), row, defaults)
        for n, row in enumerate(table.pop("regel", []), 1)
    )
    return table


def line_of(octets: bytes, fault: str) -> int:
    """
    Return the line of the file that *fault* is about.

    That is the line of the attribute or key with which *fault* begins, or else the line
    of ``breidt_uit``, or else the first.
    """
    attribuut = re.escape(fault.partition(":")[0])
    lines = octets.decode("utf-8").splitlines()
    named = rf'attribuut"?\s*=\s*["\']{attribuut}["\']'
    for form in (named, rf'{attribuut}"?\s*=', "breidt_uit"):
        for n, line in enumerate(lines, 1):
            if re.match(rf'\s*"?{form}', line):
                return n
    return 1


def _fields(
    place: _Place, raw: object, wanted: Mapping[str, tuple[type, bool]]
) -> dict[str, Any]:
    """
    Return *raw* as a table with no other keys than *wanted*, and all that it must have.
    """
    if not isinstance(raw, dict):
        raise place.fault("", f"expected a table, got {type(raw).__name__}")
    if unknown := [key for key in raw if key not in wanted]:
        known = " ".join(wanted)
        # The error does not name the key, which may be anything, but its line.
        line = place.line(unknown[0])
        raise place.fault(
            "", f"expected one of {known}, got another key on line {line}"
        )
    for key, (kind, optional) in wanted.items():
        if key not in raw and not optional:
            raise place.fault(key, f"expected {kind.__name__}, got nothing")
        if key in raw and type(raw[key]) is not kind:
            got = type(raw[key]).__name__
            raise place.fault(key, f"expected {kind.__name__}, got {got}")
    return dict(raw)


def _regel(place: _Place, raw: object, defaults: Mapping[str, Any]) -> Regel:
    if isinstance(raw, dict):
        # The link belongs to the source: a rule that names another source does not get
        # it.
        keys = defaults.keys() - ({"tekst"} if "bron" in raw else set())
        raw = {**{key: defaults[key] for key in keys}, **raw}
    row = _fields(place, raw, _REGEL)
    for key, members in _MEMBERS.items():
        if key in row:
            found = [_member(place, key, value, members) for value in row[key]]
            row[key] = frozenset(found)
    row["attribuut"] = FORMER.get(row["attribuut"], row["attribuut"])
    for key, names in (
        ("rollen", _names),
        ("met", _attributen),
        ("zonder", _attributen),
    ):
        if key in row:
            row[key] = frozenset(names(place, key, row[key]))
    if "rechtsregels" in row:
        row["rechtsregels"] = _names(place, "rechtsregels", row["rechtsregels"])
    row["eis"] = _member(place, "eis", row["eis"], Eis)
    if "vorm" in row:
        row["vorm"] = _member(place, "vorm", row["vorm"], Vorm)
    fault = ""
    try:
        return Regel(**row)
    except PolicyError as error:
        fault = str(error)
    raise place.fault("", fault)


def _afwijking(place: _Place, raw: dict[str, Any]) -> Afwijking:
    row = _fields(place, raw, _AFWIJKING)
    row["doel"] = _member(place, "doel", row["doel"], Doel)
    fault = ""
    try:
        return Afwijking(**row)
    except PolicyError as error:
        fault = str(error)
    raise place.fault("", fault)


def _member(place: _Place, key: str, value: object, kind: type[E]) -> E:
    with suppress(ValueError):
        return kind(value)
    known = " ".join(str(member.value) for member in kind)
    raise place.fault(key, f"expected one of {known}, got {_measure(value)}")


def _names(place: _Place, key: str, values: list[object]) -> tuple[str, ...]:
    for value in values:
        if not isinstance(value, str):
            raise place.fault(key, f"expected str, got {_measure(value)}")
    return tuple(map(str, values))


def _attributen(place: _Place, key: str, values: list[object]) -> tuple[str, ...]:
    return tuple(FORMER.get(name, name) for name in _names(place, key, values))


def _measure(value: object) -> str:
    if isinstance(value, str):
        return f"another text of {len(value)} characters"
    return type(value).__name__
