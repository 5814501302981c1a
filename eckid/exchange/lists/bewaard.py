"""
Keepers: where known persons are kept from one list or run to the next.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from eckid._core.hidden import Unpickled
from eckid._core.values import a_day, expect
from eckid.attributes import AnderIdReden
from eckid.doel import Organisatie
from eckid.errors import LinkError, LinkReden, PseudonymError, RegisterError
from eckid.exchange.lists.bron import Bron
from eckid.exchange.rows import Rij, RijReden, Weigerreden, key_of
from eckid.keten import Keten, Sector
from eckid.policy import Bestemming, Vrijgave
from eckid.pseudonyms import HPgn, KetenID, Stampseudoniem
from eckid.register import OpnameUitkomst, Register
from eckid.succession import Voorlopig

if TYPE_CHECKING:
    from eckid.pgn import PGN


class Bewaard(Unpickled):
    """
    A keeper of known persons. This one keeps nothing: `NIETS` is an instance of it.

    A `Herkenning` calls its methods while it goes through a list. A subclass overrides
    those for what it keeps: a journal `known` and `keep`; a register also `uses`,
    `together`, `origin`, `add`, `ketenid` and `keep_ketenid`, and for what was released
    `begin`, `second`, `went`, `noting` and `note`.
    """

    __slots__ = ()

    # Whether it has substitutions of its own: which number replaced which.
    substitutes = False

    def uses(self, bron: Bron) -> None:
        """
        Say which source makes the pseudonyms from here on; `begin` says it too.

        Only stampseudoniemen of this source are then known.
        """

    def known(self, rij: Rij) -> HPgn | Stampseudoniem | Weigerreden | None:
        """
        Return the HPgn or stampseudoniem of a known person, without hashing.

        Return a reason if the row must be refused, and None if its number must be
        hashed.
        """
        _ = rij
        return None

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of a row that was just hashed.
        """

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Keep everything in the block, or nothing if the block fails.
        """
        yield

    def origin(self, hpgn: HPgn, *, on: date | None) -> HPgn | Weigerreden:
        """
        Return the HPgn that the stampseudoniem is derived from, or a reason to refuse.

        Without substitutions that is *hpgn* itself.
        """
        _ = on
        return hpgn

    def add(
        self, rij: Rij, stam: Stampseudoniem, *, mark: str, on: date | None
    ) -> Stampseudoniem | Weigerreden:
        """
        Keep the stampseudoniem of a person who was just hashed.

        Args:
            rij: The row of the person.

            stam: What the source made of the person's HPgn.

            mark: The source's own mark, so that a keeper knows what made *stam*.

            on: The day of the list; None if a keeper without days is asked.

        Returns:
            The stampseudoniem to go on with: *stam*, or the one that was kept of this
            person before; or the reason why the row must be refused.
        """
        _ = rij, mark, on
        return stam

    def ketenid(self, rij: Rij, *, bron: Bron) -> KetenID | None:
        """
        Return the ketenID that a service made of a person before, else None.
        """
        _ = rij, bron
        return None

    def keep_ketenid(self, rij: Rij, ketenid: KetenID, *, bron: Bron) -> None:
        """
        Keep the ketenID that a service made of a person.
        """

    def begin(self, to: Bestemming, *, bron: Bron) -> None:
        """
        Begin the release of a list to one recipient, and forget the previous list.
        """

    def second(self, rij: Rij) -> Weigerreden | None:
        """
        Return why this row may not be released after an earlier release; else None.
        """
        _ = rij
        return None

    def went(self, rij: Rij, vrijgave: Vrijgave) -> None:
        """
        Remember the release of a row.
        """

    @contextmanager
    def noting(self) -> Iterator[None]:
        """
        Make what `note` noted final when the block ends well; undo it if it fails.

        `noted` makes it final before the end of the block.
        """
        yield

    def noted(self) -> None:
        """
        Make what `note` noted final: the files are on the disk, and about to appear.
        """

    def note(self) -> str | None:
        """
        Note what was released; return the head of the ledger, or None without one.
        """
        return None


NIETS: Final = Bewaard()


class Geheugen(Bewaard):
    """
    A keeper in memory, to release to several recipients and hash each number once.

    Use it with one hasher only: it does not tell HPgns of other salts apart.
    """

    __slots__ = ("_hpgns",)

    def __init__(self) -> None:
        # By number, not by record: another list has other persons at the same record.
        self._hpgns: dict[PGN, HPgn] = {}

    def __repr__(self) -> str:
        return f"<Geheugen {len(self._hpgns)} hidden>"

    def known(self, rij: Rij) -> HPgn | None:
        """
        Return the HPgn if the number of this row was hashed before, else None.
        """
        pgn = expect("row", rij, Rij).pgn
        return None if pgn is None else self._hpgns.get(pgn)

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of the number of this row.
        """
        pgn = expect("row", rij, Rij).pgn
        if pgn is not None:
            self._hpgns[pgn] = expect("hpgn", hpgn, HPgn)


