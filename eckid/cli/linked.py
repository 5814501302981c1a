"""
The commands around links: their key, verifying, and the revocation list.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click

from eckid import (
    Doel,
    ExchangeError,
    Keten,
    Organisatie,
    PublicKey,
    RevocationList,
)
from eckid._whole import whole
from eckid.cli import inputs, keeping, options, show
from eckid.exchange import (
    Report,
    Weigering,
    read_jtis,
    read_keys,
    verify_list,
    write_keys,
)

_SHOWN: Final = 50


@click.command()
@options.RING
@options.PASSPHRASE
@click.option(
    "--houder", required=True, metavar="OIN", help="Whose key it is: the board."
)
@keeping.a_day("--vanaf", "The first day on which it signs.")
@keeping.a_day("--tot", "The last day on which it signs.", required=False)
def key(
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    houder: str,
    vanaf: date,
    tot: date | None,
) -> int:
    """
    Print the ring's public key, for who is to verify.

    Hand it over another way than the links: who can change both, forges.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    show.say(write_keys(PublicKey(keys.public_key, houder, vanaf, tot)))
    return 0


@click.command()
@options.LIST
@click.option(
    "--keys",
    "keys_file",
    required=True,
    type=options.PATH,
    help='The public keys that you trust, as "eckid link key" prints them.',
)
@click.option(
    "--revocations",
    "list_file",
    required=True,
    type=options.PATH,
    help="The board's last revocation list for you.",
)
@click.option(
    "--last-seen",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The highest number of a list that you saw; an older list is refused.",
)
@keeping.ORGANISATIE
@keeping.DOEL
@options.KETEN
@options.ON
@keeping.NAMESPACE
def verify(
    source: Path,
    keys_file: Path,
    list_file: Path,
    last_seen: int,
    organisatie: Organisatie,
    doel: Doel,
    keten: Keten,
    on: date,
    namespace: str | None,
) -> int:
    """
    Verify the links of LIST, and say of each that does not hold why.

    LIST has a column link. Where two of the columns po, vo and mbo stand beside
    it, it is also said whether the link is of just those two.
    """
    keys = read_keys(keys_file)
    revocations = RevocationList.verify(
        list_file.read_text("ascii", "replace").strip(),
        organisatie=organisatie,
        on=on,
        keys=keys,
        last_seen=last_seen,
    )
    results = verify_list(
        options.table_of(source, {}),
        keten=keten,
        organisatie=organisatie,
        doel=doel,
        on=on,
        keys=keys,
        revocations=revocations,
        namespace=namespace,
    )
    report = Report({})
    shown: list[Weigering] = []
    for row in report.writing(report.reading(results)):
        if isinstance(row, Weigering) and len(shown) < _SHOWN:
            shown.append(row)
    show.say(
        f"revocation list {revocations.number}, until {revocations.next_update}: "
        f"keep {revocations.number} for --last-seen"
    )
    refused = report.refused.total()
    if refused:
        show.refusals(shown, more=refused - len(shown))
    show.counts(report)
    return 1 if refused else 0


@click.command()
@options.LIST
@options.RING
@options.PASSPHRASE
@keeping.ORGANISATIE
@click.option(
    "--number",
    required=True,
    type=click.IntRange(min=1),
    help="Its number, higher than that of the list before.",
)
@keeping.a_day(
    "--next-update",
    "The last day on which it serves; else in two weeks.",
    required=False,
)
@options.ON
@options.OUT
@options.FORCE
def revoke(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    organisatie: Organisatie,
    number: int,
    next_update: date | None,
    on: date,
    out: Path,
    force: bool,
) -> int:
    """
    Write the revocation list of one recipient.

    LIST is the record that "eckid link issue" left: each row with a day under
    ingetrokken is revoked; without that column every row is. A list is needed
    also where nothing is revoked, for without one no link verifies.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    inputs.refuse_overwriting([out])
    found = list(read_jtis(options.table_of(source, {})))
    jtis = [row for row in found if isinstance(row, str)]
    if len(jtis) < len(found):
        # A revocation that is lost in a bad row is a link that goes on.
        raise ExchangeError(
            f"{source}: expected a jti, and a day or nothing under ingetrokken, in "
            f"every row, got {len(found) - len(jtis)} others"
        )
    token = RevocationList.issue(
        jtis,
        organisatie=organisatie,
        number=number,
        issued=on,
        next_update=next_update or on + timedelta(days=14),
        sleutelbos=keys,
    )
    with whole(out, replace=force) as (file,):
        file.write(token.encode("ascii") + b"\n")
    show.say(f"written: {out}, revocation list {number}, {len(jtis)} revoked")
    return 0
