"""
Rows of `eckid.policy`.
"""

import dataclasses
from collections.abc import Mapping
from typing import Final

from leaking import (
    BELEID,
    DAY,
    GEBOREN,
    KETENID,
    KEY,
    NUMBER,
    PGN,
    ROEPNAAM,
    TO,
    TO_A,
    Row,
    constant,
    members,
    untyped,
)

import eckid
from eckid import Attribuutbeleid, Doel, Ontvanger, Reden, Vrijgave
from eckid.policy import Afwijking, Eis, Vorm, Waarde
from eckid.policy.decision import Vraag

REGEL: Final = BELEID.regels[0]
AFWIJKING: Final = Afwijking(
    doel=Doel.GEBRUIK,
    verwerkersovereenkomst="VO-1",
    motivering="Omdat het moet.",
    besloten_door="functionaris",
    tot=DAY,
)
SOMEONE: Final[dict[str, Waarde]] = {
    "bsn": NUMBER,
    "eckid": KETENID,
    "roepnaam": ROEPNAAM,
    "geboortedatum": GEBOREN,
    "key": KEY,
}

ROWS: Final[Mapping[str, Row]] = {
    "Attribuutbeleid": Row(
        lambda: [
            BELEID,
            BELEID.plan(Vraag(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER)),
        ],
        (
            lambda: Attribuutbeleid.load(NUMBER),
            lambda: BELEID.scoped(NUMBER),
            lambda: Attribuutbeleid(NUMBER, "1", "x", (REGEL, REGEL)),
            untyped(BELEID.plan, PGN),
            untyped(BELEID.voor, doel=NUMBER, ontvanger=Ontvanger.UITGEVER),
            untyped(BELEID.voor, doel=Doel.GEBRUIK, ontvanger=PGN),
            untyped(BELEID.voor, doel=Doel.GEBRUIK, organisatie=NUMBER),
            untyped(BELEID.voor, doel=Doel.GEBRUIK, organisatie=TO_A, rol=PGN),
            untyped(BELEID.voor, doel=Doel.GEBRUIK, organisatie=TO_A, on=NUMBER),
            lambda: BELEID.voor(doel=Doel.GEBRUIK, organisatie=TO_A, scopes=(NUMBER,)),
        ),
    ),
    "Bestemming": Row(
        lambda: [
            TO,
            TO.release(SOMEONE),
            *TO.release_many([SOMEONE, {}]),
            TO.explain(SOMEONE),
        ],
        (
            lambda: TO.release({"eckid": KETENID.uri + NUMBER}),
            untyped(TO.release, {"eckid": KETENID, "roepnaam": PGN}),
            untyped(TO.release, {"eckid": KETENID, "roepnaam": int(NUMBER)}),
            untyped(TO.release, NUMBER),
            untyped(TO.release, SOMEONE, wie=KEY),
            lambda: TO.release(
                {"key": KEY, "ander_id_reden": NUMBER, "ander_id_tot": NUMBER}
            ),
            lambda: list(TO.release_many([{"eckid": NUMBER}])),
            untyped(TO.plan, NUMBER),
            untyped(TO.check_passage, van=NUMBER),
            untyped(dataclasses.replace, TO, doel=NUMBER),
            untyped(dataclasses.replace, TO, may_pass=NUMBER),
        ),
    ),
    "Regel": Row(
        lambda: REGEL,
        (
            lambda: dataclasses.replace(REGEL, attribuut=NUMBER),
            lambda: dataclasses.replace(REGEL, attribuut="bsn"),
            lambda: dataclasses.replace(REGEL, zekerheid=NUMBER),
            untyped(dataclasses.replace, REGEL, doelen=frozenset({NUMBER})),
            untyped(dataclasses.replace, REGEL, eis=NUMBER),
            untyped(dataclasses.replace, REGEL, rollen=frozenset({NUMBER})),
            untyped(dataclasses.replace, REGEL, met=frozenset({NUMBER})),
        ),
    ),
    "Afwijking": Row(
        lambda: AFWIJKING,
        (
            untyped(dataclasses.replace, AFWIJKING, doel=NUMBER),
            untyped(dataclasses.replace, AFWIJKING, tot=NUMBER),
            untyped(dataclasses.replace, AFWIJKING, motivering=PGN),
        ),
    ),
    "Vrijgave": Row(
        lambda: TO.release(SOMEONE),
        (lambda: Vrijgave(NUMBER, NUMBER),),  # type: ignore[call-arg, arg-type]  # half of one
    ),
    "Reden": members(Reden),
    "Eis": members(Eis),
    "Vorm": members(Vorm),
    "Oordeel": constant(str(eckid.Oordeel)),
    "Waarde": constant(str(Waarde)),
}
