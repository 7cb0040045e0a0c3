"""The empirical null against a loop over people, and against a null that is known."""

import numpy as np
import pytest
from scipy import stats

from justice_data_lab.robustness.placebo import (
    draw_cohorts,
    make_pool,
    placebo_test,
    weigh_cohorts,
)
from justice_data_lab.statistics import MatchSettings
from justice_data_lab.statistics.intervals import control_arm, robust, treated_arm, welch
from justice_data_lab.statistics.radius import to_grid

SETTINGS = MatchSettings()


def pool_of(*, seed=1, people=600, treated_n=40, with_delay=True, slope=0.0):
    rng = np.random.default_rng(seed)
    score = np.round(rng.normal(size=people), 2)
    counts = rng.poisson(0.7 * np.exp(slope * score))
    days = {}
    if with_delay:
        days = {"delays": rng.integers(0, 20, treated_n), "last_days": rng.integers(-1, 25, people)}
    width = int(0.2 * score.std(ddof=1) / 1e-12)
    return make_pool(to_grid(score), score, counts, treated_n=treated_n, width=width, **days)


def by_force(pool, people, days):
    """Return matched rows and control weights of one cohort."""
    weight, matched = np.zeros(len(pool.grid)), []
    for person, day in zip(people, days, strict=True):
        near = np.abs(pool.grid - pool.grid[person]) <= pool.width
        near &= pool.seen > day
        near[person] = False
        if near.any():
            matched.append(person)
            weight[near] += 1 / near.sum()
    return matched, weight


@pytest.mark.parametrize("with_delay", [True, False])
def test_cohorts_are_matched_as_by_a_loop_over_people(with_delay):
    pool = pool_of(with_delay=with_delay)
    rows, days = draw_cohorts(pool, np.random.default_rng(2), 5)
    sums = weigh_cohorts(pool, rows, days)
    for cohort in range(5):
        matched, weight = by_force(pool, rows[cohort], days[cohort])
        np.testing.assert_allclose(sums[cohort, 0], pool.values[matched].sum(axis=0))
        np.testing.assert_allclose(sums[cohort, 1], weight @ pool.values, atol=1e-9)
        np.testing.assert_allclose(sums[cohort, 2], weight**2 @ pool.values, atol=1e-9)


def test_the_intervals_are_those_of_the_package():
    pool = pool_of(people=3000, treated_n=200)
    rows, days = draw_cohorts(pool, np.random.default_rng(0), 1)
    matched, weight = by_force(pool, rows[0], days[0])
    used = weight > 0
    rate, frequency = placebo_test([pool], (0.0, 0.0), SETTINGS, cohorts=1, seed=0)
    for found, column, method, scale in ((rate, 1, welch, 100), (frequency, 2, robust, 1)):
        outcome = pool.values[:, column]
        arms = treated_arm(outcome[matched]), control_arm(outcome[used], weight[used])
        expected = method(*arms).difference
        assert found.bias == pytest.approx(scale * expected.value)
        assert found.coverage == 100 * (expected.lower <= 0 <= expected.upper)


def test_draws_are_in_proportion_to_the_odds_and_never_repeat():
    pool = pool_of(people=30, treated_n=1, with_delay=False)
    rows, _ = draw_cohorts(pool, np.random.default_rng(3), 20_000)
    share = np.bincount(rows.ravel(), minlength=30) / 20_000
    np.testing.assert_allclose(share, pool.odds / pool.odds.sum(), atol=0.012)
    several, _ = draw_cohorts(pool_of(people=60), np.random.default_rng(3), 200)
    assert all(len(set(cohort)) == 40 for cohort in several.tolist())


def test_nobody_starts_on_a_day_on_which_it_is_not_at_risk():
    pool = pool_of()
    rows, days = draw_cohorts(pool, np.random.default_rng(4), 300)
    assert (days < pool.seen[rows]).all()
    assert days.max() > 0


def test_the_null_is_centred_and_its_p_follows_its_spread():
    # a large pool: a cohort is drawn without replacement from those it is compared with
    pool = pool_of(people=8000, treated_n=50)
    rate, _ = placebo_test([pool], (0.0, 0.0), SETTINGS, cohorts=600, seed=5)
    assert abs(rate.bias) < 4 * rate.bias_error
    assert rate.coverage == pytest.approx(95, abs=4 * rate.coverage_error)
    assert rate.p_value == pytest.approx(1)
    for z in (1.0, 2.0):
        judged, _ = placebo_test([pool], (z * rate.spread, 0.0), SETTINGS, cohorts=600, seed=5)
        assert judged.p_value == pytest.approx(2 * stats.norm.sf(z), abs=0.04)
    far, _ = placebo_test([pool], (99.0, 9.0), SETTINGS, cohorts=600, seed=5)
    assert far.p_value == pytest.approx(1 / 601)


def test_equal_seeds_equal_results_and_strata_add_up():
    pools = [pool_of(seed=1), pool_of(seed=2, with_delay=False)]
    one = placebo_test(pools, (1.0, 0.1), SETTINGS, cohorts=50, seed=9)
    assert one == placebo_test(pools, (1.0, 0.1), SETTINGS, cohorts=50, seed=9)
    assert one != placebo_test(pools, (1.0, 0.1), SETTINGS, cohorts=50, seed=10)


def test_an_empty_pool_is_refused():
    pool = pool_of(treated_n=0, with_delay=False)
    with pytest.raises(ValueError, match="nobody"):
        placebo_test([pool], (0.0, 0.0), SETTINGS, cohorts=10, seed=1)
