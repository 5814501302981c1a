"""
What commands that write files share: in their way, kept beside, and said after.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eckid import Scheme, Sleutelbos
from eckid.cli import inputs, show
from eckid.exchange import files_of
from eckid.exchange.results.runs import Run, check_files
from eckid.scale.journal import Journal
from eckid.scale.runs import kept_beside


@contextmanager
def writing(
    out: Path, *, ring: Sleutelbos | None, force: bool, receipt: bool = False
) -> Iterator[None]:
    """
    Say what to do where a file is in the way, before a long run and after it.
    """
    rehearsal = ring is not None and ring.rehearsal
    said = ""
    files = files_of(out, rehearsal=rehearsal)
    inputs.refuse_overwriting(files)
    try:
        check_files(files, receipt=receipt, replace=force)
        yield
    except FileExistsError as error:
        said = str(error)
    if said:
        raise FileExistsError(f"{said}; --force replaces it")


@contextmanager
def keeping(
    out: Path,
    source: Path,
    *,
    ring: Sleutelbos,
    scheme: Scheme,
    headings: Mapping[str, str],
    format: str | None,
) -> Iterator[Journal | None]:
    """
    Keep what is hashed beside *out*; nothing of what is read only once.
    """
    if str(source) == "-":
        yield None
        return
    with kept_beside(
        out,
        source,
        sleutelbos=ring,
        scheme=scheme,
        headings=headings,
        format=format,
    ) as journal:
        if journal.begun_with:
            show.warn(f"going on: {journal.begun_with} numbers were hashed before")
        yield journal


def finish(run: Run, ring: Sleutelbos | None) -> int:
    """
    Say what a run wrote, and return its exit code.
    """
    show.counts(run.report)
    show.say(f"written: {run.files.main}")
    show.say(f"  refused rows  {run.files.refused}")
    show.say(f"  report        {run.files.report}")
    if run.receipt:
        show.say(f"  receipt       {run.files.receipt}")
    if run.report.about.get("order") == "list":
        show.say("The rows stand as in the list: their order tells the list's own.")
    if ring is not None:
        say_rehearsal(ring)
    return 1 if run.report.refused else 0


def say_rehearsal(ring: Sleutelbos) -> None:
    """
    Say of a rehearsal ring that it is one.
    """
    if ring.rehearsal:
        show.say(
            "REHEARSAL: once written, these ketenIDs cannot be told from the pilot's"
        )
