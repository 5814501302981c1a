"""
The walk: every public callable, with each of its arguments in turn of another's kind.

How a callable is called rightly is not written down a second time: it is seen while a
row of the tables runs, and called again with one argument replaced.
"""

import contextlib
import inspect
import io
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from itertools import islice
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from leaking import (
    GEBOREN,
    HPGN,
    KETENID,
    NUMBER,
    PERSON,
    PGN,
    ROEPNAAM,
    SECRETS,
    STAM,
    leaks,
    told_in,
)

from eckid import EckidError, Vrijgave

# Half an emoji behind a name, and a number in bytes that are not UTF-8.
HALF: Final = f"{ROEPNAAM}\ud83d"
BYTES: Final = NUMBER.encode() + b"\xff"
# Text of Arrow that Python cannot decode.
UNDECODED: Final = pa.array([BYTES, None], pa.binary()).view(pa.string())
MIXED: Final = (int(NUMBER), NUMBER, None, HALF, BYTES, 1.5, Decimal(NUMBER))


def _objects() -> Any:  # noqa: ANN401  # an array of numpy
    found = np.empty(len(MIXED), dtype=object)
    found[:] = MIXED
    return found


# What is given in the place of an argument; each is made anew for each call.
FOREIGN: Final[Mapping[str, Callable[[], object]]] = {
    "none": lambda: None,
    "text": lambda: NUMBER,
    "name": lambda: ROEPNAAM,
    "half": lambda: HALF,
    "nul": lambda: f"{NUMBER}\0",
    "empty": lambda: "",
    "blank": lambda: " \t",
    "long": lambda: NUMBER * 20_000,
    "whole": lambda: int(NUMBER),
    "float": lambda: float(NUMBER),
    "nan": lambda: float("nan"),
    "decimal": lambda: Decimal(NUMBER),
    "bytes": NUMBER.encode,
    "octets": lambda: BYTES,
    "day": lambda: date.fromisoformat(GEBOREN),
    "pgn": lambda: PGN,
    "hpgn": lambda: HPGN,
    "stam": lambda: STAM,
    "ketenid": lambda: KETENID,
    "list": lambda: [NUMBER, int(NUMBER), PGN, None, HALF],
    "mapping": lambda: {NUMBER: int(NUMBER), PGN: None, HALF: BYTES},
    "named": lambda: {"roepnaam": HALF, "key": int(NUMBER), "beleid": NUMBER},
    "iterator": lambda: iter([NUMBER, HALF, int(NUMBER)]),
    "set": lambda: frozenset({NUMBER, int(NUMBER), None}),
    "object": object,
    "type": lambda: str,
    "error": lambda: ValueError(NUMBER),
    "path": lambda: Path(f"none/{NUMBER}"),
    "stream": lambda: io.BytesIO(BYTES),
    "vrijgave": lambda: Vrijgave({"roepnaam": HALF, NUMBER: PGN}, {}, {}),  # type: ignore[dict-item]  # none of ours
    "arrow": lambda: pa.array([NUMBER, None]),
    "undecoded": lambda: UNDECODED,
    "chunks": lambda: pa.chunked_array([UNDECODED]),
    "structs": lambda: pa.array([{NUMBER: 1}]),
    "zoned": lambda: pa.array([0], pa.timestamp("s", tz=NUMBER)),
    "binary": lambda: pa.array([BYTES]),
    "table": lambda: pa.table({NUMBER: UNDECODED, "key": UNDECODED}),
    "numpy": _objects,
    "complex": lambda: np.array([complex(NUMBER)]),
    "fields": lambda: np.zeros(2, dtype=[(f"n{NUMBER}", "i4")]),
    "square": lambda: np.full((2, 2), int(NUMBER)),
    "pandas": lambda: pd.Series(_objects()),
    "periods": lambda: pd.Series(pd.PeriodIndex([GEBOREN], freq="D")),
    "frame": lambda: pd.DataFrame({"key": _objects(), NUMBER: _objects()}),
    "polars": lambda: pl.Series("bsn", list(MIXED), dtype=pl.Object),
    "polars frame": lambda: pl.DataFrame(
        {"key": pl.Series(list(MIXED), dtype=pl.Object)}
    ),
}


class Seen(NamedTuple):
    """
    A call that was seen.

    Attributes:
        call: What was called; a method with its object, a class itself.
        arguments: The arguments by name, each as it was given.
    """

    call: Callable[..., object]
    arguments: Mapping[str, object]

    def again(self) -> object:
        """
        Call it again, as it was called.
        """
        return self.replaced("", None)

    def replaced(self, name: str, value: object) -> object:
        """
        Call it again, with another value for the argument *name*.
        """
        signature = inspect.signature(self.call)
        positional: list[object] = []
        named: dict[str, object] = {}
        for parameter in signature.parameters.values():
            given = value if parameter.name == name else self._own(parameter.name)
            if parameter.kind is parameter.VAR_POSITIONAL:
                if parameter.name != name and isinstance(given, tuple):
                    positional.extend(given)
                else:
                    positional.append(given)
            elif parameter.kind is parameter.VAR_KEYWORD:
                continue
            elif parameter.kind is parameter.KEYWORD_ONLY:
                named[parameter.name] = given
            else:
                positional.append(given)
        return self.call(*positional, **named)

    def _own(self, name: str) -> object:
        given = self.arguments[name]
        # What was read to its end is not read again.
        return [] if isinstance(given, Iterator) else given


