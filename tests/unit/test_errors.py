"""
Errors: one tree, and no trace of what was refused.
"""

import copy
import pickle
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import strategies as our
from hypothesis import assume, example, given
from hypothesis import strategies as st

import eckid
from eckid import (
    BSN,
    Attribuutbeleid,
    BoundaryError,
    Doel,
    EckidError,
    ExchangeError,
    HPgn,
    IdentifierError,
    Keten,
    KetenID,
    LinkError,
    Medewerker,
    NumberError,
    Onderwijsnummer,
    Ontvanger,
    Organisatie,
    PolicyError,
    PseudonymError,
    RegisterError,
    Salt,
    SecretError,
    Sleutelbos,
    Stampseudoniem,
    derive_ketenid,
    elfproef,
    parse_pgn,
)
from eckid.errors import (
    BoundaryReden,
    Doe,
    FaultError,
    FaultReden,
    LinkReden,
    NumberReden,
    PseudonymReden,
    RequestError,
    ServiceError,
    TransportError,
)
from eckid.keys.ring import read_ring
from eckid.policy.file import read_beleid
from eckid.policy.regel import Afwijking
from eckid.scheme import Scheme

_TREE: dict[type[EckidError], type[Exception]] = {
    IdentifierError: EckidError,
    NumberError: IdentifierError,
    PseudonymError: IdentifierError,
    SecretError: EckidError,
    PolicyError: EckidError,
    BoundaryError: EckidError,
    LinkError: EckidError,
    RegisterError: EckidError,
    ExchangeError: EckidError,
    ServiceError: EckidError,
    RequestError: ServiceError,
    FaultError: ServiceError,
    TransportError: ServiceError,
}
# They are not at the door: one person needs no service.
_OF_A_ROOM = {ServiceError, RequestError, FaultError, TransportError}
_VALUE_ERRORS = {
    IdentifierError,
    NumberError,
    PseudonymError,
    SecretError,
    PolicyError,
    RequestError,
}

# One of each, with what a caller may ask of it.
_ERRORS: list[tuple[EckidError, dict[str, object]]] = [
    (IdentifierError("said"), {}),
    (NumberError("said", NumberReden.RANGE), {"reason": NumberReden.RANGE}),
    (PseudonymError("said", PseudonymReden.HEX), {"reason": PseudonymReden.HEX}),
    (SecretError("said"), {}),
    (PolicyError("said"), {}),
    (
        BoundaryError("said", BoundaryReden.PASSAGE),
        {"rule": BoundaryReden.PASSAGE},
    ),
    (LinkError("said", LinkReden.FORM), {"reason": LinkReden.FORM}),
    (RegisterError("said"), {}),
    (ExchangeError("said"), {"line": None, "column": None}),
    (ExchangeError("said", 3), {"line": 3, "column": None}),
    (ExchangeError("said", line=3, column=4), {"line": 3, "column": 4}),
    (ServiceError("said"), {}),
    (RequestError("said"), {}),
    (
        FaultError("said", FaultReden.REMOVED, Doe.ANEW),
        {"fault": FaultReden.REMOVED, "doe": Doe.ANEW},
    ),
    (TransportError("said", sent=False), {"sent": False, "passing": True}),
    (
        TransportError("said", sent=True, passing=False),
        {"sent": True, "passing": False},
    ),
]


def test_the_tree_is_as_drawn() -> None:
    """
    Each error has its one place; the errors about a value are ValueErrors too.
    """
    for kind, above in _TREE.items():
        assert above in kind.__bases__
        assert issubclass(kind, ValueError) is (kind in _VALUE_ERRORS)
    public = {v for v in vars(eckid).values() if isinstance(v, type)}
    errors = {kind for kind in public if issubclass(kind, BaseException)}
    assert errors | _OF_A_ROOM == {EckidError, *_TREE}
    assert {EckidError, *map(type, _sampled())} == {EckidError, *_TREE}
    assert not errors & _OF_A_ROOM


def _sampled() -> Iterator[EckidError]:
    return (error for error, _ in _ERRORS)


def test_number_reasons_are_the_seven_of_the_house() -> None:
    """
    Programs branch on the reason, so the set is closed.
    """
    assert {reason.name for reason in NumberReden} == {
        "LENGTH",
        "DIGITS",
        "SCRIPT",
        "SEPARATOR",
        "DECIMAL",
        "RANGE",
        "ELFPROEF",
    }


