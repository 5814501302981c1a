"""
A nation on one machine: columns, tables, and runs that go on where they were.
"""

from eckid.scale.columns import derive_column, hash_column, unseal_column
from eckid.scale.kolom import Gemaakt, Kolom

__all__ = [
    "Gemaakt",
    "Kolom",
    "derive_column",
    "hash_column",
    "unseal_column",
]
