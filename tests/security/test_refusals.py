"""
Refusals tell their kind, and nothing of the value; secrets are compared in whole.

Time is not claimed: no test here measures it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import parties
import pytest
from cryptography.hazmat.primitives.constant_time import bytes_eq
from figures import HOUSE
from security.claims import shows
from security.constructions import Real, Roots, drawn

from eckid import (
    BSN,
    EckidError,
    HPgn,
    Keten,
    KetenID,
    Onderwijsnummer,
    Register,
    Salt,
    Sector,
    Sleutel,
    Sleutelbos,
    Stampseudoniem,
    derive_ketenid,
)
from eckid._core import hidden
from eckid.keys import file as keyfile
from eckid.register import ledger
from eckid.scheme import CHEAPEST

RING = Real(Roots.of("refusals")).ring
OTHER = Real(Roots.of("other refusals")).ring
MANY = 64
HEX = [drawn("hex", n, size=64).hex() for n in range(MANY)]
NUMBERS = [parties.number(n) for n in range(MANY)]


def _sealed(n: int) -> bytes:
    return RING.seal(HPgn(bytes.fromhex(HEX[n])[:32], CHEAPEST), about=f"row {n}")


def _changed(n: int) -> bytes:
    """
    Return a cell of which one bit of one byte is turned, in nonce, tag or text.
    """
    cell = _sealed(n)
    return cell[:n] + bytes([cell[n] ^ 1]) + cell[n + 1 :]


def _stam(n: int, host: str = "eckid.invalid") -> Stampseudoniem:
    namespace = f"https://{host}"
    return Stampseudoniem.parse(f"{namespace}/sp2026/{HEX[n]}", namespace=namespace)


def _derive(n: int, host: str = "eckid.invalid", release: str = "2026") -> KetenID:
    return derive_ketenid(
        _stam(n, host),
        keten=Keten("e7ec7d3c-c235-4513-bfb6-e54e66854795"),
        sector=Sector.PO,
        sleutelbos=RING,
        release=release,
    )


def _wrong(n: int) -> str:
    """
    Return a number of which the last digit is one too high.
    """
    return f"{NUMBERS[n][:-1]}{(int(NUMBERS[n][-1]) + 1) % 10}"


# Each kind of mistake, made with many values.
KINDS: dict[str, Callable[[int], object]] = {
    "a number that fails": lambda n: BSN(_wrong(n)),
    "a number with a letter": lambda n: BSN.parse(f"{NUMBERS[n][:4]}x{NUMBERS[n][5:]}"),
    "a number of another script": lambda n: BSN.parse(f"{NUMBERS[n][:-1]}\u0663"),
    "a number out of range": lambda n: Onderwijsnummer.parse(NUMBERS[n]),
    "an HPgn in capitals": lambda n: HPgn.parse("A" + HEX[n][:63]),
    "an HPgn that is no hex": lambda n: HPgn.parse("g" + HEX[n][:63]),
    "a ketenID in capitals": lambda n: KetenID.parse(
        f"https://eckid.invalid/2026/{HEX[n]}".upper()
    ),
    "a stampseudoniem for a ketenID": lambda n: KetenID.parse(
        f"https://eckid.invalid/sp2026/{HEX[n]}"
    ),
    "a salt that is no base64": lambda n: Salt.from_base64(f"{HEX[n][:23]}!"),
    "a stampseudoniem of another namespace": lambda n: _derive(n, "other.invalid"),
    "a release that is not there": lambda n: _derive(0, release=f"x{n}"),
    "a cell of another ring": lambda n: OTHER.unseal(_sealed(n), about=f"row {n}"),
    "a cell of another row": lambda n: RING.unseal(_sealed(n), about=f"row {n + 1}"),
    "a cell of another kind": lambda n: RING.unseal(
        _sealed(n), about=f"row {n}", kind=Stampseudoniem
    ),
    "a cell that was changed": lambda n: RING.unseal(_changed(n), about=f"row {n}"),
}
# What an outsider may not tell apart has one refusal for all of these.
ALIKE = [name for name in KINDS if name.startswith("a cell")]


def _refused(call: Callable[[], object]) -> tuple[Any, ...]:
    with pytest.raises(EckidError) as caught:
        call()
    error = caught.value
    reason = getattr(error, "reason", getattr(error, "rule", None))
    return type(error), str(error), error.args, reason


@shows("C18")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_refusal_is_the_same_whatever_the_value(kind: str) -> None:
    """
    One class, reason, sentence and length for 64 values.
    """
    assert len({_refused(lambda n=n: KINDS[kind](n)) for n in range(MANY)}) == 1  # type: ignore[misc]  # bound now


@shows("C18")
def test_a_cell_that_does_not_open_does_not_say_why() -> None:
    """
    Another ring, row or kind, or a change: one refusal.
    """
    assert len({_refused(lambda k=kind: KINDS[k](1)) for kind in ALIKE}) == 1  # type: ignore[misc]  # bound now


@shows("C18")
@pytest.mark.parametrize("size", [0, 1, 63, 65, 300])
def test_a_refusal_of_a_length_tells_the_length_alone(size: int) -> None:
    """
    The measure is told, and the same for all values of that length.
    """
    texts = [(HEX[n] * 3)[:size] for n in range(MANY)]
    seen = {_refused(lambda t=text: HPgn.parse(t)) for text in texts}  # type: ignore[misc]  # bound now
    assert len(seen) == 1
    assert str(size) in next(iter(seen))[1]


@shows("C18")
def test_a_wrong_passphrase_is_refused_as_any_other(tmp_path: Path) -> None:
    """
    Near or far, short or long: one refusal.
    """
    path = tmp_path / "a.ring"
    RING.save(path, passphrase="right")
    wrong = ["righ", "right ", "Right", "x", "x" * 300]
    seen = {
        _refused(lambda w=each: Sleutelbos.load(path, passphrase=w))  # type: ignore[misc]  # bound now
        for each in wrong
    }
    assert len(seen) == 1


@shows("C18")
def test_a_person_that_is_not_there_is_refused_as_one_forgotten(tmp_path: Path) -> None:
    """
    A register does not tell a key that never was from one that was forgotten.
    """
    with Register.create(tmp_path / "a.reg", sleutelbos=RING) as register:
        told = {"geboortedatum": "2015-12-24", "roepnaam": "Sem"}
        register.add("las", "1", _stam(1), gegevens=told, on=parties.TODAY)
        register.forget("las", "1")
        seen = {
            _refused(lambda k=key: register.inzage("las", k))  # type: ignore[misc]  # bound now
            for key in ("1", "2", "x")
        }
    assert len(seen) == 1


# --- Comparing -----------------------------------------------------------------------


def _pairs() -> Iterator[tuple[object, object]]:
    yield Salt(bytes(16)), Salt(bytes(15) + b"\1")
    yield Sleutel(bytes(32)), Sleutel(bytes(31) + b"\1")
    yield HPgn(bytes(32), CHEAPEST), HPgn(bytes(31) + b"\1", CHEAPEST)
    yield _stam(0), _stam(1)
    yield BSN("111222333"), BSN("123456782")
    yield RING, OTHER


@shows("C19")
@pytest.mark.parametrize("n", range(6))
def test_secrets_are_compared_in_whole(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Equality asks `bytes_eq` of cryptography, once, and no operator of Python.
    """
    one, other = list(_pairs())[n]
    asked: list[tuple[bytes, bytes]] = []

    def spied(a: bytes, b: bytes) -> bool:
        asked.append((a, b))
        return bytes_eq(a, b)

    monkeypatch.setattr(hidden, "bytes_eq", spied)
    assert one != other
    assert len(asked) == 1


@shows("C19")
def test_check_values_and_macs_are_compared_in_whole() -> None:
    """
    In the rooms that verify, no `==` has a MAC, digest, check value or tag beside it.
    """
    rooms = {
        "_core/hidden.py": hidden,
        "keys/file.py": keyfile,
        "register/ledger.py": ledger,
    }
    secret = re.compile(r"octets|digest|check|\bmac\b")
    for name, room in rooms.items():
        assert vars(room)["bytes_eq"] is bytes_eq
        tree = ast.parse((HOUSE / name).read_text("utf-8"))
        found = [
            ast.unparse(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare)
            and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
            and secret.search(ast.unparse(node))
        ]
        assert found == [], name
