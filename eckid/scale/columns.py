"""
From numbers to HPgns, and from HPgns to ketenIDs, a column at a time.

Columns are Arrow: arrays and chunked arrays, and series of pandas and polars. HPgns
and stampseudoniemen, as secret as a number, stay in a `Kolom`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeGuard

from eckid._core.values import expect
from eckid.errors import PseudonymError, PseudonymReden, SecretError
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART
from eckid.exchange.lists.bron import Ringbron
from eckid.exchange.lists.guard import shows_own_number
from eckid.exchange.lists.roster import number_of
from eckid.exchange.rows import Rij, RijReden, Weigering, Weigerreden, about
from eckid.hashing import Hasher
from eckid.keys import Sleutelbos
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.scale.arrow import (
    refusal,
    refused_table,
    spread,
    to_column,
    to_table,
    to_texts,
)
from eckid.scale.kolom import Arrow, Gemaakt, Kolom, Value, as_long
from eckid.scheme import NUMMERVOORZIENING, Scheme


def hash_column(
    numbers: Arrow,
    *,
    hasher: Hasher,
    attributen: Arrow | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Gemaakt:
    """
    Hash a column of numbers. Each distinct number is hashed once.

    Args:
        numbers: A column of text, or of whole numbers. A leading zero that was lost is
            given back, and other damage by a spreadsheet is repaired.

        hasher: Hashes the numbers; it has the salt. You close it.

        attributen: A table with the same rows. A row is refused if one of its cells
            has the number of that row in it. Give the attributes that you will
            release, and the key.

        progress: Called with how many numbers were hashed, and how many there are.

    Returns:
        A `Kolom` of HPgns with as many rows, and a table of the refused rows. A cell
        that is not a valid number is refused, and is null in the column; a null stays
        a null, and is not refused.

    Raises:
        eckid.errors.ExchangeError: If the column has another type, or the extra
            ``arrow`` is not installed.
        ValueError: If *attributen* has another number of rows.

    >>> import pyarrow
    >>> from eckid import Hasher, Sleutelbos
    >>> from eckid.scale import hash_column
    >>> from eckid.scheme import CHEAPEST
    >>> ring = Sleutelbos.generate(release="2026")
    >>> # CHEAPEST is for examples and tests; leave it out.
    >>> with Hasher(salt=ring.salt, scheme=CHEAPEST) as hasher:
    ...     made = hash_column(pyarrow.array(["111222333", None, "12"]), hasher=hasher)
    >>> made
    <Gemaakt 3 rows, 1 refused>
    >>> made.column
    <Kolom HPgn, 3 rows, 2 null>
    >>> made.refused["reason"].to_pylist()
    ['length']
    """
    expect("hasher", hasher, Hasher)
    coded = to_texts(numbers, "numbers").combine_chunks().dictionary_encode()
    meant = [number_of(text)[0] for text in coded.dictionary.to_pylist()]
    found = [None if n is None else meant[n] for n in coded.indices.to_pylist()]
    if attributen is not None:
        table = to_table(attributen, "attributen")
        as_long("attributen", table, found)
        found = list(_without_shown(found, table))
    wanted: dict[PGN, int] = {}
    for pgn in found:
        if _is_pgn(pgn):
            wanted.setdefault(pgn, len(wanted))
    tell = None if progress is None else lambda done: progress(done, len(wanted))
    made = Kolom(hasher.each(wanted, progress=tell))
    places = [wanted[pgn] if _is_pgn(pgn) else None for pgn in found]
    refusals = [
        refusal(row, pgn)
        for row, pgn in enumerate(found)
        if not (pgn is None or _is_pgn(pgn))
    ]
    column = made.take(load_pyarrow().array(places, "int64"))
    return Gemaakt(column, refused_table(refusals))


def unseal_column(
    sealed: Arrow,
    keys: Arrow,
    *,
    sleutelbos: Sleutelbos,
    kind: type[Value] = HPgn,
    scheme: Scheme = NUMMERVOORZIENING,
) -> Gemaakt:
    """
    Open a column of sealed HPgns or stampseudoniemen.

    Args:
        sealed: The sealed values: bytes, or their hex digits.

        keys: The person key that each value was sealed for.

        sleutelbos: The ring that sealed them.

        kind: `HPgn` or `Stampseudoniem`.

        scheme: The scheme of the HPgns; an HPgn of another scheme is refused.

    Returns:
        A `Kolom` with as many rows, and a table of the refused rows. A value is
        refused if it has no key, or if this ring did not seal it for this key; a null
        stays a null.

    Raises:
        eckid.errors.ExchangeError: If a column has another type.
        ValueError: If *keys* has another number of rows.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    expect("scheme", scheme, Scheme)
    texts = to_texts(keys, "keys")
    octets = octets_of(to_column(sealed, "sealed"))
    as_long("keys", texts, octets)
    found: list[Value | None] = []
    refusals: list[Weigering] = []
    for row, (key, each) in enumerate(zip(texts.to_pylist(), octets, strict=True)):
        value = None
        if each is not None and key:
            value = opened(each, key, sleutelbos=sleutelbos, kind=kind, scheme=scheme)
        if each is not None and value is None:
            reden = RijReden.SEAL if key else RijReden.KEY
            refusals.append(refusal(row, reden))
        found.append(value)
    return Gemaakt(Kolom(found), refused_table(refusals))


