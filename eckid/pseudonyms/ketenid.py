"""
The ketenID: its form, and reading it. No derivation.
"""

from typing import ClassVar, Final, Never, TypeAlias, final

from eckid._core.values import expect, slot
from eckid.errors import PseudonymReden
from eckid.keten import Keten, Sector
from eckid.pseudonyms.forms import KETENID, match_uri

# Keten, sector, and whether a rehearsal ring made it.
Notes: TypeAlias = tuple[Keten | None, Sector | None, bool]


@final
class KetenID:
    """
    The pseudonym by which recipients know a person, in one keten and one sector.

    It is personal data, but no secret: `uri` and `hex` are open, and it may be a key of
    a dictionary and be pickled. Its repr and str show release, sector and the last six
    characters only; use that form in a log.

    Make one with `KetenID.parse` or `derive_ketenid`; it cannot be made by a call. Two
    are equal if their URIs are; keten, sector and rehearsal are notes beside it.

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
        Read a ketenID from *text*, exactly.

        Args:
            text: ``<namespace>/<release>/<128 lower-case hex>``.

            keten: The keten it was received in, if known; kept as a note.

            sector: The sector it was received for, if known; kept as a note.

            namespace: The namespace it must have. None allows that of the national
                service and that of a ring without one of its own
                (``https://eckid.invalid``).

        Returns:
            The ketenID.

        Raises:
            eckid.errors.PseudonymError: If *text* has another form or namespace; its
                `reason` tells the near misses apart.

        >>> KetenID.parse("eckid_L1")
        Traceback (most recent call last):
        ...
        eckid.errors.PseudonymError: ketenID: expected a URI, got 8 characters
        """
        expect("keten", keten, Keten, type(None))
        expect("sector", sector, Sector, type(None))
        match_uri(KETENID, text, cls.name, PseudonymReden.KETENID, namespace)
        return unchecked(text, (keten, sector, False))

    @property
    def hex(self) -> str:
        """
        The 128 hex digits at the end of the URI.
        """
        return self.uri[-128:]

    @property
    def release(self) -> str:
        """
        The name of the release under which it was made.
        """
        return self.uri[:-129].rpartition("/")[2]

    @property
    def keten(self) -> Keten | None:
        """
        The keten it was made for or received in; None where that is not known.
        """
        return self._notes[0]

    @property
    def sector(self) -> Sector | None:
        """
        The sector it was made for or received for; None where that is not known.
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
    Return the ketenID of *uri* without checking it; derivations use this.
    """
    ketenid = _create(KetenID)
    _set_uri(ketenid, uri)
    _set_notes(ketenid, notes)
    return ketenid
