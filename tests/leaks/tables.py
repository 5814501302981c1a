"""
All rows together, and the public names that they stand for.
"""

import importlib
from collections.abc import Iterator
from typing import Final

import figures
from leaking import Row
from leaks import (
    core,
    exchange,
    hashing,
    keys,
    policy,
    pseudonyms,
    register,
    scale,
    service,
    standin,
    succession,
)

TABLES: Final = (
    core,
    keys,
    pseudonyms,
    hashing,
    policy,
    succession,
    exchange,
    register,
    scale,
    service,
    standin,
)
PACKAGES: Final = (
    "eckid",
    "eckid.keys",
    "eckid.pseudonyms",
    "eckid.hashing",
    "eckid.derivation",
    "eckid.policy",
    "eckid.succession",
    "eckid.exchange",
    "eckid.exchange.formats",
    "eckid.register",
    "eckid.scale",
    "eckid.service",
    "eckid.service.standin",
)
# The rooms that are one file: what each defines without an underscore.
ROOMS: Final = tuple(
    path.stem for path in figures.HOUSE.glob("*.py") if not path.stem.startswith("_")
)
ROWS: Final[dict[str, Row]] = {
    f"{table.__name__.rpartition('.')[2]}.{name}": row
    for table in TABLES
    for name, row in table.ROWS.items()
}


def public() -> Iterator[tuple[str, object]]:
    """
    Yield every public name, and what it stands for.
    """
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in module.__all__:
            yield name, getattr(module, name)
    for room in ROOMS:
        module = importlib.import_module(f"eckid.{room}")
        for name in figures.defined(figures.HOUSE / f"{room}.py"):
            yield name, getattr(module, name)
