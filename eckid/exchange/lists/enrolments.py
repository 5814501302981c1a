"""
A list of inschrijvingen: for each, whether a ketenID holds on a day.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from eckid._core.values import expect
from eckid.enrolment import Inschrijving, Uitkomst, ketenids_on
from eckid.errors import BoundaryError, IdentifierError
from eckid.exchange.formats.source import SOURCES, Source
from eckid.exchange.lists.sheets import (
    Cells,
    Column,
    a_bool,
    a_day,
    a_text,
    no_or_a_bool,
    no_or_a_day,
    read_sheet,
)
from eckid.exchange.rows import RijReden, Weigering
from eckid.keten import INDELING, Indeling, Onderwijssoort


def _soort(cell: str) -> Onderwijssoort:
    return Onderwijssoort.parse(cell)


# The heading "brin" is read as the attribute organisatie, as in a class list.
_COLUMNS: Final = (
    Column("key", a_text, "leerlingnummer"),
    Column("soort", _soort, "onderwijssoort onderwijs"),
    Column("brin", str.upper, "organisatie school"),
    Column("begin", a_day, "instroomdatum begindatum inschrijving"),
    Column("einde", no_or_a_day, "uitstroomdatum einddatum uitschrijving", None),
    Column("bekostigd", a_bool, "bekostiging"),
    # The check at DUO is not compulsory, so a cell may be empty, and the column may be
    # missing: then nobody asked.
    Column("bevestigd", no_or_a_bool, "rod registratie", None),
    Column("aangevraagd_op", no_or_a_day, "aanvraag aanvraagdatum", None),
)


@dataclass(frozen=True, slots=True, repr=False)
class Stand:
    """
    The outcome for one inschrijving of a list.

    Attributes:
        key: The administration's key of the person.
        uitkomst: Whether a ketenID holds, or another identifier may stand in for it.
    """

    key: str
    uitkomst: Uitkomst

    def __repr__(self) -> str:
        return "<Stand key uitkomst>"


def check_enrolments(
    source: Source,
    *,
    on: date,
    uiterlijk: date | None = None,
    controleert: bool = True,
    table: Sequence[Indeling] = INDELING,
) -> Iterator[Stand | Weigering]:
    """
    Return for each inschrijving of a list whether a ketenID holds on a day.

    Rows with the same key are one person, wherever they stand. If one row of a person
    is refused, all are: without it, the outcome of the others could be wrong.

    Args:
        source: The list, with the columns key, soort, brin, begin, einde, bekostigd;
            bevestigd if the board checked at DUO (yes, no, or empty where it did not);
            aangevraagd_op if the ketenID can be asked for on another day than begin.

        on: The day.

        uiterlijk: The last day until which another identifier may be promised; None
            is the end of the school year, 31 July.

        controleert: Whether the board checks at DUO. False says that it does not: an
            empty bevestigd then counts as confirmed.

        table: Which onderwijssoort lies in which sector: `INDELING`, or your own.

    Returns:
        For each row, in order, a `Stand` or a `Weigering`. All rows are held in
        memory until the last is read.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
        eckid.errors.BoundaryError: If the day is before 29-05-2018, or *uiterlijk*
            is before the day.
    """
    expect("source", source, *SOURCES)
    # Asked for nobody, so that a wrong day is refused before a row is read.
    asked = partial(
        ketenids_on, on=on, uiterlijk=uiterlijk, controleert=controleert, table=table
    )
    asked([])
    return _each(read_sheet(source, _COLUMNS), asked)


def _each(
    sheet: Iterable[Cells | Weigering],
    asked: Callable[[list[Inschrijving]], tuple[Uitkomst, ...]],
) -> Iterator[Stand | Weigering]:
    rows = list(sheet)
    read = [_inschrijving(row) for row in rows]
    persons: dict[str, list[Inschrijving]] = {}
    refused: set[str] = set()
    for row, made in zip(rows, read, strict=True):
        if isinstance(made, Inschrijving):
            persons.setdefault(_key(row), []).append(made)
        else:
            refused.add(_key(row))
    outcomes = {
        key: iter(asked(places))
        for key, places in persons.items()
        if key not in refused
    }
    for row, made in zip(rows, read, strict=True):
        key = _key(row)
        if isinstance(made, Weigering):
            yield made
        elif key in refused:
            yield Weigering(row.record, row.line, None, RijReden.PERSOON)
        else:
            yield Stand(key, next(outcomes[key]))


def _key(row: Cells | Weigering) -> str:
    return "" if isinstance(row, Weigering) else row.values["key"] or ""


def _inschrijving(row: Cells | Weigering) -> Inschrijving | Weigering:
    if isinstance(row, Weigering):
        return row
    values = {name: value for name, value in row.values.items() if name != "key"}
    if row.wrong is not None:
        return row.wrong
    try:
        return Inschrijving(**values)
    except (IdentifierError, BoundaryError):
        return row.refused(RijReden.VALUE)
