"""
The options that commands share, and the values they become.

Some decorators add several options to a command, which then gets one value made from
them: a ring, a hasher, a Bestemming.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar, cast

import click

from eckid import NUMMERVOORZIENING, ExchangeError, Hasher
from eckid._core.bounds import WORDS
from eckid._core.foreign import foreign
from eckid.cli.opening import (
    ALLOWED,
    FILE,
    PASSPHRASE_OPTIONS,
    RING_OPTIONS,
    TOKEN_OPTIONS,
    load_ring,
    octets_in,
    to_bytes,
)
from eckid.exchange import (
    Format,
    Source,
    hold,
    look,
)
from eckid.exchange.formats.days import DayOrder
from eckid.exchange.results.files import check_apart
from eckid.scheme import ARGON2ID

F = TypeVar("F", bound=Callable[..., Any])
# A decorator that adds one option of click, or several.
Option: TypeAlias = Callable[[Any], Any]

PATH: Final = FILE
FORMATS: Final = [member.value for member in Format]


def options(*wanted: Option) -> Callable[[F], F]:
    """
    Return a decorator that adds several options to a command, in this order.
    """

    def put(command: F) -> F:
        for option in reversed(wanted):
            command = option(command)
        return command

    return put


def becoming(
    name: str, make: Callable[..., object], **wanted: Option
) -> Callable[[F], F]:
    """
    Return a decorator that adds options to a command, and gives it one value.

    Args:
        name: The parameter of the command that gets the value.

        make: Makes the value; it is called with the values of the options.

        wanted: The options, each by the name of its parameter in click.
    """

    def put(command: F) -> F:
        @wraps(command)
        def run(**given: object) -> object:
            mine = {key: given.pop(key) for key in wanted}
            return command(**{name: make(**mine), **given})

        return cast("F", options(*wanted.values())(run))

    return put


def member(*members: Enum) -> dict[str, Any]:
    """
    Return the arguments for `click.option` to take one of *members*, by its value.
    """
    known = {str(member.value): member for member in members}

    def convert(_: click.Context, __: click.Parameter, value: str) -> Enum:
        return known[value]

    return {"type": click.Choice(list(known)), "callback": convert}


def a_day(name: str, help: str, **more: Any) -> Callable[[F], F]:  # noqa: ANN401  # click's
    """
    Return an option that takes a day; it is required unless *more* says it is not.
    """

    def convert(
        _: click.Context, __: click.Parameter, value: datetime | None
    ) -> date | None:
        return None if value is None else value.date()

    return click.option(
        name,
        metavar="DAY",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=convert,
        help=help,
        **{"required": True, **more},
    )


PASSPHRASE: Final = options(*PASSPHRASE_OPTIONS.values())
RING: Final = becoming("sleutelbos", load_ring, **RING_OPTIONS)
RING_OR_NONE: Final = becoming(
    "sleutelbos",
    lambda ring, **how: None if ring is None else load_ring(ring, **how),
    ring=click.option(
        "--ring",
        type=PATH,
        help="The sealed file of the ring; leave it out for a received file.",
    ),
    **PASSPHRASE_OPTIONS,
    **ALLOWED,
    **TOKEN_OPTIONS,
)


def table_of(
    source: Path, headings: Mapping[str, str] | None = None, from_: str | None = None
) -> Source:
    """
    Open the list in the file *source*, or on standard input if *source* is ``-``.
    """
    meta = click.get_current_context().meta
    how = {"days": meta.get(_DAYS), "sheet": meta.get(_SHEET)}
    if str(source) == "-":
        if sys.stdin is None:
            raise ExchangeError("standard input: expected a list, got none")
        return hold(sys.stdin.buffer, headings=headings, format=from_, **how)
    return look(source, headings=headings, format=from_, **how)


def _headings(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    pairs = [value.rpartition("=") for value in values]
    if not all(heading and attribuut for heading, _, attribuut in pairs):
        raise click.BadParameter("expected a heading, an = and an attribuut")
    return {heading: attribuut for heading, _, attribuut in pairs}


def _kept(context: click.Context, option: click.Parameter, value: str | None) -> None:
    context.meta[f"eckid.{option.name}"] = value


_DAYS: Final = "eckid.days"
_SHEET: Final = "eckid.sheet"
# Every command that reads a list can be told the order of its days, and which sheet of
# a workbook it is.
_HOW: Final = (
    click.option(
        "--days",
        type=click.Choice([order.value for order in DayOrder]),
        callback=_kept,
        expose_value=False,
        help="The order of day, month and year in LIST; by default each column of days "
        "decides its own.",
    ),
    click.option(
        "--sheet",
        metavar="NAME",
        callback=_kept,
        expose_value=False,
        help="The sheet of an Excel LIST; by default the first that is not hidden.",
    ),
)
_LIST_PATH: Final = click.Path(path_type=Path)
LIST: Final = options(click.argument("source", metavar="LIST", type=_LIST_PATH), *_HOW)
LISTS: Final = options(
    click.argument(
        "sources", metavar="LIST...", type=_LIST_PATH, nargs=-1, required=True
    ),
    *_HOW,
)
FROM: Final = click.option(
    "--from",
    "from_",
    type=click.Choice(FORMATS),
    help="The format of LIST; by default by extension (.csv, .xlsx, "
    ".xls, .ods, .xml, .json, .parquet).",
)
HEADING: Final = click.option(
    "--heading",
    "headings",
    multiple=True,
    metavar="HEADING=ATTRIBUUT",
    callback=_headings,
    help="Say which attribuut one of your headings is; may be repeated.",
)


SCHEME: Final = click.option(
    "--scheme",
    # CHEAPEST is for tests, so it can be chosen in Python only.
    **member(NUMMERVOORZIENING, ARGON2ID),
    default=NUMMERVOORZIENING.value,
    show_default=True,
    help="How numbers are hashed; the default is the scheme of the national service.",
)
# The command gets a function that makes a Hasher, given the salt.
HASHER: Final = becoming(
    "hasher",
    partial(partial, Hasher),
    scheme=SCHEME,
    workers=click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="How many threads hash, up to 2 GiB each; by default one for each core.",
    ),
    memory=click.option(
        "--memory",
        metavar="SIZE",
        callback=to_bytes,
        help="The memory that all threads together may use, such as 1GiB; by default "
        "half of what is free. Less memory is slower.",
    ),
)


ON: Final = click.option(
    "--on",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _, __, value: date.today() if value is None else value.date(),  # noqa: DTZ011  # the user's own day
    help="The day to decide for, such as 2026-11-24; by default today.",
)
OUT: Final = click.option("--out", required=True, type=PATH, help="The file to write.")
FORCE: Final = click.option("--force", is_flag=True, help="Replace files that exist.")
LANG: Final = click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="en",
    show_default=True,
    help="The language of the reasons.",
)


def refuse_overwriting(files: Iterable[Path]) -> None:
    """
    Refuse to write a file that the command also reads, even with --force.

    A lost ring cannot be made again. What belongs to a file that is read counts too,
    such as the key file of a register.

    Raises:
        eckid.errors.ExchangeError: If one of *files* is given to the command.
    """
    context = click.get_current_context()
    given = (*context.params.items(), *context.meta.items())
    read = [f for name, f in given if isinstance(f, Path) and name != "out"]
    check_apart(files, read)


def text_in(context: click.Context, option: click.Parameter, file: Path) -> str:
    """
    Return the one line in the file of an option, which counts as read.

    Raises:
        eckid.errors.ExchangeError: If it is not text.
        OSError: If the file cannot be read.
    """
    context.meta[f"eckid.{option.name}"] = file
    octets = octets_in(file, WORDS)
    with foreign(
        ExchangeError(f"{file.name}: expected text in UTF-8, got other bytes"),
        UnicodeDecodeError,
    ):
        return octets.decode("utf-8-sig").strip()
