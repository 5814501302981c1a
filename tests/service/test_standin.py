"""
The stand-in: what clients of the service get of it, and exactly how.
"""

import re
import socket
import ssl
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import pytest
import zeeps
from certificates import OIN, OTHER_SCHOOL, SCHOOL, Authority, Pair
from children import unmeasured
from standins import PATH, Running, ask, connect, post, read_answer, running
from standins import running_tls as tls

from eckid import LEERMIDDELENKETEN, HPgn, Salt, Sector, Sleutelbos
from eckid._core import bounds
from eckid.errors import (
    FaultError,
    FaultReden,
    RequestError,
    SecretError,
)
from eckid.keten import Keten
from eckid.pseudonyms import KetenID, Stampseudoniem
from eckid.service import (
    SECTOR_IDS,
    Batch,
    LocalNummervoorziening,
    Nummervoorziening,
    SoapNummervoorziening,
    Tijden,
    Toegang,
)
from eckid.service.messages import BEGRIPPEN, OPERATIONS, SCHEMA, SOAP, WSA, envelope
from eckid.service.standin import (
    Besturen,
    Gedrag,
    Oefendienst,
    Standin,
    rehearsal_ring,
    server_context,
)
from eckid.service.standin.ring import TEST_SALT

A, B, C, D, E = (HPgn.parse(64 * sign) for sign in "abcde")
KETEN: Final = LEERMIDDELENKETEN
PO: Final = Sector.PO
CHAIN: Final = BEGRIPPEN + KETEN.id
SECTOR: Final = BEGRIPPEN + SECTOR_IDS[PO]
FUTURE: Final = datetime(2999, 1, 1, tzinfo=UTC)
ID: Final = "uuid:6d7d8a6c-0000-4000-8000-000000000001"


def client(at: Running, *, school: str = SCHOOL) -> SoapNummervoorziening:
    """
    Return our client of a stand-in, which tries once.
    """
    toegang = None
    if at.root is not None and at.client is not None:
        toegang = Toegang.load(cert=at.client.cert, key=at.client.key, ca=at.root.ca)
    return SoapNummervoorziening(
        at.url,
        oin=school,
        toegang=toegang,
        release="pilot",
        tijden=Tijden(tries=1, pause=0),
    )


@pytest.fixture
def plain() -> Iterator[Running]:
    """
    A stand-in over plain HTTP.
    """
    with running() as at:
        yield at


