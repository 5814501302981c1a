"""
Salt, key and ring: what they accept, rotation, sealing, and the sealed file.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
import struct
import threading
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest
import strategies as our
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    BSN,
    HPgn,
    Salt,
    SecretError,
    Sleutel,
    Sleutelbos,
    Stampseudoniem,
    derive_stampseudoniem,
)
from eckid._core.whole import A_RING as RING_BEGINS
from eckid.keys import file as keyfile
from eckid.keys.ring import read_ring
from eckid.scheme import CHEAPEST

_REHEARSAL = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
_HPGN = HPgn(bytes(range(32)), CHEAPEST)
_STAM = derive_stampseudoniem(_HPGN, sleutelbos=our.RING)


def _said(act: Callable[[], object]) -> str:
    """
    Return what the SecretError says that *act* raises, and see it unchained.
    """
    with pytest.raises(SecretError) as caught:
        act()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert len(caught.value.args) == 1
    return str(caught.value)


# Salt and key.


@given(octets=st.binary(max_size=48))
def test_a_salt_has_16_bytes_or_more(octets: bytes) -> None:
    """
    Fewer could be guessed; the refusal gives the measure alone.
    """
    if len(octets) >= 16:
        assert Salt(octets).expose() == octets
    else:
        said = _said(lambda: Salt(octets))
        assert said == f"salt: expected 16 bytes or more, got {len(octets)}"


@given(octets=st.binary(max_size=48))
def test_a_sleutel_has_32_bytes_or_more(octets: bytes) -> None:
    """
    Fewer would be the weakest part; the refusal gives the measure alone.
    """
    if len(octets) >= 32:
        assert Sleutel(octets).expose() == octets
    else:
        said = _said(lambda: Sleutel(octets))
        assert said == f"sleutel: expected 32 bytes or more, got {len(octets)}"


def test_a_drawn_sleutel_has_32_bytes_of_its_own() -> None:
    """
    Two that are drawn are two.
    """
    one, other = Sleutel.generate(), Sleutel.generate()
    assert len(one.expose()) == 32
    assert one != other


@pytest.mark.parametrize("kind", [Salt, Sleutel])
@pytest.mark.parametrize("octets", ["x" * 40, bytearray(40), memoryview(bytes(40))])
def test_a_key_is_made_of_bytes(kind: Callable[[Any], object], octets: object) -> None:
    """
    Text has many encodings, and a bytearray changes under its holder.
    """
    with pytest.raises(TypeError, match=r": expected bytes, got \w+$"):
        kind(octets)


@given(octets=st.binary(min_size=16, max_size=40))
def test_a_salt_is_read_from_base64(octets: bytes) -> None:
    """
    As the service hands it out.
    """
    assert Salt.from_base64(b64encode(octets).decode("ascii")) == Salt(octets)


_NO_BASE64 = {
    "nothing": "",
    "too short": "AAAA",
    "15 bytes": "A" * 20,
    "no padding": our.PUBLISHED_SALT_TEXT.rstrip("="),
    "a space in it": f"{our.PUBLISHED_SALT_TEXT[:4]} {our.PUBLISHED_SALT_TEXT[4:]}",
    "a line end": f"{our.PUBLISHED_SALT_TEXT}\n",
    "another spelling of the bytes": our.PUBLISHED_SALT_TEXT.replace("w==", "x=="),
    "url-safe": "____" + our.PUBLISHED_SALT_TEXT[4:],
    "a sign": f"!{our.PUBLISHED_SALT_TEXT}",
    "another script": f"\u00e9{our.PUBLISHED_SALT_TEXT}",
}


@pytest.mark.parametrize("case", _NO_BASE64)
def test_what_is_no_base64_of_a_salt_is_refused(case: str) -> None:
    """
    A salt that was damaged on its way gives no other salt.
    """
    text = _NO_BASE64[case]
    assert _said(lambda: Salt.from_base64(text)).startswith("salt: expected ")


# The ring.


def test_a_ring_that_is_drawn_is_one_of_its_own() -> None:
    """
    Two rings of one salt and release have no root, and no key, in common.
    """
    one, other = (
        json.loads(
            Sleutelbos.generate(release="2026", salt=our.PUBLISHED_SALT)._ring.dump()
        )
        for _ in range(2)
    )
    drawn = [*one["roots"].values(), *other["roots"].values()]
    drawn += [one["releases"][0][1], other["releases"][0][1]]
    assert len(set(drawn)) == 8
    assert {len(bytes.fromhex(root)) for root in drawn} == {32}


def test_a_ring_has_its_salt_or_draws_one() -> None:
    """
    The salt of the environment is kept; without one, two rings differ in it.
    """
    ring = Sleutelbos.generate(release="2026", salt=our.PUBLISHED_SALT)
    assert ring.salt == our.PUBLISHED_SALT
    one, other = (Sleutelbos.generate(release="2026").salt for _ in range(2))
    assert len(one.expose()) == 16
    assert one != other


@given(namespace=our.namespaces, release=our.releases)
def test_a_ring_has_the_namespace_and_release_that_were_named(
    namespace: str, release: str
) -> None:
    """
    Without a namespace of one's own it is one that no host can have.
    """
    ring = Sleutelbos.generate(release=release, namespace=namespace)
    assert (ring.namespace, ring.releases) == (namespace, (release,))
    assert ring.rehearsal is False
    assert Sleutelbos.generate(release=release).namespace == "https://eckid.invalid"


_NO_RELEASES = ("", "sp2026", "pv", "2026/27", "2026.1", "-1", "A", "a" * 32, "1\n")


@pytest.mark.parametrize("release", _NO_RELEASES)
def test_a_release_that_may_not_be_used_is_refused(release: str) -> None:
    """
    At the beginning and at a rotation alike.
    """
    for act in (
        lambda: Sleutelbos.generate(release=release),
        lambda: our.RING.rotate(release),
    ):
        assert _said(act).startswith("release: expected 1 to 31 of a-z, 0-9 and -")


@pytest.mark.parametrize(
    "namespace",
    [
        "https://ketenid.nl",
        "https://a.ketenid.nl",
        "https://a.b.ketenid.nl",
        "https://school.id",
        "https://a.school.id",
        "https://id.school",
        "https://a.id.school",
    ],
)
@pytest.mark.parametrize("release", ["2026", "201703", "pilot", "pilot-1"])
def test_no_ring_of_ours_passes_for_the_national_service(
    namespace: str, release: str
) -> None:
    """
    Its hosts, former ones and what lies under them are refused; one pair is not.
    """
    if (namespace, release) == ("https://ketenid.nl", "pilot"):
        assert Sleutelbos.generate(release=release, namespace=namespace).rehearsal
    else:
        said = _said(lambda: Sleutelbos.generate(release=release, namespace=namespace))
        assert said == "namespace: expected one of your own, got the national service's"


@pytest.mark.parametrize(
    "namespace", ["https://ketenid.nl.invalid", "https://geenketenid.nl"]
)
def test_a_host_that_only_resembles_a_national_one_is_ones_own(namespace: str) -> None:
    """
    What is refused is the host and what lies under it, not its letters.
    """
    ring = Sleutelbos.generate(release="2026", namespace=namespace)
    assert ring.namespace == namespace
    assert ring.rehearsal is False


@pytest.mark.parametrize(
    "namespace",
    [
        "",
        "eckid.invalid",
        "http://eckid.invalid",
        "https://eckid.invalid/",
        "https://eckid.invalid:443",
        "https://Eckid.invalid",
        "https://KETENID.NL",
        "https://ketenid.nl.",
        "https://ketenid.nl/",
        "https://user@eckid.invalid",
    ],
)
def test_a_namespace_of_another_form_is_refused(namespace: str) -> None:
    """
    Https, a lower-case host, and nothing else.
    """
    said = _said(lambda: Sleutelbos.generate(release="pilot", namespace=namespace))
    assert said == "namespace: expected https:// and a lower-case host"


def test_the_parts_of_a_ring_are_of_their_types() -> None:
    """
    Octets are no salt, and a year no release.
    """
    with pytest.raises(TypeError, match=r"^salt: expected Salt, got bytes$"):
        Sleutelbos.generate(release="2026", salt=bytes(16))  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^release: expected str, got int$"):
        Sleutelbos.generate(release=2026)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^namespace: expected str, got NoneType$"):
        Sleutelbos.generate(release="2026", namespace=None)  # type: ignore[arg-type]  # the point


def test_a_rehearsal_ring_says_so_and_cannot_be_rotated() -> None:
    """
    One pair of namespace and release is for systems that insist on the form.
    """
    assert _REHEARSAL.rehearsal is True
    assert "REHEARSAL" in repr(_REHEARSAL)
    said = _said(lambda: _REHEARSAL.rotate("2027"))
    assert said == "sleutelbos: a rehearsal ring cannot be rotated"
    assert not Sleutelbos.generate(release="pilot").rehearsal


@given(release=our.releases.filter(lambda release: release != "2026"))
def test_rotation_gives_a_new_ring_with_one_release_more(release: str) -> None:
    """
    The newest is last; the old ring is as it was, and what is at rest stays.
    """
    ring = our.RING
    rotated = ring.rotate(release)
    assert (ring.releases, rotated.releases) == (("2026",), ("2026", release))
    assert rotated != ring
    assert rotated != ring.rotate(release)
    assert rotated.salt == ring.salt
    assert rotated.namespace == ring.namespace
    assert rotated.public_key == ring.public_key
    before, after = (json.loads(one._ring.dump()) for one in (ring, rotated))
    assert after["roots"] == before["roots"]
    assert after["releases"][:1] == before["releases"]
    assert after["releases"][1][1] != before["releases"][0][1]


def test_a_release_has_one_root_for_ever() -> None:
    """
    No rotation takes a name again that the ring has, first or later.
    """
    twice = our.RING.rotate("2027")
    for release in ("2026", "2027"):
        assert _said(lambda release=release: twice.rotate(release)) == (  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            "release: expected a new name, got one of this ring's"
        )


def test_rings_rotated_in_another_order_are_other_rings() -> None:
    """
    The order of the releases is kept, not sorted: the last is the newest.
    """
    assert our.RING.rotate("b").rotate("a").releases == ("2026", "b", "a")


def test_the_public_key_is_that_of_the_seed() -> None:
    """
    Ed25519, 32 bytes; each ring has its own.
    """
    seed = bytes.fromhex(json.loads(our.RING._ring.dump())["roots"]["seed"])
    private = Ed25519PrivateKey.from_private_bytes(seed)
    private.public_key().verify(private.sign(b"said"), b"said")
    assert our.RING.public_key == private.public_key().public_bytes_raw()
    assert len(our.RING.public_key) == 32
    assert our.RING.public_key != _REHEARSAL.public_key


def test_a_ring_has_no_key_for_a_release_of_another() -> None:
    """
    Only its own releases can be derived under.
    """
    said = _said(lambda: our.RING.mac_keten("2027"))
    assert said == "release: expected one of this ring's, got another"


# Sealing.


@given(hpgn=our.hpgns, about=st.text(st.characters(codec="utf-8"), min_size=1))
def test_an_hpgn_comes_out_of_its_seal_as_it_went_in(hpgn: HPgn, about: str) -> None:
    """
    With its scheme, and as an HPgn.
    """
    opened = our.RING.unseal(our.RING.seal(hpgn, about=about), about=about)
    assert isinstance(opened, HPgn)
    assert opened == hpgn
    assert opened.scheme is hpgn.scheme


@given(stam=our.stampseudoniemen, about=st.text(min_size=1, max_size=9, alphabet="ab"))
def test_a_stampseudoniem_comes_out_of_its_seal_as_it_went_in(
    stam: Stampseudoniem, about: str
) -> None:
    """
    With its namespace and release, and as a stampseudoniem.
    """
    opened = our.RING.unseal(our.RING.seal(stam, about=about), about=about)
    assert isinstance(opened, Stampseudoniem)
    assert opened == stam
    assert opened.rehearsal is False


@given(namespace=our.namespaces, release=our.releases)
def test_a_namespace_of_ones_own_comes_through_the_seal(
    namespace: str, release: str
) -> None:
    """
    What was sealed under any ring is read under that ring.
    """
    ring = Sleutelbos.generate(release=release, namespace=namespace)
    stam = derive_stampseudoniem(_HPGN, sleutelbos=ring)
    assert ring.unseal(ring.seal(stam, about="row"), about="row") == stam


def test_what_a_rehearsal_ring_made_stays_a_rehearsal_under_seal() -> None:
    """
    The note that the text of the URI does not show comes out again.
    """
    stam = derive_stampseudoniem(_HPGN, sleutelbos=_REHEARSAL)
    opened = _REHEARSAL.unseal(_REHEARSAL.seal(stam, about="row"), about="row")
    assert isinstance(opened, Stampseudoniem)
    assert opened.rehearsal is True


_UNSEALED = "sealed value: expected one that this ring sealed about this, unchanged"


@pytest.mark.parametrize("secret", [_HPGN, _STAM], ids=["HPgn", "stampseudoniem"])
def test_a_seal_opens_for_its_own_ring_and_place_alone(
    secret: HPgn | Stampseudoniem,
) -> None:
    """
    A moved cell, another ring, a changed byte or a cut one does not open.
    """
    ring = our.RING
    sealed = ring.seal(secret, about="row 1")
    attempts = [
        (ring, sealed, "row 2"),
        (ring, sealed, "row 1 "),
        (ring, sealed, "Row 1"),
        (Sleutelbos.generate(release="2026"), sealed, "row 1"),
        (ring, sealed + b"\0", "row 1"),
    ]
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        attempts.append((ring, bytes(changed), "row 1"))
        attempts.append((ring, sealed[:place], "row 1"))
        attempts.append((ring, sealed[place + 1 :], "row 1"))
    for opener, octets, about in attempts:

        def unseal(
            opener: Sleutelbos = opener, octets: bytes = octets, about: str = about
        ) -> object:
            return opener.unseal(octets, about=about)

        assert _said(unseal) == _UNSEALED
    assert ring.unseal(sealed, about="row 1") == secret


def test_a_seal_outlives_a_rotation() -> None:
    """
    What lies at rest under the home root is untouched by a new release.
    """
    rotated = our.RING.rotate("2027")
    sealed = our.RING.seal(_STAM, about="row")
    assert rotated.unseal(sealed, about="row") == _STAM
    assert our.RING.unseal(rotated.seal(_STAM, about="row"), about="row") == _STAM


def test_two_seals_of_one_value_have_nothing_in_common() -> None:
    """
    Sixteen bytes are drawn for each and go first, so that no equal cells show.
    """
    one, other = (our.RING.seal(_STAM, about="row") for _ in range(2))
    assert one[:16] != other[:16]
    assert one[16:] != other[16:]
    exposed = _STAM.expose().encode()
    assert exposed[-16:] not in one
    assert len(one) == 16 + 16 + len(exposed)


def test_what_is_sealed_is_sealed_about_something() -> None:
    """
    Without it a cell could be moved; it is text, and half a character is none.
    """
    sealed = our.RING.seal(_STAM, about="row")
    for about, said in (
        ("", "about: expected some text, got none"),
        ("\ud800", "about: expected text, got a lone surrogate"),
    ):
        assert _said(lambda about=about: our.RING.seal(_STAM, about=about)) == said  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        assert _said(lambda about=about: our.RING.unseal(sealed, about=about)) == said  # type: ignore[misc]  # as above
    with pytest.raises(TypeError, match=r"^about: expected str, got int$"):
        our.RING.seal(_STAM, about=1)  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize(
    "secret",
    [BSN("063138219"), our.PUBLISHED_SALT, our.RING, "text", None],
    ids=["bsn", "salt", "ring", "text", "none"],
)
def test_only_what_must_be_kept_is_sealed(secret: Any) -> None:  # noqa: ANN401  # anything may be given
    """
    An HPgn and a stampseudoniem may lie at rest; a PGN or a key may not.
    """
    with pytest.raises(TypeError, match=r"^seal: expected Sealable, got \w+$"):
        our.RING.seal(secret, about="row")


def test_what_is_unsealed_is_bytes() -> None:
    """
    Text is no sealed value.
    """
    with pytest.raises(TypeError, match=r"^sealed: expected bytes, got str$"):
        our.RING.unseal("x" * 64, about="row")  # type: ignore[call-overload]  # the point


# The sealed file. Its layout is written down here a second time, on purpose.
_HEADER = struct.Struct(">8s H I B B 16s 12s 32s I")
_MAGIC = b"eckidbos"
_MINE = "een wachtzin"


@pytest.fixture
def file(tmp_path: Path) -> bytes:
    """
    Return a sealed file of the shared ring.
    """
    our.RING.save(tmp_path / "saved", passphrase=_MINE)
    return (tmp_path / "saved").read_bytes()


def _summed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


def _changed(file: bytes, place: int) -> bytes:
    return file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]


def _opened(file: bytes, passphrase: str = _MINE) -> str:
    # All the memory that any file may ask.
    return _said(lambda: keyfile.open_(file, passphrase, most_memory=16 << 30))


_UNKNOWN = "sleutelbos file: expected version 1 of one, got another"
_SHORT = "sleutelbos file: damaged, it is too short"
_DAMAGED = "sleutelbos file: damaged, length or checksum differs"
_BOUNDS = "sleutelbos file: its argon2id parameters are out of bounds"
_WRONG = "passphrase: not the one this file was sealed with"
_CHANGED = "sleutelbos file: changed since it was sealed"


@pytest.fixture
def stretched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """
    Return the parameters of each argon2id that is asked for; none is run.
    """
    asked: list[tuple[int, int, int]] = []

    def instead(
        _: bytes, __: bytes, passes: int, memory: int, lanes: int, *___: object
    ) -> bytes:
        asked.append((memory, passes, lanes))
        return bytes(64)

    monkeypatch.setattr(keyfile, "hash_secret_raw", instead)
    return asked


@pytest.mark.usefixtures("dear_rings")
def test_a_ring_is_saved_and_loaded_at_the_full_cost(tmp_path: Path) -> None:
    """
    The ring comes back whole; its file costs a guess 256 MiB and three passes.
    """
    path = tmp_path / "ring"
    ring = our.RING.rotate("2027")
    ring.save(path, passphrase=_MINE)
    assert Sleutelbos.load(str(path), passphrase=_MINE) == ring
    fields = _HEADER.unpack(path.read_bytes()[: _HEADER.size])
    assert fields[:5] == (_MAGIC, 1, 256 * 1024, 3, 4)


def test_what_is_loaded_is_the_ring_that_was_saved(tmp_path: Path) -> None:
    """
    Salt, namespace, releases, signing key and every derivation are the same.
    """
    for number, ring in enumerate((our.RING, _REHEARSAL, our.RING.rotate("2027"))):
        path = tmp_path / str(number)
        ring.save(path, passphrase=_MINE)
        again = Sleutelbos.load(path, passphrase=_MINE)
        assert again == ring
        assert again.salt == ring.salt
        assert again.public_key == ring.public_key
        assert (again.namespace, again.releases) == (ring.namespace, ring.releases)
        assert again.rehearsal is ring.rehearsal
        assert derive_stampseudoniem(_HPGN, sleutelbos=again) == derive_stampseudoniem(
            _HPGN, sleutelbos=ring
        )


def test_the_file_is_what_the_construction_says(file: bytes) -> None:
    """
    Read apart from the library: header, AES-256-GCM, check value, checksum.
    """
    header, sealed = file[: _HEADER.size], file[_HEADER.size : -32]
    magic, version, memory, passes, lanes, salt, nonce, check, length = _HEADER.unpack(
        header
    )
    assert (magic, version, memory, passes, lanes) == (_MAGIC, 1, 32, 1, 4)
    assert length == len(sealed)
    assert file == _summed(header + sealed)
    key = hash_secret_raw(
        _MINE.encode(), salt, passes, memory, lanes, hash_len=64, type=Type.ID
    )
    # HKDF-SHA-512 without salt, for the first 32 bytes.
    root = hmac.digest(bytes(64), key[32:], "sha512")
    info = len(b"eckid/1/check").to_bytes(2, "big") + b"eckid/1/check"
    assert check == hmac.digest(root, info + b"\x01", "sha512")[:32]
    assert AESGCM(key[:32]).decrypt(nonce, sealed, header) == our.RING._ring.dump()


def test_a_file_shows_nothing_of_the_ring(file: bytes) -> None:
    """
    No root, salt, namespace or release stands in it.
    """
    ring = json.loads(our.RING._ring.dump())
    for text in (*ring["roots"].values(), ring["salt"], ring["namespace"]):
        assert text.encode() not in file
        if text != ring["namespace"]:
            assert bytes.fromhex(text) not in file


def test_each_save_draws_its_salt_and_nonce(tmp_path: Path) -> None:
    """
    Two files of one ring and passphrase have no key in common.
    """
    headers = []
    for name in ("one", "other"):
        our.RING.save(tmp_path / name, passphrase=_MINE)
        file = (tmp_path / name).read_bytes()
        headers.append(_HEADER.unpack(file[: _HEADER.size]))
    for field in (5, 6, 7):
        assert headers[0][field] != headers[1][field]


def test_what_is_no_such_file_is_unknown(
    file: bytes, stretched: list[tuple[int, int, int]]
) -> None:
    """
    First the magic and the version are read, whatever else is wrong.
    """
    later = _MAGIC + b"\0\2" + file[10:]
    for other in (b"", b"PK\3\4", b"eckid", _MAGIC, _MAGIC + b"\0\2", later):
        assert _opened(other) == _UNKNOWN
        assert _opened(_summed(other)) == _UNKNOWN
    assert stretched == []


def test_a_file_that_was_cut_is_damaged(
    file: bytes, stretched: list[tuple[int, int, int]]
) -> None:
    """
    At whatever byte it ends, or if something follows it.
    """
    for length in range(10, len(file)):
        short = length < _HEADER.size + 32
        assert _opened(file[:length]) == (_SHORT if short else _DAMAGED)
    assert _opened(file + b"\n") == _DAMAGED
    assert stretched == []


def test_a_flipped_byte_anywhere_is_damage(
    file: bytes, stretched: list[tuple[int, int, int]]
) -> None:
    """
    The checksum tells a bad disk from a wrong passphrase before that is asked.
    """
    for place in range(len(file)):
        said = _opened(_changed(file, place))
        assert said == (_UNKNOWN if place < 10 else _DAMAGED)
    assert stretched == []


def test_a_length_that_is_wrong_is_damage_though_the_checksum_is_right(
    file: bytes, stretched: list[tuple[int, int, int]]
) -> None:
    """
    The header says how much is sealed, and is held to it.
    """
    assert _opened(_summed(_changed(file[:-32], _HEADER.size - 1))) == _DAMAGED
    assert _opened(_summed(file[:-32] + b"\0")) == _DAMAGED
    assert stretched == []


def _with_cost(file: bytes, cost: tuple[int, int, int]) -> bytes:
    fields = list(_HEADER.unpack(file[: _HEADER.size]))
    fields[2:5] = cost
    return _summed(_HEADER.pack(*fields) + file[_HEADER.size : -32])


@pytest.mark.parametrize(
    "cost",
    [
        (4 * 1024 * 1024 + 1, 3, 4),
        (2**32 - 1, 3, 4),
        (256 * 1024, 17, 4),
        (256 * 1024, 255, 4),
        (256 * 1024, 3, 17),
        (256 * 1024, 3, 255),
        (256 * 1024, 0, 4),
        (256 * 1024, 3, 0),
        (31, 1, 4),
        (0, 0, 0),
    ],
)
def test_parameters_out_of_bounds_never_run(
    file: bytes, cost: tuple[int, int, int], stretched: list[tuple[int, int, int]]
) -> None:
    """
    A file cannot ask for all memory or time, nor for less than argon2id has.
    """
    assert _opened(_with_cost(file, cost)) == _BOUNDS
    assert stretched == []


@pytest.mark.parametrize(
    "cost", [(4 * 1024 * 1024, 16, 16), (32, 1, 4), (8, 1, 1), (256 * 1024, 3, 4)]
)
def test_parameters_within_bounds_are_those_of_the_file(
    file: bytes, cost: tuple[int, int, int], stretched: list[tuple[int, int, int]]
) -> None:
    """
    The cost may rise in a later version, and old files stay readable.
    """
    assert _opened(_with_cost(file, cost)) == _WRONG
    assert stretched == [cost]


def test_a_machine_that_lacks_the_memory_says_so(
    file: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    That is neither the file's fault nor the passphrase's, and chains nothing.
    """

    def lacking(*_: object) -> NoReturn:
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(keyfile, "hash_secret_raw", lacking)
    said = _opened(_with_cost(file, (4 * 1024 * 1024, 3, 4)))
    assert said == "sleutelbos file: expected 4096 MiB of memory, got less"


