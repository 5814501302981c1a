"""
Tokens and provisional identifiers: what they tell apart, and what they do not.
"""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from security.claims import shows
from security.constructions import BOARD, Real, Roots, drawn

from eckid import KetenID, Ontvanger, Organisatie, Sleutel, Voorlopig, ketenid_token

KETENID = KetenID.parse(f"https://ketenid.nl/201703/{'1a' * 64}")
RING = Real(Roots.of("tokens")).ring
ENDS = date(2027, 7, 31)


@shows("C20")
@given(key=st.binary(min_size=32, max_size=63))
def test_a_key_and_the_key_with_a_zero_give_equal_tokens(key: bytes) -> None:
    """
    HMAC fills a key up to 64 bytes with zeros: not a claim, and said on the page.
    """
    one, other = Sleutel(key), Sleutel(key + b"\0")
    assert ketenid_token(KETENID, sleutel=one) == ketenid_token(KETENID, sleutel=other)
    assert one != other


@shows("C20")
@given(key=st.binary(min_size=65, max_size=200))
def test_a_key_beyond_a_block_and_its_digest_give_equal_tokens(key: bytes) -> None:
    """
    HMAC hashes a key of more than 64 bytes: its SHA-256 is a key that equals it.
    """
    digest = Sleutel(hashlib.sha256(key).digest())
    assert ketenid_token(KETENID, sleutel=Sleutel(key)) == ketenid_token(
        KETENID, sleutel=digest
    )


@shows("C20")
def test_keys_of_one_length_up_to_a_block_give_other_tokens() -> None:
    """
    Among keys of 32 to 64 bytes that do not end in a zero there are no equals.
    """
    keys = [drawn("key", size, size=size - 1) + b"\1" for size in range(33, 65)]
    keys += [keys[0][:-1] + bytes([last]) for last in range(2, 256)]
    tokens = {ketenid_token(KETENID, sleutel=Sleutel(key)) for key in keys}
    assert len(tokens) == len(keys)


@shows("C20")
def test_a_token_is_of_the_whole_uri() -> None:
    """
    Another release or namespace with the same hex has another token.
    """
    key = Sleutel(bytes(range(32)))
    uris = [
        f"https://{host}/{release}/{'1a' * 64}"
        for host in ("ketenid.nl", "eckid.invalid")
        for release in ("201703", "2026")
    ]
    ketenids = [KetenID.parse(uri) for uri in uris]
    assert len({ketenid_token(k, sleutel=key) for k in ketenids}) == 4


@shows("C21")
@pytest.mark.parametrize(
    "changed", ["person", "administratie", "bestuur", "organisatie"]
)
def test_a_provisional_identifier_is_of_all_four(changed: str) -> None:
    """
    Two recipients, boards or administrations have nothing in common to compare.
    """
    asked = {
        "person": ("4001", "4002"),
        "administratie": ("las-1", "las-2"),
        "bestuur": (BOARD, "0000000700099ZZ00010"),
        "organisatie": ("0000000700099ZZ00001", "0000000700099ZZ00002"),
    }
    made = []
    for n in range(2):
        given = {
            name: both[n if name == changed else 0] for name, both in asked.items()
        }
        one = Voorlopig.derive(
            given["person"],
            administratie=given["administratie"],
            bestuur=given["bestuur"],
            organisatie=Organisatie(given["organisatie"], Ontvanger.UITGEVER),
            tot=ENDS,
            sleutelbos=RING,
        )
        made.append(one.uri[-128:])
    shared = [a for a, b in zip(*made, strict=True) if a == b]
    # 128 digits of chance share 8; 40 and more have a chance below 2^-40.
    assert len(shared) < 40
