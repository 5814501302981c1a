"""
No work grows faster than its input, times its logarithm: each kind of input, by ratio.

Each kind is made twice, the second eight times as large. Both are used in one process,
and what counts is the ratio of the processor's time: a square would be sixty-four.
"""

import gc
import io
import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from schools import NAMESPACE, numbers

from eckid import (
    BSN,
    Attribuutbeleid,
    Doel,
    EckidError,
    KetenID,
    Medewerker,
    Ontvanger,
    display_names,
)
from eckid.attributes import NAMES_OF, Kenmerk
from eckid.exchange import Edexml, Roster, Students, hold, read_receipt
from eckid.exchange.formats.cells import is_formula, mend
from eckid.exchange.formats.days import readings
from eckid.keys.file import open_
from eckid.policy import Regel
from eckid.succession import read_jwks

_TIMES: Final = 8
# Eight times as much, its logarithm, and room for noise.
_MOST: Final = 12

# What makes an input of a size, and what uses it.
Kind = tuple[Callable[[int], Any], Callable[[Any], object]]


def _namesakes(surnames: list[str]) -> dict[str, dict[str, str]]:
    return {
        f"{n:06}": {"roepnaam": "Sanne", "achternaam": name}
        for n, name in enumerate(surnames)
    }


def _scoped_rules(many: int) -> tuple[tuple[Regel, ...], tuple[str, ...]]:
    names = NAMES_OF[Kenmerk.GEGEVEN]
    scopes = tuple(f"s{n}" for n in range(many))
    return tuple(
        Regel(
            attribuut=names[n % len(names)],
            doelen=frozenset({Doel.GEBRUIK}),
            ontvangers=frozenset(Ontvanger),
            bron="this test",
            zekerheid="C",
            motivering="Voor deze test.",
            motivation="For this test.",
            scope=scope,
        )
        for n, scope in enumerate(scopes)
    ), scopes


def _extends(made: tuple[tuple[Regel, ...], tuple[str, ...]]) -> None:
    rules, scopes = made
    base = Attribuutbeleid("b", "1", "x", rules, scopes=scopes)
    Attribuutbeleid("o", "1", "x", rules, scopes=scopes, basis=base)


def _table(octets: bytes, format: str | None = None) -> None:
    with suppress(EckidError):
        list(hold(io.BytesIO(octets), format=format))


def _roster(octets: bytes) -> None:
    list(Roster(hold(io.BytesIO(octets))))


class _Pieces(io.BytesIO):
    """
    A pipe that gives little at a time.
    """

    def read(self, size: int | None = -1) -> bytes:
        return super().read(64 if size is None or size < 0 else min(size, 64))


def _edexml(inside: str) -> bytes:
    return f'<leerlinggegevens xmlns="{NAMESPACE}">{inside}</leerlinggegevens>'.encode()


def _teacher(roles: int) -> bytes:
    said = "<rol>LRK</rol>" * roles
    return _edexml(
        f'<leerkrachten><leerkracht key="a"><achternaam>B</achternaam>{said}'
        "</leerkracht></leerkrachten>"
    )


def _grouped(pupils: int) -> bytes:
    group = f'<groepen><groep key="g"><naam>{"x" * 30_000}</naam></groep></groepen>'
    many = "".join(
        f'<leerling key="{n}"><bsn>1</bsn><groep key="g"/></leerling>'
        for n in range(pupils)
    )
    return _edexml(f"{group}<leerlingen>{many}</leerlingen>")


def _read_edexml(octets: bytes) -> None:
    with suppress(EckidError):
        list(Edexml(partial(io.BytesIO, octets)))


def _read_students(octets: bytes) -> None:
    with suppress(EckidError):
        list(Students(partial(io.BytesIO, octets)))


def _rows(count: int) -> bytes:
    lines = [f"{n};Sem;Bakker;6a" for n in numbers(count)]
    return "\n".join(["BSN;Roepnaam;Achternaam;Klas", *lines]).encode()


