"""
The client by itself: what it sends, what it refuses to send, threads and forks.
"""

import gc
import select
import socket
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from http.client import HTTPConnection
from typing import Any, Final

import pytest
from hostile import SCHEMA, SOAP, WSA, Server, element, http, relates, soap
from hostile import enveloped as in_envelope
from lxml import etree

from eckid import (
    LEERMIDDELENKETEN,
    HPgn,
    KetenID,
    Salt,
    Scheme,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    derive_stampseudoniem,
)
from eckid._core.bounds import ANSWER
from eckid.errors import RequestError, TransportError
from eckid.service import (
    SECTOR_IDS,
    Batch,
    SoapNummervoorziening,
    Tijden,
    Uitslag,
)
from eckid.service.answers import read_tree
from eckid.service.transport import Transport, _head

OIN: Final = "0000000700012TB34567"
HPGN: Final = HPgn.parse("1f2e3d4c5b6a7988" * 4)
NEW: Final = HPgn.parse("89a7b6c5d4e3f201" * 4)
STAM: Final = Stampseudoniem.parse(f"https://ketenid.nl/sp201703/{'0a1b2c3d' * 16}")
KETENID: Final = KetenID.parse(f"https://ketenid.nl/201703/{'9f8e7d6c' * 16}")
WHERE: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
BATCH: Final = Batch("20261127120000ab")
ONCE: Final = Tijden(connect=20, answer=20, tries=1)
DAY: Final = datetime(2027, 2, 1, 9, tzinfo=timezone(timedelta(hours=1)))
KADER: Final = "http://purl.edustandaard.nl/begrippenkader/"
IDS: Final = [
    ("chainId", f"{KADER}e7ec7d3c-c235-4513-bfb6-e54e66854795"),
    ("sectorId", f"{KADER}512e4729-03a4-43a2-95ba-758071d1b725"),
]
STAMPSEUDONYM: Final = f"<stampseudonym>{STAM.expose()}</stampseudonym>"
SUBMITTED: Final = element(
    "submitBatchResponse", "<batchIdentifier>20261127120000ab</batchIdentifier>"
)


def ending(name: str) -> str:
    """
    Return the answer that lists one chain or sector, the id of which is of the kader.
    """
    return element(
        f"retrieve{name.capitalize()}sResponse",
        f"<{name}><id>{KADER}e7ec7d3c-c235-4513-bfb6-e54e66854795</id><name>n</name>"
        f"<description/><lastEdited>2018-01-29T24:00:00</lastEdited></{name}>",
    )


Client = SoapNummervoorziening
# Each operation: how it is called, what is answered, what is sent, and what is given.
OPERATIONS: Final[
    dict[str, tuple[Callable[[Client], object], str, list[tuple[str, Any]], object]]
] = {
    "ping": (
        Client.ping,
        element(
            "pingResponse",
            "<available>1</available><applicationVersion>2.0</applicationVersion>"
            "<systemTime>2026-11-27T20:00:00.1234567+01:00</systemTime>",
        ),
        [],
        (
            True,
            "2.0",
            datetime(2026, 11, 27, 19, 0, 0, 123456, tzinfo=UTC),
        ),
    ),
    "retrieveStampseudonym": (
        lambda client: client.stampseudoniem(HPGN),
        element("retrieveStampseudonymResponse", STAMPSEUDONYM),
        [("hpgn", HPGN.expose())],
        STAM,
    ),
    "retrieveEckId": (
        lambda client: client.ketenid(STAM, **WHERE),
        element("retrieveEckIdResponse", f"<eckId>{KETENID.uri}</eckId>"),
        [("stampseudonym", STAM.expose()), *IDS],
        KETENID,
    ),
    "submitStampseudonymBatch": (
        lambda client: client.submit_stampseudoniemen({3: HPGN, 0: NEW}),
        SUBMITTED,
        [
            ("hpgnList", [("index", "3"), ("hPgn", HPGN.expose())]),
            ("hpgnList", [("index", "0"), ("hPgn", NEW.expose())]),
        ],
        BATCH,
    ),
    "submitEckIdBatch": (
        lambda client: client.submit_ketenids({2147483647: STAM}, **WHERE),
        SUBMITTED,
        [
            (
                "stampseudonymList",
                [("index", "2147483647"), ("stampseudonym", STAM.expose())],
            ),
            *IDS,
        ],
        Batch(BATCH.identifier, **WHERE),
    ),
    "retrieveBatch": (
        lambda client: client.retrieve(Batch("20261127<&>'\"")),
        element(
            "retrieveBatchResponse",
            f"<success><index>1</index><value>{STAM.expose()}</value></success>"
            "<failed><index>0</index><errorMessage/></failed>",
        ),
        [("batchIdentifier", "20261127<&>'\"")],
        Uitslag({1: STAM}, frozenset({0})),
    ),
    "replaceStampseudonym": (
        lambda client: client.replace(old=HPGN, new=NEW, on=DAY),
        element("replaceStampseudonymResponse", STAMPSEUDONYM),
        [
            ("hpgnOld", HPGN.expose()),
            ("hpgnNew", NEW.expose()),
            ("effectiveDate", "2027-02-01T09:00:00.000+01:00"),
        ],
        STAM,
    ),
    "retrieveChains": (
        lambda client: client.ketens()[0],
        ending("chain"),
        [],
        (LEERMIDDELENKETEN.id, "n", "", datetime(2018, 1, 30, tzinfo=UTC)),
    ),
    "retrieveSectors": (
        lambda client: client.sectoren()[0],
        ending("sector"),
        [],
        (LEERMIDDELENKETEN.id, "n", "", datetime(2018, 1, 30, tzinfo=UTC)),
    ),
}


