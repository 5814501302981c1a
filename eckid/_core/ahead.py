"""
Working ahead: a thread makes the next of an iterator while this one is used.
"""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def ahead(made: Generator[T, None, None]) -> Iterator[T]:
    """
    Yield what *made* yields, and let a thread make the next one meanwhile.

    It pays where what makes it lets go of Python's lock, as pyarrow does. One more is
    in memory than without.

    Args:
        made: What is made ahead. It is closed in the end, and what it raises is raised
            here, in its turn.

    >>> list(ahead(n * n for n in range(4)))
    [0, 1, 4, 9]
    """
    with closing(made), ThreadPoolExecutor(1) as pool:
        coming = pool.submit(list[T], islice(made, 1))
        while one := coming.result():
            coming = pool.submit(list[T], islice(made, 1))
            yield from one
