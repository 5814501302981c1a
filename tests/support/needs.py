"""
Programs of the system that a test needs: found, or installed where that can be done.
"""

import os
import shutil
import subprocess


def needs(program: str, package: str) -> str:
    """
    Return the path of *program*; as root it is installed from Debian's *package*.

    Raises:
        RuntimeError: If it is not there and cannot be installed here. No test is
            skipped for it.
    """
    found = shutil.which(program)
    apt = shutil.which("apt-get")
    if found is None and apt is not None and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for what in (("update",), ("install", "--yes", package)):
            subprocess.run([apt, "--quiet", *what], env=quiet, check=True)
        found = shutil.which(program)
    if found is None:
        raise RuntimeError(f"{program}: expected it to be there; install {package}")
    return found
