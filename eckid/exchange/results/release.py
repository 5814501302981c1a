"""
A list to a file of what one recipient may see: the whole road, station by station.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, TypeVar

from eckid._core.values import expect
from eckid.exchange.formats.drawing import drawer, misfit_of
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import format_of
from eckid.exchange.lists.release import release_list
from eckid.exchange.lists.roster import Received, Roster
from eckid.exchange.lists.who import Doorgifte, Herkenner, Herkenning
from eckid.exchange.results.receipt import make_receipt
from eckid.exchange.results.report import Report
from eckid.exchange.results.runs import Run, new_report, run_to
from eckid.exchange.rows import Ontvangen, Rij, Weigering
from eckid.policy import Bestemming

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """
    What the file of a release is to look like.

    Attributes:
        format: csv, edexml, eduv or parquet; None goes by the name of the file.
        school: The school, for EDEXML.
        order: identifier, which says nothing of the list, or list, which tells its
            order.
        replace: Whether files that stand there may be replaced.
    """

    format: str | None = None
    school: School | None = None
    order: str = "identifier"
    replace: bool = False


def release_to(
    out: str | Path,
    rows: Iterable[Rij | Ontvangen | Weigering],
    *,
    who: Herkenner,
    to: Bestemming,
    shape: Shape | None = None,
    progress: Callable[[int], object] | None = None,
) -> Run:
    """
    Write what one recipient may see of a list, the refusals, report and receipt.

    The files appear together, or not at all. What a register notes holds when they
    stand, and not before.

    Args:
        out: The file to write.

        rows: The list: a `Roster`, or `Received` for a file that was received.

        who: Who the persons are.

        to: Where it goes, and what for.

        shape: What the file is to look like.

        progress: Called with the number of rows done.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: If the format lacks what it asks for.
        OSError: If the disk refuses.
    """
    writing = Writing(Path(out), who=who, to=to, shape=shape or Shape())
    format_ = writing.format
    report = writing.report()
    there = rows.table.columns if isinstance(rows, Roster | Received) else None
    with who.bewaard.noting():
        results = release_list(
            report.reading(rows),
            who=who,
            to=to,
            misfit=misfit_of(format_),
            progress=progress,
        )
        draw = drawer(
            format_,
            columns=to.columns(there),
            school=writing.shape.school,
            order=writing.shape.order,
        )
        return writing.write(results, report, draw)


class Writing:
    """
    What all releases share: the report, the receipt, and the files.
    """

    def __init__(
        self, out: Path, *, who: Herkenner, to: Bestemming, shape: Shape
    ) -> None:
        self.shape = expect("shape", shape, Shape)
        self.format = format_of(out, shape.format)
        expect("who", who, Herkenning, Doorgifte)
        self._out, self._who = out, who
        self._to = expect("to", to, Bestemming)
        self._about = {
            "doel": to.doel.value,
            "ontvanger": to.ontvanger.value,
            **who.about(),
        }

    def report(self) -> Report:
        """
        Return the report, to count in.
        """
        to, beleid = self._to, self._to.beleid
        return new_report(
            self._who.bron,
            {
                **self._about,
                "on": None if to.on is None else to.on.isoformat(),
                "beleid": {
                    "naam": beleid.naam,
                    "versie": beleid.versie,
                    "status": beleid.status,
                    "digest": beleid.digest,
                },
                "scopes": sorted(beleid.gekozen),
                "rol": to.rol,
                "order": self.shape.order,
            },
        )

    def write(
        self,
        results: Iterable[T | Weigering],
        report: Report,
        draw: Callable[[BinaryIO, Iterable[T]], None],
    ) -> Run:
        """
        Write what goes, the refusals, the report and the receipt.
        """
        named = ("rehearsal", "doel", "ontvanger", "keten", "sector", "release")

        def receipt(rows: int) -> bytes:
            return make_receipt(
                self._to.beleid,
                on=self._to.on or date.today(),  # noqa: DTZ011  # the user's own day
                rows=rows,
                about={name: str(report.about[name]) for name in named},
                register=self._who.bewaard.note(),
            )

        return run_to(
            results,
            self._out,
            report,
            draw=draw,
            receipt=receipt,
            replace=self.shape.replace,
        )
