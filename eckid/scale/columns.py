"""
Numbers to HPgns, HPgns to ketenIDs, a column at a time.

What goes in and comes out is Arrow: arrays and chunked arrays, and what pandas and
polars give of them. What is as good as a number stays in a `Kolom`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeGuard

from eckid._core.values import expect
from eckid.errors import PseudonymError, PseudonymReason, SecretError
from eckid.exchange.formats.kinds import load_pyarrow
from eckid.exchange.formats.parquet import PART
from eckid.exchange.lists.bron import Ringbron
from eckid.exchange.lists.guard import shows_own_number
from eckid.exchange.lists.roster import number_of
from eckid.exchange.rows import Rij, RijReden, Weigergrond, Weigering, about
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
    Hash a column of numbers; each that is another once, however it is written.

    Args:
        numbers: Text as people write it, or whole numbers; a leading zero that
            was lost is given back.

        hasher: What hashes; it has the salt. Whoever made it closes it.

        attributen: A table of the same rows, no cell of which may hold the
            number of its row: such a row is refused. Give what is to be
            released, and the key.

        progress: Called with how many were hashed, and how many there are.

    Returns:
        A `Kolom` of HPgns. What is no number is refused; a null is a null.

    Raises:
        eckid.errors.ExchangeError: If the column has another type, or the extra
            ``arrow`` is not installed.
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
        sealed: Octets, or their hex digits.

        keys: The key about which each was sealed.

        sleutelbos: The ring that sealed them.

        kind: `HPgn` or `Stampseudoniem`.

        scheme: The scheme of the HPgns; one of another is refused.

    Returns:
        A `Kolom`. What this ring did not seal about this key is refused.

    Raises:
        ValueError: If there are more or fewer keys than values.
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
    Derive the ketenIDs of a column.

    Args:
        column: HPgns, or stampseudoniemen of this ring.

        bron: The ring, with the keten, the sector and the release.

    Returns:
        A ChunkedArray of URIs; a null where there was one.

    Raises:
        eckid.errors.PseudonymError: If the stampseudoniemen are of another
            namespace than the ring.
        TypeError: If the source has no keten and sector.
    """
    like = expect("column", column, Kolom).like
    expect("bron", bron, Ringbron)
    if isinstance(like, Stampseudoniem) and like.namespace != bron.namespace:
        raise PseudonymError(
            "column: expected the namespace of the ring, got another",
            PseudonymReason.NAMESPACE,
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
    Return *found* as URIs: an array of text, without an object for each.
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
    Return what was sealed about *key*, or None.
    """
    try:
        value = sleutelbos.unseal(sealed, about=about(key), kind=kind)
    except SecretError:
        return None
    return None if isinstance(value, HPgn) and value.scheme is not scheme else value


def octets_of(column: Arrow) -> list[bytes | None]:
    """
    Return the octets of a column of octets, or of their hex digits.

    What is neither is no octets.
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
    found: Iterable[PGN | Weigergrond | None], attributen: Arrow
) -> Iterator[PGN | Weigergrond | None]:
    """
    Yield *found*, but why a row is refused that shows its own number.
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
