"""
One identifier after another: substitution, provisional ones, notices, rotation.
"""

import hashlib
import hmac
import json
import pickle
import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import permutations
from typing import Any, Final

import parties as our
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    LEERMIDDELENKETEN,
    IdentifierError,
    KetenID,
    LinkError,
    Notices,
    PseudonymError,
    PublicKey,
    SecretError,
    Sector,
    Sleutelbos,
    Substitution,
    Succession,
    Voorlopig,
    Withdrawal,
    substitute,
)
from eckid.errors import LinkReden, PseudonymReden
from eckid.succession import Identifier, Substitutions, rotate_notices

_DAY = timedelta(days=1)
_LATER: Final = our.TODAY + 30 * _DAY
# Numbers, told apart by a letter: an onderwijsnummer and four BSNs.
_N: Final = {
    "o": our.onderwijsnummer(0),
    **{letter: our.bsn(n) for n, letter in enumerate("abcd")},
}


def _reason(call: Callable[..., object], *what: Any, **how: Any) -> LinkReden | None:  # noqa: ANN401  # whatever it is
    """
    Return why *call* refuses, or nothing.
    """
    found: LinkError | None = None
    try:
        call(*what, **how)
    except LinkError as error:
        found = error
    assert found is None or (found.__cause__, found.__context__) == (None, None)
    return None if found is None else found.reason


def _subs(*pairs: str, per: date = our.TODAY) -> list[Substitution]:
    """
    Return substitutions, each written as old and new letter.
    """
    return [Substitution(_N[pair[0]], _N[pair[1]], per) for pair in pairs]


def _origin(subs: Substitutions, letter: str, on: date = our.TODAY) -> str:
    """
    Return the letter of the number whose stampseudoniem *letter* has.
    """
    origin = subs.origin(_N[letter], on=on)
    return next(known for known, hpgn in _N.items() if hpgn == origin)


def test_a_new_number_keeps_the_old_stampseudoniem_at_once() -> None:
    """
    Domain, section 3, the first scenario: without a later date it works at once.
    """
    subs = Substitutions(_subs("oa"))
    assert _origin(subs, "a") == "o"
    assert our.stam(subs.origin(_N["a"], on=our.TODAY)) == our.stam(_N["o"])


@pytest.mark.parametrize("order", list(permutations(["oa", "ab"])), ids="-".join)
def test_substitutions_are_transitive(order: Sequence[str]) -> None:
    """
    The second scenario: intermediate for old, new for intermediate, new gives old's.
    """
    subs = Substitutions(_subs(*order))
    assert _origin(subs, "b") == "o"


def test_before_its_day_a_new_number_has_its_own() -> None:
    """
    The third scenario: until the date each number gives its own.
    """
    subs = Substitutions(_subs("oa", per=_LATER))
    assert _origin(subs, "a", _LATER - _DAY) == "a"
    assert _origin(subs, "o", _LATER - _DAY) == "o"
    assert _origin(subs, "a", _LATER) == "o"


def test_afterwards_the_old_number_is_refused_not_resolved() -> None:
    """
    From the day on; a number in the middle too, and who is not in it is itself.
    """
    subs = Substitutions(_subs("oa") + _subs("ab", per=_LATER))
    assert _reason(subs.origin, _N["o"], on=our.TODAY) is LinkReden.SUBSTITUTED
    assert _reason(subs.origin, _N["o"], on=our.TODAY - _DAY) is None
    assert _origin(subs, "a", our.TODAY) == "o"
    assert _reason(subs.origin, _N["a"], on=_LATER) is LinkReden.SUBSTITUTED
    assert _origin(subs, "b", _LATER) == "o"
    assert _origin(subs, "b", our.TODAY) == "b"
    assert _origin(subs, "c") == "c"


def test_a_person_may_get_two_numbers_for_one() -> None:
    """
    A second number issued: both have the old one's; refused from the earlier day.
    """
    for order in permutations(_subs("oa", per=_LATER) + _subs("ob")):
        subs = Substitutions(order)
        assert _origin(subs, "b") == "o"
        assert _origin(subs, "a", _LATER) == "o"
        assert _reason(subs.origin, _N["o"], on=our.TODAY) is LinkReden.SUBSTITUTED


