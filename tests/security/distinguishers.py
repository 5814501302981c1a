"""
What would tell a construction from a random function, each with its error rate.

`observe` asks a construction about 128 persons and writes down what it saw. A
distinguisher takes that and returns the logarithm, to base 2, of a bound on a chance:
the chance that a random function shows something as odd as this, or odder. It alarms
at a level if it returns less. So it alarms wrongly at most as often as the level says,
whatever the level is, and at every size of the sample. No bound is asymptotic:

- Counts of independent events of one chance are binomial, and `tail` sums that tail.
- Of many counts the oddest is looked at, and its chance times their number is the
  bound (Bonferroni); the counts need not be independent of each other.
- The counts of bytes are judged by their relative entropy, the statistic of a
  likelihood-ratio chi-square, with R. Agrawal's bound (IEEE Transactions on
  Information Theory 66, 2020, theorem I.2).
- What may never be (a result that depends on the order) has chance 0.

The fifteen together alarm wrongly on at most one seed in 2^40, at `LEVEL` each. They
see a mistake in what is put together, and not a weak primitive: SHA-512 of a key and a
message passes them all.
"""

import base64
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from parties import number
from security.constructions import NAMESPACE, NEW, OLD, At, Construction, Roots, drawn

from eckid.scheme import NUMMERVOORZIENING

Octets: TypeAlias = NDArray[np.uint8]
Make: TypeAlias = Callable[[Roots], Construction]

PERSONS: Final = 128
MESSAGES: Final = 64
# Where numbers begin that are not issued; there are some 9,000 of them.
_NUMBERS: Final = 8_000
# Views of one person between which nothing may be equal.
_APART: Final = (
    *combinations(("po", "vo", "mbo", "keten", "release", "ring", "scheme"), 2),
    ("po", "stam"),
    ("stam", "stam ring"),
    ("stam", "stam scheme"),
    ("po", "hpgn"),
    ("stam", "hpgn"),
)
_KETENIDS: Final = ("po", "vo", "mbo", "keten", "release", "ring", "scheme")
_STAMS: Final = ("stam", "stam ring", "stam scheme")


@dataclass(frozen=True, slots=True)
class World:
    """
    What was seen of a construction.

    Attributes:
        numbers: The numbers of the persons, each the next that passes the elfproef.
        views: Identifiers of each person, a row for each: ketenIDs by what differs from
            those of `po`, stampseudoniemen, HPgns.
        flipped: Of the first person, in the view that is named, with one thing turned:
            each bit of the HPgn, each bit of the stampseudoniem, each digit of the
            keten, a bit of each byte of the stam root or the release root.
        salted: The HPgns of the first person under the salt with each bit turned.
        uses: What each key makes of each of some messages.
        same: Pairs that must be equal, by the distinguisher that asks so.
        other: Pairs that may not be equal.
    """

    numbers: NDArray[np.int64]
    views: Mapping[str, Octets]
    flipped: Mapping[str, tuple[str, Octets]]
    salted: Octets
    uses: Mapping[str, Octets]
    same: Mapping[str, list[tuple[Any, Any]]]
    other: Mapping[str, list[tuple[Any, Any]]]


