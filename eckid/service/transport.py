"""
The way to the service: one connection, TLS that is checked, and bounds in time.
"""

import random
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid.errors import RequestError, TransportError
from eckid.service.access import Toegang
from eckid.service.faults import not_as_specified

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection
    from urllib3.response import BaseHTTPResponse

T = TypeVar("T")

_PART: Final = 2**16
_URL: Final = (
    "url: expected https:// and a host, or http:// and a name of this machine, without "
    "user, query or fragment; got another"
)
# What a service that is busy, or a machine before it, answers; all else is not asked
# again.
_BUSY: Final = frozenset({502, 503, 504})
# A rehearsal may do without TLS, on this machine.
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tijden:
    """
    How long is waited, in seconds, and how often a call is tried.

    Attributes:
        connect: For a connection, with its TLS.
        answer: For the whole of one answer.
        tries: How often a call is tried that does no harm when it is repeated.
        pause: Before the second try; each next pause is twice as long, and a part of
            it is drawn by lot.
        poll: Between two tries to retrieve a batch.
        polls: How often a batch is tried. The reference clients try 10 times, every
            25 seconds.
    """

    connect: float = 10
    answer: float = 60
    tries: int = 3
    pause: float = 0.5
    poll: float = 25
    polls: int = 10

    def __post_init__(self) -> None:
        for name in ("connect", "answer", "pause", "poll"):
            value = expect(name, getattr(self, name), int, float)
            # Also not a number, of which every comparison is false.
            least = 0.001 if name in {"connect", "answer"} else 0
            if not least <= value <= 86_400:
                raise RequestError(
                    f"{name}: expected more than 0 and at most 86400 seconds, got "
                    "another number"
                )
        for name in ("tries", "polls"):
            if not 1 <= expect(name, getattr(self, name), int) <= 1000:
                raise RequestError(f"{name}: expected 1 to 1000, got another number")


class Transport:
    """
    A connection to one URL, which is opened when it is needed.

    It uses no proxy and no certificates that the environment names, follows no
    redirect, and writes nothing to a log.

    Args:
        url: The URL of the service: https, or http on this machine.

        toegang: The TLS of the caller; None for http.

        tijden: How long is waited.

    Raises:
        eckid.errors.RequestError: If the URL is not one of these, or *toegang* is
            missing or not of use.
        ImportError: If the extra ``soap`` is not installed.
    """

    __slots__ = ("_connection", "_lock", "_path", "_tijden", "_where", "host", "port")

    def __init__(self, url: str, *, toegang: Toegang | None, tijden: Tijden) -> None:
        expect("toegang", toegang, Toegang, type(None))
        self._tijden = expect("tijden", tijden, Tijden)
        ours = RequestError(_URL)
        with foreign(ours, ValueError):
            parts = urlsplit(expect("url", url, str))
            self.host, self.port = parts.hostname or "", parts.port
        plain = parts.scheme == "http" and self.host in LOOPBACK
        strange = parts.query or parts.fragment or parts.username is not None
        if strange or not self.host or not (plain or parts.scheme == "https"):
            raise ours
        if not url.isascii() or not url.isprintable() or " " in url:
            raise ours
        if plain is not (toegang is None):
            raise RequestError(
                "toegang: expected a certificate for https, and none for http on this "
                "machine"
            )
        self._path = parts.path or "/"
        self._connection = self._new(toegang)
        self._lock = Lock()

    def _new(self, toegang: Toegang | None) -> "HTTPConnection":
        with foreign(
            ImportError("the service needs: pip install 'eckid[soap]'"), ImportError
        ):
            from urllib3.connection import (  # noqa: PLC0415  # an extra
                HTTPConnection,
                HTTPSConnection,
            )
        patience = self._tijden.connect
        if toegang is None:
            return HTTPConnection(self.host, self.port, timeout=patience)
        return HTTPSConnection(
            self.host, self.port, timeout=patience, ssl_context=toegang.context
        )

    def post(
        self,
        body: bytes,
        headers: Mapping[str, str],
        read: Callable[[Iterator[bytes]], T],
        *,
        repeats: bool,
    ) -> T:
        """
        Send a request, and return what *read* makes of the answer.

        Args:
            body: The bytes of the request.

            headers: The headers of HTTP.

            read: Makes something of the chunks of an answer with 200 or 500.

            repeats: Whether the call may be sent again where it may have arrived.

        Raises:
            eckid.errors.TransportError: If there is no answer after all tries.
        """
        pause = self._tijden.pause
        for left in reversed(range(self._tijden.tries)):
            try:
                with self._lock:
                    return self._once(body, headers, read, fresh=not repeats)
            except TransportError as error:
                if not left or (error.sent and not repeats) or not error.passing:
                    raise
            # By lot, so that many clients do not come back together.
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # no secret
            pause *= 2
        raise AssertionError

    def close(self) -> None:
        """
        Close the connection; the next call opens another.
        """
        self._connection.close()

    def _once(
        self,
        body: bytes,
        headers: Mapping[str, str],
        read: Callable[[Iterator[bytes]], T],
        *,
        fresh: bool,
    ) -> T:
        connection = self._connection
        # What must not be sent twice never meets a connection that the service is about
        # to close.
        if fresh or not connection.is_connected:
            connection.close()
            with foreign(self._unsent, Exception):
                connection.connect()
        # A timer, because a service may send a byte at a time, for ever.
        watch = Watch(connection.sock, self._tijden.answer)
        done = False
        try:
            with foreign(watch.broken, Exception):
                connection.request(
                    "POST", self._path, body, headers, preload_content=False
                )
                response = connection.getresponse()
            made = read(_chunks(response, watch))
            done = True
        finally:
            watch.cancel()
            if not done:
                connection.close()
        return made

    def _unsent(self, error: BaseException) -> TransportError:
        """
        Return our error where no connection came to be.
        """
        if isinstance(error, ssl.SSLCertVerificationError):
            said = (
                "a certificate that stands under the roots that were given, names the "
                "host and is valid today, got another; nothing was sent"
            )
        elif isinstance(error, ssl.SSLError):
            said = "TLS that both sides take, got a refusal; nothing was sent"
        else:
            said = (
                f"a connection within {self._tijden.connect:g} seconds, got none; see "
                "whether the URL is right and the network allows it"
            )
        return TransportError(
            f"service: expected {said}",
            sent=False,
            passing=not isinstance(error, ssl.SSLError),
        )


