"""
Groups: a group is its key, its name is a name, and a list in a cell is a list.
"""

import csv
import io
from collections import defaultdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import roads
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from schools import NAMESPACE, numbers

from eckid import ExchangeError, Keten, Sector, Vrijgave
from eckid.exchange import (
    Doorgifte,
    Edexml,
    Received,
    Rij,
    RijReden,
    Roster,
    Shape,
    Weigering,
    look,
    misfit_of,
    release_list,
    release_to,
    write,
)
from eckid.exchange.formats.groups import joined, marked, name_of, split
from eckid.exchange.formats.kinds import Format

ON: Final = date(2026, 11, 24)


def _xml(groups: str, *pupils: str, teachers: str = "") -> str:
    """
    Return a school of *groups*, with a pupil for each text that refers to some.
    """
    persons = "".join(
        f'<leerling key="l{n}"><achternaam>B</achternaam><roepnaam>S{n}</roepnaam>'
        f"{refers}<bsn>{number}</bsn></leerling>"
        for n, (refers, number) in enumerate(
            zip(pupils, numbers(len(pupils)), strict=True)
        )
    )
    around = f"<leerkrachten>{teachers}</leerkrachten>" if teachers else ""
    return (
        f'<leerlinggegevens xmlns="{NAMESPACE}"><school><schooljaar>2026-2027'
        f"</schooljaar><brincode>99XX</brincode></school><groepen>{groups}</groepen>"
        f"<leerlingen>{persons}</leerlingen>{around}</leerlinggegevens>"
    )


def _groep(key: str, naam: str, jaar: str = "4") -> str:
    return (
        f'<groep key="{key}"><naam>{naam}</naam><jaargroep>{jaar}</jaargroep></groep>'
    )


def _samengesteld(key: str, naam: str) -> str:
    return f'<samengestelde_groep key="{key}"><naam>{naam}</naam></samengestelde_groep>'


def _in(key: str) -> str:
    return f'<groep key="{key}"/>'


def _also_in(*keys: str) -> str:
    refers = "".join(f'<samengestelde_groep key="{key}"/>' for key in keys)
    return f"<samengestelde_groepen>{refers}</samengestelde_groepen>"


def _roster(text: str) -> Roster:
    return Roster(Edexml(partial(io.BytesIO, text.encode())))


def _released(text: str, out: Path) -> None:
    roster = _roster(text)
    to = roads.to("smalle-set-2.3", on=ON)
    shape = Shape(school=roster.school)
    release_to(out, roster, who=roads.who(), to=to, shape=shape)


