"""
Canonical JSON of a policy, and its digest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any, Final

from eckid._core.values import frame

# First part of the frame. Another form of the JSON gets another label.
_LABEL: Final = "eckid/1/beleid"
# Marks a field that was added later. Where it is empty it is left out, so that a policy
# without it keeps the digest that is in receipts.
LATER: Final = "later"


def plain(value: object) -> Any:  # noqa: ANN401  # whatever JSON has
    """
    Return *value* in the types that JSON has; the members of a set are sorted.
    """
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case frozenset():
            return sorted(map(plain, value))
        case tuple():
            return [plain(part) for part in value]
        case str() | None:
            return value
    return {
        f.name: plain(got)
        for f in fields(value)  # type: ignore[arg-type]  # a dataclass
        if (got := getattr(value, f.name)) or not f.metadata.get(LATER)
    }


def renamed(beleid: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """
    Return a policy in which attributes have other names.

    Args:
        beleid: The policy, as `plain` gives it.

        names: The other name of each attribute that has one.
    """

    def other(found: list[str]) -> list[str]:
        return [names.get(name, name) for name in found]

    def rule(regel: Mapping[str, Any]) -> dict[str, Any]:
        (naam,) = other([regel["attribuut"]])
        # Sets, so sorted by the names that they have then.
        sets = {key: sorted(other(regel[key])) for key in ("met", "zonder")}
        return {**regel, "attribuut": naam, **sets}

    basis = beleid["basis"]
    return {
        **beleid,
        "regels": [rule(regel) for regel in beleid["regels"]],
        "een_van": [other(one) for one in beleid["een_van"]],
        "basis": None if basis is None else renamed(basis, names),
    }


def digest(beleid: Mapping[str, Any]) -> str:
    """
    Return the digest of a policy: a SHA-256, as 64 hex digits.

    The hash is taken over a frame: a label, the policy without its rules, then each
    rule. Rules are parts of their own because a part of a frame holds at most 65,535
    bytes. If the policy extends another, the parts of that one follow.

    Args:
        beleid: The policy, as `plain` gives it.
    """
    import hashlib  # noqa: PLC0415  # only a digest needs it
    import json  # noqa: PLC0415

    def parts(table: Mapping[str, Any]) -> Iterator[object]:
        head = {k: v for k, v in table.items() if k not in {"regels", "basis"}}
        yield head
        yield from table["regels"]
        if table["basis"] is not None:
            yield from parts(table["basis"])

    texts = (
        json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for part in parts(beleid)
    )
    framed = frame(_LABEL.encode("ascii"), *(text.encode("utf-8") for text in texts))
    return hashlib.sha256(framed).hexdigest()
