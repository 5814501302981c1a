"""
A class list: numbers that a spreadsheet damaged, doubles, formulas, refusals.
"""

import csv
import io
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from damage import (
    ATTACKS,
    HARMLESS,
    KINDS,
    damaged,
    damaged_text,
    growth,
    listed,
    sound,
    told,
    written,
)
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    SAFE_BSNS,
    SAFE_MEDEWERKER,
    SAFE_ONDERWIJSNUMMER,
    bsn_digits,
    onderwijsnummer_digits,
    with_check_digit,
)

from eckid import ExchangeError, KetenID, Sector
from eckid.errors import NumberReden, PseudonymReden
from eckid.exchange import (
    Herstel,
    Ontvangen,
    Received,
    Rij,
    RijReden,
    Roster,
    Weigering,
    hold,
    look,
    read,
)
from eckid.exchange.rows import REDENEN, Weigerreden

HEX = "0f" * 64
KETENID = f"https://eckid.invalid/2026/{HEX}"


def _cell(text: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerow([text, "Jan"])
    return file.getvalue()


def _numbers(*texts: str) -> list[tuple[str, Herstel | None] | Weigerreden]:
    """
    Return what becomes of each text in a column of numbers.
    """
    rows = listed("BSN;Voornaam\r\n" + "".join(map(_cell, texts)))
    return [
        row.reden if isinstance(row, Weigering) else (_text(row), row.herstel)
        for row in rows
    ]


def _text(row: Rij) -> str:
    assert row.pgn is not None
    return row.pgn.expose()


def _outcomes(text: str) -> list[Weigerreden | None]:
    return [row.reden if isinstance(row, Weigering) else None for row in listed(text)]


@pytest.mark.parametrize(
    ("text", "digits", "herstel"),
    [
        ("63138219.0", "063138219", Herstel.DECIMAL),
        ("63138219,0", "063138219", Herstel.DECIMAL),
        ("063138219,0", "063138219", Herstel.DECIMAL),
        ("111222333.0", "111222333", Herstel.DECIMAL),
        ("6,3138219E+07", "063138219", Herstel.SCIENTIFIC),
        ("6.3138219e7", "063138219", Herstel.SCIENTIFIC),
        ("1.11222333E8", "111222333", Herstel.SCIENTIFIC),
        ("1,11222333E+08", "111222333", Herstel.SCIENTIFIC),
        ("1.11222333e+8", "111222333", Herstel.SCIENTIFIC),
        ("1,01222331E+08", SAFE_ONDERWIJSNUMMER, Herstel.SCIENTIFIC),
        ("63138219", "063138219", Herstel.ZERO),
        ("63.138.219", "063138219", Herstel.ZERO),
        ("63-138-219", "063138219", Herstel.ZERO),
        ("063138219", "063138219", None),
        ("0631.38.219", "063138219", None),
        (" 063 138 219 ", "063138219", None),
        (SAFE_ONDERWIJSNUMMER, SAFE_ONDERWIJSNUMMER, None),
        (SAFE_MEDEWERKER.upper(), SAFE_MEDEWERKER, None),
    ],
)
def test_a_number_with_every_digit_left_is_restored(
    text: str, digits: str, herstel: Herstel | None
) -> None:
    """
    What can be undone without a guess is undone, and the row says what it was.
    """
    assert _numbers(text) == [(digits, herstel)]


@pytest.mark.parametrize(
    ("text", "reden"),
    [
        ("63138219.5", NumberReden.DECIMAL),
        ("63138219.1", NumberReden.DECIMAL),
        ("6313821.90", NumberReden.DECIMAL),
        ("63138219,05", NumberReden.DIGITS),
        ("63.138,219,00", NumberReden.DIGITS),
        ("63138.219,00", NumberReden.DIGITS),
        ("1.063.138.219,00", NumberReden.DIGITS),
        ("63138219,", NumberReden.DIGITS),
        ("63,138,219", NumberReden.DIGITS),
        ("3138219.0", NumberReden.DECIMAL),
        ("1112223330.0", NumberReden.DECIMAL),
        ("-63138219", NumberReden.SEPARATOR),
        ("63138219.", NumberReden.DECIMAL),
        ("''063138219", NumberReden.DIGITS),
        ("'63138219,5", NumberReden.DIGITS),
        ("063138218", NumberReden.ELFPROEF),
        ("0631382190", NumberReden.LENGTH),
        ("3138219", NumberReden.LENGTH),
        ("000000000", NumberReden.RANGE),
        ("\u0660\u0666\u0663\u0661\u0663\u0668\u0662\u0661\u0669", NumberReden.SCRIPT),
        ("111\u00a0222\u00a0333", NumberReden.SCRIPT),
        ("6,3138219E+08", RijReden.ROUNDED),
        ("6,3138219E+06", RijReden.ROUNDED),
        ("63,138219E+06", RijReden.ROUNDED),
        ("6,3138219E-07", RijReden.ROUNDED),
        ("111222333E+0", RijReden.ROUNDED),
        ("1,11222333E+18", RijReden.ROUNDED),
        ("1,11222333E+008", RijReden.ROUNDED),
        ("1,1122233E+08", RijReden.ROUNDED),
        ("1,112223330E+08", RijReden.ROUNDED),
        ("1E+08", RijReden.ROUNDED),
        ("6,3138219E+07,0", NumberReden.DIGITS),
        ("6,3138219 E+07", NumberReden.DIGITS),
    ],
)
def test_a_number_that_leaves_a_guess_is_refused(text: str, reden: Weigerreden) -> None:
    """
    What does not show every digit, and each once, is no number, and says why.
    """
    assert _numbers(text) == [reden]


def test_a_decimal_zero_is_not_read_as_a_digit() -> None:
    """
    Of a number with a lost zero the decimal zero makes no ninth digit.

    Taking off the point would, in one case of eleven, give another valid one.
    """
    both = [
        (number, f"{int(number)}0")
        for number in map(partial(with_check_digit, remainder=0), _BODIES)
        if number and with_check_digit(number[1:], 0) == f"{int(number)}0"
    ]
    assert len(both) > 5
    for number, other in both:
        assert _numbers(other) == [(other, None)]
        for sign in ".,":
            shown = f"{int(number)}{sign}0"
            assert _numbers(shown) == [(number, Herstel.DECIMAL)]


# Eight digits each, of which the first is zero.
_BODIES = tuple(f"{body:08d}" for body in range(1_000_000, 1_000_100))


def _notations(number: int, digits: int) -> Iterable[str]:
    """
    Yield *number* rounded to so many digits, as spreadsheets write it.
    """
    mantissa, exponent = f"{number:.{digits - 1}E}".split("E")
    power = int(exponent)
    for head in {mantissa, mantissa.rstrip("0").rstrip(".")}:
        for tail in (f"E+{power:02d}", f"E{power}", f"e+{power:02d}", f"E+{power}"):
            yield head + tail
            yield head.replace(".", ",") + tail


@given(
    number=st.one_of(bsn_digits, onderwijsnummer_digits).filter(
        lambda digits: digits >= "010000000"
    ),
    digits=st.integers(5, 8),
)
def test_a_rounded_number_is_never_accepted(number: str, digits: int) -> None:
    """
    Rounding makes another number, valid or not, so it is always refused.

    A number of nine digits has at most eight left, one with a lost zero seven.
    """
    shown = str(int(number))
    texts = list(_notations(int(number), min(digits, len(shown) - 1)))
    assert _numbers(*texts) == [RijReden.ROUNDED] * len(texts)


@given(st.one_of(bsn_digits, onderwijsnummer_digits))
def test_a_number_in_full_is_always_restored(number: str) -> None:
    """
    With every digit shown, each notation of a number is that number.

    Without its zeros in front it is, as long as one was lost and no more.
    """
    shown = str(int(number))
    forms = [f"{shown}.0", f"{shown},0"]
    if len(shown) > 7:
        mantissa = f"{int(number):.{len(shown) - 1}E}"
        forms += [mantissa, mantissa.replace(".", ","), mantissa.replace("E+0", "e")]
    outcomes = [next(iter(_numbers(form))) for form in (*forms, shown)]
    if len(shown) > 7:
        assert {o[0] for o in outcomes if isinstance(o, tuple)} == {number}
        assert not any(isinstance(o, NumberReden | RijReden) for o in outcomes)
    else:
        assert all(isinstance(o, NumberReden) for o in outcomes)


@pytest.mark.parametrize("name", ["Jan", " JAN ", "jan", "\uff2aan"])
def test_the_same_number_and_name_twice_is_a_duplicate(name: str) -> None:
    """
    The first row goes on and each later one is refused, however it is spelled.
    """
    text = (
        f"BSN;Voornaam;Achternaam;Klas\n063138219;Jan;de  Vries;3a\n"
        f"123456782;Jan;de Vries;3a\n63138219,0;{name};DE VRIES;4b\n"
        f"63.138.219;{name};de Vries;\n"
    )
    duplicate = RijReden.DUPLICATE
    assert _outcomes(text) == [None, None, duplicate, duplicate]
    refused = [row for row in listed(text) if isinstance(row, Weigering)]
    assert [(row.record, row.line, row.column) for row in refused] == [
        (3, 4, 1),
        (4, 5, 1),
    ]


@pytest.mark.parametrize(
    "other", ["Piet;;Vries", ";;Vries", "Jan;;", "Jan;van;Vries", "Ján;;Vries"]
)
def test_the_same_number_under_another_name_is_a_conflict(other: str) -> None:
    """
    Whose number it is cannot be known, so every row that has it is refused.
    """
    text = (
        "Voornaam;Tussenvoegsel;Achternaam;BSN\n"
        "Jan;;Vries;63138219\nJan;;Vries;063138219\n"
        f"{other};063138219\nJan;;Vries;111222333\nJan;;Vries;6,3138219E+07\n"
    )
    conflict = RijReden.CONFLICT
    assert _outcomes(text) == [conflict, conflict, conflict, None, conflict]
    assert {row.column for row in listed(text) if isinstance(row, Weigering)} == {4}


def test_a_number_conflicts_across_columns_too() -> None:
    """
    A number is the same wherever it stands; the column to blame is its own.
    """
    text = "BSN;Onderwijsnummer;Voornaam\n111222333;;Jan\n;111222333;Piet\n"
    rows = [row for row in listed(text) if isinstance(row, Weigering)]
    assert [row.reden for row in rows] == [RijReden.CONFLICT] * 2
    assert [row.column for row in rows] == [1, 2]


def test_a_refused_row_claims_no_number() -> None:
    """
    A row that does not go on makes no other a duplicate or a conflict.
    """
    text = "BSN;Voornaam\n111222333;=1+1\n111222333;Jan\n"
    assert _outcomes(text) == [RijReden.FORMULA, None]


def test_one_person_has_one_number() -> None:
    """
    Two numbers in a row are refused, the same one twice too; none is missing.
    """
    text = (
        "BSN;Onderwijsnummer;Sofinummer;Voornaam\n"
        "111222333;101222331;;Jan\n111222333;111222333;;Jan\n"
        "111222333;;123456782;Jan\n;;;Jan\n;101222331;;Jan\n;;498839436;Jan\n"
    )
    two = RijReden.TWO_NUMBERS
    assert _outcomes(text) == [two, two, two, RijReden.MISSING, None, None]
    kolommen = [row.kolom for row in listed(text) if isinstance(row, Rij)]
    assert kolommen == ["onderwijsnummer", "sofinummer"]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("column", [1, 2])
def test_a_cell_that_a_spreadsheet_would_run_refuses_the_row(
    attack: str, column: int
) -> None:
    """
    It does so in every column of an attribute, that of the number too.

    A column that is no attribute never goes, and its cells refuse nobody.
    """
    cells = ["111222333", "Jan", attack]
    cells[column - 1] = attack
    file = io.StringIO("BSN;Voornaam;Overig\r\n")
    file.seek(0, io.SEEK_END)
    csv.writer(file, delimiter=";").writerow(cells)
    (row,) = listed(file.getvalue())
    assert isinstance(row, Weigering)
    assert (row.reden, row.column) == (RijReden.FORMULA, column)


@pytest.mark.parametrize("text", [*HARMLESS, "a=1", "a@b.nl", "3+4", "'s-Gravenhage"])
def test_a_sign_before_digits_is_no_formula(text: str) -> None:
    """
    Telephone numbers and a lone hyphen call nothing, and keep their row.
    """
    (row,) = listed(f"BSN;Telefoon\n111222333;{text}\n")
    assert isinstance(row, Rij)
    assert row.attributen["Telefoon"] == text


def test_a_row_keeps_its_attributes_and_of_a_number_only_that_it_was_there() -> None:
    """
    Empty cells are no attributes, and no value that counts as a PGN is kept.
    """
    text = (
        "BSN;bsn_ondwnr-4;Voornaam;Tussenvoegsel;Hobby\n111222333;2333;Jan;;schaken\n"
    )
    (row,) = listed(text)
    assert isinstance(row, Rij)
    assert row.attributen == {
        "bsn": "",
        "bsn_ondwnr-4": "",
        "roepnaam": "Jan",
        "Hobby": "schaken",
    }
    assert "Jan" not in repr(row)


MARK = "qqq"
CELLS = st.one_of(
    st.sampled_from([*SAFE_BSNS, "63138219", "6,3138219E+07", "1.112E8", "", "", " "]),
    st.text(alphabet="ab1-+=@,. \t\n\"'é", max_size=12).map(MARK.__add__),
)


@given(
    rows=st.lists(
        # A row of several lines that is too short is the file's fault, not its own.
        st.lists(CELLS, min_size=1, max_size=4).filter(
            lambda row: len(row) > 2 or "\n" not in "".join(row)
        ),
        max_size=12,
    ),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_no_row_of_a_table_is_lost_or_shown(
    rows: list[list[str]], newline: str
) -> None:
    """
    Each row that is not blank comes out once, in order, or its refusal does.

    Reading twice gives the same, and no refusal holds a value.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(
        file, delimiter=";", lineterminator=newline, quoting=csv.QUOTE_ALL
    )
    writer.writerows([["BSN", "Voornaam", "Klas"], *rows])
    roster = listed(file.getvalue())
    found = list(roster)
    filled = [row for row in rows if any(map(str.strip, row))]
    assert len(found) == len(roster) == len(filled)
    assert [row.record for row in found] == list(range(1, len(filled) + 1))
    assert found == list(roster)
    for row, cells in zip(found, filled, strict=True):
        if isinstance(row, Weigering):
            assert MARK not in repr(row)
            assert not any(cell in repr(row) for cell in cells if len(cell) > 6)
        else:
            values = {cell.strip() for cell in cells}
            assert {v for v in row.attributen.values() if v} <= values


PIECES = st.sampled_from(
    [
        *(b'"', b";", b",", b"\n", b"\r\n", b"\r", b"\t", b" ", b"=", b"\xe9", b"\xc3"),
        *(b"\xa9", b"\x81", b"\0", b"\xef\xbb\xbf", b"111222333", b"63138219", b"qqq"),
    ]
)


def _found_or_error(octets: bytes) -> list[Rij | Weigering] | ExchangeError:
    try:
        roster = listed(octets)
        found = list(roster)
    except ExchangeError as error:
        return error
    assert len(found) == len(roster)
    assert found == list(roster)
    return found


@given(
    head=st.sampled_from(
        [b"", b"BSN;Voornaam\n", b"\xef\xbb\xbfBSN,Klas\r\n", b"BSN\r", b'"BSN"\tqqq\n']
    ),
    body=st.one_of(st.binary(max_size=60), st.lists(PIECES).map(b"".join)),
)
def test_any_octets_are_a_list_or_one_error_without_a_value(
    head: bytes, body: bytes
) -> None:
    """
    Whatever a file holds, reading it ends in its rows or in an ExchangeError.
    """
    found = _found_or_error(head + body)
    if isinstance(found, ExchangeError):
        for value in ("111222333", "63138219", MARK):
            assert value not in told(found)
    else:
        assert [row.record for row in found] == list(range(1, len(found) + 1))
        lines = [row.line for row in found]
        assert lines == sorted(set(lines))
        for row in found:
            assert isinstance(row, Rij) or MARK not in repr(row)


def test_read_gives_the_rows_of_a_file(tmp_path: Path) -> None:
    """
    `read` is the short way from a path to rows and refusals, for CSV only.
    """
    path = tmp_path / "list.csv"
    path.write_bytes("BSN;Voornaam\n111222333;Zoë\n;Jan\n".encode("cp1252"))
    first, second = read(path)
    assert isinstance(first, Rij)
    assert first.attributen["roepnaam"] == "Zoë"
    assert second == Weigering(2, 3, None, RijReden.MISSING)
    other = path.rename(tmp_path / "list.xlsx")
    for format in (None, "xlsx"):  # noqa: A001  # the name of the parameter
        with pytest.raises(ExchangeError):
            read(other, format=format)
    assert len(list(read(str(other), format="csv"))) == 2


def test_every_reason_has_a_sentence() -> None:
    """
    Each reason to refuse a row is explained to people, in words of its own.
    """
    every = [reden for kind in REDENEN for reden in kind]
    for said in ({reden.nl for reden in every}, {reden.en for reden in every}):
        assert len(said) == len(every)


@pytest.mark.parametrize(
    ("rows", "delimiter"),
    [
        (2_000, ";"),
        (500, ","),
        (500, "\t"),
        pytest.param(20_000, ";", marks=pytest.mark.long),
    ],
)
def test_every_damage_in_a_long_list_is_found_in_its_place(
    rows: int, delimiter: str
) -> None:
    """
    No row is lost, each refusal is right, and the order is kept.
    """
    text, expected = damaged(rows, delimiter=delimiter)
    assert {e.kind for e in expected} == set(KINDS)
    roster = listed(text)
    assert len(roster) == len(expected) == rows
    for row, want in zip(roster, expected, strict=True):
        assert (row.record, row.line) == (want.record, want.line), want.kind
        if isinstance(row, Weigering):
            assert (row.column, row.reden) == (want.column, want.reden), want.kind
        else:
            # That a name shows the number is no concern of reading.
            assert want.reden in {None, RijReden.PGN_IN_ATTRIBUUT}, want.kind
            assert _text(row) == want.number, want.kind
            assert row.herstel == want.herstel, want.kind


def _exhaust(path: Path) -> int:
    return sum(1 for _ in Roster(look(path)))


# The second is the dearest: just past where a dictionary of its size grows.
@pytest.mark.parametrize(
    ("made", "most"),
    [
        (damaged_text, 2_500),
        (sound, 2_800),
        pytest.param(damaged_text, 20_000, marks=pytest.mark.long),
        pytest.param(sound, 22_000, marks=pytest.mark.long),
    ],
)
def test_a_list_holds_at_most_200_bytes_a_row(
    tmp_path: Path, made: Callable[[int], str], most: int
) -> None:
    """
    Memory grows by at most 200 bytes a row, whatever the rows hold.
    """
    assert growth(_exhaust, written(tmp_path, made, (500, most))) <= 200


def _received(text: str, **how: Any) -> Received:  # noqa: ANN401  # as Received
    return Received(hold(io.BytesIO(text.encode())), **how)


def test_a_received_file_gives_each_ketenid_or_why_not() -> None:
    """
    A ketenID is read exactly as it stands, and a near miss keeps its reason.
    """
    rows = list(
        _received(
            f"ECK iD;Voornaam\n{KETENID};Jan\n;Piet\n{KETENID.upper()};x\neckid_L1;x\n"
            f"https://eckid.invalid/sp2026/{HEX};x\n111222333;x\n{KETENID};=1+1\n"
        )
    )
    first, *refused = rows
    assert isinstance(first, Ontvangen)
    assert first.ketenid == KetenID.parse(KETENID)
    assert first.attributen == {"roepnaam": "Jan"}
    assert "Jan" not in repr(first)
    assert refused == [
        Weigering(2, 3, 1, PseudonymReden.EMPTY),
        Weigering(3, 4, 1, PseudonymReden.CASE),
        Weigering(4, 5, 1, PseudonymReden.FORM),
        Weigering(5, 6, 1, PseudonymReden.STAMPSEUDONIEM),
        Weigering(6, 7, 1, PseudonymReden.NUMBER),
        Weigering(7, 8, 2, RijReden.FORMULA),
    ]


def test_a_received_file_may_have_a_namespace_of_its_own() -> None:
    """
    Another namespace than the known ones is accepted only when it is named.
    """
    namespace = "https://keten.example"
    text = f"eckid\n{namespace}/2026/{HEX}\n"
    refused = Weigering(1, 2, 1, PseudonymReden.NAMESPACE)
    assert list(_received(text)) == [refused]
    (row,) = _received(text, namespace=namespace)
    assert isinstance(row, Ontvangen)
    assert row.ketenid.sector is not Sector.PO


@pytest.mark.parametrize(
    "heading", ["BSN", "Onderwijsnummer", "sofinummer", "bsn_ondwnr-4"]
)
def test_a_received_file_with_numbers_is_a_leak(heading: str) -> None:
    """
    A column that counts as a PGN beside ketenIDs is refused and called a leak.
    """
    with pytest.raises(ExchangeError) as caught:
        _received(f"eckid;{heading}\n{KETENID};111222333\n")
    assert caught.value.column == 2
    assert str(caught.value).endswith("a leak; report it to who sent the file")


def test_a_received_file_needs_ketenids() -> None:
    """
    Without a column of ketenIDs there is nothing to receive.
    """
    with pytest.raises(ExchangeError):
        _received("Voornaam;Klas\nJan;3a\n")
