"""
EDEXML: a school in, a release out, valid and without a trace of what stayed.
"""

import io
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import roads
from damage import told
from edexml_schemas import FOUR_DIGITS, faults
from lxml import etree
from schools import NAMESPACE, numbers, school
from strategies import RING

from eckid import (
    ExchangeError,
    KetenID,
    Vrijgave,
    Wie,
)
from eckid.cli.app import run
from eckid.exchange import (
    Edexml,
    Ontvangen,
    Received,
    Rij,
    RijReden,
    Roster,
    School,
    Shape,
    Weigering,
    look,
    misfit_of,
    release_list,
    release_to,
    write,
)
from eckid.exchange.formats.edexml_out import misfit, write_edexml
from eckid.exchange.formats.kinds import Format, load

ON: Final = date(2026, 11, 24)
SCHOOL: Final = School(
    schooljaar="2026-2027", brincode="99XX", peildatum=ON, aanmaakdatum=ON
)


def _edexml(text: str | bytes) -> Edexml:
    octets = text if isinstance(text, bytes) else text.encode("utf-8")
    return Edexml(partial(io.BytesIO, octets))


def _released(source: Edexml, policy: str) -> list[Vrijgave | Weigering]:
    to = roads.to(policy, on=date(2026, 11, 24))
    misfit = misfit_of(Format.EDEXML)
    return list(release_list(Roster(source), who=roads.who(), to=to, misfit=misfit))


def test_a_whole_school_goes_out_and_comes_back(tmp_path: Path) -> None:
    """
    PGNs, 230 pupils, teachers, composite groups: valid, equal, and nothing else.
    """
    source = _edexml("".join(school()))
    assert source.school == School(
        schooljaar="2026-2027", brincode="99XX", dependancecode="00"
    )
    results = _released(source, "smalle-set-2.3")
    vrijgaven = [row for row in results if isinstance(row, Vrijgave)]
    assert len(results) == len(vrijgaven) == 242
    path = tmp_path / "uit.xml"
    write(vrijgaven, path, school=source.school)
    octets = path.read_bytes()
    assert faults("smalle", octets) == []
    for forbidden in (
        b"bsn",
        b"onderwijsnummer",
        b"geboortedatum",
        b"9999 XX",
        b"docent0<",
        # Whole numbers only: fewer digits stand in a ketenID by chance.
        *(number.encode() for number in numbers(230)),
    ):
        assert forbidden not in octets
    rows = list(Received(look(path)))
    back = {}
    for row in rows:
        assert isinstance(row, Ontvangen)
        back[row.ketenid] = row.attributen
    assert len(back) == 242
    for vrijgave in vrijgaven:
        given = dict(vrijgave.released)
        ketenid = given.pop("eckid")
        assert isinstance(ketenid, KetenID)
        assert back[ketenid] == given
    # In the order of the identifiers, pupils first.
    order = [row.ketenid.uri for row in rows if isinstance(row, Ontvangen)]
    assert order == sorted(order[:230]) + sorted(order[230:])


def test_the_lvs_set_of_2_3_differs_from_the_schema_of_2_2_in_one_field(
    tmp_path: Path,
) -> None:
    """
    By the absent bsn_ondwnr-4, which is demanded there and never released.
    """
    source = _edexml("".join(school(20, 0)))
    vrijgaven = [
        row for row in _released(source, "lvs-set-2.3") if isinstance(row, Vrijgave)
    ]
    assert len(vrijgaven) == 20
    assert source.school is not None
    on = replace(source.school, peildatum=ON, aanmaakdatum=ON)
    write(vrijgaven, tmp_path / "lvs.xml", school=on)
    said = faults("lvs", (tmp_path / "lvs.xml").read_bytes())
    assert len(said) % 20 == 0
    assert said
    for fault in said:
        assert FOUR_DIGITS in fault
        assert "Missing child element(s)" in fault or "Expected is" in fault


def test_the_schemas_refuse_what_a_profile_forbids() -> None:
    """
    A check that cannot fail would show nothing: each damage is a fault.
    """
    octets = _written([(Wie.LEERLING, _pupil(geboortedatum="2015-12-24"))])
    assert faults("smalle", octets) == []
    for before, after in (
        (b"<roepnaam>", b"<bsn>999993653</bsn><roepnaam>"),
        (b"<jaargroep>6</jaargroep>", b"<jaargroep>6a</jaargroep>"),
        (b"2015-12-24", b"24-12-2015"),
        (b' key="', b' sleutel="'),
    ):
        assert before in octets
        assert faults("smalle", octets.replace(before, after)) != []


