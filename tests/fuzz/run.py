"""
Fuzz every target for some seconds, each from its kept corpus.

    python tests/fuzz/run.py [--seconds 10] [--jobs 1] [--found build/fuzz] [target…]

A target is a file `on_….py` here; its name may be given with or without `on_`. What the
fuzzer meets is thrown away at the end, unless `--grow` keeps it in the corpus. An input
that goes wrong is kept in the folder of `--found`, and its path is printed. Exit code 1
says that there is one.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent
TARGETS: Final = tuple(sorted(path.stem for path in HERE.glob("on_*.py")))
CORPUS: Final = HERE / "corpus"
# One input may take this many seconds, the first with all that it imports; and all
# together this many MiB.
_SLOW: Final = 20
_MEMORY: Final = 2048
_DONE: Final = re.compile(r"Done (\d+) runs")
_UNITS: Final = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


class Result(NamedTuple):
    """
    How often a target was asked, and the inputs that went wrong.
    """

    calls: int
    found: tuple[Path, ...]
    said: str


def fuzz(
    target: str, *, seconds: int, found: Path, grow: bool = False, seed: int = 0
) -> Result:
    """
    Fuzz one target, and return what came of it.

    Args:
        target: The name of its file.

        seconds: For how long.
        seed: What the inputs are drawn from; 0 draws anew each time.

        found: The folder in which an input that goes wrong is kept.

        grow: Whether new inputs go into the kept corpus.
    """
    folder = found / target
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    kept = CORPUS / target
    with tempfile.TemporaryDirectory() as scratch:
        call = [
            *(sys.executable, str(HERE / "harness.py"), target),
            f"-max_total_time={seconds}",
            f"-seed={seed}",
            f"-timeout={_SLOW}",
            f"-rss_limit_mb={_MEMORY}",
            f"-artifact_prefix={folder}/",
            *("-max_len=4096", "-print_final_stats=1", "-verbosity=1"),
            *([str(kept)] if grow else [scratch, str(kept)]),
        ]
        ended = subprocess.run(call, capture_output=True, text=True, check=False)
    said = ended.stdout + ended.stderr
    calls = [int(n) for form in (_DONE, _UNITS) for n in form.findall(said)]
    new = tuple(sorted(set(folder.iterdir()) - before))
    if ended.returncode and not new:
        # It did not begin, or was killed: that is no success either.
        new = (folder / "said.txt",)
        new[0].write_text(said, "utf-8")
    return Result(max(calls, default=0), new, said)


def _name(text: str) -> str:
    name = text if text.startswith("on_") else f"on_{text}"
    if name not in TARGETS:
        raise argparse.ArgumentTypeError(f"expected one of {' '.join(TARGETS)}")
    return name


def main() -> int:
    """
    Fuzz the targets that are named, or all; return 1 if an input went wrong.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", type=_name, metavar="target")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--found", type=Path, default=Path("build", "fuzz"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--grow", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    total, wrong = 0, 0
    ask = partial(
        fuzz,
        seconds=given.seconds,
        found=given.found,
        grow=given.grow,
        seed=given.seed,
    )
    targets = given.targets or TARGETS
    with ThreadPoolExecutor(given.jobs) as pool:
        for target, result in zip(targets, pool.map(ask, targets), strict=True):
            total += result.calls
            wrong += len(result.found)
            print(
                f"{target:16} {result.calls:10,} calls, {len(result.found)} wrong",
                flush=True,
            )
            for path in result.found:
                print(f"  kept: {path}")
            if result.found:
                print(result.said[-4000:])
    print(f"{'all':16} {total:10,} calls, {wrong} wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
