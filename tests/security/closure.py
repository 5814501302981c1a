"""
What follows from what: the formulas of the construction, as rules over things.

The table of leaks is written down in `corruption.py`. Here each set of things is asked
what it reaches, from rules that know no cell of it, and without a ring. So all sets can
be asked: there are some sixty thousand.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

Things: TypeAlias = frozenset[str]

_BOOK: Final = "register + key file + home root"
_OPENED: Final = "sealed values + home root"
# Who opens the file of a ring has all that is in a ring, whoever gave him its halves.
_IN_A_RING: Final = "salt + stam root + release root + other release root + home root"

# Each rule: with what, and what one knows then. `x~y` says which x and y are of one
# person. A ketenID is named by sector and release; that of mbo 2026 never went out.
_RULES: Final[tuple[tuple[str, str], ...]] = (
    ("ring file + passphrase file", f"{_IN_A_RING} + seed"),
    # What is at hand.
    (_OPENED, "HPgns + stampseudoniemen"),
    ("journals + home root", "number~HPgn"),
    (_BOOK, "stampseudoniemen of the register + the register"),
    (_BOOK, "stampseudoniem~po 2026 + stampseudoniem~vo 2026"),
    (_BOOK, "stampseudoniem~po 2027"),
    ("stampseudoniemen of the register", "some stampseudoniemen"),
    ("stampseudoniemen", "some stampseudoniemen"),
    ("HPgns", "some HPgns"),
    ("number~HPgn", "some HPgns"),
    ("HPgn~stampseudoniem", "some stampseudoniemen"),
    # Down the construction.
    ("salt", "number~HPgn"),
    ("some HPgns + stam root", "HPgn~stampseudoniem"),
    ("some stampseudoniemen + release root", "stampseudoniem~po 2026"),
    ("some stampseudoniemen + release root", "stampseudoniem~vo 2026"),
    ("some stampseudoniemen + release root", "stampseudoniem~mbo 2026"),
    ("some stampseudoniemen + other release root", "stampseudoniem~po 2027"),
    ("oracle", "number~po 2026 + number~vo 2026 + number~mbo 2026 + number~po 2027"),
    # What is asked of a thief.
    ("HPgns + number=HPgn", "reverse HPgns"),
    (f"{_OPENED} + number=HPgn", "reverse HPgns"),
    ("stampseudoniemen + number=stampseudoniem", "reverse stampseudoniemen"),
    (
        "stampseudoniemen of the register + number=stampseudoniem",
        "reverse stampseudoniemen",
    ),
    ("number=po 2026", "reverse ketenIDs"),
    ("journals + home root", "reverse journals"),
    ("release root", "reverse provisional identifiers"),
    ("sleutel", "reverse tokens + forge tokens"),
    ("po 2026=vo 2026", "link across sectors ketenIDs"),
    ("po 2026=po 2027", "link across releases ketenIDs"),
    ("stampseudoniem~mbo 2026", "forge ketenIDs"),
    ("oracle", "forge ketenIDs"),
    ("release root", "forge provisional identifiers"),
    ("seed", "forge statements"),
    ("home root", "forge sealed values + forge registers"),
    ("passphrase file", "forge ring files"),
    (_OPENED, "read at rest sealed values"),
    ("the register", "read at rest the register"),
)
_KINDS: Final = ("number", "HPgn", "stampseudoniem", *("po 2026", "vo 2026"), "po 2027")


def _chains() -> Iterable[tuple[str, str]]:
    """
    Yield the rules by which two that are of one person with a third are so themselves.
    """
    pairs = [
        tuple(right.split("~"))
        for _, found in _RULES
        for right in found.split(" + ")
        if "~" in right
    ]
    for one, other in pairs:
        yield f"{one}~{other}", f"{one}={other} + {other}={one}"
    for one in _KINDS:
        for middle in _KINDS:
            for other in _KINDS:
                if len({one, middle, other}) == 3:
                    yield f"{one}={middle} + {middle}={other}", f"{one}={other}"


def _numbered() -> tuple[Mapping[str, int], list[tuple[int, int]]]:
    rules = [
        tuple(frozenset(side.split(" + ")) for side in rule)
        for rule in dict.fromkeys((*_RULES, *_chains()))
    ]
    names = sorted({name for rule in rules for side in rule for name in side})
    bits = {name: 1 << n for n, name in enumerate(names)}
    return bits, [
        (sum(bits[name] for name in needs), sum(bits[name] for name in gives))
        for needs, gives in rules
    ]


_BITS, _STEPS = _numbered()


def _closed(known: int) -> int:
    before = -1
    while known != before:
        before = known
        for needs, gives in _STEPS:
            if needs & known == needs:
                known |= gives
    return known


def reached(has: Things) -> Things:
    """
    Return all that follows from a set of things; of a goal its column and name.
    """
    known = _closed(sum(_BITS[thing] for thing in has))
    return frozenset(name for name, bit in _BITS.items() if bit & known)


def lattice(among: Sequence[str], goal: str) -> Iterator[bool]:
    """
    Yield, of each set of some things, whether it reaches a goal.

    The sets are in the order of the numbers whose bits say which things they hold.
    """
    for known in _every(tuple(among)):
        yield bool(known & _BITS[goal])


@cache
def _every(among: tuple[str, ...]) -> list[int]:
    # More things reach no less: a set begins with what it reaches without its last one.
    found = [0]
    for thing in among:
        found += [_closed(known | _BITS[thing]) for known in found]
    return found
