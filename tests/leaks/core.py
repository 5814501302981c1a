"""
Rows of the door and of the rooms that stand alone: numbers, tables, errors.
"""

from collections.abc import Mapping
from typing import Any, Final

from leaking import (
    BOARD,
    DAY,
    EMPLOYEE,
    KETENID,
    KEY,
    NEXT,
    NUMBER,
    OTHER,
    PGN,
    ROEPNAAM,
    STAM,
    TO_A,
    VO,
    WRONG,
    Row,
    constant,
    members,
    untyped,
)
from leaks.succession import VERIFIED

import eckid
from eckid import (
    BSN,
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    Doel,
    Keten,
    Medewerker,
    Onderwijsnummer,
    Ontvanger,
    Organisatie,
    Partij,
    Scheme,
    Sector,
    Soort,
    Wie,
    attributes,
    boundary,
    check_passage,
    display_names,
    doel,
    elfproef,
    enrolment,
    errors,
    grondslag,
    keten,
    parse_pgn,
)
from eckid.attributes import CATALOGUE, AnderIdReden, Attribuut, Kenmerk
from eckid.boundary import (
    LINK_HOLDS,
    MAY_JOIN,
    MAY_PASS,
    Samen,
    Verhouding,
    VerifiedLink,
)
from eckid.doel import ROLLEN
from eckid.enrolment import GRONDEN
from eckid.errors import (
    BoundaryReden,
    Doe,
    FaultReden,
    LinkReden,
    NumberReden,
    PseudonymReden,
)
from eckid.keten import INDELING
from eckid.scheme import ARGON2ID, CHEAPEST, Argon2idCost, ScryptCost

ENROLLED: Final = eckid.Inschrijving(
    eckid.Onderwijssoort.BAO, "99XX", DAY, None, bekostigd=True, bevestigd=True
)


def error(kind: Any, *rest: object) -> Row:  # noqa: ANN401  # any error
    """
    Return the row of an error, raised with a message that holds no value.
    """
    return Row(lambda: kind("BSN: elfproef fails", *rest))


