"""
Public keys in a file: JSON, one JWK for each, and back again.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import parties as our
import pytest
from joserfc.jwk import OKPKey

from eckid import LinkError, PublicKey
from eckid.errors import LinkReden
from eckid.succession import read_jwks, write_jwks

_OPEN = PublicKey(our.NEXT.public_key, our.BOARD, date(2026, 1, 1), None)
_OTHER = PublicKey(bytes(range(32)), our.BOARD, date(2026, 1, 1), date(2027, 1, 1))


def test_keys_are_read_as_they_were_written() -> None:
    """
    Each by its thumbprint, with its holder and its days.
    """
    text = write_jwks(_OPEN, _OTHER)
    assert read_jwks(text.encode()) == {_OPEN.kid: _OPEN, _OTHER.kid: _OTHER}
    assert read_jwks(write_jwks(our.KEY).encode()) == our.KEYS


def test_another_library_reads_the_same_keys() -> None:
    """
    What stands there is a JWK as RFC 8037 has it, and its thumbprint is its name.
    """
    for jwk in json.loads(write_jwks(_OPEN, _OTHER))["keys"]:
        key = OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")})
        assert key.thumbprint() == jwk["kid"]
        assert not key.is_private


def test_only_a_public_key_is_written() -> None:
    """
    A ring at its place is a TypeError that shows none of it.
    """
    with pytest.raises(TypeError, match=r"^key: expected PublicKey, got Sleutelbos$"):
        write_jwks(our.RING)  # type: ignore[arg-type]  # the point


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


_BAD: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no JSON": lambda: b"keys: []",
    "no text": lambda: b"\xff\xfe\x00",
    "nested too deep": lambda: b"[" * 100_000,
    "a list": lambda: b"[]",
    "no keys": lambda: b'{"keys": []}',
    "a number for keys": lambda: b'{"keys": 1}',
    "texts for keys": lambda: b'{"keys": ["x"]}',
    "a key twice": lambda: write_jwks(_OPEN, _OPEN).encode(),
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
        read_jwks(_BAD[case]())
    assert caught.value.reason is LinkReden.FORM
    assert str(caught.value) == (
        "keys: expected a file of Ed25519 keys, each with its thumbprint, houder "
        "and days, got another"
    )
    assert caught.value.__cause__ is caught.value.__context__ is None
