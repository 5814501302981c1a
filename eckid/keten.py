"""
Keten and sector: the two things, beside the person, that a ketenID depends on.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from eckid._secret import Closed, expect
from eckid.errors import IdentifierError

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Sector(Closed):
    """
    An onderwijssector.

    The value is what goes into a derivation: our own label, because the ids of
    the service may change and a derivation may not.
    """

    PO = "po"
    VO = "vo"
    MBO = "mbo"
    HO = "ho"


@dataclass(frozen=True, slots=True)
class Keten:
    """
    A chain of parties that share one ketenID per person and sector.

    Attributes:
        id: Its UUID, 36 characters, lower case; goes into a derivation.
        naam: What people call it; says nothing about equality.

    Raises:
        eckid.errors.IdentifierError: If *id* is not such a UUID.
    """

    id: str
    naam: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not _UUID.fullmatch(expect("keten", self.id, str)):
            raise IdentifierError(
                "keten: expected a lower-case UUID of 36 characters, "
                f"got {len(self.id)} characters"
            )


# The one chain that the reference clients name (github.com/kennisnet,
# Nummervoorziening-JavaReferenceImplementation); that it is this keten is inferred.
LEERMIDDELENKETEN: Final = Keten(
    "e7ec7d3c-c235-4513-bfb6-e54e66854795", "leermiddelenketen"
)
