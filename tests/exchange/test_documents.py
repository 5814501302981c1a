"""
EDEXML as the published schema allows it: read whole, and released without loss.

The documents are generated: every optional element, several branches, groups between
each other, comments, CDATA, prefixes, encodings. Each is first held to the schemas.
"""

import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count, islice
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import pytest
import roads
from edexml_schemas import faults
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from schools import NAMESPACE, numbers

from eckid import Sector, Vrijgave, Wie
from eckid.exchange import (
    Edexml,
    Rij,
    Roster,
    School,
    Weigering,
    misfit_of,
    release_list,
)
from eckid.exchange.formats import edexml_out
from eckid.exchange.formats.groups import LISTS, name_of, split
from eckid.exchange.formats.kinds import Format

ON: Final = date(2026, 11, 24)
SCHOOL: Final = School(
    schooljaar="2026-2027", brincode="99XX", peildatum=ON, aanmaakdatum=ON
)
NUMBERS: Final = tuple(islice(numbers(60), 60))
_YEARS: Final = {
    Sector.PO: (*"BDSVCNH012345678",),
    Sector.VO: (*"VCNH", "11", "12", "13", "14", "15", "16"),
}
# What stands in names: signs of lists, of XML and of marks, and letters of elsewhere.
_SIGNS: Final = st.sampled_from("abIJ4,\"'\\&<>];:-_()/ \u00e9\u0142\u0416\u05d0")


def _names(most: int) -> st.SearchStrategy[str]:
    text = st.text(_SIGNS, min_size=1, max_size=min(most, 12))
    # The schema allows a name of spaces; no group and no person has one.
    return text.filter(lambda name: name.strip() != "")


