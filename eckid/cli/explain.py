"""
eckid explain: which attributes of one row would be released, and why.
"""

from pathlib import Path

import click

from eckid import Bestemming
from eckid.cli import options, show, whom
from eckid.exchange import RijReden, Roster, Weigering, without_shown_numbers
from eckid.policy.guard import shows_secret


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
    shortest name is not made here: "eckid release" makes it from all pupils
    together.

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
    show.decisions(oordelen, dutch=lang == "nl")
    return 0
