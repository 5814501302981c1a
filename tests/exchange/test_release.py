"""
From rows to releases, sealed HPgns and ketenIDs: one row in, one out.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import parties as our
import pytest
import roads
from damage import (
    KINDS,
    Expected,
    damaged,
    damaged_text,
    growth,
    listed,
    sound,
    written,
)
from strategies import NAMESPACE, PUBLISHED_SALT, RING
from written import plain

from eckid import (
    LEERMIDDELENKETEN,
    Bestemming,
    BoundaryError,
    Doel,
    ExchangeError,
    Hasher,
    HPgn,
    KetenID,
    Reden,
    Scheme,
    SecretError,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Vrijgave,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    parse_pgn,
    scheme,
)
from eckid.exchange import (
    Afgeleid,
    Bewaard,
    Herkenning,
    Report,
    Rij,
    RijReden,
    Ringbron,
    Roster,
    Verzegeld,
    Weigering,
    as_rows,
    derive_list,
    files_of,
    hash_list,
    look,
    release_list,
    write_results,
)
from eckid.exchange.formats.parquet import SEALED
from eckid.scheme import CHEAPEST, Argon2idCost

SMALL = (
    "BSN;Voornaam;Achternaam;Klas;LAS-key\n"
    "111222333;Jan;Vries;3a;k1\n"
    "063138218;Piet;Bos;3a;k2\n"
    "63138219;Zoë;Bos;3b;k3\n"
)


def _released(
    source: Iterable[Rij | Weigering],
    *,
    who: Herkenning | None = None,
    to: Bestemming | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Vrijgave | Weigering]:
    return release_list(
        source, who=who or roads.who(), to=to or roads.to(), progress=progress
    )


def _stam(number: str) -> Stampseudoniem:
    hpgn = hash_pgn(parse_pgn(number), salt=PUBLISHED_SALT, scheme=CHEAPEST)
    return derive_stampseudoniem(hpgn, sleutelbos=RING)


def _ketenid(number: str) -> KetenID:
    keten, sector = LEERMIDDELENKETEN, Sector.PO
    stam = _stam(number)
    return derive_ketenid(stam, keten=keten, sector=sector, sleutelbos=RING)


def _agrees(found: Vrijgave | Weigering, want: Expected) -> bool:
    if isinstance(found, Weigering):
        return (
            found == Weigering(want.record, want.line, want.column, want.reden)
            if want.reden
            else False
        )
    return want.reden is None and found.released["eckid"] == _ketenid(want.number)


@pytest.mark.parametrize("rows", [2_000, pytest.param(20_000, marks=pytest.mark.long)])
def test_every_row_of_a_damaged_list_is_released_or_refused(rows: int) -> None:
    """
    No row is lost: each comes out, in order, rightly.

    A refusal has its record, line, column and reason, a release the ketenID
    that its number has by itself.
    """
    text, expected = damaged(rows)
    assert {e.kind for e in expected} == set(KINDS)
    found = list(_released(listed(text)))
    assert len(found) == rows
    wrong = [
        want.kind
        for row, want in zip(found, expected, strict=True)
        if not _agrees(row, want)
    ]
    assert wrong == []
    ketenids = [row.released["eckid"] for row in found if isinstance(row, Vrijgave)]
    assert len(set(ketenids)) == len(ketenids) > rows // 2


def _hashed(
    source: Iterable[Rij | Weigering], scheme: Scheme = CHEAPEST
) -> Iterator[Verzegeld | Weigering]:
    return hash_list(source, sleutelbos=RING, hasher=roads.hasher(scheme=scheme))


def _exhaust(path: Path) -> int:
    return sum(1 for _ in _released(Roster(look(path))))


def _hash_all(path: Path) -> int:
    return sum(1 for _ in _hashed(Roster(look(path))))


@pytest.mark.parametrize(
    ("made", "exhaust", "most"),
    [
        (damaged_text, _exhaust, 2_500),
        (sound, _hash_all, 2_800),
        pytest.param(damaged_text, _exhaust, 20_000, marks=pytest.mark.long),
        pytest.param(sound, _hash_all, 22_000, marks=pytest.mark.long),
    ],
)
def test_a_run_holds_at_most_200_bytes_a_row(
    tmp_path: Path,
    made: Callable[[int], str],
    exhaust: Callable[[Path], int],
    most: int,
) -> None:
    """
    From file to release or sealed HPgn, memory grows by at most 200 bytes a row.
    """
    assert growth(exhaust, written(tmp_path, made, (500, most))) <= 200


def test_a_release_holds_what_the_policy_lets_through() -> None:
    """
    A row that goes on is split as the policy says, under its ketenID.
    """
    first, second, third = _released(listed(SMALL))
    assert isinstance(first, Vrijgave)
    assert first.released == {
        "eckid": _ketenid("111222333"),
        "roepnaam": "Jan",
        "achternaam": "Vries",
    }
    assert first.withheld == {
        "bsn": Reden.PGN,
        "groep": Reden.NOT_IN_POLICY,
        "key": Reden.KETENID_EXISTS,
    }
    assert isinstance(second, Weigering)
    assert isinstance(third, Vrijgave)
    assert third.released["eckid"] == _ketenid("063138219")


def test_refusals_pass_through_in_their_place() -> None:
    """
    What reading refused comes out unchanged, between the rows around it.
    """
    rows = list(listed(SMALL))
    refused = [Weigering(n, n, None, RijReden.WIDTH) for n in range(600)]
    source = [*refused[:300], rows[0], *refused[300:], rows[2]]
    found = list(_released(source))
    assert found[:300] == refused[:300]
    assert found[301:601] == refused[300:]
    assert [isinstance(row, Vrijgave) for row in (found[300], found[601])] == [True] * 2


def test_no_rows_give_no_releases() -> None:
    """
    An empty list is a list, and none of its rows is anything.
    """
    assert list(_released([])) == []


def test_who_is_known_is_not_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `known` is asked for each row once, and saves the hash where it answers.
    """
    hashed: list[str] = []
    asked: list[int] = []

    each = Hasher.each

    def spy(hasher: Hasher, pgns: Iterable[Any]) -> Iterator[HPgn]:
        pgns = list(pgns)
        hashed.extend(pgn.expose() for pgn in pgns)
        return each(hasher, pgns)

    class Knows(Bewaard):
        def known(self, rij: Rij) -> Stampseudoniem | None:
            asked.append(rij.record)
            # Another person's, so that it shows whose was taken.
            return _stam("498839436") if rij.record == 1 else None

    monkeypatch.setattr(Hasher, "each", spy)
    first, _, third = _released(listed(SMALL), who=roads.who(bewaard=Knows()))
    assert isinstance(first, Vrijgave)
    assert isinstance(third, Vrijgave)
    assert first.released["eckid"] == _ketenid("498839436")
    assert third.released["eckid"] == _ketenid("063138219")
    assert asked == [1, 3]
    assert hashed == ["063138219"]