def _pupil(**more: str) -> dict[str, str]:
    return {
        "eckid": f"https://eckid.invalid/2026/{'0123456789abcdef' * 8}",
        "roepnaam": "Sem",
        "achternaam": "Bakker",
        "jaargroep": "6",
    } | more


def _written(rows: list[tuple[Wie, dict[str, str]]]) -> bytes:
    file = io.BytesIO()
    write_edexml(file, rows, school=SCHOOL)
    return file.getvalue()


def test_who_has_a_ketenid_gets_its_rank_for_a_key() -> None:
    """
    A key that another goes by is nobody's rank, and a file has no key twice.
    """
    hexes = ("c", "a", "b")
    rows = [
        (Wie.LEERLING, _pupil(eckid=f"https://eckid.invalid/2026/{h * 128}"))
        for h in hexes
    ]
    other = _pupil(key="2")
    del other["eckid"]
    root = etree.fromstring(_written([*rows, (Wie.LEERLING, other)]))
    found = root.findall(f".//{{{NAMESPACE}}}leerling")
    keys = {str(one.get("eckid", "none"))[-1]: one.get("key") for one in found}
    assert keys.pop("e") == "2"
    assert [keys[h] for h in "abc"] == ["3", "4", "5"]
    assert len(set(keys.values())) == 3
    with pytest.raises(ExchangeError, match="got one twice"):
        _written([rows[0], rows[0]])


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"roepnaam": "x" * 65}, "roepnaam"),
        ({"achternaam": "x" * 201}, "achternaam"),
        ({"achternaam": "x\x07"}, "achternaam"),
        ({"roepnaam": " Sem"}, "roepnaam"),
        ({"voorvoegsel": "x" * 11}, "voorvoegsel"),
        ({"jaargroep": "6a"}, "jaargroep"),
        ({"geslacht": "m"}, "geslacht"),
        ({"geboortedatum": "24-12-2015"}, "geboortedatum"),
        ({"geboortedatum": "2015-02-30"}, "geboortedatum"),
        ({"start_ondw_jgr3": "augustus"}, "start_ondw_jgr3"),
        ({"groep": "x" * 65}, "groep"),
        ({"samengestelde_groepen": "4A, " + "x" * 65}, "samengestelde_groepen"),
        ({"samengestelde_groepen": '"4A, 4B'}, "samengestelde_groepen"),
        ({"samengestelde_groepen": ","}, "samengestelde_groepen"),
        ({"groep": "6a", "jaargroep": None}, "groep"),
        ({"voorvoegsel": "de", "achternaam": None}, "voorvoegsel"),
        ({"achternaam": None, "roepnaam": None}, "roepnaam"),
        ({"eckid": None}, "eckid"),
        ({"weergavenaam": "Sem B."}, "weergavenaam"),
        ({"emailadres": "a@b.example"}, "emailadres"),
        ({}, None),
        ({"achternaam": None}, None),
        ({"groep": "6a", "geslacht": "9", "samengestelde_groepen": "a, b"}, None),
    ],
)
def test_what_does_not_fit_is_named(
    changed: dict[str, str | None], wrong: str | None
) -> None:
    """
    By its attribute, before anything is written; the value is not repeated.
    """
    row = {k: v for k, v in (_pupil() | changed).items() if v is not None}
    assert misfit(Wie.LEERLING, row) == wrong
    if wrong is None:
        assert faults("lvs", _written([(Wie.LEERLING, row)]))
        return
    with pytest.raises(ExchangeError) as caught:
        _written([(Wie.LEERLING, row)])
    assert caught.value.args[0].startswith(f"{wrong}: ")
    assert not any(
        v in told(caught.value) for v in changed.values() if v and len(v) > 4
    )


def test_a_group_of_several_years_is_a_combination() -> None:
    """
    The year of a group is that of its pupils.
    """
    rows = [
        (
            Wie.LEERLING,
            _pupil(
                eckid=f"https://eckid.invalid/2026/{n:0128x}",
                jaargroep=year,
                groep=name,
            ),
        )
        for n, (year, name) in enumerate([("5", "5/6"), ("6", "5/6"), ("7", "7a")])
    ]
    octets = _written(rows)
    assert faults("smalle", octets) == []
    years = etree.fromstring(octets).findall(f".//{{{NAMESPACE}}}groepen/*")
    assert [[child.text for child in group] for group in years] == [
        ["5/6", "C"],
        ["7a", "7"],
    ]


