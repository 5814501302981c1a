"""
Reading a table as schools export it: encoding, delimiter, lines, headings.
"""

import csv
import io
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import pytest
from damage import listed, told
from hypothesis import example, given
from hypothesis import strategies as st

from eckid import ExchangeError
from eckid._core.bounds import HELD
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.exchange import Herstel, Rij, RijReden, Roster, Table, Weigering, hold, look
from eckid.exchange.formats import lengths, source
from eckid.exchange.formats.cells import holds_formula, is_formula
from eckid.exchange.formats.csv import Record, writer

ENCODINGS = (("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"))


def _table(text: str, encoding: str = "utf-8") -> Table:
    table = hold(io.BytesIO(text.encode(encoding)))
    assert isinstance(table, Table)
    return table


def _refusals(text: str) -> list[tuple[int, int, int | None, object]]:
    return [
        (found.record, found.line, found.column, found.reden)
        for found in listed(text)
        if isinstance(found, Weigering)
    ]


def _refused(octets: bytes) -> ExchangeError:
    """
    Return the error that a list of these octets gives, wherever it shows.
    """
    with pytest.raises(ExchangeError) as caught:
        list(listed(octets))
    return caught.value


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(("encoding", "known"), ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_form_of_one_list_is_read_the_same(
    delimiter: str, encoding: str, known: str, newline: str
) -> None:
    """
    Delimiter, encoding and line ends say nothing about the rows.

    A quoted line break stays in its cell, and the lines of the file stay right.
    """
    lines = (
        "BSN|Voornaam|Achternaam",
        '111222333|Zoë|"Jan@Bos"',
        "123456782|Anaïs|Vries",
    )
    text = newline.join((*lines, "")).replace("|", delimiter).replace("@", newline)
    table = _table(text, encoding)
    assert (table.delimiter, table.encoding) == (delimiter, known)
    assert table.columns == ("bsn", "roepnaam", "achternaam")
    assert list(table) == [
        Record(1, 2, ["111222333", "Zoë", f"Jan{newline}Bos"]),
        Record(2, 4, ["123456782", "Anaïs", "Vries"]),
    ]


def test_a_delimiter_inside_quotes_divides_nothing() -> None:
    """
    A quoted cell may hold the delimiter, and doubled quotes.
    """
    table = _table('BSN;Achternaam\n111222333;"de ""Groot""; Bos"\n')
    assert list(table) == [Record(1, 2, ["111222333", 'de "Groot"; Bos'])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_note_of_the_delimiter_is_no_row(delimiter: str, encoding: str) -> None:
    """
    Excel's line ``sep=`` before the heading is passed over, and counted as a line.
    """
    text = f"sep={delimiter}\r\nBSN{delimiter}Klas\r\n111222333{delimiter}3a\r\n"
    table = _table(text, encoding)
    assert table.columns == ("bsn", "groep")
    assert list(table) == [Record(1, 3, ["111222333", "3a"])]


@pytest.mark.parametrize("size", [(1 << 16) - 20 + n for n in range(8)])
def test_a_character_across_two_chunks_is_one_character(size: int) -> None:
    """
    How a file is cut up for reading says nothing about its encoding.
    """
    head, row = "BSN;Achternaam\n", f"111222333;{'a' * 89}\n"
    before, more = divmod(size - len(head) - len("111222333;"), len(row))
    name = "a" * more + "é" * 20
    table = _table(f"{head}{row * before}111222333;{name}\n")
    assert table.encoding == "utf-8-sig"
    *_, last = table
    assert isinstance(last, Record)
    assert last.cells[1] == name


HEADINGS = [
    (heading, attribuut.naam)
    for attribuut in CATALOGUE.values()
    for heading in (attribuut.naam, *attribuut.kopjes)
]


@pytest.mark.parametrize(("heading", "naam"), HEADINGS)
def test_each_heading_of_the_catalogue_leads_to_its_attribute(
    heading: str, naam: str
) -> None:
    """
    Every heading in the catalogue is known, in capitals and with spaces too.
    """
    for written in (heading, heading.upper(), f" {'-'.join(heading)}. "):
        assert _table(f"{written};overig\n").columns == (naam, "overig")


@pytest.mark.parametrize(
    ("heading", "naam"),
    [
        ("BSN", "bsn"),
        ("Burgerservicenummer", "bsn"),
        ("BSN/Onderwijsnummer", "bsn"),
        ("PGN", "bsn"),
        ("Onderwijsnummer", "onderwijsnummer"),
        ("Sofinummer", "sofinummer"),
        ("LAS-key", "key"),
        ("Leerlingnummer", "leerlingnummer"),
        ("Stamnr.", "leerlingnummer"),
        ("Roepnaam", "roepnaam"),
        ("Voornaam", "roepnaam"),
        ("Tussenvoegsel", "voorvoegsel"),
        ("Voorvoegsel(s)", "voorvoegsel"),
        ("Achternaam", "achternaam"),
        ("Voorletters", "voorletters-1"),
        ("Geb. datum", "geboortedatum"),
        ("Geboortedatum", "geboortedatum"),
        ("M/V", "geslacht"),
        ("Klas", "groep"),
        ("Stamgroep", "groep"),
        ("Leerjaar", "jaargroep"),
        ("E-mail", "emailadres"),
        ("Postcode", "postcode"),
        ("ECK iD", "eckid"),
        ("ketenID", "eckid"),
    ],
)
def test_the_usual_dutch_headings_are_known(heading: str, naam: str) -> None:
    """
    What schools write above a column leads to the attribute that stands there.
    """
    assert _table(f"{heading};overig\n").columns[0] == naam


def test_a_vendor_adds_a_heading_of_its_own() -> None:
    """
    A heading that is given leads to its attribute, before what the catalogue says.
    """
    text = "Persoonsnr. (intern);BSN;Klas\nk1;111222333;3a\n"
    given = {"persoonsnr intern": "key", "Klas": "vestiging"}
    table = hold(io.BytesIO(text.encode()), headings=given)
    assert table.columns == ("key", "bsn", "vestiging")


@pytest.mark.parametrize("naam", ["BSN", "klas", "", "111222333"])
def test_a_heading_leads_to_an_attribute_of_the_catalogue_only(naam: str) -> None:
    """
    What is no attribute is refused at once, and not quoted.
    """
    with pytest.raises(ExchangeError) as caught:
        hold(io.BytesIO(b"BSN\n"), headings={"Nummer": naam})
    assert str(caught.value) == "heading: expected an attribuut of the catalogue"


@pytest.mark.parametrize("heading", ["111222333", "x" * 60, "a\nb", "Jan 063138219"])
def test_a_heading_that_may_be_data_is_not_kept(heading: str) -> None:
    """
    Headings are shown in reports, so one that looks like a value is a place only.
    """
    assert _table(f'BSN;"{heading}"\n').columns == ("bsn", "kolom 2")


@pytest.mark.parametrize(
    ("heads", "column", "naam"),
    [
        ("BSN;Voornaam;First name", 3, "roepnaam"),
        ("BSN;Klas;Stamgroep", 3, "groep"),
        ("BSN;Sofi;BSN", 3, "bsn"),
        ("BSN;Leerlingnr;Roepnaam;Leerlingnummer", 4, "leerlingnummer"),
        ("BSN;key;key", 3, "key"),
    ],
)
def test_two_columns_for_one_attribute_are_refused(
    heads: str, column: int, naam: str
) -> None:
    """
    Which of two columns is meant is not guessed; the error names the second.
    """
    error = _refused(f"{heads}\n".encode())
    assert (error.line, error.column) == (1, column)
    assert str(error).startswith(f"column {column}: expected one column for {naam}")


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        ("BSN;Roepnaam;Voornaam", ("bsn", "roepnaam", "Voornaam")),
        ("BSN;Voornaam;Roepnaam", ("bsn", "Voornaam", "roepnaam")),
        ("BSN;E-mail;E-mail", ("bsn", "kolom 2", "kolom 3")),
        ("BSN;Roepnaam;Roepnaam;Klas", ("bsn", "kolom 2", "kolom 3", "groep")),
    ],
)
def test_of_two_columns_only_the_one_that_is_certain_is_the_attribute(
    heads: str, columns: tuple[str, ...]
) -> None:
    """
    The attribute's own name is certain; of two columns with one heading neither is.
    """
    assert _table(f"{heads}\n").columns == columns


