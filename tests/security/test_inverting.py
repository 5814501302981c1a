"""
From an identifier back to the number: 2,000 numbers, and an attacker without one root.

The attacker knows all numbers, all formulas, and every root but one. He may guess: by
equality, nearness, rank and place. With that root he finds all 2,000; without it he
finds fewer than 20, and more would be luck of less than 2^-61.
"""

import base64
import json
import math
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pytest
import roads
from parties import number
from security.attacker import (
    LUCK,
    NUMBERS,
    PEOPLE,
    Made,
    dictionary,
    lacking,
    recovered,
    right,
)
from security.claims import shows
from security.constructions import Real, Roots, drawn

from eckid import (
    LEERMIDDELENKETEN,
    Doel,
    HPgn,
    KetenID,
    Ontvanger,
    Organisatie,
    Register,
    RegisterError,
    SecretError,
    Sector,
    SectorLink,
    Sleutelbos,
    Succession,
    Toestemmer,
    Toestemming,
    derive_ketenid,
    derive_stampseudoniem,
    elfproef,
)
from eckid.linked import link_name
from eckid.scale import run
from eckid.scale.journal import journal_of, mark_of
from eckid.scheme import CHEAPEST
from eckid.succession import Reikwijdte

DAY: Final = date(2026, 11, 24)
A: Final = Organisatie("0000000700099ZZ00001", Ontvanger.UITGEVER)
ROOTS: Final = Roots.of("inverting")
RING: Final = Real(ROOTS).ring
# What each identifier is made of.
MADE_OF: Final = [
    ("hpgn", "salt"),
    ("stam", "salt"),
    ("stam", "stam"),
    ("ketenid", "salt"),
    ("ketenid", "stam"),
    ("ketenid", "2026"),
]


@pytest.fixture(scope="module")
def made() -> Made:
    """
    The identifiers of the 2,000.
    """
    return dictionary(ROOTS)


@shows("C8", "C9")
@pytest.mark.parametrize(("identifier", "root"), MADE_OF)
def test_without_a_root_an_identifier_leads_to_no_number(
    made: Made, identifier: str, root: str
) -> None:
    """
    Whatever else the attacker has, he does no better than guessing.
    """
    mine = dictionary(lacking(ROOTS, root))
    found = right(getattr(made, identifier), getattr(mine, identifier))
    assert found["exact"] == 0
    assert max(found.values()) < LUCK


@shows("C8", "C9")
@pytest.mark.parametrize("identifier", ["hpgn", "stam", "ketenid"])
def test_with_all_roots_an_identifier_leads_to_its_number(
    made: Made, identifier: str
) -> None:
    """
    A pseudonym is not anonymous: whoever holds ring and salt finds all 2,000.
    """
    rows = getattr(made, identifier)
    assert right(rows, getattr(dictionary(ROOTS), identifier))["exact"] == PEOPLE


@shows("C8")
@pytest.mark.parametrize("way", ["nearest", "farthest", "rank", "place"])
def test_each_way_of_guessing_finds_what_it_can(made: Made, way: str) -> None:
    """
    A leak that fits a way of guessing is found by it, so that finding none says much.
    """
    pad = np.frombuffer(drawn("pad", size=64), np.uint8)
    serial = np.arange(PEOPLE).astype(">u4").view(np.uint8).reshape(-1, 4)
    shown: dict[str, Any] = {
        # A quarter of the stampseudoniem stands in it.
        "nearest": np.hstack([made.stam[:, :16], made.ketenid[:, 16:]]),
        # Its complement does.
        "farthest": np.hstack([~made.stam[:, :16], made.ketenid[:, 16:]]),
        # A key is added to an order that the candidates have.
        "rank": np.hstack([made.stam[:, :8], made.stam[:, 8:] ^ pad[8:]]),
        # It counts up, as the numbers do.
        "place": np.hstack([serial, made.ketenid[:, 4:]]),
    }
    assert right(shown[way], made.stam)[way] > PEOPLE * 0.9


@shows("C9")
def test_there_are_so_many_numbers() -> None:
    """
    91,818,180 pass: 26.5 bits. Counted by remainder and digit, and not one by one.
    """
    bsns = _passing("", 0) - 1  # 000000000 is refused
    onderwijsnummers = _passing("10", 5)
    assert (bsns, onderwijsnummers) == (90_909_090, 909_090)
    assert 26.45 < math.log2(bsns + onderwijsnummers) < 26.5
    assert elfproef("111222333") == 0
    assert elfproef("101222331") == 5


def _passing(start: str, wanted: int) -> int:
    ways = {0: 1}
    for place, weight in enumerate((9, 8, 7, 6, 5, 4, 3, 2, -1)):
        digits = [int(start[place])] if place < len(start) else range(10)
        found: dict[int, int] = {}
        for rest, many in ways.items():
            for digit in digits:
                new = (rest + weight * digit) % 11
                found[new] = found.get(new, 0) + many
        ways = found
    return ways[wanted]


# --- What lies sealed ---------------------------------------------------------------


