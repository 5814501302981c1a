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
    An open register, for use in one thread; other processes may have it open too.

    `create` makes one, `open` opens one. Use it in a ``with``; at its end the files are
    closed.
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
        Make a new register, and the key file beside it, and return it, open.

        Args:
            path: Where the register is to stand; the key file gets this name and
                ``.keys``.

            sleutelbos: The ring under which it is encrypted.

        Raises:
            FileExistsError: If either file stands there already.
            eckid.errors.RegisterError: If the files cannot be made.
        """
        return cls(_created(Path(path), sleutelbos, None))

    @classmethod
    def open(cls, path: str | Path, *, sleutelbos: Sleutelbos) -> Self:
        """
        Open a register and return it.

        Args:
            path: The register; its key file stands beside it.

            sleutelbos: The ring under which it was made.

        Raises:
            eckid.errors.RegisterError: If there is no register, it is another ring's,
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
        Return how many rows of the ledger there are of each kind, by the kind's name.
        """
        sql = "SELECT count(*) FROM ledger WHERE kind = ?"
        return {f.value: self._facts.store.one(sql, f.value)[0] for f in Feit}

    def inzage(self, administratie: str, key: str) -> list[dict[str, Any]]:
        """
        Return all facts that the register holds on a person, the oldest first.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

        Returns:
            A dictionary for each fact; `feit` in it says of which kind the fact is.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
        """
        return self._facts.of(self._handle(administratie, key))

    def forget(self, administratie: str, key: str) -> None:
        """
        Forget a person: delete the data key, so that nothing of the person can be read.

        The numbers (`jti`) of the person's links are kept, because the revocation lists
        name them from now on.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

        Raises:
            eckid.errors.RegisterError: If the key is not known. Or BUSY, if a reader
                still holds the deleted rows in the log of the key file; then call
                `scrub` again.
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
        Remove deleted rows from the log of the key file.

        Raises:
            eckid.errors.RegisterError: BUSY, if a reader holds them; try again later.
        """
        self._facts.store.scrub()

    def head(self) -> Head:
        """
        Return where the ledger ends, without verifying it; keep it in another place.
        """
        return self._facts.ledger.head()

    def verify(self, *, expected: Head | None = None) -> Head:
        """
        Check every row of the ledger, and return its head, to be kept in another place.

        Args:
            expected: A head that was kept in another place; the ledger must still
                contain it. None checks the rows only, which does not show that its end
                was cut.

        Raises:
            eckid.errors.RegisterError: If a row was changed, added, moved or removed,
                or the ledger does not contain *expected*.
        """
        expect("expected", expected, Head, type(None))
        return self._facts.ledger.verify(expected=expected)

    def backup(self, path: str | Path) -> None:
        """
        Copy both files while they are in use.

        Keep the copy of the key file apart, and no longer than the board has decided:
        with it, persons forgotten since can still be read.

        Args:
            path: Where the copy of the register is to stand; its key file stands beside
                it.

        Raises:
            FileExistsError: If either file stands there already.
            eckid.errors.RegisterError: If they cannot be copied.
        """
        to = Path(path)
        _refuse_standing(to)
        self._facts.store.copy_to(to)

    def rekey(self, path: str | Path, *, sleutelbos: Sleutelbos) -> "Register":
        """
        Write the register anew under another ring, and return the new one, open.

        The old ledger ends; its head stands in the first row of the new one.
        Stampseudoniemen stay as they are. The old files stay.

        Args:
            path: Where the new register is to stand, and its key file beside it.

            sleutelbos: The new ring.

        Raises:
            FileExistsError: If either file stands there already.
            eckid.errors.RegisterError: If the ledger does not verify.
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
    Yield what tags are made of, for finding the person of a fact.
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
