"""
The command line: a thin layer over `eckid.exchange`.
"""

import sys
from typing import Never


def main() -> Never:
    """
    Run the command ``eckid``, or say what to install for it.
    """
    try:
        from eckid.cli.app import run  # noqa: PLC0415  # needs the extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich"}:
            raise
        sys.stderr.write("eckid: the command line needs: pip install 'eckid[cli]'\n")
        sys.exit(2)
    sys.exit(run(sys.argv[1:]))
