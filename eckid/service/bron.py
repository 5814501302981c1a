"""
The service as the source of the pseudonyms of a list: batches, waiting, going on.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar, final

from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.errors import (
    Doe,
    FaultError,
    FaultReden,
    LinkReden,
    RequestError,
    ServiceError,
    TransportError,
)
from eckid.exchange.rows import RijReden, Weigerreden
from eckid.keten import Keten, Sector
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.service.faults import fault, not_as_specified
from eckid.service.journal import Aanvragen, Onthouden, Sent
from eckid.service.nummervoorziening import (
    Batch,
    Nummervoorziening,
    Pseudoniem,
)
from eckid.service.transport import Tijden

T = TypeVar("T")

# A refusal, as the journal keeps it.
_REFUSED: Final = ""
# The faults that are of one person; another stops a list.
_OF_ONE: Final[Mapping[FaultReden, Weigerreden]] = {
    FaultReden.INVALID_HPGN: RijReden.SERVICE,
    FaultReden.BLOCKED_HPGN: LinkReden.SUBSTITUTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grenzen:
    """
    How much the service takes. Its own limits are not public, so you say them.

    Attributes:
        batch: How many persons go in one batch; 1 asks for each by itself, at once.
        per_day: How many batches may be handed in on one day.

    Raises:
        eckid.errors.RequestError: If one is less than 1, or a batch is more than
            100,000.
    """

    batch: int
    per_day: int

    def __post_init__(self) -> None:
        for name, most in (("batch", 100_000), ("per_day", 2**31 - 1)):
            got = expect(name, getattr(self, name), int)
            if not 1 <= got <= most:
                raise RequestError(f"{name}: expected 1 to {most}, got another number")


_TIJDEN: Final = Tijden()


@final
class Dienstbron(Unpickled):
    """
    A service as the source of pseudonyms, for a `Herkenning`.

    A list of thousands goes by batches. With a journal a run that was ended goes on
    where it was: what was answered is not asked again.

    Args:
        dienst: The service.

        keten: The chain of the ketenIDs; needed with *sector*, and not for
            stampseudoniemen only.

        sector: The sector in which all persons are enrolled; needed with *keten*.

        grenzen: How much the service takes.

        tijden: How long and how often a batch is waited for.

        aanvragen: The journal of batches (`aanvragen_at`); None keeps none.

        wait: Waits for a number of seconds; it may tell that it does.

        tell: Called before each batch, with how many persons it is of.

    Attributes:
        dienst: The service.
        keten: The chain of the ketenIDs, or None.
        sector: The sector in which all persons are enrolled, or None.
        release: The release of the ketenIDs.
        namespace: The URL that its identifiers begin with.
        rehearsal: Whether its ketenIDs are those of the pilot service, or look so.
        batch: How many persons are asked for in one batch, at most.
        mark: The mark of the service.
        resolves: Always True: the service knows which number replaced which.
        sleutelbos: The ring of the journal; None without a journal.

    Raises:
        TypeError: If only one of *keten* and *sector* is given.
    """

    __slots__ = (
        "_aanvragen",
        "_grenzen",
        "_tell",
        "_tijden",
        "_wait",
        "batch",
        "dienst",
        "keten",
        "mark",
        "namespace",
        "rehearsal",
        "release",
        "resolves",
        "sector",
        "sleutelbos",
    )

    def __init__(
        self,
        dienst: Nummervoorziening,
        *,
        grenzen: Grenzen,
        keten: Keten | None = None,
        sector: Sector | None = None,
        tijden: Tijden = _TIJDEN,
        aanvragen: Aanvragen | None = None,
        wait: Callable[[float], object] = time.sleep,
        tell: Callable[[int], object] = lambda _: None,
    ) -> None:
        self.dienst = expect("dienst", dienst, Nummervoorziening)  # type: ignore[type-abstract]  # only asks
        self.keten, self.sector = keten, sector
        if keten is not None or sector is not None:
            expect("keten", keten, Keten)
            expect("sector", sector, Sector)
        self._grenzen = expect("grenzen", grenzen, Grenzen)
        self._tijden = expect("tijden", tijden, Tijden)
        given = expect("aanvragen", aanvragen, Aanvragen, type(None))
        self._aanvragen = Onthouden() if given is None else given
        self.sleutelbos = None if given is None else given.sleutelbos
        self._wait, self._tell = wait, tell
        self.batch, self.mark = grenzen.batch, dienst.mark
        self.namespace, self.release = dienst.namespace, dienst.release
        self.rehearsal, self.resolves = dienst.release == "pilot", True

    def __repr__(self) -> str:
        return f"<Dienstbron {self.release}, batches of {self.batch}>"

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Stampseudoniem | Weigerreden]:
        """
        Return for each HPgn its stampseudoniem, or a reason to refuse; in order.

        Raises:
            eckid.errors.ServiceError: If the service does not answer, or refuses all.
        """
        way = _Way(
            b"stampseudoniem",
            Batch,
            self.dienst.stampseudoniem,
            self.dienst.submit_stampseudoniemen,
            partial(Stampseudoniem.parse, namespace=self.namespace),
        )
        return self._asked([expect("HPgn", one, HPgn) for one in hpgns], way)

    def ketenids(
        self, stams: Sequence[Stampseudoniem]
    ) -> Sequence[KetenID | Weigerreden]:
        """
        Return for each stampseudoniem its ketenID, or a reason to refuse; in order.

        Raises:
            eckid.errors.ServiceError: If the service does not answer, or refuses all.
            TypeError: If this source was made without keten and sector.
        """
        if self.keten is None or self.sector is None:
            raise TypeError("bron: expected a keten and a sector, got none")
        where: dict[str, Any] = {"keten": self.keten, "sector": self.sector}
        way = _Way(
            f"{self.keten.id} {self.sector.value}".encode("ascii"),
            partial(Batch, **where),
            partial(self.dienst.ketenid, **where),
            partial(self.dienst.submit_ketenids, **where),
            partial(KetenID.parse, namespace=self.namespace, **where),
        )
        asked = [expect("stampseudoniem", one, Stampseudoniem) for one in stams]
        return self._asked(asked, way)

    def _asked(self, values: Sequence[Any], way: "_Way") -> Sequence[Any]:
        if len(values) == 1:
            return [self._one(values[0], way)]
        kept = self._aanvragen
        asked = self.mark.encode("ascii"), way.name
        marks = [kept.mark(*asked, value.expose_octets()) for value in values]
        for sent in kept.pending(marks):
            self._gone_on(sent, way)
        answers = kept.known(marks)
        missing = {
            mark: value
            for mark, value in zip(marks, values, strict=True)
            if mark not in answers
        }
        if missing:
            self._handed_in(missing, way)
            answers = kept.known(marks)
        return [
            RijReden.SERVICE if (text := answers[mark]) == _REFUSED else way.read(text)
            for mark in marks
        ]

    def _one(self, value: Any, way: "_Way") -> Any:  # noqa: ANN401  # as `_Way` has it
        try:
            return self._patient(partial(way.one, value))
        except FaultError as error:
            if error.fault not in _OF_ONE:
                raise
            return _OF_ONE[error.fault]

    def _gone_on(self, sent: Sent, way: "_Way") -> None:
        """
        Fetch what an earlier run handed in; what cannot be had is asked anew.
        """
        named = sent.identifier
        if named is None or not self._fetched(sent.number, way.batch(named), sent.size):
            self._aanvragen.lost(sent.number)

    def _handed_in(self, missing: Mapping[bytes, Any], way: "_Way") -> None:
        kept, values = self._aanvragen, dict(enumerate(missing.values()))
        for _ in range(2):
            today = date.today()  # noqa: DTZ011  # the day of the user's own limit
            if kept.count(today) >= self._grenzen.per_day:
                raise fault(FaultReden.DAILY_LIMIT)
            self._tell(len(values))
            number = kept.plan(list(missing), day=today)
            try:
                batch = self._patient(partial(way.many, values))
            except ServiceError as error:
                if not _may_count(error):
                    kept.undo(number)
                raise
            kept.sent(number, batch.identifier)
            if self._fetched(number, batch, len(values)):
                return
            kept.lost(number)
        raise fault(FaultReden.ALREADY_RETRIEVED)

    def _fetched(self, number: int, batch: Batch, size: int) -> bool:
        """
        Keep the answers to a batch; return whether the service still had them.
        """
        try:
            uitslag = self._patient(partial(self.dienst.retrieve, batch))
        except FaultError as error:
            if error.doe is Doe.ANEW:
                return False
            raise
        given = uitslag.made.keys() | uitslag.refused
        if given != set(range(size)):
            not_as_specified(f"expected {size} answers by their index, got others")
        answers = dict.fromkeys(uitslag.refused, _REFUSED)
        answers |= {index: _text(made) for index, made in uitslag.made.items()}
        self._aanvragen.got(number, answers)
        return True

    def _patient(self, ask: Callable[[], T]) -> T:
        """
        Ask until the service has finished, as often as was said.
        """
        for left in reversed(range(self._tijden.polls)):
            try:
                return ask()
            except FaultError as error:
                if error.doe is not Doe.WAIT or not left:
                    raise
            self._wait(self._tijden.poll)
        raise AssertionError


class _Way(NamedTuple):
    """
    How stampseudoniemen are asked for, or ketenIDs.
    """

    name: bytes
    batch: Callable[[str], Batch]
    one: Callable[[Any], Pseudoniem]
    many: Callable[[Mapping[int, Any]], Batch]
    read: Callable[[str], Pseudoniem]


def _may_count(error: ServiceError) -> bool:
    """
    Return whether the service may have taken in the batch, which then counts.
    """
    if isinstance(error, FaultError):
        return error.fault in {FaultReden.ANSWER, FaultReden.UNKNOWN}
    return isinstance(error, TransportError) and error.sent


def _text(made: Pseudoniem) -> str:
    return made.uri if isinstance(made, KetenID) else made.expose()
