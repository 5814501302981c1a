"""
What commands read beside the list: the ring, its passphrase, substitutions.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from eckid import ExchangeError, SecretError, Sleutelbos, Substitutions
from eckid.exchange import SubstitutionFile


def load_ring(ring: Path, env: str | None, file: Path | None) -> Sleutelbos:
    """
    Load the ring with the passphrase from where the user says.
    """
    return Sleutelbos.load(ring, passphrase=passphrase(env, file, again=False))


def substitutions_of(path: Path | None, ring: Sleutelbos) -> Substitutions | None:
    """
    Return what stands in a file of substitutions; None where none is named.
    """
    if path is None:
        return None
    if not path.exists():  # none would be as good as an empty one
        raise ExchangeError(f"{path}: expected a file of substitutions, got none")
    return Substitutions(SubstitutionFile(path, sleutelbos=ring).substitutions())


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
