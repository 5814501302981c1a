"""
What may be shown nowhere, the ways by which it might be, and the rows of a table.

A row stands for a public name: how it is called with a secret and a person's data,
rightly and wrongly.
"""

import copy
import dataclasses
import io
import json
import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import eckid
from eckid import (
    BSN,
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Doel,
    Ontvanger,
    Organisatie,
    Salt,
    Sector,
    Sleutel,
    Sleutelbos,
    derive_ketenid,
    derive_stampseudoniem,
    exchange,
    hash_pgn,
)
from eckid.scheme import CHEAPEST

NUMBER: Final = "063138219"
WRONG: Final = "063138218"
OTHER: Final = "101222331"
EMPLOYEE: Final = "20DP teacher@school.com"
PASSPHRASE: Final = "correct horse battery staple"
DAY: Final = date(2026, 11, 24)
SALT: Final = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
SLEUTEL: Final = Sleutel(bytes(range(32)))
RING: Final = Sleutelbos.generate(release="2026", salt=SALT)
PGN: Final = BSN.parse(NUMBER)
HPGN: Final = hash_pgn(PGN, salt=SALT, scheme=CHEAPEST)
STAM: Final = derive_stampseudoniem(HPGN, sleutelbos=RING)
HOW: Final[dict[str, Any]] = {
    "keten": LEERMIDDELENKETEN,
    "sector": Sector.PO,
    "sleutelbos": RING,
}
KETENID: Final = derive_ketenid(STAM, **HOW)
VO: Final = derive_ketenid(STAM, **HOW | {"sector": Sector.VO})
NEW_HPGN: Final = hash_pgn(BSN.parse("111222333"), salt=SALT, scheme=CHEAPEST)
NEXT: Final = derive_ketenid(derive_stampseudoniem(NEW_HPGN, sleutelbos=RING), **HOW)
BELEID: Final = Attribuutbeleid.load("leermiddelenketen")
TO_A: Final = Organisatie("0000000700099ZZ00001", Ontvanger.UITGEVER)
BOARD: Final = "0000000700099ZZ00009"
TO: Final = BELEID.voor(doel=Doel.GEBRUIK, organisatie=TO_A, on=DAY)
HASHER: Final = eckid.Hasher(salt=SALT, scheme=CHEAPEST)

# A person, as a list has one.
KEY: Final = "las-sleutel-4711"
ROEPNAAM: Final = "Jannemieke"
ACHTERNAAM: Final = "Groothuis"
GEBOREN: Final = "2016-02-03"
CLASS: Final = (
    "BSN;Roepnaam;Achternaam;Geboortedatum;LAS-key\n"
    f"{NUMBER};{ROEPNAAM};{ACHTERNAAM};{GEBOREN};{KEY}\n"
    f"{WRONG};Finn;Smit;2015-10-10;k2\n"
)

# What may be seen nowhere, as text or as the bytes that it stands for.
SECRETS: Final[tuple[bytes, ...]] = (
    *(
        text.encode()
        for text in (
            NUMBER,
            NUMBER.lstrip("0"),
            WRONG.lstrip("0"),
            OTHER,
            EMPLOYEE,
            EMPLOYEE.lower(),
            "rktYml0MIp9TC9u6Ny6uqw",
            PASSPHRASE,
        )
    ),
    *(
        spelling
        for octets in (
            bytes.fromhex(HPGN.expose()),
            bytes.fromhex(STAM.expose()[-128:]),
            SALT.expose(),
            SLEUTEL.expose(),
            *(
                bytes.fromhex(r)
                for r in json.loads(RING._ring.dump())["roots"].values()
            ),
        )
        for spelling in (octets, octets.hex().encode())
    ),
)
# What no error, log, report or shown value may hold: it is the person's own.
PERSON: Final[tuple[bytes, ...]] = tuple(
    text.encode()
    for text in (KEY, ROEPNAAM, ACHTERNAAM, GEBOREN, KETENID.hex, VO.hex, NEXT.hex)
)


class Row(NamedTuple):
    """
    How a name is called with a secret, rightly and wrongly.
    """

    right: Callable[[], object]
    wrong: tuple[Callable[[], object], ...] = ()


def constant(value: object) -> Row:
    """
    Return the row of a name that takes nothing of anyone.
    """
    return Row(lambda: value)


