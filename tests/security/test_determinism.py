"""
One person has one ketenID: whoever derives it, where, when, and from which spelling.
"""

import codecs
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from children import unmeasured
from hypothesis import given
from hypothesis import strategies as st
from security.attacker import NUMBERS
from security.claims import shows
from security.everywhere import FEW, PO, REAL, shown

from eckid import (
    BSN,
    LEERMIDDELENKETEN,
    ExchangeError,
    HPgn,
    Keten,
    Medewerker,
    Salt,
    Sector,
    Stampseudoniem,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    parse_pgn,
)
from eckid.exchange import Rij, Roster, look
from eckid.hashing import Hasher
from eckid.scale import hash_column
from eckid.scheme import CHEAPEST

ROOT = Path(__file__).parents[2]
RING = REAL.ring
# What a child process prints: its locale, and what is the same everywhere.
CHILD = """
import locale, sys
sys.path[:0] = [{tests!r}, {support!r}]
from contextlib import suppress
with suppress(locale.Error):
    locale.setlocale(locale.LC_ALL, "")
from security.everywhere import shown
print(locale.setlocale(locale.LC_CTYPE))
print(shown())
"""


def _child(*options: str, **environment: str) -> list[str]:
    code = CHILD.format(tests=str(ROOT / "tests"), support=str(ROOT / "tests/support"))
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        env={**unmeasured(), **environment},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.splitlines()


@shows("C7")
def test_another_process_gives_the_same() -> None:
    """
    Whatever seeds its hashes, what its texts are encoded in, or where it stands.
    """
    kinds: list[tuple[tuple[str, ...], dict[str, str]]] = [
        ((), {"PYTHONHASHSEED": "0", "PYTHONUTF8": "0", "LC_ALL": "C"}),
        ((), {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"}),
        (("-O",), {"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.UTF-8"}),
    ]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda kind: _child(*kind[0], **kind[1]), kinds))
    assert [lines[1] for lines in found] == [shown()] * len(kinds)


@shows("C7")
def test_a_turkish_locale_gives_the_same(tmp_path: Path) -> None:
    """
    There the lower case of I is another letter; here it never is.

    Where the system can make the locale, it is made and is in force.
    """
    compiler, source = shutil.which("localedef"), Path("/usr/share/i18n/locales/tr_TR")
    made = compiler is not None and source.exists()
    if made:
        folder = str(tmp_path / "tr_TR.UTF-8")
        command = [str(compiler), "-i", "tr_TR", "-f", "UTF-8", folder]
        subprocess.run(command, check=False, capture_output=True)
        made = (tmp_path / "tr_TR.UTF-8" / "LC_CTYPE").exists()
    name, found = _child(LC_ALL="tr_TR.UTF-8", LOCPATH=str(tmp_path), PYTHONUTF8="0")
    assert found == shown()
    assert (name == "tr_TR.UTF-8") >= made


@shows("C7")
def test_threads_give_the_same() -> None:
    """
    Threads that share a ring and ask in turns for other sectors and releases.
    """
    hpgns = [REAL.hpgn(text, REAL.roots.salt) for text in FEW]
    asked = [
        PO._replace(sector=sector, release=release)
        for sector in ("po", "vo", "mbo")
        for release in ("2026", "2027")
    ]
    alone = [REAL.ketenids(hpgns, at) for at in asked]
    with ThreadPoolExecutor(6) as pool:
        for _ in range(4):
            assert list(pool.map(lambda at: REAL.ketenids(hpgns, at), asked)) == alone


@shows("C3", "C7")
@given(order=st.permutations(range(8)))
def test_the_order_of_a_list_does_not_matter(order: list[int]) -> None:
    """
    Each has the ketenID that it has alone, whoever stands before it.
    """
    hpgns = [bytes([n]) * 32 for n in range(8)]
    alone = [REAL.ketenid(hpgn, PO) for hpgn in hpgns]
    made = REAL.ketenids([hpgns[n] for n in order], PO)
    assert made == [alone[n] for n in order]


@shows("C3")
def test_within_a_keten_sector_and_release_equal_is_one_person() -> None:
    """
    2,000 numbers have 2,000 ketenIDs, each the same when it is asked again.
    """
    hpgns = [REAL.hpgn(text, REAL.roots.salt) for text in NUMBERS]
    made = REAL.ketenids(hpgns, PO)
    assert len(set(made)) == len(NUMBERS)
    assert REAL.ketenids(hpgns, PO) == made


