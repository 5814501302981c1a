"""
How a command is ended from outside: by Ctrl-C, a closed window, a stopped container.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from typing import Any, Final, Never

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows lacks the last
_ASKED: Final = Event()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """
    Let each of the signals end the block as an interrupt does.
    """

    def interrupt(*_: object) -> Never:
        _ASKED.set()
        raise KeyboardInterrupt

    before: dict[int, Any] = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Only the main thread may ask for signals; a notebook's may not be it.
        with suppress(ValueError):
            if number is not None:
                before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _ASKED.clear()


def check() -> None:
    """
    Raise KeyboardInterrupt where one was asked for and got lost.

    What is raised while a module is imported, or in a callback from C, Python may
    only report; a long run asks here at each row.
    """
    if _ASKED.is_set():
        raise KeyboardInterrupt
