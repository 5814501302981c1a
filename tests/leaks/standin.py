"""
Rows of `eckid.service.standin`: it is asked, and closed again.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from leaking import HPGN, NUMBER, PGN, RING, STAM, Row, untyped
from leaks.service import ASKED, BATCH, CERTIFICATE, NEW, OIN, OLD

from eckid.service import standin as of


def served(**how: Any) -> of.Standin:  # noqa: ANN401  # as it takes them
    """
    Return a stand-in that has ended.
    """
    with of.Standin(**how) as made:
        return made


def core() -> of.Oefendienst:
    """
    Return the public ring as the service.
    """
    return of.Oefendienst(of.rehearsal_ring())


def answered() -> list[object]:
    """
    Return what the core answers to each call.
    """
    dienst = core()
    stam = dienst.stampseudoniem(OLD)
    batches = (
        dienst.submit_stampseudoniemen({0: OLD, 1: NEW}),
        dienst.submit_ketenids({0: stam}, **ASKED),
        dienst.hand_in_hpgns([(0, NUMBER)], lambda _: OLD),
        dienst.hand_in_stams([(0, NUMBER)], lambda _: stam, **ASKED),
    )
    answers: list[object] = [dienst.retrieve(batch) for batch in batches]
    answers += [dienst.ping(), dienst.ketens(), dienst.sectoren()]
    answers += [stam, dienst.replace(old=OLD, new=NEW), *batches, dienst]
    answers += [dienst.read_stam(stam.expose()), dienst.beside(of.Gedrag())]
    answers += [dienst.turn("cuts"), dienst.touches("ping")]
    return answers


ROWS: Final[Mapping[str, Row]] = {
    "Besturen": Row(
        lambda: [
            boards := of.Besturen({CERTIFICATE: frozenset({OIN})}),
            boards.allows(CERTIFICATE, OIN),
        ],
        (
            untyped(of.Besturen, NUMBER),
            untyped(of.Besturen, {NUMBER: [OIN]}),
            untyped(of.Besturen, {CERTIFICATE: [NUMBER]}),
            lambda: of.Besturen.load(Path("README.md")),
            untyped(of.Besturen.load, PGN),
        ),
    ),
    "Gedrag": Row(
        lambda: [of.Gedrag(), of.Gedrag.read([f"{OIN}:blocked=1"])],
        (
            lambda: of.Gedrag(blocked=int(NUMBER)),
            lambda: of.Gedrag(only=NUMBER),
            untyped(of.Gedrag, cut=NUMBER),
            lambda: of.Gedrag.read([NUMBER]),
            lambda: of.Gedrag.read([f"blocked={NUMBER}"]),
            lambda: of.Gedrag.read([f"{NUMBER}=1"]),
            untyped(of.Gedrag.read, [PGN]),
        ),
    ),
    "Oefendienst": Row(
        answered,
        (
            untyped(of.Oefendienst, NUMBER),
            lambda: of.Oefendienst(RING),
            untyped(of.Oefendienst, of.rehearsal_ring(), gedrag=NUMBER),
            lambda: core().stampseudoniem(HPGN),
            lambda: core().ketenid(STAM, **ASKED),
            lambda: core().submit_stampseudoniemen({0: HPGN}),
            lambda: core().submit_ketenids({0: STAM}, **ASKED),
            lambda: core().retrieve(BATCH),
            lambda: core().replace(old=OLD, new=OLD),
            lambda: core().read_stam(NUMBER),
            untyped(core().beside, NUMBER),
        ),
    ),
    "Standin": Row(
        served,
        (
            lambda: served(sleutelbos=RING),
            lambda: served(host=NUMBER),
            lambda: served(port=int(NUMBER)),
            untyped(served, port=NUMBER),
            untyped(served, context=NUMBER),
            untyped(served, besturen=NUMBER),
            untyped(served, gedrag=NUMBER),
        ),
    ),
    "rehearsal_ring": Row(of.rehearsal_ring),
    "server_context": Row(
        # That it makes one is tried where there are certificates.
        lambda: None,
        (
            lambda: of.server_context(
                cert=Path("README.md"),
                key=Path("README.md"),
                client_ca=Path("list.csv"),
            ),
            untyped(of.server_context, cert=NUMBER, key=PGN, client_ca=PGN),
        ),
    ),
}
