"""
HPgn, stampseudoniem and ketenID: read exactly, or refused with a reason.
"""

import copy
import pickle
import pprint

import pytest
import strategies as our
from hypothesis import given
from hypothesis import strategies as st

from eckid import (
    LEERMIDDELENKETEN,
    NUMMERVOORZIENING,
    HPgn,
    Keten,
    KetenID,
    PseudonymError,
    Scheme,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    derive_ketenid,
    derive_stampseudoniem,
)
from eckid.errors import PseudonymReden
from eckid.scheme import CHEAPEST

_HEX = "0123456789abcdef" * 8
_URI = f"https://eckid.invalid/2026/{_HEX}"
_STAM = f"https://eckid.invalid/sp2026/{_HEX}"

# What the pilot service and the production service answered, as published.
_PILOT_STAM = (
    "https://ketenid.nl/sppilot/d0f58d6544562db32383d9fbd7e7d1c6857f9eb8fdaf43db9ac4fac8"
    "f3c6897cc6149985fe4a7b91b9be09a11c65b6bfd4d900357b0c96336b5521aaee261cf7"
)
_PILOT = (
    "https://ketenid.nl/pilot/5889fc51565c5488833c42cb2b724c67107bb250be8ed99c881c89632a"
    "dc37b05dd197ee95af1c75be47cb7f9a593ad9ddb2e1f25d2e52c90dbb8dcae4515763"
)
_PRODUCTION = (
    "https://ketenid.nl/201703/1a5c9c7203901866532c2d72ce056e1d29cacc70836fe2bc3a517f3f9"
    "a53eed3d77ef370ad6dcf80b3f34ced1c547c7d2e679e8e47002355f938213b3656b206"
)


@given(octets=st.binary(min_size=32, max_size=32), scheme=st.sampled_from(Scheme))
def test_an_hpgn_is_64_lower_case_hex_digits_and_its_scheme(
    octets: bytes, scheme: Scheme
) -> None:
    """
    What is parsed is what is exposed, and the scheme stays with it.
    """
    hpgn = HPgn.parse(octets.hex(), scheme=scheme)
    assert hpgn.expose() == octets.hex()
    assert hpgn.expose_octets() == octets
    assert hpgn.scheme is scheme
    assert hpgn == HPgn(octets, scheme)


def test_an_hpgn_is_the_national_services_unless_another_scheme_is_named() -> None:
    """
    The default of `parse` is the published scheme.
    """
    assert HPgn.parse("0" * 64).scheme is NUMMERVOORZIENING


_NO_HPGNS = {
    "nothing": ("", PseudonymReden.LENGTH),
    "one short": ("0" * 63, PseudonymReden.LENGTH),
    "one long": ("0" * 65, PseudonymReden.LENGTH),
    "a line end": ("0" * 64 + "\n", PseudonymReden.LENGTH),
    "upper case": ("A" * 64, PseudonymReden.CASE),
    "mixed case": ("a" * 63 + "A", PseudonymReden.CASE),
    "no hex": ("g" * 64, PseudonymReden.HEX),
    "a space in it": ("0" * 31 + " " + "0" * 32, PseudonymReden.HEX),
    "another script": ("\u0660" * 64, PseudonymReden.HEX),
    "a stampseudoniem": (_STAM, PseudonymReden.LENGTH),
}


@pytest.mark.parametrize("case", _NO_HPGNS)
def test_what_is_no_hpgn_is_refused_with_its_reason(case: str) -> None:
    """
    An HPgn is read exactly, and nothing is repaired.
    """
    text, reason = _NO_HPGNS[case]
    with pytest.raises(PseudonymError) as caught:
        HPgn.parse(text)
    assert caught.value.reason is reason


