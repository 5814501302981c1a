"""
Less in the place of a value.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eckid.policy import Vorm
from eckid.policy.vorm import day, less, readable

_DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@given(born=_DAYS, on=_DAYS)
def test_the_day_never_enters_the_age_in_months(born: date, on: date) -> None:
    """
    It is 12 times the years and the months between, for every day of both months.
    """
    made = less(Vorm.MAANDEN, born.isoformat(), on)
    months = 12 * (on.year - born.year) + on.month - born.month
    assert made == (str(months) if months >= 0 else None)
    for first in (1, 28):
        others = born.replace(day=first).isoformat(), on.replace(day=29 - first)
        assert less(Vorm.MAANDEN, *others) == made


@given(born=_DAYS)
def test_the_age_ticks_for_everyone_on_the_first(born: date) -> None:
    """
    Two releases do not give the day away.
    """
    later = born
    for _ in range(40):
        later += timedelta(days=1)
        before = less(Vorm.MAANDEN, born.isoformat(), later - timedelta(days=1))
        ticks = before != less(Vorm.MAANDEN, born.isoformat(), later)
        assert ticks is (later.day == 1)


@pytest.mark.parametrize(
    ("vorm", "value", "made"),
    [
        (Vorm.MAANDEN, "2016-02-29", "129"),
        (Vorm.MAANDEN, "2026-12-01", None),
        (Vorm.MAANDEN, "2026-11-30", "0"),
        (Vorm.MAANDEN, "2015-02-29", None),
        (Vorm.MAANDEN, "24-12-2015", None),
        (Vorm.MAANDEN, "20151224", None),
        (Vorm.MAANDEN, "2015-W52-4", None),
        (Vorm.JAAR, "2015-12-24", "2015"),
        (Vorm.JAAR, "2015", None),
        (Vorm.JAAR, "1899-12-31", None),
        (Vorm.JAAR, "1900-01-01", "1900"),
        (Vorm.JAAR, "2100-12-31", "2100"),
        (Vorm.JAAR, "2101-01-01", None),
        (Vorm.VOORLETTER, "bakker", "B"),
        (Vorm.VOORLETTER, " Émile", "É"),
        (Vorm.VOORLETTER, "E\u0301mile", "É"),
        (Vorm.VOORLETTER, "ijzerman", "IJ"),
        (Vorm.VOORLETTER, "IJ", "IJ"),
        (Vorm.VOORLETTER, "O'Neil", "O"),
        (Vorm.VOORLETTER, "'t Hart", None),
        (Vorm.VOORLETTER, "4", None),
        (Vorm.VOORLETTER, "", None),
        (Vorm.JAARGROEP_PO, "6a", "6"),
        (Vorm.JAARGROEP_PO, "groep 8", "8"),
        (Vorm.JAARGROEP_PO, "9", None),
        (Vorm.JAARGROEP_PO, "1a", "1"),
        (Vorm.JAARGROEP_PO, "0", None),
        (Vorm.JAARGROEP_PO, "1/2", None),
        (Vorm.JAARGROEP_PO, "10", None),
        (Vorm.JAARGROEP_PO, "combi", None),
        (Vorm.JAARGROEP_VO, "1a", "11"),
        (Vorm.JAARGROEP_VO, "a6", "16"),
        (Vorm.JAARGROEP_VO, "h3b", "13"),
        (Vorm.JAARGROEP_VO, "7", None),
        (Vorm.JAARGROEP_VO, "3v1", None),
    ],
)
def test_each_vorm_makes_less_or_nothing(
    vorm: Vorm, value: str, made: str | None
) -> None:
    """
    What cannot be read is not guessed.
    """
    assert less(vorm, value, date(2026, 11, 24)) == made


def test_without_a_day_there_is_no_age() -> None:
    """
    And a day is written in one form.
    """
    assert less(Vorm.MAANDEN, "2015-12-24", None) is None
    assert day("2015-12-24") == date(2015, 12, 24)
    assert day("2015-12-24 ") is None


@pytest.mark.parametrize(
    ("naam", "value", "read"),
    [
        ("geboortedatum", "2015-12-24", True),
        ("geboortedatum", "24-12-2015", False),
        ("rol", "LRK", True),
        ("rol", "LRK, DIR", True),
        ("rol", "LRK, baas", False),
        ("rol", "baas", False),
        ("roepnaam", "24-12-2015", True),
    ],
)
def test_a_day_and_a_code_are_read_whole_or_not_at_all(
    naam: str, value: str, *, read: bool
) -> None:
    """
    Of several roles in one cell each is a code; any other attribute is any text.
    """
    assert readable(naam, value) is read


@pytest.mark.parametrize(
    "naam",
    [
        *("geboortedatum", "start_ondw_jgr3", "instroomdatum", "uitstroomdatum"),
        "ander_id_tot",
    ],
)
def test_each_day_is_read_as_a_day(naam: str) -> None:
    """
    Those that EDEXML has as xs:date, and the last day of another identifier.
    """
    assert readable(naam, "2015-12-24")
    assert not readable(naam, "24-12-2015")
    assert not readable(naam, "kerst")
