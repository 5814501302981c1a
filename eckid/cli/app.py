"""
The command eckid: the group of its commands, and how it reports a failure.
"""

import io
import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

import click

from eckid import __version__
from eckid.cli import stopping

# Each command, and where it stands: its module is imported when it is asked for.
_COMMANDS: Final[Mapping[str, str]] = {
    "demo": "demo.demo",
    "init": "init.init",
    "check": "check.check",
    "explain": "explain.explain",
    "hash": "hash.hash_",
    "derive": "derive.derive",
    "release": "release.release",
    "policy": "policy.policy",
    "enrolment": "enrolment.enrolment",
    "substitute": "substitute.substitute",
    "link": "link.link",
    "register": "register.register",
    "ring": "ring.ring",
    "service": "service.service",
    "serve": "serve.serve",
}

_EXIT = """
\b
Exit codes:
  0    done; no row was refused
  1    done, but rows were refused; they are listed with their reason
  2    the command was not understood
  3    refused as a whole; nothing was written
  4    a fault in eckid; no half file is left
  130  interrupted; no half file is left
"""


class _Commands(click.Group):
    """
    The commands, each imported when it is asked for.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's
        """
        Return the names of the commands, sorted.
        """
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """
        Return a command by its name; None if there is no such command.
        """
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(".")
        found: click.Command = getattr(import_module(f"eckid.cli.{module}"), name)
        return found


@click.group(
    cls=_Commands,
    epilog=_EXIT,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="eckid")
def app() -> None:
    """
    Turn a class list into what each recipient may see of it.

    Start with "eckid demo". Then, with a list of your own: "eckid init" makes a
    ring of keys. "eckid check" says what is wrong with the list. "eckid explain"
    says what a recipient would get of one pupil, and why. "eckid release" writes
    the file for the recipient.

    No PGN, HPgn, stampseudoniem or key is ever printed, or written in a release
    or a report.
    """


def run(arguments: Sequence[str]) -> int:
    """
    Run the command line, and return its exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console with an old code page shows unknown signs as escapes.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with stopping.ended_by_signals(), warnings.catch_warnings():
            warnings.showwarning = _warn  # type: ignore[assignment]  # takes what comes
            code: int = app.main(list(arguments), "eckid", standalone_mode=False) or 0
    except click.ClickException as error:
        error.message = _without_values(error, arguments)  # type: ignore[misc]  # as shown
        error.show()
        return 2
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # reported
        from eckid.cli import show  # noqa: PLC0415  # only a failure needs it

        code, line = show.fault(error)
        show.warn(f"eckid: {line}")
        for note in getattr(error, "__notes__", ()):
            show.warn(note)
    return code


def _without_values(error: click.ClickException, arguments: Sequence[str]) -> str:
    """
    Return the message of *error* without the words that were typed.

    A number may stand where a word should, and terminals are copied into reports.
    """
    if isinstance(error, click.NoSuchOption):
        return "No such option."
    told = error.message
    names = {word for word in arguments if word.startswith("-") and "=" not in word}
    typed = {part for word in arguments for part in (word, word.partition("=")[2])}
    # What may be chosen is no secret, and is what helps.
    kind = getattr(getattr(error, "param", None), "type", None)
    choices = {str(choice) for choice in getattr(kind, "choices", ())}
    for word in sorted(typed - names - choices, key=len, reverse=True):
        # A word of one or two signs is nobody's, and may stand anywhere in a message.
        if len(word) > 2:
            told = re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", "…", told)
    # A number may have been read before it was refused, and lost its zeros.
    return re.sub(r"[0-9]{6,}", "…", told)


def _warn(message: Warning | str, *_: object) -> None:
    """
    Print a warning of the library as one line, without its source code.
    """
    from eckid.cli import show  # noqa: PLC0415  # only a warning needs it

    show.warn(f"eckid: {message}")
