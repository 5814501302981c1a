"""
eckid substitute: note that pupils got a new number.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from eckid import Register, Scheme, Sleutelbos, Substitution
from eckid import substitute as add
from eckid._core.whole import SUBSTITUTIONS, check_places, led_to
from eckid.cli import options, service_options, show
from eckid.exchange import (
    Report,
    RijReden,
    SubstitutionFile,
    Weigering,
    substitute_list,
)
from eckid.service import replace_each


@click.command("substitute")
@options.LIST
@options.RING
@options.SCHEME
@service_options.CONNECTION_OR_NONE
@options.a_day(
    "--per",
    "The first day of the new numbers, if LIST has no column per; by default today.",
    required=False,
)
@click.option(
    "--into",
    "out",
    type=options.PATH,
    help="The sealed file of substitutions: it is made, or added to.",
)
@click.option(
    "--register", type=options.PATH, help="A register to note them in instead."
)
def substitute(
    source: Path,
    sleutelbos: Sleutelbos,
    scheme: Scheme,
    dienst: service_options.Dienst | None,
    per: date | None,
    out: Path | None,
    register: Path | None,
) -> int:
    """
    Note that pupils got a new number, such as a BSN after an onderwijsnummer.

    LIST has the columns oud and nieuw (the numbers), and per (the first day of
    the new number) if rows have different days. Each new number keeps the
    stampseudoniem of the old one, so the pupil keeps every ketenID. From that day
    on the old number is refused.

    With --into it writes a sealed file: give that to "eckid release" and "eckid
    derive" as --substitutions. With --register the register notes them, and uses
    them in each release with that register.

    Use it only for two numbers of the same pupil. If a number was another pupil's,
    do not substitute it: correct it in the administration, and withdraw the
    ketenID.

    With --service the numbers are replaced at the national service first, and what
    it refuses is not noted. If the run is interrupted, give the same command again.

    A list that contradicts itself, the file or the register is refused as a whole.
    """
    target = register or out
    if target is None or None not in {register, out}:
        raise click.UsageError("expected --into or --register, one of the two")
    if out is not None:
        options.refuse_overwriting([out])
        check_places([led_to(out)], replace=True, over=SUBSTITUTIONS)
    day = per or date.today()  # noqa: DTZ011  # the user's own day
    table = options.table_of(source)
    report = Report({})
    refusals = show.Refusals()
    with ExitStack() as opened:
        # A missing or foreign file is refused here, before an hour of hashing.
        store: SubstitutionFile | Register = (
            SubstitutionFile(target, sleutelbos=sleutelbos)
            if register is None
            else opened.enter_context(Register.open(register, sleutelbos=sleutelbos))
        )
        store.substitutions()
        with show.progress("hashing", sum(1 for _ in table)) as progress:
            results = substitute_list(
                table, sleutelbos=sleutelbos, per=day, scheme=scheme
            )
            read = [*_telling(report.reading(results), report, progress)]
            made = [row for row in read if isinstance(row, Substitution)]
        redenen: Sequence[RijReden | None] = [None] * len(made)
        if dienst is not None:
            show.warn(f"asking the service: {len(made)} numbers to replace")
            now = datetime.now(UTC)
            redenen = replace_each(made, dienst=dienst.dienst, store=store, now=now)
        results = _refused(table, read, iter(redenen))
        done = [*report.writing(refusals.among(results))]
        held = add(store, *(row for row in done if isinstance(row, Substitution)))
        refusals.show(report)
        show.counts(report)
        show.say(f"written: {target}, {len(held)} substitutions")
        if isinstance(store, Register):
            show.head(store.verify())
    return 1 if report.refused else 0


def _telling(
    results: Iterable[Any], report: Report, progress: Callable[[int], object]
) -> Iterator[Substitution | Weigering]:
    for row in results:
        yield row
        progress(report.rows_in)


def _refused(
    table: Iterable[Any],
    read: Sequence[Substitution | Weigering],
    redenen: Iterator[RijReden | None],
) -> Iterator[Substitution | Weigering]:
    """
    Yield each row as it was read, or its refusal by the service.
    """
    for place, row in zip(table, read, strict=True):
        reden = next(redenen) if isinstance(row, Substitution) else None
        if reden is None:
            yield row
        else:
            yield Weigering(place.record, place.line, None, reden)
