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
from collections.abc import Iterable, Mapping
from itertools import count, takewhile
from typing import Final, NamedTuple

from eckid._core.values import expect

# A letter with its marks. The IJ is one letter, and so is its ligature. Signs between
# letters belong to the letter that follows.
_LETTER: Final = re.compile(r"[\W_]*(?:ij|[^\W_])[\u0300-\u036f]*", re.IGNORECASE)


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

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(_bare(letter) for letter in self.letters)


def _name(attributen: Mapping[str, str]) -> _Name:
    roepnaam, voorvoegsel, achternaam = (
        " ".join(unicodedata.normalize("NFC", attributen.get(name, "")).split())
        for name in ("roepnaam", "voorvoegsel", "achternaam")
    )
    letters = _LETTER.findall(achternaam)
    if letters:
        # Signs after the last letter belong to that letter.
        letters[-1] += achternaam[sum(map(len, letters)) :]
    return _Name(roepnaam, voorvoegsel, tuple(letters))


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
    # For each beginning of a surname, how many surnames begin with it.
    begins = Counter(
        name.folded[:n]
        for name in bucket.values()
        for n in range(1, len(name.letters) + 1)
    )
    whole = Counter(name.folded for name in bucket.values())
    return {
        identifier: _with_letters(name, begins, whole)
        for identifier, name in bucket.items()
    }


def _with_letters(
    name: _Name,
    begins: Mapping[tuple[str, ...], int],
    whole: Mapping[tuple[str, ...], int],
) -> str:
    if whole[name.folded] > 1:
        surname = " ".join(filter(None, (name.voorvoegsel, "".join(name.letters))))
        return " ".join(filter(None, (name.roepnaam, surname)))
    shared = takewhile(
        lambda n: begins[name.folded[:n]] > 1, range(1, len(name.letters) + 1)
    )
    return _cut(name, 1 + sum(1 for _ in shared))


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
        free = _free(identifiers, shown, taken)
        numbered.update(zip(identifiers, free, strict=True))
    return numbered


def _free(
    identifiers: Iterable[str], shown: Mapping[str, str], taken: set[str]
) -> list[str]:
    """
    Return for each of *identifiers* its name with a number; no other has that name.
    """
    names: list[str] = []
    for identifier in identifiers:
        numbered = (f"{shown[identifier]} ({n})".strip() for n in count(1))
        names.append(next(name for name in numbered if _fold(name) not in taken))
        taken.add(_fold(names[-1]))
    return names