def test_progress_counts_every_row() -> None:
    """
    Refused rows are done too; the count rises by one, before the row comes out.
    """
    seen: list[int] = []
    for n, _ in enumerate(_released(listed(SMALL), progress=seen.append), 1):
        assert seen == list(range(1, n + 1))
    assert seen == [1, 2, 3]


@pytest.mark.parametrize(
    "shown",
    [
        "063138219",
        "63138219",
        "0631.38.219",
        "063 138 219",
        "63-138-219",
        "Jan (063138219)",
        "63138219.0",
        "6.3138219E+07",
        "x63138219x",
    ],
)
@pytest.mark.parametrize("heading", ["Voornaam", "Tussenvoegsel", "Achternaam"])
def test_a_row_that_would_release_its_own_number_is_refused(
    heading: str, shown: str
) -> None:
    """
    A column that was filled with the number by mistake releases nothing.
    """
    text = f"BSN;{heading};Klas\n063138219;{shown};3a\n111222333;Jan;3a\n"
    first, second = _released(listed(text))
    assert first == Weigering(1, 2, None, RijReden.PGN_IN_ATTRIBUUT)
    assert isinstance(second, Vrijgave)


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ("123456782;3a;symbiose;31-07-2027", True),
        ("pupil 111222333;3a;symbiose;31-07-2027", True),
        ("k1;123456782;symbiose;31-07-2027", False),
        ("k1;111222333;symbiose;31-07-2027", True),
        ("111222333;3a;;", False),
    ],
    ids=[
        "the number of another",
        "its own, with text",
        "a group of nine digits",
        "its own as group",
        "with a ketenID",
    ],
)
def test_another_identifier_that_goes_is_nobodys_number(
    cells: str, *, refused: bool
) -> None:
    """
    Only without a ketenID does it go; a group may be digits that happen to be valid.
    """
    text = "BSN;Leerlingnummer;Groep;Ander_id_reden;Ander_id_tot\n"
    rows = listed(f"{text}111222333;{cells}\n")
    (row,) = _released(rows, to=roads.to(on=our.TODAY))
    shown = Weigering(1, 2, None, RijReden.PGN_IN_ATTRIBUUT)
    assert (row == shown) is refused
    assert refused or isinstance(row, Vrijgave)