def observe(make: Make, seed: int) -> World:
    """
    Ask the construction that *make* makes of roots; the seed draws roots and persons.
    """
    roots = Roots.of(seed)
    ours, others = make(roots), make(_with(Roots.of(seed, "other"), salt=roots.salt))
    start = int.from_bytes(drawn(seed, "start", size=8), "big") % _NUMBERS
    numbers = [number(start + n) for n in range(PERSONS)]
    hpgns = [ours.hpgn(text, roots.salt) for text in numbers]
    keten, another = (_uuid(seed, name) for name in ("one", "two"))
    po = At(keten, "po", OLD)
    national = NUMMERVOORZIENING.value
    views = {
        "po": ours.ketenids(hpgns, po),
        "vo": ours.ketenids(hpgns, po._replace(sector="vo")),
        "mbo": ours.ketenids(hpgns, po._replace(sector="mbo")),
        "keten": ours.ketenids(hpgns, po._replace(keten=another)),
        "release": ours.ketenids(hpgns, po._replace(release=NEW)),
        "ring": others.ketenids(hpgns, po),
        "scheme": [ours.ketenid(hpgn, po, national) for hpgn in hpgns],
        "stam": [ours.stam(hpgn) for hpgn in hpgns],
        "stam ring": [others.stam(hpgn) for hpgn in hpgns],
        "stam scheme": [ours.stam(hpgn, national) for hpgn in hpgns],
        "hpgn": hpgns,
    }
    messages = [drawn(seed, "message", n) for n in range(MESSAGES)]
    made = [ours.uses(message) for message in messages]
    return World(
        numbers=np.array([int(text) for text in numbers]),
        views={name: _octets(rows) for name, rows in views.items()},
        flipped={
            name: (view, _octets(list(rows)))
            for name, view, rows in _flips(make, roots, po, hpgns[0])
        },
        salted=_octets(
            [ours.hpgn(numbers[0], salt) for salt in _salts(roots.salt)],
        ),
        uses={use: _octets([each[use] for each in made]) for use in made[0]},
        same={
            "order": list(_orders(ours, hpgns, po, views["po"])),
            "rotation": [
                (make(roots.rotated()).stam(hpgn), stam)
                for hpgn, stam in zip(hpgns, views["stam"], strict=True)
            ],
        },
        other={"splits": list(_splits(make, roots, po, hpgns[0]))},
    )


def _flips(
    make: Make, roots: Roots, at: At, hpgn: bytes
) -> Iterable[tuple[str, str, Iterable[bytes]]]:
    """
    Yield what was turned, the view that it is beside, and what came out.
    """
    ours = make(roots)
    stam = ours.stam(hpgn)
    yield "hpgn", "po", (ours.ketenid(one, at) for one in _turned(hpgn))
    yield "hpgn, stam", "stam", (ours.stam(one) for one in _turned(hpgn))
    yield "stam", "po", (ours.of_stam(one, at) for one in _turned(stam))
    yield "keten", "po", (ours.ketenid(hpgn, near) for near in _near(at))
    stems = (_with(roots, stam=one) for one in _turned(roots.stam, step=8))
    yield "stam root", "stam", (make(one).stam(hpgn) for one in stems)
    releases = (
        _with(roots, releases={**roots.releases, at.release: one})
        for one in _turned(roots.releases[at.release], step=8)
    )
    yield "release root", "po", (make(one).of_stam(stam, at) for one in releases)


def _near(at: At) -> Iterable[At]:
    """
    Yield the same with each digit of the keten one higher.
    """
    for place, digit in enumerate(at.keten):
        if digit != "-":
            higher = f"{(int(digit, 16) + 1) % 16:x}"
            yield at._replace(keten=at.keten[:place] + higher + at.keten[place + 1 :])


def _orders(
    ours: Construction, hpgns: list[bytes], at: At, made: list[bytes]
) -> Iterable[tuple[object, object]]:
    """
    Yield results that do not depend on what was derived before, or beside it.
    """
    yield ours.ketenids(hpgns, at), made
    yield ours.ketenids(hpgns[::-1], at)[::-1], made
    yield ours.ketenids(hpgns[5:9], at), made[5:9]
    yield [ours.ketenid(hpgn, at) for hpgn in hpgns], made


def _splits(
    make: Make, roots: Roots, at: At, hpgn: bytes
) -> Iterable[tuple[object, object]]:
    """
    Yield results of inputs that give one text when they are joined without lengths.
    """
    ours = make(roots)
    yield ours.voorlopig("las-1", "23"), ours.voorlopig("las-12", "3")
    root = roots.releases[OLD]
    stam = ours.stam(hpgn)
    made = []
    # A root of its own is a new ring's; here it is one, so that only the names differ.
    for namespace, release in (
        (NAMESPACE, "2026"),
        (f"{NAMESPACE}2", "026"),
        (f"{NAMESPACE}2", "2026"),
        (NAMESPACE, "2025"),
        (NAMESPACE, "1026"),
        (NAMESPACE, "202"),
    ):
        near = make(_with(roots, namespace=namespace, releases={release: root}))
        made.append(near.of_stam(stam, at._replace(release=release)))
    yield from combinations(made, 2)
    words = drawn(roots.stam.hex(), "words", size=64)
    for cut, end in combinations(range(0, 64, 9), 2):
        yield (
            ours.joined(b"label", words[:cut], words[cut:], hpgn),
            ours.joined(b"label", words[:end], words[end:], hpgn),
        )


