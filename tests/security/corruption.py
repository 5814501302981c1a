"""
What each thing gives to a thief who has it: the table of the page, as an experiment.

    python tests/security/corruption.py

prints the table. `GIVES` says, for each goal, the least sets of things that reach it.
`Spoils` tries to reach it with any set, by the library itself; the tests ask it of each
least set, of each largest set that should fall short, and of others that are drawn. Of
all sets they ask the rules of `closure.py`.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeAlias

_TESTS: Final = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(_TESTS), str(_TESTS / "support")]

from parties import number  # noqa: E402  # its folder is found above
from security.constructions import BOARD, ENDS, A, Real, Roots  # noqa: E402

from eckid import (  # noqa: E402
    BSN,
    LEERMIDDELENKETEN,
    Doel,
    EckidError,
    HPgn,
    KetenID,
    PublicKey,
    Register,
    Sector,
    Sleutel,
    Sleutelbos,
    Stampseudoniem,
    Voorlopig,
    Withdrawal,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    ketenid_token,
)
from eckid.scheme import CHEAPEST  # noqa: E402

DAY: Final = date(2026, 11, 24)
PASSPHRASE: Final = "of a test"
PEOPLE: Final = 12
NUMBERS: Final = [number(5000 + n) for n in range(PEOPLE)]
KEYS: Final = [f"{n}" for n in range(1, PEOPLE + 1)]
# The sectors and releases of ketenIDs; of the last none went out.
SENT: Final = (("po", "2026"), ("vo", "2026"), ("po", "2027"), ("mbo", "2026"))
GEGEVENS: Final = {"geboortedatum": "2015-12-24", "roepnaam": "Sem"}

Things: TypeAlias = frozenset[str]

ROWS: Final = (
    "salt",
    "HPgns",
    "stampseudoniemen",
    "stam root",
    "release root",
    "home root",
    "seed",
    "passphrase file",
    "ring file",
    "sealed values",
    "journals",
    "register",
    "key file",
    "oracle",
    "sleutel",
)
# The release that ketenIDs are compared with has a root of its own.
THINGS: Final = (*ROWS, "other release root")
_RING: Final = "ring file + passphrase file"
_BOOK: Final = "register + key file + home root"
# By what a thief has stampseudoniemen, which a release root makes ketenIDs of.
_STAMS: Final = (
    "stampseudoniemen",
    "sealed values + home root",
    "HPgns + stam root",
    "salt + stam root",
    "journals + home root + stam root",
)
_BY_RELEASE: Final = tuple(f"{each} + release root" for each in _STAMS)
_ROOTS: Final = ("release root", "other release root")

# For each column what is reached, and by which things together.
GIVES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "reverse": {
        "HPgns": (
            "HPgns + salt",
            *(f"HPgns + oracle + stam root + {each}" for each in (*_ROOTS, _BOOK)),
            "HPgns + journals + home root",
            f"HPgns + {_RING}",
            "sealed values + home root + salt",
            "sealed values + home root + journals",
            *(
                f"sealed values + home root + oracle + stam root + {each}"
                for each in _ROOTS
            ),
            f"sealed values + oracle + stam root + {_BOOK}",
            f"sealed values + {_RING}",
        ),
        "stampseudoniemen": (
            "stampseudoniemen + salt + stam root",
            "stampseudoniemen + journals + home root + stam root",
            *(f"stampseudoniemen + oracle + {each}" for each in _ROOTS),
            f"stampseudoniemen + {_RING}",
            "sealed values + home root + salt + stam root",
            "sealed values + home root + journals + stam root",
            *(f"sealed values + home root + oracle + {each}" for each in _ROOTS),
            f"sealed values + {_RING}",
            f"{_BOOK} + salt + stam root",
            f"{_BOOK} + journals + stam root",
            f"{_BOOK} + oracle",
            f"register + key file + {_RING}",
        ),
        "ketenIDs": (
            "oracle",
            "salt + stam root + release root",
            "journals + home root + stam root + release root",
            f"salt + stam root + {_BOOK}",
            f"journals + stam root + {_BOOK}",
            _RING,
        ),
        "journals": ("journals + home root", f"journals + {_RING}"),
        "provisional identifiers": ("release root", _RING),
        "tokens": ("sleutel",),
    },
    "link across sectors": {"ketenIDs": ("oracle", *_BY_RELEASE, _BOOK, _RING)},
    "link across releases": {
        "ketenIDs": (
            "oracle",
            *(f"{each} + other release root" for each in _BY_RELEASE),
            _BOOK,
            _RING,
        )
    },
    "forge": {
        "ketenIDs": ("oracle", *_BY_RELEASE, f"release root + {_BOOK}", _RING),
        "provisional identifiers": ("release root", _RING),
        "statements": ("seed", _RING),
        "sealed values": ("home root", _RING),
        "registers": ("home root", _RING),
        "ring files": ("passphrase file",),
        "tokens": ("sleutel",),
    },
    "read at rest": {
        "sealed values": ("sealed values + home root", f"sealed values + {_RING}"),
        "the register": (_BOOK, f"register + key file + {_RING}"),
    },
}


def things(text: str) -> Things:
    """
    Return the things that a text of `GIVES` joins.
    """
    return frozenset(text.split(" + "))


def shortfalls(least: Iterable[str]) -> Iterator[Things]:
    """
    Yield the largest sets of things that hold none of the least sets.

    Each lacks one thing of every least set, and no more than it must.
    """
    lacks = {frozenset[str]()}
    for way in map(things, least):
        every = {lack if lack & way else lack | {one} for lack in lacks for one in way}
        lacks = {each for each in every if not any(other < each for other in every)}
    for each in lacks:
        yield frozenset(THINGS) - each


def drawn_table() -> list[str]:
    """
    Return the lines of the table.
    """
    columns = list(GIVES)
    lines = [f"| {' | '.join(['leaked', *columns])} |", "| --- " * 6 + "|"]
    for row in ROWS:
        cells = ["; ".join(_cell(row, GIVES[column])) or "no" for column in columns]
        lines.append(f"| {' | '.join([row, *cells])} |")
    return lines


def _cell(row: str, goals: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    ring = things(_RING)
    # What the whole ring reaches, of this column: not said one by one for its halves.
    whole = [
        g for g, least in goals.items() if ring in {things(e) - {g} for e in least}
    ]
    halved = row in ring and (len(whole) > 1 or len(goals) == 1)
    for goal, least in goals.items():
        if halved and goal in whole:
            continue
        # What is reversed is at hand: where fewer things do then, they are said.
        at_hand = [things(each) - {goal} for each in least if goal in things(each)]
        ways = [
            [part for part in each.split(" + ") if part not in {row, goal}]
            for each in least
            if row in things(each)
            # A thief of the ring needs no more.
            and (row in ring or not things(each) & ring)
            # The root of the other release would serve as well, and is not said.
            and ("release root" in things(each) or "other release" not in each)
            and not any(row in fewer < things(each) - {goal} for fewer in at_hand)
        ]
        if ways:
            more = ", or with ".join(" + ".join(way) for way in ways)
            yield f"{goal} with {more}" if more else goal
    if halved:
        yield f"all with {' + '.join(ring - {row})}"


# --- The experiment ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """
    What a board has, and what went out.
    """

    roots: Roots
    ring: Sleutelbos
    folder: Path
    hpgns: list[HPgn]
    stams: list[Stampseudoniem]
    cells: Mapping[str, bytes]
    journal: list[bytes]
    sleutel: Sleutel

    @classmethod
    def of(cls, folder: Path) -> "Board":
        """
        Return a board with two releases, a register and a file of its ring.
        """
        roots = Roots.of("board")
        ring = Real(roots).ring
        hpgns = [hashed(text, ring) for text in NUMBERS]
        stams = [derive_stampseudoniem(hpgn, sleutelbos=ring) for hpgn in hpgns]
        ring.save(folder / "school.ring", passphrase=PASSPHRASE)
        with (
            Register.create(folder / "board.reg", sleutelbos=ring) as register,
            register.together(),
        ):
            for key, stam in zip(KEYS, stams, strict=True):
                register.add("las", key, stam, gegevens=GEGEVENS, on=DAY)
                for sector, release in SENT[:3]:
                    register.sent(
                        *("las", key),
                        organisatie=A,
                        identifier=derived(stam, sector, release, ring),
                        beleid="x",
                        doel=Doel.GEBRUIK,
                        on=DAY,
                    )
        numbered = list(zip(hpgns, NUMBERS, strict=True))
        # Each about a row of its own, which says nothing of whose the others are.
        kept = {f"row {n}": value for n, value in enumerate((*hpgns, *stams))}
        return cls(
            roots=roots,
            ring=ring,
            folder=folder,
            hpgns=hpgns,
            stams=stams,
            cells={row: ring.seal(value, about=row) for row, value in kept.items()},
            journal=[ring.seal(h, about=f"journal 00 {text}") for h, text in numbered],
            sleutel=Sleutel(roots.seed[::-1]),
        )

    def ketenids(self, sector: str, release: str = "2026") -> list[str]:
        """
        Return the ketenIDs of all, as they are.
        """
        return [derived(s, sector, release, self.ring).uri for s in self.stams]


def hashed(text: str, ring: Sleutelbos) -> HPgn:
    """
    Return the HPgn of a number under the salt of a ring.
    """
    return hash_pgn(BSN(text), salt=ring.salt, scheme=CHEAPEST)


def derived(
    stam: Stampseudoniem, sector: str, release: str, ring: Sleutelbos
) -> KetenID:
    """
    Return the ketenID of a stampseudoniem.
    """
    return derive_ketenid(
        stam,
        keten=LEERMIDDELENKETEN,
        sector=Sector(sector),
        sleutelbos=ring,
        release=release,
    )


class Names:
    """
    Identifiers, of which some are known to be one person's.
    """

    def __init__(self) -> None:
        self._same: dict[str, str] = {}

    @property
    def met(self) -> set[str]:
        """
        The identifiers that were joined with any.
        """
        return set(self._same)

    def of(self, one: str) -> str:
        """
        Return the identifier that stands for the person of one.
        """
        while one in self._same and self._same[one] != one:
            one = self._same[one]
        return one

    def join(self, one: str, *others: str) -> None:
        """
        Note that these are of one person.
        """
        for each in (one, *others):
            self._same.setdefault(each, each)
            self._same[self.of(each)] = self.of(one)


class Spoils:
    """
    A thief with some things, who draws what he lacks, and knows all numbers.
    """

    def __init__(self, board: Board, has: Things) -> None:
        self._board = board
        self._has = has
        self._ring = self._best_ring()

    def _best_ring(self) -> Sleutelbos:
        board, has = self._board, self._has
        if things(_RING) <= has:
            path = board.folder / "school.ring"
            return Sleutelbos.load(path, passphrase=PASSPHRASE)
        own, true = Roots.of("thief"), board.roots
        releases = {
            name: (true if thing in has else own).releases[name]
            for name, thing in (
                ("2026", "release root"),
                ("2027", "other release root"),
            )
        }
        roots = Roots(
            salt=(true if "salt" in has else own).salt,
            stam=(true if "stam root" in has else own).stam,
            home=(true if "home root" in has else own).home,
            seed=(true if "seed" in has else own).seed,
            releases=releases,
        )
        return Real(roots).ring

    def _book(self) -> list[list[dict[str, Any]]]:
        """
        Return what the register has of each person.

        Raises:
            eckid.errors.RegisterError: If the thief cannot open it.
        """
        if not {"register", "key file"} <= self._has:
            return []
        path = self._board.folder / "board.reg"
        with Register.open(path, sleutelbos=self._ring) as register:
            return [register.inzage("las", key) for key in KEYS]

    def _opened(self) -> tuple[list[HPgn], list[Stampseudoniem]]:
        """
        Return what he has of both kinds, in clear or in a sealed value that he opens.
        """
        board, has = self._board, self._has
        hpgns = list(board.hpgns) if "HPgns" in has else []
        stams = list(board.stams) if "stampseudoniemen" in has else []
        for about, cell in board.cells.items() if "sealed values" in has else ():
            with suppress(EckidError):
                value = self._ring.unseal(cell, about=about)
                if isinstance(value, HPgn):
                    hpgns.append(value)
                if isinstance(value, Stampseudoniem):
                    stams.append(value)
        return hpgns, stams

    def _numbered(self) -> Iterator[tuple[str, HPgn]]:
        """
        Yield what the rows of a journal say of each number, by trying them.
        """
        cells = self._board.journal if "journals" in self._has else []
        for cell, text in product(cells, NUMBERS):
            with suppress(EckidError):
                value = self._ring.unseal(cell, about=f"journal 00 {text}", kind=HPgn)
                yield text, value

    def _known(self) -> Names:
        """
        Return each identifier that he has or can make, joined with its person's others.

        He begins with all numbers, and with what leaked; goes on from number to HPgn,
        stampseudoniem and ketenIDs under the roots that he has; asks the oracle; and
        reads the journal and the register.
        """
        board, has, ring = self._board, self._has, self._ring
        names = Names()
        hpgns, stams = self._opened()
        for text, hpgn in self._numbered():
            hpgns.append(hpgn)
            names.join(text, hpgn.expose())
        for text in NUMBERS:
            hpgns.append(hashed(text, ring))
            names.join(text, hpgns[-1].expose())
        for hpgn in hpgns:
            stams.append(derive_stampseudoniem(hpgn, sleutelbos=ring))
            names.join(hpgn.expose(), stams[-1].expose())
        with suppress(EckidError):
            for facts in self._book():
                stams.append(facts[0]["stampseudoniem"])
                sent = (fact["identifier"] for fact in facts if "identifier" in fact)
                names.join(stams[-1].expose(), *sent)
        for stam in stams:
            names.join(
                stam.expose(), *(derived(stam, *each, ring).uri for each in SENT)
            )
        if "oracle" in has:
            for each in SENT:
                for text, uri in zip(NUMBERS, board.ketenids(*each), strict=True):
                    names.join(text, uri)
        return names

    def _join(self, *columns: list[str]) -> bool:
        """
        Return whether he knows, of every person, that these are one person's.
        """
        names = self._known()
        return all(
            len({names.of(one) for one in person}) == 1
            for person in zip(*columns, strict=True)
        )

    def _provisional(self, ring: Sleutelbos) -> list[str]:
        return [
            Voorlopig.derive(
                key,
                administratie="las",
                bestuur=BOARD,
                organisatie=A,
                tot=ENDS,
                sleutelbos=ring,
                release="2026",
            ).uri
            for key in KEYS
        ]

    def reverse_hpgns(self) -> bool:
        """
        Of each HPgn that he has he knows the number.
        """
        hpgns, _ = self._opened()
        rows = [hpgn.expose() for hpgn in self._board.hpgns]
        return bool(hpgns) and self._join(rows, NUMBERS)

    def reverse_stams(self) -> bool:
        """
        Of each stampseudoniem that he has he knows the number.
        """
        _, stams = self._opened()
        rows = [stam.expose() for stam in self._board.stams]
        return bool(stams or self.read_register()) and self._join(rows, NUMBERS)

    def reverse_ketenids(self) -> bool:
        """
        Of each ketenID that went out he knows the number.
        """
        return self._join(self._board.ketenids("po"), NUMBERS)

    def reverse_journals(self) -> bool:
        """
        Of each row of a journal he knows the number.
        """
        return len(list(self._numbered())) == PEOPLE

    def reverse_tokens(self) -> bool:
        """
        Of each token he knows the ketenID, by trying those that went out.
        """
        board = self._board
        own = board.sleutel if "sleutel" in self._has else Sleutel(bytes(32))
        ketenids = [KetenID.parse(uri) for uri in board.ketenids("po")]
        kept, tried = (
            [ketenid_token(ketenid, sleutel=sleutel) for ketenid in ketenids]
            for sleutel in (board.sleutel, own)
        )
        return kept == tried

    def reverse_provisional(self) -> bool:
        """
        Of each provisional identifier he knows the person key, by trying them.
        """
        return self._provisional(self._ring) == self._provisional(self._board.ring)

    def link_sectors(self) -> bool:
        """
        He knows which ketenIDs of po and vo are one person's.
        """
        return self._join(self._board.ketenids("po"), self._board.ketenids("vo"))

    def link_releases(self) -> bool:
        """
        He knows which ketenIDs of two releases are one person's.
        """
        board = self._board
        return self._join(board.ketenids("po"), board.ketenids("po", "2027"))

    def forge_ketenids(self) -> bool:
        """
        He makes the ketenIDs of mbo, none of which went out.
        """
        return set(self._board.ketenids("mbo")) <= self._known().met

    def forge_statements(self) -> bool:
        """
        He signs a withdrawal that the recipient takes.
        """
        key = PublicKey(self._board.ring.public_key, BOARD, DAY)
        gone = KetenID.parse(
            self._board.ketenids("po")[0], keten=LEERMIDDELENKETEN, sector=Sector.PO
        )
        token = Withdrawal.issue(gone, organisatie=A, issued=DAY, sleutelbos=self._ring)
        with suppress(EckidError):
            Withdrawal.verify(token, organisatie=A, on=DAY, keys={key.kid: key})
            return True
        return False

    def forge_registers(self) -> bool:
        """
        He writes a register that the board opens and verifies as its own.
        """
        path = Path(tempfile.mkdtemp(dir=self._board.folder), "forged.reg")
        stam = self._board.stams[0]
        with Register.create(path, sleutelbos=self._ring) as register:
            register.add("las", "99", stam, gegevens=GEGEVENS, on=DAY)
        with (
            suppress(EckidError),
            Register.open(path, sleutelbos=self._board.ring) as register,
        ):
            return register.verify().length > 0
        return False

    def forge_sealed(self) -> bool:
        """
        He seals a value that the board opens as its own.
        """
        cell = self._ring.seal(self._board.stams[0], about="another row")
        with suppress(EckidError):
            return bool(self._board.ring.unseal(cell, about="another row"))
        return False

    def forge_ring_files(self) -> bool:
        """
        He writes a file of a ring that opens with the board's passphrase.
        """
        path = Path(tempfile.mkdtemp(dir=self._board.folder), "forged.ring")
        knows = "passphrase file" in self._has
        self._ring.save(path, passphrase=PASSPHRASE if knows else "of a thief")
        with suppress(EckidError):
            return bool(Sleutelbos.load(path, passphrase=PASSPHRASE).releases)
        return False

    def read_sealed(self) -> bool:
        """
        He opens every sealed value; he knows what each is about.
        """
        clear = PEOPLE * len(self._has & {"HPgns", "stampseudoniemen"})
        hpgns, stams = self._opened()
        return len(hpgns) + len(stams) == clear + len(self._board.cells)

    def read_register(self) -> bool:
        """
        He reads every person in the register.
        """
        with suppress(EckidError):
            return len(self._book()) == PEOPLE
        return False


GOALS: Final[Mapping[tuple[str, str], Callable[[Spoils], bool]]] = {
    ("reverse", "HPgns"): Spoils.reverse_hpgns,
    ("reverse", "stampseudoniemen"): Spoils.reverse_stams,
    ("reverse", "ketenIDs"): Spoils.reverse_ketenids,
    ("reverse", "journals"): Spoils.reverse_journals,
    ("reverse", "provisional identifiers"): Spoils.reverse_provisional,
    ("reverse", "tokens"): Spoils.reverse_tokens,
    ("link across sectors", "ketenIDs"): Spoils.link_sectors,
    ("link across releases", "ketenIDs"): Spoils.link_releases,
    ("forge", "ketenIDs"): Spoils.forge_ketenids,
    ("forge", "provisional identifiers"): Spoils.reverse_provisional,
    ("forge", "statements"): Spoils.forge_statements,
    ("forge", "sealed values"): Spoils.forge_sealed,
    ("forge", "registers"): Spoils.forge_registers,
    ("forge", "ring files"): Spoils.forge_ring_files,
    ("forge", "tokens"): Spoils.reverse_tokens,
    ("read at rest", "sealed values"): Spoils.read_sealed,
    ("read at rest", "the register"): Spoils.read_register,
}

if __name__ == "__main__":
    sys.stdout.write("\n".join(drawn_table()) + "\n")
