"""
Enrolment: from the inschrijvingen of a person to what holds on a day.

A person has one ketenID per sector, for as long as a funded and confirmed inschrijving
lies in it. For any other inschrijving there is no ketenID, and the outcome says on what
ground, and whether another identifier may stand in. The rules are the rows of GRONDEN,
each with what it rests on; the first that applies decides.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from eckid._core.values import Closed, a_day, as_days, expect
from eckid.attributes import AnderIdReden
from eckid.errors import BoundaryError, BoundaryReden, IdentifierError
from eckid.grondslag import EVALUATIE, REGELING, Grondslag
from eckid.keten import INDELING, Indeling, Onderwijssoort, Sector, sector_of

_BRIN: Final = re.compile(r"[0-9]{2}[A-Z]{2}(?:[0-9]{2})?")
# The last day of a school year (Wet op het primair onderwijs, article 1).
_LAST: Final = (7, 31)


@dataclass(frozen=True, slots=True, repr=False)
class Inschrijving:
    """
    One inschrijving of a person.

    Attributes:
        soort: The onderwijssoort.
        brin: BRIN of the school, with or without its vestiging: ``99XX`` or ``99XX00``.
        begin: The first day.
        einde: The last day; None while it is open.
        bekostigd: Whether the school is funded for this person.
        bevestigd: Whether it counts as confirmed. The caller makes the check at DUO
            (ROD), which is not compulsory.

    Raises:
        eckid.errors.IdentifierError: If *brin* has another form.
        eckid.errors.BoundaryError: If it ends before it begins.
    """

    soort: Onderwijssoort
    brin: str
    begin: date
    einde: date | None
    bekostigd: bool
    bevestigd: bool = True

    def __post_init__(self) -> None:
        expect("soort", self.soort, Onderwijssoort)
        expect("bekostigd", self.bekostigd, bool)
        expect("bevestigd", self.bevestigd, bool)
        if not _BRIN.fullmatch(expect("BRIN", self.brin, str)):
            raise IdentifierError(
                "BRIN: expected 2 digits, 2 capitals and no or 2 digits, "
                f"got {len(self.brin)} characters of another form"
            )
        as_days(self, "begin", may_lack=("einde",))
        if self.einde is not None and self.einde < self.begin:
            raise BoundaryError(
                "einde: expected a day not before begin, got an earlier one",
                BoundaryReden.PERIOD,
            )

    def __repr__(self) -> str:
        return f"<Inschrijving {' '.join(self.__slots__)}>"


class Grond(Closed):
    """
    Why a ketenID holds for an inschrijving, or does not.
    """

    KETENID = "ketenid"
    HO = "ho"
    VOOR_BEGIN = "voor-begin"
    NA_EINDE = "na-einde"
    SYMBIOSE = "symbiose"
    NIET_BEKOSTIGD = "niet-bekostigd"
    NIET_BEVESTIGD = "niet-bevestigd"


@dataclass(frozen=True, slots=True, repr=False)
class Uitkomst:
    """
    What holds for one inschrijving on a day.

    Attributes:
        inschrijving: The inschrijving.
        grond: The ground; `Grond.KETENID` where a ketenID holds.
        sector: The sector it lies in; None where it has ended.
        ander_id_reden: Why another identifier may stand in; None where it may not.
        tot: The last day on which it may, as far as is known; None where it may not.
    """

    inschrijving: Inschrijving
    grond: Grond
    sector: Sector | None
    ander_id_reden: AnderIdReden | None = None
    tot: date | None = None

    def __repr__(self) -> str:
        return f"<Uitkomst {' '.join(self.__slots__)}>"

    @property
    def attributen(self) -> Mapping[str, str]:
        """
        `ander_id_reden` and `ander_id_tot`: why another identifier goes, until when.

        Give them to a policy together with the other identifier. Empty where no other
        identifier may stand in.
        """
        if self.ander_id_reden is None or self.tot is None:
            return {}
        return {
            "ander_id_reden": self.ander_id_reden.value,
            "ander_id_tot": self.tot.isoformat(),
        }


class _Case(NamedTuple):
    """
    One inschrijving on a day, beside the person's other inschrijvingen.
    """

    this: Inschrijving
    sector: Sector
    on: date
    # Whether another inschrijving, funded and confirmed, runs on the day; ho aside.
    elsewhere: bool
    # Whether one of those lies in the same sector: then the person has a ketenID there.
    has_ketenid: bool


class Rechtsgrond(NamedTuple):
    """
    A row of GRONDEN.

    Attributes:
        grond: The ground.
        applies: Returns whether it applies to an inschrijving on a day.
        ander_id_reden: Why another identifier may stand in; None where it may not.
        grondslag: What the row rests on.
    """

    grond: Grond
    applies: Callable[[_Case], bool]
    ander_id_reden: AnderIdReden | None
    grondslag: Grondslag


def _ended(case: _Case) -> bool:
    return case.this.einde is not None and case.this.einde < case.on


def _in_ho(case: _Case) -> bool:
    return case.sector is Sector.HO


def _not_begun(case: _Case) -> bool:
    return case.on < case.this.begin


def _second_school(case: _Case) -> bool:
    return not case.this.bekostigd and case.elsewhere


def _not_funded(case: _Case) -> bool:
    return not case.this.bekostigd


def _not_confirmed(case: _Case) -> bool:
    return not case.this.bevestigd


def _otherwise(_: _Case) -> bool:
    return True


GRONDEN: Final[Sequence[Rechtsgrond]] = (
    Rechtsgrond(Grond.NA_EINDE, _ended, None, REGELING.at("2(2)", "L3")),
    Rechtsgrond(Grond.HO, _in_ho, None, EVALUATIE.at("4.1")),
    # Orders are placed before the summer. It is not known from which day the new school
    # can ask for the ketenID.
    Rechtsgrond(
        Grond.VOOR_BEGIN,
        _not_begun,
        AnderIdReden.NOG_NIET_GEREGISTREERD,
        EVALUATIE.at("3.3", "L11", zekerheid="I"),
    ),
    Rechtsgrond(
        Grond.SYMBIOSE,
        _second_school,
        AnderIdReden.SYMBIOSE,
        EVALUATIE.at("3.3", "L10", "L11"),
    ),
    # The evaluation speaks of a second school. That the same holds where no other
    # school is known is inferred.
    Rechtsgrond(
        Grond.NIET_BEKOSTIGD,
        _not_funded,
        AnderIdReden.NIET_BEKOSTIGD,
        EVALUATIE.at("3.3", "L10", "L11", zekerheid="I"),
    ),
    # The check at DUO is not compulsory. That there is no ketenID without it is our
    # choice.
    Rechtsgrond(
        Grond.NIET_BEVESTIGD,
        _not_confirmed,
        AnderIdReden.NIET_BEVESTIGD,
        EVALUATIE.at("3.2, 3.3", "L8", "L11", zekerheid="I"),
    ),
    Rechtsgrond(Grond.KETENID, _otherwise, None, REGELING.at("2(2)", "L3")),
)
# If the person already has a ketenID in the sector, no other identifier stands in until
# the inschrijving counts: the ketenID will be the same one (L3, L11).
_SAME_ONE: Final = frozenset({Grond.VOOR_BEGIN, Grond.NIET_BEVESTIGD})


def ketenids_on(
    inschrijvingen: Iterable[Inschrijving],
    *,
    on: date,
    uiterlijk: date | None = None,
    table: Sequence[Indeling] = INDELING,
) -> tuple[Uitkomst, ...]:
    """
    Return what holds for each inschrijving of one person on the day *on*.

    Args:
        inschrijvingen: All that are known of the person, in any order.

        on: The day.

        uiterlijk: The last day up to which another identifier may be promised; None is
            the end of the school year, 31 July.

        table: `INDELING`, or a table of your own for which onderwijssoort lies in which
            sector.

    Returns:
        One outcome for each inschrijving, in the order given. Where its `grond` is
        KETENID, a ketenID holds: derive it for the outcome's `sector`. It stays the
        same on change of school or administration system, and ends with the sector.

    Raises:
        eckid.errors.BoundaryError: If *on* is before 29-05-2018, when sectors began, or
            *uiterlijk* is before *on*.

    >>> from datetime import date
    >>> from eckid import Grond, Inschrijving, Onderwijssoort, ketenids_on
    >>> po = Inschrijving(
    ...     Onderwijssoort.BAO, "99XX", date(2020, 8, 1), date(2027, 7, 31), True
    ... )
    >>> vo = Inschrijving(Onderwijssoort.VO, "99YY", date(2027, 8, 1), None, True)
    >>> [uitkomst.grond.name for uitkomst in ketenids_on([po, vo], on=date(2027, 5, 1))]
    ['KETENID', 'VOOR_BEGIN']
    """
    on = a_day("on", on)
    if uiterlijk is None:
        year = on.year if (on.month, on.day) <= _LAST else on.year + 1
        uiterlijk = date(year, *_LAST)
    uiterlijk = a_day("uiterlijk", uiterlijk)
    if uiterlijk < on:
        raise BoundaryError(
            "uiterlijk: expected a day not before on, got an earlier one",
            BoundaryReden.PERIOD,
        )
    first = min(expect("table", row, Indeling).vanaf for row in table)
    if on < first:
        raise BoundaryError(
            f"on: expected a day from {first:%d-%m-%Y}, when sectors began, got an "
            "earlier one",
            BoundaryReden.NO_SECTOR,
        )
    all_ = [expect("inschrijving", one, Inschrijving) for one in inschrijvingen]
    found = []
    for n in range(len(all_)):
        grond, sector, ander_id_reden = _decide(all_, n, on, table)
        tot = None
        if ander_id_reden is not None:
            tot = _last_same(all_, n, on, uiterlijk, table)
        found.append(Uitkomst(all_[n], grond, sector, ander_id_reden, tot))
    return tuple(found)


def _decide(
    all_: Sequence[Inschrijving], n: int, on: date, table: Sequence[Indeling]
) -> tuple[Grond, Sector | None, AnderIdReden | None]:
    """
    Return ground, sector and stand-in of the inschrijving at place *n*.
    """
    this = all_[n]
    # An inschrijving that has yet to begin has the sector of its first day.
    sector = sector_of(this.soort, on=max(on, this.begin), table=table)
    running = {
        sector_of(one.soort, on=on, table=table)
        for place, one in enumerate(all_)
        if place != n and one.bekostigd and one.bevestigd and _runs(one, on)
    }
    # HO has no ketenIDs, so an inschrijving in ho never counts as "elsewhere".
    running.discard(Sector.HO)
    case = _Case(this, sector, on, bool(running), sector in running)
    rule = next(rule for rule in GRONDEN if rule.applies(case))
    if rule.grond is Grond.NA_EINDE:
        return rule.grond, None, None
    spared = case.has_ketenid and rule.grond in _SAME_ONE
    return rule.grond, sector, None if spared else rule.ander_id_reden


def _runs(one: Inschrijving, on: date) -> bool:
    return one.begin <= on and (one.einde is None or on <= one.einde)


def _last_same(
    all_: Sequence[Inschrijving],
    n: int,
    on: date,
    uiterlijk: date,
    table: Sequence[Indeling],
) -> date:
    """
    Return the last day up to which the decision stays the same.

    It can change only where an inschrijving begins or has ended, or where an
    onderwijssoort moves to another sector.
    """
    one_day = timedelta(days=1)
    begins = {one.begin for one in all_} | {row.vanaf for row in table}
    ends = {one.einde + one_day for one in all_ if one.einde not in {None, date.max}}
    now = _decide(all_, n, on, table)
    for day in sorted(begins | ends):
        if on < day <= uiterlijk and _decide(all_, n, day, table) != now:
            return day - one_day
    return uiterlijk
