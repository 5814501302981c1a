"""
The walk: no argument of another's kind brings out a raw error, or a value.

Each public callable is called as its row calls it, with one argument in turn replaced
by each of `walking.FOREIGN`: text that UTF-8 cannot hold, numbers, bytes, columns of
several types, tables, streams. What is raised is documented, and so is all behind it.
"""

import dataclasses
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest
from leaking import (
    BELEID,
    CLASS,
    DAY,
    KETENID,
    KEY,
    PERSON,
    RING,
    SALT,
    SECRETS,
    STAM,
    TO,
    TO_A,
    flat,
    leaks,
)
from leaks.exchange import PASSING, RIJ, SCHOOL
from leaks.policy import AFWIJKING
from leaks.register import ADDED, SENT
from leaks.scale import BRON, WHO
from leaks.succession import CONSENT, GONE, LINK, NOTICE, REACH, SUBSTITUTION
from leaks.tables import ROWS, public
from walking import FOREIGN, Seen, Watch, enums, faults, given, judged, use

from eckid import LEERMIDDELENKETEN as KETEN
from eckid import (
    Attribuutbeleid,
    Keten,
    Medewerker,
    Notices,
    Register,
    RegisterError,
    Salt,
    Sector,
    Sleutel,
    Sleutelbos,
    Wie,
    exchange,
)
from eckid.attributes import Attribuut, Kenmerk
from eckid.exchange import (
    Administratie,
    Ontvangen,
    RijReden,
    Ringbron,
    SubstitutionFile,
)
from eckid.scheme import Argon2idCost, ScryptCost

ONTVANGEN: Final = Ontvangen(1, 1, KETENID, {})

MADE: Final[dict[str, Any]] = {
    "keten": KETEN,
    "sector": Sector.PO,
    "release": "2026",
    "mark": "x",
}
NAMES: Final = sorted(Watch(public()).names)
# Callables that no row can call, each with the reason.
UNSEEN: Final[Mapping[str, str]] = {
    "Bron.ketenids": "the methods of a protocol have no body",
    "Bron.stams": "as above",
    "KetenID": "it cannot be made by a call",
    "Mac": "the first of the protocols, which share what is called to make them",
    "Mac.copy": "as above, of a protocol",
    "Mac.finalize": "as above",
    "Mac.update": "as above",
    "Macs.mac_keten": "as above",
    "Macs.mac_stam": "as above",
    "Macs.mac_voorlopig": "as above",
    **dict.fromkeys(
        (
            f"Nummervoorziening.{name}"
            for name in ("ping", "stampseudoniem", "ketenid", "submit_stampseudoniemen")
        ),
        "as above",
    ),
    **dict.fromkeys(
        (
            f"Nummervoorziening.{name}"
            for name in ("submit_ketenids", "retrieve", "replace", "ketens", "sectoren")
        ),
        "as above",
    ),
    "Register.keys_of": "a constant of its class",
    "SubstitutionStore.add_substitutions": "as above, of a protocol",
    "SubstitutionStore.substitutions": "as above",
}
WALKED: Final = [name for name in NAMES if name not in UNSEEN]


@contextmanager
def seen_in(folder: Path) -> Iterator[dict[str, Seen]]:
    """
    See what all rows call, with an open register in the place of a closed one.
    """
    (folder / "README.md").write_text(CLASS)
    watch = Watch(public())
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        with watch.watching():
            for row in ROWS.values():
                list(flat(row.right()))
            wrong = (call for row in ROWS.values() for call in row.wrong)
            for call in chain(more(folder), wrong):
                with suppress(Exception):  # some are wrong, which is known
                    use(call())
        with Register.create(folder / "open.reg", sleutelbos=RING) as book:
            book.add("las", KEY, STAM, **ADDED)
            keeper = Administratie(book)
            keeper.begin(TO, bron=BRON)
            live = {Register: book, Administratie: keeper}
            yield {name: _alive(one, live) for name, one in watch.seen.items()}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Seen]]:
    """
    What was seen while all rows ran.
    """
    with seen_in(tmp_path_factory.mktemp("walk")) as found:
        yield found


