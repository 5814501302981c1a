"""
A request as it comes in: SOAP 1.1 with WS-Addressing, held to the schema, or a fault.

What a client sent stands in no fault, but the MessageID that an answer refers to.
"""

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Never
from xml.parsers import expat
from xml.sax.saxutils import escape

from eckid._core.bounds import ASKED_ELEMENTS, ASKED_NESTED, ASKED_TAG
from eckid._core.foreign import foreign
from eckid.errors import RequestError
from eckid.service.access import an_oin
from eckid.service.messages import (
    ANONYMOUS,
    OPERATIONS,
    SCHEMA,
    SOAP,
    WSA,
    Operation,
    new_message_id,
)

if TYPE_CHECKING:
    from lxml.etree import XMLSchema, _Element

# The name of a fault whose name at the service is not known. It is nobody else's.
OURS: Final = "StandInException"
_PIECE: Final = 2**14
_BY_REQUEST: Final = {f"{{{SCHEMA}}}{one.request}": one for one in OPERATIONS.values()}
_REQUIRED: Final = ("To", "Action", "MessageID", "From")
_MESSAGE_ID: Final = re.compile(r"[!-~]{1,256}")
_FROM: Final = re.compile(rf"{re.escape(ANONYMOUS)}\?oin=(.*)", re.DOTALL)
_DEFAULT: Final = f"{SCHEMA}/EckIDPort"


class SoapFault(Exception):  # noqa: N818  # it is what is answered
    """
    A fault to answer with.

    Attributes:
        code: The faultcode, with the prefix soap or wsa.
        actor: The faultactor: the name of the fault.
        said: The faultstring, which repeats nothing of the request.
    """

    def __init__(
        self, said: str, *, code: str = "soap:Client", actor: str = OURS
    ) -> None:
        super().__init__(said)
        self.said, self.code, self.actor = said, code, actor


class Asked(NamedTuple):
    """
    A request that may be answered.

    Attributes:
        operation: What is asked.
        content: Its element, as the schema has it.
        school: The OIN of the school.
    """

    operation: Operation
    content: "_Element"
    school: str


def published(name: str) -> bytes:
    """
    Return the WSDL or the schema, as the file in this package has it.
    """
    return resources.files(__package__).joinpath(name).read_bytes()


@cache
def _schema() -> "XMLSchema":
    from lxml import etree  # noqa: PLC0415  # an extra

    return etree.XMLSchema(etree.fromstring(published("eckid.xsd"), _parser()))


def _parser() -> Any:  # noqa: ANN401  # of lxml
    from lxml import etree  # noqa: PLC0415  # an extra

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _refuse(said: str, code: str = "soap:Client") -> Never:
    raise SoapFault(f"REHEARSAL: {said}", code=code)


def look(body: bytes) -> None:
    """
    Go through XML without keeping any of it, and refuse what is beyond a bound.

    Raises:
        SoapFault: If it is not well-formed, has a document type, or is beyond one.
    """
    counted = nested = 0

    def start(*_: object) -> None:
        nonlocal counted, nested
        counted, nested = counted + 1, nested + 1
        for bound, got in ((ASKED_ELEMENTS, counted), (ASKED_NESTED, nested)):
            if got > bound.most:
                _refuse(bound.beyond())

    def end(_: str) -> None:
        nonlocal nested
        nested -= 1

    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(
        "expected a message without a document type, got one with"
    )
    ours = SoapFault("REHEARSAL: expected well-formed XML, got other bytes")
    with foreign(ours, expat.ExpatError, LookupError, ValueError):
        for at in range(0, len(body), _PIECE):
            parser.Parse(body[at : at + _PIECE], False)  # noqa: FBT003  # expat's
            # A tag is read as a whole, however many attributes it has.
            if at + _PIECE - parser.CurrentByteIndex > ASKED_TAG.most:
                _refuse(ASKED_TAG.beyond())
        parser.Parse(b"", True)  # noqa: FBT003  # as above


