"""
Law 6: secrets have types, show nothing, and leave through one word.
"""

import copy
import dataclasses
import json
import pickle
import pprint
from base64 import b64decode
from collections.abc import Callable, Hashable
from typing import Any

import pytest
import strategies as our
from hypothesis import assume, given
from hypothesis import strategies as st

from eckid import (
    BSN,
    NUMMERVOORZIENING,
    HPgn,
    Medewerker,
    Onderwijsnummer,
    Salt,
    Sleutel,
    Sleutelbos,
    Stampseudoniem,
    derive_stampseudoniem,
    hash_pgn,
)
from eckid._core.hidden import Hidden, Sealable
from eckid._core.values import expect, frame
from eckid.scheme import CHEAPEST

_BSN = BSN("063138219")
_HPGN = hash_pgn(_BSN, salt=our.PUBLISHED_SALT, scheme=CHEAPEST)
_STAM = derive_stampseudoniem(_HPGN, sleutelbos=our.RING)
_SLEUTEL = Sleutel(bytes(range(32)))
_REHEARSAL = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
_ROTATED = our.RING.rotate("2027")

# Each kind of secret, by name; what it shows; another of its kind.
_SECRETS: dict[str, tuple[Hidden, str, Hidden]] = {
    "BSN": (_BSN, "<BSN hidden>", BSN("111222333")),
    "onderwijsnummer": (
        Onderwijsnummer("101222331"),
        "<Onderwijsnummer hidden>",
        Onderwijsnummer(our.with_check_digit("10000000", 5) or ""),
    ),
    "medewerker": (
        Medewerker("20DP", "teacher@school.com"),
        "<Medewerker hidden>",
        Medewerker("20DQ", "teacher@school.com"),
    ),
    "HPgn": (_HPGN, "<HPgn hidden>", HPgn(bytes(32), CHEAPEST)),
    "stampseudoniem": (
        _STAM,
        "<Stampseudoniem hidden>",
        Stampseudoniem.parse(f"{our.NAMESPACE}/sp2026/{'0' * 128}"),
    ),
    "salt": (our.PUBLISHED_SALT, "<Salt 16 bytes hidden>", Salt(bytes(16))),
    "sleutel": (_SLEUTEL, "<Sleutel 32 bytes hidden>", Sleutel(bytes(32))),
    "sleutelbos": (
        _ROTATED,
        "<Sleutelbos 2026 2027, keys hidden>",
        Sleutelbos.generate(release="2026"),
    ),
    "rehearsal": (
        _REHEARSAL,
        "<Sleutelbos REHEARSAL pilot, keys hidden>",
        Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl"),
    ),
}
_KEYS = {"salt", "sleutel", "sleutelbos", "rehearsal"}

each = pytest.mark.parametrize("name", _SECRETS)


def _twin(name: str) -> Hidden:
    """
    Return a value that is equal to the secret of this name, and another object.
    """
    again: dict[str, Callable[[], Hidden]] = {
        "BSN": lambda: BSN("063138219"),
        "onderwijsnummer": lambda: Onderwijsnummer("101222331"),
        "medewerker": lambda: Medewerker("20dp", "TEACHER@school.com"),
        "HPgn": lambda: HPgn.parse(_HPGN.expose(), scheme=CHEAPEST),
        "stampseudoniem": lambda: Stampseudoniem.parse(_STAM.expose()),
        "salt": lambda: Salt(our.PUBLISHED_SALT.expose()),
        "sleutel": lambda: Sleutel(bytes(range(32))),
        "sleutelbos": lambda: Sleutelbos(_ROTATED._ring),
        "rehearsal": lambda: Sleutelbos(_REHEARSAL._ring),
    }
    return again[name]()


def _tried(act: Callable[[], object]) -> BaseException:
    with pytest.raises((TypeError, AttributeError)) as caught:
        act()
    return caught.value


def test_every_kind_of_secret_is_tried_here() -> None:
    """
    A new kind of hidden value owes a row to the table of this file.
    """

    def below(kind: type[Hidden]) -> set[type[Hidden]]:
        kinds = kind.__subclasses__()
        return set(kinds).union(*(below(k) for k in kinds))

    public = {kind for kind in below(Hidden) if not kind.__name__.startswith("_")}
    assert public - {Sealable} == {type(secret) for secret, _, _ in _SECRETS.values()}


