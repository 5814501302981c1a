"""
Identifiers, names and secrets in text: each in its own form, or refused.
"""

from typing import Any

from fuzz.known import DAY, RING, A, text_of
from fuzz.oracle import FoundError, asked, leaked

from eckid import (
    LEERMIDDELENKETEN,
    HPgn,
    Keten,
    KetenID,
    Organisatie,
    PublicKey,
    Salt,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Toestemmer,
    Toestemming,
    Voorlopig,
    display_names,
)
from eckid.exchange import School


def once(data: bytes) -> None:
    """
    Give *data* to everything that reads an identifier.
    """
    text = text_of(data)
    where: dict[str, Any] = {"keten": LEERMIDDELENKETEN, "sector": Sector.PO}
    for kind in (HPgn, Stampseudoniem):
        with asked(text):
            secret = kind.parse(text)
            if leaked([repr(secret), str(secret)], secret.expose()):
                raise FoundError(f"{kind.__name__} shows itself")
            if kind.parse(secret.expose()) != secret:
                raise FoundError(f"{kind.__name__} does not read what it exposes")
    with asked(text):
        if KetenID.parse(text, **where).uri != text:
            raise FoundError("a ketenID was changed by reading it")
    with asked(text):
        if Voorlopig.parse(text).uri != text:
            raise FoundError("a provisional identifier was changed by reading it")
    with asked(text):
        Salt.from_base64(text)
    with asked(text):
        PublicKey(32 * b"k", text, DAY)
    with asked(text):
        Organisatie(text, A.soort)
    # A wrong value of a closed set or a UUID is a ValueError, as Python's own are.
    with asked(text, allowed=(ValueError,)):
        Keten(text)
    with asked(text, allowed=(ValueError,)):
        Sector(text)
    with asked(text):
        Toestemming(Toestemmer.OUDER, DAY, text, A.oin)
    with asked(text):
        School(schooljaar=text, brincode=text)
    first, _, second = text.partition("\n")
    with asked(text):
        Sleutelbos.generate(release=first, namespace=second or "https://eckid.invalid")
    with asked(text):
        RING.rotate(first)
    with asked(text):
        RING.unseal(data, about=text)
    with asked(text):
        KetenID.parse(first, namespace=second)
    with asked(text):
        Voorlopig.derive(
            first,
            administratie=second,
            bestuur=A.oin,
            organisatie=A,
            tot=DAY,
            sleutelbos=RING,
        )
    with asked(text):
        display_names(
            {
                line: dict(zip(_NAMES, line.split(";"), strict=False))
                for line in text.split("\n")
            }
        )


_NAMES = ("roepnaam", "voorvoegsel", "achternaam")