def test_a_name_that_shows_the_number_of_another_is_refused() -> None:
    """
    Eight digits in a name may be the number of anyone; in a group they may be a group.
    """
    for cells, refused in (("Jan 123456782;3a", True), ("Jan;123456782", False)):
        (row,) = _released(listed(f"BSN;Voornaam;Klas\n111222333;{cells}\n"))
        assert (row == Weigering(1, 2, None, RijReden.PGN_IN_ATTRIBUUT)) is refused


def test_an_employee_is_released_and_not_shown() -> None:
    """
    An employee goes by BRIN and address, which are then in no other cell.
    """
    number = "20DP teacher@school.com"
    text = f"PGN;Voornaam\n{number};Jan\n"
    (first,) = _released(listed(text))
    assert isinstance(first, Vrijgave)
    assert first.released["eckid"] == _ketenid(number)
    (refused,) = _released(listed(text.replace("Jan", f"({number.upper()})")))
    assert refused == Weigering(1, 2, None, RijReden.PGN_IN_ATTRIBUUT)


def test_a_rol_without_rules_gets_nothing() -> None:
    """
    Until roles have rules, naming one withholds every attribute.
    """
    for row in _released(listed(SMALL), to=roads.to(rol="LRK")):
        if isinstance(row, Vrijgave):
            assert row.released == {}
            assert row.columns == ()
            assert set(row.withheld.values()) == {Reden.PGN, Reden.ROL_UNDECIDED}


def test_a_doel_and_a_day_are_handed_to_the_policy() -> None:
    """
    The age goes along for tests with norms by age, and no other doel.

    Days are read as Dutch lists write them too.
    """
    text = "BSN;Geboortedatum\n111222333;13-02-2015\n"
    for doel in Doel:
        to = roads.to(doel=doel, on=our.TODAY, toetsdag=date(2026, 9, 1))
        (row,) = _released(listed(text), to=to)
        assert isinstance(row, Vrijgave)
        normed = doel is Doel.GENORMEERDE_TOETS
        age = {"leeftijd_in_maanden": "139", "leeftijd_in_maanden_op": "2026-09-01"}
        assert dict(row.released).items() >= (age if normed else {}).items()
        assert normed or not age.keys() & row.released.keys()
        assert "geboortedatum" not in row.released


def _without_keten() -> Herkenning:
    return Herkenning(bron=Ringbron(RING), hasher=roads.hasher())


def _nobody(**other: Any) -> object:  # noqa: ANN401  # any argument
    return release_list([], **{"who": roads.who(), "to": roads.to(), **other})