def test_your_heading_comes_before_the_name_of_the_attribute() -> None:
    """
    Who says which column is the roepnaam is believed.
    """
    text = b"BSN;Roepnaam;Voornaam\n"
    table = hold(io.BytesIO(text), headings={"Voornaam": "roepnaam"})
    assert table.columns == ("bsn", "Roepnaam", "roepnaam")


@pytest.mark.parametrize("text", ["", "\n\n", "Voornaam;Klas\n", "63138219;Jan\n"])
def test_a_list_without_numbers_is_no_class_list(text: str) -> None:
    """
    Without a column of numbers there is nothing to hash; data is not quoted.
    """
    error = _refused(text.encode())
    assert error.line == 1
    assert ("BSN" if text else "an empty file") in str(error)
    assert "63138219" not in told(error)


@pytest.mark.parametrize("heading", ["eckid", "ECK iD", "userMasterIdentifier"])
def test_a_list_with_ketenids_is_no_class_list(heading: str) -> None:
    """
    A ketenID that came from elsewhere has no place beside the number.
    """
    error = _refused(f"BSN;Klas;{heading}\n".encode())
    assert (error.line, error.column) == (1, 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_refused(encoding: str) -> None:
    """
    A wider encoding is named as such, and not read as something else.
    """
    error = _refused("BSN;Voornaam\n111222333;Zoë\n".encode(encoding))
    assert "in UTF-8" in str(error)
    assert "111222333" not in told(error)


@pytest.mark.parametrize("fill", [0, 10_000])
def test_octets_of_no_encoding_are_refused(fill: int) -> None:
    """
    What neither encoding has is refused with a line at or before it.
    """
    rows = b"123456782;Anders\n" * fill
    error = _refused(b"BSN;Voornaam\n" + rows + b"111222333;\x81\xc3\n")
    assert error.line is not None
    assert fill // 2 < error.line <= fill + 2
    assert "123456782" not in told(error)
    assert "Anders" not in told(error)


class _Unsteady:
    """
    A file that is another one from the second time on.
    """

    def __init__(self, *versions: bytes) -> None:
        self._versions = list(versions)

    def __call__(self) -> BinaryIO:
        last = len(self._versions) == 1
        return io.BytesIO(self._versions[0] if last else self._versions.pop(0))


def test_a_file_that_changes_its_encoding_meanwhile_is_refused() -> None:
    """
    The encoding was looked at first; if it no longer holds, the line is named.
    """
    before = "BSN;Voornaam\n111222333;Zoë\n".encode()
    opener = _Unsteady(before, before, before, before, before.replace(b"\xc3", b"\xff"))
    table = Table(opener, {})
    with pytest.raises(ExchangeError) as caught:
        list(table)
    assert caught.value.line is not None
    assert "changed" in str(caught.value)
    assert "Zo" not in told(caught.value)


SWALLOWED = (
    # Never closed.
    'BSN;Voornaam\n123456782;Geheim\n111222333;"Jan\n063138219;Geheim\n',
    # Closed where the next quote stands, which does not fit.
    'BSN;Voornaam\n123456782;Geheim\n111222333;"Jan\n063138219;"Geheim"\n',
    # Closed in the middle of a later cell.
    'BSN;Voornaam\n123456782;Geheim\n111222333;"Jan\n063138219;Geh"eim\n',
)


@pytest.mark.parametrize("text", SWALLOWED)
def test_a_quote_that_swallows_rows_stops_the_list(text: str) -> None:
    """
    Where such a cell ends is a guess, and rows would be lost in it.

    The error names the line on which the row begins, and nothing that stands
    there.
    """
    error = _refused(text.encode())
    assert error.line == 3
    assert str(error) == (
        "line 3: expected the quoted cell to be closed; export the list again"
    )
    for value in ("Geheim", "063138219", "111222333", "Jan"):
        assert value not in told(error)


@pytest.mark.parametrize("damaged", ['"Jan" de Boer', '"Jan"s"', '"J"an"'])
def test_quotes_that_do_not_fit_refuse_their_own_row_only(damaged: str) -> None:
    """
    A row of one line that cannot be divided is refused; the next one is read.
    """
    text = f"BSN;Voornaam\n111222333;{damaged}\n123456782;Piet\n"
    assert _refusals(text) == [(1, 2, None, RijReden.QUOTE)]
    assert len(listed(text)) == 2


def test_a_quote_left_open_in_the_last_line_refuses_that_row() -> None:
    """
    After the last line nothing can be swallowed, so the list goes on without it.
    """
    text = 'BSN;Voornaam\n111222333;Jan\n123456782;"Piet'
    assert _refusals(text) == [(2, 3, None, RijReden.QUOTE)]


@pytest.mark.parametrize("row", ["111222333;Jan;3a;x", "1;;;;;x"])
def test_a_row_of_another_width_is_refused(row: str) -> None:
    """
    With more cells than headings it is unknown which is which.
    """
    text = f"BSN;Voornaam;Klas\n{row}\n123456782;Piet;3a\n"
    assert _refusals(text) == [(1, 2, None, RijReden.WIDTH)]
    assert len(listed(text)) == 2


@pytest.mark.parametrize("row", ["111222333", "111222333;Jan", "111222333;Jan;"])
def test_empty_cells_at_the_end_of_a_row_may_be_left_off(row: str) -> None:
    """
    Some systems do; the cells that are there stand in their place.
    """
    (found,) = listed(f"BSN;Voornaam;Klas;E-mail\n{row}\n")
    assert isinstance(found, Rij)
    assert found.attributen.get("roepnaam", "Jan") == "Jan"
    assert "groep" not in found.attributen


NOTES = (
    'eet geen pinda\'s;\n"bril"; zit vooraan',
    "a;b;c;d;e\nf",
    "tel. 0612345678\r\nbellen; na 5 uur",
    "1;2\r3;4",
)


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_quoted_cell_may_have_line_breaks_and_delimiters(
    note: str, place: int
) -> None:
    """
    A cell that is quoted as it should be swallows nobody.
    """
    cells = ["111222333", "Jan", "3a", "x"]
    cells[place] = note
    file = io.StringIO()
    write = csv.writer(file, delimiter=";")
    write.writerows([["BSN", "Voornaam", "Klas", "Opmerking"], cells])
    write.writerow(["123456782", "Piet", "3a", "x"])
    first, second = listed(file.getvalue())
    assert isinstance(first, Rij)
    assert isinstance(second, Rij)
    naam = ("bsn", "roepnaam", "groep", "Opmerking")[place]
    assert first.attributen[naam] == note.strip()


@pytest.mark.parametrize(
    "rows",
    [
        '111222333;"Jan;3a\n123456782;Piet";3b\n',
        '111222333;Jan;"3a\n123456782;Piet;3b"\n',
        '111222333;"Jan;3a\n123456782;Piet;3b"\n',
        '111222333;Jan;"3a\n;Piet;3b\n123456782;Yara;3b"\n',
        '"111222333;Jan;3a\nx";Piet;3b\n',
    ],
)
def test_two_stray_quotes_that_swallow_a_row_stop_the_list(rows: str) -> None:
    """
    The number of the row that is gone stands in the cell, or its delimiters do.
    """
    with pytest.raises(ExchangeError, match="expected the quoted cell to be closed"):
        list(_table(f"BSN;Voornaam;Klas\n{rows}"))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    "title", ["Klassenlijst 6a", "Klas{d}6a{d}2026-2027", "School\n\nGroep{d}6a"]
)
def test_titles_above_the_headings_are_no_headings(title: str, delimiter: str) -> None:
    """
    The row with the most known headings is the row of headings.
    """
    rows = "\nBSN;Voornaam;Klas\n111222333;Jan;6a\n"
    text = title.format(d=delimiter) + rows.replace(";", delimiter)
    table = _table(text)
    assert table.columns == ("bsn", "roepnaam", "groep")
    (row,) = table
    assert isinstance(row, Record)
    assert (row.record, row.line) == (1, table.line + 1)