@each
def test_a_secret_shows_its_kind_and_nothing_else(name: str) -> None:
    """
    `repr`, `str`, `format` and pretty printing give the hidden form.
    """
    secret, shown, _ = _SECRETS[name]
    assert repr(secret) == str(secret) == format(secret) == f"{secret}" == shown
    assert pprint.pformat([secret]) == f"[{shown}]"
    assert f"{secret!a}" == shown


@each
@pytest.mark.parametrize("spec", ["s", ">40", "d", "x", "0"])
def test_a_secret_refuses_a_format_spec(name: str, spec: str) -> None:
    """
    No format spec gets anything out of a secret.
    """
    error = _tried(lambda: format(_SECRETS[name][0], spec))
    assert isinstance(error, TypeError)


@each
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(name: str, protocol: int) -> None:
    """
    No protocol of pickle takes a secret, nor what holds one.
    """
    secret = _SECRETS[name][0]
    for holder in (secret, [secret], {"a": (secret,)}):
        with pytest.raises(TypeError, match=r"holds a secret; it is not pickled$"):
            pickle.dumps(holder, protocol)


_COPIERS: dict[str, Callable[[Any], object]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "reduce": lambda secret: secret.__reduce__(),
    "reduce_ex": lambda secret: secret.__reduce_ex__(4),
    "getstate": lambda secret: secret.__getstate__(),
    "json": json.dumps,
    "asdict": dataclasses.asdict,
    "astuple": dataclasses.astuple,
    "fields": dataclasses.fields,
    "replace": dataclasses.replace,
    "vars": vars,
    "bytes": bytes,
    "iter": iter,
}


@each
@pytest.mark.parametrize("way", _COPIERS)
def test_a_secret_is_not_copied_or_taken_apart(name: str, way: str) -> None:
    """
    What copies or writes out other values raises TypeError, and holds nothing.
    """
    secret = _SECRETS[name][0]
    error = _tried(lambda: _COPIERS[way](secret))
    assert isinstance(error, TypeError)
    assert all(isinstance(arg, str) for arg in error.args)


@dataclasses.dataclass
class _Holder:
    secret: Hidden


@each
def test_a_dataclass_does_not_hand_out_the_secret_that_it_holds(name: str) -> None:
    """
    `asdict` copies what is in a field, and a secret is not copied.
    """
    holder = _Holder(_SECRETS[name][0])
    with pytest.raises(TypeError, match="holds a secret"):
        dataclasses.asdict(holder)
    assert repr(holder).endswith(f"_Holder(secret={_SECRETS[name][1]})")


@each
def test_a_secret_is_frozen_and_slotted(name: str) -> None:
    """
    Nothing is set on a secret, taken off it, or added to it.
    """
    secret = _SECRETS[name][0]
    before = secret._octets
    for attribute in ("_octets", "name", "extra", "salt", "releases", "_derived"):
        with pytest.raises(AttributeError, match=r"is frozen$"):
            setattr(secret, attribute, b"")
        with pytest.raises(AttributeError, match=r"is frozen$"):
            delattr(secret, attribute)
    assert secret._octets is before
    assert not hasattr(secret, "__dict__")


@each
def test_a_secret_is_equal_by_value_and_exact_type(name: str) -> None:
    """
    Equal are two of one kind and one value; no other kind, and not its text.
    """
    secret, shown, other = _SECRETS[name]
    assert secret == secret  # noqa: PLR0124  # that it is equal to itself is the rule
    assert secret == _twin(name)
    assert secret != other
    for stranger in (shown, secret._octets, secret._octets.hex(), None, 0, object()):
        assert secret != stranger
    for kind, (foreign, _, _) in _SECRETS.items():
        assert (secret == foreign) is (kind == name)


def test_equal_octets_of_another_kind_are_not_equal() -> None:
    """
    The same bytes as a salt and as a key are two things.
    """
    octets = bytes(range(32))
    # mypy knows that these two never are equal; the rule is that they are not.
    one: object = Salt(octets)
    assert one != Sleutel(octets)


