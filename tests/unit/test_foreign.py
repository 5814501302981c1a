"""
An error of another library ends where the library is called.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from eckid._core.foreign import foreign
from eckid.errors import RegisterError

_VALUE = "111222333"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@contextmanager
def _deeper() -> Iterator[None]:
    # As rooms use it: in a block of their own, which a generator makes.
    with foreign(RegisterError("register: expected text"), UnicodeError, KeyError):
        yield


def test_nothing_of_the_other_error_is_kept() -> None:
    """
    What comes is ours alone: no cause, no context, no text of the value.
    """
    with pytest.raises(RegisterError) as caught, _deeper():
        f"{_VALUE}\ud83d".encode()
    assert list(_chain(caught.value)) == [caught.value]
    assert _VALUE not in "".join(traceback.format_exception(caught.value))


def test_an_error_of_another_kind_passes_as_it_is() -> None:
    """
    Only the kinds that are named are replaced; without an error nothing happens.
    """
    with _deeper():
        pass
    with pytest.raises(ZeroDivisionError), _deeper():
        raise ZeroDivisionError


def test_ours_may_depend_on_the_kind_of_the_other() -> None:
    """
    A function may say by type or code what went wrong.
    """
    with (
        pytest.raises(RegisterError, match=r"^got KeyError$"),
        foreign(lambda e: RegisterError(f"got {type(e).__name__}"), KeyError),
    ):
        raise KeyError(_VALUE)