_CONTRADICTIONS: Final = {
    "two olds for one new": (("oa", "ba"), LinkReden.TWO),
    "a circle of two": (("oa", "ao"), LinkReden.CYCLE),
    "a circle of three": (("oa", "ab", "bo"), LinkReden.CYCLE),
    "a circle beside a line": (("cd", "oa", "ab", "bo"), LinkReden.CYCLE),
}


class _Store:
    """
    Substitutions in a list, as a register holds them in a table.
    """

    def __init__(self, held: Sequence[Substitution] = ()) -> None:
        self.held = list(held)

    def substitutions(self) -> list[Substitution]:
        return self.held

    def add_substitutions(self, more: Sequence[Substitution]) -> None:
        self.held = [*self.held, *more]


@pytest.mark.parametrize("case", _CONTRADICTIONS)
def test_a_contradiction_is_refused_as_a_whole(case: str) -> None:
    """
    In every order, at once or after what is held; and what is held stays.
    """
    pairs, reason = _CONTRADICTIONS[case]
    for order in permutations(_subs(*pairs)):
        assert _reason(Substitutions, order) is reason
        for n in range(len(order)):
            if _reason(Substitutions, order[:n]):
                continue  # what came first is no set to add to
            store = _Store()
            substitute(store, *order[:n])
            before = list(store.held)
            assert _reason(substitute, store, *order[n:]) is reason
            assert store.held == before


def test_a_number_is_not_put_in_its_own_place() -> None:
    """
    Itself is a contradiction; so are two days for one substitution.
    """
    assert _reason(_subs, "oo") is LinkReden.ITSELF
    two = _subs("oa") + _subs("oa", per=_LATER)
    assert _reason(Substitutions, two) is LinkReden.TWO


def test_what_is_held_already_does_no_harm() -> None:
    """
    A substitution twice is one; nothing is stored again.
    """
    store = _Store(_subs("oa"))
    assert substitute(store, *_subs("oa", "oa")) == Substitutions(_subs("oa"))
    assert len(store.held) == 1
    substitute(store, *_subs("ab", "oa"))
    assert store.held == _subs("oa", "ab")
    assert len(substitute(store)) == 2


def test_substitutions_are_added_to_a_store_alone() -> None:
    """
    What can only be read is refused before it is read.
    """

    class Read:
        def substitutions(self) -> list[Substitution]:
            raise AssertionError

    with pytest.raises(TypeError, match=r"^store: expected a store of subst"):
        substitute(Read(), *_subs("oa"))  # type: ignore[arg-type]  # the point


_letters = st.sampled_from(sorted(_N))
_pairs = st.lists(
    st.tuples(_letters, _letters, st.sampled_from([our.TODAY, _LATER])).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=6,
)


@given(_pairs, st.randoms(use_true_random=False), st.integers(0, 6))
def test_the_order_of_arrival_makes_no_difference(
    pairs: list[tuple[str, str, date]], draw: random.Random, cut: int
) -> None:
    """
    Any set without a contradiction gives one outcome, whole or in two parts.
    """
    subs = [Substitution(_N[oud], _N[nieuw], per) for oud, nieuw, per in pairs]
    other = draw.sample(subs, len(subs))
    reasons = {_reason(Substitutions, subs), _reason(Substitutions, other)}
    if reasons != {None}:
        assert None not in reasons
        return
    store = _Store()
    substitute(store, *other[:cut])
    substitute(store, *other[cut:])
    assert Substitutions(subs) == Substitutions(store.held)
    assert hash(Substitutions(subs)) == hash(Substitutions(store.held))
    for on in (our.TODAY - _DAY, our.TODAY, _LATER):
        for hpgn in _N.values():
            ends = [
                _reason(Substitutions(each).origin, hpgn, on=on)
                for each in (subs, store.held)
            ]
            assert ends[0] is ends[1]


