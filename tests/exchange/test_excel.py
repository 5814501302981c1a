"""
Excel as another table: cells as they are stored, in a process that may not take much.
"""

import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import roads
from damage import told
from odf.table import CoveredTableCell, TableCell
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from strategies import RING
from workbooks import WRITERS, changed, ods, xls, xlsx

from eckid import ExchangeError
from eckid._core.bounds import BOOK, SHEET, Bound
from eckid.cli.app import run
from eckid.exchange import (
    Format,
    Received,
    Rij,
    RijReden,
    Roster,
    Shape,
    Weigering,
    Workbook,
    as_rows,
    drawer,
    hold,
    look,
    misfit_of,
    release_to,
    write,
)
from eckid.exchange.formats import excel, excel_child, excel_xml

LINUX = sys.platform == "linux"
NAME = "Geheimzinnig"
LIST = [["LAS-key", "BSN", "Roepnaam", "Geboortedatum"]]
SEM = ["4001", 63138219, "Sem", date(2015, 9, 1)]
NOOR = ["4002", 111222333, "Noor", date(2016, 2, 29)]


def opened(octets: bytes, **how: Any) -> Workbook:  # noqa: ANN401  # as hold takes it
    """
    Return the workbook in these bytes.
    """
    found = hold(io.BytesIO(octets), format="excel", **how)
    assert isinstance(found, Workbook)
    return found


def rows(octets: bytes, **how: Any) -> list[Rij | Weigering]:  # noqa: ANN401  # as above
    """
    Return the class list in these bytes.
    """
    return list(Roster(opened(octets, **how)))


