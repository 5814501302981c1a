"""
The options that commands share, and the passphrase.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from eckid import (
    ARGON2ID,
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    Attribuutbeleid,
    Doel,
    ExchangeError,
    Keten,
    Ontvanger,
    Sector,
)
from eckid.exchange import (
    Edexml,
    Format,
    School,
    Source,
    hold,
    look,
)

F = TypeVar("F", bound=Callable[..., Any])


def member(*members: Enum) -> dict[str, Any]:
    """
    Return the arguments of an option that takes one of *members*, by value.
    """
    known = {str(member.value): member for member in members}

    def convert(_: click.Context, __: click.Parameter, value: str) -> Enum:
        return known[value]

    return {"type": click.Choice(list(known)), "callback": convert}


def to_beleid(
    context: click.Context, _: click.Parameter, value: str | None
) -> Attribuutbeleid | None:
    """
    Load the policy that is named: a shipped one, or a .toml file.
    """
    if value is None:
        return None
    if value.endswith(".toml"):
        context.meta["eckid.beleid"] = Path(value)
        return Attribuutbeleid.load_file(value)
    return Attribuutbeleid.load(value)


def _keten(_: click.Context, __: click.Parameter, value: str | None) -> Keten:
    return LEERMIDDELENKETEN if value is None else Keten(value)


def _headings(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    pairs = [value.rpartition("=") for value in values]
    if not all(heading and attribuut for heading, _, attribuut in pairs):
        raise click.BadParameter("expected a heading, an = and an attribuut")
    return {heading: attribuut for heading, _, attribuut in pairs}


PATH: Final = click.Path(dir_okay=False, path_type=Path)


def options(*wanted: Callable[[F], F]) -> Callable[[F], F]:
    """
    Put several options on a command, in this order.
    """

    def put(command: F) -> F:
        for option in reversed(wanted):
            command = option(command)
        return command

    return put


LIST: Final = click.argument("source", metavar="LIST", type=click.Path(path_type=Path))
RING: Final = click.option(
    "--ring", required=True, type=PATH, help="The sealed file of the ring."
)
RING_OR_NONE: Final = click.option(
    "--ring",
    type=PATH,
    help="The sealed file of the ring; a received file needs none.",
)
PASSPHRASE: Final = options(
    click.option(
        "--passphrase-env",
        metavar="NAME",
        help="Environment variable that holds the passphrase.",
    ),
    click.option(
        "--passphrase-file", type=PATH, help="File that holds the passphrase."
    ),
)
WORKERS: Final = click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="How many threads hash, with up to 2 GiB each; else one for each core.",
)
_UNITS: Final = {"": 1, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def _bytes(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,15}) ?([KMG]I?B?)?", value.upper())
    if found is None:
        raise click.BadParameter("expected a size such as 1GiB or 512MiB")
    unit = (found[2] or "")[:1]
    return int(found[1]) * _UNITS[unit and f"{unit}IB"]


MEMORY: Final = click.option(
    "--memory",
    metavar="SIZE",
    callback=_bytes,
    help="What all threads that hash may hold, such as 1GiB; else half of what is "
    "free. Less is slower.",
)
OUT: Final = click.option("--out", required=True, type=PATH, help="The file to write.")
FORCE: Final = click.option(
    "--force", is_flag=True, help="Replace files that stand there."
)
SECTOR: Final = click.option(
    "--sector",
    required=True,
    **member(*Sector),
    help="Sector in which all of the list are enrolled. In ho no ketenID exists.",
)
KETEN: Final = click.option(
    "--keten",
    metavar="UUID",
    callback=_keten,
    help="The chain of the recipient; else the learning-material chain.",
)
SCHEME: Final = click.option(
    "--scheme",
    # CHEAPEST is not among them: it is reached in Python only, by its name.
    **member(NUMMERVOORZIENING, ARGON2ID),
    default=NUMMERVOORZIENING.value,
    show_default=True,
    help="How numbers are hashed; only the first is the national service's.",
)
POLICY: Final = options(
    click.option(
        "--beleid",
        required=True,
        metavar="NAME|FILE",
        callback=to_beleid,
        help="A policy that comes with eckid (see eckid policy list), or a .toml "
        "file of your own.",
    ),
    click.option(
        "--scope",
        "scopes",
        multiple=True,
        metavar="SCOPE",
        help="A scope of the policy, where it has scopes; may be given again.",
    ),
    click.option(
        "--doel", required=True, help="What the data is for.", **member(*Doel)
    ),
    click.option(
        "--ontvanger",
        required=True,
        help="The kind of recipient.",
        **member(*Ontvanger),
    ),
    click.option(
        "--rol", help="EDEXML code of who sees it inside an application, such as LRK."
    ),
)


LANG: Final = click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="en",
    show_default=True,
    help="Language of the reasons.",
)
ON: Final = click.option(
    "--on",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _, __, value: date.today() if value is None else value.date(),  # noqa: DTZ011  # the user's own day
    help="The day, such as 2026-11-24; else today.",
)
FORMATS: Final = [member.value for member in Format]
FROM: Final = click.option(
    "--from",
    "from_",
    type=click.Choice(FORMATS),
    help="Format of LIST; else by its name (.csv, .xml, .json, .parquet).",
)
TO: Final = options(
    click.option(
        "--to",
        "format_",
        type=click.Choice(FORMATS),
        help="Format to write; else by the name of the file, as for LIST.",
    ),
    click.option(
        "--order",
        type=click.Choice(["identifier", "list"]),
        default="identifier",
        show_default=True,
        help="Order of the rows. That of the list tells the order of surnames.",
    ),
    click.option(
        "--schooljaar",
        metavar="YEARS",
        help="School year for EDEXML, such as 2026-2027; else that of LIST.",
    ),
    click.option(
        "--brin", metavar="BRIN", help="BRIN of the school for EDEXML; else LIST's."
    ),
)
HEADING: Final = click.option(
    "--heading",
    "headings",
    multiple=True,
    metavar="HEADING=ATTRIBUUT",
    callback=_headings,
    help="Say what a heading of your own means; may be given again.",
)


def table_of(
    source: Path, headings: Mapping[str, str], from_: str | None = None
) -> Source:
    """
    Look at the file *source*, or at standard input where it is ``-``.
    """
    if str(source) == "-":
        if sys.stdin is None:
            raise ExchangeError("standard input: expected a list, got none")
        return hold(sys.stdin.buffer, headings=headings, format=from_)
    return look(source, headings=headings, format=from_)


def school_of(table: Source, schooljaar: str | None, brin: str | None) -> School | None:
    """
    Return the school that EDEXML asks for: the list's own, or as it is given.
    """
    school = table.school if isinstance(table, Edexml) else None
    if schooljaar is None and brin is None:
        return school
    if school is None:
        school = School(schooljaar=schooljaar or "", brincode=brin)
    return replace(
        school,
        schooljaar=schooljaar or school.schooljaar,
        brincode=brin or school.brincode,
    )