ROWS: Final[Mapping[str, Row]] = {
    "oins": Row(
        lambda: doel.oins("van", [BOARD]),
        (
            lambda: doel.oins("van", [NUMBER]),
            lambda: doel.oins("van", NUMBER),
            lambda: doel.oins("van", [PGN]),
        ),
    ),
    "MAY_JOIN": constant(dict(MAY_JOIN)),
    "LINK_HOLDS": constant([row.rule for row in LINK_HOLDS]),
    "INDELING": constant(list(INDELING)),
    "GRONDEN": constant([row.grond for row in GRONDEN]),
    "Verhouding": members(Verhouding),
    "Samen": members(Samen),
    "Grond": members(eckid.Grond),
    "LinkReden": members(LinkReden),
    "Onderwijssoort": members(eckid.Onderwijssoort),
    "sector_of": Row(
        lambda: eckid.sector_of(eckid.Onderwijssoort.VSO, on=DAY),
        (
            untyped(eckid.sector_of, NUMBER, on=DAY),
            untyped(eckid.sector_of, eckid.Onderwijssoort.VSO, on=NUMBER),
        ),
    ),
    "VerifiedLink": Row(
        lambda: VERIFIED,
        (VerifiedLink, untyped(VerifiedLink, NUMBER)),
    ),
    "check_join": Row(
        lambda: eckid.check_join(
            KETENID,
            VO,
            link=VERIFIED,
            van={KETENID: {BOARD}, VO: {BOARD}},
            organisatie=TO_A,
            doel=Doel.GEBRUIK,
            on=DAY,
        ),
        (
            lambda: eckid.check_join(KETENID, VO),
            lambda: eckid.check_join(KETENID, NEXT),
            untyped(eckid.check_join, STAM, PGN),
            untyped(eckid.check_join, KETENID, VO, link=STAM),
            untyped(
                eckid.check_join, KETENID, VO, link=VERIFIED, van={}, organisatie=PGN
            ),
            untyped(eckid.check_join, KETENID, VO, link=VERIFIED, van=NUMBER),
            untyped(eckid.check_join, KETENID, VO, link=VERIFIED, van={VO: NUMBER}),
            untyped(eckid.check_join, KETENID, VO, link=VERIFIED, van={VO: [NUMBER]}),
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
    "ARGON2ID": constant(ARGON2ID),
    "CHEAPEST": constant(CHEAPEST),
    "NUMMERVOORZIENING": constant(NUMMERVOORZIENING),
    "CATALOGUE": constant(dict(CATALOGUE)),
    "CODES": constant(dict(attributes.CODES)),
    "DAYS": constant(attributes.DAYS),
    "LEERMIDDELENKETEN": constant(LEERMIDDELENKETEN),
    "MAY_PASS": constant({k: dict(v) for k, v in MAY_PASS.items()}),
    "__version__": constant(eckid.__version__),
    "PGN": constant(str(eckid.PGN)),
    "AnderIdReden": members(AnderIdReden),
    "Doel": members(Doel),
    "Wie": members(Wie),
    "ROLLEN": constant(sorted(ROLLEN)),
    "Kenmerk": members(Kenmerk),
    "NumberReden": members(NumberReden),
    "Ontvanger": members(Ontvanger),
    "Partij": members(Partij),
    "PseudonymReden": members(PseudonymReden),
    "FaultReden": members(FaultReden),
    "Doe": members(Doe),
    "Scheme": members(Scheme),
    "Sector": members(Sector),
    "Soort": members(Soort),
    "BoundaryError": error(eckid.BoundaryError, BoundaryReden.PASSAGE),
    "EckidError": error(eckid.EckidError),
    "ExchangeError": error(eckid.ExchangeError, 1, 2),
    "IdentifierError": error(eckid.IdentifierError),
    "LinkError": error(eckid.LinkError, LinkReden.FORM),
    "NumberError": error(eckid.NumberError, NumberReden.ELFPROEF),
    "PolicyError": error(eckid.PolicyError),
    "PseudonymError": error(eckid.PseudonymError, PseudonymReden.FORM),
    "RegisterError": error(eckid.RegisterError),
    "SecretError": error(eckid.SecretError),
    "ServiceError": error(errors.ServiceError),
    "RequestError": error(errors.RequestError),
    "FaultError": error(errors.FaultError, FaultReden.ANSWER, Doe.STOP),
    "TransportError": error(errors.TransportError, True, True),  # noqa: FBT003  # by place
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
    "display_names": Row(
        lambda: display_names({"a": {"bsn": NUMBER, "roepnaam": ROEPNAAM}}),
        (
            untyped(display_names, NUMBER),
            untyped(display_names, {"a": NUMBER}),
            untyped(display_names, {PGN: {}}),
            untyped(display_names, {"a": {"roepnaam": PGN}}),
        ),
    ),
    "Passages": constant(str(boundary.Passages)),
    "check_to_recipient": Row(
        boundary.check_to_recipient,
        (
            untyped(boundary.check_to_recipient, table=NUMBER),
            untyped(boundary.check_to_recipient, PGN),
        ),
    ),
    "Samenvoeging": constant([row.why for row in boundary.MAY_JOIN.values()]),
    "Voorwaarde": constant([row.why for row in boundary.LINK_HOLDS]),
    "Gebruik": constant(
        boundary.Gebruik(KETENID, VO, frozenset([BOARD]), TO_A, Doel.GEBRUIK, DAY)
    ),
    "link_name": Row(
        lambda: boundary.link_name(KETENID, nonce=bytes(16), oin=TO_A.oin),
        (
            untyped(boundary.link_name, STAM, nonce=bytes(16), oin=TO_A.oin),
            untyped(boundary.link_name, KETENID.uri, nonce=bytes(16), oin=TO_A.oin),
        ),
    ),
    "verhouding": Row(
        lambda: boundary.verhouding(KETENID, VO),
        (
            untyped(boundary.verhouding, STAM, VO),
            untyped(boundary.verhouding, KETENID, KEY),
        ),
    ),
    "BoundaryReden": members(errors.BoundaryReden),
    "kopje": Row(
        lambda: attributes.kopje(" Geb. datum "),
        (untyped(attributes.kopje, int(NUMBER)), untyped(attributes.kopje, PGN)),
    ),
    "FORMER": constant(dict(attributes.FORMER)),
    "NAMES_OF": constant(dict(attributes.NAMES_OF)),
    "OIN": constant(doel.OIN),
    "Rechtsgrond": constant([row.grond for row in enrolment.GRONDEN]),
    "Indeling": constant(list(keten.INDELING)),
    "Grondslag": Row(
        lambda: grondslag.REGELING.at("2(2)", "L3"),
        (
            lambda: grondslag.Grondslag(NUMBER, KEY),
            untyped(grondslag.Grondslag, PGN),
            lambda: grondslag.REGELING.at("", NUMBER),
        ),
    ),
    "unfounded": Row(
        lambda: grondslag.unfounded(NUMBER, (), KEY),
        (untyped(grondslag.unfounded, "C", NUMBER, ""),),
    ),
    "ZEKERHEDEN": constant(sorted(grondslag.ZEKERHEDEN)),
    "Document": constant(grondslag.REGELING),
    "Rechtsregel": constant(list(grondslag.RECHTSREGELS.values())),
    "RECHTSREGELS": constant(dict(grondslag.RECHTSREGELS)),
    **{
        name: constant(getattr(grondslag, name))
        for name in (
            *("REGELING", "STAATSBLAD", "AVG", "UAVG", "EVALUATIE"),
            *("CLIENTS", "FAQ", "QENA", "EIGEN"),
        )
    },
}
