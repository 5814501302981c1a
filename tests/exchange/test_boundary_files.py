"""
Enrolment, substitution and links in files and on the command line.
"""

import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import parties as our
import pytest
import roads
from written import plain

from eckid import (
    LEERMIDDELENKETEN,
    Doel,
    ExchangeError,
    IdentifierError,
    LinkError,
    PublicKey,
    Sector,
    Sleutelbos,
    Substitution,
    substitute,
)
from eckid.cli.app import run
from eckid.errors import LinkReden, NumberReden
from eckid.exchange import (
    Afgeleid,
    Afzender,
    Bestuur,
    Herkenning,
    Rij,
    RijReden,
    Roster,
    Stand,
    SubstitutionFile,
    Verzegeld,
    Weigering,
    check_enrolments,
    derive_list,
    hash_list,
    hold,
    link_list,
    look,
    read_jtis,
    read_keys,
    release_list,
    substitute_list,
    verify_list,
)
from eckid.exchange.formats.parquet import SEALED
from eckid.scheme import CHEAPEST
from eckid.succession import Reikwijdte, Substitutions, write_jwks

pytestmark = pytest.mark.usefixtures("cheap")

PASSPHRASE = "correct horse battery staple"
PO = our.ketenid(our.bsn(0), Sector.PO)
VO = our.ketenid(our.bsn(0), Sector.VO)
A, B = our.A.oin, our.B.oin


