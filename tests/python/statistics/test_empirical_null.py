"""The empirical null against a search by scipy in two dimensions, and against known worlds."""

import numpy as np
import pytest
from scipy import optimize, stats

from justice_data_lab.statistics.empirical_null import fit_null


def draw(seed=1, n=40, mean=1.5, spread=2.0):
    rng = np.random.default_rng(seed)
    errors = rng.uniform(1, 4, n)
    return rng.normal(mean, np.hypot(spread, errors)), errors


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_maximum_of_the_likelihood(seed):
    differences, errors = draw(seed)

    def loss(both):
        return -stats.norm.logpdf(differences, both[0], np.hypot(both[1], errors)).sum()

    starts = [(0, 0.1), (1, 1), (2, 3)]
    options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}
    best = min(
        (optimize.minimize(loss, one, method="Nelder-Mead", options=options) for one in starts),
        key=lambda one: one.fun,
    )
    found = fit_null(differences, errors)
    assert found.mean == pytest.approx(best.x[0], abs=1e-5)
    assert found.spread == pytest.approx(abs(best.x[1]), abs=1e-4)
    assert found.requests_n == 40


def test_it_finds_the_truth_of_many_and_no_spread_where_there_is_none():
    found = fit_null(*draw(3, n=4000))
    assert (found.mean, found.spread) == pytest.approx((1.5, 2.0), abs=0.15)
    errors = np.full(20, 2.0)
    alike = fit_null(np.linspace(-0.1, 0.1, 20), errors)
    assert alike.spread == 0
    assert alike.mean == pytest.approx(0, abs=1e-12)


def test_below_ten_there_is_none():
    differences, errors = draw(n=10)
    assert fit_null(differences, errors) is not None
    assert fit_null(differences[:9], errors[:9]) is None
