"""
eckid hash: numbers once, sealed.
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
    hasher: Any,  # noqa: ANN401  # what makes one
    out: Path,
    force: bool,
    headings: dict[str, str],
    from_: str | None,
) -> int:
    """
    Hash the numbers of LIST once; keep each HPgn sealed under its person key.

    The result has the administration's own key (LAS-key or leerlingnummer) and
    the sealed HPgn, which only the same ring opens, for the same key.

    A list of any size, as CSV or Parquet: beside the result it keeps a journal,
    sealed, until the result stands. Interrupted, the same command goes on.
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
