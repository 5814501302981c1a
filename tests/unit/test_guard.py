"""
The guard: no value that goes shows a secret, however it came there.
"""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NAMESPACE

from eckid import (
    Attribuutbeleid,
    Bestemming,
    Doel,
    KetenID,
    Ontvanger,
    Reden,
    Wie,
)
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.policy import Regel, Waarde
from eckid.policy import guard as room
from eckid.policy.guard import (
    HEX,
    LEAST,
    bare,
    has_eight_digits,
    has_long_hex,
    has_secret,
    holds,
    is_number,
    least_of,
    shows_secret,
)
from eckid.policy.releasing import release_one
from eckid.policy.vrijgave import fault_of

_HPGN: Final = "9735dfd2235eaeb5f0300886bcc99c82ffc1d6420c4e0bde8de7218def2135fa"
_HEX: Final = _HPGN + "0123456789abcdef" * 4
_STAM: Final = f"{NAMESPACE}/sp2026/{_HEX}"
_KETENID: Final = KetenID.parse(f"{NAMESPACE}/2026/{_HEX}")
_ON: Final = date(2026, 11, 24)
_WHY: Final = {"ander_id_reden": "symbiose", "ander_id_tot": "2027-07-31"}

_OTHERS: Final = sorted(
    a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.ANDER_ID
)
_PGNS: Final = sorted(a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.PGN)
_TEXTS: Final = sorted(
    a.naam
    for a in CATALOGUE.values()
    if a.kenmerk in {Kenmerk.NAAM, Kenmerk.GEGEVEN} and a.naam != "weergavenaam"
)
_EVERY: Final = Attribuutbeleid(
    "every",
    "1",
    "of these tests",
    tuple(
        Regel(
            attribuut=name,
            doelen=frozenset(Doel),
            ontvangers=frozenset(Ontvanger),
            bron="these tests",
            zekerheid="C",
            motivering="Voor deze toetsen.",
            motivation="For these tests.",
        )
        for name in ("eckid", *_OTHERS, *_WHY, *_TEXTS)
    ),
)


def _to(beleid: Attribuutbeleid = _EVERY) -> Bestemming:
    return beleid.voor(doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER, on=_ON)


_TO: Final = _to()

# How a secret comes to stand in a cell: as it is, as somebody wrote it, as a system
# encoded it, or so that it looks the same.
_WRITTEN: Final[dict[str, Callable[[str], str]]] = {
    "as it is": str,
    "upper case": str.upper,
    "text around it": lambda s: f"Sem ({s}), zie bijlage",
    "a digit before it": lambda s: f"0{s}",
    "percent-encoded": lambda s: "".join(f"%{ord(c):02X}" for c in s),
    "percent-encoded twice": lambda s: quote("".join(f"%{ord(c):02X}" for c in s)),
    "behind a percent sign": lambda s: f"%{s}",
    "with signs that nobody sees": "\u200b".join,
    "with a mark on it": lambda s: s.replace("d", "d\u0301").replace("e", "e\ufe0f"),
    "in wide signs": lambda s: "".join(chr(ord(c) + 0xFEE0) for c in s),
    "in mathematical letters": lambda s: "".join(
        chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in s
    ),
    "in digits of another script": lambda s: "".join(
        chr(0x660 + int(c)) if c.isdecimal() else c for c in s
    ),
    "in Cyrillic letters": lambda s: s.translate(
        str.maketrans("acep", "\u0430\u0441\u0435\u0440")
    ),
    "in ligatures": lambda s: s.replace("ff", "\ufb00"),
    "with slashes of another script": lambda s: s.replace("/", "\u2215"),
    "with control signs": "\x00\x7f".join,
}
# Only of hex: a URI in such groups is no URI any more.
_GROUPED: Final[dict[str, Callable[[str], str]]] = {
    "in groups of four": lambda s: " ".join(s[n : n + 4] for n in range(0, len(s), 4)),
    "in groups of eight": lambda s: "-".join(s[n : n + 8] for n in range(0, len(s), 8)),
    "in octets": lambda s: ":".join(s[n : n + 2] for n in range(0, len(s), 2)),
    "over lines": lambda s: "\r\n".join(s[n : n + 32] for n in range(0, len(s), 32)),
}


