"""
The decision on each attribute: which rule lets it through, or why none does.

These rules hold in every policy, whatever its file says:

1. what counts as a PGN is never released;
2. a person with a ketenID goes by no other identifier;
3. a person without one goes by one other identifier, with the reason and a last day;
4. a rol that no rule names gets nothing;
5. an attribute that no rule names is withheld, even one that is not in the catalogue.

This room sees names of attributes and no value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from eckid._core.values import Gezegd
from eckid.attributes import CATALOGUE, NAMES_OF, Kenmerk
from eckid.doel import Doel, Ontvanger, Wie
from eckid.policy.regel import Eis, Regel, Vorm


class Reden(Gezegd):
    """
    Why an attribute is withheld.
    """

    PGN = "pgn"
    NOT_IN_POLICY = "not-in-policy"
    FORBIDDEN = "forbidden"
    OTHER_DOEL = "other-doel"
    OTHER_ONTVANGER = "other-ontvanger"
    OTHER_WIE = "other-wie"
    OTHER_ROL = "other-rol"
    ROL_UNDECIDED = "rol-undecided"
    SCOPE_NOT_CHOSEN = "scope-not-chosen"
    CONDITION = "condition"
    USE_ONLY = "use-only"
    REPLACED = "replaced"
    UNREADABLE = "unreadable"
    DATE_NEEDED = "date-needed"
    TEST_DAY_NEEDED = "test-day-needed"
    GROUP_NEEDED = "group-needed"
    KETENID_EXISTS = "ketenid-exists"
    IDENTIFIER_EXISTS = "identifier-exists"
    ANDER_ID_INCOMPLETE = "ander-id-incomplete"
    ANDER_ID_ENDED = "ander-id-ended"
    MANDATORY_MISSING = "mandatory-missing"
    AFWIJKING_ENDED = "afwijking-ended"
    LEAK = "leak"
    BESIDE_LEAK = "beside-leak"


class Oordeel(NamedTuple):
    """
    The decision on one attribute.

    Attributes:
        regel: The rule that decided; None where no rule names the attribute.
        reden: Why it is withheld; None where the rule lets it through.
    """

    regel: Regel | None
    reden: Reden | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vraag:
    """
    What is asked of a policy, about any person.

    Attributes:
        doel: What the data is for.
        ontvanger: The kind of recipient.
        rol: EDEXML's code of the person who sees the data inside an application; None
            for the recipient as a whole.
        wie: Whose data it is.
        on: The day of the release; None where it is not known.
        toetsdag: The day of the test for which an age is asked; None where it is not
            known.
    """

    doel: Doel
    ontvanger: Ontvanger
    rol: str | None = None
    wie: Wie = Wie.LEERLING
    on: date | None = None
    toetsdag: date | None = None


_PGN: Final = frozenset(NAMES_OF[Kenmerk.PGN])
_KETENID: Final = frozenset(NAMES_OF[Kenmerk.KETENID])
_REASON: Final = frozenset(NAMES_OF[Kenmerk.ANDER_ID_REDEN])
_OTHER: Final = frozenset(NAMES_OF[Kenmerk.ANDER_ID])


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What a policy answers to one `Vraag`, for any person.

    Attributes:
        vraag: What was asked.
        oordelen: The decision on each attribute by itself, in the policy's order.
        required: At least one attribute of each of these sets must go, or nothing does.
        others: The other identifiers that may go; the first that a person has goes.
        otherwise: Why an attribute that no rule names is withheld.
    """

    vraag: Vraag
    oordelen: Mapping[str, Oordeel]
    required: tuple[tuple[str, ...], ...] = ()
    others: tuple[str, ...] = ()
    otherwise: Reden = Reden.NOT_IN_POLICY

    @property
    def going(self) -> tuple[Regel, ...]:
        """
        The rules by which something can be released.
        """
        return tuple(
            regel
            for regel, reden in self.oordelen.values()
            if regel is not None and reden is None
        )

    def closed(self, reden: Reden) -> "Plan":
        """
        Return a copy of the plan that withholds everything, for one reason.
        """
        oordelen = {n: Oordeel(o.regel, reden) for n, o in self.oordelen.items()}
        return replace(self, oordelen=oordelen, required=(), otherwise=reden)


