"""
Run every benchmark, and write a page of what they found.

``python benchmarks/page.py PAGE`` writes it to PAGE; it ends with exit code 1 where
a ratio is out of its bound. ``--beside FOLDER`` runs the benchmarks of another commit
too, in turns with these, five of them or ``--turns``: FOLDER is a clone of it, with an
environment in ``.venv``. A table then has the medians of both.
"""

import argparse
import ast
import os
import platform
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
QUESTIONS = (
    "hashing",
    "guessing",
    "deriving",
    "columns",
    "releasing",
    "tables",
    "registering",
    "growing",
    "service",
    "door",
)
LIBRARIES = ("cryptography", "argon2-cffi", "numba", "numpy", "PyNaCl", "pyarrow")


def machine() -> str:
    """
    Return what the figures were found on.
    """
    processor = platform.processor() or platform.machine()
    told = Path("/proc/cpuinfo")
    if told.exists():
        lines = told.read_text("utf-8").splitlines()
        names = [
            line.partition(":")[2].strip() for line in lines if "model name" in line
        ]
        processor = names[0] if names else processor
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{date.today().isoformat()}; {processor}, {os.cpu_count()} cores; "  # noqa: DTZ011  # the day here
        f"{platform.system()}; Python {platform.python_version()}; {libraries}."
    )


def asked(question: str) -> str:
    """
    Return what a benchmark asks: the first line of it.
    """
    text = (HERE / f"{question}.py").read_text("utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def ask(question: str, *, folder: Path, python: Path) -> tuple[str, bool]:
    """
    Return what a benchmark of a tree found, and whether it held.
    """
    found = []
    with subprocess.Popen(  # noqa: S603  # our own
        [str(python), str(folder / "benchmarks" / f"{question}.py")],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=folder,
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            found.append(line)
    return "".join(found), running.returncode == 0


def alone(question: str) -> tuple[str, bool]:
    """
    Return a part of the page, and whether its benchmark held.
    """
    found, held = ask(question, folder=HERE.parent, python=Path(sys.executable))
    return f"## {asked(question)}\n\n```text\n{found}```\n", held


def figures(found: str) -> Iterator[tuple[str, float]]:
    """
    Yield each line that is one figure: its name, and the figure.
    """
    for name, figure in re.findall(
        r"^ *([^:\n]+): ([0-9.]+)(?: \(|$)", found, re.MULTILINE
    ):
        yield name, float(figure)


def beside(question: str, other: Path, turns: int) -> tuple[str, bool]:
    """
    Return a part of the page with the medians of two trees, run in turns.
    """
    sides = (
        (other, other / ".venv" / "bin" / "python"),
        (HERE.parent, Path(sys.executable)),
    )
    found: dict[str, tuple[list[float], ...]] = defaultdict(lambda: ([], []))
    held, last = True, ""
    for _ in range(turns):
        for side, (folder, python) in enumerate(sides):
            if (folder / "benchmarks" / f"{question}.py").exists():
                last, well = ask(question, folder=folder, python=python)
                held = held and (well or not side)
                for name, figure in figures(last):
                    found[name][side].append(figure)
    rows = [
        f"| {name} | {_median(old)} | {_median(new)} |"
        for name, (old, new) in found.items()
    ]
    table = "\n".join(("| figure | old | new |", "| --- | --- | --- |", *rows))
    return (
        f"## {asked(question)}\n\n{table}\n\nThe last run:\n\n```text\n{last}```\n"
    ), held


def _median(found: list[float]) -> str:
    return f"{median(found):.3g}" if found else ""


def main(given: Iterable[str]) -> int:
    """
    Run them all, one after the other, and write the page.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("--beside", type=Path, metavar="FOLDER")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args(list(given))
    parts, held = [], True
    for question in QUESTIONS:
        print(f"-- {question}", flush=True)
        other = arguments.beside
        turns = arguments.turns
        part, well = (
            alone(question) if other is None else beside(question, other, turns)
        )
        parts.append(part)
        held = held and well
    beside_it = (
        "Old is the commit beside it, new this one: medians of turns in one run, "
        f"{arguments.turns} of each. "
    )
    head = (
        "# What the benchmarks found\n\n"
        f"{machine()}\n\n"
        f"{'' if arguments.beside is None else beside_it}"
        "A shared machine: a ratio travels, a second does not. How to run them "
        "again stands in [README.md](README.md).\n"
    )
    arguments.page.write_text("\n".join([head, *parts]), "utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
