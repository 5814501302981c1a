"""
What an attacker makes of what he has: a dictionary, and guesses where it finds nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from parties import number
from security.constructions import At, Real, Roots, drawn
from security.distinguishers import Octets

from eckid import LEERMIDDELENKETEN

PEOPLE: Final = 2000
NUMBERS: Final = tuple(number(n) for n in range(PEOPLE))
PO: Final = At(LEERMIDDELENKETEN.id, "po", "2026")
# So many of 2,000 are found by luck with a chance below 2^-61: the chance of k right
# guesses or more is at most 1/k!, whether each is made by itself or all are a pairing.
LUCK: Final = 20
_HEX: Final = re.compile(rb"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){32,}")
_DIGITS: Final = re.compile(rb"(?<!\d)\d{9}(?!\d)")


def lacking(roots: Roots, *names: str) -> Roots:
    """
    Return what an attacker has who lacks some roots: he draws his own in their place.
    """
    own = Roots.of("attacker", roots.stam.hex())
    changes: dict[str, Any] = {}
    for name in names:
        if name in {"salt", "stam", "home", "seed"}:
            changes[name] = getattr(own, name)
        else:
            kept = changes.get("releases", roots.releases)
            changes["releases"] = {**kept, name: drawn("attacker", name)}
    return replace(roots, **changes)


class Made(NamedTuple):
    """
    The identifiers of some numbers, a row for each.
    """

    hpgn: Octets
    stam: Octets
    ketenid: Octets


@cache
def dictionary(roots: Roots, numbers: tuple[str, ...] = NUMBERS, at: At = PO) -> Made:
    """
    Return the identifiers of numbers, as they are made under roots.
    """
    ring = Real(roots)
    hpgns = [ring.hpgn(text, roots.salt) for text in numbers]
    return Made(
        _rows(hpgns),
        _rows([ring.stam(h) for h in hpgns]),
        _rows(ring.ketenids(hpgns, at)),
    )


def _rows(octets: list[bytes]) -> Octets:
    return np.frombuffer(b"".join(octets), np.uint8).reshape(len(octets), -1)


def right(targets: Octets, candidates: Octets) -> Mapping[str, int]:
    """
    Return how many targets each way of guessing gives its own candidate.

    Row n of both is the same person; no guess makes use of that. Targets come in the
    order of their octets, as a release has them.

    - exact: the candidate that is equal;
    - nearest, farthest: the candidate that has the most bits in common, or the fewest;
    - rank: the candidate that is as far in the order of candidates;
    - place: the candidate that is as far in the order of the numbers.
    """
    order = np.lexsort(targets.T[::-1])
    targets = targets[order]
    known = {row.tobytes(): n for n, row in enumerate(candidates)}
    signs = [
        1.0 - 2 * np.unpackbits(rows, axis=1).astype(np.float32)
        for rows in (targets, candidates)
    ]
    alike = signs[0] @ signs[1].T
    ranked = np.lexsort(candidates.T[::-1])
    guesses: Mapping[str, Any] = {
        "exact": np.array([known.get(row.tobytes(), -1) for row in targets]),
        "nearest": alike.argmax(axis=1),
        "farthest": alike.argmin(axis=1),
        "rank": ranked,
        "place": np.arange(len(targets)),
    }
    return {name: int((guess == order).sum()) for name, guess in guesses.items()}


def recovered(content: bytes, roots: Roots, at: At = PO) -> set[str]:
    """
    Return the numbers of which anything that *roots* make stands in some octets.

    That is the number itself, or HPgn, stampseudoniem or ketenID, as octets or in hex.
    """
    digits = {text.decode() for text in _DIGITS.findall(content)}
    tokens = {text.lower() for text in _HEX.findall(content)}
    made = dictionary(roots, at=at)
    found = digits & set(NUMBERS)
    for text, *rows in zip(NUMBERS, *made, strict=True):
        forms = [row.tobytes() for row in rows]
        if any(form.hex().encode() in tokens or form in content for form in forms):
            found.add(text)
    return found
