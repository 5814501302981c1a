"""
A command of `eckid` in a folder, and what it ended with.
"""

from typing import Final, NamedTuple

PASSPHRASE: Final = "correct horse battery staple"
RING: Final = ("--ring", "ring", "--passphrase-file", "secret")


class Done(NamedTuple):
    """
    What a command ended with.
    """

    code: int
    out: str
    err: str