@pytest.mark.parametrize("how", _WRITTEN)
@pytest.mark.parametrize("name", [*_OTHERS, *_TEXTS])
def test_no_attribute_lets_a_stampseudoniem_go(name: str, how: str) -> None:
    """
    However it is written, in each attribute: nothing of the person goes.
    """
    row: dict[str, Waarde] = {name: _WRITTEN[how](_STAM), **_WHY}
    vrijgave = _TO.release(row)
    assert vrijgave.released == {}
    assert vrijgave.regels == {}
    assert vrijgave.leak == name
    assert vrijgave.withheld[name] is Reden.LEAK


@pytest.mark.parametrize("how", [*_WRITTEN, *_GROUPED])
@pytest.mark.parametrize("name", _TEXTS)
@pytest.mark.parametrize("secret", [_HPGN, _HEX], ids=["HPgn", "stampseudoniem"])
def test_no_name_and_no_value_lets_the_hex_of_a_secret_go(
    secret: str, name: str, how: str
) -> None:
    """
    An HPgn in the column of groups says as much as the number.
    """
    written = {**_WRITTEN, **_GROUPED}[how](secret)
    row: dict[str, Waarde] = {"eckid": _KETENID, name: written, "postcode": "1234AB"}
    if name == "postcode":
        row = {"eckid": _KETENID, name: written}
    vrijgave = _TO.release(row)
    assert vrijgave.released == {}
    assert vrijgave.leak == name
    rest = {n: r for n, r in vrijgave.withheld.items() if n != name}
    assert set(rest.values()) == {Reden.BESIDE_LEAK}
    assert list(_TO.release_many([row])) == [vrijgave]


@pytest.mark.parametrize("name", ["roepnaam", "groep"])
def test_hex_with_digits_at_its_end_alone_is_hex(name: str) -> None:
    """
    The quick look at a name passes by seven signs behind a word, in a shorter text.
    """
    text = "abcdef" * 9 + "abc" + "1234567"
    row: dict[str, Waarde] = {"eckid": _KETENID, name: text}
    assert _TO.release(row).leak == name
    assert _TO.release({**row, name: text[1:]}).released[name] == text[1:]


@pytest.mark.parametrize("at", [0, 31, 63])
@pytest.mark.parametrize(("many", "one"), ["9a", "a9"])
def test_hex_with_one_letter_or_one_digit_is_hex(many: str, one: str, at: int) -> None:
    """
    Wherever that stands; digits alone are a number, and letters alone a word.
    """
    text = many * at + one + many * (63 - at)
    assert shows_secret("groep", text)
    assert not shows_secret("groep", text[1:])
    assert not shows_secret("groep", many * 64)


@pytest.mark.parametrize("name", _OTHERS)
def test_an_opaque_identifier_may_be_hex_and_is_no_number(name: str) -> None:
    """
    An administration may hash its keys too; a valid number is refused, however written.
    """
    for key in (_HPGN, _HEX, f"https://las.example/{_HPGN}", _KETENID.uri, "17"):
        vrijgave = _TO.release({name: key, **_WHY})
        assert vrijgave.released[name] == key
    for number in (
        "111222333",
        "1112.22.333",
        "\uff11\uff11\uff112223\u200b33",
        " 111222333",
    ):
        assert _TO.release({name: number, **_WHY}).leak == name
    # A hash under a path that begins so is none; with one digit more it may be cut off.
    hashed = f"https://las.example/special/{_HPGN}"
    assert _TO.release({name: hashed, **_WHY}).released[name] == hashed
    assert _TO.release({name: f"{hashed}0", **_WHY}).leak == name
    provisional = f"{NAMESPACE}/pv2026/{_HEX}"
    assert _TO.release({name: provisional, **_WHY}).released[name] == provisional


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("roepnaam", "Anne-Wil"),
        ("achternaam", "de Vries 2e"),
        ("roepnaam", "Zoë 1234567"),
        ("groep", "3a"),
        ("groepen", ", ".join(f"{n}{c}" for n in range(1, 9) for c in "abcdef")),
        ("groepen", "\n".join(f"{n}{c}" for n in range(1, 9) for c in "abcdef")),
        ("groepen", "; ".join(str(4001 + n) for n in range(40))),
        ("groepen", " ".join(str(2026_0001 + n) for n in range(9))),
        ("emailadres", "een.heel.lange.naam.van.iemand@school-met-een-naam.example"),
        ("fotourl", f"https://school.example/{'0123456789abcdef' * 2}.jpg"),
        ("toevoegingen", "9" * 200),
        ("toevoegingen", "abcdef" * 40),
        ("toevoegingen", "50 % korting, 100%25"),
        ("achternaam", "ẞ" * 70),
        ("geboortedatum", "2015-12-24"),
    ],
)
def test_what_shows_no_secret_goes(name: str, text: str) -> None:
    """
    Long texts, lists of groups, digits alone and letters alone are none.
    """
    row: dict[str, Waarde] = {"eckid": _KETENID, name: text}
    vrijgave = _TO.release(row)
    assert vrijgave.released == row
    assert vrijgave.leak is None


