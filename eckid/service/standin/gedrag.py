"""
What a stand-in does to be rehearsed with: the behaviours, and how they are written.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Final

from eckid._core.values import expect
from eckid.errors import RequestError
from eckid.service.access import an_oin
from eckid.service.messages import OPERATIONS

_TEXT: Final = re.compile(r"(?:(?P<oin>[0-9A-Z]{20}):)?(?P<name>[a-z-]+)=(?P<value>.+)")
# A day: nothing that is rehearsed takes longer.
_MOST: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Gedrag:
    """
    What a stand-in does, beside answering well. By default it does nothing else.

    Attributes:
        not_finished: For so many seconds after it was handed in, a batch is not
            finished.
        blocked: So many calls, the first, find it temporarily blocked. A ping does not.
        per_day: It takes so many batches a day, by the clock in UTC.
        removed: So many batches are gone when they are first retrieved.
        slow: So many seconds pass before each answer.
        cut: After so many bytes of the body of an answer the connection is cut.
        cuts: So many answers are cut, the first.
        wrong_index: In so many answers, the first, an index is one that nobody gave.
        duplicate_index: In so many answers, the first, an index stands twice.
        only: The operation that is blocked, slow or cut; None for each.

    Raises:
        eckid.errors.RequestError: If a number is negative or over 86,400, or there is
            no such operation.
    """

    not_finished: float = 0
    blocked: int = 0
    per_day: int | None = None
    removed: int = 0
    slow: float = 0
    cut: int | None = None
    cuts: int = 1
    wrong_index: int = 0
    duplicate_index: int = 0
    only: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "only":
                if value is not None and expect("only", value, str) not in OPERATIONS:
                    raise RequestError(
                        f"only: expected one of {', '.join(OPERATIONS)}; got another"
                    )
                continue
            kinds = (int, float) if field.name in {"not_finished", "slow"} else (int,)
            if value is None and field.default is None:
                continue
            # Also not a number, of which every comparison is false.
            if not 0 <= expect(field.name, value, *kinds) <= _MOST:
                raise RequestError(
                    f"{field.name}: expected 0 to {_MOST}, got another number"
                )

    @classmethod
    def read(cls, texts: Iterable[str]) -> "Mapping[str | None, Gedrag]":
        """
        Return the behaviours that texts say: for each OIN of a school, and for others.

        Args:
            texts: Each a name of an attribute, ``=`` and its value, perhaps behind the
                OIN of a school and a colon: ``blocked=2``, or
                ``0000000700012TB34567:cut=100``.

        Returns:
            The behaviour by the OIN; under None that of all others.

        Raises:
            eckid.errors.RequestError: If a text says something else.

        >>> Gedrag.read(["not-finished=30"])[None].not_finished
        30.0
        """
        made: dict[str | None, Gedrag] = {None: cls()}
        for text in texts:
            found = _TEXT.fullmatch(expect("behaviour", text, str))
            name = "" if found is None else found["name"].replace("-", "_")
            if found is None or name not in {field.name for field in fields(cls)}:
                raise RequestError(
                    "behaviour: expected a name, = and a number, perhaps behind the "
                    f"OIN of a school and a colon; got {len(text)} other characters. "
                    f"Names: {', '.join(f.name for f in fields(cls)).replace('_', '-')}"
                )
            oin = None if found["oin"] is None else an_oin(found["oin"])
            changed = {name: _value(name, found["value"])}
            made[oin] = replace(made.get(oin, cls()), **changed)  # type: ignore[arg-type]  # checked there
        return MappingProxyType(made)


def _value(name: str, text: str) -> object:
    if name == "only":
        return text
    whole = name not in {"not_finished", "slow"}
    form = r"[0-9]{1,6}" if whole else r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
    if not re.fullmatch(form, text, re.ASCII):
        kind = "a whole number" if whole else "a number"
        raise RequestError(f"{name}: expected {kind}, got another text")
    return int(text) if whole else float(text)
