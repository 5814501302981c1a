"""
What is sent to the service: SOAP 1.1 envelopes, as the reference clients send them.

The names stand in a table; the header is what was seen of JAX-WS on the wire.
"""

import uuid
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

# WSDL 0.7-20171229 of the service; release 201703.
SCHEMA: Final = "http://ketenid.nl/eck/schemas/v1_0"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSA: Final = "http://www.w3.org/2005/08/addressing"
ANONYMOUS: Final = f"{WSA}/anonymous"
# Chains and sectors go by these ids, to the byte.
BEGRIPPEN: Final = "http://purl.edustandaard.nl/begrippenkader/"


class Operation(NamedTuple):
    """
    One operation of the service.

    Attributes:
        name: Its name, which the SOAPAction ends with.
        request: The element that is sent.
        response: The element that is answered.
        repeats: Whether asking it twice does what asking it once does.
    """

    name: str
    request: str
    response: str
    repeats: bool = False

    @property
    def action(self) -> str:
        """
        Its SOAPAction.
        """
        return f"{SCHEMA}/{self.name}"


PING: Final = Operation("ping", "pingRequest", "pingResponse", repeats=True)
STAMPSEUDONIEM: Final = Operation(
    "retrieveStampseudonym",
    "retrieveStampseudonymRequest",
    "retrieveStampseudonymResponse",
    repeats=True,
)
KETENID: Final = Operation(
    "retrieveEckId", "retrieveEckIdRequest", "retrieveEckIdResponse", repeats=True
)
SUBMIT_STAMPSEUDONIEMEN: Final = Operation(
    "submitStampseudonymBatch", "submitStampseudonymBatchRequest", "submitBatchResponse"
)
SUBMIT_KETENIDS: Final = Operation(
    "submitEckIdBatch", "submitEckIdBatchRequest", "submitBatchResponse"
)
RETRIEVE: Final = Operation(
    "retrieveBatch", "retrieveBatchRequest", "retrieveBatchResponse"
)
REPLACE: Final = Operation(
    "replaceStampseudonym",
    "replaceStampseudonymRequest",
    "replaceStampseudonymResponse",
)
KETENS: Final = Operation(
    "retrieveChains", "retrieveChainsRequest", "retrieveChainsResponse", repeats=True
)
SECTOREN: Final = Operation(
    "retrieveSectors", "retrieveSectorsRequest", "retrieveSectorsResponse", repeats=True
)
OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        one.name: one
        for one in (
            PING,
            STAMPSEUDONIEM,
            KETENID,
            SUBMIT_STAMPSEUDONIEMEN,
            SUBMIT_KETENIDS,
            RETRIEVE,
            REPLACE,
            KETENS,
            SECTOREN,
        )
    }
)


def new_message_id() -> str:
    """
    Return a MessageID that no other message has, in the form that JAX-WS gives it.
    """
    return f"uuid:{uuid.uuid4()}"


def fields(texts: Mapping[str, str]) -> str:
    """
    Return elements with a text each, in this order.
    """
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())


def items(name: str, field: str, texts: Iterable[tuple[int, str]]) -> str:
    """
    Return the elements of a batch: each has an index and a text.

    The texts are hex and URIs, which need no escapes.
    """
    return "".join(
        [
            f"<{name}><index>{index}</index><{field}>{text}</{field}></{name}>"
            for index, text in texts
        ]
    )


def envelope(
    operation: Operation, content: str, *, to: str, oin: str, message_id: str
) -> bytes:
    """
    Return a request as it goes on the wire.

    Args:
        operation: What is asked.

        content: The elements in the request, as `fields` and `items` give them.

        to: The URL of the service.

        oin: The OIN of the school.

        message_id: A new MessageID, which the answer refers to.
    """
    head = (
        f"<wsa:To>{escape(to)}</wsa:To>"
        f'<wsa:Action soap:mustUnderstand="1">{operation.action}</wsa:Action>'
        f"<wsa:ReplyTo><wsa:Address>{ANONYMOUS}</wsa:Address></wsa:ReplyTo>"
        f"<wsa:FaultTo><wsa:Address>{ANONYMOUS}</wsa:Address></wsa:FaultTo>"
        f"<wsa:MessageID>{escape(message_id)}</wsa:MessageID>"
        f"<wsa:From><wsa:Address>{ANONYMOUS}?oin={escape(oin)}</wsa:Address></wsa:From>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:wsa="{WSA}">'
        f"<soap:Header>{head}</soap:Header><soap:Body>"
        f'<{operation.request} xmlns="{SCHEMA}">{content}</{operation.request}>'
        "</soap:Body></soap:Envelope>"
    ).encode()
