"""
Rows in are rows out and rows refused, and each refusal has its reason: on every road.

Each public function that takes rows, and asks a source about them, is given seven rows
of which the source refuses some. The functions are found by their types: a new one is
walked too, or says why not.
"""

import csv
import inspect
import json
from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple, get_args, get_origin

import parties as our
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import roads
from leaking import leaks, listed
from leaks.tables import public

from eckid import (
    LEERMIDDELENKETEN,
    Bestemming,
    Hasher,
    HPgn,
    KetenID,
    Register,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    hash_pgn,
    parse_pgn,
)
from eckid.errors import FaultReden
from eckid.exchange import (
    SEALED,
    Administratie,
    Doorgifte,
    Herkenning,
    Rij,
    RijReden,
    Ringbron,
    Run,
    Shape,
    SubstitutionFile,
    Weigering,
    add_list,
    derive_list,
    derive_to,
    look,
    release_list,
    release_to,
)
from eckid.exchange.formats.parquet import Parquet
from eckid.exchange.lists.bron import Bron
from eckid.exchange.rows import REDENEN, about
from eckid.pgn import BSN
from eckid.scale import (
    Kolom,
    Ringbestand,
    batches,
    derive_batches,
    derive_column,
    hash_batches,
    release_sealed_to,
    release_table,
    run,
    spark,
)
from eckid.scale.batches import release_batches
from eckid.scheme import CHEAPEST
from eckid.service import (
    Batch,
    Dienstbron,
    Grenzen,
    LocalNummervoorziening,
    Nummervoorziening,
    Uitslag,
    aanvragen_at,
    replace_each,
)
from eckid.service.faults import fault

# Every scheme keeps its name here, and costs next to nothing.
pytestmark = pytest.mark.usefixtures("cheap")

PILOT: Final = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
STRANGER: Final = Sleutelbos.generate(release="2026")
WHERE: Final[dict[str, Any]] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
ROWS: Final = range(7)
# The row that the source refuses at once, and the one that it refuses a ketenID.
EARLY, LATER = 2, 4
SERVICE: Final = RijReden.SERVICE.value
BOTH: Final = {EARLY: SERVICE, LATER: SERVICE}
FIRST: Final = {EARLY: SERVICE}
SECOND: Final = {LATER: SERVICE}


def key(n: int) -> str:
    """
    Return the person key of the nth row.
    """
    return f"las-sleutel-{n}"


def name(n: int) -> str:
    """
    Return the first name of the nth row, which stands in no other name.
    """
    return f"Jannemieke{'abcdefg'[n]}"


def hpgn(n: int) -> HPgn:
    """
    Return the HPgn of the nth number.
    """
    return hash_pgn(parse_pgn(our.number(n)), salt=our.RING.salt)


class Refusing:
    """
    A service that refuses two persons: one at once, another a ketenID.
    """

    def __init__(self) -> None:
        self.real = LocalNummervoorziening(PILOT)
        self._early, self._later = hpgn(EARLY), self.real.stampseudoniem(hpgn(LATER))
        self._refused: dict[str, frozenset[int]] = {}

    def __getattr__(self, own: str) -> Any:  # noqa: ANN401  # as the real one has it
        return getattr(self.real, own)

    def _check(self, asked: HPgn | Stampseudoniem) -> None:
        if asked in {self._early, self._later}:
            raise fault(FaultReden.INVALID_HPGN)

    def stampseudoniem(self, hpgn: HPgn) -> Stampseudoniem:
        """
        Answer, or refuse.
        """
        self._check(hpgn)
        return self.real.stampseudoniem(hpgn)

    def ketenid(self, stam: Stampseudoniem, **where: Any) -> KetenID:  # noqa: ANN401
        """
        Answer, or refuse.
        """
        self._check(stam)
        return self.real.ketenid(stam, **where)

    def _noted(self, batch: Batch, asked: Mapping[int, object]) -> Batch:
        refused = (n for n, one in asked.items() if one in {self._early, self._later})
        self._refused[batch.identifier] = frozenset(refused)
        return batch

    def submit_stampseudoniemen(self, hpgns: Mapping[int, HPgn]) -> Batch:
        """
        Take a batch in.
        """
        return self._noted(self.real.submit_stampseudoniemen(hpgns), hpgns)

    def submit_ketenids(
        self,
        stams: Mapping[int, Stampseudoniem],
        **where: Any,  # noqa: ANN401
    ) -> Batch:
        """
        Take a batch in.
        """
        return self._noted(self.real.submit_ketenids(stams, **where), stams)

    def retrieve(self, batch: Batch) -> Uitslag:
        """
        Answer a batch but for whom it refuses.
        """
        refused = self._refused[batch.identifier]
        made = self.real.retrieve(batch).made
        kept = {n: one for n, one in made.items() if n not in refused}
        return Uitslag(kept, refused)