@pytest.mark.parametrize(
    "total", ["Totaal;25", "Aantal leerlingen: 25", ";;totaal: 25", "Pagina 1 van 1"]
)
def test_a_total_below_the_last_row_is_no_row(total: str) -> None:
    """
    Only below the last: a row is never lost, and a person has a number.
    """
    rows = "BSN;Voornaam;Klas\n111222333;Jan;6a\n"
    assert len(listed(f"{rows}{total}\n\n{total}\n")) == 1
    assert len(listed(f"{rows}{total}\n123456782;Piet;6a\n")) == 3
    assert len(listed(f"{rows}Totaal;123456782\n")) == 2


def test_a_number_that_a_spreadsheet_keeps_as_text_is_read() -> None:
    """
    In the column of numbers it is mended and counted; a key is that text.
    """
    text = "BSN;Leerlingnummer\n" + '"=""111222333""";"=""0012"""\n\'123456782;\'0013\n'
    first, second = listed(text)
    assert isinstance(first, Rij)
    assert isinstance(second, Rij)
    assert first.herstel is second.herstel is Herstel.TEXT
    assert first.attributen["leerlingnummer"] == "0012"
    assert second.attributen["leerlingnummer"] == "0013"


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
@pytest.mark.parametrize("name", ["Zoë", "René", "Bjørn Jürgen", "Élise", "Françoise"])
def test_a_name_in_another_alphabet_refuses_the_file(encoding: str, name: str) -> None:
    """
    It says which alphabet it may be, and no name; nothing of it is read.
    """
    octets = f"BSN;Roepnaam\n111222333;{name}\n".encode(encoding, "replace")
    with pytest.raises(ExchangeError) as caught:
        list(Table(lambda: io.BytesIO(octets), {}))
    assert caught.value.line == 2
    assert name[:2] not in told(caught.value)


