"""
A ring as the Nummervoorziening: it answers as the service does, on this machine.

It is what the stand-in serves. Batches and replacements are kept in memory.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from typing import Final, NamedTuple, final

from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid._version import __version__
from eckid.derivation import ketenid_of, stam_of
from eckid.errors import FaultError, FaultReden
from eckid.keten import LEERMIDDELENKETEN, Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.service.faults import fault
from eckid.service.nummervoorziening import (
    SECTOR_IDS,
    Batch,
    Begrip,
    Pong,
    Pseudoniem,
    Uitslag,
    a_batch,
    a_moment,
    a_stam,
    an_hpgn,
)

# Later than the service began, and always the same.
_EDITED: Final = datetime(2018, 1, 29, tzinfo=UTC)


def utc() -> datetime:
    """
    Return the moment it is, in UTC.
    """
    return datetime.now(UTC)


class _Replaced(NamedTuple):
    old: HPgn
    since: datetime


@final
class Uitslagen:
    """
    What batches gave, until each is retrieved, in memory.

    Args:
        now: Returns the moment it is; an identifier begins with it.
    """

    __slots__ = ("_gone", "_held", "_lock", "_now")

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._held: dict[str, Uitslag] = {}
        self._gone: set[str] = set()
        self._lock = Lock()

    def keep(self, uitslag: Uitslag) -> str:
        """
        Keep what a batch gave, and return its identifier: a moment and 32 hex digits.
        """
        name = f"{self._now():%Y%m%d%H%M%S}{secrets.token_hex(16)}"
        with self._lock:
            self._held[name] = uitslag
        return name

    def holds(self, identifier: str) -> bool:
        """
        Return whether it has what a batch gave.
        """
        return identifier in self._held

    def drop(self, identifier: str) -> None:
        """
        Forget a batch: who asks for it then hears that it was removed.
        """
        with self._lock:
            self._held.pop(identifier, None)
            self._gone.discard(identifier)

    def take(self, identifier: str) -> Uitslag:
        """
        Return what a batch gave, and keep it no longer.

        Raises:
            eckid.errors.FaultError: If it was taken before, or is not known.
        """
        with self._lock:
            if identifier in self._gone:
                raise fault(FaultReden.ALREADY_RETRIEVED)
            if identifier not in self._held:
                raise fault(FaultReden.REMOVED)
            self._gone.add(identifier)
            return self._held.pop(identifier)


@final
class LocalNummervoorziening(Unpickled):
    """
    A ring as the Nummervoorziening.

    Its pseudonyms are those of the ring, and never those of the national service. What
    is not known of the service is decided here: a number cannot replace itself, succeed
    itself in a circle, or replace two numbers; such a call gets the fault of an invalid
    HPgn.

    Args:
        sleutelbos: The ring.

        ketens: The ketens that it knows.

        sectoren: The sectors that it knows.

        now: Returns the moment it is, with a time zone; the clock of the machine.

    Attributes:
        namespace: What its identifiers begin with.
        release: The release of its ketenIDs: the newest of the ring.
        mark: The mark of the ring.
    """

    __slots__ = (
        "_by_new",
        "_ketenid",
        "_ketens",
        "_lock",
        "_now",
        "_sectoren",
        "_stam",
        "_successors",
        "_uitslagen",
        "mark",
        "namespace",
        "release",
    )

    def __init__(
        self,
        sleutelbos: Sleutelbos,
        *,
        ketens: Collection[Keten] = (LEERMIDDELENKETEN,),
        sectoren: Collection[Sector] = tuple(SECTOR_IDS),
        now: Callable[[], datetime] = utc,
    ) -> None:
        expect("sleutelbos", sleutelbos, Sleutelbos)
        self.namespace, self.mark = sleutelbos.namespace, sleutelbos.mark
        self.release = sleutelbos.releases[-1]
        self._ketens = [expect("keten", keten, Keten) for keten in ketens]
        self._sectoren = [expect("sector", sector, Sector) for sector in sectoren]
        self._now = now
        self._stam = stam_of(sleutelbos)
        self._ketenid = {
            (keten, sector): ketenid_of(keten, sector, sleutelbos=sleutelbos)
            for keten in self._ketens
            for sector in self._sectoren
        }
        self._uitslagen = Uitslagen(now)
        self._by_new: dict[HPgn, _Replaced] = {}
        # By a number that was replaced: those that replaced it, and from when.
        self._successors: dict[HPgn, dict[HPgn, datetime]] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<LocalNummervoorziening {self.release}, keys hidden>"

    def ping(self) -> Pong:
        """
        Return that it is available, its version and its clock.

        The version begins as that of the service, by which its clients know it.
        """
        return Pong(True, f"2.0-eckid-{__version__}", self._now())  # noqa: FBT003  # a field

    def stampseudoniem(self, hpgn: HPgn) -> Stampseudoniem:
        """
        Return the stampseudoniem of an HPgn.

        Raises:
            eckid.errors.RequestError: If another scheme made the HPgn.
            eckid.errors.FaultError: If another number replaced this one.
        """
        now, found = self._now(), an_hpgn(hpgn)
        with self._lock:
            self._check(found)
            while (one := self._by_new.get(found)) is not None and one.since <= now:
                found = one.old
        return self._stam(found)

    def ketenid(self, stam: Stampseudoniem, *, keten: Keten, sector: Sector) -> KetenID:
        """
        Return the ketenID of a stampseudoniem in a keten and sector.

        Raises:
            eckid.errors.FaultError: If it does not know the keten or the sector.
            eckid.errors.RequestError: If another ring or service made the
                stampseudoniem.
        """
        a_stam(stam, namespace=self.namespace)
        return self.deriving(keten, sector)(stam)

    def submit_stampseudoniemen(self, hpgns: Mapping[int, HPgn]) -> Batch:
        """
        Hand in a batch of HPgns, each by an index of your own.

        Raises:
            eckid.errors.RequestError: If the batch is empty, or has an HPgn of another
                scheme.
        """
        a_batch("hpgns", hpgns, an_hpgn)
        made: dict[int, Pseudoniem] = {}
        for index, hpgn in hpgns.items():
            with suppress(FaultError):
                made[index] = self.stampseudoniem(hpgn)
        refused = frozenset(hpgns.keys() - made.keys())
        return Batch(self._uitslagen.keep(Uitslag(made, refused)))

    def submit_ketenids(
        self, stams: Mapping[int, Stampseudoniem], *, keten: Keten, sector: Sector
    ) -> Batch:
        """
        Hand in a batch of stampseudoniemen, each by an index of your own.

        Raises:
            eckid.errors.FaultError: If it does not know the keten or the sector.
            eckid.errors.RequestError: If the batch is empty, or another ring or service
                made one of the stampseudoniemen.
        """
        a_batch("stams", stams, partial(a_stam, namespace=self.namespace))
        derive = self.deriving(keten, sector)
        made = {index: derive(stam) for index, stam in stams.items()}
        return Batch(self._uitslagen.keep(Uitslag(made)), keten, sector)

    def retrieve(self, batch: Batch) -> Uitslag:
        """
        Return what a batch gave. It can be had once.

        Raises:
            eckid.errors.FaultError: If it was retrieved before, or is not known.
        """
        return self._uitslagen.take(expect("batch", batch, Batch).identifier)

    def replace(
        self, *, old: HPgn, new: HPgn, on: datetime | None = None
    ) -> Stampseudoniem:
        """
        Let a new number keep the stampseudoniem of an old one, at once or from *on*.

        Returns:
            The stampseudoniem that the new number has now.

        Raises:
            eckid.errors.FaultError: If the new number would succeed itself, replaced
                another number already, or was replaced itself.
            eckid.errors.RequestError: If another scheme made an HPgn, or *on* has no
                time zone.
        """
        since = a_moment(on) or self._now()
        an_hpgn(old), an_hpgn(new)
        with self._lock:
            if self._by_new.get(new, _Replaced(old, since)).old != old:
                raise fault(FaultReden.INVALID_HPGN)
            at = old
            # Only a number that was replaced itself can close a circle.
            while new in self._successors and at != new and at in self._by_new:
                at = self._by_new[at].old
            if at == new:
                raise fault(FaultReden.INVALID_HPGN)
            # A number that is blocked takes nothing over, and nothing is kept of it.
            self._check(new)
            self._by_new[new] = _Replaced(old, since)
            self._successors.setdefault(old, {})[new] = since
        return self.stampseudoniem(new)

    def ketens(self) -> Sequence[Begrip]:
        """
        Return the ketens that it knows.
        """
        return [Begrip(one.id, one.naam, one.naam, _EDITED) for one in self._ketens]

    def sectoren(self) -> Sequence[Begrip]:
        """
        Return the sectors that it knows.
        """
        return [
            Begrip(SECTOR_IDS[one], one.name, one.value, _EDITED)
            for one in self._sectoren
        ]

    def _check(self, hpgn: HPgn) -> None:
        """
        Raise if another number replaced this one by now.
        """
        now = self._now()
        if any(since <= now for since in self._successors.get(hpgn, {}).values()):
            raise fault(FaultReden.BLOCKED_HPGN)

    def deriving(
        self, keten: Keten, sector: Sector
    ) -> Callable[[Stampseudoniem], KetenID]:
        """
        Return what makes ketenIDs in a keten and sector.

        Raises:
            eckid.errors.FaultError: If it does not know the keten or the sector.
        """
        if expect("keten", keten, Keten) not in self._ketens:
            raise fault(FaultReden.INVALID_CHAIN)
        if expect("sector", sector, Sector) not in self._sectoren:
            raise fault(FaultReden.INVALID_SECTOR)
        return self._ketenid[keten, sector]
