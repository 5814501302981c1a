"""
The sink: releases are written as a file in one of the formats.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from eckid._core.values import expect, is_text, not_text
from eckid.errors import ExchangeError
from eckid.exchange.formats import edexml_out, eduv
from eckid.exchange.formats.cells import holds_formula
from eckid.exchange.formats.csv import writer
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.kinds import Format, written
from eckid.exchange.formats.parquet import draw_parquet
from eckid.policy import Vrijgave
from eckid.policy.regel import is_plain
from eckid.policy.vrijgave import fault_of


def misfit_of(format: Format) -> Callable[[Vrijgave], str | None]:
    """
    Return a function that finds an attribute that does not fit in *format*.

    Args:
        format: The format of the file to write.

    Returns:
        A function of a release. It gives the name of the first attribute that has no
        place in the format or whose value does not fit; None if all fit. For CSV that
        is a value that a spreadsheet would run. Text that UTF-8 cannot hold fits in no
        format.
    """
    if written(format) in {Format.CSV, Format.PARQUET}:
        # Reading CSV refuses formulas; other formats may contain them.
        runs = holds_formula if format is Format.CSV else _never
        return lambda vrijgave: next(
            (
                n
                for n, cell in vrijgave.texts.items()
                if not is_text(cell) or runs(cell)
            ),
            None,
        )
    check = edexml_out.misfit if format is Format.EDEXML else eduv.misfit
    return lambda vrijgave: check(vrijgave.wie, vrijgave.texts)


def _never(_: str) -> bool:
    return False


def drawer(
    format: Format,
    *,
    columns: Sequence[str] | None = None,
    school: School | None = None,
    order: str = "identifier",
    for_excel: bool = False,
) -> Callable[[BinaryIO, Iterable[Vrijgave]], None]:
    """
    Return a function that writes releases to an open file, in *format*.

    Args:
        format: The format to write.

        columns: The columns of CSV and Parquet; None takes them from the first
            release.

        school: The school; EDEXML needs it, other formats do not.

        order: ``identifier`` sorts by identifier, so that the order of the list stays
            hidden. ``list`` keeps the order of the list, and so reveals it; that is
            often the order of surnames.

        for_excel: Whether CSV begins with a BOM; only CSV may.

    Returns:
        A function of a file, open for writing bytes, and the releases. It raises an
        ExchangeError if the releases have different columns, a value does not fit, or
        a release was made by hand and holds what no policy releases.

    Raises:
        eckid.errors.ExchangeError: If *order* is another word, EDEXML is asked for
            without a school, a file that is not CSV is asked for Excel, or *format* is
            Excel, which is only read.
    """
    if expect("for_excel", for_excel, bool) and format is not Format.CSV:
        raise ExchangeError(
            "for_excel: expected CSV, for only CSV may begin with a BOM"
        )
    if expect("order", order, str) not in {"identifier", "list"}:
        raise ExchangeError("order: expected identifier or list, got another")
    if written(format) is Format.EDEXML and school is None:
        raise ExchangeError(
            "school: expected its school year and BRIN, which EDEXML asks for"
        )

    def draw(file: BinaryIO, going: Iterable[Vrijgave]) -> None:
        going = map(_fit, going)
        if order == "identifier":
            going = sorted(going, key=_identifier)
        if format in {Format.CSV, Format.PARQUET}:
            if for_excel:
                file.write(codecs.BOM_UTF8)
            _draw_rows(file, going, columns, parquet=format is Format.PARQUET)
            return
        rows = [(vrijgave.wie, vrijgave.texts) for vrijgave in going]
        if format is Format.EDEXML and school is not None:
            edexml_out.write_edexml(file, rows, school=school)
        else:
            eduv.write_students(file, rows)

    return draw


def _fit(vrijgave: Vrijgave) -> Vrijgave:
    # Every sink passes here, whoever made the release.
    fault = fault_of(expect("vrijgave", vrijgave, Vrijgave))
    if fault is not None:
        raise ExchangeError(f"vrijgave: {fault}")
    return vrijgave


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
    if not all(map(is_plain, columns)):
        raise ExchangeError("columns: expected names of attributes, got other texts")
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
        place = not_text([*given.values()])
        if place is not None:
            raise ExchangeError(f"{[*given][place]}: expected text that UTF-8 can hold")
        yield [given.get(name, "") for name in columns]


def each_checked(vrijgaven: Iterable[Vrijgave], path: Path) -> Iterator[Vrijgave]:
    """
    Yield *vrijgaven*; refuse those of a rehearsal if the file name does not say so.

    Raises:
        eckid.errors.ExchangeError: If a ketenID is of a rehearsal ring and the name
            of *path* lacks REHEARSAL.
    """
    expect("path", path, Path)
    for vrijgave in vrijgaven:
        # In a file, only its name tells rehearsal ketenIDs from those of the pilot.
        ketenid = expect("vrijgave", vrijgave, Vrijgave).ketenid
        if ketenid is not None and ketenid.rehearsal and "REHEARSAL" not in path.name:
            raise ExchangeError("path: expected REHEARSAL in the name of the file")
        yield vrijgave
