"""
Every kept input passes the oracle, and the oracle finds what it is there to find.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from fuzz import oracle, run

from eckid.errors import ExchangeError, NumberError, NumberReden
from eckid.exchange import RijReden, Weigering

NAME: Final = "Jannemieke"
SEEDS: Final = sorted(path for path in run.CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize(
    "path", SEEDS, ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_a_kept_input_ends_as_documented(path: Path) -> None:
    """
    With a result or a documented error, and nothing of the input in it.
    """
    import_module(f"fuzz.{path.parent.name}").once(path.read_bytes())


def test_every_target_has_a_corpus() -> None:
    """
    And every corpus has a target.
    """
    assert {path.parent.name for path in SEEDS} == set(run.TARGETS)


def _in_the_words() -> None:
    raise ExchangeError(f"expected a key, got {NAME}")


def _in_an_argument() -> None:
    error = ExchangeError("expected a key")
    error.args = ("expected a key", [NAME])
    raise error


def _in_an_attribute() -> None:
    error = ExchangeError("expected a key")
    error.found = NAME.encode()  # type: ignore[attr-defined]
    raise error


def _in_a_note() -> None:
    error = ExchangeError("expected a key")
    error.add_note(f"it was {NAME}")
    raise error


def _in_the_cause() -> None:
    raise ExchangeError("expected a key") from ValueError(NAME)


def _in_the_context() -> None:
    try:
        f"{NAME}\ud83d".encode()
    except UnicodeError:
        raise ExchangeError("expected a key") from None


def _as_a_part() -> None:
    raise ExchangeError(f"expected a key, got {NAME[2:8]}…")


def _as_hex() -> None:
    raise ExchangeError(f"expected a key, got {NAME.encode().hex()}")


def _as_bytes() -> None:
    raise ExchangeError(f"expected a key, got {NAME.encode()!r}")


_TELLS: Final = (
    *(_in_the_words, _in_an_argument, _in_an_attribute, _in_a_note),
    *(_in_the_cause, _in_the_context, _as_a_part, _as_hex, _as_bytes),
)


@pytest.mark.parametrize("tells", _TELLS)
def test_the_oracle_finds_an_error_that_tells(tells: Callable[[], None]) -> None:
    """
    Wherever it holds the input, whole or in part, as text or as bytes.
    """
    with (
        pytest.raises(oracle.FoundError, match="tells of the input"),
        oracle.asked(f"a;{NAME};b".encode()),
    ):
        tells()


@pytest.mark.parametrize("given", ["063138219", b"x;063138219;y"])
def test_the_oracle_finds_a_number(given: str | bytes) -> None:
    """
    A long number is never the library's own vocabulary.
    """
    error = NumberError("got 063138219", NumberReden.ELFPROEF)
    with pytest.raises(oracle.FoundError):
        oracle.judge(error, given)


def test_the_oracle_finds_an_undocumented_error() -> None:
    """
    One of another library or of Python, unless the target says that it is documented.
    """
    with pytest.raises(oracle.FoundError, match="documented"), oracle.asked("x"):
        raise KeyError(3)
    with oracle.asked("x", allowed=(KeyError,)):
        raise KeyError(3)


def test_the_oracle_finds_a_refusal_that_tells() -> None:
    """
    A refused row names an attribute, and no cell.
    """
    oracle.refused(
        Weigering(1, 2, 3, RijReden.VALUE, "geboortedatum"), b"geboortedatum"
    )
    with pytest.raises(oracle.FoundError):
        oracle.refused(Weigering(1, 2, 3, RijReden.VALUE, NAME), NAME.encode())


def test_the_oracle_knows_our_own_words() -> None:
    """
    An input may hold the words of our messages: they say nothing of it.
    """
    error = ExchangeError("expected ketenIDs and no numbers, got a column bsn: a leak")
    oracle.judge(error, "expected ketenIDs and no numbers, got a column bsn: a leak")
    oracle.judge(ExchangeError("line 12: expected 9 digits, got 12"), "expected 12")


def test_a_finding_is_kept_and_its_path_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The runner ends with 1, and says where the input stands.
    """

    def found(
        target: str, *, seconds: int, found: Path, grow: bool, seed: int
    ) -> run.Result:
        assert (seconds, grow, seed) == (3, False, 13)
        return run.Result(7, (found / target / "crash-1",), "what it said")

    monkeypatch.setattr(run, "fuzz", found)
    asked = f"run.py --seconds 3 --seed 13 --found {tmp_path} ring"
    monkeypatch.setattr("sys.argv", asked.split())
    assert run.main() == 1
    said = capsys.readouterr().out
    assert f"kept: {tmp_path / 'on_ring' / 'crash-1'}" in said
    assert "7 calls, 1 wrong" in said