def test_a_wrong_passphrase_is_told_from_a_changed_file(file: bytes) -> None:
    """
    Then the check value: who mistypes is not told that the file is broken.
    """
    for passphrase in ("een andere", f"{_MINE} ", f"{_MINE}\n", _MINE.upper()):
        assert _opened(file, passphrase) == _WRONG
    # Salt, check value and cost stand before the question is answered.
    for place in (16, 31, 44, 75):
        assert _opened(_summed(_changed(file[:-32], place))) == _WRONG
    assert _opened(_with_cost(file, (64, 1, 4))) == _WRONG


def test_what_was_changed_with_care_is_changed(file: bytes) -> None:
    """
    Last the tag: who recomputes the checksum still cannot change the ring.
    """
    nonce, body = range(32, 44), range(_HEADER.size, len(file) - 32)
    for place in (*nonce[::11], *body[::97], body[-16], body[-1]):
        assert _opened(_summed(_changed(file[:-32], place))) == _CHANGED
    swapped = _summed(file[: _HEADER.size] + bytes(len(body)))
    assert _opened(swapped) == _CHANGED
    assert keyfile.open_(file, _MINE) == our.RING._ring.dump()


def test_the_refusals_come_in_their_order(file: bytes) -> None:
    """
    A file with every fault is told the first; each that is mended, the next.
    """
    body = bytearray(_with_cost(file, (32, 0, 4))[:-32])
    body[:1], body[-1:] = b"E", bytes([body[-1] ^ 1])
    broken = bytes(body) + bytes(32)
    assert _opened(broken, "een andere") == _UNKNOWN
    broken = b"e" + broken[1:]
    assert _opened(broken, "een andere") == _DAMAGED
    broken = _summed(broken[:-32])
    assert _opened(broken, "een andere") == _BOUNDS
    broken = _with_cost(broken, (32, 1, 4))
    assert _opened(broken, "een andere") == _WRONG
    assert _opened(broken) == _CHANGED


