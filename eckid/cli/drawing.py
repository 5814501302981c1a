"""
Tables and bars of progress, drawn by rich; imported when one is shown.
"""

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text


def table_in(
    stream: TextIO,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> str:
    """
    Return a table with a title, headings and rows, as wide as *stream* is.
    """
    drawn = Table(title=title, title_justify="left", show_lines=False)
    for n, column in enumerate(columns):
        drawn.add_column(column, overflow="fold", no_wrap=n == 0)
    for row in rows:
        drawn.add_row(*map(Text, row))
    console = Console(file=stream, highlight=False, markup=False)
    with console.capture() as told:
        console.print(drawn)
    return told.get()


def bar_for(stream: TextIO | None) -> Progress:
    """
    Return a bar of progress on *stream*, with the speed and what is left.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=Console(file=stream, stderr=True),
        disable=stream is None,
    )


class _Rate(ProgressColumn):
    """
    The speed: rows in a second, or seconds for each row.
    """

    def render(self, task: Task) -> Text:
        """
        Return the recent speed as text; the average once the run is done.
        """
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        return Text(f"{speed:,.0f}/s" if speed >= 10 else f"{1 / speed:.2f} s each")
