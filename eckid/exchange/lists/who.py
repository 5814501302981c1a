"""
Who is it? From the rows of a list to persons with a ketenID.

One value, made once, serves a list, a table and one person. Its parts are the source
of pseudonyms, the hasher, the keeper and the substitutions; replace one of them with
`dataclasses.replace`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import (
    Any,
    ClassVar,
    TypeAlias,
    TypeVar,
    cast,
    final,
)

from eckid._core.values import a_day, expect
from eckid.boundary import Partij
from eckid.errors import LinkError, LinkReden
from eckid.exchange.lists.bewaard import NIETS, Bewaard
from eckid.exchange.lists.bron import Bron, Ringbron, answers
from eckid.exchange.lists.hashed import Gehasht, hashed
from eckid.exchange.rows import (
    REDENEN,
    Ontvangen,
    Rij,
    RijReden,
    Weigering,
    Weigerreden,
)
from eckid.hashing import Hasher
from eckid.keten import Keten, Sector
from eckid.policy import Bestemming, Waarde
from eckid.policy.guard import holds
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.succession import Substitutions

T = TypeVar("T")

# A row, and its attributes; the ketenID, if there is one, is among them.
Persoon: TypeAlias = tuple[Rij | Ontvangen, dict[str, Waarde]]
Bekend: TypeAlias = tuple[Rij, Stampseudoniem | None]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Herkenning:
    """
    Identifies persons by their number: by hashing it, or by what was kept of it.

    Attributes:
        bron: The source of pseudonyms, such as a `Ringbron`.
        hasher: Hashes the numbers; it has the salt. You close it.
        bewaard: The keeper of known persons: `NIETS`, a journal, or an
            `Administratie` for a register.
        substitutions: Which number replaced which, if no register knows it. They need
            a day; a number that was replaced by that day is refused.

    Raises:
        ValueError: If substitutions are given with a register, which has its own; or
            if the batch of the source is less than 1.
    """

    van: ClassVar[Partij] = Partij.BEVOEGD_GEZAG

    bron: Bron
    hasher: Hasher
    bewaard: Bewaard = NIETS
    substitutions: Substitutions | None = None

    def __post_init__(self) -> None:
        expect("bron", self.bron, Bron)  # type: ignore[type-abstract]  # only asks
        expect("hasher", self.hasher, Hasher)
        expect("bewaard", self.bewaard, Bewaard)
        if expect("batch", self.bron.batch, int) < 1:
            raise ValueError(f"batch: expected 1 or more, got {self.bron.batch}")
        given = expect("substitutions", self.substitutions, Substitutions, type(None))
        if given is not None and self.bewaard.substitutes:
            raise ValueError(
                "substitutions: expected none beside a register, which has its own"
            )

    @property
    def sector(self) -> Sector:
        """
        The sector of the ketenIDs.
        """
        return expect("sector", self.bron.sector, Sector)

    def about(self) -> dict[str, object]:
        """
        Return what a report says about it: keten, sector, release and scheme.
        """
        bron = self.bron
        return {
            "keten": expect("keten", bron.keten, Keten).id,
            "sector": self.sector.value,
            "release": bron.release,
            "scheme": self.hasher.scheme.value,
        }

    def begin(self, to: Bestemming) -> None:
        """
        Begin a list for one recipient; `release_list` calls this before `each`.

        Raises:
            TypeError: If the source has no keten or sector, or substitutions lack a
                day.
            ValueError: If a register keeps the list and *to* has no organisatie.
        """
        if self.substitutions is not None:
            a_day("on", to.on)
        expect("keten", self.bron.keten, Keten)
        expect("sector", self.bron.sector, Sector)
        self.bewaard.begin(to, bron=self.bron)

    def each(
        self, rows: Iterable[Rij | Weigering], *, to: Bestemming
    ) -> Iterator[Persoon | Weigering]:
        """
        Yield each row with its ketenID, or its refusal, in order.

        A person who goes by another identifier comes without a ketenID. Rows are read
        ahead by the batch of the source, and while numbers are hashed.

        Args:
            rows: The rows of the list; refusals pass through.

            to: The recipient; its day is the day of the substitutions.
        """
        on = expect("to", to, Bestemming).on
        return self.named(hashed(rows, self.hasher, self.bewaard), on=on)

    def named(
        self, found: Iterable[Gehasht | Weigering], *, on: date | None
    ) -> Iterator[Persoon | Weigering]:
        """
        Yield each hashed row with its ketenID, or its refusal, in order.

        Args:
            found: Rows with their HPgn or stampseudoniem; with None the person goes by
                another identifier.

            on: The day of the substitutions; None if there are none.
        """
        for some in _batches(self.stams(found, on=on), self.bron.batch):
            got = self._ketenids([row for row in some if _has_stam(row)])
            for row in some:
                yield row if isinstance(row, Weigering) else _named(row, got)

    def stams(
        self, found: Iterable[Gehasht | Weigering], *, on: date | None
    ) -> Iterator[Bekend | Weigering]:
        """
        Yield each hashed row with its stampseudoniem, or its refusal, in order.

        A person who goes by another identifier comes with None.

        Args:
            found: Rows with their HPgn, stampseudoniem or None.

            on: The day of the substitutions; None if there are none.
        """
        # Rows may come from a caller, and only a pair or a refusal is one.
        for some in _batches(found, self.bron.batch):
            for row in some:
                expect("row", row, tuple, Weigering)
            yield from self._stams(some, on)

    def origin(self, hpgn: HPgn, *, on: date | None) -> HPgn | Weigerreden:
        """
        Return the HPgn that the stampseudoniem is derived from, on a day.

        That is the HPgn of the person's earlier number if it was replaced by this
        one, else *hpgn* itself; of a source that resolves substitutions, always the
        latter. If another number replaced this one, the reason SUBSTITUTED is returned.
        """
        found = self._origin(hpgn, on=on)
        return hpgn if self.bron.resolves and isinstance(found, HPgn) else found

    def _origin(self, hpgn: HPgn, *, on: date | None) -> HPgn | Weigerreden:
        if self.substitutions is None:
            return self.bewaard.origin(hpgn, on=on)
        with suppress(LinkError):
            return self.substitutions.origin(hpgn, on=a_day("on", on))
        return LinkReden.SUBSTITUTED

    def shows_own(self, rij: Rij, texts: Sequence[str], *, on: date | None) -> bool:
        """
        Return whether a text has the HPgn or the stampseudoniem of a row in it.

        It hashes the number of the row, so ask it only of texts that may be one. A
        stampseudoniem is compared only if a ring makes it: no service is asked about a
        person who has no ketenID.

        Args:
            rij: The row; without a number there is nothing to compare.

            texts: The texts.

            on: The day of the substitutions; None if there are none.
        """
        expect("texts", texts, Sequence)  # type: ignore[type-abstract]  # only asks
        for text in texts:
            expect("texts", text, str)
        pgn = expect("row", rij, Rij).pgn
        if pgn is None:
            return False
        with closing(self.hasher.each([pgn])) as made:
            hpgn = next(made)
        own = [hpgn.expose()]
        origin = self.origin(hpgn, on=on)
        if isinstance(self.bron, Ringbron) and isinstance(origin, HPgn):
            own += [stam.expose_octets().hex() for stam in self.bron.stams([origin])]
        return any(holds(text, secret) for text in texts for secret in own)

    def _stams(
        self, some: Sequence[Gehasht | Weigering], on: date | None
    ) -> Iterable[Bekend | Weigering]:
        hpgns = {
            n: row[1]
            for n, row in enumerate(some)
            if isinstance(row, tuple) and isinstance(row[1], HPgn)
        }
        if not hpgns:
            return cast("Sequence[Bekend | Weigering]", some)
        with ExitStack() as writing:
            # A service may take minutes, in which other processes may write.
            if not self.bron.resolves:
                writing.enter_context(self.bewaard.together())
            found: dict[int, Any] = {
                n: self.origin(hpgn, on=on) for n, hpgn in hpgns.items()
            }
            asked = {n: one for n, one in found.items() if isinstance(one, HPgn)}
            if asked:
                made = self.bron.stams(list(asked.values()))
                kinds = (Stampseudoniem, *REDENEN)
                got = answers("stampseudoniem", list(asked), made, *kinds)
                found |= zip(asked, got, strict=True)
            if self.bron.resolves:
                writing.enter_context(self.bewaard.together())
            return [self._kept(row, found.get(n), on) for n, row in enumerate(some)]

    def _ketenids(self, some: Sequence[Any]) -> Iterator[KetenID | Weigerreden]:
        """
        Return the ketenIDs of rows with a stampseudoniem, in order.
        """
        bron, kept = self.bron, self.bewaard
        found: list[Any] = [None] * len(some)
        if bron.resolves:
            found = [kept.ketenid(rij, bron=bron) for rij, _ in some]
        asked = [row for row, one in zip(some, found, strict=True) if one is None]
        made = bron.ketenids([stam for _, stam in asked]) if asked else ()
        got = answers("ketenID", asked, made, KetenID, *REDENEN)
        if bron.resolves and asked:
            with kept.together():
                for (rij, _), one in zip(asked, got, strict=True):
                    if isinstance(one, KetenID):
                        kept.keep_ketenid(rij, one, bron=bron)
        rest = iter(got)
        return (next(rest) if one is None else one for one in found)

    def _kept(
        self,
        row: Gehasht | Weigering,
        found: Any,  # noqa: ANN401  # as `_stams` has it
        on: date | None,
    ) -> Bekend | Weigering:
        if isinstance(row, Weigering) or found is None:
            return cast("Bekend | Weigering", row)
        rij, hpgn = row
        if isinstance(found, Stampseudoniem):
            found = self.bewaard.add(rij, found, mark=self.bron.mark, on=on)
            # The keeper has the stampseudoniem of the old number, which a service that
            # knew of the new one would have given too.
            if (
                found is RijReden.OTHER_NUMBER
                and self.bron.resolves
                and self._origin(cast("HPgn", hpgn), on=on) != hpgn
            ):
                found = RijReden.NOT_REPLACED
        return (rij, found) if isinstance(found, Stampseudoniem) else rij.refused(found)


@final
@dataclass(frozen=True, slots=True)
class Doorgifte:
    """
    Identifies persons by the ketenIDs of a received file, to pass the file on.

    There are no numbers and nothing is hashed. A ketenID may pass from one recipient to
    another only within one keten and sector, and only if the agreements of the board
    allow it. You must know that they do: it is not checked here.

    Attributes:
        keten: The keten of the ketenIDs.
        sector: The sector in which all persons of the file are enrolled.
    """

    van: ClassVar[Partij] = Partij.ONTVANGER
    bron: ClassVar[None] = None
    bewaard: ClassVar[Bewaard] = NIETS

    keten: Keten
    sector: Sector

    def __post_init__(self) -> None:
        expect("keten", self.keten, Keten)
        expect("sector", self.sector, Sector)

    def about(self) -> dict[str, object]:
        """
        Return what a report says about it: keten, sector, and release "received".
        """
        sector = self.sector.value
        return {"keten": self.keten.id, "sector": sector, "release": "received"}

    def begin(self, to: Bestemming) -> None:
        """
        Begin a list for one recipient; there is nothing to prepare.
        """
        expect("to", to, Bestemming)

    def each(
        self, rows: Iterable[Ontvangen | Weigering], *, to: Bestemming
    ) -> Iterator[Persoon | Weigering]:
        """
        Yield each row with its own ketenID, in order; refusals pass through.
        """
        _ = to
        for row in rows:
            if isinstance(row, Weigering):
                yield row
            else:
                found = expect("row", row, Ontvangen)
                yield found, {**found.attributen, "eckid": found.ketenid}


# The two ways to identify the persons of a list.
Herkenner: TypeAlias = Herkenning | Doorgifte


def _has_stam(row: Bekend | Weigering) -> bool:
    return isinstance(row, tuple) and row[1] is not None


def _named(row: Bekend, got: Iterator[KetenID | Weigerreden]) -> Persoon | Weigering:
    rij, stam = row
    if stam is None:
        return rij, dict(rij.attributen)
    ketenid = next(got)
    if isinstance(ketenid, KetenID):
        return rij, {**rij.attributen, "eckid": ketenid}
    return rij.refused(ketenid)


def _batches(rows: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """
    Yield *rows* in batches of *size*; the last may be smaller.
    """
    it = iter(rows)
    while some := list(islice(it, size)):
        yield some


def counted(rows: Iterable[T], progress: Callable[[int], object] | None) -> Iterator[T]:
    """
    Yield *rows*, and call *progress* with the number of rows done.
    """
    for done, row in enumerate(rows, 1):
        if progress is not None:
            progress(done)
        yield row
