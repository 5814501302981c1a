"""
Links across sectors in files: pairs in, links out, keys and lists of both sides.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from eckid._core.values import expect
from eckid.boundary import VerifiedLink, check_join
from eckid.doel import Doel, Organisatie
from eckid.errors import (
    BoundaryError,
    ExchangeError,
    LinkError,
    LinkReason,
)
from eckid.exchange.formats.source import Source
from eckid.exchange.lists.sheets import (
    Cells,
    Column,
    a_day,
    a_text,
    each_row,
    no_or_a_day,
)
from eckid.exchange.rows import REDENEN, RijReden, Weigergrond, Weigering
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import KetenID
from eckid.register import Register
from eckid.succession import (
    AGE_OF_CONSENT,
    PublicKey,
    Reikwijdte,
    RevocationList,
    SectorLink,
    Toestemmer,
    Toestemming,
    read_jwks,
)

_SECTORS: Final = (Sector.PO, Sector.VO, Sector.MBO)


@dataclass(frozen=True, slots=True, repr=False)
class Gelegd:
    """
    A link that was made of one row, and the consent it rests on.
    """

    link: SectorLink
    toestemming: Toestemming

    def __repr__(self) -> str:
        return "<Gelegd link toestemming>"


def _pair(keten: Keten, namespace: str | None) -> tuple[Column, ...]:
    def reader(sector: Sector) -> Column:
        def read(cell: str) -> KetenID | None:
            if not cell:
                return None
            return KetenID.parse(cell, keten=keten, sector=sector, namespace=namespace)

        return Column(sector.value, read, f"eckid{sector.value}", None)

    return tuple(reader(sector) for sector in _SECTORS)


def _two(values: Mapping[str, Any]) -> list[KetenID]:
    return [k for s in _SECTORS if (k := values[s.value]) is not None]


class Bestuur(NamedTuple):
    """
    The board that asks for consent.

    Attributes:
        oin: Its OIN.
        vanaf_leeftijd: The age from which the pupil consents, in years.
    """

    oin: str
    vanaf_leeftijd: int = AGE_OF_CONSENT


def link_list(
    source: Source,
    *,
    keten: Keten,
    voor: Reikwijdte,
    bestuur: Bestuur,
    issued: date,
    sleutelbos: Sleutelbos,
    namespace: str | None = None,
    taken: Callable[[Gelegd, KetenID, KetenID], Weigergrond | None] | None = None,
) -> Iterator[Gelegd | Weigering]:
    """
    Make a link of each row of a list of pairs.

    Args:
        source: The list: two of po, vo and mbo, each a ketenID; who consented
            (door), when (op), in what words (woorden), and the pupil's
            geboortedatum where the pupil did.

        keten: The keten of the ketenIDs.

        voor: The recipient, the doel and the period.

        bestuur: The board that asked for the consents.

        issued: Today.

        sleutelbos: The ring whose key signs.

        namespace: As for `KetenID.parse`.

        taken: Keeps a link and the two that it is of, such as a register does;
            gives the reason where it does not, and the row is refused.

    Returns:
        For each row, in order, a `Gelegd` or a `Weigering`.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    columns = (
        *_pair(keten, namespace),
        Column("door", lambda cell: Toestemmer(cell.casefold()), "toestemmingvan"),
        Column("op", a_day, "toestemmingop datum"),
        Column("woorden", a_text, "versie"),
        Column("geboortedatum", no_or_a_day, "", None),
    )

    def made(found: Cells) -> Gelegd | Weigering:
        pair = _two(found.values)
        if len(pair) != 2:
            return found.refused(RijReden.PAIR)
        words = ("door", "op", "woorden", "geboortedatum")
        by_pupil = found.values["door"] is Toestemmer.LEERLING
        if by_pupil and found.values["geboortedatum"] is None:
            return found.refused(LinkReason.CONSENT)
        try:
            toestemming = Toestemming(
                **{name: found.values[name] for name in words},
                bestuur=bestuur.oin,
                vanaf_leeftijd=bestuur.vanaf_leeftijd,
            )
            link = SectorLink.issue(
                *pair,
                voor=voor,
                toestemming=toestemming,
                issued=issued,
                sleutelbos=sleutelbos,
            )
        except LinkError as error:
            return found.refused(error.reason)
        gelegd = Gelegd(link, toestemming)
        reden = None if taken is None else taken(gelegd, *pair)
        if reden is None:
            return gelegd
        expect("reden", reden, *REDENEN)
        return found.refused(reden)

    return each_row(source, columns, made)


