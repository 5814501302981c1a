"""
The options that say where something goes: policy, recipient, register and file.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Bestemming,
    Doel,
    ExchangeError,
    Keten,
    Ontvanger,
    Organisatie,
    Register,
    Sector,
    Sleutelbos,
    Substitutions,
)
from eckid.cli.options import (
    FORMATS,
    ON,
    PATH,
    RING_OPTIONS,
    Option,
    becoming,
    load_ring,
    member,
)
from eckid.exchange import Edexml, School, Shape, Source, SubstitutionFile


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
SECTOR: Final = click.option(
    "--sector",
    required=True,
    **member(*Sector),
    help="Sector in which all of the list are enrolled. In ho no ketenID exists.",
)
KETEN: Final = click.option(
    "--keten",
    metavar="UUID",
    callback=lambda _, __, value: LEERMIDDELENKETEN if value is None else Keten(value),
    help="The chain of the recipient; else the learning-material chain.",
)


def _bestemming(
    beleid: Attribuutbeleid,
    ontvanger: Ontvanger,
    oin: str | None,
    **asked: Any,  # noqa: ANN401  # as `voor` takes it
) -> Bestemming:
    whose = None if oin is None else Organisatie(oin, ontvanger)
    return beleid.voor(ontvanger=ontvanger, organisatie=whose, **asked)


_POLICY: Final[dict[str, Option]] = {
    "beleid": click.option(
        "--beleid",
        required=True,
        metavar="NAME|FILE",
        callback=to_beleid,
        help="A policy that comes with eckid (see eckid policy list), or a .toml "
        "file of your own.",
    ),
    "scopes": click.option(
        "--scope",
        "scopes",
        multiple=True,
        metavar="SCOPE",
        help="A scope of the policy, where it has scopes; may be given again.",
    ),
    "doel": click.option(
        "--doel", required=True, help="What the data is for.", **member(*Doel)
    ),
    "ontvanger": click.option(
        "--ontvanger",
        required=True,
        help="The kind of recipient.",
        **member(*Ontvanger),
    ),
    "rol": click.option(
        "--rol", help="EDEXML code of who sees it inside an application, such as LRK."
    ),
    "on": ON,
}
TO: Final = becoming("to", partial(_bestemming, oin=None), **_POLICY)
TO_ONE: Final = becoming(
    "to",
    _bestemming,
    **_POLICY,
    oin=click.option(
        "--organisatie",
        "oin",
        metavar="OIN",
        help="The recipient; with --register it is noted.",
    ),
)


class Board(NamedTuple):
    """
    A register that is open, and its ring.
    """

    register: Register
    sleutelbos: Sleutelbos


def _opened(register: Path, **ring: Any) -> Board:  # noqa: ANN401  # as `load_ring` takes it
    keys = load_ring(**ring)
    context = click.get_current_context()
    opened = Register.open(register, sleutelbos=keys)
    return Board(context.with_resource(opened), keys)


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
BOARD: Final = becoming("board", _opened, register=REGISTER, **RING_OPTIONS)

SUBSTITUTIONS: Final = click.option(
    "--substitutions",
    type=PATH,
    help='The file of "eckid substitute": who has a new number keeps the old '
    "stampseudoniem.",
)


def substitutions_of(path: Path | None, ring: Sleutelbos) -> Substitutions | None:
    """
    Return what stands in a file of substitutions; None where none is named.
    """
    if path is None:
        return None
    if not path.exists():  # none would be as good as an empty one
        raise ExchangeError(f"{path}: expected a file of substitutions, got none")
    return Substitutions(SubstitutionFile(path, sleutelbos=ring).substitutions())


def _shape(
    schooljaar: str | None,
    brin: str | None,
    **shape: Any,  # noqa: ANN401  # as `Shape` takes it
) -> Callable[[Source], Shape]:
    return lambda table: Shape(school=school_of(table, schooljaar, brin), **shape)


# Hands over what makes a Shape of the list.
SHAPE: Final = becoming(
    "shape",
    _shape,
    format=click.option(
        "--to",
        "format",
        type=click.Choice(FORMATS),
        help="Format to write; else by the name of the file, as for LIST.",
    ),
    order=click.option(
        "--order",
        type=click.Choice(["identifier", "list"]),
        default="identifier",
        show_default=True,
        help="Order of the rows. That of the list tells the order of surnames.",
    ),
    schooljaar=click.option(
        "--schooljaar",
        metavar="YEARS",
        help="School year for EDEXML, such as 2026-2027; else that of LIST.",
    ),
    brin=click.option(
        "--brin", metavar="BRIN", help="BRIN of the school for EDEXML; else LIST's."
    ),
    replace=click.option(
        "--force", "replace", is_flag=True, help="Replace files that stand there."
    ),
)


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
