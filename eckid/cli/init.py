"""
eckid init: make a ring of keys, in a sealed file.
"""

from pathlib import Path

import click

from eckid import Salt, Sleutelbos
from eckid._core.bounds import WORDS
from eckid._core.whole import check_places
from eckid.cli import opening, options, show
from eckid.cli.files import say_rehearsal


@click.command()
@click.option(
    "--ring", required=True, type=options.PATH, help="The sealed file to make."
)
@click.option(
    "--release", required=True, metavar="NAME", help="The first release, such as 2026."
)
@click.option(
    "--salt-file",
    type=options.PATH,
    help="A file with the salt of the environment, in base64; by default one is drawn.",
)
@click.option(
    "--namespace",
    default="https://eckid.invalid",
    show_default=True,
    metavar="URL",
    help="What identifiers of the ring begin with: https:// and a host of your own.",
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

    Do this once, as a board. Keep the file and its passphrase safe, and in
    different places. If you lose one of them, no ketenID can be derived again.
    Whoever has both can derive every ketenID.

    Next, check a class list with "eckid check".
    """
    check_places([ring], replace=False)  # before a passphrase is asked for
    salt = None
    if salt_file is not None:
        said = opening.octets_in(salt_file, WORDS).decode("ascii", "replace")
        salt = Salt.from_base64(said.strip())
    made = Sleutelbos.generate(release=release, salt=salt, namespace=namespace)
    words = opening.passphrase(passphrase_env, passphrase_file, again=True)
    # A lost ring cannot be made again, so an existing ring is never replaced.
    made.save(ring, passphrase=words)
    drawn = "drawn: these HPgns are not those of the service"
    show.say(f"ring made: {ring}")
    show.say(f"  namespace   {made.namespace}")
    show.say(f"  release     {release}")
    show.say(f"  salt        {drawn if salt is None else 'that of the environment'}")
    if made.rehearsal:
        say_rehearsal()
    return 0
