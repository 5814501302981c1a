"""
The stampseudoniem: its form, and reading it. No derivation.
"""

from typing import Self, final

from eckid._core.hidden import Sealable
from eckid._core.values import expect, slot
from eckid.errors import PseudonymError, PseudonymReden
from eckid.keys import NAMESPACE, RELEASE
from eckid.pseudonyms.forms import STAM, match_uri


@final
class Stampseudoniem(Sealable):
    """
    The pseudonym from which all ketenIDs of a person are derived.

    It is made once, for the whole school career. Only the school and the service may
    have it. `derive_stampseudoniem` makes one, `Stampseudoniem.parse` reads one.

    Args:
        octets: Its 64 bytes.

        namespace: What its URI begins with.

        release: The release under which it was made.

        rehearsal: Whether a rehearsal ring made it.

    Attributes:
        namespace: What its URI begins with.
        release: The release under which it was made.
        rehearsal: Whether a rehearsal ring made it. A note: it does not count in
            equality, and the text of the URI does not show it.

    Raises:
        eckid.errors.PseudonymError: If there are not 64 bytes, or namespace or release
            has another form.
    """

    __slots__ = ("namespace", "rehearsal", "release")
    name = "stampseudoniem"

    namespace: str
    release: str
    rehearsal: bool

    def __init__(
        self, octets: bytes, *, namespace: str, release: str, rehearsal: bool
    ) -> None:
        if len(expect(self.name, octets, bytes)) != 64:
            raise PseudonymError(
                f"stampseudoniem: expected 64 bytes, got {len(octets)}",
                PseudonymReden.LENGTH,
            )
        if not (
            NAMESPACE.fullmatch(expect("namespace", namespace, str))
            and RELEASE.fullmatch(expect("release", release, str))
        ):
            raise PseudonymError(
                "stampseudoniem: expected a namespace and a release",
                PseudonymReden.NAMESPACE,
            )
        super().__init__(octets)
        slot(Stampseudoniem, "namespace")(self, namespace)
        slot(Stampseudoniem, "release")(self, release)
        slot(Stampseudoniem, "rehearsal")(self, rehearsal)

    @classmethod
    def parse(cls, text: str, *, namespace: str | None = None) -> Self:
        """
        Read a stampseudoniem from its URI, exactly.

        Args:
            text: ``<namespace>/sp<release>/<128 lower-case hex>``.

            namespace: The namespace it must have. None allows that of the national
                service and that of a ring without one of its own
                (``https://eckid.invalid``).

        Returns:
            The stampseudoniem.

        Raises:
            eckid.errors.PseudonymError: If *text* has another form or namespace; its
                `reason` says how.
        """
        return cls._read(text, namespace, rehearsal=False)

    @classmethod
    def _read(cls, text: str, namespace: str | None, *, rehearsal: bool) -> Self:
        own = PseudonymReden.STAMPSEUDONIEM
        found = match_uri(STAM, text, cls.name, own, namespace)
        return cls(
            bytes.fromhex(found["hex"]),
            namespace=found["namespace"],
            release=found["release"],
            rehearsal=rehearsal,
        )

    def expose(self) -> str:
        """
        Return the stampseudoniem as its URI; search for this call in review.
        """
        return f"{self.namespace}/sp{self.release}/{self._octets.hex()}"

    def expose_octets(self) -> bytes:
        """
        Return the stampseudoniem as 64 bytes; search for this call in review.
        """
        return self._octets

    def _seen(self) -> tuple[object, ...]:
        return (self.namespace, self.release)

    def _pack(self) -> bytes:
        mark = "rehearsal " if self.rehearsal else ""
        return f"{mark}{self.expose()}".encode("ascii")

    @classmethod
    def _unpack(cls, packed: bytes) -> Self:
        mark, _, uri = packed.decode("ascii").rpartition(" ")
        if mark not in {"", "rehearsal"}:
            raise ValueError
        return cls._read(uri, uri.rpartition("/sp")[0], rehearsal=bool(mark))