def test_a_passphrase_is_the_same_however_its_accents_are_typed(tmp_path: Path) -> None:
    """
    NFC, in UTF-8: a keyboard's composed letter and another's two are one.
    """
    composed, decomposed = "caf\u00e9 \u00eb", "cafe\u0301 e\u0308"
    assert unicodedata.normalize("NFC", decomposed) == composed != decomposed
    for number, saved in enumerate((composed, decomposed)):
        path = tmp_path / str(number)
        our.RING.save(path, passphrase=saved)
        for typed in (composed, decomposed):
            assert Sleutelbos.load(path, passphrase=typed) == our.RING
        assert _said(lambda path=path: Sleutelbos.load(path, passphrase="cafe e")) == (  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            _WRONG
        )


def test_an_empty_passphrase_is_refused(file: bytes, tmp_path: Path) -> None:
    """
    In saving and in loading; nothing is left in the folder.
    """
    said = _said(lambda: our.RING.save(tmp_path / "ring", passphrase=""))
    assert said == "passphrase: expected one, got nothing"
    assert _opened(file, "") == said
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_a_passphrase_is_text(file: bytes, tmp_path: Path) -> None:
    """
    Half a character is refused and not repeated; octets are a TypeError.
    """
    half = "een wachtzin \ud800"
    said = "passphrase: expected text, got a lone surrogate"
    assert _opened(file, half) == said
    assert _said(lambda: our.RING.save(tmp_path / "ring", passphrase=half)) == said
    with pytest.raises(TypeError, match=r"^passphrase: expected str, got bytes$"):
        our.RING.save(tmp_path / "ring", passphrase=b"een")  # type: ignore[arg-type]  # the point
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    """
    Mode 0600, where the system has modes.
    """
    path = tmp_path / "ring"
    before = os.umask(0)
    try:
        our.RING.save(path, passphrase=_MINE)
    finally:
        os.umask(before)
    # Windows knows no such modes: it shows 0666 whatever was asked.
    expected = 0o600 if os.name == "posix" else 0o666
    assert stat.S_IMODE(path.stat().st_mode) == expected