def test_each_name_of_a_long_list_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Also after more names than are remembered; the error names the line.
    """
    monkeypatch.setattr(lengths, "_SEEN", 2)
    names = [f"Zoë{2 * letter}" for letter in "abcdefgh"]
    lines = ["BSN;Roepnaam", *(f"111222333;{name}" for name in [*names, *names])]
    assert len(list(Table(lambda: io.BytesIO("\n".join(lines).encode()), {}))) == 16
    for many in range(1, 17):
        text = "\n".join([*lines[:many], "111222333;Zo‰"]).encode()
        with pytest.raises(ExchangeError) as caught:
            list(Table(lambda: io.BytesIO(text), {}))  # noqa: B023  # read at once
        assert caught.value.line == many + 1


def test_the_alphabet_that_it_may_be_is_named() -> None:
    """
    Of a text that was misread and saved again, that is said.
    """
    said = []
    for octets in (
        "BSN;Roepnaam\n111222333;Zoë\n".encode("cp850"),
        "BSN;Roepnaam\n111222333;Zoë\n".encode("mac_roman"),
        "BSN;Roepnaam\n111222333;Zoë\n".encode().decode("cp1252").encode(),
    ):
        with pytest.raises(ExchangeError) as caught:
            list(hold(io.BytesIO(octets)))
        said.append(str(caught.value))
    assert "may be in cp850 (DOS)" in said[0]
    assert "Mac Roman" in said[1]
    assert "saved as UTF-8 after it was misread" in said[2]
    assert all(one.endswith("save it as UTF-8") for one in said)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
@pytest.mark.parametrize(
    "name",
    [
        *("Zoë", "Šime", "Žofie", "ŠIMIĆ"[:3], "d\u2019Angelo", "\u2018t Hart"),
        *("Jansen\u2013de Vries", "\u201cJan\u201d", "Ÿsbrand", "OŠ"),
    ],
)
def test_a_sign_that_some_name_has_refuses_nobody(encoding: str, name: str) -> None:
    """
    Quotes, dashes and capitals with a caron stand in names.
    """
    octets = f"BSN;Roepnaam;Telefoon\n111222333;{name};\u2026\n".encode(encoding)
    (row,) = Table(lambda: io.BytesIO(octets), {})
    assert isinstance(row, Record)
    assert row.cells[1] == name


def test_empty_cells_behind_the_last_heading_are_no_cells() -> None:
    """
    Spreadsheets end rows with delimiters; nothing stands there.
    """
    assert _refusals("BSN;Voornaam\n111222333;Jan;;;\n") == []


@pytest.mark.parametrize("blank", ["", ";", " ; ", '"";""', ";;;;", "\t"])
def test_a_blank_row_is_no_row(blank: str) -> None:
    """
    It is no record, and only counts as a line, before the heading too.
    """
    rows = list(_table(f"{blank}\nBSN;Klas\n{blank}\n111222333;3a\n{blank}\n"))
    assert rows == [Record(1, 4, ["111222333", "3a"])]


def test_cells_lose_the_space_around_them() -> None:
    """
    Space at the ends of a cell belongs to no value.
    """
    rows = list(_table("BSN ; Klas\n 111222333 ;\u00a03a \n"))
    assert rows == [Record(1, 2, ["111222333", "3a"])]


def test_a_table_can_be_read_again_and_again(tmp_path: Path) -> None:
    """
    Each reading begins at the first row, from a file and from what is held.
    """
    octets = b"BSN;Klas\n111222333;3a\n123456782;3b\n"
    path = f"{tmp_path}/list.csv"
    with open(path, "wb") as file:  # noqa: PTH123  # a str is a path too
        file.write(octets)
    for table in (look(path), hold(io.BytesIO(octets))):
        next(iter(table))
        assert len(list(table)) == len(list(table)) == 2


def test_standard_input_is_held_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What cannot be read twice is held: exactly the bound, and not a byte more.
    """
    octets = b"BSN;Klas\n111222333;3a\n"
    monkeypatch.setattr(source, "HELD", HELD._replace(most=len(octets)))
    assert len(Roster(hold(io.BytesIO(octets)))) == 1
    with pytest.raises(ExchangeError):
        hold(io.BytesIO(octets + b"\n"))