@shows("C22")
@pytest.mark.parametrize("text", [*FEW[:3], "063138219"])
def test_every_spelling_of_a_number_is_one_person(text: str) -> None:
    """
    Spaces, hyphens, dots in the places where they may stand, and a lost zero.
    """
    spellings = [
        f" {text} ",
        f"{text[:3]} {text[3:6]} {text[6:]}",
        f"{text[:4]}-{text[4:6]}-{text[6:]}",
        f"{text[:3]}.{text[3:6]}.{text[6:]}",
    ]
    spellings += [text[1:]] if text.startswith("0") else []
    one = hash_pgn(BSN(text), salt=RING.salt, scheme=CHEAPEST)
    for spelling in spellings:
        for pgn in (BSN.parse(spelling), parse_pgn(spelling)):
            assert hash_pgn(pgn, salt=RING.salt, scheme=CHEAPEST) == one


@shows("C22")
def test_every_case_of_an_address_is_one_person() -> None:
    """
    As ASCII has it: what has another lower case elsewhere is not an address.
    """
    spellings = ["20DI INIT@SCHOOL.IT", "20di init@school.it", "20Di Init@School.It"]
    made = {
        hash_pgn(Medewerker.parse(each), salt=RING.salt, scheme=CHEAPEST).expose()
        for each in spellings
    }
    assert len(made) == 1


@shows("C22")
def test_salts_that_differ_in_case_are_two() -> None:
    """
    Base64 and its bytes are taken as they are.
    """
    salts = [Salt(b"abcdefghijklmnop"), Salt(b"ABCDEFGHIJKLMNOP")]
    salts += [Salt.from_base64(text) for text in ("YWJj" * 6, "ywjj" * 6)]
    made = {hash_pgn(BSN(FEW[0]), salt=s, scheme=CHEAPEST).expose() for s in salts}
    assert len(made) == 4


@shows("C7")
def test_every_form_of_an_input_gives_the_same() -> None:
    """
    Octets or hex, base64 or bytes, derived, parsed or unsealed; newest or by name.
    """
    octets = REAL.hpgn(FEW[0], REAL.roots.salt)
    forms = [HPgn(octets, CHEAPEST), HPgn.parse(octets.hex(), scheme=CHEAPEST)]
    stams = [derive_stampseudoniem(hpgn, sleutelbos=RING) for hpgn in forms]
    stams.append(Stampseudoniem.parse(stams[0].expose()))
    stams.append(
        RING.unseal(RING.seal(stams[0], about="x"), about="x", kind=Stampseudoniem)
    )
    made = {
        derive_ketenid(
            stam,
            keten=Keten(LEERMIDDELENKETEN.id, "another name"),
            sector=Sector.PO,
            sleutelbos=RING,
            release=release,
        ).uri
        for stam in stams
        for release in (None, "2027")
    }
    assert len(made) == 1


@shows("C7")
def test_every_column_of_numbers_gives_the_same() -> None:
    """
    Text or whole numbers, in Arrow or numpy, and text in either order of its bytes.

    Whole numbers in the other order are refused, and never read as others.
    """
    numbers = [int(text) for text in FEW]
    columns = [
        pa.array(FEW),
        pa.array(FEW, pa.large_string()),
        pa.array(FEW).dictionary_encode(),
        pa.array(numbers, pa.int64()),
        pa.array(numbers, pa.uint32()),
        np.array(numbers, "<i8"),
        np.array(FEW, "<U9"),
        np.array(FEW, ">U9"),
    ]
    with Hasher(salt=RING.salt, scheme=CHEAPEST, workers=1) as hasher:
        made = []
        for column in columns:
            done = hash_column(column, hasher=hasher)
            assert done.refused.num_rows == 0
            made.append([None if h is None else h.expose() for h in done.column])
        with pytest.raises(ExchangeError):
            hash_column(np.array(numbers, ">i8"), hasher=hasher)
    assert made == [made[0]] * len(columns)
    assert made[0] == [REAL.hpgn(text, REAL.roots.salt).hex() for text in FEW]


@shows("C7")
def test_every_encoding_of_a_list_gives_the_same(tmp_path: Path) -> None:
    """
    With a mark of its encoding or without, in Windows-1252, in any order of rows.
    """
    rows = [f"{n};Zoë;{text}" for n, text in enumerate(FEW)]
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311  # an order
    made: list[dict[str, bytes]] = []
    for lines, encoding, mark in (
        (rows, "utf-8", b""),
        (rows, "utf-8", codecs.BOM_UTF8),
        (rows, "cp1252", b""),
        (shuffled, "utf-8", b""),
    ):
        path = tmp_path / f"{len(made)}.csv"
        path.write_bytes(
            mark + "\n".join(["key;roepnaam;bsn", *lines]).encode(encoding)
        )
        found = {}
        for row in Roster(look(path)):
            assert isinstance(row, Rij)
            assert row.pgn is not None
            hpgn = hash_pgn(row.pgn, salt=RING.salt, scheme=CHEAPEST)
            found[row.pgn.expose()] = REAL.ketenid(hpgn.expose_octets(), PO)
        made.append(found)
    assert made == [made[0]] * len(made)
    assert len(made[0]) == len(FEW)