@pytest.fixture(params=["http", "mtls"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """
    A stand-in over plain HTTP, and one over TLS with client certificates.
    """
    how = running() if request.param == "http" else tls(tmp_path)
    with how as at:
        yield at


def message(
    operation: str = "ping", content: str = "", *, oin: str = SCHOOL, ident: str = ID
) -> bytes:
    """
    Return a request for an operation, with its headers.
    """
    one = OPERATIONS[operation]
    return envelope(one, content, to="http://x", oin=oin, message_id=ident)


def fault_of(body: bytes) -> tuple[str, str]:
    """
    Return the faultcode and faultactor of an answer.
    """
    found = ET.fromstring(body).find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")  # noqa: S314  # ours
    assert found is not None
    return found.findtext("faultcode", ""), found.findtext("faultactor", "")


# ---- the nine operations, by each client --------------------------------------------


def of_protocol(dienst: Nummervoorziening) -> dict[str, object]:
    """
    Ask all nine operations of a service that meets the protocol.
    """
    pong = dienst.ping()
    stam = dienst.stampseudoniem(A)
    stams = dienst.retrieve(dienst.submit_stampseudoniemen({0: A, 7: B}))
    batch = dienst.submit_ketenids({3: stam}, keten=KETEN, sector=PO)
    found = dienst.retrieve(batch)
    return {
        "available": pong.available,
        "version": pong.version,
        "stam": stam.expose(),
        "ketenid": dienst.ketenid(stam, keten=KETEN, sector=PO).uri,
        "stams": {n: shown(one) for n, one in stams.made.items()},
        "ketenids": {n: shown(one) for n, one in found.made.items()},
        "replaced": dienst.replace(old=C, new=D).expose(),
        "later": dienst.replace(old=B, new=E, on=FUTURE).expose(),
        "chains": [(BEGRIPPEN + one.id, one.naam) for one in dienst.ketens()],
        "sectors": [(BEGRIPPEN + one.id, one.naam) for one in dienst.sectoren()],
    }


def shown(one: Stampseudoniem | KetenID) -> str:
    """
    Return a pseudonym as it stands in a message.
    """
    return one.uri if isinstance(one, KetenID) else one.expose()


def of_zeep(at: Running) -> dict[str, object]:
    """
    Ask all nine operations by zeep, which knows only the WSDL.
    """
    ca = None if at.root is None else str(at.root.ca)
    with zeeps.zeep_client(at.url, pair=at.client, ca=ca) as made:
        ask = made.service
        pong = ask.ping()
        stam = ask.retrieveStampseudonym(hpgn=A.expose())
        items = [{"index": n, "hPgn": one.expose()} for n, one in ((0, A), (7, B))]
        name = ask.submitStampseudonymBatch(hpgnList=items)
        stams = ask.retrieveBatch(batchIdentifier=name)
        batch = ask.submitEckIdBatch(
            stampseudonymList=[{"index": 3, "stampseudonym": stam}],
            chainId=CHAIN,
            sectorId=SECTOR,
        )
        ketenids = ask.retrieveBatch(batchIdentifier=batch)
        return {
            "available": pong["available"],
            "version": pong["applicationVersion"],
            "stam": stam,
            "ketenid": ask.retrieveEckId(
                stampseudonym=stam, chainId=CHAIN, sectorId=SECTOR
            ),
            "stams": {one["index"]: one["value"] for one in stams["success"]},
            "ketenids": {one["index"]: one["value"] for one in ketenids["success"]},
            "replaced": ask.replaceStampseudonym(
                hpgnOld=C.expose(), hpgnNew=D.expose()
            ),
            "later": ask.replaceStampseudonym(
                hpgnOld=B.expose(), hpgnNew=E.expose(), effectiveDate=FUTURE
            ),
            "chains": [(one["id"], one["name"]) for one in ask.retrieveChains()],
            "sectors": [(one["id"], one["name"]) for one in ask.retrieveSectors()],
        }


def test_zeep_and_our_client_get_what_the_ring_gives(both: Running) -> None:
    """
    All nine operations, over HTTP and mTLS: the WSDL is enough to ask them.
    """
    expected = of_protocol(LocalNummervoorziening(rehearsal_ring()))
    with closing(client(both)) as ours:
        assert of_protocol(ours) == expected
    # What was replaced once may be replaced by the same once more.
    assert of_zeep(both) == expected
    assert of_protocol(Oefendienst(rehearsal_ring())) == expected


def test_the_core_meets_the_protocol() -> None:
    """
    What takes a ring or the service takes the core of the stand-in.
    """
    core = Oefendienst(rehearsal_ring())
    assert isinstance(core, Nummervoorziening)
    assert repr(core) == "<Oefendienst REHEARSAL pilot, keys hidden>"
    with pytest.raises(RequestError):
        core.submit_stampseudoniemen({})


def test_every_stand_in_gives_the_same_answers() -> None:
    """
    In another process, after a restart: the public ring is made of published labels.
    """
    code = (
        "from eckid import HPgn; from eckid.service.standin import *;"
        "print(Oefendienst(rehearsal_ring()).stampseudoniem(HPgn.parse(64*'a'))"
        ".expose())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=unmeasured(),
    )
    # So that no release changes it: pages and other languages have these values.
    known = (
        "https://ketenid.nl/sppilot/06023786e79aff1f03d70c2edea7ca1a524c48c52b9617d2"
        "fb736b809d596313570fc1da813a1fe3b84db0b5614f5788c210e91fd73466a089071c3ff12f5576"
    )
    assert done.stdout.strip() == known


# ---- semantics -----------------------------------------------------------------------


def test_a_bad_item_fails_under_its_own_index(plain: Running) -> None:
    """
    What is not an HPgn or a stampseudoniem, or was replaced, fails alone.
    """
    with zeeps.zeep_client(plain.url) as made:
        ask = made.service
        ask.replaceStampseudonym(hpgnOld=C.expose(), hpgnNew=D.expose())
        texts = [A.expose(), "", C.expose(), "A" * 64, B.expose()]
        items = [{"index": n, "hPgn": text} for n, text in enumerate(texts)]
        name = ask.submitStampseudonymBatch(hpgnList=items)
        found = ask.retrieveBatch(batchIdentifier=name)
        assert [one["index"] for one in found["success"]] == [0, 4]
        assert [one["index"] for one in found["failed"]] == [1, 2, 3]
        stams = [found["success"][0]["value"], "https://ketenid.nl/sppilot/0"]
        items = [{"index": n, "stampseudonym": text} for n, text in enumerate(stams)]
        name = ask.submitEckIdBatch(
            stampseudonymList=items, chainId=CHAIN, sectorId=SECTOR
        )
        found = ask.retrieveBatch(batchIdentifier=name)
        assert [one["index"] for one in found["success"]] == [0]
        assert [one["index"] for one in found["failed"]] == [1]


STAM: Final = Oefendienst(rehearsal_ring()).stampseudoniem(A).expose()
_ITEM: Final = "<{0}><index>{1}</index><{2}>{3}</{2}></{0}>"
_HPGNS: Final = _ITEM.format("hpgnList", 0, "hPgn", A.expose())
_STAMS: Final = _ITEM.format("stampseudonymList", 0, "stampseudonym", STAM)
_IDS: Final = "<chainId>{}</chainId><sectorId>{}</sectorId>"
_GOOD_IDS: Final = _IDS.format(CHAIN, SECTOR)
_REPLACE: Final = "<hpgnOld>{}</hpgnOld><hpgnNew>{}</hpgnNew>"
_ON: Final = "<effectiveDate>{}</effectiveDate>"

FAULTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "an empty hpgn": ("retrieveStampseudonym", "<hpgn/>", "InvalidHPgnException"),
    "an hpgn of another form": (
        "retrieveStampseudonym",
        "<hpgn>x</hpgn>",
        "InvalidHPgnException",
    ),
    "an empty stampseudoniem": (
        "retrieveEckId",
        f"<stampseudonym/>{_GOOD_IDS}",
        "StandInException",
    ),
    "another chain": (
        "retrieveEckId",
        f"<stampseudonym>{STAM}</stampseudonym>{_IDS.format('x', SECTOR)}",
        "InvalidChainIdException",
    ),
    "an empty sector": (
        "retrieveEckId",
        f"<stampseudonym>{STAM}</stampseudonym>{_IDS.format(CHAIN, '')}",
        "InvalidSectorIdException",
    ),
    "a batch of another chain": (
        "submitEckIdBatch",
        _STAMS + _IDS.format("x", SECTOR),
        "InvalidChainIdException",
    ),
    "a batch of another sector": (
        "submitEckIdBatch",
        _STAMS + _IDS.format(CHAIN, "x"),
        "InvalidSectorIdException",
    ),
    "an empty batch of hpgns": ("submitStampseudonymBatch", "", "StandInException"),
    "an empty batch of stams": ("submitEckIdBatch", _GOOD_IDS, "StandInException"),
    "an index twice": ("submitStampseudonymBatch", 2 * _HPGNS, "StandInException"),
    "an index that is no number": (
        "submitStampseudonymBatch",
        _ITEM.format("hpgnList", "x", "hPgn", A.expose()),
        "StandInException",
    ),
    "a batch that is not known": (
        "retrieveBatch",
        "<batchIdentifier>20261127000000</batchIdentifier>",
        "ContentRemovedException",
    ),
    "no batch": (
        "retrieveBatch",
        "<batchIdentifier/>",
        "ContentRemovedException",
    ),
    "a number for itself": (
        "replaceStampseudonym",
        _REPLACE.format(A.expose(), A.expose()),
        "InvalidHPgnException",
    ),
    "midnight as 24 hours": (
        "replaceStampseudonym",
        _REPLACE.format(A.expose(), B.expose()) + _ON.format("2026-01-01T24:00:00Z"),
        "StandInException",
    ),
    "a year of five digits": (
        "replaceStampseudonym",
        _REPLACE.format(A.expose(), B.expose()) + _ON.format("12026-01-01T00:00:00Z"),
        "StandInException",
    ),
    "a year before the first": (
        "replaceStampseudonym",
        _REPLACE.format(A.expose(), B.expose()) + _ON.format("-0001-01-01T00:00:00Z"),
        "StandInException",
    ),
    "a day alone": (
        "replaceStampseudonym",
        _REPLACE.format(A.expose(), B.expose()) + _ON.format("2026-01-01"),
        "StandInException",
    ),
    "an element too many": ("ping", "<x/>", "StandInException"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_request_that_is_wrong_gets_its_fault(name: str, plain: Running) -> None:
    """
    HTTP 500, text/xml, the name in faultactor, RelatesTo, and no value.
    """
    operation, content, actor = FAULTS[name]
    found = ask(plain.url, post(message(operation, content)))
    assert (found.status, "text/xml" in found.head) == (500, True)
    assert fault_of(found.body) == ("soap:Client", actor)
    assert f"<wsa:RelatesTo>{ID}</wsa:RelatesTo>".encode() in found.body
    assert b"REHEARSAL" in found.body
    for value in (A.expose(), B.expose(), STAM):
        assert value.encode() not in found.body
        assert value not in "".join(plain.lines)


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("2026-01-01T00:00:00", True),
        ("2026-01-01T00:00:00Z", True),
        ("2026-01-01T00:00:00.1234567+01:00", True),
        ("2999-01-01T00:00:00", False),
        ("0001-01-01T00:00:00+14:00", True),
        ("9999-12-31T23:59:59-14:00", False),
    ],
)
def test_an_effective_date_is_read_in_utc(
    text: str,
    now: bool,  # noqa: FBT001  # of the table
    plain: Running,
) -> None:
    """
    A moment without a zone is one in UTC, whatever the zone of the machine is.
    """
    content = _REPLACE.format(A.expose(), B.expose()) + _ON.format(text)
    found = ask(plain.url, post(message("replaceStampseudonym", content)))
    assert found.status == 200
    assert (STAM.encode() in found.body) is now


# ---- SOAP and HTTP, exactly ----------------------------------------------------------


def _text_of(body: bytes, name: str) -> str | None:
    return ET.fromstring(body).findtext(f"{{{SOAP}}}Header/{{{WSA}}}{name}")  # noqa: S314  # ours


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_answer_has_its_headers(name: str, plain: Running) -> None:
    """
    Action, RelatesTo and a MessageID of its own, also where the answer is a fault.
    """
    found = ask(plain.url, post(message(name)))
    action = _text_of(found.body, "Action")
    if found.status == 200:
        assert action == f"{SCHEMA}/EckIDPort/{name}Response"
    else:
        assert action == f"{WSA}/soap/fault"
    assert _text_of(found.body, "RelatesTo") == ID
    assert re.fullmatch("uuid:[0-9a-f-]{36}", _text_of(found.body, "MessageID") or "")


PING: Final = f"{SCHEMA}/ping"


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (f'"{PING}"', 200),
        (PING, 200),
        ('""', 200),
        (None, 200),
        (f"{SCHEMA}/EckIDPort/pingRequest", 200),
        (f"{SCHEMA}/retrieveChains", 500),
        ('"', 400),
    ],
    ids=["quoted", "bare", "empty", "absent", "wsa", "other", "half-quoted"],
)
def test_soapaction_may_be_quoted_bare_or_absent(
    action: str | None, status: int, plain: Running
) -> None:
    """
    But not that of another operation.
    """
    headers = {} if action is None else {"SOAPAction": action}
    assert ask(plain.url, post(message(), headers=headers)).status == status


