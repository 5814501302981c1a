"""
eckid substitute: numbers that came in the place of others.
"""

from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from eckid import Register, Scheme, Sleutelbos, Substitution, SubstitutionStore
from eckid import substitute as add
from eckid.cli import options, show
from eckid.exchange import Report, SubstitutionFile, substitute_list


@click.command("substitute")
@options.LIST
@options.RING
@options.SCHEME
@options.a_day(
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
    sleutelbos: Sleutelbos,
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
    if out is not None:
        options.refuse_overwriting([out])
    day = per or date.today()  # noqa: DTZ011  # the user's own day
    table = options.table_of(source)
    report = Report({})
    refusals = show.Refusals()
    made: list[Substitution] = []
    with ExitStack() as opened:
        # What is not there, or another ring's, is said before an hour of hashing.
        store: SubstitutionStore = (
            SubstitutionFile(target, sleutelbos=sleutelbos)
            if register is None
            else opened.enter_context(Register.open(register, sleutelbos=sleutelbos))
        )
        store.substitutions()
        with show.progress("hashing", sum(1 for _ in table)) as progress:
            results = substitute_list(
                table, sleutelbos=sleutelbos, per=day, scheme=scheme
            )
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
