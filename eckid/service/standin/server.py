"""
The server of a stand-in: connections, who may ask, and one line for each call.
"""

import selectors
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from threading import BoundedSemaphore, Event, Lock, Thread
from types import MappingProxyType
from typing import Self, final

from eckid._core.bounds import CONNECTIONS, SECONDS_OF_REQUEST
from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.errors import RequestError
from eckid.keys import Sleutelbos
from eckid.service.access import oin_of
from eckid.service.local import utc
from eckid.service.standin.answering import PATH, Answering
from eckid.service.standin.boards import Besturen
from eckid.service.standin.core import Oefendienst
from eckid.service.standin.gedrag import Gedrag
from eckid.service.standin.http import Connection, Gone, Share
from eckid.service.standin.ring import rehearsal_ring


def _nothing(_: str) -> None:
    """
    Say nothing.
    """


@final
class Standin(Unpickled):
    """
    A stand-in for the Nummervoorziening: SOAP 1.1 over HTTP. REHEARSAL only.

    Plain HTTP is for this machine alone. Elsewhere it wants TLS with client
    certificates, and a list of the boards that may ask.

    Args:
        sleutelbos: A rehearsal ring with the public test salt; None for the public one,
            under which every stand-in gives the same answers.

        host: The address of this machine that it listens on.

        port: The port; 0 for any that is free.

        context: The TLS of a server that demands a client certificate; None for HTTP.

        besturen: The boards that have signed; with *context* only.

        gedrag: What it does beside answering well: by the OIN of a school, and for all
            others under None.

        log: Is called with a line for each call; it holds no value of a request.

    Attributes:
        url: Where the calls go.

    Raises:
        eckid.errors.RequestError: If it would be open to anybody.
        eckid.errors.SecretError: If it is another ring.
        ImportError: If the extra ``standin`` is not installed.
        OSError: If the address cannot be had.
    """

    __slots__ = (
        "_answering",
        "_closed",
        "_context",
        "_free",
        "_listener",
        "_lock",
        "_open",
        "_share",
        "_thread",
        "_wake",
        "_woken",
        "url",
    )

    def __init__(
        self,
        sleutelbos: Sleutelbos | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        context: ssl.SSLContext | None = None,
        besturen: Besturen | None = None,
        gedrag: Mapping[str | None, Gedrag] = MappingProxyType({}),
        log: Callable[[str], None] = _nothing,
    ) -> None:
        with foreign(
            ImportError("the stand-in needs: pip install 'eckid[standin]'"), ImportError
        ):
            import h11  # noqa: F401, PLC0415  # an extra
            from lxml import etree  # noqa: F401, PLC0415  # an extra
        address = _address(host)
        _check_access(address, context, besturen)
        ring = rehearsal_ring() if sleutelbos is None else sleutelbos
        expect("gedrag", gedrag, Mapping)  # type: ignore[type-abstract]  # only asks
        first = Oefendienst(ring, gedrag=gedrag.get(None), now=utc)
        others = {oin: first.beside(one) for oin, one in gedrag.items()}
        self._context, self._share = context, Share()
        self._free = BoundedSemaphore(CONNECTIONS.most)
        self._open: dict[socket.socket, Thread] = {}
        self._lock, self._closed = Lock(), Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if not 0 <= expect("port", port, int) < 2**16:
            raise RequestError("port: expected 0 to 65535, got another number")
        self._listener = socket.create_server(
            (address, port), family=family, backlog=128
        )
        shown = f"[{address}]" if ":" in address else address
        scheme = "http" if context is None else "https"
        number = self._listener.getsockname()[1]
        self.url = f"{scheme}://{shown}:{number}{PATH}"
        self._answering = Answering(
            {**others, None: first},
            besturen=besturen,
            log=log,
            url=self.url,
            closed=self._closed,
        )
        self._wake, self._woken = socket.socketpair()
        self._thread = Thread(target=self._accept, name="stand-in", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"<Standin REHEARSAL {self.url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """
        Stop, and close every connection.
        """
        if self._closed.is_set():
            return
        self._closed.set()
        self._wake.close()
        self._thread.join()
        with self._lock:
            left = list(self._open.items())
        for sock, _ in left:
            _cut(sock)
        for _, thread in left:
            thread.join()
        self._listener.close()
        self._woken.close()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._listener, selectors.EVENT_READ)
            waiting.register(self._woken, selectors.EVENT_READ)
            while not self._closed.is_set():
                if any(key.fileobj is self._woken for key, _ in waiting.select()):
                    return
                # It may have gone again.
                with suppress(OSError):
                    self._begin(self._listener.accept()[0])

    def _begin(self, sock: socket.socket) -> None:
        if not self._free.acquire(blocking=False):
            sock.close()
            return
        thread = Thread(target=self._serve, args=[sock], daemon=True)
        with self._lock:
            self._open[sock] = thread
        thread.start()

    def _serve(self, sock: socket.socket) -> None:
        secure = sock
        try:
            # What fails here fails for this connection only, and is nobody's to read.
            with suppress(Gone, OSError, ValueError, RequestError):
                oin = None
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._context is not None:
                    sock.settimeout(SECONDS_OF_REQUEST.most)
                    secure = self._context.wrap_socket(
                        sock, server_side=True, do_handshake_on_connect=False
                    )
                    with self._lock:
                        self._open[secure] = self._open.pop(sock)
                    secure.do_handshake()
                    oin = oin_of(secure.getpeercert(binary_form=True) or b"", der=True)
                connection = Connection(secure, self._share)
                while not self._closed.is_set() and self._answering.answer(
                    connection, oin
                ):
                    pass
        finally:
            with self._lock:
                self._open.pop(secure, None)
                self._open.pop(sock, None)
            secure.close()
            sock.close()
            self._free.release()


def _address(host: str) -> str:
    """
    Return the address of a name of this machine; an address as it is.
    """
    ours = RequestError(
        "host: expected an address, such as 127.0.0.1; got another text"
    )
    with foreign(ours, ValueError):
        return str(
            ip_address(
                "127.0.0.1" if expect("host", host, str) == "localhost" else host
            )
        )


def _check_access(
    address: str, context: ssl.SSLContext | None, besturen: Besturen | None
) -> None:
    expect("context", context, ssl.SSLContext, type(None))
    expect("besturen", besturen, Besturen, type(None))
    if (context is None) is not (besturen is None):
        raise RequestError(
            "context, besturen: expected both or neither: with certificates there is a "
            "list of the boards that have them"
        )
    if context is None:
        if address not in {"127.0.0.1", "::1"}:
            raise RequestError(
                "host: expected 127.0.0.1 or ::1 for plain HTTP, got another; "
                "elsewhere give TLS with client certificates"
            )
    elif (
        context.verify_mode is not ssl.CERT_REQUIRED
        or context.minimum_version < ssl.TLSVersion.TLSv1_2
    ):
        raise RequestError(
            "context: expected one that demands a client certificate, and TLS 1.2 or "
            "later, got another"
        )


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
