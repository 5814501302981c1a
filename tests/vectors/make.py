"""
Write the vectors that are ours, from tests/independent.py; the same each time.

    cd tests && python -m vectors.make [folder]

Nothing here or there imports eckid. AES and argon2id come straight from the
libraries `cryptography` and `argon2`, because the standard library has neither.
What a refusal is called is written down here, and computed nowhere.
"""

import base64
import hashlib
import json
import sys
import unicodedata
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

import independent as by_hand
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

Fields: TypeAlias = dict[str, Any]

HERE = Path(__file__).parent

# The public test salt of the .NET reference client (Kennisnet).
SALT = "rktYml0MIp9TC9u6Ny6uqw=="
# The ring of all vectors: its roots count up, so that nobody takes them for keys.
STAM_ROOT = bytes(range(0x20))
ROOT_2026 = bytes(range(0x20, 0x40))
HOME_ROOT = bytes(range(0x40, 0x60))
SEED = bytes(range(0x60, 0x80))
ROOT_2027 = bytes(range(0x80, 0xA0))
SLEUTEL = bytes(range(0xA0, 0xC0))
FILE_SALT = bytes(range(0xC0, 0xD0))
NONCE = bytes(range(0xD0, 0xE0))

SPACE = "https://eckid.invalid"
OWN = "https://keten.example"
NATIONAL = "https://ketenid.nl"
KETEN = "e7ec7d3c-c235-4513-bfb6-e54e66854795"
OTHER_KETEN = "00000000-0000-4000-8000-000000000000"
NIL = "00000000-0000-0000-0000-000000000000"
SCHEME = "nummervoorziening-2016"
ARGON2ID = "eckid-argon2id-1"
CHEAPEST = "cheapest-tests-only"

# Published: what the reference clients have for 063138219 and their teacher.
HPGN = "9735dfd2235eaeb5f0300886bcc99c82ffc1d6420c4e0bde8de7218def2135fa"
HPGN_2 = "0b870ff044775ef0360655c40d5b284b7e3ae2b72207a6894794d787eb019e60"
OLD_HPGN = "95237cd20963e630034620324550809a3df98bbe0774a36c356bf5dbc8a65e7b"
OLD_HPGN_2 = "4cadf651ec0197909e6432cb8347369adba39f44276a5b3cd59d17066f10ab3e"
# Published: what the pilot service answered to the first (for parsing only).
PILOT_STAM = (
    "d0f58d6544562db32383d9fbd7e7d1c6857f9eb8fdaf43db9ac4fac8f3c6897c"
    "c6149985fe4a7b91b9be09a11c65b6bfd4d900357b0c96336b5521aaee261cf7"
)
PILOT_KETENID = (
    "5889fc51565c5488833c42cb2b724c67107bb250be8ed99c881c89632adc37b0"
    "5dd197ee95af1c75be47cb7f9a593ad9ddb2e1f25d2e52c90dbb8dcae4515763"
)
# Published: the example of the Edu-V agreements, of the production service.
EDUV_KETENID = (
    "1a5c9c7203901866532c2d72ce056e1d29cacc70836fe2bc3a517f3f9a53eed3"
    "d77ef370ad6dcf80b3f34ced1c547c7d2e679e8e47002355f938213b3656b206"
)

REFERENCE = (
    "github.com/kennisnet, Nummervoorziening-JavaReferenceImplementation "
    "and Nummervoorziening-DotNetReferenceImplementation"
)
BY_HAND = (
    "tests/independent.py, a second implementation in the Python standard library, "
    "which imports nothing of eckid (its author had read eckid)"
)
RUN = "eckid and tests/independent.py give the same; tests/test_vectors.py runs both"


def accept(
    name: str,
    comment: str,
    inputs: Fields,
    outputs: Fields,
    intermediates: Fields | None = None,
) -> Fields:
    """
    Return a vector whose *inputs* give *outputs*.
    """
    vector = {"name": name, "comment": comment, "inputs": inputs, "expect": "success"}
    if intermediates is not None:
        vector["intermediates"] = intermediates
    return vector | {"outputs": outputs}


def refuse(name: str, comment: str, inputs: Fields, expect: str, reason: str) -> Fields:
    """
    Return a vector whose *inputs* are refused, for *reason*.
    """
    return {
        "name": name,
        "comment": comment,
        "inputs": inputs,
        "expect": expect,
        "reason": reason,
    }


# --- pgn.json ------------------------------------------------------------------


def pgn() -> Fields:
    """
    Return the vectors of reading a PGN.
    """

    def good(name: str, comment: str, text: str, kind: str = "any") -> Fields:
        is_a, canonical = by_hand.read_pgn(text, kind)
        outputs = {"kind": is_a, "canonical": canonical, "hashed": canonical.lower()}
        return accept(name, comment, {"text": text, "kind": kind}, outputs)

    def bad(
        name: str, reason: str, comment: str, text: str, kind: str = "any"
    ) -> Fields:
        return refuse(name, comment, {"text": text, "kind": kind}, "number", reason)

    return {
        "subject": "pgn",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 3 of docs/reference/construction.md; the numbers are "
            "of the reference clients and of the range that is not issued to people",
            "made": "by tests/vectors/make.py; each refusal's reason by hand",
            "checked": RUN,
        },
        "vectors": [
            good("nine-digits", "the canonical form", "063138219"),
            good("lost-zero", "a spreadsheet ate the leading zero", "63138219"),
            good("dots", "two dots or more are separators", "0631.38.219"),
            good("dots-and-lost-zero", "both at once", "63.138.219"),
            good("spaces", "between digits and at both ends", " 063 138 219 "),
            good("hyphens", "between digits", "063-138-219"),
            good("mixed-separators", "one at a time, of any kind", "06-31.38.219"),
            good("named-as-bsn", "read as the kind that it is", "111222333", "BSN"),
            good("test-range", "a number of the public test persons", "999993653"),
            good("onderwijsnummer", "begins with 10, remainder 5", "101222331"),
            good(
                "named-as-onderwijsnummer",
                "read as the kind that it is",
                "1012.22.331",
                "onderwijsnummer",
            ),
            good("medewerker", "the published sample", "20DP teacher@school.com"),
            good(
                "medewerker-other-case",
                "the BRIN goes to upper case, the address to lower",
                "20dp Teacher@School.COM",
            ),
            good(
                "medewerker-signs",
                "any visible ASCII may stand in an address",
                "20DP t.o'b+1@school.com",
                "medewerker",
            ),
            good(
                "medewerker-bounds",
                "the first and the last sign of visible ASCII",
                "20DP !~@~!",
            ),
            bad("elfproef", "elfproef", "one digit is wrong", "063138218"),
            bad("ten-digits", "length", "one digit too many", "0631382190"),
            bad("two-lost-zeros", "length", "nobody loses two zeros", "3138219"),
            bad("empty", "length", "nothing", ""),
            bad("only-spaces", "length", "nothing, between spaces", "   "),
            bad("all-zero", "range", "passes the elfproef, never issued", "000000000"),
            bad("all-zero-as-bsn", "range", "never issued", "000000000", "BSN"),
            bad(
                "remainder-5",
                "elfproef",
                "of an onderwijsnummer, but it does not begin with 10",
                "063138214",
            ),
            bad(
                "remainder-5-as-bsn",
                "elfproef",
                "a BSN has remainder 0",
                "063138214",
                "BSN",
            ),
            bad(
                "remainder-5-as-onderwijsnummer",
                "range",
                "an onderwijsnummer begins with 10",
                "063138214",
                "onderwijsnummer",
            ),
            bad(
                "onderwijsnummer-elfproef",
                "elfproef",
                "one digit is wrong",
                "101222332",
                "onderwijsnummer",
            ),
            bad(
                "arabic-indic-digits",
                "script",
                "digits of another script",
                "\u0660\u0666\u0663\u0661\u0663\u0668\u0662\u0661\u0669",
            ),
            bad(
                "full-width-digits",
                "script",
                "digits of another width",
                "\uff10\uff16\uff13\uff11\uff13\uff18\uff12\uff11\uff19",
            ),
            bad(
                "no-break-space", "script", "not the space of ASCII", "063138\u00a0219"
            ),
            bad(
                "en-dash", "script", "not the hyphen of ASCII", "063\u2013138\u2013219"
            ),
            bad("letter", "digits", "a capital O for a zero", "O63138219"),
            bad("tab", "digits", "only spaces are taken off", "\t063138219"),
            bad("line-break", "digits", "only spaces are taken off", "063138219\n"),
            bad("plus", "digits", "a sign is no separator", "+63138219"),
            bad("decimal-comma", "digits", "a spreadsheet's decimal", "63138219,0"),
            bad("scientific", "digits", "a spreadsheet's notation", "6,3138219E+07"),
            bad(
                "scientific-point",
                "digits",
                "the letter is seen before the decimal point",
                "6.3138219E+07",
            ),
            bad(
                "decimal-point",
                "decimal",
                "without its point it is another person's valid number",
                "10000483.0",
            ),
            bad("one-dot-inside", "decimal", "one dot is a point", "063138.219"),
            bad(
                "decimal-before-separator",
                "decimal",
                "two faults; the point is seen first",
                "-63138219.0",
            ),
            bad("hyphen-first", "separator", "a minus?", "-63138219"),
            bad("hyphen-last", "separator", "cut off?", "063138219-"),
            bad("doubled", "separator", "a group is missing", "063--138-219"),
            bad("doubled-space", "separator", "a group is missing", "063  138 219"),
            bad(
                "two-digits-at-the-end",
                "separator",
                "they may be decimals",
                "06.31382.19",
            ),
            bad("separator-alone", "separator", "no digit at all", "-"),
            bad(
                "bsn-as-onderwijsnummer",
                "range",
                "two faults; that it does not begin with 10 is seen first",
                "063138219",
                "onderwijsnummer",
            ),
            bad(
                "onderwijsnummer-as-bsn",
                "elfproef",
                "its remainder is 5",
                "101222331",
                "BSN",
            ),
            bad("no-address", "separator", "a BRIN alone", "20DP", "medewerker"),
            bad(
                "no-at-sign",
                "digits",
                "without an @ it is read as a number",
                "20DP teacher",
            ),
            bad(
                "brin-of-six",
                "length",
                "with the digits of a vestiging",
                "20DP00 teacher@school.com",
            ),
            bad(
                "brin-and-address-together",
                "length",
                "no space between them",
                "20DPteacher@school.com",
            ),
            bad(
                "space-first",
                "length",
                "nothing is taken off here",
                " 20DP teacher@school.com",
            ),
            bad(
                "brin-of-letters",
                "digits",
                "a capital O for a zero",
                "2ODP teacher@school.com",
            ),
            bad("two-spaces", "separator", "one is asked", "20DP  teacher@school.com"),
            bad(
                "space-last",
                "separator",
                "nothing is taken off here",
                "20DP teacher@school.com ",
            ),
            bad("two-at-signs", "separator", "one is asked", "20DP a@b@school.com"),
            bad("no-name", "separator", "nothing before the @", "20DP @school.com"),
            bad("no-host", "separator", "nothing after the @", "20DP teacher@"),
            bad(
                "control-character",
                "separator",
                "not visible",
                "20DP teacher\u0007@school.com",
            ),
            bad("delete", "separator", "not visible", "20DP teacher@school.com\u007f"),
            bad(
                "other-script",
                "script",
                "ASCII is asked of an address",
                "20DP te\u00e4cher@school.com",
            ),
        ],
    }


