"""
Write the folder of a version, as the eckid that is installed writes it.

    cd tests && python -m compat.make

The folder is named for its version. Of a commit that was not released it is named for
the commit, and its own tree writes it:

    git worktree add ../older COMMIT
    cd tests && PYTHONPATH=../../older python -m compat.make COMMIT

What stands here was written then and is never written again: a later eckid must open
it. This script speaks the names of today; a copy of it stays in the folder that it
wrote.

The rings are not drawn: each root is a digest of its own name, so that a test can make
the same ring, and with it every ketenID. They protect nobody.
"""

import json
import shutil
import sys
from contextlib import suppress
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from compat import known

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
    __version__,
    derive_ketenid,
    derive_stampseudoniem,
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
from eckid.register import keys_of
from eckid.scale import run
from eckid.scheme import CHEAPEST
from eckid.succession import Reikwijdte, write_jwks

SALT: Final = Salt.from_base64(known.SALT)
A: Final = Organisatie(known.OIN_A, Ontvanger.UITGEVER)
B: Final = Organisatie(known.OIN_B, Ontvanger.SOFTWARELEVERANCIER)
# The shipped policy under which was released.
BELEID: Final = "leermiddelenketen"

# A policy of a board's own, which extends a shipped one.
OWN: Final = """\
naam = "eigen"
versie = "1"
status = "Of this board."
breidt_uit = "leermiddelenketen"
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "decision of the board"
zekerheid = "C"

[[regel]]
attribuut = "ander_id_reden"
eis = "forbidden"
motivering = "Deze uitgever kent alleen leerlingen met een ketenID."
motivation = "This publisher knows only pupils who have a ketenID."
"""
# A list in which a pupil goes by another identifier.
OTHERS: Final = """\
key;roepnaam;achternaam;geboortedatum;bsn;voorlopig;ander_id_reden;ander_id_tot
k1;Naam1;Bakker;2015-12-24;999900006;;;
k2;Naam2;Bakker;2015-12-24;;{voorlopig};nog-niet-geregistreerd;2027-07-31
"""


