"""
The content of a ring: names and roots, and the JSON in which they are sealed.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

from eckid._core.hidden import Unpickled
from eckid._core.values import expect, frame
from eckid.errors import SecretError

_ROOTS: Final = ("stam", "home", "seed")
# Of a ring whose other keys lie in a token.
_AT_HOME: Final = ("home", "seed")
# What each release has a key for.
USES: Final = ("keten", "voorlopig")


def key_names(releases: Iterable[str]) -> list[str]:
    """
    Return the names of the keys under which a ring derives.
    """
    return ["stam", *(f"{use} {release}" for release in releases for use in USES)]


class Ring(Unpickled):
    """
    The names and roots of a ring, each as it goes into a derivation.

    A root is a random key from which others are derived.

    Where the keys under which it derives lie in a token, it has neither the root named
    stam nor that of a release.

    Attributes:
        namespace: What the identifiers of the ring begin with.
        salt: The salt of its environment.
        roots: The roots named stam, home and seed, 32 bytes each.
        releases: The root of each release by its name, 32 bytes each, the newest last;
            empty bytes where its keys lie in a token.
        checks: For each key in a token, by its name, 32 bytes by which it is known.
    """

    __slots__ = ("checks", "namespace", "releases", "roots", "salt")

    def __init__(
        self,
        *,
        namespace: str,
        salt: bytes,
        roots: Mapping[str, bytes],
        releases: Mapping[str, bytes],
        checks: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        self.namespace = namespace
        self.salt = salt
        self.roots = MappingProxyType(dict(roots))
        self.releases = MappingProxyType(dict(releases))
        self.checks = MappingProxyType(dict(checks))

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

    def in_token(self, checks: Mapping[str, bytes], *more: str) -> "Ring":
        """
        Return a copy whose keys lie in a token, with perhaps *more* releases.

        It has none of the roots from which these keys were derived.
        """
        return Ring(
            namespace=self.namespace,
            salt=self.salt,
            roots={name: self.roots[name] for name in _AT_HOME},
            releases=dict.fromkeys((*self.releases, *more), b""),
            checks=checks,
        )

    def framed(self) -> bytes:
        """
        Return the whole ring as bytes; equal rings give equal bytes.
        """
        pairs = ((name.encode("ascii"), root) for name, root in self.releases.items())
        return frame(
            self.namespace.encode("ascii"),
            self.salt,
            *(self.roots.get(name, b"") for name in _ROOTS),
            *(part for pair in pairs for part in pair),
            *(self.checks[name] for name in key_names(self.releases) if self.checks),
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
        if self.checks:
            checks = {name: check.hex() for name, check in self.checks.items()}
            fields = {**fields, "checks": checks}
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
            checks={
                name: _octets(text) for name, text in fields.get("checks", {}).items()
            },
        )
    if made is None or not _is_whole(made, fields):
        raise SecretError("sleutelbos: expected the content of a ring, got another")
    return made


def _is_whole(ring: Ring, fields: Mapping[str, Any]) -> bool:
    """
    Return whether a ring has all that it must have, and *fields* no more than that.
    """
    held = "checks" in fields
    names = key_names(ring.releases) if held else []
    roots = (*ring.roots.values(), *ring.checks.values())
    return (
        fields.keys() | {"checks"} == set(Ring.__slots__)
        and ring.roots.keys() == set(_AT_HOME if held else _ROOTS)
        and ring.checks.keys() == set(names)
        and 0 < len(ring.releases) == len(fields["releases"])
        and {len(octets) for octets in roots} == {32}
        and {len(root) for root in ring.releases.values()} == {0 if held else 32}
    )


def _octets(text: str) -> bytes:
    octets = bytes.fromhex(text)
    if octets.hex() != text:
        raise ValueError
    return octets
