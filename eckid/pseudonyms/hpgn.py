"""
The HPgn: its form, and reading it. No derivation.
"""

import re
from binascii import unhexlify
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self, final

from eckid._core.hidden import Sealable
from eckid._core.values import expect, slot
from eckid.errors import PseudonymError, PseudonymReden
from eckid.scheme import NUMMERVOORZIENING, Scheme


@final
class HPgn(Sealable):
    """
    A hashed PGN: 32 bytes, and the scheme that made it.

    Keep it as secret as the PGN: anyone who has the salt can find the number by trying
    them all. `hash_pgn` makes one, `HPgn.parse` reads one.

    Args:
        octets: The 32 bytes.

        scheme: The scheme that made it.

    Attributes:
        scheme: The scheme that made it; counts in equality.

    Raises:
        eckid.errors.PseudonymError: If there are not 32 bytes.
    """

    __slots__ = ("scheme",)
    name = "HPgn"

    scheme: Scheme

    def __init__(self, octets: bytes, scheme: Scheme) -> None:
        if len(expect(self.name, octets, bytes)) != 32:
            raise PseudonymError(
                f"HPgn: expected 32 bytes, got {len(octets)}", PseudonymReden.LENGTH
            )
        super().__init__(octets)
        slot(HPgn, "scheme")(self, expect("scheme", scheme, Scheme))

    @classmethod
    def parse(cls, text: str, *, scheme: Scheme = NUMMERVOORZIENING) -> Self:
        """
        Read an HPgn from 64 lower-case hex digits.

        Args:
            text: The digits, and nothing around them.

            scheme: The scheme that made it, which the digits do not tell.

        Returns:
            The HPgn.

        Raises:
            eckid.errors.PseudonymError: If *text* has another form; its `reason` says
                how.
        """
        if len(expect(cls.name, text, str)) != 64:
            raise PseudonymError(
                f"HPgn: expected 64 hex digits, got {len(text)} characters",
                PseudonymReden.LENGTH,
            )
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            upper = re.fullmatch(r"[0-9A-Fa-f]{64}", text)
            raise PseudonymError(
                "HPgn: expected lower-case hex",
                PseudonymReden.CASE if upper else PseudonymReden.HEX,
            )
        return cls(bytes.fromhex(text), scheme)

    def expose(self) -> str:
        """
        Return the HPgn as 64 hex digits; search for this call in review.
        """
        return self._octets.hex()

    def expose_octets(self) -> bytes:
        """
        Return the HPgn as 32 bytes; search for this call in review.
        """
        return self._octets

    def _seen(self) -> tuple[object, ...]:
        return (self.scheme,)

    def _pack(self) -> bytes:
        return f"{self.scheme.value}/{self.expose()}".encode("ascii")

    @staticmethod
    def _unpacking(
        scheme: Scheme,
    ) -> Callable[[Sequence[bytes | None]], list[bytes | None]]:
        """
        Return a function that gives the 32 bytes of packed HPgns of one scheme.

        It gives None for one of another scheme or form.
        """
        before = f"{expect('scheme', scheme, Scheme).value}/".encode("ascii")

        def unpacked(packed: Sequence[bytes | None]) -> list[bytes | None]:
            digits = [
                each[-64:] if each is not None and each[:-64] == before else b""
                for each in packed
            ]
            whole = b"".join(digits)
            # All at once: what holds of them together holds of each.
            with suppress(ValueError):
                if whole == whole.lower():
                    octets = unhexlify(whole)
                    each_of = iter(range(0, len(octets), 32))
                    return [
                        octets[(at := next(each_of)) : at + 32] if each else None
                        for each in digits
                    ]
            if len(packed) == 1:
                return [None]
            return [unpacked([each])[0] for each in packed]

        return unpacked

    @classmethod
    def _unpack(cls, packed: bytes) -> Self:
        scheme, digits = packed.decode("ascii").split("/")
        return cls.parse(digits, scheme=Scheme(scheme))
