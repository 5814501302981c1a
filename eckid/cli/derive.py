"""
eckid derive: derive ketenIDs from a file of sealed HPgns.
"""

from datetime import date
from pathlib import Path

import click

from eckid import Hasher, Keten, Sector, Sleutelbos
from eckid.cli import options, service_options, whom
from eckid.cli.files import finish, writing
from eckid.exchange import Herkenning, derive_to
from eckid.service import aanvragen_of


@click.command()
@options.LIST
@options.RING
@whom.SECTOR
@whom.KETEN
@click.option(
    "--release", metavar="NAME", help="The release of the ring; by default the newest."
)
@service_options.DIENST_OR_NONE
@whom.SUBSTITUTIONS
@options.ON
@options.OUT
@options.FORCE
def derive(
    source: Path,
    sleutelbos: Sleutelbos,
    sector: Sector,
    keten: Keten,
    release: str | None,
    dienst: service_options.Dienst | None,
    substitutions: Path | None,
    on: date,
    out: Path,
    force: bool,
) -> int:
    """
    Derive ketenIDs from LIST, a file that "eckid hash" wrote. No number is needed.

    It writes a file with the person key and the ketenID of each row; beside it the
    refused rows, and a report. The file stays with the school: "eckid release"
    writes what a recipient may see. With --service the national service makes the
    ketenIDs.
    """
    if dienst is not None and release is not None:
        raise click.UsageError("--release: a service has one; see --service-release")
    rehearsal = sleutelbos.rehearsal if dienst is None else dienst.rehearsal
    with (
        writing(out, rehearsal=rehearsal, force=force),
        service_options.source(
            *(dienst, sleutelbos, keten, sector),
            journal=aanvragen_of(out),
            release=release,
        ) as bron,
    ):
        table = options.table_of(source)
        who = Herkenning(
            bron=bron,
            hasher=Hasher(salt=sleutelbos.salt),
            substitutions=whom.substitutions_of(substitutions, sleutelbos),
        )
        run = derive_to(
            out, table, who=who, sleutelbos=sleutelbos, on=on, replace=force
        )
    return finish(run)
