"""
The construction `eckid/1`, and weakened ones that a distinguisher must catch.

`Real` is the library, asked through its public functions. `Independent` is the second
implementation, `tests/independent.py`, in a form of which one step at a time can be
changed. Each class after it changes one step, as a mistake would, and says in `caught`
which distinguishers must see it. Its docstring says what the mistake is.
"""

import base64
import hashlib
import hmac
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import ClassVar, Final, NamedTuple

import independent as text
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from eckid import (
    BSN,
    HPgn,
    Keten,
    Ontvanger,
    Organisatie,
    Salt,
    Scheme,
    Sector,
    Sleutelbos,
    Stampseudoniem,
    Voorlopig,
    derive_ketenid,
    derive_stampseudoniem,
    hash_pgn,
)
from eckid._core.values import frame
from eckid.derivation import derive_ketenids
from eckid.keys.ring import Ring
from eckid.scheme import CHEAPEST

# What each method of a construction does stands with `Construction`.
__all__ = ["WEAKENED", "At", "Construction", "Roots"]

NAMESPACE: Final = "https://eckid.invalid"
OLD, NEW = "2026", "2027"
BOARD: Final = "0000000700099ZZ00009"
A: Final = Organisatie("0000000700099ZZ00001", Ontvanger.UITGEVER)
ENDS: Final = date(2027, 7, 31)
# What the MACs and seals of `uses` are asked about beside a message.
ABOUT: Final = b"about"


def drawn(*what: object, size: int = 32) -> bytes:
    """
    Return bytes that look random and are the same for the same words.
    """
    words = "/".join(map(str, what)).encode("utf-8")
    return hashlib.shake_256(b"tests/security " + words).digest(size)


@dataclass(frozen=True, kw_only=True)
class Roots:
    """
    What a ring is made of.

    Attributes:
        salt: The salt, in base64.
        stam: The stam root.
        home: The home root.
        seed: The seed of the signing key.
        releases: The root of each release.
        namespace: The namespace.
    """

    salt: str
    stam: bytes
    home: bytes
    seed: bytes
    releases: Mapping[str, bytes] = field(default_factory=dict, hash=False)
    namespace: str = NAMESPACE

    @classmethod
    def of(cls, *seed: object) -> "Roots":
        """
        Return the roots of a seed: two releases, and a salt that is all letters.
        """
        letters = bytes(65 + octet % 26 for octet in drawn(*seed, "salt", size=24))
        return cls(
            salt=base64.b64encode(letters).decode("ascii"),
            stam=drawn(*seed, "stam"),
            home=drawn(*seed, "home"),
            seed=drawn(*seed, "seed"),
            releases={name: drawn(*seed, name) for name in (OLD, NEW)},
        )

    def rotated(self) -> "Roots":
        """
        Return the roots after one rotation more.
        """
        more = {**self.releases, "2028": drawn(self.stam.hex(), "2028")}
        return replace(self, releases=more)


class At(NamedTuple):
    """
    Where a ketenID is derived for.
    """

    keten: str
    sector: str
    release: str


class Construction(ABC):
    """
    What a distinguisher may ask: everything but a root.
    """

    def __init__(self, roots: Roots) -> None:
        self.roots = roots

    @abstractmethod
    def hpgn(self, number: str, salt: str) -> bytes:
        """
        Return the HPgn of a number under a salt in base64.
        """

    @abstractmethod
    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:
        """
        Return the stampseudoniem of an HPgn.
        """

    @abstractmethod
    def of_stam(self, stam: bytes, at: At) -> bytes:
        """
        Return the ketenID of a stampseudoniem.
        """

    def ketenid(self, hpgn: bytes, at: At, scheme: str = CHEAPEST.value) -> bytes:
        """
        Return the ketenID of an HPgn.
        """
        return self.of_stam(self.stam(hpgn, scheme), at)

    def ketenids(self, hpgns: Iterable[bytes], at: At) -> list[bytes]:
        """
        Return the ketenIDs of many, in their order.
        """
        return [self.ketenid(hpgn, at) for hpgn in hpgns]

    @abstractmethod
    def voorlopig(self, administratie: str, person: str) -> bytes:
        """
        Return the provisional identifier of a person key.
        """

    @abstractmethod
    def joined(self, *parts: bytes) -> bytes:
        """
        Return the message that *parts* are joined to.
        """

    @abstractmethod
    def uses(self, message: bytes) -> dict[str, bytes]:
        """
        Return what each key of the ring makes of one message, by its use.
        """


