"""
What a list is read into: rows, and the refusals of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from eckid._core.values import Closed, Gezegd, expect
from eckid.doel import Wie
from eckid.errors import LinkReason, NumberReason, PseudonymReason
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import KetenID


class RijReden(Gezegd):
    """
    Why a row is refused, where its number or ketenID is not to blame.
    """

    MISSING = "missing"
    TWO_NUMBERS = "two-numbers"
    ROUNDED = "rounded"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    FORMULA = "formula"
    QUOTE = "quote"
    WIDTH = "width"
    KEY = "key"
    KEY_TWICE = "key-twice"
    ANDER_ID = "ander-id"
    SEAL = "seal"
    PGN_IN_ATTRIBUUT = "pgn-in-attribuut"
    GROEP = "groep"
    MANDATORY = "mandatory"
    FORMAT = "format"
    VALUE = "value"
    PERSOON = "persoon"
    PAIR = "pair"
    OTHER_PERSON = "other-person"
    OTHER_NUMBER = "other-number"
    TWO_PERSONS = "two-persons"
    KETENID_WENT = "ketenid-went"
    ANDER_ID_WENT = "ander-id-went"
    NOBODY = "nobody"
    NOT_ONE = "not-one"


Weigergrond: TypeAlias = RijReden | NumberReason | PseudonymReason | LinkReason
REDENEN: Final = (RijReden, NumberReason, PseudonymReason, LinkReason)


@dataclass(frozen=True, slots=True)
class Weigering:
    """
    A row that was refused. It holds no value of the row.

    Attributes:
        record: Which row of data it is, from 1.
        line: The line of the file on which it begins, from 1.
        column: The column to blame, from 1; None where it is the row.
        reden: Why.
        attribuut: The attribute to blame, where it has no column.
    """

    record: int
    line: int
    column: int | None
    reden: Weigergrond
    attribuut: str | None = None


class Herstel(Closed):
    """
    What a spreadsheet did to a number, where it could be undone.
    """

    DECIMAL = "a decimal zero taken off"
    SCIENTIFIC = "scientific notation with every digit written out"
    ZERO = "a leading zero given back"


@dataclass(frozen=True, slots=True, repr=False)
class Rij:
    """
    One person of a class list.

    Attributes:
        record: Which row of data it is, from 1.
        line: The line of the file on which it begins, from 1.
        pgn: The number; None where the person goes by another identifier and
            the list has no number.
        kolom: Name of the attribute that the number stood under.
        attributen: The other attributes that are not empty.
        herstel: What was undone to read the number.
        wie: Whose data it is.
    """

    record: int
    line: int
    pgn: PGN | None
    kolom: str
    attributen: Mapping[str, str]
    herstel: Herstel | None = None
    wie: Wie = Wie.LEERLING

    def __post_init__(self) -> None:
        # Rows may come from elsewhere than a file.
        expect("pgn", self.pgn, BSN, Onderwijsnummer, Medewerker, type(None))
        expect("attributen", self.attributen, Mapping)  # type: ignore[type-abstract]

    @property
    def has_ketenid(self) -> bool:
        """
        Whether the person gets a ketenID: another identifier stands in for none.
        """
        return self.pgn is not None and "ander_id" not in self.attributen

    def refused(self, reden: Weigergrond, attribuut: str | None = None) -> Weigering:
        """
        Return the refusal of this row.
        """
        return Weigering(self.record, self.line, None, reden, attribuut)

    def __repr__(self) -> str:
        return f"<Rij {self.record}, {len(self.attributen)} attributen>"


@dataclass(frozen=True, slots=True, repr=False)
class Ontvangen:
    """
    One person of a file that a recipient got.

    Attributes:
        record: Which row of data it is, from 1.
        line: The line of the file on which it begins, from 1.
        ketenid: What the recipient knows the person by.
        attributen: The other attributes that are not empty.
        wie: Whose data it is.
    """

    record: int
    line: int
    ketenid: KetenID
    attributen: Mapping[str, str]
    wie: Wie = Wie.LEERLING

    def refused(self, reden: Weigergrond, attribuut: str | None = None) -> Weigering:
        """
        Return the refusal of this row.
        """
        return Weigering(self.record, self.line, None, reden, attribuut)

    def __repr__(self) -> str:
        return f"<Ontvangen {self.record}, {len(self.attributen)} attributen>"


# Where the administration's own key stands, the first that is there.
KEYS: Final = ("key", "leerlingnummer")


def key_of(attributen: Mapping[str, str]) -> str:
    """
    Return the administration's own key of a person; empty where there is none.
    """
    return next((attributen[n] for n in KEYS if attributen.get(n)), "")


def about(key: str) -> str:
    """
    Return what an HPgn is sealed about.
    """
    return f"hpgn {key}"
