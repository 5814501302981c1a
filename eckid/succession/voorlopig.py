"""
The provisional identifier, for orders placed before the ketenID can be asked for.

    voorlopig = HMAC-SHA-512(k_voorlopig, frame("eckid/1/voorlopig",
        board's OIN, organisatie's OIN, administration, person key))

Each recipient gets another one, so that recipients cannot compare them. It is made from
the administration's own key of the person, never from a PGN.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Self

from eckid._core.values import a_day, as_days, expect, frame
from eckid.derivation.formulas import a_ring, release_of
from eckid.doel import OIN, Organisatie
from eckid.errors import (
    IdentifierError,
    NumberError,
    PseudonymError,
    PseudonymReden,
)
from eckid.keys import Macs
from eckid.pgn import parse_pgn
from eckid.pseudonyms.forms import VOORLOPIG, match_uri


@dataclass(frozen=True, slots=True, repr=False)
class Voorlopig:
    """
    The provisional identifier by which one recipient knows a person.

    It serves until the ketenID comes, and is personal data as a ketenID is. Two are
    equal if their URIs are; *tot* and *rehearsal* do not count.

    Attributes:
        uri: ``<namespace>/pv<release>/<128 hex>``.
        tot: The last day on which it may be used; None where that is not known.
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
                PseudonymReden.FORM,
            )
        expect("rehearsal", self.rehearsal, bool)
        as_days(self, may_lack=("tot",))

    def __repr__(self) -> str:
        return f"<Voorlopig {self.release} …{self.uri[-6:]}>"

    @property
    def release(self) -> str:
        """
        The name of the release under which it was made; an order keeps that release.
        """
        return self.uri[:-129].rpartition("/pv")[2]

    @classmethod
    def parse(
        cls, text: str, *, tot: date | None = None, namespace: str | None = None
    ) -> Self:
        """
        Read a provisional identifier from *text*, exactly.

        Args:
            text: ``<namespace>/pv<release>/<128 lower-case hex>``.

            tot: The last day on which it may be used, if known.

            namespace: The namespace it must have. None allows that of the national
                service and that of a ring without one of its own.

        Returns:
            The identifier.

        Raises:
            eckid.errors.PseudonymError: If *text* has another form or namespace; its
                `reason` says how.
        """
        match_uri(VOORLOPIG, text, cls.name, PseudonymReden.VOORLOPIG, namespace)
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
        sleutelbos: Macs,
        release: str | None = None,
    ) -> Self:
        """
        Derive the provisional identifier by which one recipient knows a person.

        Args:
            person: The administration's own key of the person (LAS-key), 1 to 256
                characters. A text that can be read as a PGN is refused.

            administratie: The name of the administration, in the board's own words, 1
                to 256 characters.

            bestuur: OIN of the board.

            organisatie: The recipient.

            tot: The last day on which it may be used.

            sleutelbos: The ring.

            release: Name of one of the ring's releases, for an order that began under
                it; None is the newest.

        Returns:
            The identifier.

        Raises:
            eckid.errors.IdentifierError: If a text has another form, or *person* may be
                a PGN.
            eckid.errors.SecretError: If the ring has no such release.
        """
        texts = _checked(person, administratie, bestuur)
        oin = expect("organisatie", organisatie, Organisatie).oin
        release = release_of(a_ring(sleutelbos), release)
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
    Return administration and person key as bytes, after checking all three texts.
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
        # One in eleven keys of nine digits is refused here by chance. The other mistake
        # is worse: a PGN would be the base of what goes to every recipient of an order.
        raise IdentifierError(
            "person key: expected the administration's own, got what may be a PGN"
        )
    return octets
