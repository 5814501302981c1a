"""
The type check that quotes nothing, days, closed sets and what they say, the frame.
"""

from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Never, TypeVar

T = TypeVar("T")


def expect(name: str, value: object, *kinds: type[T]) -> T:
    """
    Return *value*, or raise unless it is of one of *kinds*.

    Every public function asks this first: Python's own complaint about a wrong
    type keeps the object it met, and that object may be a person's number.

    >>> expect("release", "2026", str)
    '2026'
    >>> expect("release", 2026, str)
    Traceback (most recent call last):
    ...
    TypeError: release: expected str, got int
    """
    if isinstance(value, kinds):
        return value
    wanted = " or ".join(kind.__name__ for kind in kinds)
    raise TypeError(f"{name}: expected {wanted}, got {type(value).__name__}")


def a_day(name: str, value: object) -> date:
    """
    Return the day that *value* is, or of which it is a moment.

    >>> a_day("on", datetime(2026, 11, 24, 12, 30))
    datetime.date(2026, 11, 24)
    """
    day = expect(name, value, date)
    return day.date() if isinstance(day, datetime) else day


def as_days(value: object, *names: str, may_lack: tuple[str, ...] = ()) -> None:
    """
    Make days of fields of a frozen dataclass, for its own use.

    A moment would not compare with a day, and is as equal to none.
    """
    for name in (*names, *may_lack):
        given = getattr(value, name)
        if given is not None or name not in may_lack:
            object.__setattr__(value, name, a_day(name, given))


def frame(*parts: bytes) -> bytes:
    """
    Join *parts* so that no other parts give the same bytes.

    Each part comes after its length in two bytes, big-endian.

    >>> frame(b"ab", b"c") == frame(b"a", b"bc")
    False
    """
    # to_bytes refuses a part of more than 65,535 bytes, and names only its size.
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


class Closed(Enum):
    """
    A closed set, which does not repeat what is none of it.
    """

    @classmethod
    def _missing_(cls, value: object) -> Never:  # noqa: ARG003  # never repeated
        known = " ".join(str(member.value) for member in cls)
        raise ValueError(f"{cls.__name__}: expected one of {known}, got another")


def slot(kind: type[Any], name: str) -> Any:  # noqa: ANN401  # a descriptor
    """
    Return the setter of a slot of a frozen class, for that class's own use.
    """
    return getattr(kind, name).__set__


class Gezegd(Closed):
    """
    A closed set: a value for programs, a Dutch and an English sentence for people.

    All sentences stand in one file, ``zinnen.toml``.
    """

    @property
    def nl(self) -> str:
        """
        The member in Dutch.
        """
        return said(type(self).__name__, self.value, dutch=True)

    @property
    def en(self) -> str:
        """
        The member in English.
        """
        return said(type(self).__name__, self.value, dutch=False)


def said(table: str, name: str, *, dutch: bool) -> str:
    """
    Return what a table of the file calls *name*, which it says of itself otherwise.
    """
    return _zinnen()[table].get(name, [name, name])[not dutch]


@cache
def _zinnen() -> dict[str, dict[str, list[str]]]:
    # As slow to import as a room, and only whoever tells a reason asks for it.
    import tomllib  # noqa: PLC0415
    from importlib import resources  # noqa: PLC0415

    file = resources.files("eckid._core").joinpath("zinnen.toml")
    zinnen: dict[str, dict[str, list[str]]] = tomllib.loads(file.read_text("utf-8"))
    return zinnen
