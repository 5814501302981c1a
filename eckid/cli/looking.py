"""
The commands that only look: check and explain.
"""

from pathlib import Path
from typing import Final

import click

from eckid import Attribuutbeleid, Doel, Ontvanger
from eckid.cli import options, show
from eckid.exchange import Received, Report, Roster, Weigering, without_shown_numbers

# As many refusals as one reads; a list may have thousands.
_SHOWN: Final = 50


@click.command()
@options.LIST
@options.HEADING
@click.option(
    "--namespace", metavar="URL", help="Namespace that received ketenIDs must have."
)
def check(source: Path, headings: dict[str, str], namespace: str | None) -> int:
    """
    Say what is wrong with LIST; needs no ring and writes nothing.

    Of a class list it says which rows "eckid release" would refuse; of a file
    that a recipient got, which ketenIDs are none. LIST may be - for standard
    input.
    """
    table = options.table_of(source, headings)
    # With ketenIDs it is what a recipient got; numbers beside them are a leak.
    received = "eckid" in table.columns
    rows = (
        Received(table).ketenids(namespace=namespace)
        if received
        else without_shown_numbers(Roster(table))
    )
    report = Report({})
    shown: list[Weigering] = []
    for row in report.writing(report.reading(rows)):
        if isinstance(row, Weigering) and len(shown) < _SHOWN:
            shown.append(row)
    kind = "received file" if received else "class list"
    encoding = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}[table.encoding]
    show.say(f"{kind}, {encoding}, columns: {', '.join(table.columns)}")
    refused = report.refused.total()
    if refused:
        show.refusals(shown, more=refused - len(shown))
    show.counts(report)
    return 1 if refused else 0


@click.command()
@options.LIST
@click.option(
    "--record",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which row of data, from 1.",
)
@options.POLICY
@click.option("--nl", "dutch", is_flag=True, help="Give the reasons in Dutch.")
@options.HEADING
def explain(
    source: Path,
    record: int,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None,
    dutch: bool,
    headings: dict[str, str],
) -> int:
    """
    Say which attributes of one row of LIST would go, by which rule, and why.

    Needs no ring, and shows names of attributes and no values.
    """
    roster = Roster(options.table_of(source, headings))
    rows = without_shown_numbers(roster)
    row = next((row for row in rows if row.record == record), None)
    if row is None:
        raise click.UsageError(f"--record: expected at most {len(roster)}")
    if isinstance(row, Weigering):
        show.refusals([row])
        return 1
    show.say(f"{beleid.naam} {beleid.versie}: {beleid.status}")
    show.decisions(
        beleid.explain(
            ("eckid", *row.attributen), doel=doel, ontvanger=ontvanger, rol=rol
        ),
        dutch=dutch,
    )
    return 0
