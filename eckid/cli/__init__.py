"""
The command line: a thin layer over `eckid.exchange`, `eckid.scale` and the register.
"""

import sys
from importlib.util import find_spec
from typing import Never


def main() -> Never:
    """
    Run the command ``eckid``; without the extra ``cli``, say what to install.
    """
    # The second is imported when something is drawn; its absence is said at once.
    if not all(map(find_spec, ("click", "rich"))):
        sys.stderr.write("eckid: the command line needs: pip install 'eckid[cli]'\n")
        sys.exit(2)
    from eckid.cli.app import run  # noqa: PLC0415  # needs the extra ``cli``

    sys.exit(run(sys.argv[1:]))
