"""
From a list to a file for one recipient: the whole road, station by station.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from eckid._core.values import a_path, expect
from eckid.doel import Wie
from eckid.exchange.formats.drawing import drawer, misfit_of
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import Format, format_of, written
from eckid.exchange.lists.release import is_coded, release_list
from eckid.exchange.lists.roster import Received, Roster
from eckid.exchange.lists.who import Doorgifte, Herkenner, Herkenning
from eckid.exchange.results.receipt import make_receipt
from eckid.exchange.results.report import Report
from eckid.exchange.results.runs import Run, new_report, run_to
from eckid.exchange.rows import Ontvangen, Rij, RijReden, Weigering
from eckid.policy import Bestemming, Vrijgave

T = TypeVar("T")

# What a report says of the code of a rol.
_MEANING: Final = (
    "EDEXML (UWLR 2.2) has this code and does not say what it means; what it means "
    "here is the reading of the policy, as its status says"
)
# What a report says of a policy.
_OF_BELEID: Final = ("naam", "versie", "status", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """
    How the file of a release is written.

    Attributes:
        format: csv, edexml, eduv or parquet; None chooses by the extension.
        school: The school; EDEXML needs it.
        order: identifier sorts by identifier, and hides the order of the list; list
            keeps that order, and so reveals it.
        for_excel: Whether CSV begins with a BOM, for a person who opens it in Excel.
        replace: Whether existing files may be replaced.
    """

    format: str | None = None
    school: School | None = None
    order: str = "identifier"
    for_excel: bool = False
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
    Write what one recipient may see of a list, with refused rows, report and receipt.

    The files appear together, or not at all. Where EDEXML is asked for and no pupil
    goes, there is no release and no receipt: the schema has no file without pupils.
    What a register notes becomes final just before the files appear. An example is in
    docs/how-to/in-a-backend.md.

    Args:
        out: The file to write. The others stand beside it, as `files_of` names them.

        rows: The list: a `Roster`, or `Received` for a file that a recipient received.

        who: Makes the ketenIDs: a `Herkenning` for a class list, a `Doorgifte` for a
            received file.

        to: The recipient and the doel, under one policy: `Attribuutbeleid.voor`.

        shape: The format and the order of the file; None chooses the format by the
            extension, and sorts by identifier.

        progress: Called with the number of rows done.

    Returns:
        The paths of the files, and the report.

    Raises:
        FileExistsError: If a file exists; `Shape.replace` allows replacing it.
        eckid.errors.BoundaryError: If no ketenID may pass to the recipient.
        eckid.errors.ExchangeError: If the format is unknown, or EDEXML is asked for
            without a school.
        OSError: If the disk refuses.
    """
    writing = Writing(Path(a_path("out", out)), who=who, to=to, shape=shape or Shape())
    format_ = writing.format
    report = writing.report()
    there = rows.table.columns if isinstance(rows, Roster | Received) else None
    if there is not None:
        report.told.absent(to, there)
    with who.bewaard.noting():
        demands = _Demands()
        read: Iterable[Rij | Ontvangen | Weigering] = report.reading(rows)
        results = release_list(
            demands.seeing(read) if format_ is Format.EDEXML else read,
            who=who,
            to=to,
            misfit=misfit_of(format_),
            progress=progress,
            coded=is_coded(rows),
        )
        if format_ is Format.EDEXML:
            results = demands.met(results)
        draw = drawer(
            format_,
            columns=to.columns(there),
            school=_school(writing.shape.school, to.on),
            order=writing.shape.order,
            for_excel=writing.shape.for_excel,
        )
        return writing.write(results, report, draw)


class _Demands:
    """
    What EDEXML demands of a file as a whole: a pupil, and one of each key and ketenID.

    A row that cannot go for it is refused in its place, as for what a row lacks.
    """

    def __init__(self) -> None:
        self._places: deque[tuple[int, int]] = deque()

    def seeing(self, rows: Iterable[T]) -> Iterator[T]:
        """
        Yield *rows*, and remember their places.
        """
        for row in rows:
            place: Any = row
            self._places.append((place.record, place.line))
            yield row

    def met(
        self, results: Iterable[Vrijgave | Weigering]
    ) -> Iterator[Vrijgave | Weigering]:
        """
        Yield the results of these rows, in their order; hold them all until the last.
        """
        held = [(result, *self._places.popleft()) for result in results]
        pupils = any(
            isinstance(result, Vrijgave) and result.wie is Wie.LEERLING
            for result, _, _ in held
        )
        seen: set[tuple[Wie, str, str]] = set()
        for result, record, line in held:
            if isinstance(result, Weigering):
                yield result
                continue
            texts = result.texts
            own = {(result.wie, n, texts[n]) for n in ("key", "eckid") if n in texts}
            if not pupils:
                yield Weigering(record, line, None, RijReden.NO_PUPIL)
            elif own & seen:
                yield Weigering(record, line, None, RijReden.KEY_TWICE)
            else:
                seen |= own
                yield result


def _school(school: School | None, on: date | None) -> School | None:
    # The list is of its own day where it says so; the file is made on this day.
    if school is None or on is None:
        return school
    peildatum = school.peildatum or on
    return replace(school, peildatum=peildatum, aanmaakdatum=school.aanmaakdatum or on)


class Writing:
    """
    The part that releases by row and by column share: report, receipt and files.
    """

    def __init__(
        self, out: Path, *, who: Herkenner, to: Bestemming, shape: Shape
    ) -> None:
        self.shape = expect("shape", shape, Shape)
        self.format = written(format_of(out, shape.format))
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
        Return a new report of this release, with all counts at zero.
        """
        to, beleid = self._to, self._to.beleid
        return new_report(
            self._who.bron,
            {
                **self._about,
                "on": None if to.on is None else to.on.isoformat(),
                "test_day": None if to.toetsdag is None else to.toetsdag.isoformat(),
                "beleid": {name: getattr(beleid, name) for name in _OF_BELEID},
                "scopes": sorted(beleid.gekozen),
                "rol": to.rol,
                **({} if to.rol is None else {"rol_meaning": _MEANING}),
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
        Write the releases, the refused rows, the report and the receipt.
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
            last=self._who.bewaard.noted,
            empty=self.format is not Format.EDEXML,
        )