def test_a_connection_is_kept(plain: Running) -> None:
    """
    Several requests go over one connection, also those that get a fault, and a page.
    """
    with connect(plain.url) as sock:
        for _ in range(3):
            sock.sendall(post(message()))
            assert read_answer(sock).status == 200
            sock.sendall(post(message("retrieveBatch")))
            assert read_answer(sock).status == 500
            sock.sendall(f"GET {PATH}?wsdl HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert read_answer(sock).status == 200
        # Two at once, one behind the other.
        sock.sendall(2 * post(message()))
        octets = b""
        while octets.count(b"</soap:Envelope>") < 2:
            octets += sock.recv(2**16)
        assert octets.count(b"HTTP/1.1 200 OK\r\n") == 2


def test_a_connection_is_closed_where_the_client_says_so(plain: Running) -> None:
    """
    Connection: close, and HTTP/1.0.
    """
    for octets in (
        post(message(), headers={"Connection": "close"}),
        post(message()).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    ):
        with connect(plain.url) as sock:
            sock.sendall(octets)
            assert read_answer(sock).status == 200
            assert sock.recv(1) == b""


def test_a_body_may_come_in_chunks(plain: Running) -> None:
    """
    Transfer-Encoding: chunked, in chunks of any size.
    """
    body = message()
    chunks = b"".join(
        f"{len(part):x}\r\n".encode() + part + b"\r\n"
        for part in (body[:1], body[1:300], body[300:])
    )
    headers = {"Content-Length": "", "Transfer-Encoding": "chunked"}
    head = post(b"", headers=headers)
    assert ask(plain.url, head + chunks + b"0\r\n\r\n").status == 200


def test_expect_is_answered_before_the_body(plain: Running) -> None:
    """
    100 Continue where the body is wanted, and the refusal where it is not.
    """
    body = message()
    with connect(plain.url) as sock:
        octets = post(body, headers={"Expect": "100-continue"})
        sock.sendall(octets[: -len(body)])
        assert sock.recv(100).startswith(b"HTTP/1.1 100 ")
        sock.sendall(body)
        assert read_answer(sock).status == 200
    with connect(plain.url) as sock:
        headers = {"Expect": "100-continue", "Content-Encoding": "gzip"}
        sock.sendall(post(body, headers=headers)[: -len(body)])
        assert read_answer(sock).status == 415


def test_the_wsdl_has_the_address_that_it_was_asked_at(plain: Running) -> None:
    """
    The host and port of the request, in the WSDL and in where its schema is.
    """
    host = plain.url.split("/")[2]
    for name in (host, "rehearsal.example:8080", "not a host"):
        octets = f"GET {PATH}?wsdl HTTP/1.1\r\nHost: {name}\r\n\r\n".encode()
        found = ask(plain.url, octets)
        shown = host if " " in name else name
        assert f'location="http://{shown}{PATH}"'.encode() in found.body
        assert f'schemaLocation="http://{shown}{PATH}?xsd"'.encode() in found.body
        assert b"eckid.invalid" not in found.body


def test_it_says_rehearsal_where_a_person_looks(plain: Running) -> None:
    """
    On its page, in the WSDL, the schema, every fault, every head and every line.
    """
    for target in ("/", f"{PATH}?wsdl", f"{PATH}?xsd"):
        found = ask(plain.url, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert found.status == 200
        assert b"REHEARSAL" in found.body
        assert "REHEARSAL" in found.head
    ask(plain.url, post(message()))
    assert all("REHEARSAL" in line for line in plain.lines)
    # By this its clients know it, so it may not.
    with closing(client(plain)) as ours:
        assert ours.ping().version.startswith("2.0")


def test_a_line_of_the_log_has_no_value(plain: Running) -> None:
    """
    The moment, the operation, the outcome and the school: nothing else.
    """
    with closing(client(plain)) as ours:
        ours.stampseudoniem(A)
        with pytest.raises(FaultError):
            ours.replace(old=A, new=A)
    ask(plain.url, b"PUT /63138219 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [re.sub(r"^[0-9TZ:-]{20} ", "", line) for line in plain.lines] == [
        f"REHEARSAL retrieveStampseudonym ok {SCHOOL}",
        f"REHEARSAL replaceStampseudonym InvalidHPgnException {SCHOOL}",
        "REHEARSAL - 405 -",
    ]


# ---- behaviours ----------------------------------------------------------------------


def _under(gedrag: Gedrag, now: Callable[[], datetime] | None = None) -> Oefendienst:
    moment = datetime(2026, 11, 27, 12, tzinfo=UTC)
    return Oefendienst(rehearsal_ring(), gedrag=gedrag, now=now or (lambda: moment))


def _fault(call: Callable[[], object]) -> FaultReden:
    with pytest.raises(FaultError) as caught:
        call()
    return caught.value.fault


def test_a_batch_is_not_finished_for_a_time() -> None:
    """
    So many seconds after it was handed in, and then it is.
    """
    now = [datetime(2026, 11, 27, 12, tzinfo=UTC)]
    core = _under(Gedrag(not_finished=30), lambda: now[0])
    batch = core.submit_stampseudoniemen({0: A})
    assert _fault(lambda: core.retrieve(batch)) is FaultReden.NOT_FINISHED
    # Of one that is not known nothing is awaited.
    strange = Batch("20261127120000" + 32 * "0")
    assert _fault(lambda: core.retrieve(strange)) is FaultReden.REMOVED
    now[0] += timedelta(seconds=30)
    assert set(core.retrieve(batch).made) == {0}


def test_it_is_blocked_for_some_calls() -> None:
    """
    The first ones find it so; a ping finds it well, and `only` says which operation.
    """
    core = _under(Gedrag(blocked=2))
    for call in (core.ketens, core.sectoren):
        assert _fault(call) is FaultReden.TEMPORARY_BLOCKED
    assert core.ping().available
    assert core.stampseudoniem(A).expose() == STAM
    core = _under(Gedrag(blocked=1, only="retrieveBatch"))
    batch = core.submit_stampseudoniemen({0: A})
    assert _fault(lambda: core.retrieve(batch)) is FaultReden.TEMPORARY_BLOCKED
    assert core.retrieve(batch).made


def test_a_day_has_so_many_batches() -> None:
    """
    Of both kinds together; the next day has as many again. A bad one takes none.
    """
    now = [datetime(2026, 11, 27, 23, 59, tzinfo=UTC)]
    core = _under(Gedrag(per_day=2), lambda: now[0])
    stam = core.stampseudoniem(A)
    core.submit_stampseudoniemen({0: A})
    other = Keten("00000000-0000-0000-0000-000000000000", "x")
    bad = partial(core.submit_ketenids, {0: stam}, keten=other, sector=PO)
    assert _fault(bad) is FaultReden.INVALID_CHAIN
    core.submit_ketenids({0: stam}, keten=KETEN, sector=PO)
    again = partial(core.submit_stampseudoniemen, {0: A})
    assert _fault(again) is FaultReden.DAILY_LIMIT
    now[0] += timedelta(minutes=1)
    again()


def test_content_is_removed() -> None:
    """
    So many batches are gone when they are first asked for, and stay gone.
    """
    core = _under(Gedrag(removed=1))
    first, second = (core.submit_stampseudoniemen({0: A}) for _ in range(2))
    assert _fault(lambda: core.retrieve(first)) is FaultReden.REMOVED
    assert _fault(lambda: core.retrieve(first)) is FaultReden.REMOVED
    assert core.retrieve(second).made


@pytest.mark.parametrize("count", [1, 3])
def test_an_index_is_a_strangers(count: int) -> None:
    """
    In so many answers one index is one that nobody gave, and one that was is missing.
    """
    core = _under(Gedrag(wrong_index=1))
    hpgns = dict(enumerate([A, B, C][:count]))
    found = core.retrieve(core.submit_stampseudoniemen(hpgns))
    assert len(found.made) == count
    assert found.made.keys() - hpgns.keys() == {count}
    again = core.retrieve(core.submit_stampseudoniemen(hpgns))
    assert again.made.keys() == hpgns.keys()


def test_an_index_stands_twice() -> None:
    """
    Our client refuses such an answer; the next is well.
    """
    with running({None: Gedrag(duplicate_index=1)}) as at, closing(client(at)) as ours:
        batch = ours.submit_stampseudoniemen({0: A, 1: B})
        assert _fault(lambda: ours.retrieve(batch)) is FaultReden.ANSWER
        batch = ours.submit_stampseudoniemen({0: A, 1: B})
        assert set(ours.retrieve(batch).made) == {0, 1}


@pytest.mark.parametrize("byte", [0, 1, 400])
def test_a_connection_is_cut_at_a_byte(byte: int) -> None:
    """
    The head says how much would come; so many bytes of it do.
    """
    with running({None: Gedrag(cut=byte, only="ping")}) as at:
        found = ask(at.url, post(message()))
        assert (found.status, len(found.body)) == (200, byte)
        assert ask(at.url, post(message("retrieveChains"))).status == 200
        whole = ask(at.url, post(message()))
        assert whole.body.endswith(b"</soap:Envelope>")
    with running({None: Gedrag(cut=10**4)}) as at:
        # There are not so many.
        assert ask(at.url, post(message())).body.endswith(b"</soap:Envelope>")


def test_an_answer_is_slow() -> None:
    """
    A client that waits shorter gives up; another school is answered meanwhile.
    """
    gedrag: dict[str | None, Gedrag] = {SCHOOL: Gedrag(slow=60, only="ping")}
    with running(gedrag) as at, connect(at.url) as sock:
        sock.sendall(post(message()))
        with closing(client(at, school=OTHER_SCHOOL)) as ours:
            assert ours.ping().available
        sock.settimeout(0.2)
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_a_board_has_a_behaviour_of_its_own() -> None:
    """
    By the OIN of the school; batches and replacements are the same for all.
    """
    gedrag = Gedrag.read([f"{SCHOOL}:blocked=1", "not-finished=0.5", "only=ping"])
    assert gedrag == {
        None: Gedrag(not_finished=0.5, only="ping"),
        SCHOOL: Gedrag(blocked=1),
    }
    with ExitStack() as stack:
        at = stack.enter_context(running({SCHOOL: Gedrag(blocked=1)}))
        one = stack.enter_context(closing(client(at)))
        other = stack.enter_context(closing(client(at, school=OTHER_SCHOOL)))
        other.replace(old=A, new=B)
        assert _fault(one.ketens) is FaultReden.TEMPORARY_BLOCKED
        assert one.stampseudoniem(B).expose() == STAM
        assert _fault(lambda: one.stampseudoniem(A)) is FaultReden.BLOCKED_HPGN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "blocked",
        "blocked=",
        "blocked=x",
        "blocked=1.5",
        "blocked=-1",
        "blocked=100000",
        "slow=1e3",
        "slow=nan",
        "unknown=1",
        "only=unknown",
        "0000000700012TB3456x:blocked=1",
        "blocked=٣",
    ],
)
def test_a_behaviour_of_another_form_is_refused(text: str) -> None:
    """
    With an error that says what there is, and does not repeat what was given.
    """
    with pytest.raises(RequestError) as caught:
        Gedrag.read([text])
    assert "unknown=1" not in str(caught.value)


