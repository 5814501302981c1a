"""
From sealed HPgns to ketenIDs, without a number or a hash.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from eckid._core.values import a_day, expect
from eckid.derivation import derive_ketenids, derive_stampseudoniem
from eckid.errors import ExchangeError, LinkError, LinkReason
from eckid.exchange.formats.csv import Record
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.rows import RijReden, Weigering
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.scheme import CHEAPEST
from eckid.succession import Substitutions


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
    source: Iterable[Record | Weigering],
    *,
    columns: Sequence[str],
    sleutelbos: Sleutelbos,
    keten: Keten,
    sector: Sector,
    release: str | None = None,
    substitutions: Substitutions | None = None,
    on: date | None = None,
) -> Iterator[Afgeleid | Weigering]:
    """
    Derive the ketenIDs of a list of sealed HPgns, without a number or a hash.

    Args:
        source: The rows of what `hash_list` gave, as a file.

        columns: Its columns: person key and sealed HPgn.

        sleutelbos: The ring that sealed them.

        keten: The chain.

        sector: The sector in which all are enrolled.

        release: One of the ring's; None is the newest.

        substitutions: As for `release_list`.

        on: The day, which substitutions ask for.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    origin = origins(substitutions, on)
    stams: list[Stampseudoniem] = []
    ketenids = derive_ketenids(
        iter(stams.pop, None),
        keten=keten,
        sector=sector,
        sleutelbos=sleutelbos,
        release=release,
    )
    if SEALED not in columns or not any(name in columns for name in KEYS):
        raise ExchangeError(f"expected the columns key and {SEALED}", line=1)

    def derive(record: Record) -> Afgeleid | Weigering:
        cells = dict(zip(columns, record.cells, strict=True))
        key = key_of(cells)
        hpgn = _unsealed(sleutelbos, cells[SEALED], key) if key else None
        if hpgn is None:
            reden = RijReden.SEAL if key else RijReden.KEY
            return Weigering(record.record, record.line, None, reden)
        hpgn = origin(hpgn)
        if hpgn is None:
            return Weigering(record.record, record.line, None, LinkReason.SUBSTITUTED)
        stams.append(derive_stampseudoniem(hpgn, sleutelbos=sleutelbos))
        return Afgeleid(key, next(ketenids))

    return (
        row if isinstance(row, Weigering) else derive(expect("row", row, Record))
        for row in source
    )


def origins(
    substitutions: Substitutions | None, on: date | None
) -> Callable[[HPgn], HPgn | None]:
    """
    Return what gives the number whose stampseudoniem one has; None for none.
    """
    if substitutions is None:
        return lambda hpgn: hpgn
    subs = expect("substitutions", substitutions, Substitutions)
    day = a_day("on", on)

    def origin(hpgn: HPgn) -> HPgn | None:
        with suppress(LinkError):
            return subs.origin(hpgn, on=day)
        return None

    return origin


# Where the administration's own key stands, the first that is there.
KEYS: Final = ("key", "leerlingnummer")


def key_of(attributen: Mapping[str, str]) -> str:
    """
    Return the administration's own key of a person; empty where there is none.
    """
    return next((attributen[n] for n in KEYS if attributen.get(n)), "")


def about(key: str) -> str:
    """
    Return what an HPgn is sealed about.
    """
    return f"hpgn {key}"


def _unsealed(sleutelbos: Sleutelbos, text: str, key: str) -> HPgn | None:
    with suppress(ValueError):  # of hex, or a SecretError
        found = sleutelbos.unseal(bytes.fromhex(text), about=about(key), kind=HPgn)
        # A file cannot select the scheme of the tests.
        if found.scheme is not CHEAPEST:
            return found
    return None
