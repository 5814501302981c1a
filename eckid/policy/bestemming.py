"""
Where something goes and what for: a policy, and the one question put to it.

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
from eckid.policy.vrijgave import Compiled, Vrijgave, Waarde, compiled_for, release_one

# Lists have few sets of attributes; whoever has more is compiled again.
_MOST = 1024
_TO = Partij.ONTVANGER
_STANDS_IN = (Kenmerk.ANDER_ID, Kenmerk.ANDER_ID_REDEN)


class Beleid(Protocol):
    """
    What a Bestemming asks of a policy.
    """

    @property
    def naam(self) -> str:
        """
        What it is called.
        """

    @property
    def versie(self) -> str:
        """
        Its version.
        """

    @property
    def status(self) -> str:
        """
        What standing it has.
        """

    @property
    def regels(self) -> tuple[Regel, ...]:
        """
        Its rules, in the order of a released file.
        """

    @property
    def gekozen(self) -> frozenset[str]:
        """
        The scopes that were chosen.
        """

    @property
    def digest(self) -> str:
        """
        SHA-256 over the policy, in hex.
        """

    def plan(self, vraag: Vraag) -> Plan:
        """
        Return what it says to one question, whoever the person.
        """


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Bestemming:
    """
    One recipient, and what it gets data for, under one policy.

    `Attribuutbeleid.voor` makes it.

    Attributes:
        beleid: The policy, with its scopes chosen.
        doel: What the data is for.
        ontvanger: The kind of recipient.
        organisatie: The recipient itself, where it is known.
        rol: EDEXML's code of the person who sees it inside an application; None for
            the recipient as a whole.
        on: The day of the release, for what depends on one.
        may_pass: The table that says whether a ketenID may pass to the recipient.

    Raises:
        eckid.errors.BoundaryError: If no party may pass a ketenID to a recipient.
        eckid.errors.PolicyError: If the organisatie is of another kind than the
            ontvanger.
    """

    beleid: Beleid
    doel: Doel
    ontvanger: Ontvanger
    organisatie: Organisatie | None
    rol: str | None
    on: date | None
    may_pass: Passages
    _plans: dict[Wie, Plan] = field(init=False, repr=False, compare=False)
    _columns: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _compiled: dict[tuple[Wie, tuple[str, ...]], Compiled] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
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
        if self.on is not None:
            slot(Bestemming, "on")(self, a_day("on", self.on))
        if not any(
            Soort.KETENID in self.may_pass.get((van, _TO), ()) for van in Partij
        ):
            check_to_recipient(self.may_pass)
        plans = {
            wie: self.beleid.plan(
                Vraag(
                    doel=self.doel,
                    ontvanger=self.ontvanger,
                    rol=self.rol,
                    wie=wie,
                    on=self.on,
                )
            )
            for wie in Wie
        }
        slot(Bestemming, "_plans")(self, plans)
        slot(Bestemming, "_compiled")(self, {})
        slot(Bestemming, "_columns")(self, tuple(r.naam for r in self.going))

    def __hash__(self) -> int:
        return hash((self.doel, self.ontvanger, self.organisatie, self.rol, self.on))

    def __repr__(self) -> str:
        return f"<Bestemming {self.ontvanger.value} {self.doel.value}>"

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        # A mapping proxy is not pickled; dictionaries of the same rows are.
        table = {pair: dict(what) for pair, what in self.may_pass.items()}
        asked = (self.doel, self.ontvanger, self.organisatie, self.rol, self.on)
        return _unpickle, (self.beleid, *asked, table)

    @property
    def going(self) -> tuple[Regel, ...]:
        """
        The rules by which something can go at all, whoever the person; one a name.
        """
        going = {regel for plan in self._plans.values() for regel in plan.going}
        named = {regel.naam: regel for regel in self.beleid.regels if regel in going}
        return tuple(named.values())

    def plan(self, wie: Wie) -> Plan:
        """
        Return what the policy says, whoever the person, of pupils or of teachers.
        """
        return self._plans[expect("wie", wie, Wie)]

    def columns(self, there: Iterable[str] | None = None) -> tuple[str, ...]:
        """
        Return the names under which attributes go: the columns of a released file.

        The columns do not depend on who is in the list.

        Args:
            there: The columns of the list. Without a column that says why, nobody in
                it goes by another identifier, and none has a column. None is all.
        """
        if there is None:
            return self._columns
        listed = set(there)
        return tuple(
            regel.naam
            for regel in self.going
            if CATALOGUE[regel.attribuut].kenmerk not in _STANDS_IN
            or ("ander_id" in listed and regel.attribuut in listed)
        )

    def check_passage(self, *, van: Partij) -> None:
        """
        Raise unless a ketenID may pass from a party to this recipient.

        Raises:
            eckid.errors.BoundaryError: If the table has no row for it.
        """
        check_passage(Soort.KETENID, van=van, naar=_TO, table=self.may_pass)

    def explain(
        self, names: Iterable[str], *, wie: Wie = Wie.LEERLING
    ) -> Mapping[str, Oordeel]:
        """
        Say of each attribute which rule decides on it, and why it does not go.

        Args:
            names: The attributes that one person has; no value is asked for.

            wie: Whose they are.
        """
        return decide(self.plan(wie), names)

    def usable(self, names: Iterable[str], *, wie: Wie) -> frozenset[str]:
        """
        Return which attributes go, or are used for something that goes.
        """
        found = self.explain(names, wie=wie).items()
        return frozenset(n for n, o in found if o.reden in {None, Reden.USE_ONLY})

    def compiled(self, names: tuple[str, ...], *, wie: Wie) -> Compiled:
        """
        Return the plan for all persons who have the attributes *names*.
        """
        found = self._compiled.get((wie, names))
        if found is None:
            if len(self._compiled) >= _MOST:
                self._compiled.clear()
            found = compiled_for(self.plan(wie), names)
            self._compiled[wie, names] = found
        return found

    def release(
        self, attributen: Mapping[str, Waarde], *, wie: Wie = Wie.LEERLING
    ) -> Vrijgave:
        """
        Split *attributen* into what may be released and what may not.

        Args:
            attributen: The attributes of one person: `eckid` a KetenID, every other
                a str. Where another identifier goes, `ander_id` is an `AnderId`'s
                value, the reason why there is no ketenID, and `ander_id_tot` its
                last day. Days are written as 2026-11-24.

            wie: Whose they are.

        Returns:
            The outcome. A refusal is an outcome too, and no error.

        Raises:
            eckid.errors.PolicyError: If a value is not of its kind.
        """
        if type(attributen) is not dict:
            expect("attributen", attributen, Mapping)  # type: ignore[type-abstract]  # only asks
        compiled = self.compiled(tuple(attributen), wie=wie)
        return release_one(attributen, self._plans[wie], compiled, self._columns)

    def release_many(
        self, rows: Iterable[Mapping[str, Waarde]], *, wie: Wie = Wie.LEERLING
    ) -> Iterator[Vrijgave]:
        """
        Split many, as `release` does one; the order is kept.
        """
        expect("wie", wie, Wie)
        return (self.release(row, wie=wie) for row in rows)


def _unpickle(  # noqa: PLR0917  # in the order of __reduce__
    beleid: Beleid,
    doel: Doel,
    ontvanger: Ontvanger,
    organisatie: Organisatie | None,
    rol: str | None,
    on: date | None,
    may_pass: Passages,
) -> Bestemming:
    return Bestemming(
        beleid=beleid,
        doel=doel,
        ontvanger=ontvanger,
        organisatie=organisatie,
        rol=rol,
        on=on,
        may_pass=may_pass,
    )
