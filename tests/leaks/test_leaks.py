"""
No person and no secret in an error, a repr, a pickle, JSON, a file or a terminal.

The table has a row for each public name: how it is called with a secret rightly,
and how wrongly. A name without a row fails.
"""

import copy
import dataclasses
import io
import json
import pickle
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import eckid
from eckid import (
    ARGON2ID,
    BSN,
    CATALOGUE,
    CHEAPEST,
    LEERMIDDELENKETEN,
    MAY_PASS,
    NUMMERVOORZIENING,
    ROLLEN,
    Afwijking,
    AnderId,
    Argon2idCost,
    Attribuut,
    Attribuutbeleid,
    Doel,
    Eis,
    HPgn,
    Kenmerk,
    Keten,
    KetenID,
    LinkReason,
    Medewerker,
    NumberReason,
    Onderwijsnummer,
    Ontvanger,
    Organisatie,
    Partij,
    PseudonymReason,
    Reden,
    Salt,
    Scheme,
    ScryptCost,
    Sector,
    Sleutel,
    Sleutelbos,
    Soort,
    Stampseudoniem,
    Vorm,
    Vrijgave,
    Wie,
    check_passage,
    derive_ketenid,
    derive_ketenids,
    derive_stampseudoniem,
    display_names,
    elfproef,
    exchange,
    hash_pgn,
    hash_pgns,
    ketenid_token,
    parse_pgn,
    scale,
)
from eckid.cli.app import app, run
from eckid.keys.ring import read_ring

NUMBER: Final = "063138219"
WRONG: Final = "063138218"
OTHER: Final = "101222331"
EMPLOYEE: Final = "20DP teacher@school.com"
PASSPHRASE: Final = "correct horse battery staple"
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
BELEID: Final = Attribuutbeleid.load("leermiddelenketen")
TO: Final[dict[str, Any]] = {"doel": Doel.GEBRUIK, "ontvanger": Ontvanger.UITGEVER}

# What may be seen nowhere, as text or as the bytes that it stands for.
SECRETS: Final[tuple[bytes, ...]] = tuple(
    spelling
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
    for spelling in (text.encode(),)
) + tuple(
    spelling
    for octets in (
        bytes.fromhex(HPGN.expose()),
        bytes.fromhex(STAM.expose()[-128:]),
        SALT.expose(),
        SLEUTEL.expose(),
        *(bytes.fromhex(r) for r in json.loads(RING._ring.dump())["roots"].values()),
    )
    for spelling in (octets, octets.hex().encode())
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
    Return the row of a closed set: a secret is none of its members.
    """
    return Row(lambda: list(kind), (lambda: kind(NUMBER), lambda: kind(PGN)))


def error(kind: Any, *rest: object) -> Row:  # noqa: ANN401  # any error
    """
    Return the row of an error, raised with a message that holds no value.
    """
    return Row(lambda: kind("BSN: elfproef fails", *rest))


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


CLASS: Final = f"BSN;Roepnaam;LAS-key\n{NUMBER};Sem;k1\n{WRONG};Finn;k2\n"
RIJ: Final = next(
    r for r in exchange.Roster(listed(CLASS)) if isinstance(r, exchange.Rij)
)
ADDING: Final[dict[str, Any]] = {
    "salt": RING.salt,
    "scheme": CHEAPEST,
    "known": lambda _: None,
    "taken": lambda *_: exchange.RijReden.OTHER_PERSON,
}
HASHER: Final = eckid.Hasher(salt=RING.salt, scheme=CHEAPEST)
LEAK: Final = f"eckid;roepnaam\n{STAM.expose()};Sem\n"
REGEL: Final = BELEID.regels[0]
DAY: Final = date(2026, 11, 24)
AFWIJKING: Final = Afwijking(
    doel=Doel.GEBRUIK,
    verwerkersovereenkomst="VO-1",
    motivering="Omdat het moet.",
    besloten_door="functionaris",
    tot=DAY,
)
SCHOOL: Final = exchange.School(schooljaar="2026-2027", brincode="99XX")

ABOUT: Final[dict[str, str]] = dict.fromkeys(
    ("doel", "ontvanger", "keten", "sector", "release", "rehearsal"), "x"
)
RECEIPT: Final[Mapping[str, Any]] = exchange.read_receipt(
    exchange.make_receipt(BELEID, on=DAY, rows=1, **ABOUT)
)


TO_A: Final = Organisatie("0000000700099ZZ00001", Ontvanger.UITGEVER)
BOARD: Final = "0000000700099ZZ00009"
VO: Final = derive_ketenid(
    STAM, keten=LEERMIDDELENKETEN, sector=Sector.VO, sleutelbos=RING
)
NEXT: Final = derive_ketenid(
    derive_stampseudoniem(
        hash_pgn(BSN.parse("111222333"), salt=SALT, scheme=CHEAPEST), sleutelbos=RING
    ),
    **HOW,
)
PUBLIC: Final = eckid.PublicKey(RING.public_key, BOARD, DAY)
READS: Final[dict[str, Any]] = {
    "organisatie": TO_A,
    "on": DAY,
    "keys": {PUBLIC.kid: PUBLIC},
}
SIGNS: Final[dict[str, Any]] = {
    "organisatie": TO_A,
    "issued": DAY,
    "sleutelbos": RING,
}
CONSENT: Final = eckid.Toestemming(eckid.Toestemmer.OUDER, DAY, "2026-1", BOARD)
LINK: Final = eckid.SectorLink.issue(
    KETENID,
    VO,
    **SIGNS,
    doel=Doel.GEBRUIK,
    vanaf=DAY,
    tot=DAY,
    toestemming=CONSENT,
)
LISTED: Final = eckid.RevocationList.verify(
    eckid.RevocationList.issue([], **SIGNS, number=1, next_update=DAY),
    **READS,
    last_seen=0,
)
VERIFIED: Final = eckid.SectorLink.verify(
    LINK.token, **READS, doel=Doel.GEBRUIK, revocations=LISTED
)
NOTICE: Final = eckid.Succession.verify(
    eckid.Succession.issue(KETENID, NEXT, **SIGNS), **READS
)
GONE: Final = eckid.Withdrawal.verify(eckid.Withdrawal.issue(NEXT, **SIGNS), **READS)
SUBSTITUTION: Final = eckid.Substitution(
    HPGN, hash_pgn(BSN.parse("111222333"), salt=SALT, scheme=CHEAPEST), DAY
)
ORDERS: Final[dict[str, Any]] = {
    "administratie": "las-1",
    "bestuur": BOARD,
    "organisatie": TO_A,
    "tot": DAY,
    "sleutelbos": RING,
}
VOORLOPIG: Final = eckid.Voorlopig.derive("k1", **ORDERS)
ENROLLED: Final = eckid.Inschrijving(
    eckid.Onderwijssoort.BAO, "99XX", DAY, None, bekostigd=True
)


class Store:
    """
    Holds substitutions in a list.
    """

    def __init__(self) -> None:
        self.held: list[eckid.Substitution] = []

    def substitutions(self) -> list[eckid.Substitution]:
        """
        Return all.
        """
        return self.held

    def add_substitutions(self, more: Sequence[eckid.Substitution]) -> None:
        """
        Hold more.
        """
        self.held += more


def registered() -> object:
    """
    Return what a register tells of a person: its outcome, and who is unknown.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder, "reg")
        told: list[object] = []
        with eckid.Register.create(path, sleutelbos=RING) as register:
            names = {"roepnaam": NUMBER, "geboortedatum": OTHER}
            told += [
                register,
                register.add(OTHER, NUMBER, HPGN, gegevens=names, on=DAY),
                register.known(OTHER, NUMBER, gegevens=names),
                register.verify(),
            ]
        told += [file.read_bytes() for file in Path(folder).iterdir()]
        return told


