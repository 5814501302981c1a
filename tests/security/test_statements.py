"""
Signed statements: nobody signs without the seed, and a link names nobody to others.
"""

import base64
import json
from typing import Any

import parties
import pytest
from security.claims import shows

from eckid import (
    LinkError,
    PublicKey,
    RevocationList,
    Sector,
    Sleutelbos,
    Withdrawal,
)
from eckid.errors import LinkReden

PO = parties.ketenid(parties.bsn(1), Sector.PO)
VO = parties.ketenid(parties.bsn(1), Sector.VO)


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return found


@shows("C17")
def test_a_statement_of_another_ring_is_refused() -> None:
    """
    Who has another seed cannot sign, also not in the name of a key that is trusted.
    """
    thief = Sleutelbos.generate(release="2026")
    token = Withdrawal.issue(
        PO, organisatie=parties.A, issued=parties.TODAY, sleutelbos=thief
    )
    own = PublicKey(thief.public_key, parties.BOARD, parties.TODAY).kid
    header, payload, signature = token.split(".")
    named = json.loads(base64.urlsafe_b64decode(header + "=="))
    assert named["kid"] == own
    named["kid"] = parties.KEY.kid
    renamed = base64.urlsafe_b64encode(json.dumps(named).encode()).rstrip(b"=").decode()
    for text in (token, f"{renamed}.{payload}.{signature}"):
        with pytest.raises(LinkError):
            Withdrawal.verify(
                text, organisatie=parties.A, on=parties.TODAY, keys=parties.KEYS
            )


@shows("C17")
def test_a_statement_that_was_changed_is_refused() -> None:
    """
    A signature is of one header and payload, in every byte; there is one refusal.
    """
    tokens = [
        Withdrawal.issue(
            one, organisatie=parties.A, issued=parties.TODAY, sleutelbos=parties.RING
        )
        for one in (PO, VO)
    ]
    (header, payload, signature), (_, other, _) = (t.split(".") for t in tokens)
    octets = base64.urlsafe_b64decode(signature + "==")
    turned = [
        octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1 :]
        for place in range(64)
    ]
    signatures = [base64.urlsafe_b64encode(s).rstrip(b"=").decode() for s in turned]
    forged = [f"{header}.{other}.{signature}"]
    forged += [f"{header}.{payload}.{each}" for each in signatures]
    for text in forged:
        with pytest.raises(LinkError) as caught:
            Withdrawal.verify(
                text, organisatie=parties.A, on=parties.TODAY, keys=parties.KEYS
            )
        assert caught.value.reason is LinkReden.SIGNATURE


@shows("C17")
def test_a_forged_list_ends_with_its_key() -> None:
    """
    Of the highest number, it keeps the board's lists out until its key is taken out.
    """
    forged = parties.listed(number=2**53 - 1)
    after = Sleutelbos.generate(release="2027")
    key = PublicKey(after.public_key, parties.BOARD, parties.TODAY)
    token = parties.revocations(number=1, sleutelbos=after)
    asked: dict[str, Any] = {
        "organisatie": parties.A,
        "on": parties.TODAY,
        "last_seen": forged.gezien,
    }
    with pytest.raises(LinkError) as caught:
        RevocationList.verify(token, keys={**parties.KEYS, key.kid: key}, **asked)
    assert caught.value.reason is LinkReden.OLD_LIST
    assert RevocationList.verify(token, keys={key.kid: key}, **asked).number == 1


@shows("C16")
def test_two_links_of_one_pair_share_nothing_that_names_it() -> None:
    """
    Number, nonce and digests differ, so that nobody sees two links are of one person.
    """
    one, other = (_claims(parties.link(PO, VO).token) for _ in range(2))
    for name in ("jti", "nonce"):
        assert one[name] != other[name]
    assert not set(one["sectors"].values()) & set(other["sectors"].values())
    rest = one.keys() - {"jti", "nonce", "sectors"}
    assert {name: one[name] for name in rest} == {name: other[name] for name in rest}


@shows("C16")
def test_a_holder_of_both_ketenids_and_the_link_can_join_them() -> None:
    """
    Also one that it was not made for: `check_join` stops who asks, and nobody else.
    """
    verified = parties.verify(parties.link(PO, VO).token)
    assert verified.is_of(PO, VO)
    assert not verified.is_of(PO, parties.ketenid(parties.bsn(2), Sector.VO))
