"""
The board beside the service: what the register keeps, and who is asked what.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import parties as our
import pyarrow as pa
import pytest

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Bestemming,
    Doel,
    Hasher,
    HPgn,
    KetenID,
    PseudonymError,
    Register,
    RegisterError,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    Vrijgave,
    hash_pgn,
    parse_pgn,
    substitute,
)
from eckid.errors import FaultReden, LinkReden
from eckid.exchange import (
    SEALED,
    Administratie,
    Herkenning,
    Rij,
    RijReden,
    Ringbron,
    Weigering,
    add_list,
    release_list,
)
from eckid.exchange.rows import about
from eckid.register import Feit, OpnameUitkomst
from eckid.scale import Kolom, derive_column, release_table, run
from eckid.service import (
    Dienstbron,
    Grenzen,
    LocalNummervoorziening,
    aanvragen_at,
    aanvragen_of,
)
from eckid.service.faults import fault
from eckid.service.journal import Aanvragen
from eckid.succession import Substitutions

PILOT: Final = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
SEM: Final = {"geboortedatum": "2015-12-24", "roepnaam": "Sem", "achternaam": "Bakker"}
SAM: Final = {**SEM, "roepnaam": "Sam"}
NATIONAL: Final = "https://ketenid.nl"
BELEID: Final = Attribuutbeleid.load("leermiddelenketen")
SPRING: Final = datetime(2027, 5, 1, tzinfo=UTC)

# Every scheme keeps its name here, and costs next to nothing.
pytestmark = pytest.mark.usefixtures("cheap")


class Service:
    """
    A service that counts of how many persons it is asked what, and may refuse some.
    """

    def __init__(self, ring: Sleutelbos = PILOT, **how: Any) -> None:  # noqa: ANN401  # as the real one
        self.real = LocalNummervoorziening(ring, **how)
        self.asked: list[tuple[str, int]] = []
        self.seen: list[Stampseudoniem] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the real one has it
        found = getattr(self.real, name)
        return partial(self._ask, name, found) if callable(found) else found

    def _ask(self, name: str, real: Callable[..., Any], *args: Any, **how: Any) -> Any:  # noqa: ANN401  # as above
        given = (
            list(args[0].values()) if args and isinstance(args[0], Mapping) else args
        )
        self.seen += [one for one in given if isinstance(one, Stampseudoniem)]
        if name != "retrieve":
            self.asked.append((name, len(given)))
        return real(*args, **how)


def bron(
    service: Service,
    sector: Sector = Sector.PO,
    batch: int = 100,
    aanvragen: Aanvragen | None = None,
) -> Dienstbron:
    """
    Return the service as a source for the learning-material chain.
    """
    return Dienstbron(
        service,
        keten=LEERMIDDELENKETEN,
        sector=sector,
        grenzen=Grenzen(batch=batch, per_day=100),
        aanvragen=aanvragen,
    )


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """
    Return an open register, new.
    """
    with Register.create(tmp_path / "reg", sleutelbos=our.RING) as made:
        yield made


@pytest.fixture
def hasher() -> Iterator[Hasher]:
    """
    Return a hasher with the salt of the ring, and the scheme of the service.
    """
    with Hasher(salt=our.RING.salt, workers=1) as made:
        yield made


Who = Callable[..., Herkenning]


@pytest.fixture
def who(register: Register, hasher: Hasher) -> Who:
    """
    Return what makes a `Herkenning` of a source, with the register.
    """

    def made(source: Any, **how: Any) -> Herkenning:  # noqa: ANN401  # any source
        book = Administratie(register, **how)
        return Herkenning(bron=source, hasher=hasher, bewaard=book)

    return made


def hpgn(n: int) -> HPgn:
    """
    Return the HPgn of the nth number, as the hasher of these tests makes it.
    """
    return hash_pgn(parse_pgn(our.number(n)), salt=our.RING.salt)


def row(n: int, *, key: str | None = None, **more: str) -> Rij:
    """
    Return a row of the nth number, under the nth key where no other is given.
    """
    found = {"key": f"k{n}" if key is None else key, **SEM, **more}
    return Rij(n, n + 1, parse_pgn(our.number(n)), "bsn", found)


def to(**other: Any) -> Bestemming:  # noqa: ANN401  # any part
    """
    Return the publisher A, for use, today.
    """
    how: dict[str, Any] = {
        "doel": Doel.GEBRUIK,
        "organisatie": our.A,
        "on": our.TODAY,
    }
    return BELEID.voor(**how | other)


def released(
    found: Herkenning, rows: Sequence[Rij], bestemming: Bestemming | None = None
) -> list[Any]:
    """
    Return the ketenIDs that a list gives, and the refusals; and note what went.
    """
    bestemming = to() if bestemming is None else bestemming
    with found.bewaard.noting():
        got = list(release_list(rows, who=found, to=bestemming))
        found.bewaard.note()
    return [g.released["eckid"] if isinstance(g, Vrijgave) else g for g in got]


# One person, and a stampseudoniem of each source.


def test_a_person_has_a_stampseudoniem_of_each_source(register: Register) -> None:
    """
    The ring's and the service's stand beside each other, and neither is the other's.
    """
    how: dict[str, Any] = {"gegevens": SEM, "on": our.TODAY}
    service = LocalNummervoorziening(PILOT)
    ours, theirs = our.stam(our.bsn(0)), service.stampseudoniem(hpgn(0))
    known = partial(register.known, "las", "k0", gegevens=SEM)
    national = partial(known, namespace=NATIONAL, mark=service.mark)
    assert register.add("las", "k0", ours, **how) == (OpnameUitkomst.NIEUW, ours)
    assert (known(), national()) == (ours, None)
    added = register.add("las", "k0", theirs, **how, mark=service.mark)
    assert added == (OpnameUitkomst.BEKEND, theirs)
    assert (known(), national()) == (ours, theirs)
    # Another environment of the service has the same namespace.
    assert known(namespace=NATIONAL, mark="elsewhere") is None
    assert known(namespace=NATIONAL) is None
    # Again, by each source.
    for stam, mark in ((ours, None), (theirs, service.mark)):
        again = register.add("las", "k0", stam, **how, mark=mark)
        assert again == (OpnameUitkomst.BEKEND, stam)
    facts = register.inzage("las", "k0")
    assert [fact["stampseudoniem"] for fact in facts] == [ours, theirs]


def test_names_that_one_source_corrected_are_corrected_for_the_other(
    register: Register,
) -> None:
    """
    The names are the person's, whichever source was asked when they changed.
    """
    service = LocalNummervoorziening(PILOT)
    ours, theirs = our.stam(our.bsn(0)), service.stampseudoniem(hpgn(0))
    add = partial(register.add, "las", "k0", on=our.TODAY)
    add(ours, gegevens=SEM)
    # Nothing tells that a number of another source is this person's but the names.
    refused = add(theirs, gegevens=SAM, mark=service.mark)
    assert refused == (OpnameUitkomst.OTHER_PERSON, None)
    add(theirs, gegevens=SEM, mark=service.mark)
    add(theirs, gegevens=SAM, mark=service.mark)
    known = partial(register.known, "las", "k0")
    assert known(gegevens=SAM) == ours
    assert known(gegevens=SAM, namespace=NATIONAL, mark=service.mark) == theirs
    assert known(gegevens=SEM) is None


def test_a_number_of_a_service_tells_persons_apart(register: Register) -> None:
    """
    Of one service the numbers can be compared, as those of a ring.
    """
    service = LocalNummervoorziening(PILOT)
    a, b, c = (service.stampseudoniem(hpgn(n)) for n in range(3))
    how: dict[str, Any] = {"gegevens": SEM, "on": our.TODAY, "mark": service.mark}

    def grond(administratie: str, key: str, stam: Stampseudoniem) -> OpnameUitkomst:
        return register.add(administratie, key, stam, **how).grond

    assert grond("las", "k0", a) is OpnameUitkomst.NIEUW
    assert grond("las", "k0", b) is OpnameUitkomst.OTHER_NUMBER
    assert grond("las", "k9", a) is OpnameUitkomst.TWO_PERSONS
    # In another administration the same number is the same person.
    assert grond("mag", "m0", a) is OpnameUitkomst.BEKEND
    # A list without names says who it is by the number, and corrects nothing.
    poor = register.add("mag", "m0", a, **{**how, "gegevens": {}})
    assert poor == (OpnameUitkomst.BEKEND, a)
    # The ring made k1 known, and the service the same person as another one.
    register.add("las", "k1", our.stam(our.bsn(2)), gegevens=SEM, on=our.TODAY)
    assert grond("mag", "m1", c) is OpnameUitkomst.NIEUW
    assert grond("las", "k1", c) is OpnameUitkomst.TWO_PERSONS


def test_a_service_at_another_place_is_another_source(register: Register) -> None:
    """
    What it made is kept beside the rest: its namespace says nothing of where it stands.
    """
    other = Sleutelbos.generate(release="pilot", namespace=NATIONAL)
    how: dict[str, Any] = {"gegevens": SEM, "on": our.TODAY}
    stams = {}
    for ring in (PILOT, other):
        service = LocalNummervoorziening(ring)
        stams[service.mark] = service.stampseudoniem(hpgn(0))
        register.add("las", "k0", stams[service.mark], **how, mark=service.mark)
    for mark, stam in stams.items():
        found = register.known(
            *("las", "k0"), gegevens=SEM, namespace=NATIONAL, mark=mark
        )
        assert found == stam
    # A number that moved with its service, under the same stampseudoniem.
    moved = register.add("las", "k0", stam, **how, mark="moved")
    assert moved == (OpnameUitkomst.BEKEND, stam)
    found = register.known(
        *("las", "k0"), gegevens=SEM, namespace=NATIONAL, mark="moved"
    )
    assert found == stam


def test_what_one_source_made_never_reaches_the_other(who: Who) -> None:
    """
    A list by the ring, then by the service, then by the ring: each has its own.
    """
    service, rows = Service(), [row(n) for n in range(3)]
    ring = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    first = released(who(ring), rows)
    theirs = released(who(bron(service)), rows)
    assert {one.uri.rpartition("/pilot/")[0] for one in theirs} == {NATIONAL}
    assert released(who(ring), rows) == first
    assert released(who(bron(service)), rows) == theirs
    assert {stam.namespace for stam in service.seen} == {NATIONAL}
    assert {one.uri.rpartition("/2026/")[0] for one in first} == {
        "https://eckid.invalid"
    }


def test_a_ring_with_the_namespace_of_the_service_is_refused(
    tmp_path: Path, hasher: Hasher
) -> None:
    """
    Nobody could tell what the one made from what the other made.
    """
    with Register.create(tmp_path / "own", sleutelbos=PILOT) as register:
        book = Administratie(register)
        found = Herkenning(bron=bron(Service()), hasher=hasher, bewaard=book)
        with pytest.raises(
            RegisterError, match=r"^ring: expected a namespace of its own"
        ):
            release_list([], who=found, to=to())
        with pytest.raises(
            RegisterError, match=r"^ring: expected a namespace of its own"
        ):
            add_list([], who=found, on=our.TODAY)


# What a service made is kept.


def test_a_second_release_asks_nobody(who: Who) -> None:
    """
    Neither for the same recipient nor for another, and only who is new is asked.
    """
    service, rows = Service(), [row(n) for n in range(3)]
    first = released(who(bron(service)), rows)
    assert all(isinstance(one, KetenID) for one in first)
    both = [("submit_stampseudoniemen", 3), ("submit_ketenids", 3)]
    assert service.asked == both
    assert released(who(bron(service)), rows) == first
    assert released(who(bron(service)), rows, to(organisatie=our.B)) == first
    assert service.asked == both
    assert released(who(bron(service)), [*rows, row(3)])[:3] == first
    assert service.asked == [*both, ("stampseudoniem", 1), ("ketenid", 1)]
    # In another sector the person has another ketenID, of the same stampseudoniem.
    others = released(who(bron(service, Sector.VO)), rows)
    assert service.asked[4:] == [("submit_ketenids", 3)]
    assert not set(others) & set(first)


def test_adding_asks_for_stampseudoniemen_alone(who: Who) -> None:
    """
    And a release that follows asks for ketenIDs alone.
    """
    service, rows = Service(), [row(n) for n in range(3)]
    bare = Dienstbron(service, grenzen=Grenzen(batch=100, per_day=100))
    assert list(add_list(rows, who=who(bare), on=our.TODAY)) == rows
    assert list(add_list(rows, who=who(bare), on=our.TODAY)) == rows
    assert service.asked == [("submit_stampseudoniemen", 3)]
    released(who(bron(service)), rows)
    assert service.asked[1:] == [("submit_ketenids", 3)]


def test_a_release_of_the_service_is_asked_anew(register: Register, who: Who) -> None:
    """
    What is kept counts for its keten, sector, release and service alone.
    """
    service = Service()
    (made,) = released(who(bron(service)), [row(0)])
    found = partial(
        register.ketenid,
        *("las", "k0"),
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        release="pilot",
        mark=service.mark,
    )
    kept = found()
    assert kept == made
    assert kept is not None
    assert (kept.sector, kept.rehearsal) == (Sector.PO, made.rehearsal)
    for other in ({"sector": Sector.VO}, {"release": "201703"}, {"mark": "elsewhere"}):
        assert found(**other) is None
    assert register.ketenid("las", "k9", **found.keywords) is None
    with pytest.raises(RegisterError, match="expected a known person"):
        register.keep_ketenid("las", "k9", made, mark=service.mark)


def test_a_kept_ketenid_is_the_persons_and_is_forgotten(
    register: Register, who: Who
) -> None:
    """
    It is shown on request, counts as sent to nobody, and is gone with the rest.
    """
    service = Service()
    source = bron(service)
    found = who(source)
    found.begin(to())
    (named,) = found.each([row(0)], to=to())
    assert isinstance(named, tuple)
    made = named[1]["eckid"]
    assert isinstance(made, KetenID)
    kinds = [fact["feit"] for fact in register.inzage("las", "k0")]
    assert kinds == [Feit.PERSOON.value, Feit.KETENID.value]
    assert register.inzage("las", "k0")[1]["ketenid"] == made.uri
    assert register.keys_of(made) == []
    assert not register.has_sent("las", "k0", keten=LEERMIDDELENKETEN, sector=Sector.PO)
    register.forget("las", "k0")
    assert register.counts()["ketenid"] == 1
    assert (
        register.ketenid(
            *("las", "k0"),
            keten=LEERMIDDELENKETEN,
            sector=Sector.PO,
            release="pilot",
            mark=service.mark,
        )
        is None
    )


def test_a_register_under_a_new_ring_still_asks_nobody(
    register: Register, who: Who, hasher: Hasher, tmp_path: Path
) -> None:
    """
    What a service made stays, whichever ring seals it.
    """
    service = Service()
    first = released(who(bron(service)), [row(0), row(1)])
    new = Sleutelbos.generate(release="2027", salt=our.RING.salt)
    with register.rekey(tmp_path / "new", sleutelbos=new) as moved:
        book = Administratie(moved)
        found = Herkenning(bron=bron(service), hasher=hasher, bewaard=book)
        service.asked.clear()
        assert released(found, [row(0), row(1)]) == first
    assert service.asked == []


def test_a_ring_keeps_no_ketenids(register: Register, who: Who) -> None:
    """
    Deriving them is free.
    """
    ring = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    released(who(ring), [row(0)])
    assert register.counts()["ketenid"] == 0


def test_other_processes_write_while_a_service_is_asked(
    who: Who, tmp_path: Path
) -> None:
    """
    A batch may take minutes: the register is not held for so long.
    """
    service = Service()
    source = bron(service)
    written = []

    def slow(hpgns: Sequence[HPgn]) -> Any:  # noqa: ANN401  # as the source
        with Register.open(tmp_path / "reg", sleutelbos=our.RING) as other:
            made = our.stam(our.bsn(5))
            written.append(
                other.add("las", "k5", made, gegevens=SEM, on=our.TODAY).grond
            )
        return Dienstbron.stams(source, hpgns)

    class Slow:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the source
            return slow if name == "stams" else getattr(source, name)

    (made,) = released(who(Slow()), [row(0)])
    assert isinstance(made, KetenID)
    assert written == [OpnameUitkomst.NIEUW]


def test_what_a_service_refuses_is_refused_and_asked_again(
    register: Register, who: Who, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A refusal is kept of nobody: that the service mends it may be the reason to go on.
    """
    service = Service()

    def refuses(_: Stampseudoniem, **__: object) -> KetenID:
        raise fault(FaultReden.INVALID_HPGN)

    with monkeypatch.context() as patched:
        patched.setattr(service, "ketenid", refuses, raising=False)
        (found,) = released(who(bron(service)), [row(0)])
    assert found == Weigering(0, 1, None, RijReden.SERVICE)
    assert register.counts()["ketenid"] == 0
    (found,) = released(who(bron(service)), [row(0)])
    assert isinstance(found, KetenID)