def test_a_row_that_does_not_fit_is_refused_and_the_others_go() -> None:
    """
    In its place, with the attribute to blame.
    """
    text = "".join(school(3, 0)).replace(
        "<jaargroep>2</jaargroep><groep", "<jaargroep>II</jaargroep><groep"
    )
    results = _released(_edexml(text), "smalle-set-2.3")
    assert [type(row) for row in results] == [Vrijgave, Weigering, Vrijgave]
    refused = results[1]
    assert isinstance(refused, Weigering)
    assert (refused.reden, refused.attribuut) == (RijReden.VALUE, "jaargroep")
    assert refused.record == 2


def test_rows_are_read_with_their_lines_and_refused_where_they_contradict() -> None:
    """
    A key twice, and a group that the file does not have.
    """
    text = "".join(school(4, 0))
    text = text.replace('key="ll2"', 'key="ll1"').replace(
        '<groep key="gr4"/>', '<groep key="gr44"/>'
    )
    rows = list(Roster(_edexml(text)))
    assert [type(row) for row in rows] == [Rij, Rij, Weigering, Weigering]
    refused = [row.reden for row in rows if isinstance(row, Weigering)]
    assert refused == [RijReden.KEY_TWICE, RijReden.GROEP]
    lines = text.splitlines()
    for row in rows:
        assert "<leerling " in lines[row.line - 1]
    first = rows[0]
    assert isinstance(first, Rij)
    assert first.attributen["groep"] == "groep 1 & co"
    assert first.attributen["samengestelde_groepen"] == "plus 1, plus 3"
    assert "key" in first.attributen


def test_a_teacher_has_the_stand_in_of_the_school() -> None:
    """
    BRIN and e-mail address; without an address there is no stand-in, and no row.
    """
    text = "".join(school(0, 2)).replace("<leerlingen>\n</leerlingen>\n", "")
    text = text.replace("<emailadres>docent1@school.example</emailadres>", "")
    one, other = Roster(_edexml(text))
    assert isinstance(one, Rij)
    assert one.pgn is not None
    assert one.pgn.expose() == "99XX docent0@school.example"
    assert one.wie is Wie.LEERKRACHT
    assert Roster(_edexml(text)).groepen[-1] == "plus 3"
    assert Roster(_edexml(text)).school is not None
    assert one.attributen["groepen"] == "groep 1 & co, plus 1"
    assert isinstance(other, Weigering)
    assert other.reden is RijReden.MISSING


def test_a_teacher_of_a_received_file_has_no_stand_in() -> None:
    """
    Who goes by the key of the administration beside ketenIDs is no leak.
    """
    teacher = {"key": "lk1", "roepnaam": "Anouk", "emailadres": "a@school.example"}
    octets = _written([(Wie.LEERLING, _pupil()), (Wie.LEERKRACHT, teacher)])
    source = _edexml(octets)
    assert not {"bsn", "rol"} & set(source.columns)
    pupil, other = Received(source)
    assert isinstance(pupil, Ontvangen)
    assert isinstance(other, Weigering)


_HEAD: Final = f'<leerlinggegevens xmlns="{NAMESPACE}">'
_LAUGHS: Final = (
    '<!DOCTYPE x [<!ENTITY a "lachlach">'
    + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">' for n in range(12)
    )
    + f"]>{_HEAD}&a11;</leerlinggegevens>"
)
_EVIL: Final[dict[str, str | bytes]] = {
    "billion laughs": _LAUGHS,
    "an external entity": (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f"{_HEAD}&e;</leerlinggegevens>"
    ),
    "an entity from the network": (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "http://198.51.100.1/e">]>'
        f"{_HEAD}&e;</leerlinggegevens>"
    ),
    "a DTD": f'<!DOCTYPE leerlinggegevens SYSTEM "uwlr.dtd">{_HEAD}</leerlinggegevens>',
    "a bare document type": f"<!DOCTYPE leerlinggegevens>{_HEAD}</leerlinggegevens>",
    "an unknown entity": f"{_HEAD}&e;</leerlinggegevens>",
    "10,000 deep": _HEAD + "<a>" * 10_000 + "</a>" * 10_000 + "</leerlinggegevens>",
    "another namespace": '<leerlinggegevens xmlns="urn:x"></leerlinggegevens>',
    "no namespace": "<leerlinggegevens></leerlinggegevens>",
    "another root": f'<leerlingen xmlns="{NAMESPACE}"></leerlingen>',
    "truncated": "".join(school(5, 0))[:-300],
    "no XML": "BSN;Roepnaam\n999993653;Sem\n",
    "nothing": b"",
    "another encoding": f"{_HEAD}\u00eb</leerlinggegevens>".encode("cp1252"),
    "a zero": _HEAD.encode() + b"\0</leerlinggegevens>",
}


