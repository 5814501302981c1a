"""
A ring whose keys lie in a PKCS#11 token, SoftHSM2's: the same identifiers, no key out.
"""

import hmac
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
import softhsm
import strategies as our
import test_vectors
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.hmac import HMAC
from leaking import leaks, shown, told_by
from softhsm import pkcs11

from eckid import (
    LEERMIDDELENKETEN,
    HPgn,
    KetenID,
    Ontvanger,
    Organisatie,
    SecretError,
    Sector,
    Sleutelbos,
    Voorlopig,
    derive_ketenid,
    derive_stampseudoniem,
)
from eckid.exchange import Ringbron
from eckid.keys import Mac, Token, hsm
from eckid.keys.file import open_
from eckid.keys.ring import read_ring
from eckid.scheme import CHEAPEST

# Sessions, logins and the module are of the whole process.
pytestmark = pytest.mark.xdist_group("hsm")

HPGNS: Final = [HPgn(bytes([n]) * 32, CHEAPEST) for n in range(5)]
PASSPHRASE: Final = "correct horse battery staple"


@pytest.fixture(scope="module")
def label() -> str:
    """
    Return the label of a token; each ring has keys of its own in it.
    """
    return softhsm.new_label()


@pytest.fixture
def token(label: str) -> Token:
    """
    Return that token, in which nobody is logged in.
    """
    softhsm.stop()
    return Token(softhsm.module(), label=label, pin=softhsm.PIN)


@pytest.fixture
def local() -> Sleutelbos:
    """
    Return a ring of its own, of two releases, that holds its keys.
    """
    return Sleutelbos.generate(release="2026").rotate("2027")


@pytest.fixture
def ring(local: Sleutelbos, token: Token) -> Sleutelbos:
    """
    Return that ring, with its keys in the token.
    """
    return local.to_token(token)


def told(call: Callable[[], object]) -> str:
    """
    Return the text of the SecretError of *call*, which keeps no other error.
    """
    with pytest.raises(SecretError) as caught:
        call()
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert softhsm.PIN not in repr(vars(error)) + repr(error.args)
    return str(error)


def macced(mac: Mac, message: bytes = b"a message") -> bytes:
    """
    Return the HMAC of a message, without touching the state it is made from.
    """
    copied = mac.copy()
    copied.update(message[:3])
    copied.update(message[3:])
    return copied.finalize()