# Replaced numbers.


def test_a_service_is_sent_the_number_itself(who: Who, register: Register) -> None:
    """
    It knows what the number replaced: sending the old one would be refused.
    """
    service = Service()
    (old,) = released(who(bron(service)), [row(0)])
    service.real.replace(old=hpgn(0), new=hpgn(1), on=SPRING.replace(year=2026))
    substitute(register, Substitution(hpgn(0), hpgn(1), our.TODAY))
    found = who(bron(service), recheck=True)
    assert released(found, [row(1, key="k0")]) == [old]
    assert released(found, [row(0)]) == [Weigering(0, 1, None, LinkReden.SUBSTITUTED)]
    # A ring derives the number from the old one, as before.
    ring = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    assert who(ring).origin(hpgn(1), on=our.TODAY) == hpgn(0)
    assert found.origin(hpgn(1), on=our.TODAY) == hpgn(1)


def test_a_file_of_substitutions_refuses_the_old_number_too(hasher: Hasher) -> None:
    """
    And sends the new one as it is.
    """
    service = Service()
    subs = Substitutions([Substitution(hpgn(0), hpgn(1), our.TODAY)])
    found = Herkenning(bron=bron(service), hasher=hasher, substitutions=subs)
    made, gone = released_plain(found, [row(1), row(0)])
    assert made == service.real.ketenid(
        service.real.stampseudoniem(hpgn(1)), keten=LEERMIDDELENKETEN, sector=Sector.PO
    )
    assert gone == Weigering(0, 1, None, LinkReden.SUBSTITUTED)
    assert service.asked[0] == ("stampseudoniem", 1)


