"""
A whole nation on one machine: columns, tables, and runs that resume after a stop.

`run` goes from file to file, and resumes. `hash_column`, `unseal_column` and
`derive_column` work on Arrow columns, `release_table` on a table.
"""

from eckid.exchange.results.runs import Run
from eckid.scale.columns import derive_column, hash_column, unseal_column
from eckid.scale.kolom import Gemaakt, Kolom
from eckid.scale.releases import release_sealed_to
from eckid.scale.runs import kept_beside, run
from eckid.scale.tables import Vrijgegeven, release_table

__all__ = [
    "Gemaakt",
    "Kolom",
    "Run",
    "Vrijgegeven",
    "derive_column",
    "hash_column",
    "kept_beside",
    "release_sealed_to",
    "release_table",
    "run",
    "unseal_column",
]
