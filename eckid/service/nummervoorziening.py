"""
The Nummervoorziening as a protocol, and the values that it takes and gives.

A client of the national service meets it, a ring does, and so does the stand-in: what
works with one works with the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, runtime_checkable

from eckid._core.values import expect
from eckid.errors import RequestError
from eckid.keten import Keten, Sector
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.scheme import NUMMERVOORZIENING

# What the service makes: for life, or for one keten and sector.
Pseudoniem: TypeAlias = Stampseudoniem | KetenID

# The host of its stampseudoniemen and ketenIDs, in each of its environments.
NAMESPACE: Final = "https://ketenid.nl"
# The ids of the sectors in the begrippenkader; that the service uses those of vo and
# mbo is inferred. Its own list says what it uses.
SECTOR_IDS: Final[Mapping[Sector, str]] = MappingProxyType(
    {
        Sector.PO: "512e4729-03a4-43a2-95ba-758071d1b725",
        Sector.VO: "2a1401e9-c223-493b-9b86-78f6993b1a8d",
        Sector.MBO: "f3ac3fbb-5eae-49e0-8494-0a44855fff25",
    }
)


class Pong(NamedTuple):
    """
    What the service says of itself.

    Attributes:
        available: Whether it takes calls.
        version: Its version.
        time: Its clock, with a time zone.
    """

    available: bool
    version: str
    time: datetime


class Begrip(NamedTuple):
    """
    A keten or a sector, as the service lists it.

    Attributes:
        id: Its UUID, 36 characters in lower case.
        naam: Its name.
        beschrijving: Its description.
        gewijzigd: When it was last edited, with a time zone.
    """

    id: str
    naam: str
    beschrijving: str
    gewijzigd: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Batch:
    """
    A batch that the service took in: what to retrieve, and of what kind it is.

    Attributes:
        identifier: The identifier that the service gave it, 1 to 256 characters.
        keten: The keten of its ketenIDs; None for stampseudoniemen.
        sector: The sector of its ketenIDs; None for stampseudoniemen.

    Raises:
        eckid.errors.RequestError: If the identifier has another form.
        TypeError: If only one of keten and sector is given.
    """

    identifier: str
    keten: Keten | None = None
    sector: Sector | None = None

    def __post_init__(self) -> None:
        text = expect("batch", self.identifier, str)
        if not 1 <= len(text) <= 256 or not text.isascii() or not text.isprintable():
            raise RequestError(
                "batch: expected an identifier of 1 to 256 printable ASCII "
                f"characters, got {len(text)} characters"
            )
        if self.keten is not None or self.sector is not None:
            expect("keten", self.keten, Keten)
            expect("sector", self.sector, Sector)

    def __repr__(self) -> str:
        kind = "stampseudoniemen" if self.keten is None else "ketenIDs"
        return f"<Batch of {kind}, identifier hidden>"


@dataclass(frozen=True, slots=True, repr=False)
class Uitslag:
    """
    What a batch gave: each index is in one of the two.

    Attributes:
        made: The pseudonym by its index.
        refused: The indexes of what the service refused.

    Raises:
        ValueError: If an index is in both.
    """

    made: Mapping[int, Pseudoniem]
    refused: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        expect("made", self.made, Mapping)  # type: ignore[type-abstract]  # only asks
        expect("refused", self.refused, frozenset)
        if self.refused & self.made.keys():
            raise ValueError("uitslag: expected an index once, got one twice")

    def __repr__(self) -> str:
        return f"<Uitslag {len(self.made)} made, {len(self.refused)} refused>"


@runtime_checkable
class Nummervoorziening(Protocol):
    """
    What makes stampseudoniemen and ketenIDs for schools.

    Every method may raise a `ServiceError`: a `RequestError` before anything was sent,
    a `FaultError` for what the service answered, a `TransportError` for the way there.

    Attributes:
        namespace: What its identifiers begin with.
        release: The release of its ketenIDs.
        mark: A text that differs for each service and environment.
    """

    @property
    def namespace(self) -> str: ...  # noqa: D102  # above
    @property
    def release(self) -> str: ...  # noqa: D102
    @property
    def mark(self) -> str: ...  # noqa: D102

    def ping(self) -> Pong:
        """
        Return what the service says of itself.
        """

    def stampseudoniem(self, hpgn: HPgn) -> Stampseudoniem:
        """
        Return the stampseudoniem of an HPgn.
        """

    def ketenid(self, stam: Stampseudoniem, *, keten: Keten, sector: Sector) -> KetenID:
        """
        Return the ketenID of a stampseudoniem in a keten and sector.
        """

    def submit_stampseudoniemen(self, hpgns: Mapping[int, HPgn]) -> Batch:
        """
        Hand in a batch of HPgns, each by an index of your own.
        """

    def submit_ketenids(
        self, stams: Mapping[int, Stampseudoniem], *, keten: Keten, sector: Sector
    ) -> Batch:
        """
        Hand in a batch of stampseudoniemen, each by an index of your own.
        """

    def retrieve(self, batch: Batch) -> Uitslag:
        """
        Return what a batch gave. It can be had once.
        """

    def replace(
        self, *, old: HPgn, new: HPgn, on: datetime | None = None
    ) -> Stampseudoniem:
        """
        Let a new number keep the stampseudoniem of an old one, at once or from *on*.

        Return the stampseudoniem that the new number has now.
        """

    def ketens(self) -> Sequence[Begrip]:
        """
        Return the ketens that the service knows.
        """

    def sectoren(self) -> Sequence[Begrip]:
        """
        Return the sectors that the service knows.
        """


def an_hpgn(hpgn: HPgn) -> HPgn:
    """
    Return *hpgn* if the service takes it.

    Raises:
        eckid.errors.RequestError: If another scheme made it.
    """
    if expect("HPgn", hpgn, HPgn).scheme is not NUMMERVOORZIENING:
        raise RequestError(
            f"HPgn: expected the scheme {NUMMERVOORZIENING.value}, got another; hash "
            "the number with the scheme of the service"
        )
    return hpgn


def a_stam(stam: Stampseudoniem, *, namespace: str) -> Stampseudoniem:
    """
    Return *stam* if it is of one namespace.

    Raises:
        eckid.errors.RequestError: If another ring or service made it.
    """
    if expect("stampseudoniem", stam, Stampseudoniem).namespace != namespace:
        raise RequestError(
            "stampseudoniem: expected one that this service made, got another's; what "
            "a ring made is of no use to the service"
        )
    return stam


def a_batch(
    name: str, batch: Mapping[int, Any], check: Callable[[Any], object]
) -> None:
    """
    Check a batch before it is handed in: its indexes, and each value by *check*.

    Raises:
        eckid.errors.RequestError: If it is empty, or an index is negative or does not
            fit in an ``xsd:int``.
    """
    if not expect(name, batch, Mapping):  # type: ignore[type-abstract]  # only asks
        raise RequestError(f"{name}: expected one or more, got an empty batch")
    for index, value in batch.items():
        if not 0 <= expect("index", index, int) < 2**31:
            raise RequestError("index: expected 0 to 2147483647, got another number")
        check(value)


def a_moment(on: datetime | None) -> datetime | None:
    """
    Return *on* if it says which moment it is.

    Raises:
        eckid.errors.RequestError: If it has no time zone.
    """
    if expect("on", on, datetime, type(None)) is None or on.utcoffset() is not None:  # type: ignore[union-attr]  # asked
        return on
    raise RequestError("on: expected a moment with a time zone, got one without")
