import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from justice_data_lab.statistics.intervals import (
    Arm,
    control_arm,
    newcombe,
    newcombe_limits,
    newcombe_p,
    robust,
    smallest_n,
    treated_arm,
    welch,
    wilson_limits,
)
from justice_data_lab.statistics.weighted import effective_size

Z = float(stats.norm.ppf(0.975))


def share_arm(rate, n):
    variance = rate * (1 - rate) * n / (n - 1)
    return Arm(n, float(n), rate, variance, variance / n)


def test_effective_size():
    assert effective_size(np.full(7, 0.3)) == pytest.approx(7)
    assert effective_size(np.array([1.0, 1e-9])) == pytest.approx(1)
    assert effective_size(np.zeros(0)) == 0


def test_welch_is_the_plain_one_when_all_weights_are_equal():
    rng = np.random.default_rng(3)
    treated, control = rng.normal(1, 2, 40), rng.normal(0, 1, 90)
    ours = welch(treated_arm(treated), control_arm(control, np.full(90, 40 / 90)))
    other = stats.ttest_ind(treated, control, equal_var=False)
    limits = other.confidence_interval(0.95)
    assert ours.p_value == pytest.approx(other.pvalue, rel=1e-12)
    assert ours.difference.lower == pytest.approx(limits.low, rel=1e-12)
    assert ours.difference.upper == pytest.approx(limits.high, rel=1e-12)
    assert ours.method == "welch_effective"


def test_robust_is_the_sandwich_variance():
    rng = np.random.default_rng(4)
    treated, control, weights = rng.poisson(1.0, 50), rng.poisson(1.4, 80), rng.random(80)
    ours = robust(treated_arm(treated), control_arm(control, weights))
    mean = np.average(control, weights=weights)
    variance = (
        treated.var(ddof=1) / 50 + ((weights * (control - mean)) ** 2).sum() / weights.sum() ** 2
    )
    half = stats.t.ppf(0.975, 49) * math.sqrt(variance)
    assert ours.difference.upper - ours.difference.value == pytest.approx(half, rel=1e-12)
    assert ours.p_value == pytest.approx(
        2 * stats.t.sf(abs(treated.mean() - mean) / math.sqrt(variance), 49), rel=1e-10
    )


@pytest.mark.parametrize(("count", "n"), [(0, 30), (3, 30), (15, 30), (30, 30), (700, 1000)])
def test_wilson_equals_statsmodels(count, n):
    assert wilson_limits(count / n, n, Z) == pytest.approx(
        proportion_confint(count, n, method="wilson"), abs=1e-12
    )


@pytest.mark.parametrize(
    "counts", [(3, 30, 90, 400), (0, 40, 60, 500), (9, 60, 3, 50), (30, 30, 1, 9)]
)
def test_newcombe_equals_statsmodels(counts):
    c1, n1, c0, n0 = counts
    other = confint_proportions_2indep(c1, n1, c0, n0, compare="diff", method="newcomb")
    assert newcombe_limits(c1 / n1, n1, c0 / n0, n0, Z) == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize(
    "shares", [(0.1, 30, 0.23, 400.5), (0.3, 30, 0.1, 55.2), (0.0, 40, 0.12, 500), (1, 30, 0, 30)]
)
def test_newcombe_p_inverts_the_interval(shares):
    p = newcombe_p(*shares)
    z = float(stats.norm.isf(p / 2))
    lower, upper = newcombe_limits(*shares, z)
    assert min(abs(lower), abs(upper)) < 1e-9
    lower, upper = newcombe_limits(*shares, Z)
    assert (p <= 0.05) == (lower > 0 or upper < 0)


def test_no_difference_has_p_1_and_no_number():
    result = newcombe(share_arm(0.1, 50), share_arm(0.1, 200))
    assert result.p_value == 1
    assert result.number_needed is None


@pytest.mark.parametrize("compare", [welch, robust, newcombe])
@pytest.mark.parametrize("rates", [(0.30, 0.35), (0.05, 0.12), (0.5, 0.3)])
def test_number_needed_is_the_first_significant_size(compare, rates):
    treated, control = share_arm(rates[0], 60), share_arm(rates[1], 3000)
    needed = compare(treated, control).number_needed

    def p_at(n):
        return compare(Arm(n, float(n), treated.mean, treated.variance, 0.0), control).p_value

    assert p_at(needed) <= 0.05
    assert needed == 2 or p_at(needed - 1) > 0.05


def test_number_needed_is_found_where_p_does_not_fall_all_the_way():
    """Controls worth 5 people: significant from 17 treated on, and again not with thousands."""
    treated, control = share_arm(0.213, 40), share_arm(0.778, 5)
    needed = welch(treated, control).number_needed

    def p_at(n):
        return welch(Arm(n, float(n), treated.mean, treated.variance, 0.0), control).p_value

    assert next(n for n in range(2, 100) if p_at(n) <= 0.05) == needed
    assert p_at(100_000) > 0.05


def test_number_needed_is_null_when_the_controls_are_too_few():
    assert welch(share_arm(0.30, 60), share_arm(0.31, 50)).number_needed is None
    assert smallest_n(lambda n: 0.0, alpha=0.05) == 2


def test_arms_that_do_not_vary_give_no_comparison():
    flat = Arm(30, 30.0, 1.0, 0.0, 0.0)
    assert welch(flat, flat) is None
    assert robust(flat, flat) is None


PUBLISHED = [
    # treated n, treated rate, control rate (percent as printed), points lower, interval
    (30, None, None, 20, (1, 38)),
    (231, 26, 35, None, (2, 14)),
    (805, 18, 23, None, (2, 8)),
    (3085, 19, 26, None, (5, 8)),
]


@pytest.mark.parametrize("example", PUBLISHED)
def test_published_intervals(example):
    """Some whole count and some control rate inside the printed rounding give the interval."""
    n, treated_rate, control_rate, points, printed = example
    found = 0
    for count in range(n + 1):
        if treated_rate is not None and round(100 * count / n) != treated_rate:
            continue
        middle = control_rate if control_rate else 100 * count / n + points
        for control in np.arange(middle - 0.5, middle + 0.5, 0.05):
            if not 0 < control < 100 or not 0 < count < n:
                continue
            result = welch(share_arm(count / n, n), share_arm(control / 100, 30_000))
            limits = (-100 * result.difference.upper, -100 * result.difference.lower)
            found += tuple(round(limit) for limit in limits) == printed
    assert found > 0