def test_substitutions_hide_their_numbers_and_are_frozen() -> None:
    """
    Counts and days only; a set is not pickled, for it holds HPgns.
    """
    subs = Substitutions(_subs("oa"))
    assert repr(subs) == "<Substitutions 1, numbers hidden>"
    assert repr(_subs("oa")) == "[<Substitution per 2026-11-24, numbers hidden>]"
    assert subs != "oa"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(subs)
    with pytest.raises(AttributeError, match="is frozen"):
        subs.x = 1
    with pytest.raises(AttributeError, match="is frozen"):
        del subs._by_new


# The provisional identifier.

_ORDER: Final[dict[str, Any]] = {
    "administratie": "las-1",
    "bestuur": our.BOARD,
    "organisatie": our.A,
    "tot": date(2027, 9, 30),
    "sleutelbos": our.NEXT,
    "release": "2026",
}


def _voorlopig(person: str = "k-1", **other: Any) -> Voorlopig:  # noqa: ANN401  # as derive
    return Voorlopig.derive(person, **{**_ORDER, **other})


def _framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def _hkdf(root: bytes, *info: bytes) -> bytes:
    """
    Return 64 bytes of HKDF-SHA-512 without salt, by hmac alone (RFC 5869).
    """
    key = hmac.digest(bytes(64), root, "sha512")
    return hmac.digest(key, _framed(*info) + b"\x01", "sha512")


def test_it_is_the_published_construction() -> None:
    """
    HMAC-SHA-512 under k_voorlopig over the frame of the house, by hashlib alone.
    """
    ring = json.loads(our.NEXT._ring.dump())
    root = bytes.fromhex(dict(ring["releases"])["2026"])
    key = _hkdf(root, b"eckid/1/k_voorlopig", b"https://eckid.invalid", b"2026")
    parts = (b"eckid/1/voorlopig", our.BOARD.encode(), our.A.oin.encode())
    message = _framed(*parts, b"las-1", "k-é".encode())
    expected = hmac.new(key, message, hashlib.sha512).hexdigest()
    assert _voorlopig("k-é").uri == f"https://eckid.invalid/pv2026/{expected}"


def test_each_thing_that_it_depends_on_makes_another() -> None:
    """
    Person, administration, board, recipient, release; not the last day.
    """
    ones = [
        _voorlopig(),
        _voorlopig("k-2"),
        _voorlopig(administratie="las-2"),
        _voorlopig(bestuur=our.A.oin),
        _voorlopig(organisatie=our.B),
        _voorlopig(release="2027"),
        # What is shifted from one part to the next is another.
        _voorlopig("-1", administratie="las-1k"),
    ]
    assert len({one.uri for one in ones}) == len(set(ones)) == len(ones)
    later = _voorlopig(tot=date(2028, 1, 1))
    assert later == _voorlopig()
    assert later.tot == date(2028, 1, 1)


def test_an_order_keeps_the_release_it_began_with() -> None:
    """
    After a rotation the same is derived under the old release; new ones are new.
    """
    assert _voorlopig(sleutelbos=our.RING, release=None) == _voorlopig()
    assert _voorlopig(release=None).release == "2027"
    assert _voorlopig().release == "2026"
    with pytest.raises(SecretError, match="release: expected one of this ring's"):
        _voorlopig(release="2025")


def test_a_ketenid_is_never_read_from_one_nor_one_from_a_ketenid() -> None:
    """
    Each refuses the other by name.
    """
    one, ketenid = _voorlopig(), our.ketenid(_N["a"], Sector.PO)
    for read, text, reason in (
        (KetenID.parse, one.uri, PseudonymReden.VOORLOPIG),
        (Voorlopig.parse, ketenid.uri, PseudonymReden.KETENID),
        (Voorlopig.parse, our.stam(_N["a"]).expose(), PseudonymReden.STAMPSEUDONIEM),
        (Voorlopig.parse, one.uri.upper(), PseudonymReden.CASE),
        (Voorlopig.parse, one.uri[:-1], PseudonymReden.LENGTH),
        (
            Voorlopig.parse,
            one.uri.replace("eckid.invalid", "a.nl"),
            PseudonymReden.NAMESPACE,
        ),
        (Voorlopig, ketenid.uri, PseudonymReden.FORM),
    ):
        with pytest.raises(PseudonymError) as caught:
            read(text)
        assert caught.value.reason is reason
    assert Voorlopig.parse(one.uri) == one
    assert Voorlopig.parse(one.uri).tot is None
    assert Voorlopig.parse(one.uri, tot=our.TODAY).tot == our.TODAY


