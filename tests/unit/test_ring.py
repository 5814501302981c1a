"""
The content of a ring: what is read back is a ring, to the letter, or refused.
"""

import json
from typing import Any

import pytest
import strategies as our
from hypothesis import given
from hypothesis import strategies as st

from eckid import SecretError, Sleutelbos
from eckid.keys.ring import read_ring

_SAID = "sleutelbos: expected the content of a ring, got another"
_GOOD: dict[str, Any] = json.loads(our.RING.rotate("2027")._ring.dump())


def _said(octets: bytes) -> str:
    with pytest.raises(SecretError) as caught:
        Sleutelbos(read_ring(octets))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert vars(caught.value) == {}
    (said,) = caught.value.args
    assert isinstance(said, str)
    return said


def _with(**fields: object) -> bytes:
    return json.dumps(_GOOD | fields).encode()


@given(release=our.releases, namespace=our.namespaces)
def test_the_content_of_a_ring_is_read_back(release: str, namespace: str) -> None:
    """
    The same ring gives the same octets, and they give the same ring.
    """
    ring = Sleutelbos.generate(release=release, namespace=namespace)
    again = Sleutelbos(read_ring(ring._ring.dump()))
    assert again == ring
    assert again._ring.dump() == ring._ring.dump()
    assert (
        Sleutelbos(
            read_ring(json.dumps(json.loads(ring._ring.dump()), indent=1).encode())
        )
        == ring
    )


_ROOT = _GOOD["roots"]["stam"]
_BAD = {
    "nothing": b"",
    "no JSON": b"{",
    "cut": our.RING._ring.dump()[:-1],
    "no UTF-8": b"\xff\xfe\xfd",
    "a list": b"[]",
    "a text": b'"ring"',
    "null": b"null",
    "an empty table": b"{}",
    "a field more": _with(extra="x"),
    "a number as namespace": _with(namespace=5),
    "a salt that is no hex": _with(salt="zz"),
    "a salt that is a number": _with(salt=16),
    "no roots": _with(roots={}),
    "roots as a list": _with(roots=[]),
    "a root less": _with(roots={"stam": _ROOT, "home": _ROOT}),
    "a root more": _with(roots=_GOOD["roots"] | {"extra": _ROOT}),
    "a root that is short": _with(roots=_GOOD["roots"] | {"stam": _ROOT[2:]}),
    "a root that is long": _with(roots=_GOOD["roots"] | {"stam": f"{_ROOT}00"}),
    "a root that is no hex": _with(roots=_GOOD["roots"] | {"stam": "zz" * 32}),
    "a root that is no text": _with(roots=_GOOD["roots"] | {"stam": None}),
    "no releases": _with(releases=[]),
    "releases as a number": _with(releases=1),
    "a release without a root": _with(releases=[["2026"]]),
    "a release with two": _with(releases=[["2026", _ROOT, _ROOT]]),
    "a release twice": _with(releases=[["2026", _ROOT], ["2026", _ROOT]]),
    "a release with a short root": _with(releases=[["2026", "00"]]),
}


@pytest.mark.parametrize("case", _BAD)
def test_what_is_no_ring_is_refused_and_not_repeated(case: str) -> None:
    """
    A ring of another make is not half read.
    """
    assert _said(_BAD[case]) == _SAID


_RELEASE = (
    "release: expected 1 to 31 of a-z, 0-9 and -, beginning with a letter or digit "
    "and not with sp or pv"
)
_NATIONAL = "namespace: expected one of your own, got the national service's"
_NAMES = {
    "another namespace": (
        _with(namespace="https://Eckid.invalid"),
        "namespace: expected https:// and a lower-case host",
    ),
    "the national service": (_with(namespace="https://ketenid.nl"), _NATIONAL),
    "what lies under it": (_with(namespace="https://a.school.id"), _NATIONAL),
    "a rehearsal of two releases": (
        _with(
            namespace="https://ketenid.nl", releases=[["pilot", _ROOT], ["2027", _ROOT]]
        ),
        _NATIONAL,
    ),
    "another release": (_with(releases=[["2026", _ROOT], ["sp27", _ROOT]]), _RELEASE),
}


@pytest.mark.parametrize("case", _NAMES)
def test_a_ring_that_is_read_bears_no_name_that_may_not_be_drawn(case: str) -> None:
    """
    Who can seal a file cannot make a ring that passes for the national service.
    """
    octets, said = _NAMES[case]
    assert _said(octets) == said


@pytest.mark.parametrize("field", sorted(_GOOD))
def test_a_ring_lacks_no_field(field: str) -> None:
    """
    A ring of another version is refused.
    """
    less = {name: value for name, value in _GOOD.items() if name != field}
    assert _said(json.dumps(less).encode()) == _SAID


def test_a_salt_that_is_too_short_makes_no_ring() -> None:
    """
    The salt of a ring is a salt as any other.
    """
    assert _said(_with(salt="00")) == "salt: expected 16 bytes or more, got 1"


@given(octets=st.binary(max_size=200))
def test_no_octets_at_random_are_a_ring(octets: bytes) -> None:
    """
    Whatever they are, the refusal is the same and holds none of them.
    """
    assert _said(octets) == _SAID


def test_a_ring_is_made_of_its_roots() -> None:
    """
    Its JSON is a TypeError that shows none of it.
    """
    with pytest.raises(TypeError) as caught:
        Sleutelbos(our.RING._ring.dump())  # type: ignore[arg-type]  # the point
    assert caught.value.args == ("sleutelbos: expected Ring, got bytes",)