@pytest.mark.parametrize("value", [float("nan"), -1, 86_401])
def test_a_number_of_a_behaviour_has_a_bound(value: float) -> None:
    """
    Not below 0, no longer than a day, and a number.
    """
    with pytest.raises(RequestError):
        Gedrag(slow=value)


# ---- bounds of what is kept ----------------------------------------------------------


def test_only_so_many_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The oldest go first, and then are said to be removed.
    """
    monkeypatch.setattr(
        "eckid.service.standin.core.BATCHES_HELD", bounds.BATCHES_HELD._replace(most=3)
    )
    core = _under(Gedrag())
    first = core.submit_stampseudoniemen({0: A, 1: B})
    second = core.submit_stampseudoniemen({0: A})
    core.submit_stampseudoniemen({0: A})
    assert _fault(lambda: core.retrieve(first)) is FaultReden.REMOVED
    assert core.retrieve(second).made


def test_only_so_many_replacements_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One more is refused, with the bound.
    """
    monkeypatch.setattr(
        "eckid.service.standin.core.REPLACED", bounds.REPLACED._replace(most=1)
    )
    core = _under(Gedrag())
    core.replace(old=A, new=B)
    with pytest.raises(RequestError, match="expected at most 1 replacements"):
        core.replace(old=C, new=D)