def client_of(server: Server, **how: Any) -> Client:  # noqa: ANN401  # as it takes them
    """
    Return a client of a server.
    """
    return SoapNummervoorziening(
        **{"url": server.url, "oin": OIN, "tijden": ONCE, **how}
    )


def content(parent: Any) -> list[tuple[str, Any]]:  # noqa: ANN401  # of lxml
    """
    Return the name and content of each element in one of the service's namespace.
    """
    found = []
    for child in parent:
        name = etree.QName(child)
        assert name.namespace == SCHEMA
        assert not child.attrib
        found.append((name.localname, content(child) if len(child) else child.text))
    return found


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_is_as_the_service_was_seen_to_get_it(name: str) -> None:
    """
    Headers, names, order and values, and nothing but these; the answer is given.
    """
    call, answered, sent, given = OPERATIONS[name]
    with Server(soap(answered)).running() as server:
        client = client_of(server)
        assert call(client) == given
        client.close()
    (asked,) = server.requests
    lines = asked.head.decode().split("\r\n")
    assert lines[0] == "POST /eck/ws/201703 HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert headers.pop("User-Agent").startswith("eckid/")
    assert headers == {
        "Host": f"127.0.0.1:{server.port}",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(asked.body)),
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{SCHEMA}/{name}"',
    }
    root = etree.fromstring(asked.body)
    assert [each.tag for each in root] == [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"]
    head, body = root
    assert [(each.tag, dict(each.attrib)) for each in head] == [
        (f"{{{WSA}}}To", {}),
        (f"{{{WSA}}}Action", {f"{{{SOAP}}}mustUnderstand": "1"}),
        (f"{{{WSA}}}ReplyTo", {}),
        (f"{{{WSA}}}FaultTo", {}),
        (f"{{{WSA}}}MessageID", {}),
        (f"{{{WSA}}}From", {}),
    ]
    to, action, reply, fault, message, source = head
    assert (to.text, action.text) == (server.url, f"{SCHEMA}/{name}")
    assert str(message.text).startswith("uuid:")
    for one, tail in ((reply, ""), (fault, ""), (source, f"?oin={OIN}")):
        (address,) = one
        assert address.tag == f"{{{WSA}}}Address"
        assert address.text == f"{WSA}/anonymous{tail}"
    (request,) = body
    assert request.tag == f"{{{SCHEMA}}}{name}Request"
    assert content(request) == sent


def test_no_two_messages_have_one_name() -> None:
    """
    The MessageID of each request is new, and what the URL has is escaped.
    """
    with Server(soap(OPERATIONS["ping"][1])).running() as server:
        client = client_of(server, url=f"{server.url}/a&b'%20;c=<d>")
        client.ping()
        client.ping()
        client.close()
    first, second = server.requests
    assert first.message_id != second.message_id
    assert etree.fromstring(first.body)[0][0].text == f"{server.url}/a&b'%20;c=<d>"


def test_without_a_day_a_replacement_says_none() -> None:
    """
    The element is left out.
    """
    with Server(soap(OPERATIONS["replaceStampseudonym"][1])).running() as server:
        client = client_of(server)
        client.replace(old=HPGN, new=NEW)
        client.close()
    request = etree.fromstring(server.requests[0].body)[1][0]
    assert [name for name, _ in content(request)] == ["hpgnOld", "hpgnNew"]


REHEARSAL: Final = derive_stampseudoniem(
    HPGN,
    sleutelbos=Sleutelbos.generate(
        release="pilot",
        namespace="https://ketenid.nl",
        salt=Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw=="),
    ),
)
ANOTHER: Final = derive_stampseudoniem(
    HPGN, sleutelbos=Sleutelbos.generate(release="201703")
)
CHEAP: Final = HPgn(HPGN.expose_octets(), Scheme.CHEAPEST)
# What is refused before a connection is opened.
UNSENT: Final[Mapping[str, Callable[[Client], object]]] = {
    "another-scheme": lambda c: c.stampseudoniem(CHEAP),
    "another-scheme-in-a-batch": lambda c: c.submit_stampseudoniemen(
        {0: HPGN, 1: CHEAP}
    ),
    "another-scheme-replaced": lambda c: c.replace(old=CHEAP, new=HPGN),
    "another-scheme-replacing": lambda c: c.replace(old=HPGN, new=CHEAP),
    "a-day-without-zone": lambda c: c.replace(
        old=HPGN,
        new=NEW,
        on=datetime(2027, 2, 1),  # noqa: DTZ001  # the point
    ),
    "rehearsal": lambda c: c.ketenid(REHEARSAL, **WHERE),
    "rehearsal-in-a-batch": lambda c: c.submit_ketenids(
        {0: STAM, 1: REHEARSAL}, **WHERE
    ),
    "another-namespace": lambda c: c.ketenid(ANOTHER, **WHERE),
    "another-namespace-in-a-batch": lambda c: c.submit_ketenids(
        {0: STAM, 1: ANOTHER}, **WHERE
    ),
    "empty-batch": lambda c: c.submit_stampseudoniemen({}),
    "empty-batch-of-ketenids": lambda c: c.submit_ketenids({}, **WHERE),
    "negative-index": lambda c: c.submit_stampseudoniemen({-1: HPGN}),
    "too-large-index": lambda c: c.submit_ketenids({2**31: STAM}, **WHERE),
    "sector-without-id": lambda c: c.ketenid(
        STAM, keten=LEERMIDDELENKETEN, sector=Sector.VO
    ),
    "sector-without-id-in-a-batch": lambda c: c.submit_ketenids(
        {0: STAM}, keten=LEERMIDDELENKETEN, sector=Sector.VO
    ),
}


@pytest.mark.parametrize("name", UNSENT)
def test_what_the_service_would_not_take_is_not_sent(name: str) -> None:
    """
    It is refused in our words before a connection is opened.
    """
    with Server().running() as server:
        client = client_of(server, sectoren={Sector.PO: SECTOR_IDS[Sector.PO]})
        with pytest.raises(RequestError):
            UNSENT[name](client)
        assert server.connections == 0


@pytest.mark.parametrize("value", [True, False])
def test_true_is_no_index(value: bool) -> None:  # noqa: FBT001  # the point
    """
    To Python True is equal to 1; a batch does not take it for one.
    """
    with Server().running() as server:
        client = client_of(server)
        with pytest.raises(TypeError, match=r"^index: expected int, got bool"):
            client.submit_stampseudoniemen({value: HPGN})
        with pytest.raises(TypeError, match=r"^index: expected int, got bool"):
            client.submit_ketenids({value: STAM}, **WHERE)
        assert server.connections == 0


# Each URL, and the host, port and path that are asked.
GOOD: Final[Mapping[str, tuple[str, int, str]]] = {
    "http://127.0.0.1": ("127.0.0.1", 80, "/"),
    "http://localhost:8080/": ("localhost", 8080, "/"),
    "HTTP://LOCALHOST/eck/ws/201703": ("localhost", 80, "/eck/ws/201703"),
    "http://[::1]:8080/eck": ("::1", 8080, "/eck"),
    # What follows its last colon is no port.
    "http://[::1]/eck": ("::1", 80, "/eck"),
}
BAD: Final[Mapping[str, str]] = {
    "empty": "",
    "scheme-none": "127.0.0.1",
    "scheme-other": "ftp://127.0.0.1/",
    "scheme-file": "file:///etc/passwd",
    "host-none": "http://",
    "host-elsewhere": "http://service.example/",
    "host-longer": "http://localhost.evil.example/",
    "host-dot": "http://localhost./",
    "host-short": "http://127.1/",
    "host-hex": "http://0x7f.1/",
    "host-hex-whole": "http://0x7f000001/",
    "host-whole": "http://2130706433/",
    "host-octal": "http://0177.0.0.1/",
    "host-any": "http://0.0.0.0/",
    "host-next": "http://127.0.0.2/",
    "host-mapped": "http://[::ffff:127.0.0.1]/",
    "host-long-v6": "http://[0:0:0:0:0:0:0:1]/",
    "host-zone": "http://[::1%25lo]/",
    "host-bare-v6": "http://::1/",
    "host-half-bracket": "http://[::1/",
    "host-after-bracket": "http://[::1]evil/",
    "host-script": "http://\uff4cocalhost/",
    "host-kelvin": "http://\u212aetenid.nl/",
    "host-escaped": "http://%6cocalhost/",
    "user": "http://me@localhost/",
    "user-empty": "http://@localhost/",
    "password": "http://me:word@localhost/",
    "back-slash": "http://localhost\\@evil.example/",
    "port-none-after": "http://localhost:/",
    "port-0": "http://localhost:0/",
    "port-65536": "http://localhost:65536/",
    "port-word": "http://localhost:http/",
    "port-twice": "http://localhost:80:80/",
    "port-script": "http://localhost:\uff18\uff10/",
    "query": "http://localhost/?oin=1",
    "query-empty": "http://localhost/?",
    "fragment": "http://localhost/#a",
    "fragment-empty": "http://localhost/#",
    "space": "http://localhost/a b",
    "space-before": " http://localhost/",
    "line": "http://localhost/\r\nHost: evil",
    "tab": "http://local\thost/",
    "nul": "http://localhost/\0",
    "path-script": "http://localhost/\xe9",
    "path-long": f"http://localhost/{1024 * 'a'}",
}


@pytest.mark.parametrize("url", GOOD)
def test_http_is_for_this_machine(url: str) -> None:
    """
    By its name or its address, in the one spelling of each; it is asked just there.
    """
    made = Transport(url, toegang=None, tijden=ONCE)
    asked = made._connection
    assert type(asked) is HTTPConnection
    assert (made.host, made._path) == (asked.host, GOOD[url][2])
    assert (asked.host, asked.port) == GOOD[url][:2]


@pytest.mark.parametrize("name", BAD)
def test_another_url_is_refused(name: str) -> None:
    """
    Without TLS nothing leaves the machine, and a URL is a host, a port and a path.
    """
    with pytest.raises(RequestError) as caught:
        Transport(BAD[name], toegang=None, tijden=ONCE)
    assert str(caught.value).startswith("url: expected https:// and a host, or ")
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("host", "port", "default", "said"),
    [
        ("service.example", 443, 443, "service.example"),
        ("service.example", 80, 443, "service.example:80"),
        ("localhost", 80, 80, "localhost"),
        ("::1", 8080, 80, "[::1]:8080"),
        ("::1", 443, 443, "[::1]"),
    ],
)
def test_a_head_says_the_host(host: str, port: int, default: int, said: str) -> None:
    """
    And its port, where that is not the one of its scheme.
    """
    head = _head((host, port, default, "/eck"), (("A", "b"),), 3)
    assert head.decode().split("\r\n") == [
        "POST /eck HTTP/1.1",
        f"Host: {said}",
        "Accept-Encoding: identity",
        "A: b",
        "Content-Length: 3",
        "",
        "",
    ]


