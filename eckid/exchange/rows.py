"""
What reading a list gives: rows, and refusals of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from eckid._core.values import Closed, Gezegd, expect, not_text
from eckid.doel import Wie
from eckid.errors import LinkReden, NumberReden, PseudonymReden
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import KetenID


class RijReden(Gezegd):
    """
    Why a row is refused, when the cause is not the form of its number or ketenID.

    ``.value`` is for programs; ``.nl`` and ``.en`` are sentences for people.
    """

    MISSING = "missing"
    TWO_NUMBERS = "two-numbers"
    ROUNDED = "rounded"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    FORMULA = "formula"
    QUOTE = "quote"
    TEXT = "text"
    NO_VALUE = "no-value"
    WIDTH = "width"
    TOO_LONG = "too-long"
    KEY = "key"
    KEY_TWICE = "key-twice"
    ANDER_ID = "ander-id"
    SEAL = "seal"
    PGN_IN_ATTRIBUUT = "pgn-in-attribuut"
    LEAK = "leak"
    GROEP = "groep"
    MANDATORY = "mandatory"
    FORMAT = "format"
    VALUE = "value"
    BES = "bes"
    PERSOON = "persoon"
    PAIR = "pair"
    OTHER_PERSON = "other-person"
    OTHER_NUMBER = "other-number"
    TWO_PERSONS = "two-persons"
    NOT_REPLACED = "not-replaced"
    KETENID_WENT = "ketenid-went"
    ANDER_ID_WENT = "ander-id-went"
    NOBODY = "nobody"
    NOT_ONE = "not-one"
    NO_PUPIL = "no-pupil"
    SERVICE = "service-refused"


Weigerreden: TypeAlias = RijReden | NumberReden | PseudonymReden | LinkReden
REDENEN: Final = (RijReden, NumberReden, PseudonymReden, LinkReden)


@dataclass(frozen=True, slots=True)
class Weigering:
    """
    A refused row: its place and the reason. It holds no value of the row.

    Attributes:
        record: The number of the row, from 1; the headings do not count.
        line: The line of the file where the row begins, from 1.
        column: The column at fault, from 1; None if no single column is.
        reden: Why the row is refused.
        attribuut: The attribute at fault, if it is known.
    """

    record: int
    line: int
    column: int | None
    reden: Weigerreden
    attribuut: str | None = None


class Herstel(Closed):
    """
    How a number that a spreadsheet had damaged was repaired.
    """

    DECIMAL = "a decimal zero taken off"
    SCIENTIFIC = "scientific notation with every digit written out"
    ZERO = "a leading zero given back"
    TEXT = "a spreadsheet's sign for text taken off"


@dataclass(frozen=True, slots=True, repr=False)
class Rij:
    """
    One person of a class list.

    Attributes:
        record: The number of the row, from 1; the headings do not count.
        line: The line of the file where the row begins, from 1.
        pgn: The number; None if another identifier stands in for it and the list
            has no number.
        kolom: The attribute of the column that held the number, such as ``bsn``;
            empty if there is no number.
        attributen: Every filled cell, by the name of its attribute. A number,
            or a part of one, is present as an empty text.
        herstel: How the number was repaired; None if it was not damaged.
        wie: Whether it is a pupil (leerling) or a teacher (leerkracht).

    Raises:
        ValueError: If a name or a cell is text that UTF-8 cannot hold.
    """

    record: int
    line: int
    pgn: PGN | None
    kolom: str
    attributen: Mapping[str, str]
    herstel: Herstel | None = None
    wie: Wie = Wie.LEERLING

    def __post_init__(self) -> None:
        # A caller may build rows itself, so their types are checked here too.
        expect("pgn", self.pgn, BSN, Onderwijsnummer, Medewerker, type(None))
        _check_texts(self.attributen)

    @property
    def has_ketenid(self) -> bool:
        """
        Whether the person gets a ketenID: there is a number, and no ``ander_id_reden``.
        """
        return self.pgn is not None and "ander_id_reden" not in self.attributen

    def refused(self, reden: Weigerreden, attribuut: str | None = None) -> Weigering:
        """
        Return the refusal of this row, for a reason and perhaps one attribute.
        """
        return Weigering(self.record, self.line, None, reden, attribuut)

    def __repr__(self) -> str:
        return f"<Rij {self.record}, {len(self.attributen)} attributen>"


@dataclass(frozen=True, slots=True, repr=False)
class Ontvangen:
    """
    One person of a file that a recipient received, with a ketenID and no number.

    Attributes:
        record: The number of the row, from 1; the headings do not count.
        line: The line of the file where the row begins, from 1.
        ketenid: The ketenID of the person.
        attributen: The other filled cells, by the name of their attribute.
        wie: Whether it is a pupil (leerling) or a teacher (leerkracht).

    Raises:
        ValueError: If a name or a cell is text that UTF-8 cannot hold.
    """

    record: int
    line: int
    ketenid: KetenID
    attributen: Mapping[str, str]
    wie: Wie = Wie.LEERLING

    def __post_init__(self) -> None:
        expect("ketenid", self.ketenid, KetenID)
        _check_texts(self.attributen)

    def refused(self, reden: Weigerreden, attribuut: str | None = None) -> Weigering:
        """
        Return the refusal of this row, for a reason and perhaps one attribute.
        """
        return Weigering(self.record, self.line, None, reden, attribuut)

    def __repr__(self) -> str:
        return f"<Ontvangen {self.record}, {len(self.attributen)} attributen>"


def _check_texts(attributen: Mapping[str, str]) -> None:
    expect("attributen", attributen, Mapping)  # type: ignore[type-abstract]  # only asks
    texts = [*attributen, *attributen.values()]
    place = not_text(texts)
    if place is not None:
        expect("attributen", texts[place], str)
        raise ValueError("attributen: expected text, got a lone surrogate")


# The attributes that may hold the administration's key of a person, best first.
KEYS: Final = ("key", "leerlingnummer")


def key_of(attributen: Mapping[str, str]) -> str:
    """
    Return the administration's key of a person: ``key``, else ``leerlingnummer``.

    Spaces around it do not count, so that it is the same key on every road. The text is
    empty if the person has neither.
    """
    keys = (attributen.get(name, "").strip() for name in KEYS)
    return next(filter(None, keys), "")


def about(key: str) -> str:
    """
    Return the context that an HPgn is sealed under: it opens for this *key* only.
    """
    return f"hpgn {key}"