def _table(text: str) -> Any:  # noqa: ANN401  # any source
    return hold(io.BytesIO(text.encode()), days="dmy")


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def eckid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """
    Run a command in a folder with the ring of these tests.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    our.RING.save(tmp_path / "ring", passphrase=PASSPHRASE)
    (tmp_path / "secret").write_text(PASSPHRASE)

    def command(line: str) -> tuple[int, str, str]:
        ring = "--ring ring --passphrase-file secret"
        code = run(line.format(ring=ring, a=A, b=B, board=our.BOARD).split())
        return code, *capfd.readouterr()

    return command


# Enrolment.

_LIST = """\
LAS-key;Onderwijssoort;BRIN;Begin;Einde;Bekostigd;Bevestigd
k1;so;99XX;01-08-2026;;ja;ja
k2;VO;99xx;2026-08-01;;J;ja
k1;vo;99YY01;01-08-2026;31-01-2027;nee;ja
k3;vo;99XX;1-8-2026;;ja;nee
k4;gym;99XX;01-08-2026;;ja;ja
k5;vo;99XX;01-08-2026;;ja;ja
k5;vo;99XX;morgen;;ja;ja
k6;vo;99XX;01-08-2026;01-07-2026;ja;ja
;vo;99XX;01-08-2026;;ja;ja
k7;vo;9XX;01-08-2026;;ja;ja
k8;vo;99XX;01-08-2026;;misschien;ja
"""
_SAID = [
    "k1 ketenid po -",
    "k2 ketenid vo -",
    "k1 symbiose vo symbiose",
    "k3 niet-bevestigd vo niet-bevestigd",
    "5 value soort 2",
    "6 persoon None None",
    "7 value begin 4",
    "8 value None None",
    "9 value key 1",
    "10 value None None",
    "11 value bekostigd 6",
]


def _what(found: Stand | Weigering) -> str:
    if isinstance(found, Weigering):
        return f"{found.record} {found.reden.value} {found.attribuut} {found.column}"
    outcome = found.uitkomst
    sector = "-" if outcome.sector is None else outcome.sector.value
    other = "-" if outcome.ander_id_reden is None else outcome.ander_id_reden.value
    return f"{found.key} {outcome.grond.value} {sector} {other}"


def test_a_list_of_inschrijvingen_is_read_as_schools_write_it() -> None:
    """
    Days and words as in Dutch lists; the rows of a person belong together.

    A person with a bad row has no outcome at all: it might be another one.
    """
    found = list(check_enrolments(_table(_LIST), on=our.TODAY))
    assert [_what(each) for each in found] == _SAID
    assert repr(found[0]) == "<Stand key uitkomst>"


def test_a_list_of_inschrijvingen_needs_its_columns() -> None:
    """
    What is missing is named; einde, bevestigd and aangevraagd_op may be.
    """
    heads = "key;soort;brin;begin;bekostigd"
    row = "k1;vo;99XX;2026-08-01;ja"
    table = f"{heads}\n{row}\n"
    (found,) = check_enrolments(_table(table), on=our.TODAY)
    assert _what(found) == "k1 niet-nagegaan vo niet-bevestigd"
    (found,) = check_enrolments(_table(table), on=our.TODAY, controleert=False)
    assert _what(found) == "k1 ketenid vo -"
    for head in heads.split(";"):
        less = heads.replace(head, "x")
        with pytest.raises(ExchangeError, match=f"^expected a column {head}, got none"):
            check_enrolments(_table(f"{less}\n{row}\n"), on=our.TODAY)


# What a cell of bevestigd says, and what holds then.
_SAYS = {
    "ja": "ketenid",
    "1": "ketenid",
    "nee": "niet-bevestigd",
    "": "niet-nagegaan",
    "onbekend": "niet-nagegaan",
    "Unknown": "niet-nagegaan",
    "?": "niet-nagegaan",
}


@pytest.mark.parametrize("cell", _SAYS)
def test_a_cell_says_yes_no_or_that_nobody_asked(cell: str) -> None:
    """
    An empty cell is no yes, in a list as in a program.
    """
    text = f"key;soort;brin;begin;bekostigd;rod\nk1;vo;99XX;2026-08-01;ja;{cell}\n"
    (found,) = check_enrolments(_table(text), on=our.TODAY)
    assert isinstance(found, Stand)
    assert found.uitkomst.grond.value == _SAYS[cell]


def test_a_list_says_from_which_day_a_ketenid_can_be_asked_for() -> None:
    """
    A day, or an empty cell for the first day; another text refuses the row.
    """
    rows = "k1;;2027-08-01\nk2;01-11-2026;2027-08-01\nk3;01-12-2026;2026-08-01\n"
    text = "key;aangevraagd op;begin;soort;brin;bekostigd;bevestigd\n" + "".join(
        f"{row};vo;99XX;ja;ja\n" for row in [*rows.split(), "k4;ooit;2026-08-01"]
    )
    assert [_what(f) for f in check_enrolments(_table(text), on=our.TODAY)] == [
        "k1 voor-begin vo nog-niet-geregistreerd",
        "k2 ketenid vo -",
        "k3 voor-aanvraag vo nog-niet-geregistreerd",
        "4 value aangevraagd_op 2",
    ]


@pytest.mark.parametrize(
    ("soort", "said"),
    [
        ("Basisschool", "k1 ketenid po -"),
        ("havo", "k1 ketenid vo -"),
        ("pro", "k1 ketenid vo -"),
        ("BES", "1 bes soort 2"),
        ("Bonaire", "1 bes soort 2"),
    ],
)
def test_a_kind_of_school_is_read_and_bes_refused_by_name(
    soort: str, said: str
) -> None:
    """
    A kind of school is a spelling of its onderwijssoort; BES lies outside the law.
    """
    text = (
        f"key;soort;brin;begin;bekostigd;bevestigd\nk1;{soort};99XX;2026-08-01;ja;ja\n"
    )
    (found,) = check_enrolments(_table(text), on=our.TODAY)
    assert _what(found) == said


def test_a_row_that_is_no_row_is_refused_in_its_place() -> None:
    """
    What the reader of CSV refuses comes through, and nobody else pays for it.
    """
    text = "key;soort;brin;begin;bekostigd\nk1;vo;;;;x\nk2;vo;99XX;2026-08-01;ja\n"
    first, second = check_enrolments(_table(text), on=our.TODAY)
    assert isinstance(first, Weigering)
    assert first.reden is RijReden.WIDTH
    assert isinstance(second, Stand)


def test_enrolment_check(eckid: Command, tmp_path: Path) -> None:
    """
    It counts what holds, and writes what a release asks for.
    """
    (tmp_path / "places.csv").write_text(_LIST)
    code, out, _ = eckid("enrolment check places.csv --days dmy --on 2026-11-24")
    assert code == 1
    assert "rows in 11 = out 4 + refused 7" in out
    assert {path.name for path in tmp_path.iterdir()} == {
        "places.csv",
        "ring",
        "secret",
    }
    asked = "enrolment check places.csv --days dmy --on 2026-11-24"
    code, out, _ = eckid(f"{asked} --out stand.csv")
    assert code == 1
    assert "rows in 11 = out 4 + refused 7" in out
    assert plain(tmp_path / "stand.csv").split() == [
        "key;soort;sector;grond;ander_id_reden;ander_id_tot",
        "k1;so;po;ketenid;;",
        "k2;vo;vo;ketenid;;",
        "k1;vo;vo;symbiose;symbiose;2027-01-31",
        "k3;vo;vo;niet-bevestigd;niet-bevestigd;2027-07-31",
    ]
    refused = (tmp_path / "stand.csv.refused.csv").read_text()
    assert len(refused.splitlines()) == 8
    (tmp_path / "good.csv").write_text("\n".join(_LIST.splitlines()[:4]))
    asked = "enrolment check good.csv --days dmy --on 2026-11-24"
    assert eckid(f"{asked} --until 2026-12-31")[0] == 0
    assert eckid(f"{asked} --until 2026-11-23")[0] == 3
    assert eckid("enrolment check good.csv --days dmy --on 2010-01-01")[0] == 3


def test_a_board_that_does_not_check_at_duo_says_so_once(
    eckid: Command, tmp_path: Path
) -> None:
    """
    In the command, for the whole list; the report says that it did.
    """
    (tmp_path / "places.csv").write_text(
        "key;soort;brin;begin;bekostigd\nk1;vo;99XX;2026-08-01;ja\n"
    )
    for flag, said, grond in (
        ("", "yes", "niet-nagegaan;niet-bevestigd;2027-07-31"),
        (" --no-duo-check", "no", "ketenid;;"),
    ):
        line = f"enrolment check places.csv --on 2026-11-24 --out {said}.csv"
        assert eckid(line + flag)[0] == 0
        assert plain(tmp_path / f"{said}.csv").split()[1] == f"k1;vo;vo;{grond}"
        report = json.loads((tmp_path / f"{said}.csv.report.json").read_text())
        assert report["duo_check"] == said


def test_a_board_says_on_which_day_vso_moved(eckid: Command, tmp_path: Path) -> None:
    """
    The day is not certain: it may be any from the earliest on, and no other row moves.
    """
    (tmp_path / "places.csv").write_text(
        "key;soort;brin;begin;bekostigd;bevestigd\n"
        "k1;vso;99XX;2019-08-01;ja;ja\nk2;so;99XX;2019-08-01;ja;ja\n"
    )
    for n, (more, sectors) in enumerate(
        (
            ("", ["vo", "po"]),
            (" --vso-from 2020-11-25", ["po", "po"]),
            (" --vso-from 2020-11-26", ["vo", "po"]),
        )
    ):
        line = f"enrolment check places.csv --on 2020-11-25 --out {n}.csv{more}"
        assert eckid(line)[0] == 0
        rows = plain(tmp_path / f"{n}.csv").split()[1:]
        assert [row.split(";")[2] for row in rows] == sectors


# Substitution.

_OLD, _NEW, _OTHER = our.number(0, "10"), our.number(0), our.number(1)
_WRONG = str(int(_OTHER) + 1)
_CHANGES = f"""\
oud;nieuw;per
{_OLD};{_NEW};24-11-2026
{_OTHER};{_OTHER};24-11-2026
{_WRONG};{_NEW};24-11-2026
{_OTHER};{_NEW};ooit
"""


def _substitutions() -> Substitutions:
    return Substitutions([Substitution(our.onderwijsnummer(0), our.bsn(0), our.TODAY)])


def test_a_list_of_new_numbers_is_hashed_row_by_row() -> None:
    """
    A number for itself, a bad number and a bad day are refused in their place.
    """
    first, *refused = substitute_list(
        _table(_CHANGES), sleutelbos=our.RING, per=our.TODAY, scheme=CHEAPEST
    )
    assert [first] == list(_substitutions())
    assert [each.reden for each in refused if isinstance(each, Weigering)] == [
        LinkReden.ITSELF,
        NumberReden.ELFPROEF,
        RijReden.VALUE,
    ]
    (plain,) = substitute_list(
        _table(f"onderwijsnummer;bsn\n{_OLD};{_NEW}\n"),
        sleutelbos=our.RING,
        per=our.TODAY,
        scheme=CHEAPEST,
    )
    assert plain == first


def test_the_sealed_file_is_a_store(tmp_path: Path) -> None:
    """
    It holds what was added, in order, for its ring alone, and shows no number.
    """
    path = tmp_path / "s.csv"
    store = SubstitutionFile(path, sleutelbos=our.RING)
    assert store.substitutions() == []
    first = list(_substitutions())
    later = Substitution(our.bsn(0), our.bsn(1), our.SPRING)
    substitute(store, *first)
    substitute(store, later)
    substitute(store)
    assert store.substitutions() == [*first, later]
    assert our.bsn(0).expose().encode() not in path.read_bytes()
    before = path.read_bytes()
    with pytest.raises(LinkError):
        substitute(store, Substitution(our.bsn(2), our.bsn(0), our.TODAY))
    assert path.read_bytes() == before
    other = Sleutelbos.generate(release="2026")
    with pytest.raises(ExchangeError, match="this ring sealed"):
        SubstitutionFile(path, sleutelbos=other).substitutions()


@pytest.mark.parametrize("way", ["swap", "day", "hex", "empty", "cut"])
def test_a_changed_file_of_substitutions_is_refused(way: str, tmp_path: Path) -> None:
    """
    Cells of one row do not fit another, nor another day.
    """
    path = tmp_path / "s.csv"
    store = SubstitutionFile(path, sleutelbos=our.RING)
    substitute(
        store,
        *_substitutions(),
        Substitution(our.bsn(2), our.bsn(3), our.TODAY),
    )
    head, *rows = (line.split(";") for line in plain(path).split("\n"))
    match way:
        case "swap":
            rows[0][2], rows[1][2] = rows[1][2], rows[0][2]
        case "day":
            rows[0][0] = "2026-11-25"
        case "hex":
            rows[0][1] = "x"
        case "empty":
            rows[0][1] = ""
        case _:
            rows[0] = rows[0][:1]
    path.write_text("\n".join(";".join(row) for row in [head, *rows]))
    with pytest.raises(ExchangeError, match="this ring sealed") as caught:
        store.substitutions()
    assert caught.value.line == 2


_CLASS = f"BSN;LAS-key;Roepnaam\n{_NEW};k1;Olha\n{_OLD};k2;Oud\n{_OTHER};k3;Sem\n"


def _rows() -> list[Rij | Weigering]:
    return list(Roster(_table(_CLASS)))


def _who(substitutions: Substitutions | None) -> Herkenning:
    return roads.who(our.RING, sector=Sector.VO, substitutions=substitutions)


def test_a_release_knows_what_was_substituted() -> None:
    """
    The new number keeps the old ketenID, the old is refused; before its day not.
    """

    def released(
        substitutions: Substitutions | None, on: date | None = our.TODAY
    ) -> list[object]:
        who, to = _who(substitutions), roads.to(on=on)
        return [
            row.reden if isinstance(row, Weigering) else row.released["eckid"]
            for row in release_list(_rows(), who=who, to=to)
        ]

    old, new, other = (
        our.ketenid(hpgn, Sector.VO)
        for hpgn in (our.onderwijsnummer(0), our.bsn(0), our.bsn(1))
    )
    subs = _substitutions()
    assert released(subs) == [old, LinkReden.SUBSTITUTED, other]
    assert released(subs, on=date(2026, 11, 23)) == [new, old, other]
    assert released(None) == [new, old, other]
    assert released(None, on=None) == [new, old, other]
    with pytest.raises(TypeError, match=r"^on: expected date"):
        released(subs, on=None)


def test_deriving_knows_what_was_substituted(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same from sealed HPgns.
    """
    # A file cannot select the scheme of the tests, so here it may.
    monkeypatch.setattr("eckid.exchange.lists.deriving.CHEAPEST", None)
    hasher = roads.hasher(our.RING)
    sealed = hash_list(_rows(), sleutelbos=our.RING, hasher=hasher)
    text = f"key;{SEALED}\n" + "".join(
        f"{row.key};{row.sealed.hex()}\n"
        for row in sealed
        if isinstance(row, Verzegeld)
    )
    table = _table(text)
    how: dict[str, Any] = {"who": _who(_substitutions()), "sleutelbos": our.RING}
    derived = list(derive_list(table, columns=table.columns, **how, on=our.TODAY))
    assert [
        row.ketenid if isinstance(row, Afgeleid) else row.reden for row in derived
    ] == [
        our.ketenid(our.onderwijsnummer(0), Sector.VO),
        LinkReden.SUBSTITUTED,
        our.ketenid(our.bsn(1), Sector.VO),
    ]
    with pytest.raises(TypeError, match=r"^on: expected date"):
        derive_list(table, columns=table.columns, **how)


