"""
eckid check: say what is wrong with a list.
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
    "--namespace", metavar="URL", help="The namespace that received ketenIDs must have."
)
def check(
    source: Path, from_: str | None, headings: dict[str, str], namespace: str | None
) -> int:
    """
    Say what is wrong with LIST. It needs no ring, and writes nothing.

    LIST is a class list, or a file that a recipient received; - is standard
    input. For a class list it prints the rows whose number or cells "eckid
    release" would refuse. For a received file it prints the rows without a valid
    ketenID. Each comes with its place and reason.

    Correct those rows in your administration, or name an unknown heading with
    --heading. Then run "eckid explain" or "eckid release".
    """
    table = options.table_of(source, headings, from_)
    # A column of ketenIDs means a received file; numbers beside them are a leak.
    received = "eckid" in table.columns
    rows = Received(table, namespace=namespace) if received else Roster(table)
    report = Report({})
    refusals = show.exhaust(without_shown_numbers(report.reading(rows)), report)
    kind = "received file" if received else "class list"
    encoding = _ENCODING.get(table.encoding, table.encoding)
    show.say(f"{kind}, {encoding}, columns: {', '.join(table.columns)}")
    refusals.show(report)
    show.places(report.told.places)
    show.counts(report)
    if report.refused:
        show.say(
            "to do: correct the refused rows in your administration, export the list "
            "again, and check it again"
        )
    show.told(report, err=False)
    return 1 if report.refused else 0
