"""
The rules of the law, L1 to L13: a test for each, or why there can be none.

The rules as they stand in the evaluation and the regulation are those of
`grondslag`; docs/explanation/sector-boundary.md has them under the same numbers.
"""

import re
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import parties as our
import pytest

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    BoundaryError,
    Doel,
    Grond,
    Inschrijving,
    LinkError,
    Notices,
    Onderwijssoort,
    Ontvanger,
    Partij,
    Reden,
    Sector,
    Soort,
    Substitution,
    check_join,
    check_passage,
    derive_ketenid,
    derive_stampseudoniem,
    ketenids_on,
)
from eckid.attributes import CATALOGUE, NAMES_OF, AnderIdReden, Kenmerk
from eckid.boundary import MAY_PASS
from eckid.doel import Wie
from eckid.grondslag import RECHTSREGELS
from eckid.succession import Substitutions

PAGE = Path(__file__).parents[2] / "docs/explanation/sector-boundary.md"

# Why a rule has no test of its own behaviour here.
NO_TEST = {
    "L7": "the agreement is between the board and the Nummervoorziening; nothing that "
    "a library can see says whether it was signed",
    "L13": "the agreement is between board and recipient; the row that rests on it may "
    "be taken out of the table, which the tests of the boundary show",
}


def _at(
    soort: str,
    begin: date,
    einde: date | None = None,
    **more: Any,  # noqa: ANN401  # the other fields
) -> Inschrijving:
    more = {"bekostigd": True, "bevestigd": True, **more}
    return Inschrijving(Onderwijssoort(soort), "99XX", begin, einde, **more)


_PO = our.ketenid(our.bsn(0), Sector.PO)
_VO = our.ketenid(our.bsn(0), Sector.VO)
_YEAR = date(2026, 8, 1)


def test_L1_the_pgn_goes_nowhere_once_the_pseudonym_is_made() -> None:  # noqa: N802  # the number of the rule
    """
    Not to the service and no recipient; the next release needs none.
    """
    for van in Partij:
        for naar in {Partij.NUMMERVOORZIENING, Partij.ONTVANGER}:
            with pytest.raises(BoundaryError):
                check_passage(Soort.PGN, van=van, naar=naar)
    stam = our.stam(our.bsn(0))
    sealed = our.RING.seal(stam, about="ll-1")
    kept: Any = our.RING.unseal(sealed, about="ll-1")
    how: dict[str, Any] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
    assert derive_ketenid(kept, sleutelbos=our.RING, **how) == _PO


def test_L2_the_stampseudoniem_is_made_once_and_lasts() -> None:  # noqa: N802
    """
    Across sectors, over a rotation, and when another number comes in its place.
    """
    stam = our.stam(our.onderwijsnummer(0))
    rotated = derive_stampseudoniem(our.onderwijsnummer(0), sleutelbos=our.NEXT)
    assert rotated == stam
    subs = Substitutions([Substitution(our.onderwijsnummer(0), our.bsn(0), our.TODAY)])
    assert our.stam(subs.origin(our.bsn(0), on=our.TODAY)) == stam


def test_L3_one_ketenid_per_person_keten_and_sector() -> None:  # noqa: N802
    """
    Another in another sector; the same on another school or another system.
    """
    ketenids = {our.ketenid(our.bsn(0), s) for s in (Sector.PO, Sector.VO, Sector.MBO)}
    assert len(ketenids) == 3
    first = _at("vo", _YEAR, date(2027, 7, 31))
    second = _at("vo", date(2027, 8, 1))
    for on in (our.TODAY, date(2027, 7, 31), date(2027, 8, 1)):
        holding = [
            u.sector
            for u in ketenids_on([first, second], on=on)
            if u.grond is Grond.KETENID
        ]
        assert holding == [Sector.VO]


def test_L3_who_changes_school_can_order_as_who_is_new() -> None:  # noqa: N802
    """
    From the day the new school can ask, the same ketenID; until then a stand-in.
    """
    may, asked = date(2027, 5, 1), date(2027, 6, 1)
    new = _at("vo", date(2027, 8, 1), aangevraagd_op=asked)
    for old in (_at("vo", _YEAR, date(2027, 7, 31)), _at("bao", _YEAR, may)):
        here, there = ketenids_on([old, new], on=may)
        assert here.grond is Grond.KETENID
        assert (there.grond, there.ander_id_reden) == (
            Grond.VOOR_BEGIN,
            AnderIdReden.NOG_NIET_GEREGISTREERD,
        )
        assert there.tot == asked - timedelta(days=1)
        _, there = ketenids_on([old, new], on=asked)
        assert (there.grond, there.sector) == (Grond.KETENID, Sector.VO)


