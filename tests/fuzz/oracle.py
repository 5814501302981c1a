"""
The one oracle of all fuzzing: documented errors alone, and no text of the input in any.

An error is ours, of the tree in `eckid.errors`, or of a kind that the target names. Its
words, arguments, attributes, notes and the errors in its chain hold no run of six
characters of the input, unless all its words are in the library's own vocabulary: every
text that stands in its source. A number may stand there that has at most three digits.
"""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Final

from eckid.errors import EckidError
from eckid.exchange import Weigering

# The shortest run of the input that counts as told.
RUN: Final = 6
# A number of more digits may be a person's.
_DIGITS: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
_LINKED: Final = ("__cause__", "__context__")


class FoundError(Exception):
    """
    What the library may not do: an error of another kind, or one that tells.
    """


@contextmanager
def asked(
    *given: str | bytes, allowed: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """
    Judge the error of a block that was given *given*; a documented one passes.

    Args:
        given: All texts and bytes that the library was given.

        allowed: Kinds of errors that are documented here beside ours.

    Raises:
        FoundError: If another error comes, or the error tells of what was given.
    """
    try:
        yield
    except FoundError:
        raise
    except Exception as error:  # noqa: BLE001  # any is judged
        judge(error, *given, allowed=allowed)


def judge(
    error: BaseException,
    *given: str | bytes,
    allowed: tuple[type[Exception], ...] = (),
) -> None:
    """
    Raise unless *error* is documented, and tells nothing of what was given.
    """
    if not isinstance(error, (EckidError, *allowed)):
        raise FoundError(f"expected a documented error, got {type(error).__name__}")
    run = leaked(told_by(error), *given)
    if run is not None:
        raise FoundError(f"{type(error).__name__} tells of the input: {run!r}")


def refused(refusal: Weigering, *given: str | bytes) -> None:
    """
    Raise if the refusal of a row tells of the list it is of.
    """
    run = leaked([refusal.attribuut or "", str(refusal.reden.value)], *given)
    if run is not None:
        raise FoundError(f"Weigering tells of the input: {run!r}")


def told_by(error: BaseException) -> list[str]:
    """
    Return every text that *error* holds, or an error in its chain, suppressed or not.
    """
    chain, told = [error], list[str]()
    for one in chain:
        names = _named(type(one))  # type: ignore[arg-type]  # a class is hashable
        values = [getattr(one, name, None) for name in (*names, *vars(one))]
        values += [one.args, str(one)]
        told += (text for value in values for text in _texts(value))
        for link in _LINKED:
            before = getattr(one, link)
            if before is not None and not any(before is seen for seen in chain):
                chain.append(before)
    return told


@cache
def _named(kind: type[BaseException]) -> tuple[str, ...]:
    """
    Return the names of the attributes that errors of a kind have, slots included.
    """
    return tuple(
        name
        for name in dir(kind)
        if not name.startswith("_") and not callable(getattr(kind, name))
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, bytes | bytearray):
        yield from _spelled(bytes(value))
    elif not (value is None or callable(value) or isinstance(value, Enum | property)):
        yield value if isinstance(value, str) else repr(value)


def _spelled(octets: bytes) -> Iterator[str]:
    """
    Yield the texts that some bytes stand for.
    """
    yield octets.decode("latin-1")
    yield octets.hex()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield octets.decode(encoding, "replace")


def leaked(told: list[str], *given: str | bytes) -> str | None:
    """
    Return a run of what was given that was told; None where there is none.
    """
    texts = [
        text
        for each in given
        for text in (_spelled(each) if isinstance(each, bytes) else (each,))
    ]
    for said in dict.fromkeys(told):
        for run in _foreign(said):
            if any(run in text for text in texts):
                return run
    return None


# A fuzzer meets the same few messages again and again.
@lru_cache(maxsize=4096)
def _foreign(said: str) -> tuple[str, ...]:
    """
    Return the runs of a text that are not the library's own.
    """
    runs = (said[at : at + RUN] for at in range(len(said) - RUN + 1))
    return tuple(run for run in runs if not _is_ours(run))


@lru_cache(maxsize=65536)
def _is_ours(run: str) -> bool:
    own = vocabulary()
    # A message may give an example, such as 2026-2027.
    return run in own or (
        sum(map(str.isdigit, run)) <= _DIGITS
        and all(word in own for word in _WORD.findall(run))
    )


@cache
def vocabulary() -> str:
    """
    Return every text in the source of the library but docstrings, and its sentences.
    """
    found: list[str] = []
    folder = Path(str(resources.files("eckid")))
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        # An example in a docstring may be a number, and is in no message.
        docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        found += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in docs
        ]
        found += [
            node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
        ]
    found += [path.read_text("utf-8") for path in sorted(folder.rglob("zinnen.toml"))]
    return "\n".join(found)
