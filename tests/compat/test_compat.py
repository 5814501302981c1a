"""
What an earlier eckid wrote is opened, read, verified and added to.

Each folder beside this file is named for the version or the commit that wrote it, with
the script `make` of then. What the `make` of today writes is asked the same, so that
the script is whole when a release needs it. Every test works on a copy.
"""

import csv
import json
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from compat import known
from compat import make as older

from eckid import (
    Attribuutbeleid,
    BoundaryError,
    Doel,
    ExchangeError,
    HPgn,
    KetenID,
    LinkError,
    Notices,
    Organisatie,
    Register,
    RegisterError,
    RevocationList,
    Sector,
    SectorLink,
    Sleutelbos,
    Stampseudoniem,
    Substitution,
    Succession,
    Voorlopig,
    Withdrawal,
    check_join,
    derive_ketenid,
    derive_stampseudoniem,
)
from eckid.errors import LinkReden
from eckid.exchange import (
    Ringbron,
    Source,
    SubstitutionFile,
    Weigering,
    look,
    read_keys,
    read_receipt,
    verify_receipt,
)
from eckid.exchange.formats.parquet import SEALED
from eckid.hashing import Hasher
from eckid.keten import LEERMIDDELENKETEN
from eckid.policy import Eis
from eckid.register import Feit, Head, OpnameUitkomst, keys_of
from eckid.scale import derive_column, run, unseal_column
from eckid.scheme import CHEAPEST

HERE: Final = Path(__file__).parent
FOLDERS: Final = sorted(path.parent for path in HERE.glob("*/told.json"))


# What is written when the tests begin, beside what was written before.
TODAY: Final = HERE / "today"


def _with(name: str) -> pytest.MarkDecorator:
    """
    Ask a test of the folders that have a file of this name.
    """
    folders = [folder for folder in FOLDERS if (folder / name).exists()]
    folders.append(TODAY)
    ids = [folder.name for folder in folders]
    return pytest.mark.parametrize("kept", folders, indirect=True, ids=ids)