def test_more_than_64_mib_on_standard_input_is_refused() -> None:
    """
    The bound is 64 MiB, and the error says what to give instead.
    """
    with pytest.raises(ExchangeError) as caught:
        hold(io.BytesIO(bytes(64 * 1024 * 1024 + 1)))
    assert str(caught.value) == "expected at most 64 MiB here; give a file instead"


def test_a_file_that_is_not_there_is_an_error_of_the_system(
    tmp_path: Path,
) -> None:
    """
    What the disk says is passed on as it is.
    """
    with pytest.raises(FileNotFoundError):
        look(f"{tmp_path}/none.csv")


def test_only_what_counts_as_a_number_makes_a_class_list() -> None:
    """
    Four digits of a number, or a number of another country, do not make one.
    """
    for attribuut in CATALOGUE.values():
        table = _table(f"{attribuut.naam};overig\n")
        if attribuut.naam in {"bsn", "onderwijsnummer", "sofinummer"}:
            assert attribuut.kenmerk is Kenmerk.PGN
            assert len(Roster(table)) == 0
        else:
            with pytest.raises(ExchangeError):
                Roster(table)


_PARTS: Final = (
    "=1+1",
    "Jan,=1+1",
    "Jan,=1+1,",
    'Jan,"=1+1"',
    "Jan;=1+1",
    "Jan\t=1+1",
    "Jan\n=1+1",
    "Jan\r@SUM(A1)",
    "a, +A1;b",
)


