"""
Printing: results on standard output, warnings and progress on standard error.

Nothing here prints a PGN, an HPgn, a stampseudoniem or a key.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import click

from eckid import EckidError
from eckid._core.values import said
from eckid.cli import stopping
from eckid.exchange import Report, Weigering
from eckid.exchange.results.told import Plek
from eckid.policy import Oordeel
from eckid.register import Head

T = TypeVar("T")

# The number of refusals to print: a list may have thousands, which nobody reads.
_SHOWN: Final = 50


def _print(told: str, *, err: bool = False) -> None:
    """
    Print, and go on if the reader has closed the pipe: the files were written.
    """
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    try:
        stream.write(told)
        stream.flush()
    except OSError:
        # The interpreter flushes again when it exits; that must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def say(line: str) -> None:
    """
    Print a line on standard output.
    """
    _print(_lines(line))


def warn(line: str) -> None:
    """
    Print a line on standard error.
    """
    _print(_lines(line), err=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """
    Print a table with a title, headings and rows.
    """
    from eckid.cli.drawing import table_in  # noqa: PLC0415  # only tables need it

    if sys.stdout is not None:
        _print(table_in(sys.stdout, title, columns, rows))


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], object]]:
    """
    Show the progress of a long run; the block gets a function of the rows done.
    """
    from eckid.cli.drawing import bar_for  # noqa: PLC0415  # only a run needs it

    with bar_for(sys.stderr) as bar:
        task = bar.add_task(label, total=total)

        def tell(done: int) -> None:
            stopping.check()
            bar.update(task, completed=done)

        yield tell


class Refusals:
    """
    The first refusals of a run, to print; the report counts all of them.
    """

    def __init__(self) -> None:
        self._first: list[Weigering] = []

    def among(self, results: Iterable[T]) -> Iterator[T]:
        """
        Yield *results*, and remember the first refusals.
        """
        for result in results:
            if isinstance(result, Weigering) and len(self._first) < _SHOWN:
                self._first.append(result)
            yield result

    def show(self, report: Report) -> None:
        """
        Print the first refusals, and how many more there are; nothing without any.
        """
        if self._first:
            refusals(self._first)
        more = report.refused.total() - len(self._first)
        if more:
            say(f"and {more} more; the counts below have them all")


def exhaust(results: Iterable[T], report: Report) -> Refusals:
    """
    Go through *results* without writing them; count them, and return the refusals.
    """
    found = Refusals()
    for _ in report.writing(found.among(results)):
        pass
    return found


def refusals(found: Iterable[Weigering]) -> None:
    """
    Print each refused row with its place and reason.
    """
    rows = [
        (
            str(w.record),
            str(w.line),
            "" if w.column is None else str(w.column),
            w.reden.value,
            w.reden.en,
        )
        for w in found
    ]
    table("Refused rows", ("record", "line", "column", "reason", "meaning"), rows)


def places(found: Iterable[Plek]) -> None:
    """
    Print the place of each cell that something is told of; nothing without any.
    """
    rows = [(str(p.record), str(p.line), p.naam, p.melding.en) for p in found]
    if rows:
        table("Told", ("record", "line", "attribuut", "meaning"), rows)


def head(found: Head) -> None:
    """
    Print the head of the ledger, and what it is for.
    """
    say(f"head: {found}")
    say("Keep it where the register is not: without it a cut end is not seen.")


def register(counts: Mapping[str, int], found: Head) -> None:
    """
    Print how many persons were hashed and known, and the head of the ledger.
    """
    hashed, known = counts.get("hashed", 0), counts.get("known", 0)
    say(f"register: {hashed} hashed, {known} known")
    head(found)


def decisions(oordelen: Mapping[str, Oordeel], *, dutch: bool) -> None:
    """
    Print for each attribute whether it is released, and why.
    """
    columns = [
        word(name, dutch=dutch) for name in ("attribuut", "goes", "why", "source")
    ]
    rows = [(name, *_decision(one, dutch=dutch)) for name, one in oordelen.items()]
    table("", columns, rows)


def _decision(oordeel: Oordeel, *, dutch: bool) -> tuple[str, str, str]:
    regel, reden = oordeel
    why = [] if reden is None else [reden.nl if dutch else f"{reden.en}."]
    goes = word("yes" if reden is None else "no", dutch=dutch)
    if regel is None:
        return goes, " ".join(why), ""
    why += filter(
        None, (regel.motivering if dutch else regel.motivation, regel.voorwaarde)
    )
    if reden is None and regel.naam != regel.attribuut:
        goes = f"{word('as', dutch=dutch)} {regel.naam}"
    return goes, " ".join(why), f"{regel.bron} [{regel.zekerheid}]"


def told(report: Report, *, err: bool = True) -> None:
    """
    Print what a run tells: unknown headings, and cells that cannot be read.
    """
    for line in report.told.lines():
        (warn if err else say)(line)


def word(text: str, *, dutch: bool) -> str:
    """
    Return a word that the commands print, in Dutch or in English.
    """
    return said("woord", text, dutch=dutch)


def counts(report: Report) -> None:
    """
    Print the counts of a run.
    """
    say(
        f"rows in {report.rows_in} = out {report.rows_out} "
        f"+ refused {report.refused.total()}; numbers mended {report.mended.total()}"
    )
    for reden, n in report.refused.items():
        say(f"  refused {n}: {reden.en}")
    for herstel, n in report.mended.items():
        say(f"  mended {n}: {herstel.value}")
    rows = [
        *((name, str(n), "", "") for name, n in report.released.items()),
        *(
            (name, "", str(n), reden.en)
            for name, redenen in report.withheld.items()
            for reden, n in redenen.items()
        ),
    ]
    for ander_id_reden, n in report.ander_id_reden.items():
        say(f"  by another identifier {n}: {ander_id_reden.value}")
    if rows:
        table("Attributes", ("attribuut", "released", "withheld", "why not"), rows)


def fault(error: BaseException) -> tuple[int, str]:
    """
    Return the exit code of *error*, and the line to print.
    """
    match error:
        case click.Abort() | KeyboardInterrupt():
            return 130, "interrupted; no half file is left"
        case OSError(strerror=str(what), filename=str(name)):
            return 3, f"{name}: {what}"
        case OSError(strerror=str(what)):
            return 3, what
        case EckidError() | OSError():
            return 3, str(error)
        case ImportError() if "eckid[" in str(error):
            return 2, str(error)
    # The text of an unknown error may quote data; its place in the code does not.
    *_, place = traceback.extract_tb(error.__traceback__)
    kind = type(error).__name__
    return 4, (
        f"{kind} in {place.name}, line {place.lineno}; no half file is left. "
        "Please report this line."
    )


def plain(what: str | Path) -> str:
    """
    Return a path or a line: a sign that may steer a terminal becomes a question mark.
    """
    return "".join(sign if sign.isprintable() else "?" for sign in str(what))


def _lines(text: str) -> str:
    return "".join(f"{plain(line)}\n" for line in text.split("\n"))
