"""
The options of what a board keeps: days, recipients, substitutions, registers.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

from eckid import Doel, Ontvanger, Organisatie
from eckid.cli.options import PATH, member, options

F = TypeVar("F", bound=Callable[..., Any])


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


def _organisatie(_: click.Context, __: click.Parameter, value: str) -> Organisatie:
    # What kind of recipient it is says nothing about whose link it is.
    return Organisatie(value, Ontvanger.SOFTWARELEVERANCIER)


ORGANISATIE: Final = click.option(
    "--organisatie",
    required=True,
    metavar="OIN",
    callback=_organisatie,
    help="The recipient that links are for.",
)
DOEL: Final = click.option(
    "--doel", required=True, help="What the two may be joined for.", **member(*Doel)
)
NAMESPACE: Final = click.option(
    "--namespace", metavar="URL", help="Namespace that the ketenIDs must have."
)
SUBSTITUTIONS: Final = click.option(
    "--substitutions",
    type=PATH,
    help='The file of "eckid substitute": who has a new number keeps the old '
    "stampseudoniem.",
)
ADMINISTRATIE: Final = click.option(
    "--administratie",
    default="las",
    show_default=True,
    metavar="NAME",
    help="Which administration the person keys are of, in words of your own.",
)
REGISTER: Final = click.option(
    "--register", required=True, type=PATH, help="The register of the board."
)
REGISTER_OR_NONE: Final = click.option(
    "--register", type=PATH, help="The register of the board, which is to keep it."
)
REGISTER_TO: Final = options(
    click.option(
        "--register",
        type=PATH,
        help="The register of the board: who is known is not hashed again.",
    ),
    ADMINISTRATIE,
    click.option(
        "--organisatie",
        metavar="OIN",
        callback=lambda context, parameter, value: (
            None if value is None else _organisatie(context, parameter, value)
        ),
        help="The recipient; with --register it is noted.",
    ),
    click.option("--recheck", is_flag=True, help="Hash also whom the register knows."),
)