@pytest.mark.parametrize("cell", _PARTS)
def test_no_spreadsheet_of_any_country_runs_a_cell_that_we_wrote(cell: str) -> None:
    """
    Which sign ends a cell differs by country, so each part of a cell counts.
    """
    for columns, row in ((("a", "b"), ("x", cell)), (("a", cell), None)):
        file = io.BytesIO()
        with pytest.raises(ExchangeError, match=r"column 2: .* would run") as caught:
            writer(file, columns)(row or ("x", "y"))
        assert caught.value.column == 2
        assert cell not in told(caught.value)
        assert file.getvalue() in {b"", b'"a";"b"\r\n'}


@given(st.lists(st.text(), min_size=1, max_size=4))
@example(["Jan, Piet", "06;1234", 'de "Groot"', "- 12,5"])
@example(['a"', ",=1+1"])
@example(["", "0\n"])
@example(["", '0\r" '])
@example(["0\r-", ""])
def test_what_we_write_holds_no_formula_under_any_delimiter(cells: list[str]) -> None:
    """
    Read with a comma, a semicolon or a tab, quoted or not, no cell is run.

    Blank signs before it do not make a formula less of one.

    Under another sign the next cell follows in the same one. After a sign alone or a
    number, which may go, that is no formula.
    """
    file = io.BytesIO()
    with suppress(ExchangeError):
        writer(file, ["a"] * len(cells))(cells)
    text = file.getvalue().decode("utf-8")
    for delimiter in (",", ";", "\t"):
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            lines = io.StringIO(text, newline="")
            for row in csv.reader(lines, delimiter=delimiter, quoting=quoting):
                begins = [cell.split(";")[0].strip('" \r\n\t') for cell in row]
                assert not any(map(is_formula, begins))


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=4))
def test_every_cell_that_we_write_is_quoted_and_comes_back(cells: list[str]) -> None:
    """
    So that no sign in a cell ends it.
    """
    cells = ["" if holds_formula(cell) else cell for cell in cells]
    file = io.BytesIO()
    writer(file, ["a"] * len(cells))(cells)
    text = file.getvalue().decode("utf-8")
    head, _, row = text.partition("\r\n")
    assert head == ";".join(['"a"'] * len(cells))
    told_cells = [cell.replace('"', '""') for cell in cells]
    assert row == ";".join(f'"{cell}"' for cell in told_cells) + "\r\n"


def test_half_a_sign_in_a_cell_is_refused_without_the_row() -> None:
    """
    UTF-8 cannot hold it; the error of the encoder holds all that stood beside it.
    """
    file = io.BytesIO()
    write_row = writer(file, ("naam", "nummer"))
    with pytest.raises(ExchangeError, match="a lone surrogate") as caught:
        write_row(("Sem \ud83d", "111222333"))
    assert "Sem" not in told(caught.value)
    assert "111222333" not in told(caught.value)
    assert file.getvalue() == b'"naam";"nummer"\r\n'
