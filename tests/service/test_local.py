"""
A ring as the service: what it decides where nothing is known of the service.

What is known of it stands in `test_scenarios`, as scenarios of every service.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest

from eckid import (
    LEERMIDDELENKETEN,
    HPgn,
    Keten,
    Sector,
    Sleutelbos,
    derive_ketenid,
    derive_stampseudoniem,
)
from eckid.errors import Doe, FaultError, FaultReden, RequestError
from eckid.scheme import CHEAPEST
from eckid.service import Batch, LocalNummervoorziening, Nummervoorziening, Uitslag
from eckid.service.faults import DOE, answer_fault, fault, fault_named

RING: Final = Sleutelbos.generate(release="2026").rotate("2027")
A, B, C, D = (HPgn.parse(64 * digit) for digit in "abcd")
WHERE: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
TODAY: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)


class Clock:
    """
    A clock that a test sets.
    """

    def __init__(self) -> None:
        self.moment = TODAY

    def __call__(self) -> datetime:
        """
        Return the moment it is said to be.
        """
        return self.moment


@pytest.fixture
def clock() -> Clock:
    """
    The clock of the service.
    """
    return Clock()


@pytest.fixture
def dienst(clock: Clock) -> LocalNummervoorziening:
    """
    A ring as the service.
    """
    return LocalNummervoorziening(RING, now=clock)


def test_its_pseudonyms_are_those_of_the_ring(dienst: LocalNummervoorziening) -> None:
    """
    Of its newest release, and the same each time.
    """
    stam = derive_stampseudoniem(A, sleutelbos=RING)
    assert dienst.stampseudoniem(A) == dienst.stampseudoniem(A) == stam
    ketenid = derive_ketenid(stam, **WHERE, sleutelbos=RING)
    assert dienst.ketenid(stam, **WHERE) == ketenid
    assert (dienst.release, dienst.namespace) == ("2027", RING.namespace)
    assert isinstance(dienst, Nummervoorziening)
    assert "2027" in repr(dienst)


def test_it_knows_what_it_was_given(dienst: LocalNummervoorziening) -> None:
    """
    Its ketens and sectors by name; another is a fault.
    """
    assert [one.id for one in dienst.ketens()] == [LEERMIDDELENKETEN.id]
    assert [one.naam for one in dienst.sectoren()] == ["PO", "VO", "MBO"]
    few = LocalNummervoorziening(RING, sectoren=[Sector.PO])
    stam = few.stampseudoniem(A)
    other = Keten("00000000-0000-4000-8000-000000000000")
    for reden, where in (
        (FaultReden.INVALID_SECTOR, WHERE | {"sector": Sector.VO}),
        (FaultReden.INVALID_CHAIN, WHERE | {"keten": other}),
    ):
        with pytest.raises(FaultError) as caught:
            few.ketenid(stam, **where)
        assert caught.value.fault is reden
        with pytest.raises(FaultError) as caught:
            few.submit_ketenids({0: stam}, **where)
        assert caught.value.fault is reden


def test_a_replacement_may_be_put_off_and_brought_forward(
    dienst: LocalNummervoorziening, clock: Clock
) -> None:
    """
    The same pair with another day takes the place of the one before.
    """
    own, old = dienst.stampseudoniem(B), dienst.stampseudoniem(A)
    assert dienst.replace(old=A, new=B, on=TODAY + 2 * DAY) == own
    assert dienst.replace(old=A, new=B, on=TODAY + 5 * DAY) == own
    clock.moment += 3 * DAY
    assert (dienst.stampseudoniem(A), dienst.stampseudoniem(B)) == (old, own)
    clock.moment += 2 * DAY
    assert dienst.stampseudoniem(B) == old
    with pytest.raises(FaultError) as caught:
        dienst.stampseudoniem(A)
    assert caught.value.fault is FaultReden.BLOCKED_HPGN


def test_of_two_successors_the_first_blocks(
    dienst: LocalNummervoorziening, clock: Clock
) -> None:
    """
    The old number ends on the first of the two days.
    """
    dienst.replace(old=A, new=B, on=TODAY + 5 * DAY)
    dienst.replace(old=A, new=C, on=TODAY + DAY)
    dienst.stampseudoniem(A)
    clock.moment += DAY
    with pytest.raises(FaultError):
        dienst.stampseudoniem(A)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_numbers_never_succeed_each_other_in_a_circle(
    dienst: LocalNummervoorziening, length: int
) -> None:
    """
    Of one number or more; the call is refused, and changes nothing.
    """
    chain = [A, B, C, D][:length]
    for old, new in pairwise(chain):
        dienst.replace(old=old, new=new)
    before = dienst.stampseudoniem(chain[-1])
    with pytest.raises(FaultError) as caught:
        dienst.replace(old=chain[-1], new=A)
    assert caught.value.fault is FaultReden.INVALID_HPGN
    assert dienst.stampseudoniem(chain[-1]) == before


def test_a_number_replaces_one_other(dienst: LocalNummervoorziening) -> None:
    """
    A second one would make two persons one.
    """
    dienst.replace(old=A, new=C)
    with pytest.raises(FaultError) as caught:
        dienst.replace(old=B, new=C)
    assert caught.value.fault is FaultReden.INVALID_HPGN
    assert dienst.stampseudoniem(B) != dienst.stampseudoniem(C)


def test_a_number_that_was_replaced_takes_nothing_over(
    dienst: LocalNummervoorziening,
) -> None:
    """
    It is blocked, so it gets no number before it; and nothing is kept of the call.
    """
    dienst.replace(old=B, new=C)
    before = dienst.stampseudoniem(C)
    with pytest.raises(FaultError) as caught:
        dienst.replace(old=A, new=B)
    assert caught.value.fault is FaultReden.BLOCKED_HPGN
    assert dienst.stampseudoniem(C) == before
    assert dienst.stampseudoniem(A) != before


def test_a_batch_holds_one_blocked_number(dienst: LocalNummervoorziening) -> None:
    """
    It fails alone, under its own index; and a batch can be had once.
    """
    dienst.replace(old=A, new=B)
    batch = dienst.submit_stampseudoniemen({7: A, 0: B, 3: C})
    uitslag = dienst.retrieve(batch)
    assert uitslag.refused == {7}
    assert uitslag.made == {n: dienst.stampseudoniem(h) for n, h in ((0, B), (3, C))}
    for wrong, reden in (
        (batch, FaultReden.ALREADY_RETRIEVED),
        (Batch("20261127"), FaultReden.REMOVED),
    ):
        with pytest.raises(FaultError) as caught:
            dienst.retrieve(wrong)
        assert caught.value.fault is reden


@pytest.mark.parametrize("value", [True, False])
def test_true_is_no_index(dienst: LocalNummervoorziening, value: bool) -> None:  # noqa: FBT001
    """
    To Python True is equal to 1; a batch does not take it for one.
    """
    stam = dienst.stampseudoniem(A)
    with pytest.raises(TypeError, match=r"^index: expected int, got bool"):
        dienst.submit_stampseudoniemen({value: A})
    with pytest.raises(TypeError, match=r"^index: expected int, got bool"):
        dienst.submit_ketenids({value: stam}, **WHERE)


def test_a_replacement_wants_numbers_of_the_service(
    dienst: LocalNummervoorziening,
) -> None:
    """
    Of its scheme, and a moment with a zone.
    """
    cheap = HPgn(A.expose_octets(), CHEAPEST)
    for given in (
        {"old": cheap, "new": B},
        {"old": A, "new": cheap},
        {"old": A, "new": B, "on": datetime(2027, 1, 1)},  # noqa: DTZ001  # the point
    ):
        with pytest.raises(RequestError):
            dienst.replace(**given)
    dienst.stampseudoniem(A)


def test_many_replacements_take_as_long_as_they_are_many(
    dienst: LocalNummervoorziening,
) -> None:
    """
    A chain is joined at its end without being walked: it counts what is looked up.
    """
    looked = 0

    class Counting(dict[HPgn, Any]):
        def __getitem__(self, key: HPgn) -> Any:  # noqa: ANN401  # of a dict
            nonlocal looked
            looked += 1
            return super().__getitem__(key)

    dienst._by_new = Counting()
    numbers = [HPgn.parse(f"{n:064x}") for n in range(50)]
    later = TODAY + DAY
    for old, new in pairwise(numbers):
        dienst.replace(old=old, new=new, on=later)
    assert looked == 0


def test_every_fault_has_one_thing_to_do() -> None:
    """
    The table names each fault once; a name of no row is unknown, and then one stops.
    """
    assert DOE.keys() == set(FaultReden)
    for reden in FaultReden:
        error = fault(reden)
        assert (error.fault, error.doe) == (reden, DOE[reden])
        assert str(error) == f"service: {reden.en}; {error.doe.en}"
        named = fault_named(f" {reden.value}\n")
        named_here = reden not in {FaultReden.UNKNOWN, FaultReden.ANSWER}
        assert named is (reden if named_here else FaultReden.UNKNOWN)
    for name in ("", "notfinishedexception", "NotFinished", "ns:NotFinishedException"):
        assert fault_named(name) is FaultReden.UNKNOWN
    assert DOE[FaultReden.UNKNOWN] is DOE[FaultReden.ANSWER] is Doe.STOP
    assert str(answer_fault("expected x, got y")).startswith("service: expected x, got")


@pytest.mark.parametrize("kind", [FaultReden, Doe])
def test_every_fault_has_its_sentences(kind: type[FaultReden] | type[Doe]) -> None:
    """
    In Dutch and in English, and each its own.
    """
    for said in ([one.nl for one in kind], [one.en for one in kind]):
        assert len(set(said)) == len(kind)
        assert not {one.value for one in kind} & set(said)
    assert all(one.nl.endswith(".") and one.nl != one.en for one in kind)


def test_an_uitslag_has_each_index_once() -> None:
    """
    It is made or refused, and not both.
    """
    stam = derive_stampseudoniem(A, sleutelbos=RING)
    with pytest.raises(ValueError, match=r"^uitslag: expected an index once"):
        Uitslag({0: stam}, frozenset({0}))
    assert repr(Uitslag({0: stam}, frozenset({1}))) == "<Uitslag 1 made, 1 refused>"
    assert "ketenIDs" in repr(Batch("1", **WHERE))
