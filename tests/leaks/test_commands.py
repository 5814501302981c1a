"""
No person and no secret on the terminal, and none in a file that is about nobody.
"""

import logging
from pathlib import Path

import pytest
from leaking import PERSON, SECRETS, leaks, left_in, standing
from leaks.cli import ROWS, lay_out, subcommands

from eckid.cli.app import app, run


def test_every_subcommand_has_a_row() -> None:
    """
    A subcommand without a row fails, at whatever depth it stands.
    """
    assert sorted(ROWS) == sorted(subcommands(app))


# So an HPgn that a command makes is the one that is looked for.
@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("name", sorted(ROWS))
def test_no_command_shows_a_secret(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    Neither the terminal, the log nor a file shows one, done or refused.
    """
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    lay_out(tmp_path)
    before = standing(tmp_path)
    row = ROWS[name]
    codes = [run([*name.split(), *line.split()]) for line in (row.does, *row.refuses)]
    assert codes[0] in {0, 1}
    assert not {0, 4} & set(codes[1:])
    told = (caplog.text, *capfd.readouterr())
    assert leaks([text.encode() for text in told], SECRETS, PERSON) == []
    for octets, is_personal in left_in(tmp_path, before):
        assert leaks([octets], SECRETS) == []
        assert is_personal or leaks([octets], PERSON) == []
