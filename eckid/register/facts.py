"""
The facts of a register: persons behind handles, and what is known of each.

A handle is a random number. The key file holds its data key, wrapped, and the tags that
lead to it. The ledger holds its facts, sealed under that key.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from eckid._core.foreign import foreign
from eckid._core.values import Closed, expect
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos
from eckid.register.cells import (
    FORMAT,
    WRAPPED,
    Place,
    new_handle,
    new_key,
    seal,
    tag,
    unseal,
)
from eckid.register.ledger import Ledger, Row
from eckid.register.store import Store

# The handle of facts that belong to the register itself and not to a person.
BOARD: Final = 0


class Feit(Closed):
    """
    The kinds of fact that a row of the ledger can hold.
    """

    BEGIN = "begin"
    PERSOON = "persoon"
    VRIJGAVE = "vrijgave"
    KETENID = "ketenid"
    SUBSTITUTIE = "substitutie"
    TOESTEMMING = "toestemming"
    INGETROKKEN = "ingetrokken"
    LINK = "link"
    INTREKKINGSLIJST = "intrekkingslijst"
    BERICHT = "bericht"
    VERGETEN = "vergeten"
    HERSTELD = "hersteld"


class Facts:
    """
    Handles, tags, data keys and facts of an open register.

    Args:
        store: Its two files.
        ring: The ring under which it is encrypted.

    Attributes:
        id: 16 bytes, drawn when it was made; they are in every tag.
    """

    def __init__(self, store: Store, ring: Sleutelbos) -> None:
        self.store = store
        self.ring = ring
        self.ledger = Ledger(store, ring)
        self.id = b""

    def begin(self, head: tuple[int, str] | None = None) -> None:
        """
        Write the first row, with the head of the ledger that this one follows.
        """
        self.id = new_key()[:16]
        self.put_key(BOARD)
        self.add(BOARD, Feit.BEGIN, {"id": self.id.hex(), "head": head})

    def begun(self) -> None:
        """
        Read the first row.

        Raises:
            eckid.errors.RegisterError: If there is no such row, or the ring or the key
                file is another's.
        """
        first = self.ledger.first()
        if first is None or (first.handle, first.kind) != (BOARD, Feit.BEGIN.value):
            raise RegisterError(
                "register: expected its first row, got a ledger without it; put a "
                "copy of the register in its place, and accept it with restore"
            )
        with foreign(
            RegisterError(
                "register: expected its own ring and its own key file, got another"
            ),
            RegisterError,
        ):
            self.id = bytes.fromhex(self.read(first)["id"])

    def tag(self, kind: str, *values: str) -> bytes:
        """
        Return the tag of some values, by which a handle is found.
        """
        texts = (expect(kind, value, str) for value in values)
        return tag(self.ring, self.id, kind, *texts)

    def handle(self, wanted: bytes) -> int | None:
        """
        Return the handle that a tag leads to; None where it leads to no handle.
        """
        found = self.store.one("SELECT handle FROM keys.tag WHERE tag = ?", wanted)
        if found is not None and not isinstance(found[0], int):
            raise RegisterError(
                "register: expected a tag as it was written, got another"
            )
        return None if found is None else int(found[0])

    def new_handle(self) -> tuple[int, bytes]:
        """
        Draw a handle and its data key, keep the key, and return both.
        """
        handle = new_handle()
        return handle, self.put_key(handle)

    def put_key(self, handle: int) -> bytes:
        """
        Draw a data key for a handle, keep it, wrapped, and return it.
        """
        key = new_key()
        wrapped = seal(self.ring.siv_wrap(), key, _wrapping(handle, WRAPPED))
        self.store.run(
            "INSERT INTO keys.key (handle, format, wrapped) VALUES (?, ?, ?)",
            handle,
            WRAPPED,
            wrapped,
        )
        return key

    def put_tag(self, made: bytes, handle: int) -> None:
        """
        Let the tag *made* lead to *handle*, unless it leads somewhere already.
        """
        sql = "INSERT OR IGNORE INTO keys.tag (tag, handle) VALUES (?, ?)"
        self.store.run(sql, made, handle)

    def key(self, handle: int) -> bytes:
        """
        Return the data key of a handle.

        Raises:
            eckid.errors.RegisterError: If the handle has no key, or it was wrapped
                under another ring.
        """
        sql = "SELECT format, wrapped FROM keys.key WHERE handle = ?"
        found = self.store.one(sql, handle)
        if found is None or not all(map(isinstance, found, (int, bytes))):
            raise RegisterError("register: expected a person's key, got none")
        format_, wrapped = found
        return unseal(self.ring.siv_wrap(), wrapped, _wrapping(handle, format_))

    def handles(self) -> set[int]:
        """
        Return the handles that still have a data key.
        """
        return {row[0] for row in self.store.many("SELECT handle FROM keys.key")}

    def drop(self, handle: int) -> None:
        """
        Delete the data key of a handle, and its tags.
        """
        self.store.run("DELETE FROM keys.key WHERE handle = ?", handle)

    def add(
        self,
        handle: int,
        feit: Feit,
        fact: Mapping[str, Any],
        *,
        key: bytes | None = None,
    ) -> None:
        """
        Add a fact to the ledger, and what finds it to the key file.

        Call this inside `Store.writing`. *key* is the data key of the handle, where it
        is at hand.

        Raises:
            eckid.errors.RegisterError: If a text in the fact has a lone surrogate, or
                the fact is too long for a row.
        """
        import json  # noqa: PLC0415  # only a register needs it

        with foreign(
            RegisterError("register: expected text, got a lone surrogate"), UnicodeError
        ):
            octets = json.dumps(fact, ensure_ascii=False, sort_keys=True).encode()
        length, mac = self.ledger.head()
        row = Row(length + 1, handle, feit.value, FORMAT, b"", bytes.fromhex(mac))
        siv = AESSIV(self.key(handle) if key is None else key)
        sealed = seal(siv, octets, _place(row))
        self.ledger.append(row._replace(sealed=sealed))
        self.index(handle, {"feit": feit.value, **fact})

    def index(self, handle: int, fact: Mapping[str, Any]) -> None:
        """
        Keep in the key file what finds a fact; call this inside `Store.writing`.

        All of it can be made anew from the facts.
        """
        for found in _tags(fact):
            self.put_tag(self.tag(*found), handle)
        match fact["feit"]:
            case Feit.LINK.value:
                self.store.run(
                    "INSERT OR REPLACE INTO keys.link VALUES (?, ?, ?)",
                    *(fact[name] for name in ("jti", "organisatie", "tot")),
                )
            case Feit.INTREKKINGSLIJST.value:
                self.store.run(
                    "INSERT INTO keys.list VALUES (?, ?) "
                    # An older copy of the ledger does not take a number back.
                    "ON CONFLICT DO UPDATE SET number = max(number, excluded.number)",
                    *(fact[name] for name in ("organisatie", "number")),
                )

    def of(self, handle: int, feit: Feit | None = None) -> list[dict[str, Any]]:
        """
        Return the facts of a handle, of one kind or all, in order.
        """
        siv = AESSIV(self.key(handle))
        kind = None if feit is None else feit.value
        return [self.read(row, siv) for row in self.ledger.rows(handle, kind)]

    def all(self, feit: Feit) -> list[dict[str, Any]]:
        """
        Return the facts of one kind, of all persons who were not forgotten.
        """
        return [fact for _, fact in self.everyones(feit)]

    def everyones(self, feit: Feit | None = None) -> list[tuple[int, dict[str, Any]]]:
        """
        Return the facts that `all` gives, each with its handle; None is every kind.
        """
        with self.store.reading():
            known = self.handles()
            kind = None if feit is None else feit.value
            return [
                (row.handle, self.read(row))
                for row in self.ledger.rows(kind=kind)
                if row.handle in known
            ]

    def state(self, *feiten: Feit) -> tuple[int, ...]:
        """
        Return the place of the last row of each kind; it changes when a row is added.
        """
        one = "(SELECT coalesce(max(seq), 0) FROM ledger WHERE kind = ?)"
        sql = f"SELECT {', '.join([one] * len(feiten))}"  # our own words
        return tuple(self.store.one(sql, *(feit.value for feit in feiten)))

    def read(self, row: Row, siv: AESSIV | None = None) -> dict[str, Any]:
        """
        Return the fact in a row; *siv* has the key of its person, where it is at hand.
        """
        import json  # noqa: PLC0415  # as above

        siv = AESSIV(self.key(row.handle)) if siv is None else siv
        fact: dict[str, Any] = json.loads(unseal(siv, row.sealed, _place(row)))
        return {"feit": row.kind, "seq": row.seq, **fact}


def _tags(fact: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """
    Yield what tags are made of, for finding the person of a fact.
    """
    if fact["feit"] == Feit.PERSOON.value:
        yield "person", fact["administratie"], fact["key"]
    if "stampseudoniem" in fact:
        yield "stampseudoniem", fact["stampseudoniem"]
    if fact["feit"] == Feit.VRIJGAVE.value:
        yield "ketenid", fact["identifier"]


def _wrapping(handle: int, format: int) -> Place:
    return Place("key", "wrapped", handle, format)


def _place(row: Row) -> Place:
    # The rows of format 1 were not bound to their place in the ledger.
    seq = None if row.format == 1 else row.seq
    return Place("ledger", row.kind, row.handle, row.format, seq)
