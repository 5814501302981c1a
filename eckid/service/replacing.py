"""
Replaced numbers: told to the service, and noted by the board, in one go.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid.errors import FaultError, FaultReden, RequestError
from eckid.exchange.rows import RijReden
from eckid.pseudonyms import HPgn, Stampseudoniem
from eckid.register import Register
from eckid.service.nummervoorziening import Nummervoorziening, a_moment
from eckid.succession import (
    Substitution,
    Substitutions,
    SubstitutionStore,
    substitute,
)

_OF_ONE: Final = frozenset({FaultReden.INVALID_HPGN, FaultReden.BLOCKED_HPGN})


def midnight(per: date) -> datetime:
    """
    Return the moment at which a day begins in the Netherlands.

    Raises:
        eckid.errors.RequestError: If this machine has no table of time zones.

    >>> midnight(date(2027, 8, 1)).isoformat()
    '2027-08-01T00:00:00+02:00'
    """
    ours = RequestError(
        "per: expected a table of time zones with Europe/Amsterdam, got none; "
        "pip install tzdata brings one"
    )
    with foreign(ours, KeyError, ValueError, OSError):
        return datetime.combine(per, time(), ZoneInfo("Europe/Amsterdam"))


def replace_each(
    pairs: Sequence[Substitution],
    *,
    dienst: Nummervoorziening,
    store: SubstitutionStore,
    now: datetime,
) -> list[RijReden | None]:
    """
    Replace numbers at the service, and note in the store what it took.

    The service goes first: what it refuses is not noted. If the process ends in
    between, give the same pairs again; the service is then told again what it took but
    was not noted yet.

    Args:
        pairs: The old and new numbers, each with its first day. A day that has come is
            replaced at once; a later day at midnight in the Netherlands.

        dienst: The service.

        store: Where they are noted: a `Register`, or a `SubstitutionFile`.

        now: The moment it is, with a time zone.

    Returns:
        For each pair, in order, None; or why it was refused, and is not noted.

    Raises:
        eckid.errors.LinkError: If the pairs contradict each other or the store; then
            nothing is sent.
        eckid.errors.RequestError: If *now* has no time zone.
        eckid.errors.ServiceError: If the service does not answer, or refuses all; what
            it took before is noted.
    """
    expect("dienst", dienst, Nummervoorziening)  # type: ignore[type-abstract]  # only asks
    expect("pairs", pairs, Sequence)  # type: ignore[type-abstract]  # as above
    a_moment(expect("now", now, datetime))
    # With no more it adds nothing, and looks whether it is a store.
    held = set(substitute(store))
    Substitutions([*held, *pairs])
    stams: dict[HPgn, Stampseudoniem] = {}
    taken: list[Substitution] = []

    def note() -> None:
        fresh = [one for one in dict.fromkeys(taken) if one not in held]
        held.update(fresh)
        taken.clear()
        if not fresh:
            return
        if isinstance(store, Register):
            store.add_substitutions(fresh, stams=stams)
        else:
            store.add_substitutions(fresh)

    redenen: list[RijReden | None] = []
    noted = 1
    try:
        for one in pairs:
            reden = _replaced(one, dienst, stams, now)
            redenen.append(reden)
            if reden is None:
                taken.append(one)
            # Twice as many each time: a file of them is written anew as a whole.
            if len(taken) >= noted:
                noted += len(taken)
                note()
    finally:
        note()
    return redenen


def _replaced(
    one: Substitution,
    dienst: Nummervoorziening,
    stams: dict[HPgn, Stampseudoniem],
    now: datetime,
) -> RijReden | None:
    at = midnight(one.per)
    # That a call without a day works at once is known; of a day that is past it is not.
    on = at if at > now else None
    try:
        old = _stam(dienst, one.oud)
        new = dienst.replace(old=one.oud, new=one.nieuw, on=on)
    except FaultError as error:
        if error.fault not in _OF_ONE:
            raise
        return RijReden.SERVICE
    if old is None:
        return None
    stams[one.oud] = old
    return None if on is not None or new == old else RijReden.NOT_REPLACED


def _stam(dienst: Nummervoorziening, old: HPgn) -> Stampseudoniem | None:
    """
    Return what the service makes of an old number; None if it was replaced before.
    """
    try:
        return dienst.stampseudoniem(old)
    except FaultError as error:
        if error.fault is not FaultReden.BLOCKED_HPGN:
            raise
    return None
