"""
The keeper: where the answers to "who is it?" are kept from one list to the next.
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
from eckid.errors import LinkError, LinkReden, PseudonymError
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
    A keeper that keeps nothing; others override what they keep.
    """

    __slots__ = ()

    # Whether it knows which number came in the place of which.
    substitutes = False

    def known(self, rij: Rij) -> HPgn | Stampseudoniem | Weigerreden | None:
        """
        Return what is known of a row without a hash, or why the row is refused.

        None where the number is to be hashed.
        """
        _ = rij
        return None

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of a row that was hashed.
        """

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Keep what follows as one: all of it, or nothing where the block fails.
        """
        yield

    def origin(self, hpgn: HPgn, *, on: date | None) -> HPgn | Weigerreden:
        """
        Return the HPgn whose stampseudoniem a person has, or why there is none.
        """
        _ = on
        return hpgn

    def add(
        self, rij: Rij, stam: Stampseudoniem, *, mark: str, on: date | None
    ) -> Stampseudoniem | Weigerreden:
        """
        Keep the stampseudoniem of who was hashed; return it, or why not.
        """
        _ = rij, mark, on
        return stam

    def begin(self, to: Bestemming, *, bron: Bron) -> None:
        """
        Begin a list for one recipient, and forget the list before.
        """

    def second(self, rij: Rij) -> Weigerreden | None:
        """
        Return why a row may not go beside what went before of the same person.
        """
        _ = rij
        return None

    def went(self, rij: Rij, vrijgave: Vrijgave) -> None:
        """
        Remember what goes of a row.
        """

    @contextmanager
    def noting(self) -> Iterator[None]:
        """
        Hold what `note` notes until the block ends well; else undo it.
        """
        yield

    def note(self) -> str | None:
        """
        Note what went; return the head of the ledger that has it, where there is one.
        """
        return None


NIETS: Final = Bewaard()


class Geheugen(Bewaard):
    """
    HPgns in memory, for several recipients: each number is hashed once, by one hasher.
    """

    __slots__ = ("_hpgns",)

    def __init__(self) -> None:
        # By the number: in another list another person stands at the same record.
        self._hpgns: dict[PGN, HPgn] = {}

    def __repr__(self) -> str:
        return f"<Geheugen {len(self._hpgns)} hidden>"

    def known(self, rij: Rij) -> HPgn | None:
        """
        Return the HPgn of a number that was hashed before.
        """
        return None if rij.pgn is None else self._hpgns.get(rij.pgn)

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Keep the HPgn of a row.
        """
        if rij.pgn is not None:
            self._hpgns[rij.pgn] = hpgn


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
    What is known of the list that is being released.
    """

    to: Bestemming
    organisatie: Organisatie
    on: date
    keten: Keten
    sector: Sector


class Administratie(Bewaard):
    """
    A register as the keeper, for one administration.

    Who is known is not hashed again. What goes to a recipient is noted when the files
    of the run stand, or not at all.

    Args:
        register: The register, open.

        administratie: Which administration the lists are of, in the board's words.

        recheck: Whether to hash known persons too.

    Attributes:
        counts: How many were ``hashed``, and how many ``known``.
    """

    __slots__ = (
        "_administratie",
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
        self.counts: Counter[str] = Counter()
        self._noting = ExitStack()
        self._list: _List | None = None
        self._went: list[_Went] = []
        # Of each person key, whether what went in this list is a ketenID.
        self._gone: dict[str, bool] = {}

    def __repr__(self) -> str:
        return f"<Administratie {self._administratie}>"

    def known(self, rij: Rij) -> HPgn | Stampseudoniem | Weigerreden | None:
        """
        Return the stampseudoniem of who is known, without a hash; or why not.
        """
        if not rij.has_ketenid:
            return None
        key = key_of(rij.attributen)
        if not key:
            return RijReden.KEY
        if self._recheck:
            return None
        found = self._register.known(self._administratie, key, gegevens=rij.attributen)
        self.counts["known"] += found is not None
        return found

    def keep(self, rij: Rij, hpgn: HPgn) -> None:
        """
        Count who was hashed; a register keeps no HPgn.
        """
        _ = rij, hpgn
        self.counts["hashed"] += 1

    @contextmanager
    def together(self) -> Iterator[None]:
        """
        Keep what follows in one transaction of the register.
        """
        with self._register.together():
            yield

    def origin(self, hpgn: HPgn, *, on: date | None) -> HPgn | Weigerreden:
        """
        Return the HPgn whose stampseudoniem a person has, or why there is none.
        """
        with suppress(LinkError):
            return self._register.origin(hpgn, on=a_day("on", on))
        return LinkReden.SUBSTITUTED

    def add(
        self, rij: Rij, stam: Stampseudoniem, *, mark: str, on: date | None
    ) -> Stampseudoniem | Weigerreden:
        """
        Add who was hashed to the register; return the stampseudoniem, or why not.
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

    def begin(self, to: Bestemming, *, bron: Bron) -> None:
        """
        Begin a list for one recipient, and forget the list before.

        Raises:
            ValueError: If it is not known which recipient it is.
        """
        organisatie = expect("to", to, Bestemming).organisatie
        if organisatie is None:
            raise ValueError("organisatie: expected one, to note to whom it went")
        on = a_day("on", to.on)
        keten = expect("keten", bron.keten, Keten)
        sector = expect("sector", bron.sector, Sector)
        self._list = _List(to, organisatie, on, keten, sector)
        self._went, self._gone = [], {}

    def second(self, rij: Rij) -> Weigerreden | None:
        """
        Return why a row may not go beside what went before of the same person.

        What went in this list counts too.
        """
        begun = expect("list", self._list, _List)
        key = key_of(rij.attributen)
        if rij.has_ketenid:
            return RijReden.ANDER_ID_WENT if self._gone.get(key) is False else None
        # A recipient that can take no ketenID may still get another identifier of a
        # person who has one elsewhere; every other reason says that there is none.
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
        Remember what goes. A person without a number in the register is not noted.
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
                with suppress(PseudonymError):  # an identifier of another's making
                    self._went.append(_Went(key, Voorlopig(str(value))))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """
        Hold what `note` notes until the block ends well; else undo it.
        """
        with self._noting:
            yield

    def note(self) -> str:
        """
        Note what went, and return the head of the ledger with that.
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
