"""
Lists that are spoilt, each in one way, as schools send them.

    python tests/support/spoilt.py FOLDER
"""

import io
import sys
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

_A, _B, _C = "111222333", "123456782", "063138219"
_GROUP: Final = '<groep key="9"/>'
_NAMESPACE: Final = "http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"


def _csv(heads: str, *rows: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((heads, *rows, "")).encode(encoding)


def _xml(body: str, before: str = "") -> bytes:
    root = f'<leerlinggegevens xmlns="{_NAMESPACE}">'
    return f"{before}{root}{body}</leerlinggegevens>".encode()


def _pupil(key: str, more: str = "") -> str:
    return f'<leerling key="{key}"><achternaam>Vos</achternaam>{more}</leerling>'


def _parquet(**columns: pa.Array) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def _days(*days: str) -> bytes:
    numbers = (_A, _B)
    rows = (f"{n};Sem;{day}" for n, day in zip(numbers, days, strict=False))
    return _csv("BSN;Roepnaam;Geboortedatum", *rows)


def _numbers(*numbers: str) -> bytes:
    return _csv("BSN;Roepnaam", *(f"{number};Sem" for number in numbers))


SPOILT: Final[dict[str, bytes]] = {
    "dagen-open.csv": _days("01-09-2015", "02-09-2015"),
    "dagen-twee-volgordes.csv": _days("25-09-2015", "09/25/2015"),
    "dag-31-februari.csv": _days("31-02-2015"),
    "dag-jaar-0015.csv": _days("01-09-0015"),
    "dag-jaar-2105.csv": _days("25-09-2105"),
    "dag-met-tijd.csv": _days("2015-08-31 22:00:00"),
    "leeftijd-40.csv": _days("25-09-1980"),
    "geslacht-onbekende-letter.csv": _csv("BSN;Roepnaam;M/V", f"{_A};Sem;?"),
    "alfabet-dos.csv": _csv("BSN;Roepnaam", f"{_A};Zoë", encoding="cp850"),
    "alfabet-mac.csv": _csv("BSN;Roepnaam", f"{_A};Zoë", encoding="mac_roman"),
    "alfabet-dubbel-gelezen.csv": _csv("BSN;Roepnaam", f"{_A};ZoÃ«"),
    "alfabet-twee-in-een.csv": _csv("BSN;Roepnaam", f"{_A};Zoë")
    + f"{_B};Zoë\r\n".encode("cp1252"),
    "alfabet-geen.csv": b"BSN;Roepnaam\r\n111222333;Zo\x81\r\n",
    "kopje-tikfout.csv": _csv("BSN;Achtername", f"{_A};Boer"),
    "kopje-onbekend.csv": _csv("BSN;Naam", f"{_A};Sem Boer"),
    "kopje-twee-keer.csv": _csv("BSN;Klas;Stamgroep", f"{_A};6a;6b"),
    "kopje-zelfde-twee-keer.csv": _csv("BSN;E-mail;E-mail", f"{_A};a@b.nl;c@d.nl"),
    "kopje-zonder-nummer.csv": _csv("Roepnaam;Klas", "Sem;6a"),
    "kopje-ketenid-en-bsn.csv": _csv("BSN;eckid", f"{_A};x"),
    "aanhaling-open.csv": _csv("BSN;Roepnaam", f'{_A};"Sem', f"{_B};Noor"),
    "aanhaling-slokt-rij.csv": _csv("BSN;Roepnaam", f'{_A};"Sem', f'{_B};Noor"'),
    "aanhaling-middenin.csv": _csv("BSN;Roepnaam", f'{_A};"Sem"x'),
    "rij-te-breed.csv": _csv("BSN;Roepnaam", f"{_A};Sem;6a"),
    "rij-te-lang.csv": _csv("BSN;Roepnaam", f"{_A};{'x' * 300}"),
    "cel-formule.csv": _csv("BSN;Roepnaam", f'{_A};"=HYPERLINK(""x"")"'),
    "nummer-afgerond.csv": _numbers("1,1122E+08"),
    "nummer-elfproef.csv": _numbers("111222334"),
    "nummer-kort.csv": _numbers("1112223"),
    "nummer-letter.csv": _numbers("11122233A"),
    "nummer-punt.csv": _numbers("11122233.3"),
    "nummer-ontbreekt.csv": _numbers(""),
    "nummer-twee.csv": _csv("BSN;Onderwijsnummer;Klas", f"{_A};101222331;6a"),
    "nummer-dubbel.csv": _numbers(_A, _A),
    "nummer-bij-twee-namen.csv": _csv("BSN;Roepnaam", f"{_A};Sem", f"{_A};Noor"),
    "nummer-in-naam.csv": _csv("BSN;Roepnaam", f"{_A};Sem {_A}"),
    "ander-id-zonder-dag.csv": _csv(
        "BSN;Leerlingnummer;ander_id_reden;ander_id_tot", ";4001;symbiose;nooit"
    ),
    "ketenid-kort.csv": _csv("eckid;Roepnaam", "eckid_L1;Sem"),
    "ketenid-en-nummer.csv": _csv("eckid;Onderwijsnummer", "x;101222331"),
    "edexml-niet-af.xml": _xml("")[:-5],
    "edexml-doctype.xml": _xml("", "<!DOCTYPE x>"),
    "edexml-andere-wortel.xml": b"<leerlingen/>",
    "edexml-groep-onbekend.xml": _xml(
        f"<leerlingen>{_pupil('1', f'<bsn>{_A}</bsn>')}"
        f"{_pupil('2', _GROUP + f'<bsn>{_B}</bsn>')}</leerlingen>"
    ),
    "edexml-sleutel-dubbel.xml": _xml(
        f"<leerlingen>{_pupil('1', f'<bsn>{_A}</bsn>')}"
        f"{_pupil('1', f'<bsn>{_B}</bsn>')}</leerlingen>"
    ),
    "edexml-zonder-nummer.xml": _xml(f"<leerlingen>{_pupil('1')}</leerlingen>"),
    "eduv-niet-af.json": b'[{"givenName": "Sem"',
    "eduv-geen-lijst.json": b'{"givenName": "Sem"}',
    "parquet-niet-af.parquet": _parquet(bsn=pa.array([_A]))[:-20],
    "parquet-afgerond-getal.parquet": _parquet(
        bsn=pa.array([111222333.0], pa.float32())
    ),
    "parquet-geen-tekst.parquet": _parquet(
        bsn=pa.array([_A]),
        roepnaam=pa.array([b"Zo\xff"], pa.binary()).view(pa.string()),
    ),
}


def spoil(folder: Path) -> None:
    """
    Write every spoilt list into a folder.
    """
    for name, octets in SPOILT.items():
        (folder / name).write_bytes(octets)


if __name__ == "__main__":
    spoil(Path(sys.argv[1]))
