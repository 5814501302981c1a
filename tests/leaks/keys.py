"""
Rows of `eckid.keys`: a ring is given no way out but its sealed file.
"""

from collections.abc import Mapping
from typing import Final

from leaking import (
    EMPLOYEE,
    NUMBER,
    PASSPHRASE,
    PGN,
    RING,
    SALT,
    SLEUTEL,
    STAM,
    Row,
    constant,
    untyped,
)

from eckid import Salt, Sleutel, Sleutelbos, keys
from eckid.keys import Token
from eckid.keys.ring import read_ring

TOKEN: Final = Token("none.so", label=NUMBER, pin=PASSPHRASE)

ROWS: Final[Mapping[str, Row]] = {
    "Salt": Row(
        lambda: Salt(SALT.expose()),
        (
            lambda: Salt(NUMBER.encode()),
            lambda: Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw"),
            untyped(Salt, SALT.expose().hex()),
        ),
    ),
    "Sleutel": Row(
        lambda: Sleutel(SLEUTEL.expose()),
        (
            lambda: Sleutel(SLEUTEL.expose()[:31] and SALT.expose()),
            untyped(Sleutel, SLEUTEL.expose().hex()),
        ),
    ),
    "Sleutelbos": Row(
        lambda: [RING, RING.rotate("2027"), RING.seal(STAM, about=NUMBER)],
        (
            lambda: Sleutelbos(read_ring(RING._ring.dump()[:-1])),
            lambda: Sleutelbos(
                read_ring(RING._ring.dump().replace(b'"stam"', b'"more"'))
            ),
            untyped(Sleutelbos, RING._ring.dump().decode()),
            lambda: Sleutelbos.generate(release=PASSPHRASE),
            lambda: Sleutelbos.generate(release="1", namespace=f"https://{EMPLOYEE}"),
            untyped(Sleutelbos.generate, release="1", salt=SALT.expose()),
            lambda: RING.unseal(RING.seal(STAM, about="a"), about="b"),
            untyped(RING.seal, PGN, about="a"),
            untyped(RING.seal, STAM, about=PGN),
            lambda: RING.rotate(NUMBER * 9),
            lambda: RING.mac_keten(NUMBER),
            lambda: RING.save("/", passphrase=PASSPHRASE),
            lambda: RING.save("ring", passphrase=f"{PASSPHRASE}\udcff"),
            untyped(RING.save, "ring", passphrase=PASSPHRASE.encode()),
            lambda: RING.to_token(TOKEN),
            untyped(RING.to_token, PASSPHRASE),
        ),
    ),
    "Mac": constant(str(keys.Mac)),
    "Macs": constant(str(keys.Macs)),
    "Token": Row(
        lambda: [TOKEN, TOKEN.mac(NUMBER)],
        (
            # There is no such module.
            TOKEN.mac(NUMBER).finalize,
            lambda: TOKEN.put(NUMBER, SLEUTEL.expose()),
            lambda: TOKEN.make(NUMBER),
            lambda: TOKEN.sign(NUMBER, PGN.expose().encode()),
            untyped(TOKEN.mac, PGN),
            untyped(Token, "none.so", label=PGN, pin=PASSPHRASE),
            untyped(Token, "none.so", label="a", pin=PASSPHRASE.encode()),
            lambda: Token("none.so", label="a", pin=f"{PASSPHRASE}\udcff"),
        ),
    ),
    "NAMESPACE": constant(keys.NAMESPACE),
    "RELEASE": constant(keys.RELEASE),
}