_STUDENT: Final = {
    "userMasterIdentifier": "",
    "givenName": "Sem",
    "familyName": "Bakker",
    "userIds": [{"userId": "1", "userIdType": "BPI"}],
}

_POLICY: Final = """
naam = "eigen"
versie = "1"
status = "Van ons."
breidt_uit = "leermiddelenketen"
scopes = SCOPES
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "het bestuur"
zekerheid = "I"
"""
_RULE: Final = """
[[regel]]
attribuut = "roepnaam"
eis = "optional"
scope = "SCOPE"
motivering = "Zonder dit werkt het niet."
motivation = "It does not work without."
"""


def _scoped(scopes: int) -> bytes:
    names = [f"s{n}" for n in range(scopes)]
    rules = [_RULE.replace("SCOPE", name) for name in names]
    return (_POLICY.replace("SCOPES", json.dumps(names)) + "".join(rules)).encode()


def _ruled(rules: int) -> bytes:
    """
    Return a policy of many rules for one attribute, none of which meets another.
    """
    cases = (
        (doel, ontvanger, rol)
        for doel in ("gebruik", "toegang", "toetsen", "bestellen", "leveren")
        for ontvanger in ("uitgever", "school", "distributeur")
        for rol in ("ADJ", "ADM", "CON", "DIR", "ICT", "IB", "KLA", "LRK")
    )
    text = _POLICY.replace("SCOPES", '["s"]').replace(
        'breidt_uit = "leermiddelenketen"\n', ""
    )
    for doel, ontvanger, rol in islice(cases, rules):
        rule = _RULE.replace("SCOPE", "s")
        text += f'{rule}doelen = ["{doel}"]\nontvangers = ["{ontvanger}"]\n'
        text += f'rollen = ["{rol}"]\n'
    return text.encode()


def _policy(octets: bytes) -> None:
    Attribuutbeleid._read(octets, "eigen.toml")


def _parquet(rows: int) -> bytes:
    file = io.BytesIO()
    table = {"BSN": list(numbers(rows)), "groep": ["x" * 200] * rows}
    pq.write_table(pa.table(table), file)
    return file.getvalue()


def _refused(call: Callable[[Any], object]) -> Callable[[Any], object]:
    def use(made: Any) -> None:  # noqa: ANN401  # of any kind
        with suppress(EckidError):
            call(made)

    return use


