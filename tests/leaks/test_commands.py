"""
No person and no secret on the terminal, and none in a file that is about nobody.
"""

import io
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from leaking import (
    KETENID,
    NUMBER,
    PERSON,
    ROEPNAAM,
    SECRETS,
    leaks,
    left_in,
    standing,
)
from leaks.cli import ROWS, lay_out, subcommands
from walking import BYTES, HALF, UNDECODED

from eckid.cli.app import app, run
from eckid.exchange.formats.edexml import NAMESPACE


def _parquet() -> bytes:
    file = io.BytesIO()
    names = ["BSN", "roepnaam", NUMBER, NUMBER]
    pq.write_table(pa.table([UNDECODED] * 4, names=names), file)
    return file.getvalue()


# What may stand in a file that is given to a command, and how such a file is called.
ODD: Final[Mapping[str, bytes]] = {
    "csv": b"BSN;Roepnaam;eckid;key;hpgn-verzegeld;oud;nieuw\n" + BYTES + b";x;;;;;\n",
    "tsv": f"BSN\teckid\n{NUMBER}\0\t{KETENID.uri}\n".encode(),
    "txt": b"",
    "xml": f'<leerlinggegevens xmlns="{NAMESPACE}"><bsn>{NUMBER}&x;'.encode(),
    "json": json.dumps(
        [
            {"userMasterIdentifier": KETENID.uri, "givenName": HALF, "familyName": "x"},
            {"bsn": NUMBER, "beleid": {"naam": ROEPNAAM}},
        ]
    ).encode(),
    "parquet": _parquet(),
    "toml": f'naam = "{NUMBER}"\n[[regel]]\n"{ROEPNAAM}" = [{NUMBER}]\n'.encode(),
    "bin": b"[" * 20_000 + BYTES,
    "reg": b"SQLite format 3\0" + BYTES * 50,
    "ring": b"eckidbos\0\1" + BYTES * 20,
}


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


def _given(line: str, folder: Path) -> Iterator[int]:
    for n, word in enumerate(line.split()):
        if (folder / word).is_file():
            yield n


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("name", sorted(ROWS))
def test_no_odd_file_brings_out_a_fault_or_a_value(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """
    Whatever stands in a file that a command reads, it says so, and ends as it should.
    """
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    lay_out(tmp_path)
    before = standing(tmp_path)
    words = [*name.split(), *ROWS[name].does.split()]
    for n in _given(" ".join(words), tmp_path):
        for suffix, octets in ODD.items():
            odd = tmp_path / f"odd.{suffix}"
            odd.write_bytes(octets)
            code = run([*words[:n], odd.name, *words[n + 1 :]])
            assert code in {0, 1, 2, 3}, (words[n], suffix)
            for path in standing(tmp_path).keys() - before.keys():
                path.unlink()
    told = (caplog.text, *capfd.readouterr())
    assert leaks([text.encode() for text in told], SECRETS, PERSON) == []


@pytest.mark.parametrize(
    "words",
    [
        ["release", "list.csv", "--sector", NUMBER],
        ["explain", "list.csv", "--row", NUMBER[1:] + "x"],
        ["explain", "list.csv", f"--row={NUMBER}x"],
        ["derive", "list.csv", "--on", NUMBER],
        ["policy", "list", NUMBER],
        ["policy", NUMBER],
        [NUMBER],
        ["check", "list.csv", f"--{NUMBER}"],
        ["check", "list.csv", f"--from={ROEPNAAM}"],
        ["explain", "list.csv", "--row", f"-{NUMBER}"],
    ],
    ids=" ".join,
)
def test_a_word_that_is_not_understood_is_not_repeated(
    words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """
    A number may stand where a word should; the terminal may be copied into a report.
    """
    assert run(words) == 2
    told = capfd.readouterr()
    assert leaks([text.encode() for text in told], SECRETS, PERSON) == []
    assert "Error: " in told.err


def test_what_is_meant_is_still_told(capfd: pytest.CaptureFixture[str]) -> None:
    """
    Without the word that was typed, a message still says which option, and what fits.
    """
    assert run(["explain", "x.csv", "--doel", "kijken", "--ontvanger", "school"]) == 2
    told = capfd.readouterr().err
    assert "'--doel'" in told
    assert "'bestellen'" in told
    assert "kijken" not in told
