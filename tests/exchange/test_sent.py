"""
What schools send, through the command line: each input in each format that carries it.

A row of the table is one column of a list, and what a recipient gets of it.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import parties as our
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
from damage import told
from lxml import etree
from odf.table import Table, TableRow
from schools import NAMESPACE
from sent import ALL, BOOKS, FORMATS, TABLES, Rows
from strategies import RING
from workbooks import WRITERS, cell_of

from eckid import ExchangeError, Sector
from eckid.cli.app import run
from eckid.scale import hash_column, release_table

pytestmark = pytest.mark.usefixtures("cheap")

_PASSPHRASE: Final = "correct horse battery staple"
_UNREAD: Final = "the cell cannot be read as a day or a code, so it does not go"
_AGE: Final = "no pupil is so young or so old"
_ASKED: Final = "expected days in one order of day, month and year"
_TODAY: Final = date.today()  # noqa: DTZ011  # as the run has it


class Done(NamedTuple):
    """
    How a command ended: its code, what it said, and what went of each row.
    """

    code: int
    said: str
    rows: list[dict[str, str]]
    refused: list[dict[str, str]]


Release = Callable[..., Done]


def _table(path: Path) -> list[dict[str, str]]:
    if not path.exists() or path.suffix != ".csv":
        return []
    text = path.read_text("utf-8-sig")
    return [*csv.DictReader(io.StringIO(text, newline=""), delimiter=";")]


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """
    The options that name a ring.
    """
    folder = tmp_path_factory.mktemp("ring")
    RING.save(folder / "ring", passphrase=_PASSPHRASE)
    (folder / "secret").write_text(_PASSPHRASE)
    return (
        *("--ring", str(folder / "ring")),
        *("--passphrase-file", str(folder / "secret")),
    )


@pytest.fixture
def release(
    ring: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Release:
    """
    Release the bytes of a list in a format under a policy that lets all of it go.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    Path("alles.toml").write_text(ALL, "utf-8")

    def command(octets: bytes, format: str, *options: str, **how: str) -> Done:
        Path(f"lijst.{format}").write_bytes(octets)
        asked = {
            "--sector": "po",
            "--beleid": "alles.toml",
            "--doel": "gebruik",
            "--ontvanger": "softwareleverancier",
            "--order": "list",
            "--out": "uit.csv",
            **{f"--{name}": value for name, value in how.items()},
        }
        words = [word for pair in asked.items() for word in pair]
        rings = () if format == "json" else ring
        code = run(["release", f"lijst.{format}", *rings, *words, *options])
        out, err = capfd.readouterr()
        uit = Path(asked["--out"])
        refused = _table(uit.with_name(f"{uit.name}.refused.csv"))
        return Done(code, out + err, _table(uit), refused)

    return command


def pupils(*cells: object, naam: str = "geboortedatum") -> Rows:
    """
    Return a pupil for each cell, which stands in the column of an attribute.
    """
    return [
        {
            "bsn": our.number(n),
            "key": f"k{n}",
            "achternaam": "Bakker",
            "roepnaam": f"Sem-{chr(97 + n)}",
            naam: cell,
        }
        for n, cell in enumerate(cells)
    ]


class Sent(NamedTuple):
    """
    A column as a school sends it, and what goes.

    Attributes:
        naam: The attribute of the column.
        cells: Its cells, one for each row.
        goes: What goes of each: nothing if it is withheld, None if its row is refused;
            no rows if the file is refused.
        says: What is said of it.
        options: The options that the user gives.
        formats: The formats that carry it.
    """

    naam: str
    cells: Sequence[object]
    goes: Sequence[str | None]
    says: str = ""
    options: Sequence[str] = ()
    formats: Sequence[str] = tuple(FORMATS)


def _born(years: int) -> str:
    return (_TODAY - timedelta(days=years * 366)).isoformat()