def test_a_save_that_fails_leaves_the_old_ring_and_nothing_else(
    file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A full disk takes no keys away.
    """

    def full(_: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for name in ("saved", "new"):
        with pytest.raises(OSError, match="No space left"):
            our.RING.rotate("2027").save(
                tmp_path / name, passphrase=_MINE, replace=True
            )
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
    assert (tmp_path / "saved").read_bytes() == file


def test_a_ring_is_saved_over_the_one_that_stood_there(
    file: bytes, tmp_path: Path
) -> None:
    """
    A rotated ring takes the place of its former self, whole.
    """
    rotated = our.RING.rotate("2027")
    rotated.save(tmp_path / "saved", passphrase="een nieuwe", replace=True)
    assert (tmp_path / "saved").read_bytes() != file
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
    assert Sleutelbos.load(tmp_path / "saved", passphrase="een nieuwe") == rotated


def test_a_ring_is_not_saved_over_what_stands_there_unless_that_is_asked(
    file: bytes, tmp_path: Path
) -> None:
    """
    A cell of a notebook that runs twice makes another ring, and loses no pseudonym.
    """
    other = Sleutelbos.generate(release="2026")
    with pytest.raises(FileExistsError, match="saved: expected no such file"):
        other.save(tmp_path / "saved", passphrase=_MINE)
    assert (tmp_path / "saved").read_bytes() == file
    assert file.startswith(RING_BEGINS)
    for octets in (b"a list of somebody's", b"SQLite format 3\0"):
        (tmp_path / "list").write_bytes(octets)
        for how in ({"replace": True}, {}):
            with pytest.raises(OSError, match="list: expected"):
                other.save(tmp_path / "list", passphrase=_MINE, **how)
        assert (tmp_path / "list").read_bytes() == octets


def test_a_ring_that_is_reached_through_a_link_stays_one_ring(
    file: bytes, tmp_path: Path
) -> None:
    """
    Rotated, what the link leads to is replaced; a new ring goes through no link.
    """
    link = tmp_path / "link"
    link.symlink_to("saved")
    rotated = Sleutelbos.load(link, passphrase=_MINE).rotate("2027")
    for to in ("saved", "nowhere"):
        link.unlink()
        link.symlink_to(to)
        with pytest.raises(OSError, match="got a link"):
            rotated.save(link, passphrase=_MINE)
    with pytest.raises(FileNotFoundError):
        rotated.save(link, passphrase=_MINE, replace=True)
    assert (tmp_path / "saved").read_bytes() == file
    link.unlink()
    link.symlink_to("saved")
    rotated.save(link, passphrase=_MINE, replace=True)
    assert link.is_symlink()
    assert Sleutelbos.load(tmp_path / "saved", passphrase=_MINE) == rotated
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "saved"]


def test_a_file_that_is_not_there_is_the_systems_to_tell(tmp_path: Path) -> None:
    """
    What the disk refuses is an OSError, and no error of ours.
    """
    with pytest.raises(FileNotFoundError):
        Sleutelbos.load(tmp_path / "none", passphrase=_MINE)
    with pytest.raises(FileNotFoundError):
        our.RING.save(tmp_path / "none" / "ring", passphrase=_MINE)


def test_chance_is_the_systems_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What is drawn comes from `secrets`: rings, keys, salts, nonces and seals.
    """
    drawn: list[int] = []
    token_bytes = secrets.token_bytes

    def watched(count: int | None = None) -> bytes:
        drawn.append(count or 0)
        return token_bytes(count)

    monkeypatch.setattr(secrets, "token_bytes", watched)
    Sleutel.generate()
    assert drawn == [32]
    ring = Sleutelbos.generate(release="2026")
    assert sorted(drawn) == [16, 32, 32, 32, 32, 32]
    ring.rotate("2027")
    ring.seal(_HPGN, about="row")
    ring.save(tmp_path / "ring", passphrase=_MINE)
    # The release root; the seal; the draft's name, argon2's salt and the nonce.
    assert sorted(drawn[6:]) == [6, 12, 16, 16, 32]


def test_threads_seal_and_open_under_one_ring_at_the_same_time() -> None:
    """
    Each gets its own value back, and what another sealed does not open for it.
    """
    ring = Sleutelbos.generate(release="2026")
    together = threading.Barrier(4)

    def work(n: int) -> int:
        hpgn, about = HPgn(bytes([n] * 32), CHEAPEST), f"k{n}"
        together.wait()
        opened = 0
        for _ in range(500):
            sealed = ring.seal(hpgn, about=about)
            with pytest.raises(SecretError):
                ring.unseal(sealed, about="k")
            opened += ring.unseal(sealed, about=about) == hpgn
        return opened

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [500] * 4


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        (b"HPgn", b"foo"),
        (b"HPgn", b"a/b/c"),
        (b"HPgn", b"no-such-scheme/" + b"00" * 32),
        (b"HPgn", b"\xff"),
        (b"stampseudoniem", b"xyz https://eckid.invalid/sp2026/" + b"00" * 64),
        (b"stampseudoniem", b"https://eckid.invalid/2026/" + b"00" * 64),
    ],
)
def test_what_was_sealed_and_is_no_value_is_refused(kind: bytes, packed: bytes) -> None:
    """
    The holder of the ring can seal anything; only a value comes out.
    """
    ring = Sleutelbos.generate(release="2026")
    nonce = bytes(16)
    sealed = nonce + ring._siv.encrypt(packed, [kind, b"a", nonce])
    with pytest.raises(SecretError, match="sealed value: expected one") as caught:
        ring.unseal(sealed, about="a")
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "release", [{"2026": 1, "00" * 32: 2}, ["2026"], "20", [2026, "00" * 32]]
)
def test_a_release_in_a_file_is_a_name_and_a_root(release: object) -> None:
    """
    What is nearly a release makes no ring.
    """
    fields = json.loads(Sleutelbos.generate(release="2026")._ring.dump())
    fields["releases"] = [release]
    with pytest.raises(SecretError, match="expected the content of a ring"):
        Sleutelbos(read_ring(json.dumps(fields).encode("ascii")))