@pytest.mark.parametrize(
    "text",
    [
        "\u2152\u2152\u2152",
        "111222333",
        "63138219",
        "Jan 63.138-219",
        "Jan63138219",
        "\u246a\u246a\u246a\u246a",
        "1 2 3 4 5 6 7 8",
    ],
)
def test_a_name_with_eight_digits_does_not_go(text: str) -> None:
    """
    It may be the number of anyone, and the policy knows nobody.

    Also beside another identifier, where more depends on values.
    """
    for name in ("roepnaam", "achternaam"):
        row: dict[str, Waarde] = {"eckid": _KETENID, name: text}
        assert _TO.release(row).leak == name
        assert _TO.release({"key": "17", **_WHY, name: text}).leak == name
    assert _TO.release({"eckid": _KETENID, "groep": text}).leak is None


@pytest.mark.parametrize("pgn", _PGNS)
def test_the_number_of_the_row_itself_goes_under_no_name(pgn: str) -> None:
    """
    Where the row holds the number, no other value may hold it too.
    """
    for text in ("111222333", "x-1112.22.333", "%31%31%31222333"):
        row: dict[str, Waarde] = {pgn: "111222333", "eckid": _KETENID, "groep": text}
        vrijgave = _TO.release(row)
        assert vrijgave.leak == "groep"
        assert vrijgave.withheld[pgn] is Reden.PGN
        assert _TO.release(row | {"groep": "3a"}).released["groep"] == "3a"
        assert _TO.release(row | {pgn: ""}).leak is None
    # Of two numbers, either; and also beside another identifier.
    two: dict[str, Waarde] = {"bsn": "111222333", "onderwijsnummer": "101222331"}
    for number in two.values():
        assert _TO.release(two | {"groep": number}).leak == "groep"
    other: dict[str, Waarde] = {"key": "17", **_WHY, "groep": "111222333"}
    assert _TO.release(other | {pgn: "111222333"}).leak == "groep"
    assert _TO.release(other).leak is None
    # Four digits stand in other texts by chance.
    assert _TO.release({pgn: "2015", "groep": "2015"}).released == {"groep": "2015"}
    shown: dict[str, Waarde] = {pgn: "063138219", "groep": "63138219"}
    assert _TO.release(shown).leak == "groep"
    # A number has eight digits at least; seven are a part of one.
    part: dict[str, Waarde] = {pgn: "1234567", "groep": "1234567"}
    assert _TO.release(part).leak is None


def test_a_teacher_is_guarded_as_a_pupil_is() -> None:
    """
    And an employee's number is found by its address too.
    """
    row: dict[str, Waarde] = {"eckid": _KETENID, "groep": _HPGN}
    assert _TO.release(row, wie=Wie.LEERKRACHT).wie is Wie.LEERKRACHT
    assert _TO.release(row, wie=Wie.LEERKRACHT).leak == "groep"
    assert is_number("20DP teacher@school.com")


def test_what_does_not_go_is_not_looked_at() -> None:
    """
    A secret in an attribute that is withheld stays at school by that.
    """
    to = _to(Attribuutbeleid.load("smalle-set-2.3"))
    row: dict[str, Waarde] = {"eckid": _KETENID, "roepnaam": "Sem", "key": _STAM}
    vrijgave = to.release(row | {"geslacht": _HPGN})
    assert set(vrijgave.released) == {"eckid", "roepnaam"}
    assert vrijgave.leak is None