_DAY: Final = "geboortedatum"
_FIRST: Final = "2015-09-01"
_CODED: Final = tuple(name for name in FORMATS if name != "json")
DAYS: Final[Mapping[str, Sent]] = {
    "american": Sent(_DAY, ("9/25/2015", "9/1/2015"), ("2015-09-25", _FIRST)),
    "dutch": Sent(_DAY, ("9/1/2015", "25/9/2015"), ("2015-01-09", "2015-09-25")),
    "open": Sent(_DAY, ("9/1/2015", "9/2/2015"), (), _ASKED),
    "open-one": Sent(_DAY, ("01-09-15",), (), "say which with --days dmy, mdy or ymd"),
    "two-orders": Sent(_DAY, ("25-09-2015", "09/25/2015"), (), _ASKED),
    "said-dmy": Sent(
        _DAY, ("01-09-15", "9/1/2015"), (_FIRST, "2015-01-09"), "", ("--days", "dmy")
    ),
    "said-mdy": Sent(
        _DAY, ("01-09-15", "9/1/2015"), ("2015-01-09", _FIRST), "", ("--days", "mdy")
    ),
    "said-ymd": Sent(
        _DAY, ("01-09-15", "2015/9/1"), ("2001-09-15", _FIRST), "", ("--days", "ymd")
    ),
    "two-digits": Sent(_DAY, ("01-09-15", "25-09-15"), (_FIRST, "2015-09-25")),
    "without-doubt": Sent(
        _DAY,
        (
            *("42248", "42248,0", "2015-09-01 00:00:00", "1 september 2015"),
            *("2015-09-01+02:00", "2015-09-01Z", "20150901", "1-sep-15"),
            "2015-09-01T00:00:00.000Z",
        ),
        (_FIRST,) * 9,
    ),
    "typed-day": Sent(
        _DAY,
        (date(2015, 9, 1), date(2015, 1, 9)),
        (_FIRST, "2015-01-09"),
        "",
        (),
        TABLES[1:],
    ),
    "typed-moment": Sent(
        _DAY,
        (datetime(2015, 9, 1),),  # noqa: DTZ001  # as a frame has it
        (_FIRST,),
        "",
        (),
        (
            "xlsx",
            "ods",
            "parquet",
        ),
    ),
    "typed-number": Sent(_DAY, (42248,), (_FIRST,), "", (), TABLES[1:]),
    "no-day": Sent(
        _DAY,
        (
            *("0015-09-01", "01-09-0015", "2105-09-01", "31-02-2015", "nooit"),
            *("2015-08-31T22:00:00Z", "25-25-2015"),
        ),
        ("",) * 7,
        f"told 7: {_DAY}: {_UNREAD}",
    ),
    "age-3": Sent(_DAY, (_born(3),), (_born(3),), f"told 1: {_DAY}: {_AGE}"),
    "age-40": Sent(_DAY, (_born(40),), (_born(40),), f"told 1: {_DAY}: {_AGE}"),
}
CODES: Final[Mapping[str, Sent]] = {
    "gender": Sent(
        "geslacht",
        ("M", "V", "m", "man", "vrouw", "jongen", "onbekend", "2", "X"),
        ("1", "2", "1", "1", "2", "1", "0", "2", "other"),
        formats=_CODED,
    ),
    "gender-edu-v": Sent(
        "geslacht",
        ("male", "female", "unspecified", "other"),
        ("1", "2", "0", "other"),
        formats=("json",),
    ),
    "no-gender": Sent(
        "geslacht",
        ("?", "n.v.t.", "3"),
        ("",) * 3,
        f"told 3: geslacht: {_UNREAD}",
        formats=_CODED,
    ),
    "year-po": Sent(
        "jaargroep",
        ("3", "03", "groep 3", "Leerjaar 8", "C", "13", "klas 3"),
        ("3", "3", "3", "8", "C", None, None),
        formats=_CODED,
    ),
    "year-vo": Sent(
        "jaargroep",
        ("Leerjaar 3", "klas 4", "13", "groep 3", "8", "brugklas"),
        ("13", "14", "13", None, None, None),
        options=("--sector", "vo"),
        formats=_CODED,
    ),
    # In EDEXML a bare 3 is the code of groep 3.
    "year-vo-3": Sent(
        "jaargroep", ("3", "3,0"), ("13", "13"), "", ("--sector", "vo"), TABLES
    ),
    "year-number": Sent(
        "jaargroep", (3, 4), ("13", "14"), "", ("--sector", "vo"), (*BOOKS, "parquet")
    ),
    "year-mbo": Sent(
        "jaargroep", ("3", "N"), (None, "N"), "", ("--sector", "mbo"), _CODED
    ),
}
NUMBERS: Final[Mapping[str, Sent]] = {
    "kept-as-text": Sent(
        "bsn",
        ('="111222333"', "'123456782", "63.138.219,00", "498839436,00"),
        ("",) * 4,
        "numbers mended 4",
        formats=_CODED,
    ),
    "decimal-and-scientific": Sent(
        "bsn",
        ("123456782,00", "6,3138219E+07", "111.222.333"),
        ("",) * 3,
        "numbers mended 2",
        formats=_CODED,
    ),
    "stored-as-number": Sent(
        "bsn",
        (111222333, 63138219),
        ("", ""),
        "numbers mended 1",
        (),
        (*BOOKS, "parquet"),
    ),
    "rounded": Sent(
        "bsn",
        ("1,1122E+08", "6,313822E+07", "111222334"),
        (None,) * 3,
        "a spreadsheet shows the number without all its digits",
        formats=_CODED,
    ),
}
TABLE: Final = {**DAYS, **CODES, **NUMBERS}
CASES: Final = [
    pytest.param(name, kind, id=f"{name}-{kind}")
    for name, sent in TABLE.items()
    for kind in sent.formats
]