@pytest.mark.parametrize("soort", [Soort.PGN, Soort.HPGN, Soort.STAMPSEUDONIEM])
def test_L4_only_ketenids_go_to_third_parties(soort: Soort) -> None:  # noqa: N802
    """
    Nothing else passes to a recipient, and no policy releases it as one.
    """
    for van in Partij:
        with pytest.raises(BoundaryError):
            check_passage(soort, van=van, naar=Partij.ONTVANGER)


def test_L5_the_purposes_are_a_closed_set() -> None:  # noqa: N802
    """
    Access to and use of learning material, and tests; nothing is released for more.
    """
    assert {doel.value for doel in Doel} == {
        *("bestellen", "leveren", "toegang"),
        *("gebruik", "terugkoppelen"),
        *("toetsen", "genormeerde-toets"),
        "serviceprocessen",
    }
    # In the words of the attributenbeleid alone, and so in no policy of the library.
    for name in Attribuutbeleid.names():
        for regel in Attribuutbeleid.load(name).regels:
            assert Doel.SERVICEPROCESSEN not in regel.doelen
    with pytest.raises(TypeError, match=r"^doel: expected Doel"):
        Attribuutbeleid.load("leermiddelenketen").voor(
            doel="marketing",  # type: ignore[arg-type]  # a mistake
            ontvanger=Ontvanger.UITGEVER,
        )


def test_L6_the_recipients_are_a_closed_set() -> None:  # noqa: N802
    """
    Software vendors, publishers, distributors and schools.
    """
    assert {kind.value for kind in Ontvanger} == {
        "softwareleverancier",
        "uitgever",
        "distributeur",
        "school",
    }
    with pytest.raises(TypeError, match=r"^ontvanger: expected Ontvanger"):
        Attribuutbeleid.load("leermiddelenketen").voor(
            doel=Doel.GEBRUIK,
            ontvanger="gemeente",  # type: ignore[arg-type]  # a mistake
        )


def test_L8_the_person_may_be_checked_at_duo_first() -> None:  # noqa: N802
    """
    The number alone passes to DUO for it, and nothing comes back.
    """
    for van in (Partij.BEVOEGD_GEZAG, Partij.ADMINISTRATIESYSTEEM):
        check_passage(Soort.PGN, van=van, naar=Partij.DUO)
    for van, naar, soort in product(Partij, Partij, Soort):
        if Partij.DUO in {van, naar}:
            board = van in {Partij.BEVOEGD_GEZAG, Partij.ADMINISTRATIESYSTEEM}
            assert (soort in MAY_PASS.get((van, naar), {})) is (
                board and soort is Soort.PGN
            )


# What DUO said, whether the board checks, and the ground that decides then.
_CHECKED = [
    (True, True, Grond.KETENID),
    (True, False, Grond.KETENID),
    (False, True, Grond.NIET_BEVESTIGD),
    (False, False, Grond.NIET_BEVESTIGD),
    (None, True, Grond.NIET_NAGEGAAN),
    (None, False, Grond.KETENID),
]


@pytest.mark.parametrize(("answer", "controleert", "grond"), _CHECKED)
def test_L8_yes_no_and_not_asked_are_three_answers(  # noqa: N802
    answer: bool | None,  # noqa: FBT001  # a case
    controleert: bool,  # noqa: FBT001  # a case
    grond: Grond,
) -> None:
    """
    Without a yes another identifier stands in; a board may say that it does not check.
    """
    (outcome,) = ketenids_on(
        [_at("vo", _YEAR, bevestigd=answer)], on=our.TODAY, controleert=controleert
    )
    assert outcome.grond is grond
    assert outcome.ander_id_reden is (
        None if grond is Grond.KETENID else AnderIdReden.NIET_BEVESTIGD
    )


def test_L9_with_a_bsn_the_same_eck_id_comes_back() -> None:  # noqa: N802
    """
    When a BSN replaces an onderwijsnummer.
    """
    subs = Substitutions([Substitution(our.onderwijsnummer(0), our.bsn(0), our.TODAY)])
    origin = subs.origin(our.bsn(0), on=our.TODAY)
    before = our.ketenid(our.onderwijsnummer(0), Sector.VO)
    assert our.ketenid(origin, Sector.VO) == before