class Real(Construction):
    """
    The library, asked through its public functions.
    """

    def __init__(self, roots: Roots) -> None:
        super().__init__(roots)
        self.ring = Sleutelbos(
            Ring(
                namespace=roots.namespace,
                salt=base64.b64decode(roots.salt),
                roots={n: getattr(roots, n) for n in ("stam", "home", "seed")},
                releases=roots.releases,
            )
        )

    def hpgn(self, number: str, salt: str) -> bytes:
        grain = Salt.from_base64(salt)
        return hash_pgn(BSN(number), salt=grain, scheme=CHEAPEST).expose_octets()

    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:
        return self._stam(hpgn, scheme).expose_octets()

    def _stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> Stampseudoniem:
        return derive_stampseudoniem(HPgn(hpgn, Scheme(scheme)), sleutelbos=self.ring)

    def of_stam(self, stam: bytes, at: At) -> bytes:
        uri = f"{self.roots.namespace}/sp2026/{stam.hex()}"
        made = derive_ketenid(
            Stampseudoniem.parse(uri, namespace=self.roots.namespace),
            keten=Keten(at.keten),
            sector=Sector(at.sector),
            sleutelbos=self.ring,
            release=at.release,
        )
        return bytes.fromhex(made.hex)

    def ketenids(self, hpgns: Iterable[bytes], at: At) -> list[bytes]:
        made = derive_ketenids(
            map(self._stam, hpgns),
            keten=Keten(at.keten),
            sector=Sector(at.sector),
            sleutelbos=self.ring,
            release=at.release,
        )
        return [bytes.fromhex(ketenid.hex) for ketenid in made]

    def voorlopig(self, administratie: str, person: str) -> bytes:
        made = Voorlopig.derive(
            person,
            administratie=administratie,
            bestuur=BOARD,
            organisatie=A,
            tot=ENDS,
            sleutelbos=self.ring,
            release=OLD,
        )
        return bytes.fromhex(made.uri[-128:])

    def joined(self, *parts: bytes) -> bytes:
        return frame(*parts)

    def uses(self, message: bytes) -> dict[str, bytes]:
        ring = self.ring
        macs = {
            "stam": ring.mac_stam(),
            "keten": ring.mac_keten(OLD),
            "voorlopig": ring.mac_voorlopig(OLD),
            "index": ring.mac_index(),
            "ledger": ring.mac_ledger(),
        }
        made = {}
        for use, mac in macs.items():
            mac.update(message)
            made[use] = mac.finalize()
        made["wrap"] = ring.siv_wrap().encrypt(message, [ABOUT])
        made["seal"] = ring._siv.encrypt(message, [ABOUT])
        return made


