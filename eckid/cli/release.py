"""
eckid release: write what one recipient may see of a list.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from eckid import Bestemming, Keten, PolicyError, Register, Sector, Sleutelbos
from eckid.cli import options, service_options, show, whom
from eckid.cli.files import finish, keeping, writing
from eckid.exchange import (
    SEALED,
    Administratie,
    Doorgifte,
    Herkenning,
    Parquet,
    Received,
    Roster,
    Run,
    Shape,
    release_to,
)
from eckid.exchange.formats.eduv import Students
from eckid.exchange.formats.kinds import Format, format_of
from eckid.scale import release_sealed_to
from eckid.service import aanvragen_of

_EXAMPLE = """
\b
Example:
  eckid release groep-6a.csv --ring school.ring --passphrase-file secret \\
    --sector po --beleid leermiddelenketen --doel gebruik --ontvanger uitgever \\
    --out uitgever.csv
"""
# Edu-V afsprakenstelsel: Students and Employees are not for mbo.
_NOT_FOR_MBO = (
    "warning: Edu-V Students is not for mbo, which uses OOAPI (codeType eckid); "
    "docs/reference/formats.md has an example"
)


@click.command(epilog=_EXAMPLE)
@options.LIST
@options.RING_OR_NONE
@whom.SECTOR
@whom.KETEN
@whom.TO_ONE
@options.FROM
@whom.SHAPE
@options.HASHER
@service_options.DIENST_OR_NONE
@whom.SUBSTITUTIONS
@click.option(
    "--register",
    type=options.PATH,
    help="The register of the board: known persons are not hashed again.",
)
@whom.ADMINISTRATIE
@click.option("--recheck", is_flag=True, help="Hash persons in the register too.")
@options.OUT
@options.HEADING
def release(
    source: Path,
    sleutelbos: Sleutelbos | None,
    sector: Sector,
    keten: Keten,
    to: Bestemming,
    from_: str | None,
    shape: Any,  # noqa: ANN401  # makes a Shape, given the list
    hasher: Any,  # noqa: ANN401  # makes a Hasher, given the salt
    dienst: service_options.Dienst | None,
    substitutions: Path | None,
    register: Path | None,
    administratie: str,
    recheck: bool,
    out: Path,
    headings: dict[str, str],
) -> int:
    """
    Write what one recipient may see of LIST.

    LIST is a class list; - is standard input. It hashes each number (a second or
    two for each pupil), derives the ketenID, and keeps only the attributes that
    the policy releases. It writes four files: the release and a receipt, which
    you send to the recipient, and for the school the refused rows (no values) and
    a report in numbers. Run "eckid explain" first to see what would be released.

    With --register only pupils whom the register does not know are hashed, and
    the register notes what was released to whom. Without it a sealed journal
    stands beside the release until that is written: if the run is interrupted,
    give the same command again, and it resumes.

    LIST may also be a Parquet table with sealed HPgns ("eckid hash"), of any size:
    then the release is Parquet too, with --order list. Or it may be a file with
    ketenIDs, which a recipient received: then the release is for another
    recipient, and needs no ring.

    With --service the national service makes the pseudonyms, in batches; the ring
    has the salt, and seals what is kept. With --register what the service made is
    kept, and a second release asks nobody.
    """
    table = options.table_of(source, headings, from_)
    sealed = isinstance(table, Parquet) and SEALED in table.columns
    if sleutelbos is None and "eckid" not in table.columns:
        raise click.UsageError("--ring: a class list needs one")
    if sleutelbos is None and dienst is not None:
        raise click.UsageError("--service: a received file has its ketenIDs")
    _check(
        to,
        numbers=sleutelbos is not None and not sealed,
        substitutions=substitutions,
        register=register,
    )
    like = shape(table)
    if sector is Sector.MBO and (
        _is_edu_v(to.beleid)
        or isinstance(table, Students)
        or format_of(out, like.format) is Format.EDUV
    ):
        show.warn(_NOT_FOR_MBO)
    rehearsal = sleutelbos is not None and sleutelbos.rehearsal
    if dienst is not None:
        rehearsal = dienst.rehearsal
    with writing(out, rehearsal=rehearsal, force=like.replace, receipt=True):
        if sleutelbos is None:
            received = Received(table)
            passing = Doorgifte(keten, sector)
            return finish(release_to(out, received, who=passing, to=to, shape=like))
        with (
            hasher(salt=sleutelbos.salt) as made,
            service_options.source(
                dienst, sleutelbos, keten, sector, journal=aanvragen_of(out)
            ) as bron,
        ):
            who = Herkenning(
                bron=bron,
                hasher=made,
                substitutions=whom.substitutions_of(substitutions, sleutelbos),
            )
            if isinstance(table, Parquet) and sealed:
                with show.progress("releasing", 2 * len(table)) as progress:
                    run = release_sealed_to(
                        out,
                        table,
                        who=who,
                        to=to,
                        shape=like,
                        progress=lambda done, _: progress(done),
                    )
                return finish(run)
            roster = Roster(table)
            if register is None:
                with keeping(
                    *(out, source, sleutelbos, made.scheme, headings, from_),
                    rehearsal=rehearsal,
                ) as kept:
                    run = _release(out, roster, replace(who, bewaard=kept), to, like)
                return finish(run)
            with Register.open(register, sleutelbos=sleutelbos) as opened:
                book = Administratie(
                    opened, administratie=administratie, recheck=recheck
                )
                run = _release(out, roster, replace(who, bewaard=book), to, like)
                head = opened.head()
    code = finish(run)
    show.register(book.counts, head)
    return code


def _check(
    to: Bestemming,
    *,
    numbers: bool,
    substitutions: Path | None,
    register: Path | None,
) -> None:
    """
    Refuse options that do not go together, and a release of nothing.
    """
    if not numbers and (substitutions or register):
        raise click.UsageError(
            "--substitutions, --register: only a list of numbers can use them"
        )
    if substitutions and register:
        raise click.UsageError(
            "--substitutions: a register has its own; note them there with "
            '"eckid substitute --register"'
        )
    if register and to.organisatie is None:
        raise click.UsageError("--organisatie: a register notes to whom it went")
    if not to.columns(("ander_id_reden",)):
        raise PolicyError(
            "beleid: releases nothing to this ontvanger, doel, rol and scope"
        )


def _is_edu_v(beleid: Any) -> bool:  # noqa: ANN401  # a policy, or one like it
    basis = getattr(beleid, "basis", None)
    return "edu-v" in beleid.naam or (basis is not None and _is_edu_v(basis))


def _release(
    out: Path, roster: Roster, who: Herkenning, to: Bestemming, shape: Shape
) -> Run:
    with show.progress(f"for {to.ontvanger.value}", len(roster)) as progress:
        return release_to(out, roster, who=who, to=to, shape=shape, progress=progress)
