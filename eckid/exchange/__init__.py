"""
Class lists in, releases out.

`read` gives the rows of a class list. `release_list` turns them into what one
recipient may see. `write` writes that to a file. `release_to` does all of it, and
also writes the refused rows, a report and a receipt.
"""

from collections.abc import Iterator
from pathlib import Path

from eckid.exchange.formats.csv import Table, writer
from eckid.exchange.formats.drawing import drawer, misfit_of
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.edexml_in import Edexml
from eckid.exchange.formats.eduv import Students
from eckid.exchange.formats.excel import Workbook
from eckid.exchange.formats.kinds import Format, format_of
from eckid.exchange.formats.parquet import SEALED, Parquet
from eckid.exchange.formats.source import Source, hold, look
from eckid.exchange.lists.bewaard import NIETS, Administratie, Bewaard, Geheugen
from eckid.exchange.lists.bron import Bron, Ringbron
from eckid.exchange.lists.deriving import Afgeleid, derive_list
from eckid.exchange.lists.enrolments import Stand, check_enrolments
from eckid.exchange.lists.guard import without_shown_numbers
from eckid.exchange.lists.hashing import Verzegeld, add_list, hash_list
from eckid.exchange.lists.links import (
    Afzender,
    Bestuur,
    Gelegd,
    keeps,
    link_list,
    read_jtis,
    read_keys,
    verify_list,
)
from eckid.exchange.lists.release import release_list
from eckid.exchange.lists.roster import Received, Roster
from eckid.exchange.lists.substitutions import SubstitutionFile, substitute_list
from eckid.exchange.lists.who import Doorgifte, Herkenning
from eckid.exchange.results.files import (
    Files,
    as_rows,
    files_of,
    write,
    write_results,
)
from eckid.exchange.results.lists import derive_to, hash_to
from eckid.exchange.results.receipt import make_receipt, read_receipt, verify_receipt
from eckid.exchange.results.release import Shape, release_to
from eckid.exchange.results.report import Report
from eckid.exchange.results.runs import Run, check_files, new_report, run_to
from eckid.exchange.rows import Herstel, Ontvangen, Rij, RijReden, Weigering

__all__ = [
    "NIETS",
    "SEALED",
    "Administratie",
    "Afgeleid",
    "Afzender",
    "Bestuur",
    "Bewaard",
    "Bron",
    "Doorgifte",
    "Edexml",
    "Files",
    "Format",
    "Geheugen",
    "Gelegd",
    "Herkenning",
    "Herstel",
    "Ontvangen",
    "Parquet",
    "Received",
    "Report",
    "Rij",
    "RijReden",
    "Ringbron",
    "Roster",
    "Run",
    "School",
    "Shape",
    "Source",
    "Stand",
    "Students",
    "SubstitutionFile",
    "Table",
    "Verzegeld",
    "Weigering",
    "Workbook",
    "add_list",
    "as_rows",
    "check_enrolments",
    "check_files",
    "derive_list",
    "derive_to",
    "drawer",
    "files_of",
    "format_of",
    "hash_list",
    "hash_to",
    "hold",
    "keeps",
    "link_list",
    "look",
    "make_receipt",
    "misfit_of",
    "new_report",
    "read",
    "read_jtis",
    "read_keys",
    "read_receipt",
    "release_list",
    "release_to",
    "run_to",
    "substitute_list",
    "verify_list",
    "verify_receipt",
    "without_shown_numbers",
    "write",
    "write_results",
    "writer",
]


def read(path: str | Path, *, format: str | None = None) -> Iterator[Rij | Weigering]:
    """
    Read the rows of a class list, in order.

    The file is read twice: at the call, and again while you iterate. To name
    headings, the order of days or a sheet, give what `look` opens to `Roster`.

    Args:
        path: The file.

        format: ``csv``, ``excel``, ``edexml``, ``eduv`` or ``parquet``; None chooses
            by the extension of the file.

    Returns:
        An iterator with one item for each row that is not blank: a `Rij`, or a
        `Weigering` that says why the row is refused.

    Raises:
        eckid.errors.ExchangeError: If the file is not a class list, or neither
            *format* nor the extension says which format it has.
        OSError: If the file cannot be read.
    """
    return iter(Roster(look(path, format=format_of(path, format).value)))