def test_substitute_on_the_command_line(eckid: Command, tmp_path: Path) -> None:
    """
    List, sealed file, release: the pupil keeps the ketenID that A has.
    """
    (tmp_path / "old.csv").write_text(f"BSN;Roepnaam\n{_OLD};Olha\n")
    (tmp_path / "new.csv").write_text(f"BSN;Roepnaam\n{_NEW};Olha\n")
    (tmp_path / "changes.csv").write_text(f"oud;nieuw\n{_OLD};{_NEW}\n")
    release = (
        "release {{}} {ring} --sector vo --beleid leermiddelenketen --doel gebruik "
        "--ontvanger uitgever --scheme eckid-argon2id-1 --on 2026-11-24 "
    )
    hashed = "--scheme eckid-argon2id-1"
    ring = "--ring ring --passphrase-file secret"
    first = f"{release} --out a.csv".replace("{ring}", ring).replace("{{}}", "old.csv")
    assert eckid(first)[0] == 0
    code, out, _ = eckid(
        f"substitute changes.csv {{ring}} --into s.csv --per 2026-11-24 {hashed}"
    )
    assert (code, "1 substitutions" in out) == (0, True)
    second = f"{release} --substitutions s.csv --out b.csv"
    second = second.replace("{ring}", ring).replace("{{}}", "new.csv")
    assert eckid(second)[0] == 0
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()
    third = second.replace("new.csv", "old.csv").replace("b.csv", "c.csv")
    code, out, _ = eckid(third)
    assert code == 1
    assert "another number has come in the place of this one" in out
    # The same once more changes nothing; a contradiction refuses the whole.
    before = (tmp_path / "s.csv").read_bytes()
    again = f"substitute changes.csv {{ring}} --into s.csv --per 2026-11-24 {hashed}"
    assert eckid(again)[0] == 0
    assert eckid(again.replace("2026-11-24", "2026-11-25"))[0] == 3
    assert (tmp_path / "s.csv").read_bytes() == before
    assert eckid(second.replace("s.csv", "none.csv").replace("b.csv", "d.csv"))[0] == 3
    received = f"release a.csv --sector vo --beleid leermiddelenketen --doel gebruik --ontvanger uitgever --substitutions s.csv --out e.csv"  # noqa: E501, F541
    assert eckid(received)[0] == 2


