"""
The register: who is in it, what it keeps, what it hides, and what it finds out.
"""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import parties as our
import pytest
from children import unmeasured

from eckid import (
    Doel,
    HPgn,
    LinkError,
    Register,
    RegisterError,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    Voorlopig,
    substitute,
)
from eckid.errors import LinkReden
from eckid.register import Feit, Head, OpnameUitkomst
from eckid.succession import Substitutions, SubstitutionStore

SEM = {"geboortedatum": "2015-12-24", "roepnaam": "Sem", "achternaam": "Bakker"}
NOOR = {"geboortedatum": "2014-03-01", "roepnaam": "Noor", "achternaam": "Smit"}
DIGEST = "ab" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """
    Return where a register may come.
    """
    return tmp_path / "bestuur.reg"


@pytest.fixture
def register(path: Path) -> Iterator[Register]:
    """
    An open register, new.
    """
    with Register.create(path, sleutelbos=our.RING) as made:
        yield made


def _add(register: Register, key: str, n: int, **other: Any) -> OpnameUitkomst:  # noqa: ANN401  # as add
    how: dict[str, Any] = {
        "administratie": "las-1",
        "gegevens": SEM,
        "on": our.TODAY,
        **other,
    }
    return our.add(register, how.pop("administratie"), key, our.bsn(n), **how).grond


def _files(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}*"))


def _sent(register: Register, key: str, n: int) -> str:
    ketenid = our.ketenid(our.bsn(n), Sector.PO)
    register.sent(
        "las-1",
        key,
        organisatie=our.A,
        identifier=ketenid,
        beleid=DIGEST,
        doel=Doel.GEBRUIK,
        on=our.TODAY,
    )
    return ketenid.uri


def test_a_person_is_added_once_and_known_again(register: Register) -> None:
    """
    With the same stampseudoniem, by key, birth date and names, without a number.
    """
    first = our.add(register, "las-1", "k1", our.bsn(0), gegevens=SEM)
    assert first.grond is OpnameUitkomst.NIEUW
    assert first.stam == our.stam(our.bsn(0))
    assert register.known("las-1", "k1", gegevens=SEM) == first.stam
    again = our.add(register, "las-1", "k1", our.bsn(0), gegevens=SEM)
    assert again == (OpnameUitkomst.BEKEND, first.stam)


@pytest.mark.parametrize(
    "gegevens",
    [
        NOOR,
        {**SEM, "roepnaam": "Sam"},
        {**SEM, "geboortedatum": "2015-12-25"},
        {**SEM, "voorvoegsel": "de"},
        {"geboortedatum": "2015-12-24"},
        {"roepnaam": "Sem", "achternaam": "Bakker"},
        {},
    ],
    ids=str,
)
def test_who_is_not_quite_the_same_is_not_known(
    register: Register, gegevens: dict[str, str]
) -> None:
    """
    Other or lacking data under a known key: to be hashed again.
    """
    _add(register, "k1", 0)
    assert register.known("las-1", "k1", gegevens=gegevens) is None
    assert register.known("las-2", "k1", gegevens=SEM) is None
    assert register.known("las-1", "k2", gegevens=SEM) is None


def test_it_tells_apart_who_is_who(register: Register) -> None:
    """
    A reused key, another number, one number under two keys, another system.
    """
    assert _add(register, "k1", 0) is OpnameUitkomst.NIEUW
    assert _add(register, "k1", 1, gegevens=NOOR) is OpnameUitkomst.OTHER_PERSON
    assert _add(register, "k1", 1, gegevens={}) is OpnameUitkomst.OTHER_PERSON
    assert _add(register, "k1", 1) is OpnameUitkomst.OTHER_NUMBER
    assert _add(register, "k2", 0) is OpnameUitkomst.TWO_PERSONS
    # The same person in another administration.
    assert _add(register, "n9", 0, administratie="las-2") is OpnameUitkomst.BEKEND
    assert register.known("las-2", "n9", gegevens=SEM) == our.stam(our.bsn(0))
    # A key of the other system that here is somebody else's.
    assert _add(register, "k1", 1, administratie="las-2", gegevens=NOOR) is (
        OpnameUitkomst.NIEUW
    )
    refused = our.add(register, "las-1", "k2", our.bsn(0), gegevens=SEM)
    assert refused.stam is None


