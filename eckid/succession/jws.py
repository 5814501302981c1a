"""
Signed statements: compact JWS under Ed25519, opened in one fixed order.

First its form, then the header, then the signature; only then is the payload read. The
keys come from the caller alone: a statement only says which of them signed it.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

from eckid._core.values import a_day, as_days, expect
from eckid.doel import OIN, Organisatie
from eckid.errors import IdentifierError, LinkError, LinkReden
from eckid.keys import Sleutelbos

# A function for each claim that reads it; it raises a ValueError if it cannot.
Claims: TypeAlias = Mapping[str, Callable[[Any], object]]

# The form of the number by which a link or a consent is found.
JTI: Final = re.compile(r"[0-9a-f]{32}")

# The most characters of a statement; that of a revocation list is set with the list.
MOST: Final = 100_000

# The points of small order, with the sign taken off; those of libsodium, in
# ge25519_has_small_order. Under such a key, of zeros for one, anybody can sign, and
# OpenSSL verifies it.
_SMALL: Final = frozenset(
    bytes.fromhex(first + middle * 30 + last)
    for first, middle, last in (
        ("00", "00", "00"),
        ("01", "00", "00"),
        ("ec", "ff", "7f"),
        ("ed", "ff", "7f"),
        ("ee", "ff", "7f"),
    )
) | {
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
}

_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Kind(NamedTuple):
    """
    A kind of statement: one value, by which it is signed and read.

    So nothing is signed that its reader would refuse.

    Attributes:
        typ: What the header calls it. Each kind has its own, so that none passes for
            another.
        claims: A function for each claim that reads it; ``org`` and ``issued`` stand in
            every statement.
        most: The most characters of a statement.
    """

    typ: str
    claims: Claims
    most: int = MOST

    def read(self, payload: bytes) -> dict[str, Any] | None:
        """
        Return the claims in a payload; None if they are not exactly those of the kind.
        """
        given = as_object(payload)
        every: Claims = {"org": a_text, "issued": a_date, **self.claims}
        with suppress(TypeError, ValueError):
            if given is not None and given.keys() == every.keys():
                return {name: every[name](given[name]) for name in every}
        return None


@dataclass(frozen=True, slots=True)
class PublicKey:
    """
    A public key that the caller trusts, and the days on which it signs.

    Attributes:
        octets: The 32 bytes of an Ed25519 public key (`Sleutelbos.public_key`).
        houder: OIN of the party that signs with it.
        vanaf: The first day on which it signs.
        tot: The last day on which it signs; None while it is in use. If a key leaked,
            do not set a last day but remove the key: a thief can write any day.

    Raises:
        eckid.errors.IdentifierError: If *octets* or *houder* has another form, or
            anybody can sign under the key.
    """

    octets: bytes
    houder: str
    vanaf: date
    tot: date | None = None

    def __post_init__(self) -> None:
        if len(expect("public key", self.octets, bytes)) != 32:
            raise IdentifierError(
                f"public key: expected 32 bytes, got {len(self.octets)}"
            )
        if bytes((*self.octets[:31], self.octets[31] & 0x7F)) in _SMALL:
            raise IdentifierError(
                "public key: expected a point of large order, got one under which "
                "anybody can sign; ask for the key again"
            )
        if not OIN.fullmatch(expect("houder", self.houder, str)):
            raise IdentifierError(
                "houder: expected an OIN of 20 digits or capitals, "
                f"got {len(self.houder)} characters"
            )
        as_days(self, "vanaf", may_lack=("tot",))

    @property
    def kid(self) -> str:
        """
        Its name: the thumbprint of RFC 7638. The keys of `verify` go by this name.
        """
        return str(self.jwk().thumbprint())

    def jwk(self) -> Any:  # noqa: ANN401  # joserfc's type, which may be absent
        """
        Return the key as joserfc has it.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415  # only verifying needs it
            Ed25519PublicKey,
        )

        return _jose().key(Ed25519PublicKey.from_public_bytes(self.octets))


class _Jose(NamedTuple):
    jws: Any
    key: Any
    error: Any
    encode: Any
    decode: Any


def _jose() -> _Jose:
    """
    Return the parts of joserfc that are used here.

    Raises:
        ImportError: If it is not installed; the message names the extra.
    """
    try:
        from joserfc import errors, jws, util  # noqa: PLC0415  # only links need it
        from joserfc.jwk import OKPKey  # noqa: PLC0415
    except ImportError:
        pass
    else:
        return _Jose(
            jws,
            OKPKey.import_key,
            errors.JoseError,
            util.urlsafe_b64encode,
            util.urlsafe_b64decode,
        )
    raise ImportError("links and notices need: pip install 'eckid[link]'")


def _allowed(jose: _Jose, kind: Kind) -> Any:  # noqa: ANN401  # joserfc's registry
    """
    Return the one algorithm, and payloads as long as the kind has.
    """
    registry = jose.jws.JWSRegistry(algorithms=["Ed25519"])
    registry.max_payload_length = kind.most
    return registry


def sign(
    kind: Kind,
    claims: Mapping[str, object],
    *,
    organisatie: Organisatie,
    issued: date,
    sleutelbos: Sleutelbos,
) -> str:
    """
    Return a statement of *kind*, signed by the ring.

    Args:
        kind: The kind.

        claims: The claims of the kind.

        organisatie: The recipient that it is for.

        issued: Today.

        sleutelbos: The ring.

    Raises:
        eckid.errors.LinkError: If `opened` would refuse it: a claim has another form,
            or it is too long.
    """
    import json  # noqa: PLC0415  # only signing needs it

    to = {
        "org": expect("organisatie", organisatie, Organisatie).oin,
        "issued": a_day("issued", issued).isoformat(),
    }
    jose = _jose()
    key = jose.key(expect("sleutelbos", sleutelbos, Sleutelbos).signing_key())
    header = {"alg": "Ed25519", "kid": key.thumbprint(), "typ": kind.typ}
    body = json.dumps({**claims, **to}, sort_keys=True, separators=(",", ":"))
    _held_claims(kind.read(body.encode("ascii")))
    allowed = _allowed(jose, kind)
    token = str(jose.jws.serialize_compact(header, body, key, registry=allowed))
    held(
        len(token) <= kind.most,
        f"statement: expected at most {kind.most} characters, got {len(token)}; leave "
        "off what it need not name",
        LinkReden.FORM,
    )
    return token