# --- hpgn.json -----------------------------------------------------------------


def argon2id(canonical: str, salt: bytes) -> bytes:
    """
    Return the HPgn of a *canonical* PGN under our own scheme.
    """
    octets = canonical.lower().encode("ascii")
    return hash_secret_raw(octets, salt, 3, 256 * 1024, 4, 32, Type.ID)


def hpgn() -> Fields:
    """
    Return the vectors of the first hash.
    """
    old = {"n": 16384, "r": 8, "p": 1}

    def published(
        name: str, comment: str, text: str, out: str, cost: Fields | None = None
    ) -> Fields:
        inputs: Fields = {"pgn": text, "salt": SALT, "scheme": SCHEME}
        if cost is not None:
            inputs["cost"] = cost
        hashed = by_hand.read_pgn(text, "any")[1].lower()
        return accept(name, comment, inputs, {"hpgn": out}, {"hashed": hashed})

    def good(name: str, comment: str, text: str, scheme: str = CHEAPEST) -> Fields:
        _, canonical = by_hand.read_pgn(text, "any")
        salt = by_hand.read_salt(SALT)
        if scheme == ARGON2ID:
            out = argon2id(canonical, salt)
        else:
            out = by_hand.scrypt(canonical, salt, by_hand.SCRYPT[scheme])
        inputs = {"pgn": text, "salt": SALT, "scheme": scheme}
        between = {"hashed": canonical.lower()}
        return accept(name, comment, inputs, {"hpgn": out.hex()}, between)

    def bad_salt(name: str, reason: str, comment: str, salt: str) -> Fields:
        inputs = {"pgn": "063138219", "salt": salt, "scheme": CHEAPEST}
        return refuse(name, comment, inputs, "secret", reason)

    def bad_number(name: str, reason: str, comment: str, text: str) -> Fields:
        inputs = {"pgn": text, "salt": SALT, "scheme": CHEAPEST}
        return refuse(name, comment, inputs, "number", reason)

    return {
        "subject": "hpgn",
        "construction": "eckid/1",
        "provenance": {
            "source": "the vectors whose names begin with published: " + REFERENCE,
            "made": "the others by tests/vectors/make.py: scrypt with hashlib, "
            "argon2id with argon2-cffi",
            "checked": "the published ones computed again with hashlib.scrypt and "
            "with cryptography; " + RUN,
        },
        "vectors": [
            published("published-pupil", "a BSN", "063138219", HPGN),
            published(
                "published-teacher",
                "BRIN and address",
                "20DP teacher@school.com",
                HPGN_2,
            ),
            published(
                "published-pupil-2016",
                "the same number, under the cost of before 26-05-2016",
                "063138219",
                OLD_HPGN,
                old,
            ),
            published(
                "published-teacher-2016",
                "the same teacher, under the cost of before 26-05-2016",
                "20DP teacher@school.com",
                OLD_HPGN_2,
                old,
            ),
            good("argon2id", "our own scheme", "063138219", ARGON2ID),
            good("cheapest", "for tests only", "063138219"),
            good("cheapest-lost-zero", "another spelling, the same HPgn", "63138219"),
            good("cheapest-dots", "another spelling, the same HPgn", "0631.38.219"),
            good("cheapest-teacher", "hashed in lower case", "20DP Teacher@School.com"),
            bad_salt("no-salt", "salt-length", "nothing", ""),
            bad_salt(
                "salt-of-15-bytes",
                "salt-length",
                "one byte too few",
                base64.b64encode(bytes(15)).decode("ascii"),
            ),
            bad_salt("salt-padding", "salt-base64", "cut off", SALT.rstrip("=")),
            bad_salt("salt-line-break", "salt-base64", "a file's end", SALT + "\n"),
            bad_salt(
                "salt-space", "salt-base64", "a space", "rktYml0MIp9T C9u6Ny6uqw=="
            ),
            bad_salt(
                "salt-of-the-web",
                "salt-base64",
                "the alphabet of URLs, with - and _",
                "rktYml0MIp9TC9u6Ny6u-w==",
            ),
            bad_salt(
                "salt-spare-bits",
                "salt-base64",
                "the same 16 bytes, but the spare bits are not zero",
                "rktYml0MIp9TC9u6Ny6uqx==",
            ),
            bad_salt("salt-other-script", "salt-base64", "not ASCII", "\u00e9" + SALT),
            bad_number("number-elfproef", "elfproef", "no number", "063138218"),
            bad_number("number-decimal", "decimal", "damaged", "10000483.0"),
            bad_number("number-length", "length", "two zeros lost", "3138219"),
            bad_number("number-range", "range", "never issued", "000000000"),
        ],
    }


# --- stampseudoniem.json -------------------------------------------------------


def stampseudoniem() -> Fields:
    """
    Return the vectors of the stampseudoniem.
    """

    def good(
        name: str, comment: str, *, namespace: str = SPACE, **changed: str
    ) -> Fields:
        inputs = _stam_inputs(namespace, **changed)
        key = by_hand.k_stam(bytes.fromhex(inputs["stam_root"]))
        message = by_hand.stam_message(inputs["scheme"], bytes.fromhex(inputs["hpgn"]))
        stam = by_hand.hmac512(key, message).hex()
        first = inputs["releases"][0]
        return accept(
            name,
            comment,
            inputs,
            {
                "stampseudoniem": f"{namespace}/sp{first}/{stam}",
                "rehearsal": by_hand.is_rehearsal(namespace, inputs["releases"]),
            },
            {"k_stam": key.hex(), "message": message.hex()},
        )

    def bad(name: str, reason: str, comment: str, text: str) -> Fields:
        return refuse(name, comment, _stam_inputs(SPACE, text), "pseudonym", reason)

    return {
        "subject": "stampseudoniem",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 6 of docs/reference/construction.md",
            "made": "by tests/vectors/make.py from " + BY_HAND,
            "checked": RUN + "; that of the text's worked example is the first",
        },
        "vectors": [
            good("pupil", "the worked example"),
            good("teacher", "another HPgn", hpgn=HPGN_2),
            good("other-scheme", "the scheme is part of it", scheme=ARGON2ID),
            good("cheapest-scheme", "the scheme is part of it", scheme=CHEAPEST),
            good("other-root", "another ring", stam_root=HOME_ROOT.hex()),
            good(
                "other-namespace",
                "the namespace is in the form, and not in the derivation",
                namespace=OWN,
            ),
            good(
                "rotated",
                "the form keeps the first release; the derivation knows none",
                releases="2026 2027",
            ),
            good(
                "rehearsal",
                "looks like the pilot service's, and is not",
                namespace=NATIONAL,
                releases="pilot",
            ),
            bad("empty", "length", "nothing", ""),
            bad("sixty-three", "length", "one digit too few", HPGN[:-1]),
            bad("sixty-five", "length", "one digit too many", HPGN + "0"),
            bad("line-break", "length", "a file's end", HPGN + "\n"),
            bad("upper-case", "case", "never mended", HPGN.upper()),
            bad("one-capital", "case", "never mended", HPGN[:-1] + "A"),
            bad("letter", "hex", "a letter beyond f", HPGN[:-1] + "g"),
            bad("space", "hex", "a space inside", HPGN[:-2] + " 0"),
            bad("other-script", "hex", "another script's digit", HPGN[:-1] + "\u0660"),
            bad(
                "code-points",
                "hex",
                "64 code points, more in UTF-16 and UTF-8",
                HPGN[:-1] + "\U0001f600",
            ),
            bad("prefix", "length", "0x is not part of it", "0x" + HPGN),
        ],
    }


def _stam_inputs(
    namespace: str,
    hpgn: str = HPGN,
    scheme: str = SCHEME,
    stam_root: str = STAM_ROOT.hex(),
    releases: str = "2026",
) -> Fields:
    return {
        "namespace": namespace,
        "releases": releases.split(),
        "stam_root": stam_root,
        "scheme": scheme,
        "hpgn": hpgn,
    }


# --- ketenid.json --------------------------------------------------------------

_STAM_HEX = by_hand.hmac512(
    by_hand.k_stam(STAM_ROOT), by_hand.stam_message(SCHEME, bytes.fromhex(HPGN))
).hex()
_ROOTS = {"2026": ROOT_2026, "2027": ROOT_2027, "pilot": ROOT_2026}


