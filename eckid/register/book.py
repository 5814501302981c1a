"""
The register as a board uses it.

Rule 1: the register never hashes, and never holds a PGN.
Rule 2: everything personal is sealed under the person's own data key.
Rule 3: what was acknowledged is on the disk.
"""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from eckid._core.values import expect
from eckid.errors import RegisterError
from eckid.keys import Sleutelbos
from eckid.register.facts import BOARD, Facts, Feit
from eckid.register.kept import Kept
from eckid.register.ledger import Head
from eckid.register.store import keys_of, said


class Register(Kept):
    """
    A register that is open; for one thread. Other processes may have it too.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "<Register>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def create(cls, path: str | Path, *, sleutelbos: Sleutelbos) -> Self:
        """
        Make a register, and the key file beside it.

        Raises:
            FileExistsError: If either stands there.
            eckid.errors.RegisterError: If they cannot be made.
        """
        return cls(_created(Path(path), sleutelbos, None))

    @classmethod
    def open(cls, path: str | Path, *, sleutelbos: Sleutelbos) -> Self:
        """
        Open a register.

        Raises:
            eckid.errors.RegisterError: If there is none, it is another ring's,
                or a newer eckid made it.
        """
        ring = expect("sleutelbos", sleutelbos, Sleutelbos)
        facts = Facts(Path(path), ring, create=False)
        try:
            facts.key(BOARD)
            facts.store.sweep()
        except RegisterError:
            facts.store.close()
            raise
        return cls(facts)

    def close(self) -> None:
        """
        Close both files.
        """
        self._facts.store.close()

    def counts(self) -> dict[str, int]:
        """
        Return how many rows there are of each kind, in the order of the kinds.
        """
        sql = "SELECT count(*) FROM ledger WHERE kind = ?"
        return {f.value: self._facts.store.one(sql, f.value)[0] for f in Feit}

    def inzage(self, administratie: str, key: str) -> list[dict[str, Any]]:
        """
        Return all that is held on a person, in order.
        """
        return self._facts.of(self._handle(administratie, key))

    def forget(self, administratie: str, key: str) -> None:
        """
        Take a person's rows out of the key file: nothing of them can be read.

        What their links were called is kept, for they are revoked from now on.

        Raises:
            eckid.errors.RegisterError: If the key is not known; or BUSY, where
                a reader keeps what was deleted: then `scrub` again.
        """
        with self.together():
            handle = self._handle(administratie, key)
            rows = len(self._facts.ledger.rows(handle))
            links = [
                (fact["organisatie"], fact["jti"])
                for fact in self._facts.of(handle, Feit.LINK)
            ]
            with said():
                self._facts.store.keys.execute(
                    "DELETE FROM key WHERE handle = ?", (handle,)
                )
            self._facts.add(BOARD, Feit.VERGETEN, {"rows": rows, "links": links})
        self.scrub()

    def scrub(self) -> None:
        """
        Take what was deleted out of the key file's log, or say BUSY.
        """
        self._facts.store.scrub()

    def head(self) -> Head:
        """
        Return where the ledger ends, unverified; to be kept elsewhere.
        """
        return self._facts.ledger.head()

    def verify(self, *, expected: Head | None = None) -> Head:
        """
        Check the whole ledger, and return its head, to be kept elsewhere.

        Args:
            expected: A head that was kept elsewhere.

        Raises:
            eckid.errors.RegisterError: If anything in it was changed.
        """
        expect("expected", expected, Head, type(None))
        return self._facts.ledger.verify(expected=expected)

    def backup(self, path: str | Path) -> None:
        """
        Copy both files while they are used; not over files that stand there.

        Keep the copy of the key file apart, and no longer than the board says:
        who was forgotten since can be read with it.
        """
        to = Path(path)
        _refuse_standing(to)
        self._facts.store.copy_to(to)

    def rekey(self, path: str | Path, *, sleutelbos: Sleutelbos) -> "Register":
        """
        Write the register anew under another ring, and return it, open.

        The old chain ends; its head stands in the first row of the new one.
        Stampseudoniemen stay as they are.

        Args:
            path: Where the new files come; none may stand there.

            sleutelbos: The new ring.
        """
        old = self._facts
        head = self.verify()
        new = _created(Path(path), sleutelbos, head, board=old.key(BOARD))
        made = Register(new)
        with self.together(), made.together():
            for handle in old.handles() - {BOARD}:
                new.put_key(handle, old.key(handle))
                for fact in old.of(handle):
                    for found in _tags(fact):
                        new.put_tag(new.tag(*found), handle)
            for row in old.ledger.rows():
                new.ledger.append(row.handle, row.kind, row.format, row.sealed)
        return made


def _tags(fact: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """
    Yield what a fact is found by.
    """
    if fact["feit"] == Feit.PERSOON.value:
        yield "person", fact["administratie"], fact["key"]
    if "stampseudoniem" in fact:
        yield "stampseudoniem", fact["stampseudoniem"]
    if fact["feit"] == Feit.VRIJGAVE.value:
        yield "ketenid", fact["identifier"]


def _refuse_standing(path: Path) -> None:
    for file in (path, keys_of(path)):
        if file.exists():
            raise FileExistsError(f"{file}: expected no such file, got one")


def _created(
    path: Path, ring: Sleutelbos, head: Head | None, *, board: bytes | None = None
) -> Facts:
    expect("sleutelbos", ring, Sleutelbos)
    _refuse_standing(path)
    for file in (path, keys_of(path)):
        file.touch(mode=0o600)
    facts = Facts(path, ring, create=True)
    with facts.store.writing():
        facts.put_key(BOARD, board or secrets.token_bytes(64))
        facts.add(
            BOARD,
            Feit.BEGIN,
            {
                "id": secrets.token_hex(16),
                "head": None if head is None else [head.length, head.mac],
            },
        )
    return facts
