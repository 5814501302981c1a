"""
What a run tells beside its counts: headings nobody knows, and cells nobody can read.

Names of columns and attributes, and places; no value of a row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from eckid._core.values import Gezegd, expect
from eckid.attributes import CATALOGUE, FORMER, Kenmerk, kopje
from eckid.doel import Wie
from eckid.exchange.formats.headings import nearest
from eckid.exchange.formats.parquet import SEALED
from eckid.exchange.rows import Ontvangen, Rij
from eckid.keten import Sector
from eckid.policy import Bestemming
from eckid.policy.regel import LESSER
from eckid.policy.vorm import TYPED, day, readable


class Melding(Gezegd):
    """
    What is told of a column or of a cell; the row is not refused for it.
    """

    HEADING = "heading"
    ABSENT = "absent"
    UNREAD = "unread"
    AGE = "age"


# How old pupils are: in each sector, and where the sector is not known. To po belongs
# vso, to 20 years; everybody may learn in mbo [I].
AGES: Final[Mapping[str | None, range]] = {
    None: range(4, 31),
    Sector.PO.value: range(4, 21),
    Sector.VO.value: range(10, 25),
    Sector.MBO.value: range(14, 100),
}
# Columns that are no attribute, and that eckid itself writes.
_OWN: Final = frozenset(map(kopje, (SEALED, "weergavenaam", *LESSER, *FORMER)))
_TOLD: Final = frozenset({Kenmerk.NAAM, Kenmerk.GEGEVEN})
# How many places are kept: nobody reads more.
_PLACES: Final = 50


class Plek(NamedTuple):
    """
    The place of a cell that something is told of.

    Attributes:
        record: The number of the row, from 1; the headings do not count.
        line: The line of the file where the row begins, from 1.
        naam: The attribute.
        melding: What is told of it.
    """

    record: int
    line: int
    naam: str
    melding: Melding


class Told:
    """
    What one run tells, by column or attribute.

    Args:
        sector: The sector of the pupils, by its value; None where it is not known.

    Attributes:
        said: What the list itself tells, such as that it has hidden rows.
        counts: How often each thing is told of each column or attribute.
        places: The places of the first cells that something is told of.
    """

    def __init__(self, sector: object = None) -> None:
        self._ages = AGES.get(sector if isinstance(sector, str) else None, AGES[None])
        self._today = date.today()  # noqa: DTZ011  # the user's own day
        self.said: tuple[str, ...] = ()
        self.counts: Counter[tuple[Melding, str]] = Counter()
        self.places: list[Plek] = []

    def columns(self, columns: Iterable[str]) -> None:
        """
        Tell each column whose heading is of no attribute.
        """
        for name in columns:
            if name not in CATALOGUE and kopje(name) not in _OWN:
                self.counts[Melding.HEADING, name] = 1

    def absent(self, to: Bestemming, columns: Iterable[str]) -> None:
        """
        Tell each attribute that the policy releases of pupils, and no column has.
        """
        there = set(columns)
        for regel in expect("to", to, Bestemming).plan(Wie.LEERLING).going:
            found = CATALOGUE[regel.attribuut]
            if found.kenmerk in _TOLD and not found.uit and found.naam not in there:
                self.counts[Melding.ABSENT, found.naam] = 1

    def row(self, row: Rij | Ontvangen) -> None:
        """
        Tell the cells of a row that cannot be read, and an age that no pupil has.
        """
        for naam, cell in row.attributen.items():
            found = self.of(naam, cell, row.wie) if naam in TYPED else None
            if found is not None:
                self.cell(Plek(row.record, row.line, naam, found))

    def cell(self, plek: Plek) -> None:
        """
        Tell one cell, and keep its place if it is among the first.
        """
        self.counts[plek.melding, plek.naam] += 1
        if len(self.places) < _PLACES:
            self.places.append(plek)

    def of(self, naam: str, cell: str, wie: Wie) -> Melding | None:
        """
        Return what is told of a filled cell of a day or a code; None if nothing is.
        """
        if naam != "geboortedatum" or wie is not Wie.LEERLING:
            return None if readable(naam, cell) else Melding.UNREAD
        born = day(cell)
        if born is None:
            return Melding.UNREAD
        today = self._today
        had = (today.month, today.day) >= (born.month, born.day)
        age = today.year - born.year - (not had)
        return None if age in self._ages else Melding.AGE

    def lines(self) -> Iterator[str]:
        """
        Yield a line for each thing that is told: what it is, and what to do.
        """
        for sentence in self.said:
            yield f"told: {sentence}"
        for (melding, naam), n in self.counts.items():
            like = nearest(naam) if melding is Melding.HEADING else None
            more = ""
            if melding is Melding.HEADING:
                naming = f"is it {like}? then --heading '{naam}={like}'"
                more = f"; {naming if like else 'name with --heading what it is'}"
            times = "" if melding in {Melding.HEADING, Melding.ABSENT} else f" {n}"
            yield f"told{times}: {naam}: {melding.en}{more}"

    def as_json(self) -> dict[str, Any]:
        """
        Return what is told, for the report.
        """
        found: dict[str, Any] = {"list": [*self.said]}
        found.update({each.value: {} for each in Melding})
        for (melding, naam), n in self.counts.items():
            found[melding.value][naam] = (
                {"nearest": nearest(naam)} if melding is Melding.HEADING else n
            )
        return found
