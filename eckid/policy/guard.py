"""
The guard: a value that shows a secret goes to no recipient, under whatever name.

It knows forms and no person. A stampseudoniem as a URI is refused in every attribute.
Hex as long as an HPgn is refused in every attribute but an opaque identifier: an
administration may make its keys by hashing too. A name has no eight digits in a row,
and no other identifier is a valid PGN.

A cell comes as somebody typed, pasted or encoded it. So a form is looked for in each
reading of a text: as it stands, with signs that look alike as one sign, without signs
that nobody sees, and with what is percent-encoded decoded.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from eckid.attributes import CATALOGUE, Kenmerk
from eckid.errors import NumberError
from eckid.pgn import parse_pgn

# An HPgn has 64 hex digits, a stampseudoniem 128; fewer say too little. Digits alone
# or letters alone are a number or a word: one HPgn in 10^13 has no letter.
HEX: Final = 64
_MIXED: Final = rf"(?=[0-9]{{0,{HEX - 1}}}[a-f])(?=[a-f]{{0,{HEX - 1}}}[0-9])"
_SECRET: Final = re.compile(rf"{_MIXED}[0-9a-f]{{{HEX}}}")
# sp opens the release of a stampseudoniem. More hex than an HPgn has may follow only
# there: a URI that was cut off or joined is one too.
_STAM: Final = re.compile(
    rf"(?<![0-9a-z])sp[0-9a-z-]{{0,31}}[^0-9a-z]{{0,8}}{_MIXED}[0-9a-f]{{{HEX + 1}}}"
)
# One sign between groups of hex digits, as people write long numbers. A list of groups
# of pupils has shorter words, or commas.
_BETWEEN: Final = re.compile(
    r"(?<=[0-9a-f]{4})[^0-9a-z,;/]{1,2}(?=[0-9a-f]{4})|(?<=[0-9a-f]{2}):(?=[0-9a-f]{2})"
)
# A number without its leading zero has eight digits.
_EIGHT: Final = re.compile(r"[0-9]{8}")
_EIGHT_ASCII: Final = re.compile(r"[0-9](?:[^0-9A-Za-z]*[0-9]){7}")
# A text may be percent-encoded a few times over; nobody encodes it more often by
# mistake.
_DECODED: Final = 8
# One sign of Unicode stands for three digits at most, so no shorter text can show 64
# hex digits; and no shorter name eight digits. A test goes through all signs.
_LONGEST: Final = 3
LEAST: Final = -(-HEX // _LONGEST)
_LEAST_NAME: Final = -(-8 // _LONGEST)

_KINDS: Final[Mapping[str, Kenmerk]] = MappingProxyType(
    {a.naam: a.kenmerk for a in CATALOGUE.values()}
)
_LEAST: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        name: {
            Kenmerk.PGN: (0, 0),
            Kenmerk.ANDER_ID: (0, 0),
            Kenmerk.NAAM: (_LEAST_NAME, 8),
        }.get(kind, (LEAST, HEX))
        for name, kind in _KINDS.items()
    }
)

# Letters of other scripts that look like those of hex, and strokes that look like a
# slash.
_ALIKE: Final = dict(
    zip(
        "\u0430\u0432\u0441\u0501\u0435\u0455\u0440\u03b1\u03b5\u03c1\u03f2\u0261"
        "\u2044\u2215\u29f8\u27cb\u2571",
        "abcdespaepcg/////",
        strict=True,
    )
)
# Of these kinds of signs nobody sees any; nor of these fillers, which count as letters.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mc", "Me", "Mn"})
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# For ASCII as a table, which is faster; most texts are ASCII only.
_BARE: Final = {n: chr(n).lower() if chr(n).isalnum() else None for n in range(128)}


def least_of(name: str) -> tuple[int, int]:
    """
    Return from which length on a value of an attribute can show a secret.

    A shorter value shows none; nor does one of letters only, except for an identifier.
    The second length is for a value in ASCII.
    """
    return _LEAST[name]


def shows_secret(name: str, text: str) -> bool:
    """
    Return whether a value shows a secret, whoever's it is.

    Args:
        name: The attribute, one of the catalogue.

        text: Its value.
    """
    # The short way, of which a test shows that it misses nothing.
    least, in_ascii = _LEAST[name]
    if len(text) < least or (len(text) < in_ascii and text.isascii()):
        return False
    kind = _KINDS[name]
    if kind is Kenmerk.PGN:
        return text != ""
    if kind is Kenmerk.NAAM and has_eight_digits(text):
        return True
    if kind is Kenmerk.ANDER_ID and is_number(text):
        return True
    if len(text) < LEAST or (len(text) < HEX and text.isascii()):
        return False
    return has_secret(text, opaque=kind is Kenmerk.ANDER_ID)


def has_secret(text: str, *, opaque: bool) -> bool:
    """
    Return whether a text has an HPgn or a stampseudoniem in it, by its form.

    Args:
        text: The text.

        opaque: Whether it is an identifier of an administration, which may be hex. Then
            only a stampseudoniem as a URI is one.
    """
    form = _STAM if opaque else _SECRET
    return any(seen is None or form.search(seen) for seen in _readings(text))


def has_long_hex(text: str) -> bool:
    """
    Return whether a text has hex as long as an HPgn.
    """
    return len(text) >= LEAST and has_secret(text, opaque=False)


def holds(text: str, own: str) -> bool:
    """
    Return whether a text has one given secret in it, however it is written.

    Args:
        text: The text.

        own: The secret as `bare` gives it; an empty one is in no text.
    """
    if not own:
        return False
    if text.isascii() and "%" not in text:
        # Most cells are shorter than a secret, and bare text is no longer than text.
        return len(text) >= len(own) and own in bare(text)
    return own in bare(text) or any(
        seen is None or own in bare(seen) for seen in _readings(text)
    )


def has_eight_digits(text: str) -> bool:
    """
    Return whether a text has eight digits in a row, which may be someone's number.
    """
    if text.isascii():
        return len(text) > 7 and _EIGHT_ASCII.search(text) is not None
    # No letter of any script becomes a digit.
    if text.isalpha():
        return False
    return _EIGHT.search(bare(text)) is not None


def is_number(text: str) -> bool:
    """
    Return whether a text is a valid PGN, however it is written.
    """
    for seen in (text, *_readings(text)):
        with suppress(NumberError):
            parse_pgn("" if seen is None else seen.strip())
            return True
    return False


def own_numbers(row: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return the numbers of a person in the attributes *names*, as `bare` gives them.

    A spreadsheet may have removed the leading zero, so it is not compared. What is
    shorter than a number is a part of one, which stands in other texts by chance.
    """
    found = [row[name] for name in names]
    bares = (bare(text).removeprefix("0") for text in found if isinstance(text, str))
    return tuple(text for text in bares if len(text) > 7)


