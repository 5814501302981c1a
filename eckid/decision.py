"""
The decision on each attribute: which rule lets it through, or why none does.

Five rules hold in every policy, whatever its file says:

1. what counts as a PGN is never released;
2. who has a ketenID goes by no other identifier;
3. who has none goes by one other, and only with the reason why;
4. a rol that no rule knows gets nothing;
5. an attribute that no rule names is withheld, an unknown one too.

This room sees names of attributes and no value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from eckid._secret import Closed
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.doel import Doel, Ontvanger
from eckid.errors import PolicyError


class Reden(Closed):
    """
    Why an attribute is withheld.
    """

    PGN = "pgn"
    NOT_IN_POLICY = "not-in-policy"
    OTHER_DOEL = "other-doel"
    OTHER_ONTVANGER = "other-ontvanger"
    KETENID_EXISTS = "ketenid-exists"
    IDENTIFIER_EXISTS = "identifier-exists"
    ANDER_ID_INCOMPLETE = "ander-id-incomplete"
    ROL_UNDECIDED = "rol-undecided"

    @property
    def nl(self) -> str:
        """
        The same, as a sentence of Dutch.
        """
        return _SENTENCE[self][0]

    @property
    def en(self) -> str:
        """
        The same, as a sentence of English.
        """
        return _SENTENCE[self][1]


_SENTENCE: Final = {
    Reden.PGN: (
        "geldt als PGN en gaat nooit mee",
        "counts as a PGN, which is never released",
    ),
    Reden.NOT_IN_POLICY: (
        "geen regel van het beleid noemt het",
        "no rule of the policy names it",
    ),
    Reden.OTHER_DOEL: (
        "de regel dient andere doelen",
        "its rule serves other doelen",
    ),
    Reden.OTHER_ONTVANGER: (
        "de regel dient andere ontvangers",
        "its rule serves other recipients",
    ),
    Reden.KETENID_EXISTS: (
        "wie een ketenID heeft, heeft geen ander nummer nodig",
        "who has a ketenID goes by no other identifier",
    ),
    Reden.IDENTIFIER_EXISTS: (
        "er gaat al een ander nummer mee",
        "one other identifier goes already",
    ),
    Reden.ANDER_ID_INCOMPLETE: (
        "een ander nummer gaat alleen mee met de reden waarom",
        "another identifier and its reason go only together",
    ),
    Reden.ROL_UNDECIDED: (
        "geen regel zegt wat deze rol mag zien",
        "no rule says what this rol may see",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """
    One rule: an attribute, what it is for, who gets it, and why.

    Attributes:
        attribuut: Name of the attribute, from the catalogue.
        doelen: The doelen it serves.
        ontvangers: The kinds of recipient that get it.
        bron: Where the rule comes from.
        zekerheid: How sure that is: C read in the source, I inferred.
        motivering: Why, in one sentence of Dutch.
        motivation: Why, in one sentence of English.

    Raises:
        eckid.errors.PolicyError: If one of these is lacking, or the attribute
            may not be released.
    """

    attribuut: str
    doelen: frozenset[Doel]
    ontvangers: frozenset[Ontvanger]
    bron: str
    zekerheid: str
    motivering: str
    motivation: str

    def __post_init__(self) -> None:
        attribuut = CATALOGUE.get(self.attribuut)
        if attribuut is None:
            raise PolicyError("attribuut: expected one of the catalogue, got another")
        name = attribuut.naam
        if attribuut.kenmerk is Kenmerk.PGN:
            raise PolicyError(f"{name}: counts as a PGN, so no rule releases it")
        if not (_are(self.doelen, Doel) and _are(self.ontvangers, Ontvanger)):
            raise PolicyError(f"{name}: expected a doel and an ontvanger")
        if self.zekerheid not in {"C", "I"}:
            raise PolicyError(f"{name}: expected zekerheid C or I, got another")
        if not all(map(str.strip, (self.bron, self.motivering, self.motivation))):
            raise PolicyError(
                f"{name}: expected a bron, and a sentence of Dutch and of English"
            )


def _are(members: object, kind: type[Enum]) -> bool:
    return (
        isinstance(members, frozenset)
        and len(members) > 0
        and all(isinstance(member, kind) for member in members)
    )


Oordeel: TypeAlias = Regel | Reden


def _named(kenmerk: Kenmerk) -> frozenset[str]:
    return frozenset(a.naam for a in CATALOGUE.values() if a.kenmerk is kenmerk)


_PGN: Final = _named(Kenmerk.PGN)
_KETENID: Final = _named(Kenmerk.KETENID)
_REASON: Final = _named(Kenmerk.ANDER_ID_REDEN)
_OTHER: Final = _named(Kenmerk.ANDER_ID)


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What a policy says for one doel, recipient and rol, whoever the person.

    Attributes:
        oordelen: The outcome of each rule by itself, in the policy's order.
        otherwise: The reason for what no rule names.
    """

    oordelen: Mapping[str, Oordeel]
    otherwise: Reden = Reden.NOT_IN_POLICY

    @property
    def columns(self) -> tuple[str, ...]:
        """
        The attributes that may be released at all.
        """
        return tuple(n for n in self.oordelen if _allowed(self.oordelen, n))


def plan(
    regels: Iterable[Regel], *, doel: Doel, ontvanger: Ontvanger, rol: str | None
) -> Plan:
    """
    Decide on each rule by itself.
    """
    if rol is not None:
        return Plan({}, Reden.ROL_UNDECIDED)
    oordelen: dict[str, Oordeel] = {}
    for regel in regels:
        if doel not in regel.doelen:
            oordelen[regel.attribuut] = Reden.OTHER_DOEL
        elif ontvanger not in regel.ontvangers:
            oordelen[regel.attribuut] = Reden.OTHER_ONTVANGER
        else:
            oordelen[regel.attribuut] = regel
    return Plan(oordelen)


def decide(planned: Plan, names: Iterable[str]) -> dict[str, Oordeel]:
    """
    Decide on the attributes that one person has, in their order.
    """
    decided = {
        name: Reden.PGN
        if name in _PGN
        else planned.oordelen.get(name, planned.otherwise)
        for name in names
    }
    # In the order of the policy, not of the row: the policy says which is first.
    others = [n for n in planned.columns if n in _OTHER and n in decided]
    reasons = [n for n in planned.columns if n in _REASON and n in decided]
    if _KETENID & decided.keys():
        decided.update(dict.fromkeys(others + reasons, Reden.KETENID_EXISTS))
    elif not (others and reasons):
        decided.update(dict.fromkeys(others + reasons, Reden.ANDER_ID_INCOMPLETE))
    else:
        decided.update(dict.fromkeys(others[1:], Reden.IDENTIFIER_EXISTS))
    return decided


def _allowed(decided: Mapping[str, Oordeel], name: str) -> bool:
    return isinstance(decided.get(name), Regel)
