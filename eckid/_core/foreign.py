"""
Errors of other libraries: they end where the library is called.

Such an error may hold what the library was given: a number, a name, a whole fact. A
plain ``raise`` in an ``except`` or in a generator's context manager keeps it as
``__context__`` of ours; here nothing of it is kept.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeAlias

# What is raised: an error, or what makes one of the error that came.
Said: TypeAlias = Exception | Callable[[BaseException], Exception]


def foreign(ours: Said, *kinds: type[BaseException]) -> AbstractContextManager[None]:
    r"""
    Raise our error in the place of one of *kinds* in the block of a ``with``.

    Args:
        ours: The error to raise; or a function that makes it of the other library's
            error, and may use its type and codes, never its words or values.

        kinds: The errors of the other library.

    >>> with foreign(ValueError("name: expected text in UTF-8"), UnicodeError):
    ...     octets = "a name, \ud83d".encode("utf-8")
    Traceback (most recent call last):
    ...
    ValueError: name: expected text in UTF-8
    """
    return _Foreign(ours, kinds)


class _Foreign(AbstractContextManager[None]):
    __slots__ = ("_kinds", "_ours")

    def __init__(self, ours: Said, kinds: tuple[type[BaseException], ...]) -> None:
        self._ours = ours
        self._kinds = kinds

    def __exit__(
        self, kind: object, error: BaseException | None, traceback: object
    ) -> None:
        if not isinstance(error, self._kinds):
            return
        ours = self._ours if isinstance(self._ours, Exception) else self._ours(error)
        del error, traceback
        try:
            raise ours  # noqa: TRY301  # so that it is caught below
        except Exception:
            # Python has set it to the error that is being left.
            ours.__context__ = None
            raise
