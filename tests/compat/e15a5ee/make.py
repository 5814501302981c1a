"""
Write what stands in this folder, in the names of the commit e15a5ee.

    git worktree add ../older e15a5ee
    PYTHONPATH=../older python tests/compat/e15a5ee/make.py NEW

The rings are not drawn: each root is a digest of its own name, so that a test can make
the same ring, and with it every ketenID. They protect nobody. All numbers are test
numbers that were published, or lie in a range that is not issued.
"""

# mypy: ignore-errors
# It speaks to the eckid of then, whose names were others.

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from eckid import (
    LEERMIDDELENKETEN,
    PGN,
    Attribuutbeleid,
    Bestemming,
    Doel,
    Hasher,
    HPgn,
    KetenID,
    Ontvanger,
    Organisatie,
    PublicKey,
    Register,
    RevocationList,
    Salt,
    Sector,
    SectorLink,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    Succession,
    Toestemmer,
    Toestemming,
    Voorlopig,
    Withdrawal,
    derive_ketenid,
    derive_stampseudoniem,
    elfproef,
    hash_pgn,
    parse_pgn,
    substitute,
)
from eckid.exchange import (
    Administratie,
    Herkenning,
    Ringbron,
    Roster,
    SubstitutionFile,
    look,
    release_to,
)
from eckid.keys.ring import Ring
from eckid.scale import run
from eckid.scheme import CHEAPEST
from eckid.succession import Reikwijdte, write_jwks

PASSPHRASE: Final = "a fixture protects nobody"
# The old public test salt of the .NET reference implementation of Kennisnet.
SALT: Final = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")

DAY: Final = date(2026, 11, 24)
END: Final = date(2027, 7, 31)
BOARD: Final = "0000000700099ZZ00009"
A: Final = Organisatie("0000000700099ZZ00001", Ontvanger.UITGEVER)
B: Final = Organisatie("0000000700099ZZ00002", Ontvanger.SOFTWARELEVERANCIER)

# Of the register, by key. Noor is in two administrations, Sem withdrew the consent of
# a link, Fatima was forgotten, Luuk had an onderwijsnummer before, Yara was not added.
NUMBERS: Final = {
    "noor": "111222333",
    "sem": "123456782",
    "fatima": "063138219",
    "luuk": "498839436",
    "yara": "999993653",
}
FORMER: Final = "101222331"
GEGEVENS: Final = {
    "noor": {"geboortedatum": "2014-03-01", "roepnaam": "Noor", "achternaam": "Smit"},
    "sem": {"geboortedatum": "2015-12-24", "roepnaam": "Sem", "achternaam": "Bakker"},
    "fatima": {"geboortedatum": "2014-07-09", "roepnaam": "Fatima"},
    "luuk": {
        "geboortedatum": "2015-01-31",
        "roepnaam": "Lüük",
        "voorvoegsel": "van der",
        "achternaam": "IJzerman",
    },
    "yara": {"geboortedatum": "2016-02-29", "roepnaam": "Yara", "achternaam": "Vos"},
}
# How many rows the lists have, and how many of them an interrupted run had done.
ROWS: Final = 12
DONE: Final = 7


def ring(name: str) -> Sleutelbos:
    """
    Return the ring of a name: ``bestuur`` has two releases, ``nieuw`` has one.
    """
    releases = ("2026", "2027") if name == "bestuur" else ("2027",)

    def root(of: str) -> bytes:
        return hashlib.sha256(f"eckid fixture {name} {of}".encode()).digest()

    return Sleutelbos(
        Ring(
            namespace="https://eckid.invalid",
            salt=SALT.expose(),
            roots={of: root(of) for of in ("stam", "home", "seed")},
            releases={of: root(of) for of in releases},
        )
    )


RING: Final = ring("bestuur")
NEXT: Final = ring("nieuw")


def hashed(number: str) -> HPgn:
    """
    Return the HPgn of a number.
    """
    pgn: PGN = parse_pgn(number)
    return hash_pgn(pgn, salt=RING.salt, scheme=CHEAPEST)


def stam(number: str) -> Stampseudoniem:
    """
    Return the stampseudoniem that a number has by itself.
    """
    return derive_stampseudoniem(hashed(number), sleutelbos=RING)


