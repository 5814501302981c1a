"""
The link across sectors: what is refused, with which reason, and in what order.
"""

import base64
import hashlib
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import parties as our
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

import eckid.succession.jws as jws_room
import eckid.succession.link as link_room
import eckid.succession.notices as notices_room
import eckid.succession.revocations as revocations_room
from eckid import (
    LEERMIDDELENKETEN,
    Doel,
    IdentifierError,
    KetenID,
    LinkError,
    Ontvanger,
    Organisatie,
    PublicKey,
    RevocationList,
    Sector,
    Sleutelbos,
    Succession,
    Toestemmer,
    Toestemming,
    Withdrawal,
    check_join,
)
from eckid.errors import LinkReden
from eckid.succession import AGE_OF_CONSENT, Gezien, list_digest, resting_on

_PO = our.ketenid(our.bsn(0), Sector.PO)
_VO = our.ketenid(our.bsn(0), Sector.VO)
_LINK = our.link(_PO, _VO)
_DAY = timedelta(days=1)
_HEAD, _BODY, _SIGNATURE = _LINK.token.split(".")


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _un64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


_CLAIMS: dict[str, Any] = json.loads(_un64(_BODY))
_HEADER: dict[str, Any] = json.loads(_un64(_HEAD))
_LIST: dict[str, Any] = json.loads(_un64(our.revocations().split(".")[1]))


def _signed(
    claims: object = None,
    header: object = None,
    *,
    ring: Sleutelbos = our.RING,
    body: bytes | None = None,
    head: bytes | None = None,
) -> str:
    """
    Sign whatever, as somebody who has a key could.
    """
    told = json.dumps(_CLAIMS if claims is None else claims).encode()
    headed = _un64(_HEAD) if header is None else json.dumps(header).encode()
    first = f"{_b64(headed if head is None else head)}."
    first += _b64(told if body is None else body)
    return f"{first}.{_b64(ring.signing_key().sign(first.encode()))}"


def _reason(read: Callable[..., object], *what: Any, **how: Any) -> LinkReden | None:  # noqa: ANN401  # whatever it reads
    """
    Return why *read* refuses, or nothing.
    """
    found: LinkError | None = None
    try:
        read(*what, **how)
    except LinkError as error:
        found = error
    assert found is None or (found.__cause__, found.__context__) == (None, None)
    return None if found is None else found.reason


def _low_bits(text: str) -> str:
    """
    Return the same octets, spelt with other bits that nobody reads.
    """
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = signs[signs.index(text[-1]) ^ 1]
    assert _un64(text[:-1] + last) == _un64(text)
    return text[:-1] + last


def _without(what: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in what.items() if key != name}


def _with_s_plus_l(signature: str) -> str:
    """
    Return the signature with the group's order added to its second half.
    """
    order = 2**252 + 27742317777372353535851937790883648493
    octets = _un64(signature)
    s = int.from_bytes(octets[32:], "little") + order
    return _b64(octets[:32] + s.to_bytes(32, "little"))


_THIEF = Sleutelbos.generate(release="2026")
_LATER = PublicKey(our.RING.public_key, our.BOARD, our.TODAY + timedelta(days=1))
_RETIRED = PublicKey(
    our.RING.public_key, our.BOARD, date(2020, 1, 1), our.TODAY - timedelta(days=1)
)
_ANOTHER = PublicKey(_THIEF.public_key, our.A.oin, date(2026, 1, 1))

