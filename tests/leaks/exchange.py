"""
Rows of `eckid.exchange` and its formats.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from leaking import (
    BELEID,
    BOARD,
    CLASS,
    DAY,
    HASHER,
    HPGN,
    KETENID,
    KEY,
    NUMBER,
    OTHER,
    PGN,
    RING,
    ROEPNAAM,
    SALT,
    STAM,
    TO,
    VO,
    WRONG,
    Row,
    constant,
    listed,
    members,
    untyped,
)
from leaks.succession import LINK, LISTED, REACH, READS
from workbooks import xlsx

import eckid
from eckid import LEERMIDDELENKETEN, Doel, Ontvanger, Sector, exchange
from eckid.exchange import formats
from eckid.scheme import CHEAPEST

SENDER: Final = exchange.Afzender(BOARD, READS["keys"], LISTED)
RIJ: Final = next(
    r for r in exchange.Roster(listed(CLASS)) if isinstance(r, exchange.Rij)
)
BRON: Final = exchange.Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
WHO: Final = exchange.Herkenning(bron=BRON, hasher=HASHER)
PASSING: Final = exchange.Doorgifte(LEERMIDDELENKETEN, Sector.PO)
ANYONE: Final = BELEID.voor(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER)
LEAK: Final = f"eckid;roepnaam\n{STAM.expose()};{ROEPNAAM}\n"
SCHOOL: Final = exchange.School(schooljaar="2026-2027", brincode="99XX")
ABOUT: Final[dict[str, str]] = dict.fromkeys(
    ("doel", "ontvanger", "keten", "sector", "release", "rehearsal"), "x"
)
RECEIPT: Final[Mapping[str, Any]] = exchange.read_receipt(
    exchange.make_receipt(BELEID, on=DAY, rows=1, about=ABOUT)
)
PLACES: Final = (
    "key;soort;brin;begin;einde;bekostigd\n"
    f"{KEY};vo;99XX;2026-08-01;;ja\nk2;vo;{NUMBER};2026-08-01;;ja\n"
)
PAIRS: Final = (
    "po;vo;door;op;woorden\n"
    f"{KETENID.uri};{VO.uri};ouder;2026-11-24;1\n"
    f"{STAM.expose()};{VO.uri};ouder;2026-11-24;1\n"
    f"{KETENID.uri};{VO.uri};ouder;2026-11-24;{NUMBER} {NUMBER}\n"
)
MADE: Final[dict[str, Any]] = {
    "keten": LEERMIDDELENKETEN,
    "voor": REACH,
    "bestuur": exchange.Bestuur(BOARD),
    "issued": DAY,
    "sleutelbos": RING,
}
NEW: Final = f"oud;nieuw\n{OTHER};{NUMBER}\n{NUMBER};{WRONG}\n{NUMBER};{NUMBER}\n"
SEALED: Final = (
    f"key;hpgn-verzegeld\n{KEY};{RING.seal(HPGN, about=f'hpgn {KEY}').hex()}\n"
    f"k;{HPGN.expose()}\n{NUMBER};x\n"
)
DERIVES: Final[dict[str, Any]] = {
    "columns": ("key", "hpgn-verzegeld"),
    "who": WHO,
    "sleutelbos": RING,
}


def released(**how: Any) -> exchange.Run:  # noqa: ANN401  # as release_to takes it
    """
    Release the list, and say what it wrote.
    """
    rows = exchange.Roster(listed(CLASS))
    shape = exchange.Shape(replace=True)
    given = {"who": WHO, "to": TO, "shape": shape, **how}
    return exchange.release_to(Path("u.csv"), rows, **given)


def registered(act: str, *arguments: Any, **more: Any) -> Callable[[], object]:  # noqa: ANN401
    """
    Return what asks *act* of a register that keeps a list.
    """

    def call() -> object:
        with (
            TemporaryDirectory() as folder,
            eckid.Register.create(Path(folder, "reg"), sleutelbos=RING) as register,
        ):
            keeper = exchange.Administratie(register)
            made = released(who=replace(WHO, bewaard=keeper))
            with keeper.noting():
                return [keeper, made, getattr(keeper, act)(*arguments, **more)]

    return call


def run_to(**how: Any) -> exchange.Run:  # noqa: ANN401  # as run_to takes it
    """
    Write a run of one refusal.
    """
    report = exchange.Report({"rehearsal": "no"})
    rows = report.reading([RIJ.refused(exchange.RijReden.KEY)])
    draw = exchange.as_rows(Path("u.csv"), (), lambda _: ())
    given = {"out": Path("u.csv"), "report": report, "draw": draw, **how}
    return exchange.run_to(
        rows, given.pop("out"), given.pop("report"), **given, replace=True
    )


def numbers(*texts: object) -> io.BytesIO:
    """
    Return a list of numbers as Parquet.
    """
    file = io.BytesIO()
    pq.write_table(pa.table({"BSN": texts or [NUMBER, WRONG, None, OTHER]}), file)
    file.seek(0)
    return file


def workbook() -> io.BytesIO:
    """
    Return a list of numbers as a workbook.
    """
    return io.BytesIO(xlsx([["BSN"], [NUMBER], [WRONG], [None], [OTHER]]))


def counted() -> exchange.Report:
    """
    Return the report of a list that was read.
    """
    report = exchange.Report({})
    list(report.reading(exchange.Roster(listed(CLASS))))
    return report


def results(cells: Callable[[exchange.Rij], tuple[str, ...]]) -> bytes:
    """
    Write *cells* of the list, and return what was written.
    """
    files = exchange.files_of(Path("u.csv"), rehearsal=False)
    report = exchange.Report({})
    rows = report.reading(exchange.Roster(listed(CLASS)))
    exchange.write_results(
        rows,
        files,
        draw=exchange.as_rows(Path("u.csv"), ("key",), cells),
        report=report,
        replace=True,
    )
    return b"".join(path.read_bytes() for path in files if path.exists())


def kept() -> exchange.Geheugen:
    """
    Return a memory with the person in it.
    """
    memory = exchange.Geheugen()
    memory.keep(RIJ, HPGN)
    return memory


ROWS: Final[Mapping[str, Row]] = {
    "Stand": Row(
        lambda: list(exchange.check_enrolments(listed(PLACES), on=DAY)),
    ),
    "check_enrolments": Row(
        lambda: list(exchange.check_enrolments(listed(PLACES), on=DAY)),
        (
            untyped(exchange.check_enrolments, NUMBER, on=DAY),
            lambda: list(exchange.check_enrolments(listed(CLASS), on=DAY)),
        ),
    ),
    "Gelegd": Row(lambda: list(exchange.link_list(listed(PAIRS), **MADE))),
    "link_list": Row(
        lambda: list(exchange.link_list(listed(PAIRS), **MADE)),
        (
            untyped(exchange.link_list, NUMBER, **MADE),
            lambda: exchange.link_list(listed(CLASS), **MADE),
        ),
    ),
    "verify_list": Row(
        lambda: list(
            exchange.verify_list(
                listed(
                    f"link;po;vo\n{LINK.token};{KETENID.uri};{VO.uri}\n{NUMBER};;\n"
                ),
                organisatie=READS["organisatie"],
                on=READS["on"],
                afzender=SENDER,
                keten=LEERMIDDELENKETEN,
                doel=Doel.GEBRUIK,
            )
        ),
        (
            untyped(
                exchange.verify_list,
                NUMBER,
                organisatie=READS["organisatie"],
                on=READS["on"],
                afzender=SENDER._replace(houder=NUMBER),
                keten=LEERMIDDELENKETEN,
                doel=Doel.GEBRUIK,
            ),
        ),
    ),
    "Afzender": constant(SENDER),
    "read_jtis": Row(
        lambda: list(exchange.read_jtis(listed(f"jti;x\n{LINK.jti};{NUMBER}\n"))),
        (lambda: list(exchange.read_jtis(listed(CLASS))),),
    ),
    "read_keys": Row(
        lambda: None,
        (
            lambda: exchange.read_keys("README.md", houder=BOARD),
            untyped(exchange.read_keys, "README.md", houder=NUMBER),
            untyped(exchange.read_keys, PGN, houder=BOARD),
        ),
    ),
    "substitute_list": Row(
        lambda: list(
            exchange.substitute_list(
                listed(NEW), sleutelbos=RING, per=DAY, scheme=CHEAPEST
            )
        ),
        (untyped(exchange.substitute_list, PGN, sleutelbos=RING, per=DAY),),
    ),
    "SubstitutionFile": Row(
        lambda: exchange.SubstitutionFile("none", sleutelbos=RING),
        (
            lambda: exchange.SubstitutionFile(
                "README.md", sleutelbos=RING
            ).substitutions(),
        ),
    ),
    "Files": constant(exchange.files_of(Path("u.csv"), rehearsal=False)),
    "Herstel": members(exchange.Herstel),
    "RijReden": members(exchange.RijReden),
    "Weigering": constant(exchange.Weigering(1, 2, 3, exchange.RijReden.MISSING)),
    "Rij": constant(RIJ),
    "Ontvangen": Row(
        lambda: list(
            exchange.Received(listed(f"eckid;roepnaam\n{KETENID.uri};{ROEPNAAM}"))
        )
    ),
    "Afgeleid": constant(exchange.Afgeleid(KEY, KETENID)),
    "Verzegeld": constant(exchange.Verzegeld(KEY, RING.seal(HPGN, about="a"))),
    "Table": Row(
        lambda: listed(CLASS),
        (untyped(exchange.Table, NUMBER, {}),),
    ),
    "look": Row(
        lambda: exchange.look("README.md", headings={"BSN": "bsn"}),
        (
            untyped(exchange.look, PGN),
            lambda: exchange.look("README.md", headings={"BSN": NUMBER}),
        ),
    ),
    "hold": Row(
        lambda: listed(CLASS),
        (
            untyped(exchange.hold, NUMBER),
            lambda: exchange.hold(io.BytesIO(f"BSN\n{NUMBER}\n".encode("utf-16"))),
            lambda: exchange.hold(io.BytesIO(b"BSN\n\x81" + NUMBER.encode())),
        ),
    ),
    "Roster": Row(
        lambda: list(exchange.Roster(listed(CLASS))),
        (
            untyped(exchange.Roster, NUMBER),
            lambda: exchange.Roster(listed(f"{NUMBER};Sem\n{OTHER};Finn\n")),
            lambda: exchange.Roster(listed(f'BSN;Naam\n"{NUMBER};Sem\n{OTHER};Finn\n')),
            lambda: exchange.Roster(listed(f"BSN;eckid\n{NUMBER};x\n")),
        ),
    ),
    "Received": Row(
        lambda: list(exchange.Received(listed(LEAK))),
        (
            untyped(exchange.Received, NUMBER),
            lambda: exchange.Received(listed(CLASS)),
        ),
    ),
    "read": Row(
        lambda: list(exchange.Roster(listed(CLASS))),
        (
            lambda: exchange.read(NUMBER),
            untyped(exchange.read, PGN),
            lambda: exchange.read("README.md", format=NUMBER),
        ),
    ),
    "release_list": Row(
        lambda: list(exchange.release_list([RIJ], who=WHO, to=TO)),
        (
            lambda: list(exchange.release_list(NUMBER, who=WHO, to=TO)),  # type: ignore[arg-type]  # no rows
            lambda: list(exchange.release_list([PGN], who=WHO, to=TO)),  # type: ignore[list-item]  # no row
            lambda: list(exchange.release_list([RIJ], who=PASSING, to=TO)),
            untyped(exchange.release_list, [RIJ], who=NUMBER, to=TO),
            untyped(exchange.release_list, [RIJ], who=WHO, to=NUMBER),
        ),
    ),
    "release_to": Row(
        lambda: [released(), released(to=ANYONE)],
        (
            lambda: released(who=NUMBER),
            lambda: released(to=NUMBER),
            lambda: released(shape=NUMBER),
            lambda: released(shape=exchange.Shape(format=NUMBER)),
            untyped(exchange.release_to, "u.csv", [PGN], who=WHO, to=TO),
            untyped(exchange.release_to, PGN, [RIJ], who=WHO, to=TO),
        ),
    ),
    "Shape": Row(
        lambda: exchange.Shape(school=SCHOOL),
        (untyped(exchange.Shape, NUMBER),),
    ),
    "Run": Row(released),
    "run_to": Row(
        run_to,
        (
            lambda: run_to(out=PGN),
            lambda: run_to(report=PGN),
            lambda: run_to(draw=PGN),
        ),
    ),
    "check_files": Row(
        lambda: exchange.check_files(
            exchange.files_of(Path("n.csv"), rehearsal=False),
            receipt=True,
            replace=False,
        ),
        (untyped(exchange.check_files, PGN, receipt=True, replace=False),),
    ),
    "new_report": Row(
        lambda: [exchange.new_report(BRON, {}), exchange.new_report(RING, {})],
        (untyped(exchange.new_report, NUMBER, {}),),
    ),
    "hash_to": Row(
        lambda: exchange.hash_to(
            Path("u.csv"),
            exchange.Roster(listed(CLASS)),
            sleutelbos=RING,
            hasher=HASHER,
            replace=True,
        ),
        (
            untyped(exchange.hash_to, PGN, [RIJ], sleutelbos=RING, hasher=HASHER),
            untyped(exchange.hash_to, Path("u"), [RIJ], sleutelbos=RING, hasher=PGN),
        ),
    ),
    "derive_to": Row(
        lambda: exchange.derive_to(
            Path("u.csv"), listed(SEALED), who=WHO, sleutelbos=RING, replace=True
        ),
        (
            untyped(exchange.derive_to, Path("u"), PGN, who=WHO, sleutelbos=RING),
            untyped(
                exchange.derive_to, Path("u"), listed(SEALED), who=PGN, sleutelbos=RING
            ),
        ),
    ),
    "Herkenning": Row(
        lambda: [WHO, WHO.about(), list(WHO.each([RIJ], to=TO))],
        (
            untyped(exchange.Herkenning, bron=BRON, hasher=PGN),
            untyped(replace, WHO, bewaard=NUMBER),
            untyped(replace, WHO, substitutions=PGN),
            untyped(lambda: list(WHO.each([PGN], to=TO))),  # type: ignore[list-item]  # no row
            untyped(lambda: list(replace(WHO, bron=NUMBER).each([RIJ], to=TO))),  # type: ignore[arg-type]  # no source
        ),
    ),
    "Doorgifte": Row(
        lambda: [PASSING, PASSING.about()],
        (
            untyped(exchange.Doorgifte, NUMBER, Sector.PO),
            untyped(exchange.Doorgifte, LEERMIDDELENKETEN, PGN),
            untyped(lambda: list(PASSING.each([RIJ], to=TO))),  # type: ignore[list-item]  # not received
        ),
    ),
    "Bron": constant(str(exchange.Bron)),
    "Ringbron": Row(
        lambda: [BRON, BRON.stams([HPGN]), BRON.ketenids([STAM])],
        (
            untyped(exchange.Ringbron, SALT),
            untyped(exchange.Ringbron, RING, keten=NUMBER, sector=Sector.PO),
            lambda: exchange.Ringbron(RING, release=NUMBER).ketenids([STAM]),
            untyped(BRON.stams, [PGN]),
            untyped(BRON.ketenids, [HPGN]),
        ),
    ),
    "Bewaard": Row(
        lambda: [exchange.Bewaard(), exchange.NIETS.origin(HPGN, on=DAY)],
        (untyped(exchange.Bewaard, NUMBER),),
    ),
    "NIETS": constant(exchange.NIETS),
    "Geheugen": Row(
        lambda: [kept(), kept().known(RIJ)],
        (untyped(kept().known, PGN), untyped(exchange.Geheugen, NUMBER)),
    ),
    "Administratie": Row(
        registered("note"),
        (
            untyped(exchange.Administratie, NUMBER),
            registered("origin", PGN, on=DAY),
            registered("origin", HPGN, on=NUMBER),
            registered("add", RIJ, HPGN, mark=RING.mark, on=DAY),
            registered("begin", ANYONE, bron=BRON),
            registered("begin", NUMBER, bron=BRON),
            lambda: released(who=replace(WHO, bewaard=NUMBER)),  # type: ignore[arg-type]  # no keeper
        ),
    ),
    "Bestuur": constant(exchange.Bestuur(BOARD)),
    "keeps": Row(
        lambda: None,
        (untyped(exchange.keeps, NUMBER),),
    ),
    "SEALED": constant(exchange.SEALED),
    "SOURCES": constant(list(formats.SOURCES)),
    "writer": Row(
        lambda: exchange.writer(io.BytesIO(), ("a",)),
        (lambda: exchange.writer(io.BytesIO(), ("a",))([f"={NUMBER}"]),),
    ),
    "each_checked": Row(
        lambda: list(
            formats.each_checked([TO.release({"eckid": KETENID})], Path("u.csv"))
        ),
        (untyped(lambda: list(formats.each_checked([PGN], Path("u.csv")))),),  # type: ignore[list-item]  # no release
    ),
    "hash_list": Row(
        lambda: list(exchange.hash_list([RIJ], sleutelbos=RING, hasher=HASHER)),
        (
            lambda: list(exchange.hash_list(NUMBER, sleutelbos=RING, hasher=HASHER)),  # type: ignore[arg-type]  # no rows
            untyped(exchange.hash_list, [RIJ], sleutelbos=SALT, hasher=HASHER),
            untyped(exchange.hash_list, [RIJ], sleutelbos=RING, hasher=PGN),
        ),
    ),
    "derive_list": Row(
        lambda: list(exchange.derive_list(listed(SEALED), **DERIVES)),
        (
            lambda: exchange.derive_list([], **DERIVES | {"columns": (NUMBER,)}),
            lambda: exchange.derive_list([], **DERIVES | {"who": NUMBER}),
            lambda: list(exchange.derive_list([RIJ], **DERIVES)),  # type: ignore[list-item]  # no record
        ),
    ),
    "without_shown_numbers": Row(
        lambda: list(exchange.without_shown_numbers([RIJ])),
        (lambda: list(exchange.without_shown_numbers([NUMBER])),),
    ),
    "Report": Row(
        lambda: counted().as_json(),
        (lambda: list(counted().writing([])),),
    ),
    "files_of": Row(
        lambda: exchange.files_of(Path("u.csv"), rehearsal=True),
        (
            untyped(exchange.files_of, PGN, rehearsal=False),
            untyped(exchange.files_of, NUMBER, rehearsal=True),
        ),
    ),
    "write": Row(
        lambda: exchange.write([TO.release({"eckid": KETENID})], "u.csv"),
        (
            lambda: exchange.write([], NUMBER),
            lambda: exchange.write([NUMBER], "u.csv"),  # type: ignore[list-item]  # no release
            lambda: exchange.write(
                [TO.release({"eckid": KETENID, "roepnaam": f"={ROEPNAAM}"})],
                "u.csv",
            ),
        ),
    ),
    "Parquet": Row(
        lambda: list(exchange.Roster(exchange.hold(numbers(), format="parquet"))),
        (
            untyped(exchange.Parquet, NUMBER, {}),
            lambda: exchange.Parquet(lambda: io.BytesIO(CLASS.encode()), {}),
            lambda: exchange.hold(numbers(NUMBER.encode()), format="parquet"),
            lambda: exchange.hold(numbers([NUMBER]), format="parquet"),
        ),
    ),
    "Workbook": Row(
        lambda: list(exchange.Roster(exchange.Workbook(workbook, {}))),
        (
            untyped(exchange.Workbook, NUMBER, {}),
            lambda: exchange.Workbook(lambda: io.BytesIO(CLASS.encode()), {}),
            lambda: exchange.Workbook(workbook, {}, NUMBER),
            lambda: exchange.hold(workbook(), headings={NUMBER: NUMBER}),
        ),
    ),
    "Format": members(exchange.Format),
    "Source": constant(str(exchange.Source)),
    "School": Row(
        lambda: SCHOOL,
        (
            lambda: exchange.School(schooljaar=NUMBER, brincode="99XX"),
            lambda: exchange.School(schooljaar="2026-2027", brincode=NUMBER),
        ),
    ),
    "Edexml": Row(
        lambda: exchange.Edexml,
        (
            lambda: exchange.Edexml(lambda: io.BytesIO(NUMBER.encode())),
            untyped(exchange.Edexml, NUMBER),
        ),
    ),
    "Students": Row(
        lambda: list(exchange.Students(lambda: io.BytesIO(b'[{"bsn": 1}]'))),
        (
            lambda: exchange.Students(lambda: io.BytesIO(NUMBER.encode())),
            untyped(exchange.Students, NUMBER),
        ),
    ),
    "format_of": Row(
        lambda: exchange.format_of("a.csv", None),
        (
            lambda: exchange.format_of(NUMBER, None),
            lambda: exchange.format_of("a.csv", NUMBER),
        ),
    ),
    "drawer": Row(
        lambda: exchange.drawer(exchange.Format.CSV),
        (
            lambda: exchange.drawer(exchange.Format.CSV, order=NUMBER),
            lambda: exchange.drawer(exchange.Format.EDEXML),
        ),
    ),
    "misfit_of": Row(lambda: exchange.misfit_of(exchange.Format.EDUV), ()),
    "as_rows": Row(
        lambda: exchange.as_rows(Path("u.csv"), ("a",), lambda _: ("b",)),
        (
            lambda: exchange.as_rows(Path("u.csv"), ("a",), lambda _: (f"={NUMBER}",))(
                io.BytesIO(), [1]
            ),
            untyped(
                exchange.as_rows(Path("u.parquet"), ("a",), lambda _: (PGN, NUMBER)),  # type: ignore[arg-type,return-value]  # no text
                io.BytesIO(),
                [1],
            ),
        ),
    ),
    "add_list": Row(
        lambda: list(exchange.add_list([RIJ], who=WHO, on=DAY)),
        (
            lambda: list(exchange.add_list([PGN], who=WHO, on=DAY)),  # type: ignore[list-item]  # no row
            untyped(exchange.add_list, [RIJ], who=NUMBER, on=DAY),
            untyped(exchange.add_list, [RIJ], who=WHO, on=NUMBER),
        ),
    ),
    "make_receipt": Row(
        lambda: exchange.make_receipt(BELEID, on=DAY, rows=1, about=ABOUT),
        (lambda: exchange.make_receipt(BELEID, on=DAY, rows=1, about={"x": NUMBER}),),
    ),
    "read_receipt": Row(
        lambda: exchange.read_receipt(
            exchange.make_receipt(BELEID, on=DAY, rows=1, about=ABOUT)
        ),
        (
            lambda: exchange.read_receipt(NUMBER.encode()),
            untyped(exchange.read_receipt, PGN),
        ),
    ),
    "verify_receipt": Row(
        lambda: exchange.verify_receipt(RECEIPT, BELEID),
        (
            lambda: exchange.verify_receipt(
                {"beleid": {**RECEIPT["beleid"], "digest": NUMBER}}, BELEID
            ),
            untyped(exchange.verify_receipt, NUMBER, BELEID),
        ),
    ),
    "write_results": Row(
        lambda: results(lambda _: ("x",)),
        (
            lambda: results(lambda _: (f"={NUMBER}",)),
            untyped(exchange.write_results, [], NUMBER),
        ),
    ),
}
