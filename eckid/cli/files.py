"""
What commands that write files share: the check before, the journal, the last lines.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eckid import Scheme, Sleutelbos
from eckid._core.foreign import foreign
from eckid._core.whole import check_places
from eckid.cli import options, show
from eckid.exchange import NIETS, Bewaard, Run, files_of
from eckid.scale import kept_beside
from eckid.scale.journal import journal_of
from eckid.service import aanvragen_of


@contextmanager
def writing(
    out: Path, *, rehearsal: bool, force: bool, receipt: bool = False
) -> Iterator[None]:
    """
    Refuse files that exist or are read, before the block and after it.
    """
    files = files_of(out, rehearsal=rehearsal)
    options.refuse_overwriting([*reversed(files), journal_of(out), aanvragen_of(out)])
    written = [path for path in files if receipt or path != files.receipt]
    with placing(*written, force=force):
        yield


@contextmanager
def placing(*files: Path, force: bool) -> Iterator[None]:
    """
    Refuse files that exist or are read, before any work is done, and name --force.
    """
    options.refuse_overwriting(files)
    # A file that --force does not replace is refused first, so that it is not named.
    check_places(files, replace=True)
    with foreign(_named, FileExistsError):
        check_places(files, replace=force)
        yield


def _named(error: BaseException) -> FileExistsError:
    return FileExistsError(f"{error}; --force replaces it")


@contextmanager
def keeping(
    out: Path,
    source: Path,
    sleutelbos: Sleutelbos,
    scheme: Scheme,
    headings: Mapping[str, str],
    format: str | None,
    *,
    rehearsal: bool | None = None,
) -> Iterator[Bewaard]:
    """
    Open the journal beside *out* for the block; standard input has no journal.
    """
    if str(source) == "-":
        yield NIETS
        return
    with kept_beside(
        out,
        source,
        sleutelbos=sleutelbos,
        scheme=scheme,
        headings=headings,
        format=format,
        rehearsal=rehearsal,
    ) as journal:
        if journal.begun_with:
            show.warn(f"going on: {journal.begun_with} numbers were hashed before")
        yield journal


def finish(run: Run) -> int:
    """
    Print what a run wrote, and return its exit code.
    """
    show.counts(run.report)
    show.told(run.report)
    if run.main:
        show.say(f"written: {run.files.main}")
    else:
        show.say("no release is written: EDEXML demands a pupil, and no pupil goes")
    show.say(f"  refused rows  {run.files.refused}")
    show.say(f"  report        {run.files.report}")
    if run.receipt:
        show.say(f"  receipt       {run.files.receipt}")
    if run.report.about.get("rol") is not None:
        show.say(f"rol {run.report.about['rol']}: {run.report.about['rol_meaning']}")
    if run.report.about.get("order") == "list":
        show.say("The rows stand as in the list: their order tells the list's own.")
    if run.report.about["rehearsal"] == "REHEARSAL":
        say_rehearsal()
    return 1 if run.report.refused or not run.main else 0


def say_rehearsal() -> None:
    """
    Warn that the ring is a rehearsal ring.
    """
    show.say("REHEARSAL: once written, these ketenIDs cannot be told from the pilot's")