# What was done to the token; the token; the reason of the refusal.
_TAMPERED: dict[str, tuple[str, LinkReden]] = {
    "cut short": (_LINK.token[:-1], LinkReden.FORM),
    "a part too few": (f"{_HEAD}.{_BODY}", LinkReden.FORM),
    "a part too many": (f"{_LINK.token}.{_SIGNATURE}", LinkReden.FORM),
    "padded": (f"{_LINK.token}==", LinkReden.FORM),
    "a line break after it": (f"{_LINK.token}\n", LinkReden.FORM),
    "the signature spelt otherwise": (
        f"{_HEAD}.{_BODY}.{_low_bits(_SIGNATURE)}",
        LinkReden.FORM,
    ),
    "larger than any": (_LINK.token + "A" * 100_000, LinkReden.FORM),
    "no algorithm": (
        _signed(header={**_HEADER, "alg": "none"}),
        LinkReden.HEADER,
    ),
    "the public key as an HMAC key": (
        _signed(header={**_HEADER, "alg": "HS256"}),
        LinkReden.HEADER,
    ),
    "the older name of the algorithm": (
        _signed(header={**_HEADER, "alg": "EdDSA"}),
        LinkReden.HEADER,
    ),
    "the header of a revocation list": (
        _signed(header={**_HEADER, "typ": "eckid-revocations+jws"}),
        LinkReden.HEADER,
    ),
    "no kind": (_signed(header=_without(_HEADER, "typ")), LinkReden.HEADER),
    "no key named": (_signed(header=_without(_HEADER, "kid")), LinkReden.HEADER),
    "the key itself in the header": (
        _signed(
            header={**_HEADER, "jwk": OKPKey.import_key(_THIEF.signing_key()).as_dict()}
        ),
        LinkReden.HEADER,
    ),
    "a key to fetch": (
        _signed(header={**_HEADER, "jku": "https://example.invalid"}),
        LinkReden.HEADER,
    ),
    "a critical extension": (
        _signed(header={**_HEADER, "crit": ["b64"], "b64": False}),
        LinkReden.HEADER,
    ),
    "a header twice": (
        _signed(head=json.dumps(_HEADER).encode()[:-1] + b',"alg":"Ed25519"}'),
        LinkReden.HEADER,
    ),
    "a header that is no object": (_signed(head=b'["alg"]'), LinkReden.HEADER),
    "a header that is no JSON": (_signed(head=b"{alg}"), LinkReden.HEADER),
    "a header as deep as it goes": (_signed(head=b"[" * 300), LinkReden.HEADER),
    "a key that is a list": (
        _signed(header={**_HEADER, "kid": ["x"]}),
        LinkReden.HEADER,
    ),
    "a key that nobody trusts": (
        _signed(header={**_HEADER, "kid": "x" * 43}, ring=_THIEF),
        LinkReden.HEADER,
    ),
    "signed by another": (_signed(ring=_THIEF), LinkReden.SIGNATURE),
    "another payload": (
        (
            f"{_HEAD}.{_b64(json.dumps({**_CLAIMS, 'doel': 'toetsen'}).encode())}."
            f"{_SIGNATURE}"
        ),
        LinkReden.SIGNATURE,
    ),
    "no signature to speak of": (
        f"{_HEAD}.{_BODY}.{_b64(bytes(64))}",
        LinkReden.SIGNATURE,
    ),
    "a signature of another form": (
        f"{_HEAD}.{_BODY}.{_b64(bytes(3))}",
        LinkReden.SIGNATURE,
    ),
    "the signature's other value": (
        f"{_HEAD}.{_BODY}.{_with_s_plus_l(_SIGNATURE)}",
        LinkReden.SIGNATURE,
    ),
    "the header's fields in another order": (
        (
            f"{_b64(json.dumps(dict(sorted(_HEADER.items(), reverse=True))).encode())}."
            f"{_BODY}.{_SIGNATURE}"
        ),
        LinkReden.SIGNATURE,
    ),
    # What the board's own key signed, and yet says nothing that holds.
    "no JSON": (_signed(body=b"\xff"), LinkReden.CLAIMS),
    "a list": (_signed(claims=[]), LinkReden.CLAIMS),
    "a claim less": (_signed(_without(_CLAIMS, "woorden")), LinkReden.CLAIMS),
    "a claim more": (_signed({**_CLAIMS, "exp": 0}), LinkReden.CLAIMS),
    "a claim twice": (
        _signed(body=json.dumps(_CLAIMS).encode()[:-1] + b',"doel":"toetsen"}'),
        LinkReden.CLAIMS,
    ),
    "a day of another form": (
        _signed({**_CLAIMS, "tot": "20270731"}),
        LinkReden.CLAIMS,
    ),
    "a day that is a number": (
        _signed({**_CLAIMS, "tot": 20270731}),
        LinkReden.CLAIMS,
    ),
    "a doel that is none": (_signed({**_CLAIMS, "doel": "alles"}), LinkReden.CLAIMS),
    "a jti in capitals": (_signed({**_CLAIMS, "jti": "AB" * 16}), LinkReden.CLAIMS),
    "a jti too short": (_signed({**_CLAIMS, "jti": "ab" * 15}), LinkReden.CLAIMS),
    "a third sector": (
        _signed({**_CLAIMS, "sectors": {**_CLAIMS["sectors"], "mbo": "ab" * 32}}),
        LinkReden.CLAIMS,
    ),
    "one sector": (
        _signed({**_CLAIMS, "sectors": {"po": "ab" * 32}}),
        LinkReden.CLAIMS,
    ),
    "the sector in which there is none": (
        _signed({**_CLAIMS, "sectors": {"po": "ab" * 32, "ho": "ab" * 32}}),
        LinkReden.CLAIMS,
    ),
    "a sector twice": (
        _signed(
            body=json.dumps(_CLAIMS)
            .encode()
            .replace(b'"sectors": {', b'"sectors": {"po": "' + b"ab" * 32 + b'", ')
        ),
        LinkReden.CLAIMS,
    ),
    "words of another form": (
        _signed({**_CLAIMS, "woorden": "2026 1"}),
        LinkReden.CLAIMS,
    ),
    "a day of a week": (_signed({**_CLAIMS, "tot": "2027-W30-1"}), LinkReden.CLAIMS),
    "half an emoji": (_signed({**_CLAIMS, "tot": "\ud83d"}), LinkReden.CLAIMS),
    "in UTF-16": (
        _signed(body=json.dumps(_CLAIMS).encode("utf-16")),
        LinkReden.CLAIMS,
    ),
    "a header in UTF-16": (
        _signed(head=json.dumps(_HEADER).encode("utf-16")),
        LinkReden.HEADER,
    ),
    "deeper than it is read": (_signed(body=b"[" * 60_000), LinkReden.CLAIMS),
    "a number without end": (
        _signed(body=b'{"org": ' + b"9" * 5_000 + b"}"),
        LinkReden.CLAIMS,
    ),
    "sectors as a text": (_signed({**_CLAIMS, "sectors": "po vo"}), LinkReden.CLAIMS),
    "for another organisatie": (
        _signed({**_CLAIMS, "org": our.B.oin}),
        LinkReden.ORGANISATIE,
    ),
    "for another doel": (_signed({**_CLAIMS, "doel": "toetsen"}), LinkReden.DOEL),
    "issued tomorrow": (
        _signed({**_CLAIMS, "issued": "2026-11-25"}),
        LinkReden.PERIOD,
    ),
    "not yet": (_signed({**_CLAIMS, "vanaf": "2026-11-25"}), LinkReden.PERIOD),
    "no longer": (
        _signed({**_CLAIMS, "vanaf": "2026-11-01", "tot": "2026-11-23"}),
        LinkReden.PERIOD,
    ),
    "of a day on which the key did not sign": (
        _signed({**_CLAIMS, "issued": "2025-12-31"}),
        LinkReden.KEY,
    ),
}


