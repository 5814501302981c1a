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
from eckid.cli.releases import Asked, pass_on_to, release_to
from eckid.cli.runs import finish
from eckid.exchange import Received, Roster, files_of

_EXAMPLE = """
\b
Example:
  eckid release groep-6a.csv --ring school.ring --passphrase-file secret \\
    --sector po --beleid edu-k --doel gebruik --ontvanger uitgever \\
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
    to: str | None,
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
    there what went to whom.

    Of a file with ketenIDs, which a recipient got, it writes what another
    recipient may see; that needs no ring.
    """
    table = options.table_of(source, headings, from_)
    keys = None
    if ring is not None:
        keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    elif "eckid" not in table.columns:
        raise click.UsageError("--ring: a class list needs one")
    rehearsal = keys is not None and keys.rehearsal
    inputs.refuse_overwriting(files_of(out, rehearsal=rehearsal))
    asked: Asked = {
        "beleid": beleid.scoped(*scopes),
        "doel": doel,
        "ontvanger": ontvanger,
        "rol": rol,
        "on": on,
    }
    if not beleid.scoped(*scopes).columns(
        doel=doel, ontvanger=ontvanger, rol=rol, on=on
    ):
        raise PolicyError(
            "beleid: releases nothing to this ontvanger, doel, rol and scope"
        )
    school = options.school_of(table, schooljaar, brin)
    if keys is None:
        if substitutions is not None or register is not None:
            raise click.UsageError(
                "--substitutions, --register: a received file has no numbers"
            )
        run = pass_on_to(
            out,
            Received(table),
            asked=asked,
            keten=keten,
            sector=sector,
            to=to,
            school=school,
            order=order,
            replace=force,
        )
        return finish(run, None)
    how: dict[str, Any] = {
        "asked": asked,
        "ring": keys,
        "keten": keten,
        "sector": sector,
        "scheme": scheme,
        "substitutions": inputs.substitutions_of(substitutions, keys),
        "to": to,
        "school": school,
        "order": order,
        "workers": workers,
        "replace": force,
    }
    if register is None:
        return finish(release_to(out, Roster(table), **how), keys)
    if organisatie is None:
        raise click.UsageError("--organisatie: a register notes to whom it went")
    with Register.open(register, sleutelbos=keys) as opened:
        book = Releasing(
            opened,
            administratie=administratie,
            on=on,
            recheck=recheck,
            keten=keten,
            sector=sector,
            organisatie=organisatie,
            beleid=asked["beleid"],
            doel=doel,
        )
        with book.noting():
            run = release_to(out, Roster(table), book=book, **how)
        head = opened.head()
    code = finish(run, keys)
    book.say()
    show.head(head)
    return code