@pytest.fixture(scope="session")
def today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    What the script writes with the eckid of today.
    """
    folder = tmp_path_factory.mktemp("compat") / "today"
    older.main(folder)
    return folder


@pytest.fixture(params=[*FOLDERS, TODAY], ids=lambda folder: folder.name)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """
    A copy of what an earlier eckid wrote, with the modes that it gave.
    """
    made: Path = request.param
    if made == TODAY:
        made = request.getfixturevalue("today")
    copy = tmp_path / "kept"
    shutil.copytree(made, copy)
    for path in copy.iterdir():
        # Git keeps no modes: what an earlier eckid made was for its owner alone.
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return copy


@pytest.fixture
def told(kept: Path) -> dict[str, Any]:
    """
    What the script noted of what it wrote.
    """
    found: dict[str, Any] = json.loads((kept / "told.json").read_bytes())
    return found


def _open(path: Path, ring: Sleutelbos = older.RING) -> Register:
    return Register.open(path, sleutelbos=ring)


@pytest.fixture
def register(kept: Path) -> Iterator[Register]:
    """
    The register with a fact of every kind, open.
    """
    with _open(kept / "bestuur.reg") as opened:
        yield opened


def _known(register: Register, administratie: str, key: str) -> Stampseudoniem | None:
    return register.known(administratie, key, gegevens=known.GEGEVENS[key])


def _added(register: Register, administratie: str, key: str) -> OpnameUitkomst:
    with register.together():
        hpgn = older.hashed(known.NUMBERS[key])
        origin = register.origin(hpgn, on=known.DAY)
        made = derive_stampseudoniem(origin, sleutelbos=older.RING)
        gegevens = known.GEGEVENS[key]
        return register.add(
            administratie, key, made, gegevens=gegevens, on=known.DAY
        ).grond


def test_every_release_has_its_folder() -> None:
    """
    A release in the changelog left what it writes here; so did two commits before it.
    """
    changes = (HERE.parents[1] / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) - ", changes, re.MULTILINE)
    assert {"f61925c", "e15a5ee", *released} <= {folder.name for folder in FOLDERS}


def test_the_script_of_today_leaves_no_file_out(today: Path) -> None:
    """
    Each kind of file that a folder has, the next folder has too.
    """

    def kinds(folder: Path) -> set[tuple[str, ...]]:
        # What stands beside a result was called for it without its ending.
        names = [file.name.split(".") for file in folder.iterdir()]
        return {(name[0], *name[1:][-2:]) for name in names}

    for folder in FOLDERS:
        # The policy has another name now, and a register has no log any more.
        gone = {("edu-k", "toml"), ("open", "reg-wal"), ("open", "reg", "keys-wal")}
        assert kinds(folder) - gone <= kinds(today)


@pytest.mark.parametrize("name", ["bestuur", "nieuw"])
def test_a_ring_opens_and_derives_as_it_did(kept: Path, name: str) -> None:
    """
    Names, salt and every key are those that were sealed; the file stays as it is.
    """
    path, expected = kept / f"{name}.ring", older.ring(name)
    octets = path.read_bytes()
    ring = Sleutelbos.load(path, passphrase=known.PASSPHRASE)
    assert ring == expected
    assert (ring.mark, ring.releases) == (expected.mark, expected.releases)
    assert path.read_bytes() == octets


def test_every_row_of_a_register_verifies(
    register: Register, told: dict[str, Any]
) -> None:
    """
    The ledger contains the head that was kept when it was written.
    """
    assert register.verify(expected=Head(*told["head"])).length >= told["head"][0]


def test_a_register_holds_every_kind_of_fact(
    register: Register, told: dict[str, Any]
) -> None:
    """
    As many as were written, and at least one of each kind that there is.
    """
    counts, wanted = register.counts(), told["counts"]
    # A restored register revokes every link that it had; it stands apart.
    assert all(many for kind, many in wanted.items() if kind != "hersteld")
    assert wanted.keys() <= {feit.value for feit in Feit}
    # A register that was made anew has a beginning of its own.
    assert counts.pop("begin") >= wanted.pop("begin")
    assert {kind: counts[kind] for kind in wanted} == wanted


@pytest.mark.parametrize("key", ["noor", "sem", "luuk"])
def test_a_person_is_read(register: Register, key: str) -> None:
    """
    Who it is, under which number, and what went to whom.
    """
    facts = register.inzage("las-1", key)
    person = next(fact for fact in facts if fact["feit"] == "persoon")
    assert person["gegevens"] == known.GEGEVENS[key]
    sent = {fact["identifier"] for fact in facts if fact["feit"] == "vrijgave"}
    assert older.ketenid(known.origin_of(key)).uri in sent
    assert _known(register, "las-1", key) == older.stam(known.origin_of(key))


def test_each_fact_has_its_content(register: Register, told: dict[str, Any]) -> None:
    """
    The link, the consent, its withdrawal, the notice and the substitution.
    """
    facts = {fact["feit"]: fact for fact in register.inzage("las-1", "sem")}
    assert facts["link"]["jti"] == told["links"]["sem"]
    assert facts["link"]["toestemming"] == facts["toestemming"]["nummer"]
    assert facts["ingetrokken"]["nummer"] == facts["toestemming"]["nummer"]
    facts = {fact["feit"]: fact for fact in register.inzage("las-1", "luuk")}
    assert facts["bericht"]["organisatie"] == older.A.oin
    (one,) = register.substitutions()
    assert one.oud == older.hashed(known.FORMER)
    assert one.nieuw == older.hashed(known.NUMBERS["luuk"])
    assert one.per.isoformat() == told["substituted"]


def test_a_person_of_two_administrations_is_one(register: Register) -> None:
    """
    Found by either key, and by what came back under a ketenID.
    """
    wanted = [("las-1", "noor"), ("las-2", "noor")]
    for sector in (Sector.PO, Sector.VO):
        ketenid = older.ketenid(known.NUMBERS["noor"], sector)
        assert register.keys_of(ketenid) == wanted
    assert _known(register, "las-2", "noor") == older.stam(known.NUMBERS["noor"])


@pytest.mark.parametrize(
    ("sector", "organisatie", "went"),
    [
        (Sector.PO, None, True),
        (Sector.PO, older.A, True),
        (Sector.PO, older.B, False),
        (Sector.MBO, None, False),
    ],
)
def test_what_went_is_known(
    register: Register,
    sector: Sector,
    organisatie: Organisatie | None,
    went: bool,  # noqa: FBT001  # as the table has it
) -> None:
    """
    By keten, sector and recipient.
    """
    how: dict[str, Any] = {"keten": LEERMIDDELENKETEN, "sector": sector}
    found = register.has_sent("las-1", "sem", **how, organisatie=organisatie)
    assert found is went


def test_a_forgotten_person_stays_forgotten(
    register: Register, told: dict[str, Any]
) -> None:
    """
    Nothing opens, nobody is found; and the recipient's list names the link.
    """
    assert not register.has("las-1", "fatima")
    assert _known(register, "las-1", "fatima") is None
    with pytest.raises(RegisterError, match="known person"):
        register.inzage("las-1", "fatima")
    assert register.keys_of(older.ketenid(known.NUMBERS["fatima"])) == []
    assert told["links"]["fatima"] in register.revoked(older.A, issued=known.DAY)


def test_what_was_revoked_stays_revoked(
    register: Register, told: dict[str, Any]
) -> None:
    """
    Of the withdrawn consent and of the forgotten person, for that recipient alone.
    """
    gone = {told["links"][who] for who in ("sem", "fatima")}
    assert register.revoked(older.A, issued=known.DAY) == gone
    assert register.revoked(older.B, issued=known.DAY) == frozenset()
    assert register.next_list(older.A) == 2
    assert register.next_list(older.B) == 1


@pytest.mark.parametrize(
    ("administratie", "key", "outcome"),
    [
        ("las-1", "noor", OpnameUitkomst.BEKEND),
        ("las-2", "noor", OpnameUitkomst.BEKEND),
        ("las-2", "sem", OpnameUitkomst.BEKEND),
        ("las-1", "luuk", OpnameUitkomst.BEKEND),
        ("las-1", "yara", OpnameUitkomst.NIEUW),
        ("las-1", "fatima", OpnameUitkomst.NIEUW),
    ],
)
def test_a_list_of_today_meets_the_persons_of_then(
    kept: Path,
    told: dict[str, Any],
    administratie: str,
    key: str,
    outcome: OpnameUitkomst,
) -> None:
    """
    Who is known is not added twice, a substitution holds, and who is new is kept.
    """
    with _open(kept / "bestuur.reg") as register:
        assert _added(register, administratie, key) is outcome
    with _open(kept / "bestuur.reg") as register:
        found = _known(register, administratie, key)
        assert found == older.stam(known.origin_of(key))
        assert _added(register, administratie, key) is OpnameUitkomst.BEKEND
        register.verify(expected=Head(*told["head"]))


@pytest.mark.parametrize(
    ("key", "number", "as_", "outcome"),
    [
        ("noor", "yara", "yara", OpnameUitkomst.OTHER_PERSON),
        ("noor", "yara", "noor", OpnameUitkomst.OTHER_NUMBER),
        ("other", "noor", "noor", OpnameUitkomst.TWO_PERSONS),
    ],
)
def test_what_contradicts_a_register_of_then_is_refused(
    register: Register, key: str, number: str, as_: str, outcome: OpnameUitkomst
) -> None:
    """
    A reused key, another number, one number under two keys.
    """
    stam, gegevens = older.stam(known.NUMBERS[number]), known.GEGEVENS[as_]
    got = register.add("las-1", key, stam, gegevens=gegevens, on=known.DAY)
    assert got == (outcome, None)


def test_every_kind_of_fact_is_added_to_a_register_of_then(
    kept: Path, told: dict[str, Any]
) -> None:
    """
    Sent, a link, withdrawn, a list, a notice, forgotten: all is read again.
    """
    with _open(kept / "bestuur.reg") as register:
        mbo = older.ketenid(known.NUMBERS["noor"], Sector.MBO)
        how: dict[str, Any] = {"beleid": 32 * "ab", "doel": Doel.GEBRUIK}
        how |= {"organisatie": older.B, "on": known.DAY}
        register.sent("las-1", "noor", identifier=mbo, **how)
        assert register.withdraw_consents([told["links"]["noor"]], on=known.DAY) == 1
        token = (kept / "revocations.jws").read_text("ascii").strip()
        register.keep_list(older.A, number=2, token=token)
        register.forget("las-1", "sem")
    with _open(kept / "bestuur.reg") as register:
        assert register.has_sent(
            "las-2", "noor", keten=LEERMIDDELENKETEN, sector=Sector.MBO
        )
        assert register.revoked(older.A, issued=known.DAY) == set(
            told["links"].values()
        )
        assert register.next_list(older.A) == 3
        assert not register.has("las-1", "sem")
        register.verify(expected=Head(*told["head"]))


def test_what_a_killed_process_left_is_read(kept: Path, told: dict[str, Any]) -> None:
    """
    What was acknowledged is there, also where it stands in the write-ahead log alone.
    """
    with _open(kept / "open.reg") as register:
        register.verify(expected=Head(*told["open"]))
        assert _known(register, "las-1", "noor") == older.stam(known.NUMBERS["noor"])
        assert register.has_sent(
            "las-1", "noor", keten=LEERMIDDELENKETEN, sector=Sector.PO
        )
        assert _added(register, "las-1", "sem") is OpnameUitkomst.NIEUW
    with _open(kept / "open.reg") as register:
        assert _known(register, "las-1", "sem") == older.stam(known.NUMBERS["sem"])


@_with("hersteld.reg")
def test_a_register_that_was_restored_stays_so(
    kept: Path, told: dict[str, Any]
) -> None:
    """
    The head of then is in it, who was lost is not, and it is added to.
    """
    with _open(kept / "hersteld.reg") as register:
        head = register.verify(expected=Head(*told["restored"]))
        assert register.counts()["hersteld"] == 1
        assert _known(register, "las-1", "noor") == older.stam(known.NUMBERS["noor"])
        assert not register.has("las-1", "sem")
        assert _added(register, "las-1", "sem") is OpnameUitkomst.NIEUW
    with _open(kept / "hersteld.reg") as register:
        assert register.verify(expected=head).length > head.length


def test_a_rekeyed_register_keeps_its_persons(kept: Path, told: dict[str, Any]) -> None:
    """
    Under the new ring all is read, the ledger verifies, and revocations hold.
    """
    with pytest.raises(RegisterError):
        _open(kept / "rekeyed.reg")
    with _open(kept / "rekeyed.reg", older.NEXT) as register:
        register.verify(expected=Head(*told["rekeyed"]))
        for key in ("noor", "sem", "luuk"):
            found = _known(register, "las-1", key)
            assert found == older.stam(known.origin_of(key))
        gone = {told["links"][who] for who in ("sem", "fatima")}
        assert register.revoked(older.A, issued=known.DAY) == gone
        assert not register.has("las-1", "fatima")


def test_a_register_of_then_is_rekeyed_and_copied_today(
    kept: Path, register: Register
) -> None:
    """
    Both the copy and the rekeyed one hold all its persons.
    """
    register.backup(kept / "copy.reg")
    with register.rekey(kept / "again.reg", sleutelbos=older.NEXT) as again:
        rekeyed = [_known(again, "las-1", key) for key in ("noor", "sem", "luuk")]
        head = again.verify()
    with _open(kept / "copy.reg") as copy:
        copied = [_known(copy, "las-1", key) for key in ("noor", "sem", "luuk")]
    wanted = [older.stam(known.origin_of(key)) for key in ("noor", "sem", "luuk")]
    assert rekeyed == copied == wanted
    with _open(kept / "again.reg", older.NEXT) as again:
        again.verify(expected=head)


@pytest.mark.parametrize("lost", [keys_of, lambda path: path])
def test_a_register_of_then_without_one_of_its_files_is_refused(
    kept: Path, lost: Callable[[Path], Path]
) -> None:
    """
    And no other is made in its place.
    """
    path = kept / "bestuur.reg"
    lost(path).unlink()
    with pytest.raises(RegisterError):
        _open(path)
    assert not lost(path).exists()


@pytest.mark.parametrize(
    ("source", "out", "to"),
    [
        ("lijst.csv", "halverwege.csv", None),
        ("lijst.parquet", "halverwege.parquet", older.to_a()),
    ],
    ids=["hash", "release"],
)
def test_an_interrupted_run_goes_on(
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    out: str,
    to: Any,  # noqa: ANN401
) -> None:
    """
    What the journal has is not hashed again; the result is that of one whole run.
    """
    hashed: list[int] = []
    true = Hasher.each

    def counted(hasher: Hasher, pgns: Any, **how: Any) -> Any:  # noqa: ANN401
        every = list(pgns)
        hashed.append(len(every))
        return true(hasher, every, **how)

    monkeypatch.setattr(Hasher, "each", counted)
    done = run(kept / source, kept / out, who=older.knows(), to=to)
    assert done.report.rows_out == len(known.LISTED)
    assert sum(hashed) <= len(known.LISTED) - known.DONE
    assert not (kept / f"{out}.journal").exists()
    if to is not None:
        found = set(pq.read_table(kept / out)["eckid"].to_pylist())
        assert found == {older.ketenid(n).uri for n in known.LISTED.values()}


def _sealed(path: Path) -> tuple[list[str], list[Any]]:
    """
    Return keys and sealed cells of a file of sealed HPgns.
    """
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return table["key"].to_pylist(), table[SEALED].to_pylist()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [row["key"] for row in rows], [row[SEALED] for row in rows]


@pytest.mark.parametrize("name", ["gehasht.csv", "verzegeld.parquet"])
def test_sealed_hpgns_open_by_column(kept: Path, name: str) -> None:
    """
    Hex in CSV and bytes in Parquet: each opens for its own key, and for no other.
    """
    keys, sealed = _sealed(kept / name)
    how: dict[str, Any] = {"sleutelbos": older.RING, "kind": HPgn, "scheme": CHEAPEST}
    made = unseal_column(pa.array(sealed), pa.array(keys), **how)
    assert (len(made.column), made.refused.num_rows) == (len(known.LISTED), 0)
    wanted = [older.ketenid(number).uri for number in known.LISTED.values()]
    bron = older.knows().bron
    assert isinstance(bron, Ringbron)
    assert derive_column(made.column, bron=bron).column.to_pylist() == wanted
    moved = unseal_column(pa.array(sealed), pa.array([*keys[1:], keys[0]]), **how)
    assert moved.refused["reason"].to_pylist() == ["seal"] * len(known.LISTED)


def test_a_table_of_sealed_hpgns_is_released(kept: Path) -> None:
    """
    From a Parquet file that was written then, to a release of today.
    """
    done = run(
        kept / "verzegeld.parquet",
        kept / "vrij.parquet",
        who=older.knows(),
        to=older.to_a(),
    )
    assert done.report.rows_out == len(known.LISTED)
    found = set(pq.read_table(done.files.main)["eckid"].to_pylist())
    assert found == {older.ketenid(number).uri for number in known.LISTED.values()}


def test_a_release_is_read_and_its_receipt_verifies(
    kept: Path, told: dict[str, Any]
) -> None:
    """
    Against the policy of then, by the names of then, and against no other.
    """
    (path,) = kept.glob("uitgever*.receipt.json")
    receipt = read_receipt(path.read_bytes())
    assert receipt["rows"] == len(known.LISTED)
    beleid = kept / f"{told.get('beleid', older.BELEID)}.toml"
    verify_receipt(receipt, Attribuutbeleid.load_file(beleid))
    with pytest.raises(ExchangeError, match="got another"):
        verify_receipt(receipt, Attribuutbeleid.load("smalle-set-2.3"))
    text = beleid.read_text("utf-8").replace("De ontvanger", "Een ontvanger")
    beleid.write_text(text, "utf-8")
    with pytest.raises(ExchangeError, match="expected the digest of"):
        verify_receipt(receipt, Attribuutbeleid.load_file(beleid))
    table = look(kept / "uitgever.csv")
    at = table.columns.index("eckid")
    found = {row.cells[at] for row in table if not isinstance(row, Weigering)}
    release = receipt["release"]
    numbers = known.LISTED.values()
    assert found == {older.ketenid(n, release=release).uri for n in numbers}


@_with("eigen.toml")
def test_a_policy_of_a_board_of_then_is_read(kept: Path) -> None:
    """
    It extends a shipped one and names an attribute, each also by its former name.
    """
    beleid = Attribuutbeleid.load_file(kept / "eigen.toml")
    assert beleid.basis == Attribuutbeleid.load(older.BELEID)
    (regel,) = [r for r in beleid.regels if r.attribuut == "ander_id_reden"]
    assert regel.eis is Eis.FORBIDDEN


@_with("anderen.csv")
def test_a_list_of_then_with_other_identifiers_is_released(kept: Path) -> None:
    """
    Also where the heading of the reason is the former one. The reason of then stays.
    """
    out = kept / "opnieuw.csv"
    done = run(kept / "anderen.csv", out, who=older.knows(), to=older.to_a())
    assert done.report.rows_out == 2
    again, before = (look(path) for path in (out, kept / "anderen-uit.csv"))
    gone = {"ander_id", "ander_id_reden"} & set(before.columns)
    assert again.columns == tuple(n for n in before.columns if n not in gone)

    def others(table: Source) -> list[dict[str, str]]:
        rows = [row.cells for row in table if not isinstance(row, Weigering)]
        found = [dict(zip(table.columns, cells, strict=True)) for cells in rows]
        # A ketenID may be of another release than then.
        return [cells for cells in found if not cells["eckid"]]

    (other,) = others(again)
    assert other["ander_id_tot"] == "2027-07-31"
    assert other["voorlopig"] == older.early().uri
    (then,) = others(before)
    assert {then.pop(name) for name in gone} <= {"nog-niet-geregistreerd"}
    assert then == other


def test_substitutions_in_a_file_open(kept: Path) -> None:
    """
    And more can be added to the file.
    """
    file = SubstitutionFile(kept / "substituties.csv", sleutelbos=older.RING)
    assert file.substitutions() == [older.substitution()]
    noor, yara = (older.hashed(known.NUMBERS[who]) for who in ("noor", "yara"))
    more = Substitution(noor, yara, known.DAY)
    file.add_substitutions([more])
    assert file.substitutions() == [older.substitution(), more]


def _token(kept: Path, name: str) -> str:
    return (kept / f"{name}.jws").read_text("ascii").strip()


@pytest.fixture
def reads(kept: Path) -> dict[str, Any]:
    """
    By what the recipient of then verifies: itself, the day, and the keys it trusts.
    """
    keys = read_keys(kept / "keys.json", houder=known.BOARD)
    # A key that was still in use had no last day.
    (key,) = keys.values()
    assert (key.kid, key.vanaf) == (older.key().kid, older.key().vanaf)
    assert key.tot in {None, older.key().tot}
    return {"organisatie": older.A, "on": known.DAY, "keys": keys}


def test_links_of_then_verify_with_the_list_of_then(
    kept: Path, told: dict[str, Any], reads: dict[str, Any]
) -> None:
    """
    The link that holds joins its two ketenIDs; those that were revoked do not verify.
    """
    listed = RevocationList.verify(_token(kept, "revocations"), **reads, last_seen=None)
    assert listed.revoked == {told["links"][who] for who in ("sem", "fatima")}
    assert (listed.number, listed.issued) == (1, known.DAY)
    how = {**reads, "doel": Doel.GEBRUIK, "revocations": listed}
    link = SectorLink.verify(_token(kept, "link-noor"), **how)
    pair = [older.ketenid(known.NUMBERS["noor"], s) for s in (Sector.PO, Sector.VO)]
    other = older.ketenid(known.NUMBERS["sem"], Sector.VO)
    asked: dict[str, Any] = {
        "organisatie": older.A,
        "doel": Doel.GEBRUIK,
        "on": known.DAY,
        "van": {ketenid: [known.BOARD] for ketenid in (*pair, other)},
    }
    check_join(*pair, link=link, **asked)
    with pytest.raises(BoundaryError):
        check_join(pair[0], other, link=link, **asked)
    for who in ("sem", "fatima"):
        with pytest.raises(LinkError) as refused:
            SectorLink.verify(_token(kept, f"link-{who}"), **how)
        assert refused.value.reason is LinkReden.REVOKED


def test_a_list_of_then_grows_stale(kept: Path, reads: dict[str, Any]) -> None:
    """
    It ends on its own day, whatever version reads it.
    """
    late = reads | {"on": known.DAY + timedelta(days=15)}
    listed = RevocationList.verify(_token(kept, "revocations"), **late, last_seen=None)
    with pytest.raises(LinkError) as refused:
        SectorLink.verify(
            _token(kept, "link-noor"), **late, doel=Doel.GEBRUIK, revocations=listed
        )
    assert refused.value.reason is LinkReden.STALE_LIST


def test_notices_of_then_verify(
    kept: Path, told: dict[str, Any], reads: dict[str, Any]
) -> None:
    """
    A succession and a withdrawal say what they said.
    """
    found = Succession.verify(_token(kept, "succession"), **reads)
    assert found.oud == Voorlopig(told["voorlopig"])
    assert found.nieuw == older.ketenid(known.FORMER)
    gone = Withdrawal.verify(_token(kept, "withdrawal"), **reads)
    assert gone.ketenid == older.ketenid(known.NUMBERS["yara"])
    assert {found.issued, gone.issued} == {known.DAY}
    notices = Notices([found, gone])
    asked: dict[str, Any] = {"received": known.DAY, "van": [known.BOARD]}
    assert notices.current(found.oud, **asked) == found.nieuw
    with pytest.raises(LinkError):
        notices.current(gone.ketenid, **asked)


def test_a_ketenid_of_the_second_release_is_the_same(kept: Path) -> None:
    """
    A ring that was rotated before it was saved derives under both its releases.
    """
    ring = Sleutelbos.load(kept / "bestuur.ring", passphrase=known.PASSPHRASE)
    for release in ring.releases:
        made = derive_ketenid(
            older.stam(known.NUMBERS["noor"]),
            keten=LEERMIDDELENKETEN,
            sector=Sector.PO,
            sleutelbos=ring,
            release=release,
        )
        again = older.ketenid(known.NUMBERS["noor"], release=release)
        assert made == again
        assert isinstance(made, KetenID)
