"""
The facts of a register: persons behind handles, and what is known of each.

A handle is a random number. The key file holds its data key, wrapped, and the tags that
lead to it. The ledger holds its facts, sealed under that key.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from eckid._core.values import Closed, expect
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos
from eckid.register.cells import FORMAT, new_handle, new_key, seal, tag, unseal
from eckid.register.ledger import Ledger, Row
from eckid.register.store import Store, said

# The handle of facts that belong to the register itself and not to a person.
BOARD: Final = 0


class Feit(Closed):
    """
    The kinds of fact that a row of the ledger can hold.
    """

    BEGIN = "begin"
    PERSOON = "persoon"
    VRIJGAVE = "vrijgave"
    SUBSTITUTIE = "substitutie"
    TOESTEMMING = "toestemming"
    INGETROKKEN = "ingetrokken"
    LINK = "link"
    INTREKKINGSLIJST = "intrekkingslijst"
    BERICHT = "bericht"
    VERGETEN = "vergeten"


class Facts:
    """
    Handles, tags, data keys and facts of an open register.
    """

    def __init__(self, path: Path, ring: Sleutelbos, *, create: bool) -> None:
        self.ring = ring
        self.store = Store(path, create=create)
        self.ledger = Ledger(self.store, ring)

    def tag(self, kind: str, *values: str) -> bytes:
        """
        Return the tag of some values, by which a handle is found.
        """
        return tag(self.ring, kind, *(expect(kind, value, str) for value in values))

    def handle(self, wanted: bytes) -> int | None:
        """
        Return the handle that a tag leads to; None where it leads to no handle.
        """
        with said():
            found = self.store.keys.execute(
                "SELECT handle FROM tag WHERE tag = ?", (wanted,)
            ).fetchone()
        return None if found is None else int(found[0])

    def new_handle(self) -> int:
        """
        Draw a handle and its data key, keep the key, and return the handle.
        """
        handle = new_handle()
        self.put_key(handle, new_key())
        return handle

    def put_key(self, handle: int, key: bytes) -> None:
        """
        Keep the data key of a handle, wrapped.
        """
        wrapped = seal(self.ring.siv_wrap(), key, **_wrapping(handle, FORMAT))
        with said():
            self.store.keys.execute(
                "INSERT INTO key (handle, format, wrapped) VALUES (?, ?, ?)",
                (handle, FORMAT, wrapped),
            )

    def put_tag(self, made: bytes, handle: int) -> None:
        """
        Let the tag *made* lead to *handle*, unless it leads somewhere already.
        """
        with said():
            self.store.keys.execute(
                "INSERT OR IGNORE INTO tag (tag, handle) VALUES (?, ?)", (made, handle)
            )

    def key(self, handle: int) -> bytes:
        """
        Return the data key of a handle.

        Raises:
            eckid.errors.RegisterError: If the handle has no key, or it was wrapped
                under another ring.
        """
        with said():
            found = self.store.keys.execute(
                "SELECT format, wrapped FROM key WHERE handle = ?", (handle,)
            ).fetchone()
        if found is None:
            raise RegisterError("register: expected a person's key, got none")
        format_, wrapped = found
        return unseal(self.ring.siv_wrap(), wrapped, **_wrapping(handle, format_))

    def handles(self) -> set[int]:
        """
        Return the handles that still have a data key.
        """
        with said():
            return {row[0] for row in self.store.keys.execute("SELECT handle FROM key")}

    def add(self, handle: int, feit: Feit, fact: Mapping[str, Any]) -> None:
        """
        Add a fact to the ledger; call this inside `Store.writing`.
        """
        import json  # noqa: PLC0415  # only a register needs it

        octets = json.dumps(fact, ensure_ascii=False, sort_keys=True).encode("utf-8")
        siv = AESSIV(self.key(handle))
        sealed = seal(siv, octets, **_place(feit.value, handle, FORMAT))
        self.ledger.append(handle, feit.value, FORMAT, sealed)

    def of(self, handle: int, feit: Feit | None = None) -> list[dict[str, Any]]:
        """
        Return the facts of a handle, of one kind or all, in order.
        """
        siv = AESSIV(self.key(handle))
        kind = None if feit is None else feit.value
        return [self._read(siv, row) for row in self.ledger.rows(handle, kind)]

    def all(self, feit: Feit) -> list[dict[str, Any]]:
        """
        Return the facts of one kind, of all persons who were not forgotten.
        """
        return [fact for _, fact in self.everyones(feit)]

    def everyones(self, feit: Feit) -> list[tuple[int, dict[str, Any]]]:
        """
        Return the facts that `all` gives, each with its handle.
        """
        known = self.handles()
        return [
            (row.handle, self._read(AESSIV(self.key(row.handle)), row))
            for row in self.ledger.rows(kind=feit.value)
            if row.handle in known
        ]

    def state(self, *feiten: Feit) -> tuple[int, ...]:
        """
        Return the place of the last row of each kind; it changes when a row is added.
        """
        sql = "SELECT coalesce(max(seq), 0) FROM ledger WHERE kind = ?"
        return tuple(self.store.one(sql, feit.value)[0] for feit in feiten)

    def _read(self, siv: AESSIV, row: Row) -> dict[str, Any]:
        import json  # noqa: PLC0415  # as above

        octets = unseal(siv, row.sealed, **_place(row.kind, row.handle, row.format))
        fact: dict[str, Any] = json.loads(octets)
        return {"feit": row.kind, "seq": row.seq, **fact}


def _wrapping(handle: int, format: int) -> dict[str, Any]:
    return {"table": "key", "column": "wrapped", "handle": handle, "format": format}


def _place(kind: str, handle: int, format: int) -> dict[str, Any]:
    return {"table": "ledger", "column": kind, "handle": handle, "format": format}
