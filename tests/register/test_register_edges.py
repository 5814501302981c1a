"""
The edges of a register: two files, older copies, moved cells, other threads.
"""

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import parties as our
import pytest

from eckid import (
    Doel,
    HPgn,
    Register,
    RegisterError,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    substitute,
)
from eckid.register import OpnameUitkomst, keys_of, store
from eckid.register.facts import Feit
from eckid.register.store import said

SEM = {"geboortedatum": "2015-12-24", "roepnaam": "Zoë", "achternaam": "Bakker"}
NOOR = {"geboortedatum": "2014-03-01", "roepnaam": "Noor", "achternaam": "Smit"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """
    Return where a register may come.
    """
    return tmp_path / "bestuur.reg"


@pytest.fixture
def register(path: Path) -> Iterator[Register]:
    """
    An open register, with three persons.
    """
    with Register.create(path, sleutelbos=our.RING) as made:
        for n in range(3):
            _add(made, n)
        yield made


def _add(register: Register, n: int, **other: Any) -> OpnameUitkomst:  # noqa: ANN401  # as add
    how = {"gegevens": SEM, **other}
    return our.add(register, "las", f"k{n}", our.bsn(n), **how).grond


def _link(register: Register, n: int, **other: Any) -> str:  # noqa: ANN401  # as link
    pair = (our.ketenid(our.bsn(n), sector) for sector in (Sector.PO, Sector.VO))
    consent = our.consent()
    link = our.link(*pair, toestemming=consent, **other)
    register.keep_link("las", f"k{n}", link, consent)
    return link.jti


def _change(path: Path, sql: str, *values: object) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(sql, values)
    connection.close()


def _rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def _all(path: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in path.parent.iterdir() if f.is_file()}


def test_opening_and_reading_change_nothing(path: Path, register: Register) -> None:
    """
    Not an octet of any file, whatever is read.
    """
    link = _link(register, 0)
    register.close()
    before = _all(path)
    with Register.open(path, sleutelbos=our.RING) as opened:
        opened.verify()
        opened.counts()
        opened.inzage("las", "k0")
        opened.known("las", "k0", gegevens=SEM)
        opened.revoked(our.A, issued=our.TODAY)
        opened.keys_of(our.ketenid(our.bsn(0), Sector.PO))
        with pytest.raises(RegisterError, match="links that it has"):
            opened.withdraw_consents([link, "ab" * 16], on=our.TODAY)
    assert _all(path) == before


def _emptied(path: Path, _: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path, _: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096])


def _older(path: Path, copy: Path) -> None:
    shutil.copy(copy, path)


def _older_keys(path: Path, copy: Path) -> None:
    shutil.copy(keys_of(copy), keys_of(path))


def _tail(path: Path, _: Path) -> None:
    _change(path, "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")


def _first(path: Path, _: Path) -> None:
    _change(path, "DELETE FROM ledger WHERE seq = 1")


def _no_rows(path: Path, _: Path) -> None:
    _change(path, "DELETE FROM ledger")


def _no_head(path: Path, _: Path) -> None:
    _change(keys_of(path), "DELETE FROM head")


def _no_keys(path: Path, _: Path) -> None:
    keys_of(path).unlink()


def _others_keys(path: Path, _: Path) -> None:
    other = path.with_name("other")
    Register.create(other, sleutelbos=our.RING).close()
    shutil.copy(keys_of(other), keys_of(path))


_DAMAGE: tuple[Callable[[Path, Path], None], ...] = (
    _emptied,
    _cut,
    _older,
    _older_keys,
    _tail,
    _first,
    _no_rows,
    _no_head,
    _no_keys,
    _others_keys,
)


@pytest.mark.parametrize("damage", _DAMAGE)
def test_two_files_that_are_not_of_one_moment_are_refused(
    damage: Callable[[Path, Path], None],
    path: Path,
    register: Register,
    tmp_path: Path,
) -> None:
    """
    An older, cut, empty or other file is refused; no key is deleted by the attempt.
    """
    register.backup(tmp_path / "copy")
    _add(register, 3)
    register.close()
    damage(path, tmp_path / "copy")
    before = _all(path)
    for _ in range(2):
        with pytest.raises(RegisterError):
            Register.open(path, sleutelbos=our.RING)
    assert _all(path) == before


