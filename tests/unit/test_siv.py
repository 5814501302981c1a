"""
Opening many sealed values at once: what cryptography opens, and nothing else.
"""

import random
import secrets
import sys
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
import strategies as our
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from eckid import HPgn, Sleutelbos
from eckid.keys import siv
from eckid.keys.siv import Siv
from eckid.scheme import CHEAPEST

_MANY: Final = 40


def _rows(values: list[bytes]) -> siv.Octets:
    return np.array([list(value) for value in values], np.uint8)


def test_the_vector_of_the_rfc_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The kernel proves itself by A.2 of RFC 5297, and any other octet proves nothing.
    """
    assert AESSIV(siv._KEY).decrypt(siv._SEALED, list(siv._BOUND)) == siv._TEXT
    proved = siv.proved.__wrapped__
    assert proved()
    monkeypatch.setattr(siv, "_TEXT", siv._TEXT[:-1] + b"s")
    assert not proved()
    monkeypatch.undo()
    monkeypatch.setattr(siv, "_SEALED", siv._SEALED[:-1] + b"\r")
    assert proved()
    # It says of a value that was changed that it does not open: a mode that opens
    # everything would give the text.
    monkeypatch.setattr(siv, "bytes_eq", lambda _a, _b: True)
    assert not proved()


@given(
    st.sampled_from([32, 48, 64]),
    st.lists(st.integers(1, 70), max_size=4),
    st.integers(16, 100),
    st.integers(1, 4),
    st.randoms(use_true_random=False),
)
def test_what_cryptography_sealed_opens(
    size: int, parts: list[int], length: int, rows: int, draw: random.Random
) -> None:
    """
    For each size of key, number and length of parts, and length of text.
    """
    key = draw.randbytes(size)
    texts = [draw.randbytes(length) for _ in range(rows)]
    bound = [[draw.randbytes(part) for part in parts] for _ in range(rows)]
    sealed = [
        AESSIV(key).encrypt(text, about or None)
        for text, about in zip(texts, bound, strict=True)
    ]
    columns = [_rows(list(column)) for column in zip(*bound, strict=True)]
    assert Siv(key).open(columns, _rows(sealed)) == texts


def test_what_was_changed_does_not_open_and_the_others_do() -> None:
    """
    One octet of one value, of its words or of a nonce: that value alone is None.
    """
    key = bytes(range(64))
    text = [secrets.token_bytes(82) for _ in range(_MANY)]
    sealed = [AESSIV(key).encrypt(one, [b"about"]) for one in text]
    bound = _rows([b"about"] * _MANY)
    for at in range(len(sealed[0])):
        wrong = _rows(sealed)
        wrong[7, at] ^= 1 << (at % 8)
        assert Siv(key).open([bound], wrong) == [*text[:7], None, *text[8:]]
    for at in range(5):
        other = bound.copy()
        other[9, at] ^= 128
        assert Siv(key).open([other], _rows(sealed)) == [*text[:9], None, *text[10:]]


def test_more_than_a_part_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    However many rows are done at a time, each is opened with its own words.
    """
    key = bytes(64)
    words = [b"%04d" % n for n in range(10)]
    sealed = [AESSIV(key).encrypt(16 * word, [b"same", word]) for word in words]
    for rows in (1, 3, 10):
        monkeypatch.setattr(siv, "_ROWS", rows)
        bound = [_rows([b"same"]), _rows(words)]
        assert Siv(key).open(bound, _rows(sealed)) == [16 * word for word in words]


@pytest.mark.parametrize("last", [0, 1, 0x7FFFFFF0, 0x7FFFFFFF, 0x80000000, 2**32 - 1])
@pytest.mark.parametrize("word", [0, 0x7FFFFFFF, 0x80000000, 2**32 - 1])
def test_the_counter_runs_as_the_rfc_says(last: int, word: int) -> None:
    """
    Two bits of the synthetic IV are cleared, and then all of it counts.
    """
    key = bytes(range(64))
    iv = bytes(8) + word.to_bytes(4, "big") + last.to_bytes(4, "big")
    cleared = int.from_bytes(iv, "big") & ~(1 << 63 | 1 << 31)
    mode = modes.CTR(cleared.to_bytes(16, "big"))
    stream = Cipher(algorithms.AES(key[32:]), mode).encryptor().update(bytes(20 * 16))
    made = Siv(key)._decrypted(_rows([iv + bytes(20 * 16)]))
    assert made.tobytes() == stream


def _sealed(ring: Sleutelbos) -> tuple[list[bytes | None], list[bytes]]:
    """
    Return what a ring sealed and much that it did not, each with words.
    """
    texts = [f"hpgn {n}" for n in range(2 * _MANY)] + [f"b{n:060}" for n in range(9)]
    hpgn = HPgn(bytes(range(32)), CHEAPEST)
    pairs = [(ring.seal(hpgn, about=text), text.encode()) for text in texts]
    wrong = [(one, about) for (one, _), (_, about) in pairwise(pairs)]
    short = [(one[:n], about) for n, (one, about) in enumerate(pairs)]
    none = [(bytes(n // _MANY), b"x") for n in range(80 * _MANY)]
    given: list[tuple[bytes | None, bytes]]
    given = [*pairs, *wrong, *short, *none, *[(None, b"x")] * 9]
    random.Random(1).shuffle(given)  # noqa: S311  # any order will do
    return [one for one, _ in given], [about for _, about in given]


@pytest.mark.parametrize("how", ["at once", "not proved", "no numpy"])
def test_a_ring_opens_many_as_it_opens_one(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Values of any length, in any order, come in their place, whatever opens them.
    """
    if how == "not proved":
        monkeypatch.setattr(siv, "proved", lambda: False)
    if how == "no numpy":
        monkeypatch.setitem(sys.modules, "eckid.keys.siv", None)
    values, words = _sealed(our.RING)
    one = our.RING._opening(HPgn)
    expected = list(map(one, values, words))
    assert sum(text is not None for text in expected) > _MANY
    assert our.RING._opening_many(HPgn)(values, words) == expected
    assert our.RING._opening_many(HPgn)([], []) == []
    other = Sleutelbos.generate(release="2026")
    assert set(other._opening_many(HPgn)(values, words)) == {None}


def test_a_long_value_takes_no_array(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A hostile column of long values, or of long keys, is opened one by one.
    """
    opens = our.RING._opening_many(HPgn)
    seen: list[tuple[int, ...]] = []
    monkeypatch.setattr(
        Siv, "open", lambda _self, _bound, rows: seen.append(rows.shape)
    )
    long = [bytes(5000)] * _MANY, [b"x"] * _MANY
    assert opens(*long) == [None] * _MANY
    assert opens([bytes(200)] * _MANY, [bytes(5000)] * _MANY) == [None] * _MANY
    assert seen == []
    opens([bytes(200)] * _MANY, [b"x"] * _MANY)
    assert seen == [(_MANY, 184)]