@pytest.mark.parametrize(("name", "format"), CASES)
def test_a_column_goes_as_what_it_says_or_is_told(
    name: str, format: str, release: Release
) -> None:
    """
    The same from every format: a value in one form, withheld and told, or refused.
    """
    sent = TABLE[name]
    rows = pupils(*sent.cells, naam=sent.naam)
    done = release(FORMATS[format](rows), format, *sent.options)
    kept = [value for value in sent.goes if value is not None]
    assert [row.get(sent.naam, "") for row in done.rows] == kept
    assert len(done.refused) == len(sent.goes) - len(kept), done.said
    assert done.code == (3 if not sent.goes else 1 if done.refused else 0)
    assert sent.says in done.said
    # What is printed is seen by others than the school.
    texts = [text for cell in sent.cells if len(text := str(cell)) > 7]
    assert not any(text in done.said for text in texts)


_SPELLED: Final = (
    *('="111222333"', "'111222333", "111222333,00", "111.222.333,00"),
    *("1,11222333E+08", "111.222.333", "111 222 333"),
)


@pytest.mark.parametrize("format", _CODED)
def test_a_number_of_which_every_digit_is_there_is_the_pupils_own(
    format: str, release: Release
) -> None:
    """
    However it is shown: the pupil has one ketenID.
    """
    plain = release(FORMATS["csv"](pupils("111222333", naam="bsn")), "csv").rows
    spelled: Rows = [
        {"bsn": text, "key": "k", "roepnaam": "Sem", "achternaam": "Bakker"}
        for text in _SPELLED
    ]
    for row in spelled:
        done = release(FORMATS[format]([row]), format, "--force")
        assert [each["eckid"] for each in done.rows] == [plain[0]["eckid"]], done.said


@pytest.mark.parametrize("out", ["uit.csv", "uit.parquet", "uit.xml", "uit.json"])
@pytest.mark.parametrize("format", FORMATS)
def test_what_cannot_be_read_leaves_in_no_format(
    format: str, out: str, release: Release
) -> None:
    """
    As a value or as text: the file does not have it.
    """
    rows = pupils("nooit-2015", "2015-09-01")
    beleid, more = {
        "xml": ("smalle-set-2.2", ("--brin", "99XX", "--schooljaar", "2024-2025")),
        "json": (
            "edu-v-students-1.1",
            (
                *("--scope", "eduv.student.basic"),
                *("--scope", "eduv.student.demographics"),
            ),
        ),
    }.get(out.rpartition(".")[2], ("alles.toml", ()))
    done = release(FORMATS[format](rows), format, *more, beleid=beleid, out=out)
    assert done.code == 0, done.said
    octets = Path(out).read_bytes()
    assert b"2015-09-01" in octets
    assert b"nooit" not in octets


_PUPIL: Final = {"bsn": "111222333", "key": "k0", "achternaam": "Bakker"}
# Each column that a school may call otherwise: what is told of it, and what goes.
HEADINGS: Final[Mapping[str, tuple[dict[str, str], str, dict[str, str]]]] = {
    "Achtername": (
        {"BSN": "111222333", "Roepnaam": "Sem", "Achtername": "Bakker"},
        "told: Achtername: no attribuut has this heading, so the column does not go",
        {"roepnaam": "Sem", "achternaam": ""},
    ),
    "nearest": (
        {"BSN": "111222333", "Geboorte datum lln": "x", "Klas": "6a"},
        "told: Geboorte datum lln: no attribuut has this heading",
        {"geboortedatum": "", "groep": "6a"},
    ),
    "Naam": (
        {"BSN": "111222333", "Naam": "Sem Bakker"},
        "told: Naam: no attribuut has this heading",
        {"roepnaam": ""},
    ),
    "known": (
        {
            "Persoonsgebonden nummer": "111222333",
            "stamnr_str": "17",
            "givenName": "Sem",
            "Tussenv": "de",
            "familyName": "Bakker",
        },
        "",
        {"roepnaam": "Sem", "voorvoegsel": "de", "achternaam": "Bakker"},
    ),
    "bsn-or-number": (
        {"BSN of onderwijsnummer": "101222331", "Roepnaam": "Sem"},
        "",
        {"roepnaam": "Sem"},
    ),
    "Burgerservicenummer (BSN)": (
        {"Burgerservicenummer (BSN)": "111222333", "Roepnaam": "Sem"},
        "",
        {"roepnaam": "Sem"},
    ),
    "both-names": (
        {**_PUPIL, "Voornaam": "Samuel", "Roepnaam": "Sem"},
        "told: Voornaam: no attribuut has this heading",
        {"roepnaam": "Sem", "achternaam": "Bakker"},
    ),
    "never-goes": (
        {**_PUPIL, "Telefoon": "+31-6-12345678", "Opmerking": "- bril", "X": "=1+1"},
        "told: Opmerking: no attribuut has this heading",
        {"achternaam": "Bakker"},
    ),
}


