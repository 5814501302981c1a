"""
Replaced numbers: the service goes first, and what it took is noted.
"""

import hashlib
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import parties as our
import pytest

from eckid import HPgn, LinkError, Register, Sleutelbos, Substitution
from eckid.errors import FaultError, FaultReden, RequestError, TransportError
from eckid.exchange import RijReden, SubstitutionFile
from eckid.service import LocalNummervoorziening, replace_each
from eckid.service.faults import fault
from eckid.service.replacing import midnight

PILOT: Final = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
HPGNS: Final = [HPgn.parse(hashlib.sha256(bytes([n])).hexdigest()) for n in range(40)]
NOW: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY: Final = date(2026, 11, 24)


class Service:
    """
    A ring as the service, on a day that a test sets; some calls end as a test says.
    """

    def __init__(self, **plans: Callable[..., Any]) -> None:
        self.now = NOW
        self.real = LocalNummervoorziening(PILOT, now=lambda: self.now)
        self.plans = plans
        self.replaced: list[datetime | None] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the real one has it
        return self.plans.get(name, getattr(self.real, name))

    def replace(self, *, old: HPgn, new: HPgn, on: datetime | None = None) -> Any:  # noqa: ANN401  # as above
        """
        Keep when it is to be, and do it.
        """
        self.replaced.append(on)
        return self.plans.get("replace", self.real.replace)(old=old, new=new, on=on)


