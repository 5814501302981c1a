"""
Type checks that quote nothing, days, enums that speak, and the frame.
"""

from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, Never, TypeVar

T = TypeVar("T")


def expect(name: str, value: object, *kinds: type[T]) -> T:
    """
    Return *value* if it is of one of *kinds*, and raise a TypeError otherwise.

    Every public function calls this first. Python's own error about a wrong type keeps
    the object it met, and that object may be a person's number. To Python True is an
    int, equal to 1; to us it is no number.

    >>> expect("release", "2026", str)
    '2026'
    >>> expect("number", True, int)
    Traceback (most recent call last):
    ...
    TypeError: number: expected int, got bool
    """
    if isinstance(value, kinds) and not (int in kinds and isinstance(value, bool)):
        return value
    wanted = " or ".join(kind.__name__ for kind in kinds)
    raise TypeError(f"{name}: expected {wanted}, got {type(value).__name__}")


def a_day(name: str, value: object) -> date:
    """
    Return *value*, a date or a datetime, as a date.

    >>> a_day("on", datetime(2026, 11, 24, 12, 30))
    datetime.date(2026, 11, 24)
    """
    day = expect(name, value, date)
    return day.date() if isinstance(day, datetime) else day


def as_days(value: object, *names: str, may_lack: tuple[str, ...] = ()) -> None:
    """
    Turn fields of a frozen dataclass into dates; for its own ``__post_init__``.

    A datetime never equals a date and cannot be compared with one.

    Args:
        value: The dataclass.
        names: Its fields that hold a date or a datetime.
        may_lack: Its fields that may also hold None.
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
    # For a part of more than 65,535 bytes to_bytes raises an OverflowError, which does
    # not repeat the part.
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


class Closed(Enum):
    """
    An enum whose lookup error never echoes the rejected value.
    """

    @classmethod
    def _missing_(cls, value: object) -> Never:  # noqa: ARG003  # never repeated
        known = " ".join(str(member.value) for member in cls)
        raise ValueError(f"{cls.__name__}: expected one of {known}, got another")


def slot(kind: type[Any], name: str) -> Any:  # noqa: ANN401  # a descriptor
    """
    Return the setter of one slot, with which a frozen class fills itself.
    """
    return getattr(kind, name).__set__


class Gezegd(Closed):
    """
    An enum of which each member has a Dutch and an English sentence.

    Programs use `value`, people read `nl` or `en`. All sentences stand in one file,
    ``zinnen.toml``.
    """

    @property
    def nl(self) -> str:
        """
        The sentence in Dutch.
        """
        return said(type(self).__name__, self.value, dutch=True)

    @property
    def en(self) -> str:
        """
        The sentence in English.
        """
        return said(type(self).__name__, self.value, dutch=False)


def said(table: str, name: str, *, dutch: bool) -> str:
    """
    Return what the table *table* of ``zinnen.toml`` says for *name*.

    A name that is not in the table is returned itself.
    """
    return _zinnen()[table].get(name, [name, name])[not dutch]


@cache
def _zinnen() -> dict[str, dict[str, list[str]]]:
    # Slow to import, and needed only where a reason is shown.
    import tomllib  # noqa: PLC0415
    from importlib import resources  # noqa: PLC0415

    file = resources.files("eckid._core").joinpath("zinnen.toml")
    zinnen: dict[str, dict[str, list[str]]] = tomllib.loads(file.read_text("utf-8"))
    return zinnen