@pytest.mark.parametrize("place", range(len(_ERRORS)))
def test_an_error_survives_a_pickle_and_a_copy(place: int) -> None:
    """
    What a worker raises arrives as the same error, arguments and attributes.
    """
    error, attributes = _ERRORS[place]
    ways: list[Callable[[EckidError], EckidError]] = [
        copy.copy,
        copy.deepcopy,
        *(
            lambda e, p=protocol: pickle.loads(pickle.dumps(e, p))  # noqa: S301  # of this line's own making
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ),
    ]
    for way in ways:
        again = way(error)
        assert type(again) is type(error)
        assert again.args == error.args
        assert vars(again) == vars(error) == attributes
        assert str(again) == "said"


def test_an_error_says_its_message_only() -> None:
    """
    The rest is for programs, and is not in the text.
    """
    assert {str(error) for error in _sampled()} == {"said"}
    assert str(EckidError()) == ""


def test_an_error_that_lacks_its_reason_cannot_be_made() -> None:
    """
    Whoever raises says why, in a word that a program can read.
    """
    lacking: list[Callable[[str], EckidError]] = [
        NumberError,  # type: ignore[list-item]  # the point
        PseudonymError,  # type: ignore[list-item]  # the point
        BoundaryError,  # type: ignore[list-item]  # the point
        FaultError,  # type: ignore[list-item]  # the point
        TransportError,  # type: ignore[list-item]  # the point
    ]
    for kind in lacking:
        with pytest.raises(TypeError):
            kind("said")


_NAMED = "https://eckid.example"
_KETENID = KetenID.parse(f"{our.NAMESPACE}/2026/{'0' * 128}")
_TO = Attribuutbeleid.load("leermiddelenketen").voor(
    doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER, on=date(2026, 11, 24)
)
_REGEL = (
    "[[regel]]\nattribuut = {0}\ndoelen = [{0}]\nontvangers = [{0}]\nbron = {0}\n"
    "zekerheid = {0}\nmotivering = {0}\nmotivation = {0}\n"
)


def _toml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(c):08x}" for c in text) + '"'


def _release(name: str, value: object) -> object:
    row: Any = {"key": "17", "ander_id_reden": "symbiose", "ander_id_tot": "2027-07-31"}
    return _TO.release(row | {name: value})


# Everything of these floors that takes a text which may be a person's.
_DOORS: dict[str, Callable[[str], object]] = {
    "BSN": BSN,
    "BSN.parse": BSN.parse,
    "Onderwijsnummer": Onderwijsnummer,
    "Onderwijsnummer.parse": Onderwijsnummer.parse,
    "Medewerker.brin": lambda text: Medewerker(text, "teacher@school.com"),
    "Medewerker.email": lambda text: Medewerker("20DP", text),
    "Medewerker.parse": Medewerker.parse,
    "parse_pgn": parse_pgn,
    "elfproef": elfproef,
    "HPgn.parse": HPgn.parse,
    "Stampseudoniem.parse": Stampseudoniem.parse,
    "Stampseudoniem.parse named": lambda text: Stampseudoniem.parse(
        text, namespace=_NAMED
    ),
    "KetenID.parse": KetenID.parse,
    "KetenID.parse named": lambda text: KetenID.parse(text, namespace=_NAMED),
    "KetenID.parse namespace": lambda text: KetenID.parse(_KETENID.uri, namespace=text),
    "Salt": lambda text: Salt(text.encode("utf-8", "replace")[:15]),
    "Salt.from_base64": Salt.from_base64,
    "Keten": Keten,
    "Organisatie": lambda text: Organisatie(text, Ontvanger.SCHOOL),
    "release": lambda text: Sleutelbos.generate(release=text),
    "namespace": lambda text: Sleutelbos.generate(release="2026", namespace=text),
    "rotate": our.RING.rotate,
    "mac_keten": our.RING.mac_keten,
    "ring": lambda text: Sleutelbos(read_ring(text.encode("utf-8", "replace"))),
    "ring as text": Sleutelbos,  # type: ignore[dict-item]  # the point
    "unseal": lambda text: our.RING.unseal(
        text.encode("utf-8", "replace"), about="row"
    ),
    "about": lambda text: our.RING.unseal(bytes(64), about=text),
    "policy name": Attribuutbeleid.load,
    "policy text": lambda text: read_beleid(text.encode("utf-8", "replace"), "x.toml"),
    "policy rows": lambda text: read_beleid(
        "".join(f'{k} = "n"\n' for k in ("naam", "versie", "status")).encode()
        + _REGEL.format(_toml(text)).encode(),
        "x.toml",
    ),
    "policy field": lambda text: read_beleid(f"{_toml(text)} = 1".encode(), "x.toml"),
    "eckid as text": lambda text: _release("eckid", text),
    "ander_id_reden": lambda text: _release("ander_id_reden", text),
    "number as value": lambda text: _release("roepnaam", [text]),
    "ander_id_tot": lambda text: _release("ander_id_tot", text),
    "another's afwijking": lambda text: Afwijking(
        doel=text,  # type: ignore[arg-type]  # the point
        verwerkersovereenkomst="x",
        motivering="x",
        besloten_door="x",
        tot=date(2026, 11, 24),
    ),
    "wrong type": lambda text: hash_wrongly(text),  # noqa: PLW0108  # defined below
    "wrong stampseudoniem": lambda text: derive_ketenid(
        text,  # type: ignore[arg-type]  # the point
        keten=eckid.LEERMIDDELENKETEN,
        sector=eckid.Sector.PO,
        sleutelbos=our.RING,
    ),
    "wrong ketenID": lambda text: eckid.ketenid_token(
        text,  # type: ignore[arg-type]  # the point
        sleutel=eckid.Sleutel(bytes(32)),
    ),
}


