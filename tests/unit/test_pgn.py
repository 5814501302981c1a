"""
The persoonsgebonden nummer: what text is one, which one, and what is refused.

The oracle is python-stdnum, which reads more generously than we do; where it
does, the difference must be one that we chose.
"""

import re
from collections.abc import Callable

import pytest
import strategies as our
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError
from stdnum.nl import bsn as oracle_bsn
from stdnum.nl import onderwijsnummer as oracle_onderwijsnummer

from eckid import BSN, Medewerker, NumberError, Onderwijsnummer, elfproef, parse_pgn
from eckid.errors import NumberReden

_SEPARATORS = " .-"


def _reason(text: str) -> NumberReden:
    with pytest.raises(NumberError) as caught:
        parse_pgn(text)
    return caught.value.reason


@st.composite
def _spellings(draw: st.DrawFn, digits: st.SearchStrategy[str]) -> tuple[str, str]:
    """
    Draw a number, and a text that is one of its spellings by the house's rule.
    """
    number = draw(digits)
    written = number
    if number.startswith("0") and draw(st.booleans()):
        written = number[1:]
    # Before these digits a separator may stand: three follow the last one.
    places = draw(st.sets(st.integers(1, len(written) - 3)))
    signs = draw(
        st.sampled_from([" -", " -."] if len(places) >= 2 else [" -"])
        if places
        else st.just(" ")
    )
    chosen = {place: draw(st.sampled_from(signs)) for place in places}
    assume(list(chosen.values()).count(".") != 1)
    text = "".join(chosen.get(i, "") + digit for i, digit in enumerate(written))
    spaces = st.text(" ", max_size=3)
    return number, draw(spaces) + text + draw(spaces)


