"""
A hostile server against the client: the right error, in time, and no value in it.

Each row of a table answers a call in one wrong way. What may not be told is in the
request, and where a row says so in the answer.
"""

import http.client
import logging
import socket
import ssl
import threading
import tracemalloc
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from certificates import OIN, SCHOOL, Authority, Pair, server_context
from hostile import (
    SCHEMA,
    SOAP,
    Asked,
    Plan,
    Server,
    document,
    dripping,
    element,
    enveloped,
    forever,
    raw,
    relates,
    silent,
    soap,
)
from hostile import (
    http as answer,
)
from leaking import leaks, told_in

from eckid import LEERMIDDELENKETEN, HPgn, KetenID, Sector, Stampseudoniem
from eckid.errors import (
    Doe,
    FaultError,
    FaultReden,
    ServiceError,
    TransportError,
)
from eckid.service import Batch, SoapNummervoorziening, Tijden, Toegang
from eckid.service.watch import Watch

HPGN: Final = HPgn.parse("1f2e3d4c5b6a7988" * 4)
NEW: Final = HPgn.parse("89a7b6c5d4e3f201" * 4)
STAM: Final = Stampseudoniem.parse(f"https://ketenid.nl/sp201703/{'0a1b2c3d' * 16}")
KETENID: Final = KetenID.parse(f"https://ketenid.nl/201703/{'9f8e7d6c' * 16}")
WHERE: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
BATCH: Final = Batch(f"20261127120000{'5c' * 16}")
KETENIDS: Final = Batch(BATCH.identifier, **WHERE)
# A word that only answers have.
WORD: Final = "Jannemieke"
TELLING: Final = f"{HPGN.expose()} {STAM.expose()} {KETENID.uri} {WORD}"
HIDDEN: Final = (
    HPGN.expose().encode(),
    NEW.expose().encode(),
    STAM.expose()[-128:].encode(),
    KETENID.hex.encode(),
    BATCH.identifier.encode(),
    WORD.encode(),
)
# Nothing but what ends by its time waits so long; the others may take what they need.
PATIENT: Final = Tijden(connect=20, answer=20, tries=2, pause=0.001)
HASTY: Final = Tijden(connect=20, answer=0.3, tries=2, pause=0.001)
SECONDS: Final = 60

Client = SoapNummervoorziening
Call = Callable[[SoapNummervoorziening], object]


def ping(client: Client) -> object:
    """
    Ask whether it is there.
    """
    return client.ping()


def stam(client: Client) -> object:
    """
    Ask for a stampseudoniem.
    """
    return client.stampseudoniem(HPGN)


def ketenid(client: Client) -> object:
    """
    Ask for a ketenID.
    """
    return client.ketenid(STAM, **WHERE)


def submit(client: Client) -> object:
    """
    Hand in a batch.
    """
    return client.submit_stampseudoniemen({0: HPGN, 1: NEW})


def retrieve(client: Client) -> object:
    """
    Fetch a batch of stampseudoniemen.
    """
    return client.retrieve(BATCH)


def retrieve_ketenids(client: Client) -> object:
    """
    Fetch a batch of ketenIDs.
    """
    return client.retrieve(KETENIDS)


def replace(client: Client) -> object:
    """
    Let a number take the place of another.
    """
    return client.replace(old=HPGN, new=NEW)


def ketens(client: Client) -> object:
    """
    Ask for the ketens.
    """
    return client.ketens()


class Way(NamedTuple):
    """
    What a TransportError says.
    """

    sent: bool
    passing: bool


class Case(NamedTuple):
    """
    How the server answers, and what comes of it.

    Attributes:
        call: What is asked.
        plans: How the server answers.
        error: The fault, or what is said of the way.
        requests: How many requests reach the server.
        tijden: How long is waited.
    """

    call: Call
    plans: tuple[Plan, ...]
    error: FaultReden | Way
    requests: int = 1
    tijden: Tijden = PATIENT


LOST: Final = Way(sent=True, passing=True)
ENDED: Final = Way(sent=True, passing=False)
UNSENT: Final = Way(sent=False, passing=True)
REFUSED: Final = Way(sent=False, passing=False)


def no(call: Call, *plans: Plan) -> Case:
    """
    Return a row of an answer that is not as specified.
    """
    return Case(call, plans, FaultReden.ANSWER)


def stam_of(value: str) -> str:
    """
    Return the answer that has a stampseudoniem.
    """
    return element(
        "retrieveStampseudonymResponse", f"<stampseudonym>{value}</stampseudonym>"
    )


def ketenid_of(value: str) -> str:
    """
    Return the answer that has a ketenID.
    """
    return element("retrieveEckIdResponse", f"<eckId>{value}</eckId>")


def pong(
    available: str = "true", moment: str = "2026-11-27T20:00:00Z", more: str = ""
) -> str:
    """
    Return the answer to a ping.
    """
    return element(
        "pingResponse",
        f"<available>{available}</available><applicationVersion>2.0.1"
        f"</applicationVersion><systemTime>{moment}</systemTime>{more}",
    )