class Independent(Construction):
    """
    The same by the second implementation; nothing is changed in it.
    """

    caught: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, roots: Roots) -> None:
        super().__init__(roots)
        self.first = next(iter(roots.releases))
        self._keys: dict[tuple[str, str | None], bytes] = {}

    def hpgn(self, number: str, salt: str) -> bytes:
        return text.scrypt(number, text.read_salt(salt), text.SCRYPT[CHEAPEST.value])

    def key(self, use: str, release: str | None = None) -> bytes:
        """
        Return the key of a use, derived once.
        """
        if (use, release) not in self._keys:
            self._keys[use, release] = self.derived(use, release)
        return self._keys[use, release]

    def root(self, use: str, release: str | None) -> bytes:
        """
        Return the root from which the key of a use comes.
        """
        if release is not None:
            return self.roots.releases[release]
        return self.roots.stam if use == "stam" else self.roots.home

    def derived(self, use: str, release: str | None) -> bytes:
        """
        Derive the key of a use.
        """
        label = self.label(f"eckid/1/k_{use}")
        names = () if release is None else (self.roots.namespace, release)
        length = 32 if use in {"index", "ledger"} else 64
        info = (label, *(name.encode("ascii") for name in names))
        return self.expanded(self.root(use, release), length, *info)

    def expanded(self, root: bytes, length: int, *info: bytes) -> bytes:
        """
        Return HKDF of a root.
        """
        return text.hkdf(root, length, *info)

    def label(self, label: str) -> bytes:
        """
        Return a label as it goes into a derivation.
        """
        return label.encode("ascii")

    def mac(self, key: bytes, message: bytes) -> bytes:
        """
        Return the MAC that makes identifiers.
        """
        return text.hmac512(key, message)

    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:
        message = self.joined(b"eckid/1/stampseudoniem", scheme.encode("ascii"), hpgn)
        return self.mac(self.key("stam"), message)

    def of_stam(self, stam: bytes, at: At) -> bytes:
        words = at.keten.encode("ascii"), at.sector.encode("ascii")
        message = self.joined(b"eckid/1/ketenid", *words, stam)
        return self.mac(self.key("keten", at.release), message)

    def voorlopig(self, administratie: str, person: str) -> bytes:
        names = (BOARD, A.oin, administratie, person)
        parts = (name.encode("utf-8") for name in names)
        message = self.joined(b"eckid/1/voorlopig", *parts)
        return self.mac(self.key("voorlopig", OLD), message)

    def joined(self, *parts: bytes) -> bytes:
        return text.frame(*parts)

    def uses(self, message: bytes) -> dict[str, bytes]:
        of = {"keten": OLD, "voorlopig": OLD}
        made = {
            use: text.hmac512(self.key(use, of.get(use)), message)
            for use in ("stam", "keten", "voorlopig")
        }
        for use in ("index", "ledger"):
            made[use] = _hmac256(self.key(use), message)
        for use in ("wrap", "seal"):
            made[use] = AESSIV(self.key(use)).encrypt(message, [ABOUT])
        return made


def _hmac256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


# --- Weakened in what goes into a ketenID ------------------------------------------


