"""
What a list is read into: rows, and the refusals of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from eckid._core.values import Closed, expect
from eckid.doel import Wie
from eckid.errors import LinkReason, NumberReason, PseudonymReason
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import KetenID


class RijReden(Closed):
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

# One sentence for each, for people; the value of the reason is for programs.
MEANING: Mapping[Weigergrond, str] = {
    RijReden.MISSING: "there is no number, or no ketenID",
    RijReden.TWO_NUMBERS: "there are two numbers; one person has one",
    RijReden.ROUNDED: "a spreadsheet shows the number without all its digits",
    RijReden.DUPLICATE: "the same number and name stand in an earlier row",
    RijReden.CONFLICT: "the same number stands under another name",
    RijReden.FORMULA: "a spreadsheet would run the cell as a formula",
    RijReden.QUOTE: "its quotation marks do not fit, or a cell is too long",
    RijReden.WIDTH: "it has more or fewer cells than there are headings",
    RijReden.KEY: "there is no person key to keep the result under",
    RijReden.KEY_TWICE: "the person key stands in an earlier row",
    RijReden.ANDER_ID: "another identifier, without reason or day, or where none goes",
    RijReden.SEAL: "this ring did not seal it for this person key",
    RijReden.PGN_IN_ATTRIBUUT: "a number stands where it may be released",
    RijReden.GROEP: "it names a group that the file does not have",
    RijReden.MANDATORY: "it lacks what the policy demands",
    RijReden.FORMAT: "a value does not fit the format of the file to write",
    RijReden.VALUE: "a value has not the form that its column asks for",
    RijReden.PERSOON: "another row of the same person was refused",
    RijReden.OTHER_PERSON: "the person key is another person's in the register",
    RijReden.OTHER_NUMBER: "the register has another number of the person: note it",
    RijReden.TWO_PERSONS: "the register has the number under another person key",
    RijReden.KETENID_WENT: "another identifier, where a ketenID went: one goes",
    RijReden.ANDER_ID_WENT: "another identifier went in this list: one goes",
    RijReden.NOBODY: "the register has nobody to whom either ketenID went",
    RijReden.NOT_ONE: "the register has the two ketenIDs under two persons",
    RijReden.PAIR: "it has not the two ketenIDs of two sectors that the link is of",
    NumberReason.LENGTH: "the number has too many or too few digits",
    NumberReason.DIGITS: "the number has other characters than digits",
    NumberReason.SCRIPT: "the number has characters of another script",
    NumberReason.SEPARATOR: "signs stand where no number has them",
    NumberReason.DECIMAL: "the number has a decimal point",
    NumberReason.RANGE: "the number is outside the range that is issued",
    NumberReason.ELFPROEF: "the number fails the elfproef",
    PseudonymReason.EMPTY: "there is no ketenID",
    PseudonymReason.SPACE: "there is space around the ketenID",
    PseudonymReason.NUMBER: "a bare number stands where a ketenID should",
    PseudonymReason.FORM: "it is no URI",
    PseudonymReason.PREFIX: "https:// and the host are missing",
    PseudonymReason.FORMER_HOST: "the host is a former one, whose values differ",
    PseudonymReason.NAMESPACE: "the namespace is not known",
    PseudonymReason.RELEASE: "the release has not its form",
    PseudonymReason.STAMPSEUDONIEM: "it is a stampseudoniem: a leak, report it",
    PseudonymReason.VOORLOPIG: "it is a provisional identifier",
    PseudonymReason.KETENID: "it is a ketenID",
    PseudonymReason.CASE: "it has capitals",
    PseudonymReason.LENGTH: "it has not 128 hex digits",
    PseudonymReason.HEX: "it has other characters than hex digits",
    LinkReason.FORM: "it is no compact JWS",
    LinkReason.HEADER: "its header is another kind's, or names no key that is known",
    LinkReason.SIGNATURE: "the key that it names did not sign it",
    LinkReason.CLAIMS: "what it says has not its form",
    LinkReason.KEY: "its key did not sign on the day that it says",
    LinkReason.ORGANISATIE: "it is for another organisatie",
    LinkReason.DOEL: "it is for another doel",
    LinkReason.PERIOD: "the day lies outside its period, or its days have no order",
    LinkReason.NO_LIST: "there is no revocation list",
    LinkReason.OTHER_LIST: "the revocation list is another signer's or recipient's",
    LinkReason.OLD_LIST: "the revocation list is older than the last",
    LinkReason.STALE_LIST: "the revocation list is not current",
    LinkReason.REVOKED: "it was revoked",
    LinkReason.CONSENT: "the consent lacks a part, or the pupil was too young",
    LinkReason.KETENIDS: "the ketenIDs are not of two sectors of one keten",
    LinkReason.ITSELF: "it is of one identifier, where there should be two",
    LinkReason.CYCLE: "the identifiers succeed each other in a circle",
    LinkReason.TWO: "it contradicts another",
    LinkReason.SUBSTITUTED: "another number has come in the place of this one",
    LinkReason.WITHDRAWN: "the ketenID was withdrawn",
}


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
