"""
What a derivation asks of keys: MACs under them, and never the keys themselves.
"""

from typing import Protocol, runtime_checkable


class Mac(Protocol):
    """
    The state of an HMAC-SHA-512: of ``cryptography``, or of a token that holds the key.
    """

    def copy(self) -> "Mac":
        """
        Return a state that has seen the same, to go on from.
        """

    def update(self, data: bytes, /) -> None:
        """
        Add bytes to what the state has seen.
        """

    def finalize(self) -> bytes:
        """
        Return the 64 bytes of the HMAC of all that the state has seen.
        """


@runtime_checkable
class Macs(Protocol):
    """
    The keys under which identifiers are derived, as MACs: a ring, or what acts as one.

    Attributes:
        namespace: What its identifiers begin with.
        releases: Names of its releases, the newest last.
    """

    @property
    def namespace(self) -> str: ...  # noqa: D102  # above
    @property
    def releases(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def rehearsal(self) -> bool:
        """
        Whether its identifiers look like the pilot service's.
        """

    def mac_stam(self) -> Mac:
        """
        Return a state under k_stam, for making a stampseudoniem.
        """

    def mac_keten(self, release: str) -> Mac:
        """
        Return a state under k_keten of *release*, for making a ketenID.
        """

    def mac_voorlopig(self, release: str) -> Mac:
        """
        Return a state under k_voorlopig of *release*, for a provisional identifier.
        """