WRONG: Final[Mapping[str, dict[str, Any]]] = {
    "oin-short": {"oin": OIN[:-1]},
    "oin-of-a-certificate": {"oin": "00000003123456734567"},
    "release-upper": {"release": "PILOT"},
    "release-of-stampseudoniemen": {"release": "sp201703"},
    "sector-id-upper": {"sectoren": {Sector.PO: SECTOR_IDS[Sector.PO].upper()}},
    "sector-id-whole": {"sectoren": {Sector.PO: KADER + SECTOR_IDS[Sector.PO]}},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_client_is_made_of_is_checked(name: str) -> None:
    """
    It is refused when the client is made, not when it asks.
    """
    given = {"url": "http://localhost/", "oin": OIN} | WRONG[name]
    with pytest.raises(RequestError):
        SoapNummervoorziening(**given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connect", 0),
        ("answer", 0),
        ("connect", -1),
        ("pause", -1),
        ("poll", float("nan")),
        ("answer", float("inf")),
        ("answer", 86_401),
        ("tries", 0),
        ("polls", 1001),
    ],
)
def test_a_time_has_bounds(name: str, value: float) -> None:
    """
    A wait that never ends, or ends at once, is refused.
    """
    given: dict[str, Any] = {name: value}
    with pytest.raises(RequestError, match=rf"^{name}: expected "):
        Tijden(**given)


