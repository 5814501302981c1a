"""
The commands of the board's register.
"""

from datetime import date
from pathlib import Path
from typing import Final

import click

from eckid import Register, Scheme, Sleutelbos, Stampseudoniem, hash_pgn
from eckid.cli import inputs, keeping, options, releasing, rights, show
from eckid.cli.books import Book
from eckid.exchange import (
    Report,
    Rij,
    RijReden,
    Roster,
    Weigering,
    without_shown_numbers,
)
from eckid.exchange.deriving import key_of
from eckid.register import Head

_SHOWN: Final = 50


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
        rights.say_head(made.verify())
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
) -> int:
    """
    Add who is on LIST and not known yet; each is hashed once.

    Who is known by key, birth date and names is not hashed. A key that is
    another pupil's, or a number under two keys, is refused.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    roster = Roster(options.table_of(source, headings, from_))
    report = Report({})
    shown: list[Weigering] = []
    with (
        Register.open(register, sleutelbos=keys) as opened,
        show.progress("adding", len(roster)) as progress,
    ):
        book = Book(opened, administratie=administratie, on=on, recheck=recheck)
        rows = without_shown_numbers(report.reading(roster))
        results = (_added(row, book, keys, scheme) for row in rows)
        for row in report.writing(results):
            if isinstance(row, Weigering) and len(shown) < _SHOWN:
                shown.append(row)
            progress(report.rows_in)
    if shown:
        show.refusals(shown, more=report.refused.total() - len(shown))
    show.counts(report)
    show.say(f"register: {book.counts['hashed']} hashed, {book.counts['known']} known")
    return 1 if report.refused else 0


def _added(
    row: Rij | Weigering, book: Book, ring: Sleutelbos, scheme: Scheme
) -> Rij | Weigering:
    if isinstance(row, Weigering) or row.pgn is None or not row.has_ketenid:
        return row
    if book.known(row) is not None:
        return row
    if not key_of(row.attributen):
        return Weigering(row.record, row.line, None, RijReden.KEY)
    found = book.taken(row, hash_pgn(row.pgn, salt=ring.salt, scheme=scheme))
    if isinstance(found, Stampseudoniem):
        return row
    return Weigering(row.record, row.line, None, found)


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
        rights.say_head(opened.verify())
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
        rights.say_head(opened.verify(expected=head))
    return 0


for command in (
    rights.export,
    rights.forget,
    rights.backup,
    rights.rekey,
    releasing.release,
):
    register.add_command(command)
