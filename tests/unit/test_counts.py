"""
To Python True is an int, equal to 1: no public name takes it for a number.
"""

import importlib
import inspect
import typing
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import figures
import parties as our
import pytest
import roads

from eckid import Hasher, Register
from eckid._core.values import expect
from eckid.exchange import make_receipt
from eckid.hashing import hash_pgns
from eckid.scale import Ringbestand, hash_batches
from eckid.scheme import CHEAPEST
from eckid.service import Grenzen, Tijden
from eckid.service.standin import Gedrag, Standin
from eckid.succession import Gezien

_SALT: Final = our.RING.salt
_WHERE: Final = Ringbestand(path="ring", passphrase_env="ZIN")
_ABOUT: Final = dict.fromkeys(
    ("doel", "ontvanger", "keten", "sector", "release", "rehearsal"), "x"
)


def _kept(number: Any) -> None:  # noqa: ANN401  # the point
    with Register.create(Path("board.reg"), sleutelbos=our.RING) as register:
        register.keep_list(our.A, number=number, token="x")


def _behaving(name: str, number: Any) -> Gedrag:  # noqa: ANN401  # the point
    given: dict[str, Any] = {name: number}
    return Gedrag(**given)


# Each parameter of a public name that is a number, and how it is given one.
_TAKEN: Final[dict[str, Callable[[Any], object]]] = {
    "Hasher workers": lambda n: Hasher(salt=_SALT, scheme=CHEAPEST, workers=n),
    "Hasher memory": lambda n: Hasher(salt=_SALT, scheme=CHEAPEST, memory=n),
    "hash_pgns workers": lambda n: list(
        hash_pgns([], salt=_SALT, scheme=CHEAPEST, workers=n)
    ),
    "hash_pgns memory": lambda n: list(
        hash_pgns([], salt=_SALT, scheme=CHEAPEST, memory=n)
    ),
    "hash_batches workers": lambda n: list(
        hash_batches([], ring=_WHERE, row="nr", memory=1, workers=n)
    ),
    "hash_batches memory": lambda n: list(
        hash_batches([], ring=_WHERE, row="nr", memory=n)
    ),
    "Register.keep_list number": _kept,
    "RevocationList.issue number": lambda n: our.revocations(number=n),
    "Gezien number": lambda n: Gezien(our.BOARD, n, 64 * "a"),
    "Toestemming vanaf_leeftijd": lambda n: our.consent(vanaf_leeftijd=n),
    "Grenzen batch": lambda n: Grenzen(batch=n, per_day=1),
    "Grenzen per_day": lambda n: Grenzen(batch=1, per_day=n),
    "Tijden tries": lambda n: Tijden(tries=n),
    "Tijden polls": lambda n: Tijden(polls=n),
    "Standin port": lambda n: Standin(port=n).close(),
    **{
        f"Gedrag {name}": partial(_behaving, name)
        for name in (
            *("blocked", "per_day", "removed", "cut", "cuts", "wrong_index"),
            "duplicate_index",
        )
    },
    "make_receipt rows": lambda n: make_receipt(
        roads.to().beleid, on=our.TODAY, rows=n, about=_ABOUT
    ),
}
# Values that the library makes itself, or that go on to one of those above.
_MADE: Final = {
    *("Argon2idCost", "ScryptCost", "Head", "ExchangeError", "Report.release"),
    *("Report.withhold", "Rij", "Ontvangen", "Weigering", "Bestuur"),
    *("Kolom.parts", "Parquet.parts", "Uitslag"),
}
# What takes values by their number: test_client_unit and test_local give True for one.
_INDEXED: Final = ("submit_stampseudoniemen hpgns", "submit_ketenids stams")


def _numbers(name: str, made: Any) -> Iterator[str]:  # noqa: ANN401  # anything
    """
    Yield the parameters of a class or function that are an int, or may be one.
    """
    hints = typing.get_type_hints(made.__init__ if inspect.isclass(made) else made)
    for parameter in inspect.signature(made).parameters:
        hint = hints.get(parameter)
        if hint is int or int in typing.get_args(hint):
            yield f"{name} {parameter}"


def _public() -> Iterator[tuple[str, Any]]:
    """
    Yield the classes and functions that a caller may rely on, and their methods.
    """
    for path in figures.modules():
        room = figures.named(path).removesuffix(".py").removesuffix("/__init__")
        if figures.room(path) in {"_core", "_version", "__main__", "cli"}:
            continue
        module = importlib.import_module(f"eckid.{room}".replace("/", "."))
        names = getattr(module, "__all__", ())
        for name in figures.defined(path) if path.parent == figures.HOUSE else names:
            value = getattr(module, name)
            if inspect.isfunction(value) or inspect.isclass(value):
                yield name, value
            if inspect.isclass(value):
                for part, method in inspect.getmembers(value, inspect.isroutine):
                    if not part.startswith("_") and inspect.isfunction(method):
                        yield f"{name}.{part}", method


def test_every_number_that_is_taken_is_known_here() -> None:
    """
    A public name that takes a number stands in the table above.
    """
    found: set[str] = set()
    for name, value in _public():
        try:
            found.update(_numbers(name, value))
        except (ValueError, TypeError, NameError, AttributeError):
            # No signature, or types that are imported only to be read.
            continue
    taken = {one for one in found if one.split()[0] not in _MADE}
    assert {one for one in taken if not one.endswith(_INDEXED)} == _TAKEN.keys()


@pytest.mark.parametrize("name", _TAKEN)
def test_true_is_no_number(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    True and False are refused wherever a number is taken, and the number 1 is not.
    """
    monkeypatch.chdir(tmp_path)
    parameter = name.split()[1]
    for wrong in (True, False):
        (tmp_path / "board.reg").unlink(missing_ok=True)
        (tmp_path / "board.reg.keys").unlink(missing_ok=True)
        with pytest.raises(TypeError, match=rf"^{parameter}: expected int"):
            _TAKEN[name](wrong)


def test_what_is_asked_as_a_bool_may_be_one() -> None:
    """
    Only where a number is asked is True refused.
    """
    given: Any = True
    assert expect("flag", given, bool) is True
    assert expect("flag", given, bool, type(None)) is True
    assert expect("number", 1, int, type(None)) == 1
    with pytest.raises(TypeError, match=r"^number: expected int or NoneType, got bool"):
        expect("number", given, int, type(None))
