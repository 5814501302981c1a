"""
The salt of the first hash, and a key of the holder's own.
"""

import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Final, Self, final

from eckid._core.hidden import Hidden
from eckid._core.values import expect
from eckid.errors import SecretError


class _Key(Hidden):
    __slots__ = ()

    # Keys are no dictionary keys: what is looked up is what they made.
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, octets: bytes) -> None:
        minimum = _MINIMUM[type(self)]
        if len(expect(self.name, octets, bytes)) < minimum:
            raise SecretError(
                f"{self.name}: expected {minimum} bytes or more, got {len(octets)}"
            )
        super().__init__(octets)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {len(self._octets)} bytes hidden>"

    def expose(self) -> bytes:
        """
        Return the secret itself; search for this call in review.
        """
        return self._octets


@final
class Salt(_Key):
    """
    The salt of the first hash: one per environment, 16 bytes or more, secret.

    There are 91.8 million possible numbers, few enough for who has the salt to
    try them all.

    >>> Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
    <Salt 16 bytes hidden>
    """

    __slots__ = ()
    name = "salt"

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """
        Read *text*, as the service hands its salts out.

        Raises:
            eckid.errors.SecretError: If it is not base64 of 16 bytes or more.
        """
        octets = None
        with suppress(ValueError):
            octets = b64decode(expect(cls.name, text, str), validate=True)
        # The standard library takes more than one spelling of the same bytes.
        if octets is None or b64encode(octets).decode("ascii") != text:
            raise SecretError("salt: expected base64, got something else")
        return cls(octets)


@final
class Sleutel(_Key):
    """
    A key of the holder's own, 32 bytes or more; never from a ring.
    """

    __slots__ = ()
    name = "sleutel"

    @classmethod
    def generate(cls) -> Self:
        """
        Draw a key of 32 bytes.
        """
        return cls(secrets.token_bytes(32))


_MINIMUM: Final[dict[type[_Key], int]] = {Salt: 16, Sleutel: 32}
