"""
One connection of HTTP: requests in, answers out, within bounds of size and time.
"""

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Final, NamedTuple

from eckid._core.bounds import ASKED, HEAD, REQUESTS_HELD, SECONDS_OF_REQUEST
from eckid._core.foreign import foreign

_PART: Final = 2**16
# What is still read of a client that goes on sending what was refused, so that it sees
# the answer: a connection that is closed with bytes unread is reset.
_LINGER: Final = 2**20
_REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Refused(Exception):  # noqa: N818  # it is what is answered
    """
    A request of HTTP that is not read to its end: the status to answer with.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):  # noqa: N818  # it is no error that is shown
    """
    The other side closed the connection, or was told to.
    """


class Asking(NamedTuple):
    """
    The head of a request of HTTP.

    Attributes:
        method: Its method.
        target: Its path and query.
        headers: The values of each header by its name in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, list[str]]

    def header(self, name: str) -> str:
        """
        Return the value of a header; an empty text if it is not there.

        Raises:
            Refused: If it is there twice.
        """
        found = self.headers.get(name, [""])
        if len(found) != 1:
            raise Refused(400)
        return found[0]


class Told(NamedTuple):
    """
    An answer of HTTP.

    Attributes:
        status: Its status.
        body: Its body.
        kind: The type of its body.
        cut: After how many bytes of the body the connection is cut; None if it is not.
    """

    status: int
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    cut: int | None = None


class Share:
    """
    How many bytes of requests are held by all connections together.
    """

    __slots__ = ("_held", "_lock")

    def __init__(self) -> None:
        self._held, self._lock = 0, Lock()

    def take(self, size: int) -> bool:
        """
        Take or, below 0, give back bytes; return whether there were so many.
        """
        with self._lock:
            if self._held + size > REQUESTS_HELD.most:
                return False
            self._held += size
            return True


class Connection:
    """
    A connection, on which one request after another is answered.

    Args:
        sock: The socket, with its TLS if it has any.

        share: What all connections may hold together.
    """

    __slots__ = ("_http", "_share", "_sock", "_until", "taken")

    def __init__(self, sock: socket.socket, share: Share) -> None:
        import h11  # noqa: PLC0415  # an extra

        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD.most)
        self._sock, self._share, self.taken = sock, share, 0
        self._begin()

    def _begin(self) -> None:
        # One moment for all of a request, so a byte at a time gains nothing.
        self._until = time.monotonic() + SECONDS_OF_REQUEST.most

    def head(self) -> Asking:
        """
        Return the head of the next request.

        Raises:
            Gone: If there is none.
            Refused: If it is not one of HTTP.
        """
        import h11  # noqa: PLC0415  # an extra

        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._begin()
        event = self._next()
        if not isinstance(event, h11.Request):
            raise Gone
        headers: dict[str, list[str]] = {}
        for name, value in event.headers:
            said = value.decode("latin-1").strip()
            headers.setdefault(name.decode("ascii").lower(), []).append(said)
        # h11 bounds what it waits for, and not what came in one piece.
        if sum(len(name) + len(value) for name, value in event.headers) > HEAD.most:
            raise Refused(431)
        method, target = event.method.decode("ascii"), event.target.decode("ascii")
        return Asking(method, target, headers)

    def body(self, asking: Asking) -> bytes:
        """
        Return the body of the request that `head` gave.

        Raises:
            Gone: If the other side went.
            Refused: If it is beyond a bound, or comes too slowly.
        """
        import h11  # noqa: PLC0415  # an extra

        # h11 has seen that it is a number.
        if int(asking.headers.get("content-length", ["0"])[0]) > ASKED.most:
            raise Refused(413)
        if self._http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(
                status_code=100, headers=[], reason=b"Continue"
            )
            self._write(self._http.send(go_on) or b"")
        parts: list[bytes] = []
        while not isinstance(event := self._next(), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise Gone
            size = len(event.data)
            if self.taken + size > ASKED.most:
                raise Refused(413)
            if not self._share.take(size):
                raise Refused(503)
            self.taken += size
            parts.append(bytes(event.data))
        return b"".join(parts)

    def release(self) -> None:
        """
        Give back what the body took of the share of all.
        """
        self._share.take(-self.taken)
        self.taken = 0

    def tell(self, told: Told, *, close: bool = False) -> bool:
        """
        Send an answer, and return whether another request may come.

        Args:
            told: The answer.

            close: Whether the connection is closed then.
        """
        import h11  # noqa: PLC0415  # an extra

        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return False
        # A request that was not read to its end cannot be followed by another.
        close = close or self._http.their_state is not h11.DONE
        headers = [
            ("Content-Type", told.kind),
            ("Content-Length", str(len(told.body))),
            ("Server", "eckid-stand-in REHEARSAL"),
        ]
        if told.status == 405:
            headers.append(("Allow", "GET, POST"))
        if close:
            headers.append(("Connection", "close"))
        # The time to read is over, but not that to answer.
        self._begin()
        head = h11.Response(
            status_code=told.status,
            headers=headers,
            reason=_REASONS[told.status].encode("ascii"),
        )
        octets = self._http.send(head) or b""
        if told.cut is not None and told.cut < len(told.body):
            self._write(octets + told.body[: told.cut])
            return False
        octets += self._http.send(h11.Data(data=told.body)) or b""
        self._write(octets + (self._http.send(h11.EndOfMessage()) or b""))
        if close:
            self._linger()
        return not close

    def _next(self) -> object:
        import h11  # noqa: PLC0415  # an extra

        def refused(error: BaseException) -> Refused:
            hint = getattr(error, "error_status_hint", 400)
            return Refused(hint if hint in _REASONS else 400)

        while True:
            with foreign(refused, h11.RemoteProtocolError):
                event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            with foreign(refused, h11.RemoteProtocolError):
                self._http.receive_data(self._read())

    def _read(self) -> bytes:
        left = self._until - time.monotonic()
        begun = bool(self._http.trailing_data[0]) or self._is_reading()
        # Where nothing of a request has come, there is nobody to tell that it is late.
        late: Exception = Refused(408) if begun else Gone()
        if left <= 0:
            raise late
        self._sock.settimeout(left)
        with foreign(Gone(), OSError), foreign(late, TimeoutError):
            return self._sock.recv(_PART)

    def _is_reading(self) -> bool:
        import h11  # noqa: PLC0415  # an extra

        return self._http.their_state is h11.SEND_BODY

    def _write(self, octets: bytes) -> None:
        with foreign(Gone(), OSError):
            for at in range(0, len(octets), _PART):
                left = self._until - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                self._sock.settimeout(left)
                self._sock.sendall(octets[at : at + _PART])

    def _linger(self) -> None:
        until, seen = time.monotonic() + 1, 0
        with suppress(OSError, ValueError):
            # Not that of the SSLSocket, which would go on to read in the clear.
            socket.socket.shutdown(self._sock, socket.SHUT_WR)
            while seen < _LINGER and (left := until - time.monotonic()) > 0:
                self._sock.settimeout(left)
                part = self._sock.recv(_PART)
                seen += len(part)
                if not part:
                    return
