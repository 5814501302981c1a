"""
From numbers to HPgns, and from HPgns to ketenIDs, a column at a time.

Columns are Arrow: arrays and chunked arrays, and series of pandas and polars. HPgns
and stampseudoniemen, as secret as a number, stay in a `Kolom`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeGuard

from eckid._core.values import expect
from eckid.errors import PseudonymError, PseudonymReden
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART
from eckid.exchange.formats.texts import cells_of, octets_of
from eckid.exchange.lists.bron import Bron, Ringbron
from eckid.exchange.lists.guard import shows_own_number
from eckid.exchange.lists.roster import number_of
from eckid.exchange.rows import (
    Rij,
    RijReden,
    Weigering,
    Weigerreden,
    about,
)
from eckid.hashing import Hasher
from eckid.keys import Sleutelbos
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.scale.arrow import (
    refusal,
    refused_table,
    spread,
    to_cells,
    to_column,
    to_table,
    to_texts,
)
from eckid.scale.asked import ketenids_of
from eckid.scale.kolom import Arrow, Gemaakt, Kolom, Value, as_long, key_in
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
        that is not a valid number, or not text, is refused, and is null in the column;
        a null stays a null, and is not refused.

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
    meant = [_meant(cell) for cell in cells_of(coded.dictionary)]
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

        keys: The person key that each value was sealed for. Spaces around it do not
            count.

        sleutelbos: The ring that sealed them.

        kind: `HPgn` or `Stampseudoniem`.

        scheme: The scheme of the HPgns; an HPgn of another scheme is refused.

    Returns:
        A `Kolom` with as many rows, and a table of the refused rows. A value is
        refused if it has no key, or if this ring did not seal it for this key; a null
        stays a null.

    Raises:
        eckid.errors.ExchangeError: If a column has another type.
        TypeError: If *kind* is another kind.
        ValueError: If *keys* has another number of rows.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    expect("scheme", scheme, Scheme)
    if kind is not HPgn and kind is not Stampseudoniem:
        raise TypeError("kind: expected HPgn or Stampseudoniem, got another")
    cells = to_cells(keys, "keys")
    octets = octets_of(to_column(sealed, "sealed"), "sealed")
    as_long("keys", cells, octets)
    texts = [cell if isinstance(cell, str) else "" for cell in cells]
    how: dict[str, Any] = {"sleutelbos": sleutelbos, "kind": kind, "scheme": scheme}
    found = opened(octets, [text.strip() for text in texts], **how)
    if any(value is None for value in found):
        # Earlier versions sealed for the key with the spaces around it.
        pairs = zip(found, opened(octets, texts, **how), strict=True)
        found = [older if value is None else value for value, older in pairs]
    refusals: list[Weigering] = []
    for row, key in enumerate(map(key_in, cells)):
        reden = key if isinstance(key, RijReden) else RijReden.SEAL
        if reden is key:
            found[row] = None
        if found[row] is None and octets[row] is not None:
            refusals.append(refusal(row, reden))
    return Gemaakt(Kolom(found), refused_table(refusals))


def derive_column(column: Kolom, *, bron: Bron) -> Gemaakt:
    """
    Derive the ketenIDs of a column of HPgns or stampseudoniemen.

    Args:
        column: HPgns, or stampseudoniemen that this source made.

        bron: A ring with keten and sector, or a service: it is asked in its batches.

    Returns:
        A pyarrow ChunkedArray of text with as many rows, the URI of each ketenID; and a
        table of the refused rows. What a service refuses is refused, with its reason,
        and is null in the column; a null stays a null, and is not refused.

    Raises:
        eckid.errors.PseudonymError: If the stampseudoniemen have another namespace
            than the source.
        eckid.errors.ServiceError: If a service does not answer, or refuses all.
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
    >>> ketenids, refused = derive_column(made.column, bron=bron)
    >>> ketenids[0].as_py()[:27], ketenids.null_count, len(refused)
    ('https://eckid.invalid/2026/', 1, 0)
    """
    like = expect("column", column, Kolom).like
    expect("bron", bron, Bron)  # type: ignore[type-abstract]  # only asks
    if isinstance(like, Stampseudoniem) and like.namespace != bron.namespace:
        raise PseudonymError(
            "column: expected the namespace of the source, got another",
            PseudonymReden.NAMESPACE,
        )
    pa = load_pyarrow()
    parts: list[Arrow] = []
    refusals: list[Weigering] = []
    if isinstance(bron, Ringbron):
        for part in column.parts(PART):
            octets = part.expose()
            if isinstance(like, HPgn):
                octets = bron.stam_octets(octets, scheme=like.scheme)
            made = uris(bron.prefix, b"".join(bron.keten_octets(octets)))
            parts.append(spread(made, part.there()))
    else:
        for nth, part in enumerate(column.parts(bron.batch)):
            there = {n: one for n, one in enumerate(part) if one is not None}
            said, refused = ketenids_of(there, bron=bron)
            texts = [said[n].uri if n in said else None for n in range(len(part))]
            parts.append(pa.array(texts, pa.string()))
            at = nth * bron.batch
            refusals += [refusal(at + n, reden) for n, reden in refused.items()]
    return Gemaakt(pa.chunked_array(parts, pa.string()), refused_table(refusals))


def uris(prefix: str, octets: bytes) -> Arrow:
    """
    Return ketenIDs of 64 bytes as an array of URIs, without an object for each.
    """
    pa = load_pyarrow()
    digits = pa.py_buffer(octets.hex().encode("ascii"))
    hexes = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(128), len(octets) // 64, [None, digits]
    )
    return pa.compute.binary_join_element_wise(prefix, hexes.cast(pa.string()), "")


def opened(
    sealed: Sequence[bytes | None],
    keys: Sequence[str],
    *,
    sleutelbos: Sleutelbos,
    kind: type[Value],
    scheme: Scheme,
) -> list[Value | None]:
    """
    Open values that were sealed, each for its key; None for one that does not open.
    """
    words = [about(key).encode() for key in keys]
    packed = sleutelbos._opening_many(kind)(sealed, words)  # noqa: SLF001  # no second way out
    values = map(kind._unpacked, packed)  # noqa: SLF001  # as above
    return [
        None if isinstance(value, HPgn) and value.scheme is not scheme else value
        for value in values
    ]


def exposed(
    sealed: Sequence[bytes | None],
    keys: Sequence[str | None],
    *,
    sleutelbos: Sleutelbos,
    scheme: Scheme,
) -> list[bytes | None]:
    """
    Open HPgns, as `opened`, and return the octets of each: it makes no object.
    """
    words = [about(key or "").encode() for key in keys]
    packed = sleutelbos._opening_many(HPgn)(sealed, words)  # noqa: SLF001  # as above
    return HPgn._unpacking(scheme)(packed)  # noqa: SLF001  # as above


def _meant(cell: str | bytes | None) -> PGN | Weigerreden:
    # A dictionary has no null, so a cell that is not text is bytes.
    return number_of(cell)[0] if isinstance(cell, str) else RijReden.TEXT


def _is_pgn(found: object) -> TypeGuard[PGN]:
    return isinstance(found, (BSN, Onderwijsnummer, Medewerker))


def _without_shown(
    found: Iterable[PGN | Weigerreden | None], attributen: Arrow
) -> Iterator[PGN | Weigerreden | None]:
    """
    Yield *found*; a reason replaces a number that its own row of attributes shows.
    """
    columns = [
        to_cells(column, f"attributen, column {n}")
        for n, column in enumerate(attributen.columns, 1)
    ]
    for row, (pgn, *cells) in enumerate(zip(found, *columns, strict=True)):
        if _is_pgn(pgn):
            if any(isinstance(cell, bytes) for cell in cells):
                yield RijReden.TEXT
                continue
            rij = Rij(row, row, pgn, "", {})
            if any(shows_own_number(rij, str(cell)) for cell in cells if cell):
                yield RijReden.PGN_IN_ATTRIBUUT
                continue
        yield pgn
