"""
Working ahead: the same things in the same order, and nothing is left running.
"""

from collections.abc import Generator
from threading import Event, current_thread, main_thread

import pytest

from eckid._core.ahead import ahead


def test_the_next_is_made_while_this_one_is_used() -> None:
    """
    The second begins before the first is given back, in a thread; no third does.
    """
    begun = [Event() for _ in range(4)]
    threads = set()

    def made() -> Generator[int, None, None]:
        for n, event in enumerate(begun):
            threads.add(current_thread())
            event.set()
            yield n

    going = ahead(made())
    assert next(going) == 0
    assert begun[1].wait(60)
    assert not begun[2].is_set()
    assert list(going) == [1, 2, 3]
    assert main_thread() not in threads


def test_what_is_raised_is_raised_in_its_turn() -> None:
    """
    All that was made before an error comes first, and then the error itself.
    """
    wrong = KeyError("of the source")

    def made() -> Generator[int, None, None]:
        yield 1
        yield 2
        raise wrong

    found: list[int] = []
    with pytest.raises(KeyError) as caught:
        found.extend(ahead(made()))
    assert found == [1, 2]
    assert caught.value is wrong


def test_who_stops_halfway_closes_what_was_read() -> None:
    """
    The source is closed, and its thread ended, before what reads it goes on.
    """
    closed = []

    def made() -> Generator[int, None, None]:
        try:
            while True:
                yield 0
        finally:
            closed.append(current_thread())

    going = ahead(made())
    next(going)
    going.close()  # type: ignore[attr-defined]  # it is a generator
    assert closed == [main_thread()]


def test_nothing_is_begun_before_it_is_asked() -> None:
    """
    As a generator: who never iterates opens no file.
    """
    begun = []

    def made() -> Generator[int, None, None]:
        begun.append(0)
        yield 0

    ahead(made())
    assert begun == []