@st.composite
def _near_valid(draw: st.DrawFn, digits: st.SearchStrategy[str]) -> str:
    """
    Draw a text that is a valid number, or lies a few slips of the pen from one.
    """
    text = draw(digits)
    if draw(st.booleans()):
        text = text.lstrip("0")
    text = "0" * draw(st.sampled_from([0, 0, 0, 1, 2])) + text
    slips = st.one_of(
        st.sampled_from([" ", "-", ".", "  ", ". ", "\t", "\n", ",", "/"]),
        st.sampled_from(["\u00a0", "\u2013", "\u2011", "\uff0e", "\u2024"]),
        st.sampled_from(["0", "9", "\u0660", "\uff10", "x", ".0", "e1"]),
    )
    for slip in draw(st.lists(slips, max_size=4)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + slip + text[place:]
    script = draw(st.sampled_from(["0", "0", "0", "0", "\u0660", "\uff10", "\u0966"]))
    if script != "0":
        place = draw(st.integers(0, len(text)))
        shift = ord(script) - ord("0")
        other = {ord(d): ord(d) + shift for d in "0123456789"}
        text = text[:place] + text[place:].translate(other)
    return text


def _classes(text: str) -> set[NumberReden]:
    """
    Return the classes in which we may refuse what the oracle accepts.
    """
    if not re.fullmatch(r"[0-9 .-]*", text):
        return {NumberReden.DIGITS if text.isascii() else NumberReden.SCRIPT}
    inner = text.strip(" ")
    found = set()
    if inner.count(".") == 1:
        found.add(NumberReden.DECIMAL)
    at_an_end = inner[0] in _SEPARATORS or inner[-1] in _SEPARATORS
    doubled = re.search(r"[ .-]{2}", inner) is not None
    last = re.split(r"[ .-]", inner)[-1]
    if at_an_end or doubled or (last != inner and len(last) < 3):
        found.add(NumberReden.SEPARATOR)
    if sum(character.isdigit() for character in inner) < 8:
        found.add(NumberReden.LENGTH)
    return found


_ORACLES = [
    pytest.param(BSN, oracle_bsn.validate, id="bsn"),
    pytest.param(Onderwijsnummer, oracle_onderwijsnummer.validate, id="onderwijsnr"),
]
_ALL_DIGITS = st.one_of(our.bsn_digits, our.onderwijsnummer_digits)
_TEXTS = st.one_of(
    _near_valid(_ALL_DIGITS),
    _spellings(_ALL_DIGITS).map(lambda pair: pair[1]),
    st.integers(0, 999_999_999).map("{:09d}".format),
    st.text(st.sampled_from("0123456789 .-\u0661\u2013"), max_size=14),
)


def _asked(validate: Callable[[str], str], text: str) -> str | None:
    try:
        return validate(text)
    except ValidationError:
        return None


@pytest.mark.parametrize(("kind", "validate"), _ORACLES)
@given(text=_TEXTS)
@example(text="63138219")
@example(text="0631.38.219")
@example(text="0631.38219")
@example(text="10000483.0")
@example(text="063138.21.9")
@example(text="-063138219")
@example(text="101222331")
def test_where_we_differ_from_the_oracle_we_chose_to(
    kind: type[BSN] | type[Onderwijsnummer], validate: Callable[[str], str], text: str
) -> None:
    """
    What we accept it accepts alike; what only it accepts is in a named class.

    The classes are those of the house: padding beyond one zero; a separator at
    an end, doubled, or with fewer than three digits after the last; a single
    dot; any character but ASCII digits, space, hyphen and dot.
    """
    expected = _asked(validate, text)
    got: str | NumberReden
    try:
        got = kind.parse(text).expose()
    except NumberError as error:
        got = error.reason
    if isinstance(got, str):
        assert got == expected
    elif expected is not None:
        assert got in _classes(text)


_SMALL = our.with_check_digit("00000001", 0) or ""
_DIFFERENCES = {
    "padding beyond one zero": (_SMALL.lstrip("0"), NumberReden.LENGTH),
    "a separator in front": ("-063138219", NumberReden.SEPARATOR),
    "a separator at the end": ("063138219-", NumberReden.SEPARATOR),
    "a separator doubled": ("063--138-219", NumberReden.SEPARATOR),
    "two digits after the last": ("0631-382-19", NumberReden.SEPARATOR),
    "a single dot": ("0631.38219", NumberReden.DECIMAL),
    "a dash that is no hyphen": ("063\u2013138\u2013219", NumberReden.SCRIPT),
    "a line end": ("063138219\n", NumberReden.DIGITS),
}


@pytest.mark.parametrize("case", _DIFFERENCES)
def test_each_class_in_which_we_differ_has_a_witness(case: str) -> None:
    """
    The oracle does accept a text of each class, so no class is idle.
    """
    text, reason = _DIFFERENCES[case]
    assert _asked(oracle_bsn.validate, text) is not None
    assert _reason(text) is reason
    assert reason in _classes(text)


@given(pair=_spellings(our.bsn_digits))
def test_every_spelling_of_a_bsn_is_one_value(pair: tuple[str, str]) -> None:
    """
    However a valid BSN is spelled, it is the same value as its nine digits.
    """
    number, text = pair
    assert BSN.parse(text) == BSN(number)
    assert parse_pgn(text) == BSN(number)


@given(pair=_spellings(our.onderwijsnummer_digits))
def test_every_spelling_of_an_onderwijsnummer_is_one_value(
    pair: tuple[str, str],
) -> None:
    """
    However a valid onderwijsnummer is spelled, it is the same value.
    """
    number, text = pair
    assert Onderwijsnummer.parse(text) == Onderwijsnummer(number)
    assert parse_pgn(text) == Onderwijsnummer(number)


def test_the_four_spellings_of_the_published_number_are_one_value() -> None:
    """
    A lost zero, dots as people write them and spaces change nothing.
    """
    spellings = ("063138219", "63138219", "0631.38.219", " 063 138 219 ")
    assert {parse_pgn(text) for text in spellings} == {BSN("063138219")}
    assert {BSN.parse(text).expose() for text in spellings} == {"063138219"}


_REFUSED = {
    "a decimal point": ("10000483.0", NumberReden.DECIMAL),
    "one dot in the middle": ("0631.38219", NumberReden.DECIMAL),
    "only a dot": (".", NumberReden.DECIMAL),
    "a wrong ninth digit": ("063138218", NumberReden.ELFPROEF),
    "a digit too many": ("0631382190", NumberReden.LENGTH),
    "two zeros lost": ("3138219", NumberReden.LENGTH),
    "nothing": ("", NumberReden.LENGTH),
    "only spaces": ("   ", NumberReden.LENGTH),
    "Arabic-Indic digits": (
        "\u0660\u0666\u0663\u0661\u0663\u0668\u0662\u0661\u0669",
        NumberReden.SCRIPT,
    ),
    "fullwidth digits": ("\uff1063138219", NumberReden.SCRIPT),
    "a superscript": ("06313821\u00b9", NumberReden.SCRIPT),
    "a no-break space": ("063\u00a0138\u00a0219", NumberReden.SCRIPT),
    "a dash that is no hyphen": ("063\u2013138\u2013219", NumberReden.SCRIPT),
    "zeros": ("000000000", NumberReden.RANGE),
    "eight zeros": ("00000000", NumberReden.RANGE),
    "a comma": ("63138219,0", NumberReden.DIGITS),
    "a letter": ("06313821O", NumberReden.DIGITS),
    "a tab at the end": ("063138219\t", NumberReden.DIGITS),
    "a line end": ("063138219\n", NumberReden.DIGITS),
    "a plus": ("+063138219", NumberReden.DIGITS),
    "a hyphen in front": ("-063138219", NumberReden.SEPARATOR),
    "a hyphen at the end": ("063138219-", NumberReden.SEPARATOR),
    "two spaces between": ("063  138 219", NumberReden.SEPARATOR),
    "two signs between": ("063- 138 219", NumberReden.SEPARATOR),
    "two digits after the last": ("063.138.2.19", NumberReden.SEPARATOR),
    "one digit after the last": ("06313821 9", NumberReden.SEPARATOR),
    "a wide remainder 5 without 10": ("211222337", NumberReden.ELFPROEF),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_each_slip_is_refused_with_its_own_reason(case: str) -> None:
    """
    A text that is no PGN is refused, and the reason says what is wrong.
    """
    text, reason = _REFUSED[case]
    assert _reason(text) is reason


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("3138219", 7), ("0631382190", 10), ("00063138219", 11)],
    ids=["none", "seven", "ten", "eleven"],
)
def test_a_wrong_length_is_told_by_its_measure(text: str, length: int) -> None:
    """
    The message gives how many digits came, before any zero is given back.
    """
    with pytest.raises(NumberError) as caught:
        BSN.parse(text)
    assert str(caught.value) == f"BSN: expected 9 digits, got {length}"


