"""
What each thing gives to a thief who has it: the table of the page, as an experiment.

    python tests/security/corruption.py

prints the table. `GIVES` says, for each goal, the least sets of things that reach it.
`Spoils` tries to reach it with any set, by the library itself; the tests ask it of each
least set, and of each largest set that should fall short.
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
    Sleutelbos,
    Stampseudoniem,
    Voorlopig,
    Withdrawal,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
)
from eckid.scheme import CHEAPEST  # noqa: E402

DAY: Final = date(2026, 11, 24)
PASSPHRASE: Final = "of a test"
PEOPLE: Final = 12
NUMBERS: Final = [number(5000 + n) for n in range(PEOPLE)]
KEYS: Final = [f"{n}" for n in range(1, PEOPLE + 1)]
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
    "register",
    "key file",
    "oracle",
)
# The release that ketenIDs are compared with has a root of its own.
THINGS: Final = (*ROWS, "other release root")
_RING: Final = "ring file + passphrase file"
_BY_RELEASE: Final = (
    "stampseudoniemen + release root",
    "HPgns + stam root + release root",
    "salt + stam root + release root",
)
_BOOK: Final = "register + key file + home root"

# For each column what is reached, and by which things together.
GIVES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "reverse": {
        "HPgns": ("HPgns + salt", f"HPgns + {_RING}"),
        "stampseudoniemen": (
            "stampseudoniemen + salt + stam root",
            f"stampseudoniemen + {_RING}",
        ),
        "ketenIDs": ("oracle", "salt + stam root + release root", _RING),
        "journals": ("home root", _RING),
        "provisional identifiers": ("release root", _RING),
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
        "registers": ("home root", _RING),
    },
    "read at rest": {
        "sealed values": ("home root", _RING),
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
    lacks = {frozenset(each) for each in product(*map(things, least))}
    for each in lacks:
        if not any(other < each for other in lacks):
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
    if row in ring and all(
        ring in {things(each) - {goal} for each in least}
        for goal, least in goals.items()
    ):
        yield f"all with {' + '.join(ring - {row})}"
        return
    for goal, least in goals.items():
        # What is reversed is at hand, and who has the ring needs no more.
        ways = [
            [part for part in each.split(" + ") if part not in {row, goal}]
            for each in least
            if row in things(each) and (row in ring or not things(each) & ring)
        ]
        if ways:
            more = ", or with ".join(" + ".join(way) for way in ways)
            yield f"{goal} with {more}" if more else goal


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
    cells: list[bytes]
    journal: list[bytes]

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
                for sector, release in (("po", "2026"), ("vo", "2026"), ("po", "2027")):
                    register.sent(
                        *("las", key),
                        organisatie=A,
                        identifier=derived(stam, sector, release, ring),
                        beleid="x",
                        doel=Doel.GEBRUIK,
                        on=DAY,
                    )
        numbered = list(zip(hpgns, NUMBERS, strict=True))
        return cls(
            roots=roots,
            ring=ring,
            folder=folder,
            hpgns=hpgns,
            stams=stams,
            cells=[ring.seal(stam, about="row") for stam in stams],
            journal=[ring.seal(h, about=f"journal 00 {text}") for h, text in numbered],
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

    def _persons(self) -> Iterator[list[Stampseudoniem]]:
        """
        Yield the stampseudoniemen of all by each way the thief has.
        """
        board, has, ring = self._board, self._has, self._ring
        hashes = [hashed(text, ring) for text in NUMBERS]
        if "stampseudoniemen" in has:
            yield board.stams
        for hpgns in [hashes, *([board.hpgns] if "HPgns" in has else [])]:
            yield [derive_stampseudoniem(hpgn, sleutelbos=ring) for hpgn in hpgns]
        with suppress(EckidError):
            yield [facts[0]["stampseudoniem"] for facts in self._book()]

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

    def _made(self, *wanted: tuple[str, str]) -> Iterator[list[tuple[str, ...]]]:
        """
        Yield ketenIDs of all, of each wanted sector and release, by each way.
        """
        if "oracle" in self._has:
            columns = [self._board.ketenids(*each) for each in wanted]
            yield list(zip(*columns, strict=True))
        for stams in self._persons():
            yield [
                tuple(derived(stam, *each, self._ring).uri for each in wanted)
                for stam in stams
            ]

    def _are(self, *wanted: tuple[str, str]) -> bool:
        columns = [self._board.ketenids(*each) for each in wanted]
        true = sorted(zip(*columns, strict=True))
        return any(sorted(made) == true for made in self._made(*wanted))

    def _linked(self, *wanted: tuple[str, str]) -> bool:
        with suppress(EckidError):
            noted = [{fact.get("identifier") for fact in each} for each in self._book()]
            columns = [self._board.ketenids(*each) for each in wanted]
            pairs = zip(*columns, strict=True)
            if noted and all(any(set(p) <= each for each in noted) for p in pairs):
                return True
        return self._are(*wanted)

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
        Of each HPgn he knows the number.
        """
        made = [hashed(text, self._ring) for text in NUMBERS]
        return "HPgns" in self._has and made == self._board.hpgns

    def reverse_stams(self) -> bool:
        """
        Of each stampseudoniem he knows the number.
        """
        ring = self._ring
        made = [
            derive_stampseudoniem(hashed(t, ring), sleutelbos=ring) for t in NUMBERS
        ]
        return "stampseudoniemen" in self._has and made == self._board.stams

    def reverse_ketenids(self) -> bool:
        """
        Of each ketenID that went out he knows the number.
        """
        board, ring = self._board, self._ring
        made = []
        for text in NUMBERS:
            stam = derive_stampseudoniem(hashed(text, ring), sleutelbos=ring)
            made.append(derived(stam, "po", "2026", ring).uri)
        return "oracle" in self._has or made == board.ketenids("po")

    def reverse_journals(self) -> bool:
        """
        Of each row of a journal he knows the number, by trying them.
        """
        return all(
            any(self._opens(cell, f"journal 00 {text}") for text in NUMBERS)
            for cell in self._board.journal
        )

    def reverse_provisional(self) -> bool:
        """
        Of each provisional identifier he knows the person key, by trying them.
        """
        return self._provisional(self._ring) == self._provisional(self._board.ring)

    def link_sectors(self) -> bool:
        """
        He knows which ketenIDs of po and vo are one person's.
        """
        return self._linked(("po", "2026"), ("vo", "2026"))

    def link_releases(self) -> bool:
        """
        He knows which ketenIDs of two releases are one person's.
        """
        return self._linked(("po", "2026"), ("po", "2027"))

    def forge_ketenids(self) -> bool:
        """
        He makes the ketenIDs of mbo, none of which went out.
        """
        return self._are(("mbo", "2026"))

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

    def read_sealed(self) -> bool:
        """
        He opens every sealed value; he knows what each is about.
        """
        return all(self._opens(cell, "row") for cell in self._board.cells)

    def read_register(self) -> bool:
        """
        He reads every person in the register.
        """
        with suppress(EckidError):
            return len(self._book()) == PEOPLE
        return False

    def _opens(self, cell: bytes, about: str) -> bool:
        with suppress(EckidError):
            return bool(self._ring.unseal(cell, about=about))
        return False


GOALS: Final[Mapping[tuple[str, str], Callable[[Spoils], bool]]] = {
    ("reverse", "HPgns"): Spoils.reverse_hpgns,
    ("reverse", "stampseudoniemen"): Spoils.reverse_stams,
    ("reverse", "ketenIDs"): Spoils.reverse_ketenids,
    ("reverse", "journals"): Spoils.reverse_journals,
    ("reverse", "provisional identifiers"): Spoils.reverse_provisional,
    ("link across sectors", "ketenIDs"): Spoils.link_sectors,
    ("link across releases", "ketenIDs"): Spoils.link_releases,
    ("forge", "ketenIDs"): Spoils.forge_ketenids,
    ("forge", "provisional identifiers"): Spoils.reverse_provisional,
    ("forge", "statements"): Spoils.forge_statements,
    ("forge", "registers"): Spoils.forge_registers,
    ("read at rest", "sealed values"): Spoils.read_sealed,
    ("read at rest", "the register"): Spoils.read_register,
}

if __name__ == "__main__":
    sys.stdout.write("\n".join(drawn_table()) + "\n")
