"""
The runs that release: a class list, a received file, a table of sealed HPgns.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO, TypedDict, TypeVar, Unpack

from eckid.errors import ExchangeError
from eckid.exchange.formats.drawing import drawer, misfit_of
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import Format, format_of
from eckid.exchange.formats.parquet import Parquet, load_pyarrow
from eckid.exchange.lists.hashing import Keeps, Known, Taken
from eckid.exchange.lists.passing import pass_on
from eckid.exchange.lists.release import release_list
from eckid.exchange.lists.roster import Received, Roster
from eckid.exchange.results.receipt import make_receipt
from eckid.exchange.results.report import Part, Report
from eckid.exchange.results.runs import Run, new_report, run_to
from eckid.exchange.rows import Rij, Weigering
from eckid.keys import Sleutelbos
from eckid.policy.vrijgave import Vrijgave
from eckid.scale.bestemming import Bestemming
from eckid.scale.tables import release_parts
from eckid.scheme import Scheme
from eckid.succession import Substitutions

T = TypeVar("T")


class Shape(TypedDict, total=False):
    """
    What the file of a release is to look like.

    Attributes:
        format: csv, edexml, eduv or parquet; None goes by the name of the file.
        school: The school, for EDEXML.
        order: identifier, or list.
        replace: Whether files that stand there may be replaced.
    """

    format: str | None
    school: School | None
    order: str
    replace: bool


def release_to(
    out: Path,
    roster: Roster,
    *,
    to: Bestemming,
    ring: Sleutelbos,
    scheme: Scheme,
    known: Known | None = None,
    taken: Taken | None = None,
    went: Callable[[Rij, Vrijgave], object] | None = None,
    note: Callable[[], str] | None = None,
    substitutions: Substitutions | None = None,
    keeps: Keeps | None = None,
    workers: int | None = None,
    memory: int | None = None,
    progress: Callable[[int], object] | None = None,
    **shape: Unpack[Shape],
) -> Run:
    """
    Write what one recipient may see of a list, the refusals and the report.
    """
    run = _Release(out, to, ring, shape)
    report = run.report(scheme=scheme.value)
    results = release_list(
        report.reading(roster),
        **to.asked,
        beleid=to.beleid,
        keten=to.keten,
        sector=to.sector,
        sleutelbos=ring,
        scheme=scheme,
        known=known,
        taken=taken,
        went=went,
        substitutions=substitutions,
        misfit=misfit_of(run.format),
        keeps=keeps,
        workers=workers,
        memory=memory,
        progress=progress,
    )
    return run.write(results, report, run.drawn(roster.table.columns), note=note)


def pass_on_to(
    out: Path, received: Received, *, to: Bestemming, **shape: Unpack[Shape]
) -> Run:
    """
    Write what another recipient may see of a received file.
    """
    run = _Release(out, to, None, shape)
    report = run.report()
    results = pass_on(
        report.reading(received.ketenids()),
        **to.asked,
        beleid=to.beleid,
        misfit=misfit_of(run.format),
    )
    return run.write(results, report, run.drawn(received.table.columns))


def release_sealed_to(
    out: Path,
    table: Parquet,
    *,
    to: Bestemming,
    ring: Sleutelbos,
    scheme: Scheme,
    progress: Callable[[int, int], object] | None = None,
    **shape: Unpack[Shape],
) -> Run:
    """
    Write what one recipient may see of a table of sealed HPgns, as Parquet.

    Raises:
        eckid.errors.ExchangeError: If it is to be another format, or in another
            order than that of the table.
    """
    run = _Release(out, to, ring, shape)
    if run.format is not Format.PARQUET:
        raise ExchangeError("format: a table of sealed HPgns is released as parquet")
    if shape.get("order") != "list":
        raise ExchangeError(
            "order: a table of sealed HPgns is released in the order of its rows, "
            "which tells that order: say list"
        )
    report = run.report(scheme=scheme.value)
    parts = release_parts(
        table, sleutelbos=ring, to=to, report=report, scheme=scheme, progress=progress
    )
    names = to.columns(table.columns)

    def draw(file: BinaryIO, going: Iterable[Part]) -> None:
        pa = load_pyarrow()
        schema = pa.schema([(name, pa.string()) for name in names])
        with pa.parquet.ParquetWriter(file, schema) as writer:
            for part in going:
                writer.write_table(part.what)

    return run.write(parts, report, draw)


class _Release:
    """
    What all releases share.
    """

    def __init__(
        self, out: Path, to: Bestemming, ring: Sleutelbos | None, shape: Shape
    ) -> None:
        self._out, self._to, self._ring, self._shape = out, to, ring, shape
        self.format = format_of(out, shape.get("format"))
        self._order = shape.get("order", "identifier")
        self._about = {
            "doel": to.doel.value,
            "ontvanger": to.ontvanger.value,
            "keten": to.keten.id,
            "sector": to.sector.value,
            # A received file's ketenIDs bear their release themselves.
            "release": "received" if ring is None else ring.releases[-1],
        }

    def report(self, **about: object) -> Report:
        to = self._to
        named = ("naam", "versie", "status", "digest")
        return new_report(
            self._ring,
            **self._about,
            **about,
            on=None if to.on is None else to.on.isoformat(),
            beleid={k: getattr(to.beleid, k) for k in named},
            scopes=sorted(to.beleid.gekozen),
            rol=to.rol,
            order=self._order,
        )

    def drawn(
        self, there: tuple[str, ...]
    ) -> Callable[[BinaryIO, Iterable[Vrijgave]], None]:
        return drawer(
            self.format,
            columns=self._to.columns(there),
            school=self._shape.get("school"),
            order=self._order,
        )

    def write(
        self,
        results: Iterable[T | Weigering],
        report: Report,
        draw: Callable[[BinaryIO, Iterable[T]], None],
        *,
        note: Callable[[], str] | None = None,
    ) -> Run:
        def receipt(rows: int) -> bytes:
            return make_receipt(
                self._to.beleid,
                on=self._to.on or date.today(),  # noqa: DTZ011  # the user's own day
                rows=rows,
                register=None if note is None else note(),
                rehearsal=str(report.about["rehearsal"]),
                **self._about,
            )

        return run_to(
            results,
            self._out,
            report,
            draw=draw,
            receipt=receipt,
            replace=self._shape.get("replace", False),
        )
