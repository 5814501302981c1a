"""
The command line: a thin layer over `eckid.exchange`, `eckid.scale` and the register.
"""

import sys
from typing import Never


def main() -> Never:
    """
    Run the command ``eckid``; without the extra ``cli``, say what to install.
    """
    try:
        from eckid.cli.app import run  # noqa: PLC0415  # needs the extra ``cli``
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich"}:
            raise
        sys.stderr.write("eckid: the command line needs: pip install 'eckid[cli]'\n")
        sys.exit(2)
    sys.exit(run(sys.argv[1:]))
