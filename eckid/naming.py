"""
The shortest name that is unambiguous inside a group.

A person whose roepnaam nobody else in the group has goes by it alone. Others get as
many letters of the surname as tell them apart; if that is not enough, the whole
surname; then its voorvoegsel too; and at last a number.

    Sanne        nobody else has this roepnaam
    Sanne V.     letters of the surname, and a dot where it goes on
    Sanne Berg   the whole surname, beside a Bergman
    Sanne de Wit the voorvoegsel too, beside another Wit
    Sanne (2)    the same in everything: numbered in the order of the identifiers

Names are compared without regard to case and to marks on letters, and shown as they are
written. The IJ is one letter.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, pairwise, takewhile
from typing import Final, NamedTuple, TypeAlias

from eckid._core.bounds import CELL, MARKS, piles_marks
from eckid._core.values import expect
from eckid.errors import IdentifierError

# The letters of a surname, as they are compared.
_Folded: TypeAlias = tuple[str, ...]

# A letter with its marks. The IJ is one letter, and so is its ligature.
_LETTER: Final = re.compile(r"(?:ij|[^\W_])[\u0300-\u036f]*", re.IGNORECASE)


def display_names(group: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """
    Return for each person of *group* the display name that discloses least.

    Args:
        group: For each identifier the person's `roepnaam`, `voorvoegsel` and
            `achternaam`, as far as the person has them and they may be used. Give all
            persons of a release and nobody else, because an extra letter tells that the
            release has another person with that name.

    Returns:
        For each identifier, in the same order, a name that nobody else in the group
        has: the roepnaam alone; or with as many letters of the surname as tell it
        apart ("Sanne V."); or with the whole surname; or with its voorvoegsel; or, if
        all is the same, with a number ("Sanne (2)"). The names depend on who is in the
        group, not on the order. If a person joins or leaves, only names with the same
        roepnaam change, except a roepnaam that itself looks like one of these forms.

    Raises:
        eckid.errors.IdentifierError: If a name is longer than a cell of a list can be,
            or piles more marks on a letter than Unicode's stream-safe text.

    >>> display_names({
    ...     "a": {"roepnaam": "Sanne", "achternaam": "Visser"},
    ...     "b": {"roepnaam": "Sanne", "voorvoegsel": "de", "achternaam": "Vries"},
    ...     "c": {"roepnaam": "Youssef", "achternaam": "Amrani"},
    ... })
    {'a': 'Sanne Vi.', 'b': 'Sanne Vr.', 'c': 'Youssef'}
    """
    buckets: dict[str, dict[str, _Name]] = defaultdict(dict)
    for identifier, attributen in expect("group", group, Mapping).items():  # type: ignore[type-abstract]
        name = _name(expect("names", attributen, Mapping))  # type: ignore[type-abstract]
        buckets[_fold(name.roepnaam)][expect("identifier", identifier, str)] = name
    shown = {
        identifier: text
        for bucket in buckets.values()
        for identifier, text in _shortest(bucket).items()
    }
    numbered = _numbered(shown)
    return {identifier: numbered[identifier] for identifier in group}


class _Name(NamedTuple):
    roepnaam: str
    voorvoegsel: str
    letters: tuple[str, ...]


def _name(attributen: Mapping[str, str]) -> _Name:
    roepnaam, voorvoegsel, achternaam = (
        _spaced(name, attributen.get(name, ""))
        for name in ("roepnaam", "voorvoegsel", "achternaam")
    )
    return _Name(roepnaam, voorvoegsel, _letters(achternaam))


def _spaced(name: str, text: str) -> str:
    expect(name, text, str)
    if len(text) > CELL.most:
        raise IdentifierError(f"{name}: expected at most {CELL.shown}, got {len(text)}")
    if piles_marks(text):
        raise IdentifierError(
            f"{name}: expected at most {MARKS.most} {MARKS.name}, got more"
        )
    return " ".join(unicodedata.normalize("NFC", text).split())


def _letters(text: str) -> tuple[str, ...]:
    """
    Return the letters of *text*; together they are the whole of it.

    Signs between letters belong to the letter that follows, and signs after the last
    letter belong to that letter. Text without a letter has none.
    """
    ends = [found.end() for found in _LETTER.finditer(text)]
    if ends:
        ends[-1] = len(text)
    return tuple(text[begin:end] for begin, end in pairwise([0, *ends]))


def _fold(text: str) -> str:
    """
    Return *text* in the form in which names are compared.

    >>> _fold("Zoë") == _fold("ZOE")
    True
    """
    plain = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", text.casefold())
    )
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def _bare(letter: str) -> str:
    return "".join(filter(str.isalnum, _fold(letter)))


def _shortest(bucket: Mapping[str, _Name]) -> dict[str, str]:
    """
    Return the shortest name of each person in *bucket*; all have one roepnaam.
    """
    if len(bucket) == 1:
        ((identifier, name),) = bucket.items()
        # Without a roepnaam the first letter of the surname is shown.
        return {identifier: name.roepnaam or _cut(name, 1)}
    folded = {
        identifier: tuple(map(_bare, name.letters))
        for identifier, name in bucket.items()
    }
    whole = Counter(folded.values())
    shared = _shared(whole)
    return {
        identifier: (
            _in_full(name)
            if whole[folded[identifier]] > 1
            else _cut(name, 1 + shared[folded[identifier]])
        )
        for identifier, name in bucket.items()
    }


def _shared(surnames: Iterable[_Folded]) -> dict[_Folded, int]:
    """
    Return for each surname how many of its first letters another one begins with too.

    In alphabetical order, the one that shares most stands beside it.
    """
    shared = dict.fromkeys(surnames, 0)
    for one, other in pairwise(sorted(shared)):
        same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
        letters = sum(1 for _ in same)
        shared[one] = max(shared[one], letters)
        shared[other] = max(shared[other], letters)
    return shared


def _in_full(name: _Name) -> str:
    surname = "".join(name.letters)
    return " ".join(filter(None, (name.roepnaam, name.voorvoegsel, surname)))


def _cut(name: _Name, letters: int) -> str:
    given = "".join(name.letters[:letters])
    dot = "." if letters < len(name.letters) else ""
    return f"{name.roepnaam} {given}{dot}".strip()


def _numbered(shown: Mapping[str, str]) -> dict[str, str]:
    """
    Return the names, numbered where several are the same.

    The numbers follow the order of the identifiers.
    """
    same: dict[str, list[str]] = defaultdict(list)
    for identifier in sorted(shown):
        same[_fold(shown[identifier])].append(identifier)
    taken = set(same)
    numbered: dict[str, str] = {}
    for folded in sorted(same):
        identifiers = same[folded]
        if len(identifiers) == 1 and folded:
            numbered[identifiers[0]] = shown[identifiers[0]]
            continue
        numbers = count(1)
        for identifier in identifiers:
            numbered[identifier] = _free(shown[identifier], numbers, taken)
    return numbered


def _free(name: str, numbers: Iterator[int], taken: set[str]) -> str:
    """
    Return *name* with the first of *numbers* that makes it a name nobody has.

    Names that are the same with one number are so with each, so that a number which was
    taken for one of them is taken for all.
    """
    made = (f"{name} ({n})".strip() for n in numbers)
    free = next(text for text in made if _fold(text) not in taken)
    taken.add(_fold(free))
    return free