def test_L10_symbiose_gets_no_eck_id_at_the_second_school() -> None:  # noqa: N802
    """
    Nor who is not funded there; another identifier stands in.
    """
    school, second = ketenids_on(
        [_at("so", _YEAR), _at("vo", _YEAR, bekostigd=False)], on=our.TODAY
    )
    assert school.grond is Grond.KETENID
    assert (second.grond, second.ander_id_reden) == (
        Grond.SYMBIOSE,
        AnderIdReden.SYMBIOSE,
    )
    (alone,) = ketenids_on([_at("vo", _YEAR, bekostigd=False)], on=our.TODAY)
    assert alone.ander_id_reden is AnderIdReden.NIET_BEKOSTIGD


def test_L11_another_identifier_only_without_an_eck_id() -> None:  # noqa: N802
    """
    Beside a ketenID none goes, whatever reason is given; without a reason none.
    """
    to = Attribuutbeleid.load("leermiddelenketen").voor(
        doel=Doel.GEBRUIK, organisatie=our.A, on=our.TODAY
    )
    why = {"ander_id_reden": "symbiose", "ander_id_tot": "2027-07-31"}
    both = to.release({"eckid": _PO, "leerlingnummer": "1", **why})
    assert set(both.released) == {"eckid"}
    assert both.withheld["leerlingnummer"] is Reden.KETENID_EXISTS
    assert not to.release({"leerlingnummer": "1"}).released
    alone = to.release({"leerlingnummer": "1", **why})
    assert alone.released["leerlingnummer"] == "1"


@pytest.mark.parametrize("name", Attribuutbeleid.names())
@pytest.mark.parametrize("reden", AnderIdReden)
def test_L11_the_reason_stays_at_the_school(name: str, reden: AnderIdReden) -> None:  # noqa: N802
    """
    Under each shipped policy, for each doel and recipient: counted, and not sent.
    """
    beleid = Attribuutbeleid.load(name)
    row = {n: f"x {n}" for n in CATALOGUE if n not in _PGN_OR_ECKID}
    row |= {"ander_id_reden": reden.value, "ander_id_tot": "2027-07-31"}
    gone = 0
    for doel, ontvanger, wie in product(Doel, Ontvanger, Wie):
        to = beleid.voor(
            doel=doel, ontvanger=ontvanger, on=our.TODAY, scopes=beleid.scopes
        )
        vrijgave = to.release(row, wie=wie)
        assert "ander_id_reden" not in {r.attribuut for r in to.going}
        assert reden.value not in vrijgave.texts.values()
        if vrijgave.identifier is not None:
            assert vrijgave.ander_id_reden is reden
            gone += 1
    # The one refuses every row, the other gives nothing but to a rol.
    assert bool(gone) is (name not in {"lvs-set-2.2", "voorbeeld-rollen"})


_PGN_OR_ECKID = {*NAMES_OF[Kenmerk.PGN], *NAMES_OF[Kenmerk.KETENID]}


def test_L12_a_link_across_sectors_rests_on_consent() -> None:  # noqa: N802
    """
    Without a link nothing is joined; none is made without consent; it can end.
    """
    with pytest.raises(BoundaryError) as caught:
        check_join(_PO, _VO)
    assert caught.value.rule.value == "no-link"
    with pytest.raises(TypeError, match=r"^toestemming: expected Toestemming"):
        our.link(_PO, _VO, toestemming=None)
    with pytest.raises(LinkError):
        our.link(_PO, _VO, vanaf=our.TODAY - timedelta(days=1))
    link = our.link(_PO, _VO)
    how: dict[str, Any] = {
        "van": our.van(_PO, _VO),
        "organisatie": our.A,
        "doel": Doel.GEBRUIK,
        "on": our.TODAY,
    }
    check_join(_PO, _VO, link=our.verify(link.token), **how)
    with pytest.raises(LinkError):
        our.verify(link.token, revocations=our.listed(link.jti))
    # Nor does a board consent for pupils that another board sent.
    theirs = our.van(_PO, _VO, houder=our.NEIGHBOUR)
    with pytest.raises(BoundaryError) as caught:
        check_join(_PO, _VO, link=our.verify(link.token), **how | {"van": theirs})
    assert caught.value.rule.value == "other-houder"
    assert Notices() == our.NOTHING


def test_every_rule_has_its_test_or_its_reason() -> None:
    """
    L1 to L13, here and on the page for jurists.
    """
    tested = {
        found[1]
        for name in globals()
        if (found := re.match(r"test_(L\d+)_", name)) is not None
    }
    rules = {f"L{n}" for n in range(1, 14)}
    assert set(RECHTSREGELS) == rules
    assert tested | set(NO_TEST) == rules
    assert all(NO_TEST.values())
    page = PAGE.read_text("utf-8")
    assert {*re.findall(r"\bL\d+\b", page)} == rules