# Links.

_PAIRS = f"""\
PO;VO;MBO;door;op;woorden;geboortedatum
{PO.uri};{VO.uri};;ouder;24-11-2026;2026-1;
{PO.uri};{VO.uri};;leerling;24-11-2026;2026-1;2010-01-01
{PO.uri};{VO.uri};;leerling;24-11-2026;2026-1;2015-01-01
{PO.uri};{VO.uri};;leerling;24-11-2026;2026-1;
{PO.uri};;;ouder;24-11-2026;2026-1;
{PO.uri};{VO.uri};;ouder;25-11-2026;2026-1;
{PO.uri};eckid_L1;;ouder;24-11-2026;2026-1;
{PO.uri};{PO.uri};;buurman;24-11-2026;2026-1;
breed;;;;;;;x
"""
_MADE: dict[str, Any] = {
    "keten": LEERMIDDELENKETEN,
    "voor": Reikwijdte(
        organisatie=our.A, doel=Doel.GEBRUIK, vanaf=our.TODAY, tot=our.SPRING
    ),
    "bestuur": Bestuur(our.BOARD),
    "issued": our.TODAY,
    "sleutelbos": our.RING,
}


def test_a_list_of_pairs_gives_a_link_a_row() -> None:
    """
    Two ketenIDs, consent of a person who may give it, days in order; else a refusal.
    """
    found = list(link_list(_table(_PAIRS), **_MADE))
    assert [
        each.reden.value if isinstance(each, Weigering) else each.toestemming.door.value
        for each in found
    ] == [
        "ouder",
        "leerling",
        "consent",
        "consent",
        "pair",
        "period",
        "form",
        "value",
        "width",
    ]
    assert repr(found[0]) == "<Gelegd link toestemming>"