def refused(octets: bytes, **how: Any) -> str:  # noqa: ANN401  # as above
    """
    Return why a workbook is refused; nothing that is in it is in the error.
    """
    with pytest.raises(ExchangeError) as caught:
        rows(octets, **how)
    assert NAME not in told(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("kind", WRITERS)
def test_cells_are_read_as_they_are_stored(kind: str) -> None:
    """
    A number has all its digits and lost only its zeros; a day is one by its type.
    """
    sem, noor = rows(WRITERS[kind]([*LIST, SEM, NOOR]))
    assert isinstance(sem, Rij)
    assert isinstance(noor, Rij)
    assert sem.pgn is not None
    assert sem.pgn.expose() == "063138219"
    assert sem.herstel is not None
    assert dict(sem.attributen) == {
        "key": "4001",
        "bsn": "",
        "roepnaam": "Sem",
        "geboortedatum": "2015-09-01",
    }
    assert noor.attributen["geboortedatum"] == "2016-02-29"
    assert (noor.record, noor.line, noor.herstel) == (2, 3, None)


def test_a_number_that_is_shown_in_another_way_is_whole_inside() -> None:
    """
    Scientific notation, a format that hides digits, and days from 1904 on.
    """

    def shown(book: Any, sheet: Any) -> None:  # noqa: ANN401  # openpyxl has no types
        book.epoch = CALENDAR_MAC_1904
        sheet["B2"].number_format = "0.00E+00"
        sheet["B3"].number_format = "000"
        sheet["D4"] = date(2014, 3, 31)

    octets = xlsx([*LIST, SEM, NOOR, ["4003", "123456782", "Lot", None]], shown)
    sem, noor, lot = rows(octets)
    assert [r.pgn.expose() for r in (sem, noor) if isinstance(r, Rij) and r.pgn] == [
        "063138219",
        "111222333",
    ]
    assert isinstance(lot, Rij)
    assert lot.attributen["geboortedatum"] == "2014-03-31"


@pytest.mark.parametrize("kind", WRITERS)
def test_a_title_above_the_headings_is_found_and_told(kind: str) -> None:
    """
    Nothing above the headings is read; places are those of the sheet.
    """
    title = [["Leerlingen groep 6"], [None], ["gemaakt op", "vandaag"]]
    table = opened(WRITERS[kind]([*title, *LIST, SEM, [None], NOOR]))
    assert table.line == 4
    assert table.columns == ("key", "bsn", "roepnaam", "geboortedatum")
    assert [row.line for row in table] == [5, 7]
    assert "the headings stand in row 4, under filled rows: 2" in table.told


def test_other_types_become_the_text_that_parquet_has() -> None:
    """
    A truth, a part of a number, a day with a time, a time, and a time beyond a day.
    """
    cells = [True, 1.5, datetime(2026, 8, 1, 8, 30), time(8, 30), -0.0]  # noqa: DTZ001
    table = opened(xlsx([["a", "b", "c", "d", "e"], cells]))
    (row,) = table
    assert not isinstance(row, Weigering)
    assert row.cells == ["true", "1.5", "2026-08-01 08:30:00", "08:30:00", "0"]
    assert repr(table) == "<Workbook 1 rows>"
    assert opened(xlsx([])).columns == ()


@pytest.mark.parametrize("number", [123456789012345678, 1e300, -1e16])
def test_a_number_of_more_digits_than_are_kept_refuses_its_row(number: float) -> None:
    """
    A spreadsheet keeps fifteen digits, so two keys of eighteen may become one.
    """
    octets = xlsx([[*LIST[0], "zelf"], [number, *SEM[1:]], [*NOOR, number]])
    first, second = rows(octets)
    assert isinstance(first, Weigering)
    assert (first.reden, first.line, first.column) == (RijReden.ROUNDED, 2, 1)
    # Under a heading that is no attribute it never goes.
    assert isinstance(second, Rij)


def _damaged(kind: str) -> bytes:
    """
    Return a list of six: an error, no result, and merged cells, known and unknown.
    """
    heads = [*LIST[0], "groep", "zelf"]
    numbers = (111222333, 123456782, 63138219, 498839436)
    lines: list[list[Any]] = [
        [str(n), one, "Sem", None, "6a", "x"] for n, one in enumerate(numbers)
    ]
    if kind == "ods":
        lines[0][2] = TableCell(valuetype="string", stringvalue="fout")
        lines[0][5] = TableCell(formula="of:=1")
        lines[1][4] = TableCell(formula="of:=1")
        lines[2][4] = CoveredTableCell()
        calcext = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
        error = f'calcext:value-type="error" xmlns:calcext="{calcext}"'
        old = 'office:string-value="fout"'
        return changed(ods([heads, *lines]), "content.xml", old, error)

    def change(_: Any, sheet: Any) -> None:  # noqa: ANN401  # openpyxl has no types
        sheet["C2"], sheet["C2"].data_type = "#N/A", "e"
        sheet["F2"] = "=1+1"
        sheet["E3"] = "=A1"
        sheet["D4"] = "6a"
        sheet.merge_cells("D4:E4")

    return xlsx([heads, *lines], change)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_cell_without_a_value_of_its_own_is_not_taken_for_an_empty_one(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An error, a formula without its result, a part of merged cells: refused, or told.
    """
    octets = _damaged(kind)
    *wrong, right = rows(octets)
    places = [(w.line, w.column, w.reden) for w in wrong if isinstance(w, Weigering)]
    assert places == [
        (2, 3, RijReden.NO_VALUE),
        (3, 5, RijReden.NO_VALUE),
        (4, 5, RijReden.NO_VALUE),
    ]
    assert isinstance(right, Rij)
    told_ = "column 6: cells without a value of their own: 1"
    assert told_ in opened(octets).told
    path = tmp_path / f"school.{kind}"
    path.write_bytes(octets)
    assert run(["check", str(path)]) == 1
    printed = capsys.readouterr().out
    assert f"refused 3: {RijReden.NO_VALUE.en}" in printed
    assert told_ in printed


def test_a_formula_with_its_result_has_a_value() -> None:
    """
    The result as it was saved, also where that is an empty text.
    """
    octets = xlsx([*LIST, SEM, NOOR], lambda _, s: s.__setitem__("C2", "=A1"))
    sheet = "xl/worksheets/sheet1.xml"
    saved = changed(octets, sheet, "<v></v>", "<v>7</v>")
    assert "Sem" not in str(saved)
    (row, _) = rows(saved)
    assert isinstance(row, Rij)
    assert row.attributen["roepnaam"] == "7"
    empty = changed(octets, sheet, '<c r="C2">', '<c r="C2" t="str">')
    (row, _) = rows(empty)
    assert isinstance(row, Rij)
    assert "roepnaam" not in row.attributen


@pytest.mark.parametrize("kind", WRITERS)
def test_a_day_that_a_spreadsheet_made_refuses_its_row(kind: str) -> None:
    """
    The group 4-5 that became the 4th of May is not the group 2026-05-04.
    """
    octets = WRITERS[kind]([["BSN", "groep"], [111222333, date(2026, 5, 4)]])
    (row,) = rows(octets)
    assert isinstance(row, Weigering)
    assert (row.reden, row.column) == (RijReden.NO_VALUE, 2)


@pytest.mark.parametrize("shown", ["#N/A", "#N/B", "#VERW!", "########", "Err:502"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_word_for_an_error_is_no_value_in_any_format(kind: str, shown: str) -> None:
    """
    CSV has the word that the spreadsheet showed; a column that never goes may have it.
    """
    lines = [["BSN", "roepnaam", "zelf"], ["111222333", shown, "x"]]
    lines += [["123456782", "Sem", shown]]
    if kind == "csv":
        text = "\n".join(";".join(line) for line in lines)
        found = list(Roster(hold(io.BytesIO(text.encode()))))
    else:
        found = rows(WRITERS[kind](lines))
    first, second = found
    assert isinstance(first, Weigering)
    assert (first.reden, first.column) == (RijReden.NO_VALUE, 2)
    assert isinstance(second, Rij)


def _hides(book: Any, sheet: Any) -> None:  # noqa: ANN401  # openpyxl has no types
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    first = book.create_sheet("Oud", 0)
    first.sheet_state = "hidden"
    first.append(["BSN", "roepnaam"])
    first.append([123456782, "Oud"])
    book.create_chartsheet("grafiek")


def test_what_is_hidden_is_told() -> None:
    """
    Rows, columns and sheets; the first sheet that shows is the one that is read.
    """
    octets = xlsx([*LIST, SEM, NOOR], _hides)
    table = opened(octets)
    assert len(list(table)) == 2
    assert table.told == (
        "sheets: 2, of which hidden: 1; one is read, and --sheet names another",
        "hidden rows, which are read too: 1 (a filter hides rows)",
        "hidden columns, which are read too: 3",
    )
    other = opened(octets, sheet="oud")
    assert other.columns == ("bsn", "roepnaam")
    assert "the sheet that is read is hidden" in other.told
    alone = xlsx([*LIST, SEM])
    assert opened(alone).told == ()
    only = changed(alone, "xl/workbook.xml", 'state="visible"', 'state="hidden"')
    assert opened(only).told == ("the sheet that is read is hidden",)


def test_what_an_ods_hides_is_told() -> None:
    """
    Rows that a filter hides and columns, also where one element stands for many.
    """
    octets = ods([*LIST, SEM, NOOR])
    text = "<table:table-row>"
    hides = '<table:table-row table:visibility="filter">'
    found = changed(octets, "content.xml", text, hides)
    found = changed(
        found,
        "content.xml",
        '<table:table table:name="Sheet">',
        '<table:table table:name="Sheet"><table:table-column/><table:table-column '
        'table:number-columns-repeated="2" table:visibility="collapse"/>',
    )
    told_ = opened(found).told
    assert "hidden rows, which are read too: 2 (a filter hides rows)" in told_
    assert "hidden columns, which are read too: 2, 3" in told_


def test_an_xls_tells_that_it_does_not_tell() -> None:
    """
    Its XML cannot be looked at, for it has none.
    """
    (line,) = opened(xls([*LIST, SEM])).told
    assert line.startswith("in an .xls hidden rows and columns are not seen")


@pytest.mark.usefixtures("cheap")
def test_check_and_the_report_say_once_that_hidden_rows_of_an_xls_are_not_seen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    The row is read all the same; of the same sheet as .xlsx it is told as hidden.
    """

    def hides(_: Any, sheet: Any) -> None:  # noqa: ANN401  # of the writer
        if hasattr(sheet, "row_dimensions"):
            sheet.row_dimensions[3].hidden = True
        else:
            sheet.row(2).hidden = True

    RING.save(tmp_path / "ring", passphrase="correct horse battery staple")
    (tmp_path / "secret").write_text("correct horse battery staple")
    rows = [["LAS-key", "BSN", "Roepnaam"]]
    rows += [["1", "111222333", "Sem"], ["2", "063138219", "Noor"]]
    for make, seen in ((xls, False), (xlsx, True)):
        path = tmp_path / f"klas.{make.__name__}"
        path.write_bytes(make(rows, hides))
        assert run(["check", str(path)]) == 0
        out = capfd.readouterr().out
        assert "rows in 2 = out 2" in out
        assert out.count("in an .xls hidden rows and columns are not seen") == (
            not seen
        )
        assert out.count("hidden rows, which are read too: 1") == seen
        to = ["--sector", "po", "--beleid", "leermiddelenketen", "--doel", "gebruik"]
        to += ["--ontvanger", "uitgever", "--out", f"{path}.csv"]
        ring = ["--ring", str(tmp_path / "ring")]
        ring += ["--passphrase-file", str(tmp_path / "secret")]
        assert run(["release", str(path), *ring, *to]) == 0
        said = json.loads((tmp_path / f"{path.name}.csv.report.json").read_bytes())
        (line,) = said["told"]["list"]
        assert line.startswith("hidden rows" if seen else "in an .xls hidden rows")
        capfd.readouterr()


def test_a_sheet_is_asked_of_a_workbook_only(tmp_path: Path) -> None:
    """
    A name that no sheet has is refused, and not repeated.
    """
    octets = xlsx([*LIST, SEM])
    assert refused(octets, sheet=NAME).startswith("sheet: expected the name of a sheet")
    path = tmp_path / "a.csv"
    path.write_text("BSN\n111222333\n")
    with pytest.raises(ExchangeError, match="only a workbook has sheets"):
        look(path, sheet="Sheet")
    with pytest.raises(TypeError, match="sheet: expected str"):
        opened(octets, sheet=1)
    with pytest.raises(TypeError, match="opener: expected a callable"):
        Workbook(None, {})  # type: ignore[arg-type]  # no opener


ZIPPED = io.BytesIO()
with zipfile.ZipFile(ZIPPED, "w") as archive:
    archive.writestr("lijst.csv", "BSN;Naam\n")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
XML = '<?xml version="1.0"?>\n'
_LIST = "BSN;Roepnaam\n111222333;" + NAME
# Each wrong file: the name it bears, what is in it, and what the error says.
WRONG: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "xlsx-as-csv": (
        "a.csv",
        lambda: xlsx([*LIST, SEM]),
        "expected csv, got a workbook of Excel (.xlsx): name it .xlsx",
    ),
    "xls-as-csv": (
        "a.csv",
        lambda: xls([*LIST, SEM]),
        "expected csv, got a workbook of an old Excel (.xls): name it .xls",
    ),
    "ods-as-txt": (
        "a.txt",
        lambda: ods([*LIST, SEM]),
        "expected csv, got a workbook of LibreOffice (.ods): name it .ods",
    ),
    "xlsx-as-xml": (
        "a.xml",
        lambda: xlsx([*LIST, SEM]),
        "expected EDEXML, got a workbook of Excel (.xlsx)",
    ),
    "xlsb": (
        "a.xlsx",
        lambda: ZIPPED.getvalue().replace(b"lijst.csv", b"xl/workbook.bin"),
        "expected excel, got a binary workbook of Excel (.xlsb): open it in",
    ),
    "zip-as-csv": ("a.csv", ZIPPED.getvalue, "expected csv, got a zip: unpack it"),
    "zip-as-xlsx": ("a.xlsx", ZIPPED.getvalue, "expected excel, got a zip: unpack"),
    "half-a-workbook": (
        "a.xlsx",
        lambda: xlsx([*LIST, SEM])[:3000],
        "expected excel, got a document of Office that is not a whole workbook",
    ),
    "html-as-xls": (
        "a.xls",
        lambda: b"\n<HTML><table><tr><td>" + NAME.encode(),
        "expected excel, got a web page (HTML): open it in your spreadsheet",
    ),
    "html-as-csv": (
        "a.csv",
        lambda: b"<!DOCTYPE  html>" + NAME.encode(),
        "expected csv, got a web page (HTML)",
    ),
    "excel-2003": (
        "a.xls",
        (XML + '<?mso-application progid="Excel.Sheet"?>').encode,
        "expected excel, got XML of Excel 2003: open it in",
    ),
    "edexml-as-csv": (
        "a.csv",
        (XML + "<leerlinggegevens>").encode,
        "expected csv, got XML: name it .xml",
    ),
    "json-as-csv": (
        "a.csv",
        lambda: b'[{"userIds": []}]',
        "expected csv, got JSON: name it .json",
    ),
    "csv-as-xlsx": ("a.xlsx", _LIST.encode, "expected excel, got text: name it .csv"),
    "csv-as-xls": ("a.XLS", _LIST.encode, "expected excel, got text: name it .csv"),
    "utf-16": (
        "a.csv",
        lambda: _LIST.encode("utf-16"),
        "expected csv, got text in UTF-16: save it as CSV in UTF-8",
    ),
    "utf-16-without-mark": (
        "a.csv",
        lambda: _LIST.encode("utf-16-be"),
        "expected csv, got text in UTF-16",
    ),
    "utf-32": (
        "a.csv",
        lambda: _LIST.encode("utf-32"),
        "expected csv, got text in UTF-32",
    ),
    "empty-csv": ("a.csv", bytes, "expected csv, got an empty file: export the list"),
    "empty-xlsx": ("a.xlsx", bytes, "expected excel, got an empty file"),
    "empty-xml": ("a.xml", bytes, "expected EDEXML, got an empty file"),
    "empty-json": ("a.json", bytes, "expected eduv, got an empty file"),
    "empty-parquet": ("a.parquet", bytes, "expected parquet, got an empty file"),
    "parquet-as-csv": (
        "a.csv",
        lambda: b"PAR1" + bytes(40),
        "expected csv, got a Parquet table: name it .parquet",
    ),
    "pdf": ("a.csv", lambda: b"%PDF-1.7", "expected csv, got a PDF: export the list"),
    "password": (
        "a.xlsx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        "expected excel, got a workbook with a password: take the password off",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_file_that_is_something_else_says_what_it_is(
    wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Each has its own message: what was expected, what it is, and what to do.
    """
    name, make, said = WRONG[wrong]
    path = tmp_path / name
    path.write_bytes(make())
    assert run(["check", str(path)]) == 3
    printed = capsys.readouterr().err
    assert f"eckid: {said}" in printed
    assert NAME not in printed


def test_edexml_in_utf_16_is_still_read() -> None:
    """
    XML says its own encoding, so that mark is no reason to refuse it.
    """
    text = '<?xml version="1.0" encoding="utf-16"?><x/>'
    with pytest.raises(ExchangeError, match="expected EDEXML: leerlinggegevens"):
        hold(io.BytesIO(text.encode("utf-16")), format="edexml")


def _encrypted(octets: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<encryption-data/>")
        archive.writestr("content.xml", octets)
    return file.getvalue()


def _twice(octets: bytes) -> bytes:
    file = io.BytesIO(octets)
    with pytest.warns(UserWarning), zipfile.ZipFile(file, "a") as archive:  # noqa: PT030
        archive.writestr("xl/workbook.xml", NAME)
    return file.getvalue()


def _bomb() -> bytes:
    file = io.BytesIO(xlsx([*LIST, SEM]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/1.png", bytes(100 * 2**20))
    return file.getvalue()


def _entity() -> bytes:
    """
    Return an .xlsx whose sheet has a document type.
    """
    start = '<worksheet xmlns="'
    return changed(
        xlsx([*LIST, SEM]),
        "xl/worksheets/sheet1.xml",
        start,
        f'<!DOCTYPE worksheet [<!ENTITY x "{NAME}">]>{start}',
    )


def _far(kind: str, row: int, column: int) -> bytes:
    if kind == "ods":
        return changed(
            ods([*LIST, SEM]),
            "content.xml",
            "<table:table-row>",
            f'<table:table-row table:number-rows-repeated="{row}">',
        )
    return xlsx([*LIST, SEM], lambda _, s: s.cell(row, column, NAME))


BEYOND: dict[str, tuple[Callable[[], bytes], str]] = {
    "corner": (
        lambda: _far("xlsx", 2**20, 2**14),
        "cells of a sheet: expected at most",
    ),
    "repeated": (lambda: _far("ods", 2**30, 1), "cells of a sheet: expected at most"),
    "merged": (
        lambda: changed(
            xlsx([*LIST, SEM]),
            "xl/worksheets/sheet1.xml",
            "</sheetData>",
            '</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>',
        ),
        "cells of a sheet: expected at most",
    ),
    "bomb": (_bomb, "workbook once unpacked: expected at most 64 MiB, and 64 for each"),
    "password": (lambda: _encrypted(b""), "expected a workbook without a password"),
    "twice": (lambda: _twice(xlsx([*LIST, SEM])), "expected a whole workbook"),
    "entity": (_entity, "expected a whole workbook"),
    "no-xml": (
        lambda: changed(xlsx([*LIST, SEM]), "xl/workbook.xml", "</workbook>", NAME),
        "expected a whole workbook",
    ),
    "no-sheets": (
        lambda: changed(
            xlsx([*LIST, SEM]), "xl/_rels/workbook.xml.rels", "/worksheet", "/other"
        ),
        "expected a whole workbook",
    ),
    "ole": (lambda: OLE, "expected a whole workbook"),
}


@pytest.mark.parametrize("what", BEYOND)
def test_a_workbook_that_would_take_too_much_or_is_damaged_is_refused(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    With a sentence of ours, and no word of the reader or of the workbook.
    """
    make, said = BEYOND[what]
    octets = make()
    assert refused(octets).startswith(said)
    path = tmp_path / "school.xlsx"
    path.write_bytes(octets)
    assert run(["check", str(path)]) == 3
    printed = capsys.readouterr().err
    assert said in printed
    assert NAME not in printed


def test_styles_far_from_the_list_are_no_cells() -> None:
    """
    A sheet that was once coloured to its end has a list as any other.
    """

    def colour(_: Any, sheet: Any) -> None:  # noqa: ANN401  # openpyxl has no types
        sheet.cell(2**20, 2**14).number_format = "0"

    assert len(rows(xlsx([*LIST, SEM], colour))) == 1
    last = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
    last += 'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    octets = changed(ods([*LIST, SEM]), "content.xml", "</table:table>", last)
    assert len(rows(octets)) == 1


def test_a_table_in_a_cell_is_no_row_of_the_list() -> None:
    """
    Its cells are its own.
    """
    inner = (
        "<table:table-cell><table:table><table:table-row><table:covered-table-cell/>"
        "</table:table-row></table:table></table:table-cell></table:table-row>"
    )
    octets = ods([*LIST, SEM])
    assert opened(octets).told == ()
    found = changed(octets, "content.xml", "</table:table-row>", inner)
    assert (
        excel_xml.looks_of(found, {"unpacked": 2**30, "cells": 2**30})["Sheet"].without
        == {}
    )


def test_a_reader_that_is_ended_gives_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Where memory or time ends, the process ends, and nobody sees why but us.
    """
    octets = xlsx([*LIST, SEM], lambda _, s: s.cell(2**20, 16, NAME))
    little = Bound("memory to read a workbook", 2**28, "bytes", "a test")
    monkeypatch.setattr(excel, "MEMORY_OF_BOOK", little)
    assert refused(octets).startswith("expected a workbook that is read within")


def test_the_rooms_of_the_process_answer_here_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    What the process does is asked without it: the same lines, or one with a fault.
    """
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(excel_child, "limit", lambda *given: limits.append(given))
    ends: list[object] = []
    monkeypatch.setattr(excel_child, "end_with", ends.append)
    asked = {"sheet": None, "cells": 2**24, "unpacked": 2**26}
    octets = xlsx([*LIST, SEM])
    given = asked | {"memory": 1, "seconds": 2, "path": "/none", "size": len(octets)}
    out = io.BytesIO()
    path = list(sys.path)
    excel_child.main(io.BytesIO(json.dumps(given).encode() + b"\n" + octets), out)
    monkeypatch.setattr(sys, "path", path)
    about, head, sem = map(json.loads, out.getvalue().split(b"\n"))
    assert (limits, len(ends)) == ([(1, 2)], 1)
    assert about[0]["sheets"] == 1
    assert head == [1, False, LIST[0]]
    assert sem == [2, False, ["4001", "63138219", "Sem", ["2015-09-01"]]]

    def fault(book: bytes, **more: Any) -> object:  # noqa: ANN401  # what is asked
        return json.loads(excel_child.answer(book, asked | more))[0].get("fault")

    assert fault(octets, unpacked=100) == "unpacked"
    assert fault(xls([*LIST, SEM]), unpacked=10) == "unpacked"
    assert fault(xls([*LIST, SEM]), cells=3) == "cells"
    assert fault(octets, sheet="geen") == "no-sheet"
    assert fault(ZIPPED.getvalue().replace(b"lijst.csv", b"lijst.bin")) == "damaged"
    binary = io.BytesIO()
    with zipfile.ZipFile(binary, "w") as archive:
        archive.writestr("xl/workbook.bin", "")
    assert fault(binary.getvalue()) == "binary"

    def none(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(excel_child, "read", none)
    assert fault(octets) == "beyond"


SAID: dict[str, Callable[[], bytes]] = {
    **{what: make for what, (make, _) in BEYOND.items()},
    "types": lambda: xlsx(
        [[True, 1.5, datetime(2026, 8, 1, 8), time(8, 30), 1e300, None, *SEM]]  # noqa: DTZ001
    ),
    "empty": lambda: xlsx([]),
    "hides": lambda: xlsx([*LIST, SEM, NOOR], _hides),
    "only-hidden": lambda: changed(
        xlsx([*LIST, SEM]), "xl/workbook.xml", 'state="visible"', 'state="hidden"'
    ),
    "damaged-xlsx": lambda: _damaged("xlsx"),
    "damaged-ods": lambda: _damaged("ods"),
    "hides-ods": lambda: changed(
        ods([*LIST, SEM]),
        "content.xml",
        "<table:table-row>",
        '<table:table-column table:visibility="collapse"/>'
        '<table:table-row table:visibility="filter">',
    ),
    "without-places": lambda: changed(
        changed(xlsx([["BSN"], [1]]), "xl/worksheets/sheet1.xml", ' r="A1"', ""),
        "xl/worksheets/sheet1.xml",
        '<row r="1">',
        "<row>",
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_the_process_says_what_its_rooms_say_here(what: str) -> None:
    """
    The same lines, so that what is measured here is what runs there.
    """
    octets = SAID[what]()
    asked = {"sheet": None, "cells": SHEET.most, "unpacked": BOOK.of(len(octets))}
    here = excel_child.answer(octets, asked)
    about = json.loads(here.split(b"\n")[0])[0]
    if "fault" in about:
        with pytest.raises(ExchangeError) as caught:
            Workbook(partial(io.BytesIO, octets), {})
        assert str(caught.value) == excel._FAULTS[about["fault"]]
    else:
        said, lines = excel._asked(octets, None)
        assert said == about
        assert here.split(b"\n")[1:] == lines


def test_limits_are_set_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Never above what the machine allows; none without the module, as on Windows.
    """
    made: list[tuple[object, tuple[int, int]]] = []

    class Fake:
        RLIM_INFINITY = -1
        RLIMIT_AS, RLIMIT_CPU, RLIMIT_CORE, RLIMIT_FSIZE = "as", "cpu", "core", "file"

        @staticmethod
        def getrlimit(what: str) -> tuple[int, int]:
            return (0, 5 if what == "as" else -1)

        @staticmethod
        def setrlimit(what: str, most: tuple[int, int]) -> None:
            made.append((what, most))

    calls: list[tuple[int, ...]] = []
    library = SimpleNamespace(prctl=lambda *given: calls.append(given))
    monkeypatch.setattr("ctypes.CDLL", lambda _: library)
    monkeypatch.setattr(excel_child, "resource", Fake)
    excel_child.limit(10, 20)
    others = {"cpu": (20, 20), "core": (0, 0), "file": (0, 0)}
    assert dict(made) == ({"as": (5, 5)} | others if LINUX else others)
    assert bool(calls) is LINUX
    # macOS takes no limit on memory, and an error would refuse each workbook.
    made.clear()
    monkeypatch.setattr(excel_child, "sys", SimpleNamespace(platform="darwin"))
    excel_child.limit(10, 20)
    assert dict(made) == others
    monkeypatch.setattr(excel_child, "resource", None)
    excel_child.limit(10, 20)
    assert len(made) == len(others)


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
def test_where_memory_has_no_limit_a_workbook_is_small(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    """
    A larger file is refused before a process is begun, and the message says what to do.
    """
    here = SimpleNamespace(platform=platform, executable=sys.executable)
    monkeypatch.setattr(excel, "sys", here)
    octets = xlsx([*LIST, SEM])
    assert len(rows(octets)) == 1
    little = Bound("file of a workbook", len(octets) - 1, "bytes", "a test")
    monkeypatch.setattr(excel, "UNLIMITED_BOOK", little)
    if platform == "linux":
        assert len(rows(octets)) == 1
    else:
        said = refused(octets)
        assert said.startswith("file of a workbook: expected at most")
        assert "or as CSV" in said


def test_no_release_is_written_as_excel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Not by its name, not by its format, not a list of another command.
    """
    asked: dict[str, Any] = {"who": roads.who(), "to": roads.to()}
    made = rows(xlsx([*LIST, SEM]))
    said = "no release is written as Excel"
    for out in ("u.xlsx", "u.xls", "u.ods"):
        with pytest.raises(ExchangeError, match=said):
            release_to(tmp_path / out, made, **asked)
        with pytest.raises(ExchangeError, match=said):
            write([], tmp_path / out)
        with pytest.raises(ExchangeError, match=said):
            as_rows(Path(out), (), lambda _: ())
    for use in (drawer, misfit_of):
        with pytest.raises(ExchangeError, match=said):
            use(Format.EXCEL)
    assert list(tmp_path.iterdir()) == []
    assert run(["release", "x.csv", "--to", "excel"]) == 2
    assert "Invalid value for '--to'" in capsys.readouterr().err


def test_csv_for_a_person_begins_with_a_mark(tmp_path: Path) -> None:
    """
    Only where it is asked, only in CSV; the rest is the same, and it is read again.
    """
    asked: dict[str, Any] = {"who": roads.who(), "to": roads.to()}
    made = rows(xlsx([*LIST, ["4001", 63138219, "Zoë", None]]))
    plain, person = tmp_path / "plain.csv", tmp_path / "person.csv"
    release_to(plain, made, **asked)
    release_to(person, made, **asked, shape=Shape(for_excel=True))
    assert person.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    (one,), (other,) = list(Received(look(plain))), list(Received(look(person)))
    assert one == other
    write([], tmp_path / "none.csv", for_excel=True)
    with pytest.raises(ExchangeError, match="only CSV may begin with a BOM"):
        release_to(tmp_path / "u.parquet", made, **asked, shape=Shape(for_excel=True))
    with pytest.raises(TypeError, match="for_excel: expected bool"):
        drawer(Format.CSV, for_excel=1)  # type: ignore[arg-type]  # no bool


def test_a_run_tells_what_the_list_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What is hidden stands in the output of check and of a release, and in the report.
    """
    source = tmp_path / "school.xlsx"
    source.write_bytes(xlsx([*LIST, SEM, NOOR], _hides))
    assert run(["check", str(source)]) == 0
    line = "told: hidden rows, which are read too: 1 (a filter hides rows)"
    assert line in capsys.readouterr().out
    assert run(["check", str(source), "--sheet", "Oud"]) == 0
    assert "told: the sheet that is read is hidden" in capsys.readouterr().out
    out = tmp_path / "u.csv"
    done = release_to(out, Roster(look(source)), who=roads.who(), to=roads.to())
    report = json.loads(done.files.report.read_bytes())
    assert line.removeprefix("told: ") in report["told"]["list"]
    plain = release_to(
        tmp_path / "v.csv", rows(xlsx([*LIST, SEM])), who=roads.who(), to=roads.to()
    )
    assert json.loads(plain.files.report.read_bytes())["told"]["list"] == []
