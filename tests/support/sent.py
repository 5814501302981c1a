"""
One list in every format that can carry it, and a policy that lets all of it go.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

import parties as our
import pyarrow as pa
import pyarrow.parquet as pq
from schools import NAMESPACE
from workbooks import WRITERS

from eckid import Sector

# A row: the cell of each attribute. A teacher's row has a rol.
Rows: TypeAlias = Sequence[Mapping[str, object]]

_KEYS: Final = ("eckid", "key")
_API: Final = {
    "eckid": "userMasterIdentifier",
    "roepnaam": "givenName",
    "achternaam": "familyName",
    "voorvoegsel": "familyNamePrefix",
    "geboortedatum": "dateOfBirth",
    "geslacht": "gender",
    "emailadres": "email",
}


def _heads(rows: Rows) -> list[str]:
    return [*dict.fromkeys(name for row in rows for name in row)]


def _texts(rows: Rows) -> list[list[Any]]:
    heads = _heads(rows)
    return [[row.get(name) for name in heads] for row in rows]


def as_csv(rows: Rows) -> bytes:
    """
    Return *rows* as CSV.
    """
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerows([_heads(rows), *_texts(rows)])
    return file.getvalue().encode()


def _book(kind: str) -> Callable[[Rows], bytes]:
    change = {"xlsx": _as_text}.get(kind)
    return lambda rows: WRITERS[kind]([_heads(rows), *_texts(rows)], change)


def _as_text(_: object, sheet: Any) -> None:  # noqa: ANN401  # of openpyxl
    # Its writer takes a text that begins with = for a formula.
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"


def as_parquet(rows: Rows) -> bytes:
    """
    Return *rows* as a Parquet table; each column has the type of its cells.
    """
    columns = [pa.array(column) for column in zip(*_texts(rows), strict=True)]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=_heads(rows)), file)
    return file.getvalue()


def as_edexml(rows: Rows) -> bytes:
    """
    Return *rows* as EDEXML; each group has the number of its name for a key.
    """
    names = dict.fromkeys(str(row["groep"]) for row in rows if "groep" in row)
    groups = "".join(
        f"<groep key={quoteattr(naam)}><naam>{escape(naam)}</naam>"
        "<jaargroep>4</jaargroep></groep>"
        for naam in names
    )
    pupils = "".join(_person("leerling", row) for row in rows if "rol" not in row)
    teachers = "".join(_person("leerkracht", row) for row in rows if "rol" in row)
    return (
        f'<leerlinggegevens xmlns="{NAMESPACE}"><school><schooljaar>2024-2025'
        f"</schooljaar><brincode>99XX</brincode></school><groepen>{groups}</groepen>"
        f"<leerlingen>{pupils}</leerlingen><leerkrachten>{teachers}</leerkrachten>"
        "</leerlinggegevens>"
    ).encode()


def _person(kind: str, row: Mapping[str, object]) -> str:
    given = [name for name in _KEYS if name in row]
    keys = "".join(f" {name}={quoteattr(str(row[name]))}" for name in given)
    parts = [f"<{kind}{keys}>"]
    for name, cell in row.items():
        if name == "groep":
            parts.append(f"<groep key={quoteattr(str(cell))}/>")
        elif name not in _KEYS and cell is not None:
            parts.append(f"<{name}>{escape(str(cell))}</{name}>")
    return "".join([*parts, f"</{kind}>"])


def as_eduv(rows: Rows) -> bytes:
    """
    Return *rows* as Edu-V students, each with a ketenID in the place of the number.
    """
    students = [
        {
            "userMasterIdentifier": our.ketenid(our.bsn(n), Sector.PO).uri,
            **{_API[name]: str(row[name]) for name in row if name in _API},
        }
        for n, row in enumerate(rows)
    ]
    return json.dumps(students).encode()


FORMATS: Final[Mapping[str, Callable[[Rows], bytes]]] = {
    "csv": as_csv,
    "xlsx": _book("xlsx"),
    "xls": _book("xls"),
    "ods": _book("ods"),
    "parquet": as_parquet,
    "xml": as_edexml,
    "json": as_eduv,
}
TABLES: Final = ("csv", "xlsx", "xls", "ods", "parquet")
BOOKS: Final = ("xlsx", "xls", "ods")

_REGEL: Final = """
[[regel]]
attribuut = "{0}"
eis = "optional"
motivering = "Proef."
motivation = "A test."
"""
_GO: Final = (
    *("eckid", "key", "achternaam", "voorvoegsel", "roepnaam", "geboortedatum"),
    *("geslacht", "jaargroep", "groep", "samengestelde_groepen", "emailadres"),
    *("rol", "groepen"),
)
# What a test asks is what is read, so whatever is read goes.
ALL: Final = """\
naam = "alles"
versie = "1"
status = "Of a test: everything goes."
doelen = ["gebruik"]
ontvangers = ["softwareleverancier"]
bron = "a test"
zekerheid = "I"
rechtsregels = ["L3", "L4", "L5", "L6", "L11"]
""" + "".join(map(_REGEL.format, _GO))