# ---- who may ask ---------------------------------------------------------------------


def test_both_oins_are_looked_up(tmp_path: Path) -> None:
    """
    The school is one of the board of the certificate, and the board has signed (L7).
    """
    with tls(tmp_path) as at, ExitStack() as stack:
        assert at.root is not None
        ours = stack.enter_context(closing(client(at)))
        assert ours.ping().available
        # A school of its own form, of a BRIN that is not in the list.
        strange = stack.enter_context(
            closing(client(at, school="0000000700099XX34567"))
        )
        assert _fault(strange.ping) is FaultReden.NOT_ALLOWED
        # A board that is not in the list.
        unsigned = at.root.client("unsigned", oin="00000003000000034567")
        other = stack.enter_context(closing(client(at._replace(client=unsigned))))
        assert _fault(other.ping) is FaultReden.NOT_ALLOWED
        # Another board's school, with a certificate of one that signed.
        with connect(at.url, at.client, at.root) as sock:
            sock.sendall(post(message(oin=OTHER_SCHOOL)))
            answer = read_answer(sock)
        assert fault_of(answer.body) == ("soap:Client", "NotAllowedCallerException")


@pytest.mark.parametrize("name", ["none", "expired", "other-root", "no-oin"])
def test_a_certificate_that_is_not_right_gets_nothing(
    name: str, tmp_path: Path
) -> None:
    """
    No answer at all: not a page, and not a fault. The next client is served.
    """
    with tls(tmp_path) as at:
        assert at.root is not None
        pairs: Mapping[str, Pair | None] = {
            "none": None,
            "expired": at.root.client("expired", days=-1),
            "other-root": Authority(tmp_path, "other").client(),
            "no-oin": at.root.client("no-oin", oin=None),
        }
        # With TLS 1.3 the client hears of it when it reads.
        try:
            with connect(at.url, pairs[name], at.root) as sock:
                sock.sendall(post(message()))
                assert read_answer(sock).status == 0
        except OSError:
            pass
        with closing(client(at)) as ours:
            assert ours.ping().available
        assert len(at.lines) == 1


