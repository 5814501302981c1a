"""
The command that releases a list to one recipient.
"""

from datetime import date
from pathlib import Path
from typing import Any

import click

from eckid import (
    Attribuutbeleid,
    Doel,
    Keten,
    Ontvanger,
    Organisatie,
    PolicyError,
    Register,
    Scheme,
    Sector,
)
from eckid.cli import inputs, keeping, options, show
from eckid.cli.books import Releasing
from eckid.cli.runs import finish, writing
from eckid.cli.runs import keeping as kept
from eckid.exchange import Parquet, Received, Roster
from eckid.exchange.formats.parquet import SEALED
from eckid.scale import Bestemming, Run
from eckid.scale.releases import (
    Shape,
    pass_on_to,
    release_sealed_to,
    release_to,
)

_EXAMPLE = """
\b
Example:
  eckid release groep-6a.csv --ring school.ring --passphrase-file secret \\
    --sector po --beleid leermiddelenketen --doel gebruik --ontvanger uitgever \\
    --out uitgever.csv
"""


@click.command(epilog=_EXAMPLE)
@options.LIST
@options.RING_OR_NONE
@options.PASSPHRASE
@options.SECTOR
@options.KETEN
@options.POLICY
@options.ON
@options.FROM
@options.TO
@options.SCHEME
@keeping.SUBSTITUTIONS
@keeping.REGISTER_TO
@options.WORKERS
@options.MEMORY
@options.OUT
@options.FORCE
@options.HEADING
def release(
    source: Path,
    ring: Path | None,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    sector: Sector,
    keten: Keten,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None,
    scopes: tuple[str, ...],
    on: date,
    from_: str | None,
    format_: str | None,
    order: str,
    schooljaar: str | None,
    brin: str | None,
    scheme: Scheme,
    substitutions: Path | None,
    register: Path | None,
    administratie: str,
    organisatie: Organisatie | None,
    recheck: bool,
    workers: int | None,
    memory: int | None,
    out: Path,
    force: bool,
    headings: dict[str, str],
) -> int:
    """
    Write what one recipient may see of the class list LIST.

    Hashes (a second or two a pupil), derives, filters; writes the release, a
    receipt that may travel with it, and for the school the refused rows (no
    values) and a report in numbers. LIST may be - for standard input.

    With --register it hashes only whom the register does not know, and notes
    there what went to whom. Without one a journal stands beside the release
    until that is whole, sealed: interrupted, the same command goes on.

    Of a Parquet table with sealed HPgns ("eckid hash") it writes Parquet, of any
    size, in the order of the rows. Of a file with ketenIDs, which a recipient
    got, it writes what another recipient may see; that needs no ring.
    """
    table = options.table_of(source, headings, from_)
    keys = None
    if ring is not None:
        keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    elif "eckid" not in table.columns:
        raise click.UsageError("--ring: a class list needs one")
    to = Bestemming(
        keten=keten,
        sector=sector,
        beleid=beleid.scoped(*scopes),
        doel=doel,
        ontvanger=ontvanger,
        rol=rol,
        on=on,
    )
    shape: Shape = {
        "format": format_,
        "school": options.school_of(table, schooljaar, brin),
        "order": order,
        "replace": force,
    }
    sealed = isinstance(table, Parquet) and SEALED in table.columns
    if (keys is None or sealed) and (substitutions is not None or register is not None):
        raise click.UsageError(
            "--substitutions, --register: only a list of numbers has numbers"
        )
    with writing(out, ring=keys, force=force, receipt=True):
        if not to.columns(("ander_id",)):
            raise PolicyError(
                "beleid: releases nothing to this ontvanger, doel, rol and scope"
            )
        if keys is None:
            return finish(pass_on_to(out, Received(table), to=to, **shape), None)
        if isinstance(table, Parquet) and sealed:
            with show.progress("releasing", 2 * len(table)) as progress:
                run = release_sealed_to(
                    out,
                    table,
                    to=to,
                    ring=keys,
                    scheme=scheme,
                    progress=lambda done, _: progress(done),
                    **shape,
                )
            return finish(run, keys)
        roster = Roster(table)
        how: dict[str, Any] = {
            "to": to,
            "ring": keys,
            "scheme": scheme,
            "substitutions": inputs.substitutions_of(substitutions, keys),
            "workers": workers,
            "memory": memory,
            **shape,
        }
        if register is None:
            with kept(
                out, source, ring=keys, scheme=scheme, headings=headings, format=from_
            ) as keeps:
                run = _release(out, roster, keeps=keeps, **how)
            return finish(run, keys)
        if organisatie is None:
            raise click.UsageError("--organisatie: a register notes to whom it went")
        with Register.open(register, sleutelbos=keys) as opened:
            book = Releasing(
                opened,
                administratie=administratie,
                recheck=recheck,
                organisatie=organisatie,
                to=to,
            )
            with book.noting():
                run = _release(out, roster, **book.hooks(), **how)
            head = opened.head()
    code = finish(run, keys)
    book.say()
    show.head(head)
    return code


def _release(out: Path, roster: Roster, **how: Any) -> Run:  # noqa: ANN401  # as release_to takes it
    with show.progress(f"for {how['to'].ontvanger.value}", len(roster)) as progress:
        return release_to(out, roster, progress=progress, **how)
