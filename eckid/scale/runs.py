"""
Runs over lists of any size, that go on where they were.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eckid._core.values import expect
from eckid._core.whole import sweep
from eckid.exchange.formats.parquet import SEALED, Parquet
from eckid.exchange.formats.source import look
from eckid.exchange.lists.roster import Roster
from eckid.exchange.results.files import files_of
from eckid.exchange.results.runs import Run, check_files
from eckid.keys import Sleutelbos
from eckid.scale.bestemming import Bestemming
from eckid.scale.journal import Journal, journal_at, journal_of, mark_of
from eckid.scale.lists import hash_to
from eckid.scale.releases import Shape, release_sealed_to, release_to
from eckid.scheme import NUMMERVOORZIENING, Scheme


def run(
    source: str | Path,
    out: str | Path,
    *,
    sleutelbos: Sleutelbos,
    to: Bestemming | None = None,
    scheme: Scheme = NUMMERVOORZIENING,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
    shape: Shape | None = None,
    workers: int | None = None,
    memory: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Run:
    """
    Hash a list, or release it; killed and called again, it goes on.

    Beside the output a journal keeps the HPgns, sealed, until the output stands. A
    table of sealed HPgns has nothing to hash, and needs none.

    Args:
        source: The list: CSV or Parquet of any size, EDEXML, Edu-V; or a Parquet
            table of sealed HPgns.

        out: The file to write; ``.parquet``, or the formats of `write`.

        sleutelbos: The ring.

        to: Where it goes; None only hashes, and seals.

        scheme: As for `hash_pgn`.

        headings: Headings of one's own, each with the attribute it is.

        format: What the list is read as; None goes by its name.

        shape: Of a release: its format, school, order and whether it may replace
            files. The rows keep the list's order, which tells it, unless the order
            is ``identifier``; that holds all of them.

        workers: As for `Hasher`.

        memory: As for `Hasher`.

        progress: Called with how much was done, and how much there is.

    Returns:
        The files, and the count.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        eckid.errors.ExchangeError: If the list is none, or a journal stands there
            that is of another.
    """
    expect("to", to, Bestemming, type(None))
    path, target = Path(source), Path(out)
    like: Shape = {"order": "list", **(shape or {})}
    replace = like.get("replace", False)
    rehearsal = expect("sleutelbos", sleutelbos, Sleutelbos).rehearsal
    files = files_of(target, rehearsal=rehearsal)
    check_files(files, receipt=to is not None, replace=replace)
    table = look(path, headings=headings, format=format)
    if to is not None and isinstance(table, Parquet) and SEALED in table.columns:
        return release_sealed_to(
            target,
            table,
            to=to,
            ring=sleutelbos,
            scheme=scheme,
            progress=progress,
            **like,
        )
    roster = Roster(table)
    tell = None if progress is None else lambda done: progress(done, len(roster))
    with kept_beside(
        target,
        path,
        sleutelbos=sleutelbos,
        scheme=scheme,
        headings=headings,
        format=format,
    ) as keeps:
        if to is None:
            return hash_to(
                target,
                roster,
                ring=sleutelbos,
                scheme=scheme,
                keeps=keeps,
                workers=workers,
                memory=memory,
                progress=tell,
                replace=replace,
            )
        return release_to(
            target,
            roster,
            to=to,
            ring=sleutelbos,
            scheme=scheme,
            keeps=keeps,
            workers=workers,
            memory=memory,
            progress=tell,
            **like,
        )


@contextmanager
def kept_beside(
    out: Path,
    source: Path,
    *,
    sleutelbos: Sleutelbos,
    scheme: Scheme,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Iterator[Journal]:
    """
    Keep the journal of the run that makes *out* of *source*.

    Where one was killed, what it left beside is taken away: it has the journal no
    more, and so is gone.
    """
    mark = mark_of(
        source, sleutelbos=sleutelbos, scheme=scheme, headings=headings, format=format
    )
    with journal_at(journal_of(out), mark=mark, sleutelbos=sleutelbos) as journal:
        if journal.stood:
            sweep(*files_of(out, rehearsal=sleutelbos.rehearsal))
        yield journal