def made(*items: tuple[str, str]) -> str:
    """
    Return the answer to a batch: each index has a value.
    """
    inner = "".join(
        f"<success><index>{index}</index><value>{value}</value></success>"
        for index, value in items
    )
    return element("retrieveBatchResponse", inner)


def chain(id_: str, moment: str = "2018-01-29T00:00:00Z") -> str:
    """
    Return an answer with one chain.
    """
    return element(
        "retrieveChainsResponse",
        f"<chain><id>{id_}</id><name>{WORD}</name><description>{WORD}</description>"
        f"<lastEdited>{moment}</lastEdited></chain>",
    )


def fault(
    actor: str = "", text: str = TELLING, *, status: str = "500 Error", more: str = ""
) -> Plan:
    """
    Return a plan that answers with a fault.
    """
    body = (
        f"<s:Fault><faultcode>s:Server</faultcode><faultstring>{text}</faultstring>"
        f"{actor}<detail><x>{text}</x></detail>{more}</s:Fault>"
    )

    def plan(_: Server, sock: Any, asked: Asked) -> bool:  # noqa: ANN401  # a socket
        document = enveloped(body, relates(asked)).encode()
        sock.sendall(answer(document, status=status))
        return True

    return plan


def actor(name: str) -> str:
    """
    Return a faultactor.
    """
    return f"<faultactor>{name}</faultactor>"


def status(code: str, kind: str = "text/plain", **headers: str) -> Plan:
    """
    Return a plan that answers with a status of HTTP.
    """
    return raw(answer(TELLING.encode(), status=code, kind=kind, headers=headers))


def header(more: Callable[[Asked], str], body: str = "") -> Plan:
    """
    Return a plan that answers with another header.
    """
    said = body or stam_of(STAM.expose())
    return document(lambda asked: enveloped(said, more(asked)))


def typed(kind: str, **headers: str) -> Plan:
    """
    Return a plan that answers rightly, but for its headers of HTTP.
    """

    def plan(_: Server, sock: Any, asked: Asked) -> bool:  # noqa: ANN401  # a socket
        body = enveloped(stam_of(STAM.expose()), relates(asked)).encode()
        sock.sendall(answer(body, kind=kind, headers=headers))
        return True

    return plan


RIGHT: Final = enveloped(stam_of(STAM.expose()), "<a:RelatesTo>{}</a:RelatesTo>")
TEXT: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
CHUNKED: Final = TEXT + b"Transfer-Encoding: chunked\r\n\r\n"
LAUGHS: Final = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else WORD}">' for n in range(10)
)


def prologue(text: str) -> Plan:
    """
    Return a plan that puts a text before the right answer.
    """
    return document(lambda asked: text + RIGHT.format(asked.message_id))