def hash_wrongly(text: str) -> object:
    """
    Hash a text that was never parsed.
    """
    return eckid.hash_pgn(text, salt=our.PUBLISHED_SALT, scheme=Scheme.CHEAPEST)  # type: ignore[arg-type]  # the point


_URIS = st.builds(
    "{}/{}{}/{}".format,
    st.sampled_from(["https://ketenid.nl", "https://id.school", "http://ketenid.nl"])
    | our.namespaces,
    st.sampled_from(["", "sp", "pv", "SP"]),
    our.releases,
    our.hexes | our.hexes.map(str.upper) | our.hexes.map(lambda h: h[:-1] + "g"),
)
_LONG_ENOUGH = st.one_of(
    our.bsn_digits,
    st.integers(1000, 10**12).map(str),
    our.bsn_digits.map(lambda d: f"{d[:4]}.{d[4:]}"),
    our.bsn_digits.map(lambda d: d + "\u0669"),
    our.medewerker_texts,
    our.medewerker_texts.map(lambda t: f"{t}\n"),
    _URIS,
    _URIS.map(lambda uri: f" {uri}"),
    our.hexes.map(lambda h: h[:64]),
    our.hexes.map(lambda h: h[:64].upper()),
    st.text(min_size=4),
    st.text(min_size=4, max_size=12, alphabet=st.characters()),
)


def _said(error: BaseException) -> str:
    """
    Return all that the error says or holds, its notes too.
    """
    held = [repr(error), str(error), repr(error.args), repr(vars(error))]
    held += [str(arg) for arg in error.args]
    held += traceback.format_exception_only(error)
    return "\n".join(held)


def _vocabulary(door: Callable[[str], object]) -> str:
    """
    Return what the door says of a text that has nothing of its own.
    """
    said = []
    for text in ("", "\u2603", "https://\u2603/\u2603/\u2603"):
        try:
            door(text)
        except (EckidError, TypeError) as error:
            said.append(_said(error))
    return "\n".join(said)


@pytest.mark.parametrize("name", _DOORS)
def test_every_door_of_this_file_refuses(name: str) -> None:
    """
    A door that lets a snowman in would prove nothing about refusals.
    """
    with pytest.raises((EckidError, TypeError)):
        _DOORS[name]("\u2603")


@pytest.mark.parametrize("name", _DOORS)
@given(text=_LONG_ENOUGH)
@example(text="063138218")
@example(text="10000483.0")
@example(text="https://ketenid.nl/sp201703/" + "0" * 128)
@example(text="\ud83d\ud83d\ud83d\ud83d")
def test_no_refused_text_is_in_an_error_or_its_chain(name: str, text: str) -> None:
    """
    Not in its text, repr, arguments or attributes, and nothing is chained to it.
    """
    door = _DOORS[name]
    assume(text not in _vocabulary(door))
    try:
        door(text)
    except (EckidError, TypeError) as error:
        said, cause, context = _said(error), error.__cause__, error.__context__
        spelled = {text, text.strip(), repr(text)[1:-1], ascii(text)[1:-1]}
    else:
        return
    assert not [form for form in spelled if len(form) >= 4 and form in said]
    assert cause is None
    assert context is None
    # Nor is a piece of it long enough to tell a person by.
    pieces = {text[i : i + 8] for i in range(len(text) - 7)}
    known = _vocabulary(door)
    assert not [
        piece
        for piece in pieces
        if any(map(str.isdigit, piece)) and piece in said and piece not in known
    ]
