"""
Rows of `eckid.register`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from leaking import (
    BELEID,
    DAY,
    GEBOREN,
    HPGN,
    KETENID,
    KEY,
    NUMBER,
    OTHER,
    PGN,
    RING,
    ROEPNAAM,
    STAM,
    TO_A,
    Row,
    members,
    untyped,
)
from leaks.succession import CONSENT, LINK

import eckid
from eckid import Doel, register


def registered() -> object:
    """
    Return what a register tells of a person: its outcome, and who is unknown.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, "reg")
        told: list[object] = []
        with eckid.Register.create(path, sleutelbos=RING) as book:
            names = {"roepnaam": NUMBER, "geboortedatum": OTHER}
            told += [
                book,
                book.origin(HPGN, on=DAY),
                book.add(OTHER, NUMBER, STAM, gegevens=names, on=DAY),
                book.add(OTHER, KEY, STAM, gegevens=NAMES, on=DAY),
                book.known(OTHER, NUMBER, gegevens=names),
                book.counts(),
                book.verify(),
                book.head(),
            ]
        told += [file.read_bytes() for file in Path(folder).iterdir()]
        return told


def opened(act: str, *arguments: Any, **more: Any) -> Callable[[], Any]:  # noqa: ANN401
    """
    Return what asks *act* of a register in which the person is.
    """

    def call() -> object:
        with (
            TemporaryDirectory() as folder,
            eckid.Register.create(Path(folder, "reg"), sleutelbos=RING) as book,
        ):
            book.add("las", KEY, STAM, gegevens=NAMES, on=DAY)
            return getattr(book, act)(*arguments, **more)

    return call


def restored() -> object:
    """
    Return what is said of an older copy that lacks the person, and of the person.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, "reg")
        with eckid.Register.create(path, sleutelbos=RING) as book:
            book.backup(Path(folder, "copy"))
            book.add("las", KEY, STAM, gegevens=NAMES, on=DAY)
            told: list[object] = [book.inzage("las", KEY)[0]["stampseudoniem"]]
        Path(folder, "copy").replace(path)
        told.append(eckid.Register.restore(path, sleutelbos=RING))
        return told


NAMES: Final = {"roepnaam": ROEPNAAM, "geboortedatum": GEBOREN}
ADDED: Final[dict[str, Any]] = {"gegevens": NAMES, "on": DAY}
SENT: Final[dict[str, Any]] = {
    "organisatie": TO_A,
    "identifier": KETENID,
    "beleid": BELEID.digest,
    "doel": Doel.GEBRUIK,
    "on": DAY,
}

ROWS: Final[Mapping[str, Row]] = {
    "Register": Row(
        registered,
        (
            lambda: eckid.Register.open("none", sleutelbos=RING),
            untyped(eckid.Register.open, "README.md", sleutelbos=PGN),
            untyped(eckid.Register, PGN),
            opened("origin", PGN, on=DAY),
            opened("add", "las", NUMBER, HPGN, **ADDED),
            opened("add", "las", KEY, STAM, **{**ADDED, "on": NUMBER}),
            opened("add", "las", KEY, STAM, gegevens=NUMBER, on=DAY),
            opened("add", "las", KEY, STAM, **ADDED, mark=PGN),
            opened("inzage", "las", NUMBER),
            opened("forget", "las", NUMBER),
            opened("sent", "las", NUMBER, **SENT),
            opened("sent", "las", KEY, **SENT | {"identifier": STAM}),
            opened("keep_link", "las", NUMBER, LINK, CONSENT),
            opened("verify", expected=NUMBER),
        ),
    ),
    "Opname": Row(
        lambda: [
            opened("add", "las", KEY, STAM, **ADDED)(),
            opened("add", "las", "k2", STAM, **ADDED)(),
        ]
    ),
    "Hersteld": Row(
        restored,
        (
            lambda: eckid.Register.restore("none", sleutelbos=RING),
            untyped(eckid.Register.restore, "README.md", sleutelbos=PGN),
            untyped(eckid.Register.restore, "none", sleutelbos=RING, expected=PGN),
        ),
    ),
    "OpnameUitkomst": members(register.OpnameUitkomst),
    "Feit": members(register.Feit),
    "Head": Row(opened("head")),
    "keys_of": Row(
        lambda: register.keys_of(Path("board.reg")), (untyped(register.keys_of, PGN),)
    ),
}