@pytest.mark.parametrize(
    "person",
    [
        our.number(0),
        our.number(0, "10"),
        f" {our.number(0)} ",
        "111.222.333",
        "63138219",
    ],
)
def test_it_is_never_made_of_a_pgn(person: str) -> None:
    """
    A text that can be read as a number is refused, and not repeated.
    """
    with pytest.raises(IdentifierError, match=r"^person key: expected") as caught:
        _voorlopig(person)
    assert person.strip() not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "other",
    [
        {"person": ""},
        {"person": "x" * 257},
        {"person": "\ud800"},
        {"administratie": ""},
        {"bestuur": "x"},
    ],
    ids=ascii,
)
def test_what_it_is_made_of_has_its_form(other: dict[str, str]) -> None:
    """
    Texts of 1 to 256 characters, and an OIN.
    """
    with pytest.raises(IdentifierError, match=": expected ") as caught:
        _voorlopig(**other)
    assert caught.value.__context__ is None
    for name in ("person", "administratie"):
        ends = {_voorlopig(**{name: text}).uri for text in ("x", "x" * 256)}
        assert len(ends) == 2


def test_it_shows_little_and_may_be_pickled() -> None:
    """
    Personal data, as a ketenID is: release and the last six characters.
    """
    one = _voorlopig()
    assert repr(one) == f"<Voorlopig 2026 …{one.uri[-6:]}>"
    again = pickle.loads(pickle.dumps(one))  # noqa: S301  # our own
    assert (again, again.tot) == (one, one.tot)
    assert not one.rehearsal
    pilot = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
    assert _voorlopig(sleutelbos=pilot, release=None).rehearsal


# Notices.

_K: Final = {letter: our.ketenid(hpgn, Sector.VO) for letter, hpgn in _N.items()}
_V: Final = Voorlopig.parse(_voorlopig().uri)
_SENT: Final = our.TODAY


def _told(
    *words: str, sleutelbos: Sleutelbos = our.RING
) -> list[Succession | Withdrawal]:
    """
    Return notices: two letters are a succession, one letter is a withdrawal.

    The letter v is a provisional identifier.
    """
    return [
        our.withdrawal(_K[word], sleutelbos=sleutelbos)
        if len(word) == 1
        else our.succession(
            {**_K, "v": _V}[word[0]], _K[word[1]], sleutelbos=sleutelbos
        )
        for word in words
    ]


def _now(
    notices: Notices,
    letter: str,
    received: date = _SENT - _DAY,
    van: Sequence[str] = (our.BOARD,),
) -> str:
    """
    Return the letter of what now stands for the person; ! where nothing does.
    """
    known: dict[str, Identifier] = {**_K, "v": _V}
    asked: dict[str, Any] = {"received": received, "van": van}
    if _reason(notices.current, known[letter], **asked):
        return "!"
    found = notices.current(known[letter], **asked)
    return next(name for name, one in known.items() if one == found)


def test_a_provisional_one_is_succeeded_by_the_ketenid() -> None:
    """
    The notice says so; applied twice it does no harm, and without it nothing does.
    """
    notices = Notices().applying(*_told("va"))
    assert _now(notices, "v") == "a"
    assert _now(Notices(), "v") == "v"
    assert notices.applying(*_told("va")) == notices
    assert repr(notices) == "<Notices 1, 0 withdrawn>"


