"""
eckid register: the commands of the board's register.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from eckid import Register, Sleutelbos
from eckid._core.values import said
from eckid._core.whole import whole
from eckid.cli import options, release, show, whom
from eckid.exchange import (
    Administratie,
    Herkenning,
    Report,
    Ringbron,
    Roster,
    add_list,
)
from eckid.register import Head, keys_of

# What an export says is held, and does not show; and what says nothing of anyone.
_SECRET: Final = frozenset({"stampseudoniem", "oud", "nieuw"})
_OWN: Final = frozenset({"bos", "rehearsal", "scheme", "nieuw_scheme"})
_KEY_FILE: Final = click.option(
    "--key-file",
    "key",
    required=True,
    type=options.PATH,
    callback=lambda _, __, file: file.read_text("utf-8-sig").strip(),
    help="File with the administration's key of the person, on one line.",
)


@click.group()
def register() -> None:
    """
    Keep what the board keeps: each stampseudoniem once, and what went to whom.

    A register is two files: FILE, and FILE.keys beside it. Back them up apart.
    """


register.add_command(release.release)


@register.command()
@whom.REGISTER
@options.RING
def init(register: Path, sleutelbos: Sleutelbos) -> int:
    """
    Make a register; never over another.
    """
    with Register.create(register, sleutelbos=sleutelbos) as made:
        show.say(f"register made: {register}")
        show.head(made.verify())
    return 0


@register.command()
@options.LIST
@whom.BOARD
@whom.ADMINISTRATIE
@options.HASHER
@options.ON
@options.FROM
@options.HEADING
@click.option("--recheck", is_flag=True, help="Hash also who is known.")
def add(
    source: Path,
    board: whom.Board,
    administratie: str,
    hasher: Any,  # noqa: ANN401  # what makes one of a salt
    on: date,
    from_: str | None,
    headings: dict[str, str],
    recheck: bool,
) -> int:
    """
    Add who is on LIST and not known yet; each is hashed once.

    Who is known by key, birth date and names is not hashed. A key that is
    another pupil's, or a number under two keys, is refused.
    """
    roster = Roster(options.table_of(source, headings, from_))
    report = Report({})
    book = Administratie(board.register, administratie=administratie, recheck=recheck)
    with (
        hasher(salt=board.sleutelbos.salt) as made,
        show.progress("adding", len(roster)) as progress,
    ):
        who = Herkenning(bron=Ringbron(board.sleutelbos), hasher=made, bewaard=book)
        added = add_list(report.reading(roster), who=who, on=on, progress=progress)
        refusals = show.exhaust(added, report)
    refusals.show(report)
    show.counts(report)
    show.register(book.counts, board.register.head())
    return 1 if report.refused else 0


@register.command("show")
@whom.BOARD
def show_(board: whom.Board) -> int:
    """
    Say how much there is of what, and where the ledger ends; nobody's data.
    """
    rows = [(kind, str(count)) for kind, count in board.register.counts().items()]
    show.table("Register", ("what", "rows"), rows)
    show.head(board.register.verify())
    return 0


def _head(_: click.Context, __: click.Parameter, value: str | None) -> Head | None:
    if value is None:
        return None
    length, _colon, mac = value.partition(":")
    if not (length.isascii() and length.isdigit() and len(mac) == 64):
        raise click.BadParameter("expected a head as it was printed, LENGTH:MAC")
    return Head(int(length), mac)


@register.command()
@whom.BOARD
@click.option(
    "--head",
    metavar="LENGTH:MAC",
    callback=_head,
    help="A head that was kept elsewhere: finds a cut end and an older copy.",
)
def verify(board: whom.Board, head: Head | None) -> int:
    """
    Check every row of the ledger.
    """
    show.head(board.register.verify(expected=head))
    return 0


@register.command()
@whom.BOARD
@whom.ADMINISTRATIE
@_KEY_FILE
@options.LANG
@options.OUT
@options.FORCE
def export(
    board: whom.Board,
    administratie: str,
    key: str,
    lang: str,
    out: Path,
    force: bool,
) -> int:
    """
    Write all that is held on one person (inzage), as JSON.

    Without the stampseudoniem and hashed numbers, which are secrets: that they
    are held is said.
    """
    options.refuse_overwriting([out])
    facts = board.register.inzage(administratie, key)
    head = board.register.verify()
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
    return {
        said("feit", name, dutch=dutch): held if name in _SECRET else value
        for name, value in fact.items()
        if name not in _OWN
    }


@register.command()
@whom.BOARD
@whom.ADMINISTRATIE
@_KEY_FILE
@click.confirmation_option(
    prompt="Nothing of this person can be read again. Go on?",
    help="Do not ask.",
)
def forget(board: whom.Board, administratie: str, key: str) -> int:
    """
    Let nothing of one person be read again, here or in backups of FILE.

    Copies of FILE.keys are not reached: delete them when the board's time for
    them has come.
    """
    board.register.forget(administratie, key)
    show.say("forgotten")
    show.head(board.register.verify())
    return 0


@register.command()
@whom.BOARD
@options.OUT
def backup(board: whom.Board, out: Path) -> int:
    """
    Copy both files while they are used; not over files that stand there.

    Keep the copy of the key file apart from that of the register.
    """
    board.register.backup(out)
    show.say(f"written: {out} and {keys_of(out)}")
    show.head(board.register.verify())
    return 0


@register.command()
@whom.BOARD
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
    board: whom.Board, new_ring: Path, new_passphrase_file: Path, out: Path
) -> int:
    """
    Write the register anew under another ring; the old files stay.
    """
    words = options.passphrase(None, new_passphrase_file)
    new = Sleutelbos.load(new_ring, passphrase=words)
    with board.register.rekey(out, sleutelbos=new) as made:
        show.say(f"written: {out} and {keys_of(out)}")
        show.head(made.verify())
    return 0
