"""
Who is it: sources with batches, hashers, substitutions, and files that were received.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import FrozenInstanceError, replace
from datetime import date
from typing import Any

import parties as our
import pytest

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Bestemming,
    BoundaryError,
    Doel,
    Hasher,
    HPgn,
    Keten,
    KetenID,
    Ontvanger,
    Partij,
    Sector,
    Stampseudoniem,
    Substitution,
    Vrijgave,
    parse_pgn,
)
from eckid.boundary import MAY_PASS
from eckid.errors import LinkReden, NumberReden, PseudonymReden
from eckid.exchange import (
    NIETS,
    Bewaard,
    Doorgifte,
    Herkenning,
    Ontvangen,
    Rij,
    RijReden,
    Ringbron,
    Weigering,
    release_list,
)
from eckid.scheme import CHEAPEST
from eckid.succession import Substitutions

BELEID = Attribuutbeleid.load("leermiddelenketen")
HASHER = Hasher(salt=our.RING.salt, scheme=CHEAPEST, workers=1)
RINGBRON = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
OTHER_ID = {"leerlingnummer": "4017", "ander_id_reden": "symbiose"}


def to(**other: Any) -> Bestemming:  # noqa: ANN401  # any part of the question
    """
    Return a publisher, for use, today.
    """
    asked: dict[str, Any] = {
        "doel": Doel.GEBRUIK,
        "ontvanger": Ontvanger.UITGEVER,
        "on": our.TODAY,
    }
    return BELEID.voor(**asked | other)


TO = to()


class Asked:
    """
    A source that is asked for some persons at a time, and notes for how many.
    """

    def __init__(self, batch: int) -> None:
        self.keten: Keten | None = LEERMIDDELENKETEN
        self.sector: Sector | None = Sector.PO
        self.release, self.namespace = RINGBRON.release, RINGBRON.namespace
        self.rehearsal, self.mark, self.resolves = False, "elsewhere", False
        self.batch = batch
        self.asked: list[int] = []

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Any]:
        """
        Answer as the ring does.
        """
        self.asked.append(len(hpgns))
        return RINGBRON.stams(hpgns)

    def ketenids(self, stams: Sequence[Stampseudoniem]) -> Sequence[Any]:
        """
        Answer as the ring does.
        """
        self.asked.append(len(stams))
        return RINGBRON.ketenids(stams)


class Known(Bewaard):
    """
    A keeper that knows everybody by the record.
    """

    __slots__ = ()

    def known(self, rij: Rij) -> HPgn:
        """
        Return the HPgn of the person at this record.
        """
        return hpgn_of(rij.record)


def hpgn_of(n: int) -> HPgn:
    """
    Return an HPgn that was not hashed of a number.
    """
    return HPgn(n.to_bytes(32, "big"), CHEAPEST)


def row(n: int, number: str | None = None, **more: str) -> Rij:
    """
    Return the nth row of a list; of the nth number, where none is given.
    """
    pgn = parse_pgn(our.number(n) if number is None else number)
    return Rij(n, n + 1, pgn, "bsn", {"key": f"k{n}", "roepnaam": "Sem", **more})


def other(n: int) -> Rij:
    """
    Return a row of a person who goes by another identifier.
    """
    return Rij(n, n + 1, None, "", {**OTHER_ID, "ander_id_tot": "2027-07-31"})


def refused(n: int) -> Weigering:
    """
    Return a row that was refused before.
    """
    return Weigering(n, n + 1, 1, NumberReden.ELFPROEF)


def ketenid_of(hpgn: HPgn) -> KetenID:
    """
    Return the ketenID that the ring makes of one HPgn.
    """
    return RINGBRON.ketenids(RINGBRON.stams([hpgn]))[0]


def who_of(bron: Any, bewaard: Bewaard = NIETS) -> Herkenning:  # noqa: ANN401  # any source
    """
    Return what knows persons with this source.
    """
    return Herkenning(bron=bron, hasher=HASHER, bewaard=bewaard)


MIXED: list[Rij | Weigering] = [
    *(row(0), refused(1), other(2)),
    *map(row, range(3, 8)),
    *(other(8), refused(9)),
]


@pytest.mark.parametrize("bewaard", [NIETS, Known()], ids=["hashed", "known"])
@pytest.mark.parametrize("batch", [1, 2, 3, 7, 100])
def test_each_row_has_its_ketenid_at_its_place(batch: int, bewaard: Bewaard) -> None:
    """
    Whatever the batch, a source is asked for no more, and refusals stay in order.
    """
    bron = Asked(batch)
    found = list(who_of(bron, bewaard).each(MIXED, to=TO))
    assert len(found) == len(MIXED)
    for want, got in zip(MIXED, found, strict=True):
        if isinstance(want, Weigering):
            assert got is want
            continue
        assert isinstance(got, tuple)
        assert got[0] is want
        assert isinstance(want, Rij)
        if want.pgn is None:
            assert got[1] == want.attributen
            continue
        hpgn = our.bsn(want.record) if bewaard is NIETS else hpgn_of(want.record)
        assert got[1] == {**want.attributen, "eckid": ketenid_of(hpgn)}
    assert bron.asked
    assert 0 < max(bron.asked) <= batch
    assert min(bron.asked) > 0


@pytest.mark.parametrize("batch", [1, 4, 10])
def test_rows_of_known_persons_are_read_ahead_by_no_more_than_a_batch(
    batch: int,
) -> None:
    """
    A list of any length streams: it is yielded as it is read, and is not held.
    """
    taken = 0

    def rows() -> Iterator[Rij]:
        nonlocal taken
        for n in range(1000):
            taken += 1
            yield row(n, our.number(0))

    given = 0
    for given, _ in enumerate(who_of(Asked(batch), Known()).each(rows(), to=TO), 1):
        assert taken <= -(-given // batch) * batch
    assert given == taken == 1000


def test_rows_that_are_hashed_are_held_by_the_hundred() -> None:
    """
    The first comes out before the list is read to its end, and no row is lost.
    """
    taken = 0

    def rows() -> Iterator[Rij]:
        nonlocal taken
        for n in range(2000):
            taken += 1
            yield row(n, our.number(n % 3))

    found = who_of(RINGBRON).each(rows(), to=TO)
    assert isinstance(next(found), tuple)
    assert 0 < taken <= 512
    assert sum(1 for _ in found) == 1999


class Refusing(Asked):
    """
    A source that has no answer for some: neither a stampseudoniem nor a ketenID.
    """

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Any]:
        """
        Answer with a reason for the second person.
        """
        second = our.bsn(1)
        return [
            RijReden.NOBODY if hpgn == second else RINGBRON.stams([hpgn])[0]
            for hpgn in hpgns
        ]

    def ketenids(self, stams: Sequence[Stampseudoniem]) -> Sequence[Any]:
        """
        Answer with a reason for the third person.
        """
        third = our.stam(our.bsn(2))
        return [
            PseudonymReden.RELEASE if stam == third else RINGBRON.ketenids([stam])[0]
            for stam in stams
        ]


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_what_a_source_refuses_is_refused_with_its_reason(batch: int) -> None:
    """
    That row alone, at its place; the rows around it go on.
    """
    found = list(who_of(Refusing(batch)).each(map(row, range(4)), to=TO))
    assert [isinstance(one, Weigering) for one in found] == [False, True, True, False]
    assert found[1:3] == [
        Weigering(1, 2, None, RijReden.NOBODY),
        Weigering(2, 3, None, PseudonymReden.RELEASE),
    ]


_WRONG: dict[str, tuple[Callable[[Sequence[Any]], Any], type[Exception], str]] = {
    "fewer": (lambda got: got[1:], ValueError, "expected 2 answers, got 1"),
    "more": (lambda got: [*got, got[0]], ValueError, "expected 2 answers, got 3"),
    "none": (lambda _: None, TypeError, "expected Sequence, got NoneType"),
    "no sequence": (iter, TypeError, "expected Sequence, got list_iterator"),
    "texts": (lambda got: [repr(one) for one in got], TypeError, "got str"),
    "one nothing": (lambda got: [got[0], None], TypeError, "got NoneType"),
    "HPgns": (lambda _: [our.bsn(0), our.bsn(1)], TypeError, "got HPgn"),
}


@pytest.mark.parametrize("case", _WRONG)
@pytest.mark.parametrize("step", ["stams", "ketenids"])
def test_a_source_that_answers_wrongly_stops_the_list_and_shows_nobody(
    step: str, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Other than one answer of its kind a person is a mistake of the source.
    """
    change, kind, said = _WRONG[case]
    bron = Asked(2)
    right: Callable[[Sequence[Any]], Sequence[Any]] = getattr(bron, step)
    monkeypatch.setattr(bron, step, lambda asked: change(right(asked)))
    name = "stampseudoniem" if step == "stams" else "ketenID"
    with pytest.raises(kind) as caught:
        list(who_of(bron).each(map(row, range(2)), to=TO))
    (told,) = caught.value.args
    assert told.startswith(f"{name}: expected ")
    assert told.endswith(said)
    assert caught.value.__cause__ is caught.value.__context__ is None
    for n in range(2):
        for secret in (
            our.number(n),
            our.bsn(n).expose(),
            our.stam(our.bsn(n)).expose(),
        ):
            assert secret[-8:] not in told


