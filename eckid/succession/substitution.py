"""
Substitution: a new number of the same person keeps the old stampseudoniem.

It is for a BSN in the place of an onderwijsnummer, and for a second number issued to
one person. A number that was another person's is never substituted: the person gets a
stampseudoniem of their own, and recipients get a `Withdrawal`.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Never, Protocol, TypeVar

from eckid._core.hidden import Unpickled
from eckid._core.values import a_day, as_days, expect, slot
from eckid.errors import LinkError, LinkReden
from eckid.pseudonyms import HPgn

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True, repr=False)
class Substitution:
    """
    One number comes in the place of another number of the same person.

    Attributes:
        oud: The HPgn of the old number.
        nieuw: The HPgn of the new number.
        per: The first day on which the new number counts.

    Raises:
        eckid.errors.LinkError: If both HPgns are the same.

    >>> from datetime import date
    >>> from eckid import HPgn, Substitution
    >>> oud, nieuw = HPgn.parse(64 * "a"), HPgn.parse(64 * "b")
    >>> Substitution(oud, nieuw, date(2027, 1, 1))
    <Substitution per 2027-01-01, numbers hidden>
    """

    oud: HPgn
    nieuw: HPgn
    per: date

    def __post_init__(self) -> None:
        expect("oud", self.oud, HPgn)
        as_days(self, "per")
        if expect("nieuw", self.nieuw, HPgn) == self.oud:
            raise LinkError(
                "substitution: expected two numbers, got one", LinkReden.ITSELF
            )

    def __repr__(self) -> str:
        return f"<Substitution per {self.per}, numbers hidden>"


class Substitutions(Unpickled):
    """
    A set of substitutions that do not contradict each other, in any order.

    Args:
        substitutions: The substitutions; the same one twice does no harm.

    Raises:
        eckid.errors.LinkError: If one new number has two old ones or two days, or
            numbers succeed each other in a circle.

    >>> from datetime import date
    >>> from eckid import HPgn, Substitution
    >>> from eckid.succession import Substitutions
    >>> oud, nieuw = HPgn.parse(64 * "a"), HPgn.parse(64 * "b")
    >>> known = Substitutions([Substitution(oud, nieuw, date(2027, 1, 1))])
    >>> known.origin(nieuw, on=date(2027, 1, 1)) == oud
    True
    """

    __slots__ = ("_by_new", "_by_old")

    _by_new: dict[HPgn, Substitution]
    _by_old: dict[HPgn, date]

    def __init__(self, substitutions: Iterable[Substitution] = ()) -> None:
        by_new: dict[HPgn, Substitution] = {}
        by_old: dict[HPgn, date] = {}
        for one in substitutions:
            expect("substitution", one, Substitution)
            if by_new.setdefault(one.nieuw, one) != one:
                raise LinkError(
                    "substitutions: expected one old number and one day for a new "
                    "number, got two",
                    LinkReden.TWO,
                )
            by_old[one.oud] = min(one.per, by_old.get(one.oud, one.per))
        if has_cycle({new: one.oud for new, one in by_new.items()}):
            raise LinkError(
                "substitutions: expected an oldest number, got a circle",
                LinkReden.CYCLE,
            )
        slot(Substitutions, "_by_new")(self, by_new)
        slot(Substitutions, "_by_old")(self, by_old)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("Substitutions is frozen")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("Substitutions is frozen")

    def __iter__(self) -> Iterator[Substitution]:
        return iter(self._by_new.values())

    def __len__(self) -> int:
        return len(self._by_new)

    def __eq__(self, other: object) -> bool:
        if type(other) is not Substitutions:
            return NotImplemented
        return self._by_new == other._by_new

    def __hash__(self) -> int:
        return hash(frozenset(self._by_new.values()))

    def __repr__(self) -> str:
        return f"<Substitutions {len(self)}, numbers hidden>"

    def origin(self, hpgn: HPgn, *, on: date) -> HPgn:
        """
        Return the HPgn from which the stampseudoniem of a number is derived on a day.

        That is the HPgn of the oldest number that this one, by then, came in the place
        of. If it came in the place of no number, it is *hpgn* itself.

        Args:
            hpgn: The HPgn of a number.

            on: The day.

        Returns:
            The HPgn; give it to `derive_stampseudoniem`.

        Raises:
            eckid.errors.LinkError: If another number came in the place of this one.
                What the service does with an old number is unknown, so it is refused.
        """
        on = a_day("on", on)
        ended = self._by_old.get(expect("HPgn", hpgn, HPgn))
        if ended is not None and ended <= on:
            raise LinkError(
                "number: expected the one in use, got one that was substituted",
                LinkReden.SUBSTITUTED,
            )
        while (one := self._by_new.get(hpgn)) is not None and one.per <= on:
            hpgn = one.oud
        return hpgn


class SubstitutionStore(Protocol):
    """
    What keeps substitutions; the board's register is one.
    """

    def substitutions(self) -> Iterable[Substitution]:
        """
        Return all substitutions that are kept.
        """
        ...  # pragma: no cover  # a protocol has no body

    def add_substitutions(self, more: Sequence[Substitution]) -> None:
        """
        Keep *more* too: all of them or none.
        """
        ...  # pragma: no cover  # as above


def substitute(store: SubstitutionStore, *more: Substitution) -> Substitutions:
    """
    Add substitutions to those that a store keeps: all of them or none.

    Args:
        store: What keeps the substitutions, such as a `Register`.

        more: The new ones; one that is kept already does no harm.

    Returns:
        All that are kept now.

    Raises:
        eckid.errors.LinkError: If they contradict each other or those that are kept;
            then nothing is added.
    """
    if not hasattr(store, "add_substitutions"):
        kind = type(store).__name__
        raise TypeError(f"store: expected a store of substitutions, got {kind}")
    held = Substitutions(store.substitutions())
    both = Substitutions([*held, *more])
    fresh = [one for one in both if one not in set(held)]
    if fresh:
        store.add_substitutions(fresh)
    return both


def has_cycle(following: Mapping[K, K]) -> bool:
    """
    Return whether following the mapping from key to key ever comes round again.
    """
    ends: set[K] = set()
    for start in following:
        path: set[K] = set()
        at = start
        while at in following and at not in ends:
            if at in path:
                return True
            path.add(at)
            at = following[at]
        ends |= path
    return False
