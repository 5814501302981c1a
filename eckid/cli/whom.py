"""
The options that say where data goes: policy, recipient, register and file.
"""

from collections.abc import Callable
from datetime import date
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
    IdentifierError,
    Keten,
    Ontvanger,
    Organisatie,
    Register,
    Sector,
    Sleutelbos,
)
from eckid._core.foreign import foreign
from eckid.cli.opening import RING_OPTIONS, load_ring
from eckid.cli.options import (
    ON,
    PATH,
    Option,
    a_day,
    becoming,
    member,
)
from eckid.exchange import Edexml, School, Shape, Source, SubstitutionFile
from eckid.exchange.formats.kinds import WRITTEN
from eckid.succession import Substitutions


def to_beleid(
    context: click.Context, _: click.Parameter, value: str | None
) -> Attribuutbeleid | None:
    """
    Load a policy by its name, or from a .toml file.
    """
    if value is None:
        return None
    if value.endswith(".toml"):
        context.meta["eckid.beleid"] = Path(value)
        return Attribuutbeleid.load_file(value)
    return Attribuutbeleid.load(value)


def _organisatie(_: click.Context, __: click.Parameter, value: str) -> Organisatie:
    # A link is for one OIN; the kind of recipient does not matter to it.
    return Organisatie(value, Ontvanger.SOFTWARELEVERANCIER)


ORGANISATIE: Final = click.option(
    "--organisatie",
    required=True,
    metavar="OIN",
    callback=_organisatie,
    help="OIN of the recipient of the links.",
)
DOEL: Final = click.option(
    "--doel", required=True, help="The purpose of the links.", **member(*Doel)
)
NAMESPACE: Final = click.option(
    "--namespace", metavar="URL", help="The namespace that the ketenIDs must have."
)


def _sector(_: click.Context, __: click.Parameter, value: str | None) -> Sector | None:
    if value is None:
        return None
    with foreign(lambda error: click.UsageError(f"--{error}"), IdentifierError):
        return Sector.parse(value)


_SECTORS: Final = f"[{'|'.join(sector.value for sector in Sector)}]"
SECTOR: Final = click.option(
    "--sector",
    required=True,
    metavar=_SECTORS,
    callback=_sector,
    help="The sector in which all pupils of the list are enrolled, or a kind of school "
    "in it, such as havo; ho has no ketenIDs.",
)
SECTOR_OR_NONE: Final = click.option(
    "--sector",
    metavar=_SECTORS,
    callback=_sector,
    help="The sector in which the pupils are enrolled, or a kind of school in it; year "
    "groups and ages are then looked at too.",
)
KETEN: Final = click.option(
    "--keten",
    metavar="UUID",
    callback=lambda _, __, value: LEERMIDDELENKETEN if value is None else Keten(value),
    help="The chain of the recipient; by default the learning-material chain.",
)


def _bestemming(
    beleid: Attribuutbeleid,
    ontvanger: Ontvanger,
    oin: str | None,
    test_day: date | None,
    **asked: Any,  # noqa: ANN401  # as `voor` takes it
) -> Bestemming:
    whose = None if oin is None else Organisatie(oin, ontvanger)
    return beleid.voor(
        ontvanger=ontvanger, organisatie=whose, toetsdag=test_day, **asked
    )


_POLICY: Final[dict[str, Option]] = {
    "beleid": click.option(
        "--beleid",
        required=True,
        metavar="NAME|FILE",
        callback=to_beleid,
        help='The policy: the name of one that comes with eckid (see "eckid policy '
        'list"), or a .toml file of your own.',
    ),
    "scopes": click.option(
        "--scope",
        "scopes",
        multiple=True,
        metavar="SCOPE",
        help="A scope to choose, if the policy has scopes; may be repeated.",
    ),
    "doel": click.option(
        "--doel", required=True, help="The purpose of the data.", **member(*Doel)
    ),
    "ontvanger": click.option(
        "--ontvanger",
        required=True,
        help="The kind of recipient.",
        **member(*Ontvanger),
    ),
    "rol": click.option(
        "--rol", help="EDEXML code of the role that sees the data, such as LRK."
    ),
    "on": ON,
    "test_day": a_day(
        "--test-day",
        "The day of the test, for a test with norms by age; without it no age goes.",
        required=False,
    ),
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
        help="OIN of the recipient; --register needs it, and notes it.",
    ),
)


class Board(NamedTuple):
    """
    An open register, and its ring.
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
    help="A name of your own for the administration that the person keys are from.",
)
REGISTER: Final = click.option(
    "--register", required=True, type=PATH, help="The register of the board."
)
REGISTER_OR_NONE: Final = click.option(
    "--register", type=PATH, help="The register that keeps the links."
)
BOARD: Final = becoming("board", _opened, register=REGISTER, **RING_OPTIONS)

SUBSTITUTIONS: Final = click.option(
    "--substitutions",
    type=PATH,
    help='The file that "eckid substitute" wrote: a pupil with a new number keeps the '
    "old stampseudoniem.",
)


def substitutions_of(path: Path | None, ring: Sleutelbos) -> Substitutions | None:
    """
    Return the substitutions in a file; None if no file was given.
    """
    if path is None:
        return None
    if not path.exists():  # a missing file must not count as empty
        raise ExchangeError(f"{path}: expected a file of substitutions, got none")
    return Substitutions(SubstitutionFile(path, sleutelbos=ring).substitutions())


def _shape(
    schooljaar: str | None,
    brin: str | None,
    **shape: Any,  # noqa: ANN401  # as `Shape` takes it
) -> Callable[[Source], Shape]:
    return lambda table: Shape(school=school_of(table, schooljaar, brin), **shape)


# The command gets a function that makes a Shape, given the list.
SHAPE: Final = becoming(
    "shape",
    _shape,
    format=click.option(
        "--to",
        "format",
        type=click.Choice([member.value for member in WRITTEN]),
        help="The format to write; by default the extension of --out decides.",
    ),
    order=click.option(
        "--order",
        type=click.Choice(["identifier", "list"]),
        default="identifier",
        show_default=True,
        help="The order of the rows; list keeps that of LIST, often by surname.",
    ),
    schooljaar=click.option(
        "--schooljaar",
        metavar="YEARS",
        help="The school year for EDEXML, such as 2026-2027; by default that of LIST.",
    ),
    brin=click.option(
        "--brin", metavar="BRIN", help="The BRIN for EDEXML; by default that of LIST."
    ),
    for_excel=click.option(
        "--for-excel",
        is_flag=True,
        help="Begin CSV with a mark (BOM), so that Excel opens it with a double click.",
    ),
    replace=click.option(
        "--force", "replace", is_flag=True, help="Replace files that exist."
    ),
)


def school_of(table: Source, schooljaar: str | None, brin: str | None) -> School | None:
    """
    Return the school for EDEXML: that of the list, with the given values replaced.
    """
    if schooljaar is None and brin is None:
        return table.school if isinstance(table, Edexml) else None
    about = table.about if isinstance(table, Edexml) else {}
    said = {"schooljaar": schooljaar, "brincode": brin}
    given = {name: value for name, value in said.items() if value is not None}
    return School(**{"schooljaar": "", **about, **given})