def test_a_corrected_name_is_held_from_then_on(register: Register) -> None:
    """
    The same number under the same key with another name is the same person.
    """
    _add(register, "k1", 0)
    corrected = {**SEM, "roepnaam": "Sam"}
    assert _add(register, "k1", 0, gegevens=corrected) is OpnameUitkomst.BEKEND
    assert register.known("las-1", "k1", gegevens=corrected) is not None
    assert register.known("las-1", "k1", gegevens=SEM) is None


def test_a_poorer_list_corrects_nothing(register: Register) -> None:
    """
    A list without a birth date or a name is hashed, and leaves what is held.
    """
    _add(register, "k1", 0)
    for name in ("geboortedatum", "roepnaam"):
        grond = _add(register, "k1", 0, gegevens={name: SEM[name]})
        assert grond is OpnameUitkomst.BEKEND
        assert register.known("las-1", "k1", gegevens=SEM) == our.stam(our.bsn(0))


def test_it_is_a_store_of_substitutions(register: Register) -> None:
    """
    The new number gives the old stampseudoniem; the old number is refused.
    """
    store: SubstitutionStore = register
    old = our.onderwijsnummer(0)
    our.add(register, "las-1", "k1", old, gegevens=SEM)
    one = Substitution(old, our.bsn(0), our.SPRING)
    later = Substitution(our.bsn(0), our.bsn(1), our.SUMMER)
    substitute(store, one)
    substitute(store, one, later)
    assert Substitutions(register.substitutions()) == Substitutions([one, later])

    def grond(hpgn: HPgn, on: Any) -> OpnameUitkomst:  # noqa: ANN401  # a day
        return our.add(register, "las-1", "k1", hpgn, gegevens=SEM, on=on).grond

    assert grond(our.bsn(0), our.TODAY) is OpnameUitkomst.OTHER_NUMBER
    assert grond(our.bsn(0), our.SPRING) is OpnameUitkomst.BEKEND
    with pytest.raises(LinkError) as caught:
        grond(old, our.SPRING)
    assert caught.value.reason is LinkReden.SUBSTITUTED
    assert grond(our.bsn(1), our.SUMMER) is OpnameUitkomst.BEKEND
    # Of who is not in it yet.
    substitute(store, Substitution(our.bsn(2), our.bsn(3), our.TODAY))
    made = our.add(register, "las-1", "k2", our.bsn(3), gegevens=NOOR)
    assert made == (OpnameUitkomst.NIEUW, our.stam(our.bsn(2)))