def _with(roots: Roots, **other: Any) -> Roots:  # noqa: ANN401  # any field
    fields = {name: getattr(roots, name) for name in Roots.__dataclass_fields__}
    return Roots(**fields | other)


def _uuid(*seed: object) -> str:
    text = drawn(*seed, size=16).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _turned(octets: bytes, step: int = 1) -> Iterable[bytes]:
    whole = int.from_bytes(octets, "big")
    for place in range(0, 8 * len(octets), step):
        yield (whole ^ 1 << place).to_bytes(len(octets), "big")


def _salts(salt: str) -> Iterable[str]:
    for octets in _turned(base64.b64decode(salt)):
        yield base64.b64encode(octets).decode("ascii")


def _octets(rows: list[bytes]) -> Octets:
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)


# --- Chances -------------------------------------------------------------------------


def tail(n: int, least: int, chance: float) -> float:
    """
    Return log2 of the chance that *least* or more of *n* independent events happen.

    Below the mean it returns 0, which is a bound. Above it, it sums the tail: each term
    is the one before times a ratio that falls, so that the rest is at most a geometric
    series.

    >>> round(2 ** tail(4, 3, 0.5) * 16)
    5
    """
    if least <= n * chance:
        return 0.0
    if least > n:
        return -math.inf
    first = math.lgamma(n + 1) - math.lgamma(least + 1) - math.lgamma(n - least + 1)
    first += least * math.log(chance) + (n - least) * math.log1p(-chance)
    term = total = 1.0
    for k in range(least, n):
        term *= (n - k) / (k + 1) * chance / (1 - chance)
        total += term
        if term < total * 1e-15:
            break
    return min(0.0, (first + math.log(total)) / math.log(2))


def _oddest(*groups: tuple[int, float]) -> float:
    """
    Return the bound for the oddest of several groups of counts.

    Each group is how many counts it has, and log2 of the chance of its oddest one.
    """
    many = sum(size for size, _ in groups)
    return min(0.0, math.log2(many) + min(chance for _, chance in groups))


def _most(counts: NDArray[Any], n: int, chance: float) -> tuple[int, float]:
    """
    Return the group of counts that may be too high.
    """
    return counts.size, tail(n, int(counts.max()), chance)


def _halves(counts: NDArray[Any], n: int) -> tuple[int, float]:
    """
    Return the group of counts of even chances, which may be too high or too low.
    """
    far = int(np.maximum(counts, n - counts).max())
    return 2 * counts.size, tail(n, far, 0.5)


def _pieces(rows: Octets) -> NDArray[np.uint16]:
    """
    Return every 16 bits that begin at a byte, big-endian.
    """
    wide = rows.astype(np.uint16)
    return (wide[:, :-1] << 8 | wide[:, 1:]).astype(np.uint16)


def _bits(rows: Octets) -> NDArray[np.uint8]:
    return np.unpackbits(rows, axis=1)


_PIECE: Final = 2.0**-16


def _equal(one: Octets, other: Octets) -> tuple[int, float]:
    """
    Return the group of: a piece of one row equals a piece of the other's.

    A count for each two places. For each row the chance is 2^-16 and independent of the
    rows before, because one of the two is then still to be drawn.
    """
    a, b = _pieces(one), _pieces(other)
    counts = np.stack(
        [(a[:, place, None] == b).sum(axis=0) for place in range(a.shape[1])]
    )
    return _most(counts, len(a), _PIECE)


# --- The distinguishers -------------------------------------------------------------


def words(world: World) -> float:
    """
    Any 16 bits of a person's identifier stand in another identifier of that person.

    Between sectors, ketens, releases, rings, schemes and levels, at the same place or
    any two places.
    """
    views = world.views
    return _oddest(*(_equal(views[one], views[other]) for one, other in _APART))


