"""
The formats of lists: CSV, Excel (only read), EDEXML, Edu-V, Parquet.
"""

from eckid.exchange.formats.csv import Table
from eckid.exchange.formats.drawing import drawer, each_checked, misfit_of
from eckid.exchange.formats.edexml import School
from eckid.exchange.formats.edexml_in import Edexml
from eckid.exchange.formats.eduv import Students
from eckid.exchange.formats.excel import Workbook
from eckid.exchange.formats.kinds import Format, format_of
from eckid.exchange.formats.parquet import Parquet
from eckid.exchange.formats.source import SOURCES, Source, hold, look

__all__ = [
    "SOURCES",
    "Edexml",
    "Format",
    "Parquet",
    "School",
    "Source",
    "Students",
    "Table",
    "Workbook",
    "drawer",
    "each_checked",
    "format_of",
    "hold",
    "look",
    "misfit_of",
]