@pytest.mark.parametrize("batch", [0, -1])
def test_a_source_is_asked_for_somebody(batch: int) -> None:
    """
    A batch of nobody would end every list before its first row.
    """
    with pytest.raises(ValueError, match=rf"^batch: expected 1 or more, got {batch}$"):
        who_of(Asked(batch))


def test_the_parts_are_of_their_kinds_and_are_changed_one_by_one() -> None:
    """
    It is frozen, and another keeper or source makes another of it.
    """
    who = who_of(RINGBRON)
    with pytest.raises(FrozenInstanceError):
        who.bewaard = Known()  # type: ignore[misc]  # the point
    changed = replace(who, bewaard=Known())
    assert changed.bron is who.bron
    assert isinstance(changed.bewaard, Known)
    wrong: tuple[tuple[str, Any, str], ...] = (
        ("hasher", our.RING, "hasher: expected Hasher, got Sleutelbos"),
        ("bewaard", None, "bewaard: expected Bewaard, got NoneType"),
        (
            "substitutions",
            [],
            "substitutions: expected Substitutions or NoneType, got list",
        ),
    )
    for name, value, said in wrong:
        with pytest.raises(TypeError) as caught:
            replace(who, **{name: value})
        assert caught.value.args == (said,)


@pytest.mark.parametrize("field", ["keten", "sector"])
def test_a_release_asks_for_a_keten_and_a_sector(field: str) -> None:
    """
    A source of stampseudoniemen alone is told before any row is read.
    """
    bron = Asked(1)
    setattr(bron, field, None)

    def rows() -> Iterator[Rij]:
        pytest.fail("a row was read")
        yield

    with pytest.raises(TypeError, match=f"^{field}: expected "):
        release_list(rows(), who=who_of(bron), to=TO)
    with pytest.raises(TypeError, match=f"^{field}: expected "):
        who_of(bron).about()