def opened(
    token: str,
    kind: Kind,
    *,
    organisatie: Organisatie,
    on: date,
    keys: Mapping[str, PublicKey],
) -> tuple[dict[str, Any], PublicKey]:
    """
    Return the claims of a statement, and the key that signed it.

    Who signed is told by the caller's own key alone: no claim says it.

    Args:
        token: The statement.

        kind: The kind that it must be.

        organisatie: The recipient that it must be for.

        on: Today; the statement may not be of a later day.

        keys: The trusted keys, each by its thumbprint.

    Raises:
        eckid.errors.LinkError: If one of these checks fails; its `reason` says which.
    """
    oin = expect("organisatie", organisatie, Organisatie).oin
    on = a_day("on", on)
    expect("keys", keys, Mapping)  # type: ignore[type-abstract]
    key = _key_of(expect("token", token, str), kind, keys)
    found = _held_claims(kind.read(_payload_of(token, kind, key)))
    issued = found["issued"]
    held(
        found["org"] == oin,
        "organisatie: expected a statement for this one, got another's",
        LinkReden.ORGANISATIE,
    )
    held(
        key.vanaf <= issued and (key.tot is None or issued <= key.tot),
        "key: expected one that signed on the day of the statement, got another",
        LinkReden.KEY,
    )
    held(
        issued <= on,
        "issued: expected a day that has come, got a later one",
        LinkReden.PERIOD,
    )
    return found, key


def _held_claims(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        raise LinkError(
            "claims: expected those of its kind, each in its form, got others",
            LinkReden.CLAIMS,
        )
    return found


def _key_of(token: str, kind: Kind, keys: Mapping[str, PublicKey]) -> PublicKey:
    """
    Return the caller's key that the header names, if form and header are right.
    """
    jose = _jose()
    parts = token.split(".") if len(token) <= kind.most else []
    if (
        not parts
        or not _COMPACT.fullmatch(token)
        # Base64 has several spellings of the same bytes; only one is accepted.
        or any(_recoded(jose, part) != part for part in parts)
    ):
        raise LinkError(
            f"token: expected a compact JWS, got {len(token)} characters of another "
            "form",
            LinkReden.FORM,
        )
    header = as_object(jose.decode(parts[0].encode())) or {}
    kid = header.pop("kid", None)
    key = keys.get(kid) if isinstance(kid, str) else None
    if header != {"alg": "Ed25519", "typ": kind.typ} or key is None:
        raise LinkError(
            f"header: expected alg Ed25519, typ {kind.typ} and the kid of a known "
            "key, got another",
            LinkReden.HEADER,
        )
    held(
        expect("key", key, PublicKey).kid == kid,
        "keys: expected each under its thumbprint, got another",
        LinkReden.HEADER,
    )
    return key


def _recoded(jose: _Jose, part: str) -> str:
    with suppress(ValueError):
        return str(jose.encode(jose.decode(part.encode())).decode())
    return ""


def _payload_of(token: str, kind: Kind, key: PublicKey) -> bytes:
    """
    Return the payload, if the signature is right.
    """
    jose = _jose()
    with suppress(jose.error, ValueError):
        allowed = _allowed(jose, kind)
        found = jose.jws.deserialize_compact(token, key.jwk(), registry=allowed)
        return bytes(found.payload)
    raise LinkError(
        "signature: expected that of the key it names, got another",
        LinkReden.SIGNATURE,
    )


def as_object(octets: bytes) -> dict[Any, Any] | None:
    """
    Return the JSON object in *octets*; None where there is no valid one.

    Duplicate member names are rejected.
    """
    import json  # noqa: PLC0415  # only verifying needs it

    with suppress(ValueError, TypeError, RecursionError):
        # Objects are read as pairs, so that a duplicate name shows. Objects inside stay
        # pairs; who uses one reads it so. Left to itself, json would read UTF-16 too.
        pairs = json.loads(octets.decode("utf-8"), object_pairs_hook=tuple)
        found = dict(pairs)
        if isinstance(pairs, tuple) and len(found) == len(pairs):
            return found
    return None


def held(holds: bool, message: str, reason: LinkReden) -> None:  # noqa: FBT001  # a condition
    """
    Raise a `LinkError` with *message* and *reason* unless *holds* is true.
    """
    if not holds:
        raise LinkError(message, reason)


def a_text(value: object) -> str:
    """
    Return the text of a claim.
    """
    return expect("claim", value, str)


def a_date(value: object) -> date:
    """
    Return the day of a claim, written as 2026-11-24 only.

    Raises:
        ValueError: If it is written otherwise.
    """
    day = date.fromisoformat(expect("claim", value, str))
    if day.isoformat() != value:
        raise ValueError
    return day


def a_hex(octets: int) -> Callable[[object], str]:
    """
    Return a function that reads a claim of *octets* bytes in lower-case hex.
    """

    def read(value: object) -> str:
        if bytes.fromhex(expect("claim", value, str)).hex() != value:
            raise ValueError
        if len(str(value)) != 2 * octets:
            raise ValueError
        return str(value)

    return read
