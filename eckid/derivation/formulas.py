"""
The three formulas, as states of a MAC that wait for their last part.

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
from eckid.errors import BoundaryError
from eckid.keten import Keten, Sector
from eckid.keys import Sleutel, Sleutelbos
from eckid.pseudonyms import KetenID
from eckid.scheme import Scheme


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


def prefix_of(sleutelbos: Sleutelbos, release: str | None) -> str:
    """
    Return what the ketenIDs of a ring begin with.
    """
    return f"{sleutelbos.namespace}/{release or sleutelbos.releases[-1]}/"


def digests(state: HMAC, octets: Iterable[bytes]) -> list[bytes]:
    """
    Return the HMAC of each of *octets* after what *state* has seen.
    """
    # The loop that a nation runs through: nothing else stands in it.
    copy = state.copy
    found = []
    for each in octets:
        mac = copy()
        mac.update(each)
        found.append(mac.finalize())
    return found


def _before(length: int, *parts: bytes) -> bytes:
    """
    Return the frame of *parts* and one more, up to its *length* octets.
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