def test_plain_http_is_for_this_machine_alone(tmp_path: Path) -> None:
    """
    Elsewhere it wants TLS that demands a certificate, and the boards that have one.
    """
    root = Authority(tmp_path)
    server = root.server()
    good = server_context(cert=server.cert, key=server.key, client_ca=root.ca)
    boards = Besturen({OIN: frozenset({SCHOOL})})
    with pytest.raises(RequestError, match="plain HTTP"):
        Standin(host="0.0.0.0")  # noqa: S104  # it is refused
    with pytest.raises(RequestError, match="an address"):
        Standin(host="rehearsal.example")
    with pytest.raises(RequestError, match="0 to 65535"):
        Standin(port=2**16)
    with pytest.raises(RequestError, match="both or neither"):
        Standin(context=good)
    with pytest.raises(RequestError, match="both or neither"):
        Standin(besturen=boards)
    lax = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.raises(RequestError, match="demands a client certificate"):
        Standin(context=lax, besturen=boards)
    with pytest.raises(RequestError, match="of one pair"):
        server_context(cert=server.cert, key=root.client().key, client_ca=root.ca)
    with Standin(host="0.0.0.0", context=good, besturen=boards) as at:  # noqa: S104  # with TLS
        assert at.url.startswith("https://0.0.0.0:")
    with Standin(host="localhost") as at:
        assert at.url.startswith("http://127.0.0.1:")
        at.close()
    if socket.has_ipv6:
        with Standin(host="::1") as at, closing(client(Running(at.url, []))) as ours:
            assert at.url.startswith("http://[::1]:")
            assert ours.ping().available
            assert repr(at) == f"<Standin REHEARSAL {at.url}>"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "other tables"),
        ("x = 1", "other tables"),
        ("[besturen]\nx", "other text"),
        ("[besturen]\n[andere]", "other tables"),
        (f'[besturen]\n{OIN} = "x"', "another value"),
        (f'[besturen]\n{OIN} = ["x"]', "of another form"),
        (f'[besturen]\n{OIN} = ["{OTHER_SCHOOL}"]', "end as that"),
        (f'[besturen]\n123 = ["{SCHOOL}"]', "20 digits"),
    ],
)
def test_a_list_of_boards_of_another_form_is_refused(
    text: str, word: str, tmp_path: Path
) -> None:
    """
    With an error that says the form, and repeats nothing of the file.
    """
    file = tmp_path / "boards.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(RequestError, match=word):
        Besturen.load(file)


