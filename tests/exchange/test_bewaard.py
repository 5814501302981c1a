"""
The keepers: what they know, what one list may release, and when it is noted.
"""

import copy
import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import parties as our
import pytest

from eckid import (
    LEERMIDDELENKETEN,
    PGN,
    Attribuutbeleid,
    Bestemming,
    Doel,
    Hasher,
    HPgn,
    KetenID,
    Ontvanger,
    Register,
    RegisterError,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    Voorlopig,
    Vrijgave,
    parse_pgn,
    substitute,
)
from eckid._core import whole
from eckid.attributes import AnderIdReden
from eckid.errors import LinkReden
from eckid.exchange import (
    NIETS,
    Administratie,
    Bewaard,
    Geheugen,
    Herkenning,
    Rij,
    RijReden,
    Ringbron,
    Weigering,
    add_list,
    release_list,
    release_to,
)
from eckid.scheme import CHEAPEST
from eckid.succession import Substitutions

_NAMED = """
naam = "met-weergavenaam"
versie = "1"
status = "Of this board alone."
breidt_uit = "leermiddelenketen"
doelen = ["gebruik"]
ontvangers = ["uitgever"]
bron = "het bevoegd gezag"
zekerheid = "C"

[[regel]]
attribuut = "weergavenaam"
eis = "optional"
motivering = "Omdat het moet."
motivation = "Because it must."
"""
PLAIN = Attribuutbeleid.load("leermiddelenketen")
GONE = {"ander_id_reden": AnderIdReden.SYMBIOSE.value, "ander_id_tot": "2027-07-31"}
BIRTH = "2015-12-24"


class Counting(Hasher):
    """
    A hasher that tells how many numbers it was given.
    """

    __slots__ = ("many",)

    def __init__(self) -> None:
        super().__init__(salt=our.RING.salt, scheme=CHEAPEST, workers=1)
        self.many = 0

    def each(self, pgns: Iterable[PGN], **how: Any) -> Any:  # noqa: ANN401  # as the hasher
        """
        Count, and hash.
        """
        numbers = list(pgns)
        self.many += len(numbers)
        return super().each(numbers, **how)


