"""
HPgn, stampseudoniem and ketenID: their form, and reading it. No derivation.

Each is read exactly. What is nearly right is refused with its own reason and
never repaired, because in the wild the near miss is another identifier.
"""

import re
from typing import ClassVar, Final, Never, Self, TypeAlias, final

from eckid._form import KETENID, NAMESPACE, RELEASE, STAM, match_uri
from eckid._secret import Sealable, expect, slot
from eckid.errors import PseudonymError, PseudonymReason
from eckid.keten import Keten, Sector
from eckid.scheme import NUMMERVOORZIENING, Scheme


@final
class HPgn(Sealable):
    """
    A hashed PGN: 32 bytes, and the scheme that made it.

    To who has the salt it is as good as the PGN.

    Attributes:
        scheme: How it was made; part of what it is.
    """

    __slots__ = ("scheme",)
    name = "HPgn"

    scheme: Scheme

    def __init__(self, octets: bytes, scheme: Scheme) -> None:
        if len(expect(self.name, octets, bytes)) != 32:
            raise PseudonymError(
                f"HPgn: expected 32 bytes, got {len(octets)}", PseudonymReason.LENGTH
            )
        super().__init__(octets)
        slot(HPgn, "scheme")(self, expect("scheme", scheme, Scheme))

    @classmethod
    def parse(cls, text: str, *, scheme: Scheme = NUMMERVOORZIENING) -> Self:
        """
        Read 64 lower-case hex digits.

        Raises:
            eckid.errors.PseudonymError: If it has another form.
        """
        if len(expect(cls.name, text, str)) != 64:
            raise PseudonymError(
                f"HPgn: expected 64 hex digits, got {len(text)} characters",
                PseudonymReason.LENGTH,
            )
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            upper = re.fullmatch(r"[0-9A-Fa-f]{64}", text)
            raise PseudonymError(
                "HPgn: expected lower-case hex",
                PseudonymReason.CASE if upper else PseudonymReason.HEX,
            )
        return cls(bytes.fromhex(text), scheme)

    def expose(self) -> str:
        """
        Return the 64 hex digits; search for this call in review.
        """
        return self._octets.hex()

    def _seen(self) -> tuple[object, ...]:
        return (self.scheme,)

    def _pack(self) -> bytes:
        return f"{self.scheme.value}/{self.expose()}".encode("ascii")

    @classmethod
    def _unpack(cls, packed: bytes) -> Self:
        scheme, digits = packed.decode("ascii").split("/")
        return cls.parse(digits, scheme=Scheme(scheme))