@pytest.mark.parametrize(
    "order", list(permutations(["va", "ab", "cb", "d"])), ids="-".join
)
def test_notices_are_applied_in_any_order(order: Sequence[str]) -> None:
    """
    One by one, each twice, they come to the same end.
    """
    notices = Notices()
    for notice in _told(*order):
        notices = notices.applying(notice, notice)
    assert notices == Notices(_told("va", "ab", "cb", "d"))
    assert [_now(notices, letter) for letter in "vabcdo"] == list("bbbb!o")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("ab", "ac"), LinkReden.TWO),
        (("va", "vb"), LinkReden.TWO),
        (("ab", "ba"), LinkReden.CYCLE),
        (("va", "ab", "bc", "ca"), LinkReden.CYCLE),
        (("a", "ab"), LinkReden.WITHDRAWN),
        (("va", "ab", "b", "bc"), LinkReden.WITHDRAWN),
    ],
    ids=str,
)
def test_a_contradicting_notice_is_refused_in_any_order(
    words: tuple[str, ...], reason: LinkReden
) -> None:
    """
    Two successors, a circle, a successor of what was withdrawn; these stay.
    """
    for order in permutations(_told(*words)):
        assert _reason(Notices, order) is reason
        if _reason(Notices, order[:-1]):
            continue  # what came first is no set to add to
        notices, before = Notices(order[:-1]), Notices(order[:-1])
        assert _reason(notices.applying, order[-1]) is reason
        assert notices == before


def test_a_withdrawn_ketenid_stands_for_nobody() -> None:
    """
    Nor does what it came in the place of; received anew later it stands again.
    """
    notices = Notices(_told("ab", "b"))
    assert _now(notices, "a") == "!"
    assert _now(notices, "b") == "!"
    assert _now(notices, "b", _SENT) == "!"
    # It is another pupil's now, who had it rightly.
    assert _now(notices, "b", _SENT + _DAY) == "b"


def test_of_two_notices_that_say_the_same_the_day_is_fixed() -> None:
    """
    The earlier of two successions, the later of two withdrawals, in any order.
    """
    early, late = (
        our.succession(_K["a"], _K["b"], issued=day) for day in (_SENT, _LATER)
    )
    for order in ((early, late), (late, early)):
        gone = our.withdrawal(_K["b"], issued=_SENT + _DAY)
        assert _now(Notices([*order, gone]), "a") == "!"
    first, second = (our.withdrawal(_K["a"], issued=d) for d in (_SENT, _LATER))
    for both in ((first, second), (second, first)):
        assert _now(Notices(both), "a", _LATER) == "!"


_THEIRS: Final = (our.NEIGHBOUR,)
_BOTH: Final = (our.BOARD, our.NEIGHBOUR)


@pytest.mark.parametrize("theirs", ["a", "ac", "ba", "ab"], ids=str)
def test_a_board_does_not_speak_for_anothers_pupils(theirs: str) -> None:
    """
    A neighbour withdraws or redirects what our board sent: nothing changes.

    Nor is our board's own notice, before or after it, a contradiction.
    """
    others = _told(theirs, sleutelbos=our.NEIGHBOURS)
    assert {notice.houder for notice in others} == {our.NEIGHBOUR}
    assert _now(Notices(others), "a") == "a"
    for own, now in (("ab", "b"), ("a", "!")):
        for order in permutations([*others, *_told(own)]):
            notices = Notices()
            for notice in order:
                notices = notices.applying(notice)
            assert _now(notices, "a") == now
            assert notices == Notices(order)


def test_what_a_board_sent_is_its_own_to_change() -> None:
    """
    The same identifier, received from the neighbour, goes by the neighbour's word.
    """
    notices = Notices(_told("ac", sleutelbos=our.NEIGHBOURS) + _told("ab"))
    assert _now(notices, "a", van=_THEIRS) == "c"
    assert _now(notices, "a") == "b"
    # A provisional identifier too; and to a stranger nothing was said.
    assert _now(Notices(_told("va", sleutelbos=our.NEIGHBOURS)), "v") == "v"
    assert _now(notices, "a", van=(our.A.oin,)) == "a"


