"""
Numbers: text becomes a PGN, or an error that does not repeat it.
"""

from datetime import date

from fuzz.known import text_of
from fuzz.oracle import FoundError, asked, leaked

from eckid import BSN, Medewerker, Onderwijsnummer, elfproef, parse_pgn
from eckid.errors import NumberError
from eckid.exchange.formats.cells import mend
from eckid.exchange.formats.days import readings
from eckid.exchange.lists.roster import number_of


def once(data: bytes) -> None:
    """
    Give *data* to everything that reads a number.
    """
    text = text_of(data)
    for kind in (BSN, Onderwijsnummer, Medewerker):
        with asked(text):
            number = kind.parse(text)
            if leaked([repr(number), str(number)], number.expose()):
                raise FoundError(f"{kind.__name__} shows its number")
            if kind.parse(number.expose()) != number:
                raise FoundError(f"{kind.__name__} does not read what it exposes")
    for read in (BSN, Onderwijsnummer, elfproef, parse_pgn):
        with asked(text):
            read(text)
    with asked(text):
        found, _ = number_of(text)
        try:
            known = parse_pgn(mend(text)[0])
        except NumberError:
            known = None
        if known is not None and known != found:
            raise FoundError("a list reads another number than parse_pgn")
    with asked(text):
        readings(text, today=date(2026, 11, 24), born=True)
    brin, _, email = text.partition(" ")
    with asked(text):
        Medewerker(brin, email)
