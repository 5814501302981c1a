"""
The file of a policy: TOML in, rules out, and nothing that is not asked for.
"""

from collections.abc import Mapping
from contextlib import suppress
from enum import Enum
from typing import Any, Final, TypeVar

from eckid.decision import Regel
from eckid.doel import Doel, Ontvanger
from eckid.errors import PolicyError

E = TypeVar("E", bound=Enum)

_POLICY: Final = {"naam": str, "versie": str, "status": str, "regel": list}
_REGEL: Final = {
    "attribuut": str,
    "doelen": list,
    "ontvangers": list,
    "bron": str,
    "zekerheid": str,
    "motivering": str,
    "motivation": str,
}


def read_beleid(octets: bytes) -> dict[str, Any]:
    """
    Return the fields of the policy in a file.

    Raises:
        eckid.errors.PolicyError: If it is not one, to the letter.
    """
    import tomllib  # noqa: PLC0415  # only who loads a policy pays for it

    raw: object = None
    with suppress(ValueError, RecursionError):  # of TOML or of UTF-8
        raw = tomllib.loads(octets.decode("utf-8"))
    if raw is None:
        raise PolicyError("beleid: expected a file of TOML in UTF-8")
    table = _fields("beleid", raw, _POLICY)
    table["regels"] = tuple(_regel(n, r) for n, r in enumerate(table.pop("regel"), 1))
    return table


def _fields(where: str, raw: object, wanted: Mapping[str, type]) -> dict[str, Any]:
    """
    Return *raw* as a table that has exactly the fields that are *wanted*.
    """
    if not isinstance(raw, dict) or raw.keys() != wanted.keys():
        raise PolicyError(f"{where}: expected the fields {' '.join(wanted)}, no others")
    for key, kind in wanted.items():
        if type(raw[key]) is not kind:
            raise PolicyError(
                f"{where}: {key}: expected {kind.__name__}, "
                f"got {type(raw[key]).__name__}"
            )
    return dict(raw)


def _regel(number: int, raw: object) -> Regel:
    where = f"regel {number}"
    row = _fields(where, raw, _REGEL)
    row["doelen"] = _members(f"{where}: doelen", row["doelen"], Doel)
    row["ontvangers"] = _members(f"{where}: ontvangers", row["ontvangers"], Ontvanger)
    fault = ""
    try:
        return Regel(**row)
    except PolicyError as error:
        fault = str(error)
    raise PolicyError(f"{where}: {fault}")


def _members(where: str, values: list[object], kind: type[E]) -> frozenset[E]:
    known = {member.value: member for member in kind}
    if not all(isinstance(value, str) and value in known for value in values):
        raise PolicyError(f"{where}: expected of {' '.join(known)}, got another")
    return frozenset(known[str(value)] for value in values)
