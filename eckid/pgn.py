"""
The persoonsgebonden nummer (PGN): text becomes a PGN here or nowhere.

A PGN is a BSN, or the onderwijsnummer that DUO makes for a pupil without a BSN. An
employee has a stand-in: BRIN and e-mail address. The elfproef tells a BSN from an
onderwijsnummer, so no number can be both.
"""

import re
from typing import ClassVar, Final, Self, TypeAlias, final

from eckid._core.hidden import Hidden
from eckid._core.values import expect
from eckid.errors import NumberError, NumberReden

_ALLOWED: Final = re.compile(r"[0-9 .-]*")
# Groups of digits with one separator between them. The last group has three digits or
# more, because fewer may be the decimals of a spreadsheet.
_GROUPED: Final = re.compile(r"[0-9]+|(?:[0-9]+[ .-])+[0-9]{3,}")
_SEPARATORS: Final = str.maketrans("", "", " .-")

_BRIN: Final = re.compile(r"[0-9]{2}[A-Z]{2}")
_EMAIL: Final = re.compile(r"[!-?A-~]+@[!-?A-~]+")


def elfproef(digits: str) -> int:
    """
    Return the elfproef remainder of nine *digits*, 0 to 10.

    Each digit is multiplied by its weight, 9 8 7 6 5 4 3 2 -1; the remainder is that of
    their sum after division by 11. A BSN leaves 0, an onderwijsnummer 5.

    Args:
        digits: Nine of the digits 0-9, as text.

    Raises:
        eckid.errors.NumberError: If *digits* is not nine digits.

    >>> elfproef("063138219")
    0
    >>> elfproef("101222331")
    5
    """
    _check_digits("elfproef", expect("elfproef", digits, str))
    *body, check = map(int, digits)
    return (sum((9 - i) * n for i, n in enumerate(body)) - check) % 11


def _check_script(name: str, text: str) -> None:
    if not text.isascii():
        raise NumberError(
            f"{name}: expected ASCII characters, got another script's",
            NumberReden.SCRIPT,
        )


def _check_digits(name: str, text: str) -> None:
    _check_script(name, text)
    if text and not text.isdigit():
        raise NumberError(f"{name}: expected only the digits 0-9", NumberReden.DIGITS)
    if len(text) != 9:
        raise NumberError(
            f"{name}: expected 9 digits, got {len(text)}", NumberReden.LENGTH
        )


def _nine_digits(name: str, text: str) -> str:
    """
    Return the nine digits of a number in *text*, written as people write it.
    """
    text = expect(name, text, str).strip(" ")
    _check_script(name, text)
    if not _ALLOWED.fullmatch(text):
        raise NumberError(
            f"{name}: expected only digits, spaces, hyphens and dots",
            NumberReden.DIGITS,
        )
    if text.count(".") == 1:
        # A decimal point. Removing it would turn one in eleven BSNs that lost a zero
        # and are written as a decimal into another person's valid number.
        raise NumberError(
            f"{name}: expected no decimal point, got one", NumberReden.DECIMAL
        )
    if text and not _GROUPED.fullmatch(text):
        raise NumberError(
            f"{name}: expected separators only between digits, "
            "and three digits or more after the last",
            NumberReden.SEPARATOR,
        )
    digits = text.translate(_SEPARATORS)
    if len(digits) == 8:
        # A spreadsheet drops leading zeros. One is put back: a tenth of all numbers
        # begin with a zero. Two are not, because then a number of few digits would
        # pass.
        digits = "0" + digits
    _check_digits(name, digits)
    return digits


