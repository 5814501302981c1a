"""
Enrolment: from the inschrijvingen of a person to what holds on a day.

A person has one ketenID per sector, for as long as a funded and confirmed inschrijving
lies in it, from the day on which the school can ask for it. For any other inschrijving
there is no ketenID, and the outcome says on what ground, and whether another identifier
may stand in. The rules are the rows of GRONDEN, each with what it rests on; the first
that applies decides.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from eckid._core.values import Closed, a_day, as_days, expect
from eckid.attributes import AnderIdReden
from eckid.errors import BoundaryError, BoundaryReden, IdentifierError
from eckid.grondslag import EIGEN, EVALUATIE, REGELING, Grondslag
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
        bevestigd: What the check at DUO (ROD) said: True or False; None where nobody
            asked. The caller makes the check, which is not compulsory.
        aangevraagd_op: The first day on which the school can ask for the ketenID, which
            may lie before *begin* or after it; None takes *begin*. No source says which
            day it is, so the school says it.

    Raises:
        eckid.errors.IdentifierError: If *brin* has another form.
        eckid.errors.BoundaryError: If it ends before it begins.
    """

    soort: Onderwijssoort
    brin: str
    begin: date
    einde: date | None
    bekostigd: bool
    bevestigd: bool | None
    aangevraagd_op: date | None = None

    def __post_init__(self) -> None:
        expect("soort", self.soort, Onderwijssoort)
        expect("bekostigd", self.bekostigd, bool)
        expect("bevestigd", self.bevestigd, bool, type(None))
        if not _BRIN.fullmatch(expect("BRIN", self.brin, str)):
            raise IdentifierError(
                "BRIN: expected 2 digits, 2 capitals and no or 2 digits, "
                f"got {len(self.brin)} characters of another form"
            )
        as_days(self, "begin", may_lack=("einde", "aangevraagd_op"))
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
    VOOR_AANVRAAG = "voor-aanvraag"
    NIET_BEVESTIGD = "niet-bevestigd"
    NIET_NAGEGAAN = "niet-nagegaan"


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
    return case.on < case.this.begin and _not_asked_for(case)


def _not_asked_for(case: _Case) -> bool:
    return case.on < (case.this.aangevraagd_op or case.this.begin)


def _second_school(case: _Case) -> bool:
    return not case.this.bekostigd and case.elsewhere


def _not_funded(case: _Case) -> bool:
    return not case.this.bekostigd


def _not_confirmed(case: _Case) -> bool:
    return case.this.bevestigd is False


def _not_checked(case: _Case) -> bool:
    return case.this.bevestigd is None


def _otherwise(_: _Case) -> bool:
    return True


