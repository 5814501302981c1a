"""
From sealed HPgns to ketenIDs: no number is needed, and nothing is hashed.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from eckid._core.values import a_day, expect
from eckid.errors import ExchangeError
from eckid.exchange.formats.csv import Record
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.lists.hashed import Gehasht
from eckid.exchange.lists.who import Herkenning, Persoon
from eckid.exchange.rows import KEYS, Rij, RijReden, Weigering, about, key_of
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID
from eckid.scheme import CHEAPEST


@dataclass(frozen=True, slots=True, repr=False)
class Afgeleid:
    """
    One person and the ketenID that was derived.

    Attributes:
        key: The administration's key of the person.
        ketenid: The ketenID.
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
    Derive ketenIDs from a list of sealed HPgns.

    No number is needed, and nothing is hashed.

    Args:
        records: The rows of a file that `hash_to` wrote; refusals pass through.

        columns: The columns of that file: key (or leerlingnummer), and
            hpgn-verzegeld in hex.

        who: Makes the ketenIDs, and may have substitutions.

        sleutelbos: The ring that sealed the HPgns.

        on: The day of the substitutions; needed only if there are any.

    Returns:
        For each row, in order, an `Afgeleid` or a `Weigering`. An HPgn that this ring
        did not seal for this person key is refused.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    if expect("who", who, Herkenning).substitutions is not None:
        a_day("on", on)
    expect("columns", columns, Sequence)  # type: ignore[type-abstract]  # only asks
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
    with suppress(ValueError):  # no hex, or a SecretError
        found = sleutelbos.unseal(bytes.fromhex(text), about=about(key), kind=HPgn)
        # HPgns made with the scheme for tests are refused.
        if found.scheme is not CHEAPEST:
            return found
    return None
