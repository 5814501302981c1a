"""
The runs that release: of a class list, and of a file that was received.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Final, TypedDict

from eckid import (
    CATALOGUE,
    Attribuutbeleid,
    Doel,
    Kenmerk,
    Keten,
    Ontvanger,
    Scheme,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitutions,
    Vrijgave,
)
from eckid.cli import show
from eckid.cli.books import Releasing
from eckid.cli.runs import Run, new_report, run_to
from eckid.exchange import (
    Received,
    Report,
    Rij,
    Roster,
    School,
    Weigering,
    drawer,
    format_of,
    make_receipt,
    misfit_of,
    pass_on,
    release_list,
)


class Asked(TypedDict):
    """
    What a release is asked for.
    """

    beleid: Attribuutbeleid
    doel: Doel
    ontvanger: Ontvanger
    rol: str | None
    on: date


def release_to(
    out: Path,
    roster: Roster,
    *,
    asked: Asked,
    ring: Sleutelbos,
    keten: Keten,
    sector: Sector,
    scheme: Scheme,
    to: str | None = None,
    school: School | None = None,
    order: str = "identifier",
    workers: int | None = None,
    known: Callable[[Rij], Stampseudoniem | None] | None = None,
    book: Releasing | None = None,
    substitutions: Substitutions | None = None,
    replace: bool = False,
) -> Run:
    """
    Write what one recipient may see of a list, the refusals and the report.
    """
    run = _Release(out, asked, keten, sector, ring, to=to, school=school, order=order)
    report = run.report(scheme=scheme.value)
    with show.progress(f"for {asked['ontvanger'].value}", len(roster)) as progress:
        results = release_list(
            report.reading(roster),
            **asked,
            sleutelbos=ring,
            keten=keten,
            sector=sector,
            scheme=scheme,
            known=known if book is None else book.known,
            taken=None if book is None else book.taken,
            went=None if book is None else book.went,
            substitutions=substitutions,
            misfit=misfit_of(run.format),
            workers=workers,
            progress=progress,
        )
        return run.write(
            results,
            report,
            roster.table.columns,
            note=None if book is None else book.note,
            replace=replace,
        )


def pass_on_to(
    out: Path,
    received: Received,
    *,
    asked: Asked,
    keten: Keten,
    sector: Sector,
    to: str | None = None,
    school: School | None = None,
    order: str = "identifier",
    replace: bool = False,
) -> Run:
    """
    Write what another recipient may see of a received file.
    """
    run = _Release(out, asked, keten, sector, None, to=to, school=school, order=order)
    report = run.report()
    results = pass_on(
        report.reading(received.ketenids()), **asked, misfit=misfit_of(run.format)
    )
    return run.write(results, report, received.table.columns, replace=replace)


class _Release:
    """
    What releases of a list and of a received file share.
    """

    def __init__(
        self,
        out: Path,
        asked: Asked,
        keten: Keten,
        sector: Sector,
        ring: Sleutelbos | None,
        *,
        to: str | None,
        school: School | None,
        order: str,
    ) -> None:
        self._out, self._asked, self._ring = out, asked, ring
        self._school, self._order = school, order
        self.format = format_of(out, to)
        self._about = {
            "doel": asked["doel"].value,
            "ontvanger": asked["ontvanger"].value,
            "keten": keten.id,
            "sector": sector.value,
            # A received file's ketenIDs bear their release themselves.
            "release": "received" if ring is None else ring.releases[-1],
        }

    def report(self, **about: object) -> Report:
        beleid = self._asked["beleid"]
        named = ("naam", "versie", "status", "digest")
        return new_report(
            self._ring,
            **self._about,
            **about,
            on=self._asked["on"].isoformat(),
            beleid={k: getattr(beleid, k) for k in named},
            scopes=sorted(beleid.gekozen),
            rol=self._asked["rol"],
            order=self._order,
        )

    def write(
        self,
        results: Iterable[Vrijgave | Weigering],
        report: Report,
        there: tuple[str, ...],
        *,
        note: Callable[[], str] | None = None,
        replace: bool,
    ) -> Run:
        asked = self._asked
        rehearsal = str(report.about["rehearsal"])
        return run_to(
            results,
            self._out,
            report,
            draw=drawer(
                self.format,
                columns=_columns(there, asked),
                school=self._school,
                order=self._order,
            ),
            receipt=lambda rows: make_receipt(
                asked["beleid"],
                on=asked["on"],
                rows=rows,
                register=None if note is None else note(),
                rehearsal=rehearsal,
                **self._about,
            ),
            replace=replace,
        )


def _columns(there: tuple[str, ...], asked: Asked) -> list[str]:
    """
    Return the columns of the released file: not who is in it decides on them.

    Where the list has nobody without a ketenID, no other identifier has one.
    """
    going = asked["beleid"].going(
        doel=asked["doel"],
        ontvanger=asked["ontvanger"],
        rol=asked["rol"],
        on=asked["on"],
    )
    return [
        regel.naam
        for regel in going
        if CATALOGUE[regel.attribuut].kenmerk not in _STANDS_IN
        or ("ander_id" in there and regel.attribuut in there)
    ]


_STANDS_IN: Final = (Kenmerk.ANDER_ID, Kenmerk.ANDER_ID_REDEN)
