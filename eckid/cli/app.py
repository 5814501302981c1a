"""
The commands. Each parses, calls one function of `eckid.exchange`, and prints.
"""

import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from eckid import (
    Attribuutbeleid,
    Doel,
    EckidError,
    Keten,
    Ontvanger,
    Salt,
    Scheme,
    Sector,
    Sleutelbos,
    __version__,
)
from eckid.cli import options, show
from eckid.cli.demo import run_demo
from eckid.cli.runs import Run, derive_to, hash_to, release_to
from eckid.exchange import Received, Report, Roster, Weigering, without_shown_numbers
from eckid.exchange.roster import has_numbers

_EXIT = """
\b
Exit codes:
  0    all of it went well
  1    done, but rows were refused; they are listed with their reason
  2    the command was not understood
  3    refused as a whole; nothing was written
  4    a fault in eckid; nothing was written
  130  interrupted; nothing was written
"""

_EXAMPLE = """
\b
Example:
  eckid release groep-6a.csv --ring school.ring --passphrase-file secret \\
    --sector po --beleid edu-k --doel gebruik --ontvanger uitgever \\
    --out uitgever.csv
"""


@click.group(epilog=_EXIT, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="eckid")
def app() -> None:
    """
    From a class list to what each recipient may see.

    Start with "eckid demo". With a list of your own: "eckid init" makes a ring
    of keys, "eckid check" says what is wrong with the list, "eckid explain"
    what a recipient would get of one pupil and why, "eckid release" writes it.

    Nothing that is printed or written as a release or report holds a PGN, an
    HPgn, a stampseudoniem or a key.
    """


@app.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("eckid-demo"),
    show_default=True,
    help="The folder to make; one that stands there is left alone.",
)
def demo(out: Path) -> int:
    """
    Show the whole chain on a made-up group, in a new folder.

    It asks nothing, takes under a minute, and hashes as the national scheme
    does. The numbers are of a range that is not issued to people.
    """
    run_demo(out)
    return 0


@app.command()
@options.RING
@click.option(
    "--release", required=True, metavar="NAME", help="Its first release, such as 2026."
)
@click.option(
    "--salt-file",
    type=options.PATH,
    help="File with the salt of the environment, base64. Without it one is drawn.",
)
@click.option(
    "--namespace",
    default="https://eckid.invalid",
    show_default=True,
    metavar="URL",
    help="What its identifiers begin with: https:// and a host of your own.",
)
@options.PASSPHRASE
def init(
    ring: Path,
    release: str,
    salt_file: Path | None,
    namespace: str,
    passphrase_env: str | None,
    passphrase_file: Path | None,
) -> int:
    """
    Make a ring of keys, in a sealed file.

    Keep the file and its passphrase apart, and both safe: without them no
    ketenID can be derived again, and with them every one can be.
    """
    if ring.exists():
        # A ring that is lost cannot be made again, so none is ever replaced.
        raise FileExistsError(f"{ring.name}: expected no such file, got one")
    salt = None
    if salt_file is not None:
        salt = Salt.from_base64(salt_file.read_text("ascii", "replace").strip())
    made = Sleutelbos.generate(release=release, salt=salt, namespace=namespace)
    words = options.passphrase(passphrase_env, passphrase_file, again=True)
    made.save(ring, passphrase=words)
    show.say(f"ring made: {ring}")
    show.say(f"  namespace   {made.namespace}")
    show.say(f"  release     {release}")
    show.say(f"  public key  {made.public_key.hex()}")
    if salt is None:
        show.say("  salt        drawn: these HPgns are not those of the service")
    else:
        show.say("  salt        that of the environment")
    _say_rehearsal(made)
    return 0


@app.command()
@options.LIST
@options.HEADING
@click.option(
    "--namespace", metavar="URL", help="Namespace that received ketenIDs must have."
)
def check(source: Path, headings: dict[str, str], namespace: str | None) -> int:
    """
    Say what is wrong with LIST; needs no ring and writes nothing.

    Of a class list it says which rows "eckid release" would refuse; of a file
    that a recipient got, which ketenIDs are none. LIST may be - for standard
    input.
    """
    table = options.table_of(source, headings)
    rows = (
        without_shown_numbers(Roster(table))
        if has_numbers(table)
        else Received(table).ketenids(namespace=namespace)
    )
    report = Report({})
    refused = [
        row
        for row in report.writing(report.reading(rows))
        if isinstance(row, Weigering)
    ]
    kind = "class list" if has_numbers(table) else "received file"
    encoding = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}[table.encoding]
    show.say(f"{kind}, {encoding}, columns: {', '.join(table.columns)}")
    if refused:
        show.refusals(refused)
    show.counts(report)
    return 1 if refused else 0


