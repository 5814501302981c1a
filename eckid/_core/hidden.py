"""
The hidden value: what holds a secret shows, copies and pickles nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Never, Self, TypeVar

from cryptography.hazmat.primitives.constant_time import bytes_eq

from eckid._core.values import slot


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


def verified(kind: type[V], fields: Mapping[str, object]) -> V:
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
