"""
Public keys in a file: JSON, one JWK for each, and back again.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import parties as our
import pytest
from joserfc.jwk import OKPKey

from eckid import IdentifierError, LinkError, PublicKey
from eckid.errors import LinkReden
from eckid.succession import merge_keys, read_jwks, write_jwks

_OPEN = PublicKey(our.NEXT.public_key, our.BOARD, date(2026, 1, 1), None)
_OTHER = PublicKey(bytes(range(32)), our.BOARD, date(2026, 1, 1), date(2027, 1, 1))


def test_keys_are_read_as_they_were_written() -> None:
    """
    Each by its thumbprint, with its holder and its days.
    """
    text = write_jwks(_OPEN, _OTHER)
    both = {_OPEN.kid: _OPEN, _OTHER.kid: _OTHER}
    assert read_jwks(text.encode(), houder=our.BOARD) == both
    assert read_jwks(write_jwks(our.KEY).encode(), houder=our.BOARD) == our.KEYS


def test_another_library_reads_the_same_keys() -> None:
    """
    What stands there is a JWK as RFC 8037 has it, and its thumbprint is its name.
    """
    for jwk in json.loads(write_jwks(_OPEN, _OTHER))["keys"]:
        key = OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")})
        assert key.thumbprint() == jwk["kid"]
        assert not key.is_private


def test_a_file_speaks_for_the_party_that_it_came_from() -> None:
    """
    A neighbour writes our board's OIN beside a key of its own: the file is refused.
    """
    forged = PublicKey(our.NEIGHBOURS.public_key, our.BOARD, date(2026, 1, 1))
    own = write_jwks(our.THEIRS).encode()
    assert read_jwks(own, houder=our.NEIGHBOUR) == {our.THEIRS.kid: our.THEIRS}
    for keys in ([forged], [our.THEIRS, _OPEN]):
        octets = json.dumps({"keys": [_told(key)[0] for key in keys]}).encode()
        with pytest.raises(LinkError, match=r"^keys: expected those of the ") as caught:
            read_jwks(octets, houder=our.NEIGHBOUR)
        assert caught.value.reason is LinkReden.OTHER_HOUDER
    with pytest.raises(IdentifierError, match=r"^houder: expected OINs of 20"):
        read_jwks(write_jwks(_OPEN).encode(), houder="x")
    with pytest.raises(TypeError, match=r"^octets: expected bytes, got str$"):
        read_jwks(write_jwks(_OPEN), houder=our.BOARD)  # type: ignore[arg-type]  # a mistake


def test_a_key_that_two_boards_claim_is_nobodys() -> None:
    """
    A neighbour's file with our board's public key takes no withdrawal from us.
    """
    theirs, copied = (
        read_jwks(write_jwks(key).encode(), houder=our.NEIGHBOUR)
        for key in (our.THEIRS, replace(our.KEY, houder=our.NEIGHBOUR))
    )
    assert merge_keys() == {}
    assert merge_keys(our.KEYS, theirs, our.KEYS) == our.TRUSTED
    for files in ((our.KEYS, copied), (copied, theirs, our.KEYS)):
        with pytest.raises(LinkError, match=r"^keys: expected each of one") as caught:
            merge_keys(*files)
        assert caught.value.reason is LinkReden.OTHER_HOUDER
    # Under whatever name a mapping has it.
    assert merge_keys({"x": our.KEY}) == our.KEYS


def test_a_file_of_the_longest_length_is_read() -> None:
    """
    White space says nothing, up to 100,000 octets.
    """
    longest = write_jwks(_OPEN).encode().ljust(100_000)
    assert read_jwks(longest, houder=our.BOARD)


def test_what_is_written_is_read() -> None:
    """
    No keys, one twice, or those of two holders: no file, for nobody would read it.
    """
    for keys, reason in (
        ((), LinkReden.FORM),
        ((_OPEN, _OPEN), LinkReden.FORM),
        ((_OPEN, our.THEIRS), LinkReden.OTHER_HOUDER),
    ):
        with pytest.raises(LinkError) as caught:
            write_jwks(*keys)
        assert caught.value.reason is reason


def test_only_a_public_key_is_written() -> None:
    """
    A ring at its place is a TypeError that shows none of it.
    """
    with pytest.raises(TypeError, match=r"^key: expected PublicKey, got Sleutelbos$"):
        write_jwks(our.RING)  # type: ignore[arg-type]  # the point


def _told(*keys: PublicKey) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(write_jwks(*keys))["keys"]
    return found


def _changed(**fields: object) -> Callable[[], bytes]:
    def made() -> bytes:
        told: Any = json.loads(write_jwks(_OTHER, _OPEN))
        for name, value in fields.items():
            if value is None:
                del told["keys"][1][name]
            else:
                told["keys"][1][name] = value
        return json.dumps(told).encode()

    return made


def _x(key: PublicKey) -> str:
    return str(_told(key)[0]["x"])


def _respelt(x: str) -> str:
    """
    Return the same octets, spelt with other bits that nobody reads.
    """
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = x[:-1] + signs[signs.index(x[-1]) ^ 1]
    assert urlsafe_b64decode(f"{other}=") == urlsafe_b64decode(f"{x}=")
    return other


_BAD: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no JSON": lambda: b"keys: []",
    "no text": lambda: b"\xff\xfe\x00",
    "nested too deep": lambda: b"[" * 100_000,
    "a list": lambda: b"[]",
    "no keys": lambda: b'{"keys": []}',
    "a number for keys": lambda: b'{"keys": 1}',
    "texts for keys": lambda: b'{"keys": ["x"]}',
    "a key twice": lambda: json.dumps({"keys": 2 * _told(_OPEN)}).encode(),
    "the keys twice": lambda: (
        b'{"keys": [], ' + write_jwks(_OPEN).encode().lstrip()[1:]
    ),
    "a key as a list of pairs": lambda: json.dumps(
        {"keys": [list(_told(_OPEN)[0].items())]}
    ).encode(),
    "a member twice": lambda: (
        write_jwks(_OPEN).encode().replace(b'"kty"', b'"houder": "x", "kty"')
    ),
    "in UTF-16": lambda: write_jwks(_OPEN).encode("utf-16"),
    "larger than any": lambda: write_jwks(_OPEN).encode().ljust(100_001),
    "a number without end": lambda: b'{"keys": [' + b"9" * 5_000 + b"]}",
    "half an emoji for a holder": _changed(houder="\ud83d"),
    "half an emoji for a key": _changed(x="\ud83d"),
    "half an emoji for a day": _changed(vanaf="\ud83d"),
    "a key spelt otherwise": _changed(x=_respelt(_x(_OPEN))),
    "a key with a line break": _changed(x=f"\n{_x(_OPEN)}"),
    "a day in digits only": _changed(vanaf="20260101"),
    "a day of a week": _changed(vanaf="2026-W01-1"),
    "a day in other digits": _changed(vanaf="٢٠٢٦-01-01"),
    "a last day of a week": _changed(tot="2026-W01-1"),
    "a key of another length": _changed(x="AAAA"),
    "a number for a key": _changed(x=1),
    "another key under its name": _changed(
        x="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    ),
    "another name": _changed(kid="x"),
    "no name": _changed(kid=None),
    "another curve": _changed(crv="X25519"),
    "no curve": _changed(crv=None),
    "another type": _changed(kty="EC"),
    "no type": _changed(kty=None),
    "no holder": _changed(houder=None),
    "a holder that is none": _changed(houder="Noor de Vries"),
    "no first day": _changed(vanaf=None),
    "a day that is none": _changed(vanaf="2026-02-30"),
    "a last day that is none": _changed(tot="ooit"),
    "no last day": _changed(tot=None),
}


@pytest.mark.parametrize("case", _BAD)
def test_a_file_that_is_not_of_keys_is_refused_whole(case: str) -> None:
    """
    One key that cannot be read is enough, and the refusal holds nothing of the file.
    """
    with pytest.raises(LinkError) as caught:
        read_jwks(_BAD[case](), houder=our.BOARD)
    assert caught.value.reason is LinkReden.FORM
    assert str(caught.value) == (
        "keys: expected a file of Ed25519 keys, each with its thumbprint, houder "
        "and days, got another"
    )
    assert caught.value.__cause__ is caught.value.__context__ is None
