"""
Tables of sealed HPgns, made: persons who are there twice, and cells that are spoilt.

A seed decides all, but the seals.
"""

from random import Random
from typing import Any, Final, NamedTuple

import pyarrow as pa
from roads import hasher
from strategies import RING, with_check_digit

from eckid.exchange.formats.parquet import SEALED
from eckid.scale import hash_column

# Words that nobody's name has, so that logs can be searched for them.
NAMES: Final = "Xqzoë"
_DAYS: Final = ("2015-12-24", "24-12-2015", "1 sep 2015", "3-4-15", "nooit", "", "")
_CELLS: Final = {
    "geboortedatum": _DAYS,
    "geslacht": ("", "1", "V", "man", "9", "?"),
    "jaargroep": ("", "6", "6a", "h3b", "?"),
    "ander_id_tot": ("2026-12-31", "2026-12-31", "1-1-2020", "ooit", ""),
    "schoenmaat": ("", "38", "①②③④⑤⑥⑦⑧"),
}
# Bytes that are no text.
_NO_TEXT: Final = b"\xff\xfe"


class Spoilt(NamedTuple):
    """
    A spoilt table, and what must not be told of it.

    Attributes:
        table: Its rows; the column ``nr`` counts them.
        numbers: The numbers of its persons.
        secrets: Their HPgns, as hex digits.
    """

    table: Any
    numbers: frozenset[str]
    secrets: frozenset[str]


def numbers(many: int, *, seed: int) -> list[str]:
    """
    Return so many numbers that pass the elfproef, each another one.
    """
    draw = Random(seed)  # noqa: S311  # a list to test with
    found: dict[str, None] = {}
    while len(found) < many:
        digits = with_check_digit(f"{draw.randint(20_000_000, 99_999_999)}", 0)
        found |= {} if digits is None else {digits: None}
    return list(found)


def spoilt(rows: int, *, seed: int = 16) -> Spoilt:
    """
    Return a table of sealed HPgns with whatever refuses a row, or may.
    """
    draw = Random(seed)  # noqa: S311  # a list to test with
    people = {number: n for n, number in enumerate(numbers(rows * 3 // 4, seed=seed))}
    of = draw.choices(list(people), k=rows)
    with hasher() as one:
        made = hash_column(pa.array(of), hasher=one)
    hpgns = [value.expose() for value in made.column if value is not None]
    sealed_for = [
        f"k{people[number] if draw.random() < 0.7 else rows + row}"
        for row, number in enumerate(of)
    ]
    keys: list[bytes | None] = [key.encode() for key in sealed_for]
    sealed = made.column.seal(pa.array(sealed_for), sleutelbos=RING).column.to_pylist()
    columns: dict[str, list[bytes | None]] = {
        "roepnaam": [f"{NAMES}{people[n] % 9}".encode() for n in of],
        "achternaam": [f"{NAMES}-{n[:2]}".encode() for n in of],
        "ander_id_reden": [b""] * rows,
        **{n: [draw.choice(c).encode() for _ in of] for n, c in _CELLS.items()},
    }
    for row, (number, hpgn) in enumerate(zip(of, hpgns, strict=True)):
        chance = draw.randrange(100)
        spoil = {
            0: ("roepnaam", f"{NAMES} {number}"),
            1: ("achternaam", f"{NAMES}!"),
            2: ("roepnaam", f"  {NAMES.upper()}{people[number] % 9} "),
            3: ("achternaam", hpgn),
            4: ("achternaam", "x" * 5000),
            5: ("ander_id_reden", "zomaar"),
        }.get(chance)
        if spoil is not None:
            columns[spoil[0]][row] = spoil[1].encode()
        if chance in {6, 7, 8}:
            columns[("roepnaam", "schoenmaat", "geslacht")[chance - 6]][row] = _NO_TEXT
        if chance in {9, 10, 11, 12, 13, 14}:
            columns["ander_id_reden"][row] = draw.choice(
                (b"symbiose", b"niet-bekostigd")
            )
        if chance in {12, 13, 15}:
            sealed[row] = None
        if chance in {14, 16}:
            sealed[row] = draw.randbytes(120)
        if chance in {17, 18}:
            keys[row] = draw.choice((None, b" ", b"k1", _NO_TEXT))
    table = {
        "nr": pa.array(range(rows), pa.int64()),
        "key": _texts(keys),
        SEALED: pa.array(sealed, pa.binary()),
        **{name: _texts(cells) for name, cells in columns.items()},
    }
    return Spoilt(pa.table(table), frozenset(of), frozenset(hpgns))


def _texts(cells: list[bytes | None]) -> Any:  # noqa: ANN401  # an array of pyarrow
    # Arrow does not look whether it is text, as no file of Parquet does.
    return pa.array(cells, pa.binary()).view(pa.string())
