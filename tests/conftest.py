"""
What pytest needs to know of the machine, and what no test need pay for.
"""

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import edexml_schemas
import pytest
from hypothesis import HealthCheck, settings

from eckid import NUMMERVOORZIENING, scheme
from eckid.keys import file as keyfile
from eckid.scheme import ARGON2ID, CHEAPEST, Argon2idCost

# No test is judged on time: a shared core may stand still for a second.
settings.register_profile(
    "eckid", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("eckid")

# Every EDEXML file that a test writes is one that the schemas allow.
edexml_schemas.hold_writers_to_schemas()

# Signals, limits and forks, which Windows does not have.
_POSIX: Final = [
    *("cli/test_posix.py", "kills/test_kills.py", "mutation/test_posix.py"),
    *("exchange/test_excel_process.py", "service/test_posix.py"),
    "service/test_forks.py",
]
# SoftHSM2, which these tests install with apt-get where it is missing.
_DEBIAN: Final = ["unit/test_hsm.py", "cli/test_hsm_cli.py"]
collect_ignore = [
    *(_POSIX if os.name == "nt" else []),
    *([] if sys.platform == "linux" else _DEBIAN),
]
# Scripts that run with an earlier eckid alone, whose names were others.
collect_ignore_glob = ["compat/*/make.py"]

HERE: Final = Path(__file__).parent

# What another Python might do otherwise, by the file or folder that asks it. CI runs
# these on each Python that it finds, with the examples on the pages; all tests run on
# the oldest.
OF_THE_INTERPRETER: Final[Mapping[str, str]] = {
    "test_vectors.py": "the bytes that never change",
    "cli/test_cli.py": "click, rich and what a fault shows",
    "compat/test_compat.py": "sqlite3, and the files that an earlier eckid wrote",
    "exchange/test_csv.py": "how csv quotes",
    "exchange/test_edexml.py": "lxml, and numbers out of text",
    "exchange/test_excel_process.py": "how a process is started, and what it may take",
    "exchange/test_parquet.py": "pyarrow",
    "exchange/test_roster.py": "how csv reads, and int and str of what it read",
    "exchange/test_texts.py": "pyarrow, pandas, polars, and text that cannot be",
    "leaks": "repr, str, format, pickle, copy, JSON, tracebacks",
    "register/test_register.py": "sqlite3",
    "scale/test_columns.py": "pyarrow, pandas, polars, and what is pickled",
    "security/test_determinism.py": "locales, seeds of hashes, texts and columns",
    "service/test_access.py": "ssl, and certificates",
    "service/test_hostile_server.py": "expat, ssl and http.client",
    "unit/test_beleid.py": "tomllib",
    "unit/test_days.py": "days out of text",
    "unit/test_errors.py": "what an error holds, and its notes",
    "unit/test_hashing.py": "threads and generators that are closed",
    "unit/test_keten.py": "enumerations, and types at run time",
    "unit/test_keys.py": "slots, and what cannot be pickled",
    "unit/test_link.py": "joserfc, and JSON",
    "unit/test_naming.py": "the Unicode tables",
    "unit/test_pgn.py": "digits of other scripts, int and str",
    "unit/test_pseudonyms.py": "regular expressions, and formats",
    "unit/test_romix.py": "numba",
    "unit/test_scheme.py": "enumerations that are closed",
    "unit/test_secret.py": "slots, pickle, copy and format hooks",
    "unit/test_whole.py": "files, links and modes",
}
# Of these files, what asks the machine and not the Python on it, and takes long.
OF_THE_MACHINE: Final = (
    "test_it_agrees_with_openssl",
    "test_it_needs_no_processor_of_this_kind",
    "test_the_published_vector_of_one_gibibyte_is_met_on_one_lane",
    "test_a_cache_that_cannot_be_written_stops_no_hashing",
    "test_a_damaged_cache_stops_no_hashing",
    "test_memory_that_is_gone_again_makes_it_narrower",
    "test_a_killed_writer_loses_no_row_that_was_acknowledged",
    "test_two_processes_write_and_nothing_is_lost",
    "test_a_list_holds_at_most_200_bytes_a_row",
    "test_ten_thousand_classes_show_few_letters",
)
# Of a file that asks the plan as well: the door, and what it needs.
DOOR: Final = "house/test_house.py"
OF_THE_DOOR: Final = ("_door", "_extras", "all_is_complete", "dependencies")

# The least that argon2id takes with four lanes: KiB, passes, lanes.
_LEAST: Final = (32, 1, 4)
_COST: Final = keyfile._COST


@pytest.fixture(scope="session", autouse=True)
def _rings_open_at_once() -> Iterator[None]:
    """
    A ring's file that a test makes opens at once, and in other processes too.

    What a file says of its cost is what opening it takes; `test_vectors` and
    `test_keys` hold that a file costs as much as the construction says.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keyfile, "_COST", _LEAST)
        yield


class _Seen(sqlite3.Connection):
    """
    A connection that knows whether it was closed.
    """

    is_open = True

    def close(self) -> None:
        super().close()
        self.is_open = False


@pytest.fixture(autouse=True)
def _databases_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """
    What a test opens of SQLite is closed at its end, whatever went wrong in between.

    One that is left to the collector keeps its files locked for as long as that takes.
    """
    opened: list[_Seen] = []
    connect = sqlite3.connect

    def seen(*given: object, **named: object) -> sqlite3.Connection:
        one = connect(*given, factory=_Seen, **named)  # type: ignore[call-overload]  # as asked
        opened.append(one)
        return one  # type: ignore[no-any-return]  # mypy knows no factory

    monkeypatch.setattr(sqlite3, "connect", seen)
    yield
    assert not [each for each in opened if each.is_open]


@pytest.fixture
def dear_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A ring's file costs what it costs outside these tests.
    """
    monkeypatch.setattr(keyfile, "_COST", _COST)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Every scheme keeps its name and costs next to nothing, in this process.

    For tests that ask what becomes of an HPgn, and not which it is.
    """
    monkeypatch.setitem(scheme._COST, NUMMERVOORZIENING, CHEAPEST.cost)
    monkeypatch.setitem(scheme._COST, ARGON2ID, Argon2idCost(m=8, t=1, p=1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Mark what depends on the interpreter; a file that is not there is a mistake.
    """
    gone = [name for name in (*OF_THE_INTERPRETER, DOOR) if not (HERE / name).exists()]
    if gone:
        raise pytest.UsageError(f"tests/conftest.py names no test: {gone}")
    for item in items:
        page = item.path.suffix == ".md"
        inside = item.path.is_relative_to(HERE)
        name = item.path.relative_to(HERE).as_posix() if inside else ""
        door = name == DOOR and any(word in item.name for word in OF_THE_DOOR)
        named = name in OF_THE_INTERPRETER or name.split("/")[0] in OF_THE_INTERPRETER
        if page or door or (named and not item.name.startswith(OF_THE_MACHINE)):
            item.add_marker(pytest.mark.interpreter)
