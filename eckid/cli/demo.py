"""
eckid demo: the whole chain, shown with a made-up group of a primary school.
"""

import csv
import io
import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from importlib import resources
from itertools import count, islice
from pathlib import Path
from typing import Final

import click

from eckid import (
    LEERMIDDELENKETEN,
    Attribuutbeleid,
    Doel,
    Hasher,
    KetenID,
    Ontvanger,
    Sector,
    Sleutelbos,
    Vrijgave,
    elfproef,
)
from eckid._core.whole import whole
from eckid.cli import show
from eckid.exchange import (
    Geheugen,
    Herkenning,
    Rij,
    Ringbron,
    Roster,
    Run,
    Weigering,
    look,
    release_list,
    release_to,
)
from eckid.policy import Regel

_TEACHERS: Final = (
    ("99XX juf.anouk@school.example", "Anouk", "", "Postma"),
    ("99XX meester.karim@school.example", "Karim", "", "Bensaïd"),
)
_HEADINGS: Final = (
    "BSN",
    "Roepnaam",
    "Tussenvoegsel",
    "Achternaam",
    "Geboortedatum",
    "Geslacht",
    "Groep",
    "Leerlingnummer",
)
LIST: Final = "groep-6a.csv"
RING: Final = "school.ring"
PASSPHRASE: Final = "demo-alone.passphrase"  # noqa: S105  # the name of a file

# The demo's releases have a fixed day, so that the ages in them stay the same.
_DAY: Final = date(2026, 11, 24)
_RECIPIENTS: Final = (
    (Ontvanger.UITGEVER, Doel.GEBRUIK),
    (Ontvanger.SOFTWARELEVERANCIER, Doel.GENORMEERDE_TOETS),
)


def _numbers() -> Iterator[str]:
    # Numbers that pass the elfproef, from the range 9999….. that is not issued to
    # people. The public test persons of the BRP have numbers from it too.
    every = (str(999_900_000 + 37 * n) for n in count())
    return (number for number in every if elfproef(number) == 0)


def _class_list() -> bytes:
    """
    Return the list as a school would export it: semicolons, Windows-1252, damage.
    """
    # Made-up pupils. Two of them share a first name and the first letter of the
    # surname.
    file = resources.files("eckid.cli").joinpath("demo.csv")
    _, *made_up = csv.reader(file.read_text("utf-8").splitlines(), delimiter=";")
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(_HEADINGS)
    numbers = list(islice(_numbers(), len(made_up)))
    pupils = [
        [number, *pupil, "6a", str(4000 + n)]
        for n, (number, pupil) in enumerate(zip(numbers, made_up, strict=True))
    ]
    twice = list(pupils[6])
    # Two numbers as a spreadsheet damages them: a decimal, and scientific notation.
    pupils[4][0] = f"{numbers[4]},0"
    pupils[9][0] = f"{numbers[9][0]},{numbers[9][1:]}E+08"
    rows.writerows(pupils)
    # One pupil is in the list twice; the second row is refused.
    rows.writerow(twice)
    for stand_in, roepnaam, voorvoegsel, achternaam in _TEACHERS:
        rows.writerow([stand_in, roepnaam, voorvoegsel, achternaam, "", "", "6a", ""])
    return text.getvalue().encode("cp1252")


def run_demo(out: Path) -> None:
    """
    Make the folder *out* with the list, ring and releases, and print the results.

    Raises:
        FileExistsError: If *out* exists.
        OSError: If the disk refuses; no half folder is left then.
    """
    if out.exists():
        raise FileExistsError(f"{out}: expected no such folder, got one")
    draft = out.with_name(f".{out.name}.{secrets.token_hex(6)}")
    draft.mkdir(mode=0o700)
    try:
        runs, shown = _fill(draft)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for run in runs:
        show.say(f"For {run.report.about['ontvanger']}, {run.report.about['doel']}:")
        show.counts(run.report)
    _show_pupil(*shown)
    _show_files(out, runs)


