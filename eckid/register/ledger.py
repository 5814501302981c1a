"""
The ledger of a register: rows that are only ever added, each bound to the last.

    mac = HMAC-SHA-256(k_ledger, frame(mac of the row before,
        seq, handle, kind, format, sealed))

The MACs are taken over ciphertexts, so the ledger also verifies where rows can no
longer be read. Anyone who holds the ring can make another ledger. The key file has the
head too, so an older register beside it is noticed. That both files are older shows
only with a head that was kept in another place.
"""

from collections.abc import Sequence
from contextlib import closing
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hmac import HMAC

from eckid._core.foreign import foreign
from eckid._core.values import frame
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos
from eckid.register.store import Store

BEGIN: Final = bytes(32)
# A frame has two bytes for the length of a part.
_MOST: Final = 65_535


class Row(NamedTuple):
    """
    One row of the ledger.

    Attributes:
        seq: Its place, from 1.
        handle: The handle of the person; 0 for the register itself.
        kind: The value of a `Feit`.
        format: The version of the form in which it is written.
        sealed: The fact, encrypted.
        mac: The MAC that binds it to the row before.
    """

    seq: int
    handle: int
    kind: str
    format: int
    sealed: bytes
    mac: bytes


class Head(NamedTuple):
    """
    Where a ledger ends: its length, and the MAC of its last row.

    Keep it in another place than the register; `Register.verify` checks it.

    Attributes:
        length: How many rows there are.
        mac: The MAC, in hex.
    """

    length: int
    mac: str

    def __str__(self) -> str:
        return f"{self.length}:{self.mac}"


_COLUMNS: Final = "seq, handle, kind, format, sealed, mac"


class Ledger:
    """
    The ledger in a store.
    """

    def __init__(self, store: Store, sleutelbos: Sleutelbos) -> None:
        self._store = store
        self._mac = sleutelbos.mac_ledger()

    def head(self) -> Head:
        """
        Return where the ledger ends, without verifying it.
        """
        row = self._store.one("SELECT seq, mac FROM ledger ORDER BY seq DESC LIMIT 1")
        return Head(0, BEGIN.hex()) if row is None else _head(*row)

    def kept_head(self) -> Head | None:
        """
        Return the head that the key file has; None if it has none.
        """
        row = self._store.one("SELECT length, mac FROM keys.head")
        return None if row is None else _head(*row)

    def keep_head(self, head: Head) -> None:
        """
        Write a head into the key file; call this inside `Store.writing`.
        """
        self._store.run(
            "INSERT OR REPLACE INTO keys.head (one, length, mac) VALUES (1, ?, ?)",
            head.length,
            bytes.fromhex(head.mac),
        )

    def append(self, row: Row) -> None:
        """
        Add a row, which comes after the last; call this inside `Store.writing`.

        Args:
            row: The row; its `mac` is that of the row before.

        Raises:
            eckid.errors.RegisterError: If its `sealed` has more than 65,535 bytes.
        """
        if len(row.sealed) > _MOST:
            raise RegisterError(
                f"register: expected at most {_MOST} bytes in a row, got "
                f"{len(row.sealed)}"
            )
        mac = _chained(self._mac, row.mac, row)
        self._store.run(
            f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  # our own columns
            *row._replace(mac=mac),
        )
        self.keep_head(Head(row.seq, mac.hex()))

    def rows(self, handle: int | None = None, kind: str | None = None) -> list[Row]:
        """
        Return the rows of one handle, of one kind, or all; in order.
        """
        where, values = [], []
        for name, value in (("handle", handle), ("kind", kind)):
            if value is not None:
                where.append(f"{name} = ?")
                values.append(value)
        clause = f" WHERE {' AND '.join(where)}" if where else ""
        found = self._store.many(
            f"SELECT {_COLUMNS} FROM ledger{clause} ORDER BY seq",  # noqa: S608  # as above
            *values,
        )
        return [_row(row) for row in found]

    def verify(self, *, expected: Head | None = None) -> Head:
        """
        Check every row, and return where the ledger ends.

        Args:
            expected: A head that was kept in another place: the ledger must contain it,
                and may have grown since.

        Raises:
            eckid.errors.RegisterError: If a row was changed, added, moved or removed,
                or the ledger does not contain *expected*.
        """
        head, met = Head(0, BEGIN.hex()), expected is None or expected.length == 0
        sql = f"SELECT {_COLUMNS} FROM ledger ORDER BY seq"  # noqa: S608  # as above
        with closing(self._store.each(sql)) as rows:
            for row in map(_row, rows):
                mac = _chained(self._mac, bytes.fromhex(head.mac), row)
                if row.seq != head.length + 1 or not bytes_eq(mac, row.mac):
                    raise RegisterError(
                        f"ledger: expected row {head.length + 1} as it was written, "
                        "got another"
                    )
                head = Head(row.seq, row.mac.hex())
                met = met or head == expected
        if not met:
            raise RegisterError(
                "ledger: expected the head that was kept, got a ledger without it: "
                "its end was cut, or it is an older copy"
            )
        return head

    def first(self) -> Row | None:
        """
        Return the first row, if the ledger has one.
        """
        row = self._store.one(
            f"SELECT {_COLUMNS} FROM ledger WHERE seq = 1"  # noqa: S608  # as above
        )
        return None if row is None else _row(row)


# SQLite keeps any type in any column; a changed file may hold others than were written.
_KINDS: Final = (int, int, str, int, bytes, bytes)


def _row(found: Sequence[Any]) -> Row:
    if not all(map(isinstance, found, _KINDS)):
        raise _changed()
    return Row(*found)


def _head(length: object, mac: object) -> Head:
    if not isinstance(length, int) or not isinstance(mac, bytes):
        raise _changed()
    return Head(length, mac.hex())


def _changed(_: object = None) -> RegisterError:
    return RegisterError("ledger: expected rows as they were written, got others")


def _chained(state: HMAC, last: bytes, row: Row) -> bytes:
    mac = state.copy()
    with foreign(_changed, OverflowError, ValueError):
        framed = frame(
            last,
            row.seq.to_bytes(8, "big"),
            row.handle.to_bytes(8, "big"),
            row.kind.encode("utf-8"),
            row.format.to_bytes(2, "big"),
            row.sealed,
        )
    mac.update(framed)
    return mac.finalize()