@dataclass
class Case:
    """
    The seven rows, who they are by a service that refuses two, and a folder.
    """

    folder: Path
    bron: Dienstbron
    who: Herkenning

    @property
    def to(self) -> Bestemming:
        """
        Where a release goes.
        """
        return roads.to(on=our.TODAY)

    @property
    def hpgns(self) -> list[HPgn]:
        """
        The HPgn of each row.
        """
        return [hpgn(n) for n in ROWS]

    @property
    def stams(self) -> list[Stampseudoniem]:
        """
        The stampseudoniem of each row, as the service made it before it refused any.
        """
        return [LocalNummervoorziening(PILOT).stampseudoniem(one) for one in self.hpgns]

    @property
    def rijen(self) -> list[Rij]:
        """
        The rows of a list.
        """
        return [
            Rij(
                n + 1,
                n + 2,
                BSN.parse(our.number(n)),
                "bsn",
                {"key": key(n), "roepnaam": name(n)},
            )
            for n in ROWS
        ]

    @property
    def gehasht(self) -> list[tuple[Rij, HPgn]]:
        """
        The rows of a list, hashed.
        """
        return list(zip(self.rijen, self.hpgns, strict=True))

    def csv(self) -> Path:
        """
        Write the rows as a list, and return its file.
        """
        path = self.folder / "list.csv"
        rows = [f"{our.number(n)};{key(n)};{name(n)}" for n in ROWS]
        path.write_text("\n".join(["BSN;LAS-key;Roepnaam", *rows]))
        return path

    def table(self, wrong: Sequence[int] = (), scheme: Any = None) -> pa.Table:  # noqa: ANN401
        """
        Return the rows as a table of sealed HPgns; some under the ring of a stranger.
        """
        of = [
            hpgn(n) if scheme is None else HPgn(hpgn(n).expose_octets(), scheme)
            for n in ROWS
        ]
        return pa.table(
            {
                "key": [key(n) for n in ROWS],
                SEALED: [
                    (STRANGER if n in wrong else our.RING).seal(
                        of[n], about=about(key(n))
                    )
                    for n in ROWS
                ],
                "roepnaam": [name(n) for n in ROWS],
            }
        )

    def parquet(self) -> Path:
        """
        Write the table, and return its file.
        """
        pq.write_table(self.table(), self.folder / "sealed.parquet")
        return self.folder / "sealed.parquet"

    def sealed(self) -> Any:  # noqa: ANN401  # a list that was read
        """
        Return the list that ``eckid hash`` writes.
        """
        table = self.table()
        cells = (table[SEALED].to_pylist()[n].hex() for n in ROWS)
        rows = (f"{key(n)};{cell}" for n, cell in enumerate(cells))
        return listed("\n".join([f"key;{SEALED}", *rows]))

    def ring(self) -> Ringbestand:
        """
        Return where the ring lies, for batches.
        """
        path, words = self.folder / "school.ring", "een zin die nergens staat"
        our.RING.save(path, passphrase=words)
        (self.folder / "zin").write_text(words)
        zin = self.folder / "zin"
        return Ringbestand(path=path, passphrase_file=zin, scheme=CHEAPEST, **WHERE)

    @contextmanager
    def kept(self) -> Iterator[Herkenning]:
        """
        Give who they are, beside a register.
        """
        path = self.folder / "board.reg"
        with Register.create(path, sleutelbos=our.RING) as register:
            yield replace(self.who, bewaard=Administratie(register))


class Walked(NamedTuple):
    """
    What became of the rows: the numbers of those that came out, and of the refused.
    """

    out: list[int]
    refused: list[tuple[int, str]]
    told: list[str]


