"""
The vectors, through eckid and through the second implementation.
"""

import ast
import json
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, TypeAlias

import independent
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from vectors import make

from eckid import (
    BSN,
    BoundaryError,
    Doel,
    EckidError,
    HPgn,
    IdentifierError,
    Keten,
    KetenID,
    LinkError,
    Medewerker,
    NumberError,
    Onderwijsnummer,
    Ontvanger,
    Organisatie,
    PseudonymError,
    PublicKey,
    RevocationList,
    Salt,
    Scheme,
    SecretError,
    Sector,
    SectorLink,
    Sleutel,
    Sleutelbos,
    Stampseudoniem,
    Succession,
    Voorlopig,
    Withdrawal,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
    ketenid_token,
    parse_pgn,
    scheme,
)
from eckid._core.values import frame
from eckid.derivation import derive_ketenids
from eckid.errors import NumberReden, PseudonymReden
from eckid.keys.file import close, hkdf
from eckid.keys.ring import read_ring
from eckid.scheme import CHEAPEST, ScryptCost

Fields: TypeAlias = dict[str, Any]

TESTS: Final = Path(__file__).parent
VECTORS: Final = TESTS / "vectors"
CONSTRUCTION: Final = TESTS.parent / "docs" / "reference" / "construction.md"

SCHEMA: Final[Fields] = json.loads((VECTORS / "schema.json").read_text("utf-8"))
FILES: Final[dict[str, Fields]] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted(VECTORS.glob("*.json"))
    if path.name != "schema.json"
}
ALL: Final = [
    pytest.param(subject, vector, id=f"{subject}-{vector['name']}")
    for subject, file in FILES.items()
    for vector in file["vectors"]
]

# What a vector may expect, and the error that is then raised, exactly.
EXPECT: Final[dict[str, type[EckidError]]] = {
    "number": NumberError,
    "pseudonym": PseudonymError,
    "identifier": IdentifierError,
    "secret": SecretError,
    "boundary": BoundaryError,
    "link": LinkError,
}
# A SecretError has no reason for programs; its message tells them apart.
MESSAGES: Final = {
    "salt-base64": r"salt: expected base64",
    "salt-length": r"salt: expected 16 bytes or more",
    "sleutel-length": r"sleutel: expected 32 bytes or more",
    "namespace": r"namespace: expected https:// and a lower-case host",
    "national": r"namespace: expected one of your own",
    "release": r"release: expected 1 to 31",
    "rehearsal": r"sleutelbos: a rehearsal ring cannot be rotated",
    "taken": r"release: expected a new name",
    "no-release": r"release: expected one of this ring's",
    "about": r"about: expected some text",
    "seal": r"sealed value: expected one that this ring sealed",
    "unknown": r"sleutelbos file: expected version 1",
    "damaged": r"sleutelbos file: damaged",
    "bounds": r"sleutelbos file: its argon2id parameters are out of bounds",
    "no-passphrase": r"passphrase: expected one, got nothing",
    "passphrase": r"passphrase: not the one",
    "changed": r"sleutelbos file: changed",
    "content": r"sleutelbos: expected the content of a ring",
}


def ring_of(
    namespace: str = make.SPACE,
    salt: str = "00" * 16,
    releases: list[list[str]] | None = None,
    **roots: str,
) -> Sleutelbos:
    """
    Return a ring of fixed roots; those that are not given are zero.
    """
    zero = "00" * 32
    fields = {
        "namespace": namespace,
        "salt": salt,
        "roots": {"stam": zero, "home": zero, "seed": zero} | roots,
        "releases": releases or [["2026", zero]],
    }
    return Sleutelbos(read_ring(json.dumps(fields).encode("ascii")))


# --- Through eckid -------------------------------------------------------------

KINDS: Final[dict[str, Callable[[str], BSN | Onderwijsnummer | Medewerker]]] = {
    "any": parse_pgn,
    "BSN": BSN.parse,
    "onderwijsnummer": Onderwijsnummer.parse,
    "medewerker": Medewerker.parse,
}


def run_pgn(inputs: Fields) -> Fields:
    """
    Read a PGN.
    """
    number = KINDS[inputs["kind"]](inputs["text"])
    canonical = number.expose()
    return {
        "kind": number.name,
        "canonical": canonical,
        "hashed": canonical.lower(),
    }


