"""
The road of a list, walked: which station hands on first, and how often rooms are left.

    PYTHONPATH=tests/support python tests/house/road.py
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, Final

import figures
import parties as our
import roads

from eckid import Register, Vrijgave
from eckid.exchange import (
    Administratie,
    Herkenning,
    Rij,
    Roster,
    Shape,
    look,
    release_to,
)
from eckid.exchange.formats.csv import Record

# The modules of each station, in the order of the road. A Bestemming is a value, and
# so is all that it gives: what is a station is where it is asked.
STATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "source": (
        *("csv", "cells", "kinds", "source", "edexml", "edexml_in", "eduv"),
        *("edexml_tree", "groups"),
        "parquet",
    ),
    "survey": ("roster", "guard"),
    "who": ("who", "bron", "bewaard"),
    "what": ("release", "names"),
    "sink": ("drawing", "edexml_out"),
    "report": ("files", "report", "receipt", "runs", "release"),
}
_FOLDERS: Final = {
    "source": "formats",
    "survey": "lists",
    "who": "lists",
    "what": "lists",
    "sink": "formats",
    "report": "results",
}
STATION_OF: Final = {
    f"eckid.exchange.{_FOLDERS[station]}.{name}": station
    for station, names in STATIONS.items()
    for name in names
}


def _is_person(value: object) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and isinstance(value[0], Rij)
        and isinstance(value[1], dict)
    )


# What each station makes of a row; by it one sees when the row leaves the station.
_MAKES: Final[Mapping[str, Callable[[object], bool]]] = {
    "source": lambda value: isinstance(value, Record),
    "survey": lambda value: isinstance(value, Rij),
    "who": _is_person,
    "what": lambda value: isinstance(value, Vrijgave),
    "sink": lambda value: isinstance(value, list),
    "report": lambda value: isinstance(value, bytes),
}


def later() -> list[str]:
    """
    Return the imports by which a station knows a later one.
    """
    order = list(STATIONS)
    found = []
    for path in figures.modules("exchange"):
        own = STATION_OF.get(_module(path))
        if own is None:
            continue
        for name in sorted(figures.imports(path)):
            other = STATION_OF.get(name)
            if other is not None and order.index(other) > order.index(own):
                found.append(f"{own}: {figures.named(path)} imports {name} of {other}")
    return found


def _module(path: Path) -> str:
    return f"eckid.{figures.named(path).removesuffix('.py').replace('/', '.')}"


@contextmanager
def known(many: int) -> Iterator[tuple[Path, Herkenning]]:
    """
    Give a list of *many*, and who they are: all of them known to a register.
    """
    with TemporaryDirectory() as folder:
        source = Path(folder, "list.csv")
        rows = [f"{our.number(n)};k{n};Naam{n};2015-12-24" for n in range(many)]
        heads = "BSN;LAS-key;Roepnaam;Geboortedatum"
        source.write_text("\n".join([heads, *rows]))
        book = Path(folder, "board.reg")
        with Register.create(book, sleutelbos=our.RING) as register:
            for n in range(many):
                names = {"roepnaam": f"Naam{n}", "geboortedatum": "2015-12-24"}
                stam = our.stam(our.bsn(n))
                register.add("las", f"k{n}", stam, gegevens=names, on=our.TODAY)
            keeper = Administratie(register)
            yield source, replace(roads.who(our.RING), bewaard=keeper)


def walk(source: Path, who: Herkenning) -> None:
    """
    Release the list, from its file to files.
    """
    to = roads.to(organisatie=our.A, ontvanger=None, on=our.TODAY)
    shape = Shape(replace=True)
    out = source.with_name("out.csv")
    release_to(out, Roster(look(source)), who=who, to=to, shape=shape)


@contextmanager
def watched(watch: Callable[[FrameType, str, Any], None]) -> Iterator[None]:
    """
    Call *watch* at each call and return of Python.
    """
    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(before)


def stations(source: Path, who: Herkenning) -> list[str]:
    """
    Return the stations in the order in which the first row left them.
    """
    found: dict[str, None] = {}

    def watch(frame: FrameType, event: str, value: Any) -> None:  # noqa: ANN401
        if event == "return":
            station = STATION_OF.get(frame.f_globals.get("__name__", ""))
            if station is not None and _MAKES[station](value):
                found.setdefault(station)

    with watched(watch):
        walk(source, who)
    return list(found)


def crossed(many: int) -> Counter[tuple[str, str]]:
    """
    Return how often a release of *many* known persons goes from module to module.
    """
    found: Counter[tuple[str, str]] = Counter()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call" or frame.f_back is None:
            return
        to = frame.f_globals.get("__name__", "")
        from_ = frame.f_back.f_globals.get("__name__", "")
        if to != from_ and to.startswith("eckid.") and from_.startswith("eckid."):
            found[from_, to] += 1

    with known(many) as (source, who):
        walk(source, who)  # what is made once is made
        with watched(watch):
            walk(source, who)
    return found


def crossings() -> Counter[tuple[str, str]]:
    """
    Return from which module to which one more known person goes, and how often.
    """
    return crossed(41) - crossed(40)


def main() -> None:
    """
    Print the crossings of one more row.
    """
    found = crossings()
    print(f"{'crossings of one more known person':45} {found.total():6}")  # noqa: T201  # it prints them
    for (from_, to), many in found.most_common():
        print(f"  {many:2} {from_} -> {to}")  # noqa: T201  # as above


if __name__ == "__main__":
    main()