def _of_list(results: Iterable[object]) -> Walked:
    # One result for each row, in order.
    found = list(results)
    gone = [one for one in found if isinstance(one, Weigering)]
    return Walked(
        [n for n, one in enumerate(found) if not isinstance(one, Weigering)],
        [(one.record - 1, one.reden.value) for one in gone],
        [repr(one) for one in gone],
    )


def _of_answers(answers: Sequence[object]) -> Walked:
    gone = [(n, one) for n, one in enumerate(answers) if isinstance(one, REDENEN)]
    return Walked(
        [n for n, one in enumerate(answers) if not isinstance(one, REDENEN)],
        [(n, one.value) for n, one in gone],
        [f"{one!r} {one.nl} {one.en}" for _, one in gone],
    )


def _of_table(made: Any, out: list[int]) -> Walked:  # noqa: ANN401  # what has refused
    rows = made.refused.to_pylist()
    told = [repr(made), str(rows)]
    return Walked(out, [(row["row"], row["reason"]) for row in rows], told)


def _of_run(made: Run) -> Walked:
    main, refused = made.files.main, made.files.refused.read_text()
    said = made.files.report.read_text()
    if main.suffix == ".parquet":
        lines = [str(row) for row in pq.read_table(main).to_pylist()]
    else:
        lines = main.read_text().splitlines()[1:]
    out = [n for line in lines for n in ROWS if name(n) in line or key(n) in line]
    counts = json.loads(said)["rows"]
    rows = list(csv.DictReader(refused.splitlines(), delimiter=";"))
    assert len(lines) == len(out) == counts["out"]
    assert (counts["in"], counts["refused"]) == (len(ROWS), len(rows))
    reasons = [(int(row["record"]) - 1, row["reason"]) for row in rows]
    return Walked(out, reasons, [refused, said, repr(made)])


def _of_batches(made: Iterable[pa.RecordBatch], column: str) -> Walked:
    rows = pa.Table.from_batches(list(made)).to_pylist()
    gone = [row for row in rows if row["reason"] is not None]
    out = [row["nr"] for row in rows if row["reason"] is None and row[column]]
    reasons = [(row["nr"], row["reason"]) for row in gone]
    # The marks tell no value, and which numbers they are is by chance.
    told = [{n: c for n, c in row.items() if not n.startswith("_")} for row in gone]
    return Walked(out, reasons, [str(told)])


def _column(case: Case, values: Sequence[Any]) -> Walked:
    made = derive_column(Kolom(values), bron=case.bron)
    uris = made.column.to_pylist()
    return _of_table(made, [n for n, uri in enumerate(uris) if uri is not None])


def _column_of_stams(case: Case) -> Walked:
    return _column(case, case.stams)


def _released_table(case: Case) -> Walked:
    made = release_table(case.table(), who=case.who, to=case.to)
    names = made.table["roepnaam"].to_pylist()
    return _of_table(made, [n for one in names for n in ROWS if one == name(n)])


def _released_sealed(case: Case) -> Walked:
    table = look(case.parquet())
    assert isinstance(table, Parquet)
    out, shape = case.folder / "u.parquet", Shape(order="list")
    how: dict[str, Any] = {"who": case.who, "to": case.to, "shape": shape}
    return _of_run(release_sealed_to(out, table, **how))


def _derived(case: Case) -> Walked:
    table = case.sealed()
    how: dict[str, Any] = {"who": case.who, "sleutelbos": our.RING}
    return _of_list(derive_list(table, columns=table.columns, **how))


def _added(case: Case) -> Walked:
    with case.kept() as who:
        found = _of_list(add_list(case.rijen, who=who, on=our.TODAY))
        assert isinstance(who.bewaard, Administratie)
        assert who.bewaard.counts == {"hashed": len(ROWS), "known": 0}
        return found


def _released_kept(case: Case) -> Walked:
    to = roads.to(organisatie=our.A, ontvanger=None, on=our.TODAY)
    with case.kept() as who:
        first = _of_list(release_list(case.rijen, who=who, to=to))
        again = _of_list(release_list(case.rijen, who=who, to=to))
    assert first == again
    return again


