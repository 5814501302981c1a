"""
Batches: each person has an answer or a refusal, and what was answered is kept.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from eckid import (
    LEERMIDDELENKETEN,
    HPgn,
    KetenID,
    Salt,
    Sector,
    Sleutelbos,
    Stampseudoniem,
)
from eckid.errors import (
    Doe,
    ExchangeError,
    FaultError,
    FaultReden,
    LinkReden,
    RequestError,
    ServiceError,
    TransportError,
)
from eckid.exchange import Bron, RijReden
from eckid.service import (
    Batch,
    Dienstbron,
    Grenzen,
    LocalNummervoorziening,
    Tijden,
    Uitslag,
    aanvragen_at,
    aanvragen_of,
)
from eckid.service.faults import fault
from eckid.service.journal import Aanvragen

PILOT: Final = Sleutelbos.generate(
    release="pilot", namespace="https://ketenid.nl", salt=Salt(bytes(16))
)
RING: Final = Sleutelbos.generate(release="2026")
OTHER: Final = Sleutelbos.generate(release="2026")
HPGNS: Final = [HPgn.parse(hashlib.sha256(bytes([n])).hexdigest()) for n in range(10)]
MANY: Final = Grenzen(batch=100, per_day=100)
NOW: Final = Tijden(poll=3, polls=4)


class Service:
    """
    A service that counts what it is asked, and answers as a test says.

    Args:
        plans: For a method, what each next call does in the place of the real one:
            raises an error, or changes the answer by a function; None does nothing.
    """

    def __init__(self, **plans: list[Any]) -> None:
        self._real = LocalNummervoorziening(PILOT)
        self._plans = plans
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the real one has it
        found = getattr(self._real, name)
        return partial(self._do, name, found) if callable(found) else found

    def _do(self, name: str, real: Callable[..., Any], *args: Any, **how: Any) -> Any:  # noqa: ANN401  # as above
        self.asked.append(name)
        plans = self._plans.get(name, [])
        plan = plans.pop(0) if plans else None
        if isinstance(plan, BaseException):
            raise plan
        answer = real(*args, **how)
        return answer if plan is None else plan(answer)


def bron(
    service: Service,
    aanvragen: Aanvragen | None = None,
    **how: Any,  # noqa: ANN401  # as it takes it
) -> Dienstbron:
    """
    Return a source for the learning-material chain in po.
    """
    given: dict[str, Any] = {"grenzen": MANY, "tijden": NOW, "wait": [].append}
    return Dienstbron(
        service,
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        aanvragen=aanvragen,
        **{**given, **how},
    )


@contextmanager
def journal(folder: Path, ring: Sleutelbos = RING) -> Iterator[Aanvragen]:
    """
    Open the journal of a run.
    """
    with aanvragen_at(aanvragen_of(folder / "u.csv"), sleutelbos=ring) as found:
        yield found


class Killed(BaseException):
    """
    The end of a process, for what runs in one.
    """


def test_a_service_is_a_source() -> None:
    """
    A service meets the protocol of sources, and shows nothing of what it carries.
    """
    found = bron(Service())
    assert isinstance(found, Bron)
    assert (found.batch, found.release, found.rehearsal) == (100, "pilot", True)
    assert repr(found) == "<Dienstbron pilot, batches of 100>"


def test_a_batch_gives_what_single_calls_give() -> None:
    """
    Each answer stands at the place of its question, also for one that is asked twice.
    """
    real, service = LocalNummervoorziening(PILOT), Service()
    source = bron(service)
    asked = [*HPGNS, HPGNS[0]]
    stams = source.stams(asked)
    assert stams == [real.stampseudoniem(hpgn) for hpgn in asked]
    found = [one for one in stams if isinstance(one, Stampseudoniem)]
    ketenids = source.ketenids(found)
    where: dict[str, Any] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
    assert ketenids == [real.ketenid(stam, **where) for stam in found]
    assert all(isinstance(k, KetenID) and k.sector is Sector.PO for k in ketenids)
    assert service.asked == [
        *("submit_stampseudoniemen", "retrieve", "submit_ketenids", "retrieve")
    ]


def test_one_person_is_asked_without_a_batch() -> None:
    """
    One person does not wait for a batch to finish.
    """
    service = Service()
    (stam,) = bron(service).stams(HPGNS[:1])
    assert isinstance(stam, Stampseudoniem)
    bron(service).ketenids([stam])
    assert service.asked == ["stampseudoniem", "ketenid"]


@pytest.mark.parametrize(
    ("reden", "row"),
    [
        (FaultReden.INVALID_HPGN, RijReden.SERVICE),
        (FaultReden.BLOCKED_HPGN, LinkReden.SUBSTITUTED),
    ],
)
def test_a_fault_of_one_person_is_a_refused_row(
    reden: FaultReden, row: RijReden | LinkReden
) -> None:
    """
    What the service has against one number does not stop a list.
    """
    service = Service(stampseudoniem=[fault(reden)])
    assert bron(service).stams(HPGNS[:1]) == [row]


def test_a_fault_of_the_list_stops_it() -> None:
    """
    What the service has against a keten or a caller is of the whole list.
    """
    for reden in (FaultReden.INVALID_CHAIN, FaultReden.NOT_ALLOWED):
        with pytest.raises(FaultError) as caught:
            bron(Service(stampseudoniem=[fault(reden)])).stams(HPGNS[:1])
        assert caught.value.fault is reden


def test_a_refused_item_of_a_batch_is_a_refused_row() -> None:
    """
    One bad item leaves the others as they are; it is refused again from the journal.
    """
    real = LocalNummervoorziening(PILOT)
    service = Service()
    service._real.replace(old=HPGNS[2], new=HPGNS[9])
    source = bron(service)
    for _ in range(2):
        stams = source.stams(HPGNS[:4])
        assert stams[2] is RijReden.SERVICE
        assert stams[3] == real.stampseudoniem(HPGNS[3])
    assert service.asked == ["submit_stampseudoniemen", "retrieve"]


def test_a_batch_that_is_not_finished_is_waited_for() -> None:
    """
    It is asked again as often as was said, after the pause that was said.
    """
    waited: list[float] = []
    late = [fault(FaultReden.NOT_FINISHED), fault(FaultReden.TEMPORARY_BLOCKED)]
    service = Service(retrieve=[*late])
    assert len(bron(service, wait=waited.append).stams(HPGNS)) == len(HPGNS)
    assert waited == [3, 3]
    assert service.asked.count("submit_stampseudoniemen") == 1


def test_a_batch_that_never_finishes_is_told_and_not_lost(tmp_path: Path) -> None:
    """
    After the last try the run ends; the same run again fetches the same batch.
    """
    never = [fault(FaultReden.NOT_FINISHED)] * NOW.polls
    service = Service(retrieve=[*never])
    with pytest.raises(FaultError) as caught, journal(tmp_path) as kept:
        bron(service, kept).stams(HPGNS)
    assert caught.value.doe is Doe.WAIT
    with journal(tmp_path) as kept:
        assert len(bron(service, kept).stams(HPGNS)) == len(HPGNS)
    assert service.asked.count("submit_stampseudoniemen") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("reden", [FaultReden.ALREADY_RETRIEVED, FaultReden.REMOVED])
def test_what_cannot_be_had_any_more_is_submitted_anew(reden: FaultReden) -> None:
    """
    Answers are the same each time, so a lost batch is handed in once more; not twice.
    """
    service = Service(retrieve=[fault(reden)])
    assert len(bron(service).stams(HPGNS)) == len(HPGNS)
    assert service.asked.count("submit_stampseudoniemen") == 2
    service = Service(retrieve=[fault(reden), fault(reden)])
    with pytest.raises(FaultError):
        bron(service).stams(HPGNS)


# Where a run ends: before or after which call, and how often is submitted in all.
_ENDS: Final[Mapping[str, tuple[dict[str, list[Any]], int]]] = {
    "before the submission": ({"submit_stampseudoniemen": [Killed()]}, 2),
    "before the first try to fetch": ({"retrieve": [Killed()]}, 1),
    "while it is waited for": ({"retrieve": [fault(FaultReden.NOT_FINISHED)]}, 1),
}


@pytest.mark.parametrize("name", _ENDS)
def test_a_run_that_was_ended_goes_on(tmp_path: Path, name: str) -> None:
    """
    What was handed in is fetched, and nothing is handed in that was.
    """
    plans, many = _ENDS[name]
    service = Service(**{key: [*plan] for key, plan in plans.items()})

    def wait(_: float) -> None:
        raise Killed

    with suppress(Killed), journal(tmp_path) as kept:
        bron(service, kept, wait=wait).stams(HPGNS)
    with journal(tmp_path) as kept:
        real = LocalNummervoorziening(PILOT)
        found = bron(service, kept).stams(HPGNS)
    assert found == [real.stampseudoniem(hpgn) for hpgn in HPGNS]
    assert service.asked.count("submit_stampseudoniemen") == many


def test_what_was_answered_is_not_asked_again(tmp_path: Path) -> None:
    """
    A list that grew asks for its new persons only.
    """
    service = Service()
    with suppress(Killed), journal(tmp_path) as kept:
        bron(service, kept).stams(HPGNS[:5])
        raise Killed
    with journal(tmp_path) as kept:
        assert len(bron(service, kept).stams(HPGNS)) == len(HPGNS)
    assert service.asked == ["submit_stampseudoniemen", "retrieve"] * 2


def test_where_a_submission_may_have_arrived_it_counts(tmp_path: Path) -> None:
    """
    A batch counts for the day if it may have arrived, and not if nothing was sent.
    """
    ended = [
        *(TransportError("cut", sent=False), fault(FaultReden.DAILY_LIMIT)),
        *(TransportError("cut", sent=True), fault(FaultReden.ANSWER)),
    ]
    service = Service(submit_stampseudoniemen=[*ended])
    for _ in ended:
        with suppress(ServiceError), journal(tmp_path) as kept:
            bron(service, kept).stams(HPGNS)
    two = Grenzen(batch=100, per_day=2)
    with pytest.raises(FaultError) as caught, journal(tmp_path) as kept:
        bron(service, kept, grenzen=two).stams(HPGNS)
    assert caught.value.fault is FaultReden.DAILY_LIMIT
    assert service.asked.count("submit_stampseudoniemen") == len(ended)
    three = Grenzen(batch=100, per_day=3)
    with journal(tmp_path) as kept:
        assert len(bron(service, kept, grenzen=three).stams(HPGNS)) == len(HPGNS)


def test_the_limit_of_a_day_ends_a_run_that_goes_on(tmp_path: Path) -> None:
    """
    The day's last batch is not lost: what it answered is there the next day.
    """
    service, one = Service(), Grenzen(batch=5, per_day=1)
    with suppress(FaultError), journal(tmp_path) as kept:
        source = bron(service, kept, grenzen=one)
        assert len(source.stams(HPGNS[:5])) == 5
        source.stams(HPGNS[5:])
    assert service.asked.count("submit_stampseudoniemen") == 1
    with journal(tmp_path) as kept:
        source = bron(service, kept, grenzen=Grenzen(batch=5, per_day=2))
        assert len([*source.stams(HPGNS[:5]), *source.stams(HPGNS[5:])]) == 10
    assert service.asked.count("submit_stampseudoniemen") == 2


def _without(uitslag: Uitslag) -> Uitslag:
    return Uitslag({n: one for n, one in uitslag.made.items() if n})


def _strange(uitslag: Uitslag) -> Uitslag:
    return Uitslag({n + 1: one for n, one in uitslag.made.items()})


def _more(uitslag: Uitslag) -> Uitslag:
    return Uitslag(uitslag.made, frozenset({len(uitslag.made)}))


@pytest.mark.parametrize("wrong", [_without, _strange, _more])
def test_answers_for_other_indexes_are_not_kept(
    tmp_path: Path, wrong: Callable[[Uitslag], Uitslag]
) -> None:
    """
    Where an index is missing or strange no answer counts; the batch is asked anew.
    """
    service = Service(retrieve=[wrong])
    with pytest.raises(FaultError) as caught, journal(tmp_path) as kept:
        bron(service, kept).stams(HPGNS)
    assert caught.value.fault is FaultReden.ANSWER
    real = LocalNummervoorziening(PILOT)
    with journal(tmp_path) as kept:
        found = bron(service, kept).stams(HPGNS)
    assert found == [real.stampseudoniem(hpgn) for hpgn in HPGNS]


def test_a_journal_holds_nothing_in_the_clear(tmp_path: Path) -> None:
    """
    Neither what was asked, nor an answer, nor an identifier stands in its bytes.
    """
    seen: list[Batch] = []

    def note(batch: Batch) -> Batch:
        seen.append(batch)
        return batch

    service = Service(submit_stampseudoniemen=[note], submit_ketenids=[note])
    with suppress(Killed), journal(tmp_path) as kept:
        source = bron(service, kept)
        stams = source.stams(HPGNS)
        ketenids = source.ketenids([s for s in stams if isinstance(s, Stampseudoniem)])
        raise Killed
    texts = [
        *(hpgn.expose() for hpgn in HPGNS),
        *(one.expose()[-128:] for one in stams if isinstance(one, Stampseudoniem)),
        *(one.hex for one in ketenids if isinstance(one, KetenID)),
        *(batch.identifier for batch in seen),
        LEERMIDDELENKETEN.id,
        "ketenid.nl",
    ]
    assert len(texts) == 34
    octets = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for text in texts:
        assert text.encode() not in octets
        if len(text) % 2 == 0 and set(text) <= set("0123456789abcdef"):
            assert bytes.fromhex(text) not in octets
    (path,) = tmp_path.iterdir()
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600


def test_an_answer_that_was_changed_is_asked_again(tmp_path: Path) -> None:
    """
    A cell that this ring did not seal for this person is no answer.
    """
    service = Service()
    with suppress(Killed), journal(tmp_path) as kept:
        before = bron(service, kept).stams(HPGNS)
        raise Killed
    path = aanvragen_of(tmp_path / "u.csv")
    with closing(sqlite3.connect(path)) as rows, rows:
        cells = rows.execute("SELECT mark, answer FROM item ORDER BY place").fetchall()
        swap = [(cells[1][1], cells[0][0]), (cells[0][1], cells[1][0])]
        rows.executemany("UPDATE item SET answer = ? WHERE mark = ?", swap)
    with journal(tmp_path) as kept:
        assert bron(service, kept).stams(HPGNS) == before
    assert service.asked.count("submit_stampseudoniemen") == 2


def test_an_identifier_that_was_changed_is_submitted_anew(tmp_path: Path) -> None:
    """
    An identifier that this ring did not seal for this batch is not used.
    """
    service = Service(retrieve=[Killed()])
    with suppress(Killed), journal(tmp_path) as kept:
        bron(service, kept).stams(HPGNS)
    with closing(sqlite3.connect(aanvragen_of(tmp_path / "u.csv"))) as rows, rows:
        rows.execute("UPDATE batch SET identifier = zeroblob(40)")
    with journal(tmp_path) as kept:
        assert len(bron(service, kept).stams(HPGNS)) == len(HPGNS)
    assert service.asked.count("submit_stampseudoniemen") == 2


def test_the_journal_of_another_ring_or_form_is_refused(tmp_path: Path) -> None:
    """
    A journal that cannot be read is never begun anew over what it holds.
    """
    with suppress(Killed), journal(tmp_path) as kept:
        bron(Service(), kept).stams(HPGNS)
        raise Killed
    with pytest.raises(ExchangeError, match="of this ring"), journal(tmp_path, OTHER):
        pass
    path = aanvragen_of(tmp_path / "u.csv")
    with closing(sqlite3.connect(path)) as rows, rows:
        rows.execute("PRAGMA user_version = 2")
    with pytest.raises(ExchangeError, match="form 1, got 2"), journal(tmp_path):
        pass
    assert path.exists()
    path.write_bytes(b"a class list")
    with pytest.raises(ExchangeError, match="journal of batches"), journal(tmp_path):
        pass
    assert path.read_bytes() == b"a class list"


def test_two_runs_do_not_share_a_journal(tmp_path: Path) -> None:
    """
    The second is refused at once.
    """
    with (
        journal(tmp_path),
        pytest.raises(ExchangeError, match="another run"),
        journal(tmp_path),
    ):
        pass


def test_a_run_that_fails_says_where_it_goes_on(tmp_path: Path) -> None:
    """
    The error has a note that names the journal; a run that ends well leaves none.
    """
    with pytest.raises(Killed) as caught, journal(tmp_path):
        raise Killed
    (note,) = caught.value.__notes__
    assert "u.csv.batches" in note
    with journal(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_run_without_a_journal_keeps_to_the_limits_too() -> None:
    """
    In one process the day's batches are counted; what was not sent is not.
    """
    service = Service(
        submit_stampseudoniemen=[TransportError("cut", sent=False)],
        retrieve=[fault(FaultReden.REMOVED)],
    )
    source = bron(service, grenzen=Grenzen(batch=5, per_day=2))
    with pytest.raises(TransportError):
        source.stams(HPGNS[:5])
    assert source.stams(HPGNS[:5]) == source.stams(HPGNS[:5])
    with pytest.raises(FaultError) as caught:
        source.stams(HPGNS[5:])
    assert caught.value.fault is FaultReden.DAILY_LIMIT


@pytest.mark.parametrize("name", ["batch", "per_day"])
def test_a_limit_is_a_number_that_a_service_can_have(name: str) -> None:
    """
    The user says both limits; none has a default, and none is 0.
    """
    right = {"batch": 10, "per_day": 10}
    for wrong in (0, -1, 2**31):
        with pytest.raises(RequestError, match=f"{name}: expected 1 to"):
            Grenzen(**{**right, name: wrong})
    for kind in (True, 1.5, "10", None):
        with pytest.raises(TypeError):
            Grenzen(**{**right, name: kind})  # type: ignore[arg-type]  # on purpose
    with pytest.raises(TypeError):
        Grenzen(batch=10)  # type: ignore[call-arg]  # on purpose


def test_a_source_without_keten_gives_no_ketenids() -> None:
    """
    A source for stampseudoniemen only does not guess a keten.
    """
    source = Dienstbron(LocalNummervoorziening(PILOT), grenzen=MANY)
    stams = [one for one in source.stams(HPGNS) if isinstance(one, Stampseudoniem)]
    with pytest.raises(TypeError, match="a keten and a sector"):
        source.ketenids(stams)
    with pytest.raises(TypeError, match="keten"):
        Dienstbron(LocalNummervoorziening(PILOT), grenzen=MANY, sector=Sector.PO)