def released_plain(found: Herkenning, rows: Sequence[Rij]) -> list[Any]:
    """
    Return what a list gives where nothing is noted.
    """
    got = release_list(rows, who=found, to=to(organisatie=None, ontvanger=our.A.soort))
    return [g.released["eckid"] if isinstance(g, Vrijgave) else g for g in got]


def test_where_register_and_service_differ_it_is_said(
    who: Who, register: Register
) -> None:
    """
    The register says that a number replaced another, and the service does not.
    """
    service = Service()
    released(who(bron(service)), [row(0), row(4)])
    substitute(register, Substitution(hpgn(0), hpgn(1), our.TODAY))
    found = who(bron(service), recheck=True)
    differs = row(1, key="k0")
    assert released(found, [differs]) == [differs.refused(RijReden.NOT_REPLACED)]
    # A number that replaced nothing is another number, as it was.
    other = row(5, key="k4")
    assert released(found, [other]) == [other.refused(RijReden.OTHER_NUMBER)]
    assert isinstance(released(who(bron(service)), [row(4)])[0], KetenID)


def test_a_substitution_of_who_only_the_service_knows_is_the_persons(
    who: Who, register: Register
) -> None:
    """
    With what the service made of the old number it is found, and forgotten with it.
    """
    service = Service()
    released(who(bron(service)), [row(0)])
    one = Substitution(hpgn(0), hpgn(1), our.TODAY)
    stams = {one.oud: service.real.stampseudoniem(one.oud)}
    register.add_substitutions([one], stams=stams)
    kinds = [fact["feit"] for fact in register.inzage("las", "k0")]
    assert Feit.SUBSTITUTIE.value in kinds
    register.forget("las", "k0")
    assert register.substitutions() == []
    # The service may have made nothing that the register knows.
    register.add_substitutions([one], stams=stams)
    assert register.substitutions() == [one]


