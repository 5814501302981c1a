"""
The ketenIDs that a service made of the persons of a register.
"""

from eckid._core.values import expect
from eckid.keten import Keten, Sector
from eckid.pseudonyms import KetenID
from eckid.pseudonyms.ketenid import unchecked
from eckid.register.facts import Feit
from eckid.register.persons import Persons


class Ketenids(Persons):
    """
    Persons of an open register, and what a service made of them.
    """

    __slots__ = ()

    def keep_ketenid(
        self, administratie: str, key: str, ketenid: KetenID, *, mark: str
    ) -> None:
        """
        Keep a ketenID that a service made, so that it need not be asked again.

        That it was made says of no recipient that it went there.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            ketenid: The ketenID, with its keten and sector.

            mark: The mark of the service.

        Raises:
            eckid.errors.RegisterError: If the key is not known.
        """
        expect("ketenid", ketenid, KetenID)
        with self.together():
            self._facts.add(
                self._handle(administratie, key),
                Feit.KETENID,
                {
                    "ketenid": ketenid.uri,
                    "keten": expect("keten", ketenid.keten, Keten).id,
                    "sector": expect("sector", ketenid.sector, Sector).value,
                    "rehearsal": ketenid.rehearsal,
                    "bos": expect("mark", mark, str),
                },
            )

    def ketenid(
        self,
        administratie: str,
        key: str,
        *,
        keten: Keten,
        sector: Sector,
        release: str,
        mark: str,
    ) -> KetenID | None:
        """
        Return the ketenID that a service made of a person; None if none is kept.

        Args:
            administratie: The name of the administration, in the board's own words.

            key: The administration's own key of the person.

            keten: The keten of the ketenID.

            sector: The sector of the ketenID.

            release: The release of the ketenID.

            mark: The mark of the service.
        """
        wanted = {
            "keten": expect("keten", keten, Keten).id,
            "sector": expect("sector", sector, Sector).value,
            "bos": expect("mark", mark, str),
        }
        expect("release", release, str)
        with self._facts.store.reading():
            if not self.has(administratie, key):
                return None
            facts = self._facts.of(self._handle(administratie, key), Feit.KETENID)
        for fact in facts:
            notes = (keten, sector, fact["rehearsal"])
            found = unchecked(fact["ketenid"], notes)
            if wanted.items() <= fact.items() and found.release == release:
                return found
        return None