@pytest.fixture(params=["register", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """
    Return what keeps substitutions: a register, or a file.
    """
    if request.param == "file":
        yield SubstitutionFile(tmp_path / "subs", sleutelbos=our.RING)
        return
    with Register.create(tmp_path / "reg", sleutelbos=our.RING) as made:
        yield made


def pairs(many: int, *, per: date = DAY) -> list[Substitution]:
    """
    Return some pairs of numbers of persons.
    """
    return [Substitution(HPGNS[2 * n], HPGNS[2 * n + 1], per) for n in range(many)]


def done(
    service: Any,  # noqa: ANN401  # any service
    store: Any,  # noqa: ANN401  # any store
    some: Sequence[Substitution],
) -> list[RijReden | None]:
    """
    Replace some pairs, today.
    """
    return replace_each(some, dienst=service, store=store, now=NOW)


def test_what_the_service_took_is_noted(store: Any) -> None:  # noqa: ANN401  # either
    """
    A day that has come at once, as is known to work; and the same again does no harm.
    """
    service, some = Service(), pairs(5)
    kept = [service.stampseudoniem(one.oud) for one in some]
    for _ in range(2):
        assert done(service, store, some) == [None] * 5
        assert sorted(map(repr, store.substitutions())) == sorted(map(repr, some))
    assert service.replaced == [None] * 10
    assert [service.stampseudoniem(one.nieuw) for one in some] == kept
    assert done(service, store, []) == []


def test_a_later_day_begins_at_midnight_in_the_netherlands(store: Any) -> None:  # noqa: ANN401  # either
    """
    Whatever the clock of this machine or of the service says.
    """
    service = Service()
    (one,) = pairs(1, per=date(2026, 11, 25))
    before, after = map(service.stampseudoniem, (one.oud, one.nieuw))
    assert done(service, store, [one]) == [None]
    assert service.replaced == [datetime(2026, 11, 24, 23, tzinfo=UTC)]
    assert service.stampseudoniem(one.nieuw) == after
    service.now += timedelta(days=1)
    assert service.stampseudoniem(one.nieuw) == before
    assert [each.per for each in store.substitutions()] == [one.per]


def test_what_the_service_refuses_is_not_noted(store: Any) -> None:  # noqa: ANN401  # either
    """
    It is a reason at its place, and the pairs around it are noted.
    """
    service, some = Service(), pairs(3)
    service.real.replace(old=HPGNS[20], new=some[1].nieuw)
    assert done(service, store, some) == [None, RijReden.SERVICE, None]
    assert set(store.substitutions()) == {some[0], some[2]}


def test_a_service_that_gives_another_stampseudoniem_is_told(store: Any) -> None:  # noqa: ANN401  # either
    """
    It took the call, but the new number does not have what the old one had.
    """
    service = Service()
    service.plans["replace"] = lambda **_: service.real.stampseudoniem(HPGNS[30])
    assert done(service, store, pairs(1)) == [RijReden.NOT_REPLACED]
    assert list(store.substitutions()) == []


@pytest.mark.parametrize(
    "error",
    [fault(FaultReden.NOT_ALLOWED), TransportError("cut", sent=True)],
    ids=["fault", "transport"],
)
@pytest.mark.parametrize("stops_at", range(5))
def test_what_was_taken_before_the_service_stopped_is_noted(
    store: Any,  # noqa: ANN401  # either
    stops_at: int,
    error: Exception,
) -> None:
    """
    And the same pairs again go on from there.
    """
    service, some = Service(), pairs(5)

    def replace(**how: Any) -> Any:  # noqa: ANN401  # as it takes it
        if how["old"] == some[stops_at].oud:
            raise error
        return service.real.replace(**how)

    service.plans["replace"] = replace
    with pytest.raises((FaultError, TransportError)):
        done(service, store, some)
    assert set(store.substitutions()) == set(some[:stops_at])
    service.plans.clear()
    assert done(service, store, some) == [None] * 5
    assert set(store.substitutions()) == set(some)


def test_a_fault_about_an_old_number_that_is_not_its_own_stops(store: Any) -> None:  # noqa: ANN401  # either
    """
    Before anything is replaced.
    """

    def refuses(_: HPgn) -> Any:  # noqa: ANN401  # as the real one
        raise fault(FaultReden.NOT_ALLOWED)

    service = Service(stampseudoniem=refuses)
    with pytest.raises(FaultError):
        done(service, store, pairs(1))
    assert service.replaced == []


def test_pairs_that_contradict_the_store_are_never_sent(store: Any) -> None:  # noqa: ANN401  # either
    """
    Nor those that contradict each other, or are of another kind.
    """
    service, (one, two) = Service(), pairs(2)
    store.add_substitutions([one])
    for wrong in (
        [two, Substitution(HPGNS[30], one.nieuw, DAY)],
        [two, Substitution(HPGNS[30], two.nieuw, DAY)],
    ):
        with pytest.raises(LinkError):
            done(service, store, wrong)
    with pytest.raises(TypeError, match=r"^substitution: expected Substitution, got"):
        done(service, store, [two, "x"])  # type: ignore[list-item]  # the point
    assert service.replaced == []


def test_a_file_is_written_a_few_times(tmp_path: Path) -> None:
    """
    Not for each pair: a list of many would take the square of its length.
    """
    file = SubstitutionFile(tmp_path / "subs", sleutelbos=our.RING)
    wrote = []

    class Counting:
        substitutions = staticmethod(file.substitutions)

        def add_substitutions(self, more: Sequence[Substitution]) -> None:
            wrote.append(len(more))
            file.add_substitutions(more)

    done(Service(), Counting(), pairs(20))
    assert wrote == [1, 2, 4, 8, 5]


def test_a_person_whom_only_the_service_knows_keeps_the_substitution(
    tmp_path: Path,
) -> None:
    """
    So that it is forgotten with the person.
    """
    service, (one,) = Service(), pairs(1)
    gegevens = {"geboortedatum": "2015-12-24", "roepnaam": "Sem"}
    with Register.create(tmp_path / "reg", sleutelbos=our.RING) as register:
        add = partial(register.add, "las", "k1", gegevens=gegevens, on=DAY)
        add(service.stampseudoniem(one.oud), mark=service.mark)
        assert done(service, register, [one]) == [None]
        kinds = [fact["feit"] for fact in register.inzage("las", "k1")]
        assert kinds == ["persoon", "substitutie"]


def test_a_machine_without_time_zones_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    With what brings them.
    """
    zoneinfo.ZoneInfo.clear_cache()
    monkeypatch.setattr(zoneinfo, "TZPATH", ())
    monkeypatch.setattr("eckid.service.replacing.ZoneInfo", _no_zone)
    with pytest.raises(RequestError, match="pip install tzdata") as caught:
        midnight(DAY)
    assert caught.value.__context__ is None


def _no_zone(_: str) -> None:
    raise zoneinfo.ZoneInfoNotFoundError
