"""
Rows of `eckid.service.standin`: it holds no pupils' numbers, and shows none either.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from leaking import NUMBER, PGN, RING, Row, untyped
from leaks.service import ASKED, CERTIFICATE, NEW, OIN, OLD

from eckid import HPgn
from eckid.service import standin as of
from eckid.service.local import utc

PUBLIC: Final = of.rehearsal_ring()
GEDRAG: Final = of.Gedrag(blocked=0, only="ping")
BOARDS: Final = of.Besturen({CERTIFICATE: frozenset({OIN})})


def core(**how: Any) -> of.Oefendienst:  # noqa: ANN401  # as it takes them
    """
    Return what a stand-in answers by.
    """
    return of.Oefendienst(**{"sleutelbos": PUBLIC, "gedrag": GEDRAG, "now": utc, **how})


def answered() -> list[object]:
    """
    Return what it answers to each call.
    """
    dienst = core().beside(of.Gedrag())
    stam = dienst.stampseudoniem(OLD)
    batches = (
        dienst.submit_stampseudoniemen({0: OLD, 1: NEW}),
        dienst.submit_ketenids({0: stam}, **ASKED),
        dienst.hand_in_hpgns([(0, OLD.expose()), (1, NUMBER)], HPgn.parse),
        dienst.hand_in_stams([(0, stam.expose())], dienst.read_stam, **ASKED),
    )
    answers: list[object] = [dienst.retrieve(batch) for batch in batches]
    answers += [dienst.ping(), dienst.ketens(), dienst.sectoren(), dienst, *batches]
    answers += [dienst.turn("blocked"), dienst.touches("ping")]
    answers += [stam, dienst.replace(old=OLD, new=NEW)]
    dienst.ketenid(stam, **ASKED)
    return answers


def standin(**how: Any) -> of.Standin:  # noqa: ANN401  # as it takes them
    """
    Return a stand-in that has stopped.
    """
    with of.Standin(**how) as made:
        return made


def loaded(path: Any) -> of.Besturen:  # noqa: ANN401  # as it takes it
    """
    Load the list of boards.
    """
    Path("boards.toml").write_text(f'[besturen]\n{CERTIFICATE} = ["{OIN}"]\n')
    return of.Besturen.load(path)


ROWS: Final[Mapping[str, Row]] = {
    "rehearsal_ring": Row(of.rehearsal_ring),
    "Gedrag": Row(
        lambda: [GEDRAG, of.Gedrag.read(["blocked=2"])],
        (
            untyped(of.Gedrag, blocked=NUMBER),
            lambda: of.Gedrag(only=NUMBER),
            lambda: of.Gedrag.read([NUMBER]),
            untyped(of.Gedrag.read, [PGN]),
        ),
    ),
    "Besturen": Row(
        lambda: [BOARDS, loaded("boards.toml"), BOARDS.allows(CERTIFICATE, OIN)],
        (
            untyped(of.Besturen, {NUMBER: frozenset({OIN})}),
            untyped(of.Besturen, {CERTIFICATE: frozenset({NUMBER})}),
            untyped(of.Besturen, NUMBER),
            lambda: of.Besturen.load(Path("README.md")),
        ),
    ),
    "server_context": Row(
        lambda: "",
        (
            lambda: of.server_context(
                cert=Path("README.md"),
                key=Path("README.md"),
                client_ca=Path("README.md"),
            ),
        ),
    ),
    "Oefendienst": Row(
        answered,
        (
            lambda: core(sleutelbos=RING),
            untyped(core, sleutelbos=NUMBER),
            lambda: core().read_stam(NUMBER),
        ),
    ),
    "Standin": Row(
        standin,
        (
            lambda: standin(sleutelbos=RING),
            lambda: standin(host=NUMBER),
            untyped(standin, port=NUMBER),
            untyped(standin, gedrag=NUMBER),
            untyped(standin, besturen=NUMBER),
            lambda: standin(besturen=BOARDS),
        ),
    ),
}
