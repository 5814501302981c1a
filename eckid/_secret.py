"""
The hidden value, the frame, and the type check that quotes nothing.
"""

from abc import ABC, abstractmethod
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, Never, Self, TypeVar

from cryptography.hazmat.primitives.constant_time import bytes_eq

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


class Unpickled:
    """
    What holds a secret, and so is never pickled or copied.
    """

    __slots__ = ()

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError(f"{type(self).__name__} holds a secret; it is not pickled")

    def __getstate__(self) -> Never:
        raise TypeError(f"{type(self).__name__} holds a secret; it is not pickled")


class Hidden(Unpickled):
    """
    A value that shows itself only through `expose`.

    Frozen; equal by value and exact type, compared in constant time; never
    pickled, copied or written as JSON. Not a dataclass, which would hand its
    fields to whoever asks.
    """

    __slots__ = ("_octets",)

    name: ClassVar[str]
    _octets: bytes

    def __init__(self, octets: bytes) -> None:
        # The one way past __setattr__, which refuses everyone.
        object.__setattr__(self, "_octets", octets)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, Hidden):
            return NotImplemented
        return bytes_eq(self._octets, other._octets) and self._seen() == other._seen()

    def __hash__(self) -> int:
        return hash((type(self), self._octets, self._seen()))

    def _seen(self) -> tuple[object, ...]:
        """
        Return what is open about the value and part of what it is.
        """
        return ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} hidden>"


class Verified:
    """
    A value that only a verification makes, and that is not written down.

    Frozen; equal by value and exact type. Who could pickle one could write one
    that nobody verified.
    """

    __slots__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        # A kind of its own may say of itself whatever it likes.
        if cls.__bases__ != (Verified,):
            raise TypeError(f"{cls.__bases__[0].__name__} has no kinds of its own")

    def __init__(self) -> None:
        raise TypeError(f"{type(self).__name__}: expected a verification, got a call")

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError(f"{type(self).__name__} is not pickled; verify it again")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, n) == getattr(other, n) for n in self.__slots__)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__slots__))


V = TypeVar("V", bound=Verified)


def verified(kind: type[V], **fields: object) -> V:
    """
    Return the value of *kind* that was verified; for who verified it alone.
    """
    made = object.__new__(kind)
    for name in kind.__slots__:
        slot(kind, name)(made, fields[name])
    return made


class Sealable(Hidden, ABC):
    """
    A hidden value that may lie at rest, sealed under a ring.
    """

    __slots__ = ()

    @abstractmethod
    def _pack(self) -> bytes:
        """
        Return all that makes the value.
        """

    @classmethod
    @abstractmethod
    def _unpack(cls, packed: bytes) -> Self:
        """
        Make the value again from what `_pack` gave.
        """


def slot(kind: type[Any], name: str) -> Any:  # noqa: ANN401  # a descriptor
    """
    Return the setter of a slot of a frozen class, for that class's own use.
    """
    return getattr(kind, name).__set__