def _fill(folder: Path) -> tuple[list[Run], tuple[Rij, list[Vrijgave]]]:
    """
    Write list, ring and releases; return the runs, and one pupil with its releases.
    """
    _write(folder / LIST, _class_list())
    words = secrets.token_urlsafe(24)
    _write(folder / PASSPHRASE, f"{words}\n".encode("ascii"))
    ring = Sleutelbos.generate(release="2026")
    ring.save(folder / RING, passphrase=words)

    roster = Roster(look(folder / LIST))
    beleid = Attribuutbeleid.load("leermiddelenketen")
    bron = Ringbron(ring, keten=LEERMIDDELENKETEN, sector=Sector.PO)
    label = "hashing, once for all recipients"
    with (
        Hasher(salt=ring.salt) as hasher,
        show.progress(label, len(roster)) as progress,
    ):
        who = Herkenning(bron=bron, hasher=hasher, bewaard=Geheugen())
        runs: list[Run] = []
        vrijgaven: list[Vrijgave | Weigering] = []
        pupil = next(r for r in roster if isinstance(r, Rij) and r.herstel is not None)
        for ontvanger, doel in _RECIPIENTS:
            to = beleid.voor(doel=doel, ontvanger=ontvanger, on=_DAY, toetsdag=_DAY)
            out = folder / f"{ontvanger.value}.csv"
            # The first release hashes; what comes after is done at once.
            runs.append(release_to(out, roster, who=who, to=to, progress=progress))
            vrijgaven += release_list([pupil], who=who, to=to)
    return runs, (pupil, [v for v in vrijgaven if isinstance(v, Vrijgave)])


def _write(path: Path, octets: bytes) -> None:
    with whole(path) as (file,):
        file.write(octets)


def _show_pupil(pupil: Rij, vrijgaven: list[Vrijgave]) -> None:
    names = ["eckid", *pupil.attributen]
    rows = [
        (
            name,
            _school(name, pupil),
            *(_given(name, v) for v in vrijgaven),
            " / ".join(dict.fromkeys(_why(name, v) for v in vrijgaven)),
        )
        for name in names
    ]
    columns = (f"{o.value}:\n{d.value}" for o, d in _RECIPIENTS)
    title = f"One pupil, record {pupil.record} of the list"
    show.table(title, ("attribuut", "the school", *columns, "why"), rows)


def _school(name: str, pupil: Rij) -> str:
    if name == pupil.kolom:
        return repr(pupil.pgn)
    return pupil.attributen.get(name, "")


def _rule(name: str, vrijgave: Vrijgave) -> Regel | None:
    return next((r for r in vrijgave.regels.values() if r.attribuut == name), None)


def _given(name: str, vrijgave: Vrijgave) -> str:
    regel = _rule(name, vrijgave)
    if regel is None:
        return "withheld"
    value = vrijgave.released[regel.naam]
    if isinstance(value, KetenID):
        return f"…{value.hex[-6:]}"
    return value if regel.naam == name else f"{value}, {regel.naam}"


def _why(name: str, vrijgave: Vrijgave) -> str:
    regel = _rule(name, vrijgave)
    return vrijgave.withheld[name].en if regel is None else regel.motivation


def _show_files(out: Path, runs: list[Run]) -> None:
    show.say(f"In {out}:")
    for name, what in (
        (LIST, "the class list, as a school exports it"),
        (RING, "the sealed ring of keys"),
        (PASSPHRASE, "its passphrase; a file like this is for the demo alone"),
        *((run.files.main.name, "a release") for run in runs),
        *((run.files.receipt.name, "its receipt, which may travel") for run in runs),
        *((run.files.refused.name, "the rows refused, without values") for run in runs),
        *((run.files.report.name, "its report, in numbers") for run in runs),
    ):
        show.say(f"  {name:40} {what}")
    ontvanger, doel = _RECIPIENTS[0]
    show.say("Why does this recipient get this? For any row:")
    show.say(
        f"  eckid explain {out / LIST} --row 1 "
        f"--beleid leermiddelenketen --doel {doel.value} --ontvanger {ontvanger.value}"
    )


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("eckid-demo"),
    show_default=True,
    help="The folder to make; an existing folder is left alone.",
)
def demo(out: Path) -> int:
    """
    Show the whole chain with a made-up group, in a new folder.

    It asks nothing, takes under a minute, and hashes as the national scheme
    does. The numbers are from a range that is not issued to people.

    It makes a class list and a ring of keys, writes a release for two recipients,
    and prints what each gets of one pupil and why. Look at the files, and then
    run "eckid init" for a ring of your own.
    """
    run_demo(out)
    return 0
