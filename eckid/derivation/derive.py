"""
Deriving one stampseudoniem or ketenID, and functions that derive many.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from eckid._core.values import expect
from eckid.derivation.formulas import a_ring, keten_state, prefix_of, stam_state
from eckid.errors import PseudonymError, PseudonymReden, SecretError
from eckid.keten import Keten, Sector
from eckid.keys import Macs, Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.pseudonyms.ketenid import unchecked


def stam_of(sleutelbos: Macs) -> Callable[[HPgn], Stampseudoniem]:
    """
    Return a function that derives stampseudoniemen under one ring.

    The function takes an HPgn and gives what `derive_stampseudoniem` gives; for many it
    is faster, because its state is made once.

    Args:
        sleutelbos: The ring.
    """
    a_ring(sleutelbos)
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
    sleutelbos: Macs,
    release: str | None = None,
) -> Callable[[Stampseudoniem], KetenID]:
    """
    Return a function that derives ketenIDs for one keten and sector.

    The function takes a stampseudoniem and gives what `derive_ketenid` gives; for many
    it is faster, because its state is made once.

    Args:
        keten: The chain.

        sector: The sector in which the persons are enrolled; `Sector.HO` has no
            ketenIDs.

        sleutelbos: The ring that made the stampseudoniemen.

        release: Name of one of the ring's releases; None is the newest.

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
                PseudonymReden.NAMESPACE,
            )
        mac = copy()
        mac.update(stam.expose_octets())
        return unchecked(prefix + mac.finalize().hex(), notes)

    def of_another(stam: Stampseudoniem) -> KetenID:
        made = derive(stam)
        if len(made.uri) != len(prefix) + 128:
            raise SecretError("MAC: expected 64 bytes, got others")
        return made

    # The MAC of a ring has its 64 bytes; what acts as a ring is asked.
    return derive if type(sleutelbos) is Sleutelbos else of_another


def derive_stampseudoniem(hpgn: HPgn, *, sleutelbos: Macs) -> Stampseudoniem:
    """
    Derive the stampseudoniem of a person, for life and across sectors.

    Args:
        hpgn: The person's HPgn: what `hash_pgn` made.

        sleutelbos: The ring. Its releases play no part: after `Sleutelbos.rotate` the
            stampseudoniem is the same.

    Returns:
        The stampseudoniem. Store it sealed (`Sleutelbos.seal`); the PGN is not needed
        again.

    >>> from eckid import BSN, Scheme, Sleutelbos, derive_stampseudoniem, hash_pgn
    >>> sleutelbos = Sleutelbos.generate(release="2026")
    >>> hpgn = hash_pgn(BSN("063138219"), salt=sleutelbos.salt, scheme=Scheme.CHEAPEST)
    >>> derive_stampseudoniem(hpgn, sleutelbos=sleutelbos)
    <Stampseudoniem hidden>
    """
    return stam_of(sleutelbos)(hpgn)


def derive_ketenid(
    stam: Stampseudoniem,
    *,
    keten: Keten,
    sector: Sector,
    sleutelbos: Macs,
    release: str | None = None,
) -> KetenID:
    """
    Derive the ketenID by which recipients in *keten* and *sector* know a person.

    Args:
        stam: The person's stampseudoniem.

        keten: The chain, such as `LEERMIDDELENKETEN`.

        sector: The sector in which the person is enrolled; `Sector.HO` has no ketenIDs.

        sleutelbos: The ring that made the stampseudoniem.

        release: Name of one of the ring's releases; None is the newest.

    Returns:
        The ketenID, with its keten and sector.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.PseudonymError: If the stampseudoniem has another namespace than
            the ring.
        eckid.errors.SecretError: If the ring has no such release.

    >>> from eckid import BSN, LEERMIDDELENKETEN, Scheme, Sector, Sleutelbos
    >>> from eckid import derive_ketenid, derive_stampseudoniem, hash_pgn
    >>> sleutelbos = Sleutelbos.generate(release="2026")
    >>> hpgn = hash_pgn(BSN("063138219"), salt=sleutelbos.salt, scheme=Scheme.CHEAPEST)
    >>> stam = derive_stampseudoniem(hpgn, sleutelbos=sleutelbos)
    >>> ketenid = derive_ketenid(
    ...     stam, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=sleutelbos
    ... )
    >>> ketenid.release, ketenid.sector
    ('2026', <Sector.PO: 'po'>)
    """
    return ketenid_of(keten, sector, sleutelbos=sleutelbos, release=release)(stam)


def derive_ketenids(
    stams: Iterable[Stampseudoniem],
    *,
    keten: Keten,
    sector: Sector,
    sleutelbos: Macs,
    release: str | None = None,
) -> Iterator[KetenID]:
    """
    Derive a ketenID from each of many stampseudoniemen; the order is kept.

    Each result is what `derive_ketenid` gives for that stampseudoniem.

    Args:
        stams: The stampseudoniemen; taken in as results are asked for.

        keten: The chain, such as `LEERMIDDELENKETEN`.

        sector: The sector in which all are enrolled; `Sector.HO` has no ketenIDs.

        sleutelbos: The ring that made the stampseudoniemen.

        release: Name of one of the ring's releases; None is the newest.

    Returns:
        An iterator over the ketenIDs.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO; at once.
        eckid.errors.SecretError: If the ring has no such release; at once.
        eckid.errors.PseudonymError: If a stampseudoniem has another namespace than the
            ring; when its turn comes.
    """
    return map(ketenid_of(keten, sector, sleutelbos=sleutelbos, release=release), stams)
