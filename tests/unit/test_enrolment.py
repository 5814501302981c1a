"""
Enrolment: what holds for each inschrijving on a day.
"""

import pickle
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    Attribuutbeleid,
    BoundaryError,
    Doel,
    Grond,
    IdentifierError,
    Inschrijving,
    Onderwijssoort,
    Ontvanger,
    Sector,
    Uitkomst,
    ketenids_on,
)
from eckid.attributes import AnderIdReden
from eckid.enrolment import GRONDEN
from eckid.grondslag import Grondslag

_DAY = timedelta(days=1)
_2026: Final = date(2026, 8, 1)
_2027: Final = date(2027, 8, 1)
_NOW: Final = date(2026, 11, 24)


def _at(
    soort: str,
    begin: date = _2026,
    einde: date | None = None,
    *,
    brin: str = "99XX",
    bekostigd: bool = True,
    bevestigd: bool | None = True,
    aangevraagd_op: date | None = None,
) -> Inschrijving:
    return Inschrijving(
        Onderwijssoort(soort),
        brin,
        begin,
        einde,
        bekostigd,
        bevestigd,
        aangevraagd_op,
    )


def _said(
    *inschrijvingen: Inschrijving,
    on: date = _NOW,
    uiterlijk: date | None = None,
    controleert: bool = True,
) -> list[str]:
    """
    Return ground, sector, stand-in and last day of each, in words.
    """
    return [
        " ".join(
            (
                u.grond.value,
                "-" if u.sector is None else u.sector.value,
                "-" if u.ander_id_reden is None else u.ander_id_reden.value,
                "-" if u.tot is None else u.tot.isoformat(),
            )
        )
        for u in ketenids_on(
            inschrijvingen, on=on, uiterlijk=uiterlijk, controleert=controleert
        )
    ]