@pytest.fixture(params=["plain", "weergavenaam"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Attribuutbeleid:
    """
    Return the shipped policy, or one that gives the shortest name too.
    """
    if request.param == "plain":
        return PLAIN
    path = tmp_path / "met-weergavenaam.toml"
    path.write_text(_NAMED, "utf-8")
    return Attribuutbeleid.load_file(path)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """
    Return an open register, new.
    """
    with Register.create(tmp_path / "reg", sleutelbos=our.RING) as made:
        yield made


@pytest.fixture
def who(register: Register) -> Iterator[Herkenning]:
    """
    Return what knows persons with a ring and a register.
    """
    with Counting() as hasher:
        bron = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
        yield Herkenning(bron=bron, hasher=hasher, bewaard=Administratie(register))


def to(beleid: Attribuutbeleid = PLAIN, **other: Any) -> Bestemming:  # noqa: ANN401  # any part
    """
    Return the publisher A, for use, today.
    """
    asked: dict[str, Any] = {
        "doel": Doel.GEBRUIK,
        "organisatie": our.A,
        "on": our.TODAY,
    }
    return beleid.voor(**asked | other)


def row(n: int, *, key: str | None = None, pgn: int | None = None, **more: str) -> Rij:
    """
    Return the nth row of a list: the nth key and number, where no other is given.
    """
    attributen = {
        "key": f"k{n}" if key is None else key,
        "roepnaam": f"Sem{n}",
        "achternaam": "Bakker",
        "geboortedatum": BIRTH,
        **more,
    }
    number = parse_pgn(our.number(n if pgn is None else pgn))
    return Rij(n, n + 1, number, "bsn", attributen)


def other(n: int, **more: str) -> Rij:
    """
    Return the nth row: a person who goes by another identifier.
    """
    attributen = row(n).attributen
    return Rij(n, n + 1, None, "", {**attributen, **GONE, **more})


def went(register: Register, key: str) -> list[str]:
    """
    Return what a register notes that went of a person, in order.
    """
    facts = register.inzage("las", key)
    return [fact["identifier"] for fact in facts if fact["feit"] == "vrijgave"]


def noted(
    who: Herkenning, rows: Iterable[Rij | Weigering], bestemming: Bestemming
) -> list[Vrijgave | Weigering]:
    """
    Return what a list gives, and note it.
    """
    with who.bewaard.noting():
        found = list(release_list(rows, who=who, to=bestemming))
        who.bewaard.note()
    return found


# Nothing, and memory.


def test_nothing_is_kept_where_nothing_keeps() -> None:
    """
    It knows nobody, changes nothing, refuses nothing, and notes nothing.
    """
    hpgn, stam = our.bsn(0), our.stam(our.bsn(0))
    NIETS.keep(row(0), hpgn)
    assert NIETS.known(row(0)) is None
    assert NIETS.origin(hpgn, on=None) is hpgn
    assert NIETS.add(row(0), stam, mark="x", on=None) is stam
    assert NIETS.second(other(0)) is None
    NIETS.begin(to(), bron=Ringbron(our.RING))
    NIETS.went(row(0), to().release({"roepnaam": "Sem"}))
    with NIETS.together(), NIETS.noting():
        assert NIETS.note() is None
    assert NIETS.substitutes is False


def test_a_number_is_hashed_once_for_several_recipients() -> None:
    """
    What was hashed for the first is known for the next, whoever it is.
    """
    hasher, keeps = Counting(), Geheugen()
    rows = [row(n) for n in range(5)]
    gave = []
    for sector, ontvanger in (
        (Sector.PO, Ontvanger.UITGEVER),
        (Sector.PO, Ontvanger.SCHOOL),
        (Sector.VO, Ontvanger.UITGEVER),
    ):
        bron = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=sector)
        who = Herkenning(bron=bron, hasher=hasher, bewaard=keeps)
        bestemming = to(organisatie=None, ontvanger=ontvanger)
        gave.append([_ketenid(v) for v in release_list(rows, who=who, to=bestemming)])
    assert hasher.many == 5
    assert gave[0] == gave[1] == [our.ketenid(our.bsn(n), Sector.PO) for n in range(5)]
    assert gave[2] == [our.ketenid(our.bsn(n), Sector.VO) for n in range(5)]
    assert repr(keeps) == "<Geheugen 5 hidden>"


def test_memory_knows_a_number_and_not_a_place() -> None:
    """
    Who stands at the same record of another list is another person, and is hashed.
    """
    hasher, keeps = Counting(), Geheugen()
    bron = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    who = Herkenning(bron=bron, hasher=hasher, bewaard=keeps)
    for n in (0, 1, 0):
        (vrijgave,) = release_list([row(7, pgn=n)], who=who, to=to())
        assert _ketenid(vrijgave) == our.ketenid(our.bsn(n), Sector.PO)
    assert hasher.many == 2
    assert keeps.known(other(7)) is None


def _ketenid(found: Vrijgave | Weigering) -> object:
    assert isinstance(found, Vrijgave)
    return found.released["eckid"]


def test_a_keeper_shows_nobody_and_is_not_sent(register: Register) -> None:
    """
    Neither numbers nor keys are in its repr; pickle and copy are refused.
    """
    memory = Geheugen()
    memory.keep(row(0), our.bsn(0))
    for keeper in (NIETS, memory, Administratie(register)):
        shown = repr(keeper)
        for secret in (our.number(0), our.bsn(0).expose(), "k0"):
            assert secret not in shown
        for way in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                way(keeper)
    assert repr(Administratie(register, administratie="mag")) == "<Administratie mag>"


# The register.


def test_who_is_known_to_a_register_is_not_hashed_again(who: Herkenning) -> None:
    """
    Known by key, birth date and names; hashed once more only where that is asked.
    """
    keeper, hasher = who.bewaard, who.hasher
    assert isinstance(keeper, Administratie)
    assert isinstance(hasher, Counting)
    rows = [row(n) for n in range(3)]
    first = noted(who, rows, to())
    assert (hasher.many, dict(keeper.counts)) == (3, {"known": 0, "hashed": 3})
    assert noted(who, rows, to()) == first
    assert (hasher.many, dict(keeper.counts)) == (3, {"known": 3, "hashed": 3})
    again = Administratie(keeper._register, recheck=True)
    checked = Herkenning(bron=who.bron, hasher=hasher, bewaard=again)
    assert noted(checked, rows, to()) == first
    assert (hasher.many, dict(again.counts)) == (6, {"hashed": 3})


@pytest.mark.parametrize(
    ("changed", "reden"),
    [
        ({"key": ""}, RijReden.KEY),
        ({"pgn": 1, "roepnaam": "Noor"}, RijReden.OTHER_PERSON),
        ({"pgn": 1, "geboortedatum": BIRTH}, RijReden.OTHER_NUMBER),
        ({"key": "k9"}, RijReden.TWO_PERSONS),
    ],
    ids=lambda value: value.value if isinstance(value, RijReden) else "",
)
def test_who_does_not_fit_the_register_is_refused(
    who: Herkenning, register: Register, changed: dict[str, Any], reden: RijReden
) -> None:
    """
    With the reason of the register, and nothing is written of that row.
    """
    noted(who, [row(0)], to())
    head = register.head()
    checked = Herkenning(
        bron=who.bron,
        hasher=who.hasher,
        bewaard=Administratie(register, recheck=True),
    )
    (found,) = release_list([row(0, **changed)], who=checked, to=to())
    assert found == Weigering(0, 1, None, reden)
    assert register.head() == head


def test_a_list_to_a_register_asks_for_a_recipient_and_a_day(who: Herkenning) -> None:
    """
    What went is noted of somebody, on a day: told before a row is read.
    """

    def rows() -> Iterator[Rij]:
        pytest.fail("a row was read")
        yield

    with pytest.raises(ValueError, match=r"^organisatie: expected one, to note to"):
        release_list(
            rows(), who=who, to=to(organisatie=None, ontvanger=Ontvanger.UITGEVER)
        )
    with pytest.raises(TypeError, match=r"^on: expected date, got NoneType$"):
        release_list(rows(), who=who, to=to(on=None))
    bare = Herkenning(bron=Ringbron(our.RING), hasher=who.hasher, bewaard=who.bewaard)
    with pytest.raises(TypeError, match=r"^keten: expected Keten, got NoneType$"):
        release_list(rows(), who=bare, to=to())
    for call in (lambda: who.bewaard.second(other(0)), who.bewaard.note):
        with pytest.raises(TypeError, match=r"^list: expected _List, got NoneType$"):
            call()


def test_substitutions_stand_beside_no_register(who: Herkenning) -> None:
    """
    A register has its own; two books would say two things.
    """
    with pytest.raises(ValueError, match=r"^substitutions: expected none beside a reg"):
        Herkenning(
            bron=who.bron,
            hasher=who.hasher,
            bewaard=who.bewaard,
            substitutions=Substitutions(),
        )


def test_a_register_applies_its_own_substitutions(
    who: Herkenning, register: Register
) -> None:
    """
    The next number gives the ketenID of the first, and the first is refused.
    """
    noted(who, [row(0)], to())
    substitute(register, Substitution(our.bsn(0), our.bsn(1), our.SPRING))
    checked = Herkenning(
        bron=who.bron,
        hasher=who.hasher,
        bewaard=Administratie(register, recheck=True),
    )
    rows = [row(0, pgn=1), row(0)]
    head = register.head()
    new, old = release_list(rows, who=checked, to=to(on=our.SPRING))
    assert _ketenid(new) == our.ketenid(our.bsn(0), Sector.PO)
    assert old == Weigering(0, 1, None, LinkReden.SUBSTITUTED)
    assert register.head() == head


class Elsewhere:
    """
    A source of two persons at a time, whose answers may be changed.
    """

    def __init__(self, ring: Sleutelbos) -> None:
        bron = Ringbron(ring, keten=LEERMIDDELENKETEN, sector=Sector.PO)
        self.keten, self.sector, self.release = bron.keten, bron.sector, bron.release
        self.namespace, self.rehearsal, self.mark = bron.namespace, False, bron.mark
        self.resolves = False
        self.ketenids, self.batch, self.fewer, self._bron = bron.ketenids, 2, 0, bron

    def stams(self, hpgns: Sequence[HPgn]) -> Sequence[Stampseudoniem]:
        """
        Return a stampseudoniem of each but the last ones.
        """
        return self._bron.stams(hpgns)[self.fewer :]


def test_a_person_is_added_under_the_mark_of_the_source(
    who: Herkenning, register: Register
) -> None:
    """
    A register whose ring is another tells later which numbers it can compare.
    """
    bron = Elsewhere(Sleutelbos.generate(release="2026", salt=our.RING.salt))
    elsewhere = Herkenning(bron=bron, hasher=who.hasher, bewaard=who.bewaard)
    for n, one, mark in ((0, who, our.RING.mark), (1, elsewhere, bron.mark)):
        assert list(add_list([row(n)], who=one, on=our.TODAY)) == [row(n)]
        assert register.inzage("las", f"k{n}")[0]["bos"] == mark
    assert bron.mark != our.RING.mark


def test_a_batch_is_added_as_one(who: Herkenning, register: Register) -> None:
    """
    Where the source fails for one of a batch, nobody of it is added.
    """
    bron = Elsewhere(our.RING)
    bron.fewer = 1
    failing = Herkenning(bron=bron, hasher=who.hasher, bewaard=who.bewaard)
    head = register.head()
    with pytest.raises(ValueError, match=r"^stampseudoniem: expected 2 answers, got 1"):
        list(add_list([row(0), row(1)], who=failing, on=our.TODAY))
    assert register.head() == head
    assert not register.has("las", "k0")
    assert len(list(add_list([row(0), row(1)], who=who, on=our.TODAY))) == 2


def test_a_row_that_cannot_be_added_leaves_nothing_of_its_batch(
    who: Herkenning, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The origin that was asked and what is added are one transaction of the register.
    """
    real, asked = Administratie.add, []

    def add(keeper: Administratie, rij: Rij, *what: Any, **how: Any) -> object:  # noqa: ANN401
        asked.append(rij)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(keeper, rij, *what, **how)

    monkeypatch.setattr(Administratie, "add", add)
    batch = Herkenning(bron=Elsewhere(our.RING), hasher=who.hasher, bewaard=who.bewaard)
    head = register.head()
    with pytest.raises(KeyboardInterrupt):
        list(add_list([row(0), row(1)], who=batch, on=our.TODAY))
    assert len(asked) == 2
    assert register.head() == head
    assert not register.has("las", "k0")


# One identifier a person.

_ORDERS = [("ketenid", "other"), ("other", "ketenid")]
_SECOND = {"ketenid": RijReden.ANDER_ID_WENT, "other": RijReden.KETENID_WENT}


@pytest.mark.parametrize("reden", AnderIdReden)
@pytest.mark.parametrize("order", _ORDERS, ids="-".join)
def test_one_list_releases_one_identifier_of_a_person(
    who: Herkenning,
    register: Register,
    either: Attribuutbeleid,
    order: tuple[str, str],
    reden: AnderIdReden,
) -> None:
    """
    The first goes and the second is refused, also of whom the register saw neither.
    """
    made = {"ketenid": row(0), "other": other(1, key="k0", ander_id_reden=reden.value)}
    rows = [row(5), *(made[name] for name in order), row(6)]
    before, first, second, after = noted(who, rows, to(either))
    for vrijgave in (before, first, after):
        assert isinstance(vrijgave, Vrijgave)
    assert isinstance(second, Weigering)
    assert second.reden is _SECOND[order[1]]
    ketenid = [our.ketenid(our.bsn(0), Sector.PO).uri]
    assert went(register, "k0") == (ketenid if order[0] == "ketenid" else [])


def test_another_list_begins_anew(who: Herkenning, register: Register) -> None:
    """
    What went in the list before counts as far as the register noted it.
    """
    list(release_list([other(0)], who=who, to=to()))
    (found,) = release_list([row(0)], who=who, to=to())
    assert _ketenid(found) == our.ketenid(our.bsn(0), Sector.PO)
    # It was never noted, so nothing went.
    (found,) = release_list([other(0)], who=who, to=to())
    assert isinstance(found, Vrijgave)
    list(release_list([row(0)], who=who, to=to()))
    noted(who, [row(1)], to(organisatie=our.B))
    assert (len(went(register, "k0")), len(went(register, "k1"))) == (0, 1)


def test_after_a_ketenid_that_was_noted_no_other_identifier_goes(
    who: Herkenning,
) -> None:
    """
    To any recipient but one that can take no ketenID, and had none.
    """
    noted(who, [row(0)], to())
    for reden in AnderIdReden:
        (found,) = release_list(
            [other(0, ander_id_reden=reden.value)], who=who, to=to()
        )
        assert found == Weigering(0, 1, None, RijReden.KETENID_WENT)
        elsewhere = to(organisatie=our.B)
        (found,) = release_list(
            [other(0, ander_id_reden=reden.value)], who=who, to=elsewhere
        )
        takes_none = reden is AnderIdReden.ONTVANGER_ZONDER_ECKID
        assert isinstance(found, Vrijgave) is takes_none


# What is noted, and when.


def test_each_release_is_noted_once(
    who: Herkenning, register: Register, either: Attribuutbeleid
) -> None:
    """
    Names are tried without noting; what went stands under policy, doel and day.
    """
    found = noted(who, [row(n, roepnaam="Sem") for n in range(3)], to(either))
    for n, vrijgave in enumerate(found):
        assert isinstance(vrijgave, Vrijgave)
        assert ("weergavenaam" in vrijgave.released) is (either != PLAIN)
        ketenid = vrijgave.released["eckid"]
        assert isinstance(ketenid, KetenID)
        assert went(register, f"k{n}") == [ketenid.uri]
        fact = register.inzage("las", f"k{n}")[-1]
        assert (fact["organisatie"], fact["doel"]) == (our.A.oin, "gebruik")
        assert (fact["beleid"], fact["on"]) == (either.digest, our.TODAY.isoformat())


def test_what_is_refused_after_its_ketenid_is_not_noted(
    who: Herkenning, register: Register
) -> None:
    """
    A release that does not fit the file never went.
    """
    with who.bewaard.noting():
        (found,) = release_list([row(0)], who=who, to=to(), misfit=lambda _: "roepnaam")
        who.bewaard.note()
    assert isinstance(found, Weigering)
    assert went(register, "k0") == []


def test_notes_hold_only_when_the_block_ends_well(
    who: Herkenning, register: Register
) -> None:
    """
    Where it fails they are undone, and the next list notes what is its own.
    """
    list(add_list([row(0), row(1)], who=who, on=our.TODAY))
    head = register.head()

    def fails() -> None:
        with who.bewaard.noting():
            list(release_list([row(0)], who=who, to=to()))
            assert who.bewaard.note() != str(head)
            raise OSError

    with pytest.raises(OSError, match=r"^$"):
        fails()
    assert register.head() == head
    assert went(register, "k0") == []
    with who.bewaard.noting():
        list(release_list([row(1)], who=who, to=to()))
        assert went(register, "k1") == []
        told = who.bewaard.note()
    assert told == str(register.head())
    assert (len(went(register, "k0")), len(went(register, "k1"))) == (0, 1)
    # Once noted it is not noted again.
    with who.bewaard.noting():
        who.bewaard.note()
    assert len(went(register, "k1")) == 1


def test_a_provisional_identifier_is_noted_of_who_is_in_the_register(
    who: Herkenning, register: Register
) -> None:
    """
    Of nobody else, and no identifier of another's making.
    """
    list(add_list([row(n) for n in range(2)], who=who, on=our.TODAY))
    uris = [
        Voorlopig.derive(
            f"k{n}",
            administratie="las",
            bestuur=our.BOARD,
            organisatie=our.A,
            tot=our.SUMMER,
            sleutelbos=our.RING,
        ).uri
        for n in (0, 2)
    ]
    rows = [
        other(n, voorlopig=v)
        for n, v in zip((0, 1, 2), [uris[0], "x", uris[1]], strict=True)
    ]
    head = register.verify()
    found = noted(who, rows, to())
    assert [isinstance(one, Vrijgave) for one in found] == [True] * 3
    assert went(register, "k0") == [uris[0]]
    assert went(register, "k1") == []
    assert not register.has("las", "k2")
    assert register.verify(expected=head).length == head.length + 1


def test_the_parts_of_a_keeper_are_of_their_kinds(register: Register) -> None:
    """
    A path is no open register, and a number names no administration.
    """
    with pytest.raises(TypeError, match=r"^register: expected Register, got str$"):
        Administratie("bestuur.reg")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^administratie: expected str, got int$"):
        Administratie(register, administratie=1)  # type: ignore[arg-type]  # the point
    assert Administratie(register).substitutes is True
    assert isinstance(Administratie(register), Bewaard)


def test_a_file_that_appears_was_noted_before(
    who: Herkenning, register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A kill between the two leaves a note too many, and no release that nobody knows of.
    """
    counted: list[int] = []
    place = whole._place

    def placing(*how: Any, **more: Any) -> None:  # noqa: ANN401  # as _place
        with Register.open(tmp_path / "reg", sleutelbos=our.RING) as other:
            counted.append(other.counts()["vrijgave"])
        place(*how, **more)

    with monkeypatch.context() as patched:
        patched.setattr(whole, "_place", placing)
        release_to(tmp_path / "a.csv", [row(0), row(1)], who=who, to=to())
    assert counted == [2]
    head = register.head()

    def failing(*_: object, **__: object) -> None:
        raise RegisterError("register: another process has it; try again")

    # If it cannot be noted, no file appears.
    with monkeypatch.context() as patched:
        patched.setattr(type(who.bewaard), "noted", failing)
        with pytest.raises(RegisterError):
            release_to(tmp_path / "b.csv", [row(0)], who=who, to=to())
    assert not list(tmp_path.glob("*b.*"))
    assert register.head() == head
