"""
What the tests of the command line share.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import strategies as our
from commands import PASSPHRASE, Done

from eckid.cli.app import run


@pytest.fixture
def eckid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """
    Run a command in a folder with the ring of these tests.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    our.RING.save(tmp_path / "ring", passphrase=PASSPHRASE)
    (tmp_path / "secret").write_text(PASSPHRASE)

    def command(*arguments: str) -> Done:
        code = run(arguments)
        return Done(code, *capfd.readouterr())

    return command