def _replaced(case: Case) -> Walked:
    pairs = [Substitution(hpgn(n), hpgn(100 + n), our.TODAY) for n in ROWS]
    store = SubstitutionFile(case.folder / "subs", sleutelbos=our.RING)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    found = replace_each(pairs, dienst=case.bron.dienst, store=store, now=now)
    noted = store.substitutions()
    walked = _of_answers(found)
    assert walked.out == [n for n in ROWS if pairs[n] in noted]
    return walked


def _hashed_batches(case: Case) -> Walked:
    numbers = [our.number(n) for n in ROWS]
    numbers[EARLY] = "12"
    keys = [key(n) for n in ROWS]
    keys[LATER] = " "
    columns = {"nr": list(ROWS), "bsn": numbers, "key": keys}
    batch = pa.RecordBatch.from_pydict(columns)
    made = hash_batches([batch], ring=case.ring(), row="nr", memory=2**20)
    return _of_batches(made, SEALED)


def _wrongly_sealed(case: Case) -> pa.RecordBatch:
    columns = case.table((EARLY, LATER), CHEAPEST).to_pydict()
    return pa.RecordBatch.from_pydict({"nr": list(ROWS), **columns})


def _derived_batches(case: Case) -> Walked:
    batch = _wrongly_sealed(case)
    made = derive_batches([batch], ring=case.ring(), row="nr")
    return _of_batches(made, "eckid")


def _released_batches(case: Case) -> Walked:
    how: dict[str, Any] = {"to": case.to, "row": "nr", "days": "dmy"}
    made = release_batches([_wrongly_sealed(case)], ring=case.ring(), **how)
    return _of_batches(made, "eckid")


class Road(NamedTuple):
    """
    How a function is walked, and which rows it refuses with which reasons.
    """

    walk: Callable[[Case], Walked]
    refuses: Mapping[int, str] = BOTH


SEALS: Final = dict.fromkeys((EARLY, LATER), RijReden.SEAL.value)
# By the name of the function; after a colon another way to walk it.
WALKED: Final[Mapping[str, Road]] = {
    "Dienstbron.ketenids": Road(
        lambda case: _of_answers(case.bron.ketenids(case.stams)), SECOND
    ),
    "Dienstbron.stams": Road(
        lambda case: _of_answers(case.bron.stams(case.hpgns)), FIRST
    ),
    "Herkenning.each": Road(
        lambda case: _of_list(case.who.each(case.rijen, to=case.to))
    ),
    "Herkenning.named": Road(
        lambda case: _of_list(case.who.named(case.gehasht, on=our.TODAY))
    ),
    "Herkenning.stams": Road(
        lambda case: _of_list(case.who.stams(case.gehasht, on=our.TODAY)), FIRST
    ),
    "add_list": Road(_added, FIRST),
    "derive_batches": Road(_derived_batches, SEALS),
    "derive_column": Road(lambda case: _column(case, case.hpgns)),
    "derive_column: of stampseudoniemen": Road(_column_of_stams, SECOND),
    "derive_list": Road(_derived),
    "derive_to": Road(
        lambda case: _of_run(
            derive_to(
                case.folder / "d.csv", case.sealed(), who=case.who, sleutelbos=our.RING
            )
        )
    ),
    "hash_batches": Road(_hashed_batches, {EARLY: "length", LATER: RijReden.KEY.value}),
    "release_batches": Road(_released_batches, SEALS),
    "release_list": Road(
        lambda case: _of_list(release_list(case.rijen, who=case.who, to=case.to))
    ),
    "release_list: beside a register": Road(_released_kept),
    "release_sealed_to": Road(_released_sealed),
    "release_table": Road(_released_table),
    "release_to": Road(
        lambda case: _of_run(
            release_to(case.folder / "u.csv", case.rijen, who=case.who, to=case.to)
        )
    ),
    "replace_each": Road(_replaced, FIRST),
    "run": Road(
        lambda case: _of_run(
            run(case.csv(), case.folder / "u.csv", who=case.who, to=case.to)
        )
    ),
    "run: of sealed HPgns": Road(
        lambda case: _of_run(
            run(case.parquet(), case.folder / "u.parquet", who=case.who, to=case.to)
        )
    ),
}
_ONE: Final = "it takes one row, or none, of a list that is walked"
_RING: Final = "a ring refuses nobody"
_SPARK: Final = "Spark runs the function for batches, which is walked"
# What takes a source, and is not walked.
LEFT: Final[Mapping[str, str]] = {
    **{
        f"{kind}.{own}": _ONE
        for kind in ("Administratie", "Bewaard")
        for own in ("begin", "keep_ketenid", "ketenid", "uses")
    },
    **{f"Bron.{own}": "a protocol has no body" for own in ("ketenids", "stams")},
    "Doorgifte.each": "nothing is asked: the ketenIDs were received",
    "Herkenning.shows_own": _ONE,
    **{
        f"Ringbron.{own}": _RING
        for own in ("keten_octets", "ketenids", "stam_octets", "stams")
    },
    "derive_frame": _SPARK,
    "hash_frame": _SPARK,
    "new_report": "it counts rows that others read",
    "qualify": "it makes up its own numbers, and tells what became of each check",
    "release_frame": _SPARK,
}


