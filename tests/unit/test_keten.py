"""
Keten and sector: what a ketenID depends on beside the person.
"""

import dataclasses
import pickle
from collections.abc import Callable
from datetime import date, datetime

import pytest
import strategies as our
from hypothesis import given

from eckid import (
    LEERMIDDELENKETEN,
    BoundaryError,
    IdentifierError,
    Keten,
    Onderwijssoort,
    Sector,
    sector_of,
)
from eckid.errors import BoundaryReden
from eckid.grondslag import Grondslag
from eckid.keten import INDELING, Indeling


def test_the_sectors_and_their_labels_are_fixed() -> None:
    """
    The four sectors of the law; the labels go into a derivation.
    """
    assert {sector.name: sector.value for sector in Sector} == {
        "PO": "po",
        "VO": "vo",
        "MBO": "mbo",
        "HO": "ho",
    }


def test_the_one_public_chain_is_the_leermiddelenketen() -> None:
    """
    Its id is the one that the reference clients name.
    """
    assert LEERMIDDELENKETEN.id == "e7ec7d3c-c235-4513-bfb6-e54e66854795"


@given(keten=our.ketens)
def test_a_keten_is_its_id(keten: Keten) -> None:
    """
    Its name is a note, and says nothing about equality.
    """
    named = Keten(keten.id, "een andere naam")
    assert named == keten
    assert hash(named) == hash(keten)
    assert (keten == LEERMIDDELENKETEN) is (keten.id == LEERMIDDELENKETEN.id)
    assert pickle.loads(pickle.dumps(named)) == named  # noqa: S301  # of this line's own making


def test_a_keten_is_frozen_and_slotted() -> None:
    """
    A value does not change after it was checked.
    """
    with pytest.raises(dataclasses.FrozenInstanceError):
        LEERMIDDELENKETEN.id = ""  # type: ignore[misc]  # the point
    assert not hasattr(LEERMIDDELENKETEN, "__dict__")


_UUID = LEERMIDDELENKETEN.id
_NO_KETENS = {
    "nothing": "",
    "upper case": _UUID.upper(),
    "in braces": f"{{{_UUID}}}",
    "with the prefix of the service": (
        f"http://purl.edustandaard.nl/begrippenkader/{_UUID}"
    ),
    "without hyphens": _UUID.replace("-", ""),
    "a hyphen elsewhere": "e7ec7d3cc-235-4513-bfb6-e54e66854795",
    "a line end": f"{_UUID}\n",
    "no hex": f"g{_UUID[1:]}",
    "another script": f"\u0661{_UUID[1:]}",
}


@pytest.mark.parametrize("case", _NO_KETENS)
def test_what_is_no_lower_case_uuid_is_no_keten(case: str) -> None:
    """
    The id goes into a derivation byte for byte, so it has one form.
    """
    text = _NO_KETENS[case]
    with pytest.raises(IdentifierError) as caught:
        Keten(text)
    assert type(caught.value) is IdentifierError
    assert str(caught.value).endswith(f"got {len(text)} characters")


def test_the_id_of_a_keten_is_text() -> None:
    """
    A UUID object is not its text.
    """
    with pytest.raises(TypeError, match=r"^keten: expected str, got int$"):
        Keten(5)  # type: ignore[arg-type]  # the point


# Written from the sources, apart from the code: where each lies before 16-03-2022,
# and from that day, which is the last on which vso can have moved.
_SECTORS = {
    "BAO": "po po",
    "SBO": "po po",
    "SO": "po po",
    "VSO": "vo po",
    "VO": "vo vo",
    "VAVO": "vo vo",
    "MBO": "mbo mbo",
    "HBO": "ho ho",
    "WO": "ho ho",
}


@pytest.mark.parametrize("soort", Onderwijssoort)
def test_each_onderwijssoort_lies_in_its_sector_on_each_day(
    soort: Onderwijssoort,
) -> None:
    """
    On the first day, the day before vso moved, that day, and far on.
    """
    before, after = _SECTORS[soort.name].split()
    assert sector_of(soort, on=date(2018, 5, 29)).value == before
    assert sector_of(soort, on=date(2022, 3, 15)).value == before
    assert sector_of(soort, on=date(2022, 3, 16)).value == after
    assert sector_of(soort, on=date(2099, 1, 1)).value == after
    assert sector_of(soort, on=datetime(2022, 3, 16, 1)).value == after  # noqa: DTZ001  # a school's own time


@pytest.mark.parametrize("soort", Onderwijssoort)
def test_before_the_regeling_there_is_no_sector(soort: Onderwijssoort) -> None:
    """
    A day before 29-05-2018 is refused for every onderwijssoort.
    """
    with pytest.raises(BoundaryError) as caught:
        sector_of(soort, on=date(2018, 5, 28))
    assert caught.value.rule.value == "no-sector"


