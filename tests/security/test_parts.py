"""
Framing and labels: no two inputs meet in one message, and no two uses in one key.
"""

import re
from itertools import combinations

import independent as text
import pytest
from figures import HOUSE
from hypothesis import given
from hypothesis import strategies as st
from security.claims import shows
from security.constructions import Real, Roots

from eckid._core.values import frame
from eckid.keys.file import hkdf

parts = st.lists(st.binary(max_size=300), max_size=8)
# Parts that look like lengths are the ones that a careless frame would mix up.
lengths = st.lists(
    st.sampled_from([b"", b"\0", b"\0\0", b"\0\1", b"\0\1\0"]), max_size=8
)


def _unframed(octets: bytes) -> list[bytes]:
    """
    Return the parts of a frame: the proof of the page, as a program.
    """
    found = []
    while octets:
        size = int.from_bytes(octets[:2], "big")
        assert len(octets) >= 2 + size
        found.append(octets[2 : 2 + size])
        octets = octets[2 + size :]
    return found


@shows("C4")
@given(given=st.one_of(parts, lengths))
def test_a_frame_is_read_back(given: list[bytes]) -> None:
    """
    A function gives the parts of a frame back, so that no other parts give it.
    """
    assert _unframed(frame(*given)) == given


@shows("C4")
@given(one=lengths, other=lengths)
def test_other_parts_give_another_frame(one: list[bytes], other: list[bytes]) -> None:
    """
    Also another number of parts; and one byte after it, as HKDF has, changes nothing.
    """
    assert (frame(*one) == frame(*other)) is (one == other)
    assert (frame(*one) + b"\1" == frame(*other) + b"\1") is (one == other)


@shows("C4")
def test_a_part_that_its_length_cannot_count_is_refused() -> None:
    """
    65,535 bytes are the most; beyond, the length would begin again at 0.
    """
    assert _unframed(frame(bytes(65_535), b"x")) == [bytes(65_535), b"x"]
    with pytest.raises(ValueError, match=r"^expected parts of at most 65535 bytes"):
        frame(bytes(65_536))


@shows("C6")
def test_no_label_is_used_twice() -> None:
    """
    Every label in the code has one form, and none is the beginning of another use.
    """
    found: dict[str, set[str]] = {}
    for path in HOUSE.rglob("*.py"):
        for label in re.findall(r'b"(eckid/1/[^"]+)"', path.read_text("utf-8")):
            found.setdefault(label, set()).add(path.relative_to(HOUSE).as_posix())
    assert len(found) >= 12
    # A register's mark is no frame: it has a label that is its own beginning.
    framed = set(found) - {"eckid/1/register ring"}
    assert {label: where for label, where in found.items() if len(where) > 1} == {}
    for one, other in combinations(sorted(framed), 2):
        assert frame(one.encode()) != frame(other.encode())[: len(one) + 2]


@shows("C6")
def test_hkdf_is_extract_and_one_block() -> None:
    """
    HMAC under 64 zero bytes of the root, and HMAC under that of label and 1.
    """
    root, info = bytes(range(32)), (b"eckid/1/k_keten", b"https://a", b"2026")
    extracted = text.hmac512(bytes(64), root)
    block = text.hmac512(extracted, frame(*info) + b"\1")
    for length in (32, 64):
        assert hkdf(root, length, *info) == block[:length]


@shows("C6")
def test_a_key_is_of_one_root_label_namespace_and_release() -> None:
    """
    A change in any of the four gives another key.
    """
    root, names = bytes(32), (b"https://a", b"2026")
    keys = {
        hkdf(root, 64, b"eckid/1/k_keten", *names),
        hkdf(root, 64, b"eckid/1/k_voorlopig", *names),
        hkdf(bytes(31) + b"\1", 64, b"eckid/1/k_keten", *names),
        hkdf(root, 64, b"eckid/1/k_keten", b"https://b", b"2026"),
        hkdf(root, 64, b"eckid/1/k_keten", b"https://a", b"2027"),
        hkdf(root, 64, b"eckid/1/k_keten", b"https://a2", b"026"),
    }
    assert len(keys) == 6


@shows("C6")
def test_a_key_of_the_index_serves_uses_that_never_meet() -> None:
    """
    A tag begins with the 16 bytes of a register's id, the others with a label.

    That of a journal has 15 bytes, and that of a frame 13.
    """
    begins = [frame(bytes(16)), frame(b"eckid/1/journal"), frame(b"eckid/1/frame")]
    assert len({begin[:2] for begin in begins}) == 3


@shows("C6")
def test_no_root_follows_from_the_others() -> None:
    """
    A new ring draws each root by itself, and a rotation draws one more.
    """
    from eckid import Sleutelbos  # noqa: PLC0415

    rings = [Sleutelbos.generate(release="2026") for _ in range(8)]
    rings += [ring.rotate("2027") for ring in rings]
    roots = [r for ring in rings[:8] for r in ring._ring.roots.values()]
    roots += [ring._ring.releases[name] for ring in rings[8:] for name in ring.releases]
    assert len(set(roots)) == len(roots) == 8 * 3 + 8 * 2
    assert {len(root) for root in roots} == {32}
    assert Real(Roots.of(1)).ring != Real(Roots.of(2)).ring