# The inschrijvingen of one person; the day; what holds for each. Written from the
# rules of the house, apart from the code.
_CASES: Final[dict[str, tuple[tuple[Inschrijving, ...], date, list[str]]]] = {
    "nobody": ((), _NOW, []),
    "one school": ((_at("bao"),), _NOW, ["ketenid po - -"]),
    "its first day": ((_at("bao"),), _2026, ["ketenid po - -"]),
    "its last day": ((_at("bao", einde=_NOW),), _NOW, ["ketenid po - -"]),
    "the day before": (
        (_at("bao"),),
        _2026 - _DAY,
        ["voor-begin po nog-niet-geregistreerd 2026-07-31"],
    ),
    "the day after": ((_at("bao", einde=_NOW),), _NOW + _DAY, ["na-einde - - -"]),
    "not funded": (
        (_at("vo", bekostigd=False),),
        _NOW,
        ["niet-bekostigd vo niet-bekostigd 2027-07-31"],
    ),
    "symbiose": (
        (_at("so"), _at("vo", bekostigd=False)),
        _NOW,
        ["ketenid po - -", "symbiose vo symbiose 2027-07-31"],
    ),
    "symbiose in one sector": (
        (_at("vo"), _at("vo", bekostigd=False, brin="99YY")),
        _NOW,
        ["ketenid vo - -", "symbiose vo symbiose 2027-07-31"],
    ),
    "symbiose until the funded one ends": (
        (_at("so", einde=date(2027, 1, 31)), _at("vo", bekostigd=False)),
        _NOW,
        ["ketenid po - -", "symbiose vo symbiose 2027-01-31"],
    ),
    "symbiose on the last day of the funded one": (
        (_at("so", einde=_NOW), _at("vo", bekostigd=False)),
        _NOW,
        ["ketenid po - -", "symbiose vo symbiose 2026-11-24"],
    ),
    "symbiose on the first day of the funded one": (
        (_at("so", _NOW), _at("vo", bekostigd=False)),
        _NOW,
        ["ketenid po - -", "symbiose vo symbiose 2027-07-31"],
    ),
    "beside a funded one that has yet to begin": (
        (_at("so", date(2027, 2, 1)), _at("vo", bekostigd=False)),
        _NOW,
        [
            "voor-begin po nog-niet-geregistreerd 2027-01-31",
            "niet-bekostigd vo niet-bekostigd 2027-01-31",
        ],
    ),
    "one day": ((_at("bao", _NOW, _NOW),), _NOW, ["ketenid po - -"]),
    "beside a funded one that is not confirmed": (
        (_at("so", bevestigd=False), _at("vo", bekostigd=False)),
        _NOW,
        [
            "niet-bevestigd po niet-bevestigd 2027-07-31",
            "niet-bekostigd vo niet-bekostigd 2027-07-31",
        ],
    ),
    "beside ho": (
        (_at("hbo"), _at("mbo", bekostigd=False)),
        _NOW,
        ["ho ho - -", "niet-bekostigd mbo niet-bekostigd 2027-07-31"],
    ),
    "10-14": (
        (_at("bao"), _at("vo")),
        _NOW,
        ["ketenid po - -", "ketenid vo - -"],
    ),
    "vmbo-mbo": (
        (_at("vo"), _at("mbo")),
        _NOW,
        ["ketenid vo - -", "ketenid mbo - -"],
    ),
    "hbo": ((_at("hbo"),), _NOW, ["ho ho - -"]),
    "wo, before it begins": ((_at("wo"),), _2026 - _DAY, ["ho ho - -"]),
    "hbo that ended": ((_at("hbo", einde=_NOW),), _NOW + _DAY, ["na-einde - - -"]),
    "late, not confirmed": (
        (_at("vo", bevestigd=False),),
        _NOW,
        ["niet-bevestigd vo niet-bevestigd 2027-07-31"],
    ),
    "from po to vo, ordering before the summer": (
        (_at("bao", einde=_2027 - _DAY), _at("vo", _2027)),
        date(2027, 5, 1),
        ["ketenid po - -", "voor-begin vo nog-niet-geregistreerd 2027-07-31"],
    ),
    "from po to vo, after the summer": (
        (_at("bao", einde=_2027 - _DAY), _at("vo", _2027)),
        _2027,
        ["na-einde - - -", "ketenid vo - -"],
    ),
    "to another school of the sector, ordering before the summer": (
        (_at("vo", einde=_2027 - _DAY), _at("vo", _2027, brin="99YY")),
        date(2027, 5, 1),
        ["ketenid vo - -", "voor-begin vo nog-niet-geregistreerd 2027-07-31"],
    ),
    "to another school of the sector, from the day it can ask": (
        (
            _at("vo", einde=_2027 - _DAY),
            _at("vo", _2027, brin="99YY", aangevraagd_op=date(2027, 5, 1)),
        ),
        date(2027, 5, 1),
        ["ketenid vo - -", "ketenid vo - -"],
    ),
    "to another school of the sector, the day before it can ask": (
        (
            _at("vo", einde=_2027 - _DAY),
            _at("vo", _2027, brin="99YY", aangevraagd_op=date(2027, 5, 1)),
        ),
        date(2027, 4, 30),
        ["ketenid vo - -", "voor-begin vo nog-niet-geregistreerd 2027-04-30"],
    ),
    "from po to vo, from the day the school can ask": (
        (_at("bao", einde=_2027 - _DAY), _at("vo", _2027, aangevraagd_op=_NOW)),
        _NOW,
        ["ketenid po - -", "ketenid vo - -"],
    ),
    "lessons have begun, and the school cannot ask yet": (
        (_at("vo", aangevraagd_op=date(2026, 12, 1)),),
        _NOW,
        ["voor-aanvraag vo nog-niet-geregistreerd 2026-11-30"],
    ),
    "not begun, and the school can ask only later": (
        (_at("vo", _2027, aangevraagd_op=date(2027, 9, 1)),),
        date(2027, 7, 31),
        ["voor-begin vo nog-niet-geregistreerd 2027-07-31"],
    ),
    "asked for, not begun, and not funded": (
        (_at("vo", _2027, aangevraagd_op=_NOW, bekostigd=False),),
        _NOW,
        ["niet-bekostigd vo niet-bekostigd 2027-07-31"],
    ),
    "not funded where the school cannot ask yet": (
        (_at("so"), _at("vo", aangevraagd_op=_2027, bekostigd=False)),
        _NOW,
        ["ketenid po - -", "symbiose vo symbiose 2027-07-31"],
    ),
    "symbiose beside a school that cannot ask yet": (
        (_at("so", aangevraagd_op=_2027), _at("vo", bekostigd=False)),
        _NOW,
        [
            "voor-aanvraag po nog-niet-geregistreerd 2027-07-31",
            "symbiose vo symbiose 2027-07-31",
        ],
    ),
    "vso, asked for before it moved": (
        (_at("vso", date(2022, 8, 1), aangevraagd_op=date(2022, 3, 1)),),
        date(2022, 3, 1),
        ["ketenid po - -"],
    ),
    "nobody asked DUO": (
        (_at("vo", bevestigd=None),),
        _NOW,
        ["niet-nagegaan vo niet-bevestigd 2027-07-31"],
    ),
    "beside a funded one of which nobody asked DUO": (
        (_at("so", bevestigd=None), _at("vo", bekostigd=False)),
        _NOW,
        [
            "niet-nagegaan po niet-bevestigd 2027-07-31",
            "niet-bekostigd vo niet-bekostigd 2027-07-31",
        ],
    ),
    "to another school of the sector, not yet confirmed": (
        (_at("vo"), _at("vo", brin="99YY", bevestigd=False)),
        _NOW,
        ["ketenid vo - -", "niet-bevestigd vo niet-bevestigd 2027-07-31"],
    ),
    "vso before it moved": (
        (_at("vso", date(2021, 8, 1)),),
        date(2022, 3, 15),
        ["ketenid vo - -"],
    ),
    "vso from its move": (
        (_at("vso", date(2021, 8, 1)),),
        date(2022, 3, 16),
        ["ketenid po - -"],
    ),
    "vso that begins after its move": (
        (_at("vso", date(2022, 8, 1)),),
        date(2022, 3, 1),
        ["voor-begin po nog-niet-geregistreerd 2022-07-31"],
    ),
    "a stand-in that changes with the table": (
        (_at("vso", date(2021, 8, 1), bevestigd=False),),
        date(2022, 3, 1),
        ["niet-bevestigd vo niet-bevestigd 2022-03-15"],
    ),
    "an unfunded place that ends": (
        (_at("vo", einde=date(2026, 12, 31), bekostigd=False),),
        _NOW,
        ["niet-bekostigd vo niet-bekostigd 2026-12-31"],
    ),
    "an end as far as there is": (
        (_at("vo", einde=date.max, bekostigd=False),),
        _NOW,
        ["niet-bekostigd vo niet-bekostigd 2027-07-31"],
    ),
    "the last day of a school year": (
        (_at("vo", bekostigd=False),),
        date(2027, 7, 31),
        ["niet-bekostigd vo niet-bekostigd 2027-07-31"],
    ),
    "the first day of a school year": (
        (_at("vo", bekostigd=False),),
        date(2027, 8, 1),
        ["niet-bekostigd vo niet-bekostigd 2028-07-31"],
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_what_holds_on_a_day(case: str) -> None:
    """
    Each case of the table, and the same in the other order.
    """
    inschrijvingen, on, expected = _CASES[case]
    assert _said(*inschrijvingen, on=on) == expected
    assert _said(*reversed(inschrijvingen), on=on) == expected[::-1]


def test_each_row_of_the_rules_is_met_and_has_its_source() -> None:
    """
    Every ground decides one of the cases above; every row says where it is written.
    """
    met = {said.split()[0] for _, _, expected in _CASES.values() for said in expected}
    assert met == {rule.grond.value for rule in GRONDEN} == {g.value for g in Grond}
    assert all(isinstance(rule.grondslag, Grondslag) for rule in GRONDEN)
    assert all(rule.applies.__name__ != "<lambda>" for rule in GRONDEN)


# Where each ground is written: the document, and the place in it.
_WRITTEN: Final = {
    Grond.NA_EINDE: "2(2)",
    Grond.HO: "4.1",
    Grond.VOOR_BEGIN: "3.3",
    Grond.SYMBIOSE: "3.3",
    Grond.NIET_BEKOSTIGD: "3.3",
    Grond.VOOR_AANVRAAG: "3.3",
    Grond.NIET_BEVESTIGD: "3.2, 6.1",
    Grond.NIET_NAGEGAAN: "absence denies",
    Grond.KETENID: "2(2)",
}


def test_each_ground_says_where_it_is_written() -> None:
    """
    The article or the section, as the source counts.
    """
    for rule in GRONDEN:
        assert rule.grondslag.bron.endswith(f" {_WRITTEN[rule.grond]}")


# The rules of the law behind each ground, from their sources and apart from the code;
# and what is inferred (i) rather than read.
_RESTS: Final = {
    Grond.NA_EINDE: "L3",
    Grond.HO: "",
    Grond.VOOR_BEGIN: "L3 L11 i",
    Grond.SYMBIOSE: "L10 L11",
    Grond.NIET_BEKOSTIGD: "L10 L11 i",
    Grond.VOOR_AANVRAAG: "L3 L11 i",
    Grond.NIET_BEVESTIGD: "L8 L11 i",
    Grond.NIET_NAGEGAAN: "L8 L11 i",
    Grond.KETENID: "L3",
}


def test_each_ground_says_what_it_cites() -> None:
    """
    The numbers of the rules, and whether they were read or inferred.
    """
    found = {
        rule.grond: " ".join(
            (
                *rule.grondslag.rechtsregels,
                *("i" for _ in range(rule.grondslag.zekerheid == "I")),
            )
        )
        for rule in GRONDEN
    }
    assert found == _RESTS


def test_a_board_that_does_not_check_says_so() -> None:
    """
    Then an answer that is not known counts as confirmed, and a no stays a no.
    """
    unknown, no = _at("so", bevestigd=None), _at("mbo", bevestigd=False)
    second = _at("vo", bekostigd=False)
    assert _said(unknown, no, second, controleert=False) == [
        "ketenid po - -",
        "niet-bevestigd mbo niet-bevestigd 2027-07-31",
        "symbiose vo symbiose 2027-07-31",
    ]
    # Beside a funded place a second one is a symbiose, unless DUO said no to the first.
    assert _said(_at("so"), second, controleert=False) == [
        "ketenid po - -",
        "symbiose vo symbiose 2027-07-31",
    ]
    assert _said(no, second, controleert=False) == [
        "niet-bevestigd mbo niet-bevestigd 2027-07-31",
        "niet-bekostigd vo niet-bekostigd 2027-07-31",
    ]


def test_whether_a_place_is_confirmed_is_said_each_time() -> None:
    """
    Yes, no or unknown, without a default: what nobody said gives no ketenID.
    """
    with pytest.raises(TypeError, match="bevestigd"):
        Inschrijving(Onderwijssoort.VO, "99XX", _2026, None, bekostigd=True)  # type: ignore[call-arg]  # a mistake


def test_a_user_sets_the_last_day() -> None:
    """
    Another identifier is promised no longer than that.
    """
    place = _at("vo", bekostigd=False)
    said = _said(place, uiterlijk=date(2026, 12, 1))
    assert said == ["niet-bekostigd vo niet-bekostigd 2026-12-01"]
    with pytest.raises(BoundaryError) as caught:
        _said(place, uiterlijk=_NOW - _DAY)
    assert caught.value.rule.value == "period"


def test_before_the_regeling_nothing_holds() -> None:
    """
    There are no sectors then.
    """
    old = _at("bao", date(2010, 8, 1))
    with pytest.raises(BoundaryError) as caught:
        _said(old, on=date(2018, 5, 28))
    assert caught.value.rule.value == "no-sector"
    assert _said(old, on=date(2018, 5, 29)) == ["ketenid po - -"]


def test_the_regeling_begins_on_its_first_day() -> None:
    """
    On 29-05-2018 a ketenID holds; the day before is refused, also for nobody.
    """
    first = date(2018, 5, 29)
    one = _at("bao", date(2017, 8, 1))
    assert _said(one, on=first) == ["ketenid po - -"]
    for inschrijvingen in ((one,), ()):
        with pytest.raises(BoundaryError, match="from 29-05-2018"):
            ketenids_on(inschrijvingen, on=first - _DAY)


def test_a_stand_in_ends_before_a_change_on_the_last_day() -> None:
    """
    An inschrijving that begins on the last day of the promise has a ketenID that day.
    """
    begin = date(2027, 7, 31)
    before = f"voor-begin po nog-niet-geregistreerd {begin - _DAY}"
    assert _said(_at("bao", begin), on=_NOW) == [before]
    assert _said(_at("bao", begin), on=_NOW, uiterlijk=begin) == [before]


@pytest.mark.parametrize(
    ("reden", "tot"),
    [(AnderIdReden.SYMBIOSE, None), (None, _2027), (None, None)],
)
def test_a_stand_in_has_a_reason_and_a_last_day(
    reden: AnderIdReden | None, tot: date | None
) -> None:
    """
    With one of the two alone an outcome gives a policy nothing.
    """
    one = Uitkomst(_at("bao"), Grond.SYMBIOSE, Sector.PO, reden, tot)
    assert one.attributen == {}


def test_an_inschrijving_has_its_form() -> None:
    """
    A BRIN with or without its vestiging; it does not end before it begins.
    """
    assert _at("vo", brin="99XX01").brin == "99XX01"
    for brin in ("", "99xx", "99XX1", "9XXX", "99XX011", "99XX\n"):
        with pytest.raises(IdentifierError, match=r"^BRIN: expected"):
            _at("vo", brin=brin)
    with pytest.raises(BoundaryError) as caught:
        _at("vo", einde=_2026 - _DAY)
    assert caught.value.rule.value == "period"
    with pytest.raises(TypeError, match=r"^bekostigd: expected bool, got str"):
        _at("vo", bekostigd="nee")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^bevestigd: expected bool or NoneType"):
        _at("vo", bevestigd="nee")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^aangevraagd_op: expected date, got str"):
        _at("vo", aangevraagd_op="2027-05-01")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^controleert: expected bool, got str"):
        _said(_at("vo"), controleert="nee")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^on: expected date, got str"):
        _said(_at("vo"), on="2026-11-24")  # type: ignore[arg-type]  # a mistake
    with pytest.raises(TypeError, match=r"^uiterlijk: expected date, got str"):
        _said(_at("vo"), uiterlijk="2026-11-24")  # type: ignore[arg-type]  # a mistake


def test_a_reason_goes_with_its_last_day_or_not_at_all() -> None:
    """
    An outcome that has one of the two gives neither to a policy; and it is frozen.
    """
    one = _at("vo", bekostigd=False)
    reden = AnderIdReden.NIET_BEKOSTIGD
    for parts in ((reden, None), (None, _NOW), (None, None)):
        outcome = Uitkomst(one, Grond.NIET_BEKOSTIGD, Sector.VO, *parts)
        assert outcome.attributen == {}
        with pytest.raises(FrozenInstanceError):
            outcome.tot = _NOW  # type: ignore[misc]  # the point
    with pytest.raises(FrozenInstanceError):
        one.einde = _NOW  # type: ignore[misc]  # the point


def test_what_describes_a_person_is_not_shown() -> None:
    """
    Names of fields, and no value; it may be pickled.
    """
    one = _at("vso", brin="99YY")
    (outcome,) = ketenids_on([one], on=_NOW)
    assert repr(one) == (
        "<Inschrijving soort brin begin einde bekostigd bevestigd aangevraagd_op>"
    )
    assert repr(outcome) == "<Uitkomst inschrijving grond sector ander_id_reden tot>"
    assert pickle.loads(pickle.dumps(outcome)) == outcome  # noqa: S301  # our own


def test_the_outcome_is_what_the_one_identifier_rule_asks() -> None:
    """
    Reason and last day as attributes: with them the other identifier goes, once.
    """
    school, symbiose = ketenids_on([_at("so"), _at("vo", bekostigd=False)], on=_NOW)
    assert school.attributen == {}
    assert symbiose.attributen == {
        "ander_id_reden": "symbiose",
        "ander_id_tot": "2027-07-31",
    }
    to = Attribuutbeleid.load("leermiddelenketen").voor(
        doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER, on=_NOW
    )
    for outcome, goes in ((symbiose, True), (school, False)):
        vrijgave = to.release(
            {"leerlingnummer": "1234", "roepnaam": "Sem", **outcome.attributen}
        )
        assert ("leerlingnummer" in vrijgave.released) is goes


_days = st.dates(date(2019, 1, 1), date(2029, 1, 1))


@st.composite
def _any_inschrijving(draw: st.DrawFn) -> Inschrijving:
    begin = draw(_days)
    einde = draw(st.none() | st.integers(0, 900).map(lambda n: begin + n * _DAY))
    return Inschrijving(
        draw(st.sampled_from(Onderwijssoort)),
        draw(st.sampled_from(["99XX", "99YY01"])),
        begin,
        einde,
        bekostigd=draw(st.booleans()),
        bevestigd=draw(st.sampled_from([True, False, None])),
        aangevraagd_op=draw(
            st.none() | st.integers(-300, 300).map(lambda n: begin + n * _DAY)
        ),
    )


@given(st.lists(_any_inschrijving(), max_size=4), _days, st.booleans())
def test_no_stand_in_for_who_could_have_a_ketenid(
    inschrijvingen: list[Inschrijving],
    on: date,
    controleert: bool,  # noqa: FBT001  # hypothesis gives it
) -> None:
    """
    A ketenID at each funded, confirmed place that can be asked for, and nowhere else.

    Not at ho's. Another identifier at none of those, and always with its last day;
    what lies in another place of the person changes nothing of that.
    """
    found = ketenids_on(inschrijvingen, on=on, controleert=controleert)
    assert [u.inschrijving for u in found] == inschrijvingen
    for outcome in found:
        one = outcome.inschrijving
        open_ = (one.aangevraagd_op or one.begin) <= on <= (one.einde or date.max)
        confirmed = one.bevestigd or (one.bevestigd is None and not controleert)
        entitled = open_ and one.bekostigd and bool(confirmed)
        entitled = entitled and outcome.sector not in {Sector.HO, None}
        assert (outcome.grond is Grond.KETENID) is entitled
        assert (outcome.ander_id_reden is None) is (outcome.tot is None)
        stands_in = outcome.grond not in {Grond.KETENID, Grond.HO, Grond.NA_EINDE}
        assert (outcome.ander_id_reden is not None) is stands_in
        assert outcome.tot is None or outcome.tot >= on


@given(
    st.lists(_any_inschrijving(), min_size=1, max_size=4), _days, st.integers(0, 400)
)
def test_a_stand_in_lasts_exactly_as_long_as_its_reason(
    inschrijvingen: list[Inschrijving], on: date, later: int
) -> None:
    """
    Up to and with its last day the same holds, and the day after another does.
    """
    day = on + later * _DAY
    first = ketenids_on(inschrijvingen, on=on)
    for n, outcome in enumerate(first):
        if outcome.tot is None:
            continue
        latest = _last_of_year(on)
        assert outcome.tot <= latest
        if on <= day <= outcome.tot:
            then = ketenids_on(inschrijvingen, on=day)[n]
            assert _what(then) == _what(outcome)
        if outcome.tot < latest:
            then = ketenids_on(inschrijvingen, on=outcome.tot + _DAY)[n]
            assert _what(then) != _what(outcome)


@given(st.lists(_any_inschrijving(), max_size=3), _any_inschrijving(), _days)
def test_who_changes_school_is_treated_as_who_is_new(
    before: list[Inschrijving], new: Inschrijving, on: date
) -> None:
    """
    Before it can be asked for, a place has a stand-in, whatever the person has.
    """
    alone, *_ = ketenids_on([new], on=on)
    beside, *_ = ketenids_on([new, *before], on=on)
    same = {
        *(Grond.VOOR_BEGIN, Grond.VOOR_AANVRAAG, Grond.KETENID),
        *(Grond.NIET_BEVESTIGD, Grond.NIET_NAGEGAAN),
    }
    if alone.grond in same:
        assert _what(beside) == _what(alone)


def _last_of_year(on: date) -> date:
    return next(
        on + n * _DAY for n in range(367) if (on + n * _DAY).timetuple()[1:3] == (7, 31)
    )


def _what(outcome: Uitkomst) -> tuple[Grond, Sector | None, AnderIdReden | None]:
    return outcome.grond, outcome.sector, outcome.ander_id_reden
