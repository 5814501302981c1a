"""
Public keys as a JSON file: one JWK for each (RFC 7517, RFC 8037).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from eckid._core.values import expect
from eckid.doel import oins
from eckid.errors import EckidError, LinkError, LinkReden
from eckid.succession.jws import MOST, PublicKey, a_date, as_object, held


def write_jwks(*keys: PublicKey) -> str:
    """
    Return public keys as JSON text, for recipients that verify statements.

    Args:
        keys: The public keys of one holder, each with its days.

    Raises:
        eckid.errors.LinkError: If `read_jwks` would refuse them: no key, keys of two
            holders, or one key twice.
    """
    import json  # noqa: PLC0415  # only key files need it

    told = [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": _x(key),
            "kid": key.kid,
            "houder": key.houder,
            "vanaf": key.vanaf.isoformat(),
            "tot": None if key.tot is None else key.tot.isoformat(),
        }
        for key in (expect("key", one, PublicKey) for one in keys)
    ]
    held(bool(told), "keys: expected one or more, got none", LinkReden.FORM)
    text = json.dumps({"keys": told}, indent=2)
    read_jwks(text.encode("ascii"), houder=keys[0].houder)
    return text


def read_jwks(octets: bytes, *, houder: str) -> dict[str, PublicKey]:
    """
    Return the public keys in a JSON file that `write_jwks` made.

    Args:
        octets: The content of the file.

        houder: OIN of the party that you received the file from. A key of another is
            refused: a file could name anybody.

    Returns:
        The keys, each by its `PublicKey.kid`, as `verify` takes them.

    Raises:
        eckid.errors.IdentifierError: If *houder* is no OIN.
        eckid.errors.LinkError: If the file has another form or no keys, or a key has
            another name than its thumbprint, or another houder.
    """
    oins("houder", [houder])
    keys: dict[str, PublicKey] = {}
    told = _keys_in(expect("octets", octets, bytes))
    for jwk in told:
        key = None
        with suppress(ValueError, KeyError, TypeError, EckidError):
            key = _key(jwk)
        if key is None:
            break
        keys[key.kid] = key
    if not told or len(keys) != len(told):
        raise LinkError(
            "keys: expected a file of Ed25519 keys, each with its thumbprint, houder "
            "and days, got another",
            LinkReden.FORM,
        )
    held(
        {key.houder for key in keys.values()} == {houder},
        "keys: expected those of the houder that the file came from, got another's",
        LinkReden.OTHER_HOUDER,
    )
    return keys


def merge_keys(*files: Mapping[str, PublicKey]) -> dict[str, PublicKey]:
    """
    Return the keys of several boards as one mapping, as `verify` takes them.

    Anybody can put another's public key in a file of their own. If one such file
    silently came in the place of another, a board's withdrawals would count as
    somebody else's, and so not at all.

    Args:
        files: What `read_jwks` gave for each board.

    Raises:
        eckid.errors.LinkError: If two boards claim one key, or one claims it for other
            days. Ask both.
    """
    keys: dict[str, PublicKey] = {}
    for file in files:
        given = expect("keys", file, Mapping)  # type: ignore[type-abstract]  # only asks
        for key in given.values():
            kid = expect("key", key, PublicKey).kid
            held(
                keys.setdefault(kid, key) == key,
                "keys: expected each of one houder and with the same days, got a key "
                "that two files claim; ask both boards",
                LinkReden.OTHER_HOUDER,
            )
    return keys


def _keys_in(octets: bytes) -> list[Any]:
    found = as_object(octets) if len(octets) <= MOST else None
    told = (found or {}).get("keys")
    return told if isinstance(told, list) else []


def _key(told: object) -> PublicKey | None:
    """
    Return one key; None where it is of another kind, or bears another name.
    """
    # A name twice is one pair too many.
    pairs = expect("key", told, tuple)
    jwk: dict[str, Any] = dict(pairs)
    if len(jwk) != len(pairs):
        return None
    octets = urlsafe_b64decode(jwk["x"] + "=")
    vanaf, tot = a_date(jwk["vanaf"]), jwk["tot"]
    key = PublicKey(octets, jwk["houder"], vanaf, None if tot is None else a_date(tot))
    # Base64 has several spellings of the same bytes; only one is accepted.
    same = {"kty": "OKP", "crv": "Ed25519", "x": _x(key), "kid": key.kid}
    return key if same.items() <= jwk.items() else None


def _x(key: PublicKey) -> str:
    return urlsafe_b64encode(key.octets).rstrip(b"=").decode("ascii")
