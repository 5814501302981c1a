"""
Runs over lists of any size, that go on where they were.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eckid._core.values import expect
from eckid._core.whole import sweep
from eckid.exchange.formats.parquet import SEALED, Parquet
from eckid.exchange.formats.source import look
from eckid.exchange.lists.bewaard import NIETS
from eckid.exchange.lists.bron import Ringbron
from eckid.exchange.lists.roster import Roster
from eckid.exchange.lists.who import Herkenning
from eckid.exchange.results.files import files_of
from eckid.exchange.results.lists import hash_to
from eckid.exchange.results.release import Shape, release_to
from eckid.exchange.results.runs import Run, check_files
from eckid.keys import Sleutelbos
from eckid.policy import Bestemming
from eckid.scale.journal import Journal, journal_at, journal_of, mark_of
from eckid.scale.releases import release_sealed_to
from eckid.scheme import Scheme


def run(
    source: str | Path,
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
    Hash a list, or release it; killed and called again, it goes on.

    Beside the output a journal keeps the HPgns, sealed, until the output stands. A
    table of sealed HPgns has nothing to hash, and needs none.

    Args:
        source: The list: CSV or Parquet of any size, EDEXML, Edu-V; or a Parquet
            table of sealed HPgns.

        out: The file to write; ``.parquet``, or the formats of `write`.

        who: Who the persons are, by a ring; the journal is its keeper, so that it
            has no other.

        to: Where it goes; None only hashes, and seals.

        headings: Headings of one's own, each with the attribute it is.

        format: What the list is read as; None goes by its name.

        shape: What the file of a release is to look like; None keeps the list's
            order, which tells it.

        progress: Called with how much was done, and how much there is.

    Returns:
        The files, and the count.

    Raises:
        FileExistsError: If a file stands there and may not be replaced.
        ValueError: If *who* has a keeper.
        eckid.errors.ExchangeError: If the list is none, or a journal stands there
            that is of another.
    """
    expect("to", to, Bestemming, type(None))
    if expect("who", who, Herkenning).bewaard is not NIETS:
        raise ValueError("who: expected no keeper beside the journal, got one")
    sleutelbos = expect("bron", who.bron, Ringbron).sleutelbos
    path, target = Path(source), Path(out)
    shape = Shape(order="list") if shape is None else expect("shape", shape, Shape)
    files = files_of(target, rehearsal=sleutelbos.rehearsal)
    check_files(files, receipt=to is not None, replace=shape.replace)
    table = look(path, headings=headings, format=format)
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
