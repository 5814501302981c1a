"""
The two values of every run, for tests: who is it, and what may go.
"""

from typing import Any

from strategies import RING

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Bestemming,
    Doel,
    Hasher,
    Keten,
    Ontvanger,
    Scheme,
    Sector,
    Sleutelbos,
)
from eckid.exchange import Herkenning, Ringbron
from eckid.scheme import CHEAPEST


def hasher(
    sleutelbos: Sleutelbos = RING,
    scheme: Scheme = CHEAPEST,
    **other: Any,  # noqa: ANN401  # any argument
) -> Hasher:
    """
    Return what hashes under the salt of a ring.
    """
    return Hasher(salt=sleutelbos.salt, scheme=scheme, **other)


def who(  # what a test may change
    sleutelbos: Sleutelbos = RING,
    *,
    keten: Keten = LEERMIDDELENKETEN,
    sector: Sector = Sector.PO,
    release: str | None = None,
    scheme: Scheme = CHEAPEST,
    workers: int | None = None,
    **other: Any,  # noqa: ANN401  # any other field
) -> Herkenning:
    """
    Return who the persons of a list are: by a ring, in the learning materials' chain.
    """
    bron = Ringbron(sleutelbos, keten=keten, sector=sector, release=release)
    hashes = hasher(sleutelbos, scheme, workers=workers)
    return Herkenning(bron=bron, hasher=hashes, **other)


def to(
    beleid: Attribuutbeleid | str = "leermiddelenketen",
    **other: Any,  # noqa: ANN401  # any part of the question
) -> Bestemming:
    """
    Return where a list goes: to a publisher, for use.
    """
    policy = Attribuutbeleid.load(beleid) if isinstance(beleid, str) else beleid
    asked = {"doel": Doel.GEBRUIK, "ontvanger": Ontvanger.UITGEVER, **other}
    return policy.voor(**asked)
