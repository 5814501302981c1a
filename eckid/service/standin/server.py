"""
The server of a stand-in: connections, who may ask, and one line for each call.
"""

import re
import selectors
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from threading import BoundedSemaphore, Event, Lock, Semaphore, Thread
from types import MappingProxyType
from typing import Final, Self, final

from eckid._core.bounds import CONNECTIONS, SECONDS_OF_REQUEST
from eckid._core.foreign import foreign
from eckid._core.hidden import Unpickled
from eckid._core.values import expect
from eckid.errors import FaultReden, RequestError
from eckid.keys import Sleutelbos
from eckid.service.access import oin_of
from eckid.service.local import utc
from eckid.service.standin.boards import Besturen
from eckid.service.standin.calls import call, soap_fault
from eckid.service.standin.core import Oefendienst
from eckid.service.standin.gedrag import Gedrag
from eckid.service.standin.http import Asking, Connection, Gone, Refused, Share, Told
from eckid.service.standin.ring import rehearsal_ring
from eckid.service.standin.soap import (
    Envelope,
    SoapFault,
    answer,
    fault_answer,
    published,
)

PATH: Final = "/eck/ws/201703"
_XML: Final = "text/xml; charset=utf-8"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-f:]+\]:[0-9]+")
_CHARSET: Final = re.compile(r"""text/xml(?:\s*;\s*charset=(["']?)utf-8\1)?\s*;?""")
_QUOTED: Final = re.compile(r'"([^"]*)"|([^"]*)')
# As many as there are cores in a small machine: what waits takes no memory.
_AT_WORK: Final = 2
_ABOUT: Final = """\
REHEARSAL. This is a stand-in for the Nummervoorziening, made with eckid.
Its pseudonyms are nobody's, and pupils' numbers have no business here.

Calls     POST {path}
WSDL      {path}?wsdl
Schema    {path}?xsd
"""


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
        "_at_work",
        "_besturen",
        "_closed",
        "_context",
        "_diensten",
        "_free",
        "_listener",
        "_lock",
        "_log",
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
        first = Oefendienst(ring, gedrag=gedrag.get(None), now=utc)
        others = {oin: first.beside(one) for oin, one in gedrag.items()}
        self._diensten: dict[str | None, Oefendienst] = {**others, None: first}
        self._context, self._besturen, self._log = context, besturen, log
        self._share = Share()
        self._free, self._at_work = (
            BoundedSemaphore(CONNECTIONS.most),
            Semaphore(_AT_WORK),
        )
        self._open: dict[socket.socket, Thread] = {}
        self._lock, self._closed = Lock(), Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server(
            (address, expect("port", port, int)), family=family, backlog=128
        )
        shown = f"[{address}]" if ":" in address else address
        scheme = "http" if context is None else "https"
        number = self._listener.getsockname()[1]
        self.url = f"{scheme}://{shown}:{number}{PATH}"
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
                while not self._closed.is_set() and self._answer(connection, oin):
                    pass
        finally:
            with self._lock:
                self._open.pop(secure, None)
                self._open.pop(sock, None)
            secure.close()
            sock.close()
            self._free.release()

    def _answer(self, connection: Connection, oin: str | None) -> bool:
        """
        Answer one request, and return whether another may come.
        """
        try:
            told = self._tell(connection, oin)
            # Nothing is left of it while the answer is sent, however slowly.
            connection.release()
            return connection.tell(told)
        except Refused as refused:
            connection.release()
            self._say("-", str(refused.status), "-")
            return connection.tell(Told(refused.status), close=True)
        finally:
            connection.release()

    def _tell(self, connection: Connection, oin: str | None) -> Told:
        asking = connection.head()
        path, _, query = asking.target.partition("?")
        if asking.method not in {"GET", "POST"}:
            raise Refused(405)
        if asking.method == "GET":
            connection.body(asking)
            return self._page(asking, path, query)
        if path != PATH:
            raise Refused(404)
        kind = asking.header("content-type").lower()
        packed = asking.header("content-encoding").lower()
        if not _CHARSET.fullmatch(kind) or packed not in {"", "identity"}:
            raise Refused(415)
        action = _QUOTED.fullmatch(asking.header("soapaction"))
        if action is None:
            raise Refused(400)
        said = None if not asking.header("soapaction") else action[1] or action[2]
        return self._soap(connection.body(asking), said, oin)

    def _page(self, asking: Asking, path: str, query: str) -> Told:
        if path == "/" and not query:
            return Told(200, _ABOUT.format(path=PATH).encode())
        name = {"wsdl": "eckid.wsdl", "xsd": "eckid.xsd"}.get(query.lower())
        if path != PATH or name is None:
            raise Refused(404)
        host = asking.header("host")
        scheme, _, rest = self.url.partition("://")
        # By the name that it is called by: a certificate may have no other.
        here = host if _HOST.fullmatch(host) else rest.partition("/")[0]
        made = published(name).replace(
            b"https://eckid.invalid/", f"{scheme}://{here}/".encode("ascii")
        )
        return Told(200, made, _XML)

    def _soap(self, body: bytes, action: str | None, oin: str | None) -> Told:
        operation, school, message_id = "-", "-", None
        cut = None
        try:
            with self._at_work, foreign(soap_fault, Exception):
                envelope = Envelope(body)
                message_id = envelope.message_id
                asked = envelope.asked(action)
                operation, school = asked.operation.name, asked.school
                dienst = self._diensten.get(school, self._diensten[None])
                self._check(oin, school)
            # Outside: who is slow holds up nobody else.
            touches = dienst.touches(operation)
            if touches and dienst.gedrag.slow:
                self._closed.wait(dienst.gedrag.slow)
            with self._at_work, foreign(soap_fault, Exception):
                content = call(asked, dienst)
                status, outcome = 200, "ok"
                told = answer(asked.operation, content, message_id=message_id or "")
            if touches and dienst.gedrag.cut is not None and dienst.turn("cuts"):
                cut = dienst.gedrag.cut
        except SoapFault as fault:
            status, outcome = 500, fault.actor
            told = fault_answer(fault, message_id=message_id)
        self._say(operation, outcome, school)
        return Told(status, told, _XML, cut)

    def _check(self, oin: str | None, school: str) -> None:
        if self._besturen is not None and not self._besturen.allows(oin or "", school):
            raise SoapFault(
                "REHEARSAL: From: expected a school that the board of this certificate "
                "may ask for, got another",
                actor=FaultReden.NOT_ALLOWED.value,
            )

    def _say(self, operation: str, outcome: str, school: str) -> None:
        moment = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self._log(f"{moment} REHEARSAL {operation} {outcome} {school}")


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
