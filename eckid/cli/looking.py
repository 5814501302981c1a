"""
The commands that only look: check and explain.
"""

from datetime import date
from pathlib import Path
from typing import Final

import click

from eckid import Attribuutbeleid, Doel, Ontvanger
from eckid.cli import options, show
from eckid.exchange import Received, Report, Roster, Weigering, without_shown_numbers

_ENCODING: Final = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}


@click.command()
@options.LIST
@options.FROM
@options.HEADING
@click.option(
    "--namespace", metavar="URL", help="Namespace that received ketenIDs must have."
)
def check(
    source: Path, from_: str | None, headings: dict[str, str], namespace: str | None
) -> int:
    """
    Say what is wrong with LIST; needs no ring and writes nothing.

    Of a class list it says which rows "eckid release" would refuse; of a file
    that a recipient got, which ketenIDs are none. LIST may be - for standard
    input.
    """
    table = options.table_of(source, headings, from_)
    # With ketenIDs it is what a recipient got; numbers beside them are a leak.
    received = "eckid" in table.columns
    rows = (
        Received(table).ketenids(namespace=namespace)
        if received
        else without_shown_numbers(Roster(table))
    )
    report = Report({})
    refusals = show.Refusals()
    for _ in report.writing(refusals.among(report.reading(rows))):
        pass
    kind = "received file" if received else "class list"
    encoding = _ENCODING.get(table.encoding, table.encoding)
    show.say(f"{kind}, {encoding}, columns: {', '.join(table.columns)}")
    refusals.show(report)
    show.counts(report)
    return 1 if report.refused else 0


@click.command()
@options.LIST
@click.option(
    "--row",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which row of data, from 1; the headings do not count.",
)
@options.POLICY
@options.ON
@options.LANG
@options.FROM
@options.HEADING
def explain(
    source: Path,
    row: int,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None,
    scopes: tuple[str, ...],
    on: date,
    lang: str,
    from_: str | None,
    headings: dict[str, str],
) -> int:
    """
    Say which attributes of one row of LIST would go, by which rule, and why.

    Needs no ring, and shows names of attributes and no values. Where the policy
    wants the shortest name, a release makes it of all who are in it.
    """
    roster = Roster(options.table_of(source, headings, from_))
    rows = without_shown_numbers(roster)
    found = next((rij for rij in rows if rij.record == row), None)
    if found is None:
        raise click.UsageError(f"--row: expected at most {len(roster)}")
    if isinstance(found, Weigering):
        show.refusals([found])
        return 1
    show.say(f"{beleid.naam} {beleid.versie}: {beleid.status}")
    identifier = ("eckid",) if found.has_ketenid else ()
    oordelen = beleid.scoped(*scopes).explain(
        (*identifier, *found.attributen),
        doel=doel,
        ontvanger=ontvanger,
        rol=rol,
        wie=found.wie,
        on=on,
    )
    show.decisions(oordelen, dutch=lang == "nl")
    return 0
