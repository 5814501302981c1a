"""
Workbooks that tests make: .xlsx, .xls and .ods of the same rows.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

import openpyxl
import xlwt
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows: TypeAlias = Sequence[Sequence[object]]


def xlsx(rows: Rows, change: Callable[[Any, Any], object] | None = None) -> bytes:
    """
    Return an .xlsx of *rows*; *change* gets the workbook and its sheet before.
    """
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xls(rows: Rows, change: Callable[[Any, Any], object] | None = None) -> bytes:
    """
    Return an .xls of *rows*, as `xlsx` does.
    """
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet")
    as_day = xlwt.easyxf(num_format_str="dd-mm-yyyy")
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            sheet.write(n, m, cell, *([as_day] if isinstance(cell, date) else []))
    if change is not None:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(rows: Rows, change: Callable[[Any, Any], object] | None = None) -> bytes:
    """
    Return an .ods of *rows*, as `xlsx` does.
    """
    book = OpenDocumentSpreadsheet()
    sheet = Table(name="Sheet")
    book.spreadsheet.addElement(sheet)
    for row in rows:
        line = TableRow()
        sheet.addElement(line)
        for cell in row:
            line.addElement(cell_of(cell))
    if change is not None:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell_of(value: object) -> Any:  # noqa: ANN401  # an element of odfpy
    """
    Return a cell of an .ods that holds *value*, by its type.
    """
    if value is None:
        return TableCell()
    if isinstance(value, Element):
        return value
    shown = P(text=str(value))
    match value:
        case bool():
            cell = TableCell(valuetype="boolean", booleanvalue=str(value).lower())
        case int() | float():
            cell = TableCell(valuetype="float", value=repr(value))
        case datetime():
            cell = TableCell(valuetype="date", datevalue=value.isoformat())
        case date():
            cell = TableCell(valuetype="date", datevalue=value.isoformat())
        case time():
            cell = TableCell(valuetype="time", timevalue=value.strftime("PT%HH%MM%SS"))
        case _:
            cell = TableCell(valuetype="string")
    cell.addElement(shown)
    return cell


WRITERS: Final[Mapping[str, Callable[..., bytes]]] = {
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
}


def changed(octets: bytes, member: str, old: str, new: str) -> bytes:
    """
    Return a zip in which the text of one member has *new* in the place of *old*.
    """
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for info in before.infolist():
            text = before.read(info)
            if info.filename == member:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            after.writestr(info, text)
    return file.getvalue()