_KINDS: Final[dict[str, tuple[int, Kind]]] = {
    "hyphens in a surname": (
        2000,
        (lambda n: _namesakes(["-" * n + "a", "-" * n + "b"]), display_names),
    ),
    "hyphens after a surname": (
        4000,
        (lambda n: _namesakes(["a" + "-" * n, "b" + "-" * n]), display_names),
    ),
    "nothing but hyphens": (
        4000,
        (lambda n: _namesakes(["-" * n, "_" * n]), display_names),
    ),
    "letters of a surname": (
        500,
        (lambda n: _namesakes(["x" * n + "a", "x" * n + "b"]), display_names),
    ),
    "the same name": (250, (lambda n: _namesakes(["Visser"] * n), display_names)),
    "names that are numbered already": (
        150,
        (
            lambda n: {
                f"{i}": {"roepnaam": "Sanne" if i % 2 else f"Sanne ({i})"}
                for i in range(n)
            },
            display_names,
        ),
    ),
    "surnames that begin alike": (
        30,
        (lambda n: _namesakes([f"{'x' * 150}{i}" for i in range(n)]), display_names),
    ),
    "headings": (
        1500,
        (lambda n: ";".join(["BSN", *(f"k{i:x}" for i in range(n))]).encode(), _table),
    ),
    "headings of one name": (1500, (lambda n: b"BSN" + b";x" * n, _table)),
    "rows": (250, (_rows, _roster)),
    "blank rows": (2000, (lambda n: b"BSN\n" + b"\n" * n, _table)),
    "one cell": (
        4000,
        (lambda n: b"BSN;Geboortedatum\n" + b"1 " * n + b";" + b"2-" * n, _table),
    ),
    "marks on a letter": (
        4000,
        (lambda n: ("BSN;Klas\n1;e" + "\u0308\u0316" * n).encode(), _table),
    ),
    "a quoted cell that never ends": (4000, (lambda n: b'BSN\n"' + b"\n" * n, _table)),
    "pieces of standard input": (
        500,
        (
            lambda n: b"BSN\n" + (b"x" * 63 + b"\n") * n,
            lambda octets: hold(_Pieces(octets)),
        ),
    ),
    "roles of a teacher": (100, (_teacher, _read_edexml)),
    "far too many roles": (2000, (_teacher, _read_edexml)),
    "elements of no schema": (
        2000,
        (lambda n: _edexml("<x/>" * n), _read_edexml),
    ),
    "attributes of an element": (
        1000,
        (
            lambda n: _edexml("<x" + "".join(f" a{i}='{i}'" for i in range(n)) + "/>"),
            _read_edexml,
        ),
    ),
    "pupils of one group": (100, (_grouped, _read_edexml)),
    "students": (
        200,
        (
            lambda n: json.dumps(
                [_STUDENT | {"userMasterIdentifier": f"{i}"} for i in range(n)]
            ).encode(),
            _read_students,
        ),
    ),
    "digits of a number in JSON": (
        4000,
        (lambda n: b'[{"userMasterIdentifier": ' + b"9" * n + b"}]", _read_students),
    ),
    "nesting in JSON": (4000, (lambda n: b"[" * n, _read_students)),
    "scopes of a policy": (12, (_scoped, _policy)),
    "rules of a policy": (15, (_ruled, _policy)),
    "scopes of a policy that extends another": (12, (_scoped_rules, _extends)),
    "rows of Parquet": (
        400,
        (_parquet, partial(_table, format="parquet")),
    ),
    "a file that is no ring": (
        100_000,
        (lambda n: b"eckidbos\0\1" + bytes(n), _refused(lambda o: open_(o, "x"))),
    ),
    "nesting in a receipt": (4000, (lambda n: b"[" * n, _refused(read_receipt))),
    "digits in a receipt": (4000, (lambda n: b"9" * n, _refused(read_receipt))),
    "nesting in keys": (
        4000,
        (lambda n: b"[" * n, _refused(partial(read_jwks, houder="0" * 20))),
    ),
    "a BSN": (4000, (lambda n: "1 " * n, _refused(BSN.parse))),
    "an employee": (4000, (lambda n: "20DP " + "a@" * n, _refused(Medewerker.parse))),
    "a ketenID": (
        4000,
        (lambda n: "https://" + "a/" * n, _refused(KetenID.parse)),
    ),
    "a formula": (4000, (lambda n: "- " * n, is_formula)),
    "a damaged number": (4000, (lambda n: "1 " * n, mend)),
    "a day": (
        4000,
        (lambda n: "1-" * n, lambda cell: readings(cell, today=date(2026, 11, 24))),
    ),
}


def _took(use: Callable[[Any], object], made: object) -> float:
    begin = time.process_time()
    use(made)
    return time.process_time() - begin


def _ratio(use: Callable[[Any], object], few: object, many: object) -> float:
    """
    Return how many times as long *many* takes: the best of five of each, by turns.
    """
    # The collector of garbage takes its time of whoever comes by.
    gc.disable()
    try:
        took = [(_took(use, few), _took(use, many)) for _ in range(5)]
    finally:
        gc.enable()
    return min(long for _, long in took) / min(short for short, _ in took)


@pytest.mark.parametrize("kind", _KINDS)
def test_eight_times_the_input_takes_at_most_twelve_times_as_long(kind: str) -> None:
    """
    The best of five of each, whether the input is read, refused or an error.

    A busy machine may spoil it, so it is asked up to three times; what grows too fast
    does so each time.
    """
    size, (make, use) = _KINDS[kind]
    few, many = make(size), make(_TIMES * size)
    use(few)  # what is made once and kept is no growth
    assert any(_ratio(use, few, many) <= _MOST for _ in range(3))