def plan(
    regels: Iterable[Regel],
    vraag: Vraag,
    *,
    een_van: Iterable[tuple[str, ...]] = (),
    scopes: frozenset[str] = frozenset(),
) -> Plan:
    """
    Return the plan of a policy for one question.

    It decides on each attribute by itself: the first rule that fits decides.

    Args:
        regels: The rules of the policy.

        vraag: The question.

        een_van: At least one attribute of each of these sets must go, or nothing does.

        scopes: The scopes that were chosen.
    """
    named = [
        r for r in regels if vraag.rol is None or vraag.rol in (r.rollen or _NO_ROL)
    ]
    if vraag.rol is not None and not named:
        return Plan(vraag, {}, otherwise=Reden.ROL_UNDECIDED)
    oordelen: dict[str, Oordeel] = {}
    for regel in regels:
        before = oordelen.get(regel.attribuut)
        reden = unfit(regel, vraag, scopes)
        if before is None or (before.reden in UNFIT and reden not in UNFIT):
            oordelen[regel.attribuut] = Oordeel(regel, reden)
    required = [
        # A person with a ketenID needs no other identifier, whatever a format demands.
        (name, *_KETENID) if name in _OTHER else (name,)
        for name, (regel, reden) in oordelen.items()
        if regel is not None and regel.eis is Eis.MANDATORY and reden not in UNFIT
    ]
    for names in een_van:
        # If no rule that fits names one of them, none is demanded.
        spoken = [oordelen[name] for name in names if name in oordelen]
        if any(oordeel.reden not in UNFIT for oordeel in spoken):
            required.append(names)
    others = tuple(n for n, o in oordelen.items() if n in _OTHER and o.reden is None)
    return Plan(vraag, oordelen, tuple(required), others)


_NO_ROL: Final = frozenset[str]()
# For these reasons a rule does not fit, and a later rule may.
UNFIT: Final = frozenset(
    {
        Reden.OTHER_WIE,
        Reden.SCOPE_NOT_CHOSEN,
        Reden.OTHER_DOEL,
        Reden.OTHER_ONTVANGER,
        Reden.OTHER_ROL,
        Reden.ROL_UNDECIDED,
    }
)


def unfit(regel: Regel, vraag: Vraag, scopes: frozenset[str]) -> Reden | None:
    """
    Return why *regel* releases nothing in answer to *vraag*; None where it does.
    """
    rollen, rol = regel.rollen, vraag.rol
    steps = (
        (vraag.wie not in regel.wie, Reden.OTHER_WIE),
        (regel.scope is not None and regel.scope not in scopes, Reden.SCOPE_NOT_CHOSEN),
        (vraag.doel not in regel.doelen, Reden.OTHER_DOEL),
        (vraag.ontvanger not in regel.ontvangers, Reden.OTHER_ONTVANGER),
        ((rol is None) != (rollen is None), Reden.ROL_UNDECIDED),
        (rollen is not None and rol not in rollen, Reden.OTHER_ROL),
        (regel.attribuut in _PGN, Reden.PGN),
        (regel.eis is Eis.FORBIDDEN, Reden.FORBIDDEN),
        (regel.vorm is Vorm.GEBRUIK, Reden.USE_ONLY),
        (regel.vorm is Vorm.MAANDEN and vraag.toetsdag is None, Reden.TEST_DAY_NEEDED),
    )
    return next((reden for fails, reden in steps if fails), None)


def decide(planned: Plan, names: Iterable[str]) -> dict[str, Oordeel]:
    """
    Return the decision on each attribute that one person has, in their order.

    Args:
        planned: The plan.

        names: The attributes of the person.
    """
    otherwise = Oordeel(None, planned.otherwise)
    decided = {name: planned.oordelen.get(name, otherwise) for name in names}
    for name in _PGN & decided.keys():
        decided[name] = Oordeel(decided[name].regel, Reden.PGN)
    present = frozenset(decided)
    for name, (regel, reden) in decided.items():
        if regel is not None and _usable(reden) and not _holds(regel, present):
            decided[name] = Oordeel(regel, Reden.CONDITION)
    _one_identifier(decided, planned)
    for name, (regel, reden) in planned.oordelen.items():
        # The policy wants a group-derived attribute that was not computed.
        if reden is None and CATALOGUE[name].uit and name not in decided:
            decided[name] = Oordeel(regel, Reden.GROUP_NEEDED)
    return decided


def _one_identifier(decided: dict[str, Oordeel], planned: Plan) -> None:
    """
    Let only one identifier through: the ketenID, or another with its reason.
    """
    ids = [name for name in planned.others if name in decided]
    reasons = [n for n, o in decided.items() if n in _REASON and _usable(o.reden)]
    withheld, reden = [*ids, *reasons], Reden.ANDER_ID_INCOMPLETE
    if _KETENID & decided.keys():
        reden = Reden.KETENID_EXISTS
    elif ids and decided[ids[0]].reden is None and len(reasons) == len(_REASON):
        withheld, reden = ids[1:], Reden.IDENTIFIER_EXISTS
        if planned.vraag.on is None:
            withheld, reden = [*ids, *reasons], Reden.DATE_NEEDED
    for name in withheld:
        # An identifier that is withheld already keeps its own reason.
        if _usable(decided[name].reden) or decided[name].reden is Reden.CONDITION:
            decided[name] = Oordeel(decided[name].regel, reden)


def _usable(reden: Reden | None) -> bool:
    return reden in {None, Reden.USE_ONLY}


def _holds(regel: Regel, present: frozenset[str]) -> bool:
    return regel.met <= present and not regel.zonder & present
