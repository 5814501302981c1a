"""
Public keys as a JSON file: one JWK for each (RFC 7517, RFC 8037).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import date
from typing import Any

from eckid._core.values import expect
from eckid.errors import EckidError, LinkError, LinkReden
from eckid.succession.jws import PublicKey


def write_jwks(*keys: PublicKey) -> str:
    """
    Return public keys as JSON text, for recipients that verify statements.

    Args:
        keys: The public keys, each with its holder and days.
    """
    import json  # noqa: PLC0415  # only key files need it

    told = [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": urlsafe_b64encode(key.octets).rstrip(b"=").decode("ascii"),
            "kid": key.kid,
            "houder": key.houder,
            "vanaf": key.vanaf.isoformat(),
            "tot": None if key.tot is None else key.tot.isoformat(),
        }
        for key in (expect("key", one, PublicKey) for one in keys)
    ]
    return json.dumps({"keys": told}, indent=2)


def read_jwks(octets: bytes) -> dict[str, PublicKey]:
    """
    Return the public keys in a JSON file that `write_jwks` made.

    Args:
        octets: The content of the file.

    Returns:
        The keys, each by its `PublicKey.kid`, as `verify` takes them.

    Raises:
        eckid.errors.LinkError: If the file has another form or no keys, or a key has
            another name than its thumbprint.
    """
    import json  # noqa: PLC0415  # as above

    keys: dict[str, PublicKey] = {}
    told: list[Any] | None = None
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        told = list(json.loads(octets)["keys"])
    for jwk in told or ():
        key = None
        with suppress(ValueError, KeyError, TypeError, EckidError):
            tot = jwk["tot"]
            key = PublicKey(
                urlsafe_b64decode(jwk["x"] + "="),
                jwk["houder"],
                date.fromisoformat(jwk["vanaf"]),
                None if tot is None else date.fromisoformat(tot),
            )
        if key is None or (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
            break
        if key.kid != jwk.get("kid"):
            break
        keys[key.kid] = key
    if not told or len(keys) != len(told):
        raise LinkError(
            "keys: expected a file of Ed25519 keys, each with its thumbprint, houder "
            "and days, got another",
            LinkReden.FORM,
        )
    return keys