def ketenid() -> Fields:
    """
    Return the vectors of the ketenID.
    """

    def good(name: str, comment: str, **changed: str) -> Fields:
        inputs = _ketenid_inputs(**changed)
        outputs, between = _derive(inputs)
        return accept(name, comment, inputs, outputs, between)

    def bad(
        name: str, expect: str, reason: str, comment: str, **changed: str
    ) -> Fields:
        return refuse(name, comment, _ketenid_inputs(**changed), expect, reason)

    stam = f"{SPACE}/sp2026/{_STAM_HEX}"
    return {
        "subject": "ketenid",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 7 of docs/reference/construction.md; the keten is the "
            "one that the reference clients name",
            "made": "by tests/vectors/make.py from " + BY_HAND,
            "checked": RUN + "; that of the text's worked example is the first",
        },
        "vectors": [
            good("po", "the worked example"),
            good("vo", "another sector", sector="vo"),
            good("mbo", "another sector", sector="mbo"),
            good("other-keten", "another keten", keten=OTHER_KETEN),
            good("keten-nil", "no version of UUID is asked", keten=NIL),
            good("newest", "of two releases, the newest", releases="2026 2027"),
            good(
                "older",
                "of two releases, the one that is named",
                releases="2026 2027",
                release="2026",
            ),
            good("own-namespace", "namespace is in the key and form", namespace=OWN),
            good(
                "rehearsal",
                "looks like the pilot service's, and is not",
                namespace=NATIONAL,
                releases="pilot",
            ),
            good(
                "older-stampseudoniem",
                "the release in its form says nothing here",
                releases="2027",
                stampseudoniem=f"{SPACE}/sp2019/{_STAM_HEX}",
            ),
            bad("ho", "boundary", "no-ho", "none was ever issued", sector="ho"),
            bad(
                "no-such-release",
                "secret",
                "no-release",
                "not one of the ring's",
                release="2027",
            ),
            bad(
                "other-namespace",
                "pseudonym",
                "namespace",
                "of another ring",
                stampseudoniem=f"{NATIONAL}/sp2026/{_STAM_HEX}",
            ),
            bad(
                "unknown-namespace",
                "pseudonym",
                "namespace",
                "of another ring",
                stampseudoniem=f"{OWN}/sp2026/{_STAM_HEX}",
            ),
            bad(
                "former-host",
                "pseudonym",
                "former-host",
                "read with the namespace of the ring named, a former host is one",
                stampseudoniem=f"https://school.id/sp2026/{_STAM_HEX}",
            ),
            bad(
                "keten-upper-case",
                "identifier",
                "keten",
                "never mended",
                keten=KETEN.upper(),
            ),
            bad(
                "keten-as-uri",
                "identifier",
                "keten",
                "the id of the service, prefix and all",
                keten="http://purl.edustandaard.nl/begrippenkader/" + KETEN,
            ),
            bad(
                "keten-braces",
                "identifier",
                "keten",
                "as some systems write it",
                keten="{" + KETEN + "}",
            ),
            bad(
                "keten-no-hyphens",
                "identifier",
                "keten",
                "the same number, another text",
                keten=KETEN.replace("-", ""),
            ),
            bad(
                "keten-one-capital",
                "identifier",
                "keten",
                "never mended",
                keten="E" + KETEN[1:],
            ),
            bad(
                "keten-other-groups",
                "identifier",
                "keten",
                "36 characters, the first hyphen one place on",
                keten=KETEN[:8] + KETEN[9] + "-" + KETEN[10:],
            ),
            bad(
                "keten-letter",
                "identifier",
                "keten",
                "a letter beyond f",
                keten=KETEN[:-1] + "g",
            ),
            bad("keten-empty", "identifier", "keten", "nothing", keten=""),
            bad(
                "ketenid-given",
                "pseudonym",
                "ketenid",
                "a ketenID is not derived from again",
                stampseudoniem=f"{SPACE}/2026/{_STAM_HEX}",
            ),
            bad(
                "hex-given",
                "pseudonym",
                "prefix",
                "the digits alone",
                stampseudoniem=_STAM_HEX,
            ),
            bad(
                "upper-case",
                "pseudonym",
                "case",
                "never mended",
                stampseudoniem=f"{SPACE}/sp2026/{_STAM_HEX.upper()}",
            ),
            bad("short", "pseudonym", "length", "cut off", stampseudoniem=stam[:-1]),
            bad("none", "pseudonym", "empty", "nothing", stampseudoniem=""),
        ],
    }


def _ketenid_inputs(
    *,
    namespace: str = SPACE,
    releases: str = "2026",
    release: str | None = None,
    stampseudoniem: str | None = None,
    keten: str = KETEN,
    sector: str = "po",
) -> Fields:
    names = releases.split()
    if stampseudoniem is None:
        stampseudoniem = f"{namespace}/sp{names[0]}/{_STAM_HEX}"
    return {
        "namespace": namespace,
        "releases": [[name, _ROOTS[name].hex()] for name in names],
        "release": release,
        "stampseudoniem": stampseudoniem,
        "keten": keten,
        "sector": sector,
    }


def _derive(inputs: Fields) -> tuple[Fields, Fields]:
    releases = dict(inputs["releases"])
    release = inputs["release"] or list(releases)[-1]
    space = inputs["namespace"]
    key = by_hand.k_keten(bytes.fromhex(releases[release]), space, release)
    stam = bytes.fromhex(inputs["stampseudoniem"][-128:])
    message = by_hand.ketenid_message(inputs["keten"], inputs["sector"], stam)
    value = by_hand.hmac512(key, message).hex()
    rehearsal = by_hand.is_rehearsal(space, list(releases))
    return (
        {"ketenid": f"{space}/{release}/{value}", "rehearsal": rehearsal},
        {"k_keten": key.hex(), "message": message.hex()},
    )


# --- voorlopig.json ------------------------------------------------------------


def voorlopig() -> Fields:
    """
    Return the vectors of the provisional identifier.
    """

    def given(
        *,
        namespace: str = SPACE,
        releases: str = "2026",
        release: str | None = None,
        **changed: str,
    ) -> Fields:
        names = releases.split()
        return {
            "namespace": namespace,
            "releases": [[name, _ROOTS[name].hex()] for name in names],
            "release": release,
            "bestuur": "0000000700099ZZ00009",
            "organisatie": "0000000700099ZZ00001",
            "administratie": "las-1",
            "person": "ll-1",
            **changed,
        }

    def good(name: str, comment: str, **changed: str) -> Fields:
        inputs = given(**changed)
        space, roots = inputs["namespace"], dict(inputs["releases"])
        release = inputs["release"] or list(roots)[-1]
        key = by_hand.k_voorlopig(bytes.fromhex(roots[release]), space, release)
        message = by_hand.voorlopig_message(
            *(inputs[n] for n in ("bestuur", "organisatie", "administratie", "person"))
        )
        value = by_hand.hmac512(key, message).hex()
        out = {
            "voorlopig": f"{space}/pv{release}/{value}",
            "rehearsal": by_hand.is_rehearsal(space, list(roots)),
        }
        between = {"k_voorlopig": key.hex(), "message": message.hex()}
        return accept(name, comment, inputs, out, between)

    def bad(name: str, reason: str, comment: str, **changed: str) -> Fields:
        inputs = given(**changed)
        return refuse(name, comment, inputs, "identifier", reason)

    return {
        "subject": "voorlopig",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 14 of docs/reference/construction.md",
            "made": "by tests/vectors/make.py from " + BY_HAND,
            "checked": RUN,
        },
        "vectors": [
            good("plain", "one order"),
            good("other-person", "another pupil", person="ll-2"),
            good(
                "other-recipient",
                "another for each recipient",
                organisatie="0000000700099ZZ00002",
            ),
            good("other-board", "another board", bestuur="0000000700099ZZ00008"),
            good("utf-8", "keys are UTF-8, as they are given", person="\u00e9-1 "),
            good("newest", "the newest unless another is named", releases="2026 2027"),
            good(
                "kept",
                "an order keeps the release it began with",
                releases="2026 2027",
                release="2026",
            ),
            good("own-namespace", "the namespace goes into the key", namespace=OWN),
            good(
                "rehearsal",
                "of a rehearsal ring",
                namespace=NATIONAL,
                releases="pilot",
            ),
            bad("bsn", "person-key", "never of a PGN", person="111222333"),
            bad("bsn-zero", "person-key", "a lost zero", person="63138219"),
            bad("bsn-dots", "person-key", "as people write it", person=" 1112.22.333 "),
            bad("onderwijsnummer", "person-key", "never", person="101222331"),
            bad("medewerker", "person-key", "never", person="20DP a@school.example"),
            bad("no-person", "person-key", "nothing", person=""),
            bad("long-person", "person-key", "one too many", person="x" * 257),
            bad("no-administration", "administratie", "nothing", administratie=""),
            bad(
                "long-administration",
                "administratie",
                "one too many",
                administratie="x" * 257,
            ),
            bad("board-short", "bestuur", "19", bestuur="000000070009ZZ00009"),
            bad("board-lower", "bestuur", "capitals", bestuur="0000000700099zz00009"),
            bad("recipient-long", "oin", "21", organisatie="0000000700099ZZ000011"),
            refuse(
                "no-release",
                "none of the ring's",
                given(release="2025"),
                "secret",
                "no-release",
            ),
        ],
    }


# --- token.json ----------------------------------------------------------------


def token() -> Fields:
    """
    Return the vectors of the token.
    """
    outputs, _ = _derive(_ketenid_inputs())
    uri = outputs["ketenid"]

    mine = f"{OWN}/2026/{uri[-128:]}"

    def given(
        uri: str, sleutel: bytes = SLEUTEL, namespace: str | None = None
    ) -> Fields:
        return {"ketenid": uri, "namespace": namespace, "sleutel": sleutel.hex()}

    def good(
        name: str,
        comment: str,
        uri: str,
        sleutel: bytes = SLEUTEL,
        *,
        namespace: str | None = None,
    ) -> Fields:
        out = {"token": by_hand.token(sleutel, uri)}
        between = {"message": by_hand.token_message(uri).hex()}
        return accept(name, comment, given(uri, sleutel, namespace), out, between)

    def bad(
        name: str, reason: str, comment: str, uri: str, namespace: str | None = None
    ) -> Fields:
        inputs = given(uri, namespace=namespace)
        return refuse(name, comment, inputs, "pseudonym", reason)

    def short(name: str, comment: str, sleutel: bytes) -> Fields:
        reason = "sleutel-length"
        return refuse(name, comment, given(uri, sleutel), "secret", reason)

    return {
        "subject": "token",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 8 of docs/reference/construction.md; the ketenIDs are "
            "the worked example's, the pilot service's and the Edu-V agreements'",
            "made": "by tests/vectors/make.py from " + BY_HAND,
            "checked": RUN,
        },
        "vectors": [
            good("own", "the worked example", uri),
            good("pilot", "received", f"{NATIONAL}/pilot/{PILOT_KETENID}"),
            good("production", "received", f"{NATIONAL}/201703/{EDUV_KETENID}"),
            good("own-namespace", "only where it is named", mine, namespace=OWN),
            good("long-key", "longer than the hash's block", uri, SLEUTEL * 5),
            short("no-key", "nothing", b""),
            short("short-key", "one byte too few", SLEUTEL[:31]),
            bad("empty", "empty", "nothing", ""),
            bad("digits-alone", "prefix", "the whole URI goes in", uri[-128:]),
            bad(
                "stampseudoniem",
                "stampseudoniem",
                "it never reaches who makes tokens",
                f"{SPACE}/sp2026/{_STAM_HEX}",
            ),
            bad("upper-case", "case", "would be another token", uri.upper()),
            bad("unknown-namespace", "namespace", "not named, not known", mine),
            bad(
                "other-namespace",
                "namespace",
                "what is named takes the place of what is known",
                uri,
                OWN,
            ),
        ],
    }