@given(octets=st.binary(max_size=80).filter(lambda octets: len(octets) != 32))
def test_an_hpgn_has_32_bytes(octets: bytes) -> None:
    """
    No other length comes from either scheme.
    """
    with pytest.raises(PseudonymError) as caught:
        HPgn(octets, CHEAPEST)
    assert caught.value.reason is PseudonymReden.LENGTH


def test_the_parts_of_an_hpgn_are_of_their_types() -> None:
    """
    The name of a scheme is no scheme, and text no octets.
    """
    with pytest.raises(TypeError, match=r"^scheme: expected Scheme, got str$"):
        HPgn(bytes(32), "cheapest-tests-only")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^HPgn: expected bytes, got str$"):
        HPgn("0" * 32, CHEAPEST)  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError, match=r"^HPgn: expected str, got bytes$"):
        HPgn.parse(bytes(64))  # type: ignore[arg-type]  # the point


@given(namespace=our.namespaces, release=our.releases, digits=our.hexes)
def test_a_stampseudoniem_is_its_uri(namespace: str, release: str, digits: str) -> None:
    """
    What is parsed is what is exposed: namespace, sp and release, 128 hex digits.
    """
    text = f"{namespace}/sp{release}/{digits}"
    stam = Stampseudoniem.parse(text, namespace=namespace)
    assert stam.expose() == text
    assert stam.expose_octets() == bytes.fromhex(digits)
    assert (stam.namespace, stam.release) == (namespace, release)
    assert stam.rehearsal is False


@given(
    namespace=our.namespaces,
    release=our.releases,
    digits=our.hexes,
    keten=st.none() | our.ketens,
    sector=st.none() | our.sectors,
)
def test_a_ketenid_is_its_uri_and_carries_notes(
    namespace: str,
    release: str,
    digits: str,
    keten: Keten | None,
    sector: Sector | None,
) -> None:
    """
    What is parsed is what `uri` gives; keten and sector are notes beside it.
    """
    text = f"{namespace}/{release}/{digits}"
    ketenid = KetenID.parse(text, keten=keten, sector=sector, namespace=namespace)
    assert (ketenid.uri, ketenid.hex, ketenid.release) == (text, digits, release)
    assert (ketenid.keten, ketenid.sector) == (keten, sector)
    assert ketenid.rehearsal is False
    bare = KetenID.parse(text, namespace=namespace)
    assert ketenid == bare
    assert hash(ketenid) == hash(bare)
    assert (bare.keten, bare.sector) == (None, None)


def test_the_published_identifiers_are_read() -> None:
    """
    What the pilot and the production service gave out is of our form.
    """
    assert Stampseudoniem.parse(_PILOT_STAM).expose() == _PILOT_STAM
    assert KetenID.parse(_PILOT).uri == _PILOT
    assert KetenID.parse(_PILOT).release == "pilot"
    assert KetenID.parse(_PRODUCTION).release == "201703"