def inside(world: World) -> float:
    """
    Any 16 bits stand twice in one identifier.
    """
    groups = []
    for names in (_KETENIDS, _STAMS):
        rows = _pieces(np.concatenate([world.views[name] for name in names]))
        counts = [
            (rows[:, place, None] == rows[:, place + 1 :]).sum(axis=0)
            for place in range(rows.shape[1] - 1)
        ]
        groups.append(_most(np.concatenate(counts), len(rows), _PIECE))
    return _oddest(*groups)


def neighbours(world: World) -> float:
    """
    Any 16 bits of an identifier stand in that of the person with the next number.
    """
    rows = (world.views[name] for name in ("po", "stam", "hpgn"))
    return _oddest(*(_equal(each[:-1], each[1:]) for each in rows))


def steps(world: World) -> float:
    """
    From one number to the next, any 16 bits grow by the same amount twice.
    """
    groups = []
    for name in ("po", "stam", "hpgn"):
        rows = world.views[name]
        for each in (rows, rows[:, ::-1]):  # big-endian, and little-endian
            grown = np.diff(_pieces(each), axis=0)
            counts = (grown[1:] == grown[:-1]).sum(axis=0)
            groups.append(_most(counts, len(grown) - 1, _PIECE))
    return _oddest(*groups)


def differences(world: World) -> float:
    """
    Two persons differ (XOR) in any 16 bits in one view as they do in another.
    """
    differ = {name: rows[1:] ^ rows[:-1] for name, rows in world.views.items()}
    pairs = [(one, other) for one, other in _APART if one in {"po", "stam"}]
    return _oddest(*(_equal(differ[one], differ[other]) for one, other in pairs))


def bias(world: World) -> float:
    """
    A bit is more often one than zero, or less often.
    """
    groups = []
    for names in (_KETENIDS, _STAMS, ("hpgn",)):
        rows = np.concatenate([world.views[name] for name in names])
        groups.append(_halves(_bits(rows).sum(axis=0, dtype=int), len(rows)))
    return _oddest(*groups)


def distance(world: World) -> float:
    """
    Two identifiers are too near or too far (Hamming).

    Of a person, of all persons, or of all persons in one bit.
    """
    groups = []
    for one, other in _APART:
        a, b = world.views[one], world.views[other]
        if a.shape == b.shape:
            apart = _bits(a ^ b)
            every = apart.sum(axis=1, dtype=int)
            groups.append(_halves(every, apart.shape[1]))
            groups.append(_halves(np.array([every.sum()]), apart.size))
            groups.append(_halves(apart.sum(axis=0, dtype=int), len(apart)))
    return _oddest(*groups)


def avalanche(world: World) -> float:
    """
    A neighbour in number, HPgn, keten or root does not turn half of the bits.
    """
    groups = []
    for view, rows in world.flipped.values():
        apart = _bits(rows ^ world.views[view][:1])
        groups.append(_halves(apart.sum(axis=1, dtype=int), apart.shape[1]))
        groups.append(_halves(apart.sum(axis=0, dtype=int), apart.shape[0]))
    for name in ("po", "stam", "hpgn"):
        rows = world.views[name]
        apart = _bits(rows[1:] ^ rows[:-1])
        groups.append(_halves(apart.sum(axis=1, dtype=int), apart.shape[1]))
        groups.append(_halves(apart.sum(axis=0, dtype=int), apart.shape[0]))
    return _oddest(*groups)


def octets(world: World) -> float:
    """
    Some bytes come more often than others (chi-square, by its likelihood ratio).
    """
    groups = []
    for names in (_KETENIDS, _STAMS, ("hpgn",)):
        every = np.concatenate([world.views[name].ravel() for name in names])
        seen = np.bincount(every, minlength=256)
        seen = seen[seen > 0]
        entropy = float((seen * np.log(seen * 256 / every.size)).sum())
        bound = 0.0
        if entropy > 255:
            bound = (255 * (1 + math.log(entropy / 255)) - entropy) / math.log(2)
        groups.append((1, bound))
    return _oddest(*groups)


