"""
The road of a list: six stations, in one order, and no way back.
"""

import importlib

import pytest
import road

# At most so often one more person of a list goes from one module to another.
CROSSINGS = 260


def test_a_row_leaves_the_stations_in_the_order_of_the_road() -> None:
    """
    From source to report, each station hands on what the one before made.
    """
    with road.known(2) as (source, who):
        assert road.stations(source, who) == list(road.STATIONS)


def test_no_station_imports_a_later_one() -> None:
    """
    What stands earlier knows nothing of what comes after it.
    """
    assert road.later() == []


@pytest.mark.parametrize("module", sorted(road.STATION_OF))
def test_a_station_is_where_the_table_says(module: str) -> None:
    """
    A module that was renamed is renamed in the table of stations too.
    """
    assert importlib.import_module(module).__doc__


def test_one_more_person_costs_as_many_crossings_as_the_last() -> None:
    """
    Every further row goes the same way, from module to module, and not too often.
    """
    before, then, after = map(road.crossed, (10, 11, 12))
    assert then - before == after - then
    assert (then - before).total() <= CROSSINGS
