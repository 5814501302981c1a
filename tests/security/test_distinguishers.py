"""
The construction beside a random function, and the weakened ones beside it.
"""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from security import run
from security.claims import shows
from security.constructions import WEAKENED, Independent, Real
from security.distinguishers import (
    DISTINGUISHERS,
    LEVEL,
    RUN,
    alarms,
    ideal,
    observe,
    tail,
)

# With each seed one distinguisher of fifteen alarms wrongly with 2^-40 at most.
SEEDS = range(20)
# The rate is measured at one in twenty, over so many samples of a random function.
LOOSE = math.log2(0.05)
SAMPLES = 100


@shows("C1", "C2", "C5", "C22")
@pytest.mark.parametrize("seed", SEEDS)
def test_no_distinguisher_alarms_on_the_construction(seed: int) -> None:
    """
    To fifteen distinguishers ketenIDs and stampseudoniemen look drawn at random.
    """
    assert alarms(observe(Real, seed)) == []


@shows("C1")
@pytest.mark.parametrize("seed", SEEDS[:3])
def test_the_second_implementation_gives_the_same(seed: int) -> None:
    """
    What is weakened below is the construction, before it is weakened.
    """
    real, second = observe(Real, seed), observe(Independent, seed)
    for name in real.views:
        assert np.array_equal(real.views[name], second.views[name]), name
    for name in real.uses:
        assert np.array_equal(real.uses[name], second.uses[name]), name
    assert np.array_equal(real.salted, second.salted)
    assert real.other == second.other


@shows("C1", "C24")
@pytest.mark.parametrize("name", sorted(WEAKENED))
def test_a_weakened_construction_is_caught(name: str) -> None:
    """
    Each is caught by the distinguishers that it names, at the level of the real one.
    """
    kind = WEAKENED[name]
    assert kind.caught, f"{name} names no distinguisher"
    assert kind.caught <= set(alarms(observe(kind, 7)))


@shows("C24")
def test_every_distinguisher_catches_one() -> None:
    """
    There are twelve weakened constructions and more; no distinguisher is idle.
    """
    assert len(WEAKENED) >= 12
    caught = {name for kind in WEAKENED.values() for name in kind.caught}
    assert caught == set(DISTINGUISHERS)


@shows("C24")
def test_the_rate_of_false_alarms_is_what_it_says() -> None:
    """
    At a level of 5 % a random function is alarmed on in 5 % of samples at most.

    Of 100 samples 5 are expected at most. More than 24 have a chance below 2^-30, over
    all fifteen. Those whose counts are large come near their level, so that the bound
    is no empty one: one of them alarms at least once.
    """
    counts = Counter(
        name for seed in range(SAMPLES) for name in alarms(ideal(seed), LOOSE)
    )
    assert tail(SAMPLES, 25, 0.05) < -30 - math.log2(len(DISTINGUISHERS))
    assert max(counts.values()) < 25
    assert sum(counts[name] for name in ("bias", "distance", "avalanche", "leak")) > 0


@shows("C24")
def test_the_command_prints_each_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    And ends with 1 where one was caught, with the names of what caught it.
    """
    monkeypatch.setattr("sys.argv", ["run.py", "--seeds", "2", "--first", "40"])
    assert run.main() == 0
    passed = capsys.readouterr().out
    assert "seed 40: passes\nseed 41: passes\n2 of 2 pass" in passed
    assert run.main(make=WEAKENED["FoldedSalt"]) == 1
    assert "seed 40: caught by salt\n" in capsys.readouterr().out


@shows("C24")
def test_a_run_alarms_wrongly_once_in_a_million_million() -> None:
    """
    Fifteen levels add up to 2^-40 a seed; a thousand seeds to 2^-30.
    """
    assert len(DISTINGUISHERS) * 2**LEVEL == pytest.approx(2**RUN)
    assert 1000 * 2**RUN < 2**-30


@shows("C24")
@given(
    n=st.integers(1, 300), least=st.integers(0, 301), percent=st.sampled_from([1, 50])
)
def test_the_tail_is_a_bound(n: int, least: int, percent: int) -> None:
    """
    Above the mean it is the exact chance, counted in whole numbers; below it is 1.
    """
    ways = sum(
        math.comb(n, k) * percent**k * (100 - percent) ** (n - k)
        for k in range(least, n + 1)
    )
    exact = math.log2(ways) - n * math.log2(100) if ways else -math.inf
    found = tail(n, least, percent / 100)
    if 100 * least <= n * percent:
        assert found == 0
    else:
        assert found == pytest.approx(exact, abs=1e-6)
