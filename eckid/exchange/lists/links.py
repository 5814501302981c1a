"""
Links across sectors, in files: making, verifying and revoking them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from eckid._core.values import a_path, expect
from eckid.boundary import check_join
from eckid.doel import Doel, Organisatie, oins
from eckid.errors import (
    BoundaryError,
    ExchangeError,
    LinkError,
    LinkReden,
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
from eckid.exchange.rows import REDENEN, RijReden, Weigering, Weigerreden
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.linked import VerifiedLink
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
from eckid.succession.jws import MOST

_SECTORS: Final = (Sector.PO, Sector.VO, Sector.MBO)


@dataclass(frozen=True, slots=True, repr=False)
class Gelegd:
    """
    A link that was made from one row, and its consent.

    Attributes:
        link: The signed link, for the recipient.
        toestemming: The consent that the link rests on; the board keeps it.
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
    The board that asked for consent.

    Attributes:
        oin: The OIN of the board.
        vanaf_leeftijd: The age in years from which the pupil consents, not a parent.
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
    taken: Callable[[Gelegd, KetenID, KetenID], Weigerreden | None] | None = None,
) -> Iterator[Gelegd | Weigering]:
    """
    Make a signed link from each row of a list: two ketenIDs of one pupil, and consent.

    Args:
        source: The list, with the columns: two of po, vo and mbo, each a ketenID;
            door (who consented: ouder or leerling); op (the day of the consent);
            woorden (the version of its text); and geboortedatum if the pupil
            consented.

        keten: The keten of the ketenIDs.

        voor: The recipient, the doel and the period of the links.

        bestuur: The board that asked for the consents.

        issued: Today.

        sleutelbos: The ring whose key signs the links.

        namespace: The namespace that the ketenIDs must have; None accepts that of the
            national service, and that of a ring without its own namespace.

        taken: Called with each link and its two ketenIDs, to keep them; `keeps` makes
            such a function. If it returns a reason, the row is refused. None keeps
            nothing.

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
    expect("bestuur", bestuur, Bestuur)

    def made(found: Cells) -> Gelegd | Weigering:
        pair = _two(found.values)
        if len(pair) != 2:
            return found.refused(RijReden.PAIR)
        words = ("door", "op", "woorden", "geboortedatum")
        by_pupil = found.values["door"] is Toestemmer.LEERLING
        if by_pupil and found.values["geboortedatum"] is None:
            return found.refused(LinkReden.CONSENT)
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
    Return a function that keeps links in a register, for `link_list` to call.

    A link is kept with the person for whom its ketenIDs were released.

    Args:
        register: The register, open.

    Returns:
        A function of a link and its two ketenIDs. It gives None if the link was kept;
        a reason if the register knows nobody with these ketenIDs, or two persons.
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


class Afzender(NamedTuple):
    """
    The board that a recipient received ketenIDs and links from.

    Attributes:
        houder: Its OIN. You say so, from what you noted on receiving them: anybody can
            write another's OIN in a file.
        keys: The public keys that you trust, by ``kid``, as `read_keys` gives.
        revocations: The last revocation list of this board for you; with None every
            link is refused.
    """

    houder: str
    keys: Mapping[str, PublicKey]
    revocations: RevocationList | None


def verify_list(
    source: Source,
    *,
    keten: Keten,
    organisatie: Organisatie,
    doel: Doel,
    on: date,
    afzender: Afzender,
    namespace: str | None = None,
) -> Iterator[VerifiedLink | Weigering]:
    """
    Verify each link of a list, and check the two ketenIDs beside it, if any.

    Args:
        source: The list, with a column link; and two of po, vo and mbo, each a
            ketenID that you received from *afzender*, if you want to know that the link
            joins exactly those.

        keten: The keten of the ketenIDs.

        organisatie: The recipient of the links: you.

        doel: The purpose for which you want to join the ketenIDs.

        on: Today.

        afzender: The board that the list and its ketenIDs came from. A link that
            another board signed is refused.

        namespace: The namespace that the ketenIDs must have; None accepts that of the
            national service, and that of a ring without its own namespace.

    Returns:
        For each row, in order, a `VerifiedLink` or a `Weigering`.

    Raises:
        eckid.errors.ExchangeError: If the column link is missing.
        eckid.errors.IdentifierError: If the houder is no OIN.
    """
    board = oins("houder", [expect("afzender", afzender, Afzender).houder])
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
                keys=afzender.keys,
                revocations=afzender.revocations,
            )
            if link.houder not in board:
                return found.refused(LinkReden.OTHER_HOUDER)
            if pair:
                check_join(
                    *pair,
                    link=link,
                    van=dict.fromkeys(pair, board),
                    organisatie=organisatie,
                    doel=doel,
                    on=on,
                )
        except LinkError as error:
            return found.refused(error.reason)
        except BoundaryError:
            return found.refused(RijReden.PAIR)
        return link

    return each_row(source, columns, read)


def read_jtis(source: Source) -> Iterator[str | Weigering]:
    """
    Return the identifier (jti) of each revoked link in the board's record of links.

    Args:
        source: The record, with a column jti. A row is revoked if its column
            ingetrokken holds a day; without that column, every row is revoked.

    Returns:
        The jti of each revoked row, in order, and a `Weigering` for each row that
        cannot be read.

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


def read_keys(path: str | Path, *, houder: str) -> dict[str, PublicKey]:
    """
    Read a file of public keys, as ``eckid link key`` prints it.

    Args:
        path: The file: a JSON Web Key Set.

        houder: OIN of the board that you received the file from.

    Returns:
        The keys, by their name (``kid``).

    Raises:
        eckid.errors.ExchangeError: If the file has another form, the name of a key is
            not its thumbprint, or a key is of another houder.
        OSError: If the file cannot be read.
    """
    said = ""
    with Path(a_path("path", path)).open("rb") as file:
        octets = file.read(MOST + 1)
    try:
        return read_jwks(octets, houder=houder)
    except LinkError as error:
        said = str(error)
    raise ExchangeError(said)
