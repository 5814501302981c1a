"""
What the schemas of UWLR 2.2 say of an EDEXML file.

The published schemas are asked where they lie: in the folder that ECKID_SCHEMAS names,
or beside the checkout, in ``shared/schemas/uwlr-2.2``. Elsewhere our own are, which
say the same of names, order, lengths, codes and keys.
"""

import os
import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from eckid.exchange.formats import edexml_out
from eckid.exchange.formats.edexml import NAMESPACE

ROOT: Final = Path(__file__).parents[2]
OWN: Final = ROOT / "tests" / "exchange" / "schemas"
PUBLISHED: Final = Path(
    os.environ.get("ECKID_SCHEMAS", ROOT.parent / "shared" / "schemas" / "uwlr-2.2")
)
_LVS: Final = "Profiel LVS set/Profiel_LVS_set_UWLR_Leerlinggegevens_v2p2.xsd"
_SMALLE: Final = "Profiel smalle set/Profiel_Smalle_set_UWLR_Leerlinggegevens_v2p2.xsd"
_ALL: Final = "UWLR_Leerlinggegevens_v2p2.xsd"
# By the name that a test gives them: our own schema, and the published one.
NAMES: Final = {
    "lvs": ("lvs-2.2.xsd", _LVS),
    "smalle": ("smalle-2.2.xsd", _SMALLE),
    "all": ("uwlr-2.2.xsd", _ALL),
}
# What UWLR 2.2 demands and 2.3 forbids: it counts as a number, and is never released.
FOUR_DIGITS: Final = "bsn_ondwnr-4"
# The list of school years ends where it was published.
_YEARS: Final = re.compile(rb"<schooljaar>[0-9]{4}-[0-9]{4}<")


@cache
def _schema(path: Path) -> Any:  # noqa: ANN401  # lxml's
    from lxml import etree  # noqa: PLC0415  # an extra

    return etree.XMLSchema(etree.parse(str(path)))


def faults(name: str, octets: bytes) -> list[str]:
    """
    Return what our own schema, and the published one where it lies, say of a file.
    """
    from lxml import etree  # noqa: PLC0415  # an extra

    own, published = NAMES[name]
    paths = [OWN / own]
    if (PUBLISHED / published).exists():
        paths.append(PUBLISHED / published)
    found: list[str] = []
    for path in paths:
        schema = _schema(path)
        schema.validate(etree.fromstring(_YEARS.sub(b"<schooljaar>2024-2025<", octets)))
        found += [str(error.message) for error in schema.error_log]
    return found


def written_faults(octets: bytes) -> list[str]:
    """
    Return what is wrong with a file that was written: in all, and for its profile.
    """
    from lxml import etree  # noqa: PLC0415  # an extra

    root = etree.fromstring(octets)
    names = {etree.QName(each).localname for each in root.iter() if each.tag}
    found = faults("all", octets)
    if not names & {"geslacht", "start_ondw_jgr3", "voornamen", "voorletters-1"}:
        found += faults("smalle", octets)
    pupils = root.findall(f".//{{{NAMESPACE}}}leerling")
    demanded = ("roepnaam", "geboortedatum", "geslacht", "jaargroep")
    whole = all(
        pupil.find(f"{{{NAMESPACE}}}{name}") is not None
        for pupil in pupils
        for name in demanded
    )
    if whole and not names & {"voornamen", "emailadres"}:
        lvs = faults("lvs", octets)
        found += [said for said in lvs if FOUR_DIGITS not in said]
    return found


def hold_writers_to_schemas() -> None:
    """
    Make every writing of EDEXML in this process hold its file to the schemas.
    """
    write = edexml_out.write_edexml

    def held(file: BinaryIO, rows: Any, **more: Any) -> None:  # noqa: ANN401
        drawn = BytesIO()
        write(drawn, rows, **more)
        assert written_faults(drawn.getvalue()) == []
        file.write(drawn.getvalue())

    edexml_out.write_edexml = held