R = PseudonymReden
# What is met where a ketenID should be: the text, and the reason to refuse it.
_NO_KETENIDS = {
    "nothing": ("", R.EMPTY),
    "a fixture's name": ("eckid_L1", R.FORM),
    "zeros": ("00000", R.NUMBER),
    "a number": ("12345678", R.NUMBER),
    "a number of another script": ("\u0661\u0662\u0663", R.NUMBER),
    "an e-mail address": ("teacher@school.com", R.FORM),
    "a name": ("R\u00e9n\u00e9", R.FORM),
    "an HPgn": (_HEX[:64], R.FORM),
    "a line end": (f"{_URI}\n", R.SPACE),
    "a space in front": (f" {_URI}", R.SPACE),
    "a no-break space behind": (f"{_URI}\u00a0", R.SPACE),
    "only a space": (" ", R.SPACE),
    "a stampseudoniem": (_STAM, R.STAMPSEUDONIEM),
    "the pilot's stampseudoniem": (_PILOT_STAM, R.STAMPSEUDONIEM),
    "a stampseudoniem in upper case": (_PILOT_STAM.upper(), R.STAMPSEUDONIEM),
    "a stampseudoniem cut short": (_PILOT_STAM[:60], R.STAMPSEUDONIEM),
    "a stampseudoniem without https": (
        _PILOT_STAM.removeprefix("https://"),
        R.STAMPSEUDONIEM,
    ),
    "a stampseudoniem over http": (
        _PILOT_STAM.replace("https", "http"),
        R.STAMPSEUDONIEM,
    ),
    "a stampseudoniem after a space": (f" {_PILOT_STAM}", R.STAMPSEUDONIEM),
    "a stampseudoniem of a former host": (
        f"https://school.id/sp2016/{_HEX}",
        R.STAMPSEUDONIEM,
    ),
    "a stampseudoniem of a stranger": (
        f"https://stranger.invalid/sp1/{_HEX}",
        R.STAMPSEUDONIEM,
    ),
    "a provisional identifier": (f"{our.NAMESPACE}/pv2026/{_HEX}", R.VOORLOPIG),
    "the host of 2016": (f"https://school.id/201609/{_HEX}", R.FORMER_HOST),
    "the host of 2017": (f"https://id.school/201703/{_HEX}", R.FORMER_HOST),
    "a former host over http": (f"http://id.school/201703/{_HEX}", R.FORMER_HOST),
    "a namespace that is not known": (
        f"https://stranger.invalid/2026/{_HEX}",
        R.NAMESPACE,
    ),
    "a host under a known one": (f"https://a.ketenid.nl/201703/{_HEX}", R.NAMESPACE),
    "upper-case hex": (f"https://ketenid.nl/201703/{_HEX.upper()}", R.CASE),
    "an upper-case host": (f"https://KETENID.NL/201703/{_HEX}", R.CASE),
    "an upper-case scheme": (f"HTTPS://ketenid.nl/201703/{_HEX}", R.CASE),
    "no scheme": (f"ketenid.nl/201703/{_HEX}", R.PREFIX),
    "http": (f"http://ketenid.nl/201703/{_HEX}", R.PREFIX),
    "hex alone": (_HEX, R.PREFIX),
    "upper-case hex alone": (_HEX.upper(), R.PREFIX),
    "one digit short": (_URI[:-1], R.LENGTH),
    "one digit long": (f"{_URI}0", R.LENGTH),
    "no digits": (f"{our.NAMESPACE}/2026/", R.LENGTH),
    "a letter that is no hex": (f"{_URI[:-1]}g", R.HEX),
    "a path behind it": (f"{_URI}/x", R.HEX),
    "a query behind it": (f"{_URI}?x=1", R.HEX),
    "another script's digit": (f"{_URI[:-1]}\u0660", R.HEX),
    "a release with a dot": (f"{our.NAMESPACE}/2026.1/{_HEX}", R.RELEASE),
    "a release that is too long": (f"{our.NAMESPACE}/{'a' * 32}/{_HEX}", R.RELEASE),
    "no release": (f"{our.NAMESPACE}/{_HEX[:99]}", R.RELEASE),
    "a host and no more": (f"{our.NAMESPACE}/", R.RELEASE),
}


def _ketenid_reason(text: str, namespace: str | None = None) -> PseudonymReden:
    with pytest.raises(PseudonymError) as caught:
        KetenID.parse(text, namespace=namespace)
    return caught.value.reason


def _stam_reason(text: str, namespace: str | None = None) -> PseudonymReden:
    with pytest.raises(PseudonymError) as caught:
        Stampseudoniem.parse(text, namespace=namespace)
    return caught.value.reason


@pytest.mark.parametrize("case", _NO_KETENIDS)
def test_what_is_no_ketenid_is_refused_with_its_own_reason(case: str) -> None:
    """
    Near misses are told apart and never repaired: each is another identifier.
    """
    text, reason = _NO_KETENIDS[case]
    assert _ketenid_reason(text) is reason