@pytest.mark.parametrize("format", TABLES)
@pytest.mark.parametrize("case", HEADINGS)
def test_a_heading_is_known_or_named(
    case: str, format: str, release: Release, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    By every run, in its report and by check; what is certain of it goes.
    """
    row, says, goes = HEADINGS[case]
    done = release(FORMATS[format]([row]), format)
    assert done.code == 0, done.said
    assert [{name: each[name] for name in goes} for each in done.rows] == [goes]
    assert says in done.said
    assert ("no attribuut has this heading" in done.said) is (bool(says))
    for naam in goes:
        absent = f"told: {naam}: the policy releases it, and no column has it"
        assert (absent in done.said) is (not goes[naam])
    if says:
        assert says.split(":")[1].strip() in Path("uit.csv.report.json").read_text()
        assert run(["check", f"lijst.{format}"]) == 0
        assert says in capfd.readouterr().out


@pytest.mark.parametrize("format", TABLES)
def test_one_heading_twice_is_neither(format: str, release: Release) -> None:
    """
    Of two columns E-mail nobody knows which is the pupil's, so both are told.
    """
    heads, cells = ["BSN", "E-mail", "E-mail"], ["111222333", "a@b.nl", "b@c.nl"]
    if format in BOOKS:
        octets = WRITERS[format]([heads, cells])
    elif format == "parquet":
        file = io.BytesIO()
        arrays = [pa.array([cell]) for cell in cells]
        pq.write_table(pa.Table.from_arrays(arrays, names=heads), file)
        octets = file.getvalue()
    else:
        octets = "\n".join(map(";".join, (heads, cells))).encode()
    done = release(octets, format)
    assert done.code == 0, done.said
    assert [each["emailadres"] for each in done.rows] == [""]
    assert "told: kolom 2: no attribuut" in done.said
    assert "told: kolom 3: no attribuut" in done.said


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["Zo\u2030", "Zo\u2018", "Zo\u00c3\u00ab"])
def test_a_sign_that_no_name_has_refuses_the_file(
    name: str, format: str, release: Release
) -> None:
    """
    A spreadsheet or a system may have misread the text and saved it in any format.
    """
    done = release(FORMATS[format](pupils(name, naam="voorvoegsel")), format)
    assert done.code == 3
    assert "a sign that no name has" in done.said
    assert not done.rows
    assert name not in done.said


def test_a_sign_that_no_name_has_refuses_a_table_of_columns() -> None:
    """
    By column as by row; the error repeats nothing of the name.
    """
    who, keys = roads.who(), pa.array(["k1", "k2"])
    numbers = pa.array([our.number(n) for n in range(2)])
    sealed = hash_column(numbers, hasher=who.hasher).column.seal(keys, sleutelbos=RING)
    for name, fine in (("Zo\u2030", False), ("Zo\u00eb", True)):
        table = pa.table({"key": keys, "roepnaam": ["Sem", name]})
        table = table.append_column("hpgn-verzegeld", sealed.column)
        if fine:
            made = release_table(table, who=who, to=roads.to()).table
            assert made["roepnaam"].to_pylist() == ["Sem", name]
            continue
        with pytest.raises(ExchangeError, match=r"^expected names, got a sign") as said:
            release_table(table, who=who, to=roads.to())
        assert name not in told(said.value)


@pytest.mark.parametrize(
    ("encoding", "may"), [("cp850", "cp850 (DOS)"), ("mac_roman", "Mac Roman")]
)
def test_text_in_an_alphabet_of_long_ago_refuses_the_file(
    encoding: str, may: str, release: Release
) -> None:
    """
    The message says which alphabet it may be.
    """
    text = "BSN;Roepnaam\n111222333;Zo\u00eb\n"
    done = release(text.encode(encoding), "csv")
    assert done.code == 3
    assert may in done.said


def _titled(kind: str) -> bytes:
    return WRITERS[kind](
        [
            ["Leerlingenlijst groep 6a"],
            [],
            ["BSN", "Roepnaam", "Klas"],
            ["111222333", "Sem", "6a"],
            ["123456782", "Noor"],
            ["Totaal", "2"],
        ]
    )


def _csv(*lines: str) -> Callable[[], bytes]:
    return "\r\n".join((*lines, "")).encode


def _xml(pupils: str = "", *, groups: str = "", teachers: str = "") -> str:
    return (
        f'<leerlinggegevens xmlns="{NAMESPACE}"><school><schooljaar>2024-2025'
        "</schooljaar><brincode>99XX</brincode></school>"
        f"<groepen>{groups}</groepen><leerlingen>{pupils}</leerlingen>"
        f"<leerkrachten>{teachers}</leerkrachten></leerlinggegevens>"
    )


def _pupil(n: int, more: str = "") -> str:
    return (
        f'<leerling key="k{n}"><achternaam>Bakker</achternaam><roepnaam>Sem-{n}'
        f"</roepnaam>{more}<bsn>{our.number(n)}</bsn></leerling>"
    )


_DATA: Final = _xml(_pupil(0))
_ANSWER: Final = (
    f'<u:leerlinggegevens_antwoord xmlns:u="{NAMESPACE}">{_DATA}'
    "</u:leerlinggegevens_antwoord>"
)
_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"


def _edex(version: str) -> str:
    return (
        _DATA.replace(f' xmlns="{NAMESPACE}"', "")
        .replace("leerlinggegevens", "EDEX")
        .replace("</brincode>", f"</brincode><xsdversie>{version}</xsdversie>")
    )


def _student(**more: object) -> Callable[[], bytes]:
    student = {
        "userMasterIdentifier": our.ketenid(our.bsn(0), Sector.PO).uri,
        "givenName": "Samuel",
        "familyName": "Bakker",
        **more,
    }
    return json.dumps([student]).encode


_SEM: Final = [{"roepnaam": "Sem"}]
_BOTH: Final = [{"roepnaam": "Sem", "groep": "6a"}, {"roepnaam": "Noor", "groep": ""}]
_ONE: Final = [{"roepnaam": "Sem-0"}]
_SAMUEL: Final = [{"roepnaam": "Samuel", "achternaam": "Bakker"}]
_YEAR_4: Final = '<groep key="g"><naam>4A</naam><jaargroep>4</jaargroep></groep>'


class File(NamedTuple):
    """
    A file as a school sends it, and what goes.

    Attributes:
        format: Its format.
        make: Gives its bytes.
        goes: Of each row some attributes that go; no rows if the file is refused.
        says: What is said of it.
        options: The options that the user gives.
    """

    format: str
    make: Callable[[], bytes]
    goes: Sequence[Mapping[str, str]]
    says: str = ""
    options: Sequence[str] = ()


VALID: Final[Mapping[str, File]] = {
    "line-breaks-in-a-cell": File(
        "csv",
        _csv(
            "BSN;Roepnaam;Opmerking",
            '111222333;Sem;"Eerst; dan""\r\nnog ""een"" regel;\r\n123;4;5"',
            "123456782;Noor;",
        ),
        [*_SEM, {"roepnaam": "Noor"}],
    ),
    "empty-cells-left-off": File(
        "csv",
        _csv("BSN;Roepnaam;Klas;M/V", "111222333;Sem;6a", "123456782;Noor"),
        _BOTH,
    ),
    "title-and-total-csv": File(
        "csv",
        _csv(
            *("Leerlingenlijst groep 6a;;", "", "BSN;Roepnaam;Klas"),
            *("111222333;Sem;6a", "123456782;Noor;", "Totaal;2;"),
        ),
        _BOTH,
    ),
    "year-on-the-group": File(
        "xml",
        _xml(_pupil(0, '<groep key="g"/>'), groups=_YEAR_4).encode,
        [{"roepnaam": "Sem-0", "groep": "4A", "jaargroep": "4"}],
    ),
    "soap-answer": File(
        "xml",
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Header/><s:Body>{_ANSWER}</s:Body>'
        "</s:Envelope>".encode,
        _ONE,
    ),
    "bare-answer": File("xml", _ANSWER.encode, _ONE),
    **{
        f"edex-{version}": File("xml", _edex(version).encode, _ONE)
        for version in ("1.0.3", "2.0", "2.1")
    },
    "edex-3.0": File("xml", _edex("3.0").encode, [], "got version 3.0"),
    "eduv-asi": File(
        "json",
        _student(userIds=[{"userId": "x", "userIdType": "ASI"}]),
        _SAMUEL,
    ),
    "eduv-other": File("json", _student(gender="other"), [{"geslacht": "other"}]),
    "eduv-null": File(
        "json",
        _student(gender=None, dateOfBirth=None, userIds=None, familyNamePrefix=None),
        [{**_SAMUEL[0], "geslacht": "", "voorvoegsel": ""}],
    ),
    "eduv-beyond-ours": File(
        "json",
        _student(language="nl", homeAddress={"postcode": "- x"}, accessibility=[1]),
        _SAMUEL,
    ),
    "eduv-preferred": File(
        "json", _student(preferredFirstName="Sem"), [{"roepnaam": "Sem"}]
    ),
    **{
        f"sector-{word}": File(
            "csv",
            _csv("BSN;Roepnaam;Leerjaar", "111222333;Sem;Leerjaar 3"),
            [{"roepnaam": "Sem", "jaargroep": year}],
            options=("--sector", word),
        )
        for word, year in (
            *(("pro", "13"), ("vmbo", "13"), ("havo", "13"), ("vwo", "13")),
            ("basisschool", "3"),
        )
    },
    "sector-BES": File(
        "csv", _csv("BSN", "111222333"), [], "BES", options=("--sector", "BES")
    ),
    **{
        f"title-and-total-{kind}": File(kind, partial(_titled, kind), _BOTH)
        for kind in BOOKS
    },
}


@pytest.mark.parametrize("case", VALID)
def test_what_is_valid_is_read(case: str, release: Release) -> None:
    """
    And what another version or another law has is refused by its name.
    """
    sent = VALID[case]
    done = release(sent.make(), sent.format, *sent.options)
    assert done.code == (0 if sent.goes else 3), done.said
    found = zip(done.rows, sent.goes, strict=True)
    assert all({**row, **goes} == row for row, goes in found), done.rows
    assert sent.says in done.said


def _members(path: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    """
    Return each group of an EDEXML file: its kind, its name and the names of its people.
    """
    own = f"{{{NAMESPACE}}}"
    root = etree.parse(str(path)).getroot()
    found = []
    for group in root.iterfind(f"{own}groepen/*"):
        inside = sorted(
            str(person.findtext(f"{own}roepnaam"))
            for person in root.iter(f"{own}leerling", f"{own}leerkracht")
            if any(
                each.get("key") == group.get("key") for each in person.iter(group.tag)
            )
        )
        kind = etree.QName(group).localname
        found.append((kind, str(group.findtext(f"{own}naam")), tuple(inside)))
    return sorted(found)


_SAME: Final = _xml(
    _pupil(0, '<groep key="1"/>')
    + _pupil(1, '<groep key="2"/>')
    + _pupil(
        2,
        '<groep key="2"/><samengestelde_groepen><samengestelde_groep key="3"/>'
        '<samengestelde_groep key="4"/></samengestelde_groepen>',
    ),
    groups="".join(
        f'<{kind} key="{key}"><naam>{naam}</naam>{more}</{kind}>'
        for kind, key, naam, more in (
            ("groep", "1", "4A", "<jaargroep>4</jaargroep>"),
            ("groep", "2", "4A", "<jaargroep>4</jaargroep>"),
            ("samengestelde_groep", "3", "plus, extra", ""),
            ("samengestelde_groep", "4", "4A", ""),
        )
    ),
    teachers='<leerkracht key="t"><achternaam>Vos</achternaam><roepnaam>Juf</roepnaam>'
    '<emailadres>juf@school.example</emailadres><groepen><samengestelde_groep key="4"/>'
    "</groepen></leerkracht>",
)
_KEPT: Final = [
    ("groep", "4A", ("Sem-0",)),
    ("groep", "4A", ("Sem-1", "Sem-2")),
    ("samengestelde_groep", "4A", ("Juf", "Sem-2")),
    ("samengestelde_groep", "plus, extra", ("Sem-2",)),
]
_SMALL: Final = {"beleid": "smalle-set-2.2"}
_SCHOOL: Final = ("--brin", "99XX", "--schooljaar", "2024-2025")


@pytest.mark.parametrize("between", ["xml", "csv", "parquet", "xlsx", "ods"])
def test_a_group_is_its_key_on_every_road(
    between: str, release: Release, tmp_path: Path
) -> None:
    """
    From EDEXML to a file of any format and on to EDEXML: nobody is in another group.

    A received table tells no teacher from a pupil, so one goes without the teacher.
    """
    out = "tussen.csv" if between in BOOKS else f"tussen.{between}"
    first = release(_SAME.encode(), "xml", "--out", out, **_SMALL)
    assert first.code == 0, first.said
    octets = Path(out).read_bytes()
    if between in BOOKS:
        cells = [*csv.reader(io.StringIO(octets.decode(), newline=""), delimiter=";")]
        octets = WRITERS[between](cells)
    again = tmp_path / "verder"
    again.mkdir()
    path = again / f"got.{between}"
    path.write_bytes(octets)
    asked = ("--sector", "po", "--beleid", "smalle-set-2.2", "--doel", "gebruik")
    to = ("--ontvanger", "softwareleverancier", "--out", str(again / "uit.xml"))
    assert run(["release", str(path), *asked, *to, *_SCHOOL]) == 0
    found = _members(again / "uit.xml")
    if between == "xml":
        assert _members(Path(out)) == _KEPT
        assert found == _KEPT
    else:
        pupils = [
            (kind, naam, tuple(name for name in inside if name != "Juf"))
            for kind, naam, inside in found
        ]
        assert [each for each in pupils if each[2]] == [
            (*each[:2], tuple(name for name in each[2] if name != "Juf"))
            for each in _KEPT
        ]


@pytest.mark.parametrize("format", [*TABLES, "xml"])
def test_a_role_is_a_code_or_does_not_go(format: str, release: Release) -> None:
    """
    The word that a school has for a role becomes its code.
    """
    teachers = [
        {
            "key": f"t{n}",
            "achternaam": "Vos",
            "roepnaam": f"Juf-{n}",
            "emailadres": f"juf{n}@school.example",
            "rol": rol,
        }
        for n, rol in enumerate(("leerkracht", "IB", "kok"))
    ]
    if format != "xml":
        teachers = [{"bsn": f"99XX {each['emailadres']}", **each} for each in teachers]
    done = release(FORMATS[format](teachers), format)
    assert done.code == 0, done.said
    assert [each["rol"] for each in done.rows] == ["LRK", "IB", ""]
    assert f"told 1: rol: {_UNREAD}" in done.said


@pytest.mark.parametrize("format", [*TABLES, "xml"])
def test_what_the_lvs_set_demands_is_written(format: str, release: Release) -> None:
    """
    Its days and its version; the schemas see each file that a test writes.
    """
    rows = [
        {**each, "geslacht": "1", "jaargroep": "4"} for each in pupils("2015-09-01")
    ]
    done = release(
        FORMATS[format](rows), format, *_SCHOOL, beleid="lvs-set-2.3", out="uit.xml"
    )
    assert done.code == 0, done.said
    text = Path("uit.xml").read_text("utf-8")
    for name in ("peildatum", "aanmaakdatum", "xsdversie"):
        assert f"<{name}>" in text


@pytest.mark.parametrize("format", [*TABLES, "xml"])
def test_a_name_beyond_the_schema_refuses_its_row(
    format: str, release: Release
) -> None:
    """
    A group of 65 signs, an address of 257; one of 64, one of 256 goes.
    """
    rows = [
        {**each, "groep": "g" * (64 + n), "jaargroep": "4"}
        for n, each in enumerate(pupils("", ""))
    ]
    rows = [{k: v for k, v in each.items() if k != _DAY} for each in rows]
    done = release(FORMATS[format](rows), format, *_SCHOOL, out="uit.xml", **_SMALL)
    assert done.code == 1, done.said
    assert [each["attribuut"] for each in done.refused] == ["groep"]
    assert [naam for _, naam, _ in _members(Path("uit.xml"))] == [64 * "g"]
    teachers = [
        {
            "key": f"t{n}",
            "achternaam": "Vos",
            "roepnaam": f"Juf-{n}",
            "emailadres": f"{'a' * (240 + n)}@school.example.",
            "rol": "LRK",
        }
        for n in range(2)
    ]
    if format != "xml":
        teachers = [{"bsn": f"99XX juf{t['key']}@x.nl", **t} for t in teachers]
    octets = FORMATS[format]([*pupils("2015-09-01"), *teachers])
    done = release(octets, format, *_SCHOOL, "--force", out="uit.xml", **_SMALL)
    assert done.code == 1, done.said
    assert len(done.refused) == 1
    addresses = etree.parse("uit.xml").iter(f"{{{NAMESPACE}}}emailadres")
    assert [len(str(each.text)) for each in addresses] == [256]


@pytest.mark.parametrize("format", BOOKS)
def test_another_sheet_is_read_where_it_is_named(format: str, release: Release) -> None:
    """
    By its name; a name that no sheet has is refused, and not repeated.
    """

    def other(book: Any, _: object) -> None:  # noqa: ANN401  # of three libraries
        rows = [["BSN", "Roepnaam"], ["123456782", "Noor"]]
        if format == "xls":
            sheet = book.add_sheet("Tweede")
            for n, row in enumerate(rows):
                for m, cell in enumerate(row):
                    sheet.write(n, m, cell)
        elif format == "xlsx":
            sheet = book.create_sheet("Tweede")
            for row in rows:
                sheet.append(row)
        else:
            sheet = Table(name="Tweede")
            book.spreadsheet.addElement(sheet)
            for row in rows:
                line = TableRow()
                sheet.addElement(line)
                for cell in row:
                    line.addElement(cell_of(cell))

    octets = WRITERS[format]([["BSN", "Roepnaam"], ["111222333", "Sem"]], other)
    first = release(octets, format)
    assert [row["roepnaam"] for row in first.rows] == ["Sem"]
    assert "told: sheets: 2" in first.said
    second = release(octets, format, "--force", "--sheet", "Tweede")
    assert [row["roepnaam"] for row in second.rows] == ["Noor"]
    wrong = release(octets, format, "--force", "--sheet", "Bakker")
    assert wrong.code == 3
    assert "expected the name of a sheet of the workbook" in wrong.said
    assert "Bakker" not in wrong.said


def test_a_person_who_opens_csv_in_excel_asks_for_the_mark(release: Release) -> None:
    """
    It is not the default: other programs take the mark for a part of the heading.
    """
    octets = FORMATS["csv"](pupils("2015-09-01"))
    assert release(octets, "csv").code == 0
    plain = Path("uit.csv").read_bytes()
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert release(octets, "csv", "--force", "--for-excel").code == 0
    assert Path("uit.csv").read_bytes() == b"\xef\xbb\xbf" + plain
    done = release(octets, "csv", out="uit.xlsx")
    assert done.code == 3
    assert "no release is written as Excel" in done.said


_EDU_V: Final = ("--scope", "eduv.student.basic")
# A policy, a doel, a recipient and more; and whether anything goes.
MAY: Final[Mapping[str, tuple[str, str, str, Sequence[str], int]]] = {
    "distributeur": ("edu-v-students-1.1", "bestellen", "distributeur", _EDU_V, 0),
    "lvs-bestellen": ("lvs-set-2.3", "bestellen", "softwareleverancier", (), 3),
    "lvs-leveren": ("lvs-set-2.3", "leveren", "softwareleverancier", (), 3),
    "serviceprocessen": (
        *("leermiddelenketen", "serviceprocessen", "softwareleverancier", (), 3),
    ),
    "rol-LRK": ("voorbeeld-rollen", "gebruik", "school", ("--rol", "LRK"), 0),
    "rol-CON": ("voorbeeld-rollen", "gebruik", "school", ("--rol", "CON"), 0),
    "rol-none": ("voorbeeld-rollen", "gebruik", "school", (), 3),
}


@pytest.mark.parametrize("case", MAY)
def test_a_policy_gives_to_whom_it_says(case: str, release: Release) -> None:
    """
    What no rule serves is refused before any number is hashed.
    """
    beleid, doel, ontvanger, more, code = MAY[case]
    octets = FORMATS["csv"](pupils("6a", naam="groep"))
    done = release(octets, "csv", *more, beleid=beleid, doel=doel, ontvanger=ontvanger)
    assert done.code == code, done.said
    assert len(done.rows) == (0 if code else 1)
    if not code:
        # Whose meaning a rol has is said, and of the example it is ours.
        report = json.loads(Path("uit.csv.report.json").read_bytes())
        meaning = report.get("rol_meaning")
        assert (meaning is None) is (report["rol"] is None)
        if meaning is not None:
            assert "is the reading of the policy, as its status says" in meaning
            assert "codes is our own reading" in report["beleid"]["status"]
            assert f"rol {report['rol']}: {meaning}" in done.said
    if case == "rol-CON":
        # A caretaker sees who is where, and no surname.
        filled = {name for row in done.rows for name, cell in row.items() if cell}
        assert filled == {"roepnaam", "groep"}


def test_a_school_may_ask_before_the_first_day(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    From the day on which it can ask the ketenID holds; before, another may stand in.
    """
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "plaatsen.csv"
    path.write_text(
        "key;soort;brin;begin;bekostigd;bevestigd;aangevraagd_op\n"
        "k1;vo;99XX;2027-08-01;ja;ja;2027-05-01\n"
    )
    for on, grond in (("2027-04-30", "voor-begin"), ("2027-05-01", "ketenid")):
        assert run(["enrolment", "check", str(path), "--on", on]) == 0
        assert grond in capfd.readouterr().out
