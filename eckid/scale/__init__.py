"""
A whole nation: columns, tables, runs that resume after a stop, and many machines.

`run` goes from file to file, and resumes. `hash_column`, `unseal_column` and
`derive_column` work on Arrow columns, `release_table` on a table. `hash_batches` and
`derive_batches` work in the processes of others; `eckid.scale.spark` has the verbs for
Spark.
"""

from eckid.exchange.results.runs import Run
from eckid.scale.batches import derive_batches, hash_batches
from eckid.scale.columns import derive_column, hash_column, unseal_column
from eckid.scale.kolom import Gemaakt, Kolom
from eckid.scale.opened import Ringbestand
from eckid.scale.releases import release_sealed_to
from eckid.scale.runs import kept_beside, run
from eckid.scale.tables import Vrijgegeven, release_table

__all__ = [
    "Gemaakt",
    "Kolom",
    "Ringbestand",
    "Run",
    "Vrijgegeven",
    "derive_batches",
    "derive_column",
    "hash_batches",
    "hash_column",
    "kept_beside",
    "release_sealed_to",
    "release_table",
    "run",
    "unseal_column",
]