def test_what_a_register_is_kept_under_is_of_the_ring_for_life() -> None:
    """
    A rotation leaves it as it is; another ring, or another use, has another key.
    """
    other = Sleutelbos.generate(release="2026", salt=our.PUBLISHED_SALT)

    def macs(ring: Sleutelbos) -> list[bytes]:
        states = [ring.mac_index(), ring.mac_ledger(), ring.mac_stam()]
        for state in states:
            state.update(b"x")
        return [state.finalize() for state in states]

    same, of_other = macs(our.RING), macs(other)
    assert macs(our.RING.rotate("2027")) == same
    assert [len(mac) for mac in same] == [32, 32, 64]
    assert len({mac[:32] for mac in (*same, *of_other)}) == 6
    wrapped = our.RING.siv_wrap().encrypt(b"data key", [b"x"])
    assert our.RING.rotate("2027").siv_wrap().decrypt(wrapped, [b"x"]) == b"data key"
    for siv in (other.siv_wrap(), our.RING._siv):
        with pytest.raises(InvalidTag):
            siv.decrypt(wrapped, [b"x"])


_MIB = 1024


@pytest.mark.parametrize(
    ("asks", "allowed", "needed"),
    [
        ((1024 * _MIB, 4), 1 << 30, None),
        ((256 * _MIB, 16), 1 << 30, None),
        ((1024 * _MIB + 1, 1), 1 << 30, 1025),
        ((4096 * _MIB, 16), 1 << 30, 16384),
        ((1024 * _MIB, 5), 1 << 30, 1280),
        ((4096 * _MIB, 4), 4 << 30, None),
        ((4096 * _MIB, 4), (4 << 30) - 1, 4096),
        ((32, 1), 1 << 20, None),
        ((32, 1), 0, 1),
    ],
)
def test_a_file_that_asks_much_is_asked_about(
    file: bytes,
    stretched: list[tuple[int, int, int]],
    asks: tuple[int, int],
    allowed: int,
    needed: int | None,
) -> None:
    """
    Beyond what is allowed nothing is computed; the error says what it asks, and gives.
    """
    memory, passes = asks
    asking = _with_cost(file, (memory, passes, 4))
    said = _said(lambda: keyfile.open_(asking, _MINE, most_memory=allowed))
    if needed is None:
        assert stretched == [(memory, passes, 4)]
        assert said == _WRONG
    else:
        assert stretched == []
        assert f"got one that asks {memory // _MIB} MiB and {passes} passes" in said
        assert f"allow {needed} MiB (most_memory, --allow-memory)" in said


