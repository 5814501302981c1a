"""
One school in every format: what goes out does not depend on what it came in as.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
from schools import NAMESPACE, numbers
from workbooks import WRITERS

from eckid import LEERMIDDELENKETEN, Doel, Ontvanger, Sector
from eckid.exchange import (
    Doorgifte,
    Received,
    Roster,
    School,
    Shape,
    look,
    release_to,
)

SCHOOL: Final = School(schooljaar="2024-2025", brincode="99XX")
# The suffix of each format that a release is written in, and the policy that fits it.
TARGETS: Final = {
    "csv": ("leermiddelenketen", ()),
    "parquet": ("leermiddelenketen", ()),
    "xml": ("smalle-set-2.3", ()),
    "json": ("edu-v-students-1.1", ("eduv.student.basic", "eduv.student.demographics")),
}
HEADS: Final = (
    *("key", "bsn", "achternaam", "voorvoegsel", "roepnaam", "geboortedatum"),
    *("geslacht", "jaargroep", "groep"),
)
# Signs outside ASCII, a voorvoegsel, a number with a zero before it, two groups.
NAMES: Final = (
    ("Bakker", "", "Zoë"),
    ("IJzerman", "van der", "Łucja"),
    ("O'Neill", "", "Sem"),
    ("Çelik", "el", "Noor; Sara"),
)


def _cells(n: int, number: str) -> list[Any]:
    achternaam, voorvoegsel, roepnaam = NAMES[n % len(NAMES)]
    born, group = date(2014, n % 12 + 1, n + 1), n % 2
    names = [f"{achternaam}{n}", voorvoegsel, roepnaam]
    return [
        *(f"ll{n}", number, *names, born, str(n % 3), str(5 + group)),
        f"groep {5 + group}",
    ]


PUPILS: Final = [
    _cells(n, number)
    for n, number in enumerate(["063138219", "111222333", *numbers(10)])
]


def _csv(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(heads)
    writer.writerows(rows)
    return file.getvalue().encode()


def _parquet(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    columns = [
        pa.array([c or None for c in column]) for column in zip(*rows, strict=True)
    ]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=list(heads)), file)
    return file.getvalue()


def _book(kind: str) -> Callable[..., bytes]:
    def make(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
        # As a spreadsheet keeps them: numbers without their zeros, days as days.
        kept = [
            [
                int(c) if h in {"bsn", "geslacht", "jaargroep"} else c or None
                for h, c in zip(heads, row, strict=True)
            ]
            for row in rows
        ]
        return WRITERS[kind]([heads, *kept])

    return make


def _edexml(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    parts = [
        f'<leerlinggegevens xmlns="{NAMESPACE}"><school><schooljaar>2024-2025',
        "</schooljaar><brincode>99XX</brincode></school><groepen>",
        *(
            f'<groep key="g{n}"><naam>groep {n}</naam><jaargroep>{n}</jaargroep>'
            "</groep>"
            for n in (5, 6)
        ),
        "</groepen><leerlingen>",
    ]
    for row in rows:
        cells = dict(zip(heads, row, strict=True))
        parts.append(f'<leerling key="{cells["key"]}">')
        parts += [f"<{n}>{cells[n]}</{n}>" for n in HEADS[2:8] if cells[n]]
        parts.append(f'<groep key="g{cells["groep"][-1]}"/><bsn>{cells["bsn"]}</bsn>')
        parts.append("</leerling>")
    return "".join([*parts, "</leerlingen></leerlinggegevens>"]).encode()


SOURCES: Final[Mapping[str, Callable[..., bytes]]] = {
    "csv": _csv,
    "xlsx": _book("xlsx"),
    "xls": _book("xls"),
    "ods": _book("ods"),
    "xml": _edexml,
    "parquet": _parquet,
}
# What a recipient may have got: each format of a release, and Excel by hand.
RECEIVED: Final = ("csv", "parquet", "xml", "json", "xlsx", "ods")
# An identifier and these go in every format, so that each can be passed on as another.
COMMON: Final = ("eckid", "roepnaam", "voorvoegsel", "achternaam")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    """
    Return the school, read from each format and released in each.
    """
    folder = tmp_path_factory.mktemp("school")
    made = {}
    for source, write in SOURCES.items():
        path = folder / f"list.{source}"
        path.write_bytes(write(HEADS, PUPILS))
        for target, (beleid, scopes) in TARGETS.items():
            out = folder / f"{source}.{target}"
            run = release_to(
                out,
                Roster(look(path)),
                who=roads.who(),
                to=roads.to(
                    beleid,
                    doel=Doel.GEBRUIK,
                    ontvanger=Ontvanger.SOFTWARELEVERANCIER,
                    scopes=scopes,
                ),
                shape=Shape(school=SCHOOL),
            )
            assert run.report.rows_out == len(PUPILS)
            made[source, target] = out.read_bytes()
    return made


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("one", "other"), [*combinations(SOURCES, 2)])
def test_a_class_list_gives_the_same_release_from_every_format(
    one: str, other: str, target: str, released: Mapping[tuple[str, str], bytes]
) -> None:
    """
    Byte for byte, and every pupil is in it.
    """
    assert released[one, target] == released[other, target]


@pytest.fixture(scope="module")
def passed(
    released: Mapping[tuple[str, str], bytes], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], bytes]:
    """
    Return what a recipient got of the school, passed on from each format in each.
    """
    folder = tmp_path_factory.mktemp("received")
    text = released["csv", "csv"].decode()
    rows = [*csv.DictReader(io.StringIO(text), delimiter=";")]
    kept = [[row[name] for name in COMMON] for row in rows]
    made = {}
    for source in RECEIVED:
        path = folder / f"got.{source}"
        if source in TARGETS:
            path.write_bytes(released["csv", source])
        else:
            path.write_bytes(WRITERS[source]([COMMON, *kept]))
        for target in TARGETS:
            out = folder / f"{source}.{target}"
            beleid, scopes = TARGETS["json"]
            run = release_to(
                out,
                Received(look(path)),
                who=Doorgifte(LEERMIDDELENKETEN, Sector.PO),
                to=roads.to(
                    beleid,
                    ontvanger=Ontvanger.SOFTWARELEVERANCIER,
                    scopes=scopes[:1],
                ),
                shape=Shape(school=SCHOOL),
            )
            assert run.report.rows_out == len(PUPILS), run.report.refused
            made[source, target] = out.read_bytes()
    return made


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("one", "other"), [*combinations(RECEIVED, 2)])
def test_a_received_file_gives_the_same_release_from_every_format(
    one: str, other: str, target: str, passed: Mapping[tuple[str, str], bytes]
) -> None:
    """
    Byte for byte: Edu-V has ketenIDs only, and so has its place among the formats here.
    """
    assert passed[one, target] == passed[other, target]
