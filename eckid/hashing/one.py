"""
One PGN to its HPgn: the published specification of the national service.
"""

from contextlib import suppress
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from eckid._core.values import expect
from eckid.hashing.engines import for_one
from eckid.keys import Salt
from eckid.pgn import BSN, PGN, Medewerker, Onderwijsnummer
from eckid.pseudonyms import HPgn
from eckid.scheme import NUMMERVOORZIENING, Scheme, ScryptCost

KINDS: Final = (BSN, Onderwijsnummer, Medewerker)


def hash_pgn(pgn: PGN, *, salt: Salt, scheme: Scheme = NUMMERVOORZIENING) -> HPgn:
    """
    Hash *pgn* to the HPgn that the Nummervoorziening accepts.

    Under the national scheme this takes more than a second and 128 MiB. With the extra
    ``fast`` every one after the first of a process takes a third of that or less, and
    512 MiB for as long; if less than twice that is free, it takes less and is slower.

    Args:
        pgn: The PGN to hash. Its canonical form is hashed, so every spelling of one
            number has one HPgn.

        salt: The salt of the environment. Keep it secret: there are about 90 million
            valid numbers, few enough to try them all.

        scheme: Leave this alone for the national service. Another scheme gives another
            HPgn, and the HPgn remembers which.

    Returns:
        The HPgn; it shows itself only through `expose`.

    Raises:
        MemoryError: If there is too little memory.

    >>> from eckid import BSN, Salt, hash_pgn
    >>> from eckid.scheme import CHEAPEST
    >>> salt = Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
    >>> hpgn = hash_pgn(BSN("063138219"), salt=salt, scheme=CHEAPEST)  # tests only
    >>> hpgn == hash_pgn(BSN.parse("63138219"), salt=salt, scheme=CHEAPEST)
    True
    """
    octets = hashed_octets(pgn)
    grain = expect("salt", salt, Salt).expose()
    cost = expect("scheme", scheme, Scheme).cost
    if isinstance(cost, ScryptCost):
        (digest,) = for_one(cost)([octets], grain)
        return HPgn(digest, scheme)
    with suppress(HashingError):
        digest = hash_secret_raw(octets, grain, cost.t, cost.m, cost.p, 32, Type.ID)
        return HPgn(digest, scheme)
    raise MemoryError(f"argon2id: expected {cost.m // 1024} MiB, got less")


def hashed_octets(pgn: PGN) -> bytes:
    """
    Return the bytes of a PGN that are hashed: its canonical form in lower case.
    """
    expect("PGN", pgn, *KINDS)
    return pgn.expose().lower().encode("ascii")
