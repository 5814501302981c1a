"""
Hidden values: they hold a secret, and never show, copy or pickle it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar, Never, Self, TypeVar

from cryptography.hazmat.primitives.constant_time import bytes_eq

from eckid._core.values import slot


class Unpickled:
    """
    Superclass of what holds a secret: pickling or copying it raises a TypeError.
    """

    __slots__ = ()

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError(f"{type(self).__name__} holds a secret; it is not pickled")

    def __getstate__(self) -> Never:
        raise TypeError(f"{type(self).__name__} holds a secret; it is not pickled")


class Hidden(Unpickled):
    """
    A secret value: only `expose` gives it.

    It is frozen, and equal only to a value of exactly the same type and content; the
    comparison takes constant time. It is never pickled, copied or written as JSON. It
    is no dataclass, because `dataclasses.asdict` would give its fields away.
    """

    __slots__ = ("_octets",)

    name: ClassVar[str]
    _octets: bytes

    def __init__(self, octets: bytes) -> None:
        # Our own __setattr__ refuses everything; this is the one way past it.
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
        Return the parts of the value that are no secret, but count in equality.
        """
        return ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} hidden>"


class Verified:
    """
    A value that only a verification makes.

    It is frozen, and equal by value and exact type. It is never pickled: anyone can
    write a pickle, so a value read from one was not verified.
    """

    __slots__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        # A subclass could override the checks, so subclassing is refused.
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


def verified(kind: type[V], fields: Mapping[str, object]) -> V:
    """
    Return a value of *kind*; call this only right after verifying its *fields*.
    """
    made = object.__new__(kind)
    for name in kind.__slots__:
        slot(kind, name)(made, fields[name])
    return made


class Sealable(Hidden, ABC):
    """
    A hidden value that a ring can seal, for storage.
    """

    __slots__ = ()

    @abstractmethod
    def _pack(self) -> bytes:
        """
        Return the whole value as bytes.
        """

    @classmethod
    @abstractmethod
    def _unpack(cls, packed: bytes) -> Self:
        """
        Make the value again from the bytes that `_pack` gave.
        """

    @classmethod
    def _unpacked(cls, packed: bytes | None) -> Self | None:
        """
        Return the value that was packed; None for None, or if it is another value.
        """
        with suppress(ValueError):
            return None if packed is None else cls._unpack(packed)
        return None
