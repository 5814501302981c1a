"""
What is known of the service, as scenarios: of a ring, of the stand-in, and of a client.

Each is asked of all three, which answer the same.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from eckid import LEERMIDDELENKETEN, HPgn, Keten, KetenID, Sector, Stampseudoniem
from eckid.errors import FaultError, FaultReden, RequestError, ServiceError
from eckid.scheme import CHEAPEST
from eckid.service import (
    SECTOR_IDS,
    Batch,
    LocalNummervoorziening,
    Nummervoorziening,
    SoapNummervoorziening,
)
from eckid.service.standin import Oefendienst, Standin, rehearsal_ring
from eckid.service.standin import server as serving

OIN: Final = "0000000700012TB34567"
WHERE: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
STRANGE: Final = Keten("00000000-0000-4000-8000-000000000000")
DAY: Final = timedelta(days=1)
OLD, BETWEEN, NEW, OTHER = (
    HPgn.parse(hashlib.sha256(name.encode()).hexdigest())
    for name in ("old", "between", "new", "other")
)


class Clock:
    """
    A clock that a test puts forward.
    """

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """
        Return the moment that the test has set.
        """
        return self.now


@pytest.fixture
def clock() -> Clock:
    """
    The clock of the service.
    """
    return Clock()


@pytest.fixture(params=["a ring", "the stand-in", "a client"])
def dienst(
    request: pytest.FixtureRequest, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Nummervoorziening]:
    """
    What meets the protocol: a ring, the stand-in's core, and a client of its server.
    """
    ring = rehearsal_ring()
    if request.param == "a ring":
        yield LocalNummervoorziening(ring, now=clock)
    elif request.param == "the stand-in":
        yield Oefendienst(ring, now=clock)
    else:
        monkeypatch.setattr(serving, "utc", clock)
        ids = {**SECTOR_IDS, Sector.HO: STRANGE.id}
        with Standin(ring) as server:
            client = SoapNummervoorziening(
                server.url, oin=OIN, release="pilot", sectoren=ids
            )
            yield client
            client.close()


def refused(call: Callable[[], object]) -> FaultReden | type[ServiceError]:
    """
    Return why a call was refused: the fault, or the kind of error.
    """
    with pytest.raises(ServiceError) as caught:
        call()
    error = caught.value
    return error.fault if isinstance(error, FaultError) else type(error)


def test_all_three_meet_the_protocol(dienst: Nummervoorziening) -> None:
    """
    What takes one takes the others.
    """
    assert isinstance(dienst, Nummervoorziening)
    assert (dienst.namespace, dienst.release) == ("https://ketenid.nl", "pilot")
    assert dienst.mark


def test_it_says_what_it_is(dienst: Nummervoorziening, clock: Clock) -> None:
    """
    A ping gives the version as the service gives it, and the moment, in its zone.
    """
    pong = dienst.ping()
    assert pong.available
    assert pong.version.startswith("2.0")
    assert pong.time == clock.now
    ring = LocalNummervoorziening(rehearsal_ring())
    assert dienst.ketens() == ring.ketens()
    assert dienst.sectoren() == ring.sectoren()


def test_answers_are_the_same_each_time(dienst: Nummervoorziening) -> None:
    """
    A person has one stampseudoniem, and one ketenID in each sector: that of the ring.
    """
    ring = LocalNummervoorziening(rehearsal_ring())
    stam = dienst.stampseudoniem(OLD)
    assert stam == dienst.stampseudoniem(OLD) == ring.stampseudoniem(OLD)
    assert stam != dienst.stampseudoniem(NEW)
    made = {
        sector: dienst.ketenid(stam, keten=LEERMIDDELENKETEN, sector=sector)
        for sector in SECTOR_IDS
    }
    assert len(set(made.values())) == len(SECTOR_IDS)
    for sector, ketenid in made.items():
        assert ketenid == ring.ketenid(stam, keten=LEERMIDDELENKETEN, sector=sector)
        assert (ketenid.keten, ketenid.sector) == (LEERMIDDELENKETEN, sector)


def test_a_batch_gives_what_single_calls_give(dienst: Nummervoorziening) -> None:
    """
    Each answer stands under the index of its question, wherever that begins.
    """
    stams = dienst.retrieve(dienst.submit_stampseudoniemen({7: OLD, 1: NEW}))
    assert stams.made == {7: dienst.stampseudoniem(OLD), 1: dienst.stampseudoniem(NEW)}
    asked = {n: one for n, one in stams.made.items() if isinstance(one, Stampseudoniem)}
    ketenids = dienst.retrieve(dienst.submit_ketenids(asked, **WHERE))
    assert ketenids.made == {
        n: dienst.ketenid(stam, **WHERE) for n, stam in asked.items()
    }
    assert all(isinstance(one, KetenID) for one in ketenids.made.values())
    assert stams.refused == ketenids.refused == frozenset()


def test_a_bad_chain_or_sector_is_a_fault(dienst: Nummervoorziening) -> None:
    """
    One that the service does not know is refused, for one person and for a batch.
    """
    stam = dienst.stampseudoniem(OLD)
    for bad, reden in (
        ({"keten": STRANGE}, FaultReden.INVALID_CHAIN),
        ({"sector": Sector.HO}, FaultReden.INVALID_SECTOR),
    ):
        where = {**WHERE, **bad}
        assert refused(lambda: dienst.ketenid(stam, **where)) is reden  # noqa: B023  # called at once
        assert refused(lambda: dienst.submit_ketenids({0: stam}, **where)) is reden  # noqa: B023  # as above


def test_what_is_of_no_use_is_refused_before_it_is_sent(
    dienst: Nummervoorziening,
) -> None:
    """
    An empty batch, another scheme, another namespace and an odd index are our mistake.
    """
    cheap = HPgn.parse(64 * "a", scheme=CHEAPEST)
    ours = Stampseudoniem(
        bytes(64), namespace="https://eckid.invalid", release="2026", rehearsal=False
    )
    for call in (
        lambda: dienst.submit_stampseudoniemen({}),
        lambda: dienst.submit_ketenids({}, **WHERE),
        lambda: dienst.stampseudoniem(cheap),
        lambda: dienst.submit_stampseudoniemen({0: OLD, 1: cheap}),
        lambda: dienst.submit_stampseudoniemen({-1: OLD}),
        lambda: dienst.submit_stampseudoniemen({2**31: OLD}),
        lambda: dienst.ketenid(ours, **WHERE),
        lambda: dienst.submit_ketenids({0: ours}, **WHERE),
        lambda: dienst.replace(old=OLD, new=cheap),
        lambda: dienst.replace(old=cheap, new=NEW),
        lambda: dienst.replace(old=OLD, new=NEW, on=datetime(2026, 1, 1)),  # noqa: DTZ001  # without a zone
    ):
        assert refused(call) is RequestError


def test_a_bad_item_fails_alone(dienst: Nummervoorziening) -> None:
    """
    A number that was replaced lands under its own index; the others are answered.
    """
    dienst.replace(old=OLD, new=NEW)
    found = dienst.retrieve(dienst.submit_stampseudoniemen({0: OTHER, 1: OLD, 2: NEW}))
    assert found.refused == {1}
    assert found.made == {
        0: dienst.stampseudoniem(OTHER),
        2: dienst.stampseudoniem(NEW),
    }


def test_a_batch_can_be_had_once(dienst: Nummervoorziening) -> None:
    """
    The second time it is gone, and a batch that nobody handed in never was.
    """
    batch = dienst.submit_stampseudoniemen({0: OLD})
    dienst.retrieve(batch)
    assert refused(lambda: dienst.retrieve(batch)) is FaultReden.ALREADY_RETRIEVED
    other = Batch(f"20261124120000{32 * '0'}")
    assert isinstance(refused(lambda: dienst.retrieve(other)), FaultReden)


def test_a_batch_has_its_answers_from_when_it_was_handed_in(
    dienst: Nummervoorziening,
) -> None:
    """
    The same batch handed in anew gives the same.
    """
    first, second = (dienst.submit_stampseudoniemen({0: OLD, 1: NEW}) for _ in range(2))
    assert first != second
    assert dienst.retrieve(second).made == dienst.retrieve(first).made


def test_a_number_that_is_replaced_now(dienst: Nummervoorziening) -> None:
    """
    The new number has the old one's stampseudoniem at once, and the old one is blocked.
    """
    stam, own = dienst.stampseudoniem(OLD), dienst.stampseudoniem(NEW)
    assert stam != own
    assert dienst.replace(old=OLD, new=NEW) == stam
    assert dienst.stampseudoniem(NEW) == stam
    assert refused(lambda: dienst.stampseudoniem(OLD)) is FaultReden.BLOCKED_HPGN
    # The stampseudoniem itself goes on.
    assert dienst.ketenid(stam, **WHERE).release == "pilot"


def test_a_number_that_is_replaced_later(
    dienst: Nummervoorziening, clock: Clock
) -> None:
    """
    Until its day each number has its own; from then on it is as if replaced at once.
    """
    stam, own = dienst.stampseudoniem(OLD), dienst.stampseudoniem(NEW)
    assert dienst.replace(old=OLD, new=NEW, on=clock.now + DAY) == own
    assert dienst.stampseudoniem(OLD) == stam
    assert dienst.stampseudoniem(NEW) == own
    clock.now += DAY
    assert dienst.stampseudoniem(NEW) == stam
    assert refused(lambda: dienst.stampseudoniem(OLD)) is FaultReden.BLOCKED_HPGN


def test_numbers_that_are_replaced_in_a_chain(dienst: Nummervoorziening) -> None:
    """
    The newest has the stampseudoniem of the oldest; those before it are blocked.
    """
    stam = dienst.stampseudoniem(OLD)
    assert dienst.replace(old=OLD, new=BETWEEN) == stam
    assert dienst.replace(old=BETWEEN, new=NEW) == stam
    assert dienst.stampseudoniem(NEW) == stam
    for gone in (OLD, BETWEEN):
        assert refused(lambda: dienst.stampseudoniem(gone)) is FaultReden.BLOCKED_HPGN  # noqa: B023  # called at once


def test_a_replacement_that_contradicts_is_a_fault(dienst: Nummervoorziening) -> None:
    """
    What is not known of the service is decided: no circle, no second old number.

    A replacement that was made before may be made again.
    """
    dienst.replace(old=OLD, new=NEW)
    assert dienst.replace(old=OLD, new=NEW) == dienst.stampseudoniem(NEW)
    for old, new in ((NEW, OLD), (OLD, OLD), (OTHER, NEW), (OTHER, OLD)):
        call = lambda: dienst.replace(old=old, new=new)  # noqa: B023, E731  # as above
        assert isinstance(refused(call), FaultReden)
    # And what was refused was not kept.
    assert dienst.stampseudoniem(OTHER) != dienst.stampseudoniem(NEW)
