"""
The core of a stand-in: a ring as the service, and the behaviours to rehearse.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock
from typing import Final, TypeVar, final

from eckid._core.bounds import BATCHES_HELD, REPLACED
from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.errors import (
    FaultError,
    FaultReden,
    PseudonymError,
    RequestError,
)
from eckid.keten import LEERMIDDELENKETEN, Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.service.faults import fault
from eckid.service.local import LocalNummervoorziening, Uitslagen, utc
from eckid.service.messages import BEGRIPPEN
from eckid.service.nummervoorziening import (
    SECTOR_IDS,
    Batch,
    Begrip,
    Pong,
    Pseudoniem,
    Uitslag,
    a_batch,
    a_stam,
    an_hpgn,
)
from eckid.service.standin.gedrag import Gedrag
from eckid.service.standin.ring import a_rehearsal_ring

T = TypeVar("T")

_SECTORS: Final = {BEGRIPPEN + id_: sector for sector, id_ in SECTOR_IDS.items()}
_KETENS: Final = {BEGRIPPEN + keten.id: keten for keten in (LEERMIDDELENKETEN,)}


@final
class Held:
    """
    What all schools of a stand-in share: its ring, batches and replacements.

    Args:
        sleutelbos: A rehearsal ring with the public test salt.

        now: Returns the moment it is, with a time zone.
    """

    __slots__ = (
        "_batches",
        "_items",
        "_lock",
        "_replaced",
        "dienst",
        "now",
        "uitslagen",
    )

    def __init__(self, sleutelbos: Sleutelbos, now: Callable[[], datetime]) -> None:
        self.dienst = LocalNummervoorziening(a_rehearsal_ring(sleutelbos), now=now)
        self.uitslagen, self.now = Uitslagen(now), now
        self._batches: deque[tuple[str, int]] = deque()
        self._items = self._replaced = 0
        self._lock = Lock()

    def keep(self, uitslag: Uitslag) -> str:
        """
        Keep what a batch gave; beyond a bound the oldest go.
        """
        identifier = self.uitslagen.keep(uitslag)
        size = len(uitslag.made) + len(uitslag.refused)
        with self._lock:
            self._batches.append((identifier, size))
            self._items += size
            while self._items > BATCHES_HELD.most:
                oldest, size = self._batches.popleft()
                self._items -= size
                self.uitslagen.drop(oldest)
        return identifier

    def replace(self, old: HPgn, new: HPgn, on: datetime | None) -> Stampseudoniem:
        """
        Replace a number; only so many are kept.

        Raises:
            eckid.errors.RequestError: If there are too many.
        """
        with self._lock:
            if self._replaced >= REPLACED.most:
                raise RequestError(REPLACED.beyond())
            made = self.dienst.replace(old=old, new=new, on=on)
            self._replaced += 1
        return made


@final
class Oefendienst(Unpickled):
    """
    A ring as the Nummervoorziening to rehearse with, for schools of one behaviour.

    What is not known of the service is decided here, as for `LocalNummervoorziening`.

    Args:
        sleutelbos: A rehearsal ring with the public test salt.

        gedrag: What it does beside answering well.

        now: Returns the moment it is, with a time zone; the clock of the machine.

    Attributes:
        namespace: What its identifiers begin with.
        release: The release of its ketenIDs.
        mark: The mark of the ring.

    Raises:
        eckid.errors.SecretError: If it is another ring.
    """

    __slots__ = (
        "_counts",
        "_day",
        "_held",
        "_lock",
        "gedrag",
        "mark",
        "namespace",
        "release",
    )

    def __init__(
        self,
        sleutelbos: Sleutelbos,
        *,
        gedrag: Gedrag | None = None,
        now: Callable[[], datetime] = utc,
    ) -> None:
        self._fill(Held(sleutelbos, now), gedrag or Gedrag())

    def _fill(self, held: Held, gedrag: Gedrag) -> None:
        self._held, self.gedrag = held, expect("gedrag", gedrag, Gedrag)
        dienst = held.dienst
        self.namespace, self.release = dienst.namespace, dienst.release
        self.mark = dienst.mark
        self._counts: dict[str, int] = {
            name: getattr(gedrag, name)
            for name in ("blocked", "removed", "cuts", "wrong_index", "duplicate_index")
        }
        self._day = ("", 0)
        self._lock = Lock()

    def beside(self, gedrag: Gedrag) -> "Oefendienst":
        """
        Return the same service with another behaviour, for other schools.
        """
        made = object.__new__(Oefendienst)
        made._fill(self._held, gedrag)
        return made

    def __repr__(self) -> str:
        return f"<Oefendienst REHEARSAL {self.release}, keys hidden>"

    def ping(self) -> Pong:
        """
        Return that it is available, its version and its clock.
        """
        return self._held.dienst.ping()

    def stampseudoniem(self, hpgn: HPgn) -> Stampseudoniem:
        """
        Return the stampseudoniem of an HPgn.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        self._allow("retrieveStampseudonym")
        return self._held.dienst.stampseudoniem(hpgn)

    def ketenid(self, stam: Stampseudoniem, *, keten: Keten, sector: Sector) -> KetenID:
        """
        Return the ketenID of a stampseudoniem in a keten and sector.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        self._allow("retrieveEckId")
        return self._held.dienst.ketenid(stam, keten=keten, sector=sector)

    def submit_stampseudoniemen(self, hpgns: Mapping[int, HPgn]) -> Batch:
        """
        Hand in a batch of HPgns, each by an index of your own.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        a_batch("hpgns", hpgns, an_hpgn)
        return self.hand_in_hpgns(hpgns.items(), lambda hpgn: hpgn)

    def submit_ketenids(
        self, stams: Mapping[int, Stampseudoniem], *, keten: Keten, sector: Sector
    ) -> Batch:
        """
        Hand in a batch of stampseudoniemen, each by an index of your own.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        a_batch("stams", stams, lambda stam: a_stam(stam, namespace=self.namespace))
        return self.hand_in_stams(
            stams.items(), lambda stam: stam, keten=keten, sector=sector
        )

    def retrieve(self, batch: Batch) -> Uitslag:
        """
        Return what a batch gave. It can be had once.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        self._allow("retrieveBatch")
        name = expect("batch", batch, Batch).identifier
        uitslagen = self._held.uitslagen
        if uitslagen.holds(name):
            # Its identifier begins with the moment, in UTC.
            began = datetime.strptime(name[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            until = began + timedelta(seconds=self.gedrag.not_finished)
            if self.gedrag.not_finished and self._held.now() < until:
                raise fault(FaultReden.NOT_FINISHED)
            if self.turn("removed"):
                uitslagen.drop(name)
        found = uitslagen.take(name)
        if found.made and self.turn("wrong_index"):
            first, *others = found.made
            given = found.made.keys() | found.refused
            strange = next(n for n in count() if n not in given)
            made = {strange: found.made[first], **{n: found.made[n] for n in others}}
            return Uitslag(made, found.refused)
        return found

    def replace(
        self, *, old: HPgn, new: HPgn, on: datetime | None = None
    ) -> Stampseudoniem:
        """
        Let a new number keep the stampseudoniem of an old one, at once or from *on*.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        self._allow("replaceStampseudonym")
        return self._held.replace(old, new, on)

    def ketens(self) -> Sequence[Begrip]:
        """
        Return the ketens that it knows.
        """
        self._allow("retrieveChains")
        return self._held.dienst.ketens()

    def sectoren(self) -> Sequence[Begrip]:
        """
        Return the sectors that it knows.
        """
        self._allow("retrieveSectors")
        return self._held.dienst.sectoren()

    def hand_in_hpgns(
        self, listed: Iterable[tuple[int, T]], read: Callable[[T], HPgn]
    ) -> Batch:
        """
        Hand in a batch, of which some may not be HPgns: those fail alone.

        Args:
            listed: What stands for each HPgn, with its index.

            read: Makes an HPgn of it; or raises a `PseudonymError`.
        """
        self._submit("submitStampseudonymBatch")
        make = self._held.dienst.stampseudoniem
        return Batch(self._keep(listed, lambda one: make(read(one))))

    def hand_in_stams(
        self,
        listed: Iterable[tuple[int, T]],
        read: Callable[[T], Stampseudoniem],
        *,
        keten: Keten,
        sector: Sector,
    ) -> Batch:
        """
        Hand in a batch, of which some may not be stampseudoniemen: those fail alone.

        Args:
            listed: What stands for each stampseudoniem, with its index.

            read: Makes a stampseudoniem of it; or raises a `PseudonymError`.

            keten: The keten of all.

            sector: The sector of all.
        """
        # A bad keten or sector fails the whole, and takes nothing of what a day has.
        make = self._held.dienst.deriving(keten, sector)
        self._submit("submitEckIdBatch")
        identifier = self._keep(listed, lambda one: make(read(one)))
        return Batch(identifier, keten, sector)

    def turn(self, name: str) -> bool:
        """
        Return whether a behaviour that happens so many times happens now.
        """
        with self._lock:
            left = self._counts.get(expect("name", name, str), 0)
            if left:
                self._counts[name] = left - 1
        return left > 0

    def touches(self, operation: str) -> bool:
        """
        Return whether what is slow, cut or blocked is this operation.
        """
        return self.gedrag.only is None or self.gedrag.only == operation

    def read_stam(self, text: str) -> Stampseudoniem:
        """
        Read a stampseudoniem that was made under the ring.

        Raises:
            eckid.errors.PseudonymError: If it has another form or namespace.
        """
        return Stampseudoniem.parse(text, namespace=self.namespace)

    def _keep(
        self, listed: Iterable[tuple[int, T]], make: Callable[[T], Pseudoniem]
    ) -> str:
        made: dict[int, Pseudoniem] = {}
        refused: set[int] = set()
        for index, one in listed:
            try:
                made[index] = make(one)
            except (PseudonymError, FaultError):
                refused.add(index)
        return self._held.keep(Uitslag(made, frozenset(refused)))

    def _submit(self, operation: str) -> None:
        self._allow(operation)
        most, today = self.gedrag.per_day, f"{self._held.now().astimezone(UTC):%Y%m%d}"
        with self._lock:
            day, taken = self._day
            taken = taken if day == today else 0
            if most is not None and taken >= most:
                raise fault(FaultReden.DAILY_LIMIT)
            self._day = (today, taken + 1)

    def _allow(self, operation: str) -> None:
        if self.touches(operation) and self.turn("blocked"):
            raise fault(FaultReden.TEMPORARY_BLOCKED)


def keten_of(text: str) -> Keten:
    """
    Return the keten of an id on the wire.

    Raises:
        eckid.errors.FaultError: If it is not known.
    """
    with foreign(fault(FaultReden.INVALID_CHAIN), KeyError):
        return _KETENS[text]


def sector_of(text: str) -> Sector:
    """
    Return the sector of an id on the wire.

    Raises:
        eckid.errors.FaultError: If it is not known.
    """
    with foreign(fault(FaultReden.INVALID_SECTOR), KeyError):
        return _SECTORS[text]
