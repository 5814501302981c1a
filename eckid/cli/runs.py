"""
The runs that write files: what commands and the demo share.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, TypedDict, TypeVar

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
    School,
    Source,
    Weigering,
    as_csv,
    derive_list,
    drawer,
    files_of,
    format_of,
    hash_list,
    make_receipt,
    misfit_of,
    release_list,
    write_results,
)
from eckid.exchange.release import SEALED

T = TypeVar("T")


class Run(NamedTuple):
    """
    What a run wrote, and its count.
    """

    files: Files
    report: Report
    receipt: bool


def _run(
    results: Iterable[T | Weigering],
    out: Path,
    report: Report,
    *,
    draw: Callable[[BinaryIO, Iterable[T]], None],
    receipt: Callable[[int], bytes] | None = None,
    replace: bool,
) -> Run:
    files = files_of(out, rehearsal=report.about["rehearsal"] == "REHEARSAL")
    try:
        write_results(
            results,
            files,
            draw=draw,
            report=report,
            receipt=receipt,
            replace=replace,
        )
    except FileExistsError as error:
        raise FileExistsError(f"{error}; --force replaces it") from None
    return Run(files, report, receipt is not None)


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
    replace: bool = False,
) -> Run:
    """
    Write what one recipient may see of a list, the refusals and the report.
    """
    form = format_of(out, to)
    beleid, doel, ontvanger = asked["beleid"], asked["doel"], asked["ontvanger"]
    about = {
        "doel": doel.value,
        "ontvanger": ontvanger.value,
        "keten": keten.id,
        "sector": sector.value,
        "release": ring.releases[-1],
    }
    report = _report(
        ring,
        **about,
        on=asked["on"].isoformat(),
        scheme=scheme.value,
        beleid={k: getattr(beleid, k) for k in ("naam", "versie", "status", "digest")},
        scopes=sorted(beleid.gekozen),
        rol=asked["rol"],
        order=order,
    )
    with show.progress(f"for {ontvanger.value}", len(roster)) as progress:
        results = release_list(
            report.reading(roster),
            **asked,
            sleutelbos=ring,
            keten=keten,
            sector=sector,
            scheme=scheme,
            known=known,
            misfit=misfit_of(form),
            workers=workers,
            progress=progress,
        )
        return _run(
            results,
            out,
            report,
            draw=drawer(
                form, columns=_columns(roster, asked), school=school, order=order
            ),
            receipt=lambda rows: make_receipt(
                beleid,
                on=asked["on"],
                rows=rows,
                rehearsal="REHEARSAL" if ring.rehearsal else "no",
                **about,
            ),
            replace=replace,
        )


def _columns(roster: Roster, asked: Asked) -> list[str]:
    """
    Return the columns of the released file: not who is in it decides on them.

    Where the list has nobody without a ketenID, no other identifier has one.
    """
    there = roster.table.columns
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
            draw=as_csv(("key", SEALED), lambda made: (made.key, made.sealed.hex())),
            replace=replace,
        )


def derive_to(
    out: Path,
    table: Source,
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
        draw=as_csv(("key", "eckid"), lambda made: (made.key, made.ketenid.uri)),
        replace=replace,
    )
