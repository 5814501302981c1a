"""
Parquet: a list is read in every way that lists are, or refused.
"""

from fuzz.known import lists


def once(data: bytes) -> None:
    """
    Read *data* as a list; its first byte chooses the way.
    """
    lists(data, "parquet")
