"""
Runs over lists of any size, which resume where they were stopped.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eckid._core.values import a_path, expect
from eckid._core.whole import sweep
from eckid.exchange.formats.parquet import SEALED, Parquet
from eckid.exchange.formats.source import SOURCES, Source, look
from eckid.exchange.lists.bewaard import NIETS
from eckid.exchange.lists.roster import Roster
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.results.files import check_apart, files_of
from eckid.exchange.results.lists import hash_to
from eckid.exchange.results.release import Shape, release_to
from eckid.exchange.results.runs import Run, check_files
from eckid.keys import Sleutelbos
from eckid.policy import Bestemming
from eckid.scale.journal import Journal, journal_at, journal_of, mark_of
from eckid.scale.releases import release_sealed_to
from eckid.scheme import Scheme


def run(
    source: str | Path | Source,
    out: str | Path,
    *,
    who: Herkenning,
    to: Bestemming | None = None,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
    shape: Shape | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Run:
    """
    Release a list, or only hash it. If it is stopped, call it again and it resumes.

    A journal beside the output keeps the HPgns, sealed, and is deleted once the output
    exists. A table of sealed HPgns has nothing to hash, and needs no journal.

    Args:
        source: The list: CSV or Parquet of any size, Excel, EDEXML, Edu-V; or a
            Parquet table of sealed HPgns. Open it with `look` to name its sheet or
            the order of its days.

        out: The file to write. Refused rows, a report and, for a release, a receipt
            are written beside it.

        who: Makes the ketenIDs, with a `Ringbron`, or a `Dienstbron` with a journal of
            batches, whose ring then seals. It must have no keeper: the journal becomes
            its keeper.

        to: The recipient and the doel, under one policy: `Attribuutbeleid.voor`. None
            only hashes, and writes sealed HPgns by person key.

        headings: Your own headings, each with the name of its attribute; None where
            the list is opened.

        format: The format of the list; None chooses by its extension, or is opened.

        shape: The format and the order of a release; None chooses the format by the
            extension of *out*, and keeps the order of the list, which reveals it.

        progress: Called with how much was done, and how much there is.

    Returns:
        The paths of the files, and the report.

    Raises:
        FileExistsError: If a file exists; `Shape.replace` allows replacing it.
        ValueError: If *who* has a keeper, or *source* was opened from a stream, or is
            opened and comes with *headings* or *format*.
        eckid.errors.ExchangeError: If the file is not a list or is one of those to
            write, or the journal beside *out* is of another list, ring or scheme, or in
            use by another run.
        OSError: If a file cannot be read, or the disk refuses.
    """
    expect("to", to, Bestemming, type(None))
    if expect("who", who, Herkenning).bewaard is not NIETS:
        raise ValueError("who: expected no keeper beside the journal, got one")
    # A service has that of its journal, where it has one.
    sleutelbos = expect("ring", getattr(who.bron, "sleutelbos", None), Sleutelbos)
    rehearsal = (sleutelbos if to is None else who.bron).rehearsal
    path, target = _path_of(source, headings, format), Path(a_path("out", out))
    shape = Shape(order="list") if shape is None else expect("shape", shape, Shape)
    files = files_of(target, rehearsal=rehearsal)
    check_apart([*reversed(files), journal_of(target)], [path])
    check_files(files, receipt=to is not None, replace=shape.replace)
    table = (
        source
        if isinstance(source, SOURCES)
        else look(path, headings=headings, format=format)
    )
    if to is not None and isinstance(table, Parquet) and SEALED in table.columns:
        return release_sealed_to(
            target, table, who=who, to=to, shape=shape, progress=progress
        )
    roster = Roster(table)
    tell = None if progress is None else lambda done: progress(done, len(roster))
    with kept_beside(
        target,
        path,
        sleutelbos=sleutelbos,
        scheme=who.hasher.scheme,
        headings=headings,
        format=format,
        rehearsal=rehearsal,
    ) as journal:
        if to is None:
            return hash_to(
                target,
                roster,
                sleutelbos=sleutelbos,
                hasher=who.hasher,
                bewaard=journal,
                progress=tell,
                replace=shape.replace,
            )
        kept = replace(who, bewaard=journal)
        return release_to(target, roster, who=kept, to=to, shape=shape, progress=tell)


def _path_of(source: str | Path | Source, *read: object) -> Path:
    """
    Return the file of a list, opened or not; *read* is how to open it.
    """
    if not isinstance(source, SOURCES):
        return Path(a_path("source", source))
    path = getattr(source, "path", None)
    if path is None:
        raise ValueError("source: expected a file, got a stream: write it to a file")
    if any(each is not None for each in read):
        raise ValueError("headings, format: expected none, for the list is opened")
    return expect("path", path, Path)


@contextmanager
def kept_beside(
    out: Path,
    source: Path,
    *,
    sleutelbos: Sleutelbos,
    scheme: Scheme,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
    rehearsal: bool | None = None,
) -> Iterator[Journal]:
    """
    Open the journal of the run that makes *out* from *source*, for the block.

    The journal is deleted if the block ends well, else kept. Only one run can have it
    open, so half-written files of an earlier run are removed.

    Args:
        out: The file that the run writes.

        source: The list that the run reads.

        sleutelbos: The ring that seals the HPgns.

        scheme: How the numbers are hashed.

        headings: Your own headings, each with the name of its attribute.

        format: The format of the list; None chooses by its extension.

        rehearsal: Whether the names of the files have REHEARSAL in them; None asks the
            ring.

    Returns:
        A context manager that gives the journal: the keeper for a `Herkenning`.

    Raises:
        eckid.errors.ExchangeError: If the journal is of another list, ring or scheme,
            is in use by another run, or is a file that is read.
    """
    expect("out", out, Path)
    expect("source", source, Path)
    check_apart([journal_of(out)], [source])
    mark = mark_of(
        source, sleutelbos=sleutelbos, scheme=scheme, headings=headings, format=format
    )
    with journal_at(journal_of(out), mark=mark, sleutelbos=sleutelbos) as journal:
        if journal.stood:
            rehearsal = sleutelbos.rehearsal if rehearsal is None else rehearsal
            sweep(*files_of(out, rehearsal=rehearsal))
        yield journal
