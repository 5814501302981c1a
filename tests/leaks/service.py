"""
Rows of `eckid.service`: a client that reaches nobody, and a ring as the service.
"""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from leaking import (
    HPGN,
    KETENID,
    KEY,
    NEW_HPGN,
    NUMBER,
    PASSPHRASE,
    PGN,
    RING,
    SALT,
    STAM,
    Row,
    constant,
    untyped,
)

from eckid import (
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    HPgn,
    Sector,
    Stampseudoniem,
    Substitution,
)
from eckid import service as of
from eckid.exchange import SubstitutionFile

OIN: Final = "0000000700012TB34567"
CERTIFICATE: Final = "00000003123456734567"
# No server listens on the first port.
NOBODY: Final = "http://127.0.0.1:1/eck/ws/201703"
ONCE: Final = of.Tijden(connect=1, answer=1, tries=1, pause=0)
ASKED: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
# The values of the other rows, as this service has them.
OLD: Final = HPgn(HPGN.expose_octets(), NUMMERVOORZIENING)
NEW: Final = HPgn(NEW_HPGN.expose_octets(), NUMMERVOORZIENING)
THEIRS: Final = Stampseudoniem.parse(
    f"https://ketenid.nl/sppilot/{STAM.expose()[-128:]}"
)
BATCH: Final = of.Batch(f"20261127120000{32 * 'a'}")
DAY: Final = date(2026, 11, 27)
GRENZEN: Final = of.Grenzen(batch=100, per_day=10)


def soap(**how: Any) -> of.SoapNummervoorziening:  # noqa: ANN401  # as it takes them
    """
    Return a client of a service that is not there.
    """
    return of.SoapNummervoorziening(
        **{"url": NOBODY, "oin": OIN, "tijden": ONCE, **how}
    )


def local() -> of.LocalNummervoorziening:
    """
    Return a ring as the service.
    """
    return of.LocalNummervoorziening(RING)


def answered() -> list[object]:
    """
    Return what a ring answers to each call.
    """
    dienst = local()
    stam = dienst.stampseudoniem(OLD)
    batches = (
        dienst.submit_stampseudoniemen({0: OLD, 1: NEW}),
        dienst.submit_ketenids({0: stam}, **ASKED),
    )
    answers: list[object] = [dienst.retrieve(batch) for batch in batches]
    answers += [dienst.ping(), dienst.ketens(), dienst.sectoren()]
    answers += [stam, dienst.replace(old=OLD, new=NEW), *batches, dienst]
    dienst.ketenid(stam, **ASKED)
    return answers


def bron(**how: Any) -> of.Dienstbron:  # noqa: ANN401  # as it takes them
    """
    Return a ring as a service, as the source of a list.
    """
    given = {"dienst": local(), "grenzen": GRENZEN, **ASKED, **how}
    return of.Dienstbron(**given)


def journalled() -> list[object]:
    """
    Return a journal, and what stands in its file while a run goes on.
    """
    out, told = of.aanvragen_of(Path("u.csv")), list[object]()
    with suppress(Stop), of.aanvragen_at(out, sleutelbos=RING) as kept:
        asked = bron(aanvragen=kept)
        stams: Any = asked.stams([OLD, NEW])
        told += [kept, asked, *asked.ketenids(stams)]
        mark = kept.mark(b"x")
        number = kept.plan([mark], day=DAY)
        kept.sent(number, BATCH.identifier)
        kept.pending([mark])
        kept.got(number, {0: THEIRS.expose()})
        kept.known([mark])
        kept.lost(number)
        kept.undo(kept.plan([mark], day=DAY))
        kept.count(DAY)
        told.append(out.read_bytes())
        raise Stop
    told.append(out.read_bytes())
    return told


def qualified(dienst: Any, **how: Any) -> list[of.Proef]:  # noqa: ANN401  # as it takes them
    """
    Run the programme against a service.
    """
    return list(of.qualify(dienst, **{**ASKED, **how}))


def replaced(**how: Any) -> object:  # noqa: ANN401  # as it takes them
    """
    Replace a number at a ring as the service, and note it in a file.
    """
    given = {
        "pairs": [Substitution(OLD, NEW, DAY)],
        "dienst": local(),
        "store": SubstitutionFile("subs.csv", sleutelbos=RING),
        "now": datetime(2026, 11, 27, 12, tzinfo=UTC),
        **how,
    }
    return of.replace_each(given.pop("pairs"), **given)


class Stop(Exception):  # noqa: N818  # it is no error
    """
    What ends a run in the middle.
    """


def journal_at(path: object = "other.batches", **how: Any) -> list[object]:  # noqa: ANN401  # as above
    """
    Open a journal, and close it; return what a run leaves.
    """
    with of.aanvragen_at(path, **{"sleutelbos": RING, **how}):  # type: ignore[arg-type]  # as above
        return journalled()


