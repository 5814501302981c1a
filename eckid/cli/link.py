"""
eckid link: the key, and links across sectors issued, verified and revoked.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO, Final

import click

from eckid import (
    AGE_OF_CONSENT,
    Doel,
    ExchangeError,
    Keten,
    Organisatie,
    PublicKey,
    Register,
    RevocationList,
    Sleutelbos,
)
from eckid._core.whole import whole
from eckid.cli import options, show
from eckid.exchange import (
    Bestuur,
    Gelegd,
    Report,
    Weigering,
    files_of,
    keeps,
    link_list,
    new_report,
    read_jtis,
    read_keys,
    verify_list,
    write_keys,
    write_results,
    writer,
)
from eckid.succession import Reikwijdte

_EXAMPLE = """
\b
Example, by the board:
  eckid link issue pairs.csv --ring school.ring --organisatie 00000007... \\
    --doel gebruik --bestuur 00000007... --tot 2027-07-31 --out links.csv
"""
# What the board keeps of each link; it holds no ketenID.
_RECORD: Final = (
    "jti",
    "organisatie",
    "doel",
    "vanaf",
    "tot",
    "door",
    "op",
    "woorden",
    "bestuur",
    "toestemming",
    "ingetrokken",
)


@click.group()
def link() -> None:
    """
    Say, with consent, that ketenIDs of two sectors are one pupil's.

    The board issues links for one recipient, one doel and a period; the
    recipient verifies them with the board's public key and its latest
    revocation list. Without consent nothing is joined.
    """


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
    show.say(write_keys(PublicKey(sleutelbos.public_key, houder, vanaf, tot)))
    return 0


@contextmanager
def _kept(register: Path | None, sleutelbos: Sleutelbos) -> Iterator[Register | None]:
    """
    Open a register, if any; what is kept is acknowledged when the files stand.
    """
    if register is None:
        yield None
        return
    opening = Register.open(register, sleutelbos=sleutelbos)
    with opening as opened, opened.together():
        yield opened


@link.command(epilog=_EXAMPLE)
@options.LIST
@options.RING
@options.KETEN
@options.ORGANISATIE
@options.DOEL
@click.option("--bestuur", required=True, metavar="OIN", help="The board that asked.")
@options.a_day("--vanaf", "The first day; else today.", required=False)
@options.a_day("--tot", "The last day on which the links hold.")
@click.option(
    "--age",
    type=click.IntRange(min=0),
    default=AGE_OF_CONSENT,
    show_default=True,
    help="The age from which the pupil consents, in years.",
)
@options.ON
@options.NAMESPACE
@options.REGISTER_OR_NONE
@options.OUT
@options.FORCE
def issue(
    source: Path,
    sleutelbos: Sleutelbos,
    keten: Keten,
    organisatie: Organisatie,
    doel: Doel,
    bestuur: str,
    vanaf: date | None,
    tot: date,
    age: int,
    on: date,
    namespace: str | None,
    register: Path | None,
    out: Path,
    force: bool,
) -> int:
    """
    Make a link of each row of LIST.

    LIST has two of the columns po, vo and mbo, with a ketenID in each; door
    (ouder or leerling), op (the day of the consent), woorden (the version of
    its words), and geboortedatum where the pupil consented. The links are for
    the recipient; beside them comes a record that stays with the board.

    With --register each link and its consent are kept with the pupil to whom
    the ketenIDs went, and a row whose ketenIDs went to two is refused.
    """
    files = files_of(out, rehearsal=sleutelbos.rehearsal)
    # The board's record has the place of a receipt, which only a release has.
    files = files._replace(receipt=out.with_name(f"{files.main.stem}.board.csv"))
    options.refuse_overwriting(files)
    report = new_report(
        sleutelbos,
        {"organisatie": organisatie.oin, "doel": doel.value, "keten": keten.id},
    )
    kept: list[Gelegd] = []

    def draw(file: BinaryIO, going: Iterable[Gelegd]) -> None:
        write_row = writer(file, ("link",))
        for each in going:
            kept.append(each)
            write_row((each.link.token,))

    with _kept(register, sleutelbos) as opened:
        made = link_list(
            options.table_of(source),
            keten=keten,
            voor=Reikwijdte(
                organisatie=organisatie, doel=doel, vanaf=vanaf or on, tot=tot
            ),
            bestuur=Bestuur(bestuur, age),
            issued=on,
            sleutelbos=sleutelbos,
            namespace=namespace,
            taken=None if opened is None else keeps(opened),
        )
        try:
            write_results(
                report.reading(made),
                files,
                draw=draw,
                report=report,
                receipt=lambda _: _record(kept),
                replace=force,
            )
        except FileExistsError as error:
            raise FileExistsError(f"{error}; --force replaces it") from None
        head = None if opened is None else opened.head()
    show.counts(report)
    show.say(f"written: {files.main}, for the recipient")
    show.say(f"  record        {files.receipt}, which stays with the board")
    show.say(f"  refused rows  {files.refused}")
    show.say(f"  report        {files.report}")
    if head is not None:
        show.head(head)
    return 1 if report.refused else 0


def _record(kept: Iterable[Gelegd]) -> bytes:
    """
    Return the board's record of links, without a ketenID.
    """
    file = io.BytesIO()
    write_row = writer(file, _RECORD)
    for each in kept:
        link_, consent = each.link, each.toestemming
        write_row(
            (
                link_.jti,
                link_.oin,
                link_.doel.value,
                link_.vanaf.isoformat(),
                link_.tot.isoformat(),
                consent.door.value,
                consent.op.isoformat(),
                consent.woorden,
                consent.bestuur,
                consent.nummer,
                "",
            )
        )
    return file.getvalue()


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
@options.ORGANISATIE
@options.DOEL
@options.KETEN
@options.ON
@options.NAMESPACE
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
@options.ORGANISATIE
@options.REGISTER_OR_NONE
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
    with _kept(register, sleutelbos) as opened:
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
