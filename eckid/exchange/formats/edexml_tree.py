"""
The elements of an EDEXML file, as a stream.

The data stand in ``leerlinggegevens`` of UWLR 2.2: alone, in the answer of a service,
or in that answer's SOAP envelope; or in ``EDEX`` of EDEXML 1.0.3 to 2.1, which has no
namespace. A file with a document type is refused, and nothing outside the file is ever
loaded.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from eckid._core.bounds import DEPTH, OTHERS
from eckid.errors import ExchangeError
from eckid.exchange.formats.edexml import NAMESPACE, PUPIL, TEACHER
from eckid.exchange.formats.kinds import load_lxml

if TYPE_CHECKING:
    from lxml import etree

Opener = Callable[[], BinaryIO]

_UWLR: Final = f"{{{NAMESPACE}}}"
_ROOTS: Final = frozenset({f"{_UWLR}leerlinggegevens", "EDEX"})
_ANSWER: Final = f"{_UWLR}leerlinggegevens_antwoord"
_ENVELOPES: Final = tuple(
    f"{{http://{soap}}}Envelope"
    for soap in (
        "schemas.xmlsoap.org/soap/envelope/",
        "www.w3.org/2003/05/soap-envelope",
    )
)
# What may stand around the data, from the outside in.
_AROUND: Final = frozenset(
    (*outer, *inner)
    for outer in ((), *((e, e.replace("Envelope", "Body")) for e in _ENVELOPES))
    for inner in ((), (_ANSWER,))
)
# The root of what UWLR sends in parts; each has only a part of the data.
_PARTS: Final = frozenset(
    f"{_UWLR}{part}{kind}"
    for part in ("structuur", "leerlingen", "leerkrachten")
    for kind in ("_antwoord", "_verzoek")
) | {f"{_UWLR}leerlinggegevens_verzoek"}

# What may stand in a person, a group or a school; anything else is another element.
_KNOWN: Final = frozenset(
    f"{space}{name}"
    for space in (_UWLR, "")
    for name in (
        *("key", "eckid", *PUPIL, *TEACHER, "groepen"),
        *("postcodenl", "postnummerbe", "postcodeoverig", "instellingsnummer"),
        *("samengestelde_groep", "naam", "omschrijving", "schooljaar", "peildatum"),
        *("brincode", "dependancecode", "schoolkey", "aanmaakdatum", "auteur"),
        *("xsdversie", "commentaar", "toevoegingen"),
    )
)

# Each element that is read, with the parent that it must have.
_READ: Final = {
    "school": ("leerlinggegevens", "EDEX"),
    "vestiging": ("vestigingen",),
    "groep": ("groepen",),
    "samengestelde_groep": ("groepen",),
    "leerling": ("leerlingen",),
    "leerkracht": ("leerkrachten",),
}


def line_of(element: "etree._Element") -> int:
    """
    Return the line where *element* begins.
    """
    found: Any = element.sourceline
    return int(found or 1)


def space_and_name(element: "etree._Element") -> tuple[str, str]:
    """
    Return the namespace of *element*, in braces, and its name.
    """
    space, brace, name = str(element.tag).rpartition("}")
    return space + brace, name


def elements(opener: Opener) -> "Iterator[tuple[etree._Element, int]]":
    """
    Yield the school, branches, groups, pupils and teachers, and free each after use.

    With each comes how many elements it has.

    Args:
        opener: Opens the file for reading bytes.

    Raises:
        eckid.errors.ExchangeError: While iterating, if it is not such a file.
    """
    lxml = load_lxml()
    with opener() as file:
        found = _parsed(file, lxml)
        while True:
            line = 0
            try:
                element, size = next(found)
            except StopIteration:
                return
            except lxml.XMLSyntaxError as error:
                # The message of lxml may quote the file, so only the line is kept.
                line = error.lineno or 1
            if line:
                raise ExchangeError(
                    f"line {line}: expected well-formed XML, got a fault or its end; "
                    "export it again",
                    line=line,
                )
            yield element, size
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]  # type: ignore[union-attr]  # it has one


def _parsed(
    file: BinaryIO,
    lxml: Any,  # noqa: ANN401  # a module
) -> "Iterator[tuple[etree._Element, int]]":
    events = lxml.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Any = None
    reading: Any = None
    # How deep it is, and the elements of what is being read, and those of nothing.
    depth = size = others = 0
    # Asked at each element.
    deepest, most = DEPTH.most, OTHERS.most
    for event, element in events:
        if event == "end":
            depth -= 1
            if element is reading:
                reading = None
                yield element, size
            continue
        if not depth:
            _check_outermost(element)
        depth += 1
        if reading is not None:
            size += 1
            others += element.tag not in _KNOWN
        elif _is_root(element):
            root = _only(element, root)
        elif root is not None and _is_read(element, root):
            reading, size = element, 0
        else:
            others += 1
        if depth > deepest or size + others > most:
            raise _beyond(element, depth)
    _check_found(root)


def _beyond(element: "etree._Element", depth: int) -> ExchangeError:
    bound = DEPTH if depth > DEPTH.most else OTHERS
    line = line_of(element)
    return ExchangeError(f"line {line}: {bound.beyond()}", line=line)


def _check_found(root: "etree._Element | None") -> None:
    if root is None:
        raise ExchangeError(
            "expected an answer with leerlinggegevens, got one without: ask the "
            "service again for all data",
            line=1,
        )


def _only(
    element: "etree._Element", before: "etree._Element | None"
) -> "etree._Element":
    if before is not None:
        raise _other(element, "one leerlinggegevens, got a second")
    return element


def _is_root(element: "etree._Element") -> bool:
    return element.tag in _ROOTS and _around(element) in _AROUND


def _around(element: "etree._Element") -> tuple[str, ...]:
    return tuple(str(one.tag) for one in element.iterancestors())[::-1]


def _is_read(element: "etree._Element", root: "etree._Element") -> bool:
    parent = element.getparent()
    space, name = space_and_name(element)
    return (
        parent is not None
        and space_and_name(parent)[1] in _READ.get(name, ())
        # Persons and groups are two levels below the root, the school one.
        and (parent is root or parent.getparent() is root)
        and space == space_and_name(root)[0]
    )


def _check_outermost(element: "etree._Element") -> None:
    info: Any = element.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise ExchangeError(
            "expected XML without a document type, got one: it could bring entities; "
            "export it without",
            line=1,
        )
    if element.tag in _PARTS:
        raise _other(
            element,
            "leerlinggegevens or its answer, got a request or an answer with a part: "
            "ask for all data at once",
        )
    if element.tag not in {*_ROOTS, _ANSWER, *_ENVELOPES}:
        raise _other(
            element,
            "EDEXML: leerlinggegevens in the namespace of UWLR 2.2, or EDEX without "
            "a namespace",
        )


def _other(element: "etree._Element", what: str) -> ExchangeError:
    line = line_of(element)
    return ExchangeError(f"line {line}: expected {what}", line=line)
