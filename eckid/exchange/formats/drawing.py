"""
The sink: what is released is drawn as a file of one of the formats.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from eckid._core.values import expect
from eckid.errors import ExchangeError
from eckid.exchange.formats import edexml_out, eduv
from eckid.exchange.formats.cells import is_formula
from eckid.exchange.formats.csv import writer
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import Format
from eckid.exchange.formats.parquet import draw_parquet
from eckid.policy import Vrijgave


def misfit_of(format: Format) -> Callable[[Vrijgave], str | None]:
    """
    Return what names the attribute of a release that *format* has no place for.
    """
    if format is Format.PARQUET:
        return lambda _: None
    if format is Format.CSV:
        # A list in another format may have it.
        return lambda vrijgave: next(
            (name for name, cell in vrijgave.texts.items() if is_formula(cell)), None
        )
    check = edexml_out.misfit if format is Format.EDEXML else eduv.misfit
    return lambda vrijgave: check(vrijgave.wie, vrijgave.texts)


def drawer(
    format: Format,
    *,
    columns: Sequence[str] | None = None,
    school: School | None = None,
    order: str = "identifier",
) -> Callable[[BinaryIO, Iterable[Vrijgave]], None]:
    """
    Return what draws releases in *format*.

    Args:
        format: The format.

        columns: The columns of CSV and Parquet; None takes them from the releases.

        school: The school, for EDEXML.

        order: ``identifier``, which says nothing of the list, or ``list``, which
            tells the order in which it stood, and that is often the surnames'.
    """
    if expect("order", order, str) not in {"identifier", "list"}:
        raise ExchangeError("order: expected identifier or list, got another")
    if format is Format.EDEXML and school is None:
        raise ExchangeError(
            "school: expected its school year and BRIN, which EDEXML asks for"
        )

    def draw(file: BinaryIO, going: Iterable[Vrijgave]) -> None:
        if order == "identifier":
            going = sorted(going, key=_identifier)
        if format in {Format.CSV, Format.PARQUET}:
            _draw_rows(file, going, columns, parquet=format is Format.PARQUET)
            return
        rows = [(vrijgave.wie, vrijgave.texts) for vrijgave in going]
        if format is Format.EDEXML and school is not None:
            edexml_out.write_edexml(file, rows, school=school)
        else:
            eduv.write_students(file, rows)

    return draw


def _identifier(vrijgave: Vrijgave) -> tuple[str, str]:
    if vrijgave.identifier is not None:
        return vrijgave.identifier[1], ""
    # No identifier: sort by released values, so that the list's order stays hidden.
    return "", "\0".join(map(str, vrijgave.released.values()))


def _draw_rows(
    file: BinaryIO,
    going: Iterable[Vrijgave],
    columns: Sequence[str] | None,
    *,
    parquet: bool,
) -> None:
    rest = iter(going)
    first = next(rest, None)
    if columns is None:
        if first is None and not parquet:
            return
        columns = () if first is None else first.columns
    rows = () if first is None else _rows(chain([first], rest), first.columns, columns)
    if parquet:
        draw_parquet(file, columns, rows)
        return
    write_row = writer(file, columns)
    for row in rows:
        write_row(row)


def _rows(
    going: Iterable[Vrijgave], first: tuple[str, ...], columns: Sequence[str]
) -> Iterator[list[str]]:
    for vrijgave in going:
        if vrijgave.columns != first:
            raise ExchangeError("expected releases with the same columns, got others")
        given = vrijgave.texts
        if given.keys() - set(columns):
            raise ExchangeError("columns: expected all that is released, got fewer")
        yield [given.get(name, "") for name in columns]


def each_checked(vrijgaven: Iterable[Vrijgave], path: Path) -> Iterator[Vrijgave]:
    """
    Yield *vrijgaven*, unless a rehearsal's go to a file that does not say so.
    """
    for vrijgave in vrijgaven:
        # Once written nothing else tells a rehearsal's ketenIDs from the pilot's.
        ketenid = expect("vrijgave", vrijgave, Vrijgave).ketenid
        if ketenid is not None and ketenid.rehearsal and "REHEARSAL" not in path.name:
            raise ExchangeError("path: expected REHEARSAL in the name of the file")
        yield vrijgave