def test_two_threads_ask_one_after_the_other() -> None:
    """
    Calls of one client never mix: each gets the answer to its own question.
    """

    def echo(_: Server, sock: Any, asked: Any) -> bool:  # noqa: ANN401
        (hpgn,) = etree.fromstring(asked.body)[1][0]
        value = f"https://ketenid.nl/sp201703/{2 * str(hpgn.text)}"
        body = element(
            "retrieveStampseudonymResponse", f"<stampseudonym>{value}</stampseudonym>"
        )
        sock.sendall(http(in_envelope(body, relates(asked)).encode()))
        return True

    with Server(echo).running() as server:
        client = client_of(server)
        wrong: list[HPgn] = []

        def ask(digit: str) -> None:
            for n in range(20):
                hpgn = HPgn.parse(f"{n:02x}" + 62 * digit)
                if client.stampseudoniem(hpgn).expose()[-64:] != hpgn.expose():
                    wrong.append(hpgn)

        threads = [threading.Thread(target=ask, args=[digit]) for digit in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        assert (len(server.requests), server.connections) == (80, 1)
        client.close()


def test_a_call_in_another_process_opens_a_connection_of_its_own() -> None:
    """
    A client that another process made is known by its number; test_forks forks one.
    """
    with Server(soap(OPERATIONS["retrieveStampseudonym"][1])).running() as server:
        client = client_of(server)
        client.stampseudoniem(HPGN)
        before = client._transport._lock
        client._transport._process = -1
        client.stampseudoniem(HPGN)
        assert server.connections == 2
        assert client._transport._lock is not before
        client.close()


def test_an_element_of_an_answer_shows_no_text() -> None:
    """
    Only how many there are in it.
    """
    read = read_tree(
        [f'<s:Envelope xmlns:s="{SOAP}">{STAM.expose()}</s:Envelope>'.encode()], ANSWER
    )
    assert repr(read) == "<Element with 0 elements, text hidden>"


def test_a_client_that_is_forgotten_closes_its_connection() -> None:
    """
    The collector has nothing to warn of.
    """
    with Server(soap(OPERATIONS["retrieveStampseudonym"][1])).running() as server:
        client = client_of(server)
        client.stampseudoniem(HPGN)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            del client
            gc.collect()
        assert warned == []


def test_a_client_may_be_closed_twice_and_asked_again() -> None:
    """
    The next call opens another connection.
    """
    with Server(soap(OPERATIONS["retrieveStampseudonym"][1])).running() as server:
        client = client_of(server)
        client.close()
        for count in (1, 2):
            assert client.stampseudoniem(HPGN) == STAM
            assert server.connections == count
            client.close()
            client.close()


def test_a_service_that_closed_meanwhile_is_asked_on_another_connection() -> None:
    """
    A read does not fail because the service ended an idle connection.
    """
    right = soap(OPERATIONS["retrieveStampseudonym"][1])

    def once(server: Server, sock: Any, asked: Any) -> bool:  # noqa: ANN401
        right(server, sock, asked)
        return False

    with Server(once).running() as server:
        client = client_of(server)
        client.stampseudoniem(HPGN)
        # What is read of a closed connection is its end.
        client._transport._connection.sock.recv(1)
        assert client.stampseudoniem(HPGN) == STAM
        client.close()


def test_a_service_that_broke_off_meanwhile_is_asked_on_another_connection() -> None:
    """
    Nor because it reset one.
    """
    right = soap(OPERATIONS["retrieveStampseudonym"][1])

    def once(server: Server, sock: Any, asked: Any) -> bool:  # noqa: ANN401
        right(server, sock, asked)
        # A close that waits for nothing is a reset.
        form = "hh" if sys.platform == "win32" else "ii"
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(form, 1, 0))
        return False

    with Server(once).running() as server:
        client = client_of(server)
        client.stampseudoniem(HPGN)
        assert select.select([client._transport._connection.sock], [], [], 20)[0]
        assert client.stampseudoniem(HPGN) == STAM
        assert server.connections == 2
        client.close()