def _members(path: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    """
    Return each group of a written file: its element, its name, and who is in it.
    """
    root = etree.parse(str(path)).getroot()
    own = f"{{{NAMESPACE}}}"
    inside = defaultdict(list)
    for person in root.iter(f"{own}leerling", f"{own}leerkracht"):
        name = str(person.findtext(f"{own}roepnaam"))
        for refers in person.iter(f"{own}groep", f"{own}samengestelde_groep"):
            inside[refers.tag, refers.get("key")].append(name)
    groups = root.find(f"{own}groepen")
    return sorted(
        (
            etree.QName(group).localname,
            str(group.findtext(f"{own}naam")),
            tuple(sorted(inside[group.tag, group.get("key")])),
        )
        for group in (() if groups is None else groups)
    )


def test_two_groups_of_one_name_stay_two(tmp_path: Path) -> None:
    """
    From reader to writer and in what is passed on: nobody moves to another group.
    """
    text = _xml(_groep("1", "4A") + _groep("2", "4A"), _in("1"), _in("2"), _in("2"))
    _released(text, tmp_path / "uit.xml")
    two = [("groep", "4A", ("S0",)), ("groep", "4A", ("S1", "S2"))]
    assert _members(tmp_path / "uit.xml") == two
    received = Received(look(tmp_path / "uit.xml"))
    assert received.table.columns.count("groep") == 1
    release_to(
        tmp_path / "door.xml",
        received,
        who=Doorgifte(Keten("e7ec7d3c-c235-4513-bfb6-e54e66854795"), Sector.PO),
        to=roads.to("smalle-set-2.3", on=ON),
        shape=Shape(school=_roster(text).school),
    )
    assert _members(tmp_path / "door.xml") == two


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_file_of_text_keeps_groups_apart_too(format: str, tmp_path: Path) -> None:
    """
    The second group of a name has a mark, which takes no part in the name.
    """
    text = _xml(
        _groep("1", "4A") + _groep("2", "4A") + _samengesteld("3", "plus, extra"),
        _in("1") + _also_in("3"),
        _in("2"),
    )
    out = tmp_path / f"uit.{format}"
    _released(text, out)
    table = look(out)
    cells = [
        dict(zip(table.columns, row.cells, strict=True))
        for row in table
        if not isinstance(row, Weigering)
    ]
    assert {cell["groep"] for cell in cells} == {"4A", r"4A\b"}
    assert {c["samengestelde_groepen"] for c in cells} == {"", '"plus, extra"'}
    # Read back and written as EDEXML, it is the school that it was.
    release_to(
        tmp_path / "terug.xml",
        Received(look(out)),
        who=Doorgifte(Keten("e7ec7d3c-c235-4513-bfb6-e54e66854795"), Sector.PO),
        to=roads.to("smalle-set-2.3", on=ON),
        shape=Shape(school=_roster(text).school),
    )
    assert _members(tmp_path / "terug.xml") == [
        ("groep", "4A", ("S0",)),
        ("groep", "4A", ("S1",)),
        ("samengestelde_groep", "plus, extra", ("S0",)),
    ]


def test_a_comma_in_a_name_makes_no_two_groups(tmp_path: Path) -> None:
    """
    The same in a teacher's list, where a name may have quotes as well.
    """
    teacher = (
        '<leerkracht key="t"><roepnaam>T</roepnaam><emailadres>t@s.example'
        '</emailadres><groepen><samengestelde_groep key="2"/></groepen></leerkracht>'
    )
    names = ("wis, ned", 'de "plus", of')
    groups = "".join(_samengesteld(str(n), naam) for n, naam in enumerate(names, 1))
    text = _xml(
        _groep("9", "4A") + groups, _in("9") + _also_in("1", "2"), teachers=teacher
    )
    _released(text, tmp_path / "uit.xml")
    assert _members(tmp_path / "uit.xml") == [
        ("groep", "4A", ("S0",)),
        ("samengestelde_groep", names[1], ("S0", "T")),
        ("samengestelde_groep", names[0], ("S0",)),
    ]


def test_a_teacher_stays_out_of_the_ordinary_group_of_the_same_name(
    tmp_path: Path,
) -> None:
    """
    A composite group that has the name of an ordinary one is another group.
    """
    teacher = (
        '<leerkracht key="t"><roepnaam>T</roepnaam><emailadres>t@s.example'
        '</emailadres><groepen><samengestelde_groep key="2"/></groepen></leerkracht>'
    )
    text = _xml(
        _samengesteld("2", "4A") + _groep("1", "4A"),
        _in("1"),
        "<jaargroep>4</jaargroep>" + _also_in("2"),
        teachers=teacher,
    )
    _released(text, tmp_path / "uit.xml")
    assert _members(tmp_path / "uit.xml") == [
        ("groep", "4A", ("S0",)),
        ("samengestelde_groep", "4A", ("S1", "T")),
    ]


@pytest.mark.parametrize(
    "groups",
    [
        _groep("1", "4A") + _groep("1", "5B"),
        '<groep key="1"><naam> </naam><jaargroep>4</jaargroep></groep>',
        _groep("2", "4A"),
    ],
    ids=["a key twice", "no name", "another key"],
)
def test_a_group_that_the_file_does_not_say_refuses_its_pupils(groups: str) -> None:
    """
    Nobody knows which group is meant, so nobody is put in one, or left out of one.
    """
    (row,) = _roster(_xml(groups, _in("1")))
    assert isinstance(row, Weigering)
    assert row.reden is RijReden.GROEP


def test_what_may_stand_once_and_stands_twice_refuses_the_row() -> None:
    """
    Two ordinary groups, or two first names, are not one of them, and no list.
    """
    groups = _groep("1", "4A") + _groep("2", "4B")
    text = _xml(groups, _in("1") + _in("2"), "<jaargroep>4</jaargroep>" * 2)
    rows = list(_roster(text))
    assert [row.reden for row in rows if isinstance(row, Weigering)] == [
        RijReden.VALUE
    ] * 2


def test_a_year_on_the_group_alone_is_the_year_of_its_pupils() -> None:
    """
    A year of the pupil's own goes before it.
    """
    text = _xml(
        _groep("1", "4/5", "C"), _in("1"), "<jaargroep>5</jaargroep>" + _in("1")
    )
    rows = [row for row in _roster(text) if isinstance(row, Rij)]
    assert [row.attributen["jaargroep"] for row in rows] == ["C", "5"]


def test_a_list_whose_quotes_do_not_match_is_no_list() -> None:
    """
    It fits in no EDEXML file, and its row is refused.
    """
    for cell in ('"4A, 4B', '"4A"x, 4B'):
        with pytest.raises(ExchangeError, match="quotes that do not match") as caught:
            split(cell)
        assert "4B" not in str(caught.value)
        assert caught.value.__context__ is None


_NAMES: Final = st.text(
    st.sampled_from('ab,\\" ;\n4A') | st.characters(codec="utf-8"), min_size=1
).filter(lambda text: text == text.strip())


@given(st.lists(_NAMES, min_size=1))
def test_a_list_of_any_names_comes_back(names: list[str]) -> None:
    """
    Whatever stands in a name: commas, quotes, line ends.
    """
    assert split(joined(names)) == names


@given(st.lists(st.tuples(st.sampled_from(["groep", "samengestelde_groep"]), _NAMES)))
def test_no_two_groups_have_one_text_and_each_keeps_its_name(
    groups: list[tuple[str, str]],
) -> None:
    """
    Also where a name looks like a mark, and in whatever order the file has them.
    """
    names = {(kind, str(n)): naam for n, (kind, naam) in enumerate(groups)}
    texts = marked(names)
    assert len(set(texts.values())) == len(names)
    assert {key: name_of(text) for key, text in texts.items()} == names
    assert marked(dict(reversed(names.items()))) == texts


def test_csv_says_the_list_of_a_cell_as_csv_does(tmp_path: Path) -> None:
    """
    Who reads such a cell needs nothing but a reader of CSV.
    """
    text = _xml(
        _groep("1", "4A") + _samengesteld("2", "a, b") + _samengesteld("3", 'c "d"'),
        _in("1") + _also_in("2", "3"),
    )
    roster = _roster(text)
    to = roads.to("smalle-set-2.3", on=ON)
    going = [
        row
        for row in release_list(
            roster, who=roads.who(), to=to, misfit=misfit_of(Format.CSV)
        )
        if isinstance(row, Vrijgave)
    ]
    write(going, tmp_path / "uit.csv")
    (row,) = csv.DictReader(
        io.StringIO((tmp_path / "uit.csv").read_text("utf-8")), delimiter=";"
    )
    (names,) = csv.reader([row["samengestelde_groepen"]], skipinitialspace=True)
    assert names == ["a, b", 'c "d"']