def _kinds(annotation: Any) -> Iterator[Any]:  # noqa: ANN401  # any annotation
    yield annotation
    yield get_origin(annotation)
    for one in get_args(annotation):
        yield from _kinds(one)


def _taken(function: Callable[..., object]) -> set[Any]:
    parameters = inspect.signature(function).parameters.values()
    return {id(kind) for one in parameters for kind in _kinds(one.annotation)}


_ASKED: Final = (Bron, Herkenning, Nummervoorziening, Ringbestand)
_ARE: Final = (Bron, Ringbron, Dienstbron, Herkenning, Doorgifte)


def _here(module: ModuleType) -> Iterator[tuple[str, object]]:
    for own, value in vars(module).items():
        if getattr(value, "__module__", None) == module.__name__ and own[0] != "_":
            yield own, value


def _asking() -> Iterator[str]:
    """
    Yield each public function that takes a source, or is of one and takes rows.
    """
    sources = {id(kind) for kind in _ASKED}
    many = {id(kind) for kind in (Iterable, Sequence, Mapping)}
    for own, value in chain(public(), _here(batches), _here(spark)):
        if inspect.isfunction(value) and _taken(value) & sources:
            yield own
        if inspect.isclass(value):
            wanted = sources | (many if value in _ARE else set())
            for each, member in vars(value).items():
                is_public = inspect.isfunction(member) and each[0] != "_"
                if is_public and _taken(member) & wanted:
                    yield f"{own}.{each}"


def test_each_function_that_asks_a_source_is_walked() -> None:
    """
    A function that takes a source is in the walk, or says why not; none is in both.
    """
    walked = {own.partition(":")[0] for own in WALKED}
    assert not walked & LEFT.keys()
    assert set(_asking()) == walked | LEFT.keys()


@pytest.mark.parametrize("batch", [1, 2, 100])
@pytest.mark.parametrize("function", WALKED)
def test_no_row_is_lost_and_each_refusal_has_its_reason(
    tmp_path: Path, function: str, batch: int
) -> None:
    """
    Each row comes out or is refused, with its number and its reason, and no value.
    """
    grenzen = Grenzen(batch=batch, per_day=100)
    with (
        Hasher(salt=our.RING.salt, workers=1) as hasher,
        aanvragen_at(tmp_path / "a.batches", sleutelbos=our.RING) as aanvragen,
    ):
        how: dict[str, Any] = {"grenzen": grenzen, "aanvragen": aanvragen, **WHERE}
        bron = Dienstbron(Refusing(), **how)
        case = Case(tmp_path, bron, Herkenning(bron=bron, hasher=hasher))
        walk, refuses = WALKED[function]
        out, refused, told = walk(case)
        hidden = [
            *(our.number(n) for n in ROWS),
            *(text(n) for n in ROWS for text in (key, name)),
            *(one.expose() for one in case.hpgns),
            *(one.expose()[-128:] for one in case.stams),
            *(
                LocalNummervoorziening(PILOT).ketenid(one, **WHERE).hex
                for one in case.stams
            ),
        ]
    assert sorted([*out, *(row for row, _ in refused)]) == list(ROWS)
    assert dict(refused) == refuses
    octets = [text.encode() for text in told]
    assert not leaks(octets, tuple(text.encode() for text in hidden))