def toegang(**how: Any) -> of.Toegang:  # noqa: ANN401  # as it takes them
    """
    Return the TLS of a caller, without a certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return of.Toegang(**{"context": context, "oin": CERTIFICATE, **how})


def loaded(**how: Any) -> of.Toegang:  # noqa: ANN401  # as it takes them
    """
    Load TLS from a file that has no certificate.
    """
    given = {"cert": Path("README.md"), "key": Path("README.md"), "ca": Path("none")}
    return of.Toegang.load(**{**given, **how})


ROWS: Final[Mapping[str, Row]] = {
    "SECTOR_IDS": constant(of.SECTOR_IDS),
    "Nummervoorziening": constant(str(of.Nummervoorziening)),
    "Pong": Row(lambda: local().ping()),
    "Begrip": Row(lambda: list(local().ketens())),
    "Batch": Row(
        lambda: [BATCH, of.Batch("1", **ASKED)],
        (
            lambda: of.Batch(f"{NUMBER}\n"),
            untyped(of.Batch, PGN),
            untyped(of.Batch, "1", keten=NUMBER),
            untyped(of.Batch, "1", keten=LEERMIDDELENKETEN),
        ),
    ),
    "Uitslag": Row(
        lambda: [
            of.Uitslag({0: STAM, 1: KETENID}, frozenset({2})),
            of.Uitslag({0: STAM}),
        ],
        (
            lambda: of.Uitslag({0: STAM}, frozenset({0})),
            untyped(of.Uitslag, [STAM]),
            untyped(of.Uitslag, {0: STAM}, {1: NUMBER}),
        ),
    ),
    "Grenzen": Row(
        lambda: GRENZEN,
        (
            lambda: of.Grenzen(batch=int(NUMBER), per_day=1),
            untyped(of.Grenzen, batch=1, per_day=NUMBER),
        ),
    ),
    "Dienstbron": Row(
        bron,
        (
            untyped(bron, dienst=NUMBER),
            untyped(bron, grenzen=NUMBER),
            untyped(bron, sector=NUMBER),
            untyped(bron, aanvragen=NUMBER),
            lambda: bron().stams([HPGN]),
            lambda: bron().stams([HPGN, HPGN]),
            lambda: bron().ketenids([THEIRS]),
            lambda: bron(dienst=soap()).stams([OLD, NEW]),
            lambda: bron(dienst=soap()).ketenids([THEIRS]),
        ),
    ),
    "aanvragen_of": Row(lambda: of.aanvragen_of(Path("u.csv"))),
    "aanvragen_at": Row(
        journal_at,
        (
            untyped(journal_at, sleutelbos=NUMBER),
            lambda: journal_at("README.md"),
        ),
    ),
    "Tijden": Row(
        of.Tijden,
        (
            untyped(of.Tijden, connect=NUMBER),
            lambda: of.Tijden(answer=float(NUMBER)),
            lambda: of.Tijden(tries=int(NUMBER)),
        ),
    ),
    "school_oin": Row(
        lambda: of.school_oin("12TB", certificate=CERTIFICATE),
        (
            lambda: of.school_oin(NUMBER, certificate=CERTIFICATE),
            lambda: of.school_oin("12TB", certificate=NUMBER),
            untyped(of.school_oin, PGN, certificate=CERTIFICATE),
        ),
    ),
    "Toegang": Row(
        toegang,
        (
            lambda: toegang(oin=NUMBER),
            lambda: toegang(context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)),
            untyped(toegang, context=NUMBER),
            loaded,
            lambda: loaded(key=Path(NUMBER)),
            lambda: loaded(password=PASSPHRASE),
            untyped(loaded, password=SALT),
        ),
    ),
    "SoapNummervoorziening": Row(
        lambda: [soap(), untyped(soap().close)()],
        (
            lambda: soap(url=f"http://127.0.0.1:1/{NUMBER}?{NUMBER}"),
            lambda: soap(url=f"https://{KEY}.example"),
            lambda: soap(oin=NUMBER),
            lambda: soap(release=f"{NUMBER}_"),
            lambda: soap(sectoren={Sector.PO: NUMBER}),
            untyped(soap, tijden=NUMBER),
            untyped(soap, toegang=NUMBER),
            lambda: soap().ping(),
            lambda: soap().stampseudoniem(OLD),
            lambda: soap().stampseudoniem(HPGN),
            untyped(soap().stampseudoniem, NUMBER),
            lambda: soap().ketenid(THEIRS, **ASKED),
            lambda: soap().ketenid(STAM, **ASKED),
            lambda: soap().submit_stampseudoniemen({0: OLD}),
            lambda: soap().submit_stampseudoniemen({0: HPGN}),
            untyped(soap().submit_stampseudoniemen, {NUMBER: OLD}),
            lambda: soap().submit_ketenids({0: THEIRS}, **ASKED),
            lambda: soap().submit_ketenids({0: STAM}, **ASKED),
            lambda: soap().retrieve(BATCH),
            lambda: soap().replace(old=OLD, new=NEW),
            lambda: soap().replace(old=HPGN, new=NEW),
            lambda: soap().ketens(),
            lambda: soap().sectoren(),
        ),
    ),
    "Proef": Row(lambda: qualified(local())),
    "qualify": Row(
        lambda: qualified(soap()),
        (
            untyped(qualified, NUMBER),
            untyped(qualified, local(), keten=NUMBER),
            untyped(qualified, local(), sector=NUMBER),
            untyped(qualified, local(), tijden=NUMBER),
        ),
    ),
    "replace_each": Row(
        lambda: [replaced(), replaced(dienst=local())],
        (
            lambda: replaced(dienst=soap()),
            untyped(replaced, dienst=NUMBER),
            untyped(replaced, pairs=[NUMBER]),
            untyped(replaced, store=NUMBER),
            untyped(replaced, now=NUMBER),
        ),
    ),
    "LocalNummervoorziening": Row(
        answered,
        (
            untyped(of.LocalNummervoorziening, NUMBER),
            untyped(of.LocalNummervoorziening, RING, ketens=[NUMBER]),
            untyped(of.LocalNummervoorziening, RING, sectoren=[NUMBER]),
            lambda: local().stampseudoniem(HPGN),
            lambda: local().ketenid(THEIRS, **ASKED),
            lambda: local().submit_stampseudoniemen({0: HPGN}),
            lambda: local().submit_ketenids({0: THEIRS}, **ASKED),
            lambda: local().retrieve(BATCH),
            lambda: local().replace(old=OLD, new=OLD),
        ),
    ),
}