@pytest.mark.parametrize("case", _EVIL)
def test_what_is_no_edexml_or_brings_more_is_refused(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    One clear error that repeats nothing of the file, and no network.
    """

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    with pytest.raises(ExchangeError) as caught:
        _edexml(_EVIL[case])
    text = told(caught.value)
    assert not any(said in text for said in ("lach", "passwd", "999993653", "Sem"))
    assert caught.value.line is not None
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_file_with_pgns_and_ketenids_is_no_class_list() -> None:
    """
    Whose ECK iD there is already, nobody's number is asked for again.
    """
    text = "".join(school(2, 0)).replace('key="ll0"', 'key="ll0" eckid="x"')
    with pytest.raises(ExchangeError, match="without ketenIDs"):
        Roster(_edexml(text))
    assert "eckid" not in _edexml("".join(school(2, 0))).columns


@pytest.mark.parametrize(
    ("said", "year"),
    [
        *(
            (f"2026{sign}2027", "2026-2027")
            for sign in ("-", "/", " - ", "\u2013", " / ")
        ),
        *(
            (text, "2026-2027")
            for text in (" 2026-2027 ", "2026-27", "2026/27", "26/27")
        ),
        *((text, "1999-2000") for text in ("1999-2000", "1999/00")),
        *(
            (text, None)
            for text in ("", "2026", "26", "2026-2028", "2027-2026", "26-28")
        ),
        *((text, None) for text in ("99/00", "98/99", "26-2027", "0015-0016")),
        *((text, None) for text in ("2026 2027", "20262027", "2026-2027-2028")),
        *((text, None) for text in ("\u0662\u0660\u0662\u0666-2027", "nooit")),
    ],
)
def test_a_school_year_is_read_in_one_place(said: str, year: str | None) -> None:
    """
    What can be one school year alone becomes EDEXML's form; anything else is refused.
    """
    if year is not None:
        assert School(schooljaar=said, brincode="99XX").schooljaar == year
        return
    with pytest.raises(ExchangeError, match=r"^schooljaar: expected two years") as got:
        School(schooljaar=said, brincode="99XX")
    assert "nooit" not in told(got.value)


@pytest.mark.parametrize("year", ["2026/2027", "2026-27", "2026 - 2027", "26/27"])
def test_a_school_year_of_a_list_goes_in_the_form_of_the_schema(
    tmp_path: Path, year: str
) -> None:
    """
    The list's own school year is what is written, in whatever notation it came.
    """
    text = "".join(school(2, 0)).replace("2026-2027", year)
    source = _edexml(text)
    assert source.told == ()
    to = roads.to("smalle-set-2.3", on=ON)
    done = release_to(
        tmp_path / "u.xml",
        Roster(source),
        who=roads.who(),
        to=to,
        shape=Shape(school=source.school),
    )
    (found,) = etree.parse(str(done.files.main)).iter(f"{{{NAMESPACE}}}schooljaar")
    assert found.text == "2026-2027"


@pytest.mark.usefixtures("cheap")
def test_the_command_reads_a_school_year_and_tells_one_that_it_cannot_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Given with --schooljaar, in any notation; the rest is what the list says of itself.
    """
    RING.save(tmp_path / "ring", passphrase="correct horse battery staple")
    (tmp_path / "secret").write_text("correct horse battery staple")
    path, out = tmp_path / "l.xml", tmp_path / "u.xml"
    text = "".join(school(2, 0)).replace("2026-2027", "2026")
    day = "<schooljaar>2026</schooljaar><peildatum>gisteren</peildatum>"
    path.write_text(text.replace("<schooljaar>2026</schooljaar>", day), "utf-8")
    assert run(["check", str(path)]) == 0
    printed = capfd.readouterr().out
    assert "told: schooljaar: expected two years" in printed
    assert "told: peildatum: expected a day" in printed
    assert "gisteren" not in printed
    path.write_text(text, "utf-8")
    command = ["release", str(path), "--ring", str(tmp_path / "ring")]
    command += ["--passphrase-file", str(tmp_path / "secret"), "--sector", "po"]
    command += ["--beleid", "smalle-set-2.3", "--doel", "gebruik"]
    command += ["--ontvanger", "uitgever", "--out", str(out)]
    for given in ([], ["--schooljaar", "2026"], ["--brin", "99XX"]):
        assert run([*command, *given]) == 3
        said = capfd.readouterr().err
        assert "two years" in said if given else "school year" in said
        assert not out.exists()
    # The BRIN is the list's, though its school year cannot be read.
    assert run([*command, "--schooljaar", "26/27"]) == 0
    texts = {e.tag.split("}")[1]: e.text for e in etree.parse(str(out)).iter()}
    assert (texts["schooljaar"], texts["brincode"]) == ("2026-2027", "99XX")


@pytest.mark.parametrize(
    "wrong",
    [
        {"schooljaar": "2026"},
        {"schooljaar": "2026-2028"},
        {"brincode": None},
        {"brincode": "99xx"},
        {"dependancecode": "1"},
    ],
    ids=str,
)
def test_a_school_is_whole(wrong: dict[str, Any]) -> None:
    """
    Two years that follow, and a BRIN or a key.
    """
    right: dict[str, Any] = {"schooljaar": "2026-2027", "brincode": "99XX"}
    School(**right)
    with pytest.raises(ExchangeError):
        School(**(right | wrong))


def test_without_its_library_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    In one line that says what to install.
    """
    monkeypatch.setitem(sys.modules, "lxml.etree", None)
    load.cache_clear()
    with pytest.raises(ExchangeError, match=r"pip install 'eckid\[edexml\]'"):
        _edexml("".join(school(1, 0)))
    with pytest.raises(ExchangeError, match=r"pip install 'eckid\[edexml\]'"):
        _written([(Wie.LEERLING, _pupil())])


def test_the_address_of_a_teacher_has_the_length_of_the_schema() -> None:
    """
    256 characters fit, and one more does not.
    """
    row = {"key": "t", "roepnaam": "T", "emailadres": "x" * 256}
    assert misfit(Wie.LEERKRACHT, row) is None
    assert misfit(Wie.LEERKRACHT, row | {"emailadres": "x" * 257}) == "emailadres"


def test_a_file_without_pupils_is_not_written(tmp_path: Path) -> None:
    """
    The schema demands one: for teachers alone there is no file, whole or empty.
    """
    rows = [(Wie.LEERKRACHT, {"key": "t", "roepnaam": "T"})]
    for some in (rows, []):
        with pytest.raises(
            ExchangeError, match=r"^leerlingen: .* write another format"
        ):
            _written(some)
    source = _edexml("".join(school(0, 2)).replace("<leerlingen>\n</leerlingen>\n", ""))
    to = roads.to("smalle-set-2.3", on=ON)
    shape = Shape(school=source.school)
    run = release_to(
        tmp_path / "u.xml", Roster(source), who=roads.who(), to=to, shape=shape
    )
    assert (run.main, run.receipt) == (False, False)
    assert run.report.refused == {RijReden.NO_PUPIL: 2}
    assert not run.files.main.exists()


def test_a_release_has_the_days_that_the_lvs_set_demands(tmp_path: Path) -> None:
    """
    The list's own peildatum, or the day of the release, which is when it is made too.
    """
    text = "".join(school(5, 0))
    mine = text.replace(
        "<brincode>", "<peildatum>2026-10-01+02:00</peildatum><brincode>"
    )
    for given, of in ((text, "2026-11-24"), (mine, "2026-10-01")):
        source = _edexml(given)
        out = tmp_path / f"{of}.xml"
        release_to(
            out,
            Roster(source),
            who=roads.who(),
            to=roads.to("lvs-set-2.3", on=ON),
            shape=Shape(school=source.school),
        )
        (first, *_) = etree.parse(str(out)).getroot()
        said = {etree.QName(each).localname: each.text for each in first}
        assert said["peildatum"] == of
        assert said["aanmaakdatum"] == "2026-11-24T00:00:00"
        assert said["xsdversie"] == "2.2"


def test_without_those_days_nothing_of_the_lvs_set_is_written() -> None:
    """
    The message says which, and what to give.
    """
    row = (Wie.LEERLING, _pupil(geslacht="1"))
    with pytest.raises(ExchangeError, match="peildatum and an aanmaakdatum"):
        write_edexml(io.BytesIO(), [row], school=replace(SCHOOL, peildatum=None))


@pytest.mark.parametrize("key", ["", "x" * 257, "a\x07"])
def test_the_key_of_a_school_has_the_length_of_the_schema(key: str) -> None:
    """
    1 to 256 characters that XML can hold.
    """
    with pytest.raises(ExchangeError, match=r"^schoolkey: "):
        School(schooljaar="2026-2027", schoolkey=key)
    assert School(schooljaar="2026-2027", schoolkey="x" * 256).brincode is None