# --- identifier.json -----------------------------------------------------------


def identifier() -> Fields:
    """
    Return the vectors of reading ketenID, stampseudoniem and HPgn.
    """
    pilot = f"{NATIONAL}/pilot/{PILOT_KETENID}"
    stam = f"{NATIONAL}/sppilot/{PILOT_STAM}"
    mine = f"{OWN}/2026/{EDUV_KETENID}"
    of_stam = "stampseudoniem"
    a_leak = "two faults; the leak is seen first"

    def given(text: str, kind: str, namespace: str | None) -> Fields:
        return {"kind": kind, "text": text, "namespace": namespace}

    def good(
        name: str,
        comment: str,
        text: str,
        kind: str = "ketenID",
        namespace: str | None = None,
    ) -> Fields:
        outputs: Fields
        if kind == "HPgn":
            outputs = {"hex": by_hand.read_hpgn(text).hex()}
        else:
            space, release = by_hand.read_uri(text, kind, namespace)
            outputs = {"namespace": space, "release": release, "hex": text[-128:]}
        return accept(name, comment, given(text, kind, namespace), outputs)

    def bad(
        name: str,
        reason: str,
        comment: str,
        text: str,
        kind: str = "ketenID",
        *,
        namespace: str | None = None,
    ) -> Fields:
        inputs = given(text, kind, namespace)
        return refuse(name, comment, inputs, "pseudonym", reason)

    return {
        "subject": "identifier",
        "construction": "eckid/1",
        "provenance": {
            "source": "sections 4 and 9 of docs/reference/construction.md; accepted "
            "are what the pilot service answered (" + REFERENCE + ") and the example "
            "of the Edu-V agreements (Identiteiten 0.9.0); refused is what fixtures "
            "of public code hold, and what befalls a text on its way",
            "made": "by tests/vectors/make.py; each refusal's reason by hand",
            "checked": RUN,
        },
        "vectors": [
            good("pilot", "the reference client's pupil", pilot),
            good(
                "production",
                "the example of the Edu-V agreements",
                f"{NATIONAL}/201703/{EDUV_KETENID}",
            ),
            good("no-own-namespace", "of a ring", f"{SPACE}/2026/{EDUV_KETENID}"),
            good("own-namespace", "only where it is named", mine, namespace=OWN),
            good(
                "longest-release",
                "31 characters",
                f"{SPACE}/{'2026-' * 6}a/{EDUV_KETENID}",
            ),
            good("shortest-release", "1 character", f"{SPACE}/0/{EDUV_KETENID}"),
            good("stam-pilot", "the reference client's pupil", stam, of_stam),
            good(
                "stam-own",
                "only where it is named",
                f"{OWN}/sp2026/{PILOT_STAM}",
                of_stam,
                OWN,
            ),
            good(
                "former-host-named",
                "whatever namespace is named; its values differ all the same",
                f"https://school.id/201601/{PILOT_KETENID}",
                namespace="https://school.id",
            ),
            good("hpgn", "the reference client's pupil", HPGN, "HPgn"),
            bad("empty", "empty", "nothing", ""),
            bad("fixture-name", "form", "as fixtures have it", "eckid_L1"),
            bad("fixture-zeros", "number", "as fixtures have it", "00000"),
            bad("fixture-number", "number", "as fixtures have it", "12345678"),
            bad("line-break", "space", "a file's end", pilot + "\n"),
            bad("space-first", "space", "a cell's", " " + pilot),
            bad(
                "space-bare",
                "space",
                "two faults; the space is seen before the lack of https://",
                " " + pilot[8:],
            ),
            bad("next-line", "space", "U+0085 is white space", pilot + "\u0085"),
            bad("unit-separator", "space", "U+001F is white space", "\u001f" + pilot),
            bad("no-break-space", "space", "U+00A0 is white space", pilot + "\u00a0"),
            bad("mark-last", "hex", "U+FEFF is no white space", pilot + "\ufeff"),
            bad("mark-first", "form", "U+FEFF is no white space", "\ufeff" + pilot),
            bad("long", "form", "513 characters", pilot + "0" * (513 - len(pilot))),
            bad("not-too-long", "length", "512", pilot + "0" * (512 - len(pilot))),
            bad("quotes", "form", "a file's", f'"{pilot}"'),
            bad("upper-case", "case", "would be another person", pilot.upper()),
            bad("upper-host", "case", "not as a URL", pilot.replace("nl", "NL")),
            bad("upper-hex", "case", "not as a URL", pilot[:-128] + "A" * 128),
            bad("upper-release", "case", "not as a URL", pilot.replace("/p", "/P")),
            bad("digits-alone", "prefix", "host and release cut off", pilot[-128:]),
            bad("no-scheme", "prefix", "https:// cut off", pilot[8:]),
            bad("http", "prefix", "not https", pilot.replace("https", "http")),
            bad(
                "http-space",
                "prefix",
                "white space inside the host",
                pilot.replace("https://k", "http://k "),
            ),
            bad(
                "no-dot",
                "form",
                "https:// cut off, no dot in the host",
                f"localhost/pilot/{PILOT_KETENID}",
            ),
            bad(
                "dot-first",
                "form",
                "https:// cut off, nothing before the dot",
                f".nl/pilot/{PILOT_KETENID}",
            ),
            bad(
                "dot-last",
                "form",
                "https:// cut off, nothing after the dot",
                f"ketenid./pilot/{PILOT_KETENID}",
            ),
            bad("127-digits", "length", "cut off", pilot[:-1]),
            bad("129-digits", "length", "one too many", pilot + "0"),
            bad("no-digits", "length", "all cut off", pilot[:-128]),
            bad("letter", "hex", "a letter beyond f", pilot[:-1] + "g"),
            bad("query", "hex", "a tail", pilot + "?x=1"),
            bad("slash-last", "hex", "a tail", pilot + "/"),
            bad("release-cut-off", "release", "gone", pilot.replace("/pilot", "")),
            bad("long-release", "release", "32", pilot.replace("pilot", "2" * 32)),
            bad("hyphen-release", "release", "first", pilot.replace("/p", "/-p")),
            bad("port", "release", "no host of ours", pilot.replace(".nl", ".nl:443")),
            bad("user", "release", "no host of ours", pilot.replace("//", "//me@")),
            bad("ftp", "form", "no URI of ours", pilot.replace("https", "ftp")),
            bad(
                "former-host-2016",
                "former-host",
                "their values differ",
                f"https://school.id/201601/{PILOT_KETENID}",
            ),
            bad(
                "former-host-2018",
                "former-host",
                "their values differ",
                f"https://id.school/pilot/{PILOT_KETENID}",
            ),
            bad(
                "former-host-http",
                "former-host",
                "two faults; the host is seen first",
                f"http://school.id/201601/{PILOT_KETENID}",
            ),
            bad(
                "former-host-upper",
                "former-host",
                "two faults; the host is seen first",
                f"https://ID.School/pilot/{PILOT_KETENID}",
            ),
            bad(
                "former-host-for-other",
                "former-host",
                "seen before the namespace that is named",
                f"https://school.id/201601/{PILOT_KETENID}",
                namespace=OWN,
            ),
            bad(
                "former-host-named-http",
                "former-host",
                "named or not, it is read exactly",
                f"http://school.id/201601/{PILOT_KETENID}",
                namespace="https://school.id",
            ),
            bad("unknown-namespace", "namespace", "not named, not known", mine),
            bad(
                "other-namespace",
                "namespace",
                "what is named takes the place of what is known",
                pilot,
                namespace=OWN,
            ),
            bad(
                "no-namespace",
                "namespace",
                "what is named is none, so that nothing has it",
                mine,
                namespace="keten.example",
            ),
            bad("host-below", "namespace", "not the same", pilot.replace("//", "//a.")),
            bad("stampseudoniem", "stampseudoniem", "a leak", stam),
            bad("stampseudoniem-http", "stampseudoniem", a_leak, "http" + stam[5:]),
            bad("stampseudoniem-bare", "stampseudoniem", a_leak, stam[8:]),
            bad("stampseudoniem-upper", "stampseudoniem", a_leak, stam.upper()),
            bad("stampseudoniem-space", "stampseudoniem", a_leak, "\t" + stam),
            bad("stampseudoniem-line", "stampseudoniem", a_leak, "\u0085" + stam),
            bad("stampseudoniem-short", "stampseudoniem", a_leak, stam[:-100]),
            bad(
                "stampseudoniem-other",
                "stampseudoniem",
                a_leak,
                f"{OWN}/sp2026/{PILOT_STAM}",
            ),
            bad(
                "stampseudoniem-512",
                "stampseudoniem",
                "a leak; 512 code points, more in UTF-16 and UTF-8",
                stam + "\U0001f600" * (512 - len(stam)),
            ),
            bad(
                "stampseudoniem-long",
                "form",
                "two faults; 513 characters are seen before a leak",
                stam + "0" * (513 - len(stam)),
            ),
            bad(
                "stampseudoniem-space-inside",
                "release",
                "white space inside the host: not seen as a leak",
                stam.replace("//", "//a "),
            ),
            bad(
                "stampseudoniem-former-host",
                "stampseudoniem",
                "a leak, which is worse than a former host",
                f"https://id.school/sppilot/{PILOT_STAM}",
            ),
            bad(
                "provisional",
                "voorlopig",
                "no ketenID yet",
                f"{SPACE}/pv2026/{EDUV_KETENID}",
            ),
            bad(
                "provisional-upper",
                "voorlopig",
                "two faults; the mark is seen first",
                f"{SPACE}/pv2026/{EDUV_KETENID}".upper(),
            ),
            bad(
                "provisional-space",
                "voorlopig",
                "two faults; the mark is seen first",
                f" {SPACE}/pv2026/{EDUV_KETENID}",
            ),
            bad("stam-ketenid", "ketenid", "the other way", pilot, of_stam),
            bad(
                "stam-other-ketenid", "ketenid", "whatever its namespace", mine, of_stam
            ),
            bad("stam-empty", "empty", "nothing", "", of_stam),
            bad("stam-space", "space", "a file's end", stam + "\r\n", of_stam),
            bad("stam-bare", "prefix", "https:// cut off", stam[8:], of_stam),
            bad("stam-upper", "case", "not as a URL", stam.upper(), of_stam),
            bad("stam-short", "length", "cut off", stam[:-1], of_stam),
            bad("stam-letter", "hex", "beyond f", stam[:-1] + "g", of_stam),
            bad(
                "stam-double-mark",
                "release",
                "a release begins neither with sp nor with pv",
                stam.replace("/sp", "/spsp"),
                of_stam,
            ),
            bad(
                "stam-provisional",
                "voorlopig",
                "no stampseudoniem yet",
                f"{SPACE}/pv2026/{EDUV_KETENID}",
                of_stam,
            ),
            bad(
                "stam-former-host",
                "former-host",
                "their values differ",
                f"https://school.id/sp201601/{PILOT_STAM}",
                of_stam,
            ),
            bad(
                "stam-former-ketenid",
                "former-host",
                "two faults; the host is seen before the ketenID",
                f"https://school.id/201601/{PILOT_KETENID}",
                of_stam,
            ),
            bad(
                "stam-unknown-namespace",
                "namespace",
                "not named, not known",
                f"{OWN}/sp2026/{PILOT_STAM}",
                of_stam,
            ),
            bad("hpgn-empty", "length", "an HPgn is no URI", "", "HPgn"),
            bad("hpgn-short", "length", "cut off", HPGN[:-1], "HPgn"),
            bad("hpgn-upper", "case", "never mended", HPGN.upper(), "HPgn"),
            bad("hpgn-letter", "hex", "beyond f", HPGN[:-1] + "g", "HPgn"),
            bad(
                "hpgn-code-points",
                "hex",
                "64 code points, more in UTF-16 and UTF-8",
                HPGN[:-1] + "\U0001f600",
                "HPgn",
            ),
        ],
    }