@shows("C8", "C13")
def test_a_sealed_value_leads_to_no_number_without_the_home_root(made: Made) -> None:
    """
    The attacker knows every HPgn and of which rows the cells are, and guesses.
    """
    mine = Real(lacking(ROOTS, "home")).ring
    hpgns = [HPgn(row.tobytes(), CHEAPEST) for row in made.hpgn]
    cells = [RING.seal(hpgn, about=f"{n}") for n, hpgn in enumerate(hpgns)]
    for n in range(0, PEOPLE, 50):
        with pytest.raises(SecretError):
            mine.unseal(cells[n], about=f"{n}")
    own = [mine.seal(hpgn, about=f"{n}") for n, hpgn in enumerate(hpgns)]
    rows = (
        np.frombuffer(b"".join(e), np.uint8).reshape(PEOPLE, -1) for e in (cells, own)
    )
    assert max(right(*rows).values()) < LUCK
    opened = [RING.unseal(cell, about=f"{n}") for n, cell in enumerate(cells)]
    assert opened == hpgns


# --- Releases, receipts, reports, journals -------------------------------------------


class Lists(NamedTuple):
    """
    Two lists of other persons, and the files of a release of each.
    """

    source: Path
    files: dict[str, bytes]
    others: dict[str, bytes]


def _list(path: Path, numbers: Sequence[str]) -> Path:
    rows = [f"k{n};Sem;Bakker;{text}" for n, text in enumerate(numbers)]
    # The last two are refused: a number that fails, and one in another cell.
    rows += ["x1;Sem;Bakker;063138218", f"x2;Noor {numbers[3]};Smit;063138219"]
    path.write_text("\n".join(["key;roepnaam;achternaam;bsn", *rows]), "utf-8")
    return path


def _released(source: Path, ring: Sleutelbos) -> dict[str, bytes]:
    out = source.with_suffix(".out.csv")
    to = roads.to(on=DAY)
    done = run(source, out, who=roads.who(ring, release="2026"), to=to)
    names = done.files._asdict()
    return {n: p.read_bytes() for n, p in names.items() if p is not None and p.exists()}


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Lists:
    """
    A list of all 2,000 released under the ring, and one of others.
    """
    folder = tmp_path_factory.mktemp("lists")
    source = _list(folder / "one.csv", NUMBERS)
    others = _list(folder / "two.csv", [number(PEOPLE + n) for n in range(PEOPLE)])
    return Lists(source, _released(source, RING), _released(others, RING))


@shows("C12")
@pytest.mark.parametrize("root", ["salt", "stam", "2026"])
def test_a_release_leads_to_no_number_without_a_root(lists: Lists, root: str) -> None:
    """
    Nothing that the other roots make stands in it; with all roots every row is found.
    """
    assert recovered(lists.files["main"], lacking(ROOTS, root)) == set()


@shows("C12")
def test_a_release_leads_to_every_number_with_all_roots(lists: Lists) -> None:
    """
    The search itself finds what stands there.
    """
    assert recovered(lists.files["main"], ROOTS) == set(NUMBERS)


@shows("C12")
def test_what_stands_beside_a_release_is_of_no_person(lists: Lists) -> None:
    """
    Receipt, report and refusals of two lists of other persons are the same.

    So nobody learns from them who is in it, whatever roots he has.
    """
    beside = sorted(set(lists.files) - {"main"})
    assert len(beside) >= 2
    for name in beside:
        assert recovered(lists.files[name], ROOTS) == set(), name
        assert _undated(lists.files[name]) == _undated(lists.others[name]), name


def _undated(content: bytes) -> object:
    with suppress(ValueError):
        found = json.loads(content)
        return {n: v for n, v in found.items() if n not in {"date", "made"}}
    return content


class StopError(Exception):
    """
    What ends a run in the middle.
    """


@shows("C12")
def test_a_journal_leads_to_no_number_without_the_home_root(tmp_path: Path) -> None:
    """
    With it a row costs a try for each number: it was sealed about its number.
    """
    few = NUMBERS[:90]
    source, out = _list(tmp_path / "one.csv", few), tmp_path / "out.csv"

    def progress(done: int, _: int) -> None:
        if done == 80:
            raise StopError

    with pytest.raises(StopError):
        run(source, out, who=roads.who(RING), to=roads.to(on=DAY), progress=progress)
    journal = journal_of(out)
    content = journal.read_bytes()
    with closing(sqlite3.connect(journal)) as rows:
        sealed = rows.execute("SELECT record, sealed FROM hpgn").fetchall()
        (mark,) = rows.execute("SELECT mark FROM list").fetchone()
    assert len(sealed) > 40
    assert recovered(content, ROOTS) == set()
    for roots, opens in ((lacking(ROOTS, "home"), False), (ROOTS, True)):
        ring = Real(roots).ring
        again = mark_of(source, sleutelbos=ring, scheme=CHEAPEST)
        assert (again == mark) is opens
        for record, cell in sealed[:12]:
            found = [
                text
                for text in few
                if _opens(ring, cell, f"journal {mark.hex()} {record} {text}")
            ]
            assert len(found) == opens