GRONDEN: Final[Sequence[Rechtsgrond]] = (
    Rechtsgrond(Grond.NA_EINDE, _ended, None, REGELING.at("2(2)", "L3")),
    Rechtsgrond(Grond.HO, _in_ho, None, EVALUATIE.at("4.1")),
    # Orders are placed before the summer, by pupils who are new in the sector and by
    # those who change school inside it. The Regeling asks for an inschrijving, not for
    # lessons. By the evaluation the school gets the ketenID only when all pupils were
    # moved over. So the day is data, and until then another identifier stands in.
    Rechtsgrond(
        Grond.VOOR_BEGIN,
        _not_begun,
        AnderIdReden.NOG_NIET_GEREGISTREERD,
        EVALUATIE.at("3.3", "L3", "L11", zekerheid="I"),
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
    Rechtsgrond(
        Grond.VOOR_AANVRAAG,
        _not_asked_for,
        AnderIdReden.NOG_NIET_GEREGISTREERD,
        EVALUATIE.at("3.3", "L3", "L11", zekerheid="I"),
    ),
    # By 3.2 the administration system may make the check, by 6.1 the Nummervoorziening
    # does. That there is no ketenID where it failed is inferred.
    Rechtsgrond(
        Grond.NIET_BEVESTIGD,
        _not_confirmed,
        AnderIdReden.NIET_BEVESTIGD,
        EVALUATIE.at("3.2, 6.1", "L8", "L11", zekerheid="I"),
    ),
    # That there is none where nobody asked is our choice. A board that does not check
    # leaves this row out (`controleert`).
    Rechtsgrond(
        Grond.NIET_NAGEGAAN,
        _not_checked,
        AnderIdReden.NIET_BEVESTIGD,
        EIGEN.at("", "L8", "L11", zekerheid="I"),
    ),
    Rechtsgrond(Grond.KETENID, _otherwise, None, REGELING.at("2(2)", "L3")),
)
_UNCHECKED: Final = tuple(r for r in GRONDEN if r.grond is not Grond.NIET_NAGEGAAN)


def ketenids_on(
    inschrijvingen: Iterable[Inschrijving],
    *,
    on: date,
    uiterlijk: date | None = None,
    table: Sequence[Indeling] = INDELING,
    controleert: bool = True,
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

        controleert: Whether the board checks at DUO (ROD). False says that it does not:
            then an inschrijving of which nobody asked (`bevestigd` is None) counts as
            confirmed.

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
    ...     Onderwijssoort.BAO, "99XX", date(2020, 8, 1), date(2027, 7, 31), True, True
    ... )
    >>> vo = Inschrijving(
    ...     Onderwijssoort.VO,
    ...     "99YY",
    ...     date(2027, 8, 1),
    ...     None,
    ...     True,
    ...     True,
    ...     aangevraagd_op=date(2027, 6, 1),
    ... )
    >>> for on in (date(2027, 5, 31), date(2027, 6, 1)):
    ...     [uitkomst.grond.name for uitkomst in ketenids_on([po, vo], on=on)]
    ['KETENID', 'VOOR_BEGIN']
    ['KETENID', 'KETENID']
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
    checks = expect("controleert", controleert, bool)
    all_ = [expect("inschrijving", one, Inschrijving) for one in inschrijvingen]
    asked = _Asked(all_, table, checks)
    found = []
    for n in range(len(all_)):
        grond, sector, ander_id_reden = _decide(asked, n, on)
        tot = None
        if ander_id_reden is not None:
            tot = _last_same(asked, n, on, uiterlijk)
        found.append(Uitkomst(all_[n], grond, sector, ander_id_reden, tot))
    return tuple(found)


class _Asked(NamedTuple):
    """
    What is asked about one person, apart from the day.
    """

    all_: Sequence[Inschrijving]
    table: Sequence[Indeling]
    checks: bool


def _decide(
    asked: _Asked, n: int, on: date
) -> tuple[Grond, Sector | None, AnderIdReden | None]:
    """
    Return ground, sector and stand-in of the inschrijving at place *n*.
    """
    this = asked.all_[n]
    # An inschrijving that has yet to begin has the sector of its first day.
    sector = sector_of(this.soort, on=max(on, this.begin), table=asked.table)
    confirmed = {True} if asked.checks else {True, None}
    running = {
        sector_of(one.soort, on=on, table=asked.table)
        for place, one in enumerate(asked.all_)
        if place != n
        and one.bekostigd
        and one.bevestigd in confirmed
        and _runs(one, on)
    }
    # HO has no ketenIDs, so an inschrijving in ho never counts as "elsewhere".
    case = _Case(this, sector, on, bool(running - {Sector.HO}))
    rows = GRONDEN if asked.checks else _UNCHECKED
    rule = next(rule for rule in rows if rule.applies(case))
    return (
        rule.grond,
        None if rule.grond is Grond.NA_EINDE else sector,
        rule.ander_id_reden,
    )


def _runs(one: Inschrijving, on: date) -> bool:
    return one.begin <= on and (one.einde is None or on <= one.einde)


def _last_same(asked: _Asked, n: int, on: date, uiterlijk: date) -> date:
    """
    Return the last day up to which the decision stays the same.

    It can change only where an inschrijving begins, has ended or can be asked for, or
    where an onderwijssoort moves to another sector.
    """
    one_day = timedelta(days=1)
    days = {one.begin for one in asked.all_} | {row.vanaf for row in asked.table}
    days |= {one.aangevraagd_op for one in asked.all_ if one.aangevraagd_op}
    days |= {o.einde + one_day for o in asked.all_ if o.einde not in {None, date.max}}
    now = _decide(asked, n, on)
    for day in sorted(days):
        if on < day <= uiterlijk and _decide(asked, n, day) != now:
            return day - one_day
    return uiterlijk