# --- names.json ----------------------------------------------------------------


def names() -> Fields:
    """
    Return the vectors of the names that a ring may bear.
    """

    def good(name: str, comment: str, namespace: str, *releases: str) -> Fields:
        rehearsal = by_hand.make_ring(namespace, releases)
        inputs = {"namespace": namespace, "releases": list(releases)}
        return accept(name, comment, inputs, {"rehearsal": rehearsal})

    def bad(
        name: str, reason: str, comment: str, namespace: str, *releases: str
    ) -> Fields:
        inputs = {"namespace": namespace, "releases": list(releases)}
        return refuse(name, comment, inputs, "secret", reason)

    label = "a" * 63
    return {
        "subject": "names",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 5 of docs/reference/construction.md",
            "made": "by tests/vectors/make.py; each refusal's reason by hand",
            "checked": RUN,
        },
        "vectors": [
            good("no-own-namespace", "the name no host has", SPACE, "2026"),
            good("own-namespace", "a host of one's own", OWN, "2026"),
            good("rotated", "two releases", OWN, "2026", "2026-b"),
            good("one-label", "a host without dots", "https://keten", "2026"),
            good(
                "longest-host",
                "253 characters, labels of 63",
                f"https://{'.'.join([label] * 3)}.{'a' * 61}",
                "2026",
            ),
            good("longest-release", "31 characters", OWN, "2" * 31),
            good("resembles", "not under ketenid.nl", "https://xketenid.nl", "2026"),
            good("rehearsal", "the one exception", NATIONAL, "pilot"),
            good("pilot-elsewhere", "pilot alone is nothing", OWN, "pilot", "2026"),
            bad("national", "national", "the service's", NATIONAL, "2026"),
            bad("national-release", "national", "its own", NATIONAL, "201703"),
            bad("national-below", "national", "below", "https://a.ketenid.nl", "pilot"),
            bad(
                "national-2016",
                "national",
                "a former one",
                "https://school.id",
                "pilot",
            ),
            bad(
                "national-2018",
                "national",
                "a former one",
                "https://id.school",
                "pilot",
            ),
            bad(
                "national-2016-below",
                "national",
                "below a former one",
                "https://a.school.id",
                "2026",
            ),
            bad(
                "national-2018-below",
                "national",
                "below a former one",
                "https://a.id.school",
                "2026",
            ),
            bad("rehearsal-rotated", "rehearsal", "never", NATIONAL, "pilot", "2026"),
            bad("http", "namespace", "not https", "http://keten.example", "2026"),
            bad("slash-last", "namespace", "no path", OWN + "/", "2026"),
            bad("port", "namespace", "no port", OWN + ":443", "2026"),
            bad("user", "namespace", "no user", "https://me@keten.example", "2026"),
            bad("upper-host", "namespace", "lower case", OWN.upper(), "2026"),
            bad("no-host", "namespace", "nothing after //", "https://", "2026"),
            bad("dot-last", "namespace", "a root dot", OWN + ".", "2026"),
            bad(
                "empty-label", "namespace", "two dots", "https://keten..example", "2026"
            ),
            bad(
                "hyphen-first", "namespace", "in a label", "https://-a.example", "2026"
            ),
            bad("hyphen-last", "namespace", "in a label", "https://a-.example", "2026"),
            bad("long-label", "namespace", "64", f"https://a{label}.example", "2026"),
            bad(
                "long-host",
                "namespace",
                "254 characters",
                f"https://{'.'.join([label] * 3)}.{'a' * 62}",
                "2026",
            ),
            bad(
                "other-script",
                "namespace",
                "ASCII",
                "https://k\u00e9ten.example",
                "2026",
            ),
            bad("empty-release", "release", "nothing", OWN, ""),
            bad("long-release", "release", "32 characters", OWN, "2" * 32),
            bad("upper-release", "release", "lower case", OWN, "R1"),
            bad("hyphen-release", "release", "first", OWN, "-1"),
            bad("slash-release", "release", "would break the form", OWN, "1/2"),
            bad("stam-release", "release", "opens a stampseudoniem", OWN, "spring"),
            bad("pv-release", "release", "opens a provisional one", OWN, "pv1"),
            bad("taken", "taken", "two releases of one name", OWN, "2026", "2026"),
            bad("rotated-badly", "release", "a name for all", OWN, "2026", "sp"),
        ],
    }


# --- seal.json -----------------------------------------------------------------


def open_seal(home_root: bytes, sealed: bytes, about: str) -> tuple[str, bytes]:
    """
    Return kind and contents of what lies *sealed*.
    """
    if not about:
        raise by_hand.RefusedError("secret", "about")
    siv = AESSIV(by_hand.k_seal(home_root))
    nonce, body = sealed[:16], sealed[16:]
    for kind in ("HPgn", "stampseudoniem"):
        try:
            return kind, siv.decrypt(body, [kind.encode(), about.encode(), nonce])
        except (InvalidTag, ValueError):
            continue
    raise by_hand.RefusedError("secret", "seal")


def _seal(packed: bytes, *associated: bytes) -> bytes:
    return NONCE + AESSIV(by_hand.k_seal(HOME_ROOT)).encrypt(packed, list(associated))