# --- The same identifiers ----------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "vector"),
    [
        pytest.param(subject, vector, id=f"{subject}-{vector['name']}")
        for subject in ("ketenid", "stampseudoniem", "voorlopig")
        for vector in test_vectors.FILES[subject]["vectors"]
    ],
)
def test_a_token_gives_what_the_vectors_say(
    subject: str, vector: dict[str, Any], token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Each vector of a derivation succeeds or is refused, as with a ring of a file.
    """
    made = test_vectors.ring_of
    # The rings of the vectors have one signing key, and so one mark; here each has its
    # own, so that all fit in one token.
    seed = sha256(f"{subject} {vector['name']}".encode()).hexdigest()
    monkeypatch.setattr(
        test_vectors,
        "ring_of",
        lambda *a, **k: made(*a, **{"seed": seed, **k}).to_token(token),
    )

    def no_file(_: object) -> dict[str, Any]:
        raise AssertionError

    test_vectors.test_eckid_gives_what_the_vector_says(subject, vector, no_file)


def test_a_ring_in_a_token_gives_all_that_the_local_ring_gives(
    local: Sleutelbos, ring: Sleutelbos
) -> None:
    """
    Stampseudoniemen, ketenIDs of each release and provisional identifiers are the same.
    """
    assert (ring.mark, ring.salt, ring.releases) == (
        local.mark,
        local.salt,
        local.releases,
    )
    assert ring.public_key == local.public_key
    stams = [derive_stampseudoniem(hpgn, sleutelbos=local) for hpgn in HPGNS]
    assert [derive_stampseudoniem(hpgn, sleutelbos=ring) for hpgn in HPGNS] == stams
    for release in (None, *local.releases):
        sources = [
            Ringbron(one, keten=LEERMIDDELENKETEN, sector=Sector.PO, release=release)
            for one in (local, ring)
        ]
        one, other = sources
        assert one.stams(HPGNS) == other.stams(HPGNS)
        assert one.ketenids(stams) == other.ketenids(stams)
        octets = [stam.expose_octets() for stam in stams]
        assert one.keten_octets(octets) == other.keten_octets(octets)
        hpgns = [hpgn.expose_octets() for hpgn in HPGNS]
        assert one.stam_octets(hpgns, scheme=CHEAPEST) == other.stam_octets(
            hpgns, scheme=CHEAPEST
        )
        early = [
            Voorlopig.derive(
                "person",
                administratie="las",
                bestuur="00000001234567890000",
                organisatie=Organisatie("00000009876543210000", Ontvanger.UITGEVER),
                tot=date(2027, 7, 31),
                sleutelbos=each,
                release=release,
            )
            for each in (local, ring)
        ]
        assert early[0] == early[1]


def test_what_either_ring_sealed_the_other_opens(
    local: Sleutelbos, ring: Sleutelbos
) -> None:
    """
    Sealing, tags and ledger stay in the file, so that registers go on.
    """
    for one, other in ((local, ring), (ring, local)):
        sealed = one.seal(HPGNS[0], about="a")
        assert other.unseal(sealed, about="a", kind=HPgn) == HPGNS[0]
        assert other.mac_index().finalize() == one.mac_index().finalize()
        assert other.mac_ledger().finalize() == one.mac_ledger().finalize()
    assert ring != local


def test_a_state_may_be_copied_and_goes_on(local: Sleutelbos, ring: Sleutelbos) -> None:
    """
    A state of a token is copied as one of cryptography is: neither changes the other.
    """
    mac, same = ring.mac_keten("2026"), local.mac_keten("2026")
    for each in (b"a", b"", b"bc" * 500):
        mac.update(each)
        same.update(each)
        assert macced(mac) == macced(same)
    assert mac.finalize() == same.finalize()


# --- What lies where ---------------------------------------------------------------


def test_nothing_in_a_token_can_be_extracted(
    local: Sleutelbos, token: Token, ring: Sleutelbos
) -> None:
    """
    Each key is sensitive, never extracted, and signs only; drawn ones were never seen.
    """
    ring.rotate("2028")
    keys = softhsm.keys_in(token._label, local.mark)
    attribute = pkcs11.Attribute
    assert sorted(key[attribute.LABEL] for key in keys) == sorted(
        f"eckid {local.mark} {name}"
        for name in (
            "stam",
            *(f"keten {n}" for n in (2026, 2027, 2028)),
            *(f"voorlopig {n}" for n in (2026, 2027, 2028)),
        )
    )
    yes = ("TOKEN", "PRIVATE", "SENSITIVE", "SIGN")
    no = ("EXTRACTABLE", "MODIFIABLE", "VERIFY", "ENCRYPT", "DECRYPT", "WRAP")
    for key in keys:
        assert [name for name in yes if not key[attribute[name]]] == []
        assert [name for name in no if key[attribute[name]]] == []
        assert not key[attribute.UNWRAP] | key[attribute.DERIVE]
        assert key[attribute.VALUE_LEN] == 64
        assert key[attribute.LOCAL] is key[attribute.LABEL].endswith("2028")
        with pytest.raises(pkcs11.AttributeSensitive):
            key[attribute.VALUE]


def test_the_file_of_such_a_ring_holds_no_key_of_a_derivation(
    local: Sleutelbos, ring: Sleutelbos, tmp_path: Path
) -> None:
    """
    Decrypted, it has neither the stam root, nor that of a release, nor what they give.
    """
    path = tmp_path / "ring"
    ring.save(path, passphrase=PASSPHRASE)
    body = open_(path.read_bytes(), PASSPHRASE)
    held = local._ring
    secret = [held.roots["stam"], *held.releases.values()]
    names = ("stam", "keten 2026", "keten 2027", "voorlopig 2026", "voorlopig 2027")
    secret += [local._derived[name] for name in names]
    for octets in secret:
        assert octets not in body
        assert octets.hex().encode() not in body
    assert json.loads(body)["roots"].keys() == {"home", "seed"}
    text = b"eckid/1/check of a key in a token"
    framed = len(text).to_bytes(2, "big") + text
    assert json.loads(body)["checks"] == {
        name: hmac.digest(local._derived[name], framed, "sha512")[:32].hex()
        for name in names
    }
    assert not set(names) & set(ring._derived)


@pytest.mark.parametrize("rotated", [False, True])
def test_a_saved_ring_opens_with_its_token_only(
    ring: Sleutelbos, token: Token, tmp_path: Path, *, rotated: bool
) -> None:
    """
    It is the same ring again; without its token the error says what to give.
    """
    path = tmp_path / "ring"
    saved = ring.rotate("2028") if rotated else ring
    saved.save(path, passphrase=PASSPHRASE)
    again = Sleutelbos.load(path, passphrase=PASSPHRASE, token=token)
    assert again == saved
    assert macced(again.mac_keten(saved.releases[-1])) == macced(
        saved.mac_keten(saved.releases[-1])
    )
    assert told(lambda: Sleutelbos.load(path, passphrase=PASSPHRASE)) == (
        "sleutelbos: expected the token that holds its keys, got none; give it "
        "(token, or --module, --token and --pin-file)"
    )


def test_a_ring_that_holds_its_keys_wants_no_token(
    local: Sleutelbos, ring: Sleutelbos, token: Token, tmp_path: Path
) -> None:
    """
    A token that would not be used is refused, and so is moving a ring twice.
    """
    local.save(tmp_path / "ring", passphrase=PASSPHRASE)
    load = Sleutelbos.load
    assert told(
        lambda: load(tmp_path / "ring", passphrase=PASSPHRASE, token=token)
    ).startswith("sleutelbos: expected a ring whose keys lie in a token, got one")
    assert told(lambda: ring.to_token(token)).startswith(
        "sleutelbos: expected a ring that holds its keys, got one"
    )


_SPOILT: Final[dict[str, Callable[[dict[str, Any]], object]]] = {
    "no check": lambda fields: fields["checks"].pop("stam"),
    "a check more": lambda fields: fields["checks"].update(more="00" * 32),
    "no checks": lambda fields: fields.update(checks={}),
    "checks of no form": lambda fields: fields.update(checks=[]),
    "a short check": lambda fields: fields["checks"].update(stam="00"),
    "a stam root": lambda fields: fields["roots"].update(stam="00" * 32),
    "no home root": lambda fields: fields["roots"].pop("home"),
    "a root of a release": lambda fields: fields["releases"][0].__setitem__(1, "00"),
    "no release": lambda fields: fields.update(releases=[]),
    "a field more": lambda fields: fields.update(more=""),
}


@pytest.mark.parametrize("case", _SPOILT)
def test_the_content_of_such_a_ring_is_exact(case: str, ring: Sleutelbos) -> None:
    """
    What is no whole ring in a token is no ring at all.
    """
    fields = json.loads(ring._ring.dump())
    assert read_ring(json.dumps(fields).encode()).framed() == ring._ring.framed()
    _SPOILT[case](fields)
    said = told(lambda: read_ring(json.dumps(fields).encode()))
    assert said == "sleutelbos: expected the content of a ring, got another"


# --- Importing, rotating -----------------------------------------------------------


def test_an_import_that_ended_halfway_is_done_again(
    local: Sleutelbos, token: Token, ring: Sleutelbos
) -> None:
    """
    A key of this ring that is there already is used as it is; what lacks is put.
    """
    keys = softhsm.keys_in(token._label, local.mark)
    keys[0].destroy()
    assert local.to_token(token) == ring
    assert len(softhsm.keys_in(token._label, local.mark)) == len(keys) == 5


def test_a_key_under_the_same_label_is_never_replaced(
    local: Sleutelbos, token: Token
) -> None:
    """
    Another key there is refused and stays.
    """
    label = f"eckid {local.mark} stam"
    other = bytes(64)
    token.put(label, other)
    said = told(lambda: local.to_token(token))
    assert said.startswith(f"token: expected under the label {label} the key of this")
    mac = HMAC(other, SHA512())
    assert macced(token.mac(label)) == macced(mac)


def test_the_token_draws_the_keys_of_a_new_release(
    ring: Sleutelbos, token: Token
) -> None:
    """
    The old ring stays; the new release has other ketenIDs, and its keys no copy.
    """
    new = ring.rotate("2028")
    assert (ring.releases, new.releases) == (
        ("2026", "2027"),
        ("2026", "2027", "2028"),
    )
    assert len({macced(new.mac_keten(name)) for name in new.releases}) == 3
    assert macced(new.mac_keten("2026")) == macced(ring.mac_keten("2026"))
    said = told(lambda: ring.rotate("2028"))
    assert said.startswith("token: expected no key under the label of the new one")
    before = len(softhsm.keys_in(token._label, ring.mark))
    assert told(lambda: ring.rotate("SP")).startswith("release: expected 1 to 31")
    assert told(lambda: ring.rotate("2026")).startswith("release: expected a new name")
    assert len(softhsm.keys_in(token._label, ring.mark)) == before


# --- What goes wrong ---------------------------------------------------------------


def test_threads_share_a_token(ring: Sleutelbos, local: Sleutelbos) -> None:
    """
    Each call gets its own answer; the module itself is asked by one at a time.
    """
    messages = [bytes([n]) * 20 for n in range(200)]
    mac, same = ring.mac_stam(), local.mac_stam()
    with ThreadPoolExecutor(8) as threads:
        got = list(threads.map(lambda message: macced(mac, message), messages))
    assert got == [macced(same, message) for message in messages]


_THREADS: Final = """
import sys
from concurrent.futures import ThreadPoolExecutor
from eckid.keys import Token
module, label, pin, key = sys.argv[1:]
tokens = [Token(module, label=label, pin=pin) for _ in range(8)]
def asked(n):
    mac = tokens[n % 8].mac(key)
    mac.update(b"a message")
    return mac.finalize()
with ThreadPoolExecutor(8) as threads:
    print(*{mac.hex() for mac in threads.map(asked, range(2000))})
"""


def test_a_module_is_asked_by_one_thread_at_a_time(
    ring: Sleutelbos, local: Sleutelbos, token: Token
) -> None:
    """
    Also through several tokens: two threads in a module without locks end the process.
    """
    key = f"eckid {ring.mark} stam"
    given = [token._module, token._label, softhsm.PIN, key]
    done = subprocess.run(
        [sys.executable, "-c", _THREADS, *given],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [macced(local.mac_stam()).hex()]


class _Library:
    """
    What python-pkcs11 has of a module, in the place of it.
    """

    PKCS11Error: type[Exception] = RuntimeError

    def __init__(self, *, knows_forks: bool) -> None:
        self.knows_forks = knows_forks
        self.done: list[str] = []

    def lib(self, _: str) -> "_Library":
        self.done.append("start")
        return self

    def finalize(self) -> None:
        self.done.append("end")
        if self.knows_forks:
            raise self.PKCS11Error


@pytest.mark.parametrize("knows_forks", [False, True])
def test_a_child_starts_a_module_anew_and_once(
    monkeypatch: pytest.MonkeyPatch, *, knows_forks: bool
) -> None:
    """
    PKCS#11 wants it; a library that knows of the fork says that it was not started.
    """
    library = _Library(knows_forks=knows_forks)
    monkeypatch.setattr(hsm, "_pkcs11", lambda: library)
    monkeypatch.setattr(hsm, "_MODULES", {})
    done = []
    for process in (1, 1, 2, 2):
        monkeypatch.setattr(os, "getpid", lambda process=process: process)
        hsm._started("a.so")
        done.append(library.done.copy())
        library.done.clear()
    monkeypatch.undo()
    assert done == [["start"], ["start"], ["start", "end", "start"], ["start"]]


_FORK: Final = """
import os, sys
from eckid import Sleutelbos
from eckid.keys import Token
path, module, label, pin = sys.argv[1:]
tokens = [Token(module, label=label, pin=pin) for _ in range(2)]
rings = [Sleutelbos.load(path, passphrase="p", token=token) for token in tokens]
def asked():
    for ring in rings:
        mac = ring.mac_stam()
        mac.update(b"a")
        print(mac.finalize().hex(), flush=True)
asked()
if child := os.fork():
    os.waitpid(child, 0)
asked()
"""


def test_a_forked_process_opens_the_token_anew(
    ring: Sleutelbos, local: Sleutelbos, token: Token, tmp_path: Path
) -> None:
    """
    Parent and child both go on, with a module that each process starts once.
    """
    ring.save(tmp_path / "ring", passphrase="p")
    given = [tmp_path / "ring", token._module, token._label, softhsm.PIN]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FORK, *map(str, given)],
        capture_output=True,
        text=True,
        check=True,
    )
    mac = local.mac_stam()
    mac.update(b"a")
    assert done.stdout.split() == [mac.finalize().hex()] * 6


def test_a_lost_session_is_opened_once_more(
    ring: Sleutelbos, local: Sleutelbos
) -> None:
    """
    When the token was away for a moment, nobody notices.
    """
    for _ in range(2):
        softhsm.stop()
        assert macced(ring.mac_stam()) == macced(local.mac_stam())


def test_a_login_that_was_ended_is_made_once_more(
    ring: Sleutelbos, local: Sleutelbos, token: Token
) -> None:
    """
    Whoever logs out logs out the whole process; the next call logs in.
    """
    # A key that this session found before, and one that it did not.
    macced(ring.mac_stam())
    found = pkcs11.lib(token._module).get_token(token_label=token._label)
    with pytest.raises(pkcs11.UserAlreadyLoggedIn):
        found.open(user_pin=softhsm.PIN)
    (here,) = token._sessions.values()
    here.login.close()
    assert macced(ring.mac_stam()) == macced(local.mac_stam())


def test_another_part_of_the_process_may_be_logged_in(
    ring: Sleutelbos, local: Sleutelbos, token: Token
) -> None:
    """
    A login is of the process, so that of another part serves too.
    """
    softhsm.stop()
    assert len(softhsm.keys_in(token._label, ring.mark)) == 5  # logs in, and stays so
    assert macced(ring.mac_stam()) == macced(local.mac_stam())


def test_a_token_that_is_gone_is_told(local: Sleutelbos) -> None:
    """
    After one more try the error says what is missing, and what to look at.
    """
    label = softhsm.new_label()
    ring = local.to_token(Token(softhsm.module(), label=label, pin=softhsm.PIN))
    softhsm.remove(label)
    assert told(ring.mac_stam().finalize) == (
        "token: expected one under this label, got none; see whether it is plugged in, "
        "and whether the module finds it"
    )


def test_a_token_that_fails_is_told_by_the_code_of_its_error(
    ring: Sleutelbos, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What the token itself says is not repeated.
    """

    def fails(*_: object) -> None:
        raise pkcs11.DeviceError(softhsm.PIN)

    monkeypatch.setattr(Token, "_found", fails)
    softhsm.stop()
    assert told(ring.mac_stam().finalize) == (
        "token: expected an answer, got DeviceError; look in its log, and ask again"
    )


class _Short:
    def sign(self, *_: object, **__: object) -> bytes:
        return bytes(32)


def test_a_token_that_computes_something_else_is_told(
    ring: Sleutelbos, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What is no HMAC-SHA-512 becomes no pseudonym.
    """
    monkeypatch.setattr(Token, "_found", lambda *_: _Short())
    softhsm.stop()
    said = told(ring.mac_stam().finalize)
    assert said.startswith("token: expected one that takes HMAC keys of 64 bytes")


def test_a_wrong_pin_is_tried_once(
    ring: Sleutelbos, token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A token locks itself after some wrong PINs; nobody asks it again with the same one.
    """
    ring.save(tmp_path / "ring", passphrase=PASSPHRASE)
    softhsm.stop()
    wrong = Token(token._module, label=token._label, pin="11223344")
    logins: list[object] = []
    found = Token._token

    class Counted:
        def __init__(self, real: pkcs11.Token) -> None:
            self.real = real

        def open(self, **how: str) -> pkcs11.Session:
            logins.extend(name for name in how if name == "user_pin")
            return self.real.open(**how)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(Token, "_token", lambda self: Counted(found(self)))
    for _ in range(3):
        said = told(
            lambda: Sleutelbos.load(
                tmp_path / "ring", passphrase=PASSPHRASE, token=wrong
            )
        )
        assert said == (
            "PIN: expected that of the token, got another; do not go on trying, for a "
            "token locks itself after some wrong ones"
        )
    assert len(logins) == 1
    again = Sleutelbos.load(tmp_path / "ring", passphrase=PASSPHRASE, token=token)
    assert again == ring


def test_a_missing_key_is_told_by_its_label(ring: Sleutelbos, token: Token) -> None:
    """
    Also when the key was there before; and other keys go on.
    """
    label = f"eckid {ring.mark} stam"
    macced(ring.mac_stam())
    keys = softhsm.keys_in(token._label, ring.mark)
    (stam,) = (key for key in keys if key[pkcs11.Attribute.LABEL] == label)
    stam.destroy()
    assert told(ring.mac_stam().finalize) == (
        f"token: expected one key under the label {label}, got 0; is it the token that "
        "this ring was imported to?"
    )
    assert macced(ring.mac_keten("2026"))


def test_what_fails_again_and_again_leaves_no_session_open(
    ring: Sleutelbos, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A token has few sessions, and a list many rows.
    """
    count = {"opened": 0, "closed": 0}
    found, close = Token._token, hsm._close

    class Counted:
        def __init__(self, real: pkcs11.Token) -> None:
            self.real = real

        def open(self, **how: str) -> pkcs11.Session:
            # A login that is refused has opened a session too.
            count["opened"] += 1
            return self.real.open(**how)  # type: ignore[arg-type]  # as it came

    def closed(session: object) -> None:
        count["closed"] += 1
        close(session)

    monkeypatch.setattr(Token, "_token", lambda self: Counted(found(self)))
    monkeypatch.setattr(hsm, "_close", closed)
    for _ in range(20):
        told(token.mac("nothing").finalize)
    assert count["opened"] >= 40
    assert count["opened"] - count["closed"] <= 2
    assert macced(ring.mac_stam())


def test_two_keys_under_one_label_are_none(token: Token) -> None:
    """
    Which of the two was meant is not guessed.
    """
    session = softhsm.session(token._label)
    for _ in range(2):
        session.create_object({**token._form("two"), pkcs11.Attribute.VALUE: bytes(64)})
    assert ", got 2;" in told(token.mac("two").finalize)


@pytest.mark.parametrize(
    "form", [{"EXTRACTABLE": True}, {"SENSITIVE": False}], ids=["extractable", "open"]
)
def test_a_key_that_could_leave_its_token_is_refused(
    token: Token, form: dict[str, bool]
) -> None:
    """
    A ring in a token is one that nobody can copy.
    """
    attribute = pkcs11.Attribute
    more = {attribute[name]: value for name, value in form.items()}
    (name,) = form
    softhsm.session(token._label).create_object(
        {**token._form(name), **more, attribute.VALUE: bytes(64)}
    )
    said = told(token.mac(name).finalize)
    assert said.endswith("a key that is sensitive and cannot be extracted, got another")


def test_what_is_no_module_or_no_token_is_told(token: Token, tmp_path: Path) -> None:
    """
    A file that is no library, none at all, one of an odd name, and an unknown label.
    """
    (tmp_path / "lib.so").write_text("a library")
    for path in (tmp_path / "lib.so", tmp_path / "none.so", "é.so"):
        said = told(Token(path, label="a", pin="1234").mac("a").finalize)
        assert said.startswith("module: expected a PKCS#11 library that loads")
    said = told(Token(token._module, label="é", pin="1234").mac("a").finalize)
    assert said.startswith("token: expected one under this label, got none")


def test_a_token_is_given_texts(tmp_path: Path) -> None:
    """
    A PIN of nothing, and text that cannot be written, are refused at once.
    """
    path = tmp_path / "lib.so"
    assert told(lambda: Token(path, label="a", pin="")) == (
        "PIN: expected one, got nothing"
    )
    assert told(lambda: Token(path, label="a", pin="\ud83d")).startswith("PIN: ")
    assert told(lambda: Token(path, label="\ud83d", pin="a")).startswith("label: ")
    assert told(lambda: Token("\udce9", label="a", pin="a")).startswith("module: ")
    with pytest.raises(TypeError, match="PIN: expected str, got int"):
        Token(path, label="a", pin=1234)  # type: ignore[arg-type]  # on purpose


def test_without_its_extra_a_token_says_what_to_install(
    token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A token can be named without python-pkcs11, and not asked.
    """
    monkeypatch.setitem(sys.modules, "pkcs11._pkcs11", None)
    said = "keys in a token need: pip install 'eckid[hsm]'"
    assert told(token.mac("a").finalize) == said
    assert told(lambda: our.RING.to_token(token)) == said


def test_importing_eckid_loads_no_library_of_a_token() -> None:
    """
    What an extra brings is loaded where it is used.
    """
    code = "import sys, eckid, eckid.cli.app; print('pkcs11' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """
    Return what gives all that was logged.
    """
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text


def test_a_token_shows_neither_its_pin_nor_a_key(
    local: Sleutelbos, ring: Sleutelbos, token: Token, everything: Callable[[], str]
) -> None:
    """
    Not in repr, str, format, pickle, copy or JSON, nor in a log.
    """
    mac = ring.mac_stam()
    mac.update(HPGNS[1].expose_octets())
    secret = [softhsm.PIN.encode(), HPGNS[1].expose().encode()]
    secret += [
        form for key in local._derived.values() for form in (key, key.hex().encode())
    ]
    for value in (token, ring, mac):
        assert leaks(told_by(shown(value)), tuple(secret)) == []
    mac.finalize()
    assert softhsm.PIN not in everything()
    assert repr(ring) == "<Sleutelbos 2026 2027, keys in a token>"
    assert repr(token) == "<Token, PIN hidden>"


# --- What acts as a ring -----------------------------------------------------------


class Acting:
    """
    What acts as a ring: its keys may lie with a service.
    """

    namespace = "https://eckid.invalid"
    releases: tuple[str, ...] = ("2026", "2027")
    rehearsal = False
    ring = our.RING.rotate("2027")

    def mac_stam(self) -> Mac:
        """
        Return a state of a ring.
        """
        return self.ring.mac_stam()

    def mac_keten(self, release: str) -> Mac:
        """
        Return a state of a ring, whatever the release is called.
        """
        return self.ring.mac_keten(release if release == "2026" else "2027")

    def mac_voorlopig(self, release: str) -> Mac:
        """
        Return a state of a ring.
        """
        return self.ring.mac_voorlopig(release)


def _ketenid(acting: Acting, release: str | None = None) -> KetenID:
    stam = derive_stampseudoniem(HPGNS[0], sleutelbos=acting)
    return derive_ketenid(
        stam,
        keten=LEERMIDDELENKETEN,
        sector=Sector.PO,
        sleutelbos=acting,
        release=release,
    )


def test_a_derivation_asks_for_macs_and_not_for_a_ring() -> None:
    """
    What acts as a ring gives what the ring gives.
    """
    stam = derive_stampseudoniem(HPGNS[0], sleutelbos=Acting.ring)
    assert derive_stampseudoniem(HPGNS[0], sleutelbos=Acting()) == stam
    for release in (None, "2026", "2027"):
        assert _ketenid(Acting(), release) == derive_ketenid(
            stam,
            keten=LEERMIDDELENKETEN,
            sector=Sector.PO,
            sleutelbos=Acting.ring,
            release=release,
        )


@pytest.mark.parametrize(
    "names",
    [
        {"namespace": "https://ketenid.nl"},
        {"releases": ("SP",)},
        {"releases": ()},
        {"rehearsal": True},
        {"namespace": "https://ketenid.nl", "releases": ("pilot",)},
    ],
    ids=["national", "release", "none", "rehearsal", "pilot"],
)
def test_what_acts_as_a_ring_bears_names_that_a_ring_may_bear(
    names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    No identifier of ours passes for one of the national service.
    """
    for name, value in names.items():
        monkeypatch.setattr(Acting, name, value)
    told(lambda: _ketenid(Acting()))


def test_what_acts_as_a_ring_has_no_other_release() -> None:
    """
    A release that the ring does not name is refused, whatever its MACs do.
    """
    said = told(lambda: _ketenid(Acting(), "2030"))
    assert said == "release: expected one of this ring's, got another"


def test_a_login_of_another_part_of_the_process_is_left_open() -> None:
    """
    What this library did not open, it does not close.
    """

    class Opened:
        closed = 0

        def close(self) -> None:
            self.closed += 1

    own = Opened()
    held = hsm._Session()
    held.session, held.login = own, hsm._ANOTHERS
    held.close()
    assert (own.closed, held.session, held.login) == (1, None, None)


def test_a_mac_of_another_length_becomes_no_ketenid(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    What is no HMAC-SHA-512 is refused; so is what acts as no ring at all.
    """
    monkeypatch.setattr(Acting, "mac_keten", lambda *_: _Cut())
    said = told(lambda: _ketenid(Acting()))
    assert said == "MAC: expected 64 bytes, got others"
    with pytest.raises(TypeError, match="sleutelbos: expected Sleutelbos, got bytes"):
        derive_stampseudoniem(HPGNS[0], sleutelbos=b"")  # type: ignore[arg-type]  # on purpose


class _Cut:
    def copy(self) -> "_Cut":
        return self

    def update(self, data: bytes, /) -> None:
        pass

    def finalize(self) -> bytes:
        return bytes(32)
