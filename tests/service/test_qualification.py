"""
The qualification programme: what it finds, and what it sends.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import pytest

from eckid import LEERMIDDELENKETEN, HPgn, Keten, Sector, Sleutelbos, Stampseudoniem
from eckid.errors import FaultReden, TransportError
from eckid.service import (
    LocalNummervoorziening,
    Pong,
    Proef,
    Tijden,
    Uitslag,
    qualify,
)
from eckid.service.faults import fault

PILOT: Final = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
OTHER: Final = LocalNummervoorziening(
    Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
)


class Service:
    """
    A ring as the service, of which one call does another thing.
    """

    def __init__(self, **plans: Callable[..., Any]) -> None:
        self.real = LocalNummervoorziening(PILOT)
        self.plans = plans
        self.seen: list[HPgn] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the real one has it
        found = getattr(self.real, name)
        if not callable(found):
            return found
        return partial(self._do, self.plans.get(name, found))

    def _do(self, call: Callable[..., Any], *args: Any, **how: Any) -> Any:  # noqa: ANN401  # as above
        given = args[0].values() if args and isinstance(args[0], Mapping) else args
        every = [*given, *how.values()]
        self.seen += [one for one in every if isinstance(one, HPgn)]
        return call(*args, **how)


def programme(
    service: Any,  # noqa: ANN401  # any service
    *,
    keten: Keten = LEERMIDDELENKETEN,
    waited: list[float] | None = None,
) -> list[Proef]:
    """
    Run the programme in po.
    """
    return list(
        qualify(
            service,
            keten=keten,
            sector=Sector.PO,
            tijden=Tijden(poll=3, polls=3),
            wait=(waited if waited is not None else []).append,
        )
    )


def failed(found: list[Proef]) -> list[tuple[str, str]]:
    """
    Return the part and the outcome of each check that failed.
    """
    return [(one.part, one.outcome) for one in found if not one.passed]


def test_a_service_that_answers_as_known_passes() -> None:
    """
    All parts of the programme, and again: what one run replaced stops no other.
    """
    service = LocalNummervoorziening(PILOT)
    for _ in range(2):
        found = programme(service)
        assert failed(found) == []
        parts = list(dict.fromkeys(one.part for one in found))
        assert parts == ["ping", "pupils", "teachers", "substitution"]
        assert {one.outcome for one in found} == {"as expected"}


def test_only_numbers_that_are_made_up_are_sent() -> None:
    """
    Of each run they are others, and no check shows one.
    """
    runs = []
    for _ in range(2):
        service = Service()
        shown = repr(programme(service))
        runs.append({hpgn.expose() for hpgn in service.seen})
        assert not any(text in shown for text in runs[-1])
    assert not runs[0] & runs[1]


def _raising(error: Exception) -> Callable[..., Any]:
    def call(*_: Any, **__: Any) -> Any:  # noqa: ANN401  # as any call
        raise error

    return call


def _early(_: object) -> Uitslag:
    return Uitslag({0: OTHER.stampseudoniem(HPgn.parse(64 * "a"))})


MADE: Final = HPgn.parse(64 * "b")
_WRONG: Final[dict[str, tuple[dict[str, Any], list[str]]]] = {
    "not available": (
        {"ping": lambda: Pong(False, "2.0", datetime.now(UTC))},  # noqa: FBT003  # a field
        ["ping"],
    ),
    "another version": (
        {"ping": lambda: Pong(True, "3.0", datetime.now(UTC))},  # noqa: FBT003  # as above
        ["ping"],
    ),
    "no ketens": ({"ketens": list}, ["ping"]),
    "no sectors": ({"sectoren": list}, ["ping"]),
    "one stampseudoniem for all": (
        {"stampseudoniem": lambda _: OTHER.stampseudoniem(MADE)},
        ["pupils", "pupils", "teachers", "substitution", "substitution"],
    ),
    "batches by another index": ({"retrieve": _early}, ["pupils", "pupils"]),
    "nothing replaced": (
        {"replace": lambda *, old, new, on=None: OTHER.stampseudoniem(MADE)},  # noqa: ARG005  # as it takes it
        ["substitution"] * 4,
    ),
    "blocked": (
        {"submit_stampseudoniemen": _raising(fault(FaultReden.DAILY_LIMIT))},
        ["pupils", "pupils"],
    ),
    "another fault": (
        {"replace": _raising(fault(FaultReden.NOT_ALLOWED))},
        ["substitution"] * 4,
    ),
}


@pytest.mark.parametrize("case", _WRONG)
def test_what_is_otherwise_fails_and_stops_no_other_check(case: str) -> None:
    """
    The part says where, and the outcome says what in words without a value.
    """
    plans, parts = _WRONG[case]
    service = Service(**plans)
    found = programme(service)
    assert len(found) == 13
    assert [part for part, _ in failed(found)] == parts
    for _, outcome in failed(found):
        assert outcome == "another answer" or outcome.startswith("service: ")
        assert "https://" not in outcome


def test_a_keten_that_is_not_refused_fails() -> None:
    """
    A wrong answer to a wrong question is told too.
    """
    real = LocalNummervoorziening(PILOT)

    def takes_all(stam: Stampseudoniem, *, keten: Keten, sector: Sector) -> Any:  # noqa: ANN401  # as it is
        _ = keten
        return real.ketenid(stam, keten=LEERMIDDELENKETEN, sector=sector)

    found = programme(Service(ketenid=takes_all))
    assert failed(found) == [("pupils", "another answer")]


def test_another_fault_than_the_one_that_is_expected_is_told() -> None:
    """
    That the keten is refused is not enough: it says which fault it was.
    """
    real = LocalNummervoorziening(PILOT)

    def refuses(stam: Stampseudoniem, **how: Any) -> Any:  # noqa: ANN401  # as it is
        if how["keten"] != LEERMIDDELENKETEN:
            raise fault(FaultReden.UNKNOWN)
        return real.ketenid(stam, **how)

    ((part, outcome),) = failed(programme(Service(ketenid=refuses)))
    assert (part, outcome.startswith("service: ")) == ("pupils", True)


def test_a_batch_that_has_not_finished_is_waited_for() -> None:
    """
    As often as was said, and no more.
    """
    service = Service()
    late = 2

    def retrieve(batch: Any) -> Uitslag:  # noqa: ANN401  # as it is
        nonlocal late
        if late:
            late -= 1
            raise fault(FaultReden.NOT_FINISHED)
        return service.real.retrieve(batch)

    service.plans["retrieve"] = retrieve
    waited: list[float] = []
    assert failed(programme(service, waited=waited)) == []
    assert waited == [3, 3]
    never = Service(retrieve=_raising(fault(FaultReden.NOT_FINISHED)))
    waited.clear()
    assert [part for part, _ in failed(programme(never, waited=waited))] == [
        "pupils"
    ] * 2
    assert waited == [3, 3, 3, 3]


def test_a_connection_that_fails_ends_the_programme() -> None:
    """
    What is left is said to be not tried: it would wait as long for each.
    """
    gone = Service(stampseudoniem=_raising(TransportError("service: gone", sent=False)))
    found = programme(gone)
    assert [one.passed for one in found] == [True] * 3 + [False] * 10
    assert found[3].outcome == "service: gone"
    assert {one.outcome for one in found[4:]} == {
        "not tried: the connection failed before"
    }
