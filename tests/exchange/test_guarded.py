"""
The guard on the roads of a list: by row, received, by column, and where it is written.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pytest
import roads
import strategies as our
from damage import listed

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Doel,
    ExchangeError,
    HPgn,
    KetenID,
    Ontvanger,
    Sector,
    Vrijgave,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    parse_pgn,
)
from eckid.attributes import CATALOGUE, Kenmerk
from eckid.exchange import (
    Bron,
    Doorgifte,
    Format,
    Herkenning,
    Received,
    RijReden,
    Ringbron,
    School,
    Weigering,
    drawer,
    hash_list,
    hold,
    release_list,
    release_to,
    write,
)
from eckid.exchange.formats.kinds import WRITTEN
from eckid.exchange.formats.parquet import SEALED
from eckid.policy import Eis, Regel, Vorm, Waarde
from eckid.scale import hash_column, release_table
from eckid.scheme import CHEAPEST

_ON: Final = date(2026, 11, 24)
_NUMBER: Final = "111222333"
_SMALL: Final = Attribuutbeleid.load("smalle-set-2.3")


def _hpgn(number: str = _NUMBER) -> HPgn:
    return hash_pgn(parse_pgn(number), salt=our.RING.salt, scheme=CHEAPEST)


_STAM: Final = derive_stampseudoniem(_hpgn(), sleutelbos=our.RING)
_OTHER_HPGN: Final = _hpgn("123456782").expose()
_KETENID: Final = derive_ketenid(
    _STAM, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=our.RING
)
# What a cell may hold by mistake, and of whom.
_SECRETS: Final = {
    "its stampseudoniem": _STAM.expose(),
    "its stampseudoniem, as hex": _STAM.expose_octets().hex(),
    "its HPgn": _hpgn().expose(),
    "its HPgn, in capitals": _hpgn().expose().upper(),
    "its HPgn, with text": f"las-{_hpgn().expose()}",
}


def _released(
    text: str,
    *,
    who: Herkenning | None = None,
    beleid: Attribuutbeleid | str = "edu-k",
) -> list[Vrijgave | Weigering]:
    to = roads.to(beleid, on=_ON)
    return list(release_list(listed(text), who=who or roads.who(), to=to))


@pytest.mark.parametrize("beleid", ["edu-k", "smalle-set-2.3", "lvs-set-2.3"])
@pytest.mark.parametrize("heading", ["LAS-key", "Leerlingnummer"])
@pytest.mark.parametrize("secret", _SECRETS)
@pytest.mark.parametrize("number", [_NUMBER, ""], ids=["with its number", "without"])
def test_a_key_that_is_a_secret_does_not_go_in_the_place_of_a_ketenid(
    number: str, secret: str, heading: str, beleid: str
) -> None:
    """
    A stampseudoniem never; hex where the number of the row says that it is its own.
    """
    text = (
        f"BSN;{heading};Roepnaam;Geslacht;ander_id_reden;ander_id_tot\n"
        f"{number};{_SECRETS[secret]};Sem;1;symbiose;31-07-2027\n"
    )
    (row,) = _released(text, beleid=beleid)
    goes = {regel.attribuut for regel in roads.to(beleid, on=_ON).going}
    attribuut = {"LAS-key": "key", "Leerlingnummer": "leerlingnummer"}[heading]
    if number:
        assert row == Weigering(1, 2, None, RijReden.LEAK)
    elif attribuut in goes and secret == "its stampseudoniem":
        assert row == Weigering(1, 2, None, RijReden.LEAK, attribuut)
    elif attribuut not in goes and isinstance(row, Vrijgave):
        assert attribuut not in row.released


def test_a_key_that_is_hex_of_somebody_else_goes() -> None:
    """
    An administration may hash its keys, and nobody can tell what they are.
    """
    text = (
        "BSN;LAS-key;Roepnaam;ander_id_reden;ander_id_tot\n"
        f"{_NUMBER};{_OTHER_HPGN};Sem;symbiose;31-07-2027\n"
    )
    (row,) = _released(text)
    assert isinstance(row, Vrijgave)
    assert row.released["key"] == _OTHER_HPGN
    (row,) = _released(text.replace(_NUMBER, ""))
    assert isinstance(row, Vrijgave)


class _Service:
    """
    A source of pseudonyms that is no ring, and may not be asked about everybody.
    """

    def __init__(self) -> None:
        self._ring = Ringbron(our.RING, keten=LEERMIDDELENKETEN, sector=Sector.PO)

    keten = property(lambda self: self._ring.keten)
    sector = property(lambda self: self._ring.sector)
    release = property(lambda self: self._ring.release)
    namespace = property(lambda self: self._ring.namespace)
    rehearsal = property(lambda self: self._ring.rehearsal)
    batch = property(lambda self: self._ring.batch)
    mark = property(lambda self: self._ring.mark)
    resolves = True

    def stams(self, _: object) -> object:
        raise AssertionError

    ketenids = stams


def test_no_service_is_asked_about_a_person_without_a_ketenid() -> None:
    """
    The HPgn is compared, which is made here; the stampseudoniem is not asked for.
    """
    bron: Bron = _Service()  # type: ignore[assignment]  # it is asked for nothing
    who = replace(roads.who(), bron=bron)
    text = (
        "BSN;LAS-key;Roepnaam;ander_id_reden;ander_id_tot\n"
        f"{_NUMBER};{_hpgn().expose()};Sem;symbiose;31-07-2027\n"
    )
    assert _released(text, who=who) == [Weigering(1, 2, None, RijReden.LEAK)]
    (row,) = _released(text.replace(_hpgn().expose(), _OTHER_HPGN), who=who)
    assert isinstance(row, Vrijgave)


@pytest.mark.parametrize("secret", _SECRETS)
def test_a_group_that_is_a_secret_refuses_its_row(secret: str) -> None:
    """
    The other rows go on, and the refusal names the attribute.
    """
    cells = f"{_NUMBER};Sem;{_SECRETS[secret]}\n063138219;Noor;3a\n"
    text = f"BSN;Roepnaam;Groep\n{cells}"
    first, second = _released(text, beleid="smalle-set-2.3")
    assert first == Weigering(1, 2, None, RijReden.LEAK, "groep")
    assert isinstance(second, Vrijgave)


@pytest.mark.parametrize("secret", [*_SECRETS, "a number in a name"])
def test_a_received_file_is_not_passed_on_with_a_secret(secret: str) -> None:
    """
    The recipient has no number and no ring, and knows the forms all the same.
    """
    cells = {"roepnaam": "Sem", "groep": "3a"}
    name = "roepnaam" if secret == "a number in a name" else "groep"
    cells[name] = _SECRETS.get(secret, f"Sem {_NUMBER}")
    text = (
        f"eckid;roepnaam;groep\n{_KETENID.uri};{cells['roepnaam']};{cells['groep']}\n"
    )
    to = roads.to("smalle-set-2.3", on=_ON)
    rows = Received(hold(io.BytesIO(text.encode())), namespace=our.NAMESPACE)
    who = Doorgifte(LEERMIDDELENKETEN, Sector.PO)
    (row,) = release_list(rows, who=who, to=to)
    assert row == Weigering(1, 2, None, RijReden.LEAK, name)


def _table(**columns: list[str | None]) -> pa.Table:
    keys = columns.setdefault("key", [f"k{n}" for n in range(3)])
    numbers = [_NUMBER, "123456782", "063138219"]
    made = hash_column(pa.array(numbers), hasher=roads.hasher())
    sealed = made.column.seal(pa.array(keys), sleutelbos=our.RING)
    return pa.table(
        {n: pa.array(c) for n, c in columns.items()} | {SEALED: sealed.column}
    )


@pytest.mark.parametrize("secret", _SECRETS)
def test_a_column_of_groups_with_a_secret_refuses_its_row(secret: str) -> None:
    """
    The other rows go, and the counts are those of the rows that went.
    """
    table = _table(
        roepnaam=["Sem", "Noor", "Zoë"], groep=["3a", _SECRETS[secret], None]
    )
    to = roads.to("smalle-set-2.3", on=_ON)
    made = release_table(table, who=roads.who(), to=to)
    assert made.table["roepnaam"].to_pylist() == ["Sem", "Zoë"]
    assert [
        (r["row"], r["reason"], r["attribuut"]) for r in made.refused.to_pylist()
    ] == [(1, "leak", "groep")]
    assert made.report.released["roepnaam"] == 2
    assert made.report.released["groep"] == 1


@pytest.mark.parametrize("name", ["key", "leerlingnummer", "uid"])
@pytest.mark.parametrize("secret", _SECRETS)
def test_a_column_of_keys_with_a_persons_own_secret_refuses_its_row(
    secret: str, name: str
) -> None:
    """
    Each other identifier is compared, whichever of them goes.
    """
    cells: list[str | None] = [_SECRETS[secret], _OTHER_HPGN.upper(), "k3"]
    table = _table(
        **{name: cells},
        roepnaam=["Sem", "Noor", "Zoë"],
        ander_id_reden=["symbiose", "symbiose", None],
        ander_id_tot=["2027-07-31", "2027-07-31", None],
    )
    to = roads.to("edu-k", on=_ON)
    made = release_table(table, who=roads.who(), to=to)
    refused = [(r["row"], r["reason"]) for r in made.refused.to_pylist()]
    # The second is the person's own too.
    assert refused == [(0, "leak"), (1, "leak")]
    assert made.table["roepnaam"].to_pylist() == ["Zoë"]


def test_a_key_of_a_list_to_hash_is_no_stampseudoniem() -> None:
    """
    It is kept beside what is sealed, as it is.
    """
    text = f"BSN;LAS-key\n{_NUMBER};{_STAM.expose()}\n123456782;{_OTHER_HPGN}\n"
    first, second = hash_list(listed(text), hasher=roads.hasher(), sleutelbos=our.RING)
    assert first == Weigering(1, 2, None, RijReden.LEAK)
    assert not isinstance(second, Weigering)


# What was made by hand.

_GOOD: Final = roads.to("smalle-set-2.3", on=_ON).release(
    {"eckid": _KETENID, "roepnaam": "Sem", "groep": "3a"}
)
_BSN: Final = replace(
    _SMALL.regels[0], attribuut="bsn", eis=Eis.MANDATORY, vorm=Vorm.ZELF
)
_RULES: Final = dict(_GOOD.regels)


def _by_hand(released: dict[str, Any], **rules: Regel) -> Vrijgave:
    return replace(
        _GOOD,
        released=MappingProxyType(released),
        regels=MappingProxyType(_RULES | rules),
        columns=(*_GOOD.columns, *(n for n in released if n not in _GOOD.columns)),
    )


class _Kind(Vrijgave):  # type: ignore[misc]  # what a caller may try
    """
    A release that says of itself what it likes.
    """

    __slots__ = ()

    @property
    def texts(self) -> dict[str, str]:
        return {"roepnaam": _NUMBER}


_HAND_MADE: Final[dict[str, Callable[[], Vrijgave]]] = {
    "a number without a rule": lambda: _by_hand({"bsn": _NUMBER}),
    "a number with a rule": lambda: _by_hand({"bsn": _NUMBER}, bsn=_BSN),
    "a number under another name": lambda: _by_hand(
        {"nr": _NUMBER}, nr=replace(_BSN, als="nr")
    ),
    "a number under the rule of another": lambda: _by_hand(
        {"bsn": _NUMBER}, bsn=_RULES["groep"]
    ),
    "a number in a name": lambda: _by_hand({"roepnaam": _NUMBER}),
    "an HPgn": lambda: _by_hand({"groep": _hpgn().expose()}),
    "a stampseudoniem": lambda: _by_hand({"groep": _STAM.expose()}),
    "an HPgn as it is": lambda: _by_hand({"groep": _hpgn()}),
    "a stampseudoniem as it is": lambda: _by_hand({"eckid": _STAM}),
    "a ketenID as text": lambda: _by_hand({"eckid": _KETENID.uri}),
    "a ketenID as a group": lambda: _by_hand({"groep": _KETENID}),
    "what no rule names": lambda: _by_hand({"schoenmaat": "42"}),
    "a rule that is none": lambda: _by_hand({"groep": "3a"}, groep="groep"),  # type: ignore[arg-type]
    "one in which a value shows a secret": lambda: roads.to("smalle-set-2.3").release(
        {"eckid": _KETENID, "groep": _STAM.expose()}
    ),
    "another kind of release": lambda: _Kind(
        _GOOD.released, _GOOD.withheld, _GOOD.regels, _GOOD.columns
    ),
    "a number as a column": lambda: replace(
        _GOOD, columns=(*_GOOD.columns, f"{_NUMBER}")
    ),
}
_SCHOOL: Final = School(schooljaar="2026-2027", brincode="99XX")


_OWN_COLUMNS: Final = {Format.EDEXML, Format.EDUV}


@pytest.mark.parametrize(
    ("hand", "format"),
    [
        (hand, sink)
        for hand in _HAND_MADE
        for sink in WRITTEN
        if hand != "a number as a column" or sink not in _OWN_COLUMNS
    ],
)
def test_a_release_made_by_hand_is_not_written(
    tmp_path: Path, hand: str, format: Format
) -> None:
    """
    Whatever sink it is given to: one error, without the value, and no file.
    """
    vrijgave = _HAND_MADE[hand]()
    out = tmp_path / "out"
    with pytest.raises(ExchangeError) as caught:
        write([vrijgave], out, format=format.value, school=_SCHOOL)
    assert list(tmp_path.iterdir()) == []
    for secret in (_NUMBER, _hpgn().expose(), _STAM.expose()):
        assert secret not in str(caught.value.args)
    assert caught.value.__cause__ is caught.value.__context__ is None
    draw = drawer(format, school=_SCHOOL, columns=vrijgave.columns)
    with pytest.raises(ExchangeError):
        draw(io.BytesIO(), iter([vrijgave]))


def test_a_release_of_a_policy_is_written(tmp_path: Path) -> None:
    """
    Whole, and less than a value too.
    """
    less = Attribuutbeleid.load("leermiddelenketen").voor(
        doel=Doel.GENORMEERDE_TOETS,
        ontvanger=Ontvanger.SOFTWARELEVERANCIER,
        toetsdag=_ON,
    )
    row: dict[str, Waarde] = {"eckid": _KETENID, "geboortedatum": "2015-12-24"}
    write([less.release(row | {"roepnaam": "Sem"})], tmp_path / "less.csv")
    octets = (tmp_path / "less.csv").read_bytes()
    assert b'"131"' in octets
    assert f'"{_ON}"'.encode() in octets
    write([_GOOD], tmp_path / "good.csv")
    assert b"3a" in (tmp_path / "good.csv").read_bytes()


def test_a_list_that_gives_nothing_gives_the_same_by_column(tmp_path: Path) -> None:
    """
    A policy that lets nothing go to this recipient: rows without values, counted.
    """
    to = roads.to("leermiddelenketen", rol="LRK", on=_ON)
    assert to.columns() == ()
    made = release_table(
        _table(roepnaam=["Sem", "Noor", "Zoë"]), who=roads.who(), to=to
    )
    text = (
        f"LAS-key;BSN;Roepnaam\nk0;{_NUMBER};Sem\nk1;123456782;Noor\nk2;063138219;Zoë\n"
    )
    run = release_to(tmp_path / "x.csv", listed(text), who=roads.who(), to=to)
    for report in (made.report, run.report):
        assert (report.rows_in, report.rows_out) == (3, 3)
        assert not report.released
    assert made.table.num_columns == 0


def test_no_other_identifier_is_left_out() -> None:
    """
    Each attribute of the kind is one that the guard compares.
    """
    others = {a.naam for a in CATALOGUE.values() if a.kenmerk is Kenmerk.ANDER_ID}
    assert {"key", "leerlingnummer", "uid", "eduid"} <= others
    assert isinstance(_KETENID, KetenID)
