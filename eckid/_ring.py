"""
What a ring is made of, checked, and the JSON in which it is sealed.
"""

from contextlib import suppress
from typing import Any, Final

from eckid._secret import Unpickled, expect
from eckid.errors import SecretError

_ROOTS: Final = {"stam", "home", "seed"}


class Ring(Unpickled):
    """
    The names and roots of a ring, each as it goes into a derivation.
    """

    __slots__ = ("namespace", "releases", "roots", "salt")

    def __init__(
        self,
        *,
        namespace: str,
        salt: bytes,
        roots: dict[str, bytes],
        releases: dict[str, bytes],
    ) -> None:
        self.namespace = namespace
        self.salt = salt
        self.roots = roots
        self.releases = releases

    def dump(self) -> bytes:
        """
        Return the ring as JSON, always the same for the same ring.
        """
        import json  # noqa: PLC0415  # only who has a ring pays for it

        fields = {
            "namespace": self.namespace,
            "salt": self.salt.hex(),
            "roots": {name: root.hex() for name, root in self.roots.items()},
            "releases": [[name, root.hex()] for name, root in self.releases.items()],
        }
        return json.dumps(fields, sort_keys=True).encode("ascii")


def read_ring(octets: bytes) -> Ring:
    """
    Return the ring in *octets*.

    Raises:
        eckid.errors.SecretError: If it is none.
    """
    import json  # noqa: PLC0415  # only who has a ring pays for it

    fields: Any = None
    with suppress(ValueError, RecursionError):
        fields = json.loads(octets)
    made = None
    # A text, list or number where another stands, or hex that is none.
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
        or made.roots.keys() != _ROOTS
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
