"""
Sources of pseudonyms: from HPgn to stampseudoniem, and from that to ketenID.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar, final, runtime_checkable

from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.derivation import ketenid_of, stam_of
from eckid.derivation.formulas import digests, keten_state, prefix_of, stam_state
from eckid.exchange.rows import Weigerreden
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.scheme import Scheme

T = TypeVar("T")


@runtime_checkable
class Bron(Protocol):
    """
    A source of pseudonyms: a ring, or a service that is asked for them.

    An answer may be a reason instead of a pseudonym; that row is then refused.

    Attributes:
        keten: The chain of the ketenIDs; None for stampseudoniemen only.
        sector: The sector in which all persons are enrolled; None for
            stampseudoniemen only.
        release: The release of the ketenIDs.
        namespace: The URL that its identifiers begin with.
        rehearsal: Whether its ketenIDs look like those of the pilot service.
        batch: How many persons are asked for in one call, at most.
        mark: A text that differs for every source and reveals nothing of its keys.
        resolves: Whether it is a service with a memory of its own: it knows which
            number replaced which, and what it made is kept, to ask it once.
    """

    keten: Keten | None
    sector: Sector | None
    release: str
    namespace: str
    rehearsal: bool
    batch: int
    mark: str
    resolves: bool

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Stampseudoniem | Weigerreden]:
        """
        Return for each HPgn its stampseudoniem, or a reason to refuse; in order.
        """

    def ketenids(
        self, stams: Sequence[Stampseudoniem]
    ) -> Sequence[KetenID | Weigerreden]:
        """
        Return for each stampseudoniem its ketenID, or a reason to refuse; in order.
        """


@final
class Ringbron(Unpickled):
    """
    A ring of keys as the source of pseudonyms.

    Args:
        sleutelbos: The ring.

        keten: The chain of the ketenIDs; needed with *sector*, and not for
            stampseudoniemen only.

        sector: The sector in which all persons are enrolled; needed with *keten*.

        release: A release of the ring; None is the newest.

    Attributes:
        sleutelbos: The ring.
        keten: The chain of the ketenIDs, or None.
        sector: The sector in which all persons are enrolled, or None.
        release: The release of the ketenIDs.
        namespace: The URL that the identifiers of the ring begin with.
        rehearsal: Whether it is a rehearsal ring.
        batch: Always 1: a ring needs no batches.
        mark: A text that differs for every ring and reveals nothing of its keys.
        resolves: Always False: a ring knows no numbers.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO, which has no ketenIDs.
        eckid.errors.SecretError: If the ring has no such release.
        TypeError: If only one of *keten* and *sector* is given.
    """

    __slots__ = (
        "_ketenid",
        "_stam",
        "batch",
        "keten",
        "mark",
        "namespace",
        "rehearsal",
        "release",
        "resolves",
        "sector",
        "sleutelbos",
    )

    def __init__(
        self,
        sleutelbos: Sleutelbos,
        *,
        keten: Keten | None = None,
        sector: Sector | None = None,
        release: str | None = None,
    ) -> None:
        self.sleutelbos = expect("sleutelbos", sleutelbos, Sleutelbos)
        self.keten, self.sector, self.batch = keten, sector, 1
        self.namespace, self.mark = sleutelbos.namespace, sleutelbos.mark
        self.rehearsal, self.resolves = sleutelbos.rehearsal, False
        self.release = sleutelbos.releases[-1] if release is None else release
        sleutelbos.mac_keten(self.release)  # refuses an unknown release
        self._stam = stam_of(sleutelbos)
        self._ketenid: Callable[[Stampseudoniem], KetenID] | None = None
        if keten is not None or sector is not None:
            self._ketenid = ketenid_of(
                expect("keten", keten, Keten),
                expect("sector", sector, Sector),
                sleutelbos=sleutelbos,
                release=release,
            )

    def __repr__(self) -> str:
        return f"<Ringbron {self.release}, keys hidden>"

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Stampseudoniem]:
        """
        Return the stampseudoniem of each HPgn, in order.
        """
        return [self._stam(hpgn) for hpgn in hpgns]

    def ketenids(self, stams: Sequence[Stampseudoniem]) -> Sequence[KetenID]:
        """
        Return the ketenID of each stampseudoniem, in order.

        Raises:
            TypeError: If this source was made without keten and sector.
        """
        if self._ketenid is None:
            raise TypeError("bron: expected a keten and a sector, got none")
        return [self._ketenid(stam) for stam in stams]

    def stam_octets(self, hpgns: Iterable[bytes], *, scheme: Scheme) -> list[bytes]:
        """
        Return the stampseudoniem of each HPgn, as bytes, in order.

        Args:
            hpgns: The 32 bytes of each HPgn.

            scheme: The scheme that made the HPgns.

        Returns:
            The 64 bytes of each stampseudoniem: handle them as secrets.
        """
        return digests(stam_state(scheme, sleutelbos=self.sleutelbos), hpgns)

    def keten_octets(self, stams: Iterable[bytes]) -> list[bytes]:
        """
        Return the ketenID of each stampseudoniem, as bytes, in order.

        Args:
            stams: The 64 bytes of each stampseudoniem.

        Returns:
            The 64 bytes of each ketenID; after `prefix` their hex completes the URI.

        Raises:
            TypeError: If this source was made without keten and sector.
        """
        keten = expect("keten", self.keten, Keten)
        sector = expect("sector", self.sector, Sector)
        state = keten_state(
            keten, sector, sleutelbos=self.sleutelbos, release=self.release
        )
        return digests(state, stams)

    @property
    def prefix(self) -> str:
        """
        The text that every ketenID of this source begins with: namespace and release.
        """
        return prefix_of(self.sleutelbos, self.release)


def answers(
    name: str, asked: Sequence[object], got: Sequence[T], *kinds: type[object]
) -> Sequence[T]:
    """
    Check the answers of a source, and return them.

    Args:
        name: What the answers are, for an error.

        asked: What the source was asked about.

        got: Its answers: as many as *asked*, in the same order.

        kinds: The types that an answer may have.

    Raises:
        ValueError: If there are more or fewer answers.
        TypeError: If the answers are not a sequence, or one has another type.
    """
    if len(expect(name, got, Sequence)) != len(asked):  # type: ignore[type-abstract]  # only asks
        raise ValueError(f"{name}: expected {len(asked)} answers, got {len(got)}")
    for one in got:
        expect(name, one, *kinds)
    return got