class SharedTail(Independent):
    """
    The last 16 bytes come from the stampseudoniem alone: equal in every sector.
    """

    caught = frozenset({"words", "distance"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return super().of_stam(stam, at)[:48] + hashlib.sha512(stam).digest()[:16]


class SlidTail(Independent):
    """
    Two bytes of the stampseudoniem stand in it, in each sector at another place.
    """

    caught = frozenset({"words"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        made, place = super().of_stam(stam, at), {"po": 3, "vo": 20, "mbo": 41}
        begin = place[at.sector]
        return made[:begin] + stam[8:10] + made[begin + 2 :]


class SlidBit(Independent):
    """
    One bit of the stampseudoniem stands in it, in each sector at another place.
    """

    caught = frozenset({"leak"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        made = bytearray(super().of_stam(stam, at))
        place = len(at.sector) * 5 + ord(at.sector[0]) % 7
        made[place] = made[place] & 0xFE | stam[9] & 1
        return bytes(made)


class HalfStam(Independent):
    """
    Only the first half of the stampseudoniem goes in.
    """

    caught = frozenset({"avalanche"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return super().of_stam(stam[:32], at)


class FirstGroupOfKeten(Independent):
    """
    Of the keten only the first eight digits go in.
    """

    caught = frozenset({"avalanche"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return super().of_stam(stam, at._replace(keten=at.keten[:8]))


class SharedBit(Independent):
    """
    One bit comes from the stampseudoniem alone.
    """

    caught = frozenset({"distance"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        made = super().of_stam(stam, at)
        return bytes([made[0] & 0xFE | stam[0] & 1]) + made[1:]


class SectorLeftOut(Independent):
    """
    The sector does not go in.
    """

    caught = frozenset({"words", "distance"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return super().of_stam(stam, at._replace(sector="po"))


class KetenLeftOut(Independent):
    """
    The keten does not go in.
    """

    caught = frozenset({"words", "distance"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return super().of_stam(stam, at._replace(keten="-"))


class ReleaseLeftOut(Independent):
    """
    Every release has one key, from the root of the first.
    """

    caught = frozenset({"words", "distance"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return super().of_stam(stam, at._replace(release=self.first))


class SummedSector(Independent):
    """
    The sector is added to the outcome, and not put into the message.
    """

    caught = frozenset({"words", "distance"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        made = super().of_stam(stam, at._replace(sector="po"))
        sector = int.from_bytes(at.sector.encode("ascii"), "big")
        return ((int.from_bytes(made, "big") + sector) % 2**512).to_bytes(64, "big")


# --- Weakened in what goes into a stampseudoniem or an HPgn ------------------------


class SchemeLeftOut(Independent):
    """
    The name of the scheme does not go in.
    """

    caught = frozenset({"words", "distance"})

    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:  # noqa: ARG002  # the mistake
        return super().stam(hpgn, CHEAPEST.value)


class ReleaseInStam(Independent):
    """
    The newest release goes into the stampseudoniem: a rotation changes it.
    """

    caught = frozenset({"rotation"})

    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:
        newest = list(self.roots.releases)[-1].encode("ascii")
        parts = b"eckid/1/stampseudoniem", scheme.encode("ascii"), hpgn, newest
        return self.mac(self.key("stam"), self.joined(*parts))


class HalfHPgn(Independent):
    """
    Only the first half of the HPgn goes in.
    """

    caught = frozenset({"avalanche"})

    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:
        return super().stam(hpgn[:16] + bytes(16), scheme)


class FoldedSalt(Independent):
    """
    The salt is made lower case, as the number is.
    """

    caught = frozenset({"salt"})

    def hpgn(self, number: str, salt: str) -> bytes:
        folded = base64.b64encode(base64.b64decode(salt).lower())
        return super().hpgn(number, folded.decode("ascii"))


class HashLeftOut(Independent):
    """
    The HPgn is the number, written in 32 bytes.
    """

    caught = frozenset({"bias", "avalanche", "neighbours", "salt"})

    def hpgn(self, number: str, salt: str) -> bytes:  # noqa: ARG002  # the mistake
        return number.encode("ascii").rjust(32, b"\0")


# --- Weakened in keys and framing ---------------------------------------------------


class LabelLeftOut(Independent):
    """
    HKDF has no label: keys of one root are equal.
    """

    caught = frozenset({"labels"})

    def label(self, label: str) -> bytes:  # noqa: ARG002  # the mistake
        return b""


class PublicKey(Independent):
    """
    The keys come from the public names, and not from the roots.
    """

    caught = frozenset({"words", "distance"})

    def root(self, use: str, release: str | None) -> bytes:
        return f"{use} {self.roots.namespace} {release}".encode("ascii")


class OneRootForReleases(Independent):
    """
    A rotation keeps the root, and the release is no part of the label.
    """

    caught = frozenset({"words", "distance"})

    def derived(self, use: str, release: str | None) -> bytes:
        root = self.roots.stam if release is None else self.roots.releases[self.first]
        return self.expanded(root, 64, self.label(f"eckid/1/k_{use}"))


class HalfRoot(Independent):
    """
    Keys come from the first 16 bytes of a root.
    """

    caught = frozenset({"avalanche"})

    def expanded(self, root: bytes, length: int, *info: bytes) -> bytes:
        return super().expanded(root[:16], length, *info)


class NamesCut(Independent):
    """
    Of namespace and release the first twelve and two characters go into a key.
    """

    caught = frozenset({"splits"})

    def expanded(self, root: bytes, length: int, *info: bytes) -> bytes:
        label, *names = info
        cut = (name[:size] for name, size in zip(names, (12, 2), strict=False))
        return super().expanded(root, length, label, *cut)


class SectorJoinedToKeten(Independent):
    """
    Keten and sector are joined without lengths.
    """

    caught = frozenset({"splits"})

    def joined(self, *parts: bytes) -> bytes:
        first, *middle, last = parts
        return super().joined(first, b"".join(middle), last)


class NoLengths(Independent):
    """
    Nothing has its length before it.
    """

    caught = frozenset({"splits"})

    def joined(self, *parts: bytes) -> bytes:
        return b"".join(parts)


class NamesJoined(Independent):
    """
    In HKDF namespace and release are joined without lengths.
    """

    caught = frozenset({"splits"})

    def expanded(self, root: bytes, length: int, *info: bytes) -> bytes:
        return super().expanded(root, length, b"".join(info))


# --- Weakened in how the outcome is made ---------------------------------------------


class XorForHmac(Independent):
    """
    A ketenID is the stampseudoniem XOR a key of its keten, sector and release.
    """

    caught = frozenset({"differences"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        pad = super().of_stam(b"", at)
        return bytes(a ^ b for a, b in zip(stam, pad, strict=True))


class XorForStam(Independent):
    """
    A stampseudoniem is the HPgn twice, XOR the key.
    """

    caught = frozenset({"avalanche", "leak"})

    def stam(self, hpgn: bytes, scheme: str = CHEAPEST.value) -> bytes:
        pad = self.mac(self.key("stam"), scheme.encode("ascii"))
        return bytes(a ^ b for a, b in zip(hpgn + hpgn, pad, strict=True))


class CounterBelow(Independent):
    """
    The last four bytes count the derivations.
    """

    caught = frozenset({"order", "steps"})

    def __init__(self, roots: Roots) -> None:
        super().__init__(roots)
        self._count = count()

    def of_stam(self, stam: bytes, at: At) -> bytes:
        made = super().of_stam(stam, at)
        return made[:60] + next(self._count).to_bytes(4, "big")


class StateNotCopied(Independent):
    """
    One state serves a whole list, and each takes in what came before.
    """

    caught = frozenset({"order"})

    def ketenids(self, hpgns: Iterable[bytes], at: At) -> list[bytes]:
        made: list[bytes] = []
        for hpgn in hpgns:
            made.append(self.of_stam(b"".join(made[-1:]) + self.stam(hpgn), at))
        return made


class Truncated(Independent):
    """
    The MAC is cut to 16 bytes, and filled with zeros.
    """

    caught = frozenset({"bias", "bytes"})

    def mac(self, key: bytes, message: bytes) -> bytes:
        return super().mac(key, message)[:16].ljust(64, b"\0")


class CutAndRepeated(Independent):
    """
    A MAC of 32 bytes is written twice.
    """

    caught = frozenset({"inside"})

    def mac(self, key: bytes, message: bytes) -> bytes:
        return 2 * _hmac256(key, message)


class FixedBits(Independent):
    """
    Some bits say the version, as in a UUID.
    """

    caught = frozenset({"bias"})

    def mac(self, key: bytes, message: bytes) -> bytes:
        made = bytearray(super().mac(key, message))
        made[6] = made[6] & 0x0F | 0x80
        return bytes(made)


class Modulo(Independent):
    """
    Each byte is taken modulo 251.
    """

    caught = frozenset({"bytes"})

    def of_stam(self, stam: bytes, at: At) -> bytes:
        return bytes(octet % 251 for octet in super().of_stam(stam, at))


class BitOfHPgn(Independent):
    """
    The lowest bit is a bit of the HPgn, in each sector its complement or itself.
    """

    caught = frozenset({"leak"})

    def ketenid(self, hpgn: bytes, at: At, scheme: str = CHEAPEST.value) -> bytes:
        made = super().ketenid(hpgn, at, scheme)
        turned = drawn(self.roots.stam.hex(), *at, size=1)[0] & 1
        return made[:-1] + bytes([made[-1] & 0xFE | hpgn[0] & 1 ^ turned])


WEAKENED: Final[Mapping[str, type[Independent]]] = {
    kind.__name__: kind for kind in Independent.__subclasses__()
}
