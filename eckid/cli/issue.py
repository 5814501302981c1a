"""
eckid link issue: make links across sectors, from pairs of ketenIDs and consent.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import click

from eckid import Doel, Keten, Organisatie, Register, Sleutelbos
from eckid.cli import options, show, whom
from eckid.cli.files import placing
from eckid.exchange import (
    Bestuur,
    Gelegd,
    files_of,
    keeps,
    link_list,
    new_report,
    write_results,
    writer,
)
from eckid.succession import AGE_OF_CONSENT, Reikwijdte

_EXAMPLE = """
\b
Example, by the board:
  eckid link issue pairs.csv --ring school.ring --organisatie 00000007... \\
    --doel gebruik --bestuur 00000007... --tot 2027-07-31 --out links.csv
"""
# The columns of the board's record: the link and its consent, without ketenIDs.
_OF_LINK: Final = ("jti", "organisatie", "doel", "vanaf", "tot")
_OF_CONSENT: Final = ("door", "op", "woorden", "bestuur", "toestemming")


class Keeping(NamedTuple):
    """
    An open register, if any, and what makes final what the block keeps in it.
    """

    register: Register | None
    final: Callable[[], object] | None


@contextmanager
def kept_in(register: Path | None, sleutelbos: Sleutelbos) -> Iterator[Keeping]:
    """
    Open a register, if any; if the block fails, nothing is kept in it.
    """
    if register is None:
        yield Keeping(None, None)
        return
    opening = Register.open(register, sleutelbos=sleutelbos)
    with opening as opened, ExitStack() as together:
        together.enter_context(opened.together())
        yield Keeping(opened, together.close)


@click.command(epilog=_EXAMPLE)
@options.LIST
@options.RING
@whom.KETEN
@whom.ORGANISATIE
@whom.DOEL
@click.option("--bestuur", required=True, metavar="OIN", help="OIN of the board.")
@options.a_day("--vanaf", "First day of the links; by default today.", required=False)
@options.a_day("--tot", "Last day of the links.")
@click.option(
    "--age",
    type=click.IntRange(min=0),
    default=AGE_OF_CONSENT,
    show_default=True,
    help="The age in years from which the pupil consents, not a parent.",
)
@options.ON
@whom.NAMESPACE
@whom.REGISTER_OR_NONE
@options.OUT
@options.FORCE
def issue(
    source: Path,
    sleutelbos: Sleutelbos,
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
    Make a signed link from each row of LIST: two ketenIDs of one pupil, and consent.

    LIST has two of the columns po, vo and mbo, with a ketenID in each; door
    (who consented: ouder or leerling); op (the day of the consent); woorden (the
    version of its text); and geboortedatum if the pupil consented.

    It writes the links, for the recipient. Beside them it writes a record that
    stays with the board, the refused rows, and a report. Next, give the recipient
    a revocation list with "eckid link revoke": without one no link verifies.

    With --register each link and its consent are kept with the pupil for whom the
    ketenIDs were released. A row with ketenIDs of nobody, or of two pupils, is
    refused.
    """
    files = files_of(out, rehearsal=sleutelbos.rehearsal)
    # The board's record is written in the place of the receipt of a release.
    files = files._replace(receipt=out.with_name(f"{files.main.name}.board.csv"))
    report = new_report(
        sleutelbos,
        {"organisatie": organisatie.oin, "doel": doel.value, "keten": keten.id},
    )
    kept: list[Gelegd] = []

    def draw(file: BinaryIO, going: Iterable[Gelegd]) -> None:
        write_row = writer(file, ("link",))
        for each in going:
            kept.append(each)
            write_row((each.link.token,))

    with (
        placing(*files, force=force),
        kept_in(register, sleutelbos) as (opened, final),
    ):
        made = link_list(
            options.table_of(source),
            keten=keten,
            voor=Reikwijdte(
                organisatie=organisatie, doel=doel, vanaf=vanaf or on, tot=tot
            ),
            bestuur=Bestuur(bestuur, age),
            issued=on,
            sleutelbos=sleutelbos,
            namespace=namespace,
            taken=None if opened is None else keeps(opened),
        )
        write_results(
            report.reading(made),
            files,
            draw=draw,
            report=report,
            receipt=lambda _: _record(kept),
            replace=force,
            last=final,
        )
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
    write_row = writer(file, (*_OF_LINK, *_OF_CONSENT, "ingetrokken"))
    for made, consent in ((each.link, each.toestemming) for each in kept):
        link_ = (made.jti, made.oin, made.doel, made.vanaf, made.tot)
        asked = (consent.door, consent.op, consent.woorden, consent.bestuur)
        cells = (*link_, *asked, consent.nummer, "")
        write_row([str(getattr(cell, "value", cell)) for cell in cells])
    return file.getvalue()
