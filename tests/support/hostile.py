"""
A server that answers as a test says, byte for byte: over TLS or in the clear.

It speaks through raw sockets, because a library of HTTP would mend what is wrong.
"""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple, TypeAlias

SCHEMA: Final = "http://ketenid.nl/eck/schemas/v1_0"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSA: Final = "http://www.w3.org/2005/08/addressing"
_LENGTH: Final = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_MESSAGE: Final = re.compile(rb"<wsa:MessageID>([^<]*)</wsa:MessageID>")


class Asked(NamedTuple):
    """
    A request as it came in.
    """

    head: bytes
    body: bytes

    @property
    def message_id(self) -> str:
        """
        Its MessageID.
        """
        found = _MESSAGE.search(self.body)
        return "" if found is None else found[1].decode()


# Answers one request on a socket; whether the connection goes on after it.
Plan: TypeAlias = "Callable[[Server, socket.socket, Asked], bool | None]"


class Server:
    """
    A server on this machine; each request gets the next plan, and the last one stays.

    Args:
        plans: How the requests are answered.

        context: Its TLS; None speaks in the clear.

        greet: Does something with a new connection before TLS; whether it goes on.

    Attributes:
        connections: How many were opened.
        requests: What was asked.
        octets: The first bytes of each connection, if *greet* kept them there.
        stopping: Is set when the server ends.
    """

    def __init__(
        self,
        *plans: Plan,
        context: ssl.SSLContext | None = None,
        greet: "Callable[[Server, socket.socket], bool] | None" = None,
    ) -> None:
        self._plans, self._context, self._greet = plans, context, greet
        self.connections, self.requests = 0, list[Asked]()
        self.octets: list[bytes] = []
        self.stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """
        Where it is.
        """
        scheme = "http" if self._context is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}/eck/ws/201703"

    @contextmanager
    def running(self) -> Iterator["Server"]:
        """
        Answer in threads while the block runs.
        """
        accepts = threading.Thread(target=self._accept)
        accepts.start()
        try:
            yield self
        finally:
            self.stopping.set()
            accepts.join()
            self._listener.close()
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
            for thread in self._threads:
                thread.join()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self._talk, args=[sock])
            self._threads.append(thread)
            thread.start()

    def _talk(self, sock: socket.socket) -> None:
        sock.settimeout(None)
        self._open.append(sock)
        with suppress(OSError), sock:
            if self._greet is not None and not self._greet(self, sock):
                return
            if self._context is None:
                self._serve(sock)
                return
            with self._context.wrap_socket(
                sock, server_side=True, do_handshake_on_connect=False
            ) as secure:
                self._open.append(secure)
                try:
                    secure.do_handshake()
                except ssl.SSLError:
                    # With bytes unread a close is a reset, which outruns the alert.
                    socket.socket.shutdown(secure, socket.SHUT_WR)
                    while socket.socket.recv(secure, 65536):
                        pass
                    return
                self._serve(secure)

    def _serve(self, sock: socket.socket) -> None:
        while True:
            asked = _read(sock)
            if asked is None:
                return
            with self._lock:
                plan = self._plans[min(len(self.requests), len(self._plans) - 1)]
                self.requests.append(asked)
            if not plan(self, sock, asked):
                return


def _read(sock: socket.socket) -> Asked | None:
    octets = b""
    while b"\r\n\r\n" not in octets:
        more = sock.recv(65536)
        if not more:
            return None
        octets += more
    head, _, body = octets.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    wanted = 0 if length is None else int(length[1])
    while len(body) < wanted:
        body += sock.recv(65536)
    return Asked(head, body)


def http(
    body: bytes,
    *,
    status: str = "200 OK",
    headers: Mapping[str, str] | None = None,
    kind: str = "text/xml; charset=utf-8",
) -> bytes:
    """
    Return an answer of HTTP.
    """
    given = {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def element(name: str, inner: str, namespace: str = SCHEMA) -> str:
    """
    Return an element with what is in it.
    """
    return f'<{name} xmlns="{namespace}">{inner}</{name}>'


def enveloped(body: str, header: str) -> str:
    """
    Return an envelope of SOAP 1.1.
    """
    return (
        f'<s:Envelope xmlns:s="{SOAP}" xmlns:a="{WSA}"><s:Header>{header}</s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


def relates(asked: Asked) -> str:
    """
    Return the header of an answer to a request.
    """
    return (
        f"<a:Action>{SCHEMA}/EckIDPort/x</a:Action>"
        f"<a:RelatesTo>{asked.message_id}</a:RelatesTo>"
    )


def soap(body: str, more: str = "") -> Plan:
    """
    Return a plan that answers rightly, with *body*.
    """
    return lambda _, sock, asked: _sent(
        sock, http(enveloped(body, relates(asked) + more).encode())
    )


def document(make: Callable[[Asked], str | bytes]) -> Plan:
    """
    Return a plan that answers with the document that is made of the request.
    """

    def plan(_: Server, sock: socket.socket, asked: Asked) -> bool:
        made = make(asked)
        return _sent(sock, http(made if isinstance(made, bytes) else made.encode()))

    return plan


def raw(octets: bytes) -> Plan:
    """
    Return a plan that sends bytes, and closes.
    """
    return lambda _, sock, __: not _sent(sock, octets)


def _sent(sock: socket.socket, octets: bytes) -> bool:
    sock.sendall(octets)
    return True


def forever(first: bytes, part: bytes) -> Plan:
    """
    Return a plan that sends *first*, and then *part* for ever, as fast as it goes.
    """

    def plan(server: Server, sock: socket.socket, _: Asked) -> bool:
        sock.sendall(first)
        while not server.stopping.is_set():
            sock.sendall(part)
        return False

    return plan


def dripping(first: bytes, octet: bytes = b" ") -> Plan:
    """
    Return a plan that sends *first*, and then a byte now and then.
    """

    def plan(server: Server, sock: socket.socket, _: Asked) -> bool:
        sock.sendall(first)
        while not server.stopping.wait(0.01):
            sock.sendall(octet)
        return False

    return plan


def silent(server: Server, _: socket.socket, __: Asked) -> bool:
    """
    Answer nothing until the server ends.
    """
    server.stopping.wait()
    return False
