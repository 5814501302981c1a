"""
No person and no secret in an error, a repr, a pickle, a log, a file or a terminal.

Beside this stands a table for each package, with a row for each public name; a name
without a row fails. `leaking` has what is looked for, and by which ways; `test_walk`
gives each argument of each name what is foreign.
"""

import logging
from pathlib import Path

import pytest
from leaking import (
    CLASS,
    HPGN,
    KETENID,
    PERSON,
    PGN,
    RING,
    SALT,
    SECRETS,
    SLEUTEL,
    STAM,
    flat,
    is_ours,
    leaks,
    left_in,
    shown,
    standing,
    told_by,
    told_in,
    written,
)
from leaks.tables import ROWS, public


@pytest.fixture(autouse=True)
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Path, bytes]:
    """
    What a row writes goes into a folder of its own; return what stands there.
    """
    (tmp_path / "README.md").write_text(CLASS)
    monkeypatch.chdir(tmp_path)
    return standing(tmp_path)


def test_every_public_name_has_a_row() -> None:
    """
    A name without a row fails, and so do a row without a name and a second row.
    """
    names = [name.partition(".")[2] for name in ROWS]
    assert sorted(names) == sorted({name for name, _ in public()})


def test_a_name_means_one_thing() -> None:
    """
    What two packages call by one name is the same, so that one row stands for both.
    """
    meant: dict[str, object] = {}
    for name, value in public():
        assert meant.setdefault(name, value) is value, name


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_is_called_rightly_shows_no_secret(
    name: str,
    tmp_path: Path,
    before: dict[Path, bytes],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    A value shows nothing by any way but expose, and leaves nothing in a log or file.
    """
    caplog.set_level(logging.DEBUG)
    for value in flat(ROWS[name].right()):
        assert leaks(told_by(shown(value)), SECRETS) == []
        assert leaks(told_by(written(value)), SECRETS) == []
        if is_ours(value):
            assert leaks(told_by(shown(value)), PERSON) == []
    _is_silent(caplog, capfd)
    for octets, is_personal in left_in(tmp_path, before):
        assert leaks([octets], SECRETS) == []
        assert is_personal or leaks([octets], PERSON) == []


@pytest.mark.parametrize("name", sorted(n for n in ROWS if ROWS[n].wrong))
def test_what_is_called_wrongly_shows_no_secret(
    name: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """
    It raises, and neither the error nor what it came of holds the secret or the person.
    """
    caplog.set_level(logging.DEBUG)
    for call in ROWS[name].wrong:
        with pytest.raises(Exception) as caught:  # noqa: PT011  # any, but silent
            call()
        assert leaks(told_in(caught.value), SECRETS, PERSON) == []
    _is_silent(caplog, capfd)


def _is_silent(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    told = (caplog.text, *capfd.readouterr())
    assert leaks([text.encode() for text in told], SECRETS, PERSON) == []


@pytest.mark.parametrize("secret", [PGN, HPGN, STAM, SALT, SLEUTEL, RING])
def test_the_check_itself_finds_a_secret(secret: object) -> None:
    """
    Were a secret shown, as text or as bytes, the table would see it.
    """
    octets = secret._octets  # type: ignore[attr-defined]  # what is hidden
    if secret is RING:
        octets = RING._ring.roots["stam"]
    assert leaks([b"before", octets, b"after"], SECRETS)


class _Chatty:
    """
    Shows a ketenID whole.
    """

    def __repr__(self) -> str:
        return KETENID.uri


def _from(error: Exception, cause: Exception | None) -> Exception:
    error.__cause__ = cause
    return error


def test_the_check_itself_finds_a_person() -> None:
    """
    Were a person's value shown, or held by an error behind another, it would be seen.
    """
    assert leaks(told_by(shown(_Chatty())), PERSON)
    inner = ValueError("x")
    inner.add_note(KETENID.hex)
    for error in (inner, _from(KeyError("y"), inner), _from(OSError(), _Carries())):
        assert leaks(told_in(error), PERSON)


class _Carries(Exception):  # noqa: N818  # of a test alone
    def __init__(self) -> None:
        super().__init__("z")
        self.what = KETENID.uri
