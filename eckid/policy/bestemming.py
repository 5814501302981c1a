"""
A policy and the one question put to it: what may go where, and what for.

A Bestemming is planned once and used for one person or for a nation. It is a plain
value: two of the same policy and question are equal, and one can be sent to another
process.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, final

from eckid._core.values import a_day, expect, slot
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.boundary import Partij, Passages, Soort, check_passage, check_to_recipient
from eckid.doel import Doel, Ontvanger, Organisatie, Wie
from eckid.errors import PolicyError
from eckid.policy.decision import Oordeel, Plan, Reden, Vraag, decide
from eckid.policy.regel import Regel
from eckid.policy.releasing import Compiled, compiled_for, release_one
from eckid.policy.vrijgave import Vrijgave, Waarde

# A list has few different sets of attributes. After so many, sets are compiled again.
_MOST = 1024
_TO = Partij.ONTVANGER
_STANDS_IN = (Kenmerk.ANDER_ID, Kenmerk.ANDER_ID_REDEN)


class Beleid(Protocol):
    """
    What a Bestemming needs to know of a policy.
    """

    @property
    def naam(self) -> str:
        """
        Its name.
        """

    @property
    def versie(self) -> str:
        """
        Its version.
        """

    @property
    def status(self) -> str:
        """
        Its standing, in a sentence.
        """

    @property
    def regels(self) -> tuple[Regel, ...]:
        """
        Its rules, in the order in which a released file has its columns.
        """

    @property
    def gekozen(self) -> frozenset[str]:
        """
        The scopes that were chosen.
        """

    @property
    def digest(self) -> str:
        """
        SHA-256 over the policy, as 64 hex digits.
        """

    def plan(self, vraag: Vraag) -> Plan:
        """
        Return what the policy answers to one question, for any person.
        """


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bestemming:
    """
    One recipient, and what it gets data for, under one policy.

    `Attribuutbeleid.voor` makes one.

    Attributes:
        beleid: The policy, with its scopes chosen.
        doel: What the data is for.
        ontvanger: The kind of recipient.
        organisatie: The recipient itself; None where it is not known.
        rol: EDEXML's code of the person who sees the data inside an application; None
            for the recipient as a whole.
        on: The day of the release; None where it is not known. Then no other identifier
            goes.
        toetsdag: The day of the test; None where it is not known. Then no age goes.
        may_pass: The table that says whether a ketenID may pass to the recipient.

    Raises:
        eckid.errors.BoundaryError: If *may_pass* lets no ketenID pass to a recipient.
        eckid.errors.PolicyError: If the organisatie is of another kind than the
            ontvanger.
    """

    beleid: Beleid
    doel: Doel
    ontvanger: Ontvanger
    organisatie: Organisatie | None
    rol: str | None
    on: date | None
    toetsdag: date | None
    may_pass: Passages
    _plans: dict[Wie, Plan] = field(init=False, repr=False, compare=False)
    _columns: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _compiled: dict[Wie, dict[tuple[str, ...], Compiled]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not hasattr(self.beleid, "plan"):
            kind = type(self.beleid).__name__
            raise TypeError(f"beleid: expected a policy, got {kind}")
        expect("doel", self.doel, Doel)
        expect("ontvanger", self.ontvanger, Ontvanger)
        expect("rol", self.rol, str, type(None))
        expect("may_pass", self.may_pass, Mapping)  # type: ignore[type-abstract]  # only asks
        given = expect("organisatie", self.organisatie, Organisatie, type(None))
        if given is not None and given.soort is not self.ontvanger:
            raise PolicyError(
                f"organisatie: expected a {self.ontvanger.value}, "
                f"got a {given.soort.value}"
            )
        for name in ("on", "toetsdag"):
            day = getattr(self, name)
            if day is not None:
                slot(Bestemming, name)(self, a_day(name, day))
        if not any(
            Soort.KETENID in self.may_pass.get((van, _TO), ()) for van in Partij
        ):
            check_to_recipient(table=self.may_pass)
        plans = {
            wie: self.beleid.plan(
                Vraag(
                    doel=self.doel,
                    ontvanger=self.ontvanger,
                    rol=self.rol,
                    wie=wie,
                    on=self.on,
                    toetsdag=self.toetsdag,
                )
            )
            for wie in Wie
        }
        slot(Bestemming, "_plans")(self, plans)
        slot(Bestemming, "_compiled")(self, {wie: {} for wie in Wie})
        columns = tuple(naam for regel in self.going for naam in regel.namen)
        slot(Bestemming, "_columns")(self, columns)

    def __hash__(self) -> int:
        return hash((self.doel, self.ontvanger, self.organisatie, self.rol, self.on))

    def __repr__(self) -> str:
        return f"<Bestemming {self.ontvanger.value} {self.doel.value}>"

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # A mapping proxy cannot be pickled; a dictionary of the same rows can.
        table = {pair: dict(what) for pair, what in self.may_pass.items()}
        asked = (self.doel, self.ontvanger, self.organisatie, self.rol)
        days = (self.on, self.toetsdag)
        return _unpickle, (self.beleid, *asked, *days, table)

    @property
    def going(self) -> tuple[Regel, ...]:
        """
        The rules by which something can go, for any person; one rule for each name.
        """
        going = {regel for plan in self._plans.values() for regel in plan.going}
        named = {regel.naam: regel for regel in self.beleid.regels if regel in going}
        return tuple(named.values())

    def plan(self, wie: Wie) -> Plan:
        """
        Return what the policy answers about all pupils, or about all teachers.

        Args:
            wie: Pupils or teachers.
        """
        return self._plans[expect("wie", wie, Wie)]

    def columns(self, there: Iterable[str] | None = None) -> tuple[str, ...]:
        """
        Return the names under which attributes can go: the columns of a released file.

        The columns do not depend on who is in the list.

        Args:
            there: The columns of the list; None is all. Without a column
                ``ander_id_reden``, nobody in the list goes by another identifier, and
                no other identifier has a column.
        """
        if there is None:
            return self._columns
        listed = set(there)
        return tuple(
            naam
            for regel in self.going
            for naam in regel.namen
            if CATALOGUE[regel.attribuut].kenmerk not in _STANDS_IN
            or ("ander_id_reden" in listed and regel.attribuut in listed)
        )

    def check_passage(self, *, van: Partij) -> None:
        """
        Raise an error unless a ketenID may pass from a party to this recipient.

        Args:
            van: The party that has the ketenID.

        Raises:
            eckid.errors.BoundaryError: If `may_pass` has no such row.
        """
        check_passage(Soort.KETENID, van=van, naar=_TO, table=self.may_pass)

    def explain(
        self, names: Iterable[str], *, wie: Wie = Wie.LEERLING
    ) -> Mapping[str, Oordeel]:
        """
        Return for each attribute which rule decides on it, and why it does not go.

        It decides by names only. `release` looks at values too: a day or a code that
        cannot be read is withheld there, as `Reden.UNREADABLE`.

        Args:
            names: The attributes that one person has; values are not needed.

            wie: Whose they are: a pupil's or a teacher's.

        Returns:
            For each attribute an `Oordeel`, whose `reden` is None where it goes.
        """
        return decide(self.plan(wie), names)

    def usable(self, names: Iterable[str], *, wie: Wie) -> frozenset[str]:
        """
        Return which of *names* are released, or used to make something that is.

        Args:
            names: The attributes that one person has.

            wie: Whose they are: a pupil's or a teacher's.
        """
        found = self.explain(names, wie=wie).items()
        return frozenset(n for n, o in found if o.reden in {None, Reden.USE_ONLY})

    def compiled(self, names: tuple[str, ...], *, wie: Wie) -> Compiled:
        """
        Return the plan for all persons who have exactly the attributes *names*.

        Args:
            names: The attributes, in the order of the row.

            wie: Whose they are: pupils' or teachers'.
        """
        known = self._compiled[expect("wie", wie, Wie)]
        found = known.get(names)
        if found is None:
            if len(known) >= _MOST:
                known.clear()
            found = known[names] = compiled_for(self.plan(wie), names)
        return found

    def release(
        self, attributen: Mapping[str, Waarde], *, wie: Wie = Wie.LEERLING
    ) -> Vrijgave:
        """
        Split the attributes of one person into what may be released and what may not.

        Args:
            attributen: The person's attributes by name: `eckid` is a KetenID, every
                other a str. If the person goes by another identifier, `ander_id_reden`
                gives the reason (the value of an `AnderIdReden`) and `ander_id_tot` the
                last day. Days are written as 2026-11-24.

            wie: Whose they are: a pupil's or a teacher's.

        Returns:
            A `Vrijgave`: what is released, and what is withheld with the reason. A
            refusal is an outcome too, and no error.

        Raises:
            eckid.errors.PolicyError: If `eckid` is not a KetenID, another value is not
                a str, or `ander_id_reden` or `ander_id_tot` cannot be read.
        """
        if type(attributen) is not dict:
            expect("attributen", attributen, Mapping)  # type: ignore[type-abstract]  # only asks
        names = tuple(attributen)
        known = self._compiled[wie].get(names) if type(wie) is Wie else None
        compiled = known or self.compiled(names, wie=wie)
        return release_one(attributen, self._plans[wie], compiled, self._columns)

    def release_many(
        self, rows: Iterable[Mapping[str, Waarde]], *, wie: Wie = Wie.LEERLING
    ) -> Iterator[Vrijgave]:
        """
        Split the attributes of many persons, each as `release` does; the order is kept.

        Args:
            rows: The attributes of each person; taken in as results are asked for.

            wie: Whose they all are: pupils' or teachers'.

        Returns:
            An iterator over a `Vrijgave` for each.

        Raises:
            eckid.errors.PolicyError: If a value has another kind; when its row comes.
        """
        return self._each(rows, self.plan(wie))

    def _each(
        self, rows: Iterable[Mapping[str, Waarde]], plan: Plan
    ) -> Iterator[Vrijgave]:
        # The loop of a list of thousands: nothing in it is asked for twice.
        wie, columns = plan.vraag.wie, self._columns
        before: tuple[str, ...] = ()
        compiled: Compiled | None = None
        for row in rows:
            if type(row) is not dict:
                expect("attributen", row, Mapping)  # type: ignore[type-abstract]  # only asks
            names = tuple(row)
            # Most rows of a list have the attributes of the row before.
            if compiled is None or names != before:
                compiled, before = self.compiled(names, wie=wie), names
            yield release_one(row, plan, compiled, columns)


def _unpickle(  # noqa: PLR0917  # in the order of __reduce__
    beleid: Beleid,
    doel: Doel,
    ontvanger: Ontvanger,
    organisatie: Organisatie | None,
    rol: str | None,
    on: date | None,
    toetsdag: date | None,
    may_pass: Passages,
) -> Bestemming:
    return Bestemming(
        beleid=beleid,
        doel=doel,
        ontvanger=ontvanger,
        organisatie=organisatie,
        rol=rol,
        on=on,
        toetsdag=toetsdag,
        may_pass=may_pass,
    )