@dataclass
class Document:
    """
    A document, and what stands in it.

    Attributes:
        octets: The file.
        sector: The sector whose codes it has.
        names: The name of each group, by element and key.
        inside: The persons in each group, by element and key.
        persons: How many persons there are.
    """

    octets: bytes = b""
    sector: Sector = Sector.PO
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    inside: dict[tuple[str, str], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    persons: int = 0


class _Writer:
    """
    Writes elements as XML allows it: each time in another of its ways.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.prefix = draw(st.sampled_from(["", "", "e:", "\u00e9x:"]))

    def text(self, text: str) -> str:
        way = self.draw(st.integers(0, 5))
        if way == 0 and "]]>" not in text:
            return f"<![CDATA[{text}]]>"
        if way == 1:
            place = len(text) // 2
            return f"{escape(text[:place])}<!-- - --><?pi ?>{escape(text[place:])}"
        if way == 2:
            return "".join(f"&#{ord(sign)};" for sign in text)
        return escape(text)

    def put(self, name: str, inside: str = "", **attributes: str) -> str:
        name = self.prefix + name
        given = "".join(f" {k}={quoteattr(v)}" for k, v in attributes.items())
        between = self.draw(st.sampled_from(["", "\n", "<!-- <leerling/> -->"]))
        if not inside:
            return f"{between}<{name}{given}/>"
        return f"{between}<{name}{given}>{inside}</{name}\t>"

    def leaf(self, name: str, text: str) -> str:
        return self.put(name, self.text(text))

    def maybe(self, name: str, text: str) -> str:
        return self.leaf(name, text) if self.draw(st.booleans()) else ""


_ENCODINGS: Final = ("utf-8", "utf-16", "iso-8859-1", "windows-1252", "us-ascii")


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """
    Return documents that the published schema allows.
    """
    to = _Writer(draw)
    made = Document(sector=draw(st.sampled_from([*_YEARS])))
    keys = (f"{draw(_names(9)).strip()}{n}" for n in count())
    groups = []
    for kind in draw(
        st.lists(st.sampled_from(["groep", "samengestelde_groep"]), max_size=5)
    ):
        # Few names for many groups: names need not be unique, keys are.
        naam = draw(st.sampled_from(["4A", "4A ", r"4A\b", "a, b"]) | _names(64))
        key = next(keys)
        made.names[kind, key] = naam.strip()
        year = draw(st.sampled_from(_YEARS[made.sector]))
        inside = to.leaf("naam", naam)
        inside += to.leaf("jaargroep", year) if kind == "groep" else ""
        inside += to.maybe("omschrijving", "x")
        inside += to.maybe("mutatiedatum", "2024-09-01T12:00:00Z")
        groups.append(to.put(kind, inside, key=key))
    branches = draw(st.lists(_names(64), max_size=3))
    pupils = [
        _pupil(draw, to, made, n, len(branches)) for n in range(draw(st.integers(1, 5)))
    ]
    teachers = [_teacher(draw, to, made, n) for n in range(draw(st.integers(0, 2)))]
    made.persons = len(pupils) + len(teachers)
    inside = _school(draw, to)
    if branches:
        each = (
            to.put("vestiging", to.leaf("naam", naam), key=f"v{n}")
            for n, naam in enumerate(branches)
        )
        inside += to.put("vestigingen", "".join(each))
    inside += to.put("groepen", "".join(groups)) if groups else ""
    inside += to.put("leerlingen", "".join(pupils))
    inside += to.put("leerkrachten", "".join(teachers)) if teachers else ""
    own = f"xmlns:{to.prefix[:-1]}" if to.prefix else "xmlns"
    encoding = draw(st.sampled_from(_ENCODINGS))
    # A name with a letter that the encoding lacks cannot be written otherwise.
    if to.prefix and not to.prefix.isascii() and encoding == "us-ascii":
        encoding = "utf-8"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!-- a -->'
        f'<{to.prefix}leerlinggegevens {own}="{NAMESPACE}">{inside}'
        f"</{to.prefix}leerlinggegevens>"
    )
    made.octets = _encoded(text, encoding)
    return made


def _encoded(text: str, encoding: str) -> bytes:
    # In CDATA there are no references to characters.
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        opened = re.sub(
            r"<!\[CDATA\[(.*?)\]\]>", lambda m: escape(m[1]), text, flags=re.DOTALL
        )
        return opened.encode(encoding, "xmlcharrefreplace")


def _school(draw: st.DrawFn, to: _Writer) -> str:
    inside = to.leaf("schooljaar", "2024-2025")
    inside += to.maybe("peildatum", "2024-10-01+02:00")
    which = draw(st.sampled_from(["brincode", "instellingsnummer", ""]))
    if which == "brincode":
        inside += to.leaf(which, "99XX") + to.maybe("dependancecode", "00")
    elif which:
        inside += to.leaf(which, "123456")
    inside += to.maybe("schoolkey", draw(_names(256)))
    inside += to.maybe("aanmaakdatum", "2024-10-01T10:00:00.5+01:00")
    inside += to.maybe("auteur", "LAS") + to.maybe("xsdversie", "2.2")
    return to.put("school", inside + to.maybe("commentaar", "<x>"))


def _pupil(draw: st.DrawFn, to: _Writer, made: Document, n: int, branches: int) -> str:
    name = f"S{n}"
    inside = ""
    if draw(st.booleans()):
        inside += to.leaf("achternaam", draw(_names(200)))
        inside += to.maybe("voorvoegsel", "van der")
        inside += to.maybe("voornamen", draw(_names(200)))
        inside += to.maybe("voorletters-1", "A.B.")
    inside += to.leaf("roepnaam", name)
    day = draw(st.sampled_from(["2015-12-24", "2016-02-29Z", "2014-01-01-12:00"]))
    inside += to.maybe("geboortedatum", day)
    inside += to.maybe("geslacht", draw(st.sampled_from(["0", "1", "+2", "09"])))
    inside += to.maybe("start_ondw_jgr3", "2020-08-01+02:00")
    year = draw(st.sampled_from(_YEARS[made.sector]))
    inside += to.maybe("jaargroep", year)
    own = [key for key in made.names if key[0] == "groep"]
    if draw(st.booleans()) and own:
        key = draw(st.sampled_from(own))
        made.inside[key].add(name)
        inside += to.put("groep", key=key[1])
    others = [key for key in made.names if key[0] != "groep"]
    if draw(st.booleans()) and others:
        some = draw(st.lists(st.sampled_from(others), min_size=1, unique=True))
        for key in some:
            made.inside[key].add(name)
        refers = "".join(to.put(kind, key=key) for kind, key in some)
        inside += to.put("samengestelde_groepen", refers)
    if branches and draw(st.booleans()):
        inside += to.put("vestiging", key=f"v{draw(st.integers(0, branches - 1))}")
    for field_, text in (
        ("gebruikersnaam", "u"),
        ("emailadres", "e@school.example"),
        ("fotourl", "https://school.example/1"),
        ("etniciteit", "9"),
        ("land", "NL"),
        ("land_vader", "?"),
        ("land_moeder", "AF"),
    ):
        inside += to.maybe(field_, text)
    inside += to.maybe("bsn", NUMBERS[n])
    inside += to.maybe("gewicht_nieuw", "0") + to.maybe("gewicht", "0.25")
    postcodes = {"postcodenl": "9999XX", "postnummerbe": "9999", "postcodeoverig": "x"}
    postcode = draw(st.sampled_from([*postcodes.items()]))
    inside += to.maybe(*postcode) + to.maybe("instroomdatum", "2020-08-01")
    inside += to.maybe("uitstroomdatum", "2028-07-31")
    inside += to.maybe("mutatiedatum", "2024-10-01T10:00:00")
    return to.put("leerling", inside, key=f"{draw(_names(9)).strip()}l{n}")


def _teacher(draw: st.DrawFn, to: _Writer, made: Document, n: int) -> str:
    name = f"T{n}"
    inside = to.leaf("roepnaam", name) + to.maybe("gebruikersnaam", "u")
    inside += to.maybe("emailadres", f"t{n}@school.example")
    inside += to.maybe("rol", "LRK") + to.maybe("rolomschrijving", "a, b")
    inside += to.maybe("rol", "IB")
    if draw(st.booleans()) and made.names:
        some = draw(st.lists(st.sampled_from([*made.names]), min_size=1, unique=True))
        refers = ""
        for kind, key in some:
            made.inside[kind, key].add(name)
            refers += to.put(kind, to.maybe("rol", "KLA"), key=key)
        inside += to.put("groepen", refers)
    inside += to.maybe("mutatiedatum", "2024-10-01T10:00:00")
    return to.put("leerkracht", inside, key=f"t{n}")


def _check(made: Document) -> None:
    """
    Hold one document to the rules: read whole, and released without loss.
    """
    assert faults("all", made.octets) == []
    table = Edexml(partial(io.BytesIO, made.octets))
    said = defaultdict(set)
    place = {name: n for n, name in enumerate(table.columns)}
    records = list(table)
    assert len(records) == made.persons
    for record in records:
        assert not isinstance(record, Weigering)
        name = record.cells[place["roepnaam"]]
        for kind in ("groep", *sorted(LISTS)):
            cell = record.cells[place[kind]] if kind in place else ""
            for text in split(cell) if kind in LISTS else filter(None, [cell]):
                said[text].add(name)
    # Who is in which group: as many groups, of the same names, with the same persons.
    read = sorted((name_of(text), sorted(some)) for text, some in said.items())
    assert read == sorted((made.names[k], sorted(s)) for k, s in made.inside.items())
    if "bsn" in table.columns:
        _release(made, table)


def _release(made: Document, table: Edexml) -> None:
    rows = list(Roster(table))
    assert all(isinstance(row, Rij) or row.reden.value == "missing" for row in rows)
    to = roads.to("smalle-set-2.3", on=ON)
    who = roads.who(sector=made.sector)
    results = list(release_list(rows, who=who, to=to, misfit=misfit_of(Format.EDEXML)))
    going = [row for row in results if isinstance(row, Vrijgave)]
    # All who have a number go.
    assert len(going) == sum(isinstance(row, Rij) for row in rows)
    if not any(vrijgave.wie is Wie.LEERLING for vrijgave in going):
        return
    # What is written is held to the schemas there.
    file = io.BytesIO()
    texts = [(vrijgave.wie, vrijgave.texts) for vrijgave in going]
    edexml_out.write_edexml(file, texts, school=SCHOOL)
    assert _inside(file.getvalue()) == sorted(
        (made.names[key], some)
        for key, everyone in made.inside.items()
        if (some := sorted(everyone & {texts["roepnaam"] for _, texts in texts}))
    )


def _inside(octets: bytes) -> list[tuple[str, list[str]]]:
    root = etree.fromstring(octets)
    own = f"{{{NAMESPACE}}}"
    groups = root.find(f"{own}groepen")
    names = {
        each.get("key"): each.findtext(f"{own}naam")
        for each in (() if groups is None else groups)
    }
    inside = defaultdict(list)
    for person in root.iter(f"{own}leerling", f"{own}leerkracht"):
        for refers in person.iter(f"{own}groep", f"{own}samengestelde_groep"):
            inside[refers.get("key")].append(str(person.findtext(f"{own}roepnaam")))
    return sorted((str(names[key]), sorted(some)) for key, some in inside.items())


@settings(max_examples=100)
@given(documents())
def test_a_document_that_the_schema_allows_is_read_and_released(made: Document) -> None:
    """
    No row is lost, groups keep their persons and names, and what is written is valid.
    """
    _check(made)


@pytest.mark.long
@settings(max_examples=10_000)
@given(documents())
def test_ten_thousand_documents_are_read_and_released(made: Document) -> None:
    """
    The same, for as many as find what is rare.
    """
    _check(made)