def ketenid(number: str, sector: Sector = Sector.PO, release: str = "2026") -> KetenID:
    """
    Return the ketenID that a number has by itself.
    """
    return derive_ketenid(
        stam(number),
        keten=LEERMIDDELENKETEN,
        sector=sector,
        sleutelbos=RING,
        release=release,
    )


def origin_of(key: str) -> str:
    """
    Return the number that the pseudonyms of a person of the register come from.
    """
    return FORMER if key == "luuk" else NUMBERS[key]


def listed(many: int = ROWS) -> Iterator[tuple[str, str]]:
    """
    Yield key and number of each row of the lists; no number is issued to anybody.
    """
    found = (f"9999{n:05}" for n in range(100_000))
    passing = (number for number in found if elfproef(number) == 0)
    yield from ((f"k{n}", next(passing)) for n in range(1, many + 1))


def knows() -> Herkenning:
    """
    Return who the persons of the lists are: in primary education, under release 2026.
    """
    bron = Ringbron(RING, keten=LEERMIDDELENKETEN, sector=Sector.PO, release="2026")
    return Herkenning(bron=bron, hasher=Hasher(salt=RING.salt, scheme=CHEAPEST))


def to_a() -> Bestemming:
    """
    Return where the releases of this folder went.
    """
    beleid = Attribuutbeleid.load("leermiddelenketen")
    return beleid.voor(doel=Doel.GEBRUIK, organisatie=A, on=DAY)


def reach() -> Reikwijdte:
    """
    Return how far the links of this folder reach.
    """
    return Reikwijdte(organisatie=A, doel=Doel.GEBRUIK, vanaf=DAY, tot=END)


def key() -> PublicKey:
    """
    Return the public key by which the tokens of this folder are verified.
    """
    return PublicKey(RING.public_key, BOARD, date(2026, 1, 1), date(2040, 12, 31))


def _add(register: Register, administratie: str, key: str) -> None:
    with register.together():
        origin = register.origin(hashed(NUMBERS[key]), on=DAY)
        made = derive_stampseudoniem(origin, sleutelbos=RING)
        gegevens = GEGEVENS[key]
        register.add(administratie, key, made, gegevens=gegevens, on=DAY)


def _sent(register: Register, key: str, sector: Sector) -> KetenID:
    made = ketenid(origin_of(key), sector)
    register.sent(
        "las-1",
        key,
        organisatie=A,
        identifier=made,
        beleid=to_a().beleid.digest,
        doel=Doel.GEBRUIK,
        on=DAY,
    )
    return made


def _linked(register: Register, key: str) -> SectorLink:
    pair = [_sent(register, key, sector) for sector in (Sector.PO, Sector.VO)]
    consent = Toestemming(
        door=Toestemmer.OUDER, op=DAY, woorden="2026-1", bestuur=BOARD
    )
    link = SectorLink.issue(
        pair[0],
        pair[1],
        voor=reach(),
        toestemming=consent,
        issued=DAY,
        sleutelbos=RING,
    )
    register.keep_link("las-1", key, link, consent)
    return link


def _filled(folder: Path) -> dict[str, object]:
    """
    Make the register with a fact of every kind; also the tokens, and the rekeyed one.
    """
    told: dict[str, object] = {}
    with Register.create(folder / "bestuur.reg", sleutelbos=RING) as register:
        substitute(register, Substitution(hashed(FORMER), hashed(NUMBERS["luuk"]), DAY))
        for person in ("noor", "sem", "fatima", "luuk"):
            _add(register, "las-1", person)
        _add(register, "las-2", "noor")
        links = {who: _linked(register, who) for who in ("noor", "sem", "fatima")}
        _sent(register, "luuk", Sector.PO)
        register.withdraw_consents([links["sem"].jti], on=DAY)
        register.forget("las-1", "fatima")
        revoked = RevocationList.issue(
            register.revoked(A),
            organisatie=A,
            number=1,
            issued=DAY,
            next_update=DAY + timedelta(days=14),
            sleutelbos=RING,
        )
        register.keep_list(A, number=1, token=revoked)
        early = Voorlopig.derive(
            "luuk",
            administratie="las-1",
            bestuur=BOARD,
            organisatie=A,
            tot=END,
            sleutelbos=RING,
            release="2026",
        )
        succession = Succession.issue(
            early, ketenid(FORMER), organisatie=A, issued=DAY, sleutelbos=RING
        )
        register.keep_notice(
            "las-1", "luuk", organisatie=A, token=succession, issued=DAY
        )
        withdrawal = Withdrawal.issue(
            ketenid(NUMBERS["yara"]), organisatie=A, issued=DAY, sleutelbos=RING
        )
        told["head"] = list(register.verify())
        told["counts"] = register.counts()
        with register.rekey(folder / "rekeyed.reg", sleutelbos=NEXT) as made:
            told["rekeyed"] = list(made.verify())
    told["links"] = {who: link.jti for who, link in links.items()}
    told["voorlopig"] = early.uri
    told["substituted"] = DAY.isoformat()
    tokens = {f"link-{who}": link.token for who, link in links.items()} | {
        "revocations": revoked,
        "succession": succession,
        "withdrawal": withdrawal,
    }
    for name, token in tokens.items():
        (folder / f"{name}.jws").write_text(f"{token}\n", "ascii")
    return told