def test_what_is_open_about_a_secret_is_part_of_what_it_is() -> None:
    """
    The scheme of an HPgn, and namespace and release of a stampseudoniem, count.
    """
    octets = bytes(32)
    assert HPgn(octets, CHEAPEST) != HPgn(octets, NUMMERVOORZIENING)
    assert len({HPgn(octets, CHEAPEST), HPgn(octets, NUMMERVOORZIENING)}) == 2
    digits = "0" * 128
    first = Stampseudoniem.parse(f"{our.NAMESPACE}/sp2026/{digits}")
    assert first != Stampseudoniem.parse(f"{our.NAMESPACE}/sp2027/{digits}")
    assert first != Stampseudoniem.parse(f"https://ketenid.nl/sp2026/{digits}")


@each
def test_pseudonyms_and_numbers_are_hashable_and_keys_are_not(name: str) -> None:
    """
    A PGN, HPgn or stampseudoniem may be looked up; a key may not.
    """
    secret = _SECRETS[name][0]
    if name in _KEYS:
        assert not isinstance(secret, Hashable)
        with pytest.raises(TypeError, match="unhashable"):
            hash(secret)
    else:
        assert hash(secret) == hash(_twin(name))
        assert {secret: 1}[_twin(name)] == 1


@given(one=our.pgns, other=our.pgns)
def test_numbers_are_equal_where_what_they_expose_is(
    one: BSN | Onderwijsnummer | Medewerker, other: BSN | Onderwijsnummer | Medewerker
) -> None:
    """
    Equality is that of the canonical text.
    """
    assert (one == other) is (one.expose() == other.expose())
    assert one == type(one).parse(one.expose())


@each
def test_secrets_have_no_order(name: str) -> None:
    """
    Secrets have no order, because an order would tell about the value.
    """
    secret, _, other = _SECRETS[name]
    error = _tried(lambda: sorted([secret, other]))  # type: ignore[type-var]  # the point
    assert isinstance(error, TypeError)


def test_expose_gives_the_secret_itself() -> None:
    """
    One word lets a secret out: `expose`.
    """
    assert _BSN.expose() == "063138219"
    assert Medewerker.parse("20dp Teacher@School.com").expose() == our.SAFE_MEDEWERKER
    assert our.PUBLISHED_SALT.expose() == b64decode(our.PUBLISHED_SALT_TEXT)
    assert _SLEUTEL.expose() == bytes(range(32))
    assert len(_HPGN.expose()) == 64
    assert _STAM.expose().startswith(f"{our.NAMESPACE}/sp2026/")


def test_a_ring_is_not_exposed() -> None:
    """
    A ring leaves only sealed, by `save`.
    """
    assert not hasattr(our.RING, "expose")


_parts = st.lists(st.binary(max_size=300), max_size=5)


@given(one=_parts, other=_parts)
def test_no_other_parts_have_the_same_frame(
    one: list[bytes], other: list[bytes]
) -> None:
    """
    A frame is read back in one way only.
    """
    assume(one != other)
    assert frame(*one) != frame(*other)


@given(parts=_parts)
def test_a_frame_is_each_part_after_its_length(parts: list[bytes]) -> None:
    """
    Two bytes of length, big-endian, then the part; read back, the same parts.
    """
    framed, read = frame(*parts), []
    while framed:
        length = framed[0] * 256 + framed[1]
        read.append(framed[2 : 2 + length])
        framed = framed[2 + length :]
    assert read == parts


def test_a_part_of_a_frame_has_at_most_65535_bytes() -> None:
    """
    A length that does not fit its two bytes is refused, not cut.
    """
    assert len(frame(bytes(65_535))) == 65_537
    with pytest.raises(ValueError, match="at most 65535 bytes, got 393216") as caught:
        frame(b"secret" * 65_536)
    assert "secret" not in str(caught.value.args)


def test_a_wrong_type_is_named_and_not_shown() -> None:
    """
    The complaint about a type holds the names of the types and no object.
    """
    with pytest.raises(TypeError) as caught:
        expect("PGN", "063138219", BSN, Onderwijsnummer)
    assert caught.value.args == ("PGN: expected BSN or Onderwijsnummer, got str",)
    assert vars(caught.value) == {}
    assert expect("PGN", _BSN, BSN) is _BSN