def test_a_service_that_says_more_is_asked_on_another_connection() -> None:
    """
    What comes after an answer is not taken for the next one.
    """
    right = soap(OPERATIONS["retrieveStampseudonym"][1])
    said = threading.Event()

    def more(server: Server, sock: Any, asked: Any) -> bool | None:  # noqa: ANN401
        going = right(server, sock, asked)
        if len(server.requests) == 1:
            said.wait(20)
            sock.sendall(http(b"<x/>"))
        return going

    with Server(more).running() as server:
        client = client_of(server)
        client.stampseudoniem(HPGN)
        said.set()
        assert select.select([client._transport._connection.sock], [], [], 20)[0]
        assert client.stampseudoniem(HPGN) == STAM
        assert server.connections == 2
        client.close()


def test_a_request_goes_in_one_piece() -> None:
    """
    A head that goes before its body would wake the other side twice.
    """
    with Server(soap(OPERATIONS["retrieveStampseudonym"][1])).running() as server:
        client = client_of(server)
        client.stampseudoniem(HPGN)
        connection = client._transport._connection
        sent: list[bytes] = []

        class Seen(socket.socket):
            def sendall(self, octets: Any, flags: int = 0, /) -> None:  # noqa: ANN401
                sent.append(octets)
                super().sendall(octets, flags)

        connection.sock = Seen(fileno=connection.sock.detach())
        assert client.stampseudoniem(HPGN) == STAM
        assert server.connections == 1
        asked = server.requests[1]
        assert sent == [asked.head + b"\r\n\r\n" + asked.body]
        client.close()