def _opens(ring: Sleutelbos, cell: bytes, about: str) -> bool:
    try:
        ring.unseal(cell, about=about, kind=HPgn)
    except SecretError:
        return False
    return True


# --- The register --------------------------------------------------------------------


@shows("C12", "C14")
def test_a_register_leads_to_nobody_without_the_home_root(tmp_path: Path) -> None:
    """
    Its two files hold nothing that any root makes; with the home root all is read.
    """
    path, many = tmp_path / "board.reg", 60
    made = dictionary(ROOTS, NUMBERS[:many])
    hpgns = [HPgn(row.tobytes(), CHEAPEST) for row in made.hpgn]
    sem = {"geboortedatum": "2015-12-24", "roepnaam": "Voornaam"}
    with Register.create(path, sleutelbos=RING) as register, register.together():
        for n, hpgn in enumerate(hpgns):
            stam = derive_stampseudoniem(hpgn, sleutelbos=RING)
            register.add("las-1", f"sleutel-{n}", stam, gegevens=sem, on=DAY)
            ketenid = derive_ketenid(
                stam, keten=LEERMIDDELENKETEN, sector=Sector.PO, sleutelbos=RING
            )
            register.sent(
                *("las-1", f"sleutel-{n}"),
                organisatie=A,
                identifier=ketenid,
                beleid="x",
                doel=Doel.GEBRUIK,
                on=DAY,
            )
    content = path.read_bytes() + (tmp_path / "board.reg.keys").read_bytes()
    assert recovered(content, ROOTS) == set()
    for text in ("las-1", "sleutel-7", "Voornaam", "2015-12-24"):
        assert text.encode() not in content
    with pytest.raises(RegisterError):
        Register.open(path, sleutelbos=Real(lacking(ROOTS, "home")).ring)
    only = Real(lacking(ROOTS, "salt", "stam", "seed", "2026", "2027")).ring
    with Register.open(path, sleutelbos=only) as register:
        for n, row in enumerate(made.stam):
            facts = register.inzage("las-1", f"sleutel-{n}")
            assert facts[0]["stampseudoniem"].expose_octets() == row.tobytes()


# --- Signed statements ---------------------------------------------------------------


def _statements(person: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """
    Yield a link and a notice of a person, each with the claims that stand in it.
    """
    hpgn = HPgn(
        dictionary(ROOTS, NUMBERS[person : person + 1]).hpgn[0].tobytes(), CHEAPEST
    )
    stam = derive_stampseudoniem(hpgn, sleutelbos=RING)
    po, vo = (
        derive_ketenid(
            stam, keten=LEERMIDDELENKETEN, sector=s, sleutelbos=RING, release="2026"
        )
        for s in (Sector.PO, Sector.VO)
    )
    link = SectorLink.issue(
        po,
        vo,
        voor=Reikwijdte(
            organisatie=A, doel=Doel.GEBRUIK, vanaf=DAY, tot=date(2027, 7, 31)
        ),
        toestemming=Toestemming(
            Toestemmer.OUDER, DAY, "2026-1", "0000000700099ZZ00009"
        ),
        issued=DAY,
        sleutelbos=RING,
    )
    new = _nobody(po)
    notice = Succession.issue(po, new, organisatie=A, issued=DAY, sleutelbos=RING)
    for token in (link.token, notice):
        payload = token.split(".")[1]
        yield token, json.loads(base64.urlsafe_b64decode(payload + "=="))


def _nobody(ketenid: KetenID) -> KetenID:
    """
    Return a ketenID of nobody, for a notice.
    """
    uri = ketenid.uri[:-128] + drawn("nobody", size=64).hex()
    return KetenID.parse(uri, keten=ketenid.keten, sector=ketenid.sector)


@shows("C12", "C16")
@pytest.mark.parametrize("root", ["salt", "stam", "2026", None])
def test_a_statement_leads_to_nobody_without_a_root(root: str | None) -> None:
    """
    A link has digests of ketenIDs, a notice has ketenIDs; all else is of no person.
    """
    roots = ROOTS if root is None else lacking(ROOTS, root)
    mine = [
        KetenID.parse(
            f"https://eckid.invalid/2026/{row.tobytes().hex()}", sector=Sector.PO
        )
        for row in dictionary(roots).ketenid
    ]
    (link, claims), (notice, told) = _statements(1234)
    nonce = bytes.fromhex(claims["nonce"])
    digests = [link_name(one, nonce=nonce, oin=A.oin).hex() for one in mine]
    linked = [NUMBERS[n] for n, d in enumerate(digests) if d == claims["sectors"]["po"]]
    said = [NUMBERS[n] for n, one in enumerate(mine) if one.uri == told["old"]]
    assert linked == said == ([NUMBERS[1234]] if root is None else [])
    # A link does not say the ketenID itself.
    assert recovered(json.dumps(claims).encode() + link.encode(), ROOTS) == set()
    shown = recovered(json.dumps(told).encode() + notice.encode(), roots)
    assert shown == ({NUMBERS[1234]} if root is None else set())
