"""
Writing EDEXML (UWLR 2.2): the fields of its two profiles, in the order of the schema.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, Final, NamedTuple

from eckid._core.bounds import CELL
from eckid._core.values import expect, is_text
from eckid.doel import Wie
from eckid.errors import ExchangeError
from eckid.exchange.formats.edexml import (
    JAARGROEPEN,
    KEY_LENGTH,
    NAMESPACE,
    NO_XML,
    WRITTEN,
    School,
)
from eckid.exchange.formats.groups import LISTS, name_of, split
from eckid.exchange.formats.kinds import load_lxml
from eckid.policy.vorm import day

_LONGEST: Final = {
    "key": KEY_LENGTH,
    "eckid": KEY_LENGTH,
    "achternaam": 200,
    "voornamen": 200,
    "voorvoegsel": 10,
    "voorletters-1": 6,
    "roepnaam": 64,
    "emailadres": 256,
}
# The name of a group, ordinary or composite.
_GROUP: Final = 64
# The version of the schema that a written file follows.
_VERSION: Final = "2.2"
_JAARGROEPEN: Final = frozenset[str]().union(*JAARGROEPEN.values())
_GESLACHT: Final = frozenset("0129")


def misfit(wie: Wie, attributen: Mapping[str, str]) -> str | None:
    """
    Return the first attribute that EDEXML has no place for, or that does not fit.

    Args:
        wie: Whether it is a pupil (leerling) or a teacher (leerkracht).

        attributen: The attributes to write, as text.

    Returns:
        The name of the attribute that does not fit or is lacking; None if all fit.
    """
    for name, value in attributen.items():
        if name not in WRITTEN[wie] or not is_text(value) or NO_XML.search(value):
            return name
        # Reading strips the spaces around a value, so they would be lost.
        longest = _LONGEST.get(name, CELL.most)
        if not 0 < len(value) <= longest or value != value.strip():
            return name
    checks = (
        ("jaargroep", _JAARGROEPEN.__contains__),
        ("geslacht", _GESLACHT.__contains__),
        ("geboortedatum", lambda text: day(text) is not None),
        ("start_ondw_jgr3", lambda text: day(text) is not None),
        ("groep", lambda text: _are_groups([text])),
        ("samengestelde_groepen", _is_list),
        ("groepen", _is_list),
        # The schema demands the year of a group, which only its pupils show.
        ("groep", lambda _: "jaargroep" in attributen),
        ("voorvoegsel", lambda _: "achternaam" in attributen),
        ("voorletters-1", lambda _: "achternaam" in attributen),
        ("voornamen", lambda _: "achternaam" in attributen),
    )
    for name, fits in checks:
        if name in attributen and not fits(attributen[name]):
            return name
    if not {"achternaam", "roepnaam"} & attributen.keys():
        return "roepnaam"
    return None if {"key", "eckid"} & attributen.keys() else "eckid"


def _is_list(cell: str) -> bool:
    with suppress(ExchangeError):
        return _are_groups(split(cell))
    return False


def _are_groups(groups: Sequence[str]) -> bool:
    names = [name_of(group) for group in groups]
    return bool(names) and all(
        0 < len(naam) <= _GROUP and naam == naam.strip() for naam in names
    )


def write_edexml(
    file: BinaryIO,
    rows: Sequence[tuple[Wie, Mapping[str, str]]],
    *,
    school: School,
) -> None:
    """
    Write *rows* as EDEXML.

    The schema demands a key for everyone. A person with a ketenID gets as key the
    rank of that ketenID among the identifiers of the file, which reveals nothing
    about the person.

    Args:
        file: The file, open for writing bytes.

        rows: For each person: pupil or teacher, and the attributes as text.

        school: The school.

    Raises:
        eckid.errors.ExchangeError: If a row does not fit, two rows have the same key
            or ketenID, there is no pupil, the school lacks a day that the LVS set
            demands, or the extra ``edexml`` is not installed.
    """
    expect("school", school, School)
    for wie, attributen in rows:
        wrong = misfit(expect("wie", wie, Wie), attributen)
        if wrong is not None:
            raise ExchangeError(
                f"{wrong}: expected a value that EDEXML has a place for"
            )
    if not any(wie is Wie.LEERLING for wie, _ in rows):
        raise ExchangeError(
            "leerlingen: expected a pupil or more, which EDEXML demands, got none; "
            "write another format"
        )
    # Only the LVS set has a gender, and it demands both days.
    if None in {school.peildatum, school.aanmaakdatum} and any(
        "geslacht" in attributen for _, attributen in rows
    ):
        raise ExchangeError(
            "school: expected a peildatum and an aanmaakdatum, which the LVS set "
            "demands, got none; give the day of the release"
        )
    keys = _keys(rows)
    groups = _groups(rows)
    with load_lxml().xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("leerlinggegevens", nsmap={None: NAMESPACE}):
            _write_school(xml, school)
            _write_groups(xml, groups)
            for wie, around in _AROUND.items():
                own = [n for n, (whose, _) in enumerate(rows) if whose is wie]
                if own:
                    with xml.element(around):
                        for n in own:
                            _write_person(xml, wie, keys[n], rows[n][1], groups)


_AROUND: Final = {Wie.LEERLING: "leerlingen", Wie.LEERKRACHT: "leerkrachten"}


def _identifier(attributen: Mapping[str, str]) -> str:
    return attributen.get("eckid") or attributen["key"]


def _keys(rows: Sequence[tuple[Wie, Mapping[str, str]]]) -> list[str]:
    """
    Return the key of each row: its own key, else the rank of its ketenID.
    """
    given = {(wie, a["key"]) for wie, a in rows if "key" in a}
    order = sorted(range(len(rows)), key=lambda n: _identifier(rows[n][1]))
    keys = [""] * len(rows)
    rank = 0
    for n in order:
        wie, attributen = rows[n]
        rank += 1
        # Skip a rank that is already the key of another person.
        while (wie, str(rank)) in given:
            rank += 1
        keys[n] = attributen.get("key", str(rank))
    named = [(wie, keys[n]) for n, (wie, _) in enumerate(rows)]
    ketenids = [(wie, a["eckid"]) for wie, a in rows if "eckid" in a]
    if len(set(named)) < len(named) or len(set(ketenids)) < len(ketenids):
        raise ExchangeError("key: expected one of each, got one twice")
    return keys


class _Groups(NamedTuple):
    """
    The groups of a file, by what a cell says of them.

    Attributes:
        own: The key and the year of each ordinary group.
        composite: The key of each composite group.
    """

    own: Mapping[str, tuple[str, str]]
    composite: Mapping[str, str]

    def place(self, text: str, *, own: bool) -> tuple[str, str]:
        """
        Return the name of the element that refers to a group, and the group's key.
        """
        if own and text in self.own:
            return "groep", self.own[text][0]
        return "samengestelde_groep", self.composite[text]


def _groups(rows: Sequence[tuple[Wie, Mapping[str, str]]]) -> _Groups:
    years: dict[str, set[str]] = {}
    others: set[str] = set()
    for _, attributen in rows:
        if "groep" in attributen:
            years.setdefault(attributen["groep"], set()).add(attributen["jaargroep"])
        others.update(split(attributen.get("samengestelde_groepen", "")))
    for _, attributen in rows:
        others.update(set(split(attributen.get("groepen", ""))) - years.keys())
    own = {
        # C is the code of a group with pupils of several years.
        text: (f"g{n}", next(iter(found)) if len(found) == 1 else "C")
        for n, (text, found) in enumerate(sorted(years.items()), 1)
    }
    return _Groups(own, {text: f"s{n}" for n, text in enumerate(sorted(others), 1)})


def _write_groups(xml: Any, groups: _Groups) -> None:  # noqa: ANN401  # lxml's
    if not (groups.own or groups.composite):
        return
    with xml.element("groepen"):
        for text, (key, jaargroep) in groups.own.items():
            fields = {"naam": name_of(text), "jaargroep": jaargroep}
            _write(xml, "groep", {"key": key}, fields)
        for text, key in groups.composite.items():
            _write(xml, "samengestelde_groep", {"key": key}, {"naam": name_of(text)})


def _write_school(xml: Any, school: School) -> None:  # noqa: ANN401  # lxml's
    of, made = school.peildatum, school.aanmaakdatum
    found = {
        "schooljaar": school.schooljaar,
        "peildatum": None if of is None else of.isoformat(),
        "brincode": school.brincode,
        # By the schema it belongs to a BRIN.
        "dependancecode": school.brincode and school.dependancecode,
        "schoolkey": school.schoolkey,
        # The schema asks for a time too; that of a release is nobody's business.
        "aanmaakdatum": None if made is None else f"{made.isoformat()}T00:00:00",
        "xsdversie": _VERSION,
    }
    _write(xml, "school", {}, {k: v for k, v in found.items() if v is not None})


def _write(
    xml: Any,  # noqa: ANN401  # lxml's
    name: str,
    attributes: Mapping[str, str],
    children: Mapping[str, str],
) -> None:
    with xml.element(name, **attributes):
        for child, text in children.items():
            _text(xml, child, text)


def _write_person(
    xml: Any,  # noqa: ANN401  # lxml's
    wie: Wie,
    key: str,
    attributen: Mapping[str, str],
    groups: _Groups,
) -> None:
    eckid = {"eckid": attributen["eckid"]} if "eckid" in attributen else {}
    with xml.element(wie.value, key=key, **eckid):
        for name in WRITTEN[wie][2:]:
            if name not in attributen:
                continue
            value = attributen[name]
            if name == "groep":
                _write(xml, name, {"key": groups.own[value][0]}, {})
            elif name in LISTS:
                with xml.element(name):
                    for text in split(value):
                        element, its_key = groups.place(text, own=name == "groepen")
                        _write(xml, element, {"key": its_key}, {})
            else:
                _text(xml, name, value)


def _text(xml: Any, name: str, value: str) -> None:  # noqa: ANN401  # lxml's
    with xml.element(name):
        xml.write(value)