def test_links_are_verified_from_a_list() -> None:
    """
    With the ketenIDs beside them it is also said whether they may be joined.
    """
    token = our.link(PO, VO).token
    other = our.ketenid(our.bsn(1), Sector.VO)
    text = "link;po;vo;mbo\n" + "".join(
        f"{row}\n"
        for row in (
            f"{token};;;",
            f"{token};{PO.uri};{VO.uri};",
            f"{token};{PO.uri};{other.uri};",
            f"{token};{PO.uri};;",
            f"{token};{PO.uri};{VO.uri};{VO.uri}",
            f"{token}x;;;",
            f"x;{PO.uri};;",
            f";{PO.uri};{VO.uri};",
            "x;;;;x",
        )
    )
    found = verify_list(
        _table(text),
        keten=LEERMIDDELENKETEN,
        organisatie=our.A,
        doel=Doel.GEBRUIK,
        on=our.TODAY,
        afzender=Afzender(our.BOARD, our.TRUSTED, our.listed()),
    )
    assert [
        each.reden.value if isinstance(each, Weigering) else "holds" for each in found
    ] == [
        *("holds", "holds", "pair", "pair", "pair"),
        *("form", "pair", "value", "width"),
    ]


def test_links_are_of_the_board_that_the_list_came_from() -> None:
    """
    A neighbour links what our board sent, and our board what the neighbour sent.
    """
    ours, theirs = our.link(PO, VO), our.link(PO, VO, sleutelbos=our.NEIGHBOURS)
    lists = {
        our.BOARD: our.listed(),
        our.NEIGHBOUR: our.listed(sleutelbos=our.NEIGHBOURS),
    }

    def said(link: Any, houder: str, of: str) -> str:  # noqa: ANN401  # a SectorLink
        (found,) = verify_list(
            _table(f"link;po;vo\n{link.token};{PO.uri};{VO.uri}\n"),
            keten=LEERMIDDELENKETEN,
            organisatie=our.A,
            doel=Doel.GEBRUIK,
            on=our.TODAY,
            afzender=Afzender(houder, our.TRUSTED, lists[of]),
        )
        return found.reden.value if isinstance(found, Weigering) else "holds"

    assert said(ours, our.BOARD, our.BOARD) == "holds"
    assert said(theirs, our.NEIGHBOUR, our.NEIGHBOUR) == "holds"
    for link, signer, other in (
        (theirs, our.NEIGHBOUR, our.BOARD),
        (ours, our.BOARD, our.NEIGHBOUR),
    ):
        assert said(link, other, signer) == "other-houder"
        assert said(link, signer, other) == "other-list"
    with pytest.raises(IdentifierError, match=r"^houder: expected OINs"):
        said(ours, "x", our.BOARD)


