"""
HPgn to stampseudoniem to ketenID, and the token: eckid's own construction.

What the Nummervoorziening computes here is not public. This is NOT it, and the
results can never be taken for those of the national production service.

    stampseudoniem = HMAC-SHA-512(k_stam,
        frame("eckid/1/stampseudoniem", scheme name, hpgn as 32 bytes))
    ketenID        = HMAC-SHA-512(k_keten,
        frame("eckid/1/ketenid", keten, sector, stampseudoniem as 64 bytes))
    token          = HMAC-SHA-256(sleutel, frame("eckid/1/token", uri))

The keys come from a ring (`keys`); docs/reference/construction.md has it all,
down to the byte. HMAC-SHA-512, because an HSM or a key service computes it
without giving up the key, and 512 bits are the form of these identifiers.
"""

from collections.abc import Iterable, Iterator

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from eckid._secret import expect, frame
from eckid.errors import BoundaryError, PseudonymError, PseudonymReason
from eckid.keten import Keten, Sector
from eckid.keys import Sleutel, Sleutelbos
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem, unchecked
from eckid.scheme import Scheme


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
    expect("HPgn", hpgn, HPgn)
    mac = stam_state(hpgn.scheme, sleutelbos=sleutelbos)
    mac.update(bytes.fromhex(hpgn.expose()))
    return Stampseudoniem(
        mac.finalize(),
        namespace=sleutelbos.namespace,
        release=sleutelbos.releases[0],
        rehearsal=sleutelbos.rehearsal,
    )


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

        keten: The chain; `LEERMIDDELENKETEN` gives the ECK iD.

        sector: Where the person is enrolled. In `Sector.HO` none exists.

        sleutelbos: The ring that made the stampseudoniem.

        release: One of the ring's; None is the newest.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.PseudonymError: If the stampseudoniem is of another
            namespace than the ring.
        eckid.errors.SecretError: If the ring has no such release.
    """
    return next(
        derive_ketenids(
            [stam], keten=keten, sector=sector, sleutelbos=sleutelbos, release=release
        )
    )


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
    mac = keten_state(keten, sector, sleutelbos=sleutelbos, release=release)
    prefix = f"{sleutelbos.namespace}/{release or sleutelbos.releases[-1]}/"
    notes = (keten, sector, sleutelbos.rehearsal)
    return _each(stams, mac, sleutelbos.namespace, prefix, notes)


def _each(
    stams: Iterable[Stampseudoniem],
    constants: HMAC,
    namespace: str,
    prefix: str,
    notes: tuple[Keten, Sector, bool],
) -> Iterator[KetenID]:
    copy = constants.copy
    for stam in stams:
        if type(stam) is not Stampseudoniem:
            expect("stampseudoniem", stam, Stampseudoniem)
        if stam.namespace != namespace:
            raise PseudonymError(
                "stampseudoniem: expected the namespace of the ring, got another",
                PseudonymReason.NAMESPACE,
            )
        mac = copy()
        mac.update(stam._octets)  # noqa: SLF001  # hex and back costs a fifth here
        yield unchecked(prefix + mac.finalize().hex(), notes)


def stam_state(scheme: Scheme, *, sleutelbos: Sleutelbos) -> HMAC:
    """
    Return the state from which each stampseudoniem is made: the HPgn is left.
    """
    mac = expect("sleutelbos", sleutelbos, Sleutelbos).mac_stam()
    name = expect("scheme", scheme, Scheme).value.encode("ascii")
    mac.update(_before(32, b"eckid/1/stampseudoniem", name))
    return mac


def keten_state(
    keten: Keten, sector: Sector, *, sleutelbos: Sleutelbos, release: str | None
) -> HMAC:
    """
    Return the state from which each ketenID is made: the stampseudoniem is left.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.SecretError: If the ring has no such release.
    """
    expect("sleutelbos", sleutelbos, Sleutelbos)
    expect("keten", keten, Keten)
    if expect("sector", sector, Sector) is Sector.HO:
        raise BoundaryError("sector ho: no ketenID was ever issued there", "no-ho")
    mac = sleutelbos.mac_keten(sleutelbos.releases[-1] if release is None else release)
    parts = keten.id.encode("ascii"), sector.value.encode("ascii")
    mac.update(_before(64, b"eckid/1/ketenid", *parts))
    return mac


def _before(length: int, *parts: bytes) -> bytes:
    """
    Return the frame of *parts* and one more, up to its *length* octets.

    The constants come first, so that one state, copied, serves a whole list.
    """
    return frame(*parts) + length.to_bytes(2, "big")


def ketenid_token(ketenid: KetenID, *, sleutel: Sleutel) -> str:
    """
    Return the form in which a recipient stores or joins a ketenID.

    A ketenID is not to be stored in plain text. Who needs to find it again
    keeps this instead: 64 hex digits, the same for the same ketenID and key.

    Args:
        ketenid: The ketenID that was received.

        sleutel: The holder's own key, never from a ring.
    """
    uri = expect("ketenID", ketenid, KetenID).uri.encode("ascii")
    mac = HMAC(expect("sleutel", sleutel, Sleutel).expose(), SHA256())
    mac.update(frame(b"eckid/1/token", uri))
    return mac.finalize().hex()
