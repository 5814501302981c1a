"""
eckid service: ask the national service what it is and what it knows.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from eckid import Keten, Sector, __version__
from eckid._core.whole import whole
from eckid.cli import options, service_options, show, whom
from eckid.cli.files import placing
from eckid.service import Begrip, Proef, qualify


@click.group()
def service() -> None:
    """
    Ask the national service, or a stand-in for it, what it is and what it knows.

    "ping" says whether it answers. "chains" and "sectors" list what it knows.
    "qualify" runs the qualification programme as a checklist, with made-up numbers.
    Begin with a stand-in: "eckid serve".
    """


@service.command()
@service_options.DIENST
def ping(dienst: service_options.Dienst) -> int:
    """
    Ask whether the service takes calls, which version it is, and its clock.
    """
    pong = dienst.dienst.ping()
    show.say(f"available: {'yes' if pong.available else 'no'}")
    show.say(f"version: {pong.version}")
    show.say(f"clock: {pong.time.isoformat()}")
    return 0 if pong.available else 1


@service.command()
@service_options.DIENST
def chains(dienst: service_options.Dienst) -> int:
    """
    List the chains that the service knows, with the id for --keten.
    """
    _list("Chains", dienst.dienst.ketens())
    return 0


@service.command()
@service_options.DIENST
def sectors(dienst: service_options.Dienst) -> int:
    """
    List the sectors that the service knows, with their ids.
    """
    _list("Sectors", dienst.dienst.sectoren())
    return 0


def _list(title: str, found: Sequence[Begrip]) -> None:
    rows = [
        (one.id, one.naam, one.beschrijving, f"{one.gewijzigd:%Y-%m-%d}")
        for one in found
    ]
    show.table(title, ("id", "name", "description", "edited"), rows)


@service.command("qualify")
@service_options.DIENST
@whom.SECTOR
@whom.KETEN
@options.OUT
@options.FORCE
def qualify_(
    dienst: service_options.Dienst,
    sector: Sector,
    keten: Keten,
    out: Path,
    force: bool,
) -> int:
    """
    Run the qualification programme as a checklist, and write its report as JSON.

    It sends made-up numbers only, drawn for this run, and never those of a list. What
    the service makes of them stays there, so run it against a stand-in, or an
    environment that is meant for tests.
    """
    with placing(out, force=force), whole(out, replace=force) as (file,):
        checks: list[Proef] = []
        programme = qualify(
            dienst.dienst,
            keten=keten,
            sector=sector,
            tijden=dienst.tijden,
            wait=service_options.waiting,
        )
        for one in programme:
            checks.append(one)
            show.warn(f"{'passed' if one.passed else 'FAILED'}: {one.expected}")
        failed = sum(not one.passed for one in checks)
        report = {
            "eckid": __version__,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "service": dienst.dienst.mark,
            "release": dienst.dienst.release,
            "keten": keten.id,
            "sector": sector.value,
            "passed": len(checks) - failed,
            "failed": failed,
            "checks": [one._asdict() for one in checks],
        }
        file.write(json.dumps(report, indent=2).encode() + b"\n")
    rows = [
        (one.part, one.expected, "yes" if one.passed else "NO", one.outcome)
        for one in checks
    ]
    show.table("Qualification", ("part", "expected", "passed", "outcome"), rows)
    show.say(f"written: {out}, {len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0