def test_the_file_that_is_behind_is_named(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    The register if the key file knows of more rows; otherwise the key file.

    Of two that went their own ways, neither is behind: the key file is named.
    """
    register.backup(tmp_path / "copy")
    register.backup(tmp_path / "other")
    _add(register, 3)
    register.close()
    with Register.open(tmp_path / "other", sleutelbos=our.RING) as other:
        _add(other, 4)
    for file, keys, named in (
        (tmp_path / "copy", keys_of(path), "another register;"),
        (path, keys_of(tmp_path / "copy"), "another key file;"),
        (path, keys_of(tmp_path / "other"), "another key file;"),
    ):
        mixed = tmp_path / "mixed"
        shutil.copy(file, mixed)
        shutil.copy(keys, keys_of(mixed))
        with pytest.raises(RegisterError, match=named):
            Register.open(mixed, sleutelbos=our.RING)


def test_the_id_of_a_register_is_sixteen_bytes(register: Register) -> None:
    """
    As `Facts` says; it is drawn for each register, and stands in every tag.
    """
    assert len(register._facts.id) == 16


def test_an_older_register_is_accepted_and_what_is_lost_is_said(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    It is verified first. Links are revoked, and the next list's number goes on.

    Links are known although their facts are lost: the key file has their numbers, and
    the ledger gets those that cannot be read in it.
    """
    kept = _link(register, 0)
    unreadable = _link(register, 1)
    register.keep_list(our.A, number=1, token="x")
    register.backup(tmp_path / "copy")
    _add(register, 3)
    lost = _link(register, 3)
    register.forget("las", "k1")
    register.keep_list(our.A, number=2, token="y")
    head = register.head()
    register.close()
    shutil.copy(tmp_path / "copy", path)
    found = Register.restore(path, sleutelbos=our.RING, expected=head)
    copy_length = 9  # its first row, three persons, two for each link, a list
    assert found.rows == head.length - copy_length
    assert (found.persons, found.unreadable, found.links) == (1, 1, 3)
    with Register.open(path, sleutelbos=our.RING) as opened:
        assert opened.verify() == found.head
        assert {kept, lost} <= opened.revoked(our.A, issued=our.TODAY)
        (noted,) = opened._facts.all(Feit.HERSTELD)
        assert {link[1] for link in noted["links"]} == {lost, unreadable}
        assert opened.next_list(our.A) == 3
        assert not opened.has("las", "k3")
        assert not opened.has("las", "k1")
        assert opened.known("las", "k0", gegevens=SEM) is not None
        assert _add(opened, 3) is OpnameUitkomst.NIEUW
        # What is linked from now on is not revoked.
        new = _link(opened, 0)
        assert new not in opened.revoked(our.A, issued=our.TODAY)


def test_more_links_than_a_row_holds_are_revoked_all(
    path: Path, register: Register
) -> None:
    """
    Five hundred stand in a row of the ledger; the next one in another.
    """
    register.close()
    names = {f"{n:032x}" for n in range(501)}
    _change(
        keys_of(path),
        "WITH RECURSIVE number(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM number "
        "WHERE n < 500) INSERT INTO link SELECT printf('%032x', n), ?, ? FROM number",
        *(our.A.oin, our.TODAY.isoformat()),
    )
    assert Register.restore(path, sleutelbos=our.RING).links == len(names)
    with Register.open(path, sleutelbos=our.RING) as opened:
        assert opened.counts()["hersteld"] == 2
        assert opened.revoked(our.A, issued=our.TODAY) == names


def test_an_older_key_file_is_accepted_and_nobody_comes_back(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    A person who was forgotten since stays forgotten, though the copy has the key.
    """
    register.backup(tmp_path / "copy")
    _add(register, 3)
    register.forget("las", "k1")
    register.close()
    shutil.copy(keys_of(tmp_path / "copy"), keys_of(path))
    found = Register.restore(path, sleutelbos=our.RING)
    assert (found.rows, found.persons, found.unreadable) == (0, 0, 1)
    with Register.open(path, sleutelbos=our.RING) as opened:
        assert opened.verify() == found.head
        assert not opened.has("las", "k1")
        assert opened.known("las", "k2", gegevens=SEM) is not None
        assert _add(opened, 3) is OpnameUitkomst.NIEUW


def test_a_changed_copy_is_not_accepted(
    path: Path, register: Register, tmp_path: Path
) -> None:
    """
    An older copy goes on only if it verifies; otherwise nothing changes.
    """
    register.backup(tmp_path / "copy")
    _add(register, 3)
    register.close()
    shutil.copy(tmp_path / "copy", path)
    _change(path, "DELETE FROM ledger WHERE seq = 3")
    before = _all(path)
    with pytest.raises(RegisterError, match="ledger: expected row 3"):
        Register.restore(path, sleutelbos=our.RING)
    assert _all(path) == before


def test_nothing_is_signed_from_a_ledger_that_does_not_verify(
    path: Path, register: Register
) -> None:
    """
    A row taken out of the middle would give an empty list, and an older number.
    """
    jti = _link(register, 0)
    register.withdraw_consents([jti], on=our.TODAY)
    register.keep_list(our.A, number=1, token="x")
    _add(register, 3)
    register.close()
    for kind in ("ingetrokken", "intrekkingslijst"):
        copy = path.with_name(kind)
        shutil.copy(path, copy)
        shutil.copy(keys_of(path), keys_of(copy))
        _change(copy, "DELETE FROM ledger WHERE kind = ?", kind)
        with Register.open(copy, sleutelbos=our.RING) as opened:
            with pytest.raises(RegisterError, match="ledger: expected row"):
                opened.revoked(our.A, issued=our.TODAY)
            with pytest.raises(RegisterError, match="ledger: expected row"):
                opened.next_list(our.A)
            with pytest.raises(RegisterError, match="ledger: expected row"):
                opened.keep_list(our.A, number=1, token="z")


def test_a_cell_opens_at_its_own_row_only(path: Path, register: Register) -> None:
    """
    A row of the same person and kind, put in the place of another, does not open.
    """
    _add(register, 0, gegevens={**SEM, "achternaam": "Bakker-Smit"})
    register.close()
    _change(
        path,
        "UPDATE ledger SET sealed = (SELECT sealed FROM ledger WHERE seq = 2) "
        "WHERE seq = 5",
    )
    with (
        Register.open(path, sleutelbos=our.RING) as opened,
        pytest.raises(RegisterError, match="sealed for its place"),
    ):
        opened.known("las", "k0", gegevens=SEM)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("SQLITE_BUSY_SNAPSHOT", "another process"),
        ("SQLITE_LOCKED_SHAREDCACHE", "another process"),
        ("SQLITE_FULL", "the disk is full"),
        ("SQLITE_READONLY_ROLLBACK", "read-only"),
        ("SQLITE_CANTOPEN_ISDIR", "can be opened"),
        ("SQLITE_NOTADB", "another kind"),
        ("SQLITE_CORRUPT_INDEX", "a damaged one"),
        ("SQLITE_IOERR_WRITE", "the disk failed"),
        ("SQLITE_PERM", "may be opened"),
        ("SQLITE_TOOBIG", "a sound register"),
    ],
)
def test_an_error_of_sqlite_says_what_is_wrong_by_its_code(
    code: str, says: str
) -> None:
    """
    An extended code says what its primary one does; the words are not SQLite's.
    """
    error = sqlite3.OperationalError("quotes a name")
    error.sqlite_errorname = code
    with pytest.raises(RegisterError, match=says) as raised, said():
        raise error
    assert "quotes" not in str(raised.value)


@pytest.mark.parametrize(
    ("versions", "says"),
    [
        ((0, 2), "an empty one"),
        ((2, 0), "an empty one"),
        ((0, 0), "an empty one"),
        ((3, 2), "got 3: made by a newer"),
        ((2, 3), "got 3: made by a newer"),
        ((3, 3), "got 3: made by a newer"),
        ((1, 2), "both files in one form"),
    ],
)
def test_the_form_of_both_files_is_looked_at(
    versions: tuple[int, int], says: str, path: Path, register: Register
) -> None:
    """
    One that is empty, or newer than this eckid knows, is told as such.
    """
    register.close()
    for file, version in zip((path, keys_of(path)), versions, strict=True):
        _change(file, f"PRAGMA user_version = {version}")
    with pytest.raises(RegisterError, match=says):
        Register.open(path, sleutelbos=our.RING)


def test_a_file_that_comes_meanwhile_is_not_replaced(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Also not where it came after the look at what stands there.
    """
    copy = tmp_path / "copy"

    def late(_: Path) -> None:
        copy.write_bytes(b"another register")

    monkeypatch.setattr(store, "refuse_standing", late)
    with pytest.raises((RegisterError, FileExistsError)):
        register.backup(copy)
    assert copy.read_bytes() == b"another register"


def test_a_tag_that_was_moved_leads_to_nobody(path: Path, register: Register) -> None:
    """
    Tags are not bound to handles; whose a handle is, is read in its facts.
    """
    ketenid = our.ketenid(our.bsn(0), Sector.PO)
    how: dict[str, Any] = {"organisatie": our.A, "beleid": "ab" * 32, "on": our.TODAY}
    register.sent("las", "k0", identifier=ketenid, doel=Doel.GEBRUIK, **how)
    register.close()
    # Every tag leads to the person of k1.
    _change(
        keys_of(path),
        "UPDATE tag SET handle = (SELECT handle FROM tag WHERE tag = ?)",
        _tag(path, "k1"),
    )
    with Register.open(path, sleutelbos=our.RING) as opened:
        assert opened.known("las", "k0", gegevens=SEM) is None
        assert not opened.has("las", "k0")
        for method in (opened.inzage, opened.forget):
            with pytest.raises(RegisterError, match="a known person"):
                method("las", "k0")
        with pytest.raises(RegisterError, match="a release under a tag"):
            opened.keys_of(ketenid)
        with pytest.raises(RegisterError, match="a person under a key"):
            _add(opened, 0)


def _tag(path: Path, key: str) -> bytes:
    with Register.open(path, sleutelbos=our.RING) as opened:
        return opened._facts.tag("person", "las", key)


def test_two_registers_of_one_ring_have_no_tag_in_common(
    path: Path, register: Register
) -> None:
    """
    Who holds the files of both cannot see whom they share.
    """
    register.close()
    other = path.with_name("other")
    with Register.create(other, sleutelbos=our.RING) as second:
        for n in range(3):
            _add(second, n)
    found = []
    for each in (path, other):
        connection = sqlite3.connect(keys_of(each))
        found.append({row[0] for row in connection.execute("SELECT tag FROM tag")})
        connection.close()
    assert len(found[0]) == len(found[1]) == 6
    assert not found[0] & found[1]


def test_a_new_ring_comes_with_new_data_keys(
    register: Register, tmp_path: Path
) -> None:
    """
    Who has the old ring and the old key file reads nothing that was written after.
    """
    ring = Sleutelbos.generate(release="2027")
    with register.rekey(tmp_path / "new", sleutelbos=ring) as made:
        old = {register._facts.key(handle) for handle in register._facts.handles()}
        new = {made._facts.key(handle) for handle in made._facts.handles()}
    assert len(old) == len(new) == 4
    assert not old & new
    assert len(list(tmp_path.iterdir())) == 4


def test_what_stands_is_not_written_over(register: Register, tmp_path: Path) -> None:
    """
    No copy over a file, or through a link that leads nowhere; nothing half is left.
    """
    ring = Sleutelbos.generate(release="2027")
    away = tmp_path / "away"
    for name in ("copy", "copy.keys"):
        (tmp_path / name).symlink_to(away)
        before = sorted(tmp_path.iterdir())
        for write in (
            lambda: register.backup(tmp_path / "copy"),
            lambda: register.rekey(tmp_path / "copy", sleutelbos=ring),
            lambda: Register.create(tmp_path / "copy", sleutelbos=ring),
        ):
            with pytest.raises(FileExistsError):
                write()
        assert sorted(tmp_path.iterdir()) == before
        (tmp_path / name).unlink()
    with pytest.raises(RegisterError, match="nothing was written"):
        register.backup(tmp_path / "none" / "copy")


def test_it_says_who_may_use_it(register: Register) -> None:
    """
    In another thread, after a fork, or closed: what is wrong is said, not damage.
    """
    said: list[str] = []

    def use() -> None:
        try:
            register.counts()
        except RegisterError as error:
            said.append(str(error))

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert "expected use in the thread and process that opened it" in said.pop()
    if hasattr(os, "fork"):
        child = os.fork()
        if child == 0:
            use()
            os._exit(0 if said and "process" in said[0] else 1)
        assert os.waitpid(child, 0)[1] == 0
    register.counts()
    register.close()
    register.close()
    use()
    assert said == ["register: expected an open one, got a closed one"]


def test_a_link_that_has_ended_is_not_named(register: Register) -> None:
    """
    It does not verify on any day of the list; so lists do not only grow.
    """
    tot = our.TODAY + timedelta(days=30)
    gone = _link(register, 0, tot=tot)
    withdrawn = _link(register, 1, tot=tot)
    stays = _link(register, 1, tot=tot + timedelta(days=1))
    register.forget("las", "k0")
    register.withdraw_consents([withdrawn, stays], on=our.TODAY)
    assert register.revoked(our.A, issued=tot) == {gone, withdrawn, stays}
    after = register.revoked(our.A, issued=tot + timedelta(days=1))
    assert after == {stays}


def test_a_list_of_any_length_is_kept(register: Register) -> None:
    """
    Number and digest are kept, not the token; and so for a person with many links.
    """
    register.keep_list(our.A, number=1, token="x" * 2_000_000)
    assert register.next_list(our.A) == 2
    register.verify()
    pair = [our.ketenid(our.bsn(0), sector) for sector in (Sector.PO, Sector.VO)]
    consent = our.consent()
    link = our.link(*pair, toestemming=consent)
    with register.together():
        jtis = {f"{n:032x}" for n in range(501)}
        for jti in jtis:
            register.keep_link("las", "k0", replace(link, jti=jti), consent)
    register.forget("las", "k0")
    assert register.revoked(our.A, issued=our.TODAY) == jtis
    assert register.counts()["vergeten"] == 2


_HALF = "Sem \ud83d"


@pytest.mark.parametrize(
    "put",
    [
        lambda r: _add(r, 7, gegevens={**SEM, "roepnaam": _HALF}),
        lambda r: r.has("las", _HALF),
        lambda r: r.known(_HALF, "k0", gegevens=SEM),
        lambda r: r.forget("las", _HALF),
        lambda r: r.has("las", "9" * 70_000),
        lambda r: _add(r, 7, gegevens={**SEM, "roepnaam": "Sem " * 20_000}),
    ],
)
def test_text_that_cannot_be_kept_is_refused_and_not_told(
    put: Callable[[Register], object], register: Register
) -> None:
    """
    Half an emoji, or more than a row holds: an error of ours, without the person.
    """
    head = register.head()
    with pytest.raises(RegisterError) as caught:
        put(register)
    error: BaseException | None = caught.value
    while error is not None:
        assert isinstance(error, RegisterError)
        assert "Sem" not in str(error)
        assert "Bakker" not in str(error)
        error = error.__cause__ or error.__context__
    assert register.head() == head


@pytest.mark.parametrize("name", ["administratie", "key"])
@pytest.mark.parametrize("text", ["", " ", "k1 ", "\tk1", "k1\xa0"])
def test_a_key_is_text_without_blanks_around_it(
    register: Register, name: str, text: str
) -> None:
    """
    Otherwise one person is two: with the blank on one road and without on the other.
    """
    whose: dict[str, Any] = {"administratie": "las", "key": "k9", name: text}
    with pytest.raises(RegisterError, match=f"^{name}: expected text without blanks"):
        our.add(register, **whose, hpgn=our.bsn(9), gegevens=SEM)


@pytest.mark.parametrize(
    "roepnaam", ["Zoe\u0308", "ZOË", " Zoë ", "zoë", "\uff3aoë"], ids=ascii
)
def test_a_name_in_another_form_is_the_same_person(
    register: Register, roepnaam: str
) -> None:
    """
    Unicode form, case and spacing tell no persons apart, as in a list.
    """
    told = {**SEM, "roepnaam": roepnaam}
    assert register.known("las", "k0", gegevens=told) == our.stam(our.bsn(0))
    head = register.head()
    assert _add(register, 0, gegevens=told) is OpnameUitkomst.BEKEND
    assert register.head() == head
    assert register.known("las", "k0", gegevens=NOOR) is None


def test_inzage_gives_secrets_as_hidden_values(register: Register) -> None:
    """
    A stampseudoniem and an HPgn are no text; only `expose` gives them.
    """
    one = Substitution(our.bsn(0), our.onderwijsnummer(5), our.TODAY)
    substitute(register, one)
    person, number = register.inzage("las", "k0")
    assert isinstance(person["stampseudoniem"], Stampseudoniem)
    assert (number["oud"], number["nieuw"]) == (one.oud, one.nieuw)
    assert isinstance(number["oud"], HPgn)
    shown = repr([person, number])
    for secret in (our.stam(our.bsn(0)), one.oud, one.nieuw):
        assert secret.expose()[-64:] not in shown


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE key SET wrapped = 'text'",
        "UPDATE key SET wrapped = 7",
        "UPDATE key SET format = 70000",
        "UPDATE key SET format = 'text'",
        "UPDATE tag SET handle = 'text'",
        "UPDATE tag SET handle = x'00'",
        "UPDATE tag SET handle = -1",
        "UPDATE head SET length = 'text'",
        "UPDATE head SET mac = 'text'",
        "UPDATE head SET mac = x'00'",
        "INSERT INTO link VALUES (x'00', 7, x'ff'), ('text', x'00', 7)",
        "INSERT INTO list VALUES (x'00', 'text'), ('text', 'text'), ('more', x'00')",
    ],
)
def test_a_key_file_that_was_changed_says_no_more_than_that(
    sql: str, path: Path, register: Register
) -> None:
    """
    Whatever is in its columns: an error of ours, or it does no harm.
    """
    register.close()
    connection = sqlite3.connect(keys_of(path))
    with connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(sql)
    connection.close()
    for _ in range(2):
        with (
            suppress(RegisterError),
            Register.open(path, sleutelbos=our.RING) as opened,
        ):
            for ask in (
                lambda: opened.known("las", "k0", gegevens=SEM),
                lambda: opened.inzage("las", "k0"),
                lambda: opened.next_list(our.A),
                lambda: opened.revoked(our.A, issued=our.TODAY),
                lambda: _add(opened, 0),
            ):
                with suppress(RegisterError):
                    ask()
        with suppress(RegisterError):
            Register.restore(path, sleutelbos=our.RING)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger SET sealed = 'text' WHERE seq = 3",
        "UPDATE ledger SET mac = 'text' WHERE seq = 3",
        "UPDATE ledger SET handle = -1 WHERE seq = 3",
        "UPDATE ledger SET format = 70000 WHERE seq = 3",
        "UPDATE ledger SET kind = x'00ff' WHERE seq = 3",
        "UPDATE ledger SET kind = cast(x'ff41' AS TEXT) WHERE seq = 3",
        "UPDATE ledger SET sealed = zeroblob(70000) WHERE seq = 3",
        "UPDATE ledger SET seq = -1 WHERE seq = 3",
    ],
)
def test_a_cell_of_another_type_is_found(
    sql: str, path: Path, register: Register
) -> None:
    """
    SQLite keeps any type in any column: an error of ours says what was changed.
    """
    register.close()
    _change(path, sql)

    def read() -> None:
        with Register.open(path, sleutelbos=our.RING) as opened:
            opened.verify()

    with pytest.raises(RegisterError):
        read()


