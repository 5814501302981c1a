"""
What is written in every folder here: the same rings, numbers and days.

It imports nothing of eckid, so that a script of any version can use it. All numbers are
test numbers that were published, or lie in a range that is not issued.
"""

import hashlib
from datetime import date
from typing import Final

PASSPHRASE: Final = "a fixture protects nobody"
# The old public test salt of the .NET reference implementation of Kennisnet.
SALT: Final = "rktYml0MIp9TC9u6Ny6uqw=="
NAMESPACE: Final = "https://eckid.invalid"
# By the name of a ring, the releases that it has.
RINGS: Final = {"bestuur": ("2026", "2027"), "nieuw": ("2027",)}

DAY: Final = date(2026, 11, 24)
END: Final = date(2027, 7, 31)
BOARD: Final = "0000000700099ZZ00009"
OIN_A: Final = "0000000700099ZZ00001"
OIN_B: Final = "0000000700099ZZ00002"

# Of the register, by key. Noor is in two administrations, Sem withdrew the consent of
# a link, Fatima was forgotten, Luuk had an onderwijsnummer before, Yara was not added.
NUMBERS: Final = {
    "noor": "111222333",
    "sem": "123456782",
    "fatima": "063138219",
    "luuk": "498839436",
    "yara": "999993653",
}
FORMER: Final = "101222331"
GEGEVENS: Final = {
    "noor": {"geboortedatum": "2014-03-01", "roepnaam": "Noor", "achternaam": "Smit"},
    "sem": {"geboortedatum": "2015-12-24", "roepnaam": "Sem", "achternaam": "Bakker"},
    "fatima": {"geboortedatum": "2014-07-09", "roepnaam": "Fatima"},
    "luuk": {
        "geboortedatum": "2015-01-31",
        "roepnaam": "Lüük",
        "voorvoegsel": "van der",
        "achternaam": "IJzerman",
    },
    "yara": {"geboortedatum": "2016-02-29", "roepnaam": "Yara", "achternaam": "Vos"},
}

# Of the lists, by key.
LISTED: Final = {
    "k1": "999900006",
    "k2": "999900018",
    "k3": "999900031",
    "k4": "999900043",
    "k5": "999900055",
    "k6": "999900067",
    "k7": "999900079",
    "k8": "999900080",
    "k9": "999900092",
    "k10": "999900109",
    "k11": "999900110",
    "k12": "999900122",
}
HEADS: Final = ("key", "roepnaam", "achternaam", "geboortedatum", "bsn")
CELLS: Final = [
    (key, f"Naam{n}", "Bakker", "2015-12-24", number)
    for n, (key, number) in enumerate(LISTED.items(), 1)
]
# How many of the rows an interrupted run had done.
DONE: Final = 7


def root(ring: str, of: str) -> bytes:
    """
    Return the root of a ring: a digest of its own name, so that it protects nobody.
    """
    return hashlib.sha256(f"eckid fixture {ring} {of}".encode()).digest()


def origin_of(key: str) -> str:
    """
    Return the number that the pseudonyms of a person of the register come from.
    """
    return FORMER if key == "luuk" else NUMBERS[key]


class Stopped(Exception):  # noqa: N818  # it is no error
    """
    A run was interrupted.
    """


def stop(done: int, _: int) -> None:
    """
    Interrupt a run that has done so many rows.
    """
    if done == DONE:
        raise Stopped
