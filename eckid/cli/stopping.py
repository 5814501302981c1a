"""
Stopping a command from outside: Ctrl-C, a closed window, a stopped container.
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
    End the block with KeyboardInterrupt on SIGINT, SIGTERM or SIGHUP.
    """

    def interrupt(*_: object) -> Never:
        _ASKED.set()
        raise KeyboardInterrupt

    before: dict[int, Any] = {}
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Only the main thread may set handlers; a notebook may run in another.
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
    Raise KeyboardInterrupt if a signal asked for it and the exception was lost.

    Python may only print an exception that is raised during an import or in a callback
    from C. A long run therefore calls this at each row.
    """
    if _ASKED.is_set():
        raise KeyboardInterrupt
