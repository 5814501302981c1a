"""
The ring as the source of pseudonyms: one at a time, or octets of many.
"""

import copy
import pickle

import pytest
import strategies as our
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    LEERMIDDELENKETEN,
    BoundaryError,
    HPgn,
    Keten,
    Scheme,
    SecretError,
    Sector,
    Sleutelbos,
    derive_ketenid,
    derive_stampseudoniem,
)
from eckid.exchange import Ringbron
from eckid.scheme import CHEAPEST

_ROTATED = our.RING.rotate("2027")
_OTHER = Sleutelbos.generate(release="2026", salt=our.PUBLISHED_SALT)
_PILOT = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
_HPGN = HPgn(bytes(range(32)), CHEAPEST)


@given(
    digests=st.lists(st.binary(min_size=32, max_size=32), max_size=8),
    scheme=st.sampled_from(Scheme),
    keten=our.ketens,
    sector=our.sectors,
    release=st.sampled_from([None, "2026", "2027"]),
)
def test_values_and_octets_are_what_one_derivation_gives(
    digests: list[bytes],
    scheme: Scheme,
    keten: Keten,
    sector: Sector,
    release: str | None,
) -> None:
    """
    In order, and for each person the same stampseudoniem and the same ketenID.
    """
    bron = Ringbron(_ROTATED, keten=keten, sector=sector, release=release)
    hpgns = [HPgn(digest, scheme) for digest in digests]
    stams = [derive_stampseudoniem(hpgn, sleutelbos=_ROTATED) for hpgn in hpgns]
    ketenids = [
        derive_ketenid(
            stam, keten=keten, sector=sector, sleutelbos=_ROTATED, release=release
        )
        for stam in stams
    ]
    assert bron.stams(hpgns) == stams
    made = bron.ketenids(stams)
    assert made == ketenids
    assert [(k.keten, k.sector) for k in made] == [(keten, sector)] * len(stams)
    octets = bron.stam_octets(iter(digests), scheme=scheme)
    assert octets == [stam.expose_octets() for stam in stams]
    uris = [f"{bron.prefix}{one.hex()}" for one in bron.keten_octets(iter(octets))]
    assert uris == [ketenid.uri for ketenid in ketenids]


def test_a_source_without_a_keten_makes_no_ketenid() -> None:
    """
    It makes stampseudoniemen; a ketenID is refused, also where nobody asks for one.
    """
    bron = Ringbron(our.RING)
    stams = bron.stams([_HPGN])
    assert stams == [derive_stampseudoniem(_HPGN, sleutelbos=our.RING)]
    for some in (stams, []):
        with pytest.raises(TypeError, match=r"^bron: expected a keten and a sector"):
            bron.ketenids(some)
        with pytest.raises(TypeError, match=r"^keten: expected Keten, got NoneType$"):
            bron.keten_octets([stam.expose_octets() for stam in some])


def test_keten_and_sector_come_together_and_are_values() -> None:
    """
    One without the other, a text, or a sector without ketenIDs makes no source.
    """
    with pytest.raises(TypeError, match=r"^sector: expected Sector, got NoneType$"):
        Ringbron(our.RING, keten=LEERMIDDELENKETEN)
    with pytest.raises(TypeError, match=r"^keten: expected Keten, got NoneType$"):
        Ringbron(our.RING, sector=Sector.PO)
    with pytest.raises(TypeError, match=r"^sector: expected Sector, got str$"):
        Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector="po")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^sleutelbos: expected Sleutelbos, got Salt$"):
        Ringbron(our.PUBLISHED_SALT)  # type: ignore[arg-type]  # the point
    with pytest.raises(BoundaryError):
        Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.HO)


@pytest.mark.parametrize("release", ["2025", "", "sp2026"])
@pytest.mark.parametrize("with_keten", [True, False])
def test_a_source_is_of_a_release_that_its_ring_has(
    release: str,
    with_keten: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    """
    Another is refused where the source is made, with a keten or without one.
    """
    keten, sector = (LEERMIDDELENKETEN, Sector.PO) if with_keten else (None, None)
    with pytest.raises(SecretError, match=r"^release: expected one of this ring's"):
        Ringbron(our.RING, keten=keten, sector=sector, release=release)


@pytest.mark.parametrize("ring", [our.RING, _ROTATED, _OTHER, _PILOT], ids=repr)
def test_it_says_of_itself_what_its_ring_says(ring: Sleutelbos) -> None:
    """
    Mark, namespace, rehearsal and newest release; and one person at a time.
    """
    bron = Ringbron(ring, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    assert (bron.mark, bron.namespace) == (ring.mark, ring.namespace)
    assert (bron.rehearsal, bron.release) == (ring.rehearsal, ring.releases[-1])
    assert (bron.keten, bron.sector) == (LEERMIDDELENKETEN, Sector.PO)
    assert bron.batch == 1
    (ketenid,) = bron.ketenids(bron.stams([_HPGN]))
    assert ketenid.uri.startswith(bron.prefix)
    assert ketenid.rehearsal is ring.rehearsal


def test_a_mark_tells_rings_apart_and_not_releases() -> None:
    """
    A ring that was rotated makes the same stampseudoniemen, and has the same mark.
    """
    marks = [Ringbron(ring).mark for ring in (our.RING, _ROTATED, _OTHER)]
    assert marks[0] == marks[1] != marks[2]
    assert {len(mark) for mark in marks} == {16}


def test_a_source_shows_no_key_and_is_not_sent() -> None:
    """
    Its release is shown; pickle and copy are refused.
    """
    bron = Ringbron(our.RING)
    assert repr(bron) == str(bron) == "<Ringbron 2026, keys hidden>"
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            way(bron)