@app.command("hash")
@options.LIST
@options.RING
@options.PASSPHRASE
@options.SCHEME
@options.OUT
@options.FORCE
@options.HEADING
def hash_(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    scheme: Scheme,
    out: Path,
    force: bool,
    headings: dict[str, str],
) -> int:
    """
    Hash the numbers of LIST once; keep each HPgn sealed under its person key.

    The result has the administration's own key (LAS-key or leerlingnummer) and
    the sealed HPgn, which only the same ring opens, for the same key.
    """
    keys = options.load_ring(ring, passphrase_env, passphrase_file)
    roster = Roster(options.table_of(source, headings))
    run = hash_to(out, roster, ring=keys, scheme=scheme, replace=force)
    return _done(run, keys)


@app.command()
@options.LIST
@options.RING
@options.PASSPHRASE
@options.SECTOR
@options.KETEN
@click.option("--release", metavar="NAME", help="Release of the ring; else the newest.")
@options.OUT
@options.FORCE
def derive(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    sector: Sector,
    keten: Keten,
    release: str | None,
    out: Path,
    force: bool,
) -> int:
    """
    Derive ketenIDs from LIST, a file of "eckid hash"; no number is needed.

    The result has person key and ketenID.
    """
    keys = options.load_ring(ring, passphrase_env, passphrase_file)
    table = options.table_of(source, {})
    run = derive_to(
        out,
        table,
        ring=keys,
        keten=keten,
        sector=sector,
        release=release,
        replace=force,
    )
    return _done(run, keys)


@app.command(epilog=_EXAMPLE)
@options.LIST
@options.RING
@options.PASSPHRASE
@options.SECTOR
@options.KETEN
@options.POLICY
@options.SCHEME
@options.OUT
@options.FORCE
@options.HEADING
def release(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    sector: Sector,
    keten: Keten,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None,
    scheme: Scheme,
    out: Path,
    force: bool,
    headings: dict[str, str],
) -> int:
    """
    Write what one recipient may see of the class list LIST.

    Hashes (a second or two a pupil), derives, filters; writes the release, the
    refused rows beside it (no values) and a report in numbers. LIST may be -
    for standard input.
    """
    keys = options.load_ring(ring, passphrase_env, passphrase_file)
    run = release_to(
        out,
        Roster(options.table_of(source, headings)),
        ring=keys,
        keten=keten,
        sector=sector,
        beleid=beleid,
        doel=doel,
        ontvanger=ontvanger,
        rol=rol,
        scheme=scheme,
        replace=force,
    )
    return _done(run, keys)


@app.command()
@options.LIST
@click.option(
    "--record",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which row of data, from 1.",
)
@options.POLICY
@click.option("--nl", "dutch", is_flag=True, help="Give the reasons in Dutch.")
@options.HEADING
def explain(
    source: Path,
    record: int,
    beleid: Attribuutbeleid,
    doel: Doel,
    ontvanger: Ontvanger,
    rol: str | None,
    dutch: bool,
    headings: dict[str, str],
) -> int:
    """
    Say which attributes of one row of LIST would go, by which rule, and why.

    Needs no ring, and shows names of attributes and no values.
    """
    roster = Roster(options.table_of(source, headings))
    row = next((row for row in roster if row.record == record), None)
    if row is None:
        raise click.UsageError(f"--record: expected at most {len(roster)}")
    if isinstance(row, Weigering):
        show.refusals([row])
        return 1
    show.say(f"{beleid.naam} {beleid.versie}: {beleid.status}")
    show.decisions(
        beleid.explain(
            ("eckid", *row.attributen), doel=doel, ontvanger=ontvanger, rol=rol
        ),
        dutch=dutch,
    )
    return 0


def _done(run: Run, ring: Sleutelbos) -> int:
    show.counts(run.report)
    show.say(f"written: {run.files.main}")
    show.say(f"  refused rows  {run.files.refused}")
    show.say(f"  report        {run.files.report}")
    _say_rehearsal(ring)
    return 1 if run.report.refused else 0


def _say_rehearsal(ring: Sleutelbos) -> None:
    if ring.rehearsal:
        show.say(
            "REHEARSAL: once written, these ketenIDs cannot be told from the pilot's"
        )


def run(arguments: Sequence[str]) -> int:
    """
    Run the command line, and return its exit code.
    """
    try:
        code: int = app.main(list(arguments), "eckid", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return 2
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # said by _fault
        code, line = _fault(error)
        show.warn(f"eckid: {line}")
    return code


def _fault(error: BaseException) -> tuple[int, str]:
    """
    Return the exit code of *error*, and what to say of it.
    """
    match error:
        case click.Abort() | KeyboardInterrupt():
            return 130, "interrupted; nothing was written"
        case FileExistsError():
            return 3, f"{error}; name another, or see --force where --help has it"
        case OSError(strerror=str(what)):
            return 3, f"{error.filename}: {what}"
        case EckidError() | OSError():
            return 3, str(error)
    # Its text may hold what it met; where it came from does not.
    *_, place = traceback.extract_tb(error.__traceback__)
    kind = type(error).__name__
    return 4, (
        f"{kind} in {place.name}, line {place.lineno}; nothing was written. "
        "Please report this line."
    )
