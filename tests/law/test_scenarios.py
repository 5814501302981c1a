"""
The cases that the evaluation of the law tells of, as a board would live them.

Names, schools and days are made up. Each case says what every party holds before
and after; and in each, another identifier went to nobody who could have had a
ketenID.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import parties as our
import pytest

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    BoundaryError,
    Doel,
    Grond,
    HPgn,
    Inschrijving,
    KetenID,
    LinkError,
    Notices,
    Onderwijssoort,
    Organisatie,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    Uitkomst,
    Voorlopig,
    Vrijgave,
    check_join,
    derive_ketenid,
    derive_stampseudoniem,
    ketenids_on,
)
from eckid.attributes import AnderIdReden
from eckid.succession import Substitutions

SCHOOL_YEAR = date(2026, 8, 1)
AUTUMN = our.TODAY
A, B = our.A, our.B
BELEID = Attribuutbeleid.load("leermiddelenketen")


@dataclass
class Pupil:
    """
    A pupil as the administration has one.
    """

    roepnaam: str
    number: HPgn
    places: list[Inschrijving] = field(default_factory=list)
    key: str = "ll-1"

    def at(
        self,
        soort: str,
        begin: date,
        einde: date | None = None,
        **more: Any,  # noqa: ANN401  # the other fields
    ) -> int:
        """
        Enrol, and return which place it is.
        """
        more = {"bekostigd": True, "bevestigd": True, **more}
        self.places.append(
            Inschrijving(Onderwijssoort(soort), "99XX", begin, einde, **more)
        )
        return len(self.places) - 1


class Chain:
    """
    A board with its ring, and what it sent to whom.
    """

    def __init__(self) -> None:
        self.subs = Substitutions()
        self.ring: Sleutelbos = our.RING
        self.administratie = "las-1"
        self.sent: list[tuple[Uitkomst, Organisatie, Vrijgave]] = []

    def stam(self, pupil: Pupil, on: date) -> Stampseudoniem:
        """
        Return what the board keeps of a pupil.
        """
        origin = self.subs.origin(pupil.number, on=on)
        return derive_stampseudoniem(origin, sleutelbos=self.ring)

    def ketenid(self, pupil: Pupil, sector: Sector, on: date) -> KetenID:
        """
        Return a pupil's ketenID in a sector.
        """
        return derive_ketenid(
            self.stam(pupil, on),
            keten=LEERMIDDELENKETEN,
            sector=sector,
            sleutelbos=self.ring,
        )

    def voorlopig(self, pupil: Pupil, to: Organisatie, tot: date) -> Voorlopig:
        """
        Return what a recipient may know a pupil by until there is a ketenID.
        """
        return Voorlopig.derive(
            pupil.key,
            administratie=self.administratie,
            bestuur=our.BOARD,
            organisatie=to,
            tot=tot,
            sleutelbos=self.ring,
        )

    def send(
        self, pupil: Pupil, place: int, to: Organisatie, on: date
    ) -> dict[str, object]:
        """
        Release a pupil of one place to a recipient; return what the recipient gets.
        """
        outcome = ketenids_on(pupil.places, on=on)[place]
        row: dict[str, KetenID | str] = {
            "roepnaam": pupil.roepnaam,
            "geboortedatum": "2013-02-01",
            **outcome.attributen,
        }
        if outcome.grond is Grond.KETENID:
            assert outcome.sector is not None
            row["eckid"] = self.ketenid(pupil, outcome.sector, on)
        elif (
            outcome.ander_id_reden is AnderIdReden.NOG_NIET_GEREGISTREERD
            and outcome.tot
        ):
            row["voorlopig"] = self.voorlopig(pupil, to, outcome.tot).uri
        else:
            row["leerlingnummer"] = pupil.key
        bestemming = BELEID.voor(doel=Doel.BESTELLEN, organisatie=to, on=on)
        vrijgave = bestemming.release(row)
        self.sent.append((outcome, to, vrijgave))
        return dict(vrijgave.released)

    def check(self) -> None:
        """
        Fail where another identifier went, and a ketenID could have gone.
        """
        assert self.sent, "the case releases nobody"
        for outcome, _, vrijgave in self.sent:
            ids = {"eckid", "voorlopig", "leerlingnummer"} & vrijgave.released.keys()
            assert len(ids) <= 1
            could = outcome.grond is Grond.KETENID
            assert ids == {"eckid"} if could else "eckid" not in ids
            assert bool(ids - {"eckid"}) is (outcome.ander_id_reden is not None)


@pytest.fixture
def chain() -> Iterator[Chain]:
    """
    A board; when the case ends, nobody has a stand-in without need.
    """
    made = Chain()
    yield made
    made.check()


def _joins(a: KetenID, b: KetenID, token: str = "", on: date = AUTUMN) -> bool:
    """
    Return whether A may take the two for one pupil's.
    """
    try:
        if not token:
            check_join(a, b)
        else:
            check_join(
                a,
                b,
                link=our.verify(token, on=on),
                van=our.van(a, b),
                organisatie=A,
                doel=Doel.GEBRUIK,
                on=on,
            )
    except BoundaryError:
        return False
    return True


def test_symbiose(chain: Chain) -> None:
    """
    A pupil of so follows lessons in vo, where nobody is paid for them.

    A, who serves the school for so, holds the ketenID of po. B, who serves the
    school for vo, holds a leerlingnummer and until when; never both, and not why.
    """
    noor = Pupil("Noor", our.bsn(0))
    so = noor.at("so", SCHOOL_YEAR)
    vo = noor.at("vo", SCHOOL_YEAR, date(2027, 1, 31), bekostigd=False)
    assert chain.send(noor, so, A, AUTUMN) == {
        "eckid": our.ketenid(our.bsn(0), Sector.PO),
        "roepnaam": "Noor",
    }
    assert chain.send(noor, vo, B, AUTUMN) == {
        "leerlingnummer": "ll-1",
        "ander_id_tot": "2027-01-31",
        "roepnaam": "Noor",
    }
    # After: she moves to vo, funded now, and B gets the ketenID of vo.
    noor.places = noor.places[1:]
    vo = noor.at("vo", date(2027, 2, 1))
    got = chain.send(noor, vo, B, date(2027, 2, 1))
    assert got == {"eckid": our.ketenid(our.bsn(0), Sector.VO), "roepnaam": "Noor"}
    # The lessons of before end with their day.
    assert chain.send(noor, 0, B, date(2027, 2, 1)) == {}


def test_10_14(chain: Chain) -> None:
    """
    A pupil of 10-14 is enrolled and funded in po and in vo.

    Before, A holds two ketenIDs that it may not take for one pupil's. After
    consent and a link it may, for this doel; B, without one, may not.
    """
    sem = Pupil("Sem", our.bsn(1))
    po, vo = sem.at("bao", SCHOOL_YEAR), sem.at("vo", SCHOOL_YEAR)
    first = chain.send(sem, po, A, AUTUMN)["eckid"]
    second = chain.send(sem, vo, A, AUTUMN)["eckid"]
    assert isinstance(first, KetenID)
    assert isinstance(second, KetenID)
    assert first != second
    assert not _joins(first, second)
    link = our.link(first, second)
    assert _joins(first, second, link.token)
    with pytest.raises(LinkError):
        our.verify(link.token, organisatie=B, revocations=our.listed(organisatie=B))


def test_vmbo_mbo(chain: Chain) -> None:
    """
    A pupil of vmbo follows mbo as well; the parent consents, and later withdraws.

    A holds both ketenIDs throughout; what it may do with them comes and goes.
    """
    finn = Pupil("Finn", our.bsn(2))
    vo, mbo = finn.at("vo", SCHOOL_YEAR), finn.at("mbo", SCHOOL_YEAR)
    first = chain.send(finn, vo, A, AUTUMN)["eckid"]
    second = chain.send(finn, mbo, A, AUTUMN)["eckid"]
    assert isinstance(first, KetenID)
    assert isinstance(second, KetenID)
    link = our.link(first, second)
    assert _joins(first, second, link.token)
    # After: the next list names the link, and A can no longer verify it.
    revocations = our.listed(link.jti, number=2)
    with pytest.raises(LinkError) as caught:
        our.verify(link.token, revocations=revocations)
    assert caught.value.reason.name == "REVOKED"
    assert not _joins(first, second)


def test_so_to_regular(chain: Chain) -> None:
    """
    From so to basisonderwijs one ketenID stays; from there to vo comes another.

    A may join the two of po and vo by a link only.
    """
    summer = date(2027, 8, 1)
    mila = Pupil("Mila", our.bsn(3))
    so = mila.at("so", SCHOOL_YEAR, date(2027, 1, 31))
    bao = mila.at("bao", date(2027, 2, 1), date(2027, 7, 31))
    vo = mila.at("vo", summer)
    before = chain.send(mila, so, A, AUTUMN)
    after = chain.send(mila, bao, A, date(2027, 2, 1))
    assert before == after
    assert chain.send(mila, so, A, date(2027, 2, 1)) == {}
    later = chain.send(mila, vo, A, summer)["eckid"]
    assert isinstance(later, KetenID)
    assert isinstance(after["eckid"], KetenID)
    assert later.sector is Sector.VO
    assert not _joins(after["eckid"], later)
    link = our.link(after["eckid"], later, tot=date(2028, 7, 31))
    assert _joins(after["eckid"], later, link.token)


def test_late_enrolment(chain: Chain) -> None:
    """
    A pupil comes in October; the enrolment is confirmed in November.

    Before, A holds a leerlingnummer and until when; after, the ketenID.
    """
    youssef = Pupil("Youssef", our.bsn(4))
    october = date(2026, 10, 5)
    vo = youssef.at("vo", october, bevestigd=False)
    assert chain.send(youssef, vo, A, october) == {
        "leerlingnummer": "ll-1",
        "ander_id_tot": "2027-07-31",
        "roepnaam": "Youssef",
    }
    youssef.places.clear()
    vo = youssef.at("vo", october)
    assert chain.send(youssef, vo, A, AUTUMN) == {
        "eckid": our.ketenid(our.bsn(4), Sector.VO),
        "roepnaam": "Youssef",
    }


def test_order_before_the_summer(chain: Chain) -> None:
    """
    Books for vo are ordered in May, when the pupil is still in po.

    Before, A and B hold a provisional identifier each, which say nothing to each
    other; the ketenID of po does not go along. After, each applies a notice, and
    the order stands under the ketenID of vo.
    """
    lena = Pupil("Lena", our.bsn(5))
    lena.at("bao", SCHOOL_YEAR, date(2027, 7, 31))
    vo = lena.at("vo", our.SUMMER)
    got = {to: chain.send(lena, vo, to, our.SPRING) for to in (A, B)}
    assert got[A].keys() == {"voorlopig", "ander_id_tot", "roepnaam"}
    assert got[A]["ander_id_tot"] == "2027-07-31"
    assert got[A]["voorlopig"] != got[B]["voorlopig"]
    # The ring is rotated in between: the order keeps the release it began with.
    chain.ring = our.NEXT
    for to in (A, B):
        order = Voorlopig.parse(str(got[to]["voorlopig"]))
        assert order.release == "2026"
        ketenid = chain.send(lena, vo, to, our.SUMMER)["eckid"]
        assert isinstance(ketenid, KetenID)
        notice = our.succession(order, ketenid, organisatie=to, issued=our.SUMMER)
        notices = Notices().applying(notice, notice)
        assert notices.current(order, received=our.SPRING, van={our.BOARD}) == ketenid


def test_change_of_school_before_the_summer(chain: Chain) -> None:
    """
    A pupil of vo goes to another school of vo, and books are ordered in May.

    The new school cannot ask for the ketenID yet. Before, B holds a provisional
    identifier, and A, who serves the old school, the ketenID. In July, when all pupils
    are moved over, B gets the same ketenID, and a notice that it comes in the place.
    """
    noah = Pupil("Noah", our.bsn(14))
    old = noah.at("vo", SCHOOL_YEAR, date(2027, 7, 31))
    asked = date(2027, 7, 1)
    new = noah.at("vo", our.SUMMER, aangevraagd_op=asked)
    ketenid = chain.send(noah, old, A, our.SPRING)["eckid"]
    assert isinstance(ketenid, KetenID)
    got = chain.send(noah, new, B, our.SPRING)
    assert got.keys() == {"voorlopig", "ander_id_tot", "roepnaam"}
    assert got["ander_id_tot"] == "2027-06-30"
    assert chain.send(noah, new, B, asked)["eckid"] == ketenid
    order = Voorlopig.parse(str(got["voorlopig"]))
    notice = our.succession(order, ketenid, organisatie=B, issued=asked)
    notices = Notices([notice])
    assert notices.current(order, received=our.SPRING, van={our.BOARD}) == ketenid


def test_nobody_checked_at_duo(chain: Chain) -> None:
    """
    A list does not say whether DUO knows the pupil: that is no yes.

    A holds a leerlingnummer until the board checks, or says that it does not.
    """
    fay = Pupil("Fay", our.bsn(15))
    vo = fay.at("vo", SCHOOL_YEAR, bevestigd=None)
    assert chain.send(fay, vo, A, AUTUMN)["leerlingnummer"] == "ll-1"
    (outcome,) = ketenids_on(fay.places, on=AUTUMN, controleert=False)
    assert outcome.grond is Grond.KETENID


def test_change_of_administration_system(chain: Chain) -> None:
    """
    The school changes its system, and with it every person key.

    A holds the same ketenID before and after: it comes from the stampseudoniem,
    which the board takes along. An order under way keeps its own identifier.
    """
    amir = Pupil("Amir", our.bsn(6), key="oud-7")
    po = amir.at("bao", SCHOOL_YEAR, date(2027, 7, 31))
    vo = amir.at("vo", our.SUMMER)
    before = chain.send(amir, po, A, AUTUMN)
    order = chain.send(amir, vo, A, our.SPRING)["voorlopig"]
    chain.administratie, amir.key = "las-2", "nieuw-93"
    assert chain.send(amir, po, A, our.SPRING) == before
    # A new order under the new system's key would be another one; so the board
    # sends the notice from the one that A has.
    assert chain.voorlopig(amir, A, our.SUMMER).uri != order
    ketenid = chain.send(amir, vo, A, our.SUMMER)["eckid"]
    assert isinstance(ketenid, KetenID)
    notice = our.succession(Voorlopig.parse(str(order)), ketenid, issued=our.SUMMER)
    notices = Notices([notice])
    assert notices.current(notice.oud, received=our.SPRING, van={our.BOARD}) == ketenid


def test_bsn_after_onderwijsnummer(chain: Chain) -> None:
    """
    A pupil without a BSN gets one in spring.

    The board notes the substitution. A holds the same ketenID before and after;
    the onderwijsnummer is refused from then on.
    """
    olha = Pupil("Olha", our.onderwijsnummer(0))
    po = olha.at("bao", SCHOOL_YEAR)
    before = chain.send(olha, po, A, AUTUMN)
    stam = chain.stam(olha, AUTUMN)
    substitution = Substitution(olha.number, our.bsn(7), our.SPRING)
    chain.subs = Substitutions([substitution])
    olha.number = our.bsn(7)
    assert chain.send(olha, po, A, our.SPRING) == before
    assert chain.stam(olha, our.SPRING) == stam
    with pytest.raises(LinkError) as caught:
        chain.subs.origin(our.onderwijsnummer(0), on=our.SPRING)
    assert caught.value.reason.name == "SUBSTITUTED"


def test_a_pupil_with_two_eck_ids(chain: Chain) -> None:
    """
    A pupil was released under an onderwijsnummer and, unknown to all, under a BSN.

    Before, A holds two ketenIDs of one sector, which it may not join. After the
    substitution and a notice from the second to the first, one.
    """
    tess = Pupil("Tess", our.onderwijsnummer(1))
    vo = tess.at("vo", SCHOOL_YEAR)
    first = chain.send(tess, vo, A, AUTUMN)["eckid"]
    tess.number = our.bsn(8)
    second = chain.send(tess, vo, A, AUTUMN)["eckid"]
    assert isinstance(first, KetenID)
    assert isinstance(second, KetenID)
    assert not _joins(first, second)
    chain.subs = Substitutions(
        [Substitution(our.onderwijsnummer(1), our.bsn(8), our.SPRING)]
    )
    assert chain.send(tess, vo, A, our.SPRING)["eckid"] == first
    notices = Notices([our.succession(second, first, issued=our.SPRING)])
    for ketenid in (first, second):
        assert notices.current(ketenid, received=AUTUMN, van={our.BOARD}) == first


def test_an_eck_id_on_the_wrong_pupil(chain: Chain) -> None:
    """
    Two numbers were mixed up: Daan went out under Bo's ketenID.

    Before, A holds Bo's ketenID for Daan. After a withdrawal it holds for Daan a
    ketenID of his own, with nothing to say that they were ever one; what came
    under the first is nobody's. Bo, released later, is Bo.
    """
    daan, bo = Pupil("Daan", our.bsn(10)), Pupil("Bo", our.bsn(10), key="ll-2")
    place = daan.at("vo", SCHOOL_YEAR)
    wrong = chain.send(daan, place, A, AUTUMN)["eckid"]
    assert isinstance(wrong, KetenID)
    daan.number = our.bsn(9)
    notices = Notices([our.withdrawal(wrong, issued=our.SPRING)])
    with pytest.raises(LinkError) as caught:
        notices.current(wrong, received=AUTUMN, van={our.BOARD})
    assert caught.value.reason.name == "WITHDRAWN"
    right = chain.send(daan, place, A, our.SPRING)["eckid"]
    assert isinstance(right, KetenID)
    assert right != wrong
    assert not _joins(right, wrong)
    # No notice can lead from the one to the other.
    with pytest.raises(LinkError):
        notices.applying(our.succession(wrong, right, issued=our.SPRING))
    bo.at("vo", SCHOOL_YEAR)
    later = chain.send(bo, 0, A, our.SUMMER)["eckid"]
    assert later == wrong
    assert notices.current(wrong, received=our.SUMMER, van={our.BOARD}) == wrong


def test_a_pupil_at_schools_of_two_boards(chain: Chain) -> None:
    """
    Isa goes to two schools; both boards send A her ketenID, which is one (L3).

    The neighbour mixed up two numbers, and withdraws what it sent. What A has from
    our board stays Isa's; what it has from the neighbour is nobody's. A row that A
    made of both stands for nobody, until A asks for each board by itself.
    """
    isa = Pupil("Isa", our.bsn(12))
    place = isa.at("vo", SCHOOL_YEAR)
    ketenid = chain.send(isa, place, A, AUTUMN)["eckid"]
    assert isinstance(ketenid, KetenID)
    gone = our.withdrawal(ketenid, issued=our.SPRING, sleutelbos=our.NEIGHBOURS)
    notices = Notices([gone])
    asked = {"received": AUTUMN}
    assert notices.current(ketenid, **asked, van={our.BOARD}) == ketenid
    for van in ({our.NEIGHBOUR}, {our.BOARD, our.NEIGHBOUR}):
        with pytest.raises(LinkError) as caught:
            notices.current(ketenid, **asked, van=van)
        assert caught.value.reason.name == "WITHDRAWN"
    # Our board's own notice is heard as if the neighbour had said nothing.
    ours = our.succession(ketenid, our.ketenid(our.bsn(13), Sector.VO))
    both = notices.applying(ours)
    assert both.current(ketenid, **asked, van={our.BOARD}) == ours.nieuw
