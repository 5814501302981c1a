"""
eckid link: the key, and links across sectors verified and revoked.
"""

from datetime import date, timedelta
from pathlib import Path

import click

from eckid import (
    Doel,
    ExchangeError,
    Keten,
    Organisatie,
    PublicKey,
    RevocationList,
    Sleutelbos,
)
from eckid._core.whole import whole
from eckid.cli import options, show, whom
from eckid.cli.issue import issue, kept_in
from eckid.exchange import (
    Report,
    Weigering,
    read_jtis,
    read_keys,
    verify_list,
)
from eckid.succession import write_jwks


@click.group()
def link() -> None:
    """
    Say, with consent, that ketenIDs of two sectors are one pupil's.

    The board issues links for one recipient, one doel and a period; the
    recipient verifies them with the board's public key and its latest
    revocation list. Without consent nothing is joined.
    """


link.add_command(issue)


@link.command()
@options.RING
@click.option(
    "--houder", required=True, metavar="OIN", help="Whose key it is: the board."
)
@options.a_day("--vanaf", "The first day on which it signs.")
@options.a_day("--tot", "The last day on which it signs.", required=False)
def key(sleutelbos: Sleutelbos, houder: str, vanaf: date, tot: date | None) -> int:
    """
    Print the ring's public key, for who is to verify.

    Hand it over another way than the links: who can change both, forges.
    """
    show.say(write_jwks(PublicKey(sleutelbos.public_key, houder, vanaf, tot)))
    return 0


@link.command()
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
@whom.ORGANISATIE
@whom.DOEL
@whom.KETEN
@options.ON
@whom.NAMESPACE
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
        options.table_of(source),
        keten=keten,
        organisatie=organisatie,
        doel=doel,
        on=on,
        keys=keys,
        revocations=revocations,
        namespace=namespace,
    )
    report = Report({})
    refusals = show.exhaust(report.reading(results), report)
    show.say(
        f"revocation list {revocations.number}, until {revocations.next_update}: "
        f"keep {revocations.number} for --last-seen"
    )
    refusals.show(report)
    show.counts(report)
    return 1 if report.refused else 0


@link.command()
@click.argument(
    "source", metavar="[LIST]", required=False, type=click.Path(path_type=Path)
)
@options.RING
@whom.ORGANISATIE
@whom.REGISTER_OR_NONE
@click.option(
    "--number",
    type=click.IntRange(min=1),
    help="Its number, higher than that of the list before; a register knows it.",
)
@options.a_day(
    "--next-update",
    "The last day on which it serves; else in two weeks.",
    required=False,
)
@options.ON
@options.OUT
@options.FORCE
def revoke(
    source: Path | None,
    sleutelbos: Sleutelbos,
    organisatie: Organisatie,
    register: Path | None,
    number: int | None,
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

    A register knows the number, and what was revoked before: then LIST need
    have only what is new, and may be left out. The consents are noted as
    withdrawn, and so every link that rests on them is revoked.
    """
    if register is None and (source is None or number is None):
        raise click.UsageError("expected LIST and --number, or --register")
    options.refuse_overwriting([out])
    jtis = frozenset() if source is None else _revoked(source)
    with kept_in(register, sleutelbos) as opened:
        if opened is not None:
            opened.withdraw_consents(jtis, on=on)
            jtis = opened.revoked(organisatie)
            number = number or opened.next_list(organisatie)
        token = RevocationList.issue(
            sorted(jtis),
            organisatie=organisatie,
            number=number or 0,
            issued=on,
            next_update=next_update or on + timedelta(days=14),
            sleutelbos=sleutelbos,
        )
        if opened is not None:
            opened.keep_list(organisatie, number=number or 0, token=token)
        with whole(out, replace=force) as (file,):
            file.write(token.encode("ascii") + b"\n")
        head = None if opened is None else opened.head()
    show.say(f"written: {out}, revocation list {number}, {len(jtis)} revoked")
    if head is not None:
        show.head(head)
    return 0


def _revoked(source: Path) -> frozenset[str]:
    found = list(read_jtis(options.table_of(source)))
    jtis = frozenset(row for row in found if isinstance(row, str))
    refused = sum(1 for row in found if isinstance(row, Weigering))
    if refused:
        # A revocation that is lost in a bad row is a link that goes on.
        raise ExchangeError(
            f"{source}: expected a jti, and a day or nothing under ingetrokken, in "
            f"every row, got {refused} others"
        )
    return jtis