def test_it_says_to_a_report_what_it_is() -> None:
    """
    Keten, sector, release and scheme; of a received file, that it was received.
    """
    keten, sector = LEERMIDDELENKETEN.id, "po"
    assert who_of(RINGBRON).about() == {
        "keten": keten,
        "sector": sector,
        "release": "2026",
        "scheme": CHEAPEST.value,
    }
    received = Doorgifte(LEERMIDDELENKETEN, Sector.PO)
    assert received.about() == {
        "keten": keten,
        "sector": sector,
        "release": "received",
    }


# Substitutions.


def _substituted(rows: Iterable[Rij], on: date | None) -> list[Any]:
    one = Substitution(our.bsn(0), our.bsn(1), our.SPRING)
    who = replace(who_of(RINGBRON), substitutions=Substitutions([one]))
    return list(release_list(rows, who=who, to=to(on=on)))


def test_a_substituted_number_is_refused_and_the_next_gives_its_ketenid() -> None:
    """
    From its day on; before it, each number is what it was by itself.
    """
    rows = [row(0), row(1)]
    before = [one.released["eckid"] for one in _substituted(rows, our.TODAY)]
    assert before == [ketenid_of(our.bsn(0)), ketenid_of(our.bsn(1))]
    old, new = _substituted(rows, our.SPRING)
    assert old == Weigering(0, 1, None, LinkReden.SUBSTITUTED)
    assert new.released["eckid"] == ketenid_of(our.bsn(0))


def test_substitutions_ask_for_a_day() -> None:
    """
    Without one nobody can say whether a number still stands.
    """
    with pytest.raises(TypeError, match=r"^on: expected date, got NoneType$"):
        _substituted([], None)


# A file that was received.


def test_a_received_ketenid_goes_on_where_the_table_lets_it() -> None:
    """
    From recipient to recipient, with its refusals; a board may take that row out.
    """
    who = Doorgifte(LEERMIDDELENKETEN, Sector.PO)
    ketenid = ketenid_of(our.bsn(0))
    rows: list[Ontvangen | Weigering] = [
        Ontvangen(1, 2, ketenid, {"roepnaam": "Sem", "groep": "3a"}),
        refused(2),
    ]
    one, two = release_list(rows, who=who, to=TO)
    assert isinstance(one, Vrijgave)
    assert one.released == {"eckid": ketenid, "roepnaam": "Sem"}
    assert two is rows[1]
    table = {
        pair: what
        for pair, what in MAY_PASS.items()
        if pair != (Partij.ONTVANGER, Partij.ONTVANGER)
    }
    less = to(may_pass=table)
    with pytest.raises(BoundaryError):
        release_list(rows, who=who, to=less)
    assert list(release_list([], who=who_of(RINGBRON), to=less)) == []


def test_a_received_file_is_of_a_keten_and_a_sector() -> None:
    """
    As values; and what stands in it are rows that were received.
    """
    with pytest.raises(TypeError, match=r"^keten: expected Keten, got str$"):
        Doorgifte(LEERMIDDELENKETEN.id, Sector.PO)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^sector: expected Sector, got str$"):
        Doorgifte(LEERMIDDELENKETEN, "po")  # type: ignore[arg-type]  # the point
    who = Doorgifte(LEERMIDDELENKETEN, Sector.PO)
    with pytest.raises(TypeError, match=r"^row: expected Ontvangen, got Rij$"):
        list(release_list([row(0)], who=who, to=TO))
    with pytest.raises(TypeError, match=r"^to: expected Bestemming, got NoneType$"):
        who.begin(None)  # type: ignore[arg-type]  # the point
