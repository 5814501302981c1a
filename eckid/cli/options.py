"""
The options that commands share, and the passphrase.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
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
    SecretError,
    Sector,
    Sleutelbos,
)
from eckid.exchange import Table, hold, look

F = TypeVar("F", bound=Callable[..., Any])


def _member(*members: Enum) -> dict[str, Any]:
    """
    Return the arguments of an option that takes one of *members*, by value.
    """
    known = {str(member.value): member for member in members}

    def convert(_: click.Context, __: click.Parameter, value: str) -> Enum:
        return known[value]

    return {"type": click.Choice(list(known)), "callback": convert}


def _beleid(context: click.Context, _: click.Parameter, value: str) -> Attribuutbeleid:
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
    help="How many hash at once, 128 MiB each; else one for each core.",
)
OUT: Final = click.option("--out", required=True, type=PATH, help="The file to write.")
FORCE: Final = click.option(
    "--force", is_flag=True, help="Replace files that stand there."
)
SECTOR: Final = click.option(
    "--sector",
    required=True,
    **_member(*Sector),
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
    **_member(NUMMERVOORZIENING, ARGON2ID),
    default=NUMMERVOORZIENING.value,
    show_default=True,
    help="How numbers are hashed; only the first is the national service's.",
)
POLICY: Final = options(
    click.option(
        "--beleid",
        required=True,
        metavar="NAME|FILE",
        callback=_beleid,
        help="A policy that comes with eckid (edu-k), or a .toml file of your own.",
    ),
    click.option(
        "--doel", required=True, help="What the data is for.", **_member(*Doel)
    ),
    click.option(
        "--ontvanger",
        required=True,
        help="The kind of recipient.",
        **_member(*Ontvanger),
    ),
    click.option(
        "--rol", help="EDEXML code of who sees it inside an application, such as LRK."
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


def table_of(source: Path, headings: Mapping[str, str]) -> Table:
    """
    Look at the file *source*, or at standard input where it is ``-``.
    """
    if str(source) == "-":
        if sys.stdin is None:
            raise ExchangeError("standard input: expected a list, got none")
        return hold(sys.stdin.buffer, headings=headings)
    return look(source, headings=headings)


def load_ring(ring: Path, env: str | None, file: Path | None) -> Sleutelbos:
    """
    Load the ring with the passphrase from where the user says.
    """
    return Sleutelbos.load(ring, passphrase=passphrase(env, file, again=False))


def passphrase(env: str | None, file: Path | None, *, again: bool) -> str:
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
        return _first(file.read_bytes())
    if sys.stdin is None or not sys.stdin.isatty():
        raise SecretError(
            "passphrase: expected --passphrase-env or --passphrase-file, "
            "for there is no terminal to ask at"
        )
    typed: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=again)
    return typed


def _first(octets: bytes) -> str:
    # An editor ends the file with a newline that nobody typed.
    text = octets.decode("utf-8", "surrogateescape")
    return re.sub(r"\r?\n\Z", "", text)


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
