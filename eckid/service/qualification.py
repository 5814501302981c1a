"""
The qualification programme as a checklist, which runs against any service.

The national service asks a new client to show that it can ping, get pseudonyms of
pupils and of teachers, and replace a number. Its programme is known from the code of
the reference clients, whose tests these checks follow. Only numbers that are made up
here are sent, anew for each run, because a replacement cannot be taken back.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple, TypeVar

from eckid._core.values import expect
from eckid.errors import Doe, FaultError, FaultReden, ServiceError, TransportError
from eckid.keten import Keten, Sector
from eckid.pseudonyms import HPgn
from eckid.scheme import NUMMERVOORZIENING
from eckid.service.nummervoorziening import (
    SECTOR_IDS,
    Batch,
    Nummervoorziening,
    Uitslag,
)
from eckid.service.transport import Tijden

T = TypeVar("T")

# A keten that nobody has: its UUID is of version 0.
_NO_KETEN: Final = Keten("00000000-0000-0000-0000-000000000001")
_NOW: Final = Tijden()


class Proef(NamedTuple):
    """
    One check of the programme.

    Attributes:
        part: The part of the programme: ping, pupils, teachers or substitution.
        expected: What the service is expected to do.
        outcome: What it did, in words without values.
        passed: Whether that is as expected.
    """

    part: str
    expected: str
    outcome: str
    passed: bool


def qualify(
    dienst: Nummervoorziening,
    *,
    keten: Keten,
    sector: Sector,
    tijden: Tijden = _NOW,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[Proef]:
    """
    Run the programme, and yield each check when it is done.

    A check that fails stops no other; a connection that fails stops all, and the
    checks that are left are yielded as not tried.

    Args:
        dienst: The service, in an environment for tests: what is made stays there.

        keten: A keten that it knows.

        sector: A sector that it knows.

        tijden: How long and how often a batch is waited for.

        wait: Waits for a number of seconds.
    """
    expect("dienst", dienst, Nummervoorziening)  # type: ignore[type-abstract]  # only asks
    expect("keten", keten, Keten)
    expect("sector", sector, Sector)
    run = _Programme(dienst, keten, sector, expect("tijden", tijden, Tijden), wait)
    gone = False
    for (part, expected), check in _CHECKS.items():
        passed, outcome = False, "not tried: the connection failed before"
        if not gone:
            try:
                passed = check(run)
                outcome = "as expected" if passed else "another answer"
            except ServiceError as error:
                gone = isinstance(error, TransportError)
                outcome = str(error)
        yield Proef(part, expected, outcome, passed)


class _Programme:
    """
    What the checks share: the service, and numbers that nobody has.
    """

    def __init__(
        self,
        dienst: Nummervoorziening,
        keten: Keten,
        sector: Sector,
        tijden: Tijden,
        wait: Callable[[float], object],
    ) -> None:
        self.dienst, self.keten, self.sector = dienst, keten, sector
        self.where: dict[str, Any] = {"keten": keten, "sector": sector}
        self.pupil, self.teacher, self.other = _made_up(3)
        self._tijden, self._wait = tijden, wait

    def retrieved(self, batch: Batch) -> Uitslag:
        """
        Return what a batch gave, as soon as the service has finished.
        """
        for _ in range(self._tijden.polls - 1):
            try:
                return self.dienst.retrieve(batch)
            except FaultError as error:
                if error.doe is not Doe.WAIT:
                    raise
            self._wait(self._tijden.poll)
        return self.dienst.retrieve(batch)


def _made_up(many: int) -> Sequence[HPgn]:
    return [HPgn(secrets.token_bytes(32), NUMMERVOORZIENING) for _ in range(many)]


def _refuses(ask: Callable[[], object], *reden: FaultReden) -> bool:
    """
    Return whether a call gets one of these faults; another fault is raised.
    """
    try:
        ask()
    except FaultError as error:
        if error.fault not in reden:
            raise
        return True
    return False


def _answers(run: _Programme) -> bool:
    pong = run.dienst.ping()
    return pong.available and pong.version.startswith("2.0")


def _lists_ketens(run: _Programme) -> bool:
    return run.keten.id in {one.id for one in run.dienst.ketens()}


def _lists_sectoren(run: _Programme) -> bool:
    listed = {one.id for one in run.dienst.sectoren()}
    return SECTOR_IDS.get(run.sector) in listed


def _makes_stam(run: _Programme) -> bool:
    one, again, other = map(
        run.dienst.stampseudoniem, (run.pupil, run.pupil, run.other)
    )
    return one == again != other


def _makes_ketenid(run: _Programme) -> bool:
    return _ketenid(run, run.pupil) == _ketenid(run, run.pupil)


def _makes_teacher(run: _Programme) -> bool:
    one, again = (_ketenid(run, run.teacher) for _ in range(2))
    return one == again != _ketenid(run, run.pupil)


def _ketenid(run: _Programme, hpgn: HPgn) -> object:
    return run.dienst.ketenid(run.dienst.stampseudoniem(hpgn), **run.where)


def _takes_batches(run: _Programme) -> bool:
    dienst = run.dienst
    hpgns = dict(enumerate((run.pupil, run.teacher, run.other)))
    stams = run.retrieved(dienst.submit_stampseudoniemen(hpgns))
    single = {n: dienst.stampseudoniem(hpgn) for n, hpgn in hpgns.items()}
    if stams.refused or stams.made != single:
        return False
    ketenids = run.retrieved(dienst.submit_ketenids(single, **run.where))
    made = {n: dienst.ketenid(stam, **run.where) for n, stam in single.items()}
    return not ketenids.refused and ketenids.made == made


def _gives_once(run: _Programme) -> bool:
    batch = run.dienst.submit_stampseudoniemen({0: run.pupil})
    run.retrieved(batch)
    # Either says that it cannot be had again.
    gone = FaultReden.ALREADY_RETRIEVED, FaultReden.REMOVED
    return _refuses(lambda: run.dienst.retrieve(batch), *gone)


def _refuses_keten(run: _Programme) -> bool:
    stam = run.dienst.stampseudoniem(run.pupil)

    def ask() -> object:
        return run.dienst.ketenid(stam, keten=_NO_KETEN, sector=run.sector)

    return _refuses(ask, FaultReden.INVALID_CHAIN)


def _replaces(run: _Programme) -> bool:
    old, new = _made_up(2)
    kept = run.dienst.stampseudoniem(old)
    run.dienst.replace(old=old, new=new)
    return run.dienst.stampseudoniem(new) == kept


def _refuses_old(run: _Programme) -> bool:
    old, new = _made_up(2)
    run.dienst.replace(old=old, new=new)
    return _refuses(lambda: run.dienst.stampseudoniem(old), FaultReden.BLOCKED_HPGN)


def _replaces_twice(run: _Programme) -> bool:
    old, between, new = _made_up(3)
    kept = run.dienst.stampseudoniem(old)
    run.dienst.replace(old=old, new=between)
    run.dienst.replace(old=between, new=new)
    return run.dienst.stampseudoniem(new) == kept


def _replaces_later(run: _Programme) -> bool:
    old, new = _made_up(2)
    before = run.dienst.stampseudoniem(new)
    # By the clock of the service, whatever ours says.
    later = run.dienst.ping().time + timedelta(days=2)
    said = run.dienst.replace(old=old, new=new, on=later)
    return said == before == run.dienst.stampseudoniem(new)


_CHECKS: Final[Mapping[tuple[str, str], Callable[[_Programme], bool]]] = {
    ("ping", "it is available, and its version begins with 2.0"): _answers,
    ("ping", "the keten is among those that it lists"): _lists_ketens,
    ("ping", "the sector is among those that it lists"): _lists_sectoren,
    ("pupils", "a number has one stampseudoniem, and another number has another"): (
        _makes_stam
    ),
    ("pupils", "a stampseudoniem has one ketenID in a keten and sector"): (
        _makes_ketenid
    ),
    ("pupils", "a batch gives what single calls give, by its index"): _takes_batches,
    ("pupils", "a batch can be retrieved once"): _gives_once,
    ("pupils", "a keten that it does not know is refused"): _refuses_keten,
    ("teachers", "a teacher has a ketenID, as a pupil has"): _makes_teacher,
    ("substitution", "a new number keeps the stampseudoniem of the old"): _replaces,
    ("substitution", "the old number is refused from then on"): _refuses_old,
    ("substitution", "a number that replaced one can be replaced"): _replaces_twice,
    ("substitution", "until a later day the new number has its own"): _replaces_later,
}