def test_a_later_change_is_a_row() -> None:
    """
    A table with a row more moves an onderwijssoort from its day on, in any order.
    """
    invented = Grondslag("invented", "I")
    row = Indeling(Onderwijssoort.VAVO, Sector.MBO, date(2030, 8, 1), invented)
    for table in ((*INDELING, row), (row, *INDELING)):
        on = date(2030, 7, 31)
        assert sector_of(Onderwijssoort.VAVO, on=on, table=table) is Sector.VO
        on = date(2030, 8, 1)
        assert sector_of(Onderwijssoort.VAVO, on=on, table=table) is Sector.MBO


def test_every_row_of_the_table_has_its_source() -> None:
    """
    A row without a source is no law; no two rows contradict each other.
    """
    assert all(isinstance(row.grondslag, Grondslag) for row in INDELING)
    assert len({(row.soort, row.vanaf) for row in INDELING}) == len(INDELING)


def test_the_day_on_which_vso_moved_is_not_certain() -> None:
    """
    Its row says both ends of what is known; a board may use another day.
    """
    (moved,) = [row for row in INDELING if row.vroegst is not None]
    assert (moved.soort, moved.sector) == (Onderwijssoort.VSO, Sector.PO)
    assert (moved.vroegst, moved.vanaf) == (date(2020, 11, 25), date(2022, 3, 16))
    assert moved.grondslag.zekerheid == "I"
    earlier = moved._replace(vanaf=date(2020, 11, 25))
    table = [earlier if row is moved else row for row in INDELING]
    on = date(2021, 8, 1)
    assert sector_of(Onderwijssoort.VSO, on=on) is Sector.VO
    assert sector_of(Onderwijssoort.VSO, on=on, table=table) is Sector.PO


@pytest.mark.parametrize(
    ("text", "soort", "sector"),
    [
        ("Basisschool", Onderwijssoort.BAO, Sector.PO),
        ("SBO", Onderwijssoort.SBO, Sector.PO),
        ("Speciaal basisonderwijs", Onderwijssoort.SBO, Sector.PO),
        ("speciaal onderwijs", Onderwijssoort.SO, Sector.PO),
        ("pro", Onderwijssoort.VO, Sector.VO),
        ("vmbo", Onderwijssoort.VO, Sector.VO),
        ("HAVO", Onderwijssoort.VO, Sector.VO),
        ("vwo", Onderwijssoort.VO, Sector.VO),
        ("vavo", Onderwijssoort.VAVO, Sector.VO),
        ("mbo", Onderwijssoort.MBO, Sector.MBO),
        ("hbo", Onderwijssoort.HBO, Sector.HO),
    ],
)
def test_a_kind_of_school_is_a_spelling(
    text: str, soort: Onderwijssoort, sector: Sector
) -> None:
    """
    Of its onderwijssoort, and of the sector that it lies in on every day.
    """
    assert Onderwijssoort.parse(text) is soort
    assert Sector.parse(text) is sector


@pytest.mark.parametrize(
    ("text", "sector"),
    [("Primair onderwijs", Sector.PO), ("voortgezet onderwijs", Sector.VO)],
)
def test_a_sector_may_be_written_in_full(text: str, sector: Sector) -> None:
    """
    As the Regeling calls it; that is a sector, and no onderwijssoort.
    """
    assert Sector.parse(text) is sector
    with pytest.raises(IdentifierError):
        Onderwijssoort.parse(text)


@pytest.mark.parametrize("parse", [Onderwijssoort.parse, Sector.parse])
@pytest.mark.parametrize(
    "text", ["BES", "Bonaire", "Sint Eustatius", "Saba", "Caribisch Nederland"]
)
def test_bes_is_refused_by_name(parse: Callable[[str], object], text: str) -> None:
    """
    The law of the European part of the Netherlands does not hold there.
    """
    with pytest.raises(BoundaryError, match="BES") as caught:
        parse(text)
    assert caught.value.rule is BoundaryReden.NO_SECTOR


def test_vso_is_no_sector_without_a_day() -> None:
    """
    It lay in vo, and lies in po: whoever asks says which.
    """
    for text in ("vso", "voortgezet speciaal onderwijs"):
        assert Onderwijssoort.parse(text) is Onderwijssoort.VSO
        with pytest.raises(BoundaryError, match="by the day"):
            Sector.parse(text)


@pytest.mark.parametrize("parse", [Onderwijssoort.parse, Sector.parse])
def test_another_word_is_no_kind_of_school(parse: Callable[[str], object]) -> None:
    """
    It is refused, and not repeated.
    """
    with pytest.raises(IdentifierError) as caught:
        parse("havoo")
    assert "havoo" not in str(caught.value)
    assert caught.value.__context__ is None
