"""
The source of pseudonyms: what makes a stampseudoniem, and a ketenID of it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar, final

from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.derivation import ketenid_of, stam_of
from eckid.derivation.formulas import digests, keten_state, prefix_of, stam_state
from eckid.exchange.rows import Weigergrond
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.scheme import Scheme

T = TypeVar("T")


class Bron(Protocol):
    """
    A source of pseudonyms: a ring, or what has no ring and is asked.

    A stampseudoniem needs no keten; a ketenID does. An answer may be the reason why
    there is none.

    Attributes:
        keten: The chain of the ketenIDs; None where none are asked for.
        sector: The sector in which all are enrolled; None as for `keten`.
        release: The release of its ketenIDs.
        namespace: What its identifiers begin with.
        rehearsal: Whether they look like those of the pilot service.
        batch: How many persons it is asked for at a time, at most.
        mark: What tells it from another source, and nothing of its keys.
    """

    keten: Keten | None
    sector: Sector | None
    release: str
    namespace: str
    rehearsal: bool
    batch: int
    mark: str

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Stampseudoniem | Weigergrond]:
        """
        Return the stampseudoniem of each person, in order.
        """

    def ketenids(
        self, stams: Sequence[Stampseudoniem]
    ) -> Sequence[KetenID | Weigergrond]:
        """
        Return the ketenID of each person, in order.
        """


@final
class Ringbron(Unpickled):
    """
    A ring as the source.

    Attributes:
        sleutelbos: The ring. The others are as for `Bron`; the release is the ring's
            newest where none is named, and the batch is 1: a ring answers at once.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.SecretError: If the ring has no such release.
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
        self.rehearsal = sleutelbos.rehearsal
        self.release = sleutelbos.releases[-1] if release is None else release
        sleutelbos.mac_keten(self.release)  # refuses another than the ring's
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
        Return the stampseudoniem of each person, in order.
        """
        return [self._stam(hpgn) for hpgn in hpgns]

    def ketenids(self, stams: Sequence[Stampseudoniem]) -> Sequence[KetenID]:
        """
        Return the ketenID of each person, in order.

        Raises:
            TypeError: If the source was given no keten and sector.
        """
        if self._ketenid is None:
            raise TypeError("bron: expected a keten and a sector, got none")
        return [self._ketenid(stam) for stam in stams]

    def stam_octets(self, hpgns: Iterable[bytes], *, scheme: Scheme) -> list[bytes]:
        """
        Return the 64 bytes of each stampseudoniem, of the 32 of each HPgn.
        """
        return digests(stam_state(scheme, sleutelbos=self.sleutelbos), hpgns)

    def keten_octets(self, stams: Iterable[bytes]) -> list[bytes]:
        """
        Return the 64 bytes of each ketenID, of the 64 of each stampseudoniem.

        Raises:
            TypeError: If the source was given no keten and sector.
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
        What the ketenIDs begin with.
        """
        return prefix_of(self.sleutelbos, self.release)


def answers(
    name: str, asked: Sequence[object], got: Sequence[T], *kinds: type[object]
) -> Sequence[T]:
    """
    Return what a source answered: as many as were asked for, and of these kinds.

    Raises:
        ValueError: If there are more or fewer.
        TypeError: If they are no sequence, or one is of another kind.
    """
    if len(expect(name, got, Sequence)) != len(asked):  # type: ignore[type-abstract]  # only asks
        raise ValueError(f"{name}: expected {len(asked)} answers, got {len(got)}")
    for one in got:
        expect(name, one, *kinds)
    return got