ANSWERS: Final[dict[str, Case]] = {
    # HTTP.
    "redirect-301": Case(stam, (status("301 Moved", Location="/x"),), ENDED),
    "redirect-302": Case(stam, (status("302 Found", Location="/x"),), ENDED),
    "redirect-307": Case(stam, (status("307 Again", Location="/x"),), ENDED),
    "redirect-308": Case(stam, (status("308 Moved", Location="/x"),), ENDED),
    "no-content": Case(stam, (raw(b"HTTP/1.1 204 No Content\r\n\r\n"),), ENDED),
    "forbidden": Case(stam, (status("403 Forbidden"),), ENDED),
    "not-found": Case(stam, (status("404 Not Found"),), ENDED),
    "value-in-reason": Case(stam, (status(f"404 {TELLING}"),), ENDED),
    "value-in-headers": Case(stam, (status("404 Not Found", Told=TELLING),), ENDED),
    "continue-for-ever": Case(
        stam, (forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),), LOST, 2, HASTY
    ),
    "switching-protocols": Case(
        stam, (raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),), ENDED
    ),
    "busy-502": Case(stam, (status("502 Bad Gateway"),), LOST, 2),
    "busy-503": Case(stam, (status("503 Busy"),), LOST, 2),
    "busy-504": Case(stam, (status("504 Late"),), LOST, 2),
    "busy-submit": Case(submit, (status("503 Busy"),), LOST, 1),
    "busy-replace": Case(replace, (status("503 Busy"),), LOST, 1),
    "busy-retrieve": Case(retrieve, (status("503 Busy"),), LOST, 2),
    "close-at-once": Case(stam, (raw(b""),), LOST, 2),
    "close-at-once-submit": Case(submit, (raw(b""),), LOST, 1),
    "close-at-once-replace": Case(replace, (raw(b""),), LOST, 1),
    "close-after-head": Case(
        stam, (raw(TEXT + b"Content-Length: 9\r\n\r\n"),), LOST, 2
    ),
    "no-http": Case(stam, (raw(f"{TELLING}\r\n\r\n".encode()),), LOST, 2),
    "no-status": Case(stam, (raw(f"HTTP/1.1 {WORD}\r\n\r\n".encode()),), LOST, 2),
    "header-malformed": Case(
        stam, (raw(f"HTTP/1.1 404 x\r\nA: b\r\n{TELLING}\r\n\r\n".encode()),), ENDED
    ),
    "line-without-end": Case(stam, (forever(TEXT, WORD.encode()),), LOST, 2),
    "headers-without-end": Case(stam, (forever(TEXT, b"A: b\r\n"),), LOST, 2),
    "length-too-large": Case(
        stam, (raw(TEXT + b"Content-Length: 99\r\n\r\n<a>" + WORD.encode()),), LOST, 2
    ),
    "length-absent-cut": Case(
        stam, (raw(TEXT + b"Connection: close\r\n\r\n<a>" + WORD.encode()),), LOST, 2
    ),
    "chunk-cut": Case(stam, (raw(CHUNKED + b"99\r\n<a>" + WORD.encode()),), LOST, 2),
    "chunk-not-hex": Case(stam, (raw(CHUNKED + WORD.encode() + b"\r\n"),), LOST, 2),
    "chunks-end-early": Case(stam, (raw(CHUNKED + b"3\r\n<a>\r\n0\r\n\r\n"),), LOST, 2),
    "empty": Case(stam, (raw(TEXT + b"Content-Length: 0\r\n\r\n"),), LOST, 2),
    "silence": Case(stam, (silent,), LOST, 2, HASTY),
    "drip-of-head": Case(stam, (dripping(TEXT, b"a"),), LOST, 2, HASTY),
    "drip-of-body": Case(
        stam, (dripping(TEXT + b"Content-Length: 9999\r\n\r\n<a>"),), LOST, 2, HASTY
    ),
    "drip-of-chunks": Case(stam, (dripping(CHUNKED + b"ffff\r\n<a>"),), LOST, 2, HASTY),
    "drip-without-length": Case(
        stam, (dripping(TEXT + b"Connection: close\r\n\r\n<a>"),), LOST, 2, HASTY
    ),
    "drip-of-submit": Case(
        submit, (dripping(TEXT + b"Content-Length: 9999\r\n\r\n<a>"),), LOST, 1, HASTY
    ),
    "html-200": no(stam, status("200 OK", "text/html")),
    "html-500": Case(stam, (status("500 Error", "text/html"),), ENDED),
    "json-200": no(stam, typed("application/json")),
    "soap-1.2": no(stam, typed("application/soap+xml")),
    "multipart": no(stam, typed("multipart/related; type=text/xml")),
    "no-content-type": no(stam, typed("")),
    "gzip": no(stam, typed("text/xml", **{"Content-Encoding": "gzip"})),
    # XML.
    "not-xml": no(stam, document(lambda _: f"{WORD}!")),
    "mismatched-tags": no(stam, document(lambda _: f"<a>{TELLING}</b>")),
    "two-roots": no(stam, document(lambda _: f"<a/><{WORD}/>")),
    "dtd": no(stam, prologue("<!DOCTYPE x>")),
    "dtd-of-another-host": no(
        stam, prologue('<!DOCTYPE x SYSTEM "http://localhost/">')
    ),
    "entity-bomb": no(stam, prologue(f"<!DOCTYPE x [{LAUGHS}]>")),
    "external-entity": no(
        stam, prologue('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')
    ),
    "undefined-entity": no(stam, document(lambda _: f"<a>&{WORD};</a>")),
    "processing-instruction": no(stam, prologue(f"<?{WORD} {TELLING}?>")),
    "encoding-unknown": no(
        stam, document(lambda _: b'<?xml version="1.0" encoding="x"?><a>\xe9</a>')
    ),
    "encoding-latin-1": no(
        stam,
        document(lambda _: b'<?xml version="1.0" encoding="latin-1"?><a>\xe9</a>'),
    ),
    "nested-deep": no(stam, document(lambda _: "<a>" * 20_000)),
    "control-character": no(stam, document(lambda _: b"<a>\x00</a>")),
    "another-root": no(stam, document(lambda _: f"<{WORD}/>")),
    "two-bodies": no(
        stam,
        document(
            lambda a: RIGHT.format(a.message_id).replace(
                "</s:Header>", "</s:Header><s:Body/>"
            )
        ),
    ),
    "no-body": no(
        stam,
        document(lambda _: f'<s:Envelope xmlns:s="{SOAP}"><s:Header/></s:Envelope>'),
    ),
    "soap-1.2-envelope": no(
        stam,
        document(
            lambda a: RIGHT.format(a.message_id).replace(
                SOAP, "http://www.w3.org/2003/05/soap-envelope"
            )
        ),
    ),
    "empty-body": no(stam, soap("")),
    "two-answers": no(stam, soap(stam_of(STAM.expose()) * 2)),
    # WS-Addressing.
    "no-relates": no(stam, header(lambda _: "")),
    "other-relates": no(stam, header(lambda _: "<a:RelatesTo>uuid:1</a:RelatesTo>")),
    "relates-twice": no(stam, header(lambda a: 2 * relates(a))),
    "relates-of-another-namespace": no(
        stam, header(lambda a: f"<RelatesTo>{a.message_id}</RelatesTo>")
    ),
    "no-header": no(
        stam,
        document(
            lambda _: (
                f'<s:Envelope xmlns:s="{SOAP}"><s:Body>'
                f"{stam_of(STAM.expose())}</s:Body></s:Envelope>"
            )
        ),
    ),
    "header-doubled": no(stam, header(lambda a: relates(a) + "<a:Action>x</a:Action>")),
    "must-understand": no(
        stam,
        header(
            lambda a: relates(a) + f'<{WORD} s:mustUnderstand="1">{TELLING}</{WORD}>'
        ),
    ),
    "must-understand-true": no(
        stam, header(lambda a: relates(a) + '<x s:mustUnderstand="true"/>')
    ),
    # Its elements.
    "other-namespace": no(stam, soap(stam_of(STAM.expose()).replace(SCHEMA, "urn:x"))),
    "no-namespace": no(stam, soap(stam_of(STAM.expose()).replace(SCHEMA, ""))),
    "answer-of-another-call": no(stam, soap(ketenid_of(KETENID.uri))),
    "field-missing": no(stam, soap(element("retrieveStampseudonymResponse", ""))),
    "field-extra": no(
        stam,
        soap(
            stam_of(STAM.expose())
            .replace("</stamp", "</stamp", 1)
            .replace("</retrieve", f"<{WORD}/></retrieve")
        ),
    ),
    "field-twice": no(
        stam,
        soap(
            element(
                "retrieveStampseudonymResponse",
                2 * f"<stampseudonym>{STAM.expose()}</stampseudonym>",
            )
        ),
    ),
    "fields-unordered": no(
        ping,
        soap(
            element(
                "pingResponse",
                "<applicationVersion>2</applicationVersion><available>true</available>"
                "<systemTime>2026-11-27T20:00:00Z</systemTime>",
            )
        ),
    ),
    "elements-in-a-field": no(stam, soap(stam_of(f"<{WORD}>{STAM.expose()}</{WORD}>"))),
    # Its values.
    "stam-empty": no(stam, soap(stam_of(""))),
    "stam-is-a-ketenid": no(stam, soap(stam_of(KETENID.uri))),
    "stam-upper-case": no(stam, soap(stam_of(STAM.expose().upper()))),
    "stam-of-another": no(
        stam, soap(stam_of(STAM.expose().replace("ketenid.nl", "eckid.invalid")))
    ),
    "stam-of-an-old-host": no(
        stam, soap(stam_of(STAM.expose().replace("ketenid.nl", "id.school")))
    ),
    "stam-in-a-no-break-space": no(stam, soap(stam_of(f"\xa0{STAM.expose()}"))),
    "stam-is-a-word": no(stam, soap(stam_of(WORD))),
    "ketenid-empty": no(ketenid, soap(ketenid_of(""))),
    "ketenid-is-a-stam": no(ketenid, soap(ketenid_of(STAM.expose()))),
    "ketenid-of-another-release": no(
        ketenid, soap(ketenid_of(KETENID.uri.replace("201703", "202703")))
    ),
    "ketenid-of-another": no(
        ketenid, soap(ketenid_of(KETENID.uri.replace("ketenid.nl", "eckid.invalid")))
    ),
    "available-neither": no(ping, soap(pong(WORD))),
    "available-empty": no(ping, soap(pong(""))),
    "moment-is-a-word": no(ping, soap(pong(moment=WORD))),
    "moment-is-a-day": no(ping, soap(pong(moment="2026-11-27"))),
    "moment-of-week": no(ping, soap(pong(moment="2026-W48-5T20:00:00Z"))),
    "moment-at-25": no(ping, soap(pong(moment="2026-11-27T25:00:00Z"))),
    "moment-after-midnight": no(ping, soap(pong(moment="2026-11-27T24:00:01Z"))),
    "moment-beyond": no(ping, soap(pong(moment="9999-12-31T24:00:00Z"))),
    "chain-of-another-kader": no(ketens, soap(chain(WORD))),
    "chains-none": no(ketens, soap(element("retrieveChainsResponse", ""))),
    "chains-are-sectors": no(
        ketens, soap(element("retrieveChainsResponse", "<sector/>"))
    ),
    "batch-empty": no(
        submit, soap(element("submitBatchResponse", "<batchIdentifier/>"))
    ),
    "batch-long": no(
        submit,
        soap(
            element(
                "submitBatchResponse", f"<batchIdentifier>{'x' * 257}</batchIdentifier>"
            )
        ),
    ),
    "batch-of-two-lines": no(
        submit,
        soap(
            element(
                "submitBatchResponse",
                f"<batchIdentifier>{WORD}\n{WORD}</batchIdentifier>",
            )
        ),
    ),
    "index-twice": no(
        retrieve, soap(made(("0", STAM.expose()), ("00", STAM.expose())))
    ),
    "index-in-both": no(
        retrieve,
        soap(
            made(("0", STAM.expose())).replace(
                "</retrieveB",
                f"<failed><index>0</index><errorMessage>{TELLING}</errorMessage></failed></retrieveB",
            )
        ),
    ),
    "index-negative": no(retrieve, soap(made(("-1", STAM.expose())))),
    "index-too-large": no(retrieve, soap(made(("2147483648", STAM.expose())))),
    "index-endless": no(retrieve, soap(made(("9" * 5000, STAM.expose())))),
    "index-is-a-word": no(retrieve, soap(made((WORD, STAM.expose())))),
    "index-empty": no(retrieve, soap(made(("", STAM.expose())))),
    "index-of-another-script": no(retrieve, soap(made(("\u0663", STAM.expose())))),
    "index-without-value": no(
        retrieve,
        soap(element("retrieveBatchResponse", "<success><index>0</index></success>")),
    ),
    "neither-made-nor-refused": no(
        retrieve, soap(element("retrieveBatchResponse", f"<{WORD}/>"))
    ),
    "batch-of-the-other-kind": no(retrieve, soap(made(("0", KETENID.uri)))),
    "ketenids-of-the-other-kind": no(
        retrieve_ketenids, soap(made(("0", STAM.expose())))
    ),
    # Faults.
    **{
        f"fault-{reden.value}": Case(stam, (fault(actor(reden.value)),), reden)
        for reden in FaultReden
        if reden not in {FaultReden.UNKNOWN, FaultReden.ANSWER}
    },
    "fault-with-200": Case(
        stam,
        (fault(actor("BlockedHPgnException"), status="200 OK"),),
        FaultReden.BLOCKED_HPGN,
    ),
    "fault-within-space": Case(
        stam, (fault(actor("\n BlockedHPgnException ")),), FaultReden.BLOCKED_HPGN
    ),
    "fault-of-another-name": Case(stam, (fault(actor(WORD)),), FaultReden.UNKNOWN),
    "fault-named-answer": Case(stam, (fault(actor("answer")),), FaultReden.UNKNOWN),
    "fault-named-by-a-value": Case(stam, (fault(actor(TELLING)),), FaultReden.UNKNOWN),
    "fault-without-actor": Case(stam, (fault(),), FaultReden.UNKNOWN),
    "fault-of-two-actors": Case(
        stam, (fault(2 * actor("BlockedHPgnException")),), FaultReden.UNKNOWN
    ),
    "fault-named-in-a-namespace": Case(
        stam,
        (fault("<s:faultactor>BlockedHPgnException</s:faultactor>"),),
        FaultReden.UNKNOWN,
    ),
    "fault-named-in-its-text": Case(
        stam, (fault(text="BlockedHPgnException"),), FaultReden.UNKNOWN
    ),
    "fault-beside-an-answer": no(
        stam, soap("<s:Fault><faultcode/></s:Fault>" + stam_of(STAM.expose()))
    ),
    "fault-of-submit": Case(
        submit,
        (fault(actor("LimitDailyBatchSubmissionsExceededException")),),
        FaultReden.DAILY_LIMIT,
    ),
    # A batch can be had once: where its answer was lost, it is asked once more.
    "retrieve-lost": Case(
        retrieve,
        (raw(b""), fault(actor("ContentAlreadyRetrievedException"))),
        FaultReden.ALREADY_RETRIEVED,
        2,
    ),
    "retrieve-cut": Case(
        retrieve,
        (
            raw(TEXT + b"Content-Length: 99\r\n\r\n<a>"),
            fault(actor("ContentAlreadyRetrievedException")),
        ),
        FaultReden.ALREADY_RETRIEVED,
        2,
    ),
    "retrieve-cut-without-length": Case(
        retrieve,
        (
            raw(TEXT + b"Connection: close\r\n\r\n<a>"),
            fault(actor("ContentAlreadyRetrievedException")),
        ),
        FaultReden.ALREADY_RETRIEVED,
        2,
    ),
    "retrieve-lost-twice": Case(retrieve, (raw(b""),), LOST, 2),
}


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """
    All that any logger says, at every level.
    """
    caplog.set_level(logging.DEBUG)
    for name in sorted(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def within(call: Callable[[], object]) -> object:
    """
    Return what a call gives, or the error that it raises; one that hangs fails.
    """
    found: list[object] = []

    def asked() -> None:
        try:
            found.append(call())
        except ServiceError as error:
            found.append(error)

    thread = threading.Thread(target=asked, daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive(), "it hangs"
    return found[0]


def client_of(server: Server, tijden: Tijden = PATIENT, **how: Any) -> Client:  # noqa: ANN401
    """
    Return a client of a server.
    """
    return SoapNummervoorziening(server.url, oin=SCHOOL, tijden=tijden, **how)


def judged(found: object, error: FaultReden | Way) -> None:
    """
    Hold an error to what it must be; and nothing is told by it.
    """
    if isinstance(error, Way):
        assert isinstance(found, TransportError)
        assert Way(found.sent, found.passing) == error
    else:
        assert isinstance(found, FaultError)
        assert found.fault is error
        assert isinstance(found.doe, Doe)
    assert leaks(told_in(found), HIDDEN) == []
    assert found.__cause__ is None
    assert found.__context__ is None


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_closed_when_its_call_ends(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    However it ends: nothing of it is left to the collector.
    """
    case, made, true = ANSWERS[name], list[http.client.HTTPResponse](), Watch.response

    def response(self: Watch, sock: socket.socket) -> http.client.HTTPResponse:
        made.append(true(self, sock))
        return made[-1]

    monkeypatch.setattr(Watch, "response", response)
    with Server(*case.plans).running() as server:
        client = client_of(server, case.tijden)
        within(partial(case.call, client))
        assert made
        assert all(one.closed for one in made)
        client.close()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_wrong_has_its_error(
    name: str, told: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    It is of the right kind, in time, after as many requests as may be; all is silent.
    """
    case = ANSWERS[name]
    with Server(*case.plans).running() as server:
        client = client_of(server, case.tijden)
        judged(within(partial(case.call, client)), case.error)
        assert len(server.requests) == case.requests
        assert leaks([repr(client).encode()], HIDDEN) == []
        client.close()
    silent_is(told, capfd)


def silent_is(
    told: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    Hold that no log and no stream told anything of a value.
    """
    said = [*(record.getMessage() for record in told.records), told.text]
    said += capfd.readouterr()
    assert leaks([text.encode() for text in said], HIDDEN) == []


class Pki(NamedTuple):
    """
    What a test of TLS needs: two roots, a server and a client.
    """

    root: Authority
    other: Authority
    server: Pair
    client: Pair

    def context(self, pair: Pair | None = None) -> ssl.SSLContext:
        """
        Return the TLS of the server; it asks for a certificate under its root.
        """
        return server_context(pair or self.server, self.root.ca)

    def toegang(self, client: Pair | None = None, ca: Path | None = None) -> Toegang:
        """
        Return the TLS of the client.
        """
        pair = client or self.client
        return Toegang.load(cert=pair.cert, key=pair.key, ca=ca or self.root.ca)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """
    Certificates, made once.
    """
    folder = tmp_path_factory.mktemp("pki")
    root, other = Authority(folder), Authority(folder, "other")
    return Pki(root, other, root.server(), root.client())


def nobody(pki: Pki) -> Toegang:
    """
    Return TLS without a client certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT, cafile=None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(pki.root.ca)
    return Toegang(context, OIN)


def only(context: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    """
    Return a context that speaks one version only.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if version < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
    return context


def mute(server: Server, _: object) -> bool:
    """
    Say nothing until the server ends.
    """
    server.stopping.wait()
    return False


def hung_up(_: Server, __: object) -> bool:
    """
    Close a connection at once.
    """
    return False


def in_the_clear(_: Server, sock: Any) -> bool:  # noqa: ANN401  # a socket
    """
    Answer TLS by HTTP.
    """
    sock.recv(1)
    sock.sendall(answer(TELLING.encode()))
    return False


class Secured(NamedTuple):
    """
    How TLS goes wrong, and what comes of it.
    """

    error: Way
    context: Callable[[Pki], ssl.SSLContext] = Pki.context
    toegang: Callable[[Pki], Toegang] = Pki.toegang
    greet: Callable[[Server, Any], bool] | None = None
    tijden: Tijden = PATIENT


TLS: Final[dict[str, Secured]] = {
    "other-root": Secured(REFUSED, lambda p: p.context(p.other.server())),
    "expired": Secured(REFUSED, lambda p: p.context(p.root.server("old", days=-1))),
    "other-host": Secured(
        REFUSED, lambda p: p.context(p.root.server("host", host="service.example"))
    ),
    "other-address": Secured(
        REFUSED, lambda p: p.context(p.root.server("address", host="127.0.0.2"))
    ),
    "certificate-of-a-client": Secured(REFUSED, lambda p: p.context(p.client)),
    "no-client-certificate-1.2": Secured(
        REFUSED, lambda p: only(p.context(), ssl.TLSVersion.TLSv1_2), nobody
    ),
    # Here the handshake succeeds for the client, and its first read fails.
    "no-client-certificate-1.3": Secured(
        ENDED, lambda p: only(p.context(), ssl.TLSVersion.TLSv1_3), nobody
    ),
    "client-of-another-root-1.2": Secured(
        REFUSED,
        lambda p: only(p.context(), ssl.TLSVersion.TLSv1_2),
        lambda p: p.toegang(p.other.client()),
    ),
    "client-of-another-root-1.3": Secured(
        ENDED,
        lambda p: only(p.context(), ssl.TLSVersion.TLSv1_3),
        lambda p: p.toegang(p.other.client()),
    ),
    "client-expired": Secured(
        ENDED, toegang=lambda p: p.toegang(p.root.client("gone", days=-1))
    ),
    "tls-1.1": Secured(REFUSED, lambda p: only(p.context(), ssl.TLSVersion.TLSv1_1)),
    "http": Secured(REFUSED, greet=in_the_clear),
    "hung-up": Secured(UNSENT, greet=hung_up),
    "mute": Secured(
        UNSENT, greet=mute, tijden=Tijden(connect=0.3, tries=2, pause=0.001)
    ),
}


@pytest.mark.parametrize("name", TLS)
def test_tls_that_is_wrong_has_its_error(
    name: str,
    pki: Pki,
    told: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    Nothing reaches a server that cannot show who it is, or does not know the caller.
    """
    case = TLS[name]
    plan = soap(stam_of(STAM.expose()))
    with Server(plan, context=case.context(pki), greet=case.greet).running() as server:
        client = client_of(server, case.tijden, toegang=case.toegang(pki))
        for call in (stam, submit):
            judged(within(partial(call, client)), case.error)
        assert server.requests == []
        # Two calls; where the other side refused, neither is tried again.
        assert server.connections == (4 if case.error.passing else 2)
        client.close()
    silent_is(told, capfd)


def test_after_tls_that_failed_nothing_goes_in_the_clear(pki: Pki) -> None:
    """
    The next call opens another connection, and begins it with TLS.
    """

    def look(server: Server, sock: Any) -> bool:  # noqa: ANN401  # a socket
        server.octets.append(sock.recv(1))
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 400 No\r\n\r\n")
        return bool(sock.recv(65536)) and False

    with Server(context=pki.context(), greet=look).running() as server:
        client = client_of(server, toegang=pki.toegang())
        for _ in range(3):
            judged(within(partial(stam, client)), REFUSED)
        # Each begins with the record of a handshake.
        assert server.octets == 3 * [b"\x16"]


def test_tls_to_a_service_that_shows_who_it_is(pki: Pki) -> None:
    """
    Over TLS 1.2 and 1.3 a call is answered, and the next uses the same connection.
    """
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = only(pki.context(), version)
        with Server(soap(stam_of(STAM.expose())), context=context).running() as server:
            client = client_of(server, toegang=pki.toegang())
            assert [within(partial(stam, client)) for _ in range(3)] == 3 * [STAM]
            assert server.connections == 1
            client.close()


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_service_that_does_not_read_is_not_waited_for(
    pki: Pki,
    secure: bool,  # noqa: FBT001  # as pytest gives it
    told: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    A request that is larger than what the system holds for it ends by its time too.
    """

    def deaf(server: Server, sock: Any) -> bool:  # noqa: ANN401  # a socket
        if secure:
            tls = pki.context()
            with tls.wrap_socket(sock, server_side=True) as held:
                server.stopping.wait()
                held.close()
        return mute(server, sock)

    how: dict[str, Any] = {"toegang": pki.toegang()} if secure else {}
    with Server(context=pki.context() if secure else None, greet=deaf).running() as at:
        client = client_of(at, HASTY, **how)
        many = dict.fromkeys(range(150_000), HPGN)
        judged(within(lambda: client.submit_stampseudoniemen(many)), LOST)
        client.close()
    silent_is(told, capfd)


def test_http_to_a_port_of_tls(pki: Pki) -> None:
    """
    Nothing is answered; what was sent in the clear stayed on this machine.
    """
    with Server(context=pki.context()).running() as server:
        client = SoapNummervoorziening(
            server.url.replace("https", "http"), oin=SCHOOL, tijden=PATIENT
        )
        judged(within(partial(submit, client)), LOST)
        client.close()


def test_a_connection_that_is_refused_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Also by a submit, for nothing was sent.
    """
    with Server().running() as server:
        url = server.url
    waited: list[float] = []
    monkeypatch.setattr("eckid.service.transport.time.sleep", waited.append)
    tijden = Tijden(connect=5, answer=5, tries=4, pause=8)
    client = SoapNummervoorziening(url, oin=SCHOOL, tijden=tijden)
    for call in (stam, submit, retrieve, replace):
        waited.clear()
        judged(within(partial(call, client)), UNSENT)
        # Each wait is twice the one before, less a part of it by lot.
        assert len(waited) == 3
        for wait, most in zip(waited, (8, 16, 32), strict=True):
            assert most / 2 <= wait <= most


# A document of as many bytes as there are in a second, and the memory it may take.
_MANY: Final = 24 * 2**20
HUGE: Final[dict[str, tuple[Call, Plan]]] = {
    "length-of-10-gib": (
        stam,
        forever(TEXT + b"Content-Length: 10737418240\r\n\r\n<a>", 2**16 * b"x"),
    ),
    "chunks-without-end": (
        stam,
        forever(CHUNKED + b"3\r\n<a>\r\n", b"10000\r\n" + 2**16 * b"x" + b"\r\n"),
    ),
    "spaces-without-end": (
        stam,
        forever(TEXT + b"Connection: close\r\n\r\n", 2**16 * b" "),
    ),
    "batch-of-one-tag": (
        retrieve,
        forever(CHUNKED + b"2\r\n<a\r\n", b"10000\r\n" + 2**16 * b"x" + b"\r\n"),
    ),
    "batch-of-attributes": (
        retrieve,
        forever(
            CHUNKED + b"2\r\n<a\r\n",
            b"10000\r\n" + 2**12 * b" abcdefghijklm=''"[:16] + b"\r\n",
        ),
    ),
    "batch-of-elements": (
        retrieve,
        forever(CHUNKED + b"3\r\n<a>\r\n", b"10000\r\n" + 2**14 * b"<b/>" + b"\r\n"),
    ),
    "batch-of-depth": (
        retrieve,
        forever(CHUNKED, b"c000\r\n" + 2**14 * b"<b>" + b"\r\n"),
    ),
    # The name of each element holds its namespace.
    "batch-of-long-names": (
        retrieve,
        document(
            lambda _: (
                f"<a xmlns='{7000 * 'x'}'>"
                + "".join(f"<b{n}/>" for n in range(100_000))
            )
        ),
    ),
    "comment-without-end": (
        retrieve,
        forever(CHUNKED + b"4\r\n<!--\r\n", b"10000\r\n" + 2**16 * b"x" + b"\r\n"),
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_an_answer_without_end_takes_little_memory(
    name: str, told: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    It is refused when it is beyond a bound, and what came before is small.
    """
    call, plan = HUGE[name]
    with Server(plan).running() as server:
        client = client_of(server)
        tracemalloc.start()
        try:
            judged(within(partial(call, client)), FaultReden.ANSWER)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        client.close()
    # The elements that a batch may have are the most.
    assert peak < (200 if name == "batch-of-elements" else 24) * 2**20
    silent_is(told, capfd)


def in_small_chunks(_: Server, sock: Any, asked: Asked) -> bool:  # noqa: ANN401  # a socket
    """
    Answer a byte at a time.
    """
    right = RIGHT.format(asked.message_id).encode()
    chunks = b"".join(b"1\r\n%c\r\n" % octet for octet in right)
    sock.sendall(CHUNKED + chunks + b"0\r\n\r\n")
    return True


def after_continue(server: Server, sock: Any, asked: Asked) -> bool | None:  # noqa: ANN401  # as above
    """
    Say first that the body may come.
    """
    sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    return soap(stam_of(STAM.expose()))(server, sock, asked)


def with_500(_: Server, sock: Any, asked: Asked) -> bool:  # noqa: ANN401  # as above
    """
    Answer rightly, with the status of a fault.
    """
    right = RIGHT.format(asked.message_id).encode()
    sock.sendall(answer(right, status="500 Error"))
    return True


RIGHTLY: Final[dict[str, tuple[Call, Plan, object]]] = {
    "other-action": (
        stam,
        header(lambda a: relates(a).replace("EckIDPort/x", TELLING)),
        STAM,
    ),
    "no-action": (
        stam,
        header(lambda a: f"<a:RelatesTo>{a.message_id}</a:RelatesTo>"),
        STAM,
    ),
    "more-headers": (
        stam,
        header(lambda a: relates(a) + "<x/><x/><a:To s:mustUnderstand='1'>y</a:To>"),
        STAM,
    ),
    "must-understand-no": (
        stam,
        header(lambda a: relates(a) + "<x s:mustUnderstand='0'/>"),
        STAM,
    ),
    "spaces-around": (stam, soap(stam_of(f"\n  {STAM.expose()}\t")), STAM),
    "comment-within": (
        stam,
        soap(stam_of(STAM.expose().replace("sp", "s<!-- x -->p", 1))),
        STAM,
    ),
    "utf-16": (
        stam,
        document(lambda a: RIGHT.format(a.message_id).encode("utf-16")),
        STAM,
    ),
    "one-byte-chunks": (stam, in_small_chunks, STAM),
    "after-continue": (stam, after_continue, STAM),
    "ketenid": (ketenid, soap(ketenid_of(KETENID.uri)), KETENID),
    "answered-with-500": (stam, with_500, STAM),
}


@pytest.mark.parametrize("name", RIGHTLY)
def test_an_answer_that_is_odd_is_taken(name: str) -> None:
    """
    What the specification leaves open is no reason to refuse.
    """
    call, plan, wanted = RIGHTLY[name]
    with Server(plan).running() as server:
        client = client_of(server)
        assert within(partial(call, client)) == wanted
        client.close()


def test_a_late_answer_is_waited_for() -> None:
    """
    The time for a connection does not end the wait for an answer.
    """

    def late(server: Server, sock: Any, asked: Asked) -> bool | None:  # noqa: ANN401
        server.stopping.wait(0.4)
        return soap(stam_of(STAM.expose()))(server, sock, asked)

    with Server(late).running() as server:
        client = client_of(server, Tijden(connect=0.2, answer=20, tries=1))
        assert within(partial(stam, client)) == STAM
        assert within(partial(stam, client)) == STAM
        client.close()


def test_a_read_is_tried_as_often_as_was_said() -> None:
    """
    And the answer of a later try is given.
    """
    right = soap(stam_of(STAM.expose()))
    busy = status("503 Busy")
    with Server(busy, raw(b""), busy, right).running() as server:
        client = client_of(server, Tijden(connect=9, answer=9, tries=4, pause=0))
        assert within(partial(stam, client)) == STAM
        assert len(server.requests) == 4
        # Each try is the same message to the service, but for nothing.
        assert len({asked.body for asked in server.requests}) == 1
        client.close()


def test_what_was_lost_on_the_way_back_is_asked_once_more() -> None:
    """
    A batch whose answer was lost may still be there.
    """
    again = soap(made(("0", STAM.expose()), ("7", STAM.expose())))
    with Server(raw(b""), again).running() as server:
        client = client_of(server)
        uitslag: Any = within(partial(retrieve, client))
        assert uitslag.made == {0: STAM, 7: STAM}
        assert len(server.requests) == 2
        client.close()


def test_what_is_sent_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """
    Not even where somebody has switched on what http.client prints of all.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(http.client.HTTPConnection, "debuglevel", 1)
        with Server(soap(stam_of(STAM.expose()))).running() as server:
            client = client_of(server)
            assert within(partial(stam, client)) == STAM
            client.close()
    assert capfd.readouterr() == ("", "")


def test_there_are_rows_enough() -> None:
    """
    Forty were asked for.
    """
    assert len(ANSWERS) + len(TLS) >= 40