@pytest.mark.parametrize(
    ("own", "theirs", "now"),
    [
        (("ab",), ("ab",), "b"),
        (("ab", "bc"), ("ac",), "c"),
        ((), (), "a"),
        (("ab",), ("ac",), LinkReden.HOUDERS),
        # Silence is no consent: the neighbour still sends the first.
        (("ab",), (), LinkReden.HOUDERS),
        ((), ("ab",), LinkReden.HOUDERS),
        (("a",), (), LinkReden.WITHDRAWN),
        ((), ("a",), LinkReden.WITHDRAWN),
        (("ab",), ("a",), LinkReden.WITHDRAWN),
        # In turn: what the neighbour says of b is of what the neighbour sent.
        (("ab",), ("bc",), LinkReden.HOUDERS),
    ],
    ids=str,
)
def test_of_two_boards_that_sent_one_identifier_both_must_say_the_same(
    own: Sequence[str], theirs: Sequence[str], now: str | LinkReden
) -> None:
    """
    A pupil at two schools has one ketenID. Where they disagree it stands for nobody.
    """
    notices = Notices(_told(*own) + _told(*theirs, sleutelbos=our.NEIGHBOURS))
    asked: dict[str, Any] = {"received": _SENT - _DAY, "van": _BOTH}
    if isinstance(now, str):
        assert _now(notices, "a", van=_BOTH) == now
    else:
        assert _reason(notices.current, _K["a"], **asked) is now
    # Each board by itself is answered by its own notices alone.
    for van, words in ((_BOTH[:1], own), (_THEIRS, theirs)):
        alone = Notices(_told(*words))
        assert _now(notices, "a", van=van) == _now(alone, "a")


def test_without_a_board_no_notice_works_and_nothing_stands() -> None:
    """
    Absence denies; and one OIN by itself is no set of them.
    """
    notices = Notices(_told("a"))
    asked: dict[str, Any] = {"received": _SENT + _DAY}
    for known in (notices, Notices()):
        reason = _reason(known.current, _K["a"], **asked, van=[])
        assert reason is LinkReden.HOUDERS
    with pytest.raises(TypeError, match=r"^van: expected a set of OINs, got str$"):
        notices.current(_K["a"], **asked, van=our.BOARD)
    with pytest.raises(TypeError, match=r"^van: expected Collection, got NoneType$"):
        notices.current(_K["a"], **asked, van=None)  # type: ignore[arg-type]  # a mistake
    with pytest.raises(IdentifierError, match=r"^van: expected OINs of 20"):
        notices.current(_K["a"], **asked, van=[our.BOARD, "x"])


_words = st.lists(
    st.sampled_from(["a", "b", "c", *("".join(p) for p in permutations("abc", 2))]),
    max_size=4,
)


@given(_words, _words, st.randoms(use_true_random=False))
def test_nothing_that_a_neighbour_signs_changes_what_ours_says(
    own: list[str], theirs: list[str], draw: random.Random
) -> None:
    """
    Whatever the neighbour says, in whatever order: the same answer, or refusal.
    """
    ours, others = _told(*own), _told(*theirs, sleutelbos=our.NEIGHBOURS)
    if _reason(Notices, others):
        return  # no set to begin with
    both = draw.sample([*ours, *others], len(ours) + len(others))
    assert _reason(Notices, both) is _reason(Notices, ours)
    if _reason(Notices, ours) is None:
        for letter in "abc":
            assert _now(Notices(both), letter) == _now(Notices(ours), letter)


