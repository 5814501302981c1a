"""
The client of the national service, or of anything that speaks as it does.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, final

from eckid._core.bounds import ANSWER, ANSWERS, Bound
from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid._version import __version__
from eckid.errors import (
    PseudonymError,
    RequestError,
    TransportError,
)
from eckid.keten import Keten, Sector
from eckid.keys import RELEASE
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.service import messages
from eckid.service.access import Toegang, an_oin
from eckid.service.answers import Element, indexed, read_answer, texts
from eckid.service.faults import answer_fault, not_as_specified
from eckid.service.messages import BEGRIPPEN, Operation, envelope, fields, items
from eckid.service.nummervoorziening import (
    NAMESPACE,
    SECTOR_IDS,
    Batch,
    Begrip,
    Pong,
    Pseudoniem,
    Uitslag,
    a_batch,
    a_moment,
    a_stam,
    an_hpgn,
)
from eckid.service.transport import Tijden, Transport

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ID: Final = re.compile(f"{re.escape(BEGRIPPEN)}({_UUID.pattern})")
# An xs:dateTime: its day; the end of that day or a time in it; and its zone, if any.
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:(24:00:00(?:\.0+)?)|([0-9:]{8}(?:\.[0-9]+)?))"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_NOW: Final = Tijden()


@final
class SoapNummervoorziening(Unpickled):
    """
    The national service, by SOAP 1.1.

    Values go out and come in over TLS only, and into no log, error or repr. One call is
    made at a time; a client in another thread or process makes its own.

    Args:
        url: The URL of the service: https, or http on this machine for a stand-in.

        oin: The OIN of the school (`school_oin`): 20 characters, of which the last five
            are those of the certificate's OIN.

        toegang: The certificate of the caller, and the roots of the service. None only
            for http on this machine.

        release: The release of its ketenIDs: ``201703``, or ``pilot``. An answer with
            another is refused.

        sectoren: The id that the service has for each sector.

        tijden: How long is waited, and how often a call is tried.

    Attributes:
        namespace: What its identifiers begin with.
        release: The release of its ketenIDs.
        mark: 16 hex digits that differ for each URL.

    Raises:
        eckid.errors.RequestError: If one of the arguments is of no use to it.
    """

    __slots__ = (
        "_oin",
        "_sectoren",
        "_transport",
        "_url",
        "mark",
        "namespace",
        "release",
    )

    def __init__(
        self,
        url: str,
        *,
        oin: str,
        toegang: Toegang | None = None,
        release: str = "201703",
        sectoren: Mapping[Sector, str] = SECTOR_IDS,
        tijden: Tijden = _NOW,
    ) -> None:
        self._transport = Transport(url, toegang=toegang, tijden=tijden)
        self._oin = an_oin(oin)
        if toegang is not None and toegang.oin[-5:] != oin[-5:]:
            raise RequestError(
                "oin: expected the last five digits of the certificate's OIN, got "
                "others; school_oin makes it of the two"
            )
        self._url = url
        self.namespace, self.release = NAMESPACE, expect("release", release, str)
        if not RELEASE.fullmatch(release):
            raise RequestError(
                "release: expected one of a-z, 0-9 and -, got "
                f"{len(release)} characters of another form"
            )
        self._sectoren = dict(expect("sectoren", sectoren, Mapping))  # type: ignore[type-abstract]  # only asks
        for sector, id_ in self._sectoren.items():
            expect("sector", sector, Sector)
            if not _UUID.fullmatch(expect("id", id_, str)):
                raise RequestError(
                    f"{sector.value}: expected the id of a sector as a UUID in lower "
                    f"case, got {len(id_)} characters of another form"
                )
        # Where it stands is no secret, but a table of such marks says little.
        self.mark = hashlib.sha256(f"service {url}".encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"<SoapNummervoorziening {self._transport.host}>"

    def close(self) -> None:
        """
        Close the connection; the next call opens another.
        """
        self._transport.close()

    def ping(self) -> Pong:
        """
        Return what the service says of itself.
        """
        said = self._ask(messages.PING)
        names = "available", "applicationVersion", "systemTime"
        available, version, moment = texts(said, *names)
        if available not in {"true", "false", "1", "0"}:
            not_as_specified("expected true or false, got another text")
        return Pong(available in {"true", "1"}, version, _moment(moment))

    def stampseudoniem(self, hpgn: HPgn) -> Stampseudoniem:
        """
        Return the stampseudoniem of an HPgn.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        content = fields({"hpgn": an_hpgn(hpgn).expose()})
        (text,) = texts(self._ask(messages.STAMPSEUDONIEM, content), "stampseudonym")
        return self._stam(text)

    def ketenid(self, stam: Stampseudoniem, *, keten: Keten, sector: Sector) -> KetenID:
        """
        Return the ketenID of a stampseudoniem in a keten and sector.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        asked = {"stampseudonym": self._own(stam).expose()}
        content = fields(asked | self._ids(keten, sector))
        (text,) = texts(self._ask(messages.KETENID, content), "eckId")
        return self._made(text, keten=keten, sector=sector)

    def submit_stampseudoniemen(self, hpgns: Mapping[int, HPgn]) -> Batch:
        """
        Hand in a batch of HPgns, each by an index of your own.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        a_batch("hpgns", hpgns, an_hpgn)
        listed = ((index, hpgn.expose()) for index, hpgn in hpgns.items())
        content = items("hpgnList", "hPgn", listed)
        return self._submit(messages.SUBMIT_STAMPSEUDONIEMEN, content)

    def submit_ketenids(
        self, stams: Mapping[int, Stampseudoniem], *, keten: Keten, sector: Sector
    ) -> Batch:
        """
        Hand in a batch of stampseudoniemen, each by an index of your own.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        a_batch("stams", stams, self._own)
        listed = ((index, stam.expose()) for index, stam in stams.items())
        content = items("stampseudonymList", "stampseudonym", listed)
        content += fields(self._ids(keten, sector))
        return self._submit(messages.SUBMIT_KETENIDS, content, keten, sector)

    def retrieve(self, batch: Batch) -> Uitslag:
        """
        Return what a batch gave. It can be had once.

        Where the way back failed, it is asked once more: then the answer of the service
        says whether it was retrieved.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says; a `FaultError` with
                NOT_FINISHED where the service has not finished.
        """
        content = fields({"batchIdentifier": expect("batch", batch, Batch).identifier})
        try:
            said = self._ask(messages.RETRIEVE, content, ANSWERS)
        except TransportError as error:
            if not (error.sent and error.passing):
                raise
        else:
            return self._uitslag(said, batch)
        return self._uitslag(self._ask(messages.RETRIEVE, content, ANSWERS), batch)

    def replace(
        self, *, old: HPgn, new: HPgn, on: datetime | None = None
    ) -> Stampseudoniem:
        """
        Let a new number keep the stampseudoniem of an old one, at once or from *on*.

        Returns:
            The stampseudoniem that the new number has now.

        Raises:
            eckid.errors.ServiceError: As `Nummervoorziening` says.
        """
        moment = a_moment(on)
        asked = {"hpgnOld": an_hpgn(old).expose(), "hpgnNew": an_hpgn(new).expose()}
        if moment is not None:
            asked["effectiveDate"] = moment.isoformat(timespec="milliseconds")
        said = self._ask(messages.REPLACE, fields(asked))
        (text,) = texts(said, "stampseudonym")
        return self._stam(text)

    def ketens(self) -> Sequence[Begrip]:
        """
        Return the ketens that the service knows.
        """
        return _begrippen(self._ask(messages.KETENS, "", ANSWERS), "chain")

    def sectoren(self) -> Sequence[Begrip]:
        """
        Return the sectors that the service knows.
        """
        return _begrippen(self._ask(messages.SECTOREN, "", ANSWERS), "sector")

    def _ask(
        self, operation: Operation, content: str = "", most: Bound = ANSWER
    ) -> Element:
        message_id = messages.new_message_id()
        body = envelope(
            operation, content, to=self._url, oin=self._oin, message_id=message_id
        )
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": f'"{operation.action}"',
            "User-Agent": f"eckid/{__version__}",
        }
        read = partial(
            read_answer, most=most, operation=operation, message_id=message_id
        )
        return self._transport.post(body, headers, read, repeats=operation.repeats)

    def _submit(
        self,
        operation: Operation,
        content: str,
        keten: Keten | None = None,
        sector: Sector | None = None,
    ) -> Batch:
        (identifier,) = texts(self._ask(operation, content), "batchIdentifier")
        ours = "expected a batch identifier, got another text"
        with foreign(lambda _: answer_fault(ours), RequestError):
            return Batch(identifier, keten, sector)

    def _uitslag(self, said: Element, batch: Batch) -> Uitslag:
        keten, sector = batch.keten, batch.sector
        read: Callable[[str], Pseudoniem] = self._stam
        if keten is not None:
            read = partial(self._made, keten=keten, sector=sector)
        made: dict[int, Pseudoniem] = {}
        refused: set[int] = set()
        for one in said.children:
            if one.name == f"{messages.SCHEMA} success":
                index, text = texts(one, "index", "value")
                made[indexed(index, made, refused)] = read(text)
            elif one.name == f"{messages.SCHEMA} failed":
                index, _ = texts(one, "index", "errorMessage")
                refused.add(indexed(index, made, refused))
            else:
                not_as_specified("expected success and failed, got another element")
        return Uitslag(made, frozenset(refused))

    def _own(self, stam: Stampseudoniem) -> Stampseudoniem:
        if a_stam(stam, namespace=self.namespace).rehearsal:
            raise RequestError(
                "stampseudoniem: expected one of the service, got a rehearsal ring's"
            )
        return stam

    def _ids(self, keten: Keten, sector: Sector) -> dict[str, str]:
        if expect("sector", sector, Sector) not in self._sectoren:
            raise RequestError(
                "sector: expected one that the service has an id for, got "
                f"{sector.value}"
            )
        return {
            "chainId": BEGRIPPEN + expect("keten", keten, Keten).id,
            "sectorId": BEGRIPPEN + self._sectoren[sector],
        }

    def _stam(self, text: str) -> Stampseudoniem:
        ours = "expected a stampseudoniem of its own, got another text"
        with foreign(lambda _: answer_fault(ours), PseudonymError):
            return Stampseudoniem.parse(text, namespace=self.namespace)

    def _made(
        self, text: str, *, keten: Keten | None, sector: Sector | None
    ) -> KetenID:
        ours = "expected a ketenID of its own, got another text"
        with foreign(lambda _: answer_fault(ours), PseudonymError):
            found = KetenID.parse(
                text, keten=keten, sector=sector, namespace=self.namespace
            )
        if found.release != self.release:
            not_as_specified(
                f"expected a ketenID of release {self.release}, got one of another; "
                "give the release of this environment"
            )
        return found


def _begrippen(said: Element, name: str) -> Sequence[Begrip]:
    """
    Return the chains or sectors in an answer.
    """
    found = []
    for one in said.children:
        if one.name != f"{messages.SCHEMA} {name}":
            not_as_specified(f"expected elements called {name}, got another")
        id_, naam, about, edited = texts(one, "id", "name", "description", "lastEdited")
        uuid = _ID.fullmatch(id_)
        if uuid is None:
            not_as_specified("expected an id of the begrippenkader, got another text")
        found.append(Begrip(uuid[1], naam, about, _moment(edited)))
    if not found:
        not_as_specified(f"expected one {name} or more, got none")
    return found


def _moment(text: str) -> datetime:
    """
    Return the moment that an answer says; without a zone it is taken as UTC.
    """
    ours = "expected a moment (xs:dateTime), got another text"
    parts = _MOMENT.fullmatch(text)
    if parts is None:
        not_as_specified(ours)
    day, midnight, time, zone = parts.groups()
    with foreign(lambda _: answer_fault(ours), ValueError, OverflowError):
        # In XML a day may end at 24:00, which is the beginning of the next.
        found = datetime.fromisoformat(f"{day}T{time or '00:00:00'}{zone or ''}")
        found += timedelta(days=1 if midnight else 0)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
