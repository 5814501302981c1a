"""
Stand-ins that a test starts, and raw HTTP to ask them with.
"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from certificates import OIN, OTHER_OIN, OTHER_SCHOOL, SCHOOL, Authority, Pair

from eckid.service.standin import Besturen, Gedrag, Standin, server_context

PATH: Final = "/eck/ws/201703"
BOARDS: Final = {OIN: frozenset({SCHOOL}), OTHER_OIN: frozenset({OTHER_SCHOOL})}


class Running(NamedTuple):
    """
    A stand-in that runs, and what a client of it needs.
    """

    url: str
    lines: list[str]
    root: Authority | None = None
    client: Pair | None = None


@contextmanager
def running(gedrag: Mapping[str | None, Gedrag] | None = None) -> Iterator[Running]:
    """
    Yield a stand-in over plain HTTP.
    """
    lines: list[str] = []
    with Standin(gedrag=gedrag or {}, log=lines.append) as standin:
        yield Running(standin.url, lines)


@contextmanager
def running_tls(folder: Path) -> Iterator[Running]:
    """
    Yield a stand-in over TLS, whose boards are `BOARDS`.
    """
    root = Authority(folder)
    server, lines = root.server(), list[str]()
    with Standin(
        context=server_context(cert=server.cert, key=server.key, client_ca=root.ca),
        besturen=Besturen(BOARDS),
        log=lines.append,
    ) as standin:
        yield Running(standin.url, lines, root, root.client())


def connect(
    url: str, pair: Pair | None = None, root: Authority | None = None
) -> socket.socket:
    """
    Return a connection to where *url* is.
    """
    parts = urlsplit(url)
    sock = socket.create_connection((parts.hostname, parts.port), timeout=20)
    if root is None:
        return sock
    context = ssl.create_default_context(cafile=str(root.ca))
    if pair is not None:
        context.load_cert_chain(pair.cert, pair.key)
    try:
        return context.wrap_socket(sock, server_hostname=parts.hostname)
    except Exception:
        sock.close()
        raise


class Answer(NamedTuple):
    """
    An answer of HTTP, as it came.
    """

    status: int
    head: str
    body: bytes


def read_answer(sock: socket.socket, before: bytes = b"") -> Answer:
    """
    Return the next answer on a connection; of status 0 if it was closed before one.
    """
    octets = before
    while b"\r\n\r\n" not in octets:
        try:
            part = sock.recv(2**16)
        except ConnectionResetError:
            part = b""
        if not part:
            return Answer(0, "", octets)
        octets += part
    head, _, body = octets.partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    status = int(text.split()[1])
    if status == 100:
        return read_answer(sock, body)
    sizes = [
        int(line.partition(":")[2])
        for line in text.splitlines()
        if line.lower().startswith("content-length:")
    ]
    while len(body) < sizes[0]:
        part = sock.recv(2**16)
        if not part:
            break
        body += part
    return Answer(status, text, body)


def post(
    body: bytes, *, headers: Mapping[str, str] | None = None, path: str = PATH
) -> bytes:
    """
    Return a request of HTTP as it goes on the wire.
    """
    given = {
        "Host": "127.0.0.1",
        "Content-Type": "text/xml; charset=utf-8",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }
    head = "".join(f"{name}: {text}\r\n" for name, text in given.items() if text)
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


def ask(url: str, octets: bytes) -> Answer:
    """
    Return the answer to one request, on a connection of its own.
    """
    with connect(url) as sock:
        sock.sendall(octets)
        return read_answer(sock)
