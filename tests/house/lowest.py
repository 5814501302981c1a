"""
Print the lowest versions that pyproject.toml allows, as constraints for pip.

    python tests/house/lowest.py EXTRA

They are those of the runtime dependencies and of the extra, with the extras that it
names. A package may have one floor only: a second one would never be tested.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_FORM = re.compile(r"([A-Za-z0-9._-]+)(?:\[([^]]*)\])?\s*(?:>=\s*([0-9][0-9.]*))?")


def floors(project: Mapping[str, Any], extra: str) -> dict[str, str]:
    """
    Return the floor of each package that is asked for with ``>=``.

    Args:
        project: The table ``project`` of pyproject.toml.

        extra: The name of an extra.

    Raises:
        ValueError: If a package has two floors.
    """
    found: dict[str, str] = {}
    optional = project["optional-dependencies"]
    for name, floor in _asked(
        project["name"], project["dependencies"], optional, extra
    ):
        if found.setdefault(name, floor) != floor:
            raise ValueError(
                f"{name}: expected one floor, got {found[name]} and {floor}"
            )
    return found


def _asked(
    own: str, needed: Sequence[str], optional: Mapping[str, Sequence[str]], extra: str
) -> Iterator[tuple[str, str]]:
    for requirement in (*needed, *optional[extra]):
        match = _FORM.match(requirement)
        if match is None:
            raise ValueError(f"{requirement}: expected a requirement, got another text")
        name, extras, floor = match.groups()
        if name == own:
            for inner in extras.split(","):
                yield from _asked(own, (), optional, inner.strip())
        elif floor is not None:
            yield name.lower().replace("_", "-"), floor


if __name__ == "__main__":
    raw = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    for package, version in sorted(floors(raw["project"], sys.argv[1]).items()):
        print(f"{package}=={version}")