def test_less_of_a_value_goes_whatever_the_value() -> None:
    """
    What goes is an age or a letter, and shows nothing of the rest.
    """
    to = Attribuutbeleid.load("leermiddelenketen").voor(
        doel=Doel.GENORMEERDE_TOETS,
        ontvanger=Ontvanger.SOFTWARELEVERANCIER,
        toetsdag=_ON,
    )
    row: dict[str, Waarde] = {"eckid": _KETENID, "geboortedatum": _HPGN}
    vrijgave = to.release(row)
    assert set(vrijgave.released) == {"eckid"}
    assert vrijgave.withheld["geboortedatum"] is Reden.UNREADABLE


def test_a_release_made_by_hand_is_held_to_the_same() -> None:
    """
    A rule of its own for each value, of its kind, and no secret; or it is not written.
    """
    made = _TO.release({"eckid": _KETENID, "groep": "3a"})
    assert fault_of(made) is None
    regels, released = dict(made.regels), dict(made.released)
    for changed, says in (
        ({"regels": {}}, "expected a rule for each value"),
        ({"regels": regels | {"groep": regels["eckid"]}}, "expected a rule for each"),
        ({"released": released | {"groep": _HPGN}}, "groep: expected no secret"),
        ({"released": released | {"groep": _KETENID}}, "groep: expected str"),
        ({"released": released | {"eckid": "3a"}}, "eckid: expected KetenID"),
    ):
        fault = fault_of(dataclasses.replace(made, **changed))
        assert fault is not None
        assert fault.startswith(says)
    leaking = fault_of(_TO.release({"groep": _HPGN}))
    assert leaking is not None
    assert leaking.startswith("expected no release in which")


def test_a_release_that_lacks_what_is_demanded_is_not_written() -> None:
    """
    It has nothing, and would be an empty row of a file.
    """
    lacking = _to(Attribuutbeleid.load("smalle-set-2.3")).release({"roepnaam": "Sem"})
    assert lacking.missing
    assert lacking.leak is None
    fault = fault_of(lacking)
    assert fault is not None
    assert "lacks what the policy demands" in fault


def test_one_sign_stands_for_three_digits_at_most() -> None:
    """
    So a text that is shorter than its bound shows no secret; letters alone show none.

    For each sign of Unicode: no letter becomes a digit, and none becomes more hex than
    the bound says.
    """
    most = kept = 0
    for code in range(0x110000):
        sign = chr(code)
        seen = room._seen(sign)
        kept = max(kept, len(room._SIGNS))
        most = max(most, sum(s in "0123456789abcdef" for s in seen))
        most = max(most, sum(s.isdigit() for s in bare(sign)))
        if sign.isalpha():
            assert not any(s.isdigit() for s in seen + bare(sign))
    assert most == 3
    # What was looked up is kept, and not for all of Unicode.
    assert 128 < kept <= room._MOST_SIGNS
    assert LEAST * 3 >= HEX > (LEAST - 1) * 3
    assert least_of("roepnaam") == (3, 8)
    assert least_of("groep") == (LEAST, HEX)
    assert least_of("key") == (0, 0)


_PIECES: Final = st.sampled_from(
    [
        *(_HPGN, _HEX, _HPGN[:63], _HPGN[:32], _STAM, "sp2026", "/", "%", "%25", "%2F"),
        *("111222333", "1", "12", "\u216f", "\ufb00", "\u2152", "\u200b", "\u0430"),
        *("Zoë", "de Vries", "3a", " ", ":", "-", ", ", "abcdef", "\ud83d", "\u0301"),
    ]
)
_CELLS: Final = st.lists(_PIECES, max_size=8).map("".join) | st.text(max_size=90)


