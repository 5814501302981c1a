"""
SoftHSM2: tokens of PKCS#11 in a folder, for tests.
"""

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from needed import needs

try:
    import pkcs11 as pkcs11  # noqa: PLC0414  # handed on
except ImportError:  # other tests are collected beside these without the extra
    pkcs11 = None  # type: ignore[assignment]  # these fail then, and say why

PIN: Final = "87654321"
# That of its security officer first, whom no test needs again.
_PINS: Final = ("--so-pin", "12345678", "--pin", PIN)
_PLACES: Final = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
_NUMBERS: Final = itertools.count()


@cache
def _tools() -> tuple[str, str]:
    """
    Return the program that makes tokens, and the module; their tokens lie in a folder.
    """
    if pkcs11 is None:
        raise RuntimeError("tests of a token need: pip install 'eckid[hsm]'")
    program = needs("softhsm2-util", "softhsm2")
    module = next(place for place in _PLACES if Path(place).exists())
    # SoftHSM waits for the disk at each key; in memory there is none.
    memory = Path("/dev/shm")  # noqa: S108  # the folder is drawn, and this user's only
    where = memory if memory.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="eckid-softhsm-", dir=where))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    # The module reads it when it starts, in this process and in those it starts.
    os.environ["SOFTHSM2_CONF"] = str(conf)
    return program, module


def module() -> str:
    """
    Return the path of SoftHSM's library.
    """
    return _tools()[1]


def new_label() -> str:
    """
    Make a token, and return its label.

    Nobody is logged in anywhere then: the module starts anew, for it sees the tokens
    that were there when it started.
    """
    program, _ = _tools()
    label = f"token {next(_NUMBERS)}"
    subprocess.run(
        [program, "--init-token", "--free", "--label", label, *_PINS],
        check=True,
        capture_output=True,
    )
    stop()
    return label


def stop() -> None:
    """
    Let the module end all that this process has open of it: sessions and logins.
    """
    library = pkcs11.lib(module())
    library.finalize()


def remove(label: str) -> None:
    """
    Take a token away.
    """
    program, _ = _tools()
    stop()
    subprocess.run(
        [program, "--delete-token", "--token", label], check=True, capture_output=True
    )


def session(label: str) -> "pkcs11.Session":
    """
    Return a session of a token that may write, logged in, made without eckid.
    """
    token = pkcs11.lib(module()).get_token(token_label=label)
    try:
        return token.open(user_pin=PIN, rw=True)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(rw=True)


def keys_in(label: str, mark: str) -> "list[pkcs11.Object]":
    """
    Return the keys of a ring in a token, found without eckid.
    """
    kind = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY}
    found = session(label).get_objects(kind)
    return [key for key in found if mark in key[pkcs11.Attribute.LABEL]]
