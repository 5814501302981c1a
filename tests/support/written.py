"""
The CSV files that we write, as a test reads them.
"""

import csv
import io
import re
from pathlib import Path
from typing import Final

_QUOTED: Final = re.compile(r'(?:"(?:[^"]|"")*"(?:;"(?:[^"]|"")*")*\r\n)*')


def plain(path: Path) -> str:
    """
    Return a file of ours with the cells of each row bare, and a semicolon between.

    Each cell must be quoted: in another country another sign ends a cell.
    """
    text = path.read_bytes().decode("utf-8")
    assert _QUOTED.fullmatch(text), f"{path.name}: a cell is not quoted"
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    return "\n".join(map(";".join, rows))