def test_a_wide_remainder_without_its_prefix_is_a_number_of_neither_kind() -> None:
    """
    Remainder 5 alone makes no onderwijsnummer: it begins with 10.
    """
    assert elfproef("211222337") == 5
    with pytest.raises(NumberError) as caught:
        Onderwijsnummer("211222337")
    assert caught.value.reason is NumberReden.RANGE


@given(digits=our.bsn_digits)
def test_a_lost_zero_is_given_back_once_and_never_twice(digits: str) -> None:
    """
    Eight digits get one zero; fewer are refused, whatever zeros were lost.
    """
    lost = digits.lstrip("0")
    if len(lost) >= 8:
        assert BSN.parse(lost).expose() == digits
    else:
        with pytest.raises(NumberError) as caught:
            BSN.parse(lost)
        assert caught.value.reason is NumberReden.LENGTH


@given(digits=our.bsn_digits, place=st.integers(1, 8))
def test_a_single_dot_is_a_decimal_point(digits: str, place: int) -> None:
    """
    One dot is never taken off, wherever it stands.
    """
    text = f"{digits[:place]}.{digits[place:]}"
    assert _reason(text) is NumberReden.DECIMAL


@given(digits=our.bsn_digits)
def test_one_wrong_digit_never_passes(digits: str) -> None:
    """
    The elfproef catches every single wrong digit of a BSN.
    """
    for place in range(9):
        for digit in set("0123456789") - {digits[place]}:
            with pytest.raises(NumberError):
                BSN(digits[:place] + digit + digits[place + 1 :])


@given(digits=_ALL_DIGITS)
def test_no_number_is_of_both_kinds(digits: str) -> None:
    """
    The elfproef tells the kinds apart: what is one is refused as the other.
    """
    kind = type(parse_pgn(digits))
    other = Onderwijsnummer if kind is BSN else BSN
    with pytest.raises(NumberError):
        other.parse(digits)


