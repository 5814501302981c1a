"""
One target under atheris: what libFuzzer starts, in a process of its own.

    python tests/fuzz/harness.py on_csv [options of libFuzzer] [folders of inputs]

The library and the target are instrumented while they are imported, so nothing of them
is imported before.
"""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """
    Fuzz the target that is named first; libFuzzer ends the process.
    """
    import atheris  # noqa: PLC0415  # only fuzzing needs it

    # This folder goes: its names are those of a package of tests.
    sys.path[:1] = [str(HERE.parent), str(HERE.parents[1])]
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["eckid", f"fuzz.{name}"]):
        target = import_module(f"fuzz.{name}")
    atheris.Setup(sys.argv, target.once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
