"""
The commands of a register's rights and life: inzage, vergetelheid, backup, rekey.
"""

import json
from pathlib import Path
from typing import Any, Final

import click

from eckid import Register
from eckid._core.whole import whole
from eckid.cli import inputs, keeping, options, show
from eckid.register.store import keys_of

# What an export says is held, and does not show; and what says nothing of anyone.
_SECRET: Final = frozenset({"stampseudoniem", "oud", "nieuw"})
_OWN: Final = frozenset({"bos", "rehearsal", "scheme", "nieuw_scheme"})
_NL: Final = {
    "feit": "wat",
    "seq": "rij",
    "on": "op",
    "key": "sleutel",
    "identifier": "pseudoniem",
    "jti": "link",
}
_EN: Final = {
    "feit": "what",
    "seq": "row",
    "administratie": "administration",
    "gegevens": "known by",
    "organisatie": "recipient",
    "beleid": "policy",
    "doel": "purpose",
    "oud": "old number",
    "nieuw": "new number",
    "per": "from",
    "door": "by",
    "op": "on",
    "woorden": "words",
    "bestuur": "board",
    "vanaf": "from",
    "tot": "until",
    "toestemming": "consent",
    "nummer": "consent",
    "jti": "link",
}


_WHO: Final = options.options(
    keeping.ADMINISTRATIE,
    click.option(
        "--key-file",
        required=True,
        type=options.PATH,
        help="File with the administration's key of the person, on one line.",
    ),
)


def _key(file: Path) -> str:
    return file.read_text("utf-8-sig").strip()


@click.command()
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
@_WHO
@options.LANG
@options.OUT
@options.FORCE
def export(
    register: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    administratie: str,
    key_file: Path,
    lang: str,
    out: Path,
    force: bool,
) -> int:
    """
    Write all that is held on one person (inzage), as JSON.

    Without the stampseudoniem and hashed numbers, which are secrets: that they
    are held is said.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    inputs.refuse_overwriting([out])
    with Register.open(register, sleutelbos=keys) as opened:
        facts = opened.inzage(administratie, _key(key_file))
        head = opened.verify()
    told = {
        "head": str(head),
        "facts": [_readable(fact, dutch=lang == "nl") for fact in facts],
    }
    with whole(out, replace=force) as (file,):
        file.write(json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n")
    show.say(f"written: {out}, {len(facts)} facts")
    show.head(head)
    return 0


def _readable(fact: dict[str, Any], *, dutch: bool) -> dict[str, Any]:
    held = "wordt bewaard, en is geheim" if dutch else "is held, and is a secret"
    names = _NL if dutch else _EN
    return {
        names.get(name, name): held if name in _SECRET else value
        for name, value in fact.items()
        if name not in _OWN
    }


@click.command()
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
@_WHO
@click.confirmation_option(
    prompt="Nothing of this person can be read again. Go on?",
    help="Do not ask.",
)
def forget(
    register: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    administratie: str,
    key_file: Path,
) -> int:
    """
    Let nothing of one person be read again, here or in backups of FILE.

    Copies of FILE.keys are not reached: delete them when the board's time for
    them has come.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with Register.open(register, sleutelbos=keys) as opened:
        opened.forget(administratie, _key(key_file))
        show.say("forgotten")
        show.head(opened.verify())
    return 0


@click.command()
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
@options.OUT
def backup(
    register: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    out: Path,
) -> int:
    """
    Copy both files while they are used; not over files that stand there.

    Keep the copy of the key file apart from that of the register.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with Register.open(register, sleutelbos=keys) as opened:
        opened.backup(out)
        show.say(f"written: {out} and {keys_of(out)}")
        show.head(opened.verify())
    return 0


@click.command()
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
@click.option(
    "--new-ring", required=True, type=options.PATH, help="The ring that takes over."
)
@click.option(
    "--new-passphrase-file",
    required=True,
    type=options.PATH,
    help="File that holds its passphrase.",
)
@options.OUT
def rekey(
    register: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    new_ring: Path,
    new_passphrase_file: Path,
    out: Path,
) -> int:
    """
    Write the register anew under another ring; the old files stay.
    """
    old = inputs.load_ring(ring, passphrase_env, passphrase_file)
    new = inputs.load_ring(new_ring, None, new_passphrase_file)
    with (
        Register.open(register, sleutelbos=old) as opened,
        opened.rekey(out, sleutelbos=new) as made,
    ):
        show.say(f"written: {out} and {keys_of(out)}")
        show.head(made.verify())
    return 0