LOWER: Final[Mapping[str, Row]] = {
    "MAY_JOIN": constant(dict(eckid.MAY_JOIN)),
    "LINK_HOLDS": constant([row.rule for row in eckid.LINK_HOLDS]),
    "INDELING": constant(list(eckid.INDELING)),
    "GRONDEN": constant([row.grond for row in eckid.GRONDEN]),
    "AGE_OF_CONSENT": constant(eckid.AGE_OF_CONSENT),
    "Identifier": constant(str(eckid.Identifier)),
    "SubstitutionStore": constant(str(eckid.SubstitutionStore)),
    "Verhouding": members(eckid.Verhouding),
    "Samen": members(eckid.Samen),
    "Grond": members(eckid.Grond),
    "LinkReason": members(LinkReason),
    "Onderwijssoort": members(eckid.Onderwijssoort),
    "Toestemmer": members(eckid.Toestemmer),
    "sector_of": Row(
        lambda: eckid.sector_of(eckid.Onderwijssoort.VSO, on=DAY),
        (
            untyped(eckid.sector_of, NUMBER, on=DAY),
            untyped(eckid.sector_of, eckid.Onderwijssoort.VSO, on=NUMBER),
        ),
    ),
    "VerifiedLink": Row(
        lambda: VERIFIED,
        (eckid.VerifiedLink, untyped(eckid.VerifiedLink, NUMBER)),
    ),
    "check_join": Row(
        lambda: eckid.check_join(
            KETENID,
            VO,
            link=VERIFIED,
            organisatie=TO_A,
            doel=Doel.GEBRUIK,
            on=DAY,
        ),
        (
            lambda: eckid.check_join(KETENID, VO),
            lambda: eckid.check_join(KETENID, NEXT),
            untyped(eckid.check_join, STAM, PGN),
            untyped(eckid.check_join, KETENID, VO, link=STAM),
            untyped(eckid.check_join, KETENID, VO, link=VERIFIED, organisatie=PGN),
        ),
    ),
    "Inschrijving": Row(
        lambda: ENROLLED,
        (
            untyped(
                eckid.Inschrijving,
                eckid.Onderwijssoort.BAO,
                NUMBER,
                DAY,
                None,
                bekostigd=True,
            ),
            untyped(eckid.Inschrijving, NUMBER, "99XX", DAY, None, bekostigd=True),
            untyped(
                eckid.Inschrijving,
                eckid.Onderwijssoort.BAO,
                "99XX",
                PGN,
                None,
                bekostigd=True,
            ),
        ),
    ),
    "Uitkomst": Row(lambda: list(eckid.ketenids_on([ENROLLED], on=DAY))),
    "ketenids_on": Row(
        lambda: list(eckid.ketenids_on([ENROLLED], on=DAY)),
        (
            untyped(eckid.ketenids_on, [PGN], on=DAY),
            untyped(eckid.ketenids_on, [ENROLLED], on=NUMBER),
        ),
    ),
    "PublicKey": Row(
        lambda: PUBLIC,
        (
            lambda: eckid.PublicKey(PUBLIC.octets, NUMBER, DAY),
            untyped(eckid.PublicKey, SLEUTEL, BOARD, DAY),
        ),
    ),
    "Toestemming": Row(
        lambda: CONSENT,
        (
            untyped(eckid.Toestemming, NUMBER, DAY, "1", BOARD),
            lambda: eckid.Toestemming(
                eckid.Toestemmer.OUDER, DAY, f"{NUMBER} {NUMBER}", BOARD
            ),
            lambda: eckid.Toestemming(eckid.Toestemmer.OUDER, DAY, "1", NUMBER),
        ),
    ),
    "SectorLink": Row(
        lambda: [LINK, LINK.token],
        (
            untyped(
                eckid.SectorLink.verify,
                STAM.expose(),
                **READS,
                doel=Doel.GEBRUIK,
                revocations=LISTED,
            ),
            untyped(
                eckid.SectorLink.issue,
                STAM,
                VO,
                **SIGNS,
                doel=Doel.GEBRUIK,
                vanaf=DAY,
                tot=DAY,
                toestemming=CONSENT,
            ),
        ),
    ),
    "RevocationList": Row(
        lambda: LISTED,
        (
            untyped(
                eckid.RevocationList.issue, [NUMBER], **SIGNS, number=1, next_update=DAY
            ),
            untyped(eckid.RevocationList.verify, NUMBER, **READS, last_seen=0),
        ),
    ),
    "resting_on": Row(
        lambda: sorted(eckid.resting_on([LINK], [CONSENT])),
        (untyped(eckid.resting_on, [PGN], []), untyped(eckid.resting_on, [], [PGN])),
    ),
    "Succession": Row(
        lambda: [NOTICE, eckid.Succession.issue(KETENID, NEXT, **SIGNS)],
        (
            untyped(eckid.Succession.issue, STAM, NEXT, **SIGNS),
            untyped(eckid.Succession.issue, KETENID, PGN, **SIGNS),
            untyped(eckid.Succession.verify, STAM.expose(), **READS),
        ),
    ),
    "Withdrawal": Row(
        lambda: [GONE, eckid.Withdrawal.issue(NEXT, **SIGNS)],
        (
            untyped(eckid.Withdrawal.issue, STAM, **SIGNS),
            untyped(eckid.Withdrawal.verify, NUMBER, **READS),
        ),
    ),
    "Notices": Row(
        lambda: eckid.Notices([NOTICE, GONE]),
        (
            untyped(eckid.Notices, [PGN]),
            lambda: eckid.Notices([NOTICE]).current(KETENID, received=DAY).uri[0] + 1,  # type: ignore[operator]  # a mistake
            untyped(eckid.Notices().current, STAM, received=DAY),
        ),
    ),
    "rotate_notices": Row(
        lambda: list(
            eckid.rotate_notices(
                [STAM],
                keten=LEERMIDDELENKETEN,
                sector=Sector.PO,
                van="2026",
                naar="2027",
                **{**SIGNS, "sleutelbos": RING.rotate("2027")},
            )
        ),
        (
            lambda: list(
                eckid.rotate_notices(
                    [STAM],
                    keten=LEERMIDDELENKETEN,
                    sector=Sector.PO,
                    van=NUMBER,
                    **SIGNS,
                )
            ),
        ),
    ),
    "Register": Row(
        registered,
        (
            lambda: eckid.Register.open("none", sleutelbos=RING),
            untyped(eckid.Register.open, "README.md", sleutelbos=PGN),
            untyped(eckid.Register, PGN),
        ),
    ),
    "Substitution": Row(
        lambda: SUBSTITUTION,
        (
            lambda: eckid.Substitution(HPGN, HPGN, DAY),
            untyped(eckid.Substitution, PGN, NUMBER, DAY),
        ),
    ),
    "Substitutions": Row(
        lambda: eckid.Substitutions([SUBSTITUTION]),
        (
            untyped(eckid.Substitutions, [PGN]),
            lambda: eckid.Substitutions([SUBSTITUTION]).origin(HPGN, on=DAY),
            untyped(eckid.Substitutions().origin, PGN, on=DAY),
        ),
    ),
    "substitute": Row(
        lambda: eckid.substitute(Store(), SUBSTITUTION),
        (untyped(eckid.substitute, Store(), PGN),),
    ),
    "Voorlopig": Row(
        lambda: VOORLOPIG,
        (
            lambda: eckid.Voorlopig.derive(NUMBER, **ORDERS),
            lambda: eckid.Voorlopig.derive(" 063.138.219 ", **ORDERS),
            lambda: eckid.Voorlopig.derive("k1", **{**ORDERS, "bestuur": NUMBER}),
            lambda: eckid.Voorlopig.parse(STAM.expose()),
            lambda: eckid.Voorlopig(NUMBER),
            untyped(eckid.Voorlopig.derive, PGN, **ORDERS),
        ),
    ),
    "ARGON2ID": constant(ARGON2ID),
    "CHEAPEST": constant(CHEAPEST),
    "NUMMERVOORZIENING": constant(NUMMERVOORZIENING),
    "CATALOGUE": constant(dict(CATALOGUE)),
    "LEERMIDDELENKETEN": constant(LEERMIDDELENKETEN),
    "MAY_PASS": constant({k: dict(v) for k, v in MAY_PASS.items()}),
    "__version__": constant(eckid.__version__),
    "Oordeel": constant(str(eckid.Oordeel)),
    "PGN": constant(str(eckid.PGN)),
    "Waarde": constant(str(eckid.Waarde)),
    "AnderId": members(AnderId),
    "Doel": members(Doel),
    "Eis": members(Eis),
    "Vorm": members(Vorm),
    "Wie": members(Wie),
    "ROLLEN": constant(sorted(ROLLEN)),
    "Kenmerk": members(Kenmerk),
    "NumberReason": members(NumberReason),
    "Ontvanger": members(Ontvanger),
    "Partij": members(Partij),
    "PseudonymReason": members(PseudonymReason),
    "Reden": members(Reden),
    "Scheme": members(Scheme),
    "Sector": members(Sector),
    "Soort": members(Soort),
    "BoundaryError": error(eckid.BoundaryError, "passage"),
    "EckidError": error(eckid.EckidError),
    "ExchangeError": error(eckid.ExchangeError, 1, 2),
    "FaultError": error(eckid.FaultError, "NotFinishedException"),
    "IdentifierError": error(eckid.IdentifierError),
    "LinkError": error(eckid.LinkError, LinkReason.FORM),
    "NumberError": error(eckid.NumberError, NumberReason.ELFPROEF),
    "PolicyError": error(eckid.PolicyError),
    "PseudonymError": error(eckid.PseudonymError, PseudonymReason.FORM),
    "RegisterError": error(eckid.RegisterError),
    "RequestError": error(eckid.RequestError),
    "SecretError": error(eckid.SecretError),
    "ServiceError": error(eckid.ServiceError),
    "TransportError": error(eckid.TransportError),
    "ScryptCost": constant(ScryptCost(n=2, r=1, p=1)),
    "Argon2idCost": constant(Argon2idCost(m=8, t=1, p=1)),
    "Attribuut": constant(Attribuut("key", Kenmerk.ANDER_ID, "ours")),
    "Keten": Row(
        lambda: LEERMIDDELENKETEN, (lambda: Keten(NUMBER), untyped(Keten, PGN))
    ),
    "Organisatie": Row(
        lambda: Organisatie("0000000700012TB34567", Ontvanger.UITGEVER),
        (
            lambda: Organisatie(NUMBER, Ontvanger.UITGEVER),
            untyped(Organisatie, "0000000700012TB34567", NUMBER),
        ),
    ),
    "BSN": Row(
        lambda: BSN.parse(NUMBER),
        (
            lambda: BSN.parse(WRONG),
            lambda: BSN(OTHER),
            lambda: BSN.parse(STAM.expose()),
            untyped(BSN.parse, int(NUMBER)),
            untyped(BSN, NUMBER.encode()),
            untyped(setattr, PGN, "_octets", NUMBER),
            lambda: PGN.digits,  # type: ignore[attr-defined]  # there is none
        ),
    ),
    "Onderwijsnummer": Row(
        lambda: Onderwijsnummer.parse(OTHER),
        (lambda: Onderwijsnummer.parse(NUMBER), untyped(Onderwijsnummer, PGN)),
    ),
    "Medewerker": Row(
        lambda: Medewerker.parse(EMPLOYEE),
        (
            lambda: Medewerker.parse(f"{EMPLOYEE}@"),
            lambda: Medewerker(EMPLOYEE, NUMBER),
            untyped(Medewerker, "20DP", NUMBER.encode()),
        ),
    ),
    "parse_pgn": Row(
        lambda: parse_pgn(NUMBER),
        (
            lambda: parse_pgn(WRONG),
            lambda: parse_pgn(f" {EMPLOYEE}"),
            untyped(parse_pgn, int(NUMBER)),
            untyped(parse_pgn, PGN),
        ),
    ),
    "elfproef": Row(
        lambda: elfproef(NUMBER),
        (lambda: elfproef(f"{NUMBER}0"), untyped(elfproef, int(NUMBER))),
    ),
    "Salt": Row(
        lambda: Salt(SALT.expose()),
        (
            lambda: Salt(NUMBER.encode()),
            lambda: Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw"),
            untyped(Salt, SALT.expose().hex()),
        ),
    ),
    "Sleutel": Row(
        lambda: Sleutel(SLEUTEL.expose()),
        (
            lambda: Sleutel(SLEUTEL.expose()[:31] and SALT.expose()),
            untyped(Sleutel, SLEUTEL.expose().hex()),
        ),
    ),
    "Sleutelbos": Row(
        lambda: [RING, RING.rotate("2027"), RING.seal(STAM, about=NUMBER)],
        (
            lambda: Sleutelbos(read_ring(RING._ring.dump()[:-1])),
            lambda: Sleutelbos(
                read_ring(RING._ring.dump().replace(b'"stam"', b'"more"'))
            ),
            untyped(Sleutelbos, RING._ring.dump().decode()),
            lambda: Sleutelbos.generate(release=PASSPHRASE),
            lambda: Sleutelbos.generate(release="1", namespace=f"https://{EMPLOYEE}"),
            untyped(Sleutelbos.generate, release="1", salt=SALT.expose()),
            lambda: RING.unseal(RING.seal(STAM, about="a"), about="b"),
            untyped(RING.seal, PGN, about="a"),
            untyped(RING.seal, STAM, about=PGN),
            lambda: RING.rotate(NUMBER * 9),
            lambda: RING.mac_keten(NUMBER),
            lambda: RING.save("/", passphrase=PASSPHRASE),
            lambda: RING.save("ring", passphrase=f"{PASSPHRASE}\udcff"),
            untyped(RING.save, "ring", passphrase=PASSPHRASE.encode()),
        ),
    ),
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
    "hash_pgn": Row(
        lambda: hash_pgn(PGN, salt=SALT, scheme=CHEAPEST),
        (
            untyped(hash_pgn, NUMBER, salt=SALT),
            untyped(hash_pgn, PGN, salt=SALT.expose()),
            untyped(hash_pgn, PGN, salt=SALT, scheme=NUMBER),
        ),
    ),
    "hash_pgns": Row(
        lambda: list(hash_pgns([PGN], salt=SALT, scheme=CHEAPEST)),
        (
            untyped(lambda: list(hash_pgns([NUMBER], salt=SALT, scheme=CHEAPEST))),  # type: ignore[list-item]  # not parsed
            untyped(hash_pgns, [PGN], salt=SALT.expose()),
            untyped(hash_pgns, [PGN], salt=SALT, workers=NUMBER),
        ),
    ),
    "Hasher": Row(
        lambda: (HASHER, list(HASHER.each([PGN]))),
        (
            untyped(lambda: list(HASHER.each([NUMBER]))),  # type: ignore[list-item]  # not parsed
            untyped(eckid.Hasher, salt=SALT.expose()),
            untyped(eckid.Hasher, salt=SALT, scheme=NUMBER),
            untyped(eckid.Hasher, salt=SALT, workers=NUMBER),
            untyped(eckid.Hasher, salt=SALT, memory=NUMBER),
        ),
    ),
    "derive_stampseudoniem": Row(
        lambda: derive_stampseudoniem(HPGN, sleutelbos=RING),
        (
            untyped(derive_stampseudoniem, PGN, sleutelbos=RING),
            untyped(derive_stampseudoniem, HPGN.expose(), sleutelbos=RING),
            untyped(derive_stampseudoniem, HPGN, sleutelbos=SALT),
        ),
    ),
    "derive_ketenid": Row(
        lambda: derive_ketenid(STAM, **HOW),
        (
            untyped(derive_ketenid, HPGN, **HOW),
            untyped(derive_ketenid, STAM.expose(), **HOW),
            lambda: derive_ketenid(STAM, **{**HOW, "sector": Sector.HO}),
            lambda: derive_ketenid(STAM, **{**HOW, "sector": NUMBER}),
            lambda: derive_ketenid(STAM, **HOW, release=NUMBER),
            lambda: derive_ketenid(
                Stampseudoniem.parse(
                    STAM.expose().replace("eckid.invalid", "ketenid.nl")
                ),
                **HOW,
            ),
        ),
    ),
    "derive_ketenids": Row(
        lambda: list(derive_ketenids([STAM], **HOW)),
        (
            untyped(lambda: list(derive_ketenids([NUMBER], **HOW))),  # type: ignore[list-item]  # not parsed
            untyped(derive_ketenids, [STAM], **{**HOW, "sleutelbos": SALT}),
        ),
    ),
    "ketenid_token": Row(
        lambda: ketenid_token(KETENID, sleutel=SLEUTEL),
        (
            untyped(ketenid_token, STAM, sleutel=SLEUTEL),
            untyped(ketenid_token, STAM.expose(), sleutel=SLEUTEL),
            untyped(ketenid_token, KETENID, sleutel=SLEUTEL.expose()),
        ),
    ),
    "check_passage": Row(
        lambda: check_passage(
            Soort.KETENID, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
        ),
        (
            untyped(
                check_passage, PGN, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
            ),
            untyped(check_passage, Soort.PGN, van=NUMBER, naar=Partij.ONTVANGER),
            lambda: check_passage(
                Soort.PGN, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
            ),
        ),
    ),
    "Attribuutbeleid": Row(
        lambda: [
            BELEID,
            BELEID.release({"bsn": NUMBER, "eckid": KETENID}, **TO),
            BELEID.explain(["bsn"], **TO),
        ],
        (
            lambda: Attribuutbeleid.load(NUMBER),
            lambda: BELEID.release({"eckid": KETENID.uri + NUMBER}, **TO),
            untyped(BELEID.release, {"eckid": KETENID, "roepnaam": PGN}, **TO),
            untyped(BELEID.release, {"eckid": KETENID, "roepnaam": int(NUMBER)}, **TO),
            untyped(BELEID.release, NUMBER, **TO),
            lambda: BELEID.release(
                {"key": "k", "ander_id": NUMBER, "ander_id_tot": NUMBER}, **TO, on=DAY
            ),
            lambda: BELEID.scoped(NUMBER),
            lambda: Attribuutbeleid(NUMBER, "1", "x", (REGEL, REGEL)),
            lambda: BELEID.release({}, **{**TO, "doel": NUMBER}),
            lambda: BELEID.release({}, **TO, rol=PGN),  # type: ignore[arg-type]  # a number is no rol
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
    "display_names": Row(
        lambda: display_names({"a": {"bsn": NUMBER, "roepnaam": "Sem"}}),
        (
            untyped(display_names, NUMBER),
            untyped(display_names, {"a": NUMBER}),
            untyped(display_names, {PGN: {}}),
        ),
    ),
    "Vrijgave": Row(
        lambda: BELEID.release({"bsn": NUMBER, "eckid": KETENID}, **TO),
        (lambda: Vrijgave(NUMBER, NUMBER),),  # type: ignore[call-arg, arg-type]  # half of one
    ),
}

PLACES: Final = (
    "key;soort;brin;begin;einde;bekostigd\n"
    f"k1;vo;99XX;2026-08-01;;ja\nk2;vo;{NUMBER};2026-08-01;;ja\n"
)
PAIRS: Final = (
    "po;vo;door;op;woorden\n"
    f"{KETENID.uri};{VO.uri};ouder;2026-11-24;1\n"
    f"{STAM.expose()};{VO.uri};ouder;2026-11-24;1\n"
    f"{KETENID.uri};{VO.uri};ouder;2026-11-24;{NUMBER} {NUMBER}\n"
)
MADE: Final[dict[str, Any]] = {
    **SIGNS,
    "keten": LEERMIDDELENKETEN,
    "doel": Doel.GEBRUIK,
    "vanaf": DAY,
    "tot": DAY,
    "bestuur": BOARD,
}
NEW: Final = f"oud;nieuw\n{OTHER};{NUMBER}\n{NUMBER};{WRONG}\n{NUMBER};{NUMBER}\n"


UPPER: Final[Mapping[str, Row]] = {
    "Stand": Row(
        lambda: list(exchange.check_enrolments(listed(PLACES), on=DAY)),
    ),
    "check_enrolments": Row(
        lambda: list(exchange.check_enrolments(listed(PLACES), on=DAY)),
        (
            untyped(exchange.check_enrolments, NUMBER, on=DAY),
            lambda: list(exchange.check_enrolments(listed(CLASS), on=DAY)),
        ),
    ),
    "Gelegd": Row(lambda: list(exchange.link_list(listed(PAIRS), **MADE))),
    "link_list": Row(
        lambda: list(exchange.link_list(listed(PAIRS), **MADE)),
        (
            untyped(exchange.link_list, NUMBER, **MADE),
            lambda: exchange.link_list(listed(CLASS), **MADE),
        ),
    ),
    "verify_list": Row(
        lambda: list(
            exchange.verify_list(
                listed(
                    f"link;po;vo\n{LINK.token};{KETENID.uri};{VO.uri}\n{NUMBER};;\n"
                ),
                **READS,
                keten=LEERMIDDELENKETEN,
                doel=Doel.GEBRUIK,
                revocations=LISTED,
            )
        ),
    ),
    "read_jtis": Row(
        lambda: list(exchange.read_jtis(listed(f"jti;x\n{LINK.jti};{NUMBER}\n"))),
        (lambda: list(exchange.read_jtis(listed(CLASS))),),
    ),
    "write_keys": constant(exchange.write_keys(PUBLIC)),
    "read_keys": Row(
        lambda: None,
        (
            lambda: exchange.read_keys("README.md"),
            untyped(exchange.read_keys, PGN),
        ),
    ),
    "substitute_list": Row(
        lambda: list(
            exchange.substitute_list(
                listed(NEW), sleutelbos=RING, per=DAY, scheme=CHEAPEST
            )
        ),
        (untyped(exchange.substitute_list, PGN, sleutelbos=RING, per=DAY),),
    ),
    "SubstitutionFile": Row(
        lambda: exchange.SubstitutionFile("none", sleutelbos=RING),
        (
            lambda: exchange.SubstitutionFile(
                "README.md", sleutelbos=RING
            ).substitutions(),
        ),
    ),
    "Files": constant(exchange.files_of(Path("u.csv"), rehearsal=False)),
    "Herstel": members(exchange.Herstel),
    "RijReden": members(exchange.RijReden),
    "Weigering": constant(exchange.Weigering(1, 2, 3, exchange.RijReden.MISSING)),
    "Rij": constant(RIJ),
    "Ontvangen": Row(
        lambda: list(exchange.Received(listed(f"eckid\n{KETENID.uri}")).ketenids())
    ),
    "Afgeleid": constant(exchange.Afgeleid("k1", KETENID)),
    "Verzegeld": constant(exchange.Verzegeld("k1", RING.seal(HPGN, about="a"))),
    "Table": Row(
        lambda: listed(CLASS),
        (untyped(exchange.Table, NUMBER, {}),),
    ),
    "look": Row(
        lambda: exchange.look("README.md", headings={"BSN": "bsn"}),
        (
            untyped(exchange.look, PGN),
            lambda: exchange.look("README.md", headings={"BSN": NUMBER}),
        ),
    ),
    "hold": Row(
        lambda: listed(CLASS),
        (
            untyped(exchange.hold, NUMBER),
            lambda: exchange.hold(io.BytesIO(f"BSN\n{NUMBER}\n".encode("utf-16"))),
            lambda: exchange.hold(io.BytesIO(b"BSN\n\x81" + NUMBER.encode())),
        ),
    ),
    "Roster": Row(
        lambda: list(exchange.Roster(listed(CLASS))),
        (
            untyped(exchange.Roster, NUMBER),
            lambda: exchange.Roster(listed(f"{NUMBER};Sem\n{OTHER};Finn\n")),
            lambda: exchange.Roster(listed(f'BSN;Naam\n"{NUMBER};Sem\n{OTHER};Finn\n')),
            lambda: exchange.Roster(listed(f"BSN;eckid\n{NUMBER};x\n")),
        ),
    ),
    "Received": Row(
        lambda: list(exchange.Received(listed(LEAK)).ketenids()),
        (
            untyped(exchange.Received, NUMBER),
            lambda: exchange.Received(listed(CLASS)),
        ),
    ),
    "read": Row(
        lambda: list(exchange.Roster(listed(CLASS))),
        (
            lambda: exchange.read(NUMBER),
            untyped(exchange.read, PGN),
            lambda: exchange.read("README.md", format=NUMBER),
        ),
    ),
    "release_list": Row(
        lambda: list(
            exchange.release_list([RIJ], **HOW, beleid=BELEID, **TO, scheme=CHEAPEST)
        ),
        (
            lambda: list(exchange.release_list(NUMBER, **HOW, beleid=BELEID, **TO)),  # type: ignore[arg-type]  # no rows
            lambda: list(exchange.release_list([PGN], **HOW, beleid=BELEID, **TO)),  # type: ignore[list-item]  # no row
            untyped(exchange.release_list, [RIJ], **HOW, beleid=NUMBER, **TO),
        ),
    ),
    "pass_on": Row(
        lambda: list(exchange.pass_on([], beleid=BELEID, **TO)),
        (
            lambda: list(exchange.pass_on([PGN], beleid=BELEID, **TO)),  # type: ignore[list-item]  # no row
            untyped(exchange.pass_on, [], beleid=NUMBER, **TO),
        ),
    ),
    "hash_list": Row(
        lambda: list(exchange.hash_list([RIJ], sleutelbos=RING, scheme=CHEAPEST)),
        (
            lambda: list(exchange.hash_list(NUMBER, sleutelbos=RING)),  # type: ignore[arg-type]  # no rows
            untyped(exchange.hash_list, [RIJ], sleutelbos=SALT),
        ),
    ),
    "derive_list": Row(
        lambda: list(
            exchange.derive_list(
                listed(f"key;hpgn-verzegeld\nk;{HPGN.expose()}\n{NUMBER};x\n"),
                columns=("key", "hpgn-verzegeld"),
                **HOW,
            )
        ),
        (
            lambda: exchange.derive_list([], columns=(NUMBER,), **HOW),
            lambda: list(
                exchange.derive_list(
                    [RIJ],  # type: ignore[list-item]  # no record
                    columns=("key", "hpgn-verzegeld"),
                    **HOW,
                )
            ),
        ),
    ),
    "without_shown_numbers": Row(
        lambda: list(exchange.without_shown_numbers([RIJ])),
        (lambda: list(exchange.without_shown_numbers([NUMBER])),),  # type: ignore[list-item]  # no row
    ),
    "Report": Row(
        lambda: _counted().as_json(),
        (lambda: list(_counted().writing([])),),
    ),
    "files_of": Row(
        lambda: exchange.files_of(Path("u.csv"), rehearsal=True),
        (
            untyped(exchange.files_of, PGN, rehearsal=False),
            untyped(exchange.files_of, NUMBER, rehearsal=True),
        ),
    ),
    "write": Row(
        lambda: exchange.write([BELEID.release({"eckid": KETENID}, **TO)], "u.csv"),
        (
            lambda: exchange.write([], NUMBER),
            lambda: exchange.write([NUMBER], "u.csv"),  # type: ignore[list-item]  # no release
            lambda: exchange.write(
                [BELEID.release({"eckid": KETENID, "roepnaam": f"={NUMBER}"}, **TO)],
                "u.csv",
            ),
        ),
    ),
    "Parquet": Row(
        lambda: list(exchange.Roster(exchange.hold(parquet(), format="parquet"))),
        (
            untyped(exchange.Parquet, NUMBER, {}),
            lambda: exchange.Parquet(lambda: io.BytesIO(CLASS.encode()), {}),
            lambda: exchange.hold(parquet([NUMBER.encode()]), format="parquet"),
            lambda: exchange.hold(parquet([[NUMBER]]), format="parquet"),
        ),
    ),
    "as_parquet": Row(
        lambda: exchange.as_parquet(("key",), lambda cells: cells),
        (
            untyped(
                exchange.as_parquet(("key",), lambda _: (PGN, NUMBER)),  # type: ignore[arg-type,return-value]  # no text
                io.BytesIO(),
                [1],
            ),
        ),
    ),
    "Format": members(exchange.Format),
    "Source": constant(str(exchange.Source)),
    "School": Row(
        lambda: SCHOOL,
        (
            lambda: exchange.School(schooljaar=NUMBER, brincode="99XX"),
            lambda: exchange.School(schooljaar="2026-2027", brincode=NUMBER),
        ),
    ),
    "Edexml": Row(
        lambda: exchange.Edexml,
        (
            lambda: exchange.Edexml(lambda: io.BytesIO(NUMBER.encode())),
            untyped(exchange.Edexml, NUMBER),
        ),
    ),
    "Students": Row(
        lambda: list(exchange.Students(lambda: io.BytesIO(b'[{"bsn": 1}]'))),
        (
            lambda: exchange.Students(lambda: io.BytesIO(NUMBER.encode())),
            untyped(exchange.Students, NUMBER),
        ),
    ),
    "format_of": Row(
        lambda: exchange.format_of("a.csv", None),
        (
            lambda: exchange.format_of(NUMBER, None),
            lambda: exchange.format_of("a.csv", NUMBER),
        ),
    ),
    "drawer": Row(
        lambda: exchange.drawer(exchange.Format.CSV),
        (
            lambda: exchange.drawer(exchange.Format.CSV, order=NUMBER),
            lambda: exchange.drawer(exchange.Format.EDEXML),
        ),
    ),
    "misfit_of": Row(lambda: exchange.misfit_of(exchange.Format.EDUV), ()),
    "as_csv": Row(
        lambda: exchange.as_csv(("a",), lambda _: ("b",)),
        (
            lambda: exchange.as_csv(("a",), lambda _: (f"={NUMBER}",))(
                io.BytesIO(), [1]
            ),
        ),
    ),
    "add_list": Row(
        lambda: list(exchange.add_list([RIJ], **ADDING)),
        (
            lambda: list(exchange.add_list([PGN], **ADDING)),  # type: ignore[list-item]  # no row
            untyped(exchange.add_list, [RIJ], **{**ADDING, "salt": NUMBER}),
            untyped(exchange.add_list, [RIJ], **{**ADDING, "scheme": NUMBER}),
        ),
    ),
    "make_receipt": Row(
        lambda: exchange.make_receipt(BELEID, on=DAY, rows=1, **ABOUT),
        (lambda: exchange.make_receipt(BELEID, on=DAY, rows=1, doel=NUMBER),),
    ),
    "read_receipt": Row(
        lambda: exchange.read_receipt(
            exchange.make_receipt(BELEID, on=DAY, rows=1, **ABOUT)
        ),
        (
            lambda: exchange.read_receipt(NUMBER.encode()),
            untyped(exchange.read_receipt, PGN),
        ),
    ),
    "verify_receipt": Row(
        lambda: exchange.verify_receipt(RECEIPT, BELEID),
        (
            lambda: exchange.verify_receipt(
                {"beleid": {**RECEIPT["beleid"], "digest": NUMBER}}, BELEID
            ),
            untyped(exchange.verify_receipt, NUMBER, BELEID),
        ),
    ),
    "write_results": Row(
        lambda: _written(lambda _: ("x",)),
        (
            lambda: _written(lambda _: (f"={NUMBER}",)),
            untyped(exchange.write_results, [], NUMBER),
        ),
    ),
}


def _counted() -> exchange.Report:
    report = exchange.Report({})
    list(report.reading(exchange.Roster(listed(CLASS))))
    return report


def _written(cells: Callable[[exchange.Rij], tuple[str, ...]]) -> bytes:
    files = exchange.files_of(Path("u.csv"), rehearsal=False)
    report = exchange.Report({})
    rows = report.reading(exchange.Roster(listed(CLASS)))
    exchange.write_results(
        rows, files, draw=exchange.as_csv(("key",), cells), report=report, replace=True
    )
    return b"".join(path.read_bytes() for path in files if path.exists())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What a row writes goes into a folder of its own.
    """
    (tmp_path / "README.md").write_text(CLASS)
    monkeypatch.chdir(tmp_path)


def ways_out(value: object) -> Iterator[bytes]:
    """
    Yield all that *value* says of itself without being asked to expose.
    """
    ways: tuple[Callable[[], object], ...] = (
        lambda: repr(value),
        lambda: str(value),
        lambda: format(value),
        lambda: format(value, ">9"),
        lambda: ascii(value),
        lambda: json.dumps(value),
        lambda: json.dumps(value, default=str),
        lambda: json.dumps(value, default=vars),
        lambda: repr(dataclasses.asdict(value)),  # type: ignore[call-overload]  # may not be one
        lambda: repr(copy.copy(value)),
        lambda: repr(copy.deepcopy(value)),
        getattr(value, "_repr_html_", lambda: ""),
        *(
            lambda protocol=protocol: pickle.dumps(value, protocol)
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    )
    for way in ways:
        try:
            told = way()
        except Exception as error:  # noqa: BLE001  # a refusal may not tell either
            yield from told_by(error)
        else:
            yield told if isinstance(told, bytes) else str(told).encode()


def told_by(error: BaseException) -> Iterator[bytes]:
    """
    Yield all that *error* and its chain tell.
    """
    seen: BaseException | None = error
    while seen is not None:
        yield repr(seen).encode()
        yield str(seen).encode()
        yield repr(seen.args).encode()
        yield repr(vars(seen)).encode()
        for name in ("obj", "object", "doc", "filename", "value", "__notes__"):
            with suppress(AttributeError):
                yield repr(getattr(seen, name)).encode()
        seen = seen.__cause__ or seen.__context__
    # Without the source lines, which in a test hold the secret themselves.
    yield repr(
        [line.name for line in traceback.extract_tb(error.__traceback__)]
    ).encode()


def leaks(told: Iterator[bytes]) -> list[int]:
    """
    Return which of the secrets were told, by number.
    """
    everything = b"\n".join(told)
    return [n for n, secret in enumerate(SECRETS) if secret in everything]


def flat(value: object) -> Iterator[object]:
    """
    Yield *value*, and what is in it where it is a list.
    """
    yield value
    if isinstance(value, list):
        yield from value


BESTEMMING: Final = scale.Bestemming(
    keten=LEERMIDDELENKETEN, sector=Sector.PO, beleid=BELEID, **TO
)
NUMBERS: Final = pa.array([NUMBER, WRONG, None, OTHER])
KEYS: Final = pa.array(["k1", "k2", None, "k4"])
KOLOM: Final = scale.hash_column(NUMBERS, salt=SALT, scheme=CHEAPEST).column
TABLE: Final = pa.table(
    {"key": KEYS, "hpgn-verzegeld": KOLOM.seal(KEYS, sleutelbos=RING).column}
)


def parquet(numbers: object = NUMBERS) -> io.BytesIO:
    """
    Return a list as Parquet.
    """
    file = io.BytesIO()
    pq.write_table(pa.table({"BSN": numbers}), file)
    file.seek(0)
    return file


def ran(**how: Any) -> scale.Run:  # noqa: ANN401  # as run takes it
    """
    Run over the list in the folder, and return what it wrote.
    """
    how.setdefault("sleutelbos", RING)
    how |= {"scheme": CHEAPEST, "shape": {"replace": True}}
    return scale.run("README.md", "u.csv", **how)


WING: Final[Mapping[str, Row]] = {
    "Bestemming": Row(
        lambda: BESTEMMING,
        (untyped(scale.Bestemming, **HOW | {"sleutelbos": NUMBER}),),
    ),
    "Kolom": Row(
        lambda: [KOLOM, scale.Kolom([STAM, None]), KOLOM.seal(KEYS, sleutelbos=RING)],
        (
            untyped(scale.Kolom, [NUMBER]),
            lambda: scale.Kolom([HPGN, STAM]),
            lambda: KOLOM.seal(pa.array([NUMBER]), sleutelbos=RING),
            untyped(KOLOM.seal, KEYS, sleutelbos=NUMBER),
            lambda: pa.array(KOLOM),
        ),
    ),
    "Gemaakt": Row(lambda: scale.hash_column(NUMBERS, salt=SALT, scheme=CHEAPEST)),
    "hash_column": Row(
        lambda: list(scale.hash_column(NUMBERS, salt=SALT, scheme=CHEAPEST)),
        (
            untyped(scale.hash_column, NUMBER, salt=SALT),
            untyped(scale.hash_column, NUMBERS, salt=NUMBER),
            lambda: scale.hash_column([NUMBER], salt=SALT),
            lambda: scale.hash_column(pa.array([NUMBER.encode()]), salt=SALT),
            lambda: scale.hash_column(
                np.array([NUMBER, 7, b"x"], dtype=object), salt=SALT
            ),
            lambda: scale.hash_column(NUMBERS, salt=SALT, attributen=NUMBER),
        ),
    ),
    "unseal_column": Row(
        lambda: list(
            scale.unseal_column(
                KOLOM.seal(KEYS, sleutelbos=RING).column, KEYS, sleutelbos=RING
            )
        ),
        (
            lambda: scale.unseal_column(NUMBERS, pa.array(["k"]), sleutelbos=RING),
            untyped(scale.unseal_column, NUMBER, KEYS, sleutelbos=RING),
        ),
    ),
    "derive_column": Row(
        lambda: scale.derive_column(KOLOM, **HOW),
        (
            lambda: scale.derive_column(NUMBERS, **HOW),
            untyped(scale.derive_column, KOLOM, **HOW, release=NUMBER),
        ),
    ),
    "Vrijgegeven": Row(
        lambda: list(
            scale.release_table(TABLE, sleutelbos=RING, to=BESTEMMING, scheme=CHEAPEST)
        ),
    ),
    "release_table": Row(
        lambda: scale.release_table(
            TABLE.append_column("roepnaam", NUMBERS),
            sleutelbos=RING,
            to=BESTEMMING,
            scheme=CHEAPEST,
        ),
        (
            lambda: scale.release_table(NUMBER, sleutelbos=RING, to=BESTEMMING),
            lambda: scale.release_table(
                pa.table({"bsn": NUMBERS}), sleutelbos=RING, to=BESTEMMING
            ),
            untyped(scale.release_table, TABLE, sleutelbos=RING, to=NUMBER),
        ),
    ),
    "Run": Row(lambda: list(ran(to=BESTEMMING))),
    "run": Row(
        lambda: [path.read_bytes() for path in ran().files if path.exists()],
        (
            lambda: ran(format=NUMBER),
            lambda: ran(sleutelbos=SALT),
            lambda: ran(to=NUMBER),
            lambda: ran(headings={"a": NUMBER}),
        ),
    ),
}

ROWS: Final = {
    **LOWER,
    **{f"exchange.{name}": row for name, row in UPPER.items()},
    **{f"scale.{name}": row for name, row in WING.items()},
}


def test_every_public_name_has_a_row() -> None:
    """
    A name without a row fails, and so does a row without a name.
    """
    assert LOWER.keys() == set(eckid.__all__)
    assert UPPER.keys() == set(exchange.__all__)
    assert WING.keys() == set(scale.__all__)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_is_called_rightly_shows_no_secret(name: str) -> None:
    """
    A value shows nothing by any way but expose.
    """
    for value in flat(ROWS[name].right()):
        assert leaks(ways_out(value)) == []


@pytest.mark.parametrize("name", sorted(n for n in ROWS if ROWS[n].wrong))
def test_what_is_called_wrongly_shows_no_secret(name: str) -> None:
    """
    It raises, and neither the error nor its chain holds the secret.
    """
    for call in ROWS[name].wrong:
        with pytest.raises(Exception) as caught:  # noqa: PT011  # any, but silent
            call()
        assert leaks(told_by(caught.value)) == []


@pytest.mark.parametrize("secret", [PGN, HPGN, STAM, SALT, SLEUTEL, RING])
def test_the_check_itself_finds_a_leak(secret: object) -> None:
    """
    Were a secret shown, as text or as bytes, the table would see it.
    """
    octets = secret._octets  # type: ignore[attr-defined]  # what is hidden
    if secret is RING:
        octets = RING._ring.roots["stam"]
    assert leaks(iter([b"before", octets, b"after"]))


COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "check": ("README.md", "list.csv"),
    "demo": ("--out demo --nothing", "--out ."),
    "derive": (
        "sealed.csv --sector po --out d.csv",
        "README.md --sector po --out e.csv",
    ),
    "explain": (
        "list.csv --row 1 {policy}",
        "list.csv --row 2 {policy}",
        "README.md {policy}",
    ),
    "hash": ("list.csv --out h.csv", "README.md --out i.csv"),
    "init": (
        "--ring s --release 2026",
        "--ring s --release SP1",
        "--ring s --release 1 --salt-file README.md",
    ),
    "enrolment": (
        "check places.csv --out s.csv",
        "check list.csv",
        "check README.md",
    ),
    "link": (
        "key --ring ring --houder {board} --vanaf 2026-11-24 --passphrase-file secret",
        (
            "issue pairs.csv --ring ring --passphrase-file secret "
            "--organisatie {board} --doel gebruik --bestuur {board} "
            "--tot 2027-07-31 --out l.csv"
        ),
        (
            "revoke README.md --ring ring --passphrase-file secret "
            "--organisatie {board} --number 1 --out r"
        ),
        (
            "verify README.md --keys README.md --revocations README.md "
            "--organisatie {board} --doel gebruik"
        ),
    ),
    "register": (
        "init --register reg --ring ring --passphrase-file secret",
        "init --register reg --ring ring --passphrase-file secret",
        "add list.csv --register reg --ring ring --passphrase-file secret",
        "show --register reg --ring ring --passphrase-file secret",
        "verify --register reg --ring ring --passphrase-file secret",
        (
            "export --register reg --ring ring --passphrase-file secret --key-file key "
            "--out e.json"
        ),
        (
            "forget --register reg --ring ring --passphrase-file secret --key-file key "
            "--yes"
        ),
    ),
    "substitute": ("new.csv --into s.csv", "README.md --into t.csv"),
    "policy": ("list", "show leermiddelenketen", "check README.md", "verify README.md"),
    "release": (
        "list.csv --sector po --out u.csv {policy}",
        "README.md --sector po --out v.csv {policy}",
        "list.csv --sector ho --out w.csv {policy}",
    ),
}


def test_every_command_has_a_row() -> None:
    """
    A command without a row fails.
    """
    assert COMMANDS.keys() == app.commands.keys()


# So an HPgn that a command makes is the one that is looked for.
@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_command_shows_a_secret(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Neither the terminal nor any file that a command writes holds a secret.
    """
    (tmp_path / "list.csv").write_text(CLASS)
    (tmp_path / "README.md").write_text(f'{NUMBER};"{OTHER}\n{WRONG}')
    (tmp_path / "secret").write_text(PASSPHRASE)
    (tmp_path / "places.csv").write_text(PLACES)
    (tmp_path / "key").write_text("k1")
    (tmp_path / "pairs.csv").write_text(PAIRS)
    (tmp_path / "new.csv").write_text(NEW)
    sealed = RING.seal(hash_pgn(PGN, salt=SALT), about="hpgn k1").hex()
    rows = f"key;hpgn-verzegeld\nk1;{sealed}\nk2;{NUMBER}\n"
    (tmp_path / "sealed.csv").write_text(rows)
    RING.save(tmp_path / "ring", passphrase=PASSPHRASE)
    given = {path.name for path in tmp_path.iterdir()}
    for line in COMMANDS[name]:
        words = line.format(
            policy="--beleid leermiddelenketen --doel gebruik --ontvanger uitgever",
            board=BOARD,
        )
        if name in {"derive", "hash", "release", "substitute"}:
            words += " --ring ring"
        if name in {"derive", "hash", "init", "release", "substitute"}:
            words += " --passphrase-file secret"
        run([name, *words.split()])
    told = capfd.readouterr()
    written = [
        path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.name not in given
    ]
    assert leaks(iter([told.out.encode(), told.err.encode(), *written])) == []
