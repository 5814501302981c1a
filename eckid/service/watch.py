"""
The time that an answer of the service may take, as a whole.
"""

import http.client
import io
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

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
        self._seconds, self._until = seconds, time.monotonic() + seconds

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

    def response(self, sock: socket.socket) -> http.client.HTTPResponse:
        """
        Return the answer to a POST, which is read from a socket within the time.
        """
        left: Any = _Left(sock, self)
        return http.client.HTTPResponse(left, method="POST")

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
    What comes in on a socket, within the time of a watch; it leaves the socket open.
    """

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock, self._watch = sock, watch

    def makefile(self, _: str) -> io.BufferedReader:
        # All that http.client asks of a socket.
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        self._sock.settimeout(self._watch.left())
        return self._sock.recv_into(buffer)


def is_refusal(error: BaseException) -> bool:
    """
    Return whether the other side refused TLS; an end without a word is not that.
    """
    ended = ssl.SSLEOFError, ssl.SSLZeroReturnError
    return isinstance(error, ssl.SSLError) and not isinstance(error, ended)
