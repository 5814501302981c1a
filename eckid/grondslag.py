"""
The rules of the law, by number, and what a row of a table rests on.

Rule 1: a row names one source, and says how certain the row is. One source may be read
directly in one row, and be the basis of an inference in another.
Rule 2: a row names the rules of the law that it carries out, by number.
Rule 3: a link leads to the official text of the source, where it has one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from eckid._core.values import expect
from eckid.errors import PolicyError

ZEKERHEDEN: Final[Mapping[str, str]] = MappingProxyType(
    {"C": "read in the source", "R": "recomputed", "I": "inferred"}
)
_NUMMERS: Final = frozenset(f"L{n}" for n in range(1, 14))
_TEKST: Final = re.compile(r"https://[!-~]+")


def unfounded(zekerheid: str, rechtsregels: tuple[str, ...], tekst: str) -> str:
    """
    Return what is wrong with what a row rests on; an empty text if nothing is.
    """
    if zekerheid not in ZEKERHEDEN:
        return "expected zekerheid C, R or I, got another"
    numbers = expect("rechtsregels", rechtsregels, tuple)
    if not _NUMMERS.issuperset(numbers) or len(set(numbers)) != len(numbers):
        return "expected rechtsregels of L1 to L13, each once, got others"
    if tekst and not _TEKST.fullmatch(tekst):
        return "expected tekst to be a link that begins with https://, got another text"
    return ""


@dataclass(frozen=True, slots=True)
class Grondslag:
    """
    What a row of a table rests on.

    Attributes:
        bron: The source, and the place in it.
        zekerheid: How certain the row is: C read in the source, R recomputed, I
            inferred.
        rechtsregels: The rules of the law that the row carries out, by number, such as
            ``L5``.
        tekst: Link to the official text of the source; empty where it has none.

    Raises:
        eckid.errors.PolicyError: If one of these is empty or has another form.

    >>> print(Grondslag("decision of the board", "C", ("L5",)))
    decision of the board [C] L5
    """

    bron: str
    zekerheid: str
    rechtsregels: tuple[str, ...] = ()
    tekst: str = ""

    def __post_init__(self) -> None:
        for name in ("bron", "zekerheid", "tekst"):
            expect(name, getattr(self, name), str)
        fault = unfounded(self.zekerheid, self.rechtsregels, self.tekst)
        if not self.bron.strip():
            fault = "expected a bron, got none"
        if fault:
            raise PolicyError(f"grondslag: {fault}")

    def __str__(self) -> str:
        return " ".join((self.bron, f"[{self.zekerheid}]", *self.rechtsregels))


class Document(NamedTuple):
    """
    A source that rows of tables name.

    Attributes:
        naam: What the tables call it.
        tekst: Link to its official text; empty where it has none.
    """

    naam: str
    tekst: str = ""

    def at(
        self, plaats: str = "", *rechtsregels: str, zekerheid: str = "C"
    ) -> Grondslag:
        """
        Return the grondslag of a row that rests on a place in this document.

        Args:
            plaats: The place, such as ``2(1)``; empty for the whole document.

            rechtsregels: The rules of the law that the row carries out, by number.

            zekerheid: C where the row can be read there, I where it is inferred from
                it.

        >>> print(REGELING.at("2(1)", "L2"))
        Regeling pseudonimisering onderwijsdeelnemers (2018), 2(1) [C] L2
        """
        bron = ", ".join(filter(None, (self.naam, plaats)))
        return Grondslag(bron, zekerheid, rechtsregels, self.tekst)


REGELING: Final = Document(
    "Regeling pseudonimisering onderwijsdeelnemers (2018)",
    # The text of 29-05-2018, which was in force to 24-11-2020.
    "https://wetten.overheid.nl/BWBR0040943/2018-05-29",
)
STAATSBLAD: Final = Document(
    "Staatsblad 2017, 508",
    "https://zoek.officielebekendmakingen.nl/stb-2017-508.html",
)
AVG: Final = Document("AVG", "https://eur-lex.europa.eu/eli/reg/2016/679/oj")
UAVG: Final = Document("UAVG", "https://wetten.overheid.nl/BWBR0040940")
# The evaluation of the Wet pseudonimisering onderwijsdeelnemers.
EVALUATIE: Final = Document("KBA Nijmegen 2024")
CLIENTS: Final = Document("Kennisnet, reference clients of the Nummervoorziening")
FAQ: Final = Document("Kennisnet, questions about the Nummervoorziening")
QENA: Final = Document("eck-id.nl, questions and answers")
# No source says it; this library decided it.
EIGEN: Final = Document("eckid: absence denies")


class Rechtsregel(NamedTuple):
    """
    A rule of the law.

    Attributes:
        zegt: What it says, in a sentence.
        grondslagen: Where it is written.
    """

    zegt: str
    grondslagen: tuple[Grondslag, ...]


RECHTSREGELS: Final[Mapping[str, Rechtsregel]] = MappingProxyType(
    {
        "L1": Rechtsregel(
            "The PGN is used once, to make the pseudonym; the board keeps the "
            "pseudonym in its administration",
            (STAATSBLAD.at(),),
        ),
        "L2": Rechtsregel(
            "The stampseudoniem is made once and lasts the whole school career, "
            "across sectors. The evaluation (2.2) says that the pseudonym changes with "
            "the sector; the Regeling prevails",
            (REGELING.at("2(1)"),),
        ),
        "L3": Rechtsregel(
            "One ketenID per person, keten and sector: another on moving to another "
            "sector, the same on changing school inside it or on changing "
            "administration system",
            (REGELING.at("2(2)"), EVALUATIE.at("3.4"), FAQ.at()),
        ),
        "L4": Rechtsregel(
            "The stampseudoniem never goes to a third party; only ketenIDs do",
            (EVALUATIE.at("2.2"),),
        ),
        "L5": Rechtsregel(
            "Purposes: access to and use of digital learning material, and taking "
            "digital tests and exams. Access covers ordering, delivery and login; use "
            "covers storing, exchanging and analysing results",
            (REGELING.at(), EVALUATIE.at("2.2")),
        ),
        "L6": Rechtsregel(
            "Recipients: software vendors, educational publishers, distributors, and "
            "the schools",
            (EVALUATIE.at("3.4"),),
        ),
        "L7": Rechtsregel(
            "The board applies to the Nummervoorziening, after a "
            "verwerkersovereenkomst with it; use is allowed, not compulsory. The "
            "agreements with recipients are L13",
            (EVALUATIE.at("2.4, 3.2"),),
        ),
        "L8": Rechtsregel(
            "The administration system may check the person at DUO (ROD) first; by "
            "6.1 the Nummervoorziening checks",
            (EVALUATIE.at("3.2, 6.1"),),
        ),
        "L9": Rechtsregel(
            "When a BSN replaces an onderwijsnummer, the same ECK iD comes back",
            (QENA.at(),),
        ),
        "L10": Rechtsregel(
            "Symbiose pupils, and pupils not funded at the second school, get no ECK "
            'iD there; another identifier stands in. The list is "onder andere": it '
            "is not closed",
            (EVALUATIE.at("3.3"),),
        ),
        "L11": Rechtsregel(
            "Another identifier goes along only for a person without an ECK iD",
            (EVALUATIE.at("3.3, 6.2"),),
        ),
        "L12": Rechtsregel(
            "A link across sectors is, according to the evaluation, juridically "
            "possible at transitions, with the conscious consent of parent or pupil "
            "and a technical provision. That was never built",
            (EVALUATIE.at("3.4"),),
        ),
        "L13": Rechtsregel(
            "Ours: a recipient gets data under an agreement with the board",
            (AVG.at("28", zekerheid="I"), EVALUATIE.at("3.3, 3.5", zekerheid="I")),
        ),
    }
)
