"""
eckid ring: put the keys of a ring in an HSM.
"""

from pathlib import Path
from typing import Any

import click

from eckid._core.whole import check_places
from eckid.cli import opening, options, show


@click.group("ring")
def ring() -> None:
    """
    Put the keys of a ring in an HSM.

    "import-to-hsm" puts those that make stampseudoniemen and ketenIDs in a PKCS#11
    token: an HSM, a smart card, or SoftHSM to rehearse with.
    """


@ring.command()
@options.options(*opening.RING_OPTIONS.values())
@options.OUT
def import_to_hsm(
    ring: Path,
    passphrase_env: str | None,
    passphrase_file: Path | None,
    allow_memory: int | None,
    out: Path,
    **token: Any,  # noqa: ANN401  # as `token_of` takes it
) -> int:
    """
    Put the keys of a ring in a token, and write a ring that uses them there.

    The file has the same passphrase, and no key that makes a stampseudoniem or a
    ketenID. It is written when the token computes what the ring does. A key that
    stands in the token is never replaced: what ended halfway can be done again.

    The other commands take the file as --ring, with the same --module, --token and
    --pin-file. Registers, sealed HPgns and ketenIDs stay as they are.
    """
    check_places([out], replace=False)  # before anything is asked for
    held = opening.token_of(**token)
    if held is None:
        raise click.UsageError("--module, --token: expected both")
    # Asked for once, for both files.
    words = opening.passphrase(passphrase_env, passphrase_file)
    old = opening.open_ring(ring, words, allow_memory)
    new = old.to_token(held)
    new.save(out, passphrase=words)
    show.say(f"ring made: {out}")
    show.say(f"  namespace   {new.namespace}")
    show.say(f"  releases    {' '.join(new.releases)}")
    show.say(f"  keys        in the token, which computes what {ring} does")
    show.say(
        f"{ring} still holds the keys. Take it off this machine, to where its copies "
        "are: without them nobody can put the keys in another token."
    )
    return 0