def test_what_was_signed_as_it_should_verifies() -> None:
    """
    The signer of this file makes a link that holds, so the damage is what is refused.
    """
    assert our.verify(_signed()) == our.verify(_LINK.token)
    check_join(
        _PO,
        _VO,
        link=our.verify(_signed()),
        van=our.van(_PO, _VO),
        organisatie=our.A,
        doel=Doel.GEBRUIK,
        on=our.TODAY,
    )


@pytest.mark.parametrize("tampering", _TAMPERED)
def test_each_tampering_is_refused_for_its_own_reason(tampering: str) -> None:
    """
    A table of what a forger, a thief or a mistake makes of a link.
    """
    token, reason = _TAMPERED[tampering]
    assert _reason(our.verify, token) is reason


def test_until_the_signature_holds_there_are_three_reasons() -> None:
    """
    What is not signed by a trusted key is refused as form, header or signature.
    """
    before = {reason for token, reason in _TAMPERED.values() if not _holds(token)}
    assert before == {LinkReden.FORM, LinkReden.HEADER, LinkReden.SIGNATURE}
    assert len(_TAMPERED) >= 20


def _holds(token: str) -> bool:
    """
    Return whether the board's key signed *token* under the header of a link.
    """
    head, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    public = our.RING.signing_key().public_key()
    try:
        public.verify(_un64(signature), f"{head}.{body}".encode())
    except (InvalidSignature, ValueError):
        return False
    return _un64(head) == _un64(_HEAD)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(token, id=name)
        for name, (token, reason) in _TAMPERED.items()
        if reason in {LinkReden.FORM, LinkReden.HEADER, LinkReden.SIGNATURE}
    ],
)
def test_no_payload_is_read_before_the_signature_holds(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What would read the payload is not reached.
    """
    revocations = our.listed()

    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(jws_room.Kind, "read", read)
    got = _reason(our.verify, token, revocations=revocations)
    assert got in {LinkReden.FORM, LinkReden.HEADER, LinkReden.SIGNATURE}


def test_a_link_for_one_never_verifies_for_another() -> None:
    """
    Whoever asks for a link of A's, with whatever list, gets none.
    """
    for revocations in (our.listed(), our.listed(organisatie=our.B), None):
        reason = _reason(
            our.verify, _LINK.token, organisatie=our.B, revocations=revocations
        )
        assert reason is LinkReden.ORGANISATIE


def test_a_wrong_or_retired_key_is_refused() -> None:
    """
    A key signs between its days only, and stands under its own thumbprint.
    """
    revocations = our.listed()
    for keys, reason in (
        ({}, LinkReden.HEADER),
        ({_ANOTHER.kid: _ANOTHER}, LinkReden.HEADER),
        ({our.KEY.kid: _ANOTHER}, LinkReden.HEADER),
        ({_LATER.kid: _LATER}, LinkReden.KEY),
        ({_RETIRED.kid: _RETIRED}, LinkReden.KEY),
    ):
        got = _reason(our.verify, _LINK.token, keys=keys, revocations=revocations)
        assert got is reason
    # One day is the first and the last on which it signs.
    of_today = PublicKey(our.RING.public_key, our.BOARD, our.TODAY, our.TODAY)
    found = our.verify(
        _LINK.token, keys={of_today.kid: of_today}, revocations=revocations
    )
    assert found == our.verify(_LINK.token, revocations=revocations)


def test_a_key_has_the_name_of_its_rfc() -> None:
    """
    The thumbprint of RFC 8037, appendix A.3; a key has 32 bytes and an OIN.
    """
    x = _un64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    key = PublicKey(x, our.BOARD, our.TODAY)
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    for octets, houder in ((x[:-1], our.BOARD), (x, "x")):
        with pytest.raises(IdentifierError, match="expected"):
            PublicKey(octets, houder, our.TODAY)


# The field and the curve of RFC 8032, section 5.1.
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P


def _root(square: int) -> int:
    root = pow(square, (_P + 3) // 8, _P)
    return root if root * root % _P == square % _P else root * pow(2, (_P - 1) // 4, _P)


def _of_order_eight() -> int:
    """
    Return y of a point whose double has y = 0: then d·y⁴ + 2·y² = 1.
    """
    inverse = pow(_D, -1, _P)
    for root in (_root(1 + _D), -_root(1 + _D)):
        y = _root((root - 1) * inverse) % _P
        if (_D * y**4 + 2 * y**2 - 1) % _P == 0:
            return y
    raise AssertionError


# y of each point of small order, also where it is written past the field, with either
# sign.
_SMALL = [
    (y | sign << 255).to_bytes(32, "little")
    for y in (1, _P - 1, 0, _P, _P + 1, _of_order_eight(), _P - _of_order_eight())
    for sign in (0, 1)
]


@pytest.mark.parametrize("octets", _SMALL, ids=bytes.hex)
def test_no_key_is_trusted_under_which_anybody_signs(octets: bytes) -> None:
    """
    Without any private key a signature of some text verifies: such a key is refused.
    """
    key = Ed25519PublicKey.from_public_bytes(octets)

    def verifies(first: bytes, text: bytes) -> bool:
        try:
            key.verify(first + bytes(32), text)
        except InvalidSignature:
            return False
        return True

    assert any(verifies(first, bytes([n])) for n in range(64) for first in _SMALL)
    with pytest.raises(IdentifierError, match=r"^public key: expected a point of lar"):
        PublicKey(octets, our.BOARD, our.TODAY)


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, None), (14, None), (15, LinkReden.STALE_LIST)],
)
def test_a_list_serves_to_its_last_day(days: int, reason: LinkReden | None) -> None:
    """
    After next_update a link does not verify, whatever the list says.
    """
    on = our.TODAY + timedelta(days=days)
    got = _reason(our.verify, _LINK.token, on=on, revocations=our.listed())
    assert got is reason


def test_without_the_signers_own_list_nothing_verifies() -> None:
    """
    No list, another recipient's, another signer's, or one made later than today.
    """
    other = PublicKey(our.RING.public_key, our.A.oin, date(2026, 1, 1))
    others = RevocationList.verify(
        our.revocations(),
        organisatie=our.A,
        on=our.TODAY,
        keys={other.kid: other},
        last_seen=None,
    )
    tomorrow = our.TODAY + timedelta(days=1)
    for revocations, reason in (
        (None, LinkReden.NO_LIST),
        (our.listed(organisatie=our.B), LinkReden.OTHER_LIST),
        (others, LinkReden.OTHER_LIST),
        (
            our.listed(issued=tomorrow, next_update=tomorrow),
            LinkReden.STALE_LIST,
        ),
    ):
        got = _reason(our.verify, _LINK.token, revocations=revocations)
        assert got is reason


def test_a_revoked_link_does_not_verify_and_another_does() -> None:
    """
    The list names a jti; it says nothing of a second link of the same two.
    """
    second = our.link(_PO, _VO)
    revocations = our.listed(_LINK.jti)
    got = _reason(our.verify, _LINK.token, revocations=revocations)
    assert got is LinkReden.REVOKED
    assert our.verify(second.token, revocations=revocations).doel is Doel.GEBRUIK
    assert repr(revocations) == "<RevocationList 1, 1 revoked>"


def test_an_older_or_another_list_than_the_last_is_refused() -> None:
    """
    Who holds a newer list back is found when the older comes; the same may come.

    One of the same number that names other links is another list.
    """
    fourth = our.listed(_LINK.jti, number=4)
    for token, reason in (
        (our.revocations(number=5), None),
        (our.revocations(_LINK.jti, number=4), None),
        (our.revocations(number=4), LinkReden.CHANGED_LIST),
        (
            our.revocations(_LINK.jti, number=4, next_update=our.SPRING),
            LinkReden.CHANGED_LIST,
        ),
        (our.revocations(_LINK.jti, number=3), LinkReden.OLD_LIST),
    ):
        for seen, expected in ((None, None), (fourth.gezien, reason)):
            got = _reason(
                RevocationList.verify,
                token,
                organisatie=our.A,
                on=our.TODAY,
                keys=our.KEYS,
                last_seen=seen,
            )
            assert got is expected


def test_the_last_list_that_was_seen_is_of_one_board() -> None:
    """
    A neighbour's high number does not keep our board's next list out, nor pass for it.
    """
    high = our.listed(number=999, sleutelbos=our.NEIGHBOURS)
    (kid,) = (kid for kid, key in our.TRUSTED.items() if key.houder == our.NEIGHBOUR)
    assert high.gezien == Gezien(our.NEIGHBOUR, 999, high.digest, kid)
    got = _reason(
        RevocationList.verify,
        our.revocations(number=5),
        organisatie=our.A,
        on=our.TODAY,
        keys=our.TRUSTED,
        last_seen=high.gezien,
    )
    assert got is LinkReden.OTHER_LIST
    # Nor does its list say anything of our board's links.
    got = _reason(our.verify, _LINK.token, keys=our.TRUSTED, revocations=high)
    assert got is LinkReden.OTHER_LIST


def test_what_is_kept_of_a_list_has_its_form() -> None:
    """
    Houder, number, digest and kid; the digest is the SHA-256 of the list's own text.

    What was kept of the lists under other keys is of the same board, and one deep.
    """
    token = our.revocations(number=4)
    gezien = our.listed(number=4).gezien
    assert gezien == Gezien(our.BOARD, 4, list_digest(token), our.KEY.kid)
    assert list_digest(token) == hashlib.sha256(token.encode()).hexdigest()
    assert _reason(list_digest, "é") is LinkReden.FORM
    for number, digest in ((0, gezien.digest), (2**53, gezien.digest), (4, "ab")):
        reason = _reason(Gezien, our.BOARD, number, digest)
        assert reason is LinkReden.FORM
    with pytest.raises(IdentifierError, match=r"^houder: expected"):
        Gezien("x", 4, gezien.digest)
    assert _reason(replace, gezien, kid="kid") is LinkReden.FORM
    for other in (replace(gezien, houder=our.NEIGHBOUR), _two_keys(gezien)):
        assert _reason(replace, gezien, eerder=(other,)) is LinkReden.OTHER_LIST


def _two_keys(gezien: Gezien) -> Gezien:
    return replace(gezien, kid=_ANOTHER.kid, eerder=(gezien,))


# A ring of the board after it made another, because a thief has the seed of the first.
_NEXT_RING = Sleutelbos.generate(release="2027")
_NEXT_KEY = PublicKey(_NEXT_RING.public_key, our.BOARD, date(2026, 1, 1))
_NEXT_KEYS = {_NEXT_KEY.kid: _NEXT_KEY}


def _seen(
    token: str, last_seen: LinkReden | Gezien | None, *, keys: dict[str, PublicKey]
) -> LinkReden | Gezien:
    """
    Return what the recipient keeps of a list, or why it is refused.
    """
    assert not isinstance(last_seen, LinkReden)
    try:
        return RevocationList.verify(
            token, organisatie=our.A, on=our.TODAY, keys=keys, last_seen=last_seen
        ).gezien
    except LinkError as error:
        return error.reason


def test_a_forged_number_does_not_outlast_its_key() -> None:
    """
    A thief signs a list of the highest number: it counts until the board's key goes.

    Under the next key the board's list is accepted, whatever its number. What was seen
    under a key that stays counts as before, also through a forged list in between.
    """
    both = {**our.KEYS, **_NEXT_KEYS}
    forged = our.revocations(number=2**53 - 1)
    third, fourth = (our.revocations(number=n, sleutelbos=_NEXT_RING) for n in (3, 4))
    after = _seen(
        forged, _seen(our.revocations(number=2), None, keys=our.KEYS), keys=both
    )
    assert isinstance(after, Gezien)
    assert after.number == 2**53 - 1
    # While the key is trusted nobody can tell that the list is forged.
    assert _seen(third, after, keys=both) is LinkReden.OLD_LIST
    assert isinstance(_seen(third, after, keys=_NEXT_KEYS), Gezien)
    # A list under the next key, and then the forged one: the first is not forgotten.
    kept = _seen(forged, _seen(fourth, None, keys=both), keys=both)
    assert isinstance(kept, Gezien)
    assert [one.number for one in (kept, *kept.eerder)] == [2**53 - 1, 4]
    assert _seen(third, kept, keys=_NEXT_KEYS) is LinkReden.OLD_LIST
    assert _seen(fourth, kept, keys=_NEXT_KEYS) == kept.eerder[0]
    # A list that was read before says nothing of links once its key is gone.
    read = our.listed(number=2)
    link = our.link(_PO, _VO, sleutelbos=_NEXT_RING)
    for keys, reason in ((both, None), (_NEXT_KEYS, LinkReden.OTHER_LIST)):
        assert _reason(our.verify, link.token, keys=keys, revocations=read) is reason


def test_a_rotation_of_keys_keeps_the_order_of_lists() -> None:
    """
    While both keys are trusted, numbers count over both: an older list is no newer one.
    """
    both = {**our.KEYS, **_NEXT_KEYS}
    first = _seen(our.revocations(number=5), None, keys=both)
    assert isinstance(first, Gezien)
    under_next = {
        n: our.revocations(number=n, sleutelbos=_NEXT_RING) for n in (4, 5, 6)
    }
    assert _seen(under_next[4], first, keys=both) is LinkReden.OLD_LIST
    assert _seen(under_next[5], first, keys=both) is LinkReden.CHANGED_LIST
    second = _seen(under_next[6], first, keys=both)
    assert isinstance(second, Gezien)
    assert second.eerder == (first,)
    held_back = our.revocations(_LINK.jti, number=5)
    assert _seen(held_back, second, keys=both) is LinkReden.OLD_LIST
    # A key that retired and is no more sent is forgotten; the other's numbers stay.
    third = _seen(under_next[6], second, keys=_NEXT_KEYS)
    assert third == replace(second, eerder=())
    assert _seen(under_next[5], third, keys=_NEXT_KEYS) is LinkReden.OLD_LIST


def test_what_was_kept_without_a_key_counts_as_before() -> None:
    """
    It is of some key of the board; the next list that is accepted takes its place.
    """
    old = Gezien(our.BOARD, 5, list_digest(our.revocations(number=5)))
    for keys, ring in ((our.KEYS, our.RING), (_NEXT_KEYS, _NEXT_RING)):
        lower, higher = (our.revocations(number=n, sleutelbos=ring) for n in (4, 6))
        assert _seen(lower, old, keys=keys) is LinkReden.OLD_LIST
        now = _seen(higher, old, keys=keys)
        assert isinstance(now, Gezien)
        assert (now.number, now.kid, now.eerder) == (6, *keys, ())
    again = _seen(our.revocations(number=5), old, keys=our.KEYS)
    assert again == replace(old, kid=our.KEY.kid)


def test_a_list_may_be_as_long_as_its_reader_takes() -> None:
    """
    What the board signs the recipient reads: two thousand links, and forty thousand.
    """
    jtis = [f"{n:032x}" for n in range(43_000)]
    for many in (2_200, 42_000):
        listed = our.listed(*jtis[:many])
        assert len(listed.revoked) == many
    assert _reason(our.revocations, *jtis) is LinkReden.FORM
    claims = {**_LIST, "revoked": jtis}
    got = _reason(
        RevocationList.verify,
        our.signed("revocations", claims),
        organisatie=our.A,
        on=our.TODAY,
        keys=our.KEYS,
        last_seen=None,
    )
    assert got is LinkReden.FORM


# Whatever a claim might hold.
_WHATEVER: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**53 - 1, 2**53, 1.0, [], {}, "", "x", "0", " "),
    *("2026-11-24", "20261124", "2026-W48-2", "٢٠٢٦-11-24", "po", "ho", "gebruik"),
    *("ab" * 16, "AB" * 16, "ab " * 16, "ab" * 32, ["ab" * 16], ["AB" * 16], [1]),
    *({"po": "ab" * 32, "vo": "cd" * 32}, {"po": "ab" * 32}, "2026-1", "2026 1"),
    *(LEERMIDDELENKETEN.id, _PO.uri, "\ud83d", "x" * 41),
)
_STATEMENTS: dict[str, tuple[jws_room.Kind, str]] = {
    kind.typ: (kind, token)
    for kind, token in (
        (link_room._LINK, _LINK.token),
        (revocations_room._REVOCATIONS, our.revocations()),
        (
            notices_room._SUCCESSION,
            Succession.issue(
                _PO,
                our.ketenid(our.bsn(1), Sector.PO),
                organisatie=our.A,
                issued=our.TODAY,
                sleutelbos=our.RING,
            ),
        ),
        (
            notices_room._WITHDRAWAL,
            Withdrawal.issue(
                _PO, organisatie=our.A, issued=our.TODAY, sleutelbos=our.RING
            ),
        ),
    )
}


@pytest.mark.parametrize("typ", _STATEMENTS)
def test_nothing_is_signed_that_its_reader_refuses(typ: str) -> None:
    """
    For each kind of statement, each claim, and whatever might stand in it.
    """
    kind, token = _STATEMENTS[typ]
    whole = json.loads(_un64(token.split(".")[1]))
    assert whole.keys() == {"org", "issued", *kind.claims}
    own = {name: whole[name] for name in kind.claims}
    how: dict[str, Any] = {"organisatie": our.A}
    for name, sound in own.items():
        seen = set()
        for value in (sound, *_WHATEVER):
            claims = {**own, name: value}
            signing = _reason(
                jws_room.sign,
                kind,
                claims,
                **how,
                issued=our.TODAY,
                sleutelbos=our.RING,
            )
            forged = _signed({**whole, **claims}, {**_HEADER, "typ": typ})
            reading = _reason(
                jws_room.opened, forged, kind, **how, on=our.TODAY, keys=our.KEYS
            )
            assert signing is reading
            seen.add(signing)
        assert seen == {None, LinkReden.CLAIMS}
    # Nor is anything signed that is too long; as long as it may be, it is read.
    for most, reason in ((len(token), None), (len(token) - 1, LinkReden.FORM)):
        small = kind._replace(most=most)
        signing = _reason(
            jws_room.sign, small, own, **how, issued=our.TODAY, sleutelbos=our.RING
        )
        reading = _reason(
            jws_room.opened, token, small, **how, on=our.TODAY, keys=our.KEYS
        )
        assert signing is reading is reason


@pytest.mark.parametrize("typ", _STATEMENTS)
def test_the_same_claims_are_the_same_statement(typ: str) -> None:
    """
    Whatever order they come in: who signs a list again gives its digest again.
    """
    kind, token = _STATEMENTS[typ]
    whole = json.loads(_un64(token.split(".")[1]))
    claims = {name: whole[name] for name in sorted(kind.claims, reverse=True)}
    again = jws_room.sign(
        kind, claims, organisatie=our.A, issued=our.TODAY, sleutelbos=our.RING
    )
    assert again == token


def test_a_statement_is_as_long_as_the_page_says() -> None:
    """
    Section 15 of the construction has both lengths.
    """
    pages = Path(__file__).parents[2] / "docs" / "reference"
    said = " ".join((pages / "construction.md").read_text("utf-8").split())
    link, listed = link_room._LINK.most, revocations_room._REVOCATIONS.most
    assert f"at most {link:,} characters (a revocation list {listed:,})" in said


@given(
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_a_link_that_ended_before_a_list_needs_no_place_on_it(
    vanaf: int, length: int, issued: int, until: int, on: int
) -> None:
    """
    Left off a list that was made after its last day, it never verifies with that list.
    """
    days = [our.TODAY + n * _DAY for n in (vanaf, vanaf + length, issued, on)]
    first, last, made, day = days
    link = our.link(_PO, _VO, vanaf=first, tot=last)
    listed = our.listed(issued=made, next_update=made + until * _DAY)
    got = _reason(our.verify, link.token, on=day, revocations=listed)
    if last < made:
        assert got in {LinkReden.PERIOD, LinkReden.STALE_LIST}
    elif got is None:
        assert made <= day <= last


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 0},
        {"number": True},
        {"number": "1"},
        {"revoked": ["x"]},
        {"revoked": "ab" * 16},
        {"next_update": "morgen"},
    ],
    ids=str,
)
def test_a_list_of_another_form_is_refused(changed: dict[str, Any]) -> None:
    """
    Its claims are read as strictly as a link's.
    """
    header = {**_HEADER, "typ": "eckid-revocations+jws"}
    for claims, reason in ((_LIST, None), ({**_LIST, **changed}, LinkReden.CLAIMS)):
        got = _reason(
            RevocationList.verify,
            _signed(claims, header),
            organisatie=our.A,
            on=our.TODAY,
            keys=our.KEYS,
            last_seen=None,
        )
        assert got is reason


def test_what_a_board_may_not_sign_as_a_list() -> None:
    """
    A number from 1, whole jtis, days in order.
    """
    yesterday = our.TODAY - timedelta(days=1)
    for number in (0, -1, 2**53, 10**5_000):
        assert _reason(our.revocations, number=number) is LinkReden.CLAIMS
    with pytest.raises(TypeError, match=r"^number: expected int, got bool$"):
        our.revocations(number=True)
    assert our.listed(number=2**53 - 1).number == 2**53 - 1
    assert _reason(our.revocations, "x") is LinkReden.CLAIMS
    assert _reason(our.revocations, next_update=yesterday) is LinkReden.PERIOD


def test_one_statement_is_never_taken_for_another() -> None:
    """
    Link, list, notice and withdrawal have a typ each; none reads another.
    """
    other = our.ketenid(our.bsn(1), Sector.PO)
    how: dict[str, Any] = {
        "organisatie": our.A,
        "issued": our.TODAY,
        "sleutelbos": our.RING,
    }
    asked: dict[str, Any] = {
        "organisatie": our.A,
        "on": our.TODAY,
        "keys": our.KEYS,
    }
    tokens = [
        _LINK.token,
        our.revocations(),
        Succession.issue(_PO, other, **how),
        Withdrawal.issue(_PO, **how),
    ]
    readers: list[Callable[[str], object]] = [
        our.verify,
        lambda token: RevocationList.verify(token, last_seen=None, **asked),
        lambda token: Succession.verify(token, **asked),
        lambda token: Withdrawal.verify(token, **asked),
    ]
    for n, token in enumerate(tokens):
        for m, read in enumerate(readers):
            got = _reason(read, token)
            assert got is (None if n == m else LinkReden.HEADER)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (_PO, _PO),
        (_PO, our.ketenid(our.bsn(1), Sector.PO)),
        (_PO, KetenID.parse(_VO.uri)),
        (_PO, KetenID.parse(_VO.uri, keten=LEERMIDDELENKETEN, sector=Sector.HO)),
    ],
    ids=["one ketenID", "one sector", "no notes", "ho"],
)
def test_a_link_is_of_two_sectors_of_one_keten(a: KetenID, b: KetenID) -> None:
    """
    Nothing else can be linked, and nothing in ho.
    """
    assert _reason(our.link, a, b) is LinkReden.KETENIDS
    assert _reason(our.link, b, a) is LinkReden.KETENIDS


@pytest.mark.parametrize(
    "days",
    [
        {"vanaf": our.TODAY - _DAY},
        {"issued": our.TODAY - _DAY},
        {"tot": our.TODAY - _DAY},
        {"tot": our.TODAY, "vanaf": our.TODAY + _DAY},
    ],
    ids=str,
)
def test_no_link_comes_before_its_consent(days: dict[str, date]) -> None:
    """
    Consent, then today and the first day, then the last day.
    """
    assert _reason(our.link, _PO, _VO, **days) is LinkReden.PERIOD


def test_a_pupil_consents_from_the_age_that_is_set() -> None:
    """
    Sixteen unless a user sets another; who was born on 29 February waits a day.
    """
    assert AGE_OF_CONSENT == 16

    def reason(born: date, op: date, **more: Any) -> LinkReden | None:  # noqa: ANN401  # as Toestemming
        return _reason(
            lambda: Toestemming(
                Toestemmer.LEERLING, op, "2026-1", our.BOARD, geboortedatum=born, **more
            )
        )

    born = date(2010, 11, 25)
    assert reason(born, date(2026, 11, 24)) is LinkReden.CONSENT
    assert reason(born, date(2026, 11, 25)) is None
    assert reason(born, date(2026, 11, 24), vanaf_leeftijd=15) is None
    assert reason(date(2012, 2, 29), date(2028, 2, 28)) is LinkReden.CONSENT
    assert reason(date(2012, 2, 29), date(2028, 2, 29)) is None
    assert reason(date(2011, 2, 28), date(2027, 2, 28)) is None
    assert reason(date(2012, 2, 29), date(2029, 2, 28), vanaf_leeftijd=17) is (
        LinkReden.CONSENT
    )
    with pytest.raises(TypeError, match=r"^geboortedatum: expected date"):
        Toestemming(Toestemmer.LEERLING, our.TODAY, "2026-1", our.BOARD)


@pytest.mark.parametrize(
    "field",
    [{"nummer": "x"}, {"woorden": ""}, {"woorden": "x y"}, {"bestuur": "1"}],
    ids=str,
)
def test_a_consent_has_its_form(field: dict[str, str]) -> None:
    """
    The version of the words, the board's OIN and the number of the record.
    """
    assert _reason(our.consent, **field) is LinkReden.CONSENT


def test_withdrawn_consent_revokes() -> None:
    """
    Every link that rests on it, and no other.
    """
    first, second = our.consent(), our.consent()
    assert first != second
    links = [
        our.link(_PO, _VO, toestemming=first),
        our.link(_PO, _VO, toestemming=first, organisatie=our.B),
        our.link(_PO, _VO, toestemming=second),
    ]
    gone = resting_on(links, [first])
    assert gone == {links[0].jti, links[1].jti}
    revocations = our.listed(*gone)
    got = _reason(our.verify, links[0].token, revocations=revocations)
    assert got is LinkReden.REVOKED
    assert our.verify(links[2].token, revocations=revocations).oin == our.A.oin


def test_what_a_link_gives_away() -> None:
    """
    No ketenID, no stampseudoniem, nobody who consented; two have nothing in common.
    """
    claims = {"org", "issued", "doel", "jti", "nonce", "sectors", "vanaf", "tot"}
    assert _CLAIMS.keys() == {*claims, "woorden"}
    assert {
        "alg": "Ed25519",
        "kid": our.KEY.kid,
        "typ": "eckid-link+jws",
    } == _HEADER
    told = _un64(_BODY).decode()
    stam = our.stam(our.bsn(0)).expose()
    for secret in (_PO.hex, _VO.hex, stam[-128:], our.BOARD, "ouder"):
        assert secret not in told
    second = json.loads(_un64(our.link(_PO, _VO).token.split(".")[1]))
    for name in ("jti", "nonce"):
        assert second[name] != _CLAIMS[name]
    assert not {*second["sectors"].values()} & {*_CLAIMS["sectors"].values()}


def test_a_link_names_a_ketenid_by_the_published_digest() -> None:
    """
    SHA-256 over the frame of label, nonce, OIN, sector and URI: plain hashlib.
    """

    def framed(*parts: bytes) -> bytes:
        return b"".join(len(p).to_bytes(2, "big") + p for p in parts)

    nonce = bytes.fromhex(_CLAIMS["nonce"])
    for sector, ketenid in (("po", _PO), ("vo", _VO)):
        parts = (b"eckid/1/link", nonce, our.A.oin.encode(), sector.encode())
        digest = hashlib.sha256(framed(*parts, ketenid.uri.encode())).hexdigest()
        assert _CLAIMS["sectors"][sector] == digest


def test_a_link_is_the_boards_to_keep() -> None:
    """
    It may be pickled, is equal by value, and shows no person.
    """
    assert pickle.loads(pickle.dumps(_LINK)) == _LINK  # noqa: S301  # our own
    assert repr(_LINK) == "<SectorLink gebruik 2026-11-24 to 2027-07-31>"
    assert repr(our.consent()) == "<Toestemming 2026-1, of ouder>"
    assert repr(our.verify(_LINK.token)) == (
        "<VerifiedLink gebruik 2026-11-24 to 2027-07-31>"
    )
    assert hash(our.consent())


def test_the_recipient_is_its_oin() -> None:
    """
    What kind of recipient it is says nothing about whose link it is.
    """
    same = Organisatie(our.A.oin, Ontvanger.DISTRIBUTEUR)
    assert our.verify(_LINK.token, organisatie=same).oin == our.A.oin


def test_without_joserfc_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The extra is named, once it is needed.
    """
    monkeypatch.setitem(__import__("sys").modules, "joserfc", None)
    with pytest.raises(ImportError, match=r"pip install 'eckid\[link\]'"):
        our.verify(_LINK.token, revocations=None)


def test_the_key_of_the_ring_signs() -> None:
    """
    Its public half is what `public_key` tells.
    """
    key = our.RING.signing_key()
    assert isinstance(key, Ed25519PrivateKey)
    assert key.public_key().public_bytes_raw() == our.RING.public_key