def run_hpgn(inputs: Fields) -> Fields:
    """
    Hash a PGN; the cost of before 26-05-2016 takes the place of the cheapest.
    """
    number = parse_pgn(inputs["pgn"])
    salt = Salt.from_base64(inputs["salt"])
    if "cost" not in inputs:
        how = Scheme(inputs["scheme"])
        return {"hpgn": hash_pgn(number, salt=salt, scheme=how).expose()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(scheme._COST, CHEAPEST, ScryptCost(**inputs["cost"]))
        return {"hpgn": hash_pgn(number, salt=salt, scheme=CHEAPEST).expose()}


def run_stampseudoniem(inputs: Fields) -> Fields:
    """
    Derive a stampseudoniem.
    """
    ring = ring_of(
        inputs["namespace"],
        releases=[[name, "00" * 32] for name in inputs["releases"]],
        stam=inputs["stam_root"],
    )
    hpgn = HPgn.parse(inputs["hpgn"], scheme=Scheme(inputs["scheme"]))
    stam = derive_stampseudoniem(hpgn, sleutelbos=ring)
    return {"stampseudoniem": stam.expose(), "rehearsal": stam.rehearsal}


def run_ketenid(inputs: Fields) -> Fields:
    """
    Derive a ketenID.
    """
    ring = ring_of(inputs["namespace"], releases=inputs["releases"])
    own = None if ring.namespace in independent.KNOWN else ring.namespace
    ketenid = derive_ketenid(
        Stampseudoniem.parse(inputs["stampseudoniem"], namespace=own),
        keten=Keten(inputs["keten"]),
        sector=Sector(inputs["sector"]),
        sleutelbos=ring,
        release=inputs["release"],
    )
    return {"ketenid": ketenid.uri, "rehearsal": ketenid.rehearsal}


def run_voorlopig(inputs: Fields) -> Fields:
    """
    Derive a provisional identifier.
    """
    made = Voorlopig.derive(
        inputs["person"],
        administratie=inputs["administratie"],
        bestuur=inputs["bestuur"],
        organisatie=Organisatie(inputs["organisatie"], Ontvanger.UITGEVER),
        tot=date(2027, 7, 31),
        sleutelbos=ring_of(inputs["namespace"], releases=inputs["releases"]),
        release=inputs["release"],
    )
    return {"voorlopig": made.uri, "rehearsal": made.rehearsal}


def run_token(inputs: Fields) -> Fields:
    """
    Make a token.
    """
    sleutel = Sleutel(bytes.fromhex(inputs["sleutel"]))
    ketenid = KetenID.parse(inputs["ketenid"], namespace=inputs["namespace"])
    return {"token": ketenid_token(ketenid, sleutel=sleutel)}


def run_identifier(inputs: Fields) -> Fields:
    """
    Read a ketenID, a stampseudoniem or an HPgn.
    """
    text, namespace = inputs["text"], inputs["namespace"]
    if inputs["kind"] == "HPgn":
        return {"hex": HPgn.parse(text).expose()}
    if inputs["kind"] == "stampseudoniem":
        stam = Stampseudoniem.parse(text, namespace=namespace)
        assert stam.expose() == text
        return {
            "namespace": stam.namespace,
            "release": stam.release,
            "hex": text[-128:],
        }
    ketenid = KetenID.parse(text, namespace=namespace)
    space = ketenid.uri.removesuffix(f"/{ketenid.release}/{ketenid.hex}")
    return {"namespace": space, "release": ketenid.release, "hex": ketenid.hex}


def run_names(inputs: Fields) -> Fields:
    """
    Make a ring of a namespace and a release, and rotate it to each other one.
    """
    first, *others = inputs["releases"]
    ring = Sleutelbos.generate(release=first, namespace=inputs["namespace"])
    for release in others:
        ring = ring.rotate(release)
    assert list(ring.releases) == inputs["releases"]
    return {"rehearsal": ring.rehearsal}


def run_seal(inputs: Fields) -> Fields:
    """
    Open what lies sealed.
    """
    ring = ring_of(home=inputs["home_root"])
    value = ring.unseal(bytes.fromhex(inputs["sealed"]), about=inputs["about"])
    assert isinstance(value, HPgn | Stampseudoniem)
    return {
        "kind": value.name,
        "value": value.expose(),
        "scheme": value.scheme.value if isinstance(value, HPgn) else None,
        "rehearsal": value.rehearsal if isinstance(value, Stampseudoniem) else None,
    }


def run_statement(inputs: Fields) -> Fields:
    """
    Read a link, a revocation list or a notice; of a link, whether it joins two.
    """
    given = [
        PublicKey(
            bytes.fromhex(key["public_key"]),
            key["houder"],
            date.fromisoformat(key["vanaf"]),
            None if key["tot"] is None else date.fromisoformat(key["tot"]),
        )
        for key in inputs["keys"]
    ]
    how: Fields = {
        "organisatie": Organisatie(inputs["organisatie"], Ontvanger.UITGEVER),
        "on": date.fromisoformat(inputs["on"]),
        "keys": {key.kid: key for key in given},
    }
    token = inputs["token"]
    if inputs["kind"] == "link":
        listed = inputs["revocations"]
        link = SectorLink.verify(
            token,
            doel=Doel(inputs["doel"]),
            revocations=None
            if listed is None
            else RevocationList.verify(listed, last_seen=None, **how),
            **how,
        )
        joins = link.is_of(
            *(
                KetenID.parse(uri, keten=Keten(make.KETEN), sector=Sector(sector))
                for sector, uri in inputs["ketenids"]
            )
        )
        days = [str(link.vanaf), str(link.tot)]
        names = sorted(name.hex() for name in link.names)
        return {
            "houder": link.houder,
            "read": [link.doel.value, link.nonce.hex(), *days, *names],
            "joins": joins,
        }
    if inputs["kind"] == "revocations":
        found = RevocationList.verify(token, last_seen=None, **how)
        days = [str(found.issued), str(found.next_update)]
        read = [str(found.number), *days, found.digest, *sorted(found.revoked)]
        return {"houder": found.houder, "read": read, "joins": False}
    if inputs["kind"] == "succession":
        notice = Succession.verify(token, **how)
        read = [notice.oud.uri, notice.nieuw.uri, str(notice.issued)]
        return {"houder": notice.houder, "read": read, "joins": False}
    gone = Withdrawal.verify(token, **how)
    read = [gone.ketenid.uri, str(gone.issued)]
    return {"houder": gone.houder, "read": read, "joins": False}


@pytest.fixture
def run_ring(tmp_path: Path) -> Callable[[Fields], Fields]:
    """
    Return what loads the sealed file of a ring.
    """

    def run(inputs: Fields) -> Fields:
        path = tmp_path / "ring"
        path.write_bytes(bytes.fromhex(inputs["file"]))
        ring = Sleutelbos.load(path, passphrase=inputs["passphrase"])
        held = json.loads(ring._ring.dump())
        assert tuple(name for name, _ in held["releases"]) == ring.releases
        return {
            "namespace": ring.namespace,
            "releases": held["releases"],
            "roots": held["roots"],
            "salt": ring.salt.expose().hex(),
            "public_key": ring.public_key.hex(),
            "rehearsal": ring.rehearsal,
        }

    return run


RUN: Final[dict[str, Callable[[Fields], Fields]]] = {
    "pgn": run_pgn,
    "hpgn": run_hpgn,
    "stampseudoniem": run_stampseudoniem,
    "ketenid": run_ketenid,
    "voorlopig": run_voorlopig,
    "token": run_token,
    "identifier": run_identifier,
    "names": run_names,
    "seal": run_seal,
    "statement": run_statement,
}


def reason_of(error: EckidError) -> str:
    """
    Return the reason of *error*, as the vectors name it.
    """
    if isinstance(error, NumberError | PseudonymError | LinkError):
        return str(error.reason.value)
    if isinstance(error, BoundaryError):
        return error.rule.value
    if type(error) is IdentifierError:
        return str(error).partition(":")[0].lower().replace(" ", "-")
    return next(name for name, text in MESSAGES.items() if re.match(text, str(error)))


@pytest.mark.parametrize(("subject", "vector"), ALL)
def test_eckid_gives_what_the_vector_says(
    subject: str, vector: Fields, run_ring: Callable[[Fields], Fields]
) -> None:
    """
    Each vector succeeds with its outputs, or is refused for its own reason.
    """
    run = run_ring if subject == "ring" else RUN[subject]
    if vector["expect"] == "success":
        assert run(vector["inputs"]) == vector["outputs"]
    else:
        with pytest.raises(EckidError) as caught:
            run(vector["inputs"])
        assert type(caught.value) is EXPECT[vector["expect"]]
        assert reason_of(caught.value) == vector["reason"]


# --- Through the second implementation -----------------------------------------


def hand_pgn(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Read a PGN.
    """
    kind, canonical = independent.read_pgn(inputs["text"], inputs["kind"])
    return {"kind": kind, "canonical": canonical, "hashed": canonical.lower()}, {}


def hand_hpgn(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Hash a PGN.
    """
    _, canonical = independent.read_pgn(inputs["pgn"], "any")
    salt = independent.read_salt(inputs["salt"])
    if inputs["scheme"] == make.ARGON2ID:
        hpgn = make.argon2id(canonical, salt)
    else:
        cost = independent.SCRYPT[inputs["scheme"]]
        if "cost" in inputs:
            cost = (inputs["cost"]["n"], inputs["cost"]["r"], inputs["cost"]["p"])
        hpgn = independent.scrypt(canonical, salt, cost)
    return {"hpgn": hpgn.hex()}, {"hashed": canonical.lower()}


def hand_stampseudoniem(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Derive a stampseudoniem.
    """
    hpgn = independent.read_hpgn(inputs["hpgn"])
    key = independent.k_stam(bytes.fromhex(inputs["stam_root"]))
    message = independent.stam_message(inputs["scheme"], hpgn)
    space, release = inputs["namespace"], inputs["releases"][0]
    stam = independent.hmac512(key, message).hex()
    return (
        {
            "stampseudoniem": f"{space}/sp{release}/{stam}",
            "rehearsal": independent.is_rehearsal(space, inputs["releases"]),
        },
        {"k_stam": key.hex(), "message": message.hex()},
    )


def hand_ketenid(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Derive a ketenID.
    """
    space, roots = inputs["namespace"], dict(inputs["releases"])
    release = inputs["release"] or list(roots)[-1]
    if release not in roots:
        raise independent.RefusedError("secret", "no-release")
    stam = inputs["stampseudoniem"]
    independent.read_uri(stam, "stampseudoniem", space)
    key = independent.k_keten(bytes.fromhex(roots[release]), space, release)
    message = independent.ketenid_message(
        inputs["keten"], inputs["sector"], bytes.fromhex(stam[-128:])
    )
    uri = f"{space}/{release}/{independent.hmac512(key, message).hex()}"
    rehearsal = independent.is_rehearsal(space, list(roots))
    return (
        {"ketenid": uri, "rehearsal": rehearsal},
        {"k_keten": key.hex(), "message": message.hex()},
    )


def hand_voorlopig(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Derive a provisional identifier.
    """
    space, roots = inputs["namespace"], dict(inputs["releases"])
    release = inputs["release"] or list(roots)[-1]
    message = independent.voorlopig_message(
        *(inputs[n] for n in ("bestuur", "organisatie", "administratie", "person"))
    )
    if release not in roots:
        raise independent.RefusedError("secret", "no-release")
    key = independent.k_voorlopig(bytes.fromhex(roots[release]), space, release)
    uri = f"{space}/pv{release}/{independent.hmac512(key, message).hex()}"
    rehearsal = independent.is_rehearsal(space, list(roots))
    return (
        {"voorlopig": uri, "rehearsal": rehearsal},
        {"k_voorlopig": key.hex(), "message": message.hex()},
    )


def hand_token(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Make a token.
    """
    uri = inputs["ketenid"]
    independent.read_uri(uri, "ketenID", inputs["namespace"])
    made = independent.token(bytes.fromhex(inputs["sleutel"]), uri)
    return {"token": made}, {"message": independent.token_message(uri).hex()}


def hand_identifier(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Read a ketenID, a stampseudoniem or an HPgn.
    """
    kind, text = inputs["kind"], inputs["text"]
    if kind == "HPgn":
        return {"hex": independent.read_hpgn(text).hex()}, {}
    space, release = independent.read_uri(text, kind, inputs["namespace"])
    return {"namespace": space, "release": release, "hex": text[-128:]}, {}


def hand_names(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Judge the names of a ring.
    """
    rehearsal = independent.make_ring(inputs["namespace"], inputs["releases"])
    return {"rehearsal": rehearsal}, {}


def hand_seal(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Open what lies sealed.
    """
    root, sealed = bytes.fromhex(inputs["home_root"]), bytes.fromhex(inputs["sealed"])
    kind, packed = make.open_seal(root, sealed, inputs["about"])
    text = packed.decode("ascii")
    between = {
        "k_seal": independent.k_seal(root).hex(),
        "associated": [
            kind.encode().hex(),
            inputs["about"].encode().hex(),
            sealed[:16].hex(),
        ],
        "packed": text,
    }
    name, _, value = text.rpartition("/" if kind == "HPgn" else " ")
    out = {
        "kind": kind,
        "value": value,
        "scheme": name if kind == "HPgn" else None,
        "rehearsal": name == "rehearsal" if kind == "stampseudoniem" else None,
    }
    return out, between


def hand_ring(inputs: Fields) -> tuple[Fields, Fields]:
    """
    Open the sealed file of a ring.
    """
    file = bytes.fromhex(inputs["file"])
    body, stretched = make.open_file(file, inputs["passphrase"])
    held = independent.read_body(body)
    names = [name for name, _ in held["releases"]]
    return (
        dict(held)
        | {
            "public_key": make.public_key(bytes.fromhex(held["roots"]["seed"])).hex(),
            "rehearsal": independent.is_rehearsal(held["namespace"], names),
        },
        {
            "stretched": stretched.hex(),
            "check": independent.check_value(stretched).hex(),
            "header": file[:80].hex(),
            "body": body.decode("ascii"),
        },
    )


BY_HAND: Final[dict[str, Callable[[Fields], tuple[Fields, Fields]]]] = {
    "pgn": hand_pgn,
    "hpgn": hand_hpgn,
    "stampseudoniem": hand_stampseudoniem,
    "ketenid": hand_ketenid,
    "voorlopig": hand_voorlopig,
    "token": hand_token,
    "identifier": hand_identifier,
    "names": hand_names,
    "seal": hand_seal,
    "ring": hand_ring,
    "statement": make.read_statement,
}


@pytest.mark.parametrize(("subject", "vector"), ALL)
def test_the_second_implementation_gives_it_too(subject: str, vector: Fields) -> None:
    """
    The second implementation agrees, intermediates and reasons too.
    """
    if vector["expect"] == "success":
        outputs, between = BY_HAND[subject](vector["inputs"])
        assert outputs == vector["outputs"]
        assert between == vector.get("intermediates", {})
    else:
        with pytest.raises(independent.RefusedError) as caught:
            BY_HAND[subject](vector["inputs"])
        assert (caught.value.expect, caught.value.reason) == (
            vector["expect"],
            vector["reason"],
        )


# --- The other way: eckid makes what the vectors hold --------------------------


def successes(subject: str) -> list[Any]:
    """
    Return the vectors of *subject* that succeed, for pytest.
    """
    return [
        pytest.param(vector, id=vector["name"])
        for vector in FILES[subject]["vectors"]
        if vector["expect"] == "success"
    ]


@pytest.mark.parametrize("vector", successes("seal"))
def test_eckid_seals_as_the_vector_says(
    vector: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Given the nonce, a value is sealed to the same bytes.
    """
    inputs, outputs = vector["inputs"], vector["outputs"]
    sealed = bytes.fromhex(inputs["sealed"])
    value: HPgn | Stampseudoniem
    if outputs["kind"] == "HPgn":
        value = HPgn.parse(outputs["value"], scheme=Scheme(outputs["scheme"]))
    else:
        space, release, digits = outputs["value"].rsplit("/", 2)
        value = Stampseudoniem(
            bytes.fromhex(digits),
            namespace=space,
            release=release.removeprefix("sp"),
            rehearsal=outputs["rehearsal"],
        )
    drawn = SimpleNamespace(token_bytes=lambda count: sealed[:count])
    monkeypatch.setattr("eckid.keys.sleutelbos.secrets", drawn)
    ring = ring_of(home=inputs["home_root"])
    assert ring.seal(value, about=inputs["about"]) == sealed


@pytest.mark.parametrize("vector", successes("ring"))
def test_eckid_writes_the_file_that_the_vector_has(
    vector: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Given what was drawn, a ring is written to the same bytes.

    One vector's JSON is not as we write it; only a reader meets that.
    """
    file, outputs = bytes.fromhex(vector["inputs"]["file"]), vector["outputs"]
    drawn = {16: file[16:32], 12: file[32:44]}
    cost = (int.from_bytes(file[10:14], "big"), file[14], file[15])
    monkeypatch.setattr(
        "eckid.keys.file.secrets", SimpleNamespace(token_bytes=drawn.__getitem__)
    )
    monkeypatch.setattr("eckid.keys.file._COST", cost)
    ring = ring_of(
        outputs["namespace"], outputs["salt"], outputs["releases"], **outputs["roots"]
    )
    written = close(ring._ring.dump(), vector["inputs"]["passphrase"])
    assert (written == file) is (vector["name"] != "other-json")


@pytest.mark.usefixtures("dear_rings")
def test_the_cost_of_a_saved_ring_is_that_of_the_text() -> None:
    """
    A writer takes the parameters, and a scheme the cost, that the text names.
    """
    from eckid.keys import file as keyfile  # noqa: PLC0415  # the one look behind this door

    assert keyfile._COST == (262144, 3, 4)
    text = CONSTRUCTION.read_text("utf-8")
    assert "takes 262144 KiB, 3 passes and 4 lanes" in " ".join(text.split())
    for each in Scheme:
        row = next(line for line in text.splitlines() if f"`{each.value}` |" in line)
        cost = each.cost
        if isinstance(cost, ScryptCost):
            assert f"N = {cost.n}, r = {cost.r}, p = {cost.p}, dkLen = 32" in row
        else:
            assert f"{cost.m} KiB (256 MiB), {cost.t} passes, {cost.p} lanes" in row


# --- The files themselves ------------------------------------------------------


def check_schema(file: Fields) -> None:
    """
    Raise unless *file* is as the schema has it.
    """
    Draft202012Validator(SCHEMA).validate(file)


@pytest.mark.parametrize("subject", FILES)
def test_each_file_is_as_the_schema_has_it(subject: str) -> None:
    """
    A file of vectors has the fields of its schema, and is named after its subject.
    """
    check_schema(FILES[subject])
    assert FILES[subject]["subject"] == subject


def test_the_schema_is_one_and_knows_every_field() -> None:
    """
    The schema is valid, and each object in it is closed.
    """
    Draft202012Validator.check_schema(SCHEMA)

    def objects(part: object) -> Iterator[Fields]:
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield part
            for inner in part.values():
                yield from objects(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from objects(inner)

    found = list(objects(SCHEMA))
    assert found
    for each in found:
        assert each["additionalProperties"] is False
        assert set(each["required"]) <= set(each["properties"])


def paths(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """
    Return where in *part* there are objects.
    """
    if isinstance(part, dict):
        yield path
    if isinstance(part, dict | list):
        keys = part if isinstance(part, dict) else range(len(part))
        for key in keys:
            yield from paths(part[key], (*path, key))


@pytest.mark.parametrize("subject", FILES)
def test_an_unknown_field_fails(subject: str) -> None:
    """
    A field that the schema does not know fails the file, wherever it stands.
    """
    for expect in (True, False):
        file = deepcopy(FILES[subject])
        file["vectors"] = [
            next(v for v in file["vectors"] if (v["expect"] == "success") is expect)
        ]
        check_schema(file)
        for path in paths(file):
            changed = deepcopy(file)
            place: Any = changed
            for key in path:
                place = place[key]
            place["unknown"] = 1
            with pytest.raises(ValidationError):
                check_schema(changed)


@pytest.mark.parametrize(
    "change",
    [
        {"expect": "failure"},
        {"expect": "success"},
        {"reason": "elf"},
        {"reason": "seal"},
        {"outputs": {"kind": "BSN", "canonical": "", "hashed": ""}},
        {"name": "Not A Name"},
    ],
    ids=str,
)
def test_another_outcome_fails(change: Fields) -> None:
    """
    The outcomes are closed, and so are the reasons of each.
    """
    file = deepcopy(FILES["pgn"])
    refused = next(v for v in file["vectors"] if v["expect"] != "success")
    refused.update(change)
    with pytest.raises(ValidationError):
        check_schema(file)


def test_a_refusal_owes_its_reason_and_a_success_its_outputs() -> None:
    """
    An outcome is whole or the file fails.
    """
    for field in ("reason", "outputs"):
        file = deepcopy(FILES["pgn"])
        del next(v for v in file["vectors"] if field in v)[field]
        with pytest.raises(ValidationError):
            check_schema(file)


@pytest.mark.parametrize("subject", FILES)
def test_refusals_are_the_majority(subject: str) -> None:
    """
    Most vectors of each file are refusals, and each has a name of its own.
    """
    vectors = FILES[subject]["vectors"]
    refusals = [v for v in vectors if v["expect"] != "success"]
    assert 2 * len(refusals) > len(vectors)
    assert len({v["name"] for v in vectors}) == len(vectors)


def test_each_subject_is_run_and_each_outcome_met() -> None:
    """
    No subject is without a runner, no outcome and no reason without a vector.
    """
    subjects = set(SCHEMA["properties"]["subject"]["enum"])
    assert subjects == set(FILES) == set(BY_HAND) == {*RUN, "ring"}
    met = {
        (vector["expect"], vector.get("reason"))
        for file in FILES.values()
        for vector in file["vectors"]
    }
    assert {expect for expect, _ in met} == {*EXPECT, "success"}
    assert {expect for expect, _ in met} == set(SCHEMA["$defs"]["expect"]["enum"])
    reasons = {
        "number": {reason.value for reason in NumberReden},
        "pseudonym": {reason.value for reason in PseudonymReden},
        "secret": set(MESSAGES),
    }
    allowed = {
        rule["if"]["properties"]["expect"]["const"]: rule["then"]["properties"][
            "reason"
        ]["enum"]
        for rule in SCHEMA["$defs"]["outcome"]["allOf"][1:]
    }
    for expect, names in reasons.items():
        assert {reason for kind, reason in met if kind == expect} == names
        assert set(allowed[expect]) == names


def test_the_texts_name_each_reason_and_outcome() -> None:
    """
    The texts name every reason, outcome and file.
    """
    text = CONSTRUCTION.read_text("utf-8")
    named = set(re.findall(r"`([a-z0-9-]+)`", text)) | {
        word.lower().replace("_", "-") for word in re.findall(r"\b[A-Z_]{3,}\b", text)
    }
    vectors = [vector for file in FILES.values() for vector in file["vectors"]]
    assert {vector["reason"] for vector in vectors if "reason" in vector} <= named
    readme = (VECTORS / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z.]+)` \|", readme, re.MULTILINE)
    files = [f"{subject}.json" for subject in FILES]
    assert sorted(rows) == sorted([*files, "expect", *EXPECT])


def test_making_the_vectors_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """
    What lies here is what make.py writes, byte for byte, and nothing else does.
    """
    command = [sys.executable, "-m", "vectors.make", str(tmp_path)]
    subprocess.run(command, cwd=TESTS, check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    here = {path.name: path.read_bytes() for path in VECTORS.glob("*.json")}
    del here["schema.json"]
    assert made == here


@pytest.mark.parametrize("path", ["independent.py", "vectors/make.py"])
def test_the_second_implementation_knows_nothing_of_the_first(path: str) -> None:
    """
    What checks eckid does not import it.

    The second implementation has nothing beside the standard library.
    """
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    others = imported - sys.stdlib_module_names
    assert others == (
        set() if path == "independent.py" else {"independent", "argon2", "cryptography"}
    )
    assert "importlib" not in imported


def test_the_worked_example_is_that_of_the_vectors() -> None:
    """
    Each hex of the text's worked example stands in the vectors.
    """
    text = CONSTRUCTION.read_text("utf-8")
    start = text.index("## 12. ")
    hexes = set(re.findall(r"[0-9a-f]{64,}", text[start:]))
    held = "".join((VECTORS / f"{subject}.json").read_text() for subject in FILES)
    assert len(hexes) >= 14
    assert [each for each in hexes if each not in held] == []


# --- On whatever comes ---------------------------------------------------------

octets32 = st.binary(min_size=32, max_size=32)
releases = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,30}\Z").filter(independent.is_release)
labels = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?\Z")
namespaces = st.lists(labels, min_size=1, max_size=3).map(
    lambda parts: "https://" + ".".join(parts)
)
sectors = st.sampled_from([Sector.PO, Sector.VO, Sector.MBO])
# Texts that are nearly right: pieces of right ones, and what befalls them.
PIECES: Final = [
    *(
        "https://",
        "http://",
        "ketenid.nl",
        "eckid.invalid",
        "keten.example",
        "id.school",
    ),
    *(
        "/",
        "/",
        "/",
        "sp",
        "pv",
        "pilot",
        "2026",
        "-",
        ".",
        ":",
        "@",
        "A",
        "g",
        " ",
        "\n",
        "\u0085",
        "\ufeff",
    ),
    *("a" * 128, "b" * 127, "C" * 128, "1" * 128, "SP", "x"),
]
whole_uris = st.builds(
    "{}{}{}/{}{}/{}{}".format,
    st.sampled_from(["", "", "", " ", "\t", "\u0085", "\ufeff", '"']),
    st.sampled_from(["https://", "https://", "http://", "HTTPS://", ""]),
    st.sampled_from(
        ["ketenid.nl", "eckid.invalid", "keten.example", "school.id", "x", ".x"]
    ),
    st.sampled_from(["", "sp", "pv", "SP", "-"]),
    st.sampled_from(["pilot", "2026", "x" * 31, "x" * 32, "P", ""]),
    st.sampled_from(["a" * 128, "a" * 127, "A" * 128, "g" * 128, "a" * 600, ""]),
    st.sampled_from(["", "", "", " ", "\n", "/"]),
)
near_uris = whole_uris | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
near_numbers = st.text(alphabet="0123456789 .-", max_size=14) | st.text(
    alphabet="0139 .-,eE+\t\u0661\u00a0@", max_size=12
)
near_medewerkers = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["20DP", "20dp", "2ODP", "20DP00", "", "20D\u00e9", "a@b"]),
    st.sampled_from([" ", "  ", "", "\t"]),
    st.text(alphabet="aZ1.@ \u00e9\x7f!~", max_size=4),
    st.sampled_from(["@", "@", "", "@@"]),
    st.text(alphabet="aZ1.@ \u00e9\x00", max_size=4),
)


def verdict(run: Callable[[Any], object], given: object) -> object:
    """
    Return what *run* makes of what is *given*, or which refusal.
    """
    try:
        return run(given)
    except EckidError as error:
        kinds = {kind: name for name, kind in EXPECT.items()}
        return kinds[type(error)], reason_of(error)
    except independent.RefusedError as error:
        return error.expect, error.reason


def by_hand(subject: str) -> Callable[[Fields], Fields]:
    """
    Return the second implementation of *subject*, without what comes between.
    """
    return lambda inputs: BY_HAND[subject](inputs)[0]


@given(st.lists(st.binary(max_size=300)))
def test_frames_are_equal(parts: list[bytes]) -> None:
    """
    Both implementations frame alike.
    """
    assert frame(*parts) == independent.frame(*parts)


@given(octets32, st.integers(1, 200), st.lists(st.binary(max_size=40)))
def test_hkdf_is_equal(root: bytes, length: int, info: list[bytes]) -> None:
    """
    Both implementations derive the same key, of any length.
    """
    assert hkdf(root, length, *info) == independent.hkdf(root, length, *info)


@given(text=near_numbers | near_medewerkers, kind=st.sampled_from(list(KINDS)))
def test_any_text_is_the_same_pgn_or_refusal(text: str, kind: str) -> None:
    """
    Both implementations accept the same texts, and refuse for the same reason.
    """
    inputs = {"text": text, "kind": kind}
    assert verdict(run_pgn, inputs) == verdict(by_hand("pgn"), inputs)


@given(eight=st.integers(0, 99_999_999), at=st.integers(0, 9), digit=st.integers(0, 9))
def test_any_nine_digits_are_the_same_pgn_or_refusal(
    eight: int, at: int, digit: int
) -> None:
    """
    Both implementations tell BSN, onderwijsnummer and neither apart alike.
    """
    body = f"{eight:08}"
    weighed = sum(w * int(d) for w, d in zip(range(9, 1, -1), body, strict=True))
    checks = (weighed % 11, (weighed - 5) % 11, digit)
    spelled = body[:at] + " " + body[at:] + str(checks[0])
    texts = [spelled, *(body + str(check) for check in checks)]
    for text, kind in product(texts, ("any", "BSN", "onderwijsnummer")):
        inputs = {"text": text, "kind": kind}
        assert verdict(run_pgn, inputs) == verdict(by_hand("pgn"), inputs)


@given(
    text=near_uris,
    kind=st.sampled_from(["ketenID", "stampseudoniem"]),
    namespace=st.sampled_from([None, "https://keten.example", "https://school.id", ""]),
)
def test_any_text_is_the_same_uri_or_refusal(
    text: str, kind: str, namespace: str | None
) -> None:
    """
    Both implementations read the same texts, and refuse for the same reason.
    """
    inputs = {"text": text, "kind": kind, "namespace": namespace}
    ours = verdict(run_identifier, inputs)
    assert ours == verdict(by_hand("identifier"), inputs)


@given(
    text=st.text(alphabet="0123456789abcdefABCDEFg ", min_size=62, max_size=66)
    | octets32.map(bytes.hex)
)
def test_any_text_is_the_same_hpgn_or_refusal(text: str) -> None:
    """
    Both implementations read the same texts as an HPgn.
    """
    inputs = {"text": text, "kind": "HPgn", "namespace": None}
    ours = verdict(run_identifier, inputs)
    assert ours == verdict(by_hand("identifier"), inputs)


near_namespaces = st.sampled_from(
    [
        "https://ketenid.nl",
        "https://a.school.id",
        "https://keten.example",
        "https://keten.example/",
    ]
)
near_releases = st.sampled_from(["pilot", "pilot", "2026", "2027", "sp1", ""])


@given(
    namespace=near_namespaces | namespaces | near_uris,
    names=st.lists(
        near_releases | releases | st.text(alphabet="aspv-A/", max_size=3),
        min_size=1,
        max_size=3,
    ),
)
def test_any_names_make_the_same_ring_or_none(namespace: str, names: list[str]) -> None:
    """
    Both implementations let a ring bear the same names.
    """
    inputs = {"namespace": namespace, "releases": names}
    assert verdict(run_names, inputs) == verdict(by_hand("names"), inputs)


@given(
    namespace=near_namespaces,
    names=st.lists(near_releases, max_size=3),
    salt=st.sampled_from(["", "00" * 15, "00" * 16, "0g", "AB" * 16]),
    root=st.sampled_from(["00" * 32, "00" * 32, "00" * 32, "00", ""]),
)
def test_any_body_is_the_same_ring_or_refusal(
    namespace: str, names: list[str], salt: str, root: str
) -> None:
    """
    Both implementations open the same rings, and refuse for the same reason.
    """
    fields = {
        "namespace": namespace,
        "salt": salt,
        "roots": {"stam": root, "home": "00" * 32, "seed": "00" * 32},
        "releases": [[name, "00" * 32] for name in names],
    }
    body = json.dumps(fields).encode("ascii")
    ours = verdict(
        lambda body: json.loads(Sleutelbos(read_ring(body))._ring.dump()), body
    )
    assert ours == verdict(independent.read_body, body)


@given(
    salt=st.binary(min_size=16, max_size=40),
    text=st.sampled_from(["063138219", "101222331", "20DP Teacher@School.com"]),
)
def test_hashes_are_equal(salt: bytes, text: str) -> None:
    """
    Both implementations hash alike under any salt.
    """
    inputs = {
        "pgn": text,
        "salt": b64encode(salt).decode("ascii"),
        "scheme": CHEAPEST.value,
    }
    assert run_hpgn(inputs) == hand_hpgn(inputs)[0]


@given(
    roots=st.tuples(octets32, octets32),
    hpgns=st.lists(octets32, min_size=1, max_size=4),
    how=st.sampled_from(Scheme),
    names=st.tuples(namespaces, releases),
    chain=st.tuples(st.uuids().map(str), sectors),
    sleutel=st.binary(min_size=32, max_size=200),
)
def test_derivations_are_equal(
    *,
    roots: tuple[bytes, bytes],
    hpgns: list[bytes],
    how: Scheme,
    names: tuple[str, str],
    chain: tuple[str, Sector],
    sleutel: bytes,
) -> None:
    """
    Both implementations derive the same from any ring, down to the token.
    """
    namespace, release = names
    keten, sector = chain
    ring = ring_of(namespace, releases=[[release, roots[1].hex()]], stam=roots[0].hex())
    stams = [derive_stampseudoniem(HPgn(hpgn, how), sleutelbos=ring) for hpgn in hpgns]
    k_stam = independent.k_stam(roots[0])
    k_keten = independent.k_keten(roots[1], namespace, release)
    ketenids = list(
        derive_ketenids(stams, keten=Keten(keten), sector=sector, sleutelbos=ring)
    )
    assert len(ketenids) == len(hpgns)
    for hpgn, stam, ketenid in zip(hpgns, stams, ketenids, strict=True):
        octets = independent.hmac512(k_stam, independent.stam_message(how.value, hpgn))
        assert stam.expose() == f"{namespace}/sp{release}/{octets.hex()}"
        message = independent.ketenid_message(keten, sector.value, octets)
        value = independent.hmac512(k_keten, message).hex()
        assert ketenid.uri == f"{namespace}/{release}/{value}"
        token = ketenid_token(ketenid, sleutel=Sleutel(sleutel))
        assert token == independent.token(sleutel, ketenid.uri)


@given(
    home=octets32,
    hpgn=octets32,
    how=st.sampled_from(Scheme),
    about=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
)
def test_what_eckid_seals_the_second_implementation_opens(
    home: bytes, hpgn: bytes, how: Scheme, about: str
) -> None:
    """
    Sealed values go from one implementation to the other.
    """
    ring = ring_of(home=home.hex())
    stam = derive_stampseudoniem(HPgn(hpgn, how), sleutelbos=ring)
    for value, packed in (
        (HPgn(hpgn, how), independent.pack_hpgn(how.value, hpgn)),
        (stam, independent.pack_stampseudoniem(stam.expose(), rehearsal=False)),
    ):
        sealed = ring.seal(value, about=about)
        assert make.open_seal(home, sealed, about) == (value.name, packed)


@given(st.text(alphabet="abcXYZ019+/=-_ \n", max_size=30) | st.binary().map(b64encode))
def test_any_text_is_the_same_salt_or_refusal(text: str | bytes) -> None:
    """
    Both implementations read the same texts as a salt.
    """
    written = text if isinstance(text, str) else text.decode("ascii")
    ours = verdict(lambda text: Salt.from_base64(text).expose(), written)
    assert ours == verdict(independent.read_salt, written)
    if isinstance(ours, bytes):
        assert ours == b64decode(written)
