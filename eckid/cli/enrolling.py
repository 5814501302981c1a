"""
The commands of enrolment and substitution.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from eckid import Register, Scheme, Substitution, SubstitutionStore
from eckid import substitute as add
from eckid.cli import inputs, keeping, options, show
from eckid.cli.runs import finish, writing
from eckid.exchange import (
    Report,
    Stand,
    SubstitutionFile,
    Weigering,
    as_csv,
    check_enrolments,
    substitute_list,
)
from eckid.exchange.results.runs import new_report, run_to

_COLUMNS = ("key", "soort", "sector", "grond", "ander_id", "ander_id_tot")


@click.group()
def enrolment() -> None:
    """
    Say where a ketenID holds, and where another identifier may stand in.
    """


@enrolment.command()
@options.LIST
@options.ON
@keeping.a_day(
    "--until",
    "The last day for which another identifier may be promised; else the end of "
    "the school year.",
    required=False,
)
@click.option(
    "--out", type=options.PATH, help="A file for the outcome of each row; else none."
)
@options.FORCE
def check(
    source: Path, on: date, until: date | None, out: Path | None, force: bool
) -> int:
    """
    Say what holds on a day for the inschrijvingen of LIST.

    LIST has the columns key, soort (bao sbo so vso vo vavo mbo hbo wo), brin,
    begin, einde (may be empty), bekostigd (ja or nee), and bevestigd where the
    board checked at DUO. The columns ander_id and ander_id_tot of the outcome
    are what "eckid release" asks for. LIST may be - for standard input.
    """
    report = new_report(None, on=on.isoformat())
    found = check_enrolments(options.table_of(source, {}), on=on, uiterlijk=until)
    counts: Counter[tuple[str, ...]] = Counter()
    refusals = show.Refusals()
    results = _counting(refusals.among(report.reading(found)), counts)
    if out is None:
        for _ in report.writing(results):
            pass
    else:
        draw = as_csv(_COLUMNS, _cells)
        with writing(out, ring=None, force=force):
            run = run_to(results, out, report, draw=draw, replace=force)
    rows = [(*what, str(n)) for what, n in sorted(counts.items())]
    show.table("What holds", ("grond", "sector", "stand-in", "rows"), rows)
    refusals.show(report)
    if out is None:
        show.counts(report)
        return 1 if report.refused else 0
    return finish(run, None)


def _counting(
    results: Iterable[Stand | Weigering],
    counts: Counter[tuple[str, ...]],
) -> Iterator[Stand | Weigering]:
    for result in results:
        if isinstance(result, Stand):
            _, _, *what, _ = _cells(result)
            counts[what[1], what[0], what[2]] += 1
        yield result


def _cells(stand: Stand) -> tuple[str, ...]:
    uitkomst = stand.uitkomst
    return (
        stand.key,
        uitkomst.inschrijving.soort.value,
        "" if uitkomst.sector is None else uitkomst.sector.value,
        uitkomst.grond.value,
        uitkomst.attributen.get("ander_id", ""),
        uitkomst.attributen.get("ander_id_tot", ""),
    )


@click.command("substitute")
@options.LIST
@options.RING
@options.PASSPHRASE
@options.SCHEME
@keeping.a_day(
    "--per",
    "The first day on which the new numbers count, where LIST has no column per; "
    "else today.",
    required=False,
)
@click.option(
    "--into",
    "out",
    type=options.PATH,
    help="The sealed file of substitutions; made, or added to.",
)
@click.option(
    "--register", type=options.PATH, help="The register that notes them instead."
)
def substitute(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    scheme: Scheme,
    per: date | None,
    out: Path | None,
    register: Path | None,
) -> int:
    """
    Note that numbers came in the place of others of the same pupils.

    LIST has the columns oud and nieuw, and per where rows have days of their
    own. The new number keeps the old one's stampseudoniem, so every ketenID
    stays; from its day on the old number is refused. Give the file to "eckid
    release" and "eckid derive" as --substitutions. What a register notes holds
    in each release with that register.

    Only for numbers of one person. A number that was another person's is never
    substituted: correct it in the administration, and withdraw the ketenID.

    A list that contradicts itself or the file is refused as a whole.
    """
    target = register or out
    if target is None or None not in {register, out}:
        raise click.UsageError("expected --into or --register, one of the two")
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    if out is not None:
        inputs.refuse_overwriting([out])
    day = per or date.today()  # noqa: DTZ011  # the user's own day
    table = options.table_of(source, {})
    report = Report({})
    refusals = show.Refusals()
    made: list[Substitution] = []
    with ExitStack() as opened:
        # What is not there, or another ring's, is said before an hour of hashing.
        store: SubstitutionStore = (
            SubstitutionFile(target, sleutelbos=keys)
            if register is None
            else opened.enter_context(Register.open(register, sleutelbos=keys))
        )
        store.substitutions()
        with show.progress("hashing", sum(1 for _ in table)) as progress:
            results = substitute_list(table, sleutelbos=keys, per=day, scheme=scheme)
            for row in report.writing(refusals.among(report.reading(results))):
                if isinstance(row, Substitution):
                    made.append(row)
                progress(report.rows_in)
        held = add(store, *made)
        refusals.show(report)
        show.counts(report)
        show.say(f"written: {target}, {len(held)} substitutions")
        if isinstance(store, Register):
            show.head(store.verify())
    return 1 if report.refused else 0