class Envelope:
    """
    The parts of a message: its header, and what is in its body.

    Args:
        body: The bytes of the message.

    Attributes:
        message_id: Its MessageID; None if it has none that an answer may refer to.

    Raises:
        SoapFault: If it is no envelope of SOAP 1.1.
    """

    def __init__(self, body: bytes) -> None:
        from lxml import etree  # noqa: PLC0415  # an extra

        self.message_id: str | None = None
        look(body)
        ours = SoapFault("REHEARSAL: expected well-formed XML, got other bytes")
        with foreign(ours, etree.LxmlError, ValueError):
            root = etree.fromstring(body, _parser())
        if root.tag != f"{{{SOAP}}}Envelope":
            code = "VersionMismatch" if root.tag.endswith("}Envelope") else "Client"
            _refuse("expected an envelope of SOAP 1.1, got another", f"soap:{code}")
        parts = [child.tag for child in root]
        if parts not in ([f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"], [f"{{{SOAP}}}Body"]):
            _refuse("expected a header and a body, got other elements")
        self._head = list(root[0]) if len(parts) == 2 else []
        self._said = list(root[-1])
        ids = [one for one in self._head if one.tag == f"{{{WSA}}}MessageID"]
        if len(ids) == 1 and _MESSAGE_ID.fullmatch((ids[0].text or "").strip()):
            self.message_id = (ids[0].text or "").strip()

    def asked(self, action: str | None) -> Asked:
        """
        Return what is asked.

        Args:
            action: The SOAPAction of HTTP, without quotes; None if there is none.

        Raises:
            SoapFault: If a header or the body is not as the schema and WS-Addressing
                want it.
        """
        address = self._addressing()
        if len(self._said) != 1:
            _refuse(f"expected one element in the body, got {len(self._said)}")
        content = self._said[0]
        operation = _BY_REQUEST.get(content.tag)
        if operation is None:
            _refuse("expected the element of an operation, got another")
        known = {operation.action, f"{_DEFAULT}/{operation.request}"}
        if action not in {None, "", *known}:
            _refuse("SOAPAction: expected that of the element in the body, got another")
        if address["Action"] not in known:
            _refuse(
                "Action: expected that of the element in the body, got another",
                "wsa:ActionNotSupported",
            )
        if not _schema().validate(content):
            _refuse("expected a body as the schema (?xsd) has it, got another")
        return Asked(operation, content, self._school(address["From"]))

    def _addressing(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self._head:
            space, _, name = one.tag[1:].rpartition("}")
            if space == WSA:
                if name in found:
                    _refuse(
                        "expected each header of WS-Addressing once, got one twice",
                        "wsa:InvalidAddressingHeader",
                    )
                found[name] = _text(one)
            elif _demands(one):
                _refuse(
                    "expected headers of WS-Addressing, got another that must be "
                    "understood",
                    "soap:MustUnderstand",
                )
        missing = [name for name in _REQUIRED if name not in found]
        if missing:
            _refuse(
                f"expected the headers {', '.join(_REQUIRED)} of WS-Addressing, got "
                f"none called {', '.join(missing)}",
                "wsa:MessageAddressingHeaderRequired",
            )
        if self.message_id is None:
            _refuse(
                "MessageID: expected 1 to 256 characters of a URI, got another text",
                "wsa:InvalidAddressingHeader",
            )
        if any(found.get(n, ANONYMOUS) != ANONYMOUS for n in ("ReplyTo", "FaultTo")):
            _refuse(
                "ReplyTo, FaultTo: expected the anonymous address, got another",
                "wsa:OnlyAnonymousAddressSupported",
            )
        return found

    @staticmethod
    def _school(text: str) -> str:
        found = _FROM.fullmatch(text)
        ours = SoapFault(
            "REHEARSAL: From: expected the anonymous address with ?oin= and the OIN of "
            "a school, got another",
            actor="NotAllowedCallerException",
        )
        with foreign(ours, RequestError):
            return an_oin("" if found is None else found[1])


def _demands(one: "_Element") -> bool:
    """
    Return whether a header must be understood by us, the last that it comes to.
    """
    to_others = one.get(f"{{{SOAP}}}actor", "").strip()
    demand = one.get(f"{{{SOAP}}}mustUnderstand", "0").strip()
    return not to_others and demand not in {"0", "false"}


def _text(one: "_Element") -> str:
    """
    Return the text of a header, or of the address in it.
    """
    addresses = one.iterchildren(f"{{{WSA}}}Address")
    return (next(addresses, one).text or "").strip()


def answer(operation: Operation, content: str, *, message_id: str) -> bytes:
    """
    Return an answer as it goes on the wire.

    Args:
        operation: What was asked.

        content: The elements in the answer.

        message_id: The MessageID of the request.
    """
    body = f'<{operation.response} xmlns="{SCHEMA}">{content}</{operation.response}>'
    return _envelope(f"{_DEFAULT}/{operation.name}Response", body, message_id)


def fault_answer(fault: SoapFault, *, message_id: str | None) -> bytes:
    """
    Return a fault as it goes on the wire.
    """
    body = (
        f"<soap:Fault><faultcode>{fault.code}</faultcode>"
        f"<faultstring>{escape(fault.said)}</faultstring>"
        f"<faultactor>{fault.actor}</faultactor></soap:Fault>"
    )
    return _envelope(f"{WSA}/soap/fault", body, message_id)


def _envelope(action: str, body: str, message_id: str | None) -> bytes:
    related = "" if message_id is None else escape(message_id)
    head = f"<wsa:Action>{action}</wsa:Action><wsa:MessageID>{new_message_id()}"
    head += "</wsa:MessageID>"
    head += f"<wsa:RelatesTo>{related}</wsa:RelatesTo>" if related else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:wsa="{WSA}">'
        f"<soap:Header>{head}</soap:Header><soap:Body>{body}</soap:Body>"
        "</soap:Envelope>"
    ).encode()