_WHY: Final[Mapping[OpnameUitkomst, Weigerreden]] = {
    OpnameUitkomst.OTHER_PERSON: RijReden.OTHER_PERSON,
    OpnameUitkomst.OTHER_NUMBER: RijReden.OTHER_NUMBER,
    OpnameUitkomst.TWO_PERSONS: RijReden.TWO_PERSONS,
}


class _Went(NamedTuple):
    key: str
    identifier: KetenID | Voorlopig


class _List(NamedTuple):
    """
    The list that is being released: to whom, on which day, in which keten and sector.
    """

    to: Bestemming
    organisatie: Organisatie
    on: date
    keten: Keten
    sector: Sector


class Administratie(Bewaard):
    """
    A register as the keeper, for the lists of one administration.

    Persons whom the register knows are not hashed again. What a recipient receives is
    noted in the register once the files of the run exist, or not at all.

    Args:
        register: The register, open.

        administratie: The name of the administration, as the board calls it.

        recheck: Whether to hash known persons too.

    Attributes:
        counts: How many persons were ``hashed``, and how many were ``known``.
    """

    __slots__ = (
        "_administratie",
        "_bron",
        "_gone",
        "_list",
        "_noting",
        "_recheck",
        "_register",
        "_went",
        "counts",
    )

    substitutes = True

    def __init__(
        self, register: Register, *, administratie: str = "las", recheck: bool = False
    ) -> None:
        self._register = expect("register", register, Register)
        self._administratie = expect("administratie", administratie, str)
        self._recheck = recheck
        self._bron: Bron | None = None
        self.counts: Counter[str] = Counter()
        self._noting = ExitStack()
        self._list: _List | None = None
        self._went: list[_Went] = []
        # By person key: whether a ketenID was released in this list (True), or
        # another identifier (False).
        self._gone: dict[str, bool] = {}

    def __repr__(self) -> str:
        return f"<Administratie {self._administratie}>"

    def uses(self, bron: Bron) -> None:
        """
        Say which source makes the pseudonyms from here on; before, it is the ring.

        Raises:
            eckid.errors.RegisterError: If a service has the namespace of the ring: then
                nobody can tell what the one made from what the other made.
        """
        expect("bron", bron, Bron)  # type: ignore[type-abstract]  # only asks
        if bron.resolves and bron.namespace == self._register.namespace:
            raise RegisterError(
                "ring: expected a namespace of its own beside a service, got that of "
                "the service; make a register under a ring with another"
            )
        self._bron = bron

    def known(self, rij: Rij) -> HPgn | Stampseudoniem | Weigerreden | None:
        """
        Return the stampseudoniem of a person whom the register knows, without hashing.

        Return a reason if the row has no person key, and None if the person is not
        known or is to be checked again.
        """
        if not rij.has_ketenid:
            return None
        key = key_of(rij.attributen)
        if not key:
            return RijReden.KEY
        if self._recheck:
            return None
        bron = self._bron
        found = self._register.known(
            self._administratie,
            key,
            gegevens=rij.attributen,
            namespace=None if bron is None else bron.namespace,
            mark=None if bron is None else bron.mark,
        )
        self.counts["known"] += found is not None
        return found

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Count a person who was hashed; a register keeps no HPgns.
        """
        _ = rij, hpgn
        self.counts["hashed"] += 1

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Keep everything in the block in one transaction of the register.
        """
        with self._register.together():
            yield

    def origin(self, hpgn: HPgn, *, on: date | None) -> HPgn | Weigerreden:
        """
        Return the HPgn that the stampseudoniem is derived from, by the register.

        That is the HPgn of the person's earlier number if the register has a
        substitution. Return a reason if another number replaced this one.
        """
        with suppress(LinkError):
            return self._register.origin(hpgn, on=a_day("on", on))
        return LinkReden.SUBSTITUTED

    def add(
        self, rij: Rij, stam: Stampseudoniem, *, mark: str, on: date | None
    ) -> Stampseudoniem | Weigerreden:
        """
        Add a person who was hashed to the register; return the stampseudoniem.

        Return a reason instead if the register contradicts the row.
        """
        opname = self._register.add(
            self._administratie,
            key_of(rij.attributen),
            stam,
            gegevens=rij.attributen,
            on=a_day("on", on),
            mark=mark,
        )
        return _WHY[opname.grond] if opname.stam is None else opname.stam

    def ketenid(self, rij: Rij, *, bron: Bron) -> KetenID | None:
        """
        Return the ketenID that the register keeps of a person, else None.
        """
        expect("bron", bron, Bron)  # type: ignore[type-abstract]  # only asks
        return self._register.ketenid(
            self._administratie,
            key_of(expect("row", rij, Rij).attributen),
            keten=expect("keten", bron.keten, Keten),
            sector=expect("sector", bron.sector, Sector),
            release=bron.release,
            mark=bron.mark,
        )

    def keep_ketenid(self, rij: Rij, ketenid: KetenID, *, bron: Bron) -> None:
        """
        Keep the ketenID that a service made of a person, in the register.
        """
        expect("bron", bron, Bron)  # type: ignore[type-abstract]  # only asks
        key = key_of(expect("row", rij, Rij).attributen)
        self._register.keep_ketenid(self._administratie, key, ketenid, mark=bron.mark)

    def begin(self, to: Bestemming, *, bron: Bron) -> None:
        """
        Begin the release of a list to one recipient, and forget the previous list.

        Raises:
            ValueError: If *to* has no organisatie: a register notes who received it.
        """
        organisatie = expect("to", to, Bestemming).organisatie
        if organisatie is None:
            raise ValueError("organisatie: expected one, to note to whom it went")
        on = a_day("on", to.on)
        keten = expect("keten", bron.keten, Keten)
        sector = expect("sector", bron.sector, Sector)
        self.uses(bron)
        self._list = _List(to, organisatie, on, keten, sector)
        self._went, self._gone = [], {}

    def second(self, rij: Rij) -> Weigerreden | None:
        """
        Return why this row may not be released after an earlier release; else None.

        A person does not get both a ketenID and another identifier: what was released
        earlier in this list counts, and so do earlier releases.
        """
        begun = expect("list", self._list, _List)
        key = key_of(rij.attributen)
        if rij.has_ketenid:
            return RijReden.ANDER_ID_WENT if self._gone.get(key) is False else None
        # A recipient that cannot take ketenIDs may get another identifier although
        # other recipients got the ketenID. Every other reason means that the board has
        # no ketenID of the person yet, so one that went anywhere contradicts it.
        takes = (
            rij.attributen.get("ander_id_reden")
            != AnderIdReden.ONTVANGER_ZONDER_ECKID.value
        )
        went = self._gone.get(key) or self._register.has_sent(
            self._administratie,
            key,
            keten=begun.keten,
            sector=begun.sector,
            organisatie=None if takes else begun.organisatie,
        )
        return RijReden.KETENID_WENT if went else None

    def went(self, rij: Rij, vrijgave: Vrijgave) -> None:
        """
        Remember the identifier that a release holds, to be noted by `note`.

        A provisional identifier is noted only for a person whom the register has.
        """
        key = key_of(rij.attributen)
        if vrijgave.ander_id_reden is not None:
            self._gone[key] = False
        for name, value in vrijgave.released.items():
            if isinstance(value, KetenID):
                self._gone[key] = True
                self._went.append(_Went(key, value))
            elif name == Voorlopig.name and self._register.has(
                self._administratie, key
            ):
                with suppress(PseudonymError):  # not one that eckid made
                    self._went.append(_Went(key, Voorlopig(str(value))))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """
        Make what `note` noted final when the block ends well; undo it if it fails.

        `noted` makes it final before the end of the block.
        """
        with self._noting:
            yield

    def noted(self) -> None:
        """
        Make what `note` noted final: the files are on the disk, and about to appear.
        """
        self._noting.close()

    def note(self) -> str:
        """
        Note in the register what was released, and return the new head of its ledger.
        """
        begun = expect("list", self._list, _List)
        self._noting.enter_context(self._register.together())
        digest = begun.to.beleid.digest
        for key, identifier in self._went:
            self._register.sent(
                self._administratie,
                key,
                organisatie=begun.organisatie,
                identifier=identifier,
                beleid=digest,
                doel=begun.to.doel,
                on=begun.on,
            )
        self._went = []
        return str(self._register.head())
