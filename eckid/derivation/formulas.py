"""
The three formulas, each as a MAC state to which only the last part is to be added.

    stampseudoniem = HMAC-SHA-512(k_stam,
        frame("eckid/1/stampseudoniem", scheme name, hpgn as 32 bytes))
    ketenID        = HMAC-SHA-512(k_keten,
        frame("eckid/1/ketenid", keten, sector, stampseudoniem as 64 bytes))
    token          = HMAC-SHA-256(sleutel, frame("eckid/1/token", uri))

The constants come first, so that one state, copied, serves a whole list.
"""

from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from eckid._core.values import expect, frame
from eckid.errors import BoundaryError, BoundaryReden, SecretError
from eckid.keten import Keten, Sector
from eckid.keys import Mac, Macs, Sleutel, Sleutelbos
from eckid.keys.names import check_names, is_rehearsal
from eckid.pseudonyms import KetenID
from eckid.scheme import Scheme


def a_ring(sleutelbos: Macs) -> Macs:
    """
    Return *sleutelbos* if identifiers may be derived under it.

    Raises:
        eckid.errors.SecretError: If it bears names that no ring may bear: what is made
            here never passes for the national service's.
    """
    # A ring checked its names when it was made.
    if type(sleutelbos) is not Sleutelbos:
        if not isinstance(sleutelbos, Macs):
            expect("sleutelbos", sleutelbos, Sleutelbos)
        names = sleutelbos.namespace, tuple(sleutelbos.releases)
        check_names(*names)
        if not names[1] or sleutelbos.rehearsal is not is_rehearsal(*names):
            raise SecretError(
                "sleutelbos: expected a release or more, and rehearsal as its names "
                "say, got other"
            )
    return sleutelbos


def release_of(sleutelbos: Macs, release: str | None) -> str:
    """
    Return *release* if it is one of the ring's; the newest for None.

    Raises:
        eckid.errors.SecretError: If the ring has no such release.
    """
    if release is None:
        return sleutelbos.releases[-1]
    if expect("release", release, str) not in sleutelbos.releases:
        raise SecretError("release: expected one of this ring's, got another")
    return release


def stam_state(scheme: Scheme, *, sleutelbos: Macs) -> Mac:
    """
    Return the MAC state of a stampseudoniem; add the 32 bytes of an HPgn.
    """
    mac = a_ring(sleutelbos).mac_stam()
    name = expect("scheme", scheme, Scheme).value.encode("ascii")
    mac.update(_before(32, b"eckid/1/stampseudoniem", name))
    return mac


def keten_state(
    keten: Keten, sector: Sector, *, sleutelbos: Macs, release: str | None
) -> Mac:
    """
    Return the MAC state of a ketenID; add the 64 bytes of a stampseudoniem.

    Raises:
        eckid.errors.BoundaryError: If the sector is HO.
        eckid.errors.SecretError: If the ring has no such release.
    """
    a_ring(sleutelbos)
    expect("keten", keten, Keten)
    if expect("sector", sector, Sector) is Sector.HO:
        raise BoundaryError(
            "sector ho: no ketenID was ever issued there", BoundaryReden.NO_HO
        )
    mac = sleutelbos.mac_keten(release_of(sleutelbos, release))
    parts = keten.id.encode("ascii"), sector.value.encode("ascii")
    mac.update(_before(64, b"eckid/1/ketenid", *parts))
    return mac


def prefix_of(sleutelbos: Macs, release: str | None) -> str:
    """
    Return what the ketenIDs of a ring begin with: namespace and release.
    """
    return f"{sleutelbos.namespace}/{release_of(sleutelbos, release)}/"


def digests(state: Mac, octets: Iterable[bytes]) -> list[bytes]:
    """
    Return, for each of *octets*, the HMAC of what *state* has seen and those bytes.
    """
    # A list of a whole nation runs through this loop, so nothing else stands in it.
    copy = state.copy
    found = []
    for each in octets:
        mac = copy()
        mac.update(each)
        found.append(mac.finalize())
    return found


def _before(length: int, *parts: bytes) -> bytes:
    """
    Return the frame of *parts* and one part more, up to the *length* bytes of that one.
    """
    return frame(*parts) + length.to_bytes(2, "big")


def ketenid_token(ketenid: KetenID, *, sleutel: Sleutel) -> str:
    """
    Return the token of a ketenID: the form in which a recipient stores or joins it.

    A ketenID is not to be stored in plain text. A recipient that needs to find it again
    stores this token instead.

    Args:
        ketenid: The ketenID that was received.

        sleutel: The recipient's own key, never one of a ring.

    Returns:
        64 hex digits, the same for the same ketenID and key.

    >>> from eckid import KetenID, Sleutel, ketenid_token
    >>> ketenid = KetenID.parse("https://ketenid.nl/pilot/" + 128 * "a")
    >>> len(ketenid_token(ketenid, sleutel=Sleutel.generate()))
    64
    """
    uri = expect("ketenID", ketenid, KetenID).uri.encode("ascii")
    mac = HMAC(expect("sleutel", sleutel, Sleutel).expose(), SHA256())
    mac.update(frame(b"eckid/1/token", uri))
    return mac.finalize().hex()
