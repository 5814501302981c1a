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
from eckid._core.whole import check_places, whole
from eckid.cli import opening, options, release, service_options, show, whom
from eckid.cli.files import placing
from eckid.exchange import (
    Administratie,
    Herkenning,
    Report,
    Roster,
    add_list,
)
from eckid.register import Feit, Head, keys_of
from eckid.service import aanvragen_of

# Facts that an export names without their value; and facts that it leaves out,
# because they say nothing about the person.
_SECRET: Final = frozenset({"stampseudoniem", "oud", "nieuw"})
_OWN: Final = frozenset({"bos", "rehearsal", "scheme", "nieuw_scheme"})
_KEY_FILE: Final = click.option(
    "--key-file",
    "key",
    required=True,
    type=options.PATH,
    callback=options.text_in,
    help="A file with the administration's key of the person, on one line.",
)


@click.group()
def register() -> None:
    """
    Keep the board's register: who is known, and what was released to whom.

    With a register each pupil is hashed only once. It is two files: FILE, and
    FILE.keys beside it. Keep the backups of the two in different places.

    "init" makes a register, "add" puts a class list in it, "release" releases and
    notes it, "export" answers a request for access (inzage), "forget" erases a
    person.
    """


register.add_command(release.release)


@register.command()
@whom.REGISTER
@options.RING
def init(register: Path, sleutelbos: Sleutelbos) -> int:
    """
    Make an empty register. An existing register is never replaced.

    Keep the head that it prints in another place than the register: "verify"
    needs it to notice that the end was cut off. Next, run "eckid register add".
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
@service_options.DIENST_OR_NONE
@options.ON
@options.FROM
@options.HEADING
@click.option("--recheck", is_flag=True, help="Hash known persons too.")
def add(
    source: Path,
    board: whom.Board,
    administratie: str,
    hasher: Any,  # noqa: ANN401  # makes a Hasher, given the salt
    dienst: service_options.Dienst | None,
    on: date,
    from_: str | None,
    headings: dict[str, str],
    recheck: bool,
) -> int:
    """
    Add the pupils of LIST that are not in the register yet.

    A pupil whom the register knows by key, birth date and names is not hashed. A
    row is refused if its key is another pupil's in the register, or its number is
    there under another key. LIST may be - for standard input. With --service the
    national service makes the stampseudoniemen.

    Keep the head that it prints. Next, run "eckid register release".
    """
    roster = Roster(options.table_of(source, headings, from_))
    report = Report({})
    book = Administratie(board.register, administratie=administratie, recheck=recheck)
    path = click.get_current_context().params["register"]
    with (
        hasher(salt=board.sleutelbos.salt) as made,
        service_options.source(
            dienst, board.sleutelbos, journal=aanvragen_of(path)
        ) as bron,
        show.progress("adding", len(roster)) as progress,
    ):
        who = Herkenning(bron=bron, hasher=made, bewaard=book)
        added = add_list(report.reading(roster), who=who, on=on, progress=progress)
        refusals = show.exhaust(added, report)
    refusals.show(report)
    show.counts(report)
    show.told(report)
    show.register(book.counts, board.register.head())
    return 1 if report.refused else 0


@register.command("show")
@whom.BOARD
def show_(board: whom.Board) -> int:
    """
    Show how many rows of each kind the register has, and its head; no one's data.
    """
    counts = board.register.counts()
    # What a service made; most boards ask none.
    if not counts[Feit.KETENID.value]:
        del counts[Feit.KETENID.value]
    rows = [(kind, str(count)) for kind, count in counts.items()]
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


_KEPT_HEAD: Final = click.option(
    "--head",
    metavar="LENGTH:MAC",
    callback=_head,
    help="A head that you kept; it reveals a cut-off end, and an older copy.",
)


@register.command()
@whom.BOARD
@_KEPT_HEAD
def verify(board: whom.Board, head: Head | None) -> int:
    """
    Check every row of the ledger, and print its head.
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
    Write all that the register holds on one person (inzage), as JSON.

    For the stampseudoniem and hashed numbers, which are secrets, it only says
    that they are held. The key of the person is read from --key-file, so that it
    stays out of the shell's history.
    """
    with placing(out, force=force), whole(out, replace=force) as (file,):
        facts = board.register.inzage(administratie, key)
        head = board.register.verify()
        told = {
            "head": str(head),
            "facts": [_readable(fact, dutch=lang == "nl") for fact in facts],
        }
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
    help="Do not ask for confirmation.",
)
def forget(board: whom.Board, administratie: str, key: str) -> int:
    """
    Erase one person: nothing of them can be read again, nor in backups of FILE.

    Old copies of FILE.keys can still read it: delete those when the retention
    period of the board ends.
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
    Copy both files of the register, also while it is in use.

    Existing files are never replaced. Keep the copy of the key file in another
    place than the copy of the register.
    """
    _check_new(out)
    board.register.backup(out)
    show.say(f"written: {out} and {keys_of(out)}")
    show.head(board.register.verify())
    return 0


@register.command()
@whom.REGISTER
@options.RING
@_KEPT_HEAD
@click.confirmation_option(
    prompt="Rows and persons since this copy was made are lost. Go on?",
    help="Do not ask for confirmation.",
)
def restore(register: Path, sleutelbos: Sleutelbos, head: Head | None) -> int:
    """
    Go on with an older copy of the register or of its key file, and say what is lost.

    Put the copy in its place first: FILE, FILE.keys, or both. All links that went
    out are revoked, because the copy does not know which consents were withdrawn
    since. Next, send each recipient its revocation list, and add the lists of the
    schools again.
    """
    lost = Register.restore(register, sleutelbos=sleutelbos, expected=head)
    rows = (
        ("rows of the ledger", lost.rows),
        ("persons that the register lacks", lost.persons),
        ("persons that cannot be read", lost.unreadable),
        ("links that are revoked", lost.links),
    )
    show.table("Lost", ("what", "number"), [(what, str(n)) for what, n in rows])
    show.head(lost.head)
    return 0


@register.command()
@whom.BOARD
@click.option(
    "--new-ring", required=True, type=options.PATH, help="The file of the new ring."
)
@click.option(
    "--new-passphrase-file",
    required=True,
    type=options.PATH,
    help="The file that holds the passphrase of the new ring.",
)
@options.OUT
def rekey(
    board: whom.Board, new_ring: Path, new_passphrase_file: Path, out: Path
) -> int:
    """
    Write a copy of the register under another ring. The old files stay as they are.
    """
    _check_new(out)
    words = opening.passphrase(None, new_passphrase_file)
    new = Sleutelbos.load(new_ring, passphrase=words)
    with board.register.rekey(out, sleutelbos=new) as made:
        show.say(f"written: {out} and {keys_of(out)}")
        show.head(made.verify())
    return 0


def _check_new(out: Path) -> None:
    """
    Refuse a name for a copy of the register that is taken, or belongs to what is read.
    """
    files = (out, keys_of(out))
    options.refuse_overwriting(files)
    check_places(files, replace=False)
