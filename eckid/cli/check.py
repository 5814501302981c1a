"""
eckid check: what is wrong with a list.
"""

from pathlib import Path
from typing import Final

import click

from eckid.cli import options, show
from eckid.exchange import Received, Report, Roster, without_shown_numbers

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
    rows = Received(table, namespace=namespace) if received else Roster(table)
    report = Report({})
    refusals = show.exhaust(without_shown_numbers(report.reading(rows)), report)
    kind = "received file" if received else "class list"
    encoding = _ENCODING.get(table.encoding, table.encoding)
    show.say(f"{kind}, {encoding}, columns: {', '.join(table.columns)}")
    refusals.show(report)
    show.counts(report)
    return 1 if report.refused else 0