def test_the_keeper_that_keeps_nothing_keeps_no_ketenid(hasher: Hasher) -> None:
    """
    Without a register each release asks.
    """
    service = Service()
    found = Herkenning(bron=bron(service), hasher=hasher)
    first = released_plain(found, [row(0)])
    assert released_plain(replace(found), [row(0)]) == first
    assert service.asked == [("stampseudoniem", 1), ("ketenid", 1)] * 2


# Columns and long runs.


def test_a_run_over_a_list_takes_a_service(hasher: Hasher, tmp_path: Path) -> None:
    """
    It goes by batches, and the ring of the journal seals what was hashed.
    """
    rows = [f"{our.number(n)};k{n};Sem" for n in range(5)]
    text = "\n".join(["BSN;LAS-key;Roepnaam", *rows])
    (tmp_path / "list.csv").write_text(f"{text}\n")
    service, out = Service(), tmp_path / "u.csv"
    path = aanvragen_of(out)
    with aanvragen_at(path, sleutelbos=our.RING) as aanvragen:
        source = bron(service, aanvragen=aanvragen)
        found = Herkenning(bron=source, hasher=hasher)
        bestemming = to(organisatie=None, ontvanger=our.A.soort)
        made = run(tmp_path / "list.csv", out, who=found, to=bestemming)
        kept = run(tmp_path / "list.csv", tmp_path / "h.csv", who=found)
    assert (made.report.rows_out, made.files.main.name) == (5, "u.REHEARSAL.csv")
    assert (kept.report.rows_out, kept.files.main.name) == (5, "h.csv")
    assert made.files.main.read_text().count(f"{NATIONAL}/pilot/") == 5
    assert service.asked == [("submit_stampseudoniemen", 5), ("submit_ketenids", 5)]
    assert not path.exists()
    bare = Herkenning(bron=bron(service), hasher=hasher)
    with pytest.raises(TypeError, match=r"^ring: expected Sleutelbos, got NoneType$"):
        run(tmp_path / "list.csv", tmp_path / "v.csv", who=bare)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_column_takes_a_service(batch: int) -> None:
    """
    It is asked by its batches; a null stays a null, and a refusal has its reason.
    """
    service = Service()
    blocked = hpgn(3)
    service.real.replace(old=blocked, new=hpgn(4))
    values = [hpgn(0), None, hpgn(1), blocked, hpgn(2)]
    wanted = [
        None
        if value is None or value is blocked
        else service.real.ketenid(
            service.real.stampseudoniem(value),
            keten=LEERMIDDELENKETEN,
            sector=Sector.PO,
        ).uri
        for value in values
    ]
    source = bron(service, batch=batch)
    made = derive_column(Kolom(values), bron=source)
    assert made.column.to_pylist() == wanted
    reden = LinkReden.SUBSTITUTED if batch == 1 else RijReden.SERVICE
    assert made.refused.to_pylist() == [
        {"row": 3, "attribuut": None, "reason": reden.value, "meaning": reden.en}
    ]
    stams = [None, service.real.stampseudoniem(hpgn(0))]
    for column, uris in ((stams, [None, wanted[0]]), ([None], [None])):
        all_made = derive_column(Kolom(column), bron=source)
        assert all_made.column.to_pylist() == uris
        assert all_made.refused == made.refused.slice(0, 0)
    assert max(many for _, many in service.asked) <= batch
    with pytest.raises(PseudonymError, match="expected the namespace of the source"):
        derive_column(Kolom([our.stam(our.bsn(0))]), bron=source)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_table_of_sealed_numbers_takes_a_service(
    hasher: Hasher, tmp_path: Path, batch: int
) -> None:
    """
    It is asked by its batches; what it refuses is a refused row, with its reason.

    A double is found, and nobody is asked about a person with another identifier.
    """
    service = Service()
    service.real.replace(old=hpgn(3), new=hpgn(9))
    going = [0, 1, 3, 2, 0, 4]
    keys = [f"k{n}" for n in range(len(going))]
    sealed = [
        our.RING.seal(hpgn(n), about=about(key))
        for n, key in zip(going, keys, strict=True)
    ]
    other = len(going) - 1
    table = pa.table(
        {
            "key": keys,
            SEALED: sealed,
            "roepnaam": ["Sem", "Noor", "Finn", "Emma", "Sem", "Daan"],
            "edu_id": [*([None] * other), "c0ffee-een"],
            "ander_id_reden": [*([None] * other), "symbiose"],
            "ander_id_tot": [*([None] * other), "2999-07-31"],
        }
    )
    with aanvragen_at(tmp_path / "a.batches", sleutelbos=our.RING) as kept:
        source = bron(service, batch=batch, aanvragen=kept)
        found = Herkenning(bron=source, hasher=hasher)
        to_one = to(organisatie=None, ontvanger=our.A.soort)
        made = release_table(table, who=found, to=to_one)
    where: Any = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
    uris = [
        service.real.ketenid(service.real.stampseudoniem(hpgn(n)), **where).uri
        for n in (0, 1, 2)
    ]
    assert [one for one in made.table["eckid"].to_pylist() if one] == uris
    why = dict(
        zip(
            made.refused["row"].to_pylist(),
            made.refused["reason"].to_pylist(),
            strict=True,
        )
    )
    assert why[4] == RijReden.DUPLICATE.value
    refused = LinkReden.SUBSTITUTED if batch == 1 else RijReden.SERVICE
    assert why[2] == refused.value
    assert made.table.num_rows + len(why) == len(going)
    assert max(many for _, many in service.asked) <= batch
    asked = (many for name, many in service.asked if "stamp" in name)
    # Five by ketenID: in a batch of all, each number once.
    assert sum(asked) == (4 if batch == 100 else 5)


def test_a_table_of_sealed_numbers_needs_the_ring_that_sealed_it(
    hasher: Hasher,
) -> None:
    """
    A service has that of its journal; without one nothing is read.
    """
    table = pa.table({"key": ["k1"], SEALED: [b"x"]})
    found = Herkenning(bron=bron(Service()), hasher=hasher)
    with pytest.raises(TypeError, match=r"^ring: expected Sleutelbos, got NoneType$"):
        release_table(table, who=found, to=to(organisatie=None, ontvanger=our.A.soort))
