"""
Enrolment: from a person's inschrijvingen to what holds on a day.

One ketenID per sector, for as long as a funded and confirmed inschrijving lies
in it; elsewhere none, with the ground, and whether another identifier may stand
in. The rules are the rows of GRONDEN, each with what it rests on, and the first
that applies decides.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from eckid._core.values import Closed, a_day, as_days, expect
from eckid.attributes import AnderId
from eckid.errors import BoundaryError, IdentifierError
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
        brin: BRIN of the school, with or without its vestiging.
        begin: The first day.
        einde: The last day; None while that is open.
        bekostigd: Whether the school is funded for this person.
        bevestigd: Whether it counts as confirmed. The check at DUO (ROD) is the
            caller's to make, and not compulsory.

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
                "einde: expected a day not before begin, got an earlier one", "period"
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
        grond: Why; `Grond.KETENID` where a ketenID holds.
        sector: The sector it lies in; None where it has ended.
        ander_id: Why another identifier may stand in; None where none may.
        tot: The last day on which it may, as far as is known.
    """

    inschrijving: Inschrijving
    grond: Grond
    sector: Sector | None
    ander_id: AnderId | None = None
    tot: date | None = None

    def __repr__(self) -> str:
        return f"<Uitkomst {' '.join(self.__slots__)}>"

    @property
    def attributen(self) -> Mapping[str, str]:
        """
        Reason and last day as attributes, for a policy's one identifier.
        """
        if self.ander_id is None or self.tot is None:
            return {}
        return {"ander_id": self.ander_id.value, "ander_id_tot": self.tot.isoformat()}


class _Case(NamedTuple):
    """
    One inschrijving on a day, beside the others of the person.
    """

    this: Inschrijving
    sector: Sector
    on: date
    # Whether another, funded and confirmed inschrijving runs on the day.
    elsewhere: bool
    # Whether one does in the same sector: then the person has a ketenID there.
    has_ketenid: bool


class Rechtsgrond(NamedTuple):
    """
    One row of the rules.

    Attributes:
        grond: The ground.
        applies: Whether it applies.
        ander_id: Why another identifier may stand in; None where none may.
        grondslag: What the row rests on.
    """

    grond: Grond
    applies: Callable[[_Case], bool]
    ander_id: AnderId | None
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
    # Orders come before the summer. From which day the new school can ask for the
    # ketenID is not known.
    Rechtsgrond(
        Grond.VOOR_BEGIN,
        _not_begun,
        AnderId.NOG_NIET_GEREGISTREERD,
        EVALUATIE.at("3.3", "L11", zekerheid="I"),
    ),
    Rechtsgrond(
        Grond.SYMBIOSE,
        _second_school,
        AnderId.SYMBIOSE,
        EVALUATIE.at("3.3", "L10", "L11"),
    ),
    # The evaluation speaks of the second school; that the same holds where no other
    # school is known is inferred.
    Rechtsgrond(
        Grond.NIET_BEKOSTIGD,
        _not_funded,
        AnderId.NIET_BEKOSTIGD,
        EVALUATIE.at("3.3", "L10", "L11", zekerheid="I"),
    ),
    # The check at DUO may be made; that without it there is no ketenID is our choice.
    Rechtsgrond(
        Grond.NIET_BEVESTIGD,
        _not_confirmed,
        AnderId.NIET_BEVESTIGD,
        EVALUATIE.at("3.2, 3.3", "L8", "L11", zekerheid="I"),
    ),
    Rechtsgrond(Grond.KETENID, _otherwise, None, REGELING.at("2(2)", "L3")),
)
# Where the person has a ketenID in the sector already, nothing need stand in for
# it until the inschrijving counts: it will be the same one (L3, L11).
_SAME_ONE: Final = frozenset({Grond.VOOR_BEGIN, Grond.NIET_BEVESTIGD})


def ketenids_on(
    inschrijvingen: Iterable[Inschrijving],
    *,
    on: date,
    uiterlijk: date | None = None,
    table: Sequence[Indeling] = INDELING,
) -> tuple[Uitkomst, ...]:
    """
    Return what holds on a day for each inschrijving of one person.

    Args:
        inschrijvingen: All that are known of the person, in any order.

        on: The day.

        uiterlijk: The last day for which another identifier may be promised;
            None is the end of the school year, 31 July.

        table: As for `sector_of`.

    Returns:
        One outcome for each, in their order. A ketenID holds in the sector of
        each whose `grond` is KETENID: derive it for that sector. It stays on
        change of school or of administration system, and ends with the sector.

    Raises:
        eckid.errors.BoundaryError: If the day is before 29-05-2018, or
            *uiterlijk* before the day.

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
            "uiterlijk: expected a day not before on, got an earlier one", "period"
        )
    first = min(row.vanaf for row in table)
    if on < first:
        raise BoundaryError(
            f"on: expected a day from {first:%d-%m-%Y}, when sectors began, got an "
            "earlier one",
            "no-sector",
        )
    all_ = [expect("inschrijving", one, Inschrijving) for one in inschrijvingen]
    found = []
    for n in range(len(all_)):
        grond, sector, ander_id = _decide(all_, n, on, table)
        tot = None
        if ander_id is not None:
            tot = _last_same(all_, n, on, uiterlijk, table)
        found.append(Uitkomst(all_[n], grond, sector, ander_id, tot))
    return tuple(found)


def _decide(
    all_: Sequence[Inschrijving], n: int, on: date, table: Sequence[Indeling]
) -> tuple[Grond, Sector | None, AnderId | None]:
    """
    Return ground, sector and stand-in of the inschrijving in place *n*.
    """
    this = all_[n]
    # Of what has yet to begin, the sector that it will lie in.
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
    return rule.grond, sector, None if spared else rule.ander_id


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
    Return the last day up to which the decision stays as it is.

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
