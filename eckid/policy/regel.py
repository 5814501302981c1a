"""
A rule of an attribute policy: one attribute, what it is for, what goes, and why.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import product
from typing import Final, NamedTuple

from eckid._core.canon import LATER
from eckid._core.values import Gezegd, expect
from eckid.attributes import CATALOGUE, FORMER, Kenmerk, kopje
from eckid.doel import ROLLEN, Doel, Ontvanger, Wie
from eckid.errors import PolicyError
from eckid.grondslag import Grondslag, unfounded


class Eis(Gezegd):
    """
    What a policy demands of an attribute.
    """

    # Nothing is released of a person who lacks it.
    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    # It goes only if its condition holds.
    CONDITIONAL = "conditional"
    FORBIDDEN = "forbidden"


class Vorm(Gezegd):
    """
    What goes of an attribute's value: the value itself, less, or nothing.
    """

    ZELF = "zelf"
    # Used to make something else, and never released itself.
    GEBRUIK = "gebruik"
    # 12 times the difference of the years, plus that of the months; the day of birth is
    # not used. A norm by age holds for the age on the day of the test, so that day is
    # asked, and stands beside the age.
    MAANDEN = "leeftijd-in-maanden"
    JAAR = "geboortejaar"
    VOORLETTER = "voorletter"
    JAARGROEP_PO = "jaargroep-po"
    JAARGROEP_VO = "jaargroep-vo"


class _Less(NamedTuple):
    of: str
    naam: str


# Which attribute each form is made of, and the name under which the result goes.
_LESS: Final = {
    Vorm.MAANDEN: _Less("geboortedatum", "leeftijd_in_maanden"),
    Vorm.JAAR: _Less("geboortedatum", "geboortejaar"),
    Vorm.VOORLETTER: _Less("achternaam", "achternaam_voorletter"),
    Vorm.JAARGROEP_PO: _Less("groep", "groep_jaargroep"),
    Vorm.JAARGROEP_VO: _Less("groep", "groep_jaargroep"),
}


def _columns(vorm: Vorm, naam: str) -> tuple[str, ...]:
    # An age holds for one day, which has a column beside it.
    return (naam, f"{naam}_op") if vorm is Vorm.MAANDEN else (naam,)


# The columns that stand for less than an attribute.
LESSER: Final = frozenset(
    name for vorm, less in _LESS.items() for name in _columns(vorm, less.naam)
)

_NONE: Final = frozenset[str]()

# A name to go under is a word: letters and digits of ASCII, with one sign between.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*")
_LONGEST: Final = 64


def is_plain(name: object) -> bool:
    """
    Return whether a text can be the name of a column: a plain word, and no value.
    """
    return (
        isinstance(name, str)
        and len(name) <= _LONGEST
        and _PLAIN.fullmatch(name) is not None
    )


# The attribute of each heading as it is read; secrets have columns too, and no
# attribute.
_READ_AS: Final = {
    **dict.fromkeys(("hpgn", "hpgnverzegeld", "stampseudoniem"), ""),
    **{kopje(former): now for former, now in FORMER.items()},
    **{head: a.naam for a in CATALOGUE.values() for head in (kopje(a.naam), *a.kopjes)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """
    One rule of a policy, about one attribute.

    Attributes:
        attribuut: Name of the attribute, from the catalogue.
        eis: What the policy demands of it.
        doelen: The doelen for which it may go.
        ontvangers: The kinds of recipient that may get it.
        wie: Whose it may be: pupils', teachers', or both.
        rollen: The persons who may see it inside an application, by EDEXML's codes;
            None for a rule about the recipient as a whole.
        scope: The scope it belongs to, in a policy that has scopes.
        met: Where the rule is conditional: the person must have all these attributes.
        zonder: Where the rule is conditional: the person must have none of these.
        voorwaarde: A condition outside the library, in a sentence of Dutch. It is
            shown, not checked.
        vorm: What goes of the value.
        als: The name under which it goes; empty for its own name. A plain word that
            is not read as a heading of another attribute.
        bron: Where the rule comes from.
        zekerheid: How certain the rule is: C read in the source, R recomputed, I
            inferred.
        rechtsregels: The rules of the law that it carries out, by number.
        tekst: Link to the official text of the source; empty where it has none.
        motivering: Why, in one sentence of Dutch.
        motivation: Why, in one sentence of English.

    Raises:
        eckid.errors.PolicyError: If one of these is missing or has another form, or
            they contradict each other.
    """

    attribuut: str
    eis: Eis = Eis.OPTIONAL
    doelen: frozenset[Doel]
    ontvangers: frozenset[Ontvanger]
    wie: frozenset[Wie] = frozenset(Wie)
    rollen: frozenset[str] | None = None
    scope: str | None = None
    met: frozenset[str] = _NONE
    zonder: frozenset[str] = _NONE
    voorwaarde: str = ""
    vorm: Vorm = Vorm.ZELF
    als: str = ""
    bron: str
    zekerheid: str
    rechtsregels: tuple[str, ...] = field(default=(), metadata={LATER: True})
    tekst: str = field(default="", metadata={LATER: True})
    motivering: str
    motivation: str

    def __post_init__(self) -> None:
        if expect("attribuut", self.attribuut, str) not in CATALOGUE:
            raise PolicyError("attribuut: expected one of the catalogue, got another")
        expect("voorwaarde", self.voorwaarde, str)
        for fault in (self._whom(), self._what(), self._why()):
            if fault:
                raise PolicyError(f"{self.attribuut}: {fault}")

    @property
    def naam(self) -> str:
        """
        The name under which the attribute goes.
        """
        return self.als or (
            _LESS[self.vorm].naam if self.vorm in _LESS else self.attribuut
        )

    @property
    def namen(self) -> tuple[str, ...]:
        """
        The names of the columns that it gives: an age has one more, for its day.
        """
        return _columns(self.vorm, self.naam)

    @property
    def grondslag(self) -> Grondslag:
        """
        What the rule rests on, in the form that the tables of the library use.
        """
        return Grondslag(self.bron, self.zekerheid, self.rechtsregels, self.tekst)

    @property
    def less(self) -> bool:
        """
        Whether something less goes in the place of the value, such as a year of birth.
        """
        return self.vorm in _LESS

    def cases(self) -> set[tuple[object, ...]]:
        """
        Return the cases that the rule decides on; no two rules may share one.

        A case is an attribute, scope, doel, ontvanger, wie and rol.
        """
        return set(
            product(
                (self.attribuut,),
                (self.scope,),
                self.doelen,
                self.ontvangers,
                self.wie,
                (None,) if self.rollen is None else self.rollen,
            )
        )

    def _whom(self) -> str:
        if not (_are(self.doelen, Doel) and _are(self.ontvangers, Ontvanger)):
            return "expected a doel and an ontvanger"
        if not _are(self.wie, Wie):
            return "wie: expected leerling or leerkracht, got neither"
        if self.rollen is not None and (not self.rollen or self.rollen - ROLLEN):
            return f"rollen: expected some of {' '.join(sorted(ROLLEN))}, got others"
        return ""

    def _what(self) -> str:
        expect("eis", self.eis, Eis)
        expect("vorm", self.vorm, Vorm)
        if CATALOGUE[self.attribuut].kenmerk is Kenmerk.PGN and self.eis not in _PGN:
            return "counts as a PGN, so no rule releases it"
        if (self.eis is Eis.CONDITIONAL) is not bool(
            self.met or self.zonder or self.voorwaarde.strip()
        ):
            return "expected met, zonder or voorwaarde if conditional, and only then"
        if (self.met | self.zonder) - CATALOGUE.keys():
            return "expected met and zonder to name attributes of the catalogue"
        if self.vorm in _LESS and _LESS[self.vorm].of != self.attribuut:
            return f"vorm: {self.vorm.value} is made of {_LESS[self.vorm].of} only"
        return self._as()

    def _as(self) -> str:
        if not all(map(is_plain, self.namen)):
            return (
                "als: expected a word of ASCII letters and digits, with no sign but "
                f"-, _ or . between them, of at most {_LONGEST} characters, got another"
            )
        # Headings are read without case, spaces and signs.
        read = {_READ_AS.get(kopje(name), self.attribuut) for name in self.namen}
        if read != {self.attribuut}:
            return "als: expected a name that no other attribuut has"
        return ""

    def _why(self) -> str:
        if fault := unfounded(self.zekerheid, self.rechtsregels, self.tekst):
            return fault
        if not all(map(str.strip, (self.bron, self.motivering, self.motivation))):
            return "expected a bron, and a sentence of Dutch and of English"
        return ""


# MANDATORY on what counts as a PGN can never be satisfied: every row is refused.
_PGN: Final = frozenset({Eis.MANDATORY, Eis.FORBIDDEN})


def _are(members: object, kind: type[Enum]) -> bool:
    return (
        isinstance(members, frozenset)
        and len(members) > 0
        and all(isinstance(member, kind) for member in members)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Afwijking:
    """
    The ground on which a policy gives more than the one it extends.

    Attributes:
        doel: The one doel for which it gives more.
        verwerkersovereenkomst: The agreement it rests on.
        motivering: Why.
        besloten_door: The office that decided: a function, never a name.
        tot: The last day on which the policy releases anything.

    Raises:
        eckid.errors.PolicyError: If one of these texts is empty.
    """

    doel: Doel
    verwerkersovereenkomst: str
    motivering: str
    besloten_door: str
    tot: date

    def __post_init__(self) -> None:
        expect("afwijking: doel", self.doel, Doel)
        expect("afwijking: tot", self.tot, date)
        for name in ("verwerkersovereenkomst", "motivering", "besloten_door"):
            if not expect(f"afwijking: {name}", getattr(self, name), str).strip():
                raise PolicyError(f"afwijking: {name}: expected text, got none")
