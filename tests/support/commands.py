"""
A command of `eckid` in a folder, and what it ended with.
"""

from typing import Final, NamedTuple

import click

PASSPHRASE: Final = "correct horse battery staple"
RING: Final = ("--ring", "ring", "--passphrase-file", "secret")


class Done(NamedTuple):
    """
    What a command ended with.
    """

    code: int
    out: str
    err: str


def below(command: click.Command) -> dict[str, click.Command]:
    """
    Return the commands of a group by their names, imported; of no group, none.
    """
    if not isinstance(command, click.Group):
        return {}
    context = click.Context(command)
    names = command.list_commands(context)
    found = {name: command.get_command(context, name) for name in names}
    return {name: each for name, each in found.items() if each is not None}
