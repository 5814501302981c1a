"""
Rows of the command line: for each subcommand how it is given, rightly and wrongly.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import click
from commands import below
from leaking import (
    ACHTERNAAM,
    BOARD,
    CLASS,
    DAY,
    GEBOREN,
    KETENID,
    KEY,
    NUMBER,
    OTHER,
    PASSPHRASE,
    PGN,
    RING,
    ROEPNAAM,
    SALT,
    STAM,
    TO,
    TO_A,
    VO,
    WRONG,
)
from leaks.exchange import NEW, PAIRS, PLACES, RECEIPT
from leaks.succession import CONSENT, LINK, PUBLIC, SIGNS

from eckid import Register, RevocationList, Sleutelbos, exchange, hash_pgn
from eckid.succession import write_jwks


class Lines(NamedTuple):
    """
    What is given to a subcommand: first what it does, then what it refuses.
    """

    does: str
    refuses: tuple[str, ...] = ()


_RING: Final = "--ring school.ring --passphrase-file secret"
_POLICY: Final = (
    "--beleid leermiddelenketen --doel gebruik --ontvanger uitgever "
    f"--on {DAY.isoformat()}"
)
_BOOK: Final = f"--register board.reg {_RING}"
_VAN: Final = f"--van {BOARD}"
_TO_A: Final = f"--organisatie {TO_A.oin} --doel gebruik --on {DAY.isoformat()}"
_RELEASE: Final = f"list.csv {_RING} --sector po {_POLICY}"
_OIN: Final = "0000000700012TB34567"
# Nothing answers there.
_SERVICE: Final = f"--service http://127.0.0.1:1/x --oin {_OIN}"
_REKEY: Final = "--new-ring new.ring --new-passphrase-file"

ROWS: Final[Mapping[str, Lines]] = {
    "demo": Lines("--out demo", ("--out .", "--nothing")),
    "init": Lines(
        "--ring s.ring --release 2026 --passphrase-file secret",
        (
            "--ring t.ring --release SP1 --passphrase-file secret",
            "--ring u.ring --release 1 --passphrase-file secret --salt-file README.md",
        ),
    ),
    "check": Lines("list.csv", ("README.md", "leak.csv")),
    "explain": Lines(
        f"list.csv --row 1 {_POLICY}",
        (f"list.csv --row 2 {_POLICY}", f"README.md {_POLICY}"),
    ),
    "hash": Lines(f"list.csv {_RING} --out h.csv", (f"README.md {_RING} --out i.csv",)),
    "derive": Lines(
        f"sealed.csv {_RING} --sector po --out d.csv",
        (
            f"README.md {_RING} --sector po --out e.csv",
            f"sealed.csv {_RING} --sector po --release {NUMBER} --out f.csv",
        ),
    ),
    "release": Lines(
        f"{_RELEASE} --out u.csv",
        (
            f"README.md {_RING} --sector po --out v.csv {_POLICY}",
            f"list.csv {_RING} --sector ho --out w.csv {_POLICY}",
            f"leak.csv --sector po --out x.csv {_POLICY}",
            f"{_RELEASE} --service-config README.md --out u.csv",
            f"{_RELEASE} {_SERVICE} --batch 9 --per-day 9 --out y.csv",
        ),
    ),
    "policy list": Lines("", ("more",)),
    "policy show": Lines("leermiddelenketen", ("README.md",)),
    "policy check": Lines("own.toml", ("README.md", "list.csv", "broken.toml")),
    "policy diff": Lines(
        "leermiddelenketen leermiddelenketen-kort",
        ("leermiddelenketen README.md", "broken.toml leermiddelenketen"),
    ),
    "policy verify": Lines("receipt.json", ("README.md", "list.csv")),
    "enrolment check": Lines(
        f"places.csv --on {DAY.isoformat()} --out s.csv", ("list.csv", "README.md")
    ),
    # That it does something is tried where there is a token.
    "ring import-to-hsm": Lines(
        "--help",
        (
            f"{_RING} --out h.ring",
            f"{_RING} --module README.md --token {NUMBER} --pin-file secret --out h.r",
            f"{_RING} --module README.md --pin-file secret --out h.ring",
            f"{_RING} --module README.md --token a --pin-file none --out h.ring",
            f"{_RING} --module README.md --token a --pin-file secret --out school.ring",
        ),
    ),
    # That it serves is tried with a client. --demo prints the public test salt, which
    # is also that of these tests.
    "serve": Lines(
        "--help",
        (
            f"--behaviour {NUMBER}=1",
            "--tls-cert README.md",
            (
                "--tls-cert README.md --tls-key README.md --client-ca README.md "
                "--boards README.md"
            ),
            "--host 192.0.2.1",
            f"--host {NUMBER}",
            f"{_RING} --port 0",
        ),
    ),
    # That they do something is tried where there is a service.
    **{
        f"service {name}": Lines(
            f"--help {_SERVICE}",
            (
                f"{more} --service-config README.md",
                f"{more} --service http://127.0.0.1:1/{NUMBER} --oin {NUMBER}",
                f"{more} --service {NUMBER} --oin {_OIN}",
                f"{more} {_SERVICE} --cert README.md --key README.md --ca README.md",
                f"{more} {_SERVICE} --cert README.md",
                more,
            ),
        )
        for name, more in (
            ("ping", ""),
            ("chains", ""),
            ("sectors", ""),
            ("qualify", "--sector po --out list.csv"),
        )
    },
    "substitute": Lines(
        f"new.csv {_RING} --into s.csv",
        (
            f"README.md {_RING} --into t.csv",
            f"new.csv {_RING} --register README.md",
            f"new.csv {_RING} --into list.csv",
            f"new.csv {_RING} --into t.csv --service-config README.md",
            f"new.csv {_RING} --into t.csv {_SERVICE}",
        ),
    ),
    "link key": Lines(
        f"{_RING} --houder {BOARD} --vanaf {DAY.isoformat()}",
        (f"{_RING} --houder {NUMBER} --vanaf {DAY.isoformat()}",),
    ),
    "link issue": Lines(
        f"pairs.csv {_RING} {_TO_A} --bestuur {BOARD} --tot 2027-07-31 --out l.csv",
        (
            f"README.md {_RING} {_TO_A} --bestuur {BOARD} --tot 2027-07-31 --out m.csv",
            f"pairs.csv {_RING} {_TO_A} --bestuur {NUMBER} --tot 2027-07-31 --out n",
            (
                f"pairs.csv {_BOOK} {_TO_A} --bestuur {BOARD} --tot 2027-07-31 "
                "--out o.csv"
            ),
        ),
    ),
    "link verify": Lines(
        f"links.csv {_VAN} --keys keys.json --revocations a.list {_TO_A}",
        (
            f"README.md {_VAN} --keys keys.json --revocations a.list {_TO_A}",
            f"links.csv {_VAN} --keys README.md --revocations a.list {_TO_A}",
            f"links.csv {_VAN} --keys keys.json --revocations README.md {_TO_A}",
            f"links.csv --van {NUMBER} --keys keys.json --revocations a.list {_TO_A}",
            f"links.csv --keys keys.json --revocations a.list {_TO_A}",
        ),
    ),
    "link revoke": Lines(
        f"jtis.csv {_RING} --organisatie {TO_A.oin} --number 2 --out r.list",
        (f"README.md {_RING} --organisatie {TO_A.oin} --number 3 --out s.list",),
    ),
    "register init": Lines(
        f"--register new.reg {_RING}",
        (_BOOK, f"--register none/x.reg {_RING}"),
    ),
    "register add": Lines(
        f"list.csv {_BOOK}",
        (f"README.md {_BOOK}", f"list.csv --register README.md {_RING}"),
    ),
    "register release": Lines(
        f"{_RELEASE} --register board.reg --organisatie {TO_A.oin} --out u.csv",
        (
            f"{_RELEASE} --register README.md --organisatie {TO_A.oin} --out v.csv",
            f"{_RELEASE} --register board.reg --organisatie {NUMBER} --out w.csv",
        ),
    ),
    "register show": Lines(_BOOK, (f"--register README.md {_RING}",)),
    "register verify": Lines(
        _BOOK, (f"{_BOOK} --head {NUMBER}", f"{_BOOK} --head 9:ab")
    ),
    "register export": Lines(
        f"{_BOOK} --key-file key --out e.json",
        (f"{_BOOK} --key-file README.md --out f.json",),
    ),
    "register forget": Lines(
        f"{_BOOK} --key-file key --yes", (f"{_BOOK} --key-file README.md --yes",)
    ),
    "register backup": Lines(
        f"{_BOOK} --out copy.reg",
        (f"{_BOOK} --out board.reg", f"{_BOOK} --out none/x"),
    ),
    "register restore": Lines(
        f"{_BOOK} --yes",
        (f"--register README.md {_RING} --yes", f"{_BOOK} --yes --head {NUMBER}"),
    ),
    "register rekey": Lines(
        f"{_BOOK} {_REKEY} secret --out next.reg",
        (f"{_BOOK} {_REKEY} README.md --out last.reg",),
    ),
}


def subcommands(command: click.Command, *above: str) -> Iterator[str]:
    """
    Yield every subcommand of *command*, as it is typed.
    """
    if not isinstance(command, click.Group):
        yield " ".join(above)
    for name, each in below(command).items():
        yield from subcommands(each, *above, name)


def lay_out(folder: Path) -> None:
    """
    Write what the lines name into *folder*.
    """
    texts = {
        "list.csv": CLASS,
        "README.md": f'{NUMBER};"{OTHER}\n{WRONG};{ROEPNAAM};{KEY}',
        "leak.csv": (
            f"eckid;roepnaam\n{STAM.expose()};{ROEPNAAM}\n{KETENID.uri};{ROEPNAAM}\n"
        ),
        "broken.toml": f'naam = "{NUMBER}"\nversie = "{ROEPNAAM}"\nstatus = {KEY}\n',
        "own.toml": ('naam = "own"\nversie = "1"\nstatus = "ours"\nregel = []\n'),
        "secret": PASSPHRASE,
        "places.csv": PLACES,
        "key": KEY,
        "pairs.csv": PAIRS,
        "new.csv": NEW,
        "sealed.csv": (
            "key;hpgn-verzegeld\n"
            f"{KEY};{RING.seal(hash_pgn(PGN, salt=SALT), about=f'hpgn {KEY}').hex()}\n"
            f"k2;{NUMBER}\n"
        ),
        "receipt.json": exchange.make_receipt(
            TO.beleid,
            on=DAY,
            rows=1,
            about={n: RECEIPT[n] for n in RECEIPT if isinstance(RECEIPT[n], str)},
        ).decode(),
        "keys.json": write_jwks(PUBLIC),
        "links.csv": f"link;po;vo\n{LINK.token};{KETENID.uri};{VO.uri}\n{NUMBER};;\n",
        "jtis.csv": f"jti;x\n{LINK.jti};{NUMBER}\n",
        "a.list": RevocationList.issue([], **SIGNS, number=1, next_update=DAY),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    RING.save(folder / "school.ring", passphrase=PASSPHRASE)
    Sleutelbos.generate(release="2027").save(folder / "new.ring", passphrase=PASSPHRASE)
    names = {"roepnaam": ROEPNAAM, "achternaam": ACHTERNAAM, "geboortedatum": GEBOREN}
    with Register.create(folder / "board.reg", sleutelbos=RING) as register:
        register.add("las", KEY, STAM, gegevens=names, on=DAY)
        register.sent(
            "las",
            KEY,
            organisatie=TO_A,
            identifier=KETENID,
            beleid=TO.beleid.digest,
            doel=TO.doel,
            on=DAY,
        )
        register.keep_link("las", KEY, LINK, CONSENT)