def test_what_must_not_be_sent_twice_has_a_connection_of_its_own() -> None:
    """
    A submit never meets a connection that the service is about to close.
    """
    ping, submitted = OPERATIONS["ping"][1], soap(SUBMITTED)
    with Server(soap(ping), submitted, submitted).running() as server:
        client = client_of(server)
        client.ping()
        for _ in range(2):
            client.submit_stampseudoniemen({0: HPGN})
        assert server.connections == 3
        client.close()


def test_a_call_that_is_interrupted_leaves_no_half_answer() -> None:
    """
    The next call does not read what the one before did not.
    """
    right = soap(OPERATIONS["retrieveStampseudonym"][1])

    def stop(_: Iterator[bytes]) -> None:
        raise KeyboardInterrupt

    with Server(right).running() as server:
        client = client_of(server)
        ask = partial(client._transport.post, b"<x/>", {}, stop, repeats=True)
        with pytest.raises(KeyboardInterrupt):
            ask()
        assert client.stampseudoniem(HPGN) == STAM
        assert server.connections == 2
        client.close()


def test_nothing_listens() -> None:
    """
    The error says that nothing was sent.
    """
    with pytest.raises(TransportError) as caught:
        SoapNummervoorziening("http://127.0.0.1:1/", oin=OIN, tijden=ONCE).ping()
    assert (caught.value.sent, caught.value.passing) == (False, True)
