"""
The options that commands share, each with the value that it becomes.

A decorator puts several options on a command and hands it one value: a ring, a
list, a hasher, a Bestemming.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar, cast

import click

from eckid import (
    ARGON2ID,
    NUMMERVOORZIENING,
    ExchangeError,
    Hasher,
    SecretError,
    Sleutelbos,
)
from eckid.exchange import (
    Format,
    Source,
    hold,
    look,
)

F = TypeVar("F", bound=Callable[..., Any])
# An option of click's, or several.
Option: TypeAlias = Callable[[Any], Any]

PATH: Final = click.Path(dir_okay=False, path_type=Path)
FORMATS: Final = [member.value for member in Format]


def options(*wanted: Option) -> Callable[[F], F]:
    """
    Put several options on a command, in this order.
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
    Put several options on a command, and hand it one value made of them.

    Args:
        name: The parameter of the command.

        make: Makes the value; it is called with what the options got.

        wanted: The options, each by the name under which click hands it over.
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
    Return the arguments of an option that takes one of *members*, by value.
    """
    known = {str(member.value): member for member in members}

    def convert(_: click.Context, __: click.Parameter, value: str) -> Enum:
        return known[value]

    return {"type": click.Choice(list(known)), "callback": convert}


def a_day(name: str, help: str, **more: Any) -> Callable[[F], F]:  # noqa: ANN401  # click's
    """
    Return an option that takes a day; it is required unless *more* says so.
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


def passphrase(env: str | None, file: Path | None, *, again: bool = False) -> str:
    """
    Return the passphrase from a variable, a file or a prompt, never an argument.

    Raises:
        eckid.errors.SecretError: If there is none to be had.
    """
    if env is not None and file is not None:
        raise click.UsageError("--passphrase-env and --passphrase-file exclude another")
    if env is not None:
        if env not in os.environ:
            raise SecretError("passphrase: expected the variable to be set")
        return os.environ[env]
    if file is not None:
        # An editor ends the file with a newline that nobody typed.
        return re.sub(
            r"\r?\n\Z", "", file.read_bytes().decode("utf-8", "surrogateescape")
        )
    if sys.stdin is None or not sys.stdin.isatty():
        raise SecretError(
            "passphrase: expected --passphrase-env or --passphrase-file, "
            "for there is no terminal to ask at"
        )
    typed: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=again)
    return typed


def load_ring(
    ring: Path, passphrase_env: str | None, passphrase_file: Path | None
) -> Sleutelbos:
    """
    Load the ring with the passphrase from where the user says.
    """
    return Sleutelbos.load(ring, passphrase=passphrase(passphrase_env, passphrase_file))


_PASSPHRASE: Final[dict[str, Option]] = {
    "passphrase_env": click.option(
        "--passphrase-env",
        metavar="NAME",
        help="Environment variable that holds the passphrase.",
    ),
    "passphrase_file": click.option(
        "--passphrase-file", type=PATH, help="File that holds the passphrase."
    ),
}
PASSPHRASE: Final = options(*_PASSPHRASE.values())
RING_OPTIONS: Final[dict[str, Option]] = {
    "ring": click.option(
        "--ring", required=True, type=PATH, help="The sealed file of the ring."
    ),
    **_PASSPHRASE,
}
RING: Final = becoming("sleutelbos", load_ring, **RING_OPTIONS)
RING_OR_NONE: Final = becoming(
    "sleutelbos",
    lambda ring, **how: None if ring is None else load_ring(ring, **how),
    ring=click.option(
        "--ring",
        type=PATH,
        help="The sealed file of the ring; a received file needs none.",
    ),
    **_PASSPHRASE,
)


def table_of(
    source: Path, headings: Mapping[str, str] | None = None, from_: str | None = None
) -> Source:
    """
    Look at the file *source*, or at standard input where it is ``-``.
    """
    if str(source) == "-":
        if sys.stdin is None:
            raise ExchangeError("standard input: expected a list, got none")
        return hold(sys.stdin.buffer, headings=headings, format=from_)
    return look(source, headings=headings, format=from_)


def _headings(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    pairs = [value.rpartition("=") for value in values]
    if not all(heading and attribuut for heading, _, attribuut in pairs):
        raise click.BadParameter("expected a heading, an = and an attribuut")
    return {heading: attribuut for heading, _, attribuut in pairs}


LIST: Final = click.argument("source", metavar="LIST", type=click.Path(path_type=Path))
FROM: Final = click.option(
    "--from",
    "from_",
    type=click.Choice(FORMATS),
    help="Format of LIST; else by its name (.csv, .xml, .json, .parquet).",
)
HEADING: Final = click.option(
    "--heading",
    "headings",
    multiple=True,
    metavar="HEADING=ATTRIBUUT",
    callback=_headings,
    help="Say what a heading of your own means; may be given again.",
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


SCHEME: Final = click.option(
    "--scheme",
    # CHEAPEST is not among them: it is reached in Python only, by its name.
    **member(NUMMERVOORZIENING, ARGON2ID),
    default=NUMMERVOORZIENING.value,
    show_default=True,
    help="How numbers are hashed; only the first is the national service's.",
)
# Hands over what makes a hasher of a salt.
HASHER: Final = becoming(
    "hasher",
    partial(partial, Hasher),
    scheme=SCHEME,
    workers=click.option(
        "--workers",
        type=click.IntRange(min=1),
        help="How many threads hash, with up to 2 GiB each; else one for each core.",
    ),
    memory=click.option(
        "--memory",
        metavar="SIZE",
        callback=_bytes,
        help="What all threads that hash may hold, such as 1GiB; else half of what is "
        "free. Less is slower.",
    ),
)


ON: Final = click.option(
    "--on",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _, __, value: date.today() if value is None else value.date(),  # noqa: DTZ011  # the user's own day
    help="The day, such as 2026-11-24; else today.",
)
OUT: Final = click.option("--out", required=True, type=PATH, help="The file to write.")
FORCE: Final = click.option(
    "--force", is_flag=True, help="Replace files that stand there."
)
LANG: Final = click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="en",
    show_default=True,
    help="Language of the reasons.",
)


def refuse_overwriting(files: Iterable[Path]) -> None:
    """
    Raise where a file to write is one that the command reads, even with --force.

    A ring that is lost cannot be made again.
    """
    context = click.get_current_context()
    given = [
        path.resolve()
        for name, path in (*context.params.items(), *context.meta.items())
        if isinstance(path, Path) and name != "out"
    ]
    for file in files:
        if file.resolve() in given:
            raise ExchangeError(f"{file.name}: expected another file than what is read")
