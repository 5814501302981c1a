"""
HPgn to stampseudoniem to ketenID: what the result depends on, and what not.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import strategies as our
from hypothesis import assume, given
from hypothesis import strategies as st

from eckid import (
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    BoundaryError,
    HPgn,
    Keten,
    KetenID,
    PseudonymError,
    SecretError,
    Sector,
    Sleutel,
    Sleutelbos,
    Stampseudoniem,
    derive_ketenid,
    derive_stampseudoniem,
    ketenid_token,
)
from eckid.derivation import derive_ketenids, ketenid_of, stam_of
from eckid.errors import PseudonymReden
from eckid.scheme import CHEAPEST

_OTHER = Sleutelbos.generate(release="2026", salt=our.PUBLISHED_SALT)
_ROTATED = our.RING.rotate("2027")
_REHEARSAL = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
_HPGN = HPgn(bytes(range(32)), CHEAPEST)


def _ketenid(
    hpgn: HPgn,
    *,
    keten: Keten = LEERMIDDELENKETEN,
    sector: Sector = Sector.PO,
    ring: Sleutelbos = our.RING,
    release: str | None = None,
) -> KetenID:
    stam = derive_stampseudoniem(hpgn, sleutelbos=ring)
    return derive_ketenid(
        stam, keten=keten, sector=sector, sleutelbos=ring, release=release
    )


def _apart(one: str, other: str) -> bool:
    """
    Return whether two texts of 128 hex digits have nothing in common.

    Of their 32 pieces of 16 bits four or more are equal by chance in one pair of 2^48.
    `tests/security` asks many persons at once, and sees a single piece or bit.
    """
    places = range(0, 128, 4)
    return sum(one[n : n + 4] == other[n : n + 4] for n in places) < 4


def _unlinkable(one: KetenID, other: KetenID) -> bool:
    return _apart(one.hex, other.hex)


def test_what_two_identifiers_share_is_seen_wherever_it_stands() -> None:
    """
    Sixteen bytes that two identifiers have in common make them linkable.
    """
    one, other = bytes(range(64)).hex(), bytes(range(100, 164)).hex()
    assert _apart(one, other)
    for begin in range(0, 97, 2):
        alike = other[:begin] + one[begin : begin + 32] + other[begin + 32 :]
        assert not _apart(one, alike), begin


@given(hpgn=our.hpgns, keten=our.ketens, sector=our.sectors)
def test_a_derivation_is_determined_by_what_it_is_given(
    hpgn: HPgn, keten: Keten, sector: Sector
) -> None:
    """
    Once and again, from a ring and from the same ring read back: one ketenID.
    """
    again = Sleutelbos(our.RING._ring)
    same = HPgn.parse(hpgn.expose(), scheme=hpgn.scheme)
    one = _ketenid(hpgn, keten=keten, sector=sector)
    assert one == _ketenid(same, keten=Keten(keten.id), sector=sector, ring=again)


@given(hpgn=our.hpgns)
def test_a_stampseudoniem_has_its_form(hpgn: HPgn) -> None:
    """
    Namespace, sp and the first release, 128 hex digits; and it is read back.
    """
    stam = derive_stampseudoniem(hpgn, sleutelbos=our.RING)
    text = stam.expose()
    assert text.startswith("https://eckid.invalid/sp2026/")
    assert len(text) == len("https://eckid.invalid/sp2026/") + 128
    assert Stampseudoniem.parse(text) == stam


@given(hpgn=our.hpgns, keten=our.ketens, sector=our.sectors)
def test_a_ketenid_has_its_form_and_notes(
    hpgn: HPgn, keten: Keten, sector: Sector
) -> None:
    """
    Namespace, release, 128 hex digits; keten and sector beside it.
    """
    ketenid = _ketenid(hpgn, keten=keten, sector=sector)
    assert ketenid.uri == f"https://eckid.invalid/2026/{ketenid.hex}"
    assert KetenID.parse(ketenid.uri) == ketenid
    assert (ketenid.keten, ketenid.sector) == (keten, sector)
    assert (ketenid.release, ketenid.rehearsal) == ("2026", False)


@given(namespace=our.namespaces, release=our.releases)
def test_the_namespace_and_release_are_the_rings(namespace: str, release: str) -> None:
    """
    What a ring makes begins with its namespace, and is read under that name.
    """
    ring = Sleutelbos.generate(release=release, namespace=namespace)
    stam = derive_stampseudoniem(_HPGN, sleutelbos=ring)
    assert stam.expose().startswith(f"{namespace}/sp{release}/")
    assert Stampseudoniem.parse(stam.expose(), namespace=namespace) == stam
    ketenid = _ketenid(_HPGN, ring=ring)
    assert ketenid.uri == f"{namespace}/{release}/{ketenid.hex}"
    assert KetenID.parse(ketenid.uri, namespace=namespace) == ketenid


@given(one=our.hpgns, other=our.hpgns)
def test_another_hpgn_is_another_person(one: HPgn, other: HPgn) -> None:
    """
    Two persons have two stampseudoniemen and two ketenIDs.
    """
    assume(one != other)
    assert derive_stampseudoniem(one, sleutelbos=our.RING) != derive_stampseudoniem(
        other, sleutelbos=our.RING
    )
    assert _unlinkable(_ketenid(one), _ketenid(other))


@given(octets=st.binary(min_size=32, max_size=32))
def test_another_scheme_is_another_derivation(octets: bytes) -> None:
    """
    The same octets of another scheme are no evidence of the same person.
    """
    assert _unlinkable(
        _ketenid(HPgn(octets, CHEAPEST)), _ketenid(HPgn(octets, NUMMERVOORZIENING))
    )


@given(hpgn=our.hpgns, one=our.ketens, other=our.ketens)
def test_another_keten_gives_an_unlinkable_ketenid(
    hpgn: HPgn, one: Keten, other: Keten
) -> None:
    """
    Recipients in two ketens cannot find the same person by the identifier.
    """
    assume(one != other)
    assert _unlinkable(_ketenid(hpgn, keten=one), _ketenid(hpgn, keten=other))


@given(hpgn=our.hpgns)
def test_another_sector_gives_an_unlinkable_ketenid(hpgn: HPgn) -> None:
    """
    L3: who moves to another sector has another ketenID there.
    """
    po, vo, mbo = (
        _ketenid(hpgn, sector=sector) for sector in (Sector.PO, Sector.VO, Sector.MBO)
    )
    assert _unlinkable(po, vo)
    assert _unlinkable(po, mbo)
    assert _unlinkable(vo, mbo)


@given(hpgn=our.hpgns)
def test_another_ring_gives_an_unlinkable_ketenid(hpgn: HPgn) -> None:
    """
    Two boards with two rings have none in common, of one release and salt too.
    """
    assert _unlinkable(_ketenid(hpgn), _ketenid(hpgn, ring=_OTHER))
    assert _apart(
        derive_stampseudoniem(hpgn, sleutelbos=our.RING).expose()[-128:],
        derive_stampseudoniem(hpgn, sleutelbos=_OTHER).expose()[-128:],
    )


@given(hpgn=our.hpgns, keten=our.ketens, sector=our.sectors)
def test_a_rotation_changes_every_ketenid_and_no_stampseudoniem(
    hpgn: HPgn, keten: Keten, sector: Sector
) -> None:
    """
    The newest release is taken unless one is named; the old can still be named.
    """
    before = derive_stampseudoniem(hpgn, sleutelbos=our.RING)
    stam = derive_stampseudoniem(hpgn, sleutelbos=_ROTATED)
    assert stam == before
    assert stam.release == "2026"
    old = _ketenid(hpgn, keten=keten, sector=sector)
    new = _ketenid(hpgn, keten=keten, sector=sector, ring=_ROTATED)
    assert new.release == "2027"
    assert _unlinkable(old, new)
    named = _ketenid(hpgn, keten=keten, sector=sector, ring=_ROTATED, release="2026")
    assert named == old
    newest = _ketenid(hpgn, keten=keten, sector=sector, ring=_ROTATED, release="2027")
    assert newest == new


def test_two_rings_that_rotate_to_one_name_part_there() -> None:
    """
    The name of a release is no key: each rotation draws a root.
    """
    again = our.RING.rotate("2027")
    assert _unlinkable(_ketenid(_HPGN, ring=_ROTATED), _ketenid(_HPGN, ring=again))
    assert _ketenid(_HPGN, ring=again, release="2026") == _ketenid(_HPGN)


def test_the_old_release_follows_from_a_stored_stampseudoniem() -> None:
    """
    Neither the PGN nor the HPgn is needed again.
    """
    stam = derive_stampseudoniem(_HPGN, sleutelbos=our.RING)
    kept = our.RING.seal(stam, about="row")
    stored = _ROTATED.unseal(kept, about="row")
    assert isinstance(stored, Stampseudoniem)
    for release in _ROTATED.releases:
        assert derive_ketenid(
            stored,
            keten=LEERMIDDELENKETEN,
            sector=Sector.PO,
            sleutelbos=_ROTATED,
            release=release,
        ) == _ketenid(_HPGN, ring=_ROTATED, release=release)


@pytest.mark.parametrize("release", ["2025", "", "sp2026", "2026 "])
def test_a_release_that_the_ring_lacks_is_refused(release: str) -> None:
    """
    Only the ring's own releases can be named.
    """
    with pytest.raises(SecretError, match=r"^release: expected one of this ring's"):
        _ketenid(_HPGN, release=release)


def test_in_hoger_onderwijs_there_is_no_ketenid() -> None:
    """
    None was ever issued there: it is refused, and nothing is taken in.
    """

    def none() -> Iterator[Stampseudoniem]:
        pytest.fail("a stampseudoniem was asked for")
        yield

    with pytest.raises(BoundaryError) as caught:
        derive_ketenids(
            none(), keten=LEERMIDDELENKETEN, sector=Sector.HO, sleutelbos=our.RING
        )
    assert caught.value.rule.value == "no-ho"
    assert str(caught.value) == "sector ho: no ketenID was ever issued there"
    with pytest.raises(BoundaryError):
        _ketenid(_HPGN, sector=Sector.HO)


@pytest.mark.parametrize(
    "namespace", ["https://ketenid.nl", "https://a.eckid.invalid", "https://eckid"]
)
def test_a_stampseudoniem_of_another_namespace_is_refused(namespace: str) -> None:
    """
    A ring derives for its own namespace alone.
    """
    stam = Stampseudoniem.parse(f"{namespace}/sp2026/{'0' * 128}", namespace=namespace)
    with pytest.raises(PseudonymError) as caught:
        derive_ketenid(
            stam, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=our.RING
        )
    assert caught.value.reason is PseudonymReden.NAMESPACE


def test_what_a_rehearsal_ring_makes_is_a_rehearsal() -> None:
    """
    Each value knows it; its text is that of the pilot service.
    """
    stam = derive_stampseudoniem(_HPGN, sleutelbos=_REHEARSAL)
    ketenid = _ketenid(_HPGN, ring=_REHEARSAL)
    assert stam.rehearsal is True
    assert ketenid.rehearsal is True
    assert stam.expose().startswith("https://ketenid.nl/sppilot/")
    assert ketenid.uri.startswith("https://ketenid.nl/pilot/")
    assert not derive_stampseudoniem(_HPGN, sleutelbos=our.RING).rehearsal
    assert not _ketenid(_HPGN).rehearsal


@given(
    stams=st.lists(our.stampseudoniemen, max_size=8),
    keten=our.ketens,
    sector=our.sectors,
    release=st.sampled_from([None, "2026", "2027"]),
)
def test_many_are_derived_as_one_is_and_in_order(
    stams: list[Stampseudoniem], keten: Keten, sector: Sector, release: str | None
) -> None:
    """
    The list gives what each would by itself, each at its place.
    """
    many = derive_ketenids(
        iter(stams), keten=keten, sector=sector, sleutelbos=_ROTATED, release=release
    )
    each = [
        derive_ketenid(
            stam, keten=keten, sector=sector, sleutelbos=_ROTATED, release=release
        )
        for stam in stams
    ]
    derived = list(many)
    assert derived == each
    assert [(k.keten, k.sector) for k in derived] == [(keten, sector)] * len(stams)


def test_many_are_taken_in_one_by_one() -> None:
    """
    A list of any length is derived in the memory of one.
    """
    stam = derive_stampseudoniem(_HPGN, sleutelbos=our.RING)
    taken = []

    def stams() -> Iterator[Stampseudoniem]:
        for number in range(3):
            taken.append(number)
            yield stam

    many = derive_ketenids(
        stams(), keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=our.RING
    )
    assert taken == []
    for number, _ in enumerate(many):
        assert taken == list(range(number + 1))


@given(
    hpgns=st.lists(our.hpgns, max_size=8),
    keten=our.ketens,
    sector=our.sectors,
    release=st.sampled_from([None, "2026", "2027"]),
)
def test_what_derives_many_is_made_once_and_derives_as_one_is(
    hpgns: list[HPgn], keten: Keten, sector: Sector, release: str | None
) -> None:
    """
    Whoever was derived before, of whichever scheme, changes nothing for the next.
    """
    how: dict[str, Any] = {"sleutelbos": _ROTATED, "release": release}
    stam, ketenid = stam_of(_ROTATED), ketenid_of(keten, sector, **how)
    for some in (hpgns, hpgns[::-1]):
        stams = [derive_stampseudoniem(hpgn, sleutelbos=_ROTATED) for hpgn in some]
        assert [stam(hpgn) for hpgn in some] == stams
        each = [derive_ketenid(s, keten=keten, sector=sector, **how) for s in stams]
        made = [ketenid(one) for one in stams]
        assert made == each
        assert [(k.keten, k.sector) for k in made] == [(keten, sector)] * len(some)
        assert {one.release for one in stams} <= {"2026"}


def test_what_derives_many_refuses_before_anybody_is_derived() -> None:
    """
    No ring, no such release, no ketenID in that sector: told where it is made.
    """
    with pytest.raises(TypeError, match=r"^sleutelbos: expected Sleutelbos, got Salt$"):
        stam_of(our.PUBLISHED_SALT)  # type: ignore[arg-type]  # the point
    with pytest.raises(BoundaryError):
        ketenid_of(LEERMIDDELENKETEN, Sector.HO, sleutelbos=our.RING)
    with pytest.raises(SecretError, match=r"^release: expected one of this ring's"):
        ketenid_of(LEERMIDDELENKETEN, Sector.PO, sleutelbos=our.RING, release="2025")
    with pytest.raises(TypeError, match=r"^HPgn: expected HPgn, got str$"):
        stam_of(our.RING)("0" * 64)  # type: ignore[arg-type]  # the point


_WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "keten": ({"keten": LEERMIDDELENKETEN.id}, "keten: expected Keten, got str"),
    "sector": ({"sector": "po"}, "sector: expected Sector, got str"),
    "sleutelbos": (
        {"sleutelbos": our.PUBLISHED_SALT},
        "sleutelbos: expected Sleutelbos, got Salt",
    ),
    "release": ({"release": 2026}, "release: expected str, got int"),
}


@pytest.mark.parametrize("case", _WRONG)
def test_a_derivation_takes_values_only(case: str) -> None:
    """
    No text stands in for a value, and the complaint comes before any is derived.
    """
    wrong, said = _WRONG[case]
    right: dict[str, Any] = {
        "keten": LEERMIDDELENKETEN,
        "sector": Sector.PO,
        "sleutelbos": our.RING,
    }
    with pytest.raises(TypeError) as caught:
        derive_ketenids([], **(right | wrong))
    assert caught.value.args == (said,)


def test_only_a_stampseudoniem_becomes_a_ketenid() -> None:
    """
    An HPgn, a ketenID or a text at its place is a TypeError that shows none.
    """
    strangers: list[Any] = [_HPGN, _ketenid(_HPGN), "0" * 128, None]
    for stranger in strangers:
        with pytest.raises(TypeError) as caught:
            derive_ketenid(
                stranger, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=our.RING
            )
        kind = type(stranger).__name__
        assert caught.value.args == (
            f"stampseudoniem: expected Stampseudoniem, got {kind}",
        )


def test_only_an_hpgn_becomes_a_stampseudoniem() -> None:
    """
    Its 64 digits are no HPgn, and a salt is no ring.
    """
    with pytest.raises(TypeError, match=r"^HPgn: expected HPgn, got str$"):
        derive_stampseudoniem("0" * 64, sleutelbos=our.RING)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^sleutelbos: expected Sleutelbos, got Salt$"):
        derive_stampseudoniem(_HPGN, sleutelbos=our.PUBLISHED_SALT)  # type: ignore[arg-type]  # the point


@given(one=our.ketenids, other=our.ketenids, key=st.binary(min_size=32, max_size=80))
def test_a_token_is_of_one_ketenid_and_one_key(
    one: KetenID, other: KetenID, key: bytes
) -> None:
    """
    The same for the same two, another for another; 64 hex digits, and no URI.
    """
    sleutel = Sleutel(key)
    token = ketenid_token(one, sleutel=sleutel)
    noted = KetenID.parse(one.uri, keten=LEERMIDDELENKETEN, sector=Sector.VO)
    assert token == ketenid_token(noted, sleutel=Sleutel(key))
    assert (token == ketenid_token(other, sleutel=sleutel)) is (one == other)
    assert token != ketenid_token(one, sleutel=Sleutel.generate())
    assert len(token) == 64
    assert set(token) <= set("0123456789abcdef")
    assert token not in one.uri


def test_a_token_is_made_of_values() -> None:
    """
    Not of a text, which was not checked, nor with the keys of a ring.
    """
    with pytest.raises(TypeError, match=r"^ketenID: expected KetenID, got str$"):
        ketenid_token(_ketenid(_HPGN).uri, sleutel=Sleutel.generate())  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^sleutel: expected Sleutel, got Sleutelbos$"):
        ketenid_token(_ketenid(_HPGN), sleutel=our.RING)  # type: ignore[arg-type]  # the point


def test_a_ring_is_safe_over_threads() -> None:
    """
    Many threads that derive under one ring give what one thread gives.
    """
    digests = [n.to_bytes(64, "big") for n in range(200)]
    stams = [
        Stampseudoniem.parse(f"https://eckid.invalid/sp2026/{digest.hex()}")
        for digest in digests
    ]

    def derive(_: int) -> list[KetenID]:
        return list(
            derive_ketenids(
                stams, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=our.RING
            )
        )

    with ThreadPoolExecutor(8) as pool:
        every = list(pool.map(derive, range(16)))
    assert all(each == every[0] for each in every)
