"""
The attribute policy: rules as data, and what they release of a person.

No policy, no rule or no fitting rule releases nothing (`decision` has the rules
that hold in every policy). A policy is a file of TOML; those that come with the
library stand in `beleid`. One of your own may extend a shipped one, and then
only releases less, unless it says on what ground it gives more (`Afwijking`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final, Self, final

from eckid._core.canon import digest, plain
from eckid._core.values import a_day, expect
from eckid.attributes import CATALOGUE
from eckid.doel import Doel, Ontvanger, Wie
from eckid.errors import PolicyError
from eckid.policy.decision import Oordeel, Plan, Reden, Vraag, decide, plan
from eckid.policy.file import line_of, read_beleid
from eckid.policy.regel import Afwijking, Regel, Vorm
from eckid.policy.vrijgave import Vrijgave, Waarde, release_each

_NO_SCOPES: Final = frozenset[str]()
# What a policy that comes along was called before.
_FORMER: Final = {
    "edu-k": "leermiddelenketen",
    "edu-k-kort": "leermiddelenketen-kort",
}


@final
@dataclass(frozen=True, slots=True)
class Attribuutbeleid:
    """
    A policy: what may be released to whom, and for what. Empty means nothing.

    Attributes:
        naam: What it is called.
        versie: Its version.
        status: What standing it has, in a sentence.
        regels: Its rules, in the order of a released file. Several for one
            attribute are for different cases.
        een_van: Of each of these sets at least one must go, or nothing does.
        scopes: The scopes that its rules belong to.
        gekozen: Those of them that were chosen; a rule of another is silent.
        basis: The policy that it extends.
        afwijking: The ground on which it gives more than that.

    Raises:
        eckid.errors.PolicyError: If rules contradict, or it gives more than the
            one that it extends and has no ground for it.
    """

    naam: str
    versie: str
    status: str
    regels: tuple[Regel, ...] = ()
    een_van: tuple[tuple[str, ...], ...] = ()
    scopes: tuple[str, ...] = ()
    gekozen: frozenset[str] = _NO_SCOPES
    basis: Self | None = None
    afwijking: Afwijking | None = None

    def __post_init__(self) -> None:
        fault = self._contradiction()
        if not fault and self.basis is not None:
            fault = _looser(self, self.basis)
        if fault:
            raise PolicyError(f"beleid: {fault}")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """
        Return the names of the policies that come with the library.

        >>> "leermiddelenketen" in Attribuutbeleid.names()
        True
        """
        return tuple(sorted(_shipped()))

    @classmethod
    def load(cls, name: str) -> Self:
        """
        Load a policy that comes with the library.

        Args:
            name: Its name; `edu-k` is a former name of `leermiddelenketen`, and
                `edu-k-kort` of `leermiddelenketen-kort`.

        Raises:
            eckid.errors.PolicyError: If there is no policy of this name.

        >>> Attribuutbeleid.load("leermiddelenketen").naam
        'leermiddelenketen'
        """
        shipped = _shipped()
        name = _FORMER.get(expect("beleid", name, str), name)
        if name not in shipped:
            known = " or ".join(sorted(shipped))
            raise PolicyError(f"beleid: expected {known}, got another name")
        return cls._read(shipped[name].read_bytes(), f"{name}.toml")

    @classmethod
    def load_file(cls, path: str | Path) -> Self:
        """
        Load a policy of one's own.

        Raises:
            eckid.errors.PolicyError: If the file is no policy, or gives more
                than the one that it extends.
            OSError: If it cannot be read.
        """
        return cls._read(Path(path).read_bytes(), Path(path).name)

    @classmethod
    def _read(cls, octets: bytes, file: str) -> Self:
        table = read_beleid(octets, file)
        name = table.pop("breidt_uit", None)
        if name is None and "afwijking" in table:
            raise PolicyError(f"{file}, afwijking: expected breidt_uit, got nothing")
        fault = ""
        try:
            if name is not None:
                basis = cls.load(name)
                table["basis"] = basis
                table["regels"] = _extended(basis.regels, table["regels"])
                table["een_van"] = (*basis.een_van, *table["een_van"])
                table["scopes"] = (*basis.scopes, *table["scopes"])
            return cls(**table)
        except PolicyError as error:
            fault = str(error).removeprefix("beleid: ")
        raise PolicyError(f"{file}, line {line_of(octets, fault)}: {fault}")

    def scoped(self, *scopes: str) -> Self:
        """
        Return the policy with these of its scopes chosen, and no others.

        Raises:
            eckid.errors.PolicyError: If it has no such scope.
        """
        for scope in scopes:
            if expect("scope", scope, str) not in self.scopes:
                known = " or ".join(self.scopes) or "none"
                raise PolicyError(f"scope: expected {known}, got another")
        return replace(self, gekozen=frozenset(scopes))

    @property
    def digest(self) -> str:
        """
        SHA-256 over the policy as it stands, with what it extends: 64 hex.
        """
        return digest(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """
        Return all of it as JSON knows it.
        """
        made: dict[str, Any] = plain(self)
        return made

    def going(
        self,
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        on: date | None = None,
    ) -> tuple[Regel, ...]:
        """
        Return the rules by which something can go at all, whoever the person.

        Args:
            doel: As for `release`.

            ontvanger: As for `release`.

            rol: As for `release`.

            on: As for `release`.
        """
        going = {
            regel
            for wie in Wie
            for regel in self.plan(
                doel=doel, ontvanger=ontvanger, rol=rol, wie=wie, on=on
            ).going
        }
        # One a name, in the order of the policy.
        named = {regel.naam: regel for regel in self.regels if regel in going}
        return tuple(named.values())

    def columns(
        self,
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        on: date | None = None,
    ) -> tuple[str, ...]:
        """
        Return the names under which it goes: the columns of a released file.

        Args:
            doel: As for `release`.

            ontvanger: As for `release`.

            rol: As for `release`.

            on: As for `release`.
        """
        going = self.going(doel=doel, ontvanger=ontvanger, rol=rol, on=on)
        return tuple(regel.naam for regel in going)

    def explain(
        self,
        names: Iterable[str],
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        wie: Wie = Wie.LEERLING,
        on: date | None = None,
    ) -> Mapping[str, Oordeel]:
        """
        Say of each attribute which rule decides on it, and why it does not go.

        Args:
            names: The attributes that one person has; no value is asked for.

            doel: As for `release`, and so are the others.

            ontvanger: The kind of recipient.

            rol: Who is to see them.

            wie: Whose they are.

            on: The day.
        """
        asked = self.plan(doel=doel, ontvanger=ontvanger, rol=rol, wie=wie, on=on)
        return decide(asked, names)

    def release(
        self,
        attributen: Mapping[str, Waarde],
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        wie: Wie = Wie.LEERLING,
        on: date | None = None,
    ) -> Vrijgave:
        """
        Split *attributen* into what may be released and what may not.

        Args:
            attributen: The attributes of one person: `eckid` a KetenID, every
                other a str. `ander_id` is an `AnderId`'s value: why a person
                without a ketenID goes by another identifier; `ander_id_tot`
                until when. Days are written as 2026-11-24.

            doel: What they are released for.

            ontvanger: The kind of recipient.

            rol: EDEXML's code of who is to see them inside an application; None
                for the recipient as a whole.

            wie: Whose they are.

            on: The day of the release, for what depends on one.

        Returns:
            The outcome; a refusal is one, and no error.

        Raises:
            eckid.errors.PolicyError: If a value is not of its kind.
        """
        rows = self.release_many(
            [attributen], doel=doel, ontvanger=ontvanger, rol=rol, wie=wie, on=on
        )
        return next(rows)

    def release_many(
        self,
        rows: Iterable[Mapping[str, Waarde]],
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        wie: Wie = Wie.LEERLING,
        on: date | None = None,
    ) -> Iterator[Vrijgave]:
        """
        Split many, as `release` does one; the order is kept.
        """
        planned = self.plan(doel=doel, ontvanger=ontvanger, rol=rol, wie=wie, on=on)
        columns = self.columns(doel=doel, ontvanger=ontvanger, rol=rol, on=on)
        return release_each(rows, planned, columns)

    def plan(
        self,
        *,
        doel: Doel,
        ontvanger: Ontvanger,
        rol: str | None = None,
        wie: Wie = Wie.LEERLING,
        on: date | None = None,
    ) -> Plan:
        """
        Return what the policy says to this, whoever the person.

        Args:
            doel: As for `release`, and so are the others.

            ontvanger: The kind of recipient.

            rol: Who is to see them.

            wie: Whose they are.

            on: The day.
        """
        on = None if on is None else a_day("on", on)
        vraag = Vraag(
            doel=expect("doel", doel, Doel),
            ontvanger=expect("ontvanger", ontvanger, Ontvanger),
            rol=expect("rol", rol, str, type(None)),
            wie=expect("wie", wie, Wie),
            on=on,
        )
        planned = _planned(self, vraag, self.gekozen)
        if self.afwijking is None:
            return planned
        if on is None:
            return planned.closed(Reden.DATE_NEEDED)
        ended = on > self.afwijking.tot
        return planned.closed(Reden.AFWIJKING_ENDED) if ended else planned

    def _contradiction(self) -> str:
        goes: dict[str, str] = {}
        for n, regel in enumerate(self.regels):
            expect("regel", regel, Regel)
            if any(regel.overlaps(before) for before in self.regels[:n]):
                return f"{regel.attribuut}: two regels for one case"
            if goes.setdefault(regel.naam, regel.attribuut) != regel.attribuut:
                return f"{regel.attribuut}: another goes as {regel.naam} too"
            if regel.scope is not None and regel.scope not in self.scopes:
                return f"{regel.attribuut}: expected a scope of scopes, got another"
        if not {name for names in self.een_van for name in names} <= CATALOGUE.keys():
            return "een_van: expected attributes of the catalogue, got another"
        return ""


def _shipped() -> dict[str, Any]:
    # As slow to import as the rest of this room, and only loading asks for it.
    from importlib import resources  # noqa: PLC0415

    folder = resources.files("eckid.policy").joinpath("shipped")
    return {
        file.name.removesuffix(".toml"): file
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


def _planned(beleid: Attribuutbeleid, vraag: Vraag, scopes: frozenset[str]) -> Plan:
    planned = plan(beleid.regels, vraag, een_van=beleid.een_van, scopes=scopes)
    if beleid.basis is None or beleid.afwijking is not None:
        return planned
    # Which identifier stands in is the base's to say: another in its place would
    # be more than the base gives.
    others = _planned(beleid.basis, vraag, scopes).others
    return replace(planned, others=others)


def _extended(basis: tuple[Regel, ...], own: tuple[Regel, ...]) -> tuple[Regel, ...]:
    """
    Return the rules of *basis* with those of *own* in the place of theirs.
    """
    ruled = dict.fromkeys(regel.attribuut for regel in (*basis, *own))
    said = {regel.attribuut for regel in own}
    return tuple(
        regel
        for name in ruled
        for regel in (own if name in said else basis)
        if regel.attribuut == name
    )


def _looser(own: Attribuutbeleid, basis: Attribuutbeleid) -> str:
    """
    Return where *own* gives more than *basis* without a ground; empty if nowhere.
    """
    rules = (*own.regels, *basis.regels)
    rollen = {None, *(rol for r in rules for rol in r.rollen or ())}
    chosen = ({}, *({scope} for scope in own.scopes), own.scopes)
    for doel, ontvanger, rol, wie, scopes in product(
        Doel, Ontvanger, rollen, Wie, chosen
    ):
        if own.afwijking is not None and own.afwijking.doel is doel:
            continue
        vraag = Vraag(doel=doel, ontvanger=ontvanger, rol=rol, wie=wie, on=date.max)
        mine, theirs = (
            plan(b.regels, vraag, een_van=b.een_van, scopes=frozenset(scopes))
            for b in (own, basis)
        )
        for regel in mine.going:
            if not _covered(regel, theirs):
                return (
                    f"{regel.attribuut}: expected no more than {basis.naam} gives "
                    f"for {doel.value} to {ontvanger.value}, or an afwijking"
                )
        if mine.going and not set(theirs.required) <= set(mine.required):
            return f"expected all that {basis.naam} demands, got less"
    return ""


def _covered(regel: Regel, basis: Plan) -> bool:
    """
    Return whether *basis* gives at least what *regel* does.
    """

    def given(name: str) -> bool:
        theirs, reden = basis.oordelen.get(name, (None, Reden.NOT_IN_POLICY))
        return (
            theirs is not None
            and reden is None
            and theirs.vorm in {Vorm.ZELF, regel.vorm}
            and regel.met >= theirs.met
            and regel.zonder >= theirs.zonder
        )

    made_of = CATALOGUE[regel.attribuut].uit
    return given(regel.attribuut) or (bool(made_of) and all(map(given, made_of)))
