"""
Run every benchmark, and write a page of what they found.

``python benchmarks/page.py PAGE`` writes it to PAGE; it ends with exit code 1 where
a ratio is out of its bound.
"""

import ast
import os
import platform
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
QUESTIONS = (
    "hashing",
    "guessing",
    "deriving",
    "columns",
    "releasing",
    "tables",
    "registering",
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


def ask(question: str) -> tuple[str, bool]:
    """
    Return what a benchmark found, as a part of the page, and whether it held.
    """
    file = HERE / f"{question}.py"
    asked = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    found = []
    with subprocess.Popen(  # noqa: S603  # our own
        [sys.executable, str(file)], stdout=subprocess.PIPE, encoding="utf-8"
    ) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            found.append(line)
    title = asked.partition("\n")[0]
    part = f"## {title}\n\n```text\n{''.join(found)}```\n"
    return part, running.returncode == 0


def main(page: Path) -> int:
    """
    Run them all, one after the other, and write the page.
    """
    parts, held = [], True
    for question in QUESTIONS:
        print(f"-- {question}", flush=True)
        part, well = ask(question)
        parts.append(part)
        held = held and well
    head = (
        "# What the benchmarks found\n\n"
        f"{machine()}\n\n"
        "A shared machine: a ratio travels, a second does not. How to run them "
        "again stands in [README.md](README.md).\n"
    )
    page.write_text("\n".join([head, *parts]), "utf-8")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
