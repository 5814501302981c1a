"""
Rows of `eckid.pseudonyms`.
"""

from collections.abc import Mapping
from typing import Final

from leaking import HPGN, KETENID, NUMBER, STAM, Row, untyped

from eckid import HPgn, KetenID, Stampseudoniem
from eckid.scheme import CHEAPEST

ROWS: Final[Mapping[str, Row]] = {
    "HPgn": Row(
        lambda: HPgn.parse(HPGN.expose(), scheme=CHEAPEST),
        (
            lambda: HPgn.parse(HPGN.expose().upper()),
            lambda: HPgn.parse(NUMBER),
            untyped(HPgn.parse, HPGN.expose(), scheme=NUMBER),
            untyped(HPgn, HPGN.expose(), CHEAPEST),
        ),
    ),
    "Stampseudoniem": Row(
        lambda: Stampseudoniem.parse(STAM.expose()),
        (
            lambda: Stampseudoniem.parse(STAM.expose().upper()),
            lambda: Stampseudoniem.parse(KETENID.uri),
            untyped(Stampseudoniem.parse, STAM),
        ),
    ),
    "KetenID": Row(
        lambda: KetenID.parse(KETENID.uri),
        (
            lambda: KetenID.parse(STAM.expose()),
            lambda: KetenID.parse(NUMBER),
            lambda: KetenID.parse(HPGN.expose()),
            untyped(KetenID.parse, STAM),
            untyped(KetenID, NUMBER),
        ),
    ),
}