def test_every_reason_has_a_case() -> None:
    """
    A reason that nothing gives is no reason.
    """
    given_here = {reason for _, reason in _NO_KETENIDS.values()}
    assert given_here | {_stam_reason(_URI)} == set(PseudonymReden)


@given(text=st.text())
def test_whatever_is_not_the_form_is_refused(text: str) -> None:
    """
    No text falls through the table of reasons.
    """
    assert _ketenid_reason(text) in PseudonymReden
    assert _stam_reason(text) in PseudonymReden


@given(stam=our.stampseudoniemen)
def test_a_stampseudoniem_is_never_taken_for_a_ketenid(stam: Stampseudoniem) -> None:
    """
    It would be a leak, and is refused as that and nothing else.
    """
    text = stam.expose()
    assert _ketenid_reason(text) is R.STAMPSEUDONIEM
    assert _ketenid_reason(text, our.NAMESPACE) is R.STAMPSEUDONIEM
    assert _ketenid_reason(text, "https://a.invalid") is R.STAMPSEUDONIEM


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(_URI, R.KETENID, id="a ketenID"),
        pytest.param(_PILOT, R.KETENID, id="the pilot's ketenID"),
        pytest.param("", R.EMPTY, id="nothing"),
        pytest.param(f" {_STAM}", R.SPACE, id="a space in front"),
        pytest.param(_STAM[:-1], R.LENGTH, id="one digit short"),
        pytest.param(f"{_STAM[:-1]}g", R.HEX, id="no hex"),
        pytest.param(_STAM.upper(), R.CASE, id="upper case"),
        pytest.param(_STAM.replace("https", "http"), R.PREFIX, id="http"),
        pytest.param(f"{our.NAMESPACE}/pv2026/{_HEX}", R.VOORLOPIG, id="provisional"),
        pytest.param(f"https://a.invalid/sp1/{_HEX}", R.NAMESPACE, id="a stranger's"),
        pytest.param(f"https://school.id/sp1/{_HEX}", R.FORMER_HOST, id="a former"),
        pytest.param(f"{our.NAMESPACE}/sp/{_HEX}", R.RELEASE, id="no release"),
    ],
)
def test_what_is_no_stampseudoniem_is_refused_with_its_own_reason(
    text: str, reason: PseudonymReden
) -> None:
    """
    A stampseudoniem is read exactly, and a ketenID is not taken for one.
    """
    assert _stam_reason(text) is reason


def test_only_the_namespace_that_was_named_is_known() -> None:
    """
    Who names a namespace gets that one, and not the two that are known else.
    """
    own = "https://eigen.invalid"
    assert KetenID.parse(f"{own}/2026/{_HEX}", namespace=own).release == "2026"
    assert _ketenid_reason(_URI, own) is R.NAMESPACE
    assert _ketenid_reason(_PRODUCTION, own) is R.NAMESPACE
    assert _stam_reason(_STAM, own) is R.NAMESPACE
    assert _ketenid_reason(f"{own}/2026/{_HEX}") is R.NAMESPACE


def test_an_identifier_is_read_from_text() -> None:
    """
    Octets are no text, and the complaint does not repeat them.
    """
    for kind, name in ((KetenID, "ketenID"), (Stampseudoniem, "stampseudoniem")):
        with pytest.raises(TypeError) as caught:
            kind.parse(_URI.encode())  # type: ignore[arg-type]  # the point
        assert caught.value.args == (f"{name}: expected str, got bytes",)


@given(ketenid=our.ketenids, sector=st.none() | our.sectors)
def test_a_ketenid_shows_release_sector_and_six_characters(
    ketenid: KetenID, sector: Sector | None
) -> None:
    """
    The form for a log: nothing holds more, and a format spec gets none of it.
    """
    noted = KetenID.parse(ketenid.uri, keten=LEERMIDDELENKETEN, sector=sector)
    mark = f" {sector.value}" if sector else ""
    shown = f"<KetenID {ketenid.release}{mark} \u2026{ketenid.hex[-6:]}>"
    assert repr(noted) == str(noted) == f"{noted}" == pprint.pformat(noted) == shown
    with pytest.raises(TypeError):
        format(noted, ">400")