def ring(name: str) -> Sleutelbos:
    """
    Return the ring of a name: ``bestuur`` has two releases, ``nieuw`` has one.
    """
    return Sleutelbos(
        Ring(
            namespace=known.NAMESPACE,
            salt=SALT.expose(),
            roots={of: known.root(name, of) for of in ("stam", "home", "seed")},
            releases={of: known.root(name, of) for of in known.RINGS[name]},
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


def substitution() -> Substitution:
    """
    Return that Luuk has another number than before.
    """
    old, new = known.FORMER, known.NUMBERS["luuk"]
    return Substitution(hashed(old), hashed(new), known.DAY)


def early() -> Voorlopig:
    """
    Return the provisional identifier of Luuk.
    """
    return Voorlopig.derive(
        "luuk",
        administratie="las-1",
        bestuur=known.BOARD,
        organisatie=A,
        tot=known.END,
        sleutelbos=RING,
        release="2026",
    )


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
    beleid = Attribuutbeleid.load(BELEID)
    return beleid.voor(doel=Doel.GEBRUIK, organisatie=A, on=known.DAY)


def reach() -> Reikwijdte:
    """
    Return how far the links of this folder reach.
    """
    return Reikwijdte(organisatie=A, doel=Doel.GEBRUIK, vanaf=known.DAY, tot=known.END)


def key() -> PublicKey:
    """
    Return the public key by which the tokens of this folder are verified.
    """
    return PublicKey(RING.public_key, known.BOARD, date(2026, 1, 1), date(2040, 12, 31))


def _add(register: Register, administratie: str, key: str) -> None:
    with register.together():
        origin = register.origin(hashed(known.NUMBERS[key]), on=known.DAY)
        made = derive_stampseudoniem(origin, sleutelbos=RING)
        gegevens = known.GEGEVENS[key]
        register.add(administratie, key, made, gegevens=gegevens, on=known.DAY)


def _sent(register: Register, key: str, sector: Sector) -> KetenID:
    made = ketenid(known.origin_of(key), sector)
    register.sent(
        "las-1",
        key,
        organisatie=A,
        identifier=made,
        beleid=to_a().beleid.digest,
        doel=Doel.GEBRUIK,
        on=known.DAY,
    )
    return made


def _linked(register: Register, key: str) -> SectorLink:
    pair = [_sent(register, key, sector) for sector in (Sector.PO, Sector.VO)]
    consent = Toestemming(
        door=Toestemmer.OUDER, op=known.DAY, woorden="2026-1", bestuur=known.BOARD
    )
    link = SectorLink.issue(
        pair[0],
        pair[1],
        voor=reach(),
        toestemming=consent,
        issued=known.DAY,
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
        substitute(register, substitution())
        for person in ("noor", "sem", "fatima", "luuk"):
            _add(register, "las-1", person)
        _add(register, "las-2", "noor")
        links = {who: _linked(register, who) for who in ("noor", "sem", "fatima")}
        of_luuk = _sent(register, "luuk", Sector.PO)
        register.keep_ketenid("las-1", "luuk", of_luuk, mark="a service")
        register.withdraw_consents([links["sem"].jti], on=known.DAY)
        register.forget("las-1", "fatima")
        revoked = RevocationList.issue(
            register.revoked(A, issued=known.DAY),
            organisatie=A,
            number=1,
            issued=known.DAY,
            next_update=known.DAY + timedelta(days=14),
            sleutelbos=RING,
        )
        register.keep_list(A, number=1, token=revoked)
        succession = Succession.issue(
            early(),
            ketenid(known.FORMER),
            organisatie=A,
            issued=known.DAY,
            sleutelbos=RING,
        )
        register.keep_notice(
            "las-1", "luuk", organisatie=A, token=succession, issued=known.DAY
        )
        withdrawal = Withdrawal.issue(
            ketenid(known.NUMBERS["yara"]),
            organisatie=A,
            issued=known.DAY,
            sleutelbos=RING,
        )
        told["head"] = list(register.verify())
        told["counts"] = register.counts()
        with register.rekey(folder / "rekeyed.reg", sleutelbos=NEXT) as made:
            told["rekeyed"] = list(made.verify())
    told["links"] = {who: link.jti for who, link in links.items()}
    told["voorlopig"] = early().uri
    told["substituted"] = known.DAY.isoformat()
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
    Make a register as a process leaves it that was killed.
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
    return head


def _restored(folder: Path) -> list[object]:
    """
    Make a register of which an older copy was put in its place, and accepted.
    """
    path, copy = folder / "hersteld.reg", folder / "kopie.reg"
    with Register.create(path, sleutelbos=RING) as register:
        _add(register, "las-1", "noor")
        register.backup(copy)
        _add(register, "las-1", "sem")
    copy.replace(path)
    keys_of(copy).unlink()
    return list(Register.restore(path, sleutelbos=RING).head)


def _lists(folder: Path) -> None:
    """
    Make the lists, what was hashed and released of them, and the journals of two runs.
    """
    text = "\n".join(";".join(row) for row in [known.HEADS, *known.CELLS])
    (folder / "lijst.csv").write_text(f"{text}\n", "utf-8")
    columns = map(list, zip(*known.CELLS, strict=True))
    table = pa.table(dict(zip(known.HEADS, columns, strict=True)))
    pq.write_table(table, folder / "lijst.parquet")
    run(folder / "lijst.csv", folder / "gehasht.csv", who=knows())
    run(folder / "lijst.csv", folder / "verzegeld.parquet", who=knows())
    with suppress(known.Stopped):
        source, out = folder / "lijst.csv", folder / "halverwege.csv"
        run(source, out, who=knows(), progress=known.stop)
    with suppress(known.Stopped):
        source, out = folder / "lijst.parquet", folder / "halverwege.parquet"
        run(source, out, who=knows(), to=to_a(), progress=known.stop)
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
    others = folder / "anderen.csv"
    others.write_text(OTHERS.format(voorlopig=early().uri), "utf-8", newline="\n")
    run(others, folder / "anderen-uit.csv", who=knows(), to=to_a())
    for path in folder.glob("klas.reg*"):
        path.unlink()
    SubstitutionFile(folder / "substituties.csv", sleutelbos=RING).add_substitutions(
        [substitution()]
    )


def main(folder: Path) -> None:
    """
    Write every fixture to a new folder.
    """
    folder.mkdir()
    RING.save(folder / "bestuur.ring", passphrase=known.PASSPHRASE)
    NEXT.save(folder / "nieuw.ring", passphrase=known.PASSPHRASE)
    told = _filled(folder)
    told["open"] = _left_open(folder)
    told["restored"] = _restored(folder)
    told["beleid"] = BELEID
    _lists(folder)
    # Its digest stands in the receipt; the policy that is shipped later may differ.
    shipped = resources.files("eckid.policy") / "shipped" / f"{BELEID}.toml"
    (folder / f"{BELEID}.toml").write_bytes(shipped.read_bytes())
    (folder / "eigen.toml").write_text(OWN, "utf-8", newline="\n")
    (folder / "keys.json").write_text(write_jwks(key()) + "\n", "ascii")
    (folder / "told.json").write_text(json.dumps(told, indent=2) + "\n", "ascii")
    shutil.copy(__file__, folder / "make.py")


if __name__ == "__main__":
    (named,) = sys.argv[1:] or [__version__]
    main(Path(__file__).with_name(named))
