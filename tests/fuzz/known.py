"""
What every target is asked with: the ring, the recipient and the day of the fixtures.

The ring is not drawn, so that a seed that it signed or sealed stays one.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final

from compat import known, make
from fuzz.oracle import asked, refused

from eckid import LEERMIDDELENKETEN, Doel, Hasher, Sector
from eckid.exchange import (
    Afzender,
    Bestuur,
    Doorgifte,
    Herkenning,
    Received,
    Ringbron,
    Roster,
    School,
    Weigering,
    check_enrolments,
    derive_list,
    drawer,
    hash_list,
    hold,
    link_list,
    misfit_of,
    read_jtis,
    release_list,
    substitute_list,
    verify_list,
)
from eckid.exchange.formats.kinds import Format
from eckid.policy import Bestemming
from eckid.scheme import CHEAPEST
from eckid.succession import RevocationList

RING: Final = make.RING
DAY: Final = known.DAY
A: Final = make.A
HASHER: Final = Hasher(salt=RING.salt, scheme=CHEAPEST, workers=1)
BRON: Final = Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
WHO: Final = Herkenning(bron=BRON, hasher=HASHER)
PASSING: Final = Doorgifte(LEERMIDDELENKETEN, Sector.PO)
TO: Final[Bestemming] = make.to_a()
SCHOOL: Final = School(schooljaar="2026-2027", brincode="99XX")
KEYS: Final = {make.key().kid: make.key()}
READS: Final[dict[str, Any]] = {"organisatie": A, "on": DAY, "keys": KEYS}
LISTED: Final = RevocationList.verify(
    RevocationList.issue(
        [],
        organisatie=A,
        number=1,
        issued=DAY,
        next_update=DAY,
        sleutelbos=RING,
    ),
    **READS,
    last_seen=None,
)


def text_of(data: bytes) -> str:
    """
    Return *data* as text; bytes that are not UTF-8 become lone surrogates.
    """
    return data.decode("utf-8", "surrogateescape")


def parted(data: bytes, ways: int) -> tuple[int, bytes]:
    """
    Return which of some ways the first byte chooses, and the bytes after it.
    """
    return (data[0] % ways if data else 0), data[1:]


def _released(rows: Any, who: Any, format: Format) -> Iterable[object]:  # noqa: ANN401
    misfit = misfit_of(format)
    found = list(release_list(rows, who=who, to=TO, misfit=misfit))
    going = [one for one in found if not isinstance(one, Weigering)]
    columns = TO.columns(rows.table.columns)
    drawer(format, columns=columns, school=SCHOOL)(BytesIO(), going)
    return found


def lists(data: bytes, format: str) -> None:
    """
    Read *data* as a list in a format, in one of the ways that a list is read.
    """
    way, octets = parted(data, len(_WAYS))
    with asked(octets):
        table = hold(BytesIO(octets), format=format)
        for found in _WAYS[way](table):
            if isinstance(found, Weigering):
                refused(found, octets)
            else:
                repr(found)


_WAYS: Final[tuple[Callable[[Any], Iterable[object]], ...]] = (
    Roster,
    Received,
    lambda table: _released(Roster(table), WHO, Format.CSV),
    lambda table: _released(Received(table), PASSING, Format.CSV),
    lambda table: _released(Roster(table), WHO, Format.EDEXML),
    lambda table: _released(Roster(table), WHO, Format.EDUV),
    lambda table: _released(Roster(table), WHO, Format.PARQUET),
    lambda table: hash_list(Roster(table), sleutelbos=RING, hasher=HASHER),
    lambda table: derive_list(
        table, columns=table.columns, who=WHO, sleutelbos=RING, on=DAY
    ),
    lambda table: check_enrolments(table, on=DAY),
    lambda table: substitute_list(table, sleutelbos=RING, per=DAY, scheme=CHEAPEST),
    lambda table: link_list(
        table,
        keten=LEERMIDDELENKETEN,
        voor=make.reach(),
        bestuur=Bestuur(known.BOARD),
        issued=DAY,
        sleutelbos=RING,
    ),
    lambda table: verify_list(
        table,
        organisatie=A,
        on=DAY,
        keten=LEERMIDDELENKETEN,
        doel=Doel.GEBRUIK,
        afzender=Afzender(known.BOARD, KEYS, LISTED),
    ),
    read_jtis,
)
