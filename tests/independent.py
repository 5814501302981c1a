"""
The construction `eckid/1` a second time, by docs/reference/construction.md.

In plain hashlib, hmac and the like, and without importing eckid; the sections are
those of the text. Its author had read eckid, and wrote the text too: it shows that
two ways of computing agree, not that a stranger understands the text.
AES and argon2id are not in the standard library; tests/vectors/make.py has them.
"""

import base64
import hashlib
import hmac
import json
import re
import string
import struct
from collections.abc import Mapping, Sequence
from typing import Any

DIGITS = frozenset(string.digits)
LOWER = frozenset(string.ascii_lowercase)
HEX = frozenset("0123456789abcdef")
CAPITALS = frozenset(string.ascii_uppercase)
# What an e-mail address may hold beside its one @: visible ASCII.
VISIBLE = frozenset(map(chr, range(0x21, 0x7F))) - {"@"}

KNOWN = ("https://ketenid.nl", "https://eckid.invalid")
NATIONAL = ("ketenid.nl", "school.id", "id.school")
REHEARSAL = ("https://ketenid.nl", "pilot")

# N, r and p of the schemes that are scrypt.
SCRYPT = {
    "nummervoorziening-2016": (131072, 8, 4),
    "cheapest-tests-only": (2, 1, 1),
}


class RefusedError(Exception):
    """
    A text, key or file is not what the construction asks for.

    Attributes:
        expect: The kind of refusal, as the vectors name it.
        reason: Which one of that kind.
    """

    def __init__(self, expect: str, reason: str) -> None:
        super().__init__(expect, reason)
        self.expect = expect
        self.reason = reason


# --- 2. Frame and HKDF ---------------------------------------------------------


def frame(*parts: bytes) -> bytes:
    """
    Return each of *parts* after its length in two bytes, big-endian.
    """
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def hkdf(root: bytes, length: int, *info: bytes) -> bytes:
    """
    Return HKDF-SHA-512 (RFC 5869) of *root*, without salt.
    """
    pseudorandom = hmac.digest(bytes(64), root, "sha512")
    block, output, counter = b"", b"", 0
    while len(output) < length:
        counter += 1
        message = block + frame(*info) + bytes([counter])
        block = hmac.digest(pseudorandom, message, "sha512")
        output += block
    return output[:length]


# --- 3. The PGN ----------------------------------------------------------------