@given(one=our.ketenids, other=our.ketenids)
def test_ketenids_are_equal_where_their_uris_are(one: KetenID, other: KetenID) -> None:
    """
    By value and exact type: no text is equal to a ketenID.
    """
    assert (one == other) is (one.uri == other.uri)
    assert len({one, other}) == len({one.uri, other.uri})
    for stranger in (one.uri, one.hex, None, Stampseudoniem.parse(_STAM)):
        assert one != stranger


def test_a_ketenid_may_be_pickled_and_copied_with_its_notes() -> None:
    """
    It is personal data and no secret: it goes between processes whole.
    """
    ring = Sleutelbos.generate(release="pilot", namespace="https://ketenid.nl")
    stam = derive_stampseudoniem(HPgn(bytes(32), CHEAPEST), sleutelbos=ring)
    one = derive_ketenid(
        stam, keten=LEERMIDDELENKETEN, sector=Sector.VO, sleutelbos=ring
    )
    again = [copy.copy(one), copy.deepcopy(one)]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again.append(pickle.loads(pickle.dumps(one, protocol)))  # noqa: PERF401, S301  # a list of ways, the last of them many; of this line's own making
    for other in again:
        assert other == one
        assert type(other) is KetenID
        assert (other.keten, other.sector, other.rehearsal) == (
            LEERMIDDELENKETEN,
            Sector.VO,
            True,
        )


def test_a_ketenid_is_frozen_and_slotted() -> None:
    """
    A value does not change after it was checked.
    """
    ketenid = KetenID.parse(_URI)
    for attribute in ("uri", "_notes", "extra", "sector"):
        with pytest.raises(AttributeError, match=r"^KetenID is frozen$"):
            setattr(ketenid, attribute, None)
        with pytest.raises(AttributeError, match=r"^KetenID is frozen$"):
            delattr(ketenid, attribute)
    assert ketenid.uri == _URI
    assert not hasattr(ketenid, "__dict__")


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_stampseudoniem_has_64_bytes(length: int) -> None:
    """
    Octets of another length are refused, whatever made them.
    """
    with pytest.raises(PseudonymError) as caught:
        Stampseudoniem(
            bytes(length),
            namespace="https://eckid.invalid",
            release="2026",
            rehearsal=False,
        )
    assert caught.value.reason is PseudonymReden.LENGTH


def test_a_ketenid_comes_from_parse_or_derivation_only() -> None:
    """
    There is no empty ketenID.
    """
    with pytest.raises(TypeError, match=r"expected KetenID\.parse"):
        KetenID()


def test_the_notes_of_a_ketenid_are_of_their_kind() -> None:
    """
    A keten and a sector are values, not text.
    """
    uri = f"https://eckid.invalid/2026/{'0' * 128}"
    with pytest.raises(TypeError, match="keten: expected Keten or NoneType, got str"):
        KetenID.parse(uri, keten="po")  # type: ignore[arg-type]  # what is refused
    with pytest.raises(TypeError, match="sector: expected Sector or NoneType, got str"):
        KetenID.parse(uri, sector="po")  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize(
    ("namespace", "release"),
    [("https://\u00e9.example", "2026"), ("https://a.example", "SP"), ("", "")],
)
def test_a_stampseudoniem_has_the_names_of_a_ring(namespace: str, release: str) -> None:
    """
    A value that no ring could have made is refused, whatever made it.
    """
    with pytest.raises(PseudonymError, match="expected a namespace and a release"):
        Stampseudoniem(bytes(64), namespace=namespace, release=release, rehearsal=False)
