"""
A policy as JSON that has one form: what its digest is taken of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any, Final

from eckid._core.values import frame

# The first part of the frame; another form of JSON is another label.
_LABEL: Final = "eckid/1/beleid"
# Marks a field that came later: where it is empty it is left out, so that a policy
# without it keeps the digest that receipts have.
LATER: Final = "later"


def plain(value: object) -> Any:  # noqa: ANN401  # whatever JSON has
    """
    Return *value* as JSON knows it; what has no order is sorted.
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


def digest(beleid: Mapping[str, Any]) -> str:
    """
    Return SHA-256 over the frame of a label and the policy's JSON, as hex.

    The rules are parts of their own, after the rest: a part of a frame has at
    most 65,535 bytes. A policy that extends another ends with that one's parts.
    """
    import hashlib  # noqa: PLC0415  # only who asks for a digest pays for it
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