def elfproef(digits: str) -> int:
    """
    Return the remainder of nine *digits*.
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11


def read_number(text: str) -> str:
    """
    Return the nine digits of *text*, whatever kind of number they are.
    """
    text = text.strip(" ")
    if any(ord(character) > 0x7F for character in text):
        raise RefusedError("number", "script")
    if not set(text) <= DIGITS | set(" .-"):
        raise RefusedError("number", "digits")
    if text.count(".") == 1:
        raise RefusedError("number", "decimal")
    groups = text.replace(".", " ").replace("-", " ").split(" ")
    if len(groups) > 1 and ("" in groups or len(groups[-1]) < 3):
        raise RefusedError("number", "separator")
    digits = "".join(groups)
    if len(digits) == 8:
        digits = "0" + digits
    if len(digits) != 9:
        raise RefusedError("number", "length")
    return digits


def read_medewerker(text: str) -> str:
    """
    Return BRIN, space and address of *text*.
    """
    brin, _, address = text.partition(" ")
    if any(ord(character) > 0x7F for character in text):
        raise RefusedError("number", "script")
    if len(brin) != 4:
        raise RefusedError("number", "length")
    if not (set(brin[:2]) <= DIGITS and set(brin[2:].lower()) <= LOWER):
        raise RefusedError("number", "digits")
    name, at, domain = address.partition("@")
    if not (name and at and domain and set(name) | set(domain) <= VISIBLE):
        raise RefusedError("number", "separator")
    return f"{brin.upper()} {address.lower()}"


def read_pgn(text: str, kind: str) -> tuple[str, str]:
    """
    Return the kind and the canonical form of *text*, read as *kind* or any.
    """
    if kind == "medewerker" or (kind == "any" and "@" in text):
        return "medewerker", read_medewerker(text)
    digits = read_number(text)
    rest = elfproef(digits)
    if kind == "any":
        kind = "BSN"
        if digits.startswith("10") and rest == 5:
            kind = "onderwijsnummer"
    prefix, remainder = {"BSN": ("", 0), "onderwijsnummer": ("10", 5)}[kind]
    if digits == "000000000" or not digits.startswith(prefix):
        raise RefusedError("number", "range")
    if rest != remainder:
        raise RefusedError("number", "elfproef")
    return kind, digits


# --- 4. The HPgn ---------------------------------------------------------------


def read_salt(text: str) -> bytes:
    """
    Return the salt whose base64 is *text*.
    """
    try:
        salt = base64.b64decode(text, validate=True)
    except ValueError:
        raise RefusedError("secret", "salt-base64") from None
    if base64.b64encode(salt).decode("ascii") != text:
        raise RefusedError("secret", "salt-base64")
    if len(salt) < 16:
        raise RefusedError("secret", "salt-length")
    return salt


def scrypt(canonical: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    """
    Return the HPgn of a *canonical* PGN: scrypt of its lower case.
    """
    n, r, p = cost
    return hashlib.scrypt(
        canonical.lower().encode("ascii"),
        salt=salt,
        n=n,
        r=r,
        p=p,
        maxmem=2**28,
        dklen=32,
    )


def read_hpgn(text: str) -> bytes:
    """
    Return the 32 bytes of an HPgn in hex.
    """
    if len(text) != 64:
        raise RefusedError("pseudonym", "length")
    if not set(text) <= HEX:
        upper = set(text) <= HEX | set("ABCDEF")
        raise RefusedError("pseudonym", "case" if upper else "hex")
    return bytes.fromhex(text)


# --- 5. The ring ---------------------------------------------------------------


def is_release(text: str) -> bool:
    """
    Say whether *text* may be the name of a release.
    """
    return (
        1 <= len(text) <= 31
        and set(text) <= LOWER | DIGITS | {"-"}
        and not text.startswith(("-", "sp", "pv"))
    )


def is_namespace(text: str) -> bool:
    """
    Say whether *text* has the form of a namespace.
    """
    scheme, host = text[:8], text[8:]
    return (
        scheme == "https://"
        and len(host) <= 253
        and all(
            1 <= len(label) <= 63
            and set(label) <= LOWER | DIGITS | {"-"}
            and not label.startswith("-")
            and not label.endswith("-")
            for label in host.split(".")
        )
    )


def is_rehearsal(namespace: str, releases: Sequence[str]) -> bool:
    """
    Say whether a ring of these names is a rehearsal ring.
    """
    return (namespace, *releases) == REHEARSAL


def check_names(namespace: str, releases: Sequence[str]) -> None:
    """
    Refuse the names that no ring may bear.
    """
    if not all(map(is_release, releases)):
        raise RefusedError("secret", "release")
    if not is_namespace(namespace):
        raise RefusedError("secret", "namespace")
    below = any(("." + namespace[8:]).endswith("." + name) for name in NATIONAL)
    if below and not is_rehearsal(namespace, releases):
        raise RefusedError("secret", "national")


def make_ring(namespace: str, releases: Sequence[str]) -> bool:
    """
    Say whether it is a rehearsal ring: made with one release, rotated to the others.
    """
    for count in range(1, len(releases) + 1):
        if is_rehearsal(namespace, releases[: count - 1]):
            raise RefusedError("secret", "rehearsal")
        if releases[count - 1] in releases[: count - 1]:
            raise RefusedError("secret", "taken")
        check_names(namespace, releases[:count])
    return is_rehearsal(namespace, releases)


def k_stam(root: bytes) -> bytes:
    """
    Return the key of the stampseudoniemen, from the stam *root*.
    """
    return hkdf(root, 64, b"eckid/1/k_stam")


def k_keten(root: bytes, namespace: str, release: str) -> bytes:
    """
    Return the key of the ketenIDs of *release*, from its *root*.
    """
    return hkdf(
        root, 64, b"eckid/1/k_keten", namespace.encode("ascii"), release.encode("ascii")
    )


def k_seal(root: bytes) -> bytes:
    """
    Return the key of what lies sealed, from the home *root*.
    """
    return hkdf(root, 64, b"eckid/1/k_seal")


# --- 6, 7, 8. Stampseudoniem, ketenID, token -----------------------------------


def stam_message(scheme: str, hpgn: bytes) -> bytes:
    """
    Return what is put under k_stam.
    """
    return frame(b"eckid/1/stampseudoniem", scheme.encode("ascii"), hpgn)


def ketenid_message(keten: str, sector: str, stam: bytes) -> bytes:
    """
    Return what is put under k_keten.
    """
    if not is_uuid(keten):
        raise RefusedError("identifier", "keten")
    if sector == "ho":
        raise RefusedError("boundary", "no-ho")
    return frame(
        b"eckid/1/ketenid", keten.encode("ascii"), sector.encode("ascii"), stam
    )


def is_uuid(text: str) -> bool:
    """
    Say whether *text* is a UUID in lower case.
    """
    groups = text.split("-")
    return [len(group) for group in groups] == [8, 4, 4, 4, 12] and set(
        "".join(groups)
    ) <= HEX


def k_voorlopig(root: bytes, namespace: str, release: str) -> bytes:
    """
    Return the key of the provisional identifiers of a release.
    """
    names = namespace.encode("ascii"), release.encode("ascii")
    return hkdf(root, 64, b"eckid/1/k_voorlopig", *names)


def voorlopig_message(
    bestuur: str, organisatie: str, administratie: str, person: str
) -> bytes:
    """
    Return what is put under k_voorlopig.
    """
    for name, oin in (("oin", organisatie), ("bestuur", bestuur)):
        if len(oin) != 20 or not set(oin) <= DIGITS | CAPITALS:
            raise RefusedError("identifier", name)
    for name, text in (("administratie", administratie), ("person-key", person)):
        if not 1 <= len(text) <= 256:
            raise RefusedError("identifier", name)
    try:
        read_pgn(person, "any")
    except RefusedError:
        oins = bestuur.encode("ascii"), organisatie.encode("ascii")
        texts = administratie.encode("utf-8"), person.encode("utf-8")
        return frame(b"eckid/1/voorlopig", *oins, *texts)
    raise RefusedError("identifier", "person-key")


def token_message(uri: str) -> bytes:
    """
    Return what is put under the holder's key.
    """
    return frame(b"eckid/1/token", uri.encode("ascii"))


def hmac512(key: bytes, message: bytes) -> bytes:
    """
    Return HMAC-SHA-512.
    """
    return hmac.digest(key, message, "sha512")


def token(sleutel: bytes, uri: str) -> str:
    """
    Return the token of a ketenID's *uri*.
    """
    if len(sleutel) < 32:
        raise RefusedError("secret", "sleutel-length")
    return hmac.digest(sleutel, token_message(uri), "sha256").hex()


# --- 9. The URI ----------------------------------------------------------------


def _split(text: str, *marks: str) -> tuple[str, str, str] | None:
    # Namespace, release without its mark, and what follows; None if not so.
    parts = text.split("/", 4)
    if len(parts) != 5:
        return None
    namespace, release = "/".join(parts[:3]), parts[3]
    for mark in marks:
        bare = release.removeprefix(mark)
        if release.startswith(mark) and is_release(bare) and is_namespace(namespace):
            return namespace, bare, parts[4]
    return None


def _is_hex(text: str) -> bool:
    return len(text) == 128 and set(text) <= HEX


def _whole(text: str, *marks: str) -> bool:
    parts = _split(text, *marks)
    return parts is not None and _is_hex(parts[2])


def _marked(text: str, mark: str) -> bool:
    # White space, a scheme or none, a host, and a release that begins with mark.
    text = text.lstrip().lower()
    for scheme in ("https://", "http://", ""):
        host, *rest = text.removeprefix(scheme).split("/", 2)
        spaceless = host != "" and not any(c.isspace() for c in host)
        if text.startswith(scheme) and spaceless and len(rest) == 2:
            return rest[0].startswith(mark)
    return False


def _headless(text: str) -> bool:
    # All there but https:// and, perhaps, host and release.
    *head, digits = text.lower().removeprefix("http://").split("/")
    if not _is_hex(digits):
        return False
    return not head or (len(head) == 2 and head[1] != "" and "." in head[0][1:-1])


def _former(text: str) -> bool:
    scheme, slashes, rest = text.lower().partition("://")
    host, slash, _ = rest.partition("/")
    return (
        scheme in ("http", "https")
        and bool(slashes and slash)
        and host in ("school.id", "id.school")
    )


def read_uri(text: str, kind: str, namespace: str | None = None) -> tuple[str, str]:
    """
    Return namespace and release of *text*, which must be of *kind*.
    """
    mark = {"ketenID": "", "stampseudoniem": "sp"}[kind]
    known = KNOWN if namespace is None else (namespace,)
    parts = _split(text, mark)
    if parts is not None and _is_hex(parts[2]) and parts[0] in known:
        return parts[0], parts[1]
    raise RefusedError("pseudonym", _why(text, kind))


def _why(text: str, kind: str) -> str:
    either = _split(text, "", "sp")
    table = (
        ("empty", text == ""),
        ("form", len(text) > 512),
        ("stampseudoniem", kind == "ketenID" and _marked(text, "sp")),
        ("voorlopig", _marked(text, "pv")),
        ("former-host", _former(text)),
        ("ketenid", kind == "stampseudoniem" and _whole(text, "")),
        ("namespace", _whole(text, "", "sp")),
        ("space", text != text.strip()),
        ("number", text.isdecimal()),
        ("prefix", _headless(text)),
        ("case", _whole(text.lower(), "", "sp")),
        ("length", either is not None and set(either[2]) <= HEX),
        ("hex", either is not None),
        ("release", text.startswith("https://") and text[8:].find("/") > 0),
        ("form", True),
    )
    return next(reason for reason, holds in table if holds)


# --- 10. What is sealed --------------------------------------------------------


def pack_hpgn(scheme: str, hpgn: bytes) -> bytes:
    """
    Return what is sealed for an HPgn.
    """
    return f"{scheme}/{hpgn.hex()}".encode("ascii")


def pack_stampseudoniem(uri: str, *, rehearsal: bool) -> bytes:
    """
    Return what is sealed for a stampseudoniem.
    """
    return (("rehearsal " if rehearsal else "") + uri).encode("ascii")


# --- 11. The sealed file of a ring ---------------------------------------------


def ring_body(
    namespace: str,
    salt: bytes,
    roots: dict[str, bytes],
    releases: Sequence[tuple[str, bytes]],
) -> bytes:
    """
    Return the JSON that holds a ring.
    """
    ring = {
        "namespace": namespace,
        "releases": [[name, root.hex()] for name, root in releases],
        "roots": {name: root.hex() for name, root in roots.items()},
        "salt": salt.hex(),
    }
    return json.dumps(ring, sort_keys=True).encode("ascii")


def read_body(body: bytes) -> Mapping[str, Any]:
    """
    Return the members of the JSON that holds a ring.
    """
    try:
        ring: Any = json.loads(body)
        roots, releases = dict(ring["roots"]), [(n, r) for n, r in ring["releases"]]
        octets = [*roots.values(), *(root for _, root in releases)]
        good = (
            ring.keys() == {"namespace", "releases", "roots", "salt"}
            and roots.keys() == {"home", "seed", "stam"}
            and len(dict(releases)) == len(releases) > 0
            and all(isinstance(pair, list) for pair in ring["releases"])
            and all(isinstance(name, str) for name, _ in releases)
            and all(re.fullmatch("[0-9a-f]{64}", root) for root in octets)
            and re.fullmatch("(?:[0-9a-f]{2})*", ring["salt"]) is not None
            and isinstance(ring["namespace"], str)
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        good = False
    if not good:
        raise RefusedError("secret", "content")
    check_names(ring["namespace"], [name for name, _ in releases])
    if len(ring["salt"]) < 32:
        raise RefusedError("secret", "salt-length")
    members: Mapping[str, Any] = ring
    return members


def file_header(
    cost: tuple[int, int, int], salt: bytes, nonce: bytes, check: bytes, length: int
) -> bytes:
    """
    Return the 80 bytes before what is sealed; *length* is that of the latter.
    """
    memory, passes, lanes = cost
    return (
        b"eckidbos"
        + struct.pack(">H", 1)
        + struct.pack(">IBB", memory, passes, lanes)
        + salt
        + nonce
        + check
        + struct.pack(">I", length)
    )


def check_value(stretched: bytes) -> bytes:
    """
    Return what tells a wrong passphrase from a changed file.
    """
    return hkdf(stretched[32:64], 32, b"eckid/1/check")


def read_header(file: bytes) -> tuple[tuple[int, int, int], bytes, bytes, bytes]:
    """
    Return cost, salt, nonce and check value, after all that needs no passphrase.
    """
    if file[:10] != b"eckidbos\x00\x01":
        raise RefusedError("secret", "unknown")
    if len(file) < 112:
        raise RefusedError("secret", "damaged")
    (length,) = struct.unpack(">I", file[76:80])
    if len(file) != 80 + length + 32:
        raise RefusedError("secret", "damaged")
    if hashlib.sha256(file[:-32]).digest() != file[-32:]:
        raise RefusedError("secret", "damaged")
    memory, passes, lanes = struct.unpack(">IBB", file[10:16])
    if not (
        1 <= lanes <= 16
        and 1 <= passes <= 16
        and 8 * lanes <= memory <= 4 * 1024 * 1024
    ):
        raise RefusedError("secret", "bounds")
    return (memory, passes, lanes), file[16:32], file[32:44], file[44:76]


# --- 15. Links and notices -------------------------------------------------------

ORDER = 2**252 + 27742317777372353535851937790883648493
DOELEN = frozenset(
    (
        *("bestellen", "leveren", "toegang", "gebruik", "terugkoppelen", "toetsen"),
        "genormeerde-toets",
    )
)
# The `typ` of each kind, the most characters, and its members beside org and issued.
STATEMENTS = {
    "link": (
        "eckid-link+jws",
        100_000,
        ("doel", "jti", "nonce", "sectors", "vanaf", "tot", "woorden"),
    ),
    "revocations": (
        "eckid-revocations+jws",
        2_000_000,
        ("number", "next_update", "revoked"),
    ),
    "succession": ("eckid-succession+jws", 100_000, ("old", "new", "chain", "sector")),
    "withdrawal": ("eckid-withdrawal+jws", 100_000, ("ketenid", "chain", "sector")),
}


def thumbprint(public: bytes) -> str:
    """
    Return the `kid` of a public key.
    """
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{to_base64url(public)}"}}'
    return to_base64url(hashlib.sha256(jwk.encode("ascii")).digest())


def to_base64url(octets: bytes) -> str:
    """
    Return octets in base64url without padding.
    """
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def link_message(nonce: bytes, org: str, sector: str, uri: str) -> bytes:
    """
    Return what is hashed to name a ketenID in a link.
    """
    texts = (text.encode("ascii") for text in (org, sector, uri))
    return frame(b"eckid/1/link", nonce, *texts)


def read_parts(kind: str, token: str, kids: Sequence[str]) -> tuple[str, list[bytes]]:
    """
    Return the `kid` and the octets of each part, after the first two steps.
    """
    typ, most, _ = STATEMENTS[kind]
    texts = token.split(".") if len(token) <= most else []
    parts = []
    for text in texts:
        if not re.fullmatch("[A-Za-z0-9_-]+", text) or len(text) % 4 == 1:
            raise RefusedError("link", "form")
        parts.append(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if to_base64url(parts[-1]) != text:
            raise RefusedError("link", "form")
    if len(parts) != 3:
        raise RefusedError("link", "form")
    header = _object(parts[0], "header")
    kid = header.get("kid")
    if header != {"alg": "Ed25519", "kid": kid, "typ": typ} or kid not in kids:
        raise RefusedError("link", "header")
    return str(kid), parts


def has_small_s(signature: bytes) -> bool:
    """
    Return whether S of a signature is below the order of the group.
    """
    return len(signature) == 64 and int.from_bytes(signature[32:], "little") < ORDER


def read_payload(kind: str, payload: bytes) -> dict[str, Any]:
    """
    Return the members of a payload, each in its form.
    """
    found = _object(payload, "claims")
    if set(found) != {"org", "issued", *STATEMENTS[kind][2]}:
        raise RefusedError("link", "claims")
    if not all(_in_form(name, value) for name, value in found.items()):
        raise RefusedError("link", "claims")
    return found


def _object(octets: bytes, reason: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise RefusedError("link", reason)
        return dict(pairs)

    try:
        found = json.loads(octets.decode("utf-8"), object_pairs_hook=once)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RefusedError("link", reason)
    return found


def _in_form(name: str, value: Any) -> bool:  # noqa: ANN401  # whatever JSON has
    if name == "number":
        return type(value) is int and 1 <= value < 2**53
    if name == "revoked":
        return isinstance(value, list) and all(_has_hex(one, 32) for one in value)
    if name == "sectors":
        named = value if isinstance(value, dict) and len(value) == 2 else {"": ""}
        return set(named) <= {"po", "vo", "mbo"} and all(
            _has_hex(one, 64) for one in named.values()
        )
    return isinstance(value, str) and _is_text(name, value)


def _is_text(name: str, value: str) -> bool:
    if name in {"issued", "vanaf", "tot", "next_update"}:
        return _is_day(value)
    if name in {"jti", "nonce"}:
        return _has_hex(value, 32)
    forms = {
        "doel": "|".join(DOELEN),
        "woorden": "[A-Za-z0-9][A-Za-z0-9.-]{0,39}",
        "chain": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "sector": "po|vo|mbo",
    }
    return name not in forms or re.fullmatch(forms[name], value) is not None


def _has_hex(value: Any, many: int) -> bool:  # noqa: ANN401  # whatever JSON has
    return isinstance(value, str) and len(value) == many and set(value) <= HEX


def _is_day(text: str) -> bool:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    year, month, day = map(int, text.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return year > 0 and 1 <= month <= 12 and 1 <= day <= days[month - 1]