def test_what_is_written_bears_the_numbers_of_todays_forms(
    path: Path, register: Register
) -> None:
    """
    A later eckid tells the form of a cell by its number: 2 for rows, 1 for keys.
    """
    register.close()
    assert _rows(path, "SELECT DISTINCT format FROM ledger") == [(2,)]
    assert _rows(keys_of(path), "SELECT DISTINCT format FROM key") == [(1,)]


def test_who_got_no_list_before_a_restore_begins_at_one(
    path: Path, register: Register
) -> None:
    """
    An older copy skips the numbers that went out; where none did it skips none.
    """
    register.close()
    Register.restore(path, sleutelbos=our.RING)
    with Register.open(path, sleutelbos=our.RING) as opened:
        assert opened.next_list(our.A) == 1


def test_a_row_holds_65535_bytes_and_no_more(path: Path, register: Register) -> None:
    """
    A frame has two bytes for its length: what is longer is refused, and nothing stays.
    """
    lengths = "SELECT length(sealed) FROM ledger ORDER BY seq DESC LIMIT 1"
    _add(register, 3, gegevens={"roepnaam": "a"})
    ((short,),) = _rows(path, lengths)
    most = 65_535 - int(str(short)) + 1
    _add(register, 4, gegevens={"roepnaam": "a" * most})
    assert _rows(path, lengths) == [(65_535,)]
    with pytest.raises(RegisterError, match="at most 65535 bytes in a row"):
        _add(register, 5, gegevens={"roepnaam": "a" * (most + 1)})
    assert not register.has("las", "k5")
    register.verify()
