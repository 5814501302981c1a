"""
A policy that extends another: its rules, and whether it gives more than the other.

What is compared are rules and no persons. For each question, and for each choice of
scopes, the rule that decides in the one is held beside the rule that decides in the
other.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Final, Protocol, TypeAlias

from eckid.attributes import CATALOGUE, NAMES_OF, Kenmerk
from eckid.doel import Doel, Ontvanger, Wie
from eckid.policy.decision import UNFIT, Reden, Vraag, unfit
from eckid.policy.regel import Afwijking, Eis, Regel, Vorm

# The rules of each attribute that fit a question, in the order of the policy, if their
# scope is chosen.
Fitting: TypeAlias = Mapping[str, Sequence[Regel]]

# Using one of these gives more: a name is made of it, or another identifier goes by it.
_USED: Final = frozenset(
    {part for a in CATALOGUE.values() for part in a.uit}
    | set(NAMES_OF[Kenmerk.ANDER_ID_REDEN])
)
_NONE: Final = frozenset[str]()


class Policy(Protocol):
    """
    What is compared of a policy.
    """

    @property
    def naam(self) -> str:
        """
        Its name.
        """

    @property
    def regels(self) -> tuple[Regel, ...]:
        """
        Its rules, in order.
        """

    @property
    def een_van(self) -> tuple[tuple[str, ...], ...]:
        """
        Sets of attributes of which one must go.
        """

    @property
    def afwijking(self) -> Afwijking | None:
        """
        The ground on which it gives more, for one doel.
        """


def extended(basis: tuple[Regel, ...], own: tuple[Regel, ...]) -> tuple[Regel, ...]:
    """
    Return the rules of *basis*, those of *own* replacing theirs for an attribute.
    """
    ruled = dict.fromkeys(regel.attribuut for regel in (*basis, *own))
    said = {regel.attribuut for regel in own}
    return tuple(
        regel
        for name in ruled
        for regel in (own if name in said else basis)
        if regel.attribuut == name
    )


def looser(own: Policy, basis: Policy) -> str:
    """
    Return where *own* gives more than *basis* without a ground; empty if nowhere.
    """
    rules = (*own.regels, *basis.regels)
    rollen = {None, *(rol for r in rules for rol in r.rollen or ())}
    for doel, ontvanger, rol, wie in product(Doel, Ontvanger, rollen, Wie):
        if own.afwijking is not None and own.afwijking.doel is doel:
            continue
        vraag = Vraag(doel=doel, ontvanger=ontvanger, rol=rol, wie=wie, on=date.max)
        mine, theirs = (_fitting(one.regels, vraag) for one in (own, basis))
        for name, regels in mine.items():
            for n, regel in enumerate(regels):
                if not _given(regel, regels[:n], vraag, theirs):
                    return (
                        f"{name}: expected no more than {basis.naam} gives "
                        f"for {doel.value} to {ontvanger.value}, or an afwijking"
                    )
        gives = any(_reden(r, vraag) is None for many in mine.values() for r in many)
        if gives and not _demands(mine, own.een_van, theirs, basis.een_van):
            return f"expected all that {basis.naam} demands, got less"
    return ""


def _fitting(regels: Sequence[Regel], vraag: Vraag) -> Fitting:
    found: dict[str, list[Regel]] = {}
    for regel in regels:
        if _reden(regel, vraag) not in UNFIT:
            found.setdefault(regel.attribuut, []).append(regel)
    return found


def _reden(regel: Regel, vraag: Vraag) -> Reden | None:
    chosen = _NONE if regel.scope is None else frozenset({regel.scope})
    return unfit(regel, vraag, chosen)


def _beside(
    regel: Regel, before: Sequence[Regel], others: Sequence[Regel]
) -> Iterator[Regel | None]:
    """
    Yield each rule that may decide in another policy where *regel* decides in this one.

    None is among them if no rule of the other policy may decide there. The first rule
    whose scope is chosen decides. So scopes of rules before it are not chosen.
    """
    passed = {one.scope for one in before}
    for other in others:
        if None in passed or regel.scope in passed:
            return
        if other.scope not in passed:
            yield other
            passed.add(other.scope)
    if None not in passed and regel.scope not in passed:
        yield None


def _given(
    regel: Regel, before: Sequence[Regel], vraag: Vraag, theirs: Fitting
) -> bool:
    """
    Return whether the base gives at least what *regel* gives, under any scopes.
    """
    reden = _reden(regel, vraag)
    if reden is not None and not (reden is Reden.USE_ONLY and regel.attribuut in _USED):
        return True

    def given(name: str) -> bool:
        return all(
            other is not None and _covers(other, _reden(other, vraag), regel)
            for other in _beside(regel, before, theirs.get(name, ()))
        )

    made_of = CATALOGUE[regel.attribuut].uit
    return given(regel.attribuut) or (bool(made_of) and all(map(given, made_of)))


def _covers(other: Regel, reden: Reden | None, mine: Regel) -> bool:
    conditions = (
        mine.met >= other.met
        and mine.zonder >= other.zonder
        # A condition in words is not read, so another sentence is another condition.
        and other.voorwaarde.strip() in {"", mine.voorwaarde.strip()}
    )
    if mine.vorm is Vorm.GEBRUIK:
        return conditions and reden in {None, Reden.USE_ONLY}
    return conditions and reden is None and other.vorm in {Vorm.ZELF, mine.vorm}


def _demands(
    mine: Fitting,
    own: Sequence[tuple[str, ...]],
    theirs: Fitting,
    basis: Sequence[tuple[str, ...]],
) -> bool:
    """
    Return whether all that the base demands is demanded here too, under any scopes.
    """
    for name, regels in theirs.items():
        for n, regel in enumerate(regels):
            there = _beside(regel, regels[:n], mine.get(name, ()))
            if regel.eis is Eis.MANDATORY and not all(
                other is not None and other.eis is Eis.MANDATORY for other in there
            ):
                return False
    for names in basis:
        spoken = [regel.scope for name in names for regel in theirs.get(name, ())]
        here = {regel.scope for name in names for regel in mine.get(name, ())}
        if spoken and names not in own:
            return False
        if not all(None in here or scope in here for scope in spoken):
            return False
    return True
