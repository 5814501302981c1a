"""
The attribute policy: rules as data, and what they release of a person.

No policy, no rule or no fitting rule: then nothing is released (`decision` has the
rules that hold in every policy). A policy is a TOML file; those of the library stand in
the folder ``shipped``. A policy of your own may extend a shipped one. It may then only
release less, unless it says on what ground it gives more (`Afwijking`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Self, final

from eckid._core.bounds import EEN_VAN, POLICY, REGELS, SCOPES, octets_within
from eckid._core.canon import digest, plain
from eckid._core.foreign import foreign
from eckid._core.values import a_path, expect
from eckid.attributes import CATALOGUE, kopje
from eckid.boundary import MAY_PASS, Passages
from eckid.doel import Doel, Ontvanger, Organisatie
from eckid.errors import PolicyError
from eckid.policy.bestemming import Bestemming
from eckid.policy.decision import Plan, Reden, Vraag, plan
from eckid.policy.extending import extended, looser
from eckid.policy.file import line_of, read_beleid
from eckid.policy.regel import Afwijking, Regel

_NO_SCOPES: Final = frozenset[str]()
# Former names of policies of the library.
_FORMER: Final = {
    "edu-k": "leermiddelenketen",
    "edu-k-kort": "leermiddelenketen-kort",
}


@final
@dataclass(frozen=True, slots=True)
class Attribuutbeleid:
    """
    A policy: what may be released to whom, and for what. Empty means nothing.

    `load` and `load_file` read one; `voor` puts a question to it.

    Attributes:
        naam: Its name.
        versie: Its version.
        status: What standing it has, in a sentence.
        regels: Its rules, in the order in which a released file has its columns. One
            attribute may have several, for different cases.
        een_van: At least one attribute of each of these sets must go, or nothing does.
        scopes: The scopes that its rules may belong to.
        gekozen: The scopes that were chosen; a rule of another scope releases nothing.
        basis: The policy that it extends; None where it extends none.
        afwijking: The ground on which it gives more than that; None where it has none.

    Raises:
        eckid.errors.PolicyError: If rules contradict each other, or it gives more than
            the policy that it extends without a ground for it.
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
        expect("basis", self.basis, Attribuutbeleid, type(None))
        fault = self._contradiction()
        if not fault and self.basis is not None:
            fault = looser(self, self.basis)
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
            name: Its name, one of `names`. `edu-k` is a former name of
                `leermiddelenketen`, and `edu-k-kort` of `leermiddelenketen-kort`.

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
        Load a policy of your own.

        Args:
            path: The TOML file.

        Raises:
            eckid.errors.PolicyError: If the file is not a valid policy, or gives more
                than the policy that it extends without a ground for it. The message
                names the line.
            OSError: If the file cannot be read.
        """
        file = Path(a_path("path", path))
        with file.open("rb") as opened:
            octets = octets_within(
                opened, POLICY, lambda said: PolicyError(f"{file.name}: {said}")
            )
        return cls._read(octets, file.name)

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
                table["regels"] = extended(basis.regels, table["regels"])
                table["een_van"] = (*basis.een_van, *table["een_van"])
                table["scopes"] = (*basis.scopes, *table["scopes"])
            return cls(**table)
        except PolicyError as error:
            fault = str(error).removeprefix("beleid: ")
        raise PolicyError(f"{file}, line {line_of(octets, fault)}: {fault}")

    def scoped(self, *scopes: str) -> Self:
        """
        Return a copy of the policy in which exactly these *scopes* are chosen.

        Raises:
            eckid.errors.PolicyError: If the policy has no such scope.
        """
        for scope in scopes:
            if expect("scope", scope, str) not in self.scopes:
                known = " or ".join(self.scopes) or "none"
                raise PolicyError(f"scope: expected {known}, got another")
        return replace(self, gekozen=frozenset(scopes))

    @property
    def digest(self) -> str:
        """
        SHA-256 over the policy, with what it extends, as 64 hex digits.

        Raises:
            eckid.errors.PolicyError: If a text has a lone surrogate, or a rule is
                longer than 65,535 bytes.
        """
        refused = PolicyError(
            "beleid: expected text that UTF-8 can hold, at most 65,535 bytes in a regel"
        )
        with foreign(refused, ValueError):
            return digest(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """
        Return the whole policy in the types that JSON has.
        """
        made: dict[str, Any] = plain(self)
        return made

    def voor(
        self,
        *,
        doel: Doel,
        ontvanger: Ontvanger | None = None,
        organisatie: Organisatie | None = None,
        rol: str | None = None,
        on: date | None = None,
        toetsdag: date | None = None,
        scopes: Iterable[str] = (),
        may_pass: Passages = MAY_PASS,
    ) -> Bestemming:
        """
        Put a question to the policy: what may go, to whom, what for, on which day?

        Args:
            doel: What the data is for.

            ontvanger: The kind of recipient; None takes that of *organisatie*.

            organisatie: The recipient itself; None where it is not known.

            rol: EDEXML's code of the person who sees the data inside an application;
                None for the recipient as a whole.

            on: The day of the release. Without it no other identifier goes.

            toetsdag: The day of the test, for norms by age. Without it no age goes. It
                stands beside the age, since months later the norm would be another's.

            scopes: The scopes to choose, in a policy that has scopes; empty keeps those
                that are chosen already. A policy of which each rule belongs to a scope
                needs one at least.

            may_pass: `MAY_PASS`, or a table from which the board removed rows.

        Returns:
            A `Bestemming`: the answer for any person. Use its `release`,
            `release_many`, `explain` and `columns`.

        Raises:
            eckid.errors.BoundaryError: If *may_pass* lets no ketenID pass to a
                recipient.
            eckid.errors.PolicyError: If the policy has no such scope or needs one,
                neither *ontvanger* nor *organisatie* is given, or the organisatie is of
                another kind.

        >>> from eckid import Attribuutbeleid, Doel, KetenID, Ontvanger
        >>> beleid = Attribuutbeleid.load("leermiddelenketen")
        >>> to = beleid.voor(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER)
        >>> ketenid = KetenID.parse("https://ketenid.nl/pilot/" + 128 * "a")
        >>> pupil = {"eckid": ketenid, "roepnaam": "Sem", "geslacht": "1"}
        >>> vrijgave = to.release(pupil)
        >>> sorted(vrijgave.released), sorted(vrijgave.withheld)
        (['eckid', 'roepnaam'], ['geslacht'])
        """
        if ontvanger is None and organisatie is None:
            raise PolicyError("ontvanger: expected one, or an organisatie, got neither")
        if ontvanger is None:
            ontvanger = expect("organisatie", organisatie, Organisatie).soort
        chosen = tuple(scopes)
        beleid = self.scoped(*chosen) if chosen else self
        of_scopes = self.regels and all(r.scope is not None for r in self.regels)
        if of_scopes and not beleid.gekozen:
            raise PolicyError(
                f"scopes: expected one or more of {' or '.join(self.scopes)}, got "
                "none: name them in scopes, or with --scope"
            )
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

    def plan(self, vraag: Vraag) -> Plan:
        """
        Return what the policy answers to one question, for any person.
        """
        planned = _planned(self, expect("vraag", vraag, Vraag), self.gekozen)
        if self.afwijking is None:
            return planned
        if vraag.on is None:
            return planned.closed(Reden.DATE_NEEDED)
        ended = vraag.on > self.afwijking.tot
        return planned.closed(Reden.AFWIJKING_ENDED) if ended else planned

    def _contradiction(self) -> str:
        demanded = [name for names in self.een_van for name in names]
        counted = ((SCOPES, self.scopes), (REGELS, self.regels), (EEN_VAN, demanded))
        for bound, got in counted:
            if len(got) > bound.most:
                return bound.beyond(len(got))
        goes: dict[str, tuple[str, str]] = {}
        ruled: set[tuple[object, ...]] = set()
        for regel in self.regels:
            cases = expect("regel", regel, Regel).cases()
            if not ruled.isdisjoint(cases):
                return f"{regel.attribuut}: two regels for one case"
            ruled |= cases
            # Names are compared as headings are read.
            for naam in regel.namen:
                named = regel.attribuut, naam
                if goes.setdefault(kopje(naam), named) != named:
                    return f"{regel.attribuut}: another attribuut goes as {naam} too"
            if regel.scope is not None and regel.scope not in self.scopes:
                return f"{regel.attribuut}: expected a scope in scopes, got another"
        if set(demanded) - CATALOGUE.keys():
            return "een_van: expected attributes of the catalogue, got another"
        return ""


def _shipped() -> dict[str, Any]:
    # As slow to import as the rest of this room, and only loading needs it.
    from importlib import resources  # noqa: PLC0415

    folder = resources.files("eckid.policy").joinpath("shipped")
    return {
        file.name.removesuffix(".toml"): file
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }


def _planned(beleid: Attribuutbeleid, vraag: Vraag, scopes: frozenset[str]) -> Plan:
    planned = plan(beleid.regels, vraag, een_van=beleid.een_van, scopes=scopes)
    afwijking = beleid.afwijking
    if beleid.basis is None or (afwijking is not None and afwijking.doel is vraag.doel):
        return planned
    # The base decides which identifier stands in: another one in its place would be
    # more than the base gives. Only for the doel of an afwijking it may be more.
    others = _planned(beleid.basis, vraag, scopes).others
    return replace(planned, others=others)
