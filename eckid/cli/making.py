"""
The commands that make something: demo, init, hash, derive.
"""

from datetime import date
from pathlib import Path

import click

from eckid import (
    Keten,
    Salt,
    Scheme,
    Sector,
    Sleutelbos,
)
from eckid.cli import inputs, keeping, options, show
from eckid.cli.demo import run_demo
from eckid.cli.runs import finish, say_rehearsal, writing
from eckid.cli.runs import keeping as keeping_
from eckid.exchange import Roster
from eckid.scale.lists import derive_to, hash_to


@click.command()
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


@click.command()
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
    if ring.exists():  # said before a passphrase is asked for
        raise FileExistsError(f"{ring}: expected no such file, got one")
    salt = None
    if salt_file is not None:
        salt = Salt.from_base64(salt_file.read_text("ascii", "replace").strip())
    made = Sleutelbos.generate(release=release, salt=salt, namespace=namespace)
    words = inputs.passphrase(passphrase_env, passphrase_file, again=True)
    # A ring that is lost cannot be made again, so none is ever replaced.
    made.save(ring, passphrase=words, replace=False)
    show.say(f"ring made: {ring}")
    show.say(f"  namespace   {made.namespace}")
    show.say(f"  release     {release}")
    if salt is None:
        show.say("  salt        drawn: these HPgns are not those of the service")
    else:
        show.say("  salt        that of the environment")
    say_rehearsal(made)
    return 0


@click.command("hash")
@options.LIST
@options.RING
@options.PASSPHRASE
@options.SCHEME
@options.WORKERS
@options.MEMORY
@options.OUT
@options.FORCE
@options.HEADING
@options.FROM
def hash_(
    source: Path,
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    scheme: Scheme,
    workers: int | None,
    memory: int | None,
    out: Path,
    force: bool,
    headings: dict[str, str],
    from_: str | None,
) -> int:
    """
    Hash the numbers of LIST once; keep each HPgn sealed under its person key.

    The result has the administration's own key (LAS-key or leerlingnummer) and
    the sealed HPgn, which only the same ring opens, for the same key.

    A list of any size, as CSV or Parquet: beside the result it keeps a journal,
    sealed, until the result stands. Interrupted, the same command goes on.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with writing(out, ring=keys, force=force):
        roster = Roster(options.table_of(source, headings, from_))
        with (
            keeping_(
                out,
                source,
                ring=keys,
                scheme=scheme,
                headings=headings,
                format=from_,
            ) as keeps,
            show.progress("hashing", len(roster)) as progress,
        ):
            run = hash_to(
                out,
                roster,
                ring=keys,
                scheme=scheme,
                keeps=keeps,
                workers=workers,
                memory=memory,
                progress=progress,
                replace=force,
            )
    return finish(run, keys)


@click.command()
@options.LIST
@options.RING
@options.PASSPHRASE
@options.SECTOR
@options.KETEN
@click.option("--release", metavar="NAME", help="Release of the ring; else the newest.")
@keeping.SUBSTITUTIONS
@options.ON
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
    substitutions: Path | None,
    on: date,
    out: Path,
    force: bool,
) -> int:
    """
    Derive ketenIDs from LIST, a file of "eckid hash"; no number is needed.

    The result has person key and ketenID.
    """
    keys = inputs.load_ring(ring, passphrase_env, passphrase_file)
    with writing(out, ring=keys, force=force):
        run = derive_to(
            out,
            options.table_of(source, {}),
            ring=keys,
            keten=keten,
            sector=sector,
            release=release,
            substitutions=inputs.substitutions_of(substitutions, keys),
            on=on,
            replace=force,
        )
    return finish(run, keys)