def more(folder: Path) -> Iterator[Callable[[], object]]:
    """
    Yield calls that no row makes while it runs: values that stand in the tables' heads.
    """
    values: tuple[Any, ...] = (BELEID.regels[0], AFWIJKING, REACH, SCHOOL, PASSING)
    for value in values:
        yield partial(dataclasses.replace, value)
    yield lambda: exchange.Afgeleid(KEY, KETENID)
    yield lambda: Argon2idCost(m=8, t=1, p=1)
    yield lambda: ScryptCost(n=2, r=1, p=1)
    yield lambda: Attribuut("key", Kenmerk.ANDER_ID, "ours")
    yield lambda: Keten(KETEN.id)
    yield lambda: Attribuutbeleid.load("leermiddelenketen")
    yield lambda: Attribuutbeleid.load_file(folder / "own.toml")
    yield Attribuutbeleid.names
    yield lambda: Notices([NOTICE]).applying(GONE)
    yield lambda: BELEID.voor(doel=TO.doel, ontvanger=TO.ontvanger, on=DAY)
    yield lambda: TO.usable(["roepnaam"], wie=Wie.LEERLING)
    yield lambda: Ringbron(RING, keten=KETEN, sector=Sector.PO)
    yield lambda: Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
    yield Sleutel.generate
    yield lambda: Sleutelbos.generate(release="2026", salt=SALT)
    yield lambda: RING.save(folder / "s.ring", passphrase="x")
    yield lambda: Sleutelbos.load(folder / "s.ring", passphrase="x")
    yield lambda: RING.mac_voorlopig("2026")
    yield lambda: Medewerker.parse("20DP teacher@school.example").expose()
    yield lambda: list(PASSING.each([], to=TO))
    yield lambda: PASSING.begin(TO)
    yield lambda: WHO.shows_own(RIJ, [KEY], on=DAY)
    yield lambda: RIJ.refused(RijReden.KEY)
    yield lambda: ONTVANGEN.refused(RijReden.KEY)
    file = SubstitutionFile(folder / "s.csv", sleutelbos=RING)
    yield lambda: file.add_substitutions([SUBSTITUTION])
    yield file.substitutions
    with Register.create(folder / "more.reg", sleutelbos=RING) as book:
        book.add("las", KEY, STAM, **ADDED)
        yield lambda: book.sent("las", KEY, **SENT)
        yield lambda: book.keep_link("las", KEY, LINK, CONSENT)
        yield lambda: exchange.keeps(book)
        yield lambda: book.has("las", KEY)
        keeper = Administratie(book)
        yield from (
            partial(book.keep_ketenid, "las", KEY, KETENID, mark="x"),
            partial(book.ketenid, "las", KEY, **MADE),
            partial(keeper.keep_ketenid, RIJ, KETENID, bron=BRON),
            partial(keeper.ketenid, RIJ, bron=BRON),
        )
        yield lambda: book.has_sent("las", KEY, keten=KETEN, sector=Sector.PO)
        yield lambda: book.keep_notice(
            "las", KEY, organisatie=TO_A, token="x", issued=DAY
        )
        yield lambda: book.next_list(TO_A)
        yield lambda: book.keep_list(TO_A, number=1, token="x")
        yield lambda: book.revoked(TO_A, issued=DAY)
        yield lambda: book.add_substitutions([SUBSTITUTION])
        yield lambda: book.withdraw_consents(frozenset(), on=DAY)
        yield lambda: book.inzage("las", KEY)
        yield lambda: book.backup(folder / "copy.reg")
        yield lambda: book.rekey(
            folder / "next.reg", sleutelbos=Sleutelbos.generate(release="2027")
        )
        yield lambda: book.forget("las", KEY)
    yield lambda: Register.open(folder / "more.reg", sleutelbos=RING)


def _alive(one: Seen, live: Mapping[type, object]) -> Seen:
    own = getattr(one.call, "__self__", None)
    call = one.call
    if type(own) in live:
        call = getattr(live[type(own)], one.call.__name__)
    arguments = {n: live.get(type(v), v) for n, v in one.arguments.items()}
    return Seen(call, arguments)


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text(CLASS)
    monkeypatch.chdir(tmp_path)


def test_every_public_callable_is_walked(seen: Mapping[str, Seen]) -> None:
    """
    A callable that no row calls fails, and so does a reason that is of no use.
    """
    assert sorted(set(NAMES) - seen.keys()) == sorted(UNSEEN)


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("name", WALKED)
def test_no_foreign_argument_brings_out_a_raw_error(
    name: str,
    seen: Mapping[str, Seen],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    A wrong argument is accepted or refused in our words, and its value is told nowhere.
    """
    caplog.set_level(logging.DEBUG)
    call = seen[name]
    found = [fault for each in given(call) for fault in faults(call, each)]
    assert found == []
    told = (caplog.text, *capfd.readouterr())
    assert leaks([text.encode() for text in told], SECRETS, PERSON) == []


@pytest.mark.parametrize("kind", enums(), ids=lambda kind: kind.__name__)
def test_no_enumeration_repeats_what_is_no_member(kind: type[Enum]) -> None:
    """
    Looking up a foreign value is a ValueError, or a TypeError, without the value.
    """
    for name, make in FOREIGN.items():
        assert judged(partial(kind, make())) == [], name


def test_a_closed_register_says_so(seen: Mapping[str, Seen], tmp_path: Path) -> None:
    """
    Each method of a register that was closed is refused in our words, or does nothing.
    """
    book = Register.create(tmp_path / "closed.reg", sleutelbos=RING)
    book.add("las", KEY, STAM, **ADDED)
    book.close()
    tried = []
    for name, one in seen.items():
        if isinstance(getattr(one.call, "__self__", None), Register):
            tried.append(one.call.__name__)
            call = getattr(book, one.call.__name__)
            assert judged(Seen(call, one.arguments).again) == [], name
    assert {"add", "known", "inzage", "verify"} <= set(tried)


def test_a_register_of_another_ring_is_not_opened(tmp_path: Path) -> None:
    """
    It is refused in our words, and nothing of it is told.
    """
    path = tmp_path / "foreign.reg"
    with Register.create(path, sleutelbos=RING) as book:
        book.add("las", KEY, STAM, **ADDED)
    other = Sleutelbos.generate(release="2026")
    with pytest.raises(RegisterError):
        Register.open(path, sleutelbos=other)
    assert judged(partial(Register.open, path, sleutelbos=other)) == []


def test_the_walk_itself_finds_a_raw_error() -> None:
    """
    Were an error raw, or a raw one behind ours, or a value told, the walk would see it.
    """

    def looks_up(name: object) -> object:
        return dict[object, object]()[name]  # raw, and it tells the key

    def tells(name: object) -> object:
        raise ValueError(f"name: expected another, got {name}")

    def hides(name: object) -> object:
        try:
            return looks_up(name)
        except KeyError:
            raise ValueError("name: expected another") from None

    for call, words in ((looks_up, "KeyError"), (tells, "value"), (hides, "KeyError")):
        found = list(faults(Seen(call, {"name": ""}), "name"))
        assert any(words in fault for fault in found), call