def test_a_list_of_boards_is_read_from_a_file(tmp_path: Path) -> None:
    """
    The OINs of the schools by that of the certificate.
    """
    file = tmp_path / "boards.toml"
    file.write_text(f'[besturen]\n"{OIN}" = ["{SCHOOL}"]\n', "utf-8")
    boards = Besturen.load(file)
    assert boards.allows(OIN, SCHOOL)
    assert not boards.allows(OIN, OTHER_SCHOOL)
    assert not boards.allows("", SCHOOL)


# ---- the ring ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ring",
    [
        lambda: Sleutelbos.generate(release="2026"),
        lambda: Sleutelbos.generate(release="2026", salt=Salt(TEST_SALT)),
        lambda: Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl"),
    ],
    ids=["a board's", "another namespace", "another salt"],
)
def test_it_takes_a_rehearsal_ring_alone(ring: Callable[[], Sleutelbos]) -> None:
    """
    With the public test salt: what is hashed with another may be a pupil's.
    """
    for make in (Standin, Oefendienst):
        with pytest.raises(SecretError, match="expected a rehearsal ring"):
            make(ring())


def test_it_takes_a_rehearsal_ring_of_your_own() -> None:
    """
    Its answers are then those of that ring.
    """
    ring = Sleutelbos.generate(
        release="pilot", namespace="https://ketenid.nl", salt=Salt(TEST_SALT)
    )
    with Standin(ring) as at, closing(client(Running(at.url, []))) as ours:
        assert of_protocol(ours) == of_protocol(LocalNummervoorziening(ring))


# ---- many at once --------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.long)])
def test_eight_clients_ask_at_once(seconds: int, both: Running) -> None:
    """
    Single calls and batches, without an error, and each gets what is its own.
    """
    local = LocalNummervoorziening(rehearsal_ring())
    until = time.monotonic() + seconds

    def work(n: int) -> int:
        done = 0
        hpgn = HPgn.parse(64 * f"{n:x}")
        expected = local.stampseudoniem(hpgn)
        with closing(client(both)) as ours:
            while time.monotonic() < until:
                assert ours.stampseudoniem(hpgn) == expected
                batch = ours.submit_stampseudoniemen(dict.fromkeys(range(20), hpgn))
                assert set(ours.retrieve(batch).made.values()) == {expected}
                done += 1
        return done

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