def test_without_the_board_that_it_came_from_no_link_is_read(
    eckid: Command, tmp_path: Path
) -> None:
    """
    The usage says what to give; another board's OIN reads no key of this one.
    """
    (tmp_path / "links.csv").write_text(f"link\n{our.link(PO, VO).token}\n")
    (tmp_path / "list").write_text(f"{our.revocations()}\n")
    forged = PublicKey(our.NEIGHBOURS.public_key, our.BOARD, date(2026, 1, 1))
    for name, key in (("keys", our.KEY), ("theirs", our.THEIRS), ("forged", forged)):
        (tmp_path / name).write_text(write_jwks(key))
    verify = (
        "link verify links.csv --revocations list --organisatie {a} --doel gebruik "
        "--on 2026-11-24 --keys "
    )
    code, out, said = eckid(f"{verify} keys")
    assert (code, out) == (2, "")
    assert "expected --van and the OIN of the board that you have LIST" in said
    assert eckid(f"{verify} keys --van {{board}}")[0] == 0
    for keys, van in (
        ("keys", our.NEIGHBOUR),
        ("theirs", our.BOARD),
        ("forged", our.NEIGHBOUR),
    ):
        code, out, said = eckid(f"{verify} {keys} --van {van}")
        assert (code, out) == (3, "")
        assert "keys: expected those of the houder" in said


