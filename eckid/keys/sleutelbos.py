"""
The ring (sleutelbos): the keys under which one party derives for all.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeVar, final, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from cryptography.hazmat.primitives.hmac import HMAC

from eckid._core.bounds import MEMORY, RING, octets_within
from eckid._core.hidden import Hidden, Sealable
from eckid._core.values import a_path, expect, frame, slot
from eckid._core.whole import A_RING, whole
from eckid.errors import SecretError
from eckid.keys.file import close, hkdf, open_, utf8
from eckid.keys.hsm import Token
from eckid.keys.mac import Mac
from eckid.keys.names import check_names, is_rehearsal
from eckid.keys.ring import USES, Ring, key_names, read_ring
from eckid.keys.salt import Salt

if TYPE_CHECKING:
    from eckid.keys.siv import Many

S = TypeVar("S", bound=Sealable)

# Registers store the mark that is made with it, so it never changes.
_MARK: Final = b"eckid/1/register ring"
_SEAL: Final = b"eckid/1/k_seal"
# Of this a key in a token gives what its ring knows it by. No formula begins like it.
_CHECK: Final = frame(b"eckid/1/check of a key in a token")


@final
class Sleutelbos(Hidden):
    """
    A ring: the keys under which one party derives for all who must agree.

    Make one with `generate` or `load`; it cannot be made by a call. It holds a stam
    root, which stays for life; a release root per release; a home root, for what lies
    at rest; the salt of its environment; and the seed of its signing key. Each is drawn
    by itself. What is derived from the stam root and the release roots may lie in a
    token instead (`in_token`), and the ring then has neither.

    Attributes:
        namespace: What its identifiers begin with.
        releases: Names of its releases, the newest last.
        salt: The salt of its environment.
        mark: 16 hex digits that tell it from another ring, and tell nothing of its
            keys.
    """

    __slots__ = (
        "_derived",
        "_index",
        "_ring",
        "_siv",
        "_token",
        "_wrap",
        "mark",
        "namespace",
        "releases",
        "salt",
    )
    name = "sleutelbos"

    namespace: str
    releases: tuple[str, ...]
    salt: Salt
    mark: str
    _derived: Mapping[str, bytes]
    _siv: AESSIV
    _wrap: AESSIV
    _index: HMAC
    _ring: Ring
    _token: Token | None

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, ring: Ring, token: Token | None = None) -> None:
        expect(self.name, ring, Ring)
        if expect("token", token, Token, type(None)) is None and ring.checks:
            raise SecretError(
                "sleutelbos: expected the token that holds its keys, got none; give it "
                "(token, or --module, --token and --pin-file)"
            )
        if token is not None and not ring.checks:
            raise SecretError(
                "sleutelbos: expected a ring whose keys lie in a token, got one that "
                "holds them itself; leave the token out"
            )
        # Anyone can seal a file of any content. The names are checked here too, so that
        # no ring passes for the national service.
        check_names(ring.namespace, tuple(ring.releases))
        super().__init__(ring.framed())
        home = ring.roots["home"]
        derived = {
            "ledger": hkdf(home, 32, b"eckid/1/k_ledger"),
        }
        if token is None:
            derived["stam"] = hkdf(ring.roots["stam"], 64, b"eckid/1/k_stam")
        space = ring.namespace.encode("ascii")
        for name, root in ring.releases.items() if token is None else ():
            for use in USES:
                label = f"eckid/1/k_{use}".encode("ascii")
                derived[f"{use} {name}"] = hkdf(
                    root, 64, label, space, name.encode("ascii")
                )
        # Made once: making one takes longer than opening a value with it.
        siv = AESSIV(hkdf(home, 64, _SEAL))
        slot(Sleutelbos, "_wrap")(self, AESSIV(hkdf(home, 64, b"eckid/1/k_wrap")))
        index = hkdf(home, 32, b"eckid/1/k_index")
        slot(Sleutelbos, "_index")(self, HMAC(index, SHA256()))
        slot(Sleutelbos, "_ring")(self, ring)
        slot(Sleutelbos, "_derived")(self, derived)
        slot(Sleutelbos, "_siv")(self, siv)
        slot(Sleutelbos, "_token")(self, token)
        public = _MARK + self.signing_key().public_key().public_bytes_raw()
        slot(Sleutelbos, "mark")(self, hashlib.sha256(public).hexdigest()[:16])
        slot(Sleutelbos, "namespace")(self, ring.namespace)
        slot(Sleutelbos, "releases")(self, tuple(ring.releases))
        slot(Sleutelbos, "salt")(self, Salt(ring.salt))
        for name, check in ring.checks.items():
            if not bytes_eq(self._check(name), check):
                raise SecretError(
                    f"token: expected under the label {self._label(name)} the key of "
                    "this ring, got another; nothing was replaced"
                )

    def __repr__(self) -> str:
        rehearsal = "REHEARSAL " if self.rehearsal else ""
        where = "hidden" if self._token is None else "in a token"
        return f"<Sleutelbos {rehearsal}{' '.join(self.releases)}, keys {where}>"

    @classmethod
    def generate(
        cls,
        *,
        release: str,
        salt: Salt | None = None,
        namespace: str = "https://eckid.invalid",
    ) -> Self:
        """
        Return a new ring of random keys, with one release.

        Args:
            release: Name of its first release, such as ``2026``.

            salt: The salt of the environment. None draws one: HPgns under it are not
                those of the national service.

            namespace: ``https://`` and a host of your own. That of the national service
                is refused, except ``https://ketenid.nl`` with release ``pilot``, which
                makes a rehearsal ring.

        Returns:
            The ring. Keep it with `save`.

        Raises:
            eckid.errors.SecretError: If release or namespace may not be used.

        >>> Sleutelbos.generate(release="2026")
        <Sleutelbos 2026, keys hidden>
        """
        check_names(namespace, (release,))
        if salt is None:
            salt = Salt(secrets.token_bytes(16))
        return cls(
            Ring(
                namespace=namespace,
                salt=expect("salt", salt, Salt).expose(),
                roots={n: secrets.token_bytes(32) for n in ("stam", "home", "seed")},
                releases={release: secrets.token_bytes(32)},
            )
        )

    @property
    def rehearsal(self) -> bool:
        """
        Whether this is a rehearsal ring: its identifiers look like the pilot service's.
        """
        return is_rehearsal(self.namespace, self.releases)

    @property
    def public_key(self) -> bytes:
        """
        The public half of its Ed25519 signing key, 32 bytes.
        """
        return self.signing_key().public_key().public_bytes_raw()

    def signing_key(self) -> Ed25519PrivateKey:
        """
        Return the private Ed25519 key that signs links and notices; keep it secret.
        """
        return Ed25519PrivateKey.from_private_bytes(self._ring.roots["seed"])

    def rotate(self, release: str) -> Self:
        """
        Return a copy of this ring that has one *release* more, the newest.

        Under the new release every ketenID is another one. No stampseudoniem changes,
        and what was sealed under the ring can still be unsealed. This ring stays as it
        is.

        Args:
            release: Name of the new release, such as ``2027``. If the keys of the ring
                lie in a token, the token draws those of the release: `save` the copy,
                and see that the token has a backup, for no file holds them.

        Raises:
            eckid.errors.SecretError: If the name is taken or may not be used, this is a
                rehearsal ring, or its token makes no keys.
        """
        if self.rehearsal:
            raise SecretError("sleutelbos: a rehearsal ring cannot be rotated")
        if expect("release", release, str) in self.releases:
            raise SecretError("release: expected a new name, got one of this ring's")
        if self._token is None:
            return type(self)(self._ring.with_release(release, secrets.token_bytes(32)))
        check_names(self.namespace, (release,))
        made = key_names([release])[1:]
        for name in made:
            self._token.make(self._label(name))
        checks = {**self._ring.checks, **{name: self._check(name) for name in made}}
        return type(self)(self._ring.in_token(checks, release), self._token)

    def to_token(self, token: Token) -> Self:
        """
        Put the keys under which this ring derives in a token, and return a ring of it.

        The ring that is returned gives the same identifiers, opens what this one
        sealed, and has neither the stam root nor those of the releases: keep it with
        `save`. This ring stays as it is. A key of it that lies in the token already is
        used, and never replaced; so whatever ended halfway can be done again.

        Args:
            token: The token (`eckid.keys.hsm.Token`).

        Raises:
            eckid.errors.SecretError: If the token cannot be used or takes no such keys,
                another key lies there under the label of one of this ring's, or the
                keys of this ring lie in a token already.
        """
        if self._token is not None:
            raise SecretError(
                "sleutelbos: expected a ring that holds its keys, got one whose keys "
                "lie in a token"
            )
        expect("token", token, Token)
        names = key_names(self.releases)
        for name in names:
            token.put(self._label(name), self._derived[name])
        ring = self._ring.in_token({name: self._check(name) for name in names})
        return type(self)(ring, token)

    def mac_stam(self) -> Mac:
        """
        Return an HMAC-SHA-512 state under k_stam, for making a stampseudoniem.
        """
        return self._mac("stam")

    def mac_keten(self, release: str) -> Mac:
        """
        Return an HMAC-SHA-512 state under k_keten of *release*, for making a ketenID.

        Raises:
            eckid.errors.SecretError: If the ring has no such release.
        """
        return self._mac(f"keten {self._known(release)}")

    def mac_voorlopig(self, release: str) -> Mac:
        """
        Return an HMAC-SHA-512 state under k_voorlopig of *release*.

        It makes provisional identifiers.

        Raises:
            eckid.errors.SecretError: If the ring has no such release.
        """
        return self._mac(f"voorlopig {self._known(release)}")

    def mac_index(self) -> HMAC:
        """
        Return an HMAC-SHA-256 state under k_index, for the tags in a register.
        """
        return self._index.copy()

    def mac_ledger(self) -> HMAC:
        """
        Return an HMAC-SHA-256 state under k_ledger, for the ledger of a register.
        """
        return HMAC(self._derived["ledger"], SHA256())

    def siv_wrap(self) -> AESSIV:
        """
        Return AES-256-SIV under k_wrap, for encrypting the data keys of a register.
        """
        return self._wrap

    def _known(self, release: str) -> str:
        if expect("release", release, str) not in self.releases:
            raise SecretError("release: expected one of this ring's, got another")
        return release

    def _mac(self, name: str) -> Mac:
        if self._token is not None:
            return self._token.mac(self._label(name))
        return HMAC(self._derived[name], SHA512())

    def _label(self, name: str) -> str:
        """
        Return the label that a key has in a token; the mark tells it from other rings'.
        """
        return f"eckid {self.mark} {name}"

    def _check(self, name: str) -> bytes:
        mac = self._mac(name)
        mac.update(_CHECK)
        return mac.finalize()[:32]

    def seal(self, secret: Sealable, *, about: str) -> bytes:
        """
        Return *secret* encrypted under this ring, for a database or a file.

        Args:
            secret: An HPgn or a stampseudoniem.

            about: Whose it is or where it stands, in any words, but not empty. `unseal`
                needs the same words, so that a cell moved to another row does not open.

        Returns:
            The sealed bytes; each call gives others.

        Raises:
            eckid.errors.SecretError: If *about* is empty, or UTF-8 cannot hold it.
        """
        nonce = secrets.token_bytes(16)
        expect("seal", secret, Sealable)  # type: ignore[type-abstract]  # only asks
        packed = secret._pack()  # noqa: SLF001  # no second way out
        bound = [secret.name.encode(), _words(about), nonce]
        return nonce + self._siv.encrypt(packed, bound)

    @overload
    def unseal(self, sealed: bytes, *, about: str) -> Sealable: ...
    @overload
    def unseal(self, sealed: bytes, *, about: str, kind: type[S]) -> S: ...

    def unseal(
        self, sealed: bytes, *, about: str, kind: type[Sealable] | None = None
    ) -> Sealable:
        """
        Return the HPgn or stampseudoniem that `seal` sealed.

        Args:
            sealed: The bytes that `seal` gave.

            about: The same words as were given to `seal`.

            kind: `HPgn` or `Stampseudoniem`; None takes either, and is slower.

        Returns:
            The value.

        Raises:
            eckid.errors.SecretError: If another ring sealed it, it was sealed about
                something else or as another kind, or it was changed.
        """
        expect("sealed", sealed, bytes)
        known = Sealable.__subclasses__()
        if kind is not None and not any(kind is one for one in known):
            raise TypeError("kind: expected HPgn or Stampseudoniem, got another")
        words = _words(about)
        for one in known if kind is None else [kind]:
            value = one._unpacked(self._opening(one)(sealed, words))  # noqa: SLF001  # as above
            if value is not None:
                return value
        raise SecretError(
            "sealed value: expected one that this ring sealed about this, unchanged"
        )

    def _opening(
        self, kind: type[Sealable]
    ) -> Callable[[bytes | None, bytes], bytes | None]:
        """
        Return a function that opens what was sealed about some words.

        It gives what was packed, or None if it does not open.
        """
        decrypt, name = self._siv.decrypt, kind.name.encode()

        def opened(sealed: bytes | None, about: bytes) -> bytes | None:
            if sealed is None:
                return None
            try:
                return decrypt(sealed[16:], [name, about, sealed[:16]])
            except (InvalidTag, ValueError):
                return None

        return opened

    def _opening_many(self, kind: type[Sealable]) -> "Many":
        """
        Return a function that opens many at once: a fifth of the time for a column.

        Without numpy it opens them one by one.
        """
        one = self._opening(kind)
        with suppress(ImportError):
            from eckid.keys.siv import opening  # noqa: PLC0415  # it imports numpy

            key = hkdf(self._ring.roots["home"], 64, _SEAL)
            return opening(key, kind.name.encode(), one)
        return lambda sealed, about: list(map(one, sealed, about))

    def save(self, path: str | Path, *, passphrase: str, replace: bool = False) -> None:
        """
        Write the ring to a sealed file, mode 0600, whole or not at all.

        Args:
            path: The file.

            passphrase: The text that will open the file again; not empty.

            replace: Whether a ring that stands there may be replaced: by itself,
                rotated. Who replaces it by another ring loses every pseudonym. A
                link stays, and the ring that it leads to is replaced.

        Raises:
            FileExistsError: If a file stands there and may not be replaced.
            eckid.errors.SecretError: If the passphrase is empty, or there is too little
                memory.
            OSError: If what stands there is no ring, or a link that may not be
                followed; or if the disk refuses.
        """
        file_ = Path(a_path("path", path))
        with whole(file_, replace=replace, over=A_RING) as (file,):
            file.write(close(self._ring.dump(), passphrase))

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        passphrase: str,
        most_memory: int = MEMORY.most,
        token: Token | None = None,
    ) -> Self:
        """
        Read a ring from the sealed file that `save` wrote.

        Args:
            path: The file.

            passphrase: The text that the file was sealed with.

            most_memory: How many bytes opening it may take. A file that `save` wrote
                takes 256 MiB; one that asks more than 1 GiB, or as much time, is opened
                only where more is allowed here. The error says what it asks.

            token: The token (`eckid.keys.hsm.Token`) in which its keys lie, if they do.
                It is asked at once whether it has them.

        Returns:
            The ring.

        Raises:
            eckid.errors.SecretError: If the file is of another kind, damaged, out of
                bounds or changed, asks more than is allowed, or the passphrase is
                another; or if its token cannot be used or lacks a key.
            OSError: If the file cannot be read.
        """
        with Path(a_path("path", path)).open("rb") as file:
            octets = octets_within(file, RING, SecretError)
        ring = read_ring(open_(octets, passphrase, most_memory=most_memory))
        return cls(ring, token)


def _words(about: str) -> bytes:
    if not expect("about", about, str):
        raise SecretError("about: expected some text, got none")
    return utf8("about", about)
