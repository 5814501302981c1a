"""
Programs that tests need and pip does not bring: installed where they are missing.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path


def needs(program: str, package: str) -> str:
    """
    Return the path of a program, which a package of Debian or Ubuntu brings.

    Where it is missing it is installed, as root or by a sudo that asks nothing; once,
    whoever else needs one at the same time.

    Raises:
        RuntimeError: If it cannot be installed; it says what to install.
    """
    with (Path(tempfile.gettempdir()) / "eckid-tests-needs.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shutil.which(program) is None:
            _install(package)
        found = shutil.which(program)
    if found is None:
        raise RuntimeError(
            f"tests need the program {program}, which is not here and could not be "
            f"installed: apt-get install {package}, or what your system has instead"
        )
    return found


def _install(package: str) -> None:
    if shutil.which("apt-get") is None:
        return
    by = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if by and shutil.which("sudo") is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", package]):
        # What it does not bring is told by who asked.
        subprocess.run(
            [*by, "apt-get", *command], env=quiet, check=False, capture_output=True
        )