class _NineDigits(Hidden):
    __slots__ = ()

    remainder: ClassVar[int]
    prefix: ClassVar[str] = ""

    def __init__(self, digits: str) -> None:
        _check_digits(self.name, expect(self.name, digits, str))
        if not digits.startswith(self.prefix) or digits == "000000000":
            raise NumberError(
                f"{self.name}: expected a number in the range that is issued",
                NumberReden.RANGE,
            )
        if elfproef(digits) != self.remainder:
            raise NumberError(f"{self.name}: elfproef fails", NumberReden.ELFPROEF)
        super().__init__(digits.encode("ascii"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a number from *text* as people write it.

        Spaces, hyphens and dots may stand between two digits, if three digits or more
        follow the last of them; spaces may also stand at both ends. A single dot is a
        decimal point and is refused. Eight digits get one lost leading zero back; fewer
        digits are refused.

        Args:
            text: The number, such as ``0631.38.219``.

        Returns:
            The number, of the class on which this is called.

        Raises:
            eckid.errors.NumberError: If *text* holds no valid number of this kind; its
                `reason` says why.
        """
        return cls(_nine_digits(cls.name, text))

    def expose(self) -> str:
        """
        Return the nine digits as text; search for this call in review.
        """
        return self._octets.decode("ascii")


@final
class BSN(_NineDigits):
    """
    A burgerservicenummer: nine digits, elfproef remainder 0.

    Args:
        digits: Exactly nine digits; `parse` reads other spellings.

    Raises:
        eckid.errors.NumberError: If it is not a valid BSN; its `reason` says why.

    >>> BSN.parse("0631.38.219")
    <BSN hidden>
    >>> BSN.parse("0631.38.218")
    Traceback (most recent call last):
    ...
    eckid.errors.NumberError: BSN: elfproef fails
    """

    __slots__ = ()
    name = "BSN"
    remainder = 0


@final
class Onderwijsnummer(_NineDigits):
    """
    An onderwijsnummer: nine digits that begin with 10, elfproef remainder 5.

    Args:
        digits: Exactly nine digits; `parse` reads other spellings.

    Raises:
        eckid.errors.NumberError: If it is not a valid onderwijsnummer; its `reason`
            says why.

    >>> Onderwijsnummer("101222331")
    <Onderwijsnummer hidden>
    """

    __slots__ = ()
    name = "onderwijsnummer"
    remainder = 5
    prefix = "10"


@final
class Medewerker(Hidden):
    """
    The stand-in for a PGN of an employee: BRIN and e-mail address.

    Its form is known from one published sample. The BRIN is kept in upper case and the
    address in lower case, so that each has one spelling.

    Args:
        brin: BRIN of the school, two digits and two letters, in either case.

        email: The employee's e-mail address: ASCII, one @, no spaces.

    Raises:
        eckid.errors.NumberError: If one of them has another form; its `reason` says
            why.

    >>> Medewerker("20DP", "Teacher@School.com") == Medewerker.parse(
    ...     "20dp teacher@school.com"
    ... )
    True
    """

    __slots__ = ()
    name = "medewerker"

    def __init__(self, brin: str, email: str) -> None:
        _check_script(self.name, expect("BRIN", brin, str))
        _check_script(self.name, expect("e-mail address", email, str))
        if len(brin) != 4:
            raise NumberError(
                f"medewerker: expected a BRIN of 4 characters, got {len(brin)}",
                NumberReden.LENGTH,
            )
        if not _BRIN.fullmatch(brin.upper()):
            raise NumberError(
                "medewerker: expected a BRIN of two digits and two letters",
                NumberReden.DIGITS,
            )
        if not _EMAIL.fullmatch(email):
            raise NumberError(
                "medewerker: expected an e-mail address with one @ and no spaces",
                NumberReden.SEPARATOR,
            )
        super().__init__(f"{brin.upper()} {email.lower()}".encode("ascii"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an employee's stand-in from *text*: BRIN, one space, e-mail address.

        Raises:
            eckid.errors.NumberError: If *text* has another form.
        """
        brin, _, email = expect(cls.name, text, str).partition(" ")
        return cls(brin, email)

    def expose(self) -> str:
        """
        Return BRIN, space and address as text; search for this call in review.
        """
        return self._octets.decode("ascii")


PGN: TypeAlias = BSN | Onderwijsnummer | Medewerker


def parse_pgn(text: str) -> PGN:
    """
    Read *text* as a PGN, of whichever kind it is.

    Args:
        text: A BSN or onderwijsnummer, in any spelling that `BSN.parse` takes; or an
            employee's BRIN, one space and e-mail address.

    Returns:
        A `Medewerker` if there is an @ in *text*; otherwise a `BSN` or an
        `Onderwijsnummer`, which the elfproef tells apart.

    Raises:
        eckid.errors.NumberError: If *text* is no valid PGN of any kind; its `reason`
            says why.

    >>> parse_pgn("101222331"), parse_pgn("63138219")
    (<Onderwijsnummer hidden>, <BSN hidden>)
    """
    if "@" in expect("PGN", text, str):
        return Medewerker.parse(text)
    digits = _nine_digits("PGN", text)
    for kind in (BSN, Onderwijsnummer):
        if elfproef(digits) == kind.remainder and digits.startswith(kind.prefix):
            return kind(digits)
    raise NumberError("PGN: elfproef fails", NumberReden.ELFPROEF)