def test_a_ring_asks_at_most_a_gibibyte_unless_more_is_allowed(
    file: bytes, stretched: list[tuple[int, int, int]], tmp_path: Path
) -> None:
    """
    As a parameter of `load`, in bytes; the bounds of every file stay.
    """
    path = tmp_path / "ring"
    path.write_bytes(_with_cost(file, (2048 * _MIB, 4, 4)))
    assert "asks 2048 MiB" in _said(lambda: Sleutelbos.load(path, passphrase=_MINE))
    assert stretched == []
    more: Callable[[], object] = lambda: Sleutelbos.load(  # noqa: E731
        path, passphrase=_MINE, most_memory=2 << 30
    )
    assert _said(more) == _WRONG
    path.write_bytes(_with_cost(file, (4096 * _MIB + 1, 4, 4)))
    assert _said(more) == _BOUNDS
    with pytest.raises(TypeError, match=r"^most_memory: expected int, got str$"):
        Sleutelbos.load(path, passphrase=_MINE, most_memory="1GiB")  # type: ignore[arg-type]  # the point


def test_a_file_without_end_is_no_ring(tmp_path: Path) -> None:
    """
    It is read to the bound of such a file, and no further.
    """
    path = tmp_path / "ring"
    with path.open("wb") as long:
        long.truncate(1 << 26)  # it takes no room on the disk
    assert _said(lambda: Sleutelbos.load(path, passphrase=_MINE)) == (
        "sleutelbos file: expected at most 1 MiB, got more"
    )