def test_a_notice_does_not_say_where_an_identifier_was_received() -> None:
    """
    What came for vo is not led to po by a claim, at once or in two steps.
    """
    claims = {"org": our.A.oin, "issued": our.TODAY.isoformat()}
    claims |= {"chain": LEERMIDDELENKETEN.id}
    uris = {letter: ketenid.uri for letter, ketenid in _K.items()}

    def read(old: str, new: str, sector: str) -> Succession:
        more = {"old": uris[old], "new": uris[new], "sector": sector}
        return Succession.verify(
            our.signed("succession", claims | more),
            organisatie=our.A,
            on=our.TODAY,
            keys=our.KEYS,
        )

    asked: dict[str, Any] = {"received": _SENT, "van": {our.BOARD}}
    for notices in (
        Notices([read("a", "b", "po")]),
        Notices([read("a", "b", "vo"), read("b", "c", "po")]),
    ):
        reason = _reason(notices.current, _K["a"], **asked)
        assert reason is LinkReden.KETENIDS
    # What nobody noted a sector of takes the one that its board states.
    bare = KetenID.parse(_K["a"].uri)
    first = Notices([read("a", "b", "po")])
    found = first.current(bare, **asked)
    assert isinstance(found, KetenID)
    assert found.sector is Sector.PO
    # One URI in two sectors is two successors.
    two = [read("a", "b", "po"), read("a", "b", "vo")]
    assert _reason(Notices, two) is LinkReden.TWO


def test_a_succession_stays_in_a_namespace() -> None:
    """
    A reader asks for one namespace, so that a notice of two would never be read.
    """
    own, other = (
        KetenID.parse(
            f"https://{host}/2026/{'a' * 128}",
            keten=LEERMIDDELENKETEN,
            sector=Sector.VO,
            namespace=f"https://{host}",
        )
        for host in ("id.bestuur.nl", "ketenid.nl")
    )
    assert _reason(our.succession, other, own) is LinkReden.KETENIDS
    assert _reason(our.succession, own, other) is LinkReden.KETENIDS
    assert our.succession(_K["a"], other).nieuw == other


def test_a_succession_does_not_cross_a_sector() -> None:
    """
    That would be a link without consent; nor is it of one identifier.

    A notice of a ketenID states keten and sector, so one that lacks either has none.
    """
    po, vo = our.ketenid(_N["a"], Sector.PO), _K["b"]
    bare = KetenID.parse(vo.uri)
    ho = KetenID.parse(vo.uri, keten=LEERMIDDELENKETEN, sector=Sector.HO)
    for oud, nieuw, reason in (
        (po, vo, LinkReden.KETENIDS),
        (bare, vo, LinkReden.ITSELF),
        (po, bare, LinkReden.KETENIDS),
        (po, ho, LinkReden.KETENIDS),
        (KetenID.parse(_K["a"].uri), vo, LinkReden.KETENIDS),
    ):
        assert _reason(our.succession, oud, nieuw) is reason
    half = (
        KetenID.parse(vo.uri, keten=LEERMIDDELENKETEN),
        KetenID.parse(vo.uri, sector=Sector.VO),
    )
    for ketenid in (bare, ho, *half):
        assert _reason(our.withdrawal, ketenid) is LinkReden.KETENIDS


_NOTES: Final = {"chain": LEERMIDDELENKETEN.id, "sector": "vo"}