def seal() -> Fields:
    """
    Return the vectors of what lies sealed.
    """
    uri = f"{SPACE}/sp2026/{_STAM_HEX}"
    about = "leerling 7"
    of_hpgn = by_hand.pack_hpgn(SCHEME, bytes.fromhex(HPGN))
    of_stam = by_hand.pack_stampseudoniem(uri, rehearsal=False)
    sealed = _seal(of_stam, b"stampseudoniem", about.encode(), NONCE)

    def given(sealed: bytes, about: str, home_root: bytes) -> Fields:
        return {"home_root": home_root.hex(), "about": about, "sealed": sealed.hex()}

    def good(
        name: str, comment: str, kind: str, packed: bytes, about: str, **value: object
    ) -> Fields:
        sealed = _seal(packed, kind.encode(), about.encode(), NONCE)
        return accept(
            name,
            comment,
            given(sealed, about, HOME_ROOT),
            {"kind": kind} | value,
            {
                "k_seal": by_hand.k_seal(HOME_ROOT).hex(),
                "associated": [kind.encode().hex(), about.encode().hex(), NONCE.hex()],
                "packed": packed.decode("ascii"),
            },
        )

    def bad(
        name: str,
        comment: str,
        sealed: bytes,
        about: str = about,
        *,
        home_root: bytes = HOME_ROOT,
        reason: str = "seal",
    ) -> Fields:
        return refuse(name, comment, given(sealed, about, home_root), "secret", reason)

    def flipped(place: int) -> bytes:
        changed = bytearray(sealed)
        changed[place] ^= 1
        return bytes(changed)

    rehearsal = f"{NATIONAL}/sppilot/{_STAM_HEX}"
    pilot = f"{NATIONAL}/sppilot/{PILOT_STAM}"
    own = f"{OWN}/sp2026/{_STAM_HEX}"
    return {
        "subject": "seal",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 10 of docs/reference/construction.md",
            "made": "by tests/vectors/make.py: the key and the contents from "
            + BY_HAND
            + "; AES-256-SIV from cryptography (OpenSSL); the nonce is fixed here, "
            "and drawn everywhere else",
            "checked": "eckid opens and, given the nonce, makes the same; "
            "tests/test_vectors.py runs both",
        },
        "vectors": [
            good(
                "stampseudoniem",
                "the worked example",
                "stampseudoniem",
                of_stam,
                about,
                value=uri,
                scheme=None,
                rehearsal=False,
            ),
            good(
                "hpgn",
                "with the scheme that made it",
                "HPgn",
                of_hpgn,
                about,
                value=HPGN,
                scheme=SCHEME,
                rehearsal=None,
            ),
            good(
                "own-namespace",
                "the namespace is not asked again",
                "stampseudoniem",
                by_hand.pack_stampseudoniem(own, rehearsal=False),
                about,
                value=own,
                scheme=None,
                rehearsal=False,
            ),
            good(
                "rehearsal",
                "what the text does not show is sealed with it",
                "stampseudoniem",
                by_hand.pack_stampseudoniem(rehearsal, rehearsal=True),
                about,
                value=rehearsal,
                scheme=None,
                rehearsal=True,
            ),
            good(
                "pilot",
                "without the mark it is no rehearsal, whatever it looks like",
                "stampseudoniem",
                by_hand.pack_stampseudoniem(pilot, rehearsal=False),
                about,
                value=pilot,
                scheme=None,
                rehearsal=False,
            ),
            good(
                "about-in-utf-8",
                "about is text, as it is given",
                "stampseudoniem",
                of_stam,
                "leerling \u00e9\u00e9n",
                value=uri,
                scheme=None,
                rehearsal=False,
            ),
            good(
                "about-decomposed",
                "about is not normalised: e and an accent stay two characters",
                "stampseudoniem",
                of_stam,
                "leerling e\u0301e\u0301n",
                value=uri,
                scheme=None,
                rehearsal=False,
            ),
            bad("other-about", "moved to another row", sealed, "leerling 8"),
            bad("about-case", "about is compared exactly", sealed, "Leerling 7"),
            bad(
                "about-other-form",
                "sealed about \u00e9, one character; e and an accent are two",
                _seal(of_stam, b"stampseudoniem", "\u00e9".encode(), NONCE),
                "e\u0301",
            ),
            bad("no-about", "it must be said", sealed, "", reason="about"),
            bad("other-ring", "another home root", sealed, home_root=STAM_ROOT),
            bad("nonce-changed", "the last bit of its first byte", flipped(0)),
            bad("iv-changed", "the synthetic IV, in its first byte", flipped(16)),
            bad("contents-changed", "the last bit of all", flipped(-1)),
            bad("cut-off", "one byte too few", sealed[:-1]),
            bad("tail", "one byte too many", sealed + b"\0"),
            bad("empty", "nothing", b""),
            bad("nonce-alone", "nothing after it", NONCE),
            bad("too-short", "half a synthetic IV", sealed[:24]),
            bad(
                "other-kind",
                "sealed with kind ketenID, which never lies sealed",
                _seal(of_stam, b"ketenID", about.encode(), NONCE),
            ),
            bad(
                "other-order",
                "sealed with the components about, kind, nonce",
                _seal(of_stam, about.encode(), b"stampseudoniem", NONCE),
            ),
            bad(
                "nonce-not-bound",
                "sealed with the components kind and about alone",
                _seal(of_stam, b"stampseudoniem", about.encode()),
            ),
            bad(
                "components-joined",
                "sealed with kind, about and nonce joined to one component",
                _seal(of_stam, b"stampseudoniem" + about.encode() + NONCE),
            ),
        ],
    }


# --- ring.json -----------------------------------------------------------------

CHEAP = (64, 1, 1)
PASSPHRASE = "een caf\u00e9 in Kampen"


def open_file(file: bytes, passphrase: str) -> tuple[bytes, bytes]:
    """
    Return the body of a ring's sealed *file*, and what argon2id gave.
    """
    cost, salt, nonce, check = by_hand.read_header(file)
    if not passphrase:
        raise by_hand.RefusedError("secret", "no-passphrase")
    stretched = _stretch(passphrase, salt, cost)
    if by_hand.check_value(stretched) != check:
        raise by_hand.RefusedError("secret", "passphrase")
    try:
        body = AESGCM(stretched[:32]).decrypt(nonce, file[80:-32], file[:80])
    except InvalidTag:
        raise by_hand.RefusedError("secret", "changed") from None
    return body, stretched


def public_key(seed: bytes) -> bytes:
    """
    Return the public half of the signing key of *seed*.
    """
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def _stretch(passphrase: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    octets = unicodedata.normalize("NFC", passphrase).encode()
    memory, passes, lanes = cost
    return hash_secret_raw(octets, salt, passes, memory, lanes, 64, Type.ID)


def _sign(file: bytes) -> bytes:
    return file + hashlib.sha256(file).digest()


def _close(
    body: bytes, cost: tuple[int, int, int] = CHEAP, passphrase: str = PASSPHRASE
) -> tuple[bytes, bytes, bytes]:
    stretched = _stretch(passphrase, FILE_SALT, cost)
    check, nonce = by_hand.check_value(stretched), NONCE[:12]
    header = by_hand.file_header(cost, FILE_SALT, nonce, check, len(body) + 16)
    sealed = AESGCM(stretched[:32]).encrypt(nonce, body, header)
    return _sign(header + sealed), stretched, header


def ring() -> Fields:
    """
    Return the vectors of the sealed file.
    """
    salt = base64.b64decode(SALT)
    roots = {"stam": STAM_ROOT, "home": HOME_ROOT, "seed": SEED}
    body = by_hand.ring_body(SPACE, salt, roots, [("2026", ROOT_2026)])
    file, _, _ = _close(body)

    def good(
        name: str,
        comment: str,
        body: bytes,
        *,
        cost: tuple[int, int, int] = CHEAP,
        passphrase: str = PASSPHRASE,
    ) -> Fields:
        file, stretched, header = _close(body, cost, passphrase)
        held = json.loads(body)
        names = [release for release, _ in held["releases"]]
        return accept(
            name,
            comment,
            {"passphrase": passphrase, "file": file.hex()},
            {
                "namespace": held["namespace"],
                "releases": held["releases"],
                "roots": held["roots"],
                "salt": held["salt"],
                "public_key": public_key(SEED).hex(),
                "rehearsal": by_hand.is_rehearsal(held["namespace"], names),
            },
            {
                "stretched": stretched.hex(),
                "check": by_hand.check_value(stretched).hex(),
                "header": header.hex(),
                "body": body.decode("ascii"),
            },
        )

    def bad(
        name: str, reason: str, comment: str, file: bytes, passphrase: str = PASSPHRASE
    ) -> Fields:
        inputs = {"passphrase": passphrase, "file": file.hex()}
        return refuse(name, comment, inputs, "secret", reason)

    def with_(place: int, octets: bytes, *, sign: bool = True) -> bytes:
        start = file[:place] + octets + file[place + len(octets) : -32]
        return _sign(start) if sign else start + file[-32:]

    def flipped(place: int) -> bytes:
        return with_(place, bytes([file[place] ^ 1]))

    def held(
        name: str, reason: str, comment: str, change: Callable[[Fields], object]
    ) -> Fields:
        ring = json.loads(body)
        change(ring)
        sealed, _, _ = _close(json.dumps(ring, sort_keys=True).encode("ascii"))
        return bad(name, reason, comment, sealed)

    compact = json.dumps(json.loads(body), separators=(",", ":")).encode("ascii")
    empty, _, _ = _close(b"")
    return {
        "subject": "ring",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 11 of docs/reference/construction.md",
            "made": "by tests/vectors/make.py: header, check value and contents from "
            + BY_HAND
            + "; argon2id from argon2-cffi, AES-256-GCM and Ed25519 from cryptography "
            "(OpenSSL); parameters as small as argon2id allows, for speed alone; salt "
            "and nonce are fixed here, and drawn everywhere else",
            "checked": "eckid opens and, given salt, nonce and parameters, makes the "
            "same; tests/test_vectors.py runs both",
        },
        "vectors": [
            good("one-release", "the ring of all these vectors", body),
            good(
                "two-releases",
                "the newest last",
                by_hand.ring_body(
                    SPACE, salt, roots, [("2026", ROOT_2026), ("2027", ROOT_2027)]
                ),
            ),
            good(
                "rehearsal",
                "it says nowhere that it is one; its names do",
                by_hand.ring_body(NATIONAL, salt, roots, [("pilot", ROOT_2026)]),
            ),
            good(
                "other-parameters",
                "those in the header count",
                body,
                cost=(8 * 16, 16, 16),
            ),
            good(
                "passphrase-decomposed",
                "e and an accent, as macOS writes it: NFC makes it one",
                body,
                passphrase=unicodedata.normalize("NFD", PASSPHRASE),
            ),
            good(
                "passphrase-ends-in-space",
                "nothing is taken off",
                body,
                passphrase=PASSPHRASE + " ",
            ),
            good(
                "passphrase-ligature",
                "one character for fi: NFC keeps it, NFKC would not",
                body,
                passphrase="\ufb01ets in Kampen",
            ),
            good("other-json", "spacing and order say nothing to a reader", compact),
            bad("empty", "unknown", "no file of ours", b""),
            bad("magic", "unknown", "no file of ours", with_(0, b"E")),
            bad("magic-alone", "unknown", "no version", file[:8]),
            bad("version-0", "unknown", "never was", with_(8, b"\0\0")),
            bad("version-2", "unknown", "of later days", with_(8, b"\0\2")),
            bad(
                "version-before-checksum",
                "unknown",
                "two faults; the version is seen first",
                with_(8, b"\0\2", sign=False),
            ),
            bad("cut-in-header", "damaged", "half a header", file[:40]),
            bad("header-alone", "damaged", "no checksum", file[:80]),
            bad("cut-off", "damaged", "the last byte is gone", file[:-1]),
            bad("tail", "damaged", "a line break at its end", file + b"\n"),
            bad(
                "length",
                "damaged",
                "the checksum holds, the length does not",
                with_(76, b"\0\0\0\1"),
            ),
            bad(
                "checksum",
                "damaged",
                "one bit of it",
                file[:-1] + bytes([file[-1] ^ 1]),
            ),
            bad(
                "checksum-before-bounds",
                "damaged",
                "two faults; the checksum is seen first",
                with_(14, b"\0", sign=False),
            ),
            bad(
                "checksum-before-passphrase",
                "damaged",
                "two faults; the checksum is seen first",
                with_(90, b"\0\0\0\0", sign=False),
                "iets anders",
            ),
            bad("memory-low", "bounds", "7 KiB for a lane", with_(10, b"\0\0\0\7")),
            bad(
                "memory-low-for-lanes",
                "bounds",
                "64 KiB for nine lanes",
                with_(15, b"\x09"),
            ),
            bad(
                "memory-high",
                "bounds",
                "1 KiB more than 4 GiB",
                with_(10, bytes.fromhex("00400001")),
            ),
            bad(
                "memory-highest",
                "no-passphrase",
                "4 GiB are in bounds; without a passphrase nothing is computed",
                with_(10, bytes.fromhex("00400000")),
                "",
            ),
            bad("no-pass", "bounds", "0 passes", with_(14, b"\0")),
            bad("passes-high", "bounds", "17 passes", with_(14, b"\x11")),
            bad("no-lane", "bounds", "0 lanes", with_(15, b"\0")),
            bad(
                "lanes-high",
                "bounds",
                "17 lanes, and memory for them",
                with_(10, bytes.fromhex("000004000111")),
            ),
            bad(
                "bounds-before-passphrase",
                "bounds",
                "two faults; nothing is computed out of bounds",
                with_(14, b"\x11"),
                "",
            ),
            bad("no-passphrase", "no-passphrase", "nothing", file, ""),
            bad(
                "other-passphrase", "passphrase", "another", file, "een cafe in Kampen"
            ),
            bad(
                "passphrase-space-last",
                "passphrase",
                "the right one and a space: nothing is taken off",
                file,
                PASSPHRASE + " ",
            ),
            bad(
                "passphrase-space-first",
                "passphrase",
                "a space and the right one: nothing is taken off",
                file,
                " " + PASSPHRASE,
            ),
            bad(
                "passphrase-full-width",
                "passphrase",
                "NFKC would make it the right one",
                file,
                "\uff45" + PASSPHRASE[1:],
            ),
            bad("argon2-salt", "passphrase", "changed, checksum and all", flipped(16)),
            bad("argon2-memory", "passphrase", "changed", with_(10, b"\0\0\0\x41")),
            bad("check-value", "passphrase", "changed, checksum and all", flipped(44)),
            bad(
                "passphrase-before-tag",
                "passphrase",
                "two faults; the passphrase is seen first",
                flipped(80),
                "iets anders",
            ),
            bad("nonce", "changed", "one bit, checksum and all", flipped(32)),
            bad("contents", "changed", "one bit, checksum and all", flipped(80)),
            bad("tag", "changed", "one bit, checksum and all", flipped(-33)),
            bad(
                "no-contents",
                "changed",
                "length and checksum hold, nothing is sealed",
                _sign(empty[:76] + bytes(4)),
            ),
            bad("not-json", "content", "sealed well, and no ring", _close(b"{")[0]),
            bad("no-object", "content", "sealed well, and no ring", _close(b"[]")[0]),
            held("member-missing", "content", "no salt", lambda r: r.pop("salt")),
            held("member-more", "content", "a fifth", lambda r: r.update(more="")),
            held(
                "short-root",
                "content",
                "one byte",
                lambda r: r["roots"].update(stam="00"),
            ),
            held(
                "root-upper-case",
                "content",
                "octets are in lower-case hex",
                lambda r: r["roots"].update(stam="AB" * 32),
            ),
            held(
                "empty-releases",
                "content",
                "one at least",
                lambda r: r.update(releases=[]),
            ),
            held(
                "release-number",
                "content",
                "a name is a text",
                lambda r: r.update(releases=[[2026, ROOT_2026.hex()]]),
            ),
            held(
                "release-twice",
                "content",
                "two of one name",
                lambda r: r["releases"].append(r["releases"][0]),
            ),
            held(
                "form-before-names",
                "content",
                "two faults; the form is seen first",
                lambda r: r.update(namespace=NATIONAL, more=""),
            ),
            held(
                "namespace-form",
                "namespace",
                "no path",
                lambda r: r.update(namespace=OWN + "/"),
            ),
            held(
                "production",
                "national",
                "who can seal may not make a ring that passes for the service",
                lambda r: r.update(namespace=NATIONAL),
            ),
            held(
                "rehearsal-of-two",
                "national",
                "with a second release it is no rehearsal ring",
                lambda r: r.update(
                    namespace=NATIONAL,
                    releases=[["pilot", ROOT_2026.hex()], ["2027", ROOT_2027.hex()]],
                ),
            ),
            held(
                "release-name",
                "release",
                "it would read as a stampseudoniem",
                lambda r: r.update(releases=[["sp1", ROOT_2026.hex()]]),
            ),
            held(
                "release-before-namespace",
                "release",
                "two faults; the release is seen first, and the second too",
                lambda r: r.update(
                    namespace=OWN + "/",
                    releases=[*r["releases"], ["sp1", ROOT_2027.hex()]],
                ),
            ),
            held(
                "short-salt",
                "salt-length",
                "8 bytes",
                lambda r: r.update(salt="00" * 8),
            ),
            held(
                "national-before-salt",
                "national",
                "two faults; the namespace is seen first",
                lambda r: r.update(namespace=NATIONAL, salt=""),
            ),
        ],
    }