def keeps(
    register: Register,
) -> Callable[[Gelegd, KetenID, KetenID], RijReden | None]:
    """
    Return what keeps a link with the person whose two ketenIDs it joins.

    For `link_list` to call. A link of ketenIDs that went to nobody, or to two persons,
    is refused.
    """
    expect("register", register, Register)

    def keep(made: Gelegd, one: KetenID, other: KetenID) -> RijReden | None:
        persons = [set(register.keys_of(each)) for each in (one, other)]
        known = [keys for keys in persons if keys]
        if not known:
            return RijReden.NOBODY
        both = set.intersection(*known)
        if not both:
            return RijReden.NOT_ONE
        register.keep_link(*min(both), made.link, made.toestemming)
        return None

    return keep


def verify_list(
    source: Source,
    *,
    keten: Keten,
    organisatie: Organisatie,
    doel: Doel,
    on: date,
    keys: Mapping[str, PublicKey],
    revocations: RevocationList | None,
    namespace: str | None = None,
) -> Iterator[VerifiedLink | Weigering]:
    """
    Verify each link of a list, and where its ketenIDs stand beside it, join them.

    Args:
        source: The list: link, and two of po, vo and mbo where they are to be
            joined.

        keten: The keten of the ketenIDs.

        organisatie: As for `SectorLink.verify`, and so are the rest.

        doel: What for.

        on: Today.

        keys: The public keys that are trusted.

        revocations: The last revocation list.

        namespace: As for `KetenID.parse`.

    Returns:
        For each row, in order, a `VerifiedLink` or a `Weigering`.

    Raises:
        eckid.errors.ExchangeError: If the column link is missing.
    """
    columns = (Column("link", a_text, "token"), *_pair(keten, namespace))

    def read(found: Cells) -> VerifiedLink | Weigering:
        pair = _two(found.values)
        if len(pair) not in {0, 2}:
            return found.refused(RijReden.PAIR)
        try:
            link = SectorLink.verify(
                found.values["link"],
                organisatie=organisatie,
                doel=doel,
                on=on,
                keys=keys,
                revocations=revocations,
            )
            if pair:
                a, b = pair[0], pair[-1]
                check_join(a, b, link=link, organisatie=organisatie, doel=doel, on=on)
        except LinkError as error:
            return found.refused(error.reason)
        except BoundaryError:
            return found.refused(RijReden.PAIR)
        return link

    return each_row(source, columns, read)


def read_jtis(source: Source) -> Iterator[str | Weigering]:
    """
    Return what the board's record of links calls those whose consent was withdrawn.

    Args:
        source: The record: jti, and ingetrokken (a day, or empty) where only
            some were withdrawn.

    Raises:
        eckid.errors.ExchangeError: If the column jti is missing.
    """
    columns = (
        Column("jti", a_text),
        Column("ingetrokken", no_or_a_day, "ingetrokkenop", date.min),
    )

    def read(found: Cells) -> tuple[str, date | None]:
        return found.values["jti"], found.values["ingetrokken"]

    for row in each_row(source, columns, read):
        if isinstance(row, Weigering):
            yield row
        elif row[1] is not None:
            yield row[0]


def read_keys(path: str | Path) -> dict[str, PublicKey]:
    """
    Read a file of public keys.

    Raises:
        eckid.errors.ExchangeError: If it has another form, or a key another
            name than its thumbprint.
        OSError: If it cannot be read.
    """
    said = ""
    try:
        return read_jwks(Path(path).read_bytes())
    except LinkError as error:
        said = str(error)
    raise ExchangeError(said)