@pytest.mark.parametrize(
    ("call", "argument", "value", "error"),
    [
        (roads.who, "sector", Sector.HO, BoundaryError),
        (roads.who, "sector", "po", TypeError),
        (roads.who, "keten", LEERMIDDELENKETEN.id, TypeError),
        (Ringbron, "sleutelbos", PUBLISHED_SALT, TypeError),
        (roads.to, "doel", "gebruik", TypeError),
        (roads.to, "ontvanger", "uitgever", TypeError),
        (roads.to, "rol", 5, TypeError),
        (roads.to, "on", "2026-09-01", TypeError),
        (_nobody, "to", "edu-k", TypeError),
        (_nobody, "who", _without_keten(), TypeError),
    ],
)
def test_a_wrong_argument_is_refused_at_the_call(
    call: Callable[..., object], argument: str, value: object, error: type[Exception]
) -> None:
    """
    A mistake shows before the first row, not after an hour of hashing.
    """
    with pytest.raises(error):
        call(**{argument: value})


class _Watched:
    """
    Rows that say how many of them were taken, and whether they were let go.
    """

    def __init__(self, rows: list[Rij | Weigering]) -> None:
        self._rows = rows
        self.taken = 0
        self.let_go = False

    def __iter__(self) -> Iterator[Rij | Weigering]:
        try:
            for row in self._rows:
                self.taken += 1
                yield row
        finally:
            self.let_go = True


@pytest.mark.parametrize(("workers", "held"), [(1, 256), (4, 256), (16, 1024)])
def test_many_workers_have_enough_to_do(workers: int, held: int) -> None:
    """
    Rows are taken in some at a time: 256, and on a large machine 64 for each worker.
    """
    text, _ = damaged(2_000)
    watched = _Watched(list(listed(text)))
    results: Any = _released(watched, who=roads.who(workers=workers))
    next(results)
    assert watched.taken == held
    results.close()