# --- statement.json --------------------------------------------------------------

BOARD = "0000000700099ZZ00009"
READER = "0000000700099ZZ00001"
OTHER_READER = "0000000700099ZZ00002"
TODAY = "2026-11-24"
SIGNER = {
    "public_key": "",
    "houder": BOARD,
    "vanaf": "2026-01-01",
    "tot": None,
}
JTI = "e0" * 16
PAYLOADS: dict[str, Fields] = {
    "link": {
        "doel": "gebruik",
        "issued": "2026-11-20",
        "jti": JTI,
        "nonce": NONCE.hex(),
        "org": READER,
        "sectors": {},
        "tot": "2027-07-31",
        "vanaf": "2026-11-24",
        "woorden": "2026-1",
    },
    "revocations": {
        "issued": "2026-11-24",
        "next_update": "2026-12-08",
        "number": 1,
        "org": READER,
        "revoked": [],
    },
    "succession": {
        "chain": KETEN,
        "issued": "2026-11-24",
        "new": f"{SPACE}/2027/{'b' * 128}",
        "old": f"{SPACE}/2026/{'a' * 128}",
        "org": READER,
        "sector": "po",
    },
    "withdrawal": {
        "chain": KETEN,
        "issued": "2026-11-24",
        "ketenid": f"{SPACE}/2026/{'a' * 128}",
        "org": READER,
        "sector": "po",
    },
}
JOINS = [["po", f"{SPACE}/2026/{'a' * 128}"], ["vo", f"{SPACE}/2026/{'c' * 128}"]]