def bare(text: str) -> str:
    """
    Return a text with letters and digits only; digits of any script become ASCII.

    >>> bare("0631.38-219"), bare("Jan\u200b (6\uff13)")
    ('063138219', 'jan63')
    """
    if text.isascii():
        return text.translate(_BARE)
    seen = unicodedata.normalize("NFKC", text).casefold()
    return "".join(str(unicodedata.digit(s, s)) for s in seen if s.isalnum())


def _readings(text: str) -> Iterator[str | None]:
    """
    Yield a text in each way in which it can be read; None if there is no end to them.
    """
    for _ in range(_DECODED):
        seen = _seen(text)
        yield seen
        yield _BETWEEN.sub("", seen)
        before, text = text, unquote(text)
        if text == before:
            return
    yield None


def _seen(text: str) -> str:
    """
    Return a text as the eye reads it: one sign for signs that look alike.
    """
    if text.isascii():
        return text.translate(_ASCII)
    return unicodedata.normalize("NFKD", text).casefold().translate(_SIGNS)


class _Signs(dict[int, str]):
    """
    A table for `str.translate`, which looks at each different sign once.
    """

    def __missing__(self, code: int) -> str:
        # A language has some hundreds; all of Unicode would take much memory.
        if len(self) >= _MOST_SIGNS:
            self.clear()
        made = self[code] = _sign(chr(code))
        return made


_MOST_SIGNS: Final = 4096
_SIGNS: Final = _Signs()


def _sign(sign: str) -> str:
    if sign.isspace():
        return " "
    if sign in _FILLERS or unicodedata.category(sign) in _UNSEEN:
        return ""
    return _ALIKE.get(sign) or str(unicodedata.digit(sign, sign)).lower()


_ASCII: Final = {n: _sign(chr(n)) for n in range(128)}
