"""
eckid link: the public key of links across sectors; verifying and revoking links.
"""

import re
from dataclasses import replace
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
    Sleutelbos,
)
from eckid._core.whole import whole
from eckid.cli import options, show, whom
from eckid.cli.files import placing
from eckid.cli.issue import issue, kept_in
from eckid.exchange import (
    Afzender,
    Report,
    Weigering,
    read_jtis,
    read_keys,
    verify_list,
)
from eckid.succession import Gezien, write_jwks


@click.group()
def link() -> None:
    """
    Tell a recipient, with consent, which ketenIDs of two sectors are one pupil.

    The board issues links ("issue") for one recipient, one doel and a period, and
    gives its public key ("key") and a revocation list ("revoke"). The recipient
    verifies the links with those, and says which board it has them from ("verify").
    Without consent nothing is joined.
    """


link.add_command(issue)


@link.command()
@options.RING
@click.option(
    "--houder", required=True, metavar="OIN", help="OIN of the board that has the key."
)
@options.a_day("--vanaf", "The first day on which it signs.")
@options.a_day("--tot", "The last day on which it signs.", required=False)
def key(sleutelbos: Sleutelbos, houder: str, vanaf: date, tot: date | None) -> int:
    """
    Print the public key of the ring, for a recipient that verifies links.

    The output is the file for --keys of "eckid link verify". Send it by another
    way than the links: a person who can change both could forge links.
    """
    show.say(write_jwks(PublicKey(sleutelbos.public_key, houder, vanaf, tot)))
    return 0


# A revocation list has at most 2,000,000 characters, and space around it.
_MOST: Final = 2_100_000


# What was kept of a list under one key; before the key was kept too, it had none.
_KEPT: Final = re.compile(r"([0-9]{1,16}):([0-9a-f]{64})(?::([A-Za-z0-9_-]{43}))?")


def _last_seen(
    _: click.Context, __: click.Parameter, value: str | None
) -> list[tuple[int, str, str | None]]:
    found = [
        _KEPT.fullmatch(one) for one in ([] if value is None else value.split(","))
    ]
    if None in found:
        raise click.BadParameter(
            'expected NUMBER:DIGEST:KID, as "link verify" prints it'
        )
    return [(int(one[1]), one[2], one[3]) for one in found if one is not None]


def _as_told(seen: Gezien) -> str:
    each = (seen, *seen.eerder)
    return ",".join(f"{one.number}:{one.digest}:{one.kid}" for one in each)


def _van(_: click.Context, __: click.Parameter, value: str | None) -> str:
    if value is None:
        raise click.UsageError(
            "expected --van and the OIN of the board that you have LIST and its "
            "ketenIDs from; a board speaks only for what it sent"
        )
    return value


@link.command()
@options.LIST
@click.option(
    "--van",
    metavar="OIN",
    callback=_van,
    help="OIN of the board that you have LIST, its ketenIDs and the keys from; always "
    "needed. A board speaks only for what it sent: nothing that another signed counts.",
)
@click.option(
    "--keys",
    "keys_file",
    required=True,
    type=options.PATH,
    help='A file with the public keys of that board, as "eckid link key" prints it.',
)
@click.option(
    "--revocations",
    "list_file",
    required=True,
    type=options.PATH,
    help="A file with the last revocation list of that board for you.",
)
@click.option(
    "--last-seen",
    metavar="NUMBER:DIGEST:KID",
    callback=_last_seen,
    help="The last list of that board that you saw, as this command printed it: an "
    "older list, and another of the same number, are refused. What it has of a key "
    "that the board took out does not count. Leave it out the first time.",
)
@whom.ORGANISATIE
@whom.DOEL
@whom.KETEN
@options.ON
@whom.NAMESPACE
def verify(
    source: Path,
    van: str,
    keys_file: Path,
    list_file: Path,
    last_seen: list[tuple[int, str, str | None]],
    organisatie: Organisatie,
    doel: Doel,
    keten: Keten,
    on: date,
    namespace: str | None,
) -> int:
    """
    Verify the links of LIST, and say why a link does not hold. It writes nothing.

    LIST has a column link. With two of the columns po, vo and mbo beside it, it
    also checks that the link joins exactly those two ketenIDs. If you have links of
    several boards, give each board a list and a run of its own.

    It prints number, digest and key of the revocation list: give them as
    --last-seen the next time that you verify links of this board.
    """
    keys = read_keys(keys_file, houder=van)
    with list_file.open("rb") as file:
        token = file.read(_MOST).decode("ascii", "replace").strip()
    seen = [Gezien(van, *each) for each in last_seen]
    revocations = RevocationList.verify(
        token,
        organisatie=organisatie,
        on=on,
        keys=keys,
        last_seen=replace(seen[0], eerder=tuple(seen[1:])) if seen else None,
    )
    results = verify_list(
        options.table_of(source),
        keten=keten,
        organisatie=organisatie,
        doel=doel,
        on=on,
        afzender=Afzender(van, keys, revocations),
        namespace=namespace,
    )
    report = Report({})
    refusals = show.exhaust(report.reading(results), report)
    show.say(
        f"revocation list {revocations.number}, until {revocations.next_update}; next "
        f"time give --last-seen {_as_told(revocations.gezien)}"
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
    help="The number of the list, higher than the last; a register knows it.",
)
@options.a_day(
    "--next-update",
    "The last day on which the list is valid; by default two weeks from the day.",
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
    Write the signed revocation list for one recipient.

    LIST is the board's record that "eckid link issue" wrote: each row with a day
    under ingetrokken is revoked; without that column, every row is. Send a list
    even if nothing is revoked: without a valid one no link verifies. Send the next
    one before --next-update.

    With --register you may leave out --number and LIST, or give only the new
    rows: the register knows the number, and what was revoked before. It notes the
    consents as withdrawn, and revokes every link that rests on them.
    """
    if register is None and (source is None or number is None):
        raise click.UsageError("expected LIST and --number, or --register")
    with (
        placing(out, force=force),
        kept_in(register, sleutelbos) as (opened, final),
    ):
        jtis = frozenset() if source is None else _revoked(source)
        if opened is not None:
            opened.withdraw_consents(jtis, on=on)
            jtis = opened.revoked(organisatie, issued=on)
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
        with whole(out, replace=force, last=final) as (file,):
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
        # A revocation lost in an unreadable row would leave its link valid.
        raise ExchangeError(
            f"{source}: expected a jti, and a day or nothing under ingetrokken, in "
            f"every row, got {refused} others"
        )
    return jtis
