"""
The runs that write files: what commands and the demo share.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

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
    __version__,
)
from eckid.cli import show
from eckid.exchange import (
    Files,
    Report,
    Rij,
    Roster,
    Table,
    Weigering,
    derive_list,
    files_of,
    hash_list,
    release_list,
    write_results,
)
from eckid.exchange.files import release_cells
from eckid.exchange.release import SEALED

T = TypeVar("T")


class Run(NamedTuple):
    """
    What a run wrote, and its count.
    """

    files: Files
    report: Report


def _run(
    results: Iterable[T | Weigering],
    out: Path,
    report: Report,
    *,
    columns: Sequence[str],
    cells: Callable[[T], Sequence[str]],
    replace: bool,
) -> Run:
    files = files_of(out, rehearsal=report.about["rehearsal"] == "REHEARSAL")
    try:
        write_results(
            results, files, columns=columns, cells=cells, report=report, replace=replace
        )
    except FileExistsError as error:
        raise FileExistsError(f"{error}; --force replaces it") from None
    return Run(files, report)


def _report(ring: Sleutelbos, **about: object) -> Report:
    return Report(
        {
            "eckid": __version__,
            "date": date.today().isoformat(),  # noqa: DTZ011  # the user's own day
            "rehearsal": "REHEARSAL" if ring.rehearsal else "no",
            "namespace": ring.namespace,
            **about,
        }
    )


def release_to(
    out: Path,
    roster: Roster,
    *,
    ring: Sleutelbos,
    keten: Keten,
    sector: Sector,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    scheme: Scheme,
    rol: str | None = None,
    workers: int | None = None,
    known: Callable[[Rij], Stampseudoniem | None] | None = None,
    replace: bool = False,
) -> Run:
    """
    Write what one recipient may see of a list, the refusals and the report.
    """
    report = _report(
        ring,
        release=ring.releases[-1],
        keten=keten.id,
        sector=sector.value,
        scheme=scheme.value,
        beleid={k: getattr(beleid, k) for k in ("naam", "versie", "status")},
        doel=doel.value,
        ontvanger=ontvanger.value,
        rol=rol,
    )
    # Everyone of a list gets a ketenID, so no other identifier has a column.
    columns = [
        name
        for name in beleid.columns(doel=doel, ontvanger=ontvanger, rol=rol)
        if CATALOGUE[name].kenmerk not in {Kenmerk.ANDER_ID, Kenmerk.ANDER_ID_REDEN}
    ]
    with show.progress(f"for {ontvanger.value}", len(roster)) as progress:
        results = release_list(
            report.reading(roster),
            sleutelbos=ring,
            keten=keten,
            sector=sector,
            beleid=beleid,
            doel=doel,
            ontvanger=ontvanger,
            rol=rol,
            scheme=scheme,
            known=known,
            workers=workers,
            progress=progress,
        )
        return _run(
            results,
            out,
            report,
            columns=columns,
            cells=partial(release_cells, columns=columns),
            replace=replace,
        )


def hash_to(
    out: Path,
    roster: Roster,
    *,
    ring: Sleutelbos,
    scheme: Scheme,
    workers: int | None,
    replace: bool,
) -> Run:
    """
    Write person key and sealed HPgn for each of a list.
    """
    report = _report(ring, scheme=scheme.value)
    with show.progress("hashing", len(roster)) as progress:
        results = hash_list(
            report.reading(roster),
            sleutelbos=ring,
            scheme=scheme,
            workers=workers,
            progress=progress,
        )
        return _run(
            results,
            out,
            report,
            columns=("key", SEALED),
            cells=lambda made: (made.key, made.sealed.hex()),
            replace=replace,
        )


def derive_to(
    out: Path,
    table: Table,
    *,
    ring: Sleutelbos,
    keten: Keten,
    sector: Sector,
    release: str | None,
    replace: bool,
) -> Run:
    """
    Write person key and ketenID for each of a list of sealed HPgns.
    """
    report = _report(
        ring,
        release=release or ring.releases[-1],
        keten=keten.id,
        sector=sector.value,
    )
    results = derive_list(
        report.reading(table),
        columns=table.columns,
        sleutelbos=ring,
        keten=keten,
        sector=sector,
        release=release,
    )
    return _run(
        results,
        out,
        report,
        columns=("key", "eckid"),
        cells=lambda made: (made.key, made.ketenid.uri),
        replace=replace,
    )
