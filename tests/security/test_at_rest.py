"""
What lies sealed: cells, the file of a ring, and the cells of a register.
"""

import hashlib
from itertools import combinations
from pathlib import Path

import pytest
from security.claims import shows
from security.constructions import Real, Roots

from eckid import HPgn, SecretError, Sleutelbos, Stampseudoniem
from eckid.keys import file as keyfile
from eckid.scheme import CHEAPEST, NUMMERVOORZIENING

ROOTS = Roots.of("rest")
RING = Real(ROOTS).ring
OTHER = Real(Roots.of("other rest")).ring
HPGN = HPgn(bytes(range(32)), CHEAPEST)
STAM = Stampseudoniem.parse(f"https://eckid.invalid/sp2026/{'ab' * 64}")
PASSPHRASE = "of a test"


@shows("C13")
def test_a_cell_opens_for_its_row_kind_and_ring_alone() -> None:
    """
    Moved to another row, asked as another kind or under another ring, it is refused.
    """
    cell = RING.seal(HPGN, about="row 1")
    assert RING.unseal(cell, about="row 1", kind=HPgn) == HPGN
    for ring, about in ((RING, "row 2"), (RING, "row 1 "), (OTHER, "row 1")):
        with pytest.raises(SecretError):
            ring.unseal(cell, about=about)
    with pytest.raises(SecretError):
        RING.unseal(cell, about="row 1", kind=Stampseudoniem)


@shows("C13")
def test_a_cell_that_was_changed_anywhere_does_not_open() -> None:
    """
    Each byte is authenticated, the nonce too, and so is the length.
    """
    cell = RING.seal(STAM, about="row")
    changed = [
        cell[:place] + bytes([cell[place] ^ 1]) + cell[place + 1 :]
        for place in range(len(cell))
    ]
    for each in (*changed, cell[:-1], cell + b"\0", b"", cell[:16]):
        with pytest.raises(SecretError):
            RING.unseal(each, about="row")


@shows("C13")
def test_equal_values_have_cells_that_have_nothing_in_common() -> None:
    """
    Of 64 cells of one value about one row, no two share 8 bytes at any place.
    """
    cells = [RING.seal(HPGN, about="row") for _ in range(64)]
    seen = [cell[at : at + 8] for cell in cells for at in range(len(cell) - 7)]
    assert len(set(seen)) == len(seen)


@shows("C13")
def test_the_length_of_a_cell_tells_its_kind_and_scheme_alone() -> None:
    """
    Of one kind, scheme and release every cell is as long, whatever the value.
    """
    hpgns = [HPgn(bytes([n]) * 32, CHEAPEST) for n in range(8)]
    assert len({len(RING.seal(h, about=f"{h.scheme}")) for h in hpgns}) == 1
    national = HPgn(bytes(32), NUMMERVOORZIENING)
    lengths = [len(RING.seal(v, about="row")) for v in (HPGN, national, STAM)]
    assert len(set(lengths)) == 3


@shows("C15")
def test_the_file_of_a_ring_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    """
    Its Unicode form does not count; its length, case and white space do.
    """
    path = tmp_path / "school.ring"
    RING.save(path, passphrase=PASSPHRASE)
    assert Sleutelbos.load(path, passphrase=PASSPHRASE) == RING
    composed, decomposed = "Zo\u00eb", "Zoe\u0308"
    RING.save(tmp_path / "zoe.ring", passphrase=composed)
    assert Sleutelbos.load(tmp_path / "zoe.ring", passphrase=decomposed) == RING
    near = [PASSPHRASE + " ", PASSPHRASE[:-1], PASSPHRASE.upper(), "of  a test", "x"]
    for passphrase in near:
        with pytest.raises(SecretError, match=r"^passphrase: not the one"):
            Sleutelbos.load(path, passphrase=passphrase)


@shows("C15")
def test_the_file_of_a_ring_shows_nothing_of_it(tmp_path: Path) -> None:
    """
    No root and no derived key stands in it; two files of one ring share no secret part.
    """
    files = []
    for n in range(4):
        RING.save(tmp_path / f"{n}.ring", passphrase=PASSPHRASE)
        files.append((tmp_path / f"{n}.ring").read_bytes())
    keys = [*RING._ring.roots.values(), *RING._ring.releases.values()]
    keys += [*RING._derived.values(), RING._ring.salt]
    for content in files:
        assert not [
            key for key in keys if key in content or key.hex().encode() in content
        ]
    for one, other in combinations(files, 2):
        # Salt, nonce, check value, then what is sealed.
        for begin, end in ((16, 32), (32, 44), (44, 76), (80, 112)):
            assert one[begin:end] != other[begin:end]


@shows("C15")
def test_the_file_of_a_ring_that_was_changed_is_refused(tmp_path: Path) -> None:
    """
    Also by somebody who mends the checksum: every byte is authenticated, or refused.
    """
    path = tmp_path / "school.ring"
    RING.save(path, passphrase=PASSPHRASE)
    whole = path.read_bytes()[:-32]
    # Of what is sealed every 40th byte; of the header all but the cost, which asks
    # other memory and so another key.
    places = [*range(10), *range(16, 80), *range(80, len(whole), 40)]
    for place in places:
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises(SecretError):
            keyfile.open_(changed + hashlib.sha256(changed).digest(), PASSPHRASE)


@shows("C15")
@pytest.mark.usefixtures("dear_rings")
def test_a_guess_at_a_passphrase_costs_what_the_page_says() -> None:
    """
    argon2id with 256 MiB, three passes and four lanes, which the file says.
    """
    assert keyfile._COST == (256 * 1024, 3, 4)
    assert keyfile.close(b"", PASSPHRASE)[10:16] == bytes((0, 4, 0, 0, 3, 4))