@final
class Stampseudoniem(Sealable):
    """
    The pseudonym from which all ketenIDs of a person come.

    Made once, for the whole school career; it never leaves the school and the
    service.

    Attributes:
        namespace: What its URI begins with.
        release: The release under which it was made.
        rehearsal: Whether a rehearsal ring made it. A note: it says nothing
            about equality, and the text of the URI does not show it.
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
                PseudonymReason.LENGTH,
            )
        if not (
            NAMESPACE.fullmatch(expect("namespace", namespace, str))
            and RELEASE.fullmatch(expect("release", release, str))
        ):
            raise PseudonymError(
                "stampseudoniem: expected a namespace and a release",
                PseudonymReason.NAMESPACE,
            )
        super().__init__(octets)
        slot(Stampseudoniem, "namespace")(self, namespace)
        slot(Stampseudoniem, "release")(self, release)
        slot(Stampseudoniem, "rehearsal")(self, rehearsal)

    @classmethod
    def parse(cls, text: str, *, namespace: str | None = None) -> Self:
        """
        Read ``<namespace>/sp<release>/<128 lower-case hex>``.

        Args:
            text: The URI.

            namespace: The one it must have; None knows those of the national
                service and of a ring without a namespace of its own.

        Raises:
            eckid.errors.PseudonymError: If it has another form or namespace.
        """
        return cls._read(text, namespace, rehearsal=False)

    @classmethod
    def _read(cls, text: str, namespace: str | None, *, rehearsal: bool) -> Self:
        own = PseudonymReason.STAMPSEUDONIEM
        found = match_uri(STAM, text, cls.name, own, namespace)
        return cls(
            bytes.fromhex(found["hex"]),
            namespace=found["namespace"],
            release=found["release"],
            rehearsal=rehearsal,
        )

    def expose(self) -> str:
        """
        Return the URI; search for this call in review.
        """
        return f"{self.namespace}/sp{self.release}/{self._octets.hex()}"

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


# Keten, sector, and whether a rehearsal ring made it.
Notes: TypeAlias = tuple[Keten | None, Sector | None, bool]


@final
class KetenID:
    """
    What a recipient knows a person by, in one keten and one sector.

    Personal data, but no secret: `uri` and `hex` are open, it may be a key of
    a dictionary and be pickled. Its repr and str show release, sector and the
    last six characters only, which is also the form for a log.

    Two are equal where their URIs are; the rest are notes.

    Attributes:
        uri: ``<namespace>/<release>/<128 hex>``.
    """

    __slots__ = ("_notes", "uri")
    name: ClassVar[str] = "ketenID"

    uri: str
    _notes: Notes

    def __init__(self) -> None:
        raise TypeError("ketenID: expected KetenID.parse, got a call")

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        keten: Keten | None = None,
        sector: Sector | None = None,
        namespace: str | None = None,
    ) -> "KetenID":
        """
        Read a ketenID exactly.

        Args:
            text: ``<namespace>/<release>/<128 lower-case hex>``.

            keten: The keten it was received in, where that is known.

            sector: The sector it was received for, where that is known.

            namespace: The one it must have; None knows those of the national
                service and of a ring without a namespace of its own.

        Raises:
            eckid.errors.PseudonymError: If it has another form; its `reason`
                tells the near misses apart.

        >>> KetenID.parse("eckid_L1")
        Traceback (most recent call last):
        ...
        eckid.errors.PseudonymError: ketenID: expected a URI, got 8 characters
        """
        expect("keten", keten, Keten, type(None))
        expect("sector", sector, Sector, type(None))
        match_uri(KETENID, text, cls.name, PseudonymReason.KETENID, namespace)
        return unchecked(text, (keten, sector, False))

    @property
    def hex(self) -> str:
        """
        The 128 hex digits.
        """
        return self.uri[-128:]

    @property
    def release(self) -> str:
        """
        The release under which it was made.
        """
        return self.uri[:-129].rpartition("/")[2]

    @property
    def keten(self) -> Keten | None:
        """
        The keten it was made for or received in, where that is known.
        """
        return self._notes[0]

    @property
    def sector(self) -> Sector | None:
        """
        The sector it was made for, where that is known.
        """
        return self._notes[1]

    @property
    def rehearsal(self) -> bool:
        """
        Whether a rehearsal ring made it; the text of the URI does not show it.
        """
        return self._notes[2]

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("KetenID is frozen")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("KetenID is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not KetenID:
            return NotImplemented
        return self.uri == other.uri

    def __hash__(self) -> int:
        return hash(self.uri)

    def __repr__(self) -> str:
        sector = f" {self.sector.value}" if self.sector else ""
        return f"<KetenID {self.release}{sector} …{self.uri[-6:]}>"

    def __reduce__(self) -> tuple[object, tuple[str, Notes]]:
        return unchecked, (self.uri, self._notes)


_create: Final = object.__new__
_set_uri: Final = slot(KetenID, "uri")
_set_notes: Final = slot(KetenID, "_notes")


def unchecked(uri: str, notes: Notes) -> KetenID:
    """
    Return the ketenID of a *uri* that is right by construction.
    """
    ketenid = _create(KetenID)
    _set_uri(ketenid, uri)
    _set_notes(ketenid, notes)
    return ketenid