@pytest.mark.parametrize("place", range(len(our.SAFE_BSNS)))
def test_the_numbers_that_are_safe_to_print_are_valid(place: int) -> None:
    """
    The BSNs that tests may print pass the elfproef.
    """
    digits = our.SAFE_BSNS[place]
    assert parse_pgn(digits) == BSN(digits)
    assert elfproef(digits) == 0


def test_a_constructor_takes_the_canonical_form_only() -> None:
    """
    Only `parse` reads as people write: the class itself wants nine digits.
    """
    for text in ("63138219", "0631.38.219", " 063138219"):
        with pytest.raises(NumberError):
            BSN(text)


@given(body=st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_the_elfproef_is_the_weighted_sum(body: str) -> None:
    """
    The remainder is 9 8 7 6 5 4 3 2 -1 times the digits, modulo 11.
    """
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(w * int(d) for w, d in zip(weights, body, strict=True))
    assert elfproef(body) == total % 11


@pytest.mark.parametrize(
    ("digits", "reason"),
    [
        pytest.param("06313821", NumberReden.LENGTH, id="eight"),
        pytest.param("", NumberReden.LENGTH, id="none"),
        pytest.param("06313821x", NumberReden.DIGITS, id="letter"),
        pytest.param("06313821\u0669", NumberReden.SCRIPT, id="script"),
    ],
)
def test_the_elfproef_is_of_nine_digits(digits: str, reason: NumberReden) -> None:
    """
    Of anything else than nine ASCII digits there is no remainder.
    """
    with pytest.raises(NumberError) as caught:
        elfproef(digits)
    assert caught.value.reason is reason


@given(text=our.medewerker_texts)
def test_an_employee_has_one_spelling(text: str) -> None:
    """
    The BRIN is kept in upper case and the address in lower case.
    """
    brin, email = text.split(" ")
    value = Medewerker.parse(text)
    assert value.expose() == f"{brin.upper()} {email.lower()}"
    assert parse_pgn(text.upper()) == parse_pgn(text.lower()) == value
    assert Medewerker(brin, email) == value


_NO_MEDEWERKERS = {
    "no BRIN": ("teacher@school.com", NumberReden.LENGTH),
    "BRIN with vestiging": ("20DP00 teacher@school.com", NumberReden.LENGTH),
    "letters first": ("DP20 teacher@school.com", NumberReden.DIGITS),
    "two spaces": ("20DP  teacher@school.com", NumberReden.SEPARATOR),
    "a space at the end": ("20DP teacher@school.com ", NumberReden.SEPARATOR),
    "a tab between": ("20DP\tteacher@school.com", NumberReden.LENGTH),
    "two at signs": ("20DP teacher@school@com", NumberReden.SEPARATOR),
    "nothing before the at": ("20DP @school.com", NumberReden.SEPARATOR),
    "nothing after the at": ("20DP teacher@", NumberReden.SEPARATOR),
    "a control character": ("20DP teacher\x7f@school.com", NumberReden.SEPARATOR),
    "a line end": ("20DP teacher@school.com\n", NumberReden.SEPARATOR),
    "another script in the address": (
        "20DP te\u0251cher@school.com",
        NumberReden.SCRIPT,
    ),
    "another script in the BRIN": ("\uff120DP teacher@school.com", NumberReden.SCRIPT),
    "a dotless i": ("20DP teacher@scho\u0131l.com", NumberReden.SCRIPT),
}


@pytest.mark.parametrize("case", _NO_MEDEWERKERS)
def test_an_employee_of_another_form_is_refused(case: str) -> None:
    """
    BRIN4, one space, an ASCII address with one @ and no spaces; nothing else.
    """
    text, reason = _NO_MEDEWERKERS[case]
    assert _reason(text) is reason


@pytest.mark.parametrize("parse", [BSN.parse, Onderwijsnummer.parse, parse_pgn])
def test_a_number_that_is_no_text_is_a_type_error(
    parse: Callable[[object], object],
) -> None:
    """
    An int has lost its zeros already, so no parser takes one, nor repeats it.
    """
    with pytest.raises(TypeError, match=r"^\w+: expected str, got int$"):
        parse(63138219)
