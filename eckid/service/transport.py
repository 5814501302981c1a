"""
The way to the service: one connection, TLS that is checked, and bounds in time.
"""

import http.client
import ipaddress
import os
import random
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Final, TypeVar

from eckid._core.foreign import foreign
from eckid._core.values import expect
from eckid.errors import RequestError, TransportError
from eckid.service.access import Toegang
from eckid.service.faults import not_as_specified
from eckid.service.watch import Watch, is_refusal

T = TypeVar("T")

_PART: Final = 2**16
_FORM: Final = re.compile(
    r"(?ai)(?P<scheme>https?)://(?P<host>\[[0-9a-f.]{0,4}:[0-9a-f:.]{1,40}\]|[a-z0-9.-]{1,253})"
    # Of the path all that is printed, but what begins a query or a fragment.
    r"(?::(?P<port>[0-9]{1,5}))?(?P<path>/[!\"$-.0->@-\[\]-~/]{0,1023})?"
)
_NAME: Final = re.compile(
    r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*"
)
_OLD: Final = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")
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
                    f"{name}: expected {least} to 86400 seconds, got another number"
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
    """

    __slots__ = ("_connection", "_lock", "_path", "_process", "_tijden", "host")

    def __init__(self, url: str, *, toegang: Toegang | None, tijden: Tijden) -> None:
        expect("toegang", toegang, Toegang, type(None))
        self._tijden = expect("tijden", tijden, Tijden)
        parts = _FORM.fullmatch(expect("url", url, str))
        if parts is None:
            raise RequestError(_URL)
        secure = parts["scheme"].lower() == "https"
        self.host = parts["host"].strip("[]").lower()
        # Always said: from a host alone http.client takes what follows its last colon.
        port = int(parts["port"] or (443 if secure else 80))
        named = _is_host(self.host) if secure else self.host in LOOPBACK
        if not named or not 1 <= port < 2**16:
            raise RequestError(_URL)
        if secure is (toegang is None):
            raise RequestError(
                "toegang: expected a certificate for https, and none for http on this "
                "machine"
            )
        self._path = parts["path"] or "/"
        self._connection = (
            http.client.HTTPConnection(self.host, port)
            if toegang is None
            else http.client.HTTPSConnection(self.host, port, context=toegang.context)
        )
        self._lock, self._process = Lock(), os.getpid()

    def __del__(self) -> None:
        # What was not made has no connection.
        with suppress(AttributeError):
            self._connection.close()

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
        pause, left = self._tijden.pause, self._tijden.tries
        while True:
            left -= 1
            try:
                with self._own():
                    return self._once(body, headers, read, fresh=not repeats)
            except TransportError as error:
                if not left or (error.sent and not repeats) or not error.passing:
                    raise
            # By lot, so that many clients do not come back together.
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # no secret
            pause *= 2

    def close(self) -> None:
        """
        Close the connection; the next call opens another.
        """
        with self._own():
            self._connection.close()

    def _own(self) -> Lock:
        """
        Return the lock of this process.

        After a fork the lock and the connection are of the process before it, which may
        be in a call: the lock is made anew, and the socket is closed here only.
        """
        if self._process != os.getpid():
            self._lock, self._process = Lock(), os.getpid()
            self._connection.close()
        return self._lock

    def _once(
        self,
        body: bytes,
        headers: Mapping[str, str],
        read: Callable[[Iterator[bytes]], T],
        *,
        fresh: bool,
    ) -> T:
        connection, tijden, kept = self._connection, self._tijden, False
        try:
            # What must not be sent twice never meets a connection that the service is
            # about to close.
            if fresh or not _is_idle(connection.sock):
                connection.close()
                connection.timeout = tijden.connect
                with foreign(self._unsent, Exception):
                    connection.connect()
            at = self.host, connection.port, connection.default_port, self._path
            # In one piece: apart, the two would wake the other side twice.
            request = _head(at, tuple(headers.items()), len(body)) + body
            sock, watch = connection.sock, Watch(tijden.answer)
            with foreign(watch.broken, Exception):
                sock.settimeout(tijden.answer)
                sock.sendall(request)
            # Closed here: left to the collector, Python 3.13 finds it half gone.
            with watch.response(sock) as response:
                with foreign(watch.broken, Exception):
                    response.begin()
                made = read(_chunks(response, watch))
                kept = response.isclosed() and not response.will_close
        finally:
            # Neither a socket whose TLS failed nor half an answer is used again.
            if not kept:
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
        elif is_refusal(error):
            said = "TLS that both sides take, got a refusal; nothing was sent"
        else:
            said = (
                f"a connection within {self._tijden.connect:g} seconds, got none; see "
                "whether the URL is right and the network allows it"
            )
        return TransportError(
            f"service: expected {said}",
            sent=False,
            passing=not is_refusal(error),
        )


def _is_host(host: str) -> bool:
    """
    Return whether *host* is a name or an address, in the one spelling of each.

    A name that ends in a number is an old spelling of an address: ``127.1``.
    """
    if ":" not in host and not _OLD.search(host):
        return len(host) <= 253 and _NAME.fullmatch(host) is not None
    try:
        return str(ipaddress.ip_address(host)) == host
    except ValueError:
        return False


@lru_cache(maxsize=64)
def _head(
    at: tuple[str, int, int, str], headers: tuple[tuple[str, str], ...], length: int
) -> bytes:
    """
    Return the head of a request, as http.client writes it.

    It is the same for each call of one kind, and holds nothing of what is asked.

    Args:
        at: The host, the port, the port that need not be said, and the path.

        headers: The headers of HTTP.

        length: How many bytes come after it.
    """
    host, port, default, path = at
    made, parts = http.client.HTTPConnection(host, port), list[bytes]()
    made.default_port = default
    made.send = parts.append  # type: ignore[method-assign,assignment]  # not yet
    made.putrequest("POST", path)
    for name, value in (*headers, ("Content-Length", str(length))):
        made.putheader(name, value)
    made.endheaders()
    return b"".join(parts)


def _is_idle(sock: socket.socket | None) -> bool:
    """
    Return whether a connection is there, with nothing in it: not even its end.
    """
    if sock is None:
        return False
    try:
        sock.settimeout(0)
        # Below TLS: there it is seen without taking it.
        socket.socket.recv(sock, 1, socket.MSG_PEEK)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return False


def _chunks(response: http.client.HTTPResponse, watch: Watch) -> Iterator[bytes]:
    """
    Yield the bytes of an answer, if it may be one of SOAP 1.1.
    """
    status, header = response.status, response.headers.get
    kind = str(header("content-type", "")).partition(";")[0].strip().lower()
    if status not in {200, 500} or (status == 500 and kind != "text/xml"):
        raise TransportError(
            f"service: expected HTTP 200, or 500 with a fault, got {status}",
            sent=True,
            passing=status in _BUSY,
        )
    packed = str(header("content-encoding", "identity")).strip().lower()
    if kind != "text/xml" or packed != "identity":
        not_as_specified("expected text/xml that is not packed, got another type")
    while not response.isclosed():
        with foreign(watch.broken, Exception):
            part = response.read(_PART)
        yield part
    # What was cut ends as what was not, but its length says so.
    if response.length:
        raise watch.broken(EOFError())
