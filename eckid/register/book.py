"""
The register as a board uses it.

Rule 1: the register never hashes, and never holds a PGN.
Rule 2: everything personal is sealed under the person's own data key.
Rule 3: what was acknowledged is on the disk.
"""

from contextlib import closing
from pathlib import Path
from typing import Any, Self

from eckid._core.values import a_path, expect
from eckid.keys import Sleutelbos
from eckid.pseudonyms import HPgn
from eckid.register.facts import BOARD, Feit
from eckid.register.kept import Kept
from eckid.register.ledger import Head
from eckid.register.moves import (
    LINKS_A_ROW,
    Hersteld,
    made,
    opened,
    rekeyed,
    restored,
)
from eckid.register.persons import stam_of
from eckid.register.store import refuse_standing
from eckid.scheme import Scheme


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
        ring = expect("sleutelbos", sleutelbos, Sleutelbos)
        refuse_standing(Path(a_path("path", path)))
        with made(ring, None) as facts:
            facts.store.write_to(Path(a_path("path", path)))
        return cls.open(path, sleutelbos=ring)

    @classmethod
    def open(cls, path: str | Path, *, sleutelbos: Sleutelbos) -> Self:
        """
        Open a register and return it. Opening changes nothing, but for one thing.

        A register that an older eckid made is brought to the form of today, after a
        copy was made: its name and ``.before-`` and the number of its rows. Delete the
        copy when you have seen that all is well; it can still read the persons who
        are forgotten from now on.

        Args:
            path: The register; its key file stands beside it.

            sleutelbos: The ring under which it was made.

        Raises:
            eckid.errors.RegisterError: If there is no register, it is another ring's,
                a newer eckid made it, or the two files are not of one moment.
        """
        ring = expect("sleutelbos", sleutelbos, Sleutelbos)
        return cls(opened(Path(a_path("path", path)), ring))

    @classmethod
    def restore(
        cls, path: str | Path, *, sleutelbos: Sleutelbos, expected: Head | None = None
    ) -> Hersteld:
        """
        Accept an older copy of a register, or of its key file, and note what is lost.

        Put the copy in its place first. All links that went out are revoked, because
        the copy does not know which consents were withdrawn since.

        Args:
            path: The register; its key file stands beside it.

            sleutelbos: The ring under which it was made.

            expected: A head that was kept in another place, to tell what is lost.

        Returns:
            What is lost.

        Raises:
            eckid.errors.RegisterError: If the ledger does not verify, or the two files
                are not of one register.
        """
        expect("expected", expected, Head, type(None))
        ring = expect("sleutelbos", sleutelbos, Sleutelbos)
        facts = opened(Path(a_path("path", path)), ring, older=True)
        with closing(facts.store):
            return restored(facts, expected)

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
            A stampseudoniem and an HPgn are hidden values.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
        """
        with self._facts.store.reading():
            facts = self._facts.of(self._handle(administratie, key))
        return [_hidden(fact) for fact in facts]

    def forget(self, administratie: str, key: str) -> None:
        """
        Forget a person: delete the data key, so that nothing of the person can be read.

        The numbers (`jti`) of the person's links are kept, because the revocation lists
        name them from now on.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
        """
        with self.together():
            handle = self._handle(administratie, key)
            rows = len(self._facts.ledger.rows(handle))
            links = [
                (fact["organisatie"], fact["jti"], fact["tot"])
                for fact in self._facts.of(handle, Feit.LINK)
            ]
            self._facts.drop(handle)
            fact = {"handle": handle, "rows": rows}
            for first in range(0, max(len(links), 1), LINKS_A_ROW):
                some = links[first : first + LINKS_A_ROW]
                self._facts.add(BOARD, Feit.VERGETEN, {**fact, "links": some})

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
            eckid.errors.RegisterError: If they cannot be copied; nothing is left.
        """
        self._facts.store.write_to(Path(a_path("path", path)))

    def rekey(self, path: str | Path, *, sleutelbos: Sleutelbos) -> "Register":
        """
        Write the register anew under another ring, and return the new one, open.

        The old ledger ends; its head stands in the first row of the new one. Each
        person gets a new data key. Stampseudoniemen stay as they are. Rows of forgotten
        persons are left out. The old files stay.

        Args:
            path: Where the new register is to stand, and its key file beside it.

            sleutelbos: The new ring.

        Raises:
            FileExistsError: If either file stands there already.
            eckid.errors.RegisterError: If the ledger does not verify, or the files
                cannot be written.
        """
        ring = expect("sleutelbos", sleutelbos, Sleutelbos)
        refuse_standing(Path(a_path("path", path)))
        rekeyed(self._facts, Path(a_path("path", path)), ring)
        return Register.open(path, sleutelbos=ring)


def _hidden(fact: dict[str, Any]) -> dict[str, Any]:
    """
    Return a fact with its secrets as hidden values.
    """
    shown = dict(fact)
    if fact["feit"] == Feit.PERSOON.value:
        shown["stampseudoniem"] = stam_of(fact)
    if fact["feit"] == Feit.SUBSTITUTIE.value:
        # Found by it; that of a person stands in the fact of the person.
        del shown["stampseudoniem"]
        for name, scheme in (("oud", "scheme"), ("nieuw", "nieuw_scheme")):
            shown[name] = HPgn.parse(fact[name], scheme=Scheme(fact[scheme]))
    return shown
