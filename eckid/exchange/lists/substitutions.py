"""
Substitutions in files: the list of old and new numbers, and the sealed file.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from eckid._core.hidden import Unpickled
from eckid._core.values import a_day, a_path, expect
from eckid._core.whole import SUBSTITUTIONS, whole
from eckid.errors import ExchangeError, LinkError, LinkReden
from eckid.exchange.formats.csv import writer
from eckid.exchange.formats.source import Source, look
from eckid.exchange.lists.sheets import Cells, Column, a_number, a_text, each_row
from eckid.exchange.lists.sheets import a_day as read_day
from eckid.exchange.rows import RijReden, Weigering
from eckid.hashing import hash_pgn
from eckid.keys import Sleutelbos
from eckid.pgn import PGN
from eckid.pseudonyms import HPgn
from eckid.scheme import NUMMERVOORZIENING, Scheme
from eckid.succession import Substitution

_HEADS: Final = ("per", "oud-verzegeld", "nieuw-verzegeld")


def substitute_list(
    source: Source,
    *,
    sleutelbos: Sleutelbos,
    per: date,
    scheme: Scheme = NUMMERVOORZIENING,
) -> Iterator[Substitution | Weigering]:
    """
    Hash a list of old and new numbers: each row says that a pupil got a new number.

    Nothing is stored: give the results to `substitute`.

    Args:
        source: The list, with the columns oud and nieuw; and per, the first day of the
            new number, if rows have different days.

        sleutelbos: The ring; its salt is used to hash.

        per: The first day of the new numbers, if the list has no column per.

        scheme: How numbers are hashed. Leave this alone for the national service.

    Returns:
        For each row, in order, a `Substitution` or a `Weigering`. Hashing takes most
        of a second for each number.

    Raises:
        eckid.errors.ExchangeError: If a column is missing.
    """
    columns = (
        Column("oud", a_number, "oudnummer oudpgn onderwijsnummer"),
        Column("nieuw", a_number, "nieuwnummer nieuwpgn bsn"),
        Column("per", read_day, "vanaf ingangsdatum", a_day("per", per)),
    )
    salt = expect("sleutelbos", sleutelbos, Sleutelbos).salt
    expect("scheme", scheme, Scheme)

    def made(found: Cells) -> Substitution | Weigering:
        oud, nieuw = (_hpgn(found.values[n]) for n in ("oud", "nieuw"))
        with suppress(LinkError):
            return Substitution(oud, nieuw, found.values["per"])
        return found.refused(LinkReden.ITSELF)

    def _hpgn(pgn: PGN) -> HPgn:
        return hash_pgn(pgn, salt=salt, scheme=scheme)

    return each_row(source, columns, made)


class SubstitutionFile(Unpickled):
    """
    A `SubstitutionStore` in a CSV file, with each hashed number sealed.

    Args:
        path: The file; it need not exist yet.

        sleutelbos: The ring that seals and opens the numbers.
    """

    __slots__ = ("_path", "_ring")

    def __init__(self, path: str | Path, *, sleutelbos: Sleutelbos) -> None:
        self._path = Path(a_path("path", path))
        self._ring = expect("sleutelbos", sleutelbos, Sleutelbos)

    def __repr__(self) -> str:
        return "<SubstitutionFile numbers hidden>"

    def substitutions(self) -> list[Substitution]:
        """
        Return all substitutions in the file; an empty list if there is no file.

        Raises:
            eckid.errors.ExchangeError: If the file was changed, has another form, or
                was sealed by another ring.
        """
        if not self._path.exists():
            return []
        table = look(self._path, format="csv")
        columns = (
            Column(_HEADS[0], read_day),
            *(Column(n, a_text) for n in _HEADS[1:]),
        )
        found: list[Substitution] = []
        for row in each_row(table, columns, self._opened):
            if isinstance(row, Weigering):
                raise ExchangeError(
                    "substitutions: expected a file that this ring sealed, unchanged",
                    line=row.line,
                )
            found.append(row)
        return found

    def add_substitutions(self, more: Sequence[Substitution]) -> None:
        """
        Add *more* to the file; it is rewritten as a whole, or not at all.

        Raises:
            eckid.errors.ExchangeError: If the existing file was changed, has another
                form, or was sealed by another ring.
            OSError: If the disk refuses.
        """
        new = [expect("substitution", one, Substitution) for one in more]
        rows = [*self.substitutions(), *new]
        with whole(self._path, over=SUBSTITUTIONS) as (file,):
            write_row = writer(file, _HEADS)
            for one in rows:
                oud = self._ring.seal(one.oud, about=_about(one.per)).hex()
                # Sealed together with the old number: a cell moved to another
                # row no longer opens.
                about = _about(one.per, oud)
                nieuw = self._ring.seal(one.nieuw, about=about).hex()
                write_row((one.per.isoformat(), oud, nieuw))

    def _opened(self, row: Cells) -> Substitution | Weigering:
        per, first, second = (row.values[name] for name in _HEADS)
        with suppress(ValueError, LinkError):  # no hex, or a SecretError
            oud = self._ring.unseal(bytes.fromhex(first), about=_about(per))
            nieuw = self._ring.unseal(bytes.fromhex(second), about=_about(per, first))
            if isinstance(oud, HPgn) and isinstance(nieuw, HPgn):
                return Substitution(oud, nieuw, per)
        return row.refused(RijReden.SEAL)


def _about(per: date, oud: str = "") -> str:
    return f"substitution {per.isoformat()} {oud}"
