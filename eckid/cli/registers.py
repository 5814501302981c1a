"""
The commands of the board's register.
"""

from datetime import date
from pathlib import Path

import click

from eckid import Register, Scheme
from eckid.cli import inputs, keeping, options, releasing, rights, show
from eckid.cli.books import Book
from eckid.exchange import Report, Roster, add_list
from eckid.register import Head


@click.group()
def register() -> None:
    """
    Keep what the board keeps: each stampseudoniem once, and what went to whom.

    A register is two files: FILE, and FILE.keys beside it. Back them up apart.
    """


@register.command()
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
def init(
    register: Path, ring: Path, passphrase_env: str | None, passphrase_file: Path | None
) -> int:
    """
    Make a register; never over another.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with Register.create(register, sleutelbos=keys) as made:
        show.say(f"register made: {register}")
        show.head(made.verify())
    return 0


@register.command()
@options.LIST
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
@keeping.ADMINISTRATIE
@options.SCHEME
@options.ON
@options.FROM
@options.HEADING
@click.option("--recheck", is_flag=True, help="Hash also who is known.")
@options.WORKERS
@options.MEMORY
def add(
    source: Path,
    register: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    administratie: str,
    scheme: Scheme,
    on: date,
    from_: str | None,
    headings: dict[str, str],
    recheck: bool,
    workers: int | None,
    memory: int | None,
) -> int:
    """
    Add who is on LIST and not known yet; each is hashed once.

    Who is known by key, birth date and names is not hashed. A key that is
    another pupil's, or a number under two keys, is refused.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    roster = Roster(options.table_of(source, headings, from_))
    report = Report({})
    refusals = show.Refusals()
    with (
        Register.open(register, sleutelbos=keys) as opened,
        show.progress("adding", len(roster)) as progress,
    ):
        book = Book(opened, administratie=administratie, on=on, recheck=recheck)
        results = add_list(
            report.reading(roster),
            salt=keys.salt,
            known=book.known,
            taken=book.taken,
            scheme=scheme,
            workers=workers,
            memory=memory,
            progress=progress,
        )
        for _ in report.writing(refusals.among(results)):
            pass
        head = opened.head()
    refusals.show(report)
    show.counts(report)
    book.say()
    show.head(head)
    return 1 if report.refused else 0


@register.command("show")
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
def show_(
    register: Path, ring: Path, passphrase_env: str | None, passphrase_file: Path | None
) -> int:
    """
    Say how much there is of what, and where the ledger ends; nobody's data.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with Register.open(register, sleutelbos=keys) as opened:
        rows = [(kind, str(count)) for kind, count in opened.counts().items()]
        show.table("Register", ("what", "rows"), rows)
        show.head(opened.verify())
    return 0


def _head(_: click.Context, __: click.Parameter, value: str | None) -> Head | None:
    if value is None:
        return None
    length, _colon, mac = value.partition(":")
    if not (length.isascii() and length.isdigit() and len(mac) == 64):
        raise click.BadParameter("expected a head as it was printed, LENGTH:MAC")
    return Head(int(length), mac)


@register.command()
@keeping.REGISTER
@options.RING
@options.PASSPHRASE
@click.option(
    "--head",
    metavar="LENGTH:MAC",
    callback=_head,
    help="A head that was kept elsewhere: finds a cut end and an older copy.",
)
def verify(
    register: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    head: Head | None,
) -> int:
    """
    Check every row of the ledger.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with Register.open(register, sleutelbos=keys) as opened:
        show.head(opened.verify(expected=head))
    return 0


for command in (
    rights.export,
    rights.forget,
    rights.backup,
    rights.rekey,
    releasing.release,
):
    register.add_command(command)