def leak(world: World) -> float:
    """
    A bit of HPgn, number or identifier goes with a bit of another identifier.

    Of any two bits, at any two places.
    """
    low = world.numbers[:, None] >> np.arange(12) & 1
    known = np.concatenate([low, _bits(world.views["hpgn"])], axis=1)
    signs = {name: _signs(_bits(rows)) for name, rows in world.views.items()}
    signs["known"] = _signs(known)
    pairs = (
        *(("known", name) for name in ("po", "vo", "stam")),
        *(("po", name) for name in ("vo", "keten", "release", "ring", "stam")),
    )
    groups = []
    for one, other in pairs:
        # How many more persons have two bits alike than have them unlike, or fewer.
        more = signs[one].T @ signs[other]
        far = (PERSONS + int(max(more.max(), -more.min()))) // 2
        groups.append((2 * more.size, tail(PERSONS, far, 0.5)))
    return _oddest(*groups)


def _signs(bits: NDArray[Any]) -> NDArray[np.float32]:
    return (1 - 2 * bits.astype(np.float32)).astype(np.float32)


def salt(world: World) -> float:
    """
    A bit of the salt does not turn half of the bits of an HPgn.
    """
    apart = _bits(world.salted ^ world.views["hpgn"][:1])
    return _oddest(
        _halves(apart.sum(axis=1, dtype=int), apart.shape[1]),
        _halves(apart.sum(axis=0, dtype=int), apart.shape[0]),
    )


def labels(world: World) -> float:
    """
    Two keys of one ring make the same 16 bits of one message.
    """
    groups = []
    for one, other in combinations(world.uses.values(), 2):
        width = min(one.shape[1], other.shape[1])
        counts = (_pieces(one)[:, : width - 1] == _pieces(other)[:, : width - 1]).sum(0)
        groups.append(_most(counts, len(one), _PIECE))
    return _oddest(*groups)


def order(world: World) -> float:
    """
    A result depends on what was derived before it, or beside it.
    """
    return _never(any(one != other for one, other in world.same["order"]))


def rotation(world: World) -> float:
    """
    A rotation changes a stampseudoniem.
    """
    return _never(any(one != other for one, other in world.same["rotation"]))


def splits(world: World) -> float:
    """
    Other parts give the same bytes.
    """
    return _never(any(one == other for one, other in world.other["splits"]))


def _never(seen: bool) -> float:  # noqa: FBT001  # what was seen
    return -math.inf if seen else 0.0


DISTINGUISHERS: Final[Mapping[str, Callable[[World], float]]] = {
    "words": words,
    "inside": inside,
    "neighbours": neighbours,
    "steps": steps,
    "differences": differences,
    "bias": bias,
    "distance": distance,
    "avalanche": avalanche,
    "bytes": octets,
    "leak": leak,
    "salt": salt,
    "labels": labels,
    "order": order,
    "rotation": rotation,
    "splits": splits,
}
# log2 of how often a whole run may alarm wrongly, and each distinguisher of it.
RUN: Final = -40.0
LEVEL: Final = RUN - math.log2(len(DISTINGUISHERS))


def alarms(world: World, level: float = LEVEL) -> list[str]:
    """
    Return the names of the distinguishers that alarm at a level.
    """
    return [name for name, of in DISTINGUISHERS.items() if of(world) <= level]


# --- What is random -------------------------------------------------------------------


def ideal(seed: int) -> World:
    """
    Return what is seen of a random function, for the rate of false alarms.
    """
    draw = np.random.Generator(np.random.PCG64(seed))

    def rows(many: int, wide: int) -> Octets:
        return draw.integers(0, 256, (many, wide), np.uint8)

    wide = {"hpgn": 32}
    names = (*_KETENIDS, *_STAMS, "hpgn")
    start = int(draw.integers(0, _NUMBERS))
    return World(
        numbers=np.array([int(number(start + n)) for n in range(PERSONS)]),
        views={name: rows(PERSONS, wide.get(name, 64)) for name in names},
        flipped={
            f"{n}": (view, rows(many, 64))
            for n, (view, many) in enumerate(
                [("po", 256), ("stam", 256), ("po", 512), ("po", 32), ("stam", 32)]
            )
        },
        salted=rows(192, 32),
        uses={
            use: rows(MESSAGES, size)
            for use, size in (("a", 64), ("b", 64), ("c", 32), ("d", 48))
        },
        same={"order": [], "rotation": []},
        other={"splits": []},
    )