def test_closing_early_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Nothing more is read or hashed once the results are closed.
    """
    made: list[object] = []

    each = Hasher.each

    def spy(hasher: Hasher, pgns: Iterable[Any]) -> Iterator[HPgn]:
        for hpgn in each(hasher, pgns):
            made.append(hpgn)
            yield hpgn

    monkeypatch.setattr(Hasher, "each", spy)
    text, _ = damaged(2_000)
    watched = _Watched(list(listed(text)))
    results: Any = _released(watched)
    while not isinstance(next(results), Vrijgave):
        pass
    results.close()
    assert watched.let_go
    assert watched.taken < 1_000
    assert len(made) == 1
    assert list(results) == []


def test_an_error_of_the_source_comes_out_as_it_is() -> None:
    """
    What fails while reading is no row, and is not turned into one.
    """

    def broken() -> Iterator[Rij | Weigering]:
        yield from listed(SMALL)
        raise ExchangeError("the file was changed", line=5)

    with pytest.raises(ExchangeError) as caught:
        list(_released(broken()))
    assert caught.value.line == 5


@pytest.fixture
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    # A list of sealed HPgns is never of CHEAPEST, so another scheme costs less.
    cost = Argon2idCost(m=8, t=1, p=1)
    monkeypatch.setitem(scheme._COST, Scheme.ARGON2ID, cost)


def _sealed_file(path: Path, text: str, which: Scheme = Scheme.ARGON2ID) -> str:
    """
    Return the file that `hash_list` makes of a list.
    """
    report = Report({})
    write_results(
        _hashed(report.reading(listed(text)), which),
        files_of(path, rehearsal=False),
        draw=as_rows(Path("uit.csv"), ("key", SEALED), lambda v: (v.key, v.sealed)),
        report=report,
        replace=True,
    )
    return plain(path)


def _derived(
    path: Path, sleutelbos: Sleutelbos = RING, release: str | None = None
) -> list[Afgeleid | Weigering]:
    table = look(path)
    who = roads.who(sleutelbos, release=release)
    found = derive_list(table, columns=table.columns, who=who, sleutelbos=sleutelbos)
    return list(found)


@pytest.mark.usefixtures("_cheap")
def test_sealed_hpgns_lead_to_the_same_ketenids(tmp_path: Path) -> None:
    """
    Hashing now and deriving later, through a file, gives what one run gives.
    """
    path = tmp_path / "sealed.csv"
    written = _sealed_file(path, SMALL)
    assert "111222333" not in written
    found = _derived(path)
    once = _released(listed(SMALL), who=roads.who(scheme=Scheme.ARGON2ID))
    ketenids = [row.released["eckid"] for row in once if isinstance(row, Vrijgave)]
    assert [(row.key, row.ketenid) for row in found if isinstance(row, Afgeleid)] == [
        *zip(("k1", "k3"), ketenids, strict=True)
    ]
    # Sealing draws anew, so that two files say nothing about each other.
    assert _sealed_file(path, SMALL) != written
    assert _derived(path) == found


@pytest.mark.usefixtures("_cheap")
def test_an_old_release_can_be_derived_by_name(tmp_path: Path) -> None:
    """
    The sealed HPgns outlive a rotation: each release has its own ketenIDs.
    """
    path = tmp_path / "sealed.csv"
    _sealed_file(path, SMALL)
    rotated = RING.rotate("2027")
    newest = _derived(path, sleutelbos=rotated)
    assert newest != _derived(path)
    assert newest == _derived(path, sleutelbos=rotated, release="2027")
    assert _derived(path, sleutelbos=rotated, release="2026") == _derived(path)
    with pytest.raises(SecretError):
        _derived(path, release="2027")


def _flipped(digit: str) -> str:
    return f"{int(digit, 16) ^ 1:x}"


@pytest.mark.usefixtures("_cheap")
def test_a_cell_that_was_moved_or_changed_does_not_open(tmp_path: Path) -> None:
    """
    What this ring did not seal for this person key is refused with SEAL.
    """
    path = tmp_path / "sealed.csv"
    head, first, second = _sealed_file(path, SMALL).split()
    (one, sealed), (two, other) = first.split(";"), second.split(";")
    assert (one, two) == ("k1", "k3")
    rows = [
        f"k1;{other}",
        f"k3;{sealed}",
        f"K1;{sealed}",
        f"k1;{_flipped(sealed[0])}{sealed[1:]}",
        f"k1;{sealed[:-1]}{_flipped(sealed[-1])}",
        f"k1;{sealed[:-2]}",
        f"k1;{sealed}00",
        "k1;",
        "k1;geen",
        "k1;" + "00" * 8,
        f"k1;{RING.seal(_stam('111222333'), about='hpgn k1').hex()}",
    ]
    path.write_text("\n".join([head, *rows]), "utf-8")
    assert _derived(path) == [
        Weigering(n, n + 1, None, RijReden.SEAL) for n in range(1, len(rows) + 1)
    ]
    path.write_text(f"{head}\n{first}\n{second}\n", "utf-8")
    stranger = Sleutelbos.generate(release="2026", salt=PUBLISHED_SALT)
    assert _derived(path, sleutelbos=stranger) == [
        Weigering(n, n + 1, None, RijReden.SEAL) for n in (1, 2)
    ]
    assert [type(row) for row in _derived(path)] == [Afgeleid, Afgeleid]


@pytest.mark.usefixtures("_cheap")
def test_a_row_without_a_key_is_refused(tmp_path: Path) -> None:
    """
    Without the administration's key a result could be kept under nobody.
    """
    path = tmp_path / "sealed.csv"
    head, first, _ = _sealed_file(path, SMALL).split()
    path.write_text(f"{head}\n{first.replace('k1', '')}\n", "utf-8")
    assert _derived(path) == [Weigering(1, 2, None, RijReden.KEY)]
    text = "BSN;LAS-key;Leerlingnummer\n111222333;;\n123456782;;7\n063138219;k3;8\n"
    found = list(_hashed(listed(text)))
    assert found[0] == Weigering(1, 2, None, RijReden.KEY)
    assert [row.key for row in found[1:] if isinstance(row, Verzegeld)] == ["7", "k3"]


def test_two_rows_of_one_key_are_not_both_hashed() -> None:
    """
    A key is one person's: the second row that has it is refused.
    """
    text = "BSN;LAS-key\n111222333;k1\n123456782;k1\n063138219;k2\n"
    first, second, third = _hashed(listed(text))
    assert isinstance(first, Verzegeld)
    assert second == Weigering(2, 3, None, RijReden.KEY_TWICE)
    assert isinstance(third, Verzegeld)
    opened = RING.unseal(third.sealed, about="hpgn k2")
    pgn = parse_pgn("063138219")
    assert opened == hash_pgn(pgn, salt=RING.salt, scheme=CHEAPEST)


def test_a_file_cannot_select_the_scheme_of_the_tests(tmp_path: Path) -> None:
    """
    HPgns of CHEAPEST, though sealed by the ring itself, are not derived from.
    """
    path = tmp_path / "sealed.csv"
    _sealed_file(path, SMALL, CHEAPEST)
    assert _derived(path) == [Weigering(n, n + 1, None, RijReden.SEAL) for n in (1, 2)]


def test_refusals_pass_through_the_other_lists_too() -> None:
    """
    `hash_list` and `derive_list` lose no row and change no refusal.
    """
    refused = [Weigering(n, n, 1, RijReden.QUOTE) for n in range(3)]
    assert list(_hashed(refused)) == refused
    columns, who = ("key", SEALED), roads.who()
    derived = derive_list(refused, columns=columns, who=who, sleutelbos=RING)
    assert list(derived) == refused


@pytest.mark.parametrize("columns", [(), ("key",), (SEALED,), ("bsn", SEALED)])
def test_a_list_to_derive_has_both_its_columns(columns: tuple[str, ...]) -> None:
    """
    A file of another form is refused as a whole, at the call.
    """
    with pytest.raises(ExchangeError):
        derive_list([], columns=columns, who=roads.who(), sleutelbos=RING)


def test_the_other_lists_refuse_wrong_arguments_at_the_call() -> None:
    """
    As for `release_list`: a mistake shows before the first row.
    """
    wrong: Any = PUBLISHED_SALT
    columns = ("key", SEALED)
    with pytest.raises(TypeError):
        hash_list([], sleutelbos=wrong, hasher=roads.hasher())
    with pytest.raises(TypeError):
        hash_list([], sleutelbos=RING, hasher=wrong)
    with pytest.raises(TypeError):
        derive_list([], columns=columns, who=wrong, sleutelbos=RING)
    with pytest.raises(TypeError):
        derive_list([], columns=columns, who=roads.who(), sleutelbos=wrong)
    with pytest.raises(SecretError):
        roads.who(release="2031")


def test_what_stands_between_steps_shows_nothing() -> None:
    """
    Neither key, seal nor ketenID is in the repr of a result.
    """
    rows = listed("BSN;LAS-key\n111222333;sleutel-1\n")
    (sealed,) = _hashed(rows)
    assert isinstance(sealed, Verzegeld)
    assert repr(sealed) == f"<Verzegeld {len(sealed.sealed)} bytes>"
    derived = Afgeleid("sleutel-1", _ketenid("111222333"))
    assert "sleutel-1" not in repr(derived)
    assert derived.ketenid.hex[:100] not in repr(derived)
    assert derived.ketenid.uri.startswith(f"{NAMESPACE}/2026/")


def test_what_a_misfit_answers_is_checked() -> None:
    """
    A misfit that gives neither a name nor None is a TypeError without its answer.
    """
    answer: Any = b"Sem"
    row = Rij(1, 1, parse_pgn("111222333"), "bsn", {"roepnaam": "Sem"})
    to = roads.to()
    rows = release_list([row], who=roads.who(), to=to, misfit=lambda _: answer)
    with pytest.raises(TypeError) as caught:
        list(rows)
    assert "Sem" not in str(caught.value)
