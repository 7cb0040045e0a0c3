"""Nearest neighbours against a loop over all pairs, and the sums of inverse odds weights."""

import numpy as np
import pytest

from justice_data_lab.robustness.nearest import match_nearest
from justice_data_lab.robustness.odds import inverse_odds_weights


def by_force(treated, controls, neighbours, width, delays, last_days):
    counts, weights = np.zeros(len(treated), int), np.zeros(len(controls))
    for i, score in enumerate(treated):
        near = sorted(
            (abs(int(other) - int(score)), j)
            for j, other in enumerate(controls)
            if abs(int(other) - int(score)) <= width and delays[i] <= last_days[j]
        )[:neighbours]
        counts[i] = len(near)
        for _, j in near:
            weights[j] += 1 / len(near)
    return counts, weights


@pytest.mark.parametrize("neighbours", [1, 2, 5])
@pytest.mark.parametrize("spread", [12, 10**9], ids=["many_ties", "few_ties"])
@pytest.mark.parametrize("seed", range(6))
def test_nearest_equals_brute_force(neighbours, spread, seed):
    rng = np.random.default_rng(seed)
    treated = rng.integers(-spread, spread, 40)
    controls = rng.integers(-spread, spread, 70)
    delays, last_days = rng.integers(0, 6, 40), rng.integers(-1, 6, 70)
    for width in (0, spread // 6, 3 * spread):
        found = match_nearest(
            treated,
            controls,
            neighbours=neighbours,
            width=width,
            delays=delays,
            last_days=last_days,
        )
        counts, weights = by_force(treated, controls, neighbours, width, delays, last_days)
        np.testing.assert_array_equal(found.controls_n, counts)
        np.testing.assert_allclose(found.weights, weights, atol=1e-12)
        plain = match_nearest(treated, controls, neighbours=neighbours, width=width)
        always = by_force(
            treated, controls, neighbours, width, np.zeros(40, int), np.zeros(70, int)
        )
        np.testing.assert_array_equal(plain.controls_n, always[0])
        np.testing.assert_allclose(plain.weights, always[1], atol=1e-12)


def test_nearest_without_anybody():
    nobody = np.zeros(0, dtype=np.int64)
    assert not match_nearest(np.array([1, 2]), nobody, neighbours=1, width=9).controls_n.any()
    assert not match_nearest(nobody, np.array([1, 2]), neighbours=1, width=9).weights.any()


def test_weights_sum_to_the_treated_and_are_odds():
    score = np.random.default_rng(3).normal(size=500)
    weights = inverse_odds_weights(score, treated_n=80)
    assert weights.sum() == pytest.approx(80)
    np.testing.assert_allclose(weights / weights[0], np.exp(score - score[0]))


def test_odds_within_the_risk_set_equal_the_sum_over_starts():
    rng = np.random.default_rng(4)
    score, last_days = rng.normal(size=300), rng.integers(-1, 30, 300)
    last_days[0] = 40
    delays = rng.integers(0, 35, 50)
    expected = np.zeros(300)
    for delay in delays:
        odds = np.where(last_days >= delay, np.exp(score), 0.0)
        expected += odds / odds.sum()
    found = inverse_odds_weights(score, treated_n=50, delays=delays, last_days=last_days)
    np.testing.assert_allclose(found, expected)
    assert found.sum() == pytest.approx(50)
