"""
The commands of links across sectors: link key, issue, verify, revoke.
"""

import io
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

import click

from eckid import (
    AGE_OF_CONSENT,
    Doel,
    Keten,
    Organisatie,
    Register,
)
from eckid.cli import inputs, keeping, linked, options, show
from eckid.cli.books import keeps
from eckid.exchange import (
    Gelegd,
    files_of,
    link_list,
    write_results,
)
from eckid.exchange.formats.csv import writer
from eckid.exchange.results.runs import new_report

_EXAMPLE = """
\b
Example, by the board:
  eckid link issue pairs.csv --ring school.ring --organisatie 00000007... \\
    --doel gebruik --bestuur 00000007... --tot 2027-07-31 --out links.csv
"""
# What the board keeps of each link; it holds no ketenID.
_RECORD: Final = (
    "jti",
    "organisatie",
    "doel",
    "vanaf",
    "tot",
    "door",
    "op",
    "woorden",
    "bestuur",
    "toestemming",
    "ingetrokken",
)


@click.group()
def link() -> None:
    """
    Say, with consent, that ketenIDs of two sectors are one pupil's.

    The board issues links for one recipient, one doel and a period; the
    recipient verifies them with the board's public key and its latest
    revocation list. Without consent nothing is joined.
    """


for command in (linked.key, linked.verify, linked.revoke):
    link.add_command(command)


@link.command(epilog=_EXAMPLE)
@options.LIST
@options.RING
@options.PASSPHRASE
@options.KETEN
@keeping.ORGANISATIE
@keeping.DOEL
@click.option("--bestuur", required=True, metavar="OIN", help="The board that asked.")
@keeping.a_day("--vanaf", "The first day; else today.", required=False)
@keeping.a_day("--tot", "The last day on which the links hold.")
@click.option(
    "--age",
    type=click.IntRange(min=0),
    default=AGE_OF_CONSENT,
    show_default=True,
    help="The age from which the pupil consents, in years.",
)
@options.ON
@keeping.NAMESPACE
@keeping.REGISTER_OR_NONE
@options.OUT
@options.FORCE
def issue(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    keten: Keten,
    organisatie: Organisatie,
    doel: Doel,
    bestuur: str,
    vanaf: date | None,
    tot: date,
    age: int,
    on: date,
    namespace: str | None,
    register: Path | None,
    out: Path,
    force: bool,
) -> int:
    """
    Make a link of each row of LIST.

    LIST has two of the columns po, vo and mbo, with a ketenID in each; door
    (ouder or leerling), op (the day of the consent), woorden (the version of
    its words), and geboortedatum where the pupil consented. The links are for
    the recipient; beside them comes a record that stays with the board.

    With --register each link and its consent are kept with the pupil to whom
    the ketenIDs went, and a row whose ketenIDs went to two is refused.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    files = files_of(out, rehearsal=keys.rehearsal)
    # The board's record has the place of a receipt, which only a release has.
    files = files._replace(receipt=out.with_name(f"{files.main.stem}.board.csv"))
    inputs.refuse_overwriting(files)
    report = new_report(
        keys, organisatie=organisatie.oin, doel=doel.value, keten=keten.id
    )
    kept: list[Gelegd] = []

    def draw(file: BinaryIO, going: Iterable[Gelegd]) -> None:
        write_row = writer(file, ("link",))
        for each in going:
            kept.append(each)
            write_row((each.link.token,))

    with ExitStack() as held:
        opened = None
        if register is not None:
            opened = held.enter_context(Register.open(register, sleutelbos=keys))
            # What is kept is acknowledged when the files stand.
            held.enter_context(opened.together())
        made = link_list(
            options.table_of(source, {}),
            keten=keten,
            organisatie=organisatie,
            doel=doel,
            vanaf=vanaf or on,
            tot=tot,
            bestuur=bestuur,
            issued=on,
            sleutelbos=keys,
            vanaf_leeftijd=age,
            namespace=namespace,
            taken=None if opened is None else keeps(opened),
        )
        try:
            write_results(
                report.reading(made),
                files,
                draw=draw,
                report=report,
                receipt=lambda _: _record(kept),
                replace=force,
            )
        except FileExistsError as error:
            raise FileExistsError(f"{error}; --force replaces it") from None
        head = None if opened is None else opened.head()
    show.counts(report)
    show.say(f"written: {files.main}, for the recipient")
    show.say(f"  record        {files.receipt}, which stays with the board")
    show.say(f"  refused rows  {files.refused}")
    show.say(f"  report        {files.report}")
    if head is not None:
        show.head(head)
    return 1 if report.refused else 0


def _record(kept: Iterable[Gelegd]) -> bytes:
    """
    Return the board's record of links, without a ketenID.
    """
    file = io.BytesIO()
    write_row = writer(file, _RECORD)
    for each in kept:
        link_, consent = each.link, each.toestemming
        write_row(
            (
                link_.jti,
                link_.oin,
                link_.doel.value,
                link_.vanaf.isoformat(),
                link_.tot.isoformat(),
                consent.door.value,
                consent.op.isoformat(),
                consent.woorden,
                consent.bestuur,
                consent.nummer,
                "",
            )
        )
    return file.getvalue()
