"""
From sealed HPgns to ketenIDs, without a number or a hash.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from eckid._core.values import a_day, expect
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.lists.who import Gehasht, Herkenning, Persoon
from eckid.exchange.rows import KEYS, Rij, RijReden, Weigering, about, key_of
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID
from eckid.scheme import CHEAPEST


@dataclass(frozen=True, slots=True, repr=False)
class Afgeleid:
    """
    One person: the administration's key, and the ketenID.
    """

    key: str
    ketenid: KetenID

    def __repr__(self) -> str:
        return f"<Afgeleid {self.ketenid!r}>"


def derive_list(
    records: Iterable[Record | Weigering],
    *,
    columns: Sequence[str],
    who: Herkenning,
    sleutelbos: Sleutelbos,
    on: date | None = None,
) -> Iterator[Afgeleid | Weigering]:
    """
    Derive the ketenIDs of a list of sealed HPgns, without a number or a hash.

    Args:
        records: The rows of what `hash_list` gave, as a file.

        columns: Its columns: person key and sealed HPgn.

        who: Makes the ketenIDs; nothing is hashed.

        sleutelbos: The ring that sealed the HPgns.

        on: The day, which substitutions ask for.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    if expect("who", who, Herkenning).substitutions is not None:
        a_day("on", on)
    if SEALED not in columns or not any(name in columns for name in KEYS):
        raise ExchangeError(f"expected the columns key and {SEALED}", line=1)

    def opened(record: Record | Weigering) -> Gehasht | Weigering:
        if isinstance(record, Weigering):
            return record
        cells = dict(zip(columns, expect("row", record, Record).cells, strict=True))
        key = key_of(cells)
        rij = Rij(record.record, record.line, None, "", {KEYS[0]: key})
        hpgn = _unsealed(sleutelbos, cells[SEALED], key) if key else None
        if hpgn is None:
            return rij.refused(RijReden.SEAL if key else RijReden.KEY)
        return rij, hpgn

    def derived(found: Persoon | Weigering) -> Afgeleid | Weigering:
        if isinstance(found, Weigering):
            return found
        rij, attributen = found
        ketenid = expect("eckid", attributen["eckid"], KetenID)
        return Afgeleid(rij.attributen[KEYS[0]], ketenid)

    found = (opened(record) for record in records)
    return (derived(person) for person in who.named(found, on=on))


def _unsealed(sleutelbos: Sleutelbos, text: str, key: str) -> HPgn | None:
    with suppress(ValueError):  # of hex, or a SecretError
        found = sleutelbos.unseal(bytes.fromhex(text), about=about(key), kind=HPgn)
        # A file cannot select the scheme of the tests.
        if found.scheme is not CHEAPEST:
            return found
    return None