def members(kind: Any) -> Row:  # noqa: ANN401  # any enumeration
    """
    Return the row of a closed set, of which a secret is not a member.
    """
    return Row(lambda: list(kind), tuple(partial(kind, v) for v in (NUMBER, PGN, KEY)))


def untyped(call: Any, *arguments: Any, **more: Any) -> Callable[[], object]:  # noqa: ANN401
    """
    Return a call that a type checker would refuse.
    """
    return lambda: call(*arguments, **more)


def listed(text: str) -> exchange.Source:
    """
    Return the table that *text* is.
    """
    return exchange.hold(io.BytesIO(text.encode()))


def shown(value: object) -> Iterator[Callable[[], object]]:
    """
    Yield the ways by which *value* is shown to people.
    """
    yield lambda: repr(value)
    yield lambda: str(value)
    yield lambda: format(value)
    yield lambda: format(value, ">9")
    yield lambda: ascii(value)
    yield getattr(value, "_repr_html_", lambda: "")


def written(value: object) -> Iterator[Callable[[], object]]:
    """
    Yield the ways by which *value* is written down or copied.
    """
    yield lambda: value if isinstance(value, bytes) else ""
    yield lambda: json.dumps(value)
    yield lambda: json.dumps(value, default=str)
    yield lambda: json.dumps(value, default=vars)
    yield lambda: repr(dataclasses.asdict(value))  # type: ignore[call-overload]  # may not be one
    yield lambda: repr(copy.copy(value))
    yield lambda: repr(copy.deepcopy(value))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield partial(pickle.dumps, value, protocol)


def told_by(ways: Iterable[Callable[[], object]]) -> Iterator[bytes]:
    """
    Yield all that is told by *ways*; a refusal may not tell either.
    """
    for way in ways:
        try:
            told = way()
        except Exception as error:  # noqa: BLE001  # any
            yield from told_in(error)
        else:
            yield told if isinstance(told, bytes) else str(told).encode()


def told_in(error: BaseException) -> Iterator[bytes]:
    """
    Yield all that *error* tells, and all that it came of.
    """
    chain: list[BaseException | None] = [error]
    for seen in chain:
        if seen is None:
            continue
        for told in (repr(seen), str(seen), repr(seen.args), repr(vars(seen))):
            yield told.encode("utf-8", "backslashreplace")
        for name in ("obj", "object", "doc", "filename", "value", "__notes__"):
            with suppress(AttributeError):
                yield _repr(getattr(seen, name)).encode("utf-8", "backslashreplace")
        for one in (seen.__cause__, seen.__context__):
            if one not in chain:
                chain.append(one)
    # Without the source lines, which in a test hold the secret themselves.
    yield repr(
        [line.name for line in traceback.extract_tb(error.__traceback__)]
    ).encode()


def _repr(held: object) -> str:
    # What an error holds may be unable to show itself; it is told all the same.
    try:
        return repr(held)
    except Exception as error:  # noqa: BLE001  # any
        return repr(error)


def leaks(told: Iterable[bytes], *hidden: tuple[bytes, ...]) -> list[int]:
    """
    Return which of what is to be hidden was told, by number.
    """
    everything = b"\n".join(told)
    wanted = [each for one in hidden for each in one]
    return [n for n, secret in enumerate(wanted) if secret in everything]


def flat(value: object) -> Iterator[object]:
    """
    Yield *value*, and what is in it where it is a list.
    """
    yield value
    if isinstance(value, list):
        yield from value


def is_ours(value: object) -> bool:
    """
    Return whether *value* is of a type of the library, which says what it shows.
    """
    return type(value).__module__.partition(".")[0] == "eckid"


def standing(folder: Path) -> dict[Path, bytes]:
    """
    Return every file that stands in *folder*.
    """
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def left_in(folder: Path, before: Mapping[Path, bytes]) -> Iterator[tuple[bytes, bool]]:
    """
    Yield what was written into *folder*, and whether it may name the person.

    A release is about persons, and so is what is told of one; what is refused, the
    report and the receipt are about nobody, and what is kept is sealed.
    """
    for path, octets in standing(folder).items():
        if before.get(path) != octets:
            yield octets, not path.name.endswith(_NOBODY)


_NOBODY: Final = (
    *(".refused.csv", ".report.json", ".receipt.json"),
    *(".ring", ".reg", ".keys", ".journal", ".list"),
)