def read_statement(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Read a statement, by the steps of section 15 up to the sixth.
    """
    kind, token = inputs["kind"], inputs["token"]
    keys = {
        by_hand.thumbprint(bytes.fromhex(k["public_key"])): k for k in inputs["keys"]
    }
    found, key, parts = _opened(kind, token, keys, inputs)
    read = [str(found[name]) for name in READ[kind]]
    messages = []
    if kind == "link":
        _check_link(found, key, keys, inputs)
        nonce = bytes.fromhex(found["nonce"])
        messages = [
            by_hand.link_message(nonce, found["org"], *each).hex()
            for each in inputs["ketenids"]
        ]
        read += sorted(found["sectors"].values())
    if kind == "revocations":
        read += [hashlib.sha256(token.encode("ascii")).hexdigest()]
        read += sorted(set(found["revoked"]))
    if kind in {"succession", "withdrawal"}:
        _check_identifiers(found)
    digests = [hashlib.sha256(bytes.fromhex(m)).hexdigest() for m in messages]
    outputs = {
        "houder": key["houder"],
        "read": read,
        "joins": kind == "link" and sorted(digests) == read[-2:],
    }
    header, payload, _ = (part.decode("latin-1") for part in parts)
    return outputs, {"header": header, "payload": payload, "messages": messages}


READ = {
    "link": ("doel", "nonce", "vanaf", "tot"),
    "revocations": ("number", "issued", "next_update"),
    "succession": ("old", "new", "issued"),
    "withdrawal": ("ketenid", "issued"),
}


def _opened(
    kind: str, token: str, keys: Fields, inputs: Fields
) -> tuple[Fields, Fields, list[bytes]]:
    kid, parts = by_hand.read_parts(kind, token, list(keys))
    key, signed = keys[kid], token.rpartition(".")[0].encode("ascii")
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public_key"]))
    try:
        public.verify(parts[2], signed)
    except InvalidSignature:
        raise by_hand.RefusedError("link", "signature") from None
    if not by_hand.has_small_s(parts[2]):
        raise by_hand.RefusedError("link", "signature")
    found = by_hand.read_payload(kind, parts[1])
    for holds, reason in (
        (found["org"] == inputs["organisatie"], "organisatie"),
        (key["vanaf"] <= found["issued"] <= (key["tot"] or "9999"), "key"),
        (found["issued"] <= inputs["on"], "period"),
    ):
        if not holds:
            raise by_hand.RefusedError("link", reason)
    return found, key, parts


def _check_link(found: Fields, key: Fields, keys: Fields, inputs: Fields) -> None:
    on, token = inputs["on"], inputs["revocations"]
    if found["doel"] != inputs["doel"]:
        raise by_hand.RefusedError("link", "doel")
    if not found["vanaf"] <= on <= found["tot"]:
        raise by_hand.RefusedError("link", "period")
    if token is None:
        raise by_hand.RefusedError("link", "no-list")
    listed, signer, _ = _opened("revocations", token, keys, inputs)
    for holds, reason in (
        (signer["houder"] == key["houder"], "other-list"),
        (on <= listed["next_update"], "stale-list"),
        (found["jti"] not in listed["revoked"], "revoked"),
    ):
        if not holds:
            raise by_hand.RefusedError("link", reason)


def _check_identifiers(found: Fields) -> None:
    uris = [found[name] for name in ("old", "new", "ketenid") if name in found]
    for name, uri in zip(("old", "new"), uris, strict=False):
        provisional = name == "old" and len(uris) == 2 and "/pv" in uri
        try:
            # But for its mark a provisional identifier has the form of a ketenID.
            by_hand.read_uri(uri.replace("/pv", "/", provisional), "ketenID")
        except by_hand.RefusedError:
            raise by_hand.RefusedError("link", "claims") from None
    if len(set(uris)) != len(uris):
        raise by_hand.RefusedError("link", "claims")


def _statement(
    kind: str,
    *,
    header: Fields | None = None,
    payload: bytes | None = None,
    seed: bytes = SEED,
    **changed: object,
) -> str:
    claims = deepcopy(PAYLOADS[kind]) | changed
    if kind == "link" and "sectors" not in changed:
        nonce = bytes.fromhex(claims["nonce"])
        claims["sectors"] = {
            sector: hashlib.sha256(
                by_hand.link_message(nonce, claims["org"], sector, uri)
            ).hexdigest()
            for sector, uri in JOINS
        }
    head = {
        "alg": "Ed25519",
        "kid": by_hand.thumbprint(public_key(seed)),
        "typ": by_hand.STATEMENTS[kind][0],
    } | (header or {})
    body = json.dumps(claims, sort_keys=True, separators=(",", ":")).encode("ascii")
    parts = (json.dumps(head, separators=(",", ":")).encode("ascii"), payload or body)
    signed = ".".join(map(by_hand.to_base64url, parts))
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(signed.encode("ascii"))
    return f"{signed}.{by_hand.to_base64url(signature)}"


def statement() -> Fields:
    """
    Return the vectors of links and notices.
    """
    own = SIGNER | {"public_key": public_key(SEED).hex()}
    second = SIGNER | {
        "public_key": public_key(ROOT_2027).hex(),
        "houder": OTHER_READER,
    }

    def given(kind: str, token: str, **changed: object) -> Fields:
        return {
            "kind": kind,
            "token": token,
            "organisatie": READER,
            "on": TODAY,
            "doel": "gebruik" if kind == "link" else None,
            "keys": [own],
            "revocations": _statement("revocations") if kind == "link" else None,
            "ketenids": JOINS if kind == "link" else [],
        } | changed

    def good(name: str, comment: str, kind: str, **claims: Any) -> Fields:  # noqa: ANN401  # any member
        inputs = given(kind, _statement(kind, **claims))
        return accept(name, comment, inputs, *read_statement(inputs))

    def bad(name: str, reason: str, comment: str, inputs: Fields) -> Fields:
        return refuse(name, comment, inputs, "link", reason)

    def claim(name: str, comment: str, kind: str, **claims: Any) -> Fields:  # noqa: ANN401  # any member
        return bad(name, "claims", comment, given(kind, _statement(kind, **claims)))

    plain = _statement("link")
    head, body, signature = plain.split(".")
    octets = base64.urlsafe_b64decode(signature + "==")
    larger = int.from_bytes(octets[32:], "little") + by_hand.ORDER
    high = by_hand.to_base64url(octets[:32] + larger.to_bytes(32, "little"))
    spelled = json.dumps(PAYLOADS["revocations"]).encode("ascii")
    other = given("link", plain, ketenids=[JOINS[0], ["vo", JOINS[0][1]]])
    return {
        "subject": "statement",
        "construction": "eckid/1",
        "provenance": {
            "source": "section 15 of docs/reference/construction.md",
            "made": f"by tests/vectors/make.py from {BY_HAND}; Ed25519 is that of "
            "the library cryptography",
            "checked": RUN,
        },
        "vectors": [
            good("link", "two ketenIDs, both at hand", "link"),
            accept(
                "link-of-others",
                "it verifies; the second ketenID is another, so it joins nothing",
                other,
                *read_statement(other),
            ),
            good("revocations", "the first list, of nothing", "revocations"),
            good(
                "revocations-highest",
                "the highest number",
                "revocations",
                number=2**53 - 1,
                revoked=[JTI, "00" * 16],
            ),
            good("succession", "a rotation", "succession"),
            good(
                "succession-provisional",
                "an order that now has a ketenID",
                "succession",
                old=f"{SPACE}/pv2026/{'a' * 128}",
            ),
            good("withdrawal", "one ketenID", "withdrawal"),
            bad("two-parts", "form", "no signature", given("link", f"{head}.{body}")),
            bad(
                "padded",
                "form",
                "base64url without padding",
                given("link", plain + "=="),
            ),
            bad(
                "another-spelling",
                "form",
                "bits that nobody reads",
                given(
                    "link",
                    plain[:-1] + ("h" if plain[-1] == "g" else chr(ord(plain[-1]) + 1)),
                ),
            ),
            bad(
                "too-long",
                "form",
                "100,001 characters",
                given("withdrawal", "a" * 99_997 + ".a.a"),
            ),
            bad(
                "alg",
                "header",
                "the name of before RFC 9864",
                given("link", _statement("link", header={"alg": "EdDSA"})),
            ),
            bad(
                "crit",
                "header",
                "a member more",
                given("link", _statement("link", header={"crit": []})),
            ),
            bad(
                "typ",
                "header",
                "a withdrawal is no link",
                given("link", _statement("withdrawal")),
            ),
            bad(
                "kid",
                "header",
                "a key that the reader was not given",
                given("link", _statement("link", seed=ROOT_2027)),
            ),
            bad(
                "signature",
                "signature",
                "of another payload",
                given(
                    "link",
                    f"{head}.{body}.{_statement('link', jti='00' * 16).split('.')[2]}",
                ),
            ),
            bad(
                "signature-s",
                "signature",
                "S with the order of the group added",
                given("link", f"{head}.{body}.{high}"),
            ),
            claim("doel-unknown", "no doel", "link", doel="gebruiken"),
            claim("doel-case", "in lower case", "link", doel="Gebruik"),
            claim("woorden-empty", "one character at least", "link", woorden=""),
            claim("woorden-hyphen", "a letter or digit first", "link", woorden="-1"),
            claim("woorden-long", "41 characters", "link", woorden="a" * 41),
            claim("woorden-number", "a text", "link", woorden=2026),
            claim("day-basic", "with hyphens", "link", vanaf="20261124"),
            claim("day-none", "no such day", "link", vanaf="2026-02-29"),
            claim("nonce-case", "lower-case hex", "link", nonce="AB" * 16),
            claim(
                "sectors-three",
                "two",
                "link",
                sectors=dict.fromkeys(("po", "vo", "mbo"), "00" * 32),
            ),
            claim(
                "sectors-ho",
                "no ketenID was ever issued there",
                "link",
                sectors=dict.fromkeys(("po", "ho"), "00" * 32),
            ),
            *(
                bad(
                    f"number-{name}",
                    "claims",
                    comment,
                    given(
                        "revocations",
                        _statement(
                            "revocations",
                            payload=spelled.replace(
                                b'"number": 1', b'"number": ' + text
                            ),
                        ),
                    ),
                )
                for name, comment, text in (
                    (
                        "fraction",
                        "an integer has no fraction, also none of zero",
                        b"1.0",
                    ),
                    ("exponent", "an integer has no exponent", b"1e0"),
                    ("zero", "from 1", b"0"),
                    ("beyond", "2^53", b"9007199254740992"),
                    ("text", "a number", b'"1"'),
                    ("true", "a number", b"true"),
                    ("twice", "each member once", b'1, "number": 1'),
                )
            ),
            claim("revoked-case", "lower-case hex", "revocations", revoked=["AB" * 16]),
            claim("member-more", "exactly these", "withdrawal", reason="x"),
            claim("chain-case", "lower-case", "withdrawal", chain=KETEN.upper()),
            claim("sector-ho", "not ho", "withdrawal", sector="ho"),
            claim(
                "same-twice",
                "old and new differ",
                "succession",
                new=PAYLOADS["succession"]["old"],
            ),
            claim(
                "new-provisional",
                "only old may be",
                "succession",
                new=f"{SPACE}/pv2026/{'b' * 128}",
            ),
            bad(
                "organisatie",
                "organisatie",
                "for another recipient",
                given("link", plain, organisatie=OTHER_READER),
            ),
            bad(
                "key-before",
                "key",
                "the key signed later",
                given("link", plain, keys=[own | {"vanaf": "2026-11-21"}]),
            ),
            bad(
                "key-after",
                "key",
                "the key signed no more",
                given("link", plain, keys=[own | {"tot": "2026-11-19"}]),
            ),
            bad(
                "issued-later",
                "period",
                "of tomorrow",
                given("withdrawal", _statement("withdrawal", issued="2026-11-25")),
            ),
            bad(
                "doel",
                "doel",
                "asked for another",
                given("link", plain, doel="toetsen"),
            ),
            bad(
                "not-begun",
                "period",
                "of tomorrow on",
                given("link", _statement("link", vanaf="2026-11-25")),
            ),
            bad(
                "ended",
                "period",
                "until yesterday",
                given("link", _statement("link", vanaf="2026-11-20", tot="2026-11-23")),
            ),
            bad(
                "period-reversed",
                "period",
                "no day lies in it",
                given("link", _statement("link", vanaf="2026-11-25", tot="2026-11-23")),
            ),
            bad(
                "no-list", "no-list", "not one", given("link", plain, revocations=None)
            ),
            bad(
                "list-of-another",
                "other-list",
                "of another signer",
                given(
                    "link",
                    plain,
                    keys=[own, second],
                    revocations=_statement("revocations", seed=ROOT_2027),
                ),
            ),
            bad(
                "list-stale",
                "stale-list",
                "until yesterday",
                given(
                    "link",
                    plain,
                    revocations=_statement(
                        "revocations", issued="2026-11-20", next_update="2026-11-23"
                    ),
                ),
            ),
            bad(
                "revoked",
                "revoked",
                "the list names it",
                given(
                    "link", plain, revocations=_statement("revocations", revoked=[JTI])
                ),
            ),
        ],
    }


# --- All -----------------------------------------------------------------------

SUBJECTS: tuple[Callable[[], Fields], ...] = (
    pgn,
    hpgn,
    stampseudoniem,
    ketenid,
    voorlopig,
    token,
    identifier,
    names,
    seal,
    ring,
    statement,
)


def main(folder: Path) -> None:
    """
    Write every file into *folder*.
    """
    for subject in SUBJECTS:
        file = {"$schema": "schema.json"} | subject()
        text = json.dumps(file, indent=2) + "\n"
        (folder / f"{file['subject']}.json").write_text(
            text, encoding="ascii", newline="\n"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
