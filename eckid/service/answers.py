"""
What the service answers: read as it comes in, within bounds, and checked.

An answer may hold values anywhere, also in the text of a fault. Nothing of it is in an
error: an error says what was expected, and how many came.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final
from xml.parsers import expat

from eckid._core.bounds import ANSWERED, IDENTIFIER, NESTED, TAG, Bound
from eckid._core.foreign import foreign
from eckid.errors import FaultReden, ServiceError, TransportError
from eckid.service.faults import answer_fault, fault, fault_named, not_as_specified
from eckid.service.messages import SCHEMA, SOAP, WSA, Operation

# A DTD may define entities, and a text that they make; the service has no use for one.
_NO_DTD: Final = "expected an answer without a document type, got one with"
# So much is given to expat at a time: beyond it no tag can make work before it is seen.
_PART: Final = 4096
# What expat says of a document that is right as far as it goes.
_CUT: Final = frozenset(
    expat.errors.codes[said]
    for said in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_SPACE: Final = " \t\r\n"
_HEADER: Final = f"{SOAP} Header"
_BODY: Final = f"{SOAP} Body"
_FAULT: Final = f"{SOAP} Fault"
_ADDRESSING: Final = f"{WSA} "
_RELATES: Final = f"{WSA} RelatesTo"
_DEMANDS: Final = f"{SOAP} mustUnderstand"


class Element:
    """
    An element of an answer.

    Attributes:
        name: Its namespace, a space, and its own name.
        attributes: Its attributes, by such a name.
        children: The elements in it.
        text: The text in it, after its last child if it has any.
    """

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name, self.attributes, self.text = name, attributes, ""
        self.children: list[Element] = []

    def __repr__(self) -> str:
        return f"<Element with {len(self.children)} elements, text hidden>"


class _Reading:
    """
    The handlers of expat, which build a tree within the bounds.
    """

    def __init__(self) -> None:
        self.root = Element("", {})
        self._open = [self.root]
        self.parts: list[str] = []
        self._count = 0

    def namespace(self, _: str | None, uri: str | None) -> None:
        # It stands in the name of each element and attribute that has it.
        if uri is not None and len(uri) > IDENTIFIER.most:
            not_as_specified(
                f"expected namespaces of at most {IDENTIFIER.shown}, got a longer one"
            )

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1 + len(attributes)
        if self._count > ANSWERED.most:
            not_as_specified(ANSWERED.beyond())
        if len(self._open) > NESTED.most:
            not_as_specified(NESTED.beyond())
        element = Element(name, attributes)
        self._open[-1].children.append(element)
        self._open.append(element)
        # Of what stands between elements nothing is wanted.
        self.parts.clear()

    def end(self, _: str) -> None:
        self._open.pop().text = "".join(self.parts)
        self.parts.clear()


def read_tree(chunks: Iterable[bytes], most: Bound) -> Element:
    """
    Return the root of an XML document that comes in chunks.

    Args:
        chunks: Its bytes, in parts of any size.

        most: The most bytes that it may have.

    Raises:
        eckid.errors.FaultError: If it is not well-formed, beyond a bound, or has a
            document type or a processing instruction.
        eckid.errors.TransportError: If it ends before its last tag.
    """
    reading = _Reading()
    # Whatever it says of its encoding: UTF-8, or UTF-16 with a mark of it.
    parser = expat.ParserCreate("UTF-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartNamespaceDeclHandler = reading.namespace
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.parts.append
    parser.StartDoctypeDeclHandler = lambda *_: not_as_specified(_NO_DTD)
    parser.ProcessingInstructionHandler = lambda *_: not_as_specified(
        "expected an answer without processing instructions, got one with"
    )
    size = 0
    with foreign(_ill_formed, expat.ExpatError):
        for part in _parts(chunks):
            size += len(part)
            if size > most.most:
                not_as_specified(most.beyond())
            parser.Parse(part, False)  # noqa: FBT003  # expat's
            if size - parser.CurrentByteIndex > TAG.most:
                not_as_specified(TAG.beyond())
        parser.Parse(b"", True)  # noqa: FBT003  # as above
    return only(reading.root, f"{SOAP} Envelope")


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for begin in range(0, len(chunk), _PART):
            yield chunk[begin : begin + _PART]


def _ill_formed(error: BaseException) -> ServiceError:
    """
    Return our error for what expat does not take; of a part it is one of the way.
    """
    if getattr(error, "code", None) in _CUT:
        return TransportError(
            "service: expected a whole answer, got a part or none", sent=True
        )
    return answer_fault("expected well-formed XML, got other bytes")


def read_answer(
    chunks: Iterable[bytes], most: Bound, *, operation: Operation, message_id: str
) -> Element:
    """
    Return the element that the service answered with.

    Args:
        chunks: The bytes of the answer.

        most: The most bytes that it may have.

        operation: What was asked.

        message_id: The MessageID of the request, which the answer must refer to.

    Raises:
        eckid.errors.FaultError: If it is a fault, or is not as specified.
        eckid.errors.TransportError: If it ends before its last tag.
    """
    root = read_tree(chunks, most)
    names = [element.name for element in root.children]
    head = root.children[0].children if _HEADER in names[:1] else []
    if names not in ([_HEADER, _BODY], [_BODY]):
        not_as_specified("expected a header and a body, got other elements")
    body = root.children[-1]
    said = only(body)
    if said.name == _FAULT:
        raise fault(_reden(said))
    _check_head(head, message_id)
    if said.name != f"{SCHEMA} {operation.response}":
        not_as_specified("expected the answer to this call, got another element")
    return said


def _reden(said: Element) -> FaultReden:
    # In SOAP 1.1 the parts of a fault have no namespace.
    actors = [child.text for child in said.children if child.name == "faultactor"]
    return fault_named(actors[0]) if len(actors) == 1 else FaultReden.UNKNOWN


def _check_head(head: Sequence[Element], message_id: str) -> None:
    related = [one.text.strip(_SPACE) for one in head if one.name == _RELATES]
    if related != [message_id]:
        not_as_specified(
            "expected one RelatesTo, with the MessageID of the request, got "
            f"{len(related)}"
        )
    for one in head:
        demands = one.attributes.get(_DEMANDS, "0").strip()
        if demands not in {"0", "false"} and not one.name.startswith(_ADDRESSING):
            not_as_specified(
                "expected headers of WS-Addressing, got another that must be understood"
            )
    names = [one.name for one in head if one.name.startswith(_ADDRESSING)]
    if len(names) != len(set(names)):
        not_as_specified("expected each header once, got one twice")


def only(element: Element, name: str | None = None) -> Element:
    """
    Return the one element in another; with *name* it must be called that.

    Raises:
        eckid.errors.FaultError: If there are more or none, or it has another name.
    """
    if len(element.children) != 1:
        not_as_specified(f"expected one element, got {len(element.children)}")
    found = element.children[0]
    if name is not None and found.name != name:
        not_as_specified("expected a SOAP 1.1 envelope, got another element")
    return found


def texts(element: Element, *names: str) -> list[str]:
    """
    Return the texts of the elements in another, which must have these names in order.

    Raises:
        eckid.errors.FaultError: If there are others, or they hold elements.
    """
    children = element.children
    wanted = [f"{SCHEMA} {name}" for name in names]
    if [child.name for child in children] != wanted:
        not_as_specified(f"expected {len(names)} named elements, got others")
    if any(child.children for child in children):
        not_as_specified("expected text in an element, got elements")
    return [child.text.strip(_SPACE) for child in children]


def indexed(index: str, *known: Collection[int]) -> int:
    """
    Return the index that a text says, if it is in none of *known* yet.

    Raises:
        eckid.errors.FaultError: If it is not a number, or stands there twice.
    """
    short = index.isascii() and index.isdigit() and len(index) <= 10
    if not short or (found := int(index)) >= 2**31:
        not_as_specified("expected 0 to 2147483647 as an index, got another text")
    if any(found in one for one in known):
        not_as_specified("expected an index once, got one twice")
    return found
