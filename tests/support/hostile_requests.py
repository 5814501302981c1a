"""
Requests of a hostile client, and what each of them gets.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from certificates import SCHOOL
from standins import PATH, Answer, connect, post, read_answer

from eckid.service.messages import BEGRIPPEN, OPERATIONS, SCHEMA, SOAP, WSA, envelope

# What must never come back: an HPgn, and a number.
VALUE: Final = 64 * "e"
NUMBER: Final = "063138219"
OURS: Final = "StandInException"
MIB: Final = 2**20


def good(
    operation: str = "retrieveStampseudonym", content: str = f"<hpgn>{VALUE}</hpgn>"
) -> bytes:
    """
    Return a message that is answered, if the content is right.
    """
    one = OPERATIONS[operation]
    return envelope(
        one, content, to="http://x", oin=SCHOOL, message_id=f"uuid:{NUMBER}"
    )


def swapped(old: str, new: str) -> bytes:
    """
    Return such a message with a part of it replaced.
    """
    body = good()
    assert old.encode() in body
    return body.replace(old.encode(), new.encode())


def chunked(part: bytes, times: int) -> bytes:
    """
    Return a request in chunks.
    """
    headers = {"Content-Length": "", "Transfer-Encoding": "chunked"}
    chunk = f"{len(part):x}\r\n".encode() + part + b"\r\n"
    return post(b"", headers=headers) + times * chunk + b"0\r\n\r\n"


def raw(head: str, body: bytes = b"") -> bytes:
    """
    Return a request with just these lines as its head.
    """
    return head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


def item(index: object, text: str = VALUE) -> str:
    """
    Return an item of a batch.
    """
    return f"<hpgnList><index>{index}</index><hPgn>{text}</hPgn></hpgnList>"


def header(more: str) -> bytes:
    """
    Return a message with one header more.
    """
    return swapped("</soap:Header>", f"{more}</soap:Header>")


def without(name: str) -> bytes:
    """
    Return a message that lacks a header.
    """
    body = good().decode()
    first, last = body.index(f"<wsa:{name}"), body.index(f"</wsa:{name}>")
    return (body[:first] + body[last + len(f"</wsa:{name}>") :]).encode()


class Row(NamedTuple):
    """
    What is sent, and the status or the faultcode and faultactor that it gets.
    """

    octets: Callable[[], bytes]
    status: int
    code: str = ""
    actor: str = ""


def fault(
    octets: Callable[[], bytes], code: str = "soap:Client", actor: str = OURS
) -> Row:
    """
    Return the row of a message that gets a fault.
    """
    return Row(lambda: post(octets()), 500, code, actor)


_DTD: Final = '<!DOCTYPE x [<!ENTITY a "{0}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_XXE: Final = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_HPGN: Final = f"<hpgn>{VALUE}</hpgn>"
_ACTION: Final = f"{SCHEMA}/retrieveStampseudonym"
_INVALID: Final = "wsa:InvalidAddressingHeader"
_MISSING: Final = "wsa:MessageAddressingHeaderRequired"
_NOT_ALLOWED: Final = "NotAllowedCallerException"
LINE: Final = f"POST {PATH} HTTP/1.1\nHost: x\nContent-Type: text/xml"

ROWS: Final[Mapping[str, Row]] = {
    # HTTP.
    "a page that is not there": Row(
        lambda: raw(f"GET /{VALUE} HTTP/1.1\nHost: x"), 404
    ),
    "a query of its own": Row(
        lambda: raw(f"GET {PATH}?{VALUE} HTTP/1.1\nHost: x"), 404
    ),
    "a call elsewhere": Row(lambda: post(good(), path=f"/{VALUE}"), 404),
    "put": Row(lambda: raw(f"PUT {PATH} HTTP/1.1\nHost: x"), 405),
    "delete": Row(lambda: raw(f"DELETE /{VALUE} HTTP/1.1\nHost: x"), 405),
    "head": Row(lambda: raw(f"HEAD {PATH} HTTP/1.1\nHost: x"), 405),
    "connect": Row(lambda: raw("CONNECT x:443 HTTP/1.1\nHost: x"), 405),
    "gzip": Row(lambda: post(good(), headers={"Content-Encoding": "gzip"}), 415),
    "mtom": Row(
        lambda: post(
            good(),
            headers={
                "Content-Type": 'multipart/related; type="application/xop+xml"; '
                f'boundary="{VALUE}"'
            },
        ),
        415,
    ),
    "json": Row(lambda: post(b"{}", headers={"Content-Type": "application/json"}), 415),
    "soap 1.2": Row(
        lambda: post(good(), headers={"Content-Type": "application/soap+xml"}), 415
    ),
    "no type": Row(lambda: post(good(), headers={"Content-Type": ""}), 415),
    "another charset": Row(
        lambda: post(good(), headers={"Content-Type": "text/xml; charset=utf-16"}), 415
    ),
    "two lengths": Row(
        lambda: raw(f"{LINE}\nContent-Length: 1\nContent-Length: 2", b"ab"), 400
    ),
    "a length below zero": Row(lambda: raw(f"{LINE}\nContent-Length: -1"), 400),
    "a length of a terabyte": Row(
        lambda: raw(f"{LINE}\nContent-Length: {10**12}"), 413
    ),
    "a length of five thousand digits": Row(
        lambda: raw(f"{LINE}\nContent-Length: {5000 * '9'}"), 400
    ),
    "a body over 16 MiB": Row(lambda: chunked(MIB * b" ", 17), 413),
    "a chunk that has no size": Row(
        lambda: raw(f"{LINE}\nTransfer-Encoding: chunked", b"zz\r\n"), 400
    ),
    "a header of 20 KiB": Row(lambda: post(b"", headers={"X": 20 * 1024 * "a"}), 431),
    "a thousand headers": Row(
        lambda: post(b"", headers={f"X-{n}": 20 * "a" for n in range(1000)}), 431
    ),
    "no host": Row(lambda: raw(f"GET {PATH}?wsdl HTTP/1.1"), 400),
    "no request": Row(lambda: b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
    "two soapactions": Row(
        lambda: raw(f"{LINE}\nSOAPAction: a\nSOAPAction: b\nContent-Length: 0"), 400
    ),
    "two types": Row(
        lambda: raw(f"{LINE}\nContent-Type: text/xml\nContent-Length: 0"), 400
    ),
    # XML.
    "no body": fault(lambda: b""),
    "no xml": fault(VALUE.encode),
    "half a message": fault(lambda: good()[:-20]),
    "two messages": fault(lambda: 2 * good()),
    "a document type": fault(lambda: swapped(_HEAD, _HEAD + "<!DOCTYPE x>")),
    "entities": fault(lambda: swapped(_HEAD, _HEAD + _DTD.format(VALUE))),
    "an entity from a file": fault(
        lambda: swapped(_HEAD, _HEAD + _XXE).replace(
            _HPGN.encode(), b"<hpgn>&a;</hpgn>"
        )
    ),
    "a document type of 10 MB": fault(
        lambda: swapped(_HEAD, _HEAD + _DTD.format(10 * MIB * "x"))
    ),
    "deep nesting": fault(lambda: swapped(_HPGN, 100_000 * "<a>")),
    "millions of elements": fault(lambda: swapped(_HPGN, 3_500_000 * "<a/>")),
    "a tag of 15 MB": fault(
        lambda: swapped(
            "<hpgn>", "<hpgn" + "".join(f' a{n}=""' for n in range(10**6)) + ">"
        )
    ),
    "a name of 15 MB": fault(lambda: swapped("<hpgn>", f"<{15 * MIB * 'a'}>")),
    "a text of 15 MB": fault(lambda: swapped(VALUE, 15 * MIB * "a")),
    "a text of 9 MB": fault(
        lambda: swapped(VALUE, 9 * MIB * "a"), actor="InvalidHPgnException"
    ),
    "a comment of 15 MB": fault(
        lambda: swapped(_HPGN, f"<!--{15 * MIB * 'a'}--><hpgn/>")
    ),
    "an encoding that is not known": fault(lambda: swapped("UTF-8", "x-eckid")),
    "bytes that are no text": fault(lambda: good().replace(b"eeee", b"\xff\xfe", 1)),
    "a sign that may not be": fault(lambda: swapped(VALUE, "&#0;")),
    # SOAP.
    "soap 1.2 envelope": fault(
        lambda: swapped(SOAP, "http://www.w3.org/2003/05/soap-envelope"),
        "soap:VersionMismatch",
    ),
    "another document": fault(f"<x>{VALUE}</x>".encode),
    "two bodies": fault(
        lambda: swapped("</soap:Envelope>", "<soap:Body/></soap:Envelope>")
    ),
    "two calls": fault(lambda: swapped("</soap:Body>", "<x/></soap:Body>")),
    "no call": fault(
        lambda: good().partition(b"<retrieve")[0] + b"</soap:Body></soap:Envelope>"
    ),
    "a call of another namespace": fault(
        lambda: swapped(f'xmlns="{SCHEMA}"', 'xmlns="http://school.id/eck"')
    ),
    "a header that must be understood": fault(
        lambda: header(f'<x:y xmlns:x="z" soap:mustUnderstand="1">{VALUE}</x:y>'),
        "soap:MustUnderstand",
    ),
    # WS-Addressing.
    "no header": fault(
        lambda: b"".join(
            [
                good().partition(b"<soap:Header>")[0],
                good().partition(b"</soap:Header>")[2],
            ]
        ),
        _MISSING,
    ),
    **{
        f"without {name}": fault(lambda name=name: without(name), _MISSING)  # type: ignore[misc]  # bound
        for name in ("To", "Action", "MessageID", "From")
    },
    **{
        f"two of {name}": fault(
            lambda name=name: header(f"<wsa:{name}>{VALUE}</wsa:{name}>"),  # type: ignore[misc]  # bound
            _INVALID,
        )
        for name in ("Action", "MessageID", "From")
    },
    "the action of another": fault(
        lambda: swapped(f">{_ACTION}<", f">{SCHEMA}/ping<"), "wsa:ActionNotSupported"
    ),
    "an answer elsewhere": fault(
        lambda: swapped(
            f"<wsa:ReplyTo><wsa:Address>{WSA}/anonymous", "<wsa:ReplyTo><wsa:Address>x"
        ),
        "wsa:OnlyAnonymousAddressSupported",
    ),
    "a message id with a break": fault(
        lambda: swapped(f"uuid:{NUMBER}", f"uuid:\n{NUMBER}&lt;x/&gt;"), _INVALID
    ),
    "a message id of a million signs": fault(
        lambda: swapped(f"uuid:{NUMBER}", 10**6 * "a"), _INVALID
    ),
    "no oin": fault(lambda: swapped(f"?oin={SCHOOL}", ""), actor=_NOT_ALLOWED),
    "an oin of another form": fault(
        lambda: swapped(SCHOOL, NUMBER), actor=_NOT_ALLOWED
    ),
    "an oin elsewhere": fault(
        lambda: swapped(f"{WSA}/anonymous?oin", "http://x/?oin"), actor=_NOT_ALLOWED
    ),
    # The schema, and what it cannot say.
    "an element in a text": fault(
        lambda: swapped(_HPGN, f"<hpgn><b>{VALUE}</b></hpgn>")
    ),
    "an element that is not there": fault(
        lambda: swapped(
            "<hpgn>",
            '<hpgn xsi:nil="true" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
        )
    ),
    "a type of its own": fault(
        lambda: swapped(
            "<hpgn>",
            '<hpgn xsi:type="a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
        )
    ),
    "10,001 items": fault(
        lambda: good(
            "submitStampseudonymBatch", "".join(item(n) for n in range(10_001))
        )
    ),
    "an index that is no number": fault(
        lambda: good("submitStampseudonymBatch", item(VALUE))
    ),
    "an index beyond an int": fault(
        lambda: good("submitStampseudonymBatch", item(2**31))
    ),
    "a chain of ours, in a batch of nothing": fault(
        lambda: good("submitEckIdBatch", f"<chainId>{BEGRIPPEN}</chainId>")
    ),
}
# Those that are large; what they cost is weighed.
LARGE: Final = sorted(
    name for name, row in ROWS.items() if len(row.octets()) > MIB // 2
)


def shout(url: str, octets: bytes) -> Answer:
    """
    Send to the end or until it is not taken, and return what comes back.
    """
    with connect(url) as sock:
        with suppress(OSError):
            sock.sendall(octets)
        return read_answer(sock)


def still_answers(url: str) -> bool:
    """
    Return whether the next call is answered.
    """
    return shout(url, post(good())).status == 200
