"""
Schools that are made up, as EDEXML: every field that UWLR 2.2 has, PGNs too.
"""

import random
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from eckid import elfproef

NAMESPACE: Final = "http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens"
ROEPNAMEN: Final = ("Zoë", "Sem", "Noor", "Youssef", "IJsbrand", "Łucja", "Tom & Jet")
VOORVOEGSELS: Final = ("", "", "", "de", "van der", "el")
ACHTERNAMEN: Final = ("Bakker", "Ümit", "IJzerman", "Smit-de Boer", "O'Neill", "Çelik")


def numbers(many: int) -> Iterator[str]:
    """
    Yield numbers that pass the elfproef, of a range not issued to people.
    """
    found = 0
    number = 999_900_000
    while found < many:
        number += 1
        if elfproef(str(number)) == 0:
            found += 1
            yield str(number)


def school(
    pupils: int = 230, teachers: int = 12, *, seed: int = 1, padding: str = ""
) -> Iterator[str]:
    """
    Yield the file of a school, piece by piece.
    """
    draw = random.Random(seed)  # noqa: S311  # a made-up school
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<leerlinggegevens xmlns="{NAMESPACE}">\n'
    yield "<school><schooljaar>2026-2027</schooljaar><brincode>99XX</brincode>"
    yield "<dependancecode>00</dependancecode><auteur>x</auteur></school>\n<groepen>\n"
    for n in range(1, 10):
        yield f'<groep key="gr{n}"><naam>groep {n} &amp; co</naam>'
        yield f"<jaargroep>{min(n, 8)}</jaargroep></groep>\n"
    for n in range(1, 4):
        yield f'<samengestelde_groep key="sg{n}"><naam>plus {n}</naam>'
        yield f"<omschrijving>{padding}</omschrijving></samengestelde_groep>\n"
    yield "</groepen>\n<leerlingen>\n"
    for n, number in enumerate(numbers(pupils)):
        yield from _pupil(n, number, draw)
    yield "</leerlingen>\n<leerkrachten>\n"
    for n in range(teachers):
        yield f'<leerkracht key="lk{n}">{_names(draw)}'
        yield f"<gebruikersnaam>docent{n}</gebruikersnaam>"
        yield f"<emailadres>docent{n}@school.example</emailadres><rol>LRK</rol>"
        yield f'<groepen><groep key="gr{n % 9 + 1}"/>'
        yield '<samengestelde_groep key="sg1"/></groepen></leerkracht>\n'
    yield "</leerkrachten>\n</leerlinggegevens>\n"


def _names(draw: random.Random) -> str:
    voorvoegsel = draw.choice(VOORVOEGSELS)
    between = f"<voorvoegsel>{voorvoegsel}</voorvoegsel>" if voorvoegsel else ""
    return (
        f"<achternaam>{escape(draw.choice(ACHTERNAMEN))}</achternaam>{between}"
        f"<roepnaam>{escape(draw.choice(ROEPNAMEN))}</roepnaam>"
    )


def _pupil(n: int, number: str, draw: random.Random) -> Iterator[str]:
    group = n % 9 + 1
    yield f"<leerling key={quoteattr(f'll{n}')}>{_names(draw)}"
    yield f"<geboortedatum>{2014 + n % 8}-{n % 12 + 1:02}-{n % 28 + 1:02}"
    yield f"</geboortedatum><geslacht>{draw.choice('0129')}</geslacht>"
    yield f"<jaargroep>{min(group, 8)}</jaargroep>"
    yield f'<groep key="gr{group}"/>'
    if n % 5 == 0:
        yield '<samengestelde_groepen><samengestelde_groep key="sg1"/>'
        yield '<samengestelde_groep key="sg3"/></samengestelde_groepen>'
    yield f"<gebruikersnaam>leerling{n}</gebruikersnaam>"
    yield f"<emailadres>leerling{n}@school.example</emailadres>"
    yield f"<bsn>{number}</bsn><gewicht>0</gewicht><postcode>9999 XX</postcode>"
    yield "<toevoegingen><x:eigen xmlns:x='urn:x'>1</x:eigen></toevoegingen>"
    yield "</leerling>\n"