def test_links_on_the_command_line(eckid: Command, tmp_path: Path) -> None:
    """
    The board issues, the recipient verifies, the parent withdraws, nothing holds.
    """
    (tmp_path / "pairs.csv").write_text(_PAIRS)
    code, keys, _ = eckid("link key {ring} --houder {board} --vanaf 2026-01-01")
    assert code == 0
    (tmp_path / "keys.json").write_text(keys)
    day = "--on 2026-11-24"
    made = (
        "link issue pairs.csv {ring} --organisatie {a} --doel gebruik "
        f"--bestuur {{board}} --tot 2027-05-01 {day} --out links.csv"
    )
    code, out, _ = eckid(made)
    assert code == 1
    assert "rows in 9 = out 2 + refused 7" in out
    record = (tmp_path / "links.csv.board.csv").read_text()
    links = (tmp_path / "links.csv").read_text()
    for ketenid in (PO, VO):
        assert ketenid.hex not in links + record + out
    assert len(links.splitlines()) == len(record.splitlines()) == 3
    # A file in the way is not replaced.
    assert eckid(made)[0] == 3
    assert eckid(f"{made} --force")[0] == 1
    # The record of the first issue is gone with it; this one counts.
    links, record = (
        (tmp_path / name).read_text() for name in ("links.csv", "links.csv.board.csv")
    )
    revoke = f"link revoke links.csv.board.csv {{ring}} --organisatie {{a}} {day} "
    code, out, _ = eckid(f"{revoke} --number 1 --out list1")
    assert (code, "0 revoked" in out) == (0, True)
    verify = (
        "link verify links.csv --van {board} --keys keys.json --organisatie {a} "
        "--doel gebruik "
        f"{day} --revocations "
    )
    code, out, _ = eckid(f"{verify} list1")
    assert code == 0
    assert "rows in 2 = out 2 + refused 0" in out
    seen = re.search(r"--last-seen (1:[0-9a-f]{64}):([A-Za-z0-9_-]{43})\n", out)
    assert seen is not None
    # As it was printed, as it was before the key was printed too, and of two keys.
    other = f"9:{64 * 'b'}:{43 * 'x'}"
    for kept in (f"{seen[1]}:{seen[2]}", seen[1], f"{other},{seen[1]}:{seen[2]}"):
        code, out, _ = eckid(f"{verify} list1 --last-seen {kept}")
        # The other key is none of the board's: what it has does not count, or stay.
        assert (code, f"--last-seen {seen[1]}:{seen[2]}\n" in out) == (0, True)
    # Older than the last, or another of that number; and not what it printed.
    assert eckid(f"{verify} list1 --last-seen 2{seen[1][1:]}")[0] == 3
    assert eckid(f"{verify} list1 --last-seen 1:{64 * 'a'}")[0] == 3
    assert eckid(f"{verify} list1 --last-seen 1")[0] == 2
    assert eckid(f"{verify} links.csv")[0] == 3
    assert eckid(f"{verify} list1".replace("{a}", "{b}"))[0] == 3
    # Withdrawn: a day in the record.
    head, first, *rest = record.splitlines()
    (tmp_path / "links.csv.board.csv").write_text(
        "\n".join([head, first.replace('""', '"2026-11-24"'), *rest])
    )
    code, out, _ = eckid(f"{revoke} --number 2 --next-update 2026-12-01 --out list2")
    assert (code, "1 revoked" in out) == (0, True)
    code, out, _ = eckid(f"{verify} list2 --last-seen {seen[1]}")
    assert code == 1
    assert "it was revoked" in out
    # A bad row would be a revocation lost: the whole is refused.
    (tmp_path / "links.csv.board.csv").write_text(f"{head}\n{first[:-2]}morgen\n")
    assert eckid(f"{revoke} --number 3 --out list3")[0] == 3
    assert not (tmp_path / "list3").exists()


