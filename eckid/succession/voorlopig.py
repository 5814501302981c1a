"""
The provisional identifier, for orders placed before there is a ketenID.

    voorlopig = HMAC-SHA-512(k_voorlopig, frame("eckid/1/voorlopig",
        board's OIN, organisatie's OIN, administration, person key))

Another for each recipient, so that none can be compared with another's; made of
the administration's own key, and never of a PGN.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Self

from eckid._core.values import a_day, as_days, expect, frame
from eckid.doel import OIN, Organisatie
from eckid.errors import (
    IdentifierError,
    NumberError,
    PseudonymError,
    PseudonymReason,
)
from eckid.keys import Sleutelbos
from eckid.pgn import parse_pgn
from eckid.pseudonyms.forms import VOORLOPIG, match_uri


@dataclass(frozen=True, slots=True, repr=False)
class Voorlopig:
    """
    What one recipient knows a person by until the ketenID comes.

    Personal data, as a ketenID is. Two are equal where their URIs are; the rest
    stands beside the value and not in it.

    Attributes:
        uri: ``<namespace>/pv<release>/<128 hex>``.
        tot: The last day on which it serves; None where that is not known.
        rehearsal: Whether a rehearsal ring made it.

    Raises:
        eckid.errors.PseudonymError: If *uri* has another form.
    """

    name: ClassVar[str] = "voorlopig"

    uri: str
    tot: date | None = field(default=None, compare=False)
    rehearsal: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not VOORLOPIG.fullmatch(expect(self.name, self.uri, str)):
            raise PseudonymError(
                f"voorlopig: expected one, got {len(self.uri)} characters of another "
                "form",
                PseudonymReason.FORM,
            )
        expect("rehearsal", self.rehearsal, bool)
        as_days(self, may_lack=("tot",))

    def __repr__(self) -> str:
        return f"<Voorlopig {self.release} …{self.uri[-6:]}>"

    @property
    def release(self) -> str:
        """
        The release under which it was made; an order keeps it.
        """
        return self.uri[:-129].rpartition("/pv")[2]

    @classmethod
    def parse(
        cls, text: str, *, tot: date | None = None, namespace: str | None = None
    ) -> Self:
        """
        Read one exactly, as `KetenID.parse` reads a ketenID.

        Args:
            text: ``<namespace>/pv<release>/<128 lower-case hex>``.

            tot: The last day on which it serves, where that is known.

            namespace: The one it must have; None knows those of the national
                service and of a ring without a namespace of its own.

        Raises:
            eckid.errors.PseudonymError: If it has another form or namespace.
        """
        match_uri(VOORLOPIG, text, cls.name, PseudonymReason.VOORLOPIG, namespace)
        return cls(text, tot)

    @classmethod
    def derive(
        cls,
        person: str,
        *,
        administratie: str,
        bestuur: str,
        organisatie: Organisatie,
        tot: date,
        sleutelbos: Sleutelbos,
        release: str | None = None,
    ) -> Self:
        """
        Derive what one recipient knows a person by until the ketenID comes.

        Args:
            person: The administration's own key of the person (LAS-key), 1 to
                256 characters. A text that can be read as a PGN is refused.

            administratie: Which administration it is, in the board's own words.

            bestuur: OIN of the board.

            organisatie: The recipient.

            tot: The last day on which it is to serve.

            sleutelbos: The ring.

            release: One of the ring's, for an order that began under it; None
                is the newest.

        Raises:
            eckid.errors.IdentifierError: If a text has another form, or may be
                a PGN.
            eckid.errors.SecretError: If the ring has no such release.
        """
        texts = _checked(person, administratie, bestuur)
        oin = expect("organisatie", organisatie, Organisatie).oin
        expect("sleutelbos", sleutelbos, Sleutelbos)
        release = sleutelbos.releases[-1] if release is None else release
        mac = sleutelbos.mac_voorlopig(release)
        mac.update(
            frame(
                b"eckid/1/voorlopig",
                bestuur.encode("ascii"),
                oin.encode("ascii"),
                *texts,
            )
        )
        uri = f"{sleutelbos.namespace}/pv{release}/{mac.finalize().hex()}"
        return cls(uri, a_day("tot", tot), sleutelbos.rehearsal)


def _checked(person: str, administratie: str, bestuur: str) -> list[bytes]:
    """
    Return administration and person key as octets, each of its form.
    """
    if not OIN.fullmatch(expect("bestuur", bestuur, str)):
        raise IdentifierError(
            f"bestuur: expected an OIN of 20 digits or capitals, got {len(bestuur)} "
            "characters"
        )
    octets = []
    for name, text in (("administratie", administratie), ("person key", person)):
        length = len(expect(name, text, str))
        coded = None
        with suppress(UnicodeEncodeError):
            coded = text.encode("utf-8")
        if not 1 <= length <= 256 or coded is None:
            raise IdentifierError(
                f"{name}: expected 1 to 256 characters of text, got {length}"
            )
        octets.append(coded)
    number = False
    with suppress(NumberError):
        number = bool(parse_pgn(person))
    if number:
        # One in eleven keys of nine digits is caught here by chance. A PGN that
        # slips through would go to every recipient that has an order.
        raise IdentifierError(
            "person key: expected the administration's own, got what may be a PGN"
        )
    return octets
