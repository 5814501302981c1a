"""
Write what stands in this folder, in the names of the commit f61925c.

    git worktree add ../older f61925c
    cd tests && PYTHONPATH=.:../../older python compat/f61925c/make.py NEW
"""

# mypy: ignore-errors
# It speaks to the eckid of then, whose names were others.

import json
import shutil
import sys
from contextlib import suppress
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from compat import known
from eckid._ring import Ring

from eckid import (
    CHEAPEST,
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Doel,
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
    Substitution,
    Succession,
    Toestemmer,
    Toestemming,
    Voorlopig,
    Withdrawal,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    parse_pgn,
    substitute,
)
from eckid.exchange import SubstitutionFile, write_keys
from eckid.scale import Bestemming, run

A: Final = Organisatie(known.OIN_A, Ontvanger.UITGEVER)

# A policy of a board's own: it extends one by the name of then, and names the
# attribute that was called otherwise.
OWN: Final = """\
naam = "eigen"
versie = "1"
status = "Of this board."
breidt_uit = "edu-k"
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "decision of the board"
zekerheid = "C"

[[regel]]
attribuut = "ander_id"
eis = "forbidden"
motivering = "Deze uitgever kent alleen leerlingen met een ketenID."
motivation = "This publisher knows only pupils who have a ketenID."
"""
# A list in which two pupils go by another identifier, under the heading of then.
OTHERS: Final = """\
key;roepnaam;achternaam;geboortedatum;bsn;voorlopig;ander_id;ander_id_tot
k1;Naam1;Bakker;2015-12-24;999900006;;;
k2;Naam2;Bakker;2015-12-24;;{voorlopig};nog-niet-geregistreerd;2027-07-31
"""


def ring(name: str) -> Sleutelbos:
    """
    Return the ring of a name.
    """
    return Sleutelbos(
        Ring(
            namespace=known.NAMESPACE,
            salt=Salt.from_base64(known.SALT).expose(),
            roots={of: known.root(name, of) for of in ("stam", "home", "seed")},
            releases={of: known.root(name, of) for of in known.RINGS[name]},
        ).dump()
    )


RING: Final = ring("bestuur")
NEXT: Final = ring("nieuw")


def hashed(number: str) -> HPgn:
    """
    Return the HPgn of a number.
    """
    return hash_pgn(parse_pgn(number), salt=RING.salt, scheme=CHEAPEST)


def ketenid(number: str, sector: Sector = Sector.PO) -> KetenID:
    """
    Return the ketenID that a number has by itself.
    """
    return derive_ketenid(
        derive_stampseudoniem(hashed(number), sleutelbos=RING),
        keten=LEERMIDDELENKETEN,
        sector=sector,
        sleutelbos=RING,
        release="2026",
    )


def to_a() -> Bestemming:
    """
    Return where the releases of this folder went.
    """
    return Bestemming(
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        beleid=Attribuutbeleid.load("edu-k"),
        doel=Doel.GEBRUIK,
        ontvanger=Ontvanger.UITGEVER,
        on=known.DAY,
    )


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


def _add(register: Register, administratie: str, key: str) -> None:
    register.add(
        administratie,
        key,
        hashed(known.NUMBERS[key]),
        gegevens=known.GEGEVENS[key],
        on=known.DAY,
    )


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
        *pair,
        organisatie=A,
        doel=Doel.GEBRUIK,
        vanaf=known.DAY,
        tot=known.END,
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
    to: dict[str, object] = {"organisatie": A, "issued": known.DAY, "sleutelbos": RING}
    old, new = hashed(known.FORMER), hashed(known.NUMBERS["luuk"])
    with Register.create(folder / "bestuur.reg", sleutelbos=RING) as register:
        substitute(register, Substitution(old, new, known.DAY))
        for person in ("noor", "sem", "fatima", "luuk"):
            _add(register, "las-1", person)
        _add(register, "las-2", "noor")
        links = {who: _linked(register, who) for who in ("noor", "sem", "fatima")}
        _sent(register, "luuk", Sector.PO)
        register.withdraw_consents([links["sem"].jti], on=known.DAY)
        register.forget("las-1", "fatima")
        revoked = RevocationList.issue(
            register.revoked(A),
            number=1,
            next_update=known.DAY + timedelta(days=14),
            **to,
        )
        register.keep_list(A, number=1, token=revoked)
        succession = Succession.issue(early(), ketenid(known.FORMER), **to)
        register.keep_notice(
            "las-1", "luuk", organisatie=A, token=succession, issued=known.DAY
        )
        withdrawal = Withdrawal.issue(ketenid(known.NUMBERS["yara"]), **to)
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
    return head


def _lists(folder: Path) -> None:
    """
    Make the lists, what was hashed and released of them, and the journals of two runs.
    """
    how: dict[str, object] = {"sleutelbos": RING, "scheme": CHEAPEST}
    text = "\n".join(";".join(row) for row in [known.HEADS, *known.CELLS])
    (folder / "lijst.csv").write_text(f"{text}\n", "utf-8")
    columns = map(list, zip(*known.CELLS, strict=True))
    table = pa.table(dict(zip(known.HEADS, columns, strict=True)))
    pq.write_table(table, folder / "lijst.parquet")
    csv, parquet = folder / "lijst.csv", folder / "lijst.parquet"
    run(csv, folder / "gehasht.csv", **how)
    run(csv, folder / "verzegeld.parquet", **how)
    with suppress(known.Stopped):
        run(csv, folder / "halverwege.csv", **how, progress=known.stop)
    with suppress(known.Stopped):
        out = folder / "halverwege.parquet"
        run(parquet, out, **how, to=to_a(), progress=known.stop)
    run(csv, folder / "uitgever.csv", **how, to=to_a())
    others = folder / "anderen.csv"
    others.write_text(OTHERS.format(voorlopig=early().uri), "utf-8")
    run(others, folder / "anderen-uit.csv", **how, to=to_a())
    SubstitutionFile(folder / "substituties.csv", sleutelbos=RING).add_substitutions(
        [Substitution(hashed(known.FORMER), hashed(known.NUMBERS["luuk"]), known.DAY)]
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
    told["beleid"] = "edu-k"
    _lists(folder)
    shipped = resources.files("eckid") / "beleid" / "edu-k.toml"
    (folder / "edu-k.toml").write_bytes(shipped.read_bytes())
    (folder / "eigen.toml").write_text(OWN, "utf-8")
    key = PublicKey(RING.public_key, known.BOARD, known.DAY.replace(month=1, day=1))
    (folder / "keys.json").write_text(write_keys(key) + "\n", "ascii")
    (folder / "told.json").write_text(json.dumps(told, indent=2) + "\n", "ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
