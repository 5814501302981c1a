"""
Columns: the same values as one at a time, each number hashed once, secrets sealed.
"""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
import strategies as our
from damage import told
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    LEERMIDDELENKETEN,
    BoundaryError,
    ExchangeError,
    HPgn,
    PseudonymError,
    SecretError,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    parse_pgn,
)
from eckid.errors import NumberReden
from eckid.exchange import RijReden, Ringbron
from eckid.hashing import Hasher
from eckid.scale import Gemaakt, Kolom, derive_column, hash_column, unseal_column
from eckid.scale.columns import exposed, opened
from eckid.scheme import ARGON2ID, CHEAPEST, Scheme

HOW: Final[dict[str, Any]] = {
    "keten": LEERMIDDELENKETEN,
    "sector": Sector.VO,
    "sleutelbos": our.RING,
}


def _bron(sleutelbos: Sleutelbos = our.RING, **how: Any) -> Ringbron:  # noqa: ANN401
    return Ringbron(
        sleutelbos, **{"keten": LEERMIDDELENKETEN, "sector": Sector.VO, **how}
    )


NUMBERS: Final = ["063138219", None, "0631.38.219", "101222331", "63138219", "12", ""]


def _hashed(numbers: object, **how: Any) -> Gemaakt:  # noqa: ANN401  # as hash_column
    return hash_column(numbers, hasher=roads.hasher(), **how)


def _hpgn(number: str) -> HPgn:
    return hash_pgn(parse_pgn(number), salt=our.PUBLISHED_SALT, scheme=CHEAPEST)


EXPECTED: Final = [
    _hpgn("063138219"),
    None,
    _hpgn("063138219"),
    _hpgn("101222331"),
    _hpgn("063138219"),
    None,
    None,
]


def _refused(made: Gemaakt) -> list[tuple[int, str]]:
    return [(row["row"], row["reason"]) for row in made.refused.to_pylist()]


def _chunks(kind: Any) -> pa.ChunkedArray:  # noqa: ANN401  # a type of pyarrow
    return pa.chunked_array([NUMBERS[:3], [], NUMBERS[3:]], kind)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(NUMBERS),
        pa.array(["x", *NUMBERS, None]).slice(1, len(NUMBERS)),
        _chunks(pa.string()),
        _chunks(pa.large_string()),
        _chunks(pa.string_view()),
        pa.array(NUMBERS).dictionary_encode(),
        pa.table({"bsn": NUMBERS})["bsn"],
        pd.Series(NUMBERS),
        pd.Series(NUMBERS, dtype="category"),
        pd.Series(NUMBERS, dtype=object),
        pl.Series(NUMBERS),
        pl.Series(NUMBERS, dtype=pl.Categorical),
        np.array(NUMBERS, dtype=object),
    ],
    ids=lambda column: f"{type(column).__module__}.{type(column).__name__}",
)
def test_a_column_of_whatever_makes_is_hashed(column: object) -> None:
    """
    Arrow, pandas and polars alike; a null is a null, what is no number is refused.
    """
    made = _hashed(column)
    assert list(made.column) == EXPECTED
    assert _refused(made) == [
        (5, NumberReden.LENGTH.value),
        (6, NumberReden.LENGTH.value),
    ]
    assert made.refused.column_names == ["row", "attribuut", "reason", "meaning"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([63138219, None, 101222331]),
        pa.array([63138219.0, None, 101222331.0]),
        pd.Series([63138219, np.nan, 101222331]),
        pd.Series([63138219, None, 101222331], dtype="Int64"),
        pl.Series([63138219, None, 101222331]),
    ],
    ids=lambda column: f"{type(column).__module__}",
)
def test_a_lost_zero_is_given_back(column: object) -> None:
    """
    A column of whole numbers has none in front, nor has one that was made floats.
    """
    made = _hashed(column)
    assert list(made.column) == [_hpgn("063138219"), None, _hpgn("101222331")]
    assert _refused(made) == []


@pytest.mark.parametrize(
    "column",
    [
        pa.array([b"063138219"]),
        pa.array([["063138219"]]),
        # Of these a number of nine digits is another by now.
        pa.array([63138219.0], pa.float32()),
    ],
)
def test_a_column_of_another_type_is_refused(column: pa.Array) -> None:
    """
    What it is of is said, and no value.
    """
    with pytest.raises(ExchangeError, match="numbers: expected text") as refused:
        _hashed(column)
    assert "0631" not in told(refused.value)


