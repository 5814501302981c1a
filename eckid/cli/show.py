"""
What the terminal shows: tables on standard output, progress on standard error.

Nothing here prints a PGN, an HPgn, a stampseudoniem or a key.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from eckid.decision import Oordeel, Regel
from eckid.exchange import Report, Weigering
from eckid.exchange.rows import MEANING


def say(line: str) -> None:
    """
    Print a line, as it is.
    """
    Console(highlight=False, markup=False, soft_wrap=True).print(line)


def warn(line: str) -> None:
    """
    Print a line on standard error.
    """
    Console(stderr=True, highlight=False, markup=False, soft_wrap=True).print(line)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """
    Print a table.
    """
    drawn = Table(title=title, title_justify="left", show_lines=False)
    for n, column in enumerate(columns):
        drawn.add_column(column, overflow="fold", no_wrap=n == 0)
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console(highlight=False, markup=False).print(drawn)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], object]]:
    """
    Show how far a long run is and when it will be done.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)


def refusals(found: Sequence[Weigering]) -> None:
    """
    Print each refused row with its place and reason.
    """
    table(
        "Refused rows",
        ("record", "line", "column", "reason", "meaning"),
        [
            (
                str(w.record),
                str(w.line),
                "" if w.column is None else str(w.column),
                w.reden.value,
                MEANING[w.reden],
            )
            for w in found
        ],
    )


def decisions(oordelen: Mapping[str, Oordeel], *, dutch: bool) -> None:
    """
    Print what the policy says of each attribute, and why.
    """
    table(
        "",
        ("attribuut", "goes", "why", "source"),
        [
            (name, *_decision(oordeel, dutch=dutch))
            for name, oordeel in oordelen.items()
        ],
    )


def _decision(oordeel: Oordeel, *, dutch: bool) -> tuple[str, str, str]:
    if isinstance(oordeel, Regel):
        why = oordeel.motivering if dutch else oordeel.motivation
        return "yes", why, f"{oordeel.bron} [{oordeel.zekerheid}]"
    return "no", oordeel.nl if dutch else oordeel.value, ""


def counts(report: Report) -> None:
    """
    Print what a run did, in numbers.
    """
    say(
        f"rows in {report.rows_in} = out {report.rows_out} "
        f"+ refused {report.refused.total()}; numbers mended {report.mended.total()}"
    )
    for what, how in ("refused", report.refused), ("mended", report.mended):
        for meaning, number in how.items():
            say(f"  {what} {number}: {meaning}")
    rows = [
        *((name, str(n), "", "") for name, n in report.released.items()),
        *(
            (name, "", str(n), reason)
            for name, reasons in report.withheld.items()
            for reason, n in reasons.items()
        ),
    ]
    if rows:
        table("Attributes", ("attribuut", "released", "withheld", "why not"), rows)
