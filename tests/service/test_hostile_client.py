"""
A hostile client against the stand-in: it is refused, told nothing, and harms nobody.
"""

import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from threading import Event

import pytest
from hostile_requests import (
    LARGE,
    LINE,
    MIB,
    NUMBER,
    ROWS,
    VALUE,
    good,
    raw,
    shout,
    still_answers,
)
from standins import PATH, Running, connect, post, read_answer, running

from eckid._core.bounds import CONNECTIONS, REQUESTS_HELD, SECONDS_OF_REQUEST
from eckid.service.messages import SOAP
from eckid.service.standin import Standin, http, soap


@pytest.fixture(scope="module")
def at() -> Iterator[Running]:
    """
    A stand-in that all rows go to.
    """
    with running() as found:
        yield found


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_request_is_refused(
    name: str, at: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    The right status or fault, no value of it anywhere, and the next call is answered.
    """
    del at.lines[:]
    row = ROWS[name]
    found = shout(at.url, row.octets())
    assert found.status == row.status
    if row.status == 500:
        node = ET.fromstring(found.body).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")  # noqa: S314  # ours
        assert node is not None
        assert [node.findtext(name) for name in ("faultcode", "faultactor")] == [
            row.code,
            row.actor,
        ]
        assert "text/xml" in found.head
    told = found.head + found.body.decode() + "".join(at.lines)
    # The MessageID goes back as it came, which is what it is for.
    told = told.replace(f">uuid:{NUMBER}<", "")
    for value in (16 * "e", NUMBER, 100 * "a"):
        assert value not in told
    assert still_answers(at.url)
    assert capfd.readouterr() == ("", "")


def test_there_are_forty_rows_and_more() -> None:
    """
    The table holds what was thought of; take no row out.
    """
    assert len(ROWS) >= 40
    assert len(LARGE) >= 8


# ---- slowly --------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """
    A stand-in that gives a request a third of a second.
    """
    bound = SECONDS_OF_REQUEST._replace(most=0.3)  # type: ignore[arg-type]  # not whole
    monkeypatch.setattr(http, "SECONDS_OF_REQUEST", bound)
    with running() as found:
        yield found


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"", 0),
        (b"POST /eck", 408),
        (post(good())[:-10], 408),
        (raw(f"{LINE}\nTransfer-Encoding: chunked", b"5\r\nab"), 408),
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk"],
)
def test_a_request_has_a_time(octets: bytes, status: int, hasty: Running) -> None:
    """
    What has not come by then is not waited for; where nothing came, nothing is said.
    """
    assert shout(hasty.url, octets).status == status
    assert still_answers(hasty.url)


def test_a_byte_at_a_time_gains_nothing(hasty: Running) -> None:
    """
    The time is that of the whole request, not that of a byte.
    """
    with connect(hasty.url) as sock:
        sock.settimeout(0.02)
        found = b""
        for byte in post(good()) * 5:
            with suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(bytes([byte]))
            with suppress(TimeoutError, ConnectionResetError):
                found += sock.recv(2**16)
            if found:
                break
        assert found.startswith(b"HTTP/1.1 408 ")


def test_an_answer_that_is_not_read_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The connection is closed when the time for it is over.
    """
    bound = SECONDS_OF_REQUEST._replace(most=0.3)  # type: ignore[arg-type]  # not whole
    monkeypatch.setattr(http, "SECONDS_OF_REQUEST", bound)
    monkeypatch.setattr(
        "eckid.service.standin.answering.published", lambda _: 40 * MIB * b" "
    )
    with Standin() as standin, connect(standin.url) as sock:
        sock.sendall(raw(f"GET {PATH}?wsdl HTTP/1.1\nHost: x"))
        begun = read_part(sock)
        pause = Event()
        while standin._open:
            pause.wait(0.01)
        # What the systems took in between is all that comes.
        size = begun
        with suppress(ConnectionResetError):
            while part := read_part(sock):
                size += part
        assert 0 < size < 40 * MIB


def read_part(sock: socket.socket) -> int:
    """
    Return how many bytes came.
    """
    return len(sock.recv(2**16))


def test_it_takes_so_many_connections(at: Running) -> None:
    """
    One more is closed at once; when others are gone there is room again.
    """
    with ExitStack() as stack:
        held = [stack.enter_context(connect(at.url)) for _ in range(CONNECTIONS.most)]
        # Each was taken in, which its answer shows.
        for sock in held:
            sock.sendall(post(good()))
            assert read_answer(sock).status == 200
        assert shout(at.url, post(good())).status == 0
        held[0].sendall(post(good()))
        assert read_answer(held[0]).status == 200
    for _ in range(1000):
        if still_answers(at.url):
            break
    else:
        pytest.fail("no room came")


def test_it_holds_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Of all requests together; one beyond is told to come back, and they are given back.
    """
    monkeypatch.setattr(http, "REQUESTS_HELD", REQUESTS_HELD._replace(most=4096))
    with running() as found:
        with connect(found.url) as sock:
            sock.sendall(post(3000 * b" ")[:-1])
            # What was sent first need not be read first.
            for _ in range(1000):
                if shout(found.url, post(3000 * b" ")).status == 503:
                    break
            else:
                pytest.fail("all was taken")
            sock.sendall(b" ")
            assert read_answer(sock).status == 500
        for _ in range(3):
            assert shout(found.url, post(4000 * b" ")).status == 500


def test_a_fault_of_its_own_says_nothing(
    monkeypatch: pytest.MonkeyPatch, at: Running
) -> None:
    """
    Whatever goes wrong in it is a fault, without a word of what it was.
    """

    def broken(*_: object) -> None:
        raise ZeroDivisionError(VALUE)

    monkeypatch.setattr(soap, "look", broken)
    found = shout(at.url, post(good()))
    assert found.status == 500
    assert b"a fault in the stand-in" in found.body
    assert VALUE.encode() not in found.body