def _left_open(folder: Path) -> list[object]:
    """
    Make a register as a process leaves it that was killed: with its write-ahead log.
    """
    inner = folder / "open"
    inner.mkdir()
    with Register.create(inner / "open.reg", sleutelbos=RING) as register:
        with register.together():
            _add(register, "las-1", "noor")
            _sent(register, "noor", Sector.PO)
        for path in inner.glob("open.reg*"):
            # The shared memory is made anew from the log.
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder / path.name)
        head = list(register.verify())
    shutil.rmtree(inner)
    assert (folder / "open.reg-wal").stat().st_size
    return head


class _Stopped(Exception):  # noqa: N818  # it is no error
    pass


def _stop(done: int, _: int) -> None:
    if done == DONE:
        raise _Stopped


def _lists(folder: Path) -> None:
    """
    Make the lists, what was hashed and released of them, and the journals of two runs.
    """
    rows = list(listed())
    heads = ("key", "roepnaam", "achternaam", "geboortedatum", "bsn")
    cells = [
        (k, f"Naam{n}", "Bakker", "2015-12-24", b) for n, (k, b) in enumerate(rows, 1)
    ]
    text = "\n".join(";".join(row) for row in [heads, *cells])
    (folder / "lijst.csv").write_text(f"{text}\n", "utf-8")
    columns = dict(zip(heads, map(list, zip(*cells, strict=True)), strict=True))
    pq.write_table(pa.table(columns), folder / "lijst.parquet")
    run(folder / "lijst.csv", folder / "gehasht.csv", who=knows())
    run(folder / "lijst.csv", folder / "verzegeld.parquet", who=knows())
    with suppress(_Stopped):
        source, out = folder / "lijst.csv", folder / "halverwege.csv"
        run(source, out, who=knows(), progress=_stop)
    with suppress(_Stopped):
        source, out = folder / "lijst.parquet", folder / "halverwege.parquet"
        run(source, out, who=knows(), to=to_a(), progress=_stop)
    with Register.create(folder / "klas.reg", sleutelbos=RING) as register:
        who = knows()
        who = Herkenning(
            bron=who.bron,
            hasher=who.hasher,
            bewaard=Administratie(register, administratie="las-1"),
        )
        release_to(
            folder / "uitgever.csv",
            Roster(look(folder / "lijst.csv")),
            who=who,
            to=to_a(),
        )
    for path in folder.glob("klas.reg*"):
        path.unlink()
    SubstitutionFile(folder / "substituties.csv", sleutelbos=RING).add_substitutions(
        [Substitution(hashed(FORMER), hashed(NUMBERS["luuk"]), DAY)]
    )


def main(folder: Path) -> None:
    """
    Write every fixture to a new folder.
    """
    folder.mkdir()
    RING.save(folder / "bestuur.ring", passphrase=PASSPHRASE)
    NEXT.save(folder / "nieuw.ring", passphrase=PASSPHRASE)
    told = _filled(folder)
    told["open"] = _left_open(folder)
    _lists(folder)
    # Its digest stands in the receipt; the policy that is shipped later may differ.
    shipped = resources.files("eckid.policy") / "shipped" / "leermiddelenketen.toml"
    (folder / "leermiddelenketen.toml").write_bytes(shipped.read_bytes())
    (folder / "keys.json").write_text(write_jwks(key()) + "\n", "ascii")
    (folder / "told.json").write_text(json.dumps(told, indent=2) + "\n", "ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