def test_substitutions_are_read_when_there_is_another(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Not for each person of a list: with many of both that would take long.
    """
    read: list[None] = []
    substitutions = Register.substitutions

    def counted(self: Register) -> list[Substitution]:
        read.append(None)
        return substitutions(self)

    monkeypatch.setattr(Register, "substitutions", counted)
    for n in range(2, 5):
        register.origin(our.bsn(n), on=our.TODAY)
    assert len(read) == 1
    substitute(register, Substitution(our.bsn(0), our.bsn(1), our.TODAY))
    read.clear()
    for _ in range(3):
        assert register.origin(our.bsn(1), on=our.TODAY) == our.bsn(0)
    assert len(read) == 1


def test_the_origin_and_the_person_are_one_transaction(
    path: Path, register: Register
) -> None:
    """
    What fails between the two leaves nothing, and no other writer comes between.
    """
    substitute(register, Substitution(our.bsn(0), our.bsn(1), our.TODAY))
    head = register.head()
    other = sqlite3.connect(path, isolation_level=None, timeout=0.01)

    def added(*, fails: bool) -> None:
        with register.together():
            origin = register.origin(our.bsn(1), on=our.TODAY)
            assert origin == our.bsn(0)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            register.add("las-1", "k1", our.stam(origin), gegevens=SEM, on=our.TODAY)
            if fails:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        added(fails=True)
    assert register.head() == head
    assert not register.has("las-1", "k1")
    added(fails=False)
    other.close()
    assert register.known("las-1", "k1", gegevens=SEM) == our.stam(our.bsn(0))
    assert register.verify(expected=head).length == head.length + 1


def test_only_a_stampseudoniem_is_added(register: Register) -> None:
    """
    A register is given no HPgn and no number, and says so without showing it.
    """
    for wrong in (our.bsn(0), our.number(0)):
        with pytest.raises(TypeError) as caught:
            register.add("las-1", "k1", wrong, gegevens=SEM, on=our.TODAY)  # type: ignore[arg-type]  # the point
        kind = type(wrong).__name__
        assert caught.value.args == (f"stam: expected Stampseudoniem, got {kind}",)
    with pytest.raises(TypeError, match=r"^hpgn: expected HPgn, got Stampseudoniem$"):
        register.origin(our.stam(our.bsn(0)), on=our.TODAY)  # type: ignore[arg-type]  # the point


def test_a_person_is_held_under_the_mark_of_the_source(register: Register) -> None:
    """
    Where none is said it is the register's own, by which numbers are compared.
    """
    how: dict[str, Any] = {"gegevens": SEM, "on": our.TODAY}
    register.add("las-1", "k1", our.stam(our.bsn(0)), **how)
    register.add("las-1", "k2", our.stam(our.bsn(1)), **how, mark="elsewhere")
    marks = [register.inzage("las-1", key)[0]["bos"] for key in ("k1", "k2")]
    assert marks == [our.RING.mark, "elsewhere"]
    # Of one source another stampseudoniem is another number; of two it says nothing.
    for key, mark, grond in (
        ("k1", our.RING.mark, OpnameUitkomst.OTHER_NUMBER),
        ("k2", "elsewhere", OpnameUitkomst.OTHER_NUMBER),
        ("k2", our.RING.mark, OpnameUitkomst.BEKEND),
    ):
        stam = our.stam(our.bsn(2))
        assert register.add("las-1", key, stam, **how, mark=mark).grond is grond


def test_consent_links_and_revocation(register: Register) -> None:
    """
    A link is kept with its consent; withdrawn consent names it for its recipient.
    """
    _add(register, "k1", 0)
    consent = our.consent()
    links = [
        our.link(
            our.ketenid(our.bsn(0), Sector.PO),
            our.ketenid(our.bsn(0), Sector.VO),
            toestemming=consent,
            organisatie=organisatie,
        )
        for organisatie in (our.A, our.B)
    ]
    for link in links:
        register.keep_link("las-1", "k1", link, consent)
    assert register.revoked(our.A, issued=our.TODAY) == frozenset()
    with pytest.raises(RegisterError, match="expected links that it has"):
        register.withdraw_consents([links[0].jti, "ab" * 16], on=our.TODAY)
    assert register.revoked(our.A, issued=our.TODAY) == frozenset()
    # One is enough of those that rest on it; a second time changes nothing.
    assert register.withdraw_consents([links[0].jti], on=our.TODAY) == 1
    assert register.withdraw_consents([links[1].jti], on=our.TODAY) == 0
    assert register.revoked(our.A, issued=our.TODAY) == {links[0].jti}
    assert register.revoked(our.B, issued=our.TODAY) == {links[1].jti}


def test_the_links_of_who_is_forgotten_are_revoked(
    register: Register, tmp_path: Path
) -> None:
    """
    Else a link would go on that nobody could name any more; also under a new ring.
    """
    _add(register, "k1", 0)
    pair = (our.ketenid(our.bsn(0), sector) for sector in (Sector.PO, Sector.VO))
    link, consent = our.link(*pair), our.consent()
    register.keep_link("las-1", "k1", link, consent)
    register.forget("las-1", "k1")
    assert register.revoked(our.A, issued=our.TODAY) == {link.jti}
    # A consent of theirs that is withdrawn after that is gone already.
    assert register.withdraw_consents([link.jti], on=our.TODAY) == 0
    ring = Sleutelbos.generate(release="2026")
    with register.rekey(tmp_path / "new.reg", sleutelbos=ring) as moved:
        assert moved.revoked(our.A, issued=our.TODAY) == {link.jti}


def test_lists_and_notices_are_kept(register: Register) -> None:
    """
    A list has the next number of its recipient; a notice is its person's.
    """
    _add(register, "k1", 0)
    assert register.next_list(our.A) == 1
    register.keep_list(our.A, number=1, token=our.revocations())
    register.keep_list(our.A, number=2, token=our.revocations(number=2))
    assert (register.next_list(our.A), register.next_list(our.B)) == (3, 1)
    for number in (2, 4):
        with pytest.raises(RegisterError, match=r"expected revocation list 3, got"):
            register.keep_list(our.A, number=number, token="x")
    how: dict[str, Any] = {"organisatie": our.A, "issued": our.TODAY}
    register.keep_notice("las-1", "k1", token="x.y.z", **how)
    assert register.inzage("las-1", "k1")[-1]["token"] == "x.y.z"
    with pytest.raises(RegisterError, match="a known person"):
        register.keep_notice("las-1", "k2", token="x.y.z", **how)


def test_inzage_is_all_that_is_held(register: Register) -> None:
    """
    What went to whom, under which policy, in order; of this person alone.
    """
    _add(register, "k1", 0)
    _add(register, "k2", 1, gegevens=NOOR)
    uri = _sent(register, "k1", 0)
    _sent(register, "k2", 1)
    order = Voorlopig(f"https://eckid.invalid/pv2026/{'a' * 128}")
    register.sent(
        "las-1",
        "k1",
        organisatie=our.B,
        identifier=order,
        beleid=DIGEST,
        doel=Doel.BESTELLEN,
        on=our.SPRING,
    )
    person, first, second = register.inzage("las-1", "k1")
    assert person["feit"] == Feit.PERSOON.value
    assert person["gegevens"] == SEM
    assert (first["organisatie"], first["identifier"]) == (our.A.oin, uri)
    assert (second["identifier"], second["beleid"]) == (order.uri, DIGEST)
    with pytest.raises(RegisterError, match="expected a known person"):
        register.inzage("las-1", "k3")


def test_what_comes_back_is_somebodys(register: Register) -> None:
    """
    By the ketenID that went, in each administration; else nobody's.
    """
    ketenid = our.ketenid(our.bsn(0), Sector.PO)
    _add(register, "k1", 0)
    assert register.keys_of(ketenid) == []
    _sent(register, "k1", 0)
    _add(register, "n9", 0, administratie="las-2")
    assert register.keys_of(ketenid) == [("las-1", "k1"), ("las-2", "n9")]
    register.forget("las-1", "k1")
    assert register.keys_of(ketenid) == []


def test_it_is_opened_again_with_its_ring(path: Path, register: Register) -> None:
    """
    What was added stands there; another ring, or no file, opens nothing.
    """
    _add(register, "k1", 0)
    head = register.verify()
    register.close()
    with Register.open(path, sleutelbos=our.NEXT) as again:
        assert again.known("las-1", "k1", gegevens=SEM) == our.stam(our.bsn(0))
        assert again.verify(expected=head) == head
    other = Sleutelbos.generate(release="2026")
    with pytest.raises(RegisterError, match="expected its own ring"):
        Register.open(path, sleutelbos=other)
    with pytest.raises(RegisterError, match="can be opened, got none"):
        Register.open(path.with_name("none"), sleutelbos=our.RING)
    assert not path.with_name("none").exists()
    with pytest.raises(FileExistsError):
        Register.create(path, sleutelbos=our.RING)


def _value(register: Register, sql: str) -> object:
    return register._facts.store.one(sql)[0]


def test_both_files_are_durable_and_the_owners_own(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    Written as one with a rollback journal, synchronous=EXTRA; mode 0600, copies too.
    """
    for schema in ("main", "keys"):
        assert _value(register, f"PRAGMA {schema}.synchronous") == 3
        assert _value(register, f"PRAGMA {schema}.journal_mode") == "delete"
        assert _value(register, f"PRAGMA {schema}.secure_delete") == 1
    register.backup(tmp_path / "copy")
    ring = Sleutelbos.generate(release="2027")
    register.rekey(tmp_path / "new", sleutelbos=ring).close()
    if os.name != "nt":
        files = [f for p in ("copy", "new") for f in _files(tmp_path / p)]
        assert len(files) == 4
        for file in (*files, *_files(path)):
            assert file.stat().st_mode & 0o777 == 0o600


def _change(path: Path, sql: str, *values: object) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(sql, values)
    connection.close()


_DAMAGE = {
    "a byte of a cell": "UPDATE ledger SET sealed = x'00' || substr(sealed, 2) "
    "WHERE seq = 3",
    "a byte of a mac": "UPDATE ledger SET mac = x'00' || substr(mac, 2) WHERE seq = 3",
    "a kind": "UPDATE ledger SET kind = 'link' WHERE seq = 3",
    "a handle": "UPDATE ledger SET handle = handle + 1 WHERE seq = 3",
    "a format": "UPDATE ledger SET format = 1 WHERE seq = 3",
    "a row taken out": "DELETE FROM ledger WHERE seq = 3",
    "the first row taken out": "DELETE FROM ledger WHERE seq = 1",
    "two rows changed about": "UPDATE ledger SET seq = 7 - seq WHERE seq IN (3, 4)",
}


@pytest.mark.parametrize("damage", _DAMAGE)
def test_a_change_in_the_ledger_is_found(
    damage: str, path: Path, register: Register
) -> None:
    """
    Whatever was changed, verify says at which row.
    """
    for n in range(4):
        _add(register, f"k{n}", n)
    assert register.verify().length == 5
    register.close()
    sql = _DAMAGE[damage]
    if "7 - seq" in sql:
        _change(path, "UPDATE ledger SET seq = 99 WHERE seq = 3")
        _change(path, "UPDATE ledger SET seq = 3 WHERE seq = 4")
        _change(path, "UPDATE ledger SET seq = 4 WHERE seq = 99")
    else:
        _change(path, sql)

    def look() -> None:
        with Register.open(path, sleutelbos=our.RING) as found:
            found.verify()

    with pytest.raises(RegisterError, match=r"^(ledger: expected row|register: exp)"):
        look()


def test_an_older_pair_is_found_by_a_head_that_was_kept(
    register: Register, tmp_path: Path
) -> None:
    """
    Both files of an earlier moment hold together; a head kept elsewhere tells.
    """
    _add(register, "k0", 0)
    register.backup(tmp_path / "old")
    _add(register, "k1", 1)
    head = register.verify()
    with Register.open(tmp_path / "old", sleutelbos=our.RING) as found:
        assert found.verify().length == 2
        with pytest.raises(RegisterError, match="the head that was kept"):
            found.verify(expected=head)
        assert found.verify(expected=Head(0, "00" * 32)).length == 2


def _octets(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in _files(path))


def test_nothing_in_the_files_can_be_read(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    No ketenID, stampseudoniem, number, name, date or key, in files, log or backup.
    """
    _add(register, "k1-geheim", 0)
    uri = _sent(register, "k1-geheim", 0)
    substitute(register, Substitution(our.onderwijsnummer(5), our.bsn(5), our.TODAY))
    register.backup(tmp_path / "copy")
    secrets = [
        uri[-128:],
        our.stam(our.bsn(0)).expose()[-128:],
        our.bsn(5).expose(),
        our.number(0),
        "Bakker",
        "2015-12-24",
        "k1-geheim",
        our.A.oin,
    ]
    for where in (path, tmp_path / "copy"):
        octets = _octets(where)
        assert len(octets) > 1000
        for secret in secrets:
            assert secret.encode() not in octets
            assert secret.encode("utf-16-le") not in octets
            if re.fullmatch(r"([0-9a-f]{2})+", secret):
                assert bytes.fromhex(secret) not in octets


def test_no_16_bytes_are_stored_twice(path: Path, register: Register) -> None:
    """
    Equal persons leave nothing equal: no BLOB, and no 16 bytes of one.
    """
    for n in range(40):
        _add(register, f"k{n}", n)
        _sent(register, f"k{n}", n)
    register.close()
    blobs: list[bytes] = []
    for file, sql in (
        (path, "SELECT sealed FROM ledger UNION ALL SELECT mac FROM ledger"),
        (
            path.with_name(f"{path.name}.keys"),
            "SELECT wrapped FROM key UNION ALL SELECT tag FROM tag",
        ),
    ):
        connection = sqlite3.connect(file)
        blobs += [row[0] for row in connection.execute(sql)]
        connection.close()
    seen: set[bytes] = set()
    for blob in blobs:
        pieces = {blob[n : n + 16] for n in range(len(blob) - 15)}
        assert not pieces & seen
        seen |= pieces
    assert len(blobs) == 2 * 81 + 41 + 3 * 40


def test_who_is_forgotten_cannot_be_read_again(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    Not in the register, nor in a backup of it alone; the others are whole.
    """
    _add(register, "k1", 0)
    _add(register, "k2", 1, gegevens=NOOR)
    _sent(register, "k1", 0)
    tags = register._facts.store.many("SELECT tag FROM keys.tag")
    register.backup(tmp_path / "copy")
    head = register.verify()
    wrapped = [
        row[0] for row in register._facts.store.many("SELECT wrapped FROM keys.key")
    ]
    register.forget("las-1", "k1")
    assert register.known("las-1", "k1", gegevens=SEM) is None
    assert register.known("las-1", "k2", gegevens=NOOR) == our.stam(our.bsn(1))
    assert register.verify(expected=head).length == head.length + 1
    with pytest.raises(RegisterError, match="a known person"):
        register.forget("las-1", "k1")
    keys = path.with_name(f"{path.name}.keys")
    octets = b"".join(file.read_bytes() for file in _files(keys))
    assert len([w for w in wrapped if w in octets]) == 2
    assert len([tag for (tag,) in tags if tag in octets]) == 2
    # The backup of the register, with the key file of today.
    shutil.copy(keys, tmp_path / "copy.keys")
    lost = Register.restore(tmp_path / "copy", sleutelbos=our.RING)
    assert (lost.rows, lost.persons, lost.unreadable, lost.links) == (1, 0, 1, 0)
    with Register.open(tmp_path / "copy", sleutelbos=our.RING) as copy:
        assert copy.known("las-1", "k1", gegevens=SEM) is None
        assert copy.known("las-1", "k2", gegevens=NOOR) is not None
        assert copy.verify(expected=head) == lost.head
    # The person may come again, as a new one.
    assert _add(register, "k1", 0) is OpnameUitkomst.NIEUW


def test_a_new_ring_takes_everybody_along(register: Register, tmp_path: Path) -> None:
    """
    Persons, releases and substitutions stay; the old head stands in the first row.
    """
    _add(register, "k1", 0)
    _add(register, "k2", 1, gegevens=NOOR)
    uri = _sent(register, "k1", 0)
    one = Substitution(our.bsn(5), our.bsn(6), our.TODAY)
    substitute(register, one)
    register.forget("las-1", "k2")
    old = register.verify()
    ring = Sleutelbos.generate(release="2027", salt=our.RING.salt)
    with register.rekey(tmp_path / "new", sleutelbos=ring) as made:
        # One row more, and without the two of the person who was forgotten.
        assert made.verify().length == old.length
        begin = made._facts.of(0, Feit.BEGIN)[0]
        assert begin["head"] == [old.length, old.mac]
        assert made.known("las-1", "k1", gegevens=SEM) == our.stam(our.bsn(0))
        assert made.known("las-1", "k2", gegevens=NOOR) is None
        assert [f.get("identifier") for f in made.inzage("las-1", "k1")] == [None, uri]
        assert made.substitutions() == [one]
        assert made.keys_of(our.ketenid(our.bsn(0), Sector.PO)) == [("las-1", "k1")]
        # The number cannot be compared under another ring; all else is.
        how: dict[str, Any] = {"administratie": "las-1", "sleutelbos": ring}
        grond, stam = our.add(made, key="k1", hpgn=our.bsn(0), gegevens=SEM, **how)
        assert (grond, stam) == (OpnameUitkomst.BEKEND, our.stam(our.bsn(0)))
        grond, _ = our.add(made, key="k1", hpgn=our.bsn(3), gegevens=NOOR, **how)
        assert grond is OpnameUitkomst.OTHER_PERSON
    with pytest.raises(RegisterError):
        Register.open(tmp_path / "new", sleutelbos=our.RING)
    with Register.open(tmp_path / "new", sleutelbos=ring) as again:
        assert isinstance(again.known("las-1", "k1", gegevens=SEM), Stampseudoniem)


def test_a_newer_schema_is_not_touched(path: Path, register: Register) -> None:
    """
    What a later eckid wrote is left as it is.
    """
    register.close()
    _change(path, "PRAGMA user_version = 3")
    before = path.read_bytes()
    with pytest.raises(RegisterError, match="up to 2, got 3: made by a newer eckid"):
        Register.open(path, sleutelbos=our.RING)
    assert path.read_bytes() == before


def test_a_locked_register_says_so_and_loses_nothing(
    path: Path, register: Register
) -> None:
    """
    Another process writes: try again.
    """
    _add(register, "k1", 0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    register._facts.store.run("PRAGMA busy_timeout = 10")
    with pytest.raises(RegisterError, match="another process has it"):
        _add(register, "k2", 1)
    other.execute("ROLLBACK")
    other.close()
    assert _add(register, "k2", 1) is OpnameUitkomst.NIEUW
    assert register.verify().length == 3


def test_a_full_disk_says_so_and_loses_nothing(register: Register) -> None:
    """
    What was acknowledged stays; what was not is not half there.
    """
    _add(register, "k1", 0)
    store = register._facts.store
    store.run(f"PRAGMA max_page_count = {store.one('PRAGMA page_count')[0]}")

    def many() -> None:
        with register.together():
            for n in range(1, 100):
                _add(register, f"k{n}", n, gegevens={**SEM, "achternaam": "x" * 2000})

    with pytest.raises(RegisterError, match="the disk is full"):
        many()
    store.run("PRAGMA max_page_count = 100000")
    assert register.verify().length == 2
    assert register.known("las-1", "k2", gegevens=SEM) is None
    assert _add(register, "k1", 0) is OpnameUitkomst.BEKEND
    assert _add(register, "k2", 1) is OpnameUitkomst.NIEUW


# Rows in transactions of a given size; each is told when it was acknowledged.
_WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
import parties as our
from eckid import Register
from eckid import HPgn, Sleutelbos, derive_stampseudoniem
from eckid.scheme import CHEAPEST
ring = Sleutelbos.load(sys.argv[2] + ".ring", passphrase="x")
with Register.open(sys.argv[2], sleutelbos=ring) as register:
    rows, size = int(sys.argv[4]), int(sys.argv[5])
    for first in range(0, rows, size):
        keys = [f"{sys.argv[3]}{n}" for n in range(first, first + size)]
        with register.together():
            for key in keys:
                hpgn = HPgn(key.encode().rjust(32, b"."), CHEAPEST)
                stam = derive_stampseudoniem(hpgn, sleutelbos=ring)
                register.add("las", key, stam, gegevens={"roepnaam": key}, on=our.TODAY)
        print(*keys, sep="\\n", flush=True)
"""


def _writer(path: Path, name: str, rows: int, size: int = 1) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(_WRITER),
            str(Path(our.__file__).parent),
            str(path),
            name,
            str(rows),
            str(size),
        ],
        env=unmeasured(),
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("rows", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_two_processes_write_and_nothing_is_lost(path: Path, rows: int) -> None:
    """
    Of two writers at once each row is there once, and the chain holds.
    """
    our.RING.save(f"{path}.ring", passphrase="x")
    Register.create(path, sleutelbos=our.RING).close()
    writers = [_writer(path, name, rows, 20) for name in "ab"]
    said = [writer.communicate()[0].split() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert [len(keys) for keys in said] == [rows, rows]
    with Register.open(path, sleutelbos=our.RING) as register:
        assert register.verify().length == 2 * rows + 1
        facts = register._facts.all(Feit.PERSOON)
    keys = [fact["key"] for fact in facts]
    assert len(keys) == len(set(keys)) == 2 * rows
    assert set(keys) == {*said[0], *said[1]}


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.long)])
def test_a_killed_writer_loses_no_row_that_was_acknowledged(
    path: Path, kills: int
) -> None:
    """
    SIGKILL at random points: that shows a dead process, not a dead disk.
    """
    our.RING.save(f"{path}.ring", passphrase="x")
    Register.create(path, sleutelbos=our.RING).close()
    acknowledged: set[str] = set()
    for n in range(kills):
        writer = _writer(path, f"w{n}-", 100_000)
        assert writer.stdout is not None
        # After some rows, and wherever it is by then: it writes on meanwhile.
        for _ in range(random.randint(1, 40)):  # noqa: S311  # no secret
            acknowledged.add(writer.stdout.readline().strip())
        writer.kill()
        whole = writer.stdout.read().rpartition("\n")[0]
        acknowledged.update(whole.split())
        writer.wait()
        writer.stdout.close()
        with Register.open(path, sleutelbos=our.RING) as register:
            register.verify()
    with Register.open(path, sleutelbos=our.RING) as register:
        held = {fact["key"] for fact in register._facts.all(Feit.PERSOON)}
    assert "" not in acknowledged
    assert len(acknowledged) >= kills
    assert acknowledged <= held