def test_what_is_no_column_is_refused() -> None:
    """
    By its type.
    """
    for column in (["063138219"], "063138219", None):
        with pytest.raises(TypeError, match="numbers: expected a column, got"):
            _hashed(column)


def test_each_number_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    However often it stands there, and however it is written.
    """
    hashed: list[object] = []
    true = Hasher.each

    def counted(hasher: Hasher, pgns: Iterable[Any], **how: Any) -> Any:  # noqa: ANN401
        every = list(pgns)
        hashed.extend(every)
        return true(hasher, every, **how)

    monkeypatch.setattr(Hasher, "each", counted)
    seen: list[tuple[int, int]] = []
    made = _hashed(pa.array(NUMBERS * 1000), progress=lambda *done: seen.append(done))
    assert len(hashed) == 2
    assert seen == [(1, 2), (2, 2)]
    assert list(made.column) == EXPECTED * 1000


def test_a_row_that_shows_its_number_is_refused() -> None:
    """
    In any cell of the row, and in no other row's.
    """
    rows = {
        "key": ["063138219", "a", "b", "c"],
        "roepnaam": ["Sem", "Noor 101.222.331", None, "063138219"],
    }
    made = _hashed(
        pa.array(["063138219", "101222331", "063138219", "101222331"]),
        attributen=pa.table(rows),
    )
    shown = RijReden.PGN_IN_ATTRIBUUT.value
    assert _refused(made) == [(0, shown), (1, shown)]
    assert list(made.column) == [None, None, _hpgn("063138219"), _hpgn("101222331")]
    with pytest.raises(ValueError, match="attributen: expected 4 rows, got 3"):
        _hashed(pa.array(["1"] * 4), attributen=pa.table(rows).slice(1))


@given(
    hpgns=st.lists(st.none() | st.binary(min_size=32, max_size=32), max_size=9),
    sector=our.sectors,
)
def test_a_column_derives_what_one_derives(
    hpgns: list[bytes | None], sector: Sector
) -> None:
    """
    The same ketenIDs, from HPgns and from stampseudoniemen; nulls stay nulls.
    """
    how = HOW | {"sector": sector}
    values = [None if h is None else HPgn(h, ARGON2ID) for h in hpgns]
    stams = [
        None if v is None else derive_stampseudoniem(v, sleutelbos=our.RING)
        for v in values
    ]
    one = [None if s is None else derive_ketenid(s, **how).uri for s in stams]
    bron = _bron(sector=sector)
    assert derive_column(Kolom(values), bron=bron).column.to_pylist() == one
    assert derive_column(Kolom(stams), bron=bron).column.to_pylist() == one
    assert list(Kolom(stams)) == stams


def test_a_column_is_derived_in_parts() -> None:
    """
    Longer than a part, with nulls where the parts meet.
    """
    many = 65_536 + 3
    octets = [
        None if n in {65_535, 65_536} else bytes(28) + n.to_bytes(4, "big")
        for n in range(many)
    ]
    nulls = [n in {65_535, 65_536} for n in range(many)]
    held = pa.array(octets, pa.binary(32), mask=np.array(nulls))
    column = Kolom.of(held, EXPECTED[0])
    found, refused = derive_column(column, bron=_bron())
    assert (found.num_chunks, len(refused)) == (2, 0)
    assert found.null_count == 2
    for row in (0, 65_534, 65_537, many - 1):
        hpgn = HPgn(row.to_bytes(32, "big"), CHEAPEST)
        stam = derive_stampseudoniem(hpgn, sleutelbos=our.RING)
        assert found[row].as_py() == derive_ketenid(stam, **HOW).uri


def test_a_column_derives_under_a_release() -> None:
    """
    The newest unless another is named; the stampseudoniemen are the same.
    """
    ring = our.RING.rotate("2027")
    column = Kolom(EXPECTED)
    (new, *_), (old, *_) = (
        derive_column(column, bron=_bron(ring, release=release)).column.to_pylist()
        for release in (None, "2026")
    )
    assert new.startswith("https://eckid.invalid/2027/")
    assert old == derive_column(column, bron=_bron()).column[0].as_py()
    with pytest.raises(SecretError, match="release"):
        _bron(ring, release="2028")
    with pytest.raises(BoundaryError):
        _bron(sector=Sector.HO)
    with pytest.raises(TypeError, match="keten: expected Keten"):
        derive_column(column, bron=Ringbron(ring))
    other = Sleutelbos.generate(release="2026", namespace="https://other.invalid")
    stams = Kolom([derive_stampseudoniem(EXPECTED[0], sleutelbos=our.RING)])  # type: ignore[arg-type]  # not None
    with pytest.raises(PseudonymError, match="namespace"):
        derive_column(stams, bron=_bron(other))


@pytest.mark.parametrize("as_hex", [False, True])
@pytest.mark.parametrize("kind", [HPgn, Stampseudoniem])
def test_what_is_sealed_opens_for_its_own_key(
    kind: type[HPgn | Stampseudoniem], *, as_hex: bool
) -> None:
    """
    A value whose key is another's, of another ring, scheme or kind is refused.
    """
    values: list[HPgn | Stampseudoniem | None] = list(EXPECTED[:4])
    if kind is Stampseudoniem:
        values = [
            None if v is None else derive_stampseudoniem(v, sleutelbos=our.RING)  # type: ignore[arg-type]  # HPgns
            for v in values
        ]
    keys = pa.array(["a", "b", None, "d"])
    made = Kolom(values).seal(keys, sleutelbos=our.RING)
    assert _refused(made) == [(2, RijReden.KEY.value)]
    sealed = made.column
    if as_hex:
        sealed = pa.array([None if s is None else s.hex() for s in sealed.to_pylist()])

    def opened(keys: object = keys, **how: Any) -> Gemaakt:  # noqa: ANN401
        how = {"sleutelbos": our.RING, "scheme": CHEAPEST, "kind": kind, **how}
        return unseal_column(sealed, keys, **how)

    assert list(opened().column) == [values[0], None, None, values[3]]
    assert _refused(opened()) == []
    seal = RijReden.SEAL.value
    assert _refused(opened(pa.array(["a", "b", "c", "x"]))) == [(3, seal)]
    assert _refused(opened(pa.array(["a", "b", "c", ""]))) == [(3, RijReden.KEY.value)]
    other = HPgn if kind is Stampseudoniem else Stampseudoniem
    assert _refused(opened(kind=other)) == [(0, seal), (3, seal)]
    ring = Sleutelbos.generate(release="2026")
    assert _refused(opened(sleutelbos=ring)) == [(0, seal), (3, seal)]
    if kind is HPgn:
        assert _refused(opened(scheme=ARGON2ID)) == [(0, seal), (3, seal)]


_ANOTHER_RING: Final = Sleutelbos.generate(release="2026")


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize(
    "other",
    [
        "nothing",
        "scheme",
        "key",
        "kind",
        "words",
        "ring",
        "cut",
        "no body",
        "nothing left",
        "no hex, g",
        "upper case, A",
    ],
)
def test_a_table_opens_what_a_column_opens(scheme: Scheme, other: str) -> None:
    """
    The way that makes no object opens the same values for the same keys, and no other.
    """
    ring = _ANOTHER_RING if other == "ring" else our.RING
    hpgn = HPgn(bytes(range(32)), scheme)
    secret: HPgn | Stampseudoniem = hpgn
    if other == "kind":
        secret = derive_stampseudoniem(hpgn, sleutelbos=ring)
    sealed = ring.seal(secret, about="another a" if other == "words" else "hpgn a")
    sealed = sealed[: {"cut": -1, "no body": 16, "nothing left": 0}.get(other)]
    if other in {"no hex, g", "upper case, A"}:
        # Nothing seals such a value, and it is no value all the same.
        packed = f"{scheme.value}/{64 * other[-1]}".encode()
        nonce = sealed[:16]
        sealed = nonce + ring._siv.encrypt(packed, [b"HPgn", b"hpgn a", nonce])
    key = "b" if other == "key" else "a"
    if other == "scheme":
        scheme = next(each for each in Scheme if each is not scheme)
    how: dict[str, Any] = {"sleutelbos": our.RING, "scheme": scheme}
    # One by one, and so many that they are opened at once; beside one that opens.
    good = our.RING.seal(HPgn(bytes(32), scheme), about="hpgn a")
    for many in (1, 64):
        given = [*[sealed] * many, good], [*[key] * many, "a"]
        (*values, last) = opened(*given, kind=HPgn, **how)
        (*found, beside) = exposed(*given, **how)
        assert last == HPgn(bytes(32), scheme)
        assert beside == bytes(32)
        assert found == [None if v is None else v.expose_octets() for v in values]
        assert found == [bytes(range(32)) if other == "nothing" else None] * many


def test_what_is_no_seal_is_refused() -> None:
    """
    Neither hex nor octets of this ring: in its place, with its reason.
    """
    keys = pa.array(["a", "b"])
    made = unseal_column(pa.array(["zz", "00"]), keys, sleutelbos=our.RING)
    assert _refused(made) == [(0, RijReden.SEAL.value), (1, RijReden.SEAL.value)]
    with pytest.raises(ValueError, match="keys: expected 1 rows, got 2"):
        unseal_column(pa.array([b"x"]), keys, sleutelbos=our.RING)
    with pytest.raises(ValueError, match="keys: expected 2 rows, got 1"):
        Kolom(EXPECTED[:2]).seal(keys.slice(1), sleutelbos=our.RING)


def test_a_column_is_of_values_made_alike() -> None:
    """
    Of one scheme and one kind: how all were made is said once.
    """
    stam = derive_stampseudoniem(_hpgn("063138219"), sleutelbos=our.RING)
    wrong: list[list[HPgn | Stampseudoniem]] = [
        [_hpgn("063138219"), stam],
        [_hpgn("063138219"), HPgn(bytes(32), ARGON2ID)],
        [stam, Stampseudoniem.parse(f"https://eckid.invalid/sp2025/{'0' * 128}")],
    ]
    for values in wrong:
        with pytest.raises(ValueError, match="made alike"):
            Kolom(values)
    with pytest.raises(TypeError, match="expected HPgn or Stampseudoniem, got str"):
        Kolom(["x"])  # type: ignore[list-item]  # the point


@pytest.mark.parametrize(
    "write",
    [
        pa.array,
        lambda column: pa.table({"stam": column}),
        pa.chunked_array,
        lambda column: pd.DataFrame({"stam": column}).to_csv(),
        lambda column: pl.Series(column).to_list(),
        lambda column: np.asarray(column).tobytes(),
        bytes,
    ],
)
def test_no_library_writes_a_column_of_secrets(
    write: Callable[[Kolom], object],
) -> None:
    """
    It raises, or what it writes is the hidden form.
    """
    value = EXPECTED[0]
    assert value is not None
    told_ = ""
    try:
        told_ = repr(write(Kolom(EXPECTED)))
    except Exception as error:  # noqa: BLE001  # a refusal, in whose words ever
        told_ = told(error)
    octets = bytes.fromhex(value.expose())
    assert value.expose() not in told_
    assert repr(octets)[2:-1] not in told_


def test_an_empty_column_is_one() -> None:
    """
    Nothing in, nothing out, of the right types.
    """
    made = _hashed(pa.array([], pa.string()))
    assert len(made.column) == len(made.refused) == 0
    assert repr(made.column) == "<Kolom empty, 0 rows, 0 null>"
    assert derive_column(made.column, bron=_bron()).column.type == pa.string()
    assert (
        len(made.column.seal(pa.array([], pa.string()), sleutelbos=our.RING).column)
        == 0
    )
    nulls = _hashed(pa.nulls(3))
    assert derive_column(nulls.column, bron=_bron()).column.to_pylist() == [None] * 3


def test_without_the_extra_it_is_named(tmp_path: Path) -> None:
    """
    One line says what to install; the wing itself opens without.
    """
    list_ = tmp_path / "a.parquet"
    pq.write_table(pa.table({"bsn": ["111222333"]}), list_)
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from eckid import Hasher, Salt, exchange, scale\n"
        "hasher = Hasher(salt=Salt(bytes(16)))\n"
        "for act in (lambda: scale.hash_column([], hasher=hasher),\n"
        f"            lambda: exchange.look({str(list_)!r})):\n"
        "    try:\n        act()\n"
        "    except Exception as error:\n        print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    line = "ExchangeError columns and Parquet need: pip install 'eckid[arrow]'"
    assert done.stdout.splitlines() == [line, line]


def test_days_are_days() -> None:
    """
    However a frame keeps them; a moment is no day.
    """
    from eckid.exchange.formats.texts import as_text  # noqa: PLC0415

    day = dt.date(2016, 2, 3)
    moment = dt.datetime(2016, 2, 3)  # noqa: DTZ001  # as frames have it
    for column in (
        pa.array([day]),
        pa.array([day], pa.date64()),
        pa.array([moment]),
        pa.array([moment], pa.timestamp("ns")),
        pa.array([moment], pa.timestamp("s")),
    ):
        assert as_text(column, "x").to_pylist() == ["2016-02-03"]
    late = pa.array([moment.replace(hour=3)], pa.timestamp("s"))
    assert as_text(late, "x").to_pylist() == ["2016-02-03 03:00:00"]