@given(
    name=st.sampled_from([*_OTHERS, *_TEXTS]),
    text=st.builds(
        lambda text, how: _WRITTEN[how](text) if text.isascii() else text,
        _CELLS,
        st.sampled_from(
            [
                "as it is",
                "upper case",
                "percent-encoded",
                "in ligatures",
                "with control signs",
            ]
        ),
    ),
)
def test_the_short_way_lets_nothing_through_that_the_long_way_stops(
    name: str, text: str
) -> None:
    """
    What the first look passes by, the whole look finds nothing in.
    """
    kind = CATALOGUE[name].kenmerk
    long = has_secret(text, opaque=kind is Kenmerk.ANDER_ID)
    long = long or (kind is Kenmerk.NAAM and has_eight_digits(text))
    long = long or (kind is Kenmerk.ANDER_ID and is_number(text))
    assert shows_secret(name, text) is long
    row: dict[str, Any] = {name: text, **_WHY}
    if text:
        assert (_TO.release(row).leak == name) is long


@given(
    row=st.fixed_dictionaries(
        {},
        optional={
            "eckid": st.just(_KETENID),
            "geslacht": st.sampled_from(["2", "kerst", _HPGN]),
            "geboortedatum": st.sampled_from(["2015-12-24", "24-12-2015", _HPGN]),
            **dict.fromkeys(("bsn", "roepnaam", "groep"), _PIECES),
        },
    )
)
def test_the_quick_way_releases_what_the_slow_way_does(row: dict[str, Waarde]) -> None:
    """
    Where nothing depends on values, both end alike for each row; one takes longer.
    """
    compiled = _TO.compiled(tuple(row), wie=Wie.LEERLING)
    slow = dataclasses.replace(compiled, plain=False)
    assert compiled.plain
    asked = _TO.plan(Wie.LEERLING), slow, _TO.columns()
    assert _TO.release(row) == release_one(row, *asked)


@given(text=_CELLS)
def test_eight_digits_are_found_in_ascii_as_in_any_text(text: str) -> None:
    """
    The quick look at ASCII and the look at any script find the same.
    """
    long = any(
        bare(text)[n : n + 8].isdecimal() and len(bare(text)[n : n + 8]) == 8
        for n in range(len(bare(text)))
    )
    assert has_eight_digits(text) is long


@given(text=_CELLS, own=st.sampled_from([_HPGN, "11222333", "12", "3a"]))
def test_a_given_secret_is_found_the_short_way_as_the_long_way(
    text: str, own: str
) -> None:
    """
    The quick look at plain ASCII finds what a look at every reading finds.
    """
    seen = [text, *room._readings(text)]
    assert holds(text, own) is any(s is None or own in bare(s) for s in seen)


def test_a_text_that_is_encoded_without_end_is_refused() -> None:
    """
    Nobody encodes a cell eight times by mistake.
    """
    text = "groep 3"
    for _ in range(7):
        text = quote(text)
    assert not has_secret(text, opaque=False)
    text = quote(text)
    assert has_secret(text, opaque=False)
    assert has_secret(text, opaque=True)
    assert holds(text, _HPGN)
    assert not is_number(text)


@pytest.mark.parametrize(
    "sign",
    [
        *("\x07", "\u200b", "\u0378", "\ue000", "\ud800", "\u0903", "\u20dd", "\u0301"),
        *("\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"),
    ],
    ids=ascii,
)
def test_a_sign_that_nobody_sees_hides_no_secret(sign: str) -> None:
    """
    One of each kind: control, format, unassigned, private, half, mark and filler.
    """
    assert shows_secret("groep", sign.join(_HPGN))
    assert shows_secret("key", sign.join(_STAM))


def test_a_given_secret_is_found_however_it_is_written() -> None:
    """
    By its letters and digits; nothing holds an empty one.
    """
    for how in _WRITTEN.values():
        assert holds(how(_HPGN), _HPGN)
    for how in _GROUPED.values():
        assert holds(how(_HPGN), _HPGN)
    assert not holds(_HPGN, "")
    assert not holds(_HPGN[:63], _HPGN)
    assert not holds("Zoë", _HPGN)
    assert has_long_hex(_HPGN)
    assert not has_long_hex(_HPGN[:63])
    assert not has_long_hex("17")


def test_a_value_of_a_number_is_one_whatever_it_is() -> None:
    """
    An attribute that counts as a PGN shows a secret, if it holds anything.
    """
    for name in _PGNS:
        assert shows_secret(name, "1")
        assert not shows_secret(name, "")
