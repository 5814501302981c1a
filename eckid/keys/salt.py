"""
The salt of the first hash, and a secret key that its holder made.
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

    # Secrets are not hashable: look things up by what was derived from them.
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
        Return the secret bytes themselves; search for this call in review.
        """
        return self._octets


@final
class Salt(_Key):
    """
    The salt of the first hash: one per environment, 16 bytes or more, secret.

    There are 91.8 million possible numbers, so few that anyone who has the salt can try
    them all.

    Args:
        octets: The bytes of the salt.

    Raises:
        eckid.errors.SecretError: If there are fewer than 16 bytes.

    >>> Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
    <Salt 16 bytes hidden>
    """

    __slots__ = ()
    name = "salt"

    @classmethod
    def from_base64(cls, text: str) -> Self:
        """
        Read a salt from *text* in base64, as the service hands its salts out.

        Args:
            text: Standard base64 with its padding, and nothing around it.

        Returns:
            The salt.

        Raises:
            eckid.errors.SecretError: If *text* is not base64 of 16 bytes or more.

        >>> Salt.from_base64("rktYml0MIp9TC9u6Ny6uqw==")
        <Salt 16 bytes hidden>
        >>> Salt.from_base64("c2hvcnQ=")
        Traceback (most recent call last):
        ...
        eckid.errors.SecretError: salt: expected 16 bytes or more, got 5
        """
        octets = None
        with suppress(ValueError):
            octets = b64decode(expect(cls.name, text, str), validate=True)
        # The standard library takes several spellings of the same bytes; we take one.
        if octets is None or b64encode(octets).decode("ascii") != text:
            raise SecretError("salt: expected base64, got something else")
        return cls(octets)


@final
class Sleutel(_Key):
    """
    A secret key of 32 bytes or more that its holder made, for `ketenid_token`.

    It is never one of the keys of a ring.

    Args:
        octets: The bytes of the key.

    Raises:
        eckid.errors.SecretError: If there are fewer than 32 bytes.

    >>> Sleutel.generate()
    <Sleutel 32 bytes hidden>
    """

    __slots__ = ()
    name = "sleutel"

    @classmethod
    def generate(cls) -> Self:
        """
        Return a new random key of 32 bytes.
        """
        return cls(secrets.token_bytes(32))


_MINIMUM: Final[dict[type[_Key], int]] = {Salt: 16, Sleutel: 32}