@pytest.mark.parametrize(
    "changed",
    [
        {"old": "x"},
        {"old": 1},
        {"old": _K["b"].uri},
        {"old": our.stam(_N["a"]).expose()},
        {"old": _V.uri.replace("eckid.invalid", "a.nl")},
        {"old": _V.uri[:-1]},
        {"new": _V.uri},
        {"new": "x"},
        {"sector": "ho"},
        {"sector": ["vo"]},
        {"chain": "x"},
        {"more": "x"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_notice_of_another_form_is_refused(changed: dict[str, object]) -> None:
    """
    What the board's own key signed is read as strictly as anything.
    """
    claims = {
        "org": our.A.oin,
        "issued": our.TODAY.isoformat(),
        "old": _K["a"].uri,
        "new": _K["b"].uri,
        **_NOTES,
    }
    asked: dict[str, Any] = {
        "organisatie": our.A,
        "on": our.TODAY,
        "keys": our.KEYS,
    }
    sound = our.signed("succession", claims)
    assert Succession.verify(sound, **asked).nieuw.sector is Sector.VO
    token = our.signed("succession", {**claims, **changed})
    assert _reason(Succession.verify, token, **asked) is LinkReden.CLAIMS


def test_a_withdrawal_names_a_ketenid() -> None:
    """
    A provisional identifier ends by its day, and is not withdrawn.
    """
    claims = {"org": our.A.oin, "issued": our.TODAY.isoformat(), **_NOTES}
    token = our.signed("withdrawal", {**claims, "ketenid": _V.uri})
    reason = _reason(
        Withdrawal.verify, token, organisatie=our.A, on=our.TODAY, keys=our.KEYS
    )
    assert reason is LinkReden.CLAIMS


def test_a_notice_is_for_one_recipient() -> None:
    """
    B does not take what A was sent.
    """
    tokens: dict[Any, str] = {
        Succession: Succession.issue(
            _K["a"], _K["b"], organisatie=our.A, issued=_SENT, sleutelbos=our.RING
        ),
        Withdrawal: Withdrawal.issue(
            _K["a"], organisatie=our.A, issued=_SENT, sleutelbos=our.RING
        ),
    }
    for kind, token in tokens.items():
        reason = _reason(
            kind.verify,
            token,
            organisatie=our.B,
            on=_SENT,
            keys=our.KEYS,
        )
        assert reason is LinkReden.ORGANISATIE


def test_notices_of_a_namespace_of_ones_own() -> None:
    """
    The recipient says which namespace it expects, as for a ketenID.
    """
    ring = Sleutelbos.generate(release="2026", namespace="https://id.bestuur.nl")
    oud, nieuw = (
        KetenID.parse(
            f"https://id.bestuur.nl/2026/{digit * 128}",
            keten=LEERMIDDELENKETEN,
            sector=Sector.PO,
            namespace="https://id.bestuur.nl",
        )
        for digit in "ab"
    )
    key = PublicKey(ring.public_key, our.BOARD, our.TODAY)
    token = Succession.issue(
        oud, nieuw, organisatie=our.A, issued=_SENT, sleutelbos=ring
    )
    asked: dict[str, Any] = {
        "organisatie": our.A,
        "on": _SENT,
        "keys": {key.kid: key},
    }
    assert _reason(Succession.verify, token, **asked) is LinkReden.CLAIMS
    notice = Succession.verify(token, namespace="https://id.bestuur.nl", **asked)
    assert (notice.oud, notice.nieuw) == (oud, nieuw)
    assert repr(notice) == "<Succession 2026-11-24>"
    assert repr(our.withdrawal(_K["a"])) == "<Withdrawal 2026-11-24>"


def test_a_rotation_is_told_to_each_recipient() -> None:
    """
    Every old ketenID has its new one, for whoever the notices were made for.
    """
    stams = [our.stam(_N[letter]) for letter in "abc"]
    tokens = list(
        rotate_notices(
            stams,
            keten=LEERMIDDELENKETEN,
            sector=Sector.VO,
            organisatie=our.A,
            van="2026",
            issued=_SENT,
            sleutelbos=our.NEXT,
        )
    )
    notices = Notices(
        Succession.verify(token, organisatie=our.A, on=_SENT, keys=our.KEYS)
        for token in tokens
    )
    assert len(tokens) == 3
    for letter in "abc":
        new = our.ketenid(_N[letter], Sector.VO, "2027")
        assert notices.current(_K[letter], received=_SENT, van={our.BOARD}) == new
    assert _now(notices, "d") == "d"


def test_notices_are_frozen() -> None:
    """
    A set of notices is a value.
    """
    notices = Notices(_told("ab"))
    with pytest.raises(AttributeError, match="is frozen"):
        notices.x = 1
    with pytest.raises(AttributeError, match="is frozen"):
        del notices._withdrawn
    assert notices != "ab"
    with pytest.raises(TypeError, match="unhashable"):
        hash(notices)
    with pytest.raises(TypeError, match=r"^notice: expected"):
        Notices(["x"])  # type: ignore[list-item]  # a mistake
