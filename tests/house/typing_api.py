"""
The public names as a caller's type checker sees them. Read by mypy, never run.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import assert_type

from eckid import (
    BSN,
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    PGN,
    Attribuutbeleid,
    Bestemming,
    Doel,
    Hasher,
    HPgn,
    Keten,
    KetenID,
    Medewerker,
    Notices,
    NumberError,
    Onderwijsnummer,
    Onderwijssoort,
    Ontvanger,
    Oordeel,
    Organisatie,
    Partij,
    PseudonymError,
    PublicKey,
    Reden,
    RevocationList,
    Salt,
    Scheme,
    Sector,
    SectorLink,
    Sleutel,
    Sleutelbos,
    Soort,
    Stampseudoniem,
    Succession,
    Toestemmer,
    Toestemming,
    Uitkomst,
    Voorlopig,
    Vrijgave,
    Wie,
    check_passage,
    derive_ketenid,
    derive_stampseudoniem,
    elfproef,
    hash_pgn,
    ketenid_token,
    ketenids_on,
    parse_pgn,
    sector_of,
)
from eckid.boundary import MAY_PASS, Passages, VerifiedLink
from eckid.derivation import derive_ketenids
from eckid.errors import NumberReden, PseudonymReden
from eckid.exchange import (
    Bron,
    Herkenning,
    Rij,
    Ringbron,
    Weigering,
    read,
    release_list,
    write,
)
from eckid.hashing import hash_pgns
from eckid.policy import Regel
from eckid.policy.decision import Plan
from eckid.scheme import ARGON2ID
from eckid.succession import Gezien, Reikwijdte


def numbers() -> None:
    """
    Text becomes a value, and leaves by expose.
    """
    assert_type(BSN.parse("063138219"), BSN)
    assert_type(BSN.parse("063138219").expose(), str)
    assert_type(Onderwijsnummer.parse("101222331"), Onderwijsnummer)
    assert_type(Medewerker("20DP", "teacher@school.com"), Medewerker)
    assert_type(parse_pgn("063138219"), PGN)
    assert_type(elfproef("063138219"), int)
    BSN.parse(63138219)  # type: ignore[arg-type]  # a number is text


def errors(number: NumberError, pseudonym: PseudonymError) -> None:
    """
    An error says why.
    """
    assert_type(number.reason, NumberReden)
    assert_type(pseudonym.reason, PseudonymReden)


def hashing(pgn: PGN, salt: Salt) -> None:
    """
    A PGN and a salt give an HPgn; text does not.
    """
    assert_type(hash_pgn(pgn, salt=salt), HPgn)
    assert_type(hash_pgn(pgn, salt=salt, scheme=ARGON2ID).scheme, Scheme)
    for hpgn in hash_pgns([pgn], salt=salt, workers=1, progress=print):
        assert_type(hpgn, HPgn)
    hash_pgn("063138219", salt=salt)  # type: ignore[arg-type]  # not yet parsed
    hash_pgn(pgn, salt=b"0123456789abcdef")  # type: ignore[arg-type]  # not a Salt
    hash_pgn(pgn, salt)  # type: ignore[call-arg]  # the rest by keyword


def keys() -> None:
    """
    A ring is made, turned, kept, and seals.
    """
    ring = Sleutelbos.generate(release="2026", salt=None, namespace="https://a.example")
    assert_type(ring, Sleutelbos)
    assert_type(ring.rotate("2027"), Sleutelbos)
    assert_type(ring.releases, tuple[str, ...])
    assert_type(ring.rehearsal, bool)
    assert_type(ring.public_key, bytes)
    assert_type(ring.salt.expose(), bytes)
    assert_type(Sleutel.generate().expose(), bytes)
    assert_type(Sleutelbos.load("ring", passphrase="x"), Sleutelbos)
    made = ring.unseal(b"", about="someone")
    if isinstance(made, Stampseudoniem):
        assert_type(ring.seal(made, about="someone"), bytes)
    ring.expose()  # type: ignore[attr-defined]  # a ring leaves only by save
    ring.seal(BSN.parse("063138219"), about="x")  # type: ignore[arg-type]  # used once


def deriving(hpgn: HPgn, ring: Sleutelbos, sleutel: Sleutel) -> None:
    """
    Each step takes what the step before it gave.
    """
    stam = derive_stampseudoniem(hpgn, sleutelbos=ring)
    assert_type(stam, Stampseudoniem)
    ketenid = derive_ketenid(
        stam, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=ring, release=None
    )
    assert_type(ketenid, KetenID)
    assert_type(ketenid.keten, Keten | None)
    assert_type(ketenid.sector, Sector | None)
    assert_type(ketenid_token(ketenid, sleutel=sleutel), str)
    many = derive_ketenids(
        [stam], keten=LEERMIDDELENKETEN, sector=Sector.VO, sleutelbos=ring
    )
    assert_type(many, Iterator[KetenID])
    derive_stampseudoniem(ketenid, sleutelbos=ring)  # type: ignore[arg-type]  # no way back


def boundary() -> None:
    """
    A passage is allowed or raises.
    """
    check_passage(Soort.KETENID, van=Partij.BEVOEGD_GEZAG, naar=Partij.ONTVANGER)
    assert_type(MAY_PASS, Passages)


def policy(ketenid: KetenID) -> None:
    """
    A release says what, what not, and why.
    """
    beleid = Attribuutbeleid.load("leermiddelenketen")
    to = beleid.voor(
        doel=Doel.GEBRUIK,
        ontvanger=Ontvanger.UITGEVER,
        organisatie=None,
        rol=None,
        on=date(2026, 9, 1),
        scopes=[],
        may_pass=MAY_PASS,
    )
    assert_type(to, Bestemming)
    assert_type(to.columns(), tuple[str, ...])
    assert_type(to.plan(Wie.LEERLING), Plan)
    assert_type(to.going, tuple[Regel, ...])
    to.check_passage(van=Partij.BEVOEGD_GEZAG)
    assert_type(to.release_many([], wie=Wie.LEERKRACHT), Iterator[Vrijgave])
    beleid.voor(Doel.GEBRUIK)  # type: ignore[call-arg]  # by keyword
    vrijgave = to.release({"eckid": ketenid, "roepnaam": "Sem"})
    assert_type(vrijgave, Vrijgave)
    assert_type(vrijgave.released, Mapping[str, str | KetenID])
    assert_type(vrijgave.withheld, Mapping[str, Reden])
    assert_type(vrijgave.regels, Mapping[str, Regel])
    assert_type(
        beleid.voor(doel=Doel.TOETSEN, ontvanger=Ontvanger.SCHOOL).explain(["key"]),
        Mapping[str, Oordeel],
    )
    assert_type(Organisatie("0000000700012TB34567", Ontvanger.UITGEVER).oin, str)


def exchange(ring: Sleutelbos) -> None:
    """
    A list gives a release or a refusal for each row.
    """
    rows = read("groep.csv")
    assert_type(rows, Iterator[Rij | Weigering])
    hasher = Hasher(salt=ring.salt, scheme=NUMMERVOORZIENING)
    bron: Bron = Ringbron(ring, keten=LEERMIDDELENKETEN, sector=Sector.MBO)
    who = Herkenning(bron=bron, hasher=hasher)
    to = Attribuutbeleid.load("leermiddelenketen").voor(
        doel=Doel.GEBRUIK, ontvanger=Ontvanger.UITGEVER
    )
    results = release_list(rows, who=who, to=to)
    assert_type(results, Iterator[Vrijgave | Weigering])
    write((v for v in results if isinstance(v, Vrijgave)), "uitgever.csv")


def across_sectors(ring: Sleutelbos, po: KetenID, vo: KetenID, on: date) -> None:
    """
    What was verified is a value of its own kind; what was issued is a text.
    """
    a = Organisatie("0000000700012TB34567", Ontvanger.UITGEVER)
    keys: Mapping[str, PublicKey] = {}
    consent = Toestemming(Toestemmer.OUDER, on, "2026-1", a.oin)
    link = SectorLink.issue(
        po,
        vo,
        voor=Reikwijdte(organisatie=a, doel=Doel.GEBRUIK, vanaf=on, tot=on),
        toestemming=consent,
        issued=on,
        sleutelbos=ring,
    )
    assert_type(link, SectorLink)
    revocations = RevocationList.verify(
        "", organisatie=a, on=on, keys=keys, last_seen=None
    )
    assert_type(revocations, RevocationList)
    assert_type(revocations.gezien, Gezien)
    verified = SectorLink.verify(
        link.token,
        organisatie=a,
        doel=Doel.GEBRUIK,
        on=on,
        keys=keys,
        revocations=revocations,
    )
    assert_type(verified, VerifiedLink)
    token = Succession.issue(po, vo, organisatie=a, issued=on, sleutelbos=ring)
    assert_type(token, str)
    notice = Succession.verify(token, organisatie=a, on=on, keys=keys)
    assert_type(notice, Succession)
    current = Notices([notice]).current(po, received=on, van={notice.houder})
    assert_type(current, KetenID | Voorlopig)
    assert_type(sector_of(Onderwijssoort.VSO, on=on), Sector)
    assert_type(ketenids_on([], on=on), tuple[Uitkomst, ...])
