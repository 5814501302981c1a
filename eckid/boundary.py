"""
The boundary: what may pass between parties, and which ketenIDs may be joined.

Rule 1: every passage that is allowed stands in MAY_PASS; any other is refused.
Rule 2: MAY_JOIN says of every pair of ketenIDs whether it may be joined. Across sectors
that takes a link, and a link holds only if every row of LINK_HOLDS does.
Rule 3: every row says what it rests on: the source, how certain the row is, and the
rules of the law that it carries out, by number (`grondslag`).
Rule 4: this room knows no person: it sees kinds, parties and pseudonyms.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from eckid._core.values import Closed, a_day, expect
from eckid.doel import Doel, Organisatie, oins
from eckid.errors import BoundaryError, BoundaryReden
from eckid.grondslag import (
    AVG,
    CLIENTS,
    EIGEN,
    EVALUATIE,
    REGELING,
    STAATSBLAD,
    Grondslag,
)
from eckid.linked import (
    VerifiedLink as VerifiedLink,  # noqa: PLC0414  # part of this room for its readers
)
from eckid.linked import (
    link_name as link_name,  # noqa: PLC0414  # as above
)
from eckid.pseudonyms import KetenID


class Partij(Closed):
    """
    A party that identifiers pass to or from.
    """

    BEVOEGD_GEZAG = "bevoegd gezag"
    ADMINISTRATIESYSTEEM = "administratiesysteem"
    NUMMERVOORZIENING = "Nummervoorziening"
    DUO = "DUO"
    ONTVANGER = "ontvanger"


class Soort(Closed):
    """
    A kind of identifier that may pass between parties.
    """

    PGN = "PGN"
    HPGN = "HPgn"
    STAMPSEUDONIEM = "stampseudoniem"
    KETENID = "ketenID"


# The board keeps the pseudonym in its administration. That the administration system,
# as the board's processor, has the other identifiers too is inferred.
_OWN: Final = {
    Soort.PGN: EVALUATIE.at("3.2", "L1", "L7", zekerheid="I"),
    Soort.HPGN: EVALUATIE.at("3.2", "L1", "L7", zekerheid="I"),
    Soort.STAMPSEUDONIEM: STAATSBLAD.at("", "L1", "L2"),
    Soort.KETENID: EVALUATIE.at("2.4, 3.2", "L3", "L7", zekerheid="I"),
}
# The operations of the service, as its clients call them.
_TO_SERVICE: Final = {
    Soort.HPGN: CLIENTS.at("", "L1", "L7"),
    Soort.STAMPSEUDONIEM: CLIENTS.at("", "L2", "L7"),
}
_FROM_SERVICE: Final = {
    Soort.STAMPSEUDONIEM: CLIENTS.at("", "L2", "L7"),
    Soort.KETENID: CLIENTS.at("", "L3", "L7"),
}
# The check of the person in the ROD. By the evaluation the administration system makes
# it; that the board may make it itself is inferred.
_SYSTEM_CHECKS: Final = {Soort.PGN: EVALUATIE.at("3.2", "L8")}
_BOARD_CHECKS: Final = {Soort.PGN: EVALUATIE.at("3.2", "L8", zekerheid="I")}
_TO_RECIPIENT: Final = {Soort.KETENID: EVALUATIE.at("2.2, 3.4", "L4", "L6")}
# Results go back to the school, which is a recipient too.
_BACK: Final = {Soort.KETENID: EVALUATIE.at("2.2, 3.4", "L4", "L5", "L6")}
# Results go from vendor to vendor, within one keten and sector, if the board's
# agreements allow it. A board whose agreements do not allow it removes this row.
_ONWARD: Final = {Soort.KETENID: EVALUATIE.at("2.2", "L5", "L13", zekerheid="I")}

# What may pass from one party to another, and what each permission rests on.
Passages: TypeAlias = Mapping[tuple[Partij, Partij], Mapping[Soort, Grondslag]]

MAY_PASS: Final[Passages] = MappingProxyType(
    {
        (van, naar): MappingProxyType(what)
        for van, naar, what in (
            # from, to, what may pass
            (Partij.BEVOEGD_GEZAG, Partij.ADMINISTRATIESYSTEEM, _OWN),
            (Partij.ADMINISTRATIESYSTEEM, Partij.BEVOEGD_GEZAG, _OWN),
            (Partij.BEVOEGD_GEZAG, Partij.NUMMERVOORZIENING, _TO_SERVICE),
            (Partij.ADMINISTRATIESYSTEEM, Partij.NUMMERVOORZIENING, _TO_SERVICE),
            (Partij.NUMMERVOORZIENING, Partij.BEVOEGD_GEZAG, _FROM_SERVICE),
            (Partij.NUMMERVOORZIENING, Partij.ADMINISTRATIESYSTEEM, _FROM_SERVICE),
            (Partij.BEVOEGD_GEZAG, Partij.DUO, _BOARD_CHECKS),
            (Partij.ADMINISTRATIESYSTEEM, Partij.DUO, _SYSTEM_CHECKS),
            (Partij.BEVOEGD_GEZAG, Partij.ONTVANGER, _TO_RECIPIENT),
            (Partij.ONTVANGER, Partij.BEVOEGD_GEZAG, _BACK),
            (Partij.ADMINISTRATIESYSTEEM, Partij.ONTVANGER, _TO_RECIPIENT),
            (Partij.ONTVANGER, Partij.ADMINISTRATIESYSTEEM, _BACK),
            (Partij.ONTVANGER, Partij.ONTVANGER, _ONWARD),
        )
    }
)


def check_passage(
    soort: Soort, *, van: Partij, naar: Partij, table: Passages = MAY_PASS
) -> None:
    """
    Raise an error unless *soort* may pass from party *van* to party *naar*.

    Args:
        soort: The kind of identifier.

        van: The party that has it.

        naar: The party that would get it.

        table: `MAY_PASS`, or a table from which the board removed rows.

    Raises:
        eckid.errors.BoundaryError: If the passage is not in the table; its `rule` is
            ``passage``.

    >>> check_passage(
    ...     Soort.KETENID, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
    ... )
    >>> check_passage(
    ...     Soort.STAMPSEUDONIEM, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
    ... )
    Traceback (most recent call last):
    ...
    eckid.errors.BoundaryError: stampseudoniem may not pass from bevoegd gezag to ontvanger
    """  # noqa: E501  # a doctest cannot break a message
    expect("soort", soort, Soort)
    expect("van", van, Partij)
    expect("naar", naar, Partij)
    expect("table", table, Mapping)  # type: ignore[type-abstract]  # only asks
    if soort not in table.get((van, naar), {}):
        raise BoundaryError(
            f"{soort.value} may not pass from {van.value} to {naar.value}",
            BoundaryReden.PASSAGE,
        )


# The same for what a board sends to a recipient.
check_to_recipient: Final = partial(
    check_passage, Soort.KETENID, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER
)


class Verhouding(Closed):
    """
    How two ketenIDs stand to each other.
    """

    ZELFDE = "the same ketenID"
    ZELFDE_SECTOR = "one keten and sector, two ketenIDs"
    ANDERE_SECTOR = "one keten, two sectors"
    ANDERE_KETEN = "two ketens"
    ONBEKEND = "two ketenIDs, and a note of keten or sector is missing"


class Samen(Closed):
    """
    Whether two ketenIDs may be treated as one person's.
    """

    JA = "yes"
    MET_LINK = "with a link"
    NOOIT = "never"


class Samenvoeging(NamedTuple):
    """
    A row of MAY_JOIN: whether two ketenIDs may be joined, and why.

    Attributes:
        samen: Whether they may be joined.
        rule: The rule; None where it joins.
        why: Why, in a sentence.
        grondslag: What the row rests on.
    """

    samen: Samen
    rule: BoundaryReden | None
    why: str
    grondslag: Grondslag


MAY_JOIN: Final[Mapping[Verhouding, Samenvoeging]] = MappingProxyType(
    {
        Verhouding.ZELFDE: Samenvoeging(
            Samen.JA,
            None,
            "a person has one ketenID in a keten and sector, for that whole time",
            REGELING.at("2(2)", "L3"),
        ),
        # No source forbids these in so many words. They are inferred: a person has one
        # ketenID per keten and sector, and a link is for sectors only.
        Verhouding.ZELFDE_SECTOR: Samenvoeging(
            Samen.NOOIT,
            BoundaryReden.OTHER_PERSON,
            "they are two persons', or of two releases: apply the succession "
            "notice first",
            REGELING.at("2(2)", "L3", zekerheid="I"),
        ),
        Verhouding.ANDERE_SECTOR: Samenvoeging(
            Samen.MET_LINK,
            BoundaryReden.NO_LINK,
            "joining them takes the conscious consent of parent or pupil, and a link",
            EVALUATIE.at("3.4", "L12"),
        ),
        Verhouding.ANDERE_KETEN: Samenvoeging(
            Samen.NOOIT,
            BoundaryReden.OTHER_KETEN,
            "each keten has ketenIDs of its own, so that ketens stay apart",
            REGELING.at("2(2)", "L3", zekerheid="I"),
        ),
        Verhouding.ONBEKEND: Samenvoeging(
            Samen.NOOIT,
            BoundaryReden.UNKNOWN,
            "without keten and sector of both, nothing says what they are",
            EIGEN.at(zekerheid="I"),
        ),
    }
)


class Gebruik(NamedTuple):
    """
    One use of a link: two ketenIDs to be joined, by which recipient, why and when.

    Attributes:
        a: A ketenID.
        b: The other ketenID.
        van: OINs of the boards from which the recipient received both.
        organisatie: The recipient that joins them.
        doel: What it joins them for.
        on: The day.
    """

    a: KetenID
    b: KetenID
    van: frozenset[str]
    organisatie: Organisatie
    doel: Doel
    on: date


class Voorwaarde(NamedTuple):
    """
    A condition that a link must meet for joining two ketenIDs.

    Attributes:
        naam: What it is called.
        rule: The rule that refuses where this does not hold.
        why: What is expected, in a sentence.
        holds: Returns whether a link meets it in one use.
        grondslag: What the row rests on.
    """

    naam: str
    rule: BoundaryReden
    why: str
    holds: Callable[[VerifiedLink, Gebruik], bool]
    grondslag: Grondslag


def _these_two(link: VerifiedLink, use: Gebruik) -> bool:
    return link.is_of(use.a, use.b)


def _their_houder(link: VerifiedLink, use: Gebruik) -> bool:
    return link.houder in use.van


def _this_organisatie(link: VerifiedLink, use: Gebruik) -> bool:
    return link.oin == use.organisatie.oin


def _this_doel(link: VerifiedLink, use: Gebruik) -> bool:
    return link.doel is use.doel


def _in_its_period(link: VerifiedLink, use: Gebruik) -> bool:
    return link.vanaf <= use.on <= link.tot


def _list_is_current(link: VerifiedLink, use: Gebruik) -> bool:
    return use.on <= link.next_update


# The evaluation asks for consent and a technical provision. What the provision checks
# is our choice: a consent covers only what was consented to, and can be withdrawn.
_CONSENTED: Final = EVALUATIE.at("3.4", "L12", zekerheid="I")
_WITHDRAWN: Final = AVG.at("7(3)", "L12", zekerheid="I")

LINK_HOLDS: Final[Sequence[Voorwaarde]] = (
    Voorwaarde(
        "these two ketenIDs",
        BoundaryReden.OTHER_LINK,
        "expected a link of exactly these two ketenIDs",
        _these_two,
        _CONSENTED,
    ),
    # A board may consent for its own pupils. Ketens share their namespace, so that a
    # ketenID does not tell whose it is: the recipient says who sent it.
    Voorwaarde(
        "a board of both",
        BoundaryReden.OTHER_HOUDER,
        "expected a link signed by a board from which both ketenIDs were received",
        _their_houder,
        _CONSENTED,
    ),
    Voorwaarde(
        "this organisatie",
        BoundaryReden.OTHER_ORGANISATIE,
        "expected a link for this organisatie",
        _this_organisatie,
        _CONSENTED,
    ),
    Voorwaarde(
        "this doel",
        BoundaryReden.OTHER_DOEL,
        "expected a link for this doel",
        _this_doel,
        _CONSENTED,
    ),
    Voorwaarde(
        "in its period",
        BoundaryReden.PERIOD,
        "expected a day within the period of the link",
        _in_its_period,
        _CONSENTED,
    ),
    Voorwaarde(
        "a current list",
        BoundaryReden.STALE,
        "expected a link verified with a revocation list that is still current",
        _list_is_current,
        _WITHDRAWN,
    ),
)


def verhouding(a: KetenID, b: KetenID) -> Verhouding:
    """
    Return how two ketenIDs stand to each other.

    If both are not the same, it goes by their notes of keten and sector; where one of
    these is missing it is `Verhouding.ONBEKEND`.
    """
    if expect("ketenID", a, KetenID) == expect("ketenID", b, KetenID):
        return Verhouding.ZELFDE
    if None in {a.keten, b.keten, a.sector, b.sector}:
        return Verhouding.ONBEKEND
    if a.keten != b.keten:
        return Verhouding.ANDERE_KETEN
    same = a.sector is b.sector
    return Verhouding.ZELFDE_SECTOR if same else Verhouding.ANDERE_SECTOR


def check_join(
    a: KetenID,
    b: KetenID,
    *,
    link: VerifiedLink | None = None,
    van: Mapping[KetenID, Collection[str]] | None = None,
    organisatie: Organisatie | None = None,
    doel: Doel | None = None,
    on: date | None = None,
) -> None:
    """
    Raise an error unless two ketenIDs may be treated as one person's.

    Two ketenIDs of one keten and two sectors may be joined with a link; two different
    ones of one sector, or of two ketens, may never be. A link joins the two that it
    names; links are not chained.

    Args:
        a: A ketenID, with its keten and sector.

        b: The other ketenID, with its keten and sector.

        link: The link that `SectorLink.verify` gave; needed where the sectors differ.

        van: For each of the two ketenIDs the OINs of the boards from which you received
            it; needed with a link. The board that signed the link must be among both.

        organisatie: The recipient that joins them; needed with a link.

        doel: What it joins them for; needed with a link.

        on: The day of joining; needed with a link.

    Raises:
        eckid.errors.BoundaryError: If they may not be joined; its `rule` says which
            rule of `MAY_JOIN` or `LINK_HOLDS` refused.

    >>> from eckid import LEERMIDDELENKETEN, KetenID, Sector, check_join
    >>> po = KetenID.parse(
    ...     "https://ketenid.nl/pilot/" + 128 * "a",
    ...     keten=LEERMIDDELENKETEN,
    ...     sector=Sector.PO,
    ... )
    >>> vo = KetenID.parse(
    ...     "https://ketenid.nl/pilot/" + 128 * "b",
    ...     keten=LEERMIDDELENKETEN,
    ...     sector=Sector.VO,
    ... )
    >>> check_join(po, po)
    >>> check_join(po, vo)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    eckid.errors.BoundaryError: joining two ketenIDs: joining them takes ...
    """
    expect("link", link, VerifiedLink, type(None))
    row = MAY_JOIN[verhouding(a, b)]
    if row.samen is Samen.JA:
        return
    if link is None or row.samen is Samen.NOOIT:
        rule = expect("rule", row.rule, BoundaryReden)
        raise BoundaryError(f"joining two ketenIDs: {row.why}", rule)
    sent = expect("van", van, Mapping)  # type: ignore[type-abstract]  # only asks
    both = oins("van", sent.get(a, ())) & oins("van", sent.get(b, ()))
    to = expect("organisatie", organisatie, Organisatie)
    use = Gebruik(a, b, both, to, expect("doel", doel, Doel), a_day("on", on))
    for voorwaarde in LINK_HOLDS:
        if not voorwaarde.holds(link, use):
            raise BoundaryError(f"link: {voorwaarde.why}", voorwaarde.rule)
