"""
eckid hash: hash numbers once, and keep them sealed.
"""

from pathlib import Path
from typing import Any

import click

from eckid import Sleutelbos
from eckid.cli import options, show
from eckid.cli.files import finish, keeping, writing
from eckid.exchange import Roster, hash_to


@click.command("hash")
@options.LIST
@options.RING
@options.HASHER
@options.OUT
@options.FORCE
@options.HEADING
@options.FROM
def hash_(
    source: Path,
    sleutelbos: Sleutelbos,
    hasher: Any,  # noqa: ANN401  # makes a Hasher, given the salt
    out: Path,
    force: bool,
    headings: dict[str, str],
    from_: str | None,
) -> int:
    """
    Hash the numbers of LIST once, and keep each HPgn sealed by its person key.

    LIST is a class list of any size; - is standard input. The result has the
    administration's key (LAS-key or leerlingnummer) and the sealed HPgn, which
    opens only with the same ring and the same key. Beside it come the refused
    rows, and a report.

    Until the result is written, a sealed journal stands beside it. If the run is
    interrupted, give the same command again: it resumes.

    Next, "eckid derive" makes ketenIDs from the result. "eckid release" does too,
    if the result is Parquet and has attributes added to it.
    """
    with (
        writing(out, rehearsal=sleutelbos.rehearsal, force=force),
        hasher(salt=sleutelbos.salt) as made,
    ):
        roster = Roster(options.table_of(source, headings, from_))
        with (
            keeping(out, source, sleutelbos, made.scheme, headings, from_) as journal,
            show.progress("hashing", len(roster)) as progress,
        ):
            run = hash_to(
                out,
                roster,
                sleutelbos=sleutelbos,
                hasher=made,
                bewaard=journal,
                progress=progress,
                replace=force,
            )
    return finish(run)
