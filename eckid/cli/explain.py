"""
eckid explain: which attributes of one row would be released, and why.
"""

from datetime import date
from pathlib import Path

import click

from eckid import Bestemming
from eckid.cli import options, show, whom
from eckid.exchange import RijReden, Roster, Weigering, without_shown_numbers
from eckid.policy import Oordeel, Reden
from eckid.policy.guard import shows_secret
from eckid.policy.vorm import less, readable


@click.command()
@options.LIST
@click.option(
    "--row",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="The number of the row, from 1; the headings do not count.",
)
@whom.TO
@options.LANG
@options.FROM
@options.HEADING
def explain(
    source: Path,
    row: int,
    to: Bestemming,
    lang: str,
    from_: str | None,
    headings: dict[str, str],
) -> int:
    """
    Say which attributes of one row of LIST would be released, by which rule, and why.

    It needs no ring, writes nothing, and prints names of attributes, no values. A
    day or a code of the row that cannot be read is shown as withheld, as "eckid
    release" withholds it. A shortest name is not made here: "eckid release" makes
    it from all pupils together.

    If the outcome is what you want, run "eckid release" with the same policy,
    doel and recipient.
    """
    roster = Roster(options.table_of(source, headings, from_))
    rows = without_shown_numbers(roster)
    found = next((rij for rij in rows if rij.record == row), None)
    if found is None:
        raise click.UsageError(f"--row: expected at most {len(roster)}")
    if isinstance(found, Weigering):
        show.refusals([found])
        return 1
    identifier = ("eckid",) if found.has_ketenid else ()
    oordelen = to.explain((*identifier, *found.attributen), wie=found.wie)
    for name, (regel, reden) in oordelen.items():
        goes = reden is None and regel is not None and not regel.less
        if goes and shows_secret(name, found.attributen.get(name, "")):
            show.refusals([found.refused(RijReden.LEAK, name)])
            return 1
    beleid = to.beleid
    show.say(f"{beleid.naam} {beleid.versie}: {beleid.status}")
    seen = {
        name: _seen(oordeel, found.attributen.get(name, ""), to.toetsdag)
        for name, oordeel in oordelen.items()
    }
    show.decisions(seen, dutch=lang == "nl")
    return 0


def _seen(oordeel: Oordeel, value: str, toetsdag: date | None) -> Oordeel:
    """
    Return a decision, which was made on a name, once the value is looked at.
    """
    regel, reden = oordeel
    if regel is None or reden is not None:
        return oordeel
    if regel.less:
        reads = less(regel.vorm, value, toetsdag) is not None
    else:
        reads = readable(regel.attribuut, value)
    return oordeel if reads else Oordeel(regel, Reden.UNREADABLE)