def derive_column(column: Kolom, *, bron: Ringbron) -> Arrow:
    """
    Derive the ketenIDs of a column of HPgns or stampseudoniemen.

    Args:
        column: HPgns, or stampseudoniemen that this ring made.

        bron: The ring, with keten and sector.

    Returns:
        A pyarrow ChunkedArray of text: the URI of each ketenID. A null stays a null.

    Raises:
        eckid.errors.PseudonymError: If the stampseudoniemen have another namespace
            than the ring.
        TypeError: If *bron* was made without keten and sector.

    >>> import pyarrow
    >>> from eckid import Hasher, Sector, Sleutelbos
    >>> from eckid import LEERMIDDELENKETEN as KETEN
    >>> from eckid.exchange import Ringbron
    >>> from eckid.scale import derive_column, hash_column
    >>> from eckid.scheme import CHEAPEST
    >>> ring = Sleutelbos.generate(release="2026")
    >>> # CHEAPEST is for examples and tests; leave it out.
    >>> with Hasher(salt=ring.salt, scheme=CHEAPEST) as hasher:
    ...     made = hash_column(pyarrow.array(["111222333", None]), hasher=hasher)
    >>> bron = Ringbron(ring, keten=KETEN, sector=Sector.PO)
    >>> ketenids = derive_column(made.column, bron=bron)
    >>> ketenids[0].as_py()[:27], ketenids.null_count
    ('https://eckid.invalid/2026/', 1)
    """
    like = expect("column", column, Kolom).like
    expect("bron", bron, Ringbron)
    if isinstance(like, Stampseudoniem) and like.namespace != bron.namespace:
        raise PseudonymError(
            "column: expected the namespace of the ring, got another",
            PseudonymReden.NAMESPACE,
        )
    pa = load_pyarrow()
    parts = []
    for part in column.parts(PART):
        octets = part.expose()
        if isinstance(like, HPgn):
            octets = bron.stam_octets(octets, scheme=like.scheme)
        made = uris(bron.prefix, bron.keten_octets(octets))
        parts.append(spread(made, part.there()))
    return pa.chunked_array(parts, pa.string())


def uris(prefix: str, found: list[bytes]) -> Arrow:
    """
    Return ketenIDs of 64 bytes as an array of URIs, without an object for each.
    """
    pa = load_pyarrow()
    digits = pa.py_buffer(b"".join(found).hex().encode("ascii"))
    hexes = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(128), len(found), [None, digits]
    )
    return pa.compute.binary_join_element_wise(prefix, hexes.cast(pa.string()), "")


def opened(
    sealed: bytes,
    key: str,
    *,
    sleutelbos: Sleutelbos,
    kind: type[Value],
    scheme: Scheme,
) -> Value | None:
    """
    Open one value that was sealed for *key*; None if it does not open.
    """
    try:
        value = sleutelbos.unseal(sealed, about=about(key), kind=kind)
    except SecretError:
        return None
    return None if isinstance(value, HPgn) and value.scheme is not scheme else value


def octets_of(column: Arrow) -> list[bytes | None]:
    """
    Return the bytes of each cell of a column of bytes, or of their hex digits.

    A null gives None; text that is not hex gives empty bytes.
    """
    pa = load_pyarrow()
    is_ = pa.types
    kind = column.type
    if is_.is_binary(kind) or is_.is_large_binary(kind) or is_.is_binary_view(kind):
        found: list[bytes | None] = column.to_pylist()
        return found
    return [
        None if c is None else _from_hex(c)
        for c in to_texts(column, "sealed").to_pylist()
    ]


def _from_hex(text: str) -> bytes:
    with suppress(ValueError):
        return bytes.fromhex(text)
    return b""


def _is_pgn(found: object) -> TypeGuard[PGN]:
    return isinstance(found, (BSN, Onderwijsnummer, Medewerker))


def _without_shown(
    found: Iterable[PGN | Weigerreden | None], attributen: Arrow
) -> Iterator[PGN | Weigerreden | None]:
    """
    Yield *found*; a reason replaces a number that its own row of attributes shows.
    """
    names = attributen.column_names
    texts = [
        to_texts(c, n).to_pylist()
        for n, c in zip(names, attributen.columns, strict=True)
    ]
    for row, (pgn, *cells) in enumerate(zip(found, *texts, strict=True)):
        if _is_pgn(pgn):
            rij = Rij(row, row, pgn, "", {})
            if any(shows_own_number(rij, cell) for cell in cells if cell):
                yield RijReden.PGN_IN_ATTRIBUUT
                continue
        yield pgn