class Watch:
    """
    Ends a call that takes too long: its connection is cut, whatever it waits for.
    """

    __slots__ = ("_seconds", "_timer", "late")

    def __init__(self, sock: "socket.socket | None", seconds: float) -> None:
        self._seconds, self.late = seconds, False
        self._timer = Timer(seconds, self._cut, [sock])
        self._timer.daemon = True
        self._timer.start()

    def _cut(self, sock: "socket.socket") -> None:
        self.late = True
        with suppress(OSError):
            # Not that of the SSLSocket, which would also forget its TLS, and go on to
            # read in the clear.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def cancel(self) -> None:
        """
        Stop watching.
        """
        self._timer.cancel()

    def broken(self, error: BaseException) -> TransportError:
        """
        Return our error where a connection ended before the answer did.
        """
        if self.late:
            said = (
                f"a whole answer within {self._seconds:g} seconds, got a part or none"
            )
        elif isinstance(error, ssl.SSLError):
            said = (
                "an answer, got a refusal of TLS; see whether the service takes this "
                "certificate"
            )
        else:
            said = "a whole answer, got a part or none"
        passing = self.late or not isinstance(error, ssl.SSLError)
        return TransportError(f"service: expected {said}", sent=True, passing=passing)


def _chunks(response: "BaseHTTPResponse", watch: Watch) -> Iterator[bytes]:
    """
    Yield the bytes of an answer, if it may be one of SOAP 1.1.
    """
    status = response.status
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if status not in {200, 500} or (status == 500 and kind != "text/xml"):
        raise TransportError(
            f"service: expected HTTP 200, or 500 with a fault, got {status}",
            sent=True,
            passing=status in _BUSY,
        )
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if kind != "text/xml" or packed != "identity":
        not_as_specified("expected text/xml that is not packed, got another type")
    while True:
        with foreign(watch.broken, Exception):
            part = response.read(_PART, decode_content=False)
        if not part:
            return
        yield part
