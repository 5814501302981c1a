"""
The content of a ring: names and roots, and the JSON in which they are sealed.
"""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

from eckid._core.hidden import Unpickled
from eckid._core.values import expect, frame
from eckid.errors import SecretError

_ROOTS: Final = ("stam", "home", "seed")


class Ring(Unpickled):
    """
    The names and roots of a ring, each as it goes into a derivation.

    A root is a random key from which others are derived.

    Attributes:
        namespace: What the identifiers of the ring begin with.
        salt: The salt of its environment.
        roots: The roots named stam, home and seed, 32 bytes each.
        releases: The root of each release by its name, 32 bytes each, the newest last.
    """

    __slots__ = ("namespace", "releases", "roots", "salt")

    def __init__(
        self,
        *,
        namespace: str,
        salt: bytes,
        roots: Mapping[str, bytes],
        releases: Mapping[str, bytes],
    ) -> None:
        self.namespace = namespace
        self.salt = salt
        self.roots = MappingProxyType(dict(roots))
        self.releases = MappingProxyType(dict(releases))

    def with_release(self, name: str, root: bytes) -> "Ring":
        """
        Return a copy of the ring that has one release more, the newest.
        """
        return Ring(
            namespace=self.namespace,
            salt=self.salt,
            roots=self.roots,
            releases={**self.releases, name: root},
        )

    def framed(self) -> bytes:
        """
        Return the whole ring as bytes; equal rings give equal bytes.
        """
        pairs = ((name.encode("ascii"), root) for name, root in self.releases.items())
        return frame(
            self.namespace.encode("ascii"),
            self.salt,
            *(self.roots[name] for name in _ROOTS),
            *(part for pair in pairs for part in pair),
        )

    def dump(self) -> bytes:
        """
        Return the ring as JSON; the same ring always gives the same bytes.
        """
        import json  # noqa: PLC0415  # only saving needs it

        fields = {
            "namespace": self.namespace,
            "salt": self.salt.hex(),
            "roots": {name: root.hex() for name, root in self.roots.items()},
            "releases": [[name, root.hex()] for name, root in self.releases.items()],
        }
        return json.dumps(fields, sort_keys=True).encode("ascii")


def read_ring(octets: bytes) -> Ring:
    """
    Return the ring in *octets*, JSON as `Ring.dump` writes it.

    Raises:
        eckid.errors.SecretError: If *octets* is not such JSON.
    """
    import json  # noqa: PLC0415  # only loading needs it

    fields: Any = None
    with suppress(ValueError, RecursionError):
        fields = json.loads(octets)
    made = None
    # Wrong JSON type, or invalid hex.
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        made = Ring(
            namespace=expect("namespace", fields["namespace"], str),
            salt=_octets(fields["salt"]),
            roots={name: _octets(text) for name, text in fields["roots"].items()},
            releases={
                expect("release", name, str): _octets(text)
                for name, text in (expect("pair", p, list) for p in fields["releases"])
            },
        )
    if (
        made is None
        or fields.keys() != set(Ring.__slots__)
        or made.roots.keys() != set(_ROOTS)
        or not 0 < len(made.releases) == len(fields["releases"])
        or {len(r) for r in (*made.roots.values(), *made.releases.values())} != {32}
    ):
        raise SecretError("sleutelbos: expected the content of a ring, got another")
    return made


def _octets(text: str) -> bytes:
    octets = bytes.fromhex(text)
    if octets.hex() != text:
        raise ValueError
    return octets
