"""
eckid check: say what is wrong with lists.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

import click

from eckid import ExchangeError, Sector
from eckid.cli import options, show, whom
from eckid.exchange import (
    Ontvangen,
    Received,
    Report,
    Rij,
    Roster,
    without_shown_numbers,
)
from eckid.exchange.formats.kinds import SUFFIXES
from eckid.exchange.lists.release import is_coded
from eckid.exchange.lists.years import YEAR, year_code
from eckid.exchange.results.told import Melding, Plek

T = TypeVar("T")

_ENCODING: Final = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}


@click.command()
@options.LISTS
@options.FROM
@options.HEADING
@click.option(
    "--namespace", metavar="URL", help="The namespace that received ketenIDs must have."
)
@whom.SECTOR_OR_NONE
def check(
    sources: tuple[Path, ...],
    from_: str | None,
    headings: dict[str, str],
    namespace: str | None,
    sector: Sector | None,
) -> int:
    """
    Say what is wrong with each LIST. It needs no ring, and writes nothing.

    LIST is a class list, or a file that a recipient received; - is standard
    input. For a class list it prints the rows whose number or cells "eckid
    release" would refuse. For a received file it prints the rows without a valid
    ketenID. Each comes with its place and reason.

    You may give several, or a folder: then each list in it is checked, under its
    name. A list that cannot be read does not stop the others, and the exit code is
    the worst of all.

    Correct those rows in your administration, or name an unknown heading with
    --heading. Then run "eckid explain" or "eckid release".
    """

    def one(source: Path) -> int:
        return _check(source, from_, headings, namespace, sector)

    if len(sources) == 1 and not sources[0].is_dir():
        return one(sources[0])
    codes = []
    for source in _lists(sources, every=from_ is not None):
        show.say(f"\n{show.plain(source)}")
        try:
            codes.append(one(source))
        except Exception as error:  # noqa: BLE001  # told here, for the others go on
            code, line = show.fault(error)
            show.warn(f"eckid: {show.plain(source)}: {line}")
            codes.append(code)
    if not codes:
        raise ExchangeError(
            f"expected lists named {' '.join(SUFFIXES)}, got none; name others yourself"
        )
    fine, refused = codes.count(0), codes.count(1)
    show.say(
        f"\nlists {len(codes)} = fine {fine} + with refused rows {refused} "
        f"+ refused as a whole {len(codes) - fine - refused}"
    )
    return max(codes)


def _lists(sources: Sequence[Path], *, every: bool) -> Iterator[Path]:
    """
    Yield each list: as it was given, or by the name of a file in a folder.
    """
    for source in sources:
        if not source.is_dir():
            yield source
            continue
        there = sorted(source.iterdir())
        found = [
            path
            for path in there
            if path.is_file() and (every or path.suffix.lower() in SUFFIXES)
        ]
        if len(there) > len(found):
            show.say(
                f"{show.plain(source)}: folders and files of another name, which are "
                f"not looked at: {len(there) - len(found)}"
            )
        yield from found


def _check(
    source: Path,
    from_: str | None,
    headings: dict[str, str],
    namespace: str | None,
    sector: Sector | None,
) -> int:
    table = options.table_of(source, headings, from_)
    # A column of ketenIDs means a received file; numbers beside them are a leak.
    received = "eckid" in table.columns
    rows = Received(table, namespace=namespace) if received else Roster(table)
    report = Report({} if sector is None else {"sector": sector.value})
    coded = received or is_coded(rows)
    reading = _years(report.reading(rows), report, sector, coded=coded)
    refusals = show.exhaust(without_shown_numbers(reading), report)
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


def _years(
    rows: Iterable[T], report: Report, sector: Sector | None, *, coded: bool
) -> Iterator[T]:
    """
    Tell each year group that the sector does not have, as a release would refuse it.
    """
    for row in rows:
        if sector is not None and isinstance(row, Rij | Ontvangen):
            year = row.attributen.get(YEAR, "")
            if year and year_code(year, sector, coded=coded) is None:
                place = Plek(row.record, row.line, YEAR, Melding.UNREAD)
                report.told.cell(place)
        yield row
