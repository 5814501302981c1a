"""
The formats between which a list travels: CSV, EDEXML, Edu-V and Parquet.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from eckid._secret import Closed, expect
from eckid._vrijgave import Vrijgave
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.errors import ExchangeError
from eckid.exchange import edexml_out, eduv
from eckid.exchange.cells import is_formula
from eckid.exchange.csv import Table, writer
from eckid.exchange.edexml import School
from eckid.exchange.edexml_in import Edexml
from eckid.exchange.eduv import Students
from eckid.exchange.parquet import Parquet, draw_parquet
from eckid.pseudonyms import KetenID

# What a list may be read from: columns, and a record or a refusal for each row.
Source: TypeAlias = Table | Edexml | Students | Parquet
SOURCES: Final = (Table, Edexml, Students, Parquet)

# Standard input cannot be read twice, so it is held.
_HELD: Final = 64 * 1024 * 1024


class Format(Closed):
    """
    A format, by the name that the command line gives it.
    """

    CSV = "csv"
    EDEXML = "edexml"
    EDUV = "eduv"
    PARQUET = "parquet"


_SUFFIX: Final = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".xml": Format.EDEXML,
    ".json": Format.EDUV,
    ".parquet": Format.PARQUET,
}


def format_of(path: str | Path, format: str | None) -> Format:
    """
    Return the format of a file: what it is said to be, else what its name says.

    Raises:
        eckid.errors.ExchangeError: If neither says.
    """
    known = {member.value: member for member in Format}
    if format is None:
        found = _SUFFIX.get(Path(path).suffix.lower())
    else:
        found = known.get(expect("format", format, str))
    if found is None:
        raise ExchangeError(
            f"format: expected {' or '.join(known)}, or a file named "
            f"{' '.join(_SUFFIX)}"
        )
    return found


def look(
    path: str | Path,
    *,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Source:
    """
    Look at the file at *path*.

    Args:
        path: The file.

        headings: Headings of one's own, each with the attribute it is; for
            CSV and Parquet.

        format: ``csv``, ``edexml``, ``eduv`` or ``parquet``; None goes by the name
            of the file, and takes any other name for CSV.

    Raises:
        eckid.errors.ExchangeError: If it is no list in that format.
        OSError: If it cannot be read.
    """
    file = Path(path)
    if file.exists() and not file.is_file():
        # It is opened more than once, and a pipe gives itself only once.
        raise ExchangeError("expected a file; give a pipe as standard input")
    plain = format is None and file.suffix.lower() not in _SUFFIX
    found = Format.CSV if plain else format_of(file, format)
    return _source(lambda: file.open("rb"), found, headings)


def hold(
    stream: BinaryIO,
    *,
    headings: Mapping[str, str] | None = None,
    format: str | None = None,
) -> Source:
    """
    Look at what *stream* gives, such as standard input; at most 64 MiB.

    Args:
        stream: A file of octets.

        headings: As for `look`.

        format: As for `look`; None is CSV.

    Raises:
        eckid.errors.ExchangeError: If there is more, or it is no list.
    """
    if not hasattr(stream, "read"):
        raise TypeError(f"stream: expected a file, got {type(stream).__name__}")
    octets = b""
    # An unbuffered pipe gives what it has, and nothing only at its end.
    while len(octets) <= _HELD and (more := stream.read(_HELD + 1 - len(octets))):
        octets += more
    if len(octets) > _HELD:
        raise ExchangeError("expected at most 64 MiB here; give a file instead")
    opener = partial(io.BytesIO, octets)
    return _source(opener, format_of("", format or Format.CSV.value), headings)


def _source(
    opener: Callable[[], BinaryIO],
    format: Format,
    headings: Mapping[str, str] | None,
) -> Source:
    known = _attributes(headings)
    if known and format not in {Format.CSV, Format.PARQUET}:
        raise ExchangeError("heading: expected none, for this format has its own")
    if format is Format.EDEXML:
        return Edexml(opener)
    if format is Format.EDUV:
        return Students(opener)
    return (Parquet if format is Format.PARQUET else Table)(opener, known)


def _attributes(headings: Mapping[str, str] | None) -> Mapping[str, str]:
    if headings is not None:
        expect("headings", headings, Mapping)  # type: ignore[type-abstract]
    for naam in (headings or {}).values():
        if expect("heading", naam, str) not in CATALOGUE:
            raise ExchangeError("heading: expected an attribuut of the catalogue")
    return headings or {}


def misfit_of(format: Format) -> Callable[[Vrijgave], str | None] | None:
    """
    Return what names the attribute of a release that *format* has no place for.
    """
    if format is Format.PARQUET:
        return None
    if format is Format.CSV:
        # A list in another format may have it.
        return lambda vrijgave: next(
            (name for name, cell in texts(vrijgave).items() if is_formula(cell)), None
        )
    check = edexml_out.misfit if format is Format.EDEXML else eduv.misfit
    return lambda vrijgave: check(vrijgave.wie, texts(vrijgave))


def texts(vrijgave: Vrijgave) -> dict[str, str]:
    """
    Return what is released as text, empty ones left out.
    """
    return {
        name: value.uri if isinstance(value, KetenID) else value
        for name, value in vrijgave.released.items()
        if value != ""
    }


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
        rows = [(vrijgave.wie, texts(vrijgave)) for vrijgave in going]
        if format is Format.EDEXML and school is not None:
            edexml_out.write_edexml(file, rows, school=school)
        else:
            eduv.write_students(file, rows)

    return draw


_IDS: Final = frozenset(
    a.naam
    for a in CATALOGUE.values()
    if a.kenmerk in {Kenmerk.KETENID, Kenmerk.ANDER_ID}
)


def _identifier(vrijgave: Vrijgave) -> tuple[str, str]:
    # By the rule, for a policy may let it go under another name.
    for name, regel in vrijgave.regels.items():
        if regel.attribuut in _IDS:
            value = vrijgave.released[name]
            return value.uri if isinstance(value, KetenID) else value, ""
    # Without one, by what it says: still not as the list was.
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
        given = texts(vrijgave)
        if given.keys() - set(columns):
            raise ExchangeError("columns: expected all that is released, got fewer")
        yield [given.get(name, "") for name in columns]


def each_checked(vrijgaven: Iterable[Vrijgave], path: Path) -> Iterator[Vrijgave]:
    """
    Yield *vrijgaven*, unless a rehearsal's go to a file that does not say so.
    """
    for vrijgave in vrijgaven:
        # Once written nothing else tells a rehearsal's ketenIDs from the pilot's.
        ketenid = next(
            (
                v
                for v in expect("vrijgave", vrijgave, Vrijgave).released.values()
                if isinstance(v, KetenID)
            ),
            None,
        )
        if ketenid is not None and ketenid.rehearsal and "REHEARSAL" not in path.name:
            raise ExchangeError("path: expected REHEARSAL in the name of the file")
        yield vrijgave
