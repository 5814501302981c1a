"""
Opening a ring: its options, where a passphrase and a PIN come from, and its token.
"""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from eckid import ExchangeError, SecretError, Sleutelbos
from eckid._core.bounds import MEMORY, WORDS, Bound, octets_within
from eckid.keys import Token

FILE: Final = click.Path(dir_okay=False, path_type=Path)


def octets_in(file: Path, bound: Bound) -> bytes:
    """
    Return the bytes of a file, if it is within *bound*.

    Raises:
        eckid.errors.ExchangeError: If it has more.
        OSError: If it cannot be read.
    """
    with file.open("rb") as opened:
        return octets_within(opened, bound, ExchangeError)


def passphrase(
    env: str | None, file: Path | None, *, again: bool = False, name: str = "passphrase"
) -> str:
    """
    Get the passphrase from a variable, a file or a prompt; never from an argument.

    Args:
        env: The name of the environment variable, if it was given.

        file: The file that holds the passphrase, if it was given.

        again: Whether a prompt asks for it twice.

        name: What is asked for: a passphrase, or a PIN, which has no variable.

    Raises:
        eckid.errors.SecretError: If the variable is not set, or there is no terminal
            to ask at.
    """
    if env is not None and file is not None:
        raise click.UsageError("--passphrase-env, --passphrase-file: expected one")
    if env is not None:
        if env not in os.environ:
            raise SecretError("passphrase: expected the variable to be set")
        return os.environ[env]
    if file is not None:
        # Editors end a file with a newline that is not part of the passphrase.
        said = octets_in(file, WORDS).decode("utf-8", "surrogateescape")
        return re.sub(r"\r?\n\Z", "", said)
    if sys.stdin is None or not sys.stdin.isatty():
        ways = (
            "--pin-file" if name == "PIN" else "--passphrase-env or --passphrase-file"
        )
        raise SecretError(
            f"{name}: expected {ways}, for there is no terminal to ask at"
        )
    asked = name[0].upper() + name[1:]
    typed: str = click.prompt(asked, hide_input=True, confirmation_prompt=again)
    return typed


def token_of(
    module: Path | None, token: str | None, pin_file: Path | None
) -> Token | None:
    """
    Return the token that the options name; None if they name none.
    """
    if module is None and token is None and pin_file is None:
        return None
    if module is None or token is None:
        raise click.UsageError("--module, --token: expected both")
    return Token(module, label=token, pin=passphrase(None, pin_file, name="PIN"))


def load_ring(
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    allow_memory: int | None,
    **token: Any,  # noqa: ANN401  # as `token_of` takes it
) -> Sleutelbos:
    """
    Load the ring in the file *ring*, with what the options give.
    """
    words = passphrase(passphrase_env, passphrase_file)
    return open_ring(ring, words, allow_memory, token_of(**token))


def open_ring(
    ring: Path, words: str, allow_memory: int | None, token: Token | None = None
) -> Sleutelbos:
    """
    Load the ring in the file *ring*; None allows what opening one may take by default.
    """
    most = MEMORY.most if allow_memory is None else allow_memory
    return Sleutelbos.load(ring, passphrase=words, most_memory=most, token=token)


_UNITS: Final = {"": 1, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def to_bytes(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """
    Return the size that an option says, such as 1GiB, in bytes.
    """
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,15}) ?([KMG]I?B?)?", value.upper())
    if found is None:
        raise click.BadParameter("expected a size such as 1GiB or 512MiB")
    unit = (found[2] or "")[:1]
    return int(found[1]) * _UNITS[unit and f"{unit}IB"]


ALLOWED: Final[Mapping[str, Any]] = {
    "allow_memory": click.option(
        "--allow-memory",
        metavar="SIZE",
        callback=to_bytes,
        help="The memory that opening the ring may take, such as 2GiB, for a file that "
        "asks more than 1GiB; the error says what it asks.",
    )
}

PASSPHRASE_OPTIONS: Final[Mapping[str, Any]] = {
    "passphrase_env": click.option(
        "--passphrase-env",
        metavar="NAME",
        help="The environment variable that holds the passphrase.",
    ),
    "passphrase_file": click.option(
        "--passphrase-file", type=FILE, help="The file that holds the passphrase."
    ),
}
TOKEN_OPTIONS: Final[Mapping[str, Any]] = {
    "module": click.option(
        "--module",
        type=FILE,
        help="Of a ring whose keys lie in a token: the PKCS#11 library of its maker.",
    ),
    "token": click.option("--token", metavar="LABEL", help="The label of that token."),
    "pin_file": click.option(
        "--pin-file",
        type=FILE,
        help="The file that holds the PIN of that token; by default it is asked for.",
    ),
}
RING_OPTIONS: Final[Mapping[str, Any]] = {
    "ring": click.option(
        "--ring", required=True, type=FILE, help="The sealed file of the ring."
    ),
    **PASSPHRASE_OPTIONS,
    **ALLOWED,
    **TOKEN_OPTIONS,
}