class Watch:
    """
    Sees the first call of each of some public callables while rows run.

    Args:
        public: The public names, and what they stand for.

    Attributes:
        names: The callables that are watched for.
        seen: The first call of each, by its name.
    """

    def __init__(self, public: Iterable[tuple[str, object]]) -> None:
        # By the number of its code: the name, and a function or a method's own name.
        self._codes: dict[int, tuple[str, Any]] = {}
        # Held, so that no other code gets the number.
        self._held: list[CodeType] = []
        self.seen: dict[str, Seen] = {}
        for name, value in public:
            if not _is_ours(value):
                continue
            if inspect.isclass(value):
                self._add_class(name, value)
            elif callable(value):
                self._add(name, value, value)
        self.names: Final = frozenset(name for name, _ in self._codes.values())

    def _add_class(self, name: str, kind: type) -> None:
        if issubclass(kind, Enum | BaseException | tuple):
            return
        for klass in filter(_is_ours, kind.__mro__):
            for own, member in vars(klass).items():
                if own == "__init__":
                    self._add(name, member, own)
                elif isinstance(member, staticmethod):
                    self._add(f"{name}.{own}", member.__func__, member.__func__)
                elif not own.startswith("_"):
                    found = getattr(member, "__func__", member)
                    self._add(f"{name}.{own}", found, own)

    def _add(self, name: str, function: Any, call: object) -> None:  # noqa: ANN401
        code = getattr(inspect.unwrap(function), "__code__", None)
        if code is not None:
            self._held.append(code)
            self._codes.setdefault(id(code), (name, call))

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """
        See what is called in the block.
        """
        sys.setprofile(self._called)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _called(self, frame: FrameType, event: str, _: object) -> None:
        known = self._codes.get(id(frame.f_code)) if event == "call" else None
        if known is None or known[0] in self.seen:
            return
        name, call = known
        given = dict(frame.f_locals)
        if isinstance(call, str):
            # A method: its object, or its class, is its first argument.
            own = given.pop(frame.f_code.co_varnames[0])
            call = type(own) if call == "__init__" else getattr(own, call)
        names = inspect.signature(call).parameters
        if names.keys() <= given.keys():
            self.seen[name] = Seen(call, {each: given[each] for each in names})


def _is_ours(value: object) -> bool:
    return str(getattr(value, "__module__", "")).startswith("eckid")


def use(made: object) -> None:
    """
    Do with a result what a caller does: read an iterator, enter a context.
    """
    with contextlib.ExitStack() as stack:
        # A path is a context too, and none that a caller enters.
        is_context = isinstance(made, contextlib.AbstractContextManager)
        if is_context and not isinstance(made, io.IOBase | Path):
            made = stack.enter_context(made)  # type: ignore[arg-type]  # as asked
        if isinstance(made, Iterator):
            deque(islice(made, 100), maxlen=0)


# So many threads, or bytes, are the caller's own.
_COUNTS: Final = ("workers", "memory")

# An error of a wrong type is Python's own TypeError, whoever raises it.
_DOCUMENTED: Final = (EckidError, OSError)
_EXACTLY: Final = (TypeError, ValueError)


def raw(error: BaseException) -> list[str]:
    """
    Return the kinds of error in *error* and behind it that no docstring promises.
    """
    chain: list[BaseException] = [error]
    for each in chain:
        behind = (each.__cause__, each.__context__)
        chain += [one for one in behind if one is not None and one not in chain]
    return [
        type(each).__name__
        for each in chain
        if not (isinstance(each, _DOCUMENTED) or type(each) in _EXACTLY)
    ]


def judged(call: Callable[[], object], value: object = None) -> list[str]:
    """
    Return what is wrong with the error that *call* raises, if it raises one.

    Args:
        call: A function without arguments.

        value: What was given to it. An OSError may name a file as the caller did.
    """
    try:
        use(call())
    except Exception as error:  # noqa: BLE001  # any, to judge it
        found = [f"a raw {kind}" for kind in raw(error)]
        # What was given is the name of a file, and the error is about that file.
        named = isinstance(error, OSError) and isinstance(value, str | Path)
        if not named and leaks(told_in(error), SECRETS, PERSON):
            found.append(f"a value in a {type(error).__name__}")
        return found
    return []


def faults(seen: Seen, parameter: str) -> Iterator[str]:
    """
    Yield what goes wrong when an argument is foreign: a raw error, or a value told.
    """
    for kind, make in FOREIGN.items():
        value = make()
        if parameter in _COUNTS and isinstance(value, int):
            continue
        for fault in judged(partial(seen.replaced, parameter, value), value):
            yield f"{parameter}={kind}: {fault}"


def given(call: Seen) -> Iterator[str]:
    """
    Yield the parameters of a call that can be replaced.
    """
    for name, parameter in inspect.signature(call.call).parameters.items():
        if parameter.kind is not parameter.VAR_KEYWORD:
            yield name


@cache
def enums() -> tuple[type[Enum], ...]:
    """
    Return every enumeration of the library.
    """
    found: list[type[Enum]] = []
    ahead: list[type] = [Enum]
    for kind in ahead:
        ahead += kind.__subclasses__()
        if kind.__module__.startswith("eckid") and len(kind):  # type: ignore[arg-type]  # of members
            found.append(kind)
    return tuple(found)
