"""
Type checks that quote nothing, days, enums that speak, and the frame.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum, EnumMeta
from functools import cache
from typing import Any, Never, TypeVar

T = TypeVar("T")
P = TypeVar("P")

# What two bytes can count.
_MOST = 65_535

# NUL, and halves of surrogate pairs, but not those by which Python writes a byte of a
# name that is not UTF-8.
_NAMELESS = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")


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


def is_text(value: object) -> bool:
    r"""
    Return whether *value* is text that UTF-8 can hold.

    Half of a surrogate pair, such as half an emoji, is a str that no file can hold. The
    error that Python raises for it keeps the whole text.

    >>> is_text("Zoë"), is_text("Zo\ud83d"), is_text(b"Zo")
    (True, False, False)
    """
    if not isinstance(value, str):
        return False
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def not_text(values: Sequence[Any]) -> int | None:
    """
    Return the place of the first of *values* that is not text; None if all are.
    """
    # Asked for all at once: a list has a row for each person, and most are ASCII.
    if set(map(type, values)) <= {str} and "".join(values).isascii():
        return None
    return next((n for n, one in enumerate(values) if not is_text(one)), None)


def a_path(name: str, value: P) -> P:
    r"""
    Return *value*, a path or the text of one, if a file can have that name.

    >>> a_path("out", "lijst.csv")
    'lijst.csv'
    >>> a_path("out", "lijst\0.csv")
    Traceback (most recent call last):
    ...
    ValueError: out: expected a name that a file can have, got another
    """
    if not isinstance(value, str) and not hasattr(value, "__fspath__"):
        raise TypeError(f"{name}: expected a path, got {type(value).__name__}")
    if _NAMELESS.search(str(value)):
        raise ValueError(f"{name}: expected a name that a file can have, got another")
    return value


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

    Raises:
        ValueError: If a part has more than 65,535 bytes; it is not repeated.

    >>> frame(b"ab", b"c") == frame(b"a", b"bc")
    False
    """
    longest = max(map(len, parts), default=0)
    if longest > _MOST:
        raise ValueError(f"expected parts of at most {_MOST} bytes, got {longest}")
    return b"".join([len(part).to_bytes(2, "big") + part for part in parts])


class _Closing(EnumMeta):
    def __call__(cls, value: Any) -> Any:  # type: ignore[override]  # noqa: ANN401  # no names
        # Enum asks of a value without a hash whether it is equal to each member, and an
        # array or frame answers with an error of its own.
        if not _has_hash(value):
            cls._missing_(value)  # type: ignore[attr-defined]  # of Closed
        return super().__call__(value)


def _has_hash(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


class Closed(Enum, metaclass=_Closing):
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
