"""
The ledger of a register: rows that are only ever added, each bound to the last.

    mac = HMAC-SHA-256(k_ledger, frame(mac of the row before,
        seq, handle, kind, format, sealed))

The MACs are taken over ciphertexts, so the ledger also verifies where rows can no
longer be read. Anyone who holds the ring can make another ledger. That its end was cut
shows only with the ring and a head that was kept in another place.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hmac import HMAC

from eckid._core.values import frame
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos
from eckid.register.store import Store, said

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
        return Head(0, BEGIN.hex()) if row is None else Head(row[0], row[1].hex())

    def append(self, handle: int, kind: str, format: int, sealed: bytes) -> int:
        """
        Add a row, and return its place; call this inside `Store.writing`.

        Raises:
            eckid.errors.RegisterError: If *sealed* has more than 65,535 bytes.
        """
        if len(sealed) > _MOST:
            raise RegisterError(
                f"register: expected at most {_MOST} bytes in a row, got {len(sealed)}"
            )
        length, last = self.head()
        row = Row(length + 1, handle, kind, format, sealed, b"")
        mac = _chained(self._mac, bytes.fromhex(last), row)
        with said():
            self._store.register.execute(
                f"INSERT INTO ledger ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  # our own columns
                row._replace(mac=mac),
            )
        return row.seq

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
        return [Row(*row) for row in found]

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
        for row in self._each():
            mac = _chained(self._mac, bytes.fromhex(head.mac), row)
            if row.seq != head.length + 1 or not bytes_eq(mac, row.mac):
                raise RegisterError(
                    f"ledger: expected row {head.length + 1} as it was written, got "
                    "another"
                )
            head = Head(row.seq, row.mac.hex())
            met = met or head == expected
        if not met:
            raise RegisterError(
                "ledger: expected the head that was kept, got a ledger without it: "
                "its end was cut, or it is an older copy"
            )
        return head

    def _each(self) -> Iterator[Row]:
        with said():
            cursor = self._store.register.execute(
                f"SELECT {_COLUMNS} FROM ledger ORDER BY seq"  # noqa: S608  # as above
            )
            for row in cursor:
                yield Row(*row)


def _chained(state: HMAC, last: bytes, row: Row) -> bytes:
    mac = state.copy()
    mac.update(
        frame(
            last,
            row.seq.to_bytes(8, "big"),
            row.handle.to_bytes(8, "big"),
            row.kind.encode("utf-8"),
            row.format.to_bytes(2, "big"),
            row.sealed,
        )
    )
    return mac.finalize()
