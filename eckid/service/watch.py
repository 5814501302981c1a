"""
The time that an answer of the service may take, as a whole.
"""

import http.client
import io
import socket
import ssl
import time
from typing import TYPE_CHECKING

from eckid.errors import TransportError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Watch:
    """
    Ends a call that takes too long: a read waits for what is left of its time.

    A service may send a byte at a time, for ever. A thread that watched it would take
    more of the processor than the call does.
    """

    __slots__ = ("_seconds", "_until")

    def __init__(self, seconds: float) -> None:
        self._seconds, self._until = seconds, 0.0

    def start(self) -> None:
        """
        Begin to count.
        """
        self._until = time.monotonic() + self._seconds

    def left(self) -> float:
        """
        Return how many seconds are left.

        Raises:
            TimeoutError: If none are.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def response(self, sock: socket.socket, *, method: str) -> http.client.HTTPResponse:
        """
        Return an answer that is read from a socket in the time that is left.
        """
        made = http.client.HTTPResponse(sock, method=method)
        made.fp.close()
        made.fp = io.BufferedReader(_Left(sock, self))
        return made

    def broken(self, error: BaseException) -> TransportError:
        """
        Return our error where a connection ended before the answer did.
        """
        late = isinstance(error, TimeoutError)
        if late:
            said = (
                f"a whole answer within {self._seconds:g} seconds, got a part or none"
            )
        elif is_refusal(error):
            said = (
                "an answer, got a refusal of TLS; see whether the service takes this "
                "certificate"
            )
        else:
            said = "a whole answer, got a part or none"
        passing = late or not is_refusal(error)
        return TransportError(f"service: expected {said}", sent=True, passing=passing)


class _Left(io.RawIOBase):
    """
    What comes in on a socket, within the time of a watch.
    """

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        # It keeps the socket open until it is closed itself, as http.client wants it.
        self._raw = sock.makefile("rb", buffering=0)
        self._sock, self._watch = sock, watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        self._sock.settimeout(self._watch.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


def is_refusal(error: BaseException) -> bool:
    """
    Return whether the other side refused TLS; an end without a word is not that.
    """
    ended = ssl.SSLEOFError, ssl.SSLZeroReturnError
    return isinstance(error, ssl.SSLError) and not isinstance(error, ended)