def test_the_record_says_what_is_revoked() -> None:
    """
    Without a column of days every row is.
    """
    jti = "ab" * 16
    assert list(read_jtis(_table(f"jti;door\n{jti};ouder\n"))) == [jti]
    assert list(read_jtis(_table(f"jti;ingetrokken\n{jti};\n"))) == []
    (row,) = read_jtis(_table("jti;x\n;y\n"))
    assert isinstance(row, Weigering)
    (row,) = read_jtis(_table("jti;x\ny;;z\n"))
    assert isinstance(row, Weigering)


def test_keys_travel_as_jwks(tmp_path: Path) -> None:
    """
    What is written is read; each stands under its thumbprint, or all are refused.
    """
    path = tmp_path / "keys.json"
    ended = PublicKey(our.NEXT.public_key, our.BOARD, our.TODAY, our.SPRING)
    path.write_text(write_jwks(ended))
    assert read_keys(path, houder=our.BOARD) == {ended.kid: ended}
    with pytest.raises(ExchangeError, match=r"^keys: expected those of the houder"):
        read_keys(path, houder=our.NEIGHBOUR)
    told = json.loads(path.read_text())
    (jwk,) = told["keys"]
    for wrong in (
        [],
        [1],
        [{**jwk, "kid": "x"}],
        [{**jwk, "crv": "X25519"}],
        [{**jwk, "houder": "x"}],
        [{**jwk, "vanaf": "ooit"}],
        [{**jwk, "x": "AAAA"}],
        [jwk, {"kty": "OKP"}],
    ):
        path.write_text(json.dumps({"keys": wrong}))
        with pytest.raises(ExchangeError, match=r"^keys: expected"):
            read_keys(path, houder=our.BOARD)
    for text in ("[]", "x", "{}"):
        path.write_text(text)
        with pytest.raises(ExchangeError, match=r"^keys: expected"):
            read_keys(path, houder=our.BOARD)


def test_a_links_list_is_looked_at_as_any_file(tmp_path: Path) -> None:
    """
    From a path as from standard input, in Windows-1252 and with a BOM.
    """
    path = tmp_path / "pairs.csv"
    path.write_bytes(_PAIRS.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    first = next(iter(link_list(look(path), **_MADE)))
    assert not isinstance(first, Weigering)
