"""
eckid enrolment: where a ketenID holds, and where another identifier may stand in.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from eckid.cli import options, show
from eckid.cli.files import finish, writing
from eckid.exchange import (
    Stand,
    Weigering,
    as_rows,
    check_enrolments,
    new_report,
    run_to,
)
from eckid.keten import INDELING, Indeling

_COLUMNS = ("key", "soort", "sector", "grond", "ander_id_reden", "ander_id_tot")


@click.group()
def enrolment() -> None:
    """
    Say where a ketenID holds, and where another identifier may stand in.

    "eckid enrolment check" reads a list of inschrijvingen.
    """


@enrolment.command()
@options.LIST
@options.ON
@options.a_day(
    "--until",
    "The last day until which another identifier may be promised; by default the "
    "end of the school year.",
    required=False,
)
@options.a_day(
    "--vso-from",
    "The day on which vso moved to po, if you know it; by default the last that is "
    "possible, 2022-03-16.",
    required=False,
)
@click.option(
    "--no-duo-check",
    is_flag=True,
    help="The board does not check at DUO: an empty bevestigd counts as confirmed.",
)
@click.option(
    "--out", type=options.PATH, help="A file to write the outcome of each row to."
)
@options.FORCE
def check(
    source: Path,
    on: date,
    until: date | None,
    vso_from: date | None,
    no_duo_check: bool,
    out: Path | None,
    force: bool,
) -> int:
    """
    Say for each inschrijving of LIST whether a ketenID holds on a day.

    LIST has the columns key, soort (bao sbo so vso vo vavo mbo hbo wo), brin,
    begin, einde (may be empty), bekostigd (ja or nee), bevestigd (ja or nee; empty
    if nobody checked at DUO) and aangevraagd_op (the first day on which the school
    can ask for the ketenID; empty is begin). The last two may be missing. LIST may
    be - for standard input.

    It prints how many rows have each outcome, and the refused rows. With --out it
    writes the outcome of each row. Copy the columns ander_id_reden and ander_id_tot
    into your class list: "eckid release" needs them for a pupil without a ketenID.
    """
    asked = {"on": on.isoformat(), "duo_check": "no" if no_duo_check else "yes"}
    report = new_report(None, asked)
    found = check_enrolments(
        options.table_of(source),
        on=on,
        uiterlijk=until,
        controleert=not no_duo_check,
        table=INDELING if vso_from is None else _moved(vso_from),
    )
    counts: Counter[tuple[str, ...]] = Counter()
    refusals = show.Refusals()
    results = _counting(refusals.among(report.reading(found)), counts)
    if out is None:
        show.exhaust(results, report)
    else:
        draw = as_rows(out, _COLUMNS, _cells)
        with writing(out, rehearsal=False, force=force):
            run = run_to(results, out, report, draw=draw, replace=force)
    rows = [(*what, str(n)) for what, n in sorted(counts.items())]
    show.table("What holds", ("grond", "sector", "stand-in", "rows"), rows)
    refusals.show(report)
    if out is None:
        show.counts(report)
        return 1 if report.refused else 0
    return finish(run)


def _moved(day: date) -> list[Indeling]:
    """
    Return the table of sectors with the day on which vso moved to po.
    """
    return [
        row if row.vroegst is None else row._replace(vanaf=day, vroegst=None)
        for row in INDELING
    ]


def _counting(
    results: Iterable[Stand | Weigering],
    counts: Counter[tuple[str, ...]],
) -> Iterator[Stand | Weigering]:
    for result in results:
        if isinstance(result, Stand):
            _, _, *what, _ = _cells(result)
            counts[what[1], what[0], what[2]] += 1
        yield result


def _cells(stand: Stand) -> tuple[str, ...]:
    uitkomst = stand.uitkomst
    return (
        stand.key,
        uitkomst.inschrijving.soort.value,
        "" if uitkomst.sector is None else uitkomst.sector.value,
        uitkomst.grond.value,
        uitkomst.attributen.get("ander_id_reden", ""),
        uitkomst.attributen.get("ander_id_tot", ""),
    )
