"""
One stampseudoniem or ketenID, and what makes many: a callable that is made once.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from eckid._core.values import expect
from eckid.derivation.formulas import keten_state, prefix_of, stam_state
from eckid.errors import PseudonymError, PseudonymReason
from eckid.keten import Keten, Sector
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.pseudonyms.ketenid import unchecked


def stam_of(sleutelbos: Sleutelbos) -> Callable[[HPgn], Stampseudoniem]:
    """
    Return what derives stampseudoniemen, as `derive_stampseudoniem` does one.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    namespace, release = sleutelbos.namespace, sleutelbos.releases[0]
    rehearsal = sleutelbos.rehearsal
    state = cache(partial(stam_state, sleutelbos=sleutelbos))

    def derive(hpgn: HPgn) -> Stampseudoniem:
        mac = state(expect("HPgn", hpgn, HPgn).scheme).copy()
        mac.update(hpgn.expose_octets())
        return Stampseudoniem(
            mac.finalize(), namespace=namespace, release=release, rehearsal=rehearsal
        )

    return derive


def ketenid_of(
    keten: Keten,
    sector: Sector,
    *,
    sleutelbos: Sleutelbos,
    release: str | None = None,
) -> Callable[[Stampseudoniem], KetenID]:
    """
    Return what derives ketenIDs, as `derive_ketenid` does one.

    Args:
        keten: The chain.

        sector: Where the persons are enrolled. In `Sector.HO` none exists.

        sleutelbos: The ring that made the stampseudoniemen.

        release: One of the ring's; None is the newest.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.SecretError: If the ring has no such release.
    """
    copy = keten_state(keten, sector, sleutelbos=sleutelbos, release=release).copy
    prefix = prefix_of(sleutelbos, release)
    namespace = sleutelbos.namespace
    notes = (keten, sector, sleutelbos.rehearsal)

    def derive(stam: Stampseudoniem) -> KetenID:
        if type(stam) is not Stampseudoniem:
            expect("stampseudoniem", stam, Stampseudoniem)
        if stam.namespace != namespace:
            raise PseudonymError(
                "stampseudoniem: expected the namespace of the ring, got another",
                PseudonymReason.NAMESPACE,
            )
        mac = copy()
        mac.update(stam.expose_octets())
        return unchecked(prefix + mac.finalize().hex(), notes)

    return derive


def derive_stampseudoniem(hpgn: HPgn, *, sleutelbos: Sleutelbos) -> Stampseudoniem:
    """
    Derive the stampseudoniem of a person, for life and across sectors.

    Args:
        hpgn: What `hash_pgn` made, or the service was given.

        sleutelbos: The ring. Its releases play no part.

    Returns:
        The stampseudoniem. Store it sealed (`Sleutelbos.seal`); the PGN is not
        needed again.
    """
    return stam_of(sleutelbos)(hpgn)


def derive_ketenid(
    stam: Stampseudoniem,
    *,
    keten: Keten,
    sector: Sector,
    sleutelbos: Sleutelbos,
    release: str | None = None,
) -> KetenID:
    """
    Derive what recipients in *keten* and *sector* know a person by.

    Args:
        stam: The person's stampseudoniem.

        keten: The chain, such as `LEERMIDDELENKETEN`.

        sector: Where the person is enrolled. In `Sector.HO` none exists.

        sleutelbos: The ring that made the stampseudoniem.

        release: One of the ring's; None is the newest.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.PseudonymError: If the stampseudoniem is of another
            namespace than the ring.
        eckid.errors.SecretError: If the ring has no such release.
    """
    return ketenid_of(keten, sector, sleutelbos=sleutelbos, release=release)(stam)


def derive_ketenids(
    stams: Iterable[Stampseudoniem],
    *,
    keten: Keten,
    sector: Sector,
    sleutelbos: Sleutelbos,
    release: str | None = None,
) -> Iterator[KetenID]:
    """
    Derive many, as `derive_ketenid` does one; the order is kept.
    """
    return map(ketenid_of(keten, sector, sleutelbos=sleutelbos, release=release), stams)
